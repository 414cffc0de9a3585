//! Policy assignments.

use super::super::loader::Loader;
use super::super::record::{Key, Record};
use super::super::value::Wrong;
use super::identities;
use crate::azure::scope;
use crate::inventory::schema::{Attr, Table};
use crate::inventory::{Entity, Origin, PolicyDefinition, Stated};

pub(super) fn policy_assignment(
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
    let row = loader.draft.row(Table::PolicyAssignment, &id, None, Some(node), origin);
    let entity = Entity::new(Table::PolicyAssignment, row);
    let name = match record.text(Key::DisplayName)? {
        Some(name) => Some(name),
        None => record.outer_text(Key::Name)?,
    };
    loader.set_text(entity, Attr::PolicyName, name, origin);
    let effect = match record.pick(Key::Parameters)?.filter(|raw| raw.is_object()) {
        Some(parameters) => match parameters.field("effect")?.filter(|raw| raw.is_object()) {
            Some(effect) => {
                effect.field("value")?.filter(|raw| raw.is_string()).map_or(Ok(None), |raw| raw.filled())?
            }
            None => None,
        },
        None => None,
    };
    let mode = record.text(Key::EnforcementMode)?;
    let off = mode.is_some_and(|mode| mode.eq_ignore_ascii_case("DoNotEnforce"));
    let effect = if off { Some("DoNotEnforce".into()) } else { effect };
    loader.set_text(entity, Attr::PolicyEffect, effect, origin);
    if let Some(id) = record.text(Key::PolicyDefinitionId)?
        && let Some(above) = scope::parent(&id).filter(|above| *above != "/")
    {
        let is_set = id.to_ascii_lowercase().contains("/policysetdefinitions/");
        let scope = loader.draft.scope(above);
        loader.draft.policy_definition(row, PolicyDefinition { scope, is_set });
    }
    let block = match record.outer(Key::Identity) {
        Some(raw) => identities::block(loader, &raw, origin)?,
        None => None,
    };
    match block {
        Some(block) => loader.draft.policy_identity(row, block.system, block.users, block.open),
        None => loader.draft.policy_identity(row, Stated::Absent, vec![], false),
    }
    Ok(())
}
