use crate::cli::Ended;
use crate::cli::args::{Format, LintArgs};
use crate::cli::run::{Run, day};
use crate::diagnostic::{Diagnostic, Severity};
use crate::engine;
use crate::report::json::{line, pretty};
use crate::report::number;
use crate::text::Sources;
use serde::Serialize;

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    status: &'static str,
    rules: usize,
    diagnostics: Vec<Told>,
}

#[derive(Serialize)]
struct Told {
    code: &'static str,
    severity: &'static str,
    message: String,
    file: String,
    line: u64,
    column: u32,
    notes: Vec<String>,
    help: Vec<String>,
}

pub(crate) fn run(run: &mut Run, args: &LintArgs) -> Ended {
    let texts = run.policy_files(&args.policies)?;
    let mut compiled = run.compile(texts, !args.policies.is_empty())?;
    let as_of = args.as_of.as_deref().map(day).transpose()?;
    let warnings = engine::warnings(&compiled, &run.sources, None, as_of);
    compiled.diagnostics.extend(warnings);
    let errors = compiled.diagnostics.iter().filter(|d| d.is_error()).count();
    let rules = compiled.plan.rules.len();
    let diagnostics: Vec<Told> = compiled.diagnostics.iter().map(|d| told(d, &run.sources)).collect();
    match args.format {
        Format::Text => {
            run.tell(&compiled.diagnostics);
            let warnings = compiled.diagnostics.iter().filter(|d| d.severity == Severity::Warning).count();
            let counts = format!(
                "{}: {}, {}\n",
                number(rules as u64, "rule", "rules"),
                number(errors as u64, "error", "errors"),
                number(warnings as u64, "warning", "warnings")
            );
            run.streams.out(&counts);
        }
        Format::Json => {
            let status = if errors == 0 { "pass" } else { "fail" };
            run.streams.out(&pretty(&Document { schema: "dictum/lint/1", status, rules, diagnostics }));
        }
        Format::Jsonl => run.streams.out(&diagnostics.iter().map(line).collect::<String>()),
    }
    Ok(if errors == 0 { 0 } else { 2 })
}

fn told(diagnostic: &Diagnostic, sources: &Sources) -> Told {
    let place = diagnostic.span().and_then(|span| sources.locate(span));
    let input = diagnostic.places.first();
    Told {
        code: diagnostic.code.as_str(),
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Unknown => "unknown",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        message: diagnostic.message.clone(),
        file: place.map_or_else(
            || input.map(|i| i.file.clone()).unwrap_or_default(),
            |p| p.source.name().to_owned(),
        ),
        line: place.map_or_else(|| input.map_or(0, |i| i.line), |p| u64::from(p.line)),
        column: place.map_or(0, |p| p.column),
        notes: diagnostic.notes.clone(),
        help: diagnostic.help.clone(),
    }
}
