//! Rules to expressions and literals.

use super::node::Node;
use super::{Built, Rule, say};
use crate::diagnostic::{Diagnostic, code};
use crate::syntax::ast::{
    Access, AccessStep, Comparison, DurationUnit, Expr, ExprKind, IsWhat, Literal, MatchPattern, Noun,
    Number, Quantifier,
};
use crate::syntax::lex::string_value;
use crate::text::{At, Spanned};

/// An expression.
pub(super) fn expression(node: Node) -> Built<Expr> {
    let at = At(node.span());
    let mut operands = vec![];
    for kid in node.kids() {
        if kid.rule() == Rule::and_expr {
            operands.push(conjunction(kid)?);
        }
    }
    if operands.len() == 1 {
        return Ok(operands.remove(0));
    }
    if let Some(mixed) = operands.iter().position(|o| matches!(o.kind, ExprKind::And(_))) {
        return Err(mixed_operators(&operands, mixed));
    }
    Ok(Expr { kind: ExprKind::Or(operands), at })
}

fn mixed_operators(operands: &[Expr], mixed: usize) -> Box<Diagnostic> {
    say(Diagnostic::error(code::D031, "`and` beside `or` needs parentheses")
        .at(operands[mixed].at.0, "does this belong together?")
        .note("readers disagree about which of the two binds tighter, so here neither does")
        .help("put parentheses around what belongs together: `(A and B) or C`, or `A and (B or C)`"))
}

fn conjunction(node: Node) -> Built<Expr> {
    let at = At(node.span());
    let mut operands = vec![];
    for kid in node.kids() {
        if kid.rule() == Rule::not_expr {
            operands.push(negatable(kid)?);
        }
    }
    if operands.len() == 1 {
        return Ok(operands.remove(0));
    }
    Ok(Expr { kind: ExprKind::And(operands), at })
}

fn negatable(node: Node) -> Built<Expr> {
    let inner = node.first();
    let at = At(inner.span());
    let kind = match inner.rule() {
        Rule::negation => {
            let mut kids = inner.kids();
            kids.demand();
            ExprKind::Not(Box::new(negatable(kids.demand())?))
        }
        Rule::quantified => {
            let mut kids = inner.kids();
            let quantifier = kids.demand().first().word(Quantifier::from_word);
            let variable = kids.demand().ident();
            kids.demand();
            let list = Box::new(sum(kids.demand())?);
            kids.demand();
            let body = Box::new(negatable(kids.demand())?);
            ExprKind::Quantified { quantifier, variable, list, body }
        }
        _ => return compare(inner),
    };
    Ok(Expr { kind, at })
}

fn compare(node: Node) -> Built<Expr> {
    let at = At(node.span());
    let mut kids = node.kids();
    let left = sum(kids.demand())?;
    let Some(tail) = kids.next() else { return Ok(left) };
    let rule = tail.rule();
    let mut parts = tail.kids();
    let left = Box::new(left);
    let kind = match rule {
        Rule::comparison => {
            let operator = parts.demand().word(Comparison::from_word);
            ExprKind::Compare(operator, left, Box::new(sum(parts.demand())?))
        }
        Rule::membership => {
            let negated = parts.optional(Rule::kw_not).is_some();
            parts.demand();
            ExprKind::In { negated, element: left, list: Box::new(sum(parts.demand())?) }
        }
        Rule::contains => {
            parts.demand();
            ExprKind::Contains(left, Box::new(sum(parts.demand())?))
        }
        Rule::matches => {
            parts.demand();
            ExprKind::Matches(left, match_pattern(parts.demand()))
        }
        _ => {
            parts.demand();
            let negated = parts.optional(Rule::kw_not).is_some();
            let what = parts.demand();
            let word = what.clone().first();
            let asked = match word.rule() {
                Rule::kw_empty => IsWhat::Empty,
                Rule::kw_known => IsWhat::Known,
                Rule::kw_present => IsWhat::Present,
                _ => IsWhat::Kind(word.word(Noun::from_word).node),
            };
            ExprKind::Is { subject: left, negated, what: what.with(asked) }
        }
    };
    Ok(Expr { kind, at })
}

fn match_pattern(node: Node) -> MatchPattern {
    match node.rule() {
        Rule::string => MatchPattern::Glob(node.with(string_value(node.text()))),
        Rule::regex => MatchPattern::Regex(node.with(regex_value(node.text()))),
        _ => MatchPattern::Name(node.ident()),
    }
}

/// A regular expression without its slashes, `\/` read as `/`.
fn regex_value(literal: &str) -> String {
    let mut value = String::with_capacity(literal.len());
    let mut letters = literal[1..literal.len() - 1].chars();
    while let Some(c) = letters.next() {
        if c != '\\' {
            value.push(c);
            continue;
        }
        match letters.next() {
            Some('/') => value.push('/'),
            Some(escaped) => value.extend(['\\', escaped]),
            None => value.push('\\'),
        }
    }
    value
}

fn sum(node: Node) -> Built<Expr> {
    let mut kids = node.kids();
    let mut left = atom(kids.demand())?;
    while let Some(sign) = kids.next() {
        let right = atom(kids.demand())?;
        let at = At(left.at.0.to(right.at.0));
        let kind = ExprKind::Sum { minus: sign.text() == "-", left: Box::new(left), right: Box::new(right) };
        left = Expr { kind, at };
    }
    Ok(left)
}

fn atom(node: Node) -> Built<Expr> {
    let inner = node.first();
    let at = At(inner.span());
    let kind = match inner.rule() {
        Rule::literal => ExprKind::Literal(literal(inner)?.node),
        Rule::kw_true => ExprKind::Bool(true),
        Rule::kw_false => ExprKind::Bool(false),
        Rule::today => ExprKind::Today,
        Rule::paren => {
            let mut kids = inner.kids();
            kids.demand();
            ExprKind::Paren(Box::new(expression(kids.demand())?))
        }
        Rule::list => {
            let elements = inner.kids().filter(|kid| kid.rule() == Rule::sum);
            ExprKind::List(elements.map(sum).collect::<Result<_, _>>()?)
        }
        Rule::count_call => count_call(inner)?,
        Rule::age_call => {
            let mut kids = inner.kids();
            kids.demand();
            kids.demand();
            ExprKind::Age(Box::new(expression(kids.demand())?))
        }
        _ => ExprKind::Access(access(inner)?),
    };
    Ok(Expr { kind, at })
}

fn count_call(node: Node) -> Built<ExprKind> {
    let mut kids = node.kids();
    kids.demand();
    kids.demand();
    let counted = expression(kids.demand())?;
    if kids.optional(Rule::kw_where).is_none() {
        return Ok(ExprKind::CountList(Box::new(counted)));
    }
    let body = Box::new(expression(kids.demand())?);
    let span = counted.at.0;
    if let ExprKind::In { negated: false, element, list } = counted.kind
        && let ExprKind::Access(Access { root, steps }) = element.kind
        && steps.is_empty()
    {
        return Ok(ExprKind::CountWhere { variable: root, list, body });
    }
    Err(say(Diagnostic::error(code::D001, "`count(... where ...)` counts the elements of a list by a name")
        .at(span, "expected `NAME in LIST`")
        .help("write `count(x in resource.identities where x.name matches \"mi-*\")`")))
}

/// A name and what is read of it.
pub(super) fn access(node: Node) -> Built<Access> {
    let mut kids = node.kids();
    let root = kids.demand().ident();
    if let Some(rest) = root.node.strip_prefix("today-") {
        return Err(say(Diagnostic::error(code::D014, format!("`{}` is read as one name", root.node))
            .at(root.span, "`today` is reserved and can't be part of it")
            .help(format!("put spaces around the minus sign: `today - {rest}`"))
            .edit(root.span, format!("today - {rest}"))));
    }
    let steps = kids.map(|step| access_step(step.first())).collect();
    Ok(Access { root, steps })
}

/// One step of an access.
pub(super) fn access_step(node: Node) -> AccessStep {
    let rule = node.rule();
    let mut kids = node.kids();
    kids.demand();
    let step = kids.demand();
    match rule {
        Rule::attribute_step => AccessStep::Attr(step.ident()),
        _ => AccessStep::Key(step.with(string_value(step.text()))),
    }
}

/// A number, or the parameter that holds it.
pub(super) fn name_number(node: Node) -> Built<Number> {
    Ok(match node.rule() {
        Rule::int => Number::Int(integer(&node)?),
        _ => Number::Name(node.ident()),
    })
}

/// A whole number.
pub(super) fn integer(node: &Node) -> Built<Spanned<u64>> {
    match node.text().parse::<u64>() {
        Ok(number) if number <= i64::MAX as u64 => Ok(node.with(number)),
        _ => Err(say(Diagnostic::error(code::D008, "this number is too large")
            .at(node.span(), format!("{} at most", i64::MAX)))),
    }
}

/// A literal.
pub(super) fn literal(node: Node) -> Built<Spanned<Literal>> {
    let span = node.span();
    let inner = node.first();
    let literal = match inner.rule() {
        Rule::date => return date(&inner),
        Rule::duration => {
            let mut kids = inner.kids();
            let count = integer(&kids.demand())?.node;
            let unit = match kids.demand().first().rule() {
                Rule::kw_hour | Rule::kw_hours => DurationUnit::Hours,
                Rule::kw_day | Rule::kw_days => DurationUnit::Days,
                _ => DurationUnit::Weeks,
            };
            if count > 100_000_000 {
                return Err(say(Diagnostic::error(code::D008, "this duration is too long")
                    .at(span, "100000000 hours, days or weeks at most")));
            }
            Literal::Duration { count, unit }
        }
        Rule::int => Literal::Int(integer(&inner)?.node),
        _ => Literal::String(string_value(inner.text())),
    };
    Ok(Spanned::new(literal, span))
}

/// A day that exists.
pub(super) fn date(node: &Node) -> Built<Spanned<Literal>> {
    let mut parts = node.text().split('-');
    let mut part = |length: usize| {
        parts.next().filter(|digits| digits.len() == length).and_then(|digits| digits.parse::<i16>().ok())
    };
    let wrong = |label: &str| {
        say(Diagnostic::error(code::D006, format!("`{}` is not a date", node.text()))
            .at(node.span(), label)
            .help("dates are written yyyy-mm-dd: `2027-03-31`"))
    };
    let (Some(year), Some(month), Some(day)) = (part(4), part(2), part(2)) else {
        return Err(wrong("four digits, two and two"));
    };
    let (month, day) = (month as i8, day as i8);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return Err(wrong("there are twelve months")),
    };
    if year < 1 {
        return Err(wrong("there is no such year"));
    }
    if day < 1 || day > days {
        return Err(wrong(&format!("that month has {days} days")));
    }
    Ok(node.with(Literal::Date { year, month, day }))
}
