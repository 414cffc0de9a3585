//! Trees to plans: every mistake a policy can hold once it parses, and what a policy without one means.

mod expressions;
mod files;
mod meaning;
mod mutation;
mod names;
mod sentences;
mod waivers;

use dictum::check::plan::{Plan, Rule};
use dictum::check::{CheckedFile, Override, OverrideValue, Settings};
use dictum::diagnostic::Diagnostic;
use dictum::diagnostic::Place;
use dictum::diagnostic::render::render;
use dictum::syntax::parse;
use dictum::text::Sources;

/// A run over some files, each a path and its text. Files in `waivers/` are waiver files, those in `lib/` are only used.
pub(crate) struct Run {
    pub(crate) sources: Sources,
    pub(crate) files: Vec<CheckedFile>,
    pub(crate) plan: Plan,
    /// The parser's and the checker's, in this order.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

pub(crate) fn run(files: &[(&str, &str)]) -> Run {
    run_with(files, &Settings::default())
}

pub(crate) fn run_with(files: &[(&str, &str)], settings: &Settings) -> Run {
    let mut sources = Sources::new();
    let mut diagnostics = vec![];
    let mut checked = vec![];
    for (path, text) in files {
        let source = sources.add(*path, *text);
        let parsed = parse(&sources, source);
        diagnostics.extend(parsed.diagnostics);
        checked.push(CheckedFile {
            source,
            file: parsed.file,
            broken: parsed.broken.iter().map(|broken| broken.span).collect(),
            path: (*path).to_owned(),
            root: String::new(),
            is_policy: !path.starts_with("lib/") && !path.starts_with("waivers/"),
            is_waiver_file: path.starts_with("waivers/"),
        });
    }
    let (plan, told) = dictum::check::check(&checked, &sources, settings);
    diagnostics.extend(told);
    Run { sources, files: checked, plan, diagnostics }
}

impl Run {
    pub(crate) fn report(&self) -> String {
        render(&self.diagnostics, &self.sources, false)
    }
}

/// What is said of one policy file.
pub(crate) fn told(text: &str) -> String {
    run(&[("policy.dictum", text)]).report()
}

/// There is nothing to say of that policy file.
pub(crate) fn fine(text: &str) {
    assert_eq!(told(text), "", "{text}");
}

/// The codes that one policy file gets.
pub(crate) fn codes(text: &str) -> Vec<String> {
    run(&[("policy.dictum", text)]).diagnostics.iter().map(|d| d.code.to_string()).collect()
}

/// The only rule of a policy without a mistake.
pub(crate) fn rule(text: &str) -> Rule {
    let run = run(&[("policy.dictum", text)]);
    assert!(run.diagnostics.is_empty(), "{}", run.report());
    let [rule] =
        <[Rule; 1]>::try_from(run.plan.rules).unwrap_or_else(|rules| panic!("{} rules", rules.len()));
    rule
}

/// `[params]` of a dictum.toml.
pub(crate) fn params(values: &[(&str, &str)]) -> Settings {
    let value = |(key, value): &(&str, &str)| Override {
        key: (*key).to_owned(),
        value: OverrideValue::Text((*value).to_owned()),
        place: Place { file: "dictum.toml".to_owned(), pointer: String::new(), line: 3 },
    };
    Settings { overrides: values.iter().map(value).collect() }
}

#[test]
fn every_code_of_the_checker_and_the_lints_is_shown_by_a_test() {
    let mut tests = String::new();
    for folder in ["tests/check", "tests/lint"] {
        for entry in std::fs::read_dir(folder).unwrap() {
            tests.push_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap());
        }
    }
    let ours = |code: &str| {
        ("D060"..="D149").contains(&code)
            || ("D401"..="D499").contains(&code)
            || ("D701"..="D799").contains(&code)
    };
    for explanation in dictum::diagnostic::code::ALL {
        let code = explanation.code.as_str();
        assert!(!ours(code) || tests.contains(&format!("[{code}]:")), "{code} is shown nowhere");
    }
}
