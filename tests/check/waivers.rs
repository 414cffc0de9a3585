//! Waivers: every mistake in one is of the D7 family.

use super::{Run, run};
use insta::assert_snapshot;

const POLICY: &str = r#"policy base
rule owners
  deny role Owner at subscription for managed_identity
rule credentials
  deny federated_credential
rule root-owner
  require some role Owner at root for user
deny role Reader for guest
"#;

fn waive(waiver: &str) -> Run {
    run(&[("base.dictum", POLICY), ("waivers/w.dictum", waiver)])
}

const END: &str = "until 2027-03-31 because \"Migration\" approved by \"security@example.com\"";

fn told(rule_and_clauses: &str) -> String {
    waive(&format!("waive {rule_and_clauses} {END}")).report()
}

fn fine(rule_and_clauses: &str) {
    let run = waive(&format!("waive {rule_and_clauses} {END}"));
    assert_eq!(run.report(), "");
    assert_eq!(run.plan.waivers.len(), 1);
}

#[test]
fn d701_no_such_rule() {
    assert_snapshot!(told("base/owner for user_assigned \"mi\""), @r#"
        error[D701]: there is no rule `base/owner`
         --> waivers/w.dictum:1:7
          |
        1 | waive base/owner for user_assigned "mi" until 2027-03-31 because "Migration" approved by "security@example.com"
          |       ^^^^^^^^^^ did you mean `base/owners`?
        "#);
    assert_snapshot!(told("owners for user_assigned \"mi\""), @r#"
        error[D701]: there is no rule `w/owners`
         --> waivers/w.dictum:1:7
          |
        1 | waive owners for user_assigned "mi" until 2027-03-31 because "Migration" approved by "security@example.com"
          |       ^^^^^^ did you mean `base/owners`?
          |
          = without a policy before it, a rule of policy `w` is meant
        "#);
    fine("base/owners for user_assigned \"mi\"");
}

#[test]
fn d702_a_statement_without_a_name() {
    assert_snapshot!(told("base/deny-role-reader-for-guest for user \"x\""), @r#"
        error[D702]: a statement without a name cannot be waived
         --> waivers/w.dictum:1:7
          |
        1 | waive base/deny-role-reader-for-guest for user "x" until 2027-03-31 because "Migration" approved by "security@example.com"
          |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this id is the text of the statement, and changes with it
          |
         ::: base.dictum:8:1
          |
        8 | deny role Reader for guest
          | -------------------------- the statement
          |
          = help: name the rule: write `rule NAME` before the statement
        "#);
}

#[test]
fn d703_a_clause_that_fits_no_finding() {
    assert_snapshot!(told("base/credentials for user \"alice\""), @r#"
        error[D703]: this rule is about a federated_credential, and nobody holds that
         --> waivers/w.dictum:1:28
          |
        1 | waive base/credentials for user "alice" until 2027-03-31 because "Migration" approved by "security@example.com"
          |                            ^^^^^^^^^^^^ this clause can match none of its findings
          |
         ::: base.dictum:4:6
          |
        4 | rule credentials
          |      ----------- the rule
          |
          = help: write `of federated_credential "..."`
        "#);
    assert_snapshot!(told("base/owners of federated_credential \"gh-main\""), @r#"
        error[D703]: this rule finds no federated_credential
         --> waivers/w.dictum:1:22
          |
        1 | waive base/owners of federated_credential "gh-main" until 2027-03-31 because "Migration" approved by "security@example.com"
          |                      ^^^^^^^^^^^^^^^^^^^^ this clause can match none of its findings
          |
         ::: base.dictum:2:6
          |
        2 | rule owners
          |      ------ the rule
          |
          = help: write `for ...` for who holds it, `on ...` for where
        "#);
    assert_snapshot!(told("base/root-owner on subscription \"prod\""), @r#"
        error[D703]: this rule finds that something is missing, which is at no scope
         --> waivers/w.dictum:1:23
          |
        1 | waive base/root-owner on subscription "prod" until 2027-03-31 because "Migration" approved by "security@example.com"
          |                       ^^^^^^^^^^^^^^^^^^^^^^ this clause can match none of its findings
          |
         ::: base.dictum:6:6
          |
        6 | rule root-owner
          |      ---------- the rule
          |
          = help: write `finding "..."` with the fingerprint from the report
        "#);
    fine("base/credentials of federated_credential \"gh-main\"");
    fine("base/owners on subscription \"prod\"");
    fine("base/root-owner finding \"a1b2\"");
}

#[test]
fn d704_something_is_left_unsaid() {
    let run = waive(
        "waive base/owners for user \"x\" until 2027-03-31 because \" \" approved by \"security@example.com\"",
    );
    assert_snapshot!(run.report(), @r#"
        error[D704]: a waiver says what it waives, why, and who approved it
         --> waivers/w.dictum:1:57
          |
        1 | waive base/owners for user "x" until 2027-03-31 because " " approved by "security@example.com"
          |                                                         ^^^ nothing is said here
        "#);
}

#[test]
fn d705_approved_by_the_one_who_asked() {
    let run = waive(
        "waive base/owners for user \"x\" until 2027-03-31 because \"It\" requested by \"Eve@example.com\" approved by \"eve@example.com\"",
    );
    assert_snapshot!(run.report(), @r#"
        error[D705]: "Eve@example.com" approves an own request
         --> waivers/w.dictum:1:105
          |
        1 | waive base/owners for user "x" until 2027-03-31 because "It" requested by "Eve@example.com" approved by "eve@example.com"
          |                                                                           -----------------             ^^^^^^^^^^^^^^^^^ someone else has to approve
          |                                                                           |
          |                                                                           requested here
        "#);
}

#[test]
fn d706_outside_the_waiver_files() {
    let run = run(&[("base.dictum", &format!("{POLICY}\nwaive owners for user \"x\" {END}"))]);
    assert_snapshot!(run.report(), @r#"
        warning[D706]: this waiver does nothing
          --> base.dictum:10:7
           |
        10 | waive owners for user "x" until 2027-03-31 because "Migration" approved by "security@example.com"
           |       ^^^^^^ waived in a file that the configuration does not name
           |
           = waivers count only from files that dictum.toml names, so that a change cannot waive itself
           = help: move it into such a file, or name this one: waivers = ["waivers/*.dictum"]
        "#);
    assert!(run.plan.waivers.is_empty());
}

#[test]
fn d707_a_policy_that_is_not_read() {
    assert_snapshot!(told("elsewhere/some-rule for user \"x\""), @r#"
        warning[D707]: policy `elsewhere` is not part of this run
         --> waivers/w.dictum:1:7
          |
        1 | waive elsewhere/some-rule for user "x" until 2027-03-31 because "Migration" approved by "security@example.com"
          |       ^^^^^^^^^^^^^^^^^^^ so this waiver waives nothing
          |
          = the waiver was not checked further
        "#);
}

#[test]
fn d708_a_mistake_in_a_clause() {
    assert_snapshot!(told("base/owners for user_assigned \"mi\" in group \"g\" in subscription \"s\""), @r#"
        error[D708]: a `group` is not in a `subscription`
         --> waivers/w.dictum:1:58
          |
        1 | waive base/owners for user_assigned "mi" in group "g" in subscription "s" until 2027-03-31 because "Migration" approved by "security@example.com"
          |                                             -----        ^^^^^^^^^^^^ cannot hold it
          |
          = a `group` can be in: group
        "#);
    assert_snapshot!(told("base/owners for user friends"), @r#"
        error[D708]: `friends` is not defined
         --> waivers/w.dictum:1:28
          |
        1 | waive base/owners for user friends until 2027-03-31 because "Migration" approved by "security@example.com"
          |                            ^^^^^^^ no set or parameter has this name
          |
          = help: define it with `let friends = ...`, or put quotes around it if it is a literal name
        "#);
}

#[test]
fn the_last_day_is_included() {
    let run = waive(&format!("waive base/owners for user \"x\" {END}"));
    let waiver = &run.plan.waivers[0];
    assert_eq!((waiver.until.as_str(), waiver.ends), ("2027-03-31", 1_806_537_600));
}
