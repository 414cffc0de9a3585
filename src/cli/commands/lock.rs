use super::check::decide;
use crate::cli::args::LockArgs;
use crate::cli::run::Run;
use crate::cli::{Ended, Failure, io};
use crate::diagnostic::{Diagnostic, code};
use crate::report::{diff, lock, number};
use crate::verdict::GateOptions;
use std::path::{Path, PathBuf};

pub(crate) fn run(run: &mut Run, args: &LockArgs) -> Ended {
    let decided = decide(run, &args.policies, &args.captured, None, GateOptions::default())?;
    let now = lock::write(&decided.verdicts);
    let path = path(run, args.lock.as_deref());
    let name = io::shown(&path);
    let before = read(&path)?;
    match before {
        Some(locked) if locked == now => {
            run.streams.note(&format!("{name}: the verdicts have not moved\n"));
            return Ok(0);
        }
        Some(locked) if !args.accept => {
            run.streams.out(&diff::write(&locked, &now, &name, "the verdicts now"));
            let moved = Diagnostic::error(code::D810, format!("the verdicts are not those of `{name}`"))
                .help("if that is as it should be, accept it after review: dictum lock --accept");
            run.tell(&[moved]);
            return Ok(1);
        }
        _ => {}
    }
    io::write(&path, now.as_bytes())?;
    let rules = number(decided.verdicts.rules.len() as u64, "rule", "rules");
    let findings = number(decided.verdicts.findings.len() as u64, "finding", "findings");
    run.streams.note(&format!("{name}: {rules} and {findings} locked\n"));
    Ok(0)
}

/// The lock file: that which is named, that of the configuration, or dictum.lock beside the configuration.
pub(super) fn path(run: &Run, named: Option<&Path>) -> PathBuf {
    match (named, &run.config.lock) {
        (Some(named), _) => named.to_owned(),
        (None, Some(lock)) => lock.clone(),
        (None, None) => run.config.folder.join("dictum.lock"),
    }
}

/// The lock file's text, `\n` at the end of its lines; `None` where there is no file.
pub(super) fn read(path: &Path) -> Result<Option<String>, Failure> {
    Ok(io::read_text_if_there(path)?.map(|text| text.replace("\r\n", "\n")))
}
