//! The attributes that a test states (`with { ... }`), typed against the schema, and what it leaves unsaid.

use super::build::Builder;
use super::world::{guid, schema_noun};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, code};
use crate::inventory::schema::{self, Attr, Attribute, Table, Type, attribute, attribute_names};
use crate::inventory::{Cell, Collection as C, Entity, Origin, Stated as Known};
use crate::syntax::ast::{AccessStep, Assign, FactValue, Ident, Literal, Noun};
use crate::text::{Span, Spanned};

/// How an attribute comes into the inventory.
enum How {
    /// As it is stated.
    Cell,
    /// Read where the thing itself is made.
    Elsewhere,
    /// By who is named.
    Owners,
    /// It follows from other facts: which ones.
    Follows(&'static str),
}

fn how(attr: Attr) -> How {
    use Attr as A;
    match attr {
        A::ResourceType
        | A::AssignmentCondition
        | A::AssignmentActivated
        | A::RoleActions
        | A::RoleNotActions
        | A::RoleDataActions
        | A::RoleNotDataActions
        | A::RoleCondition
        | A::RoleAssignableScopes
        | A::RoleType => How::Elsewhere,
        A::ServicePrincipalOwners | A::GroupOwners | A::ApplicationOwners => How::Owners,
        A::ScopeParent
        | A::ScopeSubscription
        | A::ScopeResourceGroup
        | A::ScopeManagementGroups
        | A::ManagementGroupChildren
        | A::ManagedIdentitySubscription
        | A::ManagedIdentityResourceGroup => How::Follows("write what it is `in`"),
        A::PrincipalGroups | A::GroupMembers => How::Follows("write `user \"alice\" in group \"g\"`"),
        A::ResourceIdentities
        | A::ResourceSystemAssigned
        | A::ResourceUserAssigned
        | A::ManagedIdentityAttachments
        | A::SystemAssignedResource => {
            How::Follows("state the identity `of resource \"vm\"` or `attached to resource \"vm\"`")
        }
        A::PrincipalRoleAssignments
        | A::PrincipalDirectRoleAssignments
        | A::SystemAssignedGrants
        | A::RoleAssignmentsOf => {
            How::Follows("state the assignments: `role Reader at subscription \"prod\" for user \"alice\"`")
        }
        A::ServicePrincipalCredentials | A::ApplicationCredentials => {
            How::Follows("state each: `credential \"key\" of application \"app\"`")
        }
        A::UserAssignedFederatedCredentials | A::ApplicationFederatedCredentials => {
            How::Follows("state each: `federated_credential \"main\" of user_assigned \"mi\"`")
        }
        A::AssignmentRole
        | A::AssignmentScope
        | A::AssignmentAssignee
        | A::AssignmentAssigneeType
        | A::AssignmentState => How::Follows("it follows from the fact itself"),
        A::FederatedIdentity | A::CredentialOwner => How::Follows("write what it is `of`"),
        A::DenyScope | A::PolicyScope => How::Follows("write what it is `in`"),
        A::FederatedIssuerHost => How::Follows("state `issuer`"),
        A::UserExternal => How::Follows("state `upn`: it holds #EXT# where the user is external"),
        A::PolicyIdentities => How::Follows("an identity of a policy assignment can't be stated yet"),
        attr => match attr.attribute() {
            a if a.name == "change" => How::Follows("nothing changes in a captured inventory"),
            a if matches!(a.name, "id" | "object_id" | "level" | "kind" | "runs_code" | "last_kind")
                && attr != A::ResourceKind
                && attr != A::CredentialKind =>
            {
                How::Follows("it follows from the fact itself")
            }
            a if a.name == "name"
                && matches!(
                    a.noun.table(),
                    Table::Scope | Table::Principal | Table::Role | Table::Tenant | Table::Assignment
                ) =>
            {
                How::Follows("it is the name that the fact begins with")
            }
            _ => How::Cell,
        },
    }
}

/// The collections that `uncaptured NOUN.ATTR` is about; none where it is about that attribute of each record.
pub(super) fn collections(attr: Attr) -> &'static [C] {
    use Attr as A;
    match attr {
        A::GroupMembers | A::PrincipalGroups => &[C::GroupMemberships],
        A::GroupOwners => &[C::GroupOwners],
        A::ApplicationOwners => &[C::ApplicationOwners],
        A::ServicePrincipalOwners => &[C::ServicePrincipalOwners],
        A::UserAssignedFederatedCredentials | A::ApplicationFederatedCredentials => {
            &[C::FederatedCredentials]
        }
        A::ManagedIdentityAttachments
        | A::ResourceIdentities
        | A::ResourceSystemAssigned
        | A::ResourceUserAssigned => &[C::Resources],
        A::AssignmentActivated | A::AssignmentStart | A::AssignmentEnd => {
            &[C::RoleAssignmentScheduleInstances]
        }
        A::PrincipalRoleAssignments
        | A::PrincipalDirectRoleAssignments
        | A::RoleAssignmentsOf
        | A::SystemAssignedGrants => &[C::RoleAssignments, C::RoleEligibilityScheduleInstances],
        A::ScopeManagementGroups | A::ScopeParent | A::ManagementGroupChildren => &[C::ManagementGroups],
        _ => &[],
    }
}

pub(super) fn unknown_attribute(noun: Noun, name: &Ident) -> Diagnostic {
    let names = attribute_names(schema_noun(noun));
    let mut diagnostic =
        Diagnostic::error(code::D154, format!("a {} has no attribute `{}`", noun.word(), name.node));
    diagnostic = match nearest(&name.node, names.iter().copied()) {
        Some(near) => diagnostic.at(name.span, format!("did you mean `{near}`?")).edit(name.span, near),
        None => diagnostic.at(name.span, ""),
    };
    diagnostic.note(format!("its attributes are: {}", names.join(", ")))
}

/// The condition that an assignment states.
pub(super) fn condition(with: &[Assign]) -> Option<String> {
    match plain(with, "condition")? {
        FactValue::Literal(Literal::String(text)) => Some(text.clone()),
        _ => None,
    }
}

/// Whether PIM activated an assignment, where it says so.
pub(super) fn activated(with: &[Assign]) -> Option<Known<bool>> {
    match plain(with, "activated")? {
        FactValue::Bool(activated) => Some(Known::Value(*activated)),
        FactValue::Unknown => Some(Known::Unsaid),
        _ => None,
    }
}

/// The value stated for an attribute.
pub(super) fn plain<'t>(with: &'t [Assign], name: &str) -> Option<&'t FactValue> {
    with.iter().find(|a| a.path.root.node == name && a.path.steps.is_empty()).map(|a| &a.value.node)
}

impl<'t> Builder<'t> {
    /// States the attributes of every thing.
    pub(super) fn attributes(&mut self) {
        for index in 0..self.world.things.len() {
            let thing = &self.world.things[index];
            let (noun, fact, with) = (thing.noun, thing.fact, thing.with);
            let (scope, principal, row) = (thing.scope, thing.principal, thing.row);
            let origin = self.origin(fact);
            match schema_noun(noun).table() {
                Table::Scope => {
                    if let Some(scope) = scope {
                        state(self, noun, scope.into(), with, origin);
                    }
                }
                Table::Principal => {
                    if let (Some(scope), Noun::UserAssigned) = (scope, noun) {
                        self.tags_of_identity(scope.into(), with, origin);
                    }
                    if let Some(principal) = principal {
                        state(self, noun, principal.into(), with, origin);
                    }
                }
                Table::Role => {}
                Table::Tenant => {
                    let name = self.draft.intern(self.world.things[index].name);
                    self.draft.inventory().tenant_name = Some(name);
                }
                table => {
                    if let Some(row) = row {
                        state(self, noun, Entity::new(table, row), with, origin);
                    }
                    if noun == Noun::Application
                        && let Some(principal) = self.world.things[index].principal
                    {
                        state(self, Noun::ServicePrincipal, principal.into(), &[], origin);
                    }
                }
            }
        }
        if self.draft.inventory().tenants.is_empty() {
            let tenant = guid("tenant", "stated");
            self.draft.tenant(tenant);
        }
    }

    /// A user-assigned identity is a resource too: it has that resource's tags.
    fn tags_of_identity(&mut self, scope: Entity, with: &'t [Assign], origin: Origin) {
        let tags: Vec<&Assign> = with.iter().filter(|a| a.path.root.node == "tags").collect();
        let Some(tags_attribute) = attribute(schema::Noun::Resource, "tags") else { return };
        if let Some(cell) = self.value(tags_attribute, &tags) {
            self.draft.set(scope, Attr::ScopeTags, cell, origin);
        } else if tags.is_empty() {
            let empty = self.draft.inventory().cells.map(vec![]);
            self.draft.set(scope, Attr::ScopeTags, empty, origin);
        }
        for attr in [Attr::ResourceLocation, Attr::ResourceKind] {
            self.draft.set(scope, attr, Cell::Absent, origin);
        }
    }

    /// What the stated values of one attribute come to; `None` for `unknown` and for mistakes, which are told.
    fn value(&mut self, attribute: &Attribute, stated: &[&Assign]) -> Option<Cell> {
        let mut entries = vec![];
        for assign in stated {
            let value = &assign.value;
            if let [AccessStep::Key(key)] = &assign.path.steps[..] {
                let (Type::Map, FactValue::Literal(Literal::String(text))) = (attribute.ty, &value.node)
                else {
                    self.mistyped(attribute, value);
                    continue;
                };
                let entry = (self.draft.intern(&key.node), self.draft.intern(text));
                entries.push(entry);
                continue;
            }
            if !assign.path.steps.is_empty() {
                self.wrong("only attributes of the thing itself are stated here", assign.path.span(), "", "");
                continue;
            }
            if value.node == FactValue::Unknown {
                return None;
            }
            match self.cell(attribute, &value.node) {
                Some(cell) => return Some(cell),
                None => self.mistyped(attribute, value),
            }
        }
        (!entries.is_empty()).then(|| self.draft.inventory().cells.map(entries))
    }

    fn cell(&mut self, attribute: &Attribute, value: &FactValue) -> Option<Cell> {
        match (attribute.ty, value) {
            (Type::Bool, FactValue::Bool(b)) => Some(Cell::Bool(*b)),
            (Type::Date, FactValue::Literal(date @ Literal::Date { .. })) => seconds(date).map(Cell::Time),
            (Type::Enum(words), FactValue::Literal(Literal::String(text))) => {
                let word = words.iter().find(|w| w.eq_ignore_ascii_case(text))?;
                Some(Cell::Text(self.draft.intern(word)))
            }
            (Type::String | Type::Name, FactValue::Literal(Literal::String(text))) => {
                Some(Cell::Text(self.draft.intern(text)))
            }
            (Type::Entity(schema::Noun::Principal), FactValue::Literal(Literal::String(name))) => {
                let principal = self.named_principal(name, self.test.title.span)?;
                let spelling = self.draft.inventory().principals.spelling(principal);
                Some(Cell::Text(spelling))
            }
            (Type::List(&(Type::String | Type::Name)), FactValue::List(items)) => {
                let mut symbols = vec![];
                for item in items {
                    let Literal::String(text) = &item.node else { return None };
                    symbols.push(self.draft.intern(text));
                }
                Some(self.draft.inventory().cells.list(symbols))
            }
            (Type::List(&Type::Entity(schema::Noun::Principal)), FactValue::List(items)) => {
                let mut symbols = vec![];
                for item in items {
                    let Literal::String(text) = &item.node else { return None };
                    let principal = self.named_principal(text, item.span)?;
                    symbols.push(self.draft.inventory().principals.spelling(principal));
                }
                Some(self.draft.inventory().cells.list(symbols))
            }
            _ => None,
        }
    }

    fn mistyped(&mut self, attribute: &Attribute, value: &Spanned<FactValue>) {
        let example = match attribute.ty {
            Type::Bool => "true, false or unknown".to_owned(),
            Type::Date => "a date such as 2026-11-23, or unknown".to_owned(),
            Type::Enum(words) => format!("one of \"{}\", or unknown", words.join("\", \"")),
            Type::List(_) => "a list such as [\"a\", \"b\"], or unknown".to_owned(),
            Type::Map => format!("{}[\"key\"] = \"value\", or {} = unknown", attribute.name, attribute.name),
            _ => "a quoted text, or unknown".to_owned(),
        };
        let mut diagnostic =
            Diagnostic::error(code::D155, format!("that is no value of `{}`", attribute.name));
        let near = match (attribute.ty, &value.node) {
            (Type::Enum(words), FactValue::Literal(Literal::String(text))) => {
                nearest(text, words.iter().copied())
            }
            _ => None,
        };
        diagnostic = match near {
            Some(near) => diagnostic
                .at(value.span, format!("did you mean \"{near}\"?"))
                .edit(value.span, format!("\"{near}\"")),
            None => diagnostic.at(value.span, ""),
        };
        self.problems.push(diagnostic.help(format!("write {example}")));
    }

    /// The value of an attribute of which the test says nothing: absent where it can be absent, else what is usual.
    /// `None` (unknown) where there is nothing usual, or where its record was not captured.
    fn unsaid(&mut self, noun: Noun, entity: Entity, attribute: &Attribute) -> Option<Cell> {
        use Attr as A;
        let attr = attribute.attr;
        let needed = collections(attr).iter().copied().chain(home(noun)).collect::<Vec<_>>();
        if self.uncaptured.contains(&attr) || needed.iter().any(|&c| !self.is_captured(c)) {
            return None;
        }
        let named = |builder: &Self| {
            let principal = entity.principal().is_some();
            let things = &builder.world.things;
            let own = things.iter().find(|t| match principal {
                true => t.principal.map(Entity::from) == Some(entity),
                false => {
                    t.scope.map(Entity::from) == Some(entity)
                        || t.row.is_some_and(|row| Entity::new(schema_noun(t.noun).table(), row) == entity)
                }
            });
            own.map(|t| t.name.to_owned()).unwrap_or_default()
        };
        let text = |builder: &mut Self, text: &str| Some(Cell::Text(builder.draft.intern(text)));
        match attr {
            A::UserType => text(self, if noun == Noun::Guest { "Guest" } else { "Member" }),
            A::SubscriptionState => text(self, "Enabled"),
            A::ServicePrincipalType if noun == Noun::ServicePrincipal => text(self, "Application"),
            A::CredentialKind => text(self, "password"),
            A::DenyEffect => text(self, "enforced"),
            A::UserUpn
            | A::FederatedName
            | A::CredentialName
            | A::DenyName
            | A::PolicyName
            | A::ApplicationName => {
                let name = named(self);
                text(self, &name)
            }
            A::ServicePrincipalAppId | A::ApplicationAppId => {
                let name = named(self);
                text(self, &guid("client", &name).to_string())
            }
            A::UserEnabled | A::ServicePrincipalEnabled | A::GroupSecurity | A::DenyAppliesToChildren => {
                Some(Cell::Bool(true))
            }
            _ if attribute.absent => Some(Cell::Absent),
            _ => match attribute.ty {
                Type::Bool => Some(Cell::Bool(false)),
                Type::List(_) => Some(self.draft.inventory().cells.list(vec![])),
                Type::Map => Some(self.draft.inventory().cells.map(vec![])),
                _ => None,
            },
        }
    }

    fn owners(&mut self, entity: Entity, value: &Spanned<FactValue>) {
        let FactValue::List(items) = &value.node else {
            self.wrong("owners are a list of names", value.span, "", "write owners = [\"alice\"]");
            return;
        };
        for item in items {
            let Literal::String(name) = &item.node else { continue };
            if let Some(owner) = self.named_principal(name, item.span) {
                self.draft.owner(entity, owner);
            }
        }
    }
}

/// The collection that holds a noun's records.
fn home(noun: Noun) -> Option<C> {
    Some(match noun {
        Noun::User | Noun::Guest => C::Users,
        Noun::Group => C::Groups,
        Noun::ServicePrincipal | Noun::SystemAssigned | Noun::UserAssigned | Noun::ManagedIdentity => {
            C::ServicePrincipals
        }
        Noun::Resource => C::Resources,
        Noun::ResourceGroup => C::ResourceGroups,
        Noun::Subscription => C::Subscriptions,
        Noun::ManagementGroup => C::ManagementGroups,
        Noun::Application => C::Applications,
        _ => return None,
    })
}

/// States every attribute of an entity, those that the test says and those that it doesn't.
pub(super) fn state(builder: &mut Builder<'_>, noun: Noun, entity: Entity, with: &[Assign], origin: Origin) {
    let schema_noun = schema_noun(noun);
    let mut stated: Vec<(Attr, Vec<&Assign>)> = vec![];
    for assign in with {
        let name = &assign.path.root;
        let Some(found) = attribute(schema_noun, &name.node) else {
            builder.problems.push(unknown_attribute(noun, name));
            continue;
        };
        match stated.iter_mut().find(|(attr, _)| *attr == found.attr) {
            Some((_, values)) => values.push(assign),
            None => stated.push((found.attr, vec![assign])),
        }
    }
    for (attr, values) in &stated {
        match how(*attr) {
            How::Follows(instead) => {
                let span = values.first().map_or(Span::default(), |a| a.path.span());
                let message = format!("`{}` is not stated as an attribute", attr.attribute().name);
                builder.wrong(message, span, "", instead);
            }
            How::Owners => values.iter().for_each(|a| builder.owners(entity, &a.value)),
            How::Elsewhere | How::Cell => {}
        }
    }
    for attribute in schema::ATTRIBUTES {
        let attr = attribute.attr;
        if !schema_noun.is_a(attribute.noun) || !matches!(how(attr), How::Cell) {
            continue;
        }
        if attr == Attr::ManagedIdentityTags
            || (attr == Attr::ServicePrincipalAppId && noun != Noun::ServicePrincipal)
        {
            continue;
        }
        let values = stated.iter().find(|(a, _)| *a == attr).map(|(_, values)| values.clone());
        let cell = match values {
            Some(values) => builder.value(attribute, &values),
            None => builder.unsaid(noun, entity, attribute),
        };
        if let Some(cell) = cell {
            builder.draft.set(entity, attr, cell, origin);
        }
    }
    let says_credentials = match noun {
        Noun::Application => Some(Attr::ApplicationCredentials),
        noun if schema_noun.is_a(schema::Noun::ServicePrincipal) && noun != Noun::Application => {
            Some(Attr::ServicePrincipalCredentials)
        }
        _ => None,
    };
    if let Some(attr) = says_credentials.filter(|attr| !builder.uncaptured.contains(attr)) {
        builder.draft.set(entity, attr, Cell::Bool(true), origin);
    }
    if noun == Noun::Subscription {
        let name =
            builder.world.things.iter().find(|t| t.scope.map(Entity::from) == Some(entity)).map(|t| t.name);
        let name = builder.draft.intern(name.unwrap_or_default());
        builder.draft.set(entity, Attr::ScopeName, Cell::Text(name), origin);
        let tenant = builder.draft.intern(&guid("tenant", "stated").to_string());
        builder.draft.set(entity, Attr::SubscriptionTenant, Cell::Text(tenant), origin);
    }
}

/// A date of the language as seconds since 1970-01-01 UTC, at its first second; `None` for any other literal.
pub fn seconds(date: &Literal) -> Option<i64> {
    let Literal::Date { year, month, day } = date else { return None };
    let date = jiff::civil::Date::new(*year, *month, *day).ok()?;
    Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}
