//! What a user gets wrong, and both ways out.

use super::sandbox::{Sandbox, TENANT};
use insta::assert_snapshot;

const POLICY: &str = "deny role Contributor at subscription for managed_identity\n";

#[test]
fn no_inventory() {
    let sandbox = Sandbox::new();
    sandbox.file("p.dictum", POLICY);
    assert_snapshot!(sandbox.run("check p.dictum").all(), @r#"
    exit 2
    --- stderr
    error[D801]: no inventory is named: what was captured of the tenant?
     |
     = `dictum inventory --capture-script bash` prints a script that captures a tenant
     = help: name it: `-i capture/`, a file or folder, or `-` for standard input
     = help: or write a dictum.toml (`dictum init`) with: inventory = ["capture/"]
    "#);
}

#[test]
fn no_inventory_in_the_configuration_either() {
    let sandbox = Sandbox::new();
    sandbox.file("p.dictum", POLICY).file("dictum.toml", "policies = [\"p.dictum\"]\n");
    assert_snapshot!(sandbox.run("check").all(), @r#"
    exit 2
    --- stderr
    error[D801]: no inventory is named: what was captured of the tenant?
     |
     = `dictum inventory --capture-script bash` prints a script that captures a tenant
     = help: name it: `-i capture/`, a file or folder, or `-` for standard input
     = help: or write it into dictum.toml: inventory = ["capture/"]
    "#);
}

#[test]
fn a_policy_that_is_not_there() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("polices/p.dictum", POLICY);
    assert_snapshot!(sandbox.run("check policies -i tenant.json").all(), @r"
    exit 2
    --- stderr
    error[D802]: there is no `policies`
     |
     = help: did you mean `polices`?
    ");
}

#[test]
fn a_capture_that_is_not_there() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("p.dictum", POLICY);
    assert_snapshot!(sandbox.run("check p.dictum -i tenants.json").all(), @r"
    exit 2
    --- stderr
    error[D802]: there is no `tenants.json`
     |
     = help: did you mean `tenant.json`?
    ");
}

#[test]
fn a_capture_that_is_cut() {
    let sandbox = Sandbox::new();
    sandbox.file("p.dictum", POLICY).file("tenant.json", &TENANT[..TENANT.len() / 2]);
    assert_snapshot!(sandbox.run("check p.dictum -i tenant.json").all(), @r#"
    exit 3
    --- stderr
    error[D500]: `tenant.json` can't be read: the input ends here; the closing `"` of a string was expected (column 116)
    --> tenant.json:/servicePrincipals/0 line 29
    "#);
}

#[test]
fn a_folder_without_captures() {
    let sandbox = Sandbox::new();
    sandbox.file("p.dictum", POLICY).file("capture/notes.txt", "");
    assert_snapshot!(sandbox.run("check p.dictum -i capture").all(), @r"
    exit 3
    --- stderr
    error[D807]: there is nothing captured in the folder `capture`
     |
     = help: captures are .json, .ndjson or .jsonl files, perhaps .gz or .zst; name other files themselves
    ");
}

#[test]
fn an_empty_policy_file() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("p.dictum", "# nothing yet\n");
    assert_snapshot!(sandbox.run("check p.dictum -i tenant.json").all(), @r"
    exit 2
    --- stderr
    error[D806]: `p.dictum` holds no rule, so it can't deny anything
     |
     = help: write a sentence such as `deny role Owner at subscription for user`, or leave the file out
    ");
}

#[test]
fn a_file_of_sets_is_no_policy_but_may_lie_beside_one() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("policies/sets.dictum", "let broad = Owner, Contributor\n");
    assert_snapshot!(sandbox.run("check policies/sets.dictum -i tenant.json").all(), @r"
    exit 2
    --- stderr
    error[D806]: `policies/sets.dictum` holds no rule, so it can't deny anything
     |
     = help: write a sentence such as `deny role Owner at subscription for user`, or leave the file out
    ");
    sandbox.file(
        "policies/p.dictum",
        "use \"sets.dictum\"\ndeny role broad at subscription for managed_identity\n",
    );
    assert_eq!(sandbox.run("check policies -i tenant.json").exit, 1);
    assert_eq!(sandbox.run("check policies/p.dictum -i tenant.json").exit, 1);
}

#[test]
fn an_empty_folder_of_policies() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("policies/readme.md", "");
    assert_snapshot!(sandbox.run("check policies -i tenant.json").all(), @r"
    exit 2
    --- stderr
    error[D806]: there is no policy in the folder `policies`
     |
     = help: policies are files whose names end in .dictum
    ");
}

#[test]
fn a_policy_that_is_not_text() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("p.dictum", b"deny role Owner\n\xff\xfe");
    assert_snapshot!(sandbox.run("check p.dictum -i tenant.json").all(), @r"
    exit 2
    --- stderr
    error[D802]: `p.dictum` is not UTF-8: line 2
     |
     = help: save it as UTF-8
    ");
}

#[test]
fn a_misspelled_word_of_a_policy() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("p.dictum", "deny role Contributor at subscripton for managed_identity\n");
    assert_snapshot!(sandbox.run("check p.dictum -i tenant.json").all(), @r"
    exit 2
    --- stderr
    error[D012]: `subscripton` is not a scope
     --> p.dictum:1:26
      |
    1 | deny role Contributor at subscripton for managed_identity
      |                          ^^^^^^^^^^^ did you mean `subscription`?
      |
      = scopes are: root, management_group, subscription, resource_group, resource
    ");
}

#[test]
fn a_collection_that_does_not_exist() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("p.dictum", POLICY);
    assert_snapshot!(sandbox.run("check p.dictum -i tenant.json --complete roleAssignment").all(), @r"
    exit 2
    --- stderr
    error[D805]: `roleAssignment` is not a collection
     |
     = collections are: roleAssignments, roleDefinitions, roleAssignmentScheduleInstances, roleEligibilityScheduleInstances, denyAssignments, policyAssignments, identities, federatedCredentials, resources, resourceGroups, subscriptions, managementGroups, users, groups, groupMemberships, groupOwners, servicePrincipals, applications, applicationOwners, servicePrincipalOwners, directoryRoleAssignments, appRoleAssignments, deletedObjects, lighthouse
     = help: did you mean `roleAssignments`?
    ");
}

#[test]
fn an_assumption_that_is_none() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("p.dictum", POLICY);
    assert_snapshot!(sandbox.run("check p.dictum -i tenant.json --assume pim").all(), @r"
    exit 2
    --- stderr
    error[D805]: `--assume pim` assumes nothing
     |
     = help: write what is none, such as `--assume pim=none`
    ");
    assert_snapshot!(sandbox.run("check p.dictum -i tenant.json --assume pin=none").all(), @r"
    exit 2
    --- stderr
    error[D805]: `pin` is not a collection
     |
     = collections are: pim, roleAssignments, roleDefinitions, roleAssignmentScheduleInstances, roleEligibilityScheduleInstances, denyAssignments, policyAssignments, identities, federatedCredentials, resources, resourceGroups, subscriptions, managementGroups, users, groups, groupMemberships, groupOwners, servicePrincipals, applications, applicationOwners, servicePrincipalOwners, directoryRoleAssignments, appRoleAssignments, deletedObjects, lighthouse
     = help: did you mean `pim`?
    ");
}

#[test]
fn a_day_that_is_none() {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("p.dictum", POLICY);
    assert_snapshot!(sandbox.run("check p.dictum -i tenant.json --as-of tomorrow").all(), @r"
    exit 2
    --- stderr
    error[D805]: `--as-of tomorrow` is not a day
     |
     = help: write it as 2026-11-23, or with a time as 2026-11-23T08:00:00Z
    ");
}

#[test]
fn nobody_says_which_day_it_is() {
    let sandbox = Sandbox::new();
    sandbox.file("tenant.json", TENANT.replace("\"time\": \"2026-11-20T06:00:00Z\",", ""));
    sandbox.file("p.dictum", "deny user where age(user.created) > 90 days\n");
    assert_snapshot!(sandbox.run("check p.dictum -i tenant.json").all(), @r"
    exit 2
    --- stderr
    error[D813]: nobody says which day it is
     --> p.dictum:1:17
      |
    1 | deny user where age(user.created) > 90 days
      |                 ^^^^^^^^^^^^^^^^^ reads which day it is
      |
      = the capture does not say when it was made
      = help: name the day: --as-of 2026-11-23
    ");
    assert_ne!(sandbox.run("check p.dictum -i tenant.json --as-of 2026-11-23").exit, 2);
}

#[test]
fn a_waiver_in_a_policy_does_nothing_and_is_warned_about() {
    let sandbox = Sandbox::with_tenant();
    let waiver =
        "waive p/wide for user_assigned \"mi-app\" until 2027-01-01 because \"x\" approved by \"y\"\n";
    sandbox.file("p.dictum", format!("rule wide {POLICY}{waiver}"));
    assert_snapshot!(sandbox.run("check p.dictum -i tenant.json").all(), @r#"
    exit 1
    --- stdout
    FAIL  1 rule: 1 denied  as of 2026-11-20T06:00:00Z
      captured  9 of 24 collections complete; 15 not captured

    medium
      deny     p/wide  1 found, of 1 examined
          Contributor at subscription "prod" for user_assigned "mi-app"  tenant.json:34
    --- stderr
    warning[D706]: this waiver does nothing
     --> p.dictum:2:9
      |
    2 | waive p/wide for user_assigned "mi-app" until 2027-01-01 because "x" approved by "y"
      |         ^^^^ waived in a file that the configuration does not name
      |
      = waivers count only from files that dictum.toml names, so that a change cannot waive itself
      = help: move it into such a file, or name this one: waivers = ["waivers/*.dictum"]
    "#);
}

#[test]
fn words_that_the_command_line_does_not_know() {
    let sandbox = Sandbox::new();
    assert_snapshot!(sandbox.run("chek").all(), @r"
    exit 2
    --- stderr
    error: unrecognized subcommand 'chek'

      tip: a similar subcommand exists: 'check'

    Usage: dictum [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    assert_snapshot!(sandbox.run("check --formt json").all(), @r"
    exit 2
    --- stderr
    error: unexpected argument '--formt' found

      tip: a similar argument exists: '--format'

    Usage: dictum check --format <FORMAT> [POLICY]...

    For more information, try '--help'.
    ");
}
