//! The roles that a test states or names.

use super::attributes::plain;
use super::build::{Builder, role_text};
use super::world::{guid, schema_noun};
use crate::azure::{Guid, app_roles, directory_roles, roles};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, code};
use crate::inventory::schema::attribute;
use crate::inventory::{Block, RoleId, RoleKind, RoleType, ScopeId, Symbol};
use crate::syntax::ast::{Assign, FactValue, GrantKind, Literal, Noun, Pattern};

/// The custom roles that a test states.
#[derive(Default)]
pub(super) struct Roles {
    custom: Vec<(String, RoleId)>,
}

impl<'t> Builder<'t> {
    /// Makes the role definitions that are stated.
    pub(super) fn definitions(&mut self) {
        for index in 0..self.world.things.len() {
            let thing = &self.world.things[index];
            if thing.noun != Noun::RoleDefinition {
                continue;
            }
            let (name, fact, with) = (thing.name, thing.fact, thing.with);
            let id = guid("role_definition", name);
            let role = self.draft.role(RoleKind::Azure, id, &role_id(id));
            self.draft.role_name(role, name);
            self.roles.custom.push((name.to_owned(), role));
            self.check_definition(with);
            let unknown = ["actions", "not_actions", "data_actions", "not_data_actions"]
                .iter()
                .any(|&attribute| plain(with, attribute) == Some(&FactValue::Unknown));
            if unknown {
                continue;
            }
            let block = Block {
                actions: self.texts(with, "actions"),
                not_actions: self.texts(with, "not_actions"),
                data_actions: self.texts(with, "data_actions"),
                not_data_actions: self.texts(with, "not_data_actions"),
                condition: match plain(with, "condition") {
                    Some(FactValue::Literal(Literal::String(text))) => Some(self.draft.intern(text)),
                    _ => None,
                },
            };
            let built_in = matches!(plain(with, "type"), Some(FactValue::Literal(Literal::String(t))) if t.eq_ignore_ascii_case("BuiltInRole"));
            let kind = if built_in { RoleType::BuiltIn } else { RoleType::Custom };
            let assignable = self.assignable(with);
            let origin = self.origin(fact);
            self.draft.definition(role, kind, Some(name), vec![block], Some(assignable), origin);
        }
    }

    fn check_definition(&mut self, with: &[Assign]) {
        for assign in with {
            let name = &assign.path.root;
            if attribute(schema_noun(Noun::RoleDefinition), &name.node).is_none() {
                self.problems.push(super::attributes::unknown_attribute(Noun::RoleDefinition, name));
            }
            let list = matches!(assign.value.node, FactValue::List(_) | FactValue::Unknown);
            if name.node.ends_with("actions") && !list {
                self.wrong(
                    format!("that is no value of `{}`", name.node),
                    assign.value.span,
                    "",
                    "write a list of actions such as [\"Microsoft.Compute/*\"], or unknown",
                );
            }
        }
    }

    fn texts(&mut self, with: &[Assign], name: &str) -> Vec<Symbol> {
        let Some(FactValue::List(items)) = plain(with, name) else { return vec![] };
        let texts = items.iter().filter_map(|item| match &item.node {
            Literal::String(text) => Some(text),
            _ => None,
        });
        texts.map(|text| self.draft.intern(text)).collect()
    }

    /// The scopes by name or id; the root where none is stated.
    fn assignable(&mut self, with: &[Assign]) -> Vec<ScopeId> {
        let Some(FactValue::List(items)) = plain(with, "assignable_scopes") else {
            return vec![ScopeId::ROOT];
        };
        let mut scopes = vec![];
        for item in items {
            let Literal::String(text) = &item.node else { continue };
            if text.starts_with('/') {
                scopes.push(self.draft.scope(text));
                continue;
            }
            let named =
                self.world.things.iter().find(|t| t.noun.is_level() && t.name.eq_ignore_ascii_case(text));
            match named.and_then(|t| t.scope) {
                Some(scope) => scopes.push(scope),
                None => self.wrong(
                    format!("\"{text}\" is no scope that this test states"),
                    item.span,
                    "",
                    "name a subscription, resource group or management group that is stated, or \"/\"",
                ),
            }
        }
        scopes
    }

    /// The role that a grant names.
    pub(super) fn role(&mut self, kind: GrantKind, pattern: &Pattern) -> Option<RoleId> {
        let (name, span) = role_text(pattern);
        let kind = match kind {
            GrantKind::DirectoryRole => {
                let known = directory_roles::by_name(name).map(|role| role.guid);
                return Some(self.named_role(RoleKind::Directory, known, "directory_role", name));
            }
            GrantKind::AppRole => {
                let known = app_roles::by_name(name).map(|role| role.guid);
                return Some(self.named_role(RoleKind::App, known, "app_role", name));
            }
            GrantKind::Role => RoleKind::Azure,
        };
        if let Some(&(_, role)) =
            self.roles.custom.iter().find(|(custom, _)| custom.eq_ignore_ascii_case(name))
        {
            return Some(role);
        }
        let known = match Guid::parse(name) {
            Some(guid) => Some(guid),
            None => roles::by_name(name).map(|role| role.guid()),
        };
        if let Some(guid) = known {
            return Some(self.draft.role(kind, guid, &role_id(guid)));
        }
        let names = self
            .roles
            .custom
            .iter()
            .map(|(custom, _)| custom.as_str())
            .chain(roles::iter().map(|r| r.name()));
        let mut diagnostic = Diagnostic::error(
            code::D152,
            format!("the role \"{name}\" is neither built in nor stated in this test"),
        );
        diagnostic = match nearest(name, names) {
            Some(near) => {
                diagnostic.at(span, format!("did you mean \"{near}\"?")).edit(span, format!("\"{near}\""))
            }
            None => diagnostic.at(span, ""),
        };
        self.problems.push(diagnostic.help(format!(
            "state it: role_definition \"{name}\" with {{ actions = [\"Microsoft.Compute/*\"] }}"
        )));
        None
    }

    /// A role of the directory or an app role: of the GUID that it has everywhere, where it has one.
    fn named_role(&mut self, kind: RoleKind, known: Option<Guid>, noun: &str, name: &str) -> RoleId {
        let guid = known.unwrap_or_else(|| guid(noun, name));
        let role = self.draft.role(kind, guid, &guid.to_string());
        self.draft.role_name(role, name);
        role
    }
}

fn role_id(guid: Guid) -> String {
    format!("/providers/Microsoft.Authorization/roleDefinitions/{guid}")
}
