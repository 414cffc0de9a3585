//! `dictum check`, from the sentence to the report.

use super::sandbox::{Sandbox, run};
use insta::assert_snapshot;

const POLICY: &str = r#"policy base

rule contributor-at-subscription
  deny role Contributor at subscription for managed_identity
  severity high
  because "A stolen token can change everything."
  fix "Grant the narrowest role that works."
  controls "NIST 800-53 r5 AC-6"

rule no-owner
  deny role Owner at subscription

rule guests
  warn any role for guest
"#;

#[test]
fn a_denial_is_told_with_its_place() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("base.dictum", POLICY);
    assert_snapshot!(sandbox.run("check base.dictum -i tenant.json --assume pim=none").all(), @r#"
    exit 1
    --- stdout
    FAIL  3 rules: 1 denied, 2 passed  as of 2026-11-20T06:00:00Z
      captured  11 of 24 collections complete; 13 not captured
      assumed   pim=none: no assignment is eligible, activated or limited in time

    high
      deny     base/contributor-at-subscription  1 found, of 1 examined
          Contributor at subscription "prod" for user_assigned "mi-app"  tenant.json:34
          because  A stolen token can change everything.
          fix      Grant the narrowest role that works.

    passed
      base/guests    2 examined
      base/no-owner  1 examined
    "#);
}

#[test]
fn what_is_undecided_names_the_command_that_decides_it() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("owner.dictum", "deny role Owner at subscription for user\n");
    assert_snapshot!(sandbox.run("check owner.dictum -i tenant.json").all(), @r"
    exit 3
    --- stdout
    UNDECIDED  1 rule: 1 undecided  as of 2026-11-20T06:00:00Z
      captured  9 of 24 collections complete; 15 not captured

    medium
      unknown  owner/deny-role-owner-at-subscription-for-user  1 undecided, of 1 examined
        ? eligible assignments (PIM): not captured

    what would decide the rest
      roleEligibilityScheduleInstances  1 rule  az rest --method get --url 'https://management.azure.com/subscriptions/<id>/providers/Microsoft.Authorization/roleEligibilityScheduleInstances?api-version=2020-10-01' > roleEligibilityScheduleInstances.json
    ");
}

#[test]
fn a_pass_says_what_it_examined() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("owner.dictum", "deny role Owner at subscription for managed_identity\n");
    assert_snapshot!(sandbox.run("check owner.dictum -i tenant.json").all(), @r"
    exit 0
    --- stdout
    PASS  1 rule: 1 passed  as of 2026-11-20T06:00:00Z
      captured  9 of 24 collections complete; 15 not captured

    passed
      owner/deny-role-owner-at-subscription-for-managed-identity  1 examined
    ");
}

#[test]
fn what_was_asserted_is_in_the_report() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("owner.dictum", "deny role Owner at subscription for user\n");
    let ran =
        sandbox.run("check owner.dictum -i tenant.json --assume pim=none --complete groupMemberships,groups");
    assert_snapshot!(ran.all(), @r"
    exit 0
    --- stdout
    PASS  1 rule: 1 passed  as of 2026-11-20T06:00:00Z
      captured  13 of 24 collections complete; 11 not captured
      assumed   groupMemberships is complete (--complete)
      assumed   groups is complete (--complete)
      assumed   pim=none: no assignment is eligible, activated or limited in time

    passed
      owner/deny-role-owner-at-subscription-for-user  1 examined
    ");
}

#[test]
fn a_report_as_json() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("base.dictum", POLICY);
    let ran = sandbox.run("check base.dictum -i tenant.json --assume pim=none -f json");
    let mut document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    document["coverage"] = "...".into();
    document["rules"].as_array_mut().unwrap().truncate(1);
    assert_snapshot!(serde_json::to_string_pretty(&document).unwrap(), @r#"
    {
      "schema": "dictum/check/1",
      "status": "fail",
      "exit": 1,
      "unknown": "block",
      "fail_on": "deny",
      "as_of": "2026-11-20T06:00:00Z",
      "coverage": "...",
      "assumptions": [
        "pim=none: no assignment is eligible, activated or limited in time"
      ],
      "rules": [
        {
          "id": "base/contributor-at-subscription",
          "effect": "deny",
          "severity": "high",
          "status": "fail",
          "examined": 1,
          "selected": 1,
          "unknown": 0,
          "notes": [],
          "because": "A stolen token can change everything.",
          "fix": "Grant the narrowest role that works.",
          "controls": [
            "NIST 800-53 r5 AC-6"
          ],
          "sentence": "deny role Contributor at subscription for managed_identity"
        }
      ],
      "findings": [
        {
          "rule": "base/contributor-at-subscription",
          "verdict": "deny",
          "fingerprint": "ec07a5c731d2697df5df2475a1d2d503",
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
      "waivers": []
    }
    "#);
    assert_eq!(ran.exit, 1);
}

#[test]
fn a_report_as_json_lines_ends_in_the_summary() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("base.dictum", POLICY);
    let ran = sandbox.run("check base.dictum -i tenant.json --assume pim=none -f jsonl");
    let kinds: Vec<String> = ran
        .stdout
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            format!(
                "{} {}",
                line["type"].as_str().unwrap(),
                line.get("id").or(line.get("rule")).unwrap_or(&line["status"])
            )
        })
        .collect();
    assert_snapshot!(kinds.join("\n"), @r#"
    rule "base/contributor-at-subscription"
    rule "base/guests"
    rule "base/no-owner"
    finding "base/contributor-at-subscription"
    summary "fail"
    "#);
}

#[test]
fn a_report_into_a_file_has_no_colours() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("base.dictum", POLICY);
    let ran =
        sandbox.run("check base.dictum -i tenant.json --assume pim=none --color always -o out/report.txt");
    assert_eq!((ran.exit, ran.stdout.as_str()), (1, ""));
    assert!(sandbox.read("out/report.txt").starts_with("FAIL  3 rules:"));
}

#[test]
fn colours_are_for_terminals_and_those_who_ask() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("base.dictum", POLICY);
    let arguments = ["check", "base.dictum", "-i", "tenant.json", "--assume", "pim=none"];
    let coloured = |variables: &[(&str, &str)], more: &[&str]| {
        let mut command = sandbox.command(&arguments);
        command.args(more).envs(variables.iter().copied());
        run(command, "").stdout.contains('\x1b')
    };
    assert!(!coloured(&[], &[]));
    assert!(coloured(&[], &["--color", "always"]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1")], &["--color", "never"]));
}

#[test]
fn what_a_capture_calls_things_can_not_play_with_the_terminal() {
    let sandbox = Sandbox::new();
    let tenant = super::sandbox::TENANT.replace("\"prod\"", r#""prod\u001b[2J\u202e""#);
    sandbox
        .file("tenant.json", tenant)
        .file("p.dictum", "deny role Contributor at subscription for managed_identity\n");
    let ran = sandbox.run("check p.dictum -i tenant.json --color always");
    assert!(ran.stdout.contains(r#"at subscription "prod\u{1b}[2J\u{202e}""#), "{}", ran.stdout);
}

#[test]
fn standard_input_is_a_capture_too() {
    let sandbox = Sandbox::new();
    sandbox.file("p.dictum", "deny role Contributor at subscription for managed_identity\n");
    let ran = sandbox.run_with(&["check", "p.dictum", "-i", "-"], super::sandbox::TENANT);
    assert_snapshot!(ran.all(), @r#"
    exit 1
    --- stdout
    FAIL  1 rule: 1 denied  as of 2026-11-20T06:00:00Z
      captured  9 of 24 collections complete; 15 not captured

    medium
      deny     p/deny-role-contributor-at-subscription-for-managed-identity  1 found, of 1 examined
          Contributor at subscription "prod" for user_assigned "mi-app"  -:34
    "#);
}

#[test]
fn a_folder_is_all_its_captures() {
    let sandbox = Sandbox::new();
    sandbox.file("p.dictum", "deny role Contributor at subscription for managed_identity\n");
    sandbox
        .file("capture/deep/tenant.json", super::sandbox::TENANT)
        .file("capture/notes.txt", "not a capture");
    let ran = sandbox.run("check p.dictum -i capture -f json");
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["findings"][0]["evidence"][0]["file"], "capture/deep/tenant.json");
}

#[test]
fn without_policies_the_bundled_ones_run() {
    let sandbox = Sandbox::with_tenant();
    let ran = sandbox.run("check -i tenant.json -f json");
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(document["rules"].as_array().unwrap().len() > 10);
    assert_eq!(ran.exit, 1);
}

#[test]
fn long_lists_are_folded_unless_all_is_asked_for() {
    let sandbox = Sandbox::with_tenant();
    let mut tenant: serde_json::Value = serde_json::from_str(super::sandbox::TENANT).unwrap();
    let one = tenant["roleAssignments"][0].clone();
    let rows = tenant["roleAssignments"].as_array_mut().unwrap();
    for number in 0..15 {
        let mut row = one.clone();
        let (name, scope) = (
            format!("66666666-6666-4666-8666-0000000000{number:02}"),
            format!("/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg-{number:02}"),
        );
        row["id"] = format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{name}").into();
        (row["name"], row["scope"]) = (name.into(), scope.into());
        rows.push(row);
    }
    sandbox.file("tenant.json", serde_json::to_string_pretty(&tenant).unwrap());
    sandbox.file("p.dictum", "deny role Contributor at resource_group for managed_identity\n");
    let folded = sandbox.run("check p.dictum -i tenant.json").stdout;
    assert_eq!(folded.matches("Contributor at resource_group").count(), 10);
    assert!(folded.contains("... and 5 more (--all)"), "{folded}");
    let all = sandbox.run("check p.dictum -i tenant.json --all").stdout;
    assert_eq!(all.matches("Contributor at resource_group").count(), 15);
}

#[test]
fn nobody_reading_on_is_no_error() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("base.dictum", POLICY);
    let program = env!("CARGO_BIN_EXE_dictum");
    let script = format!("'{program}' check base.dictum -i tenant.json --assume pim=none | head -c 1");
    let output = std::process::Command::new("bash")
        .args(["-c", &script])
        .current_dir(sandbox.path(""))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "F");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
