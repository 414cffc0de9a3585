//! lint, explain, policies, init, completions, man.

use super::sandbox::Sandbox;
use insta::assert_snapshot;
use std::process::Command;

#[test]
fn lint() {
    let sandbox = Sandbox::new();
    sandbox.file("good.dictum", "deny role Owner at subscription for user\n");
    sandbox.file(
        "bad.dictum",
        "deny role Owner at subscripton\ndeny user where user.enabeld\ndeny role Reader at root\n",
    );
    assert_snapshot!(sandbox.run("lint good.dictum").all(), @r"
    exit 0
    --- stdout
    1 rule: 0 errors, 0 warnings
    ");
    assert_snapshot!(sandbox.run("lint bad.dictum").all(), @r"
    exit 2
    --- stdout
    1 rule: 2 errors, 0 warnings
    --- stderr
    error[D012]: `subscripton` is not a scope
     --> bad.dictum:1:20
      |
    1 | deny role Owner at subscripton
      |                    ^^^^^^^^^^^ did you mean `subscription`?
      |
      = scopes are: root, management_group, subscription, resource_group, resource

    error[D111]: a `user` has no attribute `enabeld`
     --> bad.dictum:2:22
      |
    2 | deny user where user.enabeld
      |                      ^^^^^^^ did you mean `enabled`?
      |
      = its attributes are: enabled, upn, type, created, last_sign_in, mfa_registered, on_premises, external, department, job_title, id, name, kind, groups, role_assignments, direct_role_assignments, reach, change
    ");
    assert_snapshot!(sandbox.run_with(&["lint", "-", "--format", "json"], "deny role Owner at subscripton\n").all(), @r#"
    exit 2
    --- stdout
    {
      "schema": "dictum/lint/1",
      "status": "fail",
      "rules": 0,
      "diagnostics": [
        {
          "code": "D012",
          "severity": "error",
          "message": "`subscripton` is not a scope",
          "file": "-",
          "line": 1,
          "column": 20,
          "notes": [
            "scopes are: root, management_group, subscription, resource_group, resource"
          ],
          "help": []
        }
      ]
    }
    "#);
}

#[test]
fn explain_a_code() {
    let sandbox = Sandbox::new();
    assert_snapshot!(sandbox.run("explain d012").all(), @r#"
    exit 0
    --- stdout
    D012: not a scope

    After `at`, `on` and `within` stands a level of the scope hierarchy (root, management_group, subscription,
    resource_group, resource), perhaps with names:

        deny role Owner at subscription "prod-*", management_group for user

    or a resource described in parentheses: `on (resource where resource.identities is not empty)`.
    "#);
    assert_snapshot!(sandbox.run("explain D9999").all(), @r"
    exit 2
    --- stderr
    error[D812]: `D9999` is neither a code nor a rule
     |
     = help: `dictum policies list` lists the bundled rules; --policy names others
    ");
}

#[test]
fn explain_a_rule() {
    let sandbox = Sandbox::new();
    assert_snapshot!(sandbox.run("explain contributor-at-subscription").all(), @r"
    exit 0
    --- stdout
    managed-identity/contributor-at-subscription  high  policies/managed-identity/least-privilege.dictum:7

        deny role Contributor at subscription for managed_identity

    because
        Code that runs with this identity can change, delete or run code on every resource in the
        subscription. One compromised host is a compromised subscription.

    fix
        Grant the narrowest role that works where it is needed, then remove the wide one: az role
        assignment create --assignee-object-id PRINCIPAL_ID --assignee-principal-type ServicePrincipal
        --role ROLE --scope RESOURCE_GROUP_ID; az role assignment delete --ids ASSIGNMENT_ID

    controls
        NIST 800-53 r5 AC-6, MCSB PA-7, ISO 27001:2022 A.8.2

    tests
        Contributor at a subscription is denied, and at a resource group is not (deny, pass)
        an identity that holds Contributor through two groups is found (deny)
        a group whose members were not captured leaves Contributor undecided (unknown)
    ");
    assert_snapshot!(sandbox.run("explain contributor-at-subscripton").all(), @r"
    exit 2
    --- stderr
    error[D812]: `contributor-at-subscripton` is neither a code nor a rule
     |
     = help: did you mean `contributor-at-subscription`?
    ");
}

#[test]
fn policies() {
    let sandbox = Sandbox::new();
    let list = sandbox.run("policies list");
    assert!(
        list.stdout.contains("managed-identity\n")
            && list.stdout.contains("managed-identity/contributor-at-subscription")
    );
    let show = sandbox.run("policies show managed-identity/limits");
    assert!(show.stdout.starts_with("policy managed-identity"), "{}", show.stdout);
    assert_snapshot!(sandbox.run("policies show managed-identiti").all(), @r"
    exit 2
    --- stderr
    error[D812]: there is no bundled pack `managed-identiti`
     |
     = packs are: managed-identity, privileged-access
     = help: did you mean `managed-identity`?
    ");
    let copy = sandbox.run("policies copy privileged-access");
    assert_snapshot!(copy.all(), @r"
    exit 0
    --- stdout
    policies/privileged-access/owners.dictum
    policies/privileged-access/people.dictum
    ");
    assert_snapshot!(sandbox.run("policies copy privileged-access").all(), @r"
    exit 2
    --- stderr
    error[D809]: `policies/privileged-access/owners.dictum` is there already
     |
     = help: name another folder, or move it away first
    ");
    assert_eq!(sandbox.run("test policies").exit, 0);
}

#[test]
fn init() {
    let sandbox = Sandbox::new();
    assert_snapshot!(sandbox.run("init").all(), @r"
    exit 0
    --- stdout
    dictum.toml
    policies/first.dictum
    --- stderr

    Next:
      dictum test                                            run the tests of the first policy
      dictum inventory --capture-script bash > capture.sh    a script that captures a tenant
      dictum check -i CAPTURE                                decide the policies over it
    ");
    assert_eq!(sandbox.run("test").exit, 0);
    assert_eq!(sandbox.run("lint").exit, 0);
    assert_eq!(sandbox.run("fmt --check").exit, 0);
    assert_snapshot!(sandbox.run("init").all(), @r"
    exit 2
    --- stderr
    error[D809]: `dictum.toml` is there already
     |
     = help: name another folder, or move it away first
    ");
    sandbox.file("tenant.json", super::sandbox::TENANT);
    assert_eq!(sandbox.run("check -i tenant.json").exit, 1);
}

#[test]
fn completions_are_scripts_of_their_shells() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = sandbox.run(&format!("completions {shell}"));
        assert!(ran.exit == 0 && ran.stdout.contains("capture-script"), "{shell}");
    }
    sandbox.file("dictum.bash", sandbox.run("completions bash").stdout);
    let script = "source dictum.bash; COMP_WORDS=(dictum in); COMP_CWORD=1; _dictum dictum in dictum; echo \"${COMPREPLY[@]}\"; \
                  COMP_WORDS=(dictum check --form); COMP_CWORD=2; _dictum dictum --form check; echo \"${COMPREPLY[@]}\"";
    let output =
        Command::new("bash").args(["--norc", "-c", script]).current_dir(sandbox.path("")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_snapshot!(String::from_utf8_lossy(&output.stdout), @r"
    inventory init
    --format
    ");
}

#[test]
fn the_manual_renders() {
    let sandbox = Sandbox::new();
    let page = sandbox.run("man check");
    assert!(page.stdout.starts_with(".ie"), "{}", page.stdout);
    sandbox.file("check.1", &page.stdout);
    if let Ok(output) = Command::new("man")
        .args(["-l", "check.1"])
        .env("MANWIDTH", "80")
        .current_dir(sandbox.path(""))
        .output()
    {
        // `man` may be there without groff.
        if output.status.success() && !output.stdout.is_empty() {
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(text.contains("SYNOPSIS") && text.contains("--inventory"), "{text}");
        }
    }
    let all = sandbox.run("man --folder man1");
    assert!(all.stdout.contains("man1/dictum-check.1") && sandbox.path("man1/dictum.1").exists());
    assert_snapshot!(sandbox.run("man chek").all(), @r"
    exit 2
    --- stderr
    error[D812]: there is no command `chek`
     |
     = help: did you mean `check`?
    ");
}
