//! Paths as a graph of Graphviz: `dot -Tsvg`.

use super::picture::{Node, Picture};
use crate::verdict::PathFact;

/// The graph, from left to right.
pub fn write(paths: &[PathFact], title: &str) -> String {
    let picture = Picture::of(paths);
    let mut label = quoted(title);
    if picture.left_out > 0 {
        label = quoted(&format!("{title}\n{}", picture.rest()));
    }
    let mut text = format!(
        "digraph dictum {{
  graph [rankdir=LR, label={label}, labelloc=t, fontname=\"Helvetica\", bgcolor=white, nodesep=0.25, ranksep=0.7];
  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11, margin=\"0.15,0.08\"];
  edge [fontname=\"Helvetica\", fontsize=9, color=\"#57606a\", fontcolor=\"#57606a\"];
"
    );
    for (i, drawn) in picture.boxes.iter().enumerate() {
        let (fill, line) = drawn.class.colours();
        text.push_str(&format!(
            "  n{i} [label={}, tooltip={}, fillcolor=\"{fill}\", color=\"{line}\"];\n",
            quoted(&words(drawn)),
            quoted(&drawn.id)
        ));
    }
    for arrow in &picture.arrows {
        let style = if arrow.potential { ", style=dashed" } else { "" };
        let back = if arrow.back { ", constraint=false" } else { "" };
        text.push_str(&format!(
            "  n{} -> n{} [label={}, tooltip={}{style}{back}];\n",
            arrow.from,
            arrow.to,
            quoted(&arrow.label),
            quoted(&arrow.sentence)
        ));
    }
    text.push_str("}\n");
    text
}

fn words(drawn: &Node) -> String {
    let place = if drawn.place.is_empty() { String::new() } else { format!("\n{}", drawn.place) };
    format!("{}\n{}{place}", drawn.kind, drawn.name)
}

/// A string of DOT: only the quote is special, and the backslash in labels.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
