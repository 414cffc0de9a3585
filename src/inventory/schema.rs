//! The closed schema of the language: every noun, every attribute with its type and source, in one table.
//!
//! `A:` is ARM or the az CLI, `G:` Microsoft Graph. U: it can be unknown (not captured, not permitted). ?: it can be
//! absent (captured, null).

use super::coverage::Collection;

/// The table that an entity's row is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub enum Table {
    /// The tenant: one row.
    Tenant,
    /// Scopes, from the root to the resource.
    Scope,
    /// Whoever can hold a role.
    Principal,
    /// Role assignments of the three kinds of role.
    Assignment,
    /// Role definitions of the three kinds of role.
    Role,
    /// Application registrations.
    Application,
    /// Passwords and certificates of applications and service principals.
    Credential,
    /// Federated identity credentials.
    FederatedCredential,
    /// Deny assignments.
    DenyAssignment,
    /// Policy assignments.
    PolicyAssignment,
}

macro_rules! nouns {
    ($($variant:ident $word:literal $table:ident $parent:expr, $collections:expr);* $(;)?) => {
        /// Every noun, and `scope` and `assignment`'s kin that only bindings have.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
        pub enum Noun { $(#[doc = concat!("`", $word, "`")] $variant),* }
        impl Noun {
            /// Every noun.
            pub const ALL: &'static [Noun] = &[$(Noun::$variant),*];
            /// As it is written.
            pub fn word(self) -> &'static str { match self { $(Noun::$variant => $word),* } }
            /// The noun that is written so.
            pub fn from_word(word: &str) -> Option<Noun> { match word { $($word => Some(Noun::$variant),)* _ => None } }
            /// The table that its entities are in.
            pub fn table(self) -> Table { match self { $(Noun::$variant => Table::$table),* } }
            /// The wider noun whose attributes it has as well.
            pub fn parent(self) -> Option<Noun> { match self { $(Noun::$variant => $parent),* } }
            /// The collections that hold its entities: all of them are needed to know every entity.
            pub fn collections(self) -> &'static [Collection] { match self { $(Noun::$variant => $collections),* } }
        }
    };
}

use Collection as C;
nouns! {
    Tenant "tenant" Tenant None, &[];
    Scope "scope" Scope None, &[C::ManagementGroups, C::Subscriptions, C::ResourceGroups, C::Resources];
    Root "root" Scope Some(Noun::Scope), &[];
    ManagementGroup "management_group" Scope Some(Noun::Scope), &[C::ManagementGroups];
    Subscription "subscription" Scope Some(Noun::Scope), &[C::Subscriptions];
    ResourceGroup "resource_group" Scope Some(Noun::Scope), &[C::ResourceGroups];
    Resource "resource" Scope Some(Noun::Scope), &[C::Resources];
    Principal "principal" Principal None, &[C::Users, C::Groups, C::ServicePrincipals, C::Identities];
    Reach "reach" Principal None, &[C::Users, C::Groups, C::ServicePrincipals, C::Identities];
    ServicePrincipal "service_principal" Principal Some(Noun::Principal), &[C::ServicePrincipals];
    ManagedIdentity "managed_identity" Principal Some(Noun::ServicePrincipal), &[C::Identities, C::Resources];
    SystemAssigned "system_assigned" Principal Some(Noun::ManagedIdentity), &[C::Resources];
    UserAssigned "user_assigned" Principal Some(Noun::ManagedIdentity), &[C::Identities];
    User "user" Principal Some(Noun::Principal), &[C::Users];
    Guest "guest" Principal Some(Noun::User), &[C::Users];
    Group "group" Principal Some(Noun::Principal), &[C::Groups];
    MissingPrincipal "missing_principal" Principal Some(Noun::Principal), &[C::Users, C::Groups, C::ServicePrincipals];
    Application "application" Application None, &[C::Applications];
    RoleAssignment "role_assignment" Assignment None, &[C::RoleAssignments, C::RoleEligibilityScheduleInstances];
    RoleDefinition "role_definition" Role None, &[C::RoleDefinitions];
    FederatedCredential "federated_credential" FederatedCredential None, &[C::FederatedCredentials];
    Credential "credential" Credential None, &[C::Applications, C::ServicePrincipals];
    DenyAssignment "deny_assignment" DenyAssignment None, &[C::DenyAssignments];
    PolicyAssignment "policy_assignment" PolicyAssignment None, &[C::PolicyAssignments];
}

impl Noun {
    /// Whether every entity of this noun is one of the wider noun too.
    pub fn is_a(self, wider: Noun) -> bool {
        let mut noun = Some(self);
        while let Some(n) = noun {
            if n == wider {
                return true;
            }
            noun = n.parent();
        }
        false
    }

    /// Whether it is a level of the scope hierarchy, from the root to the resource.
    pub fn is_level(self) -> bool {
        self.table() == Table::Scope && self != Noun::Scope
    }
}

/// The static type of an expression. Names compare without letter case, strings with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Type {
    /// Compared with letter case.
    String,
    /// An Azure name, id, type or GUID: compared without letter case.
    Name,
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// A point in time, seconds since 1970-01-01 UTC.
    Date,
    /// A length of time, in seconds.
    Duration,
    /// One word of a closed list, written as a quoted string.
    Enum(&'static [&'static str]),
    /// Any number of one type.
    List(&'static Type),
    /// Strings by name (tags).
    Map,
    /// An entity of that noun (or a narrower one).
    Entity(Noun),
}

const NAMES: Type = Type::List(&Type::Name);
const PRINCIPALS: Type = Type::List(&Type::Entity(Noun::Principal));
const SCOPES: Type = Type::List(&Type::Entity(Noun::Scope));
const CREDENTIALS: Type = Type::List(&Type::Entity(Noun::Credential));
const FEDERATED: Type = Type::List(&Type::Entity(Noun::FederatedCredential));
const ASSIGNMENTS: Type = Type::List(&Type::Entity(Noun::RoleAssignment));
const GROUPS: Type = Type::List(&Type::Entity(Noun::Group));
const IDENTITIES: Type = Type::List(&Type::Entity(Noun::ManagedIdentity));

/// The values of `change`.
pub const CHANGES: &[&str] = &["none", "create", "update", "delete"];

/// One attribute of one noun.
pub struct Attribute {
    /// Its handle.
    pub attr: Attr,
    /// The noun that has it (and every narrower one).
    pub noun: Noun,
    /// As it is written after the dot.
    pub name: &'static str,
    /// Its static type.
    pub ty: Type,
    /// U: it can be unknown.
    pub unknown: bool,
    /// ?: it can be absent.
    pub absent: bool,
    /// Where it comes from.
    pub source: &'static str,
}

macro_rules! attributes {
    ($($noun:ident { $($variant:ident $name:literal $ty:expr, $unknown:literal $absent:literal $source:literal;)* })*) => {
        /// Every attribute of the schema.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Attr { $($(#[doc = concat!("`", $name, "`: ", $source)] $variant),*),* }
        /// The schema: every attribute, in the order of [`Attr`].
        pub const ATTRIBUTES: &[Attribute] = &[$($(Attribute {
            attr: Attr::$variant, noun: Noun::$noun, name: $name, ty: $ty, unknown: $unknown, absent: $absent, source: $source,
        }),*),*];
    };
}

attributes! {
    Tenant {
        TenantId "id" Type::Name, false false "G: organization.id";
        TenantName "name" Type::Name, true true "G: organization.displayName";
    }
    Scope {
        ScopeId "id" Type::Name, false false "A: id";
        ScopeName "name" Type::Name, true false "A: the last segment of the id; displayName of a subscription";
        ScopeLevel "level" Type::Enum(&["root", "management_group", "subscription", "resource_group", "resource"]), false false "A: id";
        ScopeParent "parent" Type::Entity(Noun::Scope), true true "A: id; managementGroups ancestors; absent for the root";
        ScopeSubscription "subscription" Type::Entity(Noun::Subscription), false true "A: id; absent above subscriptions";
        ScopeResourceGroup "resource_group" Type::Entity(Noun::ResourceGroup), false true "A: id; absent above resource groups";
        ScopeManagementGroups "management_groups" Type::List(&Type::Entity(Noun::ManagementGroup)), true false "A: managementGroups ancestors";
        ScopeTags "tags" Type::Map, true false "A: tags";
        ScopeChange "change" Type::Enum(CHANGES), false false "none in an inventory";
    }
    Subscription {
        SubscriptionState "state" Type::Enum(&["Enabled", "Warned", "PastDue", "Disabled", "Deleted"]), true false "A: state";
        SubscriptionTenant "tenant" Type::Name, true false "A: tenantId";
    }
    ManagementGroup {
        ManagementGroupDisplayName "display_name" Type::Name, true true "A: properties.displayName";
        ManagementGroupChildren "children" SCOPES, true false "A: properties.children, and every parent that is stated";
    }
    Resource {
        ResourceType "type" Type::Name, false false "A: type";
        ResourceLocation "location" Type::Name, true true "A: location";
        ResourceKind "kind" Type::String, true true "A: kind (empty is absent)";
        ResourceIdentities "identities" IDENTITIES, true false "A: identity.{type, principalId, userAssignedIdentities}";
        ResourceSystemAssigned "system_assigned" Type::Entity(Noun::SystemAssigned), true true "A: identity.principalId";
        ResourceUserAssigned "user_assigned" Type::List(&Type::Entity(Noun::UserAssigned)), true false "A: identity.userAssignedIdentities";
        ResourceRunsCode "runs_code" Type::Bool, false false "the shipped table of resource types";
    }
    Principal {
        PrincipalId "id" Type::Name, true false "A: principalId; G: id";
        PrincipalName "name" Type::Name, true true "G: userPrincipalName of a user, else displayName; the ARM name of a user-assigned identity";
        PrincipalKind "kind" Type::Enum(&["user", "group", "service_principal", "managed_identity", "missing_principal"]), true false "derived";
        PrincipalGroups "groups" GROUPS, true false "G: transitiveMemberOf";
        PrincipalRoleAssignments "role_assignments" ASSIGNMENTS, true false "derived: held directly or through groups";
        PrincipalDirectRoleAssignments "direct_role_assignments" ASSIGNMENTS, true false "derived";
        PrincipalReach "reach" Type::Entity(Noun::Reach), true false "derived: paths.md";
        PrincipalChange "change" Type::Enum(CHANGES), false false "none in an inventory";
    }
    Reach {
        ReachIdentities "identities" Type::Int, true false "derived: managed identities that it can become";
        ReachScopes "scopes" Type::Int, true false "derived: scopes at which it, or what it controls, holds or can be given something";
        ReachResources "resources" Type::Int, true false "derived: captured resources that it can read or write";
        ReachWritableResources "writable_resources" Type::Int, true false "derived: captured resources that it can write";
        ReachSubscriptions "subscriptions" Type::Int, true false "derived: subscriptions in or above which it holds something";
    }
    ServicePrincipal {
        ServicePrincipalType "type" Type::Enum(&["Application", "ManagedIdentity", "Legacy", "SocialIdp"]), true false "G: servicePrincipalType";
        ServicePrincipalEnabled "enabled" Type::Bool, true false "G: accountEnabled";
        ServicePrincipalAppId "app_id" Type::Name, true false "G: appId";
        ServicePrincipalOwnerTenant "owner_tenant" Type::Name, true true "G: appOwnerOrganizationId";
        ServicePrincipalOwners "owners" PRINCIPALS, true false "G: owners";
        ServicePrincipalCredentials "credentials" CREDENTIALS, true false "G: keyCredentials, passwordCredentials";
        ServicePrincipalLastSignIn "last_sign_in" Type::Date, true true "G: servicePrincipalSignInActivities (beta)";
    }
    ManagedIdentity {
        ManagedIdentityObjectId "object_id" Type::Name, true false "A: properties.principalId";
        ManagedIdentityClientId "client_id" Type::Name, true false "A: properties.clientId; G: appId";
        ManagedIdentityCreated "created" Type::Date, true false "G: createdDateTime";
        ManagedIdentityTags "tags" Type::Map, true false "A: tags of the identity; of the resource for a system-assigned one";
        ManagedIdentitySubscription "subscription" Type::Entity(Noun::Subscription), true false "A: id";
        ManagedIdentityResourceGroup "resource_group" Type::Entity(Noun::ResourceGroup), true true "A: id";
        ManagedIdentityAttachments "attachments" Type::List(&Type::Entity(Noun::Resource)), true false "A: identity blocks of all captured resources";
    }
    UserAssigned {
        UserAssignedFederatedCredentials "federated_credentials" FEDERATED, true false "A: federatedIdentityCredentials";
    }
    SystemAssigned {
        SystemAssignedResource "resource" Type::Entity(Noun::Resource), true false "A: identity.principalId";
        SystemAssignedGrants "grants" NAMES, true false "derived: the set of (role, scope) held directly";
    }
    User {
        UserEnabled "enabled" Type::Bool, true false "G: accountEnabled";
        UserUpn "upn" Type::Name, true false "G: userPrincipalName";
        UserType "type" Type::Enum(&["Member", "Guest"]), true true "G: userType";
        UserCreated "created" Type::Date, true false "G: createdDateTime";
        UserLastSignIn "last_sign_in" Type::Date, true true "G: signInActivity.lastSignInDateTime (P1, AuditLog.Read.All)";
        UserMfaRegistered "mfa_registered" Type::Bool, true false "G: userRegistrationDetails.isMfaRegistered";
        UserOnPremises "on_premises" Type::Bool, true false "G: onPremisesSyncEnabled (null is false)";
        UserExternal "external" Type::Bool, true false "G: #EXT# in userPrincipalName";
        UserDepartment "department" Type::String, true true "G: department";
        UserJobTitle "job_title" Type::String, true true "G: jobTitle";
    }
    Guest {
        GuestInvitedState "invited_state" Type::Enum(&["PendingAcceptance", "Accepted"]), true true "G: externalUserState";
    }
    Group {
        GroupMembers "members" PRINCIPALS, true false "G: transitiveMembers";
        GroupOwners "owners" PRINCIPALS, true false "G: owners";
        GroupSecurity "security" Type::Bool, true false "G: securityEnabled";
        GroupDynamic "dynamic" Type::Bool, true false "G: groupTypes has DynamicMembership";
        GroupRoleAssignable "role_assignable" Type::Bool, true false "G: isAssignableToRole (null is false)";
    }
    MissingPrincipal {
        MissingPrincipalLastKind "last_kind" Type::Enum(&["User", "Group", "ServicePrincipal", "ForeignGroup", "Device", "Unknown"]), true true "A: principalType";
    }
    Application {
        ApplicationId "id" Type::Name, false false "G: id";
        ApplicationAppId "app_id" Type::Name, true false "G: appId";
        ApplicationName "name" Type::Name, true true "G: displayName";
        ApplicationAudience "audience" Type::Enum(&["AzureADMyOrg", "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount"]), true true "G: signInAudience";
        ApplicationOwners "owners" PRINCIPALS, true false "G: owners";
        ApplicationCredentials "credentials" CREDENTIALS, true false "G: keyCredentials, passwordCredentials";
        ApplicationFederatedCredentials "federated_credentials" FEDERATED, true false "G: federatedIdentityCredentials";
        ApplicationChange "change" Type::Enum(CHANGES), false false "none in an inventory";
    }
    RoleAssignment {
        AssignmentId "id" Type::Name, false false "A: id";
        AssignmentName "name" Type::Name, false false "A: name";
        AssignmentRole "role" Type::Entity(Noun::RoleDefinition), true false "A: properties.roleDefinitionId";
        AssignmentScope "scope" Type::Entity(Noun::Scope), false false "A: properties.scope";
        AssignmentAssignee "assignee" Type::Entity(Noun::Principal), true false "A: properties.principalId";
        AssignmentAssigneeType "assignee_type" Type::Enum(&["User", "Group", "ServicePrincipal", "ForeignGroup", "Device", "Unknown"]), true false "A: principalType";
        AssignmentState "state" Type::Enum(&["active", "eligible"]), false false "A: roleAssignments or roleEligibilityScheduleInstances";
        AssignmentActivated "activated" Type::Bool, true false "A: roleAssignmentScheduleInstances.assignmentType is Activated";
        AssignmentStart "start" Type::Date, true false "A: scheduleInstances.startDateTime";
        AssignmentEnd "end" Type::Date, true true "A: scheduleInstances.endDateTime; absent is permanent";
        AssignmentCreated "created" Type::Date, true true "A: createdOn";
        AssignmentUpdated "updated" Type::Date, true true "A: updatedOn";
        AssignmentCreatedBy "created_by" Type::Entity(Noun::Principal), true true "A: createdBy";
        AssignmentCondition "condition" Type::String, true true "A: condition";
        AssignmentDescription "description" Type::String, true true "A: description";
        AssignmentChange "change" Type::Enum(CHANGES), false false "none in an inventory";
    }
    RoleDefinition {
        RoleId "id" Type::Name, false false "A: name, the GUID";
        RoleName "name" Type::Name, true false "A: properties.roleName";
        RoleType "type" Type::Enum(&["BuiltInRole", "CustomRole"]), true false "A: properties.type (az: roleType)";
        RoleActions "actions" NAMES, true false "A: properties.permissions[].actions";
        RoleNotActions "not_actions" NAMES, true false "A: properties.permissions[].notActions";
        RoleDataActions "data_actions" NAMES, true false "A: properties.permissions[].dataActions";
        RoleNotDataActions "not_data_actions" NAMES, true false "A: properties.permissions[].notDataActions";
        RoleCondition "condition" Type::String, true true "A: properties.permissions[].condition (2022-05-01-preview and later)";
        RoleAssignableScopes "assignable_scopes" SCOPES, true false "A: properties.assignableScopes";
        RoleAssignmentsOf "assignments" ASSIGNMENTS, true false "derived";
        RoleChange "change" Type::Enum(CHANGES), false false "none in an inventory";
    }
    FederatedCredential {
        FederatedName "name" Type::Name, true false "A/G: name";
        FederatedIssuer "issuer" Type::String, true false "A/G: issuer";
        FederatedIssuerHost "issuer_host" Type::Name, true false "derived: the host of issuer";
        FederatedSubject "subject" Type::String, true true "A/G: subject; absent for a flexible credential";
        FederatedAudiences "audiences" Type::List(&Type::String), true false "A/G: audiences";
        FederatedIdentity "identity" Type::Entity(Noun::Principal), true false "A: the user-assigned identity; G: the application";
        FederatedClaimsExpression "claims_expression" Type::String, true true "G: claimsMatchingExpression.value";
        FederatedChange "change" Type::Enum(CHANGES), false false "none in an inventory";
    }
    Credential {
        CredentialKind "kind" Type::Enum(&["password", "certificate"]), false false "G: passwordCredentials or keyCredentials";
        CredentialName "name" Type::Name, true true "G: displayName";
        CredentialStarts "starts" Type::Date, true true "G: startDateTime";
        CredentialExpires "expires" Type::Date, true false "G: endDateTime";
        CredentialOwner "owner" Type::Entity(Noun::Application), false false "G: the application or service principal";
        CredentialChange "change" Type::Enum(CHANGES), false false "none in an inventory";
    }
    DenyAssignment {
        DenyId "id" Type::Name, false false "A: id";
        DenyName "name" Type::Name, true true "A: properties.denyAssignmentName";
        DenyScope "scope" Type::Entity(Noun::Scope), true false "A: properties.scope";
        DenyActions "actions" NAMES, true false "A: properties.permissions[].actions";
        DenyNotActions "not_actions" NAMES, true false "A: properties.permissions[].notActions";
        DenyDataActions "data_actions" NAMES, true false "A: properties.permissions[].dataActions";
        DenyNotDataActions "not_data_actions" NAMES, true false "A: properties.permissions[].notDataActions";
        DenyPrincipals "principals" PRINCIPALS, true false "A: properties.principals";
        DenyExcludePrincipals "exclude_principals" PRINCIPALS, true false "A: properties.excludePrincipals";
        DenyEffect "effect" Type::Enum(&["enforced", "audit"]), true false "A: properties.denyAssignmentEffect";
        DenyAppliesToChildren "applies_to_children" Type::Bool, true false "A: not properties.doNotApplyToChildScopes";
        DenyChange "change" Type::Enum(CHANGES), false false "none in an inventory";
    }
    PolicyAssignment {
        PolicyId "id" Type::Name, false false "A: id";
        PolicyName "name" Type::Name, true true "A: properties.displayName, else name";
        PolicyScope "scope" Type::Entity(Noun::Scope), true false "A: properties.scope";
        PolicyIdentities "identities" IDENTITIES, true false "A: identity";
        PolicyEffect "effect" Type::Name, true true "A: properties.enforcementMode, properties.parameters.effect";
        PolicyChange "change" Type::Enum(CHANGES), false false "none in an inventory";
    }
}

impl Attr {
    /// Its row of the schema.
    pub fn attribute(self) -> &'static Attribute {
        &ATTRIBUTES[self as usize]
    }
}

/// The attribute that a noun, or the nearest wider one, has under that name.
pub fn attribute(noun: Noun, name: &str) -> Option<&'static Attribute> {
    let mut at = Some(noun);
    while let Some(n) = at {
        if let Some(found) = ATTRIBUTES.iter().find(|a| a.noun == n && a.name == name) {
            return Some(found);
        }
        at = n.parent();
    }
    None
}

/// The names of a noun's attributes, its own first.
pub fn attribute_names(noun: Noun) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = vec![];
    let mut at = Some(noun);
    while let Some(n) = at {
        for a in ATTRIBUTES.iter().filter(|a| a.noun == n) {
            if !names.contains(&a.name) {
                names.push(a.name);
            }
        }
        at = n.parent();
    }
    names
}
