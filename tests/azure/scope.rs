use dictum::azure::scope::{self, Level};

const VM: &str = "/subscriptions/S/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/v";

#[test]
fn t1_1_ancestor_ignores_letter_case() {
    let below = "/SUBSCRIPTIONS/s/RESOURCEGROUPS/RG/providers/Microsoft.Compute/virtualMachines/v";
    assert!(scope::is_at_or_above("/subscriptions/S/resourceGroups/rg", below));
    assert!(scope::is_at_or_above("/subscriptions/S/resourceGroups/rg/", below));
    assert!(scope::is_at_or_above(VM, below));
    assert!(!scope::is_at_or_above(below, "/subscriptions/S/resourceGroups/rg"));
}

#[test]
fn t1_2_ancestor_compares_whole_segments() {
    let app = "/subscriptions/S/resourceGroups/app";
    assert!(!scope::is_at_or_above(app, "/subscriptions/S/resourceGroups/app2/providers/a.b/c/d"));
    assert!(!scope::is_at_or_above(app, "/subscriptions/S/resourceGroups/app2"));
    assert!(scope::is_at_or_above(app, "/subscriptions/S/resourceGroups/APP/providers/a.b/c/d"));
}

#[test]
fn t1_4_root_is_above_everything() {
    for below in
        ["/", "", VM, "/providers/Microsoft.Management/managementGroups/m", "/providers/Microsoft.Capacity"]
    {
        assert!(scope::is_at_or_above("/", below), "{below}");
    }
    assert!(!scope::is_at_or_above("/subscriptions/S", "/"));
}

#[test]
fn t1_5_resource_is_above_its_children_and_not_its_siblings() {
    assert!(scope::is_at_or_above(VM, &format!("{VM}/extensions/e")));
    assert!(!scope::is_at_or_above(VM, &format!("{VM}2")));
}

/// Each line: the id, its level, its name, its type; then, indented, every scope above it by text.
fn describe(path: &str) -> String {
    let mut text = format!(
        "{} | {} | {} | {}\n",
        path,
        scope::level(path),
        scope::name(path),
        scope::resource_type(path)
    );
    let mut above = scope::parent(path);
    while let Some(parent) = above {
        text.push_str(&format!("  {parent}\n"));
        above = scope::parent(parent);
    }
    text
}

#[test]
fn ids_of_every_shape() {
    let ids = [
        "/",
        "",
        "/subscriptions/S",
        "/subscriptions/S/",
        "/subscriptions/S/resourcegroups/rg",
        "/subscriptions/S/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/v/extensions/e/",
        "/subscriptions/S/providers/Microsoft.Security/pricings/p",
        "/subscriptions/S/locations/west",
        "/providers/Microsoft.Management/managementGroups/m",
        "/PROVIDERS/MICROSOFT.MANAGEMENT/MANAGEMENTGROUPS/m/providers/Microsoft.Authorization/policyAssignments/p",
        "/providers/Microsoft.Management/managementGroups/m/subscriptions/S",
        "/providers/Microsoft.Capacity/reservationOrders/o/reservations/r",
        "/providers/Microsoft.Authorization/roleAssignments/a",
        "/subscriptions/S/resourceGroups/rg/providers/a.b/c/d/providers/Microsoft.Authorization/roleAssignments/x",
    ];
    insta::assert_snapshot!(ids.map(describe).concat(), @r"
    / | root | / | 
     | root | / | 
    /subscriptions/S | subscription | S | Microsoft.Resources/subscriptions
      /
    /subscriptions/S/ | subscription | S | Microsoft.Resources/subscriptions
      /
    /subscriptions/S/resourcegroups/rg | resource_group | rg | Microsoft.Resources/resourcegroups
      /subscriptions/S
      /
    /subscriptions/S/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/v/extensions/e/ | resource | e | Microsoft.Compute/virtualMachines/extensions
      /subscriptions/S/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/v
      /subscriptions/S/resourceGroups/rg
      /subscriptions/S
      /
    /subscriptions/S/providers/Microsoft.Security/pricings/p | resource | p | Microsoft.Security/pricings
      /subscriptions/S
      /
    /subscriptions/S/locations/west | resource | west | Microsoft.Resources/subscriptions/locations
      /subscriptions/S
      /
    /providers/Microsoft.Management/managementGroups/m | management_group | m | Microsoft.Management/managementGroups
      /
    /PROVIDERS/MICROSOFT.MANAGEMENT/MANAGEMENTGROUPS/m/providers/Microsoft.Authorization/policyAssignments/p | resource | p | Microsoft.Authorization/policyAssignments
      /PROVIDERS/MICROSOFT.MANAGEMENT/MANAGEMENTGROUPS/m
      /
    /providers/Microsoft.Management/managementGroups/m/subscriptions/S | resource | S | Microsoft.Management/managementGroups/subscriptions
      /providers/Microsoft.Management/managementGroups/m
      /
    /providers/Microsoft.Capacity/reservationOrders/o/reservations/r | resource | r | Microsoft.Capacity/reservationOrders/reservations
      /providers/Microsoft.Capacity/reservationOrders/o
      /
    /providers/Microsoft.Authorization/roleAssignments/a | resource | a | Microsoft.Authorization/roleAssignments
      /
    /subscriptions/S/resourceGroups/rg/providers/a.b/c/d/providers/Microsoft.Authorization/roleAssignments/x | resource | x | Microsoft.Authorization/roleAssignments
      /subscriptions/S/resourceGroups/rg/providers/a.b/c/d
      /subscriptions/S/resourceGroups/rg
      /subscriptions/S
      /
    ");
}

#[test]
fn t7_7_unfinished_ids_are_kept() {
    let ids = [
        "/subscriptions",
        "subscriptions/S",
        "/subscriptions/S//resourceGroups/rg/providers",
        "/subscriptions/S/resourceGroups",
        "/providers/Microsoft.Capacity",
        "/subscriptions/S/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines",
        "/subscriptions/S/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/v/extensions",
        "not an id",
    ];
    insta::assert_snapshot!(ids.map(describe).concat(), @r"
    /subscriptions | resource | subscriptions | subscriptions
      /
    subscriptions/S | subscription | S | Microsoft.Resources/subscriptions
      /
    /subscriptions/S//resourceGroups/rg/providers | resource | providers | providers
      /subscriptions/S//resourceGroups/rg
      /subscriptions/S
      /
    /subscriptions/S/resourceGroups | resource | resourceGroups | resourceGroups
      /subscriptions/S
      /
    /providers/Microsoft.Capacity | resource | Microsoft.Capacity | Microsoft.Capacity
      /
    /subscriptions/S/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines | resource | virtualMachines | Microsoft.Compute/virtualMachines
      /subscriptions/S/resourceGroups/rg
      /subscriptions/S
      /
    /subscriptions/S/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/v/extensions | resource | extensions | Microsoft.Compute/virtualMachines/extensions
      /subscriptions/S/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/v
      /subscriptions/S/resourceGroups/rg
      /subscriptions/S
      /
    not an id | resource | not an id | not an id
      /
    ");
}

#[test]
fn a_type_is_compared_without_letter_case_and_as_a_whole() {
    let step =
        scope::last("/subscriptions/S/resourceGroups/rg/providers/microsoft.web/Sites/a/slots/b").unwrap();
    assert!(step.resource_type.is("Microsoft.Web/sites/slots"));
    assert!(!step.resource_type.is("Microsoft.Web/sites"));
    assert!(!step.resource_type.is("Microsoft.Web/sites/slots/x"));
    assert_eq!((step.level, step.name), (Level::Resource, "b"));
}

#[test]
fn one_spelling_for_every_spelling() {
    for text in ["/Subscriptions/S//ResourceGroups/Straße/", "subscriptions/s/resourcegroups/STRAßE"] {
        assert_eq!(scope::canonical(text), "/subscriptions/s/resourcegroups/straße");
    }
    assert_eq!(scope::canonical(""), "/");
    assert_eq!(scope::canonical("//"), "/");
    assert!(matches!(scope::canonical("/subscriptions/s"), std::borrow::Cow::Borrowed(_)));
}

#[test]
fn subscription_and_resource_group_of_an_id() {
    assert_eq!(scope::subscription(VM), Some("/subscriptions/S"));
    assert_eq!(scope::resource_group(VM), Some("/subscriptions/S/resourceGroups/rg"));
    assert_eq!(scope::resource_group("/subscriptions/S/providers/a.b/c/d"), None);
    assert_eq!(
        scope::subscription("/providers/Microsoft.Management/managementGroups/m/subscriptions/S"),
        None
    );
}
