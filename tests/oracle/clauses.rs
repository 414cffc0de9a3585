//! The clauses of a sentence: names, roles, scopes, principals (language.md 2.1).

use super::catalogue;
use super::entities;
use super::expressions::Value;
use super::glob;
use super::model::*;
use super::operations::Amount;
use super::scopes::{self, Level};
use super::tables::TABLES;
use super::truth::Truth::{self, No, Unknown, Yes};
use super::values;
use super::world::{Kind, Who, World};
use dictum::syntax::ast::{self, Adjective, Extent, Noun, Pattern, Preposition, RoleSet};
use std::collections::BTreeSet;

/// The texts that the patterns stand for: sets are replaced by their members.
pub(crate) fn texts(world: &World<'_>, patterns: &[Pattern]) -> Vec<String> {
    let mut all = vec![];
    for pattern in patterns {
        match pattern {
            Pattern::Name(name) => match world.sets.get(&name.node) {
                Some(members) => all.extend(texts(world, members)),
                None => match world.params.get(&name.node) {
                    Some(ast::Literal::String(text)) => all.push(text.clone()),
                    _ => panic!("no set is called {}", name.node),
                },
            },
            other => all.push(other.text().to_owned()),
        }
    }
    all
}

// Roles

/// Whether a pattern names the role: a built-in one by its GUID, a custom one by name.
fn is_role(world: &World<'_>, guid: &str, pattern: &str) -> Truth {
    if pattern.eq_ignore_ascii_case(guid) {
        return Yes;
    }
    if !glob::is_glob(pattern)
        && let Some(built_in) = world.built_ins.iter().find(|x| x.name.eq_ignore_ascii_case(pattern))
    {
        return (built_in.guid == guid).into();
    }
    if let Some(built_in) = world.built_ins.iter().find(|x| x.guid == guid) {
        return glob::matches(pattern, &built_in.name).into();
    }
    match world.role(guid) {
        Some(role) => glob::matches(pattern, &role.name).into(),
        None if is_guid(pattern) => No,
        None => Unknown,
    }
}

fn is_guid(text: &str) -> bool {
    text.len() == 36 && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

/// The actions that a `granting` clause asks about.
pub(crate) fn asked_actions(world: &World<'_>, patterns: &[Pattern]) -> Vec<String> {
    let mut all = vec![];
    for pattern in patterns {
        match pattern {
            Pattern::Name(name) if !world.sets.contains_key(&name.node) => {
                match catalogue::capability(&name.node) {
                    Some(actions) => all.extend(actions),
                    None => panic!("the oracle does not know the capability set {}", name.node),
                }
            }
            other => all.extend(texts(world, std::slice::from_ref(other))),
        }
    }
    all
}

pub(crate) fn roles(world: &World<'_>, guid: &str, roles: &ast::Roles) -> Truth {
    let set = match &roles.set {
        None => Yes,
        Some(RoleSet::Patterns(patterns)) => {
            Truth::any(texts(world, patterns).iter().map(|pattern| is_role(world, guid, pattern)))
        }
        Some(RoleSet::Granting(granting)) if is_code_execution(granting) => {
            // Some action of a row that runs code or logs in, of either plane.
            let of = |data: bool| -> Vec<String> {
                let rows = TABLES.rows.iter().filter(|row| row.data == data);
                rows.map(|row| row.action.clone()).collect()
            };
            let some = |data| world.role_grants(guid, data, Amount::One, &of(data));
            some(false).or(some(true))
        }
        Some(RoleSet::Granting(granting)) => {
            let asked = asked_actions(world, &granting.patterns);
            // The one capability set of the data plane that the oracle knows.
            let secrets =
                |pattern: &Pattern| matches!(pattern, Pattern::Name(name) if name.node == "secret-read");
            let data = granting.data || granting.patterns.iter().any(secrets);
            let amount = match granting.extent.node {
                Extent::Any => Amount::One,
                Extent::All => Amount::Every,
                Extent::Beyond => Amount::Other,
            };
            world.role_grants(guid, data, amount, &asked)
        }
    };
    let except = Truth::any(texts(world, &roles.except).iter().map(|pattern| is_role(world, guid, pattern)));
    set.and(except.not())
}

fn is_code_execution(granting: &ast::Granting) -> bool {
    let named = |pattern: &Pattern| matches!(pattern, Pattern::Name(name) if name.node == "code-execution");
    matches!(granting.extent.node, Extent::Any) && !granting.data && granting.patterns.iter().all(named)
}

/// Whether no role at all has one of the names of a positive role list.
pub(crate) fn no_such_role(world: &World<'_>, head: &ast::GrantHead) -> bool {
    let Some(ast::Roles { set: Some(RoleSet::Patterns(patterns)), .. }) = &head.roles else { return false };
    let mut guids: BTreeSet<&str> = world.built_ins.iter().map(|x| x.guid.as_str()).collect();
    guids.extend(world.tenant.role_definitions.iter().map(|x| x.guid.as_str()));
    // A GUID of which an assignment is captured names that role.
    let assigned: Vec<&str> = world.tenant.assignments.iter().map(|x| x.role.as_str()).collect();
    !texts(world, patterns).iter().any(|pattern| {
        guids.iter().any(|guid| is_role(world, guid, pattern) == Yes)
            || assigned.iter().any(|guid| guid.eq_ignore_ascii_case(pattern))
    })
}

/// The adjectives that ask about the role and the state of an assignment (not `direct` and `inherited`, which ask about the holder).
pub(crate) fn adjectives(world: &World<'_>, assignment: &Assignment, adjectives: &[Adjective]) -> Truth {
    Truth::all(adjectives.iter().map(|adjective| match adjective {
        Adjective::Any | Adjective::Direct | Adjective::Inherited => Yes,
        Adjective::Active => (!assignment.eligible).into(),
        Adjective::Eligible => assignment.eligible.into(),
        Adjective::Standing => {
            if assignment.eligible {
                return No;
            }
            let activated = values::of_assignment(world, assignment, "activated");
            let end = values::of_assignment(world, assignment, "end");
            let permanent = match end {
                Value::Absent => Yes,
                Value::Unknown => Unknown,
                _ => No,
            };
            activated.truth().not().and(permanent)
        }
        Adjective::Custom => world.role(&assignment.role).map_or(Unknown, |role| role.custom.into()),
        Adjective::BuiltIn => world.role(&assignment.role).map_or(Unknown, |role| (!role.custom).into()),
        Adjective::Privileged => match world.role(&assignment.role) {
            None => Unknown,
            Some(role) => {
                let star = role.blocks.iter().any(|block| block.actions.iter().any(|action| action == "*"));
                let manages = catalogue::capability("access-management").unwrap_or_default();
                world.role_grants(&role.guid, false, Amount::One, &manages).or(star.into())
            }
        },
    }))
}

// Scopes

/// Whether a name or id pattern names the scope.
fn is_scope_name(world: &World<'_>, scope: &str, pattern: &str) -> Truth {
    if glob::matches(pattern, scope) {
        return Yes;
    }
    let by_id = scopes::level(scope) != Level::Root && glob::matches(pattern, &scopes::name(scope));
    if scopes::level(scope) != Level::Subscription {
        return by_id.into();
    }
    if by_id {
        return Yes;
    }
    match world.subscription(scope) {
        Some(subscription) => glob::matches(pattern, &subscription.name).into(),
        None if world.tenant.complete(SUBSCRIPTIONS) => No,
        None => {
            // A name that was not captured could be anything but an id.
            if is_guid(pattern) || pattern.contains('/') { No } else { Unknown }
        }
    }
}

/// Whether a pattern names the scope that a fact is.
pub(crate) fn is_scope_named(world: &World<'_>, fact: &Value, pattern: &str) -> Truth {
    match fact {
        Value::Scope(id) => is_scope_name(world, id, pattern),
        _ => No,
    }
}

pub(crate) fn level_of(noun: Noun) -> Option<Level> {
    match noun {
        Noun::Root => Some(Level::Root),
        Noun::ManagementGroup => Some(Level::ManagementGroup),
        Noun::Subscription => Some(Level::Subscription),
        Noun::ResourceGroup => Some(Level::ResourceGroup),
        Noun::Resource => Some(Level::Resource),
        _ => None,
    }
}

/// Level, type, names and qualifier of a scope; `None` for names means any.
fn is_scope(
    world: &World<'_>,
    scope: &str,
    level: Noun,
    of_type: &[Pattern],
    names: &[Pattern],
    qualifier: Option<&ast::Qualifier>,
) -> Truth {
    if level_of(level) != Some(scopes::level(scope)) {
        return No;
    }
    let mut truth = Yes;
    if !of_type.is_empty() {
        let kind = scopes::resource_type(scope);
        truth = truth.and(texts(world, of_type).iter().any(|pattern| glob::matches(pattern, &kind)).into());
    }
    if !names.is_empty() {
        truth =
            truth.and(Truth::any(texts(world, names).iter().map(|name| is_scope_name(world, scope, name))));
    }
    truth.and(qualifier.map_or(Yes, |qualifier| is_scope_in(world, scope, qualifier)))
}

/// `in subscription "x" in ...` of a scope: each qualifier lies above the one before.
pub(crate) fn is_scope_in(world: &World<'_>, scope: &str, qualifier: &ast::Qualifier) -> Truth {
    let Some(level) = level_of(qualifier.noun.node) else { return No };
    let (chain, whole) = world.chain(scope);
    let found = chain.iter().skip(1).filter(|above| scopes::level(above) == level).map(|above| {
        let named =
            Truth::any(texts(world, &qualifier.names).iter().map(|name| is_scope_name(world, above, name)));
        named.and(qualifier.next.as_ref().map_or(Yes, |next| is_scope_in(world, above, next)))
    });
    Truth::any_open(found, !whole && level == Level::ManagementGroup)
}

/// Whether the scope is one that the item names (without `or above`).
fn is_item(world: &World<'_>, scope: &str, item: &ast::Scope) -> Truth {
    match item {
        ast::Scope::Sub(entity) => entities::is_selected_scope(world, entity, scope),
        ast::Scope::Level { level, of_type, names, qualifier, .. } => {
            is_scope(world, scope, level.node, of_type, names, qualifier.as_deref())
        }
    }
}

/// The level of an item, and whether the level is all that it says.
fn item_level(item: &ast::Scope) -> (Level, bool) {
    match item {
        ast::Scope::Sub(entity) => (level_of(entity.noun.node).unwrap_or(Level::Root), false),
        ast::Scope::Level { level, of_type, names, qualifier, .. } => (
            level_of(level.node).unwrap_or(Level::Root),
            of_type.is_empty() && names.is_empty() && qualifier.is_none(),
        ),
    }
}

/// Whether scopes of this level may exist that no captured id speaks of.
fn level_is_open(world: &World<'_>, level: Level) -> bool {
    World::collection_of(level).is_some_and(|collection| !world.tenant.complete(collection))
}

/// Whether a scope of the level may lie below `place` without any captured id speaking of it.
pub(crate) fn may_hide_below(world: &World<'_>, place: &str, level: Level) -> bool {
    let own = scopes::level(place);
    let nested = own == level && matches!(level, Level::ManagementGroup | Level::Resource);
    (own < level || nested) && level_is_open(world, level)
}

/// Whether some scope that the item names lies at `place` or, at any depth, below it.
fn names_at_or_below(world: &World<'_>, place: &str, item: &ast::Scope) -> Truth {
    let (level, bare) = item_level(item);
    if bare {
        // A bare level compares levels.
        return (scopes::level(place) <= level).into();
    }
    let known = world.scopes.iter().filter(|scope| scopes::level(scope) == level);
    let found = known.map(|scope| match is_item(world, scope, item) {
        No => No,
        named => named.and(world.above_or_at(place, scope)),
    });
    Truth::any_open(found, may_hide_below(world, place, level))
}

/// Whether `place` is inside a scope that the item names, or is one.
pub(crate) fn is_within(world: &World<'_>, place: &str, item: &ast::Scope) -> Truth {
    let (chain, whole) = world.chain(place);
    let (level, _) = item_level(item);
    let hidden = !whole && level == Level::ManagementGroup;
    Truth::any_open(chain.iter().map(|scope| is_item(world, scope, item)), hidden)
}

/// Whether an assignment made at `place` is of the clause.
pub(crate) fn scope_clause(world: &World<'_>, place: &str, clause: &ast::ScopeClause) -> Truth {
    let within_except =
        |place: &str| Truth::any(clause.except.iter().map(|item| is_within(world, place, item)));
    match clause.preposition.node {
        Preposition::Within => {
            let inside = Truth::any(clause.scopes.iter().map(|item| is_within(world, place, item)));
            inside.and(within_except(place).not())
        }
        Preposition::At => {
            let at = |item: &ast::Scope| match item {
                ast::Scope::Level { or_above: Some(_), .. } => names_at_or_below(world, place, item),
                _ => is_item(world, place, item),
            };
            Truth::any(clause.scopes.iter().map(at)).and(Truth::any(clause.except.iter().map(at)).not())
        }
        Preposition::On => {
            // In force at a named scope or at anything in it, except where all of that is excepted.
            let in_force = Truth::any(clause.scopes.iter().map(|item| {
                let (level, _) = item_level(item);
                let known =
                    world.scopes.iter().filter(|scope| scopes::level(scope) == level && *scope != place);
                let found = known.map(|scope| match is_item(world, scope, item) {
                    No => No,
                    named => named.and(world.above_or_at(place, scope)).and(within_except(scope).not()),
                });
                let below = Truth::any_open(found, may_hide_below(world, place, level));
                is_within(world, place, item).or(below)
            }));
            in_force.and(within_except(place).not())
        }
    }
}

/// Whether the item carries a name, a type or a qualifier, and nothing in the inventory is called so.
fn is_nothing(world: &World<'_>, item: &ast::Scope) -> bool {
    let (level, bare) = item_level(item);
    if bare {
        return false;
    }
    if let ast::Scope::Sub(entity) = item {
        return entities::names_nothing(world, entity);
    }
    let mut known = world.scopes.iter().filter(|scope| scopes::level(scope) == level);
    known.all(|scope| is_item(world, scope, item) == No)
}

/// Whether a positive scope clause names nothing that exists.
pub(crate) fn no_such_scope(world: &World<'_>, clause: &ast::ScopeClause) -> bool {
    clause.scopes.iter().all(|item| is_nothing(world, item))
}

/// Whether two assignments are both in force at one scope of the level.
pub(crate) fn on_same(world: &World<'_>, a: &str, b: &str, level: Level) -> Truth {
    let of_level = |place: &str| {
        let (chain, whole) = world.chain(place);
        let own: Vec<String> = chain.into_iter().filter(|scope| scopes::level(scope) == level).collect();
        (own, !whole && level == Level::ManagementGroup)
    };
    let ((own_a, open_a), (own_b, open_b)) = (of_level(a), of_level(b));
    if own_a.iter().any(|scope| own_b.contains(scope)) {
        return Yes;
    }
    let mut truth = if open_a || open_b { Unknown } else { No };
    let (above_a, above_b) = (scopes::level(a) < level, scopes::level(b) < level);
    if above_a {
        truth = truth.or(Truth::any(own_b.iter().map(|scope| world.above_or_at(a, scope))));
    }
    if above_b {
        truth = truth.or(Truth::any(own_a.iter().map(|scope| world.above_or_at(b, scope))));
    }
    if above_a && above_b {
        let below_both = world.scopes.iter().filter(|scope| scopes::level(scope) == level);
        let found = below_both.map(|scope| world.above_or_at(a, scope).and(world.above_or_at(b, scope)));
        let related = world.above_or_at(a, b).or(world.above_or_at(b, a));
        truth = truth.or(related.and(Truth::any_open(found, level_is_open(world, level))));
    }
    truth
}

// Principals

/// Whether a name or id pattern names the principal.
pub(crate) fn is_principal_name(world: &World<'_>, who: &Who, pattern: &str) -> Truth {
    if let Who::Id(id) = who
        && glob::matches(pattern, id)
    {
        return Yes;
    }
    if world.arm_id(who).is_some_and(|arm| pattern.contains('/') && glob::matches(pattern, &arm)) {
        return Yes;
    }
    if is_guid(pattern) && matches!(who, Who::Id(_)) {
        return No;
    }
    match values::principal_name(world, who) {
        Value::Name(name) => glob::matches(pattern, &name).into(),
        Value::Absent => No,
        _ => Unknown,
    }
}

/// `in group "g"`, or `in resource_group "rg" in subscription "s"` of a managed identity.
pub(crate) fn is_principal_in(world: &World<'_>, who: &Who, qualifier: &ast::Qualifier) -> Truth {
    let names = texts(world, &qualifier.names);
    match qualifier.noun.node {
        Noun::Group => {
            let groups = world.groups_of(who);
            let found = groups.iter().map(|group| {
                let group = Who::Id(group.clone());
                let named = Truth::any(names.iter().map(|name| is_principal_name(world, &group, name)));
                named.and(qualifier.next.as_ref().map_or(Yes, |next| is_principal_in(world, &group, next)))
            });
            // Nobody knows the groups of somebody missing; everybody else may be in one more.
            Truth::any_open(found, !world.tenant.complete(MEMBERSHIPS))
        }
        noun if level_of(noun).is_some() => match world.arm_id(who) {
            Some(arm) => is_scope_in(world, &arm, qualifier),
            None => match world.kind(who) {
                Kind::SystemAssigned
                | Kind::UserAssigned
                | Kind::IdentityOfUnknownType
                | Kind::ServiceOfUnknownType
                | Kind::Unresolved => Unknown,
                _ => No,
            },
        },
        _ => No,
    }
}

fn is_who(world: &World<'_>, who: &Who, item: &ast::Who) -> Truth {
    match item {
        ast::Who::Sub(entity) => entities::is_selected_principal(world, entity, who),
        ast::Who::Kind { kind, names, qualifier, .. } => {
            let mut truth = world.is_kind(who, kind.node);
            if !names.is_empty() {
                truth = truth.and(Truth::any(
                    texts(world, names).iter().map(|name| is_principal_name(world, who, name)),
                ));
            }
            truth.and(qualifier.as_ref().map_or(Yes, |qualifier| is_principal_in(world, who, qualifier)))
        }
    }
}

/// Whether `except` frees the holder: it is the one named, or it holds only through groups that are named.
fn is_freed(world: &World<'_>, assignee: &str, who: &Who, item: &ast::Who) -> Truth {
    let own = is_who(world, who, item);
    let about_groups = match item {
        ast::Who::Sub(entity) => entity.noun.node == Noun::Group,
        ast::Who::Kind { kind, .. } => kind.node == Noun::Group,
    };
    if !about_groups || own == Yes {
        return own;
    }
    let mut surely = BTreeSet::new();
    let mut maybe = BTreeSet::new();
    let mut chain: Vec<Who> = world.holders(assignee).into_iter().map(|holder| holder.who).collect();
    chain.retain(|candidate| candidate != who);
    for candidate in chain {
        let Who::Id(id) = &candidate else { continue };
        let named = is_who(world, &candidate, item);
        if named != No {
            maybe.insert(id.clone());
        }
        if named == Yes {
            surely.insert(id.clone());
        }
    }
    let target = match who {
        Who::Id(id) => id,
        Who::Somebody { group, .. } => group,
    };
    if world.reached_without(assignee, target, &maybe).0 {
        return own; // another way leads past every group that is named
    }
    let (reached, others) = world.reached_without(assignee, target, &surely);
    if reached {
        return Unknown;
    }
    // A membership that was not captured may be another way.
    let another_way = matches!(who, Who::Id(_))
        && !world.tenant.complete(MEMBERSHIPS)
        && others.iter().any(|id| world.is_kind(&Who::Id(id.clone()), Noun::Group) != No);
    if another_way { Unknown } else { Yes }
}

/// Whether the holder of an assignment made to `assignee` is of the clause.
pub(crate) fn principals(world: &World<'_>, assignee: &str, who: &Who, clause: &ast::Principals) -> Truth {
    let positive = if clause.who.is_empty() {
        Yes
    } else {
        Truth::any(clause.who.iter().map(|item| is_who(world, who, item)))
    };
    positive.and(Truth::any(clause.except.iter().map(|item| is_freed(world, assignee, who, item))).not())
}

/// Every principal that the inventory speaks of.
pub(crate) fn mentioned_principals(world: &World<'_>) -> BTreeSet<String> {
    let t = world.tenant;
    let mut all: BTreeSet<String> = t.users.iter().map(|x| x.id.clone()).collect();
    all.extend(t.groups.iter().map(|x| x.id.clone()));
    all.extend(t.service_principals.iter().map(|x| x.id.clone()));
    all.extend(t.identities.iter().map(|x| x.principal.clone()));
    for block in t.resources.iter().filter_map(|x| x.identity.is()) {
        all.extend(block.system.clone());
        all.extend(block.user_assigned.iter().map(|x| x.1.clone()));
    }
    all.extend(t.assignments.iter().map(|x| x.principal.clone()));
    all.extend(t.memberships.iter().flat_map(|x| [x.group.clone(), x.member.clone()]));
    all.extend(t.application_owners.iter().map(|x| x.owner.clone()));
    all.extend(t.group_owners.iter().flat_map(|x| [x.group.clone(), x.owner.clone()]));
    all.extend(
        t.service_principal_owners.iter().flat_map(|x| [x.service_principal.clone(), x.owner.clone()]),
    );
    for block in t.policy_assignments.iter().filter_map(|x| x.identity.as_ref()) {
        all.extend(block.system.clone());
        all.extend(block.user_assigned.iter().map(|x| x.1.clone()));
    }
    for x in &t.deny_assignments {
        all.extend(x.principals.iter().chain(&x.excluded).filter(|id| *id != EVERYONE).cloned());
    }
    all
}

/// Whether a positive principal clause names nobody who exists.
pub(crate) fn no_such_principal(world: &World<'_>, clause: &ast::Principals) -> bool {
    let everybody = mentioned_principals(world);
    !clause.who.is_empty()
        && clause.who.iter().all(|item| match item {
            ast::Who::Sub(entity) => entities::names_nothing(world, entity),
            ast::Who::Kind { names, qualifier, .. } => {
                (!names.is_empty() || qualifier.is_some())
                    && everybody.iter().all(|id| is_who(world, &Who::Id(id.clone()), item) == No)
            }
        })
}

/// Whether everybody whom the clause admits is of a kind that can't be eligible (managed identities and service principals).
pub(crate) fn admits_only_services(clause: Option<&ast::Principals>) -> bool {
    let service = |noun: Noun| {
        matches!(
            noun,
            Noun::ServicePrincipal
                | Noun::ManagedIdentity
                | Noun::SystemAssigned
                | Noun::UserAssigned
                | Noun::Application
        )
    };
    clause.is_some_and(|clause| {
        !clause.who.is_empty()
            && clause.who.iter().all(|item| match item {
                ast::Who::Sub(entity) => service(entity.noun.node),
                ast::Who::Kind { kind, .. } => service(kind.node),
            })
    })
}
