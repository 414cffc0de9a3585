//! The tests of policies, run: what failed first, with what was expected and what came out.

use super::json::pretty;
use super::style::{self, paint};
use super::{clean, number};
use crate::verdict::{ExpectationVerdict, RuleCases, TestReport, TestVerdict};
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    status: &'static str,
    passed: usize,
    failed: usize,
    #[serde(flatten)]
    report: &'a TestReport,
}

fn passed(report: &TestReport) -> usize {
    report.tests.iter().filter(|t| t.passed).count()
}

/// `dictum/test/1`
pub fn json(report: &TestReport) -> String {
    let passed = passed(report);
    let failed = report.tests.len() - passed;
    let status = if failed == 0 { "pass" } else { "fail" };
    pretty(&Document { schema: "dictum/test/1", status, passed, failed, report })
}

/// For eyes; `table`: which cases every rule has.
pub fn text(report: &TestReport, table: bool) -> String {
    let mut text = String::new();
    let mut policy = "";
    for test in &report.tests {
        if test.policy != policy {
            policy = &test.policy;
            let lead = if text.is_empty() { "" } else { "\n" };
            text.push_str(&format!("{lead}{}\n", paint(style::STRONG, clean(policy))));
        }
        text.push_str(&one(test));
    }
    if table {
        text.push_str(&cases(&report.rules));
    }
    text.push_str(&summary(report));
    text
}

fn one(test: &TestVerdict) -> String {
    if test.passed {
        return format!("  {}  {}\n", paint(style::PASS, "pass"), clean(&test.title));
    }
    let mut text = format!(
        "  {}  {}  {}\n",
        paint(style::DENY, "FAIL"),
        paint(style::STRONG, clean(&test.title)),
        paint(style::DIM, clean(&format!("{}:{}", test.file, test.line)))
    );
    for expectation in test.expectations.iter().filter(|e| !e.passed) {
        text.push_str(&difference(expectation));
    }
    text
}

/// What was expected and what came out, one under the other.
fn difference(expectation: &ExpectationVerdict) -> String {
    let ExpectationVerdict { rule, subject, expected, got, line, found, .. } = expectation;
    let subject = if subject.is_empty() { String::new() } else { format!(" {subject}") };
    let words = |outcome: &str| clean(&format!("expect {rule} to {outcome}{subject}")).into_owned();
    let mut text = format!(
        "        {}  {}\n        {}\n",
        paint(style::REMOVED, format!("- {}", words(expected))),
        paint(style::DIM, format!("line {line}")),
        paint(style::ADDED, format!("+ {}", words(got)))
    );
    for sentence in found.iter().take(10) {
        text.push_str(&format!("            {}\n", paint(style::DIM, clean(sentence))));
    }
    if found.len() > 10 {
        text.push_str(&format!("            ... and {} more\n", found.len() - 10));
    }
    text
}

fn cases(rules: &[RuleCases]) -> String {
    let mark = |shown: bool| match shown {
        true => paint(style::PASS, "yes"),
        false => paint(style::WARN, "no"),
    };
    let head = ["rule", "fires", "just does not", "undecided"].map(|h| paint(style::STRONG, h)).to_vec();
    let rows = rules
        .iter()
        .map(|r| vec![clean(&r.rule).into_owned(), mark(r.fires), mark(r.spares), mark(r.unknown)]);
    format!("\n{}", style::table(&std::iter::once(head).chain(rows).collect::<Vec<_>>(), "", 96))
}

fn summary(report: &TestReport) -> String {
    let passed = passed(report);
    let failed = report.tests.len() - passed;
    let all = report.rules.iter().filter(|r| r.fires && r.spares && r.unknown).count();
    let (look, word) = if failed == 0 { (style::PASS, "PASS") } else { (style::DENY, "FAIL") };
    let tests = number(report.tests.len() as u64, "test", "tests");
    let failed = if failed == 0 { String::new() } else { format!(", {failed} failed") };
    let rules = number(report.rules.len() as u64, "rule", "rules");
    format!(
        "\n{}  {tests}: {passed} passed{failed}\n      {rules}: {all} with a firing, a just-not-firing and an undecided case\n",
        paint(look, word)
    )
}
