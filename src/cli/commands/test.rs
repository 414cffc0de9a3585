use crate::cli::Ended;
use crate::cli::args::{Format, TestArgs};
use crate::cli::run::Run;
use crate::diagnostic::{Diagnostic, code};
use crate::engine;
use crate::report::json::line;
use crate::report::trial;

pub(crate) fn run(run: &mut Run, args: &TestArgs) -> Ended {
    let texts = run.policy_files(&args.policies)?;
    let compiled = run.compile_or_stop(texts, !args.policies.is_empty())?;
    let report = engine::run_tests(&compiled, &run.sources, args.filter.as_deref())?;
    if report.tests.is_empty() {
        let message = match &args.filter {
            Some(filter) => format!("no test has \"{filter}\" in its title"),
            None => "these policies state no test".to_owned(),
        };
        return Err(Diagnostic::error(code::D806, message)
            .help("test \"...\" given subscription \"prod\" ... expect RULE to deny user \"alice\"")
            .into());
    }
    let passed = report.tests.iter().all(|test| test.passed);
    let text = match args.reported.format {
        Format::Text => trial::text(&report, args.coverage),
        Format::Json => trial::json(&report),
        Format::Jsonl => report.tests.iter().map(line).collect(),
    };
    run.streams.report(&text, args.reported.output.as_deref())?;
    Ok(u8::from(!passed))
}
