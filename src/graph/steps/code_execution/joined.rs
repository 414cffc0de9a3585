//! Rows that ask for two actions, of which one is held and the other can be given to whoever holds it; or both can be given.

use super::{asked, asks_for_more, asks_identity};
use crate::azure::code_execution::{self, CodeExecution};
use crate::azure::permission::Plane;
use crate::graph::Certainty;
use crate::graph::control::{EVERYTHING, Node, Step, UNSAID};
use crate::graph::rights::{ASSIGN_IDENTITY, Caller, Holding};
use crate::graph::steps::Laying;
use crate::inventory::{PrincipalId, ScopeId};
use std::collections::BTreeMap;
use std::rc::Rc;

/// An action, and the scope on which it is carried out.
type Ask = (Plane, &'static str, ScopeId);

/// What can be given: its node, what it is, and where.
type Gift = (u32, Holding, ScopeId);

/// Those who have the same of what is asked for, each of it so surely.
struct Others {
    has: Vec<Certainty>,
    nodes: Vec<u32>,
}

impl Laying<'_, '_, '_> {
    /// Lays what somebody who can be given an action does together with somebody who has the others.
    pub(in crate::graph::steps) fn joined(&mut self) {
        let given = self.given();
        if given.is_empty() {
            return;
        }
        for index in 0..self.ground.hosts.len() {
            let place = &self.ground.hosts[index];
            let rows = self.ground.types[place.host_type].rows.iter().copied();
            let rows: Vec<_> = rows.filter(|row| asks_for_more(row) || asks_identity(row)).collect();
            if rows.is_empty() {
                continue;
            }
            let (scope, identities) = (place.scope, place.identities.clone());
            for row in rows {
                let asks: Vec<Ask> = asked(row).map(|(plane, action)| (plane, action, scope)).collect();
                if !asks_identity(row) {
                    self.join(index, row, &asks, None, &identities, &given);
                    continue;
                }
                for &identity in &identities {
                    let Some(node) = self.builder.inventory.principals.node(identity) else { continue };
                    let assign = (Plane::Control, ASSIGN_IDENTITY, node);
                    let asks: Vec<Ask> = asks.iter().copied().chain([assign]).collect();
                    self.join(index, row, &asks, Some(identity), &[identity], &given);
                }
            }
        }
    }

    /// Lays it for one row on a host; the row also asks for the right to assign `each` identity, where it does.
    fn join(
        &mut self,
        index: usize,
        row: &'static CodeExecution,
        asks: &[Ask],
        each: Option<PrincipalId>,
        identities: &[PrincipalId],
        given: &[Gift],
    ) {
        let gives = |holding: Holding| self.gives_some_of(holding, asks);
        let halves: Vec<&Gift> = given.iter().filter(|gift| gives(gift.1)).collect();
        if halves.is_empty() {
            return;
        }
        let others = self.others(asks, &halves);
        let (entity, unnamed) = (self.ground.hosts[index].entity, self.ground.hosts[index].unnamed);
        for &&(from, holding, scope) in &halves {
            let own = self.has_each(&self.builder.rights.somebody(holding, scope), asks);
            for (kind, Others { has, nodes }) in &others {
                let both = own.iter().zip(has).map(|(a, b)| a.or(*b)).fold(Certainty::Held, Certainty::and);
                // Whoever needs nobody is asked for by themselves.
                let alone = all_of(&own).rank().max(all_of(has).rank());
                if both.rank() <= alone {
                    continue;
                }
                let part = Node::Part(entity, each, part_number(row, *kind));
                let known = self.builder.find(part);
                let part = self.builder.node(part);
                for &node in nodes.iter().filter(|_| known.is_none()) {
                    self.builder.edge(node, part, None, Certainty::Held);
                }
                for &identity in identities {
                    self.builder.pair(from, part, identity.0, Step::CodeExecution, both);
                }
                if unnamed && each.is_none() {
                    let unnamed = self.builder.node(Node::Unnamed);
                    self.builder.pair(from, part, unnamed, Step::CodeExecution, both.and(UNSAID));
                }
            }
        }
    }

    /// Whoever may have some of what is asked for, by what they hold or by what can be given: those together who have the same
    /// of it as surely.
    fn others(&mut self, asks: &[Ask], halves: &[&Gift]) -> BTreeMap<u16, Others> {
        let rights = self.builder.rights;
        let mut callers: BTreeMap<u32, Rc<Caller>> = BTreeMap::new();
        for &(plane, action, scope) in asks {
            let gives = |holding: Holding| rights.grants(holding, plane, action).is_possible();
            callers.extend(self.builder.callers_at(scope, gives));
        }
        let somebody = |&&(node, holding, at): &&Gift| (node, Rc::new(rights.somebody(holding, at)));
        callers.extend(halves.iter().map(somebody));
        let mut others: BTreeMap<u16, Others> = BTreeMap::new();
        for (node, caller) in callers {
            let has = self.has_each(&caller, asks);
            let kind = has.iter().fold(0, |kind, one| kind << 2 | u16::from(one.rank()));
            if kind == 0 {
                continue;
            }
            let same = others.entry(kind).or_insert_with(|| Others { has: has.clone(), nodes: vec![] });
            // As surely, but perhaps for want of something else.
            same.has.iter_mut().zip(&has).for_each(|(all, one)| *all = all.or(*one));
            same.nodes.push(node);
        }
        others
    }

    /// Whether a role grants some of what is asked for; every role at once only where it is asked on several scopes, as it
    /// gives all or nothing of the others.
    fn gives_some_of(&self, holding: Holding, asks: &[Ask]) -> bool {
        if holding == EVERYTHING {
            return asks.iter().any(|ask| ask.2 != asks[0].2);
        }
        let grants = |ask: &Ask| self.builder.rights.grants(holding, ask.0, ask.1).is_possible();
        asks.iter().any(grants)
    }

    /// How surely a caller has each of what is asked for.
    fn has_each(&self, caller: &Caller, asks: &[Ask]) -> Vec<Certainty> {
        asks.iter()
            .map(|&(plane, action, scope)| self.builder.rights.may(caller, plane, action, scope))
            .collect()
    }
}

/// How surely all of it is had.
fn all_of(has: &[Certainty]) -> Certainty {
    has.iter().copied().fold(Certainty::Held, Certainty::and)
}

/// Tells apart who has a part of what a row asks for.
fn part_number(row: &CodeExecution, kind: u16) -> u16 {
    let row = code_execution::rows().iter().position(|other| std::ptr::eq(other, row));
    (row.unwrap_or_default() as u16) << 6 | kind
}
