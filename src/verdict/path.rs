use super::{Evidence, Subject};
use serde::Serialize;

/// A path: how somebody can become somebody else, or come to hold a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PathFact {
    /// Where it starts.
    pub source: Subject,
    /// Where it ends.
    pub target: PathEnd,
    /// How many steps stand one behind the other.
    pub length: u64,
    /// Whether it rests on an eligible assignment.
    pub potential: bool,
    /// Its steps, in an order in which they can be taken.
    pub steps: Vec<StepFact>,
    /// Who holds the role at the end, and which captured records say so; `None` where the end is a principal, or a role that
    /// nobody holds yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldFact>,
}

/// Where a path ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(untagged)]
pub enum PathEnd {
    /// Somebody.
    Principal(Subject),
    /// A role at a scope.
    Grant {
        /// The name of the role, or its GUID where no name is known.
        role: String,
        /// The GUID of the role.
        role_id: String,
        /// The scope, as captured.
        scope: String,
        /// The scope in words.
        at: String,
    },
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepFact {
    /// `membership`, `code_execution`, ...
    pub kind: String,
    /// Who takes it.
    pub from: Subject,
    /// Whom it leads to; the scope, where it leads to a right there.
    pub to: Subject,
    /// The resource on which code runs, the role that is rewritten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<Subject>,
    /// The scope at which whoever takes it was given, by an earlier step, what it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_at: Option<Subject>,
    /// Whether it rests on an eligible assignment.
    pub potential: bool,
    /// In words that a person can follow.
    pub sentence: String,
    /// What else there is to know: that the machine must be reached, say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The captured records that prove it.
    pub evidence: Vec<Evidence>,
}

/// The role that is held at the end of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HoldFact {
    /// Who holds it.
    pub holder: Subject,
    /// In words.
    pub sentence: String,
    /// The captured records that prove it.
    pub evidence: Vec<Evidence>,
}
