//! From rows to findings: subjects, sentences, evidence, fingerprints, what is missing.

use super::Evaluator;
use super::path::Found;
use super::value::Value;
use crate::azure::scope::Level;
use crate::inventory::schema::{Attr, Noun, Table};
use crate::inventory::{
    AssignmentId, Class, Collection, Collections, Entity, Missing, Origin, PrincipalId, RoleKind, ScopeId,
    State, Truth,
};
use crate::verdict::{AssignmentFact, Evidence, Finding, MissingData, Subject, Verdict};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::ops::ControlFlow;
use std::rc::Rc;

/// How many of the things that a group of a count holds are named.
const MEMBERS_SHOWN: usize = 100;

/// A finding before it is put into words.
pub(super) struct Raw {
    pub(super) verdict: Verdict,
    pub(super) about: About,
    pub(super) missing: Missing,
    pub(super) folded: u64,
    pub(super) waiver: Option<u32>,
}

/// What a finding is about.
pub(super) enum About {
    /// An assignment and who holds it.
    Grant { assignment: AssignmentId, holder: PrincipalId, via: Rc<[PrincipalId]> },
    /// An entity.
    Entity(Entity),
    /// A group of a count.
    Group(Box<Counted>),
    /// A collection, for the facts that it would decide.
    Collection(Collection),
    /// A group whose members were not captured, and an assignment that it holds.
    OpenGroup(PrincipalId, AssignmentId),
    /// A path.
    Path(Box<Found>),
    /// A group whose members were not captured, and from which a path leads on.
    OpenGroupOnPath(PrincipalId),
    /// The rule as a whole.
    Rule(String),
}

/// A group of a count, and what was counted.
pub(super) struct Counted {
    pub(super) label: String,
    pub(super) id: String,
    pub(super) entity: Option<Entity>,
    pub(super) counted: String,
    pub(super) members: Vec<Entity>,
}

/// Where words go, piece after piece.
pub(super) trait Words {
    /// Takes the next piece; breaks where it needs no more of them.
    fn put(&mut self, piece: &str) -> ControlFlow<()>;
}

impl Words for String {
    fn put(&mut self, piece: &str) -> ControlFlow<()> {
        self.push_str(piece);
        ControlFlow::Continue(())
    }
}

impl<'a> Evaluator<'a> {
    /// Puts a finding into words.
    pub(super) fn finding(&self, rule: &str, raw: &Raw) -> Finding {
        let mut finding = Finding {
            rule: rule.to_owned(),
            verdict: raw.verdict,
            fingerprint: String::new(),
            subject: Subject { kind: String::new(), id: String::new(), name: String::new() },
            assignment: None,
            path: None,
            duplicates: vec![],
            members: vec![],
            via: vec![],
            evidence: vec![],
            missing: self.missing_data(raw.missing),
            sentence: String::new(),
            folded: raw.folded,
            waiver: None,
        };
        match &raw.about {
            About::Grant { assignment, holder, via } => {
                finding.subject = self.subject((*holder).into(), None);
                finding.assignment = Some(self.assignment_fact(*assignment));
                finding.via = via.iter().map(|&g| self.subject(g.into(), None)).collect();
                finding.evidence = self.grant_evidence(*assignment, *holder, via);
                finding.sentence = self.grant_sentence(*assignment, *holder, via);
                finding.fingerprint = self.grant_fingerprint(rule, *assignment, *holder);
            }
            About::Entity(entity) => {
                finding.subject = self.subject(*entity, None);
                if let Some(a) = entity.assignment() {
                    finding.assignment = Some(self.assignment_fact(a));
                }
                finding.evidence = self.entity_evidence(*entity);
                finding.sentence = self.phrase(*entity);
                finding.fingerprint = self.entity_fingerprint(rule, *entity);
            }
            About::Group(group) => {
                let Counted { label, id, entity, counted, members } = &**group;
                finding.subject = match entity {
                    Some(entity) => self.subject(*entity, None),
                    None => {
                        Subject { kind: "group of a count".to_owned(), id: id.clone(), name: label.clone() }
                    }
                };
                finding.sentence = match label.is_empty() {
                    true => counted.clone(),
                    false => format!("{label}: {counted}"),
                };
                let shown = &members[..members.len().min(MEMBERS_SHOWN)];
                finding.members = shown.iter().map(|&m| self.subject(m, None)).collect();
                finding.evidence = self.evidence_of(shown.iter().map(|&m| self.inventory.origin(m)));
                finding.fingerprint = fingerprint(&[rule, &id.to_lowercase()]);
            }
            About::Collection(collection) => {
                finding.subject = Subject {
                    kind: "collection".to_owned(),
                    id: collection.key().to_owned(),
                    name: collection.what().to_owned(),
                };
                let extent = self.inventory.coverage.extent(*collection).word();
                let reason = self.inventory.coverage.reason(*collection);
                let reason = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
                finding.sentence = match raw.folded {
                    0 => format!("{}: {extent}{reason}", collection.what()),
                    1 => format!("{}: {extent}{reason}; 1 fact is undecided without it", collection.what()),
                    n => {
                        format!("{}: {extent}{reason}; {n} facts are undecided without it", collection.what())
                    }
                };
                finding.fingerprint = fingerprint(&[rule, "collection", collection.key()]);
            }
            About::OpenGroup(group, assignment) => {
                finding.subject = self.subject((*group).into(), None);
                finding.assignment = Some(self.assignment_fact(*assignment));
                finding.evidence = self.evidence_of([Some(self.inventory.assignments.origin(*assignment))]);
                finding.sentence = format!(
                    "{}: its members were not captured",
                    self.grant_sentence(*assignment, *group, &[])
                );
                finding.fingerprint = fingerprint(&[rule, "members", &finding.subject.id.to_lowercase()]);
                if let Some(missing) = finding.missing.first_mut() {
                    missing.command = missing.command.replace("<id>", &finding.subject.id);
                }
            }
            About::Path(found) => self.path_finding(rule, found, &mut finding),
            About::OpenGroupOnPath(group) => {
                finding.subject = self.subject((*group).into(), None);
                finding.evidence = self.evidence_of([self.inventory.origin((*group).into())]);
                finding.sentence = format!(
                    "{}: its members were not captured, and a path leads on from it",
                    self.phrase((*group).into())
                );
                finding.fingerprint = fingerprint(&[rule, "members", &finding.subject.id.to_lowercase()]);
                if let Some(missing) = finding.missing.first_mut() {
                    missing.command = missing.command.replace("<id>", &finding.subject.id);
                }
            }
            About::Rule(text) => {
                let kind = Noun::Tenant.word().to_owned();
                let id = self.inventory.tenants.first().map(|t| t.to_string()).unwrap_or_default();
                finding.subject = Subject { kind, id, name: String::new() };
                finding.sentence = text.clone();
                finding.fingerprint = fingerprint(&[rule]);
            }
        }
        finding
    }

    /// What would decide it, collection by collection, in words.
    pub(super) fn missing_data(&self, missing: Missing) -> Vec<MissingData> {
        let mut data: Vec<MissingData> = missing
            .collections()
            .iter()
            .map(|c| MissingData {
                collection: c.key().to_owned(),
                what: format!("{}: {}", c.what(), self.inventory.coverage.extent(c).word()),
                command: c.command().to_owned(),
            })
            .collect();
        if missing.is_value() {
            data.push(MissingData {
                collection: "value".to_owned(),
                what: "the captured record does not say".to_owned(),
                command: String::new(),
            });
        }
        data
    }

    /// The narrowest noun that an entity is known to be.
    pub(super) fn noun_of_entity(&self, entity: Entity) -> Noun {
        match entity.table {
            Table::Scope => super::select::noun_of(self.inventory.scopes.level(ScopeId(entity.row))),
            Table::Principal => {
                let p = PrincipalId(entity.row);
                match self.inventory.principals.class(p) {
                    Class::User if self.inventory.is_kind(p, Noun::Guest).is_true() => Noun::Guest,
                    Class::User => Noun::User,
                    Class::Group => Noun::Group,
                    Class::ServicePrincipal => Noun::ServicePrincipal,
                    Class::ManagedIdentity => Noun::ManagedIdentity,
                    Class::SystemAssigned => Noun::SystemAssigned,
                    Class::UserAssigned => Noun::UserAssigned,
                    Class::Mentioned => {
                        [Noun::MissingPrincipal, Noun::User, Noun::Group, Noun::ServicePrincipal]
                            .into_iter()
                            .find(|&noun| self.inventory.is_kind(p, noun) == Truth::True)
                            .unwrap_or(Noun::Principal)
                    }
                }
            }
            Table::Tenant => Noun::Tenant,
            Table::Assignment => Noun::RoleAssignment,
            Table::Role => Noun::RoleDefinition,
            Table::Application => Noun::Application,
            Table::Credential => Noun::Credential,
            Table::FederatedCredential => Noun::FederatedCredential,
            Table::DenyAssignment => Noun::DenyAssignment,
            Table::PolicyAssignment => Noun::PolicyAssignment,
        }
    }

    /// An entity as the subject of a finding: the id as captured (a user-assigned identity without a known object id
    /// has its ARM id).
    pub(super) fn subject(&self, entity: Entity, noun: Option<Noun>) -> Subject {
        let noun = noun.unwrap_or_else(|| self.noun_of_entity(entity));
        let name = self.subject_name(entity).into_owned();
        Subject { kind: noun.word().to_owned(), id: self.subject_id(entity).into_owned(), name }
    }

    /// The name of a subject; empty where it is not known.
    fn subject_name(&self, entity: Entity) -> Cow<'a, str> {
        match self.entity_name(entity) {
            Value::Text(name) => name,
            _ => Cow::Borrowed(""),
        }
    }

    /// The id of a subject; empty where it is not known.
    fn subject_id(&self, entity: Entity) -> Cow<'a, str> {
        let text = |value: Value<'a>| match value {
            Value::Text(text) => Some(text),
            _ => None,
        };
        let named = |symbol| Some(Cow::Borrowed(self.name_of(symbol)));
        let inventory = self.inventory;
        let id = match entity.table {
            Table::Tenant => text(self.read(entity, Attr::TenantId)),
            Table::Scope => text(self.read(entity, Attr::ScopeId)),
            Table::Principal => text(self.read(entity, Attr::PrincipalId)).or_else(|| {
                let node = inventory.principals.node(PrincipalId(entity.row))?;
                named(inventory.scopes.id(node))
            }),
            Table::Assignment => text(self.read(entity, Attr::AssignmentId)),
            Table::Role => text(self.read(entity, Attr::RoleId)),
            Table::Application => named(inventory.applications.id(entity.row)),
            Table::Credential => named(inventory.credentials.id(entity.row)),
            Table::FederatedCredential => named(inventory.federated.id(entity.row)),
            Table::DenyAssignment => named(inventory.denies.id(entity.row)),
            Table::PolicyAssignment => named(inventory.policies.id(entity.row)),
        };
        id.unwrap_or_default()
    }

    /// An entity in the language's own words: `user_assigned "mi-app"`.
    pub(super) fn phrase(&self, entity: Entity) -> String {
        let mut phrase = String::new();
        let _ = self.put_phrase(entity, &mut phrase);
        phrase
    }

    /// As [`Evaluator::phrase`], piece by piece.
    pub(super) fn put_phrase(&self, entity: Entity, to: &mut impl Words) -> ControlFlow<()> {
        if let Some(a) = entity.assignment() {
            return self.put_grant_sentence(a, self.inventory.assignments.assignee(a), &[], to);
        }
        let noun = self.noun_of_entity(entity);
        to.put(noun.word())?;
        if noun == Noun::Root {
            return ControlFlow::Continue(());
        }
        let mut name = self.subject_name(entity);
        if name.is_empty() {
            name = self.subject_id(entity);
        }
        if name.is_empty() {
            return ControlFlow::Continue(());
        }
        put_quoted(&name, to)?;
        let owner = match entity.table {
            Table::Scope => return self.put_around(ScopeId(entity.row), to),
            Table::FederatedCredential => self.inventory.federated.owner(entity.row),
            Table::Credential => self.inventory.credentials.owner(entity.row),
            _ => None,
        };
        match owner {
            Some(owner) => {
                to.put(" of ")?;
                self.put_phrase(owner, to)
            }
            None => ControlFlow::Continue(()),
        }
    }

    /// The resource group or subscription that tells two scopes of one name apart.
    fn put_around(&self, scope: ScopeId, to: &mut impl Words) -> ControlFlow<()> {
        let scopes = &self.inventory.scopes;
        let level = match scopes.level(scope) {
            Level::Resource => Level::ResourceGroup,
            Level::ResourceGroup => Level::Subscription,
            _ => return ControlFlow::Continue(()),
        };
        let Some(up) = scopes.enclosing(scope, level) else { return ControlFlow::Continue(()) };
        let mut name = self.subject_name(up.into());
        if name.is_empty() {
            name = Cow::Borrowed(scopes.segment(up, &self.inventory.names));
        }
        to.put(" in ")?;
        to.put(super::select::noun_of(level).word())?;
        put_quoted(&name, to)
    }

    fn role_text(&self, a: AssignmentId) -> Cow<'a, str> {
        let role = self.inventory.assignments.role(a);
        match self.inventory.roles.name(role) {
            Some(name) => self.name_of(name).trim().into(),
            None => self.inventory.roles.guid(role).to_string().into(),
        }
    }

    /// A grant in the language's own words: `Contributor at subscription "prod" for user "ana" through group "ops"`.
    pub(super) fn grant_sentence(&self, a: AssignmentId, holder: PrincipalId, via: &[PrincipalId]) -> String {
        let mut sentence = String::new();
        let _ = self.put_grant_sentence(a, holder, via, &mut sentence);
        sentence
    }

    /// As [`Evaluator::grant_sentence`], piece by piece.
    pub(super) fn put_grant_sentence(
        &self,
        a: AssignmentId,
        holder: PrincipalId,
        via: &[PrincipalId],
        to: &mut impl Words,
    ) -> ControlFlow<()> {
        let assignments = &self.inventory.assignments;
        if assignments.state(a) == State::Eligible {
            to.put("eligible ")?;
        }
        to.put(&self.role_text(a))?;
        if assignments.kind(a) == RoleKind::Azure {
            to.put(" at ")?;
            self.put_phrase(assignments.scope(a).into(), to)?;
        }
        to.put(" for ")?;
        self.put_phrase(holder.into(), to)?;
        for &group in via.iter().rev() {
            to.put(" through ")?;
            self.put_phrase(group.into(), to)?;
        }
        ControlFlow::Continue(())
    }

    pub(super) fn assignment_fact(&self, a: AssignmentId) -> AssignmentFact {
        let assignments = &self.inventory.assignments;
        AssignmentFact {
            id: assignments.id(a, &self.inventory.names),
            name: assignments.name(a, &self.inventory.names),
            role: self.role_text(a).into_owned(),
            role_id: self.inventory.roles.guid(assignments.role(a)).to_string(),
            scope: self.name_of(assignments.scope_text(a)).to_owned(),
            principal_id: self
                .name_of(self.inventory.principals.spelling(assignments.assignee(a)))
                .to_owned(),
        }
    }

    pub(super) fn evidence_of(&self, origins: impl IntoIterator<Item = Option<Origin>>) -> Vec<Evidence> {
        let mut evidence = vec![];
        for origin in origins.into_iter().flatten() {
            let found = Evidence {
                file: self.inventory.origins.file_of(origin).to_owned(),
                pointer: self.inventory.origins.pointer(origin),
                line: u64::from(origin.line),
            };
            if !evidence.contains(&found) {
                evidence.push(found);
            }
        }
        evidence
    }

    fn grant_evidence(&self, a: AssignmentId, holder: PrincipalId, via: &[PrincipalId]) -> Vec<Evidence> {
        let inventory = self.inventory;
        let role = inventory.assignments.role(a);
        let mut origins = vec![Some(inventory.assignments.origin(a))];
        let chain: Vec<PrincipalId> = via.iter().copied().chain([holder]).collect();
        if !via.is_empty() {
            origins.extend(chain.windows(2).map(|pair| inventory.membership_origin(pair[0], pair[1])));
        }
        origins.push(inventory.origin(holder.into()));
        origins.push(inventory.roles.origin(role));
        self.evidence_of(origins)
    }

    fn entity_evidence(&self, entity: Entity) -> Vec<Evidence> {
        self.evidence_of([self.inventory.origin(entity)])
    }

    /// Of rule, role, scope, assignee and holder: re-creating the assignment under another id does not change it.
    fn grant_fingerprint(&self, rule: &str, a: AssignmentId, holder: PrincipalId) -> String {
        let inventory = self.inventory;
        let assignments = &inventory.assignments;
        let id = |p: PrincipalId| self.subject(p.into(), None).id.to_lowercase();
        fingerprint(&[
            rule,
            &inventory.roles.guid(assignments.role(a)).to_string(),
            &self.name_of(inventory.scopes.id(assignments.scope(a))).to_lowercase(),
            &id(assignments.assignee(a)),
            &id(holder),
            match assignments.state(a) {
                State::Active => "active",
                State::Eligible => "eligible",
            },
        ])
    }

    fn entity_fingerprint(&self, rule: &str, entity: Entity) -> String {
        if let Some(a) = entity.assignment() {
            return self.grant_fingerprint(rule, a, self.inventory.assignments.assignee(a));
        }
        let subject = self.subject(entity, None);
        let owner = match entity.table {
            Table::FederatedCredential => self.inventory.federated.owner(entity.row),
            Table::Credential => self.inventory.credentials.owner(entity.row),
            _ => None,
        };
        let owner = owner.map(|o| self.subject(o, None).id.to_lowercase()).unwrap_or_default();
        fingerprint(&[rule, &format!("{:?}", entity.table), &subject.id.to_lowercase(), &owner])
    }

    /// The collections among `missing` that were really not captured completely.
    pub(super) fn lacking(&self, missing: Missing) -> Missing {
        let complete = missing
            .collections()
            .iter()
            .filter(|&c| self.inventory.coverage.is_complete(c))
            .fold(Collections::default(), Collections::with);
        missing.without(complete)
    }
}

pub(super) fn fingerprint(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // The length first, so that no two lists of parts run together.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    hash.finalize().iter().take(16).flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A name in quotes, behind a space.
fn put_quoted(name: &str, to: &mut impl Words) -> ControlFlow<()> {
    to.put(" \"")?;
    if memchr::memchr2(b'\\', b'"', name.as_bytes()).is_none() {
        to.put(name)?;
        return to.put("\"");
    }
    // The first quote was put.
    to.put(&quoted(name)[1..])
}
