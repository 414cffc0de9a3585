//! Conditions on role assignments and on permission blocks: what one says of a request, in three-valued logic.
//!
//! The language is that of Microsoft's "Azure role assignment condition format and syntax" (azure-docs,
//! conditions-format, 2023-11-15), conditionVersion 1.0 and 2.0 alike; keywords and the names of attributes have no
//! letter case. What it says of `Microsoft.Authorization/roleAssignments` is decided: by "Authorization actions and
//! attributes" (azure-docs, conditions-authorization-actions-attributes, 2023-09-20) a write has the three attributes
//! in `@Request` and a deletion has them in `@Resource`. Every other attribute is read and its value is not known.
//!
//! ```text
//! (!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'}))
//! OR @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {acdd72a7-...}
//! ```
//!
//! A text that is not understood is an error, which is neither an allowance nor a denial.

use std::cmp::Ordering;

use super::Guid;
use super::action::{self, Reading};

/// The longest text that is read, in bytes. Azure allows 8 KB for the condition of an assignment (azure-docs,
/// azure-subscription-service-limits, 2026-08-04) and names no limit for those of role definitions.
pub const MAX_LENGTH: usize = 64 * 1024;

/// How many parentheses may stand in each other. Azure names no limit; the built-in roles have three.
pub const MAX_DEPTH: usize = 100;

/// A condition that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    root: Node,
}

/// What a request does. The attributes are those of the role assignment that is written or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// The operation, in any letter case: `Microsoft.Authorization/roleAssignments/write`.
    pub operation: &'a str,
    /// The role, if it is known.
    pub role: Option<Guid>,
    /// Who is given the role, by object id, if it is known.
    pub principal: Option<Guid>,
    /// `User`, `Group` or `ServicePrincipal`, which managed identities are too, if it is known.
    pub principal_type: Option<&'a str>,
}

/// Why a text is no condition that this module understands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}, at byte {at} of the condition")]
pub struct NotUnderstood {
    /// Byte offset in the text.
    pub at: usize,
    /// What is wrong there, in words.
    pub what: String,
}

/// Reads a condition.
///
/// # Errors
///
/// The first place from the left that is not understood. `AND` beside `OR` without parentheses is such a place, since
/// Microsoft calls their order ambiguous.
pub fn parse(text: &str) -> Result<Condition, NotUnderstood> {
    if text.len() > MAX_LENGTH {
        let what = format!("the condition is longer than {MAX_LENGTH} bytes");
        return Err(NotUnderstood { at: MAX_LENGTH, what });
    }
    let mut parser = Parser { tokens: tokens(text)?, next: 0, depth: 0, end: text.len() };
    let root = parser.expression()?;
    match parser.peek() {
        None => Ok(Condition { root }),
        Some(_) => Err(parser.expected("`AND`, `OR` or the end")),
    }
}

impl Condition {
    /// Whether the condition lets the request through; `None` where that rests on what is not known. A condition on
    /// one operation lets every other through.
    pub fn allows(&self, request: &Request<'_>) -> Option<bool> {
        self.root.value(request)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    ActionMatches(String),
    SubOperationMatches,
    Exists(Attribute),
    Compare(Operand, Operator, Operand),
}

/// Where an attribute is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Request,
    Resource,
    Principal,
    Environment,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Attribute {
    from: Source,
    what: What,
}

/// The attributes whose values a [`Request`] holds, and all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Role,
    Principal,
    PrincipalType,
    Other,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Operand {
    Attribute(Attribute),
    Values(Vec<String>),
}

/// A comparison, and over which of several values it has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Operator {
    left: Over,
    right: Over,
    test: Test,
    negated: bool,
}

/// Over how many of an operand's values a comparison has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    /// `ForAny...`: at least one.
    Any,
    /// `ForAll...`: each.
    All,
    /// An operator without a prefix, which is documented for one value only.
    Unsaid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    Text { how: Text, any_case: bool },
    Bool,
    Guid,
    Number(Order),
    Time(Order),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Text {
    Equals,
    StartsWith,
    Like,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A value under comparison. A literal takes the type of its operator; an attribute has one of its own.
#[derive(Clone, Copy)]
enum Value<'a> {
    Literal(&'a str),
    Text(&'a str),
    Guid(Guid),
}

impl Node {
    fn value(&self, request: &Request<'_>) -> Option<bool> {
        match self {
            Node::All(nodes) => all(nodes.iter().map(|node| node.value(request))),
            Node::Any(nodes) => any(nodes.iter().map(|node| node.value(request))),
            Node::Not(node) => node.value(request).map(|value| !value),
            Node::ActionMatches(pattern) => {
                let as_read = |reading| action::matches_as(pattern, request.operation, reading);
                let strict = as_read(Reading::Strict);
                // Where the two readings of `/*/` differ, neither is known to be Azure's.
                (strict == as_read(Reading::Generous)).then_some(strict)
            }
            // Suboperations are parts of operations on data; those on role assignments have none.
            Node::SubOperationMatches => {
                (is_assignment_write(request) || is_assignment_deletion(request)).then_some(false)
            }
            Node::Exists(attribute) => attribute.exists(request),
            Node::Compare(left, operator, right) => {
                operator.holds(&left.values(request)?, &right.values(request)?)
            }
        }
    }
}

fn is_assignment_write(request: &Request<'_>) -> bool {
    request.operation.trim().eq_ignore_ascii_case("Microsoft.Authorization/roleAssignments/write")
}

fn is_assignment_deletion(request: &Request<'_>) -> bool {
    request.operation.trim().eq_ignore_ascii_case("Microsoft.Authorization/roleAssignments/delete")
}

impl Attribute {
    fn of(from: Source, name: &str) -> Attribute {
        let what = match name.split_once(':') {
            Some((of, name)) if of.eq_ignore_ascii_case("Microsoft.Authorization/roleAssignments") => {
                match name.to_ascii_lowercase().as_str() {
                    "roledefinitionid" => What::Role,
                    "principalid" => What::Principal,
                    "principaltype" => What::PrincipalType,
                    _ => What::Other,
                }
            }
            _ => What::Other,
        };
        Attribute { from, what }
    }

    /// Whether the request is one that the role assignment stands in, on the side that this attribute is read from.
    fn is_at_hand(&self, request: &Request<'_>) -> bool {
        match self.from {
            Source::Request => is_assignment_write(request),
            Source::Resource => is_assignment_deletion(request),
            Source::Principal | Source::Environment => false,
        }
    }

    fn value<'r>(&self, request: &Request<'r>) -> Option<Value<'r>> {
        if !self.is_at_hand(request) {
            return None;
        }
        match self.what {
            What::Role => request.role.map(Value::Guid),
            What::Principal => request.principal.map(Value::Guid),
            What::PrincipalType => request.principal_type.map(Value::Text),
            What::Other => None,
        }
    }

    /// An assignment has a role and a principal, known or not; its type may be left out of a request.
    fn exists(&self, request: &Request<'_>) -> Option<bool> {
        let sure = self.is_at_hand(request) && matches!(self.what, What::Role | What::Principal);
        (sure || self.value(request).is_some()).then_some(true)
    }
}

impl Operand {
    fn values<'v>(&'v self, request: &Request<'v>) -> Option<Vec<Value<'v>>> {
        match self {
            Operand::Attribute(attribute) => attribute.value(request).map(|value| vec![value]),
            Operand::Values(values) => Some(values.iter().map(|value| Value::Literal(value)).collect()),
        }
    }
}

impl Operator {
    /// An operator by its name, in any letter case: `ForAnyOfAnyValues:GuidEquals`.
    fn named(name: &str) -> Option<Operator> {
        let name = name.to_ascii_lowercase();
        let (prefix, test) = name.split_once(':').unwrap_or(("", &name));
        let (left, right) = match prefix {
            "" => (Over::Unsaid, Over::Unsaid),
            "foranyofanyvalues" => (Over::Any, Over::Any),
            "forallofanyvalues" => (Over::All, Over::Any),
            "foranyofallvalues" => (Over::Any, Over::All),
            "forallofallvalues" => (Over::All, Over::All),
            _ => return None,
        };
        let (test, negated) = Test::named(test)?;
        Some(Operator { left, right, test, negated })
    }

    fn holds(self, left: &[Value<'_>], right: &[Value<'_>]) -> Option<bool> {
        self.left.of(left.iter().map(|&left| {
            self.right.of(right.iter().map(|&right| Some(self.test.holds(left, right)? != self.negated)))
        }))
    }
}

impl Over {
    fn of(self, values: impl Iterator<Item = Option<bool>> + Clone) -> Option<bool> {
        match self {
            Over::Any => any(values),
            Over::All => all(values),
            Over::Unsaid => {
                let one = any(values.clone());
                one.filter(|_| one == all(values))
            }
        }
    }
}

impl Test {
    /// A test by the lower-case name of its operator, and whether the operator negates it.
    fn named(name: &str) -> Option<(Test, bool)> {
        if let Some(name) = name.strip_prefix("string") {
            let (name, any_case) = strip(name, str::strip_suffix, "ignorecase");
            let (name, negated) = strip(name, str::strip_prefix, "not");
            let how = match name {
                "equals" => Text::Equals,
                "startswith" => Text::StartsWith,
                "like" => Text::Like,
                _ => return None,
            };
            return Some((Test::Text { how, any_case }, negated));
        }
        if let Some(name) = name.strip_prefix("numeric") {
            return Order::named(name).map(|(order, negated)| (Test::Number(order), negated));
        }
        if let Some(name) = name.strip_prefix("datetime") {
            return Order::named(name).map(|(order, negated)| (Test::Time(order), negated));
        }
        match name {
            "boolequals" => Some((Test::Bool, false)),
            "boolnotequals" => Some((Test::Bool, true)),
            "guidequals" => Some((Test::Guid, false)),
            "guidnotequals" => Some((Test::Guid, true)),
            _ => None,
        }
    }

    /// The test without its negation; `None` where a value is not of the type that the test compares.
    fn holds(self, left: Value<'_>, right: Value<'_>) -> Option<bool> {
        match self {
            Test::Text { how, any_case } => {
                let (left, right) = (left.text()?, right.text()?);
                if any_case {
                    Some(how.holds(&left.to_lowercase(), &right.to_lowercase()))
                } else {
                    Some(how.holds(left, right))
                }
            }
            Test::Bool => Some(left.bool()? == right.bool()?),
            Test::Guid => Some(left.guid()? == right.guid()?),
            Test::Number(order) => Some(order.holds(left.number()?.cmp(&right.number()?))),
            Test::Time(order) => Some(order.holds(left.time()?.cmp(&right.time()?))),
        }
    }
}

impl Text {
    fn holds(self, text: &str, value: &str) -> bool {
        match self {
            Text::Equals => text == value,
            Text::StartsWith => text.starts_with(value),
            Text::Like => is_like(text, value),
        }
    }
}

impl Order {
    fn named(name: &str) -> Option<(Order, bool)> {
        match name {
            "equals" => Some((Order::Equal, false)),
            "notequals" => Some((Order::Equal, true)),
            "lessthan" => Some((Order::Less, false)),
            "lessthanequals" => Some((Order::LessOrEqual, false)),
            "greaterthan" => Some((Order::Greater, false)),
            "greaterthanequals" => Some((Order::GreaterOrEqual, false)),
            _ => None,
        }
    }

    fn holds(self, order: Ordering) -> bool {
        match self {
            Order::Equal => order.is_eq(),
            Order::Less => order.is_lt(),
            Order::LessOrEqual => order.is_le(),
            Order::Greater => order.is_gt(),
            Order::GreaterOrEqual => order.is_ge(),
        }
    }
}

impl<'a> Value<'a> {
    fn text(self) -> Option<&'a str> {
        match self {
            Value::Literal(text) | Value::Text(text) => Some(text),
            Value::Guid(_) => None,
        }
    }

    /// A GUID with its dashes or, as some built-in roles have them, without.
    fn guid(self) -> Option<Guid> {
        match self {
            Value::Guid(guid) => Some(guid),
            Value::Literal(text)
                if text.len() == 32 && text.bytes().all(|digit| digit.is_ascii_hexdigit()) =>
            {
                u128::from_str_radix(text, 16).ok().map(Guid)
            }
            Value::Literal(text) => Guid::parse(text),
            Value::Text(_) => None,
        }
    }

    fn literal(self) -> Option<&'a str> {
        match self {
            Value::Literal(text) => Some(text),
            Value::Text(_) | Value::Guid(_) => None,
        }
    }

    fn bool(self) -> Option<bool> {
        self.literal()?.to_ascii_lowercase().parse().ok()
    }

    /// Azure compares whole numbers only.
    fn number(self) -> Option<i128> {
        self.literal()?.parse().ok()
    }

    /// `yyyy-mm-ddThh:mm:ss.mmmmmmmZ`.
    fn time(self) -> Option<jiff::Timestamp> {
        self.literal()?.parse().ok()
    }
}

fn strip<'t>(
    text: &'t str,
    strip: fn(&'t str, &'static str) -> Option<&'t str>,
    part: &'static str,
) -> (&'t str, bool) {
    strip(text, part).map_or((text, false), |rest| (rest, true))
}

/// Whether some value is true; unknown where that rests on unknown ones.
fn any(values: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut outcome = Some(false);
    for value in values {
        match value {
            Some(true) => return Some(true),
            Some(false) => {}
            None => outcome = None,
        }
    }
    outcome
}

/// Whether every value is true; unknown where that rests on unknown ones.
fn all(values: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    any(values.map(|value| value.map(|value| !value))).map(|value| !value)
}

/// `*` in a pattern is any run of characters and `?` any one, unless a backslash stands before it.
fn is_like(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let pattern = wildcards(pattern);
    let (mut in_text, mut in_pattern) = (0, 0);
    let mut retry = None;
    loop {
        match (pattern.get(in_pattern), text.get(in_text)) {
            (None, None) => return true,
            (Some(Wildcard::Run), _) => {
                in_pattern += 1;
                retry = Some((in_text, in_pattern));
            }
            (Some(Wildcard::One), Some(_)) => (in_text, in_pattern) = (in_text + 1, in_pattern + 1),
            (Some(Wildcard::Letter(wanted)), Some(letter)) if wanted == letter => {
                (in_text, in_pattern) = (in_text + 1, in_pattern + 1);
            }
            (_, None) => return false,
            (_, Some(_)) => {
                let Some((from, after_star)) = retry else { return false };
                retry = Some((from + 1, after_star));
                (in_text, in_pattern) = (from + 1, after_star);
            }
        }
    }
}

enum Wildcard {
    Run,
    One,
    Letter(char),
}

fn wildcards(pattern: &str) -> Vec<Wildcard> {
    let mut found = Vec::new();
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        found.push(match letter {
            '*' => Wildcard::Run,
            '?' => Wildcard::One,
            '\\' => Wildcard::Letter(letters.next_if(|next| matches!(next, '*' | '?')).unwrap_or('\\')),
            _ => Wildcard::Letter(letter),
        });
    }
    found
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
                    return Err(wrong(at, format!("`{}` cannot stand here", first.escape_debug())));
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
