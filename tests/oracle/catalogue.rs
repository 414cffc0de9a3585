//! The built-in roles that generated policies and tenants speak of: facts read from the role data that azure-facts.md 3 names.

use super::model::{Block, RoleDefinition};

pub(crate) const OWNER: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
pub(crate) const CONTRIBUTOR: &str = "b24988ac-6180-42a0-ab88-20f7382dd24c";
pub(crate) const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
pub(crate) const USER_ACCESS_ADMINISTRATOR: &str = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9";
pub(crate) const RBAC_ADMINISTRATOR: &str = "f58310d9-a9f6-439a-9e8d-f62e7b41a168";
pub(crate) const KEY_VAULT_READER: &str = "21090545-7ca7-4776-b22c-e363652d74d2";
pub(crate) const KEY_VAULT_SECRETS_USER: &str = "4633458b-17de-408a-b874-0445c86b69e6";
pub(crate) const BLOB_READER: &str = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
pub(crate) const BLOB_CONTRIBUTOR: &str = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
pub(crate) const IDENTITY_OPERATOR: &str = "f1a07417-d97a-45cb-824c-7a7467783830";
pub(crate) const IDENTITY_CONTRIBUTOR: &str = "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59";

fn strings(all: &[&str]) -> Vec<String> {
    all.iter().map(|s| (*s).to_owned()).collect()
}

/// A built-in role of one permission block.
fn built_in(guid: &str, name: &str, plus: &[&str], minus: &[&str], data: &[&str]) -> RoleDefinition {
    RoleDefinition {
        guid: guid.to_owned(),
        name: name.to_owned(),
        custom: false,
        blocks: vec![Block {
            actions: strings(plus),
            not_actions: strings(minus),
            data_actions: strings(data),
            not_data_actions: vec![],
            limit: None,
        }],
        assignable_scopes: strings(&["/"]),
    }
}

/// Every one that the oracle knows.
pub(crate) fn built_ins() -> Vec<RoleDefinition> {
    vec![
        built_in(OWNER, "Owner", &["*"], &[], &[]),
        built_in(
            CONTRIBUTOR,
            "Contributor",
            &["*"],
            &[
                "Microsoft.Authorization/*/Delete",
                "Microsoft.Authorization/*/Write",
                "Microsoft.Authorization/elevateAccess/Action",
                "Microsoft.Blueprint/blueprintAssignments/write",
                "Microsoft.Blueprint/blueprintAssignments/delete",
                "Microsoft.Compute/galleries/share/action",
                "Microsoft.Purview/consents/write",
                "Microsoft.Purview/consents/delete",
                "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
                "Microsoft.Subscription/cancel/action",
                "Microsoft.Subscription/enable/action",
            ],
            &[],
        ),
        built_in(READER, "Reader", &["*/read"], &[], &[]),
        built_in(
            USER_ACCESS_ADMINISTRATOR,
            "User Access Administrator",
            &["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"],
            &[],
            &[],
        ),
        built_in(
            RBAC_ADMINISTRATOR,
            "Role Based Access Control Administrator",
            &[
                "Microsoft.Authorization/roleAssignments/write",
                "Microsoft.Authorization/roleAssignments/delete",
                "*/read",
                "Microsoft.Support/*",
            ],
            &[],
            &[],
        ),
        built_in(
            KEY_VAULT_READER,
            "Key Vault Reader",
            &[
                "Microsoft.Authorization/*/read",
                "Microsoft.Insights/alertRules/*",
                "Microsoft.Resources/subscriptions/resourceGroups/read",
                "Microsoft.Support/*",
                "Microsoft.KeyVault/checkNameAvailability/read",
                "Microsoft.KeyVault/deletedVaults/read",
                "Microsoft.KeyVault/locations/*/read",
                "Microsoft.KeyVault/vaults/*/read",
                "Microsoft.KeyVault/operations/read",
            ],
            &[],
            &["Microsoft.KeyVault/vaults/*/read", "Microsoft.KeyVault/vaults/secrets/readMetadata/action"],
        ),
        built_in(
            KEY_VAULT_SECRETS_USER,
            "Key Vault Secrets User",
            &[],
            &[],
            &[
                "Microsoft.KeyVault/vaults/secrets/getSecret/action",
                "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
            ],
        ),
        built_in(
            BLOB_READER,
            "Storage Blob Data Reader",
            &[
                "Microsoft.Storage/storageAccounts/blobServices/containers/read",
                "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
            ],
            &[],
            &["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"],
        ),
        built_in(
            BLOB_CONTRIBUTOR,
            "Storage Blob Data Contributor",
            &[
                "Microsoft.Storage/storageAccounts/blobServices/containers/delete",
                "Microsoft.Storage/storageAccounts/blobServices/containers/read",
                "Microsoft.Storage/storageAccounts/blobServices/containers/write",
                "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
            ],
            &[],
            &[
                "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete",
                "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
                "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
                "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/move/action",
                "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action",
            ],
        ),
        built_in(
            IDENTITY_OPERATOR,
            "Managed Identity Operator",
            &[
                "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
                "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
                "Microsoft.Authorization/*/read",
                "Microsoft.Insights/alertRules/*",
                "Microsoft.Resources/subscriptions/resourceGroups/read",
                "Microsoft.Resources/deployments/*",
                "Microsoft.Support/*",
            ],
            &[],
            &[],
        ),
        built_in(
            IDENTITY_CONTRIBUTOR,
            "Managed Identity Contributor",
            &[
                "Microsoft.ManagedIdentity/userAssignedIdentities/read",
                "Microsoft.ManagedIdentity/userAssignedIdentities/write",
                "Microsoft.ManagedIdentity/userAssignedIdentities/delete",
                "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read",
                "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write",
                "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/delete",
                "Microsoft.ManagedIdentity/userAssignedIdentities/revokeTokens/action",
                "Microsoft.Authorization/*/read",
                "Microsoft.Insights/alertRules/*",
                "Microsoft.Resources/subscriptions/resourceGroups/read",
                "Microsoft.Resources/deployments/*",
                "Microsoft.Support/*",
            ],
            &[],
            &[],
        ),
    ]
}

/// Every built-in role of a file in the shape of `az role definition list`.
pub(crate) fn read(list: &serde_json::Value) -> Vec<RoleDefinition> {
    let strings = |value: &serde_json::Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|s| s.as_str()).map(str::to_owned).collect()
    };
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().trim().to_owned();
    let block = |block: &serde_json::Value| Block {
        actions: strings(&block["actions"]),
        not_actions: strings(&block["notActions"]),
        data_actions: strings(&block["dataActions"]),
        not_data_actions: strings(&block["notDataActions"]),
        limit: None,
    };
    let role = |role: &serde_json::Value| RoleDefinition {
        guid: text(&role["name"]).to_lowercase(),
        name: text(&role["roleName"]),
        custom: false,
        blocks: role["permissions"].as_array().into_iter().flatten().map(block).collect(),
        assignable_scopes: strings(&role["assignableScopes"]),
    };
    list.as_array().into_iter().flatten().map(role).collect()
}

/// The oracle's own reading of the capability sets that generated policies use.
pub(crate) fn capability(name: &str) -> Option<Vec<String>> {
    let actions: &[&str] = match name {
        "access-management" => &[
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/roleDefinitions/write",
            "Microsoft.Authorization/elevateAccess/action",
        ],
        "identity-assignment" => &["Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"],
        "identity-federation" => {
            &["Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write"]
        }
        "secret-read" => &["Microsoft.KeyVault/vaults/secrets/getSecret/action"],
        _ => return None,
    };
    Some(strings(actions))
}
