//! Rules to items: header, sets, parameters, rules, waivers, tests.

use super::expression::{access_step, date, integer, literal};
use super::node::Node;
use super::sentence::{entity, for_clause, noun, pattern, patterns, scope_clause, statement};
use super::{Built, Rule, Top, once, say};
use crate::diagnostic::{Diagnostic, code};
use crate::syntax::ast::{
    Access, Adjective, Assign, Expectation, Fact, FactValue, GrantKind, Header, Item, Let, Link, Literal,
    Outcome, Param, Relation, Rule as RuleItem, RuleRef, SeverityLevel, Test, Text, Uncaptured, Use, Waive,
};
use crate::syntax::lex::string_value;
use crate::text::{At, Spanned};

/// Whatever may stand at the top level.
pub(super) fn item(node: Node) -> Built<Top> {
    let at = At(node.span());
    Ok(Top::Item(Box::new(match node.rule() {
        Rule::header => return header(node).map(Top::Header),
        Rule::use_item => Item::Use(Use { path: last_text(node), at }),
        Rule::let_item => {
            let mut kids = node.kids().skip(1);
            let (Some(name), Some(list)) = (kids.next(), kids.find(|kid| kid.rule() == Rule::patterns))
            else {
                unreachable!("a set has a name and members")
            };
            Item::Let(Let { name: name.ident(), patterns: patterns(list), at })
        }
        Rule::param_item => param(node)?,
        Rule::waive => waive(node)?,
        Rule::test => test(node)?,
        _ => rule(node)?,
    })))
}

fn text(node: &Node) -> Text {
    node.with(string_value(node.text()))
}

/// The string at the end of a clause.
fn last_text(node: Node) -> Text {
    let Some(string) = node.kids().last() else { unreachable!("the clause ends with a string") };
    text(&string)
}

/// The strings of a clause.
fn texts(node: Node) -> Vec<Text> {
    node.kids().filter(|kid| kid.rule() == Rule::string).map(|kid| text(&kid)).collect()
}

fn header(node: Node) -> Built<Header> {
    let at = At(node.span());
    let mut kids = node.kids();
    kids.demand();
    let name = kids.demand().ident();
    let (mut edition, mut title, mut source) = (None, None, None);
    for kid in kids {
        let span = kid.span();
        match kid.rule() {
            Rule::edition => {
                let Some(number) = kid.kids().last() else { unreachable!("an edition has a number") };
                let value = integer(&number)?;
                if value.node != 1 {
                    return Err(say(Diagnostic::error(
                        code::D020,
                        format!("there is no edition {}", value.node),
                    )
                    .at(value.span, "the editions are: 1")
                    .help("a newer Dictum may know it")));
                }
                once(&mut edition, Spanned::new(1, value.span), "`edition`", span)?;
            }
            Rule::title => once(&mut title, last_text(kid), "`title`", span)?,
            _ => once(&mut source, last_text(kid), "`source`", span)?,
        }
    }
    Ok(Header { name, edition, title, source, at })
}

fn param(node: Node) -> Built<Item> {
    let at = At(node.span());
    let mut kids = node.kids();
    kids.demand();
    let name = kids.demand().ident();
    kids.demand();
    let default = literal(kids.demand())?;
    let bounds = match kids.next() {
        Some(bounds) => {
            let mut parts = bounds.kids();
            parts.demand();
            let low = literal(parts.demand())?;
            parts.demand();
            Some((low, literal(parts.demand())?))
        }
        None => None,
    };
    Ok(Item::Param(Param { name, default, bounds, at }))
}

fn rule(node: Node) -> Built<Item> {
    let at = At(node.span());
    let mut kids = node.kids();
    let name = kids.optional(Rule::kw_rule).map(|_| kids.demand().ident());
    let statement = statement(kids.demand())?;
    let (mut severity, mut because, mut fix, mut controls) = (None, None, None, None);
    for kid in kids {
        let span = kid.span();
        match kid.rule() {
            Rule::severity => {
                let Some(level) = kid.kids().last() else { unreachable!("a severity has a level") };
                once(&mut severity, level.word(SeverityLevel::from_word), "`severity`", span)?;
            }
            Rule::because => once(&mut because, texts(kid), "`because`", span)?,
            Rule::fix => once(&mut fix, texts(kid), "`fix`", span)?,
            _ => once(&mut controls, texts(kid), "`controls`", span)?,
        }
    }
    Ok(Item::Rule(RuleItem {
        name,
        statement,
        severity,
        because: because.unwrap_or_default(),
        fix: fix.unwrap_or_default(),
        controls: controls.unwrap_or_default(),
        at,
    }))
}

fn rule_reference(node: Node) -> RuleRef {
    let mut kids = node.kids();
    let first = kids.demand().ident();
    match kids.next() {
        Some(rule) => RuleRef { policy: Some(first), rule: rule.ident() },
        None => RuleRef { policy: None, rule: first },
    }
}

fn waive(node: Node) -> Built<Item> {
    let at = At(node.span());
    let mut kids = node.kids();
    let keyword = kids.demand().span();
    let rule = rule_reference(kids.demand());
    let (mut principals, mut scope, mut entities, mut findings) = (None, None, None, vec![]);
    let (mut until, mut because, mut requested_by, mut approved_by, mut ticket) =
        (None, None, None, None, None);
    for kid in kids {
        let kid = kid.first();
        let span = kid.span();
        match kid.rule() {
            Rule::for_clause => once(&mut principals, for_clause(kid)?, "`for` clause", span)?,
            Rule::scope_clause => {
                once(&mut scope, scope_clause(kid)?, "`at`, `on` or `within` clause", span)?
            }
            Rule::of_entity => {
                let Some(named) = kid.kids().last() else { unreachable!("`of` has an entity") };
                once(&mut entities, Box::new(entity(named)?), "`of` clause", span)?;
            }
            Rule::finding => findings.push(last_text(kid)),
            Rule::until => {
                let Some(day) = kid.kids().last() else { unreachable!("`until` has a date") };
                once(&mut until, date(&day)?, "`until`", span)?;
            }
            Rule::because => once(&mut because, texts(kid), "`because`", span)?,
            Rule::requested_by => once(&mut requested_by, last_text(kid), "`requested by`", span)?,
            Rule::approved_by => once(&mut approved_by, last_text(kid), "`approved by`", span)?,
            _ => once(&mut ticket, last_text(kid), "`ticket`", span)?,
        }
    }
    let mut missing = vec![];
    if principals.is_none() && scope.is_none() && entities.is_none() && findings.is_empty() {
        missing.push("what it is narrowed to (`for`, `at`, `on`, `within`, `of` or `finding`)");
    }
    match (until, because, approved_by) {
        (Some(until), Some(because), Some(approved_by)) if missing.is_empty() => Ok(Item::Waive(Waive {
            rule,
            principals,
            scope,
            entity: entities,
            findings,
            until,
            because,
            requested_by,
            approved_by,
            ticket,
            at,
        })),
        (until, because, approved_by) => {
            missing.extend(until.is_none().then_some("the last day (`until 2027-03-31`)"));
            missing.extend(because.is_none().then_some("the reason (`because \"...\"`)"));
            missing.extend(approved_by.is_none().then_some("who approved it (`approved by \"...\"`)"));
            Err(say(Diagnostic::error(code::D018, format!("this waiver does not say {}", missing.join(", nor ")))
                .at(keyword, "")
                .note("a waiver says what it is narrowed to, `until` when, `because` of what, and who it was `approved by`")))
        }
    }
}

fn test(node: Node) -> Built<Item> {
    let at = At(node.span());
    let mut kids = node.kids();
    kids.demand();
    let title = text(&kids.demand());
    let as_of = match kids.optional(Rule::as_of).and_then(|clause| clause.kids().last()) {
        Some(day) => Some(date(&day)?),
        None => None,
    };
    let given = At(kids.demand().span());
    let (mut facts, mut expectations) = (vec![], vec![]);
    for kid in kids {
        match kid.rule() {
            Rule::fact => facts.push(fact(kid.first())?),
            _ => expectations.push(expectation(kid)),
        }
    }
    Ok(Item::Test(Test { title, as_of, given, facts, expectations, at }))
}

fn fact(node: Node) -> Built<Fact> {
    let at = At(node.span());
    let rule = node.rule();
    let mut kids = node.kids();
    match rule {
        Rule::uncaptured_fact => {
            kids.demand();
            let adjective = kids.optional(Rule::adjective).map(|a| a.first().word(Adjective::from_word));
            let first = kids.demand();
            let what = match first.rule() {
                Rule::grant_kind => Uncaptured::Grant(adjective, first.first().word(GrantKind::from_word)),
                _ => {
                    let attribute = kids.optional(Rule::dot).map(|_| kids.demand().ident());
                    Uncaptured::Noun(noun(first), attribute)
                }
            };
            let scope = kids.next().map(scope_clause).transpose()?;
            Ok(Fact::Uncaptured { what, scope, at })
        }
        Rule::grant_fact => {
            let adjective = kids.optional(Rule::adjective).map(|a| a.first().word(Adjective::from_word));
            let kind = kids.demand().first().word(GrantKind::from_word);
            let role = pattern(kids.demand());
            let (mut scope, mut principals, mut with) = (None, None, None);
            for kid in kids {
                let span = kid.span();
                match kid.rule() {
                    Rule::scope_clause => once(&mut scope, scope_clause(kid)?, "`at` clause", span)?,
                    Rule::for_clause => once(&mut principals, for_clause(kid)?, "`for` clause", span)?,
                    _ => once(&mut with, assignments(kid)?, "`with` clause", span)?,
                }
            }
            let Some(principals) = principals else {
                return Err(say(Diagnostic::error(code::D017, "this fact does not say who holds the role")
                    .at(role.span(), "expected a `for` clause after it")
                    .help("write, for instance, `for user \"alice\"`")));
            };
            Ok(Fact::Grant { adjective, kind, role, scope, principals, with: with.unwrap_or_default(), at })
        }
        _ => {
            let noun = noun(kids.demand());
            let name = text(&kids.demand());
            let (mut links, mut with) = (vec![], None);
            for kid in kids {
                let span = kid.span();
                match kid.rule() {
                    Rule::link => links.push(link(kid)),
                    _ => once(&mut with, assignments(kid)?, "`with` clause", span)?,
                }
            }
            Ok(Fact::Entity { noun, name, links, with: with.unwrap_or_default(), at })
        }
    }
}

fn link(node: Node) -> Link {
    let mut kids = node.kids();
    let word = kids.demand();
    let relation = match word.clone().first().rule() {
        Rule::kw_in => Relation::In,
        Rule::kw_of => Relation::Of,
        _ => Relation::AttachedTo,
    };
    let relation = word.with(relation);
    let noun = noun(kids.demand());
    Link { relation, noun, name: text(&kids.demand()) }
}

fn assignments(node: Node) -> Built<Vec<Assign>> {
    node.kids().filter(|kid| kid.rule() == Rule::assign).map(assign).collect()
}

fn assign(node: Node) -> Built<Assign> {
    let mut kids = node.kids();
    let mut path = kids.demand().kids();
    let root = path.demand().ident();
    let steps = path.map(|step| access_step(step.first())).collect();
    kids.demand();
    let value = kids.demand();
    let span = value.span();
    let inner = value.first();
    let value = match inner.rule() {
        Rule::literal => {
            let literal = literal(inner)?;
            Spanned::new(FactValue::Literal(literal.node), literal.span)
        }
        Rule::kw_true => Spanned::new(FactValue::Bool(true), span),
        Rule::kw_false => Spanned::new(FactValue::Bool(false), span),
        Rule::kw_unknown => Spanned::new(FactValue::Unknown, span),
        _ => {
            let members = inner.kids().filter(|kid| kid.rule() == Rule::literal);
            let members: Vec<Spanned<Literal>> = members.map(literal).collect::<Result<_, _>>()?;
            Spanned::new(FactValue::List(members), span)
        }
    };
    Ok(Assign { path: Access { root, steps }, value })
}

fn expectation(node: Node) -> Expectation {
    let at = At(node.span());
    let mut kids = node.kids();
    kids.demand();
    let rule = rule_reference(kids.demand());
    kids.demand();
    let said = kids.demand();
    let Some(word) = said.clone().kids().last() else { unreachable!("an outcome is a word") };
    let outcome = said.with(word.word(Outcome::from_word).node);
    let subject = kids.next().map(|subject| (noun(subject), text(&kids.demand())));
    Expectation { rule, outcome, subject, at }
}
