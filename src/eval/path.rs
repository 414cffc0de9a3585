//! Rules about paths: from whom, to what, through whom, by which steps, in how many.

use super::Evaluator;
use super::ends::{End, Ends, Target};
use super::findings::{About, Raw};
use super::predicate::Env;
use super::rule::Outcome;
use super::value::{RoleValue, StepValue, Value};
use crate::azure::Guid;
use crate::check::plan::{Expr, Path, PathTarget, PrincipalTest, Slot};
use crate::graph::{self, Certainty, ControlGraph, Place, Question, Step, Taken, Useful, Ways};
use crate::inventory::schema::Table;
use crate::inventory::{
    AssignmentId, Collection as C, Entity, Inventory, Missing, PrincipalId, RoleKind, ScopeId, Truth,
};
use crate::verdict::Verdict;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A path that was found, or that may be there.
pub(super) struct Found {
    pub(super) source: PrincipalId,
    pub(super) end: End,
    pub(super) length: u64,
    pub(super) potential: bool,
    /// Its steps, where they were not left out to be asked for again.
    pub(super) steps: Option<Rc<[Taken]>>,
    /// The rule, by its number among those about paths.
    pub(super) rule: u32,
    /// The node of the principal that holds what is at the end, and the assignment; `None` of what is only given.
    pub(super) hold: Option<(u32, AssignmentId)>,
    pub(super) truth: Truth,
}

impl Found {
    /// The scope at which a role can be had that nobody holds yet, or is held at the end.
    pub(super) fn given_at(&self) -> Option<ScopeId> {
        match self.end {
            End::Grant(_, scope) => Some(scope),
            End::Principal(_) | End::Unnamed => None,
        }
    }

    /// The principal at the end.
    pub(super) fn principal_at_the_end(&self) -> Option<PrincipalId> {
        self.end.principal()
    }
}

/// What is asked of the ways of a rule: its number, through whom they must lead, and whether their steps are asked for.
struct Asked<'a> {
    number: u32,
    through: Option<&'a PrincipalTest>,
    steps: bool,
}

/// Above so many paths of a rule, their steps are left out and asked for again where they are told.
const STEPS_KEPT: usize = 1_000;

/// The ends of a rule, and what leads to them.
type Goal<'a> = Rc<(Ends<'a>, Useful)>;

/// Of which rule, and from whom, with the paths.
type Told = (u32, PrincipalId, Rc<Vec<Found>>);

/// What is worked out once for the rules about paths.
#[derive(Default)]
pub(super) struct PathRules<'a> {
    /// The rules, in the order in which they were met.
    rules: RefCell<Vec<(&'a Path, Goal<'a>)>>,
    /// The paths that were told last, with their steps: of which rule, from whom.
    told: RefCell<Option<Told>>,
}

impl<'a> Evaluator<'a> {
    /// Decides a rule about paths. Unless `all` are asked for, paths that no report shows are only counted.
    pub(super) fn path(&self, path: &'a Path, verdict: Verdict, all: bool) -> Outcome {
        let graph = self.graph();
        let kinds = kinds(path);
        let mut outcome = Outcome::default();
        outcome.undecided.lacks(self.lacking(self.missing(&needed(self.inventory, path, &kinds))));
        let (number, known) = self.path_rule(path);
        let (ends, useful) = &*known;
        let mut sources: Vec<(PrincipalId, Truth)> = self
            .inventory
            .principals
            .iter()
            .filter(|&p| graph::exists(self.inventory, p))
            .map(|p| (p, self.is_meant(&path.from, p)))
            .filter(|(_, truth)| !truth.is_false())
            .collect();
        sources.sort_by_key(|(p, _)| graph.rank(p.0));
        outcome.examined = sources.len() as u64;
        sources.retain(|(p, _)| useful.contains(p.0));
        let looked_at = self.looked_at(path, &known, &sources, all, &mut outcome);
        for (source, from) in looked_at {
            let kept = outcome.findings.len() + outcome.undecided.own() < STEPS_KEPT;
            let asked =
                Asked { number, through: path.through.as_ref(), steps: kept || path.filter.is_some() };
            for mut found in self.ways(path, &asked, source, ends, useful, &kinds) {
                let is_in_doubt = !found.truth.is_true();
                found.truth = found.truth.and(from);
                if let (false, Some(filter)) = (found.truth.is_false(), &path.filter) {
                    found.truth = found.truth.and(self.filtered(filter, &found));
                }
                if !kept {
                    found.steps = None;
                }
                let missing = found.truth.missing();
                match found.truth {
                    Truth::False => {}
                    Truth::True => {
                        outcome.selected += 1;
                        let about = About::Path(Box::new(found));
                        outcome.findings.push(Raw { verdict, about, missing, folded: 0, waiver: None });
                    }
                    // Which step it is that is not known, only the path says.
                    Truth::Unknown(_) if is_in_doubt => {
                        outcome.undecided.by_itself(missing, About::Path(Box::new(found)));
                    }
                    Truth::Unknown(_) => outcome.undecided.fact(missing, || About::Path(Box::new(found))),
                }
            }
        }
        self.open_groups_on_paths(path, &known, &kinds, &mut outcome);
        outcome
    }

    /// The number of a rule about paths, with its ends and what leads to them.
    fn path_rule(&self, path: &'a Path) -> (u32, Goal<'a>) {
        let known = |rules: &[(&'a Path, Goal<'a>)]| {
            let number = rules.iter().position(|(rule, _)| std::ptr::eq(*rule, path))?;
            Some((number as u32, rules[number].1.clone()))
        };
        if let Some(known) = known(&self.paths.rules.borrow()) {
            return known;
        }
        let ends = self.ends(path);
        let useful = graph::useful(self.graph(), ends.nodes(), &question(path));
        let mut rules = self.paths.rules.borrow_mut();
        rules.push((path, Rc::new((ends, useful))));
        (rules.len() as u32 - 1, rules[rules.len() - 1].1.clone())
    }

    /// The steps of a path that was found.
    pub(super) fn steps_of(&self, found: &Found) -> Rc<[Taken]> {
        if let Some(steps) = &found.steps {
            return steps.clone();
        }
        let told = self.paths.told.borrow().clone();
        let told = match told {
            Some((rule, source, told)) if (rule, source) == (found.rule, found.source) => told,
            _ => {
                let (path, known) = self.paths.rules.borrow()[found.rule as usize].clone();
                let asked = Asked { number: found.rule, through: path.through.as_ref(), steps: true };
                let told = self.ways(path, &asked, found.source, &known.0, &known.1, &kinds(path));
                let told = Rc::new(told);
                *self.paths.told.borrow_mut() = Some((found.rule, found.source, told.clone()));
                told
            }
        };
        let same = told.iter().find(|other| other.end == found.end);
        same.and_then(|same| same.steps.clone()).unwrap_or_default()
    }

    /// The shortest way from a source to an end that a path means, if there surely is one.
    pub(super) fn way_to(&self, path: &'a Path, source: PrincipalId, end: End) -> Option<Found> {
        let kinds = kinds(path);
        let (number, known) = self.path_rule(path);
        let asked = Asked { number, through: path.through.as_ref(), steps: true };
        let ways = self.ways(path, &asked, source, &known.0, &known.1, &kinds);
        ways.into_iter().find(|found| {
            let so = found.end == end && found.truth.is_true();
            so && path
                .filter
                .as_ref()
                .is_none_or(|filter| self.truth(filter, &mut self.path_environment(found)).is_true())
        })
    }

    /// Every end that a source reaches, by the shortest way; those that it surely reaches first.
    fn ways(
        &self,
        path: &'a Path,
        asked: &Asked<'a>,
        source: PrincipalId,
        ends: &Ends<'a>,
        useful: &Useful,
        kinds: &[bool; 7],
    ) -> Vec<Found> {
        let through = asked.through;
        let graph = self.graph();
        let own = self.own_roles(source);
        let mut found: Vec<Found> = vec![];
        let mut seen: FxHashSet<End> = FxHashSet::default();
        // Whether anything was left out because it is not sure.
        let doubtful = Cell::new(false);
        for sure in [true, false] {
            if !sure && !doubtful.get() {
                break;
            }
            let between = through.map(|test| {
                let doubtful = &doubtful;
                move |p: PrincipalId| {
                    let truth = self.is_meant(test, p);
                    if !truth.is_true() && !truth.is_false() {
                        doubtful.set(true);
                    }
                    truth.is_true() || !sure && !truth.is_false()
                }
            });
            let between = between.as_ref().map(|between| between as &dyn Fn(PrincipalId) -> bool);
            let question = Question {
                steps: *kinds,
                sure,
                at_most: path.at_most,
                useful: Some(useful),
                through: between,
                last: None,
            };
            let ways = Ways::from(graph, source, &question);
            if ways.left_out_doubtful() {
                doubtful.set(true);
            }
            type Best = ((u64, bool, bool, (bool, String)), Place, Target);
            let mut best: FxHashMap<End, Best> = FxHashMap::default();
            let mut order = vec![];
            for &place in ways.places().iter().filter(|place| place.beyond_membership) {
                for target in ends.at.get(&place.node).into_iter().flatten() {
                    let key = key_of(target);
                    if sure && !target.truth.is_true() {
                        doubtful.set(true);
                        continue;
                    }
                    if seen.contains(&key) {
                        continue;
                    }
                    if !self.counts(path, source, &own, ends, target) {
                        continue;
                    }
                    if !self.is_met(place, target, between) {
                        continue;
                    }
                    let unknown = !ways.certainty(place).is_sure() || !target.truth.is_true();
                    let eligible =
                        target.hold.is_some_and(|a| self.rights().state(a) == Certainty::Potential);
                    let potential = ways.is_potential(place) || eligible;
                    // One role stands for all that could be given at a scope.
                    let name = match target.end {
                        End::Grant(role, _) if target.hold.is_none() => self.role_rank(role),
                        _ => (false, String::new()),
                    };
                    let cost = (ways.length(place), unknown, potential, name);
                    match best.get(&key) {
                        None => order.push(key),
                        Some((before, ..)) if cost >= *before => continue,
                        Some(_) => {}
                    }
                    best.insert(key, (cost, place, *target));
                }
            }
            for end in order {
                let Some(((length, _, potential, _), place, target)) = best.remove(&end) else { continue };
                // Whom a way leads through lies before its end: where the shortest comes by the end itself, another is sought.
                let mut detour = None;
                let mut found_at = (place, length, potential);
                if through.is_some() && passes(graph, &ways, place, target.end) {
                    let last = target.end.principal();
                    let around = Ways::from(graph, source, &Question { last, ..question });
                    let meets = |p: &&Place| {
                        let here = graph.principal(p.node).is_some() && graph.principal(p.node) == last;
                        here && p.beyond_membership && p.met
                    };
                    let Some(&place) = around.places().iter().find(meets) else { continue };
                    found_at = (place, around.length(place), around.is_potential(place));
                    detour = Some(around);
                }
                let ways = detour.as_ref().unwrap_or(&ways);
                let (place, length, potential) = found_at;
                seen.insert(end);
                let mut truth = target.truth.and(as_truth(ways.certainty(place)));
                // What was not found surely is not sure, whatever it is that is not.
                if !sure && truth.is_true() {
                    truth = Truth::Unknown(Missing::VALUE);
                }
                found.push(Found {
                    source,
                    end: target.end,
                    length,
                    potential,
                    steps: asked.steps.then(|| ways.steps(place).into()),
                    rule: asked.number,
                    hold: target.hold.map(|a| (ways.actor(place), a)),
                    truth,
                });
            }
        }
        // What is held by one way and can be given by another is one target, by the better way.
        found.sort_by_key(|f| (!f.truth.is_true(), f.length, f.potential));
        let mut told: FxHashSet<End> = FxHashSet::default();
        found.retain(|f| told.insert(f.end));
        found
    }

    /// Whether the way leads through whoever the sentence says; where it ends in a grant, its holder or giver counts.
    fn is_met(&self, place: Place, target: &Target, through: Option<&dyn Fn(PrincipalId) -> bool>) -> bool {
        let Some(through) = through.filter(|_| target.end != End::Unnamed) else { return true };
        let holder = || self.graph().principal(place.node);
        place.met
            || match (target.end, target.hold) {
                (End::Grant(..), Some(_)) => holder().is_some_and(through),
                (End::Grant(..), None) => place.own,
                _ => false,
            }
    }

    /// Whether an end is news: not the source itself, not what the source holds itself, and not something given where the
    /// source holds a role that is meant.
    fn counts(
        &self,
        path: &'a Path,
        source: PrincipalId,
        own: &[AssignmentId],
        ends: &Ends<'a>,
        target: &Target,
    ) -> bool {
        match target.end {
            End::Principal(principal) => principal != source,
            End::Grant(role, scope) => {
                let PathTarget::Grant(grant) = &path.to else { return true };
                let is_meant =
                    |role| ends.roles.as_ref().is_some_and(|roles| roles.truth(self, role).is_true());
                let assignments = &self.inventory.assignments;
                !own.iter().any(|&a| {
                    let (held, at) = (assignments.role(a), assignments.scope(a));
                    let same = match target.hold {
                        Some(_) => role == RoleValue::Captured(held) && at == scope,
                        None => self.inventory.scopes.contains(at, scope).is_true() && is_meant(held),
                    };
                    same && self.in_state(a, grant.adjectives).is_true()
                })
            }
            End::Unnamed => true,
        }
    }

    /// What the source holds, directly and through groups.
    pub(super) fn own_roles(&self, source: PrincipalId) -> Vec<AssignmentId> {
        let inventory = self.inventory;
        let in_force = |a: &AssignmentId| self.rights().state(*a).is_possible();
        let mut own: Vec<AssignmentId> = inventory.held(source).filter(in_force).collect();
        for group in graph::groups_above(inventory, source) {
            let lent = |a: &AssignmentId| !self.may_be_lent(*a, source).is_false();
            own.extend(inventory.held(group).filter(in_force).filter(lent));
        }
        own
    }

    /// One unknown for each group whose members were not all captured, if whoever is in it may come to an end: because the group
    /// itself does, because it is one or holds one, or because it holds a part of what a step needs.
    fn open_groups_on_paths(
        &self,
        path: &'a Path,
        known: &(Ends<'a>, Useful),
        kinds: &[bool; 7],
        outcome: &mut Outcome,
    ) {
        let (ends, useful) = known;
        let graph = self.graph();
        let inventory = self.inventory;
        let mut groups: Vec<PrincipalId> = inventory
            .principals
            .iter()
            .filter(|&g| self.may_be_group(g) && graph::exists(inventory, g))
            .filter(|&g| !inventory.members_are_captured(g))
            .collect();
        if groups.is_empty() {
            return;
        }
        groups.sort_by_key(|g| graph.rank(g.0));
        let everybody = inventory.principals.iter().filter(|&p| graph::exists(inventory, p));
        let moves = graph::anybody_moves(graph, everybody, kinds);
        let (ended, _) = self.ended(path, None, known, &question(path), &groups);
        for (group, ended) in groups.into_iter().zip(ended) {
            let above = graph::groups_above(inventory, group);
            let part = std::iter::once(group).chain(above).any(|group| {
                let parts = graph.parts_held(group);
                parts.iter().zip(kinds).any(|(&part, &admitted)| part && admitted)
            });
            let leads =
                part || moves && self.is_at_an_end(path, group, ends, useful, kinds) || !ended.is_nowhere();
            if leads {
                outcome.undecided.group(Raw {
                    verdict: Verdict::Unknown,
                    about: About::OpenGroupOnPath(group),
                    missing: Missing::collection(C::GroupMemberships),
                    folded: 0,
                    waiver: None,
                });
            }
        }
    }

    /// Whether a group is, holds, or by membership alone comes to an end of the rule.
    fn is_at_an_end(
        &self,
        path: &'a Path,
        group: PrincipalId,
        ends: &Ends<'a>,
        useful: &Useful,
        kinds: &[bool; 7],
    ) -> bool {
        let question = Question {
            steps: Step::ALL.map(|step| step == Step::Membership && kinds[step as usize]),
            sure: false,
            at_most: path.at_most,
            useful: Some(useful),
            through: None,
            last: None,
        };
        let ways = Ways::from(self.graph(), group, &question);
        ways.places().iter().any(|place| ends.at.get(&place.node).is_some_and(|ends| !ends.is_empty()))
    }

    /// Whether a filter admits a path. Of one that is not known, its length and steps are not known either.
    fn filtered(&self, filter: &'a Expr, found: &Found) -> Truth {
        let mut env = self.path_environment(found);
        if let Truth::Unknown(missing) = found.truth {
            env.set(Slot::PATH, Value::Unknown(missing));
        }
        self.truth(filter, &mut env)
    }

    /// The slots of a path.
    fn path_environment(&self, found: &Found) -> Env<'a> {
        let graph = self.graph();
        let steps: Rc<[StepValue]> = self
            .steps_of(found)
            .iter()
            .filter_map(|step| {
                let from = graph.principal(step.from)?;
                Some(StepValue { kind: step.step, from, to: graph.principal(step.to) })
            })
            .collect();
        let mut env = Env::default();
        env.set(Slot::PATH, Value::Path(found.length as i64, steps));
        env.set(Slot::SOURCE, Value::Entity(found.source.into()));
        env.set(
            Slot::TARGET,
            match found.end {
                End::Principal(p) => Value::Entity(p.into()),
                End::Grant(role, scope) => Value::Target(role, scope),
                End::Unnamed => Value::Unknown(Missing::VALUE),
            },
        );
        env
    }
}

/// What is asked of the ways of a rule, through whomever they lead.
pub(super) fn question(path: &Path) -> Question<'static> {
    Question {
        steps: kinds(path),
        sure: false,
        at_most: path.at_most,
        useful: None,
        through: None,
        last: None,
    }
}

/// What a target is told apart by: of what could be given, only the scope.
fn key_of(target: &Target) -> End {
    match target.end {
        End::Grant(_, scope) if target.hold.is_none() => End::Grant(RoleValue::BuiltIn(Guid::ZERO), scope),
        end => end,
    }
}

/// Whether a way leads through the principal at which it ends.
fn passes(graph: &ControlGraph, ways: &Ways<'_>, place: Place, end: End) -> bool {
    let End::Principal(principal) = end else { return false };
    let is_it = |node: u32| graph.principal(node) == Some(principal);
    ways.steps(place).iter().any(|step| is_it(step.from) || step.also.is_some_and(is_it))
}

fn as_truth(certainty: Certainty) -> Truth {
    match certainty {
        Certainty::No => Truth::False,
        Certainty::Unknown(missing) => Truth::Unknown(missing),
        Certainty::Potential | Certainty::Held => Truth::True,
    }
}

/// The kinds of steps that a path admits.
fn kinds(path: &Path) -> [bool; 7] {
    Step::ALL.map(|step| path.by.is_empty() || path.by.contains(&step.word()))
}

/// The collections that a rule about paths needs.
fn needed(inventory: &Inventory, path: &Path, kinds: &[bool; 7]) -> Vec<C> {
    let mut needed = vec![C::RoleAssignments];
    if !super::grant::never_eligible(&path.from) {
        needed.push(C::RoleEligibilityScheduleInstances);
    }
    match &path.to {
        PathTarget::Grant(grant) if grant.kind == RoleKind::Directory => {
            needed.push(C::DirectoryRoleAssignments)
        }
        PathTarget::Grant(grant) if grant.kind == RoleKind::App => needed.push(C::AppRoleAssignments),
        _ => {}
    }
    for step in Step::ALL.into_iter().filter(|&step| kinds[step as usize]) {
        needed.extend(step.collections());
    }
    // Whose service principals an application has is asked only where somebody owns one.
    let owns = |row| !inventory.owners(Entity::new(Table::Application, row)).is_empty();
    if kinds[Step::Ownership as usize] && (0..inventory.applications.len() as u32).any(owns) {
        needed.extend([C::Applications, C::ServicePrincipals]);
    }
    needed
}
