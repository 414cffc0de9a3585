//! One mistake, one diagnostic, also where other statements build on the one that it is in.

use super::run;
use std::fs;

/// Every statement here builds on another one, or is built on.
const LINKED: &str = r#"policy linked

use "lib/sets.dictum"

let broad-roles = Owner, Contributor
let wider-roles = broad-roles, "User Access Administrator"
let prod-subs = "prod-*", "shared-prod"
param stale-after = 90 days between 30 days and 180 days
param too-many = 3

rule broad
  deny role broad-roles at subscription for managed_identity
rule wider
  deny role wider-roles on subscription prod-subs for user except user in group ops-groups
  if more than too-many principals per subscription
rule stale
  warn user where user.enabled and (user.last_sign_in is not present or age(user.last_sign_in) > stale-after)
rule issuer
  deny federated_credential where not (federated_credential.issuer matches issuers)
rule vaults
  deny role granting secret-read on resource of type "Microsoft.KeyVault/vaults" for guest

waive linked/broad
  for user_assigned "mi-terraform"
  until 2027-03-31
  because "Bootstrap"
  approved by "security@example.com"
"#;

const SETS: &str =
    "let ops-groups = \"sg-operators\"\nlet issuers = \"https://token.actions.githubusercontent.com\"\n";

fn tokens(text: &str) -> Vec<(usize, usize)> {
    let pattern = r##"(?m)#.*$|"(?:\\.|[^"\\\n])*"|/(?:\\.|[^/\\\n ])+/|[A-Za-z0-9_]+(?:-[A-Za-z0-9]+)*|==|!=|<=|>=|[^\s]"##;
    let Ok(pattern) = regex::Regex::new(pattern) else { unreachable!("the pattern is written above") };
    pattern.find_iter(text).filter(|m| !m.as_str().starts_with('#')).map(|m| (m.start(), m.end())).collect()
}

fn misspelled(word: &str) -> String {
    let middle = word.len() / 2;
    format!("{}x{}", &word[..middle], &word[middle..])
}

/// Mutates every `step`th token; gives how many sites have a mistake, and those that have more than one error.
fn mutate(name: &str, text: &str, others: &[(&str, &str)], step: usize) -> (usize, Vec<String>) {
    let (mut sites, mut bad) = (0, vec![]);
    for (start, end) in tokens(text).into_iter().step_by(step) {
        let word = &text[start..end];
        let misspelling = word.is_ascii().then(|| misspelled(word)).filter(|_| word.len() > 1);
        for instead in [Some(String::new()), misspelling].into_iter().flatten() {
            let mutant = format!("{}{instead}{}", &text[..start], &text[end..]);
            let mut files = vec![(name, mutant.as_str())];
            files.extend_from_slice(others);
            let run = run(&files);
            let errors: Vec<&str> =
                run.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.code.as_str()).collect();
            if !errors.is_empty() {
                sites += 1;
            }
            if errors.len() > 1 {
                let line = text[..start].matches('\n').count() + 1;
                bad.push(format!("line {line}: {word} -> {instead:?}: {errors:?}"));
            }
        }
    }
    (sites, bad)
}

#[test]
fn a_mistake_in_one_statement_is_not_told_of_another() {
    let (sites, bad) = mutate("policy.dictum", LINKED, &[("lib/sets.dictum", SETS)], 1);
    println!("{sites} sites\n{}", bad.join("\n"));
    assert!(sites > 200);
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn a_mistake_in_a_used_file_is_told_there() {
    let (sites, bad) = mutate("lib/sets.dictum", SETS, &[("policy.dictum", LINKED)], 1);
    println!("{sites} sites\n{}", bad.join("\n"));
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn the_corpus_with_a_mistake_has_one() {
    let (Ok(corpus), Ok(common)) = (
        fs::read_to_string("../shared/design/corpus.dictum"),
        fs::read_to_string("../shared/design/common.dictum"),
    ) else {
        println!("skipped: ../shared is not here (0 files)");
        return;
    };
    let (sites, bad) = mutate("corpus.dictum", &corpus, &[("common.dictum", &common)], 11);
    println!("2 files, {sites} sites\n{}", bad.join("\n"));
    assert!(bad.len() * 20 <= sites, "{}", bad.join("\n"));
}
