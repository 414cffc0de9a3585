//! Who may assign a user-assigned identity, and has a host to put it on, has the identity. The two rights are on two
//! scopes, and both must be one caller's: Azure checks the linked scope (`LinkedAuthorizationFailed`).

use super::code_execution::asked;
use super::{Hand, Laying, Source};
use crate::azure::code_execution::{self, CodeExecution, Effect};
use crate::azure::permission::Plane;
use crate::azure::scope::Level;
use crate::graph::Certainty;
use crate::graph::control::{Node, Right, Step, UNSAID};
use crate::graph::denied::Named;
use crate::graph::rights::{ASSIGN_IDENTITY, Caller, FEDERATE, Holding};
use crate::inventory::schema::Attr;
use crate::inventory::{Cell, PrincipalId, Restriction, ScopeId};
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;
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

/// Every operation that may be asked for on a host.
pub(super) fn operations() -> impl Iterator<Item = (Plane, String)> {
    let of_kind = |kind: &'static Kind| {
        let rows = kind.rows.iter().flat_map(|row| asked(row));
        rows.chain([(Plane::Control, &*kind.write)]).map(|(plane, action)| (plane, action.to_owned()))
    };
    KINDS.iter().flat_map(of_kind)
}

/// The kinds that can be made where deny assignments leave that, each with the ways to run code that they leave.
type Open = Rc<[(&'static Kind, Vec<&'static CodeExecution>)]>;

/// What is known of roles and hosts.
#[derive(Default)]
pub(super) struct Hosts {
    /// Whether a role alone makes one, where those deny assignments are.
    alone: FxHashMap<(Holding, Named), Certainty>,
    open: FxHashMap<Named, Open>,
    helping: FxHashMap<Holding, bool>,
}

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

    /// The same, of what deny assignments leave.
    pub(super) fn left_places(
        &mut self,
        identity: PrincipalId,
        scope: ScopeId,
        named: Named,
        remains: &mut Vec<(Right, u32)>,
    ) {
        let limited = self.builder.inventory.restriction(identity).is_some();
        let assign = self.builder.node(Node::Left(scope, Right::Assign, named));
        remains.push((Right::Assign, assign));
        if !limited {
            let attach = self.builder.node(Node::Left(scope, Right::Attach, named));
            self.builder.lead_to_identity(attach, identity, Step::IdentityAttachment, Certainty::Held);
            remains.push((Right::Attach, attach));
        }
        let given = self.builder.node(Node::HostGiven(limited.then_some(identity)));
        self.builder.pair(assign, given, identity.0, Step::IdentityAttachment, Certainty::Held);
    }

    /// The rights on identities that a role gives.
    pub(super) fn identity_rights(&mut self, holding: Holding, makes_hosts: bool) -> [(Right, Certainty); 3] {
        let rights = self.builder.rights;
        let assign = rights.grants(holding, Plane::Control, ASSIGN_IDENTITY);
        let attach = match makes_hosts && assign.is_possible() {
            true => assign.and(self.is_hostable(holding, Named::NONE)),
            false => Certainty::No,
        };
        let federate = rights.grants(holding, Plane::Control, FEDERATE);
        [(Right::Federate, federate), (Right::Assign, assign), (Right::Attach, attach)]
    }

    /// Whether a role alone can make a host of some type and run code there, with what deny assignments leave.
    pub(super) fn is_hostable(&mut self, holding: Holding, named: Named) -> Certainty {
        if let Some(&known) = self.hosts.alone.get(&(holding, named)) {
            return known;
        }
        let rights = self.builder.rights;
        let mut any = Certainty::No;
        for (kind, rows) in self.open(named).iter() {
            let write = rights.grants(holding, Plane::Control, &kind.write);
            if write.is_possible() && any != Certainty::Held {
                let run = |row: &&'static CodeExecution| {
                    asked(row)
                        .fold(Certainty::Held, |all, (p, action)| all.and(rights.grants(holding, p, action)))
                };
                any = any.or(write.and(rows.iter().map(run).fold(Certainty::No, Certainty::or)));
            }
        }
        self.hosts.alone.insert((holding, named), any);
        any
    }

    /// The kinds of hosts that deny assignments leave.
    fn open(&mut self, named: Named) -> Open {
        if let Some(known) = self.hosts.open.get(&named) {
            return known.clone();
        }
        let takes = |plane, action: &str| self.denied.takes(named, plane, action);
        let rows = |kind: &'static Kind| {
            let rows = kind.rows.iter().copied();
            rows.filter(|row| !asked(row).any(|(plane, action)| takes(plane, action))).collect::<Vec<_>>()
        };
        let kinds = KINDS.iter().filter(|kind| !takes(Plane::Control, &kind.write));
        let open: Open = kinds.map(|kind| (kind, rows(kind))).filter(|(_, rows)| !rows.is_empty()).collect();
        self.hosts.open.insert(named, open.clone());
        open
    }

    /// Whether a role grants anything that a host needs, worked out once.
    fn helps_remembered(&mut self, holding: Holding) -> bool {
        if let Some(&known) = self.hosts.helping.get(&holding) {
            return known;
        }
        let helps = self.helps(holding);
        self.hosts.helping.insert(holding, helps);
        helps
    }

    /// Whether a role grants anything that a host needs.
    pub(super) fn helps(&self, holding: Holding) -> bool {
        let rights = self.builder.rights;
        KINDS.iter().any(|kind| {
            rights.grants(holding, Plane::Control, &kind.write).is_possible()
                || kind.rows.iter().any(|row| {
                    asked(row).any(|(plane, action)| rights.grants(holding, plane, action).is_possible())
                })
        })
    }

    /// Whether a caller has a host for an identity that is limited so.
    fn has_host(&mut self, caller: &Caller, restriction: Option<&Restriction>) -> Certainty {
        let inventory = self.builder.inventory;
        let rights = self.builder.rights;
        let scopes = &inventory.scopes;
        let named = self.denied.naming(caller.principal);
        let mut any = Certainty::No;
        let mut places: Vec<ScopeId> = vec![];
        for held in &caller.held {
            if !self.helps_remembered(held.holding) {
                continue;
            }
            if scopes.level(held.scope) == Level::Resource {
                places.extend(scopes.chain(held.scope).take_while(|&s| scopes.level(s) == Level::Resource));
            } else {
                places.push(held.scope);
            }
            if restriction.is_none() && self.makes_hosts(held.scope) {
                let at = self.denied.at(named, held.scope);
                any = any.or(held.state.and(self.is_hostable(held.holding, at)));
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
            let open = self.open(self.denied.at(named, place));
            for (kind, rows) in open.iter().filter(|(k, _)| !exists || k.name.eq_ignore_ascii_case(own)) {
                if !is_admitted(restriction, &inventory.names, kind.name) {
                    continue;
                }
                let write = rights.has(caller, Plane::Control, &kind.write, place).and(here);
                if !write.is_possible() {
                    continue;
                }
                let run = |row: &&'static CodeExecution| {
                    asked(row).fold(Certainty::Held, |all, (p, action)| {
                        all.and(rights.has(caller, p, action, place))
                    })
                };
                any = any.or(write.and(rows.iter().map(run).fold(Certainty::No, Certainty::or)));
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
            let source = self.source(a, held);
            let hands = self.hands(source);
            let mut places = self.builder.perhaps_below(held.scope);
            places.push((held.scope, Certainty::Held));
            let mut asking: Vec<Named> = vec![];
            for &hand in &hands {
                if self.is_host_alone(source, hand) != Certainty::Held
                    && places.iter().any(|&(place, _)| self.leads_to_attaching(place, hand.named))
                {
                    asking.push(hand.named);
                }
            }
            if asking.is_empty() {
                continue;
            }
            for (node, caller) in self.builder.callers_of(a) {
                let named = self.denied.naming(caller.principal);
                if hands.len() > 1 && !asking.contains(&named) {
                    continue;
                }
                let host = match hosts.get(&node) {
                    Some(&known) => known,
                    None => {
                        let host = self.has_host(&caller, None);
                        hosts.insert(node, host);
                        host
                    }
                };
                let attach = assign.and(host);
                self.builder.holds(node, held.scope, Right::Attach, attach);
                for &(place, perhaps) in &places {
                    for &(left, to) in self.left(place, Right::Assign, named).iter() {
                        if left == Right::Attach {
                            self.builder.edge(node, to, None, attach.and(perhaps));
                        }
                    }
                }
            }
        }
        let given = if self.ground.limited.is_empty() { vec![] } else { self.given() };
        let rights = self.builder.rights;
        for (identity, scope) in self.ground.limited.clone().iter().copied() {
            let assigns = |holding| rights.grants(holding, Plane::Control, ASSIGN_IDENTITY).is_possible();
            let mut callers = self.builder.callers_at(scope, assigns);
            callers.extend(self.given_at(&given, scope));
            for (node, caller) in callers {
                let assign = rights.may(&caller, Plane::Control, ASSIGN_IDENTITY, scope);
                if assign.is_possible() {
                    let host = self.has_host(&caller, self.builder.inventory.restriction(identity));
                    let step = Step::IdentityAttachment;
                    self.builder.lead_to_identity(node, identity, step, assign.and(host));
                }
            }
        }
    }

    /// Whether those in one hand have a host by what they hold from that source alone.
    fn is_host_alone(&mut self, source: Source, hand: Hand) -> Certainty {
        match self.makes_hosts(source.scope) {
            true => self.is_hostable(source.holding, self.denied.at(hand.named, source.scope)),
            false => Certainty::No,
        }
    }

    /// Whether there is an identity at a scope or below, for those whom deny assignments name so, that can be attached.
    fn leads_to_attaching(&mut self, scope: ScopeId, named: Named) -> bool {
        self.builder.right_at(scope, Right::Attach).is_some()
            || self.left(scope, Right::Assign, named).iter().any(|(left, _)| *left == Right::Attach)
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
        let number = |scope: ScopeId| inventory.scopes.numbers(scope).start;
        let mut in_order = self.ground.identities.clone();
        in_order.sort_by_key(|&(_, scope)| number(scope));
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
                _ if !self.builder.perhaps_below(source.scope).is_empty() => self.ground.identities.clone(),
                _ => {
                    let inside = scopes.numbers(source.scope);
                    let place = |end: u32| in_order.partition_point(|&(_, scope)| number(scope) < end);
                    let mut inside = in_order[place(inside.start)..place(inside.end)].to_vec();
                    inside.sort_unstable();
                    inside
                }
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
            let Some(a) = held.assignment.filter(|_| self.helps_remembered(held.holding)) else { continue };
            let source = self.source(a, held);
            let hands = self.hands(source);
            let mut asking: Vec<Named> = vec![];
            for &hand in &hands {
                if restriction.is_none() && self.is_host_alone(source, hand) == Certainty::Held {
                    self.builder.edge(hand.from, to, None, held.state);
                } else {
                    asking.push(hand.named);
                }
            }
            if asking.is_empty() {
                continue;
            }
            for (node, caller) in self.builder.callers_of(a) {
                let named = self.denied.naming(caller.principal);
                if (hands.len() == 1 || asking.contains(&named)) && seen.insert(node) {
                    let host = self.has_host(&caller, restriction);
                    self.builder.edge(node, to, None, host);
                }
            }
        }
    }
}
