use super::lock;
use crate::cli::args::{Captured, CheckArgs, FailOn, Format, Undecided};
use crate::cli::run::Run;
use crate::cli::{Ended, Failure};
use crate::diagnostic::{Diagnostic, code};
use crate::engine::{self, Decided};
use crate::eval;
use crate::report::{diff, json, jsonl, text};
use crate::verdict::GateOptions;
use std::path::PathBuf;

pub(crate) fn run(run: &mut Run, args: &CheckArgs) -> Ended {
    let fail_on_warn = match args.fail_on {
        Some(fail_on) => fail_on == FailOn::Warn,
        None => run.config.fail_on_warn,
    };
    let options = GateOptions {
        fail_on_warn,
        report_unknown: args.unknown == Undecided::Report,
        exit_zero: args.exit_zero,
    };
    let text = text::TextOptions { all: args.all };
    let shown = match args.reported.format {
        Format::Text if !args.locked => text.looks_at(),
        _ => None,
    };
    let decided = decide(run, &args.policies, &args.captured, shown, options)?;
    let Decided { verdicts, gate } = &decided;
    let report = match args.reported.format {
        Format::Text => text::write(verdicts, gate, text),
        Format::Json => json::write(verdicts, gate),
        Format::Jsonl => jsonl::write(verdicts, gate),
    };
    run.streams.report(&report, args.reported.output.as_deref())?;
    let moved = args.locked && is_moved(run, &decided)?;
    Ok(if moved && gate.exit == 0 { 1 } else { gate.exit })
}

/// Policies and capture to verdicts; `shown` is how many findings of a rule are looked at, where not all.
pub(super) fn decide(
    run: &mut Run,
    policies: &[PathBuf],
    captured: &Captured,
    shown: Option<usize>,
    options: GateOptions,
) -> Result<Decided, Failure> {
    let texts = run.policy_files(policies)?;
    let compiled = run.compile_or_stop(texts, !policies.is_empty())?;
    let loaded = run.load(captured, compiled.plan.wanted.clone())?;
    run.tell(&loaded.warnings);
    // The report says which waivers have expired.
    run.tell(&engine::warnings(&compiled, &run.sources, Some(&loaded.inventory), None));
    let told = eval::Options { shown, ..loaded.options };
    let decided = engine::evaluate(&compiled.plan, &loaded.inventory, &told, options);
    // The process is about to end: to take the inventory apart first would be for nothing.
    std::mem::forget(loaded.inventory);
    let mut decided = decided.map_err(|problem| Failure::from(*problem))?;
    if !policies.is_empty() {
        decided.verdicts.waivers.retain(|notice| notice.state != "unknown_rule");
    }
    Ok(decided)
}

/// Whether the verdicts are not those of the lock file; then the difference is told.
fn is_moved(run: &Run, decided: &Decided) -> Result<bool, Failure> {
    let path = lock::path(run, None);
    let Some(locked) = lock::read(&path)? else {
        let message = format!("there is no lock file `{}`", crate::cli::io::shown(&path));
        return Err(Diagnostic::error(code::D811, message).help("write it: dictum lock").into());
    };
    let now = crate::report::lock::write(&decided.verdicts);
    if now == locked {
        return Ok(false);
    }
    let name = crate::cli::io::shown(&path);
    let moved = Diagnostic::error(code::D810, format!("the verdicts are not those of `{name}`"))
        .help("if that is as it should be, accept it after review: dictum lock --accept");
    run.streams.err(&diff::write(&locked, &now, &name, "the verdicts now"));
    run.streams.err("\n");
    run.tell(&[moved]);
    Ok(true)
}
