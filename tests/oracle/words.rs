//! A report for eyes says the same, whether all findings were put into words or only those that it shows.

use super::agreement::wanted;
use super::chance::Chance;
use super::tenants::{self, Loss, Shape};
use super::{json, policies};
use dictum::engine::{self, Assertions, PolicyText, Role};
use dictum::eval;
use dictum::ingest::Input;
use dictum::report::text;
use dictum::text::Sources;
use dictum::verdict::GateOptions;

const CROWDED: Shape = Shape { assignments: (40, 120), people: (8, 40) };

#[test]
fn a_report_does_not_depend_on_how_many_findings_are_worded() {
    let first = wanted("ORACLE_SEED", 0);
    let mut folded = 0;
    for seed in first..first + wanted("ORACLE_PAIRS", 60) {
        let mut chance = Chance::new(seed);
        let whole = tenants::whole(&mut chance, &CROWDED);
        let loss = Loss::by_chance(&mut chance);
        let tenant = tenants::captured(&mut chance, &whole, loss);
        let document = serde_json::to_string(&json::document(&tenant, seed)).expect("a document");
        let policy = policies::policy(seed, 8);
        let texts =
            [("p.dictum", policy.text, Role::Policy { named: true }), ("w", policy.waivers, Role::Waivers)];
        let texts = texts.map(|(name, text, role)| PolicyText {
            name: name.to_owned(),
            text,
            root: String::new(),
            role,
        });
        let compiled = engine::compile(&mut Sources::new(), texts.into(), vec![], &mut |_| None);
        let reader = Box::new(std::io::Cursor::new(document.into_bytes()));
        let inputs = vec![Input { name: "inventory.json".to_owned(), reader }];
        let loaded = engine::load(inputs, compiled.plan.wanted.clone(), &Assertions::default());
        let Ok((inventory, assumptions, _)) = loaded else { continue };
        let options = text::TextOptions { all: false };
        let mut told = eval::Options { as_of: None, assumptions, shown: None };
        let mut report = |shown| {
            told.shown = shown;
            let decided = engine::evaluate(&compiled.plan, &inventory, &told, GateOptions::default());
            let decided = decided.unwrap_or_else(|_| panic!("seed {seed}: nobody says which day it is"));
            folded += decided.verdicts.further.len();
            text::write(&decided.verdicts, &decided.gate, options)
        };
        assert_eq!(report(None), report(options.looks_at()), "seed {seed}");
    }
    assert!(folded > 20, "only {folded} rules had more findings than are shown");
}
