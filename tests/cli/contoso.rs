//! The sample tenant: its verdicts, locked next to it, and the same verdicts from what the capture script makes of it.

use super::capture::{FakeAzure, sample_tenant};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn dictum(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dictum"))
        .args(arguments)
        .current_dir(ROOT)
        .env("NO_COLOR", "1")
        .output()
        .expect("dictum runs")
}
fn report(arguments: &[&str]) -> Value {
    let output = dictum(&[&["check", "--exit-zero", "--format", "json"], arguments].concat());
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}
fn list<'a>(report: &'a Value, key: &str) -> &'a [Value] {
    report[key].as_array().map_or(&[], Vec::as_slice)
}
/// What was found, without where it stands.
fn findings(report: &Value) -> BTreeSet<[String; 4]> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of = |f: &Value| {
        [text(&f["rule"]), text(&f["verdict"]), text(&f["fingerprint"]), text(&f["subject"]["name"])]
    };
    list(report, "findings").iter().map(of).collect()
}
/// The rules of which something could not be decided.
fn undecided(report: &Value) -> BTreeSet<&str> {
    list(report, "rules")
        .iter()
        .filter(|rule| rule["unknown"] != 0)
        .filter_map(|rule| rule["id"].as_str())
        .collect()
}

#[test]
fn the_verdicts_of_the_sample_tenant_are_locked() {
    let output = dictum(&["check", "--exit-zero", "--all"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(ROOT).join("snapshots/contoso"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("verdicts", String::from_utf8_lossy(&output.stdout)));
}

#[test]
fn nothing_in_the_sample_tenant_is_undecided() {
    let report = report(&[]);
    assert_eq!(undecided(&report), BTreeSet::new());
    assert!(list(&report, "coverage").iter().all(|collection| collection["extent"] == "complete"));
}

#[test]
fn what_the_script_captures_of_it_gives_the_same_verdicts() {
    let tenant = sample_tenant();
    let azure = FakeAzure::new("verdicts", &tenant, &[]).expect("a folder");
    assert_eq!(azure.run(&["out"]).status.code(), Some(0));
    let folder = azure.folder.join("out").to_string_lossy().into_owned();
    let captured = report(&["-i", &folder, "--as-of", "2026-11-20T06:00:00Z"]);
    assert_eq!(undecided(&captured), BTreeSet::new());
    assert!(list(&captured, "coverage").iter().all(|collection| collection["extent"] == "complete"));
    assert_eq!(findings(&captured), findings(&report(&[])));
}

#[test]
fn what_was_refused_leaves_the_rules_that_rest_on_it_undecided() {
    let azure = FakeAzure::new(
        "verdicts-refused",
        &sample_tenant(),
        &[("refuse", "https://graph.microsoft.com/beta/groups/")],
    )
    .expect("a folder");
    assert_eq!(azure.run(&["out"]).status.code(), Some(3));
    let folder = azure.folder.join("out").to_string_lossy().into_owned();
    let captured = report(&["-i", &folder, "--as-of", "2026-11-20T06:00:00Z"]);
    let undecided = undecided(&captured);
    for rule in ["contributor-at-subscription", "grant-through-a-group", "code-execution-by-operators-only"] {
        assert!(
            undecided.contains(format!("managed-identity/{rule}").as_str()),
            "{rule} is decided without the members of groups"
        );
    }
    for rule in ["unused-identity", "regulated-resource-with-own-identity", "many-identities-on-one-resource"]
    {
        assert!(
            !undecided.contains(format!("managed-identity/{rule}").as_str()),
            "{rule} needs no members of groups"
        );
    }
    let through_a_group =
        list(&captured, "rules").iter().find(|rule| rule["id"] == "managed-identity/grant-through-a-group");
    assert_eq!(through_a_group.map(|rule| &rule["status"]), Some(&Value::from("unknown")));
}

#[test]
fn the_readme_shows_a_real_run() {
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.md")).expect("README.md");
    let output = dictum(&["check", "--exit-zero"]);
    let output = String::from_utf8_lossy(&output.stdout);
    let shown = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a run");
    // In the order of the run; `…` stands for lines left out.
    let mut lines = output.lines();
    for line in shown.lines().filter(|line| *line != "…") {
        assert!(lines.any(|real| real == line), "the run does not say, or not there: {line}");
    }
}

#[test]
fn the_readme_shows_a_real_path() {
    let path = Path::new(ROOT).join("README.md");
    let readme = std::fs::read_to_string(&path).expect("README.md").replace("\r\n", "\n");
    let paths = |format: &str| {
        let output = dictum(&["paths", "--from", "alice", "--quiet", "--format", format]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let (text, svg) = (paths("text"), paths("svg"));
    let (before, rest) = readme.split_once("paths --from alice --quiet\n\n```text\n").expect("a run");
    let (shown, after) = rest.split_once("```").expect("a run");
    let picture = Path::new(ROOT).join("docs/alice.svg");
    let drawn = std::fs::read_to_string(&picture).unwrap_or_default().replace("\r\n", "\n");
    if std::env::var_os("UPDATE").is_some() && (shown != text || drawn != svg) {
        let readme = format!("{before}paths --from alice --quiet\n\n```text\n{text}```{after}");
        std::fs::write(path, readme).expect("the README can be written");
        std::fs::write(picture, svg).expect("the picture can be written");
        return;
    }
    assert_eq!(shown, text, "UPDATE=1 cargo test the_readme_shows_a_real_path");
    assert_eq!(drawn, svg, "UPDATE=1 cargo test the_readme_shows_a_real_path");
}
