//! What an access reads: bindings, variables and parameters, then attributes, one after the other.

use super::definitions::Definition;
use super::expressions::{Env, Typed};
use super::facts;
use super::grants::a;
use super::names::{Checked, Checker, Told};
use super::plan::{Constant, Expr, PathPart, Slot};
use super::types::{Ty, listed};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, code};
use crate::inventory::schema::{Attr, Noun, attribute, attribute_names};
use crate::syntax::ast::{Access, AccessStep, Ident, Text};
use crate::text::Span;

/// A place in an access that may be empty.
#[derive(Clone, Debug)]
pub(super) struct Absent {
    /// The access up to there, as written.
    pub(super) text: String,
    /// Where it stands.
    pub(super) span: Span,
}

impl Checker<'_> {
    /// `root.attr["key"]`, or a bare name.
    pub(super) fn access(&mut self, access: &Access, env: &Env<'_>) -> Checked<Typed> {
        let mut typed = self.root(access, env)?;
        let path = facts::key(access);
        for (index, step) in access.steps.iter().enumerate() {
            let so_far = &path[..=index];
            if let (Ty::Entity(noun), Some(narrower)) = (&typed.ty, self.facts.kind(so_far))
                && narrower.is_a(*noun)
            {
                typed.ty = Ty::Entity(narrower);
            }
            let (may_be_absent, span) = match step {
                AccessStep::Attr(name) => (self.attribute(&mut typed, access, index, name)?, name.span),
                AccessStep::Key(text) => {
                    self.key(&mut typed, access, index, text)?;
                    (true, text.span)
                }
            };
            if may_be_absent && typed.absent.is_none() && !self.facts.is_present(&path[..index + 2]) {
                let span = access.root.span.to(self.closed(span, step));
                typed.absent = Some(Absent { text: self.sources.slice(span).to_owned(), span });
            }
        }
        if let (Ty::Entity(noun), Some(narrower)) = (&typed.ty, self.facts.kind(&path))
            && narrower.is_a(*noun)
        {
            typed.ty = Ty::Entity(narrower);
        }
        Ok(typed)
    }

    /// The span with the bracket that closes a key.
    fn closed(&self, span: Span, step: &AccessStep) -> Span {
        let rest =
            self.sources.of(span).map_or("", |source| source.slice(Span::new(span.end, source.span().end)));
        match (step, rest.find(']')) {
            (AccessStep::Key(_), Some(at)) if rest[..at].trim().is_empty() => {
                Span::new(span.start, span.end + at as u32 + 1)
            }
            _ => span,
        }
    }

    fn root(&mut self, access: &Access, env: &Env<'_>) -> Checked<Typed> {
        let name = &access.root;
        if let Some((ty, slot)) = env.find(&name.node) {
            return Ok(Typed::new(Expr::Slot(slot), ty.clone()));
        }
        match self.definitions.find(self.file, &name.node) {
            Some((_, named)) if access.steps.is_empty() => match &named.what {
                Definition::Spoiled => Err(Told),
                Definition::Param(value) => {
                    Ok(Typed::new(Expr::Constant(value.constant.clone()), value.ty()))
                }
                Definition::Set(_) => Err(self.tell(
                    Diagnostic::error(code::D070, format!("the set `{}` is not a value", name.node))
                        .at(name.span, "a set stands after `in` or `matches`"),
                )),
            },
            Some((_, named)) => {
                let defined = named.span;
                Err(self.tell(
                    Diagnostic::error(code::D110, format!("`{}` has no attributes", name.node))
                        .at(name.span, "a set or parameter")
                        .at(defined, "defined here"),
                ))
            }
            None if access.steps.is_empty() => {
                let others = env.names();
                Err(self.unknown_name(name, "set, parameter or thing", &others))
            }
            None => Err(self.not_bound(access, env)),
        }
    }

    fn not_bound(&mut self, access: &Access, env: &Env<'_>) -> Told {
        let name = &access.root;
        let names = env.names();
        let holder = env
            .find("principal")
            .filter(|_| Noun::from_word(&name.node).is_some_and(|n| n.is_a(Noun::Principal)));
        let only = env.bindings.only();
        let mut diagnostic = Diagnostic::error(code::D110, format!("`{}` means nothing here", name.node));
        diagnostic = if holder.is_some() {
            diagnostic
                .at(name.span, "whoever holds the role is `principal`")
                .help(format!("write `principal` for `{}`", name.node))
                .edit(name.span, "principal")
        } else if let Some(near) = nearest(&name.node, names.iter().copied()) {
            diagnostic.at(name.span, format!("did you mean `{near}`?")).edit(name.span, near)
        } else if let Some(only) = only {
            diagnostic
                .at(name.span, format!("this sentence is about `{only}`"))
                .help(format!("an attribute is written after it, as in `{only}.name`"))
                .edit(name.span, only)
        } else {
            diagnostic.at(name.span, "not one of the things that this sentence is about")
        };
        if names.len() > 1 {
            diagnostic = diagnostic.note(format!("what can be read here: {}", names.join(", ")));
        }
        self.tell(diagnostic)
    }

    /// Reads the attribute; gives whether it may be absent.
    fn attribute(&mut self, typed: &mut Typed, access: &Access, index: usize, name: &Ident) -> Checked<bool> {
        let (ty, absent) = match &typed.ty {
            Ty::Entity(noun) => match attribute(*noun, &name.node) {
                Some(found) => {
                    self.wanted.add(found.attr);
                    let of = std::mem::replace(&mut typed.expr, Expr::Constant(Constant::Bool(false)));
                    typed.expr = Expr::Attr(Box::new(of), found.attr);
                    (Ty::from(found.ty), found.absent)
                }
                None => return Err(self.no_attribute(*noun, access, index, name)),
            },
            Ty::Path | Ty::Step | Ty::Target => self.path_part(typed, name)?,
            Ty::Map => {
                let whole = Span::new(name.span.start.saturating_sub(1), name.span.end);
                return Err(self.tell(
                    Diagnostic::error(code::D111, "a tag is read by its name in brackets")
                        .at(name.span, "")
                        .help(format!("write `[\"{}\"]`", name.node))
                        .edit(whole, format!("[\"{}\"]", name.node)),
                ));
            }
            Ty::List(element) => {
                let list = self.text_up_to(access, index);
                let example = match element.as_ref() {
                    Ty::Entity(_) => format!("`some x in {list} satisfies x.{} ...`", name.node),
                    _ => format!("`some x in {list} satisfies x ...`"),
                };
                return Err(self.tell(
                    Diagnostic::error(
                        code::D111,
                        format!("`{list}` is {}, which has no attributes", typed.ty),
                    )
                    .at(name.span, "ask about its members")
                    .help(format!("write {example}")),
                ));
            }
            ty => {
                let list = self.text_up_to(access, index);
                return Err(self.tell(
                    Diagnostic::error(code::D111, format!("`{list}` is {ty}, which has no attributes"))
                        .at(name.span, "leave this out"),
                ));
            }
        };
        typed.ty = ty;
        Ok(absent)
    }

    /// A part of a path, of a step or of a target; with whether it may be absent.
    fn path_part(&mut self, typed: &mut Typed, name: &Ident) -> Checked<(Ty, bool)> {
        let parts: &[(&'static str, PathPart, Ty, bool)] = match typed.ty {
            Ty::Path => &[
                ("length", PathPart::Length, Ty::Int, false),
                ("steps", PathPart::Steps, Ty::List(Box::new(Ty::Step)), false),
            ],
            Ty::Step => &[
                ("kind", PathPart::Kind, Ty::Enum(STEPS), false),
                ("from", PathPart::From, Ty::Entity(Noun::Principal), false),
                ("to", PathPart::To, Ty::Entity(Noun::Principal), true),
            ],
            _ => &[
                ("role", PathPart::Role, Ty::Entity(Noun::RoleDefinition), false),
                ("scope", PathPart::Scope, Ty::Entity(Noun::Scope), false),
            ],
        };
        let Some((_, part, ty, absent)) = parts.iter().find(|part| part.0 == name.node) else {
            let what = match typed.ty {
                Ty::Path => "a path",
                Ty::Step => "a step",
                _ => "the target of this path",
            };
            let names: Vec<&str> = parts.iter().map(|part| part.0).collect();
            return Err(self.no_such(&names, what, name));
        };
        if matches!(part, PathPart::Role) {
            self.wanted.add(Attr::RoleName);
        }
        let of = std::mem::replace(&mut typed.expr, Expr::Constant(Constant::Bool(false)));
        typed.expr = Expr::PathPart(Box::new(of), *part);
        Ok((ty.clone(), *absent))
    }

    /// The access before that step, as written.
    fn text_up_to(&self, access: &Access, index: usize) -> String {
        let mut span = access.root.span;
        if let Some(step) = index.checked_sub(1).and_then(|before| access.steps.get(before)) {
            span = match step {
                AccessStep::Attr(name) => span.to(name.span),
                AccessStep::Key(text) => span.to(self.closed(text.span, step)),
            };
        }
        self.sources.slice(span).to_owned()
    }

    fn no_attribute(&mut self, noun: Noun, access: &Access, index: usize, name: &Ident) -> Told {
        let known = attribute_names(noun);
        let message = format!("{} has no attribute `{}`", a(noun.word()), name.node);
        let mut diagnostic = Diagnostic::error(code::D111, message);
        let narrower: Vec<Noun> = Noun::ALL
            .iter()
            .copied()
            .filter(|n| {
                *n != noun && n.is_a(noun) && attribute(*n, &name.node).is_some_and(|row| row.noun == *n)
            })
            .collect();
        if let Some(first) = narrower.first() {
            let subject = self.text_up_to(access, index);
            let words: Vec<String> = narrower.iter().map(|noun| a(noun.word())).collect();
            let has = if words.len() == 1 { "has" } else { "have" };
            diagnostic = diagnostic.at(name.span, format!("{} {has} it", listed(&words, "and")));
            if noun.is_a(Noun::Principal) {
                diagnostic = diagnostic.help(format!(
                    "write `{subject} is {} and ...` before it, or narrow the `for` clause",
                    first.word()
                ));
            }
        } else if let Some(near) = nearest(&name.node, known.iter().copied()) {
            diagnostic = diagnostic.at(name.span, format!("did you mean `{near}`?")).edit(name.span, near);
        } else {
            diagnostic = diagnostic.at(name.span, "not in the schema");
        }
        self.tell(diagnostic.note(format!("its attributes are: {}", known.join(", "))))
    }

    fn no_such(&mut self, known: &[&str], what: &str, name: &Ident) -> Told {
        self.tell(
            Diagnostic::error(code::D111, format!("{what} has no attribute `{}`", name.node))
                .at(name.span, "not in the schema")
                .note(format!("its attributes are: {}", known.join(", "))),
        )
    }

    fn key(&mut self, typed: &mut Typed, access: &Access, index: usize, text: &Text) -> Checked<()> {
        if typed.ty != Ty::Map {
            let subject = self.text_up_to(access, index);
            return Err(self.tell(
                Diagnostic::error(code::D113, format!("`{subject}` is {}, not a map", typed.ty))
                    .at(text.span, "only tags are read by a name in brackets"),
            ));
        }
        let of = std::mem::replace(&mut typed.expr, Expr::Slot(Slot::ENTITY));
        typed.expr = Expr::Key(Box::new(of), text.node.clone());
        typed.ty = Ty::String;
        Ok(())
    }
}

/// The kinds of steps, as `path.steps` has them.
const STEPS: &[&str] = &[
    "membership",
    "code_execution",
    "identity_attachment",
    "federation",
    "role_grant",
    "role_definition",
    "ownership",
];
