//! Dictum: policy as code for cloud identities.

pub mod azure;
pub mod diagnostic;
pub mod syntax;
pub mod text;
