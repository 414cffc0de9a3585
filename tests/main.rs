//! One integration binary.

mod layers;
mod azure;
mod check;
mod cli;
mod policies;
mod diagnostics;
mod syntax;
mod ingest;
