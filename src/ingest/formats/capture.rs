//! What a capture says of itself: the `capture` of an inventory document, and the capture.json of a capture folder.

use super::super::loader::Loader;
use super::super::value::{Raw, Wrong, clip};
use crate::diagnostic::{Diagnostic, Place, code};
use crate::inventory::{Collection, Extent};

const KEYS: [&str; 13] = [
    "schema", "time", "ended", "tenant", "by", "complete", "partial", "counts", "pages", "queries", "files",
    "failures", "notes",
];

/// The candidate that is spelled most like `word`, where one is near enough to be meant.
pub(super) fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_ascii_lowercase();
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_ascii_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len().min(word.len()) / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn collection_named(raw: Raw<'_>, name: &str) -> Result<Collection, Wrong> {
    if let Some(found) = Collection::ALL.iter().copied().find(|c| c.key().eq_ignore_ascii_case(name)) {
        return Ok(found);
    }
    let names = Collection::ALL.iter().map(|c| c.key());
    let help = match nearest(name, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the collections are: {}", names.collect::<Vec<_>>().join(", ")),
    };
    let message = format!("`{}` is no collection", clip(name));
    Err(Wrong { help: Some(help), code: code::D503, ..raw.wrong(message) })
}

fn collections(list: Raw<'_>) -> Result<Vec<Collection>, Wrong> {
    list.strings()?.iter().map(|name| collection_named(list, name)).collect()
}

/// Reads the object. `inside` an inventory document, or a file of its own.
pub(in super::super) fn read(
    loader: &mut Loader<'_>,
    raw: Raw<'_>,
    line: u32,
    inside: bool,
) -> Result<(), Wrong> {
    if !raw.is_object() {
        return Err(raw.wrong(format!("`capture` is {}; an object was expected", raw.kind())));
    }
    let file = loader.context.name.clone();
    let prefix = if inside { "/capture" } else { "" };
    let place = |pointer: &str| Place {
        file: file.clone(),
        pointer: format!("{prefix}{pointer}"),
        line: line.into(),
    };
    for field in raw.fields()? {
        let value = Raw { key: &field.name, ..field.value };
        let pointed = |mut wrong: Wrong| {
            wrong.pointer = format!("{prefix}{}", value.pointer());
            wrong
        };
        let known = KEYS.iter().find(|key| key.eq_ignore_ascii_case(&field.name));
        match known.copied() {
            Some("time") => {
                if let Some(time) = value.time().map_err(pointed)? {
                    // Of several captures the earliest: what one of them shows may have changed since.
                    let slot = &mut loader.draft.inventory().time;
                    *slot = Some(slot.map_or(time, |before| before.min(time)));
                }
            }
            Some("tenant") => {
                if !value.is_null() {
                    let (tenant, _) = value.guid().map_err(pointed)?;
                    loader.tenants.push((tenant, place("/tenant")));
                    loader.draft.tenant(tenant);
                }
            }
            Some(word @ ("complete" | "partial")) => {
                let extent = if word == "complete" { Extent::Complete } else { Extent::Partial };
                let who = if inside {
                    format!("`capture.{word}` of {file}")
                } else {
                    format!("`{word}` of {file}")
                };
                for collection in collections(value).map_err(pointed)? {
                    let at = place(&format!("/{word}"));
                    loader.coverage.declare(collection, extent, format!("declared by {who}"), Some(at));
                }
            }
            Some("queries") if value.is_object() => {
                for query in value.fields().map_err(pointed)? {
                    if query.name.eq_ignore_ascii_case(Collection::RoleAssignments.key())
                        && hides_what_is_below(query.value).map_err(pointed)?
                    {
                        loader.coverage.at_scope(Collection::RoleAssignments, &file);
                    }
                }
            }
            Some("files") if value.is_object() => {
                let folder = file.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder);
                for entry in value.fields().map_err(pointed)? {
                    let collection = collection_named(value, &entry.name).map_err(pointed)?;
                    for name in (Raw { key: "files", ..entry.value }).strings().map_err(pointed)? {
                        let path =
                            if folder.is_empty() { name.into_owned() } else { format!("{folder}/{name}") };
                        loader.coverage.file(path, collection, place("/files"));
                    }
                }
            }
            Some("failures") if value.is_array() => {
                failures(loader, value, place("/failures")).map_err(pointed)?
            }
            Some(_) => {}
            None => {
                let help = match nearest(&field.name, KEYS.into_iter()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("its keys are: {}", KEYS.join(", ")),
                };
                let message = format!("`{}` is no key of what a capture says of itself", clip(&field.name));
                return Err(pointed(Wrong { help: Some(help), code: code::D503, ..value.wrong(message) }));
            }
        }
    }
    Ok(())
}

/// Whether the questions about role assignments leave out what is made further down: one of them is filtered by atScope(), and
/// it is not that of a management group beside the unfiltered one of its subscriptions.
fn hides_what_is_below(queries: Raw<'_>) -> Result<bool, Wrong> {
    let questions: Vec<String> = match queries.is_array() {
        true => queries.strings()?.into_iter().map(|question| question.to_ascii_lowercase()).collect(),
        false => vec![queries.text.to_ascii_lowercase()],
    };
    let filtered = |question: &String| question.contains("atscope()");
    let elsewhere = |question: &String| !question.contains("/managementgroups/");
    Ok(questions.iter().any(filtered)
        && (questions.iter().all(filtered)
            || questions.iter().any(|question| filtered(question) && elsewhere(question))))
}

fn failures(loader: &mut Loader<'_>, raw: Raw<'_>, place: Place) -> Result<(), Wrong> {
    let mut notes = vec![];
    for item in raw.items()? {
        let text = |key: &str| -> Result<String, Wrong> {
            Ok(match item.field(key)? {
                Some(raw) if raw.is_string() => raw.string()?.into_owned(),
                Some(raw) if !raw.is_null() => raw.text.to_owned(),
                _ => String::new(),
            })
        };
        notes.push(format!("{}: {} {}", text("collection")?, text("status")?, clip(&text("message")?)));
    }
    let Some(first) = notes.first() else { return Ok(()) };
    let more = if notes.len() > 1 { format!(" (and {} more)", notes.len() - 1) } else { String::new() };
    let calls = if notes.len() == 1 { "1 call".to_owned() } else { format!("{} calls", notes.len()) };
    let message = format!("{calls} of the capture failed: {first}{more}");
    loader.warnings.push(Diagnostic::warning(code::D532, message).in_file(place));
    Ok(())
}
