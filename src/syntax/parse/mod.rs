//! Text -> tree. The only room that names pest.
//!
//! A file is cut into statements ([`split`]); each is parsed alone. A statement that does not parse is absent from the
//! tree and has exactly one diagnostic.

mod expression;
mod items;
mod message;
mod node;
mod sentence;
mod vocabulary;

use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};

use self::node::Nodes;
use super::ast::{Count, File, Header, Item, Selector};
use super::lex::{Lexed, Token, lex};
use super::split::{self, Cut};
use crate::diagnostic::{Diagnostic, code};
use crate::text::{At, Source, Sources, Span};

/// The grammar, and the recogniser that pest makes of it.
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/dictum.pest"]
    pub(super) struct Recogniser;
}
use grammar::{Recogniser, Rule};

/// What building a part of the tree gives.
type Built<T> = Result<T, Box<Diagnostic>>;

/// A file, as far as it could be read.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The statements that parse.
    pub file: File,
    /// One for each statement that does not; in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The statements that do not parse, so that nobody complains that what they would have defined is missing.
    pub broken: Vec<Broken>,
}

/// A statement that did not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The word it begins with: `rule`, `let`, `waive`, ... or, where that word is what is wrong, anything else.
    pub opener: String,
    /// The word after it, which for a set, parameter or rule is its name.
    pub name: Option<String>,
    /// The whole statement.
    pub span: Span,
}

/// What a statement is: the header, or an item.
enum Top {
    Header(Header),
    Item(Box<Item>),
}

/// Reads the file of that index.
pub fn parse(sources: &Sources, file: usize) -> Parsed {
    let source = sources.get(file);
    let lexed = lex(source);
    let reader = Reader { source, lexed: &lexed };
    let mut out = Parsed {
        file: File { header: None, items: vec![], comments: vec![], at: At(source.span()) },
        diagnostics: vec![],
        broken: vec![],
    };
    for (statement, read) in reader.statements() {
        let diagnostic = match read {
            Ok(Top::Header(header)) if out.file.header.is_none() && out.file.items.is_empty() => {
                out.file.header = Some(header);
                continue;
            }
            Ok(Top::Header(header)) => misplaced_header(&header, out.file.header.as_ref()),
            Ok(Top::Item(item)) => {
                out.file.items.push(*item);
                continue;
            }
            Err(diagnostic) => diagnostic,
        };
        out.broken.push(reader.broken(&statement));
        out.diagnostics.push(*diagnostic);
    }
    out.file.comments = lexed.comments;
    out
}

/// Reads the sentence of `dictum find`: a selector and perhaps a count, without a verb.
///
/// # Errors
///
/// The one diagnostic that says what is wrong with it.
#[expect(clippy::result_large_err, reason = "one call a run")]
pub fn parse_selector(sources: &Sources, file: usize) -> Result<(Selector, Option<Count>), Diagnostic> {
    let source = sources.get(file);
    let lexed = lex(source);
    let reader = Reader { source, lexed: &lexed };
    let whole = 0..lexed.tokens.len();
    let read = || {
        reader.checked(&whole)?;
        let mut nodes = reader.recognise(Rule::selector_text, &whole)?;
        let selector = sentence::selector(nodes.demand())?;
        let count = nodes.optional(Rule::count).map(sentence::count).transpose()?;
        Ok((selector, count))
    };
    read().map_err(|diagnostic: Box<Diagnostic>| *diagnostic)
}

/// Tokens of one statement.
type Run = std::ops::Range<usize>;

struct Reader<'s> {
    source: &'s Source,
    lexed: &'s Lexed,
}

impl<'s> Reader<'s> {
    fn tokens(&self, run: &Run) -> &'s [Token] {
        &self.lexed.tokens[run.clone()]
    }

    /// Every statement, read. Where the cut by words leaves broken statements, the cut by margins is tried on the same
    /// stretch of text, and kept unless it is worse.
    fn statements(&self) -> Vec<(Run, Built<Top>)> {
        let tokens = &self.lexed.tokens;
        let by_words = runs(&split::statements(self.source.text(), tokens, Cut::Words), tokens.len());
        let mut read: Vec<_> = by_words.into_iter().map(|run| (run.clone(), self.statement(&run))).collect();
        if read.iter().all(|(_, result)| result.is_ok()) {
            return read;
        }
        let by_margin = runs(&split::statements(self.source.text(), tokens, Cut::Margin), tokens.len());
        let mut out = vec![];
        let mut words = read.drain(..).peekable();
        let mut margins = by_margin.into_iter().peekable();
        while words.peek().is_some() {
            let (mut left, mut right) = (vec![], vec![]);
            let (mut left_end, mut right_end) = (0, 0);
            while left_end == 0 || left_end != right_end {
                if left_end <= right_end {
                    let Some(next) = words.next() else { break };
                    left_end = next.0.end;
                    left.push(next);
                } else {
                    let Some(next) = margins.next() else { break };
                    right_end = next.end;
                    right.push(next);
                }
            }
            let same = left.len() == right.len() && left.iter().map(|(run, _)| run).eq(right.iter());
            if same || left.iter().all(|(_, result)| result.is_ok()) {
                out.extend(left);
                continue;
            }
            let right: Vec<_> = right.into_iter().map(|run| (run.clone(), self.statement(&run))).collect();
            out.extend(if score(&right) <= score(&left) { right } else { left });
        }
        out
    }

    fn statement(&self, run: &Run) -> Built<Top> {
        self.checked(run)?;
        items::item(self.recognise(Rule::statement_text, run)?.demand())
    }

    /// Whether the tokens can be handed to pest: none is bad, and they are not nested too deep.
    fn checked(&self, run: &Run) -> Built<()> {
        let first = self.lexed.problems.partition_point(|(token, _)| *token < run.start);
        if let Some((_, problem)) = self.lexed.problems.get(first).filter(|(token, _)| *token < run.end) {
            return Err(say(problem.clone()));
        }
        match split::too_deep(self.source.text(), self.tokens(run)) {
            Some(token) => Err(say(Diagnostic::error(code::D005, "this is nested too deep to be read")
                .at(self.span(&token), format!("{} levels at most", split::DEEPEST))
                .help("say it in several rules"))),
            None => Ok(()),
        }
    }

    fn span(&self, token: &Token) -> Span {
        Span::new(self.source.base() + token.start, self.source.base() + token.end)
    }

    fn recognise(&self, rule: Rule, run: &Run) -> Built<Nodes<'s>> {
        let tokens = self.tokens(run);
        let start = tokens.first().map_or(0, |t| t.start);
        let end = tokens.last().map_or(start, |t| t.end);
        let text: &'s str = &self.source.text()[start as usize..end as usize];
        let error = match Recogniser::parse(rule, text) {
            Ok(pairs) => return Ok(Nodes::new(pairs, self.source.base() + start)),
            Err(error) => error,
        };
        let offset = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => start + at as u32,
        };
        let expected = match error.variant {
            ErrorVariant::ParsingError { positives, .. } => positives,
            ErrorVariant::CustomError { .. } => vec![],
        };
        Err(say(message::describe(self.source, tokens, offset, &expected)))
    }

    fn broken(&self, run: &Run) -> Broken {
        let tokens = self.tokens(run);
        let word = |i: usize| tokens.get(i).map(|t| t.text(self.source.text()).to_owned());
        let span = match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => self.span(first).to(self.span(last)),
            _ => self.source.span(),
        };
        Broken { opener: word(0).unwrap_or_default(), name: word(1), span }
    }
}

/// How bad a cut is: first by the statements that it leaves broken, then by those that it finds. A line whose first word
/// is nearly one that begins a statement is one mistake more, not a bad cut.
fn score(read: &[(Run, Built<Top>)]) -> (usize, std::cmp::Reverse<usize>) {
    let misspelled = |d: &Diagnostic| d.code == code::D010 && d.edit.is_some();
    let broken = read.iter().filter(|(_, result)| result.as_ref().is_err_and(|d| !misspelled(d))).count();
    let right = read.iter().filter(|(_, result)| result.is_ok()).count();
    (broken, std::cmp::Reverse(right))
}

fn runs(starts: &[usize], end: usize) -> Vec<Run> {
    starts.iter().enumerate().map(|(i, &start)| start..starts.get(i + 1).copied().unwrap_or(end)).collect()
}

fn say(diagnostic: Diagnostic) -> Box<Diagnostic> {
    Box::new(diagnostic)
}

/// Fills the slot of a clause that may be written once.
fn once<T>(slot: &mut Option<T>, value: T, what: &str, span: Span) -> Built<()> {
    if slot.is_some() {
        return Err(say(Diagnostic::error(code::D016, format!("a second {what}"))
            .at(span, "only one is possible")
            .help("join them in one clause, or write two rules")));
    }
    *slot = Some(value);
    Ok(())
}

fn misplaced_header(header: &Header, first: Option<&Header>) -> Box<Diagnostic> {
    let found = match first {
        Some(first) => Diagnostic::error(code::D021, "a second policy header")
            .at(header.name.span, "a file is one policy")
            .at(first.name.span, "it is this one"),
        None => Diagnostic::error(code::D021, "the policy header stands after a statement")
            .at(header.name.span, "it is the first thing in its file"),
    };
    say(found.help("put the rules of another policy into a file of their own"))
}
