//! What closes every path from a source to a target: the smallest sets of assignments and attachments. Each set is found by
//! taking away what the shortest remaining path rests on, and asking again: exact, also where a step rests on two rights.

use super::Evaluator;
use super::ends::End;
use super::findings::About;
use super::path::Found;
use crate::check::plan::{Path, Plan, Statement};
use crate::graph::{Removed, Step, Taken};
use crate::inventory::{AssignmentId, Entity, PrincipalId, ScopeId};
use crate::verdict::{CutFact, RemovalFact, Verdict};
use std::collections::BTreeSet;

/// How many removals a set holds at most, and how often the graph is asked.
const LARGEST: usize = 5;
const QUESTIONS: usize = 400;
/// How many lines say what else a removal takes away.
const LINES: usize = 8;

/// Something that can be taken away.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Removal {
    Assignment(AssignmentId),
    Attachment(ScopeId, PrincipalId),
}

impl<'a> Evaluator<'a> {
    /// The cuts of the findings about paths, or of the one of a fingerprint.
    pub(super) fn cuts(&self, plan: &'a Plan, fingerprint: Option<&str>) -> Vec<(String, CutFact)> {
        let mut cuts = vec![];
        for rule in &plan.rules {
            let Statement::Path(path) = &rule.statement else { continue };
            for raw in self.path(path, Verdict::Deny, true).findings {
                let finding = self.finding(&rule.id, &raw);
                let About::Path(found) = &raw.about else { continue };
                if fingerprint.is_none_or(|wanted| wanted.eq_ignore_ascii_case(&finding.fingerprint)) {
                    let key = (rule.id.clone(), finding.subject.clone(), finding.fingerprint.clone());
                    cuts.push((key, self.cut(path, found)));
                }
            }
        }
        cuts.sort_by(|a, b| a.0.cmp(&b.0));
        cuts.into_iter().map(|((rule, ..), cut)| (rule, cut)).collect()
    }

    fn cut(&self, path: &'a Path, found: &Found) -> CutFact {
        let mut fact = CutFact { path: self.path_fact(found), sets: vec![], note: String::new() };
        let mut frontier: BTreeSet<BTreeSet<Removal>> = BTreeSet::from([BTreeSet::new()]);
        let mut asked = 0;
        let mut smallest: BTreeSet<BTreeSet<Removal>> = BTreeSet::new();
        for _ in 0..=LARGEST {
            let mut next = BTreeSet::new();
            for set in &frontier {
                asked += 1;
                if asked > QUESTIONS {
                    fact.note = format!("only the first {QUESTIONS} sets were tried: there may be others");
                    break;
                }
                match self.remaining(path, found.source, found.end, set) {
                    None => {
                        smallest.insert(set.clone());
                    }
                    Some(way) => {
                        for removal in self.rests_on(&way) {
                            let mut more = set.clone();
                            if more.insert(removal) {
                                next.insert(more);
                            }
                        }
                    }
                }
            }
            if !smallest.is_empty() || !fact.note.is_empty() {
                break;
            }
            frontier = next;
        }
        if smallest.is_empty() && fact.note.is_empty() {
            fact.note = match frontier.is_empty() {
                true => "a path remains that rests on no assignment and no attachment".to_owned(),
                false => format!("no {LARGEST} removals are enough"),
            };
        }
        fact.sets = smallest
            .into_iter()
            .map(|set| set.into_iter().map(|removal| self.removal_fact(removal)).collect::<Vec<_>>())
            .collect();
        fact.sets.sort();
        fact
    }

    /// The shortest way that remains where some things are taken away.
    fn remaining(
        &self,
        path: &'a Path,
        source: PrincipalId,
        end: End,
        set: &BTreeSet<Removal>,
    ) -> Option<Found> {
        let mut removed = Removed::default();
        for removal in set {
            match removal {
                Removal::Assignment(a) => removed.assignments.insert(*a),
                Removal::Attachment(scope, identity) => removed.attachments.insert((*scope, *identity)),
            };
        }
        self.without(removed).way_to(path, source, end)
    }

    /// The assignments and attachments that a way rests on.
    fn rests_on(&self, found: &Found) -> Vec<Removal> {
        let mut removals: Vec<Removal> = found.hold.iter().map(|&(_, a)| Removal::Assignment(a)).collect();
        for step in self.steps_of(found).iter() {
            removals
                .extend(self.uses_of(step).iter().filter_map(|u| u.held.assignment).map(Removal::Assignment));
            if let (Step::CodeExecution, Some(identity)) = (step.step, self.graph().principal(step.to)) {
                removals.extend(
                    self.carrier_of(step, identity).map(|scope| Removal::Attachment(scope, identity)),
                );
            }
        }
        removals.sort_unstable();
        removals.dedup();
        removals
    }

    /// The resource from which an identity that code on a host reaches can be taken: the host, or what it carries it by.
    fn carrier_of(&self, step: &Taken, identity: PrincipalId) -> Option<ScopeId> {
        let host = step.host?.scope()?;
        let carries = |scope: &ScopeId| {
            self.inventory.identity_block(*scope).is_some_and(|block| {
                block.users.contains(&identity) || block.system.value() == Some(identity)
            })
        };
        let inside = |scope: &ScopeId| self.inventory.scopes.contains(host, *scope).is_true();
        let mut attached: Vec<ScopeId> = self.inventory.attachments(identity).filter(carries).collect();
        attached.sort_unstable();
        std::iter::once(host)
            .filter(carries)
            .chain(attached.iter().copied().filter(inside))
            .chain(attached.iter().copied())
            .next()
    }

    fn removal_fact(&self, removal: Removal) -> RemovalFact {
        let inventory = self.inventory;
        match removal {
            Removal::Assignment(a) => {
                let assignee = inventory.assignments.assignee(a);
                let id = inventory.assignments.id(a, &inventory.names);
                let mut takes_away = vec![];
                let closure = self.closure(assignee);
                let members = &closure.members;
                for member in members.iter().take(LINES) {
                    takes_away
                        .push(format!("{} holds it through the group", self.phrase(member.principal.into())));
                }
                if members.len() > LINES {
                    takes_away.push(format!("and {} more hold it through the group", members.len() - LINES));
                }
                let scope = inventory.assignments.scope(a);
                let captured = |s: &ScopeId| *s != scope && inventory.scopes.captured(*s).is_some();
                let below = inventory.scopes.inside(scope).filter(captured).count();
                if below > 0 {
                    let scopes = if below == 1 { "scope" } else { "scopes" };
                    takes_away.push(format!("its rights on {below} captured {scopes} below"));
                }
                RemovalFact {
                    kind: "role_assignment".to_owned(),
                    command: format!("az role assignment delete --ids {id}"),
                    id,
                    sentence: self.grant_sentence(a, assignee, &[]),
                    takes_away,
                    evidence: self.evidence_of([Some(inventory.assignments.origin(a))]),
                }
            }
            Removal::Attachment(scope, identity) => {
                let held: Vec<AssignmentId> =
                    self.rights().caller(identity, false).held.iter().filter_map(|h| h.assignment).collect();
                let mut takes_away: Vec<String> = held
                    .iter()
                    .take(LINES)
                    .map(|&a| {
                        let via = self.chain_of(a, identity);
                        format!("code there no longer has: {}", self.is_words(identity, a, &via))
                    })
                    .collect();
                if held.len() > LINES {
                    takes_away.push(format!("and {} more assignments of that identity", held.len() - LINES));
                }
                let id = self.name_of(inventory.scopes.id(scope)).to_owned();
                RemovalFact {
                    kind: "attachment".to_owned(),
                    sentence: format!("{} on {}", self.phrase(identity.into()), self.phrase(scope.into())),
                    command: self.detach_command(scope, identity, &id),
                    id,
                    takes_away,
                    evidence: self.evidence_of([inventory.origin(Entity::from(scope))]),
                }
            }
        }
    }

    /// The command that takes an identity from a resource; empty where az has none of its own for the type.
    fn detach_command(&self, scope: ScopeId, identity: PrincipalId, id: &str) -> String {
        let inventory = self.inventory;
        let kind = self.name_of(inventory.scopes.resource_type(scope)).to_ascii_lowercase();
        let command = match kind.as_str() {
            "microsoft.compute/virtualmachines" => "az vm identity remove",
            "microsoft.compute/virtualmachinescalesets" => "az vmss identity remove",
            "microsoft.web/sites" => "az webapp identity remove",
            _ => return String::new(),
        };
        let own = inventory.identity_block(scope).is_some_and(|block| block.system.value() == Some(identity));
        let which = match inventory.principals.node(identity) {
            _ if own => "[system]".to_owned(),
            Some(node) => self.name_of(inventory.scopes.id(node)).to_owned(),
            None => return String::new(),
        };
        format!("{command} --ids {id} --identities {which}")
    }
}
