//! Text to tree and back: statements are split, each is parsed alone, and the formatter writes the one layout.

pub mod ast;
mod format;
mod layout;
mod lex;
mod parse;
mod split;

pub use format::{canonical, canonical_expression, canonical_selector, format, formatted, slug};
pub use parse::{Broken, Parsed, parse, parse_selector};
