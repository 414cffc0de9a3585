//! The scripts that capture a tenant, as `dictum inventory --capture-script` prints them.
//!
//! Both hold the one table of questions in `queries.tsv`; what they write is described in `docs/capture.md`.

const TABLE: &str = include_str!("queries.tsv");
const BASH: &str = include_str!("capture.sh");
const POWERSHELL: &str = include_str!("capture.ps1");

/// The shell that a capture script is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// bash 3.2 or newer.
    Bash,
    /// Windows PowerShell 5.1 or PowerShell 7.
    Powershell,
}

/// The questions of both scripts, one a line: collection, what it is asked for each of, URL, separated by tabs.
pub fn queries() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter(|line| !line.starts_with('#'))
}

/// The whole script for that shell, with the table of questions and the version of this program in it.
pub fn script(shell: Shell) -> String {
    let template = match shell {
        Shell::Bash => BASH,
        Shell::Powershell => POWERSHELL,
    };
    let table: Vec<&str> = queries().collect();
    template.replace("@QUERIES@", &table.join("\n")).replace("@VERSION@", env!("CARGO_PKG_VERSION"))
}
