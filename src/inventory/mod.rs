//! What was captured: interned and columnar. Ids are integers, every fact knows where it was read, and coverage says what
//! was captured completely, partly or not at all.

mod assignments;
mod cells;
mod coverage;
mod draft;
mod names;
mod origin;
mod principals;
mod records;
mod roles;
pub mod schema;
mod scopes;
mod truth;

pub use assignments::{
    AssignmentId, AssignmentName, Assignments, ROLE_ASSIGNMENT_SEGMENT, State, Stated, id_follows,
};
pub use cells::{Cell, Cells, ListId, MapId};
pub use coverage::{Collection, Collections, Coverage, Extent};
pub use draft::{AssignmentRow, Draft, Wanted};
pub use names::{Names, Symbol, same_name};
pub use origin::{Origin, Origins};
pub use principals::{Class, DIRECTORY, Hint, PrincipalId, Principals};
pub use records::{
    Conflict, Edges, Entity, IdentityBlock, PolicyDefinition, Problem, Restriction, Rows, owners_collection,
};
pub use roles::{Block, RoleId, RoleKind, RoleType, Roles};
pub(crate) use scopes::{Place as ScopePlace, path_hash};
pub use scopes::{ScopeId, Scopes};
pub use truth::{Missing, Truth};

use crate::azure::Guid;
use rustc_hash::FxHashMap;

/// A captured tenant. Made by [`Draft::finish`]; never changed afterwards.
#[derive(Default)]
pub struct Inventory {
    /// Every string.
    pub names: Names,
    /// Where facts were read.
    pub origins: Origins,
    /// What was captured.
    pub coverage: Coverage,
    /// When it was captured, seconds since 1970-01-01 UTC.
    pub time: Option<i64>,
    /// The tenants that the capture names.
    pub tenants: Vec<Guid>,
    /// The display name of the tenant.
    pub tenant_name: Option<Symbol>,
    /// The scope tree.
    pub scopes: Scopes,
    /// Whoever can hold a role.
    pub principals: Principals,
    /// Roles.
    pub roles: Roles,
    /// Assignments.
    pub assignments: Assignments,
    /// Application registrations.
    pub applications: Rows,
    /// Passwords and certificates.
    pub credentials: Rows,
    /// Federated credentials.
    pub federated: Rows,
    /// Deny assignments.
    pub denies: Rows,
    /// Policy assignments.
    pub policies: Rows,
    /// Plain attributes.
    pub cells: Cells,
    /// Which plain attributes were read; the others are unknown to it.
    pub(crate) wanted: Wanted,
    pub(crate) identity_blocks: FxHashMap<ScopeId, IdentityBlock>,
    pub(crate) without_identity: fixedbitset::FixedBitSet,
    pub(crate) policy_identities: FxHashMap<u32, IdentityBlock>,
    pub(crate) policy_definitions: FxHashMap<u32, PolicyDefinition>,
    pub(crate) deny_blocks: FxHashMap<u32, Box<[Block]>>,
    pub(crate) restrictions: FxHashMap<ScopeId, Restriction>,
    pub(crate) members: Edges,
    pub(crate) groups_of: Edges,
    pub(crate) attachments: Edges,
    pub(crate) held: Edges,
    pub(crate) by_role: Edges,
    pub(crate) owners: FxHashMap<Entity, Vec<PrincipalId>>,
    pub(crate) captured_members: Vec<bool>,
    pub(crate) membership_origins: FxHashMap<(PrincipalId, PrincipalId), Origin>,
    pub(crate) by_guid: FxHashMap<Guid, PrincipalId>,
    pub(crate) by_node: FxHashMap<ScopeId, PrincipalId>,
}

impl Inventory {
    /// The principal of an object id.
    pub fn principal(&self, guid: Guid) -> Option<PrincipalId> {
        self.by_guid.get(&guid).copied()
    }

    /// The user-assigned identity that is the resource at that scope.
    pub fn user_assigned_at(&self, scope: ScopeId) -> Option<PrincipalId> {
        self.by_node.get(&scope).copied()
    }

    /// The direct members of a group, as far as captured.
    pub fn members(&self, group: PrincipalId) -> impl Iterator<Item = PrincipalId> + '_ {
        self.members.of(group.0).iter().map(|&m| PrincipalId(m))
    }

    /// Where it was read that `member` is directly in `group`.
    pub fn membership_origin(&self, group: PrincipalId, member: PrincipalId) -> Option<Origin> {
        self.membership_origins.get(&(group, member)).copied()
    }

    /// Where the record of an entity was read; `None` where it is only mentioned.
    pub fn origin(&self, entity: Entity) -> Option<Origin> {
        use schema::Table;
        let row = entity.row;
        match entity.table {
            Table::Tenant => None,
            Table::Scope => self.scopes.captured(ScopeId(row)),
            Table::Principal => self.principals.origin(PrincipalId(row)).filter(|o| o.line != 0),
            Table::Assignment => Some(self.assignments.origin(AssignmentId(row))),
            Table::Role => self.roles.origin(RoleId(row)),
            Table::Application => Some(self.applications.origin(row)),
            Table::Credential => Some(self.credentials.origin(row)),
            Table::FederatedCredential => Some(self.federated.origin(row)),
            Table::DenyAssignment => Some(self.denies.origin(row)),
            Table::PolicyAssignment => Some(self.policies.origin(row)),
        }
    }

    /// Whether all direct members of a group were captured.
    pub fn members_are_captured(&self, group: PrincipalId) -> bool {
        self.coverage.is_complete(Collection::GroupMemberships)
            || self.captured_members.get(group.index()).copied().unwrap_or(false)
    }

    /// The groups that a principal is directly in, as far as captured.
    pub fn groups_of(&self, principal: PrincipalId) -> impl Iterator<Item = PrincipalId> + '_ {
        self.groups_of.of(principal.0).iter().map(|&g| PrincipalId(g))
    }

    /// The resources that a managed identity is attached to (the host of a system-assigned one), as far as captured.
    pub fn attachments(&self, identity: PrincipalId) -> impl Iterator<Item = ScopeId> + '_ {
        self.attachments.of(identity.0).iter().map(|&s| ScopeId(s))
    }

    /// The assignments made to a principal itself.
    pub fn held(&self, principal: PrincipalId) -> impl Iterator<Item = AssignmentId> + '_ {
        self.held.of(principal.0).iter().map(|&a| AssignmentId(a))
    }

    /// The assignments of a role.
    pub fn assignments_of(&self, role: RoleId) -> impl Iterator<Item = AssignmentId> + '_ {
        self.by_role.of(role.0).iter().map(|&a| AssignmentId(a))
    }

    /// The identity block of a resource; `None` where its record does not state one way or the other.
    pub fn identity_block(&self, resource: ScopeId) -> Option<&IdentityBlock> {
        static NONE: IdentityBlock = IdentityBlock { system: Stated::Absent, users: vec![], open: false };
        // One that has none has no block: saying both is a conflict.
        match self.without_identity.contains(resource.index()) {
            true => Some(&NONE),
            false => self.identity_blocks.get(&resource),
        }
    }

    /// The identity block of a policy assignment; `None` where its record does not state one.
    pub fn policy_identity(&self, policy: u32) -> Option<&IdentityBlock> {
        self.policy_identities.get(&policy)
    }

    /// The definition that a policy assignment assigns; `None` for a built-in one, which nobody can write.
    pub fn policy_definition(&self, policy: u32) -> Option<PolicyDefinition> {
        self.policy_definitions.get(&policy).copied()
    }

    /// The permission blocks of a deny assignment.
    pub fn deny_blocks(&self, deny: u32) -> &[Block] {
        self.deny_blocks.get(&deny).map_or(&[], |blocks| blocks)
    }

    /// To which hosts a user-assigned identity may be assigned; `None` where that is not limited.
    pub fn restriction(&self, identity: PrincipalId) -> Option<&Restriction> {
        self.restrictions.get(&self.principals.node(identity)?)
    }

    /// The owners of an application, group or service principal that were captured.
    pub fn owners(&self, entity: Entity) -> &[PrincipalId] {
        self.owners.get(&entity).map_or(&[], |o| o.as_slice())
    }
}
