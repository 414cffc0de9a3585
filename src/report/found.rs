//! What `find` found: true facts a line each, then what is undecided, marked.

use super::json::{line, pretty};
use super::style::{self, paint};
use super::{clean, text};
use crate::verdict::{Finding, MissingData};
use serde::Serialize;

/// The version of the document.
pub const SCHEMA: &str = "dictum/find/1";

/// What a query came to.
#[derive(Serialize)]
pub struct Answer<'a> {
    /// The version of the document: [`SCHEMA`].
    pub schema: &'static str,
    /// The query in its canonical form.
    pub selector: &'a str,
    /// The day that counted as today; empty where nobody said.
    pub as_of: &'a str,
    /// How many distinct facts are true.
    pub count: u64,
    /// How many distinct holders they have.
    pub principals: u64,
    /// How many distinct roles.
    pub roles: u64,
    /// How many distinct scopes.
    pub scopes: u64,
    /// What the user asserted, in words.
    pub assumptions: &'a [String],
    /// The facts that are true.
    pub facts: &'a [Finding],
    /// Those that are undecided.
    pub undecided: &'a [Finding],
    /// Collections that the query needs and that are not complete.
    pub incomplete: &'a [MissingData],
    /// Names in the query that name nothing, in words.
    pub notes: &'a [String],
}

impl<'a> Answer<'a> {
    /// As one JSON document.
    pub fn json(&self) -> String {
        pretty(self)
    }

    /// As a JSON document for each fact, then each undecided one.
    pub fn jsonl(&self) -> String {
        self.facts.iter().chain(self.undecided).map(line).collect()
    }

    /// For eyes.
    pub fn text(&self) -> String {
        let by_sentence = |findings: &'a [Finding]| {
            let mut sorted: Vec<&Finding> = findings.iter().collect();
            sorted.sort_by_key(|f| &f.sentence);
            sorted
        };
        let undecided = by_sentence(self.undecided).into_iter().flat_map(undecided);
        let rows: Vec<Vec<String>> = by_sentence(self.facts).into_iter().map(row).chain(undecided).collect();
        style::table(&rows, "", 96)
    }
}

/// Sentence, id, place.
fn row(fact: &Finding) -> Vec<String> {
    let id = fact.assignment.as_ref().map_or(&fact.subject.id, |a| &a.id);
    vec![
        clean(&fact.sentence).into_owned(),
        paint(style::DIM, clean(id)),
        paint(style::DIM, text::place(&fact.evidence)),
    ]
}

fn undecided(fact: &Finding) -> Vec<Vec<String>> {
    let sentence = format!("{} {}", paint(style::UNKNOWN, "?"), clean(&fact.sentence));
    let mut rows = vec![vec![sentence, String::new(), paint(style::DIM, text::place(&fact.evidence))]];
    for missing in &fact.missing {
        if fact.subject.kind != "collection" {
            rows.push(vec![format!("    {}", clean(&missing.what))]);
        }
        if !missing.command.is_empty() {
            rows.push(vec![format!("    {}", paint(style::COMMAND, clean(&missing.command)))]);
        }
    }
    rows
}
