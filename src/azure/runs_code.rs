//! Resource types that run code (their data arrives with the catalogue).

/// Whether code of a user's runs on resources of that type.
pub fn runs_code(resource_type: &str) -> bool {
    resource_type.eq_ignore_ascii_case("Microsoft.Compute/virtualMachines")
}
