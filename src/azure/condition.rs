//! Conditions on role assignments and on permission blocks: what one says of a request, in three-valued logic.
//!
//! The language is that of Microsoft's "Azure role assignment condition format and syntax" (azure-docs,
//! conditions-format, 2023-11-15), conditionVersion 1.0 and 2.0 alike; keywords and the names of attributes have no
//! letter case. What it says of `Microsoft.Authorization/roleAssignments` is decided: by "Authorization actions and
//! attributes" (azure-docs, conditions-authorization-actions-attributes, 2023-09-20) a write has the three attributes
//! in `@Request` and a deletion has them in `@Resource`. Every other attribute is read and its value is not known.
//!
//! ```text
//! (!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'}))
//! OR @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {acdd72a7-...}
//! ```
//!
//! A text that is not understood is an error, which is neither an allowance nor a denial.

mod compare;
mod parse;

use super::Guid;
use super::action::{self, Reading};
use compare::{Operator, Value};

/// The longest text that is read, in bytes. Azure allows 8 KB for the condition of an assignment (azure-docs,
/// azure-subscription-service-limits, 2026-08-04) and names no limit for those of role definitions.
pub const MAX_LENGTH: usize = 16 * 1024;

/// How many parentheses may stand in each other. Azure names no limit; the built-in roles have three.
pub const MAX_DEPTH: usize = 100;

/// A condition that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    root: Node,
}

/// What a request does. The attributes are those of the role assignment that is written or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// The operation, in any letter case: `Microsoft.Authorization/roleAssignments/write`.
    pub operation: &'a str,
    /// The role, if it is known.
    pub role: Option<Guid>,
    /// Who is given the role, by object id, if it is known.
    pub principal: Option<Guid>,
    /// `User`, `Group` or `ServicePrincipal`, which managed identities are too, if it is known.
    pub principal_type: Option<&'a str>,
}

/// Why a text is no condition that this module understands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}, at byte {at} of the condition")]
pub struct NotUnderstood {
    /// Byte offset in the text.
    pub at: usize,
    /// What is wrong there, in words.
    pub what: String,
}

/// Reads a condition.
///
/// # Errors
///
/// The first place from the left that is not understood. `AND` beside `OR` without parentheses is such a place, since
/// Microsoft calls their order ambiguous.
pub fn parse(text: &str) -> Result<Condition, NotUnderstood> {
    Ok(Condition { root: parse::root(text)? })
}

impl Condition {
    /// Whether the condition lets the request through; `None` where that rests on what is not known. A condition on
    /// one operation lets every other through.
    pub fn allows(&self, request: &Request<'_>) -> Option<bool> {
        self.root.value(request)
    }

    /// Every GUID that the condition names. Of each other role, and of each other principal, it says the same.
    pub fn guids(&self) -> Vec<Guid> {
        let mut guids = vec![];
        self.root.collect_guids(&mut guids);
        guids
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    ActionMatches(String),
    SubOperationMatches,
    Exists(Attribute),
    Compare(Operand, Operator, Operand),
}

/// Where an attribute is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Request,
    Resource,
    Principal,
    Environment,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Attribute {
    from: Source,
    what: What,
}

/// The attributes whose values a [`Request`] holds, and all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Role,
    Principal,
    PrincipalType,
    Other,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Operand {
    Attribute(Attribute),
    Values(Vec<String>),
}

impl Node {
    fn value(&self, request: &Request<'_>) -> Option<bool> {
        match self {
            Node::All(nodes) => all(nodes.iter().map(|node| node.value(request))),
            Node::Any(nodes) => any(nodes.iter().map(|node| node.value(request))),
            Node::Not(node) => node.value(request).map(|value| !value),
            Node::ActionMatches(pattern) => {
                let as_read = |reading| action::matches_as(pattern, request.operation, reading);
                let strict = as_read(Reading::Strict);
                // Where the two readings of `/*/` differ, neither is known to be Azure's.
                (strict == as_read(Reading::Generous)).then_some(strict)
            }
            // Suboperations are parts of operations on data; those on role assignments have none.
            Node::SubOperationMatches => {
                (is_assignment_write(request) || is_assignment_deletion(request)).then_some(false)
            }
            Node::Exists(attribute) => attribute.exists(request),
            Node::Compare(left, operator, right) => {
                operator.holds(&left.values(request)?, &right.values(request)?)
            }
        }
    }
}

impl Node {
    fn collect_guids(&self, guids: &mut Vec<Guid>) {
        match self {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| node.collect_guids(guids)),
            Node::Not(node) => node.collect_guids(guids),
            Node::Compare(left, _, right) => {
                for operand in [left, right] {
                    if let Operand::Values(values) = operand {
                        guids.extend(values.iter().filter_map(|value| Value::Literal(value).guid()));
                    }
                }
            }
            Node::ActionMatches(_) | Node::SubOperationMatches | Node::Exists(_) => {}
        }
    }
}

fn is_assignment_write(request: &Request<'_>) -> bool {
    request.operation.trim().eq_ignore_ascii_case("Microsoft.Authorization/roleAssignments/write")
}

fn is_assignment_deletion(request: &Request<'_>) -> bool {
    request.operation.trim().eq_ignore_ascii_case("Microsoft.Authorization/roleAssignments/delete")
}

impl Attribute {
    fn of(from: Source, name: &str) -> Attribute {
        let what = match name.split_once(':') {
            Some((of, name)) if of.eq_ignore_ascii_case("Microsoft.Authorization/roleAssignments") => {
                match name.to_ascii_lowercase().as_str() {
                    "roledefinitionid" => What::Role,
                    "principalid" => What::Principal,
                    "principaltype" => What::PrincipalType,
                    _ => What::Other,
                }
            }
            _ => What::Other,
        };
        Attribute { from, what }
    }

    /// Whether the request is one that the role assignment stands in, on the side that this attribute is read from.
    fn is_at_hand(&self, request: &Request<'_>) -> bool {
        match self.from {
            Source::Request => is_assignment_write(request),
            Source::Resource => is_assignment_deletion(request),
            Source::Principal | Source::Environment => false,
        }
    }

    fn value<'r>(&self, request: &Request<'r>) -> Option<Value<'r>> {
        if !self.is_at_hand(request) {
            return None;
        }
        match self.what {
            What::Role => request.role.map(Value::Guid),
            What::Principal => request.principal.map(Value::Guid),
            What::PrincipalType => request.principal_type.map(Value::Text),
            What::Other => None,
        }
    }

    /// An assignment has a role and a principal, known or not; its type may be left out of a request.
    fn exists(&self, request: &Request<'_>) -> Option<bool> {
        let sure = self.is_at_hand(request) && matches!(self.what, What::Role | What::Principal);
        (sure || self.value(request).is_some()).then_some(true)
    }
}

impl Operand {
    fn values<'v>(&'v self, request: &Request<'v>) -> Option<Vec<Value<'v>>> {
        match self {
            Operand::Attribute(attribute) => attribute.value(request).map(|value| vec![value]),
            Operand::Values(values) => Some(values.iter().map(|value| Value::Literal(value)).collect()),
        }
    }
}

/// Whether some value is true; unknown where that rests on unknown ones.
fn any(values: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut outcome = Some(false);
    for value in values {
        match value {
            Some(true) => return Some(true),
            Some(false) => {}
            None => outcome = None,
        }
    }
    outcome
}

/// Whether every value is true; unknown where that rests on unknown ones.
fn all(values: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    any(values.map(|value| value.map(|value| !value))).map(|value| !value)
}
