//! Diagnostics as text, in rustc's look. The only file that names annotate-snippets.
//!
//! Said first what is wrong, with the code; then the places in policy text with their lines underlined, the places in
//! input files, the facts that help to understand it (`=`) and what to do (`help:`).

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Label, Severity};
use crate::text::{Source, Sources};

/// Longer lines are cut to what is around the label.
const LONGEST_LINE: usize = 400;
/// What is kept on each side of a label in a line that is cut.
const AROUND: usize = 120;

/// All diagnostics as text, separated by blank lines; ends with a line break unless there are none.
///
/// `styled` adds colours as ANSI escapes.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, styled: bool) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&one(diagnostic, sources, styled));
    }
    out
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Unknown => Level::WARNING.with_name("unknown"),
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

fn one(diagnostic: &Diagnostic, sources: &Sources, styled: bool) -> String {
    let excerpts = excerpts(&diagnostic.labels, sources);
    let title = level(diagnostic.severity).primary_title(&diagnostic.message).id(diagnostic.code.as_str());
    let mut group = Group::with_title(title);
    for excerpt in &excerpts {
        let mut snippet =
            Snippet::source(excerpt.text.as_str()).line_start(excerpt.line).path(excerpt.name).fold(true);
        for (range, message, primary) in &excerpt.marks {
            let kind = if *primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let mark = kind.span(range.clone());
            snippet =
                snippet.annotation(if message.is_empty() { mark } else { mark.label(message.as_str()) });
        }
        group = group.element(snippet);
    }
    for place in &diagnostic.places {
        let name = match (place.pointer.as_str(), place.line) {
            ("", 0) => place.file.clone(),
            ("", line) => format!("{} line {line}", place.file),
            (pointer, 0) => format!("{}:{pointer}", place.file),
            (pointer, line) => format!("{}:{pointer} line {line}", place.file),
        };
        group = group.element(Origin::path(name));
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.no_name().message(note.as_str()));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let mut text = renderer.term_width(160).render(&[group]);
    text.push('\n');
    text
}

/// Lines of one file with marks in them.
struct Excerpt<'a> {
    name: &'a str,
    text: String,
    /// The number of the first line.
    line: usize,
    marks: Vec<(std::ops::Range<usize>, String, bool)>,
}

/// One excerpt a file, the file of the first label first. Only the lines from the first mark to the last are taken.
fn excerpts<'a>(labels: &[Label], sources: &'a Sources) -> Vec<Excerpt<'a>> {
    let mut files: Vec<(&Source, Vec<(usize, &Label)>)> = vec![];
    for (i, label) in labels.iter().enumerate() {
        let Some(source) = sources.of(label.span) else { continue };
        match files.iter_mut().find(|(known, _)| std::ptr::eq(*known, source)) {
            Some((_, marks)) => marks.push((i, label)),
            None => files.push((source, vec![(i, label)])),
        }
    }
    files.into_iter().map(|(source, marks)| excerpt(source, &marks, sources)).collect()
}

fn excerpt<'a>(source: &'a Source, labels: &[(usize, &Label)], sources: &Sources) -> Excerpt<'a> {
    let text = source.text();
    let range = |label: &Label| {
        let start = (label.span.start.saturating_sub(source.base()) as usize).min(text.len());
        let end = (label.span.end.saturating_sub(source.base()) as usize).clamp(start, text.len());
        start..end
    };
    let first = labels.iter().map(|(_, l)| range(l).start).min().unwrap_or(0);
    let last = labels.iter().map(|(_, l)| range(l).end).max().unwrap_or(0);
    let start = text[..first].rfind('\n').map_or(0, |i| i + 1);
    let end = text[last..].find('\n').map_or(text.len(), |i| last + i);
    let line = labels
        .iter()
        .filter_map(|(_, l)| sources.locate(l.span))
        .map(|location| location.line as usize)
        .min()
        .unwrap_or(1);
    let mut out = Excerpt { name: source.name(), text: String::new(), line, marks: vec![] };
    // Where each byte of the lines went, since long lines are cut.
    let mut offset = start;
    let mut kept: Vec<(std::ops::Range<usize>, usize)> = vec![];
    for full in text[start..end].split('\n') {
        let stretch = offset..offset + full.len();
        let inside: Vec<_> = labels
            .iter()
            .map(|(_, l)| range(l))
            .filter(|r| r.start >= stretch.start && r.start <= stretch.end)
            .collect();
        let window = match full.len() > LONGEST_LINE {
            false => stretch.clone(),
            true => {
                let from = inside.iter().map(|r| r.start).min().unwrap_or(stretch.start);
                let to = from + LONGEST_LINE - AROUND;
                let from = from.saturating_sub(AROUND).max(stretch.start);
                floor(text, from)..floor(text, to.min(stretch.end))
            }
        };
        if !kept.is_empty() {
            out.text.push('\n');
        }
        if window.start > stretch.start {
            out.text.push_str("...");
        }
        kept.push((window.clone(), out.text.len()));
        out.text.push_str(text[window.clone()].trim_end_matches('\r'));
        if window.end < stretch.end {
            out.text.push_str("...");
        }
        offset = stretch.end + 1;
    }
    let place = |byte: usize| {
        let line = kept.iter().rev().find(|(window, _)| window.start <= byte).or(kept.first());
        line.map_or(0, |(window, at)| at + byte.clamp(window.start, window.end) - window.start)
    };
    for (i, label) in labels {
        let r = range(label);
        let (from, to) = (place(r.start).min(out.text.len()), place(r.end).min(out.text.len()));
        out.marks.push((from..to.max(from), label.message.clone(), *i == 0));
    }
    out
}

/// The start of the character that the byte is in.
fn floor(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}
