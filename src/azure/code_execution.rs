//! Which actions run code on a resource or read a token of its identity: the table `data/code-execution.txt`.

use std::sync::LazyLock;

use super::permission::Plane;
use super::table::{self, Source};

/// What holding a row's action comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// The holder runs code of their own there.
    Runs,
    /// The holder can log in, if the network lets them reach the machine.
    Login,
    /// It may or may not lead on: running what exists already, a credential whose worth is not known. A notice only.
    MayRun,
}

/// One way to run code on resources of a type.
#[derive(Clone, Debug)]
pub struct CodeExecution {
    /// The type of the resources: `Microsoft.Compute/virtualMachines`.
    pub resource_type: &'static str,
    /// Where the action is granted.
    pub plane: Plane,
    /// The operation, which need not be one of the type's own.
    pub action: &'static str,
    /// What holding it comes to.
    pub effect: Effect,
    /// Operations of the control plane that must be held too, perhaps through another assignment.
    pub also_needed: Vec<&'static str>,
    /// Types of children and companions whose identities the code reaches too, beside the resource's own.
    pub carriers: Vec<Carrier>,
    /// How, in a few words.
    pub how: &'static str,
    /// Who says so.
    pub source: Source,
}

/// Resources of another type whose identities the code reaches too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carrier {
    /// Their type.
    pub resource_type: &'static str,
    /// How they belong to the resource.
    pub relation: Relation,
}

/// How a carrier belongs to the resource that an action names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// It is a child of the resource.
    Child,
    /// It is in the node resource group of the cluster.
    NodeGroup,
    /// It is in the same resource group.
    SameGroup,
    /// It is a machine elsewhere; the link is not captured.
    Worker,
}

impl Carrier {
    fn of(entry: &'static str) -> Carrier {
        let (resource_type, relation) = entry.split_once(' ').unwrap_or((entry, "child"));
        let relation = match relation {
            "node-group" => Relation::NodeGroup,
            "same-group" => Relation::SameGroup,
            "worker" => Relation::Worker,
            _ => Relation::Child,
        };
        Carrier { resource_type, relation }
    }
}

static ROWS: LazyLock<Vec<CodeExecution>> = LazyLock::new(|| {
    let rows = table::rows(include_str!("data/code-execution.txt"));
    rows.map(|[resource_type, plane, action, effect, also_needed, carriers, how, grade, source, date]| {
        CodeExecution {
            resource_type,
            plane: Plane::of(plane),
            action,
            effect: match effect {
                "runs" => Effect::Runs,
                "login" => Effect::Login,
                _ => Effect::MayRun,
            },
            also_needed: list(also_needed),
            carriers: list(carriers).into_iter().map(Carrier::of).collect(),
            how,
            source: table::source([grade, source, date]),
        }
    })
    .collect()
});

/// A column of several values; `-` is none.
fn list(column: &'static str) -> Vec<&'static str> {
    if column == "-" { Vec::new() } else { column.split(", ").collect() }
}

/// The whole table, in the order of the file.
pub fn rows() -> &'static [CodeExecution] {
    &ROWS
}

/// The rows of a resource type, in any letter case. None means that nothing is known of the type, which is not that
/// nobody can run code there.
pub fn of_type(resource_type: &str) -> impl Iterator<Item = &'static CodeExecution> {
    ROWS.iter().filter(move |row| row.resource_type.eq_ignore_ascii_case(resource_type))
}
