//! Every exit code, and which of them outranks which.

use super::sandbox::Sandbox;

const PASS: &str = "rule is-fine deny role Owner at subscription for managed_identity\n";
const DENY: &str = "rule is-denied deny role Contributor at subscription for managed_identity\n";
const WARN: &str = "rule is-warned warn role Contributor at subscription for managed_identity\n";
const UNDECIDED: &str = "rule undecided deny eligible role Owner at subscription for user\n";
const UNDECIDED_WARN: &str = "rule undecided-warn warn eligible role Owner at subscription for user\n";
const BROKEN: &str = "rule broken deny role Owner at subscripton\n";
const VAIN: &str = "rule vain deny role Owner at subscription \"nowhere\" for managed_identity\n";

fn exit(policies: &[&str], more: &str) -> i32 {
    exit_with(policies, more, |_| {})
}

fn exit_with(policies: &[&str], more: &str, prepare: impl Fn(&Sandbox)) -> i32 {
    let sandbox = Sandbox::with_tenant();
    sandbox.file("p.dictum", policies.concat());
    prepare(&sandbox);
    sandbox.run(&format!("check p.dictum -i tenant.json -q {more}")).exit
}

#[test]
fn one_of_each() {
    assert_eq!(exit(&[PASS], ""), 0);
    assert_eq!(exit(&[DENY], ""), 1);
    assert_eq!(exit(&[BROKEN], ""), 2);
    assert_eq!(exit(&[UNDECIDED], ""), 3);
    assert_eq!(exit_with(&[PASS], "", bad_waiver), 4);
}

fn bad_waiver(sandbox: &Sandbox) {
    sandbox.file("dictum.toml", "waivers = [\"waivers/*.dictum\"]\n");
    sandbox.file("waivers/w.dictum", "waive p/is-fine until 2027-01-01 because \"x\" approved by \"y\"\n");
}

#[test]
fn two_four_one_three_nought() {
    assert_eq!(exit_with(&[BROKEN, DENY, UNDECIDED], "", bad_waiver), 2);
    assert_eq!(exit_with(&[DENY, UNDECIDED, PASS], "", bad_waiver), 4);
    assert_eq!(exit(&[PASS, UNDECIDED, DENY], ""), 1);
    assert_eq!(exit(&[PASS, UNDECIDED], ""), 3);
}

#[test]
fn warnings_block_where_they_are_told_to() {
    assert_eq!(exit(&[WARN], ""), 0);
    assert_eq!(exit(&[WARN], "--fail-on warn"), 1);
    assert_eq!(exit_with(&[WARN], "", warnings_block), 1);
    assert_eq!(exit_with(&[WARN], "--fail-on deny", warnings_block), 0);
}

#[test]
fn an_undecided_warning_changes_nothing_unless_warnings_block() {
    assert_eq!(exit(&[PASS, UNDECIDED_WARN], ""), 0);
    assert_eq!(exit(&[PASS, UNDECIDED_WARN], "--fail-on warn"), 3);
}

#[test]
fn undecided_rules_can_be_reported_only() {
    assert_eq!(exit(&[PASS, UNDECIDED], "--unknown report"), 0);
    assert_eq!(exit(&[DENY, UNDECIDED], "--unknown report"), 1);
}

#[test]
fn where_nothing_was_decided_nothing_passes() {
    assert_eq!(exit(&[VAIN], ""), 3);
    assert_eq!(exit(&[VAIN, PASS], ""), 0);
    assert_eq!(exit(&[UNDECIDED], "--unknown report"), 3);
    assert_eq!(exit(&[UNDECIDED_WARN], ""), 3);
}

#[test]
fn exit_zero_reports_and_does_not_gate() {
    assert_eq!(exit(&[DENY], "--exit-zero"), 0);
    assert_eq!(exit(&[UNDECIDED], "--exit-zero"), 0);
    assert_eq!(exit(&[BROKEN], "--exit-zero"), 2);
}

fn warnings_block(sandbox: &Sandbox) {
    sandbox.file("dictum.toml", "fail-on = \"warn\"\n");
}
