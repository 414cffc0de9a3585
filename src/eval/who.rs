//! Who may carry out an action on a scope.

use super::Evaluator;
use super::findings::quoted;
use crate::azure::Plane;
use crate::graph::{self, Certainty, Held};
use crate::inventory::{PrincipalId, ScopeId};
use crate::verdict::WhoFact;
use rustc_hash::FxHashSet;

impl<'a> Evaluator<'a> {
    /// Who may carry out some of the actions on a scope, each principal once for each action, the surest way first.
    pub(super) fn who_can(&self, actions: &[(Plane, String)], on: ScopeId) -> Vec<WhoFact> {
        let inventory = self.inventory;
        let rights = self.rights();
        let scopes = &inventory.scopes;
        let mut holders: FxHashSet<PrincipalId> = FxHashSet::default();
        for held in inventory.assignments.iter().filter_map(|a| rights.held(a)) {
            let near =
                !scopes.contains(held.scope, on).is_false() || scopes.contains(on, held.scope).is_true();
            let Some(a) = held.assignment.filter(|_| near) else { continue };
            let assignee = inventory.assignments.assignee(a);
            holders.insert(assignee);
            if graph::is_group(inventory, assignee) {
                holders.extend(self.closure(assignee).members.iter().map(|m| m.principal));
            }
        }
        let mut order: Vec<PrincipalId> =
            holders.into_iter().filter(|&p| graph::exists(inventory, p)).collect();
        order.sort_by_cached_key(|&p| (self.phrase(p.into()), p));
        let mut facts = vec![];
        for principal in order {
            let caller = rights.caller(principal, false);
            for (plane, action) in actions {
                let certainty = rights.may(&caller, *plane, action, on);
                if !certainty.is_possible() {
                    continue;
                }
                let Some(held) = rights.proof(&caller, *plane, action, on) else { continue };
                facts.push(self.who_fact(principal, action, certainty, held));
            }
        }
        facts
    }

    fn who_fact(&self, principal: PrincipalId, action: &str, certainty: Certainty, held: &Held) -> WhoFact {
        let a = held.assignment;
        let via = a.map(|a| self.chain_of(a, principal)).unwrap_or_default();
        let role = self.role_words(held.holding.role);
        let word = match certainty {
            Certainty::Held => "held",
            Certainty::Potential => "potential",
            _ => "unknown",
        };
        let doubt = if word == "unknown" { ", and whether that allows it is not known" } else { "" };
        let holds = a.map(|a| self.is_words(principal, a, &via)).unwrap_or_default();
        WhoFact {
            subject: self.subject(principal.into(), None),
            action: action.to_owned(),
            certainty: word.to_owned(),
            role,
            scope: self.name_of(self.inventory.scopes.id(held.scope)).to_owned(),
            sentence: format!("{holds}: {}{doubt}", quoted(action)),
            evidence: a.map(|a| self.held_evidence(a, principal, &via)).unwrap_or_default(),
            via: via.iter().map(|&g| self.subject(g.into(), None)).collect(),
            missing: self.missing_data(certainty.missing()),
        }
    }
}
