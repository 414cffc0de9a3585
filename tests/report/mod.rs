//! Reports as pure functions of verdicts: one run in which everything happens that a report has to show.

mod explore;

use dictum::report::{clean, diff, json, jsonl, lock, style, text};
use dictum::verdict::{
    AssignmentFact, CoverageFact, Evidence, Finding, Gate, GateOptions, MissingData, Outcome, RuleVerdict,
    Status, Subject, Verdict, Verdicts, WaiverFact, WaiverNotice,
};
use insta::assert_snapshot;

fn rule(id: &str, effect: &str, severity: &str, status: Status, counts: [u64; 3]) -> RuleVerdict {
    RuleVerdict {
        id: id.to_owned(),
        effect: effect.to_owned(),
        severity: severity.to_owned(),
        status,
        examined: counts[0],
        selected: counts[1],
        unknown: counts[2],
        notes: vec![],
        because: String::new(),
        fix: String::new(),
        controls: vec![],
        sentence: format!("{effect} ..."),
    }
}

fn finding(rule: &str, verdict: Verdict, sentence: &str, line: u64) -> Finding {
    Finding {
        rule: rule.to_owned(),
        verdict,
        fingerprint: format!("{line:032x}"),
        subject: Subject { kind: "user".to_owned(), id: format!("id-{line}"), name: format!("user-{line}") },
        assignment: None,
        duplicates: vec![],
        members: vec![],
        path: None,
        via: vec![],
        evidence: vec![Evidence {
            file: "capture/roles.json".to_owned(),
            pointer: format!("/value/{line}"),
            line,
        }],
        missing: vec![],
        sentence: sentence.to_owned(),
        folded: 0,
        waiver: None,
    }
}

fn missing(collection: &str, what: &str, command: &str) -> MissingData {
    MissingData { collection: collection.to_owned(), what: what.to_owned(), command: command.to_owned() }
}

/// Everything that can happen, in one run.
fn verdicts() -> Verdicts {
    let owner = rule("base/no-owner", "deny", "critical", Status::Fail, [61, 3, 2]);
    let owner = RuleVerdict {
        because: "An owner can do everything, also give everything away.".to_owned(),
        fix: "az role assignment delete --ids ASSIGNMENT_ID".to_owned(),
        ..owner
    };
    let mut waived =
        finding("base/no-owner", Verdict::Waived, "Owner at subscription \"dev\" for user \"carol\"", 30);
    waived.waiver = Some(WaiverFact {
        until: "2027-03-31".to_owned(),
        because: "Until the platform team takes over.".to_owned(),
        approved_by: "security@example.com".to_owned(),
        requested_by: None,
        ticket: Some("SEC-7".to_owned()),
    });
    let mut twice =
        finding("base/no-owner", Verdict::Deny, "Owner at subscription \"prod\" for user \"alice\"", 14);
    let assignment = |id: &str| AssignmentFact {
        id: id.to_owned(),
        name: id.to_owned(),
        role: "Owner".to_owned(),
        role_id: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635".to_owned(),
        scope: "/subscriptions/1".to_owned(),
        principal_id: "id-14".to_owned(),
    };
    twice.assignment = Some(assignment("a"));
    twice.duplicates = vec![assignment("b")];
    let mut folded =
        finding("base/no-owner", Verdict::Deny, "Owner at subscription \"prod\" for group \"sg\"", 22);
    folded.folded = 180;
    let mut open = finding(
        "base/no-owner",
        Verdict::Unknown,
        "Owner at subscription \"prod\" for group \"sg-app\": its members were not captured",
        41,
    );
    open.missing = vec![missing(
        "groupMemberships",
        "members of groups: partial",
        "az rest ... > groupMembers/sg-app.json",
    )];
    let mut collection = finding(
        "base/eligible",
        Verdict::Unknown,
        "eligible assignments (PIM): not captured; 14 facts are undecided without it",
        0,
    );
    collection.subject.kind = "collection".to_owned();
    collection.evidence = vec![];
    collection.missing = vec![missing(
        "roleEligibilityScheduleInstances",
        "eligible assignments (PIM): not captured",
        "az rest ... > eligible.json",
    )];
    let mut counted = finding("base/equal-grants", Verdict::Advise, "2 grants in common: 12 facts", 60);
    counted.subject.kind = "group of a count".to_owned();
    counted.members = (1..=12)
        .map(|n| Subject { kind: "system_assigned".to_owned(), id: n.to_string(), name: format!("vm-{n}") })
        .collect();
    let idle = RuleVerdict {
        notes: vec!["`Ownr` names no role, built in or captured, of this inventory".to_owned()],
        ..rule("base/vain", "deny", "high", Status::NotApplicable, [0, 0, 0])
    };
    Verdicts {
        as_of: "2026-11-20T06:00:00Z".to_owned(),
        coverage: [
            ("roleAssignments", "complete"),
            ("groupMemberships", "partial"),
            ("users", "not captured"),
        ]
        .map(|(collection, extent)| CoverageFact {
            collection: collection.to_owned(),
            extent: extent.to_owned(),
            reason: String::new(),
        })
        .to_vec(),
        assumptions: vec!["roleAssignments is complete (--complete)".to_owned()],
        rules: vec![
            rule("base/eligible", "deny", "critical", Status::Unknown, [14, 0, 14]),
            rule("base/equal-grants", "advise", "low", Status::Advise, [3, 1, 0]),
            rule("base/guests", "warn", "medium", Status::Pass, [9, 0, 0]),
            owner,
            idle,
        ],
        findings: vec![collection, counted, folded, open, twice, waived],
        further: vec![],
        waivers: vec![WaiverNotice {
            rule: "base/no-owner".to_owned(),
            state: "expired".to_owned(),
            text: "expired after 2026-01-01: it waives nothing".to_owned(),
        }],
    }
}

const GATE: Gate = Gate {
    outcome: Outcome::Denied,
    exit: 1,
    options: GateOptions { fail_on_warn: false, report_unknown: false, exit_zero: false },
};

fn plain(styled: &str) -> String {
    let text = anstream::adapter::strip_str(styled).to_string();
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[test]
fn everything_that_text_has_to_show() {
    assert_snapshot!(plain(&text::write(&verdicts(), &GATE, text::TextOptions::default())), @r#"
    FAIL  5 rules: 1 denied, 1 undecided, 1 advised, 1 passed, 1 not applicable  as of 2026-11-20T06:00:00Z
      captured  1 of 3 collections complete; partial: groupMemberships; not captured: users
      assumed   roleAssignments is complete (--complete)

    critical
      deny     base/no-owner  3 found, 1 waived, 2 undecided, of 61 examined
          Owner at subscription "prod" for group "sg", and 180 more                       capture/roles.json:22
          Owner at subscription "prod" for user "alice"                                   capture/roles.json:14
            2 assignments of the same role, scope and principal
        ? Owner at subscription "prod" for group "sg-app": its members were not captured  capture/roles.json:41
        ~ Owner at subscription "dev" for user "carol"                                    capture/roles.json:30
            waived until 2027-03-31 by security@example.com: Until the platform team takes over.
            (SEC-7)
          because  An owner can do everything, also give everything away.
          fix      az role assignment delete --ids ASSIGNMENT_ID

      unknown  base/eligible  14 undecided, of 14 examined
        ? eligible assignments (PIM): not captured; 14 facts are undecided without it

    low
      advise   base/equal-grants  1 found, of 3 examined
          2 grants in common: 12 facts  capture/roles.json:60
            vm-1, vm-2, vm-3, vm-4, vm-5, vm-6, vm-7, vm-8, vm-9, vm-10 and 2 more

    not applicable
      base/vain  `Ownr` names no role, built in or captured, of this inventory

    passed
      base/guests  9 examined

    waivers that do not waive
      expired   base/no-owner: expired after 2026-01-01: it waives nothing

    what would decide the rest
      roleEligibilityScheduleInstances  1 rule  az rest ... > eligible.json
      groupMemberships                  1 rule  az rest ... > groupMembers/sg-app.json
      or, where you know that what was captured is all: --complete groupMemberships
    "#);
}

#[test]
fn what_relaxes_the_gate_is_in_the_report() {
    let options = GateOptions { fail_on_warn: true, report_unknown: true, exit_zero: true };
    let gate = Gate { exit: 0, options, ..GATE };
    let report = plain(&text::write(&verdicts(), &gate, text::TextOptions::default()));
    assert_snapshot!(report.lines().take(4).collect::<Vec<_>>().join("\n"), @r#"
    FAIL  5 rules: 1 denied, 1 undecided, 1 advised, 1 passed, 1 not applicable  as of 2026-11-20T06:00:00Z
      warnings block (fail-on = "warn")
      undecided rules are reported and do not block (--unknown report)
      reported without gating (--exit-zero)
    "#);
}

#[test]
fn styles_close_on_their_line() {
    for line in text::write(&verdicts(), &GATE, text::TextOptions { all: true }).lines() {
        let opened = line.matches("\x1b[").count();
        assert!(line.rfind("\x1b[0m").is_none_or(|reset| !line[reset + 4..].contains('\x1b')), "{line:?}");
        assert!(opened == 0 || line.contains("\x1b[0m"), "{line:?}");
    }
}

#[test]
fn lines_of_json_are_the_rules_the_findings_and_a_summary() {
    let lines = jsonl::write(&verdicts(), &GATE);
    let types: Vec<&str> = lines.lines().map(|l| l.split('"').nth(3).unwrap_or_default()).collect();
    assert_eq!(types, [["rule"; 5].as_slice(), ["finding"; 6].as_slice(), &["summary"]].concat());
    let document: serde_json::Value = serde_json::from_str(&json::write(&verdicts(), &GATE)).unwrap();
    assert_eq!(document["findings"].as_array().unwrap().len(), 6);
}

#[test]
fn the_lock_says_nothing_of_places() {
    let first = lock::write(&verdicts());
    let mut moved = verdicts();
    moved.findings.iter_mut().for_each(|f| f.evidence.clear());
    moved.as_of = String::new();
    assert_eq!(first, lock::write(&moved));
    assert_snapshot!(first, @r#"
    # dictum lock 1 - the verdicts of an inventory, as reviewed. Written by `dictum lock`.
    assumed roleAssignments is complete (--complete)

    unknown base/eligible
      unknown 00000000000000000000000000000000  eligible assignments (PIM): not captured; 14 facts are undecided without it

    advise  base/equal-grants
      advise  0000000000000000000000000000003c  2 grants in common: 12 facts

    pass    base/guests

    fail    base/no-owner
      deny    00000000000000000000000000000016  Owner at subscription "prod" for group "sg"
      deny    0000000000000000000000000000000e  Owner at subscription "prod" for user "alice"
      unknown 00000000000000000000000000000029  Owner at subscription "prod" for group "sg-app": its members were not captured
      waived  0000000000000000000000000000001e  Owner at subscription "dev" for user "carol"

    not_applicable base/vain
    "#);
}

#[test]
fn a_difference_shows_the_lines_around_it() {
    let old: String = (1..=9).map(|n| format!("line {n}\n")).collect();
    let new = old.replace("line 5", "line five");
    assert_snapshot!(plain(&diff::write(&old, &new, "before", "after")), @r"
    --- before
    +++ after
    @@ -2,7 +2,7 @@
     line 2
     line 3
     line 4
    -line 5
    +line five
     line 6
     line 7
     line 8
    ");
    assert_eq!(diff::write(&old, &old, "before", "after"), "");
}

#[test]
fn names_can_not_hide_or_paint_anything() {
    assert_eq!(clean("prod\x1b[2J"), "prod\\u{1b}[2J");
    assert_eq!(clean("a\u{202e}b\nc"), "a\\u{202e}b\\u{a}c");
    assert_eq!(clean("Zoë \"数据\""), "Zoë \"数据\"");
}

#[test]
fn columns() {
    let row = |cells: &[&str]| cells.iter().map(ToString::to_string).collect::<Vec<_>>();
    let rows = [
        row(&["a", "first"]),
        row(&["longer", "second"]),
        row(&["a line without more"]),
        row(&["b", "third"]),
    ];
    assert_snapshot!(style::table(&rows, "  ", 20), @r"
    a       first
    longer  second
    a line without more
    b       third
    ");
    assert_snapshot!(style::table(&[row(&["a", "x"]), row(&["far too long for a column", "y"])], "", 20), @r"
    a  x
    far too long for a column  y
    ");
    assert_eq!(style::wrap("one two  three", 7), ["one two", "three"]);
    assert_eq!(style::width(&style::paint(style::DENY, "four")), 4);
}
