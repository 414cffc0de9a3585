//! Resource types that run code of their users': those of the code-execution table, and the types that carry the
//! identity in their stead.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::code_execution::{self, Effect};

/// In lower case.
static TYPES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let rows = code_execution::rows().iter().filter(|row| row.effect != Effect::MayRun);
    let types = rows.flat_map(|row| {
        [row.resource_type].into_iter().chain(row.carriers.iter().map(|carrier| carrier.resource_type))
    });
    types.map(str::to_ascii_lowercase).collect()
});

/// Whether code of a user's runs on resources of that type, in any letter case.
pub fn runs_code(resource_type: &str) -> bool {
    TYPES.contains(&resource_type.to_ascii_lowercase())
}
