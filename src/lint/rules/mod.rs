//! The lints, one a file. The table is in `lint/mod.rs`.

pub(super) mod built_in_as_custom;
pub(super) mod constant_condition;
pub(super) mod escaping_grant;
pub(super) mod exemption_by_name;
pub(super) mod exemption_by_tag;
pub(super) mod expired_waiver;
pub(super) mod imitating_role;
pub(super) mod known_in_deny;
pub(super) mod subsumed_rule;
pub(super) mod unknown_role;
pub(super) mod unused_set;
pub(super) mod wildcard_waiver;
