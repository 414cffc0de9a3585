//! Tree and comments -> the one canonical layout; a statement -> its canonical text on one line.
//!
//! Clauses come in one order, a statement that does not fit on a line has one clause a line, lists that do not fit have
//! one member a line. Comments stay with what they stand before or behind; between statements one blank line is kept
//! where there was any.

use super::ast::{
    Access, AccessStep, Adjective, Also, AlsoPlace, Assign, Bound, Comment, Count, Entity, Expectation, Expr, ExprKind,
    Extent, Fact, FactValue, File, Filter, GrantHead, Granting, GroupKey, Header, IsWhat, Item, Literal, MatchPattern,
    Number, Path, PathTarget, Pattern, Principals, Qualifier, RoleSet, Roles, Rule, RuleRef, Scope, ScopeClause, Selector,
    Statement, Text, Uncaptured, Waive, Who,
};
use super::layout::{Doc, WIDTH, empty, flat, lines, space, text};
use super::lex::string_literal;
use super::parse::parse;
use crate::diagnostic::Diagnostic;
use crate::text::{Source, Sources, Span, Spanned};

/// The file of that index in the canonical layout.
///
/// # Errors
///
/// Its diagnostics, if there are any: a file that does not parse is not formatted.
pub fn formatted(sources: &Sources, file: usize) -> Result<String, Vec<Diagnostic>> {
    let parsed = parse(sources, file);
    if !parsed.diagnostics.is_empty() {
        return Err(parsed.diagnostics);
    }
    Ok(format(&parsed.file, sources.get(file)))
}

/// A tree in the canonical layout, with the comments and blank lines of its source.
pub fn format(file: &File, source: &Source) -> String {
    let mut page = Page { source, out: String::new(), end: source.base() };
    let mut items: Vec<(u32, u32, Vec<Doc>)> = vec![];
    if let Some(h) = &file.header {
        items.push((h.at.0.start, h.at.0.end, header(h)));
    }
    items.extend(file.items.iter().map(|i| (i.at().0.start, i.at().0.end, item(i))));
    let mut comments = file.comments.iter().peekable();
    let starts: Vec<u32> = items.iter().map(|(start, ..)| *start).chain([u32::MAX]).collect();
    for (i, (start, end, docs)) in items.into_iter().enumerate() {
        let next = starts[i + 1];
        while let Some(comment) = comments.next_if(|c| c.at.0.start < start) {
            page.comment(comment);
        }
        let margin = source.column(start);
        let mut own = vec![];
        let mut dangling = vec![];
        while let Some(comment) = comments.next_if(|c| c.at.0.start < end || c.trailing && c.at.0.start < next) {
            own.push(comment);
        }
        while let Some(comment) = comments.next_if(|c| c.at.0.start < next && source.column(c.at.0.start) > margin) {
            dangling.push(comment);
        }
        page.item(start, end, &docs, &own, &dangling);
    }
    for comment in comments {
        page.comment(comment);
    }
    page.out
}

/// The canonical text of a statement, on one line.
pub fn canonical(statement: &Statement) -> String {
    flat(&statement_doc(statement))
}

/// The canonical text of a selector, on one line.
pub fn canonical_selector(selector: &Selector) -> String {
    let (head, clauses) = selector_docs(selector);
    flat(&clauses_after(head, clauses))
}

/// The canonical text of an expression, on one line.
pub fn canonical_expression(expr: &Expr) -> String {
    flat(&expression(expr))
}

/// A text as an id: lower case, every run of other characters than letters and digits one `-`.
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// What has been written.
struct Page<'s> {
    source: &'s Source,
    out: String,
    /// Where what was written last ends in the source.
    end: u32,
}

impl Page<'_> {
    /// Keeps a blank line before what starts there.
    fn blank(&mut self, start: u32) {
        let between = self.source.slice(Span::new(self.end.min(start), start));
        if !self.out.is_empty() && between.matches('\n').count() > 1 {
            self.out.push('\n');
        }
    }

    fn comment(&mut self, comment: &Comment) {
        self.blank(comment.at.0.start);
        self.out.push_str(&format!("#{}\n", comment.text));
        self.end = comment.at.0.end;
    }

    fn item(&mut self, start: u32, end: u32, docs: &[Doc], own: &[&Comment], dangling: &[&Comment]) {
        self.blank(start);
        for line in lines(docs, start, own, WIDTH) {
            self.out.push_str(&line);
            self.out.push('\n');
        }
        self.end = own.last().map_or(end, |c| c.at.0.end.max(end));
        for comment in dangling {
            self.out.push_str(&format!("  #{}\n", comment.text));
            self.end = comment.at.0.end;
        }
    }
}

fn header(header: &Header) -> Vec<Doc> {
    let mut first = format!("policy {}", header.name.node);
    if let Some(edition) = &header.edition {
        first.push_str(&format!(" edition {}", edition.node));
    }
    let mut inner = vec![];
    inner.extend(header.title.iter().flat_map(|t| clause_line("title ", t)));
    inner.extend(header.source.iter().flat_map(|t| clause_line("source ", t)));
    vec![text(first), Doc::Nest(2, inner)]
}

/// A clause on a line of its own: a word and a string.
fn clause_line(word: &str, string: &Text) -> Vec<Doc> {
    vec![Doc::Line { at: string.span.start }, text(word), quoted(string)]
}

fn quoted(string: &Text) -> Doc {
    text(string_literal(&string.node))
}

fn item(item: &Item) -> Vec<Doc> {
    match item {
        Item::Use(u) => vec![text("use "), quoted(&u.path)],
        Item::Let(l) => {
            let mut inner = vec![];
            for (i, p) in l.patterns.iter().enumerate() {
                if i > 0 {
                    inner.push(text(","));
                }
                inner.push(space(p.span().start));
                inner.push(pattern(p));
            }
            inner.push(Doc::IfBroken(","));
            vec![text(format!("let {} =", l.name.node)), Doc::Group(vec![Doc::Nest(2, inner)])]
        }
        Item::Param(p) => {
            let mut line = format!("param {} = {}", p.name.node, literal(&p.default.node));
            if let Some((low, high)) = &p.bounds {
                line.push_str(&format!(" between {} and {}", literal(&low.node), literal(&high.node)));
            }
            vec![text(line)]
        }
        Item::Rule(r) => rule(r),
        Item::Waive(w) => waive(w),
        Item::Test(t) => {
            let mut first = format!("test {}", string_literal(&t.title.node));
            if let Some(day) = &t.as_of {
                first.push_str(&format!(" as of {}", literal(&day.node)));
            }
            let mut facts = vec![];
            for f in &t.facts {
                facts.push(Doc::Line { at: fact_start(f) });
                facts.push(Doc::Group(fact(f)));
            }
            let mut inner = vec![Doc::Line { at: t.given.0.start }, text("given"), Doc::Nest(2, facts)];
            for e in &t.expectations {
                inner.push(Doc::Line { at: e.at.0.start });
                inner.push(text(expectation(e)));
            }
            vec![text(first), Doc::Nest(2, inner)]
        }
    }
}

fn rule(rule: &Rule) -> Vec<Doc> {
    let sentence = Doc::Group(statement_doc(&rule.statement));
    let mut inner = vec![];
    let mut docs = vec![];
    match &rule.name {
        Some(name) => {
            docs.push(text(format!("rule {}", name.node)));
            inner.push(Doc::Line { at: statement_start(&rule.statement) });
            inner.push(sentence);
        }
        None => docs.push(sentence),
    }
    if let Some(severity) = &rule.severity {
        inner.push(Doc::Line { at: severity.span.start });
        inner.push(text(format!("severity {}", severity.node.word())));
    }
    inner.extend(strings("because", &rule.because, ""));
    inner.extend(strings("fix", &rule.fix, ""));
    inner.extend(strings("controls", &rule.controls, ","));
    docs.push(Doc::Nest(2, inner));
    docs
}

/// A clause with several strings: on one line if they fit, else one below the other.
fn strings(word: &str, strings: &[Text], separator: &str) -> Vec<Doc> {
    let Some(first) = strings.first() else { return vec![] };
    let mut inner = vec![text(format!("{word} ")), quoted(first)];
    let mut more = vec![];
    for string in &strings[1..] {
        more.push(text(separator));
        more.push(space(string.span.start));
        more.push(quoted(string));
    }
    inner.push(Doc::Nest(word.len() + 1, more));
    vec![Doc::Line { at: first.span.start }, Doc::Group(inner)]
}

fn statement_start(statement: &Statement) -> u32 {
    match statement {
        Statement::Select { effect, .. } | Statement::Path { effect, .. } => effect.span.start,
        Statement::RequireSome(selector) | Statement::RequireEvery(selector, _) => selector_start(selector),
    }
}

fn selector_start(selector: &Selector) -> u32 {
    match selector {
        Selector::Grant(grant) => grant.at.0.start,
        Selector::Entity(entity) => entity.at.0.start,
    }
}

fn statement_doc(statement: &Statement) -> Vec<Doc> {
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
type Clause = (u32, Vec<Doc>);

fn clauses_after(mut head: Vec<Doc>, clauses: Vec<Clause>) -> Vec<Doc> {
    let inner = clauses.into_iter().flat_map(|(at, docs)| [space(at), Doc::Group(docs)]).collect();
    head.push(Doc::Nest(2, inner));
    head
}

fn prefixed(word: &str, docs: Vec<Doc>) -> Vec<Doc> {
    let mut all = vec![text(word)];
    all.extend(docs);
    all
}

fn selector_docs(selector: &Selector) -> (Vec<Doc>, Vec<Clause>) {
    match selector {
        Selector::Grant(grant) => {
            let mut clauses = vec![];
            clauses.extend(grant.scope.as_ref().map(|s| (s.at.0.start, scope_clause(s))));
            clauses.extend(grant.principals.as_ref().map(|p| (p.at.0.start, prefixed("for ", principals(p)))));
            clauses.extend(grant.also.as_ref().map(|a| (a.at.0.start, also(a))));
            clauses.extend(grant.filters.iter().map(filter));
            (grant_head(&grant.head), clauses)
        }
        Selector::Entity(e) => entity(e),
    }
}

fn entity(entity: &Entity) -> (Vec<Doc>, Vec<Clause>) {
    let mut head = vec![text(entity.noun.node.word())];
    head.extend(named(&entity.of_type, &entity.names, entity.qualifier.as_deref()));
    let mut clauses: Vec<_> = entity.within.iter().map(|w| (w.at.0.start, scope_clause(w))).collect();
    clauses.extend(entity.filters.iter().map(filter));
    (vec![Doc::Group(head)], clauses)
}

fn filter(filter: &Filter) -> Clause {
    let word = if filter.unless { "unless " } else { "where " };
    (filter.expr.at.0.start, prefixed(word, expression(&filter.expr)))
}

fn grant_head(head: &GrantHead) -> Vec<Doc> {
    let mut words = adjectives(&head.adjectives);
    words.push_str(head.kind.node.word());
    let mut docs = vec![text(words)];
    if let Some(r) = &head.roles {
        docs.extend(roles(r));
    }
    vec![Doc::Group(docs)]
}

fn adjectives<'a>(adjectives: impl IntoIterator<Item = &'a Spanned<Adjective>>) -> String {
    adjectives.into_iter().map(|a| format!("{} ", a.node.word())).collect()
}

fn roles(roles: &Roles) -> Vec<Doc> {
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
fn listed(members: Vec<(u32, Vec<Doc>)>) -> Doc {
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

fn patterns(patterns: &[Pattern]) -> Doc {
    listed(patterns.iter().map(|p| (p.span().start, vec![pattern(p)])).collect())
}

fn pattern(pattern: &Pattern) -> Doc {
    match pattern {
        Pattern::String(string) => quoted(string),
        other => text(other.text()),
    }
}

/// `[of type ...] [names] [in ...]`
fn named(of_type: &[Pattern], names: &[Pattern], qualifier: Option<&Qualifier>) -> Vec<Doc> {
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

fn scope_clause(clause: &ScopeClause) -> Vec<Doc> {
    let mut docs = vec![text(format!("{} ", clause.preposition.node.word())), scopes(&clause.scopes)];
    if let Some(first) = clause.except.first() {
        docs.push(Doc::Nest(4, vec![space(scope_start(first)), text("except "), scopes(&clause.except)]));
    }
    docs
}

fn scopes(scopes: &[Scope]) -> Doc {
    listed(scopes.iter().map(|s| (scope_start(s), scope(s))).collect())
}

fn scope_start(scope: &Scope) -> u32 {
    match scope {
        Scope::Sub(entity) => entity.at.0.start,
        Scope::Level { at, .. } => at.0.start,
    }
}

fn scope(scope: &Scope) -> Vec<Doc> {
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

fn sub(inner: &Entity) -> Vec<Doc> {
    let (head, clauses) = entity(inner);
    let mut docs = vec![text("(")];
    docs.extend(clauses_after(head, clauses));
    docs.push(text(")"));
    vec![Doc::Group(docs)]
}

fn principals(principals: &Principals) -> Vec<Doc> {
    let mut docs = vec![match principals.who.is_empty() {
        true => text("anyone"),
        false => who_list(&principals.who),
    }];
    if let Some(first) = principals.except.first() {
        docs.push(Doc::Nest(4, vec![space(who_start(first)), text("except "), who_list(&principals.except)]));
    }
    docs
}

fn who_list(list: &[Who]) -> Doc {
    listed(list.iter().map(|w| (who_start(w), who(w))).collect())
}

fn who_start(who: &Who) -> u32 {
    match who {
        Who::Sub(entity) => entity.at.0.start,
        Who::Kind { at, .. } => at.0.start,
    }
}

fn who(who: &Who) -> Vec<Doc> {
    match who {
        Who::Sub(entity) => sub(entity),
        Who::Kind { kind, names, qualifier, .. } => {
            let mut docs = vec![text(kind.node.word())];
            docs.extend(named(&[], names, qualifier.as_deref()));
            vec![Doc::Group(docs)]
        }
    }
}

fn also(also: &Also) -> Vec<Doc> {
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

fn path_docs(path: &Path) -> (Vec<Doc>, Vec<Clause>) {
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

fn count_doc(count: &Count) -> Vec<Doc> {
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

fn bound(bound: &Bound) -> String {
    let word = if bound.more { "more" } else { "fewer" };
    match &bound.number {
        Number::Int(number) => format!("{word} than {}", number.node),
        Number::Name(name) => format!("{word} than {}", name.node),
    }
}

fn rule_reference(reference: &RuleRef) -> String {
    match &reference.policy {
        Some(policy) => format!("{}/{}", policy.node, reference.rule.node),
        None => reference.rule.node.clone(),
    }
}

fn waive(waive: &Waive) -> Vec<Doc> {
    let mut inner = vec![];
    let mut clause = |at: u32, docs: Vec<Doc>| {
        inner.push(Doc::Line { at });
        inner.push(Doc::Group(docs));
    };
    if let Some(p) = &waive.principals {
        clause(p.at.0.start, prefixed("for ", principals(p)));
    }
    if let Some(s) = &waive.scope {
        clause(s.at.0.start, scope_clause(s));
    }
    if let Some(e) = &waive.entity {
        let (head, clauses) = entity(e);
        clause(e.at.0.start, prefixed("of ", clauses_after(head, clauses)));
    }
    for finding in &waive.findings {
        clause(finding.span.start, vec![text("finding "), quoted(finding)]);
    }
    clause(waive.until.span.start, vec![text(format!("until {}", literal(&waive.until.node)))]);
    inner.extend(strings("because", &waive.because, ""));
    let named = [("requested by ", &waive.requested_by), ("ticket ", &waive.ticket)];
    let [requested, ticket] = named.map(|(word, string)| string.as_ref().map(|s| clause_line(word, s)));
    inner.extend(requested.into_iter().flatten());
    inner.extend(clause_line("approved by ", &waive.approved_by));
    inner.extend(ticket.into_iter().flatten());
    vec![text(format!("waive {}", rule_reference(&waive.rule))), Doc::Nest(2, inner)]
}

fn fact_start(fact: &Fact) -> u32 {
    match fact {
        Fact::Grant { at, .. } | Fact::Entity { at, .. } | Fact::Uncaptured { at, .. } => at.0.start,
    }
}

fn fact(fact: &Fact) -> Vec<Doc> {
    match fact {
        Fact::Grant { adjective, kind, role, scope, principals: who, with, .. } => {
            let words = format!("{}{} ", adjectives(adjective), kind.node.word());
            let head = vec![text(words), pattern(role)];
            let mut clauses: Vec<Clause> = vec![];
            clauses.extend(scope.as_ref().map(|s| (s.at.0.start, scope_clause(s))));
            clauses.push((who.at.0.start, prefixed("for ", principals(who))));
            clauses.extend(with_clause(with));
            clauses_after(head, clauses)
        }
        Fact::Entity { noun, name, links, with, .. } => {
            let head = vec![text(format!("{} ", noun.node.word())), quoted(name)];
            let mut clauses: Vec<Clause> = vec![];
            for link in links {
                let words = format!("{} {} ", link.relation.node.word(), link.noun.node.word());
                clauses.push((link.relation.span.start, vec![text(words), quoted(&link.name)]));
            }
            clauses.extend(with_clause(with));
            clauses_after(head, clauses)
        }
        Fact::Uncaptured { what, scope, .. } => {
            let words = match what {
                Uncaptured::Grant(adjective, kind) => format!("{}{}", adjectives(adjective), kind.node.word()),
                Uncaptured::Noun(noun, None) => noun.node.word().to_owned(),
                Uncaptured::Noun(noun, Some(attribute)) => format!("{}.{}", noun.node.word(), attribute.node),
            };
            let clauses = scope.iter().map(|s| (s.at.0.start, scope_clause(s))).collect();
            clauses_after(vec![text(format!("uncaptured {words}"))], clauses)
        }
    }
}

fn with_clause(with: &[Assign]) -> Option<Clause> {
    let first = with.first()?.path.root.span.start;
    let mut inner = vec![];
    for assign in with {
        inner.push(space(assign.path.root.span.start));
        inner.push(text(format!("{} = ", access_text(&assign.path))));
        inner.push(match &assign.value.node {
            FactValue::Literal(value) => text(literal(value)),
            FactValue::Bool(value) => text(value.to_string()),
            FactValue::Unknown => text("unknown"),
            FactValue::List(values) => bracketed(
                values.iter().map(|v| (v.span.start, vec![text(literal(&v.node))])).collect(),
                assign.value.span.end,
            ),
        });
    }
    let end = with.last().map_or(first, |last| last.value.span.end);
    Some((first, vec![text("with {"), Doc::Nest(2, inner), space(end), text("}")]))
}

/// `[a, b]`; `end` is where the bracket ends in the source.
fn bracketed(members: Vec<(u32, Vec<Doc>)>, end: u32) -> Doc {
    if members.is_empty() {
        return text("[]");
    }
    let mut inner = vec![];
    for (i, (at, member)) in members.into_iter().enumerate() {
        if i > 0 {
            inner.push(text(","));
        }
        inner.push(if i > 0 { space(at) } else { empty(at) });
        inner.extend(member);
    }
    Doc::Group(vec![text("["), Doc::Nest(2, inner), empty(end.saturating_sub(1)), text("]")])
}

fn expectation(expectation: &Expectation) -> String {
    let outcome = expectation.outcome.node;
    let be = match outcome {
        super::ast::Outcome::Unknown | super::ast::Outcome::Waived => "be ",
        _ => "",
    };
    let mut line = format!("expect {} to {be}{}", rule_reference(&expectation.rule), outcome.word());
    if let Some((noun, name)) = &expectation.subject {
        line.push_str(&format!(" {} {}", noun.node.word(), string_literal(&name.node)));
    }
    line
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Date { year, month, day } => format!("{year:04}-{month:02}-{day:02}"),
        Literal::Duration { count: 1, unit } => format!("1 {}", unit.word().trim_end_matches('s')),
        Literal::Duration { count, unit } => format!("{count} {}", unit.word()),
        Literal::Int(number) => number.to_string(),
        Literal::String(value) => string_literal(value),
    }
}

fn access_text(access: &Access) -> String {
    let mut out = access.root.node.clone();
    for step in &access.steps {
        match step {
            AccessStep::Attr(name) => out.push_str(&format!(".{}", name.node)),
            AccessStep::Key(key) => out.push_str(&format!("[{}]", string_literal(&key.node))),
        }
    }
    out
}

fn joined(operands: &[Expr], word: &str) -> Vec<Doc> {
    let mut operands = operands.iter();
    let mut docs = operands.next().map(expression).unwrap_or_default();
    let mut more = vec![];
    for operand in operands {
        more.extend([space(operand.at.0.start), text(word)]);
        more.extend(expression(operand));
    }
    docs.push(Doc::Nest(2, more));
    vec![Doc::Group(docs)]
}

/// Two operands and what stands between them.
fn between(left: &Expr, word: &str, right: &Expr) -> Vec<Doc> {
    let mut docs = expression(left);
    docs.push(text(format!(" {word} ")));
    docs.extend(expression(right));
    docs
}

fn expression(expr: &Expr) -> Vec<Doc> {
    match &expr.kind {
        ExprKind::Or(operands) => joined(operands, "or "),
        ExprKind::And(operands) => joined(operands, "and "),
        ExprKind::Not(operand) => prefixed("not ", expression(operand)),
        ExprKind::Quantified { quantifier, variable, list, body } => {
            let mut docs = vec![text(format!("{} {} in ", quantifier.node.word(), variable.node))];
            docs.extend(expression(list));
            let satisfies = prefixed("satisfies ", expression(body));
            docs.push(Doc::Nest(2, [vec![space(body.at.0.start)], satisfies].concat()));
            vec![Doc::Group(docs)]
        }
        ExprKind::Compare(operator, left, right) => between(left, operator.node.word(), right),
        ExprKind::In { negated, element, list } => between(element, if *negated { "not in" } else { "in" }, list),
        ExprKind::Contains(left, right) => between(left, "contains", right),
        ExprKind::Matches(left, what) => {
            let mut docs = expression(left);
            docs.push(text(" matches "));
            docs.push(match what {
                MatchPattern::Glob(glob) => quoted(glob),
                MatchPattern::Regex(regex) => text(regex_literal(&regex.node)),
                MatchPattern::Name(name) => text(name.node.as_str()),
            });
            docs
        }
        ExprKind::Is { subject, negated, what } => {
            let mut docs = expression(subject);
            let what = match what.node {
                IsWhat::Empty => "empty",
                IsWhat::Known => "known",
                IsWhat::Present => "present",
                IsWhat::Kind(kind) => kind.word(),
            };
            docs.push(text(format!(" is {}{what}", if *negated { "not " } else { "" })));
            docs
        }
        ExprKind::Sum { minus, left, right } => between(left, if *minus { "-" } else { "+" }, right),
        ExprKind::Paren(inner) => parenthesised("", expression(inner), inner.at.0.start, expr.at.0.end),
        ExprKind::Literal(value) => vec![text(literal(value))],
        ExprKind::Bool(value) => vec![text(value.to_string())],
        ExprKind::Today => vec![text("today")],
        ExprKind::List(elements) => {
            let members = elements.iter().map(|e| (e.at.0.start, expression(e))).collect();
            vec![bracketed(members, expr.at.0.end)]
        }
        ExprKind::CountList(list) => parenthesised("count", expression(list), list.at.0.start, expr.at.0.end),
        ExprKind::CountWhere { variable, list, body } => {
            let mut inner = vec![text(format!("{} in ", variable.node))];
            inner.extend(expression(list));
            inner.extend([space(body.at.0.start), text("where ")]);
            inner.extend(expression(body));
            parenthesised("count", inner, variable.span.start, expr.at.0.end)
        }
        ExprKind::Age(date) => parenthesised("age", expression(date), date.at.0.start, expr.at.0.end),
        ExprKind::Access(access) => vec![text(access_text(access))],
    }
}

fn parenthesised(word: &str, docs: Vec<Doc>, start: u32, end: u32) -> Vec<Doc> {
    let inner = Doc::Nest(2, [vec![empty(start)], docs].concat());
    vec![Doc::Group(vec![text(format!("{word}(")), inner, empty(end.saturating_sub(1)), text(")")])]
}

fn regex_literal(value: &str) -> String {
    let mut literal = String::with_capacity(value.len() + 2);
    literal.push('/');
    let mut letters = value.chars();
    while let Some(c) = letters.next() {
        match c {
            '/' => literal.push_str("\\/"),
            '\\' => {
                literal.push('\\');
                literal.extend(letters.next());
            }
            c => literal.push(c),
        }
    }
    literal.push('/');
    literal
}
