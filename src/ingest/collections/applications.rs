//! Application registrations, and the passwords and certificates of applications and service principals.

use super::super::loader::Loader;
use super::super::record::{Key, Record};
use super::super::value::Wrong;
use super::directory;
use crate::inventory::schema::{Attr, Table};
use crate::inventory::{Cell, Collection, Entity, Origin};

pub(super) fn application(loader: &mut Loader<'_>, record: &Record<'_>, origin: Origin) -> Result<(), Wrong> {
    let (_, id) = directory::object_id(record)?;
    let row = loader.draft.row(Table::Application, &id, None, None, origin);
    let entity = Entity::new(Table::Application, row);
    let keys = [
        (Key::AppId, Attr::ApplicationAppId),
        (Key::DisplayName, Attr::ApplicationName),
        (Key::SignInAudience, Attr::ApplicationAudience),
    ];
    for (key, attr) in keys {
        if let Some(raw) = record.outer(key) {
            loader.set_text(entity, attr, raw.filled()?, origin);
        }
    }
    if let Some(raw) = record.outer(Key::Owners) {
        for item in raw.items()? {
            let owner = directory::inline_object(loader, item)?;
            loader.draft.owner(entity, owner);
            loader.coverage.mention(Collection::ApplicationOwners);
        }
    }
    credentials(loader, record, entity, origin)
}

/// `passwordCredentials` and `keyCredentials`; the older Graph says `startDate` and `endDate`.
pub(super) fn credentials(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    owner: Entity,
    origin: Origin,
) -> Result<(), Wrong> {
    let kinds = [(Key::Passwords, "password"), (Key::Certificates, "certificate")];
    if kinds.iter().all(|&(key, _)| record.outer(key).is_some()) {
        loader.draft.states_credentials(owner);
    }
    for (key, kind) in kinds {
        let Some(raw) = record.outer(key) else { continue };
        for (index, item) in raw.items()?.enumerate() {
            let (mut id, mut name, mut starts, mut expires) = (None, None, None, None);
            for field in item.fields()? {
                match field.name.to_ascii_lowercase().as_str() {
                    "keyid" => id = field.value.filled()?,
                    "displayname" => name = Some(field.value.filled()?),
                    "startdatetime" | "startdate" => starts = Some(field.value.time()?),
                    "enddatetime" | "enddate" => expires = field.value.time()?,
                    _ => {}
                }
            }
            let id = id.unwrap_or_else(|| format!("{kind}-{index}").into());
            let row = loader.draft.row(Table::Credential, &id, Some(owner), None, origin);
            let credential = Entity::new(Table::Credential, row);
            loader.set_text(credential, Attr::CredentialKind, Some(kind.into()), origin);
            if let Some(name) = name {
                loader.set_text(credential, Attr::CredentialName, name, origin);
            }
            if let Some(starts) = starts {
                let cell = starts.map_or(Cell::Absent, Cell::Time);
                loader.draft.set(credential, Attr::CredentialStarts, cell, origin);
            }
            if let Some(expires) = expires {
                loader.draft.set(credential, Attr::CredentialExpires, Cell::Time(expires), origin);
            }
        }
    }
    Ok(())
}
