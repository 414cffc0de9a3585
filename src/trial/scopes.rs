//! The scopes that a test states, and their ids.

use super::attributes::plain;
use super::build::Builder;
use super::world::{guid, schema_noun};
use crate::inventory::ScopeId;
use crate::syntax::ast::{FactValue, Literal, Noun, Relation};

impl Builder<'_> {
    /// Makes every scope that is stated.
    pub(super) fn scopes(&mut self) {
        for thing in 0..self.world.things.len() {
            self.scope_of(thing, &mut vec![]);
        }
    }

    /// The scope that a thing is (for a user-assigned identity its resource), made with what it is in.
    fn scope_of(&mut self, thing: usize, path: &mut Vec<usize>) -> Option<ScopeId> {
        let (noun, name, span, fact) = {
            let t = &self.world.things[thing];
            (t.noun, t.name, t.span, t.fact)
        };
        if let Some(scope) = self.world.things[thing].scope {
            return Some(scope);
        }
        if std::mem::replace(&mut self.world.things[thing].spoiled, true) {
            return None;
        }
        if path.contains(&thing) {
            self.wrong(format!("{} \"{name}\" is in itself", noun.word()), span, "", "");
            return None;
        }
        path.push(thing);
        let parent = self.narrowest_home(thing);
        let above = match parent {
            Some(parent) => Some(self.scope_of(parent, path)?),
            None => None,
        };
        path.pop();
        let parent_noun = parent.map(|p| self.world.things[p].noun);
        let inside = above.map(|a| self.text(a));
        let text = match (noun, parent_noun, inside) {
            (Noun::Root, ..) => "/".to_owned(),
            (Noun::ManagementGroup, None | Some(Noun::ManagementGroup), _) => {
                format!("/providers/Microsoft.Management/managementGroups/{name}")
            }
            (Noun::Subscription, None | Some(Noun::ManagementGroup), _) => {
                format!("/subscriptions/{}", guid("subscription", name))
            }
            (Noun::ResourceGroup, Some(Noun::Subscription), Some(inside)) => {
                format!("{inside}/resourceGroups/{name}")
            }
            (Noun::UserAssigned, Some(Noun::ResourceGroup), Some(inside)) => {
                format!("{inside}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}")
            }
            (Noun::Resource, Some(Noun::ResourceGroup | Noun::Subscription), Some(inside)) => {
                resource_id(&inside, &self.stated_type(thing), name)
            }
            (Noun::Resource, Some(Noun::Resource), Some(inside)) => {
                let kind = self.stated_type(thing);
                let last = kind.rsplit('/').next().unwrap_or_default();
                let name = name.rsplit('/').next().unwrap_or(name);
                format!("{inside}/{last}/{name}")
            }
            (Noun::ManagementGroup | Noun::Subscription, ..) => {
                self.wrong(
                    format!("{} \"{name}\" can only be in a management group", noun.word()),
                    span,
                    "",
                    "",
                );
                return None;
            }
            (Noun::ResourceGroup, ..) => {
                self.wrong(
                    format!("resource_group \"{name}\" is in no subscription"),
                    span,
                    "",
                    &format!("write resource_group \"{name}\" in subscription \"...\""),
                );
                return None;
            }
            (Noun::Resource | Noun::UserAssigned, ..) => {
                self.wrong(
                    format!("{} \"{name}\" is in no resource group", noun.word()),
                    span,
                    "",
                    &format!("write {} \"{name}\" in resource_group \"...\"", noun.word()),
                );
                return None;
            }
            _ => return None,
        };
        let origin = self.origin(fact);
        let scope = self.draft.scope(&text);
        if schema_noun(noun).collections().iter().all(|&c| self.is_captured(c)) {
            self.draft.captured_scope(scope, origin);
        }
        if matches!(noun, Noun::ManagementGroup | Noun::Subscription) {
            self.draft.parent(scope, above.unwrap_or(ScopeId::ROOT), origin);
        }
        self.world.things[thing].scope = Some(scope);
        self.world.things[thing].spoiled = false;
        Some(scope)
    }

    /// The id of a scope.
    pub(super) fn text(&mut self, scope: ScopeId) -> String {
        let inventory = self.draft.inventory();
        let id = inventory.scopes.id(scope);
        inventory.names.get(id).to_owned()
    }

    /// The narrowest level that a thing is said to be in.
    pub(super) fn narrowest_home(&self, thing: usize) -> Option<usize> {
        let links = &self.world.things[thing].links;
        links
            .iter()
            .filter(|&&(relation, other)| {
                relation == Relation::In && self.world.things[other].noun.is_level()
            })
            .map(|&(_, other)| other)
            .max_by_key(|&other| self.world.things[other].noun)
    }

    /// The `type` that a resource states; one of no provider where it states none.
    fn stated_type(&self, thing: usize) -> String {
        match plain(self.world.things[thing].with, "type") {
            Some(FactValue::Literal(Literal::String(text))) if text.contains('/') => text.clone(),
            _ => "Stated.Only/resources".to_owned(),
        }
    }
}

/// `.../providers/A.B/c/NAME`; of a nested type, each segment of the name (`server/database`) in its place.
fn resource_id(inside: &str, kind: &str, name: &str) -> String {
    let (namespace, types) = kind.split_once('/').unwrap_or((kind, "resources"));
    let types: Vec<&str> = types.split('/').collect();
    let names: Vec<&str> = name.split('/').collect();
    let mut id = format!("{inside}/providers/{namespace}");
    for (i, part) in types.iter().enumerate() {
        let missing = types.len().saturating_sub(names.len());
        let name = if i < missing { names[0] } else { names[i - missing] };
        id.push_str(&format!("/{part}/{name}"));
    }
    id
}
