//! What somebody may do, from actions: the union of what is assigned to them and to their groups, block by block, with
//! conditions in three values, without what enforced deny assignments take (docs/paths.md).

use super::certainty::Certainty;
use super::denials::Denials;
use super::groups::groups_above;
use crate::azure::condition::{self, Condition, Request};
use crate::azure::permission::{Block, Plane};
use crate::azure::{Guid, roles};
use crate::inventory::schema::{Attr, Noun};
use crate::inventory::{
    AssignmentId, Cell, Collection, Inventory, Missing, PrincipalId, RoleId, RoleKind, ScopeId, State, Symbol,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::rc::Rc;

/// Writes a role assignment.
pub(super) const WRITE_ASSIGNMENT: &str = "Microsoft.Authorization/roleAssignments/write";
/// Rewrites a role definition.
pub(super) const WRITE_DEFINITION: &str = "Microsoft.Authorization/roleDefinitions/write";
/// Puts a user-assigned identity on a resource.
pub(super) const ASSIGN_IDENTITY: &str = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";
/// Adds a federated credential to a user-assigned identity.
pub(super) const FEDERATE: &str =
    "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write";

/// A principal that no condition names: somebody new.
const SOMEBODY: Guid = Guid(0xd1c7_0000_0000_4000_8000_0000_0000_0001);

/// A role, as far as what it grants is concerned.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Role {
    /// One that the capture speaks of.
    Captured(RoleId),
    /// A built-in one that the capture does not speak of.
    BuiltIn(Guid),
    /// Whatever there is to give: who may write every role assignment at a scope.
    Everything,
}

/// A role with the condition of its assignment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Holding {
    /// The role.
    pub role: Role,
    /// The condition of the assignment, if it has one.
    pub condition: Option<Symbol>,
}

/// One role that a caller holds at a scope.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// The assignment; `None` of what was only given along a path.
    pub assignment: Option<AssignmentId>,
    /// What it gives.
    pub holding: Holding,
    /// Where.
    pub scope: ScopeId,
    /// Potential where it is eligible or begins later.
    pub state: Certainty,
}

/// Somebody who calls Azure, with all that they hold.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who; `None` of somebody new.
    pub principal: Option<PrincipalId>,
    /// The groups that they are in, nearest first.
    pub groups: Vec<PrincipalId>,
    /// What they hold, their own first.
    pub held: Vec<Held>,
}

type Remembered = FxHashMap<(Holding, Plane), FxHashMap<Box<str>, Certainty>>;

/// What is thought away, to see what remains without it.
#[derive(Clone, Debug, Default)]
pub struct Removed {
    /// Assignments.
    pub assignments: FxHashSet<AssignmentId>,
    /// Identities taken from a resource.
    pub attachments: FxHashSet<(ScopeId, PrincipalId)>,
}

/// What may be done in a captured tenant on a day.
pub struct Rights<'i> {
    /// The tenant.
    pub inventory: &'i Inventory,
    today: Option<i64>,
    /// What is thought away.
    pub removed: Removed,
    denials: Denials<'i>,
    conditions: RefCell<FxHashMap<&'i str, Option<Rc<Condition>>>>,
    blocks: RefCell<FxHashMap<Role, Option<Rc<[Block<'i>]>>>>,
    remembered: RefCell<Remembered>,
}

impl<'i> Rights<'i> {
    /// Of an inventory, on a day (seconds since 1970-01-01 UTC; `None`: nothing has ended).
    pub fn new(inventory: &'i Inventory, today: Option<i64>) -> Rights<'i> {
        Rights {
            inventory,
            today,
            removed: Removed::default(),
            denials: Denials::of(inventory),
            conditions: RefCell::default(),
            blocks: RefCell::default(),
            remembered: RefCell::default(),
        }
    }

    /// The same, without some assignments and attachments.
    #[must_use]
    pub fn without(mut self, removed: Removed) -> Rights<'i> {
        self.removed = removed;
        self
    }

    /// The enforced deny assignments by number, each with the scope at which it is made.
    pub fn denials(&self) -> impl Iterator<Item = (usize, ScopeId)> + '_ {
        (0..self.denials.len()).map(|denial| (denial, self.denials.scope(denial)))
    }

    /// The enforced deny assignments that certainly name somebody who is in those groups; somebody new if `None`.
    pub fn denials_naming(&self, principal: Option<PrincipalId>, groups: &[PrincipalId]) -> Vec<usize> {
        self.denials.naming(principal, groups)
    }

    /// The enforced deny assignments that reach a scope.
    pub fn denials_reaching(&self, scope: ScopeId) -> impl Iterator<Item = usize> + '_ {
        self.denials.reaching(self.inventory, scope)
    }

    /// Whether an enforced deny assignment reaches a scope.
    pub fn denial_reaches(&self, denial: usize, scope: ScopeId) -> bool {
        self.denials.reaches(self.inventory, denial, scope)
    }

    /// Whether an enforced deny assignment takes an operation from those whom it names.
    pub fn denial_takes(&self, denial: usize, plane: Plane, operation: &str) -> bool {
        self.denials.takes(denial, plane, operation)
    }

    /// How surely an assignment is in force: `No` where it has ended, `Potential` where it is eligible or begins later.
    pub fn state(&self, a: AssignmentId) -> Certainty {
        if self.removed.assignments.contains(&a) {
            return Certainty::No;
        }
        let time = |attr| match (self.inventory.cells.get(attr, a.0), self.today) {
            (Cell::Time(time), Some(today)) => Some((time, today)),
            _ => None,
        };
        if time(Attr::AssignmentEnd).is_some_and(|(end, today)| end < today) {
            return Certainty::No;
        }
        let later = time(Attr::AssignmentStart).is_some_and(|(start, today)| start > today);
        match self.inventory.assignments.state(a) {
            State::Active if !later => Certainty::Held,
            _ => Certainty::Potential,
        }
    }

    /// What an assignment of an Azure role gives; `None` where it gives nothing (it has ended, or is of another kind).
    pub fn held(&self, a: AssignmentId) -> Option<Held> {
        let assignments = &self.inventory.assignments;
        let state = self.state(a);
        (assignments.kind(a) == RoleKind::Azure && state.is_possible()).then(|| Held {
            assignment: Some(a),
            holding: Holding {
                role: Role::Captured(assignments.role(a)),
                condition: assignments.condition(a).value(),
            },
            scope: assignments.scope(a),
            state,
        })
    }

    /// A principal with all that it holds, directly and through groups. Managed identities and service principals do not
    /// hold what a group of theirs is only eligible for; of `lent` neither does a group that one of them has joined.
    pub fn caller(&self, principal: PrincipalId, lent: bool) -> Caller {
        let groups = groups_above(self.inventory, principal);
        let service = lent || self.inventory.is_kind(principal, Noun::ServicePrincipal).is_true();
        let eligible =
            |h: &Held| h.assignment.is_some_and(|a| self.inventory.assignments.state(a) == State::Eligible);
        let own =
            self.inventory.held(principal).filter_map(|a| self.held(a)).filter(|h| !(lent && eligible(h)));
        let mut held: Vec<Held> = own.collect();
        for &group in &groups {
            let more = self.inventory.held(group).filter_map(|a| self.held(a));
            held.extend(more.filter(|h| !(service && eligible(h))));
        }
        Caller { principal: Some(principal), groups, held }
    }

    /// Somebody new who holds one role at one scope.
    pub fn somebody(&self, holding: Holding, scope: ScopeId) -> Caller {
        let held = Held { assignment: None, holding, scope, state: Certainty::Held };
        Caller { principal: None, groups: vec![], held: vec![held] }
    }

    /// Whether the caller may carry out an operation on a scope.
    pub fn may(&self, caller: &Caller, plane: Plane, operation: &str, scope: ScopeId) -> Certainty {
        if self.is_denied(caller, plane, operation, scope) {
            return Certainty::No;
        }
        self.has(caller, plane, operation, scope)
    }

    /// The same, where no deny assignment takes it.
    pub(super) fn has(&self, caller: &Caller, plane: Plane, operation: &str, scope: ScopeId) -> Certainty {
        caller.held.iter().fold(Certainty::No, |any, held| match any {
            Certainty::Held => any,
            _ => any.or(self.gives(held, plane, operation, scope)),
        })
    }

    /// What of all that the caller holds gives the operation at the scope most surely; of several the first.
    pub fn proof<'c>(
        &self,
        caller: &'c Caller,
        plane: Plane,
        operation: &str,
        scope: ScopeId,
    ) -> Option<&'c Held> {
        let mut best: Option<(&Held, Certainty)> = None;
        for held in &caller.held {
            let certainty = self.gives(held, plane, operation, scope);
            let better = match best {
                None => certainty.is_possible(),
                Some((_, before)) => before.or(certainty) != before,
            };
            if better {
                best = Some((held, certainty));
            }
        }
        best.map(|(held, _)| held)
    }

    /// Whether one held role gives an operation at a scope, denials aside.
    pub fn gives(&self, held: &Held, plane: Plane, operation: &str, scope: ScopeId) -> Certainty {
        let place = self.is_in_force(held.scope, operation, scope);
        if !place.is_possible() {
            return place;
        }
        place.and(held.state).and(self.grants(held.holding, plane, operation))
    }

    /// Whether what is assigned at one scope is in force at another for that operation: made there or above it, or at a part
    /// of it that the operation is about.
    fn is_in_force(&self, assigned: ScopeId, operation: &str, scope: ScopeId) -> Certainty {
        let scopes = &self.inventory.scopes;
        let above = Certainty::from(scopes.contains(assigned, scope));
        let part = || {
            let resource_type = self.inventory.names.get(scopes.resource_type(assigned));
            let (about, _) = operation.rsplit_once('/').unwrap_or_default();
            !resource_type.is_empty()
                && about.eq_ignore_ascii_case(resource_type)
                && scopes.contains(scope, assigned).is_true()
        };
        if above != Certainty::Held && part() { Certainty::Held } else { above }
    }

    /// Whether a role with its condition grants an operation of a plane.
    pub fn grants(&self, holding: Holding, plane: Plane, operation: &str) -> Certainty {
        if holding.role == Role::Everything {
            return Certainty::Held;
        }
        let key = (holding, plane);
        if let Some(&known) = self.remembered.borrow().get(&key).and_then(|known| known.get(operation)) {
            return known;
        }
        let request = Request { operation, role: None, principal: None, principal_type: None };
        let certainty = self.asked(holding, plane)(&request);
        self.remembered.borrow_mut().entry(key).or_default().insert(operation.into(), certainty);
        certainty
    }

    /// The same for each of several operations, which are hardly asked about again: nothing of it is remembered.
    pub fn grants_each(&self, holding: Holding, plane: Plane, operations: &[String]) -> Vec<Certainty> {
        let answer = self.asked(holding, plane);
        let request = |operation| Request { operation, role: None, principal: None, principal_type: None };
        operations.iter().map(|operation| answer(&request(operation))).collect()
    }

    /// Whether a role with its condition lets its holder write an assignment of a role to a principal, of whatever type: who
    /// may do that can have or make one of each.
    pub fn may_give(&self, holding: Holding, role: Guid, to: Option<Guid>) -> Certainty {
        let answer = self.asked(holding, Plane::Control);
        ["User", "Group", "ServicePrincipal"].iter().fold(Certainty::No, |any, principal_type| {
            let request = Request {
                operation: WRITE_ASSIGNMENT,
                role: Some(role),
                principal: Some(to.unwrap_or(SOMEBODY)),
                principal_type: Some(principal_type),
            };
            any.or(answer(&request))
        })
    }

    /// Answers what a role with its condition grants.
    fn asked(&self, holding: Holding, plane: Plane) -> impl Fn(&Request<'_>) -> Certainty {
        let blocks = self.blocks(holding.role);
        let condition = holding.condition.map(|text| self.condition(self.inventory.names.get(text)));
        move |request| {
            let Some(blocks) = &blocks else {
                return match holding.role {
                    Role::Everything => Certainty::Held,
                    _ => Certainty::Unknown(self.undefined()),
                };
            };
            let mut any = Certainty::No;
            for block in blocks.iter() {
                let one = std::slice::from_ref(block);
                if !crate::azure::permission::grants(one, plane, request.operation) {
                    continue;
                }
                any = any.or(match block.condition {
                    None => Certainty::Held,
                    Some(text) => self.allows(self.condition(text).as_deref(), request),
                });
            }
            match &condition {
                Some(condition) if any.is_possible() => any.and(self.allows(condition.as_deref(), request)),
                _ => any,
            }
        }
    }

    fn allows(&self, condition: Option<&Condition>, request: &Request<'_>) -> Certainty {
        match condition.and_then(|condition| condition.allows(request)) {
            Some(true) => Certainty::Held,
            Some(false) => Certainty::No,
            None => Certainty::Unknown(Missing::VALUE),
        }
    }

    fn condition(&self, text: &'i str) -> Option<Rc<Condition>> {
        let parse = || condition::parse(text).ok().map(Rc::new);
        self.conditions.borrow_mut().entry(text).or_insert_with(parse).clone()
    }

    /// Every GUID that the conditions of a role and of its assignment name: of other roles and principals they say the same.
    pub fn named_in(&self, holding: Holding) -> FxHashSet<Guid> {
        let own = holding.condition.map(|text| self.inventory.names.get(text));
        let blocks = self.blocks(holding.role);
        let of_blocks = blocks.iter().flat_map(|blocks| blocks.iter()).filter_map(|block| block.condition);
        let conditions = own.into_iter().chain(of_blocks).filter_map(|text| self.condition(text));
        conditions.flat_map(|condition| condition.guids()).collect()
    }

    /// The permission blocks of a role; `None` where its definition is not known.
    pub fn blocks(&self, role: Role) -> Option<Rc<[Block<'i>]>> {
        if let Some(known) = self.blocks.borrow().get(&role) {
            return known.clone();
        }
        let blocks: Option<Rc<[Block<'i>]>> = match role {
            Role::Captured(role) => captured_blocks(self.inventory, role).map(Rc::from),
            Role::BuiltIn(guid) => roles::by_guid(guid).map(|role| Rc::from(role.blocks())),
            Role::Everything => None,
        };
        self.blocks.borrow_mut().insert(role, blocks.clone());
        blocks
    }

    /// Why a role has no definition.
    fn undefined(&self) -> Missing {
        match self.inventory.coverage.missing(&[Collection::RoleDefinitions]) {
            missing if missing.is_none() => Missing::VALUE,
            missing => missing,
        }
    }

    /// Whether an enforced deny assignment certainly takes the operation from the caller at the scope.
    pub fn is_denied(&self, caller: &Caller, plane: Plane, operation: &str, scope: ScopeId) -> bool {
        let who = (caller.principal, &caller.groups[..]);
        self.denials.deny(self.inventory, who, (plane, operation), scope)
    }
}

/// The permission blocks of a captured role as text; `None` where its definition is not known.
pub fn captured_blocks(inventory: &Inventory, role: RoleId) -> Option<Vec<Block<'_>>> {
    let blocks = inventory.roles.blocks(role)?;
    Some(blocks.iter().map(|block| block_text(inventory, block)).collect())
}

pub(super) fn block_text<'i>(inventory: &'i Inventory, block: &'i crate::inventory::Block) -> Block<'i> {
    let texts = |list: &'i [Symbol]| list.iter().map(|&s| inventory.names.get(s)).collect();
    Block {
        actions: texts(&block.actions),
        not_actions: texts(&block.not_actions),
        data_actions: texts(&block.data_actions),
        not_data_actions: texts(&block.not_data_actions),
        condition: block.condition.map(|c| inventory.names.get(c)),
    }
}
