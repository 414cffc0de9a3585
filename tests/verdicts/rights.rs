//! What somebody may do, and who can become whom: the tests of the facts by their numbers.

use super::*;
use dictum::azure::{Guid, Plane};
use dictum::engine::{Assertions, load};
use dictum::eval::{Explorer, Options};
use dictum::graph::{Certainty, Rights};
use dictum::ingest::Input;
use dictum::inventory::{Inventory, Wanted};
use dictum::verdict::ReachLine;
use std::io::Cursor;

pub(super) const MACHINE_CONTRIBUTOR: &str = "9980e02c-c2be-4d73-94e8-173b1dc7cf3c";
pub(super) const IDENTITY_OPERATOR: &str = "f1a07417-d97a-45cb-824c-7a7467783830";
pub(super) const LOGIC_CONTRIBUTOR: &str = "87a39d53-fc1b-424a-814c-f7e04687dc9e";
const LOGIC_OPERATOR: &str = "515c2055-d9d4-4321-b1b9-bd0c9a0f79fe";
pub(super) const BLOB_CONTRIBUTOR: &str = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";
pub(super) const EVERYONE: &str = "00000000-0000-0000-0000-000000000000";

/// What all that paths need is complete but for what is given.
pub(super) fn everything(mut stated: Value) -> Value {
    let mut document = whole(std::mem::take(&mut stated));
    for key in [
        "denyAssignments",
        "policyAssignments",
        "groupOwners",
        "applicationOwners",
        "servicePrincipalOwners",
        "directoryRoleAssignments",
        "applications",
    ] {
        document["capture"]["complete"].as_array_mut().unwrap().push(json!(key));
        if document.get(key).is_none() {
            document[key] = json!([]);
        }
    }
    document
}

pub(super) fn inventory(document: &Value) -> Inventory {
    let input = Input {
        name: "inventory.json".to_owned(),
        reader: Box::new(Cursor::new(serde_json::to_vec(document).unwrap())),
    };
    match load(vec![input], Wanted::all(), &Assertions::default()) {
        Ok((inventory, ..)) => inventory,
        Err(errors) => panic!("{errors:?}"),
    }
}

/// Whether user 1 may carry out an operation on a scope.
fn may(document: &Value, plane: Plane, operation: &str, scope: &str) -> Certainty {
    may_of(document, 1, plane, operation, scope)
}

fn may_of(document: &Value, who: u32, plane: Plane, operation: &str, scope: &str) -> Certainty {
    let inventory = inventory(document);
    let rights = Rights::new(&inventory, inventory.time);
    let principal = inventory.principal(Guid::parse(&id(who)).unwrap()).expect("a principal");
    let caller = rights.caller(principal, false);
    rights.may(&caller, plane, operation, inventory.scopes.find(scope, &inventory.names).expect("a scope"))
}

fn with(assignments: &[Value]) -> Value {
    everything(json!({
        "subscriptions": [subscription(PROD, "prod")],
        "users": [user(1, "alice"), user(2, "bob")],
        "groups": [group(11, "excluded")],
        "groupMemberships": [member(11, 2, "User")],
        "roleAssignments": assignments,
    }))
}

#[test]
fn t1_8_an_owner_can_t_elevate_and_t1_9_a_global_administrator_latently_can() {
    let mut document = with(&[assignment(OWNER, PROD, 1, "User")]);
    document["directoryRoleAssignments"] = json!([{
        "id": "g", "principalId": id(2), "roleDefinitionId": GLOBAL_ADMINISTRATOR, "directoryScopeId": "/",
    }]);
    let inventory = inventory(&document);
    let explorer = Explorer::new(&inventory, &Options::default());
    let reach = |who: u32| {
        let principal = inventory.principal(Guid::parse(&id(who)).unwrap()).unwrap();
        explorer.reach(principal.into()).expect("a principal")
    };
    assert_eq!(reach(1).notes, [""; 0]);
    let latent = reach(2);
    assert_eq!(
        latent.notes,
        [
            "latent: user \"bob@contoso.example\" is Global Administrator, and can take User Access Administrator at the root"
        ]
    );
    assert_eq!((latent.counts.scopes, latent.places.len()), (0, 0));
}

#[test]
fn t2_1_an_owner_reads_no_blobs_and_lists_keys() {
    let document = with(&[assignment(OWNER, PROD, 1, "User")]);
    let blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";
    assert_eq!(may(&document, Plane::Data, blobs, PROD), Certainty::No);
    assert_eq!(
        may(&document, Plane::Control, "Microsoft.Storage/storageAccounts/listKeys/action", PROD),
        Certainty::Held
    );
}

#[test]
fn t2_2_another_role_gives_what_not_actions_leave_out() {
    let write = "Microsoft.Authorization/roleAssignments/write";
    let one = with(&[assignment(CONTRIBUTOR, PROD, 1, "User")]);
    assert_eq!(may(&one, Plane::Control, write, PROD), Certainty::No);
    let both =
        with(&[assignment(CONTRIBUTOR, PROD, 1, "User"), assignment(ACCESS_ADMINISTRATOR, PROD, 1, "User")]);
    assert_eq!(may(&both, Plane::Control, write, PROD), Certainty::Held);
}

#[test]
fn t2_3_a_contributor_reads_locks_and_writes_none() {
    let document = with(&[assignment(CONTRIBUTOR, PROD, 1, "User")]);
    assert_eq!(may(&document, Plane::Control, "Microsoft.Authorization/locks/write", PROD), Certainty::No);
    assert_eq!(may(&document, Plane::Control, "Microsoft.Authorization/locks/read", PROD), Certainty::Held);
}

pub(super) const GROUP: &str = "/subscriptions/5b000000-0000-4000-8000-000000000001/resourceGroups/rg";
const MACHINE: &str = "/subscriptions/5b000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm";
const DELETE: &str = "Microsoft.Compute/virtualMachines/delete";

/// Alice and Bob are Owners; a deny assignment at the resource group takes every delete.
fn denied(change: Value) -> Value {
    let mut document = with(&[assignment(OWNER, PROD, 1, "User"), assignment(OWNER, PROD, 2, "User")]);
    let mut properties = json!({
        "denyAssignmentName": "no deletes",
        "scope": GROUP,
        "permissions": [{ "actions": ["*/delete"], "notActions": [], "dataActions": [], "notDataActions": [] }],
        "principals": [{ "id": EVERYONE, "type": "SystemDefined" }],
        "excludePrincipals": [{ "id": id(2), "type": "User" }],
        "doNotApplyToChildScopes": false,
        "denyAssignmentEffect": "enforced",
    });
    for (key, value) in change.as_object().unwrap() {
        properties[key] = value.clone();
    }
    document["denyAssignments"] = json!([{ "id": format!("{GROUP}/providers/Microsoft.Authorization/denyAssignments/d"), "properties": properties }]);
    document["resourceGroups"] = json!([{ "id": GROUP, "name": "rg", "location": "westeurope" }]);
    document["resources"] = json!([{ "id": MACHINE, "name": "vm", "type": "Microsoft.Compute/virtualMachines", "location": "westeurope" }]);
    document
}

#[test]
fn t2_11_an_enforced_deny_assignment_takes_from_all_but_whom_it_excludes() {
    let document = denied(json!({}));
    assert_eq!(may(&document, Plane::Control, DELETE, MACHINE), Certainty::No);
    assert_eq!(may_of(&document, 2, Plane::Control, DELETE, MACHINE), Certainty::Held);
    assert_eq!(
        may(&document, Plane::Control, "Microsoft.Compute/virtualMachines/write", MACHINE),
        Certainty::Held
    );
}

#[test]
fn t2_12_one_that_audits_takes_nothing() {
    let document = denied(json!({ "denyAssignmentEffect": "audit" }));
    assert_eq!(may(&document, Plane::Control, DELETE, MACHINE), Certainty::Held);
}

#[test]
fn t2_13_one_that_does_not_apply_to_child_scopes_stops_where_it_is_made() {
    let document = denied(json!({ "doNotApplyToChildScopes": true }));
    assert_eq!(may(&document, Plane::Control, DELETE, MACHINE), Certainty::Held);
    assert_eq!(
        may(&document, Plane::Control, "Microsoft.Resources/subscriptions/resourceGroups/delete", GROUP),
        Certainty::No
    );
}

#[test]
fn t2_14_who_is_in_an_excluded_group_is_excluded() {
    let document = denied(json!({ "excludePrincipals": [{ "id": id(11), "type": "Group" }] }));
    assert_eq!(may_of(&document, 2, Plane::Control, DELETE, MACHINE), Certainty::Held);
    assert_eq!(may(&document, Plane::Control, DELETE, MACHINE), Certainty::No);
    // Where the members were not captured, anybody may be excluded: a doubt takes nothing.
    let mut unsure = document;
    unsure.as_object_mut().unwrap().remove("groupMemberships");
    unsure["capture"]["complete"].as_array_mut().unwrap().retain(|c| c != "groupMemberships");
    assert_eq!(may(&unsure, Plane::Control, DELETE, MACHINE), Certainty::Held);
}

const PATH: &str = "rule r deny path from user to user_assigned";

/// `mi` on nothing, and those assignments to Alice.
pub(super) fn attachable(assignments: &[Value], change: Value) -> Value {
    let mut identity = user_assigned(21, "mi");
    for (key, value) in change.as_object().unwrap() {
        identity[key] = value.clone();
    }
    let mut document = with(assignments);
    document["resourceGroups"] = json!([{ "id": GROUP, "name": "rg", "location": "westeurope" }]);
    document["identities"] = json!([identity]);
    document["servicePrincipals"] = json!([service_principal(21, "mi", "ManagedIdentity")]);
    document
}

pub(super) fn identity_id() -> String {
    user_assigned(21, "mi")["id"].as_str().unwrap().to_owned()
}

#[test]
fn t4_1_assigning_an_identity_needs_a_host_as_well() {
    let operator = assignment(IDENTITY_OPERATOR, &identity_id(), 1, "User");
    let machines = assignment(MACHINE_CONTRIBUTOR, GROUP, 1, "User");
    let alone = |a: &Value| verdicts(PATH, &attachable(std::slice::from_ref(a), json!({})))[0].clone();
    assert_eq!(alone(&operator), "r: pass (0 of 2)");
    assert_eq!(alone(&machines), "r: pass (0 of 2)");
    assert_eq!(
        verdicts(PATH, &attachable(&[operator, machines], json!({}))),
        ["r: fail (1 of 2)", "  deny: user \"alice@contoso.example\" to user_assigned \"mi\" (1 step)"]
    );
}

#[test]
fn t4_2_an_identity_that_is_limited_to_sites_goes_on_no_machine() {
    let both = [
        assignment(IDENTITY_OPERATOR, &identity_id(), 1, "User"),
        assignment(MACHINE_CONTRIBUTOR, GROUP, 1, "User"),
    ];
    let limited = |provider: &str| {
        let change = json!({ "assignmentRestrictions": { "providers": [provider] } });
        verdicts(PATH, &attachable(&both, change))[0].clone()
    };
    assert_eq!(limited("Microsoft.Web"), "r: pass (0 of 2)");
    assert_eq!(limited("microsoft.compute"), "r: fail (1 of 2)");
}

fn logic_app(role: &str) -> Vec<String> {
    let app = format!("{GROUP}/providers/Microsoft.Logic/workflows/LogicApp3388");
    let account = format!("{GROUP}/providers/Microsoft.Storage/storageAccounts/storageaccount7755");
    let assignments =
        [assignment(role, &app, 1, "User"), assignment(BLOB_CONTRIBUTOR, &account, 21, "ServicePrincipal")];
    let mut document = attachable(&assignments, json!({}));
    document["resources"] = json!([
        { "id": app, "name": "LogicApp3388", "type": "Microsoft.Logic/workflows", "location": "westeurope",
          "identity": { "type": "UserAssigned", "userAssignedIdentities": { identity_id(): {} } } },
        { "id": account, "name": "storageaccount7755", "type": "Microsoft.Storage/storageAccounts", "location": "westeurope" },
    ]);
    verdicts(
        "rule r deny path from user to role granting data \"Microsoft.Storage/*/write\" through managed_identity",
        &document,
    )
}

#[test]
fn t4_3_who_edits_the_workflow_writes_what_its_identity_writes() {
    assert_eq!(
        logic_app(LOGIC_CONTRIBUTOR),
        [
            "r: fail (1 of 2)",
            "  deny: user \"alice@contoso.example\" to Storage Blob Data Contributor at resource \"storageaccount7755\" in resource_group \"rg\" through user_assigned \"mi\" (1 step)"
        ]
    );
}

#[test]
fn t4_4_who_only_starts_it_does_not() {
    assert_eq!(logic_app(LOGIC_OPERATOR), ["r: pass (0 of 2)"]);
}

#[test]
fn t4_5_nor_does_who_reads_it() {
    assert_eq!(logic_app(READER), ["r: pass (0 of 2)"]);
}

/// How far each principal reaches that has an object id; at once and alone it is the same.
pub(super) fn reach_of_each(inventory: &Inventory) -> Vec<ReachLine> {
    let explorer = Explorer::new(inventory, &Options::default());
    let mut lines = explorer.reach_of_all();
    lines.retain(|line| {
        let Some(principal) = Guid::parse(&line.of.id).and_then(|guid| inventory.principal(guid)) else {
            return false;
        };
        let alone = explorer.reach(principal.into()).expect("a principal").counts;
        assert_eq!(line.counts, alone, "{}", line.of.name);
        true
    });
    lines
}

#[test]
fn everybody_at_once_reaches_as_far_as_each_alone() {
    let text = std::fs::read_to_string("snapshots/contoso/inventory.json").unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    assert!(!document["denyAssignments"].as_array().unwrap().is_empty());
    for deny in [true, false] {
        if !deny {
            document["denyAssignments"] = json!([]);
        }
        let lines = reach_of_each(&inventory(&document));
        assert!(lines.len() > 40, "{} principals", lines.len());
        let far = lines.iter().filter(|line| line.counts.identities > 0).count();
        assert!(far > 5, "{far} of them become somebody");
    }
}

#[test]
fn deny_assignments_take_resources_from_whom_they_name_and_leave_them_to_others() {
    let resource = |kind: &str, name: &str| {
        let id = format!("{GROUP}/providers/{kind}/{name}");
        json!({ "id": id, "name": name, "type": kind, "location": "westeurope", "identity": null })
    };
    let site = "Microsoft.Web/sites";
    // Alice and Bob own the subscription; writing sites in the group is denied to everyone but the members of `excluded`,
    // which is Bob. Carol is in a group that reads the group.
    let mut document = denied(json!({
        "permissions": [{ "actions": [format!("{site}/write")], "notActions": [], "dataActions": [], "notDataActions": [] }],
        "excludePrincipals": [{ "id": id(11), "type": "Group" }],
    }));
    document["users"] = json!([user(1, "alice"), user(2, "bob"), user(3, "carol")]);
    document["groups"] = json!([group(11, "excluded"), group(12, "readers")]);
    document["groupMemberships"] = json!([member(11, 2, "User"), member(12, 3, "User")]);
    document["roleAssignments"].as_array_mut().unwrap().push(assignment(READER, GROUP, 12, "Group"));
    document["resources"] =
        json!([resource(site, "one"), resource(site, "two"), resource("Microsoft.KeyVault/vaults", "three")]);
    let counts = |document: &Value, who: &str| {
        let lines = reach_of_each(&inventory(document));
        let line = lines.iter().find(|line| line.of.name.starts_with(who)).unwrap();
        (line.counts.writable_resources, line.counts.resources)
    };
    // Whoever may write role assignments has everything, and may give it to somebody who is excluded.
    assert_eq!(counts(&document, "alice"), (3, 3));
    for assignment in document["roleAssignments"].as_array_mut().unwrap() {
        let owner = assignment["roleDefinitionId"].as_str().unwrap().ends_with(OWNER);
        if owner {
            assignment["roleDefinitionId"] =
                json!(format!("/providers/Microsoft.Authorization/roleDefinitions/{CONTRIBUTOR}"));
        }
    }
    assert_eq!(counts(&document, "alice"), (1, 3));
    assert_eq!(counts(&document, "bob"), (3, 3));
    assert_eq!(counts(&document, "carol"), (0, 3));
    assert_eq!(counts(&document, "excluded"), (0, 0));
}

/// Bob is in `owners`, which is in `platform`; `platform` may federate `mi`, which is in `platform`.
fn round_about() -> Value {
    let federate = assignment("e40ec5ca-96e0-45a2-b4ff-59039f2c2b59", &identity_id(), 31, "Group");
    let mut document = attachable(&[federate], json!({}));
    document["groups"] = json!([group(31, "platform"), group(32, "owners")]);
    document["groupMemberships"] =
        json!([member(31, 21, "ServicePrincipal"), member(31, 32, "Group"), member(32, 2, "User")]);
    document
}

#[test]
fn a_way_through_somebody_is_sought_where_the_shortest_comes_by_the_end_itself() {
    let policy = "rule r deny path from user to group \"platform\" through group";
    assert_eq!(
        verdicts(policy, &round_about()),
        [
            "r: fail (1 of 2)",
            "  deny: user \"bob@contoso.example\" to group \"platform\" through group \"owners\", user_assigned \"mi\" (3 steps)"
        ]
    );
    // Between Bob and `platform` lies no other group where he is in `platform` itself.
    let mut direct = round_about();
    direct["groupMemberships"] = json!([member(31, 21, "ServicePrincipal"), member(31, 2, "User")]);
    assert_eq!(verdicts(policy, &direct), ["r: pass (0 of 2)"]);
}

#[test]
fn whoever_is_controlled_may_be_in_a_group_whose_members_were_not_captured() {
    let policy = "rule r deny path from user to group \"platform\" through managed_identity";
    let mut document = round_about();
    document["groupMemberships"] = json!([member(32, 2, "User")]);
    document["roleAssignments"] =
        json!([assignment("e40ec5ca-96e0-45a2-b4ff-59039f2c2b59", &identity_id(), 2, "User")]);
    assert_eq!(verdicts(policy, &document), ["r: pass (0 of 2)"]);
    document["capture"]["complete"].as_array_mut().unwrap().retain(|c| c != "groupMemberships");
    let lines = verdicts(policy, &document);
    assert_eq!(lines[0], "r: unknown (0 of 2)");
    assert!(
        lines.iter().any(|l| l.starts_with("  unknown: group \"platform\": its members were not captured")),
        "{lines:?}"
    );
}
