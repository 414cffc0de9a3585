//! Role assignments, and what PIM says of them.

use super::super::ahead::{Beside, Piece, Texts};
use super::super::loader::Loader;
use super::super::record::{Key, Record};
use super::super::value::{Wrong, clip};
use crate::azure::Guid;
use crate::diagnostic::code;
use crate::inventory::schema::Attr;
use crate::inventory::{
    AssignmentId, AssignmentName as Name, AssignmentRow, Cell, Collection, Draft, Hint, Origin,
    ROLE_ASSIGNMENT_SEGMENT, RoleKind, State, Stated, id_follows,
};
use std::borrow::Cow;

/// What the record of an assignment says, as far as it can be told from the record alone.
pub(in super::super) struct Assigned {
    principal: Guid,
    spelling: Piece,
    role: Guid,
    role_id: Piece,
    role_name: Option<Piece>,
    /// Empty where it follows from scope and name.
    id: Piece,
    /// As a GUID where it is one in lower case.
    name: Option<Guid>,
    name_text: Piece,
    scope: Piece,
    hint: Stated<Hint>,
    condition: Stated<Piece>,
    principal_name: Option<Piece>,
    /// It is made to an identity of another tenant.
    external: bool,
}

/// The parts that all three kinds of record share.
fn decode(record: &Record<'_>, beside: &mut Beside) -> Result<Assigned, Wrong> {
    let (principal, spelling) = record.need(Key::PrincipalId)?.guid()?;
    let role_raw = record.need(Key::RoleDefinitionId)?;
    let role_id = role_raw.string()?;
    let Some(role) = last_guid(&role_id).or_else(|| Guid::last_segment(&role_id)) else {
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
        Some(raw) => raw.filled()?.map_or(Stated::Absent, Stated::Value),
    };
    let role_name = record.outer_text(Key::RoleDefinitionName)?;
    // An application id is no name.
    let principal_name = record.outer_text(Key::PrincipalName)?.filter(|name| Guid::parse(name).is_none());
    let mut piece = |text: &str| beside.piece(text, record.text);
    Ok(Assigned {
        principal,
        spelling: piece(&spelling),
        role,
        role_id: piece(&role_id),
        role_name: role_name.as_deref().map(&mut piece),
        id: if follows { Piece::default() } else { piece(&id) },
        name: Name::of(&name).guid(),
        name_text: piece(&name),
        scope: piece(&scope),
        hint,
        condition: match &condition {
            Stated::Value(text) => Stated::Value(piece(text)),
            Stated::Absent => Stated::Absent,
            Stated::Unsaid => Stated::Unsaid,
        },
        principal_name: principal_name.as_deref().map(&mut piece),
        external: false,
    })
}

/// Reads an element of `roleAssignments` without stating it, whatever was read before.
pub(super) fn read_assignment(record: &Record<'_>, beside: &mut Beside) -> Result<Assigned, Wrong> {
    let external = record.text(Key::DelegatedManagedIdentityResourceId)?.is_some();
    Ok(Assigned { external, ..decode(record, beside)? })
}

/// States what was read.
fn state(
    loader: &mut Loader<'_>,
    assigned: &Assigned,
    texts: Texts<'_>,
    state: State,
    keep: impl FnOnce(&mut Loader<'_>, &AssignmentRow<'_>) -> AssignmentId,
) -> AssignmentId {
    let role = loader.draft.role(RoleKind::Azure, assigned.role, texts.get(assigned.role_id));
    if let Some(name) = assigned.role_name {
        loader.draft.role_name(role, texts.get(name));
    }
    let assignee = loader.draft.principal(assigned.principal, texts.get(assigned.spelling));
    if let Some(hint) = assigned.hint.value() {
        loader.draft.hint(assignee, hint);
        if hint == Hint::ForeignGroup {
            loader.draft.external(assignee);
        }
    }
    if let Some(name) = assigned.principal_name {
        loader.name_hint(assignee, texts.get(name));
    }
    let row = AssignmentRow {
        kind: RoleKind::Azure,
        state,
        id: texts.get(assigned.id),
        name: assigned.name.map_or_else(|| Name::Text(texts.get(assigned.name_text)), Name::Guid),
        role,
        scope: texts.get(assigned.scope),
        assignee,
        hint: assigned.hint,
        condition: match assigned.condition {
            Stated::Value(text) => Stated::Value(texts.get(text)),
            Stated::Absent => Stated::Absent,
            Stated::Unsaid => Stated::Unsaid,
        },
    };
    keep(loader, &row)
}

/// Reads the record of an assignment and states it.
fn row(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    of: State,
    keep: impl FnOnce(&mut Loader<'_>, &AssignmentRow<'_>) -> AssignmentId,
) -> Result<AssignmentId, Wrong> {
    let mut beside = Beside::default();
    let assigned = decode(record, &mut beside)?;
    Ok(state(loader, &assigned, Texts { window: record.text, beside: &beside }, of, keep))
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
    super::alone(Collection::RoleAssignments, loader, record, origin)
}

/// States an assignment that was read.
pub(super) fn state_assignment(
    loader: &mut Loader<'_>,
    assigned: &Assigned,
    texts: Texts<'_>,
    origin: Origin,
) -> AssignmentId {
    let row =
        state(loader, assigned, texts, State::Active, |loader, row| loader.draft.assignment(row, origin));
    if assigned.external {
        let assignee = loader.draft.inventory().assignments.assignee(row);
        loader.draft.external(assignee);
    }
    row
}

/// Attributes of an assignment that no other attribute is read from.
const PLAIN: [Attr; 4] = [
    Attr::AssignmentCreated,
    Attr::AssignmentUpdated,
    Attr::AssignmentCreatedBy,
    Attr::AssignmentDescription,
];

/// Whether [`read_rest`] has anything to read.
pub(super) fn has_rest(draft: &Draft) -> bool {
    PLAIN.iter().any(|&attr| draft.wants(attr))
}

/// Reads the plain attributes of an assignment.
pub(super) fn read_rest(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    row: AssignmentId,
    origin: Origin,
) -> Result<(), Wrong> {
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
