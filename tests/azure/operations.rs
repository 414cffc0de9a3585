//! Set questions about operations: against facts, and against the enumeration of all short operations.

use std::collections::BTreeSet;

use dictum::azure::permission::{self, Block, Plane};
use regex::Regex;

fn block<'a>(actions: &[&'a str], not_actions: &[&'a str]) -> Block<'a> {
    Block { actions: actions.to_vec(), not_actions: not_actions.to_vec(), ..Block::default() }
}

fn some(blocks: &[Block<'_>], pattern: &str) -> bool {
    permission::grants_some(blocks, Plane::Control, &[pattern])
}

fn all(blocks: &[Block<'_>], pattern: &str) -> bool {
    permission::grants_all(blocks, Plane::Control, &[pattern])
}

fn beyond(blocks: &[Block<'_>], patterns: &[&str]) -> bool {
    permission::grants_beyond(blocks, Plane::Control, patterns)
}

#[test]
fn the_four_verbs_are_all_operations() {
    let verbs = [block(&["*/read", "*/write"], &[]), block(&["*/delete", "*/action"], &[])];
    assert!(all(&verbs, "*"));
    assert!(all(&verbs, "Microsoft.Compute/*"));
    assert!(!all(&verbs[..1], "*"));
    assert!(all(&verbs[..1], "*/write"));
    assert!(!beyond(&[block(&["*"], &[])], &["*/read", "*/write", "*/delete", "*/action"]));
    assert!(beyond(&[block(&["*"], &[])], &["*/read", "*/write", "*/delete"]));
}

#[test]
fn not_actions_take_from_their_own_block_only() {
    let contributor =
        [block(&["*"], &["Microsoft.Authorization/*/Write", "Microsoft.Authorization/*/Delete"])];
    let assign = "Microsoft.Authorization/roleAssignments/write";
    assert!(!some(&contributor, assign));
    assert!(some(&contributor, "Microsoft.Authorization/*"));
    assert!(!all(&contributor, "*"));
    assert!(all(&contributor, "Microsoft.Compute/*"));
    let [contributor] = contributor;
    let both = [contributor, block(&["Microsoft.Authorization/*"], &[])];
    assert!(some(&both, assign));
    assert!(all(&both, "*"));
}

#[test]
fn strict_not_actions_leave_what_lies_between_the_slashes() {
    let scientist = [block(&["*/write"], &["Microsoft.ML/workspaces/computes/*/write"])];
    assert!(some(&scientist, "Microsoft.ML/workspaces/computes/write"));
    assert!(!some(&scientist, "Microsoft.ML/workspaces/computes/start/write"));
}

#[test]
fn planes_do_not_mix() {
    let owner = [block(&["*"], &[])];
    assert!(!permission::grants_some(&owner, Plane::Data, &["*"]));
    assert!(!permission::grants_all(&owner, Plane::Data, &["*"]));
    assert!(!permission::grants_beyond(&owner, Plane::Data, &["a/b/read"]));
}

#[test]
fn examples_prove_the_answer() {
    let reader =
        [block(&["Microsoft.Compute/*/read", "Microsoft.Compute/virtualMachines/*"], &["*/start/action"])];
    let example =
        |patterns: &[&str]| permission::example(&reader, Plane::Control, patterns).unwrap_or_default();
    insta::assert_snapshot!(example(&["*/action"]), @r"microsoft.compute/virtualmachines/action");
    insta::assert_snapshot!(example(&["Microsoft.Compute/disks/*"]), @r"microsoft.compute/disks/read");
    insta::assert_snapshot!(example(&["Microsoft.Network/*"]), @r"");
    let beyond =
        permission::example_beyond(&reader, Plane::Control, &["*/read", "*/write"]).unwrap_or_default();
    insta::assert_snapshot!(beyond, @r"microsoft.compute/virtualmachines/action");
    let missing = permission::example_missing(&reader, Plane::Control, &["*/read"]).unwrap_or_default();
    insta::assert_snapshot!(missing, @r"m/r/read");
}

#[test]
fn hostile_patterns_end_soon() {
    let stars: Vec<String> = (0..40).map(|number| format!("*/w{number}/*/v{number}/*")).collect();
    let stars: Vec<&str> = stars.iter().map(String::as_str).collect();
    assert!(some(&[block(&["*"], &stars)], "*/write"));
    assert!(!all(&[block(&stars, &[])], "*"));
    let long = "*".repeat(100_000);
    assert!(all(&[block(&[&long], &[])], "*"));
    let word = "a".repeat(10_000);
    let (head, tail) = (format!("{word}/*"), format!("*/{word}/read"));
    assert!(!all(&[block(&[&head], &[&tail])], &head));
    assert!(some(&[block(&[&head], &[&tail])], "*/write"));
    let slashes = "/*".repeat(2_000);
    assert!(!some(&[block(&[&slashes], &[])], "*"));
}

/// A small generator of numbers, so that a run can be repeated.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// A pattern of one to five words; one in three of the words holds a star.
    fn pattern(&mut self) -> String {
        let words = 1 + self.below(5);
        let mut pattern = Vec::new();
        for word in 1..=words {
            let last = word == words && self.below(4) > 0;
            pattern.push(match self.below(3) {
                0 => self.pick(&["*", "*", "*", "a*", "*b", "A*b", "*a*"]),
                _ if last => self.pick(&["read", "write", "Delete", "action"]),
                _ => self.pick(&["a", "b", "ab", "B", "read"]),
            });
        }
        pattern.join("/")
    }

    fn patterns(&mut self, most: usize) -> Vec<String> {
        (0..self.below(most + 1)).map(|_| self.pattern()).collect()
    }
}

/// The same patterns as one regular expression; `generous` adds the forms with `/` for `/*/`.
struct Oracle(Regex);

impl Oracle {
    fn new(patterns: &[String], generous: bool) -> Oracle {
        let mut forms: BTreeSet<String> = patterns.iter().cloned().collect();
        let mut fresh: Vec<String> = if generous { forms.iter().cloned().collect() } else { Vec::new() };
        while let Some(form) = fresh.pop() {
            for (at, _) in form.match_indices("/*").filter(|(at, _)| form[at + 2..].starts_with('/')) {
                let shorter = format!("{}{}", &form[..at], &form[at + 2..]);
                if forms.insert(shorter.clone()) {
                    fresh.push(shorter);
                }
            }
        }
        let forms: Vec<String> = forms
            .iter()
            .map(|form| form.split('*').map(regex::escape).collect::<Vec<_>>().join(".*"))
            .collect();
        // An empty list matches nothing; `^\b$` neither.
        let any = if forms.is_empty() { r"\b".to_owned() } else { forms.join("|") };
        Oracle(Regex::new(&format!("(?i)^(?:{any})$")).expect("escaped words and `.*`"))
    }

    fn matches(&self, operation: &str) -> bool {
        self.0.is_match(operation)
    }
}

/// All operations of up to four words over `words`.
fn operations(words: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    for verb in VERBS {
        for first in words {
            for second in words {
                all.push(format!("{first}/{second}/{verb}"));
                all.extend(words.iter().map(|third| format!("{first}/{second}/{third}/{verb}")));
            }
        }
    }
    all
}

const VERBS: [&str; 4] = ["read", "write", "delete", "action"];

#[test]
fn agrees_with_the_enumeration_of_short_operations() {
    let is_operation = Regex::new("^[^/]+(/[^/]+)+/(read|write|delete|action)$").unwrap();
    let universe = operations(&["a", "b", "ab", "read", "fresh"]);
    let mut dice = Dice(20_261_122);
    let mut yes = [0; 3];
    let rounds = 1_000;
    for round in 0..rounds {
        let lists: Vec<[Vec<String>; 2]> =
            (0..1 + dice.below(3)).map(|_| [dice.patterns(4), dice.patterns(2)]).collect();
        let mut patterns = dice.patterns(2);
        patterns.push(dice.pattern());
        let oracle: Vec<[Oracle; 2]> = lists
            .iter()
            .map(|[granted, excepted]| [Oracle::new(granted, true), Oracle::new(excepted, false)])
            .collect();
        let granted = |operation: &str| {
            oracle
                .iter()
                .any(|[granted, excepted]| granted.matches(operation) && !excepted.matches(operation))
        };
        let wanted = Oracle::new(&patterns, false);

        let blocks: Vec<Block<'_>> = lists
            .iter()
            .map(|[granted, excepted]| Block {
                actions: granted.iter().map(String::as_str).collect(),
                not_actions: excepted.iter().map(String::as_str).collect(),
                ..Block::default()
            })
            .collect();
        let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
        let context = || format!("round {round}: {blocks:?} against {patterns:?}");

        let plane = Plane::Control;
        let answers = [
            (
                permission::grants_some(&blocks, plane, &patterns),
                permission::example(&blocks, plane, &patterns),
            ),
            (
                !permission::grants_all(&blocks, plane, &patterns),
                permission::example_missing(&blocks, plane, &patterns),
            ),
            (
                permission::grants_beyond(&blocks, plane, &patterns),
                permission::example_beyond(&blocks, plane, &patterns),
            ),
        ];
        let kinds: Vec<(bool, bool)> =
            universe.iter().map(|operation| (granted(operation), wanted.matches(operation))).collect();
        for (question, (answer, example)) in answers.into_iter().enumerate() {
            let holds = |(granted, wanted): (bool, bool)| match question {
                0 => granted && wanted,
                1 => !granted && wanted,
                _ => granted && !wanted,
            };
            assert_eq!(answer, example.is_some(), "question {question}, {}", context());
            match example {
                Some(example) => {
                    let proven = holds((granted(&example), wanted.matches(&example)));
                    assert!(
                        is_operation.is_match(&example) && proven,
                        "{question}: {example}, {}",
                        context()
                    );
                    yes[question] += 1;
                }
                None => {
                    let missed = kinds.iter().position(|kind| holds(*kind)).map(|at| &universe[at]);
                    assert_eq!(missed, None, "question {question}, {}", context());
                }
            }
        }
    }
    assert!(yes.iter().all(|count| (rounds / 5..rounds * 4 / 5).contains(count)), "one-sided: {yes:?}");
}
