use super::coverage::{Collection, Collections};
use std::ops::Not;

/// Why something is unknown: the collections that would decide it, and whether a captured record leaves it unsaid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, PartialOrd, Ord, Hash)]
pub struct Missing(u32);

impl Missing {
    /// Nothing is missing.
    pub const NONE: Missing = Missing(0);
    /// A captured record does not say (a key that it lacks, a value that the reader could not resolve).
    pub const VALUE: Missing = Missing(1 << 31);

    /// The collection would decide it.
    pub fn collection(collection: Collection) -> Missing {
        Missing(1 << collection as u32)
    }

    /// Both reasons.
    #[must_use]
    pub fn and(self, other: Missing) -> Missing {
        Missing(self.0 | other.0)
    }

    /// Whether nothing is missing.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether a captured record leaves it unsaid.
    pub fn is_value(self) -> bool {
        self.0 & Self::VALUE.0 != 0
    }

    /// The collections that would decide it.
    pub fn collections(self) -> Collections {
        Collections::from_bits(self.0 & !Self::VALUE.0)
    }

    /// The same reasons without those collections.
    #[must_use]
    pub fn without(self, collections: Collections) -> Missing {
        Missing(self.0 & !collections.bits())
    }
}

/// Kleene's three values; the third knows why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Truth {
    /// It is not so.
    False,
    /// It is so.
    True,
    /// It could be either.
    Unknown(Missing),
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Truth::True } else { Truth::False }
    }
}

impl Truth {
    /// False if either is, true if both are.
    #[must_use]
    pub fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            (Truth::True, x) | (x, Truth::True) => x,
            (Truth::Unknown(a), Truth::Unknown(b)) => Truth::Unknown(a.and(b)),
        }
    }

    /// True if either is, false if both are.
    #[must_use]
    pub fn or(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::True, _) | (_, Truth::True) => Truth::True,
            (Truth::False, x) | (x, Truth::False) => x,
            (Truth::Unknown(a), Truth::Unknown(b)) => Truth::Unknown(a.and(b)),
        }
    }

    /// Whether it is [`Truth::True`].
    pub fn is_true(self) -> bool {
        self == Truth::True
    }

    /// Whether it is [`Truth::False`].
    pub fn is_false(self) -> bool {
        self == Truth::False
    }

    /// Why it is unknown; nothing where it is known.
    pub fn missing(self) -> Missing {
        match self {
            Truth::Unknown(missing) => missing,
            _ => Missing::NONE,
        }
    }
}

impl Not for Truth {
    type Output = Truth;
    fn not(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::True => Truth::False,
            unknown => unknown,
        }
    }
}
