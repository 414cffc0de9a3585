//! Two texts, line by line, with what changed inside of a line set off.

use super::clean;
use super::style::{self, paint};
use similar::{ChangeTag, TextDiff};

/// Lines around a change that are shown.
const AROUND: usize = 3;

/// The difference as a unified diff; empty where there is none.
pub fn write(old: &str, new: &str, old_name: &str, new_name: &str) -> String {
    if old == new {
        return String::new();
    }
    let diff = TextDiff::from_lines(old, new);
    let mut text = format!(
        "{}\n{}\n",
        paint(style::REMOVED, format!("--- {}", clean(old_name))),
        paint(style::ADDED, format!("+++ {}", clean(new_name)))
    );
    for group in diff.grouped_ops(AROUND) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let lines = |from: usize, to: usize| format!("{},{}", from + 1, to - from);
        let header = format!(
            "@@ -{} +{} @@",
            lines(first.old_range().start, last.old_range().end),
            lines(first.new_range().start, last.new_range().end)
        );
        text.push_str(&format!("{}\n", paint(style::DIM, header)));
        for change in group.iter().flat_map(|op| diff.iter_inline_changes(op)) {
            let (sign, look) = match change.tag() {
                ChangeTag::Delete => ("-", Some(style::REMOVED)),
                ChangeTag::Insert => ("+", Some(style::ADDED)),
                ChangeTag::Equal => (" ", None),
            };
            let mut line = look.map_or_else(|| sign.to_owned(), |look| paint(look, sign));
            for (emphasized, value) in change.iter_strings_lossy() {
                let value = clean(value.trim_end_matches(['\n', '\r'])).into_owned();
                line.push_str(&match look {
                    Some(look) if emphasized => paint(look.bold().underline(), value),
                    Some(look) => paint(look, value),
                    None => value,
                });
            }
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}
