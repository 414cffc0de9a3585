//! What closes a path: the smallest sets of what can be taken away, each with its command.

use super::json::{line, pretty};
use super::paths::{end, in_brief, kind_and_name, places};
use super::style::{self, paint};
use super::{clean, number};
use crate::verdict::{CutFact, RemovalFact};
use serde::Serialize;

/// The version of the document.
pub const SCHEMA: &str = "dictum/cut/1";

/// How many ends are shown before the rest is only counted.
const SHOWN: usize = 10;
/// How many sets of one.
const SETS: usize = 5;
/// How much else a removal takes away.
const LOSSES: usize = 6;
const COLUMNS: usize = 92;

/// What closes the paths that were asked about.
#[derive(Serialize)]
pub struct Cuts<'a> {
    /// The version of the document: [`SCHEMA`].
    pub schema: &'static str,
    /// The day that counted as today; empty where nobody said.
    pub as_of: &'a str,
    /// What the user asserted, in words.
    pub assumptions: &'a [String],
    /// For each source and target.
    pub cuts: &'a [Cut<'a>],
}

/// What closes every path from one source to one target.
#[derive(Serialize)]
pub struct Cut<'a> {
    /// The rule that found it; empty where it was asked for by its ends.
    pub rule: &'a str,
    /// What closes it.
    #[serde(flatten)]
    pub cut: &'a CutFact,
}

impl Cuts<'_> {
    /// As one JSON document.
    pub fn json(&self) -> String {
        pretty(self)
    }

    /// As a JSON document for each.
    pub fn jsonl(&self) -> String {
        self.cuts.iter().map(line).collect()
    }

    /// For eyes; `all`: nothing is left out.
    pub fn text(&self, all: bool) -> String {
        if self.cuts.is_empty() {
            return format!("{}: there is nothing to close\n", paint(style::PASS, "no path"));
        }
        let shown = if all || self.cuts.len() <= SHOWN + 1 { self.cuts.len() } else { SHOWN };
        let mut text = self.cuts[..shown].iter().map(|cut| one(cut, all)).collect::<Vec<_>>().join("\n");
        if shown < self.cuts.len() {
            let more = format!("... and {} more (--all)", self.cuts.len() - shown);
            text.push_str(&format!("\n{}\n", paint(style::DIM, more)));
        }
        text
    }
}

fn one(cut: &Cut<'_>, all: bool) -> String {
    let Cut { rule, cut } = cut;
    let arrow = paint(style::DIM, "->");
    let source = paint(style::STRONG, kind_and_name(&cut.path.source));
    let mut text = format!("{source} {arrow} {}", paint(style::STRONG, end(&cut.path)));
    if !rule.is_empty() {
        text.push_str(&paint(style::DIM, format!("  {}", clean(rule))));
    }
    text.push('\n');
    for (i, line) in in_brief(&cut.path).iter().enumerate() {
        for (j, part) in style::wrap(line, COLUMNS).iter().enumerate() {
            let lead = if j == 0 { format!("{}.", i + 1) } else { String::new() };
            text.push_str(&format!("  {}\n", paint(style::DIM, format!("{lead:<2} {part}"))));
        }
    }
    if !cut.note.is_empty() {
        for line in style::wrap(&clean(&cut.note), COLUMNS) {
            text.push_str(&format!("  {}\n", paint(style::WARN, line)));
        }
    }
    let shown = if all || cut.sets.len() <= SETS + 1 { cut.sets.len() } else { SETS };
    match (cut.sets.len(), cut.sets.first().map_or(0, Vec::len)) {
        (0, _) => return text,
        (1, 1) => text.push_str("\n  This closes it:\n"),
        (1, n) => text.push_str(&format!("\n  These {n} together close it:\n")),
        (_, 1) => text.push_str("\n  Any one of these closes it:\n"),
        (_, n) => text.push_str(&format!("\n  Any of these sets of {n} closes it:\n")),
    }
    for (i, set) in cut.sets[..shown].iter().enumerate() {
        let lead =
            if cut.sets.len() == 1 { "-".to_owned() } else { format!("{}", (b'a' + (i % 26) as u8) as char) };
        text.push_str(&removals(set, &lead, all));
    }
    if shown < cut.sets.len() {
        let more =
            format!("... and {} (--all)", number((cut.sets.len() - shown) as u64, "more way", "more ways"));
        text.push_str(&format!("  {}\n", paint(style::DIM, more)));
    }
    text
}

fn removals(set: &[RemovalFact], lead: &str, all: bool) -> String {
    let mut text = String::new();
    for (i, removal) in set.iter().enumerate() {
        let lead = if i == 0 { lead } else { "+" };
        for (j, line) in style::wrap(&clean(&removal.sentence), COLUMNS - 4).iter().enumerate() {
            let lead = if j == 0 { lead } else { " " };
            text.push_str(&format!("    {lead}  {line}\n"));
        }
        let places = places(&removal.evidence);
        if !places.is_empty() {
            text.push_str(&format!("       {}\n", paint(style::DIM, places)));
        }
        if !removal.command.is_empty() {
            text.push_str(&format!("       {}\n", paint(style::COMMAND, clean(&removal.command))));
        }
        let losses = &removal.takes_away;
        let shown = if all || losses.len() <= LOSSES + 1 { losses.len() } else { LOSSES };
        if losses.is_empty() {
            text.push_str(&format!("       {}\n", paint(style::DIM, "takes nothing else away")));
        } else {
            text.push_str(&format!("       {}\n", paint(style::DIM, "also takes away")));
        }
        for loss in &losses[..shown] {
            text.push_str(&format!("         {}\n", paint(style::DIM, clean(loss))));
        }
        if shown < losses.len() {
            let more = format!("... and {} more (--all)", losses.len() - shown);
            text.push_str(&format!("         {}\n", paint(style::DIM, more)));
        }
    }
    text
}
