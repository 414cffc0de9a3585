//! Expressions (language.md 3), over values that may be absent or unknown.

use super::clauses;
use super::glob;
use super::truth::Truth::{self, No, Unknown, Yes};
use super::values;
use super::world::{Who, World};
use dictum::syntax::ast::{
    self, AccessStep, Comparison, Expr, ExprKind, IsWhat, Literal, MatchPattern, Quantifier,
};
use std::collections::BTreeMap;

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// Not captured.
    Unknown,
    /// Captured: there is none.
    Absent,
    Truth(Truth),
    /// A number, or (where members may be missing) what it lies between.
    Count {
        low: i64,
        high: Option<i64>,
    },
    /// Compared without case.
    Name(String),
    /// Compared with case.
    Text(String),
    Date(i64),
    Duration(i64),
    List {
        items: Vec<Value>,
        /// More may exist than were captured.
        open: bool,
    },
    Map(BTreeMap<String, String>),
    Assignment(usize),
    Role(String),
    Scope(String),
    Principal(Who),
    /// Application, whether a password, which one.
    Secret(usize, bool, usize),
    Federated(usize),
    Application(usize),
    Tenant,
    /// A path, by the least and the most steps that it may have.
    Path {
        low: i64,
        high: Option<i64>,
    },
    /// A role at a scope.
    Target(String, String),
}

pub(crate) type Binding = (String, Value);

impl Value {
    pub(crate) fn int(n: i64) -> Value {
        Value::Count { low: n, high: Some(n) }
    }
    pub(crate) fn truth(&self) -> Truth {
        match self {
            Value::Truth(truth) => *truth,
            Value::Unknown => Unknown,
            Value::Absent => No,
            other => panic!("not a truth value: {other:?}"),
        }
    }
}

pub(crate) fn literal(value: &Literal) -> Value {
    match value {
        Literal::Date { year, month, day } => {
            let date = jiff::civil::date(*year, *month, *day).to_zoned(jiff::tz::TimeZone::UTC);
            Value::Date(date.expect("a date of the calendar").timestamp().as_second())
        }
        Literal::Duration { count, unit } => Value::Duration((count * unit.seconds()) as i64),
        Literal::Int(n) => Value::int(*n as i64),
        Literal::String(text) => Value::Text(text.clone()),
    }
}

fn equal(a: &Value, b: &Value) -> Truth {
    use Value::*;
    match (a, b) {
        (Absent, _) | (_, Absent) => No,
        (Value::Unknown, _) | (_, Value::Unknown) => self::Unknown,
        (Truth(a), Truth(b)) => match (a, b) {
            (self::Unknown, _) | (_, self::Unknown) => self::Unknown,
            _ => (a == b).into(),
        },
        (Count { low: a, high: Some(b) }, Count { low: c, high: Some(d) }) if a == b && c == d => {
            (a == c).into()
        }
        (Count { .. }, Count { .. }) => {
            order(a, b, |a, b| a <= b).and(order(a, b, |a, b| a >= b)) // decided only where they can't meet
        }
        (Name(a) | Text(a), Name(b)) | (Name(a), Text(b)) => (a.to_lowercase() == b.to_lowercase()).into(),
        (Text(a), Text(b)) => (a == b).into(),
        (Principal(Who::Id(a)), Principal(Who::Id(b))) => (a == b).into(),
        (Principal(_), Principal(_)) => self::Unknown,
        (a, b) => (a == b).into(),
    }
}

/// Whether the order holds for every, no or some of the numbers that the two may be.
fn order(a: &Value, b: &Value, holds: fn(i64, i64) -> bool) -> Truth {
    use Value::*;
    match (a, b) {
        (Absent, _) | (_, Absent) => No,
        (Value::Unknown, _) | (_, Value::Unknown) => self::Unknown,
        (Date(a), Date(b)) | (Duration(a), Duration(b)) => holds(*a, *b).into(),
        (Count { low: a, high: b }, Count { low: c, high: d }) => {
            let far = i64::MAX / 2;
            let ends = [
                (*a, *c),
                (*a, d.unwrap_or(far)),
                (b.unwrap_or(far), *c),
                (b.unwrap_or(far), d.unwrap_or(far)),
            ];
            if ends.iter().all(|(a, b)| holds(*a, *b)) {
                Yes
            } else if ends.iter().all(|(a, b)| !holds(*a, *b)) {
                No
            } else {
                self::Unknown
            }
        }
        _ => panic!("no order between {a:?} and {b:?}"),
    }
}

fn sum(minus: bool, a: &Value, b: &Value) -> Value {
    let sign = if minus { -1 } else { 1 };
    match (a, b) {
        (Value::Absent, _) | (_, Value::Absent) => Value::Absent,
        (Value::Unknown, _) | (_, Value::Unknown) => Value::Unknown,
        (Value::Date(a), Value::Date(b)) => Value::Duration(a + sign * b),
        (Value::Date(a), Value::Duration(b)) | (Value::Duration(b), Value::Date(a)) => {
            Value::Date(a + sign * b)
        }
        (Value::Duration(a), Value::Duration(b)) => Value::Duration(a + sign * b),
        (Value::Count { low: a, high: Some(_) }, Value::Count { low: b, high: Some(_) }) => {
            Value::int(a + sign * b)
        }
        _ => panic!("no sum of {a:?} and {b:?}"),
    }
}

/// The members of a list, and whether more may exist; an absent list has none.
fn members(value: &Value) -> (Vec<Value>, bool) {
    match value {
        Value::List { items, open } => (items.clone(), *open),
        Value::Absent => (vec![], false),
        Value::Unknown => (vec![], true),
        other => panic!("not a list: {other:?}"),
    }
}

fn is_member(list: &Value, element: &Value) -> Truth {
    let (items, open) = members(list);
    if *element == Value::Absent {
        return No;
    }
    Truth::any_open(items.iter().map(|item| equal(item, element)), open)
}

fn matches(world: &World<'_>, value: &Value, pattern: &MatchPattern) -> Truth {
    let text = match value {
        Value::Absent => return No,
        Value::Unknown => return Unknown,
        Value::Name(text) | Value::Text(text) => text,
        other => panic!("not a text: {other:?}"),
    };
    match pattern {
        MatchPattern::Glob(pattern) => glob::matches(&pattern.node, text).into(),
        MatchPattern::Name(name) => {
            let patterns = clauses::texts(world, &[ast::Pattern::Name(name.clone())]);
            patterns.iter().any(|pattern| glob::matches(pattern, text)).into()
        }
        MatchPattern::Regex(regex) => {
            let whole = format!("^(?:{})$", regex.node.replace("\\/", "/"));
            regex::Regex::new(&whole).expect("a regex that the checker accepts").is_match(text).into()
        }
    }
}

fn is(world: &World<'_>, value: &Value, what: IsWhat) -> Truth {
    match what {
        IsWhat::Known => match value {
            Value::Unknown | Value::Truth(Unknown) | Value::List { open: true, .. } => No,
            Value::Count { low, high } => (*high == Some(*low)).into(),
            _ => Yes,
        },
        IsWhat::Present => match value {
            Value::Unknown | Value::Truth(Unknown) => Unknown,
            Value::Absent => No,
            _ => Yes,
        },
        IsWhat::Empty => match value {
            Value::Unknown => Unknown,
            Value::Map(map) => map.is_empty().into(),
            Value::Text(text) | Value::Name(text) => text.is_empty().into(),
            list => {
                let (items, open) = members(list);
                if !items.is_empty() {
                    No
                } else if open {
                    Unknown
                } else {
                    Yes
                }
            }
        },
        IsWhat::Kind(noun) => match value {
            Value::Principal(who) => world.is_kind(who, noun),
            Value::Unknown => Unknown,
            _ => No,
        },
    }
}

pub(crate) fn evaluate(world: &World<'_>, bindings: &[Binding], expr: &Expr) -> Value {
    let value = |expr: &Expr| evaluate(world, bindings, expr);
    let truth = |expr: &Expr| evaluate(world, bindings, expr).truth();
    let with = |name: &str, item: Value| {
        let mut more = bindings.to_vec();
        more.push((name.to_owned(), item));
        more
    };
    match &expr.kind {
        ExprKind::Or(all) => Value::Truth(Truth::any(all.iter().map(truth))),
        ExprKind::And(all) => Value::Truth(Truth::all(all.iter().map(truth))),
        ExprKind::Not(inner) => Value::Truth(truth(inner).not()),
        ExprKind::Paren(inner) => value(inner),
        ExprKind::Quantified { quantifier, variable, list, body } => {
            let (items, open) = members(&value(list));
            let each: Vec<Truth> = items
                .into_iter()
                .map(|item| evaluate(world, &with(&variable.node, item), body).truth())
                .collect();
            Value::Truth(match quantifier.node {
                Quantifier::Some => Truth::any_open(each, open),
                Quantifier::No => Truth::any_open(each, open).not(),
                Quantifier::Every => Truth::any_open(each.into_iter().map(Truth::not), open).not(),
            })
        }
        ExprKind::Compare(comparison, a, b) => {
            let (a, b) = (value(a), value(b));
            Value::Truth(match comparison.node {
                Comparison::Equal => equal(&a, &b),
                Comparison::NotEqual => equal(&a, &b).not(),
                Comparison::Less => order(&a, &b, |a, b| a < b),
                Comparison::LessOrEqual => order(&a, &b, |a, b| a <= b),
                Comparison::Greater => order(&a, &b, |a, b| a > b),
                Comparison::GreaterOrEqual => order(&a, &b, |a, b| a >= b),
            })
        }
        ExprKind::In { negated, element, list } => {
            let found = is_member(&value(list), &value(element));
            Value::Truth(if *negated { found.not() } else { found })
        }
        ExprKind::Contains(list, element) => {
            let (list, element) = (value(list), value(element));
            Value::Truth(match (&list, &element) {
                (Value::Text(text), Value::Text(part)) => text.contains(part.as_str()).into(),
                _ => is_member(&list, &element),
            })
        }
        ExprKind::Matches(subject, pattern) => Value::Truth(matches(world, &value(subject), pattern)),
        ExprKind::Is { subject, negated, what } => {
            let truth = is(world, &value(subject), what.node);
            Value::Truth(if *negated { truth.not() } else { truth })
        }
        ExprKind::Sum { minus, left, right } => sum(*minus, &value(left), &value(right)),
        ExprKind::Literal(x) => literal(x),
        ExprKind::Bool(x) => Value::Truth((*x).into()),
        ExprKind::Today => Value::Date(world.tenant.time),
        ExprKind::List(all) => Value::List { items: all.iter().map(value).collect(), open: false },
        ExprKind::CountList(list) => {
            let (items, open) = members(&value(list));
            let low = items.len() as i64;
            Value::Count { low, high: (!open).then_some(low) }
        }
        ExprKind::CountWhere { variable, list, body } => {
            let (items, open) = members(&value(list));
            let each: Vec<Truth> = items
                .into_iter()
                .map(|item| evaluate(world, &with(&variable.node, item), body).truth())
                .collect();
            let low = each.iter().filter(|truth| **truth == Yes).count() as i64;
            let high = each.iter().filter(|truth| **truth != No).count() as i64;
            Value::Count { low, high: (!open).then_some(high) }
        }
        ExprKind::Age(date) => sum(true, &Value::Date(world.tenant.time), &value(date)),
        ExprKind::Access(access) => read(world, bindings, access),
    }
}

/// What `root.attr["key"]` comes to.
pub(crate) fn read(world: &World<'_>, bindings: &[Binding], access: &ast::Access) -> Value {
    let root = &access.root.node;
    let mut value = match bindings.iter().rev().find(|(name, _)| name == root) {
        Some((_, value)) => value.clone(),
        None => match (world.params.get(root), world.sets.get(root)) {
            (Some(param), _) => literal(param),
            (None, Some(set)) => {
                let items = clauses::texts(world, set).into_iter().map(Value::Text).collect();
                Value::List { items, open: false }
            }
            (None, None) => panic!("nothing is called {root}"),
        },
    };
    for step in &access.steps {
        value = match step {
            AccessStep::Attr(name) => values::attribute(world, &value, &name.node),
            AccessStep::Key(key) => match &value {
                Value::Map(map) => {
                    let found = map.iter().find(|(name, _)| name.to_lowercase() == key.node.to_lowercase());
                    found.map_or(Value::Absent, |(_, text)| Value::Text(text.clone()))
                }
                Value::Absent => Value::Absent,
                _ => Value::Unknown,
            },
        };
    }
    value
}

/// `where` and `unless`: all must hold, none of the latter may.
pub(crate) fn filters(world: &World<'_>, bindings: &[Binding], filters: &[ast::Filter]) -> Truth {
    Truth::all(filters.iter().map(|filter| {
        let truth = evaluate(world, bindings, &filter.expr).truth();
        if filter.unless { truth.not() } else { truth }
    }))
}
