//! Counting: how many distinct things there are per group, as an interval where some are undecided.

use super::Evaluator;
use super::grant::{GrantMatches, GrantRun};
use super::predicate::{Env, key_of};
use super::select::level_of;
use crate::check::plan::{Count, EntitySelector, Grant, GroupKey, Unit};
use crate::inventory::schema::{Noun, Table};
use crate::inventory::{Collection as C, Entity, Missing, PrincipalId, ScopeId, Truth};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// One group of a count.
#[derive(Default)]
pub(super) struct Group {
    /// The entities or values that it is kept per, in words.
    pub(super) label: String,
    /// What identifies it in a fingerprint.
    pub(super) id: String,
    /// The single entity that it is kept per, where there is one.
    pub(super) entity: Option<Entity>,
    sure: FxHashSet<(u8, u64)>,
    maybe: FxHashSet<(u8, u64)>,
    missing: Missing,
    pub(super) members: Vec<Entity>,
    pub(super) truth: Option<Truth>,
    admitted: Option<Truth>,
}

impl Group {
    /// How many there are at least.
    pub(super) fn low(&self) -> u64 {
        self.sure.len() as u64
    }
}

/// Every group, by its key.
pub(super) type Groups = BTreeMap<Vec<String>, Group>;

/// One thing to count: the fact, what is counted of it, and how sure it is.
struct Item {
    unit: Option<(u8, u64)>,
    shown: Entity,
    truth: Truth,
}

impl<'a> Evaluator<'a> {
    /// The groups of a count over a grant, decided; `open` is why there may be further facts.
    pub(super) fn count_grant(
        &self,
        count: &'a Count,
        grant: &'a Grant,
        run: &GrantRun<'a>,
        matches: &GrantMatches,
        open: Missing,
    ) -> Groups {
        let mut groups = self.groups_of_nouns(count, |scope| match run.scope() {
            Some(matcher) => matcher.admits_group(self, scope),
            None => Truth::True,
        });
        let reaches = run.scope().is_some_and(|s| s.reaches_above());
        for held in &matches.held {
            let item = self.unit_of(count.unit, held.assignment.into(), Some(held.holder), held.truth);
            let scope = self.inventory.assignments.scope(held.assignment);
            let env = || run.environment(self, held.assignment, held.holder, &held.via);
            self.put(&mut groups, count, item, env, Some(scope), Some(held.holder), Some(held.assignment.into()), reaches);
        }
        let members = matches.open_groups.iter().fold(Missing::NONE, |m, _| m.and(Missing::collection(C::GroupMemberships)));
        let of_holders = !matches!(count.unit, None | Some(Unit::Assignments | Unit::Scopes | Unit::Groups)) || grant.adjectives.inherited;
        let open = if of_holders || grant.principals.is_some() { open.and(members) } else { open };
        self.decide_groups(count, groups, open)
    }

    /// The groups of a count over entities, decided.
    pub(super) fn count_entities(
        &self,
        count: &'a Count,
        selector: &'a EntitySelector,
        found: &[(Entity, Truth)],
        open: Missing,
    ) -> Groups {
        let mut groups = self.groups_of_nouns(count, |scope| {
            selector.within.iter().fold(Truth::True, |all, clause| all.and(self.matcher(clause).admits_group(self, scope)))
        });
        for &(entity, truth) in found {
            let item = self.unit_of(count.unit, entity, entity.principal(), truth);
            let scope = self.place_of(entity);
            self.put(&mut groups, count, item, || Env::of(entity), scope, entity.principal(), Some(entity), false);
        }
        self.decide_groups(count, groups, open)
    }

    /// One group for every combination of entities of the nouns that the count is kept per: zero groups included.
    fn groups_of_nouns(&self, count: &'a Count, admits: impl Fn(ScopeId) -> Truth) -> Groups {
        let mut groups = Groups::new();
        match &count.per[..] {
            [] => {
                groups.insert(vec![], Group { admitted: Some(Truth::True), ..Group::default() });
            }
            [GroupKey::Noun(noun)] => {
                for entity in self.group_entities(*noun) {
                    let admitted = match entity.scope() {
                        Some(scope) => admits(scope),
                        None => self.is_noun(entity, *noun),
                    };
                    if admitted.is_false() {
                        continue;
                    }
                    let key = vec![entity_key(entity)];
                    let group = Group {
                        label: self.phrase(entity),
                        id: self.subject(entity, Some(*noun)).id,
                        entity: Some(entity),
                        admitted: Some(admitted),
                        ..Group::default()
                    };
                    groups.insert(key, group);
                }
            }
            // Of several keys, or of values, the groups are those that occur.
            _ => {}
        }
        groups
    }

    /// The entities that a noun is counted per: mentioned scopes are there too.
    fn group_entities(&self, noun: Noun) -> Vec<Entity> {
        match level_of(noun) {
            Some(level) => {
                let scopes = &self.inventory.scopes;
                scopes.iter().filter(|&s| scopes.level(s) == level).map(Entity::from).collect()
            }
            None => self.entities(noun),
        }
    }

    fn place_of(&self, entity: Entity) -> Option<ScopeId> {
        match entity.table {
            Table::Scope => entity.scope(),
            Table::Principal => self.inventory.principals.node(PrincipalId(entity.row)),
            Table::Assignment => entity.assignment().map(|a| self.inventory.assignments.scope(a)),
            Table::FederatedCredential => {
                let owner = self.inventory.federated.owner(entity.row)?.principal()?;
                self.inventory.principals.node(owner)
            }
            Table::DenyAssignment => self.inventory.denies.scope(entity.row),
            Table::PolicyAssignment => self.inventory.policies.scope(entity.row),
            _ => None,
        }
    }

    fn unit_of(&self, unit: Option<Unit>, fact: Entity, holder: Option<PrincipalId>, truth: Truth) -> Item {
        let of_kind = |kind| match holder {
            Some(p) => (Some((1, u64::from(p.0))), p.into(), truth.and(self.inventory.is_kind(p, kind))),
            None => (None, fact, Truth::False),
        };
        let (unit, shown, truth) = match unit {
            None | Some(Unit::Assignments) => (Some((0, u64::from(fact.row))), fact, truth),
            Some(Unit::Principals) => of_kind(Noun::Principal),
            Some(Unit::Users) => of_kind(Noun::User),
            Some(Unit::Guests) => of_kind(Noun::Guest),
            Some(Unit::Groups) => of_kind(Noun::Group),
            Some(Unit::Identities) => of_kind(Noun::ManagedIdentity),
            Some(Unit::Scopes) => match self.place_of(fact) {
                Some(scope) => (Some((2, u64::from(scope.0))), scope.into(), truth),
                None => (None, fact, Truth::False),
            },
        };
        Item { unit, shown, truth }
    }

    #[expect(clippy::too_many_arguments, reason = "what a fact is, in its parts; a struct of them would be made once a fact")]
    fn put(
        &self,
        groups: &mut Groups,
        count: &'a Count,
        item: Item,
        env: impl Fn() -> Env<'a>,
        scope: Option<ScopeId>,
        holder: Option<PrincipalId>,
        fact: Option<Entity>,
        reaches_above: bool,
    ) {
        if item.truth.is_false() {
            return;
        }
        if let [GroupKey::Noun(noun)] = count.per[..]
            && let Some(level) = level_of(noun)
            && let Some(scope) = scope
        {
            // A fact above the groups' level counts in every group below it where the clause reaches above.
            if reaches_above && self.inventory.scopes.level(scope) < level {
                for group in groups.values_mut() {
                    if let Some(below) = group.entity.and_then(Entity::scope) {
                        group.add(&item, item.truth.and(self.inventory.scopes.contains(scope, below)));
                    }
                }
                return;
            }
        }
        let mut keys = vec![];
        let mut labels = vec![];
        let mut entity = None;
        for key in &count.per {
            match self.key(key, &env, scope, holder, fact) {
                Ok(Some((key, label, at))) => {
                    keys.push(key);
                    labels.push(label);
                    entity = at;
                }
                Ok(None) => return,
                Err(missing) => {
                    // It belongs to some group, unknown which.
                    for group in groups.values_mut() {
                        group.add(&item, Truth::Unknown(missing));
                    }
                    let lost = groups.entry(vec![String::new()]).or_insert_with(|| Group {
                        label: "a group that is not known".to_owned(),
                        admitted: Some(Truth::Unknown(missing)),
                        ..Group::default()
                    });
                    lost.add(&item, Truth::Unknown(missing));
                    return;
                }
            }
        }
        let closed = matches!(count.per[..], [GroupKey::Noun(_)] | []);
        let group = match groups.get_mut(&keys) {
            Some(group) => group,
            None if closed => return,
            None => groups.entry(keys.clone()).or_insert_with(|| Group {
                label: labels.join(", "),
                id: labels.join(", "),
                entity: if count.per.len() == 1 { entity } else { None },
                admitted: Some(Truth::True),
                ..Group::default()
            }),
        };
        let truth = item.truth;
        group.add(&item, truth);
    }

    /// Which group a fact belongs to, by one key; `None` where it belongs to none.
    #[expect(clippy::type_complexity, reason = "key, label and entity of one group, used once")]
    fn key(
        &self,
        key: &'a GroupKey,
        env: &impl Fn() -> Env<'a>,
        scope: Option<ScopeId>,
        holder: Option<PrincipalId>,
        fact: Option<Entity>,
    ) -> Result<Option<(String, String, Option<Entity>)>, Missing> {
        let of = |entity: Entity| Some((entity_key(entity), self.phrase(entity), Some(entity)));
        match key {
            GroupKey::Noun(noun) => Ok(match level_of(*noun) {
                Some(level) => {
                    let Some(scope) = scope else { return Ok(None) };
                    match self.inventory.scopes.enclosing(scope, level) {
                        Some(found) => of(found.into()),
                        None => None,
                    }
                }
                None => match noun.table() {
                    Table::Tenant => of(Entity::new(Table::Tenant, 0)),
                    Table::Principal => holder.and_then(|p| of(p.into())),
                    Table::Role => match fact.and_then(Entity::assignment) {
                        Some(a) => of(self.inventory.assignments.role(a).into()),
                        None => fact.and_then(of),
                    },
                    _ => fact.and_then(of),
                },
            }),
            GroupKey::Value(expr, _) => {
                let value = self.value(expr, &mut env());
                let key = key_of(self, &value, true)?.into_owned();
                let (label, entity) = match value {
                    super::value::Value::Entity(entity) => (self.phrase(entity), Some(entity)),
                    super::value::Value::List(list) => (format!("{} grants in common", list.items.len()), None),
                    _ => (key.clone(), None),
                };
                Ok(Some((key, label, entity)))
            }
        }
    }

    fn decide_groups(&self, count: &Count, mut groups: Groups, open: Missing) -> Groups {
        for group in groups.values_mut() {
            let low = group.low();
            let high = open.is_none().then(|| group.sure.union(&group.maybe).count() as u64);
            let unknown = Truth::Unknown(open.and(group.missing));
            let fires = count.bounds.iter().fold(Truth::False, |any, bound| {
                any.or(match (bound.more, high) {
                    (true, _) if low > bound.number => Truth::True,
                    (true, Some(high)) if high <= bound.number => Truth::False,
                    (false, Some(high)) if high < bound.number => Truth::True,
                    (false, _) if low >= bound.number => Truth::False,
                    _ => unknown,
                })
            });
            group.truth = Some(fires.and(group.admitted.unwrap_or(Truth::True)));
        }
        groups
    }
}

impl Group {
    fn add(&mut self, item: &Item, truth: Truth) {
        let Some(unit) = item.unit else { return };
        match truth {
            Truth::True => {
                if self.sure.insert(unit) {
                    self.members.push(item.shown);
                }
            }
            Truth::Unknown(missing) => {
                self.maybe.insert(unit);
                self.missing = self.missing.and(missing);
            }
            Truth::False => {}
        }
    }
}

fn entity_key(entity: Entity) -> String {
    format!("{:?} {:010}", entity.table, entity.row)
}
