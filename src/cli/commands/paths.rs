use crate::cli::Ended;
use crate::cli::args::{PathFormat, PathsArgs};
use crate::cli::asked::{self, Question};
use crate::cli::run::Run;
use crate::engine;
use crate::report::paths::{self, Paths, SCHEMA};
use crate::report::{dot, mermaid, svg};
use crate::verdict::{Finding, GateOptions, MissingData, PathFact, Verdict};

pub(crate) fn run(run: &mut Run, args: &PathsArgs) -> Ended {
    let Question { plan, loaded, from, to } = asked::question(run, &args.asked, &args.captured)?;
    let decided = engine::evaluate(&plan, &loaded.inventory, &loaded.options, GateOptions::default());
    let verdicts = decided?.verdicts;
    let mut paths: Vec<PathFact> = vec![];
    let mut undecided: Vec<Finding> = vec![];
    for finding in verdicts.findings {
        match (finding.verdict, &finding.path) {
            (Verdict::Unknown, _) => {
                if !undecided.iter().any(|other| other.sentence == finding.sentence) {
                    undecided.push(finding);
                }
            }
            (_, Some(_)) => paths.extend(finding.path),
            (_, None) => {}
        }
    }
    paths::sort(&mut paths);
    let mut incomplete: Vec<MissingData> = vec![];
    for data in undecided.iter().flat_map(|finding| &finding.missing) {
        if data.collection != "value" && !incomplete.contains(data) {
            incomplete.push(data.clone());
        }
    }
    let answer = Paths {
        schema: SCHEMA,
        from: &from,
        to: &to,
        as_of: &verdicts.as_of,
        count: paths.len() as u64,
        paths: &paths,
        undecided: &undecided,
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
    match asked::doubt(&undecided, &incomplete, ["path is", "paths are"]) {
        Some(line) => {
            run.streams.err(&line);
            Ok(3)
        }
        None => Ok(0),
    }
}
