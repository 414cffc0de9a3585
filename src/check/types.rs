//! The types of expressions: those of the schema, and a few that only expressions have.

use crate::inventory::schema::{Noun, Type};
use std::fmt;

/// The type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ty {
    /// A quoted string or a string parameter: takes the side of what it is compared with.
    Quoted,
    /// Compared with letter case.
    String,
    /// Compared without letter case.
    Name,
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// A point in time.
    Date,
    /// A length of time.
    Duration,
    /// One word of a closed list.
    Enum(&'static [&'static str]),
    /// Any number of one type.
    List(Box<Ty>),
    /// Tags.
    Map,
    /// A thing of that noun.
    Entity(Noun),
    /// The path of a path sentence.
    Path,
    /// One step of a path.
    Step,
    /// What a path to a grant leads to: a role at a scope.
    Target,
}

impl From<Type> for Ty {
    fn from(ty: Type) -> Ty {
        match ty {
            Type::String => Ty::String,
            Type::Name => Ty::Name,
            Type::Bool => Ty::Bool,
            Type::Int => Ty::Int,
            Type::Date => Ty::Date,
            Type::Duration => Ty::Duration,
            Type::Enum(words) => Ty::Enum(words),
            Type::List(element) => Ty::List(Box::new(Ty::from(*element))),
            Type::Map => Ty::Map,
            Type::Entity(noun) => Ty::Entity(noun),
        }
    }
}

impl Ty {
    /// Whether it is text of any sort, enums apart.
    pub(super) fn is_text(&self) -> bool {
        matches!(self, Ty::Quoted | Ty::String | Ty::Name)
    }

    /// Whether its values have an order that `<` asks about.
    pub(super) fn is_ordered(&self) -> bool {
        matches!(self, Ty::Int | Ty::Date | Ty::Duration)
    }

    /// Whether `==` makes sense between the two.
    pub(super) fn compares_with(&self, other: &Ty) -> bool {
        match (self, other) {
            (a, b) if a.is_text() && b.is_text() => true,
            (Ty::Enum(a), Ty::Enum(b)) => a == b,
            (Ty::Enum(_), Ty::Quoted) | (Ty::Quoted, Ty::Enum(_)) => true,
            (Ty::Entity(a), Ty::Entity(b)) => a.is_a(*b) || b.is_a(*a),
            (Ty::Bool | Ty::Int | Ty::Date | Ty::Duration, b) => self == b,
            _ => false,
        }
    }

    /// Whether a comparison of the two is without letter case: names and closed lists.
    pub(super) fn folds_with(&self, other: &Ty) -> bool {
        [self, other].iter().any(|ty| matches!(ty, Ty::Name | Ty::Enum(_)))
    }
}

/// As a message names it, with its article.
impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ty::Quoted | Ty::String => f.write_str("text"),
            Ty::Name => f.write_str("a name"),
            Ty::Bool => f.write_str("true or false"),
            Ty::Int => f.write_str("a number"),
            Ty::Date => f.write_str("a date"),
            Ty::Duration => f.write_str("a length of time"),
            Ty::Enum(words) => write!(f, "one of {}", one_of(words)),
            Ty::List(element) => write!(f, "a list of {}", plural(element)),
            Ty::Map => f.write_str("a map of tags"),
            Ty::Entity(noun) => write!(f, "{} {}", article(noun.word()), noun.word()),
            Ty::Path => f.write_str("a path"),
            Ty::Step => f.write_str("a step"),
            Ty::Target => f.write_str("a target"),
        }
    }
}

fn plural(ty: &Ty) -> String {
    match ty {
        Ty::Quoted | Ty::String => "texts".to_owned(),
        Ty::Name => "names".to_owned(),
        Ty::Entity(noun) => match noun.word().strip_suffix('y') {
            Some(stem) => format!("{stem}ies"),
            None => format!("{}s", noun.word()),
        },
        Ty::Int => "numbers".to_owned(),
        Ty::Date => "dates".to_owned(),
        Ty::Duration => "lengths of time".to_owned(),
        Ty::Step => "steps".to_owned(),
        other => other.to_string(),
    }
}

/// `a` or `an`.
pub(super) fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" }
}

/// `"a", "b" or "c"`
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    listed(&quoted, "or")
}

/// `a, b or c`
pub(super) fn listed<T: AsRef<str>>(words: &[T], conjunction: &str) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} {conjunction} {last}", rest.join(", ")),
    }
}
