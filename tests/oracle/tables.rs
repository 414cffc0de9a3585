//! The two data files that both readings share, read once more by a small reader: what runs code, and the built-in roles.

use super::conditions::Condition;
use super::model::{Block, RoleDefinition};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// What lies beside a host and carries identities that its code reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// Resources of the type below the host.
    Child(String),
    /// Scale sets in the node resource group of a cluster.
    NodeGroup(String),
    /// Scale sets in the host's own group.
    SameGroup(String),
    /// Machines elsewhere: no path.
    Worker,
}

/// A row of code-execution.txt that runs code or logs in; all in lower case.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub resource_type: String,
    pub data: bool,
    pub action: String,
    /// Actions of the control plane.
    pub also: Vec<String>,
    pub carriers: Vec<Carrier>,
}

pub(crate) struct Tables {
    pub rows: Vec<Row>,
    /// Every type of the table, also those with rows that only may lead on.
    pub types: BTreeSet<String>,
    /// The built-in roles, with their conditions.
    pub roles: Vec<RoleDefinition>,
    /// By GUID.
    pub numbers: BTreeMap<String, usize>,
    /// In the order of their names, letter case aside.
    pub by_name: Vec<usize>,
}

pub(crate) const POLICY: &str = "microsoft.authorization/policyassignments";

pub(crate) static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let roles = built_ins();
    let numbers = roles.iter().enumerate().map(|(i, role)| (role.guid.clone(), i)).collect();
    let mut by_name: Vec<usize> = (0..roles.len()).collect();
    by_name.sort_by_key(|role| (roles[*role].name.to_lowercase(), roles[*role].guid.clone()));
    let mut tables = Tables { rows: vec![], types: BTreeSet::new(), roles, numbers, by_name };
    for line in include_str!("../../src/azure/data/code-execution.txt").lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let lower = line.to_lowercase();
        let columns: Vec<&str> = lower.split('|').map(str::trim).collect();
        let list = |column: usize| -> Vec<String> {
            let parts = columns[column].split(',').map(str::trim);
            parts.filter(|x| *x != "-").map(str::to_owned).collect()
        };
        tables.types.insert(columns[0].to_owned());
        if columns[3] == "may" {
            continue;
        }
        assert!(["runs", "login"].contains(&columns[3]), "{line}");
        let carriers = list(5).iter().map(|entry| carrier(columns[0], entry)).collect();
        tables.rows.push(Row {
            resource_type: columns[0].to_owned(),
            data: columns[1] == "data",
            action: columns[2].to_owned(),
            also: list(4),
            carriers,
        });
    }
    tables
});

fn carrier(host: &str, entry: &str) -> Carrier {
    let (kind, how) = entry.split_once(' ').unwrap_or((entry, ""));
    match how {
        "child" => Carrier::Child(kind.to_owned()),
        "node-group" => Carrier::NodeGroup(kind.to_owned()),
        "same-group" => Carrier::SameGroup(kind.to_owned()),
        "worker" => Carrier::Worker,
        // Before each entry said it.
        "" if kind.starts_with(&format!("{host}/")) => Carrier::Child(kind.to_owned()),
        "" if host.starts_with("microsoft.containerservice/") => Carrier::NodeGroup(kind.to_owned()),
        "" if host.starts_with("microsoft.servicefabric/") => Carrier::SameGroup(kind.to_owned()),
        "" => Carrier::Worker,
        other => panic!("no carrier {other}"),
    }
}

fn built_ins() -> Vec<RoleDefinition> {
    let text: Vec<&str> = include_str!("../../src/azure/data/roles.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    let mut roles = vec![];
    for lines in text.split(|line| line.is_empty()).filter(|lines| !lines.is_empty()) {
        let (guid, name) = lines[0].split_once(' ').expect("a GUID and a name");
        let mut role = RoleDefinition {
            guid: guid.to_owned(),
            name: name.to_owned(),
            custom: false,
            blocks: vec![Block::default()],
            assignable_scopes: vec![],
        };
        for line in &lines[1..] {
            let last = role.blocks.len() - 1;
            let block = &mut role.blocks[last];
            match line.split_once(' ').unwrap_or((line, "")) {
                ("+", action) => block.actions.push(action.to_owned()),
                ("-", action) => block.not_actions.push(action.to_owned()),
                ("+data", action) => block.data_actions.push(action.to_owned()),
                ("-data", action) => block.not_data_actions.push(action.to_owned()),
                ("if", condition) => block.limit = Some(Condition::of_catalogue(condition)),
                ("and", _) => role.blocks.push(Block::default()),
                ("at", scope) => role.assignable_scopes.push(scope.to_owned()),
                other => panic!("no line {other:?}"),
            }
        }
        if role.assignable_scopes.is_empty() {
            role.assignable_scopes.push("/".to_owned());
        }
        roles.push(role);
    }
    roles
}
