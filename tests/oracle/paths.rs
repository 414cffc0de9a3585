//! Paths (paths.md), by rounds: what is controlled or had after one step, after two, ... until nothing new comes.

use super::clauses;
use super::expressions::{self, Binding, Value};
use super::model::*;
use super::rights::{Actor, Held, Quality, Rights};
use super::steps::Steps;
use super::tables::TABLES;
use super::truth::Truth::{self, No, Unknown, Yes};
use super::verdicts::{Status, Verdict};
use super::world::{ANYBODY, Kind, Who, World};
use dictum::syntax::ast::{self, Adjective, Effect, PathTarget, Step};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    Principal(String),
    /// The GUID of a role, and a scope.
    Grant(String, String),
}

/// One thing that is controlled or had, and how it was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    thing: Actor,
    /// Whether somebody of `through` lies between.
    met: bool,
    /// The same, with whoever gave what is had.
    given: bool,
    /// Whether a step other than `membership` leads here.
    real: bool,
}

/// Everything that a source comes by, each with the number of steps.
struct Reached {
    states: BTreeMap<State, u64>,
    /// An identity that nobody captured.
    somewhere: Option<u64>,
}

/// A path sentence over a tenant.
pub(crate) struct Question<'q> {
    world: &'q World<'q>,
    pub steps: &'q Steps<'q>,
    path: &'q ast::Path,
    /// Of each principal.
    from: Vec<Truth>,
    to: Vec<Truth>,
    through: Vec<Truth>,
    /// What tells one head of a grant from another.
    key: String,
    admitted: RefCell<HashMap<usize, Truth>>,
    meant: RefCell<HashMap<usize, Truth>>,
}

fn is_between(truth: Truth, layer: Quality) -> bool {
    if layer == Quality::Unknown { truth != No } else { truth == Yes }
}

impl<'q> Question<'q> {
    pub(crate) fn new(world: &'q World<'q>, steps: &'q Steps<'q>, path: &'q ast::Path) -> Question<'q> {
        let rights = &steps.rights;
        let of = |clause: &ast::Principals| -> Vec<Truth> {
            let people = rights.people.iter().enumerate();
            // Who is not there any more is nobody.
            people
                .map(|(i, id)| {
                    if rights.exists[i] {
                        clauses::principals(world, id, &Who::Id(id.clone()), clause)
                    } else {
                        No
                    }
                })
                .collect()
        };
        let (to, key) = match &path.to {
            PathTarget::Principals(clause) => (of(clause), String::new()),
            PathTarget::Grant(head, _) => (vec![], head_key(world, head)),
        };
        Question {
            world,
            steps,
            path,
            from: of(&path.from),
            to,
            through: path.through.as_ref().map(of).unwrap_or_default(),
            key,
            admitted: RefCell::default(),
            meant: RefCell::default(),
        }
    }

    fn admits(&self, step: Step) -> bool {
        self.path.by.is_empty() || self.path.by.iter().any(|by| by.node == step)
    }

    fn most(&self) -> Option<u64> {
        self.path.at_most.as_ref().map(|most| most.node)
    }

    // By rounds

    /// What the source comes by over steps that are at least as sure as the layer. A way ends where it comes to `last`.
    fn reached(&self, source: Actor, layer: Quality, last: Option<usize>) -> Reached {
        let open = self.path.through.is_none();
        let between = |thing: Actor, and_source: bool| match thing {
            Actor::Person { who, .. } => {
                (and_source || !is_same(thing, source)) && !open && is_between(self.through[who], layer)
            }
            _ => false,
        };
        // Nobody comes back to where he started.
        let is_start = |thing: Actor| is_same(thing, source);
        let is_last = |thing: Actor| matches!(thing, Actor::Person { who, .. } if Some(who) == last);
        let start = State { thing: source, met: open, given: open, real: false };
        let mut states = BTreeMap::from([(start, 0)]);
        let mut somewhere = None;
        let mut round = 0;
        loop {
            if self.most().is_some_and(|most| round >= most) {
                break;
            }
            let mut new: BTreeSet<State> = BTreeSet::new();
            for (state, _) in states.iter().filter(|(state, at)| **at == round && !is_last(state.thing)) {
                for edge in self.steps.single(state.thing).iter() {
                    if edge.quality < layer || !self.admits(edge.kind) {
                        continue;
                    }
                    let Some(thing) = edge.to else {
                        somewhere = somewhere.or(Some(round + 1));
                        continue;
                    };
                    if is_start(thing) {
                        continue;
                    }
                    let met = state.met || between(state.thing, false);
                    let given = match thing {
                        Actor::Power { .. } => met || state.given || between(state.thing, true),
                        _ => met,
                    };
                    let real = state.real || edge.kind != Step::Membership;
                    new.insert(State { thing, met, given, real });
                }
            }
            for (a, first) in &states {
                for (b, second) in &states {
                    if *first.max(second) != round || is_last(a.thing) || is_last(b.thing) {
                        continue;
                    }
                    for edge in self.steps.joint(a.thing, b.thing).iter() {
                        if edge.quality < layer || !self.admits(edge.kind) {
                            continue;
                        }
                        let Some(thing) = edge.to.filter(|thing| !is_start(*thing)) else { continue };
                        let met = a.met || b.met || between(a.thing, false) || between(b.thing, false);
                        let given = match thing {
                            Actor::Power { .. } => {
                                let holder = || b.given || between(b.thing, true);
                                let rewritten = edge.kind == Step::RoleDefinition && holder();
                                met || a.given || between(a.thing, true) || rewritten
                            }
                            _ => met,
                        };
                        new.insert(State { thing, met, given, real: true });
                    }
                }
            }
            new.retain(|state| !states.contains_key(state));
            if new.is_empty() {
                break;
            }
            round += 1;
            states.extend(new.into_iter().map(|state| (state, round)));
        }
        Reached { states, somewhere }
    }

    /// Everything that the source controls or has, itself too; and whether somebody uncaptured.
    pub(crate) fn things(&self, source: Actor, layer: Quality) -> (BTreeSet<Actor>, bool) {
        let reached = self.reached(source, layer, None);
        (reached.states.keys().map(|state| state.thing).collect(), reached.somewhere.is_some())
    }

    // Ends

    /// Each target that the source reaches, with the number of steps of the shortest way.
    fn ends(&self, source: Actor, layer: Quality) -> (BTreeMap<Target, u64>, Reached) {
        let reached = self.reached(source, layer, None);
        let mut ends: BTreeMap<Target, u64> = BTreeMap::new();
        let mut end = |target: Target, length: u64| {
            let known = ends.entry(target).or_insert(length);
            *known = (*known).min(length);
        };
        let rights = &self.steps.rights;
        match &self.path.to {
            PathTarget::Principals(_) => {
                for (state, length) in &reached.states {
                    let Actor::Person { who, .. } = state.thing else { continue };
                    let target = !is_same(state.thing, source) && state.real && state.met;
                    if !target || !is_between(self.to[who], layer) {
                        continue;
                    }
                    let mut length = Some(*length);
                    if self.path.through.is_some() {
                        // Nobody lies between the source and himself.
                        let ways = self.reached(source, layer, Some(who));
                        let same = |state: &State| {
                            matches!(state.thing, Actor::Person { who: other, .. } if other == who)
                                && state.real
                                && state.met
                        };
                        length = ways.states.iter().filter(|(x, _)| same(x)).map(|(_, n)| *n).min();
                    }
                    if let Some(length) = length {
                        end(Target::Principal(rights.people[who].clone()), length);
                    }
                }
            }
            PathTarget::Grant(_, clause) => {
                for (state, length) in &reached.states {
                    let Actor::Person { who, .. } = state.thing else { continue };
                    let met =
                        state.met || self.path.through.is_some() && is_between(self.through[who], layer);
                    if is_same(state.thing, source) || !state.real || !met {
                        continue;
                    }
                    for a in &rights.held {
                        let placed = clause.as_ref().map_or(Yes, |clause| self.placed(clause, a.scope));
                        let sure = rights.counts(state.thing, a).min(Quality::from(placed));
                        if sure < layer || sure.min(self.means(state.thing, a).into()) < layer {
                            continue;
                        }
                        let role = &self.world.tenant.assignments[a.index].role;
                        let itself = |own: &Held| {
                            own.scope == a.scope && self.world.tenant.assignments[own.index].role == *role
                        };
                        // What the role is does not matter: it is the same one.
                        if !self.holds(source, itself, false) {
                            end(Target::Grant(role.clone(), rights.scopes[a.scope].clone()), *length);
                        }
                    }
                }
                for (role, scope, length) in self.had(source, layer, &reached, clause.as_ref()) {
                    end(Target::Grant(role, scope), length);
                }
            }
        }
        (ends, reached)
    }

    /// Whether the source holds, for sure, an assignment of that sort that the grant means, and whose role it means if asked.
    fn holds(&self, source: Actor, sort: impl Fn(&Held) -> bool, and_role: bool) -> bool {
        let rights = &self.steps.rights;
        let meant = |own: &Held| {
            if and_role { self.means_of_source(own) } else { self.means_in_state(own) }
        };
        rights
            .held
            .iter()
            .any(|own| sort(own) && rights.counts(source, own) >= Quality::Potential && meant(own) == Yes)
    }

    /// What could be given, of what is had: (role, scope, steps).
    fn had(
        &self,
        source: Actor,
        layer: Quality,
        reached: &Reached,
        clause: Option<&ast::ScopeClause>,
    ) -> Vec<(String, String, u64)> {
        let rights = &self.steps.rights;
        let mut at: BTreeMap<usize, Vec<(Option<usize>, u64)>> = BTreeMap::new();
        for (state, length) in &reached.states {
            if let Actor::Power { roles, scope } = state.thing
                && state.given
            {
                at.entry(scope).or_default().push((roles, *length));
            }
        }
        let mut found = vec![];
        // What is given is active, without an end, and its receiver's own.
        let unlike = |adjective: &Adjective| matches!(adjective, Adjective::Eligible | Adjective::Inherited);
        if self.head().is_some_and(|head| head.adjectives.iter().any(|x| unlike(&x.node))) {
            return vec![];
        }
        let meant = |set: Option<usize>| -> BTreeSet<usize> {
            match set {
                None => self.first_meant(layer).into_iter().collect(),
                Some(set) => {
                    let own = rights.roles_of(set);
                    own.iter().copied().filter(|role| is_between(self.means_role(*role), layer)).collect()
                }
            }
        };
        for (scope, powers) in at {
            let powers: Vec<(BTreeSet<usize>, u64)> =
                powers.into_iter().map(|(set, length)| (meant(set), length)).collect();
            let with_one = || powers.iter().filter(|(roles, _)| !roles.is_empty());
            let Some(length) = with_one().map(|(_, length)| *length).min() else { continue };
            let shortest = with_one().filter(|(_, own)| *own == length);
            let all: BTreeSet<usize> = shortest.flat_map(|(roles, _)| roles.clone()).collect();
            if let Some(role) = self.first(all) {
                for (place, quality) in self.places(scope, clause) {
                    let known = |own: &Held| rights.above(own.scope, place) == Yes;
                    if quality >= layer && !self.holds(source, known, true) {
                        found.push((rights.role(role).guid.clone(), rights.scopes[place].clone(), length));
                    }
                }
            }
        }
        found
    }

    /// The scope, if the clause admits it, else the highest ones inside it that it admits.
    fn places(&self, scope: usize, clause: Option<&ast::ScopeClause>) -> Vec<(usize, Quality)> {
        let rights = &self.steps.rights;
        let Some(clause) = clause else { return vec![(scope, Quality::Held)] };
        let mut all = vec![];
        let itself = self.placed(clause, scope);
        if itself != No {
            all.push((scope, itself.into()));
        }
        if itself == Yes {
            return all;
        }
        for place in 0..rights.scopes.len() {
            let inside = rights.above(scope, place);
            if place == scope || inside == No {
                continue;
            }
            let own = self.placed(clause, place);
            if own == No {
                continue;
            }
            let higher = (0..rights.scopes.len()).filter(|other| {
                *other != place && rights.above(scope, *other) != No && rights.above(*other, place) != No
            });
            let taken = Truth::any(higher.map(|other| {
                self.placed(clause, other).and(rights.above(scope, other)).and(rights.above(other, place))
            }));
            all.push((place, inside.and(own).and(taken.not()).into()));
        }
        // What was not captured may be inside.
        let hidden = Truth::any(clause.scopes.iter().map(|item| {
            let level = match item {
                ast::Scope::Sub(entity) => clauses::level_of(entity.noun.node),
                ast::Scope::Level { level, .. } => clauses::level_of(level.node),
            };
            let id = &rights.scopes[scope];
            match level {
                Some(level) if clauses::may_hide_below(self.world, id, level) => Unknown,
                _ => No,
            }
        }));
        if hidden == Unknown {
            all.push((scope, Quality::Unknown));
        }
        all
    }

    fn placed(&self, clause: &ast::ScopeClause, scope: usize) -> Truth {
        if let Some(known) = self.admitted.borrow().get(&scope) {
            return *known;
        }
        let truth = clauses::scope_clause(self.world, &self.steps.rights.scopes[scope], clause);
        self.admitted.borrow_mut().insert(scope, truth);
        truth
    }

    fn head(&self) -> Option<&ast::GrantHead> {
        match &self.path.to {
            PathTarget::Grant(head, _) => Some(head),
            PathTarget::Principals(_) => None,
        }
    }

    /// Whether the grant means the assignment as the actor holds it, wherever it is made.
    fn means(&self, actor: Actor, a: &Held) -> Truth {
        let Some(head) = self.head() else { return No };
        let direct = matches!(actor, Actor::Person { who, .. } if who == a.principal);
        let adjectives: Vec<Adjective> = head.adjectives.iter().map(|x| x.node).collect();
        // What a controlled group holds, whoever is put into it holds through it.
        let group = direct && self.steps.rights.group[a.principal] == Yes;
        if adjectives.contains(&Adjective::Direct) && !direct
            || adjectives.contains(&Adjective::Inherited) && direct && !group
        {
            return No;
        }
        self.means_of_source(a)
    }

    /// Whether the grant means the assignment, whoever holds it, and wherever it is made.
    fn means_of_source(&self, a: &Held) -> Truth {
        let role = match a.role {
            Some(role) => self.means_role(role),
            None => self.means_guid(&self.world.tenant.assignments[a.index].role),
        };
        role.and(self.means_in_state(a))
    }

    /// Whether the grant means the state of the assignment.
    fn means_in_state(&self, a: &Held) -> Truth {
        let Some(head) = self.head() else { return No };
        let row = &self.world.tenant.assignments[a.index];
        let adjectives = head.adjectives.iter().map(|x| x.node);
        let states: Vec<Adjective> = adjectives.filter(|x| !is_of_role(*x)).collect();
        clauses::adjectives(self.world, row, &states)
    }

    /// Whether the grant means the role.
    fn means_role(&self, role: usize) -> Truth {
        let rights = &self.steps.rights;
        if rights.is_of_catalogue(role) {
            let key = (self.key.clone(), role);
            if let Some(known) = self.world.paths.borrow().meant.get(&key) {
                return *known;
            }
            let truth = self.means_guid(&rights.role(role).guid);
            self.world.paths.borrow_mut().meant.insert(key, truth);
            return truth;
        }
        if let Some(known) = self.meant.borrow().get(&role) {
            return *known;
        }
        let truth = self.means_guid(&rights.role(role).guid);
        self.meant.borrow_mut().insert(role, truth);
        truth
    }

    fn means_guid(&self, guid: &str) -> Truth {
        let Some(head) = self.head() else { return No };
        let adjectives: Vec<Adjective> =
            head.adjectives.iter().map(|x| x.node).filter(|x| is_of_role(*x)).collect();
        let assignment = Assignment {
            id: String::new(),
            role: guid.to_owned(),
            scope: "/".to_owned(),
            principal: String::new(),
            principal_type: Stated::Unsaid,
            eligible: false,
            start: Stated::Unsaid,
            end: Stated::Unsaid,
            created: Stated::Unsaid,
            created_by: Stated::Unsaid,
            condition: Stated::Null,
            limit: None,
        };
        let roles = head.roles.as_ref().map_or(Yes, |roles| clauses::roles(self.world, guid, roles));
        roles.and(clauses::adjectives(self.world, &assignment, &adjectives))
    }

    /// The role that stands for all that are meant: Owner, else the first by name.
    fn first_meant(&self, layer: Quality) -> Option<usize> {
        let rights = &self.steps.rights;
        let meant = |role: &usize| is_between(self.means_role(*role), layer);
        let owner = TABLES.numbers[super::catalogue::OWNER];
        if meant(&owner) {
            return Some(owner);
        }
        let shipped = TABLES.by_name.iter().copied().find(meant);
        let own = (TABLES.roles.len()..rights.roles()).filter(meant);
        self.first(shipped.into_iter().chain(own).collect())
    }

    fn first(&self, roles: BTreeSet<usize>) -> Option<usize> {
        let rights = &self.steps.rights;
        let owner = TABLES.numbers[super::catalogue::OWNER];
        if roles.contains(&owner) {
            return Some(owner);
        }
        roles.into_iter().min_by_key(|role| {
            let role = rights.role(*role);
            (role.name.to_lowercase(), role.guid.clone())
        })
    }

    // Filters

    /// Of a path that is not known, neither is the length; of somebody uncaptured, nothing.
    fn filtered(&self, source: Actor, target: Option<&Target>, length: Option<u64>) -> Truth {
        if self.path.filters.is_empty() {
            return Yes;
        }
        let source = match source {
            Actor::Person { who, .. } => Value::Principal(Who::Id(self.steps.rights.people[who].clone())),
            _ => Value::Unknown,
        };
        let target = match target {
            None => Value::Unknown,
            Some(Target::Principal(id)) => Value::Principal(Who::Id(id.clone())),
            Some(Target::Grant(role, scope)) => Value::Target(role.clone(), scope.clone()),
        };
        let exactly = |n: u64| Value::Path { low: n as i64, high: Some(n as i64) };
        let length = length.map_or(Value::Unknown, exactly);
        let bindings: Vec<Binding> =
            vec![("path".to_owned(), length), ("source".to_owned(), source), ("target".to_owned(), target)];
        expressions::filters(self.world, &bindings, &self.path.filters)
    }

    // What is missing

    pub(crate) fn missing(&self) -> BTreeSet<String> {
        let mut needed = vec![ROLE_ASSIGNMENTS];
        if !clauses::admits_only_services(Some(&self.path.from)) {
            needed.push(ELIGIBLE);
        }
        let by_step: [(Step, &[&str]); 5] = [
            (Step::CodeExecution, &[RESOURCES, POLICY_ASSIGNMENTS]),
            (Step::IdentityAttachment, &[IDENTITIES]),
            (Step::Federation, &[IDENTITIES]),
            (Step::RoleDefinition, &[ROLE_DEFINITIONS]),
            (Step::Ownership, &[GROUP_OWNERS, APPLICATION_OWNERS, SERVICE_PRINCIPAL_OWNERS]),
        ];
        for (step, collections) in by_step {
            if self.admits(step) {
                needed.extend(collections);
            }
        }
        if self.admits(Step::Ownership) && !self.world.tenant.application_owners.is_empty() {
            needed.extend([APPLICATIONS, SERVICE_PRINCIPALS]);
        }
        let missing = needed.into_iter().filter(|collection| !self.world.tenant.complete(collection));
        missing.map(str::to_owned).collect()
    }

    /// The groups of which not everybody was captured who may be in them, if whoever is in one may come to an end: because the group
    /// does, because it is or holds one, or because it holds a part of what a step needs.
    fn open_groups(&self) -> BTreeSet<String> {
        if self.world.tenant.complete(MEMBERSHIPS) {
            return BTreeSet::new();
        }
        let rights = &self.steps.rights;
        let open = ast::Path { through: None, ..self.path.clone() };
        let open = Question::new(self.world, self.steps, &open);
        let everybody = || (0..rights.people.len()).filter(|who| rights.exists[*who]);
        let person = |who: usize| Actor::Person { who, weak: false };
        let is_move = |kind: Step| kind != Step::Membership && self.admits(kind);
        let moves = everybody().any(|a| {
            let alone = self.steps.single(person(a)).iter().any(|edge| is_move(edge.kind));
            let two = |b| self.steps.joint(person(a), person(b)).iter().any(|edge| is_move(edge.kind));
            alone || everybody().any(two)
        });
        let leads = |group: usize| {
            let (ends, reached) = open.ends(person(group), Quality::Unknown);
            let part = TECHNIQUES
                .iter()
                .any(|step| self.admits(*step) && self.steps.holds_a_part(person(group), *step));
            let at_an_end = moves
                && reached
                    .states
                    .keys()
                    .filter(|state| !state.real)
                    .any(|state| open.is_at_an_end(state.thing));
            part || at_an_end || !ends.is_empty() || reached.somewhere.is_some()
        };
        let groups = everybody().filter(|group| rights.group[*group] != No);
        groups.filter(|group| leads(*group)).map(|group| format!("in {}", rights.people[group])).collect()
    }

    /// Whether somebody is, or holds, what the sentence leads to.
    fn is_at_an_end(&self, thing: Actor) -> bool {
        let Actor::Person { who, .. } = thing else { return false };
        let rights = &self.steps.rights;
        match &self.path.to {
            PathTarget::Principals(_) => self.to[who] != No,
            PathTarget::Grant(_, clause) => rights.held.iter().any(|a| {
                let placed = clause.as_ref().map_or(Yes, |clause| self.placed(clause, a.scope));
                placed != No && rights.counts(thing, a) != Quality::No && self.means(thing, a) != No
            }),
        }
    }

    /// Everybody whom a group may have as a member without anybody having captured it.
    fn somebodies(&self) -> Vec<Actor> {
        if self.world.tenant.complete(MEMBERSHIPS) {
            return vec![];
        }
        let rights = &self.steps.rights;
        let mut all = vec![];
        for group in 0..rights.people.len() {
            if rights.group[group] == No || !rights.exists[group] {
                continue;
            }
            let mut services = BTreeSet::new();
            for kind in ANYBODY {
                let who = Who::Somebody { group: rights.people[group].clone(), kind };
                let service = matches!(kind, Kind::SystemAssigned | Kind::UserAssigned | Kind::Service);
                if clauses::principals(self.world, &rights.people[group], &who, &self.path.from) != No {
                    services.insert(service);
                }
            }
            all.extend(services.into_iter().map(|service| Actor::Somebody { group, service }));
        }
        all
    }

    fn names_nothing(&self) -> bool {
        let world = self.world;
        let target = match &self.path.to {
            PathTarget::Grant(head, clause) => {
                self.no_such_role(head)
                    || clause.as_ref().is_some_and(|clause| clauses::no_such_scope(world, clause))
            }
            PathTarget::Principals(clause) => clauses::no_such_principal(world, clause),
        };
        target
            || clauses::no_such_principal(world, &self.path.from)
            || self.path.through.as_ref().is_some_and(|clause| clauses::no_such_principal(world, clause))
    }

    fn no_such_role(&self, head: &ast::GrantHead) -> bool {
        let Some(ast::Roles { set: Some(ast::RoleSet::Patterns(patterns)), .. }) = &head.roles else {
            return false;
        };
        let texts = clauses::texts(self.world, patterns);
        let t = self.world.tenant;
        !texts.iter().any(|text| {
            let named =
                |guid: &str, name: &str| guid.eq_ignore_ascii_case(text) || super::glob::matches(text, name);
            TABLES.roles.iter().any(|role| role.guid.eq_ignore_ascii_case(text))
                || t.role_definitions.iter().any(|role| named(&role.guid, &role.name))
                || t.assignments.iter().any(|a| a.role.eq_ignore_ascii_case(text))
                || TABLES.roles.iter().any(|role| super::glob::matches(text, &role.name))
        })
    }
}

/// The steps that may need two things of two sorts.
const TECHNIQUES: [Step; 4] =
    [Step::CodeExecution, Step::IdentityAttachment, Step::RoleDefinition, Step::RoleGrant];

fn is_of_role(adjective: Adjective) -> bool {
    matches!(adjective, Adjective::Custom | Adjective::BuiltIn | Adjective::Privileged)
}

/// Whether both are the same principal.
fn is_same(a: Actor, b: Actor) -> bool {
    match (a, b) {
        (Actor::Person { who: a, .. }, Actor::Person { who: b, .. }) => a == b,
        _ => a == b,
    }
}

/// What a grant asks of a role, as a text.
fn head_key(world: &World<'_>, head: &ast::GrantHead) -> String {
    let mut key = format!("{} roles;", world.built_ins.len());
    for adjective in head.adjectives.iter().filter(|x| is_of_role(x.node)) {
        key += &format!("{:?};", adjective.node);
    }
    if let Some(roles) = &head.roles {
        key += &match &roles.set {
            None => String::new(),
            Some(ast::RoleSet::Patterns(patterns)) => format!("{:?}", clauses::texts(world, patterns)),
            Some(ast::RoleSet::Granting(granting)) => format!(
                "{:?} {} {:?}",
                granting.extent.node,
                granting.data,
                clauses::asked_actions(world, &granting.patterns)
            ),
        };
        key += &format!(" except {:?}", clauses::texts(world, &roles.except));
    }
    key
}

/// How a finding is compared.
fn line(source: &str, target: &Target, length: u64, potential: bool) -> String {
    let target = match target {
        Target::Principal(id) => id.clone(),
        Target::Grant(role, scope) => format!("{role} at {scope}"),
    };
    let eligible = if potential { ", potential" } else { "" };
    format!("{source} -> {target} in {length}{eligible}")
}

/// The engine's finding as this reading names it.
pub(crate) fn line_of(source: &str, target: &Target, length: u64, potential: bool) -> String {
    line(source, target, length, potential)
}

/// A waiver of a path: `for` is about who starts, a scope about where a role at the end is.
fn waives(world: &World<'_>, waiver: &ast::Waive, source: &str, target: &Target) -> bool {
    let who = Who::Id(source.to_owned());
    let held = |clause| clauses::principals(world, source, &who, clause) == Yes;
    let placed = |clause| match target {
        Target::Grant(_, scope) => clauses::scope_clause(world, scope, clause) == Yes,
        Target::Principal(_) => false,
    };
    super::verdicts::in_time(world, waiver)
        && waiver.entity.is_none()
        && waiver.principals.as_ref().is_none_or(held)
        && waiver.scope.as_ref().is_none_or(placed)
}

pub(crate) fn verdict(
    world: &World<'_>,
    effect: Effect,
    path: &ast::Path,
    waivers: &[&ast::Waive],
) -> Verdict {
    let steps = Steps::new(Rights::new(world));
    let question = Question::new(world, &steps, path);
    let rights = &steps.rights;
    let person = |who: usize| Actor::Person { who, weak: false };
    let examined = question.from.iter().filter(|truth| **truth != No).count();
    let mut findings = BTreeSet::new();
    let mut unknown = BTreeSet::new();
    let mut decided: BTreeMap<(usize, Target), u64> = BTreeMap::new();
    for who in (0..rights.people.len()).filter(|who| question.from[*who] == Yes) {
        let (ends, _) = question.ends(person(who), Quality::Potential);
        let mut held = None;
        for (target, length) in ends {
            let source = &rights.people[who];
            match question.filtered(person(who), Some(&target), Some(length)) {
                Yes => {
                    let held = held.get_or_insert_with(|| question.ends(person(who), Quality::Held).0);
                    let potential = held.get(&target) != Some(&length);
                    let waived = waivers.iter().any(|waiver| waives(world, waiver, source, &target));
                    findings.insert((waived, line(source, &target, length, potential)));
                }
                Unknown => {
                    unknown.insert(line(source, &target, length, true));
                }
                No => {}
            }
            decided.insert((who, target), length);
        }
    }
    let open = findings.iter().any(|(waived, _)| !waived);
    if !open {
        unknown.extend(question.missing());
        unknown.extend(question.open_groups());
        let sources = (0..rights.people.len()).filter(|who| question.from[*who] != No).map(person);
        for source in sources.chain(question.somebodies()) {
            let (ends, reached) = question.ends(source, Quality::Unknown);
            if reached.somewhere.is_some() && question.filtered(source, None, None) != No {
                unknown.insert(format!("{source:?} reaches somebody whom nobody captured"));
            }
            for (target, length) in ends {
                let sure = match source {
                    Actor::Person { who, .. } => decided.get(&(who, target.clone())).copied(),
                    _ => None,
                };
                if sure == Some(length) {
                    continue;
                }
                if question.filtered(source, Some(&target), None) != No {
                    unknown.insert(format!("{source:?} may reach {target:?} in {length}"));
                }
            }
        }
    }
    let selected = findings.len();
    let nothing = findings.is_empty() && unknown.is_empty() && question.names_nothing();
    let status = if open {
        match effect {
            Effect::Deny => Status::Fail,
            Effect::Warn => Status::Warn,
            Effect::Advise => Status::Advise,
        }
    } else if !unknown.is_empty() {
        Status::Unknown
    } else if !findings.is_empty() {
        Status::Waived
    } else if examined == 0 || nothing {
        Status::NotApplicable
    } else {
        Status::Pass
    };
    // Where something is found, what is missing is not asked about.
    if status != Status::Unknown {
        unknown.clear();
    }
    Verdict { status, examined, selected, findings, unknown }
}
