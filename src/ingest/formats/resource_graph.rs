//! An answer of Azure Resource Graph: `data` as a table or as objects, by REST (`totalRecords`, `$skipToken`) or from
//! `az graph query` (`total_records`, `skip_token`).

use super::super::loader::{Listing, Loader};
use super::super::value::{Raw, Wrong};

pub(super) fn field(loader: &mut Loader<'_>, key: &str, raw: Raw<'_>, _line: u32) -> Result<(), Wrong> {
    let list = &mut loader.context.list;
    match key.to_ascii_lowercase().as_str() {
        "totalrecords" | "total_records" => {
            list.total = match raw.text.parse() {
                Ok(total) => Some(total),
                Err(_) if raw.is_null() => None,
                Err(_) => {
                    return Err(raw.wrong(format!("`{key}` is {}; a whole number was expected", raw.kind())));
                }
            };
        }
        // A string in every version of the API that was seen.
        "resulttruncated" | "result_truncated" => {
            list.truncated |= match raw.text {
                "true" | "false" | "null" => raw.text == "true",
                _ => raw.string()?.eq_ignore_ascii_case("true"),
            };
        }
        "$skiptoken" | "skiptoken" | "skip_token" => list.truncated |= raw.filled()?.is_some(),
        "data" => {
            return Err(raw.wrong(format!("`data` is {}; an array or a table was expected", raw.kind())));
        }
        _ => {}
    }
    Ok(())
}

pub(super) fn array(_: &mut Loader<'_>, key: &str) -> Result<Listing, Wrong> {
    let is_data = ["data", "rows"].iter().any(|name| key.eq_ignore_ascii_case(name));
    Ok(if is_data { Listing::Each } else { Listing::Ignored })
}

pub(super) fn end(loader: &mut Loader<'_>, line: u32) {
    super::end_list(loader, line);
}
