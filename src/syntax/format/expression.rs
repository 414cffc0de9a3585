//! Expressions and values as documents.

use super::sentence::prefixed;
use crate::syntax::ast::{Access, AccessStep, Expr, ExprKind, IsWhat, Literal, MatchPattern, Text};
use crate::syntax::layout::{Doc, empty, space, text};
use crate::syntax::lex::string_literal;

/// A string as a literal.
pub(super) fn quoted(string: &Text) -> Doc {
    text(string_literal(&string.node))
}

/// `[a, b]`; `end` is where the bracket ends in the source.
pub(super) fn bracketed(members: Vec<(u32, Vec<Doc>)>, end: u32) -> Doc {
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

pub(super) fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Date { year, month, day } => format!("{year:04}-{month:02}-{day:02}"),
        Literal::Duration { count: 1, unit } => format!("1 {}", unit.word().trim_end_matches('s')),
        Literal::Duration { count, unit } => format!("{count} {}", unit.word()),
        Literal::Int(number) => number.to_string(),
        Literal::String(value) => string_literal(value),
    }
}

pub(super) fn access_text(access: &Access) -> String {
    let mut out = access.root.node.clone();
    for step in &access.steps {
        match step {
            AccessStep::Attr(name) => out.push_str(&format!(".{}", name.node)),
            AccessStep::Key(key) => out.push_str(&format!("[{}]", string_literal(&key.node))),
        }
    }
    out
}

/// Operands, all but the first with the word before them and so much further in.
pub(super) fn joined(operands: &[Expr], word: &str, further: usize) -> Vec<Doc> {
    let mut operands = operands.iter();
    let mut docs = operands.next().map(expression).unwrap_or_default();
    let mut more = vec![];
    for operand in operands {
        more.extend([space(operand.at.0.start), text(word)]);
        more.extend(expression(operand));
    }
    docs.push(Doc::Nest(further, more));
    docs
}

/// Two operands and what stands between them.
pub(super) fn between(left: &Expr, word: &str, right: &Expr) -> Vec<Doc> {
    let mut docs = expression(left);
    docs.push(text(format!(" {word} ")));
    docs.extend(expression(right));
    docs
}

pub(super) fn expression(expr: &Expr) -> Vec<Doc> {
    match &expr.kind {
        ExprKind::Or(operands) => vec![Doc::Group(joined(operands, "or ", 2))],
        ExprKind::And(operands) => vec![Doc::Group(joined(operands, "and ", 2))],
        ExprKind::Not(operand) => prefixed("not ", expression(operand)),
        ExprKind::Quantified { quantifier, variable, list, body } => {
            let mut docs = vec![text(format!("{} {} in ", quantifier.node.word(), variable.node))];
            docs.extend(expression(list));
            let satisfies = prefixed("satisfies ", expression(body));
            docs.push(Doc::Nest(2, [vec![space(body.at.0.start)], satisfies].concat()));
            vec![Doc::Group(docs)]
        }
        ExprKind::Compare(operator, left, right) => between(left, operator.node.word(), right),
        ExprKind::In { negated, element, list } => {
            between(element, if *negated { "not in" } else { "in" }, list)
        }
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
        ExprKind::Paren(inner) => {
            let docs = match &inner.kind {
                ExprKind::Or(operands) => joined(operands, "or ", 0),
                ExprKind::And(operands) => joined(operands, "and ", 0),
                _ => expression(inner),
            };
            parenthesised("", docs, inner.at.0.start, expr.at.0.end)
        }
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

pub(super) fn parenthesised(word: &str, docs: Vec<Doc>, start: u32, end: u32) -> Vec<Doc> {
    let inner = Doc::Nest(2, [vec![empty(start)], docs].concat());
    vec![Doc::Group(vec![text(format!("{word}(")), inner, empty(end.saturating_sub(1)), text(")")])]
}

pub(super) fn regex_literal(value: &str) -> String {
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
