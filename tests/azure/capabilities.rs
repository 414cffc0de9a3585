use dictum::azure::capabilities::{self, Capability};
use dictum::azure::code_execution::{self, Effect};
use dictum::azure::roles::{self, BuiltInRole};
use dictum::azure::{Block, Plane, action, permission, runs_code};

fn capability(name: &str) -> &'static Capability {
    capabilities::by_name(name).unwrap_or_else(|| panic!("no capability {name}"))
}

fn blocks(role: &str) -> Vec<Block<'static>> {
    roles::by_name(role).unwrap_or_else(|| panic!("no role {role}")).blocks()
}

fn holds(role: &str, name: &str) -> bool {
    capability(name).is_granted_by(&blocks(role))
}

#[test]
fn every_row_is_whole() {
    let mut text = String::new();
    for capability in capabilities::all() {
        text.push_str(&format!("{} {}: {}\n", capability.name, capability.version, capability.actions.len()));
        assert!(capability.version > 0);
        for row in &capability.actions {
            assert_eq!(action::validate(row.action), Ok(()));
            assert!(action::is_operation(row.action), "{}", row.action);
            assert!(
                !row.how.is_empty() && !row.source.name.is_empty() && row.source.date.starts_with("20"),
                "{row:?}"
            );
        }
    }
    for row in code_execution::rows() {
        assert!(row.also_needed.iter().all(|action| action::is_operation(action)), "{row:?}");
        let types = row.carriers.iter().map(|carrier| carrier.resource_type).chain([row.resource_type]);
        assert!(types.into_iter().all(|kind| kind.contains('/')), "{row:?}");
        assert!(row.source.date.starts_with("20"), "{row:?}");
    }
    insta::assert_snapshot!(text, @r"
    access-management 1: 3
    code-execution 1: 92
    identity-assignment 1: 1
    identity-federation 1: 1
    secret-read 1: 1
    ");
}

#[test]
fn t2_4_managed_identity_operator_may_assign() {
    assert!(holds("Managed Identity Operator", "identity-assignment"));
    assert!(!holds("Managed Identity Operator", "identity-federation"));
}

#[test]
fn t2_5_managed_identity_contributor_may_federate_and_not_assign() {
    assert!(!holds("Managed Identity Contributor", "identity-assignment"));
    assert!(holds("Managed Identity Contributor", "identity-federation"));
}

#[test]
fn t2_6_virtual_machine_contributor_runs_commands_and_may_not_assign() {
    assert!(!holds("Virtual Machine Contributor", "identity-assignment"));
    assert!(holds("Virtual Machine Contributor", "code-execution"));
    let run = "Microsoft.Compute/virtualMachines/runCommand/action";
    assert!(permission::grants(&blocks("Virtual Machine Contributor"), Plane::Control, run));
}

#[test]
fn who_runs_code() {
    for role in [
        "Owner",
        "Contributor",
        "Logic App Contributor",
        "Website Contributor",
        "Automation Contributor",
        "Log Analytics Contributor",
        "Virtual Machine User Login",
        "Azure Kubernetes Service RBAC Writer",
        "AzureML Data Scientist",
        "Security Admin",
    ] {
        assert!(holds(role, "code-execution"), "{role}");
    }
    for role in [
        "Reader",
        "Logic App Operator",
        "Automation Operator",
        "Automation Job Operator",
        "Azure Kubernetes Service Cluster User Role",
        "Managed Identity Operator",
        "Storage Blob Data Contributor",
        "Key Vault Administrator",
    ] {
        assert!(!holds(role, "code-execution"), "{role}");
    }
}

#[test]
fn who_reads_secrets() {
    assert!(holds("Key Vault Secrets User", "secret-read"));
    assert!(holds("Key Vault Administrator", "secret-read"));
    assert!(!holds("Key Vault Reader", "secret-read"));
    assert!(!holds("Owner", "secret-read"));
}

#[test]
fn contributor_is_privileged_and_reader_is_not() {
    let names = |wanted: bool| -> Vec<&str> {
        let star = |block: &Block<'_>| block.actions.contains(&"*");
        let roles = roles::iter().filter(|role| capabilities::is_privileged(&role.blocks()));
        roles.filter(|role| role.blocks().iter().any(star) == wanted).map(BuiltInRole::name).collect()
    };
    assert_eq!(names(true), ["Owner", "Contributor"]);
    insta::assert_snapshot!(names(false).join("\n"), @r"
    Defender for Storage Scanner Operator
    User Access Administrator
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
    Reservations Administrator
    Azure Stack HCI Administrator
    Foundry Owner
    Azure Resilience Management Drills Administrator
    Foundry Account Owner
    Azure Resilience Management Drills Target Resource Administrator
    Foundry Project Manager
    Role Based Access Control Administrator
    Azure Migrate Owner
    Azure Local Migrate Owner
    ");
    assert!(!capabilities::is_privileged(&blocks("Reader")));
    let hidden = [Block { actions: vec!["*/read", "*/write", "*/delete", "*/action"], ..Block::default() }];
    assert!(capabilities::is_privileged(&hidden));
    let data = [Block { data_actions: vec!["*"], ..Block::default() }];
    assert!(!capabilities::is_privileged(&data));
}

#[test]
fn resource_types_that_run_code() {
    for kind in [
        "microsoft.compute/virtualmachines",
        "Microsoft.Web/sites/slots",
        "Microsoft.ContainerRegistry/registries/tasks",
    ] {
        assert!(runs_code::runs_code(kind), "{kind}");
    }
    for kind in
        ["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults", "Microsoft.EventGrid/topics", ""]
    {
        assert!(!runs_code::runs_code(kind), "{kind}");
    }
}

#[test]
fn a_row_names_what_else_is_needed() {
    let kinds: Vec<(&str, Effect)> =
        code_execution::of_type("microsoft.logic/workflows").map(|row| (row.action, row.effect)).collect();
    assert_eq!(kinds[0], ("Microsoft.Logic/workflows/write", Effect::Runs));
    assert_eq!(kinds[1].1, Effect::MayRun);
    let script = code_execution::of_type("Microsoft.Resources/deploymentScripts").next().unwrap();
    assert_eq!(script.also_needed, ["Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"]);
}
