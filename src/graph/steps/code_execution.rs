//! Who can run code on a resource that carries an identity has that identity. Which actions do is a table
//! (`azure/data/code-execution.txt`); whatever else may write a resource with an identity leaves it unknown.

mod joined;

use super::{Laying, Source};
use crate::azure::code_execution::{self, CodeExecution, Effect, Relation};
use crate::azure::permission::Plane;
use crate::azure::scope::Level;
use crate::graph::Certainty;
use crate::graph::control::{Builder, Node, Right, Step, UNSAID};
use crate::graph::denied::Named;
use crate::graph::rights::{ASSIGN_IDENTITY, Caller, Holding};
use crate::inventory::schema::Table;
use crate::inventory::{Class, Entity, Inventory, PrincipalId, ScopeId, Stated, Symbol};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// The type whose definition can be written elsewhere.
const POLICY_ASSIGNMENT: &str = "Microsoft.Authorization/policyAssignments";
const WRITE_POLICY: &str = "Microsoft.Authorization/policyAssignments/write";
const WRITE_POLICY_DEFINITION: &str = "Microsoft.Authorization/policyDefinitions/write";
const WRITE_POLICY_SET: &str = "Microsoft.Authorization/policySetDefinitions/write";

/// The types whose own actions run the identity of a policy assignment.
const POLICY_SCOPES: [&str; 3] = [
    POLICY_ASSIGNMENT,
    "Microsoft.Authorization/policyDefinitions",
    "Microsoft.Authorization/policySetDefinitions",
];

/// A type of hosts.
pub(in crate::graph) struct HostType {
    pub(in crate::graph) name: String,
    /// The ways to run code there; none where the type is not in the table.
    pub(in crate::graph) rows: Vec<&'static CodeExecution>,
}

impl HostType {
    /// A type of resource: its rows that run code or log in.
    fn of(name: &str) -> HostType {
        let rows = code_execution::of_type(name).filter(|row| row.effect != Effect::MayRun).collect();
        HostType { name: name.to_owned(), rows }
    }

    /// The policy assignments' row of one action.
    fn policy(action: &str) -> HostType {
        let rows = code_execution::of_type(POLICY_ASSIGNMENT).filter(|row| row.action == action).collect();
        HostType { name: POLICY_ASSIGNMENT.to_owned(), rows }
    }

    pub(in crate::graph) fn write(&self) -> String {
        format!("{}/write", self.name)
    }

    /// Every operation that may be asked for on a host of the type.
    pub(in crate::graph) fn operations(&self) -> Vec<(Plane, String)> {
        let rows = self.rows.iter().flat_map(|row| asked(row));
        let rows = rows.map(|(plane, action)| (plane, action.to_owned()));
        rows.chain([(Plane::Control, self.write())]).collect()
    }
}

/// A host with what it carries.
pub(in crate::graph) struct HostPlace {
    pub(in crate::graph) entity: Entity,
    /// Where its actions are asked.
    pub(in crate::graph) scope: ScopeId,
    pub(in crate::graph) host_type: usize,
    pub(in crate::graph) identities: Vec<PrincipalId>,
    /// Whether it carries, or may carry, identities that the capture does not name.
    pub(in crate::graph) unnamed: bool,
    /// Whether a deny assignment takes something from somebody there.
    pub(in crate::graph) denied: bool,
}

/// What there is to stand on: hosts and identities.
#[derive(Default)]
pub(in crate::graph) struct Ground {
    /// The types that there are; after them those of which deny assignments leave only some ways.
    pub(in crate::graph) types: Vec<HostType>,
    /// How many types there are with all their ways.
    pub(in crate::graph) whole: usize,
    pub(in crate::graph) hosts: Vec<HostPlace>,
    /// User-assigned identities that exist, with their scope.
    pub(in crate::graph) identities: Vec<(PrincipalId, ScopeId)>,
    /// Those of them that are limited to some hosts.
    pub(in crate::graph) limited: std::rc::Rc<[(PrincipalId, ScopeId)]>,
    /// The hosts that are a resource.
    pub(in crate::graph) host_at: FxHashMap<ScopeId, Vec<usize>>,
}

/// Whether a row asks for more than one action of the host.
fn asks_for_more(row: &CodeExecution) -> bool {
    row.also_needed.iter().any(|action| *action != ASSIGN_IDENTITY)
}

/// Whether a row also asks for the right to assign each identity.
fn asks_identity(row: &CodeExecution) -> bool {
    row.also_needed.contains(&ASSIGN_IDENTITY)
}

/// The actions that a row asks of the host, each with its plane.
pub(in crate::graph) fn asked(row: &'static CodeExecution) -> impl Iterator<Item = (Plane, &'static str)> {
    let more = row.also_needed.iter().filter(|action| **action != ASSIGN_IDENTITY);
    std::iter::once((row.plane, row.action)).chain(more.map(|action| (Plane::Control, *action)))
}

impl Ground {
    pub(super) fn survey(builder: &Builder<'_, '_>) -> Ground {
        let mut ground = Ground::default();
        ground.find_identities(builder);
        ground.find_hosts(builder);
        ground.find_policies(builder);
        for (index, host) in ground.hosts.iter().enumerate() {
            ground.host_at.entry(host.scope).or_default().push(index);
        }
        ground.whole = ground.types.len();
        ground
    }

    fn find_identities(&mut self, builder: &Builder<'_, '_>) {
        let principals = &builder.inventory.principals;
        self.identities = principals
            .iter()
            .filter(|&p| principals.class(p) == Class::UserAssigned && builder.exists(p))
            .filter_map(|p| Some((p, principals.node(p)?)))
            .collect();
        let is_limited =
            |(identity, _): &&(PrincipalId, ScopeId)| builder.inventory.restriction(*identity).is_some();
        self.limited = self.identities.iter().filter(is_limited).copied().collect();
    }

    fn find_hosts(&mut self, builder: &Builder<'_, '_>) {
        let inventory = builder.inventory;
        let scopes = &inventory.scopes;
        let mut types: FxHashMap<Symbol, Option<usize>> = FxHashMap::default();
        let mut by_name: FxHashMap<String, usize> = FxHashMap::default();
        let mut places: Vec<HostPlace> = vec![];
        let carries: Vec<ScopeId> = scopes
            .iter()
            .filter(|&s| scopes.level(s) == Level::Resource)
            .filter(|&s| {
                inventory
                    .identity_block(s)
                    .is_some_and(|b| b.open || b.system != Stated::Absent || !b.users.is_empty())
            })
            .collect();
        let carriers: FxHashSet<ScopeId> = carries.iter().copied().collect();
        // Whose record does not say whether it carries an identity; and whatever may carry by a child or companion.
        for scope in scopes.iter().filter(|&s| scopes.level(s) == Level::Resource) {
            let symbol = scopes.resource_type(scope);
            let known = *types.entry(symbol).or_insert_with(|| {
                let name = inventory.names.get(symbol);
                let made = HostType::of(name);
                if made.rows.is_empty() {
                    return None;
                }
                Some(*by_name.entry(name.to_ascii_lowercase()).or_insert_with(|| {
                    self.types.push(made);
                    self.types.len() - 1
                }))
            });
            let unsaid = scopes.captured(scope).is_some() && inventory.identity_block(scope).is_none();
            let host_type = match known {
                Some(host_type) => host_type,
                None if carriers.contains(&scope) && !self.is_part(builder, scope) => {
                    let name = inventory.names.get(symbol);
                    let made = HostType { name: name.to_owned(), rows: vec![] };
                    let index = *by_name.entry(name.to_ascii_lowercase()).or_insert_with(|| {
                        self.types.push(made);
                        self.types.len() - 1
                    });
                    types.insert(symbol, Some(index));
                    index
                }
                None => continue,
            };
            // A type that is not in the table is a host only where it carries an identity.
            if self.types[host_type].rows.is_empty() && !carriers.contains(&scope) {
                continue;
            }
            let place = HostPlace {
                entity: scope.into(),
                scope,
                host_type,
                identities: vec![],
                unnamed: unsaid,
                denied: false,
            };
            places.push(place);
        }
        let inside = Carriers::new(builder, &carries);
        for mut place in places {
            let scope = place.scope;
            self.carry(builder, &mut place, scope);
            self.carry_others(builder, &mut place, &inside);
            if !place.identities.is_empty() || place.unnamed {
                self.hosts.push(place);
            }
        }
    }

    /// Whether a resource is a carrier for the host that it is part of, and not a host itself.
    fn is_part(&self, builder: &Builder<'_, '_>, scope: ScopeId) -> bool {
        let inventory = builder.inventory;
        let name = inventory.names.get(inventory.scopes.resource_type(scope));
        code_execution::rows().iter().any(|row| {
            row.carriers
                .iter()
                .any(|c| c.relation == Relation::Child && c.resource_type.eq_ignore_ascii_case(name))
        })
    }

    /// What a resource's own identity block says.
    fn carry(&self, builder: &Builder<'_, '_>, place: &mut HostPlace, carrier: ScopeId) {
        let Some(block) = builder.inventory.identity_block(carrier) else { return };
        match block.system {
            Stated::Value(identity) => place.identities.push(identity),
            Stated::Unsaid => place.unnamed = true,
            Stated::Absent => {}
        }
        place.identities.extend(&block.users);
        place.unnamed |= block.open;
        let removed = &builder.rights.removed.attachments;
        place
            .identities
            .retain(|&identity| builder.exists(identity) && !removed.contains(&(carrier, identity)));
        place.identities.sort_unstable();
        place.identities.dedup();
    }

    /// What its children and companions carry.
    fn carry_others(&self, builder: &Builder<'_, '_>, place: &mut HostPlace, carriers: &Carriers) {
        let rows = &self.types[place.host_type].rows;
        let mut others: Vec<(&str, Relation)> =
            rows.iter().flat_map(|row| row.carriers.iter().map(|c| (c.resource_type, c.relation))).collect();
        others.sort_unstable();
        others.dedup();
        let inventory = builder.inventory;
        let scopes = &inventory.scopes;
        for (name, relation) in others {
            let of_type =
                |s: &&ScopeId| inventory.names.get(scopes.resource_type(**s)).eq_ignore_ascii_case(name);
            let inside = |above: ScopeId| carriers.inside.get(&above).into_iter().flatten().filter(of_type);
            let found: Vec<ScopeId> = match relation {
                Relation::Child => inside(place.scope).copied().collect(),
                Relation::SameGroup => match scopes.enclosing(place.scope, Level::ResourceGroup) {
                    Some(group) => inside(group).copied().collect(),
                    None => vec![],
                },
                Relation::NodeGroup => match carriers.node_group(builder, place.scope) {
                    Some(group) => inside(group).copied().collect(),
                    None => {
                        place.unnamed = true;
                        vec![]
                    }
                },
                Relation::Worker => vec![],
            };
            for carrier in found {
                self.carry(builder, place, carrier);
            }
        }
    }

    fn find_policies(&mut self, builder: &Builder<'_, '_>) {
        let inventory = builder.inventory;
        let first = self.types.len();
        let actions = [WRITE_POLICY, WRITE_POLICY_DEFINITION, WRITE_POLICY_SET];
        self.types.extend(actions.map(HostType::policy));
        for row in 0..inventory.policies.len() as u32 {
            let Some(block) = inventory.policy_identity(row) else { continue };
            let mut identities: Vec<PrincipalId> =
                block.system.value().into_iter().chain(block.users.iter().copied()).collect();
            identities.retain(|&identity| builder.exists(identity));
            let unnamed = block.system == Stated::Unsaid || block.open;
            if identities.is_empty() && !unnamed {
                continue;
            }
            let entity = Entity::new(Table::PolicyAssignment, row);
            let definition =
                inventory.policy_definition(row).map(|d| (d.scope, first + 1 + usize::from(d.is_set)));
            let own = inventory.policies.scope(row).map(|scope| (scope, first));
            for (scope, host_type) in own.into_iter().chain(definition) {
                self.hosts.push(HostPlace {
                    entity,
                    scope,
                    host_type,
                    identities: identities.clone(),
                    unnamed,
                    denied: false,
                });
            }
        }
    }
}

/// Where a row's action on a policy assignment is asked: at its own scope, or at that of its definition or set.
pub(in crate::graph) fn policy_scope(
    inventory: &Inventory,
    row: u32,
    way: &CodeExecution,
) -> Option<ScopeId> {
    let definition = inventory.policy_definition(row);
    match way.action {
        WRITE_POLICY => inventory.policies.scope(row),
        WRITE_POLICY_SET => definition.filter(|d| d.is_set).map(|d| d.scope),
        _ => definition.filter(|d| !d.is_set).map(|d| d.scope),
    }
}

/// What carries an identity, by what it is in; and the groups that are named as AKS names the groups of its nodes.
struct Carriers {
    /// Of each resource and resource group, what inside it carries an identity.
    inside: FxHashMap<ScopeId, Vec<ScopeId>>,
    /// By subscription and name in lower case.
    node_groups: BTreeMap<(ScopeId, String), ScopeId>,
}

impl Carriers {
    fn new(builder: &Builder<'_, '_>, carries: &[ScopeId]) -> Carriers {
        let inventory = builder.inventory;
        let scopes = &inventory.scopes;
        let mut carriers = Carriers { inside: FxHashMap::default(), node_groups: BTreeMap::new() };
        for &carrier in carries {
            let above = scopes.chain(carrier).skip(1);
            for around in above.take_while(|&s| scopes.level(s) >= Level::ResourceGroup) {
                carriers.inside.entry(around).or_default().push(carrier);
            }
        }
        for group in scopes.iter().filter(|&s| scopes.level(s) == Level::ResourceGroup) {
            let name = scopes.segment(group, &inventory.names);
            let is_one = name.get(..3).is_some_and(|begins| begins.eq_ignore_ascii_case("mc_"));
            if let (true, Some(above)) = (is_one, scopes.parent(group)) {
                carriers.node_groups.insert((above, name.to_ascii_lowercase()), group);
            }
        }
        carriers
    }

    /// The resource group of a cluster's nodes: `MC_GROUP_CLUSTER_REGION` in the same subscription, as AKS names it
    /// (learn.microsoft.com/azure/aks/faq).
    fn node_group(&self, builder: &Builder<'_, '_>, cluster: ScopeId) -> Option<ScopeId> {
        let scopes = &builder.inventory.scopes;
        let group = scopes.enclosing(cluster, Level::ResourceGroup)?;
        let subscription = scopes.enclosing(cluster, Level::Subscription)?;
        let segment = |s| scopes.segment(s, &builder.inventory.names).to_ascii_lowercase();
        let begins = format!("mc_{}_{}_", segment(group), segment(cluster));
        let mut after = self.node_groups.range((subscription, begins.clone())..);
        let ((above, name), &found) = after.next()?;
        (*above == subscription && name.starts_with(&begins)).then_some(found)
    }
}

/// The types of which a role grants some action of a row that asks for more than one.
#[derive(Clone)]
pub(super) struct Halves {
    /// All of them.
    some: std::rc::Rc<[usize]>,
    /// Those of which it does not grant such a row as a whole.
    partial: std::rc::Rc<[usize]>,
}

impl Laying<'_, '_, '_> {
    /// The hosts that all callers reach alike, each below its right.
    pub(super) fn hosts(&mut self) {
        for index in 0..self.ground.hosts.len() {
            let place = &self.ground.hosts[index];
            if place.denied || self.is_own_case(index) {
                continue;
            }
            let (scope, right) = (place.scope, Right::Run(place.host_type as u16));
            let cell = self.builder.right(scope, right);
            let host = self.host(index);
            self.builder.edge(cell, host, None, Certainty::Held);
        }
    }

    /// Notes the hosts at which a deny assignment takes something.
    pub(super) fn denied_hosts(&mut self) {
        for index in 0..self.ground.hosts.len() {
            let HostPlace { scope, host_type, .. } = self.ground.hosts[index];
            let all = self.denied.reaching(scope);
            self.ground.hosts[index].denied = self.variant(host_type, all) != Some(host_type);
            if self.ground.hosts[index].denied && !self.is_own_case(index) {
                let right = Right::Run(host_type as u16);
                self.bitten.add(&self.builder.inventory.scopes, scope, right, index);
            }
        }
    }

    /// What deny assignments leave of a type of hosts; `None` where that is nothing.
    fn variant(&mut self, host_type: usize, named: Named) -> Option<usize> {
        if named == Named::NONE {
            return Some(host_type);
        }
        if let Some(&known) = self.variants.get(&(host_type, named)) {
            return known;
        }
        let HostType { name, rows } = &self.ground.types[host_type];
        let left = |row: &&'static CodeExecution| {
            !asked(row).any(|(plane, action)| self.denied.takes(named, plane, action))
        };
        let rows_left: Vec<&'static CodeExecution> = rows.iter().copied().filter(left).collect();
        let write = self.ground.types[host_type].write();
        let variant = match (rows.len(), rows_left.len()) {
            (0, _) => (!self.denied.takes(named, Plane::Control, &write)).then_some(host_type),
            (_, 0) => None,
            (all, some) if all == some => Some(host_type),
            _ => {
                let same = |made: &HostType| {
                    made.name == *name
                        && made.rows.len() == rows_left.len()
                        && made.rows.iter().zip(&rows_left).all(|(a, b)| std::ptr::eq(*a, *b))
                };
                let known = self.ground.types[self.ground.whole..].iter().position(same);
                let (name, next) = (name.clone(), self.ground.types.len());
                if known.is_none() {
                    self.ground.types.push(HostType { name, rows: rows_left });
                }
                Some(known.map_or(next, |known| self.ground.whole + known))
            }
        };
        self.variants.insert((host_type, named), variant);
        variant
    }

    /// A host, below what deny assignments leave of the right.
    pub(super) fn left_host(&mut self, index: usize, named: Named, remains: &mut Vec<(Right, u32)>) {
        let HostPlace { scope, host_type, .. } = self.ground.hosts[index];
        let Some(variant) = self.variant(host_type, self.denied.at(named, scope)) else { return };
        let right = Right::Run(variant as u16);
        let node = self.builder.node(Node::Left(scope, right, named));
        let host = self.host(index);
        self.builder.edge(node, host, None, Certainty::Held);
        remains.push((right, node));
    }

    /// Whether who can run code on a host is asked of each caller: a row also asks for a right on each identity.
    fn is_own_case(&self, index: usize) -> bool {
        self.ground.types[self.ground.hosts[index].host_type].rows.iter().any(|row| asks_identity(row))
    }

    /// The node of a host, with its identities behind it.
    fn host(&mut self, index: usize) -> u32 {
        let place = &self.ground.hosts[index];
        let node = Node::Host(place.entity, None);
        let known = self.builder.find(node);
        let host = self.builder.node(node);
        if known.is_none() {
            for &identity in &place.identities {
                self.builder.lead_to_identity(host, identity, Step::CodeExecution, Certainty::Held);
            }
            if place.unnamed {
                let unnamed = self.builder.node(Node::Unnamed);
                self.builder.edge(host, unnamed, Some(Step::CodeExecution), UNSAID);
            }
        }
        host
    }

    /// Whether a role alone lets its holder run code on hosts of a type.
    pub(super) fn runs(&self, holding: Holding, host_type: usize) -> Certainty {
        let host_type = &self.ground.types[host_type];
        let rights = self.builder.rights;
        if host_type.rows.is_empty() {
            return rights.grants(holding, Plane::Control, &host_type.write()).and(UNSAID);
        }
        let all = |row: &&'static CodeExecution| {
            asked(row).fold(Certainty::Held, |all, (plane, action)| {
                if all.is_possible() { all.and(rights.grants(holding, plane, action)) } else { all }
            })
        };
        let rows = host_type.rows.iter().filter(|row| !asks_identity(row));
        rows.map(all).fold(Certainty::No, Certainty::or)
    }

    /// The same, worked out once.
    pub(super) fn runs_remembered(&mut self, holding: Holding, host_type: usize) -> Certainty {
        if let Some(&known) = self.running.get(&(holding, host_type)) {
            return known;
        }
        let runs = self.runs(holding, host_type);
        self.running.insert((holding, host_type), runs);
        runs
    }

    /// What an assignment at a part of a host gives on it; and the two halves of a row that come from two assignments.
    pub(super) fn parts(&mut self, source: Source) {
        self.credential(source);
        let around = self.hosts_around(source);
        if around.is_empty() {
            return;
        }
        for (node, caller) in self.callers(source) {
            for &index in &around {
                let certainty = self.run_on(&caller, index, None);
                if certainty.is_possible() {
                    let host = self.host(index);
                    self.builder.edge(node, host, None, certainty);
                }
            }
        }
    }

    /// The hosts of which an assignment may give only a part of what is needed, or on a part of which it is made.
    fn hosts_around(&mut self, source: Source) -> Vec<usize> {
        let Halves { some, partial } = self.halves(source.holding);
        // Beside a role that gives all of it, another adds nothing; unless deny assignments take the one and leave the other.
        let mut halves = some.to_vec();
        halves.retain(|&t| self.runs(source.holding, t) != Certainty::Held);
        let scopes = &self.builder.inventory.scopes;
        let mut around = vec![];
        let some = !halves.is_empty() || !partial.is_empty();
        for (index, place) in self.ground.hosts.iter().enumerate().filter(|_| some) {
            let halves = if place.denied { &partial[..] } else { &halves[..] };
            if halves.contains(&place.host_type) && !scopes.contains(source.scope, place.scope).is_false() {
                around.push(index);
            }
        }
        if scopes.level(source.scope) == Level::Resource {
            let own = self.builder.inventory.names.get(scopes.resource_type(source.scope));
            let is_policy = POLICY_SCOPES.iter().any(|kind| kind.eq_ignore_ascii_case(own));
            let above = scopes.chain(source.scope).skip(1);
            for above in above.take_while(|&s| is_policy || scopes.level(s) == Level::Resource) {
                around.extend(self.ground.host_at.get(&above).into_iter().flatten());
            }
        }
        around.retain(|&index| !self.is_own_case(index));
        around.sort_unstable();
        around.dedup();
        around
    }

    /// The types of which a role grants some action of a row that asks for more than one.
    fn halves(&mut self, holding: Holding) -> Halves {
        if let Some(known) = self.halves.get(&holding) {
            return known.clone();
        }
        let rights = self.builder.rights;
        let grants = |(plane, action)| rights.grants(holding, plane, action);
        let half = |row: &&'static CodeExecution| {
            asks_for_more(row) && asked(row).any(|action| grants(action).is_possible())
        };
        let partly = |row: &&'static CodeExecution| {
            half(row) && asked(row).any(|action| grants(action) != Certainty::Held)
        };
        let types = || self.ground.types[..self.ground.whole].iter().enumerate();
        let halves = Halves {
            some: types().filter(|(_, t)| t.rows.iter().any(&half)).map(|(t, _)| t).collect(),
            partial: types().filter(|(_, t)| t.rows.iter().any(&partly)).map(|(t, _)| t).collect(),
        };
        self.halves.insert(holding, halves.clone());
        halves
    }

    /// Whether a role grants some action of a row that asks for more than one, of whatever type.
    pub(super) fn half_runs(&self, holding: Holding) -> bool {
        let rights = self.builder.rights;
        code_execution::rows().iter().any(|row| {
            row.effect != Effect::MayRun
                && !row.also_needed.is_empty()
                && asked(row).any(|(plane, action)| rights.grants(holding, plane, action).is_possible())
        })
    }

    /// Whether a caller can run code on a host; with the identity whose assignment a row may ask for too.
    fn run_on(&self, caller: &Caller, index: usize, identity: Option<PrincipalId>) -> Certainty {
        let place = &self.ground.hosts[index];
        let host_type = &self.ground.types[place.host_type];
        let rights = self.builder.rights;
        if host_type.rows.is_empty() {
            return rights.may(caller, Plane::Control, &host_type.write(), place.scope).and(UNSAID);
        }
        let mut any = Certainty::No;
        for row in host_type.rows.iter().filter(|row| identity.is_some() || !asks_identity(row)) {
            let mut all = Certainty::Held;
            for (plane, action) in asked(row) {
                all = all.and(rights.may(caller, plane, action, place.scope));
            }
            if let Some(identity) = identity.filter(|_| asks_identity(row)) {
                let principals = &self.builder.inventory.principals;
                let node =
                    principals.node(identity).filter(|_| principals.class(identity) == Class::UserAssigned);
                all = all.and(match node {
                    Some(node) => rights.may(caller, Plane::Control, ASSIGN_IDENTITY, node),
                    // The host's own identity is there without being assigned.
                    None => Certainty::Held,
                });
            }
            any = any.or(all);
        }
        any
    }

    /// Hosts of which every caller is a case of its own.
    pub(super) fn scripts(&mut self) {
        let given = self.given();
        for index in 0..self.ground.hosts.len() {
            if !self.is_own_case(index) {
                continue;
            }
            let HostPlace { scope, host_type, .. } = self.ground.hosts[index];
            let operations = self.ground.types[host_type].operations();
            let rights = self.builder.rights;
            let mut known: FxHashMap<Holding, bool> = FxHashMap::default();
            let is_meant = |holding: Holding| {
                operations.iter().any(|(plane, action)| rights.grants(holding, *plane, action).is_possible())
            };
            let known = std::cell::RefCell::new(&mut known);
            let mut callers = self.builder.callers_at(scope, |holding| {
                *known.borrow_mut().entry(holding).or_insert_with(|| is_meant(holding))
            });
            callers.extend(self.given_at(&given, scope));
            for (node, caller) in callers {
                self.script(node, &caller, index);
            }
        }
    }

    fn script(&mut self, node: u32, caller: &Caller, index: usize) {
        let plain = self.run_on(caller, index, None);
        if plain.is_possible() {
            let host = self.host(index);
            self.builder.edge(node, host, None, plain);
        }
        if !self.ground.types[self.ground.hosts[index].host_type].rows.iter().any(|row| asks_identity(row)) {
            return;
        }
        let entity = self.ground.hosts[index].entity;
        for identity in self.ground.hosts[index].identities.clone() {
            let certainty = self.run_on(caller, index, Some(identity));
            if certainty.is_possible() {
                let host = self.builder.node(Node::Host(entity, Some(identity)));
                self.builder.edge(node, host, None, certainty);
                self.builder.lead_to_identity(host, identity, Step::CodeExecution, Certainty::Held);
            }
        }
        let unnamed = self.ground.hosts[index].unnamed;
        let scripts = self.ground.hosts[index].scope;
        let write = self.ground.types[self.ground.hosts[index].host_type].write();
        if unnamed && self.builder.rights.may(caller, Plane::Control, &write, scripts).is_possible() {
            let to = self.builder.node(Node::Unnamed);
            self.builder.edge(node, to, Some(Step::CodeExecution), UNSAID);
        }
    }

    /// Everything and every role that can be given, with the node and the scope.
    pub(super) fn given(&self) -> Vec<(u32, Holding, ScopeId)> {
        let given = |(number, node): (u32, Node)| match node {
            Node::Everything(s) => Some((number, crate::graph::control::EVERYTHING, s)),
            Node::Given(s, role) => Some((number, crate::graph::control::plain(role), s)),
            _ => None,
        };
        self.builder.made().filter_map(given).collect()
    }

    /// Somebody new, for what of it can be given at a scope, above it or at a part.
    pub(super) fn given_at(
        &self,
        given: &[(u32, Holding, ScopeId)],
        scope: ScopeId,
    ) -> Vec<(u32, std::rc::Rc<Caller>)> {
        let scopes = &self.builder.inventory.scopes;
        let reaches =
            |s: ScopeId| !scopes.contains(s, scope).is_false() || scopes.contains(scope, s).is_true();
        let given = given.iter().filter(|&&(.., s)| reaches(s));
        given
            .map(|&(node, holding, s)| (node, std::rc::Rc::new(self.builder.rights.somebody(holding, s))))
            .collect()
    }
}
