//! The command line: the only floor that touches files, the environment, colour and exit codes.

pub mod capture;
