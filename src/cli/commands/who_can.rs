use super::reach::wanted;
use crate::azure::capabilities::{self, CODE_EXECUTION, Capability};
use crate::azure::scope::Level;
use crate::azure::{Plane, action, code_execution, roles};
use crate::cli::args::{Format, WhoCanArgs};
use crate::cli::asked;
use crate::cli::named::{self, Named};
use crate::cli::run::Run;
use crate::cli::{Ended, Failure};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, code};
use crate::eval::Explorer;
use crate::inventory::{Collection, Entity, Inventory, ScopeId, Wanted};
use crate::report::number;
use crate::report::who_can::{Asked, SCHEMA, WhoCan};
use crate::text::Span;
use std::collections::BTreeMap;

/// What decides who may do something.
const NEEDED: [Collection; 4] = [
    Collection::RoleAssignments,
    Collection::RoleDefinitions,
    Collection::RoleEligibilityScheduleInstances,
    Collection::GroupMemberships,
];

pub(crate) fn run(run: &mut Run, args: &WhoCanArgs) -> Ended {
    let what = args.what.trim();
    let source = run.sources.add("ACTION", what);
    let actions = actions(what, args.data, run.sources.get(source).span())?;
    let on = run.sources.add("--on", args.on.clone());
    let at = run.sources.get(on).span();
    let typed = if named::is_entity(&args.on) { Some(asked::typed(&run.sources, on)?) } else { None };
    let loaded = run.load(
        &args.captured,
        wanted(typed.as_ref().map_or_else(Wanted::none, |typed| typed.wanted.clone())),
    )?;
    let explorer = Explorer::new(&loaded.inventory, &loaded.options);
    let scope: ScopeId = match &typed {
        Some(typed) => the_one(&typed.entities(&loaded)?, &explorer, at)?,
        None => Named { inventory: &loaded.inventory, explorer: &explorer }.scope(&args.on, at)?,
    };
    let (actions, note) = match capabilities::by_name(what) {
        Some(set) => about(set, actions, &loaded.inventory, scope),
        None => (actions, None),
    };
    let who = explorer.who_can(&actions, scope);
    let mut subjects: Vec<_> = who.iter().map(|fact| &fact.subject).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let plane = |plane: Plane| if plane == Plane::Data { "data" } else { "control" };
    let asked: Vec<Asked> =
        actions.iter().map(|(p, action)| Asked { action: action.clone(), plane: plane(*p) }).collect();
    let on_id = explorer.subject(scope.into()).id;
    let ids = who.iter().map(|fact| fact.scope.clone()).chain([on_id]);
    let of_id = |id: String| {
        let scope = loaded.inventory.scopes.find(&id, &loaded.inventory.names)?;
        Some((id, explorer.phrase(scope.into())))
    };
    let words: BTreeMap<String, String> = ids.filter_map(of_id).collect();
    let incomplete = explorer.incomplete(&NEEDED);
    let answer = WhoCan {
        schema: SCHEMA,
        what: match note {
            Some(Note::NotKnown(_)) => &actions[0].1,
            _ => what,
        },
        actions: &asked,
        on: &explorer.subject(scope.into()),
        words: &words,
        as_of: &loaded.as_of(),
        count: subjects.len() as u64,
        who: &who,
        incomplete: &incomplete,
        assumptions: &loaded.options.assumptions,
    };
    let report = match args.reported.format {
        Format::Text => answer.text(),
        Format::Json => answer.json(),
        Format::Jsonl => answer.jsonl(),
    };
    run.streams.report(&report, args.reported.output.as_deref())?;
    run.tell_besides(&loaded, &[]);
    let mut parts = vec![];
    match &note {
        Some(Note::Nothing(resource_type)) => {
            run.streams
                .note(&format!("note: no action of `{what}` is about resources of type {resource_type}\n"));
        }
        Some(Note::NotKnown(resource_type)) => parts.push(format!(
            "what runs code on {resource_type} is not known; who may write it was asked instead"
        )),
        None => {}
    }
    let unknown = who.iter().filter(|fact| fact.certainty == "unknown").count() as u64;
    if unknown > 0 {
        parts.push(format!("{} unknown", number(unknown, "right is", "rights are")));
    }
    if !incomplete.is_empty() {
        let names: Vec<&str> = incomplete.iter().map(|data| data.collection.as_str()).collect();
        parts.push(format!("not captured completely: {}", names.join(", ")));
    }
    if !args.data && actions.iter().all(|(plane, _)| *plane == Plane::Data) && what.contains('/') {
        run.streams.note(&format!("note: `{what}` is known as a data action only, and taken for one\n"));
    }
    if parts.is_empty() {
        return Ok(0);
    }
    run.streams.err(&format!("undecided: {}\n", parts.join("; ")));
    Ok(3)
}

/// What there is to say of the actions that are asked about on a resource.
enum Note {
    /// The set has none about resources of the type.
    Nothing(String),
    /// Which run code on resources of the type is not known.
    NotKnown(String),
}

/// The actions of a capability set that are about a scope: on a resource, those about its type.
fn about(
    set: &Capability,
    all: Vec<(Plane, String)>,
    inventory: &Inventory,
    scope: ScopeId,
) -> (Vec<(Plane, String)>, Option<Note>) {
    if inventory.scopes.level(scope) != Level::Resource {
        return (all, None);
    }
    let resource_type = inventory.names.get(inventory.scopes.resource_type(scope));
    let actions: Vec<_> =
        set.actions_on(resource_type).iter().map(|a| (a.plane, a.action.to_owned())).collect();
    match actions.is_empty() {
        false => (actions, None),
        true if set.name == CODE_EXECUTION && !code_execution::is_known(resource_type) => {
            let write = (Plane::Control, format!("{resource_type}/write"));
            (vec![write], Some(Note::NotKnown(resource_type.to_owned())))
        }
        true => (vec![], Some(Note::Nothing(resource_type.to_owned()))),
    }
}

/// The operations that are meant.
fn actions(what: &str, data: bool, at: Span) -> Result<Vec<(Plane, String)>, Failure> {
    if let Some(set) = capabilities::by_name(what) {
        if data {
            return Err(Diagnostic::error(
                code::D805,
                "a capability set says itself which of its actions are data actions",
            )
            .help("leave --data out")
            .into());
        }
        return Ok(set.actions.iter().map(|a| (a.plane, a.action.to_owned())).collect());
    }
    let names = capabilities::all().iter().map(|set| set.name);
    if !what.contains('/') {
        let near = nearest(what, names.clone()).map(|near| format!("did you mean `{near}`?"));
        let error =
            Diagnostic::error(code::D090, format!("`{what}` is neither an operation nor a capability set"))
                .at(at, near.unwrap_or_default())
                .note(format!("the capability sets are {}", names.collect::<Vec<_>>().join(", ")));
        return Err(error
            .help("an operation is, for instance, Microsoft.Compute/virtualMachines/write")
            .into());
    }
    if let Err(mistake) = action::validate(what) {
        let error = Diagnostic::error(code::D090, mistake.to_string()).at(at, "not an action");
        return Err(error.help(mistake.help()).into());
    }
    if !action::is_operation(what) {
        return Err(Diagnostic::error(
            code::D090,
            format!("`{what}` is a pattern, and nobody carries out a pattern"),
        )
        .at(at, "name one operation")
        .help("`dictum find 'role granting \"...\"'` finds who holds roles by a pattern")
        .into());
    }
    let planes: &[Plane] = match roles::known_planes(what) {
        _ if data => &[Plane::Data],
        // Owner's `*` is no data action: asked of the control plane too, owners would seem to read blobs.
        (false, true) => &[Plane::Data],
        _ => &[Plane::Control],
    };
    Ok(planes.iter().map(|&plane| (plane, what.to_owned())).collect())
}

/// The one scope among what the language means.
fn the_one(entities: &[Entity], explorer: &Explorer<'_>, at: Span) -> Result<ScopeId, Failure> {
    let scopes: Vec<ScopeId> = entities.iter().filter_map(|entity| entity.scope()).collect();
    match scopes[..] {
        [one] => Ok(one),
        [] => Err(Diagnostic::error(code::D814, "no scope of this capture is meant by that")
            .at(at, "")
            .help("a scope is, for instance, subscription \"prod\" or a full id")
            .into()),
        _ => {
            let mut error =
                Diagnostic::error(code::D814, format!("{} scopes are meant by that", scopes.len()))
                    .at(at, "which one?");
            for &scope in scopes.iter().take(10) {
                error = error.note(format!(
                    "{}: {}",
                    explorer.phrase(scope.into()),
                    explorer.subject(scope.into()).id
                ));
            }
            Err(error.help("write the id of the one that is meant").into())
        }
    }
}
