//! Azure Lighthouse: principals of a managing tenant that hold roles here (azure-facts 2.11).

use super::super::loader::Loader;
use super::super::record::{Key, Record};
use super::super::value::{Raw, Wrong};
use crate::inventory::Origin;

pub(super) fn delegation(loader: &mut Loader<'_>, record: &Record<'_>, _origin: Origin) -> Result<(), Wrong> {
    if let Some(raw) = record.pick(Key::Authorizations)? {
        authorizations(loader, raw)?;
    }
    let Some(definition) = record.pick(Key::RegistrationDefinition)?.filter(|raw| raw.is_object()) else {
        let says = [Key::Authorizations, Key::RegistrationDefinitionId, Key::ManagedByTenantId];
        if says.iter().any(|&key| record.get(key).is_some()) {
            return Ok(());
        }
        return Err(record.lacks(&[Key::RegistrationDefinition, Key::Authorizations]));
    };
    let inside = definition.field("properties")?.filter(|raw| raw.is_object()).unwrap_or(definition);
    match inside.field("authorizations")? {
        Some(raw) => authorizations(loader, raw),
        None => Ok(()),
    }
}

/// Whoever is named there belongs to another tenant.
fn authorizations(loader: &mut Loader<'_>, raw: Raw<'_>) -> Result<(), Wrong> {
    for item in raw.items()? {
        let Some(principal) = item.field("principalId")? else {
            return Err(item.wrong("an authorization without `principalId`"));
        };
        let (guid, spelling) = Raw { key: "principalId", ..principal }.guid()?;
        let principal = loader.draft.principal(guid, &spelling);
        loader.draft.external(principal);
        if let Some(name) = item.field("principalIdDisplayName")?.map_or(Ok(None), |raw| raw.filled())? {
            loader.name_hint(principal, &name);
        }
    }
    Ok(())
}
