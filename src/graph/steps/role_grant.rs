//! Who may write role assignments at a scope can have everything there, or the roles that a condition leaves them. A limit
//! on the type of principal is none: whoever holds the right can have, or make, a principal of each type.

use super::{Hand, Laying, Source};
use crate::azure::permission::{self, Plane};
use crate::azure::{Guid, roles};
use crate::graph::Certainty;
use crate::graph::control::{Step, plain};
use crate::graph::rights::{Holding, Rights, Role, WRITE_ASSIGNMENT};
use crate::inventory::{PrincipalId, RoleKind, RoleType, ScopeId, Scopes};
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;
use std::sync::LazyLock;

/// Owner (learn.microsoft.com/azure/role-based-access-control/built-in-roles/privileged#owner).
const OWNER: Guid = Guid(0x8e3a_f657_a8ff_443c_a75c_2fe8_c4bc_b635);

/// What somebody may give.
type Roles = Vec<(Role, Certainty)>;

/// What a role with its condition lets its holder give.
pub(super) struct Gift {
    /// To anybody, themselves included.
    anybody: Roles,
    /// To those whom the condition names.
    named: Vec<(PrincipalId, Roles)>,
}

/// Worked out once for each role and condition.
#[derive(Default)]
pub(super) struct Gifts {
    known: FxHashMap<Holding, Rc<Gift>>,
    /// Every role that there is to give: of the catalogue, and captured ones.
    roles: Vec<(Role, Guid)>,
}

impl Laying<'_, '_, '_> {
    /// What can be given by whoever holds a role at a scope that lets its holder write role assignments.
    pub(super) fn grants_roles(&mut self, source: Source, hands: &[Hand]) {
        let gift = self.gift(source.holding);
        let writers = self.writers(source, hands);
        for (from, scope) in writers {
            for &(role, certainty) in &gift.anybody {
                let to = self.give(scope, role);
                // What is given through a role that was given is the same step, however many assignments are written.
                let step = source.assignment.map(|_| Step::RoleGrant);
                if to != from {
                    self.builder.edge(from, to, step, certainty.and(source.state));
                }
            }
            for (principal, roles) in &gift.named {
                let receiver = self.builder.holder(*principal, false);
                for &(role, certainty) in roles {
                    let to = self.give(scope, role);
                    self.builder.pair(from, receiver, to, Step::RoleGrant, certainty.and(source.state));
                }
            }
        }
    }

    /// Who may write role assignments, and at which scopes: a deny assignment that stops where it is made leaves the scopes
    /// right below.
    fn writers(&mut self, source: Source, hands: &[Hand]) -> Vec<(u32, ScopeId)> {
        let may = |hand: &Hand, s: ScopeId| {
            !self.denied.takes(self.denied.at(hand.named, s), Plane::Control, WRITE_ASSIGNMENT)
        };
        if hands.iter().all(|hand| may(hand, source.scope)) {
            return vec![(source.from, source.scope)];
        }
        let scopes = &self.builder.inventory.scopes;
        let below = self.below.get_or_insert_with(|| scopes_below(scopes)).get(&source.scope);
        let mut writers = vec![];
        for hand in hands {
            match may(hand, source.scope) {
                true => writers.push((hand.from, source.scope)),
                false => writers
                    .extend(below.into_iter().flatten().filter(|&&s| may(hand, s)).map(|&s| (hand.from, s))),
            }
        }
        writers
    }

    fn gift(&mut self, holding: Holding) -> Rc<Gift> {
        if let Some(known) = self.gifts.known.get(&holding) {
            return known.clone();
        }
        let rights = self.builder.rights;
        if self.gifts.roles.is_empty() {
            self.gifts.roles = all_roles(rights);
        }
        let anybody = to(rights, holding, None, &self.gifts.roles);
        let mut named = vec![];
        if anybody != [(Role::Everything, Certainty::Held)] {
            for principal in named_in(rights, holding) {
                let guid = self.builder.inventory.principals.guid(principal);
                let mut more = to(rights, holding, guid, &self.gifts.roles);
                more.retain(|gift| !anybody.contains(gift));
                if !more.is_empty() {
                    named.push((principal, more));
                }
            }
        }
        let gift = Rc::new(Gift { anybody, named });
        self.gifts.known.insert(holding, gift.clone());
        gift
    }
}

/// The scopes right below each.
fn scopes_below(scopes: &Scopes) -> FxHashMap<ScopeId, Vec<ScopeId>> {
    let mut below: FxHashMap<ScopeId, Vec<ScopeId>> = FxHashMap::default();
    for scope in scopes.iter() {
        if let Some(above) = scopes.parent(scope) {
            below.entry(above).or_default().push(scope);
        }
    }
    below
}

/// The roles of the catalogue that let their holder write role assignments, under whatever condition.
static WRITERS: LazyLock<FxHashSet<Guid>> = LazyLock::new(|| {
    let writes =
        |role: &roles::BuiltInRole| permission::grants(&role.blocks(), Plane::Control, WRITE_ASSIGNMENT);
    roles::iter().filter(writes).map(|role| role.guid()).collect()
});

/// The roles that may be given to a principal, or to somebody new. One that may itself give every role stands for everything.
fn to(rights: &Rights<'_>, holding: Holding, principal: Option<Guid>, all: &[(Role, Guid)]) -> Roles {
    let gives_all = |role: Role| match role {
        Role::BuiltIn(guid) if !WRITERS.contains(&guid) => Certainty::No,
        role => rights.may_give(plain(role), OWNER, None),
    };
    let mut everything = rights.may_give(holding, OWNER, principal);
    let mut some = vec![];
    if everything != Certainty::Held {
        let named = rights.named_in(holding);
        let mut of_others: Option<Certainty> = None;
        for &(role, guid) in all {
            let certainty = if named.contains(&guid) {
                rights.may_give(holding, guid, principal)
            } else {
                *of_others.get_or_insert_with(|| rights.may_give(holding, guid, principal))
            };
            if certainty.is_possible() {
                everything = everything.or(certainty.and(gives_all(role)));
                some.push((role, certainty));
            }
        }
    }
    if everything.is_sure() {
        return vec![(Role::Everything, everything)];
    }
    // What is not certain of one role is not certain of any: one doubt stands for all.
    some.retain(|(_, certainty)| certainty.is_sure() || !everything.is_possible());
    if everything.is_possible() {
        some.push((Role::Everything, everything));
    }
    some
}

fn all_roles(rights: &Rights<'_>) -> Vec<(Role, Guid)> {
    let captured = &rights.inventory.roles;
    let azure = captured.iter().filter(|&r| captured.kind(r) == RoleKind::Azure);
    let mut all: Vec<(Role, Guid)> = azure
        .filter(|&r| captured.role_type(r) != RoleType::Unknown)
        .map(|r| (Role::Captured(r), captured.guid(r)))
        .collect();
    let seen: FxHashSet<Guid> = all.iter().map(|&(_, guid)| guid).collect();
    all.extend(roles::iter().map(|r| r.guid()).filter(|g| !seen.contains(g)).map(|g| (Role::BuiltIn(g), g)));
    all
}

/// The principals of the capture that the conditions of a role and its assignment speak of.
pub(super) fn named_in(rights: &Rights<'_>, holding: Holding) -> Vec<PrincipalId> {
    if holding.role == Role::Everything {
        return vec![];
    }
    let named = rights.named_in(holding);
    let mut named: Vec<PrincipalId> =
        named.into_iter().filter_map(|guid| rights.inventory.principal(guid)).collect();
    named.sort_unstable();
    named
}
