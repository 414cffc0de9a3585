use super::names::{Names, Symbol};
use super::origin::Origin;
use super::principals::{Hint, PrincipalId};
use super::roles::{RoleId, RoleKind};
use super::scopes::ScopeId;
use crate::azure::Guid;

/// A role assignment of any kind: a row of [`Assignments`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub struct AssignmentId(pub(crate) u32);

impl AssignmentId {
    /// The row.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Whether an assignment is in force or can be activated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub enum State {
    /// Listed in `roleAssignments` (or an active schedule instance).
    Active,
    /// Listed in `roleEligibilityScheduleInstances`.
    Eligible,
}

/// A value that a record states, states to be null, or does not state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Stated<T> {
    /// The record lacks the key.
    #[default]
    Unsaid,
    /// The record says null.
    Absent,
    /// The record's value.
    Value(T),
}

impl<T> Stated<T> {
    /// The value, where it is stated.
    pub fn value(self) -> Option<T> {
        match self {
            Stated::Value(value) => Some(value),
            _ => None,
        }
    }
}

/// All assignments, column by column.
#[derive(Default)]
pub struct Assignments {
    pub(super) kind: Vec<RoleKind>,
    pub(super) state: Vec<State>,
    pub(super) role: Vec<RoleId>,
    pub(super) scope: Vec<ScopeId>,
    pub(super) scope_text: Vec<Symbol>,
    pub(super) assignee: Vec<PrincipalId>,
    pub(super) hint: Vec<Stated<Hint>>,
    pub(super) name: Vec<Guid>,
    /// The id, and the name where it is not a lower-case GUID; empty where it follows from scope and name.
    pub(super) id: Vec<Symbol>,
    pub(super) odd_name: Vec<Symbol>,
    pub(super) condition: Vec<Stated<Symbol>>,
    pub(super) activated: Vec<Stated<bool>>,
    pub(super) origin: Vec<Origin>,
}

/// What stands between the scope and the name in the id of a role assignment.
pub const ROLE_ASSIGNMENT_SEGMENT: &str = "/providers/Microsoft.Authorization/roleAssignments/";

/// The name of an assignment, as captured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AssignmentName<'a> {
    /// A GUID in lower case.
    Guid(Guid),
    /// Any other text.
    Text(&'a str),
}

impl<'a> AssignmentName<'a> {
    /// Of a text.
    pub fn of(text: &'a str) -> Self {
        match Guid::parse(text) {
            Some(guid) if !text.bytes().any(|byte| byte.is_ascii_uppercase()) => AssignmentName::Guid(guid),
            _ => AssignmentName::Text(text),
        }
    }

    /// The GUID, where it is one in lower case.
    pub fn guid(self) -> Option<Guid> {
        match self {
            AssignmentName::Guid(guid) => Some(guid),
            AssignmentName::Text(_) => None,
        }
    }
}

/// The id of an assignment by its scope and name.
pub(super) fn assignment_id(scope: &str, name: &str) -> String {
    let scope = if scope == "/" { "" } else { scope };
    format!("{scope}{ROLE_ASSIGNMENT_SEGMENT}{name}")
}

/// Whether the id of an assignment follows from its scope and name.
pub fn id_follows(id: &str, scope: &str, name: &str) -> bool {
    let scope = if scope == "/" { "" } else { scope };
    id.len() == scope.len() + ROLE_ASSIGNMENT_SEGMENT.len() + name.len()
        && id.ends_with(name)
        && id.starts_with(scope)
        && id[scope.len()..].starts_with(ROLE_ASSIGNMENT_SEGMENT)
}

impl Assignments {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.kind.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kind.is_empty()
    }
    /// Every one, in the order they were read.
    pub fn iter(&self) -> impl Iterator<Item = AssignmentId> + use<> {
        (0..self.kind.len() as u32).map(AssignmentId)
    }
    /// Of which kind of role.
    pub fn kind(&self, a: AssignmentId) -> RoleKind {
        self.kind[a.index()]
    }
    /// Active or eligible.
    pub fn state(&self, a: AssignmentId) -> State {
        self.state[a.index()]
    }
    /// The role.
    pub fn role(&self, a: AssignmentId) -> RoleId {
        self.role[a.index()]
    }
    /// Where it is made.
    pub fn scope(&self, a: AssignmentId) -> ScopeId {
        self.scope[a.index()]
    }
    /// Where it is made, as captured.
    pub fn scope_text(&self, a: AssignmentId) -> Symbol {
        self.scope_text[a.index()]
    }
    /// Whom it is made to.
    pub fn assignee(&self, a: AssignmentId) -> PrincipalId {
        self.assignee[a.index()]
    }
    /// Its own `principalType`.
    pub fn hint(&self, a: AssignmentId) -> Stated<Hint> {
        self.hint[a.index()]
    }
    /// The ABAC condition.
    pub fn condition(&self, a: AssignmentId) -> Stated<Symbol> {
        self.condition[a.index()]
    }
    /// Whether PIM activated it; unsaid where no schedule instance says.
    pub fn activated(&self, a: AssignmentId) -> Stated<bool> {
        self.activated[a.index()]
    }
    /// Where it was read.
    pub fn origin(&self, a: AssignmentId) -> Origin {
        self.origin[a.index()]
    }
    /// Its name (a GUID for Azure roles), as captured.
    pub fn name(&self, a: AssignmentId, names: &Names) -> String {
        match self.odd_name[a.index()] {
            Symbol::EMPTY => self.name[a.index()].to_string(),
            odd => names.get(odd).to_owned(),
        }
    }
    /// Its id, as captured.
    pub fn id(&self, a: AssignmentId, names: &Names) -> String {
        match self.id[a.index()] {
            Symbol::EMPTY => assignment_id(names.get(self.scope_text(a)), &self.name(a, names)),
            id => names.get(id).to_owned(),
        }
    }
}
