use std::collections::BTreeSet;

use dictum::azure::capabilities::{self, Capability};
use dictum::azure::code_execution::{self, Carrier, Effect};
use dictum::azure::roles::{self, BuiltInRole};
use dictum::azure::{Block, Grade, Plane, action, permission, runs_code};

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
    insta::assert_snapshot!(text, @r"
    access-management 1: 3
    code-execution 2: 93
    identity-assignment 1: 1
    identity-federation 1: 1
    secret-read 1: 1
    ");
}

/// The shape of `Microsoft.Compute/virtualMachines/extensions`.
fn is_type(text: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_alphanumeric());
    let mut words = text.split('/');
    words.next().is_some_and(|namespace| namespace.contains('.') && namespace.split('.').all(is_word))
        && text.contains('/')
        && words.all(is_word)
}

/// Another type that runs code is another row: each of these stands for itself.
#[test]
fn every_way_to_run_code_is_a_whole_row() {
    let text = include_str!("../../src/azure/data/code-execution.txt");
    let mut seen = BTreeSet::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let columns: Vec<&str> = line.split(" | ").collect();
        let [kind, plane, operation, effect, needed, carriers, how, grade, source, date] = columns[..] else {
            panic!("{line}");
        };
        assert!(is_type(kind), "{line}");
        assert!(["control", "data"].contains(&plane) && ["runs", "login", "may"].contains(&effect), "{line}");
        assert!(action::is_operation(operation) && action::validate(operation).is_ok(), "{line}");
        assert!(needed == "-" || needed.split(", ").all(action::is_operation), "{line}");
        for carrier in carriers.split(", ").filter(|carrier| *carrier != "-") {
            let (carrier, relation) = carrier.split_once(' ').unwrap();
            assert!(["child", "node-group", "same-group", "worker"].contains(&relation), "{line}");
            let inside = carrier.strip_prefix(kind).is_some_and(|rest| rest.starts_with('/'));
            assert!(is_type(carrier) && inside == (relation == "child"), "{line}");
        }
        assert!("VDSKU".contains(grade) && grade.len() == 1 && date.starts_with("20"), "{line}");
        assert!(!how.is_empty() && !source.is_empty(), "{line}");
        let row = [kind, plane, operation].join(" ").to_lowercase();
        assert!(seen.insert(row), "twice: {line}");
    }
    assert_eq!(code_execution::rows().len(), seen.len());
}

/// What a row says follows from the row alone.
#[test]
fn a_row_makes_its_type_known() {
    let set = &capability("code-execution").actions;
    for row in code_execution::rows() {
        let counts = row.effect != Effect::MayRun;
        for kind in row.carriers.iter().map(|carrier| carrier.resource_type).chain([row.resource_type]) {
            assert!(code_execution::is_known(&kind.to_uppercase()), "{kind}");
            assert!(!counts || runs_code::runs_code(kind), "{kind}");
        }
        assert_eq!(set.iter().any(|action| action.action == row.action && action.plane == row.plane), counts);
        let of_type: Vec<_> =
            code_execution::of_type(row.resource_type).map(|other| &other.carriers).collect();
        assert!(of_type.iter().all(|carriers| **carriers == row.carriers), "{}", row.resource_type);
    }
    for kind in ["Microsoft.Storage/storageAccounts", "Microsoft.Compute", ""] {
        assert!(!code_execution::is_known(kind), "{kind}");
    }
    assert!(code_execution::is_known("microsoft.eventgrid/topics"));
}

/// Which carriers there are, by type and by where they stand.
#[test]
fn where_the_identities_of_a_type_are() {
    let told: BTreeSet<String> = code_execution::rows()
        .iter()
        .flat_map(|row| {
            let told = |c: &Carrier| format!("{} {:?} {}", row.resource_type, c.relation, c.resource_type);
            row.carriers.iter().map(told).collect::<Vec<_>>()
        })
        .collect();
    let told: Vec<String> = told.into_iter().map(|line| line.replace("Microsoft.", "")).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    Automation/automationAccounts Worker Compute/virtualMachines
    Automation/automationAccounts Worker HybridCompute/machines
    Batch/batchAccounts Child Batch/batchAccounts/pools
    ContainerRegistry/registries Child ContainerRegistry/registries/tasks
    ContainerService/managedClusters NodeGroup Compute/virtualMachineScaleSets
    MachineLearningServices/workspaces Child MachineLearningServices/workspaces/computes
    MachineLearningServices/workspaces Child MachineLearningServices/workspaces/onlineEndpoints
    ServiceFabric/clusters SameGroup Compute/virtualMachineScaleSets
    ");
}

/// A row computed from the roles has a role that names its action, or all of a type or namespace of its own.
#[test]
fn computed_rows_are_in_the_roles() {
    let blocks: Vec<Block<'_>> = roles::iter().flat_map(BuiltInRole::blocks).collect();
    for row in code_execution::rows().iter().filter(|row| row.source.grade == Grade::Computed) {
        let namespace = &row.action[..=row.action.find('/').unwrap()];
        let names = |pattern: &&str| {
            pattern.get(..namespace.len()).is_some_and(|start| start.eq_ignore_ascii_case(namespace))
                && action::matches_as(pattern, row.action, action::Reading::Generous)
        };
        assert!(blocks.iter().any(|block| block.patterns(row.plane).0.iter().any(names)), "{}", row.action);
    }
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
