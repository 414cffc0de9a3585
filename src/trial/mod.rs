//! Tests written in the language: what they state becomes an inventory, and what they expect is compared with the
//! verdicts over it.
//!
//! What a test does not state is absent and captured: every collection is complete but those it calls `uncaptured`.

mod attributes;
mod build;
mod coverage;
mod expect;
mod grants;
mod roles;
mod scopes;
mod world;

pub use attributes::seconds;
pub use build::{Stated, build};
pub use coverage::{Cases, cases};
pub use expect::{judge, words};
