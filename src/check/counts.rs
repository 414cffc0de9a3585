//! `if more than N ...`: when a number of facts makes a rule fire.

use super::definitions::Definition;
use super::expressions::{Bindings, Env};
use super::grants::a;
use super::names::{Checked, Checker, Told};
use super::plan::{self, Bound, Constant, GroupKey};
use super::selectors::{level, may_have_place, narrowest, noun};
use crate::diagnostic::{Diagnostic, code};
use crate::inventory::schema::{Noun, Table};
use crate::syntax::ast::{self, Number, Selector, Unit};
use crate::text::Spanned;

impl Checker<'_> {
    /// The count of a sentence about `selector`, whose expressions use `bindings`.
    pub(super) fn count(
        &mut self,
        count: &ast::Count,
        selector: &Selector,
        bindings: &Bindings,
    ) -> Checked<plan::Count> {
        let bounds = count.bounds.iter().map(|bound| self.bound_of(bound)).collect::<Checked<Vec<_>>>()?;
        self.bounds_make_sense(count, &bounds)?;
        if let Some(unit) = &count.unit {
            self.unit(unit, selector)?;
        }
        let per =
            count.per.iter().map(|key| self.group_key(key, selector, bindings)).collect::<Checked<_>>()?;
        let unit = count.unit.as_ref().map(|unit| match unit.node {
            Unit::Principals => plan::Unit::Principals,
            Unit::Users => plan::Unit::Users,
            Unit::Guests => plan::Unit::Guests,
            Unit::Groups => plan::Unit::Groups,
            Unit::Identities => plan::Unit::Identities,
            Unit::Assignments => plan::Unit::Assignments,
            Unit::Scopes => plan::Unit::Scopes,
        });
        Ok(plan::Count { bounds, unit, per, span: count.at.0 })
    }

    fn bound_of(&mut self, bound: &ast::Bound) -> Checked<Bound> {
        let number = match &bound.number {
            Number::Int(number) => number.node,
            Number::Name(name) => {
                match self.definitions.find(self.file, &name.node).map(|(_, named)| (&named.what, named.span))
                {
                    None => return Err(self.unknown_name(name, "parameter", &[])),
                    Some((Definition::Spoiled, _)) => return Err(Told),
                    Some((Definition::Param(value), _)) if matches!(value.constant, Constant::Int(n) if n >= 0) => {
                        match value.constant {
                            Constant::Int(n) => n.unsigned_abs(),
                            _ => return Err(Told),
                        }
                    }
                    Some((what, defined)) => {
                        let is = match what {
                            Definition::Param(value) => value.ty().to_string(),
                            _ => "a set".to_owned(),
                        };
                        return Err(self.tell(
                            Diagnostic::error(code::D103, format!("`{}` is {is}, not a number", name.node))
                                .at(name.span, "a number is expected here")
                                .at(defined, "defined here"),
                        ));
                    }
                }
            }
        };
        Ok(Bound { more: bound.more, number })
    }

    fn bounds_make_sense(&mut self, count: &ast::Count, bounds: &[Bound]) -> Checked<()> {
        if let Some(index) = bounds.iter().position(|bound| !bound.more && bound.number == 0) {
            return Err(self.tell(
                Diagnostic::error(code::D100, "no number is fewer than 0")
                    .at(count.bounds[index].at.0, "never true")
                    .help("write `fewer than 1` for none"),
            ));
        }
        let [one, other] = bounds else { return Ok(()) };
        let span = count.bounds[0].at.0.to(count.bounds[1].at.0);
        if one.more == other.more {
            let word = if one.more { "more" } else { "fewer" };
            return Err(self.tell(
                Diagnostic::error(code::D100, format!("`{word} than` twice is `{word} than` once"))
                    .at(span, "one of them says nothing")
                    .help("keep one of them, or write `fewer than ... or more than ...`"),
            ));
        }
        let (more, fewer) = if one.more { (one, other) } else { (other, one) };
        if fewer.number > more.number {
            return Err(self.tell(
                Diagnostic::error(
                    code::D100,
                    format!("every number is fewer than {} or more than {}", fewer.number, more.number),
                )
                .at(span, "always true")
                .help(format!("write `fewer than {} or more than {}`", more.number, fewer.number)),
            ));
        }
        Ok(())
    }

    fn unit(&mut self, unit: &Spanned<Unit>, selector: &Selector) -> Checked<()> {
        let of_unit = match unit.node {
            Unit::Principals => Noun::Principal,
            Unit::Users => Noun::User,
            Unit::Guests => Noun::Guest,
            Unit::Groups => Noun::Group,
            Unit::Identities => Noun::ManagedIdentity,
            Unit::Assignments => Noun::RoleAssignment,
            Unit::Scopes => Noun::Scope,
        };
        let word = unit.node.word();
        match selector {
            Selector::Grant(grant) => {
                if of_unit.table() != Table::Principal {
                    return Ok(());
                }
                let admitted = Self::admitted(grant.principals.as_ref());
                let holder = |n: Noun| if n == Noun::Application { Noun::ServicePrincipal } else { n };
                let met = |n: &Spanned<Noun>| holder(n.node).is_a(of_unit) || of_unit.is_a(holder(n.node));
                match admitted.first() {
                    Some(first) if !admitted.iter().any(met) => Err(self.tell(
                        Diagnostic::error(code::D101, format!("none of the holders are {word}"))
                            .at(unit.span, "always 0")
                            .at(first.span, "whom the sentence is about")
                            .help("leave the word out to count assignments, or write `principals`"),
                    )),
                    _ => Ok(()),
                }
            }
            Selector::Entity(entity) => {
                let of = noun(entity.noun.node);
                if of.is_a(of_unit) || (of_unit.is_a(of) && of.table() == Table::Principal) {
                    return Ok(());
                }
                Err(self.tell(
                    Diagnostic::error(code::D101, format!("this sentence finds no {word}"))
                        .at(unit.span, "cannot be counted here")
                        .at(entity.noun.span, "what it finds, and counts if no word is written"),
                ))
            }
        }
    }

    fn group_key(
        &mut self,
        key: &ast::GroupKey,
        selector: &Selector,
        bindings: &Bindings,
    ) -> Checked<GroupKey> {
        let written = match key {
            ast::GroupKey::Access(access) => {
                let text = self.sources.slice(access.span()).to_owned();
                let typed = self.access(access, &Env::new(bindings))?;
                return Ok(GroupKey::Value(typed.expr, text));
            }
            ast::GroupKey::Noun(noun) => noun,
        };
        let per = noun(written.node);
        match selector {
            Selector::Grant(grant) => {
                let holder = narrowest(&Self::admitted(grant.principals.as_ref()));
                let fits = match per.table() {
                    Table::Scope => per != Noun::Root,
                    Table::Principal => per.is_a(holder) || holder.is_a(per),
                    table => matches!(table, Table::Tenant | Table::Role),
                };
                match fits {
                    true => Ok(GroupKey::Noun(per)),
                    false => Err(self.tell(
                        Diagnostic::error(code::D102, format!("an assignment does not belong to {}", a(per.word())))
                            .at(written.span, "cannot be counted per")
                            .help("write a level such as `subscription`, `tenant`, a kind of principal, or an attribute such as `role.name`"),
                    )),
                }
            }
            Selector::Entity(entity) => {
                let of = noun(entity.noun.node);
                let encloses = match (level(per), level(of)) {
                    _ if per == Noun::Root => false,
                    (Some(per), Some(of)) => per < of,
                    (Some(_), None) => may_have_place(of),
                    (None, _) => per == Noun::Tenant,
                };
                if encloses {
                    return Ok(GroupKey::Noun(per));
                }
                Err(self.tell(
                    Diagnostic::error(
                        code::D102,
                        format!("{} does not belong to {}", a(of.word()), a(per.word())),
                    )
                    .at(written.span, "cannot be counted per")
                    .help(format!(
                        "write one of its attributes, as in `per {}.name`, or `per tenant`",
                        of.word()
                    )),
                ))
            }
        }
    }
}
