//! Who may assign a user-assigned identity, and has a host to put it on, has the identity. The two rights are on two
//! scopes, and both must be one caller's: Azure checks the linked scope (`LinkedAuthorizationFailed`).

use super::code_execution::asked;
use super::{Laying, Source};
use crate::azure::code_execution::{self, CodeExecution, Effect};
use crate::azure::permission::Plane;
use crate::azure::scope::Level;
use crate::graph::Certainty;
use crate::graph::control::{Node, Right, Step, UNSAID};
use crate::graph::rights::{ASSIGN_IDENTITY, Caller, FEDERATE, Holding};
use crate::inventory::schema::Attr;
use crate::inventory::{Cell, PrincipalId, Restriction, ScopeId};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

/// A type of ordinary resources that can be made to run code.
struct Kind {
    name: &'static str,
    write: String,
    rows: Vec<&'static CodeExecution>,
}

static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let mut kinds: Vec<Kind> = vec![];
    for row in code_execution::rows() {
        if row.effect == Effect::MayRun
            || row.resource_type.eq_ignore_ascii_case("Microsoft.Authorization/policyAssignments")
        {
            continue;
        }
        match kinds.iter_mut().find(|kind| kind.name == row.resource_type) {
            Some(kind) => kind.rows.push(row),
            None => kinds.push(Kind {
                name: row.resource_type,
                write: format!("{}/write", row.resource_type),
                rows: vec![row],
            }),
        }
    }
    kinds
});

/// Whether an identity may be put on hosts of a type: its provider, or the type, is among those it is limited to.
fn is_admitted(restriction: Option<&Restriction>, names: &crate::inventory::Names, kind: &str) -> bool {
    let Some(restriction) = restriction.filter(|r| !r.providers.is_empty()) else { return true };
    let provider = kind.split('/').next().unwrap_or_default();
    restriction.providers.iter().any(|&p| {
        let name = names.get(p);
        name.eq_ignore_ascii_case(provider) || name.eq_ignore_ascii_case(kind)
    })
}

impl Laying<'_, '_, '_> {
    /// What leads to an identity: being able to attach it by one assignment, or to assign it with a host that was given.
    pub(super) fn places(&mut self, identity: PrincipalId, scope: ScopeId) {
        let limited = self.builder.inventory.restriction(identity).is_some();
        let assign = self.builder.right(scope, Right::Assign);
        if !limited {
            let attach = self.builder.right(scope, Right::Attach);
            self.builder.lead_to_identity(attach, identity, Step::IdentityAttachment, Certainty::Held);
        }
        let given = self.builder.node(Node::HostGiven(limited.then_some(identity)));
        self.builder.pair(assign, given, identity.0, Step::IdentityAttachment, Certainty::Held);
    }

    /// The rights on identities that a role gives.
    pub(super) fn identity_rights(&mut self, holding: Holding, makes_hosts: bool) -> [(Right, Certainty); 3] {
        let rights = self.builder.rights;
        let assign = rights.grants(holding, Plane::Control, ASSIGN_IDENTITY);
        let attach = match makes_hosts && assign.is_possible() {
            true => assign.and(self.is_hostable(holding)),
            false => Certainty::No,
        };
        let federate = rights.grants(holding, Plane::Control, FEDERATE);
        [(Right::Federate, federate), (Right::Assign, assign), (Right::Attach, attach)]
    }

    /// Whether a role alone can make a host of some type and run code there.
    fn is_hostable(&mut self, holding: Holding) -> Certainty {
        if let Some(&known) = self.hostable.get(&holding) {
            return known;
        }
        let rights = self.builder.rights;
        let mut any = Certainty::No;
        for kind in KINDS.iter() {
            let write = rights.grants(holding, Plane::Control, &kind.write);
            if write.is_possible() && any != Certainty::Held {
                let run = |row: &&'static CodeExecution| {
                    asked(row)
                        .fold(Certainty::Held, |all, (p, action)| all.and(rights.grants(holding, p, action)))
                };
                any = any.or(write.and(kind.rows.iter().map(run).fold(Certainty::No, Certainty::or)));
            }
        }
        self.hostable.insert(holding, any);
        any
    }

    /// Whether a role grants anything that a host needs.
    pub(super) fn helps(&mut self, holding: Holding) -> bool {
        let rights = self.builder.rights;
        *self.helping.entry(holding).or_insert_with(|| {
            KINDS.iter().any(|kind| {
                rights.grants(holding, Plane::Control, &kind.write).is_possible()
                    || kind.rows.iter().any(|row| {
                        asked(row).any(|(plane, action)| rights.grants(holding, plane, action).is_possible())
                    })
            })
        })
    }

    /// Whether a caller has a host for an identity that is limited so.
    fn has_host(&mut self, caller: &Caller, restriction: Option<&Restriction>) -> Certainty {
        let inventory = self.builder.inventory;
        let rights = self.builder.rights;
        let scopes = &inventory.scopes;
        let mut any = Certainty::No;
        let mut places: Vec<ScopeId> = vec![];
        for held in caller.held.iter().filter(|held| self.helps(held.holding)) {
            if scopes.level(held.scope) == Level::Resource {
                places.extend(scopes.chain(held.scope).take_while(|&s| scopes.level(s) == Level::Resource));
            } else {
                places.push(held.scope);
            }
        }
        for held in &caller.held {
            let simple = restriction.is_none()
                && scopes.level(held.scope) <= Level::ResourceGroup
                && !rights.is_under_a_denial(held.scope);
            if simple {
                any = any.or(held.state.and(self.is_hostable(held.holding)));
            }
        }
        places.sort_unstable();
        places.dedup();
        for place in places {
            if any == Certainty::Held {
                return any;
            }
            let exists = scopes.level(place) == Level::Resource;
            let own = inventory.names.get(scopes.resource_type(place));
            let here = match restriction.and_then(|r| r.region) {
                Some(region) if exists => self.is_in_region(place, inventory.names.get(region)),
                _ => Certainty::Held,
            };
            for kind in KINDS.iter().filter(|kind| !exists || kind.name.eq_ignore_ascii_case(own)) {
                if !is_admitted(restriction, &inventory.names, kind.name) {
                    continue;
                }
                let write = rights.may(caller, Plane::Control, &kind.write, place).and(here);
                if !write.is_possible() {
                    continue;
                }
                let run = |row: &&'static CodeExecution| {
                    asked(row).fold(Certainty::Held, |all, (p, action)| {
                        all.and(rights.may(caller, p, action, place))
                    })
                };
                any = any.or(write.and(kind.rows.iter().map(run).fold(Certainty::No, Certainty::or)));
            }
        }
        any
    }

    fn is_in_region(&self, resource: ScopeId, region: &str) -> Certainty {
        let inventory = self.builder.inventory;
        let plain = |text: &str| text.replace(' ', "").to_ascii_lowercase();
        match inventory.cells.get(Attr::ResourceLocation, resource.0) {
            Cell::Text(location) if plain(inventory.names.get(location)) == plain(region) => Certainty::Held,
            Cell::Text(_) => Certainty::No,
            _ => UNSAID,
        }
    }

    /// Callers whose right to assign and whose host come from two assignments, and identities that are limited to some hosts.
    pub(super) fn attachments(&mut self) {
        let mut hosts: FxHashMap<u32, Certainty> = FxHashMap::default();
        for held in self.builder.assignments.clone().iter() {
            let Some(a) = held.assignment else { continue };
            let assign =
                self.builder.rights.grants(held.holding, Plane::Control, ASSIGN_IDENTITY).and(held.state);
            if !assign.is_possible() {
                continue;
            }
            let scopes = &self.builder.inventory.scopes;
            let alone = scopes.level(held.scope) <= Level::ResourceGroup
                && !self.builder.rights.is_under_a_denial(held.scope)
                && self.is_hostable(held.holding) == Certainty::Held;
            let hanging =
                scopes.level(held.scope) == Level::ManagementGroup && !self.builder.hanging.is_empty();
            let leads = self.builder.right_at(held.scope, Right::Attach).is_some() || hanging;
            if alone || !leads {
                continue;
            }
            for (node, caller) in self.builder.callers_of(a) {
                let host = match hosts.get(&node) {
                    Some(&known) => known,
                    None => {
                        let host = self.has_host(&caller, None);
                        hosts.insert(node, host);
                        host
                    }
                };
                self.builder.holds(node, held.scope, Right::Attach, assign.and(host));
            }
        }
        for (identity, scope) in self.ground.identities.clone() {
            let limited = self.builder.inventory.restriction(identity).is_some();
            if !limited || self.builder.rights.is_under_a_denial(scope) {
                continue;
            }
            let mut callers = self.builder.callers_at(scope);
            callers.extend(self.given_at(scope));
            let mut seen = FxHashSet::default();
            for (node, caller) in callers {
                if seen.insert(node) {
                    self.attach_alone(node, &caller, identity, scope);
                }
            }
        }
    }

    /// One caller and one identity, asked exactly.
    pub(super) fn attach_alone(&mut self, node: u32, caller: &Caller, identity: PrincipalId, scope: ScopeId) {
        let assign = self.builder.rights.may(caller, Plane::Control, ASSIGN_IDENTITY, scope);
        if !assign.is_possible() {
            return;
        }
        let restriction = self.builder.inventory.restriction(identity);
        let host = self.has_host(caller, restriction);
        self.builder.lead_to_identity(node, identity, Step::IdentityAttachment, assign.and(host));
        let given = self.builder.node(Node::HostGiven(restriction.is_some().then_some(identity)));
        self.builder.pair(node, given, identity.0, Step::IdentityAttachment, assign);
    }

    /// Whoever can be given everything or a role can have a host that it makes or writes; or, where it lets identities be
    /// assigned and makes no host, asks for one that is held.
    pub(super) fn host_given(&mut self, source: Source) {
        let rights = self.builder.rights;
        let caller = rights.somebody(source.holding, source.scope);
        let host = self.has_host(&caller, None);
        if host.is_possible() {
            let to = self.builder.node(Node::HostGiven(None));
            self.builder.edge(source.from, to, None, host);
        }
        let limited = self.ground.limited.clone();
        for &(identity, _) in limited.iter() {
            let host = self.has_host(&caller, self.builder.inventory.restriction(identity));
            if host.is_possible() {
                let to = self.builder.node(Node::HostGiven(Some(identity)));
                self.builder.edge(source.from, to, None, host);
            }
        }
        if rights.grants(source.holding, Plane::Control, ASSIGN_IDENTITY).is_possible() {
            self.hostless.push((source, host));
        }
    }

    /// The right to assign an identity that can be given, beside a host that somebody holds: it can be given to them.
    pub(super) fn attachments_given(&mut self) {
        let rights = self.builder.rights;
        let inventory = self.builder.inventory;
        let mut wanted: Vec<Option<PrincipalId>> = vec![];
        for (source, host) in std::mem::take(&mut self.hostless) {
            let caller = rights.somebody(source.holding, source.scope);
            let scopes = &inventory.scopes;
            let identities: Vec<(PrincipalId, ScopeId)> = match scopes.level(source.scope) {
                // Only what it is, or is a part of.
                Level::Resource => {
                    let is_one = |s: ScopeId| Some((inventory.user_assigned_at(s)?, s));
                    let around = scopes.chain(source.scope).filter_map(is_one);
                    around.filter(|known| self.ground.identities.contains(known)).collect()
                }
                _ if host == Certainty::Held => self.ground.limited.to_vec(),
                _ => self.ground.identities.clone(),
            };
            for (identity, scope) in identities {
                let assign = rights.may(&caller, Plane::Control, ASSIGN_IDENTITY, scope);
                if !assign.is_possible() {
                    continue;
                }
                let restriction = inventory.restriction(identity);
                let host = if restriction.is_some() { self.has_host(&caller, restriction) } else { host };
                if assign.and(host) == Certainty::Held {
                    continue;
                }
                let limited = restriction.is_some().then_some(identity);
                let held = self.builder.node(Node::HostHeld(limited));
                self.builder.pair(source.from, held, identity.0, Step::IdentityAttachment, assign);
                wanted.push(limited);
            }
        }
        wanted.sort_unstable();
        wanted.dedup();
        for limited in wanted {
            self.hosts_held(limited);
        }
    }

    /// Who holds a host, or one for an identity that is limited to some.
    fn hosts_held(&mut self, limited: Option<PrincipalId>) {
        let inventory = self.builder.inventory;
        let restriction = limited.and_then(|identity| inventory.restriction(identity));
        let to = self.builder.node(Node::HostHeld(limited));
        let mut seen = FxHashSet::default();
        for held in self.builder.assignments.clone().iter() {
            let Some(a) = held.assignment.filter(|_| self.helps(held.holding)) else { continue };
            let alone = restriction.is_none()
                && inventory.scopes.level(held.scope) <= Level::ResourceGroup
                && !self.builder.rights.is_under_a_denial(held.scope)
                && self.is_hostable(held.holding) == Certainty::Held;
            if alone {
                let from = self.builder.holder_of(a);
                self.builder.edge(from, to, None, held.state);
                continue;
            }
            for (node, caller) in self.builder.callers_of(a) {
                if seen.insert(node) {
                    let host = self.has_host(&caller, restriction);
                    self.builder.edge(node, to, None, host);
                }
            }
        }
    }
}
