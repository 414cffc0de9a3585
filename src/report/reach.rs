//! What somebody or a resource reaches.

use super::json::{line, pretty};
use super::paths::{kind_and_name, missing, name, places, put_kind_and_name, via};
use super::style::{self, paint};
use super::{clean, number};
use crate::verdict::{MissingData, PathEnd, PathFact, PlaceFact, ReachCounts, ReachFact, ReachLine};
use serde::Serialize;
use std::fmt::Write;

/// The version of the document.
pub const SCHEMA: &str = "dictum/reach/1";

/// How much of a list is shown before the rest is only counted.
const SHOWN: usize = 20;

/// The reach of one.
#[derive(Serialize)]
pub struct Reach<'a> {
    /// The version of the document: [`SCHEMA`].
    pub schema: &'static str,
    /// The day that counted as today; empty where nobody said.
    pub as_of: &'a str,
    /// What the user asserted, in words.
    pub assumptions: &'a [String],
    /// What is reached.
    pub reach: &'a ReachFact,
}

/// The reach of many.
#[derive(Serialize)]
pub struct Everybody<'a> {
    /// The version of the document: [`SCHEMA`].
    pub schema: &'static str,
    /// The day that counted as today; empty where nobody said.
    pub as_of: &'a str,
    /// What the user asserted, in words.
    pub assumptions: &'a [String],
    /// A line for each, the widest reach first.
    pub everybody: &'a [&'a ReachLine],
}

/// The widest reach first: identities, then resources that can be written, other resources, scopes.
pub fn sorted(lines: &[ReachLine]) -> Vec<&ReachLine> {
    let key =
        |c: &ReachCounts| [c.identities, c.writable_resources, c.resources, c.scopes].map(std::cmp::Reverse);
    let mut keyed: Vec<_> = lines.iter().map(|line| (key(&line.counts), line)).collect();
    keyed.sort_by(|(a, one), (b, other)| (a, &one.of).cmp(&(b, &other.of)));
    keyed.into_iter().map(|(_, line)| line).collect()
}

impl Reach<'_> {
    /// As one JSON document.
    pub fn json(&self) -> String {
        pretty(self)
    }

    /// As a JSON document on one line.
    pub fn jsonl(&self) -> String {
        line(self)
    }

    /// Of a picture.
    pub fn title(&self) -> String {
        format!("what {} can become", kind_and_name(&self.reach.of))
    }

    /// For eyes; `all`: nothing is left out.
    pub fn text(&self, all: bool) -> String {
        let reach = self.reach;
        let mut text = paint(style::STRONG, kind_and_name(&reach.of));
        if !self.as_of.is_empty() {
            text.push_str(&paint(style::DIM, format!("  as of {}", self.as_of)));
        }
        text.push_str(&format!("\n{}", counts(&reach.counts)));
        text.push_str(&becomes(&reach.becomes, all));
        text.push_str(&places_of(&reach.places, all));
        if !reach.notes.is_empty() {
            text.push_str(&format!("\n{}\n", paint(style::STRONG, "notes")));
            for note in &reach.notes {
                for line in style::wrap(&clean(note), 92) {
                    text.push_str(&format!("  {line}\n"));
                }
            }
        }
        text.push_str(&missing(&reach.missing));
        text
    }
}

/// Every collection that is missing for the reach of some.
pub fn lacking(facts: &[ReachFact]) -> Vec<MissingData> {
    let mut all: Vec<MissingData> = vec![];
    for data in facts.iter().flat_map(|fact| &fact.missing) {
        if !all.contains(data) {
            all.push(data.clone());
        }
    }
    all
}

fn counts(counts: &ReachCounts) -> String {
    let more = |n: u64| if counts.complete { n.to_string() } else { format!("{n} or more") };
    let rows = [
        (counts.identities, "identity that it can become", "identities that it can become"),
        (
            counts.subscriptions,
            "subscription in or above which it holds something",
            "subscriptions in or above which it holds something",
        ),
        (
            counts.scopes,
            "scope at which it holds, or can be given, something",
            "scopes at which it holds, or can be given, something",
        ),
        (
            counts.resources,
            "resource that it reads, writes or uses the data of",
            "resources that it reads, writes or uses the data of",
        ),
        (counts.writable_resources, "resource that it can write", "resources that it can write"),
    ];
    let widest = rows.iter().map(|(n, ..)| more(*n).len()).max().unwrap_or(0);
    let line = |(n, one, many): (u64, &str, &str)| {
        format!("  {:>widest$}  {}\n", more(n), if n == 1 && counts.complete { one } else { many })
    };
    rows.into_iter().map(line).collect()
}

fn more(text: &mut String, shown: usize, all: usize) {
    if shown < all {
        text.push_str(&format!("  {}\n", paint(style::DIM, format!("... and {} more (--all)", all - shown))));
    }
}

fn shown(all: bool, n: usize) -> usize {
    if all || n <= SHOWN + 1 { n } else { SHOWN }
}

fn becomes(paths: &[PathFact], all: bool) -> String {
    if paths.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", paint(style::STRONG, "can become"));
    let shown = shown(all, paths.len());
    let rows: Vec<Vec<String>> = paths[..shown]
        .iter()
        .map(|path| {
            let who = match &path.target {
                PathEnd::Principal(subject) => kind_and_name(subject),
                PathEnd::Grant { role, .. } => clean(role).into_owned(),
            };
            let kinds: Vec<String> = path.steps.iter().map(|step| step.kind.replace('_', " ")).collect();
            let activated =
                if path.potential { paint(style::WARN, " once activated") } else { String::new() };
            let (kinds, via) = (kinds.join(", "), via(path));
            let via = if via == kinds { String::new() } else { paint(style::DIM, via) };
            vec![who, format!("{kinds}{activated}"), via]
        })
        .collect();
    text.push_str(&style::table(&rows, "  ", 84));
    more(&mut text, shown, paths.len());
    text
}

fn places_of<'a>(places_all: &'a [PlaceFact], all: bool) -> String {
    if places_all.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", paint(style::STRONG, "places"));
    let head = ["where", "may", "by role", "through", ""].map(|word| paint(style::DIM, word)).to_vec();
    let shown = shown(all, places_all.len());
    let mut before = "";
    let row = |place: &'a PlaceFact| {
        let through = match place.length {
            0 => name(&place.through),
            n => format!("{} ({})", name(&place.through), number(n, "step", "steps")),
        };
        let activated = if place.potential { paint(style::WARN, " once activated") } else { String::new() };
        let is_same = std::mem::replace(&mut before, &place.scope_id) == place.scope_id;
        vec![
            if is_same { String::new() } else { kind_and_name(&place.scope) },
            place.access.join(", "),
            format!("{}{activated}", clean(&place.role)),
            through,
            paint(style::DIM, places(&place.evidence)),
        ]
    };
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(places_all[..shown].iter().map(row)).collect();
    text.push_str(&style::table(&rows, "  ", 60));
    more(&mut text, shown, places_all.len());
    text
}

impl Everybody<'_> {
    /// As one JSON document.
    pub fn json(&self) -> String {
        pretty(self)
    }

    /// As a JSON document for each.
    pub fn jsonl(&self) -> String {
        self.everybody.iter().map(line).collect()
    }

    /// For eyes: those that reach something, then how many reach nothing.
    pub fn text(&self) -> String {
        let reaches = |l: &&ReachLine| {
            let c = &l.counts;
            [c.identities, c.scopes, c.resources, c.writable_resources, c.subscriptions]
                .iter()
                .any(|&n| n > 0)
        };
        let head = ["who", "identities", "writes", "resources", "scopes", "subscriptions"];
        let head = head.map(|word| paint(style::STRONG, word));
        let shown: Vec<&ReachLine> = self.everybody.iter().copied().filter(reaches).collect();
        // All cells stand in one text: there are as many as six times everybody.
        let (mut cells, mut ends) = (String::new(), Vec::with_capacity(shown.len()));
        for line in &shown {
            let c = &line.counts;
            let numbers = [c.identities, c.writable_resources, c.resources, c.scopes, c.subscriptions];
            let mut row = [0; 6];
            put_kind_and_name(&mut cells, &line.of);
            row[0] = cells.len();
            for ((number, width), end) in numbers.into_iter().zip([10, 6, 9, 6, 13]).zip(&mut row[1..]) {
                let more = if c.complete { "" } else { "+" };
                let _ = write!(cells, "{number:>0$}{more}", width - more.len());
                *end = cells.len();
            }
            ends.push(row);
        }
        let mut start = 0;
        let rows = ends.iter().map(|ends| ends.map(|end| &cells[std::mem::replace(&mut start, end)..end]));
        let head = head.each_ref().map(String::as_str);
        let mut text = style::table(&std::iter::once(head).chain(rows).collect::<Vec<_>>(), "", 84);
        let idle = self.everybody.len() - shown.len();
        if idle > 0 {
            let who = number(idle as u64, "reaches", "reach");
            text.push_str(&format!("{}\n", paint(style::DIM, format!("{who} nothing"))));
        }
        if self.everybody.iter().any(|l| !l.counts.complete) {
            text.push_str(&format!("{}\n", paint(style::DIM, "+: or more, as something is not known")));
        }
        text
    }
}
