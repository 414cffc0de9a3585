//! Header, sets, parameters, rules, waivers and tests as documents.

use super::expression::{access_text, bracketed, literal, quoted};
use super::sentence::{
    Clause, adjectives, clauses_after, entity, pattern, prefixed, principals, scope_clause, statement_doc,
    statement_start,
};
use crate::syntax::ast::{
    Assign, Expectation, Fact, FactValue, Header, Item, Outcome, Rule, RuleRef, Text, Uncaptured, Waive,
};
use crate::syntax::layout::{Doc, space, text};
use crate::syntax::lex::string_literal;

pub(super) fn header(header: &Header) -> Vec<Doc> {
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
pub(super) fn clause_line(word: &str, string: &Text) -> Vec<Doc> {
    vec![Doc::Line { at: string.span.start }, text(word), quoted(string)]
}

pub(super) fn item(item: &Item) -> Vec<Doc> {
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

pub(super) fn rule(rule: &Rule) -> Vec<Doc> {
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
pub(super) fn strings(word: &str, strings: &[Text], separator: &str) -> Vec<Doc> {
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

pub(super) fn rule_reference(reference: &RuleRef) -> String {
    match &reference.policy {
        Some(policy) => format!("{}/{}", policy.node, reference.rule.node),
        None => reference.rule.node.clone(),
    }
}

pub(super) fn waive(waive: &Waive) -> Vec<Doc> {
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

pub(super) fn fact_start(fact: &Fact) -> u32 {
    match fact {
        Fact::Grant { at, .. } | Fact::Entity { at, .. } | Fact::Uncaptured { at, .. } => at.0.start,
    }
}

pub(super) fn fact(fact: &Fact) -> Vec<Doc> {
    match fact {
        Fact::Grant { adjective, kind, role, scope, principals: who, with, at } => {
            let words = format!("{}{} ", adjectives(adjective), kind.node.word());
            let head = vec![text(words), pattern(role)];
            let mut clauses: Vec<Clause> = vec![];
            clauses.extend(scope.as_ref().map(|s| (s.at.0.start, scope_clause(s))));
            clauses.push((who.at.0.start, prefixed("for ", principals(who))));
            clauses.extend(with_clause(with, at.0.end));
            clauses_after(head, clauses)
        }
        Fact::Entity { noun, name, links, with, at } => {
            let head = vec![text(format!("{} ", noun.node.word())), quoted(name)];
            let mut clauses: Vec<Clause> = vec![];
            for link in links {
                let words = format!("{} {} ", link.relation.node.word(), link.noun.node.word());
                clauses.push((link.relation.span.start, vec![text(words), quoted(&link.name)]));
            }
            clauses.extend(with_clause(with, at.0.end));
            clauses_after(head, clauses)
        }
        Fact::Uncaptured { what, scope, .. } => {
            let words = match what {
                Uncaptured::Grant(adjective, kind) => {
                    format!("{}{}", adjectives(adjective), kind.node.word())
                }
                Uncaptured::Noun(noun, None) => noun.node.word().to_owned(),
                Uncaptured::Noun(noun, Some(attribute)) => format!("{}.{}", noun.node.word(), attribute.node),
            };
            let clauses = scope.iter().map(|s| (s.at.0.start, scope_clause(s))).collect();
            clauses_after(vec![text(format!("uncaptured {words}"))], clauses)
        }
    }
}

/// `with { ... }`; `end` is where its fact ends.
pub(super) fn with_clause(with: &[Assign], end: u32) -> Option<Clause> {
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
    // In the canonical order the brace ends the fact.
    let last = with.last().map_or(first, |last| last.value.span.end);
    let brace = end.saturating_sub(1).max(last);
    Some((first, vec![text("with {"), Doc::Nest(2, inner), space(brace), text("}")]))
}

pub(super) fn expectation(expectation: &Expectation) -> String {
    let outcome = expectation.outcome.node;
    let be = match outcome {
        Outcome::Unknown | Outcome::Waived => "be ",
        _ => "",
    };
    let mut line = format!("expect {} to {be}{}", rule_reference(&expectation.rule), outcome.word());
    if let Some((noun, name)) = &expectation.subject {
        line.push_str(&format!(" {} {}", noun.node.word(), string_literal(&name.node)));
    }
    line
}
