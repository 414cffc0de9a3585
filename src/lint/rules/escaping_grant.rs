//! `at` or `within` named scopes, which a grant made above them escapes.

use crate::azure::scope::Level;
use crate::diagnostic::{Diagnostic, code};
use crate::inventory::Inventory;
use crate::lint::Context;
use crate::syntax::ast::{Noun, Preposition, Scope, ScopeClause, Selector, Statement};
use crate::text::Spanned;

pub(in crate::lint) fn run(context: &Context<'_>) -> Vec<Diagnostic> {
    let clauses = context.rules().into_iter().filter_map(|rule| match &rule.written.statement {
        // A count is about what is made there: limits are counted so.
        Statement::Select { selector: Selector::Grant(grant), count: None, .. } => grant.scope.as_ref(),
        _ => None,
    });
    clauses.filter_map(|clause| escaped(clause, context)).collect()
}

fn escaped(clause: &ScopeClause, context: &Context<'_>) -> Option<Diagnostic> {
    if clause.preposition.node == Preposition::On {
        return None;
    }
    // Who writes `or above` has thought of it.
    if clause.scopes.iter().any(|scope| matches!(scope, Scope::Level { or_above: Some(_), .. })) {
        return None;
    }
    let (level, text) = clause.scopes.iter().find_map(|scope| named(scope, context))?;
    let written = context.sources.slice(clause.at.0);
    let rest = written.strip_prefix(clause.preposition.node.word()).unwrap_or(written);
    let word = match clause.preposition.node {
        Preposition::At => "made exactly there",
        _ => "made there or inside",
    };
    let mut diagnostic =
        Diagnostic::warning(code::D402, format!("an assignment above `{text}` escapes this rule"))
            .at(clause.preposition.span, format!("{word}; what is made above is in force there too"));
    if let Some(inventory) = context.inventory
        && let Some(note) = above(inventory, level)
    {
        diagnostic = diagnostic.note(note);
    }
    let help = format!("write `on{rest}`, which means above, at or inside");
    Some(diagnostic.help(help).edit(clause.preposition.span, "on"))
}

/// The level of a scope that is meant in particular, and how it is written. A bare level is meant as a level: `at
/// subscription` finds what is made at one.
fn named(scope: &Scope, context: &Context<'_>) -> Option<(Spanned<Noun>, String)> {
    let (level, span) = match scope {
        Scope::Sub(entity) => (entity.noun, entity.at.0),
        Scope::Level { level, of_type, names, qualifier, at, .. } => {
            if of_type.is_empty() && names.is_empty() && qualifier.is_none() {
                return None;
            }
            (*level, at.0)
        }
    };
    (level.node != Noun::Root).then(|| (level, context.sources.slice(span).to_owned()))
}

/// How many assignments the inventory has above scopes of that level.
fn above(inventory: &Inventory, noun: Spanned<Noun>) -> Option<String> {
    let level = Level::ALL.into_iter().find(|level| level.name() == noun.node.word())?;
    let assignments = &inventory.assignments;
    let count = assignments.iter().filter(|&a| inventory.scopes.level(assignments.scope(a)) < level).count();
    let those = if count == 1 { "1 assignment is".to_owned() } else { format!("{count} assignments are") };
    (count > 0).then(|| format!("in this inventory {those} made above the level `{}`", level.name()))
}
