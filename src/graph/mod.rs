//! Who holds what through whom, what they may do with it, and what that leads to.

mod certainty;
mod control;
mod crowd;
mod denials;
mod denied;
mod groups;
mod network;
mod proof;
mod reach;
mod rights;
mod search;
mod steps;

pub use certainty::Certainty;
pub use control::{ControlGraph, Edge, Node, Pair, Right, Step, exists, in_order, is_group};
pub use crowd::{Crowd, Many, Routes};
pub use denied::Named;
pub use groups::{Closure, Member, groups_above};
pub use network::{Components, Gathered, Network};
pub use proof::{Run, Use};
pub use reach::{Counts, Reach};
pub use rights::{Caller, Held, Holding, Removed, Rights, Role, captured_blocks};
pub use search::{Place, Question, Taken, Useful, Ways, anybody_moves, useful};
pub use steps::TECHNIQUES;
