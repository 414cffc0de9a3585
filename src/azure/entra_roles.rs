//! What Microsoft Entra and Microsoft Graph call roles that a capture may know by id alone, or by name alone.

use std::sync::LazyLock;

use super::Guid;
use super::table;

/// A role whose id is the same in every tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntraRole {
    /// A directory role's template id, or an app role's id.
    pub guid: Guid,
    /// A directory role's name, or an app role's value: `RoleManagement.ReadWrite.Directory`.
    pub name: &'static str,
}

fn read(text: &'static str) -> Vec<EntraRole> {
    let role = |[guid, name]: [&'static str; 2]| Some(EntraRole { guid: Guid::parse(guid)?, name });
    table::rows(text).filter_map(role).collect()
}

fn named(roles: &[EntraRole], name: &str) -> Option<EntraRole> {
    let name = name.trim();
    roles.iter().find(|role| role.name.eq_ignore_ascii_case(name)).copied()
}

fn identified(roles: &[EntraRole], guid: Guid) -> Option<EntraRole> {
    roles.iter().find(|role| role.guid == guid).copied()
}

/// The built-in roles of Microsoft Entra: `data/directory-roles.txt`.
pub mod directory_roles {
    use super::{EntraRole, Guid, LazyLock, identified, named, read};

    static ROLES: LazyLock<Vec<EntraRole>> = LazyLock::new(|| read(include_str!("data/directory-roles.txt")));

    /// All of them, by name.
    pub fn all() -> &'static [EntraRole] {
        &ROLES
    }

    /// The role of that name, in any letter case.
    pub fn by_name(name: &str) -> Option<EntraRole> {
        named(&ROLES, name)
    }

    /// The role of that template id.
    pub fn by_template(guid: Guid) -> Option<EntraRole> {
        identified(&ROLES, guid)
    }
}

/// Application permissions of Microsoft Graph that let their holder take over the directory: `data/app-roles.txt`.
pub mod app_roles {
    use super::{EntraRole, Guid, LazyLock, identified, named, read};

    /// The application id of Microsoft Graph, whose app roles these are.
    pub const GRAPH: Guid = Guid(0x0000_0003_0000_0000_c000_0000_0000_0000);

    static ROLES: LazyLock<Vec<EntraRole>> = LazyLock::new(|| read(include_str!("data/app-roles.txt")));

    /// All of them, by value.
    pub fn all() -> &'static [EntraRole] {
        &ROLES
    }

    /// The app role of that value, in any letter case.
    pub fn by_name(value: &str) -> Option<EntraRole> {
        named(&ROLES, value)
    }

    /// The app role of that id.
    pub fn by_id(guid: Guid) -> Option<EntraRole> {
        identified(&ROLES, guid)
    }
}
