//! What the evaluator runs: the policies with every name resolved and every type checked. Nothing in a plan can fail.

pub use super::pattern::{Glob, Matcher};
use crate::azure::Guid;
use crate::azure::scope::Level;
use crate::inventory::schema::{Attr, Noun};
use crate::inventory::{RoleKind, Wanted};
use crate::text::Span;

/// All rules and waivers of a run.
#[derive(Debug)]
pub struct Plan {
    /// In the order of the files and of the text.
    pub rules: Vec<Rule>,
    /// From the waiver files that the configuration names.
    pub waivers: Vec<Waiver>,
    /// The plain attributes that any expression reads.
    pub wanted: Wanted,
    /// Where `today` or `age()` is read first; `None` where no rule needs to know the date.
    pub today: Option<Span>,
}

/// What a rule does with what it selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// `deny`, and `require`: blocks a gate.
    Deny,
    /// `warn`
    Warn,
    /// `advise`
    Advise,
}

/// How grave a finding is, gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// `critical`
    Critical,
    /// `high`
    High,
    /// `medium`: also where a rule names none
    Medium,
    /// `low`
    Low,
    /// `info`
    Info,
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// `policy/rule`, unique in a run.
    pub id: String,
    /// Whether it has a name of its own (else the slug of its sentence).
    pub named: bool,
    /// What it does.
    pub effect: Effect,
    /// Whether it is written `require`.
    pub require: bool,
    /// How grave.
    pub severity: Severity,
    /// Why; empty where not written.
    pub because: String,
    /// What to do; empty where not written.
    pub fix: String,
    /// Control ids.
    pub controls: Vec<String>,
    /// The sentence in its canonical form, on one line.
    pub sentence: String,
    /// Where the sentence stands.
    pub span: Span,
    /// Where it reads `today` or `age()` first; `None` where it does not need to know the date.
    pub today: Option<Span>,
    /// What it says.
    pub statement: Statement,
}

/// The sentence of a rule.
#[derive(Debug)]
pub enum Statement {
    /// `deny SELECTOR [if COUNT]`
    Select(Selector, Option<Count>),
    /// `require some SELECTOR`
    RequireSome(Selector),
    /// `require every SELECTOR to satisfy EXPR`: the expression reads the selector's bindings
    RequireEvery(Selector, Expr),
    /// `deny path ...`
    Path(Box<Path>),
}

/// Which facts.
#[derive(Debug)]
pub enum Selector {
    /// Assignments, with whoever effectively holds them.
    Grant(Box<Grant>),
    /// Entities of one noun.
    Entity(Box<EntitySelector>),
}

/// Which assignments.
#[derive(Debug)]
pub struct Grant {
    /// Of which kind of role.
    pub kind: RoleKind,
    /// What narrows it.
    pub adjectives: Adjectives,
    /// Which roles.
    pub roles: RoleTest,
    /// Where; anywhere if `None`.
    pub scope: Option<ScopeClause>,
    /// Held by whom; by anyone if `None`.
    pub principals: Option<PrincipalTest>,
    /// What the holder holds besides.
    pub also: Option<Also>,
    /// `where` and `unless`, joined; reads the grant slots.
    pub filter: Option<Expr>,
    /// Where the selector stands.
    pub span: Span,
}

/// The adjectives of a grant; all of them must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Adjectives {
    /// Only active ones (`active`, `standing`).
    pub active: bool,
    /// Only eligible ones.
    pub eligible: bool,
    /// Active, not activated by PIM, without an end.
    pub standing: bool,
    /// Custom roles.
    pub custom: bool,
    /// Built-in roles.
    pub built_in: bool,
    /// Roles that grant access-management, or a block whose actions hold `*`.
    pub privileged: bool,
    /// Made to the holder itself.
    pub direct: bool,
    /// Held through a group.
    pub inherited: bool,
}

/// Which roles: in `set` (any role if `None`) and not in `except`.
#[derive(Debug, Default)]
pub struct RoleTest {
    /// Which are taken.
    pub set: Option<RoleSet>,
    /// Which are not.
    pub except: Vec<RoleName>,
}

/// How roles are named.
#[derive(Debug)]
pub enum RoleSet {
    /// Any of these.
    Names(Vec<RoleName>),
    /// By what they grant.
    Granting(Granting),
}

/// One way to name roles.
#[derive(Clone, Debug)]
pub struct RoleName {
    /// What it matches.
    pub what: RoleMatch,
    /// As it was written.
    pub written: String,
    /// Where it was written.
    pub span: Span,
}

/// What a role's name matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleMatch {
    /// The role of that GUID (of the catalogue, if a built-in role's name was written).
    Guid(Guid),
    /// The custom roles (directory or app roles) of that name.
    Name(Glob),
    /// Every role whose name is of that pattern, built-in roles included.
    Glob(Glob),
}

/// `granting [all|beyond] ...`
#[derive(Debug)]
pub struct Granting {
    /// At least one, every, or one besides.
    pub extent: Extent,
    /// Control-plane patterns; `None` where the control plane is not asked about.
    pub actions: Option<Vec<String>>,
    /// Data-plane patterns; `None` where the data plane is not asked about.
    pub data_actions: Option<Vec<String>>,
    /// As it was written.
    pub written: String,
}

/// How much of a set of operations a role must grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extent {
    /// At least one of them.
    Some,
    /// Every one of them.
    All,
    /// At least one that is not of them.
    Beyond,
}

/// How a scope clause relates an assignment's scope to the scopes it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preposition {
    /// Made exactly there (or above, where a scope says so).
    At,
    /// In force there or at anything in it: made above, at or inside.
    On,
    /// Made there or inside.
    Within,
}

/// `at|on|within SCOPES [except SCOPES]`
#[derive(Debug)]
pub struct ScopeClause {
    /// How.
    pub preposition: Preposition,
    /// Any of these.
    pub scopes: Vec<ScopeTest>,
    /// None of these.
    pub except: Vec<ScopeTest>,
    /// Where it stands.
    pub span: Span,
}

/// Which scopes.
#[derive(Debug)]
pub enum ScopeTest {
    /// A sub-selector of a level's noun.
    Sub(Box<EntitySelector>),
    /// By level, type and name.
    Level(LevelTest),
}

/// Scopes by level, type and name.
#[derive(Debug)]
pub struct LevelTest {
    /// The level.
    pub level: Level,
    /// Any of these resource types; any type if empty.
    pub types: Vec<Glob>,
    /// Any of these; any scope of the level if empty.
    pub names: Vec<NamePattern>,
    /// `in ...`
    pub qualifier: Option<Box<Qualifier>>,
    /// `or above`: an ancestor of such a scope too. Without names, types and qualifier: any higher level.
    pub or_above: bool,
    /// Where it stands.
    pub span: Span,
}

/// One way to name a scope, a principal or another entity.
#[derive(Clone, Debug)]
pub struct NamePattern {
    /// What it matches.
    pub what: NameMatch,
    /// As it was written.
    pub written: String,
    /// Where it was written.
    pub span: Span,
}

/// What a name pattern matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameMatch {
    /// An object id, subscription id, application id.
    Guid(Guid),
    /// A full id (it begins with `/`), perhaps with wildcards.
    Id(Glob),
    /// A name, perhaps with wildcards.
    Name(Glob),
}

/// `in NOUN names [in ...]`
#[derive(Clone, Debug)]
pub struct Qualifier {
    /// A level, or `group`.
    pub noun: Noun,
    /// Any of these.
    pub names: Vec<NamePattern>,
    /// The next one.
    pub next: Option<Box<Qualifier>>,
}

/// `for ... [except ...]`
#[derive(Debug)]
pub struct PrincipalTest {
    /// Any of these; anyone if empty.
    pub who: Vec<WhoTest>,
    /// None of these; a group frees whoever holds only through it.
    pub except: Vec<WhoTest>,
    /// Where it stands.
    pub span: Span,
}

/// Which principals.
#[derive(Debug)]
pub enum WhoTest {
    /// A sub-selector of a principal noun.
    Sub(Box<EntitySelector>),
    /// By kind and name.
    Kind {
        /// A noun of the principal table, or `application` (a service principal of that type).
        kind: Noun,
        /// Any of these; anyone of the kind if empty.
        names: Vec<NamePattern>,
        /// `in ...`
        qualifier: Option<Box<Qualifier>>,
        /// Where it stands.
        span: Span,
    },
}

/// `also holding ... [on same LEVEL | at|on|within ...]`
#[derive(Debug)]
pub struct Also {
    /// The other grant's kind.
    pub kind: RoleKind,
    /// The other grant's adjectives.
    pub adjectives: Adjectives,
    /// The other grant's roles.
    pub roles: RoleTest,
    /// `on same LEVEL`: both are in force at a common scope of that level.
    pub same: Option<Level>,
    /// A scope clause of its own.
    pub scope: Option<ScopeClause>,
}

/// Which entities.
#[derive(Debug)]
pub struct EntitySelector {
    /// Of which noun.
    pub noun: Noun,
    /// Any of these types; any if empty.
    pub types: Vec<Glob>,
    /// Any of these names; any if empty.
    pub names: Vec<NamePattern>,
    /// `in ...`
    pub qualifier: Option<Box<Qualifier>>,
    /// All of these; the preposition is `within`.
    pub within: Vec<ScopeClause>,
    /// `where` and `unless`, joined; reads [`Slot::ENTITY`].
    pub filter: Option<Expr>,
    /// Where it stands.
    pub span: Span,
}

/// `if more than N ...`
#[derive(Debug)]
pub struct Count {
    /// It fires when any bound holds.
    pub bounds: Vec<Bound>,
    /// What is counted; the selected noun (assignments for a grant) if `None`.
    pub unit: Option<Unit>,
    /// Kept per these; over everything if empty.
    pub per: Vec<GroupKey>,
    /// Where it stands.
    pub span: Span,
}

/// One bound of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// More than (else fewer than).
    pub more: bool,
    /// The number.
    pub number: u64,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Distinct holders.
    Principals,
    /// Distinct holders that are users.
    Users,
    /// Distinct holders that are guests.
    Guests,
    /// Distinct holders that are groups.
    Groups,
    /// Distinct holders that are managed identities.
    Identities,
    /// Distinct assignments.
    Assignments,
    /// Distinct scopes.
    Scopes,
}

/// What a count is kept per.
#[derive(Debug)]
pub enum GroupKey {
    /// Every entity of that noun: of a level, the one that encloses the fact; zero groups included.
    Noun(Noun),
    /// The value of an expression on the fact's slots; each group that occurs. Its text for reports.
    Value(Expr, String),
}

/// A place of the environment in which an expression is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot(pub u8);

impl Slot {
    /// The entity of an entity selector, and the assignment of a grant.
    pub const ENTITY: Slot = Slot(0);
    /// The assignment of a grant.
    pub const ASSIGNMENT: Slot = Slot(0);
    /// The role of a grant.
    pub const ROLE: Slot = Slot(1);
    /// The scope of a grant.
    pub const SCOPE: Slot = Slot(2);
    /// Who holds it.
    pub const PRINCIPAL: Slot = Slot(3);
    /// Whom it was made to.
    pub const ASSIGNEE: Slot = Slot(4);
    /// The chain of groups, the assignee first; empty for a direct holder.
    pub const VIA: Slot = Slot(5);
    /// The path of a path sentence.
    pub const PATH: Slot = Slot(0);
    /// Where it starts.
    pub const SOURCE: Slot = Slot(1);
    /// Where it ends: a principal, or a role at a scope.
    pub const TARGET: Slot = Slot(2);
    /// The first slot for the names that quantifiers and `count` bind; each nested one takes the next.
    pub const FIRST_BOUND: Slot = Slot(6);
}

/// A typed expression. Where an operand is absent: `==`, `in`, `contains`, `matches` are false.
#[derive(Debug)]
pub enum Expr {
    /// A constant.
    Constant(Constant),
    /// `today`, seconds since 1970-01-01 UTC.
    Today,
    /// What is bound there.
    Slot(Slot),
    /// An attribute of an entity.
    Attr(Box<Expr>, Attr),
    /// A part of a path, step or target.
    PathPart(Box<Expr>, PathPart),
    /// `map["key"]`, the key without letter case.
    Key(Box<Expr>, String),
    /// `[a, b]`, and the members of a set.
    List(Vec<Expr>),
    /// All of them.
    And(Vec<Expr>),
    /// Any of them.
    Or(Vec<Expr>),
    /// Not.
    Not(Box<Expr>),
    /// `some|every|no x in LIST satisfies BODY`
    Quantified(Quantifier, Slot, Box<Expr>, Box<Expr>),
    /// `count(LIST)`
    Count(Box<Expr>),
    /// `count(x in LIST where BODY)`
    CountWhere(Slot, Box<Expr>, Box<Expr>),
    /// `age(DATE)`: `today - DATE`
    Age(Box<Expr>),
    /// `a + b`
    Add(Box<Expr>, Box<Expr>),
    /// `a - b`
    Subtract(Box<Expr>, Box<Expr>),
    /// A comparison; `fold`: without letter case.
    Compare {
        /// Which.
        comparison: Comparison,
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
        /// Without letter case.
        fold: bool,
    },
    /// Whether the list holds the element; `fold`: without letter case.
    Contains {
        /// The list.
        list: Box<Expr>,
        /// The element.
        element: Box<Expr>,
        /// Without letter case.
        fold: bool,
    },
    /// Whether the whole text matches.
    Matches(Box<Expr>, Matcher),
    /// `is empty` (of a list or map)
    IsEmpty(Box<Expr>),
    /// `is known`: whether the capture says
    IsKnown(Box<Expr>),
    /// `is present`: not absent
    IsPresent(Box<Expr>),
    /// `is KIND`
    IsKind(Box<Expr>, Noun),
}

/// A constant value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constant {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
    /// Seconds since 1970-01-01 UTC.
    Date(i64),
    /// Seconds.
    Duration(i64),
}

/// How many elements must satisfy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// At least one.
    Some,
    /// All.
    Every,
    /// None.
    No,
}

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// `path from ... to ...`
#[derive(Debug)]
pub struct Path {
    /// Who starts.
    pub from: PrincipalTest,
    /// What is reached.
    pub to: PathTarget,
    /// Who lies between.
    pub through: Option<PrincipalTest>,
    /// Which steps are admitted, by their words; all if empty.
    pub by: Vec<&'static str>,
    /// How many steps at most.
    pub at_most: Option<u64>,
    /// `where` and `unless`, joined; reads the path slots.
    pub filter: Option<Expr>,
    /// Where the path stands.
    pub span: Span,
}

/// What an expression reads of a path, its steps and its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathPart {
    /// `path.length`
    Length,
    /// `path.steps`
    Steps,
    /// `step.kind`
    Kind,
    /// `step.from`
    From,
    /// `step.to`: absent where the step leads to a right at a scope
    To,
    /// `target.role`
    Role,
    /// `target.scope`
    Scope,
}

/// What a path leads to.
#[derive(Debug)]
pub enum PathTarget {
    /// A role at a scope.
    Grant(Box<Grant>),
    /// Somebody.
    Principals(PrincipalTest),
}

/// A waiver.
#[derive(Debug)]
pub struct Waiver {
    /// The full id of the rule.
    pub rule: String,
    /// Holders, or subjects that are principals.
    pub principals: Option<PrincipalTest>,
    /// Scopes.
    pub scope: Option<ScopeClause>,
    /// Subjects.
    pub entity: Option<EntitySelector>,
    /// Any of these fingerprints; any finding if empty.
    pub findings: Vec<String>,
    /// The last day on which it holds: the first second after it, since 1970-01-01 UTC.
    pub ends: i64,
    /// The day as written, `yyyy-mm-dd`.
    pub until: String,
    /// Why.
    pub because: String,
    /// Who asked.
    pub requested_by: Option<String>,
    /// Who approved.
    pub approved_by: String,
    /// Where it was discussed.
    pub ticket: Option<String>,
    /// Where it stands.
    pub span: Span,
}
