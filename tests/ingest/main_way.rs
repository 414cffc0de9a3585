//! The inventory document, and the collections that most policies rest on.

use super::{errors, extent, inventory, load};
use dictum::inventory::{Collection, Hint, Stated};

const SUBSCRIPTION: &str = "/subscriptions/11111111-1111-1111-1111-111111111111";

#[test]
fn the_sample_tenant_is_read_whole() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/contoso/inventory.json");
    let text = std::fs::read_to_string(path).unwrap();
    let inventory = inventory(&text);
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let count = |key: &str| document[key].as_array().unwrap().len();
    assert_eq!(
        inventory.assignments.len(),
        count("roleAssignments")
            + count("roleEligibilityScheduleInstances")
            + count("directoryRoleAssignments")
            + count("appRoleAssignments")
    );
    let captured = inventory.scopes.iter().filter(|&s| inventory.scopes.captured(s).is_some()).count();
    assert_eq!(
        captured,
        count("resources") + count("resourceGroups") + count("subscriptions") + count("managementGroups")
    );
    assert_eq!(inventory.federated.len(), count("federatedCredentials"));
    assert_eq!(inventory.applications.len(), count("applications"));
    for &collection in Collection::ALL {
        assert!(inventory.coverage.is_complete(collection), "{}", collection.key());
    }
    assert_eq!(inventory.time, Some(1_795_154_400));
}

#[test]
fn an_assignment_of_az_and_of_arm_say_the_same() {
    let az = format!(
        r#"[{{"condition": null, "createdBy": "", "createdOn": "2024-01-02T03:04:05.678901+00:00",
            "id": "{SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments/AAAAAAAA-1111-1111-1111-111111111111",
            "name": "AAAAAAAA-1111-1111-1111-111111111111", "principalId": "22222222-2222-2222-2222-222222222222",
            "principalName": "ann@contoso.example", "principalType": "User",
            "roleDefinitionId": "{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
            "roleDefinitionName": "Owner", "scope": "{SUBSCRIPTION}", "type": "Microsoft.Authorization/roleAssignments"}}]"#
    );
    let arm = format!(
        r#"{{"value": [{{"properties": {{"roleDefinitionId":
            "/providers/Microsoft.Authorization/roleDefinitions/8E3AF657-a8ff-443c-a75c-2fe8c4bcb635",
            "principalId": "22222222-2222-2222-2222-222222222222", "principalType": "User", "scope": "{SUBSCRIPTION}/",
            "createdOn": "2024-01-02T03:04:05.6789012Z", "createdBy": ""}},
            "id": "{SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments/aaaaaaaa-1111-1111-1111-111111111111",
            "type": "Microsoft.Authorization/roleAssignments", "name": "aaaaaaaa-1111-1111-1111-111111111111"}}]}}"#
    );
    for files in
        [vec![("az.json", &*az)], vec![("arm.json", &*arm)], vec![("a.json", &*az), ("b.json", &*arm)]]
    {
        let inventory = load(&files).unwrap_or_else(|e| panic!("{}", super::told(&e))).inventory;
        assert_eq!(inventory.assignments.len(), 1);
        let a = inventory.assignments.iter().next().unwrap();
        assert_eq!(inventory.assignments.hint(a), Stated::Value(Hint::User));
        assert_eq!(
            inventory.names.get(inventory.roles.name(inventory.assignments.role(a)).unwrap()),
            "Owner"
        );
        assert_eq!(extent(&inventory, Collection::RoleAssignments), "partial (nobody says that it is all)");
    }
}

#[test]
fn an_unknown_key_is_an_error_with_a_suggestion() {
    insta::assert_snapshot!(errors(&[("inventory.json", r#"{"capture": {}, "roleAssignment": [{"a": 1}]}"#)]), @r#"
    D503: `roleAssignment` is no collection of an inventory document
      at inventory.json:1 /roleAssignment
      help: did you mean `roleAssignments`?
    "#);
}

#[test]
fn the_tables_are_the_folders() {
    for (folder, table) in dictum::ingest::tables() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ingest").join(folder);
        let mut files: Vec<String> = std::fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().trim_end_matches(".rs").to_owned())
            .filter(|name| name != "mod")
            .collect();
        files.sort();
        assert_eq!(files, table, "{folder}");
    }
    for &collection in Collection::ALL {
        let text = format!("{{\"{}\": [{{}}]}}", collection.key());
        assert!(
            errors(&[("inventory.json", &text)]).starts_with("D505: the record has no"),
            "{}",
            collection.key()
        );
    }
}
