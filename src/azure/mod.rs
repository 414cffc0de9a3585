//! What Azure is, as data and pure functions: ids, scopes, action patterns, conditions, built-in roles, capability sets,
//! limits.
//!
//! Every fact here carries its source. Nothing on this floor knows of a policy or of a captured inventory.

pub mod action;
pub mod capabilities;
pub mod code_execution;
pub mod condition;
pub mod controls;
mod entra_roles;
mod guid;
pub mod limits;
mod operations;
pub mod permission;
pub mod roles;
pub mod runs_code;
pub mod scope;
mod table;

pub use entra_roles::{EntraRole, app_roles, directory_roles};
pub use guid::{Guid, NotAGuid};
pub use permission::{Block, Plane};
pub use table::{Grade, Source};
