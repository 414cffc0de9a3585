//! The graph of control: who can become whom, and by what right. Every step of docs/paths.md is an edge into a principal or
//! into something given at a scope; between them lie rights, which are shared: whatever holds a right at a scope holds it at
//! every scope below. What enforced deny assignments leave of a right is shared by all whom the same of them name.

use super::Closure;
use super::certainty::Certainty;
use super::denied::Named;
use super::network::in_rows;
use super::rights::{Caller, Held, Holding, Rights, Role};
use super::steps;
use crate::azure::Guid;
use crate::azure::scope::Level;
use crate::inventory::schema::Noun;
use crate::inventory::{
    AssignmentId, Class, Collection, Entity, Hint, Inventory, Missing, PrincipalId, ScopeId, Symbol, Truth,
};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::hash::BuildHasher;
use std::rc::Rc;

/// A way to gain control of one more principal, or of a right.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Is in a group, at any depth.
    Membership,
    /// Can run code on a resource that carries the identity.
    CodeExecution,
    /// May assign the identity, and has a host for it.
    IdentityAttachment,
    /// May add a federated credential to the identity.
    Federation,
    /// May write role assignments.
    RoleGrant,
    /// May rewrite a custom role that is held.
    RoleDefinition,
    /// Owns the group, application or service principal.
    Ownership,
}

impl Step {
    /// Every kind, in the order of the language reference.
    pub const ALL: [Step; 7] = [
        Step::Membership,
        Step::CodeExecution,
        Step::IdentityAttachment,
        Step::Federation,
        Step::RoleGrant,
        Step::RoleDefinition,
        Step::Ownership,
    ];

    /// As it is written after `by`.
    pub fn word(self) -> &'static str {
        match self {
            Step::Membership => "membership",
            Step::CodeExecution => "code_execution",
            Step::IdentityAttachment => "identity_attachment",
            Step::Federation => "federation",
            Step::RoleGrant => "role_grant",
            Step::RoleDefinition => "role_definition",
            Step::Ownership => "ownership",
        }
    }

    /// The kind that is written so.
    pub fn from_word(word: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.word() == word)
    }

    /// The collections without which steps of that kind may be missing.
    pub fn collections(self) -> &'static [Collection] {
        use Collection as C;
        match self {
            // Rights go through groups whatever the kind: what is missing there is told group by group.
            Step::Membership | Step::RoleGrant => &[],
            Step::CodeExecution => &[C::Resources, C::PolicyAssignments],
            Step::IdentityAttachment | Step::Federation => &[C::Identities],
            Step::RoleDefinition => &[C::RoleDefinitions],
            Step::Ownership => &[C::GroupOwners, C::ApplicationOwners, C::ServicePrincipalOwners],
        }
    }
}

/// A right that leads on, wherever something lies below its scope to which it applies.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Right {
    /// To run code on hosts of that type: an index into the types of the hosts that there are, each with all ways to run code
    /// or with those that deny assignments leave.
    Run(u16),
    /// To add federated credentials to user-assigned identities.
    Federate,
    /// To assign user-assigned identities.
    Assign,
    /// To assign user-assigned identities, with a host to be had by the same assignment.
    Attach,
}

/// What a node stands for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Node {
    /// The principal is controlled. Its number is the principal's.
    Principal(PrincipalId),
    /// The group is controlled, having been joined by a managed identity or service principal: what it is only eligible for
    /// is out of reach.
    Lent(PrincipalId),
    /// What a group holds.
    Holds(PrincipalId),
    /// What a group holds actively.
    HoldsActively(PrincipalId),
    /// What a group holds (actively, if so), in the hands of whoever those deny assignments name.
    HoldsAs(PrincipalId, bool, Named),
    /// The right, at the scope and below, where no deny assignment takes anything of it.
    Right(ScopeId, Right),
    /// What is left of the right, at the scope and below, to whoever those deny assignments name.
    Left(ScopeId, Right, Named),
    /// Code can be run on the resource or policy assignment; for deployment scripts, with that identity.
    Host(Entity, Option<PrincipalId>),
    /// Every role can be had at the scope.
    Everything(ScopeId),
    /// The role can be had at the scope.
    Given(ScopeId, Role),
    /// The custom role can be rewritten.
    Rewrites(crate::inventory::RoleId),
    /// A host can be made or had by what can be given; for an identity that is limited to some hosts, for that one.
    HostGiven(Option<PrincipalId>),
    /// A host is had by what somebody holds; for an identity that is limited to some hosts, one for that.
    HostHeld(Option<PrincipalId>),
    /// Of what a way to run code on a host asks for, with that identity for deployment scripts, the part of that number is had.
    Part(Entity, Option<PrincipalId>, u16),
    /// An identity that the capture does not name.
    Unnamed,
}

/// An edge of the graph.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// Where it leads.
    pub to: u32,
    /// The step that it is; `None` where it only says what a node has.
    pub step: Option<Step>,
    /// How surely it is there.
    pub certainty: Certainty,
}

/// Something that two nodes lead to together.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The first.
    pub first: u32,
    /// The second.
    pub second: u32,
    /// Where they lead.
    pub edge: Edge,
}

/// The numbers of nodes that are not a principal, kept without the nodes themselves: these stand in a list by number.
#[derive(Default)]
struct Numbers(HashTable<u32>);

impl Numbers {
    fn hash(node: Node) -> u64 {
        FxBuildHasher.hash_one(node)
    }

    fn get(&self, node: Node, nodes: &[Node]) -> Option<u32> {
        self.0.find(Numbers::hash(node), |&number| nodes[number as usize] == node).copied()
    }

    /// The number of a node, which is put at the end of the list where it is new.
    fn number(&mut self, node: Node, nodes: &mut Vec<Node>) -> u32 {
        let is_same = |&number: &u32| nodes[number as usize] == node;
        let hash = |&number: &u32| Numbers::hash(nodes[number as usize]);
        match self.0.entry(Numbers::hash(node), is_same, hash) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(place) => {
                let number = nodes.len() as u32;
                place.insert(number);
                nodes.push(node);
                number
            }
        }
    }
}

/// The graph of control of a captured tenant on a day.
#[derive(Default)]
pub struct ControlGraph {
    nodes: Vec<Node>,
    numbers: Numbers,
    starts: Vec<u32>,
    edges: Vec<Edge>,
    pairs: Vec<Pair>,
    /// The pairs of each node, from one start to the next.
    pair_starts: Vec<u32>,
    pairs_of: Vec<u32>,
    /// The order of the nodes; empty where nobody asks for it.
    rank: Vec<u32>,
    by_rank: Vec<u32>,
    principals: usize,
    parts: FxHashMap<PrincipalId, [bool; 7]>,
}

impl ControlGraph {
    /// Of an inventory, on a day.
    pub fn new(rights: &Rights<'_>) -> ControlGraph {
        ControlGraph::laid(rights, true)
    }

    /// The same for who asks for nothing that depends on an order: its nodes have no rank.
    pub fn unranked(rights: &Rights<'_>) -> ControlGraph {
        ControlGraph::laid(rights, false)
    }

    fn laid(rights: &Rights<'_>, ranked: bool) -> ControlGraph {
        let mut builder = Builder::new(rights);
        steps::lay_all(&mut builder);
        builder.finish(ranked)
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// What a node stands for.
    pub fn node(&self, number: u32) -> Node {
        self.nodes[number as usize]
    }

    /// The number of a node; `None` where nothing leads to it.
    pub fn number(&self, node: Node) -> Option<u32> {
        match node {
            Node::Principal(p) => Some(p.0),
            node => self.numbers.get(node, &self.nodes),
        }
    }

    /// All nodes with their numbers.
    pub fn nodes(&self) -> impl Iterator<Item = (u32, Node)> + '_ {
        self.nodes.iter().enumerate().map(|(number, &node)| (number as u32, node))
    }

    /// The edges out of a node.
    pub fn edges(&self, from: u32) -> &[Edge] {
        &self.edges[self.starts[from as usize] as usize..self.starts[from as usize + 1] as usize]
    }

    /// The number of the first edge out of a node.
    pub fn first_edge(&self, from: u32) -> u32 {
        self.starts[from as usize]
    }

    /// An edge by its number.
    pub fn edge(&self, number: u32) -> &Edge {
        &self.edges[number as usize]
    }

    /// For which kinds of steps a group holds something that is needed beside other things: somebody who is in it without
    /// having been captured may have the rest.
    pub fn parts_held(&self, group: PrincipalId) -> [bool; 7] {
        self.parts.get(&group).copied().unwrap_or_default()
    }

    /// What two nodes lead to together.
    pub fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// The pairs that a node is one of.
    pub fn pairs_of(&self, node: u32) -> &[u32] {
        &self.pairs_of[self.pair_starts[node as usize] as usize..self.pair_starts[node as usize + 1] as usize]
    }

    /// The place of a node in an order that does not depend on the order of the files.
    ///
    /// # Panics
    ///
    /// If the graph was made without ranks.
    pub fn rank(&self, node: u32) -> u32 {
        self.rank[node as usize]
    }

    /// The node at a place of that order.
    ///
    /// # Panics
    ///
    /// If the graph was made without ranks.
    pub fn at_rank(&self, rank: u32) -> u32 {
        self.by_rank[rank as usize]
    }

    /// The principal that is controlled at a node.
    pub fn principal(&self, node: u32) -> Option<PrincipalId> {
        match self.nodes[node as usize] {
            Node::Principal(p) | Node::Lent(p) => Some(p),
            _ => None,
        }
    }
}

/// Below so many nodes their order is found sooner than a thread is started.
const WORTH_A_THREAD: usize = 10_000;

/// The graph in the making.
pub(super) struct Builder<'r, 'i> {
    pub(super) rights: &'r Rights<'i>,
    pub(super) inventory: &'i Inventory,
    nodes: Vec<Node>,
    numbers: Numbers,
    /// The rights at each scope, with their nodes.
    rights_at: FxHashMap<ScopeId, Vec<(Right, u32)>>,
    edges: Vec<(u32, Edge)>,
    pairs: Vec<Pair>,
    callers: FxHashMap<(PrincipalId, bool), Rc<Caller>>,
    closures: FxHashMap<PrincipalId, Rc<Closure>>,
    /// Subscriptions and management groups above which a management group may be that is not known.
    pub(super) hanging: Vec<ScopeId>,
    /// Who holds something that a step needs beside other things, by kind of step.
    pub(super) parts: FxHashMap<PrincipalId, [bool; 7]>,
    /// Every assignment of an Azure role that is or may come into force.
    pub(super) assignments: Rc<Vec<Held>>,
    /// The place of each list of deny assignments in an order.
    pub(super) named: Vec<u32>,
}

impl<'r, 'i> Builder<'r, 'i> {
    fn new(rights: &'r Rights<'i>) -> Self {
        let inventory = rights.inventory;
        let scopes = &inventory.scopes;
        let principals = inventory.principals.iter().map(Node::Principal).collect();
        let hanging = |s: &ScopeId| {
            matches!(scopes.level(*s), Level::ManagementGroup | Level::Subscription)
                && !scopes.parent_is_known(*s)
        };
        let mut assignments = Vec::with_capacity(inventory.assignments.len());
        assignments.extend(inventory.assignments.iter().filter_map(|a| rights.held(a)));
        Builder {
            rights,
            inventory,
            nodes: principals,
            numbers: Numbers::default(),
            rights_at: FxHashMap::default(),
            edges: vec![],
            pairs: vec![],
            callers: FxHashMap::default(),
            closures: FxHashMap::default(),
            parts: FxHashMap::default(),
            hanging: scopes.iter().filter(hanging).collect(),
            assignments: Rc::new(assignments),
            named: vec![],
        }
    }

    /// The number of a node, new where it was not there.
    pub(super) fn node(&mut self, node: Node) -> u32 {
        if let Node::Principal(p) = node {
            return p.0;
        }
        self.numbers.number(node, &mut self.nodes)
    }

    /// Whether a node is there.
    pub(super) fn find(&self, node: Node) -> Option<u32> {
        self.numbers.get(node, &self.nodes)
    }

    /// What has been made so far.
    pub(super) fn made(&self) -> impl Iterator<Item = (u32, Node)> + '_ {
        self.nodes.iter().enumerate().map(|(number, &node)| (number as u32, node))
    }

    pub(super) fn edge(&mut self, from: u32, to: u32, step: Option<Step>, certainty: Certainty) {
        if certainty.is_possible() && (from != to || step.is_some()) {
            self.edges.push((from, Edge { to, step, certainty }));
        }
    }

    pub(super) fn pair(&mut self, first: u32, second: u32, to: u32, step: Step, certainty: Certainty) {
        if certainty.is_possible() {
            self.pairs.push(Pair { first, second, edge: Edge { to, step: Some(step), certainty } });
        }
    }

    /// An edge to an identity, if it still exists.
    pub(super) fn lead_to_identity(
        &mut self,
        from: u32,
        identity: PrincipalId,
        step: Step,
        certainty: Certainty,
    ) {
        if self.exists(identity) {
            self.edge(from, identity.0, Some(step), certainty);
        }
    }

    /// Whether a principal exists as far as the capture can tell.
    pub(super) fn exists(&self, principal: PrincipalId) -> bool {
        exists(self.inventory, principal)
    }

    /// Whether a principal is known as a group.
    pub(super) fn is_group(&self, principal: PrincipalId) -> bool {
        is_group(self.inventory, principal)
    }

    /// Whether it is a managed identity or service principal.
    pub(super) fn is_service(&self, principal: PrincipalId) -> bool {
        self.inventory.is_kind(principal, Noun::ServicePrincipal) == Truth::True
    }

    /// The node of whoever holds what is assigned to a principal.
    pub(super) fn holder(&mut self, assignee: PrincipalId, eligible: bool) -> u32 {
        match (self.is_group(assignee), eligible) {
            (true, true) => self.node(Node::Holds(assignee)),
            (true, false) => self.node(Node::HoldsActively(assignee)),
            (false, _) => assignee.0,
        }
    }

    /// The node of whoever holds an assignment.
    pub(super) fn holder_of(&mut self, a: AssignmentId) -> u32 {
        let assignments = &self.inventory.assignments;
        let eligible = assignments.state(a) == crate::inventory::State::Eligible;
        self.holder(assignments.assignee(a), eligible)
    }

    /// Each principal that holds an assignment, with its node as a caller.
    pub(super) fn callers_of(&mut self, a: AssignmentId) -> Vec<(u32, Rc<Caller>)> {
        let assignee = self.inventory.assignments.assignee(a);
        let mut callers = vec![];
        if !self.is_group(assignee) {
            callers.push((assignee.0, self.caller(assignee, false)));
            return callers;
        }
        let closure = self.closure(assignee);
        for principal in std::iter::once(assignee).chain(closure.members.iter().map(|m| m.principal)) {
            callers.push((principal.0, self.caller(principal, false)));
            if self.is_group(principal) {
                let lent = self.node(Node::Lent(principal));
                callers.push((lent, self.caller(principal, true)));
            }
        }
        // What a group is only eligible for, not everybody in it holds.
        callers.retain(|(_, caller)| caller.held.iter().any(|held| held.assignment == Some(a)));
        callers
    }

    pub(super) fn caller(&mut self, principal: PrincipalId, lent: bool) -> Rc<Caller> {
        let rights = self.rights;
        let make = || Rc::new(rights.caller(principal, lent));
        self.callers.entry((principal, lent)).or_insert_with(make).clone()
    }

    fn closure(&mut self, group: PrincipalId) -> Rc<Closure> {
        let inventory = self.inventory;
        let make = || Rc::new(Closure::of(inventory, group, |_| false));
        self.closures.entry(group).or_insert_with(make).clone()
    }

    /// The right at a scope with something to which it applies, and at all scopes above it.
    pub(super) fn right(&mut self, scope: ScopeId, right: Right) -> u32 {
        if let Some(known) = self.right_at(scope, right) {
            return known;
        }
        let leaf = self.new_right(scope, right);
        let mut below = leaf;
        for above in self.inventory.scopes.chain(scope).skip(1) {
            if let Some(known) = self.right_at(above, right) {
                self.edge(known, below, None, Certainty::Held);
                break;
            }
            let node = self.new_right(above, right);
            self.edge(node, below, None, Certainty::Held);
            below = node;
        }
        leaf
    }

    fn new_right(&mut self, scope: ScopeId, right: Right) -> u32 {
        let node = self.node(Node::Right(scope, right));
        self.rights_at.entry(scope).or_default().push((right, node));
        node
    }

    /// The node of a right at a scope, where there is something to which it applies.
    pub(super) fn right_at(&self, scope: ScopeId, right: Right) -> Option<u32> {
        let here = self.rights_at.get(&scope)?;
        here.iter().find(|(known, _)| *known == right).map(|&(_, node)| node)
    }

    /// Edges for a right that is held at a scope: to the right there, and to it at what may lie below.
    pub(super) fn holds(&mut self, from: u32, scope: ScopeId, right: Right, certainty: Certainty) {
        if let Some(to) = self.right_at(scope, right) {
            self.edge(from, to, None, certainty);
        }
        for (below, perhaps) in self.perhaps_below(scope) {
            if let Some(to) = self.right_at(below, right) {
                self.edge(from, to, None, certainty.and(perhaps));
            }
        }
    }

    /// What may lie below a scope, without being known to.
    pub(super) fn perhaps_below(&self, scope: ScopeId) -> Vec<(ScopeId, Certainty)> {
        let scopes = &self.inventory.scopes;
        if scopes.level(scope) != Level::ManagementGroup {
            return vec![];
        }
        let below = |&below: &ScopeId| match scopes.contains(scope, below) {
            Truth::Unknown(missing) => Some((below, Certainty::Unknown(missing))),
            _ => None,
        };
        self.hanging.iter().filter_map(below).collect()
    }

    /// The assignments that give, or may give, something at a scope or at a part of it.
    pub(super) fn in_force(&self, scope: ScopeId) -> Vec<Held> {
        let scopes = &self.inventory.scopes;
        let reaches = |h: &&Held| {
            !scopes.contains(h.scope, scope).is_false() || scopes.contains(scope, h.scope).is_true()
        };
        self.assignments.iter().filter(reaches).copied().collect()
    }

    /// Each principal that holds something of the kind that is in force at the scope, once.
    pub(super) fn callers_at(
        &mut self,
        scope: ScopeId,
        is_meant: impl Fn(Holding) -> bool,
    ) -> Vec<(u32, Rc<Caller>)> {
        let mut callers: FxHashMap<u32, Rc<Caller>> = FxHashMap::default();
        let mut order = vec![];
        for held in self.in_force(scope) {
            let Some(a) = held.assignment.filter(|_| is_meant(held.holding)) else { continue };
            for (node, caller) in self.callers_of(a) {
                if callers.insert(node, caller).is_none() {
                    order.push(node);
                }
            }
        }
        order.sort_unstable();
        order.into_iter().filter_map(|node| Some((node, callers.remove(&node)?))).collect()
    }

    fn finish(self, ranked: bool) -> ControlGraph {
        let (nodes, inventory, named) = (&self.nodes, self.inventory, &self.named);
        let rank = || if ranked { ranks(inventory, nodes, named) } else { vec![] };
        let edges = &self.edges;
        let sort = || {
            let nowhere = Edge { to: 0, step: None, certainty: Certainty::No };
            let (starts, mut sorted) = in_rows(nodes.len(), nowhere, || edges.iter().copied());
            for row in starts.windows(2) {
                sorted[row[0] as usize..row[1] as usize].sort_by_key(|edge| (edge.to, edge.step));
            }
            (starts, sorted)
        };
        let (rank, (starts, edges)) = if nodes.len() < WORTH_A_THREAD || !ranked {
            (rank(), sort())
        } else {
            std::thread::scope(|scope| {
                let rank = scope.spawn(rank);
                let sorted = sort();
                (rank.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), sorted)
            })
        };
        let halves = || {
            (0..).zip(&self.pairs).flat_map(|(index, pair)| {
                let second = Some(pair.second).filter(|second| *second != pair.first);
                std::iter::once(pair.first).chain(second).map(move |node| (node, index))
            })
        };
        let (pair_starts, pairs_of) = in_rows(nodes.len(), 0, halves);
        let mut by_rank = vec![0; rank.len()];
        for (node, &place) in rank.iter().enumerate() {
            by_rank[place as usize] = node as u32;
        }
        ControlGraph {
            principals: self.inventory.principals.len(),
            nodes: self.nodes,
            numbers: self.numbers,
            starts,
            edges,
            pairs: self.pairs,
            pair_starts,
            pairs_of,
            rank,
            by_rank,
            parts: self.parts,
        }
    }
}

impl ControlGraph {
    /// How many of the first nodes are principals.
    pub fn principals(&self) -> usize {
        self.principals
    }
}

/// The order of nodes by what they stand for: principals by object id, everything else by scope id.
fn ranks(inventory: &Inventory, nodes: &[Node], named: &[u32]) -> Vec<u32> {
    // What takes long to compare is ranked by itself, once for the many nodes that speak of it.
    let principals = places(inventory.principals.iter(), |&p| name(inventory, p));
    let id = |node: &Node| match *node {
        Node::Right(s, _) | Node::Left(s, ..) | Node::Everything(s) | Node::Given(s, _) => {
            Some(inventory.scopes.id(s))
        }
        Node::Host(entity, _) => match entity.scope() {
            Some(s) => Some(inventory.scopes.id(s)),
            None => Some(inventory.policies.id(entity.row)),
        },
        _ => None,
    };
    let ids: FxHashSet<Symbol> = nodes.iter().filter_map(id).collect();
    let ids = places(ids.into_iter(), |&id| inventory.names.get(id).to_ascii_lowercase());
    let key = |node: &Node| match *node {
        Node::Principal(p) => (0, 1 + principals[&p], None),
        Node::Lent(p) => (1, 1 + principals[&p], None),
        Node::Holds(p) => (2, 1 + principals[&p], None),
        Node::HoldsActively(p) | Node::HoldsAs(p, ..) => (3, 1 + principals[&p], None),
        Node::Right(..) | Node::Left(..) => (4, 0, None),
        Node::Host(..) => (5, 0, None),
        Node::Everything(_) => (6, 0, None),
        Node::Given(..) => (7, 0, None),
        Node::Rewrites(role) => (8, 0, Some(inventory.roles.guid(role))),
        Node::HostGiven(p) => (9, p.map_or(0, |p| 1 + principals[&p]), None),
        Node::HostHeld(p) => (10, p.map_or(0, |p| 1 + principals[&p]), None),
        Node::Part(_, p, _) => (13, p.map_or(0, |p| 1 + principals[&p]), None),
        Node::Unnamed => (11, 0, None),
    };
    let id = |node: &Node| id(node).map_or(0, |id| ids[&id]);
    let named = |node: &Node| match *node {
        Node::HoldsAs(.., list) => (0, 1 + list.among(named)),
        // Of equally long ways to an identity, the one by its attachment is told.
        Node::Left(_, right, list) => (u8::from(right != Right::Attach), 1 + list.among(named)),
        _ => (0, 0),
    };
    let mut order: Vec<_> =
        nodes.iter().enumerate().map(|(n, node)| (key(node), id(node), named(node), *node, n)).collect();
    order.sort_unstable();
    let mut rank = vec![0; nodes.len()];
    for (place, (.., node)) in order.into_iter().enumerate() {
        rank[node] = place as u32;
    }
    rank
}

/// Principals in an order that does not depend on the order of the files: that of their nodes.
pub fn in_order(inventory: &Inventory, principals: impl Iterator<Item = PrincipalId>) -> Vec<PrincipalId> {
    let mut all: Vec<_> = principals.map(|p| (name(inventory, p), p)).collect();
    all.sort_unstable();
    all.into_iter().map(|(_, p)| p).collect()
}

/// What principals are ordered by: their object id; without one, the id of the resource that the identity is.
fn name(inventory: &Inventory, principal: PrincipalId) -> (Option<Guid>, Option<String>) {
    let guid = inventory.principals.guid(principal);
    let node = if guid.is_none() { inventory.principals.node(principal) } else { None };
    let id = |s: ScopeId| inventory.names.get(inventory.scopes.id(s));
    (guid, node.map(|node| id(node).to_ascii_lowercase()))
}

/// The place of each in the order of their keys; equal keys have one place.
fn places<T: Copy + Eq + std::hash::Hash, K: Ord>(
    all: impl Iterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> FxHashMap<T, u32> {
    let mut keyed: Vec<(K, T)> = all.map(|one| (key(&one), one)).collect();
    keyed.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let mut places = FxHashMap::default();
    let mut place = 0;
    for (at, (key, one)) in keyed.iter().enumerate() {
        place += u32::from(at > 0 && keyed[at - 1].0 != *key);
        places.insert(*one, place);
    }
    places
}

/// Whether a principal exists as far as the capture can tell: it is not missing, and no resource alone names it.
pub fn exists(inventory: &Inventory, principal: PrincipalId) -> bool {
    inventory.is_there(principal) && !inventory.is_kind(principal, Noun::MissingPrincipal).is_true()
}

/// Whether a principal is known as a group.
pub fn is_group(inventory: &Inventory, principal: PrincipalId) -> bool {
    match inventory.principals.class(principal) {
        Class::Group => true,
        Class::Mentioned => {
            matches!(inventory.principals.hint(principal), Hint::Group | Hint::ForeignGroup)
                || inventory.members(principal).next().is_some()
        }
        _ => false,
    }
}

/// What holding nothing in particular, but everything there is to give, is.
pub(super) const EVERYTHING: Holding = Holding { role: Role::Everything, condition: None };

/// A role without a condition.
pub(super) fn plain(role: Role) -> Holding {
    Holding { role, condition: None }
}

/// A captured record that leaves something unsaid.
pub(super) const UNSAID: Certainty = Certainty::Unknown(Missing::VALUE);
