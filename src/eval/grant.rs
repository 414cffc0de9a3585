//! Grants: every assignment with whoever effectively holds it.

use super::Evaluator;
use super::memo::Memo;
use super::predicate::Env;
use super::role::RoleMatcher;
use super::select::ScopeMatcher;
use super::value::Value;
use crate::azure::scope::Level;
use crate::check::plan::{Adjectives, Also, Count, Grant, GroupKey, PrincipalTest, Slot, Unit, WhoTest};
use crate::graph::{Closure, Member};
use crate::inventory::schema::{Attr, Noun, Table};
use crate::inventory::{
    AssignmentId, Cell, Class, Collection as C, Hint, Missing, PrincipalId, RoleKind, ScopeId, State, Truth,
};
use rustc_hash::FxHashMap;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// A grant made ready for a run over the assignments.
pub(super) struct GrantRun<'a> {
    grant: &'a Grant,
    roles: RoleMatcher<'a>,
    scope: Option<Rc<ScopeMatcher<'a>>>,
    also: Option<AlsoRun<'a>>,
    /// Whether anybody looks at the chains of groups.
    chains: bool,
    /// Whether one sure holder of an assignment stands for all.
    one: bool,
    meant: Memo,
    groups: RefCell<Vec<Option<Rc<GroupHolders>>>>,
    /// The chain of groups to a direct holder.
    nobody: Rc<[PrincipalId]>,
}

struct AlsoRun<'a> {
    also: &'a Also,
    roles: RoleMatcher<'a>,
    scope: Option<Rc<ScopeMatcher<'a>>>,
    /// Whether a group whose members were not captured holds what could be the other one.
    open: OnceCell<bool>,
}

/// Who holds what is assigned to a group.
struct GroupHolders {
    closure: Arc<Closure>,
    /// The chains to the members of each of its groups.
    chains: Vec<OnceCell<Rc<[PrincipalId]>>>,
    /// Members that the principal clause admits, or may: index into the closure's members, and how surely.
    admitted: Vec<(u32, Truth)>,
    /// What is assigned to the group itself: whether the clause admits the group.
    itself: Truth,
    /// Nobody is undecided.
    sure: bool,
}

impl GroupHolders {
    /// The chain of groups to a member.
    fn chain(&self, member: &Member) -> Rc<[PrincipalId]> {
        self.chains[member.through as usize].get_or_init(|| self.closure.chain(member).into()).clone()
    }
}

/// One assignment with one holder for whom the sentence is true or undecided.
pub(super) struct Held {
    pub(super) assignment: AssignmentId,
    pub(super) holder: PrincipalId,
    /// The chain of groups, the assignee first; empty for a direct holder.
    pub(super) via: Rc<[PrincipalId]>,
    pub(super) truth: Truth,
}

/// What a run over the assignments came to.
#[derive(Default)]
pub(super) struct GrantMatches {
    pub(super) examined: u64,
    /// In the order of the assignments, then of the holders (the assignee first, then by distance and id).
    pub(super) held: Vec<Held>,
    /// In the same order.
    pub(super) open_groups: Vec<OpenGroup>,
}

/// A group that holds a matching role and whose members were not all captured, with the chain that ends with it.
pub(super) type OpenGroup = (PrincipalId, AssignmentId, Vec<PrincipalId>);

impl<'a> GrantRun<'a> {
    pub(super) fn new(evaluator: &Evaluator<'a>, grant: &'a Grant) -> Self {
        GrantRun {
            grant,
            roles: RoleMatcher::new(evaluator, &grant.roles, grant.adjectives),
            scope: grant.scope.as_ref().map(|clause| evaluator.matcher(clause)),
            also: grant.also.as_ref().map(|also| AlsoRun {
                also,
                roles: RoleMatcher::new(evaluator, &also.roles, also.adjectives),
                scope: also.scope.as_ref().map(|clause| evaluator.matcher(clause)),
                open: OnceCell::new(),
            }),
            chains: true,
            one: false,
            meant: Memo::new(evaluator.inventory.principals.len()),
            nobody: Rc::default(),
            groups: RefCell::new(vec![None; evaluator.inventory.principals.len()]),
        }
    }

    /// Whether one sure holder of an assignment stands for all.
    pub(super) fn one(&self) -> bool {
        self.one
    }

    /// A run for a count. Where it is one of assignments and no key looks at who holds them, one sure holder of an assignment
    /// stands for all; where no key is a value, the chains of groups are left empty.
    pub(super) fn counting(evaluator: &Evaluator<'a>, grant: &'a Grant, count: &Count) -> Self {
        let holds = |key: &GroupKey| !matches!(key, GroupKey::Noun(n) if n.table() != Table::Principal);
        let reads = |key: &GroupKey| matches!(key, GroupKey::Value(..));
        GrantRun {
            chains: grant.filter.is_some() || count.per.iter().any(reads),
            one: matches!(count.unit, None | Some(Unit::Assignments)) && !count.per.iter().any(holds),
            ..GrantRun::new(evaluator, grant)
        }
    }

    pub(super) fn scope(&self) -> Option<&ScopeMatcher<'a>> {
        self.scope.as_deref()
    }

    /// Every assignment and holder for whom the sentence is true or undecided.
    pub(super) fn matches(&self, evaluator: &Evaluator<'a>) -> GrantMatches {
        let mut held = vec![];
        let (examined, open_groups) = self.each(evaluator, |h| held.push(h));
        GrantMatches { examined, held, open_groups }
    }

    /// Gives every assignment and holder for whom the sentence is true or undecided to `found`; how many assignments there
    /// were to look at, and the groups whose members were not all captured.
    pub(super) fn each(
        &self,
        evaluator: &Evaluator<'a>,
        mut found: impl FnMut(Held),
    ) -> (u64, Vec<OpenGroup>) {
        let assignments = &evaluator.inventory.assignments;
        let (mut examined, mut open) = (0, vec![]);
        for a in assignments.iter().filter(|&a| assignments.kind(a) == self.grant.kind) {
            let scope = match &self.scope {
                Some(matcher) => matcher.truth(evaluator, assignments.scope(a)),
                None => Truth::True,
            };
            if scope.is_false() {
                continue;
            }
            examined += 1;
            let mut base = scope.and(self.roles.truth(evaluator, assignments.role(a)));
            if !base.is_false() {
                base = base.and(evaluator.in_state(a, self.grant.adjectives));
            }
            if !base.is_false() {
                self.holders(evaluator, a, base, &mut found, &mut open);
            }
        }
        (examined, open)
    }

    fn holders(
        &self,
        evaluator: &Evaluator<'a>,
        a: AssignmentId,
        base: Truth,
        found: &mut impl FnMut(Held),
        open: &mut Vec<OpenGroup>,
    ) {
        let inventory = evaluator.inventory;
        let assignee = inventory.assignments.assignee(a);
        let group = evaluator.may_be_group(assignee);
        if !group {
            if !self.grant.adjectives.inherited {
                let meant = self.is_meant(evaluator, assignee);
                self.decide(evaluator, a, assignee, base.and(meant), || self.nobody.clone(), found);
            }
            return;
        }
        let holders = self.group(evaluator, assignee);
        if !self.grant.adjectives.inherited {
            let held =
                self.decide(evaluator, a, assignee, base.and(holders.itself), || self.nobody.clone(), found);
            if held && self.one && holders.sure && inventory.assignments.state(a) == State::Active {
                return;
            }
        }
        if self.grant.adjectives.direct {
            return;
        }
        for &(index, meant) in &holders.admitted {
            let member = &holders.closure.members[index as usize];
            let mut truth = base.and(meant);
            if !truth.is_false() {
                truth = truth.and(evaluator.may_be_lent(a, member.principal));
            }
            let via = || if self.chains { holders.chain(member) } else { self.nobody.clone() };
            self.decide(evaluator, a, member.principal, truth, via, found);
        }
        for &group in &holders.closure.open {
            let mut via = holders
                .closure
                .members
                .iter()
                .find(|m| m.principal == group)
                .map(|m| holders.closure.chain(m));
            let via = via.get_or_insert_default();
            via.push(group);
            if self.admits_stranger(evaluator, a, group, via) {
                open.push((group, a, std::mem::take(via)));
            }
        }
    }

    /// Whether somebody who was not captured as a member of a group could be one for whom the sentence is true.
    fn admits_stranger(
        &self,
        evaluator: &Evaluator<'a>,
        a: AssignmentId,
        group: PrincipalId,
        via: &[PrincipalId],
    ) -> bool {
        let eligible = evaluator.inventory.assignments.state(a) == State::Eligible;
        let mut kinds = STRANGERS.iter().filter(|kind| !(eligible && kind.is_a(Noun::ServicePrincipal)));
        let test = self.grant.principals.as_ref();
        if !kinds.any(|&kind| test.is_none_or(|test| evaluator.may_mean_stranger(test, kind, group))) {
            return false;
        }
        if let Some(filter) = &self.grant.filter {
            let mut env = self.strangers_environment(evaluator, a, group, via);
            if evaluator.truth(filter, &mut env).is_false() {
                return false;
            }
        }
        self.also.as_ref().is_none_or(|also| also.may_be_held(evaluator, a))
    }

    /// Gives a holder to `found` where the sentence is not false; whether it is true.
    fn decide(
        &self,
        evaluator: &Evaluator<'a>,
        a: AssignmentId,
        holder: PrincipalId,
        base: Truth,
        via: impl Fn() -> Rc<[PrincipalId]>,
        found: &mut impl FnMut(Held),
    ) -> bool {
        let mut truth = base;
        if let (false, Some(also)) = (truth.is_false(), &self.also) {
            truth = truth.and(also.holds(evaluator, a, holder));
        }
        if truth.is_false() {
            return false;
        }
        let via = via();
        if let Some(filter) = &self.grant.filter {
            let mut env = self.environment(evaluator, a, holder, &via);
            truth = truth.and(evaluator.truth(filter, &mut env));
        }
        if !truth.is_false() {
            found(Held { assignment: a, holder, via, truth });
        }
        truth.is_true()
    }

    /// The slots of a grant.
    pub(super) fn environment(
        &self,
        evaluator: &Evaluator<'a>,
        a: AssignmentId,
        holder: PrincipalId,
        via: &[PrincipalId],
    ) -> Env<'a> {
        let assignments = &evaluator.inventory.assignments;
        let mut env = Env::default();
        env.set(Slot::ASSIGNMENT, Value::Entity(a.into()));
        env.set(Slot::ROLE, Value::Entity(assignments.role(a).into()));
        env.set(Slot::SCOPE, Value::Entity(assignments.scope(a).into()));
        env.set(Slot::PRINCIPAL, Value::Entity(holder.into()));
        env.set(Slot::ASSIGNEE, Value::Entity(assignments.assignee(a).into()));
        env.set(Slot::VIA, Value::entities(via.iter().copied(), Missing::NONE));
        env
    }

    /// The slots of a grant that a member of `group` holds who was not captured.
    pub(super) fn strangers_environment(
        &self,
        evaluator: &Evaluator<'a>,
        a: AssignmentId,
        group: PrincipalId,
        via: &[PrincipalId],
    ) -> Env<'a> {
        let mut env = self.environment(evaluator, a, group, via);
        env.set(Slot::PRINCIPAL, Value::Unknown(Missing::collection(C::GroupMemberships)));
        env
    }

    fn is_meant(&self, evaluator: &Evaluator<'a>, principal: PrincipalId) -> Truth {
        let Some(test) = &self.grant.principals else { return Truth::True };
        self.meant.get_or(principal.index(), || evaluator.is_meant(test, principal))
    }

    /// The holders of what is assigned to a group. An excepted group frees itself and whoever holds only through it.
    fn group(&self, evaluator: &Evaluator<'a>, group: PrincipalId) -> Rc<GroupHolders> {
        if let Some(known) = &self.groups.borrow()[group.index()] {
            return known.clone();
        }
        let mut certain: FxHashMap<PrincipalId, Truth> = FxHashMap::default();
        let freeing: Vec<&WhoTest> = match &self.grant.principals {
            Some(test) => test.except.iter().filter(|w| excepts_groups(w)).collect(),
            None => vec![],
        };
        let excepted = |evaluator: &Evaluator<'a>, g| {
            freeing.iter().fold(Truth::False, |any, who| any.or(evaluator.is_who(who, g)))
        };
        let possible = match freeing[..] {
            [] => evaluator.closure(group),
            _ => Arc::new(Closure::of(evaluator.inventory, group, |g| excepted(evaluator, g).is_true())),
        };
        if !freeing.is_empty() {
            let sure = Closure::of(evaluator.inventory, group, |g| !excepted(evaluator, g).is_false());
            let unsure = possible.groups.iter().map(|&(g, _)| excepted(evaluator, g).missing());
            let missing = unsure.fold(Missing::NONE, Missing::and);
            for member in &possible.members {
                certain.insert(member.principal, Truth::Unknown(missing));
            }
            for member in &sure.members {
                certain.insert(member.principal, Truth::True);
            }
        }
        let admitted: Vec<(u32, Truth)> = possible
            .members
            .iter()
            .enumerate()
            .filter_map(|(i, member)| {
                let through = certain.get(&member.principal).copied().unwrap_or(Truth::True);
                let truth = self.is_meant(evaluator, member.principal).and(through);
                (!truth.is_false()).then_some((i as u32, truth))
            })
            .collect();
        let itself = self.is_meant(evaluator, group);
        let sure = possible.open.is_empty() && admitted.iter().all(|(_, truth)| truth.is_true());
        let chains = vec![OnceCell::new(); possible.groups.len()];
        let holders = Rc::new(GroupHolders { closure: possible, chains, admitted, itself, sure });
        self.groups.borrow_mut()[group.index()] = Some(holders.clone());
        holders
    }
}

/// What a member that was not captured may be: nobody who is missing is a member of anything.
const STRANGERS: [Noun; 6] =
    [Noun::User, Noun::Guest, Noun::Group, Noun::SystemAssigned, Noun::UserAssigned, Noun::ServicePrincipal];

/// Whether an excepted principal frees those who hold only through it.
fn excepts_groups(who: &WhoTest) -> bool {
    match who {
        WhoTest::Sub(selector) => selector.noun == Noun::Group,
        WhoTest::Kind { kind, .. } => *kind == Noun::Group,
    }
}

impl<'a> AlsoRun<'a> {
    /// Whether the holder effectively holds another assignment of the other grant.
    fn holds(&self, evaluator: &Evaluator<'a>, a: AssignmentId, holder: PrincipalId) -> Truth {
        let assignments = &evaluator.inventory.assignments;
        let mut any = Truth::False;
        if !self.also.adjectives.inherited {
            for other in evaluator.held_by(holder) {
                any = any.or(self.is_other(evaluator, a, other));
            }
        }
        if !self.also.adjectives.direct && !any.is_true() {
            for group in evaluator.groups_above(holder) {
                for other in evaluator.held_by(group) {
                    any =
                        any.or(self.is_other(evaluator, a, other).and(evaluator.may_be_lent(other, holder)));
                }
            }
            let missing = evaluator.missing(&[C::GroupMemberships]);
            let open = || assignments.iter().any(|other| self.could_be(evaluator, other));
            if !missing.is_none() && !any.is_true() && *self.open.get_or_init(open) {
                any = any.or(Truth::Unknown(missing));
            }
        }
        let missing = evaluator.grants_missing(holder);
        if !missing.is_none() && !any.is_true() {
            any = any.or(Truth::Unknown(missing));
        }
        any
    }

    /// Whether there may be another assignment of the other grant, whoever holds it.
    fn may_be_held(&self, evaluator: &Evaluator<'a>, a: AssignmentId) -> bool {
        let missing = evaluator.missing(&[C::RoleAssignments, C::RoleEligibilityScheduleInstances]);
        let mut others = evaluator.inventory.assignments.iter();
        !missing.is_none() || others.any(|other| !self.is_other(evaluator, a, other).is_false())
    }

    /// Whether an assignment to a group could be the other one if its members were known.
    fn could_be(&self, evaluator: &Evaluator<'a>, other: AssignmentId) -> bool {
        let assignments = &evaluator.inventory.assignments;
        assignments.kind(other) == self.also.kind
            && evaluator.may_be_group(assignments.assignee(other))
            && !evaluator.inventory.members_are_captured(assignments.assignee(other))
            && !self.roles.truth(evaluator, assignments.role(other)).is_false()
    }

    fn is_other(&self, evaluator: &Evaluator<'a>, a: AssignmentId, other: AssignmentId) -> Truth {
        let assignments = &evaluator.inventory.assignments;
        if other == a || assignments.kind(other) != self.also.kind {
            return Truth::False;
        }
        let mut truth = self.roles.truth(evaluator, assignments.role(other));
        if !truth.is_false() {
            truth = truth.and(evaluator.in_state(other, self.also.adjectives));
        }
        if let (false, Some(scope)) = (truth.is_false(), &self.scope) {
            truth = truth.and(scope.truth(evaluator, assignments.scope(other)));
        }
        if let (false, Some(level)) = (truth.is_false(), self.also.same) {
            truth = truth.and(evaluator.share(level, assignments.scope(a), assignments.scope(other)));
        }
        truth
    }
}

impl<'a> Evaluator<'a> {
    /// Whether a principal is, or may be, a group: then it may have members that hold what it holds.
    pub(super) fn may_be_group(&self, principal: PrincipalId) -> bool {
        match self.inventory.principals.class(principal) {
            Class::Group => true,
            Class::Mentioned => {
                matches!(
                    self.inventory.principals.hint(principal),
                    Hint::Group | Hint::ForeignGroup | Hint::None
                ) && !self.inventory.is_kind(principal, Noun::Group).is_false()
                    || self.inventory.members(principal).next().is_some()
            }
            _ => false,
        }
    }

    /// Whether a member of a group holds what is assigned to the group: what a group is only eligible for, nobody but people
    /// can activate.
    pub(super) fn may_be_lent(&self, a: AssignmentId, member: PrincipalId) -> Truth {
        match self.inventory.assignments.state(a) {
            State::Eligible => !self.inventory.is_kind(member, Noun::ServicePrincipal),
            State::Active => Truth::True,
        }
    }

    /// Whether an assignment is in the state that the adjectives ask for, and in force: not ended before today.
    pub(super) fn in_state(&self, a: AssignmentId, adjectives: Adjectives) -> Truth {
        let assignments = &self.inventory.assignments;
        let state = assignments.state(a);
        let wanted = (!adjectives.active && !adjectives.standing || state == State::Active)
            && (!adjectives.eligible || state == State::Eligible);
        if !wanted {
            return Truth::False;
        }
        if let (Cell::Time(end), Some(today)) =
            (self.inventory.cells.get(Attr::AssignmentEnd, a.0), self.today)
            && end < today
        {
            return Truth::False;
        }
        if !adjectives.standing {
            return Truth::True;
        }
        let activated = match self.read(a.into(), Attr::AssignmentActivated) {
            Value::Bool(b) => Truth::from(b),
            Value::Unknown(missing) => Truth::Unknown(missing),
            _ => Truth::False,
        };
        let ends = match self.read(a.into(), Attr::AssignmentEnd) {
            Value::Time(_) => Truth::True,
            Value::Unknown(missing) => Truth::Unknown(missing),
            _ => Truth::False,
        };
        (!activated).and(!ends)
    }

    /// Whether assignments at two scopes are both in force at a common scope of that level.
    fn share(&self, level: Level, a: ScopeId, b: ScopeId) -> Truth {
        let scopes = &self.inventory.scopes;
        // Management groups nest: there can be several around a scope.
        let around = |s| scopes.chain(s).filter(|&x| scopes.level(x) == level).collect::<Vec<ScopeId>>();
        let (around_a, around_b) = (around(a), around(b));
        if around_a.is_empty() && around_b.is_empty() {
            let lower = match (scopes.contains(a, b), scopes.contains(b, a)) {
                (Truth::True, _) => b,
                (_, Truth::True) => a,
                (x, y) => return x.or(y),
            };
            if scopes.inside(lower).any(|s| scopes.level(s) == level) {
                return Truth::True;
            }
            let missing = self.missing(super::select::noun_of(level).collections());
            return if missing.is_none() { Truth::False } else { Truth::Unknown(missing) };
        }
        let mut any = Truth::from(around_a.iter().any(|x| around_b.contains(x)));
        for &x in &around_a {
            any = any.or(scopes.contains(b, x));
        }
        for &y in &around_b {
            any = any.or(scopes.contains(a, y));
        }
        if level == Level::ManagementGroup && !(scopes.chain_is_known(a) && scopes.chain_is_known(b)) {
            any = any.or(Truth::Unknown(Missing::collection(C::ManagementGroups)));
        }
        any
    }

    /// The collections of assignments that a grant needs, whatever the facts.
    pub(super) fn grant_collections(&self, grant: &Grant) -> Vec<C> {
        match grant.kind {
            RoleKind::Directory => return vec![C::DirectoryRoleAssignments],
            RoleKind::App => return vec![C::AppRoleAssignments],
            RoleKind::Azure => {}
        }
        let mut needed = vec![];
        if !grant.adjectives.eligible {
            needed.push(C::RoleAssignments);
        }
        let only_active = grant.adjectives.active || grant.adjectives.standing;
        if !only_active && !grant.principals.as_ref().is_some_and(never_eligible) {
            needed.push(C::RoleEligibilityScheduleInstances);
        }
        needed
    }
}

/// Whether a clause admits only managed identities and service principals, which cannot be eligible, and no group can
/// lend them an eligible role.
pub(super) fn never_eligible(test: &PrincipalTest) -> bool {
    let service = |noun: Noun| noun == Noun::Application || noun.is_a(Noun::ServicePrincipal);
    !test.who.is_empty()
        && test.who.iter().all(|who| match who {
            WhoTest::Sub(selector) => service(selector.noun),
            WhoTest::Kind { kind, .. } => service(*kind),
        })
}
