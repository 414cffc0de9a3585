//! One integration binary.
mod azure;
