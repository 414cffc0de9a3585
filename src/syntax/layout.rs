//! Documents with possible line breaks -> lines of at most [`WIDTH`] columns, with comments put back.
//!
//! A group is written on one line if it fits, else every one of its own breaks is a line break. Each break knows where
//! in the source the text after it came from; by that a comment finds the line that it belongs to, and where a comment
//! needs the line to end, the groups around are broken.

use crate::syntax::ast::Comment;

/// Columns of a line, comments not counted.
pub(super) const WIDTH: usize = 100;

/// A document.
#[derive(Clone, Debug)]
pub(in crate::syntax) enum Doc {
    /// Text without a line break.
    Text(String),
    /// Nothing on one line, this at the end of a line.
    IfBroken(&'static str),
    /// A possible line break.
    Break {
        /// Where what follows stands in the source.
        at: u32,
        /// What is written where the line is not broken.
        flat: &'static str,
    },
    /// A line break.
    Line {
        /// Where what follows stands in the source.
        at: u32,
    },
    /// Broken as a whole or not at all.
    Group(Vec<Doc>),
    /// Its line breaks are indented by so much more.
    Nest(usize, Vec<Doc>),
}

/// Text.
pub(in crate::syntax) fn text(text: impl Into<String>) -> Doc {
    Doc::Text(text.into())
}

/// A possible line break that is a space otherwise.
pub(in crate::syntax) fn space(at: u32) -> Doc {
    Doc::Break { at, flat: " " }
}

/// A possible line break that is nothing otherwise.
pub(in crate::syntax) fn empty(at: u32) -> Doc {
    Doc::Break { at, flat: "" }
}

/// The lines of a document that starts at `start` in the source, at the left margin, with the comments of that stretch.
/// Comments after everything else are lines of their own at the end, indented.
pub(in crate::syntax) fn lines(docs: &[Doc], start: u32, comments: &[&Comment], width: usize) -> Vec<String> {
    let mut places = vec![Place { at: start, groups: vec![] }];
    let mut groups = 0;
    survey(docs, &mut vec![], &mut groups, &mut places);
    let mut printer = Printer {
        broken: vec![false; groups],
        leading: vec![vec![]; places.len()],
        trailing: vec![vec![]; places.len()],
        out: vec![],
        line: String::new(),
        column: 0,
        pending: vec![],
        width,
    };
    let mut after = vec![];
    for comment in comments {
        let at = comment.at.0.start;
        let line = format!("#{}", comment.text);
        if comment.trailing {
            let last = places.iter().enumerate().filter(|(_, p)| p.at < at).max_by_key(|(i, p)| (p.at, *i));
            let index = last.map_or(0, |(i, _)| i);
            printer.trailing[index].push(line);
            for &group in places.get(index + 1).map_or(&[][..], |p| &p.groups) {
                printer.broken[group] = true;
            }
        } else {
            let next = places.iter().enumerate().filter(|(_, p)| p.at >= at).min_by_key(|(i, p)| (p.at, *i));
            match next {
                Some((index, place)) => {
                    printer.leading[index].push(line);
                    for &group in &place.groups {
                        printer.broken[group] = true;
                    }
                }
                None => after.push(line),
            }
        }
    }
    printer.print(docs);
    let mut out = printer.out;
    out.extend(after.into_iter().map(|comment| format!("  {comment}")));
    out
}

/// A document on one line.
pub(in crate::syntax) fn flat(docs: Vec<Doc>) -> String {
    lines(&[Doc::Group(docs)], 0, &[], usize::MAX).concat()
}

/// Where a line can start, and the groups that must be broken for it to do so.
struct Place {
    at: u32,
    groups: Vec<usize>,
}

fn survey(docs: &[Doc], around: &mut Vec<usize>, groups: &mut usize, places: &mut Vec<Place>) {
    for doc in docs {
        match doc {
            Doc::Text(_) | Doc::IfBroken(_) => {}
            Doc::Break { at, .. } | Doc::Line { at } => {
                places.push(Place { at: *at, groups: around.clone() })
            }
            Doc::Group(inner) => {
                around.push(*groups);
                *groups += 1;
                survey(inner, around, groups, places);
                around.pop();
            }
            Doc::Nest(_, inner) => survey(inner, around, groups, places),
        }
    }
}

struct Printer {
    /// Of each group in the order of the document, whether a comment breaks it.
    broken: Vec<bool>,
    /// Of each place, the comments on lines before it.
    leading: Vec<Vec<String>>,
    /// Of each place, the comments at the end of its line.
    trailing: Vec<Vec<String>>,
    out: Vec<String>,
    line: String,
    column: usize,
    /// Comments for the end of the line that is being written.
    pending: Vec<String>,
    width: usize,
}

impl Printer {
    fn print(&mut self, docs: &[Doc]) {
        let (mut place, mut group) = (0, 0);
        self.start(place, 0);
        let mut stack: Vec<(usize, bool, &Doc)> = docs.iter().rev().map(|d| (0, true, d)).collect();
        while let Some((indent, broken, doc)) = stack.pop() {
            match doc {
                Doc::Text(text) => self.write(text),
                Doc::IfBroken(text) if broken => self.write(text),
                Doc::IfBroken(_) => {}
                Doc::Break { flat, .. } if !broken => {
                    place += 1;
                    self.write(flat);
                    self.pending.append(&mut self.trailing[place]);
                }
                Doc::Break { .. } | Doc::Line { .. } => {
                    place += 1;
                    let extra = self.finish();
                    self.out.extend(extra.into_iter().map(|c| format!("{:indent$}{c}", "")));
                    self.start(place, indent);
                }
                Doc::Nest(more, inner) => {
                    stack.extend(inner.iter().rev().map(|d| (indent + more, broken, d)));
                }
                Doc::Group(inner) => {
                    let broken = self.broken[group] || !self.fits(inner, &stack);
                    group += 1;
                    stack.extend(inner.iter().rev().map(|d| (indent, broken, d)));
                }
            }
        }
        let extra = self.finish();
        self.out.extend(extra.into_iter().map(|c| format!("  {c}")));
    }

    fn write(&mut self, text: &str) {
        self.line.push_str(text);
        self.column += text.chars().count();
    }

    fn start(&mut self, place: usize, indent: usize) {
        for comment in std::mem::take(&mut self.leading[place]) {
            self.out.push(format!("{:indent$}{comment}", ""));
        }
        self.line = " ".repeat(indent);
        self.column = indent;
        self.pending.append(&mut self.trailing[place]);
    }

    /// Ends the line; gives the comments that found no room at its end, since one is there already.
    fn finish(&mut self) -> Vec<String> {
        let mut comments = std::mem::take(&mut self.pending).into_iter();
        let mut line = std::mem::take(&mut self.line);
        line.truncate(line.trim_end().len());
        if let Some(comment) = comments.next() {
            line.push_str("  ");
            line.push_str(&comment);
        }
        self.out.push(line);
        comments.collect()
    }

    /// Whether `inner` on one line, with what follows up to the next line break, leaves the line short enough.
    fn fits(&self, inner: &[Doc], rest: &[(usize, bool, &Doc)]) -> bool {
        let Some(mut room) = self.width.checked_sub(self.column) else { return false };
        let mut stack: Vec<(bool, &Doc)> = inner.iter().rev().map(|d| (false, d)).collect();
        let mut rest = rest.iter().rev();
        loop {
            let (broken, doc) = match stack.pop() {
                Some(next) => next,
                None => match rest.next() {
                    Some(&(_, broken, doc)) => (broken, doc),
                    None => return true,
                },
            };
            let used = match doc {
                Doc::Text(text) => text.chars().count(),
                Doc::IfBroken(text) => {
                    if broken {
                        text.len()
                    } else {
                        0
                    }
                }
                Doc::Line { .. } => return true,
                Doc::Break { .. } if broken => return true,
                Doc::Break { flat, .. } => flat.len(),
                Doc::Group(inner) => {
                    // What follows is measured flat too, up to a break that is one already.
                    stack.extend(inner.iter().rev().map(|d| (false, d)));
                    0
                }
                Doc::Nest(_, inner) => {
                    stack.extend(inner.iter().rev().map(|d| (broken, d)));
                    0
                }
            };
            match room.checked_sub(used) {
                Some(left) => room = left,
                None => return false,
            }
        }
    }
}
