//! Who may import whom: the table of ARCHITECTURE.md held against the code.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each floor and the floors that it may use. `engine` and `bundled` may use everything but `cli`; `cli` everything.
const TABLE: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("azure", &[]),
    ("diagnostic", &["text"]),
    ("inventory", &["azure", "text"]),
    ("verdict", &["text", "azure"]),
    ("syntax", &["text", "diagnostic"]),
    ("graph", &["azure", "inventory"]),
    ("ingest", &["azure", "inventory", "diagnostic", "text"]),
    ("check", &["syntax", "azure", "inventory", "diagnostic", "text"]),
    ("lint", &["syntax", "check", "azure", "inventory", "diagnostic", "text"]),
    ("eval", &["check", "azure", "inventory", "graph", "verdict"]),
    ("trial", &["syntax", "inventory", "azure", "diagnostic", "text", "verdict"]),
    ("report", &["verdict", "diagnostic", "text"]),
];

/// Of a floor, only this part may be used by those that name it.
const DOORS: &[(&str, &str, &str)] =
    &[("eval", "check", "check::plan"), ("check", "inventory", "inventory::")];

/// Only these may speak of files, environment, standard streams and the clock.
const OUTSIDE: &[&str] = &["cli", "main.rs"];

fn sources() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            match path.is_dir() {
                true => walk(&path, found),
                false if path.extension().is_some_and(|e| e == "rs") => found.push(path),
                false => {}
            }
        }
    }
    let mut found = vec![];
    walk(Path::new("src"), &mut found);
    found
}

/// The floor of a file: its first folder under `src`, or its own name.
fn floor(path: &Path) -> String {
    let inside = path.strip_prefix("src").unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The floors that a line of code names: `crate::X`, in `use` trees as well.
fn named(text: &str) -> BTreeSet<String> {
    let mut floors = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let word =
            |s: &str| s.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
        match rest.strip_prefix('{') {
            Some(tree) => {
                let inner = &tree[..tree.find('}').unwrap_or(tree.len())];
                floors.extend(inner.split(',').map(|item| word(item.trim())).filter(|w| !w.is_empty()));
            }
            None => {
                floors.insert(word(rest));
            }
        }
    }
    floors
}

/// Code without comments and documentation, where a link may name any floor.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_floor_uses_only_the_floors_it_may() {
    let mut wrong = vec![];
    for path in sources() {
        let floor = floor(&path);
        let Some((_, may)) = TABLE.iter().find(|(name, _)| *name == floor) else { continue };
        for used in named(&code(&path)) {
            let is_floor = used != floor && Path::new("src").join(&used).is_dir();
            if is_floor && !may.contains(&used.as_str()) {
                wrong.push(format!("{} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_evaluator_knows_the_plan_and_nothing_else_of_the_checker() {
    for (floor_name, used, door) in DOORS {
        for path in sources().into_iter().filter(|p| floor(p) == *floor_name) {
            for line in code(&path).lines() {
                let names_it = line.contains(&format!("crate::{used}"));
                assert!(!names_it || line.contains(&format!("crate::{door}")), "{}: {line}", path.display());
            }
        }
    }
}

#[test]
fn every_floor_stands_in_the_table() {
    let known: BTreeSet<&str> = TABLE.iter().map(|(name, _)| *name).chain(["cli", "engine"]).collect();
    for entry in fs::read_dir("src").unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            assert!(
                known.contains(name.as_str()),
                "src/{name} is a floor that no row of the table speaks of"
            );
        }
    }
}

#[test]
fn only_the_command_line_speaks_to_the_outside() {
    let outside = [
        "std::fs",
        "std::env::",
        "std::io::stdin",
        "std::io::stdout",
        "println!",
        "SystemTime",
        "Instant::now",
    ];
    for path in sources() {
        if OUTSIDE.iter().any(|o| path.starts_with(Path::new("src").join(o))) {
            continue;
        }
        for (number, line) in code(&path).lines().enumerate() {
            // What cargo tells at compile time is not the environment of a run.
            for word in outside.iter().filter(|w| line.contains(**w)) {
                assert!(line.contains("CARGO_"), "{}:{}: {word}", path.display(), number + 1);
            }
        }
    }
}

#[test]
fn only_one_room_names_pest_and_only_one_annotate_snippets() {
    for path in sources() {
        let text = code(&path);
        if !path.starts_with("src/syntax/parse") && !path.starts_with("src/syntax/parse.rs") {
            assert!(!text.contains("pest::") && !text.contains("Rule::"), "{} names pest", path.display());
        }
        if path != Path::new("src/diagnostic/render.rs") {
            assert!(!text.contains("annotate_snippets"), "{} names annotate-snippets", path.display());
        }
    }
}
