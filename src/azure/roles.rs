//! The built-in roles of Azure: GUIDs, names, permission blocks and conditions, without descriptions.
//!
//! The catalogue is a text file, `data/roles.txt`, written by `examples/catalogue.rs` from what
//! `az role definition list` prints; its head names its source and date. Built-in roles have the same GUIDs in all of
//! Azure's clouds (azure-facts 2.10), and preview roles are renamed in place, so that a role is its GUID. What a user
//! has captured overrides what stands here.
//!
//! ```text
//! 8e3af657-a8ff-443c-a75c-2fe8c4bcb635 Owner
//! + *
//! ```
//!
//! A role is a line with its GUID and name, then a line each: `+` for an action, `-` for a notAction, `+data` and
//! `-data` for those of the data plane, `if` for the condition, `and` before each further block, `at` for an assignable
//! scope other than the root. An empty line ends it. Roles are sorted by GUID, patterns by their text.

use std::fmt::Write as _;
use std::sync::LazyLock;

use super::Guid;
use super::permission::Block;

const TEXT: &str = include_str!("data/roles.txt");

/// A role of the catalogue. Its permissions are read when they are asked for.
#[derive(Clone, Copy, Debug)]
pub struct BuiltInRole {
    guid: Guid,
    name: &'static str,
    body: &'static str,
}

impl BuiltInRole {
    /// What identifies the role.
    pub fn guid(self) -> Guid {
        self.guid
    }

    /// What Azure calls it today, without the white space that one name ends in.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// Its permission blocks; four roles grant nothing and have none.
    pub fn blocks(self) -> Vec<Block<'static>> {
        let mut blocks = Vec::new();
        let mut block = Block::default();
        for line in self.body.lines() {
            match line.split_once(' ').unwrap_or((line, "")) {
                ("+", action) => block.actions.push(action),
                ("-", action) => block.not_actions.push(action),
                ("+data", action) => block.data_actions.push(action),
                ("-data", action) => block.not_data_actions.push(action),
                ("if", condition) => block.condition = Some(condition),
                ("and", _) => blocks.push(std::mem::take(&mut block)),
                _ => {}
            }
        }
        if block != Block::default() {
            blocks.push(block);
        }
        blocks
    }

    /// Where it may be assigned: the scopes its definition lists; `/` for nearly all.
    pub fn assignable_scopes(self) -> Vec<&'static str> {
        let listed: Vec<&str> = self.body.lines().filter_map(|line| line.strip_prefix("at ")).collect();
        if listed.is_empty() { vec!["/"] } else { listed }
    }
}

/// The roles in the order of their GUIDs, each with the text of its permissions unread.
static ROLES: LazyLock<Vec<BuiltInRole>> = LazyLock::new(|| {
    let mut roles = Vec::with_capacity(1024);
    let mut start = 0;
    let ends = memchr::memmem::find_iter(TEXT.as_bytes(), "\n\n").chain([TEXT.len()]);
    for end in ends {
        let role = TEXT.get(start..end).unwrap_or_default();
        start = end + 2;
        let (head, body) = role.split_once('\n').unwrap_or((role, ""));
        if let Some((guid, name)) = head.split_once(' ')
            && let Some(guid) = Guid::parse(guid)
        {
            roles.push(BuiltInRole { guid, name, body });
        }
    }
    roles
});

/// The built-in role of that GUID.
pub fn by_guid(guid: Guid) -> Option<BuiltInRole> {
    let at = ROLES.binary_search_by_key(&guid, |role| role.guid).ok()?;
    Some(ROLES[at])
}

/// The built-in role of that name, without letter case and without white space around it. Built-in names are unique.
pub fn by_name(name: &str) -> Option<BuiltInRole> {
    let name = name.trim();
    ROLES.iter().find(|role| role.name.eq_ignore_ascii_case(name)).copied()
}

/// All built-in roles, by GUID.
pub fn iter() -> impl ExactSizeIterator<Item = BuiltInRole> {
    ROLES.iter().copied()
}

/// Whether the catalogue names an operation of each plane that a pattern of a policy matches: control, then data. An
/// operation that is written `granting "..."` and is known as a data action only lacks its `data`. Both are false for
/// operations that no built-in role names without a wildcard.
pub fn known_planes(pattern: &str) -> (bool, bool) {
    let mut known = (false, false);
    for line in TEXT.lines() {
        let (key, operation) = line.split_once(' ').unwrap_or((line, ""));
        let plane = match key {
            "+" | "-" => &mut known.0,
            "+data" | "-data" => &mut known.1,
            _ => continue,
        };
        if !*plane && !operation.contains('*') && super::action::matches(pattern, operation) {
            *plane = true;
        }
    }
    known
}

/// Where the catalogue comes from and when: the comment at its head, without the `#`.
pub fn source() -> String {
    let lines = TEXT.lines().map_while(|line| line.strip_prefix('#'));
    lines.map(str::trim).collect::<Vec<_>>().join(" ")
}

/// A role to write into a catalogue.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// What identifies the role.
    pub guid: Guid,
    /// Its name.
    pub name: &'a str,
    /// Its permission blocks, patterns in any order.
    pub blocks: Vec<Block<'a>>,
    /// Its assignable scopes.
    pub assignable_scopes: Vec<&'a str>,
}

/// Writes a catalogue: `head` as comment lines, then the roles by GUID. Patterns are trimmed, sorted and written once;
/// a condition becomes one line; blocks that grant nothing are left out. Of two entries with one GUID the later counts.
pub fn write(head: &str, entries: Vec<Entry<'_>>) -> String {
    let mut text = String::new();
    for line in head.lines() {
        let _ = writeln!(text, "# {line}");
    }
    let sorted: std::collections::BTreeMap<Guid, Entry<'_>> =
        entries.into_iter().map(|entry| (entry.guid, entry)).collect();
    for entry in sorted.values() {
        let _ = writeln!(text, "\n{} {}", entry.guid, entry.name.trim());
        for scope in entry.assignable_scopes.iter().filter(|scope| **scope != "/") {
            let _ = writeln!(text, "at {scope}");
        }
        let blocks = entry.blocks.iter().filter(|block| **block != Block::default());
        for (index, block) in blocks.enumerate() {
            if index > 0 {
                text.push_str("and\n");
            }
            write_patterns(&mut text, "+", &block.actions);
            write_patterns(&mut text, "-", &block.not_actions);
            write_patterns(&mut text, "+data", &block.data_actions);
            write_patterns(&mut text, "-data", &block.not_data_actions);
            if let Some(condition) = block.condition {
                let words: Vec<&str> = condition.split_whitespace().collect();
                let _ = writeln!(text, "if {}", words.join(" "));
            }
        }
    }
    text
}

fn write_patterns(text: &mut String, key: &str, patterns: &[&str]) {
    let mut patterns: Vec<&str> = patterns.iter().map(|pattern| pattern.trim()).collect();
    patterns.sort_unstable();
    patterns.dedup();
    for pattern in patterns {
        let _ = writeln!(text, "{key} {pattern}");
    }
}
