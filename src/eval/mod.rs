//! Plan and inventory to verdicts: three-valued, total, and the same for the same input.

mod count;
mod cut;
mod ends;
mod entity;
mod explore;
mod find;
mod findings;
mod grant;
mod memo;
mod names;
mod path;
mod path_counts;
mod path_facts;
mod predicate;
mod reach;
mod reach_all;
mod read;
mod role;
mod rule;
mod select;
mod stock;
mod time;
mod value;
mod waive;
mod who;
mod words;

pub use explore::{Explorer, cuts};
pub use find::{Found, find};
pub use time::date_time;

use crate::check::plan::{Plan, RoleSet, Rule, ScopeClause, Selector, Statement};
use crate::graph::{Closure, ControlGraph, Removed, Rights};
use crate::inventory::{Collection, Inventory, Missing, PrincipalId};
use crate::verdict::{CoverageFact, Finding, Further, RuleVerdict, Verdicts};
use rustc_hash::FxHashMap;
use select::ScopeMatcher;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};

/// What a run is told besides its plan and its inventory.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `--as-of`, seconds since 1970-01-01 UTC; else the capture time is `today`.
    pub as_of: Option<i64>,
    /// What the user asserted, in words; printed in every report.
    pub assumptions: Vec<String>,
    /// How many findings of a rule are looked at one by one: those that come first by verdict and sentence. The others are
    /// only counted ([`Verdicts::further`]). None: all are put into words.
    pub shown: Option<usize>,
}

/// What is worked out once for all rules of a run, when the first of them asks.
#[derive(Default)]
struct Shared {
    graph: OnceLock<ControlGraph>,
    /// Who is in each group, by principal.
    closures: OnceLock<Vec<OnceLock<Arc<Closure>>>>,
}

/// The inventory, the day, and what was worked out once.
pub(crate) struct Evaluator<'a> {
    pub(crate) inventory: &'a Inventory,
    pub(crate) today: Option<i64>,
    shared: Arc<Shared>,
    rights: OnceCell<Rights<'a>>,
    matchers: RefCell<FxHashMap<*const ScopeClause, Rc<ScopeMatcher<'a>>>>,
    paths: path::PathRules<'a>,
    shown: Option<usize>,
}

impl<'a> Evaluator<'a> {
    fn new(inventory: &'a Inventory, options: &Options) -> Self {
        Evaluator::sharing(inventory, options, Arc::default())
    }

    fn sharing(inventory: &'a Inventory, options: &Options, shared: Arc<Shared>) -> Self {
        Evaluator {
            inventory,
            today: options.as_of.or(inventory.time),
            shared,
            rights: OnceCell::new(),
            matchers: RefCell::default(),
            paths: path::PathRules::default(),
            shown: options.shown,
        }
    }

    /// The same, without some assignments and attachments.
    fn without(&self, removed: Removed) -> Evaluator<'a> {
        let rights = Rights::new(self.inventory, self.today).without(removed);
        Evaluator {
            inventory: self.inventory,
            today: self.today,
            shared: Arc::default(),
            rights: OnceCell::from(rights),
            matchers: RefCell::default(),
            paths: path::PathRules::default(),
            shown: None,
        }
    }

    /// What may be done on the day.
    fn rights(&self) -> &Rights<'a> {
        self.rights.get_or_init(|| Rights::new(self.inventory, self.today))
    }

    /// Who can become whom on the day.
    fn graph(&self) -> &ControlGraph {
        self.shared.graph.get_or_init(|| ControlGraph::new(self.rights()))
    }

    /// The transitive members of a group.
    fn closure(&self, group: PrincipalId) -> Arc<Closure> {
        let groups = self.inventory.principals.len();
        let all = self.shared.closures.get_or_init(|| (0..groups).map(|_| OnceLock::new()).collect());
        all[group.index()].get_or_init(|| Arc::new(Closure::of(self.inventory, group, |_| false))).clone()
    }

    /// What of those collections was not captured completely.
    fn missing(&self, collections: &[Collection]) -> Missing {
        self.inventory.coverage.missing(collections)
    }

    /// A scope clause made ready, once.
    fn matcher(&self, clause: &'a ScopeClause) -> Rc<ScopeMatcher<'a>> {
        let key: *const ScopeClause = clause;
        if let Some(known) = self.matchers.borrow().get(&key) {
            return known.clone();
        }
        let matcher = Rc::new(ScopeMatcher::new(self, clause));
        self.matchers.borrow_mut().insert(key, matcher.clone());
        matcher
    }
}

/// What one rule came to, and which waivers it used.
struct Decided {
    verdict: RuleVerdict,
    findings: Vec<Finding>,
    further: Option<Further>,
    used: Vec<bool>,
}

/// Below so many facts a rule is decided sooner than a thread is started.
const WORTH_A_THREAD: usize = 10_000;

/// Two things at once, where there are enough facts: the first on another thread.
fn both<A: Send, B>(
    inventory: &Inventory,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B,
) -> (A, B) {
    if inventory.assignments.len() + inventory.principals.len() < WORTH_A_THREAD {
        return (one(), other());
    }
    std::thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        match one.join() {
            Ok(one) => (one, other),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// The same work on so many threads, each of which takes what no other has taken; what all of them did.
fn on_threads<T: Send>(threads: usize, work: impl Fn() -> Vec<T> + Sync) -> Vec<T> {
    if threads < 2 {
        return work();
    }
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(&work)).collect();
        let mut done = work();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    })
}

/// How much work a rule is, roughly.
fn weight(rule: &Rule) -> u8 {
    match &rule.statement {
        Statement::Path(_) => 4,
        Statement::Select(_, Some(_)) => 3,
        Statement::Select(selector, None)
        | Statement::RequireSome(selector)
        | Statement::RequireEvery(selector, _) => match selector {
            // Of one among many roles there are few assignments.
            Selector::Grant(grant) => match grant.roles.set {
                Some(RoleSet::Names(_)) => 1,
                _ => 2,
            },
            Selector::Entity(_) => 0,
        },
    }
}

/// The rules of a plan that no thread has taken: those that are much work first, so that none of them is what the others wait
/// for at the end.
struct Untaken<'p> {
    plan: &'p Plan,
    /// Rules about paths, by number, and how many are taken; then the others.
    paths: (Vec<usize>, AtomicUsize),
    others: (Vec<usize>, AtomicUsize),
    /// Whether a thread makes the graph of control, for which those about paths wait.
    is_begun: AtomicBool,
}

impl<'p> Untaken<'p> {
    fn of(plan: &'p Plan) -> Self {
        let mut order: Vec<usize> = (0..plan.rules.len()).collect();
        order.sort_by_key(|&index| std::cmp::Reverse(weight(&plan.rules[index])));
        let is_path = |&index: &usize| matches!(plan.rules[index].statement, Statement::Path(_));
        let (paths, others) = order.into_iter().partition(is_path);
        Untaken {
            plan,
            paths: (paths, AtomicUsize::new(0)),
            others: (others, AtomicUsize::new(0)),
            is_begun: AtomicBool::new(false),
        }
    }

    /// The next one, by its number. While one thread makes the graph of control, the others are given what needs none.
    fn next(&self, shared: &Shared) -> Option<(usize, &'p Rule)> {
        let take =
            |(rules, taken): &(Vec<usize>, AtomicUsize)| rules.get(taken.fetch_add(1, Relaxed)).copied();
        // Whoever asks first makes it, if there is a rule about paths.
        let waits = shared.graph.get().is_none() && self.is_begun.swap(true, Relaxed);
        let next = match waits {
            true => take(&self.others).or_else(|| take(&self.paths)),
            false => take(&self.paths).or_else(|| take(&self.others)),
        };
        next.map(|index| (index, &self.plan.rules[index]))
    }
}

/// Every rule, in the order of the plan. Rules share nothing but what they read, so each thread takes the next one.
fn decide(plan: &Plan, inventory: &Inventory, options: &Options) -> Vec<Decided> {
    let threads = match inventory.assignments.len() + inventory.principals.len() {
        facts if facts < WORTH_A_THREAD => 1,
        _ => std::thread::available_parallelism().map_or(1, usize::from).min(plan.rules.len()),
    };
    let untaken = Untaken::of(plan);
    let shared: Arc<Shared> = Arc::default();
    let work = || {
        let evaluator = Evaluator::sharing(inventory, options, shared.clone());
        let mut decided = vec![];
        while let Some((index, rule)) = untaken.next(&shared) {
            let mut used = vec![false; plan.waivers.len()];
            let (verdict, findings, further) = evaluator.rule(rule, &plan.waivers, &mut used);
            decided.push((index, Decided { verdict, findings, further, used }));
        }
        decided
    };
    let mut decided = on_threads(threads, work);
    decided.sort_by_key(|(index, _)| *index);
    decided.into_iter().map(|(_, decided)| decided).collect()
}

/// Decides every rule of the plan.
pub fn evaluate(plan: &Plan, inventory: &Inventory, options: &Options) -> Verdicts {
    let evaluator = Evaluator::new(inventory, options);
    let mut verdicts = Verdicts {
        as_of: evaluator.today.map(time::date_time).unwrap_or_default(),
        coverage: coverage(inventory),
        assumptions: options.assumptions.clone(),
        ..Verdicts::default()
    };
    let mut used = vec![false; plan.waivers.len()];
    for decided in decide(plan, inventory, options) {
        verdicts.rules.push(decided.verdict);
        verdicts.findings.extend(decided.findings);
        verdicts.further.extend(decided.further);
        used.iter_mut().zip(decided.used).for_each(|(used, by_this)| *used |= by_this);
    }
    verdicts.rules.sort_by(|a, b| a.id.cmp(&b.id));
    verdicts.findings.sort_by(|a, b| {
        (&a.rule, &a.subject, &a.assignment, &a.fingerprint).cmp(&(
            &b.rule,
            &b.subject,
            &b.assignment,
            &b.fingerprint,
        ))
    });
    let ids: Vec<&str> = plan.rules.iter().map(|r| r.id.as_str()).collect();
    verdicts.waivers = evaluator.waiver_notices(&plan.waivers, &ids, &used);
    verdicts
}

/// How much of every collection was captured.
pub fn coverage(inventory: &Inventory) -> Vec<CoverageFact> {
    Collection::ALL
        .iter()
        .map(|&c| CoverageFact {
            collection: c.key().to_owned(),
            extent: inventory.coverage.extent(c).word().to_owned(),
            reason: inventory.coverage.reason(c).to_owned(),
        })
        .collect()
}
