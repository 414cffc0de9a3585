//! Names as people type them: who or what of a capture is meant.

use crate::azure::roles;
use crate::azure::{Guid, capabilities};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, code};
use crate::eval::Explorer;
use crate::inventory::schema::{Attr, Noun, Table};
use crate::inventory::{Cell, Class, Entity, Inventory, PrincipalId, RoleKind, ScopeId, same_name};
use crate::text::Span;

/// Who can stand first in principals.
const KINDS: [&str; 11] = [
    "anyone",
    "principal",
    "managed_identity",
    "system_assigned",
    "user_assigned",
    "user",
    "guest",
    "group",
    "service_principal",
    "application",
    "missing_principal",
];
/// What can stand first in a grant.
const GRANTS: [&str; 12] = [
    "role",
    "directory_role",
    "app_role",
    "any",
    "active",
    "eligible",
    "standing",
    "custom",
    "built_in",
    "privileged",
    "direct",
    "inherited",
];
/// How many names are listed.
const LISTED: usize = 10;

/// Whether a text is principals in the language, and no name.
pub(crate) fn is_principals(text: &str) -> bool {
    starts_with(text, &KINDS)
}

/// Whether a text is a target in the language, and no name.
pub(crate) fn is_target(text: &str) -> bool {
    is_principals(text) || starts_with(text, &GRANTS)
}

/// Whether a text is an entity in the language, and no name.
pub(crate) fn is_entity(text: &str) -> bool {
    let nouns: Vec<&str> = Noun::ALL.iter().map(|noun| noun.word()).collect();
    starts_with(text, &nouns)
}

/// A word of the language, a parenthesis, or a quote anywhere: nobody's name has one.
fn starts_with(text: &str, words: &[&str]) -> bool {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let follows = text[end..].chars().next();
    let is_word = follows.is_none_or(|c| c.is_whitespace() || matches!(c, ',' | '(' | '"'));
    text.starts_with('(') || text.contains('"') || (is_word && words.contains(&&text[..end]))
}

/// What a name can mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Thing {
    /// A principal.
    Principal(PrincipalId),
    /// A role, by its GUID, with its name.
    Role(Guid, String),
    /// A scope.
    Scope(ScopeId),
}

/// Looks names up in a capture.
pub(crate) struct Named<'a> {
    pub(crate) inventory: &'a Inventory,
    pub(crate) explorer: &'a Explorer<'a>,
}

impl Named<'_> {
    /// The one principal of that name.
    ///
    /// # Errors
    ///
    /// Nobody has it, or several have; `at` is where it was typed.
    pub(crate) fn principal(&self, name: &str, at: Span) -> Result<PrincipalId, Box<Diagnostic>> {
        match self.principals(name)[..] {
            [one] => Ok(one),
            [] => Err(self.nothing(name, at, "nobody of this capture", self.names_of_principals(), &KINDS)),
            ref several => {
                let things = several.iter().map(|&p| Thing::Principal(p)).collect();
                Err(self.several(name, at, things))
            }
        }
    }

    /// The one principal, role or scope of that name. A name that a principal has means it: an identity is called as its
    /// resource is.
    ///
    /// # Errors
    ///
    /// As [`Named::principal`].
    pub(crate) fn thing(&self, name: &str, at: Span) -> Result<Thing, Box<Diagnostic>> {
        let mut things: Vec<Thing> = self.principals(name).into_iter().map(Thing::Principal).collect();
        if things.is_empty() {
            things.extend(self.roles(name));
        }
        if things.is_empty() {
            things.extend(self.scopes(name).into_iter().map(Thing::Scope));
        }
        match &things[..] {
            [one] => Ok(one.clone()),
            [] => {
                let mut known = self.names_of_principals();
                known.extend(self.names_of_scopes());
                known.extend(self.names_of_roles());
                known.extend(capabilities::all().iter().map(|set| set.name.to_owned()));
                Err(self.nothing(name, at, "nothing of this capture", known, &[&KINDS[..], &GRANTS].concat()))
            }
            _ => Err(self.several(name, at, things)),
        }
    }

    /// The one principal or resource of that name. The name of a resource and of its own identity means the resource.
    ///
    /// # Errors
    ///
    /// As [`Named::principal`].
    pub(crate) fn whose_reach(&self, name: &str, at: Span) -> Result<Entity, Box<Diagnostic>> {
        let principals = self.principals(name);
        let scopes: Vec<ScopeId> =
            self.scopes(name).into_iter().filter(|&s| self.inventory.user_assigned_at(s).is_none()).collect();
        let hosts = |p: &PrincipalId| {
            self.inventory.principals.class(*p) == Class::SystemAssigned
                && self.inventory.principals.node(*p).is_some_and(|node| scopes.contains(&node))
        };
        let mut things: Vec<Thing> =
            principals.into_iter().filter(|p| !hosts(p)).map(Thing::Principal).collect();
        things.extend(scopes.iter().map(|&s| Thing::Scope(s)));
        match &things[..] {
            [one] => Ok(entity(one)),
            [] => {
                let mut known = self.names_of_principals();
                known.extend(self.names_of_scopes());
                Err(self.nothing(name, at, "nobody and nothing of this capture", known, &KINDS))
            }
            _ => Err(self.several(name, at, things)),
        }
    }

    /// The one scope of that name.
    ///
    /// # Errors
    ///
    /// As [`Named::principal`].
    pub(crate) fn scope(&self, name: &str, at: Span) -> Result<ScopeId, Box<Diagnostic>> {
        match self.scopes(name)[..] {
            [one] => Ok(one),
            [] => {
                let levels = ["root", "management_group", "subscription", "resource_group", "resource"];
                Err(self.nothing(name, at, "no scope of this capture", self.names_of_scopes(), &levels))
            }
            ref several => Err(self.several(name, at, several.iter().map(|&s| Thing::Scope(s)).collect())),
        }
    }

    /// The principal in the language, so that nobody else is meant.
    pub(crate) fn exactly(&self, principal: PrincipalId) -> String {
        let subject = self.explorer.subject(principal.into());
        match self.inventory.principals.guid(principal) {
            Some(guid) => format!("principal {guid}"),
            None => format!("user_assigned \"{}\"", subject.id),
        }
    }

    fn principals(&self, name: &str) -> Vec<PrincipalId> {
        let name = name.trim();
        let inventory = self.inventory;
        let there = |&p: &PrincipalId| inventory.is_there(p);
        if let Some(guid) = Guid::parse(name) {
            let by_client = |&p: &PrincipalId| {
                [Attr::ServicePrincipalAppId, Attr::ManagedIdentityClientId]
                    .iter()
                    .any(|&attr| self.text(attr, p).is_some_and(|id| Guid::parse(id) == Some(guid)))
            };
            return match inventory.principal(guid) {
                Some(one) => vec![one],
                None => inventory.principals.iter().filter(there).filter(by_client).collect(),
            };
        }
        if name.starts_with('/') {
            let scope = inventory.scopes.find(name, &inventory.names);
            return scope.and_then(|scope| inventory.user_assigned_at(scope)).into_iter().collect();
        }
        let is_called = |&p: &PrincipalId| self.names_of(p).iter().any(|known| same_name(known, name));
        inventory.principals.iter().filter(there).filter(is_called).collect()
    }

    fn text(&self, attr: Attr, principal: PrincipalId) -> Option<&str> {
        match self.inventory.cells.get(attr, principal.0) {
            Cell::Text(text) => Some(self.inventory.names.get(text)),
            _ => None,
        }
    }

    /// Display name (of an identity without one its resource's name), user principal name, and what stands before its @.
    fn names_of(&self, principal: PrincipalId) -> Vec<&str> {
        let (principals, scopes) = (&self.inventory.principals, &self.inventory.scopes);
        let display = principals.display(principal).map(|name| self.inventory.names.get(name));
        let node = || principals.node(principal).map(|node| scopes.segment(node, &self.inventory.names));
        let mut names: Vec<&str> = display.or_else(node).into_iter().collect();
        if let Some(upn) = self.text(Attr::UserUpn, principal) {
            names.push(upn);
            names.extend(upn.split_once('@').map(|(local, _)| local));
        }
        names.retain(|name| !name.is_empty());
        names
    }

    fn roles(&self, name: &str) -> Vec<Thing> {
        let name = name.trim();
        let captured = &self.inventory.roles;
        let of_azure = captured.iter().filter(|&role| captured.kind(role) == RoleKind::Azure);
        let named = |role| captured.name(role).map_or("", |n| self.inventory.names.get(n).trim());
        let guid = Guid::parse(name);
        let mut found: Vec<Thing> = of_azure
            .filter(|&role| same_name(named(role), name) || guid == Some(captured.guid(role)))
            .map(|role| Thing::Role(captured.guid(role), named(role).to_owned()))
            .collect();
        let built_in = guid.and_then(roles::by_guid).or_else(|| roles::by_name(name));
        found.extend(built_in.map(|role| Thing::Role(role.guid(), role.name().trim().to_owned())));
        found.sort_by_key(|thing| match thing {
            Thing::Role(guid, name) => (guid.to_string(), std::cmp::Reverse(name.len())),
            _ => (String::new(), std::cmp::Reverse(0)),
        });
        found.dedup_by_key(|thing| match thing {
            Thing::Role(guid, _) => guid.to_string(),
            _ => String::new(),
        });
        found
    }

    fn scopes(&self, name: &str) -> Vec<ScopeId> {
        let name = name.trim();
        let scopes = &self.inventory.scopes;
        if name.starts_with('/') {
            return scopes.find(name, &self.inventory.names).into_iter().collect();
        }
        let is_called = |&scope: &ScopeId| {
            same_name(scopes.segment(scope, &self.inventory.names), name)
                || same_name(&self.explorer.subject(scope.into()).name, name)
        };
        scopes.iter().filter(|&scope| scope != ScopeId::ROOT).filter(is_called).collect()
    }

    fn names_of_principals(&self) -> Vec<String> {
        let inventory = self.inventory;
        let there = inventory.principals.iter().filter(|&p| inventory.is_there(p));
        there.flat_map(|p| self.names_of(p)).map(str::to_owned).collect()
    }

    fn names_of_scopes(&self) -> Vec<String> {
        let scopes = self.inventory.scopes.iter().filter(|&scope| scope != ScopeId::ROOT);
        scopes.map(|scope| self.explorer.subject(scope.into()).name).filter(|name| !name.is_empty()).collect()
    }

    fn names_of_roles(&self) -> Vec<String> {
        let captured = &self.inventory.roles;
        let named = captured.iter().filter_map(|role| captured.name(role));
        let mut names: Vec<String> =
            named.map(|name| self.inventory.names.get(name).trim().to_owned()).collect();
        names.extend(roles::iter().map(|role| role.name().trim().to_owned()));
        names
    }

    fn nothing(
        &self,
        name: &str,
        at: Span,
        what: &str,
        known: Vec<String>,
        words: &[&str],
    ) -> Box<Diagnostic> {
        let wanted = name.trim().to_lowercase();
        let all = || known.iter().map(String::as_str).chain(words.iter().copied());
        let mut near: Vec<&str> = nearest(name.trim(), all()).into_iter().collect();
        if wanted.chars().count() >= 3 {
            near.extend(all().filter(|known| known.to_lowercase().contains(&wanted)));
        }
        if near.is_empty() {
            let alike = |known: &&str| strsim::jaro_winkler(&wanted, &known.to_lowercase());
            let mut scored: Vec<(f64, &str)> = all().map(|known| (alike(&known), known)).collect();
            scored.retain(|(score, _)| *score > 0.88);
            scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
            near.extend(scored.into_iter().map(|(_, known)| known));
        }
        let mut unique: Vec<&str> = vec![];
        for word in near {
            if unique.len() < 4 && !unique.iter().any(|known| known.eq_ignore_ascii_case(word)) {
                unique.push(word);
            }
        }
        let error = Diagnostic::error(code::D814, format!("{what} is called `{}`", name.trim()));
        let unique: Vec<String> = unique.into_iter().map(|word| format!("`{word}`")).collect();
        Box::new(match &unique[..] {
            [] if words.contains(&"subscription") => error
                .at(at, "")
                .help("write a full id, a name, or a scope in the language such as subscription \"prod\""),
            [] => error.at(at, "").help(
                "write an id, a name, or the language: user \"*@contoso.example\", guest, managed_identity",
            ),
            [rest @ .., last] if !rest.is_empty() => {
                error.at(at, format!("did you mean {} or {last}?", rest.join(", ")))
            }
            [one, ..] => error.at(at, format!("did you mean {one}?")),
        })
    }

    fn several(&self, name: &str, at: Span, things: Vec<Thing>) -> Box<Diagnostic> {
        let mut error = Diagnostic::error(
            code::D814,
            format!("`{}` is the name of {} things in this capture", name.trim(), things.len()),
        )
        .at(at, "which one?");
        for thing in things.iter().take(LISTED) {
            error = error.note(match thing {
                Thing::Role(guid, name) => format!("role \"{name}\": {guid}"),
                thing => {
                    let entity = entity(thing);
                    // The identities of machines are called as those are.
                    let host = entity.principal().and_then(|p| self.inventory.principals.node(p));
                    let of =
                        host.map_or_else(String::new, |h| format!(" of {}", self.explorer.phrase(h.into())));
                    format!("{}{of}: {}", self.explorer.phrase(entity), self.explorer.subject(entity).id)
                }
            });
        }
        if things.len() > LISTED {
            error = error.note(format!("and {} more", things.len() - LISTED));
        }
        Box::new(error.help("write the id of the one that is meant"))
    }
}

/// A principal or a scope as an entity; a role has none here.
pub(crate) fn entity(thing: &Thing) -> Entity {
    match thing {
        Thing::Principal(principal) => (*principal).into(),
        Thing::Scope(scope) => (*scope).into(),
        Thing::Role(..) => Entity::new(Table::Tenant, 0),
    }
}
