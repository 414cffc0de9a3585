//! Paths: a table of them, then each as steps that a person can follow.

use super::json::{line, pretty};
use super::style::{self, paint};
use super::{clean, number, text};
use crate::verdict::{Evidence, Finding, MissingData, PathEnd, PathFact, StepFact, Subject};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The version of the document.
pub const SCHEMA: &str = "dictum/paths/1";

/// How many paths are explained before the rest is only counted.
const EXPLAINED: usize = 8;
/// How many rows a table has before the rest is only counted.
const ROWS: usize = 24;
/// How many undecided facts are shown before the rest is only counted.
const UNDECIDED: usize = 24;
/// How many paths are told step by step where not all of them are shown; more are counted.
pub const TOLD: usize = 1_000;
/// How wide running text is.
const COLUMNS: usize = 96;

/// What a question about paths came to.
#[derive(Serialize)]
pub struct Paths<'a> {
    /// The version of the document: [`SCHEMA`].
    pub schema: &'static str,
    /// Who the paths start from, in the language.
    pub from: &'a str,
    /// Where they lead to, in the language; empty for everything.
    pub to: &'a str,
    /// The day that counted as today; empty where nobody said.
    pub as_of: &'a str,
    /// How many there are.
    pub count: u64,
    /// The shortest of each source and target.
    pub paths: &'a [PathFact],
    /// What is undecided.
    pub undecided: &'a [Finding],
    /// How many more are undecided, that were only counted.
    #[serde(skip)]
    pub further_undecided: u64,
    /// Collections that would have to be captured completely.
    pub incomplete: &'a [MissingData],
    /// What the user asserted, in words.
    pub assumptions: &'a [String],
}

/// In the order in which people look for them: by source, then principals before roles, the short and sure ones first.
pub fn sort(paths: &mut [PathFact]) {
    let key = |path: &PathFact| {
        let (is_role, first, second) = match &path.target {
            PathEnd::Principal(who) => (false, who.name.clone(), who.id.clone()),
            PathEnd::Grant { role, at, .. } => (true, at.clone(), role.clone()),
        };
        (
            path.source.name.to_lowercase(),
            path.source.id.clone(),
            is_role,
            path.length,
            path.potential,
            first,
            second,
        )
    };
    paths.sort_by_cached_key(key);
}

impl Paths<'_> {
    /// As one JSON document.
    pub fn json(&self) -> String {
        pretty(self)
    }

    /// As a JSON document for each path, then each undecided finding.
    pub fn jsonl(&self) -> String {
        self.paths.iter().map(line).chain(self.undecided.iter().map(line)).collect()
    }

    /// The question in words, for a heading or a picture's title.
    pub fn title(&self) -> String {
        match self.to {
            "" => format!("paths from {}", self.from),
            to => format!("paths from {} to {to}", self.from),
        }
    }

    /// For eyes; `all`: every path is in the table and explained.
    pub fn text(&self, all: bool) -> String {
        let what = match self.count {
            0 => "no path".to_owned(),
            n => number(n, "path", "paths"),
        };
        let rest = clean(&self.title()).trim_start_matches("paths").to_owned();
        let mut text = format!("{}{rest}", paint(style::STRONG, what));
        if !self.as_of.is_empty() {
            text.push_str(&paint(style::DIM, format!("  as of {}", self.as_of)));
        }
        text.push('\n');
        let (to_somebody, to_roles): (Vec<&PathFact>, Vec<&PathFact>) =
            self.paths.iter().partition(|path| matches!(path.target, PathEnd::Principal(_)));
        let mut groups = vec![("becomes", to_somebody), ("comes to hold", to_roles)];
        groups.retain(|(_, paths)| !paths.is_empty());
        let not_told = self.not_told();
        let of_one = if groups.len() == 1 { not_told } else { 0 };
        if !groups.is_empty() {
            text.push_str(&format!("\n{}", table(&groups, of_one, self.from, all)));
        }
        if not_told > of_one {
            let rest = format!("... and {not_told} more of either kind (--all)");
            text.push_str(&format!("  {}\n", paint(style::DIM, rest)));
        }
        text.push_str(&self.explanations(all));
        text.push_str(&self.doubts(all));
        text
    }

    /// How many paths were only counted.
    fn not_told(&self) -> usize {
        self.count as usize - self.paths.len()
    }

    fn doubts(&self, all: bool) -> String {
        let is_all = all || self.undecided.len() <= UNDECIDED + 1;
        let shown = if is_all { self.undecided.len() } else { UNDECIDED };
        let mut text = undecided(&self.undecided[..shown]);
        match (self.undecided.len() - shown) as u64 + self.further_undecided {
            0 => {}
            more => {
                text.push_str(&format!("  {}\n", paint(style::DIM, format!("... and {more} more (--all)"))))
            }
        }
        text
    }

    /// Paths of the same steps are explained once.
    fn explanations(&self, all: bool) -> String {
        let mut groups: Vec<Vec<&PathFact>> = vec![];
        let mut known: BTreeMap<(&str, Vec<&str>), usize> = BTreeMap::new();
        for path in self.paths {
            let steps = path.steps.iter().map(|step| step.sentence.as_str()).collect();
            let index = *known.entry((&path.source.id, steps)).or_insert(groups.len());
            match groups.get_mut(index) {
                Some(group) => group.push(path),
                None => groups.push(vec![path]),
            }
        }
        let shown = if all || groups.len() <= EXPLAINED + 1 { groups.len() } else { EXPLAINED };
        let mut text: String =
            groups[..shown].iter().map(|group| format!("\n{}", explained(group))).collect();
        if shown < groups.len() {
            // Which of those that were only counted have the same steps was not worked out.
            let more = match self.not_told() {
                0 => format!("... and {} more (--all)", groups.len() - shown),
                _ => "... and more (--all)".to_owned(),
            };
            text.push_str(&format!("\n{}\n", paint(style::DIM, more)));
        }
        text
    }
}

/// `alice@contoso.example`, without its kind; a thing without a name has its id.
pub(super) fn name(subject: &Subject) -> String {
    shown_name(subject).into_owned()
}

fn shown_name(subject: &Subject) -> Cow<'_, str> {
    let name = if subject.name.is_empty() { &subject.id } else { &subject.name };
    let name = if name.is_empty() { &subject.kind } else { name };
    clean(name)
}

/// `user alice@contoso.example`
pub(super) fn kind_and_name(subject: &Subject) -> String {
    let mut text = String::new();
    put_kind_and_name(&mut text, subject);
    text
}

/// The same behind a text.
pub(super) fn put_kind_and_name(text: &mut String, subject: &Subject) {
    let name = shown_name(subject);
    if name != subject.kind {
        text.push_str(&subject.kind);
        text.push(' ');
    }
    text.push_str(&name);
}

/// The end of a path in a few words.
pub(super) fn end(path: &PathFact) -> String {
    match &path.target {
        PathEnd::Principal(subject) => kind_and_name(subject),
        PathEnd::Grant { role, at, .. } => format!("{} at {}", clean(role), place(at)),
    }
}

/// `subscription prod` of `subscription "prod"`; of a resource its name and group are enough.
pub(super) fn place(at: &str) -> String {
    let plain = clean(&at.replace('"', "")).into_owned();
    match plain.strip_prefix("resource ") {
        Some(resource) => resource.replacen(" in resource_group ", " in ", 1),
        None => plain,
    }
}

/// `1`, or `1, once activated`
fn steps(path: &PathFact) -> String {
    let activated = if path.potential { paint(style::WARN, " once activated") } else { String::new() };
    format!("{}{activated}", path.length)
}

/// What lies between the two ends; where nothing does, which step it is.
pub(super) fn via(path: &PathFact) -> String {
    let mut between: Vec<String> = vec![];
    let mut add = |words: String| {
        if !between.contains(&words) {
            between.push(words);
        }
    };
    for (i, step) in path.steps.iter().enumerate() {
        if let Some(resource) = &step.resource {
            add(name(resource));
        }
        let is_end = matches!(&path.target, PathEnd::Principal(p) if *p == step.to);
        match step.kind.as_str() {
            "role_grant" | "role_definition" if i + 1 < path.steps.len() => {
                add(match step.to.kind.as_str() {
                    "root" => "a role at root".to_owned(),
                    _ => format!("a role at {}", name(&step.to)),
                });
            }
            "role_grant" | "role_definition" => {}
            _ if !is_end => add(name(&step.to)),
            _ => {}
        }
    }
    match between.is_empty() {
        true => path.steps.iter().map(|step| step.kind.replace('_', " ")).collect::<Vec<_>>().join(", "),
        false => between.join(", "),
    }
}

/// Both kinds of ends under each other, in the same columns.
fn table(groups: &[(&str, Vec<&PathFact>)], not_told: usize, from: &str, all: bool) -> String {
    let sources: Vec<&Subject> =
        groups.iter().flat_map(|(_, paths)| paths).map(|path| &path.source).collect();
    // The heading says who it is, where one was asked about.
    let many = sources.iter().any(|source| *source != sources[0] || !from.contains(&source.name));
    let mut rows: Vec<Vec<String>> = vec![];
    for (heading, paths) in groups {
        if !rows.is_empty() {
            rows.push(vec![]);
        }
        rows.push(["who", heading, "steps", "via"].map(|word| paint(style::STRONG, word)).to_vec());
        let shown = if all || paths.len() <= ROWS + 1 { paths.len() } else { ROWS };
        let mut before: Option<&Subject> = None;
        for path in &paths[..shown] {
            let is_same = before.replace(&path.source) == Some(&path.source);
            let who = if is_same { String::new() } else { kind_and_name(&path.source) };
            rows.push(vec![who, end(path), steps(path), paint(style::DIM, via(path))]);
        }
        if shown < paths.len() + not_told {
            let more = paths.len() + not_told - shown;
            let more = paint(style::DIM, format!("... and {more} more (--all)"));
            rows.push(if many { vec![more] } else { vec![String::new(), more] });
        }
    }
    if !many {
        rows.iter_mut().filter(|row| !row.is_empty()).for_each(|row| drop(row.remove(0)));
    }
    style::table(&rows, "  ", 96)
}

/// Paths of the same steps: the steps, then what whoever is at their end holds.
fn explained(group: &[&PathFact]) -> String {
    let first = group[0];
    let holds: Vec<_> = group.iter().filter_map(|path| path.hold.as_ref()).collect();
    let end = match first.steps.last() {
        Some(step) if group.len() > 1 => kind_and_name(&step.to),
        _ => end(first),
    };
    let arrow = paint(style::DIM, "->");
    let mut text = format!(
        "{} {arrow} {}\n",
        paint(style::STRONG, kind_and_name(&first.source)),
        paint(style::STRONG, end)
    );
    for (i, step) in first.steps.iter().enumerate() {
        text.push_str(&one_step(step, i + 1));
    }
    let next = first.steps.len() + 1;
    for (i, hold) in holds.iter().enumerate() {
        let lead = if i == 0 { format!("{next}.") } else { " ".repeat(format!("{next}.").len()) };
        let sentence = if i == 0 { hold.sentence.clone() } else { format!("and {}", hold.sentence) };
        text.push_str(&numbered(&lead, &sentence, &hold.evidence));
    }
    text
}

fn one_step(step: &StepFact, n: usize) -> String {
    let mut sentence = step.sentence.clone();
    if step.potential {
        sentence.push_str(" (once activated)");
    }
    let mut text = numbered(&format!("{n}."), &sentence, &[]);
    for note in &step.notes {
        for (i, line) in style::wrap(&clean(note), COLUMNS - 6).into_iter().enumerate() {
            let lead = if i == 0 { "note: " } else { "      " };
            text.push_str(&format!("     {}\n", paint(style::WARN, format!("{lead}{line}"))));
        }
    }
    text.push_str(&placed(&step.evidence));
    text
}

/// A sentence behind its number, and where it was read.
fn numbered(lead: &str, sentence: &str, evidence: &[Evidence]) -> String {
    let mut text = String::new();
    for (i, line) in style::wrap(&clean(sentence), COLUMNS).into_iter().enumerate() {
        let lead = if i == 0 { lead } else { "" };
        text.push_str(&format!("  {lead:<2} {line}\n"));
    }
    text.push_str(&placed(evidence));
    text
}

fn placed(evidence: &[Evidence]) -> String {
    let places = places(evidence);
    if places.is_empty() { String::new() } else { format!("     {}\n", paint(style::DIM, places)) }
}

/// `capture/roles.json:12, 45; users.json:8`
pub(super) fn places(evidence: &[Evidence]) -> String {
    let mut files: Vec<(&str, Vec<String>)> = vec![];
    for record in evidence {
        if record.line <= 1 {
            continue;
        }
        let line = record.line.to_string();
        match files.iter_mut().find(|(file, _)| *file == record.file) {
            Some((_, lines)) if lines.contains(&line) => {}
            Some((_, lines)) => lines.push(line),
            None => files.push((&record.file, vec![line])),
        }
    }
    let mut places: Vec<String> = files
        .into_iter()
        .map(|(file, lines)| clean(&format!("{file}:{}", lines.join(", "))).into_owned())
        .collect();
    // Of compressed or one-line files the pointer says more than the line.
    places.extend(evidence.iter().filter(|e| e.line <= 1).map(|e| text::place(std::slice::from_ref(e))));
    places.join("; ")
}

/// What could not be decided, and the command that would decide it.
pub(super) fn undecided(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", paint(style::UNKNOWN, "undecided"));
    for finding in findings {
        text.push_str(&format!("  {} {}\n", paint(style::UNKNOWN, "?"), clean(&finding.sentence)));
        if finding.subject.kind != "collection" {
            let unsaid = finding.missing.iter().filter(|m| !finding.sentence.contains(&m.what));
            unsaid.for_each(|m| text.push_str(&format!("      {}\n", clean(&m.what))));
        }
        for missing in finding.missing.iter().filter(|m| !m.command.is_empty()) {
            text.push_str(&format!("      {}\n", paint(style::COMMAND, clean(&missing.command))));
        }
    }
    text
}

/// Collections to capture, and the command of each.
pub(super) fn missing(data: &[MissingData]) -> String {
    if data.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = data
        .iter()
        .map(|m| vec![clean(&m.what).into_owned(), paint(style::COMMAND, clean(&m.command))])
        .collect();
    format!("\n{}\n{}", paint(style::UNKNOWN, "not known: there may be more"), style::table(&rows, "  ", 84))
}

/// The steps of a path under its line in another report: one line each.
pub(super) fn in_brief(path: &PathFact) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for step in &path.steps {
        let activated = if step.potential { " (once activated)" } else { "" };
        lines.push(clean(&format!("{}{activated}", step.sentence)).into_owned());
    }
    lines.extend(path.hold.iter().map(|hold| clean(&hold.sentence).into_owned()));
    lines
}
