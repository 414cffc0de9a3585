//! Counting: how many distinct things there are per group, as an interval where some are undecided.

use super::Evaluator;
use super::grant::GrantRun;
use super::predicate::{Env, LIST_SEPARATOR, key_of};
use super::select::level_of;
use super::value::Value;
use crate::check::plan::{Count, EntitySelector, GroupKey, Unit};
use crate::inventory::schema::{Noun, Table};
use crate::inventory::{Collection as C, Entity, Missing, PrincipalId, ScopeId, Truth};
use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashSet};

/// One group of a count.
#[derive(Default)]
pub(super) struct Group {
    /// The single entity that it is kept per, where there is one.
    pub(super) entity: Option<Entity>,
    sure: Distinct,
    maybe: Distinct,
    missing: Missing,
    /// Why any number more of them may exist.
    endless: Missing,
    pub(super) members: Vec<Entity>,
    truth: Option<Truth>,
    admitted: Option<Truth>,
}

/// Distinct things. Facts come in the order of their rows, so that most need no hashing.
#[derive(Default)]
struct Distinct {
    ascending: Vec<(u8, u64)>,
    others: FxHashSet<(u8, u64)>,
}

impl Distinct {
    /// Adds a thing; whether it is new.
    fn insert(&mut self, thing: (u8, u64)) -> bool {
        if self.ascending.last().is_none_or(|&last| last < thing) {
            // What comes in order may have come out of order before.
            let new = !self.others.contains(&thing);
            if new {
                self.ascending.push(thing);
            }
            return new;
        }
        self.ascending.binary_search(&thing).is_err() && self.others.insert(thing)
    }

    fn contains(&self, thing: &(u8, u64)) -> bool {
        self.ascending.binary_search(thing).is_ok() || self.others.contains(thing)
    }

    fn len(&self) -> usize {
        self.ascending.len() + self.others.len()
    }

    /// How many things are here or there.
    fn with(&self, other: &Distinct) -> usize {
        let new = |thing: &&(u8, u64)| !self.contains(thing);
        self.len() + other.ascending.iter().filter(new).count() + other.others.iter().filter(new).count()
    }
}

impl Group {
    /// Whether it is found, once that is decided.
    pub(super) fn truth(&self) -> Truth {
        self.truth.unwrap_or(Truth::False)
    }

    /// How many there are at least.
    pub(super) fn low(&self) -> u64 {
        self.sure.len() as u64
    }
}

/// Every group, by its key, in the order they were met.
pub(super) type Groups = IndexMap<Vec<Part>, Group, FxBuildHasher>;

/// What one key of a count comes to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Part {
    /// A captured thing.
    Entity(Entity),
    /// A value, as text.
    Text(String),
    /// A list of values, as text.
    List(String),
    /// Some group, unknown which.
    Unknown,
}

/// One thing to count: the fact, what is counted of it, and how sure it is.
struct Item {
    unit: Option<(u8, u64)>,
    shown: Entity,
    truth: Truth,
    /// How sure the fact is, whatever is counted of it.
    fact: Truth,
    /// Why it stands for any number of holders that were not captured.
    endless: Missing,
}

/// A fact whose group is not known, and why.
type Lost = (Item, Missing);

impl<'a> Evaluator<'a> {
    /// The groups of a count over a grant, decided; `open` is why there may be further facts.
    pub(super) fn count_grant(&self, count: &'a Count, run: &GrantRun<'a>, open: Missing) -> Groups {
        let mut groups = self.groups_of_nouns(count, |scope| match run.scope() {
            Some(matcher) => matcher.admits_group(self, scope),
            None => Truth::True,
        });
        let reaches = run.scope().is_some_and(|s| s.reaches_above());
        let mut lost: Vec<Lost> = vec![];
        let mut before = None;
        let (_, open_groups) = run.each(self, |held| {
            if run.one() && held.truth.is_true() && before.replace(held.assignment) == Some(held.assignment) {
                return;
            }
            let item = self.unit_of(count.unit, held.assignment.into(), Some(held.holder), held.truth);
            let scope = self.inventory.assignments.scope(held.assignment);
            let env = || run.environment(self, held.assignment, held.holder, &held.via);
            lost.extend(self.put(
                &mut groups,
                count,
                item,
                env,
                Some(scope),
                Some(held.holder),
                Some(held.assignment.into()),
                reaches,
            ));
        });
        // Members that were not captured: any number of holders of what their group holds.
        for &(group, assignment, ref via) in &open_groups {
            let missing = Missing::collection(C::GroupMemberships);
            let mut item = self.unit_of(count.unit, assignment.into(), None, Truth::Unknown(missing));
            if item.unit.is_none() {
                item.truth = Truth::Unknown(missing);
                item.endless = missing;
            }
            let env = || run.strangers_environment(self, assignment, group, via);
            let scope = self.inventory.assignments.scope(assignment);
            lost.extend(self.put(
                &mut groups,
                count,
                item,
                env,
                Some(scope),
                None,
                Some(assignment.into()),
                reaches,
            ));
        }
        Self::put_lost(&mut groups, lost);
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
            selector
                .within
                .iter()
                .fold(Truth::True, |all, clause| all.and(self.matcher(clause).admits_group(self, scope)))
        });
        let mut lost: Vec<Lost> = vec![];
        for &(entity, truth) in found {
            let item = self.unit_of(count.unit, entity, entity.principal(), truth);
            let scope = self.place_of(entity);
            lost.extend(self.put(
                &mut groups,
                count,
                item,
                || Env::of(entity),
                scope,
                entity.principal(),
                Some(entity),
                false,
            ));
        }
        Self::put_lost(&mut groups, lost);
        self.decide_groups(count, groups, open)
    }

    /// One group for every combination of entities of the nouns that the count is kept per: zero groups included.
    fn groups_of_nouns(&self, count: &'a Count, admits: impl Fn(ScopeId) -> Truth) -> Groups {
        let mut groups = Groups::default();
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
                    let key = vec![Part::Entity(entity)];
                    let group = Group { entity: Some(entity), admitted: Some(admitted), ..Group::default() };
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
        let sure = truth;
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
        Item { unit, shown, truth, fact: sure, endless: Missing::NONE }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what a fact is, in its parts; a struct of them would be made once a fact"
    )]
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
    ) -> Option<Lost> {
        if item.fact.is_false() {
            return None;
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
                return None;
            }
        }
        let closed = matches!(count.per[..], [GroupKey::Noun(_)] | []);
        let (one, several);
        let keys: &[Part] = match &count.per[..] {
            // Most counts have one key: it needs no list.
            [key] => match self.key(key, &env, scope, holder, fact) {
                Ok(Some(part)) => {
                    one = part;
                    std::slice::from_ref(&one)
                }
                Ok(None) => return None,
                Err(missing) => return Some((item, missing)),
            },
            all => {
                let mut parts = vec![];
                for key in all {
                    match self.key(key, &env, scope, holder, fact) {
                        Ok(Some(part)) => parts.push(part),
                        Ok(None) => return None,
                        Err(missing) => return Some((item, missing)),
                    }
                }
                several = parts;
                &several
            }
        };
        if let Some(group) = groups.get_mut(keys) {
            group.take(&item, closed);
            return None;
        }
        if closed {
            return None;
        }
        let entity = match keys {
            [Part::Entity(entity)] => Some(*entity),
            _ => None,
        };
        let mut group = Group { entity, admitted: Some(Truth::False), ..Group::default() };
        group.take(&item, closed);
        groups.insert(keys.to_vec(), group);
        None
    }

    /// Facts that belong to some group, unknown which: to any that there is, or to one of their own.
    fn put_lost(groups: &mut Groups, lost: Vec<Lost>) {
        for (item, missing) in lost {
            groups
                .entry(vec![Part::Unknown])
                .or_insert_with(|| Group { admitted: Some(Truth::Unknown(missing)), ..Group::default() });
            for group in groups.values_mut() {
                group.add(&item, item.truth.and(Truth::Unknown(missing)));
            }
        }
    }

    /// Which group a fact belongs to, by one key; `None` where it belongs to none.
    fn key(
        &self,
        key: &'a GroupKey,
        env: &impl Fn() -> Env<'a>,
        scope: Option<ScopeId>,
        holder: Option<PrincipalId>,
        fact: Option<Entity>,
    ) -> Result<Option<Part>, Missing> {
        match key {
            GroupKey::Noun(noun) => {
                let entity = match level_of(*noun) {
                    Some(level) => {
                        scope.and_then(|s| self.inventory.scopes.enclosing(s, level)).map(Entity::from)
                    }
                    None => match noun.table() {
                        Table::Tenant => Some(Entity::new(Table::Tenant, 0)),
                        Table::Principal => holder.map(Entity::from),
                        Table::Role => match fact.and_then(Entity::assignment) {
                            Some(a) => Some(self.inventory.assignments.role(a).into()),
                            None => fact,
                        },
                        _ => fact,
                    },
                };
                Ok(entity.map(Part::Entity))
            }
            GroupKey::Value(expr, _) => match self.value(expr, &mut env()) {
                Value::Entity(entity) => Ok(Some(Part::Entity(entity))),
                value @ Value::List(_) => Ok(Some(Part::List(key_of(self, &value, true)?.into_owned()))),
                value => Ok(Some(Part::Text(key_of(self, &value, true)?.into_owned()))),
            },
        }
    }

    /// A group in words, and what identifies it in a fingerprint.
    pub(super) fn group_words(&self, count: &Count, key: &[Part], group: &Group) -> (String, String) {
        match (key, &count.per[..], group.entity) {
            ([Part::Unknown], ..) => ("a group that is not known".to_owned(), String::new()),
            (_, &[GroupKey::Noun(noun)], Some(entity)) => {
                (self.phrase(entity), self.subject(entity, Some(noun)).id)
            }
            (_, per, _) => {
                let labels: Vec<String> = key.iter().zip(per).map(|(p, k)| self.label(p, k)).collect();
                (labels.join(", "), keys_text(key, &labels))
            }
        }
    }

    /// A group's key in words: of a list, how many of what they have in common.
    fn label(&self, part: &Part, key: &GroupKey) -> String {
        match (part, key) {
            (Part::Entity(entity), _) => self.phrase(*entity),
            (Part::List(text), GroupKey::Value(_, written)) => {
                let n = text.split(LIST_SEPARATOR).filter(|item| !item.is_empty()).count();
                format!("{n} {} in common", written.rsplit('.').next().unwrap_or(written))
            }
            (Part::Text(text) | Part::List(text), _) => text.clone(),
            (Part::Unknown, _) => String::new(),
        }
    }

    fn decide_groups(&self, count: &Count, mut groups: Groups, open: Missing) -> Groups {
        for group in groups.values_mut() {
            let low = group.low();
            let open = open.and(group.endless);
            let high = open.is_none().then(|| group.sure.with(&group.maybe) as u64);
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
    /// Takes a fact that belongs to it.
    fn take(&mut self, item: &Item, closed: bool) {
        if !closed {
            // There is such a group where a fact is in it.
            self.admitted = Some(self.admitted.unwrap_or(Truth::False).or(item.fact));
        }
        self.add(item, item.truth);
    }

    fn add(&mut self, item: &Item, truth: Truth) {
        if !truth.is_false() {
            self.endless = self.endless.and(item.endless);
        }
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

/// What identifies a group of values in a fingerprint: the values themselves, not how many there are.
fn keys_text(keys: &[Part], labels: &[String]) -> String {
    let texts = keys.iter().zip(labels).map(|(part, label)| match part {
        Part::Text(text) | Part::List(text) => text.replace(LIST_SEPARATOR, ", "),
        _ => label.clone(),
    });
    texts.collect::<Vec<_>>().join(", ")
}
