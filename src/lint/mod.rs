//! What a policy probably does not mean: it runs, and a reader would be surprised by what it does.
//!
//! One rule a file in `rules/`, one table that lists them.

mod parts;
mod rules;

use crate::check::CheckedFile;
use crate::check::plan::{self, Plan};
use crate::diagnostic::{Code, Diagnostic, code};
use crate::inventory::Inventory;
use crate::syntax::ast::{Item, Rule};
use crate::text::Sources;

/// A lint: its name (that of its file), its code, and how it is found.
pub struct Lint {
    /// The name of its file in `lint/rules/`.
    pub name: &'static str,
    /// Its code.
    pub code: Code,
    run: fn(&Context<'_>) -> Vec<Diagnostic>,
}

macro_rules! lints {
    ($($name:ident $code:ident),* $(,)?) => {
        /// Every lint, in the order of the codes.
        pub const LINTS: &[Lint] =
            &[$(Lint { name: stringify!($name), code: code::$code, run: rules::$name::run }),*];
    };
}

lints! {
    unused_set D401,
    escaping_grant D402,
    exemption_by_tag D403,
    exemption_by_name D404,
    subsumed_rule D405,
    constant_condition D406,
    wildcard_waiver D407,
    expired_waiver D408,
    imitating_role D409,
    unknown_role D410,
    known_in_deny D411,
    built_in_as_custom D412,
}

/// What lints look at.
struct Context<'a> {
    files: &'a [CheckedFile],
    plan: &'a Plan,
    sources: &'a Sources,
    inventory: Option<&'a Inventory>,
    as_of: Option<i64>,
}

/// A rule as it is written and as it is run.
#[derive(Clone, Copy)]
struct Both<'a> {
    written: &'a Rule,
    run: &'a plan::Rule,
    file: usize,
}

impl<'a> Context<'a> {
    /// The rules that are run, in the order of the plan.
    fn rules(&self) -> Vec<Both<'a>> {
        let mut run = self.plan.rules.iter().peekable();
        let mut out = vec![];
        for (file, checked) in self.files.iter().enumerate() {
            for item in &checked.file.items {
                let Item::Rule(written) = item else { continue };
                let inside = |rule: &&plan::Rule| {
                    written.at.0.start <= rule.span.start && rule.span.end <= written.at.0.end
                };
                // A plan is in the order of the files and of the text.
                if let Some(run) = run.next_if(inside) {
                    out.push(Both { written, run, file });
                }
            }
        }
        out
    }
}

/// All warnings about files that were checked, in the order of the text; those about an inventory last.
///
/// Without an inventory, what needs one is left out; without `as_of` (seconds since 1970-01-01 UTC), expiry.
pub fn lint(
    files: &[CheckedFile],
    plan: &Plan,
    sources: &Sources,
    inventory: Option<&Inventory>,
    as_of: Option<i64>,
) -> Vec<Diagnostic> {
    let context = Context { files, plan, sources, inventory, as_of };
    let mut found: Vec<Diagnostic> = LINTS.iter().flat_map(|lint| (lint.run)(&context)).collect();
    found.sort_by_key(|diagnostic| diagnostic.span().map_or(u32::MAX, |span| span.start));
    found
}
