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
use super::rights::{ASSIGN_IDENTITY, Held, Holding, Role, WRITE_ASSIGNMENT, WRITE_DEFINITION};
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
    profiles: FxHashMap<(Holding, bool), Rc<Profile>>,
    gifts: role_grant::Gifts,
    hostable: FxHashMap<Holding, Certainty>,
    helping: FxHashMap<Holding, bool>,
    partial: FxHashMap<Holding, [bool; 7]>,
    halves: FxHashMap<Holding, Rc<[usize]>>,
    custom: Rc<[role_definition::Custom]>,
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
    let custom = role_definition::custom_roles(builder.rights);
    let mut laying = Laying {
        builder,
        ground,
        profiles: FxHashMap::default(),
        gifts: role_grant::Gifts::default(),
        hostable: FxHashMap::default(),
        helping: FxHashMap::default(),
        partial: FxHashMap::default(),
        halves: FxHashMap::default(),
        custom,
        given: vec![],
        hostless: vec![],
    };
    laying.hosts();
    laying.identities();
    let inventory = laying.builder.inventory;
    let open_groups = inventory.principals.iter().any(|p| !inventory.members_are_captured(p));
    let assignments = laying.builder.assignments.clone();
    for held in assignments.iter() {
        let Some(a) = held.assignment else { continue };
        let from = laying.builder.holder_of(a);
        let Held { holding, scope, state, .. } = *held;
        laying.holding(Source { from, holding, scope, state, assignment: Some(a) });
        if open_groups {
            laying.part(a, holding);
        }
    }
    laying.definitions();
    while let Some(source) = laying.given.pop() {
        laying.holding(source);
    }
    laying.attachments();
    laying.attachments_given();
    laying.denied_hosts();
    laying.denied_identities();
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
    fn parts_in(&mut self, holding: Holding) -> [bool; 7] {
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

    /// What a role that is held at a scope leads to.
    fn holding(&mut self, source: Source) {
        let Source { from, holding, scope, state, assignment } = source;
        let denied = self.builder.rights.is_under_a_denial(scope);
        let makes_hosts = !denied && self.builder.inventory.scopes.level(scope) <= Level::ResourceGroup;
        let profile = self.profile(holding, makes_hosts);
        for (right, certainty) in &profile.rights {
            self.builder.holds(from, scope, *right, certainty.and(state));
        }
        self.parts(source);
        if profile.gives {
            self.grants_roles(source, denied);
        }
        if profile.rewrites {
            self.rewrites_roles(source);
        }
        if assignment.is_none() {
            self.host_given(source);
        }
    }

    /// What a role leads to; where it can make hosts, attachments by the same role as well.
    fn profile(&mut self, holding: Holding, makes_hosts: bool) -> Rc<Profile> {
        if let Some(known) = self.profiles.get(&(holding, makes_hosts)) {
            return known.clone();
        }
        let mut rights = vec![];
        for index in 0..self.ground.types.len() {
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
