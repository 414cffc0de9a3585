//! One projector for all records: it walks an element once and notes where the value of each key stands that any reader
//! knows, at the top of the element and inside its `properties`. Nothing is copied; readers decode what they need.

use super::ahead::Ahead;
use super::json::{Nesting, Scan, Scanner};
use super::value::{self, Raw, Wrong};
use crate::diagnostic::code;
use std::borrow::Cow;
use std::sync::LazyLock;

macro_rules! keys {
    ($($variant:ident $name:literal)*) => {
        /// A key that some reader knows. Keys compare without ASCII letter case and after their escapes are undone.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub(super) enum Key { $($variant),* }
        impl Key {
            const ALL: &'static [(Key, &'static str)] = &[$((Key::$variant, $name)),*];
            /// As the vendor writes it.
            pub(super) fn name(self) -> &'static str {
                Key::ALL[self as usize].1
            }
        }
    };
}

keys! {
    AccountEnabled "accountEnabled"
    Actions "actions"
    AlternativeNames "alternativeNames"
    AppDisplayName "appDisplayName"
    AppId "appId"
    AppOwnerOrganizationId "appOwnerOrganizationId"
    AppOwnerTenantId "appOwnerTenantId"
    AppRoleId "appRoleId"
    AppRoles "appRoles"
    ApplicationId "applicationId"
    AssignableScopes "assignableScopes"
    AssignmentRestrictions "assignmentRestrictions"
    AssignmentType "assignmentType"
    Audiences "audiences"
    Authorizations "authorizations"
    Children "children"
    ClaimsMatchingExpression "claimsMatchingExpression"
    ClientId "clientId"
    Condition "condition"
    CreatedBy "createdBy"
    CreatedDateTime "createdDateTime"
    CreatedOn "createdOn"
    DataActions "dataActions"
    Data "data"
    DelegatedManagedIdentityResourceId "delegatedManagedIdentityResourceId"
    DeletedDateTime "deletedDateTime"
    DeletionTimestamp "deletionTimestamp"
    DenyAssignmentEffect "denyAssignmentEffect"
    DenyAssignmentName "denyAssignmentName"
    Department "department"
    Description "description"
    Details "details"
    DirSyncEnabled "dirSyncEnabled"
    DirectoryScopeId "directoryScopeId"
    DisplayName "displayName"
    DoNotApplyToChildScopes "doNotApplyToChildScopes"
    EndDateTime "endDateTime"
    EnforcementMode "enforcementMode"
    ExcludePrincipals "excludePrincipals"
    ExpandedProperties "expandedProperties"
    ExternalUserState "externalUserState"
    GroupId "groupId"
    GroupTypes "groupTypes"
    HomeTenantId "homeTenantId"
    Id "id"
    Identity "identity"
    IsAssignableToRole "isAssignableToRole"
    IsMfaRegistered "isMfaRegistered"
    IsolationScope "isolationScope"
    Issuer "issuer"
    JobTitle "jobTitle"
    Certificates "keyCredentials"
    Kind "kind"
    LastSignInActivity "lastSignInActivity"
    Location "location"
    MailEnabled "mailEnabled"
    ManagedByTenantId "managedByTenantId"
    ManagementGroup "managementGroup"
    ManagementGroupAncestorsChain "managementGroupAncestorsChain"
    MemberId "memberId"
    MemberType "memberType"
    Members "members"
    MembershipRule "membershipRule"
    Name "name"
    NotActions "notActions"
    NotDataActions "notDataActions"
    ODataType "@odata.type"
    OldODataType "odata.type"
    ObjectId "objectId"
    ObjectType "objectType"
    OnPremisesSyncEnabled "onPremisesSyncEnabled"
    OwnerId "ownerId"
    OwnerType "ownerType"
    Owners "owners"
    Parameters "parameters"
    Parent "parent"
    Passwords "passwordCredentials"
    Permissions "permissions"
    PolicyDefinitionId "policyDefinitionId"
    PrincipalDisplayName "principalDisplayName"
    PrincipalId "principalId"
    PrincipalName "principalName"
    PrincipalOrganizationId "principalOrganizationId"
    PrincipalType "principalType"
    Principals "principals"
    Properties "properties"
    RegistrationDefinition "registrationDefinition"
    RegistrationDefinitionId "registrationDefinitionId"
    ResourceDisplayName "resourceDisplayName"
    ResourceGroup "resourceGroup"
    ResourceId "resourceId"
    RoleDefinition "roleDefinition"
    RoleDefinitionId "roleDefinitionId"
    RoleDefinitionName "roleDefinitionName"
    RoleName "roleName"
    RoleTemplateId "roleTemplateId"
    RoleType "roleType"
    Scope "scope"
    SecurityEnabled "securityEnabled"
    ServicePrincipalId "servicePrincipalId"
    ServicePrincipalType "servicePrincipalType"
    SignInActivity "signInActivity"
    SignInAudience "signInAudience"
    StartDateTime "startDateTime"
    State "state"
    Subject "subject"
    SubscriptionId "subscriptionId"
    Tags "tags"
    TenantId "tenantId"
    Type "type"
    UpdatedOn "updatedOn"
    UserPrincipalName "userPrincipalName"
    UserType "userType"
}

const KEYS: usize = Key::ALL.len();
const WORDS: usize = KEYS.div_ceil(64);

impl Key {
    /// The key of that text between its quotes.
    pub(super) fn of(raw: &[u8]) -> Option<Key> {
        type Names = Vec<(&'static [u8], Key)>;
        static BY_LENGTH: LazyLock<Vec<Names>> = LazyLock::new(|| {
            let mut by_length: Vec<Names> = vec![];
            for &(key, name) in Key::ALL {
                if by_length.len() <= name.len() {
                    by_length.resize_with(name.len() + 1, Vec::new);
                }
                by_length[name.len()].push((name.as_bytes(), key));
            }
            by_length
        });
        if memchr::memchr(b'\\', raw).is_some() {
            let text = std::str::from_utf8(raw).ok()?;
            let plain = value::unescape(text)?;
            return if plain.contains('\\') { None } else { Key::of(plain.as_bytes()) };
        }
        let list = BY_LENGTH.get(raw.len())?;
        list.iter().find(|(name, _)| name.eq_ignore_ascii_case(raw)).map(|&(_, key)| key)
    }
}

/// Where the value of a key stands in the window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) key: Key,
    /// Inside `properties`.
    pub(super) inner: bool,
    /// There is no escape in it.
    pub(super) plain: bool,
    /// The first byte of the key's text.
    pub(super) key_at: u32,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// The keys of the records before, in their order: the next record most likely has the same.
#[derive(Default)]
struct Shape {
    /// Each with its closing quote.
    expected: Vec<(Box<[u8]>, Option<Key>)>,
}

/// Whether the bytes begin with a text; eight at a time, without a call.
#[inline(always)]
fn begins(bytes: &[u8], text: &[u8]) -> bool {
    let word = |of: &[u8], at: usize| of.get(at..)?.first_chunk().map(|chunk| u64::from_le_bytes(*chunk));
    let Some(bytes) = bytes.get(..text.len()) else { return false };
    let Some(last) = text.len().checked_sub(8) else {
        return bytes.iter().zip(text).fold(true, |same, (a, b)| same & (a == b));
    };
    let mut at = 0;
    while at < last {
        if word(bytes, at) != word(text, at) {
            return false;
        }
        at += 8;
    }
    word(bytes, last) == word(text, last)
}

impl Shape {
    /// The key at `scanner`, which is on its opening quote; passes over it. `next` is where in the shape it is expected.
    #[inline(always)]
    fn key(&mut self, scanner: &mut Scanner<'_>, next: &mut usize) -> Scan<Option<Key>> {
        let rest = &scanner.bytes[scanner.at + 1..];
        if let Some((text, key)) = self.expected.get(*next)
            && begins(rest, text)
        {
            scanner.at += 1 + text.len();
            *next += 1;
            return Ok(*key);
        }
        self.unexpected(scanner, next)
    }

    #[cold]
    fn unexpected(&mut self, scanner: &mut Scanner<'_>, next: &mut usize) -> Scan<Option<Key>> {
        let rest = &scanner.bytes[scanner.at + 1..];
        for skip in 1..4 {
            if let Some((text, key)) = self.expected.get(*next + skip)
                && begins(rest, text)
            {
                scanner.at += 1 + text.len();
                *next += skip + 1;
                return Ok(*key);
            }
        }
        let start = scanner.at + 1;
        scanner.string()?;
        let key = Key::of(&scanner.bytes[start..scanner.at - 1]);
        if self.expected.len() >= 96 {
            self.expected.clear();
            *next = 0;
        }
        if scanner.at - start <= 64 {
            let at = (*next).min(self.expected.len());
            self.expected.insert(at, (scanner.bytes[start..scanner.at].into(), key));
            *next = at + 1;
        }
        Ok(key)
    }
}

/// A key that a record has twice: bytes of the window.
#[derive(Clone, Copy)]
pub(super) struct Twice {
    pub(super) key: Key,
    pub(super) inner: bool,
    pub(super) first: u32,
    pub(super) second: u32,
}

/// The projector: what it found in the window so far, and what it learned of the records' shape.
#[derive(Default)]
pub(super) struct Projector {
    pub(super) slots: Vec<Slot>,
    pub(super) ahead: Ahead,
    pub(super) nesting: Nesting,
    pub(super) twice: Option<Twice>,
    outer: Shape,
    inner: Shape,
}

impl Projector {
    /// Passes over the object at `scanner`, noting its slots. On a halt the slots are as before.
    pub(super) fn record(&mut self, scanner: &mut Scanner<'_>) -> Scan<()> {
        let before = self.slots.len();
        self.twice = None;
        let result = self.object(scanner, false);
        match result {
            Ok(()) => self.ahead.note(scanner.bytes, &self.slots[before..]),
            Err(_) => self.slots.truncate(before),
        }
        result
    }

    /// Passes over the object that `scanner` is on; one level deeper for `properties`.
    #[inline(always)]
    fn object(&mut self, scanner: &mut Scanner<'_>, inner: bool) -> Scan<()> {
        let first = self.slots.len();
        let mut next = 0;
        let mut seen = [0u64; WORDS];
        scanner.at += 1;
        if scanner.must("a key or `}`")? == b'}' {
            scanner.at += 1;
            return Ok(());
        }
        loop {
            if scanner.must("a key in `\"`")? != b'"' {
                return Err(scanner.expected("a key in `\"`"));
            }
            let key_at = scanner.at + 1;
            let shape = if inner { &mut self.inner } else { &mut self.outer };
            let key = shape.key(scanner, &mut next)?;
            scanner.colon()?;
            if let Some(key) = key {
                let (word, bit) = (key as usize / 64, key as usize % 64);
                if seen[word] >> bit & 1 == 1 {
                    self.note_twice(key, inner, first, key_at);
                }
                seen[word] |= 1 << bit;
                let opens = scanner.must("a value")?;
                let start = scanner.at;
                scanner.escaped = false;
                if key == Key::Properties && !inner && opens == b'{' {
                    self.properties(scanner)?;
                } else {
                    scanner.value(&mut self.nesting)?;
                }
                let (start, end) = (start as u32, scanner.at as u32);
                let plain = !scanner.escaped;
                self.slots.push(Slot { key, inner, plain, key_at: key_at as u32, start, end });
            } else {
                scanner.value(&mut self.nesting)?;
            }
            match scanner.must("`,` or `}`")? {
                b',' => scanner.at += 1,
                b'}' => {
                    scanner.at += 1;
                    return Ok(());
                }
                _ => return Err(scanner.expected("`,` or `}`")),
            }
        }
    }

    #[inline(never)]
    fn properties(&mut self, scanner: &mut Scanner<'_>) -> Scan<()> {
        self.object(scanner, true)
    }

    #[cold]
    fn note_twice(&mut self, key: Key, inner: bool, from: usize, second: usize) {
        let same = |slot: &&Slot| slot.key == key && slot.inner == inner;
        let first = self.slots[from..].iter().find(same).map_or(0, |slot| slot.key_at);
        self.twice.get_or_insert(Twice { key, inner, first, second: second as u32 });
    }

    /// Passes over a row of a Resource Graph table; its cells are the values of those keys.
    pub(super) fn row(&mut self, scanner: &mut Scanner<'_>, columns: &[Option<Key>]) -> Scan<usize> {
        let before = self.slots.len();
        self.twice = None;
        let result = self.cells(scanner, columns);
        if result.is_err() {
            self.slots.truncate(before);
        }
        result
    }

    fn cells(&mut self, scanner: &mut Scanner<'_>, columns: &[Option<Key>]) -> Scan<usize> {
        scanner.at += 1;
        let mut count = 0;
        if scanner.must("a value or `]`")? == b']' {
            scanner.at += 1;
            return Ok(count);
        }
        loop {
            let opens = scanner.must("a value")?;
            let start = scanner.at;
            let key = columns.get(count).copied().flatten();
            if key == Some(Key::Properties) && opens == b'{' {
                self.properties(scanner)?;
            } else {
                scanner.value(&mut self.nesting)?;
            }
            if let Some(key) = key {
                let (start, end) = (start as u32, scanner.at as u32);
                self.slots.push(Slot { key, inner: false, plain: false, key_at: start, start, end });
            }
            count += 1;
            match scanner.must("`,` or `]`")? {
                b',' => scanner.at += 1,
                b']' => {
                    scanner.at += 1;
                    return Ok(count);
                }
                _ => return Err(scanner.expected("`,` or `]`")),
            }
        }
    }
}

const NONE: u16 = u16::MAX;

/// Finds the slot of a key in constant time; kept from record to record.
pub(super) struct Lookup {
    outer: [u16; KEYS],
    inner: [u16; KEYS],
}

impl Lookup {
    pub(super) fn new() -> Self {
        Lookup { outer: [NONE; KEYS], inner: [NONE; KEYS] }
    }

    pub(super) fn enter(&mut self, slots: &[Slot]) {
        for (index, slot) in slots.iter().enumerate() {
            let table = if slot.inner { &mut self.inner } else { &mut self.outer };
            table[slot.key as usize] = index as u16;
        }
    }

    pub(super) fn leave(&mut self, slots: &[Slot]) {
        for slot in slots {
            let table = if slot.inner { &mut self.inner } else { &mut self.outer };
            table[slot.key as usize] = NONE;
        }
    }
}

/// A record: an element of a collection, or an object inside one.
#[derive(Clone, Copy)]
pub(super) struct Record<'b> {
    /// The window.
    pub(super) text: &'b str,
    pub(super) slots: &'b [Slot],
    pub(super) lookup: &'b Lookup,
    /// The record's own span in the window.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The line it begins on.
    pub(super) line: u32,
}

impl<'b> Record<'b> {
    fn slot(&self, index: u16) -> Option<Raw<'b>> {
        let slot = self.slots.get(index as usize)?;
        let text = self.text.get(slot.start as usize..slot.end as usize)?;
        Some(Raw {
            text,
            at: slot.start as usize,
            key: slot.key.name(),
            inner: slot.inner,
            plain: slot.plain,
        })
    }

    /// The value of a key at the top of the record.
    pub(super) fn outer(&self, key: Key) -> Option<Raw<'b>> {
        self.slot(self.lookup.outer[key as usize])
    }

    /// The value of a key in `properties`.
    pub(super) fn inner(&self, key: Key) -> Option<Raw<'b>> {
        self.slot(self.lookup.inner[key as usize])
    }

    /// The value of a key, at the top (flattened by az) or in `properties` (ARM).
    pub(super) fn get(&self, key: Key) -> Option<Raw<'b>> {
        self.outer(key).or_else(|| self.inner(key))
    }

    /// The value of a key that ARM nests in `properties` and az flattens; saying it in both places differently is an error.
    pub(super) fn pick(&self, key: Key) -> Result<Option<Raw<'b>>, Wrong> {
        match (self.outer(key), self.inner(key)) {
            (Some(outer), Some(inner)) if outer.text != inner.text => self.choose(outer, inner),
            (Some(outer), _) => Ok(Some(outer)),
            (None, inner) => Ok(inner),
        }
    }

    #[cold]
    fn choose(&self, outer: Raw<'b>, inner: Raw<'b>) -> Result<Option<Raw<'b>>, Wrong> {
        if outer.is_null() || inner.is_null() {
            return Ok(Some(if outer.is_null() { inner } else { outer }));
        }
        if outer.is_string() && inner.is_string() && outer.string()? == inner.string()? {
            return Ok(Some(outer));
        }
        let message = format!(
            "`{}` is {} at the top of the record and {} in its `properties`",
            inner.key,
            value::clip(outer.text),
            value::clip(inner.text)
        );
        Err(Wrong { code: code::D508, first: Some(outer.at), ..inner.wrong(message) })
    }

    /// The value of a key as [`Record::pick`] finds it, that the record can't do without.
    pub(super) fn need(&self, key: Key) -> Result<Raw<'b>, Wrong> {
        match self.pick(key)? {
            Some(raw) if !raw.is_null() => Ok(raw),
            _ => Err(self.lacks(&[key])),
        }
    }

    /// A string that says something, at the top or in `properties`.
    pub(super) fn text(&self, key: Key) -> Result<Option<Cow<'b, str>>, Wrong> {
        self.pick(key)?.map_or(Ok(None), |raw| raw.filled())
    }

    /// A string that says something, at the top.
    pub(super) fn outer_text(&self, key: Key) -> Result<Option<Cow<'b, str>>, Wrong> {
        self.outer(key).map_or(Ok(None), |raw| raw.filled())
    }

    /// The record has none of those keys, of which it needs one.
    #[cold]
    pub(super) fn lacks(&self, keys: &[Key]) -> Wrong {
        let names: Vec<String> = keys.iter().map(|k| format!("`{}`", k.name())).collect();
        let message = format!("the record has no {}", names.join(" and no "));
        Wrong { at: self.start, pointer: String::new(), message, help: None, code: code::D505, first: None }
    }

    /// The line of a byte of the window.
    pub(super) fn line_at(&self, at: usize) -> u32 {
        let before = self.text.as_bytes().get(self.start..at).unwrap_or_default();
        self.line + memchr::memchr_iter(b'\n', before).count() as u32
    }
}
