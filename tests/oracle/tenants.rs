//! Small tenants by chance: names from small pools, so that sentences match often; then what a capture leaves out of them.

use super::catalogue;
use super::chance::Chance;
use super::model::*;
use super::scopes;
use std::collections::BTreeMap;

/// 2026-11-20T00:00:00Z
pub(crate) const TODAY: Instant = 1_795_132_800;

pub(crate) fn guid(kind: char, n: usize) -> String {
    format!("{kind}{n:07x}-0000-4000-8000-{n:012x}")
}

pub(crate) const SUBSCRIPTION_NAMES: [&str; 4] = ["prod-shop", "prod-pay", "dev-shop", "sandbox-1"];
pub(crate) const USER_NAMES: [&str; 8] = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"];
pub(crate) const GROUP_NAMES: [&str; 6] =
    ["sg-operators", "sg-platform", "sg-owners", "sg-apps", "sg-nested", "sg-empty"];
pub(crate) const IDENTITY_NAMES: [&str; 4] = ["mi-app", "mi-ci", "mi-terraform", "mi-data"];
pub(crate) const SERVICE_NAMES: [&str; 4] = ["sp-deploy", "sp-report", "sp-legacy", "sp-pipeline"];
pub(crate) const RESOURCE_GROUP_NAMES: [&str; 3] = ["rg-app", "rg-data", "rg-platform"];
pub(crate) const UNKNOWN_ROLE: &str = "f0000001-0000-4000-8000-000000000001";

/// A blend of what tenants look like.
pub(crate) struct Shape {
    pub assignments: (usize, usize),
    pub people: (usize, usize),
}

pub(crate) const SMALL: Shape = Shape { assignments: (3, 25), people: (3, 8) };

struct Maker<'c> {
    chance: &'c mut Chance,
    t: Tenant,
    /// (principal, kind as an assignment says it)
    principals: Vec<(String, &'static str)>,
    places: Vec<String>,
}

/// A tenant, wholly captured.
pub(crate) fn whole(chance: &mut Chance, shape: &Shape) -> Tenant {
    let mut maker = Maker { chance, t: Tenant::empty(), principals: vec![], places: vec!["/".to_owned()] };
    maker.t.time = TODAY;
    maker.scopes();
    maker.people(shape);
    maker.services();
    maker.memberships();
    maker.roles();
    maker.assignments(shape);
    maker.t
}

impl Maker<'_> {
    fn tags(&mut self) -> Tags {
        if self.chance.percent(25) {
            return if self.chance.one_in(2) { Stated::Null } else { Stated::Is(BTreeMap::new()) };
        }
        let mut map = BTreeMap::new();
        if self.chance.percent(60) {
            map.insert("environment".to_owned(), (*self.chance.pick(&["prod", "dev", "Prod"])).to_owned());
        }
        if self.chance.percent(50) {
            let name = if self.chance.one_in(4) { "Owner" } else { "owner" };
            map.insert(name.to_owned(), (*self.chance.pick(&["team-a", "team-b"])).to_owned());
        }
        Stated::Is(map)
    }

    fn instant(&mut self) -> Instant {
        TODAY - self.chance.between(1, 400) as i64 * DAY + self.chance.below(DAY as usize) as i64
    }

    fn scopes(&mut self) {
        let mut groups = vec![("mg-top", None), ("mg-corp", Some("mg-top"))];
        if self.chance.percent(60) {
            groups.push(("mg-play", Some(if self.chance.one_in(2) { "mg-corp" } else { "mg-top" })));
        }
        for (name, parent) in &groups {
            let parent = parent.map_or(Stated::Null, |parent| Stated::Is(parent.to_owned()));
            self.t.management_groups.push(ManagementGroup { name: (*name).to_owned(), parent });
            self.places.push(scopes::management_group_id(name));
        }
        let first = self.chance.below(3);
        for i in 0..2 {
            let guid = guid('5', i + 1);
            let place = format!("/subscriptions/{guid}");
            let group = self.chance.pick(&groups).0.to_owned();
            let tags = self.tags();
            self.t.subscriptions.push(Subscription {
                guid,
                name: SUBSCRIPTION_NAMES[(first + i) % 4].to_owned(),
                management_group: Stated::Is(group),
                tags,
            });
            self.places.push(place.clone());
            for name in RESOURCE_GROUP_NAMES {
                if self.chance.percent(60) {
                    self.resource_group(&format!("{place}/resourcegroups/{name}"));
                }
            }
        }
        if self.t.resource_groups.is_empty() {
            let place = format!("/subscriptions/{}/resourcegroups/rg-app", self.t.subscriptions[0].guid);
            self.resource_group(&place);
        }
        self.identities();
        self.resources();
    }

    fn resource_group(&mut self, id: &str) {
        let tags = self.tags();
        self.t.resource_groups.push(ResourceGroup { id: id.to_owned(), tags });
        self.places.push(id.to_owned());
    }

    fn any_resource_group(&mut self) -> String {
        let n = self.chance.below(self.t.resource_groups.len());
        self.t.resource_groups[n].id.clone()
    }

    fn identities(&mut self) {
        for i in 0..self.chance.between(2, 5) {
            let group = self.any_resource_group();
            let name = IDENTITY_NAMES[i % 4];
            let id = format!("{group}/providers/microsoft.managedidentity/userassignedidentities/{name}");
            if self.t.identities.iter().any(|x| x.id == id) {
                continue;
            }
            let principal = guid('2', i + 1);
            let tags = self.tags();
            self.t.identities.push(Identity {
                id: id.clone(),
                principal: principal.clone(),
                client: guid('c', i + 1),
                tags: tags.clone(),
                location: "westeurope".to_owned(),
                providers: vec![],
                regional: false,
            });
            self.t.resources.push(Resource {
                id: id.clone(),
                location: "westeurope".to_owned(),
                kind: Stated::Null,
                tags,
                identity: Stated::Null,
            });
            self.principals.push((principal.clone(), "ServicePrincipal"));
            self.managed_principal(&principal, &id, name, true);
            for n in 0..self.chance.below(3) {
                let issuer = *self.chance.pick(&[
                    "https://token.actions.githubusercontent.com",
                    "https://vstoken.dev.azure.com/contoso",
                    "https://issuer.example/other",
                ]);
                let subject = *self.chance.pick(&[
                    "repo:contoso/shop:pull_request",
                    "repo:contoso/shop:environment:prod",
                    "repo:contoso/shop:ref:refs/heads/main",
                ]);
                let subject =
                    if self.chance.one_in(8) { Stated::Null } else { Stated::Is(subject.to_owned()) };
                self.t.federated.push(FederatedCredential {
                    name: format!("fic-{n}"),
                    identity: id.clone(),
                    issuer: issuer.to_owned(),
                    subject,
                    audiences: vec!["api://AzureADTokenExchange".to_owned()],
                });
            }
        }
    }

    /// The service principal of a managed identity.
    fn managed_principal(&mut self, principal: &str, arm: &str, name: &str, explicit: bool) {
        let flag = if explicit { "isExplicit=True" } else { "isExplicit=False" };
        self.t.service_principals.push(ServicePrincipal {
            id: principal.to_owned(),
            app_id: principal.replacen('2', "c", 1),
            name: Stated::Is(name.to_owned()),
            sp_type: Stated::Is("ManagedIdentity".to_owned()),
            enabled: Stated::Is(true),
            alternative_names: Stated::Is(vec![flag.to_owned(), arm.to_owned()]),
        });
    }

    fn resources(&mut self) {
        const KINDS: [(&str, &str); 4] = [
            ("microsoft.compute/virtualmachines", "vm"),
            ("microsoft.web/sites", "web"),
            ("microsoft.storage/storageaccounts", "st"),
            ("microsoft.keyvault/vaults", "kv"),
        ];
        for i in 0..self.chance.between(2, 7) {
            let (kind, prefix) = *self.chance.pick(&KINDS);
            let group = self.any_resource_group();
            let id = format!("{group}/providers/{kind}/{prefix}-{}", i % 4 + 1);
            if self.t.resources.iter().any(|x| x.id == id) {
                continue;
            }
            let carries = kind.contains("compute") || kind.contains("web") || self.chance.one_in(5);
            let system = (carries && self.chance.percent(60)).then(|| guid('2', 100 + i));
            let mut user_assigned = vec![];
            if carries {
                for identity in &self.t.identities {
                    if self.chance.percent(30) {
                        user_assigned.push((identity.id.clone(), identity.principal.clone()));
                    }
                }
            }
            if let Some(principal) = &system {
                self.principals.push((principal.clone(), "ServicePrincipal"));
                let name = scopes::name(&id);
                self.managed_principal(principal, &id, &name, false);
            }
            let identity = if system.is_none() && user_assigned.is_empty() {
                Stated::Null
            } else {
                Stated::Is(IdentityBlock { system, user_assigned })
            };
            let tags = self.tags();
            self.t.resources.push(Resource {
                id: id.clone(),
                location: (*self.chance.pick(&["westeurope", "northeurope"])).to_owned(),
                kind: Stated::Null,
                tags,
                identity,
            });
            self.places.push(id.clone());
            if kind.contains("storage") && self.chance.one_in(3) {
                self.places.push(format!("{id}/blobservices/default/containers/logs"));
            }
        }
    }

    fn people(&mut self, shape: &Shape) {
        let n = self.chance.between(shape.people.0, shape.people.1);
        for i in 0..n {
            let name = USER_NAMES[i % 8];
            let guest = self.chance.percent(25);
            let number = if i < 8 { String::new() } else { (i / 8).to_string() };
            let upn = if guest {
                format!("{name}{number}_fabrikam.example#EXT#@contoso.example")
            } else {
                format!("{name}{number}@contoso.example")
            };
            let id = guid('1', i + 1);
            let user = User {
                id: id.clone(),
                display_name: Stated::Is(name.to_owned()),
                upn: if self.chance.one_in(10) { Stated::Null } else { Stated::Is(upn) },
                enabled: Stated::Is(!self.chance.one_in(4)),
                user_type: Stated::Is(if guest { "Guest" } else { "Member" }.to_owned()),
                created: Stated::Is(self.instant()),
                last_sign_in: if self.chance.one_in(5) { Stated::Null } else { Stated::Is(self.instant()) },
                department: match self.chance.below(3) {
                    0 => Stated::Null,
                    1 => Stated::Is("Finance".to_owned()),
                    _ => Stated::Is("Platform".to_owned()),
                },
            };
            self.t.users.push(user);
            self.principals.push((id, "User"));
        }
        let count = self.chance.between(3, 6);
        for (i, name) in GROUP_NAMES.iter().enumerate().take(count) {
            let id = guid('3', i + 1);
            self.t.groups.push(Group {
                id: id.clone(),
                name: Stated::Is((*name).to_owned()),
                security: Stated::Is(!self.chance.one_in(5)),
                role_assignable: Stated::Is(self.chance.one_in(2)),
            });
            self.principals.push((id, "Group"));
        }
    }

    fn services(&mut self) {
        let count = self.chance.between(1, 4);
        for (i, name) in SERVICE_NAMES.iter().copied().enumerate().take(count) {
            let id = guid('4', i + 1);
            let kind = if name == "sp-legacy" { "Legacy" } else { "Application" };
            self.t.service_principals.push(ServicePrincipal {
                id: id.clone(),
                app_id: guid('6', i + 1),
                name: Stated::Is(name.to_owned()),
                sp_type: Stated::Is(kind.to_owned()),
                enabled: Stated::Is(!self.chance.one_in(4)),
                alternative_names: Stated::Is(vec![]),
            });
            self.principals.push((id, "ServicePrincipal"));
            if kind == "Legacy" {
                continue;
            }
            let application = guid('8', i + 1);
            let mut secrets = vec![vec![], vec![]];
            for (n, list) in secrets.iter_mut().enumerate() {
                for k in 0..self.chance.below(3) {
                    let start = self.instant();
                    list.push(Secret {
                        key_id: guid('e', i * 100 + n * 10 + k + 1),
                        name: if self.chance.one_in(3) { Stated::Null } else { Stated::Is("ci".to_owned()) },
                        starts: if self.chance.one_in(8) { Stated::Null } else { Stated::Is(start) },
                        expires: Stated::Is(start + *self.chance.pick(&[30, 180, 365, 730]) * DAY),
                    });
                }
            }
            let keys = secrets.pop().unwrap_or_default();
            let passwords = secrets.pop().unwrap_or_default();
            for _ in 0..self.chance.below(3) {
                let n = self.chance.below(self.t.users.len());
                let owner =
                    ApplicationOwner { application: application.clone(), owner: self.t.users[n].id.clone() };
                let known =
                    |x: &ApplicationOwner| x.application == owner.application && x.owner == owner.owner;
                if !self.t.application_owners.iter().any(known) {
                    self.t.application_owners.push(owner);
                }
            }
            self.t.applications.push(Application {
                id: application,
                app_id: Stated::Is(guid('6', i + 1)),
                name: Stated::Is(name.replacen("sp", "app", 1)),
                passwords: Stated::Is(passwords),
                keys: Stated::Is(keys),
            });
        }
    }

    fn memberships(&mut self) {
        let groups: Vec<(String, String)> =
            self.t.groups.iter().map(|x| (x.id.clone(), x.name.is().cloned().unwrap_or_default())).collect();
        for (group, name) in &groups {
            if name == "sg-empty" {
                continue;
            }
            for _ in 0..self.chance.below(5) {
                let (member, kind) = self.chance.pick(&self.principals).clone();
                let kind = if member.starts_with('3') { "Group" } else { kind };
                let known = self.t.memberships.iter().any(|x| x.group == *group && x.member == member);
                if !known && member != *group {
                    self.t.memberships.push(Membership {
                        group: group.clone(),
                        member,
                        member_type: kind.to_owned(),
                    });
                }
            }
        }
        // A circle, now and then.
        if groups.len() >= 2 && self.chance.one_in(4) {
            for (a, b) in [(0, 1), (1, 0)] {
                let (group, member) = (groups[a].0.clone(), groups[b].0.clone());
                if !self.t.memberships.iter().any(|x| x.group == group && x.member == member) {
                    self.t.memberships.push(Membership { group, member, member_type: "Group".to_owned() });
                }
            }
        }
    }

    fn roles(&mut self) {
        let block = |actions: &[&str], not_actions: &[&str], data_actions: &[&str], not_data: &[&str]| {
            let strings = |all: &[&str]| all.iter().map(|s| (*s).to_owned()).collect::<Vec<String>>();
            Block {
                actions: strings(actions),
                not_actions: strings(not_actions),
                data_actions: strings(data_actions),
                not_data_actions: strings(not_data),
                limit: None,
            }
        };
        let customs = [
            (
                "Deployer",
                vec![block(&["*/read", "Microsoft.Web/sites/*"], &["Microsoft.Web/sites/delete"], &[], &[])],
            ),
            ("Hidden Owner", vec![block(&["*"], &[], &[], &[])]),
            (
                "Split Owner",
                vec![
                    block(&["*/read", "*/write"], &[], &[], &[]),
                    block(&["*/delete", "*/action"], &[], &[], &[]),
                ],
            ),
            (
                "Two Blocks",
                vec![
                    block(&["Microsoft.Authorization/*"], &["Microsoft.Authorization/*/write"], &[], &[]),
                    block(
                        &["Microsoft.Authorization/roleAssignments/*"],
                        &["Microsoft.Authorization/roleAssignments/delete"],
                        &[],
                        &[],
                    ),
                ],
            ),
            (
                "Key Reader",
                vec![block(
                    &["Microsoft.KeyVault/vaults/read"],
                    &[],
                    &["Microsoft.KeyVault/vaults/*"],
                    &["Microsoft.KeyVault/vaults/*/read"],
                )],
            ),
            ("Reader", vec![block(&["*"], &["*/delete"], &[], &[])]),
        ];
        let top = format!("/subscriptions/{}", self.t.subscriptions[0].guid);
        for (i, (name, blocks)) in customs.into_iter().enumerate() {
            let share = if name == "Reader" { 15 } else { 60 };
            if self.chance.percent(share) {
                self.t.role_definitions.push(RoleDefinition {
                    guid: guid('d', i + 1),
                    name: name.to_owned(),
                    custom: true,
                    blocks,
                    assignable_scopes: vec![top.clone()],
                });
            }
        }
        for built_in in catalogue::built_ins() {
            if self.chance.one_in(4) {
                self.t.role_definitions.push(built_in);
            }
        }
    }

    fn assignments(&mut self, shape: &Shape) {
        let customs: Vec<String> =
            self.t.role_definitions.iter().filter(|x| x.custom).map(|x| x.guid.clone()).collect();
        let n = self.chance.between(shape.assignments.0, shape.assignments.1);
        for i in 0..n {
            let role = match self.chance.below(100) {
                0..=2 => UNKNOWN_ROLE.to_owned(),
                3..=27 if !customs.is_empty() => self.chance.pick(&customs).clone(),
                28..=45 => catalogue::OWNER.to_owned(),
                46..=60 => catalogue::CONTRIBUTOR.to_owned(),
                61..=72 => catalogue::READER.to_owned(),
                _ => self.chance.pick(&catalogue::built_ins()).guid.clone(),
            };
            let (mut principal, mut kind) = self.chance.pick(&self.principals).clone();
            if self.chance.percent(5) {
                principal = guid('9', self.chance.between(1, 4));
                kind = *self.chance.pick(&["User", "ServicePrincipal", "Unknown"]);
            }
            let service = kind == "ServicePrincipal";
            let level = match self.chance.below(100) {
                0..=4 => scopes::Level::Root,
                5..=19 => scopes::Level::ManagementGroup,
                20..=49 => scopes::Level::Subscription,
                50..=77 => scopes::Level::ResourceGroup,
                _ => scopes::Level::Resource,
            };
            let places: Vec<String> =
                self.places.iter().filter(|p| scopes::level(p) == level).cloned().collect();
            let scope = if places.is_empty() { "/".to_owned() } else { self.chance.pick(&places).clone() };
            let eligible = !service && kind != "Unknown" && self.chance.percent(18);
            let kind = match self.chance.below(100) {
                0..=2 => Stated::Is((*self.chance.pick(&["User", "Group", "ServicePrincipal"])).to_owned()),
                3..=4 => Stated::Unsaid,
                _ => Stated::Is(kind.to_owned()),
            };
            self.assignment(i, role, scope, principal, kind, eligible);
            // The same once more, under another name.
            if self.chance.one_in(20) {
                let mut twin = self.t.assignments[self.t.assignments.len() - 1].clone();
                twin.id = twin.id.replace(&guid('a', i + 1), &guid('a', 100_000 + i));
                self.t.assignments.push(twin);
            }
        }
    }

    fn assignment(
        &mut self,
        i: usize,
        role: String,
        scope: String,
        principal: String,
        principal_type: Stated<String>,
        eligible: bool,
    ) {
        let name = guid('a', i + 1);
        let kind = if eligible { "roleeligibilityscheduleinstances" } else { "roleassignments" };
        let id = format!("{}/providers/microsoft.authorization/{kind}/{name}", scope.trim_end_matches('/'));
        let mut start = self.instant();
        let mut end = match self.chance.below(10) {
            0 | 1 => Stated::Is(TODAY - self.chance.between(1, 20) as i64 * DAY),
            2..=4 => Stated::Is(TODAY + self.chance.between(1, 300) as i64 * DAY),
            _ => Stated::Null,
        };
        if let Stated::Is(end) = end {
            start = start.min(end - DAY);
        }
        let created = start;
        if eligible {
            let condition = Stated::Null;
            let created_by = Stated::Unsaid;
            self.t.assignments.push(Assignment {
                id,
                role,
                scope,
                principal,
                principal_type,
                eligible,
                start: Stated::Is(start),
                end,
                created: Stated::Is(created),
                created_by,
                condition,
                limit: None,
            });
            return;
        }
        let creator = self.chance.pick(&self.principals).0.clone();
        self.t.assignments.push(Assignment {
            id,
            role,
            scope,
            principal,
            principal_type,
            eligible,
            start: Stated::Unsaid,
            end: Stated::Unsaid,
            created: Stated::Is(created),
            created_by: if self.chance.one_in(6) { Stated::Null } else { Stated::Is(creator) },
            condition: if self.chance.one_in(6) {
                Stated::Is("(@Resource[x] StringEquals 'y')".to_owned())
            } else {
                Stated::Null
            },
            limit: None,
        });
        if self.chance.percent(60) {
            end = Stated::Null;
        }
        // One instance stands for all assignments of the same principal, role and scope.
        let earlier = self.t.schedules.iter().any(|s| {
            let mut all = self.t.assignments.iter();
            all.any(|a| {
                scopes::name(&a.id) == s.assignment
                    && triple(a) == triple(&self.t.assignments[self.t.assignments.len() - 1])
            })
        });
        if earlier {
            return;
        }
        let activated = matches!(end, Stated::Is(_)) && self.chance.one_in(2);
        self.t.schedules.push(Schedule { assignment: name, activated, start: Stated::Is(start), end });
    }
}

fn triple(a: &Assignment) -> (&str, &str, &str) {
    (&a.principal, &a.role, &a.scope)
}

/// How much a capture leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    Nothing,
    Little,
    Much,
}

impl Loss {
    pub(crate) fn by_chance(chance: &mut Chance) -> Loss {
        match chance.below(20) {
            0..=5 => Loss::Nothing,
            6..=8 => Loss::Little,
            _ => Loss::Much,
        }
    }
}

/// What a capture of the tenant holds: whole collections, parts of them, or nothing, and values not stated.
pub(crate) fn captured(chance: &mut Chance, whole: &Tenant, loss: Loss) -> Tenant {
    let mut t = whole.clone();
    let lost = match loss {
        Loss::Nothing => 0,
        Loss::Little => chance.between(0, 2),
        Loss::Much => chance.between(3, 7),
    };
    for _ in 0..lost {
        let collection = *chance.pick(&COLLECTIONS);
        let coverage = match chance.below(5) {
            0 | 1 => Coverage::Absent,
            2 | 3 => Coverage::Partial,
            _ => Coverage::Undeclared,
        };
        t.coverage.insert(collection, coverage);
    }
    for collection in COLLECTIONS {
        let keep = match t.coverage.get(collection) {
            Some(Coverage::Complete) => 100,
            Some(Coverage::Absent) => 0,
            _ => *chance.pick(&[40, 80, 100]),
        };
        if keep < 100 {
            thin(chance, &mut t, collection, keep);
        }
    }
    if loss != Loss::Nothing {
        let share = if loss == Loss::Little { 4 } else { 15 };
        forget(chance, &mut t, share);
    }
    t
}

pub(crate) fn thin(chance: &mut Chance, t: &mut Tenant, collection: &str, keep: usize) {
    let mut kept = |_: &()| chance.percent(keep);
    macro_rules! thin {
        ($rows:expr) => {
            $rows.retain(|_| kept(&()))
        };
    }
    match collection {
        ROLE_ASSIGNMENTS => t.assignments.retain(|a| a.eligible || kept(&())),
        ELIGIBLE => t.assignments.retain(|a| !a.eligible || kept(&())),
        SCHEDULES => thin!(t.schedules),
        ROLE_DEFINITIONS => thin!(t.role_definitions),
        SUBSCRIPTIONS => thin!(t.subscriptions),
        MANAGEMENT_GROUPS => thin!(t.management_groups),
        RESOURCE_GROUPS => thin!(t.resource_groups),
        RESOURCES => thin!(t.resources),
        IDENTITIES => thin!(t.identities),
        FEDERATED => thin!(t.federated),
        USERS => thin!(t.users),
        GROUPS => thin!(t.groups),
        MEMBERSHIPS => thin!(t.memberships),
        SERVICE_PRINCIPALS => thin!(t.service_principals),
        APPLICATIONS => thin!(t.applications),
        APPLICATION_OWNERS => thin!(t.application_owners),
        other => panic!("no collection {other}"),
    }
    let ids: Vec<String> =
        t.assignments.iter().filter(|a| !a.eligible).map(|a| scopes::name(&a.id)).collect();
    t.schedules.retain(|s| ids.contains(&s.assignment));
}

/// Leaves values out of records.
pub(crate) fn forget(chance: &mut Chance, t: &mut Tenant, share: usize) {
    let mut lost = || chance.percent(share);
    for x in &mut t.users {
        if lost() {
            x.upn = Stated::Unsaid;
        }
        if lost() {
            x.enabled = Stated::Unsaid;
        }
        if lost() {
            x.user_type = Stated::Unsaid;
        }
        if lost() {
            x.last_sign_in = Stated::Unsaid;
        }
        if lost() {
            x.department = Stated::Unsaid;
        }
    }
    for x in &mut t.groups {
        if lost() {
            x.security = Stated::Unsaid;
        }
        if lost() {
            x.role_assignable = Stated::Unsaid;
        }
    }
    for x in &mut t.service_principals {
        if lost() {
            x.alternative_names = Stated::Unsaid;
        }
        if lost() {
            x.sp_type = Stated::Unsaid;
        }
        if lost() {
            x.enabled = Stated::Unsaid;
        }
    }
    for x in &mut t.subscriptions {
        if lost() {
            x.management_group = Stated::Unsaid;
        }
        if lost() {
            x.tags = Stated::Unsaid;
        }
    }
    for x in &mut t.applications {
        if lost() {
            x.keys = Stated::Unsaid;
        }
        if lost() {
            x.passwords = Stated::Unsaid;
        }
    }
}
