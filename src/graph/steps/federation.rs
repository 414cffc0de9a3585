//! Who may write federated credentials of a user-assigned identity can have an outside token taken for it: no host is
//! needed.

use super::{Laying, Source};
use crate::azure::permission::Plane;
use crate::azure::scope::Level;
use crate::graph::Certainty;
use crate::graph::control::{Node, Right, Step};
use crate::graph::denied::Named;
use crate::graph::rights::{ASSIGN_IDENTITY, FEDERATE};
use crate::inventory::ScopeId;

impl Laying<'_, '_, '_> {
    /// The identities that all callers reach alike, each below the rights that lead to it.
    pub(super) fn identities(&mut self) {
        for (identity, scope) in self.ground.identities.clone() {
            if self.is_denied(scope) {
                continue;
            }
            let federate = self.builder.right(scope, Right::Federate);
            self.builder.lead_to_identity(federate, identity, Step::Federation, Certainty::Held);
            self.places(identity, scope);
        }
    }

    /// Whether a deny assignment takes something that leads to the identity there.
    pub(super) fn is_denied(&self, scope: ScopeId) -> bool {
        let all = self.denied.reaching(scope);
        [FEDERATE, ASSIGN_IDENTITY].iter().any(|action| self.denied.takes(all, Plane::Control, action))
    }

    /// Notes the identities at which a deny assignment takes something.
    pub(super) fn denied_identities(&mut self) {
        for (number, &(_, scope)) in self.ground.identities.iter().enumerate() {
            if self.is_denied(scope) {
                self.bitten.add(&self.builder.inventory.scopes, scope, Right::Assign, number);
            }
        }
    }

    /// An identity, below what deny assignments leave of the rights that lead to it.
    pub(super) fn left_identity(&mut self, number: usize, named: Named, remains: &mut Vec<(Right, u32)>) {
        let (identity, scope) = self.ground.identities[number];
        let at = self.denied.at(named, scope);
        if !self.denied.takes(at, Plane::Control, FEDERATE) {
            let federate = self.builder.node(Node::Left(scope, Right::Federate, named));
            self.builder.lead_to_identity(federate, identity, Step::Federation, Certainty::Held);
            remains.push((Right::Federate, federate));
        }
        if !self.denied.takes(at, Plane::Control, ASSIGN_IDENTITY) {
            self.left_places(identity, scope, named, remains);
        }
    }

    /// An assignment at a federated credential itself lets its holder rewrite that one.
    pub(super) fn credential(&mut self, source: Source) {
        let scopes = &self.builder.inventory.scopes;
        let is_inside = |above: &ScopeId| scopes.level(*above) == Level::Resource;
        let Some(scope) = scopes.parent(source.scope).filter(is_inside) else { return };
        let Some(identity) = self.builder.inventory.user_assigned_at(scope) else { return };
        if !self.ground.identities.contains(&(identity, scope)) {
            return;
        }
        let rights = self.builder.rights;
        if self.is_denied(scope) {
            for (node, caller) in self.callers(source) {
                let certainty = rights.may(&caller, Plane::Control, FEDERATE, scope);
                self.builder.lead_to_identity(node, identity, Step::Federation, certainty);
            }
            return;
        }
        let caller = rights.somebody(source.holding, source.scope);
        let certainty = rights.may(&caller, Plane::Control, FEDERATE, scope).and(source.state);
        self.builder.lead_to_identity(source.from, identity, Step::Federation, certainty);
    }
}
