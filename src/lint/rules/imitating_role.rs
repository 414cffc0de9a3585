//! A custom role that looks like a built-in one.

use crate::azure::roles::{self, BuiltInRole};
use crate::diagnostic::{Diagnostic, Place, code};
use crate::inventory::{RoleId, RoleKind, RoleType};
use crate::lint::Context;
use rustc_hash::FxHashMap;

pub(in crate::lint) fn run(context: &Context<'_>) -> Vec<Diagnostic> {
    let Some(inventory) = context.inventory else { return vec![] };
    let known = &inventory.roles;
    let is_custom =
        |&role: &RoleId| known.kind(role) == RoleKind::Azure && known.role_type(role) == RoleType::Custom;
    let custom: Vec<RoleId> = known.iter().filter(is_custom).collect();
    if custom.is_empty() {
        return vec![];
    }
    let built_in: FxHashMap<String, BuiltInRole> =
        roles::iter().map(|role| (looks(role.name()), role)).collect();
    let mut found = vec![];
    for role in custom {
        let Some(name) = known.name(role).map(|name| inventory.names.get(name)) else { continue };
        let Some(built_in) = built_in.get(&looks(name)) else { continue };
        let mut diagnostic = Diagnostic::warning(
            code::D409,
            format!("the custom role \"{}\" looks like the built-in role {}", name.trim(), built_in.name()),
        )
        .note(format!("its id is {}; that of the built-in role is {}", known.guid(role), built_in.guid()))
        .help("give it a name of its own; rules that name the built-in role do not match it");
        if let Some(origin) = known.origin(role) {
            diagnostic = diagnostic.in_file(Place {
                file: inventory.origins.file_of(origin).to_owned(),
                pointer: inventory.origins.pointer(origin),
                line: u64::from(origin.line),
            });
        }
        found.push(diagnostic);
    }
    found
}

/// The name as a hurried reader sees it: no letter case, no spaces or marks, look-alikes as one letter.
fn looks(name: &str) -> String {
    let plain = name.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric());
    plain
        .map(|c| match c {
            '0' | 'о' | 'ο' => 'o',
            '1' | 'і' | 'ι' | 'l' | 'i' => 'l',
            'а' | 'α' => 'a',
            'е' | 'ε' => 'e',
            'с' => 'c',
            'р' | 'ρ' => 'p',
            'т' | 'τ' => 't',
            'ѕ' | '5' => 's',
            'у' => 'y',
            'х' => 'x',
            'к' | 'κ' => 'k',
            'м' => 'm',
            'н' => 'h',
            'в' => 'b',
            c => c,
        })
        .collect()
}
