//! Tokens -> statements, before anything is parsed: one broken statement never spoils the next.
//!
//! A statement begins at a word that begins statements and can't be in the middle of one. In text that is right, that
//! is enough, and line breaks mean nothing. In text that is not, the word itself may be missing or misspelled: then a
//! line that starts no further right than the statement before it is taken for a new statement, if that leaves no more
//! broken statements than before. The parser asks for both cuts and compares.

use crate::syntax::lex::{Kind, Token};

/// Nested deeper than this, an expression is refused: nobody can read it, and every later step is recursive.
pub(super) const DEEPEST: usize = 48;

/// What a cut may rely on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Words that start statements.
    Words,
    /// Those, and lines that start at the margin.
    Margin,
}

/// The index of the first token of each statement, ascending.
pub(super) fn statements(text: &str, tokens: &[Token], cut: Cut) -> Vec<usize> {
    let mut starts = vec![];
    let mut current = Statement::new("", 0, 0);
    for (i, token) in tokens.iter().enumerate() {
        let word = if token.kind == Kind::Word { token.text(text) } else { "" };
        let before = i.checked_sub(1).map(|b| &tokens[b]);
        let after = tokens.get(i + 1).map_or("", |t| t.text(text));
        if i == 0 || current.ends_before(word, token, i, before, after, text, cut) {
            starts.push(i);
            current = Statement::new(word, i, token.column);
        }
        current.take(word);
    }
    starts
}

/// The statement that is being read.
struct Statement<'s> {
    opens_with: &'s str,
    first: usize,
    margin: u32,
    has_verb: bool,
    /// After `expect`, until its outcome: an outcome may be a verb.
    outcome_due: bool,
}

fn is_verb(word: &str) -> bool {
    matches!(word, "deny" | "warn" | "advise" | "require")
}

fn is_opener(word: &str) -> bool {
    matches!(word, "policy" | "use" | "let" | "param" | "rule" | "waive" | "test")
}

impl<'s> Statement<'s> {
    fn new(opens_with: &'s str, first: usize, margin: u32) -> Self {
        Statement { opens_with, first, margin, has_verb: false, outcome_due: false }
    }

    fn take(&mut self, word: &str) {
        match word {
            "expect" => self.outcome_due = true,
            "pass" | "unknown" | "waived" => self.outcome_due = false,
            _ if is_verb(word) => {
                self.has_verb = true;
                self.outcome_due = false;
            }
            _ => {}
        }
    }

    /// Whether it opens with a word that no statement opens with.
    fn is_strange(&self) -> bool {
        !is_verb(self.opens_with) && !is_opener(self.opens_with)
    }

    #[expect(clippy::too_many_arguments, reason = "one question about one token and what is around it")]
    fn ends_before(
        &self,
        word: &str,
        token: &Token,
        index: usize,
        before: Option<&Token>,
        after: &str,
        text: &str,
        cut: Cut,
    ) -> bool {
        let previous = before.map_or("", |b| b.text(text));
        if previous == "." || after == "=" && self.opens_with == "test" {
            return false;
        }
        let named = matches!(previous, "rule" | "let" | "param" | "waive" | "policy" | "expect") && !token.first;
        let at_margin = cut == Cut::Margin && token.first && token.column <= self.margin;
        if is_opener(word) {
            return !named;
        }
        if is_verb(word) {
            let awaited = match self.opens_with {
                "rule" if at_margin => index - self.first == 2,
                "rule" => !self.has_verb,
                "test" => self.outcome_due && !at_margin || previous == "to",
                _ if self.is_strange() => !self.has_verb && !at_margin || previous == "to" || self.outcome_due,
                _ => false,
            };
            return !(awaited || named);
        }
        at_margin && !matches!(token.text(text), "," | ")" | "]" | "}")
    }
}

/// The first token at which a statement is nested deeper than [`DEEPEST`].
///
/// What nests: brackets, and within a bracket a run of `not`, `satisfies`, `in` and signs.
pub(super) fn too_deep(text: &str, tokens: &[Token]) -> Option<Token> {
    let mut runs = vec![0usize];
    let mut depth = 0;
    let mut after_string = false;
    for token in tokens {
        let was_after_string = std::mem::replace(&mut after_string, token.kind == Kind::String);
        match (token.kind, token.text(text)) {
            (Kind::Mark, "(" | "[" | "{") => {
                runs.push(0);
                depth += 1;
            }
            (Kind::Mark, ")" | "]" | "}") if runs.len() > 1 => {
                depth -= runs.pop().unwrap_or(0) + 1;
            }
            (Kind::Mark, "+" | "-") | (Kind::Word, "not" | "satisfies" | "in") => {
                depth += 1;
                if let Some(run) = runs.last_mut() {
                    *run += 1;
                }
            }
            (Kind::Mark, ",")
            | (
                Kind::Word,
                "and" | "or" | "where" | "unless" | "except" | "for" | "at" | "on" | "within" | "through" | "by"
                | "with" | "expect" | "per" | "also" | "if",
            ) => {
                if let Some(run) = runs.last_mut() {
                    depth -= *run;
                    *run = 0;
                }
            }
            // A stated fact ends and the next begins.
            (Kind::Word, word) if was_after_string && !matches!(word, "of" | "attached") => {
                if let Some(run) = runs.last_mut() {
                    depth -= *run;
                    *run = 0;
                }
            }
            _ => {}
        }
        if depth > DEEPEST {
            return Some(*token);
        }
    }
    None
}
