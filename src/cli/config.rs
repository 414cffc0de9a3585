//! `dictum.toml`: what is checked here, over what, and what counts as failed.

use crate::check::{Override, OverrideValue};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, Place, code};
use crate::text::{Sources, Span};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// The file's name.
pub(crate) const FILE: &str = "dictum.toml";

/// The configuration of Dictum. Found in the working folder or the nearest one above it; paths are relative to the file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(title = "dictum.toml")]
pub(super) struct Document {
    /// Policy files (.dictum), folders of them, or patterns such as "teams/*/policies". Without it, the bundled packs.
    policies: Vec<String>,
    /// What was captured: files, folders or patterns. What `-i` names on the command line is used instead.
    inventory: Vec<String>,
    /// Values of the policies' parameters, within the bounds that the policies set: "policy.parameter" = "30 days". A
    /// number is written as a number, all else as a string.
    #[schemars(with = "BTreeMap<String, ParameterSchema>")]
    params: BTreeMap<String, toml::Spanned<toml::Value>>,
    /// The files whose `waive` statements count, as paths or patterns: "waivers/*.dictum". A `waive` in any other file
    /// does nothing.
    waivers: Vec<String>,
    /// What you know to be empty though it was not captured: pim = "none", denyAssignments = "none". Every report says so.
    #[schemars(with = "BTreeMap<String, AssumptionSchema>")]
    assume: BTreeMap<String, toml::Spanned<String>>,
    /// What is said about captures.
    capture: CaptureDocument,
    /// What blocks the gate: "deny" (deny and require), or "warn" as well.
    fail_on: Option<FailOnDocument>,
    /// The file that keeps the verdicts (`dictum lock`, `dictum check --locked`). Without it, dictum.lock beside this file.
    lock: Option<String>,
}

/// What is said about captures.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct CaptureDocument {
    /// Collections that you know to be captured whole: "roleAssignments". An assertion: every report says so.
    complete: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum FailOnDocument {
    Deny,
    Warn,
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its shape is used, for the schema")]
enum ParameterSchema {
    Number(u64),
    Text(String),
}

#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its shape is used, for the schema")]
enum AssumptionSchema {
    None,
}

/// The configuration of a run; empty where there is no dictum.toml.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The folder of the file, relative to the working folder; empty for the working folder itself.
    pub(crate) folder: PathBuf,
    /// Whether there is a file.
    pub(crate) found: bool,
    /// Policy files, folders or patterns.
    pub(crate) policies: Vec<String>,
    /// Inventory files, folders or patterns.
    pub(crate) inventory: Vec<String>,
    /// Files that may waive.
    pub(crate) waivers: Vec<String>,
    /// Values of parameters.
    pub(crate) params: Vec<Override>,
    /// Collections asserted to be complete.
    pub(crate) complete: Vec<String>,
    /// What is assumed, `pim` in `pim = "none"`.
    pub(crate) assume: Vec<String>,
    /// Whether warnings block.
    pub(crate) fail_on_warn: bool,
    /// The lock file.
    pub(crate) lock: Option<PathBuf>,
}

/// The JSON schema of dictum.toml.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Document);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// Which keys there are, by the table they are in (`""` for the document).
const KEYS: &[(&str, &[&str])] = &[
    ("", &["policies", "inventory", "params", "waivers", "assume", "capture", "fail-on", "lock"]),
    ("capture", &["complete"]),
];

impl Config {
    /// Reads the file of that index in `sources`, which lies in `folder`.
    ///
    /// # Errors
    ///
    /// Every mistake in it.
    pub(crate) fn read(sources: &Sources, file: usize, folder: &Path) -> Result<Config, Vec<Diagnostic>> {
        let source = sources.get(file);
        let at = |range: Range<usize>| {
            let end = source.text().len();
            Span::new(source.base() + range.start.min(end) as u32, source.base() + range.end.min(end) as u32)
        };
        let table = DeTable::parse(source.text()).map_err(|error| vec![broken(&error, &at)])?;
        let unknown = unknown_keys(table.get_ref(), &at);
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let document = Document::deserialize(toml::Deserializer::from(table))
            .map_err(|error| vec![broken(&error, &at)])?;
        let mut problems = vec![];
        let mut params = vec![];
        for (name, value) in document.params {
            let line = sources.locate(at(value.span())).map_or(0, |place| u64::from(place.line));
            let place = Place { file: source.name().to_owned(), pointer: String::new(), line };
            parameters(name, value.into_inner(), &place, &mut params);
        }
        let mut assume = vec![];
        for (name, value) in document.assume {
            let span = at(value.span());
            if value.get_ref() == "none" {
                assume.push(name);
            } else {
                problems.push(
                    Diagnostic::error(code::D805, format!("`{name}` can only be assumed to be \"none\""))
                        .at(span, "write \"none\", or leave it out")
                        .edit(span, "\"none\""),
                );
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Config {
            folder: folder.to_owned(),
            found: true,
            policies: document.policies,
            inventory: document.inventory,
            waivers: document.waivers,
            params,
            complete: document.capture.complete,
            assume,
            fail_on_warn: matches!(document.fail_on, Some(FailOnDocument::Warn)),
            lock: document.lock.map(|lock| folder.join(lock)),
        })
    }
}

fn broken(error: &toml::de::Error, at: &dyn Fn(Range<usize>) -> Span) -> Diagnostic {
    let message = error.message().lines().next().unwrap_or_default();
    let message = message.replace("a sequence", "a list such as [\"a\", \"b\"]").replace("a map", "a table");
    let message = message.replace("unknown variant", "there is no").replace("invalid type", "another type");
    let span = at(error.span().unwrap_or(0..0));
    Diagnostic::error(code::D804, "dictum.toml can't be read").at(span, message)
}

fn unknown_keys(document: &DeTable<'_>, at: &dyn Fn(Range<usize>) -> Span) -> Vec<Diagnostic> {
    let mut found = vec![];
    for &(table, known) in KEYS {
        let entries = match table {
            "" => Some(document),
            name => document.get(name).and_then(|value| match value.get_ref() {
                DeValue::Table(inner) => Some(inner),
                _ => None,
            }),
        };
        for key in entries.into_iter().flat_map(|entries| entries.keys()) {
            if known.contains(&key.get_ref().as_ref()) {
                continue;
            }
            let span = at(key.span());
            let place = if table.is_empty() { String::new() } else { format!(" of [{table}]") };
            let mut diagnostic =
                Diagnostic::error(code::D803, format!("`{}` is not a key{place}", key.get_ref()));
            diagnostic = match nearest(key.get_ref(), known.iter().copied()) {
                Some(near) => diagnostic.at(span, format!("did you mean `{near}`?")).edit(span, near),
                None => diagnostic.at(span, ""),
            };
            found.push(diagnostic.note(format!("keys{place} are: {}", known.join(", "))));
        }
    }
    found
}

/// The value of one parameter, or those of the policy that the table is named after.
fn parameters(key: String, value: toml::Value, place: &Place, out: &mut Vec<Override>) {
    let value = match value {
        toml::Value::Table(table) => {
            for (inner, value) in table {
                parameters(format!("{key}.{inner}"), value, place, out);
            }
            return;
        }
        toml::Value::Integer(n) => OverrideValue::Int(n),
        toml::Value::String(text) => OverrideValue::Text(text),
        toml::Value::Datetime(date) => OverrideValue::Text(date.to_string()),
        toml::Value::Boolean(_) => OverrideValue::Other("a boolean"),
        toml::Value::Float(_) => OverrideValue::Other("a number with a fraction"),
        toml::Value::Array(_) => OverrideValue::Other("a list"),
    };
    let pointer = format!("/params/{}", key.replace('~', "~0").replace('/', "~1"));
    out.push(Override { key, value, place: Place { pointer, ..place.clone() } });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_are_those_of_the_schema() {
        let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
        let keys = |object: &serde_json::Value| {
            let mut keys: Vec<String> = object["properties"].as_object().unwrap().keys().cloned().collect();
            keys.sort();
            keys
        };
        let sorted = |keys: &[&str]| {
            let mut keys: Vec<String> = keys.iter().map(|k| k.to_string()).collect();
            keys.sort();
            keys
        };
        assert_eq!(keys(&schema), sorted(KEYS[0].1));
        assert_eq!(keys(&schema["$defs"]["CaptureDocument"]), sorted(KEYS[1].1));
    }
}
