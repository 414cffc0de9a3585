//! Verdicts as people and programs read them: one file a format, each a pure function. Text has ANSI styles, which the
//! command line strips where they are not wanted; no report knows the width of a terminal.

pub mod captured;
pub mod cut;
pub mod diff;
pub mod dot;
pub mod found;
pub mod json;
pub mod jsonl;
pub mod lock;
pub mod mermaid;
pub mod paths;
mod picture;
pub mod reach;
pub mod style;
pub mod svg;
pub mod text;
pub mod trial;
pub mod who_can;

use std::borrow::Cow;

/// Text from a capture or a policy, safe on a terminal: control characters are written as escapes.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) { safe.extend(c.escape_unicode()) } else { safe.push(c) }
    }
    Cow::Owned(safe)
}

/// Control characters, and those that turn the direction of text around.
fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `1 rule`, `2 rules`
pub fn number(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// `a`, `a and b`, `a, b and c`
pub fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
