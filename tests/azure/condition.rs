//! Conditions on assignments and in roles. `WRITE` and `DELETE` are the two operations that they constrain.

use dictum::azure::condition::{self, Condition, MAX_DEPTH, MAX_LENGTH, Request};
use dictum::azure::permission::{self, Plane};
use dictum::azure::roles::{self, BuiltInRole};
use dictum::azure::{Block, Guid};

const WRITE: &str = "Microsoft.Authorization/roleAssignments/write";
const DELETE: &str = "Microsoft.Authorization/roleAssignments/delete";
const OWNER: &str = "Owner";
const BLOB_READER: &str = "Storage Blob Data Reader";

fn role(name: &str) -> BuiltInRole {
    roles::by_name(name).unwrap_or_else(|| panic!("{name} is not in the catalogue"))
}

fn parsed(text: &str) -> Condition {
    condition::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A request whose attributes are all unknown.
fn request(operation: &str) -> Request<'_> {
    Request { operation, role: None, principal: None, principal_type: None }
}

fn assignment<'a>(operation: &'a str, of: &str, to: &'a str) -> Request<'a> {
    Request { role: Some(role(of).guid()), principal_type: Some(to), ..request(operation) }
}

/// Whether an assignment under that condition may give a role to a principal of a type; no condition always may.
fn may_give(condition: Option<&str>, role: &str, to: &str) -> Option<bool> {
    condition.map_or(Some(true), |text| parsed(text).allows(&assignment(WRITE, role, to)))
}

/// The condition that Azure's portal writes for a list of roles, and `and` for what else it asks.
fn only_roles(names: &[&str], and: &str) -> String {
    let guids: Vec<String> = names.iter().map(|name| role(name).guid().to_string()).collect();
    let clause = |operation: &str, source: &str| {
        format!(
            "((!(ActionMatches{{'{operation}'}})) OR (@{source}[Microsoft.Authorization/roleAssignments:\
             RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{}}}{}))",
            guids.join(", "),
            and.replace("SOURCE", source)
        )
    };
    format!("{}\nAND\n{}", clause(WRITE, "Request"), clause(DELETE, "Resource"))
}

#[test]
fn t2_15_a_condition_limits_an_administrator_to_its_roles() {
    let only_blob_reader = only_roles(&[BLOB_READER], "");
    assert_eq!(may_give(Some(&only_blob_reader), BLOB_READER, "User"), Some(true));
    assert_eq!(may_give(Some(&only_blob_reader), OWNER, "User"), Some(false));
    assert_eq!(may_give(None, OWNER, "User"), Some(true));
}

#[test]
fn t2_16_a_list_that_has_owner_is_no_limit() {
    let with_owner = only_roles(&[BLOB_READER, OWNER], "");
    assert_eq!(may_give(Some(&with_owner), OWNER, "User"), Some(true));
    assert_eq!(may_give(Some(&with_owner), "User Access Administrator", "User"), Some(false));
}

#[test]
fn t2_17_a_condition_on_the_type_of_principals_leaves_managed_identities() {
    let text = "!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'}) OR \
        @Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringEqualsIgnoreCase 'ServicePrincipal'";
    assert_eq!(may_give(Some(text), OWNER, "ServicePrincipal"), Some(true));
    assert_eq!(may_give(Some(text), OWNER, "User"), Some(false));
    assert_eq!(parsed(text).allows(&request(WRITE)), None);
}

#[test]
fn t2_18_key_vault_data_access_administrator_grants_key_vault_roles_only() {
    assert_eq!(may_grant("Key Vault Data Access Administrator", OWNER), Some(false));
    assert_eq!(may_grant("Key Vault Data Access Administrator", "Key Vault Secrets User"), Some(true));
}

/// Whether a built-in role may give another to a user, by its blocks and their conditions.
fn may_grant(name: &str, given: &str) -> Option<bool> {
    let blocks = role(name).blocks();
    let values: Vec<Option<bool>> = blocks
        .iter()
        .filter(|block| permission::grants(std::slice::from_ref(block), Plane::Control, WRITE))
        .map(|block: &Block<'_>| may_give(block.condition, given, "User"))
        .collect();
    if values.contains(&Some(true)) {
        return Some(true);
    }
    if values.contains(&None) { None } else { Some(false) }
}

/// Holds a table of values and conditions against a write of an assignment: Owner, to a service principal.
fn values_are(table: &str) {
    let principal = Guid::parse("28c35fea-2099-4cf5-8ad9-473547bc9423");
    let request = Request { principal, ..assignment(WRITE, OWNER, "ServicePrincipal") };
    for row in table.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (value, text) = row.split_once(' ').unwrap();
        let value = match value {
            "yes" => Some(true),
            "no" => Some(false),
            "unknown" => None,
            _ => panic!("{row}"),
        };
        assert_eq!(parsed(text).allows(&request), value, "{text}");
    }
}

#[test]
fn who_may_grant_owner() {
    let grants = |role: &BuiltInRole| permission::grants(&role.blocks(), Plane::Control, WRITE);
    let named = |value: Option<bool>| -> Vec<&str> {
        let roles = roles::iter().filter(grants).map(BuiltInRole::name);
        roles.filter(|name| may_grant(name, OWNER) == value).collect()
    };
    // Of the 28 among the 928 roles of the data set those 3 that have no condition, and one that the set lacks.
    let mut may = named(Some(true));
    may.sort_unstable();
    let free = ["Role Based Access Control Administrator", "User Access Administrator"];
    assert_eq!(may, [OWNER, "Reservations Administrator", free[0], free[1]]);
    assert_eq!(named(None), [""; 0]);
    let may_not = named(Some(false));
    assert_eq!(may_not.len(), 25);
    insta::assert_snapshot!(may_not.join("\n"), @r"
    Defender for Storage Scanner Operator
    Azure Migrate Execute Expert
    Azure Local Migrate Execute Expert
    Azure Resilience Management Recovery Administrator
    DevCenter Owner
    Azure Resilience Management Drills Assets Administrator
    Azure Sphere Owner
    Virtual Machine Data Access Administrator (preview)
    Storage Actions Task Assignment Contributor
    Microsoft Discovery Platform Administrator (Preview)
    Azure IoT Operations Onboarding
    Defender CSPM Storage Scanner Operator
    Key Vault Data Access Administrator
    Azure File Sync Administrator
    Azure Container Storage Contributor
    Azure Container Storage Owner
    Azure Resilience Management Goals Administrator
    Azure Stack HCI Administrator
    Foundry Owner
    Azure Resilience Management Drills Administrator
    Foundry Account Owner
    Azure Resilience Management Drills Target Resource Administrator
    Foundry Project Manager
    Azure Migrate Owner
    Azure Local Migrate Owner
    ");
}

#[test]
fn every_condition_of_a_built_in_role_is_understood() {
    let conditional = |role: &BuiltInRole| role.blocks().iter().any(|block| block.condition.is_some());
    assert_eq!(roles::iter().filter(conditional).count(), 29);
    let conditions = roles::iter().flat_map(BuiltInRole::blocks).filter_map(|block| block.condition);
    assert_eq!(conditions.map(parsed).count(), 31);
}

#[test]
fn a_condition_on_one_operation_lets_every_other_through() {
    let reader = only_roles(&[BLOB_READER], "");
    for operation in
        ["Microsoft.Authorization/roleAssignments/read", "Microsoft.Compute/virtualMachines/write"]
    {
        assert_eq!(parsed(&reader).allows(&request(operation)), Some(true), "{operation}");
    }
    let only_write = reader.split_once("\nAND\n").unwrap().0;
    assert_eq!(parsed(only_write).allows(&assignment(DELETE, OWNER, "User")), Some(true));
    assert_eq!(parsed(&reader).allows(&assignment(DELETE, OWNER, "User")), Some(false));
    assert_eq!(parsed(&reader).allows(&assignment(DELETE, BLOB_READER, "User")), Some(true));
}

#[test]
fn a_write_is_told_by_its_request_and_a_deletion_by_its_resource() {
    for (operation, source, value) in [
        (WRITE, "Request", Some(true)),
        (WRITE, "Resource", None),
        (DELETE, "Request", None),
        (DELETE, "Resource", Some(true)),
        ("microsoft.authorization/roleassignments/WRITE", "Request", Some(true)),
        ("Microsoft.Authorization/roleAssignments/read", "Resource", None),
    ] {
        let text =
            format!("@{source}[microsoft.authorization/roleassignments:principaltype] StringEquals 'User'");
        assert_eq!(
            parsed(&text).allows(&assignment(operation, OWNER, "User")),
            value,
            "{operation} {source}"
        );
    }
}

#[test]
fn an_exclusion_of_roles_has_to_hold_for_all_of_them() {
    let excluding = |prefix: &str| {
        let guids = [OWNER, "User Access Administrator"].map(|name| role(name).guid().to_string()).join(", ");
        format!(
            "@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] {prefix}GuidNotEquals {{{guids}}}"
        )
    };
    for (prefix, owner, reader) in [
        ("ForAnyOfAllValues:", Some(false), Some(true)),
        ("ForAllOfAllValues:", Some(false), Some(true)),
        // As written: there is a role in the list that Owner is not.
        ("ForAnyOfAnyValues:", Some(true), Some(true)),
        ("ForAllOfAnyValues:", Some(true), Some(true)),
        // Azure documents an operator without a prefix for one value only.
        ("", None, Some(true)),
    ] {
        assert_eq!(may_give(Some(&excluding(prefix)), OWNER, "User"), owner, "{prefix}");
        assert_eq!(may_give(Some(&excluding(prefix)), BLOB_READER, "User"), reader, "{prefix}");
    }
}

#[test]
fn operators_on_roles_and_principals() {
    values_are(
        "
        yes      @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] GuidEquals 8E3AF657-A8FF-443C-A75C-2FE8C4BCB635
        yes      @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] GuidEquals {'8e3af657a8ff443ca75c2fe8c4bcb635'}
        no       @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] GuidEquals 8e3af657-a8ff-443c-a75c-2fe8c4bcb636
        unknown  @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] GuidEquals Owner
        unknown  @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] StringEquals '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
        no       @Request[Microsoft.Authorization/roleAssignments:PrincipalId] GuidNotEquals 28c35fea-2099-4cf5-8ad9-473547bc9423
        unknown  @Request[Microsoft.Authorization/roleAssignments:PrincipalId] GuidEquals @Principal[Microsoft.Directory/CustomSecurityAttributes/Id:A_B]
        yes      @Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringNotEqualsIgnoreCase 'user'
        no       @Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringEquals 'serviceprincipal'
        yes      @Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringStartsWith 'Service'
        unknown  @Request[Microsoft.Authorization/roleAssignments:PrincipalType] GuidEquals 28c35fea-2099-4cf5-8ad9-473547bc9423
        unknown  @Request[Microsoft.Authorization/roleAssignments:Description] StringEquals 'x'
    ",
    );
}

#[test]
fn operators_on_texts() {
    values_are(
        r"
        yes      'abcd' StringEquals 'abcd'
        no       'abcd' StringEquals 'abcD'
        yes      'abcd' StringEqualsIgnoreCase 'abcD'
        yes      'abcd' StringNotEquals 'abcD'
        no       'abcd' StringNotEqualsIgnoreCase 'abcD'
        yes      'abcd' StringStartsWith 'ab'
        no       'abcd' StringStartsWith 'AB'
        yes      'abcd' StringStartsWithIgnoreCase 'AB'
        no       'abcd' StringNotStartsWithIgnoreCase 'AB'
        yes      'abcd' StringLike 'a*c?'
        no       'abcd' StringLike 'A*C?'
        no       'abcd' StringLike 'a*c'
        yes      'abcd' StringLikeIgnoreCase 'A*C?'
        yes      'a*d' StringLike 'a\*d'
        yes      'abcd' StringNotLike 'a\*d'
        unknown  @Resource[Microsoft.Storage/storageAccounts:name] StringLike '*'
    ",
    );
}

#[test]
fn operators_on_numbers_times_and_truth() {
    values_are(
        "
        yes      10 NumericEquals 10
        no       10 NumericNotEquals 10
        yes      9 NumericLessThan 10
        no       10 NumericLessThan 9
        yes      10 NumericLessThanEquals 10
        no       10 NumericGreaterThan 10
        yes      10 NumericGreaterThanEquals '10'
        unknown  10 NumericEquals 10.0
        yes      '2023-05-01T13:00:00.0Z' DateTimeLessThan '2023-05-01T13:00:00.0000001Z'
        no       '2023-05-01T13:00:00.0Z' DateTimeGreaterThanEquals '2023-05-01T13:00:00.0000001Z'
        unknown  '2023-05-01T13:00:00.0Z' DateTimeNotEquals '2023-05-01'
        unknown  @Environment[UtcNow] DateTimeGreaterThan '2023-05-01T13:00:00.0Z'
        yes      true BoolEquals True
        no       true BoolNotEquals true
        unknown  @Environment[isPrivateLink] BoolEquals true
    ",
    );
}

/// Azure's own examples of operators over several values.
#[test]
fn operators_over_several_values() {
    values_are(
        "
        yes      {'red', 'blue'} ForAnyOfAnyValues:StringEquals {'blue', 'green'}
        no       {'red', 'blue'} ForAnyOfAnyValues:StringEquals {'orange', 'green'}
        yes      {'red', 'blue'} ForAllOfAnyValues:StringEquals {'orange', 'red', 'blue'}
        no       {'red', 'blue'} ForAllOfAnyValues:StringEquals {'red', 'green'}
        yes      {10, 20} ForAnyOfAllValues:NumericLessThan {15, 18}
        no       {16, 20} ForAnyOfAllValues:NumericLessThan {15, 18}
        no       {10, 20} ForAllOfAllValues:NumericLessThan {5, 15, 18}
        yes      {10, 20} ForAllOfAllValues:NumericLessThan {25, 30}
        no       {10, 20} ForAllOfAllValues:NumericLessThan {15, 25, 30}
        yes      {10, x} ForAnyOfAnyValues:NumericEquals {10}
        unknown  {11, x} ForAnyOfAnyValues:NumericEquals {10}
        no       {11, x} ForAllOfAllValues:NumericEquals {10}
    ",
    );
}

#[test]
fn connectives_carry_the_unknown() {
    values_are(
        "
        unknown  true BoolEquals true AND @Resource[x] BoolEquals true
        no       true BoolEquals false && @Resource[x] BoolEquals true
        no       @Resource[x] BoolEquals true and true BoolEquals false
        yes      true BoolEquals true OR @Resource[x] BoolEquals true
        unknown  true BoolEquals false || @Resource[x] BoolEquals true
        yes      @Resource[x] BoolEquals true or true BoolEquals true
        yes      NOT true BoolEquals false
        unknown  !(@Resource[x] BoolEquals true)
        no       not not (true BoolEquals false)
        yes      (true BoolEquals true AND true BoolEquals false) OR true BoolEquals true
    ",
    );
}

#[test]
fn functions() {
    values_are(
        "
        yes      ActionMatches{'Microsoft.Authorization/roleAssignments/*'}
        no       ActionMatches{'Microsoft.Authorization/roleDefinitions/*'}
        yes      actionmatches {'microsoft.authorization/*/WRITE'}
        unknown  ActionMatches{'Microsoft.Authorization/*/roleAssignments/write'}
        no       SubOperationMatches{'Blob.List'}
        yes      Exists @Request[Microsoft.Authorization/roleAssignments:PrincipalId]
        no       NotExists @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]
        unknown  Exists @Resource[Microsoft.Authorization/roleAssignments:PrincipalId]
        unknown  NOT Exists @Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:versionId]
    ",
    );
    let exists = parsed("Exists @Request[Microsoft.Authorization/roleAssignments:PrincipalType]");
    assert_eq!(exists.allows(&request(WRITE)), None);
    assert_eq!(exists.allows(&assignment(WRITE, OWNER, "User")), Some(true));
}

/// The forms in which conditions on stored data are written.
#[test]
fn conditions_on_data_are_read_and_unknown_for_what_they_are_about() {
    const BLOBS: &str = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
    for clause in [
        "@Resource[BLOBS/tags:Project<$key_case_sensitive$>] StringEquals 'Cascade'",
        "@Request[BLOBS/tags&$keys$&] ForAllOfAnyValues:StringEquals {'Project', 'Program'}",
        "@Resource[BLOBS:path] StringLike 'read only/*' AND NOT Exists @Request[BLOBS:snapshot]",
        "@Principal[Microsoft.Directory/CustomSecurityAttributes/Id:A_B] StringEquals @Resource[BLOBS:path]",
        "@Environment[Microsoft.Network/virtualNetworks/subnets] StringEqualsIgnoreCase '/subscriptions/s'",
    ] {
        let text = format!(
            "(!(ActionMatches{{'BLOBS/read'}} AND NOT SubOperationMatches{{'Blob.List'}})) OR ({clause})"
        );
        let condition = parsed(&text.replace("BLOBS", BLOBS));
        assert_eq!(condition.allows(&request(&format!("{BLOBS}/read"))), None, "{clause}");
        assert_eq!(condition.allows(&request(&format!("{BLOBS}/delete"))), Some(true), "{clause}");
    }
}

#[test]
fn what_is_not_understood_says_where() {
    let told = [
        "",
        "true",
        "(true BoolEquals true",
        "true BoolEquals true)",
        "true BoolEquals {}",
        "true BoolEquals {true true}",
        "'abc StringEquals 'abc'",
        "'abc' :StringEquals 'abc'",
        "'abc' StringSounds 'abc'",
        "10 NumericEquals 10 AND 10 NumericEquals 10 OR 10 NumericEquals 10",
        "ActionMatches{'a', 'b'}",
        "ActionMatches('a')",
        "Exists 'a'",
        "@Request[Microsoft.Authorization/roleAssignments:PrincipalId GuidEquals {a}",
        "@Subject[x] BoolEquals true",
        "@Request[ ] BoolEquals true",
        "true BoolEquals \"true\"",
    ]
    .map(|text| format!("{}\n", condition::parse(text).unwrap_err()));
    insta::assert_snapshot!(told.concat(), @r#"
    an attribute or a value was expected where the condition ends, at byte 0 of the condition
    an operator such as `StringEquals` was expected where the condition ends, at byte 4 of the condition
    `)` was expected where the condition ends, at byte 21 of the condition
    `AND`, `OR` or the end was expected where `)` stands, at byte 20 of the condition
    a value was expected where `}` stands, at byte 17 of the condition
    `}` was expected where `true` stands, at byte 22 of the condition
    a text that opens here is never closed, at byte 22 of the condition
    `:StringEquals` is not an operator of conditions, at byte 6 of the condition
    `StringSounds` is not an operator of conditions, at byte 6 of the condition
    `AND` and `OR` stand side by side, whose order Azure calls ambiguous: parentheses are needed, at byte 44 of the condition
    `}` was expected where `,` stands, at byte 17 of the condition
    `{` was expected where `(` stands, at byte 13 of the condition
    an attribute was expected where `'a'` stands, at byte 7 of the condition
    the `[` of this attribute is never closed, at byte 0 of the condition
    `@Request`, `@Resource`, `@Principal` or `@Environment` was expected, at byte 0 of the condition
    an attribute without a name, at byte 0 of the condition
    `"` cannot stand here, at byte 16 of the condition
    "#);
}

/// Where each word, sign and quoted text of a condition stands.
fn tokens(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || "-._/".contains(letter);
        let length =
            text[at..].find(|letter| !is_word(letter)).unwrap_or(text.len() - at).max(first.len_utf8());
        found.push(at..at + length);
        at += length;
    }
    found
}

#[test]
fn a_condition_with_a_word_too_few_or_cut_short_has_an_answer() {
    let mut understood = 0;
    for text in roles::iter().flat_map(BuiltInRole::blocks).filter_map(|block| block.condition) {
        for token in tokens(text) {
            let without = format!("{}{}", &text[..token.start], &text[token.end..]);
            for text in [&without, &text[..token.start]] {
                if let Ok(condition) = condition::parse(text) {
                    condition.allows(&request(WRITE));
                    understood += 1;
                }
            }
        }
    }
    assert!(understood > 500, "{understood}");
}

#[test]
fn no_text_is_too_long_or_too_deep_to_answer() {
    let deep = |depth: usize| format!("{}true BoolEquals true{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(parsed(&deep(MAX_DEPTH)).allows(&request(WRITE)), Some(true));
    assert!(condition::parse(&deep(MAX_DEPTH + 1)).is_err());
    assert!(condition::parse(&deep(10_000)).is_err());
    assert!(condition::parse(&"(".repeat(10_000)).is_err());
    assert!(condition::parse(&" ".repeat(1 << 20)).is_err());
    assert!(condition::parse(&"true BoolEquals true AND ".repeat(50_000)).is_err());
    let nots = format!("{}true BoolEquals true", "!".repeat(MAX_LENGTH / 2));
    assert_eq!(parsed(&nots).allows(&request(WRITE)), Some(true));
}
