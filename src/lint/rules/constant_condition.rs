//! A condition that does not depend on the inventory.

use crate::diagnostic::{Diagnostic, code};
use crate::lint::{Context, parts};
use crate::syntax::ast::{Access, Comparison, Expr, ExprKind, Literal};

pub(in crate::lint) fn run(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = vec![];
    for rule in context.rules() {
        let parts = parts::of_statement(&rule.written.statement);
        for expr in parts.filters.iter().map(|filter| &filter.part.expr).chain(parts.satisfy) {
            found.extend(parts::conjuncts(expr).into_iter().filter_map(literal));
            parts::each(expr, &mut |expr| {
                if let Some(value) = constant(expr) {
                    found.push(warning(expr, value));
                }
            });
        }
    }
    found
}

fn warning(expr: &Expr, value: bool) -> Diagnostic {
    Diagnostic::warning(code::D406, format!("this is always {value}"))
        .at(expr.at.0, "whatever the inventory holds")
        .help(if value { "leave it out" } else { "say what was meant" })
}

/// `where true`
fn literal(expr: &Expr) -> Option<Diagnostic> {
    match bare(expr).kind {
        ExprKind::Bool(value) => Some(warning(expr, value)),
        _ => None,
    }
}

/// The value of a condition that is always the same.
fn constant(expr: &Expr) -> Option<bool> {
    match &expr.kind {
        ExprKind::Compare(comparison, left, right) => {
            let (left, right) = (bare(left), bare(right));
            let equal = match (&left.kind, &right.kind) {
                (ExprKind::Literal(a), ExprKind::Literal(b)) => return decided(comparison.node, a, b),
                (ExprKind::Bool(a), ExprKind::Bool(b)) => a == b,
                // Of what may be absent `x == x` is false; nobody means to ask that either.
                (ExprKind::Access(a), ExprKind::Access(b)) if a == b => true,
                _ => return None,
            };
            match comparison.node {
                Comparison::Equal | Comparison::LessOrEqual | Comparison::GreaterOrEqual => Some(equal),
                Comparison::NotEqual => Some(!equal),
                Comparison::Less | Comparison::Greater => Some(false),
            }
        }
        ExprKind::Or(parts) => {
            parts.iter().any(|part| matches!(bare(part).kind, ExprKind::Bool(true))).then_some(true)
        }
        ExprKind::And(parts) => contradiction(parts),
        _ => None,
    }
}

fn decided(comparison: Comparison, a: &Literal, b: &Literal) -> Option<bool> {
    match comparison {
        Comparison::Equal => Some(a == b),
        Comparison::NotEqual => Some(a != b),
        _ => {
            let (a, b) = (amount(a)?, amount(b)?);
            Some(match comparison {
                Comparison::Less => a < b,
                Comparison::LessOrEqual => a <= b,
                Comparison::Greater => a > b,
                _ => a >= b,
            })
        }
    }
}

fn amount(literal: &Literal) -> Option<(i64, u64)> {
    match literal {
        Literal::Int(n) => Some((0, *n)),
        Literal::Duration { count, unit } => Some((0, count.checked_mul(unit.seconds())?)),
        Literal::Date { year, month, day } => {
            Some((i64::from(*year), u64::from(month.unsigned_abs()) * 32 + u64::from(day.unsigned_abs())))
        }
        Literal::String(_) => None,
    }
}

/// `x == "a" and x == "b"`
fn contradiction(parts: &[Expr]) -> Option<bool> {
    let mut said: Vec<(&Access, &Literal)> = vec![];
    for part in parts {
        let ExprKind::Compare(comparison, left, right) = &bare(part).kind else { continue };
        if comparison.node != Comparison::Equal {
            continue;
        }
        let (ExprKind::Access(access), ExprKind::Literal(literal)) = (&bare(left).kind, &bare(right).kind)
        else {
            continue;
        };
        if access.steps.is_empty() {
            continue;
        }
        let differs = |other: &Literal| match (other, literal) {
            (Literal::String(a), Literal::String(b)) => a.to_lowercase() != b.to_lowercase(),
            (a, b) => a != b,
        };
        if said.iter().any(|(other, value)| *other == access && differs(value)) {
            return Some(false);
        }
        said.push((access, literal));
    }
    None
}

fn bare(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Paren(inner) => bare(inner),
        _ => expr,
    }
}
