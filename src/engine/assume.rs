use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, code};
use crate::ingest::Declared;
use crate::inventory::{Collection, Extent, Inventory};

/// What the user asserts of a capture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assertions {
    /// Collections that are captured whole.
    pub complete: Vec<Collection>,
    /// What is empty, as written (`pim`), and the collections that this means.
    pub none: Vec<(String, Vec<Collection>)>,
}

const PIM: [Collection; 2] =
    [Collection::RoleEligibilityScheduleInstances, Collection::RoleAssignmentScheduleInstances];

/// Reads `--complete` (collections) and `--assume` (what is none, without `=none`).
///
/// # Errors
///
/// Names that are no collection.
pub fn assertions(complete: &[String], none: &[String]) -> Result<Assertions, Vec<Diagnostic>> {
    let mut problems = vec![];
    let mut found = Assertions::default();
    for name in complete.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        match collection(name) {
            Some(known) => found.complete.push(known),
            None => problems.push(unknown(name, false)),
        }
    }
    for name in none.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        match collection(name) {
            _ if name.eq_ignore_ascii_case("pim") => found.none.push((name.to_owned(), PIM.to_vec())),
            Some(known) => found.none.push((known.key().to_owned(), vec![known])),
            None => problems.push(unknown(name, true)),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

fn collection(name: &str) -> Option<Collection> {
    Collection::ALL.iter().copied().find(|c| c.key().eq_ignore_ascii_case(name))
}

fn unknown(name: &str, assumed: bool) -> Diagnostic {
    let keys = Collection::ALL.iter().map(|c| c.key());
    let names: Vec<&str> =
        if assumed { std::iter::once("pim").chain(keys).collect() } else { keys.collect() };
    let diagnostic = Diagnostic::error(code::D805, format!("`{name}` is not a collection"));
    let diagnostic = match nearest(name, names.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    };
    diagnostic.note(format!("collections are: {}", names.join(", ")))
}

impl Assertions {
    /// What the reader is told: collections that the user calls complete, unless their pages say otherwise.
    pub(super) fn declared(&self) -> Declared {
        Declared { complete: self.complete.iter().map(|&c| (c, "--complete".to_owned())).collect() }
    }

    /// Takes the user's word for what is empty. Gives all that is taken on the user's word, for every report.
    pub(super) fn apply(&self, inventory: &mut Inventory) -> Vec<String> {
        let mut words = vec![];
        for &collection in &self.complete {
            if inventory.coverage.is_complete(collection) {
                words.push(format!("{} is complete (--complete)", collection.key()));
            }
        }
        for (name, collections) in &self.none {
            let open: Vec<Collection> =
                collections.iter().copied().filter(|&c| !inventory.coverage.is_complete(c)).collect();
            if open.is_empty() {
                continue;
            }
            for &collection in &open {
                inventory.coverage.set(collection, Extent::Complete, format!("assumed: {name}=none"));
            }
            let what = match collections[..] {
                [one] => format!("no {}", one.what()),
                _ => "no assignment is eligible, activated or limited in time".to_owned(),
            };
            words.push(format!("{name}=none: {what}"));
        }
        words
    }
}
