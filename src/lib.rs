//! Dictum: policy as code for cloud identities.

pub mod azure;
pub mod check;
pub mod cli;
pub mod diagnostic;
pub mod eval;
pub mod graph;
pub mod ingest;
pub mod inventory;
pub mod syntax;
pub mod text;
pub mod verdict;
