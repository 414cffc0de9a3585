//! An exemption that whoever may write tags can take.

use crate::diagnostic::{Diagnostic, code};
use crate::lint::{Context, parts};

pub(in crate::lint) fn run(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = vec![];
    for rule in context.rules() {
        for filter in parts::of_statement(&rule.written.statement).filters {
            // What an exception leaves out by `unless` is found after all.
            if filter.excepted == filter.part.unless {
                continue;
            }
            if let Some(span) = parts::tag_read(&filter.part.expr) {
                found.push(
                    Diagnostic::warning(code::D403, "whoever may write this tag is exempt from the rule")
                        .at(span, "tags are written with many roles that decide about no policy")
                        .help("exempt by object id or by full resource id, which nobody can choose"),
                );
            }
        }
    }
    found
}
