//! What was captured of a tenant, as plain rows: ids in lower case, one `Vec` per collection of inputs.md 14.

use super::conditions::Condition;
use std::collections::BTreeMap;

/// A value of a captured record: given, given as null, or not given at all.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stated<T> {
    Is(T),
    Null,
    Unsaid,
}

impl<T> Stated<T> {
    pub(crate) fn is(&self) -> Option<&T> {
        match self {
            Stated::Is(value) => Some(value),
            Stated::Null | Stated::Unsaid => None,
        }
    }
}

/// How much of a collection the inventory holds (inputs.md 13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coverage {
    /// Declared complete.
    Complete,
    /// Present, and declared partial.
    Partial,
    /// Present, and nothing is said: as good as partial.
    Undeclared,
    /// Its key is absent.
    Absent,
}

pub(crate) const ROLE_ASSIGNMENTS: &str = "roleAssignments";
pub(crate) const ELIGIBLE: &str = "roleEligibilityScheduleInstances";
pub(crate) const SCHEDULES: &str = "roleAssignmentScheduleInstances";
pub(crate) const ROLE_DEFINITIONS: &str = "roleDefinitions";
pub(crate) const SUBSCRIPTIONS: &str = "subscriptions";
pub(crate) const MANAGEMENT_GROUPS: &str = "managementGroups";
pub(crate) const RESOURCE_GROUPS: &str = "resourceGroups";
pub(crate) const RESOURCES: &str = "resources";
pub(crate) const IDENTITIES: &str = "identities";
pub(crate) const FEDERATED: &str = "federatedCredentials";
pub(crate) const USERS: &str = "users";
pub(crate) const GROUPS: &str = "groups";
pub(crate) const MEMBERSHIPS: &str = "groupMemberships";
pub(crate) const SERVICE_PRINCIPALS: &str = "servicePrincipals";
pub(crate) const APPLICATIONS: &str = "applications";
pub(crate) const APPLICATION_OWNERS: &str = "applicationOwners";
pub(crate) const GROUP_OWNERS: &str = "groupOwners";
pub(crate) const SERVICE_PRINCIPAL_OWNERS: &str = "servicePrincipalOwners";
pub(crate) const DENY_ASSIGNMENTS: &str = "denyAssignments";
pub(crate) const POLICY_ASSIGNMENTS: &str = "policyAssignments";

pub(crate) const COLLECTIONS: [&str; 16] = [
    ROLE_ASSIGNMENTS,
    ELIGIBLE,
    SCHEDULES,
    ROLE_DEFINITIONS,
    SUBSCRIPTIONS,
    MANAGEMENT_GROUPS,
    RESOURCE_GROUPS,
    RESOURCES,
    IDENTITIES,
    FEDERATED,
    USERS,
    GROUPS,
    MEMBERSHIPS,
    SERVICE_PRINCIPALS,
    APPLICATIONS,
    APPLICATION_OWNERS,
];

/// Those that only paths ask about.
pub(crate) const PATH_COLLECTIONS: [&str; 4] =
    [GROUP_OWNERS, SERVICE_PRINCIPAL_OWNERS, DENY_ASSIGNMENTS, POLICY_ASSIGNMENTS];

/// Seconds since 1970, UTC.
pub(crate) type Instant = i64;
pub(crate) const DAY: i64 = 86_400;

pub(crate) type Tags = Stated<BTreeMap<String, String>>;

#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub guid: String,
    pub name: String,
    /// The name of its management group.
    pub management_group: Stated<String>,
    pub tags: Tags,
}

#[derive(Clone, Debug)]
pub(crate) struct ManagementGroup {
    pub name: String,
    /// The name of its parent; null at the top.
    pub parent: Stated<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct ResourceGroup {
    pub id: String,
    pub tags: Tags,
}

#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub id: String,
    pub location: String,
    pub kind: Stated<String>,
    pub tags: Tags,
    /// Null where the resource carries no identity.
    pub identity: Stated<IdentityBlock>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct IdentityBlock {
    /// The object id of the system-assigned identity.
    pub system: Option<String>,
    /// (ARM id, object id) of each user-assigned identity.
    pub user_assigned: Vec<(String, String)>,
}

/// A user-assigned identity.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub id: String,
    pub principal: String,
    pub client: String,
    pub tags: Tags,
    pub location: String,
    /// The providers, or types, that may carry it; all where empty.
    pub providers: Vec<String>,
    /// Whether only hosts of its region may.
    pub regional: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct User {
    pub id: String,
    pub display_name: Stated<String>,
    pub upn: Stated<String>,
    pub enabled: Stated<bool>,
    pub user_type: Stated<String>,
    pub created: Stated<Instant>,
    pub last_sign_in: Stated<Instant>,
    pub department: Stated<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub id: String,
    pub name: Stated<String>,
    pub security: Stated<bool>,
    pub role_assignable: Stated<bool>,
}

#[derive(Clone, Debug)]
pub(crate) struct Membership {
    pub group: String,
    pub member: String,
    pub member_type: String,
}

#[derive(Clone, Debug)]
pub(crate) struct ServicePrincipal {
    pub id: String,
    pub app_id: String,
    pub name: Stated<String>,
    pub sp_type: Stated<String>,
    pub enabled: Stated<bool>,
    /// `isExplicit=...` and the ARM id, for a managed identity.
    pub alternative_names: Stated<Vec<String>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub id: String,
    pub app_id: Stated<String>,
    pub name: Stated<String>,
    pub passwords: Stated<Vec<Secret>>,
    pub keys: Stated<Vec<Secret>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Secret {
    pub key_id: String,
    pub name: Stated<String>,
    pub starts: Stated<Instant>,
    pub expires: Stated<Instant>,
}

#[derive(Clone, Debug)]
pub(crate) struct ApplicationOwner {
    pub application: String,
    pub owner: String,
}

#[derive(Clone, Debug)]
pub(crate) struct GroupOwner {
    pub group: String,
    pub owner: String,
}

#[derive(Clone, Debug)]
pub(crate) struct ServicePrincipalOwner {
    pub service_principal: String,
    pub owner: String,
}

#[derive(Clone, Debug)]
pub(crate) struct DenyAssignment {
    pub id: String,
    pub scope: String,
    pub blocks: Vec<Block>,
    /// Object ids; `EVERYONE` is everyone.
    pub principals: Vec<String>,
    pub excluded: Vec<String>,
    pub audit: bool,
    /// Whether it stops at its scope.
    pub not_children: bool,
}

pub(crate) const EVERYONE: &str = "00000000-0000-0000-0000-000000000000";

#[derive(Clone, Debug)]
pub(crate) struct PolicyAssignment {
    pub id: String,
    pub scope: String,
    /// The id of the definition, or set, that it assigns.
    pub definition: String,
    pub identity: Option<IdentityBlock>,
}

/// A role assignment, active or eligible.
#[derive(Clone, Debug)]
pub(crate) struct Assignment {
    pub id: String,
    /// The GUID of the role.
    pub role: String,
    pub scope: String,
    pub principal: String,
    pub principal_type: Stated<String>,
    pub eligible: bool,
    /// Of an eligible one only: an active one's are in its schedule instance.
    pub start: Stated<Instant>,
    pub end: Stated<Instant>,
    pub created: Stated<Instant>,
    pub created_by: Stated<String>,
    pub condition: Stated<String>,
    /// What the condition says, where that is known without reading it.
    pub limit: Option<Condition>,
}

/// What PIM knows of an active assignment.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    /// The GUID of the assignment that it belongs to.
    pub assignment: String,
    pub activated: bool,
    pub start: Stated<Instant>,
    pub end: Stated<Instant>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Block {
    pub actions: Vec<String>,
    pub not_actions: Vec<String>,
    pub data_actions: Vec<String>,
    pub not_data_actions: Vec<String>,
    pub limit: Option<Condition>,
}

#[derive(Clone, Debug)]
pub(crate) struct RoleDefinition {
    pub guid: String,
    pub name: String,
    pub custom: bool,
    pub blocks: Vec<Block>,
    pub assignable_scopes: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct FederatedCredential {
    pub name: String,
    /// The ARM id of the user-assigned identity.
    pub identity: String,
    pub issuer: String,
    pub subject: Stated<String>,
    pub audiences: Vec<String>,
}

/// One captured tenant.
#[derive(Clone, Debug)]
pub(crate) struct Tenant {
    pub guid: String,
    /// When it was captured: `today`.
    pub time: Instant,
    pub coverage: BTreeMap<&'static str, Coverage>,
    pub subscriptions: Vec<Subscription>,
    pub management_groups: Vec<ManagementGroup>,
    pub resource_groups: Vec<ResourceGroup>,
    pub resources: Vec<Resource>,
    pub identities: Vec<Identity>,
    pub users: Vec<User>,
    pub groups: Vec<Group>,
    pub memberships: Vec<Membership>,
    pub service_principals: Vec<ServicePrincipal>,
    pub applications: Vec<Application>,
    pub application_owners: Vec<ApplicationOwner>,
    /// Active and eligible ones.
    pub assignments: Vec<Assignment>,
    pub schedules: Vec<Schedule>,
    pub role_definitions: Vec<RoleDefinition>,
    pub federated: Vec<FederatedCredential>,
    pub group_owners: Vec<GroupOwner>,
    pub service_principal_owners: Vec<ServicePrincipalOwner>,
    pub deny_assignments: Vec<DenyAssignment>,
    pub policy_assignments: Vec<PolicyAssignment>,
}

impl Tenant {
    pub(crate) fn empty() -> Tenant {
        Tenant {
            guid: "7e000000-0000-4000-8000-000000000000".to_owned(),
            time: 0,
            coverage: COLLECTIONS.iter().map(|name| (*name, Coverage::Complete)).collect(),
            subscriptions: vec![],
            management_groups: vec![],
            resource_groups: vec![],
            resources: vec![],
            identities: vec![],
            users: vec![],
            groups: vec![],
            memberships: vec![],
            service_principals: vec![],
            applications: vec![],
            application_owners: vec![],
            assignments: vec![],
            schedules: vec![],
            role_definitions: vec![],
            federated: vec![],
            group_owners: vec![],
            service_principal_owners: vec![],
            deny_assignments: vec![],
            policy_assignments: vec![],
        }
    }

    /// With a row for each application that only an owner speaks of.
    pub(crate) fn with_mentioned_applications(&self) -> Tenant {
        let mut t = self.clone();
        for owner in &self.application_owners {
            if !t.applications.iter().any(|x| x.id == owner.application) {
                t.applications.push(Application {
                    id: owner.application.clone(),
                    app_id: Stated::Unsaid,
                    name: Stated::Unsaid,
                    passwords: Stated::Unsaid,
                    keys: Stated::Unsaid,
                });
            }
        }
        t
    }

    /// Whether nothing of the collection can be missing.
    pub(crate) fn complete(&self, collection: &str) -> bool {
        self.coverage.get(collection) == Some(&Coverage::Complete)
    }
}
