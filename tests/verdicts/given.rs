//! What can be given beside what is held: the two may be one caller's, since it can be given to them.

use super::rights::{GROUP, IDENTITY_OPERATOR, MACHINE_CONTRIBUTOR, attachable, identity_id};
use super::*;

const DELEGATE: &str = "f58310d9-a9f6-439a-9e8d-f62e7b41a168";
const EXTENDER: &str = "d0000001-0000-4000-8000-000000000001";
const DEFINER: &str = "d0000002-0000-4000-8000-000000000002";

/// Role Based Access Control Administrator for user 1, who may give those roles only.
fn delegated(scope: &str, roles: &[&str]) -> Value {
    let mut delegated = assignment(DELEGATE, scope, 1, "User");
    let named = roles.join(", ");
    delegated["condition"] = json!(format!(
        "((!(ActionMatches{{'Microsoft.Authorization/roleAssignments/write'}})) OR \
         (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{named}}}))"
    ));
    delegated["conditionVersion"] = json!("2.0");
    delegated
}

fn custom(guid: &str, name: &str, action: &str, assignable: &[&str]) -> Value {
    json!({
        "id": format!("{PROD}/providers/Microsoft.Authorization/roleDefinitions/{guid}"), "name": guid, "roleName": name,
        "roleType": "CustomRole", "assignableScopes": assignable,
        "permissions": [{ "actions": [action], "notActions": [], "dataActions": [], "notDataActions": [] }],
    })
}

#[test]
fn the_right_to_assign_that_can_be_given_meets_the_host_that_is_held() {
    let machines = assignment(MACHINE_CONTRIBUTOR, GROUP, 1, "User");
    let with = |giving: Value| {
        verdicts(
            "rule r deny path from user to user_assigned",
            &attachable(&[machines.clone(), giving], json!({})),
        )
    };
    let found = "  deny: user \"alice@contoso.example\" to user_assigned \"mi\" through role grant (2 steps)";
    assert_eq!(with(delegated(&identity_id(), &[IDENTITY_OPERATOR])), ["r: fail (1 of 2)", found]);
    assert_eq!(with(delegated(&identity_id(), &[READER])), ["r: pass (0 of 2)"]);
    let mut unread = delegated(&identity_id(), &[IDENTITY_OPERATOR]);
    unread["condition"] = json!("(@Environment[isPrivateLink] BoolEquals true)");
    assert_eq!(with(unread)[0], "r: unknown (0 of 2)");
}

/// A runbook is rewritten by whoever holds the one right, and started by the other, which they can give to themselves.
#[test]
fn one_of_two_actions_that_can_be_given_meets_the_other_that_is_held() {
    let account = format!("{GROUP}/providers/Microsoft.Automation/automationAccounts/jobs");
    let (draft, job) = ("runbooks/draft/write", "jobs/write");
    let with = |held: &str, giving: Value| {
        let mut document = attachable(&[assignment(EXTENDER, &account, 1, "User"), giving], json!({}));
        let action = |verb: &str| format!("Microsoft.Automation/automationAccounts/{verb}");
        document["roleDefinitions"] = json!([
            custom(EXTENDER, "Runbook Editor", &action(held), &[PROD]),
            custom(DEFINER, "Job Starter", &action(job), &[PROD]),
        ]);
        document["resources"].as_array_mut().unwrap().push(json!({
            "id": account, "name": "jobs", "type": "Microsoft.Automation/automationAccounts", "location": "westeurope",
            "identity": { "type": "UserAssigned", "userAssignedIdentities": { identity_id(): {} } },
        }));
        verdicts("rule r deny path from user to user_assigned", &document)
    };
    let found = "  deny: user \"alice@contoso.example\" to user_assigned \"mi\" through role grant (2 steps)";
    assert_eq!(with(draft, delegated(GROUP, &[DEFINER])), ["r: fail (1 of 2)", found]);
    // What can be given is the same again, or elsewhere, or nothing that the row asks for.
    assert_eq!(with(job, delegated(GROUP, &[DEFINER])), ["r: pass (0 of 2)"]);
    assert_eq!(with(draft, delegated(&identity_id(), &[DEFINER])), ["r: pass (0 of 2)"]);
    assert_eq!(with(draft, delegated(GROUP, &[READER])), ["r: pass (0 of 2)"]);
    let mut unread = delegated(GROUP, &[DEFINER]);
    unread["condition"] = json!("(@Environment[isPrivateLink] BoolEquals true)");
    assert_eq!(with(draft, unread)[0], "r: unknown (0 of 2)");
}

/// Where resource groups were not captured, one of that name may be inside a subscription at which everything can be given.
#[test]
fn what_can_be_given_may_reach_a_resource_group_that_was_not_captured() {
    let rule =
        "rule r deny path from user to role \"Key Vault *\" at resource_group \"rg-vaults\" by role_grant";
    let decided = |is_captured: bool| {
        let mut document = attachable(&[assignment(ACCESS_ADMINISTRATOR, PROD, 1, "User")], json!({}));
        if !is_captured {
            document.as_object_mut().unwrap().remove("resourceGroups");
            document["capture"]["complete"].as_array_mut().unwrap().retain(|key| key != "resourceGroups");
        }
        verdicts(rule, &document)[0].clone()
    };
    assert_eq!(decided(true), "r: not_applicable (0 of 2)");
    assert_eq!(decided(false), "r: unknown (0 of 2)");
}

#[test]
fn a_custom_role_that_can_be_given_and_rewritten_is_everything_there() {
    let with = |action: &str, roles: &[&str]| {
        let mut document = attachable(
            &[assignment(DEFINER, PROD, 1, "User"), delegated(GROUP, roles)],
            json!({ "assignmentRestrictions": { "providers": ["Microsoft.Web"] } }),
        );
        document["roleDefinitions"] = json!([
            custom(EXTENDER, "Extender", "Microsoft.Compute/virtualMachines/extensions/read", &[PROD]),
            // She can't rewrite this one: it is assignable elsewhere, too.
            custom(
                DEFINER,
                "Definer",
                action,
                &[PROD, "/subscriptions/5b000000-0000-4000-8000-000000000002"]
            ),
        ]);
        verdicts("rule r deny path from user to role Owner", &document)
    };
    let definitions = "Microsoft.Authorization/roleDefinitions/write";
    let found = "  deny: user \"alice@contoso.example\" to Owner at resource_group \"rg\" in subscription \"prod\" through role grant, role definition (2 steps)";
    assert_eq!(with(definitions, &[EXTENDER]), ["r: fail (1 of 2)", found]);
    assert_eq!(with(definitions, &[READER]), ["r: pass (0 of 2)"]);
    assert_eq!(with("Microsoft.Authorization/roleDefinitions/read", &[EXTENDER]), ["r: pass (0 of 2)"]);
}

/// Whoever can write role assignments can have himself attached somewhere: no path to where he is already.
#[test]
fn a_way_never_comes_back_to_its_source() {
    let mut document =
        attachable(&[assignment(ACCESS_ADMINISTRATOR, PROD, 21, "ServicePrincipal")], json!({}));
    document["groups"].as_array_mut().unwrap().push(group(12, "own"));
    document["groupMemberships"].as_array_mut().unwrap().push(member(12, 21, "ServicePrincipal"));
    let groups = "rule r deny path from managed_identity to group";
    assert_eq!(verdicts(groups, &document), ["r: pass (0 of 1)"]);
}

/// Whom a path leads through lies before its end, also where two are needed for the last step.
#[test]
fn whoever_is_the_end_does_not_lie_between() {
    let mut document = attachable(&[assignment(OWNER, PROD, 1, "User")], json!({}));
    document["roleDefinitions"] =
        json!([custom(DEFINER, "Definer", "Microsoft.Authorization/roleDefinitions/write", &[PROD])]);
    let held = assignment(DEFINER, GROUP, 21, "ServicePrincipal");
    document["roleAssignments"].as_array_mut().unwrap().push(held);
    let to = |through: &str| {
        let rule =
            format!("rule r deny path from user to user_assigned{through} by role_definition, federation");
        verdicts(&rule, &document)[0].clone()
    };
    assert_eq!(to(""), "r: fail (1 of 2)");
    assert_eq!(to(" through managed_identity"), "r: pass (0 of 2)");
}
