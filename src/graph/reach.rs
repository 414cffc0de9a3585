use super::network::{Components, Network};
use std::ops::Range;

/// For every node of a network, the marked nodes that can be reached from it. A node reaches itself.
///
/// The nodes of a component reach the same, and so do most nodes above a few: each set is kept once. Marked nodes are
/// numbered in the order in which their components are closed, so what hangs below a node stands together and a set is
/// a few ranges of that order, however large it is.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Of each node, its set.
    of: Vec<u32>,
    sets: Vec<Set>,
    ranges: Vec<Range<u32>>,
    /// The marked nodes in the order that the ranges speak of.
    marked: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Set {
    /// Its ranges: ascending, none touching the next.
    from: usize,
    to: usize,
    count: u32,
}

/// The set without anything.
const NONE: u32 = 0;
/// Of a node whose component is not closed yet.
const OPEN: u32 = u32::MAX;

impl Reach {
    /// Of every node of a network.
    pub fn of(network: &Network, marked: impl Fn(u32) -> bool) -> Reach {
        let components = Components::of(network);
        let mut reach = Reach {
            of: vec![OPEN; network.len()],
            sets: vec![Set { from: 0, to: 0, count: 0 }],
            ranges: vec![],
            marked: vec![],
        };
        // Of each set, the last component that met it.
        let mut met: Vec<u32> = vec![OPEN];
        let mut parts: Vec<u32> = vec![];
        for component in 0..components.len() as u32 {
            let own = reach.marked.len() as u32;
            parts.clear();
            for &node in components.nodes(component) {
                if marked(node) {
                    reach.marked.push(node);
                }
                for &to in network.successors(node) {
                    let set = reach.of[to as usize];
                    if set != NONE && set != OPEN && met[set as usize] != component {
                        met[set as usize] = component;
                        parts.push(set);
                    }
                }
            }
            let set = reach.union(&parts, own..reach.marked.len() as u32);
            met.resize(reach.sets.len(), OPEN);
            for &node in components.nodes(component) {
                reach.of[node as usize] = set;
            }
        }
        reach
    }

    /// The set of all that is in `parts` and of `own`, which comes after everything that is in a set so far.
    fn union(&mut self, parts: &[u32], own: Range<u32>) -> u32 {
        if own.is_empty() {
            match parts {
                [] => return NONE,
                [only] => return *only,
                _ => {}
            }
        }
        let from = self.ranges.len();
        for &part in parts {
            let Set { from, to, .. } = self.sets[part as usize];
            self.ranges.extend_from_within(from..to);
        }
        if !own.is_empty() {
            self.ranges.push(own.clone());
        }
        if parts.len() > 1 {
            self.ranges[from..].sort_by_key(|range| range.start);
        }
        let mut kept = from;
        for at in from + 1..self.ranges.len() {
            let range = self.ranges[at].clone();
            let last = &mut self.ranges[kept];
            if range.start <= last.end {
                last.end = last.end.max(range.end);
            } else {
                kept += 1;
                self.ranges[kept] = range;
            }
        }
        self.ranges.truncate(kept + 1);
        let count = self.ranges[from..].iter().map(|range| range.end - range.start).sum();
        // As many as one of the parts has: that part.
        if own.is_empty()
            && let Some(&same) = parts.iter().find(|&&part| self.sets[part as usize].count == count)
        {
            self.ranges.truncate(from);
            return same;
        }
        self.sets.push(Set { from, to: self.ranges.len(), count });
        self.sets.len() as u32 - 1
    }

    /// How many marked nodes a node reaches, itself included if it is marked.
    ///
    /// # Panics
    ///
    /// If there is no such node.
    pub fn count(&self, node: u32) -> usize {
        self.sets[self.of[node as usize] as usize].count as usize
    }

    /// The marked nodes that a node reaches, ascending.
    ///
    /// # Panics
    ///
    /// If there is no such node.
    pub fn set(&self, node: u32) -> impl Iterator<Item = u32> + use<> {
        let Set { from, to, count } = self.sets[self.of[node as usize] as usize];
        let mut nodes = Vec::with_capacity(count as usize);
        for range in &self.ranges[from..to] {
            nodes.extend_from_slice(&self.marked[range.start as usize..range.end as usize]);
        }
        nodes.sort_unstable();
        nodes.into_iter()
    }
}
