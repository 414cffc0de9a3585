//! Bytes of a capture become an [`Inventory`].
//!
//! What a file is, its content says: its first bytes (gzip, zstd, UTF-16), the keys of its top-level value (`head`), and
//! the `type`, `@odata.type` or keys of each record (`kind`). A file's name matters only for lists that do not say whose
//! members they hold.
//!
//! One thread goes through the bytes, window by window, and notes where each record's values stand (`walk`, `record`);
//! the caller's thread reads the records it is handed and states them (`loader`, `collections`). Records that stand alone
//! are read by whichever of the two has time (`ahead`). Neither keeps a tree of the document.

mod ahead;
mod collections;
mod consistency;
mod coverage;
mod formats;
mod head;
mod json;
mod kind;
mod list;
mod loader;
mod record;
mod stream;
mod value;
mod walk;

use crate::diagnostic::{Diagnostic, code};
use crate::inventory::{Collection, Draft, Inventory, Origin, ScopeId, Wanted};
use loader::Loader;
use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc;

/// One input.
pub struct Input {
    /// The name that the user gave it (`-` for standard input).
    pub name: String,
    /// Its bytes.
    pub reader: Box<dyn Read + Send>,
}

/// What the user says of the inputs.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// Collections that are complete, each with who says so (`--complete`, `dictum.toml`).
    pub complete: Vec<(Collection, String)>,
}

/// What was read.
pub struct Loaded {
    /// The inventory.
    pub inventory: Inventory,
    /// What the user should know: warnings and notes.
    pub warnings: Vec<Diagnostic>,
}

/// The tables of readers: each folder under `src/ingest` and the files that its table lists.
pub fn tables() -> [(&'static str, Vec<&'static str>); 2] {
    let formats = formats::FORMATS.iter().map(|format| format.file).collect();
    let readers = collections::READERS.iter().map(|reader| reader.file).collect();
    [("formats", formats), ("collections", readers)]
}

/// Reads all inputs into one inventory, keeping of the plain attributes those that are wanted.
///
/// # Errors
///
/// Every input that can't be read, every record that is not what its collection needs, and everything that two records say
/// in two ways. With an error there is no inventory: half of one would pass for whole.
pub fn read(mut inputs: Vec<Input>, wanted: Wanted, declared: &Declared) -> Result<Loaded, Vec<Diagnostic>> {
    // A capture.json says what the files beside it hold, so it comes first. The order of the others stays.
    inputs.sort_by_key(|input| input.name.rsplit(['/', '\\']).next() != Some("capture.json"));
    let names: Vec<String> = inputs.iter().map(|input| input.name.clone()).collect();
    let mut loader = Loader::new(Draft::new(wanted), declared);
    let (to, batches) = mpsc::sync_channel(4);
    let (give_back, back) = mpsc::channel();
    let waiting = AtomicUsize::new(0);
    let wants_tags = collections::wants_tags(&loader.draft);
    std::thread::scope(|scope| {
        let waiting = &waiting;
        scope.spawn(move || walk::run(inputs, wants_tags, waiting, &to, &back));
        for mut batch in batches {
            waiting.fetch_sub(1, Relaxed);
            loader.batch(&mut batch, &names);
            // The walk may have ended: then nobody needs it.
            let _ = give_back.send(batch);
        }
    });
    finish(loader, &names)
}

/// The tenant's root management group has the tenant's id for a name, and nothing but the root above it.
fn root_group(loader: &mut Loader<'_>) {
    let inventory = loader.draft.inventory();
    let roots: Vec<ScopeId> = inventory
        .tenants
        .iter()
        .filter_map(|tenant| {
            let id = format!("/providers/Microsoft.Management/managementGroups/{tenant}");
            inventory.scopes.find(&id, &inventory.names)
        })
        .filter(|&group| !inventory.scopes.parent_is_known(group))
        .collect();
    for group in roots {
        loader.draft.parent(group, ScopeId::ROOT, Origin { part: u32::MAX, index: Origin::WHOLE, line: 0 });
    }
}

fn finish(mut loader: Loader<'_>, names: &[String]) -> Result<Loaded, Vec<Diagnostic>> {
    loader.use_name_hints();
    for (application, owner, origin) in std::mem::take(&mut loader.application_owners) {
        let entity = loader.application(&application, origin);
        loader.draft.owner(entity, owner);
    }
    for (guid, name) in
        std::mem::take(&mut loader.app_role_names).into_iter().collect::<std::collections::BTreeMap<_, _>>()
    {
        loader.draft.name_app_role(guid, name);
    }
    consistency::unowned(&mut loader);
    consistency::tenants(&mut loader);
    if loader.errors.is_empty() && loader.coverage.is_empty() {
        let mut nothing = Diagnostic::error(code::D514, "the inputs hold no record of anything")
            .help("capture a tenant with `dictum inventory --capture-script bash`");
        nothing.notes.extend(names.iter().map(|name| format!("read: {name}")));
        nothing.notes.extend(loader.warnings.iter().map(|warning| warning.message.clone()));
        loader.errors.push(nothing);
    }
    root_group(&mut loader);
    coverage::settle(&mut loader, names);
    let Loader { draft, mut errors, mut warnings, classic, .. } = loader;
    consistency::classic(classic, &mut warnings);
    match draft.finish() {
        Ok(inventory) if errors.is_empty() => {
            consistency::check(&inventory, &mut warnings);
            Ok(Loaded { inventory, warnings })
        }
        Ok(_) => Err(errors),
        Err((problems, origins)) => {
            errors.extend(problems.iter().map(|problem| consistency::problem(problem, &origins)));
            Err(errors)
        }
    }
}
