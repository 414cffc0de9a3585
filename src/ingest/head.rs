//! What a top-level value seems to be, by its keys, before it is read.

use super::json::{Halt, Nesting, Scanner};
use super::value;
use crate::inventory::Collection;

/// How the records of a top-level value are arranged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// Dictum's own document: its keys are collections.
    Document,
    /// A page: the records are in `value`.
    Page,
    /// A Resource Graph answer: the records are in `data`.
    Graph,
    /// An array of records.
    Array,
    /// One record.
    Single,
    /// A capture.json.
    Capture,
}

/// What a top-level value is.
pub(super) enum Head {
    /// It can be read.
    Form(Form),
    /// It can't: what it seems to be, and what to do.
    Foreign(&'static str, &'static str),
}

struct Seen {
    key: String,
    opens: u8,
    text: String,
}

const DIRECTORY: [&str; 3] = ["@odata.context", "odata.metadata", "@odata.nextlink"];

/// Looks at the keys of the object at `scanner`, as far as the window goes; and whether the window ended first.
pub(super) fn of_object(scanner: &Scanner<'_>) -> (Head, bool) {
    let (keys, cut) = keys(scanner.clone());
    (decide(&keys), cut)
}

fn decide(keys: &[Seen]) -> Head {
    let find = |key: &str| keys.iter().find(|k| k.key == key);
    let has = |key: &str| find(key).is_some();
    let opens = |key: &str, byte: u8| find(key).is_some_and(|k| k.opens == byte);
    let text = |key: &str| find(key).map_or("", |k| k.text.as_str());
    let foreign = [
        (
            has("resource_changes")
                || has("planned_values")
                || (has("terraform_version") && has("format_version")),
            "a Terraform plan",
            "an inventory is what was captured from a tenant; plans are not read yet",
        ),
        (
            text("$schema").to_ascii_lowercase().contains("deploymenttemplate")
                || (has("contentversion") && has("$schema")),
            "an ARM template or its parameters",
            "an inventory is what was captured from a tenant; templates are not read yet",
        ),
        (
            opens("changes", b'[') || text("properties").contains("\"changeType\""),
            "the result of a what-if deployment",
            "an inventory is what was captured from a tenant; what-if results are not read yet",
        ),
        (
            opens("error", b'{') || has("odata.error"),
            "the answer to a call that failed",
            "capture it again: a failed call says nothing of what there is",
        ),
        (
            opens("data", b'[') && (opens("meta", b'{') || text("data").contains("\"kind\":\"AZ")),
            "output of AzureHound",
            "capture with `dictum inventory --capture-script`, az or az rest",
        ),
        (
            has("accesstoken") || has("access_token"),
            "an access token",
            "delete it, and capture with `dictum inventory --capture-script`",
        ),
    ];
    if let Some(&(_, what, way)) = foreign.iter().find(|(is, ..)| *is) {
        return Head::Foreign(what, way);
    }
    if text("schema").starts_with("dictum/capture/")
        || (!has("capture") && opens("complete", b'[') && has("time"))
    {
        return Head::Form(Form::Capture);
    }
    let graph =
        ["totalrecords", "total_records", "count", "resulttruncated", "skip_token", "$skiptoken", "facets"];
    if has("data") && !has("id") && graph.iter().any(|k| has(k)) {
        return Head::Form(Form::Graph);
    }
    let is_collection = |k: &Seen| Collection::ALL.iter().any(|c| c.key().eq_ignore_ascii_case(&k.key));
    if !has("id")
        && !has("type")
        && (has("capture") || keys.iter().any(|k| is_collection(k) && k.opens == b'['))
    {
        return Head::Form(Form::Document);
    }
    if opens("value", b'[') || (has("value") && DIRECTORY.iter().any(|k| has(k)) && !has("id")) {
        return Head::Form(Form::Page);
    }
    if has("id") || has("objectid") || has("principalid") || has("groupid") || (has("name") && has("type")) {
        return Head::Form(Form::Single);
    }
    if keys.iter().any(is_collection) || keys.iter().any(|k| k.opens == b'[') {
        return Head::Form(Form::Document);
    }
    if ["applicationid", "serviceprincipalid", "memberid", "ownerid", "rolename"].iter().any(|k| has(k)) {
        return Head::Form(Form::Single);
    }
    Head::Foreign(
        "JSON of another kind",
        "expected: a Dictum inventory document, a page of ARM or Microsoft Graph (`value`), output of az, or a Resource Graph answer (`data`)",
    )
}

fn keys(mut scanner: Scanner<'_>) -> (Vec<Seen>, bool) {
    let mut keys: Vec<Seen> = vec![];
    let mut nesting = Nesting::default();
    scanner.at += 1;
    let mut cut = false;
    while keys.len() < 200 {
        if scanner.peek() == Some(b',') && !keys.is_empty() {
            scanner.at += 1;
        }
        let (from, to) = match scanner.key() {
            Ok(span) => span,
            Err(halt) => {
                cut = halt == Halt::Cut;
                break;
            }
        };
        let key = String::from_utf8_lossy(&scanner.bytes[from..to]);
        let key = value::unescape(&key).unwrap_or_default().to_ascii_lowercase();
        let Some(opens) = scanner.peek() else {
            cut = true;
            break;
        };
        let start = scanner.at;
        let whole = scanner.value(&mut nesting);
        let end = if whole.is_ok() { scanner.at } else { scanner.bytes.len() };
        let text = String::from_utf8_lossy(&scanner.bytes[start..end.min(start + 400)]).into_owned();
        keys.push(Seen { key, opens, text });
        if let Err(halt) = whole {
            cut = halt == Halt::Cut;
            break;
        }
    }
    (keys, cut)
}

/// What a text that is no JSON seems to be; nothing where it can't be told.
pub(super) fn of_text(start: &[u8]) -> Option<(&'static str, &'static str)> {
    let start = start.trim_ascii_start();
    let lower = start[..start.len().min(64)].to_ascii_lowercase();
    let begins = |word: &[u8]| lower.starts_with(word);
    if begins(b"<!doctype") || begins(b"<html") || begins(b"<?xml") {
        return Some((
            "a web page or XML",
            "a proxy or a sign-in page may have answered instead of Azure: capture it again",
        ));
    }
    if begins(b"error:")
        || begins(b"error ")
        || begins(b"traceback")
        || begins(b"az : error")
        || begins(b"az.cmd : error")
    {
        return Some((
            "an error message of az",
            "capture it again: a failed call says nothing of what there is",
        ));
    }
    if begins(b"warning") || begins(b"command group") || begins(b"this command") || begins(b"az : warning") {
        return Some((
            "a warning of az in front of its output",
            "keep standard error out of the file: `az ... -o json > file.json`, without `2>&1`",
        ));
    }
    if begins(b"policy ") || begins(b"rule ") || begins(b"deny ") || begins(b"#") {
        return Some((
            "the text of a policy",
            "an inventory was expected here; a policy is named without `-i`",
        ));
    }
    None
}
