//! From what a test states to an inventory.

use super::attributes;
use super::roles::Roles;
use super::world::{World, guid, is_called, schema_noun};
use crate::azure::Guid;
use crate::diagnostic::{Diagnostic, code};
use crate::inventory::schema::{Attr, Table, attribute};
use crate::inventory::{
    Class, Collection as C, Draft, Entity, Extent, Hint, Inventory, Origin, PrincipalId, Problem, ScopeId,
    Stated as Known, Wanted,
};
use crate::syntax::ast::{Adjective, Fact, GrantKind, Noun, Pattern, Relation, Test, Uncaptured};
use crate::text::{Sources, Span, Spanned};

/// What a test states, as an inventory, and where each thing of it stands.
pub struct Stated {
    /// The inventory.
    pub inventory: Inventory,
    /// The (noun, name, JSON pointer of its origin) of every thing stated.
    pub things: Vec<(Noun, String, String)>,
}

/// Makes the inventory that a test states.
///
/// # Errors
///
/// Every mistake in its facts.
pub fn build(test: &Test, sources: &Sources) -> Result<Stated, Vec<Diagnostic>> {
    let mut problems = vec![];
    let world = World::new(test, &mut problems);
    let mut draft = Draft::new(Wanted::all());
    let file = sources.of(test.at.0).map_or("", |source| source.name()).to_owned();
    let file = draft.inventory().origins.file(file);
    let part = draft.inventory().origins.part(file, "");
    let mut builder = Builder {
        test,
        sources,
        world,
        draft,
        part,
        problems,
        uncaptured: vec![],
        kinds: vec![],
        roles: Roles::default(),
    };
    builder.coverage();
    builder.scopes();
    builder.principals();
    builder.identities();
    builder.definitions();
    builder.rows();
    builder.attributes();
    builder.grants();
    builder.finish()
}

pub(super) struct Builder<'t> {
    pub(super) test: &'t Test,
    sources: &'t Sources,
    pub(super) world: World<'t>,
    pub(super) draft: Draft,
    part: u32,
    pub(super) problems: Vec<Diagnostic>,
    /// The plain attributes that were called uncaptured.
    pub(super) uncaptured: Vec<Attr>,
    /// The collections that were.
    kinds: Vec<C>,
    pub(super) roles: Roles,
}

impl<'t> Builder<'t> {
    pub(super) fn origin(&self, fact: usize) -> Origin {
        let at = match &self.test.facts[fact] {
            Fact::Grant { at, .. } | Fact::Entity { at, .. } | Fact::Uncaptured { at, .. } => at.0,
        };
        let line = self.sources.locate(at).map_or(0, |location| location.line);
        Origin { part: self.part, index: fact as u32, line }
    }

    pub(super) fn wrong(&mut self, message: impl Into<String>, span: Span, label: &str, help: &str) {
        let mut diagnostic = Diagnostic::error(code::D153, message).at(span, label);
        if !help.is_empty() {
            diagnostic = diagnostic.help(help);
        }
        self.problems.push(diagnostic);
    }

    pub(super) fn is_captured(&self, collection: C) -> bool {
        !self.kinds.contains(&collection)
    }

    /// Everything is complete but what the test calls uncaptured.
    fn coverage(&mut self) {
        for fact in &self.test.facts {
            let Fact::Uncaptured { what, .. } = fact else { continue };
            match what {
                Uncaptured::Grant(adjective, kind) => self.kinds.extend(grants_uncaptured(adjective, kind)),
                Uncaptured::Noun(noun, None) => self.kinds.extend(schema_noun(noun.node).collections()),
                Uncaptured::Noun(noun, Some(name)) => {
                    let Some(found) = attribute(schema_noun(noun.node), &name.node) else {
                        let unknown = attributes::unknown_attribute(noun.node, name);
                        self.problems.push(unknown);
                        continue;
                    };
                    match attributes::collections(found.attr) {
                        [] => self.uncaptured.push(found.attr),
                        collections => self.kinds.extend(collections),
                    }
                }
            }
        }
        let coverage = &mut self.draft.inventory().coverage;
        let unsaid = |fact: &Fact| matches!(fact, Fact::Grant { with, .. } if attributes::activated(with) == Some(Known::Unsaid));
        let some_unsaid = self.test.facts.iter().any(unsaid);
        for &collection in C::ALL {
            let (extent, who) = match self.kinds.contains(&collection) {
                true => (Extent::NotCaptured, "the test calls it uncaptured"),
                false if some_unsaid && collection == C::RoleAssignmentScheduleInstances => {
                    (Extent::Partial, "the test calls a part of it unknown")
                }
                false => (Extent::Complete, "stated by the test"),
            };
            coverage.set(collection, extent, who);
        }
    }

    fn principals(&mut self) {
        for thing in 0..self.world.things.len() {
            let (noun, name, fact) = {
                let t = &self.world.things[thing];
                (t.noun, t.name, t.fact)
            };
            if !noun.is_kind() || noun == Noun::Application {
                continue;
            }
            let origin = self.origin(fact);
            let id = self.object_id(thing);
            if noun == Noun::UserAssigned {
                let Some(node) = self.world.things[thing].scope else { continue };
                let client = guid("client", &id.to_string()).to_string();
                self.draft.user_assigned(node, Some((id, &id.to_string())), Some(&client), true, origin);
            }
            let principal = self.draft.principal(id, &id.to_string());
            self.world.things[thing].principal = Some(principal);
            self.draft.display(principal, name);
            self.draft.hint(principal, hint(noun));
            let (class, collection) = match noun {
                Noun::User | Noun::Guest => (Class::User, C::Users),
                Noun::Group => (Class::Group, C::Groups),
                Noun::ServicePrincipal => (Class::ServicePrincipal, C::ServicePrincipals),
                Noun::ManagedIdentity => (Class::ManagedIdentity, C::ServicePrincipals),
                Noun::SystemAssigned => (Class::SystemAssigned, C::ServicePrincipals),
                Noun::UserAssigned => (Class::UserAssigned, C::ServicePrincipals),
                _ => continue,
            };
            // A thing of a collection that was not captured is only mentioned: its own record says nothing.
            if self.is_captured(collection) {
                self.draft.record(principal, class, collection, origin);
            }
            if noun == Noun::UserAssigned && self.is_captured(C::Identities) {
                self.draft.record(principal, class, C::Identities, origin);
            }
        }
        for thing in 0..self.world.things.len() {
            self.memberships(thing);
        }
    }

    /// The object id of a principal: of those in or of something, one for each place.
    fn object_id(&mut self, thing: usize) -> Guid {
        let t = &self.world.things[thing];
        let place = t.link(Relation::Of, |_| true).and_then(|host| self.world.things[host].scope);
        match place.or(t.scope) {
            Some(scope) if matches!(t.noun, Noun::UserAssigned | Noun::SystemAssigned) => {
                let noun = t.noun;
                let text = self.text(scope);
                guid(noun.word(), &text)
            }
            _ => match t.noun {
                Noun::Guest => guid("user", t.name),
                noun => guid(noun.word(), t.name),
            },
        }
    }

    /// The principal that a thing is; the service principal of an application, made where it is asked for.
    pub(super) fn principal_of(&mut self, thing: usize) -> Option<PrincipalId> {
        let t = &self.world.things[thing];
        if t.principal.is_some() || t.noun != Noun::Application {
            return t.principal;
        }
        let (name, origin) = (t.name, self.origin(t.fact));
        let id = guid("service_principal", name);
        let principal = self.draft.principal(id, &id.to_string());
        self.draft.display(principal, name);
        self.draft.hint(principal, Hint::ServicePrincipal);
        if self.is_captured(C::ServicePrincipals) {
            self.draft.record(principal, Class::ServicePrincipal, C::ServicePrincipals, origin);
        }
        self.world.things[thing].principal = Some(principal);
        Some(principal)
    }

    fn memberships(&mut self, thing: usize) {
        let links = self.world.things[thing].links.clone();
        for (relation, other) in links {
            let group = self.world.things[other].noun == Noun::Group;
            if relation != Relation::In || !group {
                continue;
            }
            match (self.world.things[other].principal, self.principal_of(thing)) {
                (Some(group), Some(member)) => {
                    let origin = self.origin(self.world.things[thing].fact);
                    self.draft.membership(group, member, origin);
                }
                _ => {
                    let (noun, span) = (self.world.things[thing].noun, self.world.things[thing].span);
                    self.wrong(format!("a {} is never in a group", noun.word()), span, "", "");
                }
            }
        }
        if let (Noun::Group, Some(group)) =
            (self.world.things[thing].noun, self.world.things[thing].principal)
            && self.is_captured(C::GroupMemberships)
        {
            self.draft.captured_members(group);
        }
    }

    /// The identity blocks of the resources: their own identities and those attached to them.
    fn identities(&mut self) {
        for thing in 0..self.world.things.len() {
            let (noun, name, span) = {
                let t = &self.world.things[thing];
                (t.noun, t.name, t.span)
            };
            let attached = self.world.things[thing].links.iter().any(|&(r, _)| r == Relation::AttachedTo);
            let spoiled = self.world.things[thing].spoiled;
            if noun == Noun::SystemAssigned && !spoiled && self.host(thing, Relation::Of).is_none() {
                let help = format!("write system_assigned \"{name}\" of resource \"...\"");
                self.wrong(format!("system_assigned \"{name}\" is of no resource"), span, "", &help);
            } else if attached && noun != Noun::UserAssigned {
                self.wrong(
                    format!("only a user_assigned identity is attached to a resource, not a {}", noun.word()),
                    span,
                    "",
                    "a system_assigned identity is `of` its resource",
                );
            }
        }
        for host in 0..self.world.things.len() {
            let (Noun::Resource, Some(scope)) = (self.world.things[host].noun, self.world.things[host].scope)
            else {
                continue;
            };
            let origin = self.origin(self.world.things[host].fact);
            let own = (0..self.world.things.len()).find(|&i| {
                self.world.things[i].noun == Noun::SystemAssigned && self.host(i, Relation::Of) == Some(host)
            });
            let users: Vec<ScopeId> = (0..self.world.things.len())
                .filter(|&i| self.world.things[i].links.contains(&(Relation::AttachedTo, host)))
                .filter_map(|i| self.world.things[i].scope)
                .collect();
            let system = own.and_then(|own| self.world.things[own].principal);
            if let Some(principal) = system {
                self.draft.host(principal, scope);
            }
            match (system, users.is_empty()) {
                (None, true) if !self.is_captured(C::Resources) => {}
                (None, true) => self.draft.no_identity(scope, origin),
                (system, _) => {
                    let system = system.map_or(Known::Absent, Known::Value);
                    self.draft.identity_block(scope, system, users, false, origin);
                }
            }
        }
    }

    fn host(&self, thing: usize, relation: Relation) -> Option<usize> {
        self.world.things[thing].link(relation, |other| self.world.things[other].noun == Noun::Resource)
    }

    /// Rows of the tables that have nothing but attributes and an owner.
    fn rows(&mut self) {
        for thing in 0..self.world.things.len() {
            let (noun, name, span, fact) = {
                let t = &self.world.things[thing];
                (t.noun, t.name, t.span, t.fact)
            };
            let table = schema_noun(noun).table();
            if !matches!(
                table,
                Table::Application
                    | Table::Credential
                    | Table::FederatedCredential
                    | Table::DenyAssignment
                    | Table::PolicyAssignment
            ) {
                continue;
            }
            let origin = self.origin(fact);
            let owner = self.owner(thing);
            let scope = self.narrowest_home(thing).and_then(|home| self.world.things[home].scope);
            match table {
                Table::Credential | Table::FederatedCredential if owner.is_none() => {
                    let example =
                        if noun == Noun::Credential { "application \"app\"" } else { "user_assigned \"mi\"" };
                    let help = format!("write {} \"{name}\" of {example}", noun.word());
                    self.wrong(format!("{} \"{name}\" is of nobody", noun.word()), span, "", &help);
                    continue;
                }
                Table::DenyAssignment | Table::PolicyAssignment if scope.is_none() => {
                    let help = format!("write {} \"{name}\" in subscription \"...\"", noun.word());
                    self.wrong(format!("{} \"{name}\" is nowhere", noun.word()), span, "", &help);
                    continue;
                }
                _ => {}
            }
            let id = guid(noun.word(), &format!("{fact} {name}")).to_string();
            let row = self.draft.row(table, &id, owner, scope, origin);
            self.world.things[thing].row = Some(row);
        }
    }

    /// What a credential belongs to. Applications come before what is of them, because rows are made in this order.
    fn owner(&mut self, thing: usize) -> Option<Entity> {
        let of = self.world.things[thing].link(Relation::Of, |_| true)?;
        if self.world.things[of].noun == Noun::Application {
            let fact = self.world.things[of].fact;
            let id = guid("application", &format!("{fact} {}", self.world.things[of].name)).to_string();
            let origin = self.origin(fact);
            let row = self.draft.row(Table::Application, &id, None, None, origin);
            return Some(Entity::new(Table::Application, row));
        }
        self.world.things[of].principal.map(Entity::from)
    }

    /// The things of that noun that some names stand for, as principals.
    pub(super) fn named_principal(&mut self, name: &str, span: Span) -> Option<PrincipalId> {
        match self.world.find(Noun::Principal, name, span, None) {
            Ok(found) => self.principal_of(found),
            Err(problem) => {
                self.problems.push(*problem);
                None
            }
        }
    }

    fn finish(self) -> Result<Stated, Vec<Diagnostic>> {
        let Builder { test, world, draft, problems, .. } = self;
        if !problems.is_empty() {
            return Err(problems);
        }
        let pointer = |fact: usize| format!("/{fact}");
        let things = world.things.iter().map(|t| (t.noun, t.name.to_owned(), pointer(t.fact))).collect();
        match draft.finish() {
            Ok(inventory) => Ok(Stated { inventory, things }),
            Err((problems, _)) => Err(problems.iter().map(|p| contradiction(test, p)).collect()),
        }
    }
}

fn contradiction(test: &Test, problem: &Problem) -> Diagnostic {
    let message = match problem {
        Problem::Conflict(conflict) => {
            format!("{} {} is stated in two ways: {}", conflict.noun.word(), conflict.id, conflict.what)
        }
        Problem::ManagementGroupCycle(ids, _) => {
            format!("management groups are in each other: {}", ids.join(", "))
        }
    };
    Diagnostic::error(code::D153, message).at(test.title.span, "in this test")
}

fn grants_uncaptured(adjective: &Option<Spanned<Adjective>>, kind: &Spanned<GrantKind>) -> Vec<C> {
    match (kind.node, adjective.as_ref().map(|a| a.node)) {
        (GrantKind::DirectoryRole, _) => vec![C::DirectoryRoleAssignments],
        (GrantKind::AppRole, _) => vec![C::AppRoleAssignments],
        (GrantKind::Role, Some(Adjective::Eligible)) => vec![C::RoleEligibilityScheduleInstances],
        (GrantKind::Role, Some(Adjective::Standing)) => vec![C::RoleAssignmentScheduleInstances],
        (GrantKind::Role, Some(Adjective::Active)) => vec![C::RoleAssignments],
        (GrantKind::Role, _) => vec![C::RoleAssignments, C::RoleEligibilityScheduleInstances],
    }
}

pub(super) fn hint(noun: Noun) -> Hint {
    match noun {
        Noun::User | Noun::Guest => Hint::User,
        Noun::Group => Hint::Group,
        Noun::Principal | Noun::MissingPrincipal => Hint::None,
        noun if is_called(noun, Noun::ServicePrincipal) => Hint::ServicePrincipal,
        _ => Hint::None,
    }
}

/// The name of a role, and where it stands.
pub(super) fn role_text(pattern: &Pattern) -> (&str, Span) {
    (pattern.text(), pattern.span())
}
