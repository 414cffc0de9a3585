//! A folder of its own, and the real program run in it.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder that is gone at the end.
pub(super) struct Sandbox {
    folder: PathBuf,
}

/// What a run came to.
pub(super) struct Ran {
    pub(super) exit: i32,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Ran {
    /// Exit code, standard output and standard error, as one text to compare.
    pub(super) fn all(&self) -> String {
        let mut text = format!("exit {}\n", self.exit);
        for (name, stream) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !stream.is_empty() {
                text.push_str(&format!("--- {name}\n{}", stream));
            }
        }
        text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }
}

impl Sandbox {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("dictum-cli-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).expect("the machine does as it is told");
        Sandbox { folder }
    }

    /// With the small tenant of these tests in tenant.json.
    pub(super) fn with_tenant() -> Self {
        let sandbox = Sandbox::new();
        sandbox.file("tenant.json", TENANT);
        sandbox
    }

    pub(super) fn file(&self, path: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("the machine does as it is told"))
            .expect("the machine does as it is told");
        fs::write(path, text).expect("the machine does as it is told");
        self
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("the machine does as it is told")
    }

    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dictum"));
        command.args(arguments).current_dir(&self.folder);
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "COLUMNS", "CI"] {
            command.env_remove(variable);
        }
        command
    }

    /// Runs `dictum` with arguments that are separated by spaces.
    pub(super) fn run(&self, line: &str) -> Ran {
        self.run_with(&line.split_whitespace().collect::<Vec<_>>(), "")
    }

    pub(super) fn run_with(&self, arguments: &[&str], stdin: &str) -> Ran {
        run(self.command(arguments), stdin)
    }
}

pub(super) fn run(mut command: Command, stdin: &str) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the machine does as it is told");
    // Nobody needs to read it.
    let _ = child.stdin.take().expect("the machine does as it is told").write_all(stdin.as_bytes());
    let output = child.wait_with_output().expect("the machine does as it is told");
    Ran {
        exit: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("the machine does as it is told"),
        stderr: String::from_utf8(output.stderr).expect("the machine does as it is told"),
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// One subscription, one resource group, an identity that holds too much, and Alice. Without groups and PIM.
pub(super) const TENANT: &str = r#"{
  "capture": {
    "time": "2026-11-20T06:00:00Z",
    "tenant": "11111111-1111-4111-8111-111111111111",
    "complete": ["roleAssignments", "roleDefinitions", "identities", "resources", "resourceGroups", "subscriptions",
      "managementGroups", "users", "servicePrincipals"]
  },
  "managementGroups": [],
  "subscriptions": [
    { "id": "/subscriptions/22222222-2222-4222-8222-222222222222", "displayName": "prod", "state": "Enabled" }
  ],
  "resourceGroups": [
    { "id": "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg-app", "name": "rg-app", "tags": {} }
  ],
  "resources": [],
  "identities": [
    {
      "id": "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg-app/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mi-app",
      "name": "mi-app",
      "principalId": "33333333-3333-4333-8333-333333333333",
      "clientId": "44444444-4444-4444-8444-444444444444"
    }
  ],
  "users": [
    { "id": "55555555-5555-4555-8555-555555555555", "userPrincipalName": "alice@example.com", "displayName": "Alice",
      "userType": "Member", "accountEnabled": true }
  ],
  "servicePrincipals": [
    { "id": "33333333-3333-4333-8333-333333333333", "displayName": "mi-app", "servicePrincipalType": "ManagedIdentity",
      "appId": "44444444-4444-4444-8444-444444444444" }
  ],
  "roleDefinitions": [],
  "roleAssignments": [
    {
      "id": "/subscriptions/22222222-2222-4222-8222-222222222222/providers/Microsoft.Authorization/roleAssignments/66666666-6666-4666-8666-666666666666",
      "name": "66666666-6666-4666-8666-666666666666",
      "scope": "/subscriptions/22222222-2222-4222-8222-222222222222",
      "roleDefinitionId": "/subscriptions/22222222-2222-4222-8222-222222222222/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c",
      "principalId": "33333333-3333-4333-8333-333333333333",
      "principalType": "ServicePrincipal"
    },
    {
      "id": "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg-app/providers/Microsoft.Authorization/roleAssignments/77777777-7777-4777-8777-777777777777",
      "name": "77777777-7777-4777-8777-777777777777",
      "scope": "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg-app",
      "roleDefinitionId": "/subscriptions/22222222-2222-4222-8222-222222222222/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7",
      "principalId": "55555555-5555-4555-8555-555555555555",
      "principalType": "User"
    }
  ]
}
"#;
