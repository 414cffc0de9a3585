//! What the inputs say together that can't be so, or is worth knowing. Errors first; warnings over the finished inventory.

use super::loader::Loader;
use crate::azure::Guid;
use crate::azure::scope::Level;
use crate::diagnostic::{Diagnostic, Place, code};
use crate::inventory::{
    Class, Collection, Extent, Hint, Inventory, Origin, Origins, PrincipalId, Problem, RoleType, ScopeId,
    State,
};

/// So many places of one warning are named.
const NAMED: usize = 5;

fn place(origins: &Origins, origin: Origin) -> Place {
    Place {
        file: origins.file_of(origin).to_owned(),
        pointer: origins.pointer(origin),
        line: origin.line.into(),
    }
}

/// A problem that joining found, as it is told.
pub(super) fn problem(problem: &Problem, origins: &Origins) -> Diagnostic {
    match problem {
        Problem::Conflict(conflict) => Diagnostic::error(
            code::D510,
            format!(
                "two records of {} `{}` differ in {}",
                conflict.noun.word().replace('_', " "),
                conflict.id,
                conflict.what
            ),
        )
        .in_file(place(origins, conflict.second))
        .in_file(place(origins, conflict.first))
        .help("capture both at the same time, or give Dictum only one of them"),
        Problem::ManagementGroupCycle(ids, places) => {
            let mut names: Vec<&str> = ids.iter().map(|id| id.rsplit('/').next().unwrap_or(id)).collect();
            let first = names[0];
            if names.len() > 2 * NAMED {
                names.truncate(NAMED);
                names.push("…");
            }
            names.push(first);
            let mut diagnostic = Diagnostic::error(
                code::D511,
                format!("management groups form a cycle: {}", names.join(" is below ")),
            )
            .help("capture the management groups again: Azure has no cycles");
            for &origin in places.iter().take(2 * NAMED) {
                diagnostic = diagnostic.in_file(place(origins, origin));
            }
            diagnostic
        }
    }
}

/// Tenants: two captures of two tenants are an error, records of another tenant a warning.
pub(super) fn tenants(loader: &mut Loader<'_>) {
    let captures = std::mem::take(&mut loader.tenants);
    if let Some((first, at)) = captures.first()
        && let Some((second, other)) = captures.iter().find(|(tenant, _)| tenant != first)
    {
        loader.errors.push(
            Diagnostic::error(
                code::D513,
                format!("the inputs are captures of two tenants: {first} and {second}"),
            )
            .in_file(other.clone())
            .in_file(at.clone())
            .help("run once for each tenant"),
        );
        return;
    }
    let records = std::mem::take(&mut loader.record_tenants);
    let home = captures.first().map(|(tenant, _)| *tenant).or(records.first().map(|(tenant, ..)| *tenant));
    let Some(home) = home else { return };
    if captures.is_empty() {
        loader.draft.tenant(home);
    }
    let mut told: Vec<Guid> = vec![];
    for (tenant, what, place) in records {
        if tenant != home && !told.contains(&tenant) {
            told.push(tenant);
            let message = format!("{what} belongs to tenant {tenant}, the capture is of tenant {home}");
            loader.warnings.push(Diagnostic::warning(code::D530, message).in_file(place));
        }
    }
}

/// Lists of directory objects that do not say whose they are: looked up by id, or a list of members without its group.
pub(super) fn unowned(loader: &mut Loader<'_>) {
    let lists = std::mem::take(&mut loader.unowned);
    if lists.is_empty() {
        return;
    }
    let assignments = &loader.draft.inventory().assignments;
    let holders: rustc_hash::FxHashSet<PrincipalId> =
        assignments.iter().map(|a| assignments.assignee(a)).collect();
    for (place, list) in lists {
        let held = list.objects.iter().filter(|(object, _)| holders.contains(object)).count();
        let looked_up = list.credentials.is_empty()
            && list.links().is_none()
            && (list.is_looked_up() || (held > 0 && held * 2 > list.objects.len()));
        if looked_up {
            let message = format!(
                "`{}` lists users, groups and service principals without saying where from: taken for objects looked up by id",
                place.file
            );
            let help = "if they are the members of a group, name the file after the group's object id";
            loader.warnings.push(Diagnostic::note_only(code::D529, message).in_file(place).help(help));
        } else {
            let (what, whose) = if list.credentials.is_empty() {
                ("members or owners", "the group")
            } else {
                ("federated credentials", "the application")
            };
            let message = format!("`{}` is a list of {what}, and nothing says whose", place.file);
            loader.errors.push(
                Diagnostic::error(code::D507, message)
                    .in_file(place)
                    .help(format!("name the file after the object id of {whose}: `<object id>.json` or `members-<object id>.json`"))
                    .help("or keep `@odata.context` or `@odata.nextLink`, where they name it; or write an inventory document: {\"groupMemberships\": [{\"groupId\": ..., \"memberId\": ..., \"memberType\": ...}]}"),
            );
        }
    }
}

/// `1 assignment`, `2 assignments`.
fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// Something that may be so of many records: counted, the first few named.
struct Many {
    count: usize,
    places: Vec<Place>,
    names: Vec<String>,
}

impl Many {
    fn new() -> Self {
        Many { count: 0, places: vec![], names: vec![] }
    }

    fn add(&mut self, place: impl FnOnce() -> Place, name: impl FnOnce() -> String) {
        self.count += 1;
        if self.count <= NAMED {
            self.places.push(place());
            self.names.push(name());
        }
    }

    fn tell(self, to: &mut Vec<Diagnostic>, diagnostic: impl FnOnce(usize) -> Diagnostic) {
        if self.count == 0 {
            return;
        }
        let mut diagnostic = diagnostic(self.count);
        for name in self.names {
            diagnostic = diagnostic.note(name);
        }
        if self.count > NAMED {
            diagnostic = diagnostic.note(format!("and {} more", self.count - NAMED));
        }
        diagnostic.places = self.places;
        to.push(diagnostic);
    }
}

/// Classic administrators, which are no assignments any more.
pub(super) fn classic(places: Vec<Place>, to: &mut Vec<Diagnostic>) {
    let mut many = Many::new();
    for place in places {
        let name = format!("{} line {}", place.pointer, place.line);
        many.add(|| place, || name);
    }
    many.tell(to, |n| {
        Diagnostic::warning(
            code::D526,
            format!("{} captured; they have no effect since 2024-08-31", count(n, "classic administrator")),
        )
    });
}

/// Everything about the finished inventory.
pub(super) fn check(inventory: &Inventory, to: &mut Vec<Diagnostic>) {
    groups(inventory, to);
    assignments(inventory, to);
    attachments(inventory, to);
}

fn who(inventory: &Inventory, principal: PrincipalId) -> String {
    let p = &inventory.principals;
    let id = inventory.names.get(p.spelling(principal));
    match p.display(principal) {
        Some(name) => format!("{} ({id})", inventory.names.get(name)),
        None => id.to_owned(),
    }
}

fn assignments(inventory: &Inventory, to: &mut Vec<Diagnostic>) {
    let (a, p) = (&inventory.assignments, &inventory.principals);
    let (mut labels, mut eligible, mut outside, mut orphans) =
        (Many::new(), Many::new(), Many::new(), Many::new());
    // 0 not judged, 1 there, 2 gone.
    let mut judged = vec![0u8; inventory.scopes.len()];
    for id in a.iter() {
        let (principal, scope) = (a.assignee(id), a.scope(id));
        let at = || place(&inventory.origins, a.origin(id));
        let class = p.class(principal);
        let service = !matches!(class, Class::Mentioned | Class::User | Class::Group);
        if let Some(hint) = a.hint(id).value() {
            let fits = match (hint, class) {
                (Hint::None, _) | (_, Class::Mentioned) => true,
                (Hint::User, class) => class == Class::User,
                (Hint::Group | Hint::ForeignGroup, class) => class == Class::Group,
                (Hint::ServicePrincipal, _) => service,
                (Hint::Device, _) => false,
            };
            if !fits {
                let name = || format!("principalType {} of {}", hint.word(), who(inventory, principal));
                labels.add(at, name);
            }
        }
        if a.state(id) == State::Eligible
            && (service || (class == Class::Mentioned && a.hint(id).value() == Some(Hint::ServicePrincipal)))
        {
            eligible.add(at, || who(inventory, principal));
        }
        let role = a.role(id);
        if inventory.roles.role_type(role) == RoleType::Custom
            && let Some(scopes) = inventory.roles.assignable(role)
            && !scopes.is_empty()
            && scopes.iter().all(|&above| inventory.scopes.contains(above, scope).is_false())
        {
            outside.add(at, || {
                let name = inventory.roles.name(role).map_or("", |name| inventory.names.get(name));
                format!("{name} at {}", inventory.names.get(a.scope_text(id)))
            });
        }
        let judged = &mut judged[scope.index()];
        if *judged == 0 {
            *judged = 1 + u8::from(is_gone(inventory, scope));
        }
        if *judged == 2 {
            orphans.add(at, || inventory.names.get(a.scope_text(id)).to_owned());
        }
    }
    labels.tell(to, |n| {
        Diagnostic::warning(
            code::D521,
            format!(
                "the `principalType` of {} contradicts the directory, which is believed",
                count(n, "assignment")
            ),
        )
    });
    eligible.tell(to, |n| {
        Diagnostic::warning(
            code::D522,
            format!(
                "{} to managed identities or service principals, which can't activate them",
                count(n, "eligible assignment")
            ),
        )
    });
    outside.tell(to, |n| {
        Diagnostic::warning(
            code::D523,
            format!("{} of custom roles outside the assignable scopes of the role", count(n, "assignment")),
        )
    });
    orphans.tell(to, |n| {
        Diagnostic::note_only(
            code::D525,
            format!("{} at scopes that are not there any more", count(n, "assignment")),
        )
    });
}

/// Whether a scope is absent from the complete list of its kind. A child of a resource that is there may be one that lists
/// of resources do not show.
fn is_gone(inventory: &Inventory, scope: ScopeId) -> bool {
    let scopes = &inventory.scopes;
    let complete = |c| inventory.coverage.extent(c) == Extent::Complete;
    let collection = match scopes.level(scope) {
        Level::Root => return false,
        Level::ManagementGroup => Collection::ManagementGroups,
        Level::Subscription => Collection::Subscriptions,
        Level::ResourceGroup => Collection::ResourceGroups,
        Level::Resource => Collection::Resources,
    };
    if !complete(collection)
        || scopes.captured(scope).is_some()
        || inventory.user_assigned_at(scope).is_some()
    {
        return false;
    }
    if scopes.level(scope) != Level::Resource {
        return true;
    }
    // Only what stands directly in a resource group is sure to be listed; of the rest, what encloses it decides.
    match scopes.parent(scope) {
        Some(above) if scopes.level(above) == Level::Resource => is_gone(inventory, above),
        Some(above) => scopes.level(above) == Level::ResourceGroup,
        None => false,
    }
}

fn attachments(inventory: &Inventory, to: &mut Vec<Diagnostic>) {
    if inventory.coverage.extent(Collection::Identities) != Extent::Complete {
        return;
    }
    let mut dangling = Many::new();
    for principal in inventory.principals.iter() {
        if inventory.principals.class(principal) != Class::UserAssigned
            || inventory.principals.listed(principal).has(Collection::Identities)
        {
            continue;
        }
        let node = inventory.principals.node(principal);
        if node.is_some_and(|node| inventory.scopes.captured(node).is_some()) {
            continue;
        }
        for resource in inventory.attachments(principal) {
            let origin = inventory.scopes.captured(resource);
            let at = || {
                origin.map_or(Place { file: String::new(), pointer: String::new(), line: 0 }, |o| {
                    place(&inventory.origins, o)
                })
            };
            let name = |scope| inventory.names.get(inventory.scopes.id(scope)).to_owned();
            dangling.add(at, || {
                format!("{} names {}", name(resource), node.map_or_else(|| who(inventory, principal), name))
            });
        }
    }
    dangling.tell(to, |n| {
        Diagnostic::note_only(
            code::D524,
            format!("{} of a user-assigned identity that is not there any more", count(n, "attachment")),
        )
    });
}

/// Cycles of groups: one warning each, its members in order. Without recursion, in time linear in the memberships.
fn groups(inventory: &Inventory, to: &mut Vec<Diagnostic>) {
    let mut state: Vec<u8> = vec![0; inventory.principals.len()];
    for start in inventory.principals.iter() {
        if state[start.index()] != 0 {
            continue;
        }
        let mut path: Vec<(PrincipalId, usize)> = vec![(start, 0)];
        state[start.index()] = 1;
        while let Some((here, next)) = path.last_mut() {
            let (here, at) = (*here, *next);
            *next += 1;
            let Some(member) = inventory.members(here).nth(at) else {
                state[here.index()] = 2;
                path.pop();
                continue;
            };
            match state[member.index()] {
                0 if inventory.members(member).next().is_some() => {
                    state[member.index()] = 1;
                    path.push((member, 0));
                }
                0 => state[member.index()] = 2,
                1 => {
                    let from = path.iter().position(|(p, _)| *p == member).unwrap_or_default();
                    let mut names: Vec<String> =
                        path[from..].iter().map(|(p, _)| who(inventory, *p)).collect();
                    let first = names[0].clone();
                    if names.len() > NAMED {
                        names.truncate(NAMED);
                        names.push("…".to_owned());
                    }
                    names.push(first);
                    let mut diagnostic = Diagnostic::warning(
                        code::D520,
                        format!("groups are members of each other: {}", names.join(" has the member ")),
                    );
                    if let Some(origin) = inventory.principals.origin(member) {
                        diagnostic = diagnostic.in_file(place(&inventory.origins, origin));
                    }
                    to.push(diagnostic);
                }
                _ => {}
            }
        }
    }
}
