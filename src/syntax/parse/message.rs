//! What pest expected -> what a person is told.

use super::grammar::Rule;
use super::vocabulary::{is_reserved, phrases, words_of};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Code, Diagnostic, code};
use crate::syntax::ast::{Comparison, Noun, SeverityLevel, Step};
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
    fn unknown_word(
        &self,
        code: Code,
        what: &str,
        candidates: &[impl AsRef<str>],
        list: &str,
    ) -> Option<Diagnostic> {
        let word = self.word()?;
        let place = self.place();
        let diagnostic = Diagnostic::error(code, format!("`{word}` {what}"));
        let synonym = SYNONYMS
            .iter()
            .find(|(other, ours)| *other == word && candidates.iter().any(|c| c.as_ref() == *ours));
        let near = nearest(word, candidates.iter().map(AsRef::as_ref)).or(synonym.map(|(_, ours)| *ours));
        let (diagnostic, short) = match near {
            Some(near) => {
                (diagnostic.at(place, format!("did you mean `{near}`?")).edit(place, near), list.len() < 200)
            }
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
                None => found
                    .help("a word that begins a statement is missing before it, or it stands too far left"),
                Some(_) => found,
            });
        }
        Some(
            Diagnostic::error(code::D010, format!("{} does not begin a statement", self.shown()))
                .at(self.place(), "a word that begins a statement is missing before it")
                .note(list),
        )
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
        Some(
            Diagnostic::error(code::D001, format!("`{word}` is not a word of the language"))
                .at(place, format!("did you mean `{first} {rest}`?"))
                .edit(place, format!("{first} {rest}")),
        )
    }

    /// `today-90 days`
    fn minus_in_a_name(&self) -> Option<Diagnostic> {
        let before = self.before()?;
        let word = before.text(self.source.text());
        let rest = word.strip_prefix("today-")?;
        let place = self.span(before);
        Some(
            Diagnostic::error(code::D014, format!("`{word}` is read as one name"))
                .at(place, "`today` is reserved and can't be part of it")
                .help(format!("put spaces around the minus sign: `today - {rest}`"))
                .edit(place, format!("today - {rest}")),
        )
    }

    /// A reserved word, a capital or a `_` where a name is to be given or used.
    fn wrong_name(&self) -> Option<Diagnostic> {
        let word = self.word()?;
        let place = self.place();
        if self.expects(&[Rule::rule_name, Rule::rule_reference]) {
            if OPENERS.contains(&word) {
                return Some(
                    Diagnostic::error(code::D014, format!("a name is missing before `{word}`"))
                        .at(place, "expected the name of a rule or policy")
                        .note("a word that begins statements can't be such a name"),
                );
            }
            let diagnostic = match is_reserved(word) {
                true => Diagnostic::error(
                    code::D014,
                    format!("`{word}` is a reserved word and can't be this name"),
                )
                .at(place, "the name of a rule or policy is missing, or this is it"),
                false => {
                    Diagnostic::error(code::D017, format!("`{word}` can't be the name of a rule or policy"))
                        .at(place, "lower case first; letters and digits, joined by `-`")
                }
            };
            let plain: String = word.to_lowercase().replace('_', "-");
            return Some(if plain == word {
                diagnostic
            } else {
                diagnostic.help(format!("write `{plain}`"))
            });
        }
        if self.expects_only(&[Rule::name]) {
            if is_reserved(word) {
                return Some(
                    Diagnostic::error(code::D014, format!("`{word}` is a reserved word and can't be a name"))
                        .at(place, "")
                        .help(format!("write, for instance, `our-{word}`")),
                );
            }
            return Some(
                Diagnostic::error(code::D017, format!("`{word}` can't be a name"))
                    .at(place, "a lower-case letter first; letters and digits, joined by `-`"),
            );
        }
        let operand =
            self.expects(&[Rule::atom, Rule::access, Rule::sum, Rule::expr, Rule::compare, Rule::not_expr]);
        if operand && is_reserved(word) && nearest(word, self.words().iter().map(String::as_str)).is_none() {
            return Some(
                Diagnostic::error(
                    code::D014,
                    format!("`{word}` is a reserved word and nothing can be read of it"),
                )
                .at(place, "expected a value here")
                .help(format!("an attribute is written after its noun: `resource.{word}`")),
            );
        }
        None
    }

    fn unknown_noun(&self) -> Option<Diagnostic> {
        use Rule::{
            except_scopes, except_who, kind, kind_who, kw_anyone, level, level_scope, lparen, noun,
            principals, qualifier_noun, scope, scope_list, scopes, severity_level, step_kind, sub, who,
            who_list,
        };
        let levels: Vec<_> = Noun::ALL.iter().filter(|n| n.is_level()).map(|n| n.word()).collect();
        let kinds: Vec<_> = Noun::ALL.iter().filter(|n| n.is_kind()).map(|n| n.word()).collect();
        if self.expects_only(&[scopes, scope_list, scope, level_scope, level, sub, lparen, except_scopes]) {
            let list = format!("scopes are: {}", levels.join(", "));
            return self.unknown_word(code::D012, "is not a scope", &levels, &list);
        }
        if self.expects_only(&[principals, who_list, who, kind_who, kind, sub, lparen, kw_anyone, except_who])
        {
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
            return self.unknown_word(
                code::D022,
                "is not a severity",
                &list,
                &format!("severities are: {}", list.join(", ")),
            );
        }
        if self.expects(&[step_kind]) {
            let list: Vec<_> = Step::ALL.iter().map(|s| s.word()).collect();
            return self.unknown_word(
                code::D023,
                "is not a step",
                &list,
                &format!("steps are: {}", list.join(", ")),
            );
        }
        if self.index == Some(0) && matches!(self.found(), "deny" | "warn" | "advise" | "require") {
            return Some(
                Diagnostic::error(
                    code::D011,
                    format!("`{}` is not something a sentence can be about", self.found()),
                )
                .at(self.place(), "")
                .help("a query is a sentence without its verb: leave it out"),
            );
        }
        if self.expects(&[Rule::selector, Rule::entity, Rule::grant, noun, Rule::fact, Rule::entity_fact]) {
            let mut candidates = vec![];
            words_of(Rule::selector, &mut candidates);
            for &rule in self.expected {
                words_of(rule, &mut candidates);
            }
            let nouns: Vec<_> = Noun::ALL.iter().map(|n| n.word()).collect();
            let list = format!("nouns are: role, directory_role, app_role, {}", nouns.join(", "));
            return self.unknown_word(
                code::D011,
                "is not something a sentence can be about",
                &candidates,
                &list,
            );
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
        Some(
            Diagnostic::error(code::D001, format!("`{word}` does not fit here"))
                .at(place, format!("did you mean `{near}`?"))
                .edit(place, near),
        )
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
            return Some(
                Diagnostic::error(code::D007, format!("`{word}` is not a GUID")).at(place, "").note(
                    "a GUID has 8, 4, 4, 4 and 12 hexadecimal digits: 8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
                ),
            );
        }
        let odd = word.contains(['_', '-']) && word.starts_with(char::is_uppercase)
            || word.contains('_') && !is_reserved(word)
            || !word.is_ascii();
        if odd && self.expects(&[Rule::pattern, Rule::patterns, Rule::roles]) {
            return Some(
                Diagnostic::error(code::D017, format!("`{word}` can be read neither as a name nor as a set"))
                    .at(place, "quote it")
                    .edit(place, format!("\"{word}\"")),
            );
        }
        None
    }

    fn wrong_operator(&self) -> Option<Diagnostic> {
        let place = self.place();
        let found = self.found();
        if found == "=" && self.expects(&[Rule::comparison, Rule::operator]) {
            return Some(
                Diagnostic::error(code::D001, "`=` does not compare")
                    .at(place, "did you mean `==`?")
                    .edit(place, "=="),
            );
        }
        if found == "==" && self.expects(&[Rule::equals]) {
            return Some(
                Diagnostic::error(code::D001, "`==` does not give a value")
                    .at(place, "did you mean `=`?")
                    .edit(place, "="),
            );
        }
        if Comparison::from_word(found).is_some() && !self.expects(&[Rule::comparison, Rule::operator]) {
            return Some(
                Diagnostic::error(code::D001, format!("`{found}` does not fit here"))
                    .at(place, "")
                    .note("comparisons don't chain: join them by `and`"),
            );
        }
        None
    }

    fn shown(&self) -> String {
        match self.token() {
            None => "the end of the statement".to_owned(),
            Some(token) if token.kind == Kind::String && token.end - token.start > 40 => {
                "a string".to_owned()
            }
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
