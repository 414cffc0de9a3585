use crate::bundled;
use crate::cli::Ended;
use crate::cli::args::ExplainArgs;
use crate::cli::run::Run;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::code::{self, Explanation};
use crate::diagnostic::suggest::nearest;
use crate::engine::{Compiled, PolicyText, Role};
use crate::report::style::{self, paint};
use crate::syntax::ast::Item;

const COLUMNS: usize = 96;

pub(crate) fn run(run: &mut Run, args: &ExplainArgs) -> Ended {
    if let Some(found) = code::explain(&args.subject) {
        run.streams.out(&of_code(found));
        return Ok(0);
    }
    let mut texts = run.policy_files(&args.policies)?;
    if !args.policies.is_empty() || run.config.found {
        for file in bundled::files() {
            let name = file.path.to_owned();
            if texts.iter().all(|text| text.name != name && text.text != file.text) {
                let role = Role::Policy { named: false };
                texts.push(PolicyText {
                    name,
                    text: file.text.to_owned(),
                    root: "policies".to_owned(),
                    role,
                });
            }
        }
    }
    let compiled = run.compile(texts, true)?;
    let wanted = args.subject.as_str();
    let rules = &compiled.plan.rules;
    let short = |id: &str| id.rsplit_once('/').is_some_and(|(_, name)| name == wanted);
    let found: Vec<usize> = match rules.iter().position(|rule| rule.id == wanted) {
        Some(exact) => vec![exact],
        None => (0..rules.len()).filter(|&i| short(&rules[i].id)).collect(),
    };
    match found[..] {
        [] => {
            let names = rules
                .iter()
                .map(|r| r.id.as_str())
                .chain(rules.iter().filter_map(|r| Some(r.id.rsplit_once('/')?.1)));
            let near = nearest(wanted, names.chain(code::ALL.iter().map(|e| e.code.as_str())));
            let diagnostic =
                Diagnostic::error(code::D812, format!("`{wanted}` is neither a code nor a rule"));
            Err(match near {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => {
                    diagnostic.help("`dictum policies list` lists the bundled rules; --policy names others")
                }
            }
            .into())
        }
        _ => {
            let texts: Vec<String> = found.iter().map(|&i| of_rule(run, &compiled, i)).collect();
            run.streams.out(&texts.join("\n"));
            Ok(0)
        }
    }
}

fn of_code(explanation: &Explanation) -> String {
    let title = format!("{}: {}", explanation.code, explanation.title);
    format!("{}\n\n{}\n", paint(style::STRONG, title), explanation.text)
}

fn of_rule(run: &Run, compiled: &Compiled, index: usize) -> String {
    let rule = &compiled.plan.rules[index];
    let place =
        run.sources.locate(rule.span).map(|p| format!("{}:{}", p.source.name(), p.line)).unwrap_or_default();
    let severity = format!("{:?}", rule.severity).to_lowercase();
    let mut text =
        format!("{}  {}  {}\n\n", paint(style::STRONG, &rule.id), severity, paint(style::DIM, place));
    for line in style::wrap(&rule.sentence, COLUMNS) {
        text.push_str(&format!("    {line}\n"));
    }
    let controls = rule.controls.join(", ");
    for (label, words) in [("because", &rule.because), ("fix", &rule.fix), ("controls", &controls)] {
        if words.is_empty() {
            continue;
        }
        text.push_str(&format!("\n{}\n", paint(style::STRONG, label)));
        for line in style::wrap(words, COLUMNS) {
            text.push_str(&format!("    {line}\n"));
        }
    }
    let tests = tests_of(compiled, &rule.id);
    if !tests.is_empty() {
        text.push_str(&format!("\n{}\n", paint(style::STRONG, "tests")));
        tests.iter().for_each(|test| text.push_str(&format!("    {test}\n")));
    }
    text
}

/// What the tests of a rule show and expect of it.
fn tests_of(compiled: &Compiled, id: &str) -> Vec<String> {
    let mut found = vec![];
    for file in &compiled.files {
        for item in &file.file.items {
            let Item::Test(test) = item else { continue };
            let is_of = |e: &&crate::syntax::ast::Expectation| {
                let policy = e.rule.policy.as_ref().map_or(file.policy(), |p| &p.node);
                format!("{policy}/{}", e.rule.rule.node) == id
            };
            let mut outcomes: Vec<&str> =
                test.expectations.iter().filter(is_of).map(|e| e.outcome.node.word()).collect();
            outcomes.dedup();
            if !outcomes.is_empty() {
                found.push(format!("{} ({})", test.title.node, outcomes.join(", ")));
            }
        }
    }
    found
}
