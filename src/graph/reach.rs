use super::network::{Components, without_doubles};
use fixedbitset::FixedBitSet;
use std::ops::Range;

/// For every node of a network, the things of one kind that can be reached from it. A node reaches itself.
///
/// The nodes of a component reach the same, and a component above one set alone reaches that set: each is kept once.
/// Things are ranked, so that what is often reached together has ranks next to each other: most sets are a few ranges,
/// however large they are; one that is scattered is kept bit by bit.
#[derive(Clone, Debug)]
pub struct Reach<'c> {
    components: &'c Components,
    /// Of each component, its set.
    of: Vec<u32>,
    sets: Sets,
    /// The marked nodes by rank; none where things have ranks of their own.
    marked: Vec<u32>,
}

impl<'c> Reach<'c> {
    /// The marked nodes.
    pub fn of(components: &'c Components, marked: impl Fn(u32) -> bool) -> Reach<'c> {
        let mut ranked = vec![];
        let mut reach = Reach::of_each(components, rank(components, marked, &mut ranked));
        reach.marked = ranked;
        reach
    }

    /// Things that are not nodes and have ranks of their own: each node leads to the ranges that stand with it. A node may
    /// stand in several places.
    pub fn of_ranges(
        components: &'c Components,
        owned: impl IntoIterator<Item = (u32, Range<u32>)>,
    ) -> Reach<'c> {
        let mut all: Vec<(u32, u32, u32)> = owned
            .into_iter()
            .filter(|(_, range)| !range.is_empty())
            .map(|(node, range)| (components.component(node), range.start, range.end))
            .collect();
        all.sort_unstable();
        let mut rest = &all[..];
        Reach::of_each(components, |component, own| {
            let (here, others) = rest.split_at(rest.iter().take_while(|(of, ..)| *of == component).count());
            rest = others;
            own.extend(here.iter().map(|&(_, start, end)| start..end));
        })
    }

    /// Things that are not nodes and have ranks of their own. `stands` is asked for what stands with each component itself
    /// (ranges that are not empty, in whatever order), in ascending order of the components.
    pub fn of_each(components: &'c Components, stands: impl FnMut(u32, &mut Vec<Range<u32>>)) -> Reach<'c> {
        let (of, sets) = unite(components, stands, |_| true);
        Reach { components, of, sets, marked: vec![] }
    }

    fn set_of(&self, node: u32) -> u32 {
        self.of[self.components.component(node) as usize]
    }

    /// How many things a node reaches, itself included if it is marked.
    ///
    /// # Panics
    ///
    /// If there is no such node.
    pub fn count(&self, node: u32) -> usize {
        self.sets.count(self.set_of(node))
    }

    /// The marked nodes that a node reaches, ascending.
    ///
    /// # Panics
    ///
    /// If there is no such node.
    pub fn set(&self, node: u32) -> impl Iterator<Item = u32> + use<> {
        let set = self.set_of(node);
        let mut nodes = Vec::with_capacity(self.sets.count(set));
        self.sets.each_range(set, |ranks| {
            nodes.extend_from_slice(&self.marked[ranks.start as usize..ranks.end as usize]);
        });
        nodes.sort_unstable();
        nodes.into_iter()
    }

    /// The ranks that the nodes of a component reach: ranges in ascending order, none touching the next.
    ///
    /// # Panics
    ///
    /// If there is no such component.
    pub fn ranges(&self, component: u32) -> Vec<Range<u32>> {
        let mut ranges = vec![];
        self.sets.each_range(self.of[component as usize], |range| ranges.push(range));
        ranges
    }

    /// The number of the set of a component: two of one number reach the same. That of nothing is 0.
    ///
    /// # Panics
    ///
    /// If there is no such component.
    pub fn number(&self, component: u32) -> u32 {
        self.of[component as usize]
    }
}

/// How many things of one kind can be reached from each node of a network: a [`Reach`] of which no more is kept than it takes
/// to count.
#[derive(Clone, Debug)]
pub struct Counts<'c> {
    components: &'c Components,
    /// Of each component.
    counts: Vec<u32>,
}

impl<'c> Counts<'c> {
    /// As [`Reach::of`].
    pub fn of(components: &'c Components, marked: impl Fn(u32) -> bool) -> Counts<'c> {
        Counts::of_each(components, rank(components, marked, &mut vec![]))
    }

    /// As [`Reach::of_each`].
    pub fn of_each(components: &'c Components, stands: impl FnMut(u32, &mut Vec<Range<u32>>)) -> Counts<'c> {
        // What nothing leads to is part of no other set.
        let mut is_part = FixedBitSet::with_capacity(components.len());
        for component in 0..components.len() as u32 {
            is_part.extend(components.below(component).iter().map(|&below| below as usize));
        }
        let (of, sets) = unite(components, stands, |component| is_part.contains(component as usize));
        let counts = of.into_iter().map(|set| sets.count(set) as u32).collect();
        Counts { components, counts }
    }

    /// How many things a node reaches, itself included if it is marked.
    ///
    /// # Panics
    ///
    /// If there is no such node.
    pub fn count(&self, node: u32) -> usize {
        self.counts[self.components.component(node) as usize] as usize
    }
}

/// Says what stands with each component: the marked nodes. They are ranked in the order in which their components are
/// closed: what hangs below a node is closed together.
fn rank(
    components: &Components,
    marked: impl Fn(u32) -> bool,
    ranked: &mut Vec<u32>,
) -> impl FnMut(u32, &mut Vec<Range<u32>>) {
    move |component, own| {
        let first = ranked.len() as u32;
        ranked.extend(components.nodes(component).iter().filter(|&&node| marked(node)));
        let ranks = first..ranked.len() as u32;
        own.extend(Some(ranks).filter(|ranks| !ranks.is_empty()));
    }
}

/// The set of each component, and the sets; of those that need not be kept only the count.
fn unite(
    components: &Components,
    mut stands: impl FnMut(u32, &mut Vec<Range<u32>>),
    is_kept: impl Fn(u32) -> bool,
) -> (Vec<u32>, Sets) {
    let (mut sets, mut of) = (Sets::default(), Vec::with_capacity(components.len()));
    let (mut parts, mut own) = (vec![], vec![]);
    for component in 0..components.len() as u32 {
        parts.clear();
        own.clear();
        stands(component, &mut own);
        let below = components.below(component).iter().map(|&below| of[below as usize]);
        parts.extend(below.filter(|&set| set != NONE));
        let known = sets.sets.len();
        of.push(sets.union(&mut parts, &own));
        if sets.sets.len() > known && !is_kept(component) {
            sets.words.truncate(sets.sets[known].from);
        }
    }
    (of, sets)
}

/// The number of the empty set.
const NONE: u32 = 0;

/// So many ranges are sorted in no time.
const FEW: usize = 32;

/// Sets of ranks, by number.
#[derive(Clone, Debug)]
struct Sets {
    sets: Vec<Set>,
    words: Vec<u64>,
    /// Where a scattered set is put together.
    bits: Vec<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Set {
    /// Where its words start; they end where those of the next set start.
    from: usize,
    count: u32,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A word is a range, its start above its end, which is not in it: ascending, none touching the next.
    Ranges,
    /// A word is 64 ranks, the lowest bit first; the first word is that of so many times 64.
    Bits(u32),
}

impl Default for Sets {
    fn default() -> Self {
        let empty = Set { from: 0, count: 0, form: Form::Ranges };
        Sets { sets: vec![empty], words: vec![], bits: vec![] }
    }
}

fn range(word: u64) -> Range<u32> {
    (word >> 32) as u32..word as u32
}

fn word(range: Range<u32>) -> u64 {
    u64::from(range.start) << 32 | u64::from(range.end)
}

impl Sets {
    fn count(&self, set: u32) -> usize {
        self.sets[set as usize].count as usize
    }

    fn words(&self, set: u32) -> Range<usize> {
        let to = self.sets.get(set as usize + 1).map_or(self.words.len(), |next| next.from);
        self.sets[set as usize].from..to
    }

    /// The blocks of 64 ranks from its first to its last.
    fn blocks(&self, set: u32) -> Range<u32> {
        let words = &self.words[self.words(set)];
        match (self.sets[set as usize].form, words) {
            (Form::Bits(first), _) => first..first + words.len() as u32,
            (Form::Ranges, [first, .., last]) => blocks(range(*first).start..range(*last).end),
            (Form::Ranges, [only]) => blocks(range(*only)),
            (Form::Ranges, []) => 0..0,
        }
    }

    /// The set of all that is in `parts`, and of `own`: ranges that are not empty.
    fn union(&mut self, parts: &mut [u32], own: &[Range<u32>]) -> u32 {
        let parts = without_doubles(parts);
        match parts {
            [] if own.is_empty() => return NONE,
            [only] if own.is_empty() => return *only,
            _ => {}
        }
        let from = self.words.len();
        let (count, form) = if self.are_scattered(parts, own) {
            self.unite_bits(parts, own)
        } else {
            (self.unite_ranges(parts, own), Form::Ranges)
        };
        // No more than one of the parts has: that part.
        if let Some(&same) = parts.iter().find(|&&part| self.sets[part as usize].count == count) {
            self.words.truncate(from);
            return same;
        }
        self.sets.push(Set { from, count, form });
        self.sets.len() as u32 - 1
    }

    /// Whether going through bits is less work than sorting ranges.
    fn are_scattered(&self, parts: &[u32], own: &[Range<u32>]) -> bool {
        if parts.iter().any(|&part| self.sets[part as usize].form != Form::Ranges) {
            return true;
        }
        let ranges = own.len() + parts.iter().map(|&part| self.words(part).len()).sum::<usize>();
        ranges > FEW && ranges > self.blocks_of_all(parts, own).len()
    }

    fn blocks_of_all(&self, parts: &[u32], own: &[Range<u32>]) -> Range<u32> {
        let parts = || parts.iter().map(|&part| self.blocks(part));
        let own = || own.iter().map(|range| blocks(range.clone()));
        let first = parts().chain(own()).map(|blocks| blocks.start).min().unwrap_or(0);
        first..parts().chain(own()).map(|blocks| blocks.end).max().unwrap_or(0)
    }

    /// Puts the ranges of a union behind all words. How many ranks it has.
    fn unite_ranges(&mut self, parts: &[u32], own: &[Range<u32>]) -> u32 {
        let from = self.words.len();
        for &part in parts {
            self.words.extend_from_within(self.words(part));
        }
        self.words.extend(own.iter().cloned().map(word));
        if !self.words[from..].is_sorted() {
            self.words[from..].sort_unstable();
        }
        let (mut kept, mut count) = (from, 0);
        let mut last = range(self.words[from]);
        for at in from + 1..self.words.len() {
            let next = range(self.words[at]);
            if next.start <= last.end {
                last.end = last.end.max(next.end);
            } else {
                self.words[kept] = word(last.clone());
                count += last.len() as u32;
                kept += 1;
                last = next;
            }
        }
        count += last.len() as u32;
        self.words[kept] = word(last);
        self.words.truncate(kept + 1);
        count
    }

    /// Puts a union behind all words, in the form that takes less. How many ranks it has, and the form.
    fn unite_bits(&mut self, parts: &[u32], own: &[Range<u32>]) -> (u32, Form) {
        let Range { start: first, end } = self.blocks_of_all(parts, own);
        let mut bits = std::mem::take(&mut self.bits);
        bits.clear();
        bits.resize((end - first) as usize, 0);
        for &part in parts {
            let words = &self.words[self.words(part)];
            match self.sets[part as usize].form {
                Form::Ranges => words.iter().for_each(|&word| fill(&mut bits, first, range(word))),
                Form::Bits(start) => {
                    let start = (start - first) as usize;
                    bits[start..].iter_mut().zip(words).for_each(|(all, word)| *all |= word);
                }
            }
        }
        own.iter().for_each(|range| fill(&mut bits, first, range.clone()));
        let count = bits.iter().map(|word| word.count_ones()).sum();
        // A run starts at each one after a zero.
        let before = std::iter::once(0).chain(bits.iter().map(|word| word >> 63));
        let runs = bits.iter().zip(before).map(|(word, before)| word & !(word << 1 | before));
        let form = if runs.map(|starts| starts.count_ones() as usize).sum::<usize>() > bits.len() {
            self.words.extend_from_slice(&bits);
            Form::Bits(first)
        } else {
            each_run(&bits, first, |run| self.words.push(word(run)));
            Form::Ranges
        };
        self.bits = bits;
        (count, form)
    }

    fn each_range(&self, set: u32, mut see: impl FnMut(Range<u32>)) {
        let words = &self.words[self.words(set)];
        match self.sets[set as usize].form {
            Form::Ranges => words.iter().for_each(|&word| see(range(word))),
            Form::Bits(first) => each_run(words, first, see),
        }
    }
}

/// The blocks of 64 ranks that a range is in, which is not empty.
fn blocks(range: Range<u32>) -> Range<u32> {
    range.start / 64..(range.end - 1) / 64 + 1
}

/// Sets the bits of a range; the first word of `bits` is that block.
fn fill(bits: &mut [u64], block: u32, range: Range<u32>) {
    if range.is_empty() {
        return;
    }
    let (start, last) = (range.start - block * 64, range.end - 1 - block * 64);
    let (head, tail) = (u64::MAX << (start % 64), u64::MAX >> (63 - last % 64));
    match &mut bits[start as usize / 64..=last as usize / 64] {
        [only] => *only |= head & tail,
        [first, between @ .., last] => {
            *first |= head;
            between.fill(u64::MAX);
            *last |= tail;
        }
        [] => {}
    }
}

/// Each run of ones; the first word of `bits` is that block. Runs that touch at the edge of a word are one.
fn each_run(bits: &[u64], block: u32, mut see: impl FnMut(Range<u32>)) {
    let mut run = 0..0;
    for (at, &word) in bits.iter().enumerate() {
        let (start, mut left) = ((block + at as u32) * 64, word);
        while left != 0 {
            let (from, ones) = (left.trailing_zeros(), (left >> left.trailing_zeros()).trailing_ones());
            if start + from != run.end {
                if !run.is_empty() {
                    see(run);
                }
                run = start + from..start + from;
            }
            run.end += ones;
            left &= !(u64::MAX >> (64 - ones) << from);
        }
    }
    if !run.is_empty() {
        see(run);
    }
}
