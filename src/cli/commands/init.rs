use crate::cli::args::InitArgs;
use crate::cli::run::Run;
use crate::cli::{Ended, io};
use crate::diagnostic::{Diagnostic, code};
use std::path::Path;

const CONFIG: &str = include_str!("init/dictum.toml");
const POLICY: &str = include_str!("init/first.dictum");

pub(crate) fn run(run: &mut Run, args: &InitArgs) -> Ended {
    let folder = if args.folder == Path::new(".") { Path::new("") } else { &args.folder };
    let files = [(folder.join("dictum.toml"), CONFIG), (folder.join("policies/first.dictum"), POLICY)];
    if let Some((there, _)) = files.iter().find(|(path, _)| io::exists(path)) {
        return Err(Diagnostic::error(code::D809, format!("`{}` is there already", io::shown(there)))
            .help("name another folder, or move it away first")
            .into());
    }
    for (path, text) in &files {
        io::write(path, text.as_bytes())?;
        run.streams.out(&format!("{}\n", io::shown(path)));
    }
    run.streams.note(NEXT);
    Ok(0)
}

const NEXT: &str = "
Next:
  dictum test                                            run the tests of the first policy
  dictum inventory --capture-script bash > capture.sh    a script that captures a tenant
  dictum check -i CAPTURE                                decide the policies over it
";
