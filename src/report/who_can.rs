//! Who may do something at a scope.

use super::json::{line, pretty};
use super::paths::{kind_and_name, missing, name, place, places};
use super::style::{self, paint};
use super::{clean, number};
use crate::verdict::{MissingData, Subject, WhoFact};
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the document.
pub const SCHEMA: &str = "dictum/who-can/1";

/// How many rights that are not known are told in words.
const DOUBTS: usize = 5;

/// Who may, and how surely.
#[derive(Serialize)]
pub struct WhoCan<'a> {
    /// The version of the document: [`SCHEMA`].
    pub schema: &'static str,
    /// What was asked about: an operation, or the name of a capability set.
    pub what: &'a str,
    /// The actions that it is.
    pub actions: &'a [Asked],
    /// The scope.
    pub on: &'a Subject,
    /// Scopes in words, by their ids.
    #[serde(skip)]
    pub words: &'a BTreeMap<String, String>,
    /// The day that counted as today; empty where nobody said.
    pub as_of: &'a str,
    /// How many principals there are.
    pub count: u64,
    /// Each principal and action, the surest way.
    pub who: &'a [WhoFact],
    /// Collections that would have to be captured completely.
    pub incomplete: &'a [MissingData],
    /// What the user asserted, in words.
    pub assumptions: &'a [String],
}

/// An action that was asked about.
#[derive(Clone, Debug, Serialize)]
pub struct Asked {
    /// The operation.
    pub action: String,
    /// `control` or `data`.
    pub plane: &'static str,
}

impl WhoCan<'_> {
    /// As one JSON document.
    pub fn json(&self) -> String {
        pretty(self)
    }

    /// As a JSON document for each principal and action.
    pub fn jsonl(&self) -> String {
        self.who.iter().map(line).collect()
    }

    /// For eyes; those of the same right by several actions stand on one line.
    pub fn text(&self) -> String {
        let what = match self.count {
            0 => "nobody".to_owned(),
            n => number(n, "principal", "principals"),
        };
        let mut text =
            format!("{}  {} on {}", paint(style::STRONG, what), clean(self.what), self.scope(&self.on.id));
        if !self.as_of.is_empty() {
            text.push_str(&paint(style::DIM, format!("  as of {}", self.as_of)));
        }
        text.push('\n');
        let mut lines: Vec<(&WhoFact, Vec<&str>)> = vec![];
        for fact in self.who {
            let same = |(other, _): &&mut (&WhoFact, Vec<&str>)| {
                (&other.subject, &other.certainty, &other.role, &other.scope, &other.via)
                    == (&fact.subject, &fact.certainty, &fact.role, &fact.scope, &fact.via)
            };
            // Those of one principal stand together.
            let mut of_one = lines.iter_mut().rev().take_while(|(other, _)| other.subject == fact.subject);
            match of_one.find(same) {
                Some((_, actions)) if actions.contains(&fact.action.as_str()) => {}
                Some((_, actions)) => actions.push(&fact.action),
                None => lines.push((fact, vec![&fact.action])),
            }
        }
        let several = self.actions.iter().any(|asked| asked.action != self.actions[0].action);
        if lines.is_empty() && self.on.kind != "resource" {
            text.push_str(&self.inside());
        }
        if !lines.is_empty() {
            let mut head = vec!["who", "how surely", "role", "assigned at", "through"];
            if several {
                head.push("action");
            }
            let head = head.into_iter().map(|word| paint(style::STRONG, word)).collect();
            let rows: Vec<Vec<String>> = std::iter::once(head)
                .chain(lines.iter().map(|(fact, actions)| self.row(fact, several.then_some(&actions[..]))))
                .collect();
            text.push_str(&format!("\n{}", style::table(&rows, "  ", 72)));
        }
        text.push_str(&self.doubts());
        text.push_str(&missing(self.incomplete));
        text
    }

    /// Where nobody may on all of a scope, how to ask about what is inside it.
    fn inside(&self) -> String {
        let what = if self.what.contains('/') { format!("\"{}\"", self.what) } else { self.what.to_owned() };
        let data = self.what.contains('/') && self.actions.iter().all(|asked| asked.plane == "data");
        let data = if data { "data " } else { "" };
        let within = match self.on.kind.as_str() {
            "root" => String::new(),
            kind => format!(" within {kind} \"{}\"", self.on.id),
        };
        let command = format!("dictum find 'role granting {data}{what}{within}'");
        format!(
            "  asked of the scope itself; who may inside of it: {}\n",
            paint(style::COMMAND, clean(&command))
        )
    }

    /// Why some are unknown, each reason once.
    fn doubts(&self) -> String {
        let unknown: Vec<&WhoFact> = self.who.iter().filter(|fact| fact.certainty == "unknown").collect();
        if unknown.is_empty() {
            return String::new();
        }
        let mut text = format!("\n{}\n", paint(style::UNKNOWN, "not known"));
        for fact in unknown.iter().take(DOUBTS) {
            for (i, line) in style::wrap(&clean(&fact.sentence), 92).iter().enumerate() {
                let lead = if i == 0 { paint(style::UNKNOWN, "?") } else { " ".to_owned() };
                text.push_str(&format!("  {lead} {line}\n"));
            }
        }
        if unknown.len() > DOUBTS {
            let more = format!("... and {} more (--format json)", unknown.len() - DOUBTS);
            text.push_str(&format!("    {}\n", paint(style::DIM, more)));
        }
        let mut reasons: Vec<&MissingData> = unknown.iter().flat_map(|fact| &fact.missing).collect();
        reasons.retain(|m| m.collection != "value");
        reasons.sort_by_key(|m| (&m.collection, &m.what));
        reasons.dedup();
        for reason in reasons {
            text.push_str(&format!("    {}\n", clean(&reason.what)));
            if !reason.command.is_empty() {
                text.push_str(&format!("      {}\n", paint(style::COMMAND, clean(&reason.command))));
            }
        }
        text
    }

    fn row(&self, fact: &WhoFact, actions: Option<&[&str]>) -> Vec<String> {
        let surely = match fact.certainty.as_str() {
            "held" => "held".to_owned(),
            "potential" => paint(style::WARN, "once activated"),
            other => paint(style::UNKNOWN, other),
        };
        let through: Vec<String> = fact.via.iter().rev().map(name).collect();
        let mut row = vec![
            kind_and_name(&fact.subject),
            surely,
            clean(&fact.role).into_owned(),
            self.scope(&fact.scope),
            through.join(", "),
        ];
        if let Some(actions) = actions {
            let more =
                if actions.len() > 1 { format!(" and {} more", actions.len() - 1) } else { String::new() };
            row.push(format!("{}{more}", clean(actions[0])));
        }
        row.push(paint(style::DIM, places(&fact.evidence)));
        row
    }

    /// A scope in words, where they are known.
    fn scope(&self, id: &str) -> String {
        match self.words.get(id) {
            Some(words) => place(words),
            None => clean(id).into_owned(),
        }
    }
}
