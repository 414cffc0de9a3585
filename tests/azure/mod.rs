//! What Azure is: ids, scopes, action patterns, roles.

mod guid;
mod scope;
