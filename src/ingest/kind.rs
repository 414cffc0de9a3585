//! What a record is, by what it says itself.

use super::record::{Key, Record};
use super::value::Wrong;
use crate::azure::scope::{self, Level};
use crate::inventory::Collection;

/// What a record is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// An element of that collection.
    Of(Collection),
    /// A classic administrator, without effect since 2024.
    Classic,
    /// A directory object that can hold no role and is in no collection: a device, a contact.
    OtherObject,
    /// An activated directory role (`/directoryRoles`): a name for a role, no assignment.
    DirectoryRole,
}

/// The kind of a record that nothing around it names; `None` where it can't be told.
pub(super) fn of(record: &Record<'_>) -> Result<Option<Kind>, Wrong> {
    for key in [Key::ODataType, Key::OldODataType, Key::ObjectType] {
        if let Some(text) = record.outer_text(key)? {
            let word = text.rsplit('.').next().unwrap_or_default();
            if let Some(kind) = of_directory_type(word) {
                return Ok(Some(if deleted(record)? { Kind::Of(Collection::DeletedObjects) } else { kind }));
            }
        }
    }
    if let Some(text) = record.outer_text(Key::Type)?
        && let Some(kind) = of_resource_type(&text, record)
    {
        return Ok(Some(kind));
    }
    if let Some(id) = record.outer_text(Key::Id)?
        && id.starts_with('/')
    {
        return Ok(match scope::level(&id) {
            Level::Root => None,
            Level::ManagementGroup => Some(Kind::Of(Collection::ManagementGroups)),
            Level::Subscription => Some(Kind::Of(Collection::Subscriptions)),
            Level::ResourceGroup => Some(Kind::Of(Collection::ResourceGroups)),
            Level::Resource => of_resource_type(&scope::resource_type(&id), record),
        });
    }
    if let Some(kind) = of_keys(record) {
        return Ok(Some(if deleted(record)? { Kind::Of(Collection::DeletedObjects) } else { kind }));
    }
    Ok(None)
}

fn deleted(record: &Record<'_>) -> Result<bool, Wrong> {
    Ok(record.outer_text(Key::DeletedDateTime)?.is_some()
        || record.outer_text(Key::DeletionTimestamp)?.is_some())
}

/// Of the last word of `@odata.type` (`#microsoft.graph.user`), or of `objectType`.
pub(super) fn of_directory_type(word: &str) -> Option<Kind> {
    Some(match word.to_ascii_lowercase().as_str() {
        "user" => Kind::Of(Collection::Users),
        "group" => Kind::Of(Collection::Groups),
        "serviceprincipal" => Kind::Of(Collection::ServicePrincipals),
        "application" => Kind::Of(Collection::Applications),
        "device" | "orgcontact" | "contact" | "administrativeunit" => Kind::OtherObject,
        "directoryrole" => Kind::DirectoryRole,
        "unifiedroleassignment" => Kind::Of(Collection::DirectoryRoleAssignments),
        "approleassignment" => Kind::Of(Collection::AppRoleAssignments),
        _ => return None,
    })
}

fn of_resource_type(text: &str, record: &Record<'_>) -> Option<Kind> {
    let has = |key| record.get(key).is_some();
    let collection = match text.to_ascii_lowercase().as_str() {
        "microsoft.authorization/roleassignments" => Collection::RoleAssignments,
        "microsoft.authorization/roledefinitions" | "builtinrole" | "customrole" => {
            Collection::RoleDefinitions
        }
        "microsoft.authorization/roleassignmentscheduleinstances" => {
            Collection::RoleAssignmentScheduleInstances
        }
        "microsoft.authorization/roleeligibilityscheduleinstances" => {
            Collection::RoleEligibilityScheduleInstances
        }
        "microsoft.authorization/denyassignments" => Collection::DenyAssignments,
        "microsoft.authorization/policyassignments" => Collection::PolicyAssignments,
        "microsoft.authorization/classicadministrators" => return Some(Kind::Classic),
        "microsoft.managedidentity/userassignedidentities" if has(Key::PrincipalId) || has(Key::ClientId) => {
            Collection::Identities
        }
        "microsoft.managedidentity/userassignedidentities/federatedidentitycredentials" => {
            Collection::FederatedCredentials
        }
        "microsoft.resources/subscriptions" | "/subscriptions" => Collection::Subscriptions,
        "microsoft.resources/subscriptions/resourcegroups" | "microsoft.resources/resourcegroups" => {
            Collection::ResourceGroups
        }
        "microsoft.management/managementgroups" | "/providers/microsoft.management/managementgroups" => {
            Collection::ManagementGroups
        }
        "microsoft.managedservices/registrationassignments"
        | "microsoft.managedservices/registrationdefinitions" => Collection::Lighthouse,
        other if other.contains('/') => Collection::Resources,
        _ => return None,
    };
    Some(Kind::Of(collection))
}

fn of_keys(record: &Record<'_>) -> Option<Kind> {
    let has = |keys: &[Key]| keys.iter().all(|&key| record.get(key).is_some());
    let any = |keys: &[Key]| keys.iter().any(|&key| record.get(key).is_some());
    use Collection as C;
    Some(Kind::Of(match () {
        () if has(&[Key::PrincipalId, Key::RoleDefinitionId, Key::DirectoryScopeId]) => {
            C::DirectoryRoleAssignments
        }
        () if has(&[Key::PrincipalId, Key::AppRoleId, Key::ResourceId]) => C::AppRoleAssignments,
        () if has(&[Key::PrincipalId, Key::RoleDefinitionId]) => C::RoleAssignments,
        () if has(&[Key::GroupId, Key::MemberId]) => C::GroupMemberships,
        () if has(&[Key::GroupId, Key::OwnerId]) => C::GroupOwners,
        () if has(&[Key::ApplicationId, Key::OwnerId]) => C::ApplicationOwners,
        () if has(&[Key::ServicePrincipalId, Key::OwnerId]) => C::ServicePrincipalOwners,
        () if has(&[Key::Issuer]) && any(&[Key::Subject, Key::Audiences, Key::ClaimsMatchingExpression]) => {
            C::FederatedCredentials
        }
        () if has(&[Key::ServicePrincipalType]) || has(&[Key::AppId, Key::AlternativeNames]) => {
            C::ServicePrincipals
        }
        () if has(&[Key::UserPrincipalName]) => C::Users,
        () if any(&[Key::GroupTypes, Key::SecurityEnabled, Key::MailEnabled]) => C::Groups,
        () if has(&[Key::AppId, Key::SignInAudience]) || has(&[Key::AppId, Key::Passwords]) => {
            C::Applications
        }
        () if has(&[Key::RoleName, Key::Permissions]) => C::RoleDefinitions,
        () if has(&[Key::RoleTemplateId, Key::DisplayName]) => return Some(Kind::DirectoryRole),
        () if has(&[Key::SubscriptionId]) && any(&[Key::DisplayName, Key::State]) => C::Subscriptions,
        () if has(&[Key::TenantId, Key::State, Key::Name]) => C::Subscriptions,
        () if has(&[Key::Id, Key::PrincipalId, Key::ClientId]) => C::Identities,
        () => return None,
    }))
}
