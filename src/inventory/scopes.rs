use super::coverage::Collection;
use super::names::{Names, Symbol};
use super::origin::Origin;
use super::truth::{Missing, Truth};
use crate::azure::scope::{self, Level};
use hashbrown::HashTable;
use std::borrow::Cow;

/// A scope: the root, a management group, subscription, resource group, resource or anything below one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub struct ScopeId(pub(crate) u32);

impl ScopeId {
    /// `/`
    pub const ROOT: ScopeId = ScopeId(0);
    /// The row of the scope table.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What is above a scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Above {
    /// It stands in the id, or the capture states it.
    Known,
    /// The management group above it was not captured.
    Unknown,
}

/// The tree of scopes. Columns by [`ScopeId`]; the ancestor test takes constant time.
#[derive(Default)]
pub struct Scopes {
    parent: Vec<ScopeId>,
    above: Vec<Above>,
    level: Vec<Level>,
    id: Vec<Symbol>,
    /// Where the last segment begins in the id.
    name: Vec<u32>,
    resource_type: Vec<Symbol>,
    captured: Vec<Option<Origin>>,
    /// Pre-order number, the last number inside, the highest scope below the root, and the scopes by number: set by `number`.
    first: Vec<u32>,
    last: Vec<u32>,
    top: Vec<ScopeId>,
    in_order: Vec<ScopeId>,
    table: HashTable<Row>,
    /// Where types are put together.
    scratch: String,
}

/// A scope as its table knows it: neither growing the table nor looking a scope up reads the columns.
struct Row {
    hash: u32,
    id: u32,
    /// Where the text of the id stands.
    start: u32,
    length: u32,
}

/// Where a scope stands, as far as the text of its id alone says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    hash: u32,
    level: Level,
    /// How long the id of the scope that encloses it is, and its hash; none where that is the root.
    above: Option<(u32, u32)>,
    /// Where the last segment begins.
    name: u32,
}

impl Place {
    /// Of an id; its resource type is put at the end of a text. None for the root and for an id with slashes too many.
    pub(crate) fn of(path: &str, resource_type: &mut String) -> Option<Place> {
        if path == "/" || trimmed(path).len() != path.len() {
            return None;
        }
        let (mut above, mut own) = (None, None);
        for next in scope::steps(path) {
            (above, own) = (own, Some(next));
        }
        let own: scope::Step<'_> = own?;
        if own.level == Level::Resource {
            put_type(&own, resource_type);
        }
        let hashed = |step: scope::Step<'_>| (step.path.len() as u32, path_hash(step.path.as_bytes()));
        Some(Place {
            hash: path_hash(path.as_bytes()),
            level: own.level,
            above: above.map(hashed),
            name: (path.len() - own.name.len()) as u32,
        })
    }
}

/// Puts the type of a resource at the end of a text.
fn put_type(step: &scope::Step<'_>, text: &mut String) {
    for (index, piece) in step.resource_type.pieces().enumerate() {
        if index > 0 {
            text.push('/');
        }
        text.push_str(piece);
    }
}

const NOT_SEEN: u32 = u32::MAX;

/// A hash that letter case does not change (the case bit of every byte is set; equality decides).
pub(crate) fn path_hash(path: &[u8]) -> u32 {
    const FOLD: u64 = 0x2020_2020_2020_2020;
    const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
    // Four lanes: one multiplication need not wait for the one before.
    let mut lanes = [path.len() as u64, 1, 2, 3];
    let (blocks, rest) = path.as_chunks::<32>();
    for block in blocks {
        let (words, _) = block.as_chunks::<8>();
        for (lane, word) in lanes.iter_mut().zip(words) {
            *lane = (*lane ^ (u64::from_le_bytes(*word) | FOLD)).wrapping_mul(MIX).rotate_right(29);
        }
    }
    for (lane, chunk) in lanes.iter_mut().zip(rest.chunks(8)) {
        let word = match chunk.try_into() {
            Ok(word) => u64::from_le_bytes(word),
            Err(_) => chunk.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)),
        };
        *lane = (*lane ^ (word | FOLD)).wrapping_mul(MIX).rotate_right(29);
    }
    let all = lanes.iter().fold(0u64, |all, lane| (all ^ lane).wrapping_mul(MIX).rotate_right(31));
    (all >> 16) as u32
}

/// The hash that the table sees, spread over all 64 bits.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn has_empty_segment(path: &str) -> bool {
    memchr::memmem::find(path.as_bytes(), b"//").is_some()
}

/// Without trailing slashes; doubled slashes are as if absent.
fn trimmed(path: &str) -> Cow<'_, str> {
    let cut = path.trim_end_matches('/');
    match cut {
        "" => Cow::Borrowed("/"),
        cut if cut.starts_with('/') && !has_empty_segment(cut) => Cow::Borrowed(cut),
        cut => {
            Cow::Owned(cut.split('/').filter(|s| !s.is_empty()).fold(String::new(), |all, s| all + "/" + s))
        }
    }
}

impl Scopes {
    /// Only the root.
    pub(super) fn new(names: &mut Names) -> Self {
        let mut scopes = Scopes::default();
        scopes.at_path("/", names);
        scopes
    }

    /// The scope of an id text (any letter case, trailing slashes allowed), added with its ancestors where new.
    pub(super) fn at_path(&mut self, path: &str, names: &mut Names) -> ScopeId {
        self.spelled(path, names).0
    }

    /// As [`Scopes::at_path`]; and whether its id is spelled just so.
    pub(super) fn spelled(&mut self, path: &str, names: &mut Names) -> (ScopeId, bool) {
        let hash = path_hash(path.as_bytes());
        if let Some(found) = self.find_folded(path, hash, names) {
            return found;
        }
        let clean = trimmed(path);
        if clean.len() != path.len() {
            return (self.at_path(&clean, names), false);
        }
        if path == "/" {
            return (self.add_root(hash, names), true);
        }
        let mut resource_type = std::mem::take(&mut self.scratch);
        resource_type.clear();
        let place = Place::of(path, &mut resource_type);
        let added = place.map(|place| self.add_placed(path, &place, &resource_type, names));
        self.scratch = resource_type;
        (added.unwrap_or(ScopeId::ROOT), true)
    }

    /// The scope of an id whose place was worked out, added with its ancestors where new.
    pub(super) fn at_place(
        &mut self,
        path: &str,
        place: &Place,
        resource_type: &str,
        names: &mut Names,
    ) -> ScopeId {
        match self.find_folded(path, place.hash, names) {
            Some((found, _)) => found,
            None => self.add_placed(path, place, resource_type, names),
        }
    }

    fn add_root(&mut self, hash: u32, names: &mut Names) -> ScopeId {
        let place = Place { hash, level: Level::Root, above: None, name: 0 };
        self.add("/", &place, Symbol::EMPTY, ScopeId::ROOT, names)
    }

    fn add_placed(&mut self, path: &str, place: &Place, resource_type: &str, names: &mut Names) -> ScopeId {
        // What encloses it is most often there.
        let parent = match place.above {
            None => ScopeId::ROOT,
            Some((length, hash)) => match self.find_folded(&path[..length as usize], hash, names) {
                Some((found, _)) => found,
                None => self.add_above(path, names),
            },
        };
        let resource_type = match resource_type {
            "" => Symbol::EMPTY,
            text => names.intern(text),
        };
        self.add(path, place, resource_type, parent, names)
    }

    /// Adds what encloses the last step of a path, from the longest ancestor that is there downwards.
    fn add_above(&mut self, path: &str, names: &mut Names) -> ScopeId {
        let steps: Vec<scope::Step<'_>> = scope::steps(path).collect();
        let mut parent = ScopeId::ROOT;
        let mut known = steps.len().saturating_sub(1);
        while known > 0 {
            let above = steps[known - 1].path;
            if let Some((found, _)) = self.find_folded(above, path_hash(above.as_bytes()), names) {
                parent = found;
                break;
            }
            known -= 1;
        }
        for step in &steps[known..steps.len().saturating_sub(1)] {
            let mut text = String::new();
            if step.level == Level::Resource {
                put_type(step, &mut text);
            }
            let resource_type = if text.is_empty() { Symbol::EMPTY } else { names.intern(&text) };
            let name = (step.path.len() - step.name.len()) as u32;
            let place = Place { hash: path_hash(step.path.as_bytes()), level: step.level, above: None, name };
            parent = self.add(step.path, &place, resource_type, parent, names);
        }
        parent
    }

    fn add(
        &mut self,
        path: &str,
        place: &Place,
        resource_type: Symbol,
        parent: ScopeId,
        names: &mut Names,
    ) -> ScopeId {
        let id = ScopeId(self.parent.len() as u32);
        self.above.push(match place.level {
            Level::Subscription | Level::ManagementGroup => Above::Unknown,
            _ => Above::Known,
        });
        self.parent.push(parent);
        self.level.push(place.level);
        let text = names.append(path);
        self.id.push(text);
        self.name.push(place.name);
        self.resource_type.push(resource_type);
        self.captured.push(None);
        let (start, length) = names.span(text);
        let row = Row { hash: place.hash, id: id.0, start, length };
        self.table.insert_unique(spread(place.hash), row, |row| spread(row.hash));
        id
    }

    /// The scope of an id text where it is known.
    pub fn find(&self, path: &str, names: &Names) -> Option<ScopeId> {
        let path = &*trimmed(path);
        self.find_folded(path, path_hash(path.as_bytes()), names).map(|(found, _)| found)
    }

    /// Reads a little of the text of the scope that most likely has that hash, and gives something made of it.
    pub(super) fn glance(&self, hash: u32, names: &Names) -> u8 {
        let Some(row) = self.table.find(spread(hash), |row| row.hash == hash) else { return 0 };
        let text = names.at(row.start, row.length).as_bytes();
        text.iter().step_by(64).chain(text.last()).fold(0, |seen, &byte| seen ^ byte)
    }

    /// The scope of an id text; and whether its id is spelled just so.
    fn find_folded(&self, path: &str, hash: u32, names: &Names) -> Option<(ScopeId, bool)> {
        let mut exact = false;
        let same = |row: &Row| {
            row.hash == hash && row.length as usize == path.len() && {
                let known = names.at(row.start, row.length);
                exact = known == path;
                exact || known.eq_ignore_ascii_case(path)
            }
        };
        let row = self.table.find(spread(hash), same)?;
        Some((ScopeId(row.id), exact))
    }

    /// States what is above a subscription or management group; gives the parent stated before where it differs.
    pub(super) fn set_parent(&mut self, child: ScopeId, parent: ScopeId) -> Option<ScopeId> {
        let i = child.index();
        let before = (self.above[i] == Above::Known).then_some(self.parent[i]);
        self.above[i] = Above::Known;
        self.parent[i] = parent;
        before.filter(|&b| b != parent)
    }

    pub(super) fn set_captured(&mut self, scope: ScopeId, origin: Origin) {
        self.captured[scope.index()].get_or_insert(origin);
    }

    /// Numbers the tree; the scopes of a cycle of management groups where there is one.
    pub(super) fn number(&mut self) -> Result<(), Vec<ScopeId>> {
        let n = self.parent.len();
        let mut children = vec![0u32; n + 1];
        for i in 1..n {
            children[self.parent[i].index() + 1] += 1;
        }
        for i in 0..n {
            children[i + 1] += children[i];
        }
        let mut next = children.clone();
        let mut child = vec![0u32; n.saturating_sub(1)];
        for i in 1..n {
            let slot = &mut next[self.parent[i].index()];
            child[*slot as usize] = i as u32;
            *slot += 1;
        }
        self.first = vec![NOT_SEEN; n];
        self.last = vec![0; n];
        self.top = vec![ScopeId::ROOT; n];
        self.in_order = vec![ScopeId::ROOT; n];
        let mut clock = 0;
        let mut stack = vec![(0u32, children[0])];
        self.first[0] = 0;
        while let Some((node, at)) = stack.last_mut() {
            let i = *node as usize;
            if *at < children[i + 1] {
                let c = child[*at as usize];
                *at += 1;
                clock += 1;
                self.first[c as usize] = clock;
                self.in_order[clock as usize] = ScopeId(c);
                self.top[c as usize] = if i == 0 { ScopeId(c) } else { self.top[i] };
                stack.push((c, children[c as usize]));
            } else {
                self.last[i] = clock;
                stack.pop();
            }
        }
        // Whatever the walk from the root did not meet hangs on a cycle.
        let Some(lost) = (0..n).find(|&i| self.first[i] == NOT_SEEN) else { return Ok(()) };
        let mut seen = vec![];
        let mut at = ScopeId(lost as u32);
        while !seen.contains(&at) {
            seen.push(at);
            at = self.parent[at.index()];
        }
        let start = seen.iter().position(|&s| s == at).unwrap_or(0);
        Err(seen.split_off(start))
    }

    /// How many scopes there are, the root included.
    pub fn len(&self) -> usize {
        self.parent.len()
    }

    /// Never: the root is always there.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Every scope, the root first.
    pub fn iter(&self) -> impl Iterator<Item = ScopeId> + use<> {
        (0..self.parent.len() as u32).map(ScopeId)
    }

    /// Its level.
    pub fn level(&self, scope: ScopeId) -> Level {
        self.level[scope.index()]
    }

    /// Its id, as first captured.
    pub fn id(&self, scope: ScopeId) -> Symbol {
        self.id[scope.index()]
    }

    /// The last segment of its id, as first captured; `/` of the root.
    pub fn segment<'n>(&self, scope: ScopeId, names: &'n Names) -> &'n str {
        &names.get(self.id(scope))[self.name[scope.index()] as usize..]
    }

    /// The resource type (`Microsoft.Compute/virtualMachines`); empty for what is not a resource.
    pub fn resource_type(&self, scope: ScopeId) -> Symbol {
        self.resource_type[scope.index()]
    }

    /// Where its own record was read; `None` where it is only mentioned.
    pub fn captured(&self, scope: ScopeId) -> Option<Origin> {
        self.captured[scope.index()]
    }

    /// The scope directly above it, where that is known; `None` for the root as well.
    pub fn parent(&self, scope: ScopeId) -> Option<ScopeId> {
        (scope != ScopeId::ROOT && self.above[scope.index()] == Above::Known)
            .then(|| self.parent[scope.index()])
    }

    /// Whether what is directly above it was captured (it is, for all that stands in an id).
    pub fn parent_is_known(&self, scope: ScopeId) -> bool {
        scope == ScopeId::ROOT || self.above[scope.index()] == Above::Known
    }

    /// Whether the whole chain up to the root is known.
    pub fn chain_is_known(&self, scope: ScopeId) -> bool {
        self.parent_is_known(self.top[scope.index()])
    }

    /// The scope and all that is known above it, the root last.
    pub fn chain(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> + '_ {
        let mut next = Some(scope);
        std::iter::from_fn(move || {
            let here = next?;
            next = (here != ScopeId::ROOT).then(|| self.parent[here.index()]);
            Some(here)
        })
    }

    /// The nearest scope of that level, itself included; `None` where there is none (or it is not known).
    pub fn enclosing(&self, scope: ScopeId, level: Level) -> Option<ScopeId> {
        self.chain(scope).find(|&s| self.level(s) == level)
    }

    /// Whether `above` is `scope` or an ancestor of it. Unknown where a management group could be above a subscription
    /// whose management groups were not captured.
    pub fn contains(&self, above: ScopeId, scope: ScopeId) -> Truth {
        let (a, s) = (above.index(), scope.index());
        if self.first[a] <= self.first[s] && self.first[s] <= self.last[a] {
            return Truth::True;
        }
        let top = self.top[s];
        if self.level[a] == Level::ManagementGroup
            && self.above[top.index()] == Above::Unknown
            && self.top[a] != top
        {
            return Truth::Unknown(Missing::collection(Collection::ManagementGroups));
        }
        Truth::False
    }

    /// The numbers of the scope (the first) and of all that is known inside it, in an order in which these stand together.
    pub fn numbers(&self, scope: ScopeId) -> std::ops::Range<u32> {
        self.first[scope.index()]..self.last[scope.index()] + 1
    }

    /// The scopes at or inside `scope`, as far as the tree is known.
    pub fn inside(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> + '_ {
        let numbers = self.numbers(scope);
        self.in_order[numbers.start as usize..numbers.end as usize].iter().copied()
    }
}
