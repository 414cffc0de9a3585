//! Role assignments, and what PIM says of them.

use super::super::loader::Loader;
use super::super::record::{Key, Record};
use super::super::value::{Wrong, clip};
use crate::azure::Guid;
use crate::diagnostic::code;
use crate::inventory::schema::Attr;
use crate::inventory::{
    AssignmentId, AssignmentRow, Cell, Hint, Origin, ROLE_ASSIGNMENT_SEGMENT, RoleKind, State, Stated,
    id_follows,
};
use std::borrow::Cow;

/// The parts that all three kinds of record share.
fn row<'a>(
    loader: &mut Loader<'_>,
    record: &Record<'a>,
    state: State,
    keep: impl FnOnce(&mut Loader<'_>, &AssignmentRow<'_>) -> AssignmentId,
) -> Result<AssignmentId, Wrong> {
    let principal = record.need(Key::PrincipalId)?;
    let (guid, spelling) = principal.guid()?;
    let role_raw = record.need(Key::RoleDefinitionId)?;
    let role_id = role_raw.string()?;
    let Some(role_guid) = last_guid(&role_id).or_else(|| Guid::last_segment(&role_id)) else {
        return Err(
            role_raw.wrong(format!("`roleDefinitionId` is `{role_id}`, which does not end in a GUID"))
        );
    };
    let id = record.outer_text(Key::Id)?.unwrap_or_default();
    let name = match record.outer_text(Key::Name)? {
        Some(name) => name,
        None => match id.rsplit_once('/') {
            Some((_, last)) if !last.is_empty() => Cow::Owned(last.to_owned()),
            _ => return Err(record.lacks(&[Key::Name, Key::Id])),
        },
    };
    let scope = match record.text(Key::Scope)? {
        Some(scope) => scope,
        None => scope_of(&id).ok_or_else(|| record.lacks(&[Key::Scope]))?,
    };
    let follows = id_follows(&id, &scope, &name);
    if !follows {
        agree(record, &id, &scope)?;
    }
    let hint = match record.pick(Key::PrincipalType)? {
        None => Stated::Unsaid,
        Some(raw) => match raw.filled()? {
            None => Stated::Absent,
            Some(text) => Stated::Value(Hint::of(&text)),
        },
    };
    let condition = match record.pick(Key::Condition)? {
        None => Stated::Unsaid,
        Some(raw) => raw.optional()?.map_or(Stated::Absent, Stated::Value),
    };
    let role = loader.draft.role(RoleKind::Azure, role_guid, &role_id);
    if let Some(name) = record.outer_text(Key::RoleDefinitionName)? {
        loader.draft.role_name(role, &name);
    }
    let assignee = loader.draft.principal(guid, &spelling);
    if let Some(hint) = hint.value() {
        loader.draft.hint(assignee, hint);
        if hint == Hint::ForeignGroup {
            loader.draft.external(assignee);
        }
    }
    if let Some(name) = record.outer_text(Key::PrincipalName)? {
        loader.name_hint(assignee, &name);
    }
    let condition = match &condition {
        Stated::Value(text) if text.is_empty() => Stated::Absent,
        Stated::Value(text) => Stated::Value(&**text),
        Stated::Absent => Stated::Absent,
        Stated::Unsaid => Stated::Unsaid,
    };
    let row = AssignmentRow {
        kind: RoleKind::Azure,
        state,
        id: if follows { "" } else { &id },
        name: &name,
        role,
        scope: &scope,
        assignee,
        hint,
        condition,
    };
    Ok(keep(loader, &row))
}

/// The GUID that the text ends in, after a slash.
fn last_guid(text: &str) -> Option<Guid> {
    let (rest, last) = text.as_bytes().split_at_checked(text.len().checked_sub(36)?)?;
    (rest.last() == Some(&b'/')).then(|| Guid::parse_bytes(last)).flatten()
}

/// The scope of an assignment is its id without the last `/providers/...` (azure-facts 1).
fn scope_of(id: &str) -> Option<Cow<'static, str>> {
    let lower = id.to_ascii_lowercase();
    let at = lower.rfind("/providers/microsoft.authorization/role")?;
    Some(Cow::Owned(if at == 0 { "/".to_owned() } else { id[..at].to_owned() }))
}

/// The id of an assignment begins with its scope; a record in which they differ says two things.
fn agree(record: &Record<'_>, id: &str, scope: &str) -> Result<(), Wrong> {
    let scope = scope.trim_end_matches('/');
    let rest = id.get(scope.len()..).unwrap_or_default();
    let begins = id.get(..scope.len()).is_some_and(|start| start.eq_ignore_ascii_case(scope));
    let ends = rest.get(..ROLE_ASSIGNMENT_SEGMENT.len());
    if begins && ends.is_some_and(|ends| ends.eq_ignore_ascii_case(ROLE_ASSIGNMENT_SEGMENT)) {
        return Ok(());
    }
    let Some(at) = id.to_ascii_lowercase().rfind(&ROLE_ASSIGNMENT_SEGMENT.to_ascii_lowercase()) else {
        return Ok(());
    };
    let Some(raw) = record.get(Key::Scope) else { return Ok(()) };
    let message = format!("`scope` is `{}`, the `id` says that it is `{}`", clip(scope), clip(&id[..at]));
    Err(Wrong { code: code::D508, ..raw.wrong(message) })
}

fn time(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    row: AssignmentId,
    key: Key,
    attr: Attr,
    origin: Origin,
) -> Result<(), Wrong> {
    if loader.draft.wants(attr)
        && let Some(raw) = record.pick(key)?
    {
        let cell = raw.time()?.map_or(Cell::Absent, Cell::Time);
        loader.draft.set(row, attr, cell, origin);
    }
    Ok(())
}

pub(super) fn assignment(loader: &mut Loader<'_>, record: &Record<'_>, origin: Origin) -> Result<(), Wrong> {
    let row = row(loader, record, State::Active, |loader, row| loader.draft.assignment(row, origin))?;
    time(loader, record, row, Key::CreatedOn, Attr::AssignmentCreated, origin)?;
    time(loader, record, row, Key::UpdatedOn, Attr::AssignmentUpdated, origin)?;
    for (key, attr) in
        [(Key::CreatedBy, Attr::AssignmentCreatedBy), (Key::Description, Attr::AssignmentDescription)]
    {
        if loader.draft.wants(attr)
            && let Some(raw) = record.pick(key)?
        {
            loader.set_text(row, attr, raw.filled()?, origin);
        }
    }
    if record.text(Key::DelegatedManagedIdentityResourceId)?.is_some() {
        let assignee = loader.draft.inventory().assignments.assignee(row);
        loader.draft.external(assignee);
    }
    Ok(())
}

pub(super) fn active_instance(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    origin: Origin,
) -> Result<(), Wrong> {
    let activated = match record.pick(Key::AssignmentType)? {
        None => Stated::Unsaid,
        Some(raw) => {
            raw.filled()?.map_or(Stated::Absent, |t| Stated::Value(t.eq_ignore_ascii_case("Activated")))
        }
    };
    let row = row(loader, record, State::Active, |loader, row| {
        loader.draft.active_instance(row, activated, origin)
    })?;
    time(loader, record, row, Key::StartDateTime, Attr::AssignmentStart, origin)?;
    time(loader, record, row, Key::EndDateTime, Attr::AssignmentEnd, origin)?;
    expanded(loader, record, row)
}

pub(super) fn eligible_instance(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    origin: Origin,
) -> Result<(), Wrong> {
    let row = row(loader, record, State::Eligible, |loader, row| loader.draft.assignment(row, origin))?;
    time(loader, record, row, Key::CreatedOn, Attr::AssignmentCreated, origin)?;
    time(loader, record, row, Key::StartDateTime, Attr::AssignmentStart, origin)?;
    time(loader, record, row, Key::EndDateTime, Attr::AssignmentEnd, origin)?;
    expanded(loader, record, row)
}

/// `expandedProperties` of an instance names its role and principal.
fn expanded(loader: &mut Loader<'_>, record: &Record<'_>, row: AssignmentId) -> Result<(), Wrong> {
    let Some(raw) = record.pick(Key::ExpandedProperties)? else { return Ok(()) };
    let display = |part: &str| -> Result<Option<String>, Wrong> {
        let Some(inside) = raw.field(part)?.filter(|r| r.is_object()) else { return Ok(None) };
        Ok(inside.field("displayName")?.map_or(Ok(None), |r| r.filled())?.map(Cow::into_owned))
    };
    if let Some(name) = display("roleDefinition")? {
        let role = loader.draft.inventory().assignments.role(row);
        loader.draft.role_name(role, &name);
    }
    if let Some(name) = display("principal")? {
        let assignee = loader.draft.inventory().assignments.assignee(row);
        loader.name_hint(assignee, &name);
    }
    Ok(())
}
