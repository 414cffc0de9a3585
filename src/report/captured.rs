//! What was captured, for eyes and for programs.

use super::json::pretty;
use super::style::{self, paint};
use super::{clean, number};
use crate::verdict::{Captured, Tally};
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    #[serde(flatten)]
    captured: &'a Captured,
}

/// `dictum/inventory/1`
pub fn json(captured: &Captured) -> String {
    pretty(&Document { schema: "dictum/inventory/1", captured })
}

/// For eyes.
pub fn text(captured: &Captured) -> String {
    let mut text = String::new();
    let time = if captured.time.is_empty() { "at a time that it does not say" } else { &captured.time };
    text.push_str(&format!("{}  {time}\n", paint(style::STRONG, "captured")));
    for tenant in &captured.tenants {
        text.push_str(&format!("{}    {}\n", paint(style::STRONG, "tenant"), clean(tenant)));
    }
    let files = match &captured.files[..] {
        [one] => clean(one).into_owned(),
        many => number(many.len() as u64, "file", "files"),
    };
    text.push_str(&format!("{}      {files}\n", paint(style::STRONG, "from")));
    for assumption in &captured.assumptions {
        text.push_str(&format!("{}   {}\n", paint(style::UNKNOWN, "assumed"), clean(assumption)));
    }
    tally(&mut text, "what", &captured.nouns);
    tally(&mut text, "role assignments by level of their scope", &captured.assignments_by_level);
    tally(&mut text, "role assignments by recorded principal type", &captured.assignments_by_principal_type);
    tally(&mut text, "role assignments by type of role", &captured.assignments_by_role_type);
    tally(&mut text, "principals by what they are known to be", &captured.principals_by_kind);
    duplicates(&mut text, captured);
    coverage(&mut text, captured);
    text
}

fn heading(text: &mut String, words: &str) {
    text.push_str(&format!("\n{}\n", paint(style::STRONG, words)));
}

/// Numbers in a column, zeros left out.
fn tally(text: &mut String, words: &str, tallies: &[Tally]) {
    heading(text, words);
    let widest = tallies.iter().map(|t| t.count.to_string().len()).max().unwrap_or(0).max(6);
    let shown: Vec<&Tally> = tallies.iter().filter(|t| t.count > 0).collect();
    for tally in &shown {
        text.push_str(&format!("  {:>widest$}  {}\n", tally.count, clean(&tally.name)));
    }
    if shown.is_empty() {
        text.push_str(&format!("  {:>widest$}\n", "none"));
    }
}

const SHOWN: usize = 10;

fn duplicates(text: &mut String, captured: &Captured) {
    if captured.duplicates.is_empty() {
        return;
    }
    heading(text, "assignments made twice: same role, scope and principal");
    for double in captured.duplicates.iter().take(SHOWN) {
        let line = format!("{} at {} for {}", double.role, double.scope, double.principal_id);
        text.push_str(&format!("  {:>6}  {}\n", double.ids.len(), clean(&line)));
    }
    if captured.duplicates.len() > SHOWN {
        text.push_str(&format!(
            "          ... and {} more (--format json)\n",
            captured.duplicates.len() - SHOWN
        ));
    }
}

fn coverage(text: &mut String, captured: &Captured) {
    heading(text, "coverage");
    let rows: Vec<Vec<String>> = captured
        .coverage
        .iter()
        .map(|fact| {
            let look = match fact.extent.as_str() {
                "complete" => style::PASS,
                "partial" => style::WARN,
                _ => style::UNKNOWN,
            };
            vec![
                clean(&fact.collection).into_owned(),
                paint(look, &fact.extent),
                paint(style::DIM, clean(&fact.reason)),
            ]
        })
        .collect();
    text.push_str(&style::table(&rows, "  ", 96));
    if captured.missing.is_empty() {
        return;
    }
    heading(text, "what captures the rest");
    let rows: Vec<Vec<String>> = captured
        .missing
        .iter()
        .map(|m| {
            let command = if m.command.is_empty() { "no command captures it yet" } else { &m.command };
            vec![clean(&m.collection).into_owned(), paint(style::COMMAND, clean(command))]
        })
        .collect();
    text.push_str(&style::table(&rows, "  ", 96));
    text.push_str("\n  All of it at once: dictum inventory --capture-script bash\n");
}
