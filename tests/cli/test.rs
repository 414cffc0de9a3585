//! `dictum test`: tests written in the language.

use super::sandbox::Sandbox;
use insta::assert_snapshot;

fn test(text: &str) -> String {
    let sandbox = Sandbox::new();
    sandbox.file("p.dictum", text);
    sandbox.run("test p.dictum").all()
}

const RULE: &str = "rule wide deny role Contributor at subscription for managed_identity\n";

#[test]
fn passed() {
    assert_snapshot!(test(&format!("{RULE}
test \"wide is denied\"
  given
    subscription \"prod\"
    resource_group \"rg\" in subscription \"prod\"
    user_assigned \"mi\" in resource_group \"rg\"
    user \"alice\"
    role Contributor at subscription \"prod\" for user_assigned \"mi\"
    role Contributor at subscription \"prod\" for user \"alice\"
  expect wide to deny user_assigned \"mi\"
  expect wide to pass user \"alice\"
")), @r"
    exit 0
    --- stdout
    p
      pass  wide is denied

    PASS  1 test: 1 passed
          1 rule: 0 with a firing, a just-not-firing and an undecided case
    ");
}

#[test]
fn failed() {
    assert_snapshot!(test(&format!("{RULE}
test \"somebody else\"
  given
    subscription \"prod\"
    user \"alice\"
    role Contributor at subscription \"prod\" for user \"alice\"
  expect wide to deny user \"alice\"

test \"too many\"
  given
    subscription \"prod\"
    group \"sg\"
    service_principal \"sp\" in group \"sg\"
    resource_group \"rg\" in subscription \"prod\"
    user_assigned \"mi\" in resource_group \"rg\" in group \"sg\"
    role Contributor at subscription \"prod\" for group \"sg\"
  expect wide to pass
  expect wide to be unknown user_assigned \"mi\"
")), @r#"
    exit 1
    --- stdout
    p
      FAIL  somebody else  p.dictum:3
            - expect p/wide to deny user "alice"  line 8
            + expect p/wide to pass user "alice"
                nothing found, 1 examined
      FAIL  too many  p.dictum:10
            - expect p/wide to pass  line 18
            + expect p/wide to deny
                deny: Contributor at subscription "prod" for user_assigned "mi" through group "sg"
            - expect p/wide to be unknown user_assigned "mi"  line 19
            + expect p/wide to deny user_assigned "mi"
                deny: Contributor at subscription "prod" for user_assigned "mi" through group "sg"

    FAIL  2 tests: 0 passed, 2 failed
          1 rule: 0 with a firing, a just-not-firing and an undecided case
    "#);
}

#[test]
fn cases_of_each_rule() {
    let sandbox = Sandbox::new();
    sandbox.file("p.dictum", format!("{RULE}rule other deny user where not user.enabled
test \"a disabled user\" given user \"bob\" with {{ enabled = false }} user \"ann\" expect other to deny user \"bob\" expect other to pass user \"ann\"
"));
    assert_snapshot!(sandbox.run("test p.dictum --coverage").all(), @r"
    exit 0
    --- stdout
    p
      pass  a disabled user

    rule     fires  just does not  undecided
    p/wide   no     no             no
    p/other  yes    yes            no

    PASS  1 test: 1 passed
          2 rules: 0 with a firing, a just-not-firing and an undecided case
    ");
}

#[test]
fn mistakes_of_a_test() {
    assert_snapshot!(test(&format!("{RULE}
test \"mistakes\"
  given
    subscription \"prod\"
    resource_group \"rg\" in subscription \"pord\"
    resource_group \"rg2\"
    user_assigned \"mi\" in resource_group \"rg\" with {{ tagz[\"a\"] = \"b\" }}
    system_assigned \"vm\"
    user \"ann\" with {{ enabled = \"yes\" type = \"Gest\" groups = [\"a\"] }}
    user \"ann\"
    role Contribitor at subscription \"prod\" for user \"ann\"
    role Reader within subscription \"prod\" for user \"bob\"
    role Reader for user
  expect wyde to deny user \"ann\"
")), @r#"
    exit 2
    --- stderr
    error[D156]: there is no rule `p/wyde`
      --> p.dictum:15:10
       |
    15 |   expect wyde to deny user "ann"
       |          ^^^^ did you mean `wide`?

    error[D152]: subscription "pord" is used in this test, and not stated
     --> p.dictum:6:41
      |
    6 |     resource_group "rg" in subscription "pord"
      |                                         ^^^^^^ did you mean "prod"?
      |
      = help: state it among the facts: subscription "pord"

    error[D151]: user "ann" is stated twice
      --> p.dictum:11:10
       |
    10 |     user "ann" with { enabled = "yes" type = "Gest" groups = ["a"] }
       |          ----- stated first
    11 |     user "ann"
       |          ^^^^^ here again
       |
       = help: give the second one another name, or state it once with all that it is in

    error[D153]: resource_group "rg2" is in no subscription
     --> p.dictum:7:20
      |
    7 |     resource_group "rg2"
      |                    ^^^^^
      |
      = help: write resource_group "rg2" in subscription "..."

    error[D153]: `groups` is not stated as an attribute
      --> p.dictum:10:53
       |
    10 |     user "ann" with { enabled = "yes" type = "Gest" groups = ["a"] }
       |                                                     ^^^^^^
       |
       = help: write `user "alice" in group "g"`

    error[D155]: that is no value of `enabled`
      --> p.dictum:10:33
       |
    10 |     user "ann" with { enabled = "yes" type = "Gest" groups = ["a"] }
       |                                 ^^^^^
       |
       = help: write true, false or unknown

    error[D155]: that is no value of `type`
      --> p.dictum:10:46
       |
    10 |     user "ann" with { enabled = "yes" type = "Gest" groups = ["a"] }
       |                                              ^^^^^^ did you mean "Guest"?
       |
       = help: write one of "Member", "Guest", or unknown

    error[D152]: user "ann" could be one of 2
      --> p.dictum:12:54
       |
    12 |     role Contribitor at subscription "prod" for user "ann"
       |                                                      ^^^^^ which one?
       |
       = help: say what it is in: `user_assigned "mi" in resource_group "rg"`

    error[D152]: the role "Contribitor" is neither built in nor stated in this test
      --> p.dictum:12:10
       |
    12 |     role Contribitor at subscription "prod" for user "ann"
       |          ^^^^^^^^^^^ did you mean "Contributor"?
       |
       = help: state it: role_definition "Contribitor" with { actions = ["Microsoft.Compute/*"] }

    error[D153]: an assignment is made `at` a scope, not `within` one
      --> p.dictum:13:17
       |
    13 |     role Reader within subscription "prod" for user "bob"
       |                 ^^^^^^
       |
       = help: write `at`

    error[D152]: user "bob" is used in this test, and not stated
      --> p.dictum:13:53
       |
    13 |     role Reader within subscription "prod" for user "bob"
       |                                                     ^^^^^
       |
       = help: state it among the facts: user "bob"

    error[D153]: the assignment is nowhere
      --> p.dictum:14:5
       |
    14 |     role Reader for user
       |     ^^^^
       |
       = help: say where: `at subscription "prod"`

    error[D153]: which user?
      --> p.dictum:14:21
       |
    14 |     role Reader for user
       |                     ^^^^ a fact names one
       |
       = help: write `for user "NAME"`, of one that is stated
    "#);
}

#[test]
fn a_rule_that_reads_the_day() {
    let text = "rule stale deny user where age(user.created) > 90 days\ntest \"old\" given user \"ann\" with { created = 2026-01-01 } expect stale to deny user \"ann\"\n";
    assert_snapshot!(test(text), @r#"
    exit 2
    --- stderr
    error[D157]: `p/stale` reads which day it is, and this test does not say
     --> p.dictum:2:6
      |
    1 | rule stale deny user where age(user.created) > 90 days
      |                            ----------------- a date is read here
    2 | test "old" given user "ann" with { created = 2026-01-01 } expect stale to deny user "ann"
      |      ^^^^^ in this test
      |
      = help: write: test "old" as of 2026-11-23
    "#);
    assert!(test(&text.replace("\"old\"", "\"old\" as of 2026-11-23")).starts_with("exit 0"));
}

#[test]
fn what_is_uncaptured_is_unknown() {
    assert_snapshot!(test("rule owners deny role Owner at subscription for user
rule guests deny any role for guest
rule tagged deny resource where resource.tags[\"env\"] == \"prod\"
test \"uncaptured\"
  given
    subscription \"prod\"
    resource_group \"rg\" in subscription \"prod\"
    resource \"vm\" in resource_group \"rg\" with { tags = unknown }
    resource \"db\" in resource_group \"rg\" with { tags[\"ENV\"] = \"prod\" }
    group \"sg\"
    user \"ann\" with { type = unknown }
    role Owner at subscription \"prod\" for group \"sg\"
    role Reader at subscription \"prod\" for user \"ann\"
    uncaptured group.members
  expect owners to be unknown group \"sg\"
  expect guests to be unknown user \"ann\"
  expect tagged to be unknown resource \"vm\"
  expect tagged to deny resource \"db\"
"), @r"
    exit 0
    --- stdout
    p
      pass  uncaptured

    PASS  1 test: 1 passed
          3 rules: 0 with a firing, a just-not-firing and an undecided case
    ");
}

#[test]
fn every_kind_of_fact() {
    assert_snapshot!(test("rule eligible deny eligible role Owner for user
rule ended deny standing role Owner for user
rule secret warn credential where credential.kind == \"password\"
rule federated warn federated_credential where federated_credential.issuer_host == \"token.example.com\"
rule hidden deny custom role granting all \"Microsoft.Compute/*\" for system_assigned
rule directory deny directory_role \"Global Administrator\" for guest
rule app deny app_role \"Directory.ReadWrite.All\" for managed_identity
rule shared advise user_assigned where count(user_assigned.attachments) > 1
rule orphan advise any role for missing_principal
rule above deny role Reader on subscription \"prod\" for group
rule owned warn application where application.owners is empty
rule locked advise deny_assignment where deny_assignment.effect == \"audit\"
test \"everything\"
  given
    management_group \"mg\"
    subscription \"prod\" in management_group \"mg\"
    resource_group \"rg\" in subscription \"prod\"
    resource \"vm\" in resource_group \"rg\" with { type = \"Microsoft.Compute/virtualMachines\" }
    resource \"server/db\" in resource_group \"rg\" with { type = \"Microsoft.Sql/servers/databases\" }
    system_assigned \"vm\" of resource \"vm\"
    user_assigned \"mi\" in resource_group \"rg\" attached to resource \"vm\" attached to resource \"server/db\"
    user \"ann\"
    guest \"gus\"
    group \"sg\"
    missing_principal \"gone\"
    application \"app\" with { owners = [\"ann\"] }
    application \"lonely\"
    credential \"key\" of application \"app\" with { expires = 2027-01-01 }
    federated_credential \"main\" of user_assigned \"mi\" with { issuer = \"https://token.example.com/x\" }
    role_definition \"Machines\" with { actions = [\"*\"] not_actions = [\"Microsoft.Network/*\"] }
    deny_assignment \"lock\" in subscription \"prod\" with { effect = \"audit\" }
    eligible role Owner at subscription \"prod\" for user \"ann\"
    role Owner at resource_group \"rg\" for user \"ann\" with { end = 2027-01-01 }
    role Machines at resource_group \"rg\" for system_assigned \"vm\"
    directory_role \"Global Administrator\" for guest \"gus\"
    app_role \"Directory.ReadWrite.All\" for user_assigned \"mi\"
    role Reader at subscription \"prod\" for missing_principal \"gone\"
    role Reader at management_group \"mg\" for group \"sg\"
  expect eligible to deny user \"ann\"
  expect ended to pass user \"ann\"
  expect secret to warn credential \"key\"
  expect federated to warn federated_credential \"main\"
  expect hidden to deny system_assigned \"vm\"
  expect directory to deny guest \"gus\"
  expect app to deny user_assigned \"mi\"
  expect shared to advise user_assigned \"mi\"
  expect orphan to advise missing_principal \"gone\"
  expect above to deny group \"sg\"
  expect owned to warn application \"lonely\"
  expect owned to pass application \"app\"
  expect locked to advise deny_assignment \"lock\"
"), @r"
    exit 0
    --- stdout
    p
      pass  everything

    PASS  1 test: 1 passed
          12 rules: 0 with a firing, a just-not-firing and an undecided case
    ");
}

#[test]
fn waived_is_an_outcome_too() {
    let sandbox = Sandbox::new();
    sandbox.file("dictum.toml", "policies = [\"p.dictum\"]\nwaivers = [\"w.dictum\"]\n");
    sandbox.file(
        "p.dictum",
        format!(
            "{RULE}
test \"waived\" as of 2026-11-23
  given
    subscription \"prod\"
    resource_group \"rg\" in subscription \"prod\"
    user_assigned \"mi\" in resource_group \"rg\"
    role Contributor at subscription \"prod\" for user_assigned \"mi\"
  expect wide to be waived user_assigned \"mi\"
"
        ),
    );
    sandbox.file(
        "w.dictum",
        "waive p/wide for user_assigned \"mi\" until 2027-01-01 because \"x\" approved by \"y\"\n",
    );
    assert_snapshot!(sandbox.run("test").all(), @r"
    exit 0
    --- stdout
    p
      pass  waived

    PASS  1 test: 1 passed
          1 rule: 0 with a firing, a just-not-firing and an undecided case
    ");
}

#[test]
fn the_bundled_policies_pass_their_tests() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run("test --format json");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.exit, report["status"].as_str()), (0, Some("pass")), "{}", ran.stdout);
    for rule in report["rules"].as_array().unwrap() {
        assert!(rule["fires"] == true && rule["spares"] == true && rule["unknown"] == true, "{rule}");
    }
}

#[test]
fn no_tests() {
    assert_snapshot!(test(RULE), @r#"
    exit 2
    --- stderr
    error[D806]: these policies state no test
     |
     = help: test "..." given subscription "prod" ... expect RULE to deny user "alice"
    "#);
}
