//! The assignments that a test states.

use super::attributes;
use super::build::{Builder, hint};
use super::world::guid;
use crate::inventory::{
    AssignmentId, AssignmentName, AssignmentRow, Collection as C, Hint, PrincipalId, ROLE_ASSIGNMENT_SEGMENT,
    RoleKind, State, Stated as Known,
};
use crate::syntax::ast::{
    Adjective, Assign, Fact, GrantKind, Noun, Preposition, Principals, Scope, ScopeClause, Who,
};
use crate::text::Spanned;

impl<'t> Builder<'t> {
    /// Makes every assignment that is stated.
    pub(super) fn grants(&mut self) {
        for fact in 0..self.test.facts.len() {
            let test = self.test;
            let Fact::Grant { adjective, kind, role, scope, principals, with, .. } = &test.facts[fact] else {
                continue;
            };
            let Some(state) = self.state(adjective.as_ref()) else { continue };
            let scopes = self.places(kind, scope.as_ref());
            let holders = self.holders(principals);
            let Some(role) = self.role(kind.node, role) else { continue };
            let kind = match kind.node {
                GrantKind::Role => RoleKind::Azure,
                GrantKind::DirectoryRole => RoleKind::Directory,
                GrantKind::AppRole => RoleKind::App,
            };
            for (number, (place, &(assignee, hint))) in
                scopes.iter().flat_map(|s| holders.iter().map(move |h| (s, h))).enumerate()
            {
                let name = guid("assignment", &format!("{fact}/{number}")).to_string();
                let prefix = if place == "/" { "" } else { place };
                let id = format!("{prefix}{}{name}", ROLE_ASSIGNMENT_SEGMENT);
                let condition = attributes::condition(with);
                let row = AssignmentRow {
                    kind,
                    state,
                    id: &id,
                    name: AssignmentName::of(&name),
                    role,
                    scope: place,
                    assignee,
                    hint: Known::Value(hint),
                    condition: condition.as_deref().map_or(Known::Absent, Known::Value),
                };
                self.grant(fact, &row, with);
            }
        }
    }

    fn grant(&mut self, fact: usize, row: &AssignmentRow<'_>, with: &'t [Assign]) {
        let origin = self.origin(fact);
        // PIM says of every active assignment whether it was activated, unless the test says that it does not.
        let activated = match attributes::activated(with) {
            None if self.is_captured(C::RoleAssignmentScheduleInstances) => Known::Value(false),
            None => Known::Unsaid,
            Some(stated) => stated,
        };
        let id: AssignmentId = match activated {
            Known::Value(_) if row.state == State::Active => {
                self.draft.active_instance(row, activated, origin)
            }
            _ => self.draft.assignment(row, origin),
        };
        self.draft.hint(row.assignee, row.hint.value().unwrap_or(Hint::None));
        attributes::state(self, Noun::RoleAssignment, id.into(), with, origin);
    }

    fn state(&mut self, adjective: Option<&Spanned<Adjective>>) -> Option<State> {
        match adjective.map(|a| a.node) {
            None | Some(Adjective::Active | Adjective::Standing | Adjective::Any) => Some(State::Active),
            Some(Adjective::Eligible) => Some(State::Eligible),
            Some(other) => {
                let span = adjective.map_or(self.test.at.0, |a| a.span);
                self.wrong(
                    format!("a fact states no `{}` role", other.word()),
                    span,
                    "",
                    "write nothing, `active` or `eligible` here; the rest follows from the role and from who holds it",
                );
                None
            }
        }
    }

    fn places(&mut self, kind: &Spanned<GrantKind>, scope: Option<&ScopeClause>) -> Vec<String> {
        let Some(clause) = scope else {
            if kind.node == GrantKind::Role {
                self.wrong(
                    "the assignment is nowhere",
                    kind.span,
                    "",
                    "say where: `at subscription \"prod\"`",
                );
                return vec![];
            }
            return vec!["/".to_owned()];
        };
        if clause.preposition.node != Preposition::At {
            self.wrong(
                format!("an assignment is made `at` a scope, not `{}` one", clause.preposition.node.word()),
                clause.preposition.span,
                "",
                "write `at`",
            );
        }
        if let Some(except) = clause.except.first() {
            let span = match except {
                Scope::Sub(entity) => entity.at.0,
                Scope::Level { at, .. } => at.0,
            };
            self.wrong("a fact has no `except`", span, "", "");
        }
        let mut places = vec![];
        for scope in &clause.scopes {
            let (level, names, qualifier) = match scope {
                Scope::Level { level, of_type, names, qualifier, or_above: None, .. }
                    if of_type.is_empty() =>
                {
                    (level, names, qualifier.as_deref())
                }
                Scope::Level { at, .. } => {
                    self.wrong("a fact names one scope", at.0, "", "write only its level and name");
                    continue;
                }
                Scope::Sub(entity) => {
                    self.wrong("a fact names one scope", entity.at.0, "", "write its level and name");
                    continue;
                }
            };
            if level.node == Noun::Root {
                places.push("/".to_owned());
            } else if names.is_empty() {
                self.wrong(
                    format!("which {}?", level.node.word()),
                    level.span,
                    "a fact names one",
                    &format!("write `at {} \"NAME\"`, of one that is stated", level.node.word()),
                );
            }
            for name in names {
                match self.world.find(level.node, name.text(), name.span(), qualifier) {
                    Ok(found) => {
                        if let Some(scope) = self.world.things[found].scope {
                            let text = self.text(scope);
                            places.push(text);
                        }
                    }
                    Err(problem) => self.problems.push(*problem),
                }
            }
        }
        places
    }

    fn holders(&mut self, principals: &Principals) -> Vec<(PrincipalId, Hint)> {
        if principals.who.is_empty() || !principals.except.is_empty() {
            self.wrong("a fact names who holds the role", principals.at.0, "", "write `for user \"alice\"`");
            return vec![];
        }
        let mut holders = vec![];
        for who in &principals.who {
            let (kind, names, qualifier) = match who {
                Who::Kind { kind, names, qualifier, .. } if !names.is_empty() => {
                    (kind, names, qualifier.as_deref())
                }
                Who::Kind { kind, .. } => {
                    self.wrong(
                        format!("which {}?", kind.node.word()),
                        kind.span,
                        "a fact names one",
                        &format!("write `for {} \"NAME\"`, of one that is stated", kind.node.word()),
                    );
                    continue;
                }
                Who::Sub(entity) => {
                    self.wrong(
                        "a fact names who holds the role",
                        entity.at.0,
                        "",
                        "write `for user \"alice\"`",
                    );
                    continue;
                }
            };
            for name in names {
                match self.world.find(kind.node, name.text(), name.span(), qualifier) {
                    Ok(found) => {
                        let hint = hint(self.world.things[found].noun);
                        holders.extend(self.principal_of(found).map(|p| (p, hint)));
                    }
                    Err(problem) => self.problems.push(*problem),
                }
            }
        }
        holders
    }
}
