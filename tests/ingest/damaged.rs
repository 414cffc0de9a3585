//! Bad input of every kind: a clear error or a named warning, never a panic, a hang or a silent pass.

use super::{errors, inventory, load, load_bytes, told, warnings};
use dictum::inventory::Wanted;
use std::io::Read;

const SUB: &str = "/subscriptions/11111111-1111-1111-1111-111111111111";
const ID: &str = "22222222-2222-2222-2222-222222222222";

/// One good record for each reader, in the shape that its vendor gives.
fn records() -> Vec<(&'static str, String)> {
    let role = "/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
    let auth = format!("{SUB}/providers/Microsoft.Authorization");
    let instance = |kind: &str| {
        format!(
            r#"{{"id": "{auth}/{kind}/{ID}", "name": "{ID}", "properties": {{"scope": "{SUB}", "roleDefinitionId": "{role}",
              "principalId": "{ID}", "principalType": "User", "startDateTime": "2026-01-01T00:00:00Z", "endDateTime": null,
              "assignmentType": "Activated", "memberType": "Direct"}}}}"#
        )
    };
    let credential = r#"{"keyId": "33333333-3333-3333-3333-333333333333", "displayName": "ci", "startDateTime": "2026-01-01T00:00:00Z", "endDateTime": "2027-01-01T00:00:00Z"}"#;
    vec![
        (
            "roleAssignments",
            format!(
                r#"{{"id": "{auth}/roleAssignments/{ID}", "name": "{ID}", "principalId": "{ID}", "principalName": "ann",
                  "principalType": "User", "roleDefinitionId": "{role}", "roleDefinitionName": "Owner", "scope": "{SUB}",
                  "condition": null, "createdOn": "2024-01-02T03:04:05.678901+00:00", "createdBy": "", "description": "d"}}"#
            ),
        ),
        (
            "roleDefinitions",
            format!(
                r#"{{"id": "{auth}/roleDefinitions/{ID}", "name": "{ID}", "properties": {{"roleName": "R", "type": "CustomRole",
                  "assignableScopes": ["{SUB}"], "permissions": [{{"actions": ["*/read"], "notActions": [], "condition": null}}]}}}}"#
            ),
        ),
        ("roleAssignmentScheduleInstances", instance("roleAssignmentScheduleInstances")),
        ("roleEligibilityScheduleInstances", instance("roleEligibilityScheduleInstances")),
        (
            "denyAssignments",
            format!(
                r#"{{"id": "{auth}/denyAssignments/{ID}", "properties": {{"denyAssignmentName": "n", "scope": "{SUB}",
                  "permissions": [{{"actions": ["*"]}}], "principals": [{{"id": "{ID}", "type": "User"}}],
                  "excludePrincipals": [], "doNotApplyToChildScopes": false}}}}"#
            ),
        ),
        (
            "policyAssignments",
            format!(
                r#"{{"id": "{auth}/policyAssignments/p", "name": "p", "identity": {{"type": "SystemAssigned", "principalId": "{ID}"}},
                  "properties": {{"displayName": "P", "scope": "{SUB}", "parameters": {{"effect": {{"value": "Deny"}}}}}}}}"#
            ),
        ),
        (
            "identities",
            format!(
                r#"{{"id": "{SUB}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/m",
                  "properties": {{"principalId": "{ID}", "clientId": "{ID}", "tenantId": "{ID}"}}, "tags": {{"a": "b"}}}}"#
            ),
        ),
        (
            "federatedCredentials",
            format!(
                r#"{{"id": "{SUB}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/m/federatedIdentityCredentials/f",
                  "name": "f", "properties": {{"issuer": "https://issuer.example/x", "subject": "s", "audiences": ["a"]}}}}"#
            ),
        ),
        (
            "resources",
            format!(
                r#"{{"id": "{SUB}/resourceGroups/rg/providers/Microsoft.Web/sites/s", "type": "Microsoft.Web/sites", "kind": "app",
                  "location": "westeurope", "tags": {{"a": "b"}}, "identity": {{"type": "SystemAssigned", "principalId": "{ID}"}}}}"#
            ),
        ),
        ("resourceGroups", format!(r#"{{"id": "{SUB}/resourceGroups/rg", "tags": {{"a": "b"}}}}"#)),
        ("subscriptions", format!(r#"{{"id": "{SUB}", "displayName": "prod", "state": "Enabled", "managementGroup": "mg"}}"#)),
        (
            "managementGroups",
            r#"{"name": "mg", "properties": {"displayName": "MG", "details": {"parent": {"id": "/providers/Microsoft.Management/managementGroups/root"}}}}"#.to_owned(),
        ),
        (
            "users",
            format!(
                r#"{{"id": "{ID}", "userPrincipalName": "ann@x.example", "accountEnabled": true, "userType": null,
                  "createdDateTime": "2024-01-02T03:04:05Z", "signInActivity": {{"lastSignInDateTime": "2026-01-02T03:04:05Z"}}}}"#
            ),
        ),
        ("groups", format!(r#"{{"id": "{ID}", "displayName": "g", "groupTypes": ["Unified"], "members": ["{ID}"]}}"#)),
        ("groupMemberships", format!(r#"{{"groupId": "{ID}", "memberId": "{ID}", "memberType": "User"}}"#)),
        ("groupOwners", format!(r#"{{"groupId": "{ID}", "ownerId": "{ID}", "ownerType": "User"}}"#)),
        (
            "servicePrincipals",
            format!(
                r#"{{"id": "{ID}", "appId": "{ID}", "displayName": "sp", "servicePrincipalType": "ManagedIdentity",
                  "alternativeNames": ["isExplicit=True"], "passwordCredentials": [{credential}], "keyCredentials": []}}"#
            ),
        ),
        ("applications", format!(r#"{{"id": "{ID}", "appId": "{ID}", "displayName": "app", "passwordCredentials": [{credential}]}}"#)),
        ("applicationOwners", format!(r#"{{"applicationId": "{ID}", "ownerId": "{ID}", "ownerType": "User"}}"#)),
        ("servicePrincipalOwners", format!(r#"{{"servicePrincipalId": "{ID}", "ownerId": "{ID}"}}"#)),
        (
            "directoryRoleAssignments",
            format!(r#"{{"id": "x", "principalId": "{ID}", "roleDefinitionId": "{ID}", "directoryScopeId": "/", "roleDefinition": {{"displayName": "GA"}}}}"#),
        ),
        ("appRoleAssignments", format!(r#"{{"id": "y", "principalId": "{ID}", "appRoleId": "{ID}", "resourceId": "{ID}"}}"#)),
        ("deletedObjects", format!(r##"{{"@odata.type": "#microsoft.graph.user", "id": "{ID}", "deletedDateTime": "2026-01-02T03:04:05Z"}}"##)),
        (
            "lighthouse",
            format!(r#"{{"id": "z", "properties": {{"registrationDefinition": {{"properties": {{"authorizations": [{{"principalId": "{ID}"}}]}}}}}}}}"#),
        ),
    ]
}

/// The records in every form that they come in.
fn forms() -> Vec<(String, String)> {
    let mut forms = vec![];
    for (collection, record) in records() {
        forms.push((format!("{collection}: document"), format!("{{\"{collection}\": [{record}]}}")));
        forms.push((
            format!("{collection}: page"),
            format!("{{\"@odata.context\": \"x\", \"value\": [{record}, {record}]}}"),
        ));
        forms.push((format!("{collection}: az"), format!("[\r\n{record}\r\n]")));
    }
    let columns = r#"{"name": "id", "type": "string"}, {"name": "type", "type": "string"}"#;
    let row =
        format!(r#"["{SUB}/resourceGroups/rg/providers/Microsoft.Web/sites/s", "microsoft.web/sites"]"#);
    forms.push((
        "a table of Resource Graph".to_owned(),
        format!(r#"{{"totalRecords": 1, "count": 1, "data": {{"columns": [{columns}], "rows": [{row}]}}, "resultTruncated": "false"}}"#),
    ));
    forms.push((
        "a capture.json".to_owned(),
        r#"{"schema": "dictum/capture/1", "time": "2026-11-20T06:00:00Z", "complete": [], "partial": [], "failures": []}"#.to_owned(),
    ));
    forms
}

#[test]
fn every_reader_reads_its_record() {
    for (collection, record) in records() {
        let loaded = load(&[("a.json", &format!("{{\"{collection}\": [{record}]}}"))]);
        assert!(loaded.is_ok(), "{collection}: {}", told(&loaded.err().unwrap_or_default()));
    }
}

#[test]
fn a_file_that_is_cut_anywhere_is_an_error() {
    let mut cuts = 0;
    for (name, text) in forms() {
        for at in (1..text.len()).step_by(7).chain([text.len() - 1]).filter(|&at| text.is_char_boundary(at)) {
            let found = errors(&[("cut.json", &text[..at])]);
            assert!(
                found.lines().any(|line| line.starts_with("D500: `cut.json` can't be read")),
                "{name} cut at {at}: {found}\n{}",
                &text[..at]
            );
            cuts += 1;
        }
    }
    assert!(cuts > 2000, "{cuts}");
}

#[test]
fn a_number_for_a_string_is_an_error() {
    let mut replaced = 0;
    for (collection, record) in records() {
        let value: serde_json::Value = serde_json::from_str(&record).unwrap();
        let needed = [
            "id",
            "name",
            "principalId",
            "roleDefinitionId",
            "groupId",
            "memberId",
            "ownerId",
            "applicationId",
            "appRoleId",
        ];
        // What nobody needs is not looked at: the name of a policy that has a display name.
        let read =
            |key: &str| ![("policyAssignments", "name"), ("lighthouse", "id")].contains(&(collection, key));
        for key in needed.iter().filter(|key| read(key) && value.get(key).is_some_and(|v| v.is_string())) {
            let mut bad = value.clone();
            bad[*key] = serde_json::json!(12345);
            let found = errors(&[("n.json", &format!("{{\"{collection}\": [{bad}]}}"))]);
            assert!(found.starts_with(&format!("D504: `{key}` is a number;")), "{collection} {key}: {found}");
            replaced += 1;
        }
    }
    assert!(replaced > 30, "{replaced}");
}

#[test]
fn values_of_the_wrong_kind_anywhere_never_panic() {
    for (collection, record) in records() {
        let value: serde_json::Value = serde_json::from_str(&record).unwrap();
        for strange in [
            "12",
            "true",
            "\"\"",
            "\"\\ud800\"",
            "[]",
            "[1]",
            "{}",
            "{\"id\": 1}",
            "[[[]]]",
            "null",
            "\"2026-99-99\"",
        ] {
            let mut paths = vec![];
            collect("", &value, &mut paths);
            for path in paths {
                let mut bad = value.clone();
                *bad.pointer_mut(&path).unwrap() = serde_json::json!("HERE");
                let text =
                    format!("{{\"{collection}\": [{}]}}", bad.to_string().replace("\"HERE\"", strange));
                if let Err(errors) = load(&[("s.json", &text)]) {
                    assert!(
                        errors.iter().all(|e| e.code.as_str().starts_with("D5") && !e.places.is_empty()),
                        "{text}"
                    );
                }
            }
        }
    }
}

fn collect(at: &str, value: &serde_json::Value, paths: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (key, value) in fields {
                let path = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                paths.push(path.clone());
                collect(&path, value, paths);
            }
        }
        serde_json::Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                paths.push(format!("{at}/{index}"));
                collect(&format!("{at}/{index}"), value, paths);
            }
        }
        _ => {}
    }
}

#[test]
fn nesting_ten_thousand_deep_is_read_or_refused() {
    let deep = |open: &str, close: &str, n: usize| format!("{}{}", open.repeat(n), close.repeat(n));
    let arrays = deep("[", "]", 10_000);
    let objects = deep("{\"properties\":", "}", 10_000).replacen(":}", ":0}", 1);
    let site = format!("{SUB}/resourceGroups/rg/providers/Microsoft.Web/sites/s");
    let with = |more: &str| {
        format!(r#"{{"resources": [{{"id": "{site}", "type": "Microsoft.Web/sites", {more}}}]}}"#)
    };
    assert!(load(&[("a.json", &with(&format!("\"zones\": {arrays}")))]).is_ok());
    assert!(load(&[("a.json", &with(&format!("\"properties\": {objects}")))]).is_ok());
    assert!(
        errors(&[("a.json", &with(&format!("\"tags\": {arrays}")))]).starts_with("D504: `tags` is an array")
    );
    assert!(errors(&[("a.json", &with(&format!("\"identity\": {objects}")))]).starts_with("no error"));
    assert!(errors(&[("a.json", &arrays)]).starts_with("D504: an object was expected here, an array found"));
    assert!(errors(&[("a.json", &"[".repeat(10_000))]).starts_with("D500: `a.json` can't be read"));
    assert!(errors(&[("a.json", &"{\"a\":".repeat(10_000))]).starts_with("D500"));
    let groups = deep(
        "[{\"id\": \"/providers/Microsoft.Management/managementGroups/x\", \"children\": ",
        "}]",
        10_000,
    );
    let groups = format!(
        r#"[{{"name": "mg", "type": "Microsoft.Management/managementGroups", "children": {}}}]"#,
        groups.replacen(": }", ": null}", 1)
    );
    assert!(errors(&[("a.json", &groups)]).starts_with("D504: `children` are nested more than 32 deep"));
    // Ten million levels, as a stream that nobody could hold on a stack.
    let found = read_stream("deep.json", Box::new(std::io::repeat(b'[').take(10_000_000)));
    assert!(found.starts_with("D500: `deep.json` can't be read: the input ends here"), "{found}");
}

fn read_stream(name: &str, reader: Box<dyn Read + Send>) -> String {
    let input = dictum::ingest::Input { name: name.to_owned(), reader };
    match dictum::ingest::read(vec![input], Wanted::all(), &Default::default()) {
        Ok(_) => "no error".to_owned(),
        Err(errors) => told(&errors),
    }
}

#[test]
fn a_hundred_megabytes_in_one_string() {
    let long = || std::io::repeat(b'x').take(100 << 20);
    let start = format!(
        r#"[{{"id": "{SUB}/resourceGroups/rg", "type": "Microsoft.Resources/resourceGroups", "description": ""#
    );
    let closed = std::io::Cursor::new(start.clone()).chain(long()).chain(&b"\"}]"[..]);
    assert_eq!(read_stream("long.json", Box::new(closed)), "no error");
    let open = std::io::Cursor::new(start).chain(long());
    let found = read_stream("long.json", Box::new(open));
    assert!(
        found.starts_with(
            "D500: `long.json` can't be read: the input ends here; the closing `\"` of a string"
        ),
        "{found}"
    );
}

#[test]
fn what_is_no_json_is_told_with_line_and_column() {
    let of = |text: &str| errors(&[("a.json", text)]);
    insta::assert_snapshot!(of(""), @r#"
    D500: `a.json` can't be read: the input is empty; JSON was expected
      at a.json:1 
      help: capture it again: an empty file says nothing, an empty list is written `[]`
    "#);
    insta::assert_snapshot!(of("[\n  {\"id\": 1,}\n]"), @r#"
    D500: `a.json` can't be read: a key in `"` was expected, `}` found (column 12)
      at a.json:2 /0
    "#);
    insta::assert_snapshot!(of("[{\"id\": 01}]"), @r#"
    D500: `a.json` can't be read: a number does not begin with 0 (column 10)
      at a.json:1 /0
    "#);
    insta::assert_snapshot!(of("[{\"id\": 'a'}]"), @r#"
    D500: `a.json` can't be read: a value was expected, `'` found (column 9)
      at a.json:1 /0
    "#);
    insta::assert_snapshot!(of("[{\"id\": \"a\nb\"}]"), @r#"
    D500: `a.json` can't be read: a line break stands inside a string: its closing `"` is missing, or the break must be written `\n` (column 11)
      at a.json:1 /0
    "#);
    insta::assert_snapshot!(of("[{\"id\": \"\\x\"}]"), @r#"
    D500: `a.json` can't be read: `\` is followed by a character that is no escape: \" \\ \/ \b \f \n \r \t \uXXXX are (column 10)
      at a.json:1 /0
    "#);
    insta::assert_snapshot!(of("[] oops"), @r#"
    D500: `a.json` can't be read: a value was expected, `o` found (column 4)
      at a.json:1
    "#);
    insta::assert_snapshot!(of("[{\"id\": nul}]"), @r#"
    D500: `a.json` can't be read: a value was expected: a string, a number, true, false, null, `[` or `{` (column 9)
      at a.json:1 /0
    "#);
    insta::assert_snapshot!(of("// comment\n[]"), @r#"
    D500: `a.json` can't be read: a value was expected, `/` found (column 1)
      at a.json:1
    "#);
    insta::assert_snapshot!(of("\"text\""), @r#"
    D500: `a.json` can't be read: `{` or `[` was expected: a JSON object or an array of objects (column 7)
      at a.json:1
    "#);
    let bytes = |bytes: &[u8]| match load_bytes(vec![("a.json", bytes.to_vec())]) {
        Ok(_) => "no error".to_owned(),
        Err(errors) => told(&errors),
    };
    insta::assert_snapshot!(bytes(b"[{\n\"id\": \"\xff\"}]"), @r#"
    D500: `a.json` can't be read: the text is not UTF-8 (column 8)
      at a.json:2 
      help: save it as UTF-8 (or UTF-16 with a byte-order mark)
    "#);
    insta::assert_snapshot!(bytes(b"PK\x03\x04zip"), @r#"
    D500: `a.json` can't be read: it seems to be a zip archive (or a spreadsheet): unpack it; JSON was expected
      at a.json:1
    "#);
    insta::assert_snapshot!(bytes(b"\xff\xfe[\0{"), @r#"
    D500: `a.json` can't be read: the UTF-16 text ends in the middle of a character
      at a.json:1
    "#);
    assert!(bytes(&[0x1F, 0x8B, 8, 0, 0]).starts_with("D500: `a.json` can't be read"));
    assert!(bytes(&[0x28, 0xB5, 0x2F, 0xFD, 1, 2]).starts_with("D500: `a.json` can't be read"));
}

#[test]
fn what_is_json_and_no_capture_is_told_what_it_seems_to_be() {
    let of = |text: &str| errors(&[("a.json", text)]).lines().next().unwrap_or_default().to_owned();
    let seen: Vec<String> = [
        r#"{"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": []}"#,
        r#"{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "resources": []}"#,
        r#"{"changes": [{"changeType": "Create"}], "status": "Succeeded"}"#,
        r#"{"status": "Succeeded", "properties": {"correlationId": "x", "changes": [{"changeType": "Create"}]}}"#,
        r#"{"error": {"code": "AuthorizationFailed", "message": "no"}}"#,
        r#"{"data": [{"kind": "AZUser", "data": {}}], "meta": {"type": "azure", "version": 5, "count": 1}}"#,
        "ERROR: Please run 'az login' to setup account.",
        "<!DOCTYPE html><html></html>",
        "WARNING: the command group is experimental\n[]",
        r#"{"accessToken": "eyJ", "expiresOn": "x"}"#,
        r#"{"hello": "world"}"#,
        r#"[{"hello": "world"}]"#,
        "policy p\nrule r\n  deny any role for user",
    ]
    .into_iter()
    .map(of)
    .collect();
    insta::assert_snapshot!(seen.join("\n"), @r#"
    D501: `a.json` is not a capture: it seems to be a Terraform plan
    D501: `a.json` is not a capture: it seems to be an ARM template or its parameters
    D501: `a.json` is not a capture: it seems to be the result of a what-if deployment
    D501: `a.json` is not a capture: it seems to be the result of a what-if deployment
    D501: `a.json` is not a capture: it seems to be the answer to a call that failed
    D501: `a.json` is not a capture: it seems to be output of AzureHound
    D501: `a.json` is not a capture: it seems to be an error message of az
    D501: `a.json` is not a capture: it seems to be a web page or XML
    D501: `a.json` is not a capture: it seems to be a warning of az in front of its output
    D501: `a.json` is not a capture: it seems to be an access token
    D501: `a.json` is not a capture: it seems to be JSON of another kind
    D506: it can't be told what this record is: {"hello": "world"}
    D501: `a.json` is not a capture: it seems to be the text of a policy
    "#);
}

#[test]
fn a_list_of_ids_is_told_what_to_capture_instead() {
    let text = format!(
        r#"{{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#Collection(Edm.String)", "value": ["{ID}", "{ID}"]}}"#
    );
    insta::assert_snapshot!(errors(&[("groups.json", &text)]), @r#"
    D504: an object was expected here, a string found
      at groups.json:1 /value/0
      = a list of ids is what `getMemberGroups`, `checkMemberGroups` and `az ad user get-member-groups` answer
      help: capture the members of each group instead: `dictum inventory --capture-script`, or az rest on /groups/{id}/members
    "#);
}

#[test]
fn two_records_of_one_thing_that_differ_are_an_error_with_both_places() {
    let (_, record) = records().swap_remove(0);
    let other =
        record.replace("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "acdd72a7-3385-48ef-bd42-f606fba81ae7");
    insta::assert_snapshot!(errors(&[("a.json", &format!("[{record}]")), ("b.json", &format!("[\n\n{other}]"))]), @r#"
    D510: two records of role assignment `/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.Authorization/roleAssignments/22222222-2222-2222-2222-222222222222` differ in roleDefinitionId
      at b.json:3 /0
      at a.json:1 /0
      help: capture both at the same time, or give Dictum only one of them
    "#);
    assert_eq!(inventory(&format!("[{record}, {record}]")).assignments.len(), 1);
    let site = format!(
        r#"{{"id": "{SUB}/resourceGroups/rg/providers/Microsoft.Web/sites/s", "type": "Microsoft.Web/sites", "location": "x""#
    );
    for (first, second) in
        [("null", "{\"type\": \"SystemAssigned\"}"), ("{\"type\": \"SystemAssigned\"}", "null")]
    {
        let text = format!(r#"[{site}, "identity": {first}}}, {site}, "identity": {second}}}]"#);
        assert!(
            errors(&[("r.json", &text)]).starts_with("D510: two records of resource"),
            "{first} {second}"
        );
    }
}

#[test]
fn cycles_of_groups_are_a_named_warning() {
    let id = |n: usize| format!("{n:08x}-0000-4000-8000-000000000000");
    let pair = |g: usize, m: usize| {
        format!(r#"{{"groupId": "{}", "memberId": "{}", "memberType": "Group"}}"#, id(g), id(m))
    };
    let text = format!("{{\"groupMemberships\": [{}, {}, {}]}}", pair(1, 2), pair(2, 3), pair(3, 1));
    insta::assert_snapshot!(warnings(&[("a.json", &text)]), @"D520: groups are members of each other: 00000002-0000-4000-8000-000000000000 has the member 00000003-0000-4000-8000-000000000000 has the member 00000001-0000-4000-8000-000000000000 has the member 00000002-0000-4000-8000-000000000000");
    assert!(
        warnings(&[("a.json", &format!("{{\"groupMemberships\": [{}]}}", pair(1, 1)))]).starts_with("D520")
    );
    let long: Vec<String> = (0..5000).map(|n| pair(n, (n + 1) % 5000)).collect();
    let told = warnings(&[("a.json", &format!("{{\"groupMemberships\": [{}]}}", long.join(",")))]);
    assert!(told.starts_with("D520") && told.len() < 2000, "{told}");
}

#[test]
fn two_tenants_in_one_capture() {
    let capture = |tenant: &str| format!(r#"{{"capture": {{"tenant": "{tenant}"}}, "users": []}}"#);
    let (one, two) = (capture(ID), capture("33333333-3333-3333-3333-333333333333"));
    insta::assert_snapshot!(errors(&[("a.json", &one), ("b.json", &two)]), @r#"
    D513: the inputs are captures of two tenants: 22222222-2222-2222-2222-222222222222 and 33333333-3333-3333-3333-333333333333
      at b.json:1 /capture/tenant
      at a.json:1 /capture/tenant
      help: run once for each tenant
    "#);
    let mixed = format!(
        r#"[{{"id": "{ID}", "name": "a", "state": "Enabled", "tenantId": "{ID}"}},
            {{"id": "33333333-3333-3333-3333-333333333333", "name": "b", "state": "Enabled", "tenantId": "44444444-4444-4444-4444-444444444444"}}]"#
    );
    insta::assert_snapshot!(warnings(&[("accounts.json", &mixed)]), @r#"
    D530: a subscription belongs to tenant 44444444-4444-4444-4444-444444444444, the capture is of tenant 22222222-2222-2222-2222-222222222222
      at accounts.json:2 /1
    "#);
}

#[test]
fn declaring_what_is_not_there_is_an_error() {
    let text = r#"{"capture": {"complete": ["users", "groups"]}, "groups": []}"#;
    insta::assert_snapshot!(errors(&[("a.json", text)]), @r#"
    D512: `users` is declared by `capture.complete` of a.json to be complete, but no input has users
      at a.json:1 /capture/complete
      help: add the file; an empty collection is written "users": []
    "#);
    insta::assert_snapshot!(errors(&[("a.json", r#"{"capture": {"complete": ["group"]}, "groups": []}"#)]), @r#"
    D503: `group` is no collection
      at a.json:1 /capture/complete
      help: did you mean `groups`?
    "#);
    insta::assert_snapshot!(errors(&[("a.json", r#"{"capture": {"tennant": "x"}, "groups": []}"#)]), @r#"
    D503: `tennant` is no key of what a capture says of itself
      at a.json:1 /capture/tennant
      help: did you mean `tenant`?
    "#);
}
