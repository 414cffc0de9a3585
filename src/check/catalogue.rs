//! What the checker asks of Azure's shipped tables.

use crate::azure::{Guid, Plane, capabilities, directory_roles, roles};
use crate::inventory::RoleKind;

/// The role of that name, where Azure has one of its own. An app role's value is no more than a name: several APIs define
/// one of the same value.
pub(super) fn role(kind: RoleKind, name: &str) -> Option<Guid> {
    match kind {
        RoleKind::Azure => roles::by_name(name).map(|role| role.guid()),
        RoleKind::Directory => directory_roles::by_name(name).map(|role| role.guid),
        RoleKind::App => None,
    }
}

/// The actions and data actions of a capability set.
pub(super) fn capability(name: &str) -> Option<(&'static [&'static str], &'static [&'static str])> {
    let set = capabilities::by_name(name)?;
    Some((set.patterns(Plane::Control), set.patterns(Plane::Data)))
}

/// The names of all capability sets.
pub(super) fn capability_names() -> impl Iterator<Item = &'static str> {
    capabilities::all().iter().map(|set| set.name)
}

/// Whether the pattern matches data actions that built-in roles name, and no action of the control plane that they name.
pub(super) fn is_only_data(pattern: &str) -> bool {
    let (control, data) = roles::known_planes(pattern);
    data && !control
}
