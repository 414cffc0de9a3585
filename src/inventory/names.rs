use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// An interned string: 4 bytes, `Copy`. Equal symbols are equal strings, with letter case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Symbol(u32);

impl Symbol {
    /// The empty string, in every [`Names`].
    pub const EMPTY: Symbol = Symbol(0);

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// All strings of an inventory, each once, one after the other in one buffer.
pub struct Names {
    text: String,
    ends: Vec<u32>,
    table: HashTable<u32>,
}

impl Default for Names {
    fn default() -> Self {
        let mut names = Names { text: String::new(), ends: vec![], table: HashTable::new() };
        names.intern("");
        names
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

fn slice<'a>(text: &'a str, ends: &[u32], index: u32) -> &'a str {
    let start = if index == 0 { 0 } else { ends[index as usize - 1] as usize };
    &text[start..ends[index as usize] as usize]
}

impl Names {
    /// The symbol of `text`, added where it is new. At most 4 GiB of distinct text.
    pub fn intern(&mut self, text: &str) -> Symbol {
        let hash = hash(text);
        if let Some(&index) = self.table.find(hash, |&i| slice(&self.text, &self.ends, i) == text) {
            return Symbol(index);
        }
        let index = self.ends.len() as u32;
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        let Names { text, ends, table } = self;
        table.insert_unique(hash, index, |&i| self::hash(slice(text, ends, i)));
        Symbol(index)
    }

    /// The symbol of `text` where it is already known.
    pub fn find(&self, text: &str) -> Option<Symbol> {
        self.table.find(hash(text), |&i| slice(&self.text, &self.ends, i) == text).map(|&i| Symbol(i))
    }

    /// The string of a symbol.
    pub fn get(&self, symbol: Symbol) -> &str {
        slice(&self.text, &self.ends, symbol.0)
    }

    /// How many distinct strings there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Never: the empty string is always there.
    pub fn is_empty(&self) -> bool {
        false
    }
}

/// Equal without regard to letter case: ASCII quickly, other letters by their lower case.
pub fn same_name(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || ((!a.is_ascii() || !b.is_ascii()) && a.to_lowercase() == b.to_lowercase())
}
