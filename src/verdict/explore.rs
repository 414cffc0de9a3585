//! What queries about reach, rights and cuts come to.

use super::{Evidence, MissingData, PathFact, Subject};
use serde::Serialize;

/// What somebody, or a resource, reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReachFact {
    /// Whose reach: a principal, or a resource (all the identities that it carries).
    pub of: Subject,
    /// How far it goes.
    pub counts: ReachCounts,
    /// The identities and other principals that can be controlled, nearest first, each with the shortest path.
    pub becomes: Vec<PathFact>,
    /// Where something may be done, and what: the widest scopes first.
    pub places: Vec<PlaceFact>,
    /// What else there is to know: that elevation is possible, that what runs on a resource is not established.
    pub notes: Vec<String>,
    /// What would have to be captured for all of it to be known.
    pub missing: Vec<MissingData>,
}

/// How far something reaches. Where something is missing, at least so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReachCounts {
    /// Managed identities that it can become.
    pub identities: u64,
    /// Scopes at which it, or what it controls, holds or can be given something.
    pub scopes: u64,
    /// Captured resources on which something of it reads, writes, or uses data.
    pub resources: u64,
    /// Captured resources that it can write.
    pub writable_resources: u64,
    /// Subscriptions in or above which it holds something.
    pub subscriptions: u64,
    /// Whether all that decides it was captured; else there may be more.
    pub complete: bool,
}

/// What may be done at a scope, by whom and by which role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlaceFact {
    /// Where.
    pub scope: Subject,
    /// The id of the scope, as captured.
    pub scope_id: String,
    /// `read`, `write`, `grant` (write role assignments), `data`, in this order.
    pub access: Vec<String>,
    /// The role that gives it; `any role` where it can be given.
    pub role: String,
    /// Who holds it: the one asked about, or somebody it can become.
    pub through: Subject,
    /// How many steps lead to them; 0 for the one asked about.
    pub length: u64,
    /// Whether it rests on an eligible assignment.
    pub potential: bool,
    /// The captured records that prove it.
    pub evidence: Vec<Evidence>,
}

/// One line of the reach of everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReachLine {
    /// Whose.
    pub of: Subject,
    /// How far.
    pub counts: ReachCounts,
}

/// Somebody who may carry out an action, or holds a capability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WhoFact {
    /// Who.
    pub subject: Subject,
    /// The action.
    pub action: String,
    /// `held`, `potential` (once activated) or `unknown`.
    pub certainty: String,
    /// The role that gives it.
    pub role: String,
    /// Where it is assigned.
    pub scope: String,
    /// The chain of groups from the assignee to whoever may; empty where it is made to them.
    pub via: Vec<Subject>,
    /// In words.
    pub sentence: String,
    /// The captured records that prove it.
    pub evidence: Vec<Evidence>,
    /// What would decide it, where it is unknown.
    pub missing: Vec<MissingData>,
}

/// What closes every path from a source to a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CutFact {
    /// The shortest of the paths that it closes.
    pub path: PathFact,
    /// The smallest sets, each enough by itself.
    pub sets: Vec<Vec<RemovalFact>>,
    /// Why there is none, or why not all were looked for; empty else.
    pub note: String,
}

/// Something that can be taken away.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RemovalFact {
    /// `role_assignment` or `attachment`.
    pub kind: String,
    /// The id of the assignment, or of the resource from which the identity is taken.
    pub id: String,
    /// In words.
    pub sentence: String,
    /// The command that does it.
    pub command: String,
    /// What else it takes away, a line each.
    pub takes_away: Vec<String>,
    /// The captured records that speak of it.
    pub evidence: Vec<Evidence>,
}
