//! `dictum fmt`.

use super::sandbox::Sandbox;
use insta::assert_snapshot;

const UGLY: &str = "rule wide deny   role Contributor   for managed_identity at subscription\n";
const PRETTY: &str = "rule wide\n  deny role Contributor at subscription for managed_identity\n";

#[test]
fn files_are_written_in_the_one_layout() {
    let sandbox = Sandbox::new();
    sandbox.file("a.dictum", UGLY).file("b/c.dictum", PRETTY);
    assert_snapshot!(sandbox.run("fmt").all(), @r"
    exit 0
    --- stderr
    1 of 2 files formatted
    ");
    assert_eq!(sandbox.read("a.dictum"), PRETTY);
}

#[test]
fn check_lists_and_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.file("a.dictum", UGLY).file("b/c.dictum", PRETTY);
    assert_snapshot!(sandbox.run("fmt --check").all(), @r"
    exit 1
    --- stdout
    a.dictum
    --- stderr
    1 of 2 files would be formatted
    ");
    assert_eq!(sandbox.read("a.dictum"), UGLY);
    assert_eq!(sandbox.run("fmt --check b").exit, 0);
}

#[test]
fn diff_shows_what_would_change() {
    let sandbox = Sandbox::new();
    sandbox.file("a.dictum", UGLY);
    assert_snapshot!(sandbox.run("fmt --check --diff").all(), @r"
    exit 1
    --- stdout
    --- a.dictum
    +++ formatted
    @@ -1,1 +1,2 @@
    -rule wide deny   role Contributor   for managed_identity at subscription
    +rule wide
    +  deny role Contributor at subscription for managed_identity
    --- stderr
    1 of 1 file would be formatted
    ");
    assert_eq!(sandbox.run("fmt --diff").exit, 0);
    assert!(sandbox.run("fmt --diff --color always").stdout.contains("\x1b[31m"));
}

#[test]
fn standard_input_to_standard_output() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run_with(&["fmt", "-"], UGLY);
    assert_eq!((ran.exit, ran.stdout.as_str(), ran.stderr.as_str()), (0, PRETTY, ""));
}

#[test]
fn what_does_not_parse_is_left_as_it_is() {
    let sandbox = Sandbox::new();
    sandbox.file("a.dictum", "deny role\n").file("b.dictum", UGLY);
    let ran = sandbox.run("fmt");
    assert_eq!(ran.exit, 2);
    assert!(ran.stderr.contains("a.dictum:1"), "{}", ran.stderr);
    assert_eq!(sandbox.read("a.dictum"), "deny role\n");
    assert_eq!(sandbox.read("b.dictum"), PRETTY);
}
