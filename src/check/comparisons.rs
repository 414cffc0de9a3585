//! What expressions ask: comparisons, membership, patterns, and questions with `is`. What they compare is of one type.

use super::definitions::Definition;
use super::expressions::{Env, Typed};
use super::names::{Checked, Checker, MemberKind, Told};
use super::plan::{Comparison, Constant, Expr, Glob, Matcher};
use super::selectors::noun;
use super::types::{Ty, one_of};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, code};
use crate::inventory::schema::Table;
use crate::syntax::ast::{self, ExprKind, Ident, IsWhat, Literal, MatchPattern, Pattern, Text};
use crate::text::{Span, Spanned};

impl Checker<'_> {
    pub(super) fn compare(
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
                    Diagnostic::error(
                        code::D113,
                        format!("`{}` does not order {}", comparison.node.word(), l.ty),
                    )
                    .at(comparison.span, "only numbers, dates and lengths of time are less or more")
                    .help("write `==`, `!=` or `matches`"),
                ));
            }
            self.must_be_present(&l)?;
            self.must_be_present(&r)?;
        }
        self.in_list(&l.ty, left, right)?;
        self.in_list(&r.ty, right, left)?;
        let fold = l.ty.folds_with(&r.ty);
        Ok(Expr::Compare { comparison: operator, left: Box::new(l.expr), right: Box::new(r.expr), fold })
    }

    /// A quoted string beside an enum is one of its words.
    fn in_list(&mut self, ty: &Ty, subject: &ast::Expr, expr: &ast::Expr) -> Checked<()> {
        let Ty::Enum(words) = ty else { return Ok(()) };
        match &expr.kind {
            ExprKind::Paren(inner) => self.in_list(ty, subject, inner),
            ExprKind::Literal(Literal::String(text)) => self.is_word(words, subject, text, expr.at.0),
            ExprKind::Access(access) if access.steps.is_empty() => {
                match self.definitions.find(self.file, &access.root.node).map(|(_, named)| &named.what) {
                    Some(Definition::Param(value)) => match value.constant.clone() {
                        Constant::Text(text) => self.is_word(words, subject, &text, expr.at.0),
                        _ => Ok(()),
                    },
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn is_word(
        &mut self,
        words: &[&'static str],
        subject: &ast::Expr,
        text: &str,
        span: Span,
    ) -> Checked<()> {
        if words.contains(&text) {
            return Ok(());
        }
        let mut diagnostic = Diagnostic::error(
            code::D112,
            format!("`{}` is never \"{text}\"", self.sources.slice(subject.at.0)),
        );
        diagnostic = match nearest(text, words.iter().copied()) {
            Some(near) => {
                diagnostic.at(span, format!("did you mean \"{near}\"?")).edit(span, format!("\"{near}\""))
            }
            None => diagnostic.at(span, "not in the closed list"),
        };
        Err(self.tell(diagnostic.note(format!("it is {}", one_of(words)))))
    }

    /// Two sides that cannot be compared.
    pub(super) fn unlike(&mut self, (left, l): (&ast::Expr, &Ty), (right, r): (&ast::Expr, &Ty)) -> Told {
        let slice = |expr: &ast::Expr| self.sources.slice(expr.at.0).to_owned();
        let (left_text, right_text) = (slice(left), slice(right));
        let mut diagnostic =
            Diagnostic::error(code::D113, format!("`{left_text}` is {l}, and `{right_text}` is {r}"))
                .at(right.at.0, r.to_string())
                .at(left.at.0, l.to_string());
        for ((expr, text, ty), (_, other)) in
            [((left, &left_text, l), (right, r)), ((right, &right_text, r), (left, l))]
        {
            diagnostic = match (ty, other) {
                (Ty::Int, Ty::Duration) => diagnostic
                    .help(format!("write a unit, as in `{text} days`"))
                    .edit(expr.at.0, format!("{text} days")),
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
    pub(super) fn is_in(
        &mut self,
        element: &ast::Expr,
        list: &ast::Expr,
        env: &mut Env<'_>,
    ) -> Checked<Expr> {
        let typed = self.expr(element, env)?;
        if let Some(name) = set_name(list, env)
            && matches!(
                self.definitions.find(self.file, &name.node).map(|(_, n)| &n.what),
                None | Some(Definition::Set(_) | Definition::Spoiled)
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
                self.in_list(&typed.ty, element, item)?;
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
    pub(super) fn contains(
        &mut self,
        list: &ast::Expr,
        element: &ast::Expr,
        env: &mut Env<'_>,
    ) -> Checked<Expr> {
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
                        diagnostic
                            .help(format!("write `{matches}`"))
                            .edit(list.at.0.to(element.at.0), matches)
                    }
                    (Ty::Map, ExprKind::Literal(Literal::String(tag))) => {
                        let present = format!("{text}[\"{tag}\"] is present");
                        diagnostic
                            .help(format!("write `{present}`"))
                            .edit(list.at.0.to(element.at.0), present)
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
        self.in_list(member, list_at, element_at)?;
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
                self.is_word(words, element_at, &member.text, member.span)?;
            }
            list.push(Expr::Constant(Constant::Text(member.text)));
        }
        let fold = element.ty.folds_with(&Ty::Quoted);
        Ok(Expr::Contains { list: Box::new(Expr::List(list)), element: Box::new(element.expr), fold })
    }

    pub(super) fn matches(
        &mut self,
        subject: &ast::Expr,
        pattern: &MatchPattern,
        env: &mut Env<'_>,
    ) -> Checked<Expr> {
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
            MatchPattern::Name(name) => {
                Matcher::Globs(self.globs(&[Pattern::Name(name.clone())], "a pattern")?)
            }
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
                        .note(
                            "it matches the whole value, in linear time: no look-around, no references back",
                        ),
                ))
            }
        }
    }

    pub(super) fn is(
        &mut self,
        subject: &ast::Expr,
        what: &Spanned<IsWhat>,
        env: &mut Env<'_>,
    ) -> Checked<Expr> {
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
                        Diagnostic::error(
                            code::D113,
                            format!("`{text}` is {}, never {}", typed.ty, Ty::Entity(kind)),
                        )
                        .at(what.span, "only a principal is of a kind"),
                    ));
                }
                self.want(kind);
                Ok(Expr::IsKind(Box::new(typed.expr), kind))
            }
        }
    }
}

/// The name, where the list is a bare one that no binding has.
fn set_name<'e>(list: &'e ast::Expr, env: &Env<'_>) -> Option<&'e Ident> {
    match &list.kind {
        ExprKind::Paren(inner) => set_name(inner, env),
        ExprKind::Access(access) if access.steps.is_empty() && env.find(&access.root.node).is_none() => {
            Some(&access.root)
        }
        _ => None,
    }
}
