//! What most commands begin with: the configuration, the policies, the capture.

use super::args::{Captured, Global};
use super::config::{self, Config};
use super::io::{self, PolicyFile, Streams};
use super::progress::Progress;
use super::{Failure, told};
use crate::bundled;
use crate::diagnostic::{Diagnostic, code};
use crate::engine::{self, Assertions, Compiled, PolicyText, Role};
use crate::eval;
use crate::ingest::Input;
use crate::inventory::{Inventory, Wanted};
use crate::text::Sources;
use std::path::{Path, PathBuf};

/// A command, running.
pub(crate) struct Run {
    pub(crate) streams: Streams,
    /// Every text that a diagnostic can point into.
    pub(crate) sources: Sources,
    pub(crate) config: Config,
}

/// A capture that was read.
pub(crate) struct Loaded {
    pub(crate) inventory: Inventory,
    pub(crate) options: eval::Options,
    /// What there is to say about it.
    pub(crate) warnings: Vec<Diagnostic>,
}

impl Run {
    pub(crate) fn new(streams: Streams) -> Self {
        Run { streams, sources: Sources::new(), config: Config::default() }
    }

    /// Reads the configuration.
    pub(crate) fn configure(&mut self, global: &Global) -> Result<(), Failure> {
        let path = match (&global.config, global.no_config) {
            (_, true) => return Ok(()),
            (Some(path), _) => path.clone(),
            (None, _) => match io::find_above(config::FILE) {
                Some(folder) => folder.join(config::FILE),
                None => return Ok(()),
            },
        };
        let text = io::read_text(&path)?;
        let file = self.sources.add(io::shown(&path), text);
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        self.config = Config::read(&self.sources, file, &folder)?;
        Ok(())
    }

    /// The policy files that were named; else those of the configuration; else the bundled ones.
    pub(crate) fn policy_files(&self, named: &[PathBuf]) -> Result<Vec<PolicyText>, Failure> {
        if !named.is_empty() {
            return Ok(texts(io::read_policies(named)?, named));
        }
        if !self.config.policies.is_empty() {
            let paths = self.expanded("policies", &self.config.policies)?;
            return Ok(texts(io::read_policies(&paths)?, &paths));
        }
        Ok(bundled::files()
            .map(|file| PolicyText {
                name: file.path.to_owned(),
                text: file.text.to_owned(),
                root: "policies".to_owned(),
                role: Role::Policy { named: false },
            })
            .collect())
    }

    /// The paths that entries of the configuration stand for.
    fn expanded(&self, key: &str, entries: &[String]) -> Result<Vec<PathBuf>, Failure> {
        let mut paths = vec![];
        for entry in entries {
            let found = io::expand(&self.config.folder, entry);
            if found.is_empty() {
                let message = format!("`{entry}`, which dictum.toml names for `{key}`, matches no file");
                return Err(Diagnostic::error(code::D802, message)
                    .help("mend the pattern, or take it out")
                    .into());
            }
            paths.extend(found);
        }
        Ok(paths)
    }

    /// Parses and checks those files, with the waivers of the configuration. Where not all policies run (`some`), that a
    /// waiver is of another one is no news.
    pub(crate) fn compile(&mut self, mut texts: Vec<PolicyText>, some: bool) -> Result<Compiled, Failure> {
        for pattern in &self.config.waivers {
            // A pattern may match nothing yet; a file that is named must be there.
            let paths = io::expand(&self.config.folder, pattern);
            for file in io::read_policies(&paths)? {
                match texts.iter_mut().find(|text| text.name == file.name) {
                    Some(text) => text.role = Role::Waivers,
                    None => texts.push(PolicyText {
                        name: file.name,
                        text: file.text,
                        root: String::new(),
                        role: Role::Waivers,
                    }),
                }
            }
        }
        if !texts.iter().any(|text| matches!(text.role, Role::Policy { .. })) {
            return Err(Diagnostic::error(code::D806, "there is no policy to run")
                .help("policies are files whose names end in .dictum")
                .into());
        }
        let mut read = |path: &str| io::read_text_if_there(Path::new(path)).ok().flatten();
        let mut compiled = engine::compile(&mut self.sources, texts, self.config.params.clone(), &mut read);
        if some {
            compiled.diagnostics.retain(|d| d.code != code::D707);
        }
        Ok(compiled)
    }

    /// As [`Run::compile`]; warnings are told, errors end the command with 2 or 4.
    pub(crate) fn compile_or_stop(
        &mut self,
        texts: Vec<PolicyText>,
        some: bool,
    ) -> Result<Compiled, Failure> {
        let mut compiled = self.compile(texts, some)?;
        let diagnostics = std::mem::take(&mut compiled.diagnostics);
        match compiled.exit() {
            0 => {
                self.tell(&diagnostics);
                Ok(compiled)
            }
            exit => Err(Failure::new(exit, diagnostics)),
        }
    }

    /// Tells warnings and the like on standard error.
    pub(crate) fn tell(&self, diagnostics: &[Diagnostic]) {
        self.streams.err(&told(diagnostics, &self.sources, self.streams.quiet()));
    }

    /// Reads the capture that was named, else that of the configuration.
    pub(crate) fn load(&self, captured: &Captured, wanted: Wanted) -> Result<Loaded, Failure> {
        let paths = if captured.inventory.is_empty() {
            self.expanded("inventory", &self.config.inventory)?
        } else {
            captured.inventory.clone()
        };
        if paths.is_empty() {
            return Err(no_inventory(self.config.found).into());
        }
        let assertions = self.assertions(captured)?;
        let as_of = captured.as_of.as_deref().map(day).transpose()?;
        let files = io::capture_files(&paths)?;
        let progress = Progress::new(self.streams.progress());
        let mut inputs = vec![];
        for file in &files {
            let opened = io::open(file)?;
            inputs.push(Input { name: opened.name, reader: progress.watch(opened.reader, opened.length) });
        }
        let loaded = engine::load(inputs, wanted, &assertions);
        progress.finish();
        let (inventory, assumptions, warnings) = loaded.map_err(|errors| Failure::new(3, errors))?;
        Ok(Loaded { inventory, options: eval::Options { as_of, assumptions, shown: None }, warnings })
    }

    /// What the command line and the configuration assert.
    fn assertions(&self, captured: &Captured) -> Result<Assertions, Failure> {
        let mut none = self.config.assume.clone();
        for text in &captured.assume {
            match text.split_once('=') {
                Some((what, "none")) => none.push(what.to_owned()),
                _ => {
                    let message = format!("`--assume {text}` assumes nothing");
                    let help = "write what is none, such as `--assume pim=none`";
                    return Err(Diagnostic::error(code::D805, message).help(help).into());
                }
            }
        }
        let complete: Vec<String> = self.config.complete.iter().chain(&captured.complete).cloned().collect();
        Ok(engine::assertions(&complete, &none)?)
    }
}

fn texts(files: Vec<PolicyFile>, named: &[PathBuf]) -> Vec<PolicyText> {
    let root = |name: &str| {
        let folders = named.iter().map(|path| io::shown(path));
        let inside = folders.filter(|folder| name.starts_with(&format!("{}/", folder.trim_end_matches('/'))));
        inside
            .max_by_key(String::len)
            .unwrap_or_else(|| name.rsplit_once('/').map_or("", |(f, _)| f).to_owned())
    };
    files
        .into_iter()
        .map(|file| PolicyText {
            root: root(&file.name),
            name: file.name,
            text: file.text,
            role: Role::Policy { named: file.named },
        })
        .collect()
}

fn no_inventory(config: bool) -> Diagnostic {
    let diagnostic = Diagnostic::error(code::D801, "no inventory is named: what was captured of the tenant?")
        .help("name it: `-i capture/`, a file or folder, or `-` for standard input");
    let diagnostic = match config {
        true => diagnostic.help("or write it into dictum.toml: inventory = [\"capture/\"]"),
        false => diagnostic.help("or write a dictum.toml (`dictum init`) with: inventory = [\"capture/\"]"),
    };
    diagnostic.note("`dictum inventory --capture-script bash` prints a script that captures a tenant")
}

/// A day or moment, as seconds since 1970-01-01 UTC.
pub(crate) fn day(text: &str) -> Result<i64, Failure> {
    let moment = text.parse::<jiff::Timestamp>().ok();
    let day = || {
        let date = text.parse::<jiff::civil::Date>().ok()?;
        Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    };
    moment.or_else(day).map(|t| t.as_second()).ok_or_else(|| {
        Diagnostic::error(code::D805, format!("`--as-of {text}` is not a day"))
            .help("write it as 2026-11-23, or with a time as 2026-11-23T08:00:00Z")
            .into()
    })
}
