//! Expressions: every one has a type, and what they compare is of one.

use super::access::Absent;
use super::definitions::{constant, written};
use super::facts::Facts;
use super::names::{Checked, Checker, MemberKind, Told};
use super::plan::{self, Comparison, Constant, Expr, Glob, Matcher, Slot};
use super::selectors::noun;
use super::types::{Ty, one_of};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, code};
use crate::inventory::schema::{Noun, Table};
use crate::syntax::ast::{self, ExprKind, Filter, Ident, IsWhat, Literal, MatchPattern, Pattern, Text};
use crate::text::{Span, Spanned};

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
            ("path", Ty::Path, Slot(0)),
            ("source", Ty::Entity(source), Slot(1)),
            ("target", target, Slot(2)),
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
        let mut diagnostic = Diagnostic::error(code::D118, format!("`{text}` is {}, not a condition", typed.ty))
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
            let mut diagnostic = Diagnostic::error(code::D117, format!("`{}` already means something here", variable.node))
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

    fn mismatch(&mut self, span: Span, ty: &Ty, wanted: &str) -> Told {
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
                Diagnostic::error(code::D068, format!("{} is too large", written(literal))).at(span, "no inventory holds that much"),
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
    fn must_be_present(&mut self, typed: &Typed) -> Checked<()> {
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

    fn compare(
        &mut self,
        comparison: &Spanned<ast::Comparison>,
        left: &ast::Expr,
        right: &ast::Expr,
        env: &mut Env<'_>,
    ) -> Checked<Expr> {
        let (l, r) = (self.expr(left, env)?, self.expr(right, env)?);
        let operator = match comparison.node {
            ast::Comparison::Equal => Comparison::Equal,
            ast::Comparison::NotEqual => Comparison::NotEqual,
            ast::Comparison::Less => Comparison::Less,
            ast::Comparison::LessOrEqual => Comparison::LessOrEqual,
            ast::Comparison::Greater => Comparison::Greater,
            ast::Comparison::GreaterOrEqual => Comparison::GreaterOrEqual,
        };
        let equality = matches!(operator, Comparison::Equal | Comparison::NotEqual);
        if !l.ty.compares_with(&r.ty) {
            return Err(self.unlike((left, &l.ty), (right, &r.ty)));
        }
        if !equality {
            if !l.ty.is_ordered() {
                return Err(self.tell(
                    Diagnostic::error(code::D113, format!("`{}` does not order {}", comparison.node.word(), l.ty))
                        .at(comparison.span, "only numbers, dates and lengths of time are less or more")
                        .help("write `==`, `!=` or `matches`"),
                ));
            }
            self.must_be_present(&l)?;
            self.must_be_present(&r)?;
        }
        self.in_list(&l.ty, right)?;
        self.in_list(&r.ty, left)?;
        let fold = l.ty.folds_with(&r.ty);
        Ok(Expr::Compare { comparison: operator, left: Box::new(l.expr), right: Box::new(r.expr), fold })
    }

    /// A quoted string beside an enum is one of its words.
    fn in_list(&mut self, ty: &Ty, expr: &ast::Expr) -> Checked<()> {
        let Ty::Enum(words) = ty else { return Ok(()) };
        match &expr.kind {
            ExprKind::Paren(inner) => self.in_list(ty, inner),
            ExprKind::Literal(Literal::String(text)) => self.is_word(words, text, expr.at.0),
            ExprKind::Access(access) if access.steps.is_empty() => {
                match self.definitions.find(self.file, &access.root.node).map(|(_, named)| &named.what) {
                    Some(super::definitions::Definition::Param(value)) => match value.constant.clone() {
                        Constant::Text(text) => self.is_word(words, &text, expr.at.0),
                        _ => Ok(()),
                    },
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn is_word(&mut self, words: &[&'static str], text: &str, span: Span) -> Checked<()> {
        if words.contains(&text) {
            return Ok(());
        }
        let mut diagnostic = Diagnostic::error(code::D112, format!("it is never \"{text}\""));
        diagnostic = match nearest(text, words.iter().copied()) {
            Some(near) => {
                diagnostic.at(span, format!("did you mean \"{near}\"?")).edit(span, format!("\"{near}\""))
            }
            None => diagnostic.at(span, "not in the closed list"),
        };
        Err(self.tell(diagnostic.note(format!("it is {}", one_of(words)))))
    }

    /// Two sides that cannot be compared.
    fn unlike(&mut self, (left, l): (&ast::Expr, &Ty), (right, r): (&ast::Expr, &Ty)) -> Told {
        let slice = |expr: &ast::Expr| self.sources.slice(expr.at.0).to_owned();
        let (left_text, right_text) = (slice(left), slice(right));
        let mut diagnostic = Diagnostic::error(code::D113, format!("`{left_text}` is {l}, and `{right_text}` is {r}"))
            .at(right.at.0, r.to_string())
            .at(left.at.0, l.to_string());
        for ((expr, text, ty), (_, other)) in
            [((left, &left_text, l), (right, r)), ((right, &right_text, r), (left, l))]
        {
            diagnostic = match (ty, other) {
                (Ty::Int, Ty::Duration) => {
                    diagnostic.help(format!("write a unit, as in `{text} days`")).edit(expr.at.0, format!("{text} days"))
                }
                (Ty::Quoted, Ty::Date | Ty::Duration | Ty::Int | Ty::Bool) => {
                    let bare = text.trim_matches('"').to_owned();
                    diagnostic.help(format!("write {bare} without quotes")).edit(expr.at.0, bare)
                }
                (Ty::Entity(noun), other) if other.is_text() => {
                    let attribute = if noun.table() == Table::Assignment { "id" } else { "name" };
                    diagnostic
                        .help(format!("compare its {attribute}: `{text}.{attribute}`"))
                        .edit(expr.at.0, format!("{text}.{attribute}"))
                }
                (Ty::List(_), other) if !matches!(other, Ty::List(_)) => {
                    diagnostic.help(format!("write `{text} contains ...`, or `is empty`"))
                }
                _ => diagnostic,
            };
        }
        self.tell(diagnostic)
    }

    /// `element in list`
    fn is_in(&mut self, element: &ast::Expr, list: &ast::Expr, env: &mut Env<'_>) -> Checked<Expr> {
        let typed = self.expr(element, env)?;
        if let Some(name) = set_name(list, env)
            && matches!(
                self.definitions.find(self.file, &name.node).map(|(_, n)| &n.what),
                None | Some(super::definitions::Definition::Set(_) | super::definitions::Definition::Spoiled)
            )
        {
            return self.in_set(typed, element, name);
        }
        if let ExprKind::List(items) = &list.kind {
            for item in items {
                let member = self.expr(item, env)?;
                if !typed.ty.compares_with(&member.ty) {
                    return Err(self.unlike((element, &typed.ty), (item, &member.ty)));
                }
                self.in_list(&typed.ty, item)?;
            }
        }
        let listed = self.expr(list, env)?;
        let Ty::List(member) = &listed.ty else {
            let wanted = match listed.ty.is_text() {
                true => "a list is expected here: for one value write `==`",
                false => "a list or a set is expected here",
            };
            return Err(self.mismatch(list.at.0, &listed.ty, wanted));
        };
        self.holds(listed.expr, member, list, typed, element)
    }

    /// `list contains element`
    fn contains(&mut self, list: &ast::Expr, element: &ast::Expr, env: &mut Env<'_>) -> Checked<Expr> {
        let listed = self.expr(list, env)?;
        let member = match &listed.ty {
            Ty::List(member) => member.clone(),
            ty => {
                let text = self.sources.slice(list.at.0).to_owned();
                let mut diagnostic = Diagnostic::error(code::D113, format!("`{text}` is {ty}, not a list"))
                    .at(list.at.0, "only a list contains something");
                diagnostic = match (ty, &element.kind) {
                    (ty, ExprKind::Literal(Literal::String(part))) if ty.is_text() => {
                        let matches = format!("{text} matches \"*{part}*\"");
                        diagnostic.help(format!("write `{matches}`")).edit(list.at.0.to(element.at.0), matches)
                    }
                    (Ty::Map, ExprKind::Literal(Literal::String(tag))) => {
                        let present = format!("{text}[\"{tag}\"] is present");
                        diagnostic.help(format!("write `{present}`")).edit(list.at.0.to(element.at.0), present)
                    }
                    _ => diagnostic,
                };
                return Err(self.tell(diagnostic));
            }
        };
        let typed = self.expr(element, env)?;
        self.holds(listed.expr, &member, list, typed, element)
    }

    fn holds(
        &mut self,
        list: Expr,
        member: &Ty,
        list_at: &ast::Expr,
        element: Typed,
        element_at: &ast::Expr,
    ) -> Checked<Expr> {
        if !member.compares_with(&element.ty) {
            let listed = Ty::List(Box::new(member.clone()));
            return Err(self.unlike((list_at, &listed), (element_at, &element.ty)));
        }
        self.in_list(member, element_at)?;
        let fold = member.folds_with(&element.ty);
        Ok(Expr::Contains { list: Box::new(list), element: Box::new(element.expr), fold })
    }

    fn in_set(&mut self, element: Typed, element_at: &ast::Expr, name: &Ident) -> Checked<Expr> {
        let members = self.members(&[Pattern::Name(name.clone())], "a set of values")?;
        if !element.ty.is_text() && !matches!(element.ty, Ty::Enum(_)) {
            let wanted = format!("`{}` holds names", name.node);
            return Err(self.mismatch(element_at.at.0, &element.ty, &wanted));
        }
        let mut list = vec![];
        for member in members {
            self.no_capability(&member, "a value")?;
            if member.kind == MemberKind::Quoted && member.text.contains(['*', '?']) {
                let subject = self.sources.slice(element_at.at.0).to_owned();
                return Err(self.tell(
                    Diagnostic::error(code::D115, format!("`in` takes \"{}\" for a plain word", member.text))
                        .at(name.span, "this set holds a pattern")
                        .at(member.span, "the pattern")
                        .help(format!("write `{subject} matches {}`", name.node))
                        .edit(element_at.at.0.to(name.span), format!("{subject} matches {}", name.node)),
                ));
            }
            if let Ty::Enum(words) = element.ty {
                self.is_word(words, &member.text, member.span)?;
            }
            list.push(Expr::Constant(Constant::Text(member.text)));
        }
        let fold = element.ty.folds_with(&Ty::Quoted);
        Ok(Expr::Contains { list: Box::new(Expr::List(list)), element: Box::new(element.expr), fold })
    }

    fn matches(&mut self, subject: &ast::Expr, pattern: &MatchPattern, env: &mut Env<'_>) -> Checked<Expr> {
        let typed = self.expr(subject, env)?;
        if !typed.ty.is_text() {
            let wanted = match typed.ty {
                Ty::Enum(_) => "one of a closed list: write `==` or `in`",
                Ty::List(_) => "only text matches: write `some x in ... satisfies x matches ...`",
                Ty::Entity(_) => "only text matches: write its name",
                _ => "only text matches a pattern",
            };
            return Err(self.mismatch(subject.at.0, &typed.ty, wanted));
        }
        let matcher = match pattern {
            MatchPattern::Glob(text) => Matcher::Globs(vec![Glob::new(&text.node)]),
            MatchPattern::Name(name) => Matcher::Globs(self.globs(&[Pattern::Name(name.clone())], "a pattern")?),
            MatchPattern::Regex(text) => self.regex(text, typed.ty == Ty::Name)?,
        };
        Ok(Expr::Matches(Box::new(typed.expr), matcher))
    }

    fn regex(&mut self, text: &Text, fold: bool) -> Checked<Matcher> {
        let built = regex::RegexBuilder::new(&format!("^(?:{})$", text.node.replace("\\/", "/")))
            .case_insensitive(fold)
            .size_limit(1 << 20)
            .dfa_size_limit(1 << 20)
            .nest_limit(100)
            .build();
        match built {
            Ok(regex) => Ok(Matcher::Regex(regex)),
            Err(regex::Error::CompiledTooBig(_)) => Err(self.tell(
                Diagnostic::error(code::D116, "the regular expression is too large")
                    .at(text.span, "compiled, it takes more than a megabyte")
                    .help("repeat less: `{1,1000}` and the like cost most"),
            )),
            Err(error) => {
                // The library draws a picture of several lines; its last says what is wrong.
                let why = error.to_string();
                let why = why.lines().last().unwrap_or("").trim().trim_start_matches("error: ").to_owned();
                Err(self.tell(
                    Diagnostic::error(code::D116, "this is not a regular expression")
                        .at(text.span, why)
                        .note("it matches the whole value, in linear time: no look-around, no references back"),
                ))
            }
        }
    }

    fn is(&mut self, subject: &ast::Expr, what: &Spanned<IsWhat>, env: &mut Env<'_>) -> Checked<Expr> {
        let typed = self.expr(subject, env)?;
        let text = self.sources.slice(subject.at.0).to_owned();
        match what.node {
            IsWhat::Empty => match typed.ty {
                Ty::List(_) | Ty::Map => Ok(Expr::IsEmpty(Box::new(typed.expr))),
                ty => Err(self.tell(
                    Diagnostic::error(code::D113, format!("`{text}` is {ty}, which is never empty"))
                        .at(what.span, "only a list is empty")
                        .help(format!("write `{text} is not present` if it may be missing")),
                )),
            },
            IsWhat::Known => Ok(Expr::IsKnown(Box::new(typed.expr))),
            IsWhat::Present => Ok(Expr::IsPresent(Box::new(typed.expr))),
            IsWhat::Kind(kind) => {
                let kind = noun(kind);
                let of = match &typed.ty {
                    Ty::Entity(of) => *of,
                    ty => return Err(self.mismatch(subject.at.0, ty, "only a principal is of a kind")),
                };
                if of.table() != Table::Principal || kind.table() != Table::Principal {
                    return Err(self.tell(
                        Diagnostic::error(code::D113, format!("`{text}` is {}, never {}", typed.ty, Ty::Entity(kind)))
                            .at(what.span, "only a principal is of a kind"),
                    ));
                }
                self.want(kind);
                Ok(Expr::IsKind(Box::new(typed.expr), kind))
            }
        }
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
                    let note = "dates and lengths of time are added and subtracted, and numbers among themselves";
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

/// The name, where the list is a bare one that no binding has.
fn set_name<'e>(list: &'e ast::Expr, env: &Env<'_>) -> Option<&'e Ident> {
    match &list.kind {
        ExprKind::Paren(inner) => set_name(inner, env),
        ExprKind::Access(access) if access.steps.is_empty() && env.find(&access.root.node).is_none() => Some(&access.root),
        _ => None,
    }
}
