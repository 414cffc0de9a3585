//! Role definitions, in ARM's shape and in az's (`roleType` at the top).

use super::super::loader::Loader;
use super::super::record::{Key, Record};
use super::super::value::{Raw, Wrong};
use crate::azure::Guid;
use crate::inventory::{Block, Origin, RoleKind, RoleType, Symbol};

pub(super) fn definition(loader: &mut Loader<'_>, record: &Record<'_>, origin: Origin) -> Result<(), Wrong> {
    let id = record.outer_text(Key::Id)?;
    let name = record.outer_text(Key::Name)?;
    let text = match (&name, &id) {
        (Some(name), _) if Guid::parse(name).is_some() => name.clone(),
        (_, Some(id)) => id.clone(),
        (Some(name), None) => name.clone(),
        (None, None) => return Err(record.lacks(&[Key::Name, Key::Id])),
    };
    let Some(guid) = Guid::last_segment(&text) else {
        let raw =
            record.outer(Key::Name).or(record.outer(Key::Id)).ok_or_else(|| record.lacks(&[Key::Name]))?;
        return Err(raw
            .wrong(format!("`{}` of a role definition is `{text}`, which does not end in a GUID", raw.key)));
    };
    let role_type = [record.inner(Key::Type), record.get(Key::RoleType), record.outer(Key::Type)]
        .into_iter()
        .flatten()
        .filter_map(|raw| raw.filled().ok().flatten())
        .find_map(|text| match text.to_ascii_lowercase().as_str() {
            "builtinrole" => Some(RoleType::BuiltIn),
            "customrole" => Some(RoleType::Custom),
            _ => None,
        })
        .unwrap_or(RoleType::Unknown);
    let role_name = record.text(Key::RoleName)?;
    let mut blocks = vec![];
    for raw in record.need(Key::Permissions)?.items()? {
        blocks.push(block(loader, &raw)?);
    }
    let assignable = match record.pick(Key::AssignableScopes)? {
        None => None,
        Some(raw) => Some(raw.strings()?.iter().map(|text| loader.draft.scope(text)).collect()),
    };
    let role = loader.draft.role(RoleKind::Azure, guid, id.as_deref().unwrap_or(&text));
    loader.draft.definition(role, role_type, role_name.as_deref(), blocks, assignable, origin);
    Ok(())
}

/// A permission block; of a role definition or a deny assignment.
pub(super) fn block(loader: &mut Loader<'_>, raw: &Raw<'_>) -> Result<Block, Wrong> {
    let mut block = Block::default();
    for field in raw.fields()? {
        let list = match field.name.to_ascii_lowercase().as_str() {
            "actions" => &mut block.actions,
            "notactions" => &mut block.not_actions,
            "dataactions" => &mut block.data_actions,
            "notdataactions" => &mut block.not_data_actions,
            "condition" => {
                block.condition = field.value.filled()?.map(|text| loader.draft.intern(&text));
                continue;
            }
            _ => continue,
        };
        let strings = field.value.strings()?;
        *list = strings.iter().map(|text| loader.draft.intern(text)).collect::<Vec<Symbol>>();
    }
    Ok(block)
}
