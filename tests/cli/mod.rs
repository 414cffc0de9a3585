//! The command line, as a user meets it.
mod azure_answers;
mod capture;
mod check;
mod config;
mod contoso;
mod exits;
mod explore;
mod find;
mod fmt;
mod generated;
mod inventory;
mod lock;
mod mistakes;
mod others;
mod paths;
mod sandbox;
mod test;
