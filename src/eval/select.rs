//! Scopes, names, kinds and qualifiers: which entities a selector admits.

use super::Evaluator;
use super::memo::Memo;
use super::predicate::Env;
use super::value::Value;
use crate::azure::Guid;
use crate::azure::scope::Level;
use crate::check::plan::{
    EntitySelector, LevelTest, NameMatch, NamePattern, Preposition, PrincipalTest, Qualifier, ScopeClause,
    ScopeTest, WhoTest,
};
use crate::inventory::schema::{Attr, Noun, Table};
use crate::inventory::{Class, Collection as C, Entity, Missing, PrincipalId, ScopeId, Truth};
use rustc_hash::FxHashMap;

/// The noun of a level.
pub(super) fn noun_of(level: Level) -> Noun {
    match level {
        Level::Root => Noun::Root,
        Level::ManagementGroup => Noun::ManagementGroup,
        Level::Subscription => Noun::Subscription,
        Level::ResourceGroup => Noun::ResourceGroup,
        Level::Resource => Noun::Resource,
    }
}

/// The level of a noun.
pub(super) fn level_of(noun: Noun) -> Option<Level> {
    Level::ALL.iter().copied().find(|&level| noun_of(level) == noun)
}

/// The collections that hold the scopes of a level.
fn home_of(level: Level) -> Missing {
    noun_of(level).collections().iter().fold(Missing::NONE, |all, &c| all.and(Missing::collection(c)))
}

/// A scope clause made ready: what it says of a scope is worked out once.
pub(super) struct ScopeMatcher<'a> {
    clause: &'a ScopeClause,
    tests: Vec<PreparedTest<'a>>,
    except: Vec<PreparedTest<'a>>,
    memo: Memo,
}

struct PreparedTest<'a> {
    test: &'a ScopeTest,
    level: Level,
    /// No types, names or qualifier: levels decide.
    bare: bool,
    or_above: bool,
    /// The scopes that the test admits, or may; only where what stands above them matters.
    candidates: Vec<(ScopeId, Truth)>,
    above: FxHashMap<ScopeId, Truth>,
}

impl<'a> ScopeMatcher<'a> {
    pub(super) fn new(evaluator: &Evaluator<'a>, clause: &'a ScopeClause) -> Self {
        // What is excepted from `on` and `within` is what lies inside the exception. An assignment above a scope that is
        // excepted is in force elsewhere only if it is above another one that is meant.
        let inside = match clause.preposition {
            Preposition::At => Preposition::At,
            _ => Preposition::Within,
        };
        let except: Vec<PreparedTest<'a>> =
            clause.except.iter().map(|t| PreparedTest::new(evaluator, t, inside, &[])).collect();
        let freed: &[PreparedTest<'a>] = if clause.preposition == Preposition::On { &except } else { &[] };
        let tests = clause
            .scopes
            .iter()
            .map(|t| PreparedTest::new(evaluator, t, clause.preposition, freed))
            .collect();
        ScopeMatcher { clause, tests, except, memo: Memo::new(evaluator.inventory.scopes.len()) }
    }

    /// Whether an assignment made at that scope is meant.
    pub(super) fn truth(&self, evaluator: &Evaluator<'a>, scope: ScopeId) -> Truth {
        self.memo.get_or(scope.index(), || {
            let of = |tests: &[PreparedTest<'a>], preposition| {
                tests.iter().fold(Truth::False, |any, t| any.or(t.truth(evaluator, preposition, scope)))
            };
            let except = match self.clause.preposition {
                Preposition::At => Preposition::At,
                _ => Preposition::Within,
            };
            of(&self.tests, self.clause.preposition).and(!of(&self.except, except))
        })
    }

    /// Whether the clause admits a group that is counted per scope: it is at, inside or above what the clause names.
    pub(super) fn admits_group(&self, evaluator: &Evaluator<'a>, scope: ScopeId) -> Truth {
        let any = self.tests.iter().fold(Truth::False, |any, t| {
            let inside = t.truth(evaluator, Preposition::Within, scope);
            let holds = || match t.bare {
                true => Truth::from(evaluator.inventory.scopes.level(scope) <= t.level),
                false => t.is_inside(evaluator, scope),
            };
            any.or(if inside.is_true() { inside } else { inside.or(holds()) })
        });
        let except = self
            .except
            .iter()
            .fold(Truth::False, |any, t| any.or(t.truth(evaluator, Preposition::Within, scope)));
        any.and(!except)
    }

    /// What of the captured scopes is missing that the clause could admit inside a scope.
    pub(super) fn may_hide_inside(&self, evaluator: &Evaluator<'a>, scope: ScopeId) -> Missing {
        let hides = |test: &&PreparedTest<'a>| test.may_lie_inside(evaluator, scope);
        let homes = self.tests.iter().filter(hides).map(|test| home_of(test.level));
        evaluator.lacking(homes.fold(Missing::NONE, Missing::and))
    }

    /// Whether the clause reaches above what it names (`on`, or `or above`).
    pub(super) fn reaches_above(&self) -> bool {
        self.clause.preposition == Preposition::On || self.tests.iter().any(|t| t.or_above)
    }
}

impl<'a> PreparedTest<'a> {
    fn new(
        evaluator: &Evaluator<'a>,
        test: &'a ScopeTest,
        preposition: Preposition,
        freed: &[PreparedTest<'a>],
    ) -> Self {
        let (level, bare, or_above) = match test {
            ScopeTest::Sub(selector) => (level_of(selector.noun).unwrap_or(Level::Resource), false, false),
            ScopeTest::Level(t) => {
                (t.level, t.types.is_empty() && t.names.is_empty() && t.qualifier.is_none(), t.or_above)
            }
        };
        let mut prepared =
            PreparedTest { test, level, bare, or_above, candidates: vec![], above: FxHashMap::default() };
        if preposition == Preposition::On || (or_above && !bare) {
            prepared.find_candidates(evaluator, freed);
        }
        prepared
    }

    /// The scopes that the test means and no exception frees, and what is above them.
    fn find_candidates(&mut self, evaluator: &Evaluator<'a>, freed: &[PreparedTest<'a>]) {
        let scopes = &evaluator.inventory.scopes;
        for scope in scopes.iter().filter(|&s| scopes.level(s) == self.level) {
            let mut truth = self.exactly(evaluator, scope);
            for test in freed {
                if !truth.is_false() {
                    truth = truth.and(!test.is_within(evaluator, scope));
                }
            }
            if truth.is_false() {
                continue;
            }
            self.candidates.push((scope, truth));
            for above in scopes.chain(scope).skip(1) {
                let slot = self.above.entry(above).or_insert(Truth::False);
                if slot.is_true() {
                    break;
                }
                *slot = slot.or(truth);
            }
        }
    }

    fn truth(&self, evaluator: &Evaluator<'a>, preposition: Preposition, scope: ScopeId) -> Truth {
        let scopes = &evaluator.inventory.scopes;
        match preposition {
            Preposition::At if self.or_above && self.bare => (scopes.level(scope) <= self.level).into(),
            Preposition::At if self.or_above => {
                let exactly = self.exactly(evaluator, scope);
                if exactly.is_true() { exactly } else { exactly.or(self.is_above(evaluator, scope)) }
            }
            Preposition::At => self.exactly(evaluator, scope),
            Preposition::Within => self.is_within(evaluator, scope),
            Preposition::On => {
                let within = self.is_within(evaluator, scope);
                if within.is_true() { within } else { within.or(self.is_above(evaluator, scope)) }
            }
        }
    }

    /// Whether the test names that very scope.
    fn exactly(&self, evaluator: &Evaluator<'a>, scope: ScopeId) -> Truth {
        match self.test {
            ScopeTest::Sub(selector) => evaluator.admits(selector, scope.into()),
            ScopeTest::Level(test) => evaluator.is_level(test, scope),
        }
    }

    fn is_within(&self, evaluator: &Evaluator<'a>, scope: ScopeId) -> Truth {
        let scopes = &evaluator.inventory.scopes;
        let mut any = Truth::False;
        for at in scopes.chain(scope) {
            if scopes.level(at) == self.level {
                any = any.or(self.exactly(evaluator, at));
                if any.is_true() {
                    return any;
                }
            }
        }
        if self.level == Level::ManagementGroup && !scopes.chain_is_known(scope) {
            any = any.or(Truth::Unknown(Missing::collection(C::ManagementGroups)));
        }
        any
    }

    /// Whether the scope is above one that the test names, as far as scopes were captured; what may be inside it without
    /// having been captured leaves it unknown.
    fn is_above(&self, evaluator: &Evaluator<'a>, scope: ScopeId) -> Truth {
        let scopes = &evaluator.inventory.scopes;
        let mut any = self.above.get(&scope).copied().unwrap_or(Truth::False);
        if any.is_true() || scopes.level(scope) > self.level {
            return any;
        }
        if scopes.level(scope) == Level::ManagementGroup {
            for &(candidate, truth) in &self.candidates {
                if candidate != scope {
                    any = any.or(truth.and(scopes.contains(scope, candidate)));
                }
            }
        }
        if !any.is_true() && self.may_lie_inside(evaluator, scope) {
            let missing = evaluator.lacking(home_of(self.level));
            if !missing.is_none() {
                any = any.or(Truth::Unknown(missing));
            }
        }
        any
    }

    /// Whether scopes of the test's level can be inside a scope, at any depth.
    fn may_lie_inside(&self, evaluator: &Evaluator<'a>, scope: ScopeId) -> bool {
        let level = evaluator.inventory.scopes.level(scope);
        let nests = matches!(level, Level::ManagementGroup | Level::Resource);
        level < self.level || level == self.level && nests
    }

    /// Whether something that the test names lies inside the scope.
    fn is_inside(&self, evaluator: &Evaluator<'a>, scope: ScopeId) -> Truth {
        let scopes = &evaluator.inventory.scopes;
        if scopes.level(scope) >= self.level {
            return Truth::False;
        }
        scopes
            .inside(scope)
            .filter(|&s| scopes.level(s) == self.level)
            .fold(Truth::False, |any, s| any.or(self.exactly(evaluator, s)))
    }
}

impl<'a> Evaluator<'a> {
    /// Whether an entity is one of a noun.
    pub(super) fn is_noun(&self, entity: Entity, noun: Noun) -> Truth {
        match entity.table {
            Table::Principal => match noun.table() {
                Table::Principal => self.inventory.is_kind(PrincipalId(entity.row), noun),
                Table::Application => self.inventory.is_kind(PrincipalId(entity.row), Noun::Application),
                _ => Truth::False,
            },
            Table::Scope if noun == Noun::Scope => Truth::True,
            Table::Scope => (level_of(noun) == Some(self.inventory.scopes.level(ScopeId(entity.row)))).into(),
            table => (table == noun.table()).into(),
        }
    }

    /// Whether a scope is of the level, types, names and qualifier.
    pub(super) fn is_level(&self, test: &'a LevelTest, scope: ScopeId) -> Truth {
        let scopes = &self.inventory.scopes;
        if scopes.level(scope) != test.level {
            return Truth::False;
        }
        if !test.types.is_empty() {
            let resource_type = self.name_of(scopes.resource_type(scope));
            if !test.types.iter().any(|t| t.matches(resource_type)) {
                return Truth::False;
            }
        }
        self.is_named(&test.names, test.qualifier.as_deref(), scope.into())
    }

    /// Whether an entity has one of the names, and stands where the qualifier says.
    fn is_named(&self, names: &'a [NamePattern], qualifier: Option<&'a Qualifier>, entity: Entity) -> Truth {
        let mut named = Truth::from(names.is_empty());
        for name in names {
            named = named.or(self.has_name(entity, name));
            if named.is_true() {
                break;
            }
        }
        match qualifier {
            Some(qualifier) if !named.is_false() => named.and(self.is_in(entity, qualifier)),
            _ => named,
        }
    }

    /// Whether a name pattern means the entity.
    pub(super) fn has_name(&self, entity: Entity, pattern: &'a NamePattern) -> Truth {
        match &pattern.what {
            NameMatch::Guid(guid) => self.has_guid(entity, *guid),
            NameMatch::Id(glob) => {
                let id = match entity.table {
                    Table::Principal => match self.inventory.principals.node(PrincipalId(entity.row)) {
                        Some(node) => self.read(node.into(), Attr::ScopeId),
                        None => return Truth::False,
                    },
                    Table::Scope => self.read(entity, Attr::ScopeId),
                    Table::Assignment => self.read(entity, Attr::AssignmentId),
                    Table::DenyAssignment => self.read(entity, Attr::DenyId),
                    Table::PolicyAssignment => self.read(entity, Attr::PolicyId),
                    Table::FederatedCredential => {
                        Value::text(self.name_of(self.inventory.federated.id(entity.row)))
                    }
                    _ => return Truth::False,
                };
                match id {
                    Value::Text(id) => glob.matches(&id).into(),
                    Value::Unknown(missing) => Truth::Unknown(missing),
                    _ => Truth::False,
                }
            }
            NameMatch::Name(glob) => match self.entity_name(entity) {
                Value::Text(name) => glob.matches(&name).into(),
                Value::Unknown(_) if glob.text() == "*" => Truth::True,
                Value::Unknown(missing) => Truth::Unknown(missing),
                _ => Truth::False,
            },
        }
    }

    /// The name by which the language knows an entity.
    pub(super) fn entity_name(&self, entity: Entity) -> Value<'a> {
        let attr = match entity.table {
            Table::Tenant => Attr::TenantName,
            Table::Scope => Attr::ScopeName,
            Table::Principal => Attr::PrincipalName,
            Table::Assignment => Attr::AssignmentName,
            Table::Role => Attr::RoleName,
            Table::Application => Attr::ApplicationName,
            Table::Credential => Attr::CredentialName,
            Table::FederatedCredential => Attr::FederatedName,
            Table::DenyAssignment => Attr::DenyName,
            Table::PolicyAssignment => Attr::PolicyName,
        };
        self.read(entity, attr)
    }

    fn has_guid(&self, entity: Entity, guid: Guid) -> Truth {
        let same = |value: Value<'_>| match value {
            Value::Text(text) => Truth::from(Guid::parse(&text) == Some(guid)),
            Value::Unknown(missing) => Truth::Unknown(missing),
            _ => Truth::False,
        };
        match entity.table {
            Table::Principal => {
                let p = PrincipalId(entity.row);
                if self.inventory.principals.guid(p) == Some(guid) {
                    return Truth::True;
                }
                // The application id names a service principal as well; where it is not known, the object id decides.
                let app = same(self.read(entity, Attr::ServicePrincipalAppId)).is_true();
                match self.inventory.principals.guid(p) {
                    None if !app => same(self.read(entity, Attr::PrincipalId)),
                    _ => app.into(),
                }
            }
            Table::Scope => {
                let segment = self.inventory.scopes.segment(ScopeId(entity.row), &self.inventory.names);
                (Guid::parse(segment) == Some(guid)).into()
            }
            Table::Assignment => same(self.read(entity, Attr::AssignmentName)),
            Table::Role => same(self.read(entity, Attr::RoleId)),
            Table::Application => same(self.read(entity, Attr::ApplicationId))
                .or(same(self.read(entity, Attr::ApplicationAppId))),
            Table::Tenant => same(self.read(entity, Attr::TenantId)),
            Table::Credential => {
                let id = self.name_of(self.inventory.credentials.id(entity.row));
                (Guid::parse(id) == Some(guid)).into()
            }
            _ => Truth::False,
        }
    }

    /// Where an entity stands in the tree, and whether that scope itself counts as around it.
    pub(super) fn position(&self, entity: Entity) -> Option<(ScopeId, bool)> {
        match entity.table {
            Table::Scope => Some((ScopeId(entity.row), false)),
            Table::Principal => {
                let p = PrincipalId(entity.row);
                let own = self.inventory.principals.class(p) == Class::UserAssigned;
                self.inventory.principals.node(p).map(|node| (node, !own))
            }
            Table::Assignment => {
                Some((self.inventory.assignments.scope(crate::inventory::AssignmentId(entity.row)), true))
            }
            Table::FederatedCredential => {
                let owner = self.inventory.federated.owner(entity.row)?.principal()?;
                self.inventory.principals.node(owner).map(|node| (node, true))
            }
            Table::DenyAssignment => self.inventory.denies.scope(entity.row).map(|s| (s, true)),
            Table::PolicyAssignment => self.inventory.policies.scope(entity.row).map(|s| (s, true)),
            _ => None,
        }
    }

    fn is_in(&self, entity: Entity, qualifier: &'a Qualifier) -> Truth {
        if let Some(level) = level_of(qualifier.noun) {
            return self.is_in_level(entity, qualifier, level);
        }
        let named = |candidate: Entity| {
            self.is_noun(candidate, qualifier.noun).and(self.is_named(
                &qualifier.names,
                qualifier.next.as_deref(),
                candidate,
            ))
        };
        match entity.table {
            Table::Principal if qualifier.noun == Noun::Group => {
                let missing = self.missing(&[C::GroupMemberships]);
                let open = if missing.is_none() { Truth::False } else { Truth::Unknown(missing) };
                let groups = self.groups_above(PrincipalId(entity.row));
                groups.into_iter().fold(open, |any, g| any.or(named(g.into())))
            }
            Table::FederatedCredential | Table::Credential => {
                let rows = match entity.table {
                    Table::Credential => &self.inventory.credentials,
                    _ => &self.inventory.federated,
                };
                rows.owner(entity.row).map_or(Truth::Unknown(Missing::VALUE), named)
            }
            _ => Truth::False,
        }
    }

    fn is_in_level(&self, entity: Entity, qualifier: &'a Qualifier, level: Level) -> Truth {
        let Some((node, inclusive)) = self.position(entity) else {
            return match entity.principal() {
                Some(p) => match self.inventory.is_kind(p, Noun::ManagedIdentity) {
                    Truth::True => Truth::Unknown(self.node_missing(p)),
                    Truth::Unknown(missing) => Truth::Unknown(missing),
                    Truth::False => Truth::False,
                },
                None => Truth::False,
            };
        };
        let scopes = &self.inventory.scopes;
        let skip = usize::from(!inclusive);
        let mut any = Truth::False;
        for scope in scopes.chain(node).skip(skip).filter(|&s| scopes.level(s) == level) {
            any = any.or(self.is_named(&qualifier.names, qualifier.next.as_deref(), scope.into()));
            if any.is_true() {
                return any;
            }
        }
        if level == Level::ManagementGroup && !scopes.chain_is_known(node) {
            any = any.or(Truth::Unknown(Missing::collection(C::ManagementGroups)));
        }
        any
    }

    /// Whether a selector admits an entity: noun, types, names, place and filter.
    pub(super) fn admits(&self, selector: &'a EntitySelector, entity: Entity) -> Truth {
        let mut truth = self.admits_unfiltered(selector, entity);
        if let (false, Some(filter)) = (truth.is_false(), &selector.filter) {
            truth = truth.and(self.truth(filter, &mut Env::of(entity)));
        }
        truth
    }

    /// As [`Evaluator::admits`], without the filter.
    pub(super) fn admits_unfiltered(&self, selector: &'a EntitySelector, entity: Entity) -> Truth {
        let mut truth = self.is_called(selector, entity);
        for clause in &selector.within {
            if truth.is_false() {
                break;
            }
            truth = truth.and(self.is_within(clause, entity));
        }
        truth
    }

    /// Whether an entity is of the noun, types, names and qualifier of a selector.
    pub(super) fn is_called(&self, selector: &'a EntitySelector, entity: Entity) -> Truth {
        let mut truth = self.is_noun(entity, selector.noun);
        if truth.is_false() {
            return truth;
        }
        if !selector.types.is_empty() {
            let of_type = match entity.table {
                Table::Scope => self.read(entity, Attr::ResourceType),
                _ => Value::Absent,
            };
            truth = truth.and(match of_type {
                Value::Text(text) => selector.types.iter().any(|t| t.matches(&text)).into(),
                _ => Truth::False,
            });
        }
        truth.and(self.is_named(&selector.names, selector.qualifier.as_deref(), entity))
    }

    /// Whether an entity stands inside the scopes of a `within` clause.
    pub(super) fn is_within(&self, clause: &'a ScopeClause, entity: Entity) -> Truth {
        let matcher = self.matcher(clause);
        match self.position(entity) {
            Some((node, _)) => matcher.truth(self, node),
            None => match entity.principal() {
                Some(p) => match self.inventory.is_kind(p, Noun::ManagedIdentity) {
                    Truth::True => Truth::Unknown(self.node_missing(p)),
                    undecided => undecided,
                },
                None => Truth::False,
            },
        }
    }

    /// Whether the clause could mean a member of a group who was not captured and is of that kind.
    pub(super) fn may_mean_stranger(&self, test: &'a PrincipalTest, kind: Noun, group: PrincipalId) -> bool {
        let is_a = |noun: Noun| kind.is_a(noun);
        let could = |who: &WhoTest| match who {
            WhoTest::Sub(selector) => is_a(selector.noun),
            WhoTest::Kind { kind: noun, .. } => {
                is_a(*noun) || (*noun == Noun::Application && kind == Noun::ServicePrincipal)
            }
        };
        let surely = |who: &'a WhoTest| match who {
            WhoTest::Sub(_) => false,
            WhoTest::Kind { kind: noun, names, qualifier, .. } => {
                is_a(*noun)
                    && names.is_empty()
                    && qualifier.as_deref().is_none_or(|q| self.is_around(q, group))
            }
        };
        (test.who.is_empty() || test.who.iter().any(could)) && !test.except.iter().any(surely)
    }

    /// Whether whoever is in a group is in one that the qualifier names.
    fn is_around(&self, qualifier: &'a Qualifier, group: PrincipalId) -> bool {
        let named =
            |g: PrincipalId| self.is_named(&qualifier.names, qualifier.next.as_deref(), g.into()).is_true();
        qualifier.noun == Noun::Group && (named(group) || self.groups_above(group).into_iter().any(named))
    }

    /// Whether one of the clause's items means the principal.
    pub(super) fn is_who(&self, who: &'a WhoTest, principal: PrincipalId) -> Truth {
        match who {
            WhoTest::Sub(selector) => self.admits(selector, principal.into()),
            WhoTest::Kind { kind, names, qualifier, .. } => {
                let kind = self.inventory.is_kind(principal, *kind);
                if kind.is_false() {
                    return kind;
                }
                kind.and(self.is_named(names, qualifier.as_deref(), principal.into()))
            }
        }
    }

    /// Whether a principal clause means the principal; what an excepted group frees besides is the grant's concern.
    pub(super) fn is_meant(&self, test: &'a PrincipalTest, principal: PrincipalId) -> Truth {
        let mut any = Truth::from(test.who.is_empty());
        for who in &test.who {
            any = any.or(self.is_who(who, principal));
            if any.is_true() {
                break;
            }
        }
        for who in &test.except {
            if any.is_false() {
                break;
            }
            any = any.and(!self.is_who(who, principal));
        }
        any
    }
}
