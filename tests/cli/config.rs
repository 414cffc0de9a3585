//! `dictum.toml`: found by walking up, paths relative to it, every mistake with its place.

use super::sandbox::{Sandbox, run};
use insta::assert_snapshot;

const POLICY: &str = r#"policy base
param limit = 1 between 0 and 5
rule few
  deny role Contributor at subscription for managed_identity if more than limit assignments
"#;

fn sandbox(config: &str) -> Sandbox {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("policies/base.dictum", POLICY).file("dictum.toml", config);
    sandbox
}

#[test]
fn everything_can_stand_in_it() {
    let sandbox = sandbox(
        "policies = [\"policies\"]\ninventory = [\"tenant.json\"]\n[params]\n\"base.limit\" = 0\n[assume]\npim = \"none\"\n[capture]\ncomplete = [\"groups\"]\n",
    );
    assert_snapshot!(sandbox.run("check").all(), @r"
    exit 1
    --- stdout
    FAIL  1 rule: 1 denied  as of 2026-11-20T06:00:00Z
      captured  12 of 24 collections complete; 12 not captured
      assumed   groups is complete (--complete)
      assumed   pim=none: no assignment is eligible, activated or limited in time

    medium
      deny     base/few  1 found, of 1 examined
          1 assignment  tenant.json:34
    ");
}

#[test]
fn it_is_found_above_and_its_paths_are_its_own() {
    let sandbox =
        sandbox("policies = [\"policies\"]\ninventory = [\"tenant.json\"]\n[params.base]\nlimit = 0\n");
    sandbox.file("deep/down/here.txt", "");
    let mut command = sandbox.command(&["check", "-q", "--format", "json"]);
    command.current_dir(sandbox.path("deep/down"));
    let ran = run(command, "");
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["status"], "fail", "{}", ran.stdout);
    let mut ignored = sandbox.command(&["check", "--no-config", "-i", "../../tenant.json", "-q"]);
    ignored.current_dir(sandbox.path("deep/down"));
    assert!(run(ignored, "").stdout.contains("managed-identity/"));
}

#[test]
fn an_unknown_key() {
    let sandbox = sandbox("polices = [\"policies\"]\n\n[capture]\ncompletes = []\n");
    assert_snapshot!(sandbox.run("check").all(), @r#"
    exit 2
    --- stderr
    error[D803]: `polices` is not a key
     --> dictum.toml:1:1
      |
    1 | polices = ["policies"]
      | ^^^^^^^ did you mean `policies`?
      |
      = keys are: policies, inventory, params, waivers, assume, capture, fail-on, lock

    error[D803]: `completes` is not a key of [capture]
     --> dictum.toml:4:1
      |
    4 | completes = []
      | ^^^^^^^^^ did you mean `complete`?
      |
      = keys of [capture] are: complete
    "#);
}

#[test]
fn a_value_of_another_type() {
    let sandbox = sandbox("policies = \"policies\"\n");
    assert_snapshot!(sandbox.run("check").all(), @r#"
    exit 2
    --- stderr
    error[D804]: dictum.toml can't be read
     --> dictum.toml:1:12
      |
    1 | policies = "policies"
      |            ^^^^^^^^^^ another type: string "policies", expected a list such as ["a", "b"]
    "#);
    sandbox.file("dictum.toml", "fail-on = \"error\"\n");
    assert_snapshot!(sandbox.run("check").all(), @r#"
    exit 2
    --- stderr
    error[D804]: dictum.toml can't be read
     --> dictum.toml:1:11
      |
    1 | fail-on = "error"
      |           ^^^^^^^ there is no `error`, expected `deny` or `warn`
    "#);
    sandbox.file("dictum.toml", "[assume]\npim = \"some\"\n");
    assert_snapshot!(sandbox.run("check").all(), @r#"
    exit 2
    --- stderr
    error[D805]: `pim` can only be assumed to be "none"
     --> dictum.toml:2:7
      |
    2 | pim = "some"
      |       ^^^^^^ write "none", or leave it out
    "#);
}

#[test]
fn a_mistake_in_it_keeps_nobody_from_its_explanation() {
    let sandbox = sandbox("polices = []\n");
    assert!(sandbox.run("explain D803").stdout.starts_with("D803: an unknown key in dictum.toml"));
    assert_eq!(sandbox.run("policies list").exit, 0);
    assert_eq!(sandbox.run("explain contributor-at-subscription").exit, 2);
}

#[test]
fn not_toml() {
    let sandbox = sandbox("policies = [\"policies\"\nlock\n");
    assert_snapshot!(sandbox.run("check").all(), @r"
    exit 2
    --- stderr
    error[D804]: dictum.toml can't be read
     --> dictum.toml:2:1
      |
    2 | lock
      | ^ missing comma between array elements, expected `,`
    ");
}

#[test]
fn a_parameter_out_of_its_bounds() {
    let sandbox =
        sandbox("policies = [\"policies\"]\ninventory = [\"tenant.json\"]\n[params]\n\"base.limit\" = 9\n");
    assert_snapshot!(sandbox.run("check").all(), @r"
    exit 2
    --- stderr
    error[D069]: `base.limit` = 9 is outside the bounds of the policy
    --> dictum.toml:/params/base.limit line 4
     = help: write a value between 0 and 5
    ");
}

#[test]
fn a_parameter_that_does_not_exist() {
    let sandbox =
        sandbox("policies = [\"policies\"]\ninventory = [\"tenant.json\"]\n[params]\n\"base.limt\" = 2\n");
    assert_snapshot!(sandbox.run("check").all(), @r"
    exit 2
    --- stderr
    error[D069]: policy `base` has no parameter `limt`
    --> dictum.toml:/params/base.limt line 4
     = help: did you mean `base.limit`?
    ");
}

#[test]
fn a_pattern_that_matches_nothing() {
    let sandbox = sandbox("policies = [\"teams/*/policies\"]\n");
    assert_snapshot!(sandbox.run("check").all(), @r"
    exit 2
    --- stderr
    error[D802]: `teams/*/policies`, which dictum.toml names for `policies`, matches no file
     |
     = help: mend the pattern, or take it out
    ");
}

#[test]
fn waivers_count_from_the_files_that_it_names() {
    let sandbox = sandbox(
        "policies = [\"policies\"]\ninventory = [\"tenant.json\"]\nwaivers = [\"waivers/*.dictum\"]\n",
    );
    sandbox.file(
        "policies/base.dictum",
        "policy base\nrule wide deny role Contributor at subscription for managed_identity\n",
    );
    sandbox.file(
        "waivers/a.dictum",
        "waive base/wide for user_assigned \"mi-app\" until 2027-01-01 because \"It is being replaced.\" approved by \"security@example.com\" ticket \"T-1\"\n\
         waive base/wide for user_assigned \"mi-gone\" until 2027-01-01 because \"x\" approved by \"y\"\n\
         waive base/wide for user_assigned \"mi-old\" until 2026-01-01 because \"x\" approved by \"y\"\n",
    );
    assert_snapshot!(sandbox.run("check").all(), @r#"
    exit 0
    --- stdout
    PASS  1 rule: 1 waived  as of 2026-11-20T06:00:00Z
      captured  9 of 24 collections complete; 15 not captured

    medium
      waived   base/wide  1 found, 1 waived, of 1 examined
        ~ Contributor at subscription "prod" for user_assigned "mi-app"  tenant.json:34
            waived until 2027-01-01 by security@example.com: It is being replaced. (T-1)

    waivers that do not waive
      unused    base/wide: it covers no finding: it waives nothing
      expired   base/wide: expired after 2026-01-01: it waives nothing
    "#);
}
