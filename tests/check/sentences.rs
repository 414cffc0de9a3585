//! Grants, scopes, principals, entities, counts and paths.

use super::{codes, fine, told};
use insta::assert_snapshot;

#[test]
fn d080_adjectives_that_exclude_each_other() {
    assert_snapshot!(told("deny active eligible role for user"), @r#"
        error[D080]: no assignment is both active and eligible
         --> policy.dictum:1:13
          |
        1 | deny active eligible role for user
          |      ------ ^^^^^^^^ an assignment is either in force or only eligible
          |
          = help: keep one of them; without either, both sorts are meant
        "#);
    assert_snapshot!(told("deny direct privileged direct role for user"), @r#"
        error[D080]: `direct` is written twice
         --> policy.dictum:1:24
          |
        1 | deny direct privileged direct role for user
          |      ------ first      ^^^^^^ again
        "#);
    assert_snapshot!(told("deny eligible role Owner for managed_identity, service_principal"), @r#"
        error[D080]: no managed_identity or service_principal is eligible for a role
         --> policy.dictum:1:6
          |
        1 | deny eligible role Owner for managed_identity, service_principal
          |      ^^^^^^^^                ---------------- never eligible
          |      |
          |      Privileged Identity Management makes users and groups eligible
          |
          = help: leave out `eligible`
        "#);
    for text in [
        "deny standing eligible role for user",
        "deny custom built_in role for user",
        "deny direct inherited role for user",
    ] {
        assert_eq!(codes(text), ["D080"], "{text}");
    }
    fine("deny active custom direct privileged role for user");
    fine("deny eligible role Owner for managed_identity, user");
}

#[test]
fn d082_nothing_is_above_the_root() {
    assert_snapshot!(told("deny role Owner at root or above for user"), @r#"
        error[D082]: nothing is above the root
         --> policy.dictum:1:25
          |
        1 | deny role Owner at root or above for user
          |                         ^^^^^^^^ leave this out
        "#);
    fine("deny role Owner at management_group or above for user");
}

#[test]
fn d083_a_type_where_there_is_none() {
    assert_snapshot!(told("deny subscription of type \"Microsoft.Web/sites\""), @r#"
        error[D083]: only a `resource` has a type, a `subscription` has none
         --> policy.dictum:1:27
          |
        1 | deny subscription of type "Microsoft.Web/sites"
          |                           ^^^^^^^^^^^^^^^^^^^^^ leave `of type` out, or write `resource of type ...`
        "#);
    assert_snapshot!(told("deny role Owner on resource of type \"vaults\" for user"), @r#"
        error[D083]: "vaults" is not a resource type
         --> policy.dictum:1:37
          |
        1 | deny role Owner on resource of type "vaults" for user
          |                                     ^^^^^^^^ a type has a namespace, a slash and a name
          |
          = help: write it as in "Microsoft.Compute/virtualMachines"
        "#);
    fine("deny role Owner on resource of type \"Microsoft.KeyVault/vaults\" for user");
}

#[test]
fn d084_in_something_that_cannot_hold_it() {
    assert_snapshot!(told("deny role Owner for user \"alice\" in subscription \"prod\""), @r#"
        error[D084]: a `user` is not in a `subscription`
         --> policy.dictum:1:37
          |
        1 | deny role Owner for user "alice" in subscription "prod"
          |                     ----            ^^^^^^^^^^^^ cannot hold it
          |
          = a `user` can be in: group
        "#);
    assert_snapshot!(told("deny role Owner at subscription \"prod\" in resource_group \"rg\""), @r#"
        error[D084]: a `subscription` is not in a `resource_group`
         --> policy.dictum:1:43
          |
        1 | deny role Owner at subscription "prod" in resource_group "rg"
          |                    ------------           ^^^^^^^^^^^^^^ cannot hold it
          |
          = a `subscription` can be in: management_group
        "#);
    assert_snapshot!(told("deny role Owner for user_assigned \"mi\" in resource_group \"rg\" in group \"g\""), @r#"
        error[D084]: a `resource_group` is not in a `group`
         --> policy.dictum:1:66
          |
        1 | deny role Owner for user_assigned "mi" in resource_group "rg" in group "g"
          |                                           --------------         ^^^^^ cannot hold it
          |
          = a qualifier belongs to the name before it; groups hold principals
          = a `resource_group` can be in: management_group, subscription
        "#);
    assert_eq!(codes("deny role Owner for missing_principal in group \"g\""), ["D084"]);
    fine("deny role Owner for user \"alice\" in group \"sg\"");
    fine(
        "deny role Owner for user_assigned \"mi\" in resource_group \"rg\" in subscription \"prod\" in management_group \"mg\"",
    );
    fine("deny federated_credential \"gh\" in user_assigned \"mi\"");
}

#[test]
fn d085_a_selector_of_another_sort() {
    assert_snapshot!(told("deny role Owner on (user where user.enabled) for group"), @r#"
        error[D085]: a `user` is not a scope
         --> policy.dictum:1:21
          |
        1 | deny role Owner on (user where user.enabled) for group
          |                     ^^^^ a scope is expected here
          |
          = scopes are: root, management_group, subscription, resource_group, resource
        "#);
    assert_snapshot!(told("deny role Owner for (application where application.credentials is not empty)"), @r#"
        error[D085]: an `application` does not hold roles
         --> policy.dictum:1:22
          |
        1 | deny role Owner for (application where application.credentials is not empty)
          |                      ^^^^^^^^^^^ a kind of principal is expected here
          |
          = help: an application holds roles as its service principal: write `service_principal`
        "#);
    fine(
        "deny role Owner on (resource where resource.identities is not empty) for (user where user.enabled)",
    );
}

#[test]
fn d086_within_for_something_that_is_nowhere() {
    assert_snapshot!(told("deny user within subscription \"prod\""), @r#"
        error[D086]: a `user` is not in any scope
         --> policy.dictum:1:11
          |
        1 | deny user within subscription "prod"
          |      ---- ^^^^^^ leave this clause out
          |
          = of the principals, only managed identities are resources in a scope
        "#);
    fine("deny user_assigned within subscription \"prod\"");
    fine("deny role_assignment within subscription \"prod\"");
}

#[test]
fn d087_what_only_azure_roles_have() {
    assert_snapshot!(told("deny directory_role \"Global Administrator\" at subscription for user"), @r#"
        error[D087]: a `directory_role` is held in the whole directory, not at a scope
         --> policy.dictum:1:44
          |
        1 | deny directory_role "Global Administrator" at subscription for user
          |      --------------                        ^^ leave this clause out
        "#);
    assert_snapshot!(told("deny app_role granting secret-read for user"), @r#"
        error[D087]: an `app_role` grants no Azure actions
         --> policy.dictum:1:6
          |
        1 | deny app_role granting secret-read for user
          |      ^^^^^^^^ only a `role` has actions
          |
          = help: name the roles: `app_role "..."`
        "#);
    assert_snapshot!(told("deny privileged directory_role for user"), @r#"
        error[D087]: `privileged` is not said of a `directory_role`
         --> policy.dictum:1:6
          |
        1 | deny privileged directory_role for user
          |      ^^^^^^^^^^ an Azure `role` is privileged by the actions that it grants
          |
          = help: name the roles, as in `directory_role "..."`, or write `any directory_role`
        "#);
    assert_eq!(codes("deny eligible app_role for user"), ["D087"]);
    assert_eq!(
        codes(
            "deny directory_role \"Global Administrator\" for user also holding role Owner on same subscription"
        ),
        ["D087"]
    );
    fine("deny directory_role \"Global Administrator\" for user also holding role Owner on subscription");
    fine("deny eligible directory_role \"Global Administrator\" for user");
}

#[test]
fn d088_the_root_has_no_name() {
    assert_snapshot!(told("deny role Owner at root \"tenant\""), @r#"
        error[D088]: the root has no name
         --> policy.dictum:1:25
          |
        1 | deny role Owner at root "tenant"
          |                         ^^^^^^^^ there is one root: leave this out
        "#);
    fine("deny role Owner at root");
}

#[test]
fn d090_not_an_action() {
    assert_snapshot!(told("deny role granting \"Microsoft.Compute/virtualMachines/wirte\" for user"), @r#"
        error[D090]: an operation ends in `read`, `write`, `delete` or `action`, not in `wirte`
         --> policy.dictum:1:20
          |
        1 | deny role granting "Microsoft.Compute/virtualMachines/wirte" for user
          |                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ not an action
          |
          = help: did you mean `write`?
        "#);
    fine("deny role granting \"Microsoft.Compute/virtualMachines/write\" for user");
}

#[test]
fn d091_every_role_or_none() {
    assert_snapshot!(told("deny role granting \"*\" for user"), @r#"
        error[D091]: every role grants something of "*"
         --> policy.dictum:1:20
          |
        1 | deny role granting "*" for user
          |                    ^^^ at least one operation of all that there are
          |
          = help: write `granting all "*"` for the roles that grant everything
        "#);
    assert_snapshot!(told("deny role granting beyond \"*\" for user"), @r#"
        error[D091]: no role grants anything beyond "*"
         --> policy.dictum:1:27
          |
        1 | deny role granting beyond "*" for user
          |                           ^^^ nothing is left beyond it
          |
          = help: name the actions that a role may grant
        "#);
    fine("deny role granting all \"*\" for user");
    fine("deny role granting beyond \"*/read\" for user");
}

#[test]
fn d092_a_data_action_without_data() {
    assert_snapshot!(told("deny role granting \"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write\" for user"), @r#"
        error[D092]: "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write" is a data action
         --> policy.dictum:1:20
          |
        1 | deny role granting "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write" for user
          |                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ built-in roles grant it as a data action, and never as an action
          |
          = help: write `granting data "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write"`
        "#);
    fine(
        "deny role granting data \"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write\" for user",
    );
    fine("deny role granting \"Microsoft.Storage/*/write\" for user");
}

#[test]
fn d093_a_name_where_an_action_is_expected() {
    assert_snapshot!(told("deny role granting Owner for user"), @r#"
        error[D093]: `Owner` is not an action
         --> policy.dictum:1:20
          |
        1 | deny role granting Owner for user
          |                    ^^^^^ an action or a set of actions is expected here
          |
          = help: write an action in quotes, as in "Microsoft.Compute/virtualMachines/write"
        "#);
}

#[test]
fn d094_a_capability_without_data_actions() {
    assert_snapshot!(told("deny role granting data access-management for user"), @r#"
        error[D094]: `access-management` holds no data actions
         --> policy.dictum:1:25
          |
        1 | deny role granting data access-management for user
          |                         ^^^^^^^^^^^^^^^^^ all of it is in the control plane
          |
          = help: write `granting access-management`
        "#);
    fine("deny role granting access-management for user");
}

#[test]
fn d100_bounds_that_say_nothing() {
    assert_snapshot!(told("deny role Owner at subscription if fewer than 5 or more than 3 principals"), @r#"
        error[D100]: every number is fewer than 5 or more than 3
         --> policy.dictum:1:36
          |
        1 | deny role Owner at subscription if fewer than 5 or more than 3 principals
          |                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^ always true
          |
          = help: write `fewer than 3 or more than 5`
        "#);
    assert_snapshot!(told("deny role Owner at subscription if more than 3 or more than 5 principals"), @r#"
        error[D100]: `more than` twice is `more than` once
         --> policy.dictum:1:36
          |
        1 | deny role Owner at subscription if more than 3 or more than 5 principals
          |                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^ one of them says nothing
          |
          = help: keep one of them, or write `fewer than ... or more than ...`
        "#);
    assert_snapshot!(told("deny role Owner at subscription if fewer than 0 principals"), @r#"
        error[D100]: no number is fewer than 0
         --> policy.dictum:1:36
          |
        1 | deny role Owner at subscription if fewer than 0 principals
          |                                    ^^^^^^^^^^^^ never true
          |
          = help: write `fewer than 1` for none
        "#);
    fine("deny role Owner at subscription if fewer than 2 or more than 3 principals per subscription");
}

#[test]
fn d101_a_unit_that_is_not_found() {
    assert_snapshot!(told("deny role Owner for service_principal if more than 3 users"), @r#"
        error[D101]: none of the holders are users
         --> policy.dictum:1:54
          |
        1 | deny role Owner for service_principal if more than 3 users
          |                     -----------------                ^^^^^ always 0
          |                     |
          |                     whom the sentence is about
          |
          = help: leave the word out to count assignments, or write `principals`
        "#);
    assert_snapshot!(told("deny user if more than 3 assignments"), @r#"
        error[D101]: this sentence finds no assignments
         --> policy.dictum:1:26
          |
        1 | deny user if more than 3 assignments
          |      ----                ^^^^^^^^^^^ cannot be counted here
          |      |
          |      what it finds, and counts if no word is written
        "#);
    fine("deny role Owner for principal if more than 3 users");
    fine("deny guest if more than 3 users per tenant");
}

#[test]
fn d102_a_group_that_it_does_not_belong_to() {
    assert_snapshot!(told("deny user if more than 3 per subscription"), @r#"
        error[D102]: a `user` does not belong to a `subscription`
         --> policy.dictum:1:30
          |
        1 | deny user if more than 3 per subscription
          |                              ^^^^^^^^^^^^ cannot be counted per
          |
          = help: write one of its attributes, as in `per user.name`, or `per tenant`
        "#);
    assert_snapshot!(told("deny role Owner for user if more than 3 per credential"), @r#"
        error[D102]: an assignment does not belong to a `credential`
         --> policy.dictum:1:45
          |
        1 | deny role Owner for user if more than 3 per credential
          |                                             ^^^^^^^^^^ cannot be counted per
          |
          = help: write a level such as `subscription`, `tenant`, a kind of principal, or an attribute such as `role.name`
        "#);
    fine("deny user if more than 3 per user.department");
    fine("deny role Owner for user if more than 3 per user, management_group");
}

#[test]
fn d103_not_a_number() {
    assert_snapshot!(told("param stale = 90 days\ndeny role Owner for user if more than stale"), @r#"
        error[D103]: `stale` is a length of time, not a number
         --> policy.dictum:2:39
          |
        1 | param stale = 90 days
          |       ----- defined here
        2 | deny role Owner for user if more than stale
          |                                       ^^^^^ a number is expected here
        "#);
    fine("param too-many = 3\ndeny role Owner for user if more than too-many");
}

#[test]
fn d130_a_path_that_makes_no_sense() {
    assert_snapshot!(told("deny path from user to managed_identity in at most 0 steps"), @r#"
        error[D130]: a path has at least one step
         --> policy.dictum:1:52
          |
        1 | deny path from user to managed_identity in at most 0 steps
          |                                                    ^ no path is that short
          |
          = help: already holding a role is `deny role ...`
        "#);
    assert_snapshot!(told("deny path from user to managed_identity by ownership, federation, ownership"), @r#"
        error[D130]: the step `ownership` is written twice
         --> policy.dictum:1:67
          |
        1 | deny path from user to managed_identity by ownership, federation, ownership
          |                                            --------- first        ^^^^^^^^^ again
        "#);
    fine(
        "deny path from user to role Owner at root through managed_identity in at most 3 steps where path.length > 1 and target.role.name == \"Owner\"",
    );
    assert_eq!(codes("deny path from user to managed_identity where path.lenght > 1"), ["D111"]);
    assert_eq!(
        codes("deny path from user to managed_identity where source.enabled and target.attachments is empty"),
        [""; 0]
    );
}
