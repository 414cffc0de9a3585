//! The data files: each row is whole, and names and ids lead to each other.

use dictum::azure::{EntraRole, Guid, app_roles, controls, directory_roles, limits};

#[test]
fn limits_carry_source_and_date() {
    let text = include_str!("../../src/azure/data/limits.txt");
    let rows = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    assert_eq!(limits::all().len(), rows.count());
    for limit in limits::all() {
        assert_eq!(limits::by_name(limit.name).map(|found| found.of), Some(limit.of));
        assert!(
            limit.number > 0 && limit.source.date.starts_with("20") && !limit.source.name.is_empty(),
            "{limit:?}"
        );
    }
    let limit = limits::by_name("role-assignments-per-subscription").unwrap();
    assert_eq!(limit.number, 5000);
    assert_eq!(
        limit.source.to_string(),
        "MicrosoftDocs/azure-docs, azure-subscription-service-limits, 2026-08-04 (verified)"
    );
    assert!(limits::by_name("role-assignments").is_none());
}

#[test]
fn controls_are_found_as_policies_write_them() {
    for control in controls::all() {
        let written = format!("{} {}", control.framework, control.id);
        assert_eq!(controls::find(&written).map(|found| found.topic), Some(control.topic), "{written}");
        assert!(!control.topic.is_empty() && control.source.date.starts_with("20"), "{control:?}");
    }
    assert_eq!(controls::find("nist 800-53 R5 ac-6(5)").map(|found| found.id), Some("AC-6(5)"));
    assert!(controls::find("MCSB PA-99").is_none());
    assert!(controls::find("PA-7").is_none());
    assert_eq!(
        controls::frameworks(),
        ["CIS Azure 6.0", "MCSB", "NIST 800-53 r5", "ISO 27001:2022", "SOC 2", "PCI DSS 4.0"]
    );
}

#[test]
fn names_and_ids_of_directory_and_app_roles_lead_to_each_other() {
    let both = |roles: &[EntraRole],
                by_name: fn(&str) -> Option<EntraRole>,
                by_id: fn(Guid) -> Option<EntraRole>| {
        for role in roles {
            assert_eq!(by_name(&role.name.to_uppercase()), Some(*role));
            assert_eq!(by_id(role.guid), Some(*role));
        }
        roles.len()
    };
    assert_eq!(both(directory_roles::all(), directory_roles::by_name, directory_roles::by_template), 123);
    assert_eq!(both(app_roles::all(), app_roles::by_name, app_roles::by_id), 11);
    let global = directory_roles::by_name("Global Administrator").unwrap();
    assert_eq!(global.guid.to_string(), "62e90394-69f5-4237-9190-012177145e10");
    let manage = Guid::parse("9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8").and_then(app_roles::by_id);
    assert_eq!(manage.map(|role| role.name), Some("RoleManagement.ReadWrite.Directory"));
    assert_eq!(app_roles::GRAPH.to_string(), "00000003-0000-0000-c000-000000000000");
}
