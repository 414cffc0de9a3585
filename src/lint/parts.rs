//! The parts of a sentence that lints look at, wherever in it they stand.

use crate::syntax::ast::{
    AccessStep, AlsoPlace, Count, Entity, Expr, ExprKind, Fact, Filter, Grant, GrantHead, GroupKey, Ident,
    Item, MatchPattern, Number, PathTarget, Pattern, Principals, Qualifier, Scope, ScopeClause, Selector,
    Statement, Waive, Who,
};

/// What was found, in the order of the text.
#[derive(Default)]
pub(super) struct Parts<'a> {
    /// Names of sets, parameters and capability sets, and whatever might be one.
    pub(super) names: Vec<&'a Ident>,
    /// `where` and `unless`.
    pub(super) filters: Vec<Found<&'a Filter>>,
    /// What `require every ... to satisfy`.
    pub(super) satisfy: Option<&'a Expr>,
    /// Whom a `for` clause leaves out.
    pub(super) excepted_who: Vec<&'a Who>,
    /// Which scopes a scope clause leaves out.
    pub(super) excepted_scopes: Vec<&'a Scope>,
}

/// A part, and whether what it selects is left out of the sentence.
#[derive(Clone, Copy)]
pub(super) struct Found<T> {
    pub(super) part: T,
    pub(super) excepted: bool,
}

/// The parts of an item.
pub(super) fn of_item(item: &Item) -> Parts<'_> {
    let mut parts = Parts::default();
    match item {
        Item::Use(_) | Item::Param(_) => {}
        Item::Let(set) => parts.patterns(&set.patterns),
        Item::Rule(rule) => parts.statement(&rule.statement),
        Item::Waive(waive) => parts.waive(waive),
        Item::Test(test) => {
            for fact in &test.facts {
                if let Fact::Grant { role, scope, principals, .. } = fact {
                    parts.patterns(std::slice::from_ref(role));
                    scope.iter().for_each(|clause| parts.scope_clause(clause));
                    parts.principals(principals);
                }
            }
        }
    }
    parts
}

/// The parts of a statement.
pub(super) fn of_statement(statement: &Statement) -> Parts<'_> {
    let mut parts = Parts::default();
    parts.statement(statement);
    parts
}

impl<'a> Parts<'a> {
    fn statement(&mut self, statement: &'a Statement) {
        match statement {
            Statement::Select { selector, count, .. } => {
                self.selector(selector);
                count.iter().for_each(|count| self.count(count));
            }
            Statement::RequireSome(selector) => self.selector(selector),
            Statement::RequireEvery(selector, satisfy) => {
                self.selector(selector);
                self.expr(satisfy);
                self.satisfy = Some(satisfy);
            }
            Statement::Path { path, .. } => {
                self.principals(&path.from);
                match &path.to {
                    PathTarget::Grant(head, clause) => {
                        self.head(head);
                        clause.iter().for_each(|clause| self.scope_clause(clause));
                    }
                    PathTarget::Principals(principals) => self.principals(principals),
                }
                path.through.iter().for_each(|through| self.principals(through));
                self.filters(&path.filters, false);
            }
        }
    }

    fn waive(&mut self, waive: &'a Waive) {
        waive.principals.iter().for_each(|principals| self.principals(principals));
        waive.scope.iter().for_each(|clause| self.scope_clause(clause));
        waive.entity.iter().for_each(|entity| self.entity(entity, false));
    }

    fn selector(&mut self, selector: &'a Selector) {
        match selector {
            Selector::Grant(grant) => self.grant(grant),
            Selector::Entity(entity) => self.entity(entity, false),
        }
    }

    fn grant(&mut self, grant: &'a Grant) {
        self.head(&grant.head);
        grant.scope.iter().for_each(|clause| self.scope_clause(clause));
        grant.principals.iter().for_each(|principals| self.principals(principals));
        if let Some(also) = &grant.also {
            self.head(&also.head);
            if let Some(AlsoPlace::Scope(clause)) = &also.place {
                self.scope_clause(clause);
            }
        }
        self.filters(&grant.filters, false);
    }

    fn head(&mut self, head: &'a GrantHead) {
        let Some(roles) = &head.roles else { return };
        match &roles.set {
            Some(crate::syntax::ast::RoleSet::Patterns(patterns)) => self.patterns(patterns),
            Some(crate::syntax::ast::RoleSet::Granting(granting)) => self.patterns(&granting.patterns),
            None => {}
        }
        self.patterns(&roles.except);
    }

    fn scope_clause(&mut self, clause: &'a ScopeClause) {
        clause.scopes.iter().for_each(|scope| self.scope(scope, false));
        clause.except.iter().for_each(|scope| self.scope(scope, true));
        self.excepted_scopes.extend(&clause.except);
    }

    fn scope(&mut self, scope: &'a Scope, excepted: bool) {
        match scope {
            Scope::Sub(entity) => self.entity(entity, excepted),
            Scope::Level { of_type, names, qualifier, .. } => {
                self.patterns(of_type);
                self.patterns(names);
                self.qualifier(qualifier.as_deref());
            }
        }
    }

    fn principals(&mut self, principals: &'a Principals) {
        principals.who.iter().for_each(|who| self.who(who, false));
        principals.except.iter().for_each(|who| self.who(who, true));
        self.excepted_who.extend(&principals.except);
    }

    fn who(&mut self, who: &'a Who, excepted: bool) {
        match who {
            Who::Sub(entity) => self.entity(entity, excepted),
            Who::Kind { names, qualifier, .. } => {
                self.patterns(names);
                self.qualifier(qualifier.as_deref());
            }
        }
    }

    fn qualifier(&mut self, mut qualifier: Option<&'a Qualifier>) {
        while let Some(inner) = qualifier {
            self.patterns(&inner.names);
            qualifier = inner.next.as_deref();
        }
    }

    fn entity(&mut self, entity: &'a Entity, excepted: bool) {
        self.patterns(&entity.of_type);
        self.patterns(&entity.names);
        self.qualifier(entity.qualifier.as_deref());
        entity.within.iter().for_each(|clause| self.scope_clause(clause));
        self.filters(&entity.filters, excepted);
    }

    fn filters(&mut self, filters: &'a [Filter], excepted: bool) {
        for filter in filters {
            self.expr(&filter.expr);
            self.filters.push(Found { part: filter, excepted });
        }
    }

    fn count(&mut self, count: &'a Count) {
        for bound in &count.bounds {
            if let Number::Name(name) = &bound.number {
                self.names.push(name);
            }
        }
        for key in &count.per {
            if let GroupKey::Access(access) = key {
                self.names.push(&access.root);
            }
        }
    }

    fn patterns(&mut self, patterns: &'a [Pattern]) {
        self.names.extend(patterns.iter().filter_map(|pattern| match pattern {
            Pattern::Name(name) => Some(name),
            _ => None,
        }));
    }

    fn expr(&mut self, expr: &'a Expr) {
        each(expr, &mut |expr| match &expr.kind {
            ExprKind::Access(access) if access.steps.is_empty() => self.names.push(&access.root),
            ExprKind::Matches(_, MatchPattern::Name(name)) => self.names.push(name),
            _ => {}
        });
    }
}

/// Calls `look` with the expression and everything in it.
pub(super) fn each<'a>(expr: &'a Expr, look: &mut impl FnMut(&'a Expr)) {
    look(expr);
    match &expr.kind {
        ExprKind::Or(parts) | ExprKind::And(parts) | ExprKind::List(parts) => {
            for part in parts {
                each(part, look);
            }
        }
        ExprKind::Quantified { list, body, .. } | ExprKind::CountWhere { list, body, .. } => {
            each(list, look);
            each(body, look);
        }
        ExprKind::Compare(_, left, right)
        | ExprKind::Contains(left, right)
        | ExprKind::In { element: left, list: right, .. }
        | ExprKind::Sum { left, right, .. } => {
            each(left, look);
            each(right, look);
        }
        ExprKind::Not(inner)
        | ExprKind::Matches(inner, _)
        | ExprKind::Is { subject: inner, .. }
        | ExprKind::Paren(inner)
        | ExprKind::CountList(inner)
        | ExprKind::Age(inner) => each(inner, look),
        ExprKind::Literal(_) | ExprKind::Bool(_) | ExprKind::Today | ExprKind::Access(_) => {}
    }
}

/// The parts of an `and`, however deep; the expression itself where it is none.
pub(super) fn conjuncts(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Paren(inner) => conjuncts(inner),
        ExprKind::And(parts) => parts.iter().flat_map(conjuncts).collect(),
        _ => vec![expr],
    }
}

/// The first access of the expression that reads a tag.
pub(super) fn tag_read(expr: &Expr) -> Option<crate::text::Span> {
    let mut found = None;
    each(expr, &mut |expr| {
        if let ExprKind::Access(access) = &expr.kind
            && access.steps.iter().any(|step| matches!(step, AccessStep::Key(_)))
        {
            found.get_or_insert(expr.at.0);
        }
    });
    found
}
