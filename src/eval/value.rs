use crate::azure::Guid;
use crate::graph::Step;
use crate::inventory::{Entity, MapId, Missing, PrincipalId, RoleId, ScopeId};
use std::borrow::Cow;
use std::rc::Rc;

/// What an expression comes to.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    /// It could be anything.
    Unknown(Missing),
    /// There is none.
    Absent,
    Bool(bool),
    /// A whole number; between the two where members of a list are unknown (no upper end: any number of them).
    Int(Range),
    Text(Cow<'a, str>),
    /// Seconds since 1970-01-01 UTC.
    Time(i64),
    /// Seconds.
    Duration(i64),
    Entity(Entity),
    List(List<'a>),
    Map(MapId),
    /// A path: its length, and its steps.
    Path(i64, Rc<[StepValue]>),
    /// A step of a path.
    Step(StepValue),
    /// A role at a scope.
    Target(RoleValue, ScopeId),
    /// A built-in role that the capture does not speak of.
    BuiltIn(Guid),
}

/// A step as expressions read it.
#[derive(Clone, Copy, Debug)]
pub(super) struct StepValue {
    pub(super) kind: Step,
    pub(super) from: PrincipalId,
    /// `None` where it leads to a right at a scope.
    pub(super) to: Option<PrincipalId>,
}

/// A role that is held, or that could be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum RoleValue {
    Captured(RoleId),
    BuiltIn(Guid),
}

/// A whole number that is known, or known to lie between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) low: i64,
    /// `None`: no upper end.
    pub(super) high: Option<i64>,
    /// Why it is not exact.
    pub(super) missing: Missing,
}

impl Range {
    pub(super) fn exact(n: i64) -> Self {
        Range { low: n, high: Some(n), missing: Missing::NONE }
    }
}

/// The known elements, and why there may be more.
#[derive(Clone, Debug, Default)]
pub(super) struct List<'a> {
    pub(super) items: Vec<Value<'a>>,
    pub(super) open: Missing,
}

impl<'a> Value<'a> {
    pub(super) fn text(text: &'a str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }

    pub(super) fn entities(items: impl IntoIterator<Item = impl Into<Entity>>, open: Missing) -> Self {
        Value::List(List { items: items.into_iter().map(|e| Value::Entity(e.into())).collect(), open })
    }

    /// Why it is unknown, wholly or in part.
    pub(super) fn missing(&self) -> Missing {
        match self {
            Value::Unknown(missing) => *missing,
            Value::List(list) => list.open,
            Value::Int(range) => range.missing,
            _ => Missing::NONE,
        }
    }
}
