//! The oracle by itself on paths, by cases that azure-facts.md (2 and 4) and paths.md give, each small enough to check by eye.

use super::cases::{assign, member, tenant};
use super::catalogue::*;
use super::conditions::Condition;
use super::model::*;
use super::path_tenants::{
    LOGIC_CONTRIBUTOR, LOGIC_OPERATOR, MACHINE_CONTRIBUTOR, MACHINE_LOGIN, WEBSITE_CONTRIBUTOR,
};
use super::reach::{self, Reach};
use super::rights::{Actor, Quality, Rights};
use super::tenants::{TODAY, guid};
use super::verdicts::Status::{self, Fail, NotApplicable, Pass, Unknown};
use super::world::World;
use super::{Oracle, parsed};

const SUB: &str = "/subscriptions/50000001-0000-4000-8000-000000000001";
const GROUP: &str = "/subscriptions/50000001-0000-4000-8000-000000000001/resourcegroups/app";
const MI: &str = "/subscriptions/50000001-0000-4000-8000-000000000001/resourcegroups/app/providers/microsoft.managedidentity/userassignedidentities/mi";

/// With everything captured: alice, two groups, the identity `mi`.
fn whole() -> Tenant {
    let mut t = tenant();
    for collection in PATH_COLLECTIONS {
        t.coverage.insert(collection, Coverage::Complete);
    }
    t
}

fn place(kind: &str, name: &str) -> String {
    format!("{GROUP}/providers/{}/{name}", kind.to_lowercase())
}

/// A resource with a system-assigned identity of that number, or with `mi`.
fn host(t: &mut Tenant, kind: &str, name: &str, system: Option<usize>) -> String {
    let id = place(kind, name);
    let (system, user_assigned) = match system {
        Some(n) => (Some(guid('2', n)), vec![]),
        None => (None, vec![(MI.to_owned(), guid('2', 1))]),
    };
    t.resources.push(Resource {
        id: id.clone(),
        location: "westeurope".into(),
        kind: Stated::Null,
        tags: Stated::Null,
        identity: Stated::Is(IdentityBlock { system, user_assigned }),
    });
    id
}

fn alice() -> String {
    guid('1', 1)
}

fn custom(t: &mut Tenant, n: usize, actions: &[&str]) -> String {
    let guid = guid('d', n);
    t.role_definitions.push(RoleDefinition {
        guid: guid.clone(),
        name: format!("Custom {n}"),
        custom: true,
        blocks: vec![Block {
            actions: actions.iter().map(|x| (*x).to_owned()).collect(),
            ..Block::default()
        }],
        assignable_scopes: vec![SUB.to_owned()],
    });
    guid
}

fn verdict(t: &Tenant, sentence: &str) -> (Status, Vec<String>) {
    let file = parsed(&format!("policy p\nrule r\n  {sentence}\n"));
    let verdict = Oracle::with_catalogue().verdicts(t, &file, &[]).remove(0).1;
    (verdict.status, verdict.findings.into_iter().map(|(_, line)| line).collect())
}

fn status(t: &Tenant, sentence: &str) -> Status {
    verdict(t, sentence).0
}

/// What somebody may do at a scope, of one operation.
fn may(t: &Tenant, who: &str, operation: &str, data: bool, scope: &str) -> Quality {
    let oracle = Oracle::with_catalogue();
    let file = parsed("policy p\nrule r\n  deny any role\n");
    let world = World::new(t, &file, &oracle.built_ins, &oracle.remembered, &oracle.paths);
    let rights = Rights::new(&world);
    let number = world.paths.borrow_mut().operation(operation, data);
    rights.may(Actor::Person { who: rights.number(who), weak: false }, number, rights.place(scope))
}

const TO_IDENTITY: &str = "deny path from user to managed_identity";
const RUN: &str = "Microsoft.Compute/virtualMachines/runCommand/action";

#[test]
fn assigning_and_a_host_are_two_rights_of_one_caller() {
    let mut t = whole();
    assign(&mut t, IDENTITY_OPERATOR, MI, alice(), "User");
    assert_eq!(status(&t, TO_IDENTITY), Pass); // T4.1, T2.4
    assign(&mut t, MACHINE_CONTRIBUTOR, GROUP, alice(), "User");
    let line = format!("{} -> {} in 1", alice(), guid('2', 1));
    assert_eq!(verdict(&t, TO_IDENTITY), (Fail, vec![line])); // T4.1
    assert_eq!(status(&t, &format!("{TO_IDENTITY} by federation")), Pass);
    t.identities[0].providers = vec!["Microsoft.Web".into()];
    assert_eq!(status(&t, TO_IDENTITY), Pass); // T4.2
    t.identities[0].providers = vec!["microsoft.compute/virtualmachines".into()];
    assert_eq!(status(&t, TO_IDENTITY), Fail);
    t.identities[0].regional = true;
    assert_eq!(status(&t, TO_IDENTITY), Fail); // one can be made where it is
    let machine = host(&mut t, "Microsoft.Compute/virtualMachines", "v", Some(7));
    t.assignments[1].scope = machine;
    assert_eq!(status(&t, "deny path from user to user_assigned"), Fail);
    t.identities[0].location = "northeurope".into();
    assert_eq!(status(&t, "deny path from user to user_assigned"), Pass);
    t.assignments.remove(0);
    t.identities[0].location = "westeurope".into();
    assert_eq!(status(&t, "deny path from user to user_assigned"), Pass); // T4.1, T2.6
    // Both rights, of two principals
    assign(&mut t, IDENTITY_OPERATOR, MI, guid('2', 7), "ServicePrincipal");
    assert_eq!(status(&t, "deny path from user to user_assigned"), Pass);
}

#[test]
fn a_logic_app_leads_to_storage() {
    let mut t = whole();
    let flow = host(&mut t, "Microsoft.Logic/workflows", "logicapp3388", None);
    let account = place("Microsoft.Storage/storageAccounts", "7755");
    assign(&mut t, BLOB_CONTRIBUTOR, &account, guid('2', 1), "ServicePrincipal");
    assign(&mut t, LOGIC_CONTRIBUTOR, &flow, alice(), "User");
    let sentence = "deny path from user to role granting data \"Microsoft.Storage/*/write\"";
    let line = format!("{} -> {BLOB_CONTRIBUTOR} at {account} in 1", alice());
    assert_eq!(verdict(&t, sentence), (Fail, vec![line])); // T4.3
    assert_eq!(status(&t, &format!("{sentence} through managed_identity")), Fail);
    assert_eq!(status(&t, &format!("{sentence} through user")), Pass);
    t.assignments[1].role = LOGIC_OPERATOR.into();
    assert_eq!(status(&t, sentence), Pass); // T4.4
    t.assignments[1].role = READER.into();
    assert_eq!(status(&t, sentence), Pass); // T4.5
}

#[test]
fn deny_assignments_take_what_they_surely_reach() {
    let mut t = whole();
    let machine = host(&mut t, "Microsoft.Compute/virtualMachines", "v", Some(7));
    assign(&mut t, OWNER, SUB, alice(), "User");
    assign(&mut t, OWNER, SUB, guid('2', 1), "ServicePrincipal");
    t.deny_assignments.push(DenyAssignment {
        id: "/d".into(),
        scope: GROUP.into(),
        blocks: vec![Block { actions: vec!["*/action".into(), "*/delete".into()], ..Block::default() }],
        principals: vec![EVERYONE.into()],
        excluded: vec![guid('2', 1)],
        audit: false,
        not_children: false,
    });
    let mi = guid('2', 1);
    assert_eq!(may(&t, &alice(), RUN, false, &machine), Quality::No); // T2.11
    assert_eq!(may(&t, &mi, RUN, false, &machine), Quality::Held); // T2.11
    assert_eq!(may(&t, &alice(), "Microsoft.Compute/virtualMachines/write", false, &machine), Quality::Held);
    t.deny_assignments[0].not_children = true;
    assert_eq!(may(&t, &alice(), RUN, false, &machine), Quality::Held); // T2.13
    assert_eq!(may(&t, &alice(), "Microsoft.Resources/x/delete", false, GROUP), Quality::No); // T2.13
    t.deny_assignments[0].not_children = false;
    t.deny_assignments[0].audit = true;
    assert_eq!(may(&t, &alice(), RUN, false, &machine), Quality::Held); // T2.12
    t.deny_assignments[0].audit = false;
    t.deny_assignments[0].excluded = vec![guid('3', 2)];
    member(&mut t, 1, alice(), "User");
    member(&mut t, 2, guid('3', 1), "Group");
    assert_eq!(may(&t, &alice(), RUN, false, &machine), Quality::Held); // T2.14
    t.memberships.pop();
    assert_eq!(may(&t, &alice(), RUN, false, &machine), Quality::No);
    t.coverage.insert(MEMBERSHIPS, Coverage::Partial);
    assert_eq!(may(&t, &alice(), RUN, false, &machine), Quality::Held); // a doubt never removes a right
}

#[test]
fn planes_blocks_and_unions() {
    let mut t = whole();
    let account = place("Microsoft.Storage/storageAccounts", "a");
    assign(&mut t, OWNER, SUB, alice(), "User");
    assign(&mut t, READER, &account, alice(), "User");
    let blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";
    assert_eq!(may(&t, &alice(), blobs, true, &account), Quality::No); // T2.1
    let keys = "Microsoft.Storage/storageAccounts/listKeys/action";
    assert_eq!(may(&t, &alice(), keys, false, &account), Quality::Held); // T2.1
    t.assignments[0].role = CONTRIBUTOR.into();
    let write = "Microsoft.Authorization/roleAssignments/write";
    assert_eq!(may(&t, &alice(), write, false, SUB), Quality::No); // T2.2
    assert_eq!(may(&t, &alice(), "Microsoft.Authorization/locks/write", false, SUB), Quality::No); // T2.3
    assert_eq!(may(&t, &alice(), "Microsoft.Authorization/locks/read", false, SUB), Quality::Held);
    assign(&mut t, USER_ACCESS_ADMINISTRATOR, SUB, alice(), "User");
    assert_eq!(may(&t, &alice(), write, false, SUB), Quality::Held); // T2.2
    t.assignments[2].eligible = true;
    assert_eq!(may(&t, &alice(), write, false, SUB), Quality::Potential); // T2.19
    t.assignments[2].end = Stated::Is(TODAY - DAY);
    assert_eq!(may(&t, &alice(), write, false, SUB), Quality::No); // T2.21
    t.assignments[0].role = guid('f', 1);
    assert_eq!(may(&t, &alice(), write, false, SUB), Quality::Unknown);
    // An assignment at an extension gives something somewhere on its machine.
    let machine = place("Microsoft.Compute/virtualMachines", "v");
    t.assignments.clear();
    assign(&mut t, MACHINE_CONTRIBUTOR, &format!("{machine}/extensions/e"), alice(), "User");
    let extend = "Microsoft.Compute/virtualMachines/extensions/write";
    assert_eq!(may(&t, &alice(), extend, false, &machine), Quality::Held);
    assert_eq!(may(&t, &alice(), RUN, false, &machine), Quality::No);
}

#[test]
fn delegation_is_limited_by_its_condition() {
    let mut t = whole();
    let owner = "deny path from user to role Owner";
    assign(&mut t, RBAC_ADMINISTRATOR, SUB, alice(), "User");
    let line = format!("{} -> {OWNER} at {SUB} in 1", alice());
    assert_eq!(verdict(&t, owner), (Fail, vec![line])); // T2.15
    let limit = |t: &mut Tenant, what: Condition| {
        let condition = Condition::delegation(what);
        t.assignments[0].condition = Stated::Is(condition.text());
        t.assignments[0].limit = Some(condition);
    };
    let roles =
        |all: &[&str], except: bool| Condition::Roles(all.iter().map(|x| (*x).to_owned()).collect(), except);
    limit(&mut t, roles(&[BLOB_READER], false));
    assert_eq!(status(&t, owner), Pass); // T2.15
    assert_eq!(status(&t, "deny path from user to role \"Storage Blob Data Reader\""), Fail);
    limit(&mut t, roles(&[BLOB_READER, USER_ACCESS_ADMINISTRATOR], false));
    assert_eq!(status(&t, owner), Fail); // T2.16
    limit(&mut t, Condition::Types(vec!["ServicePrincipal".into()]));
    assert_eq!(status(&t, owner), Fail); // T2.17
    limit(&mut t, Condition::Principals(vec![alice()], true));
    assert_eq!(status(&t, owner), Fail); // another principal can be made
    limit(&mut t, Condition::Principals(vec![guid('2', 1)], false));
    assert_eq!(status(&t, owner), Pass);
    host(&mut t, "Microsoft.Logic/workflows", "flow", None);
    assign(&mut t, LOGIC_CONTRIBUTOR, GROUP, alice(), "User");
    let line = format!("{} -> {OWNER} at {SUB} in 2", alice());
    assert_eq!(verdict(&t, owner), (Fail, vec![line]));
    limit(&mut t, Condition::Principals(vec![guid('3', 1)], false));
    assert_eq!(status(&t, owner), Pass);
    member(&mut t, 1, alice(), "User");
    let line = format!("{} -> {OWNER} at {SUB} in 1", alice());
    assert_eq!(verdict(&t, owner), (Fail, vec![line]));
    t.memberships.clear();
    t.coverage.insert(MEMBERSHIPS, Coverage::Absent);
    assert_eq!(status(&t, owner), Unknown);
    t.coverage.insert(MEMBERSHIPS, Coverage::Complete);
    limit(&mut t, Condition::Unreadable("(((".into()));
    t.assignments[0].limit = Some(Condition::Unreadable("(((".into()));
    assert_eq!(status(&t, owner), Unknown);
    let vaults = "8b54135c-b56d-4d72-a534-26097cfdc8d8";
    t.assignments[0].role = vaults.into();
    t.assignments[0].condition = Stated::Null;
    t.assignments[0].limit = None;
    assert_eq!(status(&t, owner), Pass); // T2.18
    assert_eq!(status(&t, "deny path from user to role granting secret-read"), Fail);
}

#[test]
fn what_the_source_holds_is_no_news() {
    let mut t = whole();
    assign(&mut t, USER_ACCESS_ADMINISTRATOR, SUB, alice(), "User");
    let privileged = "deny path from user to privileged role";
    assert_eq!(status(&t, privileged), Pass);
    assert_eq!(status(&t, "deny path from user to role Owner"), Fail);
    t.assignments[0].eligible = true;
    assert_eq!(status(&t, privileged), Pass);
    assert_eq!(status(&t, "deny path from user to active privileged role"), Fail);
    t.assignments[0].eligible = false;
    // Below what the grant admits, the highest scopes inside
    let sentence = "deny path from user to role Owner at resource_group, resource";
    let line = format!("{} -> {OWNER} at {GROUP} in 1", alice());
    assert_eq!(verdict(&t, sentence), (Fail, vec![line]));
    assert_eq!(status(&t, "deny path from user to role Owner at resource_group \"none\""), NotApplicable);
}

#[test]
fn round_in_circles() {
    let mut t = whole();
    member(&mut t, 2, guid('3', 1), "Group");
    member(&mut t, 1, guid('3', 2), "Group");
    member(&mut t, 1, guid('2', 1), "ServicePrincipal");
    let flow = host(&mut t, "Microsoft.Logic/workflows", "flow", None);
    let site = host(&mut t, "Microsoft.Web/sites", "site", Some(7));
    assign(&mut t, LOGIC_CONTRIBUTOR, &flow, alice(), "User");
    assert_eq!(status(&t, "deny path from user to group by membership"), Pass);
    let lines: Vec<String> =
        [1, 2].iter().map(|n| format!("{} -> {} in 2", alice(), guid('3', *n))).collect();
    assert_eq!(verdict(&t, "deny path from user to group"), (Fail, lines));
    // The one attaches the other's identity, and the other way round.
    assign(&mut t, WEBSITE_CONTRIBUTOR, &site, guid('3', 2), "Group");
    assign(&mut t, LOGIC_CONTRIBUTOR, &flow, guid('2', 7), "ServicePrincipal");
    assign(&mut t, IDENTITY_OPERATOR, MI, guid('2', 7), "ServicePrincipal");
    let lines = vec![
        format!("{} -> {} in 1", alice(), guid('2', 1)),
        format!("{} -> {} in 2", alice(), guid('2', 7)),
    ];
    assert_eq!(verdict(&t, "deny path from user to managed_identity"), (Fail, lines));
    assert_eq!(status(&t, "deny path from user to managed_identity in at most 1 step"), Fail);
    assert_eq!(status(&t, "deny path from user to system_assigned in at most 1 step"), Pass);
}

#[test]
fn groups_that_are_joined_and_groups_that_are_owned() {
    let mut t = whole();
    let flow = host(&mut t, "Microsoft.Logic/workflows", "flow", None);
    assign(&mut t, LOGIC_CONTRIBUTOR, &flow, alice(), "User");
    assign(&mut t, OWNER, SUB, guid('3', 1), "Group");
    t.assignments[1].eligible = true;
    member(&mut t, 1, guid('2', 1), "ServicePrincipal");
    let owner = "deny path from user to role Owner";
    assert_eq!(status(&t, owner), Pass); // an identity can't activate it
    t.group_owners.push(GroupOwner { group: guid('3', 1), owner: alice() });
    let line = format!("{} -> {OWNER} at {SUB} in 1, potential", alice());
    assert_eq!(verdict(&t, owner), (Fail, vec![line]));
    assert_eq!(status(&t, &format!("{owner} through group")), Fail);
    t.group_owners.clear();
    t.coverage.insert(GROUP_OWNERS, Coverage::Absent);
    assert_eq!(status(&t, owner), Unknown);
    assert_eq!(status(&t, &format!("{owner} by code_execution, membership")), Pass);
}

#[test]
fn owners_of_applications_and_of_service_principals() {
    let mut t = whole();
    t.service_principals.push(ServicePrincipal {
        id: guid('4', 1),
        app_id: guid('6', 1),
        name: Stated::Is("sp".into()),
        sp_type: Stated::Is("Application".into()),
        enabled: Stated::Is(true),
        alternative_names: Stated::Is(vec![]),
    });
    t.applications.push(Application {
        id: guid('8', 1),
        app_id: Stated::Is(guid('6', 1)),
        name: Stated::Is("app".into()),
        passwords: Stated::Is(vec![]),
        keys: Stated::Is(vec![]),
    });
    let sentence = "deny path from user to service_principal";
    assert_eq!(status(&t, sentence), Pass);
    t.application_owners.push(ApplicationOwner { application: guid('8', 1), owner: alice() });
    assert_eq!(status(&t, sentence), Fail);
    t.applications.clear();
    t.coverage.insert(APPLICATIONS, Coverage::Absent);
    assert_eq!(status(&t, sentence), Unknown); // whose application it is, nobody captured
    t.application_owners.clear();
    let own = |service_principal: String| ServicePrincipalOwner { service_principal, owner: alice() };
    t.service_principal_owners.push(own(guid('2', 1)));
    assert_eq!(status(&t, sentence), Pass);
    t.service_principal_owners.push(own(guid('4', 1)));
    assert_eq!(status(&t, sentence), Fail);
}

#[test]
fn hosts_of_their_own_kinds() {
    let login = "deny path from user to system_assigned";
    let mut t = whole();
    let machine = host(&mut t, "Microsoft.Compute/virtualMachines", "v", Some(7));
    assign(&mut t, MACHINE_LOGIN, &machine, alice(), "User");
    assert_eq!(status(&t, login), Fail);

    // A type without a row is not known to be safe.
    let mut t = whole();
    let cache = host(&mut t, "Microsoft.Cache/Redis", "c", Some(7));
    assign(&mut t, CONTRIBUTOR, &cache, alice(), "User");
    assert_eq!(status(&t, login), Unknown);
    t.assignments[0].role = READER.into();
    assert_eq!(status(&t, login), Pass);

    // Two actions, through two assignments
    let mut t = whole();
    let account = host(&mut t, "Microsoft.Automation/automationAccounts", "a", Some(7));
    let edit = custom(&mut t, 1, &["Microsoft.Automation/automationAccounts/runbooks/draft/write"]);
    let start = custom(&mut t, 2, &["Microsoft.Automation/automationAccounts/jobs/write"]);
    assign(&mut t, &edit, &account, alice(), "User");
    assert_eq!(status(&t, login), Pass);
    assign(&mut t, &start, GROUP, alice(), "User");
    assert_eq!(status(&t, login), Fail);

    // A script runs with the identities that its writer may assign.
    let mut t = whole();
    host(&mut t, "Microsoft.Resources/deploymentScripts", "s", None);
    let write = custom(&mut t, 1, &["Microsoft.Resources/deploymentScripts/write"]);
    assign(&mut t, &write, GROUP, alice(), "User");
    let identity = "deny path from user to user_assigned by code_execution";
    assert_eq!(status(&t, identity), Pass);
    assign(&mut t, IDENTITY_OPERATOR, MI, alice(), "User");
    assert_eq!(status(&t, identity), Fail);

    // Nodes of a cluster, tasks of a registry
    let mut t = whole();
    let cluster = place("Microsoft.ContainerService/managedClusters", "k");
    t.resources.push(Resource {
        id: cluster.clone(),
        location: "westeurope".into(),
        kind: Stated::Null,
        tags: Stated::Null,
        identity: Stated::Null,
    });
    assign(&mut t, CONTRIBUTOR, &cluster, alice(), "User");
    assert_eq!(status(&t, login), Unknown);
    let set = host(&mut t, "Microsoft.Compute/virtualMachineScaleSets", "nodes", Some(7));
    assert_eq!(status(&t, login), Unknown);
    let nodes = format!("{SUB}/resourcegroups/mc_app_k_westeurope");
    let moved = set.replace(GROUP, &nodes);
    if let Some(row) = t.resources.iter_mut().find(|x| x.id == set) {
        row.id = moved;
    }
    assert_eq!(status(&t, login), Fail);
    let mut t = whole();
    let registry = place("Microsoft.ContainerRegistry/registries", "r");
    t.resources.push(Resource {
        id: registry.clone(),
        location: "westeurope".into(),
        kind: Stated::Null,
        tags: Stated::Null,
        identity: Stated::Null,
    });
    host(&mut t, "Microsoft.ContainerRegistry/registries", "r/tasks/t", Some(7));
    assign(&mut t, CONTRIBUTOR, &registry, alice(), "User");
    assert_eq!(status(&t, login), Fail);
}

#[test]
fn policies_deploy_as_their_identity() {
    let mut t = whole();
    let id = format!("{GROUP}/providers/microsoft.authorization/policyassignments/deploy");
    t.policy_assignments.push(PolicyAssignment {
        id: id.clone(),
        scope: GROUP.into(),
        definition: format!("{SUB}/providers/microsoft.authorization/policydefinitions/what"),
        identity: Some(IdentityBlock { system: Some(guid('2', 7)), user_assigned: vec![] }),
    });
    let sentence = "deny path from user to system_assigned";
    let assigns = custom(&mut t, 1, &["Microsoft.Authorization/policyAssignments/write"]);
    let defines = custom(&mut t, 2, &["Microsoft.Authorization/policyDefinitions/write"]);
    assign(&mut t, &assigns, &id, alice(), "User");
    assert_eq!(status(&t, sentence), Fail);
    t.assignments[0].scope = GROUP.into();
    assert_eq!(status(&t, sentence), Fail);
    t.assignments[0].role = defines.clone();
    assert_eq!(status(&t, sentence), Pass);
    t.assignments[0].scope = SUB.into();
    assert_eq!(status(&t, sentence), Fail);
    t.policy_assignments[0].definition = "/providers/microsoft.authorization/policydefinitions/what".into();
    assert_eq!(status(&t, sentence), Pass);
    t.policy_assignments[0].definition =
        format!("{SUB}/providers/microsoft.authorization/policysetdefinitions/what");
    assert_eq!(status(&t, sentence), Pass);
}

#[test]
fn custom_roles_that_can_be_rewritten() {
    let mut t = whole();
    let defines = custom(&mut t, 1, &["Microsoft.Authorization/roleDefinitions/write"]);
    let reads = custom(&mut t, 2, &["*/read"]);
    assign(&mut t, &defines, SUB, alice(), "User");
    let owner = "deny path from user to role Owner";
    // It is a custom role itself.
    assert_eq!(status(&t, owner), Fail);
    t.role_definitions[0]
        .assignable_scopes
        .push("/subscriptions/50000002-0000-4000-8000-000000000002".into());
    assert_eq!(status(&t, owner), Pass);
    host(&mut t, "Microsoft.Logic/workflows", "flow", None);
    assign(&mut t, LOGIC_CONTRIBUTOR, GROUP, alice(), "User");
    assign(&mut t, &reads, GROUP, guid('2', 1), "ServicePrincipal");
    let line = format!("{} -> {OWNER} at {GROUP} in 2", alice());
    assert_eq!(verdict(&t, owner), (Fail, vec![line]));
    assert_eq!(status(&t, &format!("{owner} through managed_identity")), Fail);
}

#[test]
fn nobody_who_is_gone() {
    let mut t = whole();
    host(&mut t, "Microsoft.Logic/workflows", "flow", None);
    assign(&mut t, LOGIC_CONTRIBUTOR, GROUP, alice(), "User");
    assert_eq!(status(&t, TO_IDENTITY), Fail);
    t.identities.clear();
    assert_eq!(status(&t, TO_IDENTITY), Pass);
    t.coverage.insert(IDENTITIES, Coverage::Absent);
    assert_eq!(status(&t, TO_IDENTITY), Fail);
    t.users.clear();
    assert_eq!(status(&t, "deny path from principal to managed_identity"), Unknown);
}

#[test]
fn how_far_somebody_reaches() {
    let mut t = whole();
    let flow = host(&mut t, "Microsoft.Logic/workflows", "flow", None);
    let site = host(&mut t, "Microsoft.Web/sites", "site", Some(7));
    assign(&mut t, LOGIC_CONTRIBUTOR, &flow, alice(), "User");
    assign(&mut t, READER, GROUP, guid('2', 1), "ServicePrincipal");
    assign(&mut t, WEBSITE_CONTRIBUTOR, &site, guid('2', 1), "ServicePrincipal");
    let of = |t: &Tenant, who: &str| {
        let oracle = Oracle::with_catalogue();
        let file = parsed("policy p\nrule r\n  deny any role\n");
        let world = World::new(t, &file, &oracle.built_ins, &oracle.remembered, &oracle.paths);
        reach::reach(&world, who)
    };
    let far = Reach {
        identities: 2,
        scopes: 3,
        resources: 2,
        writable_resources: 2,
        subscriptions: 1,
        open: false,
    };
    assert_eq!(of(&t, &alice()), far);
    let nothing = Reach {
        identities: 0,
        scopes: 0,
        resources: 0,
        writable_resources: 0,
        subscriptions: 0,
        open: false,
    };
    assert_eq!(of(&t, &guid('2', 7)), nothing);
    t.coverage.insert(RESOURCES, Coverage::Partial);
    assert!(of(&t, &alice()).open);
}
