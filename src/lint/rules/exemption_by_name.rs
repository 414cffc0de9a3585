//! An exemption by a name that somebody else can have as well.

use crate::diagnostic::{Diagnostic, code};
use crate::inventory::{Inventory, same_name};
use crate::lint::{Context, parts};
use crate::syntax::ast::{Noun, Pattern, Qualifier, Scope, Who};
use crate::text::Span;

pub(in crate::lint) fn run(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = vec![];
    for rule in context.rules() {
        let parts = parts::of_statement(&rule.written.statement);
        for who in parts.excepted_who {
            let Who::Kind { kind, names, qualifier, .. } = who else { continue };
            let own = names.iter().find_map(|name| weak(kind.node, name, qualifier.as_deref()));
            if let Some(span) = own {
                found.push(warning(context, kind.node, span));
            } else if let Some((noun, span)) = weak_qualifier(qualifier.as_deref()) {
                found.push(warning(context, noun, span));
            }
        }
        for scope in parts.excepted_scopes {
            let Scope::Level { level, names, qualifier, .. } = scope else { continue };
            if let Some(span) = names.iter().find_map(|name| weak(level.node, name, qualifier.as_deref())) {
                found.push(warning(context, level.node, span));
            }
        }
    }
    found
}

/// Where the name stands, if others can have it too. What a set or parameter holds is for whoever fills it.
fn weak(noun: Noun, name: &Pattern, qualifier: Option<&Qualifier>) -> Option<Span> {
    let text = match name {
        Pattern::String(text) | Pattern::Proper(text) => text,
        Pattern::Guid(_) | Pattern::Name(_) => return None,
    };
    if text.node.starts_with('/') || crate::azure::Guid::parse(&text.node).is_some() {
        return None;
    }
    let has_wildcard = text.node.contains(['*', '?']);
    let unique = match noun {
        // A user principal name, the name of a management group.
        Noun::User | Noun::Guest | Noun::ManagementGroup | Noun::Subscription => true,
        Noun::SystemAssigned | Noun::UserAssigned | Noun::ManagedIdentity | Noun::Resource => {
            holds(qualifier, Noun::ResourceGroup) && holds(qualifier, Noun::Subscription)
        }
        Noun::ResourceGroup => holds(qualifier, Noun::Subscription),
        _ => false,
    };
    (has_wildcard || !unique).then_some(text.span)
}

/// A group that a qualifier names: whoever makes another one of that name exempts its members.
fn weak_qualifier(qualifier: Option<&Qualifier>) -> Option<(Noun, Span)> {
    let group = qualifier.filter(|qualifier| qualifier.noun.node == Noun::Group)?;
    group.names.iter().find_map(|name| weak(Noun::Group, name, None)).map(|span| (Noun::Group, span))
}

fn holds(mut qualifier: Option<&Qualifier>, noun: Noun) -> bool {
    while let Some(inner) = qualifier {
        if inner.noun.node == noun {
            return true;
        }
        qualifier = inner.next.as_deref();
    }
    false
}

fn warning(context: &Context<'_>, noun: Noun, span: Span) -> Diagnostic {
    let text = context.sources.slice(span).trim_matches('"').to_owned();
    let diagnostic = Diagnostic::warning(
        code::D404,
        format!("every {} of this name is exempt from the rule", noun.word()),
    )
    .at(
        span,
        if text.contains(['*', '?']) {
            "whoever chooses the name chooses the exemption"
        } else {
            "not a unique name"
        },
    );
    let ids = context
        .inventory
        .filter(|_| noun.is_kind())
        .map(|inventory| ids(inventory, &text))
        .unwrap_or_default();
    match (ids.as_slice(), noun) {
        ([id], _) => diagnostic
            .note(format!("in this inventory it is {id}"))
            .help(format!("write \"{id}\", which nobody can choose"))
            .edit(span, format!("\"{id}\"")),
        (_, Noun::UserAssigned | Noun::SystemAssigned | Noun::ManagedIdentity) => diagnostic.help(
            "write its object id or full resource id, or say where it is: in resource_group \"...\" in subscription \"...\"",
        ),
        (_, noun) if noun.is_level() => diagnostic.help("write its full id, or say where it is: in subscription \"...\""),
        _ => diagnostic.help("write its object id, which nobody can choose"),
    }
}

/// The object ids of those that have the name.
fn ids(inventory: &Inventory, name: &str) -> Vec<String> {
    let principals = &inventory.principals;
    let named = |symbol| same_name(inventory.names.get(symbol), name);
    let ids = principals.iter().filter(|&principal| principals.display(principal).is_some_and(named));
    ids.filter_map(|principal| principals.guid(principal)).map(|guid| guid.to_string()).collect()
}
