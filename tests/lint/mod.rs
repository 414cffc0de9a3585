//! What a policy probably does not mean: each lint where it is due, and where it just is not.

use crate::check::{Run, run};
use dictum::diagnostic::render::render;
use dictum::ingest::{self, Declared, Input};
use dictum::inventory::{Inventory, Wanted};
use dictum::lint::{LINTS, lint};
use insta::assert_snapshot;
use std::fs;

fn warned_of(run: &Run, inventory: Option<&Inventory>, as_of: Option<i64>) -> String {
    assert!(run.diagnostics.iter().all(|d| !d.is_error()), "{}", run.report());
    render(&lint(&run.files, &run.plan, &run.sources, inventory, as_of), &run.sources, false)
}

/// What is said of one policy file.
fn warned(text: &str) -> String {
    warned_of(&run(&[("policy.dictum", text)]), None, None)
}

/// There is nothing to say of that policy file.
fn quiet(text: &str) {
    assert_eq!(warned(text), "", "{text}");
}

/// An inventory document.
fn captured(document: &str) -> Inventory {
    let reader = Box::new(std::io::Cursor::new(document.as_bytes().to_vec()));
    let input = Input { name: "inventory.json".to_owned(), reader };
    match ingest::read(vec![input], Wanted::all(), &Declared::default()) {
        Ok(loaded) => loaded.inventory,
        Err(problems) => panic!("{problems:?}"),
    }
}

const TENANT: &str = r#"{
  "capture": { "complete": ["roleDefinitions", "groups"] },
  "roleDefinitions": [
    { "name": "00000000-0000-0000-0000-000000000001", "type": "Microsoft.Authorization/roleDefinitions", "properties": { "roleName": "0wner", "type": "CustomRole", "assignableScopes": ["/subscriptions/00000000-0000-0000-0000-0000000000aa"], "permissions": [{ "actions": ["*/read"], "notActions": [] }] } },
    { "name": "00000000-0000-0000-0000-000000000002", "type": "Microsoft.Authorization/roleDefinitions", "properties": { "roleName": "Deployer", "type": "CustomRole", "assignableScopes": ["/subscriptions/00000000-0000-0000-0000-0000000000aa"], "permissions": [{ "actions": ["*/read"], "notActions": [] }] } }
  ],
  "roleAssignments": [
    { "id": "/providers/Microsoft.Management/managementGroups/mg/providers/Microsoft.Authorization/roleAssignments/00000000-0000-0000-0000-0000000000b1", "properties": { "roleDefinitionId": "/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c", "principalId": "00000000-0000-0000-0000-0000000000c1", "principalType": "Group", "scope": "/providers/Microsoft.Management/managementGroups/mg" } }
  ],
  "groups": [ { "id": "00000000-0000-0000-0000-0000000000c1", "displayName": "sg-platform" } ]
}"#;

#[test]
fn the_table_is_the_folder() {
    let entries = fs::read_dir("src/lint/rules")
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<String> = entries.filter(|name| name != "mod.rs").collect();
    files.sort();
    let mut table: Vec<String> = LINTS.iter().map(|lint| format!("{}.rs", lint.name)).collect();
    assert!(LINTS.is_sorted_by_key(|lint| lint.code.as_str()));
    table.sort();
    assert_eq!(files, table);
}

#[test]
fn d401_a_set_that_is_not_used() {
    assert_snapshot!(warned("let owners = Owner\nlet readers = Reader\nparam too-many = 3\ndeny role owners for user"), @r#"
        warning[D401]: the set `readers` is not used
         --> policy.dictum:2:5
          |
        2 | let readers = Reader
          |     ^^^^^^^ nothing refers to it
          |
          = help: remove it, or use it

        warning[D401]: the parameter `too-many` is not used
         --> policy.dictum:3:7
          |
        3 | param too-many = 3
          |       ^^^^^^^^ nothing refers to it
          |
          = help: remove it, or use it
        "#);
    quiet(
        "let a = Owner\nlet b = a, Reader\nlet subs = \"x\"\nparam too-many = 3\ndeny role b for user where scope.name matches subs if more than too-many",
    );
    // A file that others use, and a set that another file uses.
    let used = run(&[
        ("a.dictum", "use \"b.dictum\"\ndeny role owners for user"),
        ("b.dictum", "use \"lib/c.dictum\"\nlet owners = Owner\ndeny role Reader for guest"),
        ("lib/c.dictum", "let readers = Reader"),
    ]);
    assert_eq!(warned_of(&used, None, None), "");
}

#[test]
fn d402_a_grant_above_escapes() {
    let text = r#"deny any role within subscription "prod-*" for managed_identity in subscription "dev-*""#;
    assert_snapshot!(warned(text), @r#"
        warning[D402]: an assignment above `subscription "prod-*"` escapes this rule
         --> policy.dictum:1:15
          |
        1 | deny any role within subscription "prod-*" for managed_identity in subscription "dev-*"
          |               ^^^^^^ made there or inside; what is made above is in force there too
          |
          = help: write `on subscription "prod-*"`, which means above, at or inside
        "#);
    assert_snapshot!(warned_of(&run(&[("policy.dictum", text)]), Some(&captured(TENANT)), None), @r#"
        warning[D402]: an assignment above `subscription "prod-*"` escapes this rule
         --> policy.dictum:1:15
          |
        1 | deny any role within subscription "prod-*" for managed_identity in subscription "dev-*"
          |               ^^^^^^ made there or inside; what is made above is in force there too
          |
          = in this inventory 1 assignment is made above the level `subscription`
          = help: write `on subscription "prod-*"`, which means above, at or inside

        warning[D409]: the custom role "0wner" looks like the built-in role Owner
        --> inventory.json:/roleDefinitions/0 line 4
         = its id is 00000000-0000-0000-0000-000000000001; that of the built-in role is 8e3af657-a8ff-443c-a75c-2fe8c4bcb635
         = help: give it a name of its own; rules that name the built-in role do not match it
        "#);
    quiet(r#"deny any role on subscription "prod-*" for managed_identity"#);
    quiet(r#"deny any role at subscription "prod-*" or above for managed_identity"#);
    quiet("deny role Contributor at subscription for managed_identity");
    quiet(r#"deny active role within subscription "prod" if more than 4999 assignments"#);
    quiet(r#"require some role Owner at subscription "prod" for user"#);
}

#[test]
fn d403_an_exemption_by_tag() {
    assert_snapshot!(warned("deny user_assigned unless user_assigned.tags[\"exempt\"] == \"true\""), @r#"
        warning[D403]: whoever may write this tag is exempt from the rule
         --> policy.dictum:1:27
          |
        1 | deny user_assigned unless user_assigned.tags["exempt"] == "true"
          |                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ tags are written with many roles that decide about no policy
          |
          = help: exempt by object id or by full resource id, which nobody can choose
        "#);
    assert_snapshot!(warned("deny role Owner for anyone except (user_assigned where user_assigned.tags[\"exempt\"] is present)"), @r#"
        warning[D403]: whoever may write this tag is exempt from the rule
         --> policy.dictum:1:56
          |
        1 | deny role Owner for anyone except (user_assigned where user_assigned.tags["exempt"] is present)
          |                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ tags are written with many roles that decide about no policy
          |
          = help: exempt by object id or by full resource id, which nobody can choose
        "#);
    quiet("deny user_assigned where user_assigned.tags[\"audit\"] == \"per-resource\"");
    quiet("deny role Owner for (user_assigned where user_assigned.tags[\"audit\"] is present)");
}

#[test]
fn d404_an_exemption_by_a_name_that_is_not_unique() {
    assert_snapshot!(warned("deny role Owner for anyone except group \"sg-platform\""), @r#"
        warning[D404]: every group of this name is exempt from the rule
         --> policy.dictum:1:41
          |
        1 | deny role Owner for anyone except group "sg-platform"
          |                                         ^^^^^^^^^^^^^ not a unique name
          |
          = help: write its object id, which nobody can choose
        "#);
    assert_snapshot!(warned("deny role Owner for user except user in group \"sg-*\""), @r#"
        warning[D404]: every group of this name is exempt from the rule
         --> policy.dictum:1:47
          |
        1 | deny role Owner for user except user in group "sg-*"
          |                                               ^^^^^^ whoever chooses the name chooses the exemption
          |
          = help: write its object id, which nobody can choose
        "#);
    assert_snapshot!(warned("deny role Owner for managed_identity except user_assigned \"mi\""), @r#"
        warning[D404]: every user_assigned of this name is exempt from the rule
         --> policy.dictum:1:59
          |
        1 | deny role Owner for managed_identity except user_assigned "mi"
          |                                                           ^^^^ not a unique name
          |
          = help: write its object id or full resource id, or say where it is: in resource_group "..." in subscription "..."
        "#);
    assert_snapshot!(warned("deny role Owner on subscription except resource_group \"rg-platform\" for user"), @r#"
        warning[D404]: every resource_group of this name is exempt from the rule
         --> policy.dictum:1:55
          |
        1 | deny role Owner on subscription except resource_group "rg-platform" for user
          |                                                       ^^^^^^^^^^^^^ not a unique name
          |
          = help: write its full id, or say where it is: in subscription "..."
        "#);
    let text = "deny role Owner for anyone except group \"sg-platform\"";
    assert_snapshot!(warned_of(&run(&[("policy.dictum", text)]), Some(&captured(TENANT)), None), @r#"
        warning[D404]: every group of this name is exempt from the rule
         --> policy.dictum:1:41
          |
        1 | deny role Owner for anyone except group "sg-platform"
          |                                         ^^^^^^^^^^^^^ not a unique name
          |
          = in this inventory it is 00000000-0000-0000-0000-0000000000c1
          = help: write "00000000-0000-0000-0000-0000000000c1", which nobody can choose

        warning[D409]: the custom role "0wner" looks like the built-in role Owner
        --> inventory.json:/roleDefinitions/0 line 4
         = its id is 00000000-0000-0000-0000-000000000001; that of the built-in role is 8e3af657-a8ff-443c-a75c-2fe8c4bcb635
         = help: give it a name of its own; rules that name the built-in role do not match it
        "#);
    quiet("deny role Owner for anyone except group \"00000000-0000-0000-0000-0000000000c1\"");
    quiet("deny role Owner for user except user \"alice@example.com\"");
    quiet(
        "deny role Owner for managed_identity except user_assigned \"mi\" in resource_group \"rg\" in subscription \"prod\"",
    );
    quiet("param glass = \"bg-*\"\ndeny role Owner for user except user glass");
    quiet("deny role Owner for group \"sg-platform\"");
}

#[test]
fn d405_a_rule_that_another_contains() {
    assert_snapshot!(warned("rule wide deny role Owner, Contributor at subscription for user\nrule narrow deny role Owner at subscription for user"), @r#"
        warning[D405]: `policy/wide` finds all that `policy/narrow` finds
         --> policy.dictum:2:13
          |
        1 | rule wide deny role Owner, Contributor at subscription for user
          |           ----------------------------------------------------- contains it
        2 | rule narrow deny role Owner at subscription for user
          |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ says nothing more
          |
          = help: remove one of them, or say what is different
        "#);
    assert_snapshot!(warned("rule one deny role Owner for user\nrule two deny role Owner for user"), @r#"
        warning[D405]: `policy/one` finds all that `policy/two` finds
         --> policy.dictum:2:10
          |
        1 | rule one deny role Owner for user
          |          ------------------------ contains it
        2 | rule two deny role Owner for user
          |          ^^^^^^^^^^^^^^^^^^^^^^^^ says nothing more
          |
          = help: remove one of them, or say what is different
        "#);
    quiet(
        "rule wide deny role Owner, Contributor for user\nrule narrow deny role Owner for user severity critical",
    );
    quiet("rule wide deny role Owner, Contributor for user\nrule narrow warn role Owner for user");
    quiet(
        "rule wide deny role Owner, Contributor for user\nrule narrow deny role Owner at subscription for user",
    );
    quiet("rule wide deny any role except Owner for user\nrule narrow deny role Owner for user");
    assert!(warned("rule wide deny any role except Owner for user\nrule narrow deny role \"* Reader\" except Owner for user").contains("D405"));
}

#[test]
fn d406_a_condition_that_is_always_the_same() {
    assert_snapshot!(warned("deny user where user.enabled and user.name == user.name"), @r#"
        warning[D406]: this is always true
         --> policy.dictum:1:34
          |
        1 | deny user where user.enabled and user.name == user.name
          |                                  ^^^^^^^^^^^^^^^^^^^^^^ whatever the inventory holds
          |
          = help: leave it out
        "#);
    for (text, value) in [
        ("deny user where 3 > 4", "false"),
        ("deny user where true", "true"),
        ("deny user where user.enabled or true", "true"),
        ("deny user where user.name == \"a\" and user.name == \"b\"", "false"),
        ("require every user to satisfy user.name != user.name", "false"),
        ("deny role Owner for (user where 90 days < 12 weeks)", "false"),
    ] {
        assert!(warned(text).contains(&format!("this is always {value}")), "{text}: {}", warned(text));
    }
    quiet("deny user where user.name == \"a\" or user.name == \"b\"");
    quiet("deny user where user.name == user.upn");
    quiet("deny user where user.enabled == true");
}

const POLICY: &str = "policy base\nrule owners deny role Owner for managed_identity";

fn waived(clauses: &str, as_of: Option<i64>) -> String {
    let waiver = format!(
        "waive base/owners {clauses} until 2027-03-31 because \"Migration\" approved by \"security@example.com\""
    );
    warned_of(&run(&[("base.dictum", POLICY), ("waivers/w.dictum", &waiver)]), None, as_of)
}

#[test]
fn d407_a_waiver_for_everything() {
    assert_snapshot!(waived("for managed_identity on subscription \"*\"", None), @r#"
        warning[D407]: this waives whatever `base/owners` finds, now and later
         --> waivers/w.dictum:1:1
          |
        1 | waive base/owners for managed_identity on subscription "*" until 2027-03-31 because "Migration" approved by "security@example.com"
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no clause names anything in particular
          |
          = help: name the holder, the scope or the finding
        "#);
    assert!(waived("for user_assigned \"mi\", \"mi-*\"", None).contains("D407"));
    for clauses in [
        "for user_assigned \"mi-terraform\" on subscription \"sandbox-*\"",
        "for anyone on subscription \"sandbox\"",
        "for user in group \"sg\"",
        "for managed_identity finding \"a1b2\"",
        "on (resource where resource.tags[\"x\"] is present)",
    ] {
        assert_eq!(waived(clauses, None), "", "{clauses}");
    }
}

#[test]
fn d408_an_expired_waiver() {
    let first_second_after = 1_806_537_600;
    assert_snapshot!(waived("for user_assigned \"mi\"", Some(first_second_after)), @r#"
        warning[D408]: this waiver of `base/owners` ended with 2027-03-31
         --> waivers/w.dictum:1:1
          |
        1 | waive base/owners for user_assigned "mi" until 2027-03-31 because "Migration" approved by "security@example.com"
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ waives nothing any more
          |
          = help: remove it, or have it approved again with a new date
        "#);
    assert_eq!(waived("for user_assigned \"mi\"", Some(first_second_after - 1)), "");
}

#[test]
fn d409_a_custom_role_that_looks_like_a_built_in_one() {
    let warnings =
        warned_of(&run(&[("policy.dictum", "deny role Owner for user")]), Some(&captured(TENANT)), None);
    assert_snapshot!(warnings, @r#"
        warning[D409]: the custom role "0wner" looks like the built-in role Owner
        --> inventory.json:/roleDefinitions/0 line 4
         = its id is 00000000-0000-0000-0000-000000000001; that of the built-in role is 8e3af657-a8ff-443c-a75c-2fe8c4bcb635
         = help: give it a name of its own; rules that name the built-in role do not match it
        "#);
}

#[test]
fn d410_a_role_that_nobody_knows() {
    assert_snapshot!(warned("let roles = Contributer, Reader\nrule a deny role roles for user\nrule b deny role roles for guest"), @r#"
        warning[D410]: "Contributer" is not a built-in role
         --> policy.dictum:1:13
          |
        1 | let roles = Contributer, Reader
          |             ^^^^^^^^^^^ did you mean Contributor?
          |
          = a custom role of this name would be meant
        "#);
    quiet("deny role Deployer, \"Virtual Machine Contributor\", \"* Reader\" for user");
    let with = |role: &str| {
        let text = format!("deny role {role} for user");
        let warnings = warned_of(&run(&[("policy.dictum", &text)]), Some(&captured(TENANT)), None);
        warnings.split("warning[D409]").next().unwrap_or("").to_owned()
    };
    assert_snapshot!(with("\"Deploy Approver\""), @r#"
        warning[D410]: "Deploy Approver" is neither a built-in role nor in the inventory
         --> policy.dictum:1:11
          |
        1 | deny role "Deploy Approver" for user
          |           ^^^^^^^^^^^^^^^^^ a rule about a role that does not exist passes
        "#);
    assert_eq!(with("Deployer"), "");
}

#[test]
fn d411_is_known_in_a_deny() {
    assert_snapshot!(warned("deny user where user.enabled is known and not user.enabled"), @r#"
        warning[D411]: what was not captured makes this rule pass
         --> policy.dictum:1:17
          |
        1 | deny user where user.enabled is known and not user.enabled
          |                 ^^^^^^^^^^^^^^^^^^^^^ without this it is unknown, and blocks
          |
          = help: leave it out, unless passing is meant
        "#);
    quiet("warn user where user.enabled is known and not user.enabled");
    quiet("deny user where user.enabled is not known");
    quiet("require every user to satisfy user.enabled is known");
}

#[test]
fn d412_a_custom_role_by_the_name_of_a_built_in_one() {
    assert_snapshot!(warned("deny custom role Owner for user"), @r#"
        warning[D412]: Owner is built in, so no custom role is meant
         --> policy.dictum:1:18
          |
        1 | deny custom role Owner for user
          |                  ^^^^^ a built-in role, whatever custom roles are called
          |
          = help: leave `custom` out, or name custom roles
        "#);
    quiet("deny custom role Owner, Deployer for user");
    quiet("deny custom role \"Own*\" for user");
    quiet("deny built_in role Owner for user");
}

#[test]
fn the_bundled_packs_have_no_warnings() {
    let mut files = vec![];
    for folder in ["policies/managed-identity", "policies/privileged-access", "waivers"] {
        let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            files.push((path.to_string_lossy().replace('\\', "/"), fs::read_to_string(&path).unwrap()));
        }
    }
    let borrowed: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(warned_of(&run(&borrowed), None, None), "");
}

#[test]
fn the_corpus_is_warned_about_where_it_is_due() {
    let (Ok(corpus), Ok(common)) = (
        fs::read_to_string("../shared/design/corpus.dictum"),
        fs::read_to_string("../shared/design/common.dictum"),
    ) else {
        println!("skipped: ../shared is not here (0 files)");
        return;
    };
    let run = run(&[("corpus.dictum", &corpus), ("lib/common.dictum", ""), ("common.dictum", &common)]);
    println!("2 files linted");
    let warnings = lint(&run.files, &run.plan, &run.sources, None, None);
    let line = |d: &dictum::diagnostic::Diagnostic| {
        d.span().and_then(|s| run.sources.locate(s)).map_or(0, |l| l.line)
    };
    let shown: Vec<String> = warnings.iter().map(|d| format!("{} {}", line(d), d.code)).collect();
    assert_eq!(shown, ["55 D404", "60 D404", "76 D404", "98 D404", "159 D402"]);
}
