use dictum::azure::permission::{self, Plane};
use dictum::azure::roles::{self, BuiltInRole, Entry};
use dictum::azure::{Block, Guid};

fn role(name: &str) -> BuiltInRole {
    roles::by_name(name).unwrap_or_else(|| panic!("{name} is not in the catalogue"))
}

#[test]
fn the_catalogue_is_in_its_written_form() {
    let entries = roles::iter().map(|role| Entry {
        guid: role.guid(),
        name: role.name(),
        blocks: role.blocks(),
        assignable_scopes: role.assignable_scopes(),
    });
    let stored = include_str!("../../src/azure/data/roles.txt");
    let head: Vec<&str> = stored.lines().map_while(|line| line.strip_prefix("# ")).collect();
    assert_eq!(roles::write(&head.join("\n"), entries.collect()), stored);
    assert_eq!(roles::iter().len(), 929);
    assert!(roles::source().contains("2026-08-22"), "{}", roles::source());
}

/// Every role of the data set that the catalogue was made from, where that is at hand.
#[test]
fn all_928_roles_of_the_data_set_are_in_the_catalogue() {
    let file = "../shared/inputs/arm-rest/role-definitions/iam-dataset/built-in-roles-raw.json";
    let Ok(text) = std::fs::read_to_string(file) else {
        println!("0 files covered: ../shared is not here");
        return;
    };
    let definitions: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    for definition in &definitions {
        let role = roles::by_guid(Guid::parse(definition["name"].as_str().unwrap()).unwrap()).unwrap();
        assert_eq!(role.name(), definition["roleName"].as_str().unwrap().trim());
        let mut blocks = role.blocks().into_iter();
        for captured in definition["permissions"].as_array().unwrap() {
            let sorted = |key: &str| {
                let list = captured[key].as_array().unwrap().iter();
                let mut list: Vec<&str> = list.map(|action| action.as_str().unwrap().trim()).collect();
                list.sort_unstable();
                list.dedup();
                list
            };
            let expected = Block {
                actions: sorted("actions"),
                not_actions: sorted("notActions"),
                data_actions: sorted("dataActions"),
                not_data_actions: sorted("notDataActions"),
                condition: captured["condition"].as_str(),
            };
            if expected != Block::default() {
                assert_eq!(blocks.next(), Some(expected), "{}", role.name());
            }
        }
        assert_eq!(blocks.next(), None, "{}", role.name());
    }
    println!("1 file covered, {} roles", definitions.len());
}

#[test]
fn roles_are_found_by_guid_and_by_name() {
    let owner = role(" owner ");
    assert_eq!(owner.guid().to_string(), "8e3af657-a8ff-443c-a75c-2fe8c4bcb635");
    assert_eq!(roles::by_guid(owner.guid()).map(BuiltInRole::name), Some("Owner"));
    assert_eq!(owner.blocks(), [Block { actions: vec!["*"], ..Block::default() }]);
    assert_eq!(role("Azure Arc VMware Administrator role ").name(), "Azure Arc VMware Administrator role");
    assert_eq!(role("Reservations Administrator").assignable_scopes(), ["/providers/Microsoft.Capacity"]);
    assert!(roles::by_name("Owners").is_none());
    assert!(roles::by_guid(Guid::ZERO).is_none());
}

/// Roles that documents and policies name, and their GUIDs (azure-facts 3).
#[test]
fn well_known_roles() {
    for (guid, name) in [
        ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner"),
        ("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor"),
        ("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader"),
        ("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator"),
        ("f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator"),
        ("e40ec5ca-96e0-45a2-b4ff-59039f2c2b59", "Managed Identity Contributor"),
        ("f1a07417-d97a-45cb-824c-7a7467783830", "Managed Identity Operator"),
        (
            "7e559ce2-48d7-4b27-9128-fa1b247f1308",
            "Managed Identity Federated Identity Credential Contributor",
        ),
        ("9980e02c-c2be-4d73-94e8-173b1dc7cf3c", "Virtual Machine Contributor"),
        ("1c0163c0-47e6-4577-8991-ea5c82e286e4", "Virtual Machine Administrator Login"),
        ("fb879df8-f326-4884-b1cf-06f3ad86be52", "Virtual Machine User Login"),
        ("4f8fab4f-1852-4a58-a46a-8eaf358af14a", "Avere Contributor"),
        ("87a39d53-fc1b-424a-814c-f7e04687dc9e", "Logic App Contributor"),
        ("515c2055-d9d4-4321-b1b9-bd0c9a0f79fe", "Logic App Operator"),
        ("de139f84-1756-47ae-9be6-808fbbe84772", "Website Contributor"),
        ("f353d9bd-d4a6-484e-a77a-8050b599b867", "Automation Contributor"),
        ("d3881f73-407a-4167-8283-e981cbba0404", "Automation Operator"),
        ("4fe576fe-1146-4730-92eb-48519fa6bf9f", "Automation Job Operator"),
        ("5fb5aef8-1081-4b8e-bb16-9d5d0385bab5", "Automation Runbook Operator"),
        ("00482a5a-887f-4fb3-b363-3b7fe8e74483", "Key Vault Administrator"),
        ("f25e0fa2-a7c8-4377-a976-54943a77a395", "Key Vault Contributor"),
        ("b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "Key Vault Secrets Officer"),
        ("4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User"),
        ("8b54135c-b56d-4d72-a534-26097cfdc8d8", "Key Vault Data Access Administrator"),
        ("21090545-7ca7-4776-b22c-e363652d74d2", "Key Vault Reader"),
        ("14b46e9e-c2b7-41b4-b07b-48a6ebf60603", "Key Vault Crypto Officer"),
        ("b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Storage Blob Data Owner"),
        ("ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor"),
        ("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader"),
        ("17d1049b-9a84-46fb-8f53-869881c3d3ab", "Storage Account Contributor"),
        ("0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8", "Azure Kubernetes Service Cluster Admin Role"),
        ("4abbcc35-e782-43d8-92c5-2d3f1bd2253f", "Azure Kubernetes Service Cluster User Role"),
        ("ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8", "Azure Kubernetes Service Contributor Role"),
        ("b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b", "Azure Kubernetes Service RBAC Cluster Admin"),
        ("3498e952-d568-435e-9b2c-8d77e338d7f7", "Azure Kubernetes Service RBAC Admin"),
        ("a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb", "Azure Kubernetes Service RBAC Writer"),
        ("5d977122-f97e-4b4d-a52f-6b43003ddb4d", "Azure Container Instances Contributor Role"),
        ("358470bc-b998-42bd-ab17-a7e34c199c0f", "Container Apps Contributor"),
        ("f3bd1b5c-91fa-40e7-afe7-0c11d331232c", "Container Apps Operator"),
        ("673868aa-7521-48a0-acc6-0f60742d39f5", "Data Factory Contributor"),
        ("29fe4964-1e60-436b-bd3a-77fd4c178b3c", "Azure Batch Account Contributor"),
        ("f6c7c914-8db3-469d-8ca1-694a8f32e121", "AzureML Data Scientist"),
        ("cd570a14-e51a-42ad-bac8-bafd67325302", "Azure Connected Machine Resource Administrator"),
        ("92aaf0da-9dab-42b6-94a3-d43ce8d16293", "Log Analytics Contributor"),
        ("36243c78-bf99-498c-9df9-86d9f8d28608", "Resource Policy Contributor"),
        ("fb1c8493-542b-48eb-b624-b4c8fea62acd", "Security Admin"),
        ("312a565d-c81f-4fd8-895a-4e21e48d571c", "API Management Service Contributor"),
        ("adb29209-aa1d-457b-a786-c913953d2891", "Azure Deployment Stack Owner"),
    ] {
        let found = roles::by_guid(Guid::parse(guid).unwrap());
        assert_eq!(found.map(BuiltInRole::name), Some(name));
        assert_eq!(role(name).guid().to_string(), guid);
    }
}

#[test]
fn the_catalogue_knows_the_plane_of_an_operation() {
    for (pattern, planes) in [
        ("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write", (false, true)),
        ("microsoft.keyvault/vaults/secrets/getsecret/action", (false, true)),
        ("Microsoft.Compute/virtualMachines/runCommand/action", (true, false)),
        ("Microsoft.Experimentation/experimentWorkspaces/read", (true, true)),
        ("*/read", (true, true)),
        ("Microsoft.Nowhere/things/read", (false, false)),
    ] {
        assert_eq!(roles::known_planes(pattern), planes, "{pattern}");
    }
}

fn grants(name: &str, plane: Plane, operation: &str) -> bool {
    permission::grants_some(&role(name).blocks(), plane, &[operation])
}

#[test]
fn t2_1_owner_reads_no_blob_and_lists_keys() {
    let read = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";
    assert!(!grants("Owner", Plane::Data, read));
    assert!(grants("Storage Blob Data Reader", Plane::Data, read));
    assert!(grants("Owner", Plane::Control, "Microsoft.Storage/storageAccounts/listKeys/action"));
}

#[test]
fn t2_2_not_actions_are_no_denial() {
    let write = "Microsoft.Authorization/roleAssignments/write";
    assert!(!grants("Contributor", Plane::Control, write));
    let both = [role("Contributor").blocks(), role("User Access Administrator").blocks()].concat();
    assert!(permission::grants_some(&both, Plane::Control, &[write]));
}

#[test]
fn t2_3_contributor_reads_locks_and_writes_none() {
    assert!(!grants("Contributor", Plane::Control, "Microsoft.Authorization/locks/write"));
    assert!(grants("Contributor", Plane::Control, "Microsoft.Authorization/locks/read"));
}
