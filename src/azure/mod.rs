//! What Azure is, as data and pure functions: ids, scopes, action patterns, built-in roles, capability sets, limits.
//!
//! Every fact here carries its source. Nothing on this floor knows of a policy or of a captured inventory.

mod guid;
pub mod scope;

pub use guid::{Guid, NotAGuid};
