//! What the names of each file mean: its own sets and parameters, those it takes over by `use`, and what the
//! configuration says of parameters.

use super::plan::Constant;
use super::types::Ty;
use super::uses::{cycles, resolve, take_over};
use super::{CheckedFile, Settings};

use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, Place, code};
use crate::syntax::ast::{DurationUnit, Item, Let, Literal, Param};
use crate::text::{Sources, Span};
use std::collections::BTreeMap;

/// A value that the configuration gives a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// `policy.parameter`
    pub key: String,
    /// The value.
    pub value: OverrideValue,
    /// Where it stands.
    pub place: Place,
}

/// The value of an [`Override`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OverrideValue {
    /// `"30 days"`, `"2026-11-23"`, `"bg-*"`: read as the parameter's type.
    Text(String),
    /// `3`
    Int(i64),
    /// Anything else, by the name of its type.
    Other(&'static str),
}

/// A parameter's value.
#[derive(Clone, Debug)]
pub(super) struct Value {
    /// The value.
    pub(super) constant: Constant,
    /// As it is written in a policy.
    pub(super) written: String,
    /// Where its default stands.
    pub(super) span: Span,
}

impl Value {
    /// Its type.
    pub(super) fn ty(&self) -> Ty {
        match self.constant {
            Constant::Bool(_) => Ty::Bool,
            Constant::Int(_) => Ty::Int,
            Constant::Text(_) => Ty::Quoted,
            Constant::Date(_) => Ty::Date,
            Constant::Duration(_) => Ty::Duration,
        }
    }
}

/// What a name means.
pub(super) enum Definition<'a> {
    /// `let`
    Set(&'a Let),
    /// `param`
    Param(Value),
    /// It was defined, with a mistake that has been told.
    Spoiled,
}

/// A name with its meaning.
pub(super) struct Named<'a> {
    pub(super) what: Definition<'a>,
    /// Where the name is defined.
    pub(super) span: Span,
}

/// The names that a file can see.
#[derive(Default)]
pub(super) struct Visible<'a> {
    pub(super) own: BTreeMap<&'a str, Named<'a>>,
    /// The file that each name taken over stands in.
    pub(super) used: BTreeMap<&'a str, usize>,
    /// Whether a `use` failed, so that a missing name is nobody's second mistake.
    pub(super) excused: bool,
}

/// The names of all files.
pub(super) struct Definitions<'a>(Vec<Visible<'a>>);

impl<'a> Definitions<'a> {
    /// No files, no names.
    pub(super) fn none() -> Self {
        Definitions(vec![])
    }

    /// What a name means in a file, and the file it is defined in.
    pub(super) fn find(&self, file: usize, name: &str) -> Option<(usize, &Named<'a>)> {
        let visible = self.0.get(file)?;
        if let Some(named) = visible.own.get(name) {
            return Some((file, named));
        }
        let used = *visible.used.get(name)?;
        Some((used, self.0.get(used)?.own.get(name)?))
    }

    /// Every name that a file can see.
    pub(super) fn names(&self, file: usize) -> Vec<&'a str> {
        let Some(visible) = self.0.get(file) else { return vec![] };
        visible.own.keys().chain(visible.used.keys()).copied().collect()
    }

    /// Whether a `use` of the file failed.
    pub(super) fn is_excused(&self, file: usize) -> bool {
        self.0.get(file).is_some_and(|visible| visible.excused)
    }
}

/// Reads all definitions. Mistakes in them are added to `told`.
pub(super) fn definitions<'a>(
    files: &'a [CheckedFile],
    sources: &Sources,
    settings: &Settings,
    told: &mut Vec<Diagnostic>,
) -> Definitions<'a> {
    let mut all: Vec<Visible<'a>> = files.iter().map(|file| own(file, settings, told)).collect();
    let uses = resolve(files, sources, &mut all, told);
    for (user, used, span) in &uses {
        take_over(*user, *used, *span, &mut all, told);
    }
    cycles(&uses, files, told);
    unknown_overrides(files, &all, settings, sources, told);
    Definitions(all)
}

fn own<'a>(file: &'a CheckedFile, settings: &Settings, told: &mut Vec<Diagnostic>) -> Visible<'a> {
    let mut visible = Visible::default();
    for item in &file.file.items {
        let (name, what) = match item {
            Item::Let(set) => (&set.name, Definition::Set(set)),
            Item::Param(param) => (&param.name, parameter(file, param, settings, told)),
            _ => continue,
        };
        if super::catalogue::capability(&name.node).is_some() {
            told.push(
                Diagnostic::error(code::D061, format!("`{}` is the name of a capability set", name.node))
                    .at(name.span, "shipped with the product; choose another name"),
            );
            continue;
        }
        if let Some(first) = visible.own.get(name.node.as_str()) {
            told.push(
                Diagnostic::error(code::D061, format!("`{}` is defined twice", name.node))
                    .at(name.span, "defined again here")
                    .at(first.span, "defined first here")
                    .help("give one of them another name"),
            );
            continue;
        }
        visible.own.insert(&name.node, Named { what, span: name.span });
    }
    visible
}

fn parameter<'a>(
    file: &CheckedFile,
    param: &Param,
    settings: &Settings,
    told: &mut Vec<Diagnostic>,
) -> Definition<'a> {
    match param_value(file, param, settings) {
        Ok(value) => Definition::Param(value),
        Err(diagnostic) => {
            told.push(*diagnostic);
            Definition::Spoiled
        }
    }
}

fn param_value(file: &CheckedFile, param: &Param, settings: &Settings) -> Result<Value, Box<Diagnostic>> {
    let name = &param.name.node;
    let read = |literal: &Literal, span: Span| {
        let constant = constant(literal).ok_or_else(|| {
            Box::new(
                Diagnostic::error(code::D068, "this is too large").at(span, "no inventory holds that much"),
            )
        })?;
        Ok::<_, Box<Diagnostic>>(Value { constant, written: written(literal), span })
    };
    let default = read(&param.default.node, param.default.span)?;
    let bounds = match &param.bounds {
        None => None,
        Some((low, high)) => Some((read(&low.node, low.span)?, read(&high.node, high.span)?)),
    };
    if let Some((low, high)) = &bounds {
        for bound in [low, high] {
            if bound.ty() != default.ty() {
                return Err(Box::new(
                    Diagnostic::error(
                        code::D068,
                        format!("`{name}` is {}, and its bound is {}", default.ty(), bound.ty()),
                    )
                    .at(bound.span, format!("write {} here", default.ty()))
                    .at(default.span, default.ty().to_string()),
                ));
            }
        }
        if !default.ty().is_ordered() {
            return Err(Box::new(
                Diagnostic::error(code::D068, "text has no bounds")
                    .at(low.span.to(high.span), "only numbers, dates and lengths of time have")
                    .help("remove `between ... and ...`"),
            ));
        }
        if order(&low.constant) > order(&high.constant) {
            return Err(Box::new(
                Diagnostic::error(code::D068, "the lower bound is above the upper one")
                    .at(low.span.to(high.span), "write the lower one first")
                    .edit(low.span.to(high.span), format!("{} and {}", high.written, low.written)),
            ));
        }
        if !within(&default, low, high) {
            return Err(Box::new(
                Diagnostic::error(code::D068, format!("the value of `{name}` is outside its own bounds"))
                    .at(default.span, format!("not between {} and {}", low.written, high.written))
                    .at(low.span.to(high.span), "the bounds"),
            ));
        }
    }
    let key = format!("{}.{}", file.policy(), name);
    let Some(told) = settings.overrides.iter().rev().find(|o| o.key == key) else { return Ok(default) };
    let Some(value) = overridden(told, &default) else {
        let example = match default.ty() {
            Ty::Quoted => "text in quotes".to_owned(),
            ty => format!(
                "{ty}, such as {}",
                if ty == Ty::Int { default.written.clone() } else { format!("\"{}\"", default.written) }
            ),
        };
        return Err(Box::new(
            Diagnostic::error(code::D069, format!("`{key}` must be {}", default.ty()))
                .in_file(told.place.clone())
                .help(format!("write {example}")),
        ));
    };
    match &bounds {
        Some((low, high)) if !within(&value, low, high) => Err(Box::new(
            Diagnostic::error(
                code::D069,
                format!("`{key}` = {} is outside the bounds of the policy", value.written),
            )
            .in_file(told.place.clone())
            .help(format!("write a value between {} and {}", low.written, high.written)),
        )),
        _ => Ok(value),
    }
}

fn order(constant: &Constant) -> i64 {
    match constant {
        Constant::Int(n) | Constant::Date(n) | Constant::Duration(n) => *n,
        Constant::Bool(_) | Constant::Text(_) => 0,
    }
}

fn within(value: &Value, low: &Value, high: &Value) -> bool {
    (order(&low.constant)..=order(&high.constant)).contains(&order(&value.constant))
}

fn overridden(told: &Override, default: &Value) -> Option<Value> {
    let (constant, written) = match (&told.value, &default.constant) {
        (OverrideValue::Int(n), Constant::Int(_)) => (Constant::Int(*n), n.to_string()),
        (OverrideValue::Text(text), Constant::Int(_)) => {
            (Constant::Int(text.trim().parse().ok()?), text.trim().to_owned())
        }
        (OverrideValue::Text(text), Constant::Text(_)) if !text.is_empty() => {
            (Constant::Text(text.clone()), text.clone())
        }
        (OverrideValue::Text(text), Constant::Date(_)) => {
            let date: jiff::civil::Date = text.trim().parse().ok()?;
            (Constant::Date(seconds(date.year(), date.month(), date.day())?), date.to_string())
        }
        (OverrideValue::Text(text), Constant::Duration(_)) => {
            let (count, unit) = text.trim().split_once(char::is_whitespace)?;
            let unit = unit.trim();
            let plural = if unit.ends_with('s') { unit.to_owned() } else { format!("{unit}s") };
            let unit = DurationUnit::from_word(&plural)?;
            let literal = Literal::Duration { count: count.parse().ok()?, unit };
            (constant(&literal)?, written(&literal))
        }
        _ => return None,
    };
    Some(Value { constant, written, span: default.span })
}

/// The first second of a day (UTC), since 1970-01-01.
pub(super) fn seconds(year: i16, month: i8, day: i8) -> Option<i64> {
    let date = jiff::civil::Date::new(year, month, day).ok()?;
    Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}

/// The value of a literal; `None` where it does not fit.
pub(super) fn constant(literal: &Literal) -> Option<Constant> {
    Some(match literal {
        Literal::Date { year, month, day } => Constant::Date(seconds(*year, *month, *day)?),
        Literal::Duration { count, unit } => {
            // A hundred thousand years: sums of dates and lengths of time stay far from the end of the numbers.
            let seconds = count.checked_mul(unit.seconds()).filter(|&s| s < 3_200_000_000_000)?;
            Constant::Duration(i64::try_from(seconds).ok()?)
        }
        Literal::Int(n) => Constant::Int(i64::try_from(*n).ok().filter(|&n| n < 1 << 53)?),
        Literal::String(text) => Constant::Text(text.clone()),
    })
}

/// A literal as it is written in a message.
pub(super) fn written(literal: &Literal) -> String {
    match literal {
        Literal::Date { year, month, day } => format!("{year:04}-{month:02}-{day:02}"),
        Literal::Duration { count: 1, unit } => format!("1 {}", unit.word().trim_end_matches('s')),
        Literal::Duration { count, unit } => format!("{count} {}", unit.word()),
        Literal::Int(n) => n.to_string(),
        Literal::String(text) => text.clone(),
    }
}

fn unknown_overrides(
    files: &[CheckedFile],
    all: &[Visible<'_>],
    settings: &Settings,
    sources: &Sources,
    told: &mut Vec<Diagnostic>,
) {
    for given in &settings.overrides {
        let Some((policy, name)) = given.key.split_once('.') else {
            told.push(
                Diagnostic::error(code::D069, format!("`{}` names no parameter", given.key))
                    .in_file(given.place.clone())
                    .help("write the policy and the parameter, as in \"least-privilege.stale-after\""),
            );
            continue;
        };
        // A policy that is not part of this run has its parameters all the same.
        let of_policy: Vec<usize> = (0..files.len()).filter(|&i| files[i].policy() == policy).collect();
        let params: Vec<&str> = of_policy
            .iter()
            .flat_map(|&i| all[i].own.iter())
            .filter(|(_, named)| !matches!(named.what, Definition::Set(_)))
            .map(|(name, _)| *name)
            .collect();
        let broken = of_policy.iter().any(|&i| files[i].is_broken_around(name, sources));
        if of_policy.is_empty() || broken || params.contains(&name) {
            continue;
        }
        let mut diagnostic =
            Diagnostic::error(code::D069, format!("policy `{policy}` has no parameter `{name}`"))
                .in_file(given.place.clone());
        diagnostic = match nearest(name, params.iter().copied()) {
            Some(near) => diagnostic.help(format!("did you mean `{policy}.{near}`?")),
            None if params.is_empty() => diagnostic.note("it has no parameters"),
            None => diagnostic.note(format!("its parameters are: {}", params.join(", "))),
        };
        told.push(diagnostic);
    }
}
