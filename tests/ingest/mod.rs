//! Bytes in, inventory out.

mod damaged;
mod facts;
mod forms;
mod main_way;
mod real;

use dictum::diagnostic::Diagnostic;
use dictum::ingest::{Declared, Input, Loaded, read};
use dictum::inventory::{Collection, Inventory, Wanted};

/// Reads files by name and text.
pub(crate) fn load(files: &[(&str, &str)]) -> Result<Loaded, Vec<Diagnostic>> {
    load_bytes(files.iter().map(|(name, text)| (*name, text.as_bytes().to_vec())).collect())
}

/// Reads files of which somebody asserts that they hold all of those collections.
pub(crate) fn load_declared(
    files: &[(&str, &str)],
    complete: &[Collection],
) -> Result<Loaded, Vec<Diagnostic>> {
    let complete = complete.iter().map(|&c| (c, "--complete".to_owned())).collect();
    let files = files.iter().map(|(name, text)| (*name, text.as_bytes().to_vec())).collect();
    read(inputs(files), Wanted::all(), &Declared { complete })
}

/// Reads files by name and bytes.
pub(crate) fn load_bytes(files: Vec<(&str, Vec<u8>)>) -> Result<Loaded, Vec<Diagnostic>> {
    read(inputs(files), Wanted::all(), &Declared::default())
}

fn inputs(files: Vec<(&str, Vec<u8>)>) -> Vec<Input> {
    files
        .into_iter()
        .map(|(name, bytes)| Input { name: name.to_owned(), reader: Box::new(std::io::Cursor::new(bytes)) })
        .collect()
}

/// The inventory of one file.
pub(crate) fn inventory(text: &str) -> Inventory {
    match load(&[("inventory.json", text)]) {
        Ok(loaded) => loaded.inventory,
        Err(errors) => panic!("{}", told(&errors)),
    }
}

/// The errors of reading files.
pub(crate) fn errors(files: &[(&str, &str)]) -> String {
    match load(files) {
        Ok(_) => "no error".to_owned(),
        Err(errors) => told(&errors),
    }
}

/// The warnings and notes of reading files.
pub(crate) fn warnings(files: &[(&str, &str)]) -> String {
    match load(files) {
        Ok(loaded) => told(&loaded.warnings),
        Err(errors) => panic!("{}", told(&errors)),
    }
}

/// Diagnostics as the lines that a user reads, plainly.
pub(crate) fn told(diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        text += &format!("{}: {}\n", diagnostic.code, diagnostic.message);
        for place in &diagnostic.places {
            text += &format!("  at {}:{} {}\n", place.file, place.line, place.pointer);
        }
        for note in &diagnostic.notes {
            text += &format!("  = {note}\n");
        }
        for help in &diagnostic.help {
            text += &format!("  help: {help}\n");
        }
    }
    text
}

/// `complete`, `partial` or `not captured`, and who says so.
pub(crate) fn extent(inventory: &Inventory, collection: Collection) -> String {
    format!("{} ({})", inventory.coverage.extent(collection).word(), inventory.coverage.reason(collection))
}
