//! User-assigned managed identities, and the identity blocks of resources.

use super::super::loader::Loader;
use super::super::record::{Key, Record};
use super::super::value::{Raw, Wrong};
use crate::inventory::schema::Attr;
use crate::inventory::{Collection, Origin, PrincipalId, Restriction, ScopeId, Stated};

pub(super) fn identity(loader: &mut Loader<'_>, record: &Record<'_>, origin: Origin) -> Result<(), Wrong> {
    let id = record.outer_text(Key::Id)?.ok_or_else(|| record.lacks(&[Key::Id]))?;
    let principal = match record.pick(Key::PrincipalId)?.filter(|raw| !raw.is_null()) {
        Some(raw) => Some(raw.guid()?),
        None => None,
    };
    let client = record.text(Key::ClientId)?;
    let node = loader.draft.scope(&id);
    let object = principal.as_ref().map(|(guid, spelling)| (*guid, &**spelling));
    loader.draft.user_assigned(node, object, client.as_deref(), true, origin);
    // The resource itself carries none: its type has no `identity` (learn.microsoft.com/azure/templates/
    // microsoft.managedidentity/userassignedidentities).
    loader.draft.no_identity(node, origin);
    restrict(loader, record, node)?;
    loader.tenant_of(record, "a user-assigned identity")?;
    super::scopes::tags(loader, record, node, origin)
}

/// The hosts that the identity is limited to. `{providers: []}` and `None` limit nothing.
fn restrict(loader: &mut Loader<'_>, record: &Record<'_>, node: ScopeId) -> Result<(), Wrong> {
    let mut restriction = Restriction::default();
    if let Some(raw) = record.pick(Key::AssignmentRestrictions)?.filter(|raw| raw.is_object())
        && let Some(providers) = raw.field("providers")?.filter(|raw| !raw.is_null())
    {
        restriction.providers = providers.strings()?.iter().map(|text| loader.draft.intern(text)).collect();
    }
    let regional =
        record.text(Key::IsolationScope)?.is_some_and(|scope| scope.eq_ignore_ascii_case("Regional"));
    if regional && let Some(location) = record.outer_text(Key::Location)? {
        restriction.region = Some(loader.draft.intern(&location));
    }
    if restriction != Restriction::default() {
        loader.draft.restrict(node, restriction);
    }
    Ok(())
}

/// What an identity block says.
pub(super) struct Block {
    pub(super) system: Stated<PrincipalId>,
    pub(super) users: Vec<ScopeId>,
    pub(super) open: bool,
}

/// Reads the `identity` of a resource or policy assignment; `None` where it says that there is none.
///
/// Seen: `"None"` as a literal; `"SystemAssigned, UserAssigned"`; any letter case; a map whose values are `{}`; the older
/// array `identityIds`; UserAssigned without any map, which is one identity or more, unknown which.
pub(super) fn block(loader: &mut Loader<'_>, raw: &Raw<'_>, origin: Origin) -> Result<Option<Block>, Wrong> {
    if raw.is_null() {
        return Ok(None);
    }
    let (mut kind, mut principal, mut map, mut list) = (None, None, None, None);
    for field in raw.fields()? {
        match field.name.to_ascii_lowercase().as_str() {
            "type" => kind = field.value.filled()?,
            "principalid" => {
                principal = match field.value.filled()? {
                    Some(_) => Some(Raw { key: "principalId", ..field.value }.guid()?),
                    None => None,
                }
            }
            "userassignedidentities" => map = Some(field.value).filter(|v| !v.is_null()),
            "identityids" => list = Some(field.value).filter(|v| !v.is_null()),
            _ => {}
        }
    }
    let words = kind.as_deref().unwrap_or_default().to_ascii_lowercase();
    let mut says = [false; 2];
    for word in words.split(',').map(str::trim).filter(|word| !word.is_empty() && *word != "none") {
        match word {
            "systemassigned" => says[0] = true,
            "userassigned" => says[1] = true,
            _ => {
                let expected = "SystemAssigned, UserAssigned, `SystemAssigned, UserAssigned` or None";
                return Err(raw.wrong(format!("`identity.type` is `{words}`; {expected} was expected")));
            }
        }
    }
    let mut users = vec![];
    if let Some(map) = map {
        for field in map.fields()? {
            let node = loader.draft.scope(&field.name);
            users.push(node);
            user(loader, node, &field.value, origin)?;
        }
    }
    if let Some(list) = list {
        for id in list.strings()? {
            users.push(loader.draft.scope(&id));
        }
    }
    if kind.is_none() && principal.is_none() && users.is_empty() {
        return Ok(None);
    }
    let system = match principal {
        Some((guid, spelling)) => Stated::Value(loader.draft.principal(guid, &spelling)),
        None if says[0] => Stated::Unsaid,
        None => Stated::Absent,
    };
    let open = says[1] && users.is_empty();
    Ok((says[0] || says[1] || system != Stated::Absent || !users.is_empty()).then_some(Block {
        system,
        users,
        open,
    }))
}

/// A value of the map `userAssignedIdentities`: the identity's ids, or `{}`.
fn user(loader: &mut Loader<'_>, node: ScopeId, raw: &Raw<'_>, origin: Origin) -> Result<(), Wrong> {
    let (mut principal, mut client) = (None, None);
    for field in raw.fields()? {
        match field.name.to_ascii_lowercase().as_str() {
            "principalid" if !field.value.is_null() => {
                principal = Some(Raw { key: "principalId", ..field.value }.guid()?);
            }
            "clientid" => client = field.value.filled()?,
            _ => {}
        }
    }
    let object = principal.as_ref().map(|(guid, spelling)| (*guid, &**spelling));
    loader.draft.user_assigned(node, object, client.as_deref(), false, origin);
    Ok(())
}

/// Whether the record of a resource that says no identity has none: ARM leaves the key out, or writes null. A record cut
/// down to a few columns says nothing.
pub(super) fn is_whole(record: &Record<'_>) -> bool {
    let has = |key| record.outer(key).is_some();
    has(Key::Identity) || (has(Key::Type) && has(Key::Location))
}

/// States the identity block of a resource. An instance of a scale set repeats the block of the scale set.
pub(super) fn attach(
    loader: &mut Loader<'_>,
    raw: &Raw<'_>,
    node: ScopeId,
    origin: Origin,
) -> Result<(), Wrong> {
    let Some(Block { system, users, open }) = block(loader, raw, origin)? else {
        loader.draft.no_identity(node, origin);
        return Ok(());
    };
    let inventory = loader.draft.inventory();
    let resource_type = inventory.names.get(inventory.scopes.resource_type(node));
    let is_instance =
        resource_type.eq_ignore_ascii_case("Microsoft.Compute/virtualMachineScaleSets/virtualMachines");
    let host = inventory.scopes.parent(node).filter(|_| is_instance).unwrap_or(node);
    loader.draft.identity_block(host, system, users, open, origin);
    Ok(())
}

/// A user-assigned identity in a list of resources: it is there, its object id is not said.
pub(super) fn listed(loader: &mut Loader<'_>, node: ScopeId, origin: Origin) {
    loader.draft.user_assigned(node, None, None, false, origin);
    loader.coverage.mention(Collection::Identities);
}

/// The tags of an identity are those of its resource.
pub(super) const TAGS: Attr = Attr::ScopeTags;
