//! What is read of each construct, and where it stands: parts of the tree, as the text that they cover.

use super::{said, tree};
use dictum::syntax::ast::{
    Also, Comparison, Entity, Expr, ExprKind, Extent, Fact, Grant, Item, Noun, PathTarget, RoleSet, Rule,
    Scope, Selector, Statement, Uncaptured, Who,
};
use dictum::syntax::parse_selector;
use dictum::text::{At, Sources, Span};

fn rule(text: &str) -> Rule {
    match tree(text).items.swap_remove(0) {
        Item::Rule(rule) => rule,
        other => panic!("{other:?}"),
    }
}

fn grant(text: &str) -> Grant {
    match rule(text).statement {
        Statement::Select { selector: Selector::Grant(grant), .. } => *grant,
        other => panic!("{other:?}"),
    }
}

fn entity(text: &str) -> Entity {
    match rule(text).statement {
        Statement::Select { selector: Selector::Entity(entity), .. } => *entity,
        other => panic!("{other:?}"),
    }
}

fn slice(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

fn covered(text: &str, at: At) -> &str {
    slice(text, at.0)
}

#[test]
fn the_clauses_of_a_grant() {
    let text = "deny active role Owner, keys except \"x\" at subscription \"a\" or above # c
      for user except group \"g\"  also holding role Reader on same subscription where a.b";
    let grant = grant(text);
    let scope = grant.scope.unwrap();
    let principals = grant.principals.unwrap();
    let also: Also = grant.also.unwrap();
    insta::assert_snapshot!([
        covered(text, grant.head.at),
        covered(text, scope.at),
        covered(text, principals.at),
        covered(text, also.at),
        covered(text, grant.filters[0].expr.at),
    ].join("\n"), @r#"
        active role Owner, keys except "x"
        at subscription "a" or above
        user except group "g"
        also holding role Reader on same subscription
        a.b
        "#);
    let Scope::Level { or_above: Some(above), names, .. } = &scope.scopes[0] else { panic!("{scope:?}") };
    assert_eq!((covered(text, *above), names.len()), ("or above", 1));
}

#[test]
fn roles_by_what_they_grant() {
    let head = grant("deny role granting all data \"A/*\", secret-read except Owner").head;
    let roles = head.roles.unwrap();
    let Some(RoleSet::Granting(granting)) = roles.set else { panic!("{:?}", roles.set) };
    assert_eq!((granting.extent.node, granting.data, granting.patterns.len()), (Extent::All, true, 2));
    assert_eq!(roles.except.len(), 1);
}

#[test]
fn or_above_binds_to_one_scope() {
    let scopes = grant("deny any role at subscription \"a\", \"b\", management_group \"m\" or above, root")
        .scope
        .unwrap();
    let above: Vec<_> =
        scopes.scopes.iter().map(|s| matches!(s, Scope::Level { or_above: Some(_), .. })).collect();
    assert_eq!(above, [false, true, false]);
}

#[test]
fn a_chain_of_qualifiers() {
    let text = "deny any role for user_assigned \"x\" in resource_group \"y\", \"z\" in subscription \"s\"";
    let who = grant(text).principals.unwrap().who;
    let Who::Kind { names, qualifier: Some(first), .. } = &who[0] else { panic!("{who:?}") };
    let second = first.next.as_ref().unwrap();
    assert_eq!((names.len(), first.names.len(), second.noun.node), (1, 2, Noun::Subscription));
    assert!(second.next.is_none());
}

#[test]
fn anyone_is_nobody_in_particular() {
    assert!(grant("deny any role for anyone").principals.unwrap().who.is_empty());
}

#[test]
fn a_scope_clause_after_also_holding_belongs_to_it() {
    assert!(grant("deny role A for user also holding role B at root").scope.is_none());
    assert!(grant("deny role A at root for user also holding role B").scope.is_some());
}

#[test]
fn an_entity_with_everything() {
    let text = "deny resource of type \"t\" \"n\" in subscription \"s\" within root where a unless b within subscription";
    let entity = entity(text);
    assert_eq!(
        (entity.of_type.len(), entity.names.len(), entity.within.len(), entity.filters.len()),
        (1, 1, 2, 2)
    );
    assert_eq!(covered(text, entity.at), &text[5..]);
}

fn filter(text: &str) -> Expr {
    entity(&format!("deny user where {text}")).filters.swap_remove(0).expr
}

#[test]
fn how_tight_operators_bind() {
    let ExprKind::Or(alternatives) = filter("not a == 1 or b in [1, 2 + 3 - 4]").kind else { panic!() };
    let ExprKind::Not(negated) = &alternatives[0].kind else { panic!() };
    let ExprKind::Compare(operator, ..) = &negated.kind else { panic!() };
    assert_eq!(operator.node, Comparison::Equal);
    let ExprKind::In { list, negated: false, .. } = &alternatives[1].kind else { panic!() };
    let ExprKind::List(members) = &list.kind else { panic!() };
    let ExprKind::Sum { minus: true, left, .. } = &members[1].kind else { panic!() };
    assert!(matches!(left.kind, ExprKind::Sum { minus: false, .. }));
}

#[test]
fn a_quantifier_takes_one_comparison() {
    let ExprKind::And(parts) = filter("some x in a satisfies x == 1 and b").kind else { panic!() };
    assert!(matches!(parts[0].kind, ExprKind::Quantified { .. }));
}

#[test]
fn a_minus_after_an_attribute_is_a_minus() {
    assert!(
        matches!(filter("a.b-c > 1 day").kind, ExprKind::Compare(_, left, _) if matches!(left.kind, ExprKind::Sum { .. }))
    );
    assert!(
        matches!(filter("b-c > 1").kind, ExprKind::Compare(_, left, _) if matches!(left.kind, ExprKind::Access(_)))
    );
}

#[test]
fn what_a_path_leads_to() {
    let to = |text: &str| match rule(text).statement {
        Statement::Path { path, .. } => path.to,
        other => panic!("{other:?}"),
    };
    assert!(matches!(to("deny path from user to any role at root"), PathTarget::Grant(_, Some(_))));
    assert!(matches!(to("deny path from user to group in at most 2 steps"), PathTarget::Principals(_)));
}

#[test]
fn stated_facts() {
    let text =
        "test \"t\" given user \"a\" attached to group \"g\" uncaptured user uncaptured group.members at root
      eligible role Owner for user \"a\" expect r to pass";
    let Item::Test(test) = tree(text).items.swap_remove(0) else { panic!() };
    let facts: Vec<_> = test
        .facts
        .iter()
        .map(|f| match f {
            Fact::Grant { at, .. } | Fact::Entity { at, .. } | Fact::Uncaptured { at, .. } => {
                covered(text, *at)
            }
        })
        .collect();
    insta::assert_snapshot!(facts.join("\n"), @r#"
        user "a" attached to group "g"
        uncaptured user
        uncaptured group.members at root
        eligible role Owner for user "a"
        "#);
    assert!(matches!(&test.facts[2], Fact::Uncaptured { what: Uncaptured::Noun(_, Some(_)), .. }));
}

#[test]
fn an_attribute_may_be_called_like_a_reserved_word() {
    tree("deny resource where resource.type == \"x\" and resource.user.in.not is present");
    tree(
        "test \"t\" given user \"a\" with { type = \"Guest\" policy = 1 deny = 2 test = 3 } expect r to pass",
    );
}

#[test]
fn a_rule_may_be_called_like_a_reserved_word() {
    tree(
        "policy federation rule high deny any role rule user deny any role waive federation/high for user until 2027-01-01 because \"b\" approved by \"a\"",
    );
}

#[test]
fn the_sentence_of_a_query_has_no_verb() {
    let read = |text: &str| {
        let mut sources = Sources::new();
        let file = sources.add("<selector>", text);
        match parse_selector(&sources, file) {
            Ok((selector, count)) => {
                format!("{} {}", dictum::syntax::canonical_selector(&selector), count.is_some())
            }
            Err(diagnostic) => dictum::diagnostic::render::render(&[diagnostic], &sources, false),
        }
    };
    insta::assert_snapshot!(read("role Owner at subscription if more than 3"), @"role Owner at subscription true");
    insta::assert_snapshot!(read("user where user.enabled"), @"user where user.enabled false");
    insta::assert_snapshot!(read("deny role Owner"), @r#"
        error[D011]: `deny` is not something a sentence can be about
         --> <selector>:1:1
          |
        1 | deny role Owner
          | ^^^^
          |
          = help: a query is a sentence without its verb: leave it out
        "#);
    insta::assert_snapshot!(read(""), @r#"
        error[D001]: expected `role` or another noun, but the statement ends here
         --> <selector>:1:1
          |
        1 |
          | ^
        "#);
    insta::assert_snapshot!(read("role Owner role Reader"), @r#"
        error[D001]: `role` does not fit here
         --> <selector>:1:12
          |
        1 | role Owner role Reader
          |            ^^^^
          |
          = expected `at`, `on` or `within`, `where` or `unless`, `,`, `if`, `except`, `for`, `also` or the end of the statement
        "#);
}

#[test]
fn nothing_is_said_twice() {
    insta::assert_snapshot!(said("deny role Owner for usr_all\n\nrule b\n  deny rol Owner\n\ndeny any role for guest\n"), @r#"
        error[D013]: `usr_all` is not a kind of principal
         --> test.dictum:1:21
          |
        1 | deny role Owner for usr_all
          |                     ^^^^^^^
          |
          = principals are: principal, managed_identity, system_assigned, user_assigned, user, guest, group, service_principal, application, missing_principal, anyone

        error[D011]: `rol` is not something a sentence can be about
         --> test.dictum:4:8
          |
        4 |   deny rol Owner
          |        ^^^ did you mean `role`?
        "#);
}
