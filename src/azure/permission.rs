//! What a role's permission blocks grant, against action patterns.
//!
//! A role grants the union, over its blocks, of what the block's actions match and its notActions do not: notActions
//! are no denial, they never take from another block (azure-facts 2.2 and 2.3). Conditions are not looked at here.

use super::action::{self, Reading};
use super::operations::{self, Question, Read};

/// The two kinds of operations, which no wildcard crosses: `*` in actions covers no data action (azure-facts 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Plane {
    /// Managing resources: `actions` and `notActions`.
    Control,
    /// The data in resources: `dataActions` and `notDataActions`.
    Data,
}

impl Plane {
    /// The plane that a data file names `control` or `data`.
    pub(super) fn of(name: &str) -> Plane {
        if name == "data" { Plane::Data } else { Plane::Control }
    }
}

/// One entry of a role definition's `permissions`, its patterns as captured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block<'a> {
    /// Granted operations of the control plane.
    pub actions: Vec<&'a str>,
    /// What of `actions` is not granted.
    pub not_actions: Vec<&'a str>,
    /// Granted operations of the data plane.
    pub data_actions: Vec<&'a str>,
    /// What of `data_actions` is not granted.
    pub not_data_actions: Vec<&'a str>,
    /// The condition under which the block grants, as Azure writes it.
    pub condition: Option<&'a str>,
}

impl<'a> Block<'a> {
    /// The granting and the excepted patterns of a plane.
    pub fn patterns(&self, plane: Plane) -> (&[&'a str], &[&'a str]) {
        match plane {
            Plane::Control => (&self.actions, &self.not_actions),
            Plane::Data => (&self.data_actions, &self.not_data_actions),
        }
    }
}

/// Whether the blocks grant at least one operation that some of `patterns` matches.
pub fn grants_some(blocks: &[Block<'_>], plane: Plane, patterns: &[&str]) -> bool {
    blocks.iter().any(|block| {
        let (actions, excepted) = block.patterns(plane);
        actions.iter().any(|granted| {
            patterns.iter().any(|pattern| some_in_common((granted, Reading::Generous), pattern, excepted))
        })
    })
}

/// Whether the blocks grant every operation that some of `patterns` matches.
pub fn grants_all(blocks: &[Block<'_>], plane: Plane, patterns: &[&str]) -> bool {
    patterns.iter().all(|pattern| all_granted(blocks, plane, pattern))
}

/// Whether the blocks grant at least one operation that none of `patterns` matches.
pub fn grants_beyond(blocks: &[Block<'_>], plane: Plane, patterns: &[&str]) -> bool {
    blocks.iter().any(|block| {
        let (actions, excepted) = block.patterns(plane);
        actions.iter().any(|granted| some_outside(granted, excepted, patterns))
    })
}

/// Whether the blocks grant one operation.
pub fn grants(blocks: &[Block<'_>], plane: Plane, operation: &str) -> bool {
    blocks.iter().any(|block| {
        let (actions, excepted) = block.patterns(plane);
        actions.iter().any(|pattern| action::matches_as(pattern, operation, Reading::Generous))
            && !excepted.iter().any(|pattern| action::matches(pattern, operation))
    })
}

/// An operation that the blocks grant and some of `patterns` matches, in lower case: the proof of [`grants_some`].
pub fn example(blocks: &[Block<'_>], plane: Plane, patterns: &[&str]) -> Option<String> {
    blocks.iter().find_map(|block| {
        let (actions, excepted) = block.patterns(plane);
        let pairs = actions.iter().flat_map(|granted| patterns.iter().map(move |pattern| (granted, pattern)));
        let mut meeting = pairs.filter(|(granted, pattern)| !are_disjoint(granted, pattern));
        meeting.find_map(|(granted, pattern)| {
            operations::witness(&Question {
                matched: vec![(granted, Reading::Generous), (pattern, Reading::Strict)],
                unmatched: strictly(excepted).collect(),
                ungranted: Vec::new(),
            })
        })
    })
}

/// An operation that some of `patterns` matches and the blocks do not grant, in lower case: what [`grants_all`] lacks.
pub fn example_missing(blocks: &[Block<'_>], plane: Plane, patterns: &[&str]) -> Option<String> {
    patterns.iter().find_map(|pattern| {
        operations::witness(&Question {
            matched: vec![(pattern, Reading::Strict)],
            unmatched: Vec::new(),
            ungranted: blocks.iter().map(|block| readings(block, plane)).collect(),
        })
    })
}

/// An operation that the blocks grant and none of `patterns` matches, in lower case: the proof of [`grants_beyond`].
pub fn example_beyond(blocks: &[Block<'_>], plane: Plane, patterns: &[&str]) -> Option<String> {
    blocks.iter().find_map(|block| {
        let (actions, excepted) = block.patterns(plane);
        actions.iter().find_map(|granted| {
            operations::witness(&Question {
                matched: vec![(granted, Reading::Generous)],
                unmatched: strictly(excepted).chain(strictly(patterns)).collect(),
                ungranted: Vec::new(),
            })
        })
    })
}

/// A block's patterns of a plane, each list read as Azure reads it.
fn readings<'a>(block: &'a Block<'_>, plane: Plane) -> (Vec<Read<'a>>, Vec<Read<'a>>) {
    let (actions, excepted) = block.patterns(plane);
    (actions.iter().map(|action| (*action, Reading::Generous)).collect(), strictly(excepted).collect())
}

fn strictly<'a>(patterns: &'a [&'a str]) -> impl Iterator<Item = Read<'a>> {
    patterns.iter().map(|pattern| (*pattern, Reading::Strict))
}

fn some_in_common(granted: Read<'_>, pattern: &str, excepted: &[&str]) -> bool {
    if are_disjoint(granted.0, pattern) {
        return false;
    }
    for literal in [granted.0, pattern] {
        if !is_wild(literal) {
            return action::is_operation(literal)
                && action::matches_as(granted.0, literal, granted.1)
                && action::matches(pattern, literal)
                && !excepted.iter().any(|except| action::matches(except, literal));
        }
    }
    if excepted.iter().any(|except| contains(except, granted.0) || action::matches(except, pattern)) {
        return false;
    }
    let excepted =
        excepted.iter().filter(|except| !are_disjoint(except, granted.0) && !are_disjoint(except, pattern));
    let question = Question {
        matched: vec![granted, (pattern, Reading::Strict)],
        unmatched: excepted.map(|except| (*except, Reading::Strict)).collect(),
        ungranted: Vec::new(),
    };
    operations::witness(&question).is_some()
}

fn all_granted(blocks: &[Block<'_>], plane: Plane, pattern: &str) -> bool {
    if !is_wild(pattern) {
        return !action::is_operation(pattern) || grants(blocks, plane, pattern);
    }
    if probes(pattern).any(|operation| action::is_operation(&operation) && !grants(blocks, plane, &operation))
    {
        return false;
    }
    let mut ungranted = Vec::new();
    for block in blocks {
        let (actions, excepted) = block.patterns(plane);
        let meets = |other: &&&str| !are_disjoint(other, pattern);
        let actions: Vec<Read<'_>> =
            actions.iter().filter(meets).map(|action| (*action, Reading::Generous)).collect();
        let excepted: Vec<Read<'_>> =
            excepted.iter().filter(meets).map(|except| (*except, Reading::Strict)).collect();
        if excepted.is_empty() && actions.iter().any(|action| action::matches(action.0, pattern)) {
            return true;
        }
        if !actions.is_empty() {
            ungranted.push((actions, excepted));
        }
    }
    let question = Question { matched: vec![(pattern, Reading::Strict)], unmatched: Vec::new(), ungranted };
    operations::witness(&question).is_none()
}

fn some_outside(granted: &str, excepted: &[&str], patterns: &[&str]) -> bool {
    let removed = || excepted.iter().chain(patterns);
    if !is_wild(granted) {
        return action::is_operation(granted) && !removed().any(|pattern| action::matches(pattern, granted));
    }
    if removed().any(|pattern| contains(pattern, granted)) {
        return false;
    }
    let proves = |operation: &String| {
        action::is_operation(operation) && !removed().any(|pattern| action::matches(pattern, operation))
    };
    if probes(granted).any(|operation| proves(&operation)) {
        return true;
    }
    let question = Question {
        matched: vec![(granted, Reading::Generous)],
        unmatched: removed()
            .filter(|pattern| !are_disjoint(pattern, granted))
            .map(|pattern| (*pattern, Reading::Strict))
            .collect(),
        ungranted: Vec::new(),
    };
    operations::witness(&question).is_some()
}

/// A few texts that a pattern matches: they often spare the search.
fn probes(pattern: &str) -> impl Iterator<Item = String> {
    ["x/x", "x/x/write", "x/x/action"].into_iter().map(|run| pattern.replace('*', run))
}

fn is_wild(pattern: &str) -> bool {
    pattern.contains('*')
}

/// Whether `wide`, read strictly, surely matches all that `narrow`, read generously, matches. A pattern that matches
/// the text of another, its stars as ordinary characters, matches whatever the stars stand for; a generous star may
/// stand for one slash less, so that such a `narrow` is left to the search.
fn contains(wide: &str, narrow: &str) -> bool {
    !narrow.contains("/*/") && action::matches(wide, narrow)
}

/// Whether two patterns surely have no text in common, by the letters before their first stars and after their last.
fn are_disjoint(left: &str, right: &str) -> bool {
    let (left, right) = (left.trim().as_bytes(), right.trim().as_bytes());
    let head = |pattern: &[u8]| memchr::memchr(b'*', pattern).unwrap_or(pattern.len());
    let tail = |pattern: &[u8]| {
        memchr::memrchr(b'*', pattern).map_or(pattern.len(), |star| pattern.len() - 1 - star)
    };
    let heads = head(left).min(head(right));
    let tails = tail(left).min(tail(right));
    !left[..heads].eq_ignore_ascii_case(&right[..heads])
        || !left[left.len() - tails..].eq_ignore_ascii_case(&right[right.len() - tails..])
}
