//! Reports and pictures of paths, reach, rights and cuts, as pure functions of what they are of.

use super::{finding, plain, rule, verdicts};
use dictum::report::cut::{Cut, Cuts};
use dictum::report::paths::Paths;
use dictum::report::reach::{Everybody, Reach};
use dictum::report::who_can::{Asked, WhoCan};
use dictum::report::{cut, dot, mermaid, paths, reach, svg, text, who_can};
use dictum::verdict::{
    CutFact, Evidence, HoldFact, MissingData, PathEnd, PathFact, PlaceFact, ReachCounts, ReachFact,
    ReachLine, RemovalFact, Status, StepFact, Subject, Verdict, WhoFact,
};
use insta::assert_snapshot;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/report/paths.svg");

fn subject(kind: &str, name: &str) -> Subject {
    let id = match kind {
        "resource" => {
            format!("/subscriptions/1/resourceGroups/rg-app/providers/Microsoft.Logic/workflows/{name}")
        }
        "subscription" => format!("/subscriptions/{name}"),
        _ => format!("id-of-{name}"),
    };
    Subject { kind: kind.to_owned(), id, name: name.to_owned() }
}

fn evidence(line: u64) -> Vec<Evidence> {
    vec![Evidence { file: "capture/roles.json".to_owned(), pointer: format!("/value/{line}"), line }]
}

fn step(kind: &str, from: Subject, to: Subject, sentence: &str) -> StepFact {
    StepFact {
        kind: kind.to_owned(),
        from,
        to,
        resource: None,
        given_at: None,
        potential: false,
        sentence: sentence.to_owned(),
        notes: vec![],
        evidence: evidence(12),
    }
}

fn runs_code(on: &str, becomes: &str) -> StepFact {
    let sentence = format!(
        "user \"alice\" is Logic App Contributor at resource \"{on}\": Microsoft.Logic/workflows/write on it runs what one \
         likes, and user_assigned \"{becomes}\" is its identity"
    );
    let step = step("code_execution", subject("user", "alice"), subject("user_assigned", becomes), &sentence);
    StepFact { resource: Some(subject("resource", on)), ..step }
}

fn path(target: PathEnd, steps: Vec<StepFact>) -> PathFact {
    PathFact {
        source: subject("user", "alice"),
        target,
        length: steps.len() as u64,
        potential: steps.iter().any(|step| step.potential),
        steps,
        hold: None,
    }
}

fn role(role: &str, scope: &str, at: &str) -> PathEnd {
    PathEnd::Grant {
        role: role.to_owned(),
        role_id: "ba92f5b4-2d11-453d-a403-e96b0029c9fe".to_owned(),
        scope: scope.to_owned(),
        at: at.to_owned(),
    }
}

/// To an identity, to what it holds, through something given, and one that is eligible.
fn some_paths() -> Vec<PathFact> {
    let identity = subject("user_assigned", "mi-app");
    let hold = HoldFact {
        holder: identity.clone(),
        sentence: "user_assigned \"mi-app\" is Storage Blob Data Contributor at resource \"data\"".to_owned(),
        evidence: evidence(40),
    };
    let holds = PathFact {
        hold: Some(hold),
        ..path(
            role("Storage Blob Data Contributor", "/data", "resource \"data\" in resource_group \"rg-data\""),
            vec![runs_code("workflow", "mi-app")],
        )
    };
    let prod = subject("subscription", "prod");
    let mut gives = step(
        "role_grant",
        subject("user", "alice"),
        prod.clone(),
        "user \"alice\" is eligible for Owner at subscription \"prod\", and may give any role there",
    );
    gives.potential = true;
    let mut federates = step(
        "federation",
        subject("user", "alice"),
        subject("user_assigned", "mi-\"quoted\" & <tagged>"),
        "user \"alice\" is given any role at subscription \"prod\", and may add a federated credential to it",
    );
    federates.given_at = Some(prod);
    federates.notes = vec!["the machine must be reachable over the network, too".to_owned()];
    vec![
        path(PathEnd::Principal(identity), vec![runs_code("workflow", "mi-app")]),
        holds,
        path(PathEnd::Principal(federates.to.clone()), vec![gives.clone(), federates]),
        path(role("Owner", "/subscriptions/prod", "subscription \"prod\""), vec![gives]),
    ]
}

fn missing() -> MissingData {
    MissingData {
        collection: "groupMemberships".to_owned(),
        what: "members of groups: not captured".to_owned(),
        command: "az rest ... > groupMembers/ID.json".to_owned(),
    }
}

fn answer<'a>(paths: &'a [PathFact], undecided: &'a [dictum::verdict::Finding]) -> Paths<'a> {
    Paths {
        schema: paths::SCHEMA,
        from: "user \"alice\"",
        to: "",
        as_of: "2026-11-20T06:00:00Z",
        count: paths.len() as u64,
        paths,
        undecided,
        further_undecided: 0,
        incomplete: &[],
        assumptions: &[],
    }
}

#[test]
fn paths_are_a_table_and_then_steps() {
    let mut open = finding("", Verdict::Unknown, "group \"sg\": its members were not captured", 7);
    open.missing = vec![missing()];
    let undecided = [open];
    assert_snapshot!(plain(&answer(&some_paths(), &undecided).text(false)), @r#"
    4 paths from user "alice"  as of 2026-11-20T06:00:00Z

      becomes                                           steps             via
      user_assigned mi-app                              1                 workflow
      user_assigned mi-"quoted" & <tagged>              2 once activated  a role at prod

      comes to hold                                     steps             via
      Storage Blob Data Contributor at data in rg-data  1                 workflow, mi-app
      Owner at subscription prod                        1 once activated  role grant

    user alice -> user_assigned mi-app
      1. user "alice" is Logic App Contributor at resource "workflow": Microsoft.Logic/workflows/write on
         it runs what one likes, and user_assigned "mi-app" is its identity
         capture/roles.json:12
      2. user_assigned "mi-app" is Storage Blob Data Contributor at resource "data"
         capture/roles.json:40

    user alice -> user_assigned mi-"quoted" & <tagged>
      1. user "alice" is eligible for Owner at subscription "prod", and may give any role there (once
         activated)
         capture/roles.json:12
      2. user "alice" is given any role at subscription "prod", and may add a federated credential to it
         note: the machine must be reachable over the network, too
         capture/roles.json:12

    user alice -> Owner at subscription prod
      1. user "alice" is eligible for Owner at subscription "prod", and may give any role there (once
         activated)
         capture/roles.json:12

    undecided
      ? group "sg": its members were not captured
          members of groups: not captured
          az rest ... > groupMembers/ID.json
    "#);
}

#[test]
fn no_path_is_one_line() {
    assert_snapshot!(plain(&answer(&[], &[]).text(false)), @r#"no path from user "alice"  as of 2026-11-20T06:00:00Z"#);
}

#[test]
fn long_lists_of_paths_end_in_how_many_more_there_are() {
    let many: Vec<PathFact> = (0..40)
        .map(|n| {
            let name = format!("mi-{n:02}");
            path(
                PathEnd::Principal(subject("user_assigned", &name)),
                vec![runs_code(&format!("app-{n:02}"), &name)],
            )
        })
        .collect();
    let short = plain(&answer(&many, &[]).text(false));
    let more: Vec<&str> = short.lines().filter(|line| line.contains("more (--all)")).collect();
    assert_eq!(more, ["  ... and 16 more (--all)", "... and 32 more (--all)"]);
    assert!(!plain(&answer(&many, &[]).text(true)).contains("more (--all)"));
    // Of those that were only counted, it is not known which are explained already.
    let open = [finding("", Verdict::Unknown, "an undecided path", 0)];
    let counted = Paths { count: 1_040, further_undecided: 7, ..answer(&many, &open) };
    let counted = plain(&counted.text(false));
    let more: Vec<&str> = counted.lines().filter(|line| line.contains("more (--all)")).collect();
    assert_eq!(more, ["  ... and 1016 more (--all)", "... and more (--all)", "  ... and 7 more (--all)"]);
    assert!(counted.starts_with("1040 paths from user"));
    // A picture holds forty boxes: the source, and two for each path.
    assert!(svg::write(&many, "many").contains("21 more paths not shown"));
}

#[test]
fn the_steps_of_a_path_stand_under_its_finding() {
    let mut found =
        finding("base/paths", Verdict::Deny, "user \"alice\" to Storage Blob Data Contributor (1 step)", 12);
    found.path = Some(some_paths().remove(1));
    let mut verdicts = verdicts();
    verdicts.rules = vec![rule("base/paths", "deny", "high", Status::Fail, [3, 1, 0])];
    verdicts.findings = vec![found];
    verdicts.waivers.clear();
    let report = plain(&text::write(&verdicts, &super::GATE, text::TextOptions::default()));
    assert_snapshot!(report.lines().skip(4).collect::<Vec<_>>().join("\n"), @r#"
    high
      deny     base/paths  1 found, of 3 examined
          user "alice" to Storage Blob Data Contributor (1 step)  capture/roles.json:12
            1. user "alice" is Logic App Contributor at resource "workflow":
               Microsoft.Logic/workflows/write on it runs what one likes, and user_assigned "mi-app" is
               its identity
            2. user_assigned "mi-app" is Storage Blob Data Contributor at resource "data"
            what closes it: dictum cut 0000000000000000000000000000000c
    "#);
}

fn reach_of_alice() -> ReachFact {
    let place = |scope: Subject, access: &[&str], role: &str, through: Subject, length: u64| PlaceFact {
        scope_id: scope.id.clone(),
        scope,
        access: access.iter().map(ToString::to_string).collect(),
        role: role.to_owned(),
        through,
        length,
        potential: role == "Owner",
        evidence: evidence(20 + length),
    };
    let alice = || subject("user", "alice");
    ReachFact {
        of: alice(),
        counts: ReachCounts {
            identities: 2,
            scopes: 3,
            resources: 14,
            writable_resources: 1,
            subscriptions: 1,
            complete: false,
        },
        becomes: some_paths().into_iter().filter(|p| matches!(p.target, PathEnd::Principal(_))).collect(),
        places: vec![
            place(subject("subscription", "prod"), &["read", "write", "grant"], "Owner", alice(), 0),
            place(subject("resource", "workflow"), &["read", "write"], "Logic App Contributor", alice(), 0),
            place(
                subject("resource", "data"),
                &["read", "data"],
                "Storage Blob Data Contributor",
                subject("user_assigned", "mi-app"),
                1,
            ),
        ],
        notes: vec!["a Global Administrator can take access to the whole tenant".to_owned()],
        missing: vec![missing()],
    }
}

#[test]
fn reach_begins_with_how_far() {
    let fact = reach_of_alice();
    let reach =
        Reach { schema: reach::SCHEMA, as_of: "2026-11-20T06:00:00Z", assumptions: &[], reach: &fact };
    assert_snapshot!(plain(&reach.text(false)), @r#"
    user alice  as of 2026-11-20T06:00:00Z
       2 or more  identities that it can become
       1 or more  subscriptions in or above which it holds something
       3 or more  scopes at which it holds, or can be given, something
      14 or more  resources that it reads, writes or uses the data of
       1 or more  resources that it can write

    can become
      user_assigned mi-app                  code execution                         workflow
      user_assigned mi-"quoted" & <tagged>  role grant, federation once activated  a role at prod

    places
      where              may                 by role                        through
      subscription prod  read, write, grant  Owner once activated           alice            capture/roles.json:20
      resource workflow  read, write         Logic App Contributor          alice            capture/roles.json:20
      resource data      read, data          Storage Blob Data Contributor  mi-app (1 step)  capture/roles.json:21

    notes
      a Global Administrator can take access to the whole tenant

    not known: there may be more
      members of groups: not captured  az rest ... > groupMembers/ID.json
    "#);
}

#[test]
fn the_reach_of_everybody_is_a_table() {
    let line = |name: &str, identities, writable_resources, complete| ReachLine {
        of: subject("user", name),
        counts: ReachCounts {
            identities,
            scopes: identities,
            resources: 10 * identities,
            writable_resources,
            subscriptions: 0,
            complete,
        },
    };
    let lines = vec![line("carol", 0, 0, true), line("bob", 1, 3, true), line("alice", 12, 204, false)];
    let lines = reach::sorted(&lines);
    let all = Everybody { schema: reach::SCHEMA, as_of: "", assumptions: &[], everybody: &lines };
    assert_snapshot!(plain(&all.text()), @r"
    who         identities  writes  resources  scopes  subscriptions
    user alice         12+    204+       120+     12+             0+
    user bob             1       3         10       1              0
    1 reaches nothing
    +: or more, as something is not known
    ");
}

#[test]
fn who_can_says_how_surely() {
    let fact = |name: &str, certainty: &str, action: &str, via: Vec<Subject>| WhoFact {
        subject: subject("user", name),
        action: action.to_owned(),
        certainty: certainty.to_owned(),
        role: "Key Vault Secrets User".to_owned(),
        scope: "/subscriptions/1/resourceGroups/rg-app".to_owned(),
        via,
        sentence: format!(
            "user \"{name}\" is Key Vault Secrets User at resource_group \"rg-app\": \"{action}\", and whether that allows \
             it is not known"
        ),
        evidence: evidence(8),
        missing: if certainty == "unknown" { vec![missing()] } else { vec![] },
    };
    let read = "Microsoft.KeyVault/vaults/secrets/getSecret/action";
    let list = "Microsoft.Web/sites/config/list/action";
    let who = [
        fact("alice", "held", read, vec![subject("group", "outer"), subject("group", "inner")]),
        fact("alice", "held", list, vec![subject("group", "outer"), subject("group", "inner")]),
        fact("bob", "potential", read, vec![]),
        fact("carol", "unknown", read, vec![]),
    ];
    let actions = [
        Asked { action: read.to_owned(), plane: "data" },
        Asked { action: list.to_owned(), plane: "control" },
    ];
    let on = subject("resource", "vault");
    let words = [
        (on.id.clone(), "resource \"vault\" in resource_group \"rg-app\"".to_owned()),
        (who[0].scope.clone(), "resource_group \"rg-app\" in subscription \"prod\"".to_owned()),
    ];
    let words = words.into_iter().collect();
    let answer = WhoCan {
        schema: who_can::SCHEMA,
        what: "secret-read",
        actions: &actions,
        on: &on,
        words: &words,
        as_of: "2026-11-20T06:00:00Z",
        count: 3,
        who: &who,
        incomplete: &[missing()],
        assumptions: &[],
    };
    assert_snapshot!(plain(&answer.text()), @r#"
    3 principals  secret-read on vault in rg-app  as of 2026-11-20T06:00:00Z

      who         how surely      role                    assigned at                                 through       action
      user alice  held            Key Vault Secrets User  resource_group rg-app in subscription prod  inner, outer  Microsoft.KeyVault/vaults/secrets/getSecret/action and 1 more  capture/roles.json:8
      user bob    once activated  Key Vault Secrets User  resource_group rg-app in subscription prod                Microsoft.KeyVault/vaults/secrets/getSecret/action             capture/roles.json:8
      user carol  unknown         Key Vault Secrets User  resource_group rg-app in subscription prod                Microsoft.KeyVault/vaults/secrets/getSecret/action             capture/roles.json:8

    not known
      ? user "carol" is Key Vault Secrets User at resource_group "rg-app":
        "Microsoft.KeyVault/vaults/secrets/getSecret/action", and whether that allows it is not
        known
        members of groups: not captured
          az rest ... > groupMembers/ID.json

    not known: there may be more
      members of groups: not captured  az rest ... > groupMembers/ID.json
    "#);
}

#[test]
fn cuts_say_what_else_they_take_away() {
    let removal = |sentence: &str, command: &str, takes_away: &[&str]| RemovalFact {
        kind: "role_assignment".to_owned(),
        id: "/a".to_owned(),
        sentence: sentence.to_owned(),
        command: command.to_owned(),
        takes_away: takes_away.iter().map(ToString::to_string).collect(),
        evidence: evidence(30),
    };
    let one = removal(
        "take Logic App Contributor at resource \"workflow\" from user \"alice\"",
        "az role assignment delete --ids /a",
        &["user \"alice\" may no longer start the workflow"],
    );
    let two = removal(
        "take user_assigned \"mi-app\" from resource \"workflow\"",
        "az resource update --ids /workflow --remove identity",
        &[],
    );
    let fact = |sets: Vec<Vec<RemovalFact>>, note: &str| CutFact {
        path: some_paths().remove(1),
        sets,
        note: note.to_owned(),
    };
    let either = fact(vec![vec![one.clone()], vec![two.clone()]], "");
    let both = fact(vec![vec![one, two]], "");
    let none = fact(
        vec![],
        "everybody who is looked at holds it themselves: nothing that can be taken away closes it",
    );
    let cuts = [
        Cut { rule: "base/paths", cut: &either },
        Cut { rule: "", cut: &both },
        Cut { rule: "", cut: &none },
    ];
    let answer = Cuts { schema: cut::SCHEMA, as_of: "", assumptions: &[], cuts: &cuts };
    assert_snapshot!(plain(&answer.text(false)), @r#"
    user alice -> Storage Blob Data Contributor at data in rg-data  base/paths
      1. user "alice" is Logic App Contributor at resource "workflow":
         Microsoft.Logic/workflows/write on it runs what one likes, and user_assigned "mi-app" is its
         identity
      2. user_assigned "mi-app" is Storage Blob Data Contributor at resource "data"

      Any one of these closes it:
        a  take Logic App Contributor at resource "workflow" from user "alice"
           capture/roles.json:30
           az role assignment delete --ids /a
           also takes away
             user "alice" may no longer start the workflow
        b  take user_assigned "mi-app" from resource "workflow"
           capture/roles.json:30
           az resource update --ids /workflow --remove identity
           takes nothing else away

    user alice -> Storage Blob Data Contributor at data in rg-data
      1. user "alice" is Logic App Contributor at resource "workflow":
         Microsoft.Logic/workflows/write on it runs what one likes, and user_assigned "mi-app" is its
         identity
      2. user_assigned "mi-app" is Storage Blob Data Contributor at resource "data"

      These 2 together close it:
        -  take Logic App Contributor at resource "workflow" from user "alice"
           capture/roles.json:30
           az role assignment delete --ids /a
           also takes away
             user "alice" may no longer start the workflow
        +  take user_assigned "mi-app" from resource "workflow"
           capture/roles.json:30
           az resource update --ids /workflow --remove identity
           takes nothing else away

    user alice -> Storage Blob Data Contributor at data in rg-data
      1. user "alice" is Logic App Contributor at resource "workflow":
         Microsoft.Logic/workflows/write on it runs what one likes, and user_assigned "mi-app" is its
         identity
      2. user_assigned "mi-app" is Storage Blob Data Contributor at resource "data"
      everybody who is looked at holds it themselves: nothing that can be taken away closes it
    "#);
}

#[test]
fn as_a_flowchart() {
    assert_snapshot!(mermaid::write(&some_paths(), "paths from alice"), @r#"
    %% paths from alice
    flowchart LR
      n0("<small>user</small><br/>alice"):::source
      n1("<small>user assigned</small><br/>mi-app"):::identity
      n2("<small>resource</small><br/>workflow<br/><small>in rg-app</small>"):::thing
      n3("<small>role</small><br/>Storage Blob Data Contributor<br/><small>at data in rg-data</small>"):::role
      n4("<small>role</small><br/>what can be given<br/><small>at subscription prod</small>"):::role
      n5("<small>user assigned</small><br/>mi-&quot;quoted&quot; &amp; &lt;tagged&gt;"):::identity
      n6("<small>role</small><br/>Owner<br/><small>at subscription prod</small>"):::role
      n0 -->|"code execution"| n2
      n2 -->|"carries"| n1
      n1 -->|"holds"| n3
      n0 -.->|"role grant"| n4
      n4 -->|"federation"| n5
      n0 -.->|"role grant"| n6
      classDef source fill:#dbeafe,stroke:#2563eb,color:#1f2328
      classDef identity fill:#dcfce7,stroke:#4a9d68,color:#1f2328
      classDef thing fill:#f3f4f6,stroke:#9ca3af,color:#1f2328
      classDef role fill:#fef3c7,stroke:#d08a1d,color:#1f2328
    "#);
}

#[test]
fn as_a_graph() {
    let graph = dot::write(&some_paths(), "paths from \"alice\"");
    assert_snapshot!(graph, @r##"
    digraph dictum {
      graph [rankdir=LR, label="paths from \"alice\"", labelloc=t, fontname="Helvetica", bgcolor=white, nodesep=0.25, ranksep=0.7];
      node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11, margin="0.15,0.08"];
      edge [fontname="Helvetica", fontsize=9, color="#57606a", fontcolor="#57606a"];
      n0 [label="user\nalice", tooltip="id-of-alice", fillcolor="#dbeafe", color="#2563eb"];
      n1 [label="user assigned\nmi-app", tooltip="id-of-mi-app", fillcolor="#dcfce7", color="#4a9d68"];
      n2 [label="resource\nworkflow\nin rg-app", tooltip="/subscriptions/1/resourceGroups/rg-app/providers/Microsoft.Logic/workflows/workflow", fillcolor="#f3f4f6", color="#9ca3af"];
      n3 [label="role\nStorage Blob Data Contributor\nat data in rg-data", tooltip="/data", fillcolor="#fef3c7", color="#d08a1d"];
      n4 [label="role\nwhat can be given\nat subscription prod", tooltip="/subscriptions/prod", fillcolor="#fef3c7", color="#d08a1d"];
      n5 [label="user assigned\nmi-\"quoted\" & <tagged>", tooltip="id-of-mi-\"quoted\" & <tagged>", fillcolor="#dcfce7", color="#4a9d68"];
      n6 [label="role\nOwner\nat subscription prod", tooltip="/subscriptions/prod", fillcolor="#fef3c7", color="#d08a1d"];
      n0 -> n2 [label="code execution", tooltip="user \"alice\" is Logic App Contributor at resource \"workflow\": Microsoft.Logic/workflows/write on it runs what one likes, and user_assigned \"mi-app\" is its identity"];
      n2 -> n1 [label="carries", tooltip="user \"alice\" is Logic App Contributor at resource \"workflow\": Microsoft.Logic/workflows/write on it runs what one likes, and user_assigned \"mi-app\" is its identity"];
      n1 -> n3 [label="holds", tooltip="user_assigned \"mi-app\" is Storage Blob Data Contributor at resource \"data\""];
      n0 -> n4 [label="role grant", tooltip="user \"alice\" is eligible for Owner at subscription \"prod\", and may give any role there", style=dashed];
      n4 -> n5 [label="federation", tooltip="user \"alice\" is given any role at subscription \"prod\", and may add a federated credential to it"];
      n0 -> n6 [label="role grant", tooltip="user \"alice\" is eligible for Owner at subscription \"prod\", and may give any role there", style=dashed];
    }
    "##);
    // Graphviz reads it, where it is there.
    let child = Command::new("dot")
        .arg("-Tsvg")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("Graphviz is not installed: what it says of the graph is not tested");
        return;
    };
    child.stdin.take().unwrap().write_all(graph.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let drawn = String::from_utf8_lossy(&output.stdout);
    assert_eq!(
        drawn.matches("class=\"node\"").count(),
        graph.matches("tooltip=").count() - graph.matches(" -> ").count()
    );
}

#[test]
fn as_a_picture() {
    let picture = svg::write(&some_paths(), "paths from \"alice\" & <others>");
    assert!(Path::new(PICTURE).exists() || std::env::var_os("UPDATE").is_some());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(PICTURE, &picture).unwrap();
    }
    // To be looked at in a browser; `UPDATE=1 cargo test as_a_picture` writes it anew.
    assert_eq!(picture, std::fs::read_to_string(PICTURE).unwrap().replace("\r\n", "\n"));
}

/// Where boxes stand: `x y width height`.
fn boxes(svg: &str) -> Vec<[f64; 4]> {
    let attribute = |tag: &str, name: &str| -> f64 {
        let from = tag.split(&format!(" {name}=\"")).nth(1).unwrap();
        from.split('"').next().unwrap().parse().unwrap()
    };
    svg.lines()
        .filter(|line| line.starts_with("<g><title>") || line.contains("</title><rect "))
        .filter_map(|line| line.split_once("<rect").map(|(_, rest)| rest.split("/>").next().unwrap()))
        .map(|tag| ["x", "y", "width", "height"].map(|name| attribute(tag, name)))
        .collect()
}

#[test]
fn no_box_of_a_picture_lies_over_another_or_outside() {
    let mut many = some_paths();
    for n in 0..12 {
        let to = subject("user_assigned", &format!("mi-{}", "long-name-".repeat(n)));
        let on = format!("workflow-{}", n / 3);
        let first = runs_code(&on, &to.name);
        let then = step("membership", to.clone(), subject("group", &format!("group-{}", n % 4)), "in it");
        many.push(path(PathEnd::Principal(then.to.clone()), vec![first, then]));
    }
    let svg = svg::write(&many, "many");
    let size = |name: &str| -> f64 {
        svg.split(&format!(" {name}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    let boxes = boxes(&svg);
    assert!(boxes.len() > 20, "{}", boxes.len());
    for (i, [x, y, width, height]) in boxes.iter().enumerate() {
        assert!(*x >= 0.0 && *y >= 0.0 && x + width <= size("width") && y + height <= size("height"));
        for [x2, y2, width2, height2] in &boxes[..i] {
            let apart = x + width <= *x2 || x2 + width2 <= *x || y + height <= *y2 || y2 + height2 <= *y;
            assert!(apart, "{:?} and {:?}", boxes[i], [x2, y2, width2, height2]);
        }
    }
}

#[test]
fn a_circle_is_drawn_as_well() {
    let back = |from: &str, to: &str| {
        let mut path = path(
            PathEnd::Principal(subject("group", to)),
            vec![step("ownership", subject("group", from), subject("group", to), "owns it")],
        );
        path.source = subject("group", from);
        path
    };
    let circle = [back("a", "b"), back("b", "a")];
    assert_eq!(svg::write(&circle, "circle").matches("marker-end").count(), 2);
    assert!(dot::write(&circle, "circle").contains("constraint=false"));
}

#[test]
fn pictures_of_nothing() {
    assert!(svg::write(&[], "nothing").contains(">no path<"));
    assert!(dot::write(&[], "nothing").ends_with("}\n"));
    assert!(mermaid::write(&[], "nothing").contains("flowchart LR"));
}
