//! The policies that come with Dictum.

/// A bundled file.
#[derive(Clone, Copy, Debug)]
pub struct BundledFile {
    /// Its path in the repository: `policies/PACK/FILE.dictum`.
    pub path: &'static str,
    /// What it says.
    pub text: &'static str,
}

impl BundledFile {
    /// The pack that it is of.
    pub fn pack(&self) -> &'static str {
        self.path.split('/').nth(1).unwrap_or_default()
    }

    /// Its name within the pack, without `.dictum`.
    pub fn stem(&self) -> &'static str {
        let file = self.path.rsplit('/').next().unwrap_or_default();
        file.strip_suffix(".dictum").unwrap_or(file)
    }
}

macro_rules! bundle {
    ($($path:literal)*) => {
        &[$(BundledFile { path: $path, text: include_str!(concat!("../", $path)) }),*]
    };
}

const FILES: &[BundledFile] = bundle! {
    "policies/managed-identity/choice.dictum"
    "policies/managed-identity/groups.dictum"
    "policies/managed-identity/least-privilege.dictum"
    "policies/managed-identity/lifecycle.dictum"
    "policies/managed-identity/limits.dictum"
    "policies/managed-identity/operators.dictum"
    "policies/privileged-access/owners.dictum"
    "policies/privileged-access/people.dictum"
};

/// Every bundled file, in the order of the paths.
pub fn files() -> impl Iterator<Item = &'static BundledFile> {
    FILES.iter()
}

/// The names of the packs, in order.
pub fn packs() -> Vec<&'static str> {
    let mut packs: Vec<&str> = FILES.iter().map(BundledFile::pack).collect();
    packs.dedup();
    packs
}
