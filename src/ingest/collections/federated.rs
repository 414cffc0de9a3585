//! Federated identity credentials: of user-assigned identities (ARM) and of applications (Microsoft Graph).

use super::super::loader::Loader;
use super::super::record::{Key, Record};
use super::super::value::Wrong;
use crate::azure::scope;
use crate::inventory::schema::{Attr, Table};
use crate::inventory::{Cell, Entity, Origin};

pub(super) fn credential(loader: &mut Loader<'_>, record: &Record<'_>, origin: Origin) -> Result<(), Wrong> {
    let id = record.outer_text(Key::Id)?.or(record.outer_text(Key::Name)?);
    let id = id.ok_or_else(|| record.lacks(&[Key::Id, Key::Name]))?;
    let application = record.outer_text(Key::ApplicationId)?;
    let row = if id.starts_with('/') {
        let Some(identity) = scope::parent(&id).filter(|_| scope::steps(&id).count() > 1) else {
            return Err(record.lacks(&[Key::Id]));
        };
        let node = loader.draft.scope(identity);
        loader.draft.row(Table::FederatedCredential, &id, Some(Entity::from(node)), None, origin)
    } else if let Some(application) = application {
        let owner = loader.application(&application, origin);
        loader.draft.row(Table::FederatedCredential, &id, Some(owner), None, origin)
    } else {
        let row = loader.draft.row(Table::FederatedCredential, &id, None, None, origin);
        loader.unowned_credential(row);
        row
    };
    let entity = Entity::new(Table::FederatedCredential, row);
    if let Some(name) = record.outer_text(Key::Name)? {
        loader.set_text(entity, Attr::FederatedName, Some(name), origin);
    }
    if let Some(issuer) = record.text(Key::Issuer)? {
        let host = issuer.split_once("://").map_or(&*issuer, |(_, rest)| rest);
        let host = host.split(['/', '?', '#']).next().unwrap_or_default();
        loader.set_text(entity, Attr::FederatedIssuerHost, Some(host.to_owned().into()), origin);
        loader.set_text(entity, Attr::FederatedIssuer, Some(issuer), origin);
    }
    if let Some(raw) = record.pick(Key::Subject)? {
        loader.set_text(entity, Attr::FederatedSubject, raw.filled()?, origin);
    }
    if let Some(raw) = record.pick(Key::Audiences)?.filter(|_| loader.draft.wants(Attr::FederatedAudiences)) {
        let items = raw.strings()?.iter().map(|text| loader.draft.intern(text)).collect();
        let cell = loader.draft.inventory().cells.list(items);
        loader.draft.set(entity, Attr::FederatedAudiences, cell, origin);
    }
    match record.pick(Key::ClaimsMatchingExpression)? {
        Some(raw) if raw.is_object() => {
            let value = raw.field("value")?.map_or(Ok(None), |value| value.filled())?;
            loader.set_text(entity, Attr::FederatedClaimsExpression, value, origin);
        }
        // Only flexible credentials have the key.
        _ => loader.draft.set(entity, Attr::FederatedClaimsExpression, Cell::Absent, origin),
    }
    Ok(())
}
