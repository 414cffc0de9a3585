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
    /// Resources whose identities the code reaches too, beside the resource's own.
    pub carriers: Vec<Carrier>,
    /// How, in a few words.
    pub how: &'static str,
    /// Who says so.
    pub source: Source,
}

/// Resources of another type that carry identities in a resource's stead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Carrier {
    /// Their type: `Microsoft.Batch/batchAccounts/pools`.
    pub resource_type: &'static str,
    /// Where they are.
    pub relation: Relation,
}

/// Where a carrier is, seen from the resource that the action names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// A child of the resource: the tasks of a registry, the pools of a Batch account.
    Child,
    /// In the resource group that an AKS cluster makes for its nodes (`nodeResourceGroup`): scale sets.
    NodeGroup,
    /// In the resource group of the resource itself: the scale sets of a classic Service Fabric cluster.
    SameGroup,
    /// Elsewhere, and no capture says which they are: the machines of Automation's hybrid workers.
    Worker,
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
            carriers: list(carriers).into_iter().map(carrier).collect(),
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

/// A carrier out of its type and the word for its relation.
fn carrier(column: &'static str) -> Carrier {
    let (resource_type, relation) = column.split_once(' ').unwrap_or((column, ""));
    let relation = match relation {
        "child" => Relation::Child,
        "node-group" => Relation::NodeGroup,
        "same-group" => Relation::SameGroup,
        _ => Relation::Worker,
    };
    Carrier { resource_type, relation }
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

/// Whether the table speaks of a resource type, in any letter case: as the type of a row or as a carrier. Of the
/// others it is not known whether code of a user's runs there.
pub fn is_known(resource_type: &str) -> bool {
    let is = |other: &str| other.eq_ignore_ascii_case(resource_type);
    ROWS.iter()
        .any(|row| is(row.resource_type) || row.carriers.iter().any(|carrier| is(carrier.resource_type)))
}
