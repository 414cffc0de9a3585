//! The capture script, run by a real bash against a fake `az` that serves the sample tenant.

use super::azure_answers::answers;
use dictum::cli::capture::{Shell, queries, script};
use dictum::inventory::Collection;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{fs, io};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

pub(super) fn sample_tenant() -> Value {
    let text =
        fs::read_to_string(format!("{ROOT}/snapshots/contoso/inventory.json")).expect("the sample tenant");
    serde_json::from_str(&text).expect("JSON")
}

/// A folder with everything the fake `az` serves, and what shall go wrong: lines of `refuse`, `throttle` and `down`.
pub(super) struct FakeAzure {
    pub(super) folder: PathBuf,
}

impl FakeAzure {
    pub(super) fn new(name: &str, inventory: &Value, trouble: &[(&str, &str)]) -> io::Result<FakeAzure> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("capture-{name}"));
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let mut routes = String::new();
        for (number, (url, answer)) in answers(inventory).iter().enumerate() {
            fs::write(folder.join(format!("answer-{number}")), serde_json::to_string_pretty(answer)? + "\n")?;
            routes += &format!("{url}\tanswer-{number}\n");
        }
        fs::write(folder.join("routes"), routes)?;
        fs::write(
            folder.join("tenant"),
            format!("{}\n", inventory["capture"]["tenant"].as_str().unwrap_or_default()),
        )?;
        for file in ["refuse", "throttle", "down"] {
            let lines: Vec<&str> =
                trouble.iter().filter(|(kind, _)| *kind == file).map(|(_, url)| *url).collect();
            fs::write(folder.join(file), lines.iter().map(|line| format!("{line}\n")).collect::<String>())?;
        }
        fs::write(folder.join("capture.sh"), script(Shell::Bash))?;
        Ok(FakeAzure { folder })
    }
    pub(super) fn run(&self, arguments: &[&str]) -> Output {
        let path = format!("{ROOT}/tests/cli/fake-azure:{}", std::env::var("PATH").unwrap_or_default());
        Command::new("bash")
            .arg("capture.sh")
            .args(arguments)
            .current_dir(&self.folder)
            .env("PATH", path)
            .env("FAKE_AZURE", &self.folder)
            .output()
            .expect("bash runs")
    }
    /// A capture of nothing but those collections, which is quick.
    fn run_only(&self, collections: &[&str]) -> Output {
        let keys = Collection::ALL.iter().map(|collection| collection.key());
        let skipped: Vec<&str> = keys.filter(|key| !collections.contains(key)).collect();
        self.run(&["out", "--skip", &skipped.join(",")])
    }
    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder.join(file)).unwrap_or_default()
    }
    fn capture(&self) -> Value {
        serde_json::from_str(&self.read("out/capture.json")).expect("capture.json is JSON")
    }
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}
fn sorted<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_unstable();
    names
}
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn both_scripts_ask_for_every_collection() {
    let every = sorted(Collection::ALL.iter().map(|collection| collection.key()));
    let mut asked = sorted(queries().filter_map(|line| line.split('\t').next()));
    asked.dedup();
    assert_eq!(asked, every);
    for shell in [Shell::Bash, Shell::Powershell] {
        let script = script(shell);
        for line in queries() {
            assert!(script.lines().any(|l| l == line), "{shell:?} does not ask {line}");
        }
        assert!(!script.contains("@QUERIES@") && !script.contains("@VERSION@"));
    }
}

#[test]
fn the_scripts_only_read() {
    for shell in [Shell::Bash, Shell::Powershell] {
        let script = script(shell);
        let calls = script
            .match_indices("az rest")
            .filter(|(at, _)| !script[*at..].starts_with("az rest --method get --url"));
        assert_eq!(calls.count(), 0, "{shell:?} calls az rest otherwise than with --method get");
    }
}

#[test]
fn a_whole_capture_is_complete() {
    let tenant = sample_tenant();
    let azure = FakeAzure::new("whole", &tenant, &[]).expect("a folder");
    let output = azure.run(&["out"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "");
    let capture = azure.capture();
    assert_eq!(
        sorted(strings(&capture["complete"])),
        sorted(Collection::ALL.iter().map(|collection| collection.key()))
    );
    assert_eq!(strings(&capture["partial"]), [""; 0]);
    assert_eq!(capture["tenant"], tenant["capture"]["tenant"]);
    assert_eq!(
        capture["by"],
        format!("dictum {} (bash), azure-cli 2.64.0, grace@contoso.example", env!("CARGO_PKG_VERSION"))
    );
    // Every row of the tenant came, in pages.
    for collection in [
        "users",
        "groups",
        "servicePrincipals",
        "resources",
        "groupMemberships",
        "federatedCredentials",
        "deletedObjects",
    ] {
        assert_eq!(
            capture["counts"][collection],
            tenant[collection].as_array().map_or(0, Vec::len),
            "{collection}"
        );
    }
    assert_eq!(capture["pages"]["servicePrincipals"], 2);
    assert_eq!(
        strings(&capture["files"]["servicePrincipals"]),
        ["servicePrincipals/servicePrincipals.json", "servicePrincipals/servicePrincipals.2.json"]
    );
    let files: usize =
        capture["files"].as_object().into_iter().flatten().map(|(_, files)| strings(files).len()).sum();
    let pages: u64 =
        capture["pages"].as_object().into_iter().flatten().filter_map(|(_, pages)| pages.as_u64()).sum();
    assert_eq!(files as u64, pages);
    // The questions stand in it word for word.
    for line in queries() {
        let mut parts = line.split('\t');
        let (collection, url) = (parts.next().unwrap_or_default(), parts.next_back().unwrap_or_default());
        assert!(strings(&capture["queries"][collection]).contains(&url), "{line}");
    }
    assert_eq!(azure.read("waits"), "");
    for call in azure.read("calls").lines() {
        let reads = ["account show ", "cloud show ", "version ", "rest --method get "];
        assert!(reads.iter().any(|read| call.starts_with(read)), "az {call}");
    }
}

#[test]
fn throttling_is_waited_out_as_long_as_azure_asks() {
    let url = "https://graph.microsoft.com/v1.0/applications?$top=999";
    let azure = FakeAzure::new("throttled", &sample_tenant(), &[("throttle", url)]).expect("a folder");
    let output = azure.run_only(&["applications"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(azure.read("waits"), "7\n7\n");
    assert_eq!(azure.read("calls").lines().filter(|call| call.contains(url)).count(), 3);
    assert!(strings(&azure.capture()["complete"]).contains(&"applications"));
}

#[test]
fn a_question_that_never_gets_an_answer_is_given_up_and_said() {
    let url = "https://graph.microsoft.com/v1.0/groups?$top=999";
    let azure = FakeAzure::new("down", &sample_tenant(), &[("down", url)]).expect("a folder");
    let output = azure.run_only(&["groups", "groupMemberships", "groupOwners"]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    assert_eq!(azure.read("waits"), "2\n4\n8\n16\n32\n60\n60\n");
    let capture = azure.capture();
    // What is asked for each group rests on the list of groups.
    for collection in ["groups", "groupMemberships", "groupOwners"] {
        assert!(!strings(&capture["complete"]).contains(&collection), "{collection}");
        assert_eq!(capture["counts"][collection], Value::Null);
    }
    assert_eq!(capture["failures"][0]["status"], 503);
    assert_eq!(capture["failures"][0]["url"], url);
}

#[test]
fn what_is_refused_is_not_complete_and_the_rest_is() {
    let tenant = sample_tenant();
    let production = tenant["subscriptions"][1]["id"].as_str().expect("a subscription");
    let refused = format!("{production}/providers/Microsoft.Authorization/roleEligibilityScheduleInstances");
    let everywhere = "https://graph.microsoft.com/v1.0/roleManagement";
    let azure = FakeAzure::new("refused", &tenant, &[("refuse", &refused), ("refuse", everywhere)])
        .expect("a folder");
    let output = azure.run_only(&[
        "subscriptions",
        "managementGroups",
        "roleEligibilityScheduleInstances",
        "directoryRoleAssignments",
        "users",
    ]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    assert_eq!(azure.read("waits"), "", "a refusal is not tried again");
    let capture = azure.capture();
    assert_eq!(strings(&capture["partial"]), ["roleEligibilityScheduleInstances"]);
    assert_eq!(strings(&capture["complete"]), ["subscriptions", "managementGroups", "users"]);
    assert_eq!(capture["files"]["directoryRoleAssignments"], Value::Null);
    let failures: Vec<(&Value, &Value)> = capture["failures"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|failure| (&failure["collection"], &failure["status"]))
        .collect();
    assert_eq!(
        format!("{failures:?}"),
        r#"[(String("roleEligibilityScheduleInstances"), Number(403)), (String("directoryRoleAssignments"), Number(403))]"#
    );
    let message = capture["failures"][0]["message"].as_str().unwrap_or_default();
    assert!(message.contains(r#"does not have authorization to \"read\" here"#), "{message}");
}

#[test]
fn a_later_page_that_fails_makes_the_collection_partial() {
    let second = "https://graph.microsoft.com/v1.0/servicePrincipals?$top=999&%24skiptoken=page1%3d";
    let azure = FakeAzure::new("second-page", &sample_tenant(), &[("refuse", second)]).expect("a folder");
    assert_eq!(azure.run_only(&["servicePrincipals", "appRoleAssignments"]).status.code(), Some(3));
    let capture = azure.capture();
    assert_eq!(strings(&capture["partial"]), ["servicePrincipals", "appRoleAssignments"]);
    assert_eq!(capture["counts"]["servicePrincipals"], 20);
}

#[test]
fn users_come_without_sign_in_activity_where_that_is_refused() {
    let with_activity = queries()
        .find(|line| line.contains("signInActivity"))
        .and_then(|line| line.rsplit('\t').next())
        .expect("the question");
    let url = with_activity.replace("{graph}", "https://graph.microsoft.com");
    let azure = FakeAzure::new("sign-in", &sample_tenant(), &[("refuse", &url)]).expect("a folder");
    let output = azure.run_only(&["users"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let capture = azure.capture();
    assert!(strings(&capture["complete"]).contains(&"users"));
    assert_eq!(capture["failures"], Value::Array(Vec::new()));
    assert!(
        strings(&capture["notes"])[0]
            .starts_with("users was refused (403) as first asked, and captured with fewer attributes: ")
    );
    assert!(!azure.read("out/users/users.json").contains("signInActivity\":"));
}

#[test]
fn a_subscription_that_the_account_does_not_see_makes_subscriptions_partial() {
    let tenant = sample_tenant();
    let azure = FakeAzure::new("hidden", &tenant, &[]).expect("a folder");
    // The list leaves the sandbox out; the management group above it still shows it.
    let sandbox = tenant["subscriptions"][2]["subscriptionId"].as_str().expect("a subscription");
    for line in azure.read("routes").lines() {
        if let Some(file) = line.strip_prefix("/subscriptions?api-version=2022-12-01\t") {
            let mut page: Value = serde_json::from_str(&azure.read(file)).expect("a page");
            page["value"].as_array_mut().expect("rows").truncate(2);
            fs::write(azure.folder.join(file), serde_json::to_string_pretty(&page).expect("JSON"))
                .expect("written");
        }
    }
    assert_eq!(
        azure.run_only(&["subscriptions", "managementGroups", "roleAssignments"]).status.code(),
        Some(3)
    );
    let capture = azure.capture();
    assert!(
        strings(&capture["partial"]).contains(&"subscriptions")
            && strings(&capture["partial"]).contains(&"roleAssignments")
    );
    assert_eq!(
        capture["failures"][0]["message"],
        format!("subscription {sandbox} stands below a management group, and the account doesn't see it")
    );
}

#[test]
fn what_is_skipped_is_not_captured() {
    let azure = FakeAzure::new("skipped", &sample_tenant(), &[]).expect("a folder");
    let output = azure.run_only(&["groups", "groupMemberships"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let capture = azure.capture();
    assert_eq!(strings(&capture["complete"]), ["groups", "groupMemberships"]);
    assert_eq!(capture["counts"]["groupOwners"], Value::Null);
    assert!(!azure.folder.join("out/groupOwners").exists());
}

#[test]
fn it_does_not_start_where_it_could_spoil_something() {
    let azure = FakeAzure::new("start", &sample_tenant(), &[]).expect("a folder");
    fs::create_dir(azure.folder.join("full")).expect("a folder");
    fs::write(azure.folder.join("full/notes.txt"), "mine").expect("a file");
    for (arguments, expected) in [
        (vec!["full"], "error: full is not empty: a capture starts in a folder of its own\n"),
        (vec![], "error: name the folder to write: bash capture.sh FOLDER\n"),
        (
            vec!["out", "--only", "users"],
            "error: there is no option --only; it is: bash capture.sh FOLDER [--skip COLLECTION,...]\n",
        ),
    ] {
        let output = azure.run(&arguments);
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(2), expected));
    }
    let output = azure.run(&["out", "--skip", "people"]);
    assert!(
        text(&output.stderr)
            .starts_with("error: there is no collection people; there are: subscriptions managementGroups ")
    );
    assert_eq!(azure.read("calls"), "", "az is not called before that");
}
