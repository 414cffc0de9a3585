//! Scope and resource ids as text: levels, parents, names, types.
//!
//! An id is read from the left, pair by pair (azure-facts 1):
//!
//! ```text
//! /
//! /providers/Microsoft.Management/managementGroups/{name}
//! /subscriptions/{id}
//! /subscriptions/{id}/resourceGroups/{name}
//! {any of these}/providers/{namespace}/{type}/{name}[/{subtype}/{name}]*
//! ```
//!
//! The last line repeats for extension resources: a role assignment's id is the id of its scope and one more
//! `/providers/...`. Which management group a subscription is under is not in any id; only the inventory knows.
//! Nothing here refuses a text: a scope of a shape that no Azure document shows is kept, as a resource (T7.7).
//! Letter case never matters; a trailing slash and doubled slashes are as if absent.

use std::borrow::Cow;
use std::fmt;

/// Where in the hierarchy a scope stands, from the outermost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// `/`: the whole tenant.
    Root,
    /// A management group, at any depth.
    ManagementGroup,
    /// A subscription.
    Subscription,
    /// A resource group.
    ResourceGroup,
    /// A resource of any depth, in a resource group, in a subscription or in the tenant.
    Resource,
}

impl Level {
    /// All levels, outermost first.
    pub const ALL: [Level; 5] =
        [Level::Root, Level::ManagementGroup, Level::Subscription, Level::ResourceGroup, Level::Resource];

    /// The level's name in the language: `root`, `management_group`, `subscription`, `resource_group`, `resource`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Root => "root",
            Level::ManagementGroup => "management_group",
            Level::Subscription => "subscription",
            Level::ResourceGroup => "resource_group",
            Level::Resource => "resource",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// A resource type as it stands in an id, without a copy: `Microsoft.Compute/virtualMachines/extensions` out of
/// `Microsoft.Compute/virtualMachines/v/extensions/e`. Its `Display` is the type as Azure writes it.
#[derive(Clone, Copy, Debug)]
pub struct ResourceType<'a> {
    /// `Microsoft.Compute`; `Microsoft.Resources` for subscriptions and resource groups, `Microsoft.Management` for
    /// management groups; empty for the root.
    pub namespace: &'a str,
    /// Types and names in turn, ending with a type: `virtualMachines/v/extensions`.
    chain: &'a str,
}

impl<'a> ResourceType<'a> {
    /// The types without the namespace, outermost first: `virtualMachines`, `extensions`.
    pub fn types(self) -> impl Iterator<Item = &'a str> + Clone {
        segments(self.chain).map(|segment| segment.text).step_by(2)
    }

    /// Namespace and types in turn.
    pub fn pieces(self) -> impl Iterator<Item = &'a str> + Clone {
        Some(self.namespace).filter(|namespace| !namespace.is_empty()).into_iter().chain(self.types())
    }

    /// Whether this is `resource_type` (`Microsoft.Compute/virtualMachines`), in any letter case.
    pub fn is(self, resource_type: &str) -> bool {
        let mut wanted = resource_type.split('/');
        self.pieces().all(|piece| wanted.next().is_some_and(|want| same_text(piece, want)))
            && wanted.next().is_none()
    }
}

impl fmt::Display for ResourceType<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, piece) in self.pieces().enumerate() {
            if index > 0 {
                formatter.write_str("/")?;
            }
            formatter.write_str(piece)?;
        }
        Ok(())
    }
}

/// One scope on the way from the root to the end of an id.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// The id of this scope: a prefix of the text it was read from, without a trailing slash.
    pub path: &'a str,
    /// Its level.
    pub level: Level,
    /// Its own type.
    pub resource_type: ResourceType<'a>,
    /// Its name: the last segment of `path`.
    pub name: &'a str,
}

/// The scopes on the way to the end of `path`, outermost first, the root left out; the last is `path` itself.
/// Empty for the root.
pub fn steps(path: &str) -> Steps<'_> {
    Steps { path, rest: segments(path), place: Place::Root }
}

/// The iterator of [`steps`].
#[derive(Clone, Debug)]
pub struct Steps<'a> {
    path: &'a str,
    rest: Segments<'a>,
    place: Place<'a>,
}

/// What the segments read so far amount to.
#[derive(Clone, Copy, Debug)]
enum Place<'a> {
    Root,
    /// `/subscriptions/{id}`; where its `subscriptions` starts.
    Subscription(usize),
    /// Directly in a resource group.
    ResourceGroup,
    /// Within a provider's types: the namespace and where its chain of types starts.
    Provider(&'a str, usize),
}

impl<'a> Iterator for Steps<'a> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        let mut kind = self.rest.next()?;
        if same_text(kind.text, "providers") {
            let Some(namespace) = self.rest.next() else {
                return Some(self.resource("", kind, kind));
            };
            let Some(outer) = self.rest.next() else {
                return Some(self.step(Level::Resource, namespace.text, "", namespace));
            };
            let in_tenant = matches!(self.place, Place::Root);
            self.place = Place::Provider(namespace.text, outer.start);
            let is_group = in_tenant
                && same_text(outer.text, "managementGroups")
                && same_text(namespace.text, "Microsoft.Management");
            if is_group && let Some(name) = self.rest.next() {
                return Some(self.step(Level::ManagementGroup, namespace.text, outer.text, name));
            }
            kind = outer;
        }
        let Some(name) = self.rest.next() else {
            return Some(match self.place {
                Place::Provider(namespace, start) => self.step_from(namespace, start, kind, kind),
                _ => self.resource("", kind, kind),
            });
        };
        Some(match self.place {
            Place::Root if same_text(kind.text, "subscriptions") => {
                self.place = Place::Subscription(kind.start);
                self.step(Level::Subscription, "Microsoft.Resources", kind.text, name)
            }
            Place::Subscription(_) if same_text(kind.text, "resourceGroups") => {
                self.place = Place::ResourceGroup;
                self.step(Level::ResourceGroup, "Microsoft.Resources", kind.text, name)
            }
            Place::Root | Place::ResourceGroup => {
                self.place = Place::Provider("Microsoft.Resources", kind.start);
                self.resource("Microsoft.Resources", kind, name)
            }
            Place::Subscription(start) => {
                self.place = Place::Provider("Microsoft.Resources", start);
                self.step_from("Microsoft.Resources", start, kind, name)
            }
            Place::Provider(namespace, start) => self.step_from(namespace, start, kind, name),
        })
    }
}

impl<'a> Steps<'a> {
    fn step(&self, level: Level, namespace: &'a str, chain: &'a str, name: Segment<'a>) -> Step<'a> {
        let path = &self.path[..name.end()];
        Step { path, level, resource_type: ResourceType { namespace, chain }, name: name.text }
    }

    fn resource(&self, namespace: &'a str, kind: Segment<'a>, name: Segment<'a>) -> Step<'a> {
        self.step_from(namespace, kind.start, kind, name)
    }

    fn step_from(&self, namespace: &'a str, start: usize, kind: Segment<'a>, name: Segment<'a>) -> Step<'a> {
        self.step(Level::Resource, namespace, &self.path[start..kind.end()], name)
    }
}

/// A part of a path between slashes.
#[derive(Clone, Copy, Debug)]
struct Segment<'a> {
    start: usize,
    text: &'a str,
}

impl Segment<'_> {
    fn end(self) -> usize {
        self.start + self.text.len()
    }
}

/// The parts of a path between slashes that are not empty.
#[derive(Clone, Debug)]
struct Segments<'a> {
    path: &'a str,
    at: usize,
}

fn segments(path: &str) -> Segments<'_> {
    Segments { path, at: 0 }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        loop {
            let start = self.at;
            let rest = self.path.get(start..).filter(|rest| !rest.is_empty())?;
            let length = memchr::memchr(b'/', rest.as_bytes()).unwrap_or(rest.len());
            self.at = start + length + 1;
            if length > 0 {
                return Some(Segment { start, text: &rest[..length] });
            }
        }
    }
}

/// The last step of an id; `None` for the root.
pub fn last(path: &str) -> Option<Step<'_>> {
    steps(path).last()
}

/// The scope that encloses `path` as far as the text says: a resource's enclosing resource, resource group,
/// subscription or management group; `/` for subscriptions and management groups, whose real parent only the
/// inventory knows; `None` for the root.
pub fn parent(path: &str) -> Option<&str> {
    let mut parent = None;
    let mut last = None;
    for step in steps(path) {
        parent = last.or(Some("/"));
        last = Some(step.path);
    }
    parent
}

/// The level of a scope.
pub fn level(path: &str) -> Level {
    last(path).map_or(Level::Root, |step| step.level)
}

/// The name of a scope: the last segment of its id, for a subscription its GUID; `/` for the root.
pub fn name(path: &str) -> &str {
    last(path).map_or("/", |step| step.name)
}

/// `Microsoft.Compute/virtualMachines/extensions`, in the letter case of the id; `Microsoft.Resources/subscriptions`,
/// `Microsoft.Resources/resourceGroups`, `Microsoft.Management/managementGroups`; empty for the root.
pub fn resource_type(path: &str) -> String {
    last(path).map_or_else(String::new, |step| step.resource_type.to_string())
}

/// The subscription that a scope is in (or is): its id's prefix. `None` above subscriptions and for resources of the
/// tenant or of a management group.
pub fn subscription(path: &str) -> Option<&str> {
    steps(path).next().filter(|step| step.level == Level::Subscription).map(|step| step.path)
}

/// The resource group that a scope is in (or is): its id's prefix.
pub fn resource_group(path: &str) -> Option<&str> {
    steps(path).nth(1).filter(|step| step.level == Level::ResourceGroup).map(|step| step.path)
}

/// Whether `above` is `below` or an ancestor of it by their text alone: whole segments, any letter case, the root
/// above everything. That a management group is above a subscription is not in the text; the inventory's tree says.
pub fn is_at_or_above(above: &str, below: &str) -> bool {
    let mut below = segments(below);
    segments(above).all(|segment| below.next().is_some_and(|other| same_text(segment.text, other.text)))
}

/// The one spelling by which ids are compared: lower case, one slash between segments, none at the end (the root
/// stays `/`). Borrowed where the text is that already.
pub fn canonical(path: &str) -> Cow<'_, str> {
    let plain = path.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    let slashes = path == "/"
        || path.starts_with('/')
            && !path.ends_with('/')
            && memchr::memmem::find(path.as_bytes(), b"//").is_none();
    if plain && slashes {
        return Cow::Borrowed(path);
    }
    let mut text = String::with_capacity(path.len() + 1);
    for segment in segments(path) {
        text.push('/');
        if segment.text.is_ascii() {
            text.extend(segment.text.chars().map(|letter| letter.to_ascii_lowercase()));
        } else {
            text.push_str(&segment.text.to_lowercase());
        }
    }
    if text.is_empty() {
        text.push('/');
    }
    Cow::Owned(text)
}

/// Equality without letter case; resource group names may hold letters outside ASCII.
fn same_text(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
        || !(left.is_ascii() && right.is_ascii()) && left.to_lowercase() == right.to_lowercase()
}
