//! Three-valued logic, as language.md 3 says: unknown follows Kleene.

/// True, false, or not decided by what was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Truth {
    No,
    Unknown,
    Yes,
}

use Truth::{No, Unknown, Yes};

impl From<bool> for Truth {
    fn from(value: bool) -> Truth {
        if value { Yes } else { No }
    }
}

impl Truth {
    pub(crate) fn and(self, other: Truth) -> Truth {
        self.min(other)
    }
    pub(crate) fn or(self, other: Truth) -> Truth {
        self.max(other)
    }
    pub(crate) fn not(self) -> Truth {
        match self {
            Yes => No,
            No => Yes,
            Unknown => Unknown,
        }
    }
    /// Yes where one is; No where all are.
    pub(crate) fn any(all: impl IntoIterator<Item = Truth>) -> Truth {
        all.into_iter().fold(No, Truth::or)
    }
    /// Yes where all are; No where one is.
    pub(crate) fn all(all: impl IntoIterator<Item = Truth>) -> Truth {
        all.into_iter().fold(Yes, Truth::and)
    }
    /// `any` of a collection of which more members may exist than were captured.
    pub(crate) fn any_open(all: impl IntoIterator<Item = Truth>, open: bool) -> Truth {
        Truth::any(all).or(if open { Unknown } else { No })
    }
}
