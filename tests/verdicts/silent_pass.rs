//! What a policy tool must never do: say "pass" about something that it did not decide. One test a row.

use super::*;
use dictum::engine::CheckOptions;

fn ana_owns_prod() -> Value {
    json!({
        "subscriptions": [subscription(PROD, "prod")],
        "users": [user(1, "ana")],
        "roleAssignments": [assignment(OWNER, PROD, 1, "User")],
    })
}

#[test]
fn s1_nothing_matched_nothing_read_no_rule_ran() {
    // No rule: not a pass.
    let none = run("# nothing\n", &whole(ana_owns_prod()));
    assert_eq!(none.exit, 2);
    // A role that does not exist, a scope that does not: named, not passed.
    let policy =
        "rule role deny role \"Ownr\" for user\nrule scope deny role Owner at subscription \"prd-*\"";
    let outcome = run(policy, &whole(ana_owns_prod()));
    assert_eq!(outcome.exit, 3, "a run in which nothing was decided");
    let notes: Vec<String> = outcome.verdicts.rules.iter().flat_map(|r| r.notes.clone()).collect();
    assert_eq!(
        notes,
        [
            "`Ownr` names no role, built in or captured, of this inventory",
            "`prd-*` names no scope of this inventory"
        ]
    );
    assert!(outcome.verdicts.rules.iter().all(|r| r.status.word() == "not_applicable"));
    // An inventory of nothing: nothing is examined.
    let empty = run("deny role Owner for user", &json!({}));
    assert_eq!(empty.exit, 3);
}

#[test]
fn s2_unlike_types_and_null_are_never_quietly_false() {
    let mismatch = errors("deny user where user.enabled == \"true\"", &whole(ana_owns_prod()));
    assert_eq!(mismatch.len(), 1, "{mismatch:?}");
    // Never signed in is not "signed in long ago" and not "recently": the author must say which.
    let unguarded = errors("deny user where age(user.last_sign_in) > 90 days", &whole(ana_owns_prod()));
    assert_eq!(unguarded.len(), 1, "{unguarded:?}");
    // A key that the record lacks is unknown.
    assert_eq!(
        verdicts("rule stale deny user where user.department == \"Sales\"", &whole(ana_owns_prod())),
        ["stale: unknown (0 of 1)", "  unknown: user \"ana@contoso.example\""]
    );
}

#[test]
fn s3_an_empty_set_is_an_error_and_an_empty_collection_is_captured_only_if_declared() {
    assert_eq!(errors("let none =\nrule r deny role none for user", &whole(ana_owns_prod())).len(), 1);
    let policy = "rule idle deny user_assigned where user_assigned.attachments is empty";
    let facts = json!({ "identities": [user_assigned(1, "mi-app")] });
    assert_eq!(verdicts(policy, &whole(facts.clone()))[0], "idle: fail (1 of 1)");
    assert_eq!(verdicts(policy, &tenant(facts, &[], &["resources"]))[0], "idle: unknown (0 of 1)");
}

#[test]
fn s8_a_name_prefix_is_not_an_ancestor() {
    let rg = |name: &str| format!("{PROD}/resourceGroups/{name}");
    let facts = json!({
        "subscriptions": [subscription(PROD, "prod")],
        "resourceGroups": [{ "id": rg("rg1"), "name": "rg1" }, { "id": rg("rg10"), "name": "rg10" }],
        "users": [user(1, "ana"), user(2, "ben")],
        "roleAssignments": [assignment(OWNER, &rg("rg10"), 1, "User"), assignment(OWNER, &rg("RG1"), 2, "User")],
    });
    assert_eq!(
        verdicts("rule r deny role Owner within resource_group \"rg1\"", &whole(facts)),
        [
            "r: fail (1 of 1)",
            "  deny: Owner at resource_group \"RG1\" in subscription \"prod\" for user \"ben@contoso.example\"",
        ]
    );
}

#[test]
fn s9_a_role_is_judged_by_what_it_grants_block_by_block() {
    let custom = |number: u32, name: &str, blocks: Value| {
        json!({ "id": format!("{PROD}/providers/Microsoft.Authorization/roleDefinitions/{}", id(number)),
                "name": id(number), "roleName": name, "roleType": "CustomRole", "assignableScopes": [PROD], "permissions": blocks })
    };
    let block = |actions: Value, not: Value| json!({ "actions": actions, "notActions": not, "dataActions": [], "notDataActions": [] });
    let write = "Microsoft.Authorization/roleAssignments/write";
    let facts = json!({
        "subscriptions": [subscription(PROD, "prod")],
        "users": [user(1, "ana"), user(2, "ben"), user(3, "eve")],
        "roleDefinitions": [
            custom(71, "Innocent", json!([block(json!(["*"]), json!([write])), block(json!(["Microsoft.Authorization/*"]), json!([]))])),
            custom(72, "Trimmed", json!([block(json!(["Microsoft.Authorization/*"]), json!(["Microsoft.Authorization/*/Write"]))])),
        ],
        "roleAssignments": [assignment(&id(71), PROD, 1, "User"), assignment(&id(72), PROD, 2, "User"), assignment(CONTRIBUTOR, PROD, 3, "User")],
    });
    assert_eq!(
        verdicts(&format!("rule grants deny role granting \"{write}\""), &whole(facts)),
        [
            "grants: fail (1 of 3)",
            "  deny: Innocent at subscription \"prod\" for user \"ana@contoso.example\""
        ],
        "what one block takes out, another grants"
    );
}

#[test]
fn s10_groups_inheritance_and_eligibility_are_seen_without_being_asked_for() {
    let management_group = "/providers/Microsoft.Management/managementGroups/corp";
    let mut prod = subscription(PROD, "prod");
    prod["managementGroup"] = json!("corp");
    let facts = json!({
        "subscriptions": [prod],
        "managementGroups": [{ "id": management_group, "name": "corp", "properties": { "details": { "parent": null } } }],
        "users": [user(1, "ana"), user(2, "ben")],
        "groups": [group(11, "ops")],
        "groupMemberships": [member(11, 1, "User")],
        "roleAssignments": [assignment(OWNER, management_group, 11, "Group")],
        "roleEligibilityScheduleInstances": [{ "name": id(99),
            "id": format!("{PROD}/providers/Microsoft.Authorization/roleEligibilityScheduleInstances/{}", id(99)),
            "properties": { "scope": PROD, "principalId": id(2), "principalType": "User", "startDateTime": null, "endDateTime": null,
                "roleDefinitionId": format!("/providers/Microsoft.Authorization/roleDefinitions/{OWNER}") } }],
    });
    assert_eq!(
        verdicts("rule owners deny role Owner on subscription \"prod\" for user", &whole(facts.clone())),
        [
            "owners: fail (2 of 2)",
            "  deny: Owner at management_group \"corp\" for user \"ana@contoso.example\" through group \"ops\"",
            "  deny: eligible Owner at subscription \"prod\" for user \"ben@contoso.example\"",
        ]
    );
    // Without the members of the group, or without PIM, it is not a pass.
    let policy = "rule owners deny role Owner on subscription \"prod\" for user \"eve@contoso.example\", user \"ana@contoso.example\"";
    let members = verdicts(policy, &tenant(facts.clone(), &[], &["groupMemberships"]));
    assert_eq!(members[0], "owners: unknown (0 of 2)");
    let eligible =
        verdicts(policy, &tenant(facts, &[], &["groupMemberships", "roleEligibilityScheduleInstances"]));
    assert_eq!(eligible[0], "owners: unknown (0 of 1)");
    assert!(eligible.iter().any(|l| l.contains("eligible assignments (PIM): not captured")), "{eligible:?}");
}

#[test]
fn s11_an_orphan_is_not_taken_from_a_label() {
    let policy = "rule orphans deny any role for missing_principal";
    let facts = json!({
        "subscriptions": [subscription(PROD, "prod")],
        "users": [user(1, "ana")],
        "roleAssignments": [assignment(READER, PROD, 1, "Unknown"), assignment(READER, PROD, 2, "User")],
    });
    let complete = verdicts(policy, &whole(facts.clone()));
    assert_eq!(
        complete[0], "orphans: fail (1 of 2)",
        "the label of the first says Unknown, and the user is there"
    );
    let without = verdicts(policy, &tenant(facts, &[], &["users", "groups", "servicePrincipals"]));
    assert_eq!(without[0], "orphans: unknown (0 of 2)");
}

#[test]
fn s12_waivers_that_are_expired_unused_or_of_no_rule_are_said_each_run() {
    let policy = "policy p\nrule owners deny role Owner for user";
    let waiver = |rest: &str| {
        format!("waive p/owners {rest} because \"Because.\" approved by \"boss@contoso.example\"\n")
    };
    let run = |waivers: String| {
        let files = vec![("inventory.json".to_owned(), serde_json::to_vec(&whole(ana_owns_prod())).unwrap())];
        let options = CheckOptions {
            waivers: vec![("waivers/w.dictum".to_owned(), waivers)],
            ..CheckOptions::default()
        };
        let outcome = check(&[("p.dictum", policy)], files, &options);
        let states: Vec<String> = outcome.verdicts.waivers.iter().map(|w| w.state.clone()).collect();
        (outcome.exit, outcome.verdicts.rules.first().map_or("", |r| r.status.word()), states)
    };
    let ana = "for user \"ana@contoso.example\"";
    assert_eq!(run(waiver(&format!("{ana} until 2026-11-20"))), (0, "waived", vec![]), "the last day counts");
    assert_eq!(run(waiver(&format!("{ana} until 2026-11-19"))), (1, "fail", vec!["expired".to_owned()]));
    assert_eq!(
        run(waiver("for user \"ben@contoso.example\" until 2027-01-01")),
        (1, "fail", vec!["unused".to_owned()])
    );
}

#[test]
fn s15_there_are_no_errors_at_run_time_for_a_rule_to_hide_behind() {
    // Everything that can go wrong in an expression goes wrong before anything runs, or is unknown.
    let policy = "
        rule a deny user where user.created + 90 days < today
        rule b deny user where some g in user.groups satisfies g.name matches /^(a+)+$/
        rule c deny user where count(user.role_assignments) > 3
    ";
    let mut odd = user(1, &"a".repeat(5000));
    odd["createdDateTime"] = json!("9999-12-31T23:59:59Z");
    let facts = json!({ "users": [odd, user(2, "ben")], "groups": [group(11, &"a".repeat(5000))],
                        "groupMemberships": [member(11, 1, "User")] });
    let found = verdicts(policy, &whole(facts));
    let statuses: Vec<&String> = found.iter().filter(|l| !l.starts_with(' ')).collect();
    assert_eq!(statuses, ["a: unknown (0 of 2)", "b: fail (1 of 2)", "c: pass (0 of 2)"]);
}
