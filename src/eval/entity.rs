//! Entities: every captured thing of a noun.

use super::Evaluator;
use crate::check::plan::EntitySelector;
use crate::inventory::schema::{Noun, Table};
use crate::inventory::{Class, Collection as C, Entity, RoleKind, ScopeId, Truth};

/// What a run over the entities of a selector came to.
#[derive(Default)]
pub(super) struct EntityMatches {
    pub(super) examined: u64,
    /// Those for which the selector is true or undecided, in the order of their rows.
    pub(super) found: Vec<(Entity, Truth)>,
}

impl<'a> Evaluator<'a> {
    /// The captured things of a noun. A missing principal is one that is only mentioned.
    pub(super) fn entities(&self, noun: Noun) -> Vec<Entity> {
        let inventory = self.inventory;
        let rows = |n: usize| (0..n as u32).map(|r| Entity::new(noun.table(), r)).collect();
        match noun.table() {
            Table::Tenant => rows(1),
            Table::Scope if noun == Noun::Root => vec![ScopeId::ROOT.into()],
            Table::Scope => inventory
                .scopes
                .iter()
                .filter(|&s| inventory.scopes.captured(s).is_some())
                .map(Entity::from)
                .filter(|&e| self.is_noun(e, noun).is_true())
                .collect(),
            Table::Principal => inventory
                .principals
                .iter()
                .filter(|&p| {
                    (inventory.principals.class(p) == Class::Mentioned) == (noun == Noun::MissingPrincipal)
                })
                .filter(|&p| inventory.is_there(p) && !inventory.is_kind(p, noun).is_false())
                .map(Entity::from)
                .collect(),
            Table::Assignment => inventory
                .assignments
                .iter()
                .filter(|&a| inventory.assignments.kind(a) == RoleKind::Azure)
                .map(Entity::from)
                .collect(),
            Table::Role => inventory
                .roles
                .iter()
                .filter(|&r| {
                    inventory.roles.kind(r) == RoleKind::Azure && inventory.roles.origin(r).is_some()
                })
                .map(Entity::from)
                .collect(),
            Table::Application => rows(inventory.applications.len()),
            Table::Credential => rows(inventory.credentials.len()),
            Table::FederatedCredential => rows(inventory.federated.len()),
            Table::DenyAssignment => rows(inventory.denies.len()),
            Table::PolicyAssignment => rows(inventory.policies.len()),
        }
    }

    /// Every captured entity that the selector admits, or may.
    pub(super) fn select(&self, selector: &'a EntitySelector) -> EntityMatches {
        let mut matches = EntityMatches::default();
        for entity in self.entities(selector.noun) {
            let inside = selector.within.iter().fold(Truth::True, |all, clause| {
                if all.is_false() { all } else { all.and(self.is_within(clause, entity)) }
            });
            if inside.is_false() {
                continue;
            }
            matches.examined += 1;
            let truth = self.admits(selector, entity);
            if !truth.is_false() {
                matches.found.push((entity, truth));
            }
        }
        matches
    }

    /// The collections that must be complete for every entity of a noun to be known.
    pub(super) fn entity_collections(&self, noun: Noun) -> Vec<C> {
        match noun {
            // Whoever is missing is known from what mentions it.
            Noun::MissingPrincipal => vec![C::RoleAssignments, C::RoleEligibilityScheduleInstances],
            noun => noun.collections().to_vec(),
        }
    }

    /// The records that leave unsaid which entities of the noun they have: applications and service principals without their
    /// credentials.
    pub(super) fn unsaid(&self, noun: Noun) -> Vec<Entity> {
        if noun != Noun::Credential {
            return vec![];
        }
        let principals = &self.inventory.principals;
        let services = principals.iter().filter(|&p| {
            principals.class(p) == Class::ServicePrincipal && principals.listed(p).has(C::ServicePrincipals)
        });
        let applications =
            (0..self.inventory.applications.len() as u32).map(|row| Entity::new(Table::Application, row));
        applications
            .chain(services.map(Entity::from))
            .filter(|&record| !self.says_credentials(record))
            .collect()
    }
}
