//! The steps of paths.md, one by one: what an actor, or an actor and a controlled principal together, can take control of.

use super::model::*;
use super::rights::{Actor, Held, Limit, Quality, Rights, definition_scope};
use super::scopes::{self, Level};
use super::tables::{Carrier, POLICY, Row, TABLES};
use super::truth::Truth::{self, No, Unknown, Yes};
use super::world::Kind;
use dictum::syntax::ast::Step;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// One step: of which kind, to whom or what, how sure.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    pub kind: Step,
    /// None is an identity that nobody captured.
    pub to: Option<Actor>,
    pub quality: Quality,
}

/// A user-assigned identity that is there.
struct Assigned<'w> {
    who: usize,
    arm: usize,
    /// None where its record was not captured.
    row: Option<&'w Identity>,
}

/// What carries identities and may run code.
struct Host<'w> {
    kind: String,
    at: usize,
    block: Option<&'w IdentityBlock>,
    policy: Option<&'w PolicyAssignment>,
}

struct Operations {
    assign: usize,
    federate: usize,
    define: usize,
}

type Memo<K, V = Edge> = RefCell<HashMap<K, Rc<Vec<V>>>>;

pub(crate) struct Steps<'w> {
    pub rights: Rights<'w>,
    operations: Operations,
    identities: Vec<Assigned<'w>>,
    hosts: Vec<Host<'w>>,
    /// Roles that grant writing role assignments.
    writers: Vec<usize>,
    single: Memo<Actor>,
    joint: Memo<(Actor, Actor)>,
    giving: RefCell<HashMap<Actor, Rc<BTreeSet<usize>>>>,
    /// What an actor may give at a scope to anybody.
    alone: Memo<(Actor, usize), (Actor, Quality)>,
}

const ASSIGN: &str = "microsoft.managedidentity/userassignedidentities/assign/action";
const FEDERATE: &str = "microsoft.managedidentity/userassignedidentities/federatedidentitycredentials/write";
const DEFINE: &str = "microsoft.authorization/roledefinitions/write";

impl<'w> Steps<'w> {
    pub(crate) fn new(rights: Rights<'w>) -> Steps<'w> {
        let world = rights.world;
        let t = world.tenant;
        let operations = {
            let mut memory = world.paths.borrow_mut();
            Operations {
                assign: memory.operation(ASSIGN, false),
                federate: memory.operation(FEDERATE, false),
                define: memory.operation(DEFINE, false),
            }
        };
        let mut identities = vec![];
        for (who, id) in rights.people.iter().enumerate() {
            if rights.kinds[who] != Kind::UserAssigned || !rights.exists[who] {
                continue;
            }
            let Some(arm) = world.arm_id(&super::world::Who::Id(id.clone())) else { continue };
            let row = t.identities.iter().find(|x| x.principal == *id);
            identities.push(Assigned { who, arm: rights.place(&arm), row });
        }
        // What a captured resource is a part of is there too.
        let known = (0..rights.scopes.len()).filter(|scope| rights.level(*scope) == Level::Resource);
        let mut hosts: Vec<Host<'_>> = known
            .map(|at| {
                let id = &rights.scopes[at];
                let row = t.resources.iter().find(|x| x.id == *id);
                let block = row.and_then(|x| x.identity.is());
                Host { kind: scopes::resource_type(id), at, block, policy: None }
            })
            .filter(|host| host.kind != POLICY)
            .collect();
        hosts.extend(t.policy_assignments.iter().map(|x| Host {
            kind: POLICY.to_owned(),
            at: rights.place(&x.scope),
            block: x.identity.as_ref(),
            policy: Some(x),
        }));
        let mut steps = Steps {
            rights,
            operations,
            identities,
            hosts,
            writers: vec![],
            single: RefCell::default(),
            joint: RefCell::default(),
            giving: RefCell::default(),
            alone: RefCell::default(),
        };
        steps.writers = steps.rights.writers();
        steps
    }

    fn operation(&self, text: &str, data: bool) -> usize {
        self.rights.world.paths.borrow_mut().operation(text, data)
    }

    /// Somebody who is controlled, as far as he is there.
    fn person(&self, who: usize) -> Actor {
        Actor::Person { who, weak: false }
    }

    // Groups of which not everybody in them was captured

    /// Whether the actor holds a role that may grant a part of what a step of that kind needs, or may be given one.
    pub(crate) fn holds_a_part(&self, actor: Actor, step: Step) -> bool {
        let rights = &self.rights;
        let grants = |a: &Held, operation: usize| {
            a.role.is_none_or(|role| rights.role_allows(role, &a.limit, operation) != No)
        };
        let asked = |row: &Row| -> Vec<usize> {
            let own = row.also.iter().filter(|x| !x.starts_with("microsoft.managedidentity/"));
            let own = own.map(|x| self.operation(x, false));
            own.chain([self.operation(&row.action, row.data)]).collect()
        };
        let of_hosts = || TABLES.rows.iter().filter(|row| row.resource_type != POLICY);
        let operations: Vec<usize> = match step {
            Step::CodeExecution => {
                let rows = TABLES.rows.iter().filter(|row| !row.also.is_empty());
                rows.flat_map(asked).chain([self.operations.assign]).collect()
            }
            Step::IdentityAttachment => {
                let writes =
                    of_hosts().map(|row| self.operation(&format!("{}/write", row.resource_type), false));
                writes.chain(of_hosts().flat_map(asked)).chain([self.operations.assign]).collect()
            }
            Step::RoleDefinition => vec![self.operations.define],
            _ => vec![],
        };
        let held = rights.held.iter().filter(|a| rights.counts(actor, a) != Quality::No);
        let is_custom = |a: &Held| a.role.is_some_and(|role| rights.role(role).custom);
        held.into_iter()
            .any(|a| step == Step::RoleDefinition && is_custom(a) || operations.iter().any(|x| grants(a, *x)))
            || step == Step::RoleGrant && self.is_named(actor)
    }

    /// Whether a condition names the actor, or a group that it is in.
    fn is_named(&self, actor: Actor) -> bool {
        let Actor::Person { who, .. } = actor else { return false };
        let rights = &self.rights;
        let named = |id: &String| {
            rights.held.iter().any(|a| {
                let own = match &rights.world.tenant.assignments[a.index].condition {
                    Stated::Is(text) => text.to_lowercase().contains(id),
                    _ => false,
                };
                own || a.role.is_some_and(|role| {
                    let limits = rights.role(role).blocks.iter().filter_map(|block| block.limit.as_ref());
                    limits.into_iter().any(|limit| limit.text().to_lowercase().contains(id))
                })
            })
        };
        (0..rights.people.len())
            .filter(|other| *other == who || rights.member[who][*other] != No)
            .any(|other| named(&rights.people[other]))
    }

    // Steps that one actor takes alone

    pub(crate) fn single(&self, actor: Actor) -> Rc<Vec<Edge>> {
        if let Some(known) = self.single.borrow().get(&actor) {
            return known.clone();
        }
        let mut edges = vec![];
        self.memberships(actor, &mut edges);
        self.ownerships(actor, &mut edges);
        self.code(actor, &mut edges);
        for identity in &self.identities {
            let to = Some(self.person(identity.who));
            let federates = self.rights.may(actor, self.operations.federate, identity.arm);
            edges.push(Edge { kind: Step::Federation, to, quality: federates });
            let assigns = self.rights.may(actor, self.operations.assign, identity.arm);
            if assigns != Quality::No {
                let quality = assigns.min(self.host_for(actor, identity));
                edges.push(Edge { kind: Step::IdentityAttachment, to, quality });
            }
        }
        for scope in self.giving(actor).iter() {
            for (to, quality) in self.given_to_anybody(actor, *scope).iter() {
                edges.push(Edge { kind: Step::RoleGrant, to: Some(*to), quality: *quality });
            }
        }
        if let Actor::Power { roles: Some(set), scope } = actor {
            let own = self.rights.roles_of(set);
            let quality = own.iter().map(|role| self.rewrites(actor, *role)).fold(Quality::No, Quality::max);
            let to = Some(Actor::Power { roles: None, scope });
            edges.push(Edge { kind: Step::RoleDefinition, to, quality });
        }
        edges.retain(|edge| edge.quality != Quality::No && edge.to.is_none_or(|to| self.is_there(to)));
        let edges = Rc::new(edges);
        self.single.borrow_mut().insert(actor, edges.clone());
        edges
    }

    fn is_there(&self, actor: Actor) -> bool {
        match actor {
            Actor::Person { who, .. } => self.rights.exists[who],
            _ => true,
        }
    }

    fn memberships(&self, actor: Actor, edges: &mut Vec<Edge>) {
        let mut push = |who: usize, weak: bool, quality: Quality| {
            edges.push(Edge { kind: Step::Membership, to: Some(Actor::Person { who, weak }), quality });
        };
        match actor {
            Actor::Person { who, weak } => {
                for (group, member) in self.rights.member[who].iter().enumerate() {
                    let quality = Quality::from(*member);
                    if weak || self.rights.service[who] != No {
                        push(group, true, quality);
                    }
                    if !weak {
                        push(group, false, quality.min(self.rights.service[who].not().into()));
                    }
                }
            }
            Actor::Somebody { group, service } => {
                push(group, service, Quality::Unknown);
                for (other, member) in self.rights.member[group].iter().enumerate() {
                    push(other, service, Quality::from(*member).min(Quality::Unknown));
                }
            }
            Actor::Power { .. } => {}
        }
    }

    fn ownerships(&self, actor: Actor, edges: &mut Vec<Edge>) {
        let Actor::Person { who, .. } = actor else { return };
        let rights = &self.rights;
        let t = rights.world.tenant;
        let id = &rights.people[who];
        let mut push = |to: Option<usize>, quality: Quality| {
            let to = to.map(|who| self.person(who));
            edges.push(Edge { kind: Step::Ownership, to, quality });
        };
        for x in t.group_owners.iter().filter(|x| x.owner == *id) {
            push(Some(rights.number(&x.group)), Quality::Held);
        }
        for x in t.service_principal_owners.iter().filter(|x| x.owner == *id) {
            let owned = rights.number(&x.service_principal);
            let who = super::world::Who::Id(x.service_principal.clone());
            let managed = rights.world.is_kind(&who, dictum::syntax::ast::Noun::ManagedIdentity);
            push(Some(owned), managed.not().into());
        }
        for x in t.application_owners.iter().filter(|x| x.owner == *id) {
            let application = t.applications.iter().find(|a| a.id == x.application);
            let Some(app_id) = application.and_then(|a| a.app_id.is()) else {
                // Which service principals it has is not known; but one that all `applications` do not have is gone.
                if !t.complete(APPLICATIONS) {
                    push(None, Quality::Unknown);
                }
                continue;
            };
            let own: Vec<&ServicePrincipal> =
                t.service_principals.iter().filter(|sp| sp.app_id.eq_ignore_ascii_case(app_id)).collect();
            for sp in &own {
                push(Some(rights.number(&sp.id)), Quality::Held);
            }
            if own.is_empty() && !t.complete(SERVICE_PRINCIPALS) {
                push(None, Quality::Unknown);
            }
        }
    }

    // Running code

    fn code(&self, actor: Actor, edges: &mut Vec<Edge>) {
        for host in &self.hosts {
            let rows: Vec<&Row> = TABLES.rows.iter().filter(|row| row.resource_type == host.kind).collect();
            if rows.is_empty() {
                // Not known to be safe.
                let Some(block) = host.block else { continue };
                let writes = self.operation(&format!("{}/write", host.kind), false);
                let quality = self.rights.may(actor, writes, host.at).min(Quality::Unknown);
                for who in self.identities_of(block) {
                    let to = Some(self.person(who));
                    edges.push(Edge { kind: Step::CodeExecution, to, quality });
                }
                continue;
            }
            for row in rows {
                let (quality, each) = self.runs(actor, host, row);
                if quality == Quality::No {
                    continue;
                }
                for (who, sure) in self.carried(host, row) {
                    let Some(who) = who else {
                        edges.push(Edge { kind: Step::CodeExecution, to: None, quality: Quality::Unknown });
                        continue;
                    };
                    let own = each.iter().map(|operation| {
                        let identity = self.identities.iter().find(|x| x.who == who);
                        identity.map_or(Quality::No, |x| self.rights.may(actor, *operation, x.arm))
                    });
                    let quality = own.fold(quality.min(sure), Quality::min);
                    edges.push(Edge { kind: Step::CodeExecution, to: Some(self.person(who)), quality });
                }
            }
        }
    }

    /// Whether the actor may carry out what the row asks of the host; and what it asks of each identity.
    fn runs(&self, actor: Actor, host: &Host<'_>, row: &Row) -> (Quality, Vec<usize>) {
        let mut at = Some(host.at);
        if let Some(policy) = host.policy
            && row.action != "microsoft.authorization/policyassignments/write"
        {
            let definition = definition_scope(&policy.definition).map(|scope| self.rights.place(&scope));
            let set = policy.definition.contains("/policysetdefinitions/");
            let about_sets = row.action == "microsoft.authorization/policysetdefinitions/write";
            at = definition.filter(|_| set == about_sets);
        }
        let Some(at) = at else { return (Quality::No, vec![]) };
        let mut quality = self.rights.may(actor, self.operation(&row.action, row.data), at);
        let mut each = vec![];
        for also in &row.also {
            let operation = self.operation(also, false);
            if also.starts_with("microsoft.managedidentity/userassignedidentities/") {
                each.push(operation);
            } else {
                quality = quality.min(self.rights.may(actor, operation, at));
            }
        }
        (quality, each)
    }

    fn identities_of(&self, block: &IdentityBlock) -> Vec<usize> {
        let system = block.system.iter().map(|id| self.rights.number(id));
        system.chain(block.user_assigned.iter().map(|(_, id)| self.rights.number(id))).collect()
    }

    /// The identities that code on the host reaches; `None` is one that nobody captured.
    fn carried(&self, host: &Host<'_>, row: &Row) -> Vec<(Option<usize>, Quality)> {
        let t = self.rights.world.tenant;
        let own = host.block.map(|x| self.identities_of(x)).unwrap_or_default();
        let mut all: Vec<(Option<usize>, Quality)> =
            own.into_iter().map(|who| (Some(who), Quality::Held)).collect();
        let id = &self.rights.scopes[host.at];
        let group = scopes::resource_group_of(id).unwrap_or_default();
        let subscription = scopes::subscription_of(id).unwrap_or_default();
        let inside = |scope: &str, kind: &str| -> Vec<(Option<usize>, Quality)> {
            let prefix = format!("{scope}/");
            t.resources
                .iter()
                .filter(|x| x.id.starts_with(&prefix) && scopes::resource_type(&x.id) == kind)
                .filter_map(|x| x.identity.is())
                .flat_map(|x| self.identities_of(x))
                .map(|who| (Some(who), Quality::Held))
                .collect()
        };
        for carrier in &row.carriers {
            match carrier {
                Carrier::Child(kind) => all.extend(inside(id, kind)),
                Carrier::SameGroup(kind) => all.extend(inside(&group, kind)),
                Carrier::NodeGroup(kind) => {
                    // The region is the last part of its name.
                    let name = format!("mc_{}_{}_", scopes::name(&group), scopes::name(id));
                    let begins = format!("{subscription}/resourcegroups/{name}").to_lowercase();
                    let is_group = |scope: &&String| {
                        scope.strip_prefix(&begins).is_some_and(|region| !region.contains('/'))
                    };
                    if let Some(nodes) = self.rights.scopes.iter().find(is_group) {
                        all.extend(inside(nodes, kind));
                    } else {
                        // It is called otherwise, or its nodes are elsewhere.
                        all.push((None, Quality::Unknown));
                    }
                }
                Carrier::Worker => {}
            }
        }
        all
    }

    // Attaching

    /// Whether the actor has a host for the identity.
    fn host_for(&self, actor: Actor, identity: &Assigned<'_>) -> Quality {
        let places: BTreeSet<usize> = match actor {
            Actor::Power { scope, .. } => BTreeSet::from([scope]),
            _ => {
                let counts = |a: &&Held| self.rights.counts(actor, a) != Quality::No;
                self.rights.held.iter().filter(counts).map(|a| a.scope).collect()
            }
        };
        let mut best = Quality::No;
        for scope in places {
            if best == Quality::Held {
                break;
            }
            if self.rights.level(scope) <= Level::ResourceGroup {
                for kind in TABLES.types.iter().filter(|kind| *kind != POLICY) {
                    let suits = Quality::from(self.suits(identity, kind, None));
                    if suits > best {
                        best = best.max(suits.min(self.makes(actor, kind, scope)));
                    }
                }
                continue;
            }
            let mut part = Some(scope);
            while let Some(place) = part.filter(|place| self.rights.level(*place) == Level::Resource) {
                let kind = scopes::resource_type(&self.rights.scopes[place]);
                if TABLES.types.contains(&kind) && kind != POLICY {
                    let suits = Quality::from(self.suits(identity, &kind, Some(place)));
                    best = best.max(suits.min(self.makes(actor, &kind, place)));
                }
                part = self.rights.parent(place);
            }
        }
        best
    }

    /// Whether a host of the type, or this one, may carry the identity.
    fn suits(&self, identity: &Assigned<'_>, kind: &str, existing: Option<usize>) -> Truth {
        // Without its record nothing limits it.
        let Some(row) = identity.row else { return Yes };
        let mut truth = Truth::from(
            row.providers.is_empty()
                || row.providers.iter().any(|provider| {
                    let provider = provider.to_lowercase();
                    kind == provider || kind.starts_with(&format!("{provider}/"))
                }),
        );
        if row.regional
            && let Some(place) = existing
        {
            let host = self.rights.world.tenant.resources.iter().find(|x| x.id == self.rights.scopes[place]);
            truth =
                truth.and(host.map_or(Unknown, |x| x.location.eq_ignore_ascii_case(&row.location).into()));
        }
        truth
    }

    /// Whether the actor may write a host of the type at the scope, and run code on it.
    fn makes(&self, actor: Actor, kind: &str, scope: usize) -> Quality {
        let may = |text: &str, data: bool| {
            let operation = self.operation(text, data);
            // What is given only somewhere inside creates nothing.
            if self.rights.level(scope) <= Level::ResourceGroup {
                self.rights.may_throughout(actor, operation, scope)
            } else {
                self.rights.may(actor, operation, scope)
            }
        };
        let writes = may(&format!("{kind}/write"), false);
        if writes == Quality::No {
            return Quality::No;
        }
        let rows = TABLES.rows.iter().filter(|row| row.resource_type == kind);
        let runs = rows.map(|row| {
            // What is asked of the identity is asked by the step itself.
            let own = row.also.iter().filter(|x| !x.starts_with("microsoft.managedidentity/"));
            let own = own.map(|x| may(x, false));
            own.fold(may(&row.action, row.data), Quality::min)
        });
        writes.min(runs.fold(Quality::No, Quality::max))
    }

    // Steps that take a controlled principal beside the actor

    pub(crate) fn joint(&self, actor: Actor, other: Actor) -> Rc<Vec<Edge>> {
        if let Some(known) = self.joint.borrow().get(&(actor, other)) {
            return known.clone();
        }
        let mut edges = vec![];
        match other {
            // What can be given, and then rewritten.
            Actor::Power { roles: Some(set), scope } => {
                let own = self.rights.roles_of(set);
                let quality =
                    own.iter().map(|role| self.rewrites(actor, *role)).fold(Quality::No, Quality::max);
                let to = Some(Actor::Power { roles: None, scope });
                edges.push(Edge { kind: Step::RoleDefinition, to, quality });
            }
            Actor::Power { roles: None, .. } => {}
            _ => self.with_another(actor, other, &mut edges),
        }
        // A host of the one, for whom may assign the identity elsewhere, where at least one of the two can be given.
        let assigning = match (actor, other) {
            (Actor::Power { .. }, _) => vec![other],
            (_, Actor::Power { roles: Some(set), scope }) => {
                let own = self.rights.roles_of(set);
                let one = |role: &usize| Actor::Power { roles: Some(self.rights.set(vec![*role])), scope };
                own.iter().map(one).collect()
            }
            (_, Actor::Power { roles: None, .. }) => vec![other],
            _ => vec![],
        };
        for assigner in assigning {
            for identity in &self.identities {
                let assigns = self.rights.may(assigner, self.operations.assign, identity.arm);
                if assigns == Quality::No {
                    continue;
                }
                // Whoever is given what makes a host as well needs nobody.
                let given = !matches!(actor, Actor::Power { .. });
                if given && assigns.min(self.host_for(assigner, identity)) == Quality::Held {
                    continue;
                }
                let quality = assigns.min(self.host_for(actor, identity));
                edges.push(Edge {
                    kind: Step::IdentityAttachment,
                    to: Some(self.person(identity.who)),
                    quality,
                });
            }
        }
        if matches!(actor, Actor::Power { .. }) || matches!(other, Actor::Power { .. }) {
            self.code_together(actor, other, &mut edges);
        }
        edges.retain(|edge| edge.quality != Quality::No);
        let edges = Rc::new(edges);
        self.joint.borrow_mut().insert((actor, other), edges.clone());
        edges
    }

    /// Code by what the one and the other may do, where one of them can be given that, and neither can do it as surely alone.
    fn code_together(&self, actor: Actor, other: Actor, edges: &mut Vec<Edge>) {
        for host in &self.hosts {
            for row in TABLES.rows.iter().filter(|row| row.resource_type == host.kind && !row.also.is_empty())
            {
                let is_each =
                    |also: &&String| also.starts_with("microsoft.managedidentity/userassignedidentities/");
                for (who, sure) in self.carried(host, row) {
                    let arm = self.identities.iter().find(|x| Some(x.who) == who).map(|x| x.arm);
                    let by = |actors: &[Actor]| {
                        let may = |text: &str, data: bool, scope: usize| {
                            let operation = self.operation(text, data);
                            let each = actors.iter().map(|actor| self.rights.may(*actor, operation, scope));
                            each.fold(Quality::No, Quality::max)
                        };
                        row.also.iter().fold(may(&row.action, row.data, host.at), |all, also| {
                            all.min(match (is_each(&also), arm) {
                                (false, _) => may(also, false, host.at),
                                (true, Some(arm)) => may(also, false, arm),
                                (true, None) => Quality::No,
                            })
                        })
                    };
                    let quality = by(&[actor, other]);
                    if quality > by(&[actor]).max(by(&[other])) {
                        let to = who.map(|who| self.person(who));
                        edges.push(Edge { kind: Step::CodeExecution, to, quality: quality.min(sure) });
                    }
                }
            }
        }
    }

    /// Roles for a controlled receiver, and roles that a controlled principal holds and the actor rewrites.
    fn with_another(&self, actor: Actor, other: Actor, edges: &mut Vec<Edge>) {
        for scope in self.giving(actor).iter() {
            let everything = Actor::Power { roles: None, scope: *scope };
            let mut alone: BTreeMap<Actor, Quality> = BTreeMap::new();
            for (to, quality) in self.given_to_anybody(actor, *scope).iter() {
                let known = alone.entry(*to).or_insert(*quality);
                *known = (*known).max(*quality);
            }
            for (to, quality) in self.given(actor, *scope, Some(other)) {
                // What anybody may be given, nobody in particular is asked for.
                let known = alone.get(&to).max(alone.get(&everything));
                if known.is_none_or(|known| *known < quality) {
                    edges.push(Edge { kind: Step::RoleGrant, to: Some(to), quality });
                }
            }
        }
        for a in &self.rights.held {
            let Some(role) = a.role.filter(|role| self.rights.role(*role).custom) else { continue };
            let counts = self.rights.counts(other, a);
            if counts != Quality::No {
                let to = Some(Actor::Power { roles: None, scope: a.scope });
                let quality = counts.min(self.rewrites(actor, role));
                edges.push(Edge { kind: Step::RoleDefinition, to, quality });
            }
        }
    }

    /// Whether the actor may rewrite the custom role.
    fn rewrites(&self, actor: Actor, role: usize) -> Quality {
        let role = self.rights.role(role);
        if !role.custom || role.assignable_scopes.is_empty() {
            return Quality::No;
        }
        let each = role.assignable_scopes.iter().map(|scope| {
            self.rights.may(actor, self.operations.define, self.rights.place(&scopes::canonical(scope)))
        });
        each.fold(Quality::Held, Quality::min)
    }

    fn giving(&self, actor: Actor) -> Rc<BTreeSet<usize>> {
        if let Some(known) = self.giving.borrow().get(&actor) {
            return known.clone();
        }
        let scopes = Rc::new(self.rights.where_to_write(actor));
        self.giving.borrow_mut().insert(actor, scopes.clone());
        scopes
    }

    fn given_to_anybody(&self, actor: Actor, scope: usize) -> Rc<Vec<(Actor, Quality)>> {
        if let Some(known) = self.alone.borrow().get(&(actor, scope)) {
            return known.clone();
        }
        let given = Rc::new(self.given(actor, scope, None));
        self.alone.borrow_mut().insert((actor, scope), given.clone());
        given
    }

    /// What the actor may give at the scope to itself, or (where a limit names principals) if `receiver` is controlled.
    fn given(&self, actor: Actor, scope: usize, receiver: Option<Actor>) -> Vec<(Actor, Quality)> {
        let mut all = Quality::No;
        let mut roles: BTreeMap<usize, Quality> = BTreeMap::new();
        // Every role but those that a condition names.
        let mut others: Vec<(Quality, BTreeSet<usize>)> = vec![];
        let mut taken: BTreeMap<usize, Quality> = BTreeMap::new();
        let mut queue = self.rights.ways_to_write(actor, scope);
        while let Some((quality, limits)) = queue.pop() {
            if writes(&limits, None, None) == Yes {
                all = all.max(quality);
                continue;
            }
            let named = limits.iter().flat_map(|limit| match limit {
                Limit::Known(condition) => condition.named_roles(),
                _ => vec![],
            });
            let named: BTreeSet<usize> = named.filter_map(|guid| self.rights.role_number(&guid)).collect();
            let mut found: BTreeMap<usize, Quality> = BTreeMap::new();
            for role in &named {
                let guid = self.rights.role(*role).guid.clone();
                found.insert(*role, quality.min(self.to_receiver(&limits, &guid, receiver).into()));
            }
            let rest = quality.min(self.to_receiver(&limits, "another role", receiver).into());
            // One of them may itself give roles: it is the same step.
            for role in &self.writers {
                let quality = found.get(role).copied().unwrap_or(rest);
                if taken.get(role).is_some_and(|earlier| *earlier >= quality) || quality == Quality::No {
                    continue;
                }
                taken.insert(*role, quality);
                let holder = Actor::Power { roles: Some(self.rights.set(vec![*role])), scope };
                for (own, limits) in self.rights.ways_to_write(holder, scope) {
                    queue.push((quality.min(own), limits));
                }
            }
            for (role, quality) in found {
                let known = roles.entry(role).or_insert(Quality::No);
                *known = (*known).max(quality);
            }
            others.push((rest, named));
        }
        for (quality, named) in others.into_iter().filter(|(quality, _)| *quality > all) {
            for role in (0..self.rights.roles()).filter(|role| !named.contains(role)) {
                let known = roles.entry(role).or_insert(Quality::No);
                *known = (*known).max(quality);
            }
        }
        let mut given = vec![];
        if all != Quality::No {
            given.push((Actor::Power { roles: None, scope }, all));
        }
        // Where everything is had as surely, the roles alone are no news.
        for quality in [Quality::Held, Quality::Potential, Quality::Unknown] {
            let set: Vec<usize> =
                roles.iter().filter(|(_, own)| **own >= quality).map(|(role, _)| *role).collect();
            if all < quality && roles.values().any(|own| *own == quality) {
                given.push((Actor::Power { roles: Some(self.rights.set(set)), scope }, quality));
            }
        }
        given
    }

    /// Whether the role may be given to the receiver, or to a group in which it is; without one, to whoever writes it.
    fn to_receiver(&self, limits: &[Limit], role: &str, receiver: Option<Actor>) -> Truth {
        let rights = &self.rights;
        let to = |id: &str| writes(limits, Some(role), Some(id));
        let mut truth = No;
        match receiver {
            // Where principals are only left out, another can be had, or made.
            None => return to("another principal"),
            Some(Actor::Power { .. }) => {}
            Some(Actor::Person { who, .. }) => {
                truth = to(&rights.people[who]);
                for (group, member) in rights.member[who].iter().enumerate() {
                    if *member != No && rights.exists[group] {
                        truth = truth.or(member.and(to(&rights.people[group])));
                    }
                }
            }
            Some(Actor::Somebody { group, .. }) => {
                truth = to("somebody").or(Unknown.and(to(&rights.people[group])));
                for (other, member) in rights.member[group].iter().enumerate() {
                    if *member != No && rights.exists[other] {
                        truth = truth.or(Unknown.and(to(&rights.people[other])));
                    }
                }
            }
        }
        truth
    }
}

/// Whether the limits let a role be given; with each of the three types, the best answer.
fn writes(limits: &[Limit], role: Option<&str>, principal: Option<&str>) -> Truth {
    use super::conditions::{Asked, TYPES, WRITE};
    TYPES.iter().fold(No, |best, kind| {
        let asked = Asked { operation: WRITE, role, principal, kind: Some(kind) };
        best.or(Truth::all(limits.iter().map(|limit| match limit {
            Limit::Nothing => Yes,
            Limit::Known(condition) => condition.allows(asked),
            Limit::Unknown => Unknown,
        })))
    })
}
