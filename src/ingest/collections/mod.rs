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

use super::loader::Loader;
use super::record::Record;
use super::value::Wrong;
use crate::inventory::{Collection, Origin};

pub(super) use assignments::{
    Assigned, assignment_attributes, read_assignment, reads_attributes, state_assignment,
};
pub(super) use directory::{directory_role, object_id};
pub(super) use links::{Owner, link};

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
