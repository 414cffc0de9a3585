//! Dictum's own inventory document: one object whose keys are the collections, and `capture`.

use super::super::loader::{Listing, Loader};
use super::super::value::{Raw, Wrong};
use super::capture;
use crate::diagnostic::code;
use crate::inventory::Collection;

/// The collection of a key, without letter case.
pub(in super::super) fn collection(key: &str) -> Option<Collection> {
    Collection::ALL.iter().copied().find(|c| c.key().eq_ignore_ascii_case(key))
}

pub(super) fn field(loader: &mut Loader<'_>, key: &str, raw: Raw<'_>, line: u32) -> Result<(), Wrong> {
    if key.eq_ignore_ascii_case("capture") {
        return capture::read(loader, raw, line, true);
    }
    if key == "$schema" {
        return Ok(());
    }
    match collection(key) {
        Some(_) => {
            let mut wrong = raw.wrong(format!("`{key}` is {}; an array of records was expected", raw.kind()));
            wrong.help = Some(
                "a collection that was not captured is left out; one that is empty is written `[]`"
                    .to_owned(),
            );
            Err(wrong)
        }
        None => Err(unknown(raw, key)),
    }
}

pub(super) fn array(loader: &mut Loader<'_>, key: &str) -> Result<Listing, Wrong> {
    match collection(key) {
        Some(collection) => {
            loader.coverage.mention(collection);
            Ok(Listing::Of(collection))
        }
        None => Err(unknown(Raw { text: "[]", at: 0, key, inner: false, plain: false }, key)),
    }
}

fn unknown(raw: Raw<'_>, key: &str) -> Wrong {
    let names = Collection::ALL.iter().map(|c| c.key()).chain(["capture"]);
    let help = match capture::nearest(key, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the keys of an inventory document are: {}", names.collect::<Vec<_>>().join(", ")),
    };
    let message = format!("`{key}` is no collection of an inventory document");
    Wrong { help: Some(help), code: code::D503, ..raw.wrong(message) }
}
