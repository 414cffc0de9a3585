//! The verdicts of a run, one JSON document a line: every rule, every finding, then the summary.

use super::json::{SCHEMA, line};
use crate::verdict::{CoverageFact, Finding, Gate, RuleVerdict, Verdicts, WaiverNotice};
use serde::Serialize;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Rule(&'a RuleVerdict),
    Finding(&'a Finding),
    Summary {
        schema: &'static str,
        status: &'static str,
        exit: u8,
        as_of: &'a str,
        rules: usize,
        findings: usize,
        coverage: &'a [CoverageFact],
        assumptions: &'a [String],
        waivers: &'a [WaiverNotice],
    },
}

/// The lines.
pub fn write(verdicts: &Verdicts, gate: &Gate) -> String {
    let rules = verdicts.rules.iter().map(Line::Rule);
    let findings = verdicts.findings.iter().map(Line::Finding);
    let summary = Line::Summary {
        schema: SCHEMA,
        status: gate.outcome.word(),
        exit: gate.exit,
        as_of: &verdicts.as_of,
        rules: verdicts.rules.len(),
        findings: verdicts.findings.len(),
        coverage: &verdicts.coverage,
        assumptions: &verdicts.assumptions,
        waivers: &verdicts.waivers,
    };
    rules.chain(findings).chain([summary]).map(|l| line(&l)).collect()
}
