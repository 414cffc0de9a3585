//! The tree of a policy file: owned, spanned, unresolved (names are strings; `check` gives them meaning).
//!
//! Equality ignores where things stand ([`At`], [`Spanned`]) and the order of clauses, which the language leaves free.

use crate::text::{At, Spanned};

/// A name, with its place.
pub type Ident = Spanned<String>;
/// The value of a quoted string (escapes resolved), with the place of the whole literal.
pub type Text = Spanned<String>;

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($variant:ident $word:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $(#[doc = concat!("`", $word, "`")] $variant),* }
        impl $name {
            /// Every one, in the order of the language reference.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// As it is written.
            pub fn word(self) -> &'static str { match self { $($name::$variant => $word),* } }
            /// The one that is written so.
            pub fn from_word(word: &str) -> Option<$name> { match word { $($word => Some($name::$variant),)* _ => None } }
        }
    };
}

words! {
    /// What a rule does with what it selects.
    Effect { Deny "deny", Warn "warn", Advise "advise" }
}
words! {
    /// Every noun of the language.
    Noun {
        Root "root", ManagementGroup "management_group", Subscription "subscription", ResourceGroup "resource_group",
        Resource "resource",
        Principal "principal", ManagedIdentity "managed_identity", SystemAssigned "system_assigned",
        UserAssigned "user_assigned", User "user", Guest "guest", Group "group", ServicePrincipal "service_principal",
        Application "application", MissingPrincipal "missing_principal",
        Tenant "tenant", RoleAssignment "role_assignment", RoleDefinition "role_definition",
        FederatedCredential "federated_credential", Credential "credential", DenyAssignment "deny_assignment",
        PolicyAssignment "policy_assignment",
    }
}
words! {
    /// What kind of role a grant is about.
    GrantKind { Role "role", DirectoryRole "directory_role", AppRole "app_role" }
}
words! {
    /// What narrows a grant before its noun.
    Adjective {
        Any "any", Active "active", Eligible "eligible", Standing "standing", Custom "custom", BuiltIn "built_in",
        Privileged "privileged", Direct "direct", Inherited "inherited",
    }
}
words! {
    /// Where an assignment is made (`at`, `within`) or in force (`on`).
    Preposition { At "at", On "on", Within "within" }
}
words! {
    /// What a count counts.
    Unit {
        Principals "principals", Users "users", Guests "guests", Groups "groups", Identities "identities",
        Assignments "assignments", Scopes "scopes",
    }
}
words! {
    /// One step of a path.
    Step {
        Membership "membership", CodeExecution "code_execution", IdentityAttachment "identity_attachment",
        Federation "federation", RoleGrant "role_grant", RoleDefinition "role_definition", Ownership "ownership",
    }
}
words! {
    /// How grave a finding of a rule is.
    SeverityLevel { Critical "critical", High "high", Medium "medium", Low "low", Info "info" }
}
words! {
    /// How many elements of a list must satisfy an expression.
    Quantifier { Some "some", Every "every", No "no" }
}
words! {
    /// Comparison operators.
    Comparison { Equal "==", NotEqual "!=", Less "<", LessOrEqual "<=", Greater ">", GreaterOrEqual ">=" }
}
words! {
    /// What a test expects of a rule.
    Outcome { Deny "deny", Warn "warn", Advise "advise", Pass "pass", Unknown "unknown", Waived "waived" }
}

impl Noun {
    /// A level of the scope hierarchy (`root` to `resource`).
    pub fn is_level(self) -> bool {
        self <= Noun::Resource
    }
    /// A kind of principal.
    pub fn is_kind(self) -> bool {
        self >= Noun::Principal && self <= Noun::MissingPrincipal
    }
}

/// A comment: its text without the `#` and without trailing white space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// After the `#`, as written.
    pub text: String,
    /// From the `#` to the end of the line.
    pub at: At,
    /// Whether other text stands before it on its line.
    pub trailing: bool,
}

/// One file. Statements that did not parse are absent (their diagnostics are beside it).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// `policy NAME ...`
    pub header: Option<Header>,
    /// In the order of the text.
    pub items: Vec<Item>,
    /// Every comment of the file, in order.
    pub comments: Vec<Comment>,
    /// The whole file.
    pub at: At,
}

/// `policy NAME [edition N] [title "..."] [source "..."]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The policy's name.
    pub name: Ident,
    /// The language edition; 1 where not written.
    pub edition: Option<Spanned<u32>>,
    /// At most one.
    pub title: Option<Text>,
    /// At most one.
    pub source: Option<Text>,
    /// The whole header.
    pub at: At,
}

/// A top-level item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// `use "file.dictum"`
    Use(Use),
    /// `let NAME = patterns`
    Let(Let),
    /// `param NAME = literal [between a and b]`
    Param(Param),
    /// `rule NAME statement meta*`, or a bare statement
    Rule(Rule),
    /// `waive RULE ...`
    Waive(Waive),
    /// `test "..." given ... expect ...`
    Test(Test),
}

impl Item {
    /// The whole item.
    pub fn at(&self) -> At {
        match self {
            Item::Use(x) => x.at,
            Item::Let(x) => x.at,
            Item::Param(x) => x.at,
            Item::Rule(x) => x.at,
            Item::Waive(x) => x.at,
            Item::Test(x) => x.at,
        }
    }
}

/// `use "file.dictum"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Relative to the file it stands in.
    pub path: Text,
    /// The whole item.
    pub at: At,
}

/// `let NAME = patterns [,]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Let {
    /// The set's name.
    pub name: Ident,
    /// Its members.
    pub patterns: Vec<Pattern>,
    /// The whole item.
    pub at: At,
}

/// `param NAME = literal [between low and high]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// The parameter's name.
    pub name: Ident,
    /// Its value unless dictum.toml says otherwise.
    pub default: Spanned<Literal>,
    /// What dictum.toml may say.
    pub bounds: Option<(Spanned<Literal>, Spanned<Literal>)>,
    /// The whole item.
    pub at: At,
}

/// A literal value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `2026-11-23`, validated.
    Date {
        /// Year, four digits.
        year: i16,
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
    /// `90 days`
    Duration {
        /// How many.
        count: u64,
        /// Of what.
        unit: DurationUnit,
    },
    /// `3`
    Int(u64),
    /// `"text"`
    String(String),
}

words! {
    /// The unit of a duration, in its plural (the singular is accepted; the formatter writes `1 day`).
    DurationUnit { Hours "hours", Days "days", Weeks "weeks" }
}

impl DurationUnit {
    /// Its length in seconds.
    pub fn seconds(self) -> u64 {
        match self {
            DurationUnit::Hours => 3600,
            DurationUnit::Days => 86_400,
            DurationUnit::Weeks => 604_800,
        }
    }
}

/// A rule; without a name it is a bare statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// `None` for a bare statement.
    pub name: Option<Ident>,
    /// What it says.
    pub statement: Statement,
    /// At most one.
    pub severity: Option<Spanned<SeverityLevel>>,
    /// The strings of `because`, in order.
    pub because: Vec<Text>,
    /// The strings of `fix`, in order.
    pub fix: Vec<Text>,
    /// Control ids.
    pub controls: Vec<Text>,
    /// The whole rule.
    pub at: At,
}

/// The sentence of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there is one a rule, never an array of them")]
pub enum Statement {
    /// `deny|warn|advise SELECTOR [if COUNT]`
    Select {
        /// What it does.
        effect: Spanned<Effect>,
        /// What it selects.
        selector: Selector,
        /// When it fires.
        count: Option<Count>,
    },
    /// `deny|warn|advise path ...`
    Path {
        /// What it does.
        effect: Spanned<Effect>,
        /// Which paths.
        path: Path,
    },
    /// `require some SELECTOR`
    RequireSome(Selector),
    /// `require every SELECTOR to satisfy EXPR`
    RequireEvery(Selector, Expr),
}

/// `if more than N [or fewer than M] [UNIT] [per GROUP, ...]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// One or two bounds, as written; the count fires when any holds.
    pub bounds: Vec<Bound>,
    /// What is counted; the selected noun where not written.
    pub unit: Option<Spanned<Unit>>,
    /// What it is counted per; the whole inventory where empty.
    pub per: Vec<GroupKey>,
    /// The whole clause.
    pub at: At,
}

/// `more than N` or `fewer than N`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// `more` (true) or `fewer` (false).
    pub more: bool,
    /// The number, or the parameter that holds it.
    pub number: Number,
    /// The whole bound.
    pub at: At,
}

/// A number, or the name of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Number {
    /// Written out.
    Int(Spanned<u64>),
    /// A parameter.
    Name(Ident),
}

/// What a count is kept per.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupKey {
    /// `per subscription`
    Noun(Spanned<Noun>),
    /// `per federated_credential.identity`
    Access(Access),
}

/// Which facts a sentence is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// Role assignments.
    Grant(Box<Grant>),
    /// Anything else.
    Entity(Box<Entity>),
}

/// `[ADJECTIVE]* role ROLES [at|on|within SCOPES] [for PRINCIPALS] [also holding ...] [where ...]*`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Adjectives, noun and roles.
    pub head: GrantHead,
    /// At most one.
    pub scope: Option<ScopeClause>,
    /// At most one.
    pub principals: Option<Principals>,
    /// At most one.
    pub also: Option<Also>,
    /// In the order of the text; all must hold.
    pub filters: Vec<Filter>,
    /// The whole selector.
    pub at: At,
}

/// `[ADJECTIVE]* role [ROLES]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantHead {
    /// As written; the formatter keeps their order.
    pub adjectives: Vec<Spanned<Adjective>>,
    /// `role`, `directory_role` or `app_role`.
    pub kind: Spanned<GrantKind>,
    /// Which roles.
    pub roles: Option<Roles>,
    /// From the first adjective to the last role.
    pub at: At,
}

/// Which roles: `( patterns | granting ) [ "except" patterns ] | "except" patterns`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles {
    /// What is taken; `None` where only `except` is written.
    pub set: Option<RoleSet>,
    /// Roles that are not.
    pub except: Vec<Pattern>,
}

/// How roles are named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleSet {
    /// By name, glob, GUID or set.
    Patterns(Vec<Pattern>),
    /// By what they grant.
    Granting(Granting),
}

/// `granting [all|beyond] [data] patterns`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granting {
    /// How much of it.
    pub extent: Spanned<Extent>,
    /// Data actions instead of actions.
    pub data: bool,
    /// Actions (strings), capability sets or `let` sets (names).
    pub patterns: Vec<Pattern>,
}

words! {
    /// How much of a set of operations a role must grant.
    Extent { Any "any", All "all", Beyond "beyond" }
}

/// `at|on|within SCOPES [except SCOPES]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeClause {
    /// Made at, in force on, made within.
    pub preposition: Spanned<Preposition>,
    /// Any of these.
    pub scopes: Vec<Scope>,
    /// None of these.
    pub except: Vec<Scope>,
    /// The whole clause.
    pub at: At,
}

/// One scope: `LEVEL [of type ...] [patterns] [in ...] [or above]`, or a sub-selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// `(resource where ...)`
    Sub(Box<Entity>),
    /// By level and name.
    Level {
        /// One of the five levels.
        level: Spanned<Noun>,
        /// `of type "Microsoft.KeyVault/vaults"`
        of_type: Vec<Pattern>,
        /// Names, globs, ids, sets.
        names: Vec<Pattern>,
        /// `in ...`
        qualifier: Option<Box<Qualifier>>,
        /// `or above`, with its place.
        or_above: Option<At>,
        /// The whole scope.
        at: At,
    },
}

/// `in NOUN patterns [in ...]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qualifier {
    /// A level or a kind of principal (`in group "g"`).
    pub noun: Spanned<Noun>,
    /// Any of these.
    pub names: Vec<Pattern>,
    /// The next qualifier.
    pub next: Option<Box<Qualifier>>,
}

/// `for ( anyone | WHO, ... ) [except WHO, ...]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principals {
    /// Empty for `anyone`.
    pub who: Vec<Who>,
    /// None of these.
    pub except: Vec<Who>,
    /// The whole clause, without `for`.
    pub at: At,
}

/// `KIND [patterns] [in ...]`, or a sub-selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// `(user where not user.enabled)`
    Sub(Box<Entity>),
    /// By kind and name.
    Kind {
        /// A kind of principal.
        kind: Spanned<Noun>,
        /// Names, globs, object ids, resource ids, sets.
        names: Vec<Pattern>,
        /// `in ...`
        qualifier: Option<Box<Qualifier>>,
        /// The whole of it.
        at: At,
    },
}

/// `also holding GRANTHEAD [on same LEVEL | at ...]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Also {
    /// The other grant.
    pub head: GrantHead,
    /// Where it is.
    pub place: Option<AlsoPlace>,
    /// The whole clause.
    pub at: At,
}

/// Where the other grant of `also holding` is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlsoPlace {
    /// `on same LEVEL`
    Same(Spanned<Noun>),
    /// A scope clause of its own.
    Scope(ScopeClause),
}

/// `where EXPR` or `unless EXPR`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// `unless`.
    pub unless: bool,
    /// What must (not) hold.
    pub expr: Expr,
}

/// `NOUN [of type ...] [patterns] [in ...] { within SCOPES | where EXPR }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Any noun.
    pub noun: Spanned<Noun>,
    /// `of type ...`
    pub of_type: Vec<Pattern>,
    /// Names, globs, ids, sets.
    pub names: Vec<Pattern>,
    /// `in ...`
    pub qualifier: Option<Box<Qualifier>>,
    /// `within` clauses, in order; all must hold. The preposition is always `within`.
    pub within: Vec<ScopeClause>,
    /// In order; all must hold.
    pub filters: Vec<Filter>,
    /// The whole selector.
    pub at: At,
}

/// `path from P to T [through P] [by STEP, ...] [in at most N steps] [where ...]*`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Who starts.
    pub from: Principals,
    /// What is reached.
    pub to: PathTarget,
    /// Who must lie between.
    pub through: Option<Principals>,
    /// Which steps are admitted; all where empty.
    pub by: Vec<Spanned<Step>>,
    /// How many steps at most.
    pub at_most: Option<Spanned<u64>>,
    /// In order; all must hold.
    pub filters: Vec<Filter>,
    /// The whole path.
    pub at: At,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathTarget {
    /// A role at a scope.
    Grant(GrantHead, Option<ScopeClause>),
    /// Somebody.
    Principals(Principals),
}

/// `waive RULE ...`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waive {
    /// `policy/rule`, or `rule` of the same policy.
    pub rule: RuleRef,
    /// `for ...`, at most one.
    pub principals: Option<Principals>,
    /// `at|on|within ...`, at most one.
    pub scope: Option<ScopeClause>,
    /// `of ENTITY`, at most one.
    pub entity: Option<Box<Entity>>,
    /// `finding "..."`, any number: any of them.
    pub findings: Vec<Text>,
    /// The last day (UTC) on which it holds.
    pub until: Spanned<Literal>,
    /// Why; joined by a space.
    pub because: Vec<Text>,
    /// Who asked, if not who approved.
    pub requested_by: Option<Text>,
    /// Who approved.
    pub approved_by: Text,
    /// Where it was discussed.
    pub ticket: Option<Text>,
    /// The whole item.
    pub at: At,
}

/// `rule` or `policy/rule`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRef {
    /// The policy; the file's own where `None`.
    pub policy: Option<Ident>,
    /// The rule.
    pub rule: Ident,
}

/// `test "..." [as of DATE] given FACT+ EXPECTATION+`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// What it shows.
    pub title: Text,
    /// What `today` is.
    pub as_of: Option<Spanned<Literal>>,
    /// The word `given`.
    pub given: At,
    /// At least one.
    pub facts: Vec<Fact>,
    /// At least one.
    pub expectations: Vec<Expectation>,
    /// The whole item.
    pub at: At,
}

/// What a test states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// `[adj] role PATTERN [at ...] for ... [with {...}]`
    Grant {
        /// At most one.
        adjective: Option<Spanned<Adjective>>,
        /// The kind of role.
        kind: Spanned<GrantKind>,
        /// Which role.
        role: Pattern,
        /// Where it is made.
        scope: Option<ScopeClause>,
        /// Whom it is made to.
        principals: Principals,
        /// Attributes of the assignment.
        with: Vec<Assign>,
        /// The whole fact.
        at: At,
    },
    /// `NOUN "name" { (in | of | attached to) NOUN "name" } [with {...}]`
    Entity {
        /// What it is.
        noun: Spanned<Noun>,
        /// Its name.
        name: Text,
        /// Where it belongs.
        links: Vec<Link>,
        /// Its attributes.
        with: Vec<Assign>,
        /// The whole fact.
        at: At,
    },
    /// `uncaptured ( [adj] role | NOUN [.ATTR] ) [at ...]`
    Uncaptured {
        /// What was not captured.
        what: Uncaptured,
        /// Where.
        scope: Option<ScopeClause>,
        /// The whole fact.
        at: At,
    },
}

/// What a test states as not captured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Uncaptured {
    /// `uncaptured eligible role`
    Grant(Option<Spanned<Adjective>>, Spanned<GrantKind>),
    /// `uncaptured user` or `uncaptured group.members`
    Noun(Spanned<Noun>, Option<Ident>),
}

/// `in NOUN "name"`, `of NOUN "name"` or `attached to NOUN "name"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// How.
    pub relation: Spanned<Relation>,
    /// What the other is.
    pub noun: Spanned<Noun>,
    /// Its name.
    pub name: Text,
}

words! {
    /// How a stated fact belongs to another.
    Relation { In "in", Of "of", AttachedTo "attached to" }
}

/// `attr.path = value`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assign {
    /// `tags["environment"]`
    pub path: Access,
    /// The value.
    pub value: Spanned<FactValue>,
}

/// A stated value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactValue {
    /// A literal.
    Literal(Literal),
    /// `true` or `false`
    Bool(bool),
    /// `unknown`
    Unknown,
    /// `[a, b]`
    List(Vec<Spanned<Literal>>),
}

/// `expect RULE to OUTCOME [NOUN "name"]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// Which rule.
    pub rule: RuleRef,
    /// What it comes to.
    pub outcome: Spanned<Outcome>,
    /// For whom; for the rule as a whole where `None`.
    pub subject: Option<(Spanned<Noun>, Text)>,
    /// The whole expectation.
    pub at: At,
}

/// A pattern: what a name may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// `"quoted"`: a glob in a pattern position.
    String(Text),
    /// A GUID, in lower case.
    Guid(Ident),
    /// A Capitalised word: a literal name.
    Proper(Ident),
    /// A lower-case word: a set, parameter or capability set.
    Name(Ident),
}

impl Pattern {
    /// Where it stands.
    pub fn span(&self) -> crate::text::Span {
        match self {
            Pattern::String(t) | Pattern::Guid(t) | Pattern::Proper(t) | Pattern::Name(t) => t.span,
        }
    }
    /// Its text, as [`Pattern`] holds it.
    pub fn text(&self) -> &str {
        match self {
            Pattern::String(t) | Pattern::Guid(t) | Pattern::Proper(t) | Pattern::Name(t) => &t.node,
        }
    }
}

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The whole of it.
    pub at: At,
}

/// What an expression is. Parentheses are nodes only where the author wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExprKind {
    /// `a or b or ...`, two at least
    Or(Vec<Expr>),
    /// `a and b and ...`, two at least
    And(Vec<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// `some x in LIST satisfies E`
    Quantified {
        /// How many.
        quantifier: Spanned<Quantifier>,
        /// The bound name.
        variable: Ident,
        /// What it ranges over.
        list: Box<Expr>,
        /// What must hold.
        body: Box<Expr>,
    },
    /// `a == b`
    Compare(Spanned<Comparison>, Box<Expr>, Box<Expr>),
    /// `a [not] in b`
    In {
        /// `not in`.
        negated: bool,
        /// The element.
        element: Box<Expr>,
        /// The list or set.
        list: Box<Expr>,
    },
    /// `a contains b`
    Contains(Box<Expr>, Box<Expr>),
    /// `a matches "glob" | /regex/ | set`
    Matches(Box<Expr>, MatchPattern),
    /// `a is [not] empty|known|present|KIND`
    Is {
        /// What is asked about.
        subject: Box<Expr>,
        /// `is not`.
        negated: bool,
        /// What it is.
        what: Spanned<IsWhat>,
    },
    /// `a + b` or `a - b`
    Sum {
        /// `-` instead of `+`.
        minus: bool,
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
    },
    /// `( a )`
    Paren(Box<Expr>),
    /// A literal.
    Literal(Literal),
    /// `true` or `false`
    Bool(bool),
    /// `today`
    Today,
    /// `[a, b]`
    List(Vec<Expr>),
    /// `count(LIST)`
    CountList(Box<Expr>),
    /// `count(x in LIST where E)`
    CountWhere {
        /// The bound name.
        variable: Ident,
        /// What it ranges over.
        list: Box<Expr>,
        /// What must hold.
        body: Box<Expr>,
    },
    /// `age(DATE)`
    Age(Box<Expr>),
    /// `assignment.created_by.name`, or a bare name (a binding, parameter or set): no steps then
    Access(Access),
}

/// What `matches` compares with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MatchPattern {
    /// A glob.
    Glob(Text),
    /// A /regex/, without its slashes; `\/` inside stands for `/`.
    Regex(Text),
    /// A set of globs.
    Name(Ident),
}

/// What `is` asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsWhat {
    /// `empty`
    Empty,
    /// `known`
    Known,
    /// `present`
    Present,
    /// A kind of principal.
    Kind(Noun),
}

/// `root.attr["key"].attr`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The binding, noun, parameter, set or (in `with`) attribute that it starts from.
    pub root: Ident,
    /// What is read of it, in order.
    pub steps: Vec<AccessStep>,
}

impl Access {
    /// The whole of it.
    pub fn span(&self) -> crate::text::Span {
        match self.steps.last() {
            Some(AccessStep::Attr(i) | AccessStep::Key(i)) => self.root.span.to(i.span),
            None => self.root.span,
        }
    }
}

/// One step of an access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessStep {
    /// `.name`
    Attr(Ident),
    /// `["key"]`
    Key(Text),
}
