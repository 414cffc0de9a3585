//! The text of policies: each slip with what is said about it.

use crate::syntax::read;
use dictum::diagnostic::render::render;

/// What is said about a text, as a user sees it.
fn said(text: &str) -> String {
    let (parsed, sources) = read(text);
    render(&parsed.diagnostics, &sources, false)
}

#[test]
fn a_misspelled_scope() {
    insta::assert_snapshot!(said("deny role Owner at subscripton or above for managed_identity"), @r#"
        error[D012]: `subscripton` is not a scope
         --> test.dictum:1:20
          |
        1 | deny role Owner at subscripton or above for managed_identity
          |                    ^^^^^^^^^^^ did you mean `subscription`?
          |
          = scopes are: root, management_group, subscription, resource_group, resource
        "#);
}

#[test]
fn a_misspelled_principal() {
    insta::assert_snapshot!(said("deny role Owner for managed_identiy"), @r#"
        error[D013]: `managed_identiy` is not a kind of principal
         --> test.dictum:1:21
          |
        1 | deny role Owner for managed_identiy
          |                     ^^^^^^^^^^^^^^^ did you mean `managed_identity`?
          |
          = principals are: principal, managed_identity, system_assigned, user_assigned, user, guest, group, service_principal, application, missing_principal, anyone
        "#);
}

#[test]
fn a_word_of_another_language() {
    insta::assert_snapshot!(said("deny role Owner for everyone"), @r#"
        error[D013]: `everyone` is not a kind of principal
         --> test.dictum:1:21
          |
        1 | deny role Owner for everyone
          |                     ^^^^^^^^ did you mean `anyone`?
          |
          = principals are: principal, managed_identity, system_assigned, user_assigned, user, guest, group, service_principal, application, missing_principal, anyone
        "#);
}

#[test]
fn a_misspelled_noun() {
    insta::assert_snapshot!(said("deny credentail where credential.expires < today"), @r#"
        error[D011]: `credentail` is not something a sentence can be about
         --> test.dictum:1:6
          |
        1 | deny credentail where credential.expires < today
          |      ^^^^^^^^^^ did you mean `credential`?
        "#);
}

#[test]
fn a_misspelled_verb() {
    insta::assert_snapshot!(said("dney any role for guest"), @r#"
        error[D010]: `dney` does not begin a statement
         --> test.dictum:1:1
          |
        1 | dney any role for guest
          | ^^^^ did you mean `deny`?
          |
          = statements begin with: policy, use, let, param, rule, waive, test, deny, warn, advise, require
        "#);
}

#[test]
fn a_misspelled_clause_word_that_reads_like_a_set() {
    insta::assert_snapshot!(said("deny role Owner for user excpt user \"a\""), @r#"
        error[D001]: `excpt` does not fit here
         --> test.dictum:1:26
          |
        1 | deny role Owner for user excpt user "a"
          |                          ^^^^^ did you mean `except`?
        "#);
}

#[test]
fn a_statement_word_that_is_missing() {
    insta::assert_snapshot!(said("use \"sets.dictum\"\nkeys = Owner\nrule a\n  deny any role for guest\n"), @r#"
        error[D010]: `keys` does not begin a statement
         --> test.dictum:2:1
          |
        2 | keys = Owner
          | ^^^^
          |
          = statements begin with: policy, use, let, param, rule, waive, test, deny, warn, advise, require
          = help: a word that begins a statement is missing before it, or it stands too far left
        "#);
}

#[test]
fn words_run_together() {
    insta::assert_snapshot!(said("denyrole Owner for user"), @r#"
        error[D001]: `denyrole` is not a word of the language
         --> test.dictum:1:1
          |
        1 | denyrole Owner for user
          | ^^^^^^^^ did you mean `deny role`?
        "#);
}

#[test]
fn a_capital() {
    insta::assert_snapshot!(said("Deny role Owner for user"), @r#"
        error[D010]: `Deny` does not begin a statement
         --> test.dictum:1:1
          |
        1 | Deny role Owner for user
          | ^^^^ did you mean `deny`?
          |
          = statements begin with: policy, use, let, param, rule, waive, test, deny, warn, advise, require
        "#);
}

#[test]
fn neither_roles_nor_an_adjective() {
    insta::assert_snapshot!(said("deny role where role.name == \"Owner\""), @r#"
        error[D015]: which role is meant is not said
         --> test.dictum:1:6
          |
        1 | deny role where role.name == "Owner"
          |      ^^^^ neither a list after it nor an adjective before it
          |
          = help: write `any role` if every role is meant
        "#);
}

#[test]
fn and_beside_or() {
    insta::assert_snapshot!(said("deny user where user.enabled and user.external or user.on_premises"), @r#"
        error[D031]: `and` beside `or` needs parentheses
         --> test.dictum:1:17
          |
        1 | deny user where user.enabled and user.external or user.on_premises
          |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ does this belong together?
          |
          = readers disagree about which of the two binds tighter, so here neither does
          = help: put parentheses around what belongs together: `(A and B) or C`, or `A and (B or C)`
        "#);
}

#[test]
fn or_above_after_within() {
    insta::assert_snapshot!(said("deny any role within subscription \"prod-*\" or above"), @r#"
        error[D019]: `or above` makes no sense after `within`
         --> test.dictum:1:44
          |
        1 | deny any role within subscription "prod-*" or above
          |               ------                       ^^^^^^^^ only after `at`
          |
          = help: write `at ... or above` for assignments made there or above, `on ...` for those in force there
        "#);
}

#[test]
fn a_reserved_word_as_a_name() {
    insta::assert_snapshot!(said("let approved = Owner"), @r#"
        error[D014]: `approved` is a reserved word and can't be a name
         --> test.dictum:1:5
          |
        1 | let approved = Owner
          |     ^^^^^^^^
          |
          = help: write, for instance, `our-approved`
        "#);
}

#[test]
fn a_reserved_word_as_an_attribute() {
    insta::assert_snapshot!(said("deny user where type == \"Guest\""), @r#"
        error[D014]: `type` is a reserved word and nothing can be read of it
         --> test.dictum:1:17
          |
        1 | deny user where type == "Guest"
          |                 ^^^^ expected a value here
          |
          = help: an attribute is written after its noun: `resource.type`
        "#);
}

#[test]
fn a_minus_in_a_name() {
    insta::assert_snapshot!(said("deny user where user.created < today-90 days"), @r#"
        error[D014]: `today-90` is read as one name
         --> test.dictum:1:32
          |
        1 | deny user where user.created < today-90 days
          |                                ^^^^^^^^ `today` is reserved and can't be part of it
          |
          = help: put spaces around the minus sign: `today - 90`
        "#);
}

#[test]
fn a_rule_name_with_an_underscore() {
    insta::assert_snapshot!(said("rule no_owner deny role Owner for user"), @r#"
        error[D017]: `no_owner` can't be the name of a rule or policy
         --> test.dictum:1:6
          |
        1 | rule no_owner deny role Owner for user
          |      ^^^^^^^^ lower case first; letters and digits, joined by `-`
          |
          = help: write `no-owner`
        "#);
}

#[test]
fn a_rule_without_a_name() {
    insta::assert_snapshot!(said("rule\n  deny role Owner for user"), @r#"
        error[D014]: a name is missing before `deny`
         --> test.dictum:2:3
          |
        2 |   deny role Owner for user
          |   ^^^^ expected the name of a rule or policy
          |
          = a word that begins statements can't be such a name
        "#);
}

#[test]
fn a_name_that_should_be_quoted() {
    insta::assert_snapshot!(said("deny role Key_Vault_Reader for user"), @r#"
        error[D017]: `Key_Vault_Reader` can be read neither as a name nor as a set
         --> test.dictum:1:11
          |
        1 | deny role Key_Vault_Reader for user
          |           ^^^^^^^^^^^^^^^^ quote it
        "#);
}

#[test]
fn a_guid_that_is_none() {
    insta::assert_snapshot!(said("deny role 8e3af657-a8ff-443c-a75c-2fe8c4bcb63 for user"), @r#"
        error[D007]: `8e3af657-a8ff-443c-a75c-2fe8c4bcb63` is not a GUID
         --> test.dictum:1:11
          |
        1 | deny role 8e3af657-a8ff-443c-a75c-2fe8c4bcb63 for user
          |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = a GUID has 8, 4, 4, 4 and 12 hexadecimal digits: 8e3af657-a8ff-443c-a75c-2fe8c4bcb635
        "#);
}

#[test]
fn a_date_that_does_not_exist() {
    insta::assert_snapshot!(said("test \"t\" as of 2027-02-29 given user \"a\" expect r to pass"), @r#"
        error[D006]: `2027-02-29` is not a date
         --> test.dictum:1:16
          |
        1 | test "t" as of 2027-02-29 given user "a" expect r to pass
          |                ^^^^^^^^^^ that month has 28 days
          |
          = help: dates are written yyyy-mm-dd: `2027-03-31`
        "#);
}

#[test]
fn a_date_written_otherwise() {
    insta::assert_snapshot!(said("deny user where user.created < 1-2-2027"), @r#"
        error[D006]: `1-2-2027` is not a date
         --> test.dictum:1:32
          |
        1 | deny user where user.created < 1-2-2027
          |                                ^^^^^^^^ four digits, two and two
          |
          = help: dates are written yyyy-mm-dd: `2027-03-31`
        "#);
}

#[test]
fn an_escape_that_does_not_exist() {
    insta::assert_snapshot!(said("deny user \"CORP\\alice\""), @r#"
        error[D003]: `\a` is not an escape
         --> test.dictum:1:16
          |
        1 | deny user "CORP\alice"
          |                ^^
          |
          = escapes are \" \\ \n \t and \u{...} with the number of a character
          = help: a backslash itself is written `\\`
        "#);
}

#[test]
fn a_string_that_is_not_closed() {
    insta::assert_snapshot!(said("use \"common.dictum\n\ndeny any role for guest"), @r#"
        error[D002]: this string is not closed
         --> test.dictum:1:5
          |
        1 | use "common.dictum
          |     ^ opened here
          |
          = a string stays on one line
          = help: close it with `"`; a quotation mark inside a string is written `\"`
        "#);
}

#[test]
fn single_quotes() {
    insta::assert_snapshot!(said("deny user 'alice'"), @r#"
        error[D004]: `'` means nothing here
         --> test.dictum:1:11
          |
        1 | deny user 'alice'
          |           ^
          |
          = help: strings are written between straight double quotes: `"..."`
        "#);
}

#[test]
fn signs_for_words() {
    insta::assert_snapshot!(said("deny user where user.enabled && user.external"), @r#"
        error[D004]: `&&` means nothing here
         --> test.dictum:1:30
          |
        1 | deny user where user.enabled && user.external
          |                              ^^
          |
          = help: write `and`
        "#);
}

#[test]
fn one_equals_sign() {
    insta::assert_snapshot!(said("deny user where user.type = \"Guest\""), @r#"
        error[D001]: `=` does not compare
         --> test.dictum:1:27
          |
        1 | deny user where user.type = "Guest"
          |                           ^ did you mean `==`?
        "#);
}

#[test]
fn comparisons_that_chain() {
    insta::assert_snapshot!(said("deny user where 1 < count(user.groups) < 3"), @r#"
        error[D001]: `<` does not fit here
         --> test.dictum:1:40
          |
        1 | deny user where 1 < count(user.groups) < 3
          |                                        ^
          |
          = comparisons don't chain: join them by `and`
        "#);
}

#[test]
fn a_clause_written_twice() {
    insta::assert_snapshot!(said("deny role Owner for user for group"), @r#"
        error[D016]: a second `for` clause
         --> test.dictum:1:26
          |
        1 | deny role Owner for user for group
          |                          ^^^^^^^^^ only one is possible
          |
          = help: join them in one clause, or write two rules
        "#);
}

#[test]
fn two_headers() {
    insta::assert_snapshot!(said("policy a\npolicy b"), @r#"
        error[D021]: a second policy header
         --> test.dictum:2:8
          |
        1 | policy a
          |        - it is this one
        2 | policy b
          |        ^ a file is one policy
          |
          = help: put the rules of another policy into a file of their own
        "#);
}

#[test]
fn an_edition_that_does_not_exist() {
    insta::assert_snapshot!(said("policy a edition 2"), @r#"
        error[D020]: there is no edition 2
         --> test.dictum:1:18
          |
        1 | policy a edition 2
          |                  ^ the editions are: 1
          |
          = help: a newer Dictum may know it
        "#);
}

#[test]
fn a_waiver_that_is_not_complete() {
    insta::assert_snapshot!(said("waive p/r for user \"a\" until 2027-03-31"), @r#"
        error[D018]: this waiver does not say the reason (`because "..."`), nor who approved it (`approved by "..."`)
         --> test.dictum:1:1
          |
        1 | waive p/r for user "a" until 2027-03-31
          | ^^^^^
          |
          = a waiver says what it is narrowed to, `until` when, `because` of what, and who it was `approved by`
        "#);
}

#[test]
fn a_waiver_of_everything() {
    insta::assert_snapshot!(said("waive p/r until 2027-03-31 because \"x\" approved by \"y\""), @r#"
        error[D018]: this waiver does not say what it is narrowed to (`for`, `at`, `on`, `within`, `of` or `finding`)
         --> test.dictum:1:1
          |
        1 | waive p/r until 2027-03-31 because "x" approved by "y"
          | ^^^^^
          |
          = a waiver says what it is narrowed to, `until` when, `because` of what, and who it was `approved by`
        "#);
}

#[test]
fn a_scope_of_an_entity() {
    insta::assert_snapshot!(said("deny user_assigned at subscription"), @r#"
        error[D024]: `at` says where a role is held; this sentence is about something else
         --> test.dictum:1:20
          |
        1 | deny user_assigned at subscription
          |                    ^^
          |
          = help: write `within` to say where a thing is
        "#);
}

#[test]
fn a_principal_of_an_entity() {
    insta::assert_snapshot!(said("deny subscription for guest"), @r#"
        error[D024]: `for` says who holds a role; this sentence is about something else
         --> test.dictum:1:19
          |
        1 | deny subscription for guest
          |                   ^^^
          |
          = help: say it with `where`, or begin with `any role`
        "#);
}

#[test]
fn a_count_of_a_require() {
    insta::assert_snapshot!(said("require some role Owner at root if more than 1"), @r#"
        error[D024]: `require` has no `if`
         --> test.dictum:1:33
          |
        1 | require some role Owner at root if more than 1
          |                                 ^^
          |
          = help: `require some` counts by itself: at least one; use `deny ... if fewer than 2` for other numbers
        "#);
}

#[test]
fn a_severity_that_is_none() {
    insta::assert_snapshot!(said("rule r deny role Owner severity urgent"), @r#"
        error[D022]: `urgent` is not a severity
         --> test.dictum:1:33
          |
        1 | rule r deny role Owner severity urgent
          |                                 ^^^^^^
          |
          = severities are: critical, high, medium, low, info
        "#);
}

#[test]
fn a_step_that_is_none() {
    insta::assert_snapshot!(said("deny path from user to role Owner by identity_attach"), @r#"
        error[D023]: `identity_attach` is not a step
         --> test.dictum:1:38
          |
        1 | deny path from user to role Owner by identity_attach
          |                                      ^^^^^^^^^^^^^^^ did you mean `identity_attachment`?
          |
          = steps are: membership, code_execution, identity_attachment, federation, role_grant, role_definition, ownership
        "#);
}

#[test]
fn an_unfinished_statement() {
    insta::assert_snapshot!(said("deny role Owner for"), @r#"
        error[D001]: expected a kind of principal, but the statement ends here
         --> test.dictum:1:20
          |
        1 | deny role Owner for
          |                    ^ after this
        "#);
}

#[test]
fn an_unclosed_parenthesis() {
    insta::assert_snapshot!(said("deny user where (user.enabled"), @r#"
        error[D001]: the statement is not complete
         --> test.dictum:1:30
          |
        1 | deny user where (user.enabled
          |                 - not closed ^ after this
          |
          = expected a comparison (`==`, `<`, ...), `in` or `not in`, `+` or `-`, `.`, `)`, `or`, `and`, `contains`, `matches` or `is`
        "#);
}

#[test]
fn commas_between_attributes() {
    insta::assert_snapshot!(said("test \"t\" given user \"a\" with { enabled = true, external = false } expect r to pass"), @r#"
        error[D001]: expected an attribute or `}`, found `,`
         --> test.dictum:1:46
          |
        1 | test "t" given user "a" with { enabled = true, external = false } expect r to pass
          |                                              ^
          |
          = help: attributes in braces stand one after the other, without commas
        "#);
}

#[test]
fn a_fact_without_a_holder() {
    insta::assert_snapshot!(said("test \"t\" given role Reader at subscription \"s\" expect r to pass"), @r#"
        error[D017]: this fact does not say who holds the role
         --> test.dictum:1:21
          |
        1 | test "t" given role Reader at subscription "s" expect r to pass
          |                     ^^^^^^ expected a `for` clause after it
          |
          = help: write, for instance, `for user "alice"`
        "#);
}

#[test]
fn count_of_something_that_is_not_named() {
    insta::assert_snapshot!(said("deny user where count(user.groups where user.enabled) > 1"), @r#"
        error[D001]: `count(... where ...)` counts the elements of a list by a name
         --> test.dictum:1:23
          |
        1 | deny user where count(user.groups where user.enabled) > 1
          |                       ^^^^^^^^^^^ expected `NAME in LIST`
          |
          = help: write `count(x in resource.identities where x.name matches "mi-*")`
        "#);
}

#[test]
fn a_number_that_is_too_large() {
    insta::assert_snapshot!(said("deny user where count(user.groups) > 99999999999999999999"), @r#"
        error[D008]: this number is too large
         --> test.dictum:1:38
          |
        1 | deny user where count(user.groups) > 99999999999999999999
          |                                      ^^^^^^^^^^^^^^^^^^^^ 9223372036854775807 at most
        "#);
}

#[test]
fn a_hidden_character() {
    insta::assert_snapshot!(said("deny user \"a\u{202e}b\""), @r#"
        error[D004]: the character U+202E may not stand in a string
         --> test.dictum:1:13
          |
        1 | deny user "a�b"
          |             ^ it can't be seen
          |
          = help: take it out, or write it as `\u{202e}`
        "#);
}
