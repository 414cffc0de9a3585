//! Who holds what: the built-in roles that grant an action or a capability, exactly. What a change of the data set or of a
//! capability gives or takes shows here. Conditions are not looked at, unless a test says so.

use dictum::azure::capabilities;
use dictum::azure::permission::{self, Plane};
use dictum::azure::roles::{self, BuiltInRole};
use dictum::azure::{Block, Guid};

/// In Microsoft's list of privileged roles and not among the 928 of the data set.
const BESIDE_THE_DATA_SET: &str = "Reservations Administrator";

fn names(holds: impl Fn(&[Block<'_>]) -> bool) -> Vec<&'static str> {
    let roles = roles::iter().filter(|role| holds(&role.blocks()));
    let mut names: Vec<&str> = roles.map(BuiltInRole::name).collect();
    names.sort_unstable();
    names
}

/// The roles that grant an operation of the control plane.
fn holders(operation: &str) -> Vec<&'static str> {
    names(|blocks| permission::grants(blocks, Plane::Control, operation))
}

/// The roles that grant some action of a capability.
fn able(capability: &str) -> Vec<&'static str> {
    let capability = capabilities::by_name(capability).unwrap();
    names(|blocks| capability.is_granted_by(blocks))
}

#[test]
fn t3_1_extensions_of_virtual_machines() {
    let holders = holders("Microsoft.Compute/virtualMachines/extensions/write");
    assert_eq!(holders.len(), 11);
    insta::assert_snapshot!(holders.join("\n"), @r"
    Avere Contributor
    Azure Center for SAP solutions service role
    Contributor
    Defender SQL Servers On Machines
    Defender Servers P1
    Defender Servers P2
    Desktop Virtualization Virtual Machine Contributor
    Log Analytics Contributor
    Owner
    VM Restore Operator
    Virtual Machine Contributor
    ");
}

#[test]
fn t3_1_commands_on_virtual_machines() {
    let holders = holders("Microsoft.Compute/virtualMachines/runCommand/action");
    assert_eq!(holders.len(), 5);
    insta::assert_snapshot!(holders.join("\n"), @r"
    Avere Contributor
    Contributor
    Desktop Virtualization Virtual Machine Contributor
    Owner
    Virtual Machine Contributor
    ");
}

#[test]
fn t3_1_extensions_of_machines_on_arc() {
    let holders = holders("Microsoft.HybridCompute/machines/extensions/write");
    assert_eq!(holders.len(), 20);
    insta::assert_snapshot!(holders.join("\n"), @r"
    Azure Arc ScVmm Administrator role
    Azure Arc ScVmm VM Contributor
    Azure Arc VMware Administrator role
    Azure Arc VMware VM Contributor
    Azure Connected Machine Resource Administrator
    Azure Connected Machine Resource Manager
    Azure Extension for SQL Server Deployment
    Azure Stack HCI Administrator
    Azure Stack HCI Connected InfraVMs
    Azure Stack HCI VM Contributor
    Contributor
    Defender SQL Servers On Machines
    Defender Servers P1
    Defender Servers P2
    Hybrid Server Resource Administrator
    Log Analytics Contributor
    Microsoft Cloud Security Arc Machine Operator
    Microsoft.AzureStackHCI Device Pool Machine Manager
    Owner
    Windows Admin Center Administrator Login
    ");
}

#[test]
fn t3_1_commands_in_kubernetes_clusters_and_their_administrators_credential() {
    let commands = holders("Microsoft.ContainerService/managedClusters/runCommand/action");
    let credential = holders("Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action");
    assert_eq!(commands, credential);
    insta::assert_snapshot!(commands.join("\n"), @r"
    Azure Kubernetes Service Cluster Admin Role
    Azure Kubernetes Service Contributor Role
    Contributor
    Owner
    ");
}

#[test]
fn t3_1_publishing_to_sites() {
    let holders = holders("Microsoft.Web/sites/publish/action");
    assert_eq!(holders.len(), 6);
    insta::assert_snapshot!(holders.join("\n"), @r"
    Contributor
    Defender Serverless Scanner
    Logic Apps Standard Contributor
    Logic Apps Standard Developer
    Owner
    Website Contributor
    ");
}

/// The two operators run the runbooks that there are; who runs one of their own also edits.
#[test]
fn t3_1_jobs_of_automation_and_editing_runbooks() {
    let jobs = holders("Microsoft.Automation/automationAccounts/jobs/write");
    let editing = holders("Microsoft.Automation/automationAccounts/runbooks/draft/write");
    assert_eq!(editing, ["Automation Contributor", "Contributor", "Owner"]);
    insta::assert_snapshot!(jobs.join("\n"), @r"
    Automation Contributor
    Automation Job Operator
    Automation Operator
    Contributor
    Owner
    ");
}

#[test]
fn t3_1_deployment_scripts() {
    let holders = holders("Microsoft.Resources/deploymentScripts/write");
    assert_eq!(holders.len(), 7);
    insta::assert_snapshot!(holders.join("\n"), @r"
    Azure Local Migrate Execute Expert
    Azure Local Migrate Owner
    Azure Migrate Decide and Plan Expert
    Azure Migrate Execute Expert
    Azure Migrate Owner
    Contributor
    Owner
    ");
}

#[test]
fn t3_1_policy_assignments() {
    let holders = holders("Microsoft.Authorization/policyAssignments/write");
    assert_eq!(holders.len(), 4);
    insta::assert_snapshot!(holders.join("\n"), @r"
    Owner
    Resource Policy Contributor
    Security Admin
    User Access Administrator
    ");
}

#[test]
fn t3_1_role_assignments_are_written_by_28_roles_and_by_3_without_a_condition() {
    let write = "Microsoft.Authorization/roleAssignments/write";
    let in_data_set = |name: &&str| *name != BESIDE_THE_DATA_SET;
    assert_eq!(holders(write).into_iter().filter(in_data_set).count(), 28);
    let free = names(|blocks| {
        let free: Vec<Block<'_>> = blocks.iter().filter(|b| b.condition.is_none()).cloned().collect();
        permission::grants(&free, Plane::Control, write)
    });
    let free: Vec<&str> = free.into_iter().filter(in_data_set).collect();
    assert_eq!(free, ["Owner", "Role Based Access Control Administrator", "User Access Administrator"]);
    let beside = roles::by_name(BESIDE_THE_DATA_SET).map(BuiltInRole::guid);
    assert_eq!(beside, Guid::parse("a8889054-8d42-49c9-bc1c-52486c10e7cd"));
}

#[test]
fn t3_1_federated_credentials() {
    let holders =
        holders("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write");
    assert_eq!(holders.len(), 5);
    insta::assert_snapshot!(holders.join("\n"), @r"
    Azure Red Hat OpenShift Federated Credential
    Contributor
    Managed Identity Contributor
    Managed Identity Federated Identity Credential Contributor
    Owner
    ");
}

#[test]
fn t3_1_capability_access_management() {
    let holders = able("access-management");
    assert_eq!(holders.len(), 29);
    insta::assert_snapshot!(holders.join("\n"), @r"
    Azure Container Storage Contributor
    Azure Container Storage Owner
    Azure File Sync Administrator
    Azure IoT Operations Onboarding
    Azure Local Migrate Execute Expert
    Azure Local Migrate Owner
    Azure Migrate Execute Expert
    Azure Migrate Owner
    Azure Resilience Management Drills Administrator
    Azure Resilience Management Drills Assets Administrator
    Azure Resilience Management Drills Target Resource Administrator
    Azure Resilience Management Goals Administrator
    Azure Resilience Management Recovery Administrator
    Azure Sphere Owner
    Azure Stack HCI Administrator
    Defender CSPM Storage Scanner Operator
    Defender for Storage Scanner Operator
    DevCenter Owner
    Foundry Account Owner
    Foundry Owner
    Foundry Project Manager
    Key Vault Data Access Administrator
    Microsoft Discovery Platform Administrator (Preview)
    Owner
    Reservations Administrator
    Role Based Access Control Administrator
    Storage Actions Task Assignment Contributor
    User Access Administrator
    Virtual Machine Data Access Administrator (preview)
    ");
}

#[test]
fn t3_1_capability_code_execution() {
    let holders = able("code-execution");
    assert_eq!(holders.len(), 79);
    insta::assert_snapshot!(holders.join("\n"), @r"
    API Management Service Contributor
    Automation Contributor
    Avere Contributor
    Azure AI Administrator
    Azure AI Developer
    Azure Arc ScVmm Administrator role
    Azure Arc ScVmm VM Contributor
    Azure Arc VMware Administrator role
    Azure Arc VMware VM Contributor
    Azure Backup Snapshot Contributor
    Azure Batch Account Contributor
    Azure Batch Data Contributor
    Azure Batch Job Submitter
    Azure Batch Service Orchestration Role
    Azure Center for SAP solutions service role
    Azure Connected Machine Onboarding
    Azure Connected Machine Resource Administrator
    Azure Connected Machine Resource Manager
    Azure Container Instances Contributor Role
    Azure Container Storage Operator
    Azure Extension for SQL Server Deployment
    Azure Kubernetes Service Cluster Admin Role
    Azure Kubernetes Service Contributor Role
    Azure Kubernetes Service RBAC Admin
    Azure Kubernetes Service RBAC Cluster Admin
    Azure Kubernetes Service RBAC Writer
    Azure Local Migrate Execute Expert
    Azure Local Migrate Owner
    Azure Migrate Decide and Plan Expert
    Azure Migrate Execute Expert
    Azure Migrate Owner
    Azure Red Hat OpenShift Disk Storage Operator
    Azure Red Hat OpenShift Hosted Control Planes Cluster API Provider
    Azure Red Hat OpenShift Machine API Operator
    Azure Resilience Management Drills Assets Administrator
    Azure Resilience Management Drills Assets Contributor
    Azure Spring Apps Service Owner
    Azure Stack HCI Administrator
    Azure Stack HCI Connected InfraVMs
    Azure Stack HCI VM Contributor
    AzureML Compute Operator
    AzureML Data Scientist
    Compute Gallery Artifacts Publisher
    Container Apps Contributor
    Container Apps Jobs Contributor
    Container Apps Jobs Operator
    Container Apps Operator
    Container Registry Tasks Contributor
    Contributor
    Data Factory Contributor
    Defender Containers Sensor
    Defender SQL Servers On Machines
    Defender Serverless Scanner
    Defender Servers P1
    Defender Servers P2
    Desktop Virtualization Virtual Machine Contributor
    HDInsight Cluster Admin
    Hybrid Server Resource Administrator
    Log Analytics Contributor
    Logic App Contributor
    Logic Apps Hybrid Contributor
    Logic Apps Standard Contributor
    Logic Apps Standard Developer
    Logic Apps Standard Operator
    Microsoft Cloud Security Arc Machine Operator
    Microsoft.AzureStackHCI Device Pool Machine Manager
    Owner
    Resource Policy Contributor
    Security Admin
    Service Fabric Cluster Contributor
    Service Fabric Managed Cluster Contributor
    Stream Analytics Contributor
    User Access Administrator
    VM Restore Operator
    Virtual Machine Administrator Login
    Virtual Machine Contributor
    Virtual Machine User Login
    Website Contributor
    Windows Admin Center Administrator Login
    ");
}

#[test]
fn t3_1_capability_identity_assignment() {
    let holders = able("identity-assignment");
    assert_eq!(holders.len(), 4);
    insta::assert_snapshot!(holders.join("\n"), @r"
    Azure Red Hat OpenShift Machine API Operator
    Contributor
    Managed Identity Operator
    Owner
    ");
}

#[test]
fn t3_1_capability_identity_federation() {
    let holders = able("identity-federation");
    assert_eq!(holders.len(), 5);
    insta::assert_snapshot!(holders.join("\n"), @r"
    Azure Red Hat OpenShift Federated Credential
    Contributor
    Managed Identity Contributor
    Managed Identity Federated Identity Credential Contributor
    Owner
    ");
}

#[test]
fn t3_1_capability_secret_read() {
    let holders = able("secret-read");
    assert_eq!(holders.len(), 4);
    insta::assert_snapshot!(holders.join("\n"), @r"
    Key Vault Administrator
    Key Vault Certificate User
    Key Vault Secrets Officer
    Key Vault Secrets User
    ");
}
