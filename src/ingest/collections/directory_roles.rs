//! Microsoft Entra role assignments and app role assignments.

use super::super::loader::Loader;
use super::super::record::{Key, Record};
use super::super::value::Wrong;
use crate::inventory::{AssignmentName, AssignmentRow, Hint, Origin, RoleKind, State, Stated};

pub(super) fn directory_role_assignment(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    origin: Origin,
) -> Result<(), Wrong> {
    let (guid, spelling) = record.need(Key::PrincipalId)?.guid()?;
    let (role_guid, role_id) = record.need(Key::RoleDefinitionId)?.guid()?;
    let id = record.outer_text(Key::Id)?.ok_or_else(|| record.lacks(&[Key::Id]))?;
    let scope = record.outer_text(Key::DirectoryScopeId)?.unwrap_or_else(|| "/".into());
    let role = loader.draft.role(RoleKind::Directory, role_guid, &role_id);
    if let Some(raw) = record.outer(Key::RoleDefinition).filter(|raw| raw.is_object())
        && let Some(name) = raw.field("displayName")?.map_or(Ok(None), |raw| raw.filled())?
    {
        loader.draft.role_name(role, &name);
    }
    let assignee = loader.draft.principal(guid, &spelling);
    loader.draft.assignment(
        &AssignmentRow {
            kind: RoleKind::Directory,
            state: State::Active,
            id: &id,
            name: AssignmentName::of(&id),
            role,
            scope: &scope,
            assignee,
            hint: Stated::Unsaid,
            condition: Stated::Absent,
        },
        origin,
    );
    Ok(())
}

pub(super) fn app_role_assignment(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    origin: Origin,
) -> Result<(), Wrong> {
    let (guid, spelling) = record.need(Key::PrincipalId)?.guid()?;
    let (role_guid, role_id) = record.need(Key::AppRoleId)?.guid()?;
    let (resource, _) = record.need(Key::ResourceId)?.guid()?;
    let id = match record.outer_text(Key::Id)?.or(record.outer_text(Key::ObjectId)?) {
        Some(id) => id.into_owned(),
        None => format!("{spelling}/{resource}/{role_id}"),
    };
    let role = loader.draft.role(RoleKind::App, role_guid, &role_id);
    loader.draft.role_resource(role, resource);
    let assignee = loader.draft.principal(guid, &spelling);
    let hint = match record.outer_text(Key::PrincipalType)? {
        Some(text) => Stated::Value(Hint::of(&text)),
        None => Stated::Unsaid,
    };
    if let Some(hint) = hint.value() {
        loader.draft.hint(assignee, hint);
    }
    if let Some(name) = record.outer_text(Key::PrincipalDisplayName)? {
        loader.name_hint(assignee, &name);
    }
    loader.draft.assignment(
        &AssignmentRow {
            kind: RoleKind::App,
            state: State::Active,
            id: &id,
            name: AssignmentName::of(&id),
            role,
            scope: "/",
            assignee,
            hint,
            condition: Stated::Absent,
        },
        origin,
    );
    Ok(())
}
