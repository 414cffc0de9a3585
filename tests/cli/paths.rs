//! `dictum paths`, on the sample tenant.

use super::sandbox::{Ran, Sandbox};
use insta::assert_snapshot;
use serde_json::json;
use std::path::Path;

/// The sample tenant under the name that it has in the repository.
pub(super) fn contoso() -> Sandbox {
    let sandbox = Sandbox::new();
    let tenant = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/contoso/inventory.json");
    sandbox.file("contoso.json", std::fs::read(tenant).expect("the sample tenant is there"));
    sandbox
}

fn paths(sandbox: &Sandbox, arguments: &[&str]) -> Ran {
    sandbox.run_with(&[&["paths", "-q", "-i", "contoso.json"], arguments].concat(), "")
}

#[test]
fn alice_edits_the_workflow_and_so_writes_blobs() {
    let ran = paths(&contoso(), &["--from", "alice"]);
    assert_snapshot!(ran.all(), @r#"
    exit 0
    --- stdout
    2 paths from user "alice@contoso.example"  as of 2026-11-20T06:00:00Z

      becomes                                                                steps  via
      user_assigned mi-integration                                           1      LogicApp3388

      comes to hold                                                          steps  via
      Storage Blob Data Contributor at storageaccount7755 in rg-integration  1      LogicApp3388, mi-integration

    user alice@contoso.example -> user_assigned mi-integration
      1. user "alice@contoso.example" is Logic App Contributor at resource "LogicApp3388" in
         resource_group "rg-integration": Microsoft.Logic/workflows/write on it adds a request that
         carries the identity's token elsewhere, and user_assigned "mi-integration" is its identity
         contoso.json:1794, 397
      2. user_assigned "mi-integration" is Storage Blob Data Contributor at resource "storageaccount7755"
         in resource_group "rg-integration"
         contoso.json:1833
    "#);
}

#[test]
fn bob_starts_it_and_carol_looks_at_it_and_neither_gets_anywhere() {
    let sandbox = contoso();
    for who in ["bob", "carol"] {
        let ran = paths(&sandbox, &["--from", who, "--to", "mi-integration"]);
        let expected = format!(
            "exit 0\n--- stdout\nno path from user \"{who}@contoso.example\" to user_assigned \"mi-integration\"  as of \
             2026-11-20T06:00:00Z"
        );
        assert_eq!(ran.all(), expected);
        assert_eq!(paths(&sandbox, &["--from", who, "--format", "jsonl"]).all(), "exit 0");
    }
}

#[test]
fn a_target_is_a_name_a_set_or_the_language() {
    let sandbox = contoso();
    let heading = |to: &str| {
        let ran = paths(&sandbox, &["--from", "alice", "--to", to]);
        assert_eq!(ran.exit, 0, "{}", ran.all());
        ran.stdout.lines().next().unwrap_or_default().replace("  as of 2026-11-20T06:00:00Z", "")
    };
    let headings = [
        "mi-integration",
        "storageaccount7755",
        "Storage Blob Data Contributor",
        "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        "secret-read",
        "managed_identity",
        "privileged role at subscription or above",
        "contoso-prod",
    ]
    .map(heading);
    assert_snapshot!(headings.join("\n"), @r#"
    1 path from user "alice@contoso.example" to user_assigned "mi-integration"
    1 path from user "alice@contoso.example" to any role on resource "storageaccount7755" in resource_group "rg-integration"
    1 path from user "alice@contoso.example" to role "Storage Blob Data Contributor"
    1 path from user "alice@contoso.example" to role "Storage Blob Data Contributor"
    no path from user "alice@contoso.example" to role granting secret-read
    1 path from user "alice@contoso.example" to managed_identity
    no path from user "alice@contoso.example" to privileged role at subscription or above
    1 path from user "alice@contoso.example" to any role on subscription "contoso-prod"
    "#);
}

#[test]
fn whoever_is_meant_is_found_by_any_of_their_names() {
    let sandbox = contoso();
    let first = paths(&sandbox, &["--from", "alice"]).stdout;
    let id = first_id(&paths(&sandbox, &["--from", "alice", "-f", "json"]).stdout);
    for name in ["alice@contoso.example", "ALICE", &id, "user \"alice@contoso.example\""] {
        assert_eq!(paths(&sandbox, &["--from", name]).stdout, first, "{name}");
    }
}

fn first_id(json: &str) -> String {
    let document: serde_json::Value = serde_json::from_str(json).expect("JSON");
    document["paths"][0]["source"]["id"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn steps_length_and_what_lies_between() {
    let sandbox = contoso();
    let count = |arguments: &[&str]| {
        let ran = paths(&sandbox, &[&["--from", "kurt", "-f", "json"], arguments].concat());
        let document: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
        document["count"].as_u64().unwrap_or_default()
    };
    let to = "role Contributor at subscription \"contoso-platform\"";
    assert_eq!(count(&["--to", to, "--through", "mi-terraform"]), 1);
    assert_eq!(count(&["--to", to, "--through", "mi-terraform", "--at-most", "1"]), 0);
    assert_eq!(count(&["--to", to, "--through", "mi-terraform", "--by", "code_execution,membership"]), 1);
    assert_eq!(count(&["--to", "mi-terraform", "--by", "federation"]), 0);
}

#[test]
fn mistakes_point_into_what_was_typed() {
    let sandbox = contoso();
    let all = |arguments: &[&str]| paths(&sandbox, arguments).all();
    assert_snapshot!(all(&["--from", "alic"]), @r"
    exit 2
    --- stderr
    error[D814]: nobody of this capture is called `alic`
     --> --from:1:1
      |
    1 | alic
      | ^^^^ did you mean `alice` or `alice@contoso.example`?
    ");
    assert_snapshot!(all(&["--from", "vm"]), @r#"
    exit 2
    --- stderr
    error[D814]: nobody of this capture is called `vm`
     --> --from:1:1
      |
    1 | vm
      | ^^
      |
      = help: write an id, a name, or the language: user "*@contoso.example", guest, managed_identity
    "#);
    assert_snapshot!(all(&["--from", "virtual-machine-4"]), @r#"
    exit 2
    --- stderr
    error[D814]: `virtual-machine-4` is the name of 2 things in this capture
     --> --from:1:1
      |
    1 | virtual-machine-4
      | ^^^^^^^^^^^^^^^^^ which one?
      |
      = system_assigned "virtual-machine-4" of resource "virtual-machine-4" in resource_group "rg-orders-each": a15f09c8-58b8-413f-8ef5-b163cef350e7
      = system_assigned "virtual-machine-4" of resource "virtual-machine-4" in resource_group "rg-orders-several": 6c5421f1-8059-43ee-b2ec-b7d90a6fd693
      = help: write the id of the one that is meant
    "#);
    assert_snapshot!(all(&["--from", "usr \"x\""]), @r#"
    exit 2
    --- stderr
    error[D013]: `usr` is not a kind of principal
     --> --from:1:1
      |
    1 | usr "x"
      | ^^^ did you mean `user`?
      |
      = principals are: principal, managed_identity, system_assigned, user_assigned, user, guest, group, service_principal, application, missing_principal, anyone
    "#);
    assert_snapshot!(all(&["--from", "user \"x"]), @r#"
    exit 2
    --- stderr
    error[D002]: this string is not closed
     --> --from:1:6
      |
    1 | user "x
      |      ^ opened here
      |
      = a string stays on one line
      = help: close it with `"`; a quotation mark inside a string is written `\"`
    "#);
    assert_snapshot!(all(&["--from", "user", "--to", "managed_identity whre x"]), @r"
    exit 2
    --- stderr
    error[D001]: `whre` does not fit here
     --> --to:1:18
      |
    1 | managed_identity whre x
      |                  ^^^^ did you mean `where`?
    ");
    assert_snapshot!(all(&["--from", "user", "--to", "role granting secret-raed"]), @r"
    exit 2
    --- stderr
    error[D060]: `secret-raed` is not defined
     --> --to:1:15
      |
    1 | role granting secret-raed
      |               ^^^^^^^^^^^ did you mean `secret-read`?
    ");
    assert_snapshot!(all(&["--from", "user", "--to", "Contributer"]), @r"
    exit 2
    --- stderr
    error[D814]: nothing of this capture is called `Contributer`
     --> --to:1:1
      |
    1 | Contributer
      | ^^^^^^^^^^^ did you mean `Contributor` or `Healthcare Agent Contributer`?
    ");
    assert_snapshot!(all(&["--from", "user", "--by", "ownership,ownership"]), @r"
    exit 2
    --- stderr
    error[D130]: the step `ownership` is written twice
     --> --by:1:12
      |
    1 | ownership, ownership
      | ---------  ^^^^^^^^^ again
      | |
      | first
    ");
    assert_snapshot!(all(&["--from", "user", "--at-most", "0"]), @r"
    exit 2
    --- stderr
    error[D130]: a path has at least one step
     --> --at-most:1:1
      |
    1 | 0
      | ^ no path is that short
      |
      = help: already holding a role is `deny role ...`
    ");
    assert_snapshot!(all(&["--to", "mi-app"]), @r#"
    exit 2
    --- stderr
    error[D805]: who do the paths start from?
     |
     = help: name somebody: --from alice, --from guest, --from 'user "*@contoso.example"'
    "#);
    assert_snapshot!(sandbox.run("paths --from user --to Ownr -i nowhere.json").all(), @r"
    exit 2
    --- stderr
    error[D802]: there is no `nowhere.json`
     |
     = help: paths are relative to the working folder, those of dictum.toml to that file
    ");
    assert_eq!(all(&["--from", "alice", "--by", "code_exec"]).lines().next(), Some("exit 2"));
}

#[test]
fn what_was_not_captured_is_said_on_one_line() {
    let sandbox = Sandbox::with_tenant();
    let ran = sandbox.run("paths --from alice -i tenant.json");
    assert_eq!(ran.exit, 3, "{}", ran.all());
    assert_snapshot!(ran.stderr, @"undecided: not captured completely: applicationOwners, groupOwners, policyAssignments, roleEligibilityScheduleInstances, servicePrincipalOwners");
    assert_snapshot!(ran.stdout, @r#"
    no path from user "alice@example.com"  as of 2026-11-20T06:00:00Z

    undecided
      ? owners of applications: not captured
          az rest --method get --url 'https://graph.microsoft.com/v1.0/applications/<id>/owners' > applicationOwners/<id>.json
      ? owners of groups: not captured
          az rest --method get --url 'https://graph.microsoft.com/beta/groups/<id>/owners' > groupOwners/<id>.json
      ? policy assignments: not captured
          az policy assignment list --disable-scope-strict-match --output json > policyAssignments.json
      ? eligible assignments (PIM): not captured
          az rest --method get --url 'https://management.azure.com/subscriptions/<id>/providers/Microsoft.Authorization/roleEligibilityScheduleInstances?api-version=2020-10-01' > roleEligibilityScheduleInstances.json
      ? owners of service principals: not captured
          az rest --method get --url 'https://graph.microsoft.com/v1.0/servicePrincipals/<id>/owners' > servicePrincipalOwners/<id>.json
    "#);
    let ran = sandbox.run("paths --from mi-app --by identity_attachment -q -i tenant.json --assume pim=none");
    assert_snapshot!(ran.all(), @r#"
    exit 0
    --- stdout
    no path from user_assigned "mi-app"  as of 2026-11-20T06:00:00Z
    "#);
}

#[test]
fn names_that_mean_nothing_in_the_language_are_a_note() {
    let sandbox = contoso();
    let ran =
        sandbox.run_with(&["paths", "--from", "alice", "--to", "role \"Ownr\"", "-i", "contoso.json"], "");
    assert!(
        ran.stderr.contains("note: `Ownr` names no role, built in or captured, of this inventory\n"),
        "{}",
        ran.all()
    );
    assert_eq!(ran.exit, 0);
}

#[test]
fn documents_and_pictures() {
    let sandbox = contoso();
    let report = |format: &str| {
        let first = paths(&sandbox, &["--from", "frank", "-f", format]);
        assert_eq!(first.exit, 0, "{}", first.all());
        assert_eq!(first.stdout, paths(&sandbox, &["--from", "frank", "-f", format]).stdout, "{format}");
        first.stdout
    };
    assert!(report("dot").starts_with("digraph dictum {\n"));
    assert!(report("mermaid").contains("flowchart LR\n"));
    assert!(report("svg").starts_with("<svg xmlns="));
    for line in report("jsonl").lines() {
        let path: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(path["source"]["name"], "frank@contoso.example");
    }
    let document: serde_json::Value = serde_json::from_str(&report("json")).expect("JSON");
    assert_eq!(document["schema"], "dictum/paths/1");
    assert_eq!(document["from"], "user \"frank@contoso.example\"");
    assert_eq!(document["paths"].as_array().map(Vec::len), document["count"].as_u64().map(|n| n as usize));
    let written = paths(&sandbox, &["--from", "frank", "-f", "svg", "-o", "frank.svg"]);
    assert_eq!(written.all(), "exit 0");
    assert_eq!(sandbox.read("frank.svg"), report("svg"));
}

#[test]
fn colours_only_where_they_are_wanted() {
    let sandbox = contoso();
    let run = |color: &str| paths(&sandbox, &["--from", "alice", "--color", color]).stdout;
    assert!(run("always").contains("\x1b["));
    assert!(!run("never").contains('\x1b'));
    let mut command = sandbox.command(&["paths", "--from", "alice", "-i", "contoso.json"]);
    command.env("NO_COLOR", "1");
    assert!(!super::sandbox::run(command, "").stdout.contains('\x1b'));
}

#[test]
fn documents_keep_to_the_published_schema() {
    let sandbox = contoso();
    let schema = std::fs::read_to_string("docs/paths.schema.json").expect("a schema");
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let incomplete = Sandbox::with_tenant();
    let questions: &[(&Sandbox, &[&str])] = &[
        (&sandbox, &["paths", "--from", "user", "-i", "contoso.json"]),
        (&incomplete, &["paths", "--from", "alice", "-i", "tenant.json"]),
        (&sandbox, &["reach", "--all", "-i", "contoso.json"]),
        (&sandbox, &["who-can", "secret-read", "--on", "contoso-prod", "-i", "contoso.json"]),
        (&sandbox, &["cut", "--from", "bob", "--to", "mi-integration", "-i", "contoso.json"]),
    ];
    for (sandbox, question) in questions {
        let ran = sandbox.run_with(&[*question, &["-q", "-f", "json"]].concat(), "");
        let document: serde_json::Value =
            serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.all()));
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{question:?}: {errors:#?}");
    }
}

/// What a path may rest on.
const COMPLETE: [&str; 14] = [
    "roleAssignments",
    "roleEligibilityScheduleInstances",
    "roleDefinitions",
    "resources",
    "policyAssignments",
    "identities",
    "groups",
    "groupMemberships",
    "groupOwners",
    "applications",
    "applicationOwners",
    "servicePrincipals",
    "servicePrincipalOwners",
    "users",
];

#[test]
fn of_more_paths_than_anybody_reads_the_first_are_told_and_all_are_counted() {
    let sandbox = Sandbox::new();
    let subscription = "/subscriptions/11111111-0000-4000-8000-000000000001";
    let id = |kind: u32, n: u32| format!("{kind:08x}-0000-4000-8000-{n:012}");
    let contributor =
        "/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c";
    let machine = |n: u32| {
        json!({
            "id": format!("{subscription}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm-{n:02}"),
            "name": format!("vm-{n:02}"), "type": "Microsoft.Compute/virtualMachines", "location": "westeurope",
            "identity": { "type": "SystemAssigned", "principalId": id(2, n), "tenantId": id(9, 0) },
        })
    };
    let user =
        |n: u32| json!({ "id": id(1, n), "userPrincipalName": format!("user-{n:02}"), "userType": "Member" });
    let assignment = |n: u32| {
        json!({
            "id": format!("{subscription}/providers/Microsoft.Authorization/roleAssignments/{}", id(3, n)),
            "name": id(3, n), "scope": subscription, "principalId": id(1, n), "principalType": "User",
            "roleDefinitionId": contributor,
        })
    };
    let document = json!({
        "subscriptions": [{ "id": subscription, "subscriptionId": subscription.rsplit_once('/').unwrap().1, "displayName": "prod" }],
        "resources": (0..25).map(machine).collect::<Vec<_>>(),
        "users": (0..50).map(user).collect::<Vec<_>>(),
        "roleAssignments": (0..50).map(assignment).collect::<Vec<_>>(),
    });
    sandbox.file("many.json", document.to_string());
    let asked = ["paths", "-q", "-i", "many.json", "--from", "user"];
    let asked: Vec<&str> =
        asked.into_iter().chain(COMPLETE.into_iter().flat_map(|c| ["--complete", c])).collect();
    let told = sandbox.run_with(&asked, "").all();
    let (head, rest) = told.split_at(told.find("system_assigned vm-02").expect("a row"));
    let counted: Vec<&str> = rest.lines().filter(|line| line.contains("more")).collect();
    assert_snapshot!(format!("{head}\n{}", counted.join("\n")), @"
    exit 0
    --- stdout
    1250 paths from user

      who           becomes                steps  via
      user user-00  system_assigned vm-00  1      vm-00
                    system_assigned vm-01  1      vm-01
                    
      ... and 1226 more (--all)
    ... and more (--all)
    ");
    let ran = sandbox.run_with(&[&asked[..], &["--format", "jsonl"]].concat(), "");
    assert_eq!(ran.stdout.lines().count(), 1_250);
}

/// The identity is known from `az identity list` alone: it is called as its resource is.
#[test]
fn an_action_that_is_given_and_one_that_is_held_are_both_told() {
    let sandbox = Sandbox::new();
    let subscription = "/subscriptions/11111111-0000-4000-8000-000000000001";
    let group = format!("{subscription}/resourceGroups/rg");
    let account = format!("{group}/providers/Microsoft.Automation/automationAccounts/jobs");
    let identity = format!("{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mi");
    let [alice, editor, starter] = [1, 2, 3].map(|n| format!("0000000{n}-0000-4000-8000-000000000001"));
    let delegate = "f58310d9-a9f6-439a-9e8d-f62e7b41a168";
    let role =
        |guid: &str| format!("{subscription}/providers/Microsoft.Authorization/roleDefinitions/{guid}");
    let custom = |guid: &str, name: &str, action: &str| {
        json!({
            "id": role(guid), "name": guid, "roleName": name, "roleType": "CustomRole", "assignableScopes": [subscription],
            "permissions": [{ "actions": [format!("Microsoft.Automation/automationAccounts/{action}")] }],
        })
    };
    let assignment = |n: u32, guid: &str, scope: &str, condition: Option<String>| {
        let name = format!("a000000{n}-0000-4000-8000-000000000001");
        json!({
            "id": format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"), "name": name, "scope": scope,
            "principalId": alice, "principalType": "User", "roleDefinitionId": role(guid),
            "condition": condition, "conditionVersion": condition.as_ref().map(|_| "2.0"),
        })
    };
    let only_starters = format!(
        "((!(ActionMatches{{'Microsoft.Authorization/roleAssignments/write'}})) OR \
         (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{starter}}}))"
    );
    let document = json!({
        "subscriptions": [{ "id": subscription, "displayName": "prod" }],
        "users": [{ "id": alice, "userPrincipalName": "alice@contoso.example", "userType": "Member" }],
        "identities": [{
            "id": identity, "name": "mi", "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
            "principalId": "00000004-0000-4000-8000-000000000001", "location": "westeurope",
        }],
        "resources": [{
            "id": account, "name": "jobs", "type": "Microsoft.Automation/automationAccounts", "location": "westeurope",
            "identity": { "type": "UserAssigned", "userAssignedIdentities": { identity: {} } },
        }],
        "roleDefinitions": [
            custom(&editor, "Runbook Editor", "runbooks/draft/write"), custom(&starter, "Job Starter", "jobs/write"),
        ],
        "roleAssignments": [
            assignment(1, &editor, &account, None), assignment(2, delegate, &group, Some(only_starters)),
        ],
    });
    sandbox.file("two.json", document.to_string());
    let asked = ["paths", "-q", "-i", "two.json", "--from", "alice", "--to", "mi"];
    let asked: Vec<&str> =
        asked.into_iter().chain(COMPLETE.into_iter().flat_map(|c| ["--complete", c])).collect();
    assert_snapshot!(sandbox.run_with(&asked, "").all(), @r#"
    exit 0
    --- stdout
    1 path from user "alice@contoso.example" to user_assigned "mi"

      becomes           steps  via
      user_assigned mi  2      a role at rg, jobs

    user alice@contoso.example -> user_assigned mi
      1. user "alice@contoso.example" is Role Based Access Control Administrator at resource_group "rg"
         in subscription "prod", and may give Job Starter at resource_group "rg" in subscription "prod"
         two.json:1 /roleAssignments/1
      2. user "alice@contoso.example" is given Job Starter at resource_group "rg" in subscription "prod",
         and user "alice@contoso.example" is Runbook Editor at resource "jobs" in resource_group "rg":
         Microsoft.Automation/automationAccounts/runbooks/draft/write on it rewrites a runbook, publishes
         it and starts it, and user_assigned "mi" is its identity
         two.json:1 /roleAssignments/0; two.json:1 /roleDefinitions/0; two.json:1 /resources/0
    "#);
}
