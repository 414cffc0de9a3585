//! Text to tree and back: statements are split, each is parsed alone, and the formatter writes the one layout.

pub mod ast;
mod lex;
mod parse;
mod split;

pub use parse::{Broken, Parsed, parse, parse_selector};
