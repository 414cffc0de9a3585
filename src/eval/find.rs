//! `find`: the sentence without its verb, as a query.

use super::findings::Raw;
use super::grant::GrantRun;
use super::rule::Outcome;
use super::{Evaluator, Options};
use crate::check::plan::Selector;
use crate::inventory::{Inventory, PrincipalId, RoleId, ScopeId};
use crate::verdict::{Finding, MissingData, Verdict};
use rustc_hash::FxHashSet;

/// What a query found.
#[derive(Debug, Default)]
pub struct Found {
    /// The facts for which the sentence is true, one for each fact and holder, in the order of (subject, assignment).
    pub facts: Vec<Finding>,
    /// Those that are undecided, with the reason; facts that a collection would decide are folded into it.
    pub undecided: Vec<Finding>,
    /// Collections that the query needs and that were not captured completely.
    pub incomplete: Vec<MissingData>,
    /// Names in the query that name nothing, in words.
    pub notes: Vec<String>,
    /// How many distinct facts (assignments, entities) are true.
    pub count: u64,
    /// How many distinct holders, or principals among the entities.
    pub principals: u64,
    /// How many distinct roles.
    pub roles: u64,
    /// How many distinct scopes.
    pub scopes: u64,
}

/// Every captured fact that the selector means.
pub fn find(selector: &Selector, inventory: &Inventory, options: &Options) -> Found {
    let evaluator = Evaluator::new(inventory, options);
    let mut principals: FxHashSet<PrincipalId> = FxHashSet::default();
    let mut roles: FxHashSet<RoleId> = FxHashSet::default();
    let mut scopes: FxHashSet<ScopeId> = FxHashSet::default();
    let outcome = match selector {
        Selector::Grant(grant) => {
            let matches = GrantRun::new(&evaluator, grant).matches(&evaluator);
            for held in matches.held.iter().filter(|h| h.truth.is_true()) {
                principals.insert(held.holder);
                roles.insert(inventory.assignments.role(held.assignment));
                scopes.insert(inventory.assignments.scope(held.assignment));
            }
            evaluator.found_grants(grant, Verdict::Deny, |found| {
                matches.held.into_iter().for_each(found);
                (matches.examined, matches.open_groups)
            })
        }
        Selector::Entity(selector) => {
            let matches = evaluator.select(selector);
            let mut outcome = Outcome { examined: matches.examined, ..Outcome::default() };
            for (entity, truth) in matches.found {
                if truth.is_true() {
                    principals.extend(entity.principal());
                    roles.extend(entity.role());
                    scopes.extend(entity.scope());
                    if let Some(a) = entity.assignment() {
                        principals.insert(inventory.assignments.assignee(a));
                        roles.insert(inventory.assignments.role(a));
                        scopes.insert(inventory.assignments.scope(a));
                    }
                }
                outcome.entity(entity, truth, Verdict::Deny);
            }
            outcome
        }
    };
    let words = |raws: &[Raw]| {
        let mut findings: Vec<Finding> = raws.iter().map(|raw| evaluator.finding("", raw)).collect();
        findings.sort_by(|a, b| (&a.subject, &a.assignment).cmp(&(&b.subject, &b.assignment)));
        findings
    };
    let lacking = evaluator.lacking_for(selector);
    Found {
        facts: words(&outcome.findings),
        undecided: words(&outcome.undecided.behind(vec![])),
        incomplete: evaluator.missing_data(lacking),
        notes: evaluator.names_of(selector).notes,
        count: outcome.selected,
        principals: principals.len() as u64,
        roles: roles.len() as u64,
        scopes: scopes.len() as u64,
    }
}
