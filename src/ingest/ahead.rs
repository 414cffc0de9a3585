//! What records that are still to be read will look up: the thread that goes through the bytes notes it, so that whoever
//! reads the records has the places in memory at hand before it needs them one by one.

use super::record::{Key, Slot};
use crate::azure::Guid;
use crate::inventory::path_hash;

/// Scopes and objects that the records of a batch name. Nothing depends on their being here: they say where to look, not
/// what is so.
#[derive(Default)]
pub(super) struct Ahead {
    /// Hashes of scopes.
    pub(super) paths: Vec<u32>,
    /// Object ids.
    pub(super) objects: Vec<Guid>,
}

impl Ahead {
    /// Notes what a record with those slots names.
    pub(super) fn note(&mut self, bytes: &[u8], slots: &[Slot]) {
        let (mut path, mut own) = (None, None);
        for slot in slots {
            match slot.key {
                Key::Scope => path = Some(slot),
                Key::Id if !slot.inner => own = Some(slot),
                Key::PrincipalId | Key::MemberId | Key::GroupId => self.object(bytes, slot),
                _ => {}
            }
        }
        if let Some(slot) = path.or(own) {
            let inside = bytes.get(slot.start as usize + 1..slot.end as usize - 1).unwrap_or_default();
            match inside.first() {
                Some(b'/') if slot.plain => self.paths.push(path_hash(inside)),
                _ => self.object(bytes, slot),
            }
        }
    }

    fn object(&mut self, bytes: &[u8], slot: &Slot) {
        let inside = bytes.get(slot.start as usize + 1..slot.end as usize - 1).unwrap_or_default();
        self.objects.extend(Guid::parse_bytes(inside));
    }

    pub(super) fn clear(&mut self) {
        self.paths.clear();
        self.objects.clear();
    }
}
