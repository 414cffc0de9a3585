use super::{CoverageFact, MissingData};
use serde::Serialize;

/// How many there are of something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Of what.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// Assignments of the same role at the same scope to the same principal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Duplicate {
    /// The role's name, or its GUID where no name is known.
    pub role: String,
    /// The scope.
    pub scope: String,
    /// Whom it is made to.
    pub principal_id: String,
    /// The ids of the assignments.
    pub ids: Vec<String>,
}

/// What was captured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Captured {
    /// When: `yyyy-mm-ddThh:mm:ssZ`; empty where the capture does not say.
    pub time: String,
    /// The tenants that the capture names.
    pub tenants: Vec<String>,
    /// The files that were read.
    pub files: Vec<String>,
    /// Records by noun.
    pub nouns: Vec<Tally>,
    /// Role assignments (active ones) by the level of their scope.
    pub assignments_by_level: Vec<Tally>,
    /// Role assignments (active ones) by the `principalType` that they record.
    pub assignments_by_principal_type: Vec<Tally>,
    /// Role assignments (active ones) by the type of their role.
    pub assignments_by_role_type: Vec<Tally>,
    /// Principals by what they are known to be.
    pub principals_by_kind: Vec<Tally>,
    /// Assignments that are there several times.
    pub duplicates: Vec<Duplicate>,
    /// Every collection.
    pub coverage: Vec<CoverageFact>,
    /// What is not complete, and the command that captures it.
    pub missing: Vec<MissingData>,
    /// What the user asserted, in words.
    pub assumptions: Vec<String>,
}
