//! How far everybody reaches, at once: the graph of control is laid out together with what is held where. It is gone
//! through once; each count is then a set of what stands with its nodes, shared by all that reach the same.

use super::stock::{Numbered, Place, Resources, Standing, Stock, put_runs};
use super::{Evaluator, Options, both};
use crate::graph::{self, Components, ControlGraph, Counts, Edge, Holding, Network, Node, Pair, Reach, Role};
use crate::inventory::schema::Noun;
use crate::inventory::{Missing, PrincipalId, ScopeId, State};
use crate::verdict::{ReachCounts, ReachLine, Subject};
use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;
use std::rc::Rc;

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

/// What is held where, laid out around the graph of control.
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
