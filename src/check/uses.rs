//! Where a `use` leads: paths as text, so that nothing here reads a file.

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
