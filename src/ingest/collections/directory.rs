//! Users, groups and service principals, in Microsoft Graph's shape and in the older Azure AD Graph's; deleted objects.

use super::super::kind::{self, Kind};
use super::super::loader::Loader;
use super::super::record::{Key, Record};
use super::super::value::{Raw, Wrong};
use super::applications;
use crate::azure::Guid;
use crate::inventory::schema::Attr;
use crate::inventory::{Cell, Class, Collection, Entity, Hint, Origin, PrincipalId, RoleKind};
use std::borrow::Cow;

/// The object id of a directory object: `id`, in the older Graph `objectId`.
pub(in super::super) fn object_id<'b>(record: &Record<'b>) -> Result<(Guid, Cow<'b, str>), Wrong> {
    match record.outer(Key::Id).filter(|raw| !raw.is_null()).or(record.outer(Key::ObjectId)) {
        Some(raw) if !raw.is_null() => raw.guid(),
        _ => Err(record.lacks(&[Key::Id, Key::ObjectId])),
    }
}

struct Object<'l, 'd, 'r, 'b> {
    loader: &'l mut Loader<'d>,
    record: &'r Record<'b>,
    origin: Origin,
    principal: PrincipalId,
}

impl Object<'_, '_, '_, '_> {
    fn bool(&mut self, key: Key, attr: Attr, null: Option<bool>) -> Result<(), Wrong> {
        if self.loader.draft.wants(attr)
            && let Some(raw) = self.record.outer(key)
            && let Some(value) = raw.bool()?.or(null)
        {
            self.loader.draft.set(self.principal, attr, Cell::Bool(value), self.origin);
        }
        Ok(())
    }

    fn text(&mut self, key: Key, attr: Attr) -> Result<(), Wrong> {
        if self.loader.draft.wants(attr)
            && let Some(raw) = self.record.outer(key)
        {
            self.loader.set_text(self.principal, attr, raw.filled()?, self.origin);
        }
        Ok(())
    }

    fn time(&mut self, raw: Option<Raw<'_>>, attr: Attr) -> Result<(), Wrong> {
        if self.loader.draft.wants(attr)
            && let Some(raw) = raw
        {
            let cell = raw.time()?.map_or(Cell::Absent, Cell::Time);
            self.loader.draft.set(self.principal, attr, cell, self.origin);
        }
        Ok(())
    }

    /// `signInActivity.lastSignInDateTime`; null where there never was one.
    fn sign_in(&mut self, key: Key, attr: Attr) -> Result<(), Wrong> {
        let Some(raw) = self.record.outer(key).filter(|_| self.loader.draft.wants(attr)) else {
            return Ok(());
        };
        match raw.field("lastSignInDateTime")? {
            Some(inside) => self.time(Some(inside), attr),
            None => {
                self.loader.draft.set(self.principal, attr, Cell::Absent, self.origin);
                Ok(())
            }
        }
    }

    /// Objects inside the object (`members`, `owners`): ids, or objects with an `id`.
    fn inline(&mut self, key: Key) -> Result<Vec<PrincipalId>, Wrong> {
        let Some(raw) = self.record.outer(key) else { return Ok(vec![]) };
        raw.items()?.map(|item| inline_object(self.loader, item)).collect()
    }
}

/// An object named inside another: its id, or the object itself.
pub(super) fn inline_object(loader: &mut Loader<'_>, item: Raw<'_>) -> Result<PrincipalId, Wrong> {
    let mut hint = Hint::None;
    let id = if item.is_object() {
        for key in ["@odata.type", "odata.type", "objectType", "type"] {
            if let Some(text) = item.field(key)?.filter(|r| r.is_string()) {
                let text = text.string()?;
                hint = Hint::of(text.rsplit('.').next().unwrap_or_default());
            }
        }
        match item.field("id")?.or(item.field("objectId")?) {
            Some(id) => id,
            None => return Err(item.wrong(format!("`{}` holds an object without `id`", item.key))),
        }
    } else {
        item
    };
    let (guid, spelling) = Raw { key: item.key, ..id }.guid()?;
    let principal = loader.draft.principal(guid, &spelling);
    loader.draft.hint(principal, hint);
    Ok(principal)
}

fn object<'l, 'd, 'r, 'b>(
    loader: &'l mut Loader<'d>,
    record: &'r Record<'b>,
    class: Class,
    collection: Collection,
    origin: Origin,
) -> Result<Object<'l, 'd, 'r, 'b>, Wrong> {
    let (guid, spelling) = object_id(record)?;
    let principal = loader.draft.principal(guid, &spelling);
    loader.draft.record(principal, class, collection, origin);
    Ok(Object { loader, record, origin, principal })
}

pub(super) fn user(loader: &mut Loader<'_>, record: &Record<'_>, origin: Origin) -> Result<(), Wrong> {
    let mut user = object(loader, record, Class::User, Collection::Users, origin)?;
    let upn = record.outer_text(Key::UserPrincipalName)?;
    let name = match &upn {
        Some(upn) => Some(upn.clone()),
        None => record.outer_text(Key::DisplayName)?,
    };
    if let Some(name) = name {
        user.loader.draft.display(user.principal, &name);
    }
    if record.outer(Key::UserPrincipalName).is_some() {
        user.loader.set_text(user.principal, Attr::UserUpn, upn.as_deref().map(Cow::Borrowed), origin);
    }
    if let Some(upn) = upn {
        let external = upn.to_ascii_uppercase().contains("#EXT#");
        user.loader.draft.set(user.principal, Attr::UserExternal, Cell::Bool(external), origin);
    }
    user.bool(Key::AccountEnabled, Attr::UserEnabled, None)?;
    user.text(Key::UserType, Attr::UserType)?;
    user.time(record.outer(Key::CreatedDateTime).filter(|raw| !raw.is_null()), Attr::UserCreated)?;
    user.sign_in(Key::SignInActivity, Attr::UserLastSignIn)?;
    user.bool(Key::IsMfaRegistered, Attr::UserMfaRegistered, None)?;
    user.bool(Key::OnPremisesSyncEnabled, Attr::UserOnPremises, Some(false))?;
    user.bool(Key::DirSyncEnabled, Attr::UserOnPremises, Some(false))?;
    user.text(Key::Department, Attr::UserDepartment)?;
    user.text(Key::JobTitle, Attr::UserJobTitle)?;
    user.text(Key::ExternalUserState, Attr::GuestInvitedState)
}

pub(super) fn group(loader: &mut Loader<'_>, record: &Record<'_>, origin: Origin) -> Result<(), Wrong> {
    let mut group = object(loader, record, Class::Group, Collection::Groups, origin)?;
    if let Some(name) = record.outer_text(Key::DisplayName)? {
        group.loader.draft.display(group.principal, &name);
    }
    group.bool(Key::SecurityEnabled, Attr::GroupSecurity, None)?;
    group.bool(Key::IsAssignableToRole, Attr::GroupRoleAssignable, Some(false))?;
    if let Some(raw) = record.outer(Key::GroupTypes).filter(|_| group.loader.draft.wants(Attr::GroupDynamic))
    {
        let dynamic = raw.strings()?.iter().any(|text| text.eq_ignore_ascii_case("DynamicMembership"));
        group.loader.draft.set(group.principal, Attr::GroupDynamic, Cell::Bool(dynamic), origin);
    }
    for member in group.inline(Key::Members)? {
        group.loader.draft.membership(group.principal, member, origin);
        group.loader.coverage.mention(Collection::GroupMemberships);
    }
    for owner in group.inline(Key::Owners)? {
        group.loader.draft.owner(Entity::from(group.principal), owner);
        group.loader.coverage.mention(Collection::GroupOwners);
    }
    Ok(())
}

pub(super) fn service_principal(
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    origin: Origin,
) -> Result<(), Wrong> {
    let (class, host) = class_of(record)?;
    let mut object = object(loader, record, class, Collection::ServicePrincipals, origin)?;
    if let Some(host) = host {
        let node = object.loader.draft.scope(&host);
        object.loader.draft.host(object.principal, node);
    }
    let name = match record.outer_text(Key::DisplayName)? {
        Some(name) => Some(name),
        None => record.outer_text(Key::AppDisplayName)?,
    };
    if let Some(name) = name {
        object.loader.draft.display(object.principal, &name);
    }
    if let Some(raw) = record.outer(Key::ServicePrincipalType)
        && let Some(text) = raw.filled()?
    {
        object.loader.set_text(object.principal, Attr::ServicePrincipalType, Some(text), origin);
    }
    object.bool(Key::AccountEnabled, Attr::ServicePrincipalEnabled, None)?;
    if let Some(app) = record.outer_text(Key::AppId)? {
        object.loader.set_text(object.principal, Attr::ServicePrincipalAppId, Some(app.clone()), origin);
        if !matches!(class, Class::ServicePrincipal) {
            object.loader.set_text(object.principal, Attr::ManagedIdentityClientId, Some(app), origin);
        }
    }
    object.text(Key::AppOwnerOrganizationId, Attr::ServicePrincipalOwnerTenant)?;
    object.text(Key::AppOwnerTenantId, Attr::ServicePrincipalOwnerTenant)?;
    object.sign_in(Key::SignInActivity, Attr::ServicePrincipalLastSignIn)?;
    object.sign_in(Key::LastSignInActivity, Attr::ServicePrincipalLastSignIn)?;
    object.time(record.outer(Key::CreatedDateTime), Attr::ManagedIdentityCreated)?;
    for owner in object.inline(Key::Owners)? {
        object.loader.draft.owner(Entity::from(object.principal), owner);
        object.loader.coverage.mention(Collection::ServicePrincipalOwners);
    }
    let entity = Entity::from(object.principal);
    applications::credentials(object.loader, record, entity, origin)?;
    app_roles(object.loader, record)
}

/// The class of a service principal, and the ARM resource that it names (azure-facts T7.3).
fn class_of<'b>(record: &Record<'b>) -> Result<(Class, Option<Cow<'b, str>>), Wrong> {
    let kind = record.outer_text(Key::ServicePrincipalType)?;
    if !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("ManagedIdentity")) {
        return Ok((Class::ServicePrincipal, None));
    }
    let names = record.outer(Key::AlternativeNames).map_or(Ok(vec![]), |raw| raw.strings())?;
    let explicit = names.iter().any(|name| name.eq_ignore_ascii_case("isExplicit=True"));
    let implicit = names.iter().any(|name| name.eq_ignore_ascii_case("isExplicit=False"));
    let host = names.into_iter().find(|name| name.starts_with('/'));
    let class = match (explicit, implicit || host.is_some()) {
        (true, _) => Class::UserAssigned,
        (false, true) => Class::SystemAssigned,
        (false, false) => Class::ManagedIdentity,
    };
    Ok((class, host))
}

/// The names of the app roles that a service principal offers.
fn app_roles(loader: &mut Loader<'_>, record: &Record<'_>) -> Result<(), Wrong> {
    let Some(raw) = record.outer(Key::AppRoles) else { return Ok(()) };
    for item in raw.items()? {
        let (Some(id), Some(value)) = (item.field("id")?, item.field("value")?) else { continue };
        if let (Some(id), Some(value)) = (id.filled()?, value.filled()?)
            && let Some(guid) = Guid::parse(&id)
        {
            let symbol = loader.draft.intern(&value);
            loader.app_role_names.insert(guid, symbol);
        }
    }
    Ok(())
}

pub(super) fn deleted(loader: &mut Loader<'_>, record: &Record<'_>, origin: Origin) -> Result<(), Wrong> {
    let object = object(loader, record, Class::Mentioned, Collection::DeletedObjects, origin)?;
    for key in [Key::ODataType, Key::OldODataType, Key::ObjectType] {
        if let Some(text) = record.outer_text(key)? {
            let hint = match kind::of_directory_type(text.rsplit('.').next().unwrap_or_default()) {
                Some(Kind::Of(Collection::Users)) => Hint::User,
                Some(Kind::Of(Collection::Groups)) => Hint::Group,
                Some(Kind::Of(Collection::ServicePrincipals)) => Hint::ServicePrincipal,
                _ => Hint::None,
            };
            object.loader.draft.hint(object.principal, hint);
        }
    }
    if let Some(name) = record.outer_text(Key::DisplayName)? {
        object.loader.draft.display(object.principal, &name);
    }
    Ok(())
}

/// An activated directory role (`/directoryRoles`): it names a role template.
pub(in super::super) fn directory_role(loader: &mut Loader<'_>, record: &Record<'_>) -> Result<(), Wrong> {
    if let (Some(template), Some(name)) =
        (record.outer_text(Key::RoleTemplateId)?, record.outer_text(Key::DisplayName)?)
        && let Some(guid) = Guid::parse(&template)
    {
        let role = loader.draft.role(RoleKind::Directory, guid, &template);
        loader.draft.role_name(role, &name);
    }
    Ok(())
}
