//! What Azure is: ids, scopes, action patterns, roles.

mod action;
mod guid;
mod operations;
mod roles;
mod scope;
