//! What enforced deny assignments leave, by whom they name. Callers whom the same of them name are treated alike, so what is
//! left of a right stands once for all of those, however many they are.

use super::control::{Builder, Node, Right};
use super::groups::groups_above;
use super::rights::Rights;
use crate::azure::permission::Plane;
use crate::azure::scope::Level;
use crate::inventory::{PrincipalId, ScopeId, Scopes, Truth};
use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::rc::Rc;

/// Some of the enforced deny assignments, as those that name somebody: the number of a list.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Named(u32);

impl Named {
    /// None of them.
    pub(super) const NONE: Named = Named(0);

    /// What stands in its place.
    pub(super) fn among(self, all: &[u32]) -> u32 {
        all.get(self.0 as usize).copied().unwrap_or_default()
    }
}

/// Lists of deny assignments, each once.
struct Lists {
    all: Vec<Rc<[usize]>>,
    numbers: FxHashMap<Rc<[usize]>, Named>,
    /// Of a list, those that reach a scope or are made inside it.
    within: FxHashMap<(Named, ScopeId), Named>,
    /// Of a list, those that reach a scope.
    at: FxHashMap<(Named, ScopeId), Named>,
}

impl Lists {
    fn number(&mut self, list: Vec<usize>) -> Named {
        if let Some(&known) = self.numbers.get(&list[..]) {
            return known;
        }
        let (list, number) = (Rc::from(list), Named(self.all.len() as u32));
        self.all.push(Rc::clone(&list));
        self.numbers.insert(list, number);
        number
    }
}

/// Whom the enforced deny assignments name that take anything that a step asks for.
pub(super) struct Denied<'r, 'i> {
    rights: &'r Rights<'i>,
    lists: RefCell<Lists>,
    /// Those that take something, by number.
    biting: FixedBitSet,
    /// Of each scope, those that are made there or inside it.
    inside: FxHashMap<ScopeId, Vec<usize>>,
    /// Of each principal, those that name it.
    of: Vec<Named>,
    /// Those that name somebody new.
    strangers: Named,
    /// Of each group, what lists there are of it and of all who are in it: more than one.
    mixed: FxHashMap<PrincipalId, Vec<Named>>,
}

impl<'r, 'i> Denied<'r, 'i> {
    /// Of those that take one of the operations.
    pub(super) fn new<'o>(
        rights: &'r Rights<'i>,
        operations: impl Iterator<Item = (Plane, &'o str)>,
    ) -> Denied<'r, 'i> {
        let mut denied = Denied {
            rights,
            lists: RefCell::new(Lists {
                all: vec![],
                numbers: FxHashMap::default(),
                within: FxHashMap::default(),
                at: FxHashMap::default(),
            }),
            biting: FixedBitSet::with_capacity(rights.denials().count()),
            inside: FxHashMap::default(),
            of: vec![],
            strangers: Named::NONE,
            mixed: FxHashMap::default(),
        };
        denied.lists.borrow_mut().number(vec![]);
        let operations: FxHashSet<(Plane, &str)> = operations.collect();
        let bites = |denial: usize| operations.iter().any(|&(p, o)| rights.denial_takes(denial, p, o));
        for (denial, scope) in rights.denials() {
            if bites(denial) {
                denied.biting.insert(denial);
                for above in rights.inventory.scopes.chain(scope) {
                    denied.inside.entry(above).or_default().push(denial);
                }
            }
        }
        if !denied.is_empty() {
            denied.name_all();
        }
        denied
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.biting.is_clear()
    }

    fn name_all(&mut self) {
        let inventory = self.rights.inventory;
        let name = |principal, groups: &[PrincipalId]| {
            let mut naming = self.rights.denials_naming(principal, groups);
            naming.retain(|&denial| self.biting.contains(denial));
            self.lists.borrow_mut().number(naming)
        };
        let strangers = name(None, &[]);
        let mut of = Vec::with_capacity(inventory.principals.len());
        let mut lists: FxHashMap<PrincipalId, Vec<Named>> = FxHashMap::default();
        for principal in inventory.principals.iter() {
            let groups = groups_above(inventory, principal);
            let named = name(Some(principal), &groups);
            for &group in [principal].iter().chain(&groups) {
                let lists = lists.entry(group).or_default();
                if let Err(place) = lists.binary_search(&named) {
                    lists.insert(place, named);
                }
            }
            of.push(named);
        }
        lists.retain(|_, lists| lists.len() > 1);
        (self.strangers, self.of, self.mixed) = (strangers, of, lists);
    }

    /// Those that name a principal, or somebody new if `None`.
    pub(super) fn naming(&self, principal: Option<PrincipalId>) -> Named {
        match principal {
            None => self.strangers,
            Some(principal) => self.of.get(principal.0 as usize).copied().unwrap_or(Named::NONE),
        }
    }

    /// The lists of a group and of all who are in it, where there is more than one.
    pub(super) fn mixed(&self, group: PrincipalId) -> Option<&[Named]> {
        self.mixed.get(&group).map(Vec::as_slice)
    }

    /// Those that reach a scope, whomever they name.
    pub(super) fn reaching(&self, scope: ScopeId) -> Named {
        if self.is_empty() {
            return Named::NONE;
        }
        let mut reaching: Vec<usize> =
            self.rights.denials_reaching(scope).filter(|&denial| self.biting.contains(denial)).collect();
        reaching.sort_unstable();
        self.lists.borrow_mut().number(reaching)
    }

    /// Whether one reaches a scope or is made inside it, or may be inside it.
    pub(super) fn touches(&self, scope: ScopeId, hanging: &[ScopeId]) -> bool {
        let scopes = &self.rights.inventory.scopes;
        let surely = |scope| self.inside.contains_key(&scope) || self.reaching(scope) != Named::NONE;
        let is_above = |below: ScopeId| matches!(scopes.contains(scope, below), Truth::Unknown(_));
        !self.is_empty()
            && (surely(scope)
                || scopes.level(scope) == Level::ManagementGroup
                    && hanging.iter().any(|&below| is_above(below) && surely(below)))
    }

    /// Of a list, those that reach a scope or are made inside it: what may matter there and below.
    pub(super) fn within(&self, named: Named, scope: ScopeId) -> Named {
        self.some(named, scope, true)
    }

    /// Of a list, those that reach a scope.
    pub(super) fn at(&self, named: Named, scope: ScopeId) -> Named {
        self.some(named, scope, false)
    }

    fn some(&self, named: Named, scope: ScopeId, inside: bool) -> Named {
        if named == Named::NONE {
            return named;
        }
        let mut lists = self.lists.borrow_mut();
        let known = if inside { &lists.within } else { &lists.at };
        if let Some(&known) = known.get(&(named, scope)) {
            return known;
        }
        let list = Rc::clone(&lists.all[named.0 as usize]);
        let mut some: Vec<usize> = self.rights.denials_reaching(scope).collect();
        some.extend(self.inside.get(&scope).into_iter().flatten().filter(|_| inside));
        some.sort_unstable();
        some.dedup();
        some.retain(|denial| list.binary_search(denial).is_ok());
        let found = lists.number(some);
        let known = if inside { &mut lists.within } else { &mut lists.at };
        known.insert((named, scope), found);
        found
    }

    /// Whether one of a list takes an operation.
    pub(super) fn takes(&self, named: Named, plane: Plane, operation: &str) -> bool {
        if named == Named::NONE {
            return false;
        }
        let list = Rc::clone(&self.lists.borrow().all[named.0 as usize]);
        list.iter().any(|&denial| self.rights.denial_takes(denial, plane, operation))
    }

    /// The place of each list in an order that does not depend on the order of the files.
    pub(super) fn ranks(&self) -> Vec<u32> {
        let lists = &self.lists.borrow().all;
        let mut order: Vec<usize> = (0..lists.len()).collect();
        order.sort_unstable_by_key(|&number| &lists[number]);
        let mut ranks = vec![0; lists.len()];
        for (place, number) in order.into_iter().enumerate() {
            ranks[number] = place as u32;
        }
        ranks
    }

    /// What groups hold in the hands of whoever is named alike, where not all who are in them are: laid out for the groups
    /// that hold one of those that are given, or are in one that does.
    pub(super) fn lay_groups(&self, builder: &mut Builder<'_, '_>, holding: &FxHashSet<PrincipalId>) {
        let inventory = self.rights.inventory;
        let groups: Vec<PrincipalId> =
            inventory.principals.iter().filter(|group| self.mixed(*group).is_some()).collect();
        let leads = |group: &PrincipalId| {
            holding.contains(group) || groups_above(inventory, *group).iter().any(|g| holding.contains(g))
        };
        let leading: FxHashSet<PrincipalId> = groups.into_iter().filter(leads).collect();
        if leading.is_empty() {
            return;
        }
        let mut waiting = vec![];
        for principal in inventory.principals.iter() {
            let named = self.naming(Some(principal));
            let ways: Vec<(u32, bool)> = if builder.is_group(principal) {
                let (lent, holds) = (Node::Lent(principal), Node::Holds(principal));
                let (lent, holds) = (builder.node(lent), builder.node(holds));
                if leading.contains(&principal) {
                    let from = [(principal.0, false), (lent, true)];
                    let lists = from.map(|(from, active)| (from, Node::HoldsAs(principal, active, named)));
                    for (from, node) in lists {
                        self.lead(builder, from, node, &mut waiting);
                    }
                    continue;
                }
                let actively = builder.node(Node::HoldsActively(principal));
                vec![(holds, false), (actively, true)]
            } else {
                vec![(principal.0, builder.is_service(principal))]
            };
            for above in inventory.groups_of(principal).filter(|above| leading.contains(above)) {
                for &(from, active) in &ways {
                    self.lead(builder, from, Node::HoldsAs(above, active, named), &mut waiting);
                }
            }
        }
        while let Some((from, group, active, named)) = waiting.pop() {
            if !active {
                self.lead(builder, from, Node::HoldsAs(group, true, named), &mut waiting);
            }
            for above in inventory.groups_of(group).filter(|above| leading.contains(above)) {
                self.lead(builder, from, Node::HoldsAs(above, active, named), &mut waiting);
            }
        }
    }

    fn lead(
        &self,
        builder: &mut Builder<'_, '_>,
        from: u32,
        node: Node,
        waiting: &mut Vec<(u32, PrincipalId, bool, Named)>,
    ) {
        let known = builder.find(node);
        let to = builder.node(node);
        if let (None, Node::HoldsAs(group, active, named)) = (known, node) {
            waiting.push((to, group, active, named));
        }
        builder.edge(from, to, None, super::Certainty::Held);
    }
}

/// Where there is something of which deny assignments take a part, by the right that leads to it.
#[derive(Default)]
pub(super) struct Bitten {
    here: FxHashMap<(ScopeId, Right), Vec<usize>>,
    below: FxHashMap<(ScopeId, Right), Vec<ScopeId>>,
    seen: FxHashSet<(ScopeId, Right)>,
}

impl Bitten {
    /// One more at a scope, by its number.
    pub(super) fn add(&mut self, scopes: &Scopes, scope: ScopeId, right: Right, number: usize) {
        self.here.entry((scope, right)).or_default().push(number);
        let mut chain = scopes.chain(scope);
        let Some(mut here) = chain.next() else { return };
        for above in chain {
            if !self.seen.insert((here, right)) {
                return;
            }
            self.below.entry((above, right)).or_default().push(here);
            here = above;
        }
    }

    /// What is at a scope.
    pub(super) fn here(&self, scope: ScopeId, right: Right) -> Vec<usize> {
        self.here.get(&(scope, right)).cloned().unwrap_or_default()
    }

    /// The scopes right below one in which there is something.
    pub(super) fn below(&self, scope: ScopeId, right: Right) -> Vec<ScopeId> {
        self.below.get(&(scope, right)).cloned().unwrap_or_default()
    }

    /// Whether there is something at a scope or below.
    pub(super) fn is_there(&self, scope: ScopeId, right: Right) -> bool {
        self.here.contains_key(&(scope, right)) || self.below.contains_key(&(scope, right))
    }
}
