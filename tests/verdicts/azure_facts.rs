//! What Azure does, as verdicts: the tests of the facts by their numbers.

use super::*;

const GROUP_MG: &str = "/providers/Microsoft.Management/managementGroups/corp";

fn corp() -> Value {
    json!([{ "id": GROUP_MG, "name": "corp", "properties": { "displayName": "Corp", "details": { "parent": null } } }])
}

#[test]
fn t1_3_a_management_group_above_and_an_unknown_one() {
    let policy = "rule above deny role Owner within management_group \"corp\"";
    let mut under = subscription(PROD, "prod");
    under["managementGroup"] = json!("corp");
    let facts = |prod: Value| {
        json!({
            "subscriptions": [prod],
            "managementGroups": corp(),
            "users": [user(1, "ana")],
            "roleAssignments": [assignment(OWNER, PROD, 1, "User")],
        })
    };
    assert_eq!(
        verdicts(policy, &whole(facts(under))),
        ["above: fail (1 of 1)", "  deny: Owner at subscription \"prod\" for user \"ana@contoso.example\"",]
    );
    let unknown = verdicts(policy, &tenant(facts(subscription(PROD, "prod")), &["managementGroups"], &[]));
    assert_eq!(unknown[0], "above: unknown (0 of 1)");
    assert!(unknown[1].contains("management groups: partial"), "{unknown:?}");
}

#[test]
fn t1_7_user_access_administrator_at_the_root_is_elevated_access() {
    let facts = json!({
        "users": [user(1, "ana"), user(2, "ben")],
        "subscriptions": [subscription(PROD, "prod")],
        "roleAssignments": [assignment(ACCESS_ADMINISTRATOR, "/", 1, "User"), assignment(ACCESS_ADMINISTRATOR, PROD, 2, "User")],
    });
    assert_eq!(
        verdicts("rule elevated deny role \"User Access Administrator\" at root", &whole(facts)),
        [
            "elevated: fail (1 of 1)",
            "  deny: User Access Administrator at root for user \"ana@contoso.example\"",
        ]
    );
}

fn nested_groups(memberships: Value) -> Value {
    json!({
        "subscriptions": [subscription(PROD, "prod")],
        "identities": [user_assigned(1, "mi-app")],
        "groups": [group(11, "inner"), group(12, "outer")],
        "groupMemberships": memberships,
        "roleAssignments": [assignment(CONTRIBUTOR, PROD, 12, "Group")],
    })
}

const CONTRIBUTOR_RULE: &str = "rule broad deny role Contributor at subscription for managed_identity";

#[test]
fn t2_9_groups_of_any_depth_hold_for_their_members() {
    let facts = nested_groups(json!([member(12, 11, "Group"), member(11, 1, "ServicePrincipal")]));
    assert_eq!(
        verdicts(CONTRIBUTOR_RULE, &whole(facts)),
        [
            "broad: fail (1 of 1)",
            "  deny: Contributor at subscription \"prod\" for user_assigned \"mi-app\" through group \"inner\" through group \"outer\"",
        ]
    );
}

#[test]
fn t2_10_a_cycle_of_groups_ends() {
    let facts = nested_groups(json!([
        member(12, 11, "Group"),
        member(11, 12, "Group"),
        member(11, 11, "Group"),
        member(11, 1, "ServicePrincipal"),
    ]));
    assert_eq!(verdicts(CONTRIBUTOR_RULE, &whole(facts))[0], "broad: fail (1 of 1)");
}

fn eligible_owner(end: Value) -> Value {
    json!({
        "subscriptions": [subscription(PROD, "prod")],
        "users": [user(1, "ana")],
        "roleEligibilityScheduleInstances": [{
            "id": format!("{PROD}/providers/Microsoft.Authorization/roleEligibilityScheduleInstances/{}", id(99)),
            "name": id(99),
            "properties": {
                "scope": PROD, "principalId": id(1), "principalType": "User",
                "roleDefinitionId": format!("{PROD}/providers/Microsoft.Authorization/roleDefinitions/{OWNER}"),
                "startDateTime": "2026-01-01T00:00:00Z", "endDateTime": end,
            },
        }],
    })
}

#[test]
fn t2_19_an_eligible_owner_holds_nothing_yet_and_potentially_owns() {
    let policy =
        "rule effective deny active role Owner for user\nrule potential deny eligible role Owner for user";
    assert_eq!(
        verdicts(policy, &whole(eligible_owner(Value::Null))),
        [
            "effective: pass (0 of 1)",
            "potential: fail (1 of 1)",
            "  deny: eligible Owner at subscription \"prod\" for user \"ana@contoso.example\"",
        ]
    );
}

#[test]
fn t2_21_an_assignment_that_has_ended_is_not_in_force() {
    let policy = "rule owner deny role Owner for user";
    assert_eq!(
        verdicts(policy, &whole(eligible_owner(json!("2026-11-19T23:59:59Z")))),
        ["owner: pass (0 of 1)"],
        "ended before the capture of 2026-11-20"
    );
    assert_eq!(
        verdicts(policy, &whole(eligible_owner(json!("2026-11-20T00:00:01Z"))))[0],
        "owner: fail (1 of 1)"
    );
}

#[test]
fn t2_23_custom_roles_of_one_name_are_two_roles() {
    let custom = |number: u32, actions: Value| {
        json!({
            "id": format!("{PROD}/providers/Microsoft.Authorization/roleDefinitions/{}", id(number)),
            "name": id(number), "roleName": "Deployer", "roleType": "CustomRole", "assignableScopes": [PROD],
            "permissions": [{ "actions": actions, "notActions": [], "dataActions": [], "notDataActions": [] }],
        })
    };
    let facts = json!({
        "subscriptions": [subscription(PROD, "prod")],
        "users": [user(1, "ana"), user(2, "ben")],
        "roleDefinitions": [custom(71, json!(["*"])), custom(72, json!(["*/read"]))],
        "roleAssignments": [assignment(&id(71), PROD, 1, "User"), assignment(&id(72), PROD, 2, "User")],
    });
    assert_eq!(
        verdicts("rule hidden-owner deny custom role granting all \"*\"", &whole(facts.clone())),
        [
            "hidden-owner: fail (1 of 2)",
            "  deny: Deployer at subscription \"prod\" for user \"ana@contoso.example\"",
        ]
    );
    assert_eq!(verdicts("rule both deny role Deployer", &whole(facts))[0], "both: fail (2 of 2)");
}

const ORPHANS: &str = "rule orphans deny any role for missing_principal";

#[test]
fn t2_24_a_principal_of_another_tenant_is_no_orphan() {
    let mut foreign = assignment(READER, PROD, 1, "ForeignGroup");
    foreign["principalName"] = json!("");
    let facts = json!({ "subscriptions": [subscription(PROD, "prod")], "roleAssignments": [foreign] });
    assert_eq!(verdicts(ORPHANS, &whole(facts)), ["orphans: pass (0 of 1)"]);
}

/// `n` active assignments at resource groups of one subscription, and `eligible` eligible ones.
fn many(n: u32, eligible: u32, principal: impl Fn(u32) -> u32) -> Value {
    let scope = |i: u32| format!("{PROD}/resourceGroups/rg-{i}");
    json!({
        "subscriptions": [subscription(PROD, "prod")],
        "users": [user(1, "ana")],
        "roleAssignments": (0..n).map(|i| assignment(READER, &scope(i), principal(i), "User")).collect::<Vec<_>>(),
        "roleEligibilityScheduleInstances": (0..eligible).map(|i| json!({
            "name": id(50_000 + i),
            "id": format!("{PROD}/providers/Microsoft.Authorization/roleEligibilityScheduleInstances/{}", id(50_000 + i)),
            "properties": { "scope": scope(i), "principalId": id(1), "principalType": "User", "endDateTime": null,
                "startDateTime": null,
                "roleDefinitionId": format!("/providers/Microsoft.Authorization/roleDefinitions/{READER}") },
        })).collect::<Vec<_>>(),
    })
}

const LIMIT: &str =
    "rule limit deny active role within subscription if more than 4999 assignments per subscription";

#[test]
fn t5_1_the_limit_of_assignments_is_5000_active_ones() {
    assert_eq!(
        verdicts(LIMIT, &whole(many(5000, 0, |_| 1))),
        ["limit: fail (1 of 1)", "  deny: subscription \"prod\": 5000 assignments"]
    );
    assert_eq!(verdicts(LIMIT, &whole(many(4999, 500, |_| 1))), ["limit: pass (0 of 1)"]);
    assert_eq!(verdicts(LIMIT, &whole(many(4000, 0, |_| 1))), ["limit: pass (0 of 1)"]);
}

#[test]
fn t5_2_orphans_count_toward_the_limit() {
    let orphaned = |i: u32| if i.is_multiple_of(2) { 1 } else { 100_000 + i };
    assert_eq!(verdicts(LIMIT, &whole(many(5000, 0, orphaned)))[0], "limit: fail (1 of 1)");
}

#[test]
fn t7_1_an_orphan_is_absent_from_a_complete_directory() {
    for principal_type in ["User", "Unknown", ""] {
        let facts = json!({
            "subscriptions": [subscription(PROD, "prod")],
            "roleAssignments": [assignment(READER, PROD, 7, principal_type)],
        });
        let complete = verdicts(ORPHANS, &whole(facts.clone()));
        assert_eq!(complete[0], "orphans: fail (1 of 1)", "{principal_type}");
        assert!(complete[1].contains("for missing_principal"), "{complete:?}");
        for collection in ["users", "groups", "servicePrincipals"] {
            let partial = verdicts(ORPHANS, &tenant(facts.clone(), &[collection], &[]));
            assert_eq!(partial[0], "orphans: unknown (0 of 1)", "{collection} in part, {principal_type}");
        }
    }
}

#[test]
fn t7_2_an_identity_made_anew_does_not_inherit_its_namesakes_grants() {
    let facts = json!({
        "subscriptions": [subscription(PROD, "prod")],
        "identities": [user_assigned(2, "mi-app")],
        "servicePrincipals": [service_principal(2, "mi-app", "ManagedIdentity")],
        "roleAssignments": [assignment(CONTRIBUTOR, PROD, 1, "ServicePrincipal")],
    });
    let policy = format!("{ORPHANS}\nrule held deny any role for user_assigned \"mi-app\"");
    let found = verdicts(&policy, &whole(facts));
    assert_eq!(found[0], "held: pass (0 of 1)");
    assert_eq!(found[1], "orphans: fail (1 of 1)");
}

const UNUSED: &str = "rule unused warn user_assigned where user_assigned.attachments is empty \
    and user_assigned.federated_credentials is empty";

#[test]
fn t7_5_an_identity_with_a_federated_credential_is_in_use() {
    let credential = json!({
        "id": format!("{PROD}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mi-github/federatedIdentityCredentials/main"),
        "name": "main",
        "properties": { "issuer": "https://token.actions.githubusercontent.com", "subject": "repo:acme/app:ref:refs/heads/main",
                        "audiences": ["api://AzureADTokenExchange"] },
    });
    let facts = json!({
        "subscriptions": [subscription(PROD, "prod")],
        "identities": [user_assigned(1, "mi-github"), user_assigned(2, "mi-idle")],
        "federatedCredentials": [credential],
    });
    assert_eq!(
        verdicts(UNUSED, &whole(facts.clone())),
        ["unused: warn (1 of 2)", "  warn: user_assigned \"mi-idle\""]
    );
    let unknown = verdicts(UNUSED, &tenant(facts, &[], &["federatedCredentials"]));
    assert_eq!(unknown[0], "unused: unknown (0 of 2)");
    assert!(unknown[1].contains("2 facts are undecided without it"), "{unknown:?}");
}

#[test]
fn t7_8_a_group_of_people_and_identities_is_told_from_a_direct_grant() {
    let facts = json!({
        "subscriptions": [subscription(PROD, "prod")],
        "users": [user(3, "ana")],
        "identities": [user_assigned(1, "mi-app"), user_assigned(2, "mi-direct")],
        "groups": [group(11, "mixed")],
        "groupMemberships": [member(11, 1, "ServicePrincipal"), member(11, 3, "User")],
        "roleAssignments": [assignment(READER, PROD, 11, "Group"), assignment(READER, PROD, 2, "ServicePrincipal")],
    });
    assert_eq!(
        verdicts("rule cached-tokens advise inherited role for managed_identity", &whole(facts)),
        [
            "cached-tokens: advise (1 of 2)",
            "  advise: Reader at subscription \"prod\" for user_assigned \"mi-app\" through group \"mixed\"",
        ]
    );
}

#[test]
fn t7_9_a_disabled_user_still_holds_assignments() {
    let mut disabled = user(1, "ana");
    disabled["accountEnabled"] = json!(false);
    let mut unsaid = user(3, "eve");
    unsaid.as_object_mut().unwrap().remove("accountEnabled");
    let facts = json!({
        "subscriptions": [subscription(PROD, "prod")],
        "users": [disabled, user(2, "ben"), unsaid],
        "roleAssignments": ([1, 2, 3].map(|p| assignment(READER, PROD, p, "User"))),
    });
    assert_eq!(
        verdicts("rule disabled deny any role for (user where not user.enabled)", &whole(facts)),
        [
            "disabled: fail (1 of 3)",
            "  deny: Reader at subscription \"prod\" for user \"ana@contoso.example\"",
            "  unknown: Reader at subscription \"prod\" for user \"eve@contoso.example\"",
        ]
    );
}

#[test]
fn t7_10_a_guest_with_owner() {
    let mut guest = user(1, "ana");
    guest["userType"] = json!("Guest");
    let facts = json!({
        "subscriptions": [subscription(PROD, "prod")],
        "users": [guest, user(2, "ben")],
        "roleAssignments": [assignment(OWNER, PROD, 1, "User"), assignment(OWNER, PROD, 2, "User")],
    });
    assert_eq!(
        verdicts("rule guests deny privileged role for guest", &whole(facts)),
        ["guests: fail (1 of 2)", "  deny: Owner at subscription \"prod\" for guest \"ana@contoso.example\""]
    );
}

#[test]
fn t7_13_a_role_by_name_and_a_role_by_what_it_grants() {
    let hidden = json!({
        "id": format!("{PROD}/providers/Microsoft.Authorization/roleDefinitions/{}", id(71)),
        "name": id(71), "roleName": "Harmless Helper", "roleType": "CustomRole", "assignableScopes": [PROD],
        "permissions": [{ "actions": ["*"], "notActions": [], "dataActions": [], "notDataActions": [] }],
    });
    let mut prod = subscription(PROD, "prod");
    prod["managementGroup"] = json!("corp");
    let facts = json!({
        "subscriptions": [prod],
        "managementGroups": corp(),
        "roleDefinitions": [hidden],
        "identities": [user_assigned(1, "mi-a"), user_assigned(2, "mi-b"), user_assigned(3, "mi-c")],
        "groups": [group(11, "ops")],
        "groupMemberships": [member(11, 3, "ServicePrincipal")],
        "roleAssignments": [
            assignment(&id(71), PROD, 1, "ServicePrincipal"),
            assignment(OWNER, GROUP_MG, 2, "ServicePrincipal"),
            assignment(OWNER, PROD, 11, "Group"),
        ],
    });
    let policy = "
        rule 1-named deny role Owner at subscription for managed_identity
        rule 2-named-or-above deny role Owner at subscription or above for managed_identity
        rule 3-direct deny direct role Owner at subscription or above for managed_identity
        rule 4-granting deny role granting all \"*\" at subscription for managed_identity
    ";
    assert_eq!(
        verdicts(policy, &whole(facts)),
        [
            "1-named: fail (1 of 2)",
            "  deny: Owner at subscription \"prod\" for user_assigned \"mi-c\" through group \"ops\"",
            "2-named-or-above: fail (2 of 3)",
            "  deny: Owner at management_group \"corp\" for user_assigned \"mi-b\"",
            "  deny: Owner at subscription \"prod\" for user_assigned \"mi-c\" through group \"ops\"",
            "3-direct: fail (1 of 3)",
            "  deny: Owner at management_group \"corp\" for user_assigned \"mi-b\"",
            "4-granting: fail (2 of 2)",
            "  deny: Harmless Helper at subscription \"prod\" for user_assigned \"mi-a\"",
            "  deny: Owner at subscription \"prod\" for user_assigned \"mi-c\" through group \"ops\"",
        ]
    );
}
