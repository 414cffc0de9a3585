//! One command a file.

pub(super) mod check;
pub(super) mod completions;
pub(super) mod cut;
pub(super) mod explain;
pub(super) mod find;
pub(super) mod fmt;
pub(super) mod init;
pub(super) mod inventory;
pub(super) mod lint;
pub(super) mod lock;
pub(super) mod man;
pub(super) mod paths;
pub(super) mod policies;
pub(super) mod reach;
pub(super) mod test;
pub(super) mod who_can;
