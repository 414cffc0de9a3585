use super::coverage::Collection;
use super::names::Symbol;
use super::origin::Origin;
use super::schema::{Noun, Table};
use super::scopes::ScopeId;
use super::{PrincipalId, RoleId};
use crate::inventory::AssignmentId;

/// Any row of any table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub struct Entity {
    /// Which table.
    pub table: Table,
    /// Which row.
    pub row: u32,
}

impl Entity {
    /// The row of a table.
    pub fn new(table: Table, row: u32) -> Self {
        Entity { table, row }
    }
    /// The principal, where it is one.
    pub fn principal(self) -> Option<PrincipalId> {
        (self.table == Table::Principal).then_some(PrincipalId(self.row))
    }
    /// The scope, where it is one.
    pub fn scope(self) -> Option<ScopeId> {
        (self.table == Table::Scope).then_some(ScopeId(self.row))
    }
    /// The assignment, where it is one.
    pub fn assignment(self) -> Option<AssignmentId> {
        (self.table == Table::Assignment).then_some(AssignmentId(self.row))
    }
    /// The role, where it is one.
    pub fn role(self) -> Option<RoleId> {
        (self.table == Table::Role).then_some(RoleId(self.row))
    }
}

impl From<ScopeId> for Entity {
    fn from(id: ScopeId) -> Self {
        Entity::new(Table::Scope, id.0)
    }
}
impl From<PrincipalId> for Entity {
    fn from(id: PrincipalId) -> Self {
        Entity::new(Table::Principal, id.0)
    }
}
impl From<AssignmentId> for Entity {
    fn from(id: AssignmentId) -> Self {
        Entity::new(Table::Assignment, id.0)
    }
}
impl From<RoleId> for Entity {
    fn from(id: RoleId) -> Self {
        Entity::new(Table::Role, id.0)
    }
}

/// The rows of a table that has nothing but cells and links: applications, credentials and the like.
#[derive(Default)]
pub struct Rows {
    pub(super) id: Vec<Symbol>,
    pub(super) origin: Vec<Origin>,
    pub(super) owner: Vec<Option<Entity>>,
    pub(super) scope: Vec<Option<ScopeId>>,
}

impl Rows {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.id.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }
    /// Its id as captured (of a credential: its key id; unique with its owner).
    pub fn id(&self, row: u32) -> Symbol {
        self.id[row as usize]
    }
    /// Where it was read.
    pub fn origin(&self, row: u32) -> Origin {
        self.origin[row as usize]
    }
    /// What it belongs to: the identity or application of a credential.
    pub fn owner(&self, row: u32) -> Option<Entity> {
        self.owner[row as usize]
    }
    /// Its scope: of a deny assignment or policy assignment.
    pub fn scope(&self, row: u32) -> Option<ScopeId> {
        self.scope[row as usize]
    }
}

/// The identity block of a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentityBlock {
    /// Its own identity: none, one whose object id was not captured (`Unsaid`), or one.
    pub system: super::Stated<PrincipalId>,
    /// The user-assigned identities that it names.
    pub users: Vec<PrincipalId>,
    /// Whether it has further user-assigned identities that are not named.
    pub open: bool,
}

/// The hosts to which a user-assigned identity may be assigned, where that is limited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restriction {
    /// Providers (`Microsoft.Web`) or types (`Microsoft.Compute/virtualMachines`); any if empty. ARM:
    /// `properties.assignmentRestrictions.providers` (2025-01-31-preview).
    pub providers: Vec<Symbol>,
    /// The region that the identity is kept to, if it is. ARM: `properties.isolationScope` is `Regional`, `location`.
    pub region: Option<Symbol>,
}

/// What a policy assignment assigns, where that can be written: a definition of the tenant's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyDefinition {
    /// The management group or subscription that holds the definition.
    pub scope: ScopeId,
    /// Whether it is a set of definitions (an initiative).
    pub is_set: bool,
}

/// Something that a capture says in two places in two ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// What kind of thing.
    pub noun: Noun,
    /// Its id.
    pub id: String,
    /// What differs, in words (`roleDefinitionId`, `enabled`, ...).
    pub what: String,
    /// The first place.
    pub first: Origin,
    /// The second place.
    pub second: Origin,
}

/// Something noticed while the tables were joined that its reader must say to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Two places, two contents.
    Conflict(Conflict),
    /// A cycle of management groups: their ids, each the child of the next.
    ManagementGroupCycle(Vec<String>, Vec<Origin>),
}

/// Edges between rows, grouped by their source.
#[derive(Default)]
pub struct Edges {
    starts: Vec<u32>,
    targets: Vec<u32>,
}

impl Edges {
    /// From pairs (source, target), `sources` rows in all. Targets keep the order of the pairs; doubles are dropped.
    pub(super) fn new(sources: usize, pairs: &[(u32, u32)]) -> Self {
        let mut starts = vec![0u32; sources + 1];
        for &(source, _) in pairs {
            starts[source as usize + 1] += 1;
        }
        for i in 0..sources {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut targets = vec![0; pairs.len()];
        for &(source, target) in pairs {
            let slot = &mut next[source as usize];
            targets[*slot as usize] = target;
            *slot += 1;
        }
        let mut edges = Edges { starts, targets };
        edges.drop_doubles();
        edges
    }

    fn drop_doubles(&mut self) {
        let sources = self.starts.len().saturating_sub(1);
        let (mut kept, mut start) = (0usize, 0usize);
        let mut seen: rustc_hash::FxHashSet<u32> = Default::default();
        for i in 0..sources {
            let end = self.starts[i + 1] as usize;
            let from = kept;
            seen.clear();
            for j in start..end {
                let target = self.targets[j];
                let double = if end - start <= 16 {
                    self.targets[from..kept].contains(&target)
                } else {
                    !seen.insert(target)
                };
                if !double {
                    self.targets[kept] = target;
                    kept += 1;
                }
            }
            start = end;
            self.starts[i + 1] = kept as u32;
        }
        self.targets.truncate(kept);
    }

    /// The targets of a source.
    pub fn of(&self, source: u32) -> &[u32] {
        match (self.starts.get(source as usize), self.starts.get(source as usize + 1)) {
            (Some(&from), Some(&to)) => &self.targets[from as usize..to as usize],
            _ => &[],
        }
    }
}

/// Which collection of owners a table's owners are in.
pub fn owners_collection(table: Table, principal_is_group: bool) -> Collection {
    match table {
        Table::Application => Collection::ApplicationOwners,
        _ if principal_is_group => Collection::GroupOwners,
        _ => Collection::ServicePrincipalOwners,
    }
}
