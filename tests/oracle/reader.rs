//! Reads an inventory document in the one flat shape that the bench kit's generator writes, into the oracle's rows.

use super::model::*;
use super::scopes::{self, canonical};
use serde_json::Value;

fn text(row: &Value, key: &str) -> String {
    row[key].as_str().unwrap_or_else(|| panic!("no {key} in {row}")).to_owned()
}
fn lower(row: &Value, key: &str) -> String {
    text(row, key).to_lowercase()
}
fn stated<T>(row: &Value, key: &str, read: impl Fn(&Value) -> T) -> Stated<T> {
    match row.get(key) {
        None => Stated::Unsaid,
        Some(Value::Null) => Stated::Null,
        Some(value) => Stated::Is(read(value)),
    }
}
fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
fn instant(value: &Value) -> Instant {
    let at: jiff::Timestamp = string(value).parse().expect("a point in time");
    at.as_second()
}
fn boolean(value: &Value) -> bool {
    value == &Value::Bool(true)
}
fn tags(row: &Value) -> Tags {
    stated(row, "tags", |map| {
        let map = map.as_object().expect("tags are an object");
        map.iter().map(|(name, value)| (name.clone(), string(value))).collect()
    })
}

/// The tenant of a document.
pub(crate) fn tenant(document: &Value) -> Tenant {
    let rows = |collection: &str| document[collection].as_array().cloned().unwrap_or_default();
    let mut t = Tenant::empty();
    let complete = document["capture"]["complete"].as_array().cloned().unwrap_or_default();
    for collection in COLLECTIONS {
        let coverage = if document.get(collection).is_none() {
            Coverage::Absent
        } else if complete.iter().any(|name| name == collection) {
            Coverage::Complete
        } else {
            Coverage::Undeclared
        };
        t.coverage.insert(collection, coverage);
    }
    t.guid = text(&document["capture"], "tenant");
    t.time = instant(&document["capture"]["time"]);
    for row in rows(ROLE_ASSIGNMENTS) {
        t.assignments.push(Assignment {
            id: canonical(&text(&row, "id")),
            role: scopes::name(&lower(&row, "roleDefinitionId")),
            scope: canonical(&text(&row, "scope")),
            principal: lower(&row, "principalId"),
            principal_type: stated(&row, "principalType", string),
            eligible: false,
            start: Stated::Unsaid,
            end: Stated::Unsaid,
            created: stated(&row, "createdOn", instant),
            created_by: stated(&row, "createdBy", |id| string(id).to_lowercase()),
            condition: stated(&row, "condition", string),
            limit: None,
        });
    }
    for row in rows(SUBSCRIPTIONS) {
        t.subscriptions.push(Subscription {
            guid: lower(&row, "subscriptionId"),
            name: text(&row, "displayName"),
            management_group: stated(&row, "managementGroup", string),
            tags: tags(&row),
        });
    }
    for row in rows(RESOURCE_GROUPS) {
        t.resource_groups.push(ResourceGroup { id: canonical(&text(&row, "id")), tags: tags(&row) });
    }
    for row in rows(RESOURCES) {
        let identity = stated(&row, "identity", |block| {
            let users = block["userAssignedIdentities"].as_object().cloned().unwrap_or_default();
            IdentityBlock {
                system: block["principalId"].as_str().map(str::to_lowercase),
                user_assigned: users
                    .iter()
                    .map(|(id, own)| (canonical(id), lower(own, "principalId")))
                    .collect(),
            }
        });
        t.resources.push(Resource {
            id: canonical(&text(&row, "id")),
            location: text(&row, "location"),
            kind: stated(&row, "kind", string),
            tags: tags(&row),
            identity,
        });
    }
    for row in rows(IDENTITIES) {
        t.identities.push(Identity {
            id: canonical(&text(&row, "id")),
            principal: lower(&row, "principalId"),
            client: lower(&row, "clientId"),
            tags: tags(&row),
            location: String::new(),
            providers: vec![],
            regional: false,
        });
    }
    for row in rows(USERS) {
        t.users.push(User {
            id: lower(&row, "id"),
            display_name: stated(&row, "displayName", string),
            upn: stated(&row, "userPrincipalName", string),
            enabled: stated(&row, "accountEnabled", boolean),
            user_type: stated(&row, "userType", string),
            created: stated(&row, "createdDateTime", instant),
            last_sign_in: stated(&row["signInActivity"], "lastSignInDateTime", instant),
            department: stated(&row, "department", string),
        });
    }
    for row in rows(GROUPS) {
        t.groups.push(Group {
            id: lower(&row, "id"),
            name: stated(&row, "displayName", string),
            security: stated(&row, "securityEnabled", boolean),
            role_assignable: stated(&row, "isAssignableToRole", boolean),
        });
    }
    for row in rows(MEMBERSHIPS) {
        t.memberships.push(Membership {
            group: lower(&row, "groupId"),
            member: lower(&row, "memberId"),
            member_type: text(&row, "memberType"),
        });
    }
    for row in rows(SERVICE_PRINCIPALS) {
        t.service_principals.push(ServicePrincipal {
            id: lower(&row, "id"),
            app_id: lower(&row, "appId"),
            name: stated(&row, "displayName", string),
            sp_type: stated(&row, "servicePrincipalType", string),
            enabled: stated(&row, "accountEnabled", boolean),
            alternative_names: Stated::Unsaid,
        });
    }
    // The same row twice is one row.
    t.memberships.sort_by(|a, b| (&a.group, &a.member).cmp(&(&b.group, &b.member)));
    t.memberships.dedup_by(|a, b| a.group == b.group && a.member == b.member);
    t
}
