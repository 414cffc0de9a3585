//! The verdicts of a run for eyes: the status first, then what was found, by severity, then what else one should know.

use super::style::{self, paint};
use super::{clean, listed, number};
use crate::verdict::{
    CoverageFact, Evidence, Finding, Further, Gate, Outcome, PathFact, RuleVerdict, Status, Subject, Verdict,
    Verdicts,
};
use anstyle::Style;
use std::collections::{BTreeMap, BTreeSet};

/// How much is shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct TextOptions {
    /// Every fact; else at most [`SHOWN`] of a rule.
    pub all: bool,
}

impl TextOptions {
    /// How many findings of a rule the report looks at one by one, where not at all of them.
    pub fn looks_at(self) -> Option<usize> {
        (!self.all).then_some(SHOWN + 1)
    }
}

/// How many facts of a rule are shown before the rest is folded.
pub const SHOWN: usize = 10;
/// How many paths of a rule are shown step by step.
const PATHS_SHOWN: usize = 3;
/// Where a text is longer than this, what stands behind it is not in a column.
const WIDEST: usize = 96;
/// How wide running text is.
const COLUMNS: usize = 88;
const SEVERITIES: [&str; 5] = ["critical", "high", "medium", "low", "info"];

/// The report.
pub fn write(verdicts: &Verdicts, gate: &Gate, options: TextOptions) -> String {
    let mut text = headline(verdicts, gate);
    text.push_str(&captured(verdicts));
    for assumption in &verdicts.assumptions {
        text.push_str(&format!("  {}   {}\n", paint(style::UNKNOWN, "assumed"), clean(assumption)));
    }
    let body = body(verdicts, options);
    if !body.is_empty() {
        text.push_str(&body);
    }
    text.push_str(&quiet_rules(verdicts));
    text.push_str(&captures(verdicts, options));
    if text.lines().count() > 40 {
        text.push('\n');
        text.push_str(&headline(verdicts, gate));
    }
    text
}

fn count(verdicts: &Verdicts, status: Status) -> u64 {
    verdicts.rules.iter().filter(|r| r.status == status).count() as u64
}

fn headline(verdicts: &Verdicts, gate: &Gate) -> String {
    let (look, word) = match gate.outcome {
        Outcome::Pass => (style::PASS, "PASS"),
        Outcome::Denied => (style::DENY, "FAIL"),
        Outcome::Undecided => (style::UNKNOWN, "UNDECIDED"),
    };
    let mut parts = vec![];
    let mut part = |n: u64, look: Style, words: &str| {
        if n > 0 {
            parts.push(paint(look, format!("{n} {words}")));
        }
    };
    part(count(verdicts, Status::Fail), style::DENY, "denied");
    part(count(verdicts, Status::Unknown), style::UNKNOWN, "undecided");
    part(count(verdicts, Status::Warn), style::WARN, "warned");
    part(count(verdicts, Status::Advise), style::ADVISE, "advised");
    part(count(verdicts, Status::Waived), style::WAIVED, "waived");
    part(count(verdicts, Status::Pass), style::PASS, "passed");
    part(count(verdicts, Status::NotApplicable), style::DIM, "not applicable");
    let rules = number(verdicts.rules.len() as u64, "rule", "rules");
    let mut line = format!("{}  {rules}: {}", paint(look, word), parts.join(", "));
    if !verdicts.as_of.is_empty() {
        line.push_str(&paint(style::DIM, format!("  as of {}", verdicts.as_of)));
    }
    line.push('\n');
    let mut also = vec![];
    if gate.options.fail_on_warn {
        also.push("warnings block (fail-on = \"warn\")");
    }
    if gate.options.report_unknown {
        also.push("undecided rules are reported and do not block (--unknown report)");
    }
    if gate.options.exit_zero {
        also.push("reported without gating (--exit-zero)");
    }
    for text in also {
        line.push_str(&format!("  {}\n", paint(style::DIM, text)));
    }
    line
}

/// The coverage in one phrase.
fn captured(verdicts: &Verdicts) -> String {
    let of = |extent: &str| -> Vec<String> {
        verdicts.coverage.iter().filter(|c| c.extent == extent).map(|c| c.collection.clone()).collect()
    };
    let (complete, partial, missing) = (of("complete"), of("partial"), of("not captured"));
    if verdicts.coverage.is_empty() {
        return String::new();
    }
    let all = verdicts.coverage.len();
    let mut phrases = vec![match complete.len() {
        0 => "no collection is complete".to_owned(),
        n if n == all => format!("all {all} collections complete"),
        n => format!("{n} of {all} collections complete"),
    }];
    for (names, what) in [(partial, "partial"), (missing, "not captured")] {
        if names.len() > 5 {
            phrases.push(format!("{} {what}", names.len()));
        } else if !names.is_empty() {
            phrases.push(format!("{what}: {}", listed(&names)));
        }
    }
    format!("  {}  {}\n", paint(style::DIM, "captured"), phrases.join("; "))
}

fn is_loud(status: Status) -> bool {
    !matches!(status, Status::Pass | Status::NotApplicable)
}

fn body(verdicts: &Verdicts, options: TextOptions) -> String {
    let mut text = String::new();
    for severity in SEVERITIES {
        let mut rules: Vec<&RuleVerdict> =
            verdicts.rules.iter().filter(|r| r.severity == severity && is_loud(r.status)).collect();
        rules.sort_by_key(|r| (r.status, &r.id));
        if rules.is_empty() {
            continue;
        }
        text.push_str(&format!("\n{}\n", paint(style::STRONG, severity)));
        let rules: Vec<String> = rules.into_iter().map(|rule| one_rule(rule, verdicts, options)).collect();
        text.push_str(&rules.join("\n"));
    }
    text
}

fn look(status: Status) -> Style {
    match status {
        Status::Fail => style::DENY,
        Status::Warn => style::WARN,
        Status::Advise => style::ADVISE,
        Status::Unknown => style::UNKNOWN,
        Status::Waived => style::WAIVED,
        Status::Pass => style::PASS,
        Status::NotApplicable => style::DIM,
    }
}

/// How a rule ended, as one reads it in a list.
fn said(rule: &RuleVerdict) -> &str {
    match rule.status {
        Status::Fail if rule.effect == "require" => "require",
        Status::Fail => "deny",
        status => status.word(),
    }
}

fn one_rule(rule: &RuleVerdict, verdicts: &Verdicts, options: TextOptions) -> String {
    let mut findings: Vec<&Finding> = verdicts.findings.iter().filter(|f| f.rule == rule.id).collect();
    findings.sort_by_key(|f| (f.verdict, &f.sentence));
    let nothing = Further::default();
    let further = verdicts.further.iter().find(|further| further.rule == rule.id).unwrap_or(&nothing);
    let waived = findings.iter().filter(|f| f.verdict == Verdict::Waived).count() as u64 + further.waived;
    let mut counts = vec![];
    if rule.selected > 0 {
        counts.push(format!("{} found", rule.selected));
    }
    if waived > 0 {
        counts.push(format!("{waived} waived"));
    }
    if rule.unknown > 0 {
        counts.push(format!("{} undecided", rule.unknown));
    }
    let counts = match counts.is_empty() {
        true => format!("{} examined", rule.examined),
        false => format!("{}, of {} examined", counts.join(", "), rule.examined),
    };
    let mut text = format!(
        "  {}  {}  {}\n",
        style::pad(&paint(look(rule.status), said(rule)), 7),
        paint(style::STRONG, clean(&rule.id)),
        paint(style::DIM, counts)
    );
    text.push_str(&facts(&findings, further.count as usize, options));
    for note in &rule.notes {
        text.push_str(&block("note", note));
    }
    if matches!(rule.status, Status::Fail | Status::Warn | Status::Advise | Status::Waived) {
        text.push_str(&block("because", &rule.because));
        text.push_str(&block("fix", &rule.fix));
    }
    text.push_str(&missing(&findings, further));
    text
}

const INDENT: &str = "      ";

/// A labelled text, broken into lines.
fn block(label: &str, words: &str) -> String {
    let mut text = String::new();
    for (i, line) in style::wrap(&clean(words), COLUMNS).iter().enumerate() {
        let label = if i == 0 { label } else { "" };
        text.push_str(&format!("{INDENT}{}\n", paint(style::DIM, format!("{label:<8} {line}"))));
    }
    text
}

fn facts(findings: &[&Finding], further: usize, options: TextOptions) -> String {
    let all = findings.len() + further;
    let shown = if options.all || all <= SHOWN + 1 { findings.len() } else { findings.len().min(SHOWN) };
    let mut rows = vec![];
    for (i, finding) in findings[..shown].iter().enumerate() {
        let mark = match finding.verdict {
            Verdict::Unknown => paint(style::UNKNOWN, "? "),
            Verdict::Waived => paint(style::WAIVED, "~ "),
            _ => "  ".to_owned(),
        };
        let mut sentence = clean(&finding.sentence).into_owned();
        // What a collection would decide, its sentence says itself.
        if finding.folded > 0 && finding.subject.kind != "collection" {
            sentence.push_str(&format!(", and {} more", finding.folded));
        }
        let place = place(&finding.evidence);
        let place = if place.is_empty() { place } else { paint(style::DIM, place) };
        rows.push(vec![format!("{mark}{sentence}"), place]);
        if options.all || i < PATHS_SHOWN {
            rows.extend(finding.path.iter().flat_map(steps));
            if finding.path.is_some() && finding.verdict != Verdict::Unknown {
                let close = paint(style::DIM, format!("what closes it: dictum cut {}", finding.fingerprint));
                rows.push(vec![format!("    {close}")]);
            }
        }
        for line in details(finding).iter().flat_map(|detail| style::wrap(detail, COLUMNS)) {
            rows.push(vec![format!("    {}", paint(style::DIM, line))]);
        }
    }
    let mut text = style::table(&rows, &INDENT[2..], WIDEST);
    if shown < all {
        let more = format!("... and {} more (--all)", all - shown);
        text.push_str(&format!("{INDENT}{}\n", paint(style::DIM, more)));
    }
    text
}

/// The steps of a path and what is held at its end, each behind its number.
fn steps(path: &PathFact) -> Vec<Vec<String>> {
    let mut rows = vec![];
    for (i, sentence) in super::paths::in_brief(path).iter().enumerate() {
        for (j, line) in style::wrap(sentence, COLUMNS).into_iter().enumerate() {
            let lead = if j == 0 { format!("{}.", i + 1) } else { String::new() };
            rows.push(vec![format!("    {}", paint(style::DIM, format!("{lead:<2} {line}")))]);
        }
    }
    rows
}

/// What a finding's line doesn't say: what was counted, further assignments, the waiver.
fn details(finding: &Finding) -> Vec<String> {
    let mut details = vec![];
    // An assignment's name is a GUID: how many there are says more.
    if finding.members.iter().any(|m| m.kind != "role_assignment") {
        details.push(counted(&finding.members));
    }
    if !finding.duplicates.is_empty() {
        let n = finding.duplicates.len() as u64 + 1;
        details.push(format!("{n} assignments of the same role, scope and principal"));
    }
    if let Some(waiver) = &finding.waiver {
        let mut text = format!("waived until {} by {}: {}", waiver.until, waiver.approved_by, waiver.because);
        if let Some(ticket) = &waiver.ticket {
            text.push_str(&format!(" ({ticket})"));
        }
        details.push(clean(&text).into_owned());
    }
    details
}

/// What was counted, by name.
fn counted(members: &[Subject]) -> String {
    let name = |m: &Subject| if m.name.is_empty() { m.id.clone() } else { m.name.clone() };
    let mut names: Vec<String> = members.iter().take(SHOWN).map(name).collect();
    if members.len() > SHOWN {
        names.push(format!("{} more", members.len() - SHOWN));
    }
    clean(&listed(&names)).into_owned()
}

/// `file:line`, of the first record; of compressed or one-line files the pointer says more than the line.
pub(super) fn place(evidence: &[Evidence]) -> String {
    match evidence.first() {
        None => String::new(),
        Some(e) if e.line > 1 => clean(&format!("{}:{}", e.file, e.line)).into_owned(),
        Some(e) => {
            clean(&format!("{}:{}{}", e.file, e.line, if e.pointer.is_empty() { "" } else { " " }))
                .into_owned()
                + &clean(&e.pointer)
        }
    }
}

/// Why facts are undecided that no collection would decide, each reason once.
fn missing(findings: &[&Finding], further: &Further) -> String {
    let mut reasons: Vec<&str> = vec![];
    for finding in findings.iter().filter(|f| f.verdict == Verdict::Unknown) {
        let unsaid = finding.missing.iter().filter(|m| m.command.is_empty()).map(|m| m.what.as_str());
        reasons.extend(unsaid.filter(|what| !what.is_empty() && !finding.sentence.contains(what)));
    }
    let unsaid = further.missing.iter().filter(|m| m.command.is_empty()).map(|m| m.what.as_str());
    reasons.extend(unsaid.filter(|what| !what.is_empty()));
    reasons.sort_unstable();
    reasons.dedup();
    reasons.iter().map(|reason| block("missing", reason)).collect()
}

/// What would decide the rest: every command once, with how many rules wait for its collection.
fn captures(verdicts: &Verdicts, options: TextOptions) -> String {
    let mut waiting: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut commands: Vec<(&str, &str)> = vec![];
    let unknown = verdicts.findings.iter().filter(|f| f.verdict == Verdict::Unknown);
    let of_findings = unknown.map(|finding| (&finding.rule, &finding.missing));
    let further = verdicts.further.iter().map(|further| (&further.rule, &further.missing));
    for (rule, missing) in of_findings.chain(further) {
        for thing in missing.iter().filter(|m| !m.command.is_empty()) {
            waiting.entry(&thing.collection).or_default().insert(rule);
            commands.push((&thing.collection, &thing.command));
        }
    }
    if commands.is_empty() {
        return String::new();
    }
    // In the order of the inventory document, which the coverage has.
    let order = |collection: &str| verdicts.coverage.iter().position(|c| c.collection == collection);
    commands.sort_by_key(|&(collection, command)| (order(collection), collection, command));
    commands.dedup();
    let shown = if options.all { commands.len() } else { commands.len().min(2 * SHOWN) };
    let rows: Vec<Vec<String>> = commands[..shown]
        .iter()
        .map(|(collection, command)| {
            let rules = waiting.get(collection).map_or(0, BTreeSet::len) as u64;
            vec![
                clean(collection).into_owned(),
                paint(style::DIM, number(rules, "rule", "rules")),
                paint(style::COMMAND, clean(command)),
            ]
        })
        .collect();
    let mut text = format!("\n{}\n", paint(style::STRONG, "what would decide the rest"));
    text.push_str(&style::table(&rows, "  ", WIDEST));
    if shown < commands.len() {
        text.push_str(&format!("  ... and {} more (--all)\n", commands.len() - shown));
    }
    if waiting.len() > 3 {
        text.push_str("  all of it at once: dictum inventory --capture-script bash\n");
    }
    let is_partial = |c: &&CoverageFact| c.extent == "partial" && waiting.contains_key(c.collection.as_str());
    let partial: Vec<&str> =
        verdicts.coverage.iter().filter(is_partial).map(|c| c.collection.as_str()).collect();
    if !partial.is_empty() {
        let partial = partial.join(",");
        text.push_str(&format!("  or, where you know that what was captured is all: --complete {partial}\n"));
    }
    text
}

/// What was not found, not applicable, and not waived.
fn quiet_rules(verdicts: &Verdicts) -> String {
    let mut text = String::new();
    let idle: Vec<&RuleVerdict> =
        verdicts.rules.iter().filter(|r| r.status == Status::NotApplicable).collect();
    if !idle.is_empty() {
        text.push_str(&format!("\n{}\n", paint(style::STRONG, "not applicable")));
        let rows: Vec<Vec<String>> = idle
            .iter()
            .map(|r| {
                let why =
                    if r.notes.is_empty() { "nothing to examine".to_owned() } else { r.notes.join("; ") };
                vec![clean(&r.id).into_owned(), paint(style::DIM, clean(&why))]
            })
            .collect();
        text.push_str(&style::table(&rows, "  ", WIDEST));
    }
    let passed: Vec<&RuleVerdict> = verdicts.rules.iter().filter(|r| r.status == Status::Pass).collect();
    if !passed.is_empty() {
        text.push_str(&format!("\n{}\n", paint(style::STRONG, "passed")));
        let rows: Vec<Vec<String>> = passed
            .iter()
            .map(|r| {
                let mut words = vec![format!("{} examined", r.examined)];
                words.extend(r.notes.iter().cloned());
                vec![clean(&r.id).into_owned(), paint(style::DIM, clean(&words.join("; ")))]
            })
            .collect();
        text.push_str(&style::table(&rows, "  ", WIDEST));
    }
    if !verdicts.waivers.is_empty() {
        text.push_str(&format!("\n{}\n", paint(style::STRONG, "waivers that do not waive")));
        for notice in &verdicts.waivers {
            let state = style::pad(&paint(style::WARN, notice.state.replace('_', " ")), 8);
            text.push_str(&format!("  {state}  {}: {}\n", clean(&notice.rule), clean(&notice.text)));
        }
    }
    text
}
