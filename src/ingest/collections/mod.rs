//! One file for each family of records: what their keys mean, in ARM's, az's or Microsoft Graph's spelling.

mod applications;
mod assignments;
mod definitions;
mod deny;
mod directory;
mod directory_roles;
mod federated;
mod identities;
mod lighthouse;
mod links;
mod policy;
mod scopes;

use super::ahead::{Beside, Texts};
use super::loader::Loader;
use super::record::Record;
use super::value::Wrong;
use crate::inventory::{AssignmentId, Collection, Origin, ScopeId};

pub(super) use directory::{directory_role, object_id};
pub(super) use links::{Owner, link};
pub(super) use scopes::wants_tags;

type Read = fn(&mut Loader<'_>, &Record<'_>, Origin) -> Result<(), Wrong>;

/// A reader of records.
pub(super) struct Reader {
    /// Its file in this folder.
    pub(super) file: &'static str,
    /// The collections whose records it reads.
    pub(super) reads: &'static [(Collection, Read)],
}

/// Every reader; a test compares it with the folder.
pub(super) const READERS: &[Reader] = &[
    Reader { file: "applications", reads: &[(Collection::Applications, applications::application)] },
    Reader {
        file: "assignments",
        reads: &[
            (Collection::RoleAssignments, assignments::assignment),
            (Collection::RoleAssignmentScheduleInstances, assignments::active_instance),
            (Collection::RoleEligibilityScheduleInstances, assignments::eligible_instance),
        ],
    },
    Reader { file: "definitions", reads: &[(Collection::RoleDefinitions, definitions::definition)] },
    Reader { file: "deny", reads: &[(Collection::DenyAssignments, deny::deny_assignment)] },
    Reader {
        file: "directory",
        reads: &[
            (Collection::Users, directory::user),
            (Collection::Groups, directory::group),
            (Collection::ServicePrincipals, directory::service_principal),
            (Collection::DeletedObjects, directory::deleted),
        ],
    },
    Reader {
        file: "directory_roles",
        reads: &[
            (Collection::DirectoryRoleAssignments, directory_roles::directory_role_assignment),
            (Collection::AppRoleAssignments, directory_roles::app_role_assignment),
        ],
    },
    Reader { file: "federated", reads: &[(Collection::FederatedCredentials, federated::credential)] },
    Reader { file: "identities", reads: &[(Collection::Identities, identities::identity)] },
    Reader { file: "lighthouse", reads: &[(Collection::Lighthouse, lighthouse::delegation)] },
    Reader {
        file: "links",
        reads: &[
            (Collection::GroupMemberships, links::membership),
            (Collection::GroupOwners, links::group_owner),
            (Collection::ApplicationOwners, links::application_owner),
            (Collection::ServicePrincipalOwners, links::service_principal_owner),
        ],
    },
    Reader { file: "policy", reads: &[(Collection::PolicyAssignments, policy::policy_assignment)] },
    Reader {
        file: "scopes",
        reads: &[
            (Collection::Resources, scopes::resource),
            (Collection::ResourceGroups, scopes::resource_group),
            (Collection::Subscriptions, scopes::subscription),
            (Collection::ManagementGroups, scopes::management_group),
        ],
    },
];

/// The reader of a collection's records.
pub(super) fn reader(collection: Collection) -> Read {
    let found = READERS.iter().flat_map(|r| r.reads).find(|(c, _)| *c == collection);
    let Some(&(_, read)) = found else { unreachable!("every collection has a reader: a test compares them") };
    read
}

/// A record that was read, as far as it can be read from itself alone, and not stated yet.
pub(super) enum Known {
    /// Of `roleAssignments`.
    Assignment(assignments::Assigned),
    /// Of `resources`.
    Resource(scopes::Described),
}

/// What is still to be read of a record that was stated.
pub(super) enum Rest {
    Assignment(AssignmentId),
    Resource(ScopeId),
}

/// Whether records of a collection can be read before they are stated; the readers of those collections do nothing else.
pub(super) fn stand_alone(collection: Collection) -> bool {
    matches!(collection, Collection::RoleAssignments | Collection::Resources)
}

impl Known {
    /// Reads a record of a collection whose records stand alone.
    pub(super) fn read(
        collection: Collection,
        record: &Record<'_>,
        beside: &mut Beside,
    ) -> Result<Known, Wrong> {
        match collection {
            Collection::Resources => scopes::describe(record, beside).map(Known::Resource),
            _ => assignments::read_assignment(record, beside).map(Known::Assignment),
        }
    }

    /// States it; gives what is still to be read of the record.
    pub(super) fn state(&self, loader: &mut Loader<'_>, texts: Texts<'_>, origin: Origin) -> Option<Rest> {
        match self {
            Known::Assignment(assigned) => {
                let row = assignments::state_assignment(loader, assigned, texts, origin);
                assignments::has_rest(&loader.draft).then_some(Rest::Assignment(row))
            }
            Known::Resource(described) => {
                let node = scopes::state_resource(loader, described, texts, origin);
                scopes::has_rest(&loader.draft, described).then_some(Rest::Resource(node))
            }
        }
    }
}

impl Rest {
    /// Reads and states it.
    pub(super) fn read(
        self,
        loader: &mut Loader<'_>,
        record: &Record<'_>,
        origin: Origin,
    ) -> Result<(), Wrong> {
        match self {
            Rest::Assignment(row) => assignments::read_rest(loader, record, row, origin),
            Rest::Resource(node) => scopes::read_rest(loader, record, node, origin),
        }
    }
}

/// Reads and states a record of a collection whose records stand alone.
fn alone(
    collection: Collection,
    loader: &mut Loader<'_>,
    record: &Record<'_>,
    origin: Origin,
) -> Result<(), Wrong> {
    let mut beside = Beside { tags: scopes::wants_tags(&loader.draft), ..Beside::default() };
    let known = Known::read(collection, record, &mut beside)?;
    match known.state(loader, Texts { window: record.text, beside: &beside }, origin) {
        Some(rest) => rest.read(loader, record, origin),
        None => Ok(()),
    }
}
