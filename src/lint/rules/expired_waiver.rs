//! A waiver whose last day is over.

use crate::diagnostic::{Diagnostic, code};
use crate::lint::Context;

pub(in crate::lint) fn run(context: &Context<'_>) -> Vec<Diagnostic> {
    let Some(as_of) = context.as_of else { return vec![] };
    let expired = context.plan.waivers.iter().filter(|waiver| waiver.ends <= as_of);
    expired
        .map(|waiver| {
            Diagnostic::warning(
                code::D408,
                format!("this waiver of `{}` ended with {}", waiver.rule, waiver.until),
            )
            .at(waiver.span, "waives nothing any more")
            .help("remove it, or have it approved again with a new date")
        })
        .collect()
}
