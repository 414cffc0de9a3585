//! How many ends of a path rule each source comes to: of many sources at once. Which ways lead there is told of those paths
//! alone that are looked at one by one.

use super::ends::{End, Ends, Target};
use super::path::question;
use super::rule::Outcome;
use super::value::RoleValue;
use super::{Evaluator, on_threads};
use crate::azure::Guid;
use crate::check::plan::{Path, PathTarget, PrincipalTest};
use crate::graph::{Crowd, Many, Question, Routes, Useful};
use crate::inventory::{Inventory, Missing, PrincipalId, ScopeId, Truth};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// How many ends a source comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ended {
    /// So many surely, and so many perhaps.
    Count(u32, u32),
    /// Some, perhaps: only its ways tell how many.
    Some,
}

impl Ended {
    /// Whether it certainly comes to none.
    pub(super) fn is_nowhere(self) -> bool {
        self == Ended::Count(0, 0)
    }
}

/// How many paths begin with a source.
#[derive(Clone, Copy, Default)]
struct PathCount {
    /// Found.
    found: u64,
    /// Undecided for a reason of their own.
    undecided: u64,
    /// Undecided for want of collections, and of which.
    folded: u64,
    missing: Missing,
}

impl PathCount {
    fn of(from: Truth, ended: Ended) -> PathCount {
        let Ended::Count(surely, perhaps) = ended else { return PathCount::default() };
        let (surely, perhaps) = (u64::from(surely), u64::from(perhaps));
        let missing = from.missing();
        match from {
            Truth::True => PathCount { found: surely, undecided: perhaps, ..PathCount::default() },
            _ if missing.is_value() || missing.collections().is_empty() => {
                PathCount { undecided: surely + perhaps, missing, ..PathCount::default() }
            }
            _ => PathCount { found: 0, undecided: perhaps, folded: surely, missing },
        }
    }
}

impl Outcome {
    /// Takes paths that are only counted; what the undecided ones rest on, besides who the source is.
    fn count(&mut self, counted: PathCount, doubts: Missing) {
        self.selected += counted.found;
        self.unseen.found += counted.found;
        self.unseen.undecided += counted.undecided;
        if counted.undecided > 0 {
            self.unseen.missing = self.unseen.missing.and(doubts).and(counted.missing);
        }
        self.undecided.count(counted.undecided, counted.folded, counted.missing);
    }
}

/// How a target is told from others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Whatever the way was.
    Any,
    /// Held by whoever is controlled there, who may be the one that the way must lead through.
    Held,
    /// Given: by whoever acted last.
    Given(ScopeId),
}

/// What is reached at a node.
struct Aim {
    node: u32,
    /// The end, by number.
    end: u32,
    kind: Kind,
    is_sure: bool,
    /// Among several roles of which one stands for all at a scope, which; by number.
    choice: Option<u32>,
}

/// The ends of a rule made ready.
struct Aims {
    aims: Vec<Aim>,
    ends: FxHashMap<End, u32>,
    /// Of roles that can be given at one scope, and of which some are held there too, the numbers.
    choices: Vec<Range<u32>>,
}

/// What a source holds itself, and is no news: ends by number, and where it holds a role that is meant.
#[derive(Default)]
struct Own {
    ends: Vec<u32>,
    meant_at: Vec<ScopeId>,
}

/// What the walks of a rule share.
struct Setting<'s> {
    inventory: &'s Inventory,
    routes: &'s Routes,
    aims: &'s Aims,
    /// Whom the ways must lead through, by node: who certainly, and who perhaps.
    through: Option<(&'s [bool], &'s [bool])>,
    /// Whether it is not known of somebody whether the ways may lead through them.
    is_unsure: bool,
}

impl<'a> Evaluator<'a> {
    /// The sources whose paths are looked at one by one: of all that come to an end, or of those from whom the paths begin that
    /// come first by their sentences, as many as are shown. The paths of the others are counted.
    pub(super) fn looked_at(
        &self,
        path: &'a Path,
        known: &(Ends<'a>, Useful),
        sources: &[(PrincipalId, Truth)],
        all: bool,
        outcome: &mut Outcome,
    ) -> Vec<(PrincipalId, Truth)> {
        let principals: Vec<PrincipalId> = sources.iter().map(|&(p, _)| p).collect();
        let (ended, doubts) = self.ended(path, path.through.as_ref(), known, &question(path), &principals);
        // Whom a way leads through lies before its end, and a filter asks for the way: neither can be counted.
        let one_by_one = all
            || path.filter.is_some()
            || path.through.is_some() && matches!(path.to, PathTarget::Principals(_));
        let shown = self.shown.filter(|&shown| shown > 0 && !one_by_one);
        let mut looked_at: Vec<bool> = ended.iter().map(|ended| !ended.is_nowhere()).collect();
        if let Some(shown) = shown {
            for (looked_at, ended) in looked_at.iter_mut().zip(&ended) {
                *looked_at &= *ended == Ended::Some;
            }
            let found: Vec<PathCount> =
                sources.iter().zip(&ended).map(|(&(_, from), &ended)| PathCount::of(from, ended)).collect();
            for index in self.first_of(&principals, &found, shown) {
                looked_at[index] = true;
            }
            for (counted, _) in found.iter().zip(&looked_at).filter(|(_, looked_at)| !**looked_at) {
                outcome.count(*counted, doubts);
            }
        }
        sources.iter().zip(looked_at).filter(|(_, looked_at)| *looked_at).map(|(&source, _)| source).collect()
    }

    /// The sources of the paths that come first by their sentences, which begin with the source: so many found, and so many
    /// undecided where not so many are found.
    fn first_of(&self, sources: &[PrincipalId], found: &[PathCount], shown: usize) -> Vec<usize> {
        let sentences: Vec<String> =
            sources.iter().map(|&p| format!("{} to ", self.phrase(p.into()))).collect();
        let mut order: Vec<usize> = (0..sources.len()).collect();
        order.sort_by(|&a, &b| sentences[a].cmp(&sentences[b]));
        let mut first = vec![];
        let all: u64 = found.iter().map(|counted| counted.found).sum();
        let counts = [|counted: &PathCount| counted.found, |counted: &PathCount| counted.undecided];
        for count in if all < shown as u64 { &counts[..] } else { &counts[..1] } {
            let mut so_far = 0;
            let mut begun: Vec<&str> = vec![];
            for &index in order.iter().filter(|&&index| count(&found[index]) > 0) {
                // What begins as one that is shown may come before it.
                let is_alike = begun.iter().any(|begun| sentences[index].starts_with(begun));
                if so_far >= shown as u64 && !is_alike {
                    break;
                }
                so_far += count(&found[index]);
                begun.push(&sentences[index]);
                first.push(index);
            }
        }
        first
    }

    /// How many ends each of the sources comes to, through whom they must; and what is not known about the ways there.
    pub(super) fn ended(
        &self,
        path: &'a Path,
        through: Option<&'a PrincipalTest>,
        (ends, useful): &(Ends<'a>, Useful),
        question: &Question<'_>,
        sources: &[PrincipalId],
    ) -> (Vec<Ended>, Missing) {
        let routes = Routes::new(self.graph(), question, useful, |node| ends.at.contains_key(&node));
        let aims = self.aims(ends, &routes);
        let own: Vec<Own> = sources.iter().map(|&source| self.own(path, ends, &aims, source)).collect();
        let mut is_unsure = false;
        let through = through.map(|test| {
            let sure = routes.controls(|p| self.is_meant(test, p).is_true());
            let perhaps = routes.controls(|p| !self.is_meant(test, p).is_false());
            is_unsure = sure != perhaps;
            (sure, perhaps)
        });
        let unsure_ends = ends.at.values().flatten().map(|target| target.truth.missing());
        let missing = unsure_ends.fold(routes.doubts, Missing::and);
        let setting = Setting {
            inventory: self.inventory,
            routes: &routes,
            aims: &aims,
            through: through.as_ref().map(|(sure, perhaps)| (&sure[..], &perhaps[..])),
            is_unsure,
        };
        let missing = if is_unsure { missing.and(Missing::VALUE) } else { missing };
        (setting.counts(sources, &own), missing)
    }

    fn aims(&self, ends: &Ends<'a>, routes: &Routes) -> Aims {
        // One role stands for all that could be given at a scope: for several it has to be told which, where that is one
        // end with what is held.
        let targets = || ends.at.values().flatten();
        let held: FxHashSet<End> = targets().filter(|t| t.hold.is_some()).map(|t| t.end).collect();
        let mut given: FxHashMap<ScopeId, Vec<RoleValue>> = FxHashMap::default();
        for target in targets() {
            if let (End::Grant(role, scope), None) = (target.end, target.hold) {
                let roles = given.entry(scope).or_default();
                if !roles.contains(&role) {
                    roles.push(role);
                }
            }
        }
        let mut aims = Aims { aims: vec![], ends: FxHashMap::default(), choices: vec![] };
        let mut chosen: FxHashMap<End, u32> = FxHashMap::default();
        for (&scope, roles) in given.iter().filter(|(_, roles)| roles.len() > 1) {
            if roles.iter().any(|&role| held.contains(&End::Grant(role, scope))) {
                let numbers = aims.choice_count()..aims.choice_count() + roles.len() as u32;
                aims.choices.push(numbers.clone());
                chosen.extend(roles.iter().zip(numbers).map(|(&role, n)| (End::Grant(role, scope), n)));
            }
        }
        for number in ends.nodes() {
            let Some(node) = routes.number(number) else { continue };
            for target in &ends.at[&number] {
                aims.add(node, target, &given, &chosen);
            }
        }
        // What lies together in the walk is asked for together.
        aims.aims.sort_by_key(|aim| (aim.node, aim.end));
        aims
    }

    /// What a source holds, as far as it takes ends from it.
    fn own(&self, path: &'a Path, ends: &Ends<'a>, aims: &Aims, source: PrincipalId) -> Own {
        let PathTarget::Grant(grant) = &path.to else { return Own::default() };
        let assignments = &self.inventory.assignments;
        let mut own = Own::default();
        for a in self.own_roles(source) {
            let (role, scope) = (assignments.role(a), assignments.scope(a));
            let end = aims.ends.get(&End::Grant(RoleValue::Captured(role), scope));
            let is_meant = || ends.roles.as_ref().is_some_and(|roles| roles.truth(self, role).is_true());
            if (end.is_some() || is_meant()) && self.in_state(a, grant.adjectives).is_true() {
                own.ends.extend(end);
                if is_meant() {
                    own.meant_at.push(scope);
                }
            }
        }
        own
    }
}

impl Aims {
    fn choice_count(&self) -> u32 {
        self.choices.last().map_or(0, |numbers| numbers.end)
    }

    fn add(
        &mut self,
        node: u32,
        target: &Target,
        given: &FxHashMap<ScopeId, Vec<RoleValue>>,
        chosen: &FxHashMap<End, u32>,
    ) {
        let choice = chosen.get(&target.end).copied().filter(|_| target.hold.is_none());
        let (kind, end) = match (target.end, target.hold) {
            (End::Grant(_, scope), None) => {
                let is_one_of_many = given[&scope].len() > 1 && choice.is_none();
                let all = End::Grant(RoleValue::BuiltIn(Guid::ZERO), scope);
                (Kind::Given(scope), if is_one_of_many { all } else { target.end })
            }
            (end @ End::Grant(..), Some(_)) => (Kind::Held, end),
            (end, _) => (Kind::Any, end),
        };
        let next = self.ends.len() as u32;
        let end = *self.ends.entry(end).or_insert(next);
        self.aims.push(Aim { node, end, kind, is_sure: target.truth.is_true(), choice });
    }
}

/// Below so many sources times nodes, a walk is over sooner than a thread is started.
const WORTH_A_THREAD: usize = 10_000_000;

impl Setting<'_> {
    fn counts(&self, sources: &[PrincipalId], own: &[Own]) -> Vec<Ended> {
        let batches: Vec<_> = sources.chunks(Many::MOST).zip(own.chunks(Many::MOST)).collect();
        let threads = match sources.len() * self.routes.len() {
            work if work < WORTH_A_THREAD => 1,
            _ => std::thread::available_parallelism().map_or(1, usize::from).min(batches.len()),
        };
        let next = AtomicUsize::new(0);
        let work = || {
            let mut walks = Walks::new(self);
            let mut done = vec![];
            loop {
                let number = next.fetch_add(1, Relaxed);
                let Some((sources, own)) = batches.get(number) else { return done };
                done.push((number, walks.counts(sources, own)));
            }
        };
        let mut done = on_threads(threads, work);
        done.sort_by_key(|(number, _)| *number);
        done.into_iter().flat_map(|(_, counts)| counts).collect()
    }
}

/// The walks of a rule, one batch of sources after the other.
struct Walks<'s> {
    setting: &'s Setting<'s>,
    sure: Crowd<'s>,
    perhaps: Option<Crowd<'s>>,
    /// Who comes to each end surely, and who perhaps.
    sure_ends: Vec<Many>,
    perhaps_ends: Vec<Many>,
    /// Who is given each of several roles.
    chosen: Vec<Many>,
    /// To whom an end is no news, because they hold the same or hold a role that is meant there.
    holds: Vec<Many>,
    holds_at: FxHashMap<ScopeId, Many>,
}

impl<'s> Walks<'s> {
    fn new(setting: &'s Setting<'s>) -> Self {
        let (routes, ends) = (setting.routes, setting.aims.ends.len());
        let perhaps = || Crowd::new(routes, false, setting.through.map(|(_, perhaps)| perhaps));
        Walks {
            setting,
            sure: Crowd::new(routes, true, setting.through.map(|(sure, _)| sure)),
            perhaps: (setting.is_unsure || !routes.doubts.is_none()).then(perhaps),
            sure_ends: vec![Many::NONE; ends],
            perhaps_ends: vec![Many::NONE; ends],
            chosen: vec![Many::NONE; setting.aims.choice_count() as usize],
            holds: vec![Many::NONE; ends],
            holds_at: FxHashMap::default(),
        }
    }

    fn counts(&mut self, sources: &[PrincipalId], own: &[Own]) -> Vec<Ended> {
        for all in [&mut self.sure_ends, &mut self.perhaps_ends, &mut self.chosen, &mut self.holds] {
            all.fill(Many::NONE);
        }
        self.holds_at.clear();
        for (place, own) in own.iter().enumerate() {
            for &end in &own.ends {
                self.holds[end as usize] |= Many::one(place);
            }
            for &scope in &own.meant_at {
                *self.holds_at.entry(scope).or_insert(Many::NONE) |= Many::one(place);
            }
        }
        self.sure.walk(sources, None);
        if let Some(perhaps) = &mut self.perhaps {
            perhaps.walk(sources, Some(&self.sure).filter(|_| !self.setting.is_unsure));
        }
        let through = self.setting.through;
        for aim in &self.setting.aims.aims {
            let news = !self.no_news(aim);
            let surely = who(&self.sure, aim, through.map(|(sure, _)| sure)) & news;
            let perhaps = self.perhaps.as_ref();
            let perhaps = perhaps.map(|crowd| who(crowd, aim, through.map(|(_, perhaps)| perhaps)) & news);
            if aim.is_sure {
                self.sure_ends[aim.end as usize] |= surely;
            }
            self.perhaps_ends[aim.end as usize] |= surely | perhaps.unwrap_or_default();
            if let Some(choice) = aim.choice {
                self.chosen[choice as usize] |= surely | perhaps.unwrap_or_default();
            }
        }
        self.count(sources.len())
    }

    /// To whom reaching it is no news.
    fn no_news(&self, aim: &Aim) -> Many {
        match aim.kind {
            Kind::Any => Many::NONE,
            Kind::Held => self.holds[aim.end as usize],
            Kind::Given(_) if self.holds_at.is_empty() => Many::NONE,
            Kind::Given(scope) => {
                let holders =
                    self.setting.inventory.scopes.chain(scope).filter_map(|s| self.holds_at.get(&s));
                holders.fold(Many::NONE, |all, &some| all | some)
            }
        }
    }

    fn count(&self, sources: usize) -> Vec<Ended> {
        let mut counts = vec![(0, 0); sources];
        for (&surely, &perhaps) in self.sure_ends.iter().zip(&self.perhaps_ends) {
            surely.places().for_each(|place| counts[place].0 += 1);
            (perhaps & !surely).places().for_each(|place| counts[place].1 += 1);
        }
        let mut several = Many::NONE;
        for roles in &self.setting.aims.choices {
            roles.clone().fold(Many::NONE, |before, role| {
                several |= before & self.chosen[role as usize];
                before | self.chosen[role as usize]
            });
        }
        let mut ended: Vec<Ended> =
            counts.into_iter().map(|(surely, perhaps)| Ended::Count(surely, perhaps)).collect();
        several.places().for_each(|place| ended[place] = Ended::Some);
        ended
    }
}

/// Who comes to what is reached at a node, by a way through whom they must.
fn who(crowd: &Crowd<'_>, aim: &Aim, through: Option<&[bool]>) -> Many {
    let Some(through) = through else { return crowd.at(aim.node, true, true, true) };
    match aim.kind {
        Kind::Any => crowd.at(aim.node, true, true, true),
        Kind::Held => {
            let is_met = through[aim.node as usize];
            crowd.at(aim.node, true, is_met, is_met)
        }
        Kind::Given(_) => crowd.at(aim.node, true, true, false),
    }
}
