//! Limits of Azure and Microsoft Entra: `data/limits.txt`, each with its source and date. They move; what a program
//! elsewhere hard-codes as 4,000 role assignments per subscription is 5,000 today.

use std::sync::LazyLock;

use super::table::{self, Source};

/// A limit.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// `role-assignments-per-subscription`
    pub name: &'static str,
    /// The highest number allowed, in the unit that `of` names.
    pub number: u64,
    /// What is counted, where, and what does not count.
    pub of: &'static str,
    /// Who says so.
    pub source: Source,
}

static LIMITS: LazyLock<Vec<Limit>> = LazyLock::new(|| {
    let rows = table::rows(include_str!("data/limits.txt"));
    let limit = |[name, number, of, grade, source, date]: [&'static str; 6]| {
        let source = table::source([grade, source, date]);
        Some(Limit { name, number: number.parse().ok()?, of, source })
    };
    rows.filter_map(limit).collect()
});

/// All limits, in the order of the file.
pub fn all() -> &'static [Limit] {
    &LIMITS
}

/// The limit of that name.
pub fn by_name(name: &str) -> Option<Limit> {
    LIMITS.iter().find(|limit| limit.name == name).copied()
}
