//! Capability sets (their data arrives with the catalogue).

use super::permission::Block;

/// Whether a block's actions hold `*`.
pub fn is_privileged(blocks: &[Block<'_>]) -> bool {
    blocks.iter().any(|b| b.actions.contains(&"*"))
}
