use crate::cli::Ended;
use crate::cli::args::{Arguments, CompletionsArgs};
use crate::cli::run::Run;
use clap::CommandFactory;

pub(crate) fn run(run: &Run, args: &CompletionsArgs) -> Ended {
    let mut script = vec![];
    clap_complete::generate(args.shell, &mut Arguments::command(), "dictum", &mut script);
    run.streams.out(&String::from_utf8_lossy(&script));
    Ok(0)
}
