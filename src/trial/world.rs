//! The names that a test states, and what they are called elsewhere in it.

use crate::azure::Guid;
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, code};
use crate::inventory::{PrincipalId, ScopeId};
use crate::syntax::ast::{self, Assign, Fact, Noun, Pattern, Qualifier, Relation, Test};
use crate::text::Span;

/// One thing that a test states.
pub(super) struct Thing<'t> {
    /// What it is.
    pub(super) noun: Noun,
    /// Its name.
    pub(super) name: &'t str,
    /// Where its name stands.
    pub(super) span: Span,
    /// Its number among the facts.
    pub(super) fact: usize,
    /// What it is in, of or attached to.
    pub(super) links: Vec<(Relation, usize)>,
    /// Its attributes.
    pub(super) with: &'t [Assign],
    /// The scope that it is, or of a managed identity stands for.
    pub(super) scope: Option<ScopeId>,
    /// The principal that it is.
    pub(super) principal: Option<PrincipalId>,
    /// The row of its own table.
    pub(super) row: Option<u32>,
    /// Whether something that it is in, of or attached to could not be found, or itself can't be so: that was told.
    pub(super) spoiled: bool,
}

impl Thing<'_> {
    /// The first thing that it is related to in that way and that `wanted` admits.
    pub(super) fn link(&self, relation: Relation, wanted: impl Fn(usize) -> bool) -> Option<usize> {
        self.links.iter().find(|&&(r, other)| r == relation && wanted(other)).map(|&(_, other)| other)
    }
}

/// All things that a test states.
#[derive(Default)]
pub(super) struct World<'t> {
    pub(super) things: Vec<Thing<'t>>,
}

/// Whether what is stated as one noun may be named by another: a guest is a user.
pub(super) fn is_called(stated: Noun, called: Noun) -> bool {
    let identity = matches!(stated, Noun::SystemAssigned | Noun::UserAssigned | Noun::ManagedIdentity);
    stated == called
        || match called {
            Noun::Principal => stated.is_kind(),
            Noun::ManagedIdentity => identity,
            Noun::ServicePrincipal => identity || stated == Noun::Application,
            Noun::User => stated == Noun::Guest,
            Noun::Guest => stated == Noun::User,
            Noun::Application => stated == Noun::ServicePrincipal,
            Noun::Resource => stated == Noun::UserAssigned,
            _ => false,
        }
}

impl<'t> World<'t> {
    /// Reads the entity facts of a test, and resolves what they are in, of and attached to.
    pub(super) fn new(test: &'t Test, problems: &mut Vec<Diagnostic>) -> Self {
        let mut world = World::default();
        for (fact, entry) in test.facts.iter().enumerate() {
            let Fact::Entity { noun, name, with, .. } = entry else { continue };
            world.things.push(Thing {
                noun: noun.node,
                name: &name.node,
                span: name.span,
                fact,
                links: vec![],
                with,
                scope: None,
                principal: None,
                row: None,
                spoiled: false,
            });
        }
        for thing in 0..world.things.len() {
            let Fact::Entity { links, .. } = &test.facts[world.things[thing].fact] else { continue };
            let mut resolved = vec![];
            for link in links {
                match world.find(link.noun.node, &link.name.node, link.name.span, None) {
                    Ok(other) => resolved.push((link.relation.node, other)),
                    Err(problem) => {
                        problems.push(*problem);
                        world.things[thing].spoiled = true;
                    }
                }
            }
            world.things[thing].links = resolved;
        }
        world.refuse_doubles(problems);
        world
    }

    fn refuse_doubles(&self, problems: &mut Vec<Diagnostic>) {
        for (i, thing) in self.things.iter().enumerate() {
            let twin = self.things[..i].iter().find(|other| {
                other.noun == thing.noun
                    && other.name.eq_ignore_ascii_case(thing.name)
                    && self.home(other) == self.home(thing)
            });
            if let Some(twin) = twin {
                problems.push(
                    Diagnostic::error(
                        code::D151,
                        format!("{} \"{}\" is stated twice", thing.noun.word(), thing.name),
                    )
                    .at(thing.span, "here again")
                    .at(twin.span, "stated first")
                    .help("give the second one another name, or state it once with all that it is in"),
                );
            }
        }
    }

    /// What tells things of one name apart: what they are in or of.
    fn home(&self, thing: &Thing<'_>) -> Option<usize> {
        thing
            .link(Relation::In, |other| self.things[other].noun.is_level())
            .or_else(|| thing.link(Relation::Of, |_| true))
    }

    /// The thing of that noun and name.
    pub(super) fn find(
        &self,
        noun: Noun,
        name: &str,
        span: Span,
        qualifier: Option<&Qualifier>,
    ) -> Result<usize, Box<Diagnostic>> {
        let named = |other: &Thing<'_>| other.name.eq_ignore_ascii_case(name);
        let candidates = |exact: bool| -> Vec<usize> {
            let fits =
                |t: &Thing<'_>| named(t) && if exact { t.noun == noun } else { is_called(t.noun, noun) };
            (0..self.things.len())
                .filter(|&i| fits(&self.things[i]) && qualifier.is_none_or(|q| self.is_in(i, q)))
                .collect()
        };
        let mut found = candidates(true);
        if found.is_empty() {
            found = candidates(false);
        }
        match found[..] {
            [one] => Ok(one),
            [] => Err(Box::new(self.not_stated(noun, name, span, qualifier.is_some()))),
            _ => Err(Box::new(
                Diagnostic::error(
                    code::D152,
                    format!("{} \"{name}\" could be one of {}", noun.word(), found.len()),
                )
                .at(span, "which one?")
                .help("say what it is in: `user_assigned \"mi\" in resource_group \"rg\"`"),
            )),
        }
    }

    fn not_stated(&self, noun: Noun, name: &str, span: Span, qualified: bool) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(
            code::D152,
            format!("{} \"{name}\" is used in this test, and not stated", noun.word()),
        );
        let same: Vec<&str> =
            self.things.iter().filter(|t| is_called(t.noun, noun)).map(|t| t.name).collect();
        let elsewhere = self.things.iter().find(|t| t.name.eq_ignore_ascii_case(name));
        diagnostic = match (nearest(name, same.iter().copied()), elsewhere) {
            (Some(near), _) if near != name => {
                diagnostic.at(span, format!("did you mean \"{near}\"?")).edit(span, format!("\"{near}\""))
            }
            (_, Some(other)) if other.noun != noun => {
                diagnostic.at(span, "").note(format!("\"{name}\" is stated as {}", other.noun.word()))
            }
            (_, Some(_)) if qualified => diagnostic.at(span, "not in there"),
            _ => diagnostic.at(span, ""),
        };
        diagnostic.help(format!("state it among the facts: {} \"{name}\"{}", noun.word(), example_home(noun)))
    }

    /// Whether a thing is in what a qualifier names.
    fn is_in(&self, thing: usize, qualifier: &Qualifier) -> bool {
        let mut seen = vec![thing];
        let mut next = 0;
        while let Some(&at) = seen.get(next) {
            next += 1;
            for &(relation, other) in &self.things[at].links {
                if relation == Relation::AttachedTo || seen.contains(&other) {
                    continue;
                }
                seen.push(other);
                let named = |p: &Pattern| self.things[other].name.eq_ignore_ascii_case(p.text());
                if is_called(self.things[other].noun, qualifier.noun.node)
                    && qualifier.names.iter().any(named)
                    && qualifier.next.as_deref().is_none_or(|q| self.is_in(other, q))
                {
                    return true;
                }
            }
        }
        false
    }
}

fn example_home(noun: Noun) -> &'static str {
    match noun {
        Noun::ResourceGroup => " in subscription \"prod\"",
        Noun::Resource | Noun::UserAssigned => " in resource_group \"rg\"",
        Noun::SystemAssigned => " of resource \"vm\"",
        _ => "",
    }
}

/// The object id, subscription id or GUID that stands for a name: the name itself where it is one, else always the same
/// one for the same name.
pub(super) fn guid(kind: &str, name: &str) -> Guid {
    if let Some(guid) = Guid::parse(name) {
        return guid;
    }
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let bytes = kind.bytes().chain([0]).chain(name.bytes().map(|b| b.to_ascii_lowercase()));
    Guid(bytes.fold(OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME)))
}

/// The noun of the schema that a noun of the language is.
pub(super) fn schema_noun(noun: ast::Noun) -> crate::inventory::schema::Noun {
    match crate::inventory::schema::Noun::from_word(noun.word()) {
        Some(noun) => noun,
        None => unreachable!("the schema has every noun of the language"),
    }
}
