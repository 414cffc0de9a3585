//! Resources, resource groups, subscriptions and management groups.

use super::super::ahead::{Beside, Piece, Texts};
use super::super::loader::Loader;
use super::super::record::{Key, Record};
use super::super::value::{Raw, Wrong};
use super::identities;
use crate::azure::Guid;
use crate::inventory::schema::Attr;
use crate::inventory::{Cell, Collection, Draft, Origin, ScopeId, ScopePlace};
use std::borrow::Cow;

/// Management groups nest six deep (azure-facts 1); some more are let pass.
const DEEPEST: usize = 32;

/// So many sets of tags are known by their text.
const TAGS_KEPT: usize = 1 << 12;

const MANAGEMENT_GROUP: &str = "/providers/Microsoft.Management/managementGroups/";

/// Tags: their text, and which of the pairs that were read.
struct Tags {
    raw: Piece,
    from: u32,
    to: u32,
}

/// Whether tags are worth reading.
pub(in super::super) fn wants_tags(draft: &Draft) -> bool {
    draft.wants(identities::TAGS)
}

fn read_tags(record: &Record<'_>, beside: &mut Beside) -> Result<Option<Tags>, Wrong> {
    let Some(raw) = record.outer(Key::Tags).filter(|_| beside.tags) else { return Ok(None) };
    let from = beside.pairs.len() as u32;
    for field in raw.fields()? {
        let text = Raw { key: "tags", ..field.value }.optional()?.unwrap_or_default();
        let pair = (beside.piece(&field.name, record.text), beside.piece(&text, record.text));
        beside.pairs.push(pair);
    }
    Ok(Some(Tags { raw: beside.piece(raw.text, record.text), from, to: beside.pairs.len() as u32 }))
}

fn state_tags(loader: &mut Loader<'_>, tags: &Tags, texts: Texts<'_>, node: ScopeId, origin: Origin) {
    let raw = texts.get(tags.raw);
    let cell = match loader.tags.get(raw) {
        Some(&cell) => cell,
        None => {
            let pairs = texts.beside.pairs.get(tags.from as usize..tags.to as usize).unwrap_or_default();
            let mut symbol = |piece| loader.draft.intern(texts.get(piece));
            let entries = pairs.iter().map(|&(name, value)| (symbol(name), symbol(value))).collect();
            let cell = loader.draft.inventory().cells.map(entries);
            if loader.tags.len() < TAGS_KEPT {
                loader.tags.insert(raw.into(), cell);
            }
            cell
        }
    };
    loader.draft.set(node, identities::TAGS, cell, origin);
}

pub(super) fn tags(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    node: ScopeId,
    origin: Origin,
) -> Result<(), Wrong> {
    let mut beside = Beside { tags: wants_tags(&loader.draft), ..Beside::default() };
    if let Some(tags) = read_tags(record, &mut beside)? {
        state_tags(loader, &tags, Texts { window: record.text, beside: &beside }, node, origin);
    }
    Ok(())
}

/// What the record of a resource says, as far as it can be told from the record alone.
pub(in super::super) struct Described {
    id: Piece,
    place: Option<ScopePlace>,
    resource_type: Piece,
    tags: Option<Tags>,
    /// Nothing else is to be read but what the plan asks for: it has no identity and is none.
    plain: bool,
    /// It says, or says nothing else than, that it has no identity.
    without_identity: bool,
}

/// Reads the record of a resource.
pub(super) fn describe(record: &Record<'_>, beside: &mut Beside) -> Result<Described, Wrong> {
    let id = record.outer_text(Key::Id)?.ok_or_else(|| record.lacks(&[Key::Id]))?;
    if !id.starts_with('/') {
        let raw = record.outer(Key::Id).ok_or_else(|| record.lacks(&[Key::Id]))?;
        return Err(raw.wrong(format!("`id` is `{id}`; the id of a resource begins with `/`")));
    }
    let from = beside.texts.len();
    let place = ScopePlace::of(&id, &mut beside.texts);
    let resource_type = beside.since(from);
    let says_identity = record.outer(Key::Identity).is_some_and(|raw| !raw.is_null());
    Ok(Described {
        id: beside.piece(&id, record.text),
        place,
        resource_type,
        tags: read_tags(record, beside)?,
        plain: !says_identity && !is_identity(record)?,
        without_identity: !says_identity && identities::is_whole(record),
    })
}

/// Whether a resource is a user-assigned identity.
fn is_identity(record: &Record<'_>) -> Result<bool, Wrong> {
    let kind = record.outer_text(Key::Type)?;
    Ok(kind.is_some_and(|kind| kind.eq_ignore_ascii_case("Microsoft.ManagedIdentity/userAssignedIdentities")))
}

/// States what was read.
pub(super) fn state_resource(
    loader: &mut Loader<'_>,
    described: &Described,
    texts: Texts<'_>,
    origin: Origin,
) -> ScopeId {
    let id = texts.get(described.id);
    let node = match &described.place {
        Some(place) => loader.draft.scope_at(id, place, texts.get(described.resource_type)),
        None => loader.draft.scope(id),
    };
    loader.draft.captured_scope(node, origin);
    if described.without_identity {
        loader.draft.no_identity(node, origin);
    }
    if let Some(tags) = &described.tags {
        state_tags(loader, tags, texts, node, origin);
    }
    node
}

/// Whether [`read_rest`] has anything to read.
pub(super) fn has_rest(draft: &Draft, described: &Described) -> bool {
    !described.plain || draft.wants(Attr::ResourceLocation) || draft.wants(Attr::ResourceKind)
}

/// Reads the plain attributes of a resource, its identity, and what it says as an identity.
pub(super) fn read_rest(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    node: ScopeId,
    origin: Origin,
) -> Result<(), Wrong> {
    for (key, attr) in [(Key::Location, Attr::ResourceLocation), (Key::Kind, Attr::ResourceKind)] {
        if loader.draft.wants(attr)
            && let Some(raw) = record.outer(key)
        {
            loader.set_text(node, attr, raw.filled()?, origin);
        }
    }
    if let Some(raw) = record.outer(Key::Identity).filter(|raw| !raw.is_null()) {
        identities::attach(loader, &raw, node, origin)?;
    }
    if is_identity(record)? {
        if record.get(Key::PrincipalId).is_some_and(|raw| !raw.is_null()) {
            return identities::identity(loader, record, origin);
        }
        identities::listed(loader, node, origin);
    }
    Ok(())
}

pub(super) fn resource(loader: &mut Loader<'_>, record: &Record<'_>, origin: Origin) -> Result<(), Wrong> {
    super::alone(Collection::Resources, loader, record, origin)
}

pub(super) fn resource_group(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    origin: Origin,
) -> Result<(), Wrong> {
    let id = record.outer_text(Key::Id)?.ok_or_else(|| record.lacks(&[Key::Id]))?;
    let node = loader.draft.scope(&id);
    loader.draft.captured_scope(node, origin);
    tags(loader, record, node, origin)
}

pub(super) fn subscription(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    origin: Origin,
) -> Result<(), Wrong> {
    let id = subscription_id(record)?;
    let node = loader.draft.scope(&id);
    loader.draft.captured_scope(node, origin);
    // az account list says `name` where ARM says `displayName`; ARM has no `name`, Resource Graph has the display name there.
    let name = match record.text(Key::DisplayName)? {
        Some(name) => Some(name),
        None => record.outer_text(Key::Name)?.filter(|name| Guid::parse(name).is_none()),
    };
    if let Some(name) = name {
        loader.set_text(node, Attr::ScopeName, Some(name), origin);
    }
    if let Some(state) = record.text(Key::State)? {
        loader.set_text(node, Attr::SubscriptionState, Some(state), origin);
    }
    if let Some(tenant) = record.text(Key::TenantId)? {
        loader.set_text(node, Attr::SubscriptionTenant, Some(tenant), origin);
    }
    loader.tenant_of(record, "a subscription")?;
    tags(loader, record, node, origin)?;
    if let Some(raw) = record.pick(Key::ManagementGroup)?.filter(|raw| !raw.is_null()) {
        let named = if raw.is_object() {
            match (raw.field("id")?, raw.field("name")?) {
                (Some(id), _) if !id.is_null() => id.string()?,
                (_, Some(name)) => name.string()?,
                _ => return Err(raw.wrong("`managementGroup` has neither `id` nor `name`")),
            }
        } else {
            raw.string()?
        };
        let above = management_group_named(loader, &named);
        loader.draft.parent(node, above, origin);
    }
    ancestors(loader, record, node, origin)?;
    parent(loader, record, node, origin)
}

fn subscription_id<'b>(record: &Record<'b>) -> Result<Cow<'b, str>, Wrong> {
    let id = record.outer_text(Key::Id)?;
    match (id, record.text(Key::SubscriptionId)?) {
        (Some(id), _) if id.starts_with('/') => Ok(id),
        (Some(id), _) | (None, Some(id)) => match Guid::parse(&id) {
            Some(_) => Ok(Cow::Owned(format!("/subscriptions/{id}"))),
            None => Err(record.outer(Key::Id).or(record.get(Key::SubscriptionId)).map_or_else(
                || record.lacks(&[Key::Id]),
                |raw| raw.wrong(format!("`{id}` is not the id of a subscription")),
            )),
        },
        (None, None) => Err(record.lacks(&[Key::Id, Key::SubscriptionId])),
    }
}

/// A management group by its id or its name.
fn management_group_named(loader: &mut Loader<'_>, text: &str) -> ScopeId {
    if text.contains('/') {
        loader.draft.scope(text)
    } else {
        loader.draft.scope(&format!("{MANAGEMENT_GROUP}{text}"))
    }
}

/// `managementGroupAncestorsChain`: names from the nearest management group up to the tenant's root group.
fn ancestors(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    node: ScopeId,
    origin: Origin,
) -> Result<(), Wrong> {
    let details = record.pick(Key::Details)?.filter(|raw| raw.is_object());
    let chain = match record.pick(Key::ManagementGroupAncestorsChain)? {
        Some(chain) => Some(chain),
        None => details.map_or(Ok(None), |raw| raw.field("managementGroupAncestorsChain"))?,
    };
    let Some(chain) = chain.filter(|raw| !raw.is_null()) else { return Ok(()) };
    let mut below = node;
    let mut any = false;
    for item in chain.items()? {
        let Some(name) = item.field("name")? else { return Err(item.wrong("an ancestor without `name`")) };
        let above = management_group_named(loader, &name.string()?);
        loader.draft.parent(below, above, origin);
        below = above;
        any = true;
    }
    if any {
        loader.draft.parent(below, ScopeId::ROOT, origin);
    }
    Ok(())
}

/// `parent` of a record of the entities API, and `details.parent` of a management group.
fn parent(loader: &mut Loader<'_>, record: &Record<'_>, node: ScopeId, origin: Origin) -> Result<(), Wrong> {
    let details = record.pick(Key::Details)?.filter(|raw| raw.is_object());
    let stated = match details.map_or(Ok(None), |raw| raw.field("parent"))? {
        Some(raw) => Some(raw),
        None => record.pick(Key::Parent)?,
    };
    let Some(raw) = stated else { return Ok(()) };
    let above = if raw.is_null() {
        None
    } else if raw.is_object() {
        match (raw.field("id")?, raw.field("name")?) {
            (Some(id), _) if !id.is_null() => Some(id.string()?),
            (_, Some(name)) if !name.is_null() => Some(name.string()?),
            _ => None,
        }
    } else {
        raw.filled()?
    };
    let above = match above {
        Some(text) => management_group_named(loader, &text),
        None => ScopeId::ROOT,
    };
    loader.draft.parent(node, above, origin);
    Ok(())
}

pub(super) fn management_group(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    origin: Origin,
) -> Result<(), Wrong> {
    let id = match (record.outer_text(Key::Id)?, record.outer_text(Key::Name)?) {
        (Some(id), _) => id,
        (None, Some(name)) => name,
        (None, None) => return Err(record.lacks(&[Key::Id, Key::Name])),
    };
    let node = management_group_named(loader, &id);
    loader.draft.captured_scope(node, origin);
    if let Some(raw) = record.pick(Key::DisplayName)? {
        loader.set_text(node, Attr::ManagementGroupDisplayName, raw.filled()?, origin);
    }
    loader.tenant_of(record, "a management group")?;
    parent(loader, record, node, origin)?;
    ancestors(loader, record, node, origin)?;
    tags(loader, record, node, origin)?;
    if let Some(raw) = record.pick(Key::Children)? {
        children(loader, node, raw, origin)?;
    }
    Ok(())
}

/// `children` of `az account management-group show --expand [--recurse]`, each with its own.
fn children(loader: &mut Loader<'_>, node: ScopeId, raw: Raw<'_>, origin: Origin) -> Result<(), Wrong> {
    let mut open = vec![(node, raw, 0)];
    while let Some((above, list, depth)) = open.pop() {
        if depth > DEEPEST {
            return Err(raw.wrong(format!(
                "`children` are nested more than {DEEPEST} deep; Azure allows six levels of management groups"
            )));
        }
        for child in list.items()? {
            let Some(id) = child.field("id")?.map_or(Ok(None), |raw| raw.filled())? else {
                return Err(child.wrong("a child without `id`"));
            };
            let below = loader.draft.scope(&id);
            loader.draft.parent(below, above, origin);
            if let Some(name) = child.field("displayName")?.map_or(Ok(None), |raw| raw.filled())? {
                let attr = if id.to_ascii_lowercase().starts_with("/subscriptions/") {
                    Attr::ScopeName
                } else {
                    Attr::ManagementGroupDisplayName
                };
                let cell = Cell::Text(loader.draft.intern(&name));
                loader.draft.set(below, attr, cell, origin);
            }
            if let Some(more) = child.field("children")? {
                open.push((below, more, depth + 1));
            }
        }
    }
    Ok(())
}
