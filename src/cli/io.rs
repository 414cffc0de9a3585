//! The only place that reads and writes files, the standard streams and the environment.

use super::Failure;
use super::args::{Color, Global};
use crate::check::plan::Glob;
use crate::diagnostic::{Diagnostic, code};
use anstream::{AutoStream, ColorChoice};
use std::fs::{self, File};
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Component, Path, PathBuf};

/// A file of policies.
#[derive(Clone, Debug)]
pub(crate) struct PolicyFile {
    /// As the user named it, or found below a folder that the user named.
    pub(crate) name: String,
    /// UTF-8.
    pub(crate) text: String,
    /// Whether it was named itself, not found in a folder.
    pub(crate) named: bool,
}

/// A file of a capture, opened.
pub(crate) struct InputFile {
    /// As the user named it.
    pub(crate) name: String,
    /// Its bytes, compressed or not.
    pub(crate) reader: Box<dyn Read + Send>,
    /// How many bytes there are, where that is known.
    pub(crate) length: Option<u64>,
}

/// The standard streams.
pub(crate) struct Streams {
    out: ColorChoice,
    err: ColorChoice,
    quiet: bool,
}

impl Streams {
    /// As the command line and the environment ask for.
    pub(crate) fn new(global: &Global) -> Self {
        let choice = |auto: ColorChoice| match global.color {
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
            Color::Auto => auto,
        };
        Streams {
            out: choice(AutoStream::choice(&io::stdout())),
            err: choice(AutoStream::choice(&io::stderr())),
            quiet: global.quiet,
        }
    }

    /// Whether `--quiet` was given.
    pub(crate) fn quiet(&self) -> bool {
        self.quiet
    }

    /// Whether standard error is a terminal that somebody looks at.
    pub(crate) fn progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Writes to standard output. Nobody reading on is no error: the exit code still tells.
    pub(crate) fn out(&self, text: &str) {
        let out = io::stdout().lock();
        // Where there is nothing to leave out, it is not looked for again.
        let choice = if has_nothing_but_text(text) { ColorChoice::AlwaysAnsi } else { self.out };
        let mut stream = AutoStream::new(out, choice);
        let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    }

    /// Writes to standard error.
    pub(crate) fn err(&self, text: &str) {
        let mut stream = AutoStream::new(io::stderr().lock(), self.err);
        let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    }

    /// Writes to standard error, unless `--quiet`.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            self.err(text);
        }
    }

    /// Writes a report: to the file where one is named, else to standard output.
    pub(crate) fn report(&self, text: &str, file: Option<&Path>) -> Result<(), Failure> {
        match file {
            Some(file) => write(file, anstream::adapter::strip_str(text).to_string().as_bytes()),
            None => {
                self.out(text);
                Ok(())
            }
        }
    }
}

/// Whether a text is made of printable characters of ASCII and line breaks.
fn has_nothing_but_text(text: &str) -> bool {
    let is_text = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n');
    text.as_bytes().chunks(1 << 12).all(|some| some.iter().fold(true, |all, byte| all & is_text(byte)))
}

/// A path as it is shown: with `/` on every system.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

fn cannot_read(path: &Path, error: &io::Error) -> Failure {
    let name = shown(path);
    let diagnostic = match error.kind() {
        io::ErrorKind::NotFound => {
            Diagnostic::error(code::D802, format!("there is no `{name}`")).help(near(path))
        }
        io::ErrorKind::PermissionDenied => {
            Diagnostic::error(code::D802, format!("`{name}` may not be read")).help("look at its permissions")
        }
        _ => Diagnostic::error(code::D802, format!("`{name}` can't be read: {error}")),
    };
    diagnostic.into()
}

/// What to say of a path that does not exist: its nearest neighbour, or how far it does exist.
fn near(path: &Path) -> String {
    let folder = match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => Path::new("."),
    };
    let Ok(entries) = fs::read_dir(folder) else {
        return format!("there is no folder `{}` either", shown(folder));
    };
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match crate::diagnostic::suggest::nearest(&wanted, names.iter().map(String::as_str)) {
        Some(name) => format!("did you mean `{}`?", shown(&path.with_file_name(name))),
        None => "paths are relative to the working folder, those of dictum.toml to that file".to_owned(),
    }
}

/// The whole of a text file.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = if path == Path::new("-") {
        let mut bytes = vec![];
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    let bytes = bytes.map_err(|error| cannot_read(path, &error))?;
    String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|&&b| b == b'\n').count() + 1;
        Diagnostic::error(code::D802, format!("`{}` is not UTF-8: line {line}", shown(path)))
            .help("save it as UTF-8")
            .into()
    })
}

/// The text of a file, `None` where it does not exist.
pub(crate) fn read_text_if_there(path: &Path) -> Result<Option<String>, Failure> {
    if path.exists() { read_text(path).map(Some) } else { Ok(None) }
}

/// Whether there is something of that path.
pub(crate) fn exists(path: &Path) -> bool {
    path.exists()
}

/// Reads policy files, and those of folders: every .dictum file at any depth, in the order of their paths.
pub(crate) fn read_policies(paths: &[PathBuf]) -> Result<Vec<PolicyFile>, Failure> {
    let mut files: Vec<PolicyFile> = vec![];
    let mut problems = vec![];
    for path in paths {
        let found =
            if path.is_dir() { walk(path, &|name| name.ends_with(".dictum"))? } else { vec![path.clone()] };
        if found.is_empty() {
            problems.push(
                Diagnostic::error(code::D806, format!("there is no policy in the folder `{}`", shown(path)))
                    .help("policies are files whose names end in .dictum"),
            );
        }
        for file in found {
            let name = if file == Path::new("-") { "-".to_owned() } else { shown(&file) };
            if files.iter().any(|known| known.name == name) {
                continue;
            }
            match read_text(&file) {
                Ok(text) => files.push(PolicyFile { name, text, named: !path.is_dir() }),
                Err(failure) => problems.extend(failure.diagnostics),
            }
        }
    }
    if problems.is_empty() { Ok(files) } else { Err(problems.into()) }
}

/// Which files a capture consists of: `-`, files, and those of folders, in the order of their paths.
pub(crate) fn capture_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = vec![];
    for path in paths {
        if path == Path::new("-") || !path.is_dir() {
            if !files.contains(path) {
                files.push(path.clone());
            }
            continue;
        }
        let found = walk(path, &is_capture)?;
        if found.is_empty() {
            let message = format!("there is nothing captured in the folder `{}`", shown(path));
            let nothing = Diagnostic::error(code::D807, message)
                .help("captures are .json, .ndjson or .jsonl files, perhaps .gz or .zst; name other files themselves");
            return Err(Failure::new(3, vec![nothing]));
        }
        for file in found {
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    Ok(files)
}

fn is_capture(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let plain = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    [".json", ".ndjson", ".jsonl"].iter().any(|end| plain.ends_with(end))
}

/// Opens one file of a capture.
pub(crate) fn open(path: &Path) -> Result<InputFile, Failure> {
    if path == Path::new("-") {
        return Ok(InputFile { name: "-".to_owned(), reader: Box::new(io::stdin()), length: None });
    }
    let file = File::open(path).map_err(|error| cannot_read(path, &error))?;
    let length = file.metadata().ok().map(|data| data.len());
    Ok(InputFile { name: shown(path), reader: Box::new(file), length })
}

/// The files below a folder, in the order of their paths. Hidden files and folders are left out.
fn walk(folder: &Path, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<PathBuf>, Failure> {
    let mut found = vec![];
    let entries = fs::read_dir(folder).map_err(|error| cannot_read(folder, &error))?;
    let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
    names.sort();
    for name in names {
        let text = name.to_string_lossy();
        if text.starts_with('.') {
            continue;
        }
        let path = if folder == Path::new(".") { PathBuf::from(&name) } else { folder.join(&name) };
        if path.is_dir() && !path.is_symlink() {
            found.extend(walk(&path, wanted)?);
        } else if wanted(&text) {
            found.push(path);
        }
    }
    Ok(found)
}

/// The paths that match a pattern, relative to a folder: `*` and `?` within a name. A text without them is itself.
pub(crate) fn expand(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    if !pattern.contains(['*', '?']) {
        return vec![folder.join(pattern)];
    }
    let mut found = vec![folder.to_owned()];
    for part in Path::new(pattern).components() {
        let Component::Normal(part) = part else {
            found.iter_mut().for_each(|path| path.push(part));
            continue;
        };
        let glob = Glob::new(&part.to_string_lossy());
        let mut next = vec![];
        for path in found {
            if glob.is_literal() {
                next.push(path.join(part));
                continue;
            }
            let here = if path.as_os_str().is_empty() { Path::new(".") } else { &path };
            let entries = fs::read_dir(here).into_iter().flatten().flatten();
            let mut names: Vec<_> = entries.map(|entry| entry.file_name()).collect();
            names.sort();
            next.extend(names.iter().filter(|n| glob.matches(&n.to_string_lossy())).map(|n| path.join(n)));
        }
        found = next;
    }
    found.retain(|path| path.exists());
    found
}

/// The nearest file of that name, in the working folder or above it: its folder, relative (`""`, `..`, `../..`).
pub(crate) fn find_above(name: &str) -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let mut folder = PathBuf::new();
    for above in here.ancestors() {
        if above.join(name).is_file() {
            return Some(folder);
        }
        folder.push("..");
    }
    None
}

/// Writes a file whole or not at all, with the folders it stands in. What is no regular file (`/dev/null`) is written to.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: io::Error| {
        Failure::from(Diagnostic::error(code::D808, format!("`{}` can't be written: {error}", shown(path))))
    };
    if path.exists() && !path.is_file() {
        return fs::write(path, bytes).map_err(failed);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let written = fs::write(&part, bytes).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written.map_err(failed)
}
