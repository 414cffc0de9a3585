use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// An interned string: 4 bytes, `Copy`. Equal symbols are equal strings, with letter case. (Unequal ones may be equal
/// strings too, where one was appended.)
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
    /// Index and hash: neither growing the table nor passing over a neighbour reads the text.
    table: HashTable<(u32, u32)>,
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

/// The hash that the table sees: of 32 bits of the text's, spread over all 64.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[inline]
fn slice<'a>(text: &'a str, ends: &[u32], index: u32) -> &'a str {
    let start = if index == 0 { 0 } else { ends[index as usize - 1] as usize };
    &text[start..ends[index as usize] as usize]
}

impl Names {
    /// The symbol of `text`, added where it is new. At most 4 GiB of distinct text.
    pub fn intern(&mut self, text: &str) -> Symbol {
        let hash = hash(text);
        let Names { text: all, ends, table } = self;
        let same = |&(index, short): &(u32, u32)| short == hash as u32 && slice(all, ends, index) == text;
        if let Some(&(index, _)) = table.find(spread(hash as u32), same) {
            return Symbol(index);
        }
        let symbol = self.append(text);
        self.table.insert_unique(spread(hash as u32), (symbol.0, hash as u32), |&(_, short)| spread(short));
        symbol
    }

    /// Keeps a text that is hardly ever met twice (an id): its symbol is its own, equal texts or not.
    pub fn append(&mut self, text: &str) -> Symbol {
        let index = self.ends.len() as u32;
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        Symbol(index)
    }

    /// The symbol that [`Names::intern`] gave `text`, where it did.
    pub fn find(&self, text: &str) -> Option<Symbol> {
        let hash = hash(text) as u32;
        let same =
            |&(index, short): &(u32, u32)| short == hash && slice(&self.text, &self.ends, index) == text;
        self.table.find(spread(hash), same).map(|&(index, _)| Symbol(index))
    }

    /// The string of a symbol.
    #[inline]
    pub fn get(&self, symbol: Symbol) -> &str {
        slice(&self.text, &self.ends, symbol.0)
    }

    /// Where the string of a symbol stands, for [`Names::at`].
    pub(super) fn span(&self, symbol: Symbol) -> (u32, u32) {
        let text = self.get(symbol);
        (self.ends[symbol.index()] - text.len() as u32, text.len() as u32)
    }

    /// The string that stands there.
    pub(super) fn at(&self, start: u32, length: u32) -> &str {
        &self.text[start as usize..start as usize + length as usize]
    }

    /// How many strings there are.
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
