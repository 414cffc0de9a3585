use super::truth::Missing;

macro_rules! collections {
    ($($variant:ident $key:literal $what:literal $command:literal),* $(,)?) => {
        /// The collections of a capture, in the order of the inventory document.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Collection { $(#[doc = $what] $variant),* }
        impl Collection {
            /// Every collection.
            pub const ALL: &'static [Collection] = &[$(Collection::$variant),*];
            /// Its key in the inventory document.
            pub fn key(self) -> &'static str { match self { $(Collection::$variant => $key),* } }
            /// What it holds, in words.
            pub fn what(self) -> &'static str { match self { $(Collection::$variant => $what),* } }
            /// The command that captures it (of each subscription or object where `<...>` stands for one).
            pub fn command(self) -> &'static str { match self { $(Collection::$variant => $command),* } }
        }
    };
}

collections! {
    RoleAssignments "roleAssignments" "role assignments"
        "az role assignment list --all --output json > roleAssignments.json",
    RoleDefinitions "roleDefinitions" "role definitions"
        "az role definition list --output json > roleDefinitions.json",
    RoleAssignmentScheduleInstances "roleAssignmentScheduleInstances" "active assignments as PIM sees them (activated, start, end)"
        "az rest --method get --url 'https://management.azure.com/subscriptions/<id>/providers/Microsoft.Authorization/roleAssignmentScheduleInstances?api-version=2020-10-01' > roleAssignmentScheduleInstances.json",
    RoleEligibilityScheduleInstances "roleEligibilityScheduleInstances" "eligible assignments (PIM)"
        "az rest --method get --url 'https://management.azure.com/subscriptions/<id>/providers/Microsoft.Authorization/roleEligibilityScheduleInstances?api-version=2020-10-01' > roleEligibilityScheduleInstances.json",
    DenyAssignments "denyAssignments" "deny assignments"
        "az rest --method get --url 'https://management.azure.com/subscriptions/<id>/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01' > denyAssignments.json",
    PolicyAssignments "policyAssignments" "policy assignments"
        "az policy assignment list --disable-scope-strict-match --output json > policyAssignments.json",
    Identities "identities" "user-assigned managed identities"
        "az identity list --output json > identities.json",
    FederatedCredentials "federatedCredentials" "federated identity credentials"
        "az identity federated-credential list --identity-name <name> --resource-group <group> --output json > federatedCredentials.json",
    Resources "resources" "resources"
        "az resource list --output json > resources.json",
    ResourceGroups "resourceGroups" "resource groups"
        "az group list --output json > resourceGroups.json",
    Subscriptions "subscriptions" "subscriptions"
        "az account list --all --output json > subscriptions.json",
    ManagementGroups "managementGroups" "management groups"
        "az account management-group show --name <tenant id> --expand --recurse --output json > managementGroups.json",
    Users "users" "users"
        "az ad user list --output json > users.json",
    Groups "groups" "groups"
        "az ad group list --output json > groups.json",
    // From beta: v1.0 leaves service principals, and so managed identities, out (learn.microsoft.com/graph/api/group-list-members).
    GroupMemberships "groupMemberships" "members of groups"
        "az rest --method get --url 'https://graph.microsoft.com/beta/groups/<id>/members' > groupMembers/<id>.json",
    GroupOwners "groupOwners" "owners of groups"
        "az rest --method get --url 'https://graph.microsoft.com/beta/groups/<id>/owners' > groupOwners/<id>.json",
    ServicePrincipals "servicePrincipals" "service principals"
        "az ad sp list --all --output json > servicePrincipals.json",
    Applications "applications" "application registrations"
        "az ad app list --all --output json > applications.json",
    ApplicationOwners "applicationOwners" "owners of applications"
        "az rest --method get --url 'https://graph.microsoft.com/v1.0/applications/<id>/owners' > applicationOwners/<id>.json",
    ServicePrincipalOwners "servicePrincipalOwners" "owners of service principals"
        "az rest --method get --url 'https://graph.microsoft.com/v1.0/servicePrincipals/<id>/owners' > servicePrincipalOwners/<id>.json",
    DirectoryRoleAssignments "directoryRoleAssignments" "Microsoft Entra role assignments"
        "az rest --method get --url 'https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments' > directoryRoleAssignments.json",
    AppRoleAssignments "appRoleAssignments" "app role assignments"
        "az rest --method get --url 'https://graph.microsoft.com/v1.0/servicePrincipals/<id>/appRoleAssignedTo' > appRoleAssignments.json",
    DeletedObjects "deletedObjects" "deleted directory objects"
        "az rest --method get --url 'https://graph.microsoft.com/v1.0/directory/deletedItems/microsoft.graph.user' > deletedObjects.json",
    Lighthouse "lighthouse" "Azure Lighthouse delegations"
        "az managedservices assignment list --include-definition true --output json > lighthouse.json",
}

impl Collection {
    /// The collection of that key, with letter case as written in the inventory document.
    pub fn from_key(key: &str) -> Option<Collection> {
        Collection::ALL.iter().copied().find(|c| c.key() == key)
    }
}

/// A set of collections.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, PartialOrd, Ord, Hash)]
pub struct Collections(u32);

impl Collections {
    pub(super) fn from_bits(bits: u32) -> Self {
        Collections(bits)
    }
    pub(super) fn bits(self) -> u32 {
        self.0
    }
    /// The set with that one as well.
    #[must_use]
    pub fn with(self, collection: Collection) -> Self {
        Collections(self.0 | 1 << collection as u32)
    }
    /// Whether it is in the set.
    pub fn has(self, collection: Collection) -> bool {
        self.0 & (1 << collection as u32) != 0
    }
    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// In the order of the inventory document.
    pub fn iter(self) -> impl Iterator<Item = Collection> {
        Collection::ALL.iter().copied().filter(move |&c| self.has(c))
    }
}

/// How much of a collection was captured.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Extent {
    /// Nothing of it was looked at.
    #[default]
    NotCaptured,
    /// Something of it, or nobody says that it is all.
    Partial,
    /// All of it.
    Complete,
}

impl Extent {
    /// As it is written in reports.
    pub fn word(self) -> &'static str {
        match self {
            Extent::NotCaptured => "not captured",
            Extent::Partial => "partial",
            Extent::Complete => "complete",
        }
    }
}

/// How much of every collection was captured, and who says so.
#[derive(Clone, Debug)]
pub struct Coverage {
    extent: [Extent; Collection::ALL.len()],
    reason: Vec<String>,
}

impl Default for Coverage {
    fn default() -> Self {
        Coverage {
            extent: [Extent::NotCaptured; Collection::ALL.len()],
            reason: vec![String::new(); Collection::ALL.len()],
        }
    }
}

impl Coverage {
    /// States the extent of a collection and who says so (`declared in capture`, `page 2 of 3 is missing`, ...).
    pub fn set(&mut self, collection: Collection, extent: Extent, reason: impl Into<String>) {
        self.extent[collection as usize] = extent;
        self.reason[collection as usize] = reason.into();
    }

    /// How much was captured.
    pub fn extent(&self, collection: Collection) -> Extent {
        self.extent[collection as usize]
    }

    /// Who says so; may be empty.
    pub fn reason(&self, collection: Collection) -> &str {
        &self.reason[collection as usize]
    }

    /// Whether all of it was captured.
    pub fn is_complete(&self, collection: Collection) -> bool {
        self.extent(collection) == Extent::Complete
    }

    /// What is missing of those collections: nothing where all are complete.
    pub fn missing(&self, collections: &[Collection]) -> Missing {
        collections
            .iter()
            .filter(|&&c| !self.is_complete(c))
            .fold(Missing::NONE, |all, &c| all.and(Missing::collection(c)))
    }
}
