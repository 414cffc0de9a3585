//! Facts about real captures, worked out independently, against what the commands say. The values are read from the file
//! of facts; none is written here. Without that file there is nothing to compare.

use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const FACTS: &str = "../shared/inputs/expected-facts.json";
const INPUTS: &str = "../shared/inputs";

const ASSIGNMENTS_21: &str = "arm-rest/role-assignments/azure-cli-2021/revoke_sp_for_rbac.25.all.json";
const DEFINITIONS_21: &str = "arm-rest/role-definitions/azure-cli-2021/revoke_sp_for_rbac.26.json";
const OBJECTS_21: &str = "msgraph/azure-cli-2021/revoke_sp_for_rbac.27.getObjectsByObjectIds.json";
const ASSIGNMENTS_23: &str = "arm-rest/role-assignments/azure-cli-2023/handle_conflicted.6.json";
const ASSIGNMENTS_C7N: &str = "arm-rest/role-assignments/c7n/role-assignments-74.json";
const RESOURCES_21: &str = "arm-rest/resources/azure-cli-2021/resource_scenario.hybrid.5.json";
const CUT_RESOURCES: &str = "arm-rest/resources/azure-cli-ext-2024/quantum_workspace.page7.json";
const MACHINES_ARG: &str = "resource-graph/c7n/vm-query-2019-04-01.json";

/// What no command says, and the construct that is missing.
const NOT_BY_A_COMMAND: &[(&str, &str)] = &[
    (
        "A21.custom_can_assign",
        "`granting` on a role_definition: a definition that nobody holds is not a grant",
    ),
    ("RL21h.none_literal", "how a record spells that a resource has no identity"),
    (
        "RL21h.caseDupGroups",
        "a count of ids that differ only in letter case: they are one thing once they are read",
    ),
    ("ARG.table", "the columns of a Resource Graph table"),
];

/// Runs the command; standard output, without the line break. Exit 3 says that the capture is partial: the numbers stand.
fn dictum(arguments: &[&str], files: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dictum"));
    command.args(arguments);
    for file in files {
        command.arg("-i").arg(Path::new(INPUTS).join(file));
    }
    let output = command.output().unwrap();
    assert!(
        matches!(output.status.code(), Some(0 | 3)),
        "{arguments:?}: {:?}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

fn count(selector: &str, files: &[&str]) -> u64 {
    dictum(&["find", selector, "--count"], files).parse().unwrap()
}

fn count_complete(selector: &str, files: &[&str]) -> u64 {
    let arguments = ["find", selector, "--count", "--complete", "users,groups,servicePrincipals"];
    dictum(&arguments, files).parse().unwrap()
}

fn inventory(files: &[&str]) -> Value {
    serde_json::from_str(&dictum(&["inventory", "--format", "json"], files)).unwrap()
}

/// Whether the inventory says of the resources that a further page was not read.
fn further_page(files: &[&str]) -> bool {
    let inventory = inventory(files);
    let coverage = inventory["coverage"].as_array().unwrap();
    let resources = coverage.iter().find(|c| c["collection"] == "resources").unwrap();
    resources["reason"].as_str().unwrap().starts_with("the page after")
}

/// The same keys as `expected`, each with what the selector of that key counts.
fn by_key(expected: &Value, selector: impl Fn(&str) -> String, count: impl Fn(&str) -> u64) -> Value {
    let keys = expected.as_object().unwrap().keys();
    keys.map(|key| (key.clone(), json!(count(&selector(key))))).collect::<serde_json::Map<_, _>>().into()
}

fn level(key: &str) -> &str {
    match key {
        "mg" => "management_group",
        "sub" => "subscription",
        "rg" => "resource_group",
        other => other,
    }
}

/// The facts that every list of role assignments has.
fn of_assignments(fact: &str, expected: &Value, file: &str) -> Option<Value> {
    let files = [file];
    Some(match fact {
        "count" => json!(count("any role", &files)),
        "principalType" => {
            let selector = |key: &str| format!("any role where assignment.assignee_type == \"{key}\"");
            by_key(expected, selector, |s| count(s, &files))
        }
        "scopeLevel" => by_key(expected, |key| format!("any role at {}", level(key)), |s| count(s, &files)),
        "owner_at_sub" => json!(count("role Owner at subscription", &files)),
        "contrib_at_sub" => json!(count("role Contributor at subscription", &files)),
        "owner_contrib_uaa_above_sub" => {
            json!(count(
                "role Owner, Contributor, \"User Access Administrator\" at management_group or above",
                &files
            ))
        }
        "conditions" => json!(count("any role where assignment.condition is present", &files)),
        "distinct_principals" => {
            json!(dictum(&["find", "any role", "--count", "principals"], &files).parse::<u64>().unwrap())
        }
        "sp_owner_contrib_sub_or_above" => {
            json!(count("role Owner, Contributor at subscription or above for service_principal", &files))
        }
        "dups" => json!(inventory(&files)["duplicates"].as_array().unwrap().len()),
        _ => return None,
    })
}

fn of_tenant_21(fact: &str, expected: &Value) -> Option<Value> {
    let directory = [ASSIGNMENTS_21, OBJECTS_21];
    Some(match fact {
        "defs" => json!([
            count("role_definition", &[DEFINITIONS_21]),
            count("role_definition where role_definition.type == \"CustomRole\"", &[DEFINITIONS_21]),
        ]),
        "custom_assignments" => json!(count("custom role", &[ASSIGNMENTS_21, DEFINITIONS_21])),
        "unresolved_roles" => {
            json!(count("any role where assignment.role is not known", &[ASSIGNMENTS_21, DEFINITIONS_21]))
        }
        "custom_star" => {
            let selector = "role_definition where role_definition.type == \"CustomRole\" and role_definition.actions contains \"*\"";
            let found: Value =
                serde_json::from_str(&dictum(&["find", selector, "--format", "json"], &[DEFINITIONS_21]))
                    .unwrap();
            let facts = found["facts"].as_array().unwrap();
            facts.iter().map(|f| f["subject"]["name"].clone()).collect()
        }
        "mi_principals" => json!(count("managed_identity", &[OBJECTS_21])),
        "mi_assignments" => json!(count("any role for managed_identity", &directory)),
        "mi_owner_contrib" => {
            json!(count("role Owner, Contributor at subscription or above for managed_identity", &directory))
        }
        "orphans" => json!(count_complete("any role for missing_principal", &directory)),
        "orphans_by_type" => {
            let selector = |key: &str| {
                format!("any role for missing_principal where assignment.assignee_type == \"{key}\"")
            };
            by_key(expected, selector, |s| count_complete(s, &directory))
        }
        "guests" => json!([
            count("user where user.type is known", &[OBJECTS_21]),
            count("any role for guest", &directory),
            count("any role for (user where user.external)", &directory),
        ]),
        other => return of_assignments(other, expected, ASSIGNMENTS_21),
    })
}

fn of_resources(fact: &str) -> Option<Value> {
    let files = [RESOURCES_21];
    let system = "resource.system_assigned is present";
    let user = "resource.user_assigned is not empty";
    Some(match fact {
        "count" => {
            let further = further_page(&files);
            json!([count("resource", &files), further])
        }
        "sys" => json!(count(&format!("resource where {system}"), &files)),
        "user" => json!(count(&format!("resource where {user}"), &files)),
        "both" => json!(count(&format!("resource where {system} and {user}"), &files)),
        "uami_resources" => {
            json!(count("resource of type \"Microsoft.ManagedIdentity/userAssignedIdentities\"", &files))
        }
        "principals" => {
            json!(count("managed_identity where managed_identity.object_id is present", &files))
        }
        _ => return None,
    })
}

#[test]
fn facts_about_real_captures_come_out_exactly() {
    let Ok(text) = std::fs::read_to_string(FACTS) else {
        println!("no file of facts here: 0 facts compared");
        return;
    };
    let facts: Vec<Value> = serde_json::from_str(&text).unwrap();
    let (mut by_command, mut named, mut wrong) = (0, 0, vec![]);
    for fact in &facts {
        let id = fact["id"].as_str().unwrap();
        let Some((set, name)) = id.split_once('.') else { continue };
        if NOT_BY_A_COMMAND.iter().any(|(missing, _)| *missing == id) {
            named += 1;
            continue;
        }
        let expected = &fact["value"];
        let found = match set {
            "A21" => of_tenant_21(name, expected),
            "A23c" => of_assignments(name, expected, ASSIGNMENTS_23),
            "C7N" => of_assignments(name, expected, ASSIGNMENTS_C7N),
            "RL21h" => of_resources(name),
            // Plans and templates are not read yet.
            "TFt2mc" | "ARMuami" => continue,
            _ => None,
        };
        match found {
            Some(found) if found == *expected => by_command += 1,
            Some(found) => wrong.push(format!("{id}: expected {expected}, found {found}")),
            None => wrong.push(format!("{id}: no command is written for it")),
        }
    }
    println!("{by_command} facts by a command, {named} named with what is missing:");
    for (id, missing) in NOT_BY_A_COMMAND {
        println!("  {id}: {missing}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(by_command >= 44, "{by_command} of {}", facts.len());
    assert!(further_page(&[CUT_RESOURCES]), "a page with a nextLink");
    // The one row of the table is read all the same.
    assert_eq!(count("resource", &[MACHINES_ARG]), 1);
}
