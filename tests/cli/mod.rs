//! The command line, as a user meets it.
mod azure_answers;
mod capture;
mod contoso;
