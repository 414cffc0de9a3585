//! How much of each collection the inputs hold, and who says so (inputs.md 13).

use super::list::List;
use super::loader::Loader;
use crate::diagnostic::{Diagnostic, Place, code};
use crate::inventory::{Collection, Extent};
use indexmap::IndexMap;

/// What lists say of themselves, and what is said of them.
#[derive(Default)]
pub(super) struct Tally {
    present: Vec<Collection>,
    declared: Vec<(Collection, Extent, String, Option<Place>)>,
    /// Lists that go on: their addresses without the page, and how many pages ended a list.
    goes_on: Vec<(Collection, String)>,
    ended: IndexMap<Collection, usize>,
    /// Resource Graph: rows read, and all there are.
    graph: IndexMap<Collection, (u64, u64, bool)>,
    /// Filtered to a scope and above.
    at_scope: Vec<(Collection, String)>,
    /// Files that a capture.json names, and whether each was read.
    files: IndexMap<String, (Collection, Place)>,
}

impl Tally {
    /// Something of the collection was read.
    pub(super) fn mention(&mut self, collection: Collection) {
        if !self.present.contains(&collection) {
            self.present.push(collection);
        }
    }

    pub(super) fn is_present(&self, collection: Collection) -> bool {
        self.present.contains(&collection)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.present.is_empty()
    }

    /// Someone says how much of a collection was captured.
    pub(super) fn declare(
        &mut self,
        collection: Collection,
        extent: Extent,
        who: String,
        place: Option<Place>,
    ) {
        self.declared.push((collection, extent, who, place));
    }

    pub(super) fn at_scope(&mut self, collection: Collection, file: &str) {
        self.at_scope.push((collection, file.to_owned()));
    }

    pub(super) fn file(&mut self, path: String, collection: Collection, place: Place) {
        self.files.insert(path, (collection, place));
    }

    /// The collection that a capture.json names for a file.
    pub(super) fn hint(&self, file: &str) -> Option<Collection> {
        self.files.get(file).map(|&(collection, _)| collection)
    }

    /// A list has ended: what it says of pages.
    pub(super) fn page(&mut self, list: &List) {
        let own = list.collection().or(list.links()).into_iter();
        let mut collections: Vec<Collection> = own.chain(list.collections.iter().copied()).collect();
        collections.sort();
        collections.dedup();
        for collection in collections {
            match &list.next {
                Some(next) => {
                    let address = next.split('?').next().unwrap_or_default().to_ascii_lowercase();
                    if next.to_ascii_lowercase().contains("atscope()") {
                        self.at_scope.push((collection, next.clone()));
                    }
                    if !self.goes_on.contains(&(collection, address.clone())) {
                        self.goes_on.push((collection, address));
                    }
                }
                None => *self.ended.entry(collection).or_default() += 1,
            }
            if list.total.is_some() || list.truncated {
                let (read, all, cut) = self.graph.entry(collection).or_default();
                *read += list.rows;
                *all = (*all).max(list.total.unwrap_or_default());
                *cut |= list.truncated && list.total.is_none();
            }
        }
    }

    /// Why the pages that were read can't be all; nothing where they can.
    fn missing_page(&self, collection: Collection) -> Option<String> {
        let lists: Vec<&str> =
            self.goes_on.iter().filter(|(c, _)| *c == collection).map(|(_, a)| a.as_str()).collect();
        let ended = self.ended.get(&collection).copied().unwrap_or_default();
        if lists.len() > ended {
            return Some(format!("the page after {} was not read", lists[0]));
        }
        let &(read, all, cut) = self.graph.get(&collection)?;
        if read < all {
            return Some(format!("Resource Graph has {all} records, {read} were read"));
        }
        cut.then(|| "the answer of Resource Graph is cut".to_owned())
    }
}

/// Decides the extent of every collection.
pub(super) fn settle(loader: &mut Loader<'_>, names: &[String]) {
    let mut tally = std::mem::take(&mut loader.coverage);
    for (collection, who) in &loader.declared.complete {
        tally.declare(*collection, Extent::Complete, format!("declared by {who}"), None);
    }
    let unread: Vec<(String, Collection, Place)> = tally
        .files
        .iter()
        .filter(|(path, _)| !names.contains(path))
        .map(|(path, (collection, place))| (path.clone(), *collection, place.clone()))
        .collect();
    for (path, _, place) in &unread {
        let message = format!("`{path}`, which the capture names, is not among the inputs");
        loader.warnings.push(Diagnostic::warning(code::D531, message).in_file(place.clone()));
    }
    let mut absent = vec![];
    for &collection in Collection::ALL {
        let said: Vec<_> = tally.declared.iter().filter(|(c, ..)| *c == collection).collect();
        let complete = said.iter().find(|(_, extent, ..)| *extent == Extent::Complete);
        let partial = said.iter().find(|(_, extent, ..)| *extent == Extent::Partial);
        if !tally.is_present(collection) {
            match complete {
                // A capture that contradicts itself, unless what lacks is in a file that could not be read.
                Some((_, _, who, Some(place))) if loader.errors.is_empty() => {
                    let key = collection.key();
                    let message =
                        format!("`{key}` is {who} to be complete, but no input has {}", collection.what());
                    absent.push(
                        Diagnostic::error(code::D512, message)
                            .help(format!("add the file; an empty collection is written \"{key}\": []"))
                            .in_file(place.clone()),
                    );
                }
                // The user's own word needs no file: there is none of it.
                Some((_, _, who, None)) => {
                    let reason = format!("{who}; no input has any");
                    loader.draft.inventory().coverage.set(collection, Extent::Complete, reason);
                }
                _ => {}
            }
            continue;
        }
        let asserted = loader.declared.complete.iter().find(|(c, _)| *c == collection);
        let (extent, reason) = if let Some(reason) = tally.missing_page(collection) {
            let counts = if asserted.is_some() { "complete, as asserted" } else { "partial" };
            if let Some((_, _, who, place)) = complete {
                let message = format!("{} are {who} to be complete, but {reason}", collection.what());
                let mut diagnostic = Diagnostic::warning(code::D527, message)
                    .note(format!("`{}` counts as {counts}", collection.key()));
                diagnostic.places.extend(place.clone());
                loader.warnings.push(diagnostic);
            }
            match asserted {
                Some((_, who)) => (Extent::Complete, format!("declared by {who}, although {reason}")),
                None => (Extent::Partial, reason),
            }
        } else if let Some((_, who)) = asserted {
            (Extent::Complete, format!("declared by {who}"))
        } else if let Some((_, from)) = tally.at_scope.iter().find(|(c, _)| *c == collection) {
            (
                Extent::Partial,
                format!("listed with the filter atScope(), which hides what is made further down: {from}"),
            )
        } else if let Some((path, ..)) = unread.iter().find(|(_, c, _)| *c == collection) {
            (Extent::Partial, format!("`{path}` was not read"))
        } else if let Some((_, _, who, _)) = partial {
            (Extent::Partial, who.clone())
        } else if let Some((_, _, who, _)) = complete {
            (Extent::Complete, who.clone())
        } else {
            (Extent::Partial, "nobody says that it is all".to_owned())
        };
        loader.draft.inventory().coverage.set(collection, extent, reason);
    }
    loader.errors.extend(absent);
    loader.coverage = tally;
}
