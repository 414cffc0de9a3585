//! What was decided: data only. Reports are functions of it, and it knows nothing of them.

mod captured;
mod explore;
mod gate;
mod path;
mod trial;

pub use captured::{Captured, Duplicate, Tally};
pub use explore::{CutFact, PlaceFact, ReachCounts, ReachFact, ReachLine, RemovalFact, WhoFact};
pub use gate::{Gate, GateOptions, Outcome};
pub use path::{HoldFact, PathEnd, PathFact, StepFact};
pub use trial::{ExpectationVerdict, RuleCases, TestReport, TestVerdict};

use serde::Serialize;

/// How a rule ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// A `deny` or `require` found something that is not waived.
    Fail,
    /// A `warn` found something that is not waived.
    Warn,
    /// An `advise` found something that is not waived.
    Advise,
    /// It could not be decided.
    Unknown,
    /// All that it found is waived.
    Waived,
    /// It was decided, and nothing was found.
    Pass,
    /// Nothing was there to examine, or it names nothing that exists.
    NotApplicable,
}

impl Status {
    /// As reports write it: `fail`, `not_applicable`, ...
    pub fn word(self) -> &'static str {
        match self {
            Status::Fail => "fail",
            Status::Warn => "warn",
            Status::Advise => "advise",
            Status::Unknown => "unknown",
            Status::Waived => "waived",
            Status::Pass => "pass",
            Status::NotApplicable => "not_applicable",
        }
    }
}

/// What a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Of a `deny` or `require`.
    Deny,
    /// Of a `warn`.
    Warn,
    /// Of an `advise`.
    Advise,
    /// It could be a finding: something is missing.
    Unknown,
    /// It is a finding, and waived.
    Waived,
}

impl Verdict {
    /// As reports write it.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Deny => "deny",
            Verdict::Warn => "warn",
            Verdict::Advise => "advise",
            Verdict::Unknown => "unknown",
            Verdict::Waived => "waived",
        }
    }
}

/// Something a finding is about, as captured.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Subject {
    /// A noun of the language, `collection`, or `group` of a count.
    pub kind: String,
    /// The id as captured.
    pub id: String,
    /// The name as captured; empty where none is known.
    pub name: String,
}

/// The assignment of a finding, as captured.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct AssignmentFact {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The name of the role, or its GUID where no name is known.
    pub role: String,
    /// The GUID of the role.
    pub role_id: String,
    /// The scope.
    pub scope: String,
    /// Whom it is made to.
    pub principal_id: String,
}

/// A captured record that proves a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Evidence {
    /// The file as the user named it.
    pub file: String,
    /// JSON pointer of the record.
    pub pointer: String,
    /// The line on which the record begins.
    pub line: u64,
}

/// Something that would decide what is unknown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct MissingData {
    /// The collection's key (`groupMemberships`), or `value` where a captured record leaves it unsaid.
    pub collection: String,
    /// In words.
    pub what: String,
    /// The command that captures it; empty where no command does.
    pub command: String,
}

/// The waiver of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaiverFact {
    /// The last day.
    pub until: String,
    /// Why.
    pub because: String,
    /// Who approved.
    pub approved_by: String,
    /// Who asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<String>,
    /// Where it was discussed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
}

/// One thing that a rule found or could not decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's full id.
    pub rule: String,
    /// What it is.
    pub verdict: Verdict,
    /// 32 hexadecimal digits: of rule id, role GUID, scope, assignee and holder for a grant, of rule id and subject else.
    pub fingerprint: String,
    /// What it is about: the holder of a grant, the entity, the group of a count, the collection that is missing.
    pub subject: Subject,
    /// The assignment of a grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignment: Option<AssignmentFact>,
    /// Further assignments of the same role at the same scope to the same assignee: one finding.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub duplicates: Vec<AssignmentFact>,
    /// What was counted, of a finding about a group of a count: the first hundred.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Subject>,
    /// The path of a rule about paths.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathFact>,
    /// The chain of groups from the assignee to the holder.
    pub via: Vec<Subject>,
    /// The records that prove it.
    pub evidence: Vec<Evidence>,
    /// What would decide it, where it is unknown.
    pub missing: Vec<MissingData>,
    /// One line that says it in the language's own words.
    pub sentence: String,
    /// How many further facts are folded into this one (holders through one group, facts that one collection would
    /// decide).
    #[serde(skip_serializing_if = "is_zero")]
    pub folded: u64,
    /// The waiver that covers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiver: Option<WaiverFact>,
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// Findings of a rule that were not put into words, because only so many were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Further {
    /// The rule's full id.
    pub rule: String,
    /// How many there are.
    pub count: u64,
    /// How many of them are waived.
    pub waived: u64,
    /// What would decide those that are unknown.
    pub missing: Vec<MissingData>,
}

/// How one rule ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleVerdict {
    /// The rule's full id.
    pub id: String,
    /// `deny`, `warn`, `advise` or `require`.
    pub effect: String,
    /// `critical` to `info`.
    pub severity: String,
    /// How it ended.
    pub status: Status,
    /// Captured facts of its noun inside its scopes; of a count: the groups.
    pub examined: u64,
    /// Those for which the whole sentence is true.
    pub selected: u64,
    /// Those that could not be decided.
    pub unknown: u64,
    /// Why it is not applicable or unknown as a whole, and what an `except` names in vain; in words.
    pub notes: Vec<String>,
    /// Why the rule is there.
    pub because: String,
    /// What to do.
    pub fix: String,
    /// Control ids.
    pub controls: Vec<String>,
    /// The sentence.
    pub sentence: String,
}

/// How much of one collection was captured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CoverageFact {
    /// Its key in the inventory document.
    pub collection: String,
    /// `complete`, `partial` or `not captured`.
    pub extent: String,
    /// Who says so; empty where nobody does.
    pub reason: String,
}

/// A waiver that does not waive, or that is worth a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaiverNotice {
    /// The rule it names.
    pub rule: String,
    /// `expired`, `unused`, `unknown_rule`.
    pub state: String,
    /// In words, with the place.
    pub text: String,
}

/// Everything that a run decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Default)]
pub struct Verdicts {
    /// `--as-of`, else the capture time: `yyyy-mm-ddThh:mm:ssZ`; empty where neither is known.
    pub as_of: String,
    /// Every collection.
    pub coverage: Vec<CoverageFact>,
    /// What the user asserted (`--complete`, `--assume`), in words.
    pub assumptions: Vec<String>,
    /// Every rule, in the order of its id.
    pub rules: Vec<RuleVerdict>,
    /// Every finding, in the order of (rule, subject, assignment).
    pub findings: Vec<Finding>,
    /// Of rules with more findings than were to be put into words: the others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<Further>,
    /// Waivers that do not waive.
    pub waivers: Vec<WaiverNotice>,
}
