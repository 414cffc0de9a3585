//! One integration binary.

mod azure;
mod check;
mod cli;
mod diagnostics;
mod docs;
mod facts;
mod ingest;
mod layers;
mod lint;
mod oracle;
mod policies;
mod report;
mod syntax;
mod verdicts;
