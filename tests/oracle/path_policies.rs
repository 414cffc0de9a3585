//! Sentences about paths by chance, about the names that path_tenants.rs gives.

use super::chance::Chance;

/// A policy file of some path rules (`r0`, `r1`, ...).
pub(crate) fn policy(seed: u64, rules: usize) -> String {
    let mut writer = Writer { chance: Chance::new(seed ^ 0x5A17) };
    let mut text = String::from(
        "policy p\nlet broad = Owner, Contributor, \"User Access Administrator\"\nlet prod-subs = \"prod-*\"\n",
    );
    for i in 0..rules {
        text += &format!("rule r{i}\n  {}\n", writer.sentence());
    }
    text
}

struct Writer {
    chance: Chance,
}

const STEPS: [&str; 7] = [
    "membership",
    "code_execution",
    "identity_attachment",
    "federation",
    "role_grant",
    "role_definition",
    "ownership",
];

impl Writer {
    fn one(&mut self, all: &[&str]) -> String {
        (*self.chance.pick(all)).to_owned()
    }
    fn maybe(&mut self, percent: usize, text: impl FnOnce(&mut Writer) -> String) -> String {
        if self.chance.percent(percent) { text(self) } else { String::new() }
    }

    fn sentence(&mut self) -> String {
        let effect = self.one(&["deny", "deny", "deny", "deny", "deny", "deny", "warn", "advise"]);
        let from = self.from();
        let grant = self.chance.percent(58);
        let to = if grant { self.grant() } else { self.principals() };
        let through = self.maybe(18, |w| {
            format!(
                " through {}",
                w.one(&[
                    "managed_identity",
                    "managed_identity",
                    "user_assigned",
                    "user_assigned \"mi-app\"",
                    "system_assigned",
                    "service_principal",
                    "user",
                    "group",
                    "principal except user_assigned \"mi-app\"",
                ])
            )
        });
        let by = self.maybe(28, |w| {
            let mut steps = STEPS.to_vec();
            w.chance.shuffle(&mut steps);
            let n = w.chance.between(1, 4);
            format!(" by {}", steps[..n].join(", "))
        });
        let most =
            self.maybe(22, |w| w.one(&[" in at most 1 step", " in at most 2 steps", " in at most 3 steps"]));
        let condition = self.maybe(16, |w| {
            let word = w.one(&["where", "where", "unless"]);
            format!(" {word} {}", w.condition(&from, grant, &to))
        });
        format!("{effect} path from {from} to {to}{through}{by}{most}{condition}")
    }

    fn from(&mut self) -> String {
        match self.chance.below(40) {
            0..=11 => "user".to_owned(),
            12..=14 => "guest".to_owned(),
            15 => "principal".to_owned(),
            16 => "anyone".to_owned(),
            17..=21 => "managed_identity".to_owned(),
            22..=23 => "service_principal".to_owned(),
            24 => "system_assigned".to_owned(),
            25 => "user_assigned".to_owned(),
            26 => "group".to_owned(),
            27..=29 => {
                let name = self.one(&["alice@contoso.example", "b*", "*@contoso.example", "carol*"]);
                format!("user \"{name}\"")
            }
            30..=31 => format!("user in group {}", self.group()),
            32..=33 => format!("user except user in group {}", self.group()),
            34 => "user except group \"sg-operators\"".to_owned(),
            35 => "(user where user.enabled)".to_owned(),
            36 => "user, managed_identity".to_owned(),
            37 => "application".to_owned(),
            38 => "user_assigned \"mi-ci\", user_assigned \"mi-app\"".to_owned(),
            _ => "managed_identity in resource_group \"rg-app\"".to_owned(),
        }
    }

    fn group(&mut self) -> String {
        self.one(&["\"sg-operators\"", "\"sg-operators\"", "\"sg-platform\"", "\"sg-*\"", "\"sg-none\""])
    }

    fn principals(&mut self) -> String {
        self.one(&[
            "managed_identity",
            "managed_identity",
            "managed_identity",
            "user_assigned",
            "user_assigned \"mi-app\"",
            "user_assigned \"mi-ci\", user_assigned \"mi-app\"",
            "user_assigned \"mi-none\"",
            "system_assigned",
            "service_principal",
            "application",
            "group",
            "group \"sg-platform\"",
            "principal",
            "principal except managed_identity",
            "managed_identity in resource_group \"rg-app\"",
            "managed_identity in subscription \"prod-*\"",
            "managed_identity except user_assigned \"mi-app\"",
            "user",
            "(user_assigned where user_assigned.attachments is empty)",
        ])
    }

    fn head(&mut self) -> String {
        let state = self.maybe(15, |w| w.one(&["active ", "active ", "eligible ", "standing "]));
        let way = self.maybe(10, |w| w.one(&["direct ", "inherited "]));
        let roles = self.one(&[
            "privileged role",
            "privileged role",
            "privileged role",
            "privileged role",
            "role Owner",
            "role Owner",
            "role broad",
            "role Contributor",
            "role \"User Access Administrator\", \"Role Based Access Control Administrator\"",
            "role Reader, \"Storage Blob Data Contributor\"",
            "role \"Virtual Machine Contributor\"",
            "role \"Key Vault *\"",
            "role \"Key Vault Secrets User\"",
            "role granting secret-read",
            "role granting access-management",
            "role granting identity-assignment",
            "role granting \"Microsoft.Authorization/roleAssignments/write\"",
            "role granting data \"Microsoft.Storage/*/write\"",
            "role granting all \"*\"",
            "custom role",
            "built_in privileged role",
            "role Deployer, \"Role Writer\"",
            "role broad except Owner",
            "any role",
            "any role except Reader",
            "role \"No Such Role\"",
            "role d0000001-0000-4000-8000-000000000001, f0000001-0000-4000-8000-000000000001",
        ]);
        match roles.strip_prefix("any ") {
            Some(role) if !state.is_empty() || !way.is_empty() => format!("any {state}{way}{role}"),
            _ => format!("{state}{way}{roles}"),
        }
    }

    fn grant(&mut self) -> String {
        let head = self.head();
        let scopes = self.maybe(55, |w| {
            w.one(&[
                " at subscription or above",
                " at subscription or above",
                " at subscription",
                " at resource_group",
                " at resource_group or above",
                " at resource",
                " at root, management_group",
                " at resource_group \"rg-app\" or above",
                " on subscription \"prod-*\"",
                " on subscription prod-subs except resource_group \"rg-app\"",
                " on resource of type \"Microsoft.KeyVault/vaults\"",
                " on resource of type \"Microsoft.KeyVault/vaults\"",
                " on resource_group \"rg-app\"",
                " on resource_group",
                " within subscription \"prod-*\"",
                " within resource_group \"rg-app\", resource_group \"rg-data\"",
                " within management_group \"mg-corp\"",
                " on (resource where resource.identities is not empty)",
                " at resource_group \"rg-none\"",
                " at subscription, resource_group \"rg-data\"",
                " within resource of type \"Microsoft.Compute/*\"",
            ])
        });
        format!("{head}{scopes}")
    }

    fn condition(&mut self, from: &str, grant: bool, to: &str) -> String {
        let people = from.starts_with("user") && !from.contains(',') && !from.starts_with("user_assigned")
            || from == "guest";
        let mut all = vec![
            "path.length > 1",
            "path.length <= 2",
            "path.length == 1",
            "path.length != 2",
            "source.name matches \"*a*\"",
            "source.name is known",
            "count(source.groups) > 0",
            "source.role_assignments is empty",
        ];
        if people {
            all.extend(["source.enabled", "(source.enabled and path.length < 3)"]);
        }
        if grant {
            all.extend([
                "target.scope.level == \"subscription\"",
                "target.scope.level in [\"root\", \"management_group\", \"subscription\"]",
                "target.role.name == \"Owner\"",
                "target.role.type == \"BuiltInRole\"",
                "target.scope.name matches \"rg-*\"",
            ]);
        } else {
            all.extend(["target.name matches \"mi-*\"", "target.role_assignments is not empty"]);
            if to.starts_with("managed_identity") || to.starts_with("user_assigned") {
                all.push("target.attachments is empty");
            }
        }
        let all: Vec<&str> = all;
        self.one(&all)
    }
}
