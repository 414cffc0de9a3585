//! Tenants of an unlikely shape, through all of the product: wide, deep, or in a circle. What they cost is seen in the size of
//! the graph of control and in how much of it a search goes through, of one tenant and of one twice as large.

use super::rights::{
    BLOB_CONTRIBUTOR, EVERYONE, GROUP, IDENTITY_OPERATOR, LOGIC_CONTRIBUTOR, MACHINE_CONTRIBUTOR, everything,
    identity_id, inventory, reach_of_each,
};
use super::*;
use dictum::azure::Guid;
use dictum::graph::{ControlGraph, Question, Rights, Ways};

const WORKFLOW: &str = "Microsoft.Logic/workflows";
const MACHINE: &str = "Microsoft.Compute/virtualMachines";

fn resource_id(kind: &str, name: &str) -> String {
    format!("{GROUP}/providers/{kind}/{name}")
}

fn resource(kind: &str, name: &str, identities: &[String]) -> Value {
    let carried: serde_json::Map<String, Value> =
        identities.iter().map(|id| (id.clone(), json!({}))).collect();
    let identity = match carried.is_empty() {
        true => Value::Null,
        false => json!({ "type": "UserAssigned", "userAssignedIdentities": carried }),
    };
    let id = resource_id(kind, name);
    json!({ "id": id, "name": name, "type": kind, "location": "westeurope", "identity": identity })
}

/// A workflow with the identity `mi`, which writes blobs; Alice; whatever else there is.
fn workflow(assignments: Vec<Value>, groups: Vec<Value>, memberships: Vec<Value>) -> Value {
    let account = "Microsoft.Storage/storageAccounts";
    let blobs = assignment(BLOB_CONTRIBUTOR, &resource_id(account, "blobs"), 21, "ServicePrincipal");
    everything(json!({
        "subscriptions": [subscription(PROD, "prod")],
        "resourceGroups": [{ "id": GROUP, "name": "rg", "location": "westeurope" }],
        "users": [user(1, "alice")],
        "groups": groups,
        "groupMemberships": memberships,
        "identities": [user_assigned(21, "mi")],
        "servicePrincipals": [service_principal(21, "mi", "ManagedIdentity")],
        "resources": [resource(WORKFLOW, "flow", &[identity_id()]), resource(account, "blobs", &[])],
        "roleAssignments": assignments.into_iter().chain([blobs]).collect::<Vec<_>>(),
    }))
}

/// How large the graph of control is, and how many places of it a search from a principal goes through.
fn work(document: &Value, from: u32) -> (usize, usize) {
    let inventory = inventory(document);
    let graph = ControlGraph::new(&Rights::new(&inventory, inventory.time));
    let edges: usize = graph.nodes().map(|(node, _)| graph.edges(node).len()).sum();
    let source = inventory.principal(Guid::parse(&id(from)).unwrap()).expect("a principal");
    let places = Ways::from(&graph, source, &Question::any(true)).places().len();
    (graph.len() + edges + graph.pairs().len(), places)
}

/// Twice the tenant costs about twice as much, and no more.
fn grows_in_proportion(make: impl Fn(u32) -> Value, from: u32, n: u32) {
    let ((size, places), (twice, twice_places)) = (work(&make(n), from), work(&make(2 * n), from));
    assert!(twice <= size * 2 + size / 10, "{n}: {size}, {}: {twice}", 2 * n);
    assert!(twice_places <= places * 2 + places / 10, "{n}: {places}, {}: {twice_places}", 2 * n);
}

/// How far somebody reaches: identities, scopes, resources, resources that can be written, subscriptions.
fn reach(document: &Value, who: &str) -> [u64; 5] {
    let lines = reach_of_each(&inventory(document));
    let counts = lines.iter().find(|line| line.of.name == who).expect("somebody of that name").counts;
    assert!(counts.complete);
    [counts.identities, counts.scopes, counts.resources, counts.writable_resources, counts.subscriptions]
}

/// Alice is in n groups; every hundredth reads the resource group, the last but one edits the workflow.
fn wide(n: u32) -> Value {
    let number = |at: u32| 0x1_0000 + at;
    let groups = (0..n).map(|at| group(number(at), &format!("g{at}"))).collect();
    let memberships = (0..n).map(|at| member(number(at), 1, "User")).collect();
    let readers = (0..n).step_by(100).map(|at| assignment(READER, GROUP, number(at), "Group"));
    let editor = assignment(LOGIC_CONTRIBUTOR, &resource_id(WORKFLOW, "flow"), number(n - 2), "Group");
    workflow(readers.chain([editor]).collect(), groups, memberships)
}

#[test]
fn somebody_in_five_thousand_groups() {
    let document = wide(5_000);
    assert_eq!(
        verdicts("rule r deny path from user to user_assigned", &document),
        ["r: fail (1 of 1)", "  deny: user \"alice@contoso.example\" to user_assigned \"mi\" (1 step)"]
    );
    assert_eq!(
        verdicts("rule r deny path from user to user_assigned by identity_attachment, federation", &document),
        ["r: pass (0 of 1)"]
    );
    grows_in_proportion(wide, 1, 5_000);
}

#[test]
fn somebody_in_many_groups_reaches_what_they_reach() {
    // The group, the workflow and, by the identity, the account.
    assert_eq!(reach(&wide(500), "alice@contoso.example"), [1, 3, 2, 1, 1]);
    assert_eq!(reach(&wide(500), "g100"), [0, 1, 2, 0, 1]);
    assert_eq!(reach(&wide(500), "g498"), [1, 2, 1, 1, 1]);
    assert_eq!(reach(&wide(500), "g7"), [0, 0, 0, 0, 0]);
}

/// Alice is in the first of n groups, each in the next, or in a circle; the last edits the workflow.
fn deep(n: u32, circle: bool) -> Value {
    let number = |at: u32| 0x1_0000 + at;
    let groups = (0..n).map(|at| group(number(at), &format!("g{at}"))).collect();
    let mut memberships: Vec<Value> = (1..n).map(|at| member(number(at), number(at - 1), "Group")).collect();
    memberships.push(member(number(0), 1, "User"));
    if circle {
        memberships.push(member(number(0), number(n - 1), "Group"));
    }
    let editor = assignment(LOGIC_CONTRIBUTOR, &resource_id(WORKFLOW, "flow"), number(n - 1), "Group");
    workflow(vec![editor], groups, memberships)
}

#[test]
fn groups_in_groups_five_thousand_deep_and_in_a_circle() {
    for circle in [false, true] {
        assert_eq!(
            verdicts("rule r deny path from user to user_assigned", &deep(5_000, circle)),
            ["r: fail (1 of 1)", "  deny: user \"alice@contoso.example\" to user_assigned \"mi\" (1 step)"]
        );
        grows_in_proportion(|n| deep(n, circle), 1, 5_000);
        assert_eq!(reach(&deep(40, circle), "alice@contoso.example"), [1, 2, 1, 1, 1]);
        assert_eq!(reach(&deep(40, circle), "g20"), [1, 2, 1, 1, 1]);
    }
}

/// Alice edits a workflow that carries n identities, each a reader of the group.
fn many(n: u32) -> Value {
    let identity = |at: u32| user_assigned(0x1_0000 + at, &format!("mi{at}"));
    let mut document = workflow(
        vec![assignment(LOGIC_CONTRIBUTOR, &resource_id(WORKFLOW, "flow"), 1, "User")],
        vec![],
        vec![],
    );
    let ids: Vec<String> = (0..n).map(|at| identity(at)["id"].as_str().unwrap().to_owned()).collect();
    document["identities"] = (0..n).map(identity).collect();
    document["servicePrincipals"] =
        (0..n).map(|at| service_principal(0x1_0000 + at, &format!("mi{at}"), "ManagedIdentity")).collect();
    document["resources"] = json!([resource(WORKFLOW, "flow", &ids)]);
    let editor = document["roleAssignments"][0].clone();
    let readers = (0..n).map(|at| assignment(READER, GROUP, 0x1_0000 + at, "ServicePrincipal"));
    document["roleAssignments"] = readers.chain([editor]).collect();
    document
}

#[test]
fn two_hundred_identities_on_one_resource() {
    let document = many(200);
    let lines = verdicts("rule r deny path from user to user_assigned", &document);
    assert_eq!(lines.len(), 201);
    assert_eq!(lines[0], "r: fail (200 of 1)");
    let first = "  deny: user \"alice@contoso.example\" to user_assigned \"mi0\" (1 step)";
    assert!(lines.iter().any(|line| line == first), "{lines:?}");
    // The workflow and the group are its scopes, the workflow is the one resource in them.
    assert_eq!(reach(&document, "alice@contoso.example"), [200, 2, 1, 1, 1]);
    assert_eq!(reach(&document, "mi7"), [0, 1, 1, 0, 1]);
    grows_in_proportion(many, 1, 200);
}

/// n machines, each with an identity that can run code on the next, the last on the first; Alice on the first.
fn ring(n: u32) -> Value {
    let number = |at: u32| 0x1_0000 + at;
    let identity = |at: u32| user_assigned(number(at), &format!("mi{at}"));
    let machine = |at: u32| resource_id(MACHINE, &format!("vm{at}"));
    let mut document = workflow(vec![], vec![], vec![]);
    document["identities"] = (0..n).map(identity).collect();
    document["servicePrincipals"] =
        (0..n).map(|at| service_principal(number(at), &format!("mi{at}"), "ManagedIdentity")).collect();
    let carrying =
        |at: u32| resource(MACHINE, &format!("vm{at}"), &[identity(at)["id"].as_str().unwrap().to_owned()]);
    document["resources"] = (0..n).map(carrying).collect();
    let next =
        |at: u32| assignment(MACHINE_CONTRIBUTOR, &machine((at + 1) % n), number(at), "ServicePrincipal");
    let alice = assignment(MACHINE_CONTRIBUTOR, &machine(0), 1, "User");
    document["roleAssignments"] = (0..n).map(next).chain([alice]).collect();
    document
}

#[test]
fn machines_that_run_code_on_each_other() {
    assert_eq!(
        verdicts("rule r deny path from user to user_assigned", &ring(2)),
        [
            "r: fail (2 of 1)",
            "  deny: user \"alice@contoso.example\" to user_assigned \"mi0\" (1 step)",
            "  deny: user \"alice@contoso.example\" to user_assigned \"mi1\" through user_assigned \"mi0\" (2 steps)",
        ]
    );
    assert_eq!(
        verdicts("rule r deny path from user_assigned to user_assigned", &ring(2)),
        [
            "r: fail (2 of 2)",
            "  deny: user_assigned \"mi0\" to user_assigned \"mi1\" (1 step)",
            "  deny: user_assigned \"mi1\" to user_assigned \"mi0\" (1 step)",
        ]
    );
    assert_eq!(reach(&ring(2), "alice@contoso.example"), [2, 2, 2, 2, 1]);
    // Nobody becomes themselves.
    assert_eq!(reach(&ring(2), "mi0"), [1, 2, 2, 2, 1]);
    assert_eq!(reach(&ring(20), "mi7"), [19, 20, 20, 20, 1]);
    grows_in_proportion(ring, 1, 500);
}

/// n machines, each with an identity of its own, in a subscription of which a deny assignment takes some actions from everyone
/// but one group; n users in the group "ops", which contributes to the subscription. Each second of them is excluded, each
/// third manages machines by an assignment of its own, each fifth assigns identities.
fn denied(n: u32, actions: &[&str], children: bool) -> Value {
    let (user_number, number) = (|at: u32| 0x1_0000 + at, |at: u32| 0x2_0000 + at);
    let identity = |at: u32| user_assigned(number(at), &format!("mi{at}"));
    let (ops, excluded) = (2, 3);
    let mut document = workflow(
        (0..n)
            .step_by(3)
            .map(|at| assignment(MACHINE_CONTRIBUTOR, PROD, user_number(at), "User"))
            .chain((0..n).step_by(5).map(|at| assignment(IDENTITY_OPERATOR, GROUP, user_number(at), "User")))
            .chain([assignment(CONTRIBUTOR, PROD, ops, "Group"), assignment(OWNER, GROUP, 1, "User")])
            .collect(),
        vec![group(ops, "ops"), group(excluded, "excluded")],
        (0..n)
            .map(|at| member(ops, user_number(at), "User"))
            .chain((0..n).step_by(2).map(|at| member(excluded, user_number(at), "User")))
            .collect(),
    );
    let users = (0..n).map(|at| user(user_number(at), &format!("u{at}")));
    document["users"].as_array_mut().unwrap().extend(users);
    document["identities"].as_array_mut().unwrap().extend((0..n).map(identity));
    let services = (0..n).map(|at| service_principal(number(at), &format!("mi{at}"), "ManagedIdentity"));
    document["servicePrincipals"].as_array_mut().unwrap().extend(services);
    let machine =
        |at: u32| resource(MACHINE, &format!("vm{at}"), &[identity(at)["id"].as_str().unwrap().to_owned()]);
    document["resources"].as_array_mut().unwrap().extend((0..n).map(machine));
    document["denyAssignments"] = json!([{
        "id": format!("{PROD}/providers/Microsoft.Authorization/denyAssignments/d"),
        "properties": {
            "denyAssignmentName": "d",
            "scope": PROD,
            "permissions": [{ "actions": actions, "notActions": [], "dataActions": [], "notDataActions": [] }],
            "principals": [{ "id": EVERYONE, "type": "SystemDefined" }],
            "excludePrincipals": [{ "id": id(excluded), "type": "Group" }],
            "doNotApplyToChildScopes": !children,
            "denyAssignmentEffect": "enforced",
        },
    }]);
    document
}

/// What deny assignments take: everything, or some of what a step asks for.
const TAKEN: [&[&str]; 6] = [
    &["*"],
    &["*/delete"],
    &["Microsoft.Compute/*"],
    &["Microsoft.Compute/virtualMachines/write", "Microsoft.Compute/virtualMachines/extensions/write"],
    &["Microsoft.Authorization/*/write"],
    &["*/write", "Microsoft.ManagedIdentity/*"],
];

#[test]
fn a_deny_assignment_over_a_whole_subscription() {
    for (actions, children) in TAKEN.iter().flat_map(|actions| [(actions, true), (actions, false)]) {
        grows_in_proportion(|n| denied(n, actions, children), 1, 200);
        grows_in_proportion(|n| denied(n, actions, children), 0x1_0000, 200);
        // What it costs is not much more than without it.
        let (with, _) = work(&denied(400, actions, children), 1);
        let mut without = denied(400, actions, children);
        without["denyAssignments"] = json!([]);
        let (without, _) = work(&without, 1);
        assert!(with <= without * 2, "{actions:?}: {with}, without {without}");
    }
}

#[test]
fn who_is_excluded_from_a_deny_assignment_has_what_is_taken_from_the_rest() {
    let identities = |actions: &[&str], who: &str| reach(&denied(10, actions, true), who)[0];
    let (excluded, named) = ("u2@contoso.example", "u7@contoso.example");
    for actions in TAKEN {
        assert_eq!(identities(actions, excluded), 11, "{actions:?}");
    }
    // Who may write nothing can still run commands on machines; not on the workflow.
    assert_eq!(TAKEN.map(|actions| identities(actions, named)), [0, 11, 11, 11, 11, 10]);
    assert_eq!(TAKEN.map(|actions| identities(actions, "alice@contoso.example")), [0, 11, 11, 11, 11, 10]);
}

#[test]
fn management_groups_in_a_circle_are_no_tenant_to_decide_about() {
    let above = |name: &str, parent: &str| {
        json!({ "id": format!("/providers/Microsoft.Management/managementGroups/{name}"), "name": name,
                "properties": { "details": { "parent": { "name": parent } } } })
    };
    let mut document = wide(3);
    document["managementGroups"] = json!([above("a", "b"), above("b", "a")]);
    let place = "/providers/Microsoft.Management/managementGroups/a";
    let owner = assignment(OWNER, place, 1, "User");
    document["roleAssignments"].as_array_mut().unwrap().push(owner);
    let policy = "rule r deny path from user to user_assigned";
    assert_eq!(errors(policy, &document).len(), 1);
    let outcome = run(policy, &document);
    assert_eq!((outcome.exit, outcome.verdicts.rules.len()), (3, 0));
}
