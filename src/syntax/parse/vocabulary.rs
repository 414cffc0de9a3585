//! The rules of the grammar in words: what each can begin with, and what it is called.

use pest::Parser as _;

use super::grammar::{Recogniser, Rule};
use crate::syntax::ast::{Adjective, Effect, GrantKind, Noun, SeverityLevel, Step, Unit};

/// Whether it is a keyword.
pub(super) fn is_reserved(word: &str) -> bool {
    Recogniser::parse(Rule::reserved, word).is_ok_and(|pairs| pairs.as_str() == word)
}

/// The word of a keyword's rule.
fn keyword(rule: Rule) -> Option<String> {
    format!("{rule:?}").strip_prefix("kw_").map(str::to_owned)
}

/// The words with which what a rule matches can begin; none where it begins with anything but a keyword.
pub(super) fn words_of(rule: Rule, words: &mut Vec<String>) {
    let mut all = |list: &[&str]| words.extend(list.iter().map(|&w| w.to_owned()));
    match rule {
        Rule::selector | Rule::path_target => {
            for part in [Rule::grant, Rule::noun] {
                words_of(part, words);
            }
        }
        Rule::grant | Rule::grant_head => {
            for part in [Rule::adjective, Rule::grant_kind] {
                words_of(part, words);
            }
        }
        Rule::fact => {
            words.push("uncaptured".to_owned());
            words_of(Rule::selector, words);
        }
        Rule::adjective => all(&Adjective::ALL.iter().map(|w| w.word()).collect::<Vec<_>>()),
        Rule::grant_kind | Rule::grant_fact => {
            all(&GrantKind::ALL.iter().map(|w| w.word()).collect::<Vec<_>>())
        }
        Rule::effect => all(&Effect::ALL.iter().map(|w| w.word()).collect::<Vec<_>>()),
        Rule::entity | Rule::noun | Rule::entity_fact => {
            all(&Noun::ALL.iter().map(|w| w.word()).collect::<Vec<_>>())
        }
        Rule::level | Rule::scope | Rule::scopes | Rule::scope_list | Rule::level_scope => {
            all(&Noun::ALL.iter().filter(|n| n.is_level()).map(|w| w.word()).collect::<Vec<_>>());
        }
        Rule::kind | Rule::who | Rule::who_list | Rule::principals | Rule::kind_who => {
            all(&Noun::ALL.iter().filter(|n| n.is_kind()).map(|w| w.word()).collect::<Vec<_>>());
        }
        Rule::qualifier_noun => {
            all(&Noun::ALL
                .iter()
                .filter(|n| n.is_kind() || n.is_level())
                .map(|w| w.word())
                .collect::<Vec<_>>());
        }
        Rule::unit => all(&Unit::ALL.iter().map(|w| w.word()).collect::<Vec<_>>()),
        Rule::step_kind => all(&Step::ALL.iter().map(|w| w.word()).collect::<Vec<_>>()),
        Rule::severity_level => all(&SeverityLevel::ALL.iter().map(|w| w.word()).collect::<Vec<_>>()),
        Rule::outcome => all(&["deny", "warn", "advise", "pass", "be"]),
        Rule::preposition | Rule::scope_clause => all(&["at", "on", "within"]),
        Rule::within_clause => all(&["within"]),
        Rule::for_clause => all(&["for"]),
        Rule::filter => all(&["where", "unless"]),
        Rule::also => all(&["also"]),
        Rule::roles | Rule::granting => all(&["granting"]),
        Rule::except_roles | Rule::except_scopes | Rule::except_who => all(&["except"]),
        Rule::of_type | Rule::of_entity => all(&["of"]),
        Rule::qualifier => all(&["in"]),
        Rule::or_above => all(&["or"]),
        Rule::count => all(&["if"]),
        Rule::bound => all(&["more", "fewer"]),
        Rule::severity => all(&["severity"]),
        Rule::because => all(&["because"]),
        Rule::fix => all(&["fix"]),
        Rule::controls => all(&["controls"]),
        Rule::edition => all(&["edition"]),
        Rule::title => all(&["title"]),
        Rule::source => all(&["source"]),
        Rule::bounds => all(&["between"]),
        Rule::require_some | Rule::require_every => all(&["require"]),
        Rule::path => all(&["path"]),
        Rule::through => all(&["through"]),
        Rule::by => all(&["by"]),
        Rule::at_most => all(&["in"]),
        Rule::waive_clause => all(&[
            "for",
            "at",
            "on",
            "within",
            "of",
            "finding",
            "until",
            "because",
            "requested",
            "approved",
            "ticket",
        ]),
        Rule::finding => all(&["finding"]),
        Rule::until => all(&["until"]),
        Rule::requested_by => all(&["requested"]),
        Rule::approved_by => all(&["approved"]),
        Rule::ticket => all(&["ticket"]),
        Rule::as_of => all(&["as"]),
        Rule::link | Rule::relation => all(&["in", "of", "attached"]),
        Rule::with_clause => all(&["with"]),
        Rule::expectation => all(&["expect"]),
        Rule::same => all(&["on"]),
        Rule::membership => all(&["in", "not"]),
        Rule::contains => all(&["contains"]),
        Rule::matches => all(&["matches"]),
        Rule::is => all(&["is"]),
        Rule::is_what => all(&["empty", "known", "present"]),
        Rule::duration_unit => all(&["hours", "days", "weeks", "hour", "day", "week"]),
        Rule::expr | Rule::and_expr | Rule::not_expr => {
            all(&["not", "some", "every", "no", "true", "false", "today"])
        }
        Rule::quantifier | Rule::quantified => all(&["some", "every", "no"]),
        Rule::negation => all(&["not"]),
        Rule::sum | Rule::atom | Rule::compare => all(&["true", "false", "today", "count", "age"]),
        Rule::today => all(&["today"]),
        Rule::fact_value => all(&["true", "false", "unknown"]),
        other => words.extend(keyword(other)),
    }
}

/// What to call the things that could stand here; each once, in the order of the grammar.
pub(super) fn phrases(expected: &[Rule]) -> Vec<String> {
    let mut rules = expected.to_vec();
    rules.sort_unstable();
    rules.dedup();
    let mut phrases = vec![];
    for rule in rules {
        let said = phrase(rule);
        if !said.is_empty() && !phrases.contains(&said) {
            phrases.push(said);
        }
    }
    // Said last: it is what is least often meant.
    if let Some(end) = phrases.iter().position(|p| p == END) {
        let end = phrases.remove(end);
        phrases.push(end);
    }
    phrases
}

const END: &str = "the end of the statement";

/// What a rule is called.
fn phrase(rule: Rule) -> String {
    let said = match rule {
        Rule::EOI => END,
        Rule::WHITESPACE | Rule::COMMENT | Rule::word | Rule::boundary | Rule::starter | Rule::reserved => "",
        Rule::statement_text | Rule::item | Rule::bare | Rule::statement | Rule::select_rule => "a statement",
        Rule::selector_text | Rule::selector => "`role` or another noun",
        Rule::header => "`policy`",
        Rule::edition => "`edition`",
        Rule::title => "`title`",
        Rule::source => "`source`",
        Rule::use_item => "`use`",
        Rule::let_item => "`let`",
        Rule::param_item => "`param`",
        Rule::bounds => "`between`",
        Rule::rule_item => "`rule`",
        Rule::meta => "`severity`, `because`, `fix` or `controls`",
        Rule::severity => "`severity`",
        Rule::severity_level => "a severity (critical, high, medium, low, info)",
        Rule::because => "`because`",
        Rule::fix => "`fix`",
        Rule::controls => "`controls`",
        Rule::require_some | Rule::require_every => "`require`",
        Rule::path_rule | Rule::path => "`path`",
        Rule::effect => "`deny`, `warn` or `advise`",
        Rule::count => "`if`",
        Rule::bound => "`more than` or `fewer than`",
        Rule::unit => "what is counted (principals, users, assignments, ...)",
        Rule::group_key => "what to count per: a noun, or something read of one",
        Rule::grant | Rule::grant_head => "a role",
        Rule::grant_kind => "`role`, `directory_role` or `app_role`",
        Rule::adjective => "an adjective (any, active, direct, ...)",
        Rule::roles => "which roles",
        Rule::except_roles | Rule::except_scopes | Rule::except_who => "`except`",
        Rule::granting => "`granting`",
        Rule::scope_clause | Rule::preposition => "`at`, `on` or `within`",
        Rule::scopes | Rule::scope_list | Rule::scope | Rule::level_scope => "a scope",
        Rule::level => "a level (root, management_group, subscription, resource_group, resource)",
        Rule::of_type => "`of type`",
        Rule::qualifier => "`in`",
        Rule::qualifier_noun => "a level or a kind of principal",
        Rule::or_above => "`or above`",
        Rule::sub | Rule::lparen => "`(`",
        Rule::for_clause => "`for`",
        Rule::principals | Rule::who_list | Rule::who | Rule::kind_who => "a kind of principal",
        Rule::kind => "a kind of principal (user, group, managed_identity, ...)",
        Rule::also => "`also holding`",
        Rule::same => "`on same`",
        Rule::filter => "`where` or `unless`",
        Rule::entity | Rule::noun => "a noun (user, resource, ...)",
        Rule::within_clause => "`within`",
        Rule::path_target => "a role or a kind of principal",
        Rule::through => "`through`",
        Rule::by => "`by`",
        Rule::at_most => "`in at most`",
        Rule::step_kind => "a step (membership, code_execution, ...)",
        Rule::waive => "`waive`",
        Rule::waive_clause => "a clause of the waiver",
        Rule::of_entity => "`of`",
        Rule::finding => "`finding`",
        Rule::until => "`until`",
        Rule::requested_by => "`requested by`",
        Rule::approved_by => "`approved by`",
        Rule::ticket => "`ticket`",
        Rule::test => "`test`",
        Rule::as_of => "`as of`",
        Rule::fact | Rule::entity_fact | Rule::grant_fact => {
            "a fact (`user \"alice\"`, `role Reader at ... for ...`)"
        }
        Rule::link | Rule::relation => "`in`, `of` or `attached to`",
        Rule::uncaptured_fact => "`uncaptured`",
        Rule::with_clause => "`with`",
        Rule::assign | Rule::attribute_path => "an attribute and its value",
        Rule::fact_value => "a value",
        Rule::value_list => "a list",
        Rule::expectation => "`expect`",
        Rule::outcome => "how the rule comes out (deny, warn, advise, pass, be unknown, be waived)",
        Rule::expr | Rule::and_expr | Rule::not_expr | Rule::compare => "an expression",
        Rule::negation => "`not`",
        Rule::quantified | Rule::quantifier => "`some`, `every` or `no`",
        Rule::comparison | Rule::operator => "a comparison (`==`, `<`, ...)",
        Rule::membership => "`in` or `not in`",
        Rule::contains => "`contains`",
        Rule::matches => "`matches`",
        Rule::is => "`is`",
        Rule::is_what => "what it is (empty, known, present, or a kind of principal)",
        Rule::sum | Rule::atom | Rule::access | Rule::access_root | Rule::root_keyword => "a value",
        Rule::plus_minus => "`+` or `-`",
        Rule::today => "`today`",
        Rule::paren => "`(`",
        Rule::list | Rule::lbracket => "`[`",
        Rule::count_call => "`count(...)`",
        Rule::age_call => "`age(...)`",
        Rule::access_step | Rule::attribute_step | Rule::dot => "`.`",
        Rule::key_step => "`[\"key\"]`",
        Rule::patterns | Rule::pattern => "a name (quoted, capitalised, or that of a set)",
        Rule::literal => "a value",
        Rule::rule_name => "the name of a rule or policy",
        Rule::rule_reference => "the name of a rule",
        Rule::name => "a name",
        Rule::attribute => "an attribute",
        Rule::proper => "a capitalised name",
        Rule::guid => "a GUID",
        Rule::date => "a date (`2027-03-31`)",
        Rule::duration => "a duration (`90 days`)",
        Rule::duration_unit => "`hours`, `days` or `weeks`",
        Rule::int => "a number",
        Rule::string => "a string",
        Rule::regex => "a /regular expression/",
        Rule::comma => "`,`",
        Rule::equals => "`=`",
        Rule::rparen => "`)`",
        Rule::rbracket => "`]`",
        Rule::lbrace => "`{`",
        Rule::rbrace => "`}`",
        keyword_rule => return keyword(keyword_rule).map(|word| format!("`{word}`")).unwrap_or_default(),
    };
    said.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_raw_rule_is_shown() {
        for &rule in Rule::all_rules() {
            let name = format!("{rule:?}");
            assert!(!phrase(rule).contains("kw_"), "{name}");
        }
    }
}
