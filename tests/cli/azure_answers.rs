//! What Azure and Microsoft Graph would answer about the sample tenant: the questions of the capture script, each with its
//! pages. Rows go into the shapes that ARM and Graph give them; lists of more than [`PAGE`] rows come in several pages.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const PAGE: usize = 20;
const GRAPH: &str = "https://graph.microsoft.com";
const GROUP_PREFIX: &str = "/providers/Microsoft.Management/managementGroups/";

/// The answers by URL.
pub(super) struct Answers<'a> {
    inventory: &'a Value,
    by_url: BTreeMap<String, Value>,
}

/// Every answer to the questions of the capture scripts about that inventory document.
pub(super) fn answers(inventory: &Value) -> BTreeMap<String, Value> {
    let mut answers = Answers { inventory, by_url: BTreeMap::new() };
    for question in dictum::cli::capture::queries() {
        let mut parts = question.split('\t');
        let (Some(collection), Some(each), Some(url)) = (parts.next(), parts.next(), parts.next()) else {
            panic!("a question has three parts: {question}");
        };
        answers.answer(collection, each, &url.replace("{graph}", GRAPH));
    }
    answers.by_url
}

fn text<'a>(row: &'a Value, pointer: &str) -> &'a str {
    row.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
fn without(row: &Value, keys: &[&str]) -> Value {
    let kept: Map<String, Value> = row
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, _)| !keys.contains(&key.as_str()))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    Value::Object(kept)
}

impl<'a> Answers<'a> {
    fn rows(&self, collection: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
        self.inventory[collection].as_array().into_iter().flatten()
    }

    fn answer(&mut self, collection: &str, each: &str, url: &str) {
        match each {
            "tenant" | "otherwise" | "index" => {
                let rows = self.of_tenant(collection, each, url);
                self.pages(url, &graph_context(collection, url), rows);
            }
            "managementGroup" if collection == "managementGroups" => {
                for group in self.rows("managementGroups") {
                    let mut shown = group.clone();
                    shown["properties"]["children"] =
                        Value::Array(self.children(text(group, "/name"), text(group, "/id")));
                    self.by_url.insert(url.replace("{managementGroup}", text(group, "/name")), shown);
                }
            }
            "subscription" => {
                for subscription in self.rows("subscriptions") {
                    let id = text(subscription, "/subscriptionId");
                    let rows = self.of_subscription(collection, id);
                    self.pages(&url.replace("{subscription}", id), &None, rows);
                }
            }
            "managementGroup" => {
                for group in self.rows("managementGroups") {
                    let rows = self.of_management_group(collection, text(group, "/name"));
                    self.pages(&url.replace("{managementGroup}", text(group, "/name")), &None, rows);
                }
            }
            _ => self.answer_for_things(collection, each, url),
        }
    }

    /// The lists that belong to one identity, group, application or service principal.
    fn answer_for_things(&mut self, collection: &str, each: &str, url: &str) {
        let (things, owner) = match each {
            "identity" => ("identities", ""),
            "group" => ("groups", "groupId"),
            "application" => ("applications", "applicationId"),
            "servicePrincipal" if collection == "appRoleAssignments" => ("servicePrincipals", "resourceId"),
            "servicePrincipal" => ("servicePrincipals", "servicePrincipalId"),
            _ => panic!("a question for each {each}"),
        };
        for thing in self.rows(things) {
            let id = text(thing, "/id");
            let mut rows = Vec::new();
            for row in self.rows(collection) {
                let mine = match each {
                    "identity" => {
                        text(row, "/id").to_lowercase().starts_with(&format!("{}/", id.to_lowercase()))
                    }
                    _ => text(row, &format!("/{owner}")).eq_ignore_ascii_case(id),
                };
                if !mine {
                    continue;
                }
                rows.push(match collection {
                    "federatedCredentials" | "appRoleAssignments" => without(row, &["applicationId"]),
                    "groupMemberships" => directory_object(text(row, "/memberType"), text(row, "/memberId")),
                    _ => directory_object(text(row, "/ownerType"), text(row, "/ownerId")),
                });
            }
            let context = match (collection, each) {
                ("federatedCredentials", "application") => {
                    Some(format!("#applications('{id}')/federatedIdentityCredentials"))
                }
                (_, "identity") => None,
                ("appRoleAssignments", _) => Some("#appRoleAssignments".to_owned()),
                _ => Some("#directoryObjects(id)".to_owned()),
            };
            self.pages(&url.replace(&format!("{{{each}}}"), id), &context, rows);
        }
    }

    fn of_tenant(&self, collection: &str, each: &str, url: &str) -> Vec<Value> {
        let rows = self.rows(collection);
        match collection {
            "subscriptions" => rows.map(|row| without(row, &["managementGroup"])).collect(),
            "managementGroups" => rows
                .map(|row| json!({ "id": row["id"], "name": row["name"], "type": row["type"],
                                   "properties": { "displayName": row["properties"]["displayName"], "tenantId": row["properties"]["tenantId"] } }))
                .collect(),
            "users" if each == "otherwise" => rows.map(|row| without(row, &["signInActivity"])).collect(),
            "deletedObjects" => {
                let kind = url.split('?').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
                rows.filter(|row| text(row, "/@odata.type") == format!("#{kind}")).map(|row| without(row, &["@odata.type"])).collect()
            }
            _ => rows.cloned().collect(),
        }
    }

    fn of_subscription(&self, collection: &str, subscription: &str) -> Vec<Value> {
        let prefix = format!("/subscriptions/{subscription}");
        let below = |id: &str| id == prefix || id.to_lowercase().starts_with(&format!("{prefix}/"));
        let above = self.groups_above_subscription(subscription);
        let applies = |scope: &str| {
            below(scope)
                || scope == "/"
                || above.iter().any(|group| scope == format!("{GROUP_PREFIX}{group}"))
        };
        let rows = self.rows(collection);
        match collection {
            "roleAssignments" => rows
                .filter(|row| applies(text(row, "/scope")))
                .map(|row| arm_assignment(row, &prefix))
                .collect(),
            "roleDefinitions" => {
                let assignable = |row: &Value| {
                    row["assignableScopes"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(Value::as_str)
                        .any(applies)
                };
                rows.filter(|row| assignable(row)).map(|row| arm_definition(row, &prefix)).collect()
            }
            "roleAssignmentScheduleInstances"
            | "roleEligibilityScheduleInstances"
            | "denyAssignments"
            | "policyAssignments" => {
                rows.filter(|row| applies(text(row, "/properties/scope"))).cloned().collect()
            }
            _ => rows.filter(|row| below(text(row, "/id"))).cloned().collect(),
        }
    }

    fn of_management_group(&self, collection: &str, group: &str) -> Vec<Value> {
        let above = self.groups_above(group);
        let here = format!("{GROUP_PREFIX}{group}");
        let applies =
            |scope: &str| scope == "/" || above.iter().any(|group| scope == format!("{GROUP_PREFIX}{group}"));
        let rows = self.rows(collection);
        match collection {
            "roleAssignments" => {
                rows.filter(|row| applies(text(row, "/scope"))).map(|row| arm_assignment(row, "")).collect()
            }
            "roleDefinitions" => rows
                .filter(|row| {
                    row["assignableScopes"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .any(|scope| scope == here.as_str())
                })
                .map(|row| arm_definition(row, ""))
                .collect(),
            "policyAssignments" => {
                rows.filter(|row| text(row, "/properties/scope") == here).cloned().collect()
            }
            _ => rows.filter(|row| applies(text(row, "/properties/scope"))).cloned().collect(),
        }
    }

    fn children(&self, group: &str, id: &str) -> Vec<Value> {
        let subscriptions = self.rows("subscriptions").filter(|row| text(row, "/managementGroup") == group).map(
            |row| json!({ "type": "/subscriptions", "id": row["id"], "name": row["subscriptionId"], "displayName": row["displayName"] }),
        );
        let groups = self.rows("managementGroups").filter(|row| text(row, "/properties/details/parent/id") == id).map(
            |row| json!({ "type": row["type"], "id": row["id"], "name": row["name"], "displayName": row["properties"]["displayName"] }),
        );
        subscriptions.chain(groups).collect()
    }

    fn groups_above_subscription(&self, subscription: &str) -> Vec<&'a str> {
        let row = self.rows("subscriptions").find(|row| text(row, "/subscriptionId") == subscription);
        row.map(|row| self.groups_above(text(row, "/managementGroup"))).unwrap_or_default()
    }
    /// That management group and its ancestors, by name.
    fn groups_above(&self, group: &str) -> Vec<&'a str> {
        let mut above = Vec::new();
        let mut next = self.rows("managementGroups").find(|row| text(row, "/name") == group);
        while let Some(row) = next {
            above.push(text(row, "/name"));
            let parent = text(row, "/properties/details/parent/id");
            next = self.rows("managementGroups").find(|row| text(row, "/id") == parent);
        }
        above
    }

    fn pages(&mut self, url: &str, context: &Option<String>, rows: Vec<Value>) {
        let next_key = if context.is_some() { "@odata.nextLink" } else { "nextLink" };
        let host = if context.is_some() { "" } else { "https://management.azure.com" };
        let chunks: Vec<&[Value]> = if rows.is_empty() { vec![&[]] } else { rows.chunks(PAGE).collect() };
        for (number, chunk) in chunks.iter().enumerate() {
            let link = |number: usize| format!("{host}{url}&%24skiptoken=page{number}%3d");
            let mut page = Map::new();
            if let Some(context) = context {
                page.insert("@odata.context".to_owned(), json!(format!("{GRAPH}/v1.0/$metadata{context}")));
            }
            if number + 1 < chunks.len() {
                page.insert(next_key.to_owned(), json!(link(number + 1)));
            }
            page.insert("value".to_owned(), json!(chunk));
            self.by_url.insert(if number == 0 { url.to_owned() } else { link(number) }, Value::Object(page));
        }
    }
}

fn graph_context(collection: &str, url: &str) -> Option<String> {
    let path = url.strip_prefix(GRAPH)?.split('?').next()?.strip_prefix("/v1.0/")?;
    Some(match collection {
        "deletedObjects" => match path.rsplit('.').next()? {
            "user" => "#users".to_owned(),
            kind => format!("#{kind}s"),
        },
        _ => format!("#{path}"),
    })
}

fn directory_object(kind: &str, id: &str) -> Value {
    let kind = match kind {
        "User" => "user",
        "Group" => "group",
        _ => "servicePrincipal",
    };
    json!({ "@odata.type": format!("#microsoft.graph.{kind}"), "id": id })
}

/// An assignment as ARM lists it, seen from that subscription (or from none).
fn arm_assignment(row: &Value, asked: &str) -> Value {
    let role = text(row, "/roleDefinitionId").rsplit('/').next().unwrap_or_default();
    let properties = json!({
        "roleDefinitionId": format!("{asked}/providers/Microsoft.Authorization/roleDefinitions/{role}"),
        "principalId": row["principalId"], "principalType": row["principalType"], "scope": row["scope"],
        "condition": row["condition"], "conditionVersion": row["conditionVersion"],
        "createdOn": text(row, "/createdOn").replace("+00:00", ".0000000Z"), "createdBy": row["createdBy"],
    });
    json!({ "id": row["id"], "name": row["name"], "type": row["type"], "properties": properties })
}

fn arm_definition(row: &Value, asked: &str) -> Value {
    let properties = json!({
        "roleName": row["roleName"], "type": row["roleType"], "description": row["description"],
        "assignableScopes": row["assignableScopes"], "permissions": row["permissions"],
    });
    let id = format!("{asked}/providers/Microsoft.Authorization/roleDefinitions/{}", text(row, "/name"));
    json!({ "id": id, "name": row["name"], "type": row["type"], "properties": properties })
}
