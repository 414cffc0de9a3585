//! Rules to selectors, clauses, counts and paths.

use super::expression::{expression, integer, name_number};
use super::node::{Node, Nodes};
use super::{Built, Rule, once, say};
use crate::diagnostic::{Diagnostic, code};
use crate::syntax::ast::{
    Adjective, Also, AlsoPlace, Bound, Count, Effect, Entity, Extent, Filter, Grant, GrantHead, GrantKind,
    Granting, GroupKey, Noun, Path, PathTarget, Pattern, Preposition, Principals, Qualifier, RoleSet, Roles,
    Scope, ScopeClause, Selector, Statement, Step, Unit, Who,
};
use crate::syntax::lex::string_value;
use crate::text::{At, Span, Spanned};

/// The sentence of a rule.
pub(super) fn statement(node: Node) -> Built<Statement> {
    let rule = node.rule();
    let mut kids = node.kids();
    Ok(match rule {
        Rule::require_some => {
            kids.demand();
            kids.demand();
            Statement::RequireSome(selector(kids.demand())?)
        }
        Rule::require_every => {
            kids.demand();
            kids.demand();
            let every = selector(kids.demand())?;
            kids.demand();
            kids.demand();
            Statement::RequireEvery(every, expression(kids.demand())?)
        }
        Rule::path_rule => {
            let effect = kids.demand().first().word(Effect::from_word);
            Statement::Path { effect, path: path(kids.demand())? }
        }
        _ => {
            let effect = kids.demand().first().word(Effect::from_word);
            let selector = selector(kids.demand())?;
            let count = kids.next().map(count).transpose()?;
            Statement::Select { effect, selector, count }
        }
    })
}

/// Which facts a sentence is about.
pub(super) fn selector(node: Node) -> Built<Selector> {
    let inner = node.first();
    Ok(match inner.rule() {
        Rule::grant => Selector::Grant(Box::new(grant(inner)?)),
        _ => Selector::Entity(Box::new(entity(inner)?)),
    })
}

fn grant(node: Node) -> Built<Grant> {
    let at = At(node.span());
    let mut kids = node.kids();
    let head = grant_head(kids.demand())?;
    let (mut scope, mut principals, mut also_clause, mut filters) = (None, None, None, vec![]);
    for kid in kids {
        let span = kid.span();
        match kid.rule() {
            Rule::scope_clause => {
                once(&mut scope, scope_clause(kid)?, "`at`, `on` or `within` clause", span)?
            }
            Rule::for_clause => once(&mut principals, for_clause(kid)?, "`for` clause", span)?,
            Rule::also => once(&mut also_clause, also(kid)?, "`also holding` clause", span)?,
            _ => filters.push(filter(kid)?),
        }
    }
    Ok(Grant { head, scope, principals, also: also_clause, filters, at })
}

fn grant_head(node: Node) -> Built<GrantHead> {
    let at = At(node.span());
    let mut adjectives = vec![];
    let mut kids = node.kids();
    while let Some(adjective) = kids.optional(Rule::adjective) {
        adjectives.push(adjective.first().word(Adjective::from_word));
    }
    let kind = kids.demand().first().word(GrantKind::from_word);
    let roles = kids.next().map(roles).transpose()?;
    if adjectives.is_empty() && roles.is_none() {
        let word = kind.node.word();
        return Err(say(Diagnostic::error(code::D015, format!("which {word} is meant is not said"))
            .at(kind.span, "neither a list after it nor an adjective before it")
            .help(format!("write `any {word}` if every {word} is meant"))
            .edit(Span::new(kind.span.start, kind.span.start), "any ")));
    }
    Ok(GrantHead { adjectives, kind, roles, at })
}

fn roles(node: Node) -> Built<Roles> {
    let (mut set, mut except) = (None, vec![]);
    for kid in node.kids() {
        match kid.rule() {
            Rule::granting => set = Some(RoleSet::Granting(granting(kid))),
            Rule::patterns => set = Some(RoleSet::Patterns(patterns(kid))),
            _ => {
                if let Some(list) = kid.kids().last() {
                    except = patterns(list);
                }
            }
        }
    }
    Ok(Roles { set, except })
}

fn granting(node: Node) -> Granting {
    let mut extent = Spanned::new(Extent::Any, node.span());
    let (mut data, mut list) = (false, vec![]);
    for kid in node.kids() {
        match kid.rule() {
            Rule::kw_granting => extent.span = kid.span(),
            Rule::kw_all | Rule::kw_beyond => extent = kid.word(Extent::from_word),
            Rule::kw_data => data = true,
            _ => list = patterns(kid),
        }
    }
    Granting { extent, data, patterns: list }
}

/// A list of patterns.
pub(super) fn patterns(node: Node) -> Vec<Pattern> {
    node.kids().filter(|kid| kid.rule() == Rule::pattern).map(pattern).collect()
}

/// One pattern.
pub(super) fn pattern(node: Node) -> Pattern {
    let inner = node.first();
    match inner.rule() {
        Rule::string => Pattern::String(inner.with(string_value(inner.text()))),
        Rule::guid => Pattern::Guid(inner.with(inner.text().to_ascii_lowercase())),
        Rule::proper => Pattern::Proper(inner.ident()),
        _ => Pattern::Name(inner.ident()),
    }
}

/// `at|on|within SCOPES`, of a grant or of an entity.
pub(super) fn scope_clause(node: Node) -> Built<ScopeClause> {
    let at = At(node.span());
    let mut kids = node.kids();
    let word = kids.demand();
    let word = if word.rule() == Rule::preposition { word.first() } else { word };
    let preposition = word.word(Preposition::from_word);
    let mut parts = kids.demand().kids();
    let scopes = scope_list(parts.demand())?;
    let except = match parts.next().and_then(|clause| clause.kids().last()) {
        Some(list) => scope_list(list)?,
        None => vec![],
    };
    if preposition.node != Preposition::At {
        let above = scopes.iter().chain(&except).find_map(|scope| match scope {
            Scope::Level { or_above: Some(at), .. } => Some(at.0),
            _ => None,
        });
        if let Some(span) = above {
            let word = preposition.node.word();
            let help = match preposition.node {
                Preposition::On => "`on` means above, at or inside already; leave `or above` out",
                _ => {
                    "write `at ... or above` for assignments made there or above, `on ...` for those in force there"
                }
            };
            return Err(say(Diagnostic::error(
                code::D019,
                format!("`or above` makes no sense after `{word}`"),
            )
            .at(span, "only after `at`")
            .at(preposition.span, "")
            .help(help)));
        }
    }
    Ok(ScopeClause { preposition, scopes, except, at })
}

fn scope_list(node: Node) -> Built<Vec<Scope>> {
    node.kids().filter(|kid| kid.rule() == Rule::scope).map(scope).collect()
}

fn scope(node: Node) -> Built<Scope> {
    let inner = node.first();
    if inner.rule() == Rule::sub {
        return Ok(Scope::Sub(Box::new(sub(inner)?)));
    }
    let at = At(inner.span());
    let mut kids = inner.kids();
    let level = noun(kids.demand());
    let parts = named(&mut kids);
    let or_above = kids.optional(Rule::or_above).map(|above| At(above.span()));
    Ok(Scope::Level {
        level,
        of_type: parts.of_type,
        names: parts.names,
        qualifier: parts.qualifier,
        or_above,
        at,
    })
}

/// `[of type ...] [patterns] [in ...]*`
struct Named {
    of_type: Vec<Pattern>,
    names: Vec<Pattern>,
    qualifier: Option<Box<Qualifier>>,
}

fn named(kids: &mut Nodes) -> Named {
    let of_type =
        kids.optional(Rule::of_type).and_then(|of| of.kids().last()).map(patterns).unwrap_or_default();
    let names = kids.optional(Rule::patterns).map(patterns).unwrap_or_default();
    let mut chain = vec![];
    while let Some(qualifier) = kids.optional(Rule::qualifier) {
        let mut parts = qualifier.kids().skip(1);
        if let (Some(word), Some(list)) = (parts.next(), parts.next()) {
            chain.push((noun(word.first()), patterns(list)));
        }
    }
    let qualifier = chain
        .into_iter()
        .rev()
        .fold(None, |next, (noun, names)| Some(Box::new(Qualifier { noun, names, next })));
    Named { of_type, names, qualifier }
}

/// A noun, a level or a kind, however deep its keyword lies.
pub(super) fn noun(node: Node) -> Spanned<Noun> {
    node.word(Noun::from_word)
}

fn sub(node: Node) -> Built<Entity> {
    let mut kids = node.kids();
    kids.demand();
    entity(kids.demand())
}

/// `for` or `through` and who.
pub(super) fn for_clause(node: Node) -> Built<Principals> {
    let mut kids = node.kids();
    kids.demand();
    principals(kids.demand())
}

fn principals(node: Node) -> Built<Principals> {
    let at = At(node.span());
    let (mut who, mut except) = (vec![], vec![]);
    for kid in node.kids() {
        match kid.rule() {
            Rule::who_list => who = who_list(kid)?,
            Rule::except_who => {
                if let Some(list) = kid.kids().last() {
                    except = who_list(list)?;
                }
            }
            _ => {}
        }
    }
    Ok(Principals { who, except, at })
}

fn who_list(node: Node) -> Built<Vec<Who>> {
    node.kids().filter(|kid| kid.rule() == Rule::who).map(who).collect()
}

fn who(node: Node) -> Built<Who> {
    let inner = node.first();
    if inner.rule() == Rule::sub {
        return Ok(Who::Sub(Box::new(sub(inner)?)));
    }
    let at = At(inner.span());
    let mut kids = inner.kids();
    let kind = noun(kids.demand());
    let parts = named(&mut kids);
    Ok(Who::Kind { kind, names: parts.names, qualifier: parts.qualifier, at })
}

fn also(node: Node) -> Built<Also> {
    let at = At(node.span());
    let mut kids = node.kids();
    kids.demand();
    kids.demand();
    let head = grant_head(kids.demand())?;
    let place = match kids.next() {
        Some(same) if same.rule() == Rule::same => {
            same.kids().last().map(|level| AlsoPlace::Same(noun(level)))
        }
        Some(clause) => Some(AlsoPlace::Scope(scope_clause(clause)?)),
        None => None,
    };
    Ok(Also { head, place, at })
}

fn filter(node: Node) -> Built<Filter> {
    let mut kids = node.kids();
    let unless = kids.demand().rule() == Rule::kw_unless;
    Ok(Filter { unless, expr: expression(kids.demand())? })
}

/// A noun and what narrows it.
pub(super) fn entity(node: Node) -> Built<Entity> {
    let at = At(node.span());
    let mut kids = node.kids();
    let noun = noun(kids.demand());
    let parts = named(&mut kids);
    let (mut within, mut filters) = (vec![], vec![]);
    for kid in kids {
        match kid.rule() {
            Rule::within_clause => within.push(scope_clause(kid)?),
            _ => filters.push(filter(kid)?),
        }
    }
    let Named { of_type, names, qualifier } = parts;
    Ok(Entity { noun, of_type, names, qualifier, within, filters, at })
}

/// When a number of facts makes the rule fire.
pub(super) fn count(node: Node) -> Built<Count> {
    let at = At(node.span());
    let (mut bounds, mut unit, mut per) = (vec![], None, vec![]);
    for kid in node.kids() {
        match kid.rule() {
            Rule::bound => bounds.push(bound(kid)?),
            Rule::unit => unit = Some(kid.first().word(Unit::from_word)),
            Rule::group_key => per.push(group_key(kid)?),
            _ => {}
        }
    }
    Ok(Count { bounds, unit, per, at })
}

fn bound(node: Node) -> Built<Bound> {
    let at = At(node.span());
    let mut kids = node.kids();
    let more = kids.demand().rule() == Rule::kw_more;
    kids.demand();
    Ok(Bound { more, number: name_number(kids.demand())?, at })
}

fn group_key(node: Node) -> Built<GroupKey> {
    let access = super::expression::access(node.first())?;
    Ok(match Noun::from_word(&access.root.node) {
        Some(noun) if access.steps.is_empty() => GroupKey::Noun(Spanned::new(noun, access.root.span)),
        _ => GroupKey::Access(access),
    })
}

fn path(node: Node) -> Built<Path> {
    let at = At(node.span());
    let mut kids = node.kids();
    kids.demand();
    kids.demand();
    let from = principals(kids.demand())?;
    kids.demand();
    let target = kids.demand();
    let (mut through, mut by, mut at_most, mut filters) = (None, None, None, vec![]);
    let to = {
        let mut parts = target.kids();
        let first = parts.demand();
        match first.rule() {
            Rule::grant_head => {
                PathTarget::Grant(grant_head(first)?, parts.next().map(scope_clause).transpose()?)
            }
            _ => PathTarget::Principals(principals(first)?),
        }
    };
    for kid in kids {
        let span = kid.span();
        match kid.rule() {
            Rule::through => once(&mut through, for_clause(kid)?, "`through` clause", span)?,
            Rule::by => {
                let steps = kid.kids().filter(|step| step.rule() == Rule::step_kind);
                let steps: Vec<_> = steps.map(|step| step.word(Step::from_word)).collect();
                once(&mut by, steps, "`by` clause", span)?;
            }
            Rule::at_most => {
                if let Some(number) = kid.kids().find(|part| part.rule() == Rule::int) {
                    once(&mut at_most, integer(&number)?, "`in at most` clause", span)?;
                }
            }
            _ => filters.push(filter(kid)?),
        }
    }
    Ok(Path { from, to, through, by: by.unwrap_or_default(), at_most, filters, at })
}
