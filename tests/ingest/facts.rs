//! Facts of Azure that reading must get right, and two ways to pass silently. Named after azure-facts and silent-pass.

use super::{errors, extent, inventory, load, load_declared, warnings};
use dictum::azure::scope::Level;
use dictum::inventory::{Class, Collection, Inventory, PrincipalId, ScopeId, Stated};

const SUB: &str = "/subscriptions/11111111-1111-1111-1111-111111111111";
const MG: &str = "/providers/Microsoft.Management/managementGroups";
const UAMI: &str = "providers/Microsoft.ManagedIdentity/userAssignedIdentities";

fn guid(n: u32) -> String {
    format!("{n:08x}-0000-4000-8000-000000000000")
}

fn assignment(n: u32, scope: &str, role: &str, principal: u32, kind: &str) -> String {
    format!(
        r#"{{"id": "{scope}/providers/Microsoft.Authorization/roleAssignments/{}", "name": "{}", "scope": "{scope}",
            "roleDefinitionId": "/providers/Microsoft.Authorization/roleDefinitions/{role}", "principalId": "{}",
            "principalType": "{kind}", "type": "Microsoft.Authorization/roleAssignments"}}"#,
        guid(n),
        guid(n),
        guid(principal)
    )
}

const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

fn scope(inventory: &Inventory, id: &str) -> ScopeId {
    inventory.scopes.find(id, &inventory.names).unwrap_or_else(|| panic!("{id} is not there"))
}

fn principal(inventory: &Inventory, n: u32) -> PrincipalId {
    inventory.principal(guid(n).parse().unwrap()).unwrap()
}

#[test]
fn t1_3_a_subscription_is_below_a_management_group_only_where_the_capture_says_so() {
    let text = format!(
        r#"{{"managementGroups": [
            {{"id": "{MG}/root", "properties": {{"details": {{"parent": null}}}}}},
            {{"id": "{MG}/child", "properties": {{"details": {{"parent": {{"id": "{MG}/ROOT"}}}}}}}}],
          "subscriptions": [{{"id": "{SUB}", "managementGroup": "child"}}, {{"id": "/subscriptions/{}"}}]}}"#,
        guid(2)
    );
    let inventory = inventory(&text);
    let root = scope(&inventory, &format!("{MG}/root"));
    assert!(inventory.scopes.contains(root, scope(&inventory, SUB)).is_true());
    let lost = scope(&inventory, &format!("/subscriptions/{}", guid(2)));
    let missing = inventory.scopes.contains(root, lost).missing();
    assert!(missing.collections().has(Collection::ManagementGroups));
}

#[test]
fn every_way_in_which_azure_states_a_parent() {
    let chain = r#"[{"displayName": "Child", "name": "child"}, {"displayName": "Root", "name": "root"}]"#;
    let shapes = [
        // Resource Graph, resourcecontainers
        format!(
            r#"{{"totalRecords": 1, "count": 1, "data": [{{"id": "{SUB}", "name": "prod",
                "type": "microsoft.resources/subscriptions", "properties": {{"state": "Enabled",
                "managementGroupAncestorsChain": {chain}}}}}], "resultTruncated": "false"}}"#
        ),
        // az account management-group show --expand --recurse
        format!(
            r#"{{"id": "{MG}/root", "name": "root", "type": "Microsoft.Management/managementGroups", "details": {{"parent": {{}}}},
                "children": [{{"id": "{MG}/child", "name": "child", "children": [{{"id": "{SUB}", "type": "/subscriptions"}}]}}]}}"#
        ),
        // az account management-group entities list
        format!(
            r#"[{{"id": "{MG}/root", "name": "root", "type": "Microsoft.Management/managementGroups", "parent": {{"id": null}}}},
                {{"id": "{MG}/child", "name": "child", "type": "Microsoft.Management/managementGroups", "parent": {{"id": "{MG}/root"}}}},
                {{"id": "{SUB}", "type": "/subscriptions", "parent": {{"id": "{MG}/child"}}}}]"#
        ),
        // a subscription that names its group by its id
        format!(
            r#"{{"subscriptions": [{{"id": "{SUB}", "managementGroup": {{"id": "{MG}/child"}}}}],
                "managementGroups": [{{"name": "child", "properties": {{"details": {{"parent": {{"name": "root"}}}}}}}},
                {{"name": "root", "properties": {{"details": {{"parent": null}}}}}}]}}"#
        ),
    ];
    for text in shapes {
        let inventory = inventory(&text);
        let sub = scope(&inventory, SUB);
        let chain: Vec<&str> =
            inventory.scopes.chain(sub).map(|s| inventory.scopes.segment(s, &inventory.names)).collect();
        assert_eq!(chain[1..], ["child", "root", "/"], "{text}");
        assert!(inventory.scopes.chain_is_known(sub), "{text}");
    }
}

#[test]
fn t1_6_a_cycle_of_management_groups_is_an_error_with_its_places() {
    let group = |name: &str, parent: &str| {
        format!(r#"{{"name": "{name}", "properties": {{"details": {{"parent": {{"name": "{parent}"}}}}}}}}"#)
    };
    let text = format!("{{\"managementGroups\": [\n{},\n{}]}}", group("a", "b"), group("b", "a"));
    insta::assert_snapshot!(errors(&[("inventory.json", &text)]), @r#"
    D511: management groups form a cycle: a is below b is below a
      at inventory.json:2 /managementGroups/0
      at inventory.json:3 /managementGroups/1
      help: capture the management groups again: Azure has no cycles
    "#);
    let text = format!("{{\"managementGroups\": [{}]}}", group("a", "A"));
    assert!(
        errors(&[("inventory.json", &text)])
            .starts_with("D511: management groups form a cycle: a is below a")
    );
}

#[test]
fn t2_20_an_eligible_assignment_of_a_managed_identity_is_warned_about() {
    let text = format!(
        r#"{{"roleEligibilityScheduleInstances": [{}],
            "servicePrincipals": [{{"id": "{}", "servicePrincipalType": "ManagedIdentity", "displayName": "mi"}}]}}"#,
        assignment(1, SUB, READER, 2, "ServicePrincipal")
            .replace("roleAssignments", "roleEligibilityScheduleInstances"),
        guid(2)
    );
    insta::assert_snapshot!(warnings(&[("inventory.json", &text)]), @r#"
    D522: 1 eligible assignment to managed identities or service principals, which can't activate them
      at inventory.json:1 /roleEligibilityScheduleInstances/0
      = mi (00000002-0000-4000-8000-000000000000)
    "#);
}

#[test]
fn t2_22_a_custom_role_outside_its_assignable_scopes_is_warned_about() {
    let role = guid(9);
    let text = format!(
        r#"{{"roleDefinitions": [{{"name": "{role}", "roleName": "Restarter", "roleType": "CustomRole",
                "assignableScopes": ["{SUB}/resourceGroups/rg-a"], "permissions": [{{"actions": ["*/read"]}}]}}],
            "roleAssignments": [{}, {}]}}"#,
        assignment(
            1,
            &format!("{SUB}/resourceGroups/RG-A/providers/Microsoft.Compute/virtualMachines/v"),
            &role,
            2,
            "User"
        ),
        assignment(3, &format!("{SUB}/resourceGroups/rg-ab"), &role, 2, "User"),
    );
    insta::assert_snapshot!(warnings(&[("inventory.json", &text)]), @r#"
    D523: 1 assignment of custom roles outside the assignable scopes of the role
      at inventory.json:5 /roleAssignments/1
      = Restarter at /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-ab
    "#);
}

#[test]
fn t2_23_custom_roles_of_one_name_are_told_apart_by_their_guid() {
    let role = |n: u32, action: &str| {
        format!(
            r#"{{"name": "{}", "roleName": "Helper", "roleType": "CustomRole", "permissions": [{{"actions": ["{action}"]}}]}}"#,
            guid(n)
        )
    };
    let text = format!("{{\"roleDefinitions\": [{}, {}]}}", role(1, "*/read"), role(2, "*"));
    let inventory = inventory(&text);
    let mut granted: Vec<_> = inventory
        .roles
        .iter()
        .map(|role| {
            (
                inventory.names.get(inventory.roles.name(role).unwrap()),
                inventory.roles.blocks(role).unwrap()[0].actions.len(),
            )
        })
        .collect();
    granted.dedup();
    assert_eq!(granted, [("Helper", 1)]);
    assert_eq!(inventory.roles.len(), 2);
}

#[test]
fn t2_24_principals_of_another_tenant_are_external() {
    let text = format!(
        r#"{{"roleAssignments": [{}],
            "lighthouse": [{{"id": "{SUB}/providers/Microsoft.ManagedServices/registrationAssignments/x", "properties":
                {{"registrationDefinition": {{"properties": {{"managedByTenantId": "{}", "authorizations":
                    [{{"principalId": "{}", "principalIdDisplayName": "Operators", "roleDefinitionId": "{READER}"}}]}}}}}}}}]}}"#,
        assignment(1, SUB, READER, 2, "ForeignGroup"),
        guid(77),
        guid(3)
    );
    let inventory = inventory(&text);
    assert!(inventory.principals.is_external(principal(&inventory, 2)));
    assert!(inventory.principals.is_external(principal(&inventory, 3)));
}

#[test]
fn t6_1_a_resource_has_both_kinds_of_identity() {
    let vm = format!("{SUB}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/v");
    let text = format!(
        r#"{{"value": [{{"id": "{vm}", "type": "Microsoft.Compute/virtualMachines", "location": "westeurope", "identity":
            {{"type": "SystemAssigned, UserAssigned", "principalId": "{}", "tenantId": "{}", "userAssignedIdentities":
              {{"{SUB}/resourcegroups/RG/{UAMI}/a": {{"principalId": "{}", "clientId": "{}"}},
                "{SUB}/resourceGroups/rg/{UAMI}/b": {{}} }} }} }}]}}"#,
        guid(1),
        guid(2),
        guid(3),
        guid(4)
    );
    let inventory = inventory(&text);
    let block = inventory.identity_block(scope(&inventory, &vm)).unwrap();
    assert_eq!(block.system, Stated::Value(principal(&inventory, 1)));
    assert_eq!(block.users.len(), 2);
    assert!(!block.open);
    assert_eq!(inventory.principals.class(principal(&inventory, 3)), Class::UserAssigned);
    let by_id = inventory.user_assigned_at(scope(&inventory, &format!("{SUB}/resourceGroups/rg/{UAMI}/A")));
    assert_eq!(by_id, Some(principal(&inventory, 3)));
}

#[test]
fn identity_blocks_as_they_are_seen() {
    let block = |identity: &str| {
        let text = format!(
            r#"[{{"id": "{SUB}/resourceGroups/rg/providers/Microsoft.Web/sites/s", "type": "Microsoft.Web/sites",
                "location": "westeurope"{identity}}}]"#
        );
        let inventory = inventory(&text);
        let site = scope(&inventory, &format!("{SUB}/resourceGroups/rg/providers/Microsoft.Web/sites/s"));
        match inventory.identity_block(site) {
            None => "unstated".to_owned(),
            Some(block) => {
                let system = match block.system {
                    Stated::Absent => "none",
                    Stated::Unsaid => "unnamed",
                    Stated::Value(_) => "named",
                };
                format!(
                    "system {system}, {} named{}",
                    block.users.len(),
                    if block.open { ", more unnamed" } else { "" }
                )
            }
        }
    };
    let named = guid(1);
    assert_eq!(block(r#", "identity": null"#), "system none, 0 named");
    assert_eq!(block(""), "system none, 0 named");
    assert_eq!(block(r#", "identity": {"type": "None"}"#), "system none, 0 named");
    assert_eq!(block(r#", "identity": {"type": "systemAssigned"}"#), "system unnamed, 0 named");
    assert_eq!(
        block(&format!(r#", "identity": {{"type": "SystemAssigned", "principalId": "{named}"}}"#)),
        "system named, 0 named"
    );
    assert_eq!(
        block(r#", "identity": {"type": "UserAssigned", "tenantId": "x"}"#),
        "system none, 0 named, more unnamed"
    );
    let old = format!(
        r#", "identity": {{"type": "userAssigned", "identityIds": ["{SUB}/resourceGroups/rg/{UAMI}/a"]}}"#
    );
    assert_eq!(block(&old), "system none, 1 named");
    let strange = format!(
        r#"[{{"id": "{SUB}/resourceGroups/rg/providers/Microsoft.Web/sites/s", "type": "Microsoft.Web/sites",
            "identity": {{"type": "Systemassigned User"}}}}]"#
    );
    assert!(errors(&[("r.json", &strange)]).starts_with("D504: `identity.type` is `systemassigned user`"));
}

#[test]
fn instances_of_a_scale_set_repeat_its_identity() {
    let set = format!("{SUB}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachineScaleSets/web");
    let identity = format!(
        r#""location": "westeurope", "identity": {{"type": "SystemAssigned", "principalId": "{}"}}"#,
        guid(1)
    );
    let text = format!(
        r#"[{{"id": "{set}", "type": "Microsoft.Compute/virtualMachineScaleSets", {identity}}},
            {{"id": "{set}/virtualMachines/0", "type": "Microsoft.Compute/virtualMachineScaleSets/virtualMachines", {identity}}}]"#
    );
    let inventory = inventory(&text);
    let attached: Vec<ScopeId> = inventory.attachments(principal(&inventory, 1)).collect();
    assert_eq!(attached, [scope(&inventory, &set)]);
}

#[test]
fn t7_3_alternative_names_tell_the_two_kinds_of_managed_identity_apart() {
    let record = |n: u32, names: &str| {
        format!(
            r#"{{"id": "{}", "servicePrincipalType": "ManagedIdentity", "alternativeNames": [{names}]}}"#,
            guid(n)
        )
    };
    let host = format!("\"{SUB}/resourcegroups/rg/providers/Microsoft.Web/sites/s\"");
    let identity = format!("\"{SUB}/resourcegroups/rg/{UAMI}/m\"");
    let text = format!(
        "{{\"servicePrincipals\": [{}, {}, {}, {}]}}",
        record(1, &format!("\"isExplicit=True\", {identity}")),
        record(2, &format!("\"isExplicit=False\", {host}")),
        record(3, &host.replace("/s\"", "/t\"")),
        record(4, "")
    );
    let inventory = inventory(&text);
    let class = |n| inventory.principals.class(principal(&inventory, n));
    assert_eq!(
        [class(1), class(2), class(3), class(4)],
        [Class::UserAssigned, Class::SystemAssigned, Class::SystemAssigned, Class::ManagedIdentity]
    );
    let node = inventory.principals.node(principal(&inventory, 2)).unwrap();
    assert_eq!(inventory.scopes.segment(node, &inventory.names), "s");
}

#[test]
fn t7_4_a_resource_that_names_a_deleted_identity_is_noticed() {
    let text = format!(
        r#"{{"capture": {{"complete": ["identities", "resources"]}}, "identities": [],
            "resources": [{{"id": "{SUB}/resourceGroups/rg/providers/Microsoft.Web/sites/s", "type": "Microsoft.Web/sites",
              "identity": {{"type": "UserAssigned", "userAssignedIdentities": {{"{SUB}/resourceGroups/rg/{UAMI}/gone": {{}}}}}}}}]}}"#
    );
    insta::assert_snapshot!(warnings(&[("inventory.json", &text)]), @r#"
    D524: 1 attachment of a user-assigned identity that is not there any more
      at inventory.json:2 /resources/0
      = /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Web/sites/s names /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/gone
    "#);
    assert_eq!(warnings(&[("inventory.json", &text.replace("\"identities\", ", ""))]), "");
}

#[test]
fn t7_6_an_assignment_at_a_scope_that_is_gone_is_noticed() {
    let vm =
        |name: &str| format!("{SUB}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/{name}");
    let text = format!(
        r#"{{"capture": {{"complete": ["resources"]}},
            "resources": [{{"id": "{}", "type": "Microsoft.Compute/virtualMachines"}}],
            "roleAssignments": [{}, {}, {}, {}]}}"#,
        vm("here"),
        assignment(1, &vm("HERE"), READER, 9, "User"),
        assignment(2, &format!("{}/extensions/e", vm("here")), READER, 9, "User"),
        assignment(3, &vm("moved"), READER, 9, "User"),
        assignment(4, &format!("{}/extensions/e", vm("moved")), READER, 9, "User"),
    );
    insta::assert_snapshot!(warnings(&[("inventory.json", &text)]), @r#"
    D525: 2 assignments at scopes that are not there any more
      at inventory.json:7 /roleAssignments/2
      at inventory.json:9 /roleAssignments/3
      = /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/moved
      = /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/moved/extensions/e
    "#);
}

#[test]
fn t7_7_scopes_of_every_granularity_are_kept() {
    let scopes = [
        format!(
            "{SUB}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/a/blobServices/default/containers/c"
        ),
        "/providers/Microsoft.Capacity/reservationOrders/x".to_owned(),
        format!("{SUB}/providers/Microsoft.Security/pricings/p"),
        format!("{SUB}/resourceGroups/rg/providers"),
    ];
    let rows: Vec<String> =
        scopes.iter().enumerate().map(|(n, scope)| assignment(n as u32, scope, READER, 9, "User")).collect();
    let inventory = inventory(&format!("[{}]", rows.join(",")));
    for (a, scope) in inventory.assignments.iter().zip(&scopes) {
        assert_eq!(inventory.names.get(inventory.assignments.scope_text(a)), scope);
        assert_eq!(inventory.scopes.level(inventory.assignments.scope(a)), Level::Resource);
    }
}

#[test]
fn t7_11_a_label_that_contradicts_the_directory_is_warned_about_and_not_believed() {
    let text = format!(
        r#"{{"roleAssignments": [{}], "groups": [{{"id": "{}", "displayName": "sg-ops"}}]}}"#,
        assignment(1, SUB, READER, 2, "User"),
        guid(2)
    );
    insta::assert_snapshot!(warnings(&[("inventory.json", &text)]), @r#"
    D521: the `principalType` of 1 assignment contradicts the directory, which is believed
      at inventory.json:1 /roleAssignments/0
      = principalType User of sg-ops (00000002-0000-4000-8000-000000000000)
    "#);
    let inventory = inventory(&text);
    assert_eq!(inventory.principals.class(principal(&inventory, 2)), Class::Group);
}

#[test]
fn s6_a_page_that_is_missing_makes_a_collection_partial() {
    let row = |name: &str| {
        format!(
            r#"{{"id": "{SUB}/resourceGroups/rg/providers/Microsoft.Web/sites/{name}", "type": "Microsoft.Web/sites", "location": "westeurope"}}"#
        )
    };
    let first = format!(
        r#"{{"value": [{}], "nextLink": "https://management.azure.com{SUB}/resources?api-version=2022-09-01&$skiptoken=abc"}}"#,
        row("a")
    );
    let last = format!(r#"{{"value": [{}]}}"#, row("b"));
    let of = |files: &[(&str, &str)]| {
        extent(&load(files).unwrap_or_else(|_| panic!()).inventory, Collection::Resources)
    };
    insta::assert_snapshot!(of(&[("1.json", &first)]), @"partial (the page after https://management.azure.com/subscriptions/11111111-1111-1111-1111-111111111111/resources was not read)");
    insta::assert_snapshot!(of(&[("1.json", &first), ("2.json", &last)]), @"partial (nobody says that it is all)");
    // Whoever declares it complete while a page is missing is told.
    let capture =
        r#"{"schema": "dictum/capture/1", "time": "2026-11-20T06:00:00Z", "complete": ["resources"]}"#;
    let files = [("x/1.json", &*first), ("x/capture.json", capture)];
    insta::assert_snapshot!(of(&files), @"partial (the page after https://management.azure.com/subscriptions/11111111-1111-1111-1111-111111111111/resources was not read)");
    insta::assert_snapshot!(warnings(&files), @r#"
    D527: resources are declared by `complete` of x/capture.json to be complete, but the page after https://management.azure.com/subscriptions/11111111-1111-1111-1111-111111111111/resources was not read
      at x/capture.json:1 /complete
      = `resources` counts as partial
    "#);
    insta::assert_snapshot!(of(&[files[0], ("x/2.json", &last), files[1]]), @"complete (declared by `complete` of x/capture.json)");
    let asserted =
        load_declared(&[("1.json", &first)], &[Collection::Resources]).unwrap_or_else(|_| panic!());
    insta::assert_snapshot!(extent(&asserted.inventory, Collection::Resources), @"complete (declared by --complete, although the page after https://management.azure.com/subscriptions/11111111-1111-1111-1111-111111111111/resources was not read)");
    // Resource Graph counts.
    let graph = r#"{"totalRecords": 3, "count": 1, "data": [{"id": "/subscriptions/11111111-1111-1111-1111-111111111111"}],
        "facets": [], "resultTruncated": "true", "$skipToken": "e30="}"#;
    let loaded = load(&[("g.json", graph)]).unwrap_or_else(|_| panic!()).inventory;
    insta::assert_snapshot!(extent(&loaded, Collection::Subscriptions), @"partial (Resource Graph has 3 records, 1 were read)");
}

#[test]
fn s7_a_list_that_was_filtered_to_a_scope_is_partial() {
    let row = assignment(1, SUB, READER, 2, "User");
    let link = format!(
        "https://management.azure.com{SUB}/providers/Microsoft.Authorization/roleAssignments?$filter=atScope()&$skiptoken=x"
    );
    let first = format!(r#"{{"value": [{row}], "nextLink": "{link}"}}"#);
    let last = format!(r#"{{"value": [{}]}}"#, assignment(3, SUB, READER, 2, "User"));
    let capture =
        r#"{"schema": "dictum/capture/1", "time": "2026-11-20T06:00:00Z", "complete": ["roleAssignments"]}"#;
    let files = [("x/1.json", &*first), ("x/2.json", &*last), ("x/capture.json", capture)];
    let loaded = load(&files).unwrap_or_else(|_| panic!()).inventory;
    insta::assert_snapshot!(extent(&loaded, Collection::RoleAssignments), @"partial (listed with the filter atScope(), which hides what is made further down: https://management.azure.com/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.Authorization/roleAssignments?$filter=atScope()&$skiptoken=x)");
    let document = format!(
        r#"{{"capture": {{"complete": ["roleAssignments"],
            "queries": {{"roleAssignments": ["{SUB}/providers/Microsoft.Authorization/roleAssignments?$filter=atScope()"]}}}},
            "roleAssignments": [{row}]}}"#
    );
    insta::assert_snapshot!(extent(&inventory(&document), Collection::RoleAssignments), @"partial (listed with the filter atScope(), which hides what is made further down: inventory.json)");
}

#[test]
fn s16_a_key_is_the_same_key_however_it_is_written() {
    let row = assignment(1, SUB, READER, 2, "User");
    let escaped = row
        .replace("\"principalId\"", "\"princip\\u0061lId\"")
        .replace("\"roleDefinitionId\"", "\"ROLEDEFINITIONID\"");
    assert_ne!(row, escaped);
    let inventory = inventory(&format!("[{escaped}]"));
    assert_eq!(
        inventory.assignments.assignee(inventory.assignments.iter().next().unwrap()),
        principal(&inventory, 2)
    );
    let twice =
        row.replace("\"principalId\"", &format!("\"princip\\u0061lID\": \"{}\",\n \"principalId\"", guid(7)));
    insta::assert_snapshot!(errors(&[("a.json", &format!("[{twice}]"))]), @r#"
    D502: a record has the key `principalId` twice (letter case and escapes do not count)
      at a.json:3 /0/principalId
      at a.json:2 /0/principalId
      help: keep one of the two
    "#);
    let tags = format!(
        r#"[{{"id": "{SUB}/resourceGroups/rg", "type": "Microsoft.Resources/resourceGroups", "tags": {{"Env": "prod",
            "\u0065nv": "dev"}}}}]"#
    );
    insta::assert_snapshot!(errors(&[("a.json", &tags)]), @r#"
    D502: `tags` has the key `env` twice (letter case does not count)
      at a.json:2 /0/tags/env
      at a.json:1 /0/tags/env
      help: keep one of the two
    "#);
    let map = format!(
        r#"[{{"id": "{SUB}/resourceGroups/rg/providers/Microsoft.Web/sites/s", "type": "Microsoft.Web/sites", "identity":
          {{"type": "UserAssigned", "userAssignedIdentities": {{"{SUB}/resourcegroups/rg/{UAMI}/a": {{}}, "{SUB}/resourceGroups/rg/{UAMI}/a": {{}}}}}}}}]"#
    );
    assert!(
        errors(&[("a.json", &map)])
            .starts_with("D502: `userAssignedIdentities` has the key `/subscriptions/")
    );
    let both = format!(r#"[{{"properties": {{"principalId": "{}"}}, {}]"#, guid(8), &row[1..]);
    insta::assert_snapshot!(errors(&[("a.json", &both)]), @r#"
    D508: `principalId` is "00000002-0000-4000-8000-000000000000" at the top of the record and "00000008-0000-4000-8000-000000000000" in its `properties`
      at a.json:1 /0/properties/principalId
      at a.json:2 /0/properties/principalId
    "#);
    let keys = format!("{{\"roleAssignments\": [{row}],\n\"RoleAssignments\": []}}");
    insta::assert_snapshot!(errors(&[("a.json", &keys)]), @r#"
    D502: the key `RoleAssignments` stands twice in this object (letter case does not count)
      at a.json:4 /RoleAssignments
      at a.json:1 /RoleAssignments
      help: keep one of the two, with the elements of both
    "#);
}
