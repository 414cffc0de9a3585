//! The real files beside the project, where they are: each is read, or refused with a reason.

use super::{load_bytes, told};
use std::path::{Path, PathBuf};

fn shared() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/inputs");
    path.is_dir().then_some(path)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn every_real_file_is_read_or_refused_with_a_reason() {
    let Some(shared) = shared() else { return eprintln!("no ../shared: 0 files") };
    let mut found = vec![];
    for folder in ["arm-rest", "az-cli", "msgraph", "resource-graph", "arm", "terraform-plan", "whatif"] {
        files(&shared.join(folder), &mut found);
    }
    let (mut read, mut refused) = (0, 0);
    for path in &found {
        let name = path.strip_prefix(&shared).unwrap().to_string_lossy().into_owned();
        match load_bytes(vec![(&name, std::fs::read(path).unwrap())]) {
            Ok(_) => read += 1,
            Err(errors) => {
                let codes = ["D500", "D501", "D504", "D507", "D514"];
                assert!(codes.contains(&errors[0].code.as_str()), "{name}: {}", told(&errors));
                assert!(
                    !errors[0].help.is_empty() || errors[0].code.as_str() == "D500",
                    "{name}: {}",
                    told(&errors)
                );
                refused += 1;
            }
        }
    }
    eprintln!("{} real files: {read} read, {refused} refused", found.len());
    assert!(read >= 40, "{read}");
}

#[test]
fn counts_of_real_files_are_those_that_were_worked_out_independently() {
    let Some(shared) = shared() else { return eprintln!("no ../shared: 0 files") };
    let facts: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(shared.join("expected-facts.json")).unwrap()).unwrap();
    let mut checked = 0;
    for fact in facts.as_array().unwrap() {
        let (id, file) = (fact["id"].as_str().unwrap(), fact["file"].as_str().unwrap());
        let kind = id.split_once('.').map_or("", |(_, kind)| kind);
        if !["count", "distinct_principals", "conditions", "defs", "mi_principals"].contains(&kind) {
            continue;
        }
        let loaded = load_bytes(vec![(file, std::fs::read(shared.join(file)).unwrap())]);
        let i = loaded.unwrap_or_else(|errors| panic!("{id}: {}", told(&errors))).inventory;
        let a = &i.assignments;
        let found = match kind {
            "count" if id.starts_with("RL") => {
                serde_json::json!([
                    i.scopes.iter().filter(|&s| i.scopes.captured(s).is_some()).count(),
                    false
                ])
            }
            "count" => a.len().into(),
            "distinct_principals" => i.principals.len().into(),
            "conditions" => a.iter().filter(|&x| a.condition(x).value().is_some()).count().into(),
            "defs" => {
                let custom =
                    i.roles.iter().filter(|&r| i.roles.role_type(r) == dictum::inventory::RoleType::Custom);
                serde_json::json!([i.roles.len(), custom.count()])
            }
            _ => i
                .principals
                .iter()
                .filter(|&p| i.is_kind(p, dictum::inventory::schema::Noun::ManagedIdentity).is_true())
                .count()
                .into(),
        };
        assert_eq!(found, fact["value"], "{id}: {}", fact["statement"]);
        checked += 1;
    }
    eprintln!("{checked} facts of real files");
    assert!(checked > 8, "{checked}");
}
