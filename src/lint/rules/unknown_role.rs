//! A role name that neither Azure nor the inventory knows.

use crate::azure::{directory_roles, roles};
use crate::check::plan::{PathTarget, RoleMatch, RoleName, RoleSet, RoleTest, Selector, Statement};
use crate::diagnostic::{Diagnostic, code};
use crate::inventory::{Collection, Inventory, RoleKind, same_name};
use crate::lint::Context;

pub(in crate::lint) fn run(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = vec![];
    for rule in &context.plan.rules {
        for (kind, test) in tests(&rule.statement) {
            let set = match &test.set {
                Some(RoleSet::Names(names)) => names.as_slice(),
                _ => &[],
            };
            for name in set.iter().chain(&test.except) {
                let Some(diagnostic) = unknown(kind, name, context) else { continue };
                // A set is read by every rule that uses it.
                if !found.iter().any(|other| other.span() == diagnostic.span()) {
                    found.push(diagnostic);
                }
            }
        }
    }
    found
}

fn tests(statement: &Statement) -> Vec<(RoleKind, &RoleTest)> {
    match statement {
        Statement::Select(Selector::Grant(grant), _)
        | Statement::RequireSome(Selector::Grant(grant))
        | Statement::RequireEvery(Selector::Grant(grant), _) => {
            let also = grant.also.as_ref().map(|also| (also.kind, &also.roles));
            std::iter::once((grant.kind, &grant.roles)).chain(also).collect()
        }
        Statement::Path(path) => match &path.to {
            PathTarget::Grant(grant) => vec![(grant.kind, &grant.roles)],
            PathTarget::Principals(_) => vec![],
        },
        _ => vec![],
    }
}

fn unknown(kind: RoleKind, name: &RoleName, context: &Context<'_>) -> Option<Diagnostic> {
    // The catalogue of app roles holds those of one API only.
    let RoleMatch::Name(glob) = &name.what else { return None };
    if kind == RoleKind::App {
        return None;
    }
    let text = glob.text();
    let near = slip(kind, text);
    let captured = context.inventory.is_some_and(|inventory| has(inventory, kind, text));
    let complete = context.inventory.is_some_and(|inventory| match kind {
        RoleKind::Azure => inventory.coverage.is_complete(Collection::RoleDefinitions),
        _ => false,
    });
    if captured || (near.is_none() && !complete) {
        return None;
    }
    let word = if kind == RoleKind::Azure { "role" } else { "directory role" };
    let inventory = if complete { "nor in the inventory" } else { "nor captured" };
    let message = match context.inventory {
        Some(_) => format!("\"{text}\" is neither a built-in {word} {inventory}"),
        None => format!("\"{text}\" is not a built-in {word}"),
    };
    let diagnostic = Diagnostic::warning(code::D410, message);
    Some(match near {
        Some(near) => diagnostic
            .at(name.span, format!("did you mean {near}?"))
            .note("a custom role of this name would be meant")
            .edit(name.span, format!("\"{near}\"")),
        None => diagnostic.at(name.span, "a rule about a role that does not exist passes"),
    })
}

fn has(inventory: &Inventory, kind: RoleKind, name: &str) -> bool {
    let roles = &inventory.roles;
    roles.iter().any(|role| {
        let known = roles.name(role).map(|known| inventory.names.get(known));
        roles.kind(role) == kind && known.is_some_and(|known| same_name(known.trim(), name))
    })
}

/// The built-in role whose name differs by a slip or two.
fn slip(kind: RoleKind, name: &str) -> Option<&'static str> {
    let wanted = name.to_lowercase();
    let reach = if wanted.chars().count() < 8 { 1 } else { 2 };
    let names: Vec<&'static str> = match kind {
        RoleKind::Azure => roles::iter().map(|role| role.name()).collect(),
        _ => directory_roles::all().iter().map(|role| role.name).collect(),
    };
    let near = |known: &&str| {
        known.len().abs_diff(wanted.len()) <= reach
            && strsim::osa_distance(&known.to_lowercase(), &wanted) <= reach
    };
    names.into_iter().find(near)
}
