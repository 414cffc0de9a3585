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
        let mut starts = vec![0u32; nodes + 1];
        for (source, target) in pairs() {
            assert!((target as usize) < nodes, "an edge to {target}, of {nodes} nodes");
            starts[source as usize + 1] += 1;
        }
        // One place further than they end up: filling the rows moves each start to its end.
        let mut at = 0;
        for start in &mut starts[1..] {
            at += std::mem::replace(start, at);
        }
        let mut targets = vec![0; edges];
        for (source, target) in pairs() {
            let slot = &mut starts[source as usize + 1];
            targets[*slot as usize] = target;
            *slot += 1;
        }
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
}

/// A node whose successors are being visited.
struct Visit {
    node: u32,
    /// The place of the next edge among all edges.
    next: u32,
    end: u32,
    /// The lowest index met from here so far; its own if nothing below leads further back.
    low: u32,
    own: u32,
}

impl Components {
    // Tarjan's algorithm in Pearce's form, with its own stack: a chain of groups or scopes may be as long as the tenant
    // is large, and a recursive one (petgraph's) would end the program with the thread's stack.
    /// Of a network, in time proportional to its nodes and edges.
    pub fn of(network: &Network) -> Components {
        let n = network.len();
        // 0: not visited. Upwards from 1: visited and open, the lowest index met. Downwards from MAX: the component.
        // Closed ones are higher than any open one, so `<` alone tells an edge back to an open node.
        let mut mark = vec![0u32; n];
        let mut nodes = Vec::with_capacity(n);
        let mut ends = Vec::with_capacity(n);
        let mut open: Vec<u32> = vec![];
        let mut visits: Vec<Visit> = vec![];
        let mut index = 1;
        for start in 0..n as u32 {
            if mark[start as usize] != 0 {
                continue;
            }
            let visit = |node: u32, own: u32| Visit {
                node,
                next: network.starts[node as usize],
                end: network.starts[node as usize + 1],
                low: own,
                own,
            };
            mark[start as usize] = index;
            let mut here = visit(start, index);
            index += 1;
            loop {
                if here.next < here.end {
                    let to = network.targets[here.next as usize];
                    here.next += 1;
                    let seen = mark[to as usize];
                    if seen == 0 {
                        mark[to as usize] = index;
                        visits.push(std::mem::replace(&mut here, visit(to, index)));
                        index += 1;
                    } else {
                        here.low = here.low.min(seen);
                    }
                    continue;
                }
                let done = here.node as usize;
                if here.low == here.own {
                    let component = u32::MAX - ends.len() as u32;
                    while let Some(&last) = open.last() {
                        if mark[last as usize] < here.own {
                            break;
                        }
                        open.pop();
                        mark[last as usize] = component;
                        nodes.push(last);
                    }
                    mark[done] = component;
                    nodes.push(here.node);
                    ends.push(nodes.len() as u32);
                } else {
                    mark[done] = here.low;
                    open.push(here.node);
                }
                let Some(above) = visits.pop() else { break };
                here = above;
                here.low = here.low.min(mark[done]);
            }
        }
        for component in &mut mark {
            *component = u32::MAX - *component;
        }
        Components { of: mark, nodes, ends }
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
        let component = component as usize;
        let from = if component == 0 { 0 } else { self.ends[component - 1] };
        &self.nodes[from as usize..self.ends[component] as usize]
    }
}
