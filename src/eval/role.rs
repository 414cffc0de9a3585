//! Which roles a grant means: by GUID, name, adjective, or what they grant.

use super::Evaluator;
use crate::azure::{permission, roles};
use crate::check::plan::{Adjectives, Extent, Granting, RoleMatch, RoleName, RoleSet, RoleTest};
use crate::graph::captured_blocks;
use crate::inventory::{RoleId, RoleKind, RoleType, Truth};
use std::cell::RefCell;

/// A role test made ready: what it says of a role is worked out once.
pub(super) struct RoleMatcher<'a> {
    test: &'a RoleTest,
    adjectives: Adjectives,
    memo: RefCell<Vec<Option<Truth>>>,
}

impl<'a> RoleMatcher<'a> {
    pub(super) fn new(evaluator: &Evaluator<'a>, test: &'a RoleTest, adjectives: Adjectives) -> Self {
        RoleMatcher { test, adjectives, memo: RefCell::new(vec![None; evaluator.inventory.roles.len()]) }
    }

    /// Whether the role is meant.
    pub(super) fn truth(&self, evaluator: &Evaluator<'a>, role: RoleId) -> Truth {
        if let Some(known) = self.memo.borrow()[role.index()] {
            return known;
        }
        let truth = self.decide(evaluator, role);
        self.memo.borrow_mut()[role.index()] = Some(truth);
        truth
    }

    fn decide(&self, evaluator: &Evaluator<'a>, role: RoleId) -> Truth {
        let roles = &evaluator.inventory.roles;
        let undefined = Truth::Unknown(evaluator.undefined());
        let of_type = |wanted| match roles.role_type(role) {
            RoleType::Unknown if roles.kind(role) == RoleKind::Azure => undefined,
            found => (found == wanted).into(),
        };
        let mut truth = match &self.test.set {
            None => Truth::True,
            Some(RoleSet::Names(names)) => any_name(evaluator, names, role),
            Some(RoleSet::Granting(granting)) => evaluator.grants_operations(granting, role),
        };
        if self.adjectives.custom {
            truth = truth.and(of_type(RoleType::Custom));
        }
        if self.adjectives.built_in {
            truth = truth.and(of_type(RoleType::BuiltIn));
        }
        if self.adjectives.privileged && !truth.is_false() {
            truth = truth.and(match evaluator.blocks(role) {
                Some(blocks) => crate::azure::capabilities::is_privileged(&blocks).into(),
                None => undefined,
            });
        }
        truth.and(!any_name(evaluator, &self.test.except, role))
    }
}

fn any_name(evaluator: &Evaluator<'_>, names: &[RoleName], role: RoleId) -> Truth {
    names.iter().fold(Truth::False, |any, name| any.or(evaluator.is_role(name, role)))
}

impl<'a> Evaluator<'a> {
    /// Whether a role is named so. A built-in role is known by its GUID; a custom role that bears a built-in one's name
    /// is not meant by it.
    fn is_role(&self, name: &RoleName, role: RoleId) -> Truth {
        let roles = &self.inventory.roles;
        let known = roles.name(role).map(|n| self.name_of(n));
        let unnamed = || Truth::Unknown(self.undefined());
        match &name.what {
            RoleMatch::Guid(guid) => (roles.guid(role) == *guid).into(),
            RoleMatch::Glob(glob) => match known {
                Some(known) => glob.matches(known.trim()).into(),
                None if glob.text() == "*" => Truth::True,
                None => unnamed(),
            },
            RoleMatch::Name(glob) => match known {
                Some(known) if glob.matches(known.trim()) => {
                    let imitates = roles.kind(role) == RoleKind::Azure
                        && roles.role_type(role) == RoleType::Custom
                        && roles::by_name(known).is_some();
                    (!imitates).into()
                }
                Some(_) => Truth::False,
                None => unnamed(),
            },
        }
    }

    /// The permission blocks of a role as text; `None` where its definition is not known.
    pub(super) fn blocks(&self, role: RoleId) -> Option<Vec<permission::Block<'a>>> {
        captured_blocks(self.inventory, role)
    }

    fn grants_operations(&self, granting: &'a Granting, role: RoleId) -> Truth {
        let Some(blocks) = self.blocks(role) else {
            return Truth::Unknown(self.undefined());
        };
        blocks_grant(granting, &blocks).into()
    }
}

/// Whether permission blocks grant what is asked, on the planes that are asked about.
pub(super) fn blocks_grant(granting: &Granting, blocks: &[permission::Block<'_>]) -> bool {
    let planes =
        [(permission::Plane::Control, &granting.actions), (permission::Plane::Data, &granting.data_actions)];
    let mut asked = planes.iter().filter_map(|(plane, patterns)| patterns.as_ref().map(|p| (*plane, p)));
    let grants = |(plane, patterns): (permission::Plane, &Vec<String>)| {
        let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
        match granting.extent {
            Extent::Some => permission::grants_some(blocks, plane, &patterns),
            Extent::All => permission::grants_all(blocks, plane, &patterns),
            Extent::Beyond => permission::grants_beyond(blocks, plane, &patterns),
        }
    };
    match granting.extent {
        Extent::All => asked.all(grants),
        Extent::Some | Extent::Beyond => asked.any(grants),
    }
}
