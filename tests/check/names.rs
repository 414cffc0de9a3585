//! Sets, parameters, files that use each other, ids of rules.

use super::{codes, fine, params, run, run_with, told};
use insta::assert_snapshot;

#[test]
fn d060_a_name_that_is_not_defined() {
    let text = r#"
let broad-roles = Owner, Contributor
rule a deny role broad-role for user
rule b deny role Owner, broad-role for guest
rule c deny role broad-roles for group
"#;
    assert_snapshot!(told(text), @r#"
        error[D060]: `broad-role` is not defined
         --> policy.dictum:3:18
          |
        3 | rule a deny role broad-role for user
          |                  ^^^^^^^^^^ did you mean `broad-roles`?
        4 | rule b deny role Owner, broad-role for guest
          |                         ---------- and here
        "#);
    fine("let broad-roles = Owner\ndeny role broad-roles for user");
}

#[test]
fn d060_a_name_of_another_file() {
    let run =
        run(&[("a.dictum", "deny role broad-roles for user"), ("lib/b.dictum", "let broad-roles = Owner")]);
    assert_snapshot!(run.report(), @r#"
        error[D060]: `broad-roles` is not defined
         --> a.dictum:1:11
          |
        1 | deny role broad-roles for user
          |           ^^^^^^^^^^^ no set or parameter has this name
          |
          = `broad-roles` is defined in lib/b.dictum
          = help: bring the names of that file here with `use`
        "#);
}

#[test]
fn d060_nothing_is_said_twice_about_a_definition_that_does_not_parse() {
    assert_eq!(codes("let broad-roles Owner, Contributor\n\ndeny role broad-roles for user"), ["D001"]);
    assert_eq!(codes("param too-many 3\n\ndeny role Owner for user if more than too-many"), ["D001"]);
    assert_eq!(codes("use common.dictum\"\n\ndeny role broad-roles for user").len(), 1);
}

#[test]
fn d061_a_name_that_is_defined_twice() {
    assert_snapshot!(told("let owners = Owner\nparam owners = 3\ndeny role owners for user"), @r#"
        error[D061]: `owners` is defined twice
         --> policy.dictum:2:7
          |
        1 | let owners = Owner
          |     ------ defined first here
        2 | param owners = 3
          |       ^^^^^^ defined again here
          |
          = help: give one of them another name
        "#);
    assert_snapshot!(told("let secret-read = \"Microsoft.KeyVault/*/read\""), @r#"
        error[D061]: `secret-read` is the name of a capability set
         --> policy.dictum:1:5
          |
        1 | let secret-read = "Microsoft.KeyVault/*/read"
          |     ^^^^^^^^^^^ shipped with the product; choose another name
        "#);
    let used = run(&[
        ("a.dictum", "use \"lib/b.dictum\"\nlet owners = Owner\ndeny role owners for user"),
        ("lib/b.dictum", "let owners = Reader"),
    ]);
    assert_snapshot!(used.report(), @r#"
        error[D061]: `owners` is defined twice
         --> a.dictum:1:5
          |
        1 | use "lib/b.dictum"
          |     ^^^^^^^^^^^^^^ this file defines it too
        2 | let owners = Owner
          |     ------ defined first here
          |
         ::: lib/b.dictum:1:5
          |
        1 | let owners = Reader
          |     ------ and here
          |
          = help: give one of them another name
        "#);
    fine("let owners = Owner\nlet readers = Reader\ndeny role owners, readers for user");
}

#[test]
fn d062_an_empty_name() {
    assert_snapshot!(told("deny role Owner for user \"\""), @r#"
        error[D062]: an empty name matches nothing
         --> policy.dictum:1:26
          |
        1 | deny role Owner for user ""
          |                          ^^ write a name, or a pattern such as "prod-*"
        "#);
    fine("deny role Owner for user \"*\"");
}

#[test]
fn d063_a_set_that_holds_itself() {
    assert_snapshot!(told("let a = Owner, b\nlet b = Reader, a\nrule one deny role a for user\nrule two deny role b for user"), @r#"
        error[D063]: the set `a` holds itself
         --> policy.dictum:2:17
          |
        1 | let a = Owner, b
          |     - defined here
        2 | let b = Reader, a
          |                 ^ named again within its own members
          |
          = help: write out the members that were meant
        "#);
    fine("let a = Owner, b\nlet b = Reader\ndeny role a for user");
}

#[test]
fn d064_a_file_that_is_not_there() {
    assert_snapshot!(run(&[("packs/a.dictum", "use \"../comon.dictum\"\ndeny role owners for user")]).report(), @r#"
        error[D064]: there is no file "../comon.dictum"
         --> packs/a.dictum:1:5
          |
        1 | use "../comon.dictum"
          |     ^^^^^^^^^^^^^^^^^ looked for `comon.dictum`
          |
          = help: `use` takes a path from the folder of this file
        "#);
    let there = run(&[
        ("packs/a.dictum", "use \"../lib/b.dictum\"\ndeny role owners for user"),
        ("lib/b.dictum", "let owners = Owner"),
    ]);
    assert_eq!(there.report(), "");
}

#[test]
fn d065_a_path_that_leaves_the_policies() {
    assert_snapshot!(run(&[("packs/a.dictum", "use \"../../b.dictum\"")]).report(), @r#"
        error[D065]: `use` stays in the folder of the policies
         --> packs/a.dictum:1:5
          |
        1 | use "../../b.dictum"
          |     ^^^^^^^^^^^^^^^^ not there
          |
          = the folder of the policies is `.`
          = help: write the path from the folder of this file, as in "common.dictum"
        "#);
    assert_snapshot!(told("use \"/etc/b.dictum\""), @r#"
        error[D065]: `use` takes a path from the folder of this file
         --> policy.dictum:1:5
          |
        1 | use "/etc/b.dictum"
          |     ^^^^^^^^^^^^^^^ not there
          |
          = the folder of the policies is `.`
          = help: write the path from the folder of this file, as in "common.dictum"
        "#);
}

#[test]
fn d066_files_that_use_each_other() {
    let circle = run(&[
        ("a.dictum", "use \"b.dictum\"\nlet owners = Owner"),
        ("b.dictum", "use \"c.dictum\"\nlet readers = Reader"),
        ("c.dictum", "use \"a.dictum\"\ndeny role owners for user"),
    ]);
    assert_snapshot!(circle.report(), @r#"
        error[D066]: files use each other in a circle
         --> a.dictum:1:5
          |
        1 | use "b.dictum"
          |     ^^^^^^^^^^ the circle closes here
          |
          = the circle: `a.dictum` uses `b.dictum` uses `c.dictum` uses `a.dictum`
          = help: put the sets that both need into a file of its own
        "#);
    let tree = run(&[
        ("a.dictum", "use \"lib/c.dictum\"\nrule a deny role owners for user"),
        ("b.dictum", "use \"lib/c.dictum\"\nrule b deny role owners for user"),
        ("lib/c.dictum", "let owners = Owner"),
    ]);
    assert_eq!(tree.report(), "");
}

#[test]
fn what_a_used_file_uses_is_not_brought() {
    let run = run(&[
        (
            "a.dictum",
            "use \"lib/b.dictum\"\nrule one deny role owners for user\nrule two deny role readers for user",
        ),
        ("lib/b.dictum", "use \"c.dictum\"\nlet owners = owner-names"),
        ("lib/c.dictum", "let owner-names = Owner\nlet readers = Reader"),
    ]);
    assert_snapshot!(run.report(), @r#"
        error[D060]: `readers` is not defined
         --> a.dictum:3:20
          |
        3 | rule two deny role readers for user
          |                    ^^^^^^^ no set or parameter has this name
          |
          = `readers` is defined in lib/c.dictum
          = help: bring the names of that file here with `use`
        "#);
    assert_eq!(run.plan.rules.len(), 1);
}

#[test]
fn d067_two_rules_with_one_id() {
    let two = run(&[
        ("a.dictum", "policy base\nrule owners deny role Owner for user"),
        ("b.dictum", "policy base\nrule owners deny role Owner for guest"),
    ]);
    assert_snapshot!(two.report(), @r#"
        error[D067]: there are two rules `base/owners`
         --> b.dictum:2:6
          |
        2 | rule owners deny role Owner for guest
          |      ^^^^^^ again here
          |
         ::: a.dictum:2:6
          |
        2 | rule owners deny role Owner for user
          |      ------ first here
          |
          = help: give one of them another name
        "#);
    assert_snapshot!(told("deny role Owner for user\ndeny role   Owner for user"), @r#"
        error[D067]: this statement is written twice
         --> policy.dictum:2:1
          |
        1 | deny role Owner for user
          | ------------------------ first here
        2 | deny role   Owner for user
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^ again here
          |
          = help: remove one of them
        "#);
    let other = run(&[
        ("a.dictum", "policy base\nrule owners deny role Owner for user"),
        ("b.dictum", "policy more\nrule owners deny role Owner for guest"),
    ]);
    assert_eq!(other.report(), "");
}

#[test]
fn d068_a_parameter_that_makes_no_sense() {
    assert_snapshot!(told("param stale = 90 days between 30 days and 3"), @r#"
        error[D068]: `stale` is a length of time, and its bound is a number
         --> policy.dictum:1:43
          |
        1 | param stale = 90 days between 30 days and 3
          |               ------- a length of time    ^ write a length of time here
        "#);
    assert_snapshot!(told("param stale = 200 days between 30 days and 180 days"), @r#"
        error[D068]: the value of `stale` is outside its own bounds
         --> policy.dictum:1:15
          |
        1 | param stale = 200 days between 30 days and 180 days
          |               ^^^^^^^^         -------------------- the bounds
          |               |
          |               not between 30 days and 180 days
        "#);
    assert_snapshot!(told("param stale = 90 days between 180 days and 30 days"), @r#"
        error[D068]: the lower bound is above the upper one
         --> policy.dictum:1:31
          |
        1 | param stale = 90 days between 180 days and 30 days
          |                               ^^^^^^^^^^^^^^^^^^^^ write the lower one first
        "#);
    assert_snapshot!(told("param name = \"x\" between \"a\" and \"z\""), @r#"
        error[D068]: text has no bounds
         --> policy.dictum:1:26
          |
        1 | param name = "x" between "a" and "z"
          |                          ^^^^^^^^^^^ only numbers, dates and lengths of time have
          |
          = help: remove `between ... and ...`
        "#);
    fine("param stale = 90 days between 30 days and 180 days\nwarn user where age(user.created) > stale");
}

#[test]
fn d069_the_configuration_gives_a_parameter_a_value() {
    let text = "policy people\nparam stale = 90 days between 30 days and 180 days\nwarn user where age(user.created) > stale";
    let with = |values: &[(&str, &str)]| run_with(&[("a.dictum", text)], &params(values)).report();
    assert_snapshot!(with(&[("people.stale", "365 days")]), @r#"
        error[D069]: `people.stale` = 365 days is outside the bounds of the policy
        --> dictum.toml line 3
         = help: write a value between 30 days and 180 days
        "#);
    assert_snapshot!(with(&[("people.stale", "soon")]), @r#"
        error[D069]: `people.stale` must be a length of time
        --> dictum.toml line 3
         = help: write a length of time, such as "90 days"
        "#);
    assert_snapshot!(with(&[("people.stael", "60 days")]), @r#"
        error[D069]: policy `people` has no parameter `stael`
        --> dictum.toml line 3
         = help: did you mean `people.stale`?
        "#);
    assert_snapshot!(with(&[("stale", "60 days")]), @r#"
        error[D069]: `stale` names no parameter
        --> dictum.toml line 3
         = help: write the policy and the parameter, as in "least-privilege.stale-after"
        "#);
    assert_eq!(with(&[("people.stale", "60 days")]), "");
    // Of a policy that is not part of the run.
    assert_eq!(with(&[("elsewhere.stale", "60 days")]), "");
}

#[test]
fn d070_a_name_of_another_type() {
    assert_snapshot!(told("param too-many = 3\ndeny role too-many for user"), @r#"
        error[D070]: `too-many` is a number, not a role
         --> policy.dictum:2:11
          |
        1 | param too-many = 3
          |                  - its value
        2 | deny role too-many for user
          |           ^^^^^^^^ a role is expected here
        "#);
    assert_snapshot!(told("let names = \"a\", \"b\"\ndeny user where user.name == names"), @r#"
        error[D070]: the set `names` is not a value
         --> policy.dictum:2:30
          |
        2 | deny user where user.name == names
          |                              ^^^^^ a set stands after `in` or `matches`
        "#);
    fine("param glass = \"bg-*\"\ndeny role Owner for anyone except user glass");
    fine("let names = \"a\", \"b\"\ndeny user where user.name in names");
}

#[test]
fn d071_a_capability_set_is_no_role() {
    assert_snapshot!(told("deny role code-execution for user"), @r#"
        error[D071]: `code-execution` is a set of actions, not a role
         --> policy.dictum:1:11
          |
        1 | deny role code-execution for user
          |           ^^^^^^^^^^^^^^ a capability set stands after `granting`
          |
          = help: write `granting code-execution`: the roles that grant one of these actions
        "#);
    fine("deny role granting code-execution for user");
    fine("let dangerous = code-execution, secret-read\ndeny role granting dangerous for user");
}

#[test]
fn sets_that_hold_sets_take_no_longer_than_their_text() {
    let mut text = "let s0 = Owner\n".to_owned();
    for n in 1..60 {
        text.push_str(&format!("let s{n} = s{}, s{}\n", n - 1, n - 1));
    }
    fine(&format!("{text}deny role s59 for user"));
    let mut deep = "let s0 = Owner\n".to_owned();
    for n in 1..1000 {
        deep.push_str(&format!("let s{n} = s{}\n", n - 1));
    }
    assert_eq!(codes(&format!("{deep}deny role s999 for user")), ["D005"]);
}
