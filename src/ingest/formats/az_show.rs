//! One record: what `az ... show -o json` prints, an ARM or Graph resource by itself, a line of NDJSON.

use super::super::loader::Loader;

pub(super) fn end(loader: &mut Loader<'_>, line: u32) {
    loader.context.list.rows += 1;
    loader.settle_list(line);
}
