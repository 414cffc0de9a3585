//! Questions about paths as a sentence of the language: what was typed is put together, checked and decided as a rule is.

use super::Failure;
use super::args::{Asked, Captured};
use super::named::{self, Named, Thing};
use super::run::{Loaded, Run};
use crate::azure::capabilities;
use crate::check;
use crate::check::plan::{Plan, Selector};
use crate::diagnostic::{Diagnostic, Label, code};
use crate::engine::{self, PolicyText, Role};
use crate::eval::{self, Explorer};
use crate::inventory::{Entity, Inventory, Wanted};
use crate::syntax::parse_selector;
use crate::text::{Sources, Span};
use crate::verdict::{Finding, MissingData, Subject, Verdict, Verdicts};
use rustc_hash::FxHashSet;

/// A question, ready to be decided.
pub(crate) struct Question {
    /// One rule; where no target was named, one for principals and one for roles.
    pub(crate) plan: Plan,
    pub(crate) loaded: Loaded,
    /// Who it starts from, in the language.
    pub(crate) from: String,
    /// Where it leads, in the language; empty for everywhere.
    pub(crate) to: String,
}

/// Something that was typed.
struct Part {
    /// What was typed, in the sources under the option's name.
    source: usize,
    /// What it is in the language; `None` for a name that is still to be looked up.
    text: Option<String>,
    /// The same for eyes.
    shown: String,
}

/// The parts of a sentence, as typed.
struct Parts {
    from: Part,
    to: Option<Part>,
    through: Option<Part>,
    by: Option<Part>,
    at_most: Option<Part>,
}

impl Part {
    fn typed(sources: &mut Sources, option: &str, typed: &str, is_language: bool) -> Part {
        let source = sources.add(option, typed);
        let set = option == "--to" && capabilities::by_name(typed.trim()).is_some();
        let text = match set {
            true => Some(format!("role granting {}", typed.trim())),
            false => is_language.then(|| typed.to_owned()),
        };
        let shown = text.as_deref().unwrap_or(typed).split_whitespace().collect::<Vec<_>>().join(" ");
        Part { source, text, shown }
    }

    fn span(&self, sources: &Sources) -> Span {
        sources.get(self.source).span()
    }
}

/// Puts a question together, reads the capture, and looks up names in it.
///
/// # Errors
///
/// Mistakes in what was typed, names that mean nothing or several things, what can't be read.
pub(crate) fn question(run: &mut Run, asked: &Asked, captured: &Captured) -> Result<Question, Failure> {
    let Some(from) = &asked.from else {
        return Err(Diagnostic::error(code::D805, "who do the paths start from?")
            .help("name somebody: --from alice, --from guest, --from 'user \"*@contoso.example\"'")
            .into());
    };
    let sources = &mut run.sources;
    let who = |sources: &mut Sources, option: &str, typed: &String| {
        Part::typed(sources, option, typed, named::is_principals(typed))
    };
    let from = who(sources, "--from", from);
    let to = asked.to.as_ref().map(|typed| Part::typed(sources, "--to", typed, named::is_target(typed)));
    let through = asked.through.as_ref().map(|typed| who(sources, "--through", typed));
    let steps: Vec<&str> = asked.by.iter().map(|step| step.word()).collect();
    let by = (!steps.is_empty()).then(|| Part::typed(sources, "--by", &steps.join(", "), true));
    let at_most = asked.at_most.map(|n| Part::typed(sources, "--at-most", &n.to_string(), true));
    let mut parts = Parts { from, to, through, by, at_most };
    // First with anybody in the place of names: mistakes come before the capture is read, and it is known what to read.
    let mut plan = compile(run, &parts)?;
    let loaded = run.load(captured, plan.wanted.clone())?;
    let explorer = Explorer::new(&loaded.inventory, &loaded.options);
    let named = Named { inventory: &loaded.inventory, explorer: &explorer };
    if parts.look_up(&named, &run.sources)? {
        plan = compile(run, &parts)?;
    }
    if let Some(span) = plan.today
        && loaded.options.as_of.or(loaded.inventory.time).is_none()
    {
        return Err(engine::no_day().at(span, "reads which day it is").into());
    }
    let to = parts.to.map_or_else(String::new, |part| part.shown);
    Ok(Question { plan, loaded, from: parts.from.shown, to })
}

impl Parts {
    /// Replaces names by what they mean; whether there were any.
    fn look_up(&mut self, named: &Named<'_>, sources: &Sources) -> Result<bool, Box<Diagnostic>> {
        let mut any = false;
        for part in [Some(&mut self.from), self.through.as_mut()].into_iter().flatten() {
            if part.text.is_none() {
                let name = sources.get(part.source).text();
                let principal = named.principal(name, part.span(sources))?;
                part.text = Some(named.exactly(principal));
                part.shown = named.explorer.phrase(principal.into());
                any = true;
            }
        }
        if let Some(part) = self.to.as_mut()
            && part.text.is_none()
        {
            let name = sources.get(part.source).text();
            let thing = named.thing(name, part.span(sources))?;
            (part.text, part.shown) = match &thing {
                Thing::Principal(principal) => {
                    (Some(named.exactly(*principal)), named.explorer.phrase((*principal).into()))
                }
                Thing::Role(guid, name) => (Some(format!("role {guid}")), format!("role \"{name}\"")),
                Thing::Scope(scope) => {
                    let subject = named.explorer.subject((*scope).into());
                    let exactly = format!("any role on {} \"{}\"", subject.kind, subject.id);
                    (Some(exactly), format!("any role on {}", named.explorer.phrase((*scope).into())))
                }
            };
            any = true;
        }
        Ok(any)
    }
}

/// A rule in the making: where each part of it was typed.
#[derive(Default)]
struct Draft {
    text: String,
    /// From where to where in the text, and where it was typed.
    pieces: Vec<(usize, usize, usize)>,
}

impl Draft {
    fn clause(&mut self, words: &str, part: &Part, placeholder: &str, after: &str) {
        self.text.push_str(&format!("\n  {words} "));
        let start = self.text.len();
        self.text.push_str(part.text.as_deref().unwrap_or(placeholder));
        self.pieces.push((start, self.text.len(), part.source));
        self.text.push_str(after);
    }

    fn rule(&mut self, name: &str, parts: &Parts, to: Option<&str>) {
        self.text.push_str(&format!("rule {name}\n  warn path"));
        self.clause("from", &parts.from, "principal", "");
        match (&parts.to, to) {
            (Some(part), _) => self.clause("to", part, "principal", ""),
            (None, to) => self.text.push_str(&format!("\n  to {}", to.unwrap_or("principal"))),
        }
        if let Some(part) = &parts.through {
            self.clause("through", part, "principal", "");
        }
        if let Some(part) = &parts.by {
            self.clause("by", part, "", "");
        }
        if let Some(part) = &parts.at_most {
            self.clause("in at most", part, "", " steps");
        }
        self.text.push('\n');
    }

    /// Where a place of the text was typed.
    fn typed(&self, span: Span, base: u32, sources: &Sources) -> Option<Span> {
        let (start, end) = (span.start.checked_sub(base)? as usize, span.end.checked_sub(base)? as usize);
        let &(from, to, source) = self.pieces.iter().find(|&&(from, to, _)| from <= start && start <= to)?;
        let source = sources.get(source).span();
        // A capability set was put behind `granting`: the whole of it was typed.
        let is_as_typed = (source.end - source.start) as usize == to - from;
        let at = |position: usize| source.start + (position.clamp(from, to) - from) as u32;
        Some(if is_as_typed { Span::new(at(start), at(end)) } else { source })
    }
}

/// The rules of a question. Mistakes point into what was typed.
fn compile(run: &mut Run, parts: &Parts) -> Result<Plan, Failure> {
    let mut draft = Draft::default();
    if parts.to.is_some() {
        draft.rule("paths", parts, None);
    } else {
        draft.rule("a-principals", parts, Some("principal"));
        draft.text.push('\n');
        draft.rule("b-roles", parts, Some("any role"));
    }
    let role = Role::Policy { named: false };
    let text =
        PolicyText { name: "question".to_owned(), text: draft.text.clone(), root: String::new(), role };
    let compiled = engine::compile(&mut run.sources, vec![text], vec![], &mut |_| None);
    let base = compiled.files.first().map_or(0, |file| run.sources.get(file.source).base());
    let mut told: Vec<Diagnostic> = vec![];
    for mut diagnostic in compiled.diagnostics {
        let typed = |label: &Label| {
            let span = draft.typed(label.span, base, &run.sources).unwrap_or(label.span);
            Label { span, message: label.message.clone() }
        };
        diagnostic.labels = diagnostic.labels.iter().map(typed).collect();
        diagnostic.edit = None;
        if !told.contains(&diagnostic) {
            told.push(diagnostic);
        }
    }
    let errors: Vec<Diagnostic> = told.into_iter().filter(Diagnostic::is_error).collect();
    if errors.is_empty() { Ok(compiled.plan) } else { Err(errors.into()) }
}

/// An entity that was typed in the language, checked, before the capture is read.
pub(crate) struct Typed {
    selector: Selector,
    /// What has to be read for it.
    pub(crate) wanted: Wanted,
    today: Option<Span>,
}

/// Reads an entity in the language.
///
/// # Errors
///
/// Mistakes in it.
pub(crate) fn typed(sources: &Sources, source: usize) -> Result<Typed, Failure> {
    let (tree, _) = parse_selector(sources, source)?;
    let query = check::query(&tree, None, sources)?;
    if matches!(query.selector, Selector::Grant(_)) {
        return Err(Diagnostic::error(code::D814, "a role is nobody, and nowhere")
            .at(sources.get(source).span(), "a principal or a scope is expected here")
            .help("`dictum find` finds who holds a role, `dictum paths --to` who can come to hold it")
            .into());
    }
    Ok(Typed { selector: query.selector, wanted: query.wanted, today: query.today })
}

impl Typed {
    /// The entities that it means.
    ///
    /// # Errors
    ///
    /// Where it reads which day it is, and nobody says.
    pub(crate) fn entities(&self, loaded: &Loaded) -> Result<Vec<Entity>, Failure> {
        if let Some(span) = self.today
            && loaded.options.as_of.or(loaded.inventory.time).is_none()
        {
            return Err(engine::no_day().at(span, "reads which day it is").into());
        }
        let found = eval::find(&self.selector, &loaded.inventory, &loaded.options);
        Ok(found.facts.iter().filter_map(|fact| of_subject(&loaded.inventory, &fact.subject)).collect())
    }
}

fn of_subject(inventory: &Inventory, subject: &Subject) -> Option<Entity> {
    let principal = subject.id.parse().ok().and_then(|guid| inventory.principal(guid));
    let scope = || inventory.scopes.find(&subject.id, &inventory.names);
    if subject.kind == "root" {
        return Some(crate::inventory::ScopeId::ROOT.into());
    }
    let identity = || scope().and_then(|scope| inventory.user_assigned_at(scope));
    let is_principal = named::is_principals(&subject.kind);
    match is_principal {
        true => principal.or_else(identity).map(Entity::from),
        false => scope().map(Entity::from),
    }
}

/// What a run left undecided.
pub(crate) struct Doubts {
    pub(crate) undecided: Vec<Finding>,
    /// Collections that would have to be captured completely.
    pub(crate) incomplete: Vec<MissingData>,
    /// How many more are undecided, that were only counted.
    pub(crate) further: u64,
}

/// What a run left undecided, each once.
pub(crate) fn doubts(verdicts: &Verdicts) -> Doubts {
    let mut told: FxHashSet<&str> = FxHashSet::default();
    let unknown = verdicts.findings.iter().filter(|finding| finding.verdict == Verdict::Unknown);
    let undecided: Vec<Finding> = unknown.filter(|f| told.insert(&f.sentence)).cloned().collect();
    let mut incomplete: Vec<MissingData> = vec![];
    let further = verdicts.further.iter().flat_map(|further| &further.missing);
    for data in undecided.iter().flat_map(|finding| &finding.missing).chain(further) {
        if data.collection != "value" && !incomplete.contains(data) {
            incomplete.push(data.clone());
        }
    }
    let counted: u64 = verdicts.further.iter().map(|further| further.count).sum();
    Doubts { undecided, incomplete, further: counted - not_told(verdicts) }
}

/// How many of the findings of a run were only counted, those that are undecided aside.
pub(crate) fn not_told(verdicts: &Verdicts) -> u64 {
    let told = verdicts.findings.iter().filter(|finding| finding.verdict != Verdict::Unknown).count() as u64;
    match verdicts.further.is_empty() {
        true => 0,
        false => verdicts.rules.iter().map(|rule| rule.selected).sum::<u64>() - told,
    }
}

/// One line about what is undecided or was not captured completely: `things` are `facts`, `paths`.
pub(crate) fn doubt(
    undecided: &[Finding],
    incomplete: &[MissingData],
    further: u64,
    thing: [&str; 2],
) -> Option<String> {
    let facts = |f: &Finding| f.folded + u64::from(f.subject.kind != "collection");
    let count: u64 = further + undecided.iter().map(facts).sum::<u64>();
    let mut collections: Vec<&str> = incomplete.iter().map(|m| m.collection.as_str()).collect();
    collections.extend(undecided.iter().flat_map(|f| &f.missing).map(|m| m.collection.as_str()));
    collections.sort_unstable();
    collections.dedup();
    let mut parts = vec![];
    if count > 0 {
        parts.push(format!("{} undecided", crate::report::number(count, thing[0], thing[1])));
    }
    let missing: Vec<&str> = collections.into_iter().filter(|&c| c != "value").collect();
    if !missing.is_empty() {
        parts.push(format!("not captured completely: {}", missing.join(", ")));
    }
    if parts.is_empty() { None } else { Some(format!("undecided: {}\n", parts.join("; "))) }
}

impl Run {
    /// What there is to say besides an answer, a line each: `inventory` says more about a capture.
    pub(crate) fn tell_besides(&self, loaded: &Loaded, notes: &[String]) {
        for warning in &loaded.warnings {
            let message = crate::report::clean(&warning.message);
            self.streams.note(&format!("warning[{}]: {message}\n", warning.code));
        }
        for note in notes {
            self.streams.note(&format!("note: {note}\n"));
        }
        for assumption in &loaded.options.assumptions {
            self.streams.note(&format!("assumed: {assumption}\n"));
        }
    }
}

impl Loaded {
    /// The day that counts as today; empty where nobody says.
    pub(crate) fn as_of(&self) -> String {
        self.options.as_of.or(self.inventory.time).map(eval::date_time).unwrap_or_default()
    }
}
