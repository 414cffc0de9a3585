use super::names::Symbol;
use super::schema::Attr;

/// A captured value: 16 bytes.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub enum Cell {
    /// The capture does not say.
    #[default]
    Unknown,
    /// The capture says that there is none.
    Absent,
    /// True or false.
    Bool(bool),
    /// Seconds since 1970-01-01 UTC.
    Time(i64),
    /// Text.
    Text(Symbol),
    /// A list of strings, in [`Cells`].
    List(ListId),
    /// Strings by name, in [`Cells`].
    Map(MapId),
}

/// A list of strings in [`Cells`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ListId(u32);
/// Strings by name in [`Cells`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MapId(u32);

/// The columns of plain attributes, one for each attribute that was captured, by row of the attribute's table.
#[derive(Default)]
pub struct Cells {
    columns: Vec<Vec<Cell>>,
    lists: Vec<Box<[Symbol]>>,
    maps: Vec<Box<[(Symbol, Symbol)]>>,
}

impl Cells {
    /// What was captured of that attribute for that row.
    pub fn get(&self, attr: Attr, row: u32) -> Cell {
        self.columns.get(attr as usize).and_then(|c| c.get(row as usize)).copied().unwrap_or_default()
    }

    pub(super) fn set(&mut self, attr: Attr, row: u32, cell: Cell) {
        if self.columns.len() <= attr as usize {
            self.columns.resize_with(attr as usize + 1, Vec::new);
        }
        let column = &mut self.columns[attr as usize];
        if column.len() <= row as usize {
            column.resize(row as usize + 1, Cell::Unknown);
        }
        column[row as usize] = cell;
    }

    /// Keeps a list; its order is kept.
    pub fn list(&mut self, items: Vec<Symbol>) -> Cell {
        self.lists.push(items.into_boxed_slice());
        Cell::List(ListId(self.lists.len() as u32 - 1))
    }

    /// Keeps a map; its order is kept.
    pub fn map(&mut self, entries: Vec<(Symbol, Symbol)>) -> Cell {
        if entries.is_empty() && self.maps.first().is_some_and(|m| m.is_empty()) {
            return Cell::Map(MapId(0));
        }
        self.maps.push(entries.into_boxed_slice());
        Cell::Map(MapId(self.maps.len() as u32 - 1))
    }

    /// The items of a list.
    pub fn items(&self, list: ListId) -> &[Symbol] {
        &self.lists[list.0 as usize]
    }

    /// The entries of a map.
    pub fn entries(&self, map: MapId) -> &[(Symbol, Symbol)] {
        &self.maps[map.0 as usize]
    }
}
