//! What the thread that goes through the bytes does for whoever reads the records: where that one is behind, it reads records
//! as far as they stand alone, and it notes which scopes and objects the records of a batch name.

use super::collections::Known;
use super::record::{Key, Slot};
use crate::azure::Guid;
use crate::inventory::path_hash;

/// What was read of a batch before its records are.
#[derive(Default)]
pub(super) struct Ahead {
    /// Hashes of scopes that records name. Nothing depends on these and on the objects: they say where to look, not what
    /// is so.
    pub(super) paths: Vec<u32>,
    /// Ids of objects that records name.
    pub(super) objects: Vec<Guid>,
    /// Records that were read.
    pub(super) known: Vec<Known>,
    pub(super) beside: Beside,
}

/// What stands beside records that were read: texts that are not in the window as they should be, and pairs of texts.
#[derive(Default)]
pub(super) struct Beside {
    /// One after the other.
    pub(super) texts: String,
    pub(super) pairs: Vec<(Piece, Piece)>,
    /// Whether tags are worth reading.
    pub(super) tags: bool,
}

/// A text of a batch: a span of its window, or of the texts beside it.
#[derive(Clone, Copy, Default)]
pub(super) struct Piece {
    start: u32,
    end: u32,
    beside: bool,
}

/// What pieces are of.
#[derive(Clone, Copy)]
pub(super) struct Texts<'b> {
    pub(super) window: &'b str,
    pub(super) beside: &'b Beside,
}

impl Beside {
    /// A text that stands in the window, or was made of one that does.
    pub(super) fn piece(&mut self, text: &str, window: &str) -> Piece {
        let start = (text.as_ptr() as usize).wrapping_sub(window.as_ptr() as usize);
        let end = start.saturating_add(text.len());
        if end <= window.len() {
            return Piece { start: start as u32, end: end as u32, beside: false };
        }
        let from = self.texts.len();
        self.texts.push_str(text);
        self.since(from)
    }

    /// What was put at the end of the texts.
    pub(super) fn since(&self, from: usize) -> Piece {
        Piece { start: from as u32, end: self.texts.len() as u32, beside: true }
    }
}

impl<'b> Texts<'b> {
    pub(super) fn get(self, piece: Piece) -> &'b str {
        let text = if piece.beside { &self.beside.texts } else { self.window };
        text.get(piece.start as usize..piece.end as usize).unwrap_or_default()
    }
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
            let inside = inside(bytes, slot);
            match inside.first() {
                Some(b'/') if slot.plain => self.paths.push(path_hash(inside)),
                _ => self.object(bytes, slot),
            }
        }
    }

    fn object(&mut self, bytes: &[u8], slot: &Slot) {
        self.objects.extend(Guid::parse_bytes(inside(bytes, slot)));
    }

    pub(super) fn clear(&mut self) {
        self.paths.clear();
        self.objects.clear();
        self.known.clear();
        self.beside.texts.clear();
        self.beside.pairs.clear();
    }
}

/// A value without its first and last byte: of a string, what is between its quotes.
fn inside<'b>(bytes: &'b [u8], slot: &Slot) -> &'b [u8] {
    bytes.get(slot.start as usize + 1..(slot.end as usize).saturating_sub(1)).unwrap_or_default()
}
