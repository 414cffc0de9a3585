use crate::inventory::{Missing, Truth};

/// How surely something may be done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Certainty {
    /// It may not.
    No,
    /// Something is missing that decides it.
    Unknown(Missing),
    /// Only by an eligible assignment, or by one that begins later.
    Potential,
    /// It may.
    Held,
}

impl Certainty {
    /// Higher is surer.
    pub(super) fn rank(self) -> u8 {
        match self {
            Certainty::No => 0,
            Certainty::Unknown(_) => 1,
            Certainty::Potential => 2,
            Certainty::Held => 3,
        }
    }

    fn both_unknown(self, other: Certainty) -> Option<Certainty> {
        match (self, other) {
            (Certainty::Unknown(a), Certainty::Unknown(b)) => Some(Certainty::Unknown(a.and(b))),
            _ => None,
        }
    }

    /// The surer of two ways.
    #[must_use]
    pub fn or(self, other: Certainty) -> Certainty {
        self.both_unknown(other).unwrap_or(if self.rank() >= other.rank() { self } else { other })
    }

    /// Two things that are both needed.
    #[must_use]
    pub fn and(self, other: Certainty) -> Certainty {
        self.both_unknown(other).unwrap_or(if self.rank() <= other.rank() { self } else { other })
    }

    /// Whether it is not [`Certainty::No`].
    pub fn is_possible(self) -> bool {
        self != Certainty::No
    }

    /// Whether it may be done, now or once a role is activated.
    pub fn is_sure(self) -> bool {
        self.rank() >= 2
    }

    /// Why it is unknown; nothing where it is known.
    pub fn missing(self) -> Missing {
        match self {
            Certainty::Unknown(missing) => missing,
            _ => Missing::NONE,
        }
    }
}

impl From<Truth> for Certainty {
    fn from(truth: Truth) -> Certainty {
        match truth {
            Truth::True => Certainty::Held,
            Truth::False => Certainty::No,
            Truth::Unknown(missing) => Certainty::Unknown(missing),
        }
    }
}
