//! Who holds what through whom: the closure of groups, and what of a network can be reached.

mod groups;
mod network;
mod reach;

pub use groups::{Closure, Member};
pub use network::{Components, Network};
pub use reach::Reach;
