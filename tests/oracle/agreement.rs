//! The engine and the oracle agree, on generated policies and tenants, and on the corpus where it is there.

use super::chance::Chance;
use super::compare::{Both, Comparable, Difference};
use super::paths::{Target, line_of};
use super::policies;
use super::scopes::canonical;
use super::tenants::{self, Loss, SMALL};
use super::{Oracle, compare, json, parsed, reader};
use dictum::engine::{CheckOptions, check};
use dictum::verdict::{PathEnd, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The engine's verdicts by rule id.
pub(crate) fn engine(
    text: &str,
    waivers: &str,
    document: &str,
) -> Result<BTreeMap<String, Comparable>, String> {
    let mut options = CheckOptions::default();
    if !waivers.is_empty() {
        options.waivers.push(("waivers.dictum".to_owned(), waivers.to_owned()));
    }
    let inventory = vec![("inventory.json".to_owned(), document.as_bytes().to_vec())];
    let run = || check(&[("p.dictum", text)], inventory, &options);
    let outcome = catch_unwind(AssertUnwindSafe(run)).map_err(|_| "panicked".to_owned())?;
    if outcome.verdicts.rules.is_empty() {
        return Err(outcome.diagnostics.iter().map(|d| format!("{d:?}\n")).collect());
    }
    let mut rules = BTreeMap::new();
    for rule in &outcome.verdicts.rules {
        let comparable = Comparable {
            status: rule.status.word().to_owned(),
            examined: rule.examined,
            selected: rule.selected,
            findings: BTreeSet::new(),
            unknown: false,
        };
        rules.insert(rule.id.clone(), comparable);
    }
    for finding in &outcome.verdicts.findings {
        let Some(rule) = rules.get_mut(&finding.rule) else {
            return Err(format!("no rule {}", finding.rule));
        };
        let waived = match finding.verdict {
            Verdict::Unknown => {
                rule.unknown = true;
                continue;
            }
            Verdict::Waived => true,
            Verdict::Deny | Verdict::Warn | Verdict::Advise => false,
        };
        if let Some(path) = &finding.path {
            let source = path.source.id.to_lowercase();
            let target = match &path.target {
                PathEnd::Principal(principal) => Target::Principal(principal.id.to_lowercase()),
                PathEnd::Grant { role_id, scope, .. } => {
                    Target::Grant(role_id.to_lowercase(), canonical(scope))
                }
            };
            rule.findings.insert((waived, line_of(&source, &target, path.length, path.potential)));
            continue;
        }
        let subject = finding.subject.id.to_lowercase();
        let subject = match &finding.assignment {
            Some(a) => {
                let of = [&a.role_id, &a.principal_id].map(|id| id.to_lowercase());
                format!("{} {} {} {subject}", of[0], canonical(&a.scope), of[1])
            }
            None => canonical(&subject),
        };
        rule.findings.insert((waived, subject));
        if finding.subject.kind == "role_assignment" {
            // One finding names all assignments of the same role, scope and assignee.
            rule.findings.extend(finding.duplicates.iter().map(|twin| (waived, canonical(&twin.id))));
        }
    }
    Ok(rules)
}

/// How many pairs are compared: `ORACLE_PAIRS`, else what a run of the tests takes.
pub(crate) fn wanted(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

const RULES: usize = 8;

#[test]
fn ten_thousand_pairs_agree() {
    let oracle = Oracle::new();
    let first = wanted("ORACLE_SEED", 0);
    let tenants = wanted("ORACLE_PAIRS", 10_400).div_ceil(RULES as u64);
    let mut statuses: BTreeMap<String, usize> = BTreeMap::new();
    let mut differences: Vec<(u64, Difference)> = vec![];
    for seed in first..first + tenants {
        let mut chance = Chance::new(seed);
        let whole = tenants::whole(&mut chance, &SMALL);
        let loss = Loss::by_chance(&mut chance);
        let tenant = tenants::captured(&mut chance, &whole, loss);
        let policy = policies::policy(seed, RULES);
        let both = Both { oracle: &oracle, engine: &engine, seed };
        let found = both.compare(&tenant, &policy.text, &policy.waivers, &mut statuses);
        differences.extend(found.into_iter().map(|difference| (seed, difference)));
        if differences.len() >= wanted("ORACLE_DIFFERENCES", 8) as usize {
            break;
        }
    }
    let pairs: usize = statuses.values().sum();
    let share = |word: &str| 100.0 * statuses.get(word).copied().unwrap_or(0) as f64 / pairs as f64;
    let words = ["fail", "pass", "unknown", "not_applicable", "warn", "advise", "waived"];
    let shares: Vec<String> = words.iter().map(|word| format!("{word} {:.1} %", share(word))).collect();
    println!("{pairs} pairs of a rule and a tenant: {}", shares.join(", "));
    let pages: Vec<String> =
        differences.iter().map(|(seed, d)| format!("---- seed {seed} {}\n{}", d.rule, d.page)).collect();
    assert!(differences.is_empty(), "{} differences\n{}", differences.len(), pages.join("\n"));
    if first == 0 && std::env::var_os("ORACLE_PAIRS").is_none() {
        assert!(pairs >= 10_000, "{pairs} pairs");
        for word in ["fail", "pass", "unknown"] {
            assert!(share(word) >= 15.0, "{word} {:.1} %", share(word));
        }
    }
}

/// What the oracle's rows and tables do not hold.
const BEYOND: [&str; 2] = ["directory_role", "app_role"];

/// The rules of the corpus (and W1), on a larger tenant: the oracle's own, or the one that `DICTUM_BENCH_TENANT` names (the
/// bench kit's `inventory.json`).
#[test]
fn the_corpus_agrees_on_a_larger_tenant() {
    let shared = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let read = |path: &str| std::fs::read_to_string(shared.join(path)).ok();
    let texts: Vec<String> =
        [read("design/corpus.dictum"), read("bench/peers/w1.dictum")].into_iter().flatten().collect();
    if texts.is_empty() {
        println!("0 rules: ../shared is not here");
        return;
    }
    let seed = 7;
    let (tenant, document) = match std::env::var("DICTUM_BENCH_TENANT") {
        Ok(path) => {
            let text = std::fs::read_to_string(&path).expect("the bench kit's inventory.json");
            let document: serde_json::Value = serde_json::from_str(&text).expect("a JSON document");
            (reader::tenant(&document), text)
        }
        Err(_) => {
            let shape = tenants::Shape { assignments: (300, 300), people: (40, 40) };
            let tenant = tenants::whole(&mut Chance::new(seed), &shape);
            let text = serde_json::to_string(&json::document(&tenant, seed)).expect("a document");
            (tenant, text)
        }
    };
    let roles = read("inputs/arm-rest/role-definitions/iam-dataset/built-in-roles-raw.json")
        .expect("the built-in roles");
    let oracle = Oracle::with_roles(&serde_json::from_str(&roles).expect("a JSON document"));
    let mut compared = 0;
    let mut differences = vec![];
    for text in texts {
        // The set that it uses stands in no rule; its waivers and tests are not what is compared.
        let (statements, _) = text.split_once("\nwaive ").unwrap_or((&text, ""));
        let statements = statements.replace("use \"common.dictum\"\n", "");
        let (before, rules) = statements.split_once("\nrule ").expect("rules");
        for rule in rules.split("\nrule ") {
            if BEYOND.iter().any(|word| rule.contains(word)) {
                continue;
            }
            // A bare statement may follow the rule; its slug is another's business.
            let alone = format!("{before}\nrule {rule}\n");
            let file = parsed(&alone);
            let own = oracle.verdicts(&tenant, &file, &[]);
            let found = engine(&alone, "", &document);
            for (ast, (name, verdict)) in compare::rules(&file).into_iter().zip(own) {
                if name.is_empty() {
                    continue;
                }
                let id = format!("{}/{name}", file.header.as_ref().map_or("", |header| &header.name.node));
                let theirs =
                    found.clone().and_then(|rules| rules.get(&id).cloned().ok_or("no verdict".to_owned()));
                let theirs = theirs.map(|theirs| compare::canonical(&tenant, ast, theirs).folded());
                let ours = compare::of_oracle(ast, &verdict).folded();
                compared += 1;
                if theirs.as_ref() != Ok(&ours) {
                    differences.push(format!("---- {rule}\n{}", compare::apart(&ours, &theirs)));
                }
            }
        }
    }
    println!("{compared} rules of ../shared on {} assignments", tenant.assignments.len());
    assert!(differences.is_empty(), "{} differences\n{}", differences.len(), differences.join("\n"));
}
