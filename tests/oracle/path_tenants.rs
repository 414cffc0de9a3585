//! Small tenants by chance for paths: hosts, identities, and rights that lead from one to the next about half the time.

use super::catalogue::*;
use super::chance::Chance;
use super::conditions::Condition;
use super::model::*;
use super::scopes::{self, Level};
use super::tables::TABLES;
use super::tenants::{
    self, GROUP_NAMES, IDENTITY_NAMES, Loss, RESOURCE_GROUP_NAMES, SERVICE_NAMES, SUBSCRIPTION_NAMES, TODAY,
    UNKNOWN_ROLE, USER_NAMES, guid,
};

pub(crate) const FEDERATED_CONTRIBUTOR: &str = "7e559ce2-48d7-4b27-9128-fa1b247f1308";
pub(crate) const MACHINE_CONTRIBUTOR: &str = "9980e02c-c2be-4d73-94e8-173b1dc7cf3c";
pub(crate) const MACHINE_LOGIN: &str = "1c0163c0-47e6-4577-8991-ea5c82e286e4";
pub(crate) const WEBSITE_CONTRIBUTOR: &str = "de139f84-1756-47ae-9be6-808fbbe84772";
pub(crate) const LOGIC_CONTRIBUTOR: &str = "87a39d53-fc1b-424a-814c-f7e04687dc9e";
pub(crate) const LOGIC_OPERATOR: &str = "515c2055-d9d4-4321-b1b9-bd0c9a0f79fe";
const AUTOMATION_CONTRIBUTOR: &str = "f353d9bd-d4a6-484e-a77a-8050b599b867";
const JOB_OPERATOR: &str = "4fe576fe-1146-4730-92eb-48519fa6bf9f";
const VAULT_ACCESS_ADMINISTRATOR: &str = "8b54135c-b56d-4d72-a534-26097cfdc8d8";
const VAULT_ADMINISTRATOR: &str = "00482a5a-887f-4fb3-b363-3b7fe8e74483";
const CLUSTER_CONTRIBUTOR: &str = "ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8";
const RESERVATIONS_ADMINISTRATOR: &str = "a8889054-8d42-49c9-bc1c-52486c10e7cd";

const STRONG: [&str; 5] =
    [OWNER, CONTRIBUTOR, USER_ACCESS_ADMINISTRATOR, RBAC_ADMINISTRATOR, RBAC_ADMINISTRATOR];
const NARROW: [&str; 13] = [
    IDENTITY_OPERATOR,
    IDENTITY_OPERATOR,
    IDENTITY_OPERATOR,
    IDENTITY_CONTRIBUTOR,
    FEDERATED_CONTRIBUTOR,
    MACHINE_CONTRIBUTOR,
    MACHINE_CONTRIBUTOR,
    MACHINE_LOGIN,
    WEBSITE_CONTRIBUTOR,
    LOGIC_CONTRIBUTOR,
    AUTOMATION_CONTRIBUTOR,
    CLUSTER_CONTRIBUTOR,
    JOB_OPERATOR,
];
const WEAK: [&str; 8] = [
    READER,
    READER,
    LOGIC_OPERATOR,
    KEY_VAULT_READER,
    KEY_VAULT_SECRETS_USER,
    BLOB_READER,
    BLOB_CONTRIBUTOR,
    VAULT_ADMINISTRATOR,
];

/// Custom roles: name, actions, notActions, data actions; `;` begins another block.
const CUSTOMS: [(&str, &str, &str, &str); 20] = [
    ("Deployer", "*/read Microsoft.Web/sites/*", "Microsoft.Web/sites/delete", ""),
    ("Role Writer", "Microsoft.Authorization/roleAssignments/write", "", ""),
    ("Definer", "Microsoft.Authorization/roleDefinitions/write", "", ""),
    ("Definer Too", "Microsoft.Authorization/*", "Microsoft.Authorization/roleAssignments/*", ""),
    ("Runbook Editor", "Microsoft.Automation/automationAccounts/runbooks/draft/write", "", ""),
    ("Job Starter", "Microsoft.Automation/automationAccounts/jobs/write", "", ""),
    ("Assigner", "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action", "", ""),
    ("Machine Runner", "Microsoft.Compute/virtualMachines/runCommand/action", "", ""),
    ("Machine Writer", "Microsoft.Compute/virtualMachines/write", "", ""),
    ("Job Writer", "Microsoft.App/jobs/write", "", ""),
    ("Job Runner", "Microsoft.App/jobs/start/action Microsoft.App/*/read", "", ""),
    ("Most", "*", "Microsoft.Compute/* Microsoft.Authorization/*/write", ""),
    (
        "Two Blocks",
        "Microsoft.Compute/virtualMachines/*;Microsoft.Compute/virtualMachines/extensions/write",
        "Microsoft.Compute/virtualMachines/*/action Microsoft.Compute/virtualMachines/write;",
        "",
    ),
    (
        "Federator",
        "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write",
        "",
        "",
    ),
    ("Policy Writer", "Microsoft.Authorization/policyAssignments/write", "", ""),
    (
        "Definition Writer",
        "Microsoft.Authorization/policyDefinitions/write Microsoft.Authorization/policySetDefinitions/write",
        "",
        "",
    ),
    ("Script Writer", "Microsoft.Resources/deploymentScripts/write", "", ""),
    ("Pod Writer", "", "", "Microsoft.ContainerService/managedClusters/*/write"),
    ("Cache Writer", "Microsoft.Cache/*", "", ""),
    ("Extender", "Microsoft.Compute/virtualMachines/extensions/write Microsoft.Web/sites/slots/*", "", ""),
];

/// Types of hosts, with the beginning of their names; the weight is how often they stand here.
const HOSTS: [(&str, &str); 22] = [
    ("microsoft.compute/virtualmachines", "vm"),
    ("microsoft.compute/virtualmachines", "vm"),
    ("microsoft.compute/virtualmachines", "vm"),
    ("microsoft.compute/virtualmachinescalesets", "ss"),
    ("microsoft.web/sites", "web"),
    ("microsoft.web/sites", "web"),
    ("microsoft.logic/workflows", "flow"),
    ("microsoft.logic/workflows", "flow"),
    ("microsoft.automation/automationaccounts", "auto"),
    ("microsoft.automation/automationaccounts", "auto"),
    ("microsoft.containerinstance/containergroups", "aci"),
    ("microsoft.app/jobs", "job"),
    ("microsoft.app/jobs", "job"),
    ("microsoft.resources/deploymentscripts", "script"),
    ("microsoft.containerservice/managedclusters", "aks"),
    ("microsoft.containerservice/managedclusters", "aks"),
    ("microsoft.containerregistry/registries", "acr"),
    ("microsoft.cache/redis", "redis"),
    ("microsoft.eventgrid/topics", "topic"),
    ("microsoft.keyvault/vaults", "kv"),
    ("microsoft.keyvault/vaults", "kv"),
    ("microsoft.servicefabric/clusters", "sf"),
];

struct Maker<'c> {
    chance: &'c mut Chance,
    t: Tenant,
    people: Vec<String>,
    places: Vec<String>,
}

/// A tenant, wholly captured.
pub(crate) fn whole(chance: &mut Chance) -> Tenant {
    let mut t = Tenant::empty();
    t.time = TODAY;
    for collection in PATH_COLLECTIONS {
        t.coverage.insert(collection, Coverage::Complete);
    }
    let mut maker = Maker { chance, t, people: vec![], places: vec!["/".to_owned()] };
    maker.scopes();
    maker.identities();
    maker.directory();
    for _ in 0..maker.chance.between(2, 5) {
        maker.host();
    }
    maker.policies();
    maker.memberships();
    maker.owners();
    maker.roles();
    let n = maker.chance.between(3, 14);
    for i in 0..n {
        maker.assignment(i);
    }
    maker.denies();
    maker.t
}

fn kind_of(id: &str) -> &'static str {
    match id.as_bytes()[0] {
        b'1' => "User",
        b'3' => "Group",
        b'9' => "Unknown",
        _ => "ServicePrincipal",
    }
}

impl Maker<'_> {
    fn scopes(&mut self) {
        let groups: &[(&str, Option<&str>)] = match self.chance.below(4) {
            0 => &[],
            1 => &[("mg-top", None)],
            _ => &[("mg-top", None), ("mg-corp", Some("mg-top"))],
        };
        for (name, parent) in groups {
            let parent = parent.map_or(Stated::Null, |parent| Stated::Is(parent.to_owned()));
            self.t.management_groups.push(ManagementGroup { name: (*name).to_owned(), parent });
            self.places.push(scopes::management_group_id(name));
        }
        let first = self.chance.below(3);
        let count = if self.chance.one_in(3) { 2 } else { 1 };
        for i in 0..count {
            let own = guid('5', i + 1);
            let place = format!("/subscriptions/{own}");
            let above = match groups {
                [] => Stated::Unsaid,
                groups => Stated::Is(self.chance.pick(groups).0.to_owned()),
            };
            self.t.subscriptions.push(Subscription {
                guid: own,
                name: SUBSCRIPTION_NAMES[(first + i) % 4].to_owned(),
                management_group: above,
                tags: Stated::Null,
            });
            self.places.push(place.clone());
            for (n, name) in RESOURCE_GROUP_NAMES.iter().enumerate() {
                if n == 0 || self.chance.percent(40) {
                    let id = format!("{place}/resourcegroups/{name}");
                    self.t.resource_groups.push(ResourceGroup { id: id.clone(), tags: Stated::Null });
                    self.places.push(id);
                }
            }
        }
    }

    fn group(&mut self) -> String {
        let own = self.t.resource_groups.iter().filter(|x| !x.id.contains("/mc_")).count();
        self.t.resource_groups[self.chance.below(own)].id.clone()
    }

    fn location(&mut self) -> String {
        (*self.chance.pick(&["westeurope", "westeurope", "northeurope"])).to_owned()
    }

    fn managed(&mut self, principal: &str, arm: &str, name: &str, explicit: bool) {
        let flag = if explicit { "isExplicit=True" } else { "isExplicit=False" };
        self.t.service_principals.push(ServicePrincipal {
            id: principal.to_owned(),
            app_id: principal.replacen('2', "c", 1),
            name: Stated::Is(name.to_owned()),
            sp_type: Stated::Is("ManagedIdentity".to_owned()),
            enabled: Stated::Is(true),
            alternative_names: Stated::Is(vec![flag.to_owned(), arm.to_owned()]),
        });
        self.people.push(principal.to_owned());
    }

    fn identities(&mut self) {
        let count = self.chance.between(2, 4);
        for (i, name) in IDENTITY_NAMES.iter().copied().enumerate().take(count) {
            let group = self.group();
            let id = format!("{group}/providers/microsoft.managedidentity/userassignedidentities/{name}");
            let principal = guid('2', i + 1);
            let location = self.location();
            let providers: &[&str] = match self.chance.below(20) {
                0 => &["Microsoft.Web"],
                1 => &["Microsoft.Compute/virtualMachines"],
                2 => &["Microsoft.Compute", "Microsoft.Logic/workflows"],
                _ => &[],
            };
            let regional = self.chance.one_in(8);
            self.t.identities.push(Identity {
                id: id.clone(),
                principal: principal.clone(),
                client: guid('c', i + 1),
                tags: Stated::Null,
                location: location.clone(),
                providers: providers.iter().map(|x| (*x).to_owned()).collect(),
                regional,
            });
            self.t.resources.push(Resource {
                id: id.clone(),
                location,
                kind: Stated::Null,
                tags: Stated::Null,
                identity: Stated::Null,
            });
            self.places.push(id.clone());
            if self.chance.one_in(12) {
                self.places.push(format!("{id}/federatedidentitycredentials/ci"));
            }
            self.managed(&principal, &id, name, true);
        }
    }

    /// An identity block, or none.
    fn block(&mut self, id: &str, number: usize, often: usize) -> Option<IdentityBlock> {
        let system = self.chance.percent(often).then(|| guid('2', 100 + number));
        if let Some(principal) = &system {
            self.managed(principal, id, &scopes::name(id), false);
        }
        let mut user_assigned = vec![];
        for identity in &self.t.identities {
            if self.chance.percent(28) {
                user_assigned.push((identity.id.clone(), identity.principal.clone()));
            }
        }
        (system.is_some() || !user_assigned.is_empty()).then_some(IdentityBlock { system, user_assigned })
    }

    fn resource(&mut self, id: &str, location: &str, identity: Option<IdentityBlock>) {
        if self.t.resources.iter().any(|x| x.id == id) {
            return;
        }
        self.t.resources.push(Resource {
            id: id.to_owned(),
            location: location.to_owned(),
            kind: Stated::Null,
            tags: Stated::Null,
            identity: identity.map_or(Stated::Null, Stated::Is),
        });
        self.places.push(id.to_owned());
    }

    fn host(&mut self) {
        let number = self.t.resources.len();
        let (kind, prefix) = *self.chance.pick(&HOSTS);
        let group = self.group();
        let id = format!("{group}/providers/{kind}/{prefix}-{}", number % 4 + 1);
        if self.t.resources.iter().any(|x| x.id == id) {
            return;
        }
        let location = self.location();
        let often = match prefix {
            "kv" | "script" => 0,
            "aks" | "acr" => 25,
            _ => 55,
        };
        let block = if prefix == "kv" { None } else { self.block(&id, number, often) };
        self.resource(&id, &location, block);
        match prefix {
            "vm" if self.chance.one_in(6) => self.places.push(format!("{id}/extensions/e")),
            "web" if self.chance.one_in(4) => {
                let slot = format!("{id}/slots/staging");
                let block = self.block(&slot, number + 50, 60);
                self.resource(&slot, &location, block);
            }
            "acr" if self.chance.percent(80) => {
                let task = format!("{id}/tasks/build");
                let block = self.block(&task, number + 50, 70);
                self.resource(&task, &location, block);
            }
            "aks" if self.chance.percent(60) => {
                let subscription = scopes::subscription_of(&id).unwrap_or_default();
                let nodes = format!(
                    "{subscription}/resourcegroups/mc_{}_{}_{location}",
                    scopes::name(&group),
                    scopes::name(&id)
                );
                self.t.resource_groups.push(ResourceGroup { id: nodes.clone(), tags: Stated::Null });
                self.places.push(nodes.clone());
                if self.chance.percent(80) {
                    let set = format!("{nodes}/providers/microsoft.compute/virtualmachinescalesets/ss-nodes");
                    let block = self.block(&set, number + 50, 30);
                    self.resource(&set, &location, block);
                }
            }
            "sf" => {
                let set = format!("{group}/providers/microsoft.compute/virtualmachinescalesets/ss-{number}");
                let block = self.block(&set, number + 50, 50);
                self.resource(&set, &location, block);
            }
            "auto" if self.chance.one_in(4) => self.places.push(format!("{id}/runbooks/r")),
            _ => {}
        }
    }

    fn policies(&mut self) {
        if !self.chance.percent(25) {
            return;
        }
        for n in 0..self.chance.between(1, 2) {
            let subscription = format!("/subscriptions/{}", self.t.subscriptions[0].guid);
            let scope = if self.chance.one_in(2) { subscription.clone() } else { self.group() };
            let id = format!("{scope}/providers/microsoft.authorization/policyassignments/deploy-{n}");
            let definitions = ["policydefinitions", "policydefinitions", "policysetdefinitions"];
            let kind = *self.chance.pick(&definitions);
            let above = match self.chance.below(4) {
                0 => String::new(),
                1 if !self.t.management_groups.is_empty() => scopes::management_group_id("mg-top"),
                _ => subscription,
            };
            let definition = format!("{above}/providers/microsoft.authorization/{kind}/what-{n}");
            let identity = self.block(&id, 200 + n, 80);
            self.t.policy_assignments.push(PolicyAssignment { id: id.clone(), scope, definition, identity });
            if self.chance.one_in(8) {
                self.places.push(id);
            }
        }
    }

    fn directory(&mut self) {
        for (i, name) in USER_NAMES.iter().enumerate().take(self.chance.between(2, 4)) {
            let guest = self.chance.percent(25);
            let id = guid('1', i + 1);
            self.t.users.push(User {
                id: id.clone(),
                display_name: Stated::Is((*name).to_owned()),
                upn: Stated::Is(format!("{name}@contoso.example")),
                enabled: Stated::Is(!self.chance.one_in(4)),
                user_type: Stated::Is(if guest { "Guest" } else { "Member" }.to_owned()),
                created: Stated::Is(TODAY - 100 * DAY),
                last_sign_in: Stated::Null,
                department: Stated::Null,
            });
            self.people.extend([id.clone(), id]);
        }
        for (i, name) in GROUP_NAMES.iter().enumerate().take(self.chance.between(2, 3)) {
            let id = guid('3', i + 1);
            self.t.groups.push(Group {
                id: id.clone(),
                name: Stated::Is((*name).to_owned()),
                security: Stated::Is(true),
                role_assignable: Stated::Is(self.chance.one_in(2)),
            });
            self.people.push(id);
        }
        for (i, name) in SERVICE_NAMES.iter().enumerate().take(self.chance.between(1, 2)) {
            let id = guid('4', i + 1);
            self.t.service_principals.push(ServicePrincipal {
                id: id.clone(),
                app_id: guid('6', i + 1),
                name: Stated::Is((*name).to_owned()),
                sp_type: Stated::Is("Application".to_owned()),
                enabled: Stated::Is(true),
                alternative_names: Stated::Is(vec![]),
            });
            self.people.push(id);
            self.t.applications.push(Application {
                id: guid('8', i + 1),
                app_id: Stated::Is(guid('6', i + 1)),
                name: Stated::Is(name.replacen("sp", "app", 1)),
                passwords: Stated::Is(vec![]),
                keys: Stated::Is(vec![]),
            });
        }
    }

    fn memberships(&mut self) {
        let groups: Vec<String> = self.t.groups.iter().map(|x| x.id.clone()).collect();
        let add = |t: &mut Tenant, group: &String, member: String| {
            let known = t.memberships.iter().any(|x| x.group == *group && x.member == member);
            if !known && member != *group {
                let member_type = kind_of(&member).to_owned();
                t.memberships.push(Membership { group: group.clone(), member, member_type });
            }
        };
        for group in &groups {
            for _ in 0..self.chance.below(4) {
                let member = self.chance.pick(&self.people).clone();
                add(&mut self.t, group, member);
            }
        }
        if self.chance.one_in(6) {
            add(&mut self.t, &groups[0], groups[1].clone());
            add(&mut self.t, &groups[1], groups[0].clone());
        }
    }

    /// Somebody who can own something: no group.
    fn owner(&mut self) -> String {
        loop {
            let id = self.chance.pick(&self.people).clone();
            if kind_of(&id) != "Group" {
                return id;
            }
        }
    }

    fn owners(&mut self) {
        for i in 0..self.t.groups.len() {
            if self.chance.percent(25) {
                let owner = self.owner();
                self.t.group_owners.push(GroupOwner { group: self.t.groups[i].id.clone(), owner });
            }
        }
        for i in 0..self.t.applications.len() {
            if self.chance.percent(30) {
                let owner = self.owner();
                let application = self.t.applications[i].id.clone();
                self.t.application_owners.push(ApplicationOwner { application, owner });
            }
        }
        for i in 0..self.t.service_principals.len() {
            let managed = self.t.service_principals[i].id.starts_with('2');
            if self.chance.percent(if managed { 4 } else { 20 }) {
                let owner = self.owner();
                let service_principal = self.t.service_principals[i].id.clone();
                if owner != service_principal {
                    self.t.service_principal_owners.push(ServicePrincipalOwner { service_principal, owner });
                }
            }
        }
    }

    fn roles(&mut self) {
        let strings = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<String>>();
        for _ in 0..self.chance.below(5) {
            let number = self.chance.below(CUSTOMS.len());
            let (name, plus, minus, data) = CUSTOMS[number];
            let own = guid('d', number + 1);
            if self.t.role_definitions.iter().any(|x| x.guid == own) {
                continue;
            }
            let mut minus = minus.split(';');
            let blocks: Vec<Block> = plus
                .split(';')
                .map(|plus| Block {
                    actions: strings(plus),
                    not_actions: strings(minus.next().unwrap_or_default()),
                    data_actions: strings(data),
                    not_data_actions: vec![],
                    limit: if name == "Role Writer" && self.chance.one_in(2) {
                        Some(self.condition())
                    } else {
                        None
                    },
                })
                .collect();
            let subscription = format!("/subscriptions/{}", self.t.subscriptions[0].guid);
            let mut assignable_scopes = match self.chance.below(6) {
                0 => vec![self.group()],
                1 if self.t.subscriptions.len() > 1 => {
                    vec![subscription.clone(), format!("/subscriptions/{}", self.t.subscriptions[1].guid)]
                }
                2 => vec![self.group(), self.group()],
                _ => vec![subscription],
            };
            assignable_scopes.dedup();
            self.t.role_definitions.push(RoleDefinition {
                guid: own,
                name: name.to_owned(),
                custom: true,
                blocks,
                assignable_scopes,
            });
        }
        for role in [OWNER, RBAC_ADMINISTRATOR, VAULT_ACCESS_ADMINISTRATOR, MACHINE_CONTRIBUTOR] {
            if self.chance.one_in(8) {
                let role = &TABLES.roles[TABLES.numbers[role]];
                if role.blocks.iter().all(|block| block.limit.is_none()) {
                    self.t.role_definitions.push(role.clone());
                }
            }
        }
    }

    fn some_roles(&mut self) -> Vec<String> {
        let pool = [
            READER,
            READER,
            BLOB_READER,
            BLOB_CONTRIBUTOR,
            KEY_VAULT_SECRETS_USER,
            MACHINE_CONTRIBUTOR,
            IDENTITY_OPERATOR,
            CONTRIBUTOR,
            OWNER,
            RBAC_ADMINISTRATOR,
            VAULT_ACCESS_ADMINISTRATOR,
            FEDERATED_CONTRIBUTOR,
        ];
        let mut all: Vec<String> =
            (0..self.chance.between(1, 3)).map(|_| (*self.chance.pick(&pool)).to_owned()).collect();
        if self.chance.one_in(4)
            && let Some(custom) = self.t.role_definitions.iter().find(|x| x.custom)
        {
            all.push(custom.guid.clone());
        }
        all.sort();
        all.dedup();
        all
    }

    fn some_people(&mut self) -> Vec<String> {
        (0..self.chance.between(1, 2)).map(|_| self.chance.pick(&self.people).clone()).collect()
    }

    /// A limit of a right to write role assignments.
    fn condition(&mut self) -> Condition {
        let strings = |all: &[&str]| all.iter().map(|x| (*x).to_owned()).collect::<Vec<String>>();
        let what = match self.chance.below(16) {
            0..=4 => Condition::Roles(self.some_roles(), false),
            5 => Condition::Roles(strings(&[OWNER, USER_ACCESS_ADMINISTRATOR, RBAC_ADMINISTRATOR]), true),
            // Hundreds of roles, one by one: it takes long.
            6 if self.chance.one_in(20) => Condition::Roles(
                strings(&[OWNER, USER_ACCESS_ADMINISTRATOR, RBAC_ADMINISTRATOR, RESERVATIONS_ADMINISTRATOR]),
                true,
            ),
            6..=8 => Condition::Principals(self.some_people(), false),
            9 => Condition::Principals(self.some_people(), true),
            10 => Condition::Types(strings(&["ServicePrincipal"])),
            11 => Condition::All(vec![
                Condition::Roles(self.some_roles(), false),
                Condition::Types(strings(&["User", "Group"])),
            ]),
            12 | 13 => Condition::All(vec![
                Condition::Roles(self.some_roles(), false),
                Condition::Principals(self.some_people(), false),
            ]),
            14 => Condition::Any(vec![
                Condition::Roles(self.some_roles(), false),
                Condition::Principals(self.some_people(), false),
            ]),
            _ => Condition::Types(strings(&["ForeignGroup"])),
        };
        let write = Condition::delegation(what);
        match self.chance.below(14) {
            0 => Condition::All(vec![
                write,
                Condition::For(
                    "Microsoft.Authorization/roleAssignments/delete".to_owned(),
                    Box::new(Condition::Other(format!(
                        "@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{READER}}}"
                    ))),
                ),
            ]),
            1 => other_attribute(),
            2 => Condition::Unreadable("@Request[ RoleDefinitionId (GuidEquals".to_owned()),
            3 => other_operation(),
            _ => write,
        }
    }

    fn assignment(&mut self, i: usize) {
        let customs: Vec<String> =
            self.t.role_definitions.iter().filter(|x| x.custom).map(|x| x.guid.clone()).collect();
        let role = match self.chance.below(100) {
            0 => UNKNOWN_ROLE.to_owned(),
            1..=22 if !customs.is_empty() => self.chance.pick(&customs).clone(),
            23..=34 => (*self.chance.pick(&STRONG)).to_owned(),
            35..=67 => (*self.chance.pick(&NARROW)).to_owned(),
            68 => VAULT_ACCESS_ADMINISTRATOR.to_owned(),
            _ => (*self.chance.pick(&WEAK)).to_owned(),
        };
        let principal =
            if self.chance.one_in(40) { guid('9', 1) } else { self.chance.pick(&self.people).clone() };
        let level = match self.chance.below(100) {
            0..=1 => Level::Root,
            2..=6 => Level::ManagementGroup,
            7..=20 => Level::Subscription,
            21..=48 => Level::ResourceGroup,
            _ => Level::Resource,
        };
        let places: Vec<String> =
            self.places.iter().filter(|place| scopes::level(place) == level).cloned().collect();
        let scope = if places.is_empty() { self.group() } else { self.chance.pick(&places).clone() };
        let kind = kind_of(&principal);
        let eligible = matches!(kind, "User" | "Group") && self.chance.percent(15);
        let what = if eligible { "roleeligibilityscheduleinstances" } else { "roleassignments" };
        let name = guid('a', i + 1);
        let gives = [USER_ACCESS_ADMINISTRATOR, RBAC_ADMINISTRATOR, OWNER].contains(&role.as_str());
        let limit = if gives && self.chance.percent(55) {
            Some(self.condition())
        } else if self.chance.one_in(25) {
            Some(if self.chance.one_in(2) { other_attribute() } else { other_operation() })
        } else {
            None
        };
        let future = self.chance.one_in(20);
        let ended = !future && self.chance.one_in(25);
        let start = if future { TODAY + 5 * DAY } else { TODAY - 50 * DAY };
        let end = if ended { Stated::Is(TODAY - DAY) } else { Stated::Null };
        self.t.assignments.push(Assignment {
            id: format!("{}/providers/microsoft.authorization/{what}/{name}", scope.trim_end_matches('/')),
            role: role.clone(),
            scope: scope.clone(),
            principal: principal.clone(),
            principal_type: if self.chance.one_in(20) { Stated::Unsaid } else { Stated::Is(kind.to_owned()) },
            eligible,
            start: if eligible { Stated::Is(start) } else { Stated::Unsaid },
            end: if eligible { end.clone() } else { Stated::Unsaid },
            created: Stated::Is(TODAY - 60 * DAY),
            created_by: Stated::Null,
            condition: limit.as_ref().map_or(Stated::Null, |limit| Stated::Is(limit.text())),
            limit,
        });
        let twin = self.t.assignments.iter().rev().skip(1);
        let twin = twin.filter(|a| (&a.principal, &a.role, &a.scope) == (&principal, &role, &scope)).count();
        if !eligible && twin == 0 && (future || ended || self.chance.one_in(4)) {
            self.t.schedules.push(Schedule {
                assignment: name,
                activated: false,
                start: Stated::Is(start),
                end,
            });
        }
    }

    fn denies(&mut self) {
        if !self.chance.percent(22) {
            return;
        }
        for n in 0..self.chance.between(1, 2) {
            let strings = |all: &[&str]| all.iter().map(|x| (*x).to_owned()).collect::<Vec<String>>();
            let mut blocks = vec![];
            for _ in 0..if self.chance.one_in(4) { 2 } else { 1 } {
                let (plus, minus): (&[&str], &[&str]) = *self.chance.pick(&[
                    (&["*"] as &[&str], &["*/read"] as &[&str]),
                    (&["*/action", "*/delete"], &[]),
                    (&["*/write"], &["Microsoft.Authorization/roleAssignments/write"]),
                    (&["Microsoft.Compute/*"], &[]),
                    (&["Microsoft.Authorization/roleAssignments/write"], &[]),
                    (&["Microsoft.ManagedIdentity/userAssignedIdentities/*/action"], &[]),
                    (&["Microsoft.ManagedIdentity/*"], &["*/read"]),
                ]);
                blocks.push(Block {
                    actions: strings(plus),
                    not_actions: strings(minus),
                    ..Block::default()
                });
            }
            let everyone = self.chance.one_in(3);
            let principals = if everyone { strings(&[EVERYONE]) } else { self.some_people() };
            let excluded =
                if self.chance.percent(if everyone { 80 } else { 30 }) { self.some_people() } else { vec![] };
            let scope = loop {
                let place = self.chance.pick(&self.places).clone();
                if place != "/" {
                    break place;
                }
            };
            let audit = self.chance.one_in(6);
            let not_children = self.chance.one_in(5);
            let name = guid('f', n + 1);
            self.t.deny_assignments.push(DenyAssignment {
                id: format!("{scope}/providers/microsoft.authorization/denyassignments/{name}"),
                scope,
                blocks,
                principals,
                excluded,
                audit,
                not_children,
            });
        }
    }
}

fn other_attribute() -> Condition {
    Condition::Other(
        "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'logs'"
            .to_owned(),
    )
}

/// About reading blobs, and nothing else.
fn other_operation() -> Condition {
    Condition::For(
        "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read".to_owned(),
        Box::new(other_attribute()),
    )
}

/// What a capture of the tenant holds.
pub(crate) fn captured(chance: &mut Chance, whole: &Tenant) -> Tenant {
    let mut t = whole.clone();
    if chance.one_in(25)
        && let Some(lost) = (!t.identities.is_empty()).then(|| chance.below(t.identities.len()))
    {
        // It is gone; where it is attached nobody has noticed.
        let id = t.identities.remove(lost).id;
        t.resources.retain(|x| x.id != id);
    }
    let lost = match chance.below(20) {
        0..=11 => 0,
        12..=16 => 1,
        _ => chance.between(2, 4),
    };
    for _ in 0..lost {
        let all: Vec<&'static str> = COLLECTIONS.into_iter().chain(PATH_COLLECTIONS).collect();
        let collection = *chance.pick(&all);
        let coverage = *chance.pick(&[Coverage::Absent, Coverage::Partial, Coverage::Undeclared]);
        t.coverage.insert(collection, coverage);
        let keep = if coverage == Coverage::Absent { 0 } else { *chance.pick(&[40, 80, 100]) };
        let mut kept = || chance.percent(keep);
        match collection {
            GROUP_OWNERS => t.group_owners.retain(|_| kept()),
            SERVICE_PRINCIPAL_OWNERS => t.service_principal_owners.retain(|_| kept()),
            DENY_ASSIGNMENTS => t.deny_assignments.retain(|_| kept()),
            POLICY_ASSIGNMENTS => t.policy_assignments.retain(|_| kept()),
            _ => tenants::thin(chance, &mut t, collection, keep),
        }
    }
    if lost > 1 && Loss::by_chance(chance) == Loss::Much {
        tenants::forget(chance, &mut t, 6);
    }
    t
}
