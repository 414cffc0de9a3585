//! What a user is told, as they see it.

mod codes;
mod layout;
mod policy_text;
