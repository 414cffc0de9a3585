//! Which roles: adjectives, names and what a role grants.

use super::catalogue;
use super::expressions::Bindings;
use super::names::{Checked, Checker, Member, MemberKind};
use super::plan::{self, Adjectives, Also, Extent, Glob, Grant, RoleMatch, RoleName, RoleSet, RoleTest};
use super::selectors::{self, level, narrowest};
use super::types::listed;
use crate::azure::{Guid, action};
use crate::diagnostic::{Diagnostic, code};
use crate::inventory::RoleKind;
use crate::inventory::schema::{Attr, Noun};
use crate::syntax::ast::{self, Adjective, AlsoPlace, GrantHead, GrantKind, Pattern};
use crate::text::{Span, Spanned};

/// The kind of role of a grant.
pub(super) fn role_kind(kind: GrantKind) -> RoleKind {
    match kind {
        GrantKind::Role => RoleKind::Azure,
        GrantKind::DirectoryRole => RoleKind::Directory,
        GrantKind::AppRole => RoleKind::App,
    }
}

/// What a grant's head means.
pub(super) struct Head {
    pub(super) kind: RoleKind,
    pub(super) adjectives: Adjectives,
    pub(super) roles: RoleTest,
}

/// Pairs of adjectives that no assignment can have together, and why.
const CONTRADICTIONS: &[(Adjective, Adjective, &str)] = &[
    (Adjective::Active, Adjective::Eligible, "an assignment is either in force or only eligible"),
    (
        Adjective::Eligible,
        Adjective::Standing,
        "a standing assignment is active, so it is not an eligible one",
    ),
    (Adjective::Custom, Adjective::BuiltIn, "a role is either custom or built in"),
    (Adjective::Direct, Adjective::Inherited, "an assignment is held directly or through a group"),
];

impl Checker<'_> {
    /// Adjectives, kind and roles.
    pub(super) fn head(&mut self, head: &GrantHead) -> Checked<Head> {
        let kind = role_kind(head.kind.node);
        let adjectives = self.adjectives(head)?;
        let mut roles = RoleTest::default();
        if let Some(written) = &head.roles {
            roles.set = match &written.set {
                None => None,
                Some(ast::RoleSet::Patterns(patterns)) => {
                    Some(RoleSet::Names(self.role_names(kind, patterns)?))
                }
                Some(ast::RoleSet::Granting(granting)) => {
                    Some(RoleSet::Granting(self.granting(head, granting)?))
                }
            };
            roles.except = self.role_names(kind, &written.except)?;
        }
        Ok(Head { kind, adjectives, roles })
    }

    fn adjectives(&mut self, head: &GrantHead) -> Checked<Adjectives> {
        let find = |adjective| head.adjectives.iter().find(|a| a.node == adjective);
        for (one, other, why) in CONTRADICTIONS {
            if let (Some(one), Some(other)) = (find(*one), find(*other)) {
                let (first, second) = if one.span <= other.span { (one, other) } else { (other, one) };
                return Err(self.tell(
                    Diagnostic::error(
                        code::D080,
                        format!("no assignment is both {} and {}", first.node.word(), second.node.word()),
                    )
                    .at(second.span, *why)
                    .at(first.span, "")
                    .help("keep one of them; without either, both sorts are meant"),
                ));
            }
        }
        for (index, adjective) in head.adjectives.iter().enumerate() {
            if let Some(first) = head.adjectives[..index].iter().find(|a| a.node == adjective.node) {
                return Err(self.tell(
                    Diagnostic::error(code::D080, format!("`{}` is written twice", adjective.node.word()))
                        .at(adjective.span, "again")
                        .at(first.span, "first"),
                ));
            }
            self.adjective_of(adjective, head.kind.node)?;
        }
        let has = |adjective| find(adjective).is_some();
        if has(Adjective::Standing) {
            self.wanted.add(Attr::AssignmentActivated);
        }
        Ok(Adjectives {
            active: has(Adjective::Active),
            eligible: has(Adjective::Eligible),
            standing: has(Adjective::Standing),
            custom: has(Adjective::Custom),
            built_in: has(Adjective::BuiltIn),
            privileged: has(Adjective::Privileged),
            direct: has(Adjective::Direct),
            inherited: has(Adjective::Inherited),
        })
    }

    /// `privileged` and the like are not said of every kind of role.
    fn adjective_of(&mut self, adjective: &Spanned<Adjective>, kind: GrantKind) -> Checked<()> {
        let word = kind.word();
        let why = match (kind, adjective.node) {
            (GrantKind::DirectoryRole | GrantKind::AppRole, Adjective::Privileged) => {
                "an Azure `role` is privileged by the actions that it grants"
            }
            (GrantKind::AppRole, Adjective::Custom | Adjective::BuiltIn) => {
                "every app role is defined by its application"
            }
            (GrantKind::AppRole, Adjective::Eligible | Adjective::Standing) => {
                "Privileged Identity Management does not manage app roles: all are active"
            }
            _ => return Ok(()),
        };
        Err(self.tell(
            Diagnostic::error(code::D087, format!("`{}` is not said of {}", adjective.node.word(), a(word)))
                .at(adjective.span, why)
                .help(format!("name the roles, as in `{word} \"...\"`, or write `any {word}`")),
        ))
    }

    fn role_names(&mut self, kind: RoleKind, patterns: &[Pattern]) -> Checked<Vec<RoleName>> {
        let members = self.members(patterns, "a role")?;
        members.into_iter().map(|member| self.role_name(kind, member)).collect()
    }

    fn role_name(&mut self, kind: RoleKind, member: Member) -> Checked<RoleName> {
        self.no_capability(&member, "a role")?;
        let text = member.text.trim();
        let what = if let Some(guid) = Guid::parse(text) {
            RoleMatch::Guid(guid)
        } else if text.contains(['*', '?']) {
            RoleMatch::Glob(Glob::new(text))
        } else if let Some(guid) = catalogue::role(kind, text) {
            RoleMatch::Guid(guid)
        } else {
            RoleMatch::Name(Glob::new(text))
        };
        Ok(RoleName { what, written: member.text, span: member.span })
    }

    fn granting(&mut self, head: &GrantHead, granting: &ast::Granting) -> Checked<plan::Granting> {
        if head.kind.node != GrantKind::Role {
            let word = head.kind.node.word();
            return Err(self.tell(
                Diagnostic::error(code::D087, format!("{} grants no Azure actions", a(word)))
                    .at(head.kind.span, "only a `role` has actions")
                    .help(format!("name the roles: `{word} \"...\"`")),
            ));
        }
        let members = self.members(&granting.patterns, "an action")?;
        let extent = match granting.extent.node {
            ast::Extent::Any => Extent::Some,
            ast::Extent::All => Extent::All,
            ast::Extent::Beyond => Extent::Beyond,
        };
        let (mut actions, mut data_actions): (Vec<String>, Vec<String>) = (vec![], vec![]);
        // The words `all` and `data` stand before the first pattern.
        let before = granting
            .patterns
            .first()
            .map_or(head.at.0.after(), |p| Span::new(p.span().start, p.span().start));
        for member in &members {
            if let (MemberKind::Capability, Some((control, data))) =
                (member.kind, catalogue::capability(&member.text))
            {
                if granting.data && data.is_empty() {
                    return Err(self.tell(
                        Diagnostic::error(code::D094, format!("`{}` holds no data actions", member.text))
                            .at(member.span, "all of it is in the control plane")
                            .help(format!("write `granting {}`", member.text)),
                    ));
                }
                if !granting.data {
                    actions.extend(control.iter().map(|action| (*action).to_owned()));
                }
                data_actions.extend(data.iter().map(|action| (*action).to_owned()));
                continue;
            }
            self.action(member, extent, granting.data, before)?;
            if granting.data { &mut data_actions } else { &mut actions }.push(member.text.trim().to_owned());
        }
        let extent_word = match extent {
            Extent::Some => "",
            Extent::All => " all",
            Extent::Beyond => " beyond",
        };
        let patterns: Vec<&str> = granting.patterns.iter().map(|p| self.sources.slice(p.span())).collect();
        let data = if granting.data { " data" } else { "" };
        Ok(plan::Granting {
            extent,
            actions: Some(actions).filter(|list| !list.is_empty()),
            data_actions: Some(data_actions).filter(|list| !list.is_empty()),
            written: format!("granting{extent_word}{data} {}", patterns.join(", ")),
        })
    }

    fn action(&mut self, member: &Member, extent: Extent, data: bool, before: Span) -> Checked<()> {
        let text = member.text.trim();
        if member.kind != MemberKind::Quoted {
            return Err(self.tell(
                Diagnostic::error(code::D093, format!("`{text}` is not an action"))
                    .at(member.span, "an action or a set of actions is expected here")
                    .help("write an action in quotes, as in \"Microsoft.Compute/virtualMachines/write\""),
            ));
        }
        if let Err(mistake) = action::validate(text) {
            return Err(self.tell(
                Diagnostic::error(code::D090, mistake.to_string())
                    .at(member.span, "not an action")
                    .help(mistake.help()),
            ));
        }
        if action::matches_everything(text) {
            let diagnostic = match extent {
                Extent::Some if !data => {
                    Diagnostic::error(code::D091, format!("every role grants something of \"{text}\""))
                        .at(member.span, "at least one operation of all that there are")
                        .help(format!("write `granting all \"{text}\"` for the roles that grant everything"))
                        .edit(before, "all ")
                }
                Extent::Beyond => {
                    Diagnostic::error(code::D091, format!("no role grants anything beyond \"{text}\""))
                        .at(member.span, "nothing is left beyond it")
                        .help("name the actions that a role may grant")
                }
                _ => return Ok(()),
            };
            return Err(self.tell(diagnostic));
        }
        if !data && catalogue::is_only_data(text) {
            return Err(self.tell(
                Diagnostic::error(code::D092, format!("\"{text}\" is a data action"))
                    .at(member.span, "built-in roles grant it as a data action, and never as an action")
                    .help(format!("write `granting data \"{text}\"`"))
                    .edit(before, "data "),
            ));
        }
        Ok(())
    }

    /// The whole grant, and the names that its expressions use.
    pub(super) fn grant(&mut self, grant: &ast::Grant) -> Checked<(Grant, Bindings)> {
        self.want(Noun::RoleAssignment);
        self.want(Noun::RoleDefinition);
        self.want(Noun::Principal);
        self.want(Noun::Scope);
        let Head { kind, adjectives, roles } = self.head(&grant.head)?;
        let admitted = Self::admitted(grant.principals.as_ref());
        self.who_can_be_eligible(&grant.head, &admitted)?;
        let scope = self.grant_scope(&grant.head, grant.scope.as_ref())?;
        let principals = grant.principals.as_ref().map(|p| self.principals(p)).transpose()?;
        let also = grant.also.as_ref().map(|also| self.also(&grant.head, also)).transpose()?;
        let bindings = Bindings::grant(scope_noun(grant.scope.as_ref()), narrowest(&admitted));
        let filter = self.filters(&grant.filters, &bindings)?;
        Ok((Grant { kind, adjectives, roles, scope, principals, also, filter, span: grant.at.0 }, bindings))
    }

    /// Only Azure roles are held at scopes.
    pub(super) fn grant_scope(
        &mut self,
        head: &GrantHead,
        clause: Option<&ast::ScopeClause>,
    ) -> Checked<Option<plan::ScopeClause>> {
        let Some(clause) = clause else { return Ok(None) };
        if head.kind.node != GrantKind::Role {
            let word = head.kind.node.word();
            return Err(self.tell(
                Diagnostic::error(
                    code::D087,
                    format!("{} is held in the whole directory, not at a scope", a(word)),
                )
                .at(clause.preposition.span, "leave this clause out")
                .at(head.kind.span, ""),
            ));
        }
        Ok(Some(self.scope_clause(clause)?))
    }

    fn also(&mut self, first: &GrantHead, also: &ast::Also) -> Checked<Also> {
        let Head { kind, adjectives, roles } = self.head(&also.head)?;
        let (mut same, mut scope) = (None, None);
        match &also.place {
            None => {}
            Some(AlsoPlace::Scope(clause)) => scope = self.grant_scope(&also.head, Some(clause))?,
            Some(AlsoPlace::Same(noun))
                if [first, &also.head].iter().any(|head| head.kind.node != GrantKind::Role) =>
            {
                let of_directory = if first.kind.node == GrantKind::Role { &also.head } else { first };
                let word = of_directory.kind.node.word();
                return Err(self.tell(
                    Diagnostic::error(
                        code::D087,
                        format!("{} is held in the whole directory, not at a scope", a(word)),
                    )
                    .at(noun.span, "leave `on same ...` out"),
                ));
            }
            Some(AlsoPlace::Same(noun)) => same = level(selectors::noun(noun.node)),
        }
        Ok(Also { kind, adjectives, roles, same, scope })
    }

    /// Eligible assignments are for people and groups: no managed identity or service principal has one.
    pub(super) fn who_can_be_eligible(&mut self, head: &GrantHead, nouns: &[Spanned<Noun>]) -> Checked<()> {
        let Some(eligible) = head.adjectives.iter().find(|a| a.node == Adjective::Eligible) else {
            return Ok(());
        };
        let never =
            |noun: &Spanned<Noun>| noun.node.is_a(Noun::ServicePrincipal) || noun.node == Noun::Application;
        match nouns.first() {
            Some(first) if nouns.iter().all(never) => {
                let words: Vec<&str> = nouns.iter().map(|n| n.node.word()).collect();
                Err(self.tell(
                    Diagnostic::error(
                        code::D080,
                        format!("no {} is eligible for a role", listed(&words, "or")),
                    )
                    .at(eligible.span, "Privileged Identity Management makes users and groups eligible")
                    .at(first.span, "never eligible")
                    .help("leave out `eligible`"),
                ))
            }
            _ => Ok(()),
        }
    }
}

/// The noun that every scope of such an assignment is.
fn scope_noun(clause: Option<&ast::ScopeClause>) -> Noun {
    let Some(clause) = clause.filter(|clause| clause.preposition.node == ast::Preposition::At) else {
        return Noun::Scope;
    };
    let mut nouns = clause.scopes.iter().map(|scope| match scope {
        ast::Scope::Sub(entity) => selectors::noun(entity.noun.node),
        ast::Scope::Level { or_above: Some(_), .. } => Noun::Scope,
        ast::Scope::Level { level, .. } => selectors::noun(level.node),
    });
    match nouns.next() {
        Some(first) if nouns.all(|noun| noun == first) => first,
        _ => Noun::Scope,
    }
}

/// The word with its article.
pub(super) fn a(word: &str) -> String {
    format!("{} `{word}`", super::types::article(word))
}
