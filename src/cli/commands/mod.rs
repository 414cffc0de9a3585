//! One command a file.

pub(super) mod check;
pub(super) mod completions;
pub(super) mod explain;
pub(super) mod find;
pub(super) mod fmt;
pub(super) mod init;
pub(super) mod inventory;
pub(super) mod lint;
pub(super) mod lock;
pub(super) mod man;
pub(super) mod policies;
pub(super) mod test;
