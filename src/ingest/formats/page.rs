//! A page of ARM (`value`, `nextLink`), of Microsoft Graph (`@odata.context`, `@odata.nextLink`) or of the older Azure AD
//! Graph (`odata.metadata`, `odata.nextLink`).

use super::super::loader::{Listing, Loader};
use super::super::value::{Raw, Wrong};

pub(super) fn field(loader: &mut Loader<'_>, key: &str, raw: Raw<'_>, _line: u32) -> Result<(), Wrong> {
    let list = &mut loader.context.list;
    match key.to_ascii_lowercase().as_str() {
        "nextlink" | "@odata.nextlink" => list.next = raw.filled()?.map(|text| text.into_owned()),
        "odata.nextlink" => {
            list.next = raw.filled()?.map(|text| text.into_owned());
            list.old_graph = true;
        }
        "@odata.context" => list.context = raw.filled()?.map(|text| text.into_owned()),
        "odata.metadata" => {
            list.context = raw.filled()?.map(|text| text.into_owned());
            list.old_graph = true;
        }
        "value" => {
            return Err(raw.wrong(format!("`value` is {}; an array of records was expected", raw.kind())));
        }
        _ => {}
    }
    Ok(())
}

pub(super) fn array(_: &mut Loader<'_>, key: &str) -> Result<Listing, Wrong> {
    Ok(if key.eq_ignore_ascii_case("value") { Listing::Each } else { Listing::Ignored })
}

pub(super) fn end(loader: &mut Loader<'_>, line: u32) {
    super::end_list(loader, line);
}
