//! One integration binary.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod azure;
mod check;
mod cli;
mod diagnostics;
mod docs;
mod facts;
mod graph;
mod ingest;
mod layers;
mod lint;
mod oracle;
mod policies;
mod report;
mod syntax;
mod verdicts;
