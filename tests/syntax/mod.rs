//! Text -> tree -> canonical text.

mod files;
mod format;
mod mutation;
mod random;
mod robust;
mod tree;

use dictum::diagnostic::render::render;
use dictum::syntax::ast::File;
use dictum::syntax::{self, Parsed};
use dictum::text::Sources;

/// A file of our own with every construct of the language.
pub(crate) const EVERY_CONSTRUCT: &str = include_str!("every_construct.dictum");

/// The designers' corpus, where it is there.
pub(crate) fn corpus() -> Option<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/design/corpus.dictum");
    std::fs::read_to_string(path).ok()
}

/// A text, read.
pub(crate) fn read(text: &str) -> (Parsed, Sources) {
    let mut sources = Sources::new();
    let file = sources.add("test.dictum", text);
    (syntax::parse(&sources, file), sources)
}

/// A text that must be right, as a tree.
pub(crate) fn tree(text: &str) -> File {
    let (parsed, sources) = read(text);
    assert!(parsed.diagnostics.is_empty(), "{}", render(&parsed.diagnostics, &sources, false));
    parsed.file
}

/// A text that must be right, in the canonical layout.
pub(crate) fn formatted(text: &str) -> String {
    let mut sources = Sources::new();
    let file = sources.add("test.dictum", text);
    match syntax::formatted(&sources, file) {
        Ok(text) => text,
        Err(diagnostics) => panic!("{}", render(&diagnostics, &sources, false)),
    }
}

/// What is said about a text, as a user sees it.
pub(crate) fn said(text: &str) -> String {
    let (parsed, sources) = read(text);
    render(&parsed.diagnostics, &sources, false)
}
