//! How far everybody reaches, at once: the graph of control is laid out together with what is held where, and each count is
//! a set of marked nodes, shared by all that reach the same.

use super::Evaluator;
use crate::azure::permission::Plane;
use crate::azure::scope::Level;
use crate::graph::{self, Edge, Holding, Network, Node, Reach, Role};
use crate::inventory::schema::Noun;
use crate::inventory::{Missing, PrincipalId, ScopeId, State};
use crate::verdict::{ReachCounts, ReachLine};
use rustc_hash::{FxHashMap, FxHashSet};

/// A node beside those of the graph of control.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    /// Something is held at the scope.
    HeldAt(ScopeId),
    /// Subscriptions at or inside the scope.
    Subscriptions(ScopeId),
    /// Resources at or inside the scope of the types of a class.
    Class(ScopeId, u32),
    /// A resource: read or written, or written.
    Resource(ScopeId, bool),
}

/// The network in the making.
struct Layout {
    first: u32,
    numbers: FxHashMap<Place, u32>,
    places: Vec<Place>,
    edges: Vec<(u32, u32)>,
    /// The types of each class, and whether it is about writing.
    classes: FxHashMap<(Vec<u32>, bool), u32>,
    members: Vec<(Vec<u32>, bool)>,
}

impl Layout {
    fn node(&mut self, place: Place) -> u32 {
        let next = self.first + self.places.len() as u32;
        let number = *self.numbers.entry(place).or_insert(next);
        if number == next {
            self.places.push(place);
        }
        number
    }

    fn class(&mut self, types: Vec<u32>, write: bool) -> u32 {
        let next = self.members.len() as u32;
        let class = *self.classes.entry((types.clone(), write)).or_insert(next);
        if class == next {
            self.members.push((types, write));
        }
        class
    }
}

impl<'a> Evaluator<'a> {
    /// How far every principal that exists reaches, in the order of their ids.
    pub(super) fn reach_of_all(&self) -> Vec<ReachLine> {
        let graph = self.graph();
        let mut all: Vec<PrincipalId> =
            self.inventory.principals.iter().filter(|&p| graph::exists(self.inventory, p)).collect();
        all.sort_by_key(|p| graph.rank(p.0));
        let counts = match self.rights().denies_nothing() {
            true => self.shared_counts(&all),
            // What a deny assignment takes is asked of each caller.
            false => all.iter().map(|&p| self.reach_counts(p).0).collect(),
        };
        let lines = all.into_iter().zip(counts);
        lines.map(|(p, counts)| ReachLine { of: self.subject(p.into(), None), counts }).collect()
    }

    fn shared_counts(&self, all: &[PrincipalId]) -> Vec<ReachCounts> {
        let graph = self.graph();
        let inventory = self.inventory;
        let mut layout = self.layout();
        let sure = |edge: &Edge| edge.certainty.is_sure();
        for (from, _) in graph.nodes() {
            layout.edges.extend(graph.edges(from).iter().filter(|e| sure(e)).map(|e| (from, e.to)));
        }
        let network = Network::new(layout.first as usize + layout.places.len(), &layout.edges);
        let place = |n: u32| n.checked_sub(layout.first).map(|i| layout.places[i as usize]);
        let is_identity = |n: u32| match graph.principals() > n as usize {
            true => inventory.is_kind(PrincipalId(n), Noun::ManagedIdentity).is_true(),
            false => false,
        };
        let identities = Reach::of(&network, is_identity);
        let scopes = Reach::of(&network, |n| matches!(place(n), Some(Place::HeldAt(_))));
        let subscriptions = Reach::of(&network, |n| match place(n) {
            Some(Place::Subscriptions(s)) => inventory.scopes.level(s) == Level::Subscription,
            _ => false,
        });
        let resources = Reach::of(&network, |n| matches!(place(n), Some(Place::Resource(_, false))));
        let written = Reach::of(&network, |n| matches!(place(n), Some(Place::Resource(_, true))));
        let doubtful = self.doubtful();
        let joint = self.joint(&network);
        all.iter()
            .map(|&p| {
                if joint.contains(&p) {
                    return self.reach_counts(p).0;
                }
                let itself = usize::from(is_identity(p.0));
                ReachCounts {
                    identities: (identities.count(p.0) - itself) as u64,
                    scopes: scopes.count(p.0) as u64,
                    resources: resources.count(p.0) as u64,
                    writable_resources: written.count(p.0) as u64,
                    subscriptions: subscriptions.count(p.0) as u64,
                    complete: !doubtful.contains(&p) && self.uncaptured(p).is_none(),
                }
            })
            .collect()
    }

    /// Whoever some step that is not known could lead further.
    fn doubtful(&self) -> FxHashSet<PrincipalId> {
        let graph = self.graph();
        let mut ends: Vec<u32> = vec![];
        for (from, _) in graph.nodes() {
            ends.extend(graph.edges(from).iter().filter(|e| !e.certainty.is_sure()).map(|_| from));
        }
        ends.extend(graph.pairs().iter().filter(|p| !p.edge.certainty.is_sure()).map(|p| p.first));
        let useful = graph::useful(graph, ends, &graph::Question::any(false));
        let principals = 0..graph.principals() as u32;
        principals.filter(|&n| useful.contains(n as usize)).map(PrincipalId).collect()
    }

    /// Whoever reaches two nodes that lead to something together, which neither leads to alone.
    fn joint(&self, network: &Network) -> FxHashSet<PrincipalId> {
        let graph = self.graph();
        let sure: Vec<_> = graph.pairs().iter().filter(|pair| pair.edge.certainty.is_sure()).collect();
        let mut marks: FxHashSet<u32> = FxHashSet::default();
        // Few nodes are the second of an attachment, or the first of a rewritten role.
        let mut rare: FxHashSet<u32> = FxHashSet::default();
        for pair in &sure {
            marks.extend([pair.first, pair.second, pair.edge.to]);
            let attachment = matches!(graph.node(pair.second), Node::HostGiven(_));
            rare.insert(if attachment { pair.second } else { pair.first });
        }
        let near = Reach::of(network, |n| rare.contains(&n));
        let reach = Reach::of(network, |n| marks.contains(&n));
        let mut joint: FxHashSet<PrincipalId> = FxHashSet::default();
        for principal in self.inventory.principals.iter().filter(|p| near.count(p.0) > 0) {
            let reached: FxHashSet<u32> = reach.set(principal.0).collect();
            let fires = |pair: &&&graph::Pair| {
                reached.contains(&pair.first)
                    && reached.contains(&pair.second)
                    && !reached.contains(&pair.edge.to)
            };
            if sure.iter().any(|pair| fires(&pair)) {
                joint.insert(principal);
            }
        }
        joint
    }

    /// What was not captured that could add to what a principal reaches.
    pub(super) fn uncaptured(&self, source: PrincipalId) -> Missing {
        use crate::inventory::Collection as C;
        let mut needed = vec![C::RoleAssignments, C::GroupMemberships];
        if !self.inventory.is_kind(source, Noun::ServicePrincipal).is_true() {
            needed.push(C::RoleEligibilityScheduleInstances);
        }
        graph::Step::ALL.iter().for_each(|step| needed.extend(step.collections()));
        self.lacking(self.missing(&needed))
    }

    /// What is held where, and what lies below.
    fn layout(&self) -> Layout {
        let graph = self.graph();
        let inventory = self.inventory;
        let rights = self.rights();
        let scopes = &inventory.scopes;
        let mut layout = Layout {
            first: graph.len() as u32,
            numbers: FxHashMap::default(),
            places: vec![],
            edges: vec![],
            classes: FxHashMap::default(),
            members: vec![],
        };
        // Captured resources by type.
        let mut types: FxHashMap<String, u32> = FxHashMap::default();
        let mut names: Vec<String> = vec![];
        let mut by_symbol = FxHashMap::default();
        let mut resources: Vec<Vec<ScopeId>> = vec![];
        for scope in scopes.iter() {
            if scopes.level(scope) != Level::Resource || scopes.captured(scope).is_none() {
                continue;
            }
            let symbol = scopes.resource_type(scope);
            let kind = *by_symbol.entry(symbol).or_insert_with(|| {
                let name = self.name_of(symbol);
                *types.entry(name.to_ascii_lowercase()).or_insert_with(|| {
                    names.push(name.to_owned());
                    resources.push(vec![]);
                    names.len() as u32 - 1
                })
            });
            resources[kind as usize].push(scope);
        }
        // Who holds what where.
        let mut held: Vec<(u32, Holding, ScopeId)> = vec![];
        for h in inventory.assignments.iter().filter_map(|a| rights.held(a)) {
            let Some(a) = h.assignment else { continue };
            let assignee = inventory.assignments.assignee(a);
            let eligible = inventory.assignments.state(a) == State::Eligible;
            let node = match (graph::is_group(inventory, assignee), eligible) {
                (true, true) => Node::Holds(assignee),
                (true, false) => Node::HoldsActively(assignee),
                (false, _) => Node::Principal(assignee),
            };
            held.extend(graph.number(node).map(|n| (n, h.holding, h.scope)));
        }
        for (number, node) in graph.nodes() {
            match node {
                Node::Everything(s) => {
                    held.push((number, Holding { role: Role::Everything, condition: None }, s));
                }
                Node::Given(s, role) => held.push((number, Holding { role, condition: None }, s)),
                _ => {}
            }
        }
        let mut classes: FxHashMap<Holding, [u32; 2]> = FxHashMap::default();
        for &(_, holding, _) in &held {
            if classes.contains_key(&holding) {
                continue;
            }
            let grants = |name: &str, verb: &str| {
                rights.grants(holding, Plane::Control, &format!("{name}/{verb}")).is_sure()
            };
            let (mut any, mut write) = (vec![], vec![]);
            for (kind, name) in names.iter().enumerate() {
                let writes = grants(name, "write");
                if writes {
                    write.push(kind as u32);
                }
                if writes || grants(name, "read") {
                    any.push(kind as u32);
                }
            }
            let both = [layout.class(any, false), layout.class(write, true)];
            classes.insert(holding, both);
        }
        // The resources of each class, below their scopes.
        for class in 0..layout.members.len() as u32 {
            let (kinds, write) = layout.members[class as usize].clone();
            for scope in kinds.iter().flat_map(|&kind| resources[kind as usize].clone()) {
                let leaf = layout.node(Place::Resource(scope, write));
                let at = layout.node(Place::Class(scope, class));
                layout.edges.push((at, leaf));
                self.hang(&mut layout, scope, at, |s| Place::Class(s, class));
            }
        }
        for scope in scopes.iter().filter(|&s| scopes.level(s) == Level::Subscription) {
            let at = layout.node(Place::Subscriptions(scope));
            self.hang(&mut layout, scope, at, Place::Subscriptions);
        }
        let mut told: FxHashSet<ScopeId> = FxHashSet::default();
        for (from, holding, scope) in held {
            let at = layout.node(Place::HeldAt(scope));
            layout.edges.push((from, at));
            if told.insert(scope) {
                let around = scopes.enclosing(scope, Level::Subscription).unwrap_or(scope);
                if let Some(&to) = layout.numbers.get(&Place::Subscriptions(around)) {
                    layout.edges.push((at, to));
                }
            }
            for class in classes[&holding] {
                if let Some(&to) = layout.numbers.get(&Place::Class(scope, class)) {
                    layout.edges.push((from, to));
                }
            }
        }
        layout
    }

    /// Puts what lies at a scope below all scopes above it.
    fn hang(&self, layout: &mut Layout, scope: ScopeId, at: u32, place: impl Fn(ScopeId) -> Place) {
        let mut below = at;
        for above in self.inventory.scopes.chain(scope).skip(1) {
            let known = layout.numbers.contains_key(&place(above));
            let node = layout.node(place(above));
            layout.edges.push((node, below));
            if known {
                break;
            }
            below = node;
        }
    }
}
