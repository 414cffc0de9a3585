//! A rule's verdict: what it examines, selects and finds (language.md 4 and 8).

use super::clauses;
use super::entities;
use super::expressions::{self, Binding, Value};
use super::model::*;
use super::scopes;
use super::truth::Truth::{self, No, Unknown, Yes};
use super::values;
use super::world::{Holder, Who, World};
use dictum::syntax::ast::{
    self, Adjective, AlsoPlace, Effect, GrantKind, GroupKey, Noun, Number, Preposition, Selector, Statement,
    Unit,
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    Pass,
    Fail,
    Warn,
    Advise,
    Unknown,
    Waived,
    NotApplicable,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub status: Status,
    pub examined: usize,
    pub selected: usize,
    /// What was found, waived or not: (waived, subject). A grant's subject is `role scope assignee holder`.
    pub findings: BTreeSet<(bool, String)>,
    /// What could not be decided.
    pub unknown: BTreeSet<String>,
}

/// One thing that a sentence is true, false or undecided of.
struct Row {
    truth: Truth,
    fact: Value,
    /// Who holds it, of an assignment.
    who: Option<Who>,
    bindings: Vec<Binding>,
}

impl Row {
    fn subject(&self, world: &World<'_>) -> String {
        match (&self.fact, &self.who) {
            (Value::Assignment(i), Some(who)) => {
                let a = &world.tenant.assignments[*i];
                let holder = match who {
                    Who::Id(id) => id.clone(),
                    Who::Somebody { group, .. } => format!("a member of {group}"),
                };
                format!("{} {} {} {holder}", a.role, a.scope, a.principal)
            }
            (fact, _) => subject_of(world, fact),
        }
    }
}

pub(crate) fn subject_of(world: &World<'_>, fact: &Value) -> String {
    let t = world.tenant;
    match fact {
        Value::Assignment(i) => t.assignments[*i].id.clone(),
        Value::Role(id) | Value::Scope(id) | Value::Principal(Who::Id(id)) => id.clone(),
        Value::Federated(i) => {
            format!("{}/federatedidentitycredentials/{}", t.federated[*i].identity, t.federated[*i].name)
        }
        Value::Secret(app, password, i) => {
            let application = &t.applications[*app];
            let all = if *password { &application.passwords } else { &application.keys };
            all.is().map_or_else(String::new, |all| all[*i].key_id.clone())
        }
        Value::Application(i) => t.applications[*i].id.clone(),
        Value::Tenant => t.guid.clone(),
        other => format!("{other:?}"),
    }
}

/// What a selector comes to.
struct Selection {
    rows: Vec<Row>,
    examined: usize,
    /// A collection that the sentence needs may hold more.
    open: BTreeSet<String>,
    names_nothing: bool,
}

fn incomplete(world: &World<'_>, collections: &[&str]) -> BTreeSet<String> {
    collections.iter().filter(|c| !world.tenant.complete(c)).map(|c| (*c).to_owned()).collect()
}

fn adjectives_of(head: &ast::GrantHead) -> Vec<Adjective> {
    head.adjectives.iter().map(|a| a.node).collect()
}

/// Adjectives, roles, and the end of the assignment; whether the holder is direct too.
fn head(world: &World<'_>, head: &ast::GrantHead, assignment: &Assignment, holder: &Holder) -> Truth {
    assert!(head.kind.node == GrantKind::Role, "the oracle knows only Azure roles");
    let adjectives = adjectives_of(head);
    let direct = holder.via.is_empty();
    let held_so = (!adjectives.contains(&Adjective::Direct) || direct)
        && (!adjectives.contains(&Adjective::Inherited) || !direct);
    if !held_so {
        return No;
    }
    // What has ended is not in force.
    if let Value::Date(end) = values::of_assignment(world, assignment, "end")
        && end < world.tenant.time
    {
        return No;
    }
    // A managed identity or service principal can't activate what its group is eligible for.
    let can_hold = if assignment.eligible && !direct {
        world.is_kind(&holder.who, Noun::ServicePrincipal).not()
    } else {
        Yes
    };
    let roles = head.roles.as_ref().map_or(Yes, |roles| clauses::roles(world, &assignment.role, roles));
    can_hold.and(clauses::adjectives(world, assignment, &adjectives)).and(roles)
}

/// Whether the holder of one assignment holds another as well.
fn also(world: &World<'_>, also: &ast::Also, first: usize, holder: &Holder) -> Truth {
    let a = &world.tenant.assignments[first];
    let mut truth = No;
    for (i, b) in world.tenant.assignments.iter().enumerate() {
        if i == first {
            continue;
        }
        let placed = match &also.place {
            None => Yes,
            Some(AlsoPlace::Scope(clause)) => clauses::scope_clause(world, &b.scope, clause),
            Some(AlsoPlace::Same(level)) => {
                let Some(level) = clauses::level_of(level.node) else { panic!("`on same` takes a level") };
                clauses::on_same(world, &a.scope, &b.scope, level)
            }
        };
        if placed == No {
            continue;
        }
        for other in world.holders(&b.principal) {
            let same = match (&other.who, &holder.who) {
                (Who::Id(x), Who::Id(y)) => (x == y).into(),
                // Somebody who is in a group for sure holds what the group holds.
                (Who::Id(x), Who::Somebody { .. }) => {
                    if world.groups_of(&holder.who).contains(x) {
                        Yes
                    } else {
                        Unknown
                    }
                }
                _ => Unknown,
            };
            let held = match (&holder.who, same) {
                (_, No) => continue,
                (Who::Somebody { .. }, _) => {
                    let through = Holder { who: holder.who.clone(), via: vec![b.principal.clone()] };
                    head(world, &also.head, b, &through).or(head(
                        world,
                        &also.head,
                        b,
                        &Holder { via: vec![], ..through },
                    ))
                }
                _ => head(world, &also.head, b, &other),
            };
            truth = truth.or(same.and(held).and(placed));
        }
        // The holder may be an uncaptured member of a group that holds it.
        for somebody in world.uncaptured_holders(&b.principal).into_iter().flatten() {
            let through = Holder { who: holder.who.clone(), via: somebody.via };
            truth = truth.or(Unknown.and(head(world, &also.head, b, &through)).and(placed));
        }
    }
    let service = world.is_kind(&holder.who, Noun::ServicePrincipal) == Yes;
    let open = !needed(world, &also.head, service).is_empty();
    truth.or(if open { Unknown } else { No })
}

/// The collections of assignments that a grant needs and that may hold more.
fn needed(world: &World<'_>, head: &ast::GrantHead, only_services: bool) -> BTreeSet<String> {
    let adjectives = adjectives_of(head);
    let mut collections = vec![];
    if !adjectives.contains(&Adjective::Eligible) {
        collections.push(ROLE_ASSIGNMENTS);
    }
    if !adjectives.contains(&Adjective::Active)
        && !adjectives.contains(&Adjective::Standing)
        && !only_services
    {
        collections.push(ELIGIBLE);
    }
    incomplete(world, &collections)
}

fn select_grant(world: &World<'_>, grant: &ast::Grant) -> Selection {
    let mut rows = vec![];
    let mut examined = 0;
    for (i, a) in world.tenant.assignments.iter().enumerate() {
        let placed =
            grant.scope.as_ref().map_or(Yes, |clause| clauses::scope_clause(world, &a.scope, clause));
        if placed == No {
            continue;
        }
        examined += 1;
        let bindings = |holder: &Holder| -> Vec<Binding> {
            let via = holder.via.iter().map(|id| Value::Principal(Who::Id(id.clone()))).collect();
            [
                ("assignment", Value::Assignment(i)),
                ("role", Value::Role(a.role.clone())),
                ("scope", Value::Scope(a.scope.clone())),
                (
                    "principal",
                    match &holder.who {
                        Who::Id(_) => Value::Principal(holder.who.clone()),
                        Who::Somebody { .. } => Value::Unknown,
                    },
                ),
                ("assignee", Value::Principal(Who::Id(a.principal.clone()))),
                ("via", Value::List { items: via, open: false }),
            ]
            .map(|(name, value)| (name.to_owned(), value))
            .to_vec()
        };
        let decide = |holder: &Holder| {
            let mut truth = placed.and(head(world, &grant.head, a, holder));
            if truth != No
                && let Some(clause) = &grant.principals
            {
                truth = truth.and(clauses::principals(world, &a.principal, &holder.who, clause));
            }
            if truth != No {
                truth = truth.and(expressions::filters(world, &bindings(holder), &grant.filters));
            }
            if truth != No
                && let Some(clause) = &grant.also
            {
                truth = truth.and(also(world, clause, i, holder));
            }
            truth
        };
        let row = |holder: Holder, truth: Truth| Row {
            truth,
            fact: Value::Assignment(i),
            bindings: bindings(&holder),
            who: Some(holder.who),
        };
        for holder in world.holders(&a.principal) {
            let truth = decide(&holder);
            rows.push(row(holder, truth));
        }
        for somebody in world.uncaptured_holders(&a.principal) {
            for one in somebody.into_iter().filter(|one| decide(one) != No) {
                rows.push(row(one, Unknown));
            }
        }
    }
    let only_services = clauses::admits_only_services(grant.principals.as_ref());
    let names_nothing = clauses::no_such_role(world, &grant.head)
        || grant.scope.as_ref().is_some_and(|clause| clauses::no_such_scope(world, clause))
        || grant.principals.as_ref().is_some_and(|clause| clauses::no_such_principal(world, clause));
    Selection { rows, examined, open: needed(world, &grant.head, only_services), names_nothing }
}

fn select_entity(world: &World<'_>, entity: &ast::Entity) -> Selection {
    let noun = entity.noun.node;
    let mut rows = vec![];
    let mut examined = 0;
    for fact in entities::facts(world, noun) {
        if entities::is_within(world, entity, &fact) == No {
            continue;
        }
        examined += 1;
        let truth = entities::is_selected(world, entity, &fact);
        rows.push(Row { truth, bindings: vec![(noun.word().to_owned(), fact.clone())], fact, who: None });
    }
    let mut open = BTreeSet::new();
    if entities::is_open(world, noun) {
        open.insert(noun.word().to_owned());
    }
    Selection { rows, examined, open, names_nothing: entities::names_nothing(world, entity) }
}

fn select(world: &World<'_>, selector: &Selector) -> Selection {
    match selector {
        Selector::Grant(grant) => select_grant(world, grant),
        Selector::Entity(entity) => select_entity(world, entity),
    }
}

/// How many of the rows are selected: assignments for a grant.
fn selected(rows: &[Row]) -> usize {
    let mut facts: Vec<&Value> = vec![];
    for row in rows.iter().filter(|row| row.truth == Yes) {
        if !facts.contains(&&row.fact) {
            facts.push(&row.fact);
        }
    }
    facts.len()
}

// Counting

/// What facts are counted under whose value is not known.
const UNKNOWN_GROUP: &str = "unknown";

/// One group of a count: what it is of, and the rows that are, or may be, in it.
struct Group {
    subject: String,
    scope: Option<String>,
    /// Whether there is such a group, and the clause admits it.
    exists: Truth,
    rows: Vec<(Truth, usize)>,
}

fn scope_clauses_of(selector: &Selector) -> Vec<&ast::ScopeClause> {
    match selector {
        Selector::Grant(grant) => grant.scope.iter().collect(),
        Selector::Entity(entity) => entities::scope_clauses(entity),
    }
}

/// Whether the clause admits a scope as a group of its own.
fn admits(world: &World<'_>, scope: &str, clause: &ast::ScopeClause) -> Truth {
    let level = scopes::level(scope);
    let item_level = |item: &ast::Scope| match item {
        ast::Scope::Sub(entity) => clauses::level_of(entity.noun.node),
        ast::Scope::Level { level, .. } => clauses::level_of(level.node),
    };
    // An item of a lower level says nothing about the group; one of the same or a higher level must hold it.
    let holds = |item: &ast::Scope| {
        if item_level(item).is_some_and(|own| own > level) {
            Yes
        } else {
            clauses::is_within(world, scope, item)
        }
    };
    let kept = |item: &ast::Scope| {
        if item_level(item).is_some_and(|own| own > level) {
            No
        } else {
            clauses::is_within(world, scope, item)
        }
    };
    Truth::any(clause.scopes.iter().map(holds)).and(Truth::any(clause.except.iter().map(kept)).not())
}

/// Whether a fact at `place` counts for the group of `scope`.
fn counts_for(world: &World<'_>, place: &str, scope: &str, clause: Option<&ast::ScopeClause>) -> Truth {
    let inside = world.above_or_at(scope, place);
    match clause.map(|clause| clause.preposition.node) {
        None | Some(Preposition::Within) => inside,
        Some(Preposition::On) => inside.or(world.above_or_at(place, scope)),
        Some(Preposition::At) => {
            let or_above = clause.is_some_and(|clause| {
                clause.scopes.iter().any(|item| matches!(item, ast::Scope::Level { or_above: Some(_), .. }))
            });
            if or_above { inside.or(world.above_or_at(place, scope)) } else { inside }
        }
    }
}

fn groups(world: &World<'_>, selector: &Selector, count: &ast::Count, rows: &[Row]) -> Vec<Group> {
    let live = || (0..rows.len()).filter(|i| rows[*i].truth != No);
    match count.per.as_slice() {
        [] => {
            let rows = live().map(|i| (rows[i].truth, i)).collect();
            vec![Group { subject: "all".to_owned(), scope: None, exists: Yes, rows }]
        }
        [GroupKey::Noun(noun)] if noun.node == Noun::Tenant => {
            let rows = live().map(|i| (rows[i].truth, i)).collect();
            vec![Group { subject: world.tenant.guid.clone(), scope: None, exists: Yes, rows }]
        }
        [GroupKey::Noun(noun)] => {
            let Some(level) = clauses::level_of(noun.node) else { panic!("the oracle counts per level") };
            let clauses = scope_clauses_of(selector);
            let mut groups = vec![];
            for scope in world.scopes.iter().filter(|scope| scopes::level(scope) == level) {
                let admitted = Truth::all(clauses.iter().map(|clause| admits(world, scope, clause)));
                if admitted == No {
                    continue;
                }
                let member = |i: usize| {
                    let place = entities::place(world, &rows[i].fact);
                    let counts = place
                        .map_or(Unknown, |place| counts_for(world, &place, scope, clauses.first().copied()));
                    (rows[i].truth.and(counts), i)
                };
                let rows = live().map(member).filter(|(truth, _)| *truth != No).collect();
                groups.push(Group {
                    subject: scope.clone(),
                    scope: Some(scope.clone()),
                    exists: admitted,
                    rows,
                });
            }
            groups
        }
        keys => {
            let mut groups: BTreeMap<String, Vec<(Truth, usize)>> = BTreeMap::new();
            let mut anywhere = vec![];
            for i in live() {
                match key(world, &rows[i], keys) {
                    Some(key) => groups.entry(key).or_default().push((rows[i].truth, i)),
                    None => anywhere.push((Unknown, i)),
                }
            }
            if !anywhere.is_empty() {
                groups.insert(UNKNOWN_GROUP.to_owned(), vec![]);
            }
            let make = |(subject, mut rows): (String, Vec<(Truth, usize)>)| {
                let exists = Truth::any(rows.iter().map(|(truth, _)| *truth));
                let exists = if subject == UNKNOWN_GROUP { Unknown } else { exists };
                rows.extend(anywhere.iter().copied());
                Group { subject, scope: None, exists, rows }
            };
            groups.into_iter().map(make).collect()
        }
    }
}

/// The values that a row is counted under; `None` where one is unknown.
fn key(world: &World<'_>, row: &Row, keys: &[GroupKey]) -> Option<String> {
    let mut text = String::new();
    for key in keys {
        let GroupKey::Access(access) = key else {
            panic!("the oracle counts per one level, or per attributes")
        };
        let value = match (&row.fact, access.steps.as_slice()) {
            // It is its ARM id that tells identities apart, captured or not.
            (Value::Federated(i), [ast::AccessStep::Attr(name)]) if name.node == "identity" => {
                Value::Name(world.tenant.federated[*i].identity.clone())
            }
            _ => expressions::read(world, &row.bindings, access),
        };
        if matches!(value, Value::Unknown | Value::Truth(Unknown) | Value::List { open: true, .. }) {
            return None;
        }
        text += &format!("{value:?} ").to_lowercase();
    }
    Some(text)
}

/// What is counted of a row, and whether it is one of the unit.
fn counted(world: &World<'_>, row: &Row, unit: Option<Unit>) -> (Truth, String) {
    let Some(who) = &row.who else { return (Yes, format!("{:?}", row.fact)) };
    let Value::Assignment(i) = &row.fact else { return (Yes, format!("{:?}", row.fact)) };
    let of = |noun: Noun| (world.is_kind(who, noun), format!("{who:?}"));
    match unit {
        None | Some(Unit::Assignments) => (Yes, i.to_string()),
        Some(Unit::Scopes) => (Yes, world.tenant.assignments[*i].scope.clone()),
        Some(Unit::Principals) => of(Noun::Principal),
        Some(Unit::Users) => of(Noun::User),
        Some(Unit::Guests) => of(Noun::Guest),
        Some(Unit::Groups) => of(Noun::Group),
        Some(Unit::Identities) => of(Noun::ManagedIdentity),
    }
}

/// The least and the most that a group can count; no most where more may exist.
fn interval(
    world: &World<'_>,
    group: &Group,
    rows: &[Row],
    unit: Option<Unit>,
    open: bool,
) -> (u64, Option<u64>) {
    let mut sure = BTreeSet::new();
    let mut possible = BTreeSet::new();
    let mut endless = open;
    for (truth, i) in &group.rows {
        let (is_unit, key) = counted(world, &rows[*i], unit);
        let truth = truth.and(is_unit);
        if truth == No {
            continue;
        }
        let somebody = matches!(rows[*i].who, Some(Who::Somebody { .. }));
        endless |= somebody && !matches!(unit, None | Some(Unit::Assignments | Unit::Scopes));
        possible.insert(key.clone());
        if truth == Yes {
            sure.insert(key);
        }
    }
    (sure.len() as u64, (!endless).then_some(possible.len() as u64))
}

fn number(world: &World<'_>, number: &Number) -> u64 {
    match number {
        Number::Int(n) => n.node,
        Number::Name(name) => match world.params.get(&name.node) {
            Some(ast::Literal::Int(n)) => *n,
            _ => panic!("{} is no number", name.node),
        },
    }
}

fn fires(world: &World<'_>, count: &ast::Count, (low, high): (u64, Option<u64>)) -> Truth {
    Truth::any(count.bounds.iter().map(|bound| {
        let n = number(world, &bound.number);
        if bound.more {
            if low > n {
                Yes
            } else if high.is_some_and(|high| high <= n) {
                No
            } else {
                Unknown
            }
        } else if high.is_some_and(|high| high < n) {
            Yes
        } else if low >= n {
            No
        } else {
            Unknown
        }
    }))
}

// Verdicts

fn count_verdict(
    world: &World<'_>,
    effect: Effect,
    selector: &Selector,
    count: &ast::Count,
    waivers: &[&ast::Waive],
) -> Verdict {
    let selection = select(world, selector);
    let open = !selection.open.is_empty();
    let mut unknown = BTreeSet::new();
    let mut findings = BTreeSet::new();
    let groups = groups(world, selector, count, &selection.rows);
    for group in &groups {
        let interval = interval(world, group, &selection.rows, count.unit.as_ref().map(|u| u.node), open);
        match group.exists.and(fires(world, count, interval)) {
            Yes => {
                let waived = waivers.iter().any(|waiver| waives_group(world, waiver, group));
                findings.insert((waived, group.subject.clone()));
            }
            Unknown => {
                unknown.insert(format!("{} counts {interval:?}", group.subject));
            }
            No => {}
        }
    }
    // A group that was not captured.
    if let [GroupKey::Noun(noun)] = count.per.as_slice()
        && noun.node != Noun::Tenant
        && count.bounds.iter().any(|bound| !bound.more && number(world, &bound.number) > 0)
        && entities::is_open(world, noun.node)
    {
        unknown.insert(format!("{} not captured", noun.node.word()));
    }
    if open && (groups.is_empty() || matches!(count.per.as_slice(), [GroupKey::Access(_), ..])) {
        unknown.extend(selection.open.iter().cloned());
    }
    let selected = findings.len();
    conclude(effect, groups.len(), selected, findings, unknown, selection.names_nothing)
}

fn waives_group(world: &World<'_>, waiver: &ast::Waive, group: &Group) -> bool {
    let (Some(clause), Some(scope)) = (&waiver.scope, &group.scope) else { return false };
    in_time(world, waiver)
        && waiver.principals.is_none()
        && waiver.entity.is_none()
        && clauses::scope_clause(world, scope, clause) == Yes
}

/// `until` is inclusive, UTC.
pub(crate) fn in_time(world: &World<'_>, waiver: &ast::Waive) -> bool {
    let Value::Date(until) = expressions::literal(&waiver.until.node) else { panic!("`until` takes a date") };
    world.tenant.time < until + DAY
}

fn waives_row(world: &World<'_>, waiver: &ast::Waive, row: &Row) -> bool {
    let place = entities::place(world, &row.fact);
    let scoped = match (&waiver.scope, &place) {
        (None, _) => true,
        (Some(clause), Some(place)) => clauses::scope_clause(world, place, clause) == Yes,
        (Some(_), None) => false,
    };
    let assignee = match &row.fact {
        Value::Assignment(i) => world.tenant.assignments[*i].principal.clone(),
        _ => String::new(),
    };
    let who = row.who.clone().or_else(|| match &row.fact {
        Value::Principal(who) => Some(who.clone()),
        _ => None,
    });
    let held = match (&waiver.principals, &who) {
        (None, _) => true,
        (Some(clause), Some(who)) => clauses::principals(world, &assignee, who, clause) == Yes,
        (Some(_), None) => false,
    };
    let meant = match &waiver.entity {
        None => true,
        Some(_) if row.who.is_some() => false,
        Some(entity) => {
            let same_noun = row.bindings.first().is_some_and(|(noun, _)| noun == entity.noun.node.word());
            same_noun && entities::is_selected(world, entity, &row.fact) == Yes
        }
    };
    in_time(world, waiver) && scoped && held && meant
}

fn conclude(
    effect: Effect,
    examined: usize,
    selected: usize,
    findings: BTreeSet<(bool, String)>,
    unknown: BTreeSet<String>,
    names_nothing: bool,
) -> Verdict {
    let status = if findings.iter().any(|(waived, _)| !waived) {
        match effect {
            Effect::Deny => Status::Fail,
            Effect::Warn => Status::Warn,
            Effect::Advise => Status::Advise,
        }
    } else if !unknown.is_empty() {
        Status::Unknown
    } else if !findings.is_empty() {
        Status::Waived
    } else if examined == 0 || names_nothing {
        Status::NotApplicable
    } else {
        Status::Pass
    };
    Verdict { status, examined, selected, findings, unknown }
}

/// The verdict of one rule. `waivers` are those of this rule.
pub(crate) fn verdict(world: &World<'_>, rule: &ast::Rule, waivers: &[&ast::Waive]) -> Verdict {
    let undecided = |selection: &Selection| -> BTreeSet<String> {
        let own = selection.rows.iter().filter(|row| row.truth == Unknown).map(|row| row.subject(world));
        own.chain(selection.open.iter().cloned()).collect()
    };
    match &rule.statement {
        Statement::Select { effect, selector, count: Some(count) } => {
            count_verdict(world, effect.node, selector, count, waivers)
        }
        Statement::Select { effect, selector, count: None } => {
            let selection = select(world, selector);
            let found = selection.rows.iter().filter(|row| row.truth == Yes);
            let found =
                found.map(|row| (waivers.iter().any(|w| waives_row(world, w, row)), row.subject(world)));
            let findings = found.collect();
            let unknown = undecided(&selection);
            let selected = selected(&selection.rows);
            conclude(effect.node, selection.examined, selected, findings, unknown, selection.names_nothing)
        }
        Statement::Path { effect, path } => super::paths::verdict(world, effect.node, path, waivers),
        Statement::RequireSome(selector) => {
            let selection = select(world, selector);
            let selected = selected(&selection.rows);
            let unknown = undecided(&selection);
            let status = if selected > 0 {
                Status::Pass
            } else if !unknown.is_empty() {
                Status::Unknown
            } else {
                Status::Fail
            };
            let findings = if status == Status::Fail {
                BTreeSet::from([(false, "none".to_owned())])
            } else {
                BTreeSet::new()
            };
            let unknown = if status == Status::Unknown { unknown } else { BTreeSet::new() };
            Verdict { status, examined: selection.examined, selected, findings, unknown }
        }
        Statement::RequireEvery(selector, expr) => {
            let selection = select(world, selector);
            let mut findings = BTreeSet::new();
            let mut unknown: BTreeSet<String> = selection.open.clone();
            for row in selection.rows.iter().filter(|row| row.truth != No) {
                let holds = expressions::evaluate(world, &row.bindings, expr).truth();
                match row.truth.and(holds.not()) {
                    Yes => {
                        let waived = waivers.iter().any(|waiver| waives_row(world, waiver, row));
                        findings.insert((waived, row.subject(world)));
                    }
                    Unknown => {
                        unknown.insert(row.subject(world));
                    }
                    No => {}
                }
            }
            let selected = selected(&selection.rows);
            let examined = selection.examined;
            let empty = selected == 0 || selection.names_nothing;
            conclude(Effect::Deny, examined, selected, findings, unknown, empty)
        }
    }
}
