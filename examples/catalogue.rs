//! Writes the catalogue of built-in roles, `src/azure/data/roles.txt`, from what Azure says of them:
//!
//! ```text
//! az role definition list --output json > definitions.json
//! cargo run --example catalogue -- --source "az role definition list, 2026-11-22" definitions.json \
//!     > roles.txt && mv roles.txt src/azure/data/roles.txt
//! ```
//!
//! The output of `az role definition list`, a page of the ARM REST API (`{"value": [{"properties": ...}]}`) and a bare
//! array of either are read. Custom roles are left out. `roles-by-hand.json` beside this file holds the roles that such
//! a list lacks; of two definitions with one GUID that of the list counts.

use std::process::ExitCode;

use dictum::azure::{Block, Guid, roles};
use serde_json::Value;

const USAGE: &str = "usage: cargo run --example catalogue -- --source \"WHERE FROM, WHEN\" FILE...";

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(catalogue) => {
            print!("{catalogue}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Vec<String>) -> anyhow::Result<String> {
    let [option, source, files @ ..] = arguments.as_slice() else { anyhow::bail!(USAGE) };
    anyhow::ensure!(option == "--source" && !files.is_empty(), USAGE);
    let mut documents: Vec<Value> = vec![serde_json::from_str(include_str!("roles-by-hand.json"))?];
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|error| anyhow::anyhow!("{file}: {error}"))?;
        let document: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|e| anyhow::anyhow!("{file}: {e}"))?;
        anyhow::ensure!(
            document.get("nextLink").is_none_or(Value::is_null),
            "{file}: is one page of several; give the pages that `nextLink` leads to in one array"
        );
        documents.push(document);
    }
    let mut entries = Vec::new();
    for document in &documents {
        let Some(definitions) = document.get("value").unwrap_or(document).as_array() else {
            anyhow::bail!("an array of role definitions was expected, or an object whose `value` is one");
        };
        for definition in definitions {
            entries.extend(entry(definition)?);
        }
    }
    let head = format!(
        "The built-in roles of Azure: GUID and name, then what they grant.\nSource: {source}.\n\
         Made by: cargo run --example catalogue (see examples/catalogue.rs); not to be edited."
    );
    Ok(roles::write(&head, entries))
}

/// A built-in role out of its definition; `None` for a custom role.
fn entry(definition: &Value) -> anyhow::Result<Option<roles::Entry<'_>>> {
    let facts = definition.get("properties").unwrap_or(definition);
    let role_type = facts.get("roleType").or_else(|| facts.get("type")).and_then(Value::as_str);
    if role_type != Some("BuiltInRole") {
        anyhow::ensure!(role_type == Some("CustomRole"), "no `roleType` or `properties.type`: {definition}");
        return Ok(None);
    }
    let (Some(guid), Some(name)) = (
        definition.get("name").and_then(Value::as_str).and_then(Guid::parse),
        facts.get("roleName").and_then(Value::as_str),
    ) else {
        anyhow::bail!("no `name` (a GUID) or no `roleName`: {definition}");
    };
    let Some(permissions) = facts.get("permissions").and_then(Value::as_array) else {
        anyhow::bail!("no `permissions`: {definition}");
    };
    let blocks = permissions.iter().map(|block| Block {
        actions: texts(block, "actions"),
        not_actions: texts(block, "notActions"),
        data_actions: texts(block, "dataActions"),
        not_data_actions: texts(block, "notDataActions"),
        condition: block.get("condition").and_then(Value::as_str),
    });
    Ok(Some(roles::Entry {
        guid,
        name,
        blocks: blocks.collect(),
        assignable_scopes: texts(facts, "assignableScopes"),
    }))
}

fn texts<'a>(object: &'a Value, key: &str) -> Vec<&'a str> {
    object.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}
