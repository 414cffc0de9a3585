use crate::cli::args::{CutArgs, Format};
use crate::cli::asked::{self, Doubts, Question};
use crate::cli::run::Run;
use crate::cli::{Ended, Failure};
use crate::diagnostic::{Diagnostic, code};
use crate::engine;
use crate::eval;
use crate::report::cut::{Cut, Cuts, SCHEMA};
use crate::report::number;
use crate::verdict::{GateOptions, Verdict};

pub(crate) fn run(run: &mut Run, args: &CutArgs) -> Ended {
    let (found, mut plan, loaded, named) = match (&args.fingerprint, &args.asked.from, &args.asked.to) {
        (Some(fingerprint), ..) => {
            let fingerprint = fingerprint.trim().to_lowercase();
            well_formed(&fingerprint)?;
            let texts = run.policy_files(&args.policies)?;
            let compiled = run.compile_or_stop(texts, !args.policies.is_empty())?;
            let loaded = run.load(&args.captured, compiled.plan.wanted.clone())?;
            let found = eval::cuts(&compiled.plan, &loaded.inventory, &loaded.options, Some(&fingerprint));
            if found.is_empty() {
                return Err(unknown(&fingerprint));
            }
            (found, compiled.plan, loaded, true)
        }
        (None, Some(_), Some(_)) => {
            let Question { plan, loaded, .. } = asked::question(run, &args.asked, &args.captured)?;
            let found = eval::cuts(&plan, &loaded.inventory, &loaded.options, None);
            (found, plan, loaded, false)
        }
        _ => {
            return Err(Diagnostic::error(code::D805, "which path is to be closed?")
                .help("name a finding: dictum cut FINGERPRINT -i capture/")
                .help("or the ends of the path: dictum cut --from alice --to mi-app -i capture/")
                .into());
        }
    };
    // What is not known could be another path, which nothing of this closes.
    if named {
        plan.rules.retain(|rule| found.iter().any(|(id, _)| *id == rule.id));
    }
    let decided = engine::evaluate(&plan, &loaded.inventory, &loaded.options, GateOptions::default())?;
    let paths = decided
        .verdicts
        .findings
        .iter()
        .filter(|f| f.path.is_some() && f.verdict != Verdict::Unknown)
        .count();
    if found.is_empty() && paths > 0 {
        let paths = number(paths as u64, "path is", "paths are");
        return Err(Diagnostic::error(
            code::D815,
            format!("{paths} there, and it was not worked out what closes them"),
        )
        .help("`dictum paths` shows each with the assignments that it rests on")
        .into());
    }
    let cuts: Vec<Cut<'_>> =
        found.iter().map(|(rule, cut)| Cut { rule: if named { rule } else { "" }, cut }).collect();
    let answer = Cuts {
        schema: SCHEMA,
        as_of: &loaded.as_of(),
        assumptions: &loaded.options.assumptions,
        cuts: &cuts,
    };
    let report = match args.reported.format {
        Format::Text => answer.text(args.all),
        Format::Json => answer.json(),
        Format::Jsonl => answer.jsonl(),
    };
    run.streams.report(&report, args.reported.output.as_deref())?;
    run.tell_besides(&loaded, &[]);
    let Doubts { undecided, incomplete, further } = asked::doubts(&decided.verdicts);
    match asked::doubt(&undecided, &incomplete, further, ["path is", "paths are"]) {
        Some(line) => {
            run.streams.err(&line);
            Ok(3)
        }
        None => Ok(0),
    }
}

fn well_formed(fingerprint: &str) -> Result<(), Failure> {
    if fingerprint.len() == 32 && fingerprint.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(Diagnostic::error(
        code::D815,
        format!("`{fingerprint}` is no fingerprint: it has 32 hexadecimal digits"),
    )
    .help("list them: dictum check -i capture/ --format json")
    .help("or name the ends of the path: dictum cut --from WHO --to WHAT")
    .into())
}

fn unknown(fingerprint: &str) -> Failure {
    Diagnostic::error(code::D815, format!("no rule about paths found `{fingerprint}`"))
        .note("only a finding about a path can be cut; it is found by the policies that are named, else those of dictum.toml, else the bundled ones")
        .help("list them: dictum check -i capture/ --format json")
        .into()
}
