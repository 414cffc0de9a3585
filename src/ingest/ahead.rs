//! What the thread that goes through the bytes does for whoever reads the records: it reads the assignments as far as they
//! stand alone, and notes which scopes and objects the records of a batch name.

use super::collections::Assigned;
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
    /// Elements of `roleAssignments`.
    pub(super) assignments: Vec<Assigned>,
    /// Texts whose escapes were undone, one after the other.
    pub(super) undone: String,
}

/// A text of a batch: a span of its window, or of the texts whose escapes were undone.
#[derive(Clone, Copy, Default)]
pub(super) struct Piece {
    start: u32,
    end: u32,
    undone: bool,
}

/// The texts that pieces are of.
#[derive(Clone, Copy)]
pub(super) struct Texts<'b> {
    pub(super) window: &'b str,
    pub(super) undone: &'b str,
}

impl Piece {
    /// A text that stands in the window, or was made of one that does.
    pub(super) fn of(text: &str, window: &str, undone: &mut String) -> Piece {
        let start = (text.as_ptr() as usize).wrapping_sub(window.as_ptr() as usize);
        let end = start.saturating_add(text.len());
        if end <= window.len() {
            return Piece { start: start as u32, end: end as u32, undone: false };
        }
        let start = undone.len() as u32;
        undone.push_str(text);
        Piece { start, end: undone.len() as u32, undone: true }
    }
}

impl<'b> Texts<'b> {
    pub(super) fn get(self, piece: Piece) -> &'b str {
        let text = if piece.undone { self.undone } else { self.window };
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
        self.assignments.clear();
        self.undone.clear();
    }
}

/// A value without its first and last byte: of a string, what is between its quotes.
fn inside<'b>(bytes: &'b [u8], slot: &Slot) -> &'b [u8] {
    bytes.get(slot.start as usize + 1..(slot.end as usize).saturating_sub(1)).unwrap_or_default()
}
