//! Which findings of a rule are put into words: all of them, or only those that a report for eyes shows, where a hundred
//! thousand others would be worded for nobody.

use super::Evaluator;
use super::findings::{About, Raw, Words};
use super::rule::Unseen;
use crate::check::plan::Waiver;
use crate::inventory::{PrincipalId, RoleId, ScopeId, State};
use crate::verdict::{Finding, Further, Verdict};
use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::hash::BuildHasher;
use std::ops::ControlFlow;

/// What is one finding, however many assignments say it: role, scope, assignee, holder, state.
type Same = (RoleId, ScopeId, PrincipalId, PrincipalId, State, Verdict);

/// How words that come piece by piece stand to a text: told as soon as they differ.
struct Against<'t> {
    /// What of the text was not met yet.
    rest: &'t [u8],
    order: Ordering,
}

impl<'t> Against<'t> {
    fn new(text: &'t str) -> Self {
        Against { rest: text.as_bytes(), order: Ordering::Equal }
    }

    /// Where no more words come.
    fn order(&self) -> Ordering {
        match self.order {
            Ordering::Equal if !self.rest.is_empty() => Ordering::Less,
            order => order,
        }
    }
}

impl Words for Against<'_> {
    fn put(&mut self, piece: &str) -> ControlFlow<()> {
        let piece = piece.as_bytes();
        let (here, rest) = self.rest.split_at(piece.len().min(self.rest.len()));
        self.order = piece[..here.len()].cmp(here).then(piece.len().cmp(&here.len()));
        self.rest = rest;
        if self.order.is_eq() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

impl<'a> Evaluator<'a> {
    /// The findings of a rule in words. Where only so many are asked for, those that come first by verdict and sentence (and
    /// all that are not about a grant, an entity or a path: there are few), and what is to be said of the others and of those
    /// that were only counted together.
    pub(super) fn words(
        &self,
        rule: &str,
        raws: &[Raw],
        unseen: Unseen,
        waivers: &'a [Waiver],
    ) -> (Vec<Finding>, Option<Further>) {
        let say = |raw: &Raw| {
            let mut finding = self.finding(rule, raw);
            finding.waiver = raw.waiver.map(|i| Self::waiver_fact(&waivers[i as usize]));
            finding
        };
        let others = unseen.found + unseen.undecided;
        let Some(shown) = self.shown.filter(|&shown| shown > 0 && (raws.len() > shown || others > 0)) else {
            return (merge_duplicates(raws.iter().map(say).collect()), None);
        };
        let firsts = self.firsts(raws);
        let chosen = self.chosen(raws, &firsts, shown);
        let mut further = Further { count: others, ..Further::default() };
        let mut missing = unseen.missing;
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
        let hash = |same: &Option<Same>| FxBuildHasher.hash_one(same);
        let mut known: HashTable<u32> = HashTable::with_capacity(raws.len());
        let mut firsts: Vec<usize> = (0..raws.len()).collect();
        for (i, raw) in raws.iter().enumerate() {
            let same = self.same(raw);
            if same.is_none() {
                continue;
            }
            let entry = known.entry(
                hash(&same),
                |&first| self.same(&raws[first as usize]) == same,
                |&first| hash(&self.same(&raws[first as usize])),
            );
            firsts[i] = *entry.or_insert(i as u32).get() as usize;
        }
        firsts
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
        for (i, raw) in raws.iter().enumerate().filter(|&(i, _)| firsts[i] == i) {
            if !matches!(raw.about, About::Grant { .. } | About::Entity(_) | About::Path(_)) {
                chosen[i] = true;
                continue;
            }
            if least.len() == shown
                && let Some((verdict, last, _)) = least.peek()
            {
                // Most differ after a few letters: the others need not be put together.
                let order = raw.verdict.cmp(verdict).then_with(|| {
                    let mut against = Against::new(last);
                    let _ = self.put_sentence(raw, &mut against);
                    against.order()
                });
                match order {
                    Ordering::Greater => continue,
                    Ordering::Equal => {
                        ties.push(i);
                        continue;
                    }
                    Ordering::Less => {}
                }
            }
            let mut sentence = String::new();
            let _ = self.put_sentence(raw, &mut sentence);
            least.push((raw.verdict, sentence, i));
            if least.len() <= shown {
                continue;
            }
            let (Some(out), Some(last)) = (least.pop(), least.peek()) else { continue };
            if (out.0, &out.1) == (last.0, &last.1) {
                ties.push(out.2);
            } else {
                ties.clear();
            }
        }
        for i in least.into_iter().map(|(_, _, i)| i).chain(ties) {
            chosen[i] = true;
        }
        chosen
    }

    /// The sentence of a finding about a grant, an entity or a path.
    fn put_sentence(&self, raw: &Raw, to: &mut impl Words) -> ControlFlow<()> {
        match &raw.about {
            About::Grant { assignment, holder, via } => {
                self.put_grant_sentence(*assignment, *holder, via, to)
            }
            About::Entity(entity) => self.put_phrase(*entity, to),
            About::Path(found) => self.put_path_sentence(found, to),
            _ => ControlFlow::Continue(()),
        }
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
