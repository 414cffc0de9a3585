//! Text to tree and back: statements are split, each is parsed alone, and the formatter writes the one layout.

pub mod ast;
