//! The command line: the only floor that touches files, the environment, colour and exit codes.

mod args;
mod asked;
pub mod capture;
mod commands;
mod config;
mod docs;
mod io;
mod named;
mod progress;
mod run;

pub use config::schema as config_schema;
pub use docs::reference;

use crate::diagnostic::render::render;
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::text::Sources;
use args::{Arguments, Command};
use clap::Parser;
use run::Run;
use std::process::ExitCode;

/// Why a command ends early.
pub(crate) struct Failure {
    exit: u8,
    diagnostics: Vec<Diagnostic>,
}

impl Failure {
    /// These are told, and the process exits with that.
    pub(crate) fn new(exit: u8, diagnostics: Vec<Diagnostic>) -> Self {
        Failure { exit, diagnostics }
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Failure::new(2, vec![diagnostic])
    }
}

impl From<Box<Diagnostic>> for Failure {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        Failure::from(*diagnostic)
    }
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        Failure::new(2, diagnostics)
    }
}

/// What a command gives: its exit code, or why it ended early.
pub(crate) type Ended = Result<u8, Failure>;

/// Runs the command that the arguments of the process name.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let streams = io::Streams::new(&arguments.global);
    let mut run = Run::new(streams);
    let configured =
        if is_configured(&arguments.command) { run.configure(&arguments.global) } else { Ok(()) };
    let ended = configured.and_then(|()| match &arguments.command {
        Command::Check(args) => commands::check::run(&mut run, args),
        Command::Lint(args) => commands::lint::run(&mut run, args),
        Command::Find(args) => commands::find::run(&mut run, args),
        Command::Paths(args) => commands::paths::run(&mut run, args),
        Command::Reach(args) => commands::reach::run(&mut run, args),
        Command::WhoCan(args) => commands::who_can::run(&mut run, args),
        Command::Cut(args) => commands::cut::run(&mut run, args),
        Command::Inventory(args) => commands::inventory::run(&mut run, args),
        Command::Test(args) => commands::test::run(&mut run, args),
        Command::Fmt(args) => commands::fmt::run(&mut run, args),
        Command::Explain(args) => commands::explain::run(&mut run, args),
        Command::Lock(args) => commands::lock::run(&mut run, args),
        Command::Policies(args) => commands::policies::run(&mut run, args),
        Command::Init(args) => commands::init::run(&mut run, args),
        Command::Completions(args) => commands::completions::run(&run, args),
        Command::Man(args) => commands::man::run(&run, args),
    });
    match ended {
        Ok(exit) => ExitCode::from(exit),
        Err(failure) => {
            run.streams.err(&told(&failure.diagnostics, &run.sources, false));
            ExitCode::from(failure.exit)
        }
    }
}

/// Whether a command looks at dictum.toml: a mistake there must not keep anybody from its explanation.
fn is_configured(command: &Command) -> bool {
    match command {
        Command::Policies(_) | Command::Init(_) | Command::Completions(_) | Command::Man(_) => false,
        Command::Explain(args) => code::explain(&args.subject).is_none(),
        Command::Inventory(args) => args.capture_script.is_none(),
        _ => true,
    }
}

/// Diagnostics as text, without warnings and notes where `quiet`; a blank line ends them.
pub(crate) fn told(diagnostics: &[Diagnostic], sources: &Sources, quiet: bool) -> String {
    let shown: Vec<Diagnostic> = diagnostics
        .iter()
        .filter(|d| !quiet || !matches!(d.severity, Severity::Warning | Severity::Note))
        .cloned()
        .collect();
    let mut text = render(&shown, sources, true);
    if !text.is_empty() {
        text.push('\n');
    }
    text
}
