//! `is known` where not knowing should block.

use crate::diagnostic::{Diagnostic, code};
use crate::lint::{Context, parts};
use crate::syntax::ast::{Effect, ExprKind, IsWhat, Statement};

pub(in crate::lint) fn run(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = vec![];
    for rule in context.rules() {
        let Statement::Select { effect, .. } = &rule.written.statement else { continue };
        if effect.node != Effect::Deny {
            continue;
        }
        let filters = parts::of_statement(&rule.written.statement).filters;
        for filter in filters.into_iter().filter(|filter| !filter.excepted && !filter.part.unless) {
            for part in parts::conjuncts(&filter.part.expr) {
                if let ExprKind::Is { what, negated: false, .. } = &part.kind
                    && what.node == IsWhat::Known
                {
                    found.push(
                        Diagnostic::warning(code::D411, "what was not captured makes this rule pass")
                            .at(part.at.0, "without this it is unknown, and blocks")
                            .help("leave it out, unless passing is meant"),
                    );
                }
            }
        }
    }
    found
}
