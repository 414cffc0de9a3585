//! All rules and waivers of a run, file by file.

use super::definitions::{Definitions, definitions};
use super::expressions::{Bindings, Env};
use super::names::{Checked, Checker};
use super::plan::{Effect, Plan, Rule, Selector, Severity, Statement};
use super::selectors::noun;
use super::{CheckedFile, Query, Settings};
use crate::diagnostic::{Diagnostic, code};
use crate::syntax::ast::{self, Item, SeverityLevel, Text};
use crate::syntax::{canonical, slug};
use crate::text::{Sources, Span};
use std::collections::BTreeMap;

/// A rule of the run, whether or not it has a meaning.
pub(super) struct RuleEntry<'a> {
    /// `policy/rule`
    pub(super) id: String,
    /// Whether it has a name of its own.
    pub(super) named: bool,
    /// Its name, or its statement.
    pub(super) span: Span,
    /// What it says.
    pub(super) statement: &'a ast::Statement,
    rule: &'a ast::Rule,
    file: usize,
    sentence: String,
}

pub(super) fn check(
    files: &[CheckedFile],
    sources: &Sources,
    settings: &Settings,
) -> (Plan, Vec<Diagnostic>) {
    let mut told = vec![];
    let definitions = definitions(files, sources, settings, &mut told);
    let mut checker = Checker::new(files, sources, &definitions);
    checker.told = told;
    (0..files.len()).for_each(|file| checker.sets(file));
    let entries = entries(files);
    let mut plan =
        Plan { rules: vec![], waivers: vec![], wanted: crate::inventory::Wanted::none(), today: None };
    let mut first_of: BTreeMap<&str, &RuleEntry<'_>> = BTreeMap::new();
    for entry in &entries {
        if let Some(first) = first_of.get(entry.id.as_str()) {
            checker.tell(duplicate(entry, first));
            continue;
        }
        first_of.insert(&entry.id, entry);
        let today = checker.today.take();
        match checker.rule(entry) {
            Ok(rule) if files[entry.file].is_policy => {
                checker.today = today.or(rule.today);
                plan.rules.push(rule);
            }
            _ => checker.today = today,
        }
    }
    for (index, file) in files.iter().enumerate() {
        checker.file = index;
        for item in &file.file.items {
            let Item::Waive(waive) = item else { continue };
            let today = checker.today;
            let checked = checker.waiver(waive, &entries);
            match checked {
                Ok(waiver) if file.is_waiver_file => plan.waivers.push(waiver),
                Ok(_) => {
                    checker.today = today;
                    checker.tell(elsewhere(waive));
                }
                Err(_) => checker.today = today,
            }
        }
    }
    plan.today = checker.today;
    plan.wanted = checker.wanted;
    let mut told = checker.told;
    told.sort_by_key(|diagnostic| diagnostic.span().map_or(u32::MAX, |span| span.start));
    (plan, told)
}

pub(super) fn query(
    selector: &ast::Selector,
    count: Option<&ast::Count>,
    sources: &Sources,
) -> Result<Query, Vec<Diagnostic>> {
    let definitions = Definitions::none();
    let mut checker = Checker::new(&[], sources, &definitions);
    let checked = checker.selector(selector).and_then(|(means, bindings)| {
        let count = count.map(|count| checker.count(count, selector, &bindings)).transpose()?;
        Ok((means, count))
    });
    match checked {
        Ok((selector, count)) => Ok(Query { selector, count, wanted: checker.wanted, today: checker.today }),
        Err(_) => Err(checker.told),
    }
}

fn entries(files: &[CheckedFile]) -> Vec<RuleEntry<'_>> {
    let mut entries = vec![];
    for (index, file) in files.iter().enumerate() {
        for item in &file.file.items {
            let Item::Rule(rule) = item else { continue };
            let sentence = canonical(&rule.statement);
            let (name, span) = match &rule.name {
                Some(name) => (name.node.clone(), name.span),
                None => (slug(&sentence), rule.at.0),
            };
            entries.push(RuleEntry {
                id: format!("{}/{name}", file.policy()),
                named: rule.name.is_some(),
                span,
                statement: &rule.statement,
                rule,
                file: index,
                sentence,
            });
        }
    }
    entries
}

fn duplicate(entry: &RuleEntry<'_>, first: &RuleEntry<'_>) -> Diagnostic {
    let diagnostic = match entry.named {
        true => Diagnostic::error(code::D067, format!("there are two rules `{}`", entry.id))
            .at(entry.span, "again here")
            .help("give one of them another name"),
        false => Diagnostic::error(code::D067, "this statement is written twice")
            .at(entry.span, "again here")
            .help("remove one of them"),
    };
    diagnostic.at(first.span, "first here")
}

fn elsewhere(waive: &ast::Waive) -> Diagnostic {
    Diagnostic::warning(code::D706, "this waiver does nothing")
        .at(waive.rule.rule.span, "waived in a file that the configuration does not name")
        .note("waivers count only from files that dictum.toml names, so that a change cannot waive itself")
        .help("move it into such a file, or name this one: waivers = [\"waivers/*.dictum\"]")
}

fn joined(texts: &[Text]) -> String {
    let texts: Vec<&str> = texts.iter().map(|text| text.node.as_str()).collect();
    texts.join(" ")
}

impl Checker<'_> {
    fn rule(&mut self, entry: &RuleEntry<'_>) -> Checked<Rule> {
        self.file = entry.file;
        let rule = entry.rule;
        let (effect, require) = match &rule.statement {
            ast::Statement::Select { effect, .. } | ast::Statement::Path { effect, .. } => {
                (effect.node, false)
            }
            ast::Statement::RequireSome(_) | ast::Statement::RequireEvery(..) => (ast::Effect::Deny, true),
        };
        let statement = self.statement(&rule.statement)?;
        Ok(Rule {
            id: entry.id.clone(),
            named: entry.named,
            effect: match effect {
                ast::Effect::Deny => Effect::Deny,
                ast::Effect::Warn => Effect::Warn,
                ast::Effect::Advise => Effect::Advise,
            },
            require,
            severity: match rule.severity.map(|severity| severity.node) {
                Some(SeverityLevel::Critical) => Severity::Critical,
                Some(SeverityLevel::High) => Severity::High,
                Some(SeverityLevel::Medium) | None => Severity::Medium,
                Some(SeverityLevel::Low) => Severity::Low,
                Some(SeverityLevel::Info) => Severity::Info,
            },
            because: joined(&rule.because),
            fix: joined(&rule.fix),
            controls: rule.controls.iter().map(|control| control.node.clone()).collect(),
            sentence: entry.sentence.clone(),
            span: statement_span(&rule.statement, rule.at.0),
            today: self.today,
            statement,
        })
    }

    fn statement(&mut self, statement: &ast::Statement) -> Checked<Statement> {
        Ok(match statement {
            ast::Statement::Select { selector, count, .. } => {
                let (means, bindings) = self.selector(selector)?;
                let count = count.as_ref().map(|count| self.count(count, selector, &bindings)).transpose()?;
                Statement::Select(means, count)
            }
            ast::Statement::RequireSome(selector) => Statement::RequireSome(self.selector(selector)?.0),
            ast::Statement::RequireEvery(selector, satisfy) => {
                let (means, bindings) = self.selector(selector)?;
                let satisfy = self.condition(satisfy, &mut Env::new(&bindings))?;
                Statement::RequireEvery(means, satisfy)
            }
            ast::Statement::Path { path, .. } => Statement::Path(Box::new(self.path(path)?)),
        })
    }

    /// A selector, and the names that expressions about it use.
    fn selector(&mut self, selector: &ast::Selector) -> Checked<(Selector, Bindings)> {
        Ok(match selector {
            ast::Selector::Grant(grant) => {
                let (grant, bindings) = self.grant(grant)?;
                (Selector::Grant(Box::new(grant)), bindings)
            }
            ast::Selector::Entity(entity) => {
                let bindings = Bindings::entity(noun(entity.noun.node));
                (Selector::Entity(Box::new(self.entity(entity)?)), bindings)
            }
        })
    }
}

/// The sentence without the rule's name and what follows it.
fn statement_span(statement: &ast::Statement, rule: Span) -> Span {
    let selector = |selector: &ast::Selector| match selector {
        ast::Selector::Grant(grant) => grant.at.0,
        ast::Selector::Entity(entity) => entity.at.0,
    };
    match statement {
        ast::Statement::Select { effect, selector: about, count } => {
            let whole = effect.span.to(selector(about));
            count.as_ref().map_or(whole, |count| whole.to(count.at.0))
        }
        ast::Statement::Path { effect, path } => effect.span.to(path.at.0),
        ast::Statement::RequireSome(about) => {
            Span::new(rule.start.min(selector(about).start), selector(about).end)
        }
        ast::Statement::RequireEvery(about, satisfy) => {
            Span::new(rule.start.min(selector(about).start), satisfy.at.0.end)
        }
    }
}
