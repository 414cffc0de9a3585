//! Paths in words: each step with the captured records that prove it.

use super::Evaluator;
use super::ends::End;
use super::findings::{Words, fingerprint, quoted};
use super::path::Found;
use crate::azure::code_execution::Effect;
use crate::graph::{Caller, Certainty, Held, Holding, Node, Role, Run, Step, Taken, Use};
use crate::inventory::schema::Table;
use crate::inventory::{AssignmentId, Entity, Missing, PrincipalId, ScopeId, State};
use crate::verdict::{Evidence, Finding, HoldFact, PathEnd, PathFact, StepFact, Subject};
use std::ops::ControlFlow;

impl<'a> Evaluator<'a> {
    /// What a finding about a path says.
    pub(super) fn path_finding(&self, rule: &str, found: &Found, finding: &mut Finding) {
        let fact = self.path_fact(found);
        let target = match &fact.target {
            PathEnd::Principal(subject) => subject.id.to_lowercase(),
            PathEnd::Grant { role_id, scope, .. } => format!("{role_id} {}", scope.to_lowercase()),
        };
        finding.fingerprint = fingerprint(&[rule, "path", &fact.source.id.to_lowercase(), &target]);
        finding.subject = fact.source.clone();
        finding.sentence = self.path_sentence(found);
        let records = fact.steps.iter().flat_map(|step| &step.evidence);
        for record in records.chain(fact.hold.iter().flat_map(|hold| &hold.evidence)) {
            if !finding.evidence.contains(record) {
                finding.evidence.push(record.clone());
            }
        }
        finding.path = Some(fact);
    }

    /// One line: who can become whom, in how many steps.
    pub(super) fn path_sentence(&self, found: &Found) -> String {
        let mut sentence = String::new();
        let _ = self.put_path_sentence(found, &mut sentence);
        sentence
    }

    /// The same, piece by piece: the steps are asked for last.
    pub(super) fn put_path_sentence(&self, found: &Found, to: &mut impl Words) -> ControlFlow<()> {
        to.put(&self.phrase(found.source.into()))?;
        to.put(" to ")?;
        match found.end {
            End::Principal(p) => to.put(&self.phrase(p.into()))?,
            End::Grant(role, scope) => {
                to.put(&self.role_name(role))?;
                to.put(" at ")?;
                to.put(&self.phrase(scope.into()))?;
            }
            End::Unnamed => to.put(&unnamed().name)?,
        }
        let graph = self.graph();
        let mut between: Vec<String> = vec![];
        for step in self.steps_of(found).iter() {
            let words = match graph.principal(step.to) {
                Some(p) if found.end == End::Principal(p) => continue,
                Some(p) => self.phrase(p.into()),
                None => step.step.word().replace('_', " "),
            };
            if !between.contains(&words) {
                between.push(words);
            }
        }
        if !between.is_empty() {
            to.put(" through ")?;
            to.put(&between.join(", "))?;
        }
        let steps = if found.length == 1 { "1 step".to_owned() } else { format!("{} steps", found.length) };
        let potential = if found.potential { ", once activated" } else { "" };
        to.put(&format!(" ({steps}{potential})"))
    }

    /// A path as data.
    pub(super) fn path_fact(&self, found: &Found) -> PathFact {
        let target = match found.end {
            End::Principal(p) => PathEnd::Principal(self.subject(p.into(), None)),
            End::Grant(role, scope) => PathEnd::Grant {
                role: self.role_name(role),
                role_id: self.role_guid(role).to_string(),
                scope: self.name_of(self.inventory.scopes.id(scope)).to_owned(),
                at: self.phrase(scope.into()),
            },
            End::Unnamed => PathEnd::Principal(unnamed()),
        };
        PathFact {
            source: self.subject(found.source.into(), None),
            target,
            length: found.length,
            potential: found.potential,
            steps: self.steps_of(found).iter().map(|step| self.step_fact(step)).collect(),
            hold: found.hold.and_then(|(holder, a)| self.hold_fact(holder, a)),
        }
    }

    fn hold_fact(&self, holder: u32, a: AssignmentId) -> Option<HoldFact> {
        let holder = self.graph().principal(holder)?;
        let via = self.chain_of(a, holder);
        Some(HoldFact {
            holder: self.subject(holder.into(), None),
            sentence: self.is_words(holder, a, &via),
            evidence: self.held_evidence(a, holder, &via),
        })
    }

    /// The chain of groups by which a principal holds an assignment, the assignee first; empty where it is made to it.
    pub(super) fn chain_of(&self, a: AssignmentId, holder: PrincipalId) -> Vec<PrincipalId> {
        let assignee = self.inventory.assignments.assignee(a);
        if assignee == holder {
            return vec![];
        }
        let closure = self.closure(assignee);
        let member = closure.members.iter().find(|m| m.principal == holder);
        member.map(|m| closure.chain(m)).unwrap_or_default()
    }

    /// `user "alice" is Logic App Contributor at resource "LogicApp3388", through group "ops"`
    pub(super) fn is_words(&self, holder: PrincipalId, a: AssignmentId, via: &[PrincipalId]) -> String {
        let assignments = &self.inventory.assignments;
        let role = self.inventory.roles.name(assignments.role(a)).map_or_else(
            || self.inventory.roles.guid(assignments.role(a)).to_string(),
            |name| self.name_of(name).trim().to_owned(),
        );
        let is = match self.rights().state(a) {
            Certainty::Potential if assignments.state(a) == State::Eligible => "is eligible for",
            Certainty::Potential => "will be",
            _ => "is",
        };
        let through: String =
            via.iter().rev().map(|&g| format!(", through {}", self.phrase(g.into()))).collect();
        let at = self.phrase(assignments.scope(a).into());
        format!("{} {is} {role} at {at}{through}", self.phrase(holder.into()))
    }

    pub(super) fn held_evidence(
        &self,
        a: AssignmentId,
        holder: PrincipalId,
        via: &[PrincipalId],
    ) -> Vec<Evidence> {
        let inventory = self.inventory;
        let mut origins = vec![Some(inventory.assignments.origin(a))];
        let chain: Vec<PrincipalId> = via.iter().copied().chain([holder]).collect();
        origins.extend(chain.windows(2).map(|pair| inventory.membership_origin(pair[0], pair[1])));
        origins.push(inventory.roles.origin(inventory.assignments.role(a)));
        self.evidence_of(origins)
    }

    /// Whoever takes a step, with what they hold or were given.
    fn step_caller(&self, step: &Taken) -> (Option<PrincipalId>, Caller) {
        let graph = self.graph();
        let rights = self.rights();
        match (step.with, graph.node(step.from)) {
            (Some((role, scope)), _) => {
                let principal = graph.principal(step.from);
                (principal, rights.somebody(Holding { role, condition: None }, scope))
            }
            (None, Node::Lent(p)) => (Some(p), rights.caller(p, true)),
            (None, Node::Principal(p)) => (Some(p), rights.caller(p, false)),
            (None, _) => {
                (None, rights.somebody(Holding { role: Role::Everything, condition: None }, ScopeId::ROOT))
            }
        }
    }

    fn step_fact(&self, step: &Taken) -> StepFact {
        let graph = self.graph();
        let (principal, caller) = self.step_caller(step);
        let from = principal.map(|p| self.subject(p.into(), None)).unwrap_or_else(nobody);
        let mut notes = vec![];
        let mut evidence = vec![];
        let mut resource = step.host.map(|host| self.subject(host, None));
        let to_principal = graph.principal(step.to);
        let place = match graph.node(step.to) {
            Node::Everything(scope) | Node::Given(scope, _) => Some(scope),
            _ => None,
        };
        let to = match (to_principal, place) {
            (Some(p), _) => self.subject(p.into(), None),
            (None, Some(scope)) => self.subject(scope.into(), None),
            (None, None) => unnamed(),
        };
        let who = principal.map_or_else(String::new, |p| self.phrase(p.into()));
        let goal = to_principal.map_or_else(|| to.name.clone(), |p| self.phrase(p.into()));
        let sentence = match step.step {
            Step::Membership => {
                let group = to_principal.unwrap_or(PrincipalId(0));
                let chain = principal.map(|p| self.membership_chain(group, p)).unwrap_or_default();
                evidence.extend(
                    self.evidence_of(chain.windows(2).map(|p| self.inventory.membership_origin(p[0], p[1]))),
                );
                format!("{who} is in {goal}")
            }
            Step::Ownership => {
                evidence
                    .extend(self.evidence_of([to_principal.and_then(|p| self.inventory.origin(p.into()))]));
                let can = match to_principal.map(|p| crate::graph::is_group(self.inventory, p)) {
                    Some(true) => "and can join it",
                    _ => "and can add a secret to it",
                };
                format!("{who} owns {goal}, {can}")
            }
            Step::CodeExecution => {
                let run = self.run_of(step, &caller);
                let uses = run.as_ref().map_or(&[][..], |run| &run.uses);
                let (mut holds, proof) = self.uses_words(principal, step, uses);
                evidence.extend(proof);
                if let Some(also) = step.also.and_then(|node| graph.principal(node)) {
                    let (rest, proof) =
                        self.uses_words(Some(also), &Taken { with: None, ..step.clone() }, uses);
                    evidence.extend(proof);
                    holds = format!("{holds}, and {rest}");
                }
                let host = step.host.map_or_else(String::new, |host| self.host_words(host));
                evidence.extend(self.evidence_of([step.host.and_then(|host| self.inventory.origin(host))]));
                match run.as_ref().and_then(|run| run.row) {
                    Some(row) => {
                        if row.effect == Effect::Login {
                            notes.push("the machine must be reachable over the network, too".to_owned());
                        }
                        // Held at the host itself, it need not be named again.
                        let on = if holds.ends_with(&format!(" at {host}")) { "it" } else { &host };
                        format!("{holds}: {} on {on} {}, and {goal} is its identity", row.action, row.how)
                    }
                    None => {
                        notes.push("what runs on resources of this type is not established".to_owned());
                        format!("{holds}, and may write {host}, which carries {goal}")
                    }
                }
            }
            Step::IdentityAttachment => {
                let assign = to_principal.and_then(|p| self.rights().proof_of_assign(&caller, p));
                let also = step.also.and_then(|node| graph.principal(node));
                let mut uses: Vec<Use> = assign.into_iter().collect();
                if step.also.is_none() {
                    uses.extend(self.rights().proof_of_host(&caller));
                }
                let (holds, proof) = self.uses_words(principal, step, &uses);
                evidence.extend(proof);
                evidence
                    .extend(self.evidence_of([to_principal.and_then(|p| self.inventory.origin(p.into()))]));
                let host = match (also, uses.get(1)) {
                    (Some(also), _) => format!("a host that {} can have", self.phrase(also.into())),
                    (None, Some(host)) => {
                        let kind = host.action.strip_suffix("/write").unwrap_or(&host.action);
                        format!("a host of their own ({kind} at {})", self.phrase(host.held.scope.into()))
                    }
                    (None, None) => "a host of their own".to_owned(),
                };
                format!("{holds}, and may assign {goal} to {host} and run code there as it")
            }
            Step::Federation => {
                let uses: Vec<Use> = to_principal
                    .and_then(|p| self.rights().proof_of_federation(&caller, p))
                    .into_iter()
                    .collect();
                let (holds, proof) = self.uses_words(principal, step, &uses);
                evidence.extend(proof);
                evidence
                    .extend(self.evidence_of([to_principal.and_then(|p| self.inventory.origin(p.into()))]));
                format!(
                    "{holds}, and may add a federated credential to {goal}: an outside token is then taken for it"
                )
            }
            Step::RoleGrant => {
                let uses: Vec<Use> =
                    place.and_then(|s| self.rights().proof_of_grant(&caller, s)).into_iter().collect();
                let (holds, proof) = self.uses_words(principal, step, &uses);
                evidence.extend(proof);
                let at = place.map_or_else(String::new, |s| self.phrase(s.into()));
                let to_whom = match step.also.and_then(|node| graph.principal(node)) {
                    Some(p) if Some(p) != principal => format!(" to {}", self.phrase(p.into())),
                    _ => String::new(),
                };
                format!("{holds}, and may give {} at {at}{to_whom}", self.given_words(step.to))
            }
            Step::RoleDefinition => {
                let uses =
                    step.rewritten.map(|r| self.rights().proof_of_rewrite(&caller, r)).unwrap_or_default();
                let (holds, proof) = self.uses_words(principal, step, &uses);
                evidence.extend(proof);
                let role = step.rewritten.map(Entity::from);
                resource = role.map(|r| self.subject(r, None));
                evidence.extend(self.evidence_of([role.and_then(|r| self.inventory.origin(r))]));
                let name = role.map_or_else(String::new, |r| self.phrase(r));
                let holder = step.also.and_then(|node| graph.principal(node));
                let at = place.map_or_else(String::new, |s| self.phrase(s.into()));
                let held = match holder {
                    Some(p) if Some(p) == principal => "they hold it themselves".to_owned(),
                    Some(p) => format!("{} holds it", self.phrase(p.into())),
                    None => "it is held".to_owned(),
                };
                format!("{holds}, and may rewrite {name}; {held} at {at}")
            }
        };
        if let Certainty::Unknown(missing) = step.certainty {
            notes.push(self.unknown_words(missing));
        }
        let potential = step.certainty == Certainty::Potential;
        let mut unique: Vec<Evidence> = vec![];
        evidence.into_iter().for_each(|e| {
            if !unique.contains(&e) {
                unique.push(e)
            }
        });
        StepFact {
            kind: step.step.word().to_owned(),
            from,
            to,
            resource,
            given_at: step.with.map(|(_, scope)| self.subject(scope.into(), None)),
            potential,
            sentence,
            notes,
            evidence: unique,
        }
    }

    /// How code is run in a step: by whoever takes it, with what somebody else has where it needs that too.
    fn run_of(&self, step: &Taken, caller: &Caller) -> Option<Run> {
        let also = match step.also.map(|node| self.graph().node(node)) {
            Some(Node::Lent(p)) => Some(self.rights().caller(p, true)),
            Some(Node::Principal(p)) => Some(self.rights().caller(p, false)),
            _ => None,
        };
        let both = match also {
            Some(mut also) => {
                also.held.extend(&caller.held);
                also
            }
            None => caller.clone(),
        };
        self.rights().proof_of_run(&both, step.host?)
    }

    /// What gives the actions of a step.
    pub(super) fn uses_of(&self, step: &Taken) -> Vec<Use> {
        let rights = self.rights();
        let (_, caller) = self.step_caller(step);
        let to = self.graph().principal(step.to);
        let place = match self.graph().node(step.to) {
            Node::Everything(scope) | Node::Given(scope, _) => Some(scope),
            _ => None,
        };
        match step.step {
            Step::Membership | Step::Ownership => vec![],
            Step::CodeExecution => self.run_of(step, &caller).map_or(vec![], |run| run.uses),
            Step::IdentityAttachment => {
                let assign = to.and_then(|p| rights.proof_of_assign(&caller, p));
                let host = || rights.proof_of_host(&caller).filter(|_| step.also.is_none());
                assign.into_iter().chain(host()).collect()
            }
            Step::Federation => to.and_then(|p| rights.proof_of_federation(&caller, p)).into_iter().collect(),
            Step::RoleGrant => place.and_then(|s| rights.proof_of_grant(&caller, s)).into_iter().collect(),
            Step::RoleDefinition => {
                step.rewritten.map(|r| rights.proof_of_rewrite(&caller, r)).unwrap_or_default()
            }
        }
    }

    fn unknown_words(&self, missing: Missing) -> String {
        let what: Vec<String> = self.missing_data(missing).into_iter().map(|m| m.what).collect();
        format!("it is not known whether this step can be taken: {}", what.join("; "))
    }

    /// What a node gives: everything, or a role.
    fn given_words(&self, node: u32) -> String {
        match self.graph().node(node) {
            Node::Given(_, role) => self.role_words(role),
            _ => self.role_words(Role::Everything),
        }
    }

    fn host_words(&self, host: Entity) -> String {
        match host.table {
            Table::PolicyAssignment => {
                format!("policy_assignment {}", quoted(&self.subject(host, None).name))
            }
            _ => self.phrase(host),
        }
    }

    /// Who holds what gives the actions of a step, in words and records.
    fn uses_words(
        &self,
        principal: Option<PrincipalId>,
        step: &Taken,
        uses: &[Use],
    ) -> (String, Vec<Evidence>) {
        let who = principal.map_or_else(|| "whoever is there".to_owned(), |p| self.phrase(p.into()));
        if let Some((role, scope)) = step.with {
            let role = self.role_words(role);
            return (format!("{who} is given {role} at {}", self.phrase(scope.into())), vec![]);
        }
        let mut words: Vec<String> = vec![];
        let mut evidence = vec![];
        let mut seen: Vec<AssignmentId> = vec![];
        for Held { assignment, .. } in uses.iter().map(|u| u.held) {
            let (Some(a), Some(p)) = (assignment, principal) else { continue };
            if seen.contains(&a) {
                continue;
            }
            seen.push(a);
            let via = self.chain_of(a, p);
            words.push(self.is_words(p, a, &via));
            evidence.extend(self.held_evidence(a, p, &via));
        }
        if words.is_empty() {
            words.push(who);
        }
        (words.join(" and "), evidence)
    }

    /// From a group down to a member of it.
    fn membership_chain(&self, group: PrincipalId, member: PrincipalId) -> Vec<PrincipalId> {
        let closure = self.closure(group);
        let found = closure.members.iter().find(|m| m.principal == member);
        let mut chain = found.map(|m| closure.chain(m)).unwrap_or_default();
        chain.push(member);
        chain
    }
}

fn nobody() -> Subject {
    Subject { kind: "principal".to_owned(), id: String::new(), name: String::new() }
}

/// An identity that the capture does not name.
fn unnamed() -> Subject {
    Subject {
        kind: "managed_identity".to_owned(),
        id: String::new(),
        name: "an identity that was not captured".to_owned(),
    }
}
