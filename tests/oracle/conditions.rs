//! Conditions of assignments and of permission blocks, decided from what they were made of (paths.md, Conditions).
//!
//! No text is read here, but for the few shapes that the catalogue of built-in roles has.

use super::glob;
use super::truth::Truth::{self, No, Unknown, Yes};

/// The operation of which a condition knows the role, the principal and its type.
pub(crate) const WRITE: &str = "microsoft.authorization/roleassignments/write";

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    /// `(!(ActionMatches{...})) OR (...)`
    For(String, Box<Condition>),
    /// The role that is given is one of these, or none of these.
    Roles(Vec<String>, bool),
    /// To whom it is given.
    Principals(Vec<String>, bool),
    /// The type of whom it is given to.
    Types(Vec<String>),
    /// About something else.
    Other(String),
    /// No condition that anybody could read.
    Unreadable(String),
}

/// What is being written, the operation in lower case: `None` is not known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub operation: &'a str,
    pub role: Option<&'a str>,
    pub principal: Option<&'a str>,
    pub kind: Option<&'a str>,
}

/// The types that a limit on the type is asked with.
pub(crate) const TYPES: [&str; 3] = ["User", "Group", "ServicePrincipal"];

impl Condition {
    /// Constrained delegation: writing and deleting role assignments only where `what` allows it.
    pub(crate) fn delegation(what: Condition) -> Condition {
        Condition::For(WRITE.to_owned(), Box::new(what))
    }

    pub(crate) fn allows(&self, asked: Asked<'_>) -> Truth {
        let listed = |own: Option<&str>, list: &[String], except: bool| match own {
            Some(own) if asked.operation == WRITE => {
                Truth::from(list.iter().any(|x| x == own || x.eq_ignore_ascii_case(own)) != except)
            }
            _ => Unknown,
        };
        match self {
            Condition::All(all) => Truth::all(all.iter().map(|x| x.allows(asked))),
            Condition::Any(all) => Truth::any(all.iter().map(|x| x.allows(asked))),
            Condition::For(operation, what) => {
                if operation == asked.operation || glob::matches(operation, asked.operation) {
                    what.allows(asked)
                } else {
                    Yes
                }
            }
            Condition::Roles(list, except) => listed(asked.role, list, *except),
            Condition::Principals(list, except) => listed(asked.principal, list, *except),
            Condition::Types(list) => listed(asked.kind, list, false),
            Condition::Other(_) | Condition::Unreadable(_) => Unknown,
        }
    }

    /// The best answer of the three types.
    pub(crate) fn allows_writing(&self, role: Option<&str>, principal: Option<&str>) -> Truth {
        TYPES.iter().fold(No, |best, kind| {
            best.or(self.allows(Asked { operation: WRITE, role, principal, kind: Some(kind) }))
        })
    }

    /// Every role that it names.
    pub(crate) fn named_roles(&self) -> Vec<String> {
        match self {
            Condition::All(all) | Condition::Any(all) => {
                all.iter().flat_map(Condition::named_roles).collect()
            }
            Condition::For(_, what) => what.named_roles(),
            Condition::Roles(list, _) => list.clone(),
            _ => vec![],
        }
    }

    /// As Azure writes it.
    pub(crate) fn text(&self) -> String {
        let list = |list: &[String]| list.join(", ");
        let quoted =
            |list: &[String]| list.iter().map(|x| format!("'{x}'")).collect::<Vec<String>>().join(", ");
        let guids = |attribute: &str, all: &[String], except: bool| {
            let how = if except { "ForAnyOfAllValues:GuidNotEquals" } else { "ForAnyOfAnyValues:GuidEquals" };
            format!("@Request[Microsoft.Authorization/roleAssignments:{attribute}] {how} {{{}}}", list(all))
        };
        let joined = |all: &[Condition], word: &str| {
            let parts: Vec<String> = all.iter().map(|x| format!("({})", x.text())).collect();
            parts.join(&format!(" {word} "))
        };
        match self {
            Condition::All(all) => joined(all, "AND"),
            Condition::Any(all) => joined(all, "OR"),
            Condition::For(operation, what) if operation == WRITE => format!(
                "(\n (\n  !(ActionMatches{{'Microsoft.Authorization/roleAssignments/write'}})\n )\n OR \n (\n  {}\n )\n)",
                what.text()
            ),
            Condition::For(operation, what) => {
                format!("((!(ActionMatches{{'{operation}'}})) OR ({}))", what.text())
            }
            Condition::Roles(all, except) => guids("RoleDefinitionId", all, *except),
            Condition::Principals(all, except) => guids("PrincipalId", all, *except),
            Condition::Types(all) => format!(
                "@Request[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {{{}}}",
                quoted(all)
            ),
            Condition::Other(text) | Condition::Unreadable(text) => text.clone(),
        }
    }

    /// A condition of a built-in role, in one of the shapes that those have.
    pub(crate) fn of_catalogue(text: &str) -> Condition {
        let between = |from: &str| -> Vec<String> {
            let Some((_, rest)) = text.split_once(from) else { return vec![] };
            let inside = rest.split_once('{').map_or("", |(_, rest)| rest);
            let inside = inside.split_once('}').map_or("", |(inside, _)| inside);
            inside.split(',').map(|x| dashed(x.trim())).collect()
        };
        let roles = Condition::Roles(
            between("@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]"),
            false,
        );
        let guarded = text.contains("ActionMatches{'Microsoft.Authorization/roleAssignments/write'}");
        let mut what = roles;
        if text.contains("@Request[Microsoft.Authorization/roleAssignments:PrincipalType]") {
            what = Condition::All(vec![what, Condition::Types(vec!["ServicePrincipal".to_owned()])]);
        }
        if guarded {
            return Condition::delegation(what);
        }
        if text.contains("ActionMatches{'Microsoft.Authorization/roleAssignments/delete'}") {
            let operation = "microsoft.authorization/roleassignments/delete".to_owned();
            return Condition::For(operation, Box::new(Condition::Other(text.to_owned())));
        }
        if text.contains("ActionMatches{'Microsoft.OperationalInsights/workspaces/tables/data/read'}") {
            let one = |operation: &str| {
                Condition::For(operation.to_owned(), Box::new(Condition::Other(text.to_owned())))
            };
            return Condition::All(vec![
                one("microsoft.operationalinsights/workspaces/tables/data/read"),
                one("microsoft.insights/logs/data/read"),
            ]);
        }
        match (text.contains("@Request["), text.contains("@Resource[")) {
            (true, false) => what,
            (true, true) => Condition::All(vec![Condition::Other(text.to_owned()), what]),
            _ => Condition::Other(text.to_owned()),
        }
    }
}

/// A GUID that may be written without its dashes.
fn dashed(guid: &str) -> String {
    if guid.len() != 32 {
        return guid.to_lowercase();
    }
    let cut = |a: usize, b: usize| guid.get(a..b).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", cut(0, 8), cut(8, 12), cut(12, 16), cut(16, 20), cut(20, 32)).to_lowercase()
}
