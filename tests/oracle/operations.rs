//! What a role grants, decided by spelling out operation names word by word (language.md 2.1 `granting`, azure-facts.md 2.2 to 2.4).
//!
//! A wildcard is a whole segment here and stands for one segment or more, as in every role that Azure ships.

use super::model::Block;
use std::collections::{BTreeMap, BTreeSet};

/// How much of the asked operations must be granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Amount {
    /// At least one of them.
    One,
    /// Every one of them.
    Every,
    /// At least one that is not of them.
    Other,
}

/// The verbs that an operation can end with.
const VERBS: [&str; 4] = ["read", "write", "delete", "action"];

/// A pattern as its segments.
type Pattern = Vec<String>;

fn segments(pattern: &str) -> Pattern {
    let segments: Pattern = pattern.to_lowercase().split('/').map(str::to_owned).collect();
    for segment in &segments {
        assert!(
            segment == "*" || !segment.contains('*'),
            "the oracle knows only wildcards of a whole segment: {pattern}"
        );
    }
    segments
}

/// In grants `/*/` also stands for `/` (azure-facts.md 10); in what is subtracted it does not.
fn generous(patterns: &[String]) -> Vec<Pattern> {
    let mut all = vec![];
    for pattern in patterns {
        all.push(segments(pattern));
        if pattern.contains("/*/") {
            all.push(segments(&pattern.replace("/*/", "/")));
        }
    }
    all
}

/// Where a pattern may stand after the words spelled so far: bit N = its next segment is N.
type Places = u32;

fn step(pattern: &Pattern, places: Places, word: &str) -> Places {
    let mut next = 0;
    for (i, segment) in pattern.iter().enumerate() {
        if places & (1 << i) == 0 {
            continue;
        }
        if segment == "*" {
            next |= 1 << i | 1 << (i + 1); // one more segment for this `*`, or on to the next
        } else if segment == word {
            next |= 1 << (i + 1);
        }
    }
    next
}

/// Whether the blocks grant one, every, or another than the operations that `asked` matches.
pub(crate) fn grants(blocks: &[Block], data: bool, amount: Amount, asked: &[String]) -> bool {
    let asked: Vec<Pattern> = asked.iter().map(|pattern| segments(pattern)).collect();
    // All patterns in one row: what is asked, then each block's plus and minus.
    let mut patterns = asked.clone();
    let mut ranges = vec![];
    for block in blocks {
        let (plus, minus) = if data {
            (&block.data_actions, &block.not_data_actions)
        } else {
            (&block.actions, &block.not_actions)
        };
        let first = patterns.len();
        patterns.extend(generous(plus));
        let middle = patterns.len();
        patterns.extend(minus.iter().map(|pattern| segments(pattern)));
        ranges.push((first, middle, patterns.len()));
    }
    let mut words: BTreeSet<&str> =
        patterns.iter().flatten().map(String::as_str).filter(|word| *word != "*").collect();
    words.extend(VERBS);
    words.insert("fresh");

    // Every operation name, by words; names after which all patterns stand alike are looked at once.
    let mut seen: BTreeSet<(Vec<Places>, usize)> = BTreeSet::new();
    let mut queue = vec![(vec![1; patterns.len()], 0usize)];
    let mut found = false;
    while let Some((places, length)) = queue.pop() {
        for word in &words {
            let next: Vec<Places> = patterns.iter().zip(&places).map(|(p, at)| step(p, *at, word)).collect();
            let length = (length + 1).min(3);
            if VERBS.contains(word) && length == 3 {
                let hit = |i: usize| next[i] & (1 << patterns[i].len()) != 0;
                let is_asked = (0..asked.len()).any(hit);
                let granted = ranges.iter().any(|(a, b, c)| (*a..*b).any(hit) && !(*b..*c).any(hit));
                found |= match amount {
                    Amount::One => is_asked && granted,
                    Amount::Every => is_asked && !granted, // a counter-example
                    Amount::Other => !is_asked && granted,
                };
            }
            if next.iter().any(|places| *places != 0) && seen.insert((next.clone(), length)) {
                queue.push((next, length));
            }
        }
    }
    match amount {
        Amount::One | Amount::Other => found,
        Amount::Every => !found,
    }
}

/// Remembers what was decided: the same roles and questions come again and again.
#[derive(Default)]
pub(crate) struct Remembered(BTreeMap<String, bool>);

impl Remembered {
    pub(crate) fn grants(&mut self, blocks: &[Block], data: bool, amount: Amount, asked: &[String]) -> bool {
        let key = format!("{blocks:?} {data} {amount:?} {asked:?}");
        *self.0.entry(key).or_insert_with(|| grants(blocks, data, amount, asked))
    }
}
