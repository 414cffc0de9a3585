//! A waiver that names nothing in particular.

use crate::check::plan::{NameMatch, NamePattern, Qualifier, ScopeTest, Waiver, WhoTest};
use crate::diagnostic::{Diagnostic, code};
use crate::lint::Context;

pub(in crate::lint) fn run(context: &Context<'_>) -> Vec<Diagnostic> {
    context
        .plan
        .waivers
        .iter()
        .filter(|waiver| !is_particular(waiver))
        .map(|waiver| {
            Diagnostic::warning(
                code::D407,
                format!("this waives whatever `{}` finds, now and later", waiver.rule),
            )
            .at(waiver.span, "no clause names anything in particular")
            .help("name the holder, the scope or the finding")
        })
        .collect()
}

fn is_particular(waiver: &Waiver) -> bool {
    let who = waiver.principals.iter().flat_map(|principals| &principals.who).collect::<Vec<_>>();
    let scopes = waiver.scope.iter().flat_map(|clause| &clause.scopes).collect::<Vec<_>>();
    let by_who = !who.is_empty()
        && who.iter().all(|who| match who {
            WhoTest::Sub(entity) => {
                entity.filter.is_some() || names(&entity.names, entity.qualifier.as_deref())
            }
            WhoTest::Kind { names: list, qualifier, .. } => names(list, qualifier.as_deref()),
        });
    let by_scope = !scopes.is_empty()
        && scopes.iter().all(|scope| match scope {
            ScopeTest::Sub(entity) => {
                entity.filter.is_some() || names(&entity.names, entity.qualifier.as_deref())
            }
            ScopeTest::Level(test) => names(&test.names, test.qualifier.as_deref()),
        });
    let by_entity = waiver
        .entity
        .as_ref()
        .is_some_and(|entity| entity.filter.is_some() || names(&entity.names, entity.qualifier.as_deref()));
    !waiver.findings.is_empty() || by_who || by_scope || by_entity
}

/// Whether the names, or what qualifies them, mean something in particular.
fn names(list: &[NamePattern], qualifier: Option<&Qualifier>) -> bool {
    let exact = |name: &NamePattern| match &name.what {
        NameMatch::Guid(_) => true,
        NameMatch::Id(glob) | NameMatch::Name(glob) => glob.is_literal(),
    };
    let own = !list.is_empty() && list.iter().all(exact);
    own || qualifier.is_some_and(|qualifier| names(&qualifier.names, qualifier.next.as_deref()))
}
