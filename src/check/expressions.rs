//! Expressions: every one has a type, and what they compare is of one.

use super::access::Absent;
use super::definitions::{constant, written};
use super::facts::Facts;
use super::names::{Checked, Checker, Told};
use super::plan::{self, Constant, Expr, Slot};
use super::types::Ty;
use crate::diagnostic::{Diagnostic, code};
use crate::inventory::schema::Noun;
use crate::syntax::ast::{self, ExprKind, Filter, Ident, Literal};
use crate::text::Span;

/// What a sentence is about, by the names that its expressions use.
pub(super) struct Bindings(Vec<(&'static str, Ty, Slot)>);

impl Bindings {
    /// Of an entity selector: the noun itself.
    pub(super) fn entity(noun: Noun) -> Self {
        Bindings(vec![(noun.word(), Ty::Entity(noun), Slot::ENTITY)])
    }

    /// Of a grant whose scope and holder are of those nouns.
    pub(super) fn grant(scope: Noun, principal: Noun) -> Self {
        let group = Ty::List(Box::new(Ty::Entity(Noun::Group)));
        Bindings(vec![
            ("assignment", Ty::Entity(Noun::RoleAssignment), Slot::ASSIGNMENT),
            ("role", Ty::Entity(Noun::RoleDefinition), Slot::ROLE),
            ("scope", Ty::Entity(scope), Slot::SCOPE),
            ("principal", Ty::Entity(principal), Slot::PRINCIPAL),
            ("assignee", Ty::Entity(Noun::Principal), Slot::ASSIGNEE),
            ("via", group, Slot::VIA),
        ])
    }

    /// Of a path that starts at that noun.
    pub(super) fn path(source: Noun, target: Ty) -> Self {
        Bindings(vec![
            ("path", Ty::Path, Slot::PATH),
            ("source", Ty::Entity(source), Slot::SOURCE),
            ("target", target, Slot::TARGET),
        ])
    }

    /// The name, where there is only one.
    pub(super) fn only(&self) -> Option<&'static str> {
        match self.0.as_slice() {
            [(name, ..)] => Some(name),
            _ => None,
        }
    }
}

/// The names that an expression can use: bindings, and what quantifiers and counts bind.
pub(super) struct Env<'b> {
    pub(super) bindings: &'b Bindings,
    variables: Vec<(String, Ty, Slot, Span)>,
}

impl<'b> Env<'b> {
    pub(super) fn new(bindings: &'b Bindings) -> Self {
        Env { bindings, variables: vec![] }
    }

    pub(super) fn find(&self, name: &str) -> Option<(&Ty, Slot)> {
        let variable = self.variables.iter().find(|v| v.0 == name).map(|v| (&v.1, v.2));
        variable.or_else(|| self.bindings.0.iter().find(|b| b.0 == name).map(|b| (&b.1, b.2)))
    }

    pub(super) fn names(&self) -> Vec<&str> {
        let bindings = self.bindings.0.iter().map(|b| b.0);
        bindings.chain(self.variables.iter().map(|v| v.0.as_str())).collect()
    }
}

/// An expression with its type.
pub(super) struct Typed {
    pub(super) expr: Expr,
    pub(super) ty: Ty,
    /// Where it may be absent, as far as is known here.
    pub(super) absent: Option<Absent>,
}

impl Typed {
    pub(super) fn new(expr: Expr, ty: Ty) -> Self {
        Typed { expr, ty, absent: None }
    }
}

impl Checker<'_> {
    /// `where` and `unless`, joined. What they say stays known afterwards, until the next sentence.
    pub(super) fn filters(&mut self, filters: &[Filter], bindings: &Bindings) -> Checked<Option<Expr>> {
        self.facts = Facts::default();
        let mut parts = vec![];
        for filter in filters {
            let expr = self.condition(&filter.expr, &mut Env::new(bindings))?;
            self.facts.learn(&filter.expr, !filter.unless);
            parts.push(if filter.unless { Expr::Not(Box::new(expr)) } else { expr });
        }
        Ok(match parts.len() {
            0 | 1 => parts.pop(),
            _ => Some(Expr::And(parts)),
        })
    }

    /// An expression that is true or false.
    pub(super) fn condition(&mut self, expr: &ast::Expr, env: &mut Env<'_>) -> Checked<Expr> {
        let outer = std::mem::replace(&mut self.condition, expr.at.0);
        let typed = self.expr(expr, env)?;
        self.condition = outer;
        if typed.ty == Ty::Bool {
            return Ok(typed.expr);
        }
        let text = self.sources.slice(expr.at.0).to_owned();
        let mut diagnostic =
            Diagnostic::error(code::D118, format!("`{text}` is {}, not a condition", typed.ty))
                .at(expr.at.0, "neither true nor false");
        diagnostic = match typed.ty {
            Ty::List(_) | Ty::Map => diagnostic.help(format!("write `{text} is not empty`")),
            _ => diagnostic.help(format!("compare it, as in `{text} == ...`, or write `{text} is present`")),
        };
        Err(self.tell(diagnostic))
    }

    /// Any expression.
    pub(super) fn expr(&mut self, expr: &ast::Expr, env: &mut Env<'_>) -> Checked<Typed> {
        let span = expr.at.0;
        let expr = match &expr.kind {
            ExprKind::Paren(inner) => return self.expr(inner, env),
            ExprKind::Access(access) => return self.access(access, env),
            ExprKind::And(parts) => Expr::And(self.parts(parts, true, env)?),
            ExprKind::Or(parts) => Expr::Or(self.parts(parts, false, env)?),
            ExprKind::Not(inner) => Expr::Not(Box::new(self.condition(inner, env)?)),
            ExprKind::Bool(value) => Expr::Constant(Constant::Bool(*value)),
            ExprKind::Quantified { quantifier, variable, list, body } => {
                let (slot, list, body) = self.bound(variable, list, body, env)?;
                let quantifier = match quantifier.node {
                    ast::Quantifier::Some => plan::Quantifier::Some,
                    ast::Quantifier::Every => plan::Quantifier::Every,
                    ast::Quantifier::No => plan::Quantifier::No,
                };
                Expr::Quantified(quantifier, slot, Box::new(list), Box::new(body))
            }
            ExprKind::Compare(comparison, left, right) => self.compare(comparison, left, right, env)?,
            ExprKind::In { negated, element, list } => {
                let found = self.is_in(element, list, env)?;
                if *negated { Expr::Not(Box::new(found)) } else { found }
            }
            ExprKind::Contains(list, element) => self.contains(list, element, env)?,
            ExprKind::Matches(subject, pattern) => self.matches(subject, pattern, env)?,
            ExprKind::Is { subject, negated, what } => {
                let is = self.is(subject, what, env)?;
                if *negated { Expr::Not(Box::new(is)) } else { is }
            }
            ExprKind::Sum { minus, left, right } => return self.sum(*minus, left, right, env),
            ExprKind::Literal(literal) => return self.literal(literal, span),
            ExprKind::Today => {
                self.today.get_or_insert(span);
                return Ok(Typed::new(Expr::Today, Ty::Date));
            }
            ExprKind::List(items) => return self.list(items, env),
            ExprKind::CountList(list) => {
                let typed = self.expr(list, env)?;
                self.must_be_list(&typed.ty, list)?;
                return Ok(Typed::new(Expr::Count(Box::new(typed.expr)), Ty::Int));
            }
            ExprKind::CountWhere { variable, list, body } => {
                let (slot, list, body) = self.bound(variable, list, body, env)?;
                return Ok(Typed::new(Expr::CountWhere(slot, Box::new(list), Box::new(body)), Ty::Int));
            }
            ExprKind::Age(date) => {
                self.today.get_or_insert(span);
                let typed = self.expr(date, env)?;
                if typed.ty != Ty::Date {
                    return Err(self.mismatch(date.at.0, &typed.ty, "`age()` takes a date"));
                }
                self.must_be_present(&typed)?;
                return Ok(Typed::new(Expr::Age(Box::new(typed.expr)), Ty::Duration));
            }
        };
        Ok(Typed::new(expr, Ty::Bool))
    }

    /// The parts of an `and` (`truth`) or `or`: each is read knowing how those left of it came out.
    fn parts(&mut self, parts: &[ast::Expr], truth: bool, env: &mut Env<'_>) -> Checked<Vec<Expr>> {
        let before = self.facts.clone();
        let mut out = vec![];
        for part in parts {
            let expr = self.condition(part, env);
            self.facts = match expr {
                Ok(_) => self.facts.with(part, truth),
                Err(_) => before.clone(),
            };
            out.push(expr?);
        }
        self.facts = before;
        Ok(out)
    }

    /// A name that a quantifier or a count binds, its list and its body.
    fn bound(
        &mut self,
        variable: &Ident,
        list: &ast::Expr,
        body: &ast::Expr,
        env: &mut Env<'_>,
    ) -> Checked<(Slot, Expr, Expr)> {
        let typed = self.expr(list, env)?;
        let element = self.must_be_list(&typed.ty, list)?;
        let taken = env.variables.iter().find(|v| v.0 == variable.node).map(|v| v.3);
        let defined = self.definitions.find(self.file, &variable.node).map(|(_, named)| named.span);
        if taken.is_some() || defined.is_some() || env.find(&variable.node).is_some() {
            let mut diagnostic =
                Diagnostic::error(code::D117, format!("`{}` already means something here", variable.node))
                    .at(variable.span, "choose another name");
            if let Some(first) = taken.or(defined) {
                diagnostic = diagnostic.at(first, "defined here");
            }
            return Err(self.tell(diagnostic));
        }
        // The parser's limit of nesting keeps this far from the end of the slots.
        let Ok(depth) = u8::try_from(env.variables.len()) else { return Err(Told) };
        let slot = Slot(Slot::FIRST_BOUND.0.saturating_add(depth));
        env.variables.push((variable.node.clone(), element, slot, variable.span));
        let body = self.condition(body, env);
        env.variables.pop();
        Ok((slot, typed.expr, body?))
    }

    fn must_be_list(&mut self, ty: &Ty, expr: &ast::Expr) -> Checked<Ty> {
        match ty {
            Ty::List(element) => Ok((**element).clone()),
            ty => Err(self.mismatch(expr.at.0, ty, "a list is expected here")),
        }
    }

    pub(super) fn mismatch(&mut self, span: Span, ty: &Ty, wanted: &str) -> Told {
        let text = self.sources.slice(span).to_owned();
        self.tell(Diagnostic::error(code::D113, format!("`{text}` is {ty}")).at(span, wanted))
    }

    fn literal(&mut self, literal: &Literal, span: Span) -> Checked<Typed> {
        match constant(literal) {
            Some(constant) => {
                let ty = match literal {
                    Literal::Date { .. } => Ty::Date,
                    Literal::Duration { .. } => Ty::Duration,
                    Literal::Int(_) => Ty::Int,
                    Literal::String(_) => Ty::Quoted,
                };
                Ok(Typed::new(Expr::Constant(constant), ty))
            }
            None => Err(self.tell(
                Diagnostic::error(code::D068, format!("{} is too large", written(literal)))
                    .at(span, "no inventory holds that much"),
            )),
        }
    }

    fn list(&mut self, items: &[ast::Expr], env: &mut Env<'_>) -> Checked<Typed> {
        let mut element: Option<Ty> = None;
        let mut exprs = vec![];
        for item in items {
            let typed = self.expr(item, env)?;
            match &element {
                Some(first) if !first.compares_with(&typed.ty) => {
                    let wanted = format!("the list began with {first}");
                    return Err(self.mismatch(item.at.0, &typed.ty, &wanted));
                }
                Some(_) => {}
                None => element = Some(typed.ty),
            }
            exprs.push(typed.expr);
        }
        Ok(Typed::new(Expr::List(exprs), Ty::List(Box::new(element.unwrap_or(Ty::Quoted)))))
    }

    /// `<`, `age()`, `+` and `-` have no meaning for what is absent.
    pub(super) fn must_be_present(&mut self, typed: &Typed) -> Checked<()> {
        let Some(absent) = &typed.absent else { return Ok(()) };
        let condition = self.sources.slice(self.condition).to_owned();
        let text = &absent.text;
        Err(self.tell(
            Diagnostic::error(code::D114, format!("`{text}` may be absent"))
                .at(absent.span, "then it is neither less nor more, and has no age")
                .help(format!("write `{text} is present and {condition}` if one without it does not count"))
                .help(format!("write `({text} is not present or {condition})` if one without it counts")),
        ))
    }

    fn sum(&mut self, minus: bool, left: &ast::Expr, right: &ast::Expr, env: &mut Env<'_>) -> Checked<Typed> {
        let (l, r) = (self.expr(left, env)?, self.expr(right, env)?);
        let ty = match (&l.ty, minus, &r.ty) {
            (Ty::Date, true, Ty::Date) => Ty::Duration,
            (Ty::Date, _, Ty::Duration) => Ty::Date,
            (Ty::Duration, _, Ty::Duration) => Ty::Duration,
            (Ty::Int, _, Ty::Int) => Ty::Int,
            _ => {
                let told = self.unlike((left, &l.ty), (right, &r.ty));
                if let Some(last) = self.told.last_mut() {
                    let note =
                        "dates and lengths of time are added and subtracted, and numbers among themselves";
                    last.notes.push(note.to_owned());
                }
                return Err(told);
            }
        };
        self.must_be_present(&l)?;
        self.must_be_present(&r)?;
        let (left, right) = (Box::new(l.expr), Box::new(r.expr));
        Ok(Typed::new(if minus { Expr::Subtract(left, right) } else { Expr::Add(left, right) }, ty))
    }
}
