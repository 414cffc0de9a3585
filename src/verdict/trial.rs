use serde::Serialize;

/// One expectation of a test, decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExpectationVerdict {
    /// The rule's full id.
    pub rule: String,
    /// About whom, such as `user "alice"`; empty for the rule as a whole.
    pub subject: String,
    /// What was expected: `deny`, `pass`, `be unknown`, ...
    pub expected: String,
    /// What came out, in the same words.
    pub got: String,
    /// Whether it is what was expected.
    pub passed: bool,
    /// The line on which it stands.
    pub line: u32,
    /// What the rule found instead, a sentence each; empty where it passed.
    pub found: Vec<String>,
}

/// One test, run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TestVerdict {
    /// The policy that it is in.
    pub policy: String,
    /// What it shows.
    pub title: String,
    /// The file it stands in.
    pub file: String,
    /// The line on which it begins.
    pub line: u32,
    /// Whether every expectation came true.
    pub passed: bool,
    /// Its expectations, in order.
    pub expectations: Vec<ExpectationVerdict>,
}

/// Which cases of a rule its tests show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleCases {
    /// The rule's full id.
    pub rule: String,
    /// A case in which it fires.
    pub fires: bool,
    /// A case in which it has something to examine and does not fire.
    pub spares: bool,
    /// A case in which it can't be decided.
    pub unknown: bool,
}

/// All tests of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TestReport {
    /// In the order of the files and of the text.
    pub tests: Vec<TestVerdict>,
    /// Every rule, in the order of the files and of the text.
    pub rules: Vec<RuleCases>,
}
