//! An inventory in the making: readers (and stated tests) say what they read, in any order; `finish` joins it.

use super::assignments::{AssignmentName, assignment_id, id_follows};
use super::schema::{Attr, Noun, Table};
use super::*;
use crate::azure::roles;
use rustc_hash::{FxHashMap, FxHashSet};

/// Which plain attributes are worth reading: those that the plan looks at, and those that every run needs.
#[derive(Clone, Debug)]
pub struct Wanted(Vec<bool>);

/// What names, kinds and states are decided by, whatever the plan says.
const ALWAYS: &[Attr] = &[
    Attr::TenantName,
    Attr::ScopeName,
    Attr::UserUpn,
    Attr::UserType,
    Attr::ServicePrincipalType,
    Attr::ApplicationName,
    Attr::FederatedName,
    Attr::CredentialName,
    Attr::DenyName,
    Attr::PolicyName,
    Attr::AssignmentStart,
    Attr::AssignmentEnd,
];

/// Attributes that are read from others.
const DERIVED: &[(Attr, &[Attr])] = &[
    (Attr::ManagedIdentityTags, &[Attr::ScopeTags]),
    (Attr::ManagedIdentityClientId, &[Attr::ServicePrincipalAppId]),
    (Attr::ServicePrincipalAppId, &[Attr::ManagedIdentityClientId]),
    (Attr::ApplicationAppId, &[Attr::ManagedIdentityClientId, Attr::ServicePrincipalAppId]),
    (Attr::FederatedIssuerHost, &[Attr::FederatedIssuer]),
];

/// What decides who can become whom, beside what every run needs.
const PATHS: &[Attr] = &[
    Attr::DenyPrincipals,
    Attr::DenyExcludePrincipals,
    Attr::DenyEffect,
    Attr::DenyAppliesToChildren,
    Attr::ApplicationAppId,
    Attr::ServicePrincipalAppId,
    Attr::ResourceLocation,
];

impl Wanted {
    /// What decides who can become whom.
    pub fn add_paths(&mut self) {
        PATHS.iter().for_each(|&attr| self.add(attr));
    }
    /// Every attribute.
    pub fn all() -> Self {
        Wanted(vec![true; schema::ATTRIBUTES.len()])
    }
    /// Only what every run needs.
    pub fn none() -> Self {
        let mut wanted = Wanted(vec![false; schema::ATTRIBUTES.len()]);
        ALWAYS.iter().for_each(|&attr| wanted.add(attr));
        wanted
    }
    /// That one as well, and what it is read from.
    pub fn add(&mut self, attr: Attr) {
        self.0[attr as usize] = true;
        if attr == Attr::PrincipalReach {
            self.add_paths();
        }
        for (_, sources) in DERIVED.iter().filter(|(derived, _)| *derived == attr) {
            sources.iter().for_each(|&source| self.0[source as usize] = true);
        }
    }
    /// Whether it is wanted.
    pub fn has(&self, attr: Attr) -> bool {
        self.0[attr as usize]
    }
}

impl Default for Wanted {
    fn default() -> Self {
        Wanted::all()
    }
}

/// What a record of an assignment says.
#[derive(Clone, Copy)]
pub struct AssignmentRow<'a> {
    /// Of which kind of role.
    pub kind: RoleKind,
    /// Active or eligible.
    pub state: State,
    /// The whole id as captured; empty where the record has none, or where it follows from scope and name.
    pub id: &'a str,
    /// The name (the last segment of the id).
    pub name: AssignmentName<'a>,
    /// The role.
    pub role: RoleId,
    /// The scope as captured.
    pub scope: &'a str,
    /// Whom it is made to.
    pub assignee: PrincipalId,
    /// `principalType`.
    pub hint: Stated<Hint>,
    /// The ABAC condition.
    pub condition: Stated<&'a str>,
}

/// What a PIM schedule instance says of an active assignment, joined to it by principal, role and scope.
struct Instance {
    kind: RoleKind,
    key: (PrincipalId, RoleId, ScopeId),
    row: AssignmentId,
    origin: Origin,
}

struct UserAssigned {
    guid: Option<Guid>,
    spelling: Symbol,
    client: Option<Symbol>,
    origin: Option<Origin>,
    listed: bool,
}

enum SystemIdentity {
    None,
    Unnamed,
    Named(PrincipalId),
}

struct DraftBlock {
    system: SystemIdentity,
    users: Vec<ScopeId>,
    open: bool,
}

/// An inventory in the making.
pub struct Draft {
    inventory: Inventory,
    roles: FxHashMap<(RoleKind, Guid), RoleId>,
    /// Rows by the hash of kind, state, scope and name; the columns say whether it is the same.
    assignments: hashbrown::HashTable<u32>,
    user_assigned: indexmap::IndexMap<ScopeId, UserAssigned, rustc_hash::FxBuildHasher>,
    blocks: indexmap::IndexMap<ScopeId, (DraftBlock, Origin), rustc_hash::FxBuildHasher>,
    policy_blocks: Vec<(u32, DraftBlock)>,
    hosts: Vec<(PrincipalId, ScopeId)>,
    memberships: Vec<(u32, u32)>,
    instances: Vec<Instance>,
    /// Of whom hints say two things.
    contradicted: FxHashSet<PrincipalId>,
    rows: FxHashMap<(Table, Symbol, Option<Entity>), u32>,
    problems: Vec<Problem>,
    parents: FxHashMap<ScopeId, Origin>,
}

impl Draft {
    /// An empty one, which keeps those attributes.
    pub fn new(wanted: Wanted) -> Self {
        let mut inventory = Inventory::default();
        inventory.scopes = Scopes::new(&mut inventory.names);
        inventory.wanted = wanted;
        Draft {
            inventory,
            roles: Default::default(),
            assignments: Default::default(),
            user_assigned: Default::default(),
            blocks: Default::default(),
            policy_blocks: vec![],
            hosts: vec![],
            memberships: vec![],
            instances: vec![],
            contradicted: FxHashSet::default(),
            rows: Default::default(),
            problems: vec![],
            parents: Default::default(),
        }
    }

    /// Whether that plain attribute is worth reading.
    pub fn wants(&self, attr: Attr) -> bool {
        self.inventory.wanted.has(attr)
    }

    /// The inventory so far: its files, coverage, time and tenants are set here.
    pub fn inventory(&mut self) -> &mut Inventory {
        &mut self.inventory
    }

    /// Brings to hand what is known of those scopes (by their `path_hash`) and objects. The look-ups that follow are one
    /// by one and would each wait for memory; these do not wait for one another.
    pub fn look_ahead(&self, paths: &[u32], objects: &[Guid]) {
        let seen = paths
            .iter()
            .fold(0, |seen, &hash| seen ^ self.inventory.scopes.glance(hash, &self.inventory.names));
        let known = objects.iter().filter(|guid| self.inventory.by_guid.contains_key(guid)).count();
        std::hint::black_box((seen, known));
    }

    /// Interns a string.
    pub fn intern(&mut self, text: &str) -> Symbol {
        self.inventory.names.intern(text)
    }

    /// Names a tenant that the capture is of.
    pub fn tenant(&mut self, tenant: Guid) {
        if !self.inventory.tenants.contains(&tenant) {
            self.inventory.tenants.push(tenant);
        }
    }

    /// The scope of an id text, which is mentioned thereby.
    pub fn scope(&mut self, text: &str) -> ScopeId {
        self.inventory.scopes.at_path(text, &mut self.inventory.names)
    }

    /// As [`Draft::scope`], of an id whose place was worked out.
    pub(crate) fn scope_at(&mut self, id: &str, place: &ScopePlace, resource_type: &str) -> ScopeId {
        self.inventory.scopes.at_place(id, place, resource_type, &mut self.inventory.names)
    }

    /// States that the scope's own record was read there.
    pub fn captured_scope(&mut self, scope: ScopeId, origin: Origin) {
        self.inventory.scopes.set_captured(scope, origin);
    }

    /// States what is above a subscription or management group. Saying it twice in two ways is a conflict.
    pub fn parent(&mut self, child: ScopeId, parent: ScopeId, origin: Origin) {
        let first = *self.parents.entry(child).or_insert(origin);
        if self.inventory.scopes.set_parent(child, parent).is_some() {
            let id = self.inventory.names.get(self.inventory.scopes.id(child)).to_owned();
            let noun = match self.inventory.scopes.level(child) {
                crate::azure::scope::Level::ManagementGroup => Noun::ManagementGroup,
                _ => Noun::Subscription,
            };
            self.conflict(noun, id, "the management group above it", first, origin);
        }
    }

    /// The principal of an object id, which is mentioned thereby; `spelling` is the id as captured.
    pub fn principal(&mut self, guid: Guid, spelling: &str) -> PrincipalId {
        if let Some(&found) = self.inventory.by_guid.get(&guid) {
            return found;
        }
        let id = self.new_principal(Some(guid));
        self.inventory.principals.spelling[id.index()] = self.inventory.names.append(spelling);
        self.inventory.by_guid.insert(guid, id);
        id
    }

    fn new_principal(&mut self, guid: Option<Guid>) -> PrincipalId {
        let p = &mut self.inventory.principals;
        let id = PrincipalId(p.class.len() as u32);
        p.guid.push(guid);
        p.class.push(Class::Mentioned);
        p.hint.push(Hint::None);
        p.listed.push(Collections::default());
        p.external.push(false);
        p.node.push(None);
        p.display.push(None);
        p.spelling.push(Symbol::EMPTY);
        p.origin.push(None);
        id
    }

    /// What an assignment or membership says of a principal. Two that contradict each other say nothing, in whatever order
    /// they come.
    pub fn hint(&mut self, principal: PrincipalId, hint: Hint) {
        let slot = &mut self.inventory.principals.hint[principal.index()];
        if *slot == hint || hint == Hint::None || self.contradicted.contains(&principal) {
            return;
        }
        let groups = |hint| matches!(hint, Hint::Group | Hint::ForeignGroup);
        match *slot {
            Hint::None => *slot = hint,
            before if groups(before) && groups(hint) => *slot = Hint::ForeignGroup,
            _ => {
                *slot = Hint::None;
                self.contradicted.insert(principal);
            }
        }
    }

    /// A directory record (or other record of its own) of a principal: what it is and in which collection it stands.
    /// Two records that say different classes are a conflict, except that a service principal may turn out to be a
    /// managed identity.
    pub fn record(&mut self, principal: PrincipalId, class: Class, collection: Collection, origin: Origin) {
        let p = &mut self.inventory.principals;
        let i = principal.index();
        p.listed[i] = p.listed[i].with(collection);
        let first = *p.origin[i].get_or_insert(origin);
        let before = p.class[i];
        let service = |c| !matches!(c, Class::User | Class::Group | Class::Mentioned);
        let (joined, differs) = match (before, class) {
            (Class::Mentioned, new) => (new, None),
            (old, Class::Mentioned) => (old, None),
            (old, new) if old == new => (old, None),
            (old, new) if service(old) && service(new) => match (old, new) {
                (Class::ServicePrincipal, better) | (better, Class::ServicePrincipal) => (better, None),
                (Class::ManagedIdentity, better) | (better, Class::ManagedIdentity) => (better, None),
                (old, _) => (old, Some("system-assigned or user-assigned")),
            },
            (old, _) => (old, Some("the kind of object")),
        };
        p.class[i] = joined;
        if let Some(what) = differs {
            let id = self.inventory.names.get(self.inventory.principals.spelling[i]).to_owned();
            self.conflict(Noun::Principal, id, what, first, origin);
        }
    }

    /// Marks a principal as one of another tenant.
    pub fn external(&mut self, principal: PrincipalId) {
        self.inventory.principals.external[principal.index()] = true;
    }

    /// The display name of a principal; the first that is stated stands.
    pub fn display(&mut self, principal: PrincipalId, name: &str) {
        let symbol = self.inventory.names.intern(name);
        self.name_principal(principal, symbol);
    }

    /// As [`Draft::display`], of a name that is interned.
    pub fn name_principal(&mut self, principal: PrincipalId, name: Symbol) {
        self.inventory.principals.display[principal.index()].get_or_insert(name);
    }

    /// The host of a system-assigned identity, or the ARM resource of a user-assigned one, as the directory names it
    /// (`alternativeNames`).
    pub fn host(&mut self, principal: PrincipalId, resource: ScopeId) {
        self.hosts.push((principal, resource));
    }

    /// A user-assigned identity by its ARM resource. `origin` and `listed` where this is its own record; an object id
    /// that differs from one stated before is a conflict.
    pub fn user_assigned(
        &mut self,
        node: ScopeId,
        object: Option<(Guid, &str)>,
        client: Option<&str>,
        own: bool,
        origin: Origin,
    ) {
        let spelling = object.map_or(Symbol::EMPTY, |(_, s)| self.inventory.names.intern(s));
        let client = client.map(|c| self.inventory.names.intern(c));
        let entry = self.user_assigned.entry(node).or_insert(UserAssigned {
            guid: None,
            spelling: Symbol::EMPTY,
            client: None,
            origin: None,
            listed: false,
        });
        let first = entry.origin.unwrap_or(origin);
        let mut differs = false;
        match (entry.guid, object) {
            (None, Some((guid, _))) => (entry.guid, entry.spelling) = (Some(guid), spelling),
            (Some(before), Some((guid, _))) => differs = before != guid,
            _ => {}
        }
        entry.client = entry.client.or(client);
        if own {
            entry.origin = entry.origin.or(Some(origin));
            entry.listed = true;
        }
        if differs {
            let id = self.inventory.names.get(self.inventory.scopes.id(node)).to_owned();
            self.conflict(Noun::UserAssigned, id, "principalId", first, origin);
        }
    }

    fn block(system: Stated<PrincipalId>, users: Vec<ScopeId>, open: bool) -> DraftBlock {
        let system = match system {
            Stated::Absent => SystemIdentity::None,
            Stated::Unsaid => SystemIdentity::Unnamed,
            Stated::Value(p) => SystemIdentity::Named(p),
        };
        DraftBlock { system, users, open }
    }

    /// The identity block of a resource: its own identity (`Unsaid`: it has one whose object id is not stated), the
    /// user-assigned ones by their ARM resource, and whether there are more that are not named.
    pub fn identity_block(
        &mut self,
        resource: ScopeId,
        system: Stated<PrincipalId>,
        users: Vec<ScopeId>,
        open: bool,
        origin: Origin,
    ) {
        let block = Self::block(system, users, open);
        let some = !matches!(block.system, SystemIdentity::None) || !block.users.is_empty() || block.open;
        if some && self.inventory.without_identity.contains(resource.index()) {
            let id = self.inventory.names.get(self.inventory.scopes.id(resource)).to_owned();
            let first = self.inventory.scopes.captured(resource).unwrap_or(origin);
            self.conflict(Noun::Resource, id, "identity", first, origin);
            return;
        }
        if let Some((before, first)) = self.blocks.get(&resource) {
            let named = |b: &DraftBlock| match b.system {
                SystemIdentity::Named(p) => Some(p),
                _ => None,
            };
            let mut old = before.users.clone();
            let mut new = block.users.clone();
            old.sort();
            new.sort();
            let differs =
                matches!(
                    (&before.system, &block.system),
                    (SystemIdentity::None, SystemIdentity::Named(_) | SystemIdentity::Unnamed)
                        | (SystemIdentity::Named(_) | SystemIdentity::Unnamed, SystemIdentity::None)
                ) || (named(before).is_some() && named(&block).is_some() && named(before) != named(&block))
                    || (!before.open && !block.open && old != new);
            let first = *first;
            let better = named(before).is_none() && named(&block).is_some();
            if differs {
                let id = self.inventory.names.get(self.inventory.scopes.id(resource)).to_owned();
                self.conflict(Noun::Resource, id, "identity", first, origin);
            }
            if !better {
                return;
            }
        }
        self.blocks.insert(resource, (block, origin));
    }

    /// States that a resource has no identity.
    pub fn no_identity(&mut self, resource: ScopeId, origin: Origin) {
        if self.blocks.contains_key(&resource) {
            self.identity_block(resource, Stated::Absent, vec![], false, origin);
            return;
        }
        let set = &mut self.inventory.without_identity;
        set.grow(resource.index() + 1);
        set.insert(resource.index());
    }

    /// The identity block of a policy assignment, as [`Draft::identity_block`].
    pub fn policy_identity(
        &mut self,
        policy: u32,
        system: Stated<PrincipalId>,
        users: Vec<ScopeId>,
        open: bool,
    ) {
        self.policy_blocks.push((policy, Self::block(system, users, open)));
    }

    /// The role of a GUID, which is mentioned thereby; `id` is the text it was mentioned by.
    pub fn role(&mut self, kind: RoleKind, guid: Guid, id: &str) -> RoleId {
        if let Some(&found) = self.roles.get(&(kind, guid)) {
            return found;
        }
        let id = self.inventory.names.intern(id);
        let r = &mut self.inventory.roles;
        let role = RoleId(r.kind.len() as u32);
        r.kind.push(kind);
        r.guid.push(guid);
        r.role_type.push(RoleType::Unknown);
        r.name.push(None);
        r.id.push(id);
        r.blocks.push(None);
        r.assignable.push(None);
        r.resource_app.push(None);
        r.origin.push(None);
        self.roles.insert((kind, guid), role);
        role
    }

    /// The name of a role as a record spells it; its definition's own spelling stands before others.
    pub fn role_name(&mut self, role: RoleId, name: &str) {
        if self.inventory.roles.name[role.index()].is_none() {
            self.inventory.roles.name[role.index()] = Some(self.inventory.names.intern(name));
        }
    }

    /// The service principal that an app role belongs to.
    pub fn role_resource(&mut self, role: RoleId, resource: Guid) {
        self.inventory.roles.resource_app[role.index()].get_or_insert(resource);
    }

    /// A role definition. A second one of the same GUID with other permissions is a conflict.
    pub fn definition(
        &mut self,
        role: RoleId,
        role_type: RoleType,
        name: Option<&str>,
        blocks: Vec<Block>,
        assignable: Option<Vec<ScopeId>>,
        origin: Origin,
    ) {
        let i = role.index();
        let name = name.map(|n| self.inventory.names.intern(n));
        if let Some(first) = self.inventory.roles.origin[i] {
            let what = if self.inventory.roles.blocks[i].as_deref() != Some(&blocks[..]) {
                "permissions"
            } else if self.inventory.roles.role_type[i] != role_type {
                "type"
            } else {
                return;
            };
            let id = self.inventory.roles.guid[i].to_string();
            self.conflict(Noun::RoleDefinition, id, what, first, origin);
            return;
        }
        let r = &mut self.inventory.roles;
        r.role_type[i] = role_type;
        r.name[i] = name.or(r.name[i]);
        r.blocks[i] = Some(blocks.into_boxed_slice());
        r.assignable[i] = assignable.map(Vec::into_boxed_slice);
        r.origin[i] = Some(origin);
    }

    /// Keeps an assignment. The same id a second time with the same content is the same row; with other content a
    /// conflict.
    pub fn assignment(&mut self, row: &AssignmentRow<'_>, origin: Origin) -> AssignmentId {
        let (scope, exact) = self.inventory.scopes.spelled(row.scope, &mut self.inventory.names);
        let scope_text = match exact {
            true => self.inventory.scopes.id(scope),
            false => self.inventory.names.intern(row.scope),
        };
        let key = match row.name {
            AssignmentName::Guid(guid) => guid,
            AssignmentName::Text(name) => Guid::parse(name).unwrap_or_else(|| {
                let folded = match row.id {
                    "" => assignment_id(row.scope, name).to_lowercase(),
                    id => id.to_lowercase(),
                };
                Guid(u128::MAX - self.inventory.names.intern(&folded).index() as u128)
            }),
        };
        let condition = match row.condition {
            Stated::Value(text) => Stated::Value(self.inventory.names.intern(text)),
            Stated::Absent => Stated::Absent,
            Stated::Unsaid => Stated::Unsaid,
        };
        let hash = assignment_hash(scope, key);
        let a = &self.inventory.assignments;
        let same = |&i: &u32| {
            let i = i as usize;
            a.name[i] == key && a.scope[i] == scope && a.state[i] == row.state && a.kind[i] == row.kind
        };
        if let Some(&found) = self.assignments.find(hash, same) {
            let found = AssignmentId(found);
            self.same_assignment(found, row, condition, origin);
            return found;
        }
        let odd_name = match row.name {
            AssignmentName::Guid(_) => Symbol::EMPTY,
            AssignmentName::Text(name) => self.inventory.names.append(name),
        };
        let follows = || match row.name {
            AssignmentName::Guid(guid) => id_follows(row.id, row.scope, &guid.to_string()),
            AssignmentName::Text(name) => id_follows(row.id, row.scope, name),
        };
        let id =
            if row.id.is_empty() || follows() { Symbol::EMPTY } else { self.inventory.names.append(row.id) };
        let a = &mut self.inventory.assignments;
        let new = AssignmentId(a.kind.len() as u32);
        a.kind.push(row.kind);
        a.state.push(row.state);
        a.role.push(row.role);
        a.scope.push(scope);
        a.scope_text.push(scope_text);
        a.assignee.push(row.assignee);
        a.hint.push(row.hint);
        a.name.push(key);
        a.id.push(id);
        a.odd_name.push(odd_name);
        a.condition.push(condition);
        a.activated.push(Stated::Unsaid);
        a.origin.push(origin);
        let hash_of = |&i: &u32| assignment_hash(a.scope[i as usize], a.name[i as usize]);
        self.assignments.insert_unique(hash, new.0, hash_of);
        new
    }

    fn same_assignment(
        &mut self,
        found: AssignmentId,
        row: &AssignmentRow<'_>,
        condition: Stated<Symbol>,
        origin: Origin,
    ) {
        let a = &mut self.inventory.assignments;
        let i = found.index();
        let differs = |what: &str| Some(what.to_owned());
        let what = if a.role[i] != row.role {
            differs("roleDefinitionId")
        } else if a.assignee[i] != row.assignee {
            differs("principalId")
        } else if a.condition[i] != condition
            && a.condition[i] != Stated::Unsaid
            && condition != Stated::Unsaid
        {
            differs("condition")
        } else {
            None
        };
        if a.condition[i] == Stated::Unsaid {
            a.condition[i] = condition;
        }
        if a.hint[i] == Stated::Unsaid {
            a.hint[i] = row.hint;
        }
        let first = a.origin[i];
        if let Some(what) = what {
            let noun = Noun::RoleAssignment;
            let id = self.inventory.assignments.id(found, &self.inventory.names);
            self.conflict(noun, id, &what, first, origin);
        }
    }

    /// An active PIM schedule instance: joined at the end to the assignment of the same principal, role and scope; an
    /// assignment of its own where there is none. Gives the row whose cells (start, end) and `activated` it states.
    pub fn active_instance(
        &mut self,
        row: &AssignmentRow<'_>,
        activated: Stated<bool>,
        origin: Origin,
    ) -> AssignmentId {
        // Its row is kept apart by its state until the join: the key of a schedule instance is not an assignment's.
        let before = self.inventory.assignments.len();
        let id = self.assignment(row, origin);
        if id.index() == before {
            let scope = self.inventory.assignments.scope(id);
            self.instances.push(Instance {
                kind: row.kind,
                key: (row.assignee, row.role, scope),
                row: id,
                origin,
            });
        }
        self.inventory.assignments.activated[id.index()] = activated;
        id
    }

    /// A membership: `member` is directly in `group`.
    pub fn membership(&mut self, group: PrincipalId, member: PrincipalId, origin: Origin) {
        self.memberships.push((group.0, member.0));
        self.inventory.membership_origins.entry((group, member)).or_insert(origin);
    }

    /// States that the record of an application or service principal lists all its credentials (perhaps none).
    pub fn states_credentials(&mut self, entity: Entity) {
        let attr = match entity.table {
            Table::Application => Attr::ApplicationCredentials,
            _ => Attr::ServicePrincipalCredentials,
        };
        self.inventory.cells.set(attr, entity.row, Cell::Bool(true));
    }

    /// States that all direct members of a group were read.
    pub fn captured_members(&mut self, group: PrincipalId) {
        let list = &mut self.inventory.captured_members;
        if list.len() <= group.index() {
            list.resize(group.index() + 1, false);
        }
        list[group.index()] = true;
    }

    /// An owner of an application, group or service principal.
    pub fn owner(&mut self, entity: Entity, owner: PrincipalId) {
        let owners = self.inventory.owners.entry(entity).or_default();
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    }

    /// A row of a plain table, by its id (without letter case) and owner; the same row where it is there already. The
    /// owner of a federated credential may be given as the scope of a user-assigned identity.
    pub fn row(
        &mut self,
        table: Table,
        id: &str,
        owner: Option<Entity>,
        scope: Option<ScopeId>,
        origin: Origin,
    ) -> u32 {
        let text = self.inventory.names.intern(id);
        let key = self.inventory.names.intern(&id.to_lowercase());
        if let Some(&found) = self.rows.get(&(table, key, owner)) {
            return found;
        }
        let rows = match table {
            Table::Application => &mut self.inventory.applications,
            Table::Credential => &mut self.inventory.credentials,
            Table::FederatedCredential => &mut self.inventory.federated,
            Table::DenyAssignment => &mut self.inventory.denies,
            _ => &mut self.inventory.policies,
        };
        let row = rows.id.len() as u32;
        rows.id.push(text);
        rows.origin.push(origin);
        rows.owner.push(owner);
        rows.scope.push(scope);
        self.rows.insert((table, key, owner), row);
        row
    }

    /// States the permission blocks of a deny assignment.
    pub fn deny_blocks(&mut self, row: u32, blocks: Vec<Block>) {
        self.inventory.deny_blocks.insert(row, blocks.into());
    }

    /// States the definition that a policy assignment assigns.
    pub fn policy_definition(&mut self, row: u32, definition: PolicyDefinition) {
        self.inventory.policy_definitions.insert(row, definition);
    }

    /// States to which hosts the user-assigned identity of that scope may be assigned.
    pub fn restrict(&mut self, identity: ScopeId, restriction: Restriction) {
        self.inventory.restrictions.insert(identity, restriction);
    }

    /// States whose federated credential a row is, where its record did not.
    pub fn own_credential(&mut self, row: u32, owner: Entity) {
        self.inventory.federated.owner[row as usize] = Some(owner);
    }

    /// Names an app role that is held; one that nobody holds is no row.
    pub fn name_app_role(&mut self, guid: Guid, name: Symbol) {
        if let Some(role) = self.roles.get(&(RoleKind::App, guid)) {
            self.inventory.roles.name[role.index()].get_or_insert(name);
        }
    }

    /// States a plain attribute. Known stands before unknown; two known values that differ are a conflict.
    pub fn set(&mut self, entity: impl Into<Entity>, attr: Attr, cell: Cell, origin: Origin) {
        if cell == Cell::Unknown || !self.wants(attr) {
            return;
        }
        let entity = entity.into();
        let before = self.inventory.cells.get(attr, entity.row);
        if before == Cell::Unknown {
            self.inventory.cells.set(attr, entity.row, cell);
            return;
        }
        if before == cell {
            return;
        }
        if !self.same_cell(before, cell) {
            let attribute = attr.attribute();
            let id = self.entity_id(entity);
            let first = self.inventory.origin(entity).unwrap_or(origin);
            self.conflict(attribute.noun, id, attribute.name, first, origin);
        }
    }

    fn same_cell(&self, a: Cell, b: Cell) -> bool {
        let cells = &self.inventory.cells;
        match (a, b) {
            (Cell::Text(a), Cell::Text(b)) => {
                same_name(self.inventory.names.get(a), self.inventory.names.get(b))
            }
            (Cell::List(a), Cell::List(b)) => cells.items(a) == cells.items(b),
            (Cell::Map(a), Cell::Map(b)) => {
                let sorted = |m| {
                    let mut entries = cells.entries(m).to_vec();
                    entries.sort();
                    entries
                };
                sorted(a) == sorted(b)
            }
            (a, b) => a == b,
        }
    }

    fn entity_id(&self, entity: Entity) -> String {
        let inventory = &self.inventory;
        let text = |s| inventory.names.get(s).to_owned();
        match entity.table {
            Table::Tenant => String::new(),
            Table::Scope => text(inventory.scopes.id(ScopeId(entity.row))),
            Table::Principal => text(inventory.principals.spelling(PrincipalId(entity.row))),
            Table::Assignment => inventory.assignments.id(AssignmentId(entity.row), &inventory.names),
            Table::Role => inventory.roles.guid(RoleId(entity.row)).to_string(),
            Table::Application => text(inventory.applications.id(entity.row)),
            Table::Credential => text(inventory.credentials.id(entity.row)),
            Table::FederatedCredential => text(inventory.federated.id(entity.row)),
            Table::DenyAssignment => text(inventory.denies.id(entity.row)),
            Table::PolicyAssignment => text(inventory.policies.id(entity.row)),
        }
    }

    fn conflict(&mut self, noun: Noun, id: String, what: &str, first: Origin, second: Origin) {
        self.problems.push(Problem::Conflict(Conflict { noun, id, what: what.to_owned(), first, second }));
    }

    /// Joins everything: identities to principals, schedule instances to assignments, the scope tree, the groups and the
    /// roles of the catalogue. With problems there is no inventory.
    pub fn finish(mut self) -> Result<Inventory, (Vec<Problem>, Origins)> {
        self.join_user_assigned();
        self.join_hosts();
        self.join_blocks();
        self.join_owners();
        self.join_instances();
        if let Err(cycle) = self.inventory.scopes.number() {
            let names = &self.inventory.names;
            let ids = cycle.iter().map(|&s| names.get(self.inventory.scopes.id(s)).to_owned()).collect();
            let origins = cycle.iter().filter_map(|s| self.parents.get(s).copied()).collect();
            self.problems.push(Problem::ManagementGroupCycle(ids, origins));
        }
        if !self.problems.is_empty() {
            return Err((self.problems, self.inventory.origins));
        }
        self.join_edges();
        self.resolve_roles();
        Ok(self.inventory)
    }

    fn join_user_assigned(&mut self) {
        for (node, draft) in std::mem::take(&mut self.user_assigned) {
            let spelling = self.inventory.names.get(draft.spelling).to_owned();
            let id = match draft.guid {
                Some(guid) => self.principal(guid, &spelling),
                None => match self.hosts.iter().find(|&&(_, at)| at == node) {
                    Some(&(principal, _)) => principal,
                    None => self.new_principal(None),
                },
            };
            let origin = draft.origin.unwrap_or(Origin { part: u32::MAX, index: Origin::WHOLE, line: 0 });
            if draft.listed {
                self.record(id, Class::UserAssigned, Collection::Identities, origin);
            } else if self.inventory.principals.class[id.index()] == Class::Mentioned
                || self.inventory.principals.class[id.index()] == Class::ServicePrincipal
                || self.inventory.principals.class[id.index()] == Class::ManagedIdentity
            {
                self.inventory.principals.class[id.index()] = Class::UserAssigned;
            }
            self.inventory.principals.node[id.index()] = Some(node);
            self.inventory.by_node.insert(node, id);
            if let Some(client) = draft.client {
                self.set(id, Attr::ManagedIdentityClientId, Cell::Text(client), origin);
            }
        }
    }

    fn join_hosts(&mut self) {
        for (principal, node) in std::mem::take(&mut self.hosts) {
            let i = principal.index();
            self.inventory.principals.node[i].get_or_insert(node);
            if self.inventory.principals.class[i] == Class::UserAssigned {
                self.inventory.by_node.entry(node).or_insert(principal);
            }
        }
    }

    fn join_block(&mut self, host: Option<ScopeId>, block: DraftBlock) -> IdentityBlock {
        let system = match block.system {
            SystemIdentity::None => Stated::Absent,
            SystemIdentity::Unnamed => Stated::Unsaid,
            SystemIdentity::Named(p) => {
                let i = p.index();
                let class = &mut self.inventory.principals.class[i];
                if matches!(class, Class::Mentioned | Class::ServicePrincipal | Class::ManagedIdentity) {
                    *class = Class::SystemAssigned;
                }
                if let Some(host) = host {
                    self.inventory.principals.node[i].get_or_insert(host);
                }
                Stated::Value(p)
            }
        };
        let users = block
            .users
            .into_iter()
            .map(|node| match self.inventory.by_node.get(&node) {
                Some(&found) => found,
                None => {
                    let id = self.new_principal(None);
                    self.inventory.principals.class[id.index()] = Class::UserAssigned;
                    self.inventory.principals.node[id.index()] = Some(node);
                    self.inventory.by_node.insert(node, id);
                    id
                }
            })
            .collect();
        IdentityBlock { system, users, open: block.open }
    }

    fn join_blocks(&mut self) {
        for (resource, (block, origin)) in std::mem::take(&mut self.blocks) {
            let block = self.join_block(Some(resource), block);
            if let Stated::Value(p) = block.system {
                self.inventory.principals.origin[p.index()].get_or_insert(origin);
            }
            self.inventory.identity_blocks.insert(resource, block);
        }
        for (policy, block) in std::mem::take(&mut self.policy_blocks) {
            let block = self.join_block(None, block);
            self.inventory.policy_identities.insert(policy, block);
        }
    }

    /// Merges each active schedule instance into the assignment it tells of.
    fn join_instances(&mut self) {
        let instances = std::mem::take(&mut self.instances);
        if instances.is_empty() {
            return;
        }
        let rows: Vec<AssignmentId> = instances.iter().map(|i| i.row).collect();
        let is_instance = |a: AssignmentId| rows.binary_search(&a).is_ok();
        let a = &self.inventory.assignments;
        let mut real: FxHashMap<_, Vec<AssignmentId>> = Default::default();
        for id in a.iter().filter(|&id| a.state(id) == State::Active && !is_instance(id)) {
            real.entry((a.kind(id), a.assignee(id), a.role(id), a.scope(id))).or_default().push(id);
        }
        let mut drop = vec![];
        for instance in &instances {
            let (principal, role, scope) = instance.key;
            let Some(targets) = real.get(&(instance.kind, principal, role, scope)) else { continue };
            for &target in targets {
                for attr in [Attr::AssignmentStart, Attr::AssignmentEnd] {
                    let cell = self.inventory.cells.get(attr, instance.row.0);
                    self.set(target, attr, cell, instance.origin);
                }
                let activated = self.inventory.assignments.activated[instance.row.index()];
                let slot = &mut self.inventory.assignments.activated[target.index()];
                if *slot == Stated::Unsaid {
                    *slot = activated;
                }
            }
            drop.push(instance.row);
        }
        self.drop_assignments(&drop);
    }

    /// Takes rows out and moves the cells of the rows behind them.
    fn drop_assignments(&mut self, drop: &[AssignmentId]) {
        if drop.is_empty() {
            return;
        }
        let n = self.inventory.assignments.len();
        let mut keep = vec![true; n];
        for d in drop {
            keep[d.index()] = false;
        }
        let kept: Vec<u32> = (0..n as u32).filter(|&i| keep[i as usize]).collect();
        let a = &mut self.inventory.assignments;
        fn pick<T: Copy>(column: &mut Vec<T>, kept: &[u32]) {
            *column = kept.iter().map(|&i| column[i as usize]).collect();
        }
        pick(&mut a.kind, &kept);
        pick(&mut a.state, &kept);
        pick(&mut a.role, &kept);
        pick(&mut a.scope, &kept);
        pick(&mut a.scope_text, &kept);
        pick(&mut a.assignee, &kept);
        pick(&mut a.hint, &kept);
        pick(&mut a.name, &kept);
        pick(&mut a.id, &kept);
        pick(&mut a.odd_name, &kept);
        pick(&mut a.condition, &kept);
        pick(&mut a.activated, &kept);
        pick(&mut a.origin, &kept);
        for attribute in
            schema::ATTRIBUTES.iter().filter(|x| x.attr.attribute().noun.table() == Table::Assignment)
        {
            let cells: Vec<Cell> =
                kept.iter().map(|&i| self.inventory.cells.get(attribute.attr, i)).collect();
            for row in 0..n as u32 {
                let cell = cells.get(row as usize).copied().unwrap_or_default();
                if self.inventory.cells.get(attribute.attr, row) != cell {
                    self.inventory.cells.set(attribute.attr, row, cell);
                }
            }
        }
        self.assignments.clear();
    }

    /// A federated credential that was read with the ARM resource of its identity belongs to that identity.
    fn join_owners(&mut self) {
        for row in 0..self.inventory.federated.len() {
            let Some(node) = self.inventory.federated.owner[row].and_then(Entity::scope) else { continue };
            let id = match self.inventory.by_node.get(&node) {
                Some(&found) => found,
                None => {
                    let id = self.new_principal(None);
                    self.inventory.principals.class[id.index()] = Class::UserAssigned;
                    self.inventory.principals.node[id.index()] = Some(node);
                    self.inventory.by_node.insert(node, id);
                    id
                }
            };
            self.inventory.federated.owner[row] = Some(id.into());
        }
    }

    fn join_edges(&mut self) {
        let inventory = &mut self.inventory;
        let n = inventory.principals.len();
        let turned: Vec<(u32, u32)> = self.memberships.iter().map(|&(g, m)| (m, g)).collect();
        inventory.members = Edges::new(n, &self.memberships);
        inventory.groups_of = Edges::new(n, &turned);
        let a = &inventory.assignments;
        let held: Vec<(u32, u32)> = a.iter().map(|id| (a.assignee(id).0, id.0)).collect();
        inventory.held = Edges::new(n, &held);
        let by_role: Vec<(u32, u32)> = a.iter().map(|id| (a.role(id).0, id.0)).collect();
        inventory.by_role = Edges::new(inventory.roles.len(), &by_role);
        let mut attached = vec![];
        let mut resources: Vec<_> = inventory.identity_blocks.keys().copied().collect();
        resources.sort();
        for resource in resources {
            let block = &inventory.identity_blocks[&resource];
            let own = block.system.value().into_iter();
            attached.extend(own.chain(block.users.iter().copied()).map(|p| (p.0, resource.0)));
        }
        inventory.attachments = Edges::new(n, &attached);
        inventory.captured_members.resize(n, false);
    }

    /// Roles whose definition was not captured are taken from the catalogue of built-in roles.
    fn resolve_roles(&mut self) {
        let inventory = &mut self.inventory;
        for i in 0..inventory.roles.len() {
            if inventory.roles.blocks[i].is_some() || inventory.roles.kind[i] != RoleKind::Azure {
                continue;
            }
            let Some(role) = roles::by_guid(inventory.roles.guid[i]) else { continue };
            inventory.roles.role_type[i] = RoleType::BuiltIn;
            inventory.roles.name[i] = Some(inventory.names.intern(role.name()));
            let mut intern = |list: &[&str]| list.iter().map(|t| inventory.names.intern(t)).collect();
            let blocks = role
                .blocks()
                .iter()
                .map(|b| Block {
                    actions: intern(&b.actions),
                    not_actions: intern(&b.not_actions),
                    data_actions: intern(&b.data_actions),
                    not_data_actions: intern(&b.not_data_actions),
                    condition: b
                        .condition
                        .map(|c| intern(&[c]))
                        .and_then(|v: Vec<Symbol>| v.first().copied()),
                })
                .collect();
            inventory.roles.blocks[i] = Some(blocks);
        }
    }
}

/// Names of assignments are random: their bits serve as they are.
fn assignment_hash(scope: ScopeId, name: Guid) -> u64 {
    ((name.0 >> 64) as u64 ^ name.0 as u64 ^ u64::from(scope.0)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}
