//! One integration binary.

mod layers;
mod azure;
mod cli;
mod policies;
mod diagnostics;
mod syntax;
