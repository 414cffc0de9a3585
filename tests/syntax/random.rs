//! Trees that nobody wrote: formatted and read again they are the same.

use dictum::syntax::ast::*;
use dictum::syntax::{format, parse};
use dictum::text::{At, Sources, Span, Spanned};

/// A small generator of numbers; the same every time.
struct Dice(u64);

fn s<T>(node: T) -> Spanned<T> {
    Spanned::new(node, Span::default())
}

fn at() -> At {
    At(Span::default())
}

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides
    }

    fn one<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.roll(list.len())]
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.roll(3) == 0).then(|| make(self))
    }

    fn some<T>(&mut self, least: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..least + self.roll(3)).map(|_| make(self)).collect()
    }

    fn string(&mut self) -> Text {
        let letters =
            ['a', 'Z', '0', ' ', '*', '"', '\\', '\n', '\t', '\u{1}', '#', '/', 'é', '\u{202e}', '👤', '{'];
        s((0..self.roll(25)).map(|_| self.one(&letters)).collect())
    }

    fn name(&mut self) -> Ident {
        s(self.one(&["keys", "prod-subs", "x", "a1", "at-sea", "rules", "today2", "in-b-c"]).to_owned())
    }

    fn rule_name(&mut self) -> Ident {
        s(self.one(&["r", "2-owners", "s01-One", "federation", "no", "at-most"]).to_owned())
    }

    fn literal(&mut self) -> Spanned<Literal> {
        s(match self.roll(4) {
            0 => Literal::Date { year: 2024, month: 2, day: 1 + self.roll(29) as i8 },
            1 => Literal::Duration { count: self.roll(3) as u64, unit: self.one(DurationUnit::ALL) },
            2 => Literal::Int(self.roll(1_000_000) as u64),
            _ => Literal::String(self.string().node),
        })
    }

    fn date(&mut self) -> Spanned<Literal> {
        s(Literal::Date { year: 2027, month: 1 + self.roll(12) as i8, day: 1 + self.roll(28) as i8 })
    }

    fn pattern(&mut self) -> Pattern {
        match self.roll(4) {
            0 => Pattern::String(self.string()),
            1 => Pattern::Guid(s("8e3af657-a8ff-443c-a75c-2fe8c4bcb635".to_owned())),
            2 => Pattern::Proper(s(self.one(&["Owner", "Contributor", "A"]).to_owned())),
            _ => Pattern::Name(self.name()),
        }
    }

    fn patterns(&mut self, least: usize) -> Vec<Pattern> {
        self.some(least, Self::pattern)
    }

    fn noun(&mut self, fits: fn(Noun) -> bool) -> Spanned<Noun> {
        let nouns: Vec<_> = Noun::ALL.iter().copied().filter(|n| fits(*n)).collect();
        s(self.one(&nouns))
    }

    fn qualifier(&mut self) -> Option<Box<Qualifier>> {
        let noun = self.noun(|n| n.is_level() || n.is_kind());
        self.maybe(|d| Box::new(Qualifier { noun, names: d.patterns(1), next: d.qualifier() }))
    }

    fn of_type(&mut self) -> Vec<Pattern> {
        self.maybe(|d| d.patterns(1)).unwrap_or_default()
    }

    fn names(&mut self) -> Vec<Pattern> {
        self.maybe(|d| d.patterns(1)).unwrap_or_default()
    }

    fn scope(&mut self, preposition: Preposition, deep: usize) -> Scope {
        if deep > 0 && self.roll(6) == 0 {
            return Scope::Sub(Box::new(self.entity(deep - 1)));
        }
        let above = preposition == Preposition::At && self.roll(3) == 0;
        Scope::Level {
            level: self.noun(Noun::is_level),
            of_type: self.of_type(),
            names: self.names(),
            qualifier: self.qualifier(),
            or_above: above.then(at),
            at: at(),
        }
    }

    fn scope_clause(&mut self, prepositions: &[Preposition], deep: usize) -> ScopeClause {
        let preposition = self.one(prepositions);
        ScopeClause {
            preposition: s(preposition),
            scopes: self.some(1, |d| d.scope(preposition, deep)),
            except: self.maybe(|d| d.some(1, |d| d.scope(preposition, deep))).unwrap_or_default(),
            at: at(),
        }
    }

    fn who(&mut self, deep: usize) -> Who {
        if deep > 0 && self.roll(6) == 0 {
            return Who::Sub(Box::new(self.entity(deep - 1)));
        }
        Who::Kind {
            kind: self.noun(Noun::is_kind),
            names: self.names(),
            qualifier: self.qualifier(),
            at: at(),
        }
    }

    fn principals(&mut self, deep: usize) -> Principals {
        Principals {
            who: self.some(0, |d| d.who(deep)),
            except: self.maybe(|d| d.some(1, |d| d.who(deep))).unwrap_or_default(),
            at: at(),
        }
    }

    fn head(&mut self) -> GrantHead {
        let roles = Some(()).filter(|()| self.roll(4) > 0).map(|()| {
            let set = match self.roll(3) {
                0 => None,
                1 => Some(RoleSet::Patterns(self.patterns(1))),
                _ => Some(RoleSet::Granting(Granting {
                    extent: s(self.one(Extent::ALL)),
                    data: self.roll(2) == 0,
                    patterns: self.patterns(1),
                })),
            };
            let least = usize::from(set.is_none());
            Roles { set, except: if least == 1 || self.roll(3) == 0 { self.patterns(1) } else { vec![] } }
        });
        let least = usize::from(roles.is_none());
        GrantHead {
            adjectives: self.some(least, |d| s(d.one(Adjective::ALL))),
            kind: s(self.one(GrantKind::ALL)),
            roles,
            at: at(),
        }
    }

    fn filters(&mut self, deep: usize) -> Vec<Filter> {
        self.some(0, |d| Filter { unless: d.roll(2) == 0, expr: d.expr(deep) })
    }

    fn entity(&mut self, deep: usize) -> Entity {
        Entity {
            noun: self.noun(|_| true),
            of_type: self.of_type(),
            names: self.names(),
            qualifier: self.qualifier(),
            within: self.maybe(|d| vec![d.scope_clause(&[Preposition::Within], deep)]).unwrap_or_default(),
            filters: self.filters(deep),
            at: at(),
        }
    }

    fn selector(&mut self) -> Selector {
        if self.roll(2) == 0 {
            return Selector::Entity(Box::new(self.entity(2)));
        }
        let also = self.maybe(|d| {
            let place = match d.roll(3) {
                0 => Some(AlsoPlace::Same(d.noun(Noun::is_level))),
                1 => Some(AlsoPlace::Scope(d.scope_clause(Preposition::ALL, 1))),
                _ => None,
            };
            Also { head: d.head(), place, at: at() }
        });
        Selector::Grant(Box::new(Grant {
            head: self.head(),
            scope: self.maybe(|d| d.scope_clause(Preposition::ALL, 2)),
            principals: self.maybe(|d| d.principals(2)),
            also,
            filters: self.filters(2),
            at: at(),
        }))
    }

    fn access(&mut self) -> Access {
        let root = self.one(&[
            "user",
            "role",
            "path",
            "source",
            "assignment",
            "x",
            "stale-after",
            "system_assigned",
        ]);
        Access {
            root: s(root.to_owned()),
            steps: self.some(0, |d| match d.roll(4) {
                0 => AccessStep::Key(d.string()),
                _ => AccessStep::Attr(s(d.one(&["type", "created", "user", "a_b", "in"]).to_owned())),
            }),
        }
    }

    fn bare(kind: ExprKind) -> Expr {
        Expr { kind, at: at() }
    }

    fn atom(&mut self, deep: usize) -> Expr {
        Self::bare(match self.roll(if deep == 0 { 4 } else { 9 }) {
            0 => ExprKind::Literal(self.literal().node),
            1 => ExprKind::Bool(self.roll(2) == 0),
            2 => ExprKind::Today,
            3 => ExprKind::Access(self.access()),
            4 => ExprKind::Paren(Box::new(self.expr(deep - 1))),
            5 => ExprKind::List(self.some(1, |d| d.sum(deep - 1))),
            6 => ExprKind::CountList(Box::new(self.expr(deep - 1))),
            7 => ExprKind::CountWhere {
                variable: self.name(),
                list: Box::new(self.sum(deep - 1)),
                body: Box::new(self.expr(deep - 1)),
            },
            _ => ExprKind::Age(Box::new(self.expr(deep - 1))),
        })
    }

    fn sum(&mut self, deep: usize) -> Expr {
        let mut left = self.atom(deep);
        while self.roll(5) == 0 {
            let right = Box::new(self.atom(deep));
            left = Self::bare(ExprKind::Sum { minus: self.roll(2) == 0, left: Box::new(left), right });
        }
        left
    }

    fn compared(&mut self, deep: usize) -> Expr {
        let left = Box::new(self.sum(deep));
        Self::bare(match self.roll(6) {
            0 => ExprKind::Compare(s(self.one(Comparison::ALL)), left, Box::new(self.sum(deep))),
            1 => ExprKind::In { negated: self.roll(2) == 0, element: left, list: Box::new(self.sum(deep)) },
            2 => ExprKind::Contains(left, Box::new(self.sum(deep))),
            3 => ExprKind::Matches(
                left,
                match self.roll(3) {
                    0 => MatchPattern::Glob(self.string()),
                    1 => MatchPattern::Regex(s(self
                        .one(&["^a/b$", "\\d+\"#", "", "a\\\\/b", "[/]"])
                        .to_owned())),
                    _ => MatchPattern::Name(self.name()),
                },
            ),
            4 => ExprKind::Is {
                negated: self.roll(2) == 0,
                what: s(match self.roll(4) {
                    0 => IsWhat::Empty,
                    1 => IsWhat::Known,
                    2 => IsWhat::Present,
                    _ => IsWhat::Kind(self.noun(Noun::is_kind).node),
                }),
                subject: left,
            },
            _ => return *left,
        })
    }

    fn single(&mut self, deep: usize) -> Expr {
        if deep == 0 {
            return self.compared(0);
        }
        match self.roll(5) {
            0 => Self::bare(ExprKind::Not(Box::new(self.single(deep - 1)))),
            1 => Self::bare(ExprKind::Quantified {
                quantifier: s(self.one(Quantifier::ALL)),
                variable: self.name(),
                list: Box::new(self.sum(deep - 1)),
                body: Box::new(self.single(deep - 1)),
            }),
            _ => self.compared(deep),
        }
    }

    fn expr(&mut self, deep: usize) -> Expr {
        match self.roll(4) {
            0 => Self::bare(ExprKind::Or(self.some(2, |d| d.single(deep)))),
            1 => Self::bare(ExprKind::And(self.some(2, |d| d.single(deep)))),
            _ => self.single(deep),
        }
    }

    fn count(&mut self) -> Count {
        let bounds = (0..1 + self.roll(2)).map(|_| Bound {
            more: self.roll(2) == 0,
            number: match self.roll(2) {
                0 => Number::Int(s(self.roll(5000) as u64)),
                _ => Number::Name(self.name()),
            },
            at: at(),
        });
        Count {
            bounds: bounds.collect(),
            unit: self.maybe(|d| s(d.one(Unit::ALL))),
            per: self.some(0, |d| match d.roll(2) {
                0 => GroupKey::Noun(d.noun(|_| true)),
                _ => GroupKey::Access(Access {
                    steps: vec![AccessStep::Attr(s("name".to_owned()))],
                    ..d.access()
                }),
            }),
            at: at(),
        }
    }

    fn statement(&mut self) -> Statement {
        match self.roll(5) {
            0 => Statement::RequireSome(self.selector()),
            1 => Statement::RequireEvery(self.selector(), self.expr(3)),
            2 => {
                let to = match self.roll(2) {
                    0 => PathTarget::Grant(self.head(), self.maybe(|d| d.scope_clause(Preposition::ALL, 1))),
                    _ => PathTarget::Principals(self.principals(1)),
                };
                let path = Path {
                    from: self.principals(2),
                    to,
                    through: self.maybe(|d| d.principals(1)),
                    by: self.some(0, |d| s(d.one(Step::ALL))),
                    at_most: self.maybe(|d| s(d.roll(4) as u64)),
                    filters: self.filters(2),
                    at: at(),
                };
                Statement::Path { effect: s(self.one(Effect::ALL)), path }
            }
            _ => Statement::Select {
                effect: s(self.one(Effect::ALL)),
                selector: self.selector(),
                count: self.maybe(Self::count),
            },
        }
    }

    fn reference(&mut self) -> RuleRef {
        RuleRef { policy: self.maybe(Self::rule_name), rule: self.rule_name() }
    }

    fn with(&mut self) -> Vec<Assign> {
        self.some(0, |d| Assign {
            path: Access {
                root: s(d.one(&["type", "enabled", "tags", "deny", "test"]).to_owned()),
                ..d.access()
            },
            value: s(match d.roll(4) {
                0 => FactValue::Literal(d.literal().node),
                1 => FactValue::Bool(true),
                2 => FactValue::Unknown,
                _ => FactValue::List(d.some(0, Self::literal)),
            }),
        })
    }

    fn fact(&mut self) -> Fact {
        match self.roll(3) {
            0 => Fact::Grant {
                adjective: self.maybe(|d| s(d.one(Adjective::ALL))),
                kind: s(self.one(GrantKind::ALL)),
                role: self.pattern(),
                scope: self.maybe(|d| d.scope_clause(Preposition::ALL, 0)),
                principals: self.principals(0),
                with: self.with(),
                at: at(),
            },
            1 => Fact::Entity {
                noun: self.noun(|_| true),
                name: self.string(),
                links: self.some(0, |d| Link {
                    relation: s(d.one(Relation::ALL)),
                    noun: d.noun(|_| true),
                    name: d.string(),
                }),
                with: self.with(),
                at: at(),
            },
            _ => {
                let what = match self.roll(2) {
                    0 => Uncaptured::Grant(
                        self.maybe(|d| s(d.one(Adjective::ALL))),
                        s(self.one(GrantKind::ALL)),
                    ),
                    _ => Uncaptured::Noun(self.noun(|_| true), self.maybe(|_| s("members".to_owned()))),
                };
                Fact::Uncaptured {
                    what,
                    scope: self.maybe(|d| d.scope_clause(Preposition::ALL, 0)),
                    at: at(),
                }
            }
        }
    }

    fn item(&mut self) -> Item {
        match self.roll(8) {
            0 => Item::Use(Use { path: self.string(), at: at() }),
            1 => Item::Let(Let { name: self.name(), patterns: self.patterns(1), at: at() }),
            2 => {
                let bounds = self.maybe(|d| (d.literal(), d.literal()));
                Item::Param(Param { name: self.name(), default: self.literal(), bounds, at: at() })
            }
            3 => Item::Waive(Waive {
                rule: self.reference(),
                principals: self.maybe(|d| d.principals(2)),
                scope: self.maybe(|d| d.scope_clause(Preposition::ALL, 2)),
                entity: self.maybe(|d| Box::new(d.entity(2))),
                findings: self.some(1, Self::string),
                until: self.date(),
                because: self.some(1, Self::string),
                requested_by: self.maybe(Self::string),
                approved_by: self.string(),
                ticket: self.maybe(Self::string),
                at: at(),
            }),
            4 => Item::Test(Test {
                title: self.string(),
                as_of: self.maybe(Self::date),
                given: at(),
                facts: self.some(1, Self::fact),
                expectations: self.some(1, |d| Expectation {
                    rule: d.reference(),
                    outcome: s(d.one(Outcome::ALL)),
                    subject: d.maybe(|d| (d.noun(|_| true), d.string())),
                    at: at(),
                }),
                at: at(),
            }),
            _ => Item::Rule(Rule {
                name: self.maybe(Self::rule_name),
                statement: self.statement(),
                severity: self.maybe(|d| s(d.one(SeverityLevel::ALL))),
                because: self.some(0, Self::string),
                fix: self.some(0, Self::string),
                controls: self.some(0, Self::string),
                at: at(),
            }),
        }
    }

    fn file(&mut self) -> File {
        let header = self.maybe(|d| Header {
            name: d.rule_name(),
            edition: d.maybe(|_| s(1)),
            title: d.maybe(Self::string),
            source: d.maybe(Self::string),
            at: at(),
        });
        File { header, items: self.some(1, Self::item), comments: vec![], at: at() }
    }
}

#[test]
fn random_trees_survive_formatting_and_reading() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut items = 0;
    for _ in 0..600 {
        let file = dice.file();
        items += file.items.len();
        let mut sources = Sources::new();
        let nothing = sources.add("tree", "");
        let text = format(&file, sources.get(nothing));
        let index = sources.add("text", text.as_str());
        let parsed = parse(&sources, index);
        let said = dictum::diagnostic::render::render(&parsed.diagnostics, &sources, false);
        assert!(said.is_empty(), "{said}\n{text}");
        assert_eq!(parsed.file, file, "{text}");
        assert_eq!(format(&parsed.file, sources.get(index)), text);
    }
    println!("{items} statements");
}
