//! Takes what the walk tells and states it in a draft of the inventory; everything that is wrong becomes a diagnostic with
//! its place.

use super::Declared;
use super::ahead::Texts;
use super::collections::{self, Known, Owner, Rest};
use super::coverage::Tally;
use super::formats::{self, Format};
use super::head::Form;
use super::kind::{self, Kind};
use super::list::{self, List};
use super::record::{Key, Lookup, Record};
use super::value::{self, Raw, Wrong, clip};
use super::walk::{Batch, Item, Trouble, What};
use crate::azure::Guid;
use crate::diagnostic::{Diagnostic, Place, code};
use crate::inventory::schema::{Attr, Table};
use crate::inventory::{Cell, Collection, Draft, Entity, Origin, PrincipalId, Symbol};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// So many errors of one input are told one by one.
const TOLD: usize = 20;

/// What the records of an array are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Listing {
    /// Elements of that collection: its key says so.
    Of(Collection),
    /// Each says itself.
    Each,
    /// Nothing that Dictum reads.
    Ignored,
}

/// Where the loader is.
pub(super) struct Context {
    /// The input's name.
    pub(super) name: String,
    file: u32,
    form: Form,
    part: u32,
    /// The JSON pointer of the array that is being read.
    pointer: String,
    listing: Listing,
    in_array: bool,
    element: u32,
    /// Keys of the top-level object so far, with their lines.
    keys: Vec<(String, u32)>,
    errors: usize,
    /// The list that the value holds.
    pub(super) list: List,
}

/// A draft and what is needed to fill it.
pub(super) struct Loader<'d> {
    pub(super) draft: Draft,
    pub(super) declared: &'d Declared,
    pub(super) errors: Vec<Diagnostic>,
    pub(super) warnings: Vec<Diagnostic>,
    pub(super) coverage: Tally,
    pub(super) context: Context,
    /// Names of app roles by their id.
    pub(super) app_role_names: FxHashMap<Guid, Symbol>,
    /// Owners of applications: the application's object id, the owner.
    pub(super) application_owners: Vec<(String, PrincipalId, Origin)>,
    /// Lists of directory objects that do not say whose they are.
    pub(super) unowned: Vec<(Place, List)>,
    /// Tenants that captures name, with the places.
    pub(super) tenants: Vec<(Guid, Place)>,
    /// Other records' tenants: of what, and one place each.
    pub(super) record_tenants: Vec<(Guid, &'static str, Place)>,
    /// Rows of classic administrators.
    pub(super) classic: Vec<Place>,
    name_hints: Vec<Option<Symbol>>,
    /// Tags by their text: few sets of them are many resources'.
    pub(super) tags: FxHashMap<Box<str>, Cell>,
    lookup: Option<Box<Lookup>>,
    part_of_key: Option<(u32, String)>,
}

impl<'d> Loader<'d> {
    pub(super) fn new(draft: Draft, declared: &'d Declared) -> Self {
        Loader {
            draft,
            declared,
            errors: vec![],
            warnings: vec![],
            coverage: Tally::default(),
            context: Context {
                name: String::new(),
                file: 0,
                form: Form::Array,
                part: 0,
                pointer: String::new(),
                listing: Listing::Ignored,
                in_array: false,
                element: Origin::WHOLE,
                keys: vec![],
                errors: 0,
                list: List::default(),
            },
            app_role_names: FxHashMap::default(),
            application_owners: vec![],
            unowned: vec![],
            tenants: vec![],
            record_tenants: vec![],
            classic: vec![],
            name_hints: vec![],
            tags: FxHashMap::default(),
            lookup: Some(Box::new(Lookup::new())),
            part_of_key: None,
        }
    }

    /// Takes a batch. `names` are those of the inputs.
    pub(super) fn batch(&mut self, batch: &mut Batch, names: &[String]) {
        self.draft.look_ahead(&batch.ahead.paths, &batch.ahead.objects);
        let mut slots_from = 0;
        let Some(mut lookup) = self.lookup.take() else { return };
        batch.read_ahead(&mut lookup, collections::wants_tags(&self.draft));
        let batch = &*batch;
        for item in &batch.items {
            let slots = &batch.slots[slots_from as usize..item.slots as usize];
            slots_from = item.slots;
            match item.what {
                What::Record | What::Listed(..) => {
                    let rest = match self.known(batch, item) {
                        Some((known, texts)) => {
                            let origin = self.element_of(item);
                            let Some(rest) = known.state(self, texts, origin) else { continue };
                            Some(rest)
                        }
                        None => None,
                    };
                    lookup.enter(slots);
                    let record = Record {
                        text: &batch.text,
                        slots,
                        lookup: &lookup,
                        start: item.start as usize,
                        end: item.end as usize,
                        line: item.line,
                    };
                    self.record(&record, item, rest);
                    lookup.leave(slots);
                }
                What::Input(index) => self.begin_input(&names[index as usize]),
                What::Value(form) => self.begin_value(form),
                What::ValueEnd => self.end_value(item.line),
                What::Field => {
                    let key = key_text(batch, item);
                    let text = &batch.text[item.start as usize..item.end as usize];
                    if self.new_key(&key, item.line) {
                        let raw =
                            Raw { text, at: item.start as usize, key: &key, inner: false, plain: false };
                        self.field(&key, raw, item.line);
                    }
                }
                What::Array => {
                    let key = key_text(batch, item);
                    self.begin_array(&key, item.line);
                }
                What::ArrayEnd => {
                    if self.context.listing != Listing::Ignored {
                        self.context.list.rows += u64::from(item.index);
                    }
                    self.context.in_array = false;
                    self.context.element = Origin::WHOLE;
                }
                What::Columns => {}
                What::Element => self.element(&batch.text[item.start as usize..item.end as usize], item),
                What::Trouble(index) => self.trouble(&batch.troubles[index as usize]),
            }
        }
        self.lookup = Some(lookup);
    }

    fn begin_input(&mut self, name: &str) {
        let file = self.draft.inventory().origins.file(name);
        self.context.name = name.to_owned();
        self.context.file = file;
        self.context.errors = 0;
        self.context.in_array = false;
        self.context.element = Origin::WHOLE;
        self.context.pointer.clear();
        self.context.keys.clear();
        self.part_of_key = None;
        self.context.part = self.draft.inventory().origins.part(file, "");
    }

    fn begin_value(&mut self, form: Form) {
        if !self.context.pointer.is_empty() {
            self.context.pointer.clear();
            self.context.part = self.draft.inventory().origins.part(self.context.file, "");
        }
        self.context.form = form;
        self.context.keys.clear();
        self.context.listing = Listing::Each;
        self.context.list = List::new(self.coverage.hint(&self.context.name));
    }

    fn format(&self) -> &'static Format {
        formats::of(self.context.form)
    }

    fn new_key(&mut self, key: &str, line: u32) -> bool {
        let folded = key.to_ascii_lowercase();
        let before = self.context.keys.iter().find(|(k, _)| *k == folded).map(|&(_, line)| line);
        if let Some(first) = before {
            let name = key.to_owned();
            let place = |line| Place { pointer: pointer_of(&name), ..self.place(line, "") };
            let diagnostic = Diagnostic::error(
                code::D502,
                format!("the key `{key}` stands twice in this object (letter case does not count)"),
            )
            .in_file(place(line))
            .in_file(place(first))
            .help("keep one of the two, with the elements of both");
            self.error(diagnostic);
            return false;
        }
        self.context.keys.push((folded, line));
        true
    }

    fn field(&mut self, key: &str, raw: Raw<'_>, line: u32) {
        let Err(wrong) = (self.format().field)(self, key, raw, line) else { return };
        let pointer = if wrong.pointer.is_empty() { pointer_of(key) } else { wrong.pointer.clone() };
        let place = Place { pointer, ..self.place(line, "") };
        self.error(diagnostic(&wrong, place));
    }

    fn begin_array(&mut self, key: &str, line: u32) {
        self.context.in_array = true;
        self.context.element = 0;
        if self.context.form == Form::Array {
            self.context.listing = Listing::Each;
            return;
        }
        let in_table = self.context.form == Form::Graph && key.eq_ignore_ascii_case("rows");
        let pointer = if in_table { "/data/rows".to_owned() } else { pointer_of(key) };
        self.context.part = self.draft.inventory().origins.part(self.context.file, pointer.clone());
        self.context.pointer = pointer;
        self.context.listing = Listing::Ignored;
        if self.new_key(key, line) {
            match (self.format().array)(self, key) {
                Ok(listing) => self.context.listing = listing,
                Err(wrong) => {
                    let place = Place { pointer: self.context.pointer.clone(), ..self.place(line, "") };
                    self.error(diagnostic(&wrong, place));
                }
            }
        }
    }

    fn end_value(&mut self, line: u32) {
        self.context.in_array = false;
        self.context.element = Origin::WHOLE;
        self.context.pointer.clear();
        (self.format().end)(self, line);
    }

    /// A record that was read ahead; nothing where it was not, or its list turned out to be another one.
    fn known<'b>(&self, batch: &'b Batch, item: &Item) -> Option<(&'b Known, Texts<'b>)> {
        let What::Listed(collection, index) = item.what else { return None };
        let known = batch.ahead.known.get(index as usize)?;
        let texts = Texts { window: &batch.text, beside: &batch.ahead.beside };
        (self.context.listing == Listing::Of(collection)).then_some((known, texts))
    }

    /// The element that a record is, and where it stands.
    fn element_of(&mut self, item: &Item) -> Origin {
        self.context.element = if self.context.in_array { item.index } else { Origin::WHOLE };
        Origin { part: self.context.part, index: self.context.element, line: item.line }
    }

    /// Reads a record, or the rest of it.
    fn record(&mut self, record: &Record<'_>, item: &Item, rest: Option<Rest>) {
        let origin = self.element_of(item);
        let result = match self.context.listing {
            _ if self.context.form == Form::Capture => {
                let text = &record.text[record.start..record.end];
                let raw = Raw { text, at: record.start, key: "capture", inner: false, plain: false };
                formats::capture::read(self, raw, record.line, false)
            }
            Listing::Of(collection) => match rest {
                Some(rest) => rest.read(self, record, origin),
                None => collections::reader(collection)(self, record, origin),
            },
            Listing::Each => self.each(record, origin),
            Listing::Ignored => Ok(()),
        };
        if let Err(wrong) = result {
            let line = record.line_at(wrong.at);
            let mut diagnostic = diagnostic(&wrong, self.place(line, &wrong.pointer));
            if let Some(first) = wrong.first {
                diagnostic = diagnostic.in_file(self.place(record.line_at(first), &wrong.pointer));
            }
            self.error(diagnostic);
        }
    }

    /// A record that says itself what it is, or is told by what stands around it.
    fn each(&mut self, record: &Record<'_>, origin: Origin) -> Result<(), Wrong> {
        let around = self.context.list.collection();
        let links = self.context.list.links();
        let kind = match (around, kind::of(record)?) {
            // A deleted user, in the list of deleted objects.
            (Some(Collection::DeletedObjects), Some(_)) => Kind::Of(Collection::DeletedObjects),
            // An identity in a page of resources that `capture.json` names.
            (_, Some(kind)) => kind,
            (Some(collection), None) => Kind::Of(collection),
            (None, None) => match links {
                Some(_) => Kind::OtherObject,
                None => return Err(unknown_kind(record)),
            },
        };
        let collection = match kind {
            Kind::Of(collection) => collection,
            Kind::Classic => {
                let place = self.place(record.line, "");
                self.classic.push(place);
                return Ok(());
            }
            Kind::DirectoryRole => return collections::directory_role(self, record),
            Kind::OtherObject => {
                let (guid, spelling) = collections::object_id(record)?;
                let principal = self.draft.principal(guid, &spelling);
                self.context.list.objects.push((principal, origin));
                return Ok(());
            }
        };
        self.coverage.mention(collection);
        self.context.list.note(collection);
        // Resource Graph lists identities among the resources.
        let in_graph = self.context.form == Form::Graph && collection == Collection::Identities;
        let collection = if in_graph { Collection::Resources } else { collection };
        if in_graph {
            self.coverage.mention(collection);
            self.context.list.note(collection);
        }
        collections::reader(collection)(self, record, origin)?;
        let directory =
            matches!(collection, Collection::Users | Collection::Groups | Collection::ServicePrincipals);
        let in_list = self.context.form != Form::Single;
        if directory && in_list && (links.is_some() || self.context.list.may_belong(record)) {
            let (guid, spelling) = collections::object_id(record)?;
            let principal = self.draft.principal(guid, &spelling);
            self.context.list.objects.push((principal, origin));
        }
        Ok(())
    }

    fn element(&mut self, text: &str, item: &Item) {
        if self.context.listing == Listing::Ignored {
            return;
        }
        self.context.element = item.index;
        if self.context.errors > 0 && item.index > 0 {
            // The first of a list of strings says it for all.
            self.context.errors += 1;
            return;
        }
        let raw = Raw { text, at: 0, key: "", inner: false, plain: false };
        let mut diagnostic =
            Diagnostic::error(code::D504, format!("an object was expected here, {} found", raw.kind()))
                .in_file(self.place(item.line, ""));
        if raw.string().is_ok_and(|text| Guid::parse(&text).is_some()) {
            diagnostic = diagnostic
                .note("a list of ids is what `getMemberGroups`, `checkMemberGroups` and `az ad user get-member-groups` answer")
                .help("capture the members of each group instead: `dictum inventory --capture-script`, or az rest on /groups/{id}/members");
        }
        self.error(diagnostic);
    }

    fn trouble(&mut self, trouble: &Trouble) {
        let name = self.context.name.clone();
        match trouble {
            Trouble::Fault { line, column, message, help } => {
                let place = if *line == 0 { self.place(1, "") } else { self.place(*line, "") };
                let at = if *column > 0 { format!(" (column {column})") } else { String::new() };
                let mut diagnostic =
                    Diagnostic::error(code::D500, format!("`{name}` can't be read: {message}{at}"))
                        .in_file(place);
                if let Some(help) = help {
                    diagnostic = diagnostic.help(help.clone());
                }
                self.errors.push(diagnostic);
            }
            Trouble::Foreign { line, what, way } => {
                let place = self.place(*line, "");
                let message = format!("`{name}` is not a capture: it seems to be {what}");
                self.errors.push(Diagnostic::error(code::D501, message).in_file(place).help(*way));
            }
            Trouble::Twice { key, inner, first, second } => {
                let prefix = if *inner { "/properties" } else { "" };
                let pointer = format!("{prefix}/{}", value::escape_pointer(key.name()));
                let message = format!(
                    "a record has the key `{}` twice (letter case and escapes do not count)",
                    key.name()
                );
                let diagnostic = Diagnostic::error(code::D502, message)
                    .in_file(self.place(*second, &pointer))
                    .in_file(self.place(*first, &pointer))
                    .help("keep one of the two");
                self.error(diagnostic);
            }
        }
    }

    /// A place in the input that is being read: `pointer` within the record.
    pub(super) fn place(&self, line: u32, pointer: &str) -> Place {
        let element = match self.context.element {
            Origin::WHOLE => String::new(),
            index => format!("/{index}"),
        };
        let pointer = format!("{}{element}{pointer}", self.context.pointer);
        Place { file: self.context.name.clone(), pointer, line: line.into() }
    }

    pub(super) fn error(&mut self, diagnostic: Diagnostic) {
        self.context.errors += 1;
        match self.context.errors {
            ..=TOLD => self.errors.push(diagnostic),
            n if n == TOLD + 1 => {
                let message = format!("`{}` has more errors, which are not listed", self.context.name);
                self.errors.push(Diagnostic::error(diagnostic.code, message).in_file(self.place(0, "")));
            }
            _ => {}
        }
    }

    /// States a text, or that there is none.
    pub(super) fn set_text(
        &mut self,
        entity: impl Into<Entity>,
        attr: Attr,
        text: Option<Cow<'_, str>>,
        origin: Origin,
    ) {
        if self.draft.wants(attr) {
            let cell = text.map_or(Cell::Absent, |text| Cell::Text(self.draft.intern(&text)));
            self.draft.set(entity, attr, cell, origin);
        }
    }

    /// A name for a principal that stands where its own record does not say one. An application id is none.
    pub(super) fn name_hint(&mut self, principal: PrincipalId, name: &str) {
        let index = principal.index();
        if self.name_hints.len() <= index {
            self.name_hints.resize(index + 1, None);
        }
        if self.name_hints[index].is_none() && Guid::parse(name).is_none() {
            self.name_hints[index] = Some(self.draft.intern(name));
        }
    }

    /// Gives names to principals whose own record does not.
    pub(super) fn use_name_hints(&mut self) {
        for (index, hint) in std::mem::take(&mut self.name_hints).into_iter().enumerate() {
            if let Some(symbol) = hint {
                self.draft.name_principal(PrincipalId(index as u32), symbol);
            }
        }
    }

    /// Notes the tenant of a record.
    pub(super) fn tenant_of(&mut self, record: &Record<'_>, what: &'static str) -> Result<(), Wrong> {
        if let Some(text) = record.text(Key::TenantId)?
            && let Some(tenant) = Guid::parse(&text)
            && !self.record_tenants.iter().any(|(t, w, _)| *t == tenant && *w == what)
        {
            let place = self.place(record.line, "");
            self.record_tenants.push((tenant, what, place));
        }
        Ok(())
    }

    /// The application of an object id.
    pub(super) fn application(&mut self, id: &str, origin: Origin) -> Entity {
        let row = self.draft.row(Table::Application, id, None, None, origin);
        Entity::new(Table::Application, row)
    }

    /// A federated credential whose application the list names.
    pub(super) fn unowned_credential(&mut self, row: u32) {
        self.context.list.credentials.push(row);
    }

    /// Gives the objects of a list to whom the list belongs, or keeps them until everything is read.
    pub(super) fn settle_list(&mut self, line: u32) {
        let list = std::mem::take(&mut self.context.list);
        let owner = list::owner(&list, &self.context.name);
        match (&owner, list.links()) {
            (Some(owner), _) => self.give(owner, &list),
            (None, _) if !list.needs_owner() => {}
            (None, _) => {
                let place = self.place(line, "");
                self.unowned.push((place, list));
            }
        }
    }

    fn give(&mut self, owner: &Owner, list: &List) {
        self.coverage.mention(owner.collection);
        if owner.collection == Collection::FederatedCredentials {
            let origin = Origin { part: self.context.part, index: Origin::WHOLE, line: 0 };
            if !list.credentials.is_empty() {
                let entity = self.application(&owner.spelling, origin);
                for &row in &list.credentials {
                    self.draft.own_credential(row, entity);
                }
            }
            return;
        }
        for &(object, origin) in &list.objects {
            collections::link(self, owner, object, origin);
        }
    }
}

fn key_text(batch: &Batch, item: &Item) -> String {
    let raw = &batch.text[item.key.0 as usize..item.key.1 as usize];
    value::unescape(raw).map_or_else(|| raw.to_owned(), Cow::into_owned)
}

fn pointer_of(key: &str) -> String {
    format!("/{}", value::escape_pointer(key))
}

/// What is wrong with a value, as it is told.
pub(super) fn diagnostic(wrong: &Wrong, place: Place) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(wrong.code, wrong.message.clone()).in_file(place);
    if let Some(help) = &wrong.help {
        diagnostic = diagnostic.help(help.clone());
    }
    diagnostic
}

fn unknown_kind(record: &Record<'_>) -> Wrong {
    let kind = record.outer(Key::Kind).and_then(|raw| raw.string().ok());
    let (message, help) = match kind {
        Some(kind) if kind.starts_with("AZ") && record.outer(Key::Data).is_some() => (
            "this is a record of AzureHound, which is not read".to_owned(),
            "capture with `dictum inventory --capture-script`, az or az rest".to_owned(),
        ),
        _ => (
            format!("it can't be told what this record is: {}", clip(&record.text[record.start..record.end])),
            "name its collection in an inventory document: {\"roleAssignments\": [...], \"users\": [...]}"
                .to_owned(),
        ),
    };
    Wrong {
        at: record.start,
        pointer: String::new(),
        message,
        help: Some(help),
        code: code::D506,
        first: None,
    }
}
