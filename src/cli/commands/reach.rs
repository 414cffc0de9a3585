use crate::cli::args::{PathFormat, ReachArgs};
use crate::cli::asked;
use crate::cli::named::{self, Named};
use crate::cli::run::{Loaded, Run};
use crate::cli::{Ended, Failure};
use crate::diagnostic::{Diagnostic, code};
use crate::eval::Explorer;
use crate::inventory::{Entity, Wanted};
use crate::report::reach::{self, Everybody, Reach, SCHEMA};
use crate::report::{dot, mermaid, svg};
use crate::verdict::{MissingData, ReachFact, ReachLine};

pub(crate) fn run(run: &mut Run, args: &ReachArgs) -> Ended {
    let Some(of) = &args.of else {
        refuse_pictures(args.pictured.format)?;
        let loaded = run.load(&args.captured, wanted(Wanted::none()))?;
        let explorer = Explorer::new(&loaded.inventory, &loaded.options);
        let lines = explorer.reach_of_all();
        let complete = lines.iter().all(|line| line.counts.complete);
        let ended = everybody(run, args, &loaded, &lines, &[], complete);
        // The process is about to end: to take all of it apart first would be for nothing.
        std::mem::forget(lines);
        std::mem::forget(explorer);
        std::mem::forget(loaded);
        return ended;
    };
    let source = run.sources.add("WHO", of.clone());
    let at = run.sources.get(source).span();
    let is_language = named::is_entity(of) || named::is_target(of);
    let typed = if is_language { Some(asked::typed(&run.sources, source)?) } else { None };
    let loaded = run.load(
        &args.captured,
        wanted(typed.as_ref().map_or_else(Wanted::none, |typed| typed.wanted.clone())),
    )?;
    let explorer = Explorer::new(&loaded.inventory, &loaded.options);
    let entities: Vec<Entity> = match &typed {
        Some(typed) => typed.entities(&loaded)?,
        None => {
            let named = Named { inventory: &loaded.inventory, explorer: &explorer };
            vec![named.whose_reach(of, at)?]
        }
    };
    let nowhere = || Diagnostic::error(code::D814, "only a principal or a resource reaches something");
    let facts: Vec<ReachFact> = entities.iter().filter_map(|&entity| explorer.reach(entity)).collect();
    match &facts[..] {
        [] if entities.is_empty() => {
            Err(Diagnostic::error(code::D814, "nobody and nothing of this capture is meant by that")
                .at(at, "")
                .into())
        }
        [] => Err(nowhere().at(at, explorer.phrase(entities[0])).into()),
        [one] => {
            let reach = Reach {
                schema: SCHEMA,
                as_of: &loaded.as_of(),
                assumptions: &loaded.options.assumptions,
                reach: one,
            };
            let report = match args.pictured.format {
                PathFormat::Text => reach.text(args.all),
                PathFormat::Json => reach.json(),
                PathFormat::Jsonl => reach.jsonl(),
                PathFormat::Dot => dot::write(&one.becomes, &reach.title()),
                PathFormat::Svg => svg::write(&one.becomes, &reach.title()),
                PathFormat::Mermaid => mermaid::write(&one.becomes, &reach.title()),
            };
            run.streams.report(&report, args.pictured.output.as_deref())?;
            ended(run, &loaded, &one.missing, one.counts.complete)
        }
        several => {
            refuse_pictures(args.pictured.format)?;
            let line = |fact: &ReachFact| ReachLine { of: fact.of.clone(), counts: fact.counts };
            let complete = several.iter().all(|fact| fact.counts.complete);
            everybody(
                run,
                args,
                &loaded,
                &several.iter().map(line).collect::<Vec<_>>(),
                &reach::lacking(several),
                complete,
            )
        }
    }
}

/// What a reach is decided by, and what the question needs besides.
pub(super) fn wanted(mut wanted: Wanted) -> Wanted {
    wanted.add_paths();
    wanted
}

fn everybody(
    run: &Run,
    args: &ReachArgs,
    loaded: &Loaded,
    lines: &[ReachLine],
    missing: &[MissingData],
    complete: bool,
) -> Ended {
    let all = Everybody {
        schema: SCHEMA,
        as_of: &loaded.as_of(),
        assumptions: &loaded.options.assumptions,
        everybody: &reach::sorted(lines),
    };
    let report = match args.pictured.format {
        PathFormat::Json => all.json(),
        PathFormat::Jsonl => all.jsonl(),
        _ => all.text(),
    };
    run.streams.report(&report, args.pictured.output.as_deref())?;
    ended(run, loaded, missing, complete)
}

fn refuse_pictures(format: PathFormat) -> Result<(), Failure> {
    if matches!(format, PathFormat::Text | PathFormat::Json | PathFormat::Jsonl) {
        return Ok(());
    }
    Err(Diagnostic::error(code::D805, "a picture is of the reach of one")
        .help("name somebody: dictum reach alice --format svg")
        .into())
}

fn ended(run: &Run, loaded: &Loaded, missing: &[MissingData], complete: bool) -> Ended {
    run.tell_besides(loaded, &[]);
    match asked::doubt(&[], missing, 0, ["", ""]) {
        Some(line) => run.streams.err(&line),
        None if complete => return Ok(0),
        None => run.streams.err("undecided: something that could add to it is not known\n"),
    }
    Ok(3)
}
