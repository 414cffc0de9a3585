//! Dictum: policy as code for cloud identities.

pub mod azure;
pub mod bundled;
pub mod check;
pub mod cli;
pub mod diagnostic;
pub mod engine;
pub mod eval;
pub mod graph;
pub mod ingest;
pub mod inventory;
pub mod lint;
pub mod report;
pub mod syntax;
pub mod text;
pub mod trial;
pub mod verdict;
