//! Capability sets: named, versioned lists of actions that policies refer to by what they let a holder do.

use std::sync::LazyLock;

use super::code_execution::{self, CodeExecution, Effect};
use super::permission::{self, Block, Plane};
use super::table::{self, Source};

/// A named list of actions. A role grants the capability if it grants some of them.
#[derive(Clone, Debug)]
pub struct Capability {
    /// As in a policy: `access-management`.
    pub name: &'static str,
    /// Raised with every change of the actions.
    pub version: u32,
    /// What it lets its holder do, as words after "may".
    pub title: &'static str,
    /// Its actions.
    pub actions: Vec<Action>,
    control: Vec<&'static str>,
    data: Vec<&'static str>,
}

/// An action of a capability.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    /// Where the action is granted.
    pub plane: Plane,
    /// The operation.
    pub action: &'static str,
    /// What it gives, in a few words.
    pub how: &'static str,
    /// Who says so.
    pub source: Source,
}

impl Capability {
    /// Its action patterns of one plane, to hand to [`permission::grants_all`] and [`permission::grants_beyond`].
    pub fn patterns(&self, plane: Plane) -> &[&'static str] {
        match plane {
            Plane::Control => &self.control,
            Plane::Data => &self.data,
        }
    }

    /// Those of its actions that are about a resource of a type, in any letter case: of code-execution, what runs code there; of
    /// the others, the operations of the type and of what is inside it, and those on whatever there is.
    pub fn actions_on(&self, resource_type: &str) -> Vec<Action> {
        if self.name == CODE_EXECUTION {
            return code_execution::of_type(resource_type).filter_map(Action::of_row).collect();
        }
        let of_type = |action: &str| {
            let (about, rest) = action.split_at_checked(resource_type.len()).unwrap_or_default();
            about.eq_ignore_ascii_case(resource_type) && rest.starts_with('/')
        };
        let everywhere = |action: &str| action.starts_with("Microsoft.Authorization/");
        self.actions.iter().filter(|a| of_type(a.action) || everywhere(a.action)).copied().collect()
    }

    /// Whether the blocks grant some of its actions, whatever their conditions.
    pub fn is_granted_by(&self, blocks: &[Block<'_>]) -> bool {
        permission::grants_some(blocks, Plane::Control, &self.control)
            || permission::grants_some(blocks, Plane::Data, &self.data)
    }
}

/// The set whose actions are in a table of their own.
pub const CODE_EXECUTION: &str = "code-execution";

impl Action {
    /// What a row gives, unless it only may lead on.
    fn of_row(row: &CodeExecution) -> Option<Action> {
        let CodeExecution { plane, action, how, source, .. } = *row;
        (row.effect != Effect::MayRun).then_some(Action { plane, action, how, source })
    }
}

static CAPABILITIES: LazyLock<Vec<Capability>> = LazyLock::new(|| {
    let text = include_str!("data/capabilities.txt");
    let mut sets: Vec<Capability> = Vec::new();
    for [kind, name, third, fourth, how, grade, source, date] in table::rows(text) {
        if kind == "set" {
            let (control, data) = (Vec::new(), Vec::new());
            let version = third.parse().unwrap_or(0);
            sets.push(Capability { name, version, title: fourth, actions: Vec::new(), control, data });
        } else if let Some(set) = sets.iter_mut().find(|set| set.name == name) {
            let source = table::source([grade, source, date]);
            set.actions.push(Action { plane: Plane::of(third), action: fourth, how, source });
        }
    }
    if let Some(set) = sets.iter_mut().find(|set| set.name == CODE_EXECUTION) {
        set.actions.extend(code_execution::rows().iter().filter_map(Action::of_row));
    }
    for set in &mut sets {
        let of = |plane| move |action: &Action| (action.plane == plane).then_some(action.action);
        set.control = set.actions.iter().filter_map(of(Plane::Control)).collect();
        set.data = set.actions.iter().filter_map(of(Plane::Data)).collect();
    }
    sets
});

/// All capability sets, by name.
pub fn all() -> &'static [Capability] {
    &CAPABILITIES
}

/// The capability set of that name, exactly as policies write it.
pub fn by_name(name: &str) -> Option<&'static Capability> {
    CAPABILITIES.iter().find(|capability| capability.name == name)
}

/// Whether a role is privileged: it grants access-management, or the actions of one of its blocks hold `*`. So
/// Contributor is. A condition does not make a role less so (language 2.1 and 2.4).
pub fn is_privileged(blocks: &[Block<'_>]) -> bool {
    let holds_star = |block: &Block<'_>| block.actions.iter().any(|action| action.trim() == "*");
    blocks.iter().any(holds_star)
        || by_name("access-management").is_some_and(|capability| capability.is_granted_by(blocks))
}
