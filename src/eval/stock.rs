//! What is held where, and what lies there: of everybody's reach what the graph of control is not needed for.

use super::Evaluator;
use crate::azure::permission::Plane;
use crate::azure::scope::Level;
use crate::graph::Holding;
use crate::inventory::{Inventory, PrincipalId, ScopeId, State};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::ops::Range;

/// Where something is held, and what is thereby reached.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// At the scope, with an access to the resources at or inside it; without those that a deny assignment reaches.
    At(ScopeId, u32),
    /// Those that a deny assignment reaches, with what is left of an access to whoever a list of deny assignments names.
    Denied(ScopeId, u32, u32),
}

/// What stands at a place.
pub(super) struct Standing {
    /// The scope, where something is held at it.
    pub(super) scope: Option<ScopeId>,
    pub(super) subscriptions: Range<u32>,
    /// Resources that are read or written, and those that are written, each as a part of the runs.
    pub(super) any: Range<usize>,
    pub(super) written: Range<usize>,
}

/// Each once, by number.
pub(super) struct Numbered<T> {
    numbers: FxHashMap<T, u32>,
    pub(super) all: Vec<T>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Numbered { numbers: FxHashMap::default(), all: vec![] }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Numbered<T> {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        let numbers = FxHashMap::with_capacity_and_hasher(capacity, FxBuildHasher);
        Numbered { numbers, all: Vec::with_capacity(capacity) }
    }

    /// Its number, and whether it is new.
    pub(super) fn number(&mut self, one: T) -> (u32, bool) {
        let next = self.all.len() as u32;
        let number = *self.numbers.entry(one.clone()).or_insert(next);
        if number == next {
            self.all.push(one);
        }
        (number, number == next)
    }
}

/// For each type of resource, whether it may be read, and whether it may be written.
type Access = Vec<[bool; 2]>;

/// Runs of resources, in ascending order.
type Runs = Vec<Range<u32>>;

/// The captured resources, in an order in which those of a scope stand together.
pub(super) struct Resources {
    /// How many have a lower number in the tree of scopes than each that there is.
    before: Vec<u32>,
    pub(super) scopes: Vec<ScopeId>,
    /// Of each, its type.
    pub(super) types: Vec<u32>,
    /// Of each type, the operations that read and write, one type after the other.
    operations: Vec<String>,
    /// Those that enforced deny assignments reach, in ascending order, with these.
    pub(super) denied: Vec<(u32, Vec<usize>)>,
    /// Which of the operations those deny assignments take where they reach.
    pub(super) taken: FxHashSet<(usize, u32)>,
}

/// What is held where, and what lies there: what the graph of control is not needed for.
pub(super) struct Stock<'a> {
    pub(super) inventory: &'a Inventory,
    pub(super) resources: Resources,
    /// How many subscriptions have a lower number in the tree of scopes than each that there is.
    pub(super) subscriptions: Vec<u32>,
    pub(super) accesses: Numbered<Access>,
    /// Of each access, the resources that it lets somebody read or write, and those that it lets them write; without those
    /// that a deny assignment reaches.
    open: Vec<[Runs; 2]>,
    access_of: FxHashMap<Holding, u32>,
    pub(super) places: Numbered<Place>,
    /// Of each place.
    pub(super) standing: Vec<Standing>,
    /// The resources that stand at places.
    pub(super) runs: Runs,
    /// Whom something is assigned to, whether they are only eligible for it, and its place.
    pub(super) held: Vec<(PrincipalId, bool, u32)>,
}

impl<'a> Evaluator<'a> {
    /// What there is besides the graph of control.
    pub(super) fn take_stock(&self) -> Stock<'a> {
        let inventory = self.inventory;
        let (scopes, assignments) = (&inventory.scopes, &inventory.assignments);
        let subscriptions = scopes.iter().filter(|&s| scopes.level(s) == Level::Subscription);
        let mut stock = Stock {
            inventory,
            resources: self.resources(),
            subscriptions: before(inventory, subscriptions),
            accesses: Numbered::default(),
            open: vec![],
            access_of: FxHashMap::default(),
            places: Numbered::with_capacity(scopes.len()),
            standing: vec![],
            runs: vec![],
            held: Vec::with_capacity(assignments.len()),
        };
        for principal in inventory.principals.iter() {
            for a in inventory.held(principal) {
                if let Some(held) = self.rights().held(a) {
                    let place = self.hold(&mut stock, held.holding, held.scope);
                    stock.held.push((principal, assignments.state(a) == State::Eligible, place));
                }
            }
        }
        stock
    }

    /// The captured resources.
    pub(super) fn resources(&self) -> Resources {
        let scopes = &self.inventory.scopes;
        let is_captured = |&s: &ScopeId| scopes.level(s) == Level::Resource && scopes.captured(s).is_some();
        let captured = || scopes.iter().filter(is_captured);
        let before = before(self.inventory, captured());
        let mut all = vec![ScopeId::ROOT; before.last().map_or(0, |&all| all as usize)];
        captured().for_each(|s| all[before[scopes.numbers(s).start as usize] as usize] = s);
        let mut by_name: FxHashMap<String, u32> = FxHashMap::default();
        let mut by_symbol = FxHashMap::default();
        let mut operations = vec![];
        let types = all.iter().map(|&scope| {
            let symbol = scopes.resource_type(scope);
            *by_symbol.entry(symbol).or_insert_with(|| {
                let name = self.name_of(symbol);
                *by_name.entry(name.to_ascii_lowercase()).or_insert_with(|| {
                    operations.extend([format!("{name}/read"), format!("{name}/write")]);
                    operations.len() as u32 / 2 - 1
                })
            })
        });
        let types = types.collect();
        let taken = FxHashSet::default();
        let mut resources = Resources { before, scopes: all, types, operations, denied: vec![], taken };
        let rights = self.rights();
        let mut denied: Vec<(u32, usize)> = vec![];
        for (denial, scope) in rights.denials() {
            let inside = resources.ranks(self.inventory, scope);
            let reached =
                inside.filter(|&rank| rights.denial_reaches(denial, resources.scopes[rank as usize]));
            let before = denied.len();
            denied.extend(reached.map(|rank| (rank, denial)));
            let mut types: Vec<u32> =
                denied[before..].iter().map(|&(rank, _)| resources.types[rank as usize]).collect();
            types.sort_unstable();
            types.dedup();
            for operation in types.into_iter().flat_map(|of_type| [of_type * 2, of_type * 2 + 1]) {
                let name = &resources.operations[operation as usize];
                if rights.denial_takes(denial, Plane::Control, name) {
                    resources.taken.insert((denial, operation));
                }
            }
        }
        denied.sort_unstable();
        let by_rank = denied.chunk_by(|a, b| a.0 == b.0);
        resources.denied = by_rank.map(|all| (all[0].0, all.iter().map(|&(_, d)| d).collect())).collect();
        resources
    }

    /// The place of something that is held, or given, at a scope.
    pub(super) fn hold(&self, stock: &mut Stock<'_>, holding: Holding, scope: ScopeId) -> u32 {
        let access = self.access_by(stock, holding);
        stock.at(scope, access)
    }

    /// What a role lets its holder do with resources, by its number.
    pub(super) fn access_by(&self, stock: &mut Stock<'_>, holding: Holding) -> u32 {
        if let Some(&known) = stock.access_of.get(&holding) {
            return known;
        }
        let granted = self.rights().grants_each(holding, Plane::Control, &stock.resources.operations);
        let (pairs, _) = granted.as_chunks();
        let access = pairs.iter().map(|[read, write]| [read.is_sure(), write.is_sure()]).collect();
        let (access, is_new) = stock.accesses.number(access);
        if is_new {
            stock.open.push([stock.open_to(access, 0), stock.open_to(access, 1)]);
        }
        stock.access_of.insert(holding, access);
        access
    }
}

impl Resources {
    /// Those at or inside a scope.
    pub(super) fn ranks(&self, inventory: &Inventory, scope: ScopeId) -> Range<u32> {
        between(&self.before, inventory.scopes.numbers(scope))
    }

    /// Where those of them stand that a deny assignment reaches.
    pub(super) fn denied_ranks(&self, inventory: &Inventory, scope: ScopeId) -> Range<usize> {
        let inside = self.ranks(inventory, scope);
        let place = |rank: u32| self.denied.partition_point(|(other, _)| *other < rank);
        place(inside.start)..place(inside.end)
    }
}

/// How many of some scopes have a lower number than each that there is in the tree; and how many they are.
fn before(inventory: &Inventory, some: impl Iterator<Item = ScopeId>) -> Vec<u32> {
    let mut before = vec![0; inventory.scopes.len() + 1];
    some.for_each(|scope| before[inventory.scopes.numbers(scope).start as usize + 1] = 1);
    for at in 1..before.len() {
        before[at] += before[at - 1];
    }
    before
}

/// The places, among some, of those with numbers in a range.
fn between(before: &[u32], numbers: Range<u32>) -> Range<u32> {
    before[numbers.start as usize]..before[numbers.end as usize]
}

/// Puts numbers in ascending order behind all runs, as runs.
pub(super) fn put_runs(runs: &mut Runs, numbers: impl Iterator<Item = u32>) -> Range<usize> {
    let from = runs.len();
    let mut run = 0..0;
    for number in numbers {
        if number != run.end {
            runs.extend(Some(run).filter(|run| !run.is_empty()));
            run = number..number;
        }
        run.end = number + 1;
    }
    runs.extend(Some(run).filter(|run| !run.is_empty()));
    from..runs.len()
}

impl Stock<'_> {
    /// The place of an access that is held at a scope, with what stands there where it is new.
    pub(super) fn at(&mut self, scope: ScopeId, access: u32) -> u32 {
        let (place, is_new) = self.places.number(Place::At(scope, access));
        if is_new {
            let scopes = &self.inventory.scopes;
            let around = scopes.enclosing(scope, Level::Subscription).unwrap_or(scope);
            let around = scopes.numbers(around);
            let standing = Standing {
                scope: Some(scope),
                subscriptions: between(&self.subscriptions, around),
                any: self.stand(scope, access, 0),
                written: self.stand(scope, access, 1),
            };
            self.standing.push(standing);
        }
        place
    }

    /// The resources that an access lets somebody write; before that, read or write.
    fn open_to(&self, access: u32, written: usize) -> Runs {
        let access = &self.accesses.all[access as usize];
        let Resources { types, denied, .. } = &self.resources;
        let mut denied = denied.iter().map(|(rank, _)| *rank).peekable();
        let may = |of_type: u32| access[of_type as usize][written..].contains(&true);
        let open =
            (0..).zip(types).filter(|&(rank, &of_type)| denied.next_if_eq(&rank).is_none() && may(of_type));
        let mut runs = vec![];
        put_runs(&mut runs, open.map(|(rank, _)| rank));
        runs
    }

    /// Puts those of them that are at or inside a scope behind all runs.
    fn stand(&mut self, scope: ScopeId, access: u32, written: usize) -> Range<usize> {
        let inside = self.resources.ranks(self.inventory, scope);
        let open = &self.open[access as usize][written];
        let open = open[open.partition_point(|run| run.end <= inside.start)..].iter();
        let here = open.take_while(|run| run.start < inside.end);
        let from = self.runs.len();
        self.runs.extend(here.map(|run| run.start.max(inside.start)..run.end.min(inside.end)));
        from..self.runs.len()
    }
}
