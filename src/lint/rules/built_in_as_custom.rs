//! `custom role Owner`: a built-in role is never a custom one, whatever a custom one is called.

use crate::azure::{directory_roles, roles};
use crate::check::plan::{Grant, RoleMatch, RoleName, RoleSet, Selector, Statement};
use crate::diagnostic::{Diagnostic, code};
use crate::inventory::RoleKind;
use crate::lint::Context;

pub(in crate::lint) fn run(context: &Context<'_>) -> Vec<Diagnostic> {
    let grants = context.plan.rules.iter().filter_map(|rule| match &rule.statement {
        Statement::Select(Selector::Grant(grant), _)
        | Statement::RequireSome(Selector::Grant(grant))
        | Statement::RequireEvery(Selector::Grant(grant), _) => Some(grant),
        _ => None,
    });
    grants.filter_map(|grant| never(grant)).collect()
}

fn never(grant: &Grant) -> Option<Diagnostic> {
    let Some(RoleSet::Names(names)) = &grant.roles.set else { return None };
    let first = names
        .first()
        .filter(|_| grant.adjectives.custom && names.iter().all(|name| is_built_in(grant.kind, name)))?;
    Some(
        Diagnostic::warning(code::D412, format!("{} is built in, so no custom role is meant", first.written))
            .at(first.span, "a built-in role, whatever custom roles are called")
            .help("leave `custom` out, or name custom roles"),
    )
}

fn is_built_in(kind: RoleKind, name: &RoleName) -> bool {
    match (&name.what, kind) {
        (RoleMatch::Guid(guid), RoleKind::Azure) => roles::by_guid(*guid).is_some(),
        (RoleMatch::Guid(guid), RoleKind::Directory) => directory_roles::by_template(*guid).is_some(),
        _ => false,
    }
}
