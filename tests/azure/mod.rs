//! What Azure is: ids, scopes, action patterns, roles.

mod action;
mod capabilities;
mod condition;
mod guid;
mod holders;
mod operations;
mod roles;
mod scope;
mod tables;
