//! What was captured, counted.

use crate::azure::scope::Level;
use crate::inventory::schema::Noun;
use crate::inventory::{
    AssignmentId, Class, Collection, Hint, Inventory, PrincipalId, RoleId, RoleKind, RoleType, ScopeId,
    State, Stated,
};
use crate::verdict::{Captured, Duplicate, MissingData, Tally};
use std::collections::BTreeMap;

fn tallies<'a>(counts: impl IntoIterator<Item = (&'a str, u64)>) -> Vec<Tally> {
    counts.into_iter().map(|(name, count)| Tally { name: name.to_owned(), count }).collect()
}

/// Counts an inventory.
pub fn captured(inventory: &Inventory, assumptions: &[String]) -> Captured {
    let active: Vec<AssignmentId> = inventory
        .assignments
        .iter()
        .filter(|&a| {
            inventory.assignments.kind(a) == RoleKind::Azure
                && inventory.assignments.state(a) == State::Active
        })
        .collect();
    let missing = Collection::ALL
        .iter()
        .filter(|&&c| !inventory.coverage.is_complete(c))
        .map(|&c| MissingData {
            collection: c.key().to_owned(),
            what: format!("{}: {}", c.what(), inventory.coverage.extent(c).word()),
            command: c.command().to_owned(),
        })
        .collect();
    Captured {
        time: inventory.time.map(crate::eval::date_time).unwrap_or_default(),
        tenants: inventory.tenants.iter().map(ToString::to_string).collect(),
        files: inventory.origins.files().to_vec(),
        nouns: nouns(inventory, active.len() as u64),
        assignments_by_level: by_level(inventory, &active),
        assignments_by_principal_type: by_principal_type(inventory, &active),
        assignments_by_role_type: by_role_type(inventory, &active),
        principals_by_kind: by_kind(inventory),
        duplicates: duplicates(inventory, &active),
        coverage: crate::eval::coverage(inventory),
        missing,
        assumptions: assumptions.to_vec(),
    }
}

/// Records of each noun: only what has a record of its own, not what is only mentioned.
fn nouns(inventory: &Inventory, active: u64) -> Vec<Tally> {
    let scopes = |level: Level| {
        let of = inventory.scopes.iter().filter(|&s| inventory.scopes.level(s) == level);
        of.filter(|&s: &ScopeId| inventory.scopes.captured(s).is_some()).count() as u64
    };
    let principals = |noun: Noun| {
        let captured = |p: &PrincipalId| inventory.principals.class(*p) != Class::Mentioned;
        inventory.principals.iter().filter(captured).filter(|&p| inventory.is_kind(p, noun).is_true()).count()
            as u64
    };
    let assignments = |kind: RoleKind, state: State| {
        let a = &inventory.assignments;
        a.iter().filter(|&id| a.kind(id) == kind && a.state(id) == state).count() as u64
    };
    let roles = &inventory.roles;
    let definitions = |role_type: RoleType| {
        roles
            .iter()
            .filter(|&r: &RoleId| roles.origin(r).is_some() && roles.role_type(r) == role_type)
            .count() as u64
    };
    tallies([
        ("management groups", scopes(Level::ManagementGroup)),
        ("subscriptions", scopes(Level::Subscription)),
        ("resource groups", scopes(Level::ResourceGroup)),
        ("resources", scopes(Level::Resource)),
        ("role assignments", active),
        ("eligible role assignments", assignments(RoleKind::Azure, State::Eligible)),
        ("Microsoft Entra role assignments", assignments(RoleKind::Directory, State::Active)),
        ("app role assignments", assignments(RoleKind::App, State::Active)),
        ("built-in role definitions", definitions(RoleType::BuiltIn)),
        ("custom role definitions", definitions(RoleType::Custom)),
        ("users", principals(Noun::User)),
        ("groups", principals(Noun::Group)),
        ("service principals", principals(Noun::ServicePrincipal)),
        ("managed identities", principals(Noun::ManagedIdentity)),
        ("applications", inventory.applications.len() as u64),
        ("credentials", inventory.credentials.len() as u64),
        ("federated credentials", inventory.federated.len() as u64),
        ("deny assignments", inventory.denies.len() as u64),
        ("policy assignments", inventory.policies.len() as u64),
    ])
}

fn by_level(inventory: &Inventory, active: &[AssignmentId]) -> Vec<Tally> {
    tallies(Level::ALL.map(|level| {
        let at = |&&a: &&AssignmentId| inventory.scopes.level(inventory.assignments.scope(a)) == level;
        (level.name(), active.iter().filter(at).count() as u64)
    }))
}

fn by_principal_type(inventory: &Inventory, active: &[AssignmentId]) -> Vec<Tally> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for &a in active {
        let word = match inventory.assignments.hint(a) {
            Stated::Value(Hint::None) => "Unknown",
            Stated::Value(hint) => hint.word(),
            Stated::Absent | Stated::Unsaid => "not recorded",
        };
        *counts.entry(word).or_default() += 1;
    }
    tallies(counts)
}

fn by_role_type(inventory: &Inventory, active: &[AssignmentId]) -> Vec<Tally> {
    let of = |wanted: RoleType| {
        let is = |&&a: &&AssignmentId| inventory.roles.role_type(inventory.assignments.role(a)) == wanted;
        active.iter().filter(is).count() as u64
    };
    tallies([
        ("built in", of(RoleType::BuiltIn)),
        ("custom", of(RoleType::Custom)),
        ("definition not captured", of(RoleType::Unknown)),
    ])
}

/// Every principal that is captured or mentioned, by what it is known to be.
fn by_kind(inventory: &Inventory) -> Vec<Tally> {
    const KINDS: [(&str, &[Noun]); 8] = [
        ("user", &[Noun::User]),
        ("group", &[Noun::Group]),
        ("system_assigned", &[Noun::SystemAssigned]),
        ("user_assigned", &[Noun::UserAssigned]),
        ("managed_identity, not known which", &[Noun::ManagedIdentity]),
        ("service_principal", &[Noun::ServicePrincipal]),
        ("missing_principal", &[Noun::MissingPrincipal]),
        ("not known", &[Noun::Principal]),
    ];
    let mut counts = [0u64; KINDS.len()];
    for p in inventory.principals.iter() {
        let is = |nouns: &[Noun]| nouns.iter().any(|&noun| inventory.is_kind(p, noun).is_true());
        if let Some(slot) = KINDS.iter().position(|(_, nouns)| is(nouns)) {
            counts[slot] += 1;
        }
    }
    let guests = inventory.principals.iter().filter(|&p| inventory.is_kind(p, Noun::Guest).is_true()).count();
    let mut all = tallies(KINDS.iter().zip(counts).map(|((name, _), count)| (*name, count)));
    all.insert(1, Tally { name: "guest (of the users)".to_owned(), count: guests as u64 });
    all
}

fn duplicates(inventory: &Inventory, active: &[AssignmentId]) -> Vec<Duplicate> {
    let a = &inventory.assignments;
    let mut sorted = active.to_vec();
    let key = |id: AssignmentId| (a.scope(id), a.role(id), a.assignee(id));
    sorted.sort_by_key(|&id| (key(id), id));
    let mut found: Vec<Duplicate> = vec![];
    for same in sorted.chunk_by(|&x, &y| key(x) == key(y)).filter(|same| same.len() > 1) {
        let first = same[0];
        let text = |symbol| inventory.names.get(symbol).to_owned();
        let role = a.role(first);
        found.push(Duplicate {
            role: inventory.roles.name(role).map_or_else(|| inventory.roles.guid(role).to_string(), text),
            scope: text(inventory.scopes.id(a.scope(first))),
            principal_id: text(inventory.principals.spelling(a.assignee(first))),
            ids: same.iter().map(|&id| a.id(id, &inventory.names)).collect(),
        });
    }
    found.sort_by(|x, y| (&x.scope, &x.role, &x.principal_id).cmp(&(&y.scope, &y.role, &y.principal_id)));
    found
}
