//! The bundled packs: what has to hold of every file in policies/ and waivers/.

use dictum::diagnostic::render::render;
use dictum::text::Sources;
use std::fs;
use std::path::{Path, PathBuf};

fn dictum_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(dictum_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "dictum") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn read(folder: &str) -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Sources::new();
    for path in dictum_files(&root.join(folder)) {
        let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        sources.add(name, fs::read_to_string(&path).unwrap());
    }
    sources
}

#[test]
fn every_bundled_file_parses() {
    for folder in ["policies", "waivers"] {
        let sources = read(folder);
        assert!(sources.iter().count() > 0, "{folder} holds no policy");
        for file in 0..sources.iter().count() {
            let parsed = dictum::syntax::parse(&sources, file);
            assert!(parsed.diagnostics.is_empty(), "{}", render(&parsed.diagnostics, &sources, false));
        }
    }
}

#[test]
fn every_bundled_file_has_the_one_layout() {
    for folder in ["policies", "waivers"] {
        let sources = read(folder);
        for (file, source) in sources.iter().enumerate() {
            let parsed = dictum::syntax::parse(&sources, file);
            let formatted = dictum::syntax::format(&parsed.file, source);
            assert!(formatted == source.text(), "{}: dictum fmt policies waivers", source.name());
        }
    }
}
