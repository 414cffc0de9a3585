//! Paths as a flowchart of Mermaid, for Markdown.

use super::picture::{Class, Picture};
use crate::verdict::PathFact;

/// The flowchart, from left to right.
pub fn write(paths: &[PathFact], title: &str) -> String {
    let picture = Picture::of(paths);
    let mut text = format!("%% {}\nflowchart LR\n", title.replace(['\n', '\r'], " "));
    for (i, drawn) in picture.boxes.iter().enumerate() {
        let place = match drawn.place.is_empty() {
            true => String::new(),
            false => format!("<br/><small>{}</small>", escaped(&drawn.place)),
        };
        let words = format!("<small>{}</small><br/>{}{place}", escaped(&drawn.kind), escaped(&drawn.name));
        text.push_str(&format!("  n{i}(\"{words}\"):::{}\n", word(drawn.class)));
    }
    for arrow in &picture.arrows {
        let line = if arrow.potential { "-.->" } else { "-->" };
        text.push_str(&format!("  n{} {line}|\"{}\"| n{}\n", arrow.from, escaped(&arrow.label), arrow.to));
    }
    if picture.left_out > 0 {
        text.push_str(&format!("  more[\"{}\"]\n", picture.rest()));
    }
    for class in [Class::Source, Class::Person, Class::Identity, Class::Thing, Class::Role] {
        if picture.boxes.iter().any(|drawn| drawn.class == class) {
            let (fill, line) = class.colours();
            text.push_str(&format!("  classDef {} fill:{fill},stroke:{line},color:#1f2328\n", word(class)));
        }
    }
    text
}

fn word(class: Class) -> &'static str {
    match class {
        Class::Source => "source",
        Class::Person => "person",
        Class::Identity => "identity",
        Class::Thing => "thing",
        Class::Role => "role",
    }
}

/// Text inside of quotes, which is HTML. Numbers of characters would not do: Mermaid has a `#34;` of its own.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => safe.push_str("&quot;"),
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '#' => safe.push_str("&num;"),
            '\n' | '\r' => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}
