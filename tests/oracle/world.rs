//! A tenant and a policy file's names, with the plain questions that the clauses ask: what is above what, who is what, which role.

use super::model::*;
use super::operations::{Amount, Remembered};
use super::rights::Memory;
use super::scopes::{self, Level, canonical};
use super::truth::Truth::{self, No, Unknown, Yes};
use dictum::syntax::ast::{self, Noun, Pattern};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// What a principal may be. A person is a member or a guest, or of a type that was not captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Member,
    Guest,
    PersonOfUnknownType,
    Group,
    SystemAssigned,
    UserAssigned,
    IdentityOfUnknownType,
    /// A service principal that is no managed identity.
    Service,
    ServiceOfUnknownType,
    /// The directory does not have it.
    Missing,
    Unresolved,
}

/// A principal: a captured or mentioned id, or somebody whom an uncaptured membership of `group` may admit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    Id(String),
    Somebody { group: String, kind: Kind },
}

/// Everything that somebody uncaptured may be.
pub(crate) const ANYBODY: [Kind; 6] =
    [Kind::Member, Kind::Guest, Kind::Group, Kind::SystemAssigned, Kind::UserAssigned, Kind::Service];

/// What a deny assignment says of a principal that it names.
pub(crate) fn denied_type(id: &str) -> &'static str {
    match id.as_bytes().first() {
        Some(b'0') => "SystemDefined",
        Some(b'1') => "User",
        Some(b'3') => "Group",
        _ => "ServicePrincipal",
    }
}

/// The way by which somebody holds an assignment: through no group, or through these.
#[derive(Clone, Debug)]
pub(crate) struct Holder {
    pub who: Who,
    /// The shortest chain of groups, the assignee first.
    pub via: Vec<String>,
}

pub(crate) struct World<'a> {
    pub tenant: &'a Tenant,
    pub sets: BTreeMap<String, Vec<Pattern>>,
    pub params: BTreeMap<String, ast::Literal>,
    /// Every scope that any captured id speaks of.
    pub scopes: BTreeSet<String>,
    pub built_ins: &'a [RoleDefinition],
    pub remembered: &'a RefCell<Remembered>,
    pub paths: &'a RefCell<Memory>,
}

impl<'a> World<'a> {
    pub(crate) fn new(
        tenant: &'a Tenant,
        file: &ast::File,
        built_ins: &'a [RoleDefinition],
        remembered: &'a RefCell<Remembered>,
        paths: &'a RefCell<Memory>,
    ) -> World<'a> {
        let mut sets = BTreeMap::new();
        let mut params = BTreeMap::new();
        for item in &file.items {
            match item {
                ast::Item::Let(x) => {
                    sets.insert(x.name.node.clone(), x.patterns.clone());
                }
                ast::Item::Param(x) => {
                    params.insert(x.name.node.clone(), x.default.node.clone());
                }
                _ => {}
            }
        }
        let mut world = World { tenant, sets, params, scopes: BTreeSet::new(), built_ins, remembered, paths };
        world.scopes = world.mentioned_scopes();
        world
    }

    fn mentioned_scopes(&self) -> BTreeSet<String> {
        let t = self.tenant;
        let mut ids: Vec<String> = vec!["/".to_owned()];
        for x in &t.subscriptions {
            ids.push(format!("/subscriptions/{}", x.guid));
            ids.extend(x.management_group.is().map(|name| scopes::management_group_id(name)));
        }
        for x in &t.management_groups {
            ids.push(scopes::management_group_id(&x.name));
            ids.extend(x.parent.is().map(|name| scopes::management_group_id(name)));
        }
        ids.extend(t.resource_groups.iter().map(|x| x.id.clone()));
        for x in &t.resources {
            ids.push(x.id.clone());
            ids.extend(x.identity.is().into_iter().flat_map(|b| b.user_assigned.iter().map(|u| u.0.clone())));
        }
        ids.extend(t.identities.iter().map(|x| x.id.clone()));
        ids.extend(t.assignments.iter().map(|x| x.scope.clone()));
        ids.extend(t.federated.iter().map(|x| x.identity.clone()));
        ids.extend(t.role_definitions.iter().flat_map(|x| x.assignable_scopes.clone()));
        ids.extend(t.deny_assignments.iter().map(|x| x.scope.clone()));
        for x in &t.policy_assignments {
            ids.push(x.scope.clone());
            ids.extend(super::rights::definition_scope(&x.definition));
            ids.extend(x.identity.iter().flat_map(|b| b.user_assigned.iter().map(|u| u.0.clone())));
        }
        for x in &t.service_principals {
            if x.sp_type == Stated::Is("ManagedIdentity".to_owned()) {
                ids.extend(
                    x.alternative_names.is().into_iter().flatten().filter(|n| n.starts_with('/')).cloned(),
                );
            }
        }
        let mut all = BTreeSet::new();
        for id in ids {
            let mut id = Some(canonical(&id));
            while let Some(this) = id {
                id = scopes::parent_by_id(&this);
                all.insert(this);
            }
        }
        all
    }

    // Scopes

    /// The scope and what is above it, nearest first, and whether none is missing between.
    pub(crate) fn chain(&self, scope: &str) -> (Vec<String>, bool) {
        let mut chain = vec![canonical(scope)];
        loop {
            let last = chain[chain.len() - 1].clone();
            let above = match scopes::level(&last) {
                Level::Root => return (chain, true),
                Level::Resource | Level::ResourceGroup => scopes::parent_by_id(&last),
                Level::Subscription => {
                    let row = self
                        .tenant
                        .subscriptions
                        .iter()
                        .find(|x| format!("/subscriptions/{}", x.guid) == last);
                    row.and_then(|row| row.management_group.is())
                        .map(|name| scopes::management_group_id(name))
                }
                Level::ManagementGroup => {
                    let row = self
                        .tenant
                        .management_groups
                        .iter()
                        .find(|x| scopes::management_group_id(&x.name) == last);
                    match row.map(|row| &row.parent) {
                        Some(Stated::Is(parent)) => Some(scopes::management_group_id(parent)),
                        Some(Stated::Null) => Some("/".to_owned()),
                        // All are captured, and there is none of that name: nothing is said to be above it.
                        None if self.tenant.complete(MANAGEMENT_GROUPS) => Some("/".to_owned()),
                        Some(Stated::Unsaid) | None => None,
                    }
                }
            };
            match above {
                Some(above) => chain.push(above),
                None => {
                    chain.push("/".to_owned());
                    return (chain, false);
                }
            }
        }
    }

    /// Whether `above` is `below` or one of its ancestors.
    pub(crate) fn above_or_at(&self, above: &str, below: &str) -> Truth {
        let (above, below) = (canonical(above), canonical(below));
        let (chain, whole) = self.chain(&below);
        if chain.contains(&above) {
            return Yes;
        }
        // What is below the last known one of the chain can't be above it.
        let (own, _) = self.chain(&above);
        if chain.iter().rev().nth(1).is_some_and(|last| own.contains(last)) {
            return No;
        }
        // Only a management group can be hidden in the gap.
        let hidden = !whole && scopes::level(&above) == Level::ManagementGroup;
        if hidden { Unknown } else { No }
    }

    pub(crate) fn subscription(&self, scope: &str) -> Option<&'a Subscription> {
        self.tenant.subscriptions.iter().find(|x| format!("/subscriptions/{}", x.guid) == scope)
    }
    pub(crate) fn resource(&self, scope: &str) -> Option<&'a Resource> {
        self.tenant.resources.iter().find(|x| x.id == scope)
    }
    pub(crate) fn resource_group(&self, scope: &str) -> Option<&'a ResourceGroup> {
        self.tenant.resource_groups.iter().find(|x| x.id == scope)
    }

    /// The collection that lists the scopes of a level.
    pub(crate) fn collection_of(level: Level) -> Option<&'static str> {
        match level {
            Level::Root => None,
            Level::ManagementGroup => Some(MANAGEMENT_GROUPS),
            Level::Subscription => Some(SUBSCRIPTIONS),
            Level::ResourceGroup => Some(RESOURCE_GROUPS),
            Level::Resource => Some(RESOURCES),
        }
    }

    // Roles

    /// The definition: as captured, else as Azure ships it.
    pub(crate) fn role(&self, guid: &str) -> Option<&RoleDefinition> {
        let captured = self.tenant.role_definitions.iter().find(|x| x.guid == guid);
        captured.or_else(|| self.built_ins.iter().find(|x| x.guid == guid))
    }

    pub(crate) fn role_grants(&self, guid: &str, data: bool, amount: Amount, asked: &[String]) -> Truth {
        match self.role(guid) {
            Some(role) => self.remembered.borrow_mut().grants(&role.blocks, data, amount, asked).into(),
            None => Unknown,
        }
    }

    // Principals

    pub(crate) fn kind(&self, who: &Who) -> Kind {
        let id = match who {
            Who::Somebody { kind, .. } => return *kind,
            Who::Id(id) => id,
        };
        if id.starts_with('/') {
            return Kind::UserAssigned;
        }
        let t = self.tenant;
        if let Some(user) = t.users.iter().find(|x| x.id == *id) {
            return match &user.user_type {
                Stated::Is(text) if text.eq_ignore_ascii_case("guest") => Kind::Guest,
                Stated::Unsaid => Kind::PersonOfUnknownType,
                _ => Kind::Member,
            };
        }
        if t.groups.iter().any(|x| x.id == *id) {
            return Kind::Group;
        }
        if t.identities.iter().any(|x| x.principal == *id) {
            return Kind::UserAssigned;
        }
        for block in t.resources.iter().filter_map(|x| x.identity.is()) {
            if block.system.as_ref() == Some(id) {
                return Kind::SystemAssigned;
            }
            if block.user_assigned.iter().any(|(_, principal)| principal == id) {
                return Kind::UserAssigned;
            }
        }
        for block in t.policy_assignments.iter().filter_map(|x| x.identity.as_ref()) {
            if block.system.as_ref() == Some(id) {
                return Kind::SystemAssigned;
            }
            if block.user_assigned.iter().any(|(_, principal)| principal == id) {
                return Kind::UserAssigned;
            }
        }
        if let Some(sp) = t.service_principals.iter().find(|x| x.id == *id) {
            return match &sp.sp_type {
                Stated::Is(text) if text == "ManagedIdentity" => match &sp.alternative_names {
                    Stated::Is(names) if names.iter().any(|n| n.eq_ignore_ascii_case("isExplicit=True")) => {
                        Kind::UserAssigned
                    }
                    Stated::Is(_) => Kind::SystemAssigned,
                    Stated::Null | Stated::Unsaid => Kind::IdentityOfUnknownType,
                },
                Stated::Is(_) => Kind::Service,
                Stated::Null | Stated::Unsaid => Kind::ServiceOfUnknownType,
            };
        }
        if [USERS, GROUPS, SERVICE_PRINCIPALS].iter().all(|c| t.complete(c)) {
            return Kind::Missing;
        }
        // Nobody captured it: what an assignment or a membership says of it is a hint.
        let hints = t.assignments.iter().filter(|x| x.principal == *id).filter_map(|x| x.principal_type.is());
        let hints = hints.chain(t.memberships.iter().filter(|x| x.member == *id).map(|x| &x.member_type));
        let mut said: BTreeSet<Kind> = hints
            .filter_map(|hint| match hint.to_lowercase().as_str() {
                "user" => Some(Kind::PersonOfUnknownType),
                "group" => Some(Kind::Group),
                "serviceprincipal" => Some(Kind::ServiceOfUnknownType),
                _ => None,
            })
            .collect();
        if t.memberships.iter().any(|x| x.group == *id) || t.group_owners.iter().any(|x| x.group == *id) {
            said.insert(Kind::Group);
        }
        if t.service_principal_owners.iter().any(|x| x.service_principal == *id) {
            said.insert(Kind::ServiceOfUnknownType);
        }
        let mut denied = t.deny_assignments.iter().flat_map(|x| x.principals.iter().chain(&x.excluded));
        if denied.any(|x| x == id) {
            said.insert(match denied_type(id) {
                "User" => Kind::PersonOfUnknownType,
                "Group" => Kind::Group,
                _ => Kind::ServiceOfUnknownType,
            });
        }
        // Hints that contradict each other say nothing.
        if said.len() == 1 {
            return said.pop_first().unwrap_or(Kind::Unresolved);
        }
        Kind::Unresolved
    }

    /// Whether a captured record describes it.
    pub(crate) fn is_captured(&self, who: &Who) -> bool {
        let Who::Id(id) = who else { return false };
        let t = self.tenant;
        id.starts_with('/')
            || t.users.iter().any(|x| x.id == *id)
            || t.groups.iter().any(|x| x.id == *id)
            || t.identities.iter().any(|x| x.principal == *id)
            || t.service_principals.iter().any(|x| x.id == *id)
            || t.resources
                .iter()
                .filter_map(|x| x.identity.is())
                .chain(t.policy_assignments.iter().filter_map(|x| x.identity.as_ref()))
                .any(|block| {
                    block.system.as_ref() == Some(id)
                        || block.user_assigned.iter().any(|(_, principal)| principal == id)
                })
    }

    pub(crate) fn is_kind(&self, who: &Who, noun: Noun) -> Truth {
        use Kind::*;
        let kind = self.kind(who);
        if noun == Noun::Principal {
            return Yes;
        }
        if kind == Missing {
            return (noun == Noun::MissingPrincipal).into();
        }
        // Who is in no record is none of those of which every record was captured.
        let home = match noun {
            Noun::User | Noun::Guest => USERS,
            Noun::Group => GROUPS,
            _ => SERVICE_PRINCIPALS,
        };
        let nowhere = matches!(who, Who::Id(_)) && !self.is_captured(who);
        if nowhere && noun != Noun::MissingPrincipal && self.tenant.complete(home) {
            return No;
        }
        // `identities` lists every user-assigned identity.
        if nowhere && noun == Noun::UserAssigned && self.tenant.complete(IDENTITIES) {
            return No;
        }
        if kind == Unresolved {
            return Unknown;
        }
        match noun {
            Noun::User => matches!(kind, Member | Guest | PersonOfUnknownType).into(),
            Noun::Guest => match kind {
                PersonOfUnknownType => Unknown,
                _ => (kind == Guest).into(),
            },
            Noun::Group => (kind == Group).into(),
            Noun::ServicePrincipal => matches!(
                kind,
                SystemAssigned | UserAssigned | IdentityOfUnknownType | Service | ServiceOfUnknownType
            )
            .into(),
            Noun::ManagedIdentity => match kind {
                SystemAssigned | UserAssigned | IdentityOfUnknownType => Yes,
                ServiceOfUnknownType => Unknown,
                _ => No,
            },
            Noun::SystemAssigned => match kind {
                SystemAssigned => Yes,
                IdentityOfUnknownType | ServiceOfUnknownType => Unknown,
                _ => No,
            },
            Noun::UserAssigned => match kind {
                UserAssigned => Yes,
                IdentityOfUnknownType | ServiceOfUnknownType if !self.tenant.complete(IDENTITIES) => Unknown,
                _ => No,
            },
            Noun::Application => match kind {
                Service => Yes,
                ServiceOfUnknownType => Unknown,
                _ => No,
            },
            // It was not found, and may yet exist or not: only a complete directory tells.
            Noun::MissingPrincipal => {
                if matches!(who, Who::Id(_)) && !self.is_captured(who) {
                    Unknown
                } else {
                    No
                }
            }
            _ => No,
        }
    }

    /// The ARM id of a managed identity: its own, or its host's for a system-assigned one.
    pub(crate) fn arm_id(&self, who: &Who) -> Option<String> {
        let Who::Id(id) = who else { return None };
        if id.starts_with('/') {
            return Some(id.clone());
        }
        let t = self.tenant;
        if let Some(x) = t.identities.iter().find(|x| x.principal == *id) {
            return Some(x.id.clone());
        }
        for x in &t.resources {
            let Some(block) = x.identity.is() else { continue };
            if block.system.as_ref() == Some(id) {
                return Some(x.id.clone());
            }
            if let Some((arm, _)) = block.user_assigned.iter().find(|(_, principal)| principal == id) {
                return Some(arm.clone());
            }
        }
        for x in &t.policy_assignments {
            let Some(block) = &x.identity else { continue };
            if let Some((arm, _)) = block.user_assigned.iter().find(|(_, principal)| principal == id) {
                return Some(arm.clone());
            }
        }
        let sp = t.service_principals.iter().find(|x| x.id == *id)?;
        if sp.sp_type.is().is_none_or(|kind| kind != "ManagedIdentity") {
            return None;
        }
        let names = sp.alternative_names.is()?;
        names.iter().find(|n| n.starts_with('/')).map(|n| canonical(n))
    }

    /// The user-assigned identity of an ARM id: by its object id where a record joins the two, else by the ARM id.
    pub(crate) fn identity_at(&self, arm: &str) -> Who {
        let t = self.tenant;
        let own = t.identities.iter().find(|x| x.id == arm).map(|x| x.principal.clone());
        let blocks =
            t.resources.iter().filter_map(|x| x.identity.is()).flat_map(|block| &block.user_assigned);
        let named = || blocks.clone().find(|(id, _)| id == arm).map(|(_, principal)| principal.clone());
        let listed = || {
            let all = t.service_principals.iter().map(|x| Who::Id(x.id.clone()));
            all.into_iter()
                .find(|who| self.kind(who) == Kind::UserAssigned && self.arm_id(who).as_deref() == Some(arm))
        };
        match own.or_else(named) {
            Some(id) => Who::Id(id),
            None => listed().unwrap_or_else(|| Who::Id(arm.to_owned())),
        }
    }

    /// The groups that a principal is in, through other groups too; more may exist where memberships are not complete.
    pub(crate) fn groups_of(&self, who: &Who) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        let mut queue = vec![];
        match who {
            Who::Id(id) => queue.push(id.clone()),
            Who::Somebody { group, .. } => {
                all.insert(group.clone());
                queue.push(group.clone());
            }
        }
        while let Some(id) = queue.pop() {
            for row in self.tenant.memberships.iter().filter(|x| x.member == id) {
                // In a circle a group is no member of itself.
                let itself = matches!(who, Who::Id(id) if *id == row.group);
                if !itself && all.insert(row.group.clone()) {
                    queue.push(row.group.clone());
                }
            }
        }
        all
    }

    /// Everybody who holds what is assigned to `assignee`, each with the shortest chain (ties by id).
    pub(crate) fn holders(&self, assignee: &str) -> Vec<Holder> {
        let mut holders = vec![Holder { who: Who::Id(assignee.to_owned()), via: vec![] }];
        let mut layer = vec![vec![assignee.to_owned()]];
        let mut seen = BTreeSet::from([assignee.to_owned()]);
        while !layer.is_empty() {
            layer.sort();
            let mut next = vec![];
            for path in &layer {
                let group = &path[path.len() - 1];
                for row in self.tenant.memberships.iter().filter(|x| x.group == *group) {
                    if seen.insert(row.member.clone()) {
                        holders.push(Holder { who: Who::Id(row.member.clone()), via: path.clone() });
                        let mut longer = path.clone();
                        longer.push(row.member.clone());
                        next.push(longer);
                    }
                }
            }
            layer = next;
        }
        holders
    }

    /// For each group among the holders of which more members may exist: somebody of every kind.
    pub(crate) fn uncaptured_holders(&self, assignee: &str) -> Vec<Vec<Holder>> {
        if self.tenant.complete(MEMBERSHIPS) {
            return vec![];
        }
        let mut all = vec![];
        for holder in self.holders(assignee) {
            let Who::Id(group) = &holder.who else { continue };
            if self.is_kind(&holder.who, Noun::Group) == No {
                continue;
            }
            let mut via = holder.via.clone();
            via.push(group.clone());
            let somebody = |kind: &Kind| Holder {
                who: Who::Somebody { group: group.clone(), kind: *kind },
                via: via.clone(),
            };
            all.push(ANYBODY.iter().map(somebody).collect());
        }
        all
    }

    /// Whether `target` (a member id, or the group of somebody uncaptured) is reached from `assignee` without passing a group of `avoided`.
    pub(crate) fn reached_without(
        &self,
        assignee: &str,
        target: &str,
        avoided: &BTreeSet<String>,
    ) -> (bool, BTreeSet<String>) {
        let mut seen = BTreeSet::new();
        let mut queue = vec![];
        if !avoided.contains(assignee) {
            seen.insert(assignee.to_owned());
            queue.push(assignee.to_owned());
        }
        while let Some(id) = queue.pop() {
            for row in self.tenant.memberships.iter().filter(|x| x.group == id) {
                if !avoided.contains(&row.member) && seen.insert(row.member.clone()) {
                    queue.push(row.member.clone());
                }
            }
        }
        (seen.contains(target), seen)
    }
}
