use crate::inventory::{Class, Hint, Inventory, PrincipalId};
use rustc_hash::FxHashSet;

/// A transitive member of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub principal: PrincipalId,
    /// The group that it is directly in on the shortest chain: an index into [`Closure::groups`].
    pub through: u32,
}

/// The transitive members of a group, each by its shortest chain of groups (ties by object id).
#[derive(Clone, Debug, Default)]
pub struct Closure {
    /// The group itself first, then the groups in it, nearest first; each with the index of the group it was met in.
    pub groups: Vec<(PrincipalId, u32)>,
    /// The members without the group itself, nearest first.
    pub members: Vec<Member>,
    /// The groups in it (itself included) whose members were not all captured.
    pub open: Vec<PrincipalId>,
}

impl Closure {
    /// Of `group`, without going through the groups that `blocked` names. A cycle of groups ends where it began.
    pub fn of(inventory: &Inventory, group: PrincipalId, blocked: impl Fn(PrincipalId) -> bool) -> Closure {
        let mut closure = Closure::default();
        if blocked(group) {
            return closure;
        }
        let mut seen: FxHashSet<PrincipalId> = FxHashSet::default();
        seen.insert(group);
        closure.groups.push((group, 0));
        let mut next = 0;
        while let Some(&(here, _)) = closure.groups.get(next) {
            if !inventory.members_are_captured(here) {
                closure.open.push(here);
            }
            let mut members: Vec<PrincipalId> = inventory.members(here).filter(|m| seen.insert(*m)).collect();
            members.sort_by_key(|&m| (inventory.principals.guid(m), m));
            for member in members {
                closure.members.push(Member { principal: member, through: next as u32 });
                if is_group(inventory, member) && !blocked(member) {
                    closure.groups.push((member, next as u32));
                }
            }
            next += 1;
        }
        closure
    }

    /// The chain of groups to a member, the group itself first.
    pub fn chain(&self, member: &Member) -> Vec<PrincipalId> {
        let mut chain = vec![];
        let mut at = member.through;
        loop {
            let (group, up) = self.groups[at as usize];
            chain.push(group);
            if at == 0 {
                break;
            }
            at = up;
        }
        chain.reverse();
        chain
    }
}

/// Whether a principal is a group as far as the capture or an assignment says.
fn is_group(inventory: &Inventory, principal: PrincipalId) -> bool {
    match inventory.principals.class(principal) {
        Class::Group => true,
        Class::Mentioned => {
            matches!(inventory.principals.hint(principal), Hint::Group | Hint::ForeignGroup)
                || inventory.members(principal).next().is_some()
        }
        _ => false,
    }
}

/// The groups that a principal is in, directly or not, nearest first, ties by id.
pub fn groups_above(inventory: &Inventory, principal: PrincipalId) -> Vec<PrincipalId> {
    let mut groups: Vec<PrincipalId> = vec![];
    let mut seen: FxHashSet<PrincipalId> = FxHashSet::default();
    let mut next = 0;
    let mut here = Some(principal);
    while let Some(at) = here {
        let mut above: Vec<PrincipalId> =
            inventory.groups_of(at).filter(|&g| g != principal && seen.insert(g)).collect();
        above.sort_by_key(|&g| (inventory.principals.guid(g), g));
        groups.extend(above);
        here = groups.get(next).copied();
        next += 1;
    }
    groups
}
