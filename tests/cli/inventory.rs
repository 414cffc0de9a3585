//! `dictum inventory`.

use super::sandbox::Sandbox;
use insta::assert_snapshot;

#[test]
fn what_was_captured_and_what_was_not() {
    let sandbox = Sandbox::with_tenant();
    assert_snapshot!(sandbox.run("inventory -i tenant.json").all(), @r"
    exit 0
    --- stdout
    captured  2026-11-20T06:00:00Z
    tenant    11111111-1111-4111-8111-111111111111
    from      tenant.json

    what
           1  subscriptions
           1  resource groups
           2  role assignments
           1  users
           1  service principals
           1  managed identities

    role assignments by level of their scope
           1  subscription
           1  resource_group

    role assignments by recorded principal type
           1  ServicePrincipal
           1  User

    role assignments by type of role
           2  built in

    principals by what they are known to be
           1  user
           1  user_assigned

    coverage
      roleAssignments                   complete      declared by `capture.complete` of tenant.json
      roleDefinitions                   complete      declared by `capture.complete` of tenant.json
      roleAssignmentScheduleInstances   not captured
      roleEligibilityScheduleInstances  not captured
      denyAssignments                   not captured
      policyAssignments                 not captured
      identities                        complete      declared by `capture.complete` of tenant.json
      federatedCredentials              not captured
      resources                         complete      declared by `capture.complete` of tenant.json
      resourceGroups                    complete      declared by `capture.complete` of tenant.json
      subscriptions                     complete      declared by `capture.complete` of tenant.json
      managementGroups                  complete      declared by `capture.complete` of tenant.json
      users                             complete      declared by `capture.complete` of tenant.json
      groups                            not captured
      groupMemberships                  not captured
      groupOwners                       not captured
      servicePrincipals                 complete      declared by `capture.complete` of tenant.json
      applications                      not captured
      applicationOwners                 not captured
      servicePrincipalOwners            not captured
      directoryRoleAssignments          not captured
      appRoleAssignments                not captured
      deletedObjects                    not captured
      lighthouse                        not captured

    what captures the rest
      roleAssignmentScheduleInstances   az rest --method get --url 'https://management.azure.com/subscriptions/<id>/providers/Microsoft.Authorization/roleAssignmentScheduleInstances?api-version=2020-10-01' > roleAssignmentScheduleInstances.json
      roleEligibilityScheduleInstances  az rest --method get --url 'https://management.azure.com/subscriptions/<id>/providers/Microsoft.Authorization/roleEligibilityScheduleInstances?api-version=2020-10-01' > roleEligibilityScheduleInstances.json
      denyAssignments                   az rest --method get --url 'https://management.azure.com/subscriptions/<id>/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01' > denyAssignments.json
      policyAssignments                 az policy assignment list --disable-scope-strict-match --output json > policyAssignments.json
      federatedCredentials              az identity federated-credential list --identity-name <name> --resource-group <group> --output json > federatedCredentials.json
      groups                            az ad group list --output json > groups.json
      groupMemberships                  az rest --method get --url 'https://graph.microsoft.com/beta/groups/<id>/members' > groupMembers/<id>.json
      groupOwners                       az rest --method get --url 'https://graph.microsoft.com/beta/groups/<id>/owners' > groupOwners/<id>.json
      applications                      az ad app list --all --output json > applications.json
      applicationOwners                 az rest --method get --url 'https://graph.microsoft.com/v1.0/applications/<id>/owners' > applicationOwners/<id>.json
      servicePrincipalOwners            az rest --method get --url 'https://graph.microsoft.com/v1.0/servicePrincipals/<id>/owners' > servicePrincipalOwners/<id>.json
      directoryRoleAssignments          az rest --method get --url 'https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments' > directoryRoleAssignments.json
      appRoleAssignments                az rest --method get --url 'https://graph.microsoft.com/v1.0/servicePrincipals/<id>/appRoleAssignedTo' > appRoleAssignments.json
      deletedObjects                    az rest --method get --url 'https://graph.microsoft.com/v1.0/directory/deletedItems/microsoft.graph.user' > deletedObjects.json
      lighthouse                        az managedservices assignment list --include-definition true --output json > lighthouse.json

      All of it at once: dictum inventory --capture-script bash
    ");
}

#[test]
fn as_json() {
    let sandbox = Sandbox::with_tenant();
    let ran = sandbox.run("inventory -i tenant.json --format json");
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["schema"], "dictum/inventory/1");
    assert_eq!(document["files"][0], "tenant.json");
    assert_eq!(
        document["assignments_by_level"][2],
        serde_json::json!({ "name": "subscription", "count": 1 })
    );
    assert_eq!(
        document["assignments_by_principal_type"][1],
        serde_json::json!({ "name": "User", "count": 1 })
    );
    assert_eq!(ran.exit, 0);
}

#[test]
fn an_assignment_that_is_there_twice() {
    let sandbox = Sandbox::with_tenant();
    let mut tenant: serde_json::Value = serde_json::from_str(super::sandbox::TENANT).unwrap();
    let mut twin = tenant["roleAssignments"][0].clone();
    let name = "88888888-8888-4888-8888-888888888888";
    twin["id"] = twin["id"].as_str().unwrap().replace("66666666-6666-4666-8666-666666666666", name).into();
    twin["name"] = name.into();
    tenant["roleAssignments"].as_array_mut().unwrap().push(twin);
    sandbox.file("tenant.json", tenant.to_string());
    let ran = sandbox.run("inventory -i tenant.json --format json");
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_snapshot!(serde_json::to_string_pretty(&document["duplicates"]).unwrap(), @r#"
    [
      {
        "role": "Contributor",
        "scope": "/subscriptions/22222222-2222-4222-8222-222222222222",
        "principal_id": "33333333-3333-4333-8333-333333333333",
        "ids": [
          "/subscriptions/22222222-2222-4222-8222-222222222222/providers/Microsoft.Authorization/roleAssignments/66666666-6666-4666-8666-666666666666",
          "/subscriptions/22222222-2222-4222-8222-222222222222/providers/Microsoft.Authorization/roleAssignments/88888888-8888-4888-8888-888888888888"
        ]
      }
    ]
    "#);
}

#[test]
fn the_capture_scripts() {
    let sandbox = Sandbox::new();
    let bash = sandbox.run("inventory --capture-script bash");
    assert_eq!(bash.exit, 0);
    assert!(bash.stdout.starts_with("#!"), "{}", &bash.stdout[..40]);
    let shell = sandbox.run("inventory --capture-script powershell");
    assert_eq!(shell.exit, 0);
    assert!(shell.stdout.contains("Microsoft.Authorization"));
}
