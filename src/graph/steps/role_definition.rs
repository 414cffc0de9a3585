//! Who may rewrite a custom role that they, or somebody they control, hold can put everything into it. Azure asks for the
//! right at every one of the role's assignable scopes.

use super::{Hand, Laying, Source};
use crate::azure::permission::Plane;
use crate::graph::Certainty;
use crate::graph::control::{Node, Step, UNSAID};
use crate::graph::denied::Named;
use crate::graph::rights::{Caller, Rights, Role, WRITE_DEFINITION};
use crate::inventory::{RoleId, RoleKind, RoleType, ScopeId};
use std::rc::Rc;

/// A custom role, with its assignable scopes where they were captured.
pub(super) type Custom = (RoleId, Option<Vec<ScopeId>>);

/// The custom roles of the capture.
pub(super) fn custom_roles(rights: &Rights<'_>) -> Rc<[Custom]> {
    let inventory = rights.inventory;
    let roles = &inventory.roles;
    roles
        .iter()
        .filter(|&role| roles.kind(role) == RoleKind::Azure && roles.role_type(role) == RoleType::Custom)
        .map(|role| (role, roles.assignable(role).map(<[ScopeId]>::to_vec)))
        .collect()
}

impl Laying<'_, '_, '_> {
    /// Whoever holds a role that is rewritten has everything where they hold it.
    pub(super) fn definitions(&mut self) {
        for &(role, _) in self.custom.clone().iter() {
            let rewrites = self.builder.node(Node::Rewrites(role));
            let assignments: Vec<_> = self.builder.inventory.assignments_of(role).collect();
            for a in assignments {
                let Some(held) = self.builder.rights.held(a) else { continue };
                let holder = self.builder.holder_of(a);
                let to = self.give(held.scope, Role::Everything);
                self.builder.pair(rewrites, holder, to, Step::RoleDefinition, held.state);
            }
        }
    }

    /// Which custom roles whoever holds a role at a scope can rewrite.
    pub(super) fn rewrites_roles(&mut self, source: Source, hands: &[Hand]) {
        let rights = self.builder.rights;
        let write = rights.grants(source.holding, Plane::Control, WRITE_DEFINITION).and(source.state);
        if !write.is_possible() {
            return;
        }
        for (role, assignable) in self.custom.clone().iter() {
            let rewrites = self.builder.node(Node::Rewrites(*role));
            let Some(assignable) = assignable else {
                self.builder.edge(source.from, rewrites, None, write.and(UNSAID));
                continue;
            };
            let scopes = &self.builder.inventory.scopes;
            let above = |s: &ScopeId| Certainty::from(scopes.contains(source.scope, *s));
            if !assignable.iter().any(|s| above(s).is_possible()) {
                continue;
            }
            let everywhere = assignable.iter().fold(Certainty::Held, |all, s| all.and(above(s)));
            let takes = |hand: &&Hand| {
                let at = |&s: &ScopeId| self.denied.at(hand.named, s);
                assignable.iter().any(|s| self.denied.takes(at(s), Plane::Control, WRITE_DEFINITION))
            };
            let left: Vec<Hand> = hands.iter().filter(|hand| !takes(hand)).copied().collect();
            if everywhere.is_possible() {
                let all = [Hand { from: source.from, named: Named::NONE }];
                for hand in if left.len() == hands.len() { &all[..] } else { &left[..] } {
                    self.builder.edge(hand.from, rewrites, None, write.and(everywhere));
                }
            }
            if everywhere == Certainty::Held || left.is_empty() {
                continue;
            }
            // Another assignment of the same caller may cover the rest.
            for (node, caller) in self.callers(source) {
                let certainty = self.may_rewrite(&caller, assignable);
                self.builder.edge(node, rewrites, None, certainty);
            }
        }
    }

    fn may_rewrite(&self, caller: &Caller, assignable: &[ScopeId]) -> Certainty {
        assignable.iter().fold(Certainty::Held, |all, &scope| {
            all.and(self.builder.rights.may(caller, Plane::Control, WRITE_DEFINITION, scope))
        })
    }
}
