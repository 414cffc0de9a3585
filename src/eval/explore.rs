//! Questions about one tenant that no rule asks: what somebody reaches, who may do something, what closes a path.

use super::{Evaluator, Options};
use crate::azure::Plane;
use crate::check::plan::Plan;
use crate::inventory::{Entity, Inventory, ScopeId};
use crate::verdict::{CutFact, ReachFact, ReachLine, WhoFact};

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

    /// Who may carry out some of the actions on a scope, each principal once for each action, the surest way first.
    pub fn who_can(&self, actions: &[(Plane, String)], on: ScopeId) -> Vec<WhoFact> {
        self.evaluator.who_can(actions, on)
    }
}

/// What closes the paths that the rules of a plan find: all of them, or the finding of a fingerprint. Each with its rule's id,
/// in the order of the findings.
pub fn cuts(
    _plan: &Plan,
    _inventory: &Inventory,
    _options: &Options,
    _fingerprint: Option<&str>,
) -> Vec<(String, CutFact)> {
    vec![]
}

impl<'a> Evaluator<'a> {
    fn reach_of(&self, _of: Entity) -> Option<ReachFact> {
        None
    }
    fn reach_of_all(&self) -> Vec<ReachLine> {
        vec![]
    }
    fn who_can(&self, _actions: &[(Plane, String)], _on: ScopeId) -> Vec<WhoFact> {
        vec![]
    }
}
