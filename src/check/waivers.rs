//! Waivers: which rule, which of its findings, until when. Every mistake in one has a code of its own family.

use super::definitions::{seconds, written};
use super::names::{Checked, Checker, Told};
use super::plan::Waiver;
use super::rules::RuleEntry;
use super::selectors::{has_place, noun};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, code};
use crate::inventory::schema::{Noun, Table};
use crate::syntax::ast::{self, GrantKind, Literal, Selector, Statement, Waive};
use crate::text::Span;

/// What a rule's findings are about, as far as a waiver can narrow them.
enum Subject {
    /// Holders of assignments; of Azure roles at scopes, or not.
    Grant(bool),
    /// Entities of that noun.
    Entity(Noun),
    /// That something is missing.
    Nothing,
}

impl Checker<'_> {
    /// The waiver, where nothing is wrong with it and its rule is part of this run.
    pub(super) fn waiver(&mut self, waive: &Waive, rules: &[RuleEntry<'_>]) -> Checked<Waiver> {
        let before = self.told.len();
        let checked = self.waiver_parts(waive, rules);
        for diagnostic in &mut self.told[before..] {
            if !diagnostic.code.as_str().starts_with("D7") {
                diagnostic.code = code::D708;
            }
        }
        checked
    }

    fn waiver_parts(&mut self, waive: &Waive, rules: &[RuleEntry<'_>]) -> Checked<Waiver> {
        let rule = self.waived_rule(waive, rules)?;
        let id = rule.id.clone();
        let subject = subject(rule.statement);
        self.clauses_fit(waive, &subject, rule.span)?;
        let principals = waive.principals.as_ref().map(|p| self.principals(p)).transpose()?;
        let scope = waive.scope.as_ref().map(|s| self.scope_clause(s)).transpose()?;
        let entity = waive.entity.as_ref().map(|e| self.entity(e)).transpose()?;
        let texts =
            waive.because.iter().chain([&waive.approved_by]).chain(&waive.requested_by).chain(&waive.ticket);
        if let Some(empty) = texts.chain(&waive.findings).find(|text| text.node.trim().is_empty()) {
            return Err(self.tell(
                Diagnostic::error(code::D704, "a waiver says what it waives, why, and who approved it")
                    .at(empty.span, "nothing is said here"),
            ));
        }
        if let Some(requested) = &waive.requested_by {
            let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
            if same(&requested.node, &waive.approved_by.node) {
                return Err(self.tell(
                    Diagnostic::error(code::D705, format!("\"{}\" approves an own request", requested.node))
                        .at(waive.approved_by.span, "someone else has to approve")
                        .at(requested.span, "requested here"),
                ));
            }
        }
        let ends = match &waive.until.node {
            Literal::Date { year, month, day } => seconds(*year, *month, *day).map(|start| start + 86_400),
            _ => None,
        };
        let Some(ends) = ends else {
            return Err(self.tell(
                Diagnostic::error(code::D704, "a waiver ends on a day")
                    .at(waive.until.span, "write a date, as in 2027-03-31"),
            ));
        };
        let because: Vec<&str> = waive.because.iter().map(|text| text.node.as_str()).collect();
        Ok(Waiver {
            rule: id,
            principals,
            scope,
            entity,
            findings: waive.findings.iter().map(|text| text.node.trim().to_owned()).collect(),
            ends,
            until: written(&waive.until.node),
            because: because.join(" "),
            requested_by: waive.requested_by.as_ref().map(|text| text.node.clone()),
            approved_by: waive.approved_by.node.clone(),
            ticket: waive.ticket.as_ref().map(|text| text.node.clone()),
            span: waive.at.0,
        })
    }

    fn waived_rule<'r, 'e>(
        &mut self,
        waive: &Waive,
        rules: &'r [RuleEntry<'e>],
    ) -> Checked<&'r RuleEntry<'e>> {
        let name = &waive.rule.rule;
        let own = self.files[self.file].policy();
        let policy = waive.rule.policy.as_ref().map_or(own, |policy| policy.node.as_str());
        let id = format!("{policy}/{}", name.node);
        let span = waive.rule.policy.as_ref().map_or(name.span, |policy| policy.span.to(name.span));
        if let Some(found) = rules.iter().find(|rule| rule.id == id) {
            if found.named {
                return Ok(found);
            }
            return Err(self.tell(
                Diagnostic::error(code::D702, "a statement without a name cannot be waived")
                    .at(span, "this id is the text of the statement, and changes with it")
                    .at(found.span, "the statement")
                    .help("name the rule: write `rule NAME` before the statement"),
            ));
        }
        let of_policy: Vec<&super::CheckedFile> =
            self.files.iter().filter(|file| file.policy() == policy).collect();
        let broken = |word: &str| self.files.iter().any(|file| file.is_broken_around(word, self.sources));
        if self.files.iter().any(|file| file.lost_rules(self.sources))
            || broken(&name.node)
            || waive.rule.policy.as_ref().is_some_and(|policy| broken(&policy.node))
        {
            return Err(Told);
        }
        let ids: Vec<&str> = rules.iter().filter(|rule| rule.named).map(|rule| rule.id.as_str()).collect();
        let elsewhere =
            ids.iter().copied().find(|id| id.rsplit_once('/').is_some_and(|(_, rule)| rule == name.node));
        let near = elsewhere.or_else(|| nearest(&id, ids.iter().copied()));
        if near.is_none() && waive.rule.policy.is_some() && !of_policy.iter().any(|file| file.is_policy) {
            return Err(self.tell(
                Diagnostic::warning(code::D707, format!("policy `{policy}` is not part of this run"))
                    .at(span, "so this waiver waives nothing")
                    .note("the waiver was not checked further"),
            ));
        }
        let mut diagnostic = Diagnostic::error(code::D701, format!("there is no rule `{id}`"));
        diagnostic = match near {
            Some(near) => {
                let short = near.strip_prefix(&format!("{own}/")).filter(|_| waive.rule.policy.is_none());
                let near = short.unwrap_or(near);
                diagnostic.at(span, format!("did you mean `{near}`?")).edit(span, near)
            }
            None => diagnostic.at(span, "no rule of this run has this name"),
        };
        if waive.rule.policy.is_none() {
            diagnostic =
                diagnostic.note(format!("without a policy before it, a rule of policy `{own}` is meant"));
        }
        Err(self.tell(diagnostic))
    }

    fn clauses_fit(&mut self, waive: &Waive, subject: &Subject, rule: Span) -> Checked<()> {
        let misfit = |span: Span, message: &str, help: &str| {
            Diagnostic::error(code::D703, message.to_owned())
                .at(span, "this clause can match none of its findings")
                .at(rule, "the rule")
                .help(help.to_owned())
        };
        let mut wrong = None;
        if let Some(principals) = &waive.principals {
            wrong = match subject {
                Subject::Grant(_) => None,
                Subject::Entity(of) if of.table() == Table::Principal => None,
                Subject::Entity(of) => Some(misfit(
                    principals.at.0,
                    &format!("this rule is about {}, and nobody holds that", super::types::Ty::Entity(*of)),
                    &format!("write `of {} \"...\"`", of.word()),
                )),
                Subject::Nothing => Some(misfit(
                    principals.at.0,
                    "this rule finds that something is missing, which nobody holds",
                    "write `finding \"...\"` with the fingerprint from the report",
                )),
            };
        }
        if let (Some(scope), None) = (&waive.scope, &wrong) {
            wrong = match subject {
                Subject::Grant(true) => None,
                Subject::Entity(of) if has_place(*of) => None,
                Subject::Grant(false) | Subject::Entity(_) => Some(misfit(
                    scope.at.0,
                    "what this rule finds is in the directory, not at a scope",
                    "write `for ...`, `of ...` or `finding \"...\"`",
                )),
                Subject::Nothing => Some(misfit(
                    scope.at.0,
                    "this rule finds that something is missing, which is at no scope",
                    "write `finding \"...\"` with the fingerprint from the report",
                )),
            };
        }
        if let (Some(entity), None) = (&waive.entity, &wrong) {
            let of = noun(entity.noun.node);
            let fits = match subject {
                Subject::Grant(_) => of == Noun::RoleAssignment || of.table() == Table::Principal,
                Subject::Entity(found) => of.is_a(*found) || found.is_a(of),
                Subject::Nothing => false,
            };
            if !fits {
                let help = match subject {
                    Subject::Grant(_) => "write `for ...` for who holds it, `on ...` for where".to_owned(),
                    Subject::Entity(found) => format!("write `of {} \"...\"`", found.word()),
                    Subject::Nothing => {
                        "write `finding \"...\"` with the fingerprint from the report".to_owned()
                    }
                };
                wrong = Some(misfit(
                    entity.noun.span,
                    &format!("this rule finds no {}", entity.noun.node.word()),
                    &help,
                ));
            }
        }
        match wrong {
            Some(diagnostic) => Err(self.tell(diagnostic)),
            None => Ok(()),
        }
    }
}

fn subject(statement: &Statement) -> Subject {
    let selector = match statement {
        Statement::RequireSome(_) => return Subject::Nothing,
        Statement::Path { path, .. } => {
            return Subject::Grant(matches!(path.to, ast::PathTarget::Grant(..)));
        }
        Statement::Select { selector, .. } | Statement::RequireEvery(selector, _) => selector,
    };
    match selector {
        Selector::Grant(grant) => Subject::Grant(grant.head.kind.node == GrantKind::Role),
        Selector::Entity(entity) => Subject::Entity(noun(entity.noun.node)),
    }
}
