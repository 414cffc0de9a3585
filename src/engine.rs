//! The whole pipeline as one chain of calls: text is parsed and checked, bytes are read, rules are decided, and the gate
//! says what that means.

mod assume;
mod captured;
mod tests;

pub use assume::{Assertions, assertions};
pub use captured::captured;
pub use tests::run_tests;

use crate::check::plan::Plan;
use crate::check::{self, CheckedFile, Override, Settings};
use crate::diagnostic::{Diagnostic, code};
use crate::eval;
use crate::ingest;
use crate::inventory::{Inventory, Wanted};
use crate::lint;
use crate::syntax::ast::Item;
use crate::syntax::parse;
use crate::text::Sources;
use crate::verdict::{Gate, GateOptions, Outcome as GateOutcome, Status, Verdicts};

/// What a file of policy text is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Its rules are run. A file that was named itself must have one.
    Policy {
        /// Whether it was named itself, not found in a folder.
        named: bool,
    },
    /// Another file may `use` it.
    Used,
    /// Its waivers count.
    Waivers,
}

/// A file of policy text.
#[derive(Clone, Debug)]
pub struct PolicyText {
    /// Its path, with `/` between folders.
    pub name: String,
    /// What it says.
    pub text: String,
    /// The folder that `use` does not leave; empty for the working folder.
    pub root: String,
    /// What it is there for.
    pub role: Role,
}

/// Policies, parsed and checked.
pub struct Compiled {
    /// The rules without a mistake.
    pub plan: Plan,
    /// Every file, those that others `use` included.
    pub files: Vec<CheckedFile>,
    /// What there is to say about them.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether there is an error in a file of waivers.
    pub bad_waiver: bool,
    /// Whether there is an error anywhere else.
    pub bad_policy: bool,
}

impl Compiled {
    /// 2 or 4 where nothing may run, else 0.
    pub fn exit(&self) -> u8 {
        match (self.bad_policy, self.bad_waiver) {
            (true, _) => 2,
            (false, true) => 4,
            (false, false) => 0,
        }
    }
}

/// Parses and checks all files of a run. `read` gives the text of a file that is only `use`d, by its path.
pub fn compile(
    sources: &mut Sources,
    texts: Vec<PolicyText>,
    overrides: Vec<Override>,
    read: &mut dyn FnMut(&str) -> Option<String>,
) -> Compiled {
    let mut files: Vec<CheckedFile> = vec![];
    let mut diagnostics = vec![];
    let mut waiting: std::collections::VecDeque<PolicyText> = texts.into();
    let mut empty = vec![];
    while let Some(text) = waiting.pop_front() {
        let source = sources.add(text.name.clone(), text.text);
        let parsed = parse(sources, source);
        let has_rule = parsed.file.items.iter().any(|item| matches!(item, Item::Rule(_)));
        if let Role::Policy { named } = text.role
            && parsed.broken.is_empty()
            && !has_rule
            && (named || parsed.file.items.is_empty())
        {
            empty.push(no_rule(&text.name));
        }
        for item in &parsed.file.items {
            let Item::Use(used) = item else { continue };
            let Ok(path) = check::used_path(&text.name, &text.root, &used.path.node) else { continue };
            let known = |name: &str| same_path(name, &path);
            if files.iter().any(|f| known(&f.path))
                || waiting.iter().any(|t| known(&t.name))
                || known(&text.name)
            {
                continue;
            }
            if let Some(read) = read(&path) {
                waiting.push_back(PolicyText {
                    name: path,
                    text: read,
                    root: text.root.clone(),
                    role: Role::Used,
                });
            }
        }
        diagnostics.extend(parsed.diagnostics);
        files.push(CheckedFile {
            source,
            file: parsed.file,
            broken: parsed.broken.iter().map(|b| b.span).collect(),
            path: text.name,
            root: text.root,
            is_policy: matches!(text.role, Role::Policy { .. }),
            is_waiver_file: text.role == Role::Waivers,
        });
    }
    let (plan, checked) = check::check(&files, sources, &Settings { overrides });
    diagnostics.extend(checked);
    diagnostics.extend(empty);
    let of_waivers = |diagnostic: &Diagnostic| {
        let source = diagnostic.span().and_then(|span| sources.of(span));
        source.is_some_and(|s| {
            files.iter().any(|f| f.is_waiver_file && sources.get(f.source).base() == s.base())
        })
    };
    let (waivers, policies): (Vec<_>, Vec<_>) =
        diagnostics.iter().filter(|d| d.is_error()).partition(|d| of_waivers(d));
    let (bad_waiver, bad_policy) = (!waivers.is_empty(), !policies.is_empty());
    order(&mut diagnostics);
    Compiled { plan, files, diagnostics, bad_waiver, bad_policy }
}

/// What the policies probably do not mean. Nothing while they hold a mistake: it comes first.
pub fn warnings(
    compiled: &Compiled,
    sources: &Sources,
    inventory: Option<&Inventory>,
    as_of: Option<i64>,
) -> Vec<Diagnostic> {
    match compiled.exit() {
        0 => lint::lint(&compiled.files, &compiled.plan, sources, inventory, as_of),
        _ => vec![],
    }
}

/// In the order of the files and of the text; what has no place comes last.
fn order(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|d| d.span().map_or((true, 0), |span| (false, span.start)));
}

fn no_rule(name: &str) -> Diagnostic {
    Diagnostic::error(code::D806, format!("`{name}` holds no rule, so it can't deny anything"))
        .help("write a sentence such as `deny role Owner at subscription for user`, or leave the file out")
}

fn same_path(a: &str, b: &str) -> bool {
    let parts = |path: &str| {
        let mut parts: Vec<String> = vec![];
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." if parts.last().is_some_and(|last| last != "..") => {
                    parts.pop();
                }
                part => parts.push(part.to_owned()),
            }
        }
        parts
    };
    parts(a) == parts(b)
}

/// What comes of a run.
pub struct Decided {
    /// What was decided.
    pub verdicts: Verdicts,
    /// What that means.
    pub gate: Gate,
}

/// Reads a capture, keeping the attributes that are wanted, and takes the user's word for what is asserted. Gives the
/// inventory, the assertions in words, and warnings.
///
/// # Errors
///
/// What can't be read, and every contradiction in it.
pub fn load(
    inputs: Vec<ingest::Input>,
    wanted: Wanted,
    assertions: &Assertions,
) -> Result<(Inventory, Vec<String>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let ingest::Loaded { mut inventory, warnings } = ingest::read(inputs, wanted, &assertions.declared())?;
    let words = assertions.apply(&mut inventory);
    Ok((inventory, words, warnings))
}

/// Decides every rule of a plan over an inventory, and the gate.
///
/// # Errors
///
/// Where a rule reads which day it is, and nobody says.
pub fn evaluate(
    plan: &Plan,
    inventory: &Inventory,
    options: &eval::Options,
    gate: GateOptions,
) -> Result<Decided, Box<Diagnostic>> {
    if let Some(span) = plan.today
        && options.as_of.is_none()
        && inventory.time.is_none()
    {
        return Err(Box::new(no_day().at(span, "reads which day it is")));
    }
    let verdicts = eval::evaluate(plan, inventory, options);
    let gate = decide(&verdicts, gate);
    Ok(Decided { verdicts, gate })
}

/// What to say where a date is read and nobody says which day it is.
pub fn no_day() -> Diagnostic {
    Diagnostic::error(code::D813, "nobody says which day it is")
        .note("the capture does not say when it was made")
        .help("name the day: --as-of 2026-11-23")
}

/// What verdicts mean for a gate. An effective denial outranks doubt. A run in which nothing was decided never passes.
pub fn decide(verdicts: &Verdicts, options: GateOptions) -> Gate {
    let blocks =
        |effect: &str| matches!(effect, "deny" | "require") || (effect == "warn" && options.fail_on_warn);
    let mut denied = false;
    let mut doubt = false;
    let mut decided = false;
    for rule in &verdicts.rules {
        match rule.status {
            Status::Fail | Status::Warn | Status::Advise => {
                decided = true;
                denied |= blocks(&rule.effect);
            }
            Status::Unknown => doubt |= blocks(&rule.effect) && !options.report_unknown,
            Status::Waived | Status::Pass => decided = true,
            Status::NotApplicable => {}
        }
    }
    let outcome = match (denied, doubt || !decided) {
        (true, _) => GateOutcome::Denied,
        (false, true) => GateOutcome::Undecided,
        (false, false) => GateOutcome::Pass,
    };
    Gate { outcome, exit: if options.exit_zero { 0 } else { outcome.exit() }, options }
}

/// The exit code of a run: [`decide`] as a number.
pub fn exit_code(verdicts: &Verdicts, options: &GateOptions) -> u8 {
    decide(verdicts, *options).exit
}

/// How [`check()`] is told what a command line says.
#[derive(Clone, Debug, Default)]
pub struct CheckOptions {
    /// `--as-of`, seconds since 1970-01-01 UTC.
    pub as_of: Option<i64>,
    /// `--complete` and `--assume`.
    pub assertions: Assertions,
    /// What blocks.
    pub gate: GateOptions,
    /// Files of waivers, name and text.
    pub waivers: Vec<(String, String)>,
    /// `[params]`
    pub overrides: Vec<Override>,
    /// How many findings of a rule are looked at one by one; all of them if `None`.
    pub shown: Option<usize>,
}

/// What [`check()`] came to.
pub struct Outcome {
    /// What was decided; empty where a mistake kept it from running.
    pub verdicts: Verdicts,
    /// What there is to say besides.
    pub diagnostics: Vec<Diagnostic>,
    /// What `dictum check` would exit with.
    pub exit: u8,
    /// The text that the diagnostics point into.
    pub sources: Sources,
}

/// `dictum check` over texts and bytes in memory: the rules of every policy (name, text) over the files (name, bytes) of
/// a capture.
pub fn check(
    policies: &[(&str, &str)],
    inventory: Vec<(String, Vec<u8>)>,
    options: &CheckOptions,
) -> Outcome {
    let text = |name: &str, text: &str, role| PolicyText {
        name: name.to_owned(),
        text: text.to_owned(),
        root: String::new(),
        role,
    };
    let mut texts: Vec<PolicyText> =
        policies.iter().map(|(name, t)| text(name, t, Role::Policy { named: false })).collect();
    texts.extend(options.waivers.iter().map(|(name, t)| text(name, t, Role::Waivers)));
    let mut sources = Sources::new();
    let compiled = compile(&mut sources, texts, options.overrides.clone(), &mut |_| None);
    let mut diagnostics = compiled.diagnostics;
    let stopped =
        |diagnostics, exit, sources| Outcome { verdicts: Verdicts::default(), diagnostics, exit, sources };
    if compiled.bad_policy || compiled.bad_waiver {
        let exit = if compiled.bad_policy { 2 } else { 4 };
        return stopped(diagnostics, exit, sources);
    }
    let inputs = inventory
        .into_iter()
        .map(|(name, bytes)| ingest::Input { name, reader: Box::new(std::io::Cursor::new(bytes)) })
        .collect();
    let (inventory, assumptions, warnings) =
        match load(inputs, compiled.plan.wanted.clone(), &options.assertions) {
            Ok(loaded) => loaded,
            Err(errors) => {
                diagnostics.extend(errors);
                return stopped(diagnostics, 3, sources);
            }
        };
    diagnostics.extend(warnings);
    let told = eval::Options { as_of: options.as_of, assumptions, shown: options.shown };
    match evaluate(&compiled.plan, &inventory, &told, options.gate) {
        Ok(decided) => Outcome { verdicts: decided.verdicts, diagnostics, exit: decided.gate.exit, sources },
        Err(problem) => {
            diagnostics.push(*problem);
            stopped(diagnostics, 2, sources)
        }
    }
}
