//! Who may write federated credentials of a user-assigned identity can have an outside token taken for it: no host is
//! needed.

use super::{Laying, Source};
use crate::azure::permission::Plane;
use crate::azure::scope::Level;
use crate::graph::Certainty;
use crate::graph::control::{Right, Step};
use crate::graph::rights::FEDERATE;
use crate::inventory::ScopeId;

impl Laying<'_, '_, '_> {
    /// The identities that all callers reach alike, each below the rights that lead to it.
    pub(super) fn identities(&mut self) {
        for (identity, scope) in self.ground.identities.clone() {
            if self.builder.rights.is_under_a_denial(scope) {
                continue;
            }
            let federate = self.builder.right(scope, Right::Federate);
            self.builder.lead_to_identity(federate, identity, Step::Federation, Certainty::Held);
            self.places(identity, scope);
        }
    }

    /// Identities of which every caller is a case of its own, because a deny assignment reaches them.
    pub(super) fn denied_identities(&mut self) {
        for (identity, scope) in self.ground.identities.clone() {
            if !self.builder.rights.is_under_a_denial(scope) {
                continue;
            }
            let mut callers = self.builder.callers_at(scope);
            callers.extend(self.given_at(scope));
            for (node, caller) in callers {
                let federate = self.builder.rights.may(&caller, Plane::Control, FEDERATE, scope);
                self.builder.lead_to_identity(node, identity, Step::Federation, federate);
                self.attach_alone(node, &caller, identity, scope);
            }
        }
    }

    /// An assignment at a federated credential itself lets its holder rewrite that one.
    pub(super) fn credential(&mut self, source: Source) {
        let scopes = &self.builder.inventory.scopes;
        let is_inside = |above: &ScopeId| scopes.level(*above) == Level::Resource;
        let Some(scope) = scopes.parent(source.scope).filter(is_inside) else { return };
        let Some(identity) = self.builder.inventory.user_assigned_at(scope) else { return };
        if self.ground.identities.contains(&(identity, scope))
            && !self.builder.rights.is_under_a_denial(scope)
        {
            let caller = self.builder.rights.somebody(source.holding, source.scope);
            let certainty =
                self.builder.rights.may(&caller, Plane::Control, FEDERATE, scope).and(source.state);
            self.builder.lead_to_identity(source.from, identity, Step::Federation, certainty);
        }
    }
}
