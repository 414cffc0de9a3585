use crate::check;
use crate::cli::args::{Counted, FindArgs, Format};
use crate::cli::asked;
use crate::cli::run::Run;
use crate::cli::{Ended, Failure};
use crate::diagnostic::{Diagnostic, code};
use crate::engine;
use crate::eval::{self, Found};
use crate::report::found::{Answer, SCHEMA};
use crate::syntax::{canonical_selector, parse_selector};

pub(crate) fn run(run: &mut Run, args: &FindArgs) -> Ended {
    let (selector, counted) = asked(args)?;
    let file = run.sources.add("SELECTOR", selector);
    let (tree, count) = parse_selector(&run.sources, file)?;
    if let Some(count) = &count {
        return Err(Diagnostic::error(
            code::D024,
            "a query has no `if`: it finds facts, and counts them with --count",
        )
        .at(count.at.0, "")
        .help("leave it out, or write a rule: `deny ... if more than 3`")
        .into());
    }
    let query = check::query(&tree, None, &run.sources)?;
    let loaded = run.load(&args.captured, query.wanted)?;
    if let Some(span) = query.today
        && loaded.options.as_of.or(loaded.inventory.time).is_none()
    {
        return Err(engine::no_day().at(span, "reads which day it is").into());
    }
    let found = eval::find(&query.selector, &loaded.inventory, &loaded.options);
    let canonical = canonical_selector(&tree);
    let as_of = loaded.as_of();
    let answer = Answer {
        schema: SCHEMA,
        selector: &canonical,
        as_of: &as_of,
        count: found.count,
        principals: found.principals,
        roles: found.roles,
        scopes: found.scopes,
        assumptions: &loaded.options.assumptions,
        facts: &found.facts,
        undecided: &found.undecided,
        incomplete: &found.incomplete,
        notes: &found.notes,
    };
    let report = match (counted, args.reported.format) {
        (Some(counted), Format::Text) => format!("{}\n", count_of(counted, &found)),
        (_, Format::Text) => answer.text(),
        (_, Format::Json) => answer.json(),
        (_, Format::Jsonl) => answer.jsonl(),
    };
    run.streams.report(&report, args.reported.output.as_deref())?;
    run.tell_besides(&loaded, &found.notes);
    match asked::doubt(&found.undecided, &found.incomplete, 0, ["fact is", "facts are"]) {
        Some(line) => {
            run.streams.err(&line);
            Ok(3)
        }
        None => Ok(0),
    }
}

/// The selector, and what to count. `--count` takes the next word: where that is not something to count, it is the
/// selector.
fn asked(args: &FindArgs) -> Result<(String, Option<Counted>), Failure> {
    let counted = args.count.as_deref().map(|word| match word {
        "" => Ok(Counted::Facts),
        "principals" => Ok(Counted::Principals),
        "roles" => Ok(Counted::Roles),
        "scopes" => Ok(Counted::Scopes),
        other => Err(other),
    });
    match (&args.selector, counted) {
        (Some(selector), None) => Ok((selector.clone(), None)),
        (Some(selector), Some(Ok(counted))) => Ok((selector.clone(), Some(counted))),
        (None, Some(Err(selector))) => Ok((selector.to_owned(), Some(Counted::Facts))),
        (Some(_), Some(Err(other))) => {
            Err(Diagnostic::error(code::D805, format!("`--count {other}` counts nothing that there is"))
                .help("write `--count`, or `--count principals`, `roles` or `scopes`")
                .into())
        }
        (None, _) => Err(Diagnostic::error(code::D805, "what is to be found?")
            .help("dictum find 'role Owner at subscription' -i capture/")
            .into()),
    }
}

fn count_of(counted: Counted, found: &Found) -> u64 {
    match counted {
        Counted::Facts => found.count,
        Counted::Principals => found.principals,
        Counted::Roles => found.roles,
        Counted::Scopes => found.scopes,
    }
}
