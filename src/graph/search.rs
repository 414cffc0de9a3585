//! The shortest ways from one principal through the graph of control.

use super::certainty::Certainty;
use super::control::{ControlGraph, Edge, Node, Step};
use super::network::Network;
use super::rights::Role;
use crate::inventory::{Entity, PrincipalId, RoleId, ScopeId};
use fixedbitset::FixedBitSet;
use rustc_hash::FxHashSet;
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Which ways count.
pub struct Question<'q> {
    /// Which kinds of steps are admitted, in the order of [`Step::ALL`].
    pub steps: [bool; 7],
    /// Whether steps of which it is unknown whether they can be taken are left out.
    pub sure: bool,
    /// How many steps at most.
    pub at_most: Option<u64>,
    /// Nodes that lead to an end that is asked for; all of them if `None`.
    pub useful: Option<&'q Useful>,
    /// Who a way must lead through; it may be anyone if `None`.
    pub through: Option<&'q dyn Fn(PrincipalId) -> bool>,
    /// Whom a way may end at, and not lead through.
    pub last: Option<PrincipalId>,
}

impl Question<'_> {
    /// Every way, by steps of every kind.
    pub fn any(sure: bool) -> Question<'static> {
        Question { steps: [true; 7], sure, at_most: None, useful: None, through: None, last: None }
    }

    pub(super) fn admits(&self, edge: &Edge) -> bool {
        edge.step.is_none_or(|step| self.steps[step as usize])
            && (edge.certainty.is_sure() || !self.sure)
            && self.useful.is_none_or(|useful| useful.contains(edge.to))
    }
}

/// A node with what lies behind: whether a step other than a membership was taken, whether whoever it must lead through was
/// met, and whether whoever gives what is had there is the source.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Place {
    /// The node.
    pub node: u32,
    /// Whether a step other than a membership was taken.
    pub beyond_membership: bool,
    /// Whether somebody whom the way must lead through was met.
    pub met: bool,
    /// Whether nobody but the source has acted, who is one whom the way must lead through: never so of another source.
    pub own: bool,
}

#[derive(Clone, Copy)]
enum Before {
    Nothing,
    Edge(Place, u32),
    Pair(Place, Place, u32),
}

#[derive(Clone, Copy)]
struct Reached {
    length: u64,
    potential: bool,
    /// What the way needs that is not known.
    certainty: Certainty,
    before: Before,
    /// Whether there is no better way.
    settled: bool,
}

impl Reached {
    /// Shorter is better, then surer, then without eligible assignments.
    fn cost(&self) -> (u64, bool, bool) {
        (self.length, !self.certainty.is_sure(), self.potential)
    }
}

/// What is reached, by place: where each is told lies in one array, which the next search uses again.
#[derive(Default)]
struct Board {
    /// For each place the turn in which it was reached, and at which index.
    slots: Vec<(u32, u32)>,
    turn: u32,
    reached: Vec<Reached>,
}

thread_local! {
    /// Boards that no search uses at the moment.
    static SPARE: RefCell<Vec<Board>> = const { RefCell::new(vec![]) };
}

impl Board {
    /// An empty one for a graph.
    fn of(graph: &ControlGraph) -> Board {
        let mut board = SPARE.with_borrow_mut(Vec::pop).unwrap_or_default();
        let places = Place::KINDS * graph.len();
        if board.slots.len() < places || board.turn == u32::MAX {
            board.slots = vec![(0, 0); places];
            board.turn = 0;
        }
        board.turn += 1;
        board.reached.clear();
        board
    }

    fn get(&self, place: Place) -> Option<&Reached> {
        let (turn, index) = self.slots[place.slot()];
        (turn == self.turn).then(|| &self.reached[index as usize])
    }

    fn settled(&self, place: Place) -> Option<&Reached> {
        self.get(place).filter(|reached| reached.settled)
    }

    fn put(&mut self, place: Place, reached: Reached) {
        let slot = &mut self.slots[place.slot()];
        if slot.0 == self.turn {
            self.reached[slot.1 as usize] = reached;
        } else {
            *slot = (self.turn, self.reached.len() as u32);
            self.reached.push(reached);
        }
    }
}

impl Drop for Ways<'_> {
    fn drop(&mut self) {
        let board = std::mem::take(&mut self.board);
        SPARE.with_borrow_mut(|spare| spare.push(board));
    }
}

impl Place {
    /// How many places a node has.
    const KINDS: usize = 8;

    /// The place of a node that is this one of its kinds.
    fn of_kind(node: u32, kind: u32) -> Place {
        Place { node, beyond_membership: kind & 4 != 0, met: kind & 2 != 0, own: kind & 1 != 0 }
    }

    fn kind(self) -> u32 {
        4 * u32::from(self.beyond_membership) + 2 * u32::from(self.met) + u32::from(self.own)
    }

    fn slot(self) -> usize {
        Place::KINDS * self.node as usize + self.kind() as usize
    }

    /// What waits first is what costs least, then what stands first in the order of the nodes.
    fn ticket(self, rank: u32, (length, unknown, potential): (u64, bool, bool)) -> u64 {
        let place = u64::from(rank) << 3 | u64::from(self.kind());
        length << 37 | u64::from(unknown) << 36 | u64::from(potential) << 35 | place
    }

    fn of_ticket(ticket: u64, graph: &ControlGraph) -> Place {
        Place::of_kind(graph.at_rank((ticket >> 3) as u32), (ticket & 7) as u32)
    }
}

/// One step of a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its kind.
    pub step: Step,
    /// Who takes it: the node of a principal.
    pub from: u32,
    /// With what was given before, where not with what they hold: what, and where.
    pub with: Option<(Role, ScopeId)>,
    /// Who else is needed: the holder of the role that is rewritten, the receiver of a limited grant, who gives the host.
    pub also: Option<u32>,
    /// The resource or policy assignment on which code runs.
    pub host: Option<Entity>,
    /// The role that is rewritten.
    pub rewritten: Option<RoleId>,
    /// The node that it leads to.
    pub to: u32,
    /// How surely it can be taken.
    pub certainty: Certainty,
}

/// The ways from one principal.
pub struct Ways<'g> {
    graph: &'g ControlGraph,
    source: u32,
    board: Board,
    order: Vec<Place>,
    doubtful: bool,
}

impl<'g> Ways<'g> {
    /// From a principal.
    pub fn from(graph: &'g ControlGraph, source: PrincipalId, question: &Question<'_>) -> Ways<'g> {
        let mut ways =
            Ways { graph, source: source.0, board: Board::of(graph), order: vec![], doubtful: false };
        ways.run(question);
        ways
    }

    fn run(&mut self, question: &Question<'_>) {
        let mut waiting: BinaryHeap<Reverse<u64>> = BinaryHeap::new();
        let own = question.through.is_some_and(|through| through(PrincipalId(self.source)));
        let start = Place { node: self.source, beyond_membership: false, met: false, own };
        let nothing = Reached {
            length: 0,
            potential: false,
            certainty: Certainty::Held,
            before: Before::Nothing,
            settled: false,
        };
        self.board.put(start, nothing);
        waiting.push(Reverse(start.ticket(self.graph.rank(start.node), nothing.cost())));
        let lent = self.graph.number(Node::Lent(PrincipalId(self.source)));
        let mut found: Vec<(Place, Reached)> = vec![];
        while let Some(Reverse(ticket)) = waiting.pop() {
            let place = Place::of_ticket(ticket, self.graph);
            let Some(here) = self.board.get(place).copied().filter(|here| !here.settled) else { continue };
            self.board.put(place, Reached { settled: true, ..here });
            self.order.push(place);
            if question.last.is_some() && question.last == self.graph.principal(place.node) {
                continue;
            }
            let met = place.met || self.meets(place, question);
            found.clear();
            let first = self.graph.first_edge(place.node);
            // A way never comes back to where it began.
            let is_back = |edge: &Edge| edge.to == self.source || Some(edge.to) == lent;
            for (index, edge) in self.graph.edges(place.node).iter().enumerate() {
                if question.sure && !edge.certainty.is_sure() {
                    self.doubtful = true;
                    continue;
                }
                if question.admits(edge) && !is_back(edge) {
                    let before = Before::Edge(place, first + index as u32);
                    found.push(self.beyond(here, Place { met, ..place }, edge, before));
                }
            }
            for &index in self.graph.pairs_of(place.node) {
                let pair = &self.graph.pairs()[index as usize];
                if question.sure && !pair.edge.certainty.is_sure() {
                    self.doubtful = true;
                    continue;
                }
                if !question.admits(&pair.edge) || is_back(&pair.edge) {
                    continue;
                }
                let other = if pair.first == place.node { pair.second } else { pair.first };
                if question.last.is_some() && question.last == self.graph.principal(other) {
                    continue;
                }
                for kind in 0..Place::KINDS as u32 {
                    let twin = Place::of_kind(other, kind);
                    let Some(there) = self.board.settled(twin).copied() else { continue };
                    let (a, b) = if pair.first == place.node { (place, twin) } else { (twin, place) };
                    let both = Reached {
                        length: here.length.max(there.length),
                        potential: here.potential || there.potential,
                        certainty: here.certainty.and(there.certainty),
                        ..nothing
                    };
                    // Who rewrites a role, and who holds it, give together; else the first gives what the second receives.
                    let gives_too = pair.edge.step == Some(Step::RoleDefinition);
                    let behind = Place {
                        node: place.node,
                        beyond_membership: place.beyond_membership || twin.beyond_membership,
                        met: met || twin.met || self.meets(twin, question),
                        own: a.own || gives_too && b.own,
                    };
                    found.push(self.beyond(both, behind, &pair.edge, Before::Pair(a, b, index)));
                }
            }
            for (to, next) in found.drain(..) {
                let ahead = question.useful.map_or(0, |useful| u64::from(useful.steps[to.node as usize]));
                if question.at_most.is_some_and(|most| next.length + ahead > most) {
                    continue;
                }
                let better = |before: &Reached| !before.settled && next.cost() < before.cost();
                if self.board.get(to).is_none_or(better) {
                    self.board.put(to, next);
                    waiting.push(Reverse(to.ticket(self.graph.rank(to.node), next.cost())));
                }
            }
        }
    }

    fn beyond(&self, here: Reached, behind: Place, edge: &Edge, before: Before) -> (Place, Reached) {
        let to = Place {
            node: edge.to,
            beyond_membership: behind.beyond_membership
                || edge.step.is_some_and(|step| step != Step::Membership),
            met: behind.met,
            own: behind.own && self.graph.principal(edge.to).is_none(),
        };
        let next = Reached {
            length: here.length + u64::from(edge.step.is_some()),
            potential: here.potential || edge.certainty == Certainty::Potential,
            certainty: here.certainty.and(edge.certainty),
            before,
            settled: false,
        };
        (to, next)
    }

    /// Whether whoever is controlled at a place is one whom the way must lead through; the source itself is not.
    fn meets(&self, place: Place, question: &Question<'_>) -> bool {
        let principal = self.graph.principal(place.node).filter(|p| p.0 != self.source);
        match (question.through, principal) {
            (Some(through), Some(principal)) => through(principal),
            _ => false,
        }
    }

    /// Whether a search for sure ways left out a step from where it came, because it is not sure.
    pub fn left_out_doubtful(&self) -> bool {
        self.doubtful
    }

    /// Every place that is reached, nearest first.
    pub fn places(&self) -> &[Place] {
        &self.order
    }

    /// How many steps stand one behind the other on the way to a place.
    pub fn length(&self, place: Place) -> u64 {
        self.board.get(place).map_or(0, |s| s.length)
    }

    /// Whether the way to a place rests on an eligible assignment.
    pub fn is_potential(&self, place: Place) -> bool {
        self.board.get(place).is_some_and(|s| s.potential)
    }

    /// How surely the way to a place can be taken.
    pub fn certainty(&self, place: Place) -> Certainty {
        self.board.get(place).map_or(Certainty::No, |s| s.certainty)
    }

    /// The principal that is last on the way to a place: whoever holds what is there.
    pub fn actor(&self, place: Place) -> u32 {
        let mut at = place;
        loop {
            if self.graph.principal(at.node).is_some() {
                return at.node;
            }
            match self.board.get(at).map(|s| s.before) {
                Some(Before::Edge(before, _)) => at = before,
                // Of two, the one who receives what is given.
                Some(Before::Pair(_, second, _)) => at = second,
                _ => return self.source,
            }
        }
    }

    /// The steps of the way to a place, in an order in which they can be taken.
    pub fn steps(&self, place: Place) -> Vec<Taken> {
        let mut taken = vec![];
        self.collect(place, &mut FxHashSet::default(), &mut taken);
        taken
    }

    fn collect(&self, place: Place, seen: &mut FxHashSet<Place>, taken: &mut Vec<Taken>) {
        // From the place back to where it begins, or to what was collected already.
        let mut chain = vec![];
        let mut at = place;
        while seen.insert(at) {
            chain.push(at);
            match self.board.get(at).map(|s| s.before) {
                Some(Before::Edge(before, _)) => at = before,
                Some(Before::Pair(first, second, _)) => {
                    self.collect(first, seen, taken);
                    self.collect(second, seen, taken);
                    break;
                }
                _ => break,
            }
        }
        for place in chain.into_iter().rev() {
            match self.board.get(place).map(|s| s.before) {
                Some(Before::Edge(before, index)) => {
                    let edge = self.graph.edge(index);
                    if let Some(step) = edge.step {
                        taken.push(self.taken(step, before, None, place, edge.certainty));
                    }
                }
                Some(Before::Pair(first, second, index)) => {
                    let edge = self.graph.pairs()[index as usize].edge;
                    if let Some(step) = edge.step {
                        taken.push(self.taken(step, first, Some(second), place, edge.certainty));
                    }
                }
                _ => {}
            }
        }
    }

    fn taken(&self, step: Step, before: Place, also: Option<Place>, to: Place, last: Certainty) -> Taken {
        let mut taken = Taken {
            step,
            from: self.actor(before),
            with: None,
            also: also.map(|place| self.actor(place)),
            host: None,
            rewritten: None,
            to: to.node,
            certainty: last,
        };
        // The host of a step that two take together.
        if let Some(Node::Part(host, ..)) = also.map(|place| self.graph.node(place.node)) {
            taken.host = Some(host);
        }
        // What lies between whoever acts and what is reached.
        let mut at = before;
        loop {
            match self.graph.node(at.node) {
                Node::Principal(_) | Node::Lent(_) => break,
                Node::Host(entity, _) => taken.host = Some(entity),
                Node::Rewrites(role) => taken.rewritten = Some(role),
                Node::Everything(scope) => {
                    taken.with = Some((Role::Everything, scope));
                    break;
                }
                Node::Given(scope, role) => {
                    taken.with = Some((role, scope));
                    break;
                }
                _ => {}
            }
            match self.board.get(at).map(|s| s.before) {
                Some(Before::Edge(earlier, index)) => {
                    taken.certainty = taken.certainty.and(self.graph.edge(index).certainty);
                    at = earlier;
                }
                _ => break,
            }
        }
        taken
    }
}

/// Whether any of the principals can take an admitted step other than `membership`, with what they hold or may hold.
pub fn anybody_moves(
    graph: &ControlGraph,
    principals: impl IntoIterator<Item = PrincipalId>,
    steps: &[bool; 7],
) -> bool {
    let is_move = |edge: &Edge| edge.step.is_some_and(|s| s != Step::Membership && steps[s as usize]);
    let mut reached = FixedBitSet::with_capacity(graph.len());
    let mut waiting: Vec<u32> =
        principals.into_iter().map(|p| p.0).filter(|&p| !reached.put(p as usize)).collect();
    while let Some(node) = waiting.pop() {
        let both = |pair: &super::control::Pair| {
            reached.contains(pair.first as usize) && reached.contains(pair.second as usize)
        };
        let mut pairs = graph.pairs_of(node).iter().map(|&index| &graph.pairs()[index as usize]);
        if graph.edges(node).iter().any(is_move) || pairs.any(|pair| is_move(&pair.edge) && both(pair)) {
            return true;
        }
        let held = graph.edges(node).iter().filter(|e| e.step.is_none_or(|s| steps[s as usize]));
        for edge in held {
            if !reached.put(edge.to as usize) {
                waiting.push(edge.to);
            }
        }
    }
    false
}

/// The nodes from which an end can be reached by what a question admits, pairs taken as if either half were enough.
pub fn useful(graph: &ControlGraph, ends: impl IntoIterator<Item = u32>, question: &Question<'_>) -> Useful {
    let edges = || graph.nodes().flat_map(|(from, _)| graph.edges(from).iter().map(move |edge| (from, edge)));
    let pairs =
        || graph.pairs().iter().flat_map(|pair| [(pair.first, &pair.edge), (pair.second, &pair.edge)]);
    let backwards = |is_step: bool| {
        let admitted = edges().chain(pairs()).filter(|(_, edge)| question.admits(edge));
        let alike = admitted.filter(|(_, edge)| edge.step.is_some() == is_step);
        Network::new(graph.len(), &alike.map(|(from, edge)| (edge.to, from)).collect::<Vec<_>>())
    };
    let (free, steps) = (backwards(false), backwards(true));
    let mut useful = Useful { steps: vec![u32::MAX; graph.len()] };
    let mut next: Vec<u32> = ends.into_iter().collect();
    let mut distance = 0;
    while !next.is_empty() {
        let mut here = std::mem::take(&mut next);
        while let Some(node) = here.pop() {
            if useful.contains(node) {
                continue;
            }
            useful.steps[node as usize] = distance;
            here.extend(free.successors(node));
            next.extend(steps.successors(node));
        }
        distance += 1;
    }
    useful
}

/// The nodes that lead to an end, each with the fewest steps that may do.
pub struct Useful {
    steps: Vec<u32>,
}

impl Useful {
    /// How many steps lie between a node and an end at least.
    pub(super) fn steps(&self, node: u32) -> u32 {
        self.steps[node as usize]
    }

    /// Whether a node leads to an end.
    pub fn contains(&self, node: u32) -> bool {
        self.steps[node as usize] != u32::MAX
    }
}
