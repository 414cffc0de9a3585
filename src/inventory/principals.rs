use super::Inventory;
use super::cells::Cell;
use super::coverage::Collection as C;
use super::coverage::Collections;
use super::names::Symbol;
use super::origin::Origin;
use super::schema::{Attr, Noun};
use super::scopes::ScopeId;
use super::truth::{Missing, Truth};
use crate::azure::Guid;

/// Whoever can hold a role: a row of [`Principals`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub struct PrincipalId(pub(crate) u32);

impl PrincipalId {
    /// The row.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What the capture knows a principal to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Only mentioned (by an assignment, a membership, an owner): see [`Hint`].
    Mentioned,
    /// A user, guests included.
    User,
    /// A group.
    Group,
    /// A service principal; [`Attr::ServicePrincipalType`] may say of what type.
    ServicePrincipal,
    /// A managed identity, not known which of the two.
    ManagedIdentity,
    /// The managed identity of one resource.
    SystemAssigned,
    /// A managed identity that is a resource of its own.
    UserAssigned,
}

/// What an assignment's `principalType` (or a membership's `memberType`) says of a principal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub enum Hint {
    /// Nothing, or `Unknown`.
    None,
    /// `User`
    User,
    /// `Group`
    Group,
    /// `ServicePrincipal`
    ServicePrincipal,
    /// `ForeignGroup`: of another tenant
    ForeignGroup,
    /// `Device`
    Device,
}

impl Hint {
    /// Of a `principalType`, in any letter case; what is not in the list says nothing.
    pub fn of(text: &str) -> Hint {
        const WORDS: [(&str, Hint); 7] = [
            ("user", Hint::User),
            ("group", Hint::Group),
            ("serviceprincipal", Hint::ServicePrincipal),
            ("msi", Hint::ServicePrincipal),
            ("application", Hint::ServicePrincipal),
            ("foreigngroup", Hint::ForeignGroup),
            ("device", Hint::Device),
        ];
        let found = WORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
        found.map_or(Hint::None, |&(_, hint)| hint)
    }

    /// As ARM writes it; `Unknown` for [`Hint::None`].
    pub fn word(self) -> &'static str {
        match self {
            Hint::None => "Unknown",
            Hint::User => "User",
            Hint::Group => "Group",
            Hint::ServicePrincipal => "ServicePrincipal",
            Hint::ForeignGroup => "ForeignGroup",
            Hint::Device => "Device",
        }
    }
}

/// All principals, column by column.
#[derive(Default)]
pub struct Principals {
    pub(super) guid: Vec<Option<Guid>>,
    pub(super) class: Vec<Class>,
    pub(super) hint: Vec<Hint>,
    pub(super) listed: Vec<Collections>,
    pub(super) external: Vec<bool>,
    pub(super) node: Vec<Option<ScopeId>>,
    pub(super) display: Vec<Option<Symbol>>,
    pub(super) spelling: Vec<Symbol>,
    pub(super) origin: Vec<Option<Origin>>,
}

impl Principals {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.class.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.class.is_empty()
    }
    /// Every one, in the order they were first met.
    pub fn iter(&self) -> impl Iterator<Item = PrincipalId> + use<> {
        (0..self.class.len() as u32).map(PrincipalId)
    }
    /// The object id; `None` for a user-assigned identity whose object id was not captured.
    pub fn guid(&self, principal: PrincipalId) -> Option<Guid> {
        self.guid[principal.index()]
    }
    /// What it is known to be.
    pub fn class(&self, principal: PrincipalId) -> Class {
        self.class[principal.index()]
    }
    /// What assignments say of it.
    pub fn hint(&self, principal: PrincipalId) -> Hint {
        self.hint[principal.index()]
    }
    /// The collections that hold a record of it.
    pub fn listed(&self, principal: PrincipalId) -> Collections {
        self.listed[principal.index()]
    }
    /// Whether it belongs to another tenant (Lighthouse, foreign group, delegated identity).
    pub fn is_external(&self, principal: PrincipalId) -> bool {
        self.external[principal.index()]
    }
    /// The ARM resource of a user-assigned identity, the host of a system-assigned one.
    pub fn node(&self, principal: PrincipalId) -> Option<ScopeId> {
        self.node[principal.index()]
    }
    /// The display name, where it was captured (a hint's name where the directory was not).
    pub fn display(&self, principal: PrincipalId) -> Option<Symbol> {
        self.display[principal.index()]
    }
    /// The object id as first captured; empty where there is none.
    pub fn spelling(&self, principal: PrincipalId) -> Symbol {
        self.spelling[principal.index()]
    }
    /// Where its own record was read; `None` where it is only mentioned.
    pub fn origin(&self, principal: PrincipalId) -> Option<Origin> {
        self.origin[principal.index()]
    }
}

/// The directory collections that together hold every principal.
pub const DIRECTORY: [C; 3] = [C::Users, C::Groups, C::ServicePrincipals];

impl Inventory {
    /// Whether a principal is of that kind (a noun of the principal table).
    ///
    /// The directory object decides; `principalType` of an assignment is believed only where the directory was not
    /// captured. `missing_principal` takes absence from the complete directory, or the directory's own word that the object
    /// was deleted: never a label.
    pub fn is_kind(&self, principal: PrincipalId, kind: Noun) -> Truth {
        match self.principals.class(principal) {
            Class::Mentioned => self.mentioned_is_kind(principal, kind),
            class => self.captured_is_kind(principal, class, kind),
        }
    }

    fn captured_is_kind(&self, principal: PrincipalId, class: Class, kind: Noun) -> Truth {
        let unsaid = Truth::Unknown(Missing::VALUE);
        let unlisted =
            self.coverage.is_complete(C::Identities) && !self.principals.listed(principal).has(C::Identities);
        if kind == Noun::UserAssigned && unlisted && class != Class::UserAssigned {
            return Truth::False;
        }
        let service_type = || match self.cells.get(Attr::ServicePrincipalType, principal.0) {
            Cell::Text(text) => Some(self.names.get(text)),
            _ => None,
        };
        match (class, kind) {
            (_, Noun::Principal) => Truth::True,
            (_, Noun::MissingPrincipal) => Truth::False,
            (Class::User, Noun::User) | (Class::Group, Noun::Group) => Truth::True,
            (Class::User, Noun::Guest) => match self.cells.get(Attr::UserType, principal.0) {
                Cell::Text(text) => self.names.get(text).eq_ignore_ascii_case("Guest").into(),
                Cell::Absent => Truth::False,
                _ if !self.principals.listed(principal).has(C::Users) => {
                    Truth::Unknown(Missing::collection(C::Users))
                }
                _ => unsaid,
            },
            (Class::User | Class::Group, _) => Truth::False,
            (_, Noun::User | Noun::Guest | Noun::Group) => Truth::False,
            (_, Noun::ServicePrincipal) => Truth::True,
            (Class::ServicePrincipal, Noun::Application) => match service_type() {
                Some(text) => text.eq_ignore_ascii_case("Application").into(),
                None => unsaid,
            },
            (_, Noun::Application) => Truth::False,
            (Class::ServicePrincipal, _) => match service_type() {
                Some(_) => Truth::False,
                None => unsaid,
            },
            (_, Noun::ManagedIdentity) => Truth::True,
            (Class::SystemAssigned, kind) => (kind == Noun::SystemAssigned).into(),
            (Class::UserAssigned, kind) => (kind == Noun::UserAssigned).into(),
            _ => unsaid,
        }
    }

    fn mentioned_is_kind(&self, principal: PrincipalId, kind: Noun) -> Truth {
        let complete = |c: C| self.coverage.is_complete(c);
        let lacking =
            |c: C| Truth::Unknown(if complete(c) { Missing::VALUE } else { Missing::collection(c) });
        if kind == Noun::Principal {
            return Truth::True;
        }
        let deleted = self.principals.listed(principal).has(C::DeletedObjects);
        let external = self.principals.is_external(principal);
        if kind == Noun::MissingPrincipal {
            return match self.coverage.missing(&DIRECTORY) {
                _ if external => Truth::False,
                _ if deleted => Truth::True,
                missing if missing.is_none() => Truth::True,
                missing => Truth::Unknown(missing),
            };
        }
        let home = match kind {
            Noun::User | Noun::Guest => C::Users,
            Noun::Group => C::Groups,
            _ => C::ServicePrincipals,
        };
        if deleted || (complete(home) && !external) || (kind == Noun::UserAssigned && complete(C::Identities))
        {
            return Truth::False;
        }
        match (self.principals.hint(principal), kind) {
            (Hint::User, Noun::User) | (Hint::Group | Hint::ForeignGroup, Noun::Group) => Truth::True,
            (Hint::ServicePrincipal, Noun::ServicePrincipal) => Truth::True,
            (Hint::User, Noun::Guest) => lacking(C::Users),
            (Hint::ServicePrincipal, _) if home == C::ServicePrincipals => lacking(C::ServicePrincipals),
            (Hint::None, _) => lacking(home),
            _ => Truth::False,
        }
    }

    /// Whether a principal is a captured fact. A user-assigned identity that only a resource names is one where its object
    /// id is stated and the identities were not all captured; else the resource names one that is gone.
    pub fn is_there(&self, principal: PrincipalId) -> bool {
        self.principals.class(principal) != Class::UserAssigned
            || !self.principals.listed(principal).is_empty()
            || (self.principals.guid(principal).is_some() && !self.coverage.is_complete(C::Identities))
    }
}
