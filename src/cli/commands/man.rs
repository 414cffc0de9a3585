use crate::cli::args::{Arguments, ManArgs};
use crate::cli::run::Run;
use crate::cli::{Ended, Failure, io};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, code};
use clap::{Command, CommandFactory};

pub(crate) fn run(run: &Run, args: &ManArgs) -> Ended {
    let mut root = Arguments::command();
    root.build();
    if let Some(folder) = &args.folder {
        for (name, command) in commands(&root) {
            let path = folder.join(format!("{name}.1"));
            io::write(&path, page(&name, command)?.as_bytes())?;
            run.streams.out(&format!("{}\n", io::shown(&path)));
        }
        return Ok(0);
    }
    let wanted = match &args.command {
        Some(command) => format!("dictum-{command}"),
        None => "dictum".to_owned(),
    };
    let all = commands(&root);
    match all.into_iter().find(|(name, _)| *name == wanted) {
        Some((name, command)) => {
            run.streams.out(&page(&name, command)?);
            Ok(0)
        }
        None => {
            let name = args.command.as_deref().unwrap_or_default();
            let diagnostic = Diagnostic::error(code::D812, format!("there is no command `{name}`"));
            Err(match nearest(name, root.get_subcommands().map(|c| c.get_name())) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help("`dictum --help` lists the commands"),
            }
            .into())
        }
    }
}

/// The program and its commands, by the names of their pages.
fn commands(root: &Command) -> Vec<(String, Command)> {
    let own = root.get_subcommands().filter(|c| !c.is_hide_set());
    let pages = own.map(|c| (format!("dictum-{}", c.get_name()), c.clone()));
    std::iter::once(("dictum".to_owned(), root.clone())).chain(pages).collect()
}

fn page(name: &str, command: Command) -> Result<String, Failure> {
    let mut page = vec![];
    let man = clap_mangen::Man::new(command).title(name.to_uppercase()).date("");
    man.render(&mut page)
        .map_err(|error| Diagnostic::error(code::D808, format!("the page can't be written: {error}")))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
