//! Known controls of public frameworks: `data/controls.txt`, ids and topics in words of our own.

use std::sync::LazyLock;

use super::table::{self, Source};

/// A control, which policies write as its framework and id: `MCSB PA-7`.
#[derive(Clone, Copy, Debug)]
pub struct Control {
    /// `NIST 800-53 r5`: the framework and its version, since ids move between versions.
    pub framework: &'static str,
    /// `AC-6(5)`
    pub id: &'static str,
    /// What it is about.
    pub topic: &'static str,
    /// Who says so.
    pub source: Source,
}

static CONTROLS: LazyLock<Vec<Control>> = LazyLock::new(|| {
    let rows = table::rows(include_str!("data/controls.txt"));
    rows.map(|[framework, id, topic, grade, source, date]| Control {
        framework,
        id,
        topic,
        source: table::source([grade, source, date]),
    })
    .collect()
});

/// All controls, framework by framework.
pub fn all() -> &'static [Control] {
    &CONTROLS
}

/// The control that a policy writes so, in any letter case: `NIST 800-53 r5 AC-6(5)`.
pub fn find(text: &str) -> Option<Control> {
    let (framework, id) = text.trim().rsplit_once(' ')?;
    let same = |control: &&Control| {
        control.framework.eq_ignore_ascii_case(framework.trim()) && control.id.eq_ignore_ascii_case(id)
    };
    CONTROLS.iter().find(same).copied()
}

/// The frameworks, in the order of the file.
pub fn frameworks() -> Vec<&'static str> {
    let mut frameworks: Vec<&str> = CONTROLS.iter().map(|control| control.framework).collect();
    frameworks.dedup();
    frameworks
}
