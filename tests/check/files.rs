//! Whole files: the design's corpus, where it is there, and the bundled packs.

use super::{run, run_with};
use dictum::check::Settings;
use dictum::syntax::ast::Item;
use std::fs;
use std::path::Path;

#[test]
fn the_corpus_checks() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/design");
    let Ok(corpus) = fs::read_to_string(folder.join("corpus.dictum")) else {
        println!("skipped: ../shared is not here (0 files)");
        return;
    };
    let common = fs::read_to_string(folder.join("common.dictum")).unwrap();
    let checked = run_with(&[("corpus.dictum", &corpus), ("common.dictum", &common)], &Settings::default());
    println!("2 files checked");
    assert!(checked.diagnostics.iter().all(|d| !d.is_error()), "{}", checked.report());
    // The two waivers stand outside the waiver files.
    let codes: Vec<&str> = checked.diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(codes, ["D706", "D706"], "{}", checked.report());
    let rules = checked.files[0].file.items.iter().filter(|item| matches!(item, Item::Rule(_))).count();
    assert_eq!(checked.plan.rules.len(), rules);
}

#[test]
fn the_bundled_packs_check() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![];
    for folder in ["policies/managed-identity", "policies/privileged-access", "waivers"] {
        let mut paths: Vec<_> = fs::read_dir(root.join(folder)).unwrap().map(|e| e.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    let borrowed: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let checked = run(&borrowed);
    assert!(checked.diagnostics.is_empty(), "{}", checked.report());
    assert!(checked.plan.rules.len() > 10);
    assert_eq!(checked.plan.waivers.len(), 1);
}
