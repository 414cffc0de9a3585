//! Pages and tables that follow from the code, and must be current. `UPDATE=1 cargo test docs_are_current` writes them.

use super::sandbox::Sandbox;
use std::fs;
use std::path::Path;

fn current(path: &str, wanted: &str) {
    let there = fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    if there == wanted {
        return;
    }
    assert!(
        std::env::var_os("UPDATE").is_some(),
        "{path} is not current: UPDATE=1 cargo test docs_are_current"
    );
    fs::write(path, wanted).expect("a page can be written");
}

#[test]
fn docs_are_current() {
    current("docs/cli.md", &dictum::cli::reference());
    current("docs/dictum-toml.schema.json", &dictum::cli::config_schema());
}

#[test]
fn the_bundled_files_are_those_of_the_folder() {
    let mut there = vec![];
    for pack in fs::read_dir("policies").unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
        for file in fs::read_dir(&pack).unwrap().map(|e| e.unwrap().path()) {
            if file.extension().is_some_and(|e| e == "dictum") {
                there.push(file.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    there.sort();
    let bundled: Vec<&str> = dictum::bundled::files().map(|file| file.path).collect();
    assert_eq!(bundled, there, "src/bundled.rs lists the files of policies/, in order");
}

#[test]
fn the_repository_s_own_configuration_keeps_to_the_schema() {
    let schema: serde_json::Value = serde_json::from_str(&dictum::cli::config_schema()).unwrap();
    let config: toml::Value = toml::from_str(&fs::read_to_string("dictum.toml").unwrap()).unwrap();
    let config = serde_json::to_value(config).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&config).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert!(!validator.is_valid(&serde_json::json!({ "polices": [] })));
}

#[test]
fn reports_keep_to_the_published_schema() {
    let text = fs::read_to_string("docs/check.schema.json").unwrap();
    let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let check = |document: &str| {
        let document: serde_json::Value = serde_json::from_str(document).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    };
    let tenant = Path::new("snapshots/contoso/inventory.json").canonicalize().unwrap();
    let sandbox = Sandbox::with_tenant();
    check(&sandbox.run_with(&["check", "-q", "-f", "json", "-i", &tenant.to_string_lossy()], "").stdout);
    check(&sandbox.run("check -q -f json -i tenant.json").stdout);
    check(
        &sandbox
            .run("check -q -f json -i tenant.json --unknown report --fail-on warn --assume pim=none")
            .stdout,
    );
}
