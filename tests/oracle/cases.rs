//! The oracle by itself, on cases that azure-facts.md gives, each small enough to check by eye.

use super::catalogue::*;
use super::model::*;
use super::operations::{Amount, grants};
use super::scopes;
use super::tenants::{TODAY, guid};
use super::verdicts::Status::{self, Advise, Fail, NotApplicable, Pass, Unknown, Waived, Warn};
use super::{Oracle, parsed, waivers_of};

const SUB: &str = "/subscriptions/50000001-0000-4000-8000-000000000001";

pub(crate) fn tenant() -> Tenant {
    let mut t = Tenant::empty();
    t.time = TODAY;
    t.management_groups.push(ManagementGroup { name: "mg-top".into(), parent: Stated::Null });
    t.management_groups.push(ManagementGroup { name: "mg-corp".into(), parent: Stated::Is("mg-top".into()) });
    t.subscriptions.push(Subscription {
        guid: guid('5', 1),
        name: "prod".into(),
        management_group: Stated::Is("mg-corp".into()),
        tags: Stated::Null,
    });
    t.resource_groups.push(ResourceGroup { id: format!("{SUB}/resourcegroups/app"), tags: Stated::Null });
    t.users.push(User {
        id: guid('1', 1),
        display_name: Stated::Is("alice".into()),
        upn: Stated::Is("alice@contoso.example".into()),
        enabled: Stated::Is(true),
        user_type: Stated::Is("Member".into()),
        created: Stated::Unsaid,
        last_sign_in: Stated::Unsaid,
        department: Stated::Null,
    });
    for (n, name) in [(1, "g1"), (2, "g2")] {
        t.groups.push(Group {
            id: guid('3', n),
            name: Stated::Is(name.into()),
            security: Stated::Is(true),
            role_assignable: Stated::Is(false),
        });
    }
    t.identities.push(Identity {
        id: format!("{SUB}/resourcegroups/app/providers/microsoft.managedidentity/userassignedidentities/mi"),
        principal: guid('2', 1),
        client: guid('c', 1),
        tags: Stated::Null,
        location: "westeurope".into(),
        providers: vec![],
        regional: false,
    });
    t
}

pub(crate) fn assign(t: &mut Tenant, role: &str, scope: &str, principal: String, kind: &str) {
    let n = t.assignments.len() + 1;
    t.assignments.push(Assignment {
        id: format!(
            "{}/providers/microsoft.authorization/roleassignments/{}",
            scope.trim_end_matches('/'),
            guid('a', n)
        ),
        role: role.into(),
        scope: scope.into(),
        principal,
        principal_type: Stated::Is(kind.into()),
        eligible: false,
        start: Stated::Unsaid,
        end: Stated::Unsaid,
        created: Stated::Unsaid,
        created_by: Stated::Null,
        condition: Stated::Null,
        limit: None,
    });
}

pub(crate) fn member(t: &mut Tenant, group: usize, member: String, kind: &str) {
    t.memberships.push(Membership { group: guid('3', group), member, member_type: kind.into() });
}

fn status(t: &Tenant, sentence: &str) -> Status {
    let file = parsed(&format!("policy p\nrule r\n  {sentence}\n"));
    Oracle::new().verdicts(t, &file, &[])[0].1.status
}

#[test]
fn ancestors_are_whole_segments_and_links_that_were_captured() {
    let mut t = tenant();
    assign(&mut t, CONTRIBUTOR, &format!("{SUB}/resourcegroups/app2"), guid('1', 1), "User");
    assert_eq!(status(&t, "deny role Contributor within resource_group \"app\""), NotApplicable); // T1.2
    assert_eq!(status(&t, "deny role Contributor within management_group \"mg-top\""), Fail); // T1.3
    t.subscriptions[0].management_group = Stated::Unsaid;
    assert_eq!(status(&t, "deny role Contributor within management_group \"mg-top\""), Unknown); // T1.3
    assign(&mut t, USER_ACCESS_ADMINISTRATOR, "/", guid('1', 1), "User");
    assert_eq!(status(&t, "deny role \"User Access Administrator\" at root"), Fail); // T1.7
    assert_eq!(status(&t, "deny role \"User Access Administrator\" on subscription \"prod\""), Fail); // T1.4
    let vm = format!("{SUB}/resourcegroups/app/providers/microsoft.compute/virtualmachines/v");
    assert_eq!(scopes::parent_by_id(&format!("{vm}/extensions/e")), Some(vm)); // T1.5
}

#[test]
fn wildcards_notactions_and_blocks() {
    let block = |plus: &[&str], minus: &[&str]| Block {
        actions: plus.iter().map(|s| (*s).to_owned()).collect(),
        not_actions: minus.iter().map(|s| (*s).to_owned()).collect(),
        data_actions: vec![],
        not_data_actions: vec![],
        limit: None,
    };
    let one = |blocks: &[Block], action: &str| grants(blocks, false, Amount::One, &[action.to_owned()]);
    let vms = [block(&["Microsoft.Compute/virtualMachines/*"], &[])];
    assert!(!one(&vms, "Microsoft.Compute/virtualMachineScaleSets/write")); // T2.7
    let read = [block(&["Microsoft.Compute/*/read"], &[])];
    assert!(one(&read, "microsoft.compute/virtualMachines/instanceView/read")); // T2.8
    let roles = built_ins();
    let contributor = &roles.iter().find(|r| r.guid == CONTRIBUTOR).expect("Contributor").blocks;
    assert!(!one(contributor, "Microsoft.Authorization/roleAssignments/write")); // T2.2
    assert!(!one(contributor, "Microsoft.Authorization/locks/write")); // T2.3
    assert!(one(contributor, "Microsoft.Authorization/locks/read"));
    let operator = &roles.iter().find(|r| r.guid == IDENTITY_OPERATOR).expect("Operator").blocks;
    assert!(one(operator, "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action")); // T2.4
    let split = [block(&["*/read", "*/write"], &[]), block(&["*/delete", "*/action"], &[])];
    assert!(grants(&split, false, Amount::Every, &["*".to_owned()]));
    assert!(!grants(contributor, false, Amount::Every, &["*".to_owned()]));
    assert!(!grants(&read, false, Amount::Other, &["*/read".to_owned()]));
    let two = [block(&["*"], &["*/delete"]), block(&["A/b/delete"], &[])];
    assert!(one(&two, "A/b/delete")); // notActions never subtract from another block
}

#[test]
fn groups_through_groups_and_round_in_circles() {
    let mut t = tenant();
    assign(&mut t, CONTRIBUTOR, SUB, guid('3', 2), "Group");
    member(&mut t, 2, guid('3', 1), "Group");
    member(&mut t, 1, guid('3', 2), "Group");
    member(&mut t, 1, guid('2', 1), "ServicePrincipal");
    let sentence = "deny role Contributor at subscription for managed_identity";
    assert_eq!(status(&t, sentence), Fail); // T2.9, T2.10
    assert_eq!(status(&t, &format!("{sentence} except group \"g1\"")), Pass);
    assert_eq!(status(&t, &format!("{sentence} except user in group \"g1\"")), Fail);
    t.memberships.pop();
    assert_eq!(status(&t, sentence), Pass);
    t.coverage.insert(MEMBERSHIPS, Coverage::Partial);
    assert_eq!(status(&t, sentence), Unknown);
    assert_eq!(status(&t, "deny role Reader at subscription for managed_identity"), Pass);
}

#[test]
fn eligible_and_ended() {
    let mut t = tenant();
    assign(&mut t, OWNER, SUB, guid('1', 1), "User");
    t.assignments[0].eligible = true;
    assert_eq!(status(&t, "deny active role Owner for user"), Pass); // T2.19
    assert_eq!(status(&t, "deny role Owner for user"), Fail);
    t.assignments[0].end = Stated::Is(TODAY - DAY);
    assert_eq!(status(&t, "deny role Owner for user"), Pass); // T2.21
    t.assignments.clear();
    t.coverage.insert(ELIGIBLE, Coverage::Absent);
    assign(&mut t, OWNER, SUB, guid('2', 1), "ServicePrincipal");
    assert_eq!(status(&t, "deny role Reader for managed_identity"), Pass);
    assert_eq!(status(&t, "deny role Reader for user"), Unknown);
    assert_eq!(status(&t, "deny active role Reader for user"), Pass);
}

#[test]
fn missing_is_absent_from_a_complete_directory() {
    let mut t = tenant();
    assign(&mut t, READER, SUB, guid('9', 1), "Unknown");
    assert_eq!(status(&t, "deny any role for missing_principal"), Fail); // T7.1
    t.assignments[0].principal_type = Stated::Is("User".into());
    assert_eq!(status(&t, "deny any role for missing_principal"), Fail);
    assert_eq!(status(&t, "deny any role for user"), Pass);
    t.coverage.insert(USERS, Coverage::Partial);
    assert_eq!(status(&t, "deny any role for missing_principal"), Unknown);
    t.assignments[0].principal = guid('1', 1);
    t.assignments[0].principal_type = Stated::Is("Group".into());
    assert_eq!(status(&t, "deny any role for group"), Pass); // T7.11
    assert_eq!(status(&t, "deny any role for user"), Fail);
}

#[test]
fn counts_have_zero_groups_and_intervals() {
    let mut t = tenant();
    let owners =
        "deny direct role Owner at subscription if fewer than 2 or more than 3 principals per subscription";
    assert_eq!(status(&t, owners), Fail); // nobody
    for n in 1..=2 {
        assign(&mut t, OWNER, SUB, guid('4', n), "ServicePrincipal");
    }
    assert_eq!(status(&t, owners), Pass);
    t.coverage.insert(ROLE_ASSIGNMENTS, Coverage::Partial);
    assert_eq!(status(&t, owners), Unknown); // two or more
    for n in 3..=4 {
        assign(&mut t, OWNER, SUB, guid('4', n), "ServicePrincipal");
    }
    assert_eq!(status(&t, owners), Fail); // four or more
    assert_eq!(
        status(&t, "warn active role within subscription if more than 2 assignments per subscription"),
        Warn
    );
}

#[test]
fn unused_and_required() {
    let mut t = tenant();
    let unused = "advise user_assigned where user_assigned.attachments is empty and user_assigned.federated_credentials is empty";
    assert_eq!(status(&t, unused), Advise); // T7.5
    t.federated.push(FederatedCredential {
        name: "gh".into(),
        identity: t.identities[0].id.clone(),
        issuer: "https://token.actions.githubusercontent.com".into(),
        subject: Stated::Null,
        audiences: vec![],
    });
    assert_eq!(status(&t, unused), Pass);
    assert_eq!(status(&t, "require some role Owner at root for user \"bg-1\""), Fail);
    assert_eq!(
        status(
            &t,
            "require every user_assigned within subscription \"dev\" to satisfy user_assigned.name == \"mi\""
        ),
        NotApplicable
    );
    t.coverage.insert(ROLE_ASSIGNMENTS, Coverage::Partial);
    assert_eq!(status(&t, "require some role Owner at root for user"), Unknown);
}

#[test]
fn waivers_hold_until_their_day() {
    let mut t = tenant();
    assign(&mut t, OWNER, SUB, guid('1', 1), "User");
    let file = parsed("policy p\nrule r\n  deny role Owner\n");
    let waived = |until: &str| {
        let text = format!("waive p/r for user \"alice*\" until {until} because \"x\" approved by \"y\"\n");
        Oracle::new().verdicts(&t, &file, &waivers_of(&text))[0].1.status
    };
    assert_eq!(waived("2026-11-20"), Waived);
    assert_eq!(waived("2026-11-19"), Fail);
}
