//! One integration binary.
mod azure;
mod cli;
