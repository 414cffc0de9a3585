use serde::Serialize;

/// What a gate does with verdicts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GateOptions {
    /// `fail-on = "warn"`: a `warn` blocks as a `deny` does.
    pub fail_on_warn: bool,
    /// `--unknown report`: an undecided rule does not block.
    pub report_unknown: bool,
    /// `--exit-zero`: nothing that was found blocks.
    pub exit_zero: bool,
}

/// What a gate came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything that blocks was decided, and nothing was found.
    Pass,
    /// Something that blocks was found.
    Denied,
    /// Something that blocks could not be decided, or nothing could be.
    Undecided,
}

impl Outcome {
    /// As reports write it.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Pass => "pass",
            Outcome::Denied => "fail",
            Outcome::Undecided => "unknown",
        }
    }

    /// 0, 1 or 3.
    pub fn exit(self) -> u8 {
        match self {
            Outcome::Pass => 0,
            Outcome::Denied => 1,
            Outcome::Undecided => 3,
        }
    }
}

/// The gate of a run, decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    /// What was found.
    pub outcome: Outcome,
    /// What the process exits with.
    pub exit: u8,
    /// By which rules.
    pub options: GateOptions,
}
