//! The attributes of language.md 7, read from the captured rows.

use super::expressions::Value;
use super::model::*;
use super::scopes::{self, Level};
use super::truth::Truth::{No, Unknown, Yes};
use super::world::{Kind, Who, World};
use std::collections::BTreeSet;

fn name(stated: &Stated<String>) -> Value {
    match stated {
        Stated::Is(text) => Value::Name(text.clone()),
        Stated::Null => Value::Absent,
        Stated::Unsaid => Value::Unknown,
    }
}
fn text(stated: &Stated<String>) -> Value {
    match stated {
        Stated::Is(text) => Value::Text(text.clone()),
        Stated::Null => Value::Absent,
        Stated::Unsaid => Value::Unknown,
    }
}
fn date(stated: &Stated<Instant>) -> Value {
    match stated {
        Stated::Is(instant) => Value::Date(*instant),
        Stated::Null => Value::Absent,
        Stated::Unsaid => Value::Unknown,
    }
}
fn truth(stated: &Stated<bool>) -> Value {
    match stated {
        Stated::Is(value) => Value::Truth((*value).into()),
        Stated::Null => Value::Absent,
        Stated::Unsaid => Value::Unknown,
    }
}
fn tags(stated: &Tags) -> Value {
    match stated {
        Stated::Is(map) => Value::Map(map.clone()),
        Stated::Null => Value::Map(Default::default()),
        Stated::Unsaid => Value::Unknown,
    }
}
fn list(items: Vec<Value>, open: bool) -> Value {
    Value::List { items, open }
}

pub(crate) fn attribute(world: &World<'_>, of: &Value, attr: &str) -> Value {
    match of {
        Value::Unknown => Value::Unknown,
        Value::Absent => Value::Absent,
        Value::Assignment(i) => of_assignment(world, &world.tenant.assignments[*i], attr),
        Value::Role(guid) => of_role(world, guid, attr),
        Value::Scope(id) => of_scope(world, id, attr),
        Value::Principal(who) => of_principal(world, who, attr),
        Value::Federated(i) => of_federated(world, &world.tenant.federated[*i], attr),
        Value::Secret(app, password, i) => of_secret(world, *app, *password, *i, attr),
        Value::Application(i) => of_application(world, *i, attr),
        Value::Path { low, high } if attr == "length" => Value::Count { low: *low, high: *high },
        Value::Target(role, _) if attr == "role" => Value::Role(role.clone()),
        Value::Target(_, scope) if attr == "scope" => Value::Scope(scope.clone()),
        other => panic!("{other:?} has no attribute {attr}"),
    }
}

pub(crate) fn of_assignment(world: &World<'_>, x: &Assignment, attr: &str) -> Value {
    // What PIM knows of an active assignment is in the schedule instance of the same principal, role and scope.
    let same = |s: &&Schedule| {
        let mut all = world.tenant.assignments.iter();
        all.any(|a| {
            scopes::name(&a.id) == s.assignment
                && (&a.principal, &a.role, &a.scope) == (&x.principal, &x.role, &x.scope)
        })
    };
    let schedule = world.tenant.schedules.iter().find(same);
    let all_schedules = world.tenant.complete(SCHEDULES);
    // PIM is for people and groups.
    let service =
        world.is_kind(&Who::Id(x.principal.clone()), dictum::syntax::ast::Noun::ServicePrincipal) == Yes;
    let all_schedules = all_schedules || service;
    let unscheduled = if all_schedules { Value::Absent } else { Value::Unknown };
    match attr {
        "id" => Value::Name(x.id.clone()),
        "role" => Value::Role(x.role.clone()),
        "scope" => Value::Scope(x.scope.clone()),
        "assignee" => Value::Principal(Who::Id(x.principal.clone())),
        "assignee_type" => name(&x.principal_type),
        "state" => Value::Name(if x.eligible { "eligible" } else { "active" }.to_owned()),
        "activated" if x.eligible => Value::Truth(No),
        "activated" => match schedule {
            Some(schedule) => Value::Truth(schedule.activated.into()),
            None => Value::Truth(if all_schedules { No } else { Unknown }),
        },
        "start" if x.eligible => date(&x.start),
        // When an assignment made outside PIM began, PIM does not say.
        "start" => schedule.map_or(Value::Unknown, |s| date(&s.start)),
        "end" if x.eligible => date(&x.end),
        "end" => schedule.map_or(unscheduled, |s| date(&s.end)),
        "created" => date(&x.created),
        "created_by" => match &x.created_by {
            Stated::Is(id) => Value::Principal(Who::Id(id.clone())),
            Stated::Null => Value::Absent,
            Stated::Unsaid => Value::Unknown,
        },
        "condition" => text(&x.condition),
        _ => panic!("role_assignment has no {attr}"),
    }
}

fn of_role(world: &World<'_>, guid: &str, attr: &str) -> Value {
    if attr == "id" {
        return Value::Name(guid.to_owned());
    }
    if attr == "assignments" {
        let t = world.tenant;
        let of_role = (0..t.assignments.len()).filter(|i| t.assignments[*i].role == guid);
        let open = !t.complete(ROLE_ASSIGNMENTS) || !t.complete(ELIGIBLE);
        return list(of_role.map(Value::Assignment).collect(), open);
    }
    let Some(role) = world.role(guid) else { return Value::Unknown };
    let all = |of: fn(&Block) -> &Vec<String>| {
        list(role.blocks.iter().flat_map(of).map(|action| Value::Name(action.clone())).collect(), false)
    };
    match attr {
        "name" => Value::Name(role.name.clone()),
        "type" => Value::Name(if role.custom { "CustomRole" } else { "BuiltInRole" }.to_owned()),
        "actions" => all(|block| &block.actions),
        "not_actions" => all(|block| &block.not_actions),
        "data_actions" => all(|block| &block.data_actions),
        "not_data_actions" => all(|block| &block.not_data_actions),
        "assignable_scopes" => {
            list(role.assignable_scopes.iter().map(|id| Value::Scope(scopes::canonical(id))).collect(), false)
        }
        _ => panic!("role_definition has no {attr}"),
    }
}

pub(crate) fn of_scope(world: &World<'_>, id: &str, attr: &str) -> Value {
    let level = scopes::level(id);
    // What is in no record of a collection all of which was captured has no attributes.
    let gone = World::collection_of(level).is_some_and(|collection| world.tenant.complete(collection));
    let uncaptured = if gone { Value::Absent } else { Value::Unknown };
    let row_tags = |found: Option<&Tags>| found.map_or(uncaptured.clone(), tags);
    match attr {
        "id" => Value::Name(id.to_owned()),
        "level" => Value::Name(
            match level {
                Level::Root => "root",
                Level::ManagementGroup => "management_group",
                Level::Subscription => "subscription",
                Level::ResourceGroup => "resource_group",
                Level::Resource => "resource",
            }
            .to_owned(),
        ),
        "name" if level == Level::Subscription => {
            world.subscription(id).map_or(uncaptured, |x| Value::Name(x.name.clone()))
        }
        "name" => Value::Name(scopes::name(id)),
        "parent" => match level {
            Level::Root => Value::Absent,
            _ => {
                let (chain, whole) = world.chain(id);
                // Where a link is missing, the root stands right after the last known one.
                if chain.len() == 2 && !whole { Value::Unknown } else { Value::Scope(chain[1].clone()) }
            }
        },
        "subscription" => scopes::subscription_of(id).map_or(Value::Absent, Value::Scope),
        "resource_group" => scopes::resource_group_of(id).map_or(Value::Absent, Value::Scope),
        "management_groups" => {
            let (chain, whole) = world.chain(id);
            let groups = chain.into_iter().filter(|above| scopes::level(above) == Level::ManagementGroup);
            list(groups.map(Value::Scope).collect(), !whole)
        }
        "tags" => match level {
            Level::Root | Level::ManagementGroup => Value::Absent,
            Level::Subscription => row_tags(world.subscription(id).map(|x| &x.tags)),
            Level::ResourceGroup => row_tags(world.resource_group(id).map(|x| &x.tags)),
            Level::Resource => row_tags(world.resource(id).map(|x| &x.tags)),
        },
        "type" => Value::Name(scopes::resource_type(id)),
        "location" => world.resource(id).map_or(uncaptured, |x| Value::Name(x.location.clone())),
        "kind" => world.resource(id).map_or(uncaptured, |x| text(&x.kind)),
        "identities" | "system_assigned" | "user_assigned" => {
            let principal = |id: &String| Value::Principal(Who::Id(id.clone()));
            let (system, user) = match world.resource(id).map(|x| &x.identity) {
                None => return uncaptured,
                Some(Stated::Unsaid) => return Value::Unknown,
                Some(Stated::Null) => (None, vec![]),
                Some(Stated::Is(block)) => (
                    block.system.as_ref().map(principal),
                    block.user_assigned.iter().map(|(_, id)| principal(id)).collect(),
                ),
            };
            match attr {
                "system_assigned" => system.unwrap_or(Value::Absent),
                "user_assigned" => list(user, false),
                _ => list(system.into_iter().chain(user).collect(), false),
            }
        }
        _ => panic!("a scope has no {attr}"),
    }
}

/// A user's UPN, else the display name; a managed identity's resource name.
pub(crate) fn principal_name(world: &World<'_>, who: &Who) -> Value {
    let Who::Id(id) = who else { return Value::Unknown };
    let t = world.tenant;
    if let Some(user) = t.users.iter().find(|x| x.id == *id) {
        return match &user.upn {
            Stated::Null => name(&user.display_name),
            upn => name(upn),
        };
    }
    if let Some(group) = t.groups.iter().find(|x| x.id == *id) {
        return name(&group.name);
    }
    if let Some(arm) = world.arm_id(who) {
        return Value::Name(scopes::name(&arm));
    }
    if let Some(sp) = t.service_principals.iter().find(|x| x.id == *id) {
        return name(&sp.name);
    }
    // In no record: none, where all records of what it is said to be are captured.
    let homes: &[&str] = match world.kind(who) {
        Kind::Member | Kind::Guest | Kind::PersonOfUnknownType => &[USERS],
        Kind::Group => &[GROUPS],
        Kind::Missing => &[],
        Kind::Unresolved => &[USERS, GROUPS, SERVICE_PRINCIPALS],
        _ => &[SERVICE_PRINCIPALS],
    };
    if homes.iter().all(|home| t.complete(home)) { Value::Absent } else { Value::Unknown }
}

fn of_principal(world: &World<'_>, who: &Who, attr: &str) -> Value {
    let t = world.tenant;
    match attr {
        "name" => return principal_name(world, who),
        "groups" => {
            let groups = world.groups_of(who).into_iter().map(|id| Value::Principal(Who::Id(id))).collect();
            return list(groups, !t.complete(MEMBERSHIPS));
        }
        _ => {}
    }
    let Who::Id(id) = who else { return Value::Unknown };
    let user = t.users.iter().find(|x| x.id == *id);
    let group = t.groups.iter().find(|x| x.id == *id);
    let sp = t.service_principals.iter().find(|x| x.id == *id);
    let identity = t.identities.iter().find(|x| x.principal == *id);
    let can_be_eligible = world.is_kind(who, dictum::syntax::ast::Noun::ServicePrincipal) != Yes;
    let open_assignments = !t.complete(ROLE_ASSIGNMENTS) || (can_be_eligible && !t.complete(ELIGIBLE));
    // What has ended is held by nobody.
    let in_force =
        |a: &Assignment| !matches!(of_assignment(world, a, "end"), Value::Date(end) if end < t.time);
    let indices = |keep: &dyn Fn(&Assignment) -> bool| -> Vec<Value> {
        (0..t.assignments.len())
            .filter(|i| keep(&t.assignments[*i]) && in_force(&t.assignments[*i]))
            .map(Value::Assignment)
            .collect()
    };
    match attr {
        "id" | "object_id" => Value::Name(id.clone()),
        "direct_role_assignments" => list(indices(&|a| a.principal == *id), open_assignments),
        "role_assignments" => {
            let groups: BTreeSet<String> = world.groups_of(who);
            let holds = |a: &Assignment| {
                a.principal == *id || (groups.contains(&a.principal) && (can_be_eligible || !a.eligible))
            };
            list(indices(&holds), open_assignments || !t.complete(MEMBERSHIPS))
        }
        // A person
        "enabled" if sp.is_some() => sp.map_or(Value::Unknown, |x| truth(&x.enabled)),
        "enabled" => user.map_or(Value::Unknown, |x| truth(&x.enabled)),
        "upn" => user.map_or(Value::Unknown, |x| name(&x.upn)),
        "type" if world.is_kind(who, dictum::syntax::ast::Noun::ManagedIdentity) == Yes => {
            Value::Name("ManagedIdentity".to_owned())
        }
        "type" if sp.is_some() => sp.map_or(Value::Unknown, |x| name(&x.sp_type)),
        "type" => user.map_or(Value::Unknown, |x| name(&x.user_type)),
        // Of a managed identity and a service principal the oracle's rows do not hold these.
        "created" | "last_sign_in" if user.is_none() => Value::Unknown,
        "created" => user.map_or(Value::Unknown, |x| date(&x.created)),
        "last_sign_in" => user.map_or(Value::Unknown, |x| date(&x.last_sign_in)),
        "mfa_registered" | "on_premises" => Value::Unknown,
        "department" => user.map_or(Value::Unknown, |x| text(&x.department)),
        // A group
        "security" => group.map_or(Value::Unknown, |x| truth(&x.security)),
        "role_assignable" => group.map_or(Value::Unknown, |x| truth(&x.role_assignable)),
        "members" => {
            let members = world.holders(id).into_iter().skip(1).map(|holder| Value::Principal(holder.who));
            list(members.collect(), !t.complete(MEMBERSHIPS))
        }
        // A service principal
        "app_id" => sp.map_or(Value::Unknown, |x| Value::Name(x.app_id.clone())),
        // A managed identity
        "client_id" => identity.map_or(Value::Unknown, |x| Value::Name(x.client.clone())),
        "tags" => match world.kind(who) {
            Kind::SystemAssigned => {
                world.arm_id(who).map_or(Value::Unknown, |arm| of_scope(world, &arm, "tags"))
            }
            _ => match (identity, world.arm_id(who)) {
                (Some(x), _) => tags(&x.tags),
                (None, Some(arm)) => of_scope(world, &arm, "tags"),
                (None, None) => Value::Unknown,
            },
        },
        "subscription" | "resource_group" => {
            world.arm_id(who).map_or(Value::Unknown, |arm| of_scope(world, &arm, attr))
        }
        "resource" => match world.kind(who) {
            Kind::SystemAssigned => world.arm_id(who).map_or(Value::Unknown, Value::Scope),
            _ => Value::Unknown,
        },
        "attachments" => match (world.kind(who), world.arm_id(who)) {
            (Kind::SystemAssigned, Some(arm)) => list(vec![Value::Scope(arm)], false),
            (Kind::UserAssigned, Some(arm)) => {
                let carries = |x: &Resource| {
                    x.identity.is().is_some_and(|block| block.user_assigned.iter().any(|(id, _)| *id == arm))
                };
                let carriers = t.resources.iter().filter(|x| carries(x)).map(|x| Value::Scope(x.id.clone()));
                // A resource whose identity block was not read may carry it too.
                let unread = t.resources.iter().any(|x| x.identity == Stated::Unsaid);
                list(carriers.collect(), unread || !t.complete(RESOURCES))
            }
            // It is in no identity block, and those name object ids.
            (_, None) if t.complete(RESOURCES) => list(vec![], false),
            _ => Value::Unknown,
        },
        "federated_credentials" => match (world.kind(who), world.arm_id(who)) {
            // None of the credentials is its own, unless one is of an identity whose object id is not known.
            (_, None) if t.complete(FEDERATED) => {
                let unmatched = |x: &FederatedCredential| matches!(world.identity_at(&x.identity), Who::Id(id) if id.starts_with('/'));
                list(vec![], t.federated.iter().any(unmatched))
            }
            (Kind::UserAssigned, Some(arm)) => {
                let own =
                    (0..t.federated.len()).filter(|i| t.federated[*i].identity == arm).map(Value::Federated);
                list(own.collect(), !t.complete(FEDERATED))
            }
            _ => Value::Unknown,
        },
        // What is assigned to the identity itself, as a set of (role, scope).
        "grants" => {
            let own = t.assignments.iter().filter(|a| a.principal == *id && in_force(a));
            let pairs: BTreeSet<String> = own.map(|a| format!("{} {}", a.role, a.scope)).collect();
            list(pairs.into_iter().map(Value::Name).collect(), open_assignments)
        }
        _ => panic!("a principal has no {attr}"),
    }
}

fn of_federated(world: &World<'_>, x: &FederatedCredential, attr: &str) -> Value {
    match attr {
        "name" => Value::Name(x.name.clone()),
        "issuer" => Value::Text(x.issuer.clone()),
        "issuer_host" => {
            let host = x.issuer.trim_start_matches("https://").split('/').next().unwrap_or_default();
            Value::Name(host.to_owned())
        }
        "subject" => text(&x.subject),
        "audiences" => list(x.audiences.iter().map(|a| Value::Text(a.clone())).collect(), false),
        "identity" => Value::Principal(world.identity_at(&x.identity)),
        _ => panic!("federated_credential has no {attr}"),
    }
}

fn of_secret(world: &World<'_>, app: usize, password: bool, i: usize, attr: &str) -> Value {
    let application = &world.tenant.applications[app];
    let all = if password { &application.passwords } else { &application.keys };
    let Some(secret) = all.is().and_then(|all| all.get(i)) else { return Value::Unknown };
    match attr {
        "kind" => Value::Name(if password { "password" } else { "certificate" }.to_owned()),
        "name" => text(&secret.name),
        "starts" => date(&secret.starts),
        "expires" => date(&secret.expires),
        "owner" => Value::Application(app),
        _ => panic!("credential has no {attr}"),
    }
}

/// The credentials of one application, and whether more may exist.
pub(crate) fn secrets_of(world: &World<'_>, app: usize) -> (Vec<Value>, bool) {
    let application = &world.tenant.applications[app];
    let mut all = vec![];
    let mut open = false;
    for (password, stated) in [(true, &application.passwords), (false, &application.keys)] {
        match stated {
            Stated::Is(secrets) => all.extend((0..secrets.len()).map(|i| Value::Secret(app, password, i))),
            Stated::Null => {}
            Stated::Unsaid => open = true,
        }
    }
    (all, open)
}

fn of_application(world: &World<'_>, i: usize, attr: &str) -> Value {
    let t = world.tenant;
    let application = &t.applications[i];
    match attr {
        "name" => name(&application.name),
        "app_id" => name(&application.app_id),
        "credentials" => {
            let (items, open) = secrets_of(world, i);
            list(items, open)
        }
        "owners" => {
            let own = t.application_owners.iter().filter(|x| x.application == application.id);
            let owners: BTreeSet<String> = own.map(|x| x.owner.clone()).collect();
            let owners = owners.into_iter().map(|id| Value::Principal(Who::Id(id))).collect();
            list(owners, !t.complete(APPLICATION_OWNERS))
        }
        _ => panic!("application has no {attr}"),
    }
}
