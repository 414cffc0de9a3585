//! Reach (paths.md): what somebody controls and holds by steps of every kind, counted.

use super::paths::Question;
use super::rights::{Actor, Held, Quality, Rights};
use super::scopes::{self, Level};
use super::steps::Steps;
use super::truth::Truth::{No, Yes};
use super::world::{Who, World};
use dictum::syntax::ast::{self, Noun, Statement};
use std::collections::BTreeSet;

/// How far somebody reaches, and whether it may be farther.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reach {
    pub identities: usize,
    pub scopes: usize,
    pub resources: usize,
    pub writable_resources: usize,
    pub subscriptions: usize,
    pub open: bool,
}

/// The reach of a principal.
pub(crate) fn reach(world: &World<'_>, id: &str) -> Reach {
    let file = super::parsed("policy p\nrule r\n  deny path from principal to principal\n");
    let Some(ast::Item::Rule(rule)) = file.items.first() else { unreachable!("one rule") };
    let Statement::Path { path, .. } = &rule.statement else { unreachable!("about paths") };
    let steps = Steps::new(Rights::new(world));
    let question = Question::new(world, &steps, path);
    let source = Actor::Person { who: steps.rights.number(id), weak: false };
    let sure = counted(world, &question, source, Quality::Potential);
    let most = counted(world, &question, source, Quality::Unknown);
    Reach { open: sure != most || !question.missing().is_empty(), ..sure }
}

fn counted(world: &World<'_>, question: &Question<'_>, source: Actor, layer: Quality) -> Reach {
    let rights = &question.steps.rights;
    let t = world.tenant;
    let (things, somewhere) = question.things(source, layer);
    let mut identities = BTreeSet::new();
    let mut held: BTreeSet<usize> = BTreeSet::new();
    for thing in &things {
        match *thing {
            Actor::Person { who, .. } => {
                let managed = world.is_kind(&Who::Id(rights.people[who].clone()), Noun::ManagedIdentity);
                let managed = if layer == Quality::Unknown { managed != No } else { managed == Yes };
                if managed && *thing != source {
                    identities.insert(who);
                }
                let counts = |a: &&Held| rights.counts(*thing, a) >= layer;
                held.extend(rights.held.iter().filter(counts).map(|a| a.scope));
            }
            Actor::Power { scope, .. } => {
                held.insert(scope);
            }
            Actor::Somebody { .. } => {}
        }
    }
    let may = |operation: &str, scope: usize| {
        let operation = world.paths.borrow_mut().operation(operation, false);
        things.iter().any(|thing| rights.may(*thing, operation, scope) >= layer)
    };
    let mut resources = 0;
    let mut writable = 0;
    for x in &t.resources {
        let kind = scopes::resource_type(&x.id);
        let place = rights.place(&x.id);
        let writes = may(&format!("{kind}/write"), place);
        // What it holds inside is about what is inside.
        let inside = held.iter().any(|scope| {
            let own = scopes::resource_type(&rights.scopes[*scope]);
            *scope != place
                && rights.above(place, *scope) == Yes
                && (may(&format!("{own}/read"), *scope) || may(&format!("{own}/write"), *scope))
        });
        writable += usize::from(writes);
        resources += usize::from(writes || inside || may(&format!("{kind}/read"), place));
    }
    let related = |subscription: usize| {
        held.iter().any(|scope| {
            let truth = rights.above(*scope, subscription).or(rights.above(subscription, *scope));
            if layer == Quality::Unknown { truth != No } else { truth == Yes }
        })
    };
    let subscriptions = (0..rights.scopes.len()).filter(|scope| rights.level(*scope) == Level::Subscription);
    Reach {
        identities: identities.len(),
        scopes: held.len(),
        resources,
        writable_resources: writable,
        subscriptions: subscriptions.filter(|scope| related(*scope)).count(),
        open: somewhere,
    }
}
