//! `dictum reach`, `who-can` and `cut`, on the sample tenant.

use super::paths::contoso;
use super::sandbox::Sandbox;
use insta::assert_snapshot;

/// All that a run says, without the notes.
fn all(sandbox: &Sandbox, arguments: &[&str]) -> String {
    sandbox.run_with(&[arguments, &["-q", "-i", "contoso.json"]].concat(), "").all()
}

#[test]
fn mistakes_of_reach() {
    let sandbox = contoso();
    assert_snapshot!(all(&sandbox, &["reach", "alic"]), @r"
    exit 2
    --- stderr
    error[D814]: nobody and nothing of this capture is called `alic`
     --> WHO:1:1
      |
    1 | alic
      | ^^^^ did you mean `alice` or `alice@contoso.example`?
    ");
    assert_snapshot!(all(&sandbox, &["reach", "contoso-prod"]), @r#"
    exit 2
    --- stderr
    error[D814]: only a principal or a resource reaches something
     --> WHO:1:1
      |
    1 | contoso-prod
      | ^^^^^^^^^^^^ subscription "contoso-prod"
    "#);
    assert_snapshot!(all(&sandbox, &["reach", "role Owner"]), @r"
    exit 2
    --- stderr
    error[D814]: a role is nobody, and nowhere
     --> WHO:1:1
      |
    1 | role Owner
      | ^^^^^^^^^^ a principal or a scope is expected here
      |
      = help: `dictum find` finds who holds a role, `dictum paths --to` who can come to hold it
    ");
    assert_snapshot!(all(&sandbox, &["reach", "guest where guest.enabeld"]), @r"
    exit 2
    --- stderr
    error[D111]: a `guest` has no attribute `enabeld`
     --> WHO:1:19
      |
    1 | guest where guest.enabeld
      |                   ^^^^^^^ did you mean `enabled`?
      |
      = its attributes are: invited_state, enabled, upn, type, created, last_sign_in, mfa_registered, on_premises, external, department, job_title, id, name, kind, groups, role_assignments, direct_role_assignments, reach, change
    ");
    assert_snapshot!(all(&sandbox, &["reach", "user \"nobody\""]), @r#"
    exit 2
    --- stderr
    error[D814]: nobody and nothing of this capture is meant by that
     --> WHO:1:1
      |
    1 | user "nobody"
      | ^^^^^^^^^^^^^
    "#);
    assert_snapshot!(all(&sandbox, &["reach", "--all", "--format", "svg"]), @r"
    exit 2
    --- stderr
    error[D805]: a picture is of the reach of one
     |
     = help: name somebody: dictum reach alice --format svg
    ");
    assert_eq!(all(&sandbox, &["reach"]).lines().next(), Some("exit 2"));
}

#[test]
fn who_can_use_a_capability_on_a_resource_is_asked_of_what_its_type_has() {
    let sandbox = contoso();
    let who_can = |what: &str, on: &str| {
        let ran = sandbox.run_with(&["who-can", what, "--on", on, "-i", "contoso.json"], "");
        let note = |line: &&str| !line.starts_with("warning[");
        ran.all().lines().filter(note).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(who_can("code-execution", "LogicApp3388"), @r"
    exit 0
    --- stdout
    7 principals  code-execution on LogicApp3388 in rg-integration  as of 2026-11-20T06:00:00Z

      who                          how surely      role                    assigned at                     through
      group sg-support             held            Contoso Support Helper  subscription contoso-prod                   contoso.json:2121, 1556
      user alice@contoso.example   held            Logic App Contributor   LogicApp3388 in rg-integration              contoso.json:1794
      user frank@contoso.example   held            Owner                   subscription contoso-prod                   contoso.json:2030
      user grace@contoso.example   once activated  Owner                   subscription contoso-prod                   contoso.json:2331
      user heidi@contoso.example   once activated  Contributor             management_group mg-production              contoso.json:2350
      user niaj@contoso.example    held            Contoso Support Helper  subscription contoso-prod       sg-support  contoso.json:2121, 1143, 1556
      user olivia@contoso.example  held            Contoso Support Helper  subscription contoso-prod       sg-support  contoso.json:2121, 1144, 1556
    --- stderr
    ");
    assert_snapshot!(who_can("secret-read", "LogicApp3388"), @r"
    exit 0
    --- stdout
    nobody  secret-read on LogicApp3388 in rg-integration  as of 2026-11-20T06:00:00Z
    --- stderr
    note: no action of `secret-read` is about resources of type Microsoft.Logic/workflows
    ");
    assert_snapshot!(who_can("code-execution", "log-contoso"), @r"
    exit 3
    --- stdout
    4 principals  Microsoft.OperationalInsights/workspaces/write on log-contoso in rg-monitoring  as of 2026-11-20T06:00:00Z

      who                                 how surely  role                       assigned at                    through
      system_assigned deploy-diagnostics  held        Log Analytics Contributor  management_group mg-corp         contoso.json:1978
      user grace@contoso.example          held        Owner                      subscription contoso-platform    contoso.json:2043
      user heidi@contoso.example          held        Owner                      subscription contoso-platform    contoso.json:2056
      user_assigned mi-terraform          held        Contributor                subscription contoso-platform    contoso.json:1937
    --- stderr
    undecided: what runs code on Microsoft.OperationalInsights/workspaces is not known; who may write it was asked instead
    ");
}

#[test]
fn mistakes_of_who_can() {
    let sandbox = contoso();
    let who_can = |what: &str, on: &str| all(&sandbox, &["who-can", what, "--on", on]);
    assert_snapshot!(who_can("secret-raed", "rg-integration"), @r"
    exit 2
    --- stderr
    error[D090]: `secret-raed` is neither an operation nor a capability set
     --> ACTION:1:1
      |
    1 | secret-raed
      | ^^^^^^^^^^^ did you mean `secret-read`?
      |
      = the capability sets are access-management, code-execution, identity-assignment, identity-federation, secret-read
      = help: an operation is, for instance, Microsoft.Compute/virtualMachines/write
    ");
    assert_snapshot!(who_can("Microsoft.Compute/virtualMachines/writ", "rg-integration"), @r"
    exit 2
    --- stderr
    error[D090]: an operation ends in `read`, `write`, `delete` or `action`, not in `writ`
     --> ACTION:1:1
      |
    1 | Microsoft.Compute/virtualMachines/writ
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ not an action
      |
      = help: did you mean `write`?
    ");
    assert_snapshot!(who_can("Microsoft.Compute/*/write", "rg-integration"), @r#"
    exit 2
    --- stderr
    error[D090]: `Microsoft.Compute/*/write` is a pattern, and nobody carries out a pattern
     --> ACTION:1:1
      |
    1 | Microsoft.Compute/*/write
      | ^^^^^^^^^^^^^^^^^^^^^^^^^ name one operation
      |
      = help: `dictum find 'role granting "..."'` finds who holds roles by a pattern
    "#);
    assert_snapshot!(who_can("secret-read", "rg-ordrs"), @r"
    exit 2
    --- stderr
    error[D814]: no scope of this capture is called `rg-ordrs`
     --> --on:1:1
      |
    1 | rg-ordrs
      | ^^^^^^^^ did you mean `rg-orders-each`, `rg-orders-shared` or `rg-orders-several`?
    ");
    assert_snapshot!(who_can("secret-read", "virtual-machine-1"), @r#"
    exit 2
    --- stderr
    error[D814]: `virtual-machine-1` is the name of 3 things in this capture
     --> --on:1:1
      |
    1 | virtual-machine-1
      | ^^^^^^^^^^^^^^^^^ which one?
      |
      = resource "virtual-machine-1" in resource_group "rg-orders-each": /subscriptions/2f9c6d14-7a83-4be5-b1d6-80c4e3f57a12/resourceGroups/rg-orders-each/providers/Microsoft.Compute/virtualMachines/virtual-machine-1
      = resource "virtual-machine-1" in resource_group "rg-orders-shared": /subscriptions/2f9c6d14-7a83-4be5-b1d6-80c4e3f57a12/resourceGroups/rg-orders-shared/providers/Microsoft.Compute/virtualMachines/virtual-machine-1
      = resource "virtual-machine-1" in resource_group "rg-orders-several": /subscriptions/2f9c6d14-7a83-4be5-b1d6-80c4e3f57a12/resourceGroups/rg-orders-several/providers/Microsoft.Compute/virtualMachines/virtual-machine-1
      = help: write the id of the one that is meant
    "#);
    assert_snapshot!(who_can("secret-read", "subscripton \"contoso-prod\""), @r#"
    exit 2
    --- stderr
    error[D011]: `subscripton` is not something a sentence can be about
     --> --on:1:1
      |
    1 | subscripton "contoso-prod"
      | ^^^^^^^^^^^ did you mean `subscription`?
    "#);
    assert_snapshot!(who_can("secret-read", "resource_group \"rg-orders*\""), @r#"
    exit 2
    --- stderr
    error[D814]: 3 scopes are meant by that
     --> --on:1:1
      |
    1 | resource_group "rg-orders*"
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^ which one?
      |
      = resource_group "rg-orders-each" in subscription "contoso-prod": /subscriptions/2f9c6d14-7a83-4be5-b1d6-80c4e3f57a12/resourceGroups/rg-orders-each
      = resource_group "rg-orders-several" in subscription "contoso-prod": /subscriptions/2f9c6d14-7a83-4be5-b1d6-80c4e3f57a12/resourceGroups/rg-orders-several
      = resource_group "rg-orders-shared" in subscription "contoso-prod": /subscriptions/2f9c6d14-7a83-4be5-b1d6-80c4e3f57a12/resourceGroups/rg-orders-shared
      = help: write the id of the one that is meant
    "#);
    assert_snapshot!(who_can("secret-read", "user \"alice*\""), @r#"
    exit 2
    --- stderr
    error[D814]: no scope of this capture is meant by that
     --> --on:1:1
      |
    1 | user "alice*"
      | ^^^^^^^^^^^^^
      |
      = help: a scope is, for instance, subscription "prod" or a full id
    "#);
    assert_snapshot!(all(&sandbox, &["who-can", "secret-read", "--data", "--on", "rg-integration"]), @r"
    exit 2
    --- stderr
    error[D805]: a capability set says itself which of its actions are data actions
     |
     = help: leave --data out
    ");
}

#[test]
fn mistakes_of_cut() {
    let sandbox = contoso();
    assert_snapshot!(all(&sandbox, &["cut"]), @r"
    exit 2
    --- stderr
    error[D805]: which path is to be closed?
     |
     = help: name a finding: dictum cut FINGERPRINT -i capture/
     = help: or the ends of the path: dictum cut --from alice --to mi-app -i capture/
    ");
    assert_snapshot!(all(&sandbox, &["cut", "--from", "alice"]), @r"
    exit 2
    --- stderr
    error[D805]: which path is to be closed?
     |
     = help: name a finding: dictum cut FINGERPRINT -i capture/
     = help: or the ends of the path: dictum cut --from alice --to mi-app -i capture/
    ");
    assert_snapshot!(all(&sandbox, &["cut", "5d7f0c3a"]), @r"
    exit 2
    --- stderr
    error[D815]: `5d7f0c3a` is no fingerprint: it has 32 hexadecimal digits
     |
     = help: list them: dictum check -i capture/ --format json
     = help: or name the ends of the path: dictum cut --from WHO --to WHAT
    ");
    assert_snapshot!(all(&sandbox, &["cut", "5d7f0c3a9be14f6c8d2e1a0b9c8d7e6f"]), @r"
    exit 2
    --- stderr
    error[D815]: no rule about paths found `5d7f0c3a9be14f6c8d2e1a0b9c8d7e6f`
     |
     = only a finding about a path can be cut; it is found by the policies that are named, else those of dictum.toml, else the bundled ones
     = help: list them: dictum check -i capture/ --format json
    ");
    assert_eq!(all(&sandbox, &["cut", "5d7f", "--from", "alice"]).lines().next(), Some("exit 2"));
}
