//! Entities: what of a noun was captured, and which of it a selector means (language.md 2.2).

use super::clauses;
use super::expressions::{self, Value};
use super::glob;
use super::model::*;
use super::scopes;
use super::truth::Truth::{self, No, Yes};
use super::values;
use super::world::{Who, World};
use dictum::syntax::ast::{self, Entity, Noun};
use std::collections::BTreeSet;

/// Every captured fact that is, or may be, of the noun.
pub(crate) fn facts(world: &World<'_>, noun: Noun) -> Vec<Value> {
    let t = world.tenant;
    let each = |n: usize, make: fn(usize) -> Value| (0..n).map(make).collect::<Vec<Value>>();
    match noun {
        Noun::Root => vec![Value::Scope("/".to_owned())],
        Noun::ManagementGroup => {
            t.management_groups.iter().map(|x| Value::Scope(scopes::management_group_id(&x.name))).collect()
        }
        Noun::Subscription => {
            t.subscriptions.iter().map(|x| Value::Scope(format!("/subscriptions/{}", x.guid))).collect()
        }
        Noun::ResourceGroup => t.resource_groups.iter().map(|x| Value::Scope(x.id.clone())).collect(),
        Noun::Resource => t.resources.iter().map(|x| Value::Scope(x.id.clone())).collect(),
        Noun::MissingPrincipal => {
            let mut mentioned: BTreeSet<&String> = t.assignments.iter().map(|x| &x.principal).collect();
            mentioned.extend(t.memberships.iter().flat_map(|x| [&x.group, &x.member]));
            mentioned.extend(t.application_owners.iter().map(|x| &x.owner));
            principals(world, noun, mentioned)
        }
        noun if noun.is_kind() && noun != Noun::Application => {
            let mut ids: BTreeSet<&String> = t.users.iter().map(|x| &x.id).collect();
            ids.extend(t.groups.iter().map(|x| &x.id));
            ids.extend(t.service_principals.iter().map(|x| &x.id));
            ids.extend(t.identities.iter().map(|x| &x.principal));
            let blocks: Vec<&IdentityBlock> = t.resources.iter().filter_map(|x| x.identity.is()).collect();
            ids.extend(blocks.iter().filter_map(|block| block.system.as_ref()));
            // What only a resource names is there, unless all identities are captured and it is not among them.
            if !t.complete(IDENTITIES) {
                ids.extend(
                    blocks
                        .iter()
                        .flat_map(|block| block.user_assigned.iter().map(|(_, principal)| principal)),
                );
            }
            principals(world, noun, ids)
        }
        Noun::Application => each(t.applications.len(), Value::Application),
        Noun::Tenant => vec![Value::Tenant],
        Noun::RoleAssignment => each(t.assignments.len(), Value::Assignment),
        Noun::RoleDefinition => t.role_definitions.iter().map(|x| Value::Role(x.guid.clone())).collect(),
        Noun::FederatedCredential => each(t.federated.len(), Value::Federated),
        Noun::Credential => {
            (0..t.applications.len()).flat_map(|app| values::secrets_of(world, app).0).collect()
        }
        other => panic!("the oracle has no {}", other.word()),
    }
}

fn principals(world: &World<'_>, noun: Noun, ids: BTreeSet<&String>) -> Vec<Value> {
    let all = ids.into_iter().map(|id| Who::Id(id.clone()));
    all.filter(|who| world.is_kind(who, noun) != No).map(Value::Principal).collect()
}

/// Whether more of the noun may exist than was captured.
pub(crate) fn is_open(world: &World<'_>, noun: Noun) -> bool {
    let t = world.tenant;
    let misses = |collections: &[&str]| collections.iter().any(|c| !t.complete(c));
    let unread_block = t.resources.iter().any(|x| x.identity == Stated::Unsaid);
    match noun {
        Noun::Root | Noun::Tenant => false,
        Noun::ManagementGroup => misses(&[MANAGEMENT_GROUPS]),
        Noun::Subscription => misses(&[SUBSCRIPTIONS]),
        Noun::ResourceGroup => misses(&[RESOURCE_GROUPS]),
        Noun::Resource => misses(&[RESOURCES]),
        Noun::User | Noun::Guest => misses(&[USERS]),
        Noun::Group => misses(&[GROUPS]),
        Noun::ServicePrincipal => misses(&[SERVICE_PRINCIPALS]),
        Noun::UserAssigned => misses(&[IDENTITIES]),
        Noun::SystemAssigned => misses(&[RESOURCES]) || unread_block,
        Noun::ManagedIdentity => misses(&[IDENTITIES, RESOURCES]) || unread_block,
        Noun::Principal => misses(&[USERS, GROUPS, SERVICE_PRINCIPALS]),
        Noun::MissingPrincipal | Noun::RoleAssignment => misses(&[ROLE_ASSIGNMENTS, ELIGIBLE]),
        Noun::RoleDefinition => misses(&[ROLE_DEFINITIONS]),
        Noun::FederatedCredential => misses(&[FEDERATED]),
        Noun::Application => misses(&[APPLICATIONS]),
        Noun::Credential => {
            misses(&[APPLICATIONS, SERVICE_PRINCIPALS])
                || (0..t.applications.len()).any(|app| values::secrets_of(world, app).1)
        }
        other => panic!("the oracle has no {}", other.word()),
    }
}

/// Where a fact is, for `within`.
pub(crate) fn place(world: &World<'_>, fact: &Value) -> Option<String> {
    match fact {
        Value::Scope(id) => Some(id.clone()),
        Value::Assignment(i) => Some(world.tenant.assignments[*i].scope.clone()),
        Value::Principal(who) => world.arm_id(who),
        Value::Federated(i) => Some(world.tenant.federated[*i].identity.clone()),
        _ => None,
    }
}

fn kind(world: &World<'_>, fact: &Value, noun: Noun) -> Truth {
    match fact {
        Value::Scope(id) => (clauses::level_of(noun) == Some(scopes::level(id))).into(),
        Value::Principal(who) => world.is_kind(who, noun),
        _ => Yes,
    }
}

fn is_named(world: &World<'_>, fact: &Value, pattern: &str) -> Truth {
    let one_of = |names: &[&str]| Truth::from(names.iter().any(|name| glob::matches(pattern, name)));
    match fact {
        Value::Scope(_) => clauses::is_scope_named(world, fact, pattern),
        Value::Principal(who) => clauses::is_principal_name(world, who, pattern),
        Value::Role(guid) => {
            let name = world.role(guid).map_or("", |role| role.name.as_str());
            one_of(&[guid, name])
        }
        Value::Federated(i) => one_of(&[&world.tenant.federated[*i].name]),
        Value::Application(i) => {
            let x = &world.tenant.applications[*i];
            let known: Vec<&str> =
                [x.name.is(), x.app_id.is()].into_iter().flatten().map(String::as_str).collect();
            let unsaid = if x.name == Stated::Unsaid { Truth::Unknown } else { No };
            one_of(&known).or(one_of(&[&x.id])).or(unsaid)
        }
        Value::Assignment(i) => {
            let id = &world.tenant.assignments[*i].id;
            one_of(&[id, &scopes::name(id)])
        }
        other => panic!("{other:?} has no name"),
    }
}

/// Kind, type, names and qualifier.
fn is_meant(world: &World<'_>, entity: &Entity, fact: &Value) -> Truth {
    let mut truth = kind(world, fact, entity.noun.node);
    if !entity.of_type.is_empty() {
        let Value::Scope(id) = fact else { panic!("only a resource has a type") };
        let own = scopes::resource_type(id);
        truth =
            truth.and(clauses::texts(world, &entity.of_type).iter().any(|p| glob::matches(p, &own)).into());
    }
    if !entity.names.is_empty() {
        let names = clauses::texts(world, &entity.names);
        truth = truth.and(Truth::any(names.iter().map(|name| is_named(world, fact, name))));
    }
    if let Some(qualifier) = &entity.qualifier {
        truth = truth.and(match fact {
            Value::Scope(id) => clauses::is_scope_in(world, id, qualifier),
            Value::Principal(who) => clauses::is_principal_in(world, who, qualifier),
            other => panic!("{other:?} is in nothing"),
        });
    }
    truth
}

/// Whether the fact lies within the selector's scopes.
pub(crate) fn is_within(world: &World<'_>, entity: &Entity, fact: &Value) -> Truth {
    Truth::all(entity.within.iter().map(|clause| match place(world, fact) {
        Some(place) => clauses::scope_clause(world, &place, clause),
        None => match fact {
            Value::Principal(_) => Truth::Unknown,
            _ => No,
        },
    }))
}

/// Whether the selector means the fact.
pub(crate) fn is_selected(world: &World<'_>, entity: &Entity, fact: &Value) -> Truth {
    let bindings = [(entity.noun.node.word().to_owned(), fact.clone())];
    let meant = is_meant(world, entity, fact).and(is_within(world, entity, fact));
    if meant == No {
        return No;
    }
    meant.and(expressions::filters(world, &bindings, &entity.filters))
}

/// `(resource where ...)` of a scope.
pub(crate) fn is_selected_scope(world: &World<'_>, entity: &Entity, scope: &str) -> Truth {
    let Some(level) = clauses::level_of(entity.noun.node) else { return No };
    if level != scopes::level(scope) {
        return No;
    }
    let fact = Value::Scope(scope.to_owned());
    is_selected(world, entity, &fact)
}

/// `(user where ...)` of a holder.
pub(crate) fn is_selected_principal(world: &World<'_>, entity: &Entity, who: &Who) -> Truth {
    is_selected(world, entity, &Value::Principal(who.clone()))
}

/// Whether the selector carries a name, a type or a qualifier, and nothing in the inventory is called so.
pub(crate) fn names_nothing(world: &World<'_>, entity: &Entity) -> bool {
    let nowhere = entity.within.iter().any(|clause| clauses::no_such_scope(world, clause));
    if entity.names.is_empty() && entity.of_type.is_empty() && entity.qualifier.is_none() {
        return nowhere;
    }
    let noun = entity.noun.node;
    let known: Vec<Value> = if clauses::level_of(noun).is_some() {
        world.scopes.iter().map(|id| Value::Scope(id.clone())).collect()
    } else {
        facts(world, noun)
    };
    nowhere || known.iter().all(|fact| is_meant(world, entity, fact) == No)
}

/// The clauses of an entity, as the scope clauses of a grant: for `per`.
pub(crate) fn scope_clauses(entity: &Entity) -> Vec<&ast::ScopeClause> {
    entity.within.iter().collect()
}
