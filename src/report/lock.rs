//! The verdicts of a run as a file to keep in a repository: a line for each rule and each finding, nothing that moves
//! where no verdict does.

use super::clean;
use crate::verdict::{Finding, Verdicts};

/// The first line of every lock file.
pub const HEADER: &str =
    "# dictum lock 1 - the verdicts of an inventory, as reviewed. Written by `dictum lock`.";

/// The file.
pub fn write(verdicts: &Verdicts) -> String {
    let mut text = format!("{HEADER}\n");
    for assumption in &verdicts.assumptions {
        text.push_str(&format!("assumed {}\n", clean(assumption)));
    }
    for rule in &verdicts.rules {
        text.push_str(&format!("\n{:<7} {}\n", rule.status.word(), rule.id));
        let mut findings: Vec<&Finding> = verdicts.findings.iter().filter(|f| f.rule == rule.id).collect();
        findings.sort_by_key(|f| (f.verdict, &f.sentence, &f.fingerprint));
        for finding in findings {
            let word = finding.verdict.word();
            text.push_str(&format!("  {word:<7} {}  {}\n", finding.fingerprint, clean(&finding.sentence)));
        }
    }
    text
}
