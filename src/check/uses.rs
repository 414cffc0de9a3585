//! Where a `use` leads, and the names that it brings. Paths are text: nothing here reads a file.

use super::CheckedFile;
use super::definitions::Visible;
use crate::diagnostic::{Diagnostic, code};
use crate::syntax::ast::Item;
use crate::text::{Sources, Span};
use std::fmt;

/// Why a `use` leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadUse {
    /// It begins at the root of a file system, or at a drive.
    Absolute,
    /// It leaves the policy folder.
    Outside,
    /// It is empty, or ends in a slash.
    NoFile,
}

impl fmt::Display for BadUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BadUse::Absolute => "`use` takes a path from the folder of this file",
            BadUse::Outside => "`use` stays in the folder of the policies",
            BadUse::NoFile => "`use` names a file",
        })
    }
}

/// The path of the file that `use "written"` names in the file at `path`, whose policies are in the folder `root`.
///
/// # Errors
///
/// Why there is no such path.
pub fn used_path(path: &str, root: &str, written: &str) -> Result<String, BadUse> {
    let written = written.replace('\\', "/");
    if written.starts_with('/') || written.as_bytes().get(1) == Some(&b':') {
        return Err(BadUse::Absolute);
    }
    if written.is_empty() || written.ends_with('/') {
        return Err(BadUse::NoFile);
    }
    let path = path.replace('\\', "/");
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let prefix = if path.starts_with('/') { "/" } else { "" };
    let mut parts = normal(folder);
    let root = root.replace('\\', "/");
    let root = normal(&root);
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.len() <= root.len() => return Err(BadUse::Outside),
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    if !parts.starts_with(&root) {
        return Err(BadUse::Outside);
    }
    Ok(format!("{prefix}{}", parts.join("/")))
}

/// The path without `.`, empty parts and whatever a `..` takes back.
pub(super) fn normal(path: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = vec![];
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts
}

/// Every `use` that leads to a file: who uses which, and where that is said.
pub(super) fn resolve(
    files: &[CheckedFile],
    sources: &Sources,
    all: &mut [Visible<'_>],
    told: &mut Vec<Diagnostic>,
) -> Vec<(usize, usize, Span)> {
    let mut found = vec![];
    for (user, file) in files.iter().enumerate() {
        all[user].excused |= file.lost_names(sources);
        for item in &file.file.items {
            let Item::Use(used) = item else { continue };
            let span = used.path.span;
            let path = match used_path(&file.path, &file.root, &used.path.node) {
                Ok(path) => path,
                Err(why) => {
                    all[user].excused = true;
                    let folder = if file.root.is_empty() { "." } else { &file.root };
                    told.push(
                        Diagnostic::error(code::D065, why.to_string())
                            .at(span, "not there")
                            .note(format!("the folder of the policies is `{folder}`"))
                            .help("write the path from the folder of this file, as in \"common.dictum\""),
                    );
                    continue;
                }
            };
            match files.iter().position(|other| normal(&other.path) == normal(&path)) {
                Some(other) => {
                    if !files[other].broken.is_empty() {
                        all[user].excused = true;
                    }
                    found.push((user, other, span));
                }
                None => {
                    all[user].excused = true;
                    told.push(
                        Diagnostic::error(code::D064, format!("there is no file \"{}\"", used.path.node))
                            .at(span, format!("looked for `{path}`"))
                            .help("`use` takes a path from the folder of this file"),
                    );
                }
            }
        }
    }
    found
}

/// Brings the names of a used file.
pub(super) fn take_over(
    user: usize,
    used: usize,
    span: Span,
    all: &mut [Visible<'_>],
    told: &mut Vec<Diagnostic>,
) {
    if user == used {
        return;
    }
    let names: Vec<(&str, Span)> = all[used].own.iter().map(|(name, named)| (*name, named.span)).collect();
    for (name, there) in names {
        let first = match all[user].own.get(name) {
            Some(own) => Some(own.span),
            None => all[user]
                .used
                .get(name)
                .filter(|&&other| other != used)
                .and_then(|&other| all[other].own.get(name).map(|named| named.span)),
        };
        if let Some(first) = first {
            told.push(
                Diagnostic::error(code::D061, format!("`{name}` is defined twice"))
                    .at(span, "this file defines it too")
                    .at(first, "defined first here")
                    .at(there, "and here")
                    .help("give one of them another name"),
            );
        }
    }
    let (low, high) = all.split_at_mut(user.max(used));
    let (user_names, used_names) =
        if user < used { (&mut low[user], &high[0]) } else { (&mut high[0], &low[used]) };
    for name in used_names.own.keys() {
        if !user_names.own.contains_key(name) {
            user_names.used.entry(name).or_insert(used);
        }
    }
}

/// Says once of each cycle of `use` that it is one, at the first `use` in it.
pub(super) fn cycles(uses: &[(usize, usize, Span)], files: &[CheckedFile], told: &mut Vec<Diagnostic>) {
    let mut seen: Vec<usize> = vec![];
    for &(user, used, span) in uses {
        if seen.contains(&user) {
            continue;
        }
        if let Some(way) = way_back(uses, used, user) {
            let names: Vec<String> = std::iter::once(user)
                .chain(way.iter().copied())
                .map(|i| format!("`{}`", files[i].path))
                .collect();
            told.push(
                Diagnostic::error(code::D066, "files use each other in a circle")
                    .at(span, "the circle closes here")
                    .note(format!("the circle: {}", names.join(" uses ")))
                    .help("put the sets that both need into a file of its own"),
            );
            seen.extend(way);
            seen.push(user);
        }
    }
}

/// The files on a way from `from` to `to`, both included.
fn way_back(uses: &[(usize, usize, Span)], from: usize, to: usize) -> Option<Vec<usize>> {
    let mut ways = vec![vec![from]];
    let mut visited = vec![from];
    while let Some(way) = ways.pop() {
        let last = *way.last()?;
        if last == to {
            return Some(way);
        }
        for &(user, used, _) in uses.iter().rev() {
            if user == last && (used == to || !visited.contains(&used)) {
                visited.push(used);
                ways.push(way.iter().copied().chain([used]).collect());
            }
        }
    }
    None
}
