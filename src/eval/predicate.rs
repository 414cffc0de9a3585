//! Expressions: Kleene logic over values that may be absent or unknown.

use super::Evaluator;
use super::read::HELD;
use super::value::{List, Range, RoleValue, Value};
use crate::check::plan::{Comparison, Constant, Expr, PathPart, Quantifier, Slot};
use crate::inventory::{Entity, Missing, Truth, same_name};
use std::borrow::Cow;
use std::cmp::Ordering;

/// What the slots of an expression hold.
#[derive(Clone, Default)]
pub(super) struct Env<'a> {
    slots: Vec<Option<Value<'a>>>,
}

impl<'a> Env<'a> {
    /// Only the entity of an entity selector.
    pub(super) fn of(entity: Entity) -> Self {
        Env { slots: vec![Some(Value::Entity(entity))] }
    }

    pub(super) fn set(&mut self, slot: Slot, value: Value<'a>) {
        let slot = slot.0 as usize;
        if self.slots.len() <= slot {
            self.slots.resize(slot + 1, None);
        }
        self.slots[slot] = Some(value);
    }

    fn get(&self, slot: Slot) -> Value<'a> {
        match self.slots.get(slot.0 as usize) {
            Some(Some(value)) => value.clone(),
            _ => unreachable!("the checker admits only names that are bound"),
        }
    }
}

impl<'a> Evaluator<'a> {
    /// The truth of an expression of type bool. What is absent is not so.
    pub(super) fn truth(&self, expr: &'a Expr, env: &mut Env<'a>) -> Truth {
        match expr {
            Expr::And(parts) => {
                let mut all = Truth::True;
                for part in parts {
                    all = all.and(self.truth(part, env));
                    if all.is_false() {
                        break;
                    }
                }
                all
            }
            Expr::Or(parts) => {
                let mut any = Truth::False;
                for part in parts {
                    any = any.or(self.truth(part, env));
                    if any.is_true() {
                        break;
                    }
                }
                any
            }
            Expr::Not(inner) => !self.truth(inner, env),
            Expr::Quantified(quantifier, slot, list, body) => {
                self.quantified(*quantifier, *slot, list, body, env)
            }
            Expr::Compare { comparison, left, right, fold } => {
                let (left, right) = (self.value(left, env), self.value(right, env));
                compare(*comparison, &left, &right, *fold, self)
            }
            Expr::Contains { list, element, fold } => {
                let (list, element) = (self.value(list, env), self.value(element, env));
                self.contains(&list, &element, *fold)
            }
            Expr::Matches(value, matcher) => match self.value(value, env) {
                Value::Text(text) => matcher.matches(&text).into(),
                Value::Unknown(missing) => Truth::Unknown(missing),
                _ => Truth::False,
            },
            Expr::IsEmpty(value) => {
                // Of what a principal holds, the first element tells.
                if let Expr::Attr(of, attr) = &**value
                    && HELD.contains(attr)
                    && let Value::Entity(entity) = self.value(of, env)
                    && let Some(empty) = self.holds_nothing(entity, *attr)
                {
                    return empty;
                }
                match self.value(value, env) {
                    Value::Unknown(missing) => Truth::Unknown(missing),
                    Value::List(list) if !list.items.is_empty() => Truth::False,
                    Value::List(list) if list.open.is_none() => Truth::True,
                    Value::List(list) => Truth::Unknown(list.open),
                    Value::Map(map) => self.inventory.cells.entries(map).is_empty().into(),
                    Value::Text(text) => text.is_empty().into(),
                    _ => Truth::True,
                }
            }
            Expr::IsKnown(value) => self.value(value, env).missing().is_none().into(),
            Expr::IsPresent(value) => match self.value(value, env) {
                Value::Unknown(missing) => Truth::Unknown(missing),
                Value::Absent => Truth::False,
                _ => Truth::True,
            },
            Expr::IsKind(value, kind) => match self.value(value, env) {
                Value::Entity(entity) => self.is_noun(entity, *kind),
                Value::Unknown(missing) => Truth::Unknown(missing),
                _ => Truth::False,
            },
            other => match self.value(other, env) {
                Value::Bool(b) => b.into(),
                Value::Unknown(missing) => Truth::Unknown(missing),
                _ => Truth::False,
            },
        }
    }

    /// The value of any expression.
    pub(super) fn value(&self, expr: &'a Expr, env: &mut Env<'a>) -> Value<'a> {
        match expr {
            Expr::Constant(constant) => match constant {
                Constant::Bool(b) => Value::Bool(*b),
                Constant::Int(n) => Value::Int(Range::exact(*n)),
                Constant::Text(text) => Value::text(text),
                Constant::Date(t) => Value::Time(*t),
                Constant::Duration(d) => Value::Duration(*d),
            },
            Expr::Today => self.today.map_or(Value::Unknown(Missing::VALUE), Value::Time),
            Expr::Slot(slot) => env.get(*slot),
            Expr::Attr(of, attr) => match self.value(of, env) {
                Value::Entity(entity) => self.read(entity, *attr),
                Value::BuiltIn(guid) => self.read_built_in(guid, *attr),
                Value::Unknown(missing) => Value::Unknown(missing),
                _ => Value::Absent,
            },
            Expr::PathPart(of, part) => path_part(self.value(of, env), *part),
            Expr::Key(of, key) => match self.value(of, env) {
                Value::Map(map) => {
                    let entries = self.inventory.cells.entries(map);
                    match entries.iter().find(|(name, _)| same_name(self.name_of(*name), key)) {
                        Some((_, value)) => Value::text(self.name_of(*value)),
                        None => Value::Absent,
                    }
                }
                Value::Unknown(missing) => Value::Unknown(missing),
                _ => Value::Absent,
            },
            Expr::List(items) => {
                let items = items.iter().map(|item| self.value(item, env)).collect();
                Value::List(List { items, open: Missing::NONE })
            }
            Expr::Count(list) => match self.value(list, env) {
                Value::List(list) => {
                    let n = list.items.len() as i64;
                    Value::Int(Range { low: n, high: list.open.is_none().then_some(n), missing: list.open })
                }
                Value::Unknown(missing) => Value::Int(Range { low: 0, high: None, missing }),
                _ => Value::Int(Range::exact(0)),
            },
            Expr::CountWhere(slot, list, body) => match self.value(list, env) {
                Value::List(list) => {
                    let (mut low, mut high, mut missing) = (0, 0, list.open);
                    for item in list.items {
                        env.set(*slot, item);
                        match self.truth(body, env) {
                            Truth::True => (low, high) = (low + 1, high + 1),
                            Truth::Unknown(why) => (high, missing) = (high + 1, missing.and(why)),
                            Truth::False => {}
                        }
                    }
                    Value::Int(Range { low, high: list.open.is_none().then_some(high), missing })
                }
                Value::Unknown(missing) => Value::Int(Range { low: 0, high: None, missing }),
                _ => Value::Int(Range::exact(0)),
            },
            Expr::Age(date) => match (self.value(date, env), self.today) {
                (Value::Time(t), Some(today)) => Value::Duration(today.saturating_sub(t)),
                (Value::Absent, _) => Value::Absent,
                (Value::Unknown(missing), _) => Value::Unknown(missing),
                _ => Value::Unknown(Missing::VALUE),
            },
            Expr::Add(left, right) => sum(self.value(left, env), self.value(right, env), 1),
            Expr::Subtract(left, right) => sum(self.value(left, env), self.value(right, env), -1),
            truth => match self.truth(truth, env) {
                Truth::True => Value::Bool(true),
                Truth::False => Value::Bool(false),
                Truth::Unknown(missing) => Value::Unknown(missing),
            },
        }
    }

    fn quantified(
        &self,
        quantifier: Quantifier,
        slot: Slot,
        list: &'a Expr,
        body: &'a Expr,
        env: &mut Env<'a>,
    ) -> Truth {
        let (items, open) = match self.value(list, env) {
            Value::List(list) => (list.items, list.open),
            Value::Unknown(missing) => (vec![], missing),
            _ => (vec![], Missing::NONE),
        };
        // More elements that are not known could be so or not.
        let rest = if open.is_none() { None } else { Some(Truth::Unknown(open)) };
        let mut any = Truth::False;
        let mut all = Truth::True;
        for item in items {
            env.set(slot, item);
            let truth = self.truth(body, env);
            any = any.or(truth);
            all = all.and(truth);
        }
        if let Some(rest) = rest {
            any = any.or(rest);
            all = all.and(rest);
        }
        match quantifier {
            Quantifier::Some => any,
            Quantifier::Every => all,
            Quantifier::No => !any,
        }
    }

    fn contains(&self, list: &Value<'a>, element: &Value<'a>, fold: bool) -> Truth {
        if let Value::Absent = element {
            return Truth::False;
        }
        match list {
            Value::List(list) => {
                let mut any = if list.open.is_none() { Truth::False } else { Truth::Unknown(list.open) };
                for item in &list.items {
                    any = any.or(compare(Comparison::Equal, item, element, fold, self));
                    if any.is_true() {
                        break;
                    }
                }
                any
            }
            Value::Unknown(missing) => Truth::Unknown(*missing),
            Value::Map(map) => match element {
                Value::Text(text) => {
                    let entries = self.inventory.cells.entries(*map);
                    entries.iter().any(|(name, _)| same_name(self.name_of(*name), text)).into()
                }
                Value::Unknown(missing) => Truth::Unknown(*missing),
                _ => Truth::False,
            },
            _ => Truth::False,
        }
    }
}

/// A part of a path, step or target.
fn path_part(of: Value<'_>, part: PathPart) -> Value<'_> {
    match (of, part) {
        (Value::Path(length, _), PathPart::Length) => Value::Int(Range::exact(length)),
        (Value::Path(_, steps), PathPart::Steps) => Value::List(List {
            items: steps.iter().map(|&step| Value::Step(step)).collect(),
            open: Missing::NONE,
        }),
        (Value::Step(step), PathPart::Kind) => Value::text(step.kind.word()),
        (Value::Step(step), PathPart::From) => Value::Entity(step.from.into()),
        (Value::Step(step), PathPart::To) => step.to.map_or(Value::Absent, |to| Value::Entity(to.into())),
        (Value::Target(RoleValue::Captured(role), _), PathPart::Role) => Value::Entity(role.into()),
        (Value::Target(RoleValue::BuiltIn(guid), _), PathPart::Role) => Value::BuiltIn(guid),
        (Value::Target(_, scope), PathPart::Scope) => Value::Entity(scope.into()),
        (Value::Unknown(missing), _) => Value::Unknown(missing),
        _ => Value::Absent,
    }
}

fn sum<'a>(left: Value<'a>, right: Value<'a>, sign: i64) -> Value<'a> {
    match (left, right) {
        (Value::Unknown(a), b) => Value::Unknown(a.and(b.missing())),
        (a, Value::Unknown(b)) => Value::Unknown(a.missing().and(b)),
        (Value::Time(a), Value::Time(b)) => Value::Duration(a.saturating_sub(b)),
        (Value::Time(a), Value::Duration(b)) => Value::Time(a.saturating_add(sign * b)),
        (Value::Duration(a), Value::Time(b)) => Value::Time(a.saturating_add(sign * b)),
        (Value::Duration(a), Value::Duration(b)) => Value::Duration(a.saturating_add(sign * b)),
        (Value::Int(a), Value::Int(b)) => {
            let missing = a.missing.and(b.missing);
            if sign > 0 {
                let high = a.high.zip(b.high).map(|(a, b)| a.saturating_add(b));
                Value::Int(Range { low: a.low.saturating_add(b.low), high, missing })
            } else {
                let low = b.high.map_or(i64::MIN, |b| a.low.saturating_sub(b));
                Value::Int(Range { low, high: a.high.map(|a| a.saturating_sub(b.low)), missing })
            }
        }
        _ => Value::Absent,
    }
}

fn compare(
    comparison: Comparison,
    left: &Value<'_>,
    right: &Value<'_>,
    fold: bool,
    evaluator: &Evaluator<'_>,
) -> Truth {
    // Absent equals nothing, whatever the other side is.
    match (left, right) {
        (Value::Absent, _) | (_, Value::Absent) => return (comparison == Comparison::NotEqual).into(),
        (Value::Unknown(a), Value::Unknown(b)) => return Truth::Unknown(a.and(*b)),
        (Value::Unknown(a), _) | (_, Value::Unknown(a)) => return Truth::Unknown(*a),
        (Value::Int(a), Value::Int(b)) => return compare_ranges(comparison, *a, *b),
        (Value::List(a), Value::List(b)) => return compare_lists(comparison, a, b, fold, evaluator),
        (Value::Map(a), Value::Map(b)) => {
            let cells = &evaluator.inventory.cells;
            let sorted = |m| {
                let mut entries = cells.entries(m).to_vec();
                entries.sort();
                entries
            };
            return of(comparison, if sorted(*a) == sorted(*b) { Ordering::Equal } else { Ordering::Less });
        }
        _ => {}
    }
    let order = match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Time(a), Value::Time(b)) | (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) if fold => match same_name(a, b) {
            true => Ordering::Equal,
            false => a.to_lowercase().cmp(&b.to_lowercase()),
        },
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Entity(a), Value::Entity(b)) => a.cmp(b),
        (Value::BuiltIn(a), Value::BuiltIn(b)) => a.cmp(b),
        // A role that the capture speaks of is another one.
        (Value::BuiltIn(_), Value::Entity(_)) => Ordering::Greater,
        (Value::Entity(_), Value::BuiltIn(_)) => Ordering::Less,
        _ => unreachable!("the checker admits only operands of one type"),
    };
    of(comparison, order)
}

fn of(comparison: Comparison, order: Ordering) -> Truth {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
    .into()
}

/// Decided where both ends of the interval agree.
fn compare_ranges(comparison: Comparison, a: Range, b: Range) -> Truth {
    let unknown = Truth::Unknown(a.missing.and(b.missing));
    let below = |x: Option<i64>, y: i64| x.is_some_and(|x| x < y);
    let at_most = |x: Option<i64>, y: i64| x.is_some_and(|x| x <= y);
    match comparison {
        Comparison::Equal | Comparison::NotEqual => {
            let equal = if a.high == Some(a.low) && b.high == Some(b.low) {
                Truth::from(a.low == b.low)
            } else if below(a.high, b.low) || below(b.high, a.low) {
                Truth::False
            } else {
                unknown
            };
            if comparison == Comparison::Equal { equal } else { !equal }
        }
        Comparison::Less if below(a.high, b.low) => Truth::True,
        Comparison::Less if at_most(b.high, a.low) => Truth::False,
        Comparison::LessOrEqual if at_most(a.high, b.low) => Truth::True,
        Comparison::LessOrEqual if below(b.high, a.low) => Truth::False,
        Comparison::Greater if below(b.high, a.low) => Truth::True,
        Comparison::Greater if at_most(a.high, b.low) => Truth::False,
        Comparison::GreaterOrEqual if at_most(b.high, a.low) => Truth::True,
        Comparison::GreaterOrEqual if below(a.high, b.low) => Truth::False,
        _ => unknown,
    }
}

/// Lists are equal when each holds what the other holds.
fn compare_lists(
    comparison: Comparison,
    a: &List<'_>,
    b: &List<'_>,
    fold: bool,
    evaluator: &Evaluator<'_>,
) -> Truth {
    let within = |a: &List<'_>, b: &List<'_>| {
        a.items.iter().fold(Truth::True, |all, x| {
            let found = b
                .items
                .iter()
                .fold(Truth::False, |any, y| any.or(compare(Comparison::Equal, x, y, fold, evaluator)));
            all.and(if b.open.is_none() { found } else { found.or(Truth::Unknown(b.open)) })
        })
    };
    let mut equal = within(a, b).and(within(b, a));
    for open in [a.open, b.open] {
        if !open.is_none() {
            equal = equal.and(Truth::Unknown(open));
        }
    }
    if comparison == Comparison::Equal { equal } else { !equal }
}

/// What stands between the elements of a list in its text; no captured text holds it.
pub(super) const LIST_SEPARATOR: &str = "\u{1f}";

/// A text that stands for a value where facts are grouped by it; `Err` where it is not known.
pub(super) fn key_of<'a>(
    evaluator: &Evaluator<'a>,
    value: &Value<'a>,
    fold: bool,
) -> Result<Cow<'a, str>, Missing> {
    Ok(match value {
        Value::Unknown(missing) => return Err(*missing),
        Value::Absent => Cow::Borrowed("(none)"),
        Value::Bool(b) => Cow::Borrowed(if *b { "true" } else { "false" }),
        Value::Int(range) if range.missing.is_none() => Cow::Owned(range.low.to_string()),
        Value::Int(range) => return Err(range.missing),
        Value::Time(t) => Cow::Owned(super::time::date_time(*t)),
        Value::Duration(d) => Cow::Owned(d.to_string()),
        Value::Text(text) if fold => Cow::Owned(text.to_lowercase()),
        Value::Text(text) => text.clone(),
        Value::Entity(entity) => Cow::Owned(format!("{:?} {}", entity.table, entity.row)),
        Value::BuiltIn(guid) => Cow::Owned(guid.to_string()),
        Value::Path(..) | Value::Step(_) | Value::Target(..) => {
            unreachable!("the checker groups by no part of a path")
        }
        Value::List(list) if !list.open.is_none() => return Err(list.open),
        Value::List(list) => {
            let mut keys = vec![];
            for item in &list.items {
                keys.push(key_of(evaluator, item, fold)?.into_owned());
            }
            keys.sort();
            keys.dedup();
            Cow::Owned(keys.join(LIST_SEPARATOR))
        }
        Value::Map(map) => {
            let mut entries: Vec<String> = evaluator
                .inventory
                .cells
                .entries(*map)
                .iter()
                .map(|(k, v)| format!("{}={}", evaluator.name_of(*k).to_lowercase(), evaluator.name_of(*v)))
                .collect();
            entries.sort();
            Cow::Owned(entries.join(LIST_SEPARATOR))
        }
    })
}
