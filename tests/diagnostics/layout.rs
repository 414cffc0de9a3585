//! The look of diagnostics: levels, several places, input files, long lines, colours.

use dictum::diagnostic::render::render;
use dictum::diagnostic::{Diagnostic, Place, code};
use dictum::text::{Sources, Span};

fn span(sources: &Sources, text: &str) -> Span {
    let found = sources.iter().find_map(|source| Some(source.base() + source.text().find(text)? as u32));
    let Some(start) = found else { unreachable!("{text}") };
    Span::new(start, start + text.len() as u32)
}

#[test]
fn a_warning_with_facts_and_help() {
    let mut sources = Sources::new();
    sources.add(
        "policies/isolation.dictum",
        "rule a\n  deny any role within subscription \"prod-*\" for managed_identity\n",
    );
    let warning =
        Diagnostic::warning(code::D001, "an assignment above `subscription \"prod-*\"` escapes this rule")
            .at(span(&sources, "within"), "made inside; an assignment above is in force in prod too")
            .note("in this inventory 3 assignments at 2 management groups are above a matching subscription")
            .help("write `on subscription \"prod-*\"`, which means above, at or inside");
    insta::assert_snapshot!(render(&[warning], &sources, false), @r#"
        warning[D001]: an assignment above `subscription "prod-*"` escapes this rule
         --> policies/isolation.dictum:2:17
          |
        2 |   deny any role within subscription "prod-*" for managed_identity
          |                 ^^^^^^ made inside; an assignment above is in force in prod too
          |
          = in this inventory 3 assignments at 2 management groups are above a matching subscription
          = help: write `on subscription "prod-*"`, which means above, at or inside
        "#);
}

#[test]
fn something_undecided_with_places_in_input_files() {
    let mut sources = Sources::new();
    sources.add("policies/cis.dictum", "deny privileged role for guest\n");
    let place = |pointer: &str, line| Place {
        file: "az-assignments.json".to_owned(),
        pointer: pointer.to_owned(),
        line,
    };
    let unknown =
        Diagnostic::unknown(code::D001, "guests/no-privileged could not be decided for 2 assignments")
            .at(span(&sources, "guest"), "whether a user is a guest was not captured")
            .in_file(place("/0/principalId", 14))
            .in_file(place("/7/principalId", 0))
            .help("capture the users");
    insta::assert_snapshot!(render(&[unknown], &sources, false), @r#"
        unknown[D001]: guests/no-privileged could not be decided for 2 assignments
         --> policies/cis.dictum:1:26
          |
        1 | deny privileged role for guest
          |                          ^^^^^ whether a user is a guest was not captured
         ::: az-assignments.json:/0/principalId line 14
         ::: az-assignments.json:/7/principalId
          = help: capture the users
        "#);
}

#[test]
fn an_input_file_alone() {
    let place = Place { file: "roles.json".to_owned(), pointer: String::new(), line: 0 };
    let error = Diagnostic::error(code::D001, "this file ends in the middle of a value").in_file(place);
    insta::assert_snapshot!(render(&[error], &Sources::new(), false), @r#"
        error[D001]: this file ends in the middle of a value
        --> roles.json
        "#);
}

#[test]
fn two_files_and_lines_far_apart() {
    let mut sources = Sources::new();
    sources.add("a.dictum", "let keys = Owner\n\n\n\n\n\n\nlet doors = keys\n");
    sources.add("b.dictum", "\n\nlet locks = Owner\n");
    let error = Diagnostic::error(code::D001, "said in three places")
        .at(span(&sources, "doors"), "here")
        .at(span(&sources, "keys"), "and here")
        .at(span(&sources, "locks"), "in another file");
    insta::assert_snapshot!(render(&[error], &sources, false), @r#"
        error[D001]: said in three places
         --> a.dictum:8:5
          |
        1 | let keys = Owner
          |     ---- and here
        ...
        8 | let doors = keys
          |     ^^^^^ here
          |
         ::: b.dictum:3:5
          |
        3 | let locks = Owner
          |     ----- in another file
        "#);
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    let mut sources = Sources::new();
    let far = "x".repeat(50_000);
    sources.add("long.dictum", format!("deny user \"{far}\", wrong \"{far}\"\n"));
    let error = Diagnostic::error(code::D001, "not this").at(span(&sources, "wrong"), "here");
    let text = render(&[error], &sources, false);
    assert!(text.contains("wrong") && text.lines().all(|l| l.chars().count() < 500), "{text}");
}

#[test]
fn colours_are_added_only_where_asked_for() {
    let mut sources = Sources::new();
    sources.add("a.dictum", "deny any role\n");
    let error = [Diagnostic::error(code::D001, "no").at(span(&sources, "any"), "here")];
    assert!(render(&error, &sources, true).contains('\u{1b}'));
    assert!(!render(&error, &sources, false).contains('\u{1b}'));
}
