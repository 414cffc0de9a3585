use crate::cli::Ended;
use crate::cli::args::{PathFormat, PathsArgs};
use crate::cli::asked::{self, Doubts, Question};
use crate::cli::run::Run;
use crate::engine;
use crate::eval::Options;
use crate::report::paths::{self, Paths, SCHEMA};
use crate::report::{dot, mermaid, svg};
use crate::verdict::{GateOptions, PathFact, Verdict};

pub(crate) fn run(run: &mut Run, args: &PathsArgs) -> Ended {
    let Question { plan, loaded, from, to } = asked::question(run, &args.asked, &args.captured)?;
    let is_short = args.pictured.format == PathFormat::Text && !args.all;
    let options = Options { shown: is_short.then_some(paths::TOLD), ..loaded.options.clone() };
    let verdicts = engine::evaluate(&plan, &loaded.inventory, &options, GateOptions::default())?.verdicts;
    let Doubts { undecided, incomplete, further } = asked::doubts(&verdicts);
    let not_told = asked::not_told(&verdicts);
    let mut paths: Vec<PathFact> = verdicts
        .findings
        .into_iter()
        .filter_map(|finding| match finding.verdict {
            Verdict::Unknown => None,
            _ => finding.path,
        })
        .collect();
    paths::sort(&mut paths);
    let answer = Paths {
        schema: SCHEMA,
        from: &from,
        to: &to,
        as_of: &verdicts.as_of,
        count: paths.len() as u64 + not_told,
        paths: &paths,
        undecided: &undecided,
        further_undecided: further,
        incomplete: &incomplete,
        assumptions: &loaded.options.assumptions,
    };
    let report = match args.pictured.format {
        PathFormat::Text => answer.text(args.all),
        PathFormat::Json => answer.json(),
        PathFormat::Jsonl => answer.jsonl(),
        PathFormat::Dot => dot::write(&paths, &answer.title()),
        PathFormat::Svg => svg::write(&paths, &answer.title()),
        PathFormat::Mermaid => mermaid::write(&paths, &answer.title()),
    };
    run.streams.report(&report, args.pictured.output.as_deref())?;
    let mut notes: Vec<String> = verdicts.rules.iter().flat_map(|rule| rule.notes.clone()).collect();
    notes.sort();
    notes.dedup();
    run.tell_besides(&loaded, &notes);
    match asked::doubt(&undecided, &incomplete, further, ["path is", "paths are"]) {
        Some(line) => {
            run.streams.err(&line);
            Ok(3)
        }
        None => Ok(0),
    }
}
