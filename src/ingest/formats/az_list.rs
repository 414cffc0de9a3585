//! A bare array: what `az ... list -o json` prints, and `az graph query` of older versions.

use super::super::loader::Loader;

pub(super) fn end(loader: &mut Loader<'_>, line: u32) {
    super::end_list(loader, line);
}
