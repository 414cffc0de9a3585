//! What somebody may do (paths.md, first section): for each actor, scope and operation, by looking at every assignment.

use super::conditions::{Condition, WRITE};
use super::glob;
use super::model::*;
use super::scopes::{self, Level};
use super::tables::TABLES;
use super::truth::Truth::{self, No, Unknown, Yes};
use super::world::{Kind, Who, World};
use dictum::syntax::ast::Noun;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// How sure a right is; the better one counts where several assignments give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Quality {
    No,
    Unknown,
    Potential,
    Held,
}

impl From<Truth> for Quality {
    fn from(truth: Truth) -> Quality {
        match truth {
            No => Quality::No,
            Unknown => Quality::Unknown,
            Yes => Quality::Held,
        }
    }
}

/// An operation: its text in lower case, the resource type that it is about, its plane.
struct Operation {
    text: String,
    about: String,
    data: bool,
}

/// What is remembered from one tenant to the next: facts about operations and patterns alone.
#[derive(Default)]
pub(crate) struct Memory {
    operations: Vec<Operation>,
    numbers: HashMap<(String, bool), usize>,
    /// Pattern -> operation -> whether it matches, strictly and generously.
    matches: HashMap<String, HashMap<usize, (bool, bool)>>,
    /// (built-in role, operation) -> which blocks grant it.
    built_in: HashMap<(usize, usize), u8>,
    /// Built-in roles that grant writing role assignments.
    writers: Option<Vec<usize>>,
    /// (what a grant means, role) -> whether it means the role.
    pub meant: HashMap<(String, usize), Truth>,
}

impl Memory {
    pub(crate) fn operation(&mut self, text: &str, data: bool) -> usize {
        let text = text.to_lowercase();
        if let Some(number) = self.numbers.get(&(text.clone(), data)) {
            return *number;
        }
        let about = text.rsplit_once('/').map_or("", |(about, _)| about).to_owned();
        self.operations.push(Operation { text: text.clone(), about, data });
        self.numbers.insert((text, data), self.operations.len() - 1);
        self.operations.len() - 1
    }

    fn matches(&mut self, pattern: &str, operation: usize, generous: bool) -> bool {
        if !self.matches.contains_key(pattern) {
            self.matches.insert(pattern.to_owned(), HashMap::new());
        }
        let Some(known) = self.matches.get_mut(pattern) else { return false };
        let (strict, wide) = *known.entry(operation).or_insert_with(|| {
            let text = &self.operations[operation].text;
            let strict = glob::matches(pattern, text);
            // In what is granted `/*/` also stands for `/`.
            (strict, strict || glob::matches(&pattern.replace("/*/", "/"), text))
        });
        if generous { wide } else { strict }
    }

    /// Which of the blocks grant the operation: a bit each.
    fn granting(&mut self, blocks: &[Block], operation: usize, generous: bool) -> u8 {
        let mut mask = 0;
        for (i, block) in blocks.iter().enumerate() {
            let data = self.operations[operation].data;
            let (plus, minus) = if data {
                (&block.data_actions, &block.not_data_actions)
            } else {
                (&block.actions, &block.not_actions)
            };
            if plus.iter().any(|pattern| self.matches(pattern, operation, generous))
                && !minus.iter().any(|pattern| self.matches(pattern, operation, false))
            {
                mask |= 1 << i;
            }
        }
        mask
    }
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Actor {
    /// A principal, by its number. A group is weak where a managed identity or service principal joined it: what it is only
    /// eligible for can't be activated.
    Person { who: usize, weak: bool },
    /// Somebody new who holds roles at a scope: every role, or (by its number) a set of them.
    Power { roles: Option<usize>, scope: usize },
    /// Somebody uncaptured whom a group may have as a member.
    Somebody { group: usize, service: bool },
}

/// What limits an assignment.
#[derive(Clone, Debug)]
pub(crate) enum Limit {
    Nothing,
    Known(Condition),
    Unknown,
}

/// An assignment that has not ended.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// Its place in the tenant.
    pub index: usize,
    pub principal: usize,
    /// None where the definition is missing.
    pub role: Option<usize>,
    pub scope: usize,
    pub eligible: bool,
    pub state: Quality,
    pub limit: Limit,
}

/// Places in `held`, each with how sure it is that it counts.
type Counting = Rc<Vec<(usize, Quality)>>;

struct Deny<'w> {
    row: &'w DenyAssignment,
    scope: usize,
    everyone: bool,
    principals: Vec<usize>,
    excluded: Vec<usize>,
}

pub(crate) struct Rights<'w> {
    pub world: &'w World<'w>,
    pub scopes: Vec<String>,
    places: BTreeMap<String, usize>,
    chains: Vec<(Vec<usize>, bool)>,
    levels: Vec<Level>,
    types: Vec<String>,
    /// Every principal that is spoken of.
    pub people: Vec<String>,
    numbers: BTreeMap<String, usize>,
    /// Whether it is there: no missing principal, no identity that the complete `identities` do not have.
    pub exists: Vec<bool>,
    pub kinds: Vec<Kind>,
    /// Whether it is a managed identity or service principal.
    pub service: Vec<Truth>,
    pub group: Vec<Truth>,
    /// Whether the first is in the second, directly or through other groups.
    pub member: Vec<Vec<Truth>>,
    pub held: Vec<Held>,
    denies: Vec<Deny<'w>>,
    /// Captured definitions of built-in roles.
    captured: BTreeMap<usize, &'w RoleDefinition>,
    customs: Vec<&'w RoleDefinition>,
    rights: RefCell<HashMap<(Actor, usize, usize), Quality>>,
    /// The assignments that count for somebody, by their places in `held`.
    counting: RefCell<HashMap<Actor, Counting>>,
    granting: RefCell<HashMap<(usize, usize), u8>>,
    sets: RefCell<Vec<Rc<Vec<usize>>>>,
    write: usize,
}

impl<'w> Rights<'w> {
    pub(crate) fn new(world: &'w World<'w>) -> Rights<'w> {
        let t = world.tenant;
        let mut own_scopes: BTreeSet<String> = world.scopes.clone();
        own_scopes.extend(t.deny_assignments.iter().map(|x| x.scope.clone()));
        for x in &t.policy_assignments {
            own_scopes.insert(x.scope.clone());
            own_scopes.extend(definition_scope(&x.definition));
        }
        // What stands above a scope by its id alone.
        for id in own_scopes.clone() {
            let mut above = scopes::parent_by_id(&id);
            while let Some(id) = above {
                above = scopes::parent_by_id(&id);
                own_scopes.insert(id);
            }
        }
        let mut linked = own_scopes.clone();
        for id in &own_scopes {
            linked.extend(world.chain(id).0);
        }
        let scopes: Vec<String> = linked.into_iter().collect();
        let places: BTreeMap<String, usize> =
            scopes.iter().enumerate().map(|(i, id)| (id.clone(), i)).collect();
        let chains = scopes.iter().map(|id| {
            let (chain, whole) = world.chain(id);
            (chain.iter().map(|id| places[id]).collect(), whole)
        });
        let chains = chains.collect();

        let people: Vec<String> = super::clauses::mentioned_principals(world).into_iter().collect();
        let numbers: BTreeMap<String, usize> =
            people.iter().enumerate().map(|(i, id)| (id.clone(), i)).collect();
        let who: Vec<Who> = people.iter().map(|id| Who::Id(id.clone())).collect();
        let kinds: Vec<Kind> = who.iter().map(|who| world.kind(who)).collect();
        let is = |noun: Noun| -> Vec<Truth> { who.iter().map(|who| world.is_kind(who, noun)).collect() };
        let (service, group, missing) =
            (is(Noun::ServicePrincipal), is(Noun::Group), is(Noun::MissingPrincipal));
        let listed = |id: &String| {
            t.identities.iter().any(|x| x.principal == *id)
                || t.service_principals.iter().any(|x| x.id == *id)
        };
        let gone = |i: usize| kinds[i] == Kind::UserAssigned && t.complete(IDENTITIES) && !listed(&people[i]);
        let exists: Vec<bool> = (0..people.len()).map(|i| missing[i] != Yes && !gone(i)).collect();
        let open = !t.complete(MEMBERSHIPS);
        let member = (0..people.len()).map(|p| {
            let groups = world.groups_of(&who[p]);
            let in_group = |g: usize| {
                if p == g {
                    No
                } else if groups.contains(&people[g]) {
                    Yes
                } else if open && group[g] != No && exists[g] && exists[p] {
                    Unknown
                } else {
                    No
                }
            };
            (0..people.len()).map(in_group).collect()
        });
        let member = member.collect();
        let levels = scopes.iter().map(|id| scopes::level(id)).collect();
        let types = scopes.iter().map(|id| scopes::resource_type(id)).collect();
        let mut rights = Rights {
            world,
            levels,
            types,
            scopes,
            places,
            chains,
            people,
            numbers,
            exists,
            kinds,
            service,
            group,
            member,
            held: vec![],
            denies: vec![],
            captured: BTreeMap::new(),
            customs: vec![],
            rights: RefCell::default(),
            counting: RefCell::default(),
            granting: RefCell::default(),
            sets: RefCell::default(),
            write: world.paths.borrow_mut().operation(WRITE, false),
        };
        for role in &t.role_definitions {
            match TABLES.numbers.get(&role.guid).copied() {
                Some(number) => {
                    rights.captured.insert(number, role);
                }
                None => rights.customs.push(role),
            }
        }
        rights.held = (0..t.assignments.len()).filter_map(|i| rights.assignment(i)).collect();
        rights.denies = t
            .deny_assignments
            .iter()
            .filter(|x| !x.audit)
            .map(|row| Deny {
                row,
                scope: rights.places[&row.scope],
                everyone: row.principals.iter().any(|id| id == EVERYONE),
                principals: row.principals.iter().filter_map(|id| rights.numbers.get(id).copied()).collect(),
                excluded: row.excluded.iter().filter_map(|id| rights.numbers.get(id).copied()).collect(),
            })
            .collect();
        rights
    }

    fn assignment(&self, index: usize) -> Option<Held> {
        let t = self.world.tenant;
        let a = &t.assignments[index];
        let date = |attr: &str| match super::values::of_assignment(self.world, a, attr) {
            super::expressions::Value::Date(at) => Some(at),
            _ => None,
        };
        if date("end").is_some_and(|end| end < t.time) {
            return None;
        }
        let future = date("start").is_some_and(|start| start > t.time);
        let limit = match (&a.condition, &a.limit) {
            (Stated::Null, _) => Limit::Nothing,
            (Stated::Is(_), Some(limit)) => Limit::Known(limit.clone()),
            (Stated::Is(_), None) | (Stated::Unsaid, _) => Limit::Unknown,
        };
        Some(Held {
            index,
            principal: self.numbers[&a.principal],
            role: self.role_number(&a.role),
            scope: self.places[&a.scope],
            eligible: a.eligible,
            state: if a.eligible || future { Quality::Potential } else { Quality::Held },
            limit,
        })
    }

    // Roles

    pub(crate) fn role_number(&self, guid: &str) -> Option<usize> {
        let custom = self.customs.iter().position(|x| x.guid == guid).map(|i| TABLES.roles.len() + i);
        custom.or_else(|| TABLES.numbers.get(guid).copied())
    }

    pub(crate) fn role(&self, number: usize) -> &RoleDefinition {
        match self.captured.get(&number) {
            Some(role) => role,
            None if number < TABLES.roles.len() => &TABLES.roles[number],
            None => self.customs[number - TABLES.roles.len()],
        }
    }

    pub(crate) fn number(&self, id: &str) -> usize {
        self.numbers[id]
    }

    /// Every role that grants writing role assignments, under whatever condition.
    pub(crate) fn writers(&self) -> Vec<usize> {
        let of_catalogue = |role: &usize| self.is_of_catalogue(*role);
        let known = self.world.paths.borrow().writers.clone();
        let shipped = known.unwrap_or_else(|| {
            let mut memory = self.world.paths.borrow_mut();
            let write = self.write;
            let grant = (0..TABLES.roles.len())
                .filter(|role| memory.granting(&TABLES.roles[*role].blocks, write, true) != 0);
            let grant: Vec<usize> = grant.collect();
            memory.writers = Some(grant.clone());
            grant
        });
        let mut all: Vec<usize> = shipped.into_iter().filter(of_catalogue).collect();
        let own = self.captured.keys().copied().chain(TABLES.roles.len()..self.roles());
        all.extend(own.filter(|role| self.blocks_granting(*role, self.write) != 0));
        all
    }

    /// How many roles the catalogue and the capture have.
    pub(crate) fn roles(&self) -> usize {
        TABLES.roles.len() + self.customs.len()
    }

    /// Whether what is known of the role is the catalogue's alone.
    pub(crate) fn is_of_catalogue(&self, number: usize) -> bool {
        number < TABLES.roles.len() && !self.captured.contains_key(&number)
    }

    /// Which blocks of the role grant the operation.
    fn blocks_granting(&self, role: usize, operation: usize) -> u8 {
        let mut memory = self.world.paths.borrow_mut();
        if self.is_of_catalogue(role) {
            if let Some(mask) = memory.built_in.get(&(role, operation)) {
                return *mask;
            }
            let mask = memory.granting(&self.role(role).blocks, operation, true);
            memory.built_in.insert((role, operation), mask);
            return mask;
        }
        let mut known = self.granting.borrow_mut();
        *known
            .entry((role, operation))
            .or_insert_with(|| memory.granting(&self.role(role).blocks, operation, true))
    }

    /// The number of a set of roles.
    pub(crate) fn set(&self, roles: Vec<usize>) -> usize {
        let mut sets = self.sets.borrow_mut();
        if let Some(number) = sets.iter().position(|known| **known == roles) {
            return number;
        }
        sets.push(Rc::new(roles));
        sets.len() - 1
    }

    pub(crate) fn roles_of(&self, set: usize) -> Rc<Vec<usize>> {
        self.sets.borrow()[set].clone()
    }

    // Scopes

    pub(crate) fn place(&self, id: &str) -> usize {
        self.places[id]
    }
    pub(crate) fn level(&self, scope: usize) -> Level {
        self.levels[scope]
    }

    /// Whether `above` is `below` or one of its ancestors.
    pub(crate) fn above(&self, above: usize, below: usize) -> Truth {
        let (chain, whole) = &self.chains[below];
        if chain.contains(&above) {
            return Yes;
        }
        if *whole || self.level(above) != Level::ManagementGroup {
            return No;
        }
        let own = &self.chains[above].0;
        // What is below the last known one of the chain can't be above it.
        if chain.len() >= 2 && own.contains(&chain[chain.len() - 2]) { No } else { Unknown }
    }

    /// The scope above by the id, or by a captured link.
    pub(crate) fn parent(&self, scope: usize) -> Option<usize> {
        self.chains[scope].0.get(1).copied()
    }

    /// Whether an assignment at `made` gives an operation at `asked`.
    fn gives_at(&self, made: usize, asked: usize, operation: usize) -> Truth {
        let from_above = self.above(made, asked);
        if from_above == Yes || made == asked {
            return Yes;
        }
        let inside = self.world.paths.borrow().operations[operation].about == self.types[made]
            && self.level(made) == Level::Resource;
        if inside { from_above.or(self.above(asked, made)) } else { from_above }
    }

    // Rights

    /// How sure it is that the assignment counts for the actor.
    pub(crate) fn counts(&self, actor: Actor, a: &Held) -> Quality {
        let through_group = |member: Truth, service: Truth, activates: bool| {
            let state = if !a.eligible {
                a.state
            } else if !activates {
                Quality::No
            } else {
                a.state.min(service.not().into())
            };
            state.min(member.into())
        };
        match actor {
            Actor::Person { who, weak } => {
                let activates = !weak;
                if a.principal == who {
                    if a.eligible && !activates { Quality::No } else { a.state }
                } else {
                    through_group(self.member[who][a.principal], self.service[who], activates)
                }
            }
            Actor::Somebody { group, service } => {
                let member = if a.principal == group { Yes } else { self.member[group][a.principal] };
                through_group(member.and(Unknown), No, !service)
            }
            Actor::Power { .. } => Quality::No,
        }
    }

    fn counting(&self, actor: Actor) -> Counting {
        if let Some(known) = self.counting.borrow().get(&actor) {
            return known.clone();
        }
        let all = self.held.iter().enumerate().map(|(place, a)| (place, self.counts(actor, a)));
        let all: Counting = Rc::new(all.filter(|(_, quality)| *quality != Quality::No).collect());
        self.counting.borrow_mut().insert(actor, all.clone());
        all
    }

    /// Whether a deny assignment takes the operation from the actor at the scope.
    fn is_denied(&self, actor: Actor, operation: usize, scope: usize) -> bool {
        self.denies.iter().any(|deny| {
            let reached =
                scope == deny.scope || (!deny.row.not_children && self.above(deny.scope, scope) == Yes);
            if !reached {
                return false;
            }
            let is = |list: &[usize]| -> Truth {
                Truth::any(list.iter().map(|other| match actor {
                    Actor::Person { who, .. } if who == *other => Yes,
                    Actor::Person { who, .. } => self.member[who][*other],
                    Actor::Somebody { group, .. } if group == *other => Yes,
                    Actor::Somebody { group, .. } => self.member[group][*other].or(Unknown),
                    // It may be given to one of them.
                    Actor::Power { .. } => Unknown,
                }))
            };
            let named = if deny.everyone { Yes } else { is(&deny.principals) };
            let named = if matches!(actor, Actor::Power { .. }) && !deny.everyone { No } else { named };
            named == Yes
                && is(&deny.excluded) == No
                && self.world.paths.borrow_mut().granting(&deny.row.blocks, operation, false) != 0
        })
    }

    /// What the condition of a block and that of the assignment say of an operation other than writing an assignment.
    fn allowed(&self, block: Option<&Condition>, limit: &Limit, operation: usize) -> Truth {
        let memory = self.world.paths.borrow();
        let text = &memory.operations[operation].text;
        let ask = |condition: &Condition| {
            if operation == self.write {
                condition.allows_writing(None, None)
            } else {
                let asked =
                    super::conditions::Asked { operation: text, role: None, principal: None, kind: None };
                condition.allows(asked)
            }
        };
        let own = block.map_or(Yes, ask);
        own.and(match limit {
            Limit::Nothing => Yes,
            Limit::Known(condition) => ask(condition),
            Limit::Unknown => Unknown,
        })
    }

    /// How sure it is that the actor may carry out the operation on the scope. Of writing role assignments: of every role.
    pub(crate) fn may(&self, actor: Actor, operation: usize, scope: usize) -> Quality {
        if let Some(known) = self.rights.borrow().get(&(actor, operation, scope)) {
            return *known;
        }
        let best = self.given(actor, operation, scope, &|made| self.gives_at(made, scope, operation));
        self.rights.borrow_mut().insert((actor, operation, scope), best);
        best
    }

    /// The same, of what is given at the scope or above it.
    pub(crate) fn may_throughout(&self, actor: Actor, operation: usize, scope: usize) -> Quality {
        self.given(actor, operation, scope, &|made| self.above(made, scope))
    }

    fn given(&self, actor: Actor, operation: usize, scope: usize, gives: &dyn Fn(usize) -> Truth) -> Quality {
        let mut best = Quality::No;
        match actor {
            Actor::Power { roles, scope: made } => {
                let granted = roles.map_or(Yes, |set| {
                    let roles = self.roles_of(set);
                    Truth::any(roles.iter().map(|role| self.role_allows(*role, &Limit::Nothing, operation)))
                });
                best = gives(made).and(granted).into();
            }
            _ => {
                for &(place, counts) in self.counting(actor).iter() {
                    let a = &self.held[place];
                    let counts = counts.min(gives(a.scope).into());
                    if counts <= best {
                        continue;
                    }
                    let granted = match a.role {
                        None => Unknown,
                        Some(role) => self.role_allows(role, &a.limit, operation),
                    };
                    best = best.max(counts.min(granted.into()));
                }
            }
        }
        if best != Quality::No && self.is_denied(actor, operation, scope) {
            best = Quality::No;
        }
        best
    }

    pub(crate) fn role_allows(&self, role: usize, limit: &Limit, operation: usize) -> Truth {
        let mask = self.blocks_granting(role, operation);
        let blocks = self.role(role).blocks.iter().enumerate().filter(|(i, _)| mask & (1 << i) != 0);
        Truth::any(blocks.map(|(_, block)| self.allowed(block.limit.as_ref(), limit, operation)))
    }

    // Writing role assignments

    /// The ways in which the actor may write role assignments, of those made at the scope: how sure, and under which conditions.
    pub(crate) fn ways_to_write(&self, actor: Actor, scope: usize) -> Vec<(Quality, Vec<Limit>)> {
        if self.is_denied(actor, self.write, scope) {
            return vec![];
        }
        let of_role = |role: usize, limit: &Limit, quality: Quality| {
            let mask = self.blocks_granting(role, self.write);
            let blocks = self.role(role).blocks.iter().enumerate().filter(move |(i, _)| mask & (1 << i) != 0);
            let limit = limit.clone();
            let ways = blocks.map(move |(_, block)| {
                let own = block.limit.clone().map_or(Limit::Nothing, Limit::Known);
                (quality, vec![own, limit.clone()])
            });
            ways.collect::<Vec<(Quality, Vec<Limit>)>>()
        };
        match actor {
            Actor::Power { roles, scope: made } => {
                let placed = Quality::from(self.gives_at(made, scope, self.write));
                match roles {
                    _ if placed == Quality::No => vec![],
                    None => vec![(placed, vec![])],
                    Some(set) => {
                        let roles = self.roles_of(set);
                        roles.iter().flat_map(|role| of_role(*role, &Limit::Nothing, placed)).collect()
                    }
                }
            }
            _ => {
                let freed = self.is_freed(actor, scope);
                let mut ways = vec![];
                for a in self.held.iter().filter(|a| a.scope == scope || freed) {
                    let counts = self.counts(actor, a).min(self.gives_at(a.scope, scope, self.write).into());
                    match a.role {
                        _ if counts == Quality::No => {}
                        None => ways.push((Quality::Unknown, vec![])),
                        Some(role) => ways.extend(of_role(role, &a.limit, counts)),
                    }
                }
                ways
            }
        }
    }

    /// Whether a deny assignment that stops at the scope above takes what the actor has there.
    fn is_freed(&self, actor: Actor, scope: usize) -> bool {
        self.parent(scope).is_some_and(|parent| {
            self.held.iter().any(|a| {
                self.counts(actor, a) != Quality::No
                    && a.role.is_none_or(|role| self.blocks_granting(role, self.write) != 0)
                    && self.above(a.scope, parent) == Yes
            }) && self.is_denied(actor, self.write, parent)
        })
    }

    /// The scopes at which the actor may write role assignments, the highest ones: where such an assignment is made, or (where a
    /// deny assignment that stops at its scope takes it there) what lies right below.
    pub(crate) fn where_to_write(&self, actor: Actor) -> BTreeSet<usize> {
        let made: BTreeSet<usize> = match actor {
            Actor::Power { scope, .. } => BTreeSet::from([scope]),
            _ => {
                let mut made = BTreeSet::new();
                for a in &self.held {
                    let grants = a.role.is_none_or(|role| self.blocks_granting(role, self.write) != 0);
                    if grants && self.counts(actor, a) != Quality::No {
                        made.insert(a.scope);
                    }
                }
                made
            }
        };
        let mut all = BTreeSet::new();
        for scope in 0..self.scopes.len() {
            if self.is_denied(actor, self.write, scope) {
                continue;
            }
            if made.contains(&scope) || self.is_freed(actor, scope) {
                all.insert(scope);
            }
        }
        all
    }
}

/// Where a policy definition or set is; nowhere for a built-in one.
pub(crate) fn definition_scope(id: &str) -> Option<String> {
    let (scope, _) = id.split_once("/providers/microsoft.authorization/policy")?;
    (!scope.is_empty()).then(|| scope.to_owned())
}
