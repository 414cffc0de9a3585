/// A directed graph over the nodes `0..len`, the edges grouped by their source: two arrays, nothing else.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Where the successors of each node start in `targets`; one more than there are nodes.
    starts: Vec<u32>,
    targets: Vec<u32>,
}

impl Network {
    /// From pairs (source, target). The successors of a node keep the order of the pairs; an edge given twice stays
    /// twice, which changes no answer.
    ///
    /// # Panics
    ///
    /// If an edge names a node that is not below `nodes`, or at 2^31 nodes or 2^32 edges.
    pub fn new(nodes: usize, edges: &[(u32, u32)]) -> Network {
        Network::build(nodes, edges.len(), || edges.iter().copied())
    }

    /// The same nodes, every edge the other way round.
    pub fn reversed(&self) -> Network {
        let turned = || {
            (0..self.len() as u32).flat_map(|node| self.successors(node).iter().map(move |&to| (to, node)))
        };
        Network::build(self.len(), self.targets.len(), turned)
    }

    fn build<I: Iterator<Item = (u32, u32)>>(nodes: usize, edges: usize, pairs: impl Fn() -> I) -> Network {
        assert!(nodes < 1 << 31 && edges <= u32::MAX as usize, "{nodes} nodes, {edges} edges");
        if let Some(highest) = pairs().map(|(source, target)| source.max(target)).max() {
            assert!((highest as usize) < nodes, "an edge names node {highest} of {nodes}");
        }
        let (starts, targets) = in_rows(nodes, 0, pairs);
        Network { starts, targets }
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the edges of a node lead.
    ///
    /// # Panics
    ///
    /// If there is no such node.
    #[inline]
    pub fn successors(&self, node: u32) -> &[u32] {
        let (from, to) = (self.starts[node as usize], self.starts[node as usize + 1]);
        &self.targets[from as usize..to as usize]
    }
}

/// Puts things into rows by the number that each comes with; the order within a row is kept. Where each row starts (one more
/// than there are rows), and the things. `blank` is any: it gives way to them.
pub(super) fn in_rows<T: Copy, I: Iterator<Item = (u32, T)>>(
    rows: usize,
    blank: T,
    things: impl Fn() -> I,
) -> (Vec<u32>, Vec<T>) {
    let mut starts = vec![0u32; rows + 1];
    for (row, _) in things() {
        starts[row as usize + 1] += 1;
    }
    // One place further than they end up: filling the rows moves each start to its end.
    let mut at = 0;
    for start in &mut starts[1..] {
        at += std::mem::replace(start, at);
    }
    let mut sorted = vec![blank; at as usize];
    for (row, thing) in things() {
        let slot = &mut starts[row as usize + 1];
        sorted[*slot as usize] = thing;
        *slot += 1;
    }
    (starts, sorted)
}

/// What stands with the nodes of each component.
#[derive(Clone, Debug)]
pub struct Gathered {
    starts: Vec<u32>,
    things: Vec<u32>,
}

impl Gathered {
    /// What stands with the nodes of a component.
    ///
    /// # Panics
    ///
    /// If there is no such component.
    pub fn of(&self, component: u32) -> &[u32] {
        let component = component as usize;
        &self.things[self.starts[component] as usize..self.starts[component + 1] as usize]
    }
}

/// The strongly connected components of a network: two nodes are in one if each can be reached from the other.
///
/// They are numbered from what is reached to what reaches: an edge between two components always leads from the higher
/// number to the lower one. Going through them in ascending order meets everything after all that it leads to.
#[derive(Clone, Debug, Default)]
pub struct Components {
    of: Vec<u32>,
    /// The nodes, those of a component together, components in ascending order.
    nodes: Vec<u32>,
    /// Where each component ends in `nodes`.
    ends: Vec<u32>,
    /// The components that each leads to, each once, in ascending order.
    below: Vec<u32>,
    /// Where those of each component end in `below`.
    below_ends: Vec<u32>,
}

impl Components {
    /// Of a network, in time proportional to its nodes and edges.
    pub fn of(network: &Network) -> Components {
        let (mut nodes, mut ends) = (Vec::with_capacity(network.len()), vec![]);
        let (mut below, mut below_ends) = (vec![], vec![]);
        // Labels count from 1: to 0 nothing leads.
        let mut of = close_each(network, |closed, labels| {
            nodes.extend_from_slice(closed);
            ends.push(nodes.len() as u32);
            below.extend(without_doubles(labels).iter().map(|label| label - 1));
            below_ends.push(below.len() as u32);
            ends.len() as u32
        });
        of.iter_mut().for_each(|label| *label -= 1);
        Components { of, nodes, ends, below, below_ends }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none: only of a network without nodes.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The component of a node.
    ///
    /// # Panics
    ///
    /// If there is no such node.
    pub fn component(&self, node: u32) -> u32 {
        self.of[node as usize]
    }

    /// The nodes of a component, at least one, in no particular order (but always the same).
    ///
    /// # Panics
    ///
    /// If there is no such component.
    pub fn nodes(&self, component: u32) -> &[u32] {
        part(&self.nodes, &self.ends, component)
    }

    /// What stands with nodes, each thing with its node, by component.
    ///
    /// # Panics
    ///
    /// If a node is none of the network.
    pub fn gather(&self, standing: &[(u32, u32)]) -> Gathered {
        let all = || standing.iter().map(|&(node, thing)| (self.component(node), thing));
        let (starts, things) = in_rows(self.len(), 0, all);
        Gathered { starts, things }
    }

    /// The other components that the edges of one lead to, each once, in ascending order: all of them are lower.
    ///
    /// # Panics
    ///
    /// If there is no such component.
    pub fn below(&self, component: u32) -> &[u32] {
        part(&self.below, &self.below_ends, component)
    }
}

/// The part of a list that belongs to a component.
fn part<'l>(list: &'l [u32], ends: &[u32], component: u32) -> &'l [u32] {
    let component = component as usize;
    let from = if component == 0 { 0 } else { ends[component - 1] };
    &list[from as usize..ends[component] as usize]
}

/// Sorts, and moves one of each to the front.
pub(super) fn without_doubles(all: &mut [u32]) -> &[u32] {
    all.sort_unstable();
    let mut kept = 0;
    for at in 0..all.len() {
        if kept == 0 || all[at] != all[kept - 1] {
            all[kept] = all[at];
            kept += 1;
        }
    }
    &all[..kept]
}

/// Goes through the components of a network, each after all that it leads to. `close` is given the nodes of one and the
/// labels that its edges lead to (in no particular order, some more than once) and says what its own is, from 1 to 2^31 - 1.
/// The labels of all nodes are returned.
// Tarjan's algorithm in Pearce's form, with its own stack: a chain of groups or scopes may be as long as the tenant is
// large, and a recursive one (petgraph's) would end the program with the thread's stack.
fn close_each(network: &Network, mut close: impl FnMut(&[u32], &mut [u32]) -> u32) -> Vec<u32> {
    let mut walk = Walk::default();
    walk.marks.resize(network.len(), UNSEEN);
    let mut visits = vec![];
    for start in 0..network.len() as u32 {
        if walk.marks[start as usize] != UNSEEN {
            continue;
        }
        let mut here = walk.enter(network, start);
        loop {
            if let Some(to) = walk.next(&here) {
                match walk.marks[to as usize] {
                    UNSEEN => {
                        let below = walk.enter(network, to);
                        visits.push(std::mem::replace(&mut here, below));
                    }
                    mark => walk.meet(&mut here, mark),
                }
                continue;
            }
            let mark = walk.leave(&here, &mut close);
            let Some(above) = visits.pop() else { break };
            here = above;
            walk.meet(&mut here, mark);
        }
    }
    walk.marks.iter_mut().for_each(|mark| *mark = !*mark);
    walk.marks
}

/// The mark of a node that was not entered.
const UNSEEN: u32 = 0;

#[derive(Default)]
struct Walk {
    /// Of a node whose component is not closed, the lowest index met from it; of a closed one, its label with every bit
    /// turned, which is higher than any index.
    marks: Vec<u32>,
    /// How many nodes were entered: the index of the last.
    index: u32,
    /// Successors to enter.
    ahead: Vec<u32>,
    /// Nodes that were left and whose component is not closed.
    open: Vec<u32>,
    /// The labels that nodes whose component is not closed lead to.
    met: Vec<u32>,
}

/// A node that was entered and not left.
struct Visit {
    node: u32,
    index: u32,
    /// The lowest index of a node not closed that was met from here so far.
    low: u32,
    /// Where its own part of each stack starts.
    ahead: usize,
    open: usize,
    met: usize,
}

impl Walk {
    #[inline]
    fn enter(&mut self, network: &Network, node: u32) -> Visit {
        self.index += 1;
        self.marks[node as usize] = self.index;
        let (ahead, open, met) = (self.ahead.len(), self.open.len(), self.met.len());
        let mut here = Visit { node, index: self.index, low: self.index, ahead, open, met };
        // All of them before any is entered, so that one read need not wait for another.
        for &to in network.successors(node).iter().rev() {
            match self.marks[to as usize] {
                UNSEEN => self.ahead.push(to),
                mark => self.meet(&mut here, mark),
            }
        }
        here
    }

    /// The next of the successors to enter; it may have been entered meanwhile.
    #[inline]
    fn next(&mut self, here: &Visit) -> Option<u32> {
        if self.ahead.len() > here.ahead { self.ahead.pop() } else { None }
    }

    /// Takes note of the mark of a successor that was entered.
    #[inline]
    fn meet(&mut self, here: &mut Visit, mark: u32) {
        if mark < 1 << 31 {
            here.low = here.low.min(mark);
        } else if self.met[here.met..].last() != Some(&!mark) {
            self.met.push(!mark);
        }
    }

    /// Closes its component if it is the first that was entered of that. Its mark.
    #[inline]
    fn leave(&mut self, here: &Visit, close: impl FnOnce(&[u32], &mut [u32]) -> u32) -> u32 {
        self.open.push(here.node);
        if here.low < here.index {
            self.marks[here.node as usize] = here.low;
            return here.low;
        }
        let mark = !close(&self.open[here.open..], &mut self.met[here.met..]);
        for &node in &self.open[here.open..] {
            self.marks[node as usize] = mark;
        }
        self.open.truncate(here.open);
        self.met.truncate(here.met);
        mark
    }
}
