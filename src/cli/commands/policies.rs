use crate::bundled::{self, BundledFile};
use crate::cli::args::{PoliciesArgs, PoliciesCommand};
use crate::cli::run::Run;
use crate::cli::{Ended, Failure, io};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, code};
use crate::engine::{PolicyText, Role};
use crate::report::style::{self, paint};
use std::path::Path;

pub(crate) fn run(run: &mut Run, args: &PoliciesArgs) -> Ended {
    match &args.command {
        PoliciesCommand::List => list(run),
        PoliciesCommand::Show { pack } => show(run, pack),
        PoliciesCommand::Copy { pack, to } => copy(run, pack, to),
    }
}

fn list(run: &mut Run) -> Ended {
    let texts = bundled::files().map(|file| PolicyText {
        name: file.path.to_owned(),
        text: file.text.to_owned(),
        root: "policies".to_owned(),
        role: Role::Policy { named: false },
    });
    let mut sources = crate::text::Sources::new();
    let compiled = crate::engine::compile(&mut sources, texts.collect(), vec![], &mut |_| None);
    let mut text = String::new();
    for pack in bundled::packs() {
        let lead = if text.is_empty() { "" } else { "\n" };
        text.push_str(&format!("{lead}{}\n", paint(style::STRONG, pack)));
        let mut rows = vec![];
        for rule in &compiled.plan.rules {
            let file = sources.of(rule.span).map_or("", |source| source.name());
            if bundled::files().any(|f| f.path == file && f.pack() == pack) {
                let effect = if rule.require {
                    "require".to_owned()
                } else {
                    format!("{:?}", rule.effect).to_lowercase()
                };
                let severity = format!("{:?}", rule.severity).to_lowercase();
                rows.push(vec![effect, severity, rule.id.clone(), paint(style::DIM, &rule.sentence)]);
            }
        }
        text.push_str(&style::table(&rows, "  ", 96));
    }
    run.streams.out(&text);
    Ok(0)
}

/// The files of a pack, or the one file of it that is named `pack/file`.
fn files(name: &str) -> Result<Vec<&'static BundledFile>, Failure> {
    let wanted = name.strip_suffix(".dictum").unwrap_or(name);
    let is_wanted = |f: &&BundledFile| f.pack() == wanted || format!("{}/{}", f.pack(), f.stem()) == wanted;
    let found: Vec<_> = bundled::files().filter(is_wanted).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let packs = bundled::packs();
    let diagnostic = Diagnostic::error(code::D812, format!("there is no bundled pack `{name}`"));
    let diagnostic = match nearest(wanted, packs.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    };
    Err(diagnostic.note(format!("packs are: {}", packs.join(", "))).into())
}

fn show(run: &Run, name: &str) -> Ended {
    let texts: Vec<&str> = files(name)?.iter().map(|file| file.text).collect();
    run.streams.out(&texts.join("\n"));
    Ok(0)
}

fn copy(run: &Run, name: &str, to: &Path) -> Ended {
    let files = files(name)?;
    let paths: Vec<_> =
        files.iter().map(|f| to.join(f.pack()).join(format!("{}.dictum", f.stem()))).collect();
    if let Some(there) = paths.iter().find(|path| io::exists(path)) {
        return Err(Diagnostic::error(code::D809, format!("`{}` is there already", io::shown(there)))
            .help("name another folder, or move it away first")
            .into());
    }
    for (file, path) in files.iter().zip(&paths) {
        io::write(path, file.text.as_bytes())?;
        run.streams.out(&format!("{}\n", io::shown(path)));
    }
    Ok(0)
}
