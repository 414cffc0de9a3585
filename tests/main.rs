//! One integration binary.

mod layers;
mod lint;
mod azure;
mod check;
mod cli;
mod policies;
mod report;
mod diagnostics;
mod docs;
mod syntax;
mod ingest;
mod facts;
mod verdicts;
mod oracle;
