//! What is known of an access while an expression is read: what stands left of it in the same `and` (or, negated, in the
//! same `or`) has been decided.

use crate::inventory::schema::Noun;
use crate::syntax::ast::{Access, AccessStep, Expr, ExprKind, IsWhat};

/// One thing that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fact {
    /// The access is present, and so is everything on the way to it.
    Present(Vec<String>),
    /// The access is of that noun.
    Kind(Vec<String>, Noun),
}

/// What is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts(Vec<Fact>);

/// The access as a path of words, so that equal accesses are equal keys. Tag names don't know letter case.
pub(super) fn key(access: &Access) -> Vec<String> {
    let steps = access.steps.iter().map(|step| match step {
        AccessStep::Attr(name) => name.node.clone(),
        AccessStep::Key(text) => format!("[{}]", text.node.to_lowercase()),
    });
    std::iter::once(access.root.node.clone()).chain(steps).collect()
}

impl Facts {
    /// Whether the access, or a longer one that begins with it, is known to be present.
    pub(super) fn is_present(&self, prefix: &[String]) -> bool {
        self.0.iter().any(|fact| matches!(fact, Fact::Present(path) if path.starts_with(prefix)))
    }

    /// The narrowest noun that the access is known to be of.
    pub(super) fn kind(&self, path: &[String]) -> Option<Noun> {
        self.0
            .iter()
            .filter_map(|fact| match fact {
                Fact::Kind(known, noun) if known == path => Some(*noun),
                _ => None,
            })
            .next_back()
    }

    /// With what follows from `expr` being `truth`.
    #[must_use]
    pub(super) fn with(&self, expr: &Expr, truth: bool) -> Facts {
        let mut facts = self.clone();
        facts.learn(expr, truth);
        facts
    }

    /// Adds what follows from `expr` being `truth`.
    pub(super) fn learn(&mut self, expr: &Expr, truth: bool) {
        match &expr.kind {
            ExprKind::Paren(inner) => self.learn(inner, truth),
            ExprKind::Not(inner) => self.learn(inner, !truth),
            ExprKind::And(parts) if truth => parts.iter().for_each(|part| self.learn(part, true)),
            ExprKind::Or(parts) if !truth => parts.iter().for_each(|part| self.learn(part, false)),
            ExprKind::Is { subject, negated, what } if *negated != truth => {
                let Some(access) = access(subject) else { return };
                match what.node {
                    IsWhat::Present => self.0.push(Fact::Present(key(access))),
                    IsWhat::Kind(kind) => {
                        if let Some(noun) = Noun::from_word(kind.word()) {
                            self.0.push(Fact::Kind(key(access), noun));
                        }
                    }
                    IsWhat::Empty | IsWhat::Known => {}
                }
            }
            _ => {}
        }
    }
}

fn access(expr: &Expr) -> Option<&Access> {
    match &expr.kind {
        ExprKind::Access(access) => Some(access),
        ExprKind::Paren(inner) => access(inner),
        _ => None,
    }
}
