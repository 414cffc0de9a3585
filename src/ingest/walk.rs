//! Goes through inputs window by window and tells what stands there: values, their fields, the records of their arrays.
//! Runs on a thread of its own, ahead of whoever reads the records; memory is a few windows, whatever the size of a file.

use super::Input;
use super::ahead::Ahead;
use super::collections::{self, Known};
use super::formats;
use super::head::{self, Form, Head};
use super::json::{Halt, Scan, Scanner};
use super::record::{Key, Lookup, Projector, Record, Slot, Twice};
use super::stream;
use super::value;
use crate::inventory::Collection;
use std::io::{ErrorKind, Read};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, SyncSender};

/// Bytes of a window, where no record is larger.
const WINDOW: usize = 1 << 18;
/// Whoever reads the records is behind where so many batches wait.
const BEHIND: usize = 2;
/// No record (or other piece that is read at once) may be larger.
const LARGEST: usize = 1 << 28;

/// What stands at a place of an input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum What {
    /// The next input begins.
    Input(u32),
    /// A top-level value begins.
    Value(Form),
    /// It ends.
    ValueEnd,
    /// A field of the top-level object, with its whole value.
    Field,
    /// A field of the top-level object whose value is an array, or the top-level array itself: its elements follow.
    Array,
    /// It ends.
    ArrayEnd,
    /// The columns of a Resource Graph table.
    Columns,
    /// An object.
    Record,
    /// An element of a collection whose records stand alone: where it was read ahead, which of those that were.
    Listed(Collection, u32),
    /// An element that is no object.
    Element,
    /// Something is wrong here: an index into the batch's troubles.
    Trouble(u32),
}

/// One thing that stands somewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) what: What,
    /// The line it begins on, from 1.
    pub(super) line: u32,
    /// Which element of its array.
    pub(super) index: u32,
    /// Its span in the window.
    pub(super) start: u32,
    pub(super) end: u32,
    /// The span of its key in the window.
    pub(super) key: (u32, u32),
    /// Where its slots end in the batch; they begin where those of the record before end.
    pub(super) slots: u32,
}

/// What is wrong with an input as text.
#[derive(Clone, Debug)]
pub(super) enum Trouble {
    /// It can't be read on.
    Fault { line: u32, column: u64, message: String, help: Option<String> },
    /// It is not something that Dictum reads.
    Foreign { line: u32, what: &'static str, way: &'static str },
    /// A record has a key twice.
    Twice { key: Key, inner: bool, first: u32, second: u32 },
}

/// A window and what stands in it.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) text: String,
    pub(super) slots: Vec<Slot>,
    pub(super) items: Vec<Item>,
    pub(super) troubles: Vec<Trouble>,
    pub(super) ahead: Ahead,
    /// Whether records were read ahead.
    is_read: bool,
}

impl Batch {
    /// Reads the records that stand alone, where that was not done. One that can't be read is left to its reader, which can
    /// say what is wrong.
    pub(super) fn read_ahead(&mut self, lookup: &mut Lookup, wants_tags: bool) {
        if std::mem::replace(&mut self.is_read, true) {
            return;
        }
        self.ahead.beside.tags = wants_tags;
        let mut from = 0;
        for item in &mut self.items {
            let slots = &self.slots[from..item.slots as usize];
            from = item.slots as usize;
            let What::Listed(collection, index) = &mut item.what else { continue };
            lookup.enter(slots);
            let record = Record {
                text: &self.text,
                slots,
                lookup,
                start: item.start as usize,
                end: item.end as usize,
                line: item.line,
            };
            let read = Known::read(*collection, &record, &mut self.ahead.beside);
            lookup.leave(slots);
            if let Ok(known) = read {
                *index = self.ahead.known.len() as u32;
                self.ahead.known.push(known);
            }
        }
    }
}

/// Why an input is not gone through to its end.
enum Stop {
    /// Whoever reads has gone.
    Gone,
    /// It was told; the next input comes.
    Told,
}

struct Walk<'c> {
    reader: Box<dyn Read>,
    bytes: Vec<u8>,
    filled: usize,
    at: usize,
    /// Bytes of the input before this window.
    base: u64,
    line: u32,
    /// The byte of the input on which the line begins.
    line_start: u64,
    ended: bool,
    batch: Batch,
    projector: Projector,
    lookup: Lookup,
    /// The collection whose elements are being gone through, where its records stand alone.
    listed: Option<Collection>,
    wants_tags: bool,
    /// How many batches wait for whoever reads them.
    waiting: &'c AtomicUsize,
    to: &'c SyncSender<Batch>,
    back: &'c Receiver<Batch>,
}

/// Goes through all inputs. `waiting` is how many batches were handed over and not taken yet: where there are some, there is
/// time to read records ahead.
pub(super) fn run(
    inputs: Vec<Input>,
    wants_tags: bool,
    waiting: &AtomicUsize,
    to: &SyncSender<Batch>,
    back: &Receiver<Batch>,
) {
    let mut walk = Walk {
        reader: Box::new(std::io::empty()),
        bytes: vec![0; WINDOW],
        filled: 0,
        at: 0,
        base: 0,
        line: 1,
        line_start: 0,
        ended: true,
        batch: Batch::default(),
        projector: Projector::default(),
        lookup: Lookup::new(),
        listed: None,
        wants_tags,
        waiting,
        to,
        back,
    };
    for (index, input) in inputs.into_iter().enumerate() {
        if let Err(Stop::Gone) = walk.input(index as u32, input) {
            return;
        }
    }
    let _ = walk.flush();
}

impl Walk<'_> {
    fn input(&mut self, index: u32, input: Input) -> Result<(), Stop> {
        self.flush()?;
        (self.filled, self.at, self.base, self.line, self.line_start, self.ended) = (0, 0, 0, 1, 0, false);
        self.item(What::Input(index), (0, 0), 0, (0, 0));
        match stream::open(input.reader) {
            Ok(reader) => self.reader = reader,
            Err(error) => {
                self.reader = Box::new(std::io::empty());
                return self.unreadable(&error);
            }
        }
        let mut values = 0;
        while let Some(first) = self.step(|scanner, _| match scanner.peek() {
            None if !scanner.last => Err(Halt::Cut),
            next => Ok(next),
        })? {
            self.top(first, values)?;
            values += 1;
        }
        if values == 0 {
            return self.tell(Trouble::Fault {
                line: self.line,
                column: 0,
                message: "the input is empty; JSON was expected".to_owned(),
                help: Some(
                    "capture it again: an empty file says nothing, an empty list is written `[]`".to_owned(),
                ),
            });
        }
        Ok(())
    }

    fn top(&mut self, first: u8, values: usize) -> Result<(), Stop> {
        match first {
            b'[' => {
                self.at += 1;
                self.item(What::Value(Form::Array), (self.at - 1, self.at), 0, (0, 0));
                self.item(What::Array, (self.at - 1, self.at), 0, (0, 0));
                self.elements(None)?;
            }
            b'{' => match self.head()? {
                Head::Foreign(what, way) => {
                    let line = self.line;
                    if self.ended {
                        // What is cut or damaged is that first of all.
                        self.step(|scanner, projector| scanner.value(&mut projector.nesting))?;
                    }
                    return self.tell(Trouble::Foreign { line, what, way });
                }
                Head::Form(form @ (Form::Single | Form::Capture)) => {
                    self.item(What::Value(form), (self.at, self.at), 0, (0, 0));
                    self.element(0, None)?;
                }
                Head::Form(form) => {
                    self.item(What::Value(form), (self.at, self.at), 0, (0, 0));
                    self.fields(form)?;
                }
            },
            _ => {
                if values == 0
                    && let Some((what, way)) = head::of_text(&self.bytes[self.at..self.filled])
                {
                    return self.tell(Trouble::Foreign { line: self.line, what, way });
                }
                let words = if values == 0 {
                    "`{` or `[` was expected: "
                } else {
                    "something stands after the end of the value: "
                };
                return self.step(|scanner, projector| {
                    scanner.value(&mut projector.nesting)?;
                    let message = format!("{words}a JSON object or an array of objects");
                    Err(scanner.fault(scanner.at, message))
                });
            }
        }
        self.item(What::ValueEnd, (self.at, self.at), 0, (0, 0));
        Ok(())
    }

    fn head(&mut self) -> Result<Head, Stop> {
        let (head, cut) = head::of_object(&Scanner::new(&self.bytes[..self.filled], self.at, self.ended));
        if !cut || self.at == 0 || self.ended {
            return Ok(head);
        }
        // The window holds only its beginning; a full one decides.
        self.more()?;
        Ok(head::of_object(&Scanner::new(&self.bytes[..self.filled], self.at, self.ended)).0)
    }

    /// The fields of the object that begins here.
    fn fields(&mut self, form: Form) -> Result<(), Stop> {
        self.at += 1;
        let mut first = true;
        loop {
            let more = self.step(|scanner, _| {
                let expected = if first { "a key or `}`" } else { "`,` or `}`" };
                match scanner.must(expected)? {
                    b'}' => {
                        scanner.at += 1;
                        Ok(false)
                    }
                    b'"' if first => Ok(true),
                    b',' if !first => {
                        scanner.at += 1;
                        Ok(true)
                    }
                    _ => Err(scanner.expected(expected)),
                }
            })?;
            if !more {
                return Ok(());
            }
            first = false;
            self.field(form)?;
        }
    }

    fn field(&mut self, form: Form) -> Result<(), Stop> {
        let before = self.line;
        let (key, span, lines, opens) = self.step(|scanner, projector| {
            let key = scanner.key()?;
            let opens = scanner.must("a value")?;
            let (lines, start) = (scanner.newlines, scanner.at);
            let is_table = opens == b'{'
                && form == Form::Graph
                && scanner.bytes[key.0..key.1].eq_ignore_ascii_case(b"data");
            if opens == b'[' || is_table {
                scanner.at += 1;
                return Ok((key, (start, start + 1), lines, opens));
            }
            let span = scanner.value(&mut projector.nesting)?;
            Ok((key, span, lines, b' '))
        })?;
        let name = std::str::from_utf8(&self.bytes[key.0..key.1]).ok().and_then(value::unescape);
        let collection = name.filter(|_| form == Form::Document).and_then(|name| formats::collection(&name));
        let key = (key.0 as u32, key.1 as u32);
        match opens {
            b'[' => {
                self.item(What::Array, span, 0, key);
                self.listed = collection.filter(|&collection| collections::stand_alone(collection));
                let ended = self.elements(None);
                self.listed = None;
                ended
            }
            b'{' => self.table(),
            _ => {
                self.item(What::Field, span, 0, key);
                if let Some(item) = self.batch.items.last_mut() {
                    item.line = before + lines;
                }
                Ok(())
            }
        }
    }

    /// The `columns` and `rows` of a Resource Graph table; its opening brace is behind.
    fn table(&mut self) -> Result<(), Stop> {
        let mut columns: Option<Vec<Option<Key>>> = None;
        let mut first = true;
        loop {
            let opens = self.step(|scanner, _| {
                let expected = if first { "a key or `}`" } else { "`,` or `}`" };
                match scanner.must(expected)? {
                    b'}' => {
                        scanner.at += 1;
                        return Ok(None);
                    }
                    b'"' if first => {}
                    b',' if !first => scanner.at += 1,
                    _ => return Err(scanner.expected(expected)),
                }
                let (from, to) = scanner.key()?;
                let is = |word: &[u8]| scanner.bytes[from..to].eq_ignore_ascii_case(word);
                let kind = match () {
                    () if is(b"columns") => 'c',
                    () if is(b"rows") => 'r',
                    () => 'o',
                };
                scanner.must("a value")?;
                Ok(Some((kind, (from as u32, to as u32))))
            })?;
            first = false;
            match (opens, &columns) {
                (None, _) => return Ok(()),
                (Some(('c', _)), _) => {
                    let (names, span) = self.step(|scanner, projector| {
                        let start = scanner.at;
                        let span = scanner.value(&mut projector.nesting)?;
                        column_names(&scanner.bytes[span.0..span.1]).map(|names| (names, span)).ok_or_else(
                            || scanner.fault(start, "an array of columns, each with a `name`, was expected"),
                        )
                    })?;
                    self.item(What::Columns, span, 0, (0, 0));
                    columns = Some(names);
                }
                (Some(('r', key)), Some(names)) => {
                    let names = names.clone();
                    let span = self.step(|scanner, _| {
                        scanner.token(b'[', "`[`, the rows")?;
                        Ok((scanner.at - 1, scanner.at))
                    })?;
                    self.item(What::Array, span, 0, key);
                    self.elements(Some(&names))?;
                }
                (Some(('r', _)), None) => {
                    return self.step(|scanner, _| {
                        Err(scanner
                            .fault(scanner.at, "the `columns` of a table were expected before its `rows`"))
                    });
                }
                (Some(_), _) => {
                    self.step(|scanner, projector| scanner.value(&mut projector.nesting))?;
                }
            }
        }
    }

    /// The elements of the array whose opening bracket is behind.
    fn elements(&mut self, columns: Option<&[Option<Key>]>) -> Result<(), Stop> {
        let mut index = 0;
        loop {
            let more = self.step(|scanner, _| {
                let expected = if index == 0 { "a value or `]`" } else { "`,` or `]`" };
                match scanner.must(expected)? {
                    b']' => {
                        scanner.at += 1;
                        Ok(false)
                    }
                    b',' if index > 0 => {
                        scanner.at += 1;
                        Ok(true)
                    }
                    _ if index == 0 => Ok(true),
                    _ => Err(scanner.expected(expected)),
                }
            })?;
            if !more {
                self.item(What::ArrayEnd, (self.at - 1, self.at), index, (0, 0));
                return Ok(());
            }
            self.element(index, columns)?;
            index = index.saturating_add(1);
        }
    }

    fn element(&mut self, index: u32, columns: Option<&[Option<Key>]>) -> Result<(), Stop> {
        let (before, listed) = (self.line, self.listed);
        let result = self.step(|scanner, projector| {
            let opens = scanner.must("a value")?;
            let (start, lines) = (scanner.at, scanner.newlines);
            let what = match (opens, columns) {
                (b'{', None) => {
                    projector.record(scanner)?;
                    listed.map_or(What::Record, |collection| What::Listed(collection, u32::MAX))
                }
                (b'[', Some(columns)) => {
                    let cells = projector.row(scanner, columns)?;
                    if cells != columns.len() {
                        let message = format!(
                            "a row of {} values was expected, one for each column; it has {cells}",
                            columns.len()
                        );
                        return Err(scanner.fault(start, message));
                    }
                    What::Record
                }
                _ => {
                    scanner.value(&mut projector.nesting)?;
                    What::Element
                }
            };
            Ok((what, start, lines, scanner.at))
        });
        let (what, start, lines, end) = result?;
        self.batch.items.push(Item {
            what,
            line: before + lines,
            index,
            start: start as u32,
            end: end as u32,
            key: (0, 0),
            slots: self.projector.slots.len() as u32,
        });
        if let Some(Twice { key, inner, first, second }) = self.projector.twice.take() {
            let line = |at: u32| before + lines + breaks(&self.bytes[start..at as usize]);
            let (first, second) = (line(first), line(second));
            self.trouble(Trouble::Twice { key, inner, first, second });
        }
        Ok(())
    }

    /// Does something from here on; once more with a fuller window where it was cut by the end of this one.
    fn step<T>(
        &mut self,
        mut act: impl FnMut(&mut Scanner<'_>, &mut Projector) -> Scan<T>,
    ) -> Result<T, Stop> {
        loop {
            let mut scanner = Scanner::new(&self.bytes[..self.filled], self.at, self.ended);
            match act(&mut scanner, &mut self.projector) {
                Ok(done) => {
                    let Scanner { at, newlines, line_start, .. } = scanner;
                    self.at = at;
                    self.line += newlines;
                    if let Some(start) = line_start {
                        self.line_start = self.base + start as u64;
                    }
                    return Ok(done);
                }
                Err(Halt::Cut) => self.more()?,
                Err(Halt::Fault(fault)) => {
                    let seen = &self.bytes[self.at.min(fault.at)..fault.at.min(self.filled)];
                    let line = self.line + breaks(seen);
                    let start = match memchr::memrchr(b'\n', seen) {
                        Some(last) => self.base + (self.at + last + 1) as u64,
                        None => self.line_start,
                    };
                    let column = (self.base + fault.at as u64).saturating_sub(start) + 1;
                    self.tell(Trouble::Fault { line, column, message: fault.message, help: None })?;
                }
            }
        }
    }

    /// More of the input: the window moves on to `at`, and grows where it holds only what is being read.
    fn more(&mut self) -> Result<(), Stop> {
        if self.at > 0 {
            self.flush()?;
        }
        if self.filled == self.bytes.len() {
            if self.bytes.len() >= LARGEST {
                let message = format!("one record is larger than {} MiB", LARGEST >> 20);
                return self.tell(Trouble::Fault { line: self.line, column: 0, message, help: None });
            }
            self.bytes.resize(self.bytes.len() * 2, 0);
        }
        while self.filled < self.bytes.len() {
            match self.reader.read(&mut self.bytes[self.filled..]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(n) => self.filled += n,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return self.unreadable(&error),
            }
        }
        Ok(())
    }

    fn unreadable(&mut self, error: &std::io::Error) -> Result<(), Stop> {
        let message = match error.kind() {
            ErrorKind::UnexpectedEof => "the compressed input ends too early: it is cut".to_owned(),
            ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::Other => error.to_string(),
            _ => format!("it can't be read: {error}"),
        };
        self.tell(Trouble::Fault { line: self.line, column: 0, message, help: None })
    }

    fn item(&mut self, what: What, span: (usize, usize), index: u32, key: (u32, u32)) {
        let slots = self.projector.slots.len() as u32;
        self.batch.items.push(Item {
            what,
            line: self.line,
            index,
            start: span.0 as u32,
            end: span.1 as u32,
            key,
            slots,
        });
    }

    fn trouble(&mut self, trouble: Trouble) {
        self.batch.troubles.push(trouble);
        self.item(What::Trouble(self.batch.troubles.len() as u32 - 1), (0, 0), 0, (0, 0));
    }

    /// Says what is wrong, and that the rest of this input is left.
    fn tell<T>(&mut self, trouble: Trouble) -> Result<T, Stop> {
        self.trouble(trouble);
        self.flush()?;
        Err(Stop::Told)
    }

    /// Hands over what stands before `at`, and keeps the rest of the window.
    fn flush(&mut self) -> Result<(), Stop> {
        let mut next = self.back.try_recv().unwrap_or_default();
        next.items.clear();
        next.slots.clear();
        next.troubles.clear();
        next.ahead.clear();
        next.is_read = false;
        let mut bytes = std::mem::take(&mut next.text).into_bytes();
        let rest = self.filled - self.at;
        let room = WINDOW.max(rest.next_power_of_two());
        bytes.resize(room, 0);
        bytes[..rest].copy_from_slice(&self.bytes[self.at..self.filled]);
        let mut done = std::mem::replace(&mut self.bytes, bytes);
        done.truncate(self.at);
        let mut batch = std::mem::replace(&mut self.batch, next);
        std::mem::swap(&mut batch.slots, &mut self.projector.slots);
        std::mem::swap(&mut self.batch.slots, &mut self.projector.slots);
        std::mem::swap(&mut batch.ahead, &mut self.projector.ahead);
        std::mem::swap(&mut self.batch.ahead, &mut self.projector.ahead);
        let damaged = match String::from_utf8(done) {
            Ok(text) => {
                batch.text = text;
                if self.waiting.load(Relaxed) >= BEHIND {
                    batch.read_ahead(&mut self.lookup, self.wants_tags);
                }
                None
            }
            Err(error) => {
                let bad = error.utf8_error().valid_up_to();
                let bytes = error.as_bytes();
                let line_start = memchr::memrchr(b'\n', &bytes[..bad])
                    .map_or(self.line_start, |i| self.base + i as u64 + 1);
                let line = self.line.saturating_sub(breaks(&bytes[bad..]));
                let column =
                    (self.base + bad as u64).saturating_sub(line_start.min(self.base + bad as u64)) + 1;
                let message = "the text is not UTF-8".to_owned();
                let help = Some("save it as UTF-8 (or UTF-16 with a byte-order mark)".to_owned());
                Some(Trouble::Fault { line, column, message, help })
            }
        };
        let spoilt = damaged.is_some();
        if let Some(trouble) = damaged {
            batch.items.retain(|item| matches!(item.what, What::Input(_)));
            batch.slots.clear();
            batch.troubles = vec![trouble];
            batch.items.iter_mut().for_each(|item| item.slots = 0);
            batch.items.push(Item {
                what: What::Trouble(0),
                line: 0,
                index: 0,
                start: 0,
                end: 0,
                key: (0, 0),
                slots: 0,
            });
        }
        self.base += self.at as u64;
        self.filled = rest;
        self.at = 0;
        if !batch.items.is_empty() {
            self.waiting.fetch_add(1, Relaxed);
            self.to.send(batch).map_err(|_| Stop::Gone)?;
        }
        if spoilt { Err(Stop::Told) } else { Ok(()) }
    }
}

fn breaks(bytes: &[u8]) -> u32 {
    memchr::memchr_iter(b'\n', bytes).count() as u32
}

/// The keys of the columns of a Resource Graph table.
fn column_names(bytes: &[u8]) -> Option<Vec<Option<Key>>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let columns = value::Raw { text, at: 0, key: "columns", inner: false, plain: false };
    columns
        .items()
        .ok()?
        .map(|column| {
            let name = column.field("name").ok()??.string().ok()?;
            Some(Key::of(name.as_bytes()))
        })
        .collect()
}
