//! One integration binary.

mod layers;
mod azure;
mod cli;
mod policies;
