//! Tests written in the language, run.

use super::Compiled;
use crate::check::CheckedFile;
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, code};
use crate::eval;
use crate::syntax::ast::{Expectation, Item, Test};
use crate::text::Sources;
use crate::trial::{self, Cases, Stated};
use crate::verdict::{ExpectationVerdict, RuleCases, TestReport, TestVerdict, Verdict, Verdicts};

/// Runs the tests of all policies whose title contains `filter`, in any letter case.
///
/// # Errors
///
/// Every mistake in a test.
pub fn run_tests(
    compiled: &Compiled,
    sources: &Sources,
    filter: Option<&str>,
) -> Result<TestReport, Vec<Diagnostic>> {
    let mut problems = vec![];
    let mut report = TestReport::default();
    let mut shown: Vec<(String, Cases)> =
        compiled.plan.rules.iter().map(|rule| (rule.id.clone(), Cases::default())).collect();
    let wanted = filter.unwrap_or_default().to_lowercase();
    for file in compiled.files.iter().filter(|file| file.is_policy) {
        for item in &file.file.items {
            let Item::Test(test) = item else { continue };
            if !test.title.node.to_lowercase().contains(&wanted) {
                continue;
            }
            match run(compiled, sources, file, test, &mut shown) {
                Ok(verdict) => report.tests.push(verdict),
                Err(found) => problems.extend(found),
            }
        }
    }
    let case = |(rule, cases): (String, Cases)| RuleCases {
        rule,
        fires: cases.fires,
        spares: cases.spares,
        unknown: cases.unknown,
    };
    report.rules = shown.into_iter().map(case).collect();
    if problems.is_empty() { Ok(report) } else { Err(problems) }
}

fn run(
    compiled: &Compiled,
    sources: &Sources,
    file: &CheckedFile,
    test: &Test,
    shown: &mut [(String, Cases)],
) -> Result<TestVerdict, Vec<Diagnostic>> {
    let mut problems = vec![];
    let mut rules = vec![];
    for expectation in &test.expectations {
        match rule_id(compiled, file, expectation) {
            Ok(id) => rules.push(id),
            Err(problem) => problems.push(*problem),
        }
    }
    let stated = match trial::build(test, sources) {
        Ok(stated) => Some(stated),
        Err(found) => {
            problems.extend(found);
            None
        }
    };
    let as_of = test.as_of.as_ref().and_then(|date| trial::seconds(&date.node));
    if as_of.is_none() {
        problems.extend(reads_today(compiled, test, &rules));
    }
    let (Some(stated), true) = (stated, problems.is_empty()) else { return Err(problems) };
    let options = eval::Options { as_of, ..eval::Options::default() };
    let verdicts = eval::evaluate(&compiled.plan, &stated.inventory, &options);
    let decided: Vec<ExpectationVerdict> = test
        .expectations
        .iter()
        .zip(&rules)
        .map(|(expectation, rule)| decide(expectation, rule, &stated, &verdicts, sources, shown))
        .collect();
    let place = sources.locate(test.at.0);
    Ok(TestVerdict {
        policy: file.policy().to_owned(),
        title: test.title.node.clone(),
        file: place.map_or("", |p| p.source.name()).to_owned(),
        line: place.map_or(0, |p| p.line),
        passed: decided.iter().all(|e| e.passed),
        expectations: decided,
    })
}

fn decide(
    expectation: &Expectation,
    rule: &str,
    stated: &Stated,
    verdicts: &Verdicts,
    sources: &Sources,
    shown: &mut [(String, Cases)],
) -> ExpectationVerdict {
    let (got, passed) = trial::judge(expectation, rule, stated, verdicts);
    let examined = verdicts.rules.iter().find(|r| r.id == rule).map_or(0, |r| r.examined);
    if passed && let Some((_, cases)) = shown.iter_mut().find(|(id, _)| id == rule) {
        *cases = cases.and(trial::cases(expectation.outcome.node, examined));
    }
    let word = |verdict: Verdict| match verdict {
        Verdict::Unknown => "undecided",
        verdict => verdict.word(),
    };
    let mut found: Vec<String> = vec![];
    if !passed {
        let of_rule = verdicts.findings.iter().filter(|f| f.rule == rule);
        found.extend(of_rule.map(|f| format!("{}: {}", word(f.verdict), f.sentence)));
        if let Some(ended) = verdicts.rules.iter().find(|r| r.id == rule) {
            found.extend(ended.notes.iter().cloned());
            if found.is_empty() {
                found.push(format!("nothing found, {} examined", ended.examined));
            }
        }
    }
    ExpectationVerdict {
        rule: rule.to_owned(),
        subject: expectation
            .subject
            .as_ref()
            .map(|(noun, name)| format!("{} \"{}\"", noun.node.word(), name.node))
            .unwrap_or_default(),
        expected: trial::words(expectation.outcome.node).to_owned(),
        got,
        passed,
        line: sources.locate(expectation.at.0).map_or(0, |p| p.line),
        found,
    }
}

/// The full id of the rule that an expectation names: of its own policy where it names none.
fn rule_id(
    compiled: &Compiled,
    file: &CheckedFile,
    expectation: &Expectation,
) -> Result<String, Box<Diagnostic>> {
    let reference = &expectation.rule;
    let policy = reference.policy.as_ref().map_or(file.policy(), |policy| &policy.node);
    let id = format!("{policy}/{}", reference.rule.node);
    let rules = &compiled.plan.rules;
    if rules.iter().any(|rule| rule.id == id) {
        return Ok(id);
    }
    let span = reference.policy.as_ref().map_or(reference.rule.span, |p| p.span.to(reference.rule.span));
    let near = nearest(&id, rules.iter().filter(|rule| rule.named).map(|rule| rule.id.as_str()));
    let mut diagnostic = Diagnostic::error(code::D156, format!("there is no rule `{id}`"));
    diagnostic = match near {
        Some(near) => {
            let own = near.strip_prefix(file.policy()).and_then(|rest| rest.strip_prefix('/'));
            let near = own.unwrap_or(near);
            diagnostic.at(span, format!("did you mean `{near}`?")).edit(span, near)
        }
        None => diagnostic.at(span, ""),
    };
    Err(Box::new(diagnostic))
}

/// A test of a rule that reads `today` says which day it is.
fn reads_today(compiled: &Compiled, test: &Test, rules: &[String]) -> Option<Diagnostic> {
    let mut of_test = compiled.plan.rules.iter().filter(|rule| rules.contains(&rule.id));
    let (rule, span) = of_test.find_map(|rule| Some((rule, rule.today?)))?;
    Some(
        Diagnostic::error(
            code::D157,
            format!("`{}` reads which day it is, and this test does not say", rule.id),
        )
        .at(test.title.span, "in this test")
        .at(span, "a date is read here")
        .help(format!("write: test \"{}\" as of 2026-11-23", test.title.node)),
    )
}
