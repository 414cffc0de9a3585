//! What the checker asks of Azure's shipped tables.

use crate::azure::{Guid, action, app_roles, capabilities, directory_roles, roles};
use crate::inventory::RoleKind;

/// The actions and data actions of a capability set.
pub(super) fn capability(name: &str) -> Option<(Vec<&'static str>, Vec<&'static str>)> {
    let _ = name;
    None
}
