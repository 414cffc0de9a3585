//! One integration binary.
mod azure;
mod cli;
mod policies;
