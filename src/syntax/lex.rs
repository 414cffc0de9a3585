//! Text -> tokens and comments, in one pass over the bytes: what [`split`](super::split) cuts by, and where strings and
//! characters that no statement may hold are found.

use crate::diagnostic::{Diagnostic, code};
use crate::syntax::ast::Comment;
use crate::text::{At, Source, Span};

/// The longest string, in bytes. Nothing that a policy says is longer.
pub(super) const LONGEST_STRING: usize = 64 * 1024;
/// The longest word, in bytes.
pub(super) const LONGEST_WORD: usize = 1024;

/// Characters that turn the direction of text: what is shown is not what is read.
const BIDIRECTIONAL: [char; 9] = [
    '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}',
    '\u{2069}',
];

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, digits, `_` and inner `-`.
    Word,
    /// A closed string.
    String,
    /// A closed regular expression.
    Regex,
    /// One of `, ( ) [ ] { } . + - / = == != < <= > >=`.
    Mark,
    /// What no statement may hold; a problem tells about it.
    Bad,
}

/// A token and where it stands; offsets are bytes from the start of the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: u32,
    pub(super) end: u32,
    /// From 0.
    pub(super) line: u32,
    /// From 0, in bytes.
    pub(super) column: u32,
    /// Whether nothing stands before it on its line.
    pub(super) first: bool,
}

/// The tokens of a file.
pub(super) struct Lexed {
    /// In order.
    pub(super) tokens: Vec<Token>,
    /// In order.
    pub(super) comments: Vec<Comment>,
    /// The index of the token that it is about, and what is wrong with it; in order.
    pub(super) problems: Vec<(usize, Diagnostic)>,
}

impl Token {
    /// Its text.
    pub(super) fn text<'s>(&self, text: &'s str) -> &'s str {
        &text[self.start as usize..self.end as usize]
    }
}

/// Reads a whole file.
pub(super) fn lex(source: &Source) -> Lexed {
    let mut lexer = Lexer {
        text: source.text(),
        base: source.base(),
        at: 0,
        line: 0,
        line_start: 0,
        first: true,
        out: Lexed { tokens: vec![], comments: vec![], problems: vec![] },
    };
    while lexer.step() {}
    lexer.out
}

struct Lexer<'s> {
    text: &'s str,
    base: u32,
    at: usize,
    line: u32,
    line_start: usize,
    first: bool,
    out: Lexed,
}

impl<'s> Lexer<'s> {
    fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.base + start as u32, self.base + end as u32)
    }

    fn push(&mut self, kind: Kind, end: usize) {
        self.out.tokens.push(Token {
            kind,
            start: self.at as u32,
            end: end as u32,
            line: self.line,
            column: (self.at - self.line_start) as u32,
            first: self.first,
        });
        self.first = false;
        self.at = end;
    }

    fn problem(&mut self, diagnostic: Diagnostic, end: usize) {
        self.out.problems.push((self.out.tokens.len(), diagnostic));
        self.push(Kind::Bad, end);
    }

    fn step(&mut self) -> bool {
        let Some(c) = self.text[self.at..].chars().next() else { return false };
        match c {
            '\n' => {
                self.at += 1;
                self.line += 1;
                self.line_start = self.at;
                self.first = true;
            }
            ' ' | '\t' | '\r' => self.at += 1,
            '#' => self.comment(),
            '"' => self.string(),
            '/' if self.regex_may_start() => self.regex(),
            '=' | '!' | '<' | '>' if self.byte(1) == b'=' => self.push(Kind::Mark, self.at + 2),
            ',' | '(' | ')' | '[' | ']' | '{' | '}' | '.' | '=' | '<' | '>' | '+' | '-' | '/' => {
                self.push(Kind::Mark, self.at + 1);
            }
            c if c.is_alphanumeric() || c == '_' => self.word(),
            c => self.stranger(c),
        }
        true
    }

    fn comment(&mut self) {
        let end = self.line_end();
        self.out.comments.push(Comment {
            text: self.text[self.at + 1..end].trim_end().to_owned(),
            at: At(self.span(self.at, end)),
            trailing: !self.first,
        });
        self.at = end;
    }

    fn line_end(&self) -> usize {
        let rest = &self.text.as_bytes()[self.at..];
        let end = self.at + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        if end > self.at && self.text.as_bytes()[end - 1] == b'\r' { end - 1 } else { end }
    }

    /// Letters, digits, `_`, and `-` before a letter or digit; after a `.` a word is an attribute and has no `-`.
    fn word(&mut self) {
        let attribute =
            self.out.tokens.last().is_some_and(|t| t.end as usize == self.at && t.text(self.text) == ".");
        let rest = &self.text[self.at..];
        let mut end = rest.len();
        let mut letters = rest.char_indices().peekable();
        while let Some((i, c)) = letters.next() {
            let inside = c.is_alphanumeric()
                || c == '_'
                || (c == '-' && !attribute && letters.peek().is_some_and(|(_, next)| next.is_alphanumeric()));
            if !inside {
                end = i;
                break;
            }
        }
        let end = self.at + end;
        if end - self.at > LONGEST_WORD {
            let place = self.span(self.at, self.at);
            let found = Diagnostic::error(code::D008, "this word is too long to be read")
                .at(place, format!("{} bytes; {LONGEST_WORD} at most", end - self.at));
            self.problem(found, end);
        } else {
            self.push(Kind::Word, end);
        }
    }

    fn string(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = self.at + 1;
        let mut escape = None;
        while let Some(found) = memchr::memchr3(b'"', b'\\', b'\n', &bytes[at..]) {
            at += found;
            match bytes[at] {
                b'\n' => break,
                b'"' => return self.closed_string(at + 1, escape),
                _ => match escape_length(&self.text[at..]) {
                    Ok(length) => at += length,
                    Err(length) => {
                        if escape.is_none() {
                            escape =
                                Some(wrong_escape(&self.text[at..at + length], self.span(at, at + length)));
                        }
                        at += length;
                    }
                },
            }
        }
        let end = self.line_end().max(self.at + 1);
        let open = self.span(self.at, self.at + 1);
        let found = Diagnostic::error(code::D002, "this string is not closed")
            .at(open, "opened here")
            .note("a string stays on one line")
            .help("close it with `\"`; a quotation mark inside a string is written `\\\"`");
        self.problem(found, end);
    }

    fn closed_string(&mut self, end: usize, wrong_escape: Option<Diagnostic>) {
        let literal = &self.text[self.at..end];
        let hidden = |c: char| c != '\t' && (c.is_control() || BIDIRECTIONAL.contains(&c));
        if literal.len() > LONGEST_STRING {
            let found = Diagnostic::error(code::D008, "this string is too long to be read").at(
                self.span(self.at, self.at + 1),
                format!("{} bytes; {LONGEST_STRING} at most", literal.len() - 2),
            );
            self.problem(found, end);
        } else if let Some(wrong) = wrong_escape {
            self.problem(wrong, end);
        } else if let Some((i, c)) = literal.char_indices().find(|&(_, c)| hidden(c)) {
            let start = self.at + i;
            let found = Diagnostic::error(
                code::D004,
                format!("the character U+{:04X} may not stand in a string", c as u32),
            )
            .at(self.span(start, start + c.len_utf8()), "it can't be seen")
            .help(format!("take it out, or write it as `\\u{{{:x}}}`", c as u32));
            self.problem(found, end);
        } else {
            self.push(Kind::String, end);
        }
    }

    fn regex_may_start(&self) -> bool {
        match self.out.tokens.last() {
            Some(last) if last.text(self.text) == "matches" => true,
            Some(last) => {
                let rest = &self.text[self.at + 1..self.line_end()];
                (last.end as usize) < self.at && !rest.starts_with(' ') && rest.contains('/')
            }
            None => false,
        }
    }

    fn regex(&mut self) {
        let end = self.line_end();
        let bytes = self.text.as_bytes();
        let mut at = self.at + 1;
        while at < end {
            match bytes[at] {
                b'\\' => at += 2,
                b'/' if at + 1 - self.at > LONGEST_STRING => {
                    let found =
                        Diagnostic::error(code::D008, "this regular expression is too long to be read")
                            .at(self.span(self.at, self.at + 1), format!("{LONGEST_STRING} bytes at most"));
                    return self.problem(found, at + 1);
                }
                b'/' => return self.push(Kind::Regex, at + 1),
                _ => at += 1,
            }
        }
        let found = Diagnostic::error(code::D002, "this regular expression is not closed")
            .at(self.span(self.at, self.at + 1), "opened here")
            .help("close it with `/` on the same line; a `/` inside is written `\\/`");
        self.problem(found, end);
    }

    fn stranger(&mut self, c: char) {
        let end = self.at + c.len_utf8();
        let (end, shown, help) = match c {
            '&' | '|' if self.byte(1) == c as u8 => {
                let word = if c == '&' { "and" } else { "or" };
                (end + 1, format!("`{c}{c}`"), format!("write `{word}`"))
            }
            '\'' | '`' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' | '\u{201e}' => (
                end,
                format!("`{c}`"),
                "strings are written between straight double quotes: `\"...\"`".to_owned(),
            ),
            '*' | '?' => {
                (end, format!("`{c}`"), "quote it: a quoted string is a glob, `\"*Contributor\"`".to_owned())
            }
            '!' => (end, "`!`".to_owned(), "write `not`".to_owned()),
            ';' => (end, "`;`".to_owned(), "nothing stands between statements; leave it out".to_owned()),
            c if c.is_control() || c.is_whitespace() || !c.is_ascii() && !c.is_alphabetic() => {
                let name = format!("the character U+{:04X}", c as u32);
                (end, name, "take it out; outside strings and comments only plain text may stand".to_owned())
            }
            c => (end, format!("`{c}`"), "text with such characters is quoted: `\"...\"`".to_owned()),
        };
        let found = Diagnostic::error(code::D004, format!("{shown} means nothing here"))
            .at(self.span(self.at, end), "")
            .help(help);
        self.problem(found, end);
    }
}

/// The length of the escape at the start of `text`; as an error the length of what is wrong.
fn escape_length(text: &str) -> Result<usize, usize> {
    let mut letters = text.char_indices().skip(1);
    match letters.next() {
        Some((_, '"' | '\\' | 'n' | 't')) => Ok(2),
        Some((_, 'u')) if text[2..].starts_with('{') => {
            let digits = text[3..].bytes().take(7).take_while(u8::is_ascii_hexdigit).count();
            let closed = text[3 + digits..].starts_with('}');
            let scalar = u32::from_str_radix(&text[3..3 + digits], 16).ok().and_then(char::from_u32);
            match (closed, scalar) {
                (true, Some(_)) => Ok(digits + 4),
                (true, None) => Err(digits + 4),
                (false, _) => Err(digits + 3),
            }
        }
        Some((_, '\n')) | None => Err(1),
        Some((i, c)) => Err(i + c.len_utf8()),
    }
}

fn wrong_escape(escape: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::D003, format!("`{escape}` is not an escape"))
        .at(span, "")
        .note(r#"escapes are \" \\ \n \t and \u{...} with the number of a character"#)
        .help(r"a backslash itself is written `\\`")
}

/// The value of a closed string literal, quotes included in `literal`, whose escapes are known to be right.
pub(super) fn string_value(literal: &str) -> String {
    let inner = &literal[1..literal.len() - 1];
    let mut value = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(i) = memchr::memchr(b'\\', rest.as_bytes()) {
        value.push_str(&rest[..i]);
        rest = &rest[i..];
        let length = escape_length(rest).unwrap_or(1);
        match rest.as_bytes().get(1) {
            Some(b'n') => value.push('\n'),
            Some(b't') => value.push('\t'),
            Some(b'u') => {
                let scalar = u32::from_str_radix(&rest[3..length - 1], 16).ok().and_then(char::from_u32);
                value.extend(scalar);
            }
            Some(_) => value.push_str(&rest[1..length]),
            None => {}
        }
        rest = &rest[length..];
    }
    value.push_str(rest);
    value
}

/// A string as a literal of the language.
pub(super) fn string_literal(value: &str) -> String {
    let mut literal = String::with_capacity(value.len() + 2);
    literal.push('"');
    for c in value.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\t' => literal.push_str("\\t"),
            c if c.is_control() || BIDIRECTIONAL.contains(&c) => {
                literal.push_str(&format!("\\u{{{:x}}}", c as u32))
            }
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}
