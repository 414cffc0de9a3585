//! Statements, selectors and their clauses as documents.

use super::expression::{access_text, expression, quoted};
use crate::syntax::ast::{
    Adjective, Also, AlsoPlace, Bound, Count, Entity, Extent, Filter, GrantHead, Granting, GroupKey, Number,
    Path, PathTarget, Pattern, Principals, Qualifier, RoleSet, Roles, Scope, ScopeClause, Selector,
    Statement, Who,
};
use crate::syntax::layout::{Doc, space, text};
use crate::text::Spanned;

pub(super) fn statement_start(statement: &Statement) -> u32 {
    match statement {
        Statement::Select { effect, .. } | Statement::Path { effect, .. } => effect.span.start,
        Statement::RequireSome(selector) | Statement::RequireEvery(selector, _) => selector_start(selector),
    }
}

pub(super) fn selector_start(selector: &Selector) -> u32 {
    match selector {
        Selector::Grant(grant) => grant.at.0.start,
        Selector::Entity(entity) => entity.at.0.start,
    }
}

pub(super) fn statement_doc(statement: &Statement) -> Vec<Doc> {
    let (mut docs, mut clauses) = (vec![], vec![]);
    match statement {
        Statement::Select { effect, selector, count } => {
            docs.push(text(format!("{} ", effect.node.word())));
            let (head, more) = selector_docs(selector);
            docs.extend(head);
            clauses.extend(more);
            clauses.extend(count.as_ref().map(|c| (c.at.0.start, count_doc(c))));
        }
        Statement::Path { effect, path } => {
            docs.push(text(format!("{} path from ", effect.node.word())));
            let (from, more) = path_docs(path);
            docs.extend(from);
            clauses.extend(more);
        }
        Statement::RequireSome(selector) => {
            docs.push(text("require some "));
            let (head, more) = selector_docs(selector);
            docs.extend(head);
            clauses.extend(more);
        }
        Statement::RequireEvery(selector, expr) => {
            docs.push(text("require every "));
            let (head, more) = selector_docs(selector);
            docs.extend(head);
            clauses.extend(more);
            clauses.push((expr.at.0.start, prefixed("to satisfy ", expression(expr))));
        }
    }
    clauses_after(docs, clauses)
}

/// Where a clause stands, and its text.
pub(super) type Clause = (u32, Vec<Doc>);

pub(super) fn clauses_after(mut head: Vec<Doc>, clauses: Vec<Clause>) -> Vec<Doc> {
    let inner = clauses.into_iter().flat_map(|(at, docs)| [space(at), Doc::Group(docs)]).collect();
    head.push(Doc::Nest(2, inner));
    head
}

pub(super) fn prefixed(word: &str, docs: Vec<Doc>) -> Vec<Doc> {
    let mut all = vec![text(word)];
    all.extend(docs);
    all
}

pub(super) fn selector_docs(selector: &Selector) -> (Vec<Doc>, Vec<Clause>) {
    match selector {
        Selector::Grant(grant) => {
            let mut clauses = vec![];
            clauses.extend(grant.scope.as_ref().map(|s| (s.at.0.start, scope_clause(s))));
            clauses
                .extend(grant.principals.as_ref().map(|p| (p.at.0.start, prefixed("for ", principals(p)))));
            clauses.extend(grant.also.as_ref().map(|a| (a.at.0.start, also(a))));
            clauses.extend(grant.filters.iter().map(filter));
            (grant_head(&grant.head), clauses)
        }
        Selector::Entity(e) => entity(e),
    }
}

pub(super) fn entity(entity: &Entity) -> (Vec<Doc>, Vec<Clause>) {
    let mut head = vec![text(entity.noun.node.word())];
    head.extend(named(&entity.of_type, &entity.names, entity.qualifier.as_deref()));
    let mut clauses: Vec<_> = entity.within.iter().map(|w| (w.at.0.start, scope_clause(w))).collect();
    clauses.extend(entity.filters.iter().map(filter));
    (vec![Doc::Group(head)], clauses)
}

pub(super) fn filter(filter: &Filter) -> Clause {
    let word = if filter.unless { "unless " } else { "where " };
    (filter.expr.at.0.start, prefixed(word, expression(&filter.expr)))
}

pub(super) fn grant_head(head: &GrantHead) -> Vec<Doc> {
    let mut words = adjectives(&head.adjectives);
    words.push_str(head.kind.node.word());
    let mut docs = vec![text(words)];
    if let Some(r) = &head.roles {
        docs.extend(roles(r));
    }
    vec![Doc::Group(docs)]
}

pub(super) fn adjectives<'a>(adjectives: impl IntoIterator<Item = &'a Spanned<Adjective>>) -> String {
    adjectives.into_iter().map(|a| format!("{} ", a.node.word())).collect()
}

pub(super) fn roles(roles: &Roles) -> Vec<Doc> {
    let mut docs = vec![];
    match &roles.set {
        Some(RoleSet::Patterns(list)) => {
            docs.push(text(" "));
            docs.push(patterns(list));
        }
        Some(RoleSet::Granting(Granting { extent, data, patterns: list })) => {
            let extent = match extent.node {
                Extent::Any => String::new(),
                other => format!("{} ", other.word()),
            };
            docs.push(text(format!(" granting {extent}{}", if *data { "data " } else { "" })));
            docs.push(patterns(list));
        }
        None => {}
    }
    if let Some(first) = roles.except.first() {
        docs.push(Doc::Nest(4, vec![space(first.span().start), text("except "), patterns(&roles.except)]));
    }
    docs
}

/// Members of a list, the first where the list begins, the others further in.
pub(super) fn listed(members: Vec<(u32, Vec<Doc>)>) -> Doc {
    let mut members = members.into_iter();
    let mut docs = members.next().map(|(_, first)| first).unwrap_or_default();
    let mut more = vec![];
    for (at, member) in members {
        more.push(text(","));
        more.push(space(at));
        more.extend(member);
    }
    docs.push(Doc::Nest(4, more));
    Doc::Group(docs)
}

pub(super) fn patterns(patterns: &[Pattern]) -> Doc {
    listed(patterns.iter().map(|p| (p.span().start, vec![pattern(p)])).collect())
}

pub(super) fn pattern(pattern: &Pattern) -> Doc {
    match pattern {
        Pattern::String(string) => quoted(string),
        other => text(other.text()),
    }
}

/// `[of type ...] [names] [in ...]`
pub(super) fn named(of_type: &[Pattern], names: &[Pattern], qualifier: Option<&Qualifier>) -> Vec<Doc> {
    let mut docs = vec![];
    if !of_type.is_empty() {
        docs.extend([text(" of type "), patterns(of_type)]);
    }
    if !names.is_empty() {
        docs.extend([text(" "), patterns(names)]);
    }
    let mut next = qualifier;
    while let Some(q) = next {
        let word = text(format!("in {} ", q.noun.node.word()));
        docs.push(Doc::Nest(4, vec![space(q.noun.span.start), word, patterns(&q.names)]));
        next = q.next.as_deref();
    }
    docs
}

pub(super) fn scope_clause(clause: &ScopeClause) -> Vec<Doc> {
    let mut docs = vec![text(format!("{} ", clause.preposition.node.word())), scopes(&clause.scopes)];
    if let Some(first) = clause.except.first() {
        docs.push(Doc::Nest(4, vec![space(scope_start(first)), text("except "), scopes(&clause.except)]));
    }
    docs
}

pub(super) fn scopes(scopes: &[Scope]) -> Doc {
    listed(scopes.iter().map(|s| (scope_start(s), scope(s))).collect())
}

pub(super) fn scope_start(scope: &Scope) -> u32 {
    match scope {
        Scope::Sub(entity) => entity.at.0.start,
        Scope::Level { at, .. } => at.0.start,
    }
}

pub(super) fn scope(scope: &Scope) -> Vec<Doc> {
    match scope {
        Scope::Sub(entity) => sub(entity),
        Scope::Level { level, of_type, names, qualifier, or_above, .. } => {
            let mut docs = vec![text(level.node.word())];
            docs.extend(named(of_type, names, qualifier.as_deref()));
            docs.extend(or_above.map(|_| text(" or above")));
            vec![Doc::Group(docs)]
        }
    }
}

pub(super) fn sub(inner: &Entity) -> Vec<Doc> {
    let (head, clauses) = entity(inner);
    let mut docs = vec![text("(")];
    docs.extend(clauses_after(head, clauses));
    docs.push(text(")"));
    vec![Doc::Group(docs)]
}

pub(super) fn principals(principals: &Principals) -> Vec<Doc> {
    let mut docs = vec![match principals.who.is_empty() {
        true => text("anyone"),
        false => who_list(&principals.who),
    }];
    if let Some(first) = principals.except.first() {
        docs.push(Doc::Nest(4, vec![space(who_start(first)), text("except "), who_list(&principals.except)]));
    }
    docs
}

pub(super) fn who_list(list: &[Who]) -> Doc {
    listed(list.iter().map(|w| (who_start(w), who(w))).collect())
}

pub(super) fn who_start(who: &Who) -> u32 {
    match who {
        Who::Sub(entity) => entity.at.0.start,
        Who::Kind { at, .. } => at.0.start,
    }
}

pub(super) fn who(who: &Who) -> Vec<Doc> {
    match who {
        Who::Sub(entity) => sub(entity),
        Who::Kind { kind, names, qualifier, .. } => {
            let mut docs = vec![text(kind.node.word())];
            docs.extend(named(&[], names, qualifier.as_deref()));
            vec![Doc::Group(docs)]
        }
    }
}

pub(super) fn also(also: &Also) -> Vec<Doc> {
    let mut docs = prefixed("also holding ", grant_head(&also.head));
    match &also.place {
        Some(AlsoPlace::Same(level)) => docs.push(text(format!(" on same {}", level.node.word()))),
        Some(AlsoPlace::Scope(clause)) => {
            docs.push(Doc::Nest(2, vec![space(clause.at.0.start), Doc::Group(scope_clause(clause))]));
        }
        None => {}
    }
    docs
}

pub(super) fn path_docs(path: &Path) -> (Vec<Doc>, Vec<Clause>) {
    let mut clauses = vec![];
    match &path.to {
        PathTarget::Grant(head, scope) => {
            let mut docs = prefixed("to ", grant_head(head));
            if let Some(clause) = scope {
                docs.push(Doc::Nest(2, vec![space(clause.at.0.start), Doc::Group(scope_clause(clause))]));
            }
            clauses.push((head.at.0.start, docs));
        }
        PathTarget::Principals(p) => clauses.push((p.at.0.start, prefixed("to ", principals(p)))),
    }
    clauses.extend(path.through.as_ref().map(|p| (p.at.0.start, prefixed("through ", principals(p)))));
    if let Some(first) = path.by.first() {
        let steps = path.by.iter().map(|s| (s.span.start, vec![text(s.node.word())])).collect();
        clauses.push((first.span.start, vec![text("by "), listed(steps)]));
    }
    if let Some(most) = &path.at_most {
        let unit = if most.node == 1 { "step" } else { "steps" };
        clauses.push((most.span.start, vec![text(format!("in at most {} {unit}", most.node))]));
    }
    clauses.extend(path.filters.iter().map(filter));
    (principals(&path.from), clauses)
}

pub(super) fn count_doc(count: &Count) -> Vec<Doc> {
    let bounds: Vec<_> = count.bounds.iter().map(bound).collect();
    let mut words = format!("if {}", bounds.join(" or "));
    if let Some(unit) = &count.unit {
        words.push_str(&format!(" {}", unit.node.word()));
    }
    let mut docs = vec![text(words)];
    if !count.per.is_empty() {
        let keys = count.per.iter().map(|key| match key {
            GroupKey::Noun(noun) => (noun.span.start, vec![text(noun.node.word())]),
            GroupKey::Access(access) => (access.root.span.start, vec![text(access_text(access))]),
        });
        docs.extend([text(" per "), listed(keys.collect())]);
    }
    docs
}

pub(super) fn bound(bound: &Bound) -> String {
    let word = if bound.more { "more" } else { "fewer" };
    match &bound.number {
        Number::Int(number) => format!("{word} than {}", number.node),
        Number::Name(name) => format!("{word} than {}", name.node),
    }
}
