//! Where text stands: spans, source files, line and column.

mod source;
mod span;

pub use source::{Location, Source, Sources};
pub use span::{At, Span, Spanned};
