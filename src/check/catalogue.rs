//! What the checker asks of Azure's shipped tables.

use crate::azure::{Guid, Plane, action, capabilities, roles};
use crate::inventory::RoleKind;
use std::sync::LazyLock;

/// The role of that name, where Azure has one of its own.
pub(super) fn role(kind: RoleKind, name: &str) -> Option<Guid> {
    match kind {
        RoleKind::Azure => roles::by_name(name).map(|role| role.guid()),
        RoleKind::Directory | RoleKind::App => None,
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

/// The operations that built-in roles name in full, by plane, each once.
struct Operations {
    control: Vec<&'static str>,
    data: Vec<&'static str>,
}

static OPERATIONS: LazyLock<Operations> = LazyLock::new(|| {
    let (mut control, mut data) = (vec![], vec![]);
    for role in roles::iter() {
        for block in role.blocks() {
            for (plane, list) in [(Plane::Control, &mut control), (Plane::Data, &mut data)] {
                let (granted, excepted) = block.patterns(plane);
                list.extend(granted.iter().chain(excepted).copied().filter(|pattern| action::is_operation(pattern)));
            }
        }
    }
    for list in [&mut control, &mut data] {
        list.sort_unstable();
        list.dedup();
    }
    Operations { control, data }
});

/// Whether the pattern matches data actions that built-in roles name, and no action of the control plane that they name.
pub(super) fn is_only_data(pattern: &str) -> bool {
    let matched = |list: &[&str]| list.iter().any(|operation| action::matches(pattern, operation));
    matched(&OPERATIONS.data) && !matched(&OPERATIONS.control)
}
