//! A tenant as a Dictum inventory document (inputs.md 14), in the shapes that az, ARM and Microsoft Graph give.

use super::chance::Chance;
use super::model::*;
use super::scopes;
use serde_json::{Map, Value, json};

/// Writes the document; `seed` chooses among the shapes.
pub(crate) fn document(tenant: &Tenant, seed: u64) -> Value {
    Writer { chance: Chance::new(seed) }.document(tenant)
}

pub(crate) fn time(instant: Instant) -> String {
    jiff::Timestamp::from_second(instant).expect("an instant of these centuries").to_string()
}

struct Writer {
    chance: Chance,
}

/// Adds a key unless nothing was said.
fn put<T>(
    fields: &mut Vec<(&'static str, Value)>,
    key: &'static str,
    stated: &Stated<T>,
    write: impl Fn(&T) -> Value,
) {
    match stated {
        Stated::Is(value) => fields.push((key, write(value))),
        Stated::Null => fields.push((key, Value::Null)),
        Stated::Unsaid => {}
    }
}

#[expect(clippy::ptr_arg, reason = "it is handed to a function that calls it with a `&String`")]
fn text(value: &String) -> Value {
    Value::String(value.clone())
}
fn instant(value: &Instant) -> Value {
    Value::String(time(*value))
}
fn boolean(value: &bool) -> Value {
    Value::Bool(*value)
}
fn tags(value: &std::collections::BTreeMap<String, String>) -> Value {
    json!(value)
}

impl Writer {
    /// The keys in one order or another.
    fn object(&mut self, mut fields: Vec<(&'static str, Value)>) -> Value {
        if self.chance.one_in(3) {
            self.chance.shuffle(&mut fields);
        }
        Value::Object(
            fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<String, Value>>(),
        )
    }

    /// An ARM record: what ARM nests under `properties`, az writes flat.
    fn record(&mut self, mut outer: Vec<(&'static str, Value)>, inner: Vec<(&'static str, Value)>) -> Value {
        if self.chance.one_in(2) {
            outer.extend(inner);
        } else {
            let properties = self.object(inner);
            outer.push(("properties", properties));
        }
        self.object(outer)
    }

    /// An id in one letter case or another.
    fn id(&mut self, id: &str) -> Value {
        let camel = id
            .replace("/resourcegroups/", "/resourceGroups/")
            .replace(
                "/providers/microsoft.management/managementgroups/",
                "/providers/Microsoft.Management/managementGroups/",
            )
            .replace(
                "/providers/microsoft.authorization/roleassignments/",
                "/providers/Microsoft.Authorization/roleAssignments/",
            );
        Value::String(match self.chance.below(8) {
            0 => id.to_owned(),
            1 => camel
                .replace("/resourceGroups/", "/resourcegroups/")
                .replace("/subscriptions/", "/Subscriptions/"),
            2 => match scopes::subscription_of(id) {
                Some(subscription) => {
                    let guid = scopes::name(&subscription);
                    camel.replace(&guid, &guid.to_uppercase())
                }
                None => camel,
            },
            _ => camel,
        })
    }

    fn guid(&mut self, guid: &str) -> Value {
        Value::String(if self.chance.one_in(12) { guid.to_uppercase() } else { guid.to_owned() })
    }

    fn role_id(&mut self, guid: &str, scope: &str) -> Value {
        let prefix = if self.chance.one_in(3) {
            String::new()
        } else {
            scopes::subscription_of(scope).unwrap_or_default()
        };
        Value::String(format!("{prefix}/providers/Microsoft.Authorization/roleDefinitions/{guid}"))
    }

    fn document(&mut self, t: &Tenant) -> Value {
        let mut collections: Vec<(String, Value)> = vec![];
        let mut capture = vec![("time", json!(time(t.time))), ("tenant", json!(t.guid))];
        let named = |wanted: Coverage| -> Vec<&str> {
            t.coverage.iter().filter(|(_, coverage)| **coverage == wanted).map(|(name, _)| *name).collect()
        };
        capture.push(("complete", json!(named(Coverage::Complete))));
        capture.push(("partial", json!(named(Coverage::Partial))));
        let capture = self.object(capture);
        collections.push(("capture".to_owned(), capture));
        for name in COLLECTIONS.into_iter().chain(PATH_COLLECTIONS) {
            if t.coverage.get(name).is_none_or(|coverage| *coverage == Coverage::Absent) {
                continue;
            }
            let rows = self.rows(t, name);
            collections.push((name.to_owned(), Value::Array(rows)));
        }
        if self.chance.one_in(2) {
            self.chance.shuffle(&mut collections);
        }
        Value::Object(collections.into_iter().collect())
    }

    fn rows(&mut self, t: &Tenant, collection: &str) -> Vec<Value> {
        match collection {
            ROLE_ASSIGNMENTS => {
                t.assignments.iter().filter(|a| !a.eligible).map(|a| self.assignment(a)).collect()
            }
            ELIGIBLE => t.assignments.iter().filter(|a| a.eligible).map(|a| self.eligible(a)).collect(),
            SCHEDULES => t.schedules.iter().filter_map(|s| self.schedule(t, s)).collect(),
            ROLE_DEFINITIONS => t.role_definitions.iter().map(|x| self.role_definition(x)).collect(),
            SUBSCRIPTIONS => t.subscriptions.iter().map(|x| self.subscription(t, x)).collect(),
            MANAGEMENT_GROUPS => t.management_groups.iter().map(|x| self.management_group(x)).collect(),
            RESOURCE_GROUPS => t.resource_groups.iter().map(|x| self.resource_group(x)).collect(),
            RESOURCES => t.resources.iter().map(|x| self.resource(x)).collect(),
            IDENTITIES => t.identities.iter().map(|x| self.identity(x)).collect(),
            FEDERATED => t.federated.iter().map(|x| self.federated(x)).collect(),
            USERS => t.users.iter().map(|x| self.user(x)).collect(),
            GROUPS => t.groups.iter().map(|x| self.group(x)).collect(),
            MEMBERSHIPS => t.memberships.iter().map(|x| self.membership(x)).collect(),
            SERVICE_PRINCIPALS => t.service_principals.iter().map(|x| self.service_principal(x)).collect(),
            APPLICATIONS => t.applications.iter().map(|x| self.application(x)).collect(),
            APPLICATION_OWNERS => t
                .application_owners
                .iter()
                .map(|x| {
                    let mut fields =
                        vec![("applicationId", json!(x.application)), ("ownerId", json!(x.owner))];
                    if !t.coverage.contains_key(GROUP_OWNERS) {
                        fields.push(("ownerType", json!("User")));
                    }
                    self.object(fields)
                })
                .collect(),
            GROUP_OWNERS => {
                t.group_owners.iter().map(|x| self.owner("groupId", &x.group, &x.owner)).collect()
            }
            SERVICE_PRINCIPAL_OWNERS => t
                .service_principal_owners
                .iter()
                .map(|x| self.owner("servicePrincipalId", &x.service_principal, &x.owner))
                .collect(),
            DENY_ASSIGNMENTS => t.deny_assignments.iter().map(|x| self.deny_assignment(x)).collect(),
            POLICY_ASSIGNMENTS => t.policy_assignments.iter().map(|x| self.policy_assignment(x)).collect(),
            other => panic!("no collection {other}"),
        }
    }

    fn owner(&mut self, key: &'static str, owned: &str, owner: &str) -> Value {
        let fields = vec![(key, self.guid(owned)), ("ownerId", self.guid(owner))];
        self.object(fields)
    }

    fn deny_assignment(&mut self, x: &DenyAssignment) -> Value {
        let permissions: Vec<Value> = x
            .blocks
            .iter()
            .map(|block| {
                let fields = vec![
                    ("actions", json!(block.actions)),
                    ("notActions", json!(block.not_actions)),
                    ("dataActions", json!(block.data_actions)),
                    ("notDataActions", json!(block.not_data_actions)),
                ];
                self.object(fields)
            })
            .collect();
        let someone = |id: &String| json!({"id": id, "type": super::world::denied_type(id)});
        let mut inner = vec![
            ("denyAssignmentName", json!(scopes::name(&x.id))),
            ("permissions", Value::Array(permissions)),
            ("scope", self.id(&x.scope)),
            ("principals", x.principals.iter().map(someone).collect()),
            ("excludePrincipals", x.excluded.iter().map(someone).collect()),
            ("isSystemProtected", json!(false)),
        ];
        if x.not_children || self.chance.one_in(2) {
            inner.push(("doNotApplyToChildScopes", json!(x.not_children)));
        }
        if x.audit || self.chance.one_in(2) {
            inner.push(("denyAssignmentEffect", json!(if x.audit { "audit" } else { "enforced" })));
        }
        let mut outer = vec![
            ("id", json!(x.id)),
            ("name", json!(scopes::name(&x.id))),
            ("type", json!("Microsoft.Authorization/denyAssignments")),
        ];
        let properties = self.object(inner);
        outer.push(("properties", properties));
        self.object(outer)
    }

    fn policy_assignment(&mut self, x: &PolicyAssignment) -> Value {
        let inner = vec![
            ("displayName", json!("Deploy what is missing")),
            ("policyDefinitionId", json!(x.definition)),
            ("scope", self.id(&x.scope)),
            ("enforcementMode", json!("Default")),
        ];
        let mut outer = vec![
            ("id", json!(x.id)),
            ("name", json!(scopes::name(&x.id))),
            ("type", json!("Microsoft.Authorization/policyAssignments")),
            ("location", json!("westeurope")),
        ];
        if let Some(block) = &x.identity {
            let identity = self.identity_block(block);
            outer.push(("identity", identity));
        }
        let properties = self.object(inner);
        outer.push(("properties", properties));
        self.object(outer)
    }

    fn identity_block(&mut self, block: &IdentityBlock) -> Value {
        let kind = match (&block.system, block.user_assigned.is_empty()) {
            (Some(_), true) => "SystemAssigned",
            (Some(_), false) => "SystemAssigned, UserAssigned",
            (None, _) => "UserAssigned",
        };
        let mut map = Map::new();
        for (id, principal) in &block.user_assigned {
            let Value::String(id) = self.id(id) else { continue };
            map.insert(id, json!({"principalId": principal, "clientId": principal.replacen('2', "c", 1)}));
        }
        let users = if map.is_empty() { Value::Null } else { Value::Object(map) };
        let own = vec![
            ("type", json!(kind)),
            ("principalId", json!(block.system)),
            ("tenantId", json!("7e000000-0000-4000-8000-000000000000")),
            ("userAssignedIdentities", users),
        ];
        self.object(own)
    }

    fn assignment(&mut self, a: &Assignment) -> Value {
        let mut outer = vec![
            ("id", self.id(&a.id)),
            ("name", json!(scopes::name(&a.id))),
            ("type", json!("Microsoft.Authorization/roleAssignments")),
        ];
        let mut inner = vec![
            ("roleDefinitionId", self.role_id(&a.role, &a.scope)),
            ("principalId", self.guid(&a.principal)),
            ("scope", self.id(&a.scope)),
        ];
        put(&mut inner, "principalType", &a.principal_type, text);
        put(&mut inner, "condition", &a.condition, text);
        put(&mut inner, "createdOn", &a.created, instant);
        put(&mut inner, "createdBy", &a.created_by, text);
        if self.chance.one_in(2) {
            outer.extend(inner);
            return self.object(outer);
        }
        let properties = self.object(inner);
        outer.push(("properties", properties));
        self.object(outer)
    }

    fn eligible(&mut self, a: &Assignment) -> Value {
        let outer = vec![
            ("id", self.id(&a.id)),
            ("name", json!(scopes::name(&a.id))),
            ("type", json!("Microsoft.Authorization/roleEligibilityScheduleInstances")),
        ];
        let mut inner = vec![
            ("roleDefinitionId", self.role_id(&a.role, &a.scope)),
            ("principalId", self.guid(&a.principal)),
            ("scope", self.id(&a.scope)),
            ("memberType", json!("Direct")),
            ("status", json!("Provisioned")),
        ];
        put(&mut inner, "principalType", &a.principal_type, text);
        put(&mut inner, "startDateTime", &a.start, instant);
        put(&mut inner, "endDateTime", &a.end, instant);
        put(&mut inner, "condition", &a.condition, text);
        put(&mut inner, "createdOn", &a.created, instant);
        let mut outer = outer;
        let properties = self.object(inner);
        outer.push(("properties", properties));
        self.object(outer)
    }

    fn schedule(&mut self, t: &Tenant, s: &Schedule) -> Option<Value> {
        let a = t.assignments.iter().find(|a| !a.eligible && scopes::name(&a.id) == s.assignment)?;
        let name = s.assignment.replacen('a', "b", 1);
        let prefix = a.scope.trim_end_matches('/');
        let mut outer = vec![
            (
                "id",
                json!(format!(
                    "{prefix}/providers/Microsoft.Authorization/roleAssignmentScheduleInstances/{name}"
                )),
            ),
            ("name", json!(name)),
            ("type", json!("Microsoft.Authorization/roleAssignmentScheduleInstances")),
        ];
        let mut inner = vec![
            ("roleDefinitionId", self.role_id(&a.role, &a.scope)),
            ("principalId", json!(a.principal)),
            ("scope", self.id(&a.scope)),
            ("originRoleAssignmentId", self.id(&a.id)),
            ("assignmentType", json!(if s.activated { "Activated" } else { "Assigned" })),
            ("memberType", json!("Direct")),
            ("status", json!("Provisioned")),
        ];
        put(&mut inner, "startDateTime", &s.start, instant);
        put(&mut inner, "endDateTime", &s.end, instant);
        let properties = self.object(inner);
        outer.push(("properties", properties));
        Some(self.object(outer))
    }

    fn role_definition(&mut self, x: &RoleDefinition) -> Value {
        let permissions: Vec<Value> = x
            .blocks
            .iter()
            .map(|block| {
                let mut fields = vec![
                    ("actions", json!(block.actions)),
                    ("notActions", json!(block.not_actions)),
                    ("dataActions", json!(block.data_actions)),
                    ("notDataActions", json!(block.not_data_actions)),
                ];
                if let Some(limit) = &block.limit {
                    fields.push(("condition", json!(limit.text())));
                    fields.push(("conditionVersion", json!("2.0")));
                }
                self.object(fields)
            })
            .collect();
        let kind = json!(if x.custom { "CustomRole" } else { "BuiltInRole" });
        let id = format!("/providers/Microsoft.Authorization/roleDefinitions/{}", x.guid);
        let mut outer = vec![("id", json!(id)), ("name", json!(x.guid))];
        let mut inner = vec![
            ("roleName", json!(x.name)),
            ("assignableScopes", json!(x.assignable_scopes)),
            ("permissions", Value::Array(permissions)),
        ];
        if self.chance.one_in(2) {
            outer.push(("type", json!("Microsoft.Authorization/roleDefinitions")));
            outer.push(("roleType", kind));
            outer.extend(inner);
        } else {
            outer.push(("type", json!("Microsoft.Authorization/roleDefinitions")));
            inner.push(("type", kind));
            let properties = self.object(inner);
            outer.push(("properties", properties));
        }
        self.object(outer)
    }

    fn subscription(&mut self, t: &Tenant, x: &Subscription) -> Value {
        let az = x.tags == Stated::Unsaid;
        let mut fields = if az {
            vec![("id", json!(x.guid)), ("name", json!(x.name))]
        } else {
            vec![
                ("id", json!(format!("/subscriptions/{}", x.guid))),
                ("subscriptionId", json!(x.guid)),
                ("displayName", json!(x.name)),
            ]
        };
        fields.push(("state", json!("Enabled")));
        fields.push(("tenantId", json!(t.guid)));
        put(&mut fields, "managementGroup", &x.management_group, text);
        put(&mut fields, "tags", &x.tags, tags);
        self.object(fields)
    }

    fn management_group(&mut self, x: &ManagementGroup) -> Value {
        let id = |name: &str| json!(format!("/providers/Microsoft.Management/managementGroups/{name}"));
        let mut inner = vec![("displayName", json!(format!("Group {}", x.name)))];
        match &x.parent {
            Stated::Is(parent) => {
                inner.push(("details", json!({"parent": {"id": id(parent), "name": parent}})));
            }
            Stated::Null => inner.push(("details", json!({ "parent": null }))),
            Stated::Unsaid => {}
        }
        let outer = vec![
            ("id", id(&x.name)),
            ("name", json!(x.name)),
            ("type", json!("Microsoft.Management/managementGroups")),
        ];
        let mut outer = outer;
        let properties = self.object(inner);
        outer.push(("properties", properties));
        self.object(outer)
    }

    fn resource_group(&mut self, x: &ResourceGroup) -> Value {
        let mut fields = vec![
            ("id", self.id(&x.id)),
            ("name", json!(scopes::name(&x.id))),
            ("location", json!("westeurope")),
        ];
        put(&mut fields, "tags", &x.tags, tags);
        self.object(fields)
    }

    fn resource(&mut self, x: &Resource) -> Value {
        let mut fields = vec![
            ("id", self.id(&x.id)),
            ("name", json!(scopes::name(&x.id))),
            ("type", json!(scopes::resource_type(&x.id))),
            ("location", json!(x.location)),
        ];
        put(&mut fields, "kind", &x.kind, text);
        put(&mut fields, "tags", &x.tags, tags);
        let identity = match &x.identity {
            Stated::Is(block) => Some(self.identity_block(block)),
            Stated::Null => Some(if self.chance.one_in(6) { json!({"type": "None"}) } else { Value::Null }),
            Stated::Unsaid => None,
        };
        fields.extend(identity.map(|identity| ("identity", identity)));
        self.object(fields)
    }

    fn identity(&mut self, x: &Identity) -> Value {
        let mut outer = vec![
            ("id", self.id(&x.id)),
            ("name", json!(scopes::name(&x.id))),
            ("location", json!(x.location)),
            ("type", json!("Microsoft.ManagedIdentity/userAssignedIdentities")),
        ];
        put(&mut outer, "tags", &x.tags, tags);
        let mut inner = vec![
            ("principalId", self.guid(&x.principal)),
            ("clientId", json!(x.client)),
            ("tenantId", json!("7e000000-0000-4000-8000-000000000000")),
        ];
        if !x.providers.is_empty() {
            inner.push(("assignmentRestrictions", json!({ "providers": x.providers })));
        }
        if x.regional {
            inner.push(("isolationScope", json!("Regional")));
        }
        self.record(outer, inner)
    }

    fn federated(&mut self, x: &FederatedCredential) -> Value {
        let id = format!("{}/federatedIdentityCredentials/{}", x.identity, x.name);
        let outer = vec![
            ("id", self.id(&id)),
            ("name", json!(x.name)),
            ("type", json!("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials")),
        ];
        let mut inner = vec![("issuer", json!(x.issuer)), ("audiences", json!(x.audiences))];
        put(&mut inner, "subject", &x.subject, text);
        self.record(outer, inner)
    }

    fn user(&mut self, x: &User) -> Value {
        let mut fields = vec![("id", self.guid(&x.id))];
        put(&mut fields, "displayName", &x.display_name, text);
        put(&mut fields, "userPrincipalName", &x.upn, text);
        put(&mut fields, "accountEnabled", &x.enabled, boolean);
        put(&mut fields, "userType", &x.user_type, text);
        put(&mut fields, "createdDateTime", &x.created, instant);
        put(&mut fields, "department", &x.department, text);
        match &x.last_sign_in {
            Stated::Is(at) => fields.push(("signInActivity", json!({"lastSignInDateTime": time(*at)}))),
            Stated::Null => fields.push(("signInActivity", Value::Null)),
            Stated::Unsaid => {}
        }
        self.object(fields)
    }

    fn group(&mut self, x: &Group) -> Value {
        let mut fields = vec![("id", self.guid(&x.id))];
        put(&mut fields, "displayName", &x.name, text);
        put(&mut fields, "securityEnabled", &x.security, boolean);
        put(&mut fields, "isAssignableToRole", &x.role_assignable, boolean);
        self.object(fields)
    }

    fn membership(&mut self, x: &Membership) -> Value {
        let fields = vec![
            ("groupId", self.guid(&x.group)),
            ("memberId", self.guid(&x.member)),
            ("memberType", json!(x.member_type)),
        ];
        self.object(fields)
    }

    fn service_principal(&mut self, x: &ServicePrincipal) -> Value {
        let mut fields = vec![
            ("id", self.guid(&x.id)),
            ("appId", json!(x.app_id)),
            ("passwordCredentials", json!([])),
            ("keyCredentials", json!([])),
        ];
        put(&mut fields, "displayName", &x.name, text);
        put(&mut fields, "servicePrincipalType", &x.sp_type, text);
        put(&mut fields, "accountEnabled", &x.enabled, boolean);
        put(&mut fields, "alternativeNames", &x.alternative_names, |names| json!(names));
        self.object(fields)
    }

    fn application(&mut self, x: &Application) -> Value {
        let mut fields = vec![("id", json!(x.id))];
        put(&mut fields, "appId", &x.app_id, text);
        put(&mut fields, "displayName", &x.name, text);
        let secrets = |secrets: &Vec<Secret>| {
            let one = |secret: &Secret| {
                let mut fields = vec![("keyId", json!(secret.key_id))];
                put(&mut fields, "displayName", &secret.name, text);
                put(&mut fields, "startDateTime", &secret.starts, instant);
                put(&mut fields, "endDateTime", &secret.expires, instant);
                Value::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
            };
            Value::Array(secrets.iter().map(one).collect())
        };
        put(&mut fields, "passwordCredentials", &x.passwords, secrets);
        put(&mut fields, "keyCredentials", &x.keys, secrets);
        self.object(fields)
    }
}
