use crate::cli::args::{Format, InventoryArgs, Shell};
use crate::cli::run::Run;
use crate::cli::{Ended, capture};
use crate::engine;
use crate::inventory::Wanted;
use crate::report::captured;
use crate::report::json::line;

pub(crate) fn run(run: &mut Run, args: &InventoryArgs) -> Ended {
    if let Some(shell) = args.capture_script {
        let shell = match shell {
            Shell::Bash => capture::Shell::Bash,
            Shell::Powershell => capture::Shell::Powershell,
        };
        run.streams.report(&capture::script(shell), args.reported.output.as_deref())?;
        return Ok(0);
    }
    let loaded = run.load(&args.captured, Wanted::all())?;
    run.tell(&loaded.warnings);
    let summary = engine::captured(&loaded.inventory, &loaded.options.assumptions);
    let report = match args.reported.format {
        Format::Text => captured::text(&summary),
        Format::Json => captured::json(&summary),
        Format::Jsonl => line(&summary),
    };
    run.streams.report(&report, args.reported.output.as_deref())?;
    Ok(0)
}
