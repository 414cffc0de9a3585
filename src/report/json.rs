//! `dictum/check/1`: the verdicts of a run as one JSON document. Its schema is docs/check.schema.json.

use crate::verdict::{CoverageFact, Finding, Gate, RuleVerdict, Verdicts, WaiverNotice};
use serde::Serialize;

/// The version of the document.
pub const SCHEMA: &str = "dictum/check/1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    status: &'static str,
    exit: u8,
    unknown: &'static str,
    fail_on: &'static str,
    as_of: &'a str,
    coverage: &'a [CoverageFact],
    assumptions: &'a [String],
    rules: &'a [RuleVerdict],
    findings: &'a [Finding],
    waivers: &'a [WaiverNotice],
}

/// The document, indented, with a line break at the end.
pub fn write(verdicts: &Verdicts, gate: &Gate) -> String {
    let document = Document {
        schema: SCHEMA,
        status: gate.outcome.word(),
        exit: gate.exit,
        unknown: if gate.options.report_unknown { "report" } else { "block" },
        fail_on: if gate.options.fail_on_warn { "warn" } else { "deny" },
        as_of: &verdicts.as_of,
        coverage: &verdicts.coverage,
        assumptions: &verdicts.assumptions,
        rules: &verdicts.rules,
        findings: &verdicts.findings,
        waivers: &verdicts.waivers,
    };
    pretty(&document)
}

/// Any document of Dictum's as JSON, indented, with a line break at the end.
pub fn pretty(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

/// Any document of Dictum's as JSON on one line, with a line break at the end.
pub fn line(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string(document).unwrap_or_default();
    text.push('\n');
    text
}
