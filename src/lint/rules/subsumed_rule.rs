//! A rule whose findings another rule has as well.

use crate::check::plan::{self, RoleMatch, RoleName, RoleSet, RoleTest};
use crate::diagnostic::{Diagnostic, code};
use crate::lint::{Both, Context, parts};
use crate::syntax::ast::{Adjective, Effect, Grant, GrantHead, Selector, Statement};

pub(in crate::lint) fn run(context: &Context<'_>) -> Vec<Diagnostic> {
    let rules = context.rules();
    let mut found = vec![];
    for (index, narrow) in rules.iter().enumerate() {
        let wider = rules.iter().enumerate().find(|&(other, wide)| {
            // Of two that find the same, the later one is left over.
            other != index && contains(wide, narrow) && (other < index || !contains(narrow, wide))
        });
        if let Some((_, wide)) = wider {
            found.push(
                Diagnostic::warning(
                    code::D405,
                    format!("`{}` finds all that `{}` finds", wide.run.id, narrow.run.id),
                )
                .at(narrow.run.span, "says nothing more")
                .at(wide.run.span, "contains it")
                .help("remove one of them, or say what is different"),
            );
        }
    }
    found
}

/// Whether `wide` finds whatever `narrow` finds, as gravely: only where that is plain to see.
fn contains(wide: &Both<'_>, narrow: &Both<'_>) -> bool {
    if wide.run.effect != narrow.run.effect || wide.run.severity > narrow.run.severity {
        return false;
    }
    // One name can mean two things in two files.
    if wide.file != narrow.file && !(names_nothing(wide) && names_nothing(narrow)) {
        return false;
    }
    if wide.written.statement == narrow.written.statement {
        return true;
    }
    let (Some(a), Some(b)) = (grant(&wide.written.statement), grant(&narrow.written.statement)) else {
        return false;
    };
    let (Some(roles_a), Some(roles_b)) = (roles(wide.run), roles(narrow.run)) else { return false };
    without_roles(a) == without_roles(b) && holds(roles_a, roles_b)
}

fn names_nothing(rule: &Both<'_>) -> bool {
    parts::of_statement(&rule.written.statement).names.is_empty()
}

/// The grant of a rule that counts nothing: with a count, more found is not more said.
fn grant(statement: &Statement) -> Option<(Effect, &Grant)> {
    match statement {
        Statement::Select { effect, selector: Selector::Grant(grant), count: None } => {
            Some((effect.node, grant))
        }
        _ => None,
    }
}

fn without_roles((effect, grant): (Effect, &Grant)) -> (Effect, Grant) {
    let mut head = GrantHead { roles: None, ..grant.head.clone() };
    head.adjectives.retain(|adjective| adjective.node != Adjective::Any);
    (effect, Grant { head, ..grant.clone() })
}

fn roles(rule: &plan::Rule) -> Option<&RoleTest> {
    match &rule.statement {
        plan::Statement::Select(plan::Selector::Grant(grant), _) => Some(&grant.roles),
        _ => None,
    }
}

fn holds(wide: &RoleTest, narrow: &RoleTest) -> bool {
    let among =
        |name: &RoleName, names: &[RoleName]| names.iter().any(|other| covers(&other.what, &name.what));
    let set = match (&wide.set, &narrow.set) {
        (None, _) => true,
        (Some(RoleSet::Names(wide)), Some(RoleSet::Names(narrow))) => {
            narrow.iter().all(|name| among(name, wide))
        }
        (Some(RoleSet::Granting(wide)), Some(RoleSet::Granting(narrow))) => {
            (wide.extent, &wide.actions, &wide.data_actions)
                == (narrow.extent, &narrow.actions, &narrow.data_actions)
        }
        _ => false,
    };
    // What the wide rule leaves out, the narrow one leaves out too.
    set && wide.except.iter().all(|name| among(name, &narrow.except))
}

fn covers(wide: &RoleMatch, narrow: &RoleMatch) -> bool {
    match (wide, narrow) {
        (RoleMatch::Glob(glob), RoleMatch::Name(name)) => glob.matches(name.text()),
        (RoleMatch::Glob(glob), RoleMatch::Guid(guid)) => {
            crate::azure::roles::by_guid(*guid).is_some_and(|role| glob.matches(role.name()))
        }
        _ => wide == narrow,
    }
}
