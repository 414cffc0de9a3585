//! Where the paths of a rule end: principals, assignments that are held, and what can be given.

use super::Evaluator;
use super::role::RoleMatcher;
use super::select::ScopeMatcher;
use super::value::RoleValue;
use crate::azure::permission::Block;
use crate::azure::scope::Level;
use crate::azure::{Guid, capabilities, roles};
use crate::check::plan::{Grant, Path, PathTarget, RoleMatch, RoleSet};
use crate::graph::{self, Node, Role};
use crate::inventory::{AssignmentId, Missing, PrincipalId, RoleKind, RoleType, ScopeId, State, Truth};
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;

/// Where a path ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum End {
    /// A principal is controlled.
    Principal(PrincipalId),
    /// A role is held, or can be given, at a scope.
    Grant(RoleValue, ScopeId),
    /// An identity that the capture does not name: what it is, and what it holds, is not known.
    Unnamed,
}

impl End {
    /// The principal, where it is one.
    pub(super) fn principal(self) -> Option<PrincipalId> {
        match self {
            End::Principal(principal) => Some(principal),
            End::Grant(..) | End::Unnamed => None,
        }
    }
}

/// What can be reached at a node, and whether the sentence means it.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) end: End,
    pub(super) hold: Option<AssignmentId>,
    pub(super) truth: Truth,
}

/// The ends of a path rule, by the node at which they are reached.
#[derive(Default)]
pub(super) struct Ends<'a> {
    pub(super) at: FxHashMap<u32, Vec<Target>>,
    /// The roles that the grant means.
    pub(super) roles: Option<RoleMatcher<'a>>,
}

impl Ends<'_> {
    fn add(&mut self, node: Option<u32>, target: Target) {
        if let Some(node) = node
            && !target.truth.is_false()
        {
            self.at.entry(node).or_default().push(target);
        }
    }

    pub(super) fn nodes(&self) -> Vec<u32> {
        let mut nodes: Vec<u32> = self.at.keys().copied().collect();
        nodes.sort_unstable();
        nodes
    }
}

impl<'a> Evaluator<'a> {
    /// The ends of a rule.
    pub(super) fn ends(&self, path: &'a Path) -> Ends<'a> {
        let graph = self.graph();
        let mut ends = Ends::default();
        // Whoever it is may hold anything, and so lead to every end.
        let truth = Truth::Unknown(Missing::VALUE);
        ends.add(graph.number(Node::Unnamed), Target { end: End::Unnamed, hold: None, truth });
        match &path.to {
            PathTarget::Principals(test) => {
                for p in self.inventory.principals.iter().filter(|&p| graph::exists(self.inventory, p)) {
                    let target = Target { end: End::Principal(p), hold: None, truth: self.is_meant(test, p) };
                    ends.add(Some(p.0), target);
                    ends.add(graph.number(Node::Lent(p)), target);
                }
            }
            PathTarget::Grant(grant) => {
                let roles = RoleMatcher::new(self, &grant.roles, grant.adjectives);
                self.held_ends(grant, &roles, &mut ends);
                self.given_ends(grant, &roles, &mut ends);
                ends.roles = Some(roles);
            }
        }
        ends
    }

    /// Assignments that the grant means, at the node of whoever holds them.
    fn held_ends(&self, grant: &'a Grant, roles: &RoleMatcher<'a>, ends: &mut Ends<'a>) {
        let assignments = &self.inventory.assignments;
        let graph = self.graph();
        let scope = grant.scope.as_ref().map(|clause| self.matcher(clause));
        for a in assignments.iter().filter(|&a| assignments.kind(a) == grant.kind) {
            let mut truth = match &scope {
                Some(matcher) => matcher.truth(self, assignments.scope(a)),
                None => Truth::True,
            };
            if !truth.is_false() {
                truth = truth.and(roles.truth(self, assignments.role(a)));
            }
            if !truth.is_false() {
                truth = truth.and(self.in_state(a, grant.adjectives));
            }
            if truth.is_false() || !self.rights().state(a).is_possible() {
                continue;
            }
            let assignee = assignments.assignee(a);
            let group = graph::is_group(self.inventory, assignee);
            let node = match (group, assignments.state(a)) {
                (true, State::Eligible) => Node::Holds(assignee),
                (true, State::Active) => Node::HoldsActively(assignee),
                (false, _) => Node::Principal(assignee),
            };
            let end = End::Grant(RoleValue::Captured(assignments.role(a)), assignments.scope(a));
            let target = |truth| Target { end, hold: Some(a), truth };
            match (grant.adjectives.direct, grant.adjectives.inherited) {
                (false, false) => ends.add(graph.number(node), target(truth)),
                // Whoever is controlled holds it directly: the assignee itself.
                (true, false) => {
                    ends.add(Some(assignee.0), target(truth));
                    if group && assignments.state(a) == State::Active {
                        ends.add(graph.number(Node::Lent(assignee)), target(truth));
                    }
                }
                _ if group => ends.add(graph.number(node), target(truth)),
                _ => {}
            }
        }
    }

    /// What can be given: at the scope itself where the clause admits it, else at the highest scopes inside it.
    fn given_ends(&self, grant: &'a Grant, roles: &RoleMatcher<'a>, ends: &mut Ends<'a>) {
        if grant.kind != RoleKind::Azure || grant.adjectives.eligible || grant.adjectives.inherited {
            return;
        }
        let scope = grant.scope.as_ref().map(|clause| self.matcher(clause));
        let graph = self.graph();
        let best = self.representative(grant, roles);
        let mut highest: FxHashMap<ScopeId, Rc<[(ScopeId, Truth)]>> = FxHashMap::default();
        for (number, node) in graph.nodes() {
            let (at, role) = match node {
                Node::Everything(at) => (at, best),
                Node::Given(at, role) => {
                    let Some(value) = value_of(role) else { continue };
                    (at, Some((value, self.means_role(grant, roles, value))))
                }
                _ => continue,
            };
            let Some((role, truth)) = role.filter(|(_, truth)| !truth.is_false()) else { continue };
            let highest = highest.entry(at).or_insert_with(|| self.highest(scope.as_deref(), at).into());
            for &(scope, admitted) in highest.iter() {
                let target = Target { end: End::Grant(role, scope), hold: None, truth: truth.and(admitted) };
                ends.add(Some(number), target);
            }
        }
    }

    /// The highest scopes at or inside one that a clause admits, or may.
    fn highest(&self, clause: Option<&ScopeMatcher<'a>>, at: ScopeId) -> Vec<(ScopeId, Truth)> {
        let Some(clause) = clause else { return vec![(at, Truth::True)] };
        let here = clause.truth(self, at);
        if here.is_true() {
            return vec![(at, here)];
        }
        let scopes = &self.inventory.scopes;
        let mut highest = self.highest_inside(clause, at);
        // What may be inside it without being known to be, or without having been captured.
        if scopes.level(at) == Level::ManagementGroup {
            for hanging in scopes.iter().filter(|&s| !scopes.parent_is_known(s)) {
                let Truth::Unknown(missing) = scopes.contains(at, hanging) else { continue };
                let perhaps = Truth::Unknown(missing);
                let itself = clause.truth(self, hanging);
                let more = match itself.is_true() {
                    true => vec![(hanging, itself)],
                    false => self.highest_inside(clause, hanging),
                };
                highest.extend(more.into_iter().map(|(scope, truth)| (scope, truth.and(perhaps))));
            }
        }
        let hidden = match clause.may_hide_inside(self, at) {
            missing if missing.is_none() => Truth::False,
            missing => Truth::Unknown(missing),
        };
        if let perhaps @ Truth::Unknown(_) = here.or(hidden) {
            highest.push((at, perhaps));
        }
        highest
    }

    /// The highest scopes that are known to be inside one and that a clause admits, or may.
    fn highest_inside(&self, clause: &ScopeMatcher<'a>, at: ScopeId) -> Vec<(ScopeId, Truth)> {
        let scopes = &self.inventory.scopes;
        let mut inside: Vec<ScopeId> = scopes.inside(at).filter(|&s| s != at).collect();
        inside.sort_by_cached_key(|&s| {
            (scopes.chain(s).count(), self.name_of(scopes.id(s)).to_ascii_lowercase())
        });
        let mut highest: Vec<(ScopeId, Truth)> = vec![];
        let mut taken: FxHashSet<ScopeId> = FxHashSet::default();
        for scope in inside {
            if scopes.chain(scope).skip(1).take_while(|&s| s != at).any(|s| taken.contains(&s)) {
                continue;
            }
            let truth = clause.truth(self, scope);
            if truth.is_true() {
                taken.insert(scope);
            }
            if !truth.is_false() {
                highest.push((scope, truth));
            }
        }
        highest
    }

    /// The role that stands for all that could be given: Owner if it is meant, else the first by name.
    fn representative(&self, grant: &'a Grant, roles_meant: &RoleMatcher<'a>) -> Option<(RoleValue, Truth)> {
        let captured = &self.inventory.roles;
        let mut all: Vec<RoleValue> = captured
            .iter()
            .filter(|&r| captured.kind(r) == RoleKind::Azure && captured.role_type(r) != RoleType::Unknown)
            .map(RoleValue::Captured)
            .collect();
        let known: FxHashSet<Guid> = captured.iter().map(|r| captured.guid(r)).collect();
        all.extend(roles::iter().map(|r| r.guid()).filter(|g| !known.contains(g)).map(RoleValue::BuiltIn));
        all.sort_by_cached_key(|role| (self.role_rank(*role), self.role_guid(*role)));
        let mut doubtful = None;
        for role in all {
            match self.means_role(grant, roles_meant, role) {
                Truth::True => return Some((role, Truth::True)),
                Truth::Unknown(missing) => doubtful = doubtful.or(Some((role, Truth::Unknown(missing)))),
                Truth::False => {}
            }
        }
        doubtful
    }

    /// The order in which roles stand for others: Owner first, then by name.
    pub(super) fn role_rank(&self, role: RoleValue) -> (bool, String) {
        let name = self.role_name(role).to_lowercase();
        (name != "owner" || !self.is_built_in(role), name)
    }

    fn is_built_in(&self, role: RoleValue) -> bool {
        match role {
            RoleValue::BuiltIn(_) => true,
            RoleValue::Captured(role) => self.inventory.roles.role_type(role) == RoleType::BuiltIn,
        }
    }

    /// The name of a role; its GUID where none is known.
    pub(super) fn role_name(&self, role: RoleValue) -> String {
        let name = match role {
            RoleValue::Captured(role) => self.inventory.roles.name(role).map(|n| self.name_of(n)),
            RoleValue::BuiltIn(guid) => roles::by_guid(guid).map(|r| r.name()),
        };
        name.map_or_else(|| self.role_guid(role).to_string(), |name| name.trim().to_owned())
    }

    pub(super) fn role_guid(&self, role: RoleValue) -> Guid {
        match role {
            RoleValue::Captured(role) => self.inventory.roles.guid(role),
            RoleValue::BuiltIn(guid) => guid,
        }
    }

    /// Whether a grant means a role.
    fn means_role(&self, grant: &'a Grant, roles_meant: &RoleMatcher<'a>, role: RoleValue) -> Truth {
        let guid = match role {
            RoleValue::Captured(role) => return roles_meant.truth(self, role),
            RoleValue::BuiltIn(guid) => guid,
        };
        let Some(found) = roles::by_guid(guid) else { return Truth::False };
        if grant.adjectives.custom {
            return Truth::False;
        }
        let blocks: Vec<Block<'_>> = found.blocks();
        if grant.adjectives.privileged && !capabilities::is_privileged(&blocks) {
            return Truth::False;
        }
        let named = |what: &RoleMatch| match what {
            RoleMatch::Guid(other) => *other == guid,
            RoleMatch::Glob(glob) => glob.matches(found.name().trim()),
            RoleMatch::Name(_) => false,
        };
        let meant = match &grant.roles.set {
            None => true,
            Some(RoleSet::Names(names)) => names.iter().any(|name| named(&name.what)),
            Some(RoleSet::Granting(granting)) => super::role::blocks_grant(granting, &blocks),
        };
        (meant && !grant.roles.except.iter().any(|name| named(&name.what))).into()
    }
}

fn value_of(role: Role) -> Option<RoleValue> {
    match role {
        Role::Captured(role) => Some(RoleValue::Captured(role)),
        Role::BuiltIn(guid) => Some(RoleValue::BuiltIn(guid)),
        Role::Everything => None,
    }
}
