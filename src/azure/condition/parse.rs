//! From the text of a condition to its tree.

use super::compare::Operator;
use super::{Attribute, MAX_DEPTH, MAX_LENGTH, Node, NotUnderstood, Operand, Source};

/// The tree of a whole text.
pub(super) fn root(text: &str) -> Result<Node, NotUnderstood> {
    if text.len() > MAX_LENGTH {
        return Err(wrong(MAX_LENGTH, format!("the condition is longer than {MAX_LENGTH} bytes")));
    }
    let mut parser = Parser { tokens: tokens(text)?, next: 0, depth: 0, end: text.len() };
    let root = parser.expression()?;
    match parser.peek() {
        None => Ok(root),
        Some(_) => Err(parser.expected("`AND`, `OR` or the end")),
    }
}

#[derive(Clone, Copy)]
struct Token<'t> {
    at: usize,
    kind: Kind<'t>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind<'t> {
    Open,
    Close,
    OpenList,
    CloseList,
    Comma,
    Not,
    And,
    Or,
    /// A name, a keyword or a value without quotes.
    Word(&'t str),
    /// What stands between single quotes.
    Quoted(&'t str),
    /// `@Request[...]`, the name without the white space around it.
    Attribute(Source, &'t str),
}

impl Kind<'_> {
    fn in_words(self) -> String {
        match self {
            Kind::Open => "`(`".to_owned(),
            Kind::Close => "`)`".to_owned(),
            Kind::OpenList => "`{`".to_owned(),
            Kind::CloseList => "`}`".to_owned(),
            Kind::Comma => "`,`".to_owned(),
            Kind::Not => "`NOT`".to_owned(),
            Kind::And => "`AND`".to_owned(),
            Kind::Or => "`OR`".to_owned(),
            Kind::Word(word) => format!("`{}`", shortened(word)),
            Kind::Quoted(text) => format!("`'{}'`", shortened(text)),
            Kind::Attribute(_, name) => format!("the attribute `{}`", shortened(name)),
        }
    }
}

/// The text, cut where it would fill a page.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

fn tokens(text: &str) -> Result<Vec<Token<'_>>, NotUnderstood> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let at = text.len() - rest.len();
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let (kind, length) = match first {
            '(' => (Kind::Open, 1),
            ')' => (Kind::Close, 1),
            '{' => (Kind::OpenList, 1),
            '}' => (Kind::CloseList, 1),
            ',' => (Kind::Comma, 1),
            '!' => (Kind::Not, 1),
            '&' if rest.starts_with("&&") => (Kind::And, 2),
            '|' if rest.starts_with("||") => (Kind::Or, 2),
            '\'' => {
                let inside = &rest[1..];
                let end =
                    inside.find('\'').ok_or_else(|| wrong(at, "a text that opens here is never closed"))?;
                (Kind::Quoted(&inside[..end]), end + 2)
            }
            '@' => attribute(rest, at)?,
            _ => {
                let word = leading_word(rest);
                if word.is_empty() {
                    let control = first.is_control().then(|| first.escape_unicode().to_string());
                    let shown = control.unwrap_or_else(|| first.to_string());
                    return Err(wrong(at, format!("`{shown}` cannot stand here")));
                }
                (keyword(word), word.len())
            }
        };
        tokens.push(Token { at, kind });
        rest = &rest[length..];
    }
}

fn leading_word(text: &str) -> &str {
    let is_inside =
        |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | ':' | '/' | '+');
    text.find(|letter| !is_inside(letter)).map_or(text, |end| &text[..end])
}

fn keyword(word: &str) -> Kind<'_> {
    let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
    match () {
        () if is("AND") => Kind::And,
        () if is("OR") => Kind::Or,
        () if is("NOT") => Kind::Not,
        () => Kind::Word(word),
    }
}

/// An attribute that begins with the text, and its length in bytes.
fn attribute(text: &str, at: usize) -> Result<(Kind<'_>, usize), NotUnderstood> {
    let source = leading_word(&text[1..]);
    let from = match source.to_ascii_lowercase().as_str() {
        "request" => Source::Request,
        "resource" => Source::Resource,
        "principal" => Source::Principal,
        "environment" => Source::Environment,
        _ => {
            let what = "`@Request`, `@Resource`, `@Principal` or `@Environment` was expected";
            return Err(wrong(at, what));
        }
    };
    let after = text[1 + source.len()..].trim_start();
    let inside =
        after.strip_prefix('[').ok_or_else(|| wrong(at, "`[` was expected after the `@` word here"))?;
    let unclosed = || wrong(at, "the `[` of this attribute is never closed");
    // None of these is in the name of an attribute: the `]` is missing where one of them comes first.
    let end = inside.find([']', '[', '{', '}', '(', ')', '\'', '@']).ok_or_else(unclosed)?;
    if !inside[end..].starts_with(']') {
        return Err(unclosed());
    }
    let name = inside[..end].trim();
    if name.is_empty() {
        return Err(wrong(at, "an attribute without a name"));
    }
    Ok((Kind::Attribute(from, name), text.len() - inside.len() + end + 1))
}

fn wrong(at: usize, what: impl Into<String>) -> NotUnderstood {
    NotUnderstood { at, what: what.into() }
}

struct Parser<'t> {
    tokens: Vec<Token<'t>>,
    next: usize,
    depth: usize,
    /// Byte offset of the end of the text.
    end: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<Kind<'t>> {
        self.tokens.get(self.next).map(|token| token.kind)
    }

    /// Goes past the next token if it is this one.
    fn take(&mut self, kind: Kind<'_>) -> bool {
        let found = self.peek() == Some(kind);
        self.next += usize::from(found);
        found
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |token| token.at)
    }

    fn expected(&self, what: &str) -> NotUnderstood {
        let found = self
            .peek()
            .map_or_else(|| "the condition ends".to_owned(), |kind| format!("{} stands", kind.in_words()));
        wrong(self.at(), format!("{what} was expected where {found}"))
    }

    fn expect(&mut self, kind: Kind<'_>) -> Result<(), NotUnderstood> {
        if self.take(kind) { Ok(()) } else { Err(self.expected(&kind.in_words())) }
    }

    fn expression(&mut self) -> Result<Node, NotUnderstood> {
        let first = self.term()?;
        let Some(joined_by @ (Kind::And | Kind::Or)) = self.peek() else { return Ok(first) };
        let mut nodes = vec![first];
        while self.take(joined_by) {
            nodes.push(self.term()?);
        }
        if matches!(self.peek(), Some(Kind::And | Kind::Or)) {
            let what = "`AND` and `OR` stand side by side, whose order Azure calls ambiguous: parentheses are needed";
            return Err(wrong(self.at(), what));
        }
        Ok(if joined_by == Kind::And { Node::All(nodes) } else { Node::Any(nodes) })
    }

    fn term(&mut self) -> Result<Node, NotUnderstood> {
        let mut negated = false;
        while self.take(Kind::Not) {
            negated = !negated;
        }
        let node = self.plain_term()?;
        Ok(if negated { Node::Not(Box::new(node)) } else { node })
    }

    fn plain_term(&mut self) -> Result<Node, NotUnderstood> {
        if self.take(Kind::Open) {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                let what = format!("parentheses stand more than {MAX_DEPTH} deep in each other");
                return Err(wrong(self.tokens[self.next - 1].at, what));
            }
            let node = self.expression()?;
            self.expect(Kind::Close)?;
            self.depth -= 1;
            return Ok(node);
        }
        if let Some(Kind::Word(word)) = self.peek() {
            let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
            if is("ActionMatches") {
                self.next += 1;
                return Ok(Node::ActionMatches(self.pattern()?.to_owned()));
            }
            if is("SubOperationMatches") {
                self.next += 1;
                self.pattern()?;
                return Ok(Node::SubOperationMatches);
            }
            if is("Exists") || is("NotExists") {
                self.next += 1;
                let Some(Kind::Attribute(from, name)) = self.peek() else {
                    return Err(self.expected("an attribute"));
                };
                self.next += 1;
                let exists = Node::Exists(Attribute::of(from, name));
                return Ok(if is("Exists") { exists } else { Node::Not(Box::new(exists)) });
            }
        }
        let left = self.operand()?;
        let Some(Kind::Word(word)) = self.peek() else {
            return Err(self.expected("an operator such as `StringEquals`"));
        };
        let Some(operator) = Operator::named(word) else {
            return Err(wrong(self.at(), format!("`{}` is not an operator of conditions", shortened(word))));
        };
        self.next += 1;
        Ok(Node::Compare(left, operator, self.operand()?))
    }

    /// The text in `{'...'}`.
    fn pattern(&mut self) -> Result<&'t str, NotUnderstood> {
        self.expect(Kind::OpenList)?;
        let Some(Kind::Quoted(pattern)) = self.peek() else {
            return Err(self.expected("a text in single quotes"));
        };
        self.next += 1;
        self.expect(Kind::CloseList)?;
        Ok(pattern)
    }

    fn operand(&mut self) -> Result<Operand, NotUnderstood> {
        if let Some(Kind::Attribute(from, name)) = self.peek() {
            self.next += 1;
            return Ok(Operand::Attribute(Attribute::of(from, name)));
        }
        if !self.take(Kind::OpenList) {
            return Ok(Operand::Values(vec![self.literal("an attribute or a value")?]));
        }
        let mut values = vec![self.literal("a value")?];
        while self.take(Kind::Comma) {
            values.push(self.literal("a value")?);
        }
        self.expect(Kind::CloseList)?;
        Ok(Operand::Values(values))
    }

    fn literal(&mut self, what: &str) -> Result<String, NotUnderstood> {
        let (Some(Kind::Word(value)) | Some(Kind::Quoted(value))) = self.peek() else {
            return Err(self.expected(what));
        };
        self.next += 1;
        Ok(value.to_owned())
    }
}
