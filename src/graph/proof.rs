//! What proves a step: which of all that a caller holds gives the actions that it takes.

use super::certainty::Certainty;
use super::rights::{ASSIGN_IDENTITY, Caller, FEDERATE, Held, Rights, WRITE_ASSIGNMENT, WRITE_DEFINITION};
use super::steps::code_execution::{asked, policy_scope};
use crate::azure::code_execution::{self, CodeExecution, Effect};
use crate::azure::permission::Plane;
use crate::inventory::schema::Table;
use crate::inventory::{Entity, PrincipalId, RoleId, ScopeId};

/// One action with what gives it, and where.
#[derive(Clone, Debug)]
pub struct Use {
    /// The operation.
    pub action: String,
    /// The scope on which it is carried out.
    pub scope: ScopeId,
    /// What gives it.
    pub held: Held,
}

/// How code can be run on a host: the row of the table, and what gives its actions. `row` is `None` for a type that is not in
/// the table.
#[derive(Clone, Debug)]
pub struct Run {
    /// The row.
    pub row: Option<&'static CodeExecution>,
    /// What gives its actions.
    pub uses: Vec<Use>,
}

impl Rights<'_> {
    fn use_of(&self, caller: &Caller, plane: Plane, action: &str, scope: ScopeId) -> Option<Use> {
        let held = *self.proof(caller, plane, action, scope)?;
        Some(Use { action: action.to_owned(), scope, held })
    }

    /// How a caller can run code on a host, the surest way first; `None` where it can't.
    pub fn proof_of_run(&self, caller: &Caller, host: Entity) -> Option<Run> {
        let inventory = self.inventory;
        let (name, scope) = match host.scope() {
            Some(scope) => (inventory.names.get(inventory.scopes.resource_type(scope)), Some(scope)),
            None if host.table == Table::PolicyAssignment => {
                ("Microsoft.Authorization/policyAssignments", None)
            }
            None => return None,
        };
        let mut best: Option<(Certainty, bool, Run)> = None;
        let mut known = false;
        for row in code_execution::of_type(name).filter(|row| row.effect != Effect::MayRun) {
            known = true;
            let Some(scope) = scope.or_else(|| policy_scope(inventory, host.row, row)) else { continue };
            let mut all = Certainty::Held;
            let mut uses = vec![];
            for (plane, action) in asked(row) {
                all = all.and(self.may(caller, plane, action, scope));
                uses.extend(self.use_of(caller, plane, action, scope));
            }
            // A row that needs no login is told before one that does.
            let plain = row.effect == Effect::Runs;
            let better = match &best {
                None => all.is_possible(),
                Some((before, ran, _)) => before.or(all) != *before || all == *before && plain && !ran,
            };
            if better {
                best = Some((all, plain, Run { row: Some(row), uses }));
            }
        }
        if !known && let Some(scope) = scope {
            let write = format!("{name}/write");
            let uses: Vec<Use> = self.use_of(caller, Plane::Control, &write, scope).into_iter().collect();
            return (!uses.is_empty()).then_some(Run { row: None, uses });
        }
        best.map(|(_, _, run)| run)
    }

    /// What lets a caller assign a user-assigned identity.
    pub fn proof_of_assign(&self, caller: &Caller, identity: PrincipalId) -> Option<Use> {
        let scope = self.inventory.principals.node(identity)?;
        self.use_of(caller, Plane::Control, ASSIGN_IDENTITY, scope)
    }

    /// What lets a caller write federated credentials of a user-assigned identity.
    pub fn proof_of_federation(&self, caller: &Caller, identity: PrincipalId) -> Option<Use> {
        let scope = self.inventory.principals.node(identity)?;
        self.use_of(caller, Plane::Control, FEDERATE, scope)
    }

    /// What lets a caller write role assignments at a scope.
    pub fn proof_of_grant(&self, caller: &Caller, scope: ScopeId) -> Option<Use> {
        self.use_of(caller, Plane::Control, WRITE_ASSIGNMENT, scope)
    }

    /// What lets a caller rewrite a custom role: at each of its assignable scopes.
    pub fn proof_of_rewrite(&self, caller: &Caller, role: RoleId) -> Vec<Use> {
        let scopes = self.inventory.roles.assignable(role).unwrap_or_default();
        scopes.iter().filter_map(|&s| self.use_of(caller, Plane::Control, WRITE_DEFINITION, s)).collect()
    }

    /// What gives a caller a host: a role that can write resources of a type on which code runs, the widest scope first.
    pub fn proof_of_host(&self, caller: &Caller) -> Option<Use> {
        use crate::azure::scope::Level;
        let scopes = &self.inventory.scopes;
        let mut held: Vec<&Held> = caller.held.iter().collect();
        held.sort_by_key(|h| scopes.level(h.scope));
        let mut found: Option<(Certainty, Use)> = None;
        for held in held {
            let own = self.inventory.names.get(scopes.resource_type(held.scope));
            for row in code_execution::rows().iter().filter(|row| row.effect != Effect::MayRun) {
                let exists = scopes.level(held.scope) == Level::Resource;
                if exists && !row.resource_type.eq_ignore_ascii_case(own)
                    || row.resource_type.eq_ignore_ascii_case("Microsoft.Authorization/policyAssignments")
                {
                    continue;
                }
                let write = format!("{}/write", row.resource_type);
                let mut all = self.may(caller, Plane::Control, &write, held.scope);
                for (plane, action) in asked(row) {
                    all = all.and(self.may(caller, plane, action, held.scope));
                }
                if all.is_possible() && found.as_ref().is_none_or(|(before, _)| before.or(all) != *before) {
                    let held = self.proof(caller, Plane::Control, &write, held.scope).copied();
                    if let Some(held) = held {
                        let host = Use { action: write, scope: held.scope, held };
                        found = Some((all, host));
                    }
                }
                if found.as_ref().is_some_and(|(certainty, _)| *certainty == Certainty::Held) {
                    return found.map(|(_, host)| host);
                }
            }
        }
        found.map(|(_, host)| host)
    }
}
