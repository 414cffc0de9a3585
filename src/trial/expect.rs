//! What a test expects, against what came out.

use super::build::Stated;
use super::world::is_called;
use crate::syntax::ast::{Expectation, Noun, Outcome};
use crate::verdict::{Finding, RuleVerdict, Status, Subject, Verdict, Verdicts};

/// What came out where something was expected, in the words of an expectation (`deny`, `pass`, `be unknown`), and
/// whether it is that.
pub fn judge(expectation: &Expectation, rule: &str, stated: &Stated, verdicts: &Verdicts) -> (String, bool) {
    let Some(ended) = verdicts.rules.iter().find(|r| r.id == rule) else {
        return ("no verdict".to_owned(), false);
    };
    let wanted = expectation.outcome.node;
    match &expectation.subject {
        None => {
            let got = of_rule(ended);
            (got.to_owned(), got == words(wanted))
        }
        Some((noun, name)) => {
            let about: Vec<&Finding> = verdicts
                .findings
                .iter()
                .filter(|f| f.rule == rule && is_about(f, noun.node, &name.node, stated))
                .collect();
            let got = of_subject(&about, ended, verdicts, wanted);
            (got.to_owned(), got == words(wanted))
        }
    }
}

/// An outcome as it stands after `to`.
pub fn words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Deny => "deny",
        Outcome::Warn => "warn",
        Outcome::Advise => "advise",
        Outcome::Pass => "pass",
        Outcome::Unknown => "be unknown",
        Outcome::Waived => "be waived",
    }
}

/// What a rule came to. Nothing to examine is nothing found: that is what `pass` expects.
fn of_rule(rule: &RuleVerdict) -> &'static str {
    match rule.status {
        Status::Fail => "deny",
        Status::Warn => "warn",
        Status::Advise => "advise",
        Status::Unknown => "be unknown",
        Status::Waived => "be waived",
        Status::Pass | Status::NotApplicable => "pass",
    }
}

fn of_finding(finding: &Finding) -> &'static str {
    match finding.verdict {
        Verdict::Deny => "deny",
        Verdict::Warn => "warn",
        Verdict::Advise => "advise",
        Verdict::Unknown => "be unknown",
        Verdict::Waived => "be waived",
    }
}

/// What a rule says of one subject: the gravest of its findings. Where a collection was not captured, one finding
/// stands for all facts that it would decide; it is about whoever has no finding of its own, if so it is expected.
fn of_subject(about: &[&Finding], rule: &RuleVerdict, verdicts: &Verdicts, wanted: Outcome) -> &'static str {
    let order = [Verdict::Deny, Verdict::Warn, Verdict::Advise, Verdict::Unknown, Verdict::Waived];
    if let Some(found) = order.iter().find_map(|v| about.iter().find(|f| f.verdict == *v)) {
        return of_finding(found);
    }
    let collection = verdicts
        .findings
        .iter()
        .any(|f| f.rule == rule.id && f.verdict == Verdict::Unknown && f.subject.kind == "collection");
    if collection && wanted == Outcome::Unknown { "be unknown" } else { "pass" }
}

/// Whether a finding is about a thing that the test states: by kind and name, or for a count by what was counted.
fn is_about(finding: &Finding, noun: Noun, name: &str, stated: &Stated) -> bool {
    let kind = Noun::from_word(&finding.subject.kind);
    if kind.is_some_and(|kind| kind == noun || is_called(kind, noun))
        && finding.subject.name.eq_ignore_ascii_case(name)
    {
        return true;
    }
    let of_noun = |subject: &Subject| {
        Noun::from_word(&subject.kind).is_some_and(|kind| kind == noun || is_called(kind, noun))
            && subject.name.eq_ignore_ascii_case(name)
    };
    if kind.is_none() && finding.members.iter().any(of_noun) {
        return true;
    }
    // A scope that the test does not call by its id: its finding's record is the fact that states it.
    let mut things =
        stated.things.iter().filter(|(n, own, _)| is_called(*n, noun) && own.eq_ignore_ascii_case(name));
    finding.assignment.is_none()
        && kind.is_some_and(|kind| is_called(kind, noun) && kind.is_level())
        && things.any(|(_, _, pointer)| finding.evidence.iter().any(|e| e.pointer == *pointer))
}
