//! The one layout.

use super::{EVERY_CONSTRUCT, corpus, formatted, read, tree};
use dictum::syntax::ast::Item;
use dictum::syntax::{canonical, slug};

#[test]
fn a_statement_that_fits_stays_on_its_line() {
    insta::assert_snapshot!(formatted("rule a deny role Contributor\n  at subscription for managed_identity severity high"), @r#"
        rule a
          deny role Contributor at subscription for managed_identity
          severity high
        "#);
}

#[test]
fn a_statement_that_does_not_fit_has_a_clause_a_line() {
    insta::assert_snapshot!(formatted(
        "deny role Owner, Contributor for managed_identity except user_assigned \"mi-terraform\" where principal.tags[\"access\"] == \"read-only\" at subscription or above"
    ), @r#"
        deny role Owner, Contributor
          at subscription or above
          for managed_identity except user_assigned "mi-terraform"
          where principal.tags["access"] == "read-only"
        "#);
}

#[test]
fn clauses_come_in_one_order() {
    insta::assert_snapshot!(formatted(
        "rule a deny any role unless role.name == \"x\" for user at root controls \"C 1\" fix \"f\" because \"b\" severity low
        waive a approved by \"x\" because \"y\" until 2027-01-01 on subscription for user ticket \"T\""
    ), @r#"
        rule a
          deny any role at root for user unless role.name == "x"
          severity low
          because "b"
          fix "f"
          controls "C 1"
        waive a
          for user
          on subscription
          until 2027-01-01
          because "y"
          approved by "x"
          ticket "T"
        "#);
}

#[test]
fn long_lists_have_a_member_a_line() {
    insta::assert_snapshot!(formatted(
        "let broad = Owner, Contributor, \"User Access Administrator\", \"Role Based Access Control Administrator\", Reader
        let few = Owner, Reader,
        deny app_role \"Application.ReadWrite.All\", \"RoleManagement.ReadWrite.Directory\", \"AppRoleAssignment.ReadWrite.All\" for managed_identity
        warn resource where resource.type in [\"Microsoft.Compute/virtualMachineScaleSets\", \"Microsoft.ContainerInstance/containerGroups\"]"
    ), @r#"
        let broad =
          Owner,
          Contributor,
          "User Access Administrator",
          "Role Based Access Control Administrator",
          Reader,
        let few = Owner, Reader
        deny app_role "Application.ReadWrite.All",
            "RoleManagement.ReadWrite.Directory",
            "AppRoleAssignment.ReadWrite.All"
          for managed_identity
        warn resource
          where resource.type in [
            "Microsoft.Compute/virtualMachineScaleSets",
            "Microsoft.ContainerInstance/containerGroups"
          ]
        "#);
}

#[test]
fn conditions_are_broken_at_and_and_or() {
    insta::assert_snapshot!(formatted(
        "deny credential where credential.kind == \"password\" and (credential.starts is not present or credential.expires - credential.starts > 180 days or credential.name matches /a\\/b/)"
    ), @r#"
        deny credential
          where credential.kind == "password"
            and (
              credential.starts is not present
              or credential.expires - credential.starts > 180 days
              or credential.name matches /a\/b/
            )
        "#);
}

#[test]
fn comments_stay_where_they_are() {
    insta::assert_snapshot!(formatted(
        "# About the file.

policy p   # the name
# About the title.
  title \"T\"    # the title


# One section.

# About a.
rule a # its name
  # About the sentence.
  deny role Owner # the roles
    # About the scope.
    at root # the scope
    for user # the holders
  # About the severity.
  severity high # the severity
  # After everything in a.

# About b.
let b = # the set
  # About Owner.
  Owner, # the owner
  # About Reader.
  Reader # the reader
deny any role # the end
# The end."
    ), @r#"
        # About the file.

        policy p  # the name
          # About the title.
          title "T"  # the title

        # One section.

        # About a.
        rule a  # its name
          # About the sentence.
          deny role Owner  # the roles
            # About the scope.
            at root  # the scope
            for user  # the holders
          # About the severity.
          severity high  # the severity
          # After everything in a.

        # About b.
        let b =  # the set
          # About Owner.
          Owner,  # the owner
          # About Reader.
          Reader,  # the reader
        deny any role  # the end
        # The end.
        "#);
}

#[test]
fn blank_lines_between_statements_are_kept_once() {
    insta::assert_snapshot!(formatted("\n\npolicy p\n\n\n\nuse \"a\"\nuse \"b\"\n\n\nlet c =\n\n  Owner\n\n\n"), @r#"
        policy p

        use "a"
        use "b"

        let c = Owner
        "#);
}

#[test]
fn values_are_written_one_way() {
    insta::assert_snapshot!(formatted(
        "param a = 1 days
param b = 2 day
param c = 007
param d = \"\\u{e9}\\u{1}\\t\\n\\\"\\\\\"
deny role 8E3AF657-A8FF-443C-A75C-2FE8C4BCB635 for user
deny user where user.upn matches /a\\/b\\\\c\"d/
deny path from user to group in at most 1 steps
test \"t\" given user \"a\" with { } expect r to pass"
    ), @r#"
        param a = 1 day
        param b = 2 days
        param c = 7
        param d = "é\u{1}\t\n\"\\"
        deny role 8e3af657-a8ff-443c-a75c-2fe8c4bcb635 for user
        deny user where user.upn matches /a\/b\\c"d/
        deny path from user to group in at most 1 step
        test "t"
          given
            user "a"
          expect r to pass
        "#);
}

#[test]
fn the_canonical_text_of_a_statement_and_its_slug() {
    let file =
        tree("deny role granting data \"Microsoft.Storage/*/write\"\n at subscription \"Prod\"\n for user");
    let Item::Rule(rule) = &file.items[0] else { unreachable!("a bare statement is a rule") };
    insta::assert_snapshot!(canonical(&rule.statement), @r#"deny role granting data "Microsoft.Storage/*/write" at subscription "Prod" for user"#);
    insta::assert_snapshot!(slug(&canonical(&rule.statement)), @"deny-role-granting-data-microsoft-storage-write-at-subscription-prod-for-user");
}

fn without_comments(text: &str) -> String {
    let code = |line: &str| line.split(" #").next().unwrap_or_default().to_owned() + "\n";
    text.lines().filter(|line| !line.trim_start().starts_with('#')).map(code).collect()
}

/// A comment put between any two tokens is kept, changes nothing else, and stays where the formatter put it.
#[test]
fn a_comment_anywhere_is_kept() {
    let mut places = 0;
    for (text, step) in [(Some(EVERY_CONSTRUCT.to_owned()), 4), (corpus(), 19)] {
        let Some(text) = text else { continue };
        let text = without_comments(&text);
        let items = tree(&text).items;
        for (i, item) in items.iter().enumerate() {
            let at = item.at().0;
            let statement = &text[at.start as usize..at.end as usize];
            for (gap, _) in statement.char_indices().filter(|(_, c)| c.is_whitespace()).step_by(step) {
                for comment in [" # kept\n", "\n# kept\n", "\n    # kept\n", " # one\n # two\n# three\n"] {
                    let with = format!("{}{comment}{}\ndeny tenant\n", &statement[..gap], &statement[gap..]);
                    let (parsed, _) = read(&with);
                    if !parsed.diagnostics.is_empty() {
                        // Inside a string.
                        continue;
                    }
                    places += 1;
                    let once = formatted(&with);
                    let again = tree(&once);
                    assert_eq!(again.items[0], items[i], "{with}\n{once}");
                    assert_eq!(again.comments.len(), comment.matches('#').count(), "{with}\n{once}");
                    assert_eq!(formatted(&once), once, "{with}\n{once}");
                }
            }
        }
    }
    println!("{places} places");
}
