//! A policy and a tenant, and what it comes to.

mod azure_facts;
mod given;
mod rights;
mod silent_pass;
mod wide;

use dictum::engine::{CheckOptions, Outcome, check};
use serde_json::{Value, json};

/// Every collection of the inventory document that these tests use, declared complete.
const COLLECTIONS: &[&str] = &[
    "roleAssignments",
    "roleDefinitions",
    "roleAssignmentScheduleInstances",
    "roleEligibilityScheduleInstances",
    "identities",
    "federatedCredentials",
    "resources",
    "resourceGroups",
    "subscriptions",
    "managementGroups",
    "users",
    "groups",
    "groupMemberships",
    "servicePrincipals",
];

/// An inventory document: the given collections, every other one captured and empty, all complete but for those of
/// `partial` (captured in part) and `absent` (not captured).
fn tenant(stated: Value, partial: &[&str], absent: &[&str]) -> Value {
    let complete: Vec<&str> =
        COLLECTIONS.iter().copied().filter(|c| !partial.contains(c) && !absent.contains(c)).collect();
    let mut document = json!({ "capture": {
        "time": "2026-11-20T00:00:00Z",
        "tenant": "aaaaaaaa-0000-4000-8000-000000000000",
        "complete": complete,
        "partial": partial,
    }});
    for collection in COLLECTIONS.iter().filter(|c| !absent.contains(c)) {
        document[collection] = stated.get(collection).cloned().unwrap_or(json!([]));
    }
    document
}

/// A tenant of which everything was captured.
fn whole(stated: Value) -> Value {
    tenant(stated, &[], &[])
}

fn run(policy: &str, inventory: &Value) -> Outcome {
    let files = vec![("inventory.json".to_owned(), serde_json::to_vec_pretty(inventory).unwrap())];
    check(&[("test.dictum", policy)], files, &CheckOptions::default())
}

/// How each rule ended and what it found, a line each.
fn verdicts(policy: &str, inventory: &Value) -> Vec<String> {
    let outcome = run(policy, inventory);
    let errors: Vec<&str> =
        outcome.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.message.as_str()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let mut lines = vec![];
    for rule in &outcome.verdicts.rules {
        let name = rule.id.rsplit('/').next().unwrap();
        lines.push(format!("{name}: {} ({} of {})", rule.status.word(), rule.selected, rule.examined));
        for finding in outcome.verdicts.findings.iter().filter(|f| f.rule == rule.id) {
            lines.push(format!("  {}: {}", finding.verdict.word(), finding.sentence));
        }
    }
    lines
}

/// The messages of the errors that keep it from running.
fn errors(policy: &str, inventory: &Value) -> Vec<String> {
    let outcome = run(policy, inventory);
    assert!(outcome.exit > 1, "it ran: exit {}", outcome.exit);
    outcome.diagnostics.into_iter().filter(|d| d.is_error()).map(|d| d.message).collect()
}

// Ids that read as what they are.
const PROD: &str = "/subscriptions/5b000000-0000-4000-8000-000000000001";
const OWNER: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const CONTRIBUTOR: &str = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const ACCESS_ADMINISTRATOR: &str = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9";

/// The object id of the thing of that number: `0000NNNN-...`.
fn id(number: u32) -> String {
    format!("{number:08x}-0000-4000-8000-000000000000")
}

/// An assignment in the shape of the az CLI; its name follows from its content.
fn assignment(role: &str, scope: &str, principal: u32, principal_type: &str) -> Value {
    let mut hash = 17u64;
    for byte in format!("{role}{scope}{principal}").bytes() {
        hash = hash.wrapping_mul(1_000_003) ^ u64::from(byte);
    }
    let name = format!("{:08x}-0000-4000-9000-{:012x}", hash >> 32, hash & 0xffff_ffff_ffff);
    let prefix = if scope == "/" { "" } else { scope };
    json!({
        "id": format!("{prefix}/providers/Microsoft.Authorization/roleAssignments/{name}"),
        "name": name,
        "principalId": id(principal),
        "principalType": principal_type,
        "roleDefinitionId": format!("/providers/Microsoft.Authorization/roleDefinitions/{role}"),
        "scope": scope,
        "condition": null,
        "type": "Microsoft.Authorization/roleAssignments",
    })
}

fn subscription(scope: &str, name: &str) -> Value {
    json!({ "id": scope, "subscriptionId": scope.rsplit('/').next(), "displayName": name, "state": "Enabled" })
}

fn user(number: u32, name: &str) -> Value {
    json!({ "id": id(number), "userPrincipalName": format!("{name}@contoso.example"), "displayName": name,
            "accountEnabled": true, "userType": "Member" })
}

fn group(number: u32, name: &str) -> Value {
    json!({ "id": id(number), "displayName": name, "securityEnabled": true })
}

fn member(group: u32, member: u32, member_type: &str) -> Value {
    json!({ "groupId": id(group), "memberId": id(member), "memberType": member_type })
}

fn user_assigned(number: u32, name: &str) -> Value {
    json!({
        "id": format!("{PROD}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"),
        "name": name,
        "principalId": id(number),
        "clientId": id(number + 0x1000),
        "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
        "tags": {},
    })
}

fn service_principal(number: u32, name: &str, kind: &str) -> Value {
    json!({ "id": id(number), "appId": id(number + 0x1000), "displayName": name, "servicePrincipalType": kind })
}
