//! The comparisons of conditions: by name, over how many values, and on values of which type.

use std::cmp::Ordering;

use super::{all, any};
use crate::azure::Guid;

/// A comparison, and over which of several values it has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Operator {
    left: Over,
    right: Over,
    test: Test,
    negated: bool,
}

/// Over how many of an operand's values a comparison has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    /// `ForAny...`: at least one.
    Any,
    /// `ForAll...`: each.
    All,
    /// An operator without a prefix, which is documented for one value only.
    Unsaid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    Text { how: Text, any_case: bool },
    Bool,
    Guid,
    Number(Order),
    Time(Order),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Text {
    Equals,
    StartsWith,
    Like,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A value under comparison. A literal takes the type of its operator; an attribute has one of its own.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Literal(&'a str),
    Text(&'a str),
    Guid(Guid),
}

impl Operator {
    /// An operator by its name, in any letter case: `ForAnyOfAnyValues:GuidEquals`.
    pub(super) fn named(name: &str) -> Option<Operator> {
        let name = name.to_ascii_lowercase();
        let (left, right, test) = match name.split_once(':') {
            None => (Over::Unsaid, Over::Unsaid, name.as_str()),
            Some(("foranyofanyvalues", test)) => (Over::Any, Over::Any, test),
            Some(("forallofanyvalues", test)) => (Over::All, Over::Any, test),
            Some(("foranyofallvalues", test)) => (Over::Any, Over::All, test),
            Some(("forallofallvalues", test)) => (Over::All, Over::All, test),
            Some(_) => return None,
        };
        let (test, negated) = Test::named(test)?;
        Some(Operator { left, right, test, negated })
    }

    pub(super) fn holds(self, left: &[Value<'_>], right: &[Value<'_>]) -> Option<bool> {
        self.left.of(left.iter().map(|&left| {
            self.right.of(right.iter().map(|&right| Some(self.test.holds(left, right)? != self.negated)))
        }))
    }
}

impl Over {
    fn of(self, values: impl Iterator<Item = Option<bool>> + Clone) -> Option<bool> {
        match self {
            Over::Any => any(values),
            Over::All => all(values),
            Over::Unsaid => {
                let one = any(values.clone());
                one.filter(|_| one == all(values))
            }
        }
    }
}

impl Test {
    /// A test by the lower-case name of its operator, and whether the operator negates it.
    fn named(name: &str) -> Option<(Test, bool)> {
        if let Some(name) = name.strip_prefix("string") {
            let (name, any_case) = strip(name, str::strip_suffix, "ignorecase");
            let (name, negated) = strip(name, str::strip_prefix, "not");
            let how = match name {
                "equals" => Text::Equals,
                "startswith" => Text::StartsWith,
                "like" => Text::Like,
                _ => return None,
            };
            return Some((Test::Text { how, any_case }, negated));
        }
        if let Some(name) = name.strip_prefix("numeric") {
            return Order::named(name).map(|(order, negated)| (Test::Number(order), negated));
        }
        if let Some(name) = name.strip_prefix("datetime") {
            return Order::named(name).map(|(order, negated)| (Test::Time(order), negated));
        }
        match name {
            "boolequals" => Some((Test::Bool, false)),
            "boolnotequals" => Some((Test::Bool, true)),
            "guidequals" => Some((Test::Guid, false)),
            "guidnotequals" => Some((Test::Guid, true)),
            _ => None,
        }
    }

    /// The test without its negation; `None` where a value is not of the type that the test compares.
    fn holds(self, left: Value<'_>, right: Value<'_>) -> Option<bool> {
        match self {
            Test::Text { how, any_case } => {
                let (left, right) = (left.text()?, right.text()?);
                if any_case {
                    Some(how.holds(&left.to_lowercase(), &right.to_lowercase()))
                } else {
                    Some(how.holds(left, right))
                }
            }
            Test::Bool => Some(left.bool()? == right.bool()?),
            Test::Guid => Some(left.guid()? == right.guid()?),
            Test::Number(order) => Some(order.holds(left.number()?.cmp(&right.number()?))),
            Test::Time(order) => Some(order.holds(left.time()?.cmp(&right.time()?))),
        }
    }
}

impl Text {
    fn holds(self, text: &str, value: &str) -> bool {
        match self {
            Text::Equals => text == value,
            Text::StartsWith => text.starts_with(value),
            Text::Like => is_like(text, value),
        }
    }
}

impl Order {
    fn named(name: &str) -> Option<(Order, bool)> {
        match name {
            "equals" => Some((Order::Equal, false)),
            "notequals" => Some((Order::Equal, true)),
            "lessthan" => Some((Order::Less, false)),
            "lessthanequals" => Some((Order::LessOrEqual, false)),
            "greaterthan" => Some((Order::Greater, false)),
            "greaterthanequals" => Some((Order::GreaterOrEqual, false)),
            _ => None,
        }
    }

    fn holds(self, order: Ordering) -> bool {
        match self {
            Order::Equal => order.is_eq(),
            Order::Less => order.is_lt(),
            Order::LessOrEqual => order.is_le(),
            Order::Greater => order.is_gt(),
            Order::GreaterOrEqual => order.is_ge(),
        }
    }
}

impl<'a> Value<'a> {
    fn text(self) -> Option<&'a str> {
        match self {
            Value::Literal(text) | Value::Text(text) => Some(text),
            Value::Guid(_) => None,
        }
    }

    /// A GUID with its dashes or, as some built-in roles have them, without.
    pub(super) fn guid(self) -> Option<Guid> {
        match self {
            Value::Guid(guid) => Some(guid),
            Value::Literal(text)
                if text.len() == 32 && text.bytes().all(|digit| digit.is_ascii_hexdigit()) =>
            {
                u128::from_str_radix(text, 16).ok().map(Guid)
            }
            Value::Literal(text) => Guid::parse(text),
            Value::Text(_) => None,
        }
    }

    fn literal(self) -> Option<&'a str> {
        match self {
            Value::Literal(text) => Some(text),
            Value::Text(_) | Value::Guid(_) => None,
        }
    }

    fn bool(self) -> Option<bool> {
        self.literal()?.to_ascii_lowercase().parse().ok()
    }

    /// Azure compares whole numbers only.
    fn number(self) -> Option<i128> {
        self.literal()?.parse().ok()
    }

    /// `yyyy-mm-ddThh:mm:ss.mmmmmmmZ`.
    fn time(self) -> Option<jiff::Timestamp> {
        self.literal()?.parse().ok()
    }
}

fn strip<'t>(
    text: &'t str,
    strip: fn(&'t str, &'static str) -> Option<&'t str>,
    part: &'static str,
) -> (&'t str, bool) {
    strip(text, part).map_or((text, false), |rest| (rest, true))
}

/// `*` in a pattern is any run of characters and `?` any one, unless a backslash stands before it.
fn is_like(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let pattern = wildcards(pattern);
    let (mut in_text, mut in_pattern) = (0, 0);
    let mut retry = None;
    loop {
        match (pattern.get(in_pattern), text.get(in_text)) {
            (None, None) => return true,
            (Some(Wildcard::Run), _) => {
                in_pattern += 1;
                retry = Some((in_text, in_pattern));
            }
            (Some(Wildcard::One), Some(_)) => (in_text, in_pattern) = (in_text + 1, in_pattern + 1),
            (Some(Wildcard::Letter(wanted)), Some(letter)) if wanted == letter => {
                (in_text, in_pattern) = (in_text + 1, in_pattern + 1);
            }
            (_, None) => return false,
            (_, Some(_)) => {
                let Some((from, after_star)) = retry else { return false };
                retry = Some((from + 1, after_star));
                (in_text, in_pattern) = (from + 1, after_star);
            }
        }
    }
}

enum Wildcard {
    Run,
    One,
    Letter(char),
}

fn wildcards(pattern: &str) -> Vec<Wildcard> {
    let mut found = Vec::new();
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        found.push(match letter {
            '*' => Wildcard::Run,
            '?' => Wildcard::One,
            '\\' => Wildcard::Letter(letters.next_if(|next| matches!(next, '*' | '?')).unwrap_or('\\')),
            _ => Wildcard::Letter(letter),
        });
    }
    found
}
