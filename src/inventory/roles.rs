use super::names::Symbol;
use super::origin::Origin;
use super::scopes::ScopeId;
use crate::azure::Guid;

/// A role definition, a directory role or an app role: a row of [`Roles`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub struct RoleId(pub(crate) u32);

impl RoleId {
    /// The row.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What kind of role it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub enum RoleKind {
    /// An Azure role (`role`).
    Azure,
    /// A Microsoft Entra role (`directory_role`).
    Directory,
    /// An application permission (`app_role`).
    App,
}

/// Whether a role is built in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub enum RoleType {
    /// The definition is neither in the catalogue nor captured.
    Unknown,
    /// `BuiltInRole`
    BuiltIn,
    /// `CustomRole`
    Custom,
}

/// One permission block; its strings are interned action patterns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Control plane, granted.
    pub actions: Vec<Symbol>,
    /// Control plane, taken out of this block.
    pub not_actions: Vec<Symbol>,
    /// Data plane, granted.
    pub data_actions: Vec<Symbol>,
    /// Data plane, taken out of this block.
    pub not_data_actions: Vec<Symbol>,
    /// The condition on this block.
    pub condition: Option<Symbol>,
}

/// All roles that are captured or held, column by column. Built-in roles that nobody holds are in the catalogue only.
#[derive(Default)]
pub struct Roles {
    pub(super) kind: Vec<RoleKind>,
    pub(super) guid: Vec<Guid>,
    pub(super) role_type: Vec<RoleType>,
    pub(super) name: Vec<Option<Symbol>>,
    pub(super) id: Vec<Symbol>,
    pub(super) blocks: Vec<Option<Box<[Block]>>>,
    pub(super) assignable: Vec<Option<Box<[ScopeId]>>>,
    pub(super) resource_app: Vec<Option<Guid>>,
    pub(super) origin: Vec<Option<Origin>>,
}

impl Roles {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.kind.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kind.is_empty()
    }
    /// Every one, in the order they were first met.
    pub fn iter(&self) -> impl Iterator<Item = RoleId> + use<> {
        (0..self.kind.len() as u32).map(RoleId)
    }
    /// What kind of role.
    pub fn kind(&self, role: RoleId) -> RoleKind {
        self.kind[role.index()]
    }
    /// The GUID that identifies it (its name is only the spelling).
    pub fn guid(&self, role: RoleId) -> Guid {
        self.guid[role.index()]
    }
    /// Built in or custom.
    pub fn role_type(&self, role: RoleId) -> RoleType {
        self.role_type[role.index()]
    }
    /// Its name, from its definition, the catalogue or an assignment that spells it.
    pub fn name(&self, role: RoleId) -> Option<Symbol> {
        self.name[role.index()]
    }
    /// The id as first captured (an assignment's `roleDefinitionId`).
    pub fn id(&self, role: RoleId) -> Symbol {
        self.id[role.index()]
    }
    /// Its permission blocks; `None` where its definition is not known.
    pub fn blocks(&self, role: RoleId) -> Option<&[Block]> {
        self.blocks[role.index()].as_deref()
    }
    /// Its assignable scopes, where captured.
    pub fn assignable(&self, role: RoleId) -> Option<&[ScopeId]> {
        self.assignable[role.index()].as_deref()
    }
    /// The object id of the service principal that an app role belongs to.
    pub fn resource_app(&self, role: RoleId) -> Option<Guid> {
        self.resource_app[role.index()]
    }
    /// Where its definition was read; `None` where it was not captured.
    pub fn origin(&self, role: RoleId) -> Option<Origin> {
        self.origin[role.index()]
    }
}
