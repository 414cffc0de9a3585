//! Reach: what a principal controls and holds, by steps of every kind.

use super::Evaluator;
use super::ends::End;
use super::path::Found;
use super::value::{Range, RoleValue, Value};
use crate::azure::Guid;
use crate::azure::permission::{self, Plane};
use crate::azure::scope::Level;
use crate::graph::{self, Certainty, Holding, Node, Place, Question, Role, Ways};
use crate::inventory::schema::{Attr, Noun, Table};
use crate::inventory::{AssignmentId, Entity, Missing, PrincipalId, RoleKind, ScopeId, Stated, Truth};
use crate::verdict::{PlaceFact, ReachCounts, ReachFact};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// Global Administrator, who can take User Access Administrator at the root
/// (learn.microsoft.com/azure/role-based-access-control/elevate-access-global-admin).
const GLOBAL_ADMINISTRATOR: Guid = Guid(0x62e9_0394_69f5_4237_9190_0121_7714_5e10);

/// What is held or can be given somewhere, and who has it.
pub(super) struct Reached {
    /// The source of the way.
    source: PrincipalId,
    /// The principals that are controlled, the source first, each with its place on the way.
    principals: Vec<(PrincipalId, Option<Place>)>,
    /// Those who call Azure, with their places; of a group that was joined by a managed identity or service principal, what
    /// it is only eligible for is out of reach.
    callers: Vec<(PrincipalId, bool, Option<Place>)>,
    /// What is held: by whom, and the assignment.
    held: Vec<(PrincipalId, graph::Held, Option<Place>)>,
    /// What can be given.
    given: Vec<(Holding, ScopeId, Place)>,
}

impl<'a> Evaluator<'a> {
    /// What a principal reaches: surely, or perhaps.
    fn reached<'e>(&'e self, source: PrincipalId, sure: bool) -> (Ways<'e>, Reached) {
        let graph = self.graph();
        let rights = self.rights();
        let ways = Ways::from(graph, source, &Question::any(sure));
        let mut reached = Reached {
            source,
            principals: vec![(source, None)],
            callers: vec![(source, false, None)],
            held: vec![],
            given: vec![],
        };
        let mut seen: FxHashSet<PrincipalId> = FxHashSet::default();
        let mut calling: FxHashSet<u32> = FxHashSet::default();
        seen.insert(source);
        for &place in ways.places() {
            match graph.node(place.node) {
                node @ (Node::Principal(p) | Node::Lent(p)) if p != source && calling.insert(place.node) => {
                    reached.callers.push((p, matches!(node, Node::Lent(_)), Some(place)));
                    if seen.insert(p) {
                        reached.principals.push((p, Some(place)));
                    }
                }
                Node::Everything(scope) => {
                    reached.given.push((Holding { role: Role::Everything, condition: None }, scope, place));
                }
                Node::Given(scope, role) => {
                    reached.given.push((Holding { role, condition: None }, scope, place));
                }
                _ => {}
            }
        }
        let mut told: FxHashSet<AssignmentId> = FxHashSet::default();
        for &(p, lent, place) in &reached.callers {
            for held in rights.caller(p, lent).held {
                if held.assignment.is_some_and(|a| told.insert(a)) {
                    reached.held.push((p, held, place));
                }
            }
        }
        (ways, reached)
    }

    /// How far somebody reaches, and what is missing that could add to it.
    pub(super) fn reach_counts(&self, source: PrincipalId) -> (ReachCounts, Missing) {
        let (_, sure) = self.reached(source, true);
        let mut counts = self.counts_of(&[&sure]);
        let missing = self.reach_missing(source, &counts);
        counts.complete = missing.is_none();
        (counts, missing)
    }

    /// Why more may be reached than is known.
    fn reach_missing(&self, source: PrincipalId, sure: &ReachCounts) -> Missing {
        let is_service = self.inventory.is_kind(source, Noun::ServicePrincipal).is_true();
        let missing = self.uncaptured(is_service);
        let (ways, perhaps) = self.reached(source, false);
        let doubts = ways.places().iter().map(|&place| ways.certainty(place).missing());
        let doubt = doubts.fold(Missing::NONE, Missing::and);
        let unnamed = ways.places().iter().any(|place| self.graph().node(place.node) == Node::Unnamed);
        let more = ReachCounts { complete: sure.complete, ..self.counts_of(&[&perhaps]) };
        match more != *sure || unnamed {
            true => missing.and(if doubt.is_none() { Missing::VALUE } else { doubt }),
            false => missing,
        }
    }

    fn counts_of(&self, reached: &[&Reached]) -> ReachCounts {
        let inventory = self.inventory;
        let scopes = &inventory.scopes;
        let mut identities: FxHashSet<PrincipalId> = FxHashSet::default();
        let mut holdings: BTreeSet<(ScopeId, Ordered)> = BTreeSet::new();
        for one in reached {
            let others = one.principals.iter().filter(|(p, _)| *p != one.source || reached.len() > 1);
            identities.extend(
                others.map(|&(p, _)| p).filter(|&p| inventory.is_kind(p, Noun::ManagedIdentity).is_true()),
            );
            holdings.extend(one.held.iter().map(|(_, held, _)| (held.scope, Ordered::from(held.holding))));
            holdings.extend(one.given.iter().map(|&(holding, scope, _)| (scope, Ordered::from(holding))));
        }
        let at: BTreeSet<ScopeId> = holdings.iter().map(|(scope, _)| *scope).collect();
        let mut counts = ReachCounts {
            identities: identities.len() as u64,
            scopes: at.len() as u64,
            ..ReachCounts::default()
        };
        let named = self.holdings_named(reached);
        for scope in scopes.iter() {
            match scopes.level(scope) {
                Level::Subscription => {
                    let touches = |&s: &ScopeId| {
                        scopes.contains(s, scope).is_true() || scopes.contains(scope, s).is_true()
                    };
                    counts.subscriptions += u64::from(at.iter().any(touches));
                }
                Level::Resource if scopes.captured(scope).is_some() => {
                    let (any, write) = self.access_to(scope, &named, &holdings);
                    counts.resources += u64::from(any);
                    counts.writable_resources += u64::from(write);
                }
                _ => {}
            }
        }
        counts
    }

    /// What is held and what can be given, each with the deny assignments that name whoever has it; where there are any.
    fn holdings_named(&self, reached: &[&Reached]) -> BTreeSet<(ScopeId, Ordered, Vec<usize>)> {
        let rights = self.rights();
        let mut holdings = BTreeSet::new();
        if rights.denials().next().is_none() {
            return holdings;
        }
        for one in reached {
            let held = one.callers.iter().map(|&(p, lent, _)| rights.caller(p, lent));
            let given = one.given.iter().map(|&(holding, scope, _)| rights.somebody(holding, scope));
            for caller in held.chain(given) {
                let named = rights.denials_naming(caller.principal, &caller.groups);
                let all = caller.held.iter();
                holdings.extend(all.map(|held| (held.scope, Ordered::from(held.holding), named.clone())));
            }
        }
        holdings
    }

    /// Whether a resource is read or written, and whether it is written.
    fn access_to(
        &self,
        resource: ScopeId,
        named: &BTreeSet<(ScopeId, Ordered, Vec<usize>)>,
        holdings: &BTreeSet<(ScopeId, Ordered)>,
    ) -> (bool, bool) {
        let rights = self.rights();
        let scopes = &self.inventory.scopes;
        let kind = self.name_of(scopes.resource_type(resource));
        let (read, write) = (format!("{kind}/read"), format!("{kind}/write"));
        let denials: Vec<usize> = rights.denials_reaching(resource).collect();
        if !denials.is_empty() {
            let mut all = (false, false);
            for (scope, holding, named) in named {
                if all.1 || !scopes.contains(*scope, resource).is_true() {
                    continue;
                }
                let may = |action: &str| {
                    let takes = |denial: &&usize| rights.denial_takes(**denial, Plane::Control, action);
                    let naming = denials.iter().filter(|denial| named.contains(denial));
                    rights.grants(holding.0, Plane::Control, action).is_sure()
                        && !naming.into_iter().any(|d| takes(&d))
                };
                all.1 |= may(&write);
                all.0 |= all.1 || may(&read);
            }
            return all;
        }
        let mut all = (false, false);
        for (scope, holding) in holdings {
            if all.1 || !scopes.contains(*scope, resource).is_true() {
                continue;
            }
            let grants = |action: &str| rights.grants(holding.0, Plane::Control, action).is_sure();
            all.1 |= grants(&write);
            all.0 |= all.1 || grants(&read);
        }
        all
    }

    /// The value of an attribute of `reach`.
    pub(super) fn read_reach(&self, principal: PrincipalId, attr: Attr) -> Value<'a> {
        let (counts, missing) = self.reach_counts(principal);
        let n = match attr {
            Attr::ReachIdentities => counts.identities,
            Attr::ReachScopes => counts.scopes,
            Attr::ReachResources => counts.resources,
            Attr::ReachWritableResources => counts.writable_resources,
            _ => counts.subscriptions,
        } as i64;
        Value::Int(Range { low: n, high: missing.is_none().then_some(n), missing })
    }

    /// What a principal, or a resource by the identities that it carries, reaches.
    pub(super) fn reach_of(&self, of: Entity) -> Option<ReachFact> {
        let inventory = self.inventory;
        let mut notes = vec![];
        let sources: Vec<PrincipalId> = match of.table {
            Table::Principal => of.principal().into_iter().collect(),
            Table::Scope => {
                let scope = of.scope()?;
                let block = inventory.identity_block(scope);
                if block.is_none_or(|b| b.open || b.system == Stated::Unsaid) {
                    notes.push("the capture does not say which identities it carries".to_owned());
                }
                let kind = self.name_of(inventory.scopes.resource_type(scope));
                if crate::azure::code_execution::of_type(kind).next().is_none() {
                    notes.push(format!("what lets somebody run code on {kind} is not established"));
                }
                let block = block?;
                block.system.value().into_iter().chain(block.users.iter().copied()).collect()
            }
            _ => return None,
        };
        let is_resource = of.table == Table::Scope;
        let all: Vec<(Ways<'_>, Reached)> = sources.iter().map(|&s| self.reached(s, true)).collect();
        let reached: Vec<&Reached> = all.iter().map(|(_, reached)| reached).collect();
        let mut counts = self.counts_of(&reached);
        let mut missing = Missing::NONE;
        for &source in &sources {
            missing =
                missing.and(self.reach_missing(source, &self.counts_of(&[&self.reached(source, true).1])));
        }
        if is_resource {
            let own = sources.iter().filter(|&&p| graph::exists(inventory, p));
            counts.identities = counts.identities.max(own.count() as u64);
        }
        counts.complete = missing.is_none();
        let mut becomes = vec![];
        let mut places = vec![];
        for (ways, reached) in &all {
            for &(p, place) in &reached.principals {
                let Some(place) = place else { continue };
                let found = Found {
                    source: reached.source,
                    end: End::Principal(p),
                    length: ways.length(place),
                    potential: ways.is_potential(place),
                    steps: Some(ways.steps(place).into()),
                    rule: 0,
                    hold: None,
                    truth: Truth::True,
                };
                becomes.push(self.path_fact(&found));
            }
            self.places(ways, reached, &mut places);
            notes.extend(self.elevation(reached.source));
        }
        places.sort_by_key(|place| self.place_order(place));
        Some(ReachFact {
            of: self.subject(of, None),
            counts,
            becomes,
            places,
            notes,
            missing: self.missing_data(missing),
        })
    }

    fn place_order(&self, place: &PlaceFact) -> (usize, u64, String, String) {
        let depth = place.scope_id.matches('/').count();
        (depth, place.length, place.scope_id.to_lowercase(), place.role.clone())
    }

    fn places(&self, ways: &Ways<'_>, reached: &Reached, places: &mut Vec<PlaceFact>) {
        for (p, held, place) in &reached.held {
            let Some(a) = held.assignment else { continue };
            let via = self.chain_of(a, *p);
            let potential = held.state == Certainty::Potential || place.is_some_and(|x| ways.is_potential(x));
            places.push(PlaceFact {
                scope: self.subject(held.scope.into(), None),
                scope_id: self.name_of(self.inventory.scopes.id(held.scope)).to_owned(),
                access: self.access(held.holding),
                role: self.role_words(held.holding.role),
                through: self.subject((*p).into(), None),
                length: place.map_or(0, |x| ways.length(x)),
                potential,
                evidence: self.held_evidence(a, *p, &via),
            });
        }
        for &(holding, scope, place) in &reached.given {
            let through = self.graph().principal(ways.actor(place)).unwrap_or(reached.source);
            places.push(PlaceFact {
                scope: self.subject(scope.into(), None),
                scope_id: self.name_of(self.inventory.scopes.id(scope)).to_owned(),
                access: self.access(holding),
                role: self.role_words(holding.role),
                through: self.subject(through.into(), None),
                length: ways.length(place),
                potential: ways.is_potential(place),
                evidence: vec![],
            });
        }
    }

    /// The name of a role, or of all that could be given.
    pub(super) fn role_words(&self, role: Role) -> String {
        match role {
            Role::Captured(role) => self.role_name(RoleValue::Captured(role)),
            Role::BuiltIn(guid) => self.role_name(RoleValue::BuiltIn(guid)),
            Role::Everything => "any role".to_owned(),
        }
    }

    /// What a role lets its holder do, roughly: the words of [`PlaceFact::access`].
    fn access(&self, holding: Holding) -> Vec<String> {
        let rights = self.rights();
        let blocks = rights.blocks(holding.role);
        let some = |plane, patterns: &[&str]| match &blocks {
            Some(blocks) => permission::grants_some(blocks, plane, patterns),
            None => holding.role == Role::Everything,
        };
        let grant = rights
            .grants(holding, Plane::Control, "Microsoft.Authorization/roleAssignments/write")
            .is_possible();
        let words = [
            ("read", some(Plane::Control, &["*/read"])),
            ("write", some(Plane::Control, &["*/write", "*/delete", "*/action"])),
            ("grant", grant),
            ("data", some(Plane::Data, &["*/read", "*/write", "*/delete", "*/action"])),
        ];
        words.into_iter().filter(|(_, so)| *so).map(|(word, _)| word.to_owned()).collect()
    }

    /// Whether somebody can take User Access Administrator at the root: an active Global Administrator can, and nobody else,
    /// whatever their actions match. It is no right of Azure roles until it is taken.
    pub(super) fn elevation(&self, principal: PrincipalId) -> Option<String> {
        let inventory = self.inventory;
        let groups = graph::groups_above(inventory, principal);
        let roles = &inventory.roles;
        let mut held = std::iter::once(principal).chain(groups).flat_map(|p| inventory.held(p));
        let is_global = |a: &AssignmentId| {
            let role = inventory.assignments.role(*a);
            inventory.assignments.kind(*a) == RoleKind::Directory
                && self.rights().state(*a) == Certainty::Held
                && roles.guid(role) == GLOBAL_ADMINISTRATOR
        };
        held.any(|a| is_global(&a)).then(|| {
            format!(
                "latent: {} is Global Administrator, and can take User Access Administrator at the root",
                self.phrase(principal.into())
            )
        })
    }
}

/// A holding in an order.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Ordered(Holding);

impl From<Holding> for Ordered {
    fn from(holding: Holding) -> Self {
        Ordered(holding)
    }
}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0.role, self.0.condition).cmp(&(other.0.role, other.0.condition))
    }
}
