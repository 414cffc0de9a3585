//! The form of the data files beside this floor: a row a line, columns between ` | `, `#` comments.

use std::fmt;

/// How sure a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// `V`: read in a document or data file of Microsoft's.
    Verified,
    /// `D`: computed from the definitions of the built-in roles.
    Computed,
    /// `S`: read in a source of somebody else's.
    Secondary,
    /// `K`: general knowledge.
    Known,
    /// `U`: not verified; data that can be corrected.
    Unverified,
}

impl Grade {
    fn of(letter: &str) -> Grade {
        match letter {
            "V" => Grade::Verified,
            "D" => Grade::Computed,
            "S" => Grade::Secondary,
            "K" => Grade::Known,
            _ => Grade::Unverified,
        }
    }

    /// What the grade says, in a word.
    pub fn name(self) -> &'static str {
        match self {
            Grade::Verified => "verified",
            Grade::Computed => "computed",
            Grade::Secondary => "secondary",
            Grade::Known => "known",
            Grade::Unverified => "unverified",
        }
    }
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// How sure it is.
    pub grade: Grade,
    /// The document, data set or tool.
    pub name: &'static str,
    /// `yyyy-mm-dd` or `yyyy-mm`: of the document where it has one, else of the reading.
    pub date: &'static str,
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}, {} ({})", self.name, self.date, self.grade.name())
    }
}

/// The rows of a data file. A row with fewer columns than `COLUMNS` has empty ones at its end; a test of each table
/// holds that none has.
pub(super) fn rows<const COLUMNS: usize>(
    text: &'static str,
) -> impl Iterator<Item = [&'static str; COLUMNS]> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
        let mut columns = line.split(" | ").map(str::trim);
        std::array::from_fn(|_| columns.next().unwrap_or_default())
    })
}

/// A source out of its three columns.
pub(super) fn source([grade, name, date]: [&'static str; 3]) -> Source {
    Source { grade: Grade::of(grade), name, date }
}
