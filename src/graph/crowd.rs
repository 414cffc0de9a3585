//! Many at once: to which places each of some hundred principals comes, in one walk. It says who comes where; how, the
//! [`Ways`](super::Ways) of one tell.

use super::control::{ControlGraph, Edge, Node, Step};
use super::search::{Question, Useful};
use crate::inventory::{Missing, PrincipalId};
use std::ops::{BitAnd, BitOr, BitOrAssign, Not};

/// How many words of sources go together.
const WORDS: usize = 4;

/// Some of the sources of a walk.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Many([u64; WORDS]);

impl Many {
    /// None of them.
    pub const NONE: Many = Many([0; WORDS]);
    /// How many sources a walk has at most.
    pub const MOST: usize = 64 * WORDS;

    /// One of them, by its place among the sources.
    pub fn one(place: usize) -> Many {
        let mut one = Many::NONE;
        one.0[place / 64] |= 1 << (place % 64);
        one
    }

    /// Whether there are none.
    pub fn is_none(self) -> bool {
        self == Many::NONE
    }

    /// The places of those that there are, ascending.
    pub fn places(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(at, mut word)| {
            std::iter::from_fn(move || {
                let place = 64 * at + word.trailing_zeros() as usize;
                let some = word != 0;
                word &= word.wrapping_sub(1);
                some.then_some(place)
            })
        })
    }
}

impl BitAnd for Many {
    type Output = Many;

    fn bitand(self, other: Many) -> Many {
        Many(std::array::from_fn(|at| self.0[at] & other.0[at]))
    }
}

impl BitOr for Many {
    type Output = Many;

    fn bitor(self, other: Many) -> Many {
        Many(std::array::from_fn(|at| self.0[at] | other.0[at]))
    }
}

impl BitOrAssign for Many {
    fn bitor_assign(&mut self, other: Many) {
        *self = *self | other;
    }
}

impl Not for Many {
    type Output = Many;

    fn not(self) -> Many {
        Many(std::array::from_fn(|at| !self.0[at]))
    }
}

/// What a place is besides its node, as in [`Place`](super::Place).
const BEYOND: usize = 1;
const MET: usize = 2;
const OWN: usize = 4;

/// No number.
const NOTHING: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Lead {
    to: u32,
    is_step: bool,
    is_beyond: bool,
    is_sure: bool,
    is_principal: bool,
}

struct Both {
    first: u32,
    second: u32,
    lead: Lead,
    /// Whether the second gives what is had, as the first does.
    gives_too: bool,
}

/// What of a graph leads to the ends of a question, by steps that it admits.
pub struct Routes {
    /// The number of each node of the graph here.
    numbers: Vec<u32>,
    /// Of each principal, the number here of the group that it is when a managed identity or service principal joins it.
    lent: Vec<u32>,
    starts: Vec<u32>,
    leads: Vec<Lead>,
    pair_starts: Vec<u32>,
    pairs_of: Vec<u32>,
    pairs: Vec<Both>,
    /// Of each node here, the principal that is controlled there.
    principals: Vec<Option<PrincipalId>>,
    /// How many steps an end is away at least.
    ahead: Vec<u32>,
    at_most: Option<u64>,
    /// What those steps rest on that is not known.
    pub doubts: Missing,
}

impl Routes {
    /// Of a graph, for a question, what is useful for it, and the ends.
    pub fn new(
        graph: &ControlGraph,
        question: &Question<'_>,
        useful: &Useful,
        is_end: impl Fn(u32) -> bool,
    ) -> Routes {
        let mut routes = Routes {
            numbers: vec![NOTHING; graph.len()],
            lent: vec![NOTHING; graph.principals()],
            starts: vec![],
            leads: vec![],
            pair_starts: vec![],
            pairs_of: vec![],
            pairs: vec![],
            principals: vec![],
            ahead: vec![],
            at_most: question.at_most,
            doubts: Missing::NONE,
        };
        let nodes: Vec<(u32, Node)> = graph.nodes().filter(|&(n, _)| useful.contains(n)).collect();
        for (here, &(number, node)) in nodes.iter().enumerate() {
            routes.numbers[number as usize] = here as u32;
            routes.principals.push(graph.principal(number));
            routes.ahead.push(useful.steps(number));
            if let Node::Lent(principal) = node {
                routes.lent[principal.index()] = here as u32;
            }
        }
        let mut pairs_here = vec![NOTHING; graph.pairs().len()];
        for &(number, _) in &nodes {
            routes.starts.push(routes.leads.len() as u32);
            for edge in graph.edges(number) {
                if let Some(lead) = routes.lead(edge, question) {
                    routes.leads.push(lead);
                }
            }
            routes.pair_starts.push(routes.pairs_of.len() as u32);
            for &index in graph.pairs_of(number) {
                let pair = &graph.pairs()[index as usize];
                if pairs_here[index as usize] == NOTHING
                    && let Some(lead) = routes.lead(&pair.edge, question)
                {
                    pairs_here[index as usize] = routes.pairs.len() as u32;
                    routes.pairs.push(Both {
                        first: routes.numbers[pair.first as usize],
                        second: routes.numbers[pair.second as usize],
                        lead,
                        gives_too: pair.edge.step == Some(Step::RoleDefinition),
                    });
                }
                routes.pairs_of.extend(Some(pairs_here[index as usize]).filter(|&here| here != NOTHING));
            }
        }
        routes.starts.push(routes.leads.len() as u32);
        routes.pair_starts.push(routes.pairs_of.len() as u32);
        let ends: Vec<bool> = nodes.iter().map(|&(number, _)| is_end(number)).collect();
        routes.shorten(&ends);
        routes
    }

    /// Leads everything past nodes from which there is one way on, and where nothing is asked: rights on one resource, hosts.
    fn shorten(&mut self, ends: &[bool]) {
        let onward = |routes: &Routes, node: u32| {
            let at = node as usize;
            let is_passed = routes.principals[at].is_none() && !ends[at] && routes.pairs_of(node).is_empty();
            match routes.leads(node) {
                [only] if is_passed => Some(*only),
                _ => None,
            }
        };
        let onward: Vec<Option<Lead>> = (0..self.len() as u32).map(|node| onward(self, node)).collect();
        let further = |lead: &mut Lead| {
            // Round in a circle no way leads on: it is left somewhere.
            for _ in 0..onward.len() {
                let Some(next) = onward[lead.to as usize].filter(|next| !(lead.is_step && next.is_step))
                else {
                    break;
                };
                *lead = Lead {
                    to: next.to,
                    is_step: lead.is_step || next.is_step,
                    is_beyond: lead.is_beyond || next.is_beyond,
                    is_sure: lead.is_sure && next.is_sure,
                    is_principal: next.is_principal,
                };
            }
        };
        self.leads.iter_mut().for_each(further);
        self.pairs.iter_mut().map(|pair| &mut pair.lead).for_each(further);
    }

    fn lead(&mut self, edge: &Edge, question: &Question<'_>) -> Option<Lead> {
        let to = self.numbers[edge.to as usize];
        if to == NOTHING || !question.admits(edge) {
            return None;
        }
        self.doubts = self.doubts.and(edge.certainty.missing());
        Some(Lead {
            to,
            is_step: edge.step.is_some(),
            is_beyond: edge.step.is_some_and(|step| step != Step::Membership),
            is_sure: edge.certainty.is_sure(),
            is_principal: self.principals[to as usize].is_some(),
        })
    }

    /// How many nodes lead to an end.
    pub fn len(&self) -> usize {
        self.principals.len()
    }

    /// Whether none does.
    pub fn is_empty(&self) -> bool {
        self.principals.is_empty()
    }

    /// The number here of a node of the graph; `None` where it leads to no end.
    pub fn number(&self, node: u32) -> Option<u32> {
        Some(self.numbers[node as usize]).filter(|&here| here != NOTHING)
    }

    /// For each node here whether a principal of that kind is controlled there.
    pub fn controls(&self, is_of_kind: impl Fn(PrincipalId) -> bool) -> Vec<bool> {
        self.principals.iter().map(|principal| principal.is_some_and(&is_of_kind)).collect()
    }

    fn leads(&self, node: u32) -> &[Lead] {
        &self.leads[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }

    fn pairs_of(&self, node: u32) -> &[u32] {
        &self.pairs_of[self.pair_starts[node as usize] as usize..self.pair_starts[node as usize + 1] as usize]
    }
}

/// Who is at a place.
#[derive(Clone, Copy, Default)]
struct Spot {
    place: u32,
    /// Everybody who came.
    seen: Many,
    /// Of them, who was not followed further.
    fresh: Many,
    /// Who comes by the next step.
    next: Many,
}

/// A walk of many sources; its room is used again for the next.
pub struct Crowd<'r> {
    routes: &'r Routes,
    /// Whom the ways must lead through, by node; `None`: it may be anyone.
    through: Option<&'r [bool]>,
    sure: bool,
    /// How many places a node has.
    kinds: usize,
    /// The places that somebody came to, in that order: what is reached together stands together.
    spots: Vec<Spot>,
    /// Of each place, which of those it is.
    spot_of: Vec<u32>,
    waiting: Vec<u32>,
    later: Vec<u32>,
    /// Of each node, which source is there from the beginning, and never comes back.
    home: Vec<u16>,
    homes: Vec<u32>,
    steps: u64,
    /// Who was followed from which place, in how many steps.
    followed: Vec<(u64, u32, Many)>,
}

/// Nobody's home.
const NOBODY: u16 = u16::MAX;

/// Which leads are followed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leads {
    All,
    Sure,
    Unsure,
}

impl<'r> Crowd<'r> {
    /// For walks along those routes, by steps that are `sure` to be there or by all; through whom, by node.
    pub fn new(routes: &'r Routes, sure: bool, through: Option<&'r [bool]>) -> Crowd<'r> {
        let kinds = if through.is_some() { 8 } else { 2 };
        Crowd {
            routes,
            through,
            sure,
            kinds,
            spots: vec![],
            spot_of: vec![NOTHING; kinds * routes.len()],
            waiting: vec![],
            later: vec![],
            home: vec![NOBODY; routes.len()],
            homes: vec![],
            steps: 0,
            followed: vec![],
        }
    }

    /// Walks from each of the sources: at most [`Many::MOST`]. Where the same sources walked along the same routes by what is
    /// sure, through the same people, only what is not sure is gone into.
    ///
    /// # Panics
    ///
    /// If there are more sources.
    pub fn walk(&mut self, sources: &[PrincipalId], before: Option<&Crowd<'_>>) {
        assert!(sources.len() <= Many::MOST, "{} sources", sources.len());
        for spot in self.spots.drain(..) {
            self.spot_of[spot.place as usize] = NOTHING;
        }
        for home in self.homes.drain(..) {
            self.home[home as usize] = NOBODY;
        }
        self.followed.clear();
        self.steps = 0;
        for (index, source) in sources.iter().enumerate() {
            let homes = [self.routes.numbers[source.index()], self.routes.lent[source.index()]];
            for home in homes.into_iter().filter(|&home| home != NOTHING) {
                self.home[home as usize] = index as u16;
                self.homes.push(home);
            }
            if homes[0] != NOTHING && before.is_none() {
                let is_met = self.through.is_some_and(|through| through[homes[0] as usize]);
                self.come(homes[0], if is_met { OWN } else { 0 }, Many::one(index), false);
            }
        }
        let mut before = before.map_or(&[][..], |before| &before.followed[..]);
        let leads = if self.sure { Leads::Sure } else { Leads::All };
        loop {
            let here = before.iter().take_while(|(steps, ..)| *steps == self.steps).count();
            let (here, further) = before.split_at(here);
            before = further;
            for &(_, place, who) in here {
                let spot = self.spot(place as usize);
                self.spots[spot].seen |= who;
            }
            for &(_, place, who) in here {
                self.follow(place, who, Leads::Unsure);
            }
            let mut at = 0;
            while let Some(&spot) = self.waiting.get(at) {
                at += 1;
                let who = std::mem::take(&mut self.spots[spot as usize].fresh);
                let place = self.spots[spot as usize].place;
                if self.sure {
                    self.followed.push((self.steps, place, who));
                }
                self.follow(place, who, leads);
            }
            self.waiting.clear();
            if self.later.is_empty() && before.is_empty() {
                return;
            }
            self.steps += 1;
            for spot in std::mem::take(&mut self.later) {
                let who = std::mem::take(&mut self.spots[spot as usize].next);
                self.arrive(spot as usize, who);
            }
        }
    }

    /// Who came to a node by a step other than a membership: having met whom they must, having given by themselves what is
    /// had there, or neither.
    pub fn at(&self, node: u32, met: bool, own: bool, neither: bool) -> Many {
        let places = (0..self.kinds).filter(|kind| {
            let is_meant = match (kind & MET != 0, kind & OWN != 0) {
                (true, _) => met || neither,
                (false, true) => own || neither,
                (false, false) => neither,
            };
            kind & BEYOND != 0 && is_meant
        });
        places.fold(Many::NONE, |all, kind| all | self.seen(node as usize * self.kinds + kind))
    }

    /// Who came to a place.
    fn seen(&self, place: usize) -> Many {
        match self.spot_of[place] {
            NOTHING => Many::NONE,
            spot => self.spots[spot as usize].seen,
        }
    }

    /// Where it is told who is at a place.
    fn spot(&mut self, place: usize) -> usize {
        if self.spot_of[place] == NOTHING {
            self.spot_of[place] = self.spots.len() as u32;
            self.spots.push(Spot { place: place as u32, ..Spot::default() });
        }
        self.spot_of[place] as usize
    }

    /// Who is at home at a node.
    fn home(&self, node: u32) -> Many {
        match self.home[node as usize] {
            NOBODY => Many::NONE,
            index => Many::one(index.into()),
        }
    }

    /// Who of those at a node has met somebody there: whoever is not at home.
    fn meeting(&self, node: u32) -> Many {
        match self.through {
            Some(through) if through[node as usize] => !self.home(node),
            _ => Many::NONE,
        }
    }

    fn follow(&mut self, place: u32, who: Many, leads: Leads) {
        let routes = self.routes;
        let (node, kind) = (place / self.kinds as u32, place as usize % self.kinds);
        let meeting = self.meeting(node);
        let parts = [(who & meeting, kind | MET), (who & !meeting, kind)];
        for lead in routes.leads(node) {
            if leads == Leads::All || lead.is_sure == (leads == Leads::Sure) {
                for (who, kind) in parts.into_iter().filter(|(who, _)| !who.is_none()) {
                    self.take(lead, kind, who);
                }
            }
        }
        for &index in routes.pairs_of(node) {
            let pair = &routes.pairs[index as usize];
            if leads == Leads::Sure && !pair.lead.is_sure {
                continue;
            }
            let is_first = pair.first == node;
            let other = if is_first { pair.second } else { pair.first };
            for twin in 0..self.kinds {
                let both = who & self.seen(other as usize * self.kinds + twin);
                if both.is_none() {
                    continue;
                }
                let meeting = meeting | self.meeting(other);
                let (first, second) = if is_first { (kind, twin) } else { (twin, kind) };
                let own = (first | if pair.gives_too { second } else { 0 }) & OWN;
                let kind = (kind | twin) & (BEYOND | MET) | own;
                for (who, kind) in [(both & meeting, kind | MET), (both & !meeting, kind)] {
                    if !who.is_none() {
                        self.take(&pair.lead, kind, who);
                    }
                }
            }
        }
    }

    fn take(&mut self, lead: &Lead, kind: usize, who: Many) {
        let to = lead.to;
        if let Some(most) = self.routes.at_most {
            let ahead = u64::from(lead.is_step) + u64::from(self.routes.ahead[to as usize]);
            if self.steps + ahead > most {
                return;
            }
        }
        let own = if lead.is_principal { 0 } else { kind & OWN };
        let beyond = if lead.is_beyond { BEYOND } else { 0 };
        let who = if lead.is_principal { who & !self.home(to) } else { who };
        self.come(to, kind & (BEYOND | MET) | beyond | own, who, lead.is_step);
    }

    fn come(&mut self, node: u32, kind: usize, who: Many, is_step: bool) {
        if who.is_none() {
            return;
        }
        let at = self.spot(node as usize * self.kinds + kind);
        if !is_step {
            return self.arrive(at, who);
        }
        let spot = &mut self.spots[at];
        let who = who & !spot.seen;
        if who.is_none() {
            return;
        }
        if spot.next.is_none() {
            self.later.push(at as u32);
        }
        spot.next |= who;
    }

    fn arrive(&mut self, at: usize, who: Many) {
        let spot = &mut self.spots[at];
        let who = who & !spot.seen;
        if who.is_none() {
            return;
        }
        if spot.fresh.is_none() {
            self.waiting.push(at as u32);
        }
        spot.seen |= who;
        spot.fresh |= who;
    }
}
