//! What pest expected -> what a person is told.

use pest::Parser as _;

use super::grammar::{Recogniser, Rule};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Code, Diagnostic, code};
use crate::syntax::ast::{Adjective, Comparison, Effect, GrantKind, Noun, SeverityLevel, Step, Unit};
use crate::syntax::lex::{Kind, Token};
use crate::text::{Source, Span};

/// Words that begin a statement.
const OPENERS: [&str; 11] =
    ["policy", "use", "let", "param", "rule", "waive", "test", "deny", "warn", "advise", "require"];

/// What people call things elsewhere.
const SYNONYMS: [(&str, &str); 9] = [
    ("everyone", "anyone"),
    ("everybody", "anyone"),
    ("all", "anyone"),
    ("identity", "managed_identity"),
    ("msi", "managed_identity"),
    ("spn", "service_principal"),
    ("mg", "management_group"),
    ("rg", "resource_group"),
    ("sub", "subscription"),
];

/// The diagnostic of a statement that stops being one at `offset` (from the start of the file), where one of the
/// `expected` rules should have matched.
pub(super) fn describe(source: &Source, tokens: &[Token], offset: u32, expected: &[Rule]) -> Diagnostic {
    let index = tokens.iter().position(|t| t.end > offset);
    let stop = Stop { source, tokens, index, expected };
    let diagnostic = stop.slip().unwrap_or_else(|| stop.plain());
    match diagnostic.labels.is_empty() {
        true => diagnostic.at(stop.place(), ""),
        false => diagnostic,
    }
}

/// Where reading stopped.
struct Stop<'s> {
    source: &'s Source,
    tokens: &'s [Token],
    index: Option<usize>,
    expected: &'s [Rule],
}

impl Stop<'_> {
    fn token(&self) -> Option<&Token> {
        self.index.map(|i| &self.tokens[i])
    }

    fn found(&self) -> &str {
        self.token().map_or("", |t| t.text(self.source.text()))
    }

    /// The word if a word stands there.
    fn word(&self) -> Option<&str> {
        self.token().filter(|t| t.kind == Kind::Word).map(|t| t.text(self.source.text()))
    }

    fn before(&self) -> Option<&Token> {
        self.index.unwrap_or(self.tokens.len()).checked_sub(1).map(|i| &self.tokens[i])
    }

    fn text_before(&self, back: usize) -> &str {
        let index = self.index.unwrap_or(self.tokens.len()).checked_sub(back);
        index.map_or("", |i| self.tokens[i].text(self.source.text()))
    }

    fn text_after(&self) -> &str {
        self.index.and_then(|i| self.tokens.get(i + 1)).map_or("", |t| t.text(self.source.text()))
    }

    fn span(&self, token: &Token) -> Span {
        Span::new(self.source.base() + token.start, self.source.base() + token.end)
    }

    /// The token at which reading stopped; the end of the one before it where that is far above, or the last.
    fn place(&self) -> Span {
        match (self.token(), self.before()) {
            (Some(token), Some(before)) if token.line > before.line + 2 => self.span(before).after(),
            (Some(token), _) => self.span(token),
            (None, Some(before)) => self.span(before).after(),
            (None, None) => Span::new(self.source.base(), self.source.base()),
        }
    }

    fn expects(&self, rules: &[Rule]) -> bool {
        self.expected.iter().any(|rule| rules.contains(rule))
    }

    fn expects_only(&self, rules: &[Rule]) -> bool {
        !self.expected.is_empty() && self.expected.iter().all(|rule| rules.contains(rule))
    }

    /// Every word that could stand here.
    fn words(&self) -> Vec<String> {
        let mut words = vec![];
        if self.index == Some(0) && !self.expects(&[Rule::selector]) {
            words.extend(OPENERS.map(str::to_owned));
        }
        for &rule in self.expected {
            words_of(rule, &mut words);
        }
        words
    }

    /// An error with the place, and a suggestion if some word that could stand here is near.
    fn unknown_word(&self, code: Code, what: &str, candidates: &[impl AsRef<str>], list: &str) -> Option<Diagnostic> {
        let word = self.word()?;
        let place = self.place();
        let diagnostic = Diagnostic::error(code, format!("`{word}` {what}"));
        let synonym = SYNONYMS.iter().find(|(other, ours)| *other == word && candidates.iter().any(|c| c.as_ref() == *ours));
        let near = nearest(word, candidates.iter().map(AsRef::as_ref)).or(synonym.map(|(_, ours)| *ours));
        let (diagnostic, short) = match near {
            Some(near) => (diagnostic.at(place, format!("did you mean `{near}`?")).edit(place, near), list.len() < 200),
            None => (diagnostic.at(place, ""), true),
        };
        Some(if short { diagnostic.note(list) } else { diagnostic })
    }

    /// The slips that have a message of their own.
    fn slip(&self) -> Option<Diagnostic> {
        self.wrong_start()
            .or_else(|| self.minus_in_a_name())
            .or_else(|| self.glued())
            .or_else(|| self.wrong_name())
            .or_else(|| self.unknown_noun())
            .or_else(|| self.misplaced_clause())
            .or_else(|| self.near_word())
            .or_else(|| self.near_word_before())
            .or_else(|| self.wrong_pattern())
            .or_else(|| self.wrong_operator())
    }

    fn wrong_start(&self) -> Option<Diagnostic> {
        if self.index != Some(0) || self.expects(&[Rule::selector]) {
            return None;
        }
        if self.glued().is_some() {
            return None;
        }
        let list = format!("statements begin with: {}", OPENERS.join(", "));
        if let Some(found) = self.unknown_word(code::D010, "does not begin a statement", &OPENERS, &list) {
            return Some(match nearest(self.found(), OPENERS) {
                None => found.help("a word that begins a statement is missing before it, or it stands too far left"),
                Some(_) => found,
            });
        }
        Some(Diagnostic::error(code::D010, format!("{} does not begin a statement", self.shown()))
            .at(self.place(), "a word that begins a statement is missing before it")
            .note(list))
    }

    /// `denyrole`
    fn glued(&self) -> Option<Diagnostic> {
        let word = self.word()?;
        let words = self.words();
        let first = words.iter().filter(|w| word.starts_with(*w)).max_by_key(|w| w.len())?;
        let rest = &word[first.len()..];
        if !is_reserved(rest) {
            return None;
        }
        let place = self.place();
        Some(Diagnostic::error(code::D001, format!("`{word}` is not a word of the language"))
            .at(place, format!("did you mean `{first} {rest}`?"))
            .edit(place, format!("{first} {rest}")))
    }

    /// `today-90 days`
    fn minus_in_a_name(&self) -> Option<Diagnostic> {
        let before = self.before()?;
        let word = before.text(self.source.text());
        let rest = word.strip_prefix("today-")?;
        let place = self.span(before);
        Some(Diagnostic::error(code::D014, format!("`{word}` is read as one name"))
            .at(place, "`today` is reserved and can't be part of it")
            .help(format!("put spaces around the minus sign: `today - {rest}`"))
            .edit(place, format!("today - {rest}")))
    }

    /// A reserved word, a capital or a `_` where a name is to be given or used.
    fn wrong_name(&self) -> Option<Diagnostic> {
        let word = self.word()?;
        let place = self.place();
        if self.expects(&[Rule::rule_name, Rule::rule_reference]) {
            let diagnostic = match is_reserved(word) {
                true => Diagnostic::error(code::D014, format!("`{word}` is a reserved word and can't be this name"))
                    .at(place, "the name of a rule or policy is missing, or this is it"),
                false => Diagnostic::error(code::D017, format!("`{word}` can't be the name of a rule or policy"))
                    .at(place, "lower case first; letters and digits, joined by `-`"),
            };
            let plain: String = word.to_lowercase().replace('_', "-");
            return Some(if plain == word { diagnostic } else { diagnostic.help(format!("write `{plain}`")) });
        }
        if self.expects_only(&[Rule::name]) {
            if is_reserved(word) {
                return Some(Diagnostic::error(code::D014, format!("`{word}` is a reserved word and can't be a name"))
                    .at(place, "")
                    .help(format!("write, for instance, `our-{word}`")));
            }
            return Some(Diagnostic::error(code::D017, format!("`{word}` can't be a name"))
                .at(place, "a lower-case letter first; letters and digits, joined by `-`"));
        }
        let operand = self.expects(&[Rule::atom, Rule::access, Rule::sum, Rule::expr, Rule::compare, Rule::not_expr]);
        if operand && is_reserved(word) && nearest(word, self.words().iter().map(String::as_str)).is_none() {
            return Some(Diagnostic::error(code::D014, format!("`{word}` is a reserved word and nothing can be read of it"))
                .at(place, "expected a value here")
                .help(format!("an attribute is written after its noun: `resource.{word}`")));
        }
        None
    }

    fn unknown_noun(&self) -> Option<Diagnostic> {
        use Rule::{
            except_scopes, except_who, kind, kind_who, kw_anyone, level, level_scope, lparen, noun, principals,
            qualifier_noun, scope, scope_list, scopes, severity_level, step_kind, sub, who, who_list,
        };
        let levels: Vec<_> = Noun::ALL.iter().filter(|n| n.is_level()).map(|n| n.word()).collect();
        let kinds: Vec<_> = Noun::ALL.iter().filter(|n| n.is_kind()).map(|n| n.word()).collect();
        if self.expects_only(&[scopes, scope_list, scope, level_scope, level, sub, lparen, except_scopes]) {
            let list = format!("scopes are: {}", levels.join(", "));
            return self.unknown_word(code::D012, "is not a scope", &levels, &list);
        }
        if self.expects_only(&[principals, who_list, who, kind_who, kind, sub, lparen, kw_anyone, except_who]) {
            let mut candidates = kinds.clone();
            candidates.push("anyone");
            let list = format!("principals are: {}", candidates.join(", "));
            return self.unknown_word(code::D013, "is not a kind of principal", &candidates, &list);
        }
        if self.expects_only(&[qualifier_noun, level, kind]) {
            let list = format!("a name can be in: {}, {}", levels.join(", "), kinds.join(", "));
            return self.unknown_word(code::D012, "is not a scope", &[levels, kinds].concat(), &list);
        }
        if self.expects(&[severity_level]) {
            let list: Vec<_> = SeverityLevel::ALL.iter().map(|s| s.word()).collect();
            return self.unknown_word(code::D022, "is not a severity", &list, &format!("severities are: {}", list.join(", ")));
        }
        if self.expects(&[step_kind]) {
            let list: Vec<_> = Step::ALL.iter().map(|s| s.word()).collect();
            return self.unknown_word(code::D023, "is not a step", &list, &format!("steps are: {}", list.join(", ")));
        }
        if self.expects(&[Rule::selector, Rule::entity, Rule::grant, noun, Rule::fact, Rule::entity_fact]) {
            let mut candidates = vec![];
            words_of(Rule::selector, &mut candidates);
            for &rule in self.expected {
                words_of(rule, &mut candidates);
            }
            let nouns: Vec<_> = Noun::ALL.iter().map(|n| n.word()).collect();
            let list = format!("nouns are: role, directory_role, app_role, {}", nouns.join(", "));
            return self.unknown_word(code::D011, "is not something a sentence can be about", &candidates, &list);
        }
        None
    }

    /// A clause of a grant after an entity, `if` after `require`, and the like.
    fn misplaced_clause(&self) -> Option<Diagnostic> {
        let word = self.word()?;
        let entity = self.expects(&[Rule::within_clause, Rule::kw_within])
            && !self.expects(&[Rule::scope_clause, Rule::preposition, Rule::for_clause, Rule::kw_for]);
        let (message, help) = match word {
            "at" | "on" if entity => (
                format!("`{word}` says where a role is held; this sentence is about something else"),
                "write `within` to say where a thing is",
            ),
            "for" if entity => (
                "`for` says who holds a role; this sentence is about something else".to_owned(),
                "say it with `where`, or begin with `any role`",
            ),
            "if" if self.tokens.first().is_some_and(|t| t.text(self.source.text()) == "require") => (
                "`require` has no `if`".to_owned(),
                "`require some` counts by itself: at least one; use `deny ... if fewer than 2` for other numbers",
            ),
            _ => return None,
        };
        Some(Diagnostic::error(code::D024, message).at(self.place(), "").help(help))
    }

    /// A misspelled keyword.
    fn near_word(&self) -> Option<Diagnostic> {
        let word = self.word()?;
        let words = self.words();
        let near = nearest(word, words.iter().map(String::as_str))?;
        if is_reserved(word) && word.to_lowercase() != near {
            return None;
        }
        let place = self.place();
        let phrase = if word.to_lowercase() == near { "words of the language are lower case" } else { "" };
        let found = Diagnostic::error(code::D001, format!("`{word}` does not fit here"))
            .at(place, format!("did you mean `{near}`?"))
            .edit(place, near);
        Some(if phrase.is_empty() { found } else { found.note(phrase) })
    }

    /// A misspelled keyword that was read as the name of a set: what stops is the word after it.
    fn near_word_before(&self) -> Option<Diagnostic> {
        let before = self.before().filter(|t| t.kind == Kind::Word)?;
        let word = before.text(self.source.text());
        if is_reserved(word) || !word.starts_with(|c: char| c.is_ascii_lowercase()) {
            return None;
        }
        let words = self.words();
        let near = nearest(word, words.iter().map(String::as_str))?;
        let place = self.span(before);
        Some(Diagnostic::error(code::D001, format!("`{word}` does not fit here"))
            .at(place, format!("did you mean `{near}`?"))
            .edit(place, near))
    }

    /// Something that should be quoted, or a GUID that is none.
    fn wrong_pattern(&self) -> Option<Diagnostic> {
        if !self.expects(&[Rule::pattern, Rule::patterns, Rule::roles, Rule::string, Rule::name]) {
            return None;
        }
        let word = self.word()?;
        let place = self.place();
        let groups: Vec<_> = word.split('-').collect();
        let hexadecimal = word.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        if groups.len() > 3 && hexadecimal {
            return Some(Diagnostic::error(code::D007, format!("`{word}` is not a GUID"))
                .at(place, "")
                .note("a GUID has 8, 4, 4, 4 and 12 hexadecimal digits: 8e3af657-a8ff-443c-a75c-2fe8c4bcb635"));
        }
        let odd = word.contains(['_', '-']) && word.starts_with(char::is_uppercase)
            || word.contains('_') && !is_reserved(word)
            || !word.is_ascii();
        if odd && self.expects(&[Rule::pattern, Rule::patterns, Rule::roles]) {
            return Some(Diagnostic::error(code::D017, format!("`{word}` can be read neither as a name nor as a set"))
                .at(place, "quote it")
                .edit(place, format!("\"{word}\"")));
        }
        None
    }

    fn wrong_operator(&self) -> Option<Diagnostic> {
        let place = self.place();
        let found = self.found();
        if found == "=" && self.expects(&[Rule::comparison, Rule::operator]) {
            return Some(Diagnostic::error(code::D001, "`=` does not compare")
                .at(place, "did you mean `==`?")
                .edit(place, "=="));
        }
        if found == "==" && self.expects(&[Rule::equals]) {
            return Some(Diagnostic::error(code::D001, "`==` does not give a value")
                .at(place, "did you mean `=`?")
                .edit(place, "="));
        }
        if Comparison::from_word(found).is_some() && !self.expects(&[Rule::comparison, Rule::operator]) {
            return Some(Diagnostic::error(code::D001, format!("`{found}` does not fit here"))
                .at(place, "")
                .note("comparisons don't chain: join them by `and`"));
        }
        None
    }

    fn shown(&self) -> String {
        match self.token() {
            None => "the end of the statement".to_owned(),
            Some(token) if token.kind == Kind::String && token.end - token.start > 40 => "a string".to_owned(),
            Some(token) if token.kind == Kind::Regex => "a regular expression".to_owned(),
            Some(token) => format!("`{}`", token.text(self.source.text())),
        }
    }

    /// `expected X, Y or Z`
    fn wanted(&self) -> String {
        let mut phrases = phrases(self.expected);
        match phrases.pop() {
            None => String::new(),
            Some(last) if phrases.is_empty() => format!("expected {last}"),
            Some(last) => format!("expected {} or {last}", phrases.join(", ")),
        }
    }

    /// The innermost bracket that is open where reading stopped, if it could be closed there.
    fn unclosed(&self) -> Option<&Token> {
        if self.token().is_some() || !self.expects(&[Rule::rparen, Rule::rbracket, Rule::rbrace]) {
            return None;
        }
        let mut open = vec![];
        for token in self.tokens.iter().filter(|t| t.kind == Kind::Mark) {
            match token.text(self.source.text()) {
                "(" | "[" | "{" => open.push(token),
                ")" | "]" | "}" => drop(open.pop()),
                _ => {}
            }
        }
        open.pop()
    }

    fn plain(&self) -> Diagnostic {
        let place = self.place();
        let wanted = self.wanted();
        let few = phrases(self.expected).len() <= 4 && !wanted.is_empty();
        let message = match self.token() {
            None if few => format!("{wanted}, but the statement ends here"),
            None => "the statement is not complete".to_owned(),
            Some(_) if few => format!("{wanted}, found {}", self.shown()),
            Some(_) => format!("{} does not fit here", self.shown()),
        };
        let after = match self.text_before(1) {
            "" => String::new(),
            _ if place.start == place.end => "after this".to_owned(),
            _ => String::new(),
        };
        let mut diagnostic = Diagnostic::error(code::D001, message).at(place, after);
        if !few && !wanted.is_empty() {
            diagnostic = diagnostic.note(wanted);
        }
        if let Some(open) = self.unclosed() {
            diagnostic = diagnostic.at(self.span(open), "not closed");
        }
        if self.found() == "," && self.expects(&[Rule::rbrace, Rule::assign]) {
            diagnostic = diagnostic.help("attributes in braces stand one after the other, without commas");
        }
        if is_reserved(self.found()) && self.expects(&[Rule::pattern]) && self.text_after() == "" {
            diagnostic = diagnostic.note(format!("`{}` is a reserved word", self.found()));
        }
        diagnostic
    }
}

/// Whether it is a keyword.
fn is_reserved(word: &str) -> bool {
    Recogniser::parse(Rule::reserved, word).is_ok_and(|pairs| pairs.as_str() == word)
}

/// The word of a keyword's rule.
fn keyword(rule: Rule) -> Option<String> {
    format!("{rule:?}").strip_prefix("kw_").map(str::to_owned)
}

/// The words with which what a rule matches can begin; none where it begins with anything but a keyword.
fn words_of(rule: Rule, words: &mut Vec<String>) {
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
        Rule::grant_kind | Rule::grant_fact => all(&GrantKind::ALL.iter().map(|w| w.word()).collect::<Vec<_>>()),
        Rule::effect => all(&Effect::ALL.iter().map(|w| w.word()).collect::<Vec<_>>()),
        Rule::entity | Rule::noun | Rule::entity_fact => all(&Noun::ALL.iter().map(|w| w.word()).collect::<Vec<_>>()),
        Rule::level | Rule::scope | Rule::scopes | Rule::scope_list | Rule::level_scope => {
            all(&Noun::ALL.iter().filter(|n| n.is_level()).map(|w| w.word()).collect::<Vec<_>>());
        }
        Rule::kind | Rule::who | Rule::who_list | Rule::principals | Rule::kind_who => {
            all(&Noun::ALL.iter().filter(|n| n.is_kind()).map(|w| w.word()).collect::<Vec<_>>());
        }
        Rule::qualifier_noun => {
            all(&Noun::ALL.iter().filter(|n| n.is_kind() || n.is_level()).map(|w| w.word()).collect::<Vec<_>>());
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
            "for", "at", "on", "within", "of", "finding", "until", "because", "requested", "approved", "ticket",
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
        Rule::expr | Rule::and_expr | Rule::not_expr => all(&["not", "some", "every", "no", "true", "false", "today"]),
        Rule::quantifier | Rule::quantified => all(&["some", "every", "no"]),
        Rule::negation => all(&["not"]),
        Rule::sum | Rule::atom | Rule::compare => all(&["true", "false", "today", "count", "age"]),
        Rule::today => all(&["today"]),
        Rule::fact_value => all(&["true", "false", "unknown"]),
        other => words.extend(keyword(other)),
    }
}

/// What to call the things that could stand here; each once, in the order of the grammar.
fn phrases(expected: &[Rule]) -> Vec<String> {
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
        Rule::fact | Rule::entity_fact | Rule::grant_fact => "a fact (`user \"alice\"`, `role Reader at ... for ...`)",
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
            assert!(phrase(rule) != "" || phrase(rule).is_empty() && keyword(rule).is_none(), "{name} has no phrase");
        }
    }
}
