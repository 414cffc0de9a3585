//! A list as a whole: what it holds, where it goes on, and whose members or owners it is.

use super::collections::Owner;
use super::record::{Key, Record};
use crate::azure::Guid;
use crate::inventory::{Collection, Origin, PrincipalId};

/// What is known of the list that a top-level value holds.
#[derive(Default, Clone)]
pub(super) struct List {
    /// `@odata.context`, or `odata.metadata` of the older Graph.
    pub(super) context: Option<String>,
    /// `nextLink` and its kin.
    pub(super) next: Option<String>,
    /// The older Graph.
    pub(super) old_graph: bool,
    /// The collection that capture.json names for the file.
    pub(super) hint: Option<Collection>,
    /// The collections of its records.
    pub(super) collections: Vec<Collection>,
    /// How many records it has.
    pub(super) rows: u64,
    /// Directory objects that may be members or owners.
    pub(super) objects: Vec<(PrincipalId, Origin)>,
    /// Federated credentials that do not name their application.
    pub(super) credentials: Vec<u32>,
    /// Resource Graph: all there are, and whether the answer says that it is cut.
    pub(super) total: Option<u64>,
    pub(super) truncated: bool,
}

/// Collections whose records are links.
const LINKS: [Collection; 4] = [
    Collection::GroupMemberships,
    Collection::GroupOwners,
    Collection::ApplicationOwners,
    Collection::ServicePrincipalOwners,
];

impl List {
    pub(super) fn new(hint: Option<Collection>) -> Self {
        List { hint, ..List::default() }
    }

    pub(super) fn note(&mut self, collection: Collection) {
        if !self.collections.contains(&collection) {
            self.collections.push(collection);
        }
    }

    /// What `@odata.context` says of the records, without the address.
    fn fragment(&self) -> &str {
        self.context.as_deref().and_then(|c| c.split_once('#')).map_or("", |(_, fragment)| fragment)
    }

    /// The collection that the list says of itself, or that capture.json says of it.
    pub(super) fn collection(&self) -> Option<Collection> {
        if let Some(hint) = self.hint.filter(|hint| !LINKS.contains(hint)) {
            return Some(hint);
        }
        let fragment = self.fragment().to_ascii_lowercase();
        let path: Vec<&str> =
            fragment.split('/').map(|part| part.split('(').next().unwrap_or_default()).collect();
        let last =
            path.iter().rev().find(|part| !part.starts_with('$') && !part.starts_with("microsoft.graph."));
        Some(match last.copied().unwrap_or_default() {
            "users" | "userregistrationdetails" => Collection::Users,
            "groups" => Collection::Groups,
            "serviceprincipals" => Collection::ServicePrincipals,
            "applications" => Collection::Applications,
            "federatedidentitycredentials" => Collection::FederatedCredentials,
            "approleassignments" | "approleassignedto" => Collection::AppRoleAssignments,
            "roleassignments" => Collection::DirectoryRoleAssignments,
            "deleteditems" => Collection::DeletedObjects,
            _ => return None,
        })
    }

    /// The collection of links that capture.json says the list is of.
    pub(super) fn links(&self) -> Option<Collection> {
        self.hint.filter(|hint| LINKS.contains(hint))
    }

    fn is_mixed(&self) -> bool {
        self.fragment().to_ascii_lowercase().starts_with("directoryobjects")
    }

    /// Whether a directory object may stand here as someone's member or owner: it says its type, as in a mixed list.
    pub(super) fn may_belong(&self, record: &Record<'_>) -> bool {
        let typed = record.outer(Key::ODataType).is_some() && self.context.is_none() && self.hint.is_none();
        let filtered = self.old_graph && self.next.as_deref().is_some_and(|next| next.contains("/$/"));
        (self.is_mixed() && !filtered) || typed || of_url(self.fragment()).is_some()
    }

    /// Whether the list means nothing without its owner.
    pub(super) fn needs_owner(&self) -> bool {
        self.links().is_some() || !self.objects.is_empty() || !self.credentials.is_empty()
    }

    /// Whether it is most likely an answer to `getByIds`: the older Graph, or service principals from the endpoint that
    /// leaves service principals out of members and owners.
    pub(super) fn is_looked_up(&self) -> bool {
        let version_one = self.context.as_deref().is_some_and(|context| context.contains("/v1.0/"));
        self.links().is_none()
            && self.is_mixed()
            && !self.next.as_deref().is_some_and(is_transitive)
            && (self.old_graph || (version_one && self.collections.contains(&Collection::ServicePrincipals)))
    }
}

/// The owner that a URL or `@odata.context` names: `groups('ID')/members`, `groups/ID/members`, ...
fn of_url(text: &str) -> Option<Owner> {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let path = if path.is_empty() { text.trim_start_matches('#') } else { path };
    let mut pieces: Vec<String> = vec![];
    for part in path.split('/') {
        match part.split_once('(') {
            Some((name, key)) => {
                let key = key.trim_end_matches(')').trim_matches('\'');
                pieces.push(name.to_ascii_lowercase());
                if Guid::parse(key).is_some() {
                    pieces.push(key.to_owned());
                }
            }
            None => pieces.push(if Guid::parse(part).is_some() {
                part.to_owned()
            } else {
                part.to_ascii_lowercase()
            }),
        }
    }
    pieces.windows(3).find_map(|window| {
        let guid = Guid::parse(&window[1])?;
        let collection = match (window[0].as_str(), window[2].as_str()) {
            ("groups", "members") => Collection::GroupMemberships,
            ("groups", "owners") => Collection::GroupOwners,
            ("applications", "owners") => Collection::ApplicationOwners,
            ("serviceprincipals", "owners") => Collection::ServicePrincipalOwners,
            ("applications", "federatedidentitycredentials") => Collection::FederatedCredentials,
            _ => return None,
        };
        Some(Owner { collection, guid, spelling: window[1].clone() })
    })
}

/// The first GUID in a file's name, and which collection its folder or name speaks of.
fn of_file(list: &List, name: &str) -> Option<Owner> {
    let (folder, base) = name.rsplit_once(['/', '\\']).unwrap_or(("", name));
    let (at, guid) =
        (0..base.len().saturating_sub(35)).find_map(|at| Some((at, Guid::parse(base.get(at..at + 36)?)?)))?;
    let words =
        format!("{}/{base}", folder.rsplit(['/', '\\']).next().unwrap_or_default()).to_ascii_lowercase();
    let named = match () {
        () if !list.credentials.is_empty() => Collection::FederatedCredentials,
        () if words.contains("owner") && words.contains("app") => Collection::ApplicationOwners,
        () if words.contains("owner") && (words.contains("service") || words.contains("sp-")) => {
            Collection::ServicePrincipalOwners
        }
        () if words.contains("owner") => Collection::GroupOwners,
        () => Collection::GroupMemberships,
    };
    let collection =
        list.links().or(list.hint.filter(|&h| h == Collection::FederatedCredentials)).unwrap_or(named);
    Some(Owner { collection, guid, spelling: base[at..at + 36].to_owned() })
}

/// Transitive members are not a group's own.
fn is_transitive(text: &str) -> bool {
    text.to_ascii_lowercase().contains("transitivemember")
}

/// Whose members, owners or credentials a list holds: its own word first, then the name of its file.
pub(super) fn owner(list: &List, name: &str) -> Option<Owner> {
    if [&list.context, &list.next].into_iter().flatten().any(|text| is_transitive(text)) {
        return None;
    }
    let own = [list.context.as_deref().map(|_| list.fragment()), list.next.as_deref()];
    if let Some(owner) = own.into_iter().flatten().find_map(of_url) {
        let matters = list.needs_owner() || list.rows == 0;
        return Some(owner).filter(|_| matters);
    }
    let empty_mixed = list.rows == 0 && list.is_mixed();
    if list.needs_owner() || empty_mixed { of_file(list, name) } else { None }
}
