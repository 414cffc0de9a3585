//! Waivers: which findings they cover, and which waivers cover nothing.

use super::Evaluator;
use super::findings::{About, Raw};
use crate::check::plan::Waiver;
use crate::inventory::{AssignmentId, Entity, Truth};
use crate::verdict::{Verdict, WaiverFact, WaiverNotice};

impl<'a> Evaluator<'a> {
    /// Marks the findings of a rule that a waiver in force covers, and which waivers those are.
    pub(super) fn waive(&self, rule: &str, waivers: &'a [Waiver], findings: &mut [Raw], used: &mut [bool]) {
        for raw in findings.iter_mut().filter(|f| f.verdict != Verdict::Unknown) {
            for (i, waiver) in waivers.iter().enumerate() {
                if waiver.rule == rule && self.in_force(waiver) && self.covers(waiver, rule, raw) {
                    used[i] = true;
                    if raw.waiver.is_none() {
                        raw.waiver = Some(i as u32);
                        raw.verdict = Verdict::Waived;
                    }
                }
            }
        }
    }

    /// Without a date nobody can say that a waiver still holds, so it does not.
    fn in_force(&self, waiver: &Waiver) -> bool {
        self.today.is_some_and(|today| today < waiver.ends)
    }

    fn covers(&self, waiver: &'a Waiver, rule: &str, raw: &Raw) -> bool {
        let (entity, assignment): (Option<Entity>, Option<AssignmentId>) = match &raw.about {
            About::Grant { assignment, holder, .. } => (Some((*holder).into()), Some(*assignment)),
            About::Entity(entity) => (Some(*entity), entity.assignment()),
            About::Group(group) => (group.entity, None),
            About::Path(found) => (Some(found.source.into()), found.hold.map(|(_, a)| a)),
            _ => (None, None),
        };
        if !waiver.findings.is_empty() {
            let fingerprint = self.finding(rule, raw).fingerprint;
            if !waiver.findings.iter().any(|f| f.eq_ignore_ascii_case(&fingerprint)) {
                return false;
            }
        }
        if let Some(test) = &waiver.principals {
            let holder = match (assignment, entity.and_then(Entity::principal)) {
                (_, Some(principal)) => principal,
                (Some(a), None) => self.inventory.assignments.assignee(a),
                (None, None) => return false,
            };
            if !self.is_meant(test, holder).is_true() {
                return false;
            }
        }
        if let Some(clause) = &waiver.scope {
            let end = match &raw.about {
                About::Path(found) => found.given_at(),
                _ => None,
            };
            let scope = match (assignment, entity) {
                _ if end.is_some() => end,
                (Some(a), _) => Some(self.inventory.assignments.scope(a)),
                (None, Some(entity)) => self.position(entity).map(|(scope, _)| scope),
                (None, None) => None,
            };
            match scope {
                Some(scope) if self.matcher(clause).truth(self, scope).is_true() => {}
                _ => return false,
            }
        }
        if let Some(selector) = &waiver.entity {
            let end = match &raw.about {
                About::Path(found) => found.principal_at_the_end().map(Entity::from),
                _ => None,
            };
            let candidates = entity.into_iter().chain(assignment.map(Entity::from)).chain(end);
            let admitted = candidates.map(|e| self.admits(selector, e)).fold(Truth::False, Truth::or);
            if !admitted.is_true() {
                return false;
            }
        }
        true
    }

    /// What a report shows of a waiver.
    pub(super) fn waiver_fact(waiver: &Waiver) -> WaiverFact {
        WaiverFact {
            until: waiver.until.clone(),
            because: waiver.because.clone(),
            approved_by: waiver.approved_by.clone(),
            requested_by: waiver.requested_by.clone(),
            ticket: waiver.ticket.clone(),
        }
    }

    /// The waivers that do not waive: expired, of no rule of this run, or covering nothing.
    pub(super) fn waiver_notices(
        &self,
        waivers: &[Waiver],
        rules: &[&str],
        used: &[bool],
    ) -> Vec<WaiverNotice> {
        let mut notices = vec![];
        for (waiver, &used) in waivers.iter().zip(used) {
            let (state, text) = if self.today.is_none() {
                (
                    "undated",
                    "it is not known what day it is, so this waiver does not hold: --as-of says it"
                        .to_owned(),
                )
            } else if !self.in_force(waiver) {
                ("expired", format!("expired after {}: it waives nothing", waiver.until))
            } else if !rules.contains(&waiver.rule.as_str()) {
                ("unknown_rule", "no rule of this run has that id: it waives nothing".to_owned())
            } else if !used {
                ("unused", "it covers no finding: it waives nothing".to_owned())
            } else {
                continue;
            };
            notices.push(WaiverNotice { rule: waiver.rule.clone(), state: state.to_owned(), text });
        }
        notices
    }
}
