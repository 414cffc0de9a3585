//! Where and who: scopes, principals, entities, and what qualifies their names.

use super::expressions::Bindings;
use super::grants::a;
use super::names::{Checked, Checker, Member, Told};
use super::plan::{
    EntitySelector, Glob, LevelTest, NamePattern, Preposition, PrincipalTest, Qualifier, ScopeClause,
    ScopeTest, WhoTest,
};
use crate::azure::scope::Level;
use crate::diagnostic::{Diagnostic, code};
use crate::inventory::schema::{Attr, Noun, Table};
use crate::syntax::ast::{self, Entity, Pattern, Principals, Scope, Who};
use crate::text::{Span, Spanned};

/// The schema's noun of a noun of the tree.
pub(super) fn noun(noun: ast::Noun) -> Noun {
    match Noun::from_word(noun.word()) {
        Some(noun) => noun,
        None => unreachable!("every noun of the language is a noun of the schema; a test compares them"),
    }
}

/// The level that a noun is.
pub(super) fn level(noun: Noun) -> Option<Level> {
    Level::ALL.into_iter().find(|level| level.name() == noun.word())
}

/// Whether things of that noun stand somewhere in the hierarchy of scopes.
pub(super) fn has_place(noun: Noun) -> bool {
    matches!(
        noun.table(),
        Table::Scope
            | Table::Assignment
            | Table::DenyAssignment
            | Table::PolicyAssignment
            | Table::FederatedCredential
    ) || noun.is_a(Noun::ManagedIdentity)
}

/// Whether some things of that noun do: a principal, and a service principal, may be a managed identity.
pub(super) fn may_have_place(noun: Noun) -> bool {
    has_place(noun) || matches!(noun, Noun::Principal | Noun::ServicePrincipal)
}

/// Whether something of the noun `of` can be in something of the noun `holder`.
fn can_be_in(of: Noun, holder: Noun) -> bool {
    match (level(of), level(holder)) {
        (_, Some(Level::Root)) => false,
        (Some(Level::ManagementGroup), Some(Level::ManagementGroup)) => true,
        (Some(of), Some(holder)) => holder < of,
        (None, Some(_)) => may_have_place(of),
        (_, None) => match of.table() {
            Table::Principal => holder == Noun::Group && of != Noun::MissingPrincipal,
            Table::FederatedCredential => matches!(holder, Noun::UserAssigned | Noun::Application),
            Table::Credential => matches!(holder, Noun::Application | Noun::ServicePrincipal),
            _ => false,
        },
    }
}

impl Checker<'_> {
    /// Reads what every entity of the noun needs, whatever else a sentence says of it.
    pub(super) fn want(&mut self, noun: Noun) {
        let attrs: &[Attr] = match noun.table() {
            Table::Principal => &[
                Attr::PrincipalName,
                Attr::UserUpn,
                Attr::UserType,
                Attr::ServicePrincipalType,
                Attr::ServicePrincipalAppId,
            ],
            Table::Scope => &[Attr::ScopeName, Attr::ManagementGroupDisplayName],
            Table::Assignment => &[Attr::AssignmentStart, Attr::AssignmentEnd],
            Table::Role => &[Attr::RoleName],
            Table::Application => &[Attr::ApplicationName, Attr::ApplicationAppId],
            Table::Credential => &[Attr::CredentialName],
            Table::FederatedCredential => &[Attr::FederatedName],
            Table::DenyAssignment => &[Attr::DenyName],
            Table::PolicyAssignment => &[Attr::PolicyName],
            Table::Tenant => &[Attr::TenantName],
        };
        for attr in attrs {
            self.wanted.add(*attr);
        }
    }

    /// `at|on|within ...`
    pub(super) fn scope_clause(&mut self, clause: &ast::ScopeClause) -> Checked<ScopeClause> {
        self.want(Noun::Scope);
        let preposition = match clause.preposition.node {
            ast::Preposition::At => Preposition::At,
            ast::Preposition::On => Preposition::On,
            ast::Preposition::Within => Preposition::Within,
        };
        let scopes = self.scopes(&clause.scopes)?;
        let except = self.scopes(&clause.except)?;
        Ok(ScopeClause { preposition, scopes, except, span: clause.at.0 })
    }

    fn scopes(&mut self, scopes: &[Scope]) -> Checked<Vec<ScopeTest>> {
        scopes.iter().map(|scope| self.scope(scope)).collect()
    }

    fn scope(&mut self, scope: &Scope) -> Checked<ScopeTest> {
        let (written, of_type, names, qualifier, or_above, span) = match scope {
            Scope::Sub(entity) => {
                let is_level = noun(entity.noun.node).is_level();
                if !is_level {
                    return Err(self.tell(
                        Diagnostic::error(
                            code::D085,
                            format!("{} is not a scope", a(entity.noun.node.word())),
                        )
                        .at(entity.noun.span, "a scope is expected here")
                        .note("scopes are: root, management_group, subscription, resource_group, resource"),
                    ));
                }
                return Ok(ScopeTest::Sub(Box::new(self.entity(entity)?)));
            }
            Scope::Level { level, of_type, names, qualifier, or_above, at } => {
                (level, of_type, names, qualifier, or_above, at.0)
            }
        };
        let Some(level) = level(noun(written.node)) else {
            unreachable!("the parser gives a scope one of the five levels");
        };
        let what = noun(written.node);
        if let (Level::Root, Some(above)) = (level, or_above) {
            return Err(self.tell(
                Diagnostic::error(code::D082, "nothing is above the root")
                    .at(above.0, "leave this out")
                    .edit(Span::new(written.span.end, above.0.end), ""),
            ));
        }
        let types = self.types(what, of_type)?;
        let names = self.entity_names(what, names)?;
        let qualifier = self.qualifier(written, what, qualifier.as_deref())?;
        Ok(ScopeTest::Level(LevelTest { level, types, names, qualifier, or_above: or_above.is_some(), span }))
    }

    fn types(&mut self, noun: Noun, of_type: &[Pattern]) -> Checked<Vec<Glob>> {
        match of_type.first() {
            Some(first) if noun != Noun::Resource => Err(self.tell(
                Diagnostic::error(
                    code::D083,
                    format!("only a `resource` has a type, {} has none", a(noun.word())),
                )
                .at(first.span(), "leave `of type` out, or write `resource of type ...`"),
            )),
            _ => {
                let members = self.members(of_type, "a resource type")?;
                members.into_iter().map(|member| self.resource_type(&member)).collect()
            }
        }
    }

    fn resource_type(&mut self, member: &Member) -> Checked<Glob> {
        self.no_capability(member, "a resource type")?;
        if member.text.contains(['/', '*']) {
            return Ok(Glob::new(member.text.trim_matches('/')));
        }
        Err(self.tell(
            Diagnostic::error(code::D083, format!("\"{}\" is not a resource type", member.text))
                .at(member.span, "a type has a namespace, a slash and a name")
                .help("write it as in \"Microsoft.Compute/virtualMachines\""),
        ))
    }

    fn entity_names(&mut self, noun: Noun, names: &[Pattern]) -> Checked<Vec<NamePattern>> {
        match names.first() {
            Some(first) if noun == Noun::Root => Err(self.tell(
                Diagnostic::error(code::D088, "the root has no name")
                    .at(first.span(), "there is one root: leave this out"),
            )),
            _ => self.name_patterns(names, &format!("a name of {}", a(noun.word()).replace('`', ""))),
        }
    }

    /// `in NOUN names [in ...]`, after something of the noun `of`.
    fn qualifier(
        &mut self,
        written: &Spanned<ast::Noun>,
        of: Noun,
        qualifier: Option<&ast::Qualifier>,
    ) -> Checked<Option<Box<Qualifier>>> {
        let Some(qualifier) = qualifier else { return Ok(None) };
        let inner = noun(qualifier.noun.node);
        if !can_be_in(of, inner) {
            return Err(self.misfit(written, of, inner, &qualifier.noun));
        }
        self.want(inner);
        let names =
            self.name_patterns(&qualifier.names, &format!("a name of {}", a(inner.word()).replace('`', "")))?;
        let next = self.qualifier(&qualifier.noun, inner, qualifier.next.as_deref())?;
        Ok(Some(Box::new(Qualifier { noun: inner, names, next })))
    }

    fn misfit(
        &mut self,
        written: &Spanned<ast::Noun>,
        of: Noun,
        inner: Noun,
        place: &Spanned<ast::Noun>,
    ) -> Told {
        let (of_word, inner_word) = (a(of.word()), a(inner.word()));
        let mut diagnostic = Diagnostic::error(code::D084, format!("{of_word} is not in {inner_word}"))
            .at(place.span, "cannot hold it")
            .at(written.span, "");
        let holders: Vec<&str> = Noun::ALL.iter().filter(|n| can_be_in(of, **n)).map(|n| n.word()).collect();
        if inner == Noun::Group && of.is_level() {
            diagnostic = diagnostic.note("a qualifier belongs to the name before it; groups hold principals");
        }
        diagnostic = match holders.is_empty() {
            true => diagnostic.help("leave `in` out"),
            false => diagnostic.note(format!("{of_word} can be in: {}", holders.join(", "))),
        };
        self.tell(diagnostic)
    }

    /// `for ...`: which principals.
    pub(super) fn principals(&mut self, principals: &Principals) -> Checked<PrincipalTest> {
        self.want(Noun::Principal);
        let who = principals.who.iter().map(|who| self.who(who)).collect::<Checked<_>>()?;
        let except = principals.except.iter().map(|who| self.who(who)).collect::<Checked<_>>()?;
        Ok(PrincipalTest { who, except, span: principals.at.0 })
    }

    fn who(&mut self, who: &Who) -> Checked<WhoTest> {
        match who {
            Who::Sub(entity) => {
                if noun(entity.noun.node).table() != Table::Principal {
                    let mut diagnostic = Diagnostic::error(
                        code::D085,
                        format!("{} does not hold roles", a(entity.noun.node.word())),
                    )
                    .at(entity.noun.span, "a kind of principal is expected here");
                    if entity.noun.node == ast::Noun::Application {
                        diagnostic = diagnostic.help(
                            "an application holds roles as its service principal: write `service_principal`",
                        );
                    }
                    return Err(self.tell(diagnostic));
                }
                Ok(WhoTest::Sub(Box::new(self.entity(entity)?)))
            }
            Who::Kind { kind, names, qualifier, at } => {
                let what = noun(kind.node);
                let names = self.entity_names(what, names)?;
                // An application holds roles as its service principal, which can be in groups.
                let of = if what == Noun::Application { Noun::ServicePrincipal } else { what };
                let qualifier = self.qualifier(kind, of, qualifier.as_deref())?;
                Ok(WhoTest::Kind { kind: what, names, qualifier, span: at.0 })
            }
        }
    }

    /// The nouns that a `for` clause admits, with their places; empty for anyone.
    pub(super) fn admitted(principals: Option<&Principals>) -> Vec<Spanned<Noun>> {
        let Some(principals) = principals else { return vec![] };
        let noun_of = |who: &Who| match who {
            Who::Sub(entity) => Spanned::new(noun(entity.noun.node), entity.noun.span),
            Who::Kind { kind, .. } => Spanned::new(noun(kind.node), kind.span),
        };
        principals.who.iter().map(noun_of).collect()
    }

    /// An entity selector, of a sentence of its own or in parentheses.
    pub(super) fn entity(&mut self, entity: &Entity) -> Checked<EntitySelector> {
        let what = noun(entity.noun.node);
        self.want(what);
        let types = self.types(what, &entity.of_type)?;
        let names = self.entity_names(what, &entity.names)?;
        let qualifier = self.qualifier(&entity.noun, what, entity.qualifier.as_deref())?;
        if let (Some(within), false) = (entity.within.first(), may_have_place(what)) {
            let mut diagnostic =
                Diagnostic::error(code::D086, format!("{} is not in any scope", a(what.word())))
                    .at(within.preposition.span, "leave this clause out")
                    .at(entity.noun.span, "");
            if what.table() == Table::Principal {
                diagnostic =
                    diagnostic.note("of the principals, only managed identities are resources in a scope");
            }
            return Err(self.tell(diagnostic));
        }
        let within = entity.within.iter().map(|clause| self.scope_clause(clause)).collect::<Checked<_>>()?;
        let filter = self.filters(&entity.filters, &Bindings::entity(what))?;
        Ok(EntitySelector { noun: what, types, names, qualifier, within, filter, span: entity.at.0 })
    }
}

/// The nearest noun that all of them are; `principal` for none.
pub(super) fn narrowest(nouns: &[Spanned<Noun>]) -> Noun {
    let holder = |noun: Noun| if noun == Noun::Application { Noun::ServicePrincipal } else { noun };
    let mut common = match nouns.first() {
        Some(first) => holder(first.node),
        None => return Noun::Principal,
    };
    for noun in nouns {
        while !holder(noun.node).is_a(common) {
            match common.parent() {
                Some(parent) => common = parent,
                None => return common,
            }
        }
    }
    common
}
