//! A tree gets its meaning: names become ids, types are checked, mistakes become diagnostics.
//!
//! [`check`] makes a [`Plan`] of all files of a run. A rule with a mistake is not in the plan and has one diagnostic; every
//! other rule is checked all the same.

mod access;
mod catalogue;
mod comparisons;
mod counts;
mod definitions;
mod expressions;
mod facts;
mod grants;
mod names;
mod paths;
mod pattern;
pub mod plan;
mod rules;
mod selectors;
mod types;
mod uses;
mod waivers;

pub use definitions::{Override, OverrideValue};
pub use uses::{BadUse, used_path};

use crate::diagnostic::Diagnostic;
use crate::inventory::Wanted;
use crate::syntax::ast;
use crate::text::{Sources, Span};
use plan::Plan;

/// A policy file that was read and parsed.
pub struct CheckedFile {
    /// Its index in the run's [`Sources`].
    pub source: usize,
    /// What it says.
    pub file: ast::File,
    /// The statements that did not parse. What they would have defined is not complained about as missing.
    pub broken: Vec<Span>,
    /// Its path, with `/` between folders: what `use` starts from.
    pub path: String,
    /// The folder, with `/` between folders, that `use` does not leave; empty for the working folder.
    pub root: String,
    /// Whether its rules are run; else it only brings sets and parameters to those that `use` it, or waivers.
    pub is_policy: bool,
    /// Whether the configuration names it as a file whose waivers count.
    pub is_waiver_file: bool,
}

impl CheckedFile {
    /// The name of its policy: its header's, or the file's stem.
    pub fn policy(&self) -> &str {
        match &self.file.header {
            Some(header) => &header.name.node,
            None => {
                let name = self.path.rsplit(['/', '\\']).next().unwrap_or(&self.path);
                name.strip_suffix(".dictum").unwrap_or(name)
            }
        }
    }

    /// Whether one of its `use` leads to the other file.
    pub(crate) fn uses(&self, other: &CheckedFile) -> bool {
        let to = uses::normal(&other.path);
        self.file.items.iter().any(|item| match item {
            ast::Item::Use(used) => {
                used_path(&self.path, &self.root, &used.path.node).is_ok_and(|path| uses::normal(&path) == to)
            }
            _ => false,
        })
    }

    /// Whether a statement of this file that did not parse may have brought names that nobody can read any more: a `use`,
    /// or a definition without its name.
    pub(crate) fn lost_names(&self, sources: &Sources) -> bool {
        self.broken.iter().any(|&span| {
            let text = sources.slice(span);
            let after = |word: &str| text.strip_prefix(word).map(|rest| rest.trim_start());
            let nameless = |word: &str| {
                after(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_lowercase()))
            };
            text.contains(".dictum\"") || has_opener(text, "use") || nameless("let ") || nameless("param ")
        })
    }

    /// Whether a rule or the header of this file did not parse, so that a rule's id may be missing.
    pub(crate) fn lost_rules(&self, sources: &Sources) -> bool {
        let lost = |text: &str| has_opener(text, "rule") || has_opener(text, "policy");
        self.broken.iter().any(|&span| lost(sources.slice(span)))
    }

    /// Whether `word` stands in a statement of this file that did not parse.
    pub(crate) fn is_broken_around(&self, word: &str, sources: &Sources) -> bool {
        self.broken.iter().any(|&span| names::has_word(sources.slice(span), word))
    }
}

fn has_opener(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').next() == Some(word)
}

/// What the configuration says to a policy.
#[derive(Default)]
pub struct Settings {
    /// `[params]`, in order.
    pub overrides: Vec<Override>,
}

/// Resolves and types all files of a run. The plan holds the rules without a mistake; the diagnostics are in the order of
/// the files and of the text, those about the configuration last.
pub fn check(files: &[CheckedFile], sources: &Sources, settings: &Settings) -> (Plan, Vec<Diagnostic>) {
    rules::check(files, sources, settings)
}

/// What [`query`] gives.
#[derive(Debug)]
pub struct Query {
    /// Which facts.
    pub selector: plan::Selector,
    /// What is counted of them.
    pub count: Option<plan::Count>,
    /// The plain attributes that it reads.
    pub wanted: Wanted,
    /// Where `today` or `age()` is read first.
    pub today: Option<Span>,
}

/// Resolves and types the sentence of `dictum find`. It has no sets and no parameters but the capability sets.
///
/// # Errors
///
/// What is wrong with it.
pub fn query(
    selector: &ast::Selector,
    count: Option<&ast::Count>,
    sources: &Sources,
) -> Result<Query, Vec<Diagnostic>> {
    rules::query(selector, count, sources)
}
