//! Attributes: what the inventory says of an entity, or why it does not say.

use super::Evaluator;
use super::value::{List, Value};
use crate::azure::scope::Level;
use crate::azure::{Guid, permission, roles, runs_code};
use crate::graph::groups_above;
use crate::inventory::schema::{Attr, Noun, Table};
use crate::inventory::{
    AssignmentId, Cell, Class, Collection as C, Entity, Hint, Missing, PrincipalId, RoleId, RoleKind,
    RoleType, ScopeId, State, Stated, Symbol, Truth,
};
use std::borrow::Cow;

/// Lists of what a principal holds.
pub(super) const HELD: [Attr; 3] =
    [Attr::PrincipalRoleAssignments, Attr::PrincipalDirectRoleAssignments, Attr::SystemAssignedGrants];

impl<'a> Evaluator<'a> {
    /// The value of an attribute of an entity.
    pub(super) fn read(&self, entity: Entity, attr: Attr) -> Value<'a> {
        match entity.table {
            Table::Scope => self.read_scope(ScopeId(entity.row), attr),
            Table::Principal => self.read_principal(PrincipalId(entity.row), attr),
            Table::Assignment => self.read_assignment(AssignmentId(entity.row), attr),
            Table::Role => self.read_role(RoleId(entity.row), attr),
            Table::Tenant => self.read_tenant(attr),
            _ => self.read_row(entity, attr),
        }
    }

    pub(super) fn name_of(&self, symbol: Symbol) -> &'a str {
        self.inventory.names.get(symbol)
    }

    /// A plain attribute; `missing` is why it is unknown where it was not captured.
    fn cell(&self, attr: Attr, row: u32, missing: Missing) -> Value<'a> {
        debug_assert!(self.inventory.wanted.has(attr), "{attr:?} is read and was not asked of the readers");
        match self.inventory.cells.get(attr, row) {
            Cell::Unknown => Value::Unknown(missing),
            // What the schema says is always there, and a record leaves empty, is unknown: expressions need no guard for it.
            Cell::Absent if !attr.attribute().absent => Value::Unknown(Missing::VALUE),
            Cell::Absent => Value::Absent,
            Cell::Bool(b) => Value::Bool(b),
            Cell::Time(t) => Value::Time(t),
            Cell::Text(s) => Value::text(self.name_of(s)),
            Cell::List(list) => Value::List(List {
                items: self
                    .inventory
                    .cells
                    .items(list)
                    .iter()
                    .map(|&s| Value::text(self.name_of(s)))
                    .collect(),
                open: Missing::NONE,
            }),
            Cell::Map(map) => Value::Map(map),
        }
    }

    fn read_tenant(&self, attr: Attr) -> Value<'a> {
        match attr {
            Attr::TenantId => match self.inventory.tenants.first() {
                Some(tenant) => Value::Text(Cow::Owned(tenant.to_string())),
                None => Value::Unknown(Missing::VALUE),
            },
            _ => match self.inventory.tenant_name {
                Some(name) => Value::text(self.name_of(name)),
                None => Value::Unknown(Missing::VALUE),
            },
        }
    }

    /// What a scope's record leaves unsaid: unknown where it was captured or may yet be; absent where its collection is
    /// complete without it (an orphaned scope, or one that no list contains).
    fn unsaid_scope(&self, scope: ScopeId) -> Value<'a> {
        let identity = self.inventory.user_assigned_at(scope);
        if self.inventory.scopes.captured(scope).is_some()
            || identity.is_some_and(|p| self.inventory.principals.listed(p).has(C::Identities))
        {
            return Value::Unknown(Missing::VALUE);
        }
        let home = match self.inventory.scopes.level(scope) {
            Level::Root | Level::ManagementGroup => C::ManagementGroups,
            Level::Subscription => C::Subscriptions,
            Level::ResourceGroup => C::ResourceGroups,
            Level::Resource => C::Resources,
        };
        match self.inventory.coverage.is_complete(home) {
            true => Value::Absent,
            false => Value::Unknown(Missing::collection(home)),
        }
    }

    /// A plain attribute of a scope.
    fn scope_cell(&self, attr: Attr, scope: ScopeId) -> Value<'a> {
        match self.cell(attr, scope.0, Missing::VALUE) {
            Value::Unknown(_) => self.unsaid_scope(scope),
            known => known,
        }
    }

    fn read_scope(&self, scope: ScopeId, attr: Attr) -> Value<'a> {
        let scopes = &self.inventory.scopes;
        let enclosing = |level| match scopes.enclosing(scope, level) {
            Some(found) => Value::Entity(found.into()),
            None => Value::Absent,
        };
        match attr {
            Attr::ScopeId => Value::text(self.name_of(scopes.id(scope))),
            Attr::ScopeName => match scopes.level(scope) {
                Level::Subscription => self.scope_cell(Attr::ScopeName, scope),
                _ => Value::text(scopes.segment(scope, &self.inventory.names)),
            },
            Attr::ScopeLevel => Value::text(scopes.level(scope).name()),
            Attr::ScopeParent if scope == ScopeId::ROOT => Value::Absent,
            Attr::ScopeParent => match scopes.parent(scope) {
                Some(parent) => Value::Entity(parent.into()),
                None => Value::Unknown(Missing::collection(C::ManagementGroups)),
            },
            Attr::ScopeSubscription => enclosing(Level::Subscription),
            Attr::ScopeResourceGroup => enclosing(Level::ResourceGroup),
            Attr::ScopeManagementGroups => {
                let open = match scopes.chain_is_known(scope) {
                    true => Missing::NONE,
                    false => Missing::collection(C::ManagementGroups),
                };
                let groups = scopes.chain(scope).filter(|&s| scopes.level(s) == Level::ManagementGroup);
                Value::entities(groups, open)
            }
            // Neither the root nor a management group can be tagged.
            Attr::ScopeTags if matches!(scopes.level(scope), Level::Root | Level::ManagementGroup) => {
                Value::Absent
            }
            Attr::ScopeChange => Value::text("none"),
            Attr::ManagementGroupChildren => {
                let children = scopes.iter().filter(|&s| s != scope && scopes.parent(s) == Some(scope));
                Value::entities(children, self.missing(&[C::ManagementGroups, C::Subscriptions]))
            }
            Attr::ResourceType => Value::text(self.name_of(scopes.resource_type(scope))),
            Attr::ResourceRunsCode => {
                Value::Bool(runs_code::runs_code(self.name_of(scopes.resource_type(scope))))
            }
            Attr::ResourceIdentities | Attr::ResourceSystemAssigned | Attr::ResourceUserAssigned => {
                self.read_identities(scope, attr)
            }
            _ => self.scope_cell(attr, scope),
        }
    }

    fn read_identities(&self, resource: ScopeId, attr: Attr) -> Value<'a> {
        let Some(block) = self.inventory.identity_block(resource) else {
            return self.unsaid_scope(resource);
        };
        let system = match block.system {
            Stated::Absent => Value::Absent,
            Stated::Unsaid => Value::Unknown(Missing::VALUE),
            Stated::Value(p) => Value::Entity(p.into()),
        };
        if attr == Attr::ResourceSystemAssigned {
            return system;
        }
        let mut items: Vec<Value<'a>> = vec![];
        if attr == Attr::ResourceIdentities && block.system != Stated::Absent {
            items.push(system);
        }
        items.extend(block.users.iter().map(|&p| Value::Entity(p.into())));
        if block.open {
            items.push(Value::Unknown(Missing::VALUE));
        }
        Value::List(List { items, open: Missing::NONE })
    }

    /// What a principal's record leaves unsaid: unknown where it was captured or may yet be; absent where the directory
    /// is complete without a principal that is only mentioned.
    fn unsaid_principal(&self, principal: PrincipalId, home: &[C]) -> Value<'a> {
        let principals = &self.inventory.principals;
        if home.iter().any(|&c| principals.listed(principal).has(c)) {
            return Value::Unknown(Missing::VALUE);
        }
        match self.missing(home) {
            missing if !missing.is_none() => Value::Unknown(missing),
            _ if principals.class(principal) == Class::Mentioned => Value::Absent,
            _ => Value::Unknown(Missing::VALUE),
        }
    }

    /// A plain attribute of a principal, whose record is in that collection.
    fn principal_cell(&self, attr: Attr, principal: PrincipalId, home: C) -> Value<'a> {
        match self.cell(attr, principal.0, Missing::VALUE) {
            Value::Unknown(_) => self.unsaid_principal(principal, &[home]),
            known => known,
        }
    }

    /// The directory collections that a principal's record would be in.
    fn homes(&self, principal: PrincipalId) -> &'static [C] {
        match (self.inventory.principals.class(principal), self.inventory.principals.hint(principal)) {
            (Class::User, _) | (Class::Mentioned, Hint::User) => &[C::Users],
            (Class::Group, _) | (Class::Mentioned, Hint::Group) => &[C::Groups],
            (Class::Mentioned, Hint::None) => &crate::inventory::DIRECTORY,
            _ => &[C::ServicePrincipals],
        }
    }

    fn read_principal(&self, p: PrincipalId, attr: Attr) -> Value<'a> {
        let inventory = self.inventory;
        let principals = &inventory.principals;
        let class = principals.class(p);
        match attr {
            Attr::PrincipalId | Attr::ManagedIdentityObjectId | Attr::ApplicationId => {
                match principals.guid(p) {
                    Some(_) => Value::text(self.name_of(principals.spelling(p))),
                    None => self.unsaid_principal(p, &[C::Identities]),
                }
            }
            Attr::PrincipalName | Attr::ApplicationName => self.principal_name(p),
            Attr::PrincipalKind => self.principal_kind(p),
            Attr::PrincipalGroups => {
                let groups = self.groups_above(p);
                Value::entities(groups, self.missing(&[C::GroupMemberships]))
            }
            Attr::PrincipalRoleAssignments => {
                let missing = self.grants_missing(p).and(self.missing(&[C::GroupMemberships]));
                Value::entities(self.azure_held_by(p).chain(self.azure_lent_to(p)), missing)
            }
            Attr::PrincipalDirectRoleAssignments => {
                Value::entities(self.azure_held_by(p), self.grants_missing(p))
            }
            Attr::PrincipalChange => Value::text("none"),
            Attr::PrincipalReach => Value::Entity(p.into()),
            Attr::ReachIdentities
            | Attr::ReachScopes
            | Attr::ReachResources
            | Attr::ReachWritableResources
            | Attr::ReachSubscriptions => self.read_reach(p, attr),
            Attr::ServicePrincipalType => match class {
                Class::ManagedIdentity | Class::SystemAssigned | Class::UserAssigned => {
                    Value::text("ManagedIdentity")
                }
                _ => self.principal_cell(attr, p, C::ServicePrincipals),
            },
            Attr::ServicePrincipalAppId | Attr::ManagedIdentityClientId | Attr::ApplicationAppId => {
                match self.cell(Attr::ManagedIdentityClientId, p.0, Missing::VALUE) {
                    Value::Unknown(_) => {
                        self.principal_cell(Attr::ServicePrincipalAppId, p, C::ServicePrincipals)
                    }
                    known => known,
                }
            }
            Attr::ServicePrincipalOwners => self.owners(p.into(), C::ServicePrincipalOwners),
            Attr::GroupOwners => self.owners(p.into(), C::GroupOwners),
            Attr::ServicePrincipalCredentials | Attr::ApplicationCredentials => {
                let open = match self.says_credentials(p.into()) {
                    true => Missing::NONE,
                    false => self.unsaid_principal(p, &[C::ServicePrincipals]).missing(),
                };
                Value::entities(self.rows_of(Table::Credential, p.into()), open)
            }
            Attr::UserAssignedFederatedCredentials | Attr::ApplicationFederatedCredentials => {
                let rows = &inventory.federated;
                let owners = (0..rows.len() as u32).filter_map(|row| rows.owner(row)?.principal());
                let unmatched = self.unmatched(p, owners);
                Value::entities(
                    self.rows_of(Table::FederatedCredential, p.into()),
                    self.missing(&[C::FederatedCredentials]).and(unmatched),
                )
            }
            Attr::ManagedIdentityTags => match principals.node(p) {
                Some(node) => self.read_scope(node, Attr::ScopeTags),
                None => Value::Unknown(self.node_missing(p)),
            },
            Attr::ManagedIdentitySubscription | Attr::ManagedIdentityResourceGroup => {
                match principals.node(p) {
                    Some(node) if attr == Attr::ManagedIdentitySubscription => {
                        self.read_scope(node, Attr::ScopeSubscription)
                    }
                    Some(node) => self.read_scope(node, Attr::ScopeResourceGroup),
                    None => Value::Unknown(self.node_missing(p)),
                }
            }
            Attr::ManagedIdentityAttachments => match (class, principals.node(p)) {
                (Class::SystemAssigned, Some(node)) if inventory.attachments(p).next().is_none() => {
                    Value::entities([node], Missing::NONE)
                }
                _ => {
                    let attached = principals.iter().filter(|&q| inventory.attachments(q).next().is_some());
                    let unmatched = self.unmatched(p, attached);
                    Value::entities(inventory.attachments(p), self.missing(&[C::Resources]).and(unmatched))
                }
            },
            Attr::ManagedIdentityCreated => self.principal_cell(attr, p, C::ServicePrincipals),
            Attr::SystemAssignedResource => match principals.node(p) {
                Some(node) => Value::Entity(node.into()),
                None => Value::Unknown(self.node_missing(p)),
            },
            Attr::SystemAssignedGrants => self.grants(p),
            Attr::UserExternal => match self.principal_cell(Attr::UserUpn, p, C::Users) {
                Value::Text(upn) => Value::Bool(upn.to_ascii_lowercase().contains("#ext#")),
                other => other,
            },
            Attr::UserOnPremises => or_false(self.principal_cell(attr, p, C::Users)),
            Attr::GroupRoleAssignable => or_false(self.principal_cell(attr, p, C::Groups)),
            Attr::GroupMembers => {
                let closure = self.closure(p);
                let open = match closure.open.is_empty() {
                    true => Missing::NONE,
                    false => Missing::collection(C::GroupMemberships),
                };
                Value::entities(closure.members.iter().map(|m| m.principal), open)
            }
            Attr::MissingPrincipalLastKind => Value::text(principals.hint(p).word()),
            _ => {
                let home = match attr.attribute().noun {
                    Noun::User | Noun::Guest => C::Users,
                    Noun::Group => C::Groups,
                    _ => C::ServicePrincipals,
                };
                self.principal_cell(attr, p, home)
            }
        }
    }

    fn principal_name(&self, p: PrincipalId) -> Value<'a> {
        let principals = &self.inventory.principals;
        let display = principals.display(p).map(|d| Value::text(self.name_of(d)));
        let segment = || {
            principals.node(p).map(|n| Value::text(self.inventory.scopes.segment(n, &self.inventory.names)))
        };
        let known = match principals.class(p) {
            Class::User => match self.inventory.cells.get(Attr::UserUpn, p.0) {
                Cell::Text(upn) => Some(Value::text(self.name_of(upn))),
                Cell::Absent => display,
                // A record that leaves the name unsaid may well have one.
                _ => None,
            },
            Class::UserAssigned | Class::SystemAssigned => segment().or(display),
            _ => display,
        };
        known.unwrap_or_else(|| self.unsaid_principal(p, self.homes(p)))
    }

    fn principal_kind(&self, p: PrincipalId) -> Value<'a> {
        let kinds = [
            (Noun::User, "user"),
            (Noun::Group, "group"),
            (Noun::ManagedIdentity, "managed_identity"),
            (Noun::ServicePrincipal, "service_principal"),
            (Noun::MissingPrincipal, "missing_principal"),
        ];
        let mut missing = Missing::NONE;
        for (kind, word) in kinds {
            match self.inventory.is_kind(p, kind) {
                Truth::True if missing.is_none() => return Value::text(word),
                Truth::True => break,
                Truth::False => {}
                Truth::Unknown(why) => missing = missing.and(why),
            }
        }
        Value::Unknown(if missing.is_none() { Missing::VALUE } else { missing })
    }

    /// Why one of `others`, known by its ARM resource and not by its object id, could be a principal that is known by its
    /// object id and not by its ARM resource.
    fn unmatched(&self, p: PrincipalId, mut others: impl Iterator<Item = PrincipalId>) -> Missing {
        let principals = &self.inventory.principals;
        let unmatched = principals.node(p).is_none() && others.any(|other| principals.guid(other).is_none());
        if unmatched { self.node_missing(p) } else { Missing::NONE }
    }

    /// Why the ARM resource of a managed identity is not known.
    pub(super) fn node_missing(&self, p: PrincipalId) -> Missing {
        let missing = match self.inventory.principals.class(p) {
            Class::UserAssigned => self.missing(&[C::Identities]),
            Class::SystemAssigned => self.missing(&[C::Resources]),
            _ => self.missing(&[C::Identities, C::Resources]),
        };
        if missing.is_none() { Missing::VALUE } else { missing }
    }

    /// The set of (role, scope) that a principal holds directly, in one spelling.
    fn grants(&self, p: PrincipalId) -> Value<'a> {
        let inventory = self.inventory;
        let mut grants: Vec<String> = self
            .azure_held_by(p)
            .map(|a| {
                let scope = self.name_of(inventory.scopes.id(inventory.assignments.scope(a)));
                let mut grant = inventory.roles.guid(inventory.assignments.role(a)).to_string();
                grant.reserve_exact(scope.len() + 1);
                grant.push(' ');
                if !scope.is_ascii() {
                    return grant + &scope.to_lowercase();
                }
                let from = grant.len();
                grant.push_str(scope);
                grant[from..].make_ascii_lowercase();
                grant
            })
            .collect();
        grants.sort();
        grants.dedup();
        let items = grants.into_iter().map(|g| Value::Text(Cow::Owned(g))).collect();
        Value::List(List { items, open: self.grants_missing(p) })
    }

    /// Assignments made to a principal itself that have not ended.
    pub(super) fn held_by(&self, p: PrincipalId) -> impl Iterator<Item = AssignmentId> + use<'a> {
        let as_of = self.today;
        let inventory = self.inventory;
        inventory.held(p).filter(move |a| match (inventory.cells.get(Attr::AssignmentEnd, a.0), as_of) {
            (Cell::Time(end), Some(today)) => end >= today,
            _ => true,
        })
    }

    /// Those of Azure roles.
    fn azure_held_by(&self, p: PrincipalId) -> impl Iterator<Item = AssignmentId> + '_ {
        self.held_by(p).filter(|&a| self.is_azure(a))
    }

    /// Assignments of Azure roles that a principal holds, or may hold, through groups.
    fn azure_lent_to(&self, p: PrincipalId) -> impl Iterator<Item = AssignmentId> + '_ {
        let lent = move |a: &AssignmentId| !self.may_be_lent(*a, p).is_false();
        self.groups_above(p).into_iter().flat_map(move |group| self.azure_held_by(group).filter(lent))
    }

    /// Whether one of the lists [`HELD`] is empty, told by its first element; none of another attribute.
    pub(super) fn holds_nothing(&self, entity: Entity, attr: Attr) -> Option<Truth> {
        let p = entity.principal()?;
        let direct = || self.azure_held_by(p).next().is_none();
        let (empty, missing) = match attr {
            Attr::SystemAssignedGrants | Attr::PrincipalDirectRoleAssignments => {
                (direct(), self.grants_missing(p))
            }
            Attr::PrincipalRoleAssignments => (
                direct() && self.azure_lent_to(p).next().is_none(),
                self.grants_missing(p).and(self.missing(&[C::GroupMemberships])),
            ),
            _ => return None,
        };
        Some(match empty {
            false => Truth::False,
            true if missing.is_none() => Truth::True,
            true => Truth::Unknown(missing),
        })
    }

    fn is_azure(&self, a: AssignmentId) -> bool {
        self.inventory.assignments.kind(a) == RoleKind::Azure
    }

    /// Which collections of assignments would be needed to know all that is made to a principal. Managed identities and
    /// service principals cannot be eligible.
    pub(super) fn grants_missing(&self, p: PrincipalId) -> Missing {
        match self.inventory.is_kind(p, Noun::ServicePrincipal) {
            Truth::True => self.missing(&[C::RoleAssignments]),
            _ => self.missing(&[C::RoleAssignments, C::RoleEligibilityScheduleInstances]),
        }
    }

    /// The groups that a principal is in, directly or not, nearest first, ties by id.
    pub(super) fn groups_above(&self, p: PrincipalId) -> Vec<PrincipalId> {
        groups_above(self.inventory, p)
    }

    fn owners(&self, entity: Entity, collection: C) -> Value<'a> {
        Value::entities(self.inventory.owners(entity).iter().copied(), self.missing(&[collection]))
    }

    /// Whether a record states its credentials (each of them is a row; none where it says there are none).
    pub(super) fn says_credentials(&self, entity: Entity) -> bool {
        let attr = match entity.table {
            Table::Application => Attr::ApplicationCredentials,
            _ => Attr::ServicePrincipalCredentials,
        };
        self.inventory.cells.get(attr, entity.row) == Cell::Bool(true)
    }

    fn rows_of(&self, table: Table, owner: Entity) -> Vec<Entity> {
        let rows = match table {
            Table::Credential => &self.inventory.credentials,
            _ => &self.inventory.federated,
        };
        (0..rows.len() as u32)
            .filter(|&r| rows.owner(r) == Some(owner))
            .map(|r| Entity::new(table, r))
            .collect()
    }

    fn read_assignment(&self, a: AssignmentId, attr: Attr) -> Value<'a> {
        let inventory = self.inventory;
        let assignments = &inventory.assignments;
        match attr {
            Attr::AssignmentId => Value::Text(Cow::Owned(assignments.id(a, &inventory.names))),
            Attr::AssignmentName => Value::Text(Cow::Owned(assignments.name(a, &inventory.names))),
            Attr::AssignmentRole => match inventory.roles.role_type(assignments.role(a)) {
                RoleType::Unknown if assignments.kind(a) == RoleKind::Azure => {
                    Value::Unknown(self.undefined())
                }
                _ => Value::Entity(assignments.role(a).into()),
            },
            Attr::AssignmentScope => Value::Entity(assignments.scope(a).into()),
            Attr::AssignmentAssignee => Value::Entity(assignments.assignee(a).into()),
            Attr::AssignmentAssigneeType => match assignments.hint(a) {
                Stated::Value(hint) => Value::text(hint.word()),
                Stated::Absent => Value::text(Hint::None.word()),
                Stated::Unsaid => Value::Unknown(Missing::VALUE),
            },
            Attr::AssignmentState => Value::text(match assignments.state(a) {
                State::Active => "active",
                State::Eligible => "eligible",
            }),
            Attr::AssignmentActivated => match assignments.activated(a) {
                Stated::Value(activated) => Value::Bool(activated),
                _ => match self.schedule_missing(a) {
                    missing if missing.is_none() => Value::Bool(false),
                    missing => Value::Unknown(missing),
                },
            },
            Attr::AssignmentStart | Attr::AssignmentEnd => match self.cell(attr, a.0, Missing::VALUE) {
                Value::Unknown(_) if assignments.state(a) == State::Eligible => {
                    Value::Unknown(Missing::VALUE)
                }
                Value::Unknown(_) => match self.schedule_missing(a) {
                    // An assignment made outside PIM never ends; when it began PIM does not say.
                    missing if !missing.is_none() => Value::Unknown(missing),
                    _ if attr == Attr::AssignmentEnd => Value::Absent,
                    _ => Value::Unknown(Missing::VALUE),
                },
                known => known,
            },
            Attr::AssignmentCreatedBy => match self.inventory.cells.get(attr, a.0) {
                Cell::Text(id) => {
                    match crate::azure::Guid::parse(self.name_of(id)).and_then(|g| inventory.principal(g)) {
                        Some(p) => Value::Entity(p.into()),
                        None => match self.missing(&crate::inventory::DIRECTORY) {
                            missing if missing.is_none() => Value::Absent,
                            missing => Value::Unknown(missing),
                        },
                    }
                }
                _ => self.cell(attr, a.0, Missing::VALUE),
            },
            Attr::AssignmentCondition => match assignments.condition(a) {
                Stated::Value(text) => Value::text(self.name_of(text)),
                Stated::Absent => Value::Absent,
                Stated::Unsaid => Value::Unknown(Missing::VALUE),
            },
            Attr::AssignmentChange => Value::text("none"),
            _ => self.cell(attr, a.0, Missing::VALUE),
        }
    }

    /// Why the schedule of an active assignment is not known; nothing where it is. PIM activates only people and groups.
    fn schedule_missing(&self, a: AssignmentId) -> Missing {
        let assignments = &self.inventory.assignments;
        let kind = self.inventory.is_kind(assignments.assignee(a), Noun::ServicePrincipal);
        if kind == Truth::True || assignments.state(a) == State::Eligible {
            return Missing::NONE;
        }
        self.missing(&[C::RoleAssignmentScheduleInstances])
    }

    /// Why a role has no definition: its collection was not captured completely, or lacks it.
    pub(super) fn undefined(&self) -> Missing {
        match self.missing(&[C::RoleDefinitions]) {
            missing if missing.is_none() => Missing::VALUE,
            missing => missing,
        }
    }

    fn read_role(&self, role: RoleId, attr: Attr) -> Value<'a> {
        let inventory = self.inventory;
        let roles = &inventory.roles;
        let missing = self.undefined();
        let list = |pick: fn(&crate::inventory::Block) -> &Vec<Symbol>| match roles.blocks(role) {
            Some(blocks) => {
                let items = blocks.iter().flat_map(pick).map(|&s| Value::text(self.name_of(s))).collect();
                Value::List(List { items, open: Missing::NONE })
            }
            None => Value::Unknown(missing),
        };
        match attr {
            Attr::RoleId => Value::Text(Cow::Owned(roles.guid(role).to_string())),
            Attr::RoleName => match roles.name(role) {
                Some(name) => Value::text(self.name_of(name)),
                None => Value::Unknown(missing),
            },
            Attr::RoleType => match roles.role_type(role) {
                RoleType::BuiltIn => Value::text("BuiltInRole"),
                RoleType::Custom => Value::text("CustomRole"),
                RoleType::Unknown => Value::Unknown(missing),
            },
            Attr::RoleActions => list(|b| &b.actions),
            Attr::RoleNotActions => list(|b| &b.not_actions),
            Attr::RoleDataActions => list(|b| &b.data_actions),
            Attr::RoleNotDataActions => list(|b| &b.not_data_actions),
            Attr::RoleCondition => match roles.blocks(role) {
                Some(blocks) => match blocks.iter().find_map(|b| b.condition) {
                    Some(condition) => Value::text(self.name_of(condition)),
                    None => Value::Absent,
                },
                None => Value::Unknown(missing),
            },
            Attr::RoleAssignableScopes => match (roles.assignable(role), roles.role_type(role)) {
                (Some(scopes), _) => Value::entities(scopes.iter().copied(), Missing::NONE),
                (None, RoleType::BuiltIn) => Value::entities([ScopeId::ROOT], Missing::NONE),
                _ => Value::Unknown(if roles.origin(role).is_some() { Missing::VALUE } else { missing }),
            },
            Attr::RoleAssignmentsOf => Value::entities(
                inventory.assignments_of(role),
                self.missing(&[C::RoleAssignments, C::RoleEligibilityScheduleInstances]),
            ),
            _ => Value::text("none"),
        }
    }

    /// An attribute of a built-in role that the capture does not speak of.
    pub(super) fn read_built_in(&self, guid: Guid, attr: Attr) -> Value<'a> {
        let Some(role) = roles::by_guid(guid) else { return Value::Unknown(self.undefined()) };
        let list = |pick: fn(permission::Block<'static>) -> Vec<&'static str>| {
            let items = role.blocks().into_iter().flat_map(pick).map(Value::text).collect();
            Value::List(List { items, open: Missing::NONE })
        };
        match attr {
            Attr::RoleId => Value::Text(Cow::Owned(guid.to_string())),
            Attr::RoleName => Value::text(role.name()),
            Attr::RoleType => Value::text("BuiltInRole"),
            Attr::RoleActions => list(|b| b.actions),
            Attr::RoleNotActions => list(|b| b.not_actions),
            Attr::RoleDataActions => list(|b| b.data_actions),
            Attr::RoleNotDataActions => list(|b| b.not_data_actions),
            Attr::RoleCondition => match role.blocks().into_iter().find_map(|b| b.condition) {
                Some(condition) => Value::text(condition),
                None => Value::Absent,
            },
            Attr::RoleAssignableScopes => Value::entities([ScopeId::ROOT], Missing::NONE),
            Attr::RoleAssignmentsOf => Value::entities(
                Vec::<AssignmentId>::new(),
                self.missing(&[C::RoleAssignments, C::RoleEligibilityScheduleInstances]),
            ),
            _ => Value::text("none"),
        }
    }

    fn read_row(&self, entity: Entity, attr: Attr) -> Value<'a> {
        let row = entity.row;
        let inventory = self.inventory;
        match attr {
            Attr::ApplicationId | Attr::PrincipalId => {
                Value::text(self.name_of(inventory.applications.id(row)))
            }
            Attr::PrincipalName | Attr::ApplicationName => {
                self.cell(Attr::ApplicationName, row, Missing::VALUE)
            }
            Attr::ApplicationOwners => self.owners(entity, C::ApplicationOwners),
            Attr::ApplicationCredentials => {
                let open = if self.says_credentials(entity) { Missing::NONE } else { Missing::VALUE };
                Value::entities(self.rows_of(Table::Credential, entity), open)
            }
            Attr::ApplicationFederatedCredentials => Value::entities(
                self.rows_of(Table::FederatedCredential, entity),
                self.missing(&[C::FederatedCredentials]),
            ),
            Attr::FederatedIssuerHost => match self.cell(Attr::FederatedIssuer, row, Missing::VALUE) {
                Value::Text(issuer) => Value::Text(Cow::Owned(host(&issuer).to_owned())),
                other => other,
            },
            Attr::FederatedIdentity => self.owner_entity(inventory.federated.owner(row)),
            Attr::CredentialOwner => self.owner_entity(inventory.credentials.owner(row)),
            Attr::DenyId => Value::text(self.name_of(inventory.denies.id(row))),
            Attr::DenyScope => self.scope_entity(inventory.denies.scope(row)),
            Attr::DenyPrincipals | Attr::DenyExcludePrincipals => {
                match self.cell(attr, row, Missing::VALUE) {
                    Value::List(list) => Value::List(List {
                        items: list.items.into_iter().map(|id| self.principal_of(id)).collect(),
                        open: list.open,
                    }),
                    other => other,
                }
            }
            Attr::PolicyId => Value::text(self.name_of(inventory.policies.id(row))),
            Attr::PolicyScope => self.scope_entity(inventory.policies.scope(row)),
            Attr::PolicyIdentities => match inventory.policy_identity(row) {
                Some(block) => {
                    let own = block.system.value().into_iter();
                    Value::entities(own.chain(block.users.iter().copied()), Missing::NONE)
                }
                None => Value::Unknown(Missing::VALUE),
            },
            Attr::ApplicationChange
            | Attr::FederatedChange
            | Attr::CredentialChange
            | Attr::DenyChange
            | Attr::PolicyChange => Value::text("none"),
            _ => self.cell(attr, row, Missing::VALUE),
        }
    }

    fn principal_of(&self, id: Value<'a>) -> Value<'a> {
        let Value::Text(text) = &id else { return id };
        match crate::azure::Guid::parse(text).and_then(|g| self.inventory.principal(g)) {
            Some(p) => Value::Entity(p.into()),
            None => Value::Unknown(self.missing(&crate::inventory::DIRECTORY).and(Missing::VALUE)),
        }
    }

    fn owner_entity(&self, owner: Option<Entity>) -> Value<'a> {
        owner.map_or(Value::Unknown(Missing::VALUE), Value::Entity)
    }

    fn scope_entity(&self, scope: Option<ScopeId>) -> Value<'a> {
        scope.map_or(Value::Unknown(Missing::VALUE), |s| Value::Entity(s.into()))
    }
}

/// An attribute of which null says no.
fn or_false(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Absent => Value::Bool(false),
        other => other,
    }
}

/// The host of a URL: what stands between `//` and the next `/`, without user and port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    host.split_once(':').map_or(host, |(host, _)| host)
}
