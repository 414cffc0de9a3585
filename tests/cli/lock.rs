//! `dictum lock` and `dictum check --locked`.

use super::sandbox::Sandbox;
use insta::assert_snapshot;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_tenant();
    sandbox.file(
        "dictum.toml",
        "policies = [\"p.dictum\"]\ninventory = [\"tenant.json\"]\n[assume]\npim = \"none\"\n",
    );
    sandbox.file(
        "p.dictum",
        "rule wide deny role Contributor at subscription for managed_identity\nrule owner warn role Owner at subscription\n",
    );
    sandbox
}

#[test]
fn written_compared_and_accepted() {
    let sandbox = sandbox();
    assert_snapshot!(sandbox.run("check --locked -q -f jsonl -o /dev/null").all(), @r"
    exit 2
    --- stderr
    error[D811]: there is no lock file `dictum.lock`
     |
     = help: write it: dictum lock
    ");
    assert_snapshot!(sandbox.run("lock").all(), @r"
    exit 0
    --- stderr
    dictum.lock: 2 rules and 1 finding locked
    ");
    assert_snapshot!(sandbox.read("dictum.lock"), @r#"
    # dictum lock 1 - the verdicts of an inventory, as reviewed. Written by `dictum lock`.
    assumed pim=none: no assignment is eligible, activated or limited in time

    pass    p/owner

    fail    p/wide
      deny    13bec068b7194cb86ab0b4aebd5632cc  Contributor at subscription "prod" for user_assigned "mi-app"
    "#);
    assert_eq!(sandbox.run("check --locked --exit-zero").exit, 0);
    assert_eq!(sandbox.run("check --locked").exit, 1);

    let moved = super::sandbox::TENANT
        .replace("b24988ac-6180-42a0-ab88-20f7382dd24c", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635");
    sandbox.file("tenant.json", moved);
    assert_snapshot!(sandbox.run("check --locked --exit-zero -o /dev/null").all(), @r#"
    exit 1
    --- stderr
    --- dictum.lock
    +++ the verdicts now
    @@ -1,7 +1,7 @@
     # dictum lock 1 - the verdicts of an inventory, as reviewed. Written by `dictum lock`.
     assumed pim=none: no assignment is eligible, activated or limited in time

    -pass    p/owner
    +warn    p/owner
    +  warn    8759d2fa94276a517bfa6447d9e91af2  Owner at subscription "prod" for user_assigned "mi-app"

    -fail    p/wide
    -  deny    13bec068b7194cb86ab0b4aebd5632cc  Contributor at subscription "prod" for user_assigned "mi-app"
    +pass    p/wide

    error[D810]: the verdicts are not those of `dictum.lock`
     |
     = help: if that is as it should be, accept it after review: dictum lock --accept
    "#);
    let ran = sandbox.run("lock");
    assert_eq!(ran.exit, 1);
    assert!(ran.stdout.contains("+pass    p/wide"), "{}", ran.stdout);
    assert_eq!(sandbox.run("lock --accept").exit, 0);
    assert_eq!(sandbox.run("check --locked --exit-zero").exit, 0);
    assert_snapshot!(sandbox.run("lock").all(), @r"
    exit 0
    --- stderr
    dictum.lock: the verdicts have not moved
    ");
}

#[test]
fn where_the_records_stand_does_not_move_a_verdict() {
    let sandbox = sandbox();
    sandbox.run("lock");
    sandbox.file("tenant.json", super::sandbox::TENANT.replace('\n', "\n\n"));
    assert_eq!(sandbox.run("check --locked --exit-zero").exit, 0);
}
