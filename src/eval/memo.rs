//! The truth of something for each row of a table, kept from when it was first asked: a byte a row.

use crate::inventory::{Missing, Truth};
use std::cell::RefCell;

const UNASKED: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
/// Unknown for the first of the reasons; the next byte is the next of them.
const UNKNOWN: u8 = 3;

/// What was found out so far.
pub(super) struct Memo {
    rows: RefCell<Vec<u8>>,
    /// Why rows are unknown: there are few reasons.
    reasons: RefCell<Vec<Missing>>,
}

impl Memo {
    /// Of a table with so many rows.
    pub(super) fn new(rows: usize) -> Self {
        Memo { rows: RefCell::new(vec![UNASKED; rows]), reasons: RefCell::default() }
    }

    /// What is kept for a row, else what `decide` says of it.
    pub(super) fn get_or(&self, row: usize, decide: impl FnOnce() -> Truth) -> Truth {
        match self.rows.borrow()[row] {
            UNASKED => {}
            FALSE => return Truth::False,
            TRUE => return Truth::True,
            unknown => return Truth::Unknown(self.reasons.borrow()[usize::from(unknown - UNKNOWN)]),
        }
        let truth = decide();
        let byte = match truth {
            Truth::False => FALSE,
            Truth::True => TRUE,
            Truth::Unknown(missing) => self.byte_of(missing),
        };
        self.rows.borrow_mut()[row] = byte;
        truth
    }

    /// The byte of a reason; with more reasons than bytes the row is asked again.
    fn byte_of(&self, missing: Missing) -> u8 {
        let mut reasons = self.reasons.borrow_mut();
        let at = reasons.iter().position(|&reason| reason == missing).unwrap_or(reasons.len());
        let Ok(byte) = u8::try_from(at + usize::from(UNKNOWN)) else { return UNASKED };
        if at == reasons.len() {
            reasons.push(missing);
        }
        byte
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::Collection;

    #[test]
    fn what_was_said_stands() {
        let memo = Memo::new(3);
        let unknown = Truth::Unknown(Missing::collection(Collection::Users));
        for (row, truth) in [(0, Truth::True), (1, Truth::False), (2, unknown)] {
            assert_eq!(memo.get_or(row, || truth), truth);
            assert_eq!(memo.get_or(row, || unreachable!("row {row} was decided")), truth);
        }
    }

    #[test]
    fn more_reasons_than_bytes() {
        let memo = Memo::new(600);
        let reasons: Vec<Missing> = (0..600u32)
            .map(|n| {
                let some = Collection::ALL.iter().enumerate().filter(|(i, _)| n >> i & 1 == 1);
                some.fold(Missing::VALUE, |all, (_, &c)| all.and(Missing::collection(c)))
            })
            .collect();
        for _ in 0..2 {
            for (row, &missing) in reasons.iter().enumerate() {
                assert_eq!(memo.get_or(row, || Truth::Unknown(missing)), Truth::Unknown(missing));
            }
        }
    }
}
