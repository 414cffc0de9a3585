//! Names in lists of patterns: sets and parameters are replaced by what they hold.

use super::catalogue;
use super::definitions::{Definition, Definitions};
use super::plan::{Constant, Glob, NameMatch, NamePattern};
use super::{CheckedFile, facts::Facts};
use crate::azure::Guid;
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, code};
use crate::inventory::Wanted;
use crate::syntax::ast::{Ident, Item, Pattern};
use crate::text::{Sources, Span};
use std::collections::{BTreeMap, BTreeSet};

/// A mistake that has been told: what it stands in has no meaning.
#[derive(Debug)]
pub(super) struct Told;

/// What a part of a sentence means, unless it holds a mistake.
pub(super) type Checked<T> = Result<T, Told>;

/// Gives the sentences of one file their meaning.
pub(super) struct Checker<'a> {
    pub(super) files: &'a [CheckedFile],
    pub(super) sources: &'a Sources,
    pub(super) definitions: &'a Definitions<'a>,
    /// The file under way.
    pub(super) file: usize,
    pub(super) wanted: Wanted,
    pub(super) today: Option<Span>,
    pub(super) told: Vec<Diagnostic>,
    /// Unknown names that have been told, by file: one mistake in a definition is one diagnostic, however often it is used.
    unknown: BTreeMap<(usize, String), usize>,
    /// Sets that hold themselves.
    circles: Vec<(usize, String)>,
    /// What is known where the expression under way stands.
    pub(super) facts: Facts,
    /// The condition that the expression under way is part of.
    pub(super) condition: Span,
}

/// One member of a list of patterns, sets and parameters replaced.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) kind: MemberKind,
    pub(super) text: String,
    pub(super) span: Span,
}

/// A list in the making.
#[derive(Default)]
struct List {
    members: Vec<Member>,
    /// The sets that are being replaced, outermost first.
    within: Vec<(usize, String)>,
    /// The sets that have been.
    taken: BTreeSet<(usize, String)>,
}

/// How many sets may stand in each other.
const DEEPEST: usize = 100;

/// How a member is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MemberKind {
    /// In quotes, or as a parameter.
    Quoted,
    /// A GUID.
    Guid,
    /// A Capitalised word.
    Proper,
    /// A capability set.
    Capability,
}

impl<'a> Checker<'a> {
    pub(super) fn new(
        files: &'a [CheckedFile],
        sources: &'a Sources,
        definitions: &'a Definitions<'a>,
    ) -> Self {
        Checker {
            files,
            sources,
            definitions,
            file: 0,
            wanted: Wanted::none(),
            today: None,
            told: vec![],
            unknown: BTreeMap::new(),
            circles: vec![],
            facts: Facts::default(),
            condition: Span::default(),
        }
    }

    /// Tells a mistake, once: what a set holds is read wherever the set is used.
    pub(super) fn tell(&mut self, diagnostic: Diagnostic) -> Told {
        let same = |other: &Diagnostic| other.code == diagnostic.code && other.span() == diagnostic.span();
        if diagnostic.span().is_none() || !self.told.iter().any(same) {
            self.told.push(diagnostic);
        }
        Told
    }

    /// The sets of a file, whether or not a rule uses them.
    pub(super) fn sets(&mut self, file: usize) {
        self.file = file;
        for item in &self.files[file].file.items {
            if let Item::Let(set) = item {
                // What is wrong with it has been told; rules that use it are left out.
                let _ = self.members(&[Pattern::Name(set.name.clone())], "a name");
            }
        }
    }

    /// Tells of a name that means nothing here, once for each name and file. `what` is what was looked for; `others` can be
    /// written in its place beside the sets and parameters of the file.
    pub(super) fn unknown_name(&mut self, name: &Ident, what: &str, others: &[&str]) -> Told {
        let broken = self.files.get(self.file).is_some_and(|f| f.is_broken_around(&name.node, self.sources));
        if broken || self.definitions.is_excused(self.file) {
            return Told;
        }
        let key = (self.file, name.node.clone());
        if let Some(&index) = self.unknown.get(&key) {
            let first = std::mem::replace(&mut self.told[index], Diagnostic::error(code::D060, ""));
            let again = first.labels.iter().any(|label| label.span == name.span);
            self.told[index] = if again { first } else { first.at(name.span, "and here") };
            return Told;
        }
        let visible = self.definitions.names(self.file);
        let near = nearest(&name.node, visible.iter().chain(others).copied());
        let label = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("no {what} has this name"),
        };
        let mut diagnostic =
            Diagnostic::error(code::D060, format!("`{}` is not defined", name.node)).at(name.span, label);
        if let Some(near) = near {
            diagnostic = diagnostic.edit(name.span, near);
        } else if let Some(file) = self.defined_elsewhere(&name.node) {
            diagnostic = diagnostic
                .note(format!("`{}` is defined in {file}", name.node))
                .help("bring the names of that file here with `use`");
        } else {
            diagnostic = diagnostic.help(format!(
                "define it with `let {} = ...`, or put quotes around it if it is a literal name",
                name.node
            ));
        }
        self.unknown.insert(key, self.told.len());
        self.tell(diagnostic)
    }

    fn defined_elsewhere(&self, name: &str) -> Option<&'a str> {
        let index = (0..self.files.len())
            .find(|&i| i != self.file && self.definitions.find(i, name).is_some_and(|(at, _)| at == i))?;
        Some(self.sources.get(self.files[index].source).name())
    }

    /// The members of a list of patterns. `what` is what the list holds, in words.
    pub(super) fn members(&mut self, patterns: &[Pattern], what: &str) -> Checked<Vec<Member>> {
        let mut list = List::default();
        self.expand(self.file, patterns, what, &mut list)?;
        Ok(list.members)
    }

    fn expand(&mut self, file: usize, patterns: &[Pattern], what: &str, list: &mut List) -> Checked<()> {
        for pattern in patterns {
            let (kind, text) = match pattern {
                Pattern::Name(name) => {
                    self.expand_name(file, name, what, list)?;
                    continue;
                }
                Pattern::String(text) => (MemberKind::Quoted, text),
                Pattern::Guid(text) => (MemberKind::Guid, text),
                Pattern::Proper(text) => (MemberKind::Proper, text),
            };
            if text.node.trim().is_empty() {
                return Err(self.tell(
                    Diagnostic::error(code::D062, "an empty name matches nothing")
                        .at(text.span, "write a name, or a pattern such as \"prod-*\""),
                ));
            }
            list.members.push(Member { kind, text: text.node.clone(), span: text.span });
        }
        Ok(())
    }

    fn expand_name(&mut self, file: usize, name: &Ident, what: &str, list: &mut List) -> Checked<()> {
        let Some((home, named)) = self.definitions.find(file, &name.node) else {
            if catalogue::capability(&name.node).is_some() {
                list.members.push(Member {
                    kind: MemberKind::Capability,
                    text: name.node.clone(),
                    span: name.span,
                });
                return Ok(());
            }
            let here = std::mem::replace(&mut self.file, file);
            let capabilities: Vec<&str> = match what {
                "an action" => catalogue::capability_names().collect(),
                _ => vec![],
            };
            let told = self.unknown_name(name, "set or parameter", &capabilities);
            self.file = here;
            return Err(told);
        };
        match &named.what {
            Definition::Spoiled => Err(Told),
            Definition::Set(set) => {
                let key = (home, name.node.clone());
                if let Some(at) = list.within.iter().position(|set| *set == key) {
                    return Err(self.holds_itself(name, named.span, &list.within[at..]));
                }
                if list.within.len() >= DEEPEST {
                    // The sets further out are as deep for the same reason.
                    if self.told.iter().any(|told| told.code == code::D005) {
                        return Err(Told);
                    }
                    return Err(self.tell(
                        Diagnostic::error(
                            code::D005,
                            format!("more than {DEEPEST} sets stand in each other"),
                        )
                        .at(name.span, "nested too deep")
                        .help("write out the members of some of them"),
                    ));
                }
                // What stands in the list already need not stand in it twice.
                if !list.taken.insert(key.clone()) {
                    return Ok(());
                }
                list.within.push(key);
                self.expand(home, &set.patterns, what, list)?;
                list.within.pop();
                Ok(())
            }
            Definition::Param(value) => match &value.constant {
                Constant::Text(text) => {
                    list.members.push(Member {
                        kind: MemberKind::Quoted,
                        text: text.clone(),
                        span: name.span,
                    });
                    Ok(())
                }
                _ => Err(self.tell(
                    Diagnostic::error(code::D070, format!("`{}` is {}, not {what}", name.node, value.ty()))
                        .at(name.span, format!("{what} is expected here"))
                        .at(value.span, "its value"),
                )),
            },
        }
    }

    fn holds_itself(&mut self, name: &Ident, defined: Span, circle: &[(usize, String)]) -> Told {
        let known = circle.iter().any(|set| self.circles.contains(set));
        self.circles.extend_from_slice(circle);
        if known {
            return Told;
        }
        self.tell(
            Diagnostic::error(code::D063, format!("the set `{}` holds itself", name.node))
                .at(name.span, "named again within its own members")
                .at(defined, "defined here")
                .help("write out the members that were meant"),
        )
    }

    /// Name patterns of scopes, principals and other entities.
    pub(super) fn name_patterns(&mut self, patterns: &[Pattern], what: &str) -> Checked<Vec<NamePattern>> {
        let members = self.members(patterns, what)?;
        members.into_iter().map(|member| self.name_pattern(member, what)).collect()
    }

    fn name_pattern(&mut self, member: Member, what: &str) -> Checked<NamePattern> {
        self.no_capability(&member, what)?;
        let match_id = |text: &str| {
            let trimmed = text.trim_end_matches('/');
            NameMatch::Id(Glob::new(if trimmed.is_empty() { "/" } else { trimmed }))
        };
        let what = match Guid::parse(&member.text) {
            Some(guid) => NameMatch::Guid(guid),
            None if member.text.starts_with('/') => match_id(&member.text),
            None => NameMatch::Name(Glob::new(&member.text)),
        };
        Ok(NamePattern { what, written: member.text, span: member.span })
    }

    /// Plain globs: resource types, and what `matches` compares with.
    pub(super) fn globs(&mut self, patterns: &[Pattern], what: &str) -> Checked<Vec<Glob>> {
        let members = self.members(patterns, what)?;
        members
            .into_iter()
            .map(|member| {
                self.no_capability(&member, what)?;
                Ok(Glob::new(&member.text))
            })
            .collect()
    }

    /// A capability set is a list of actions, and nothing else.
    pub(super) fn no_capability(&mut self, member: &Member, what: &str) -> Checked<()> {
        if member.kind != MemberKind::Capability {
            return Ok(());
        }
        let mut diagnostic =
            Diagnostic::error(code::D071, format!("`{}` is a set of actions, not {what}", member.text))
                .at(member.span, "a capability set stands after `granting`");
        if what == "a role" {
            diagnostic = diagnostic
                .help(format!("write `granting {}`: the roles that grant one of these actions", member.text));
        }
        Err(self.tell(diagnostic))
    }
}

/// Whether `word` stands in the text, with no letter, digit, `-` or `_` on either side.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].chars().next_back().is_some_and(part)
            && !text[at + word.len()..].chars().next().is_some_and(part)
    })
}
