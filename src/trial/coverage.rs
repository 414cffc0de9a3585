//! Which cases of each rule its tests show.

use crate::syntax::ast::Outcome;

/// The cases of one rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// It fires.
    pub fires: bool,
    /// It has something to examine, and does not fire.
    pub spares: bool,
    /// It can't be decided.
    pub unknown: bool,
}

impl Cases {
    /// The cases of both.
    #[must_use]
    pub fn and(self, other: Cases) -> Cases {
        Cases {
            fires: self.fires || other.fires,
            spares: self.spares || other.spares,
            unknown: self.unknown || other.unknown,
        }
    }

    /// Whether all three are shown.
    pub fn are_all(self) -> bool {
        self.fires && self.spares && self.unknown
    }
}

/// The case that an expectation which came true shows; `examined` is what the rule examined then.
pub fn cases(outcome: Outcome, examined: u64) -> Cases {
    match outcome {
        Outcome::Deny | Outcome::Warn | Outcome::Advise | Outcome::Waived => {
            Cases { fires: true, ..Cases::default() }
        }
        Outcome::Pass => Cases { spares: examined > 0, ..Cases::default() },
        Outcome::Unknown => Cases { unknown: true, ..Cases::default() },
    }
}
