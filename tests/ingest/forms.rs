//! The shapes in which vendors wrap records, and the encodings of files.

use super::{errors, extent, inventory, load, load_bytes, told, warnings};
use dictum::inventory::schema::Attr;
use dictum::inventory::{Cell, Collection, Inventory, PrincipalId};

const SUB: &str = "/subscriptions/11111111-1111-1111-1111-111111111111";

fn guid(n: u32) -> String {
    format!("{n:08x}-0000-4000-8000-000000000000")
}

fn principal(inventory: &Inventory, n: u32) -> PrincipalId {
    inventory.principal(guid(n).parse().unwrap()).unwrap()
}

fn text(inventory: &Inventory, cell: Cell) -> String {
    match cell {
        Cell::Text(symbol) => inventory.names.get(symbol).to_owned(),
        other => format!("{other:?}"),
    }
}

fn user(n: u32) -> String {
    format!(r##"{{"@odata.type": "#microsoft.graph.user", "id": "{}", "displayName": "U{n}"}}"##, guid(n))
}

fn members(inventory: &Inventory, group: u32) -> Vec<PrincipalId> {
    inventory.members(principal(inventory, group)).collect()
}

#[test]
fn every_encoding_and_compression() {
    let plain = format!(
        "[\r\n  {{\"id\": \"{}\", \"displayName\": \"Zoë 😀\", \"groupTypes\": []}}\r\n]\r\n",
        guid(1)
    );
    let utf16 = |big: bool, mark: bool| -> Vec<u8> {
        let text = if mark { format!("\u{feff}{plain}") } else { plain.clone() };
        text.encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    };
    let gzip = |text: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, text).unwrap();
        encoder.finish().unwrap()
    };
    let zstd = |text: &[u8]| {
        ruzstd::encoding::compress_to_vec(
            std::io::Cursor::new(text.to_vec()),
            ruzstd::encoding::CompressionLevel::Fastest,
        )
    };
    let ways: Vec<(&str, Vec<u8>)> = vec![
        ("plain", plain.clone().into_bytes()),
        ("byte-order mark", format!("\u{feff}{plain}").into_bytes()),
        ("UTF-16LE with mark", utf16(false, true)),
        ("UTF-16BE with mark", utf16(true, true)),
        ("UTF-16LE", utf16(false, false)),
        ("gzip", gzip(plain.as_bytes())),
        ("gzip of UTF-16", gzip(&utf16(false, true))),
        ("two gzip members", [gzip(&plain.as_bytes()[..20]), gzip(&plain.as_bytes()[20..])].concat()),
        ("zstd", zstd(plain.as_bytes())),
        ("two zstd frames", [zstd(&plain.as_bytes()[..20]), zstd(&plain.as_bytes()[20..])].concat()),
    ];
    for (way, bytes) in ways {
        let loaded = load_bytes(vec![("groups.json", bytes.clone())])
            .unwrap_or_else(|e| panic!("{way}: {}", told(&e)));
        let display = loaded.inventory.principals.display(principal(&loaded.inventory, 1)).unwrap();
        assert_eq!(loaded.inventory.names.get(display), "Zoë 😀", "{way}");
        if way != "plain" && way != "byte-order mark" && !way.starts_with("two") {
            let cut = load_bytes(vec![("cut.json", bytes[..bytes.len() - 9].to_vec())]);
            assert!(cut.is_err_and(|e| e[0].code.as_str() == "D500"), "{way}, cut");
        }
    }
}

#[test]
fn lines_and_several_values_in_one_file() {
    let line = |n: u32| format!("{{\"groupId\": \"{}\", \"memberId\": \"{}\"}}\n", guid(1), guid(n));
    let inventory = inventory(&(2..5).map(line).collect::<String>());
    assert_eq!(members(&inventory, 1).len(), 3);
    let pages = format!(
        "{{\"value\": [{{\"id\": \"{SUB}\", \"subscriptionId\": \"x\"}}]}} {{\"value\": [{{\"id\": \"{SUB}/resourceGroups/a\"}}]}}"
    );
    let two = super::inventory(&pages);
    assert!(two.coverage.extent(Collection::ResourceGroups) != dictum::inventory::Extent::NotCaptured);
    let bad = format!("{}{}", line(2), line(3).replace("groupId", "grupId"));
    insta::assert_snapshot!(errors(&[("m.ndjson", &bad)]), @r#"
    D506: it can't be told what this record is: {"grupId": "00000001-0000-4000-8000-000000000000", "memberId": "00000003-0000-40…
      at m.ndjson:2 
      help: name its collection in an inventory document: {"roleAssignments": [...], "users": [...]}
    "#);
}

#[test]
fn resource_graph_as_objects_as_a_table_and_from_az() {
    let site = format!("{SUB}/resourceGroups/RG/providers/Microsoft.Web/sites/s");
    let identity = format!(r#"{{"type": "SystemAssigned", "principalId": "{}"}}"#, guid(1));
    let object = format!(
        r#"{{"id": "{site}", "type": "microsoft.web/sites", "kind": "", "location": "westeurope", "identity": {identity}}}"#
    );
    let shapes = [
        format!(
            r#"{{"totalRecords": 1, "count": 1, "data": [{object}], "facets": [], "resultTruncated": "false"}}"#
        ),
        format!(
            r#"{{"totalRecords": 1, "count": 1, "data": {{"columns": [{{"name": "type", "type": "string"}}, {{"name": "id", "type": "string"}},
              {{"name": "kind", "type": "string"}}, {{"name": "identity", "type": "object"}}, {{"name": "location", "type": "string"}}],
              "rows": [["microsoft.web/sites", "{site}", "", {identity}, "westeurope"]]}}, "facets": [], "resultTruncated": "false"}}"#
        ),
        format!(r#"{{"count": 1, "data": [{object}], "skip_token": null, "total_records": 1}}"#),
        format!("[{object}]"),
    ];
    for shape in shapes {
        let inventory = inventory(&shape);
        let node = inventory.scopes.find(&site, &inventory.names).unwrap();
        assert_eq!(inventory.attachments(principal(&inventory, 1)).collect::<Vec<_>>(), [node], "{shape}");
        assert_eq!(
            inventory.cells.get(Attr::ResourceKind, dictum::inventory::Entity::from(node).row),
            Cell::Absent,
            "{shape}"
        );
    }
    let uneven =
        r#"{"totalRecords": 1, "count": 1, "data": {"columns": [{"name": "id"}], "rows": [["a", "b"]]}}"#;
    insta::assert_snapshot!(errors(&[("g.json", uneven)]), @r#"
    D500: `g.json` can't be read: a row of 1 values was expected, one for each column; it has 2 (column 80)
      at g.json:1 /data/rows/0
    "#);
}

#[test]
fn resource_graph_counts_its_records_over_pages() {
    let page = |n: u32, token: &str| {
        format!(
            r#"{{"totalRecords": 2, "count": 1, "data": [{{"id": "{SUB}/resourceGroups/g{n}"}}], "resultTruncated": "false"{token}}}"#
        )
    };
    let (first, last) = (page(1, r#", "$skipToken": "x""#), page(2, ""));
    let of = |files: &[(&str, &str)]| {
        extent(&load(files).unwrap_or_else(|_| panic!()).inventory, Collection::ResourceGroups)
    };
    insta::assert_snapshot!(of(&[("1.json", &first)]), @"partial (Resource Graph has 2 records, 1 were read)");
    insta::assert_snapshot!(of(&[("2.json", &last), ("1.json", &first)]), @"partial (nobody says that it is all)");
}

#[test]
fn directory_objects_of_both_graphs() {
    let new = format!(
        r#"{{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users", "value": [
            {{"id": "{}", "displayName": "Ann", "userPrincipalName": "ann_x.example#EXT#@contoso.example", "userType": null}},
            {{"id": "{}", "displayName": "Bo"}}]}}"#,
        guid(1),
        guid(2)
    );
    let old = format!(
        r#"{{"odata.metadata": "https://graph.windows.net/x/$metadata#directoryObjects", "value": [
            {{"odata.type": "Microsoft.DirectoryServices.User", "objectType": "User", "objectId": "{}", "userType": "Guest",
              "userPrincipalName": "cy@contoso.example", "accountEnabled": false, "dirSyncEnabled": null}},
            {{"odata.type": "Microsoft.DirectoryServices.ServicePrincipal", "objectType": "ServicePrincipal", "objectId": "{}",
              "servicePrincipalType": "Application", "displayName": "app", "appOwnerTenantId": null}}]}}"#,
        guid(3),
        guid(4)
    );
    let loaded = load(&[("new.json", &new), ("old.json", &old)]).unwrap_or_else(|e| panic!("{}", told(&e)));
    let i = &loaded.inventory;
    let cell =
        |n: u32, attr| text(i, i.cells.get(attr, dictum::inventory::Entity::from(principal(i, n)).row));
    assert_eq!(
        [cell(1, Attr::UserType), cell(2, Attr::UserType), cell(3, Attr::UserType)],
        ["Absent", "Unknown", "Guest"]
    );
    assert_eq!([cell(1, Attr::UserExternal), cell(3, Attr::UserExternal)], ["Bool(true)", "Bool(false)"]);
    assert_eq!([cell(1, Attr::UserEnabled), cell(3, Attr::UserEnabled)], ["Unknown", "Bool(false)"]);
    assert_eq!([cell(1, Attr::UserOnPremises), cell(3, Attr::UserOnPremises)], ["Unknown", "Bool(false)"]);
    assert_eq!(cell(4, Attr::ServicePrincipalOwnerTenant), "Absent");
    assert!(told(&loaded.warnings).starts_with("D529"));
}

#[test]
fn a_list_of_members_names_its_group_by_its_file_or_its_address() {
    let plain = format!(r#"{{"value": [{}, {}]}}"#, user(2), user(3));
    let named =
        |context: &str| format!(r#"{{"@odata.context": "{context}", "value": [{}, {}]}}"#, user(2), user(3));
    let after = format!(
        r#"{{"value": [{}, {}], "@odata.nextLink": "https://graph.microsoft.com/beta/groups/{}/members?$skiptoken=x"}}"#,
        user(2),
        user(3),
        guid(1)
    );
    let context = format!("https://graph.microsoft.com/beta/$metadata#groups('{}')/members", guid(1));
    let mixed = "https://graph.microsoft.com/v1.0/$metadata#directoryObjects";
    let file = format!("{}.json", guid(1));
    for (name, text) in [
        (&*file, plain.clone()),
        (&*format!("groupMembers/{file}"), named(mixed)),
        (&*format!("members-{file}"), format!("[{}, {}]", user(2), user(3))),
        ("any.json", named(&context)),
        ("any.json", after),
    ] {
        let loaded = load(&[(name, &text)]).unwrap_or_else(|e| panic!("{name} {}", told(&e)));
        assert_eq!(members(&loaded.inventory, 1).len(), 2, "{name}");
    }
    for text in [plain, named(mixed), format!("[{}]", user(2))] {
        assert!(
            errors(&[("members.json", &text)])
                .starts_with("D507: `members.json` is a list of members or owners, and nothing says whose")
        );
    }
    let owners = load(&[(&format!("groupOwners/{file}"), &format!("[{}]", user(2)))])
        .unwrap_or_else(|e| panic!("{}", told(&e)));
    assert_eq!(owners.inventory.owners(principal(&owners.inventory, 1).into()).len(), 1);
    assert!(owners.inventory.members(principal(&owners.inventory, 1)).next().is_none());
}

#[test]
fn objects_that_were_looked_up_are_no_members() {
    let assignment = format!(
        r#"[{{"id": "{SUB}/providers/Microsoft.Authorization/roleAssignments/{}", "scope": "{SUB}", "principalId": "{}",
            "roleDefinitionId": "/providers/Microsoft.Authorization/roleDefinitions/{}"}}]"#,
        guid(7),
        guid(2),
        guid(8)
    );
    let objects = format!(
        r#"{{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#directoryObjects", "value": [{}]}}"#,
        user(2)
    );
    for files in [
        [("assignments.json", &*assignment), ("objects.json", &*objects)],
        [("objects.json", &*objects), ("z.json", &*assignment)],
    ] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(warnings(&files), @r#"
            D529: `objects.json` lists users, groups and service principals without saying where from: taken for objects looked up by id
              at objects.json:1 
              help: if they are the members of a group, name the file after the group's object id
            "#);
        }
    }
}

#[test]
fn an_empty_list_of_nobody_knows_what() {
    insta::assert_snapshot!(errors(&[("empty.json", "[]")]), @r#"
    D514: the inputs hold no record of anything
      = read: empty.json
      = `empty.json` is an empty list, and nothing says of what
      help: capture a tenant with `dictum inventory --capture-script bash`
    "#);
    let users = r#"{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users", "value": []}"#;
    let loaded = load(&[("u.json", users), ("e.json", "[]")]).unwrap_or_else(|e| panic!("{}", told(&e)));
    assert_eq!(extent(&loaded.inventory, Collection::Users), "partial (nobody says that it is all)");
    assert!(told(&loaded.warnings).starts_with("D528: `e.json` is an empty list, and nothing says of what"));
}

#[test]
fn a_capture_folder() {
    let capture = |complete: &str| {
        format!(
            r#"{{"schema": "dictum/capture/1", "time": "2026-11-20T06:00:00Z", "tenant": "{}", "complete": [{complete}], "partial": [],
              "files": {{"groupMemberships": ["groupMemberships/{}.json", "groupMemberships/{}.2.json"], "lighthouse": ["lighthouse/t.json"],
                "applicationOwners": ["applicationOwners/{}.json"], "federatedCredentials": ["federatedCredentials/{}.json"]}},
              "failures": [{{"collection": "users", "status": 403, "url": "u", "message": "Forbidden"}}], "notes": []}}"#,
            guid(99),
            guid(1),
            guid(1),
            guid(5),
            guid(5)
        )
    };
    let all = capture(r#""groupMemberships", "lighthouse", "applicationOwners", "federatedCredentials""#);
    let bare = |n: u32| format!(r#"{{"id": "{}"}}"#, guid(n));
    let files = [
        (format!("c/applicationOwners/{}.json", guid(5)), format!("{{\"value\": [{}]}}", user(2))),
        (
            format!("c/federatedCredentials/{}.json", guid(5)),
            r#"{"value": [{"id": "f", "name": "gh", "issuer": "https://token.actions.githubusercontent.com", "subject": "s", "audiences": []}]}"#.to_owned(),
        ),
        (
            format!("c/groupMemberships/{}.2.json", guid(1)),
            format!("{{\"value\": [{}]}}", bare(3)),
        ),
        (
            format!("c/groupMemberships/{}.json", guid(1)),
            format!(r#"{{"value": [{}], "@odata.nextLink": "https://graph.microsoft.com/beta/groups/{}/members?$skiptoken=x"}}"#, user(2), guid(1)),
        ),
        ("c/lighthouse/t.json".to_owned(), r#"{"value": []}"#.to_owned()),
        ("c/capture.json".to_owned(), all),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    let loaded = load(&files).unwrap_or_else(|e| panic!("{}", told(&e)));
    let i = &loaded.inventory;
    assert_eq!(members(i, 1), [principal(i, 3), principal(i, 2)]);
    assert_eq!(i.owners(i.federated.owner(0).unwrap()), [principal(i, 2)]);
    for c in [
        Collection::GroupMemberships,
        Collection::Lighthouse,
        Collection::ApplicationOwners,
        Collection::FederatedCredentials,
    ] {
        assert_eq!(extent(i, c), "complete (declared by `complete` of c/capture.json)");
    }
    insta::assert_snapshot!(told(&loaded.warnings), @r#"
    D532: 1 call of the capture failed: users: 403 Forbidden
      at c/capture.json:1 /failures
    "#);
    // A file that was lost on the way.
    let rest: Vec<_> = files.iter().copied().filter(|(name, _)| !name.ends_with(".2.json")).collect();
    let loaded = load(&rest).unwrap_or_else(|e| panic!("{}", told(&e)));
    assert!(
        extent(&loaded.inventory, Collection::GroupMemberships)
            .starts_with("partial (the page after https://graph.microsoft.com/beta/groups/")
    );
    assert!(
        told(&loaded.warnings)
            .contains("D531: `c/groupMemberships/00000001-0000-4000-8000-000000000000.2.json`")
    );
}

#[test]
fn accounts_classic_administrators_and_activated_roles_of_az() {
    let accounts = format!(
        r#"[{{"cloudName": "AzureCloud", "homeTenantId": "{t}", "id": "{}", "isDefault": true, "managedByTenants": [], "name": "prod",
            "state": "Enabled", "tenantId": "{t}", "user": {{"name": "a", "type": "user"}}}}]"#,
        guid(1),
        t = guid(9)
    );
    let inventory = inventory(&accounts);
    let node = inventory.scopes.find(&format!("/subscriptions/{}", guid(1)), &inventory.names).unwrap();
    let row = dictum::inventory::Entity::from(node).row;
    assert_eq!(text(&inventory, inventory.cells.get(Attr::ScopeName, row)), "prod");
    let classic = r#"{"value": [{"id": "/subscriptions/x/providers/Microsoft.Authorization/classicAdministrators/1",
        "type": "Microsoft.Authorization/classicAdministrators", "properties": {"emailAddress": "a@x.example", "role": "CoAdministrator"}}]}"#;
    insta::assert_snapshot!(warnings(&[("a.json", &accounts), ("classic.json", classic)]), @r#"
    D526: 1 classic administrator captured; they have no effect since 2024-08-31
      at classic.json:1 /value/0
      = /value/0 line 1
    "#);
}
