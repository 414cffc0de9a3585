//! Who is in a group, who owns what.

use super::super::loader::Loader;
use super::super::record::{Key, Record};
use super::super::value::Wrong;
use crate::azure::Guid;
use crate::inventory::{Collection, Entity, Hint, Origin, PrincipalId};

/// What a list of members or owners belongs to.
#[derive(Clone, Debug)]
pub(in super::super) struct Owner {
    /// `groupMemberships`, `groupOwners`, `applicationOwners`, `servicePrincipalOwners`, or `federatedCredentials` of an
    /// application.
    pub(in super::super) collection: Collection,
    /// The object id of the group, application or service principal.
    pub(in super::super) guid: Guid,
    /// As captured.
    pub(in super::super) spelling: String,
}

/// One link: `object` is a member or owner.
pub(in super::super) fn link(loader: &mut Loader<'_>, owner: &Owner, object: PrincipalId, origin: Origin) {
    match owner.collection {
        Collection::GroupMemberships => {
            let group = loader.draft.principal(owner.guid, &owner.spelling);
            loader.draft.hint(group, Hint::Group);
            loader.draft.membership(group, object, origin);
        }
        Collection::GroupOwners => {
            let group = loader.draft.principal(owner.guid, &owner.spelling);
            loader.draft.hint(group, Hint::Group);
            loader.draft.owner(Entity::from(group), object);
        }
        Collection::ServicePrincipalOwners => {
            let principal = loader.draft.principal(owner.guid, &owner.spelling);
            loader.draft.hint(principal, Hint::ServicePrincipal);
            loader.draft.owner(Entity::from(principal), object);
        }
        _ => loader.application_owners.push((owner.spelling.clone(), object, origin)),
    }
}

fn read(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    origin: Origin,
    collection: Collection,
    [to, from, kind]: [Key; 3],
) -> Result<(), Wrong> {
    let (guid, spelling) = record.need(to)?.guid()?;
    let (object, object_spelling) = record.need(from)?.guid()?;
    let object = loader.draft.principal(object, &object_spelling);
    if let Some(text) = record.outer_text(kind)? {
        let word = text.rsplit('.').next().unwrap_or_default();
        loader.draft.hint(object, Hint::of(word));
    }
    link(loader, &Owner { collection, guid, spelling: spelling.into_owned() }, object, origin);
    Ok(())
}

pub(super) fn membership(loader: &mut Loader<'_>, record: &Record<'_>, origin: Origin) -> Result<(), Wrong> {
    read(loader, record, origin, Collection::GroupMemberships, [Key::GroupId, Key::MemberId, Key::MemberType])
}

pub(super) fn group_owner(loader: &mut Loader<'_>, record: &Record<'_>, origin: Origin) -> Result<(), Wrong> {
    read(loader, record, origin, Collection::GroupOwners, [Key::GroupId, Key::OwnerId, Key::OwnerType])
}

pub(super) fn application_owner(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    origin: Origin,
) -> Result<(), Wrong> {
    read(
        loader,
        record,
        origin,
        Collection::ApplicationOwners,
        [Key::ApplicationId, Key::OwnerId, Key::OwnerType],
    )
}

pub(super) fn service_principal_owner(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    origin: Origin,
) -> Result<(), Wrong> {
    let keys = [Key::ServicePrincipalId, Key::OwnerId, Key::OwnerType];
    read(loader, record, origin, Collection::ServicePrincipalOwners, keys)
}
