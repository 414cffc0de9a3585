//! Which findings of a rule are put into words: all of them, or only those that a report for eyes shows, where a hundred
//! thousand others would be worded for nobody.

use super::Evaluator;
use super::findings::{About, Raw};
use crate::check::plan::Waiver;
use crate::inventory::{Entity, Missing, PrincipalId, RoleId, ScopeId, State};
use crate::verdict::{Finding, Further, Verdict};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::rc::Rc;

/// What is one finding, however many assignments say it: role, scope, assignee, holder, state.
type Same = (RoleId, ScopeId, PrincipalId, PrincipalId, State, Verdict);

impl<'a> Evaluator<'a> {
    /// The findings of a rule in words. Where only so many are asked for, those that come first by verdict and sentence (and
    /// all that are not about a grant or an entity: there are few), and what is to be said of the others together.
    pub(super) fn words(
        &self,
        rule: &str,
        raws: &[Raw],
        waivers: &'a [Waiver],
    ) -> (Vec<Finding>, Option<Further>) {
        let say = |raw: &Raw| {
            let mut finding = self.finding(rule, raw);
            finding.waiver = raw.waiver.map(|i| Self::waiver_fact(&waivers[i]));
            finding
        };
        let Some(shown) = self.shown.filter(|&shown| shown > 0 && raws.len() > shown) else {
            return (merge_duplicates(raws.iter().map(say).collect()), None);
        };
        let firsts = self.firsts(raws);
        let chosen = self.chosen(raws, &firsts, shown);
        let (mut further, mut missing) = (Further::default(), Missing::NONE);
        for (raw, _) in raws.iter().zip(0..).filter(|&(_, i)| firsts[i] == i && !chosen[i]) {
            further.count += 1;
            match raw.verdict {
                Verdict::Waived => further.waived += 1,
                Verdict::Unknown => missing = missing.and(raw.missing),
                _ => {}
            }
        }
        let worded = raws.iter().zip(&firsts).filter(|&(_, &first)| chosen[first]).map(|(raw, _)| say(raw));
        let findings = merge_duplicates(worded.collect());
        further.rule = rule.to_owned();
        further.missing = self.missing_data(missing);
        (findings, Some(further).filter(|further| further.count > 0))
    }

    /// For each finding the first one that is the same.
    fn firsts(&self, raws: &[Raw]) -> Vec<usize> {
        let mut known: FxHashMap<Same, usize> = FxHashMap::default();
        known.reserve(raws.len());
        let same = |(i, raw): (usize, &Raw)| match self.same(raw) {
            Some(same) => *known.entry(same).or_insert(i),
            None => i,
        };
        raws.iter().enumerate().map(same).collect()
    }

    fn same(&self, raw: &Raw) -> Option<Same> {
        let assignments = &self.inventory.assignments;
        let (a, holder) = match raw.about {
            About::Grant { assignment, holder, .. } => (assignment, holder),
            About::Entity(entity) => {
                let a = entity.assignment()?;
                (a, assignments.assignee(a))
            }
            _ => return None,
        };
        let (role, scope, state) = (assignments.role(a), assignments.scope(a), assignments.state(a));
        Some((role, scope, assignments.assignee(a), holder, state, raw.verdict))
    }

    /// Which findings are put into words.
    fn chosen(&self, raws: &[Raw], firsts: &[usize], shown: usize) -> Vec<bool> {
        let mut chosen = vec![false; raws.len()];
        let mut least: BinaryHeap<(Verdict, String, usize)> = BinaryHeap::with_capacity(shown + 1);
        // Those that are like the last of them: which comes first, only the whole finding says.
        let mut ties = vec![];
        let mut sentence = String::new();
        for (i, raw) in raws.iter().enumerate().filter(|&(i, _)| firsts[i] == i) {
            sentence.clear();
            match &raw.about {
                About::Grant { assignment, holder, via } => {
                    self.put_grant_sentence(*assignment, *holder, via, &mut sentence);
                }
                About::Entity(entity) => sentence.push_str(&self.phrased(*entity)),
                _ => {
                    chosen[i] = true;
                    continue;
                }
            }
            if least.len() < shown {
                least.push((raw.verdict, sentence.clone(), i));
                continue;
            }
            let Some((verdict, last, _)) = least.peek() else { continue };
            match (raw.verdict, &sentence).cmp(&(*verdict, last)) {
                Ordering::Greater => {}
                Ordering::Equal => ties.push(i),
                Ordering::Less => {
                    least.push((raw.verdict, sentence.clone(), i));
                    let (Some(out), Some(last)) = (least.pop(), least.peek()) else { continue };
                    if (out.0, &out.1) == (last.0, &last.1) {
                        ties.push(out.2);
                    } else {
                        ties.clear();
                    }
                }
            }
        }
        for i in least.into_iter().map(|(_, _, i)| i).chain(ties) {
            chosen[i] = true;
        }
        chosen
    }

    /// As [`Evaluator::phrase`]; worked out once.
    pub(super) fn phrased(&self, entity: Entity) -> Rc<str> {
        if let Some(known) = self.phrases.borrow().get(&entity) {
            return known.clone();
        }
        let phrase: Rc<str> = self.phrase(entity).into();
        self.phrases.borrow_mut().insert(entity, phrase.clone());
        phrase
    }
}

/// One finding for a role, scope, assignee and holder, however many assignments say it.
fn merge_duplicates(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::with_capacity(findings.len());
    let mut by_fingerprint: FxHashMap<(String, Verdict), usize> = FxHashMap::default();
    for finding in findings {
        let key = (finding.fingerprint.clone(), finding.verdict);
        match by_fingerprint.get(&key) {
            Some(&first) if finding.assignment.is_some() => {
                let first = &mut merged[first];
                let Some(assignment) = finding.assignment else { continue };
                if first.assignment.as_ref() != Some(&assignment) && !first.duplicates.contains(&assignment) {
                    first.duplicates.push(assignment);
                    first.evidence.extend(finding.evidence);
                    first.evidence.dedup();
                }
            }
            _ => {
                by_fingerprint.insert(key, merged.len());
                merged.push(finding);
            }
        }
    }
    for finding in &mut merged {
        finding.duplicates.sort();
    }
    merged
}
