//! One rule: what it examined, what it found, what it could not decide, and how it ended.

use super::Evaluator;
use super::count::{Group, Groups, Part};
use super::findings::{About, Counted, Raw};
use super::grant::{GrantRun, Held, OpenGroup};
use super::predicate::Env;
use crate::check::plan::{
    Count, Effect, Expr, Grant, GroupKey, Rule, Selector, Severity, Statement, Unit, Waiver,
};
use crate::inventory::{AssignmentId, Collection, Entity, Missing, PrincipalId, Truth};
use crate::verdict::{Finding, Further, RuleVerdict, Status, Verdict};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many holders through one group are found one by one; the rest is folded into one finding.
const HOLDERS_SHOWN: usize = 20;
/// How many groups whose members were not captured are named one by one.
const OPEN_GROUPS_SHOWN: usize = 20;

/// What a statement came to, before waivers and words.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) examined: u64,
    pub(super) selected: u64,
    pub(super) undecided: Undecided,
    pub(super) findings: Vec<Raw>,
    pub(super) unseen: Unseen,
    /// Names that name nothing, in words.
    pub(super) notes: Vec<String>,
}

/// What was only counted, as no report shows it: among the found and the undecided facts.
#[derive(Clone, Copy, Default)]
pub(super) struct Unseen {
    pub(super) found: u64,
    /// For reasons of their own.
    pub(super) undecided: u64,
    /// What those rest on.
    pub(super) missing: Missing,
}

/// What could not be decided: facts for reasons of their own, and what whole collections would decide.
#[derive(Default)]
pub(super) struct Undecided {
    facts: u64,
    collections: BTreeMap<Collection, u64>,
    pub(super) own: Vec<Raw>,
}

impl Undecided {
    pub(super) fn is_empty(&self) -> bool {
        self.facts == 0 && self.collections.is_empty() && self.own.is_empty()
    }

    /// How many facts are undecided for a reason of their own.
    pub(super) fn own(&self) -> usize {
        self.own.len()
    }

    /// A collection that the sentence needs is not complete.
    pub(super) fn lacks(&mut self, missing: Missing) {
        for collection in missing.collections().iter() {
            self.collections.entry(collection).or_default();
        }
    }

    /// A fact is undecided: folded into the collections that would decide it, or for a reason of its own.
    pub(super) fn fact(&mut self, missing: Missing, about: impl FnOnce() -> About) {
        let collections = missing.collections();
        if missing.is_value() || collections.is_empty() {
            return self.by_itself(missing, about());
        }
        self.facts += 1;
        for collection in collections.iter() {
            *self.collections.entry(collection).or_default() += 1;
        }
    }

    /// A fact is undecided for a reason of its own.
    pub(super) fn by_itself(&mut self, missing: Missing, about: About) {
        self.facts += 1;
        self.own.push(Raw { verdict: Verdict::Unknown, about, missing, folded: 0, waiver: None });
    }

    /// So many facts are undecided for reasons of their own, so many for want of those collections.
    pub(super) fn count(&mut self, own: u64, folded: u64, missing: Missing) {
        self.facts += own + folded;
        for collection in missing.collections().iter().filter(|_| folded > 0) {
            *self.collections.entry(collection).or_default() += folded;
        }
    }

    /// A group whose members were not captured is undecided; above a number they are folded.
    pub(super) fn group(&mut self, raw: Raw) {
        self.facts += 1;
        let groups = self.own.iter().filter(|r| matches!(r.about, About::OpenGroupOnPath(_))).count();
        match self.own.last_mut() {
            Some(last) if groups >= OPEN_GROUPS_SHOWN => last.folded += 1,
            _ => self.own.push(raw),
        }
    }

    /// One finding for each collection, and one for each fact with a reason of its own, behind others.
    pub(super) fn behind(self, mut findings: Vec<Raw>) -> Vec<Raw> {
        findings.extend(self.collections.into_iter().map(|(collection, folded)| Raw {
            verdict: Verdict::Unknown,
            about: About::Collection(collection),
            missing: Missing::collection(collection),
            folded,
            waiver: None,
        }));
        joined(findings, self.own)
    }

    /// These, and behind them those of another.
    fn and(self, other: Undecided) -> Undecided {
        let mut collections = self.collections;
        for (collection, facts) in other.collections {
            *collections.entry(collection).or_default() += facts;
        }
        Undecided { facts: self.facts + other.facts, collections, own: joined(self.own, other.own) }
    }
}

/// One list behind another, without a copy where there is only one: they may be long.
fn joined(mut first: Vec<Raw>, second: Vec<Raw>) -> Vec<Raw> {
    if first.is_empty() {
        return second;
    }
    first.extend(second);
    first
}

impl<'a> Evaluator<'a> {
    /// Decides a rule.
    pub(super) fn rule(
        &self,
        rule: &'a Rule,
        waivers: &'a [Waiver],
        used: &mut [bool],
    ) -> (RuleVerdict, Vec<Finding>, Option<Further>) {
        let verdict = match rule.effect {
            Effect::Deny => Verdict::Deny,
            Effect::Warn => Verdict::Warn,
            Effect::Advise => Verdict::Advise,
        };
        let mut outcome = match &rule.statement {
            Statement::Select(selector, count) => self.select_statement(selector, count.as_ref(), verdict),
            Statement::RequireSome(selector) => self.require_some(selector, &rule.sentence),
            Statement::RequireEvery(selector, expr) => self.require_every(selector, expr),
            Statement::Path(path) => {
                let is_waived = waivers.iter().any(|waiver| waiver.rule == rule.id);
                self.path(path, verdict, is_waived)
            }
        };
        let names = self.names_in(&rule.statement);
        outcome.notes.extend(names.notes);
        self.waive(&rule.id, waivers, &mut outcome.findings, used);
        // Of nothing selected, nothing was required.
        let idle = matches!(rule.statement, Statement::RequireEvery(..)) && outcome.selected == 0;
        let status = status(&outcome, verdict, names.nothing || idle);
        if status == Status::NotApplicable && !names.nothing {
            let what =
                if outcome.examined == 0 { "nothing was there to examine" } else { "nothing was selected" };
            outcome.notes.push(what.to_owned());
        }
        let unknown = outcome.undecided.facts.max(outcome.undecided.collections.len() as u64);
        let raws = outcome.undecided.behind(outcome.findings);
        let (findings, further) = self.words(&rule.id, &raws, outcome.unseen, waivers);
        let verdict = RuleVerdict {
            id: rule.id.clone(),
            effect: match (rule.require, rule.effect) {
                (true, _) => "require",
                (_, Effect::Deny) => "deny",
                (_, Effect::Warn) => "warn",
                (_, Effect::Advise) => "advise",
            }
            .to_owned(),
            severity: match rule.severity {
                Severity::Critical => "critical",
                Severity::High => "high",
                Severity::Medium => "medium",
                Severity::Low => "low",
                Severity::Info => "info",
            }
            .to_owned(),
            status,
            examined: outcome.examined,
            selected: outcome.selected,
            unknown,
            notes: outcome.notes,
            because: rule.because.clone(),
            fix: rule.fix.clone(),
            controls: rule.controls.clone(),
            sentence: rule.sentence.clone(),
        };
        (verdict, findings, further)
    }

    fn select_statement(
        &self,
        selector: &'a Selector,
        count: Option<&'a Count>,
        verdict: Verdict,
    ) -> Outcome {
        match selector {
            Selector::Grant(grant) => {
                let Some(count) = count else {
                    let run = GrantRun::new(self, grant);
                    return self.found_grants(grant, verdict, |found| run.each(self, found));
                };
                let run = GrantRun::counting(self, grant, count);
                self.counted_grant(count, grant, &run, verdict)
            }
            Selector::Entity(selector) => {
                let matches = self.select(selector);
                let open = self.lacking(self.missing(&self.entity_collections(selector.noun)));
                let unsaid = self.unsaid(selector.noun);
                match count {
                    Some(count) => {
                        let open = if unsaid.is_empty() { open } else { open.and(Missing::VALUE) };
                        let groups = self.count_entities(count, selector, &matches.found, open);
                        let word = selector.noun.word();
                        self.counted(count, (word, word), groups, verdict, open)
                    }
                    None => {
                        let mut outcome = Outcome { examined: matches.examined, ..Outcome::default() };
                        outcome.undecided.lacks(open);
                        outcome.unsaid(unsaid);
                        for (entity, truth) in matches.found {
                            outcome.entity(entity, truth, verdict);
                        }
                        outcome
                    }
                }
            }
        }
    }

    /// What was found of a grant. `each` gives every assignment and holder for whom the sentence is true or undecided,
    /// those of one assignment together, and says what [`GrantRun::each`] says.
    pub(super) fn found_grants(
        &self,
        grant: &Grant,
        verdict: Verdict,
        each: impl FnOnce(&mut dyn FnMut(Held)) -> (u64, Vec<OpenGroup>),
    ) -> Outcome {
        let mut outcome = Outcome::default();
        let mut selected = Selected::default();
        // Above a number, those who hold an assignment through a group are folded.
        let mut through: (Option<AssignmentId>, usize) = (None, 0);
        let mut folded: Vec<(Held, u64)> = vec![];
        let (examined, open_groups) = each(&mut |h| {
            if h.truth.is_true() {
                selected.take(h.assignment);
            }
            if h.truth.is_true() && !h.via.is_empty() {
                if through.0 != Some(h.assignment) {
                    through = (Some(h.assignment), 0);
                }
                through.1 += 1;
                match folded.last_mut() {
                    Some((first, n)) if first.assignment == h.assignment => {
                        *n += 1;
                        return;
                    }
                    _ if through.1 > HOLDERS_SHOWN => {
                        folded.push((h, 1));
                        return;
                    }
                    _ => {}
                }
            }
            outcome.held(h, verdict);
        });
        outcome.examined = examined;
        outcome.selected = selected.count;
        let mut undecided = Undecided::default();
        undecided.lacks(self.lacking(self.missing(&self.grant_collections(grant))));
        self.open_groups(&open_groups, &mut undecided);
        outcome.undecided = undecided.and(outcome.undecided);
        for (h, n) in folded {
            let group = h.via.first().copied().unwrap_or(h.holder);
            outcome.findings.push(Raw {
                verdict,
                about: About::Grant { assignment: h.assignment, holder: group, via: Rc::default() },
                missing: Missing::NONE,
                folded: n,
                waiver: None,
            });
        }
        outcome
    }

    /// One unknown for each group that holds a matching role and whose members were not captured.
    fn open_groups(&self, open_groups: &[OpenGroup], undecided: &mut Undecided) {
        let mut seen: FxHashSet<PrincipalId> = FxHashSet::default();
        for &(group, assignment, _) in open_groups {
            if !seen.insert(group) {
                continue;
            }
            undecided.facts += 1;
            let missing = Missing::collection(Collection::GroupMemberships);
            if seen.len() > OPEN_GROUPS_SHOWN {
                if let Some(last) = undecided.own.last_mut() {
                    last.folded += 1;
                }
                continue;
            }
            undecided.own.push(Raw {
                verdict: Verdict::Unknown,
                about: About::OpenGroup(group, assignment),
                missing,
                folded: 0,
                waiver: None,
            });
        }
    }

    fn counted_grant(
        &self,
        count: &'a Count,
        grant: &'a Grant,
        run: &GrantRun<'a>,
        verdict: Verdict,
    ) -> Outcome {
        let open = self.lacking(self.missing(&self.grant_collections(grant)));
        let groups = self.count_grant(count, run, open);
        self.counted(count, ("assignment", "assignments"), groups, verdict, open)
    }

    /// The groups of a count as an outcome: groups are what is examined and found.
    fn counted(
        &self,
        count: &Count,
        facts: (&'static str, &'static str),
        groups: Groups,
        verdict: Verdict,
        open: Missing,
    ) -> Outcome {
        let mut outcome = Outcome::default();
        // A group that was not captured has no members: only too few could be wrong with it.
        if count.bounds.iter().any(|b| !b.more) {
            for key in &count.per {
                if let GroupKey::Noun(noun) = key {
                    outcome.undecided.lacks(self.lacking(self.missing(noun.collections())));
                }
            }
        }
        // Groups of values are those that occur: what was not captured may be one of its own.
        let of_values = !matches!(count.per[..], [] | [GroupKey::Noun(_)]);
        if groups.is_empty() || of_values {
            outcome.undecided.lacks(open);
        }
        outcome.examined = groups.len() as u64;
        // Few are found: only those are put in order.
        let mut found: Vec<(Vec<Part>, Group)> =
            groups.into_iter().filter(|(_, group)| !group.truth().is_false()).collect();
        found.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for (key, group) in found {
            let truth = group.truth();
            let about = || {
                let (label, id) = self.group_words(count, &key, &group);
                let counted = unit_words(count.unit, facts, group.low());
                About::Group(Box::new(Counted {
                    label,
                    id,
                    entity: group.entity,
                    counted,
                    members: group.members,
                }))
            };
            match truth {
                Truth::True => {
                    outcome.selected += 1;
                    outcome.findings.push(Raw {
                        verdict,
                        about: about(),
                        missing: Missing::NONE,
                        folded: 0,
                        waiver: None,
                    });
                }
                Truth::Unknown(missing) => outcome.undecided.fact(missing, about),
                Truth::False => {}
            }
        }
        outcome
    }

    fn require_some(&self, selector: &'a Selector, sentence: &str) -> Outcome {
        let found = self.select_statement(selector, None, Verdict::Deny);
        let mut outcome =
            Outcome { examined: found.examined, selected: found.selected, ..Outcome::default() };
        if found.selected > 0 {
            return outcome;
        }
        if !found.undecided.is_empty() {
            outcome.undecided = found.undecided;
            return outcome;
        }
        outcome.findings.push(Raw {
            verdict: Verdict::Deny,
            about: About::Rule(format!("there is none: {sentence}")),
            missing: Missing::NONE,
            folded: 0,
            waiver: None,
        });
        outcome
    }

    fn require_every(&self, selector: &'a Selector, expr: &'a Expr) -> Outcome {
        let mut outcome = Outcome::default();
        // A fact that is selected must satisfy: it is found where it does not, and undecided where either is.
        match selector {
            Selector::Grant(grant) => {
                let run = GrantRun::new(self, grant);
                let mut matches = run.matches(self);
                matches.open_groups.retain(|(group, assignment, via)| {
                    let mut env = run.strangers_environment(self, *assignment, *group, via);
                    !self.truth(expr, &mut env).is_true()
                });
                outcome.examined = matches.examined;
                outcome.undecided.lacks(self.lacking(self.missing(&self.grant_collections(grant))));
                self.open_groups(&matches.open_groups, &mut outcome.undecided);
                let mut selected = Selected::default();
                for h in matches.held {
                    if h.truth.is_true() {
                        selected.take(h.assignment);
                    }
                    let mut env: Env<'a> = run.environment(self, h.assignment, h.holder, &h.via);
                    let fails = h.truth.and(!self.truth(expr, &mut env));
                    outcome.held(Held { truth: fails, ..h }, Verdict::Deny);
                }
                outcome.selected = selected.count;
            }
            Selector::Entity(selector) => {
                let matches = self.select(selector);
                outcome.examined = matches.examined;
                outcome.undecided.lacks(self.lacking(self.missing(&self.entity_collections(selector.noun))));
                outcome.unsaid(self.unsaid(selector.noun));
                for (entity, truth) in matches.found {
                    let selected = outcome.selected + u64::from(truth.is_true());
                    let fails = truth.and(!self.truth(expr, &mut Env::of(entity)));
                    outcome.entity(entity, fails, Verdict::Deny);
                    outcome.selected = selected;
                }
            }
        }
        outcome
    }

    /// The collections that a selector needs, and that were not captured completely.
    pub(super) fn lacking_for(&self, selector: &Selector) -> Missing {
        self.lacking(match selector {
            Selector::Grant(grant) => self.missing(&self.grant_collections(grant)),
            Selector::Entity(selector) => self.missing(&self.entity_collections(selector.noun)),
        })
    }
}

impl Outcome {
    pub(super) fn held(&mut self, h: Held, verdict: Verdict) {
        let about = || About::Grant { assignment: h.assignment, holder: h.holder, via: h.via };
        match h.truth {
            Truth::True => {
                self.findings.push(Raw {
                    verdict,
                    about: about(),
                    missing: Missing::NONE,
                    folded: 0,
                    waiver: None,
                });
            }
            Truth::Unknown(missing) => self.undecided.fact(missing, about),
            Truth::False => {}
        }
    }

    /// Records that leave unsaid which of what is examined they have.
    fn unsaid(&mut self, records: Vec<Entity>) {
        for record in records {
            self.undecided.fact(Missing::VALUE, || About::Entity(record));
        }
    }

    pub(super) fn entity(&mut self, entity: Entity, truth: Truth, verdict: Verdict) {
        match truth {
            Truth::True => {
                self.selected += 1;
                let about = About::Entity(entity);
                self.findings.push(Raw { verdict, about, missing: Missing::NONE, folded: 0, waiver: None });
            }
            Truth::Unknown(missing) => self.undecided.fact(missing, || About::Entity(entity)),
            Truth::False => {}
        }
    }
}

/// How a rule ended. Unknown stands before `waived`, `pass` and `not_applicable`: nothing is passed that was not decided.
fn status(outcome: &Outcome, verdict: Verdict, names_nothing: bool) -> Status {
    let open = outcome.findings.iter().any(|f| f.verdict != Verdict::Waived) || outcome.unseen.found > 0;
    if open {
        return match verdict {
            Verdict::Warn => Status::Warn,
            Verdict::Advise => Status::Advise,
            _ => Status::Fail,
        };
    }
    if !outcome.undecided.is_empty() {
        return Status::Unknown;
    }
    if !outcome.findings.is_empty() {
        return Status::Waived;
    }
    if outcome.examined == 0 || names_nothing {
        return Status::NotApplicable;
    }
    Status::Pass
}

/// How many assignments are selected, whose holders come together.
#[derive(Default)]
struct Selected {
    last: Option<AssignmentId>,
    count: u64,
}

impl Selected {
    fn take(&mut self, assignment: AssignmentId) {
        if self.last.replace(assignment) != Some(assignment) {
            self.count += 1;
        }
    }
}

/// What was counted, in words; `facts` is the word for what a count without a unit counts, one and many.
fn unit_words(unit: Option<Unit>, facts: (&'static str, &'static str), n: u64) -> String {
    let (one, many) = match unit {
        None => facts,
        Some(Unit::Principals) => ("principal", "principals"),
        Some(Unit::Users) => ("user", "users"),
        Some(Unit::Guests) => ("guest", "guests"),
        Some(Unit::Groups) => ("group", "groups"),
        Some(Unit::Identities) => ("identity", "identities"),
        Some(Unit::Assignments) => ("assignment", "assignments"),
        Some(Unit::Scopes) => ("scope", "scopes"),
    };
    format!("{n} {}", if n == 1 { one } else { many })
}
