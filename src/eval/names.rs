//! Names that name nothing: a rule about them is not applicable, an exception of them is worth a warning.

use super::Evaluator;
use super::select::level_of;
use crate::azure::roles;
use crate::check::plan::{
    EntitySelector, Glob, Grant, LevelTest, NamePattern, PathTarget, PrincipalTest, RoleMatch, RoleName,
    RoleSet, ScopeClause, ScopeTest, Selector, Statement, WhoTest,
};
use crate::inventory::schema::Noun;
use crate::inventory::{Entity, RoleKind};

/// What the names of a statement name.
#[derive(Default)]
pub(super) struct Names {
    /// Some positive clause names nothing that is there.
    pub(super) nothing: bool,
    /// In words, for the report.
    pub(super) notes: Vec<String>,
}

impl Names {
    /// The names of one positive clause and whether each names something.
    fn clause(&mut self, what: &str, names: Vec<(&str, bool)>) {
        if names.is_empty() {
            return;
        }
        let vain: Vec<&str> = names.iter().filter(|(_, there)| !there).map(|(name, _)| *name).collect();
        if vain.len() == names.len() {
            self.nothing = true;
        }
        for name in vain {
            self.notes.push(format!("`{name}` names no {what} of this inventory"));
        }
    }

    /// No item of a positive clause is there as it is named, typed and placed.
    fn nowhere(&mut self, what: &str) {
        self.nothing = true;
        if self.notes.is_empty() {
            self.notes
                .push(format!("no {what} of this inventory is both named and placed as the clause says"));
        }
    }

    fn except(&mut self, what: &str, names: Vec<(&str, bool)>) {
        for (name, _) in names.into_iter().filter(|(_, there)| !there) {
            self.notes.push(format!("`except {name}` names no {what} of this inventory: it excepts nothing"));
        }
    }
}

impl<'a> Evaluator<'a> {
    pub(super) fn names_in(&self, statement: &'a Statement) -> Names {
        let mut names = Names::default();
        match statement {
            Statement::Select(selector, _)
            | Statement::RequireSome(selector)
            | Statement::RequireEvery(selector, _) => {
                names = self.names_of(selector);
            }
            Statement::Path(path) => {
                self.principal_names(&path.from, &mut names);
                match &path.to {
                    PathTarget::Grant(grant) => self.grant_names(grant, &mut names),
                    PathTarget::Principals(test) => self.principal_names(test, &mut names),
                }
                if let Some(through) = &path.through {
                    self.principal_names(through, &mut names);
                }
            }
        }
        // `require some` that names nothing is a failure, not a rule that does not apply.
        if matches!(statement, Statement::RequireSome(_)) {
            names.nothing = false;
        }
        names
    }

    pub(super) fn names_of(&self, selector: &'a Selector) -> Names {
        let mut names = Names::default();
        match selector {
            Selector::Grant(grant) => self.grant_names(grant, &mut names),
            Selector::Entity(selector) => self.entity_names(selector, &mut names),
        }
        names
    }

    fn grant_names(&self, grant: &'a Grant, names: &mut Names) {
        let written = |list: &'a [RoleName]| {
            list.iter().map(|r| (r.written.as_str(), self.role_exists(grant.kind, r))).collect::<Vec<_>>()
        };
        if let Some(RoleSet::Names(list)) = &grant.roles.set {
            names.clause("role, built in or captured,", written(list));
        }
        names.except("role, built in or captured,", written(&grant.roles.except));
        if let Some(clause) = &grant.scope {
            self.scope_names(clause, names);
        }
        if let Some(test) = &grant.principals {
            self.principal_names(test, names);
        }
    }

    fn role_exists(&self, kind: RoleKind, name: &RoleName) -> bool {
        let captured = &self.inventory.roles;
        let of_kind = || captured.iter().filter(|&r| captured.kind(r) == kind);
        let named = |glob: &Glob| {
            of_kind().any(|r| captured.name(r).is_some_and(|n| glob.matches(self.name_of(n).trim())))
        };
        let azure = kind == RoleKind::Azure;
        match &name.what {
            RoleMatch::Guid(guid) => {
                // Directory and app roles that nobody holds are not in any capture of assignments.
                !azure || of_kind().any(|r| captured.guid(r) == *guid) || roles::by_guid(*guid).is_some()
            }
            RoleMatch::Name(glob) => named(glob) || !azure,
            RoleMatch::Glob(glob) => {
                named(glob) || !azure || roles::iter().any(|r| glob.matches(r.name().trim()))
            }
        }
    }

    fn scope_names(&self, clause: &'a ScopeClause, names: &mut Names) {
        let list = |tests: &'a [ScopeTest]| {
            let mut written = vec![];
            for test in tests {
                if let ScopeTest::Level(test) = test {
                    written
                        .extend(test.names.iter().map(|n| (n.written.as_str(), self.scope_exists(test, n))));
                    written.extend(test.types.iter().map(|t| (t.text(), self.type_exists(t))));
                }
            }
            written
        };
        // A scope without a name is there: the clause then names something.
        let before = names.nothing;
        names.clause("scope", list(&clause.scopes));
        names.nothing = before;
        if clause.scopes.iter().all(|test| self.is_no_scope(test)) {
            names.nowhere("scope");
        }
        names.except("scope", list(&clause.except));
    }

    /// Whether an item of a scope clause says more than its level, and nothing is so.
    fn is_no_scope(&self, test: &'a ScopeTest) -> bool {
        match test {
            ScopeTest::Sub(selector) => self.is_no_entity(selector),
            ScopeTest::Level(test) => {
                let bare = test.names.is_empty() && test.types.is_empty() && test.qualifier.is_none();
                !bare && self.inventory.scopes.iter().all(|scope| self.is_level(test, scope).is_false())
            }
        }
    }

    /// Whether an item of a principal clause says more than its kind, and nobody is so.
    fn is_nobody(&self, who: &'a WhoTest) -> bool {
        match who {
            WhoTest::Sub(selector) => self.is_no_entity(selector),
            WhoTest::Kind { names, qualifier, .. } => {
                (!names.is_empty() || qualifier.is_some())
                    && self.inventory.principals.iter().all(|p| self.is_who(who, p).is_false())
            }
        }
    }

    /// Whether a selector names, types or places what it selects, and nothing is so.
    fn is_no_entity(&self, selector: &'a EntitySelector) -> bool {
        if selector.within.iter().any(|clause| clause.scopes.iter().all(|test| self.is_no_scope(test))) {
            return true;
        }
        if selector.names.is_empty() && selector.types.is_empty() && selector.qualifier.is_none() {
            return false;
        }
        let candidates: Vec<Entity> = match level_of(selector.noun) {
            Some(level) => {
                let scopes = &self.inventory.scopes;
                scopes.iter().filter(|&s| scopes.level(s) == level).map(Entity::from).collect()
            }
            None => self.entities(selector.noun),
        };
        candidates.into_iter().all(|entity| self.is_called(selector, entity).is_false())
    }

    fn scope_exists(&self, test: &LevelTest, name: &'a NamePattern) -> bool {
        let scopes = &self.inventory.scopes;
        scopes
            .iter()
            .filter(|&s| scopes.level(s) == test.level)
            .any(|s| !self.has_name(s.into(), name).is_false())
    }

    fn type_exists(&self, resource_type: &Glob) -> bool {
        let scopes = &self.inventory.scopes;
        scopes.iter().any(|s| resource_type.matches(self.name_of(scopes.resource_type(s))))
    }

    fn principal_names(&self, test: &'a PrincipalTest, names: &mut Names) {
        let list = |who: &'a [WhoTest]| {
            let mut written = vec![];
            for who in who {
                if let WhoTest::Kind { kind, names, .. } = who {
                    written
                        .extend(names.iter().map(|n| (n.written.as_str(), self.principal_exists(*kind, n))));
                }
            }
            written
        };
        let before = names.nothing;
        names.clause("principal", list(&test.who));
        names.nothing = before;
        if !test.who.is_empty() && test.who.iter().all(|who| self.is_nobody(who)) {
            names.nowhere("principal");
        }
        names.except("principal", list(&test.except));
    }

    fn principal_exists(&self, kind: Noun, name: &'a NamePattern) -> bool {
        self.inventory
            .principals
            .iter()
            .any(|p| !self.inventory.is_kind(p, kind).is_false() && !self.has_name(p.into(), name).is_false())
    }

    fn entity_names(&self, selector: &'a EntitySelector, names: &mut Names) {
        let exists = |name: &'a NamePattern| {
            let scopes = &self.inventory.scopes;
            let candidates: Vec<Entity> = match level_of(selector.noun) {
                Some(level) => {
                    scopes.iter().filter(|&s| scopes.level(s) == level).map(Entity::from).collect()
                }
                None => self.entities(selector.noun),
            };
            candidates.into_iter().any(|e| !self.has_name(e, name).is_false())
        };
        names.clause(
            selector.noun.word(),
            selector.names.iter().map(|n| (n.written.as_str(), exists(n))).collect(),
        );
        names.clause(
            "resource type",
            selector.types.iter().map(|t| (t.text(), self.type_exists(t))).collect(),
        );
        for clause in &selector.within {
            self.scope_names(clause, names);
        }
        if self.is_no_entity(selector) {
            names.nowhere(selector.noun.word());
        }
    }
}
