//! Questions about one tenant that no rule asks: what somebody reaches, who may do something, what closes a path.

use super::{Evaluator, Options};
use crate::azure::Plane;
use crate::check::plan::Plan;
use crate::inventory::{Collection, Entity, Inventory, ScopeId};
use crate::verdict::{CutFact, MissingData, ReachFact, ReachLine, Subject, WhoFact};

/// Answers questions about a captured tenant on a day.
pub struct Explorer<'a> {
    evaluator: Evaluator<'a>,
}

impl<'a> Explorer<'a> {
    /// Of an inventory, as a run of rules would see it.
    pub fn new(inventory: &'a Inventory, options: &Options) -> Explorer<'a> {
        Explorer { evaluator: Evaluator::new(inventory, options) }
    }

    /// What a principal or a resource reaches; `None` for anything else.
    pub fn reach(&self, of: Entity) -> Option<ReachFact> {
        self.evaluator.reach_of(of)
    }

    /// How far every principal reaches, in the order of their ids.
    pub fn reach_of_all(&self) -> Vec<ReachLine> {
        self.evaluator.reach_of_all()
    }

    /// An entity as reports name it.
    pub fn subject(&self, of: Entity) -> Subject {
        self.evaluator.subject(of, None)
    }

    /// An entity in the language's own words: `user_assigned "mi-app"`.
    pub fn phrase(&self, of: Entity) -> String {
        self.evaluator.phrase(of)
    }

    /// Those of the collections that were not captured completely, with the command that captures each.
    pub fn incomplete(&self, collections: &[Collection]) -> Vec<MissingData> {
        self.evaluator.missing_data(self.evaluator.lacking(self.evaluator.missing(collections)))
    }

    /// Who may carry out some of the actions on a scope, each principal once for each action, the surest way first.
    pub fn who_can(&self, actions: &[(Plane, String)], on: ScopeId) -> Vec<WhoFact> {
        self.evaluator.who_can(actions, on)
    }
}

/// What closes the paths that the rules of a plan find: all of them, or the finding of a fingerprint. Each with its rule's id,
/// in the order of the findings.
pub fn cuts(
    plan: &Plan,
    inventory: &Inventory,
    options: &Options,
    fingerprint: Option<&str>,
) -> Vec<(String, CutFact)> {
    Evaluator::new(inventory, options).cuts(plan, fingerprint)
}
