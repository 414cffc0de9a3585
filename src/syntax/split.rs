//! Tokens -> statements, before anything is parsed: one broken statement never spoils the next.
//!
//! A statement begins at a word that begins statements and can't be in the middle of one. In text that is right, that
//! is enough, and line breaks mean nothing. In text that is not, the word itself may be missing or misspelled: then a
//! line that starts no further right than the statement before it is taken for a new statement, if that leaves fewer
//! broken statements, or as many and no fewer right ones. The parser asks for both cuts and compares.

use crate::syntax::lex::{Kind, Token};

/// Nested deeper than this, an expression is refused: nobody can read it, and every later step is recursive.
pub(super) const DEEPEST: usize = 48;

/// What a cut may rely on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Words that start statements.
    Words,
    /// Those where they start a line, and lines that start at the margin.
    Margin,
}

/// The index of the first token of each statement, ascending.
pub(super) fn statements(text: &str, tokens: &[Token], cut: Cut) -> Vec<usize> {
    let view = View { text, tokens };
    let mut starts = vec![];
    let mut current = Statement::new("", 0, 0);
    for (i, token) in tokens.iter().enumerate() {
        let word = view.word(i);
        if i == 0 || current.ends_before(i, view, cut) {
            starts.push(i);
            current = Statement::new(word, i, token.column);
        }
        current.take(word);
    }
    starts
}

#[derive(Clone, Copy)]
struct View<'s> {
    text: &'s str,
    tokens: &'s [Token],
}

impl<'s> View<'s> {
    /// The text of a token, empty beyond the first and the last.
    fn at(self, index: Option<usize>) -> &'s str {
        index.and_then(|i| self.tokens.get(i)).map_or("", |t| t.text(self.text))
    }

    /// The token if it is a word.
    fn word(self, index: usize) -> &'s str {
        let word = self.tokens.get(index).filter(|t| t.kind == Kind::Word);
        word.map_or("", |t| t.text(self.text))
    }

    /// Whether what stands after a word that begins statements is what stands after it in a statement.
    fn goes_on(self, index: usize) -> bool {
        let kind = self.tokens.get(index + 1).map(|t| t.kind);
        match self.word(index) {
            "use" | "test" => kind == Some(Kind::String),
            "let" | "param" => kind == Some(Kind::Word) && self.at(Some(index + 2)) == "=",
            _ => kind == Some(Kind::Word),
        }
    }
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
    fn new(opens_with: &'s str, first: usize, column: u32) -> Self {
        // A line is left one column further right when its first word is deleted.
        Statement { opens_with, first, margin: column | 1, has_verb: false, outcome_due: false }
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

    /// Whether another statement begins at the token of that index.
    fn ends_before(&self, index: usize, view: View, cut: Cut) -> bool {
        let token = &view.tokens[index];
        let word = view.word(index);
        let previous = view.at(index.checked_sub(1));
        if previous == "." || view.at(Some(index + 1)) == "=" && self.opens_with == "test" {
            return false;
        }
        let at_margin = token.first && token.column <= self.margin;
        if is_opener(word) {
            let named =
                matches!(previous, "rule" | "let" | "param" | "waive" | "policy" | "expect") && !token.first;
            return !named && (at_margin || view.goes_on(index));
        }
        let by_margin = at_margin && cut == Cut::Margin;
        if !is_verb(word) {
            return by_margin && !matches!(view.at(Some(index)), "," | ")" | "]" | "}");
        }
        if cut == Cut::Margin && !at_margin && !(token.first && view.goes_on(index)) {
            return false;
        }
        let awaited = match self.opens_with {
            "rule" if by_margin => index - self.first == 2,
            "rule" => !self.has_verb,
            "test" => self.outcome_due && !by_margin || previous == "to",
            // The word that the statement begins with is misspelled or missing.
            opens_with if !is_verb(opens_with) && !is_opener(opens_with) => {
                !self.has_verb && !by_margin || previous == "to" || self.outcome_due
            }
            _ => false,
        };
        !awaited
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
                "and" | "or" | "where" | "unless" | "except" | "for" | "at" | "on" | "within" | "through"
                | "by" | "with" | "expect" | "per" | "also" | "if",
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
