//! Deny assignments.

use super::super::loader::Loader;
use super::super::record::{Key, Record};
use super::super::value::Wrong;
use super::definitions;
use crate::azure::{Guid, scope};
use crate::inventory::schema::{Attr, Table};
use crate::inventory::{Cell, Entity, Hint, Origin, Symbol};

pub(super) fn deny_assignment(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    origin: Origin,
) -> Result<(), Wrong> {
    let id = record.outer_text(Key::Id)?.ok_or_else(|| record.lacks(&[Key::Id]))?;
    let at = match record.text(Key::Scope)? {
        Some(text) => text.into_owned(),
        None => scope::parent(&id).unwrap_or("/").to_owned(),
    };
    let node = loader.draft.scope(&at);
    let row = loader.draft.row(Table::DenyAssignment, &id, None, Some(node), origin);
    let entity = Entity::new(Table::DenyAssignment, row);
    if let Some(name) = record.text(Key::DenyAssignmentName)? {
        loader.set_text(entity, Attr::DenyName, Some(name), origin);
    }
    let mut lists: [Vec<Symbol>; 4] = Default::default();
    let mut blocks = vec![];
    for raw in record.need(Key::Permissions)?.items()? {
        let block = definitions::block(loader, &raw)?;
        blocks.push(block.clone());
        for (list, more) in lists.iter_mut().zip([
            block.actions,
            block.not_actions,
            block.data_actions,
            block.not_data_actions,
        ]) {
            list.extend(more);
        }
    }
    loader.draft.deny_blocks(row, blocks);
    let attrs = [Attr::DenyActions, Attr::DenyNotActions, Attr::DenyDataActions, Attr::DenyNotDataActions];
    for (attr, list) in attrs.into_iter().zip(lists) {
        set_list(loader, entity, attr, list, origin);
    }
    for (key, attr) in
        [(Key::Principals, Attr::DenyPrincipals), (Key::ExcludePrincipals, Attr::DenyExcludePrincipals)]
    {
        let Some(raw) = record.pick(key)? else { continue };
        let mut ids = vec![];
        for item in raw.items()? {
            let (mut found, mut hint) = (None, Hint::None);
            for field in item.fields()? {
                match field.name.to_ascii_lowercase().as_str() {
                    "id" => found = Some(field.value.guid()?),
                    "type" => hint = field.value.filled()?.map_or(Hint::None, |text| Hint::of(&text)),
                    _ => {}
                }
            }
            let Some((guid, spelling)) = found else {
                return Err(item.wrong(format!("`{}` holds an object without `id`", key.name())));
            };
            // The zero GUID is everyone, and no principal.
            if guid != Guid::ZERO {
                let principal = loader.draft.principal(guid, &spelling);
                loader.draft.hint(principal, hint);
            }
            ids.push(loader.draft.intern(&guid.to_string()));
        }
        set_list(loader, entity, attr, ids, origin);
    }
    // Older versions of the API have no effect: they list only those that are enforced.
    let effect = record
        .text(Key::DenyAssignmentEffect)?
        .map_or("enforced", |text| if text.eq_ignore_ascii_case("audit") { "audit" } else { "enforced" });
    loader.set_text(entity, Attr::DenyEffect, Some(effect.into()), origin);
    let stops =
        record.pick(Key::DoNotApplyToChildScopes)?.map_or(Ok(None), |raw| raw.bool())?.unwrap_or(false);
    loader.draft.set(entity, Attr::DenyAppliesToChildren, Cell::Bool(!stops), origin);
    Ok(())
}

fn set_list(loader: &mut Loader<'_>, entity: Entity, attr: Attr, list: Vec<Symbol>, origin: Origin) {
    if loader.draft.wants(attr) {
        let cell = loader.draft.inventory().cells.list(list);
        loader.draft.set(entity, attr, cell, origin);
    }
}
