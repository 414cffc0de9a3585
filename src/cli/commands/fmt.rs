use crate::cli::args::FmtArgs;
use crate::cli::run::Run;
use crate::cli::{Ended, Failure, io};
use crate::report::diff;
use crate::syntax::formatted;
use std::path::{Path, PathBuf};

pub(crate) fn run(run: &mut Run, args: &FmtArgs) -> Ended {
    let paths = paths(run, args);
    let files = io::read_policies(&paths)?;
    let mut problems = vec![];
    let mut changed = vec![];
    for file in &files {
        let index = run.sources.add(file.name.clone(), file.text.clone());
        let new = match formatted(&run.sources, index) {
            Ok(new) => new,
            Err(found) => {
                problems.extend(found);
                continue;
            }
        };
        let is_changed = new != file.text;
        if file.name == "-" && !args.check && !args.diff {
            run.streams.out(&new);
        } else if is_changed {
            if args.diff {
                run.streams.out(&diff::write(&file.text, &new, &file.name, "formatted"));
            } else if args.check {
                run.streams.out(&format!("{}\n", file.name));
            } else {
                io::write(Path::new(&file.name), new.as_bytes())?;
            }
            changed.push(file.name.as_str());
        }
    }
    if !problems.is_empty() {
        return Err(Failure::new(2, problems));
    }
    let writes = !args.check && !args.diff;
    if !files.iter().any(|f| f.name == "-") {
        let verb = if writes { "formatted" } else { "would be formatted" };
        run.streams.note(&format!(
            "{} of {} {verb}\n",
            changed.len(),
            crate::report::number(files.len() as u64, "file", "files")
        ));
    }
    Ok(u8::from(args.check && !changed.is_empty()))
}

/// What is named, else the configured policies, else this folder.
fn paths(run: &Run, args: &FmtArgs) -> Vec<PathBuf> {
    if !args.paths.is_empty() {
        return args.paths.clone();
    }
    let config = &run.config;
    let configured = config.policies.iter().chain(&config.waivers);
    let found: Vec<PathBuf> = configured.flat_map(|entry| io::expand(&config.folder, entry)).collect();
    if found.is_empty() { vec![PathBuf::from(".")] } else { found }
}
