//! The `dictum` command.

fn main() {}
