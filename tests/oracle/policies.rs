//! Policies by chance, as text: sentences over the whole language, about the names that tenants.rs gives.

use super::catalogue;
use super::chance::Chance;
use super::tenants::*;

/// A policy file of some rules (`r0`, `r1`, ...), and the waivers for it.
pub(crate) struct Policy {
    pub text: String,
    pub waivers: String,
}

pub(crate) fn policy(seed: u64, rules: usize) -> Policy {
    let mut writer = Writer { chance: Chance::new(seed) };
    let mut text = String::from(
        "policy p\n\
         let broad = Owner, Contributor, \"User Access Administrator\"\n\
         let readers = \"* Reader\", Reader\n\
         let prod-subs = \"prod-*\"\n\
         let issuers = \"https://token.actions.githubusercontent.com\", \"https://vstoken.dev.azure.com/*\"\n\
         let regions = \"westeurope\", \"swedencentral\"\n\
         param stale-after = 90 days between 30 days and 180 days\n\
         param max-assignment = 180 days\n\
         param many = 2\n",
    );
    let mut waivers = String::new();
    for i in 0..rules {
        let sentence = writer.sentence();
        text += &format!("rule r{i}\n  {sentence}\n");
        let is_grant = [" role ", " role\n"].iter().any(|word| format!("{sentence}\n").contains(word));
        let is_placed =
            ["resource", "_assigned", "managed_identity", "subscription", "federated", "role_assignment"]
                .iter()
                .any(|noun| sentence.split_whitespace().nth(1).is_some_and(|word| word.starts_with(noun)));
        if writer.chance.percent(12) && sentence.starts_with("deny") && (is_grant || is_placed) {
            waivers += &writer.waiver(i, is_grant);
        }
    }
    Policy { text, waivers }
}

struct Writer {
    chance: Chance,
}

impl Writer {
    fn one(&mut self, all: &[&str]) -> String {
        (*self.chance.pick(all)).to_owned()
    }
    /// The text with this probability, else nothing.
    fn maybe(&mut self, percent: usize, text: impl FnOnce(&mut Writer) -> String) -> String {
        if self.chance.percent(percent) { text(self) } else { String::new() }
    }
    fn list(&mut self, most: usize, one: impl Fn(&mut Writer) -> String) -> String {
        let n = if self.chance.percent(65) { 1 } else { self.chance.between(1, most) };
        let mut all: Vec<String> = vec![];
        for _ in 0..n {
            let item = one(self);
            if !all.contains(&item) {
                all.push(item);
            }
        }
        all.join(", ")
    }

    fn sentence(&mut self) -> String {
        let effect = match self.chance.below(20) {
            0 => "warn",
            1 => "advise",
            _ => "deny",
        };
        match self.chance.below(100) {
            0..=49 => format!("{effect} {}", self.grant(true)),
            50..=72 => format!("{effect} {}", self.entity()),
            73..=80 => format!("{effect} {}", self.grant_count()),
            81..=86 => format!("{effect} {}", self.entity_count()),
            87..=90 => {
                if self.chance.one_in(3) {
                    format!("require some {}", self.entity())
                } else {
                    format!("require some {}", self.grant(false))
                }
            }
            91..=95 => self.require_every_entity(),
            96..=98 => {
                let what = self.grant(false);
                let that = self.condition_of_grant();
                format!("require every {what} to satisfy ({that})")
            }
            _ => format!(
                "{effect} path from user to privileged role at subscription or above through managed_identity"
            ),
        }
    }

    // Grants

    fn role_pattern(&mut self) -> String {
        let guids = [catalogue::OWNER, catalogue::READER, catalogue::CONTRIBUTOR, UNKNOWN_ROLE];
        match self.chance.below(20) {
            0..=9 => self.one(&["Owner", "Contributor", "Reader", "Deployer", "broad", "readers"]),
            10..=12 => self.one(&[
                "\"User Access Administrator\"",
                "\"Hidden Owner\"",
                "\"Split Owner\"",
                "\"Key Reader\"",
            ]),
            13..=15 => self.one(&[
                "\"* Reader\"",
                "\"*Contributor*\"",
                "\"Key Vault *\"",
                "\"*Owner\"",
                "\"Storage Blob Data ?eader\"",
            ]),
            16..=17 => self.one(&guids),
            18 => {
                self.one(&["\"Managed Identity Operator\"", "\"Two Blocks\"", "\"storage blob data reader\""])
            }
            _ => self.one(&["\"No Such Role\"", "d0000001-0000-4000-8000-000000000001"]),
        }
    }

    fn granting(&mut self) -> String {
        match self.chance.below(10) {
            0..=4 => {
                let action = self.one(&[
                    "\"Microsoft.Authorization/roleAssignments/write\"",
                    "\"Microsoft.Authorization/*/write\"",
                    "\"Microsoft.Authorization/roleAssignments/delete\"",
                    "\"Microsoft.Web/sites/delete\"",
                    "\"*/delete\"",
                    "\"Microsoft.KeyVault/vaults/read\", \"Microsoft.Web/sites/write\"",
                    "access-management",
                    "identity-assignment",
                    "identity-federation",
                    "\"Microsoft.ManagedIdentity/userAssignedIdentities/assign/action\"",
                ]);
                format!("granting {action}")
            }
            5 => self.one(&[
                "granting all \"*\"",
                "granting all \"*/read\"",
                "granting all \"Microsoft.Web/*\"",
                "granting all \"Microsoft.Authorization/roleAssignments/*\"",
                "granting all \"*/write\", \"*/delete\"",
            ]),
            6..=7 => self.one(&[
                "granting beyond \"*/read\"",
                "granting beyond \"*/read\", \"Microsoft.Web/*\"",
                "granting beyond \"Microsoft.Authorization/*\", \"*/read\", \"Microsoft.Support/*\"",
                "granting beyond data \"*/read\"",
            ]),
            _ => self.one(&[
                "granting data \"Microsoft.KeyVault/vaults/secrets/getSecret/action\"",
                "granting data \"Microsoft.Storage/*/write\"",
                "granting data \"*/read\"",
                "granting all data \"Microsoft.KeyVault/vaults/secrets/*\"",
            ]),
        }
    }

    fn roles(&mut self) -> String {
        let set = if self.chance.percent(70) { self.list(3, |w| w.role_pattern()) } else { self.granting() };
        let except = self.maybe(15, |w| format!(" except {}", w.list(2, |w| w.role_pattern())));
        format!("{set}{except}")
    }

    fn head(&mut self) -> String {
        let state = self.maybe(25, |w| w.one(&["active ", "eligible ", "standing "]));
        let way = self.maybe(25, |w| w.one(&["direct ", "inherited "]));
        match self.chance.below(10) {
            0..=5 => format!("{state}{way}role {}", self.roles()),
            6 => {
                let adjective = self.one(&["custom", "built_in", "privileged"]);
                format!("{state}{way}{adjective} role")
            }
            7 => {
                let adjective = self.one(&["custom", "built_in", "privileged"]);
                format!("{state}{way}{adjective} role {}", self.roles())
            }
            8 => format!("any {state}{way}role"),
            _ => {
                let pattern = self.list(2, |w| w.role_pattern());
                format!("any role except {pattern}")
            }
        }
    }

    fn scope_names(&mut self, level: &str) -> String {
        match level {
            "subscription" => self.list(2, |w| {
                w.one(&[
                    "\"prod-*\"",
                    "\"prod-*\"",
                    "\"prod-shop\"",
                    "\"*-shop\"",
                    "\"dev-shop\"",
                    "\"sandbox-1\"",
                    "prod-subs",
                    "\"no-such\"",
                    "50000001-0000-4000-8000-000000000001",
                ])
            }),
            "management_group" => {
                self.one(&["\"mg-corp\"", "\"mg-play\"", "\"mg-top\"", "\"mg-*\"", "\"mg-none\""])
            }
            "resource_group" => self.list(2, |w| {
                w.one(&[
                    "\"rg-app\"",
                    "\"rg-app\"",
                    "\"rg-*\"",
                    "\"rg-data\"",
                    "\"rg-data\"",
                    "\"rg-platform\"",
                    "\"rg-none\"",
                ])
            }),
            "resource" => self.one(&["\"vm-1\"", "\"kv-*\"", "\"web-2\"", "\"st-*\"", "\"mi-app\""]),
            _ => String::new(),
        }
    }

    fn scope_of_type(&mut self) -> String {
        self.one(&[
            "resource of type \"Microsoft.KeyVault/vaults\"",
            "resource of type \"Microsoft.Storage/storageAccounts\"",
            "resource of type \"Microsoft.Compute/*\", \"Microsoft.Web/sites\"",
        ])
    }

    fn sub_scope(&mut self) -> String {
        self.one(&[
            "(resource where resource.identities is not empty)",
            "(resource where resource.tags[\"environment\"] == \"prod\")",
            "(resource_group where resource_group.tags[\"owner\"] is not present)",
            "(subscription where subscription.tags[\"environment\"] != \"prod\")",
            "(subscription \"prod-*\" where subscription.tags[\"owner\"] is present)",
            "(resource of type \"Microsoft.KeyVault/vaults\" where resource.location == \"westeurope\")",
        ])
    }

    fn scope(&mut self, preposition: &str) -> String {
        match self.chance.below(20) {
            0..=7 => {
                if preposition == "at" {
                    self.one(&["root", "management_group", "subscription", "resource_group", "resource"])
                } else {
                    self.one(&["management_group", "subscription", "resource_group", "resource"])
                }
            }
            8..=14 => {
                let level = self.one(&[
                    "subscription",
                    "subscription",
                    "resource_group",
                    "management_group",
                    "resource",
                ]);
                let names = self.scope_names(&level);
                let qualifier = if level == "resource_group" || level == "resource" {
                    self.maybe(40, |w| format!(" in subscription {}", w.scope_names("subscription")))
                } else if level == "subscription" {
                    self.maybe(20, |w| format!(" in management_group {}", w.scope_names("management_group")))
                } else {
                    String::new()
                };
                format!("{level} {names}{qualifier}")
            }
            15..=16 => self.scope_of_type(),
            _ => self.sub_scope(),
        }
    }

    fn scopes(&mut self) -> String {
        let preposition = self.one(&["at", "at", "on", "on", "within"]);
        let mut items = vec![];
        for _ in 0..if self.chance.percent(75) { 1 } else { 2 } {
            let mut item = self.scope(&preposition);
            if preposition == "at" && self.chance.percent(35) && !item.starts_with('(') && item != "root" {
                item += " or above";
            }
            if !items.contains(&item) {
                items.push(item);
            }
        }
        let except = self.maybe(15, |w| {
            let level = w.one(&["subscription", "resource_group", "management_group"]);
            format!(" except {level} {}", w.scope_names(&level))
        });
        format!(" {preposition} {}{except}", items.join(", "))
    }

    fn who(&mut self) -> String {
        match self.chance.below(24) {
            0..=3 => "user".to_owned(),
            4..=6 => "managed_identity".to_owned(),
            7 => "guest".to_owned(),
            8 => "group".to_owned(),
            9..=10 => "service_principal".to_owned(),
            11 => self.one(&["user_assigned", "system_assigned"]),
            12 => "missing_principal".to_owned(),
            13 => "principal".to_owned(),
            14..=15 => {
                let name = self.one(&[
                    "\"alice@contoso.example\"",
                    "\"b*\"",
                    "\"*@contoso.example\"",
                    "\"nobody@x\"",
                    "10000002-0000-4000-8000-000000000002",
                ]);
                format!("user {name}")
            }
            16 => format!("group {}", self.group_names()),
            17..=18 => format!("user in group {}", self.group_names()),
            19 => format!("managed_identity in subscription {}", self.scope_names("subscription")),
            20 => {
                let name = self.one(&["\"mi-app\"", "\"mi-*\"", "\"mi-terraform\", \"mi-ci\""]);
                let qualifier =
                    self.maybe(60, |w| format!(" in resource_group {}", w.scope_names("resource_group")));
                format!("user_assigned {name}{qualifier}")
            }
            21 => {
                let names = self.one(&["\"sp-*\"", "\"sp-deploy\"", "\"mi-ci\""]);
                format!("service_principal {names}")
            }
            _ => self.sub_principal(),
        }
    }

    fn group_names(&mut self) -> String {
        self.one(&[
            "\"sg-operators\"",
            "\"sg-operators\"",
            "\"sg-platform\"",
            "\"sg-platform\"",
            "\"sg-*\"",
            "\"sg-owners\", \"sg-apps\"",
            "\"sg-none\"",
            "\"sg-nested\"",
        ])
    }

    fn sub_principal(&mut self) -> String {
        self.one(&[
            "(user where not user.enabled)",
            "(user where user.enabled and (user.last_sign_in is not present or age(user.last_sign_in) > stale-after))",
            "(user where user.department == \"Finance\")",
            "(user_assigned where user_assigned.tags[\"environment\"] == \"prod\")",
            "(user_assigned where user_assigned.attachments is empty)",
            "(managed_identity where some r in managed_identity.attachments satisfies r.type == \"Microsoft.Web/sites\")",
            "(service_principal where service_principal.type == \"Legacy\")",
            "(group where group.role_assignable)",
        ])
    }

    fn principals(&mut self) -> String {
        let who = if self.chance.percent(15) { "anyone".to_owned() } else { self.list(3, |w| w.who()) };
        let except = self.maybe(if who == "anyone" { 80 } else { 25 }, |w| {
            let freed = match w.chance.below(6) {
                0 | 1 => format!("group {}", w.group_names()),
                2 | 3 => format!("user in group {}", w.group_names()),
                4 => "user_assigned \"mi-terraform\"".to_owned(),
                _ => w.who(),
            };
            format!(" except {freed}")
        });
        format!(" for {who}{except}")
    }

    fn condition_of_grant(&mut self) -> String {
        let one = |w: &mut Writer| {
            w.one(&[
                "assignment.condition is present",
                "assignment.created_by.name != \"mi-ci\"",
                "assignment.end is not present",
                "assignment.end is not present or assignment.start is not present or assignment.end - assignment.start > max-assignment",
                "assignment.created is present and age(assignment.created) > 180 days",
                "assignment.created is present and assignment.created < 2026-06-01",
                "assignment.state == \"active\"",
                "assignment.assignee_type == \"User\"",
                "role.type == \"CustomRole\"",
                "role.actions contains \"*\"",
                "role.name matches \"*Owner*\"",
                "role.not_actions is empty",
                "scope.level == \"subscription\"",
                "scope.level in [\"root\", \"management_group\"]",
                "scope.name matches \"rg-*\"",
                "scope.tags[\"environment\"] == \"prod\"",
                "scope.subscription.name matches prod-subs",
                "some m in scope.management_groups satisfies m.name == \"mg-corp\"",
                "principal.name matches \"a*\"",
                "some g in principal.groups satisfies g.name == \"sg-owners\"",
                "count(principal.groups) > 1",
                "count(principal.role_assignments) > many",
                "principal is user",
                "principal is managed_identity",
                "principal is not group",
                "assignee is group",
                "via is empty",
                "count(via) == 1",
                "count(via) > 1",
                "principal.name is known",
                "principal.id != assignee.id",
            ])
        };
        match self.chance.below(8) {
            0 => {
                let (a, b) = (one(self), one(self));
                format!("({a}) and ({b})")
            }
            1 => {
                let (a, b) = (one(self), one(self));
                format!("({a}) or ({b})")
            }
            2 => format!("not ({})", one(self)),
            _ => one(self),
        }
    }

    /// Adjectives, roles, and for whom: no managed identity or service principal is eligible.
    fn head_and_principals(&mut self, percent: usize) -> (String, String) {
        loop {
            let (head, principals) = (self.head(), self.maybe(percent, |w| w.principals()));
            let services = ["identity", "_assigned", "service_principal"];
            let people = ["anyone", "user ", "user,", " group", "(group", "guest", " principal,", "missing"];
            let only_services = principals.split(" except ").next().is_some_and(|who| {
                services.iter().any(|word| who.contains(word))
                    && !people.iter().any(|word| who.contains(word))
            });
            if !(head.contains("eligible") && only_services) {
                return (head, principals);
            }
        }
    }

    fn grant(&mut self, rich: bool) -> String {
        let (head, principals) = self.head_and_principals(70);
        let scopes = self.maybe(60, |w| w.scopes());
        let also = self.maybe(if rich { 12 } else { 0 }, |w| {
            let head = w.head();
            let place = w.maybe(60, |w| {
                if w.chance.one_in(2) {
                    let level = w.one(&["subscription", "resource_group", "management_group", "resource"]);
                    format!(" on same {level}")
                } else {
                    let preposition = w.one(&["at", "on", "within"]);
                    let item = w.scope(&preposition);
                    format!(" {preposition} {item}")
                }
            });
            format!(" also holding {head}{place}")
        });
        let condition = self.maybe(30, |w| {
            let word = w.one(&["where", "where", "unless"]);
            format!(" {word} ({})", w.condition_of_grant())
        });
        format!("{head}{scopes}{principals}{also}{condition}")
    }

    fn bounds(&mut self) -> String {
        let n = self.chance.between(1, 4);
        match self.chance.below(5) {
            0 => format!("if fewer than {n}"),
            1 => format!("if fewer than {n} or more than {}", n + 2),
            2 => "if more than many".to_owned(),
            _ => format!("if more than {n}"),
        }
    }

    fn grant_count(&mut self) -> String {
        let (head, principals) = self.head_and_principals(50);
        let (place, per) = match self.chance.below(8) {
            0 => (" at subscription".to_owned(), " per subscription".to_owned()),
            1 => (" within subscription".to_owned(), " per subscription".to_owned()),
            2 => (" on subscription \"prod-*\"".to_owned(), " per subscription".to_owned()),
            3 => (" at resource_group".to_owned(), " per resource_group".to_owned()),
            4 => (" within management_group \"mg-corp\"".to_owned(), " per subscription".to_owned()),
            5 => (
                String::new(),
                self.maybe(50, |w| w.one(&[" per subscription", " per tenant", " per role.name"])),
            ),
            6 => (" at subscription or above".to_owned(), " per subscription".to_owned()),
            _ => (self.scopes(), String::new()),
        };
        let narrow =
            !principals.is_empty() && !principals.contains("anyone") && !principals.contains("for principal");
        let unit = self.maybe(60, |w| {
            if narrow {
                return w.one(&[" principals", " assignments", " scopes"]);
            }
            w.one(&[" principals", " users", " guests", " groups", " identities", " assignments", " scopes"])
        });
        let bounds = self.bounds();
        format!("{head}{place}{principals} {bounds}{unit}{per}")
    }

    // Entities

    fn entity_condition(&mut self, noun: &str) -> String {
        let all: &[&str] = match noun {
            "user" => &[
                "not user.enabled",
                "user.enabled",
                "user.last_sign_in is not present or age(user.last_sign_in) > stale-after",
                "user.enabled and user.role_assignments is not empty",
                "user.type == \"Guest\"",
                "user.department == \"Finance\"",
                "user.department != \"Finance\"",
                "user.department is not present",
                "count(user.role_assignments) > 2",
                "count(a in user.role_assignments where a.scope.level == \"subscription\") > 1",
                "some a in user.direct_role_assignments satisfies a.role.name == \"Owner\"",
                "every g in user.groups satisfies g.name matches \"sg-*\"",
                "no g in user.groups satisfies g.name == \"sg-operators\"",
                "user.name matches /^[a-d].*@contoso\\.example$/",
                "user.enabled is known",
                "user is guest",
            ],
            "guest" => {
                &["guest.enabled", "guest.role_assignments is not empty", "guest.department is present"]
            }
            "group" => &[
                "group.members is empty",
                "count(group.members) > 2",
                "not group.role_assignable",
                "group.security and group.role_assignable",
                "some m in group.members satisfies m is managed_identity",
                "group.role_assignments is not empty and not group.role_assignable",
            ],
            "service_principal" => &[
                "service_principal.type == \"Legacy\"",
                "not service_principal.enabled",
                "service_principal.role_assignments is not empty",
                "service_principal is managed_identity",
                "service_principal.type in [\"Legacy\", \"ManagedIdentity\"]",
            ],
            "managed_identity" => &[
                "managed_identity.attachments is empty",
                "managed_identity.subscription.name matches prod-subs",
                "managed_identity.role_assignments is empty",
                "some r in managed_identity.attachments satisfies r.type == \"Microsoft.Web/sites\"",
                "managed_identity is user_assigned",
            ],
            "user_assigned" => &[
                "user_assigned.attachments is empty",
                "user_assigned.attachments is empty and user_assigned.federated_credentials is empty",
                "count(user_assigned.attachments) > 1",
                "user_assigned.tags[\"environment\"] == \"prod\"",
                "user_assigned.tags[\"owner\"] is not present",
                "some a in user_assigned.attachments satisfies a.subscription.name matches prod-subs",
                "user_assigned.name matches /^mi-[a-z]+$/",
                "user_assigned.resource_group.name == \"rg-platform\"",
                "count(user_assigned.federated_credentials) > 1",
                "user_assigned.direct_role_assignments is empty",
            ],
            "system_assigned" => &[
                "system_assigned.grants is not empty",
                "system_assigned.resource.type in [\"Microsoft.Compute/virtualMachines\", \"Microsoft.Web/sites\"]",
                "system_assigned.resource.tags[\"environment\"] == \"prod\"",
                "system_assigned.resource.location != \"westeurope\"",
            ],
            "resource" => &[
                "resource.identities is not empty",
                "count(resource.identities) > 1",
                "resource.tags[\"environment\"] == \"prod\" and resource.user_assigned is not empty",
                "resource.type == \"Microsoft.KeyVault/vaults\"",
                "resource.location in regions",
                "resource.location not in regions",
                "resource.system_assigned is present",
                "some i in resource.identities satisfies i.role_assignments is not empty",
                "resource.tags is empty",
            ],
            "resource_group" => &[
                "resource_group.tags[\"owner\"] is not present",
                "resource_group.tags[\"ENVIRONMENT\"] == \"prod\"",
                "resource_group.subscription.name == \"prod-shop\"",
            ],
            "subscription" => &[
                "subscription.tags[\"environment\"] == \"prod\"",
                "some m in subscription.management_groups satisfies m.name == \"mg-corp\"",
                "subscription.name matches prod-subs",
                "count(subscription.management_groups) > 2",
            ],
            "role_definition" => &[
                "role_definition.type == \"CustomRole\"",
                "role_definition.type == \"CustomRole\" and role_definition.actions contains \"*\"",
                "role_definition.type == \"CustomRole\" and role_definition.assignments is empty",
                "role_definition.data_actions is not empty",
                "count(role_definition.assignable_scopes) > 1",
            ],
            "federated_credential" => &[
                "not (federated_credential.issuer matches issuers)",
                "federated_credential.subject matches \"*:pull_request\"",
                "federated_credential.subject is not present",
                "federated_credential.issuer == \"https://token.actions.githubusercontent.com\" and not (federated_credential.subject matches /^repo:contoso\\/[a-z-]+:environment:prod$/)",
                "federated_credential.identity.name == \"mi-ci\"",
            ],
            "credential" => &[
                "credential.expires < today",
                "credential.kind == \"password\"",
                "credential.kind == \"password\" and (credential.starts is not present or credential.expires - credential.starts > 200 days)",
                "credential.expires > today + 100 days",
            ],
            "application" => &[
                "count(application.owners) < 2",
                "some s in application.credentials satisfies s.expires > today",
                "application.credentials is empty",
                "some o in application.owners satisfies o is guest",
            ],
            "role_assignment" => &[
                "role_assignment.condition is present",
                "role_assignment.scope.level == \"subscription\" and role_assignment.role.name == \"Owner\"",
                "role_assignment.assignee is managed_identity",
                "role_assignment.state == \"eligible\"",
                "role_assignment.role.type == \"CustomRole\"",
            ],
            _ => return String::new(),
        };
        let one = self.one(all);
        if self.chance.one_in(8) { format!("not ({one})") } else { one }
    }

    fn noun(&mut self) -> String {
        self.one(&[
            "user",
            "user",
            "user",
            "guest",
            "group",
            "service_principal",
            "managed_identity",
            "user_assigned",
            "user_assigned",
            "system_assigned",
            "resource",
            "resource",
            "resource_group",
            "subscription",
            "role_definition",
            "federated_credential",
            "credential",
            "application",
            "role_assignment",
            "missing_principal",
            "management_group",
        ])
    }

    fn entity_head(&mut self, noun: &str) -> String {
        let names = self.maybe(20, |w| match noun {
            "subscription" | "resource_group" | "management_group" | "resource" => {
                format!(" {}", w.scope_names(noun))
            }
            "user" => w.one(&[" \"a*\"", " \"bob@contoso.example\"", " \"nobody@x\""]),
            "group" => format!(" {}", w.group_names()),
            "user_assigned" => w.one(&[" \"mi-app\"", " \"mi-*\"", " \"mi-none\""]),
            "federated_credential" => " \"fic-0\"".to_owned(),
            "application" => " \"app-deploy\"".to_owned(),
            _ => String::new(),
        });
        let of_type = if noun == "resource" {
            self.maybe(30, |w| {
                w.one(&[" of type \"Microsoft.KeyVault/vaults\"", " of type \"Microsoft.Compute/*\""])
            })
        } else {
            String::new()
        };
        let qualifier = match noun {
            "user_assigned" | "system_assigned" | "managed_identity" | "resource" => {
                self.maybe(15, |w| format!(" in resource_group {}", w.scope_names("resource_group")))
            }
            "user" | "guest" => self.maybe(15, |w| format!(" in group {}", w.group_names())),
            _ => String::new(),
        };
        let within = match noun {
            "user_assigned" | "system_assigned" | "managed_identity" | "resource" | "resource_group"
            | "role_assignment" => self.maybe(30, |w| {
                let item = w.scope("within");
                let except =
                    w.maybe(10, |w| format!(" except resource_group {}", w.scope_names("resource_group")));
                format!(" within {item}{except}")
            }),
            _ => String::new(),
        };
        format!("{noun}{of_type}{names}{qualifier}{within}")
    }

    fn entity(&mut self) -> String {
        let noun = self.noun();
        let head = self.entity_head(&noun);
        let condition = self.entity_condition(&noun);
        if condition.is_empty() || self.chance.percent(8) {
            return head;
        }
        let word = self.one(&["where", "where", "where", "unless"]);
        format!("{head} {word} {condition}")
    }

    fn require_every_entity(&mut self) -> String {
        loop {
            let noun = self.noun();
            let that = self.entity_condition(&noun);
            if that.is_empty() {
                continue;
            }
            let head = self.entity_head(&noun);
            let condition = self.maybe(30, |w| format!(" where {}", w.entity_condition(&noun)));
            return format!("require every {head}{condition} to satisfy ({that})");
        }
    }

    fn entity_count(&mut self) -> String {
        let bounds = self.bounds();
        match self.chance.below(10) {
            0 => format!(
                "system_assigned where system_assigned.grants is not empty {bounds} per system_assigned.grants"
            ),
            1 => format!("federated_credential {bounds} per federated_credential.identity"),
            2 => format!("resource {bounds} per subscription"),
            3 => format!("resource {bounds} per resource.resource_group, resource.type"),
            4 => format!("role_definition where role_definition.type == \"CustomRole\" {bounds} per tenant"),
            5 => format!("user_assigned {bounds} per resource_group"),
            6 => format!("user where user.enabled {bounds}"),
            7 => format!("system_assigned {bounds} per system_assigned.resource.type"),
            8 => format!("resource where resource.identities is not empty {bounds} per resource_group"),
            _ => {
                let noun = self.noun();
                format!("{} {bounds}", self.entity_head(&noun))
            }
        }
    }

    fn waiver(&mut self, rule: usize, is_grant: bool) -> String {
        // The sets and parameters of the policy are not the waiver file's.
        let clause = loop {
            let clause = if is_grant {
                match self.chance.below(3) {
                    0 => format!("for {}", self.who()),
                    1 => format!("within subscription {}", self.scope_names("subscription")),
                    _ => format!("on subscription {}", self.scope_names("subscription")),
                }
            } else {
                format!("within subscription {}", self.scope_names("subscription"))
            };
            if !clause.contains("prod-subs") && !clause.contains("stale-after") {
                break clause;
            }
        };
        let until = self.one(&["2027-03-31", "2026-11-20", "2026-11-19"]);
        format!(
            "waive p/r{rule}\n  {clause}\n  until {until} because \"x\" approved by \"y@contoso.example\"\n"
        )
    }
}
