//! A tree gets its meaning: names become ids, types are checked, mistakes become diagnostics.

mod pattern;
pub mod plan;
