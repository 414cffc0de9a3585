//! Who holds what through whom: the closure of groups.

mod groups;

pub use groups::{Closure, Member};
