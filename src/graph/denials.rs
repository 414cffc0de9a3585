//! Enforced deny assignments: whom they name, which scopes they reach and which operations they take.

use super::rights::block_text;
use crate::azure::permission::{Block, Plane};
use crate::azure::{Guid, action};
use crate::inventory::schema::{Attr, Noun};
use crate::inventory::{Cell, Inventory, PrincipalId, ScopeId, Truth};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;

/// An enforced deny assignment.
struct Denial<'i> {
    scope: ScopeId,
    children: bool,
    everyone: bool,
    principals: FxHashSet<PrincipalId>,
    excluded: FxHashSet<PrincipalId>,
    /// An excluded group whose members were not all captured: who is in it is not certain.
    excludes_strangers: bool,
    blocks: Vec<Block<'i>>,
}

type Taken = FxHashMap<(usize, Plane), FxHashMap<Box<str>, bool>>;

/// All enforced deny assignments, numbered in the order of their ids.
pub(super) struct Denials<'i> {
    all: Vec<Denial<'i>>,
    /// Those that are made at a scope.
    at: FxHashMap<ScopeId, Vec<usize>>,
    /// Those that name everyone, unless it is not certain whom they exclude.
    of_everyone: Vec<usize>,
    /// Those that name or exclude a principal.
    speaking_of: FxHashMap<PrincipalId, Vec<usize>>,
    taken: RefCell<Taken>,
}

impl Denial<'_> {
    fn takes(&self, plane: Plane, operation: &str) -> bool {
        self.blocks.iter().any(|block| {
            let (actions, not_actions) = block.patterns(plane);
            actions.iter().any(|a| action::matches(a, operation))
                && !not_actions.iter().any(|a| action::matches(a, operation))
        })
    }

    fn names(&self, principal: PrincipalId, groups: &[PrincipalId]) -> bool {
        let is_in = |set: &FxHashSet<PrincipalId>| {
            set.contains(&principal) || groups.iter().any(|group| set.contains(group))
        };
        (self.everyone || is_in(&self.principals)) && !is_in(&self.excluded) && !self.excludes_strangers
    }
}

impl<'i> Denials<'i> {
    /// Of an inventory.
    pub(super) fn of(inventory: &'i Inventory) -> Denials<'i> {
        let mut rows: Vec<u32> = (0..inventory.denies.len() as u32).collect();
        rows.sort_by_key(|&row| inventory.names.get(inventory.denies.id(row)).to_ascii_lowercase());
        let all: Vec<Denial<'i>> = rows.into_iter().filter_map(|row| denial(inventory, row)).collect();
        let mut at: FxHashMap<ScopeId, Vec<usize>> = FxHashMap::default();
        let mut speaking_of: FxHashMap<PrincipalId, Vec<usize>> = FxHashMap::default();
        let mut of_everyone = vec![];
        for (number, denial) in all.iter().enumerate() {
            at.entry(denial.scope).or_default().push(number);
            if denial.everyone && !denial.excludes_strangers {
                of_everyone.push(number);
            }
            for &principal in denial.principals.union(&denial.excluded) {
                speaking_of.entry(principal).or_default().push(number);
            }
        }
        Denials { all, at, of_everyone, speaking_of, taken: RefCell::default() }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The scope at which one is made.
    pub(super) fn scope(&self, denial: usize) -> ScopeId {
        self.all[denial].scope
    }

    /// Those that certainly name somebody who is in those groups, or somebody new if `None`, in ascending order.
    pub(super) fn naming(&self, principal: Option<PrincipalId>, groups: &[PrincipalId]) -> Vec<usize> {
        let Some(principal) = principal else {
            // Somebody new is in no group, and may be whoever is excluded.
            let all = self.of_everyone.iter().copied();
            return all.filter(|&number| self.all[number].excluded.is_empty()).collect();
        };
        let who = || std::iter::once(&principal).chain(groups);
        let mut spoken: Vec<usize> =
            who().filter_map(|one| self.speaking_of.get(one)).flatten().copied().collect();
        spoken.sort_unstable();
        spoken.dedup();
        let mut naming = self.of_everyone.clone();
        if !spoken.is_empty() {
            naming.retain(|number| spoken.binary_search(number).is_err());
            naming.extend(spoken.into_iter().filter(|&number| self.all[number].names(principal, groups)));
            naming.sort_unstable();
        }
        naming
    }

    /// Whether one names somebody who is in those groups, or somebody new if `None`.
    fn names(&self, denial: usize, principal: Option<PrincipalId>, groups: &[PrincipalId]) -> bool {
        let denial = &self.all[denial];
        match principal {
            None => denial.everyone && denial.excluded.is_empty(),
            Some(principal) => denial.names(principal, groups),
        }
    }

    /// Whether one reaches a scope.
    pub(super) fn reaches(&self, inventory: &Inventory, denial: usize, scope: ScopeId) -> bool {
        let denial = &self.all[denial];
        denial.scope == scope || denial.children && inventory.scopes.contains(denial.scope, scope).is_true()
    }

    /// Those that reach a scope.
    pub(super) fn reaching<'a>(
        &'a self,
        inventory: &'a Inventory,
        scope: ScopeId,
    ) -> impl Iterator<Item = usize> + 'a {
        let scopes = (!self.all.is_empty()).then(|| inventory.scopes.chain(scope));
        let at = scopes.into_iter().flatten().filter_map(|above| self.at.get(&above));
        at.flatten().copied().filter(move |&number| {
            let denial = &self.all[number];
            denial.children || denial.scope == scope
        })
    }

    /// Whether one takes an operation from those whom it names.
    pub(super) fn takes(&self, denial: usize, plane: Plane, operation: &str) -> bool {
        let key = (denial, plane);
        if let Some(&known) = self.taken.borrow().get(&key).and_then(|known| known.get(operation)) {
            return known;
        }
        let takes = self.all[denial].takes(plane, operation);
        self.taken.borrow_mut().entry(key).or_default().insert(operation.into(), takes);
        takes
    }

    /// Whether one certainly takes an operation at a scope from somebody who is in those groups, or from somebody new.
    pub(super) fn deny(
        &self,
        inventory: &Inventory,
        (principal, groups): (Option<PrincipalId>, &[PrincipalId]),
        (plane, operation): (Plane, &str),
        scope: ScopeId,
    ) -> bool {
        self.reaching(inventory, scope)
            .any(|denial| self.takes(denial, plane, operation) && self.names(denial, principal, groups))
    }
}

fn denial(inventory: &Inventory, row: u32) -> Option<Denial<'_>> {
    let enforced = match inventory.cells.get(Attr::DenyEffect, row) {
        Cell::Text(text) => inventory.names.get(text).eq_ignore_ascii_case("enforced"),
        _ => false,
    };
    let scope = inventory.denies.scope(row).filter(|_| enforced)?;
    let listed = |attr| {
        let mut everyone = false;
        let mut found = FxHashSet::default();
        if let Cell::List(list) = inventory.cells.get(attr, row) {
            for &id in inventory.cells.items(list) {
                match Guid::parse(inventory.names.get(id)) {
                    Some(Guid::ZERO) => everyone = true,
                    guid => found.extend(guid.and_then(|guid| inventory.principal(guid))),
                }
            }
        }
        (everyone, found)
    };
    let (everyone, principals) = listed(Attr::DenyPrincipals);
    let (_, excluded) = listed(Attr::DenyExcludePrincipals);
    // Blocks with a condition take what nobody can tell: a doubt never removes a right.
    let blocks = inventory.deny_blocks(row).iter().map(|block| block_text(inventory, block));
    let blocks = blocks.filter(|block| block.condition.is_none()).collect();
    let mut excluded_groups: Vec<PrincipalId> = excluded.iter().copied().collect();
    excluded_groups.sort_unstable();
    Some(Denial {
        scope,
        children: inventory.cells.get(Attr::DenyAppliesToChildren, row) != Cell::Bool(false),
        everyone,
        principals,
        excludes_strangers: excluded_groups.iter().any(|&group| {
            inventory.is_kind(group, Noun::Group) != Truth::False
                && !super::Closure::of(inventory, group, |_| false).open.is_empty()
        }),
        excluded,
        blocks,
    })
}
