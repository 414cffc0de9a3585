//! What is told to a user: a value with a code, a place, what is wrong and what to write instead.
//!
//! A user's mistake is a [`Diagnostic`]; errors are for the machine's failures.

pub mod code;
pub mod render;
pub mod suggest;

use crate::text::Span;
pub use code::Code;

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing runs until it is mended.
    Error,
    /// Something could not be decided.
    Unknown,
    /// It runs, and probably does not say what its author means.
    Warning,
    /// Worth knowing.
    Note,
}

/// A place in policy text and what to say of it. The first label of a diagnostic is its primary one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// Said beside the underline; may be empty.
    pub message: String,
}

/// A place in an input file (JSON, TOML), which is not policy text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file's name as the user gave it (`-` for standard input).
    pub file: String,
    /// RFC 6901 JSON pointer; empty for the whole document.
    pub pointer: String,
    /// Line from 1; 0 where the file has no lines to speak of.
    pub line: u64,
}

/// An edit that mends it: replace the text of `span` by `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What to replace; empty to insert.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// One thing to tell the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its code; `dictum explain CODE` tells more.
    pub code: Code,
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong, in the user's words, without a full stop.
    pub message: String,
    /// Places in policy text; the first is primary.
    pub labels: Vec<Label>,
    /// Places in input files; the first is primary.
    pub places: Vec<Place>,
    /// Facts that help to understand it.
    pub notes: Vec<String>,
    /// What to write or do instead.
    pub help: Vec<String>,
    /// The edit that mends it, where there is one.
    pub edit: Option<Edit>,
}

impl Diagnostic {
    fn new(severity: Severity, code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        Diagnostic {
            code,
            severity,
            message,
            labels: vec![],
            places: vec![],
            notes: vec![],
            help: vec![],
            edit: None,
        }
    }

    /// An error without a place yet.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning without a place yet.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// Something undecided.
    pub fn unknown(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Unknown, code, message)
    }

    /// Something worth knowing.
    pub fn note_only(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    /// Adds a place in policy text.
    #[must_use]
    pub fn at(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// Adds a place in an input file.
    #[must_use]
    pub fn in_file(mut self, place: Place) -> Self {
        self.places.push(place);
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds what to do instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds the edit that mends it.
    #[must_use]
    pub fn edit(mut self, span: Span, text: impl Into<String>) -> Self {
        self.edit = Some(Edit { span, text: text.into() });
        self
    }

    /// Whether nothing may run because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The primary place in policy text.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|l| l.span)
    }
}
