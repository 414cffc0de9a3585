//! How far everybody reaches, at once: the graph of control is laid out together with what is held where. It is gone
//! through once; each count is then a set of what stands with its nodes, shared by all that reach the same.

use super::{Evaluator, Options, both};
use crate::azure::permission::Plane;
use crate::azure::scope::Level;
use crate::graph::{self, Components, ControlGraph, Counts, Edge, Holding, Network, Node, Pair, Reach, Role};
use crate::inventory::schema::Noun;
use crate::inventory::{Inventory, Missing, PrincipalId, ScopeId, State};
use crate::verdict::{ReachCounts, ReachLine, Subject};
use fixedbitset::FixedBitSet;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::ops::Range;
use std::rc::Rc;

/// Where something is held, and what is thereby reached.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    /// At the scope, with an access to the resources at or inside it; without those that a deny assignment reaches.
    At(ScopeId, u32),
    /// Those that a deny assignment reaches, with what is left of an access to whoever a list of deny assignments names.
    Denied(ScopeId, u32, u32),
}

/// What stands at a place.
struct Standing {
    /// The scope, where something is held at it.
    scope: Option<ScopeId>,
    subscriptions: Range<u32>,
    /// Resources that are read or written, and those that are written, each as a part of the runs.
    any: Range<usize>,
    written: Range<usize>,
}

/// A node beside those of the graph of control.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Beside {
    /// What a group holds (all of it, or what is active only) over resources that a deny assignment reaches, in the hands of
    /// whoever a list of deny assignments names.
    Holds(PrincipalId, bool, u32),
    /// A place with so many runs of resources that those who have it share them.
    Place(u32),
}

/// So many runs are put together sooner than they are shared.
const FEW: usize = 64;

/// Each once, by number.
struct Numbered<T> {
    numbers: FxHashMap<T, u32>,
    all: Vec<T>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Numbered { numbers: FxHashMap::default(), all: vec![] }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Numbered<T> {
    fn with_capacity(capacity: usize) -> Self {
        let numbers = FxHashMap::with_capacity_and_hasher(capacity, FxBuildHasher);
        Numbered { numbers, all: Vec::with_capacity(capacity) }
    }

    /// Its number, and whether it is new.
    fn number(&mut self, one: T) -> (u32, bool) {
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
struct Resources {
    /// How many have a lower number in the tree of scopes than each that there is.
    before: Vec<u32>,
    scopes: Vec<ScopeId>,
    /// Of each, its type.
    types: Vec<u32>,
    /// Of each type, the operations that read and write, one type after the other.
    operations: Vec<String>,
    /// Those that enforced deny assignments reach, in ascending order, with these.
    denied: Vec<(u32, Vec<usize>)>,
    /// Which of the operations those deny assignments take where they reach.
    taken: FxHashSet<(usize, u32)>,
}

/// What is held where, and what lies there: what the graph of control is not needed for.
struct Stock<'a> {
    inventory: &'a Inventory,
    resources: Resources,
    /// How many subscriptions have a lower number in the tree of scopes than each that there is.
    subscriptions: Vec<u32>,
    accesses: Numbered<Access>,
    /// Of each access, the resources that it lets somebody read or write, and those that it lets them write; without those
    /// that a deny assignment reaches.
    open: Vec<[Runs; 2]>,
    access_of: FxHashMap<Holding, u32>,
    places: Numbered<Place>,
    /// Of each place.
    standing: Vec<Standing>,
    /// The resources that stand at places.
    runs: Runs,
    /// Whom something is assigned to, whether they are only eligible for it, and its place.
    held: Vec<(PrincipalId, bool, u32)>,
}

/// All of it, laid out around the graph of control.
struct Layout<'a> {
    stock: Stock<'a>,
    first: u32,
    beside: Numbered<Beside>,
    /// Lists of deny assignments that name the same people.
    named: Numbered<Vec<usize>>,
    /// Of such a list, those that reach something at or inside a scope.
    within: FxHashMap<(u32, ScopeId), u32>,
    /// All of them that reach something there.
    inside: FxHashMap<ScopeId, Vec<usize>>,
    edges: Vec<(u32, u32)>,
    /// Nodes, each with a place that it has.
    places: Vec<(u32, u32)>,
}

/// Everything that the nodes of a network reach.
struct Spread<'c> {
    identities: Counts<'c>,
    scopes: Counts<'c>,
    subscriptions: Counts<'c>,
    any: Counts<'c>,
    written: Counts<'c>,
}

impl<'a> Evaluator<'a> {
    /// How far every principal that exists reaches, in the order of their ids.
    pub(super) fn reach_of_all(&self) -> Vec<ReachLine> {
        let (inventory, options) = (self.inventory, Options { as_of: self.today, ..Options::default() });
        let (stock, graph) = both(
            inventory,
            || Evaluator::new(inventory, &options).take_stock(),
            || ControlGraph::unranked(self.rights()),
        );
        let subjects = || -> Vec<(PrincipalId, Subject)> {
            let evaluator = Evaluator::new(inventory, &options);
            let all = inventory.principals.iter().filter(|&p| graph::exists(inventory, p));
            let all = graph::in_order(inventory, all);
            all.into_iter().map(|p| (p, evaluator.subject(p.into(), None))).collect()
        };
        let (subjects, counts) = both(inventory, subjects, || self.shared_counts(&graph, stock));
        subjects.into_iter().map(|(p, of)| ReachLine { of, counts: counts[p.index()] }).collect()
    }

    /// Of every principal.
    fn shared_counts(&self, graph: &ControlGraph, stock: Stock<'_>) -> Vec<ReachCounts> {
        let layout = self.layout(graph, stock);
        let all = || self.inventory.principals.iter();
        let sure = components(graph, &layout, true);
        let sure = Spread::over(graph, &layout, &sure);
        let mut counts: Vec<ReachCounts> = all().map(|p| sure.counts(graph, &layout, p)).collect();
        // Is everything captured that could add to it, it is what may be had besides that is asked.
        let is_service = |p| self.inventory.is_kind(p, Noun::ServicePrincipal).is_true();
        let captured = [false, true].map(|service| self.uncaptured(service).is_none());
        for (p, counts) in all().zip(&mut counts) {
            counts.complete = captured[usize::from(is_service(p))];
        }
        let doubted = graph.nodes().any(|(n, _)| graph.edges(n).iter().any(|e| !e.certainty.is_sure()))
            || graph.pairs().iter().any(|pair| !pair.edge.certainty.is_sure());
        if doubted && counts.iter().any(|counts| counts.complete) {
            let components = components(graph, &layout, false);
            let perhaps = Spread::over(graph, &layout, &components);
            let is_unnamed = |n| n < layout.first && graph.node(n) == Node::Unnamed;
            let unnamed = Counts::of(&components, is_unnamed);
            for (p, counts) in all().zip(&mut counts) {
                let more = ReachCounts { complete: counts.complete, ..perhaps.counts(graph, &layout, p) };
                counts.complete &= more == *counts && unnamed.count(p.0) == 0;
            }
        }
        counts
    }

    /// What was not captured that could add to what a principal reaches: a managed identity or service principal, or
    /// another.
    pub(super) fn uncaptured(&self, is_service: bool) -> Missing {
        use crate::inventory::Collection as C;
        let mut needed = vec![C::RoleAssignments, C::GroupMemberships];
        if !is_service {
            needed.push(C::RoleEligibilityScheduleInstances);
        }
        graph::Step::ALL.iter().for_each(|step| needed.extend(step.collections()));
        self.lacking(self.missing(&needed))
    }

    /// What is held where, in whose hands it is.
    fn layout<'s>(&self, graph: &ControlGraph, stock: Stock<'s>) -> Layout<'s> {
        let inventory = self.inventory;
        let first = graph.len() as u32;
        let mut layout = Layout {
            stock,
            first,
            beside: Numbered::default(),
            named: Numbered::default(),
            within: FxHashMap::default(),
            inside: FxHashMap::default(),
            edges: vec![],
            places: vec![],
        };
        let all = std::mem::take(&mut layout.stock.held);
        for held in all.chunk_by(|(p, eligible, _), (q, other, _)| p == q && eligible == other) {
            let (assignee, eligible, _) = held[0];
            let node = match (graph::is_group(inventory, assignee), eligible) {
                (true, true) => Node::Holds(assignee),
                (true, false) => Node::HoldsActively(assignee),
                (false, _) => Node::Principal(assignee),
            };
            if let Some(from) = graph.number(node) {
                held.iter().for_each(|&(.., place)| layout.put(from, place));
            }
        }
        let mut given = vec![];
        for (number, node) in graph.nodes() {
            given.extend(match node {
                Node::Everything(s) => Some((number, Role::Everything, s)),
                Node::Given(s, role) => Some((number, role, s)),
                _ => None,
            });
        }
        for &(from, role, scope) in &given {
            let place = self.hold(&mut layout.stock, Holding { role, condition: None }, scope);
            layout.put(from, place);
        }
        if !layout.stock.resources.denied.is_empty() {
            self.lay_denied(graph, &mut layout, &given);
        }
        layout
    }

    /// What there is besides the graph of control.
    fn take_stock(&self) -> Stock<'a> {
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
    fn resources(&self) -> Resources {
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
    fn hold(&self, stock: &mut Stock<'_>, holding: Holding, scope: ScopeId) -> u32 {
        let access = self.access_by(stock, holding);
        stock.at(scope, access)
    }

    /// What a role lets its holder do with resources, by its number.
    fn access_by(&self, stock: &mut Stock<'_>, holding: Holding) -> u32 {
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

    /// What deny assignments leave: of each caller by itself, as they name callers. Those that the same deny assignments name
    /// are treated alike.
    fn lay_denied(&self, graph: &ControlGraph, layout: &mut Layout<'_>, given: &[(u32, Role, ScopeId)]) {
        let inventory = self.inventory;
        let rights = self.rights();
        let in_force: FxHashSet<usize> =
            layout.stock.resources.denied.iter().flat_map(|(_, denials)| denials.iter().copied()).collect();
        let named = |layout: &mut Layout<'_>, principal, groups: &[PrincipalId]| {
            let mut named = rights.denials_naming(principal, groups);
            named.retain(|denial| in_force.contains(denial));
            layout.named.number(named).0
        };
        let mut waiting = vec![];
        for principal in inventory.principals.iter() {
            let named = named(layout, Some(principal), &graph::groups_above(inventory, principal));
            if graph::is_group(inventory, principal) {
                let all = layout.group(principal, false, named, &mut waiting);
                layout.edges.push((principal.0, all));
                if let Some(lent) = graph.number(Node::Lent(principal)) {
                    let active = layout.group(principal, true, named, &mut waiting);
                    layout.edges.push((lent, active));
                }
                continue;
            }
            self.hold_denied(layout, principal.0, principal, false, named);
            let is_service = inventory.is_kind(principal, Noun::ServicePrincipal).is_true();
            for group in inventory.groups_of(principal) {
                let to = layout.group(group, is_service, named, &mut waiting);
                layout.edges.push((principal.0, to));
            }
        }
        while let Some((from, group, active, named)) = waiting.pop() {
            self.hold_denied(layout, from, group, active, named);
            for above in inventory.groups_of(group) {
                let to = layout.group(above, active, named, &mut waiting);
                layout.edges.push((from, to));
            }
        }
        let named = named(layout, None, &[]);
        for &(from, role, scope) in given {
            self.reach_denied(layout, from, Holding { role, condition: None }, scope, named);
        }
    }

    /// What is assigned to a principal itself (all of it, or what is active only), in the hands of whoever a list of deny
    /// assignments names.
    fn hold_denied(&self, layout: &mut Layout<'_>, from: u32, of: PrincipalId, active: bool, named: u32) {
        for a in self.inventory.held(of) {
            let eligible = self.inventory.assignments.state(a) == State::Eligible;
            if let Some(held) = self.rights().held(a).filter(|_| !(active && eligible)) {
                self.reach_denied(layout, from, held.holding, held.scope, named);
            }
        }
    }

    fn reach_denied(&self, layout: &mut Layout<'_>, from: u32, holding: Holding, scope: ScopeId, named: u32) {
        let inside = layout.stock.resources.denied_ranks(self.inventory, scope);
        if inside.is_empty() {
            return;
        }
        let access = self.access_by(&mut layout.stock, holding);
        let named = layout.within(named, scope, inside.clone());
        let stock = &mut layout.stock;
        let (place, is_new) = stock.places.number(Place::Denied(scope, access, named));
        if !is_new {
            layout.put(from, place);
            return;
        }
        let access = &stock.accesses.all[access as usize];
        let named = &layout.named.all[named as usize];
        let Resources { denied, types, taken, .. } = &stock.resources;
        let may = |rank: u32, denials: &[usize], verb: u32| {
            let of_type = types[rank as usize];
            let takes = |denial: &usize| taken.contains(&(*denial, of_type * 2 + verb));
            let names = |denial: &&usize| named.binary_search(denial).is_ok();
            access[of_type as usize][verb as usize] && !denials.iter().filter(names).any(takes)
        };
        let inside = &denied[inside];
        let written = inside.iter().filter(|(rank, denials)| may(*rank, denials, 1)).map(|(rank, _)| *rank);
        let written = put_runs(&mut stock.runs, written);
        let any = inside.iter().filter(|(rank, denials)| may(*rank, denials, 1) || may(*rank, denials, 0));
        let any = put_runs(&mut stock.runs, any.map(|(rank, _)| *rank));
        stock.standing.push(Standing { scope: None, subscriptions: 0..0, any, written });
        layout.put(from, place);
    }
}

impl Resources {
    /// Those at or inside a scope.
    fn ranks(&self, inventory: &Inventory, scope: ScopeId) -> Range<u32> {
        between(&self.before, inventory.scopes.numbers(scope))
    }

    /// Where those of them stand that a deny assignment reaches.
    fn denied_ranks(&self, inventory: &Inventory, scope: ScopeId) -> Range<usize> {
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
fn put_runs(runs: &mut Runs, numbers: impl Iterator<Item = u32>) -> Range<usize> {
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
    fn at(&mut self, scope: ScopeId, access: u32) -> u32 {
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

impl Layout<'_> {
    /// A node has a place.
    fn put(&mut self, mut node: u32, place: u32) {
        let Standing { any, written, .. } = &self.stock.standing[place as usize];
        if any.len().max(written.len()) > FEW {
            let (number, is_new) = self.beside.number(Beside::Place(place));
            let shared = self.first + number;
            self.edges.push((node, shared));
            if !is_new {
                return;
            }
            node = shared;
        }
        self.places.push((node, place));
    }

    /// Of a list of deny assignments, those that reach one of the denied resources at or inside a scope.
    fn within(&mut self, named: u32, scope: ScopeId, denied: Range<usize>) -> u32 {
        if let Some(&known) = self.within.get(&(named, scope)) {
            return known;
        }
        let resources = &self.stock.resources;
        let inside = self.inside.entry(scope).or_insert_with(|| {
            let all = resources.denied[denied].iter().flat_map(|(_, denials)| denials);
            let mut all: Vec<usize> = all.copied().collect();
            all.sort_unstable();
            all.dedup();
            all
        });
        let list = &self.named.all[named as usize];
        let some = inside.iter().filter(|denial| list.binary_search(denial).is_ok());
        let some = some.copied().collect();
        let (found, _) = self.named.number(some);
        self.within.insert((named, scope), found);
        found
    }

    /// The node of what a group holds over resources that a deny assignment reaches; a new one waits to be laid out.
    fn group(
        &mut self,
        group: PrincipalId,
        active: bool,
        named: u32,
        waiting: &mut Vec<(u32, PrincipalId, bool, u32)>,
    ) -> u32 {
        let (number, is_new) = self.beside.number(Beside::Holds(group, active, named));
        let node = self.first + number;
        if is_new {
            waiting.push((node, group, active, named));
        }
        node
    }
}

/// The components of what is laid out, with what two nodes lead to together; by sure steps only, or by all.
fn components(graph: &ControlGraph, layout: &Layout<'_>, sure: bool) -> Components {
    let admits = |edge: &Edge| edge.certainty.is_sure() || !sure;
    let mut edges = layout.edges.clone();
    for (from, _) in graph.nodes() {
        edges.extend(graph.edges(from).iter().filter(|edge| admits(edge)).map(|edge| (from, edge.to)));
    }
    // What is reached alike by way of pairs has ranks next to each other.
    let mut pairs: Vec<&Pair> = graph.pairs().iter().filter(|pair| admits(&pair.edge)).collect();
    pairs.sort_by_key(|pair| (pair.second, pair.first, pair.edge.to));
    loop {
        let network = Network::new(layout.first as usize + layout.beside.all.len(), &edges);
        let components = Components::of(&network);
        let joined = joined(&components, &pairs);
        if joined.is_empty() {
            return components;
        }
        edges.extend(joined);
    }
}

/// Edges from the lowest nodes that lead to both of a pair, to what it leads to and they do not: whatever leads to such a
/// node leads there as well.
fn joined(components: &Components, pairs: &[&Pair]) -> Vec<(u32, u32)> {
    let standing = |node: fn(&Pair) -> u32| {
        Reach::of_ranges(components, (0..).zip(pairs).map(move |(n, pair)| (node(pair), n..n + 1)))
    };
    let reached = [standing(|pair| pair.first), standing(|pair| pair.second), standing(|pair| pair.edge.to)];
    let bits = |reach: &Reach<'_>, component: u32| {
        let mut bits = FixedBitSet::with_capacity(pairs.len());
        for range in reach.ranges(component) {
            bits.insert_range(range.start as usize..range.end as usize);
        }
        bits
    };
    let mut joined = vec![];
    // Whatever reaches the same pairs is asked once.
    let mut known: FxHashMap<[u32; 3], Option<Rc<FixedBitSet>>> = FxHashMap::default();
    let mut firing: FxHashMap<u32, Rc<FixedBitSet>> = FxHashMap::default();
    for component in 0..components.len() as u32 {
        let key = reached.each_ref().map(|reach| reach.number(component));
        if key[0] == 0 || key[1] == 0 {
            continue;
        }
        let fires = known.entry(key).or_insert_with(|| {
            let [mut both, second, to] = reached.each_ref().map(|reach| bits(reach, component));
            both.intersect_with(&second);
            both.difference_with(&to);
            (!both.is_clear()).then(|| Rc::new(both))
        });
        let Some(fires) = fires else { continue };
        firing.insert(component, fires.clone());
        let mut lowest = (**fires).clone();
        let below = components.below(component).iter().filter_map(|below| firing.get(below));
        below.for_each(|below| lowest.difference_with(below));
        let from = components.nodes(component)[0];
        joined.extend(lowest.ones().map(|pair| (from, pairs[pair].edge.to)));
    }
    joined
}

impl<'c> Spread<'c> {
    fn over(graph: &ControlGraph, layout: &Layout<'_>, components: &'c Components) -> Spread<'c> {
        let Stock { inventory, standing, runs, .. } = &layout.stock;
        let places = components.gather(&layout.places);
        let standing = |component: u32| places.of(component).iter().map(|&place| &standing[place as usize]);
        let in_runs = |part: fn(&Standing) -> &Range<usize>| {
            Counts::of_each(components, |component, own| {
                standing(component).for_each(|here| own.extend_from_slice(&runs[part(here).clone()]));
            })
        };
        let ranges = || {
            let subscriptions = Counts::of_each(components, |component, own| {
                let ranges = standing(component).map(|here| here.subscriptions.clone());
                own.extend(ranges.filter(|range| !range.is_empty()));
            });
            (in_runs(|here| &here.any), in_runs(|here| &here.written), subscriptions)
        };
        let nodes = || {
            // What groups hold comes first: of all that their members reach it is what they reach together.
            let (mut ranks, mut next) = (vec![u32::MAX; inventory.scopes.len()], 0);
            let is_group = |&component: &u32| components.nodes(component)[0] as usize >= graph.principals();
            let all = 0..components.len() as u32;
            for component in all.clone().filter(is_group).chain(all.filter(|c| !is_group(c))) {
                for scope in standing(component).filter_map(|here| here.scope) {
                    if ranks[scope.index()] == u32::MAX {
                        ranks[scope.index()] = next;
                        next += 1;
                    }
                }
            }
            let scopes = Counts::of_each(components, |component, own| {
                let ranks = standing(component).filter_map(|here| Some(ranks[here.scope?.index()]));
                own.extend(ranks.map(|rank| rank..rank + 1));
            });
            let identities = Counts::of(components, |n| is_identity(graph, layout, n));
            (scopes, identities)
        };
        let ((any, written, subscriptions), (scopes, identities)) = both(inventory, ranges, nodes);
        Spread { identities, scopes, subscriptions, any, written }
    }

    fn counts(&self, graph: &ControlGraph, layout: &Layout<'_>, of: PrincipalId) -> ReachCounts {
        let itself = usize::from(is_identity(graph, layout, of.0));
        ReachCounts {
            identities: (self.identities.count(of.0) - itself) as u64,
            scopes: self.scopes.count(of.0) as u64,
            resources: self.any.count(of.0) as u64,
            writable_resources: self.written.count(of.0) as u64,
            subscriptions: self.subscriptions.count(of.0) as u64,
            complete: true,
        }
    }
}

/// Whether a node is a managed identity that is controlled.
fn is_identity(graph: &ControlGraph, layout: &Layout<'_>, node: u32) -> bool {
    graph.principals() > node as usize
        && layout.stock.inventory.is_kind(PrincipalId(node), Noun::ManagedIdentity).is_true()
}
