//! `dictum find`.

use super::sandbox::Sandbox;
use insta::assert_snapshot;

#[test]
fn facts_a_line_each() {
    let sandbox = Sandbox::with_tenant();
    let ran = sandbox.run_with(&["find", "any role for managed_identity", "-i", "tenant.json"], "");
    assert_snapshot!(ran.all(), @r#"
    exit 0
    --- stdout
    Contributor at subscription "prod" for user_assigned "mi-app"  /subscriptions/22222222-2222-4222-8222-222222222222/providers/Microsoft.Authorization/roleAssignments/66666666-6666-4666-8666-666666666666  tenant.json:34
    "#);
}

#[test]
fn what_is_undecided_is_marked() {
    let sandbox = Sandbox::with_tenant();
    let ran = sandbox.run_with(&["find", "any role for user", "-i", "tenant.json"], "");
    assert_snapshot!(ran.all(), @r#"
    exit 3
    --- stdout
    Reader at resource_group "rg-app" in subscription "prod" for user "alice@example.com"  /subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg-app/providers/Microsoft.Authorization/roleAssignments/77777777-7777-4777-8777-777777777777  tenant.json:42
    ? eligible assignments (PIM): not captured
        az rest --method get --url 'https://management.azure.com/subscriptions/<id>/providers/Microsoft.Authorization/roleEligibilityScheduleInstances?api-version=2020-10-01' > roleEligibilityScheduleInstances.json
    --- stderr
    undecided: not captured completely: roleEligibilityScheduleInstances
    "#);
    let ran =
        sandbox.run_with(&["find", "any role for user", "-i", "tenant.json", "--assume", "pim=none"], "");
    assert_snapshot!(ran.all(), @r#"
    exit 0
    --- stdout
    Reader at resource_group "rg-app" in subscription "prod" for user "alice@example.com"  /subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg-app/providers/Microsoft.Authorization/roleAssignments/77777777-7777-4777-8777-777777777777  tenant.json:42
    --- stderr
    assumed: pim=none: no assignment is eligible, activated or limited in time
    "#);
}

#[test]
fn counts() {
    let sandbox = Sandbox::with_tenant();
    let count = |arguments: &[&str]| {
        let mut all = vec!["find", "-i", "tenant.json", "--assume", "pim=none", "-q"];
        all.extend(arguments);
        let ran = sandbox.run_with(&all, "");
        assert_eq!(ran.exit, 0, "{}", ran.all());
        ran.stdout
    };
    assert_eq!(count(&["any role", "--count"]), "2\n");
    assert_eq!(count(&["--count", "any role"]), "2\n");
    assert_eq!(count(&["any role", "--count", "principals"]), "2\n");
    assert_eq!(count(&["any role", "--count", "roles"]), "2\n");
    assert_eq!(count(&["any role", "--count", "scopes"]), "2\n");
    assert_eq!(count(&["role Owner", "--count"]), "0\n");
    assert_eq!(count(&["user", "--count"]), "1\n");
}

#[test]
fn a_count_that_may_be_more_says_so() {
    let sandbox = Sandbox::with_tenant();
    let ran = sandbox.run_with(&["find", "role Owner for user", "-i", "tenant.json", "--count"], "");
    assert_snapshot!(ran.all(), @r"
    exit 3
    --- stdout
    0
    --- stderr
    undecided: not captured completely: roleEligibilityScheduleInstances
    ");
}

#[test]
fn as_json() {
    let sandbox = Sandbox::with_tenant();
    let ran = sandbox.run_with(
        &["find", "role  Contributor", "-i", "tenant.json", "-f", "json", "--assume", "pim=none"],
        "",
    );
    assert_snapshot!(ran.stdout, @r#"
    {
      "schema": "dictum/find/1",
      "selector": "role Contributor",
      "as_of": "2026-11-20T06:00:00Z",
      "count": 1,
      "principals": 1,
      "roles": 1,
      "scopes": 1,
      "assumptions": [
        "pim=none: no assignment is eligible, activated or limited in time"
      ],
      "facts": [
        {
          "rule": "",
          "verdict": "deny",
          "fingerprint": "520ae3c09f4f0ff2bfabe6894f4a6b55",
          "subject": {
            "kind": "user_assigned",
            "id": "33333333-3333-4333-8333-333333333333",
            "name": "mi-app"
          },
          "assignment": {
            "id": "/subscriptions/22222222-2222-4222-8222-222222222222/providers/Microsoft.Authorization/roleAssignments/66666666-6666-4666-8666-666666666666",
            "name": "66666666-6666-4666-8666-666666666666",
            "role": "Contributor",
            "role_id": "b24988ac-6180-42a0-ab88-20f7382dd24c",
            "scope": "/subscriptions/22222222-2222-4222-8222-222222222222",
            "principal_id": "33333333-3333-4333-8333-333333333333"
          },
          "via": [],
          "evidence": [
            {
              "file": "tenant.json",
              "pointer": "/roleAssignments/0",
              "line": 34
            },
            {
              "file": "tenant.json",
              "pointer": "/servicePrincipals/0",
              "line": 29
            }
          ],
          "missing": [],
          "sentence": "Contributor at subscription \"prod\" for user_assigned \"mi-app\""
        }
      ],
      "undecided": [],
      "incomplete": [],
      "notes": []
    }
    "#);
}

#[test]
fn mistakes() {
    let sandbox = Sandbox::with_tenant();
    let find = |selector: &str| sandbox.run_with(&["find", selector, "-i", "tenant.json"], "").all();
    assert_snapshot!(find("role Owner at subscripton"), @r"
    exit 2
    --- stderr
    error[D012]: `subscripton` is not a scope
     --> SELECTOR:1:15
      |
    1 | role Owner at subscripton
      |               ^^^^^^^^^^^ did you mean `subscription`?
      |
      = scopes are: root, management_group, subscription, resource_group, resource
    ");
    assert_snapshot!(find("user where user.enabeld"), @r"
    exit 2
    --- stderr
    error[D111]: a `user` has no attribute `enabeld`
     --> SELECTOR:1:17
      |
    1 | user where user.enabeld
      |                 ^^^^^^^ did you mean `enabled`?
      |
      = its attributes are: enabled, upn, type, created, last_sign_in, mfa_registered, on_premises, external, department, job_title, id, name, kind, groups, role_assignments, direct_role_assignments, reach, change
    ");
    assert_snapshot!(find("deny role Owner"), @r"
    exit 2
    --- stderr
    error[D011]: `deny` is not something a sentence can be about
     --> SELECTOR:1:1
      |
    1 | deny role Owner
      | ^^^^
      |
      = help: a query is a sentence without its verb: leave it out
    ");
    assert_snapshot!(find("any role if more than 3 per subscription"), @r"
    exit 2
    --- stderr
    error[D024]: a query has no `if`: it finds facts, and counts them with --count
     --> SELECTOR:1:10
      |
    1 | any role if more than 3 per subscription
      |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: leave it out, or write a rule: `deny ... if more than 3`
    ");
    assert_snapshot!(find("role Ownr for managed_identity"), @r"
    exit 0
    --- stderr
    note: `Ownr` names no role, built in or captured, of this inventory
    ");
    assert_snapshot!(sandbox.run_with(&["find", "user", "--count", "users", "-i", "tenant.json"], "").all(), @r"
    exit 2
    --- stderr
    error[D805]: `--count users` counts nothing that there is
     |
     = help: write `--count`, or `--count principals`, `roles` or `scopes`
    ");
    assert_snapshot!(sandbox.run("find -i tenant.json").all(), @r"
    exit 2
    --- stderr
    error[D805]: what is to be found?
     |
     = help: dictum find 'role Owner at subscription' -i capture/
    ");
}
