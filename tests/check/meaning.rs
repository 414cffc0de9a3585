//! What a rule without a mistake means: sets replaced, names classified, comparisons folded.

use super::{params, rule, run, run_with};
use dictum::check::plan::{
    Constant, Expr, NameMatch, RoleMatch, RoleSet, ScopeTest, Selector, Statement, WhoTest,
};

fn grant(text: &str) -> dictum::check::plan::Grant {
    match rule(text).statement {
        Statement::Select(Selector::Grant(grant), _) => *grant,
        other => panic!("{other:?}"),
    }
}

fn filter(text: &str) -> Expr {
    match rule(text).statement {
        Statement::Select(Selector::Entity(entity), _) => match entity.filter {
            Some(filter) => filter,
            None => panic!("no filter"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn roles_are_guids_names_or_patterns() {
    let text = r#"let broad = owner, "User access administrator"
deny role broad, "Deployer", "* Reader", b24988ac-6180-42a0-ab88-20f7382dd24c, "Azure Arc VMware Administrator role" for user"#;
    let Some(RoleSet::Names(names)) = grant(&text.replace("owner,", "Owner,")).roles.set else { panic!() };
    let shown: Vec<String> = names
        .iter()
        .map(|name| match &name.what {
            RoleMatch::Guid(guid) => format!("{} {guid}", name.written),
            RoleMatch::Name(glob) => format!("name {}", glob.text()),
            RoleMatch::Glob(glob) => format!("glob {}", glob.text()),
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
        Owner 8e3af657-a8ff-443c-a75c-2fe8c4bcb635
        User access administrator 18d7d88d-d35e-4fb5-a5c3-7773c20a72d9
        name Deployer
        glob * Reader
        b24988ac-6180-42a0-ab88-20f7382dd24c b24988ac-6180-42a0-ab88-20f7382dd24c
        Azure Arc VMware Administrator role ddc140ed-e463-4246-9145-7c664192013f
        "#);
}

#[test]
fn names_are_guids_ids_or_patterns() {
    let text = r#"deny role Owner for user "alice", "11111111-2222-3333-4444-555555555555", user_assigned "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mi""#;
    let who = grant(text).principals.unwrap().who;
    let shown: Vec<&str> = who
        .iter()
        .flat_map(|who| match who {
            WhoTest::Kind { names, .. } => names.as_slice(),
            WhoTest::Sub(_) => &[],
        })
        .map(|name| match name.what {
            NameMatch::Guid(_) => "guid",
            NameMatch::Id(_) => "id",
            NameMatch::Name(_) => "name",
        })
        .collect();
    assert_eq!(shown, ["name", "guid", "id"]);
}

#[test]
fn sets_stand_for_their_members_everywhere() {
    let text = r#"let prod = "prod-*", shared
let shared = "shared-prod"
param glass = "bg-*"
deny role Owner on subscription prod, "x" for user except user glass, "y""#;
    let grant = grant(text);
    let ScopeTest::Level(level) = &grant.scope.unwrap().scopes[0] else { panic!() };
    let names: Vec<&str> = level.names.iter().map(|name| name.written.as_str()).collect();
    assert_eq!(names, ["prod-*", "shared-prod", "x"]);
    let WhoTest::Kind { names, .. } = &grant.principals.unwrap().except[0] else { panic!() };
    assert_eq!(names[0].written, "bg-*");
}

#[test]
fn names_fold_and_strings_do_not() {
    let folds = |text: &str| match filter(text) {
        Expr::Compare { fold, .. } | Expr::Contains { fold, .. } => fold,
        other => panic!("{other:?}"),
    };
    assert!(folds("deny resource where resource.type == \"microsoft.web/sites\""));
    assert!(folds("deny resource where resource.type in [\"microsoft.web/sites\"]"));
    assert!(folds("deny role_definition where role_definition.actions contains \"*\""));
    assert!(!folds("deny resource where resource.tags[\"Env\"] == \"prod\""));
    assert!(!folds("deny federated_credential where federated_credential.issuer == \"https://x\""));
    // A closed list is checked here; captures may spell it in other letter case.
    assert!(folds("deny role_definition where role_definition.type == \"CustomRole\""));
}

#[test]
fn a_capability_asks_both_planes() {
    let granting = |text: &str| match grant(text).roles.set {
        Some(RoleSet::Granting(granting)) => {
            (granting.actions.is_some(), granting.data_actions.is_some(), granting.written)
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(
        granting("deny role granting code-execution for user"),
        (true, true, "granting code-execution".to_owned())
    );
    assert_eq!(
        granting("deny role granting all data \"Microsoft.KeyVault/*\" for user"),
        (false, true, "granting all data \"Microsoft.KeyVault/*\"".to_owned())
    );
}

#[test]
fn the_configuration_decides_a_parameter() {
    let text = "policy people\nparam stale = 90 days between 30 days and 180 days\nrule old warn user where age(user.created) > stale";
    let run =
        run_with(&[("a.dictum", text)], &params(&[("people.stale", "2 weeks"), ("people.stale", "60 days")]));
    assert_eq!(run.report(), "");
    let Statement::Select(Selector::Entity(entity), _) = &run.plan.rules[0].statement else { panic!() };
    let Some(Expr::Compare { right, .. }) = &entity.filter else { panic!() };
    assert!(matches!(**right, Expr::Constant(Constant::Duration(5_184_000))));
}

#[test]
fn ids_and_sentences() {
    let run = run(&[(
        "packs/base.dictum",
        "warn   role Owner\n  for user\nrule named deny role Owner for guest severity high because \"a\" \"b\"",
    )]);
    let shown: Vec<String> = run
        .plan
        .rules
        .iter()
        .map(|r| format!("{} | {} | {:?} | {}", r.id, r.sentence, r.severity, r.because))
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
        base/warn-role-owner-for-user | warn role Owner for user | Medium | 
        base/named | deny role Owner for guest | High | a b
        "#);
    let spans: Vec<&str> = run.plan.rules.iter().map(|r| run.sources.slice(r.span)).collect();
    assert_eq!(spans, ["warn   role Owner\n  for user", "deny role Owner for guest"]);
}

#[test]
fn where_the_date_is_read() {
    let today = |text: &str| {
        let run = run(&[("a.dictum", text)]);
        run.plan.today.map(|span| run.sources.slice(span).to_owned())
    };
    assert_eq!(today("warn credential where credential.expires < today").as_deref(), Some("today"));
    assert_eq!(today("warn user where age(user.created) > 1 day").as_deref(), Some("age(user.created)"));
    assert_eq!(today("warn user where user.created > 2026-01-01"), None);
    // A rule with a mistake reads nothing.
    assert_eq!(today("warn user where age(user.created) > 1"), None);
}

#[test]
fn a_mistake_spoils_one_rule_only() {
    let run = run(&[(
        "a.dictum",
        "rule a deny role Owner for user where user.x\nrule b deny role Owner for guest\nrule c deny user where user.y",
    )]);
    let ids: Vec<&str> = run.plan.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["a/b"]);
    assert_eq!(run.diagnostics.len(), 2);
}

#[test]
fn every_noun_and_step_of_the_language_is_in_the_schema() {
    for noun in dictum::syntax::ast::Noun::ALL {
        assert!(dictum::inventory::schema::Noun::from_word(noun.word()).is_some(), "{}", noun.word());
    }
    for step in dictum::syntax::ast::Step::ALL {
        let text = format!(
            "deny path from user to group where some s in path.steps satisfies s.kind == \"{}\"",
            step.word()
        );
        super::fine(&text);
    }
}
