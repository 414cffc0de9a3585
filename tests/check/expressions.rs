//! Expressions: names, attributes, types, and what may be absent.

use super::{codes, fine, told};
use insta::assert_snapshot;

#[test]
fn d110_a_thing_the_sentence_is_not_about() {
    assert_snapshot!(told("deny role Owner for user where user.enabled"), @r#"
        error[D110]: `user` means nothing here
         --> policy.dictum:1:32
          |
        1 | deny role Owner for user where user.enabled
          |                                ^^^^ whoever holds the role is `principal`
          |
          = what can be read here: assignment, role, scope, principal, assignee, via
          = help: write `principal` for `user`
        "#);
    assert_snapshot!(told("deny guest where user.enabled"), @r#"
        error[D110]: `user` means nothing here
         --> policy.dictum:1:18
          |
        1 | deny guest where user.enabled
          |                  ^^^^ this sentence is about `guest`
          |
          = help: an attribute is written after it, as in `guest.name`
        "#);
    assert_snapshot!(told("deny role Owner for (user where principal.enabled)"), @r#"
        error[D110]: `principal` means nothing here
         --> policy.dictum:1:33
          |
        1 | deny role Owner for (user where principal.enabled)
          |                                 ^^^^^^^^^ this sentence is about `user`
          |
          = help: an attribute is written after it, as in `user.name`
        "#);
    fine(
        "deny role Owner for user where principal.enabled and assignee.kind == \"group\" and via is not empty",
    );
    fine("deny guest where guest.enabled");
}

#[test]
fn d111_an_attribute_that_does_not_exist() {
    assert_snapshot!(told("deny user where user.enabeld"), @r#"
        error[D111]: a `user` has no attribute `enabeld`
         --> policy.dictum:1:22
          |
        1 | deny user where user.enabeld
          |                      ^^^^^^^ did you mean `enabled`?
          |
          = its attributes are: enabled, upn, type, created, last_sign_in, mfa_registered, on_premises, external, department, job_title, id, name, kind, groups, role_assignments, direct_role_assignments, reach, change
        "#);
    assert_snapshot!(told("deny role Owner where principal.enabled"), @r#"
        error[D111]: a `principal` has no attribute `enabled`
         --> policy.dictum:1:33
          |
        1 | deny role Owner where principal.enabled
          |                                 ^^^^^^^ a `service_principal` and a `user` have it
          |
          = its attributes are: id, name, kind, groups, role_assignments, direct_role_assignments, reach, change
          = help: write `principal is service_principal and ...` before it, or narrow the `for` clause
        "#);
    assert_snapshot!(told("deny user_assigned where user_assigned.tags.owner == \"x\""), @r#"
        error[D111]: a tag is read by its name in brackets
         --> policy.dictum:1:45
          |
        1 | deny user_assigned where user_assigned.tags.owner == "x"
          |                                             ^^^^^
          |
          = help: write `["owner"]`
        "#);
    assert_snapshot!(told("deny user_assigned where user_assigned.attachments.type == \"x\""), @r#"
        error[D111]: `user_assigned.attachments` is a list of resources, which has no attributes
         --> policy.dictum:1:52
          |
        1 | deny user_assigned where user_assigned.attachments.type == "x"
          |                                                    ^^^^ ask about its members
          |
          = help: write `some x in user_assigned.attachments satisfies x.type ...`
        "#);
    assert_snapshot!(told("deny user where user.name.length > 3"), @r#"
        error[D111]: `user.name` is a name, which has no attributes
         --> policy.dictum:1:27
          |
        1 | deny user where user.name.length > 3
          |                           ^^^^^^ leave this out
        "#);
    fine("deny role Owner where principal is user and principal.enabled");
    fine("deny user_assigned where some a in user_assigned.attachments satisfies a.type == \"x\"");
}

#[test]
fn d112_a_word_that_is_not_in_the_list() {
    assert_snapshot!(told("deny role_definition where role_definition.type == \"Customrole\""), @r#"
        error[D112]: `role_definition.type` is never "Customrole"
         --> policy.dictum:1:52
          |
        1 | deny role_definition where role_definition.type == "Customrole"
          |                                                    ^^^^^^^^^^^^ did you mean "CustomRole"?
          |
          = it is "BuiltInRole" or "CustomRole"
        "#);
    assert_snapshot!(told("deny credential where credential.kind in [\"password\", \"token\"]"), @r#"
        error[D112]: `credential.kind` is never "token"
         --> policy.dictum:1:55
          |
        1 | deny credential where credential.kind in ["password", "token"]
          |                                                       ^^^^^^^ not in the closed list
          |
          = it is "password" or "certificate"
        "#);
    fine("deny role_definition where role_definition.type == \"CustomRole\"");
    fine("let kinds = \"password\", \"certificate\"\ndeny credential where credential.kind in kinds");
}

#[test]
fn d113_types_that_do_not_go_together() {
    assert_snapshot!(told("deny credential where credential.expires - today > 180"), @r#"
        error[D113]: `credential.expires - today` is a length of time, and `180` is a number
         --> policy.dictum:1:52
          |
        1 | deny credential where credential.expires - today > 180
          |                       --------------------------   ^^^ a number
          |                       |
          |                       a length of time
          |
          = help: write a unit, as in `180 days`
        "#);
    assert_snapshot!(told("deny credential where credential.expires > \"2026-01-01\""), @r#"
        error[D113]: `credential.expires` is a date, and `"2026-01-01"` is text
         --> policy.dictum:1:44
          |
        1 | deny credential where credential.expires > "2026-01-01"
          |                       ------------------   ^^^^^^^^^^^^ text
          |                       |
          |                       a date
          |
          = help: write 2026-01-01 without quotes
        "#);
    assert_snapshot!(told("deny user where user.enabled == \"true\""), @r#"
        error[D113]: `user.enabled` is true or false, and `"true"` is text
         --> policy.dictum:1:33
          |
        1 | deny user where user.enabled == "true"
          |                 ------------    ^^^^^^ text
          |                 |
          |                 true or false
          |
          = help: write true without quotes
        "#);
    assert_snapshot!(told("deny role_assignment where role_assignment.role == \"Owner\""), @r#"
        error[D113]: `role_assignment.role` is a role_definition, and `"Owner"` is text
         --> policy.dictum:1:52
          |
        1 | deny role_assignment where role_assignment.role == "Owner"
          |                            --------------------    ^^^^^^^ text
          |                            |
          |                            a role_definition
          |
          = help: compare its name: `role_assignment.role.name`
        "#);
    assert_snapshot!(told("deny user where user.name contains \"adm\""), @r#"
        error[D113]: `user.name` is a name, not a list
         --> policy.dictum:1:17
          |
        1 | deny user where user.name contains "adm"
          |                 ^^^^^^^^^ only a list contains something
          |
          = help: write `user.name matches "*adm*"`
        "#);
    assert_snapshot!(told("deny user_assigned where user_assigned.tags contains \"owner\""), @r#"
        error[D113]: `user_assigned.tags` is a map of tags, not a list
         --> policy.dictum:1:26
          |
        1 | deny user_assigned where user_assigned.tags contains "owner"
          |                          ^^^^^^^^^^^^^^^^^^ only a list contains something
          |
          = help: write `user_assigned.tags["owner"] is present`
        "#);
    assert_snapshot!(told("deny user where user.name < \"m\""), @r#"
        error[D113]: `<` does not order a name
         --> policy.dictum:1:27
          |
        1 | deny user where user.name < "m"
          |                           ^ only numbers, dates and lengths of time are less or more
          |
          = help: write `==`, `!=` or `matches`
        "#);
    assert_snapshot!(told("deny user where user.name is empty"), @r#"
        error[D113]: `user.name` is a name, which is never empty
         --> policy.dictum:1:30
          |
        1 | deny user where user.name is empty
          |                              ^^^^^ only a list is empty
          |
          = help: write `user.name is not present` if it may be missing
        "#);
    assert_snapshot!(told("deny credential where credential.kind matches \"pass*\""), @r#"
        error[D113]: `credential.kind` is one of "password" or "certificate"
         --> policy.dictum:1:23
          |
        1 | deny credential where credential.kind matches "pass*"
          |                       ^^^^^^^^^^^^^^^ one of a closed list: write `==` or `in`
        "#);
    assert_snapshot!(told("deny resource where resource.identities[\"x\"] is present"), @r#"
        error[D113]: `resource.identities` is a list of managed_identities, not a map
         --> policy.dictum:1:41
          |
        1 | deny resource where resource.identities["x"] is present
          |                                         ^^^ only tags are read by a name in brackets
        "#);
    for text in [
        "deny credential where credential.expires + credential.expires > today",
        "deny user where count(user.name) > 1",
        "deny user where some x in user.name satisfies x == \"a\"",
        "deny user where age(user.name) > 1 day",
        "deny user where user.name == user.groups",
        "deny user where user.name in \"alice\"",
        "deny user where user.name in [\"a\", 1]",
        "deny role_assignment where role_assignment.scope is user",
    ] {
        assert_eq!(codes(text), ["D113"], "{text}");
    }
    fine("deny credential where credential.expires - today > 180 days");
    fine("deny credential where credential.expires > 2026-01-01 and credential.expires + 3 days < today");
    fine("deny user where user.enabled == true and user.name matches \"*adm*\"");
    fine("deny role_assignment where role_assignment.role.name == \"Owner\"");
    fine("deny role_definition where role_definition.actions contains \"*\"");
}

#[test]
fn d114_something_that_may_be_absent() {
    assert_snapshot!(told("warn user where user.enabled and age(user.last_sign_in) > 90 days"), @r#"
        error[D114]: `user.last_sign_in` may be absent
         --> policy.dictum:1:38
          |
        1 | warn user where user.enabled and age(user.last_sign_in) > 90 days
          |                                      ^^^^^^^^^^^^^^^^^ then it is neither less nor more, and has no age
          |
          = help: write `user.last_sign_in is present and age(user.last_sign_in) > 90 days` if one without it does not count
          = help: write `(user.last_sign_in is not present or age(user.last_sign_in) > 90 days)` if one without it counts
        "#);
    for text in [
        // The question stands to the right, or in the other branch, or asks the other thing.
        "warn user where age(user.last_sign_in) > 90 days and user.last_sign_in is present",
        "warn user where user.last_sign_in is present or age(user.last_sign_in) > 90 days",
        "warn user where user.last_sign_in is not present and age(user.last_sign_in) > 90 days",
        "warn user where not (user.last_sign_in is present) and user.last_sign_in < today",
        "warn user where user.last_sign_in + 90 days < today",
        // Of another thing.
        "warn credential where some c in credential.owner.credentials satisfies (c.starts is present and credential.starts < today)",
    ] {
        assert_eq!(codes(text), ["D114"], "{text}");
    }
    for text in [
        "warn user where user.last_sign_in is present and age(user.last_sign_in) > 90 days",
        "warn user where user.last_sign_in is not present or age(user.last_sign_in) > 90 days",
        "warn user where not (user.last_sign_in is not present) and user.last_sign_in < today",
        "warn user where not (user.last_sign_in is not present or user.last_sign_in > today)",
        "warn user where user.last_sign_in is present where user.last_sign_in < today",
        "warn user unless user.last_sign_in is not present unless user.last_sign_in < today",
        "require every user where user.last_sign_in is present to satisfy user.last_sign_in > today - 90 days",
        "warn user where user.last_sign_in == user.created",
        "warn user where user.job_title matches \"*admin*\"",
        "warn credential where some c in credential.owner.credentials satisfies (c.starts is present and c.starts < today)",
    ] {
        fine(text);
    }
}

#[test]
fn d115_in_with_a_pattern() {
    assert_snapshot!(told("let prod = \"prod-*\", \"shared\"\ndeny subscription where subscription.name in prod"), @r#"
        error[D115]: `in` takes "prod-*" for a plain word
         --> policy.dictum:2:46
          |
        1 | let prod = "prod-*", "shared"
          |            -------- the pattern
        2 | deny subscription where subscription.name in prod
          |                                              ^^^^ this set holds a pattern
          |
          = help: write `subscription.name matches prod`
        "#);
    fine("let prod = \"prod-*\", \"shared\"\ndeny subscription where subscription.name matches prod");
    fine("let prod = \"prod-1\", \"shared\"\ndeny subscription where subscription.name not in prod");
}

#[test]
fn d116_not_a_regular_expression() {
    assert_snapshot!(told("deny user where user.name matches /a(b/"), @r#"
        error[D116]: this is not a regular expression
         --> policy.dictum:1:35
          |
        1 | deny user where user.name matches /a(b/
          |                                   ^^^^^ unclosed group
          |
          = it matches the whole value, in linear time: no look-around, no references back
        "#);
    assert_snapshot!(told("deny user where user.name matches /(?=a)b/"), @r#"
        error[D116]: this is not a regular expression
         --> policy.dictum:1:35
          |
        1 | deny user where user.name matches /(?=a)b/
          |                                   ^^^^^^^^ look-around, including look-ahead and look-behind, is not supported
          |
          = it matches the whole value, in linear time: no look-around, no references back
        "#);
    assert_snapshot!(told("deny user where user.name matches /(a{1000}){1000}/"), @r#"
        error[D116]: the regular expression is too large
         --> policy.dictum:1:35
          |
        1 | deny user where user.name matches /(a{1000}){1000}/
          |                                   ^^^^^^^^^^^^^^^^^ compiled, it takes more than a megabyte
          |
          = help: repeat less: `{1,1000}` and the like cost most
        "#);
    fine("deny user where user.name matches /^repo:acme\\/[a-z]+$/");
}

#[test]
fn d117_a_name_that_is_taken() {
    assert_snapshot!(told("let g = Owner\ndeny user where some g in user.groups satisfies g.name == \"x\""), @r#"
        error[D117]: `g` already means something here
         --> policy.dictum:2:22
          |
        1 | let g = Owner
          |     - defined here
        2 | deny user where some g in user.groups satisfies g.name == "x"
          |                      ^ choose another name
        "#);
    assert_snapshot!(told("deny user where some g in user.groups satisfies (some g in g.owners satisfies g.id == \"x\")"), @r#"
        error[D117]: `g` already means something here
         --> policy.dictum:1:55
          |
        1 | deny user where some g in user.groups satisfies (some g in g.owners satisfies g.id == "x")
          |                      - defined here                   ^ choose another name
        "#);
    fine(
        "deny user where (some g in user.groups satisfies g.security) and (some g in user.groups satisfies g.dynamic)",
    );
    fine("deny user where some g in user.groups satisfies (some o in g.owners satisfies o.id == user.id)");
}

#[test]
fn d118_not_a_condition() {
    assert_snapshot!(told("deny user where user.groups"), @r#"
        error[D118]: `user.groups` is a list of groups, not a condition
         --> policy.dictum:1:17
          |
        1 | deny user where user.groups
          |                 ^^^^^^^^^^^ neither true nor false
          |
          = help: write `user.groups is not empty`
        "#);
    assert_snapshot!(told("deny user where user.enabled and user.name"), @r#"
        error[D118]: `user.name` is a name, not a condition
         --> policy.dictum:1:34
          |
        1 | deny user where user.enabled and user.name
          |                                  ^^^^^^^^^ neither true nor false
          |
          = help: compare it, as in `user.name == ...`, or write `user.name is present`
        "#);
    fine("deny user where user.enabled and user.groups is not empty");
}
