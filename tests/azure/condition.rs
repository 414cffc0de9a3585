//! Conditions on assignments and in roles. `WRITE` and `DELETE` are the two operations that they constrain.

use dictum::azure::Block;
use dictum::azure::condition::{self, Condition, MAX_DEPTH, MAX_LENGTH, Request};
use dictum::azure::permission::{self, Plane};
use dictum::azure::roles::{self, BuiltInRole};

const WRITE: &str = "Microsoft.Authorization/roleAssignments/write";
const DELETE: &str = "Microsoft.Authorization/roleAssignments/delete";
const OWNER: &str = "Owner";
const BLOB_READER: &str = "Storage Blob Data Reader";

fn role(name: &str) -> BuiltInRole {
    roles::by_name(name).unwrap_or_else(|| panic!("{name} is not in the catalogue"))
}

fn parsed(text: &str) -> Condition {
    condition::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A request whose attributes are all unknown.
fn request(operation: &str) -> Request<'_> {
    Request { operation, role: None, principal: None, principal_type: None }
}

fn assignment<'a>(operation: &'a str, of: &str, to: &'a str) -> Request<'a> {
    Request { role: Some(role(of).guid()), principal_type: Some(to), ..request(operation) }
}

/// Whether an assignment under that condition may give a role to a principal of a type; no condition always may.
fn may_give(condition: Option<&str>, role: &str, to: &str) -> Option<bool> {
    condition.map_or(Some(true), |text| parsed(text).allows(&assignment(WRITE, role, to)))
}

/// The condition that Azure's portal writes for a list of roles, and `and` for what else it asks.
fn only_roles(names: &[&str], and: &str) -> String {
    let guids: Vec<String> = names.iter().map(|name| role(name).guid().to_string()).collect();
    let clause = |operation: &str, source: &str| {
        format!(
            "((!(ActionMatches{{'{operation}'}})) OR (@{source}[Microsoft.Authorization/roleAssignments:\
             RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{}}}{}))",
            guids.join(", "),
            and.replace("SOURCE", source)
        )
    };
    format!("{}\nAND\n{}", clause(WRITE, "Request"), clause(DELETE, "Resource"))
}

#[test]
fn t2_15_a_condition_limits_an_administrator_to_its_roles() {
    let only_blob_reader = only_roles(&[BLOB_READER], "");
    assert_eq!(may_give(Some(&only_blob_reader), BLOB_READER, "User"), Some(true));
    assert_eq!(may_give(Some(&only_blob_reader), OWNER, "User"), Some(false));
    assert_eq!(may_give(None, OWNER, "User"), Some(true));
}

#[test]
fn t2_16_a_list_that_has_owner_is_no_limit() {
    let with_owner = only_roles(&[BLOB_READER, OWNER], "");
    assert_eq!(may_give(Some(&with_owner), OWNER, "User"), Some(true));
    assert_eq!(may_give(Some(&with_owner), "User Access Administrator", "User"), Some(false));
}

#[test]
fn t2_17_a_condition_on_the_type_of_principals_leaves_managed_identities() {
    let text = "!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'}) OR \
        @Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringEqualsIgnoreCase 'ServicePrincipal'";
    assert_eq!(may_give(Some(text), OWNER, "ServicePrincipal"), Some(true));
    assert_eq!(may_give(Some(text), OWNER, "User"), Some(false));
    assert_eq!(parsed(text).allows(&request(WRITE)), None);
}

#[test]
fn t2_18_key_vault_data_access_administrator_grants_key_vault_roles_only() {
    assert_eq!(may_grant("Key Vault Data Access Administrator", OWNER), Some(false));
    assert_eq!(may_grant("Key Vault Data Access Administrator", "Key Vault Secrets User"), Some(true));
}

/// Whether a built-in role may give another to a user, by its blocks and their conditions.
fn may_grant(name: &str, given: &str) -> Option<bool> {
    let blocks = role(name).blocks();
    let values: Vec<Option<bool>> = blocks
        .iter()
        .filter(|block| permission::grants(std::slice::from_ref(block), Plane::Control, WRITE))
        .map(|block: &Block<'_>| may_give(block.condition, given, "User"))
        .collect();
    if values.contains(&Some(true)) {
        return Some(true);
    }
    if values.contains(&None) { None } else { Some(false) }
}

#[test]
fn no_text_is_too_long_or_too_deep_to_answer() {
    let deep = |depth: usize| format!("{}true BoolEquals true{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(parsed(&deep(MAX_DEPTH)).allows(&request(WRITE)), Some(true));
    assert!(condition::parse(&deep(MAX_DEPTH + 1)).is_err());
    assert!(condition::parse(&deep(10_000)).is_err());
    assert!(condition::parse(&"(".repeat(10_000)).is_err());
    assert!(condition::parse(&" ".repeat(1 << 20)).is_err());
    assert!(condition::parse(&"true BoolEquals true AND ".repeat(50_000)).is_err());
    let nots = format!("{}true BoolEquals true", "!".repeat(MAX_LENGTH / 2));
    assert_eq!(parsed(&nots).allows(&request(WRITE)), Some(true));
}
