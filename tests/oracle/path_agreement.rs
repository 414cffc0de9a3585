//! The engine and the oracle agree about paths, on generated tenants and sentences.

use super::agreement::{engine, wanted};
use super::chance::Chance;
use super::compare::{Both, Difference};
use super::model::Tenant;
use super::{Oracle, json, path_policies, path_tenants};
use dictum::azure::Guid;
use dictum::engine::{Assertions, CheckOptions, Outcome, check, load};
use dictum::eval::{Explorer, Options};
use dictum::ingest::Input;
use dictum::inventory::Wanted;
use dictum::verdict::{Finding, Verdict};
use std::collections::BTreeMap;
use std::io::Cursor;

const RULES: usize = 2;
const THREADS: u64 = 2;

pub(crate) fn tenant(seed: u64) -> Tenant {
    let mut chance = Chance::new(seed);
    let whole = path_tenants::whole(&mut chance);
    path_tenants::captured(&mut chance, &whole)
}

/// What one thread saw.
#[derive(Default)]
struct Seen {
    statuses: BTreeMap<String, usize>,
    /// Tenants with a path, and without one in either rule.
    with: usize,
    without: usize,
    differences: Vec<(u64, Difference)>,
}

fn compare(seeds: impl Iterator<Item = u64>) -> Seen {
    let oracle = Oracle::with_catalogue();
    let most = wanted("ORACLE_DIFFERENCES", 4) as usize;
    let mut seen = Seen::default();
    for seed in seeds {
        let tenant = tenant(seed);
        let policy = path_policies::policy(seed, RULES);
        let both = Both { oracle: &oracle, engine: &engine, seed };
        let mut statuses = BTreeMap::new();
        let found = both.compare(&tenant, &policy, "", &mut statuses);
        let of = |words: &[&str]| words.iter().any(|word| statuses.contains_key(*word));
        seen.with += usize::from(of(&["fail", "warn", "advise"]));
        seen.without += usize::from(!of(&["fail", "warn", "advise", "unknown"]));
        for (word, n) in statuses {
            *seen.statuses.entry(word).or_default() += n;
        }
        seen.differences.extend(found.into_iter().map(|difference| (seed, difference)));
        if seen.differences.len() >= most {
            break;
        }
    }
    seen
}

#[test]
fn ten_thousand_path_tenants_agree() {
    let first = wanted("ORACLE_SEED", 0);
    let tenants = wanted("ORACLE_PATH_TENANTS", 10_000);
    let seen: Vec<Seen> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|n| {
                let seeds = (first..first + tenants).filter(move |seed| seed % THREADS == n);
                scope.spawn(move || compare(seeds))
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("a thread that ends")).collect()
    });
    let mut statuses: BTreeMap<&str, usize> = BTreeMap::new();
    for (word, n) in seen.iter().flat_map(|seen| &seen.statuses) {
        *statuses.entry(word).or_default() += n;
    }
    let pairs: usize = statuses.values().sum();
    let share = |n: usize, of: usize| 100.0 * n as f64 / of as f64;
    let words: Vec<String> =
        statuses.iter().map(|(word, n)| format!("{word} {:.1} %", share(*n, pairs))).collect();
    let with: usize = seen.iter().map(|seen| seen.with).sum();
    let without: usize = seen.iter().map(|seen| seen.without).sum();
    let of = tenants as usize;
    println!(
        "{tenants} tenants: with a path {:.1} %, without {:.1} %; {pairs} sentences: {}",
        share(with, of),
        share(without, of),
        words.join(", ")
    );
    let pages: Vec<String> = seen
        .iter()
        .flat_map(|seen| &seen.differences)
        .map(|(seed, d)| format!("---- seed {seed} {}\n{}", d.rule, d.page))
        .collect();
    assert!(pages.is_empty(), "{} differences\n{}", pages.len(), pages.join("\n"));
    if first == 0 && std::env::var_os("ORACLE_PATH_TENANTS").is_none() {
        assert!(share(with, of) >= 15.0 && share(without, of) >= 15.0, "{with} with, {without} without");
    }
}

#[test]
fn paths_that_are_only_counted_are_as_many_as_those_told_one_by_one() {
    let (mut counted, mut surely, mut perhaps) = (0, 0, 0);
    for seed in 0..wanted("ORACLE_COUNTED_TENANTS", 1_000) {
        let tenant = tenant(seed);
        let policy = path_policies::policy(seed, RULES);
        let document = serde_json::to_vec(&json::document(&tenant, seed)).expect("a document");
        let decided = |shown| {
            let options = CheckOptions { shown, ..CheckOptions::default() };
            check(&[("p.dictum", &policy)], vec![("inventory.json".to_owned(), document.clone())], &options)
        };
        let (told, one) = (decided(None), decided(Some(1)));
        assert_eq!(one.exit, told.exit, "seed {seed}");
        assert_eq!(one.verdicts.rules, told.verdicts.rules, "seed {seed}\n{policy}");
        for rule in &told.verdicts.rules {
            let of = |outcome: &Outcome| -> Vec<Finding> {
                outcome.verdicts.findings.iter().filter(|f| f.rule == rule.id).cloned().collect()
            };
            let (all, shown) = (of(&told), of(&one));
            let further = one.verdicts.further.iter().find(|further| further.rule == rule.id);
            let further = further.map_or(0, |further| further.count);
            assert_eq!(shown.len() as u64 + further, all.len() as u64, "seed {seed}: {}\n{policy}", rule.id);
            let paths = |findings: &[Finding]| -> Vec<(Verdict, String)> {
                findings
                    .iter()
                    .filter(|f| f.path.is_some())
                    .map(|f| (f.verdict, f.sentence.clone()))
                    .collect()
            };
            let first = paths(&all).into_iter().min();
            assert!(first.is_none_or(|first| paths(&shown).contains(&first)), "seed {seed}: {}", rule.id);
            counted += further;
            surely += u64::from(further > 0 && rule.selected > 1);
            perhaps += u64::from(further > 0 && rule.unknown > 1);
        }
    }
    assert!(counted > 300 && surely > 80 && perhaps > 30, "{counted}, {surely} sure, {perhaps} not");
}

#[test]
#[ignore = "shows one seed"]
fn show_path_tenant() {
    let seed = wanted("ORACLE_SEED", 0);
    println!("{}", path_policies::policy(seed, RULES));
    let t = tenant(seed);
    let serde_json::Value::Object(document) = super::json::document(&t, seed) else { return };
    for (key, value) in document {
        for row in value.as_array().into_iter().flatten() {
            println!("  {key} {row}");
        }
    }
}

#[test]
fn everybody_at_once_reaches_as_far_as_each_alone() {
    let (mut lines, mut far, mut open, mut denied) = (0, 0, 0, 0);
    for seed in 0..wanted("ORACLE_REACH_TENANTS", 300) {
        let tenant = tenant(seed);
        let document = serde_json::to_vec(&json::document(&tenant, seed)).expect("a document");
        let input = Input { name: "inventory.json".to_owned(), reader: Box::new(Cursor::new(document)) };
        let Ok((inventory, ..)) = load(vec![input], Wanted::all(), &Assertions::default()) else { continue };
        let explorer = Explorer::new(&inventory, &Options::default());
        denied += u32::from(!tenant.deny_assignments.is_empty());
        for line in explorer.reach_of_all() {
            let principal = Guid::parse(&line.of.id).and_then(|guid| inventory.principal(guid));
            let Some(principal) = principal else { continue };
            let alone = explorer.reach(principal.into()).expect("a principal").counts;
            assert_eq!(line.counts, alone, "seed {seed}: {} {}", line.of.kind, line.of.name);
            lines += 1;
            far += u32::from(alone.identities > 0 && alone.resources > 0);
            open += u32::from(!alone.complete);
        }
    }
    assert!(lines > 1_000 && far > 200 && open > 200 && open < lines, "{lines}, {far} far, {open} open");
    assert!(denied > 20, "{denied} with deny assignments");
}
