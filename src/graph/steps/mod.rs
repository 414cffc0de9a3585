//! The techniques: one a file. Each lays its edges into the graph of control; this page says in which order.

pub(super) mod code_execution;
mod federation;
mod identity_attachment;
mod membership;
mod ownership;
mod role_definition;
mod role_grant;

use super::certainty::Certainty;
use super::control::{Builder, EVERYTHING, Node, Right, Step, plain};
use super::denied::{Bitten, Denied, Named};
use super::rights::{
    ASSIGN_IDENTITY, Caller, FEDERATE, Held, Holding, Role, WRITE_ASSIGNMENT, WRITE_DEFINITION,
};
use crate::azure::Plane;
use crate::azure::scope::Level;
use crate::inventory::{AssignmentId, ScopeId};
use code_execution::Ground;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Each technique with the file that lays it.
pub const TECHNIQUES: [(Step, &str); 7] = [
    (Step::Membership, "membership.rs"),
    (Step::CodeExecution, "code_execution.rs"),
    (Step::IdentityAttachment, "identity_attachment.rs"),
    (Step::Federation, "federation.rs"),
    (Step::RoleGrant, "role_grant.rs"),
    (Step::RoleDefinition, "role_definition.rs"),
    (Step::Ownership, "ownership.rs"),
];

/// Whoever holds a role at a scope: by an assignment, or because it was given along a path.
#[derive(Clone, Copy)]
struct Source {
    /// The node of whoever holds it.
    from: u32,
    holding: Holding,
    scope: ScopeId,
    state: Certainty,
    assignment: Option<AssignmentId>,
}

/// Who has what a source holds, as far as deny assignments treat them alike.
#[derive(Clone, Copy)]
struct Hand {
    /// The node of whoever it is.
    from: u32,
    /// The deny assignments that name them.
    named: Named,
}

/// What is left of a right at a scope and below: nodes, each with what it stands for.
type Remains = Rc<[(Right, u32)]>;

/// What a role leads to wherever it is held.
struct Profile {
    /// The rights that it gives, and how surely.
    rights: Vec<(Right, Certainty)>,
    /// Whether its holder may write role assignments, and role definitions.
    gives: bool,
    rewrites: bool,
}

/// What the techniques share while they are laid.
struct Laying<'b, 'r, 'i> {
    builder: &'b mut Builder<'r, 'i>,
    ground: Ground,
    denied: Rc<Denied<'r, 'i>>,
    bitten: Bitten,
    remains: FxHashMap<(ScopeId, Right, Named), Remains>,
    profiles: FxHashMap<(Holding, bool), Rc<Profile>>,
    gifts: role_grant::Gifts,
    hosts: identity_attachment::Hosts,
    variants: FxHashMap<(usize, Named), Option<usize>>,
    running: FxHashMap<(Holding, usize), Certainty>,
    partial: FxHashMap<Holding, [bool; 7]>,
    halves: FxHashMap<Holding, code_execution::Halves>,
    custom: Rc<[role_definition::Custom]>,
    /// The scopes right below each, where that was asked for.
    below: Option<FxHashMap<ScopeId, Vec<ScopeId>>>,
    /// What can be given, and has not been followed yet.
    given: Vec<Source>,
    /// What can be given and lets its holder assign identities, and whether it makes a host for them.
    hostless: Vec<(Source, Certainty)>,
}

/// Lays the edges of every technique.
pub(super) fn lay_all(builder: &mut Builder<'_, '_>) {
    membership::lay(builder);
    ownership::lay(builder);
    let ground = Ground::survey(builder);
    let denied = Rc::new(Denied::new(builder.rights, asked_for(&ground).iter().map(|(p, o)| (*p, &**o))));
    let custom = role_definition::custom_roles(builder.rights);
    let mut laying = Laying {
        builder,
        ground,
        denied,
        bitten: Bitten::default(),
        remains: FxHashMap::default(),
        profiles: FxHashMap::default(),
        gifts: role_grant::Gifts::default(),
        hosts: identity_attachment::Hosts::default(),
        variants: FxHashMap::default(),
        running: FxHashMap::default(),
        partial: FxHashMap::default(),
        halves: FxHashMap::default(),
        custom,
        below: None,
        given: vec![],
        hostless: vec![],
    };
    laying.denials();
    laying.hosts();
    laying.identities();
    let inventory = laying.builder.inventory;
    let open_groups = inventory.principals.iter().any(|p| !inventory.members_are_captured(p));
    let assignments = laying.builder.assignments.clone();
    for held in assignments.iter() {
        let Some(a) = held.assignment else { continue };
        let source = laying.source(a, held);
        laying.holding(source);
        if open_groups {
            laying.part(a, held.holding);
        }
    }
    laying.definitions();
    while let Some(source) = laying.given.pop() {
        laying.holding(source);
    }
    laying.attachments();
    laying.attachments_given();
    laying.scripts();
    laying.joined();
    laying.builder.named = laying.denied.ranks();
}

/// Every operation that a step may ask for.
fn asked_for(ground: &Ground) -> Vec<(Plane, String)> {
    let own = [WRITE_ASSIGNMENT, WRITE_DEFINITION, ASSIGN_IDENTITY, FEDERATE];
    let own = own.into_iter().map(|operation| (Plane::Control, operation.to_owned()));
    let hosts = ground.types.iter().flat_map(code_execution::HostType::operations);
    own.chain(hosts).chain(identity_attachment::operations()).collect()
}

impl Laying<'_, '_, '_> {
    /// Notes who holds something that a step needs beside other things; and whom a condition lets somebody give a role to.
    fn part(&mut self, a: AssignmentId, holding: Holding) {
        let assignee = self.builder.inventory.assignments.assignee(a);
        let known = self.partial.get(&holding).copied();
        let parts = known.unwrap_or_else(|| self.parts_in(holding));
        if known.is_none() {
            self.partial.insert(holding, parts);
            for named in role_grant::named_in(self.builder.rights, holding) {
                self.builder.parts.entry(named).or_default()[Step::RoleGrant as usize] = true;
            }
        }
        if parts.contains(&true) {
            let all = self.builder.parts.entry(assignee).or_default();
            for (all, one) in all.iter_mut().zip(parts) {
                *all |= one;
            }
        }
    }

    /// For which kinds of steps a role grants something that is needed beside other things, wherever it is held.
    fn parts_in(&self, holding: Holding) -> [bool; 7] {
        let rights = self.builder.rights;
        let grants = |action| rights.grants(holding, Plane::Control, action).is_possible();
        let assigns = grants(ASSIGN_IDENTITY);
        let is_custom =
            matches!(holding.role, Role::Captured(role) if self.custom.iter().any(|(c, _)| *c == role));
        let mut parts = [false; 7];
        parts[Step::CodeExecution as usize] = assigns || self.half_runs(holding);
        parts[Step::IdentityAttachment as usize] = assigns || self.helps(holding);
        parts[Step::RoleDefinition as usize] = is_custom || grants(WRITE_DEFINITION);
        parts
    }

    /// An assignment, with the node of whoever holds it.
    fn source(&mut self, a: AssignmentId, held: &Held) -> Source {
        let from = self.builder.holder_of(a);
        let Held { holding, scope, state, .. } = *held;
        Source { from, holding, scope, state, assignment: Some(a) }
    }

    /// What a role that is held at a scope leads to.
    fn holding(&mut self, source: Source) {
        let Source { from, holding, scope, state, assignment } = source;
        let hands = self.hands(source);
        let makes_hosts = self.makes_hosts(scope) && self.denied.reaching(scope) == Named::NONE;
        let profile = self.profile(holding, makes_hosts);
        for (right, certainty) in &profile.rights {
            self.builder.holds(from, scope, *right, certainty.and(state));
        }
        if self.denied.touches(scope, &self.builder.hanging) {
            for &hand in &hands {
                self.holds_what_is_left(source, hand);
            }
        }
        self.parts(source);
        if profile.gives {
            self.grants_roles(source, &hands);
        }
        if profile.rewrites {
            self.rewrites_roles(source, &hands);
        }
        if assignment.is_none() {
            self.host_given(source);
        }
    }

    /// Whether a host can be made with what is held at a scope.
    fn makes_hosts(&self, scope: ScopeId) -> bool {
        self.builder.inventory.scopes.level(scope) <= Level::ResourceGroup
    }

    /// Where deny assignments take something: groups are laid out by whom these name, and what is there is noted.
    fn denials(&mut self) {
        if self.denied.is_empty() {
            return;
        }
        let touched = |held: &&Held| self.denied.touches(held.scope, &self.builder.hanging);
        let assignments = self.builder.assignments.clone();
        let touched = assignments.iter().filter(touched).filter_map(|held| held.assignment);
        let holding = touched.map(|a| self.builder.inventory.assignments.assignee(a)).collect();
        self.denied.clone().lay_groups(self.builder, &holding);
        self.denied_hosts();
        self.denied_identities();
    }

    /// Who has what a source holds, by what deny assignments name them.
    fn hands(&self, source: Source) -> Vec<Hand> {
        let from = source.from;
        if !self.denied.touches(source.scope, &self.builder.hanging) {
            return vec![Hand { from, named: Named::NONE }];
        }
        let assignments = &self.builder.inventory.assignments;
        let assignee = source.assignment.map(|a| assignments.assignee(a));
        let mixed = assignee.filter(|&assignee| self.builder.is_group(assignee));
        let Some((group, lists)) = mixed.and_then(|group| Some((group, self.denied.mixed(group)?))) else {
            return vec![Hand { from, named: self.denied.naming(assignee) }];
        };
        let active = self.builder.find(Node::HoldsActively(group)) == Some(from);
        let hand = |&named: &Named| {
            let from = self.builder.find(Node::HoldsAs(group, active, named))?;
            Some(Hand { from, named })
        };
        lists.iter().filter_map(hand).collect()
    }

    /// Each principal that has what a source holds, with its node as a caller.
    fn callers(&mut self, source: Source) -> Vec<(u32, Rc<Caller>)> {
        match source.assignment {
            Some(a) => self.builder.callers_of(a),
            None => {
                let caller = self.builder.rights.somebody(source.holding, source.scope);
                vec![(source.from, Rc::new(caller))]
            }
        }
    }

    /// What is left of the rights that a role gives, to those in whose hands it is.
    fn holds_what_is_left(&mut self, source: Source, hand: Hand) {
        let Source { holding, scope, state, .. } = source;
        let profile = self.profile(holding, false);
        let rights = &profile.rights;
        let assign = rights.iter().find(|(right, _)| *right == Right::Assign).map(|&(_, assign)| assign);
        let attach = match assign {
            Some(assign) if self.makes_hosts(scope) => {
                assign.and(self.is_hostable(holding, self.denied.at(hand.named, scope)))
            }
            _ => Certainty::No,
        };
        if self.denied.reaching(scope) != Named::NONE {
            self.builder.holds(hand.from, scope, Right::Attach, attach.and(state));
        }
        let mut places = self.builder.perhaps_below(scope);
        places.push((scope, Certainty::Held));
        for (place, perhaps) in places {
            let certainty = state.and(perhaps);
            for &(right, _) in rights {
                let Right::Run(_) = right else { continue };
                for &(left, to) in self.left(place, right, hand.named).iter() {
                    let Right::Run(variant) = left else { continue };
                    let runs = self.runs_remembered(holding, usize::from(variant));
                    self.builder.edge(hand.from, to, None, runs.and(certainty));
                }
            }
            for &(left, to) in self.left(place, Right::Assign, hand.named).iter() {
                let has = rights.iter().find(|(right, _)| *right == left).map(|&(_, has)| has);
                let has = if left == Right::Attach { attach } else { has.unwrap_or(Certainty::No) };
                self.builder.edge(hand.from, to, None, has.and(certainty));
            }
        }
    }

    /// What is left of a right at a scope and below to whoever those deny assignments name: nodes that lead down to where it
    /// is left. What can be done with identities is asked for together, as the right to assign them.
    fn left(&mut self, scope: ScopeId, right: Right, named: Named) -> Remains {
        if !self.bitten.is_there(scope, right) {
            return Rc::from([]);
        }
        let named = self.denied.within(named, scope);
        if let Some(known) = self.remains.get(&(scope, right, named)) {
            return known.clone();
        }
        let mut remains = vec![];
        for number in self.bitten.here(scope, right) {
            match right {
                Right::Run(_) => self.left_host(number, named, &mut remains),
                _ => self.left_identity(number, named, &mut remains),
            }
        }
        for below in self.bitten.below(scope, right) {
            for &(left, to) in self.left(below, right, named).iter() {
                let node = self.builder.node(Node::Left(scope, left, named));
                self.builder.edge(node, to, None, Certainty::Held);
                remains.push((left, node));
            }
        }
        remains.sort_unstable();
        remains.dedup();
        let remains: Remains = remains.into();
        self.remains.insert((scope, right, named), remains.clone());
        remains
    }

    /// What a role leads to; where it can make hosts, attachments by the same role as well.
    fn profile(&mut self, holding: Holding, makes_hosts: bool) -> Rc<Profile> {
        if let Some(known) = self.profiles.get(&(holding, makes_hosts)) {
            return known.clone();
        }
        let mut rights = vec![];
        for index in 0..self.ground.whole {
            rights.push((Right::Run(index as u16), self.runs(holding, index)));
        }
        rights.extend(self.identity_rights(holding, makes_hosts));
        rights.retain(|(_, certainty)| certainty.is_possible());
        let may = |operation| self.builder.rights.grants(holding, Plane::Control, operation).is_possible();
        let (gives, rewrites) = (may(WRITE_ASSIGNMENT), may(WRITE_DEFINITION));
        let profile = Rc::new(Profile { rights, gives, rewrites });
        self.profiles.insert((holding, makes_hosts), profile.clone());
        profile
    }

    /// Everything, or a role, at a scope: its node, which is followed once.
    fn give(&mut self, scope: ScopeId, role: Role) -> u32 {
        let node = match role {
            Role::Everything => Node::Everything(scope),
            role => Node::Given(scope, role),
        };
        if let Some(known) = self.builder.find(node) {
            return known;
        }
        let from = self.builder.node(node);
        if let Role::Captured(custom) = role
            && self.custom.iter().any(|(known, _)| *known == custom)
        {
            let rewrites = self.builder.node(Node::Rewrites(custom));
            let to = self.give(scope, Role::Everything);
            self.builder.pair(rewrites, from, to, Step::RoleDefinition, Certainty::Held);
        }
        let holding = if role == Role::Everything { EVERYTHING } else { plain(role) };
        self.given.push(Source { from, holding, scope, state: Certainty::Held, assignment: None });
        from
    }
}
