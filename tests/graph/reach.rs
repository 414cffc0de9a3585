//! Reach and components, each against the plainest way to the same answer.

use crate::oracle::chance::Chance;
use dictum::graph::{Components, Counts, Network, Reach};
use std::collections::BTreeSet;

/// A graph by chance: nodes, edges, what is marked. From nothing at all to many cycles, with loops and edges twice.
fn by_chance(chance: &mut Chance) -> (usize, Vec<(u32, u32)>, Vec<bool>) {
    let size = if chance.one_in(20) { 160 } else { 14 };
    let nodes = chance.below(size);
    let mut edges = vec![];
    if nodes > 0 {
        let backwards = chance.below(101);
        let most = if chance.one_in(4) { 6 * nodes } else { 2 * nodes };
        for _ in 0..chance.below(most + 1) {
            let (a, b) = (chance.below(nodes) as u32, chance.below(nodes) as u32);
            edges.push(if chance.percent(backwards) { (a, b) } else { (a.min(b), a.max(b)) });
            if chance.one_in(10) {
                edges.push(*chance.pick(&edges));
            }
        }
    }
    let often = *chance.pick(&[0, 5, 30, 90, 100]);
    let marked = (0..nodes).map(|_| chance.percent(often)).collect();
    (nodes, edges, marked)
}

/// All that each node reaches, itself included, one edge after the other.
fn reached(nodes: usize, edges: &[(u32, u32)]) -> Vec<BTreeSet<u32>> {
    let mut next = vec![vec![]; nodes];
    for &(from, to) in edges {
        next[from as usize].push(to);
    }
    let search = |node: u32| {
        let mut reached = BTreeSet::from([node]);
        let mut left = vec![node];
        while let Some(here) = left.pop() {
            left.extend(next[here as usize].iter().filter(|&&to| reached.insert(to)));
        }
        reached
    };
    (0..nodes as u32).map(search).collect()
}

fn agrees(nodes: usize, edges: &[(u32, u32)], marked: &[bool]) {
    let components = Components::of(&Network::new(nodes, edges));
    let reach = Reach::of(&components, |node| marked[node as usize]);
    let counts = Counts::of(&components, |node| marked[node as usize]);
    for (node, naive) in reached(nodes, edges).into_iter().enumerate() {
        let naive: Vec<u32> = naive.into_iter().filter(|&to| marked[to as usize]).collect();
        assert_eq!(set(&reach, node as u32), naive, "from {node} in {edges:?}, marked {marked:?}");
        assert_eq!(counts.count(node as u32), naive.len(), "from {node} in {edges:?}, marked {marked:?}");
    }
}

fn set(reach: &Reach<'_>, node: u32) -> Vec<u32> {
    let set: Vec<u32> = reach.set(node).collect();
    assert_eq!(reach.count(node), set.len());
    set
}

#[test]
fn reaches_what_a_search_from_each_node_finds() {
    let mut chance = Chance::new(1);
    for _ in 0..4_000 {
        let (nodes, edges, marked) = by_chance(&mut chance);
        agrees(nodes, &edges, &marked);
    }
}

#[test]
fn reaches_what_is_scattered() {
    // Users in groups of groups that hold identities at random: hardly two of a set stand together. Some hold half of
    // them, some nothing, some identities lead back.
    let mut chance = Chance::new(3);
    for round in 0..24 {
        let (users, groups) = (12, 20);
        let identities = *chance.pick(&[63, 64, 65, 128, 700]);
        let nodes = users + groups + identities;
        let mut edges = vec![];
        for user in 0..users {
            let groups = (0..chance.below(5)).map(|_| (user as u32, (users + chance.below(groups)) as u32));
            edges.extend(groups.collect::<Vec<_>>());
        }
        for group in users..users + groups {
            // Of all of them, or of those at the end.
            let first = *chance.pick(&[users + groups, nodes - identities / 3]);
            let often = *chance.pick(&[0, 3, 50, 97]);
            let held = (first..nodes).filter(|_| chance.percent(often));
            edges.extend(held.map(|identity| (group as u32, identity as u32)));
            if chance.percent(40) {
                edges.push((group as u32, chance.between(users, group) as u32));
            }
        }
        for _ in 0..round % 4 {
            edges.push((chance.between(users + groups, nodes - 1) as u32, chance.below(nodes) as u32));
        }
        chance.shuffle(&mut edges);
        let marked: Vec<bool> = (0..nodes).map(|node| node >= users + groups || node % 7 == 0).collect();
        agrees(nodes, &edges, &marked);
    }
}

#[test]
fn reaches_what_is_scattered_far_from_the_first() {
    // Two groups hold all identities, so these are met in order; the others hold every second run of so many of the
    // later ones; then users, each in two groups.
    let (groups, identities) = (9, 900);
    let identity = |at: u32| groups + at;
    let mut edges: Vec<(u32, u32)> = (0..identities).map(|at| (u32::from(at >= 300), identity(at))).collect();
    for group in 2..groups {
        let held = (300..identities).filter(|at| at / (group - 1) % 2 == 0);
        edges.extend(held.map(|at| (group, identity(at))));
    }
    let mut nodes = groups + identities;
    for a in 0..groups {
        for b in 0..a {
            edges.extend([(nodes, a), (nodes, b)]);
            nodes += 1;
        }
    }
    let marked: Vec<bool> = (0..nodes).map(|node| (groups..groups + identities).contains(&node)).collect();
    agrees(nodes as usize, &edges, &marked);
}

#[test]
fn components_are_what_reaches_each_other_and_edges_lead_down() {
    let mut chance = Chance::new(2);
    for _ in 0..2_000 {
        let (nodes, edges, _) = by_chance(&mut chance);
        let components = Components::of(&Network::new(nodes, &edges));
        for &(from, to) in &edges {
            assert!(components.component(from) >= components.component(to), "{from} {to} in {edges:?}");
        }
        let reached = reached(nodes, &edges);
        for a in 0..nodes as u32 {
            for b in 0..nodes as u32 {
                let both = reached[a as usize].contains(&b) && reached[b as usize].contains(&a);
                let one = components.component(a) == components.component(b);
                assert_eq!(both, one, "{a} and {b} in {edges:?}");
            }
        }
        let mut seen = 0;
        for component in 0..components.len() as u32 {
            let own = components.nodes(component);
            assert!(!own.is_empty() && own.iter().all(|&node| components.component(node) == component));
            seen += own.len();
        }
        assert_eq!(seen, nodes);
        assert_eq!(components.is_empty(), nodes == 0);
    }
}

#[test]
fn successors_keep_their_order_and_turn_round() {
    let network = Network::new(5, &[(3, 1), (0, 4), (3, 0), (3, 3), (3, 1), (1, 4)]);
    assert_eq!((network.len(), network.is_empty()), (5, false));
    assert_eq!(network.successors(0), [4]);
    assert!(network.successors(2).is_empty());
    assert_eq!(network.successors(3), [1, 0, 3, 1]);
    let turned = network.reversed();
    assert_eq!(turned.successors(0), [3]);
    assert_eq!(turned.successors(1), [3, 3]);
    assert_eq!(turned.successors(3), [3]);
    assert_eq!(turned.successors(4), [0, 1]);
    for (nodes, network) in [(0, Network::new(0, &[])), (0, Network::default()), (1, Network::new(1, &[]))] {
        assert_eq!((network.len(), network.is_empty()), (nodes, nodes == 0));
        assert_eq!(network.reversed().len(), nodes);
        assert_eq!(Components::of(&network).len(), nodes);
    }
}

#[test]
#[should_panic(expected = "an edge names node 2 of 2")]
fn an_edge_to_nowhere_is_not_taken() {
    Network::new(2, &[(0, 1), (1, 2)]);
}

#[test]
fn a_chain_as_long_as_a_tenant_does_not_overflow() {
    let n = 1_000_000;
    let down: Vec<(u32, u32)> = (1..n).map(|node| (node - 1, node)).collect();
    for network in [Network::new(n as usize, &down), Network::new(n as usize, &down).reversed()] {
        let components = Components::of(&network);
        assert_eq!(components.len(), n as usize);
        let forward = network.successors(0) == [1];
        let (first, last) = if forward { (0, n - 1) } else { (n - 1, 0) };
        assert_eq!((components.component(first), components.component(last)), (n - 1, 0));
        let reach = Reach::of(&components, |node| node % 10 == 0);
        assert_eq!(reach.count(first), n as usize / 10);
        assert_eq!(reach.count(last), usize::from(last == 0));
        let half: Vec<u32> = reach.set(n / 2).collect();
        assert_eq!((half.len(), half[0]), if forward { (50_000, n / 2) } else { (50_001, 0) });
    }
}

#[test]
fn a_cycle_is_one_component() {
    let n = 300_000;
    let mut round: Vec<(u32, u32)> = (0..n).map(|node| (node, (node + 1) % n)).collect();
    round.push((n, 7));
    round.push((8, n + 1));
    let network = Network::new(n as usize + 2, &round);
    let components = Components::of(&network);
    assert_eq!(components.len(), 3);
    let reach = Reach::of(&components, |node| node % 1_000 == 1 || node >= n);
    assert_eq!(reach.count(0), 301);
    assert_eq!(reach.count(n), 302);
    assert_eq!(set(&reach, n + 1), [n + 1]);
    assert!(reach.set(3).eq(reach.set(n - 3)));
}

#[test]
fn a_star_of_groups() {
    // A user in 5,000 groups, each the holder of one of 5,000 resources with an identity; each identity twice.
    let groups = 5_000u32;
    let mut edges = vec![];
    for group in 1..=groups {
        let (resource, identity) = (groups + group, 2 * groups + group.div_ceil(2));
        edges.extend([(0, group), (group, resource), (resource, identity)]);
    }
    let nodes = 2 * groups + groups / 2 + 1;
    let components = Components::of(&Network::new(nodes as usize, &edges));
    let reach = Reach::of(&components, |node| node > 2 * groups);
    assert!(reach.set(0).eq(2 * groups + 1..nodes));
    assert_eq!(reach.count(0), 2_500);
    assert_eq!(set(&reach, 1), [2 * groups + 1]);
    assert!(reach.set(1).eq(reach.set(2)) && !reach.set(2).eq(reach.set(3)));
}

#[test]
fn two_hundred_identities_on_one_resource() {
    let mut edges: Vec<(u32, u32)> = (2..202).map(|identity| (1, identity)).collect();
    edges.push((0, 1));
    // One of them may change the resource that it is on.
    edges.push((77, 1));
    let components = Components::of(&Network::new(202, &edges));
    let reach = Reach::of(&components, |node| node >= 2);
    assert!(reach.set(0).eq(2..202));
    assert!(reach.set(77).eq(2..202));
    assert_eq!(set(&reach, 78), [78]);
}
