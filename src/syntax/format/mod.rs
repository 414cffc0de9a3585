//! Tree and comments -> the one canonical layout; a statement -> its canonical text on one line.
//!
//! Clauses come in one order, a statement that does not fit on a line has one clause a line, lists that do not fit have
//! one member a line. Comments stay with what they stand before or behind; between statements one blank line is kept
//! where there was any.

mod expression;
mod items;
mod sentence;

use super::ast::{Comment, Expr, File, Selector, Statement};
use super::layout::{Doc, WIDTH, flat, lines};
use super::parse::parse;
use crate::diagnostic::Diagnostic;
use crate::text::{Source, Sources, Span};
use expression::expression;
use items::{header, item};
use sentence::{clauses_after, selector_docs, statement_doc};

/// The file of that index in the canonical layout.
///
/// # Errors
///
/// Its diagnostics, if there are any: a file that does not parse is not formatted.
pub fn formatted(sources: &Sources, file: usize) -> Result<String, Vec<Diagnostic>> {
    let parsed = parse(sources, file);
    if !parsed.diagnostics.is_empty() {
        return Err(parsed.diagnostics);
    }
    Ok(format(&parsed.file, sources.get(file)))
}

/// A tree in the canonical layout, with the comments and blank lines of its source.
pub fn format(file: &File, source: &Source) -> String {
    let mut page = Page { source, out: String::new(), end: source.base() };
    let mut items: Vec<(u32, u32, Vec<Doc>)> = vec![];
    if let Some(h) = &file.header {
        items.push((h.at.0.start, h.at.0.end, header(h)));
    }
    items.extend(file.items.iter().map(|i| (i.at().0.start, i.at().0.end, item(i))));
    let mut comments = file.comments.iter().peekable();
    let starts: Vec<u32> = items.iter().map(|(start, ..)| *start).chain([u32::MAX]).collect();
    for (i, (start, end, docs)) in items.into_iter().enumerate() {
        let next = starts[i + 1];
        while let Some(comment) = comments.next_if(|c| c.at.0.start < start) {
            page.comment(comment);
        }
        let margin = source.column(start);
        let mut own = vec![];
        let mut dangling = vec![];
        while let Some(comment) =
            comments.next_if(|c| c.at.0.start < end || c.trailing && c.at.0.start < next)
        {
            own.push(comment);
        }
        while let Some(comment) =
            comments.next_if(|c| c.at.0.start < next && source.column(c.at.0.start) > margin)
        {
            dangling.push(comment);
        }
        page.item(start, end, &docs, &own, &dangling);
    }
    for comment in comments {
        page.comment(comment);
    }
    page.out
}

/// The canonical text of a statement, on one line.
pub fn canonical(statement: &Statement) -> String {
    flat(statement_doc(statement))
}

/// The canonical text of a selector, on one line.
pub fn canonical_selector(selector: &Selector) -> String {
    let (head, clauses) = selector_docs(selector);
    flat(clauses_after(head, clauses))
}

/// The canonical text of an expression, on one line.
pub fn canonical_expression(expr: &Expr) -> String {
    flat(expression(expr))
}

/// A text as an id: lower case, every run of other characters than letters and digits one `-`.
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// What has been written.
struct Page<'s> {
    source: &'s Source,
    out: String,
    /// Where what was written last ends in the source.
    end: u32,
}

impl Page<'_> {
    /// Keeps a blank line before what starts there.
    fn blank(&mut self, start: u32) {
        let between = self.source.slice(Span::new(self.end.min(start), start));
        if !self.out.is_empty() && between.matches('\n').count() > 1 {
            self.out.push('\n');
        }
    }

    fn comment(&mut self, comment: &Comment) {
        self.blank(comment.at.0.start);
        self.out.push_str(&format!("#{}\n", comment.text));
        self.end = comment.at.0.end;
    }

    fn item(&mut self, start: u32, end: u32, docs: &[Doc], own: &[&Comment], dangling: &[&Comment]) {
        self.blank(start);
        for line in lines(docs, start, own, WIDTH) {
            self.out.push_str(&line);
            self.out.push('\n');
        }
        self.end = own.last().map_or(end, |c| c.at.0.end.max(end));
        for comment in dangling {
            self.out.push_str(&format!("  #{}\n", comment.text));
            self.end = comment.at.0.end;
        }
    }
}
