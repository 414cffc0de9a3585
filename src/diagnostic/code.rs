//! Every diagnostic code, once, with its explanation (`dictum explain CODE`).
//!
//! D0xx: the text of a policy (syntax, names, types). D15x: the tests of a policy. D4xx: what a policy probably does not mean. D5xx: inventories and
//! other inputs. D6xx: what could not be decided. D7xx: waivers. D8xx: configuration and the command line.

use std::fmt;

/// A diagnostic code such as `D012`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// `D012`.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A code and what there is to say about it.
pub struct Explanation {
    /// The code.
    pub code: Code,
    /// One line, without a full stop.
    pub title: &'static str,
    /// Plain text paragraphs: what it means, why it matters, an example and what to write instead.
    pub text: &'static str,
}

macro_rules! codes {
    ($($code:ident $title:literal $text:literal)*) => {
        $(#[doc = $title] pub const $code: Code = Code(stringify!($code));)*
        /// All codes in order.
        pub const ALL: &[Explanation] = &[$(Explanation { code: $code, title: $title, text: $text }),*];
    };
}

codes! {
    D001 "the statement does not parse"
        "The text is not a sentence of the language. The message says what was expected where reading stopped. Statements are
read one by one: the rest of the file was still checked.

The usual causes are a misspelled word, a comma too many or too few, and a clause that belongs to another kind of
sentence. Words of the language are written in lower case and end at a word boundary: `deny role`, never `denyrole`."

    D002 "a string or regular expression is not closed"
        "A string begins and ends with a quotation mark and stays on one line. A quotation mark inside it is written \\\".
`because` and `fix` take several strings, which are joined by a space, so a long text needs no long line:

    because \"The first half of the reason\"
            \"and the second.\"

A regular expression stands between slashes, only after `matches`, on one line; a slash inside it is written \\/."

    D003 "an escape that does not exist"
        "In a string a backslash begins an escape: \\\" for a quotation mark, \\\\ for a backslash, \\n for a line break, \\t for a
tab, and \\u{...} for the character with that hexadecimal number, for instance \\u{e9}. Nothing else can follow a backslash.

In a regular expression backslashes are the expression's own."

    D004 "a character that means nothing here"
        "Outside strings and comments a policy consists of words, numbers, and the signs , . ( ) [ ] { } = == != < <= > >= + - /.
Conditions are joined by the words `and`, `or` and `not`. Strings stand between straight double quotation marks. Globs such
as * are quoted.

Inside strings, characters that can't be seen are refused: control characters, and those that turn the direction of
text, since what a reviewer sees would not be what is read. Write such a character as an escape if it is really meant."

    D005 "a statement is nested too deep"
        "Brackets, `not`, `in` and quantifiers can be nested, but not deeper than anybody could read. Split the statement into
several rules, or name parts of it with `let`."

    D006 "not a date"
        "Dates are written yyyy-mm-dd, with two digits for month and day, and must exist: 2027-02-29 does not."

    D007 "not a GUID"
        "A GUID consists of 8, 4, 4, 4 and 12 hexadecimal digits, joined by hyphens, without braces:

    deny role 8e3af657-a8ff-443c-a75c-2fe8c4bcb635 for user

If it is a name that only looks like a GUID, quote it."

    D008 "too long or too large"
        "A string may have 64 KiB, a word 1 KiB, a number 63 bits. Nothing that a policy says is longer."

    D010 "a line does not begin a statement"
        "A statement begins with one of: policy, use, let, param, rule, waive, test, deny, warn, advise, require. Everything up to
the next of these words belongs to it.

Where a statement is broken, a line at the left margin is taken for the beginning of a new one: indent the lines that
go on with a statement, as `dictum fmt` does."

    D011 "not a noun"
        "A sentence is about role assignments (`role`, `directory_role`, `app_role`, perhaps with adjectives before it) or about
things (`user`, `resource`, `federated_credential`, ...). The word that stands here is none of these. The nouns are fixed,
so that a misspelled one is an error and never a rule that silently matches nothing."

    D012 "not a scope"
        "After `at`, `on` and `within` stands a level of the scope hierarchy (root, management_group, subscription,
resource_group, resource), perhaps with names:

    deny role Owner at subscription \"prod-*\", management_group for user

or a resource described in parentheses: `on (resource where resource.identities is not empty)`."

    D013 "not a kind of principal"
        "After `for`, `from` and `through` stands a kind of principal (user, guest, group, managed_identity, ...), perhaps with
names, or `anyone`, or a description in parentheses:

    deny role Owner for user except user \"bg-*\"
    deny any role for (user where not user.enabled)"

    D014 "a reserved word as a name"
        "All nouns, verbs and clause words of the language are reserved: no set, parameter or bound name can be called so, and
nothing is read of them unless they are nouns. An attribute may be called like a reserved word, since it follows a dot:
`resource.type`.

A hyphen between letters or digits is part of a name. A minus sign therefore has spaces around it: `today - 90 days`."

    D015 "neither roles nor an adjective"
        "`deny role where ...` does not say which roles are meant. Name them, or say that all are meant:

    deny role Owner, Contributor for guest
    deny any role for guest
    deny privileged role for guest"

    D016 "a clause that is written twice"
        "A grant has at most one of each of `at|on|within`, `for` and `also holding`; a rule at most one `severity`, `because`,
`fix` and `controls`. A clause takes a list: `for user, guest`. Only `where` and `unless` can be repeated; all of them must
hold then."

    D017 "badly written, or missing in a fact"
        "A rule or policy is called with letters and digits joined by hyphens, beginning with a lower-case letter or a digit:
`no-owner-for-guests`. A set or parameter begins with a lower-case letter. Names of Azure things that are not a single
capitalised word are quoted: `role \"Key Vault Administrator\"`.

A role that a test states says for whom it is: `role Reader at subscription \"prod\" for user \"alice\"`."

    D018 "a waiver that is not complete"
        "A waiver says which rule it waives, what it is narrowed to (`for`, `at|on|within`, `of` or `finding`), `until` when it
holds, `because` of what, and who it was `approved by`:

    waive least-privilege/no-broad-role
      for user_assigned \"mi-terraform\"
      until 2027-03-31
      because \"Bootstrap pipeline, replaced by per-team identities\"
      approved by \"cloud-security@example.com\""

    D019 "`or above` after `on` or `within`"
        "`at S or above` means an assignment made at S or at any of its ancestors. `on S` means in force at S, so assignments made
above are in it already. `within S` means made at or inside S, which contradicts `or above`."

    D020 "an edition that does not exist"
        "`policy NAME edition 1` says for which edition of the language a file was written. New reserved words arrive only with a
new edition."

    D021 "a misplaced policy header"
        "A file has at most one `policy` header, and it is the first statement of the file."

    D022 "not a severity"
        "The severities are critical, high, medium, low and info."

    D023 "not a step"
        "The steps of a path are membership, code_execution, identity_attachment, federation, role_grant, role_definition and
ownership."

    D024 "a clause of another sentence"
        "`at`, `on` and `for` say where and by whom a role is held, so they belong to sentences about roles. Sentences about other
things say where with `within` and everything else with `where`:

    deny user_assigned within subscription \"prod-*\" where user_assigned.attachments is empty

`require some` means at least one; other numbers are said with `deny ... if fewer than N`."

    D031 "`and` beside `or` without parentheses"
        "In `A and B or C` some readers bind `and` tighter and some read from the left. A policy must not depend on that: write
`(A and B) or C`, or `A and (B or C)`."

    D060 "a name that is not defined"
        "A lower-case bare word in a list is the name of a set (`let`), of a parameter (`param`) or, after `granting`, of a
capability set. This one is defined neither in this file nor in a file that it uses.

A literal name is written with a capital letter (`Owner`) or in quotes (\"sg-operators\"). Sets of another file come with
`use \"other.dictum\"`, which brings the sets of that file and not those that it uses itself."

    D061 "a name that is defined twice"
        "Sets and parameters share one space of names, together with those that `use` brings and with the capability sets that
ship with the product. If a second definition could replace the first, reading a rule would not tell what it means."

    D062 "an empty name"
        "An empty name matches nothing, and a rule that matches nothing passes without having looked. For every name write
\"*\", or leave the list out: `user` alone means every user."

    D063 "a set that holds itself"
        "The members of this set lead back to the set. Write the members out, or take the name of the set from its own list."

    D064 "a file to use that does not exist"
        "`use` names a file by its path from the folder of the file in which it stands. The diagnostic shows which path was
looked for."

    D065 "a path that `use` does not take"
        "A policy uses files of its own policy folder, by a relative path. Paths from the root of the file system and paths that
leave the folder with `..` are refused: what a policy means must not depend on the machine that reads it."

    D066 "files that use each other"
        "`use` brings the sets of one file into another, and the files use each other in a circle. Put the sets that both need
into a third file."

    D067 "two rules with one id"
        "A rule's id is its policy and its name, `policy/rule`; reports, waivers, tests and baselines refer to it. A policy may
have several files, and the names of its rules are different in all of them. A statement without a name has its text for
an id, so that the same statement twice is the same rule twice."

    D068 "a value or bound of a parameter that makes no sense"
        "The bounds of a parameter are of the type of its value, the lower one first, and the value lies between them:

    param stale-after = 90 days between 30 days and 180 days

Text has no bounds. Numbers and lengths of time beyond what any inventory can hold are refused."

    D069 "a parameter in the configuration that does not fit"
        "dictum.toml gives a parameter another value by its policy and name:

    [params]
    \"least-privilege.stale-after\" = \"60 days\"

The value is of the type of the default, between the bounds that the policy sets. The policy's bounds are what its author
can answer for, so they hold for everyone who uses it."

    D070 "a set or parameter of another type"
        "What this name stands for cannot stand here: a list of names needs a set or a text parameter, a comparison needs a value
and not a set. Sets stand in lists of names, after `granting`, after `in` and after `matches`."

    D071 "a capability set where names are expected"
        "A capability set such as `secret-read` or `code-execution` is a list of actions. It stands after `granting`: `role
granting secret-read` is every role that grants one of these actions, whatever its name is."

    D080 "adjectives that exclude each other"
        "No assignment has both of these properties, so that the rule would match nothing and pass. `active` and `eligible`,
`custom` and `built_in`, `direct` and `inherited` exclude each other; without either, both sorts are meant. Managed
identities and service principals are never eligible: Privileged Identity Management does not manage them."

    D082 "a scope that nothing is above"
        "`or above` means the scope or any that encloses it. Nothing encloses the root."

    D083 "`of type` where there is no type"
        "Only resources have a type, and a type is a namespace, a slash and a name: `resource of type
\"Microsoft.KeyVault/vaults\"`. `*` stands for any run of characters, so \"Microsoft.Storage/*\" is every type of it."

    D084 "`in` something that cannot hold it"
        "`in` says where the thing named before it is: a resource in a resource_group, a resource_group in a subscription, a
subscription or management_group in a management_group, a managed identity in any of these, and a principal in a group.
Several follow each other from the inside out: `user_assigned \"x\" in resource_group \"y\" in subscription \"z\"`."

    D085 "a sub-selector of another sort"
        "The noun in parentheses says what is selected. Where a scope is expected it is a level (root, management_group,
subscription, resource_group, resource); where someone who holds a role is expected it is a kind of principal. An
application holds roles as its service principal."

    D086 "`within` for something that is nowhere"
        "Scopes hold scopes, managed identities, and role, deny and policy assignments. Users, groups, other service principals,
applications and role definitions belong to the directory as a whole."

    D087 "a clause that only Azure roles have"
        "`directory_role` is a role of Microsoft Entra ID, `app_role` a permission of an application. They are held in the whole
directory and not at a scope, have no Azure actions to be `granting`, and app roles are neither custom nor eligible."

    D088 "a name for what has none"
        "There is one root, and it has no name. Write `root` alone."

    D090 "not an action"
        "An action is a namespace, one or more resource types, perhaps a verb, and one of `read`, `write`, `delete` and `action`,
with slashes between: \"Microsoft.Compute/virtualMachines/start/action\". `*` stands for any run of characters, slashes
included. A pattern that no operation can match would make a rule that passes whatever it is shown."

    D091 "every role, or none"
        "`granting \"*\"` asks for roles that grant at least one operation of all that exist, which is every role. `granting all
\"*\"` asks for those that grant every operation. Beyond \"*\" there is nothing to grant."

    D092 "a data action without `data`"
        "Azure keeps two sorts of operations apart: actions manage resources, data actions read and write what is in them. The
built-in roles grant this one as a data action only, so that among actions nothing would ever match it. Write `granting
data`."

    D093 "a name where an action is expected"
        "After `granting` stand actions in quotes, capability sets, and sets of actions that the policy defines."

    D094 "a capability set without data actions"
        "All actions of this capability set manage resources. Leave `data` out."

    D100 "bounds that are always or never met"
        "`fewer than 2 or more than 3` is met outside 2 to 3. Bounds that every number meets, that no number meets, or of which
one says nothing are slips of the pen."

    D101 "a unit that this sentence does not find"
        "A count counts what the sentence selects, or the holders, assignments or scopes of the grants that it selects. What it
does not find is counted as 0, always."

    D102 "a group that the counted things do not belong to"
        "`per subscription` keeps one count for each subscription. For that, what is counted must be in a subscription. Everything
can be counted `per tenant`, and per attribute of the thing: `per federated_credential.identity`."

    D103 "not a number"
        "`more than` and `fewer than` take a number, written out or as a parameter: `param too-many = 3` and `more than too-many`."

    D110 "a thing that this sentence is not about"
        "In an expression the thing that a sentence selects is named by the noun that the sentence uses: `user where
user.enabled`. In a grant there are `assignment`, `role`, `scope`, `principal` (who holds it), `assignee` (whom it was made
to) and `via` (the groups between). Inside parentheses, `(user where ...)`, only that noun can be read."

    D111 "an attribute that does not exist"
        "The schema of nouns and attributes is closed: a misspelling is an error and not a rule that silently matches nothing.
An attribute of a narrower noun can be read after `is`: `principal is user and principal.enabled`. Tags are read by name:
`resource.tags[\"owner\"]`."

    D112 "a word that is not in the closed list"
        "Some attributes have one of a few values. They are written in quotes and exactly as Azure spells them; another word
would never be equal."

    D113 "types that do not go together"
        "Nothing is converted by itself. Numbers compare with numbers, dates with dates, lengths of time with lengths of time,
text with text, and things with things; the difference of two dates is a length of time. A length of time has a unit: `180
days`. Dates, numbers, true and false have no quotes."

    D114 "something that may be absent is compared or added"
        "What is absent is neither less nor more than anything, and has no age. A user who never signed in is the stalest one of
all, or does not count; which of the two is for the policy to say:

    user.last_sign_in is not present or age(user.last_sign_in) > 90 days      the user counts
    user.last_sign_in is present and age(user.last_sign_in) > 90 days         the user does not

The question stands to the left of the comparison. `==`, `!=`, `in`, `contains` and `matches` need none: absent equals
nothing."

    D115 "`in` with a pattern"
        "`in` compares for equality, so that \"prod-*\" would be the name prod-* and nothing else. Write `matches` for patterns."

    D116 "not a regular expression"
        "`matches /.../` takes a regular expression that is decided in time linear in the text. There is no look-around and no
reference back. It matches the whole value: write `.*` where anything may stand."

    D117 "a name that is already taken"
        "The name that a quantifier or `count` binds must not be one that already means something where it stands: a noun of
the sentence, a set, a parameter, or a name bound around it."

    D118 "not a condition"
        "`where`, `unless`, `satisfies`, `and`, `or` and `not` take something that is true or false: a comparison, a question with
`is`, or an attribute of that type."

    D130 "a path that makes no sense"
        "A path has at least one step, and each sort of step is named once."

    D151 "a thing is stated twice in a test"
        "Two facts of a test state the same thing. State it once, with everything that it is in; or, if there really are two, give
the second one another name. Things in different places may share a name: `user_assigned \"mi\" in resource_group \"a\"` and
`user_assigned \"mi\" in resource_group \"b\"` are two."

    D152 "a name is used in a test and not stated"
        "What a test does not state is absent, so a name that no fact states would match nothing. State it among the facts:

    given
      subscription \"prod\"
      user \"alice\"
      role Owner at subscription \"prod\" for user \"alice\"

Roles that are built in need not be stated. A custom role is: role_definition \"Deployer\" with { actions = [\"*\"] }"

    D153 "a fact of a test can't be so"
        "The fact contradicts how Azure is, or another fact: a resource group is in a subscription, a system_assigned identity is of a
resource, a user_assigned one is in a resource group and attached to resources, a federated_credential is of an identity or
application, and an assignment is made at one scope for one principal."

    D154 "an attribute that a stated thing does not have"
        "The attribute is not one of the noun. The message lists those that it has."

    D155 "a value of another type"
        "The attribute has another type, or is one of a closed list of words. `unknown` states that the capture does not say."

    D156 "an expectation names no rule"
        "A test expects something of a rule that is not there. Within its own file a rule is called by its name, elsewhere by
`policy/rule`. A statement without a name can't be named: give it one with `rule NAME`."

    D157 "a test needs to know which day it is"
        "A rule that the test expects something of reads `today` or `age()`. Say which day it is: test \"...\" as of 2026-11-23"

    D401 "a set or parameter that is not used"
        "Nothing in this file, and no file that uses it, refers to this name. Either the definition is left over, or a rule was to
use it and does not."

    D402 "a grant above escapes"
        "`at S` finds assignments made exactly at S, and `within S` those made at or inside it. An assignment at a management group
above is in force at S all the same, and neither finds it. `on S` means in force there: made above, at or inside. It is the
safe reading wherever a rule keeps someone out of something."

    D403 "an exemption by tag"
        "Whoever may write tags on the resource can exempt it. The right to write tags is part of many roles that are not meant to
decide about policies. Exempt by object id or by full resource id, which nobody can choose."

    D404 "an exemption by a name that is not unique"
        "Display names can be chosen: another group, identity or application of the same name is exempt as well. Write the object
id, or the full resource id, or for a managed identity say where it is: `user_assigned \"x\" in resource_group \"y\" in
subscription \"z\"`."

    D405 "a rule that another one contains"
        "Whatever this rule finds, the other rule finds too, with the same effect. Either it is left over, or one of them was meant
to say something else."

    D406 "a condition that is always true or always false"
        "The condition does not depend on the inventory. Where it is always true it says nothing; where it is always false the
rule never finds anything and always passes."

    D407 "a waiver for everything"
        "None of the clauses of this waiver names something in particular, so that it waives findings that nobody has looked at.
Name the holder, the scope or the finding."

    D408 "an expired waiver"
        "A waiver holds until the end of its last day (UTC). After that the findings count again. Remove it, or have it approved
again with a new date."

    D409 "a custom role that imitates a built-in one"
        "A custom role has the name of a built-in role, or one that looks the same. A rule that names the built-in role does not
match it, because a built-in role is identified by its GUID; a person who reads an assignment will take it for the other."

    D410 "a role that nobody knows"
        "This name is not that of a built-in role, and the inventory has no custom role of that name. A rule about a role that
does not exist passes. If the custom role exists elsewhere, the inventory lacks it; otherwise the name is misspelled."

    D411 "`is known` in a deny"
        "`is known` asks whether the inventory says something. In a `deny`, a fact that was not captured then makes the rule
pass, where without the question it would be unknown and would block. Leave it out, unless passing is meant."

    D412 "a custom role by the name of a built-in one"
        "A built-in role is known by its GUID, and a custom role of the same name is not meant by that name. So `custom role` with
none but names of built-in roles finds nothing, and passes."

    D500 "an input can't be read"
        "The file is not whole, well-formed JSON: it is cut, damaged, empty, or something else was written into it. The message
gives line and column and what was expected there. Nothing of an input that can't be read to its end is used: half a list
would look like a whole one.

Capture the file again. A file cut by a full disk or a broken connection can't be mended by closing its brackets."

    D501 "an input is not something that Dictum reads"
        "The file is well-formed so far, but it is no capture of a tenant: a plan, a template, an error that Azure answered, a
message that az printed in front of its output. The message says what it seems to be.

Read are: Dictum's own inventory document, output of az (`-o json`), pages of ARM and of Microsoft Graph, answers of Resource
Graph, and the folder that `dictum inventory --capture-script` writes."

    D502 "a key stands twice in one object"
        "An object has the same key twice; letter case and escapes (`\\u0061` for `a`) make no other key. JSON leaves open which
of the two counts, so that two programs could read two things. Both places are named. Keep one of them."

    D503 "an unknown key"
        "A key of Dictum's inventory document, or of a capture.json, is none that Dictum knows. It is an error rather than skipped,
because a misspelt collection would otherwise be one that was not captured."

    D504 "a value is not of the kind that its key needs"
        "A key has a number where a string belongs, a text that is no GUID where an object id belongs, and so on. The message
names the record by file, line and JSON pointer, and says what was expected. Records are never skipped: the verdict would rest
on less than was captured."

    D505 "a record lacks what its collection needs"
        "A role assignment without `principalId`, a membership without `groupId`: what the record is about is not said. The message
names the key. Records are never skipped: capture the collection again, with all columns (no `--query` that drops them)."

    D506 "it can't be told what a record is"
        "A record is recognised by its `type` (ARM), its `@odata.type` or `@odata.context` (Microsoft Graph), or by keys that only
one kind of record has. This one has none of them.

Put the list into a Dictum inventory document, whose keys name the collections: {\"roleAssignments\": [...], \"users\": [...]}."

    D507 "a list does not say whose members or owners it holds"
        "The members of a group are a list of users, groups and service principals that does not name the group. Name the file
after the group's object id (`8997dd1c-efea-4d77-a013-ea18186b9236.json` or `members-8997dd1c-efea-4d77-a013-ea18186b9236.json`), or
write the memberships into an inventory document: {\"groupMemberships\": [{\"groupId\": ..., \"memberId\": ..., \"memberType\": ...}]}."

    D508 "a record says one thing at its top and another in `properties`"
        "ARM nests what a record says in `properties`; az flattens it. A record that has both, with different values, says two
things. Keep one of them."

    D510 "one thing is recorded in two ways"
        "Two records are about the same thing (the same id, letter case apart) and say different things of it. Both places are
named. The files are probably of different times: capture them together."

    D511 "management groups form a cycle"
        "Following the parents of a management group leads back to itself. Azure does not allow it, so the capture is damaged or put
together by hand. The groups of the cycle are named, with the places that state their parents."

    D512 "a collection is declared complete that is not there"
        "`capture.complete`, a capture.json, `--complete` or dictum.toml says that all of a collection was captured, but no input has
that collection. An empty one is written as `[]`. Otherwise the file was left out, or the name is meant for another one."

    D513 "captures of two tenants"
        "The inputs name two different tenants as the one that they were captured from. Verdicts over a mixture would be about a
tenant that does not exist. Run once for each tenant."

    D514 "nothing was captured"
        "The inputs hold no record and no collection: there is nothing to decide on, and a run without facts never passes."

    D520 "groups are members of each other"
        "Following memberships from a group leads back to itself. Microsoft Entra allows it; everyone in the cycle is a member of
all its groups, and verdicts count it so. It is rarely meant."

    D521 "an assignment calls its principal something else than the directory does"
        "`principalType` of a role assignment is a label that was true when the assignment was made. The directory's own record
decides; the label is not used."

    D522 "an eligible assignment of a managed identity"
        "Managed identities, applications and service principals can't activate an eligible assignment (Privileged Identity
Management is for people). The capture is damaged or put together by hand."

    D523 "a custom role is assigned outside its assignable scopes"
        "A custom role can be assigned at and below its assignable scopes only. An assignment elsewhere can't be made: the definition
and the assignments are probably of different times."

    D524 "a resource names an identity that is not there"
        "The identity block of a resource names a user-assigned identity that the complete list of identities does not have: it was
deleted, and the resource still names it. Its assignments, if any, are orphans."

    D525 "an assignment is made at a scope that is not there"
        "The resource, resource group or subscription that a role is assigned at is not in the complete list of them: it was moved or
deleted. Assignments do not move with a resource; Azure removes them later."

    D526 "classic administrators"
        "Classic administrators (service administrator, co-administrator) were retired on 2024-08-31 and have no effect. The rows
are not counted as assignments."

    D527 "a declared list has pages that were not read"
        "The collection is declared complete, but a page that was read names a next page and no page ends the list. The collection
counts as partial: verdicts that rest on it are unknown. Add the missing files, or capture again. Where `--complete` or
dictum.toml asserts that it is complete, the assertion stands, and every report says so."

    D528 "an empty list of nobody knows what"
        "The input is an empty list, and nothing in it says of what. It adds no fact, and no collection counts as captured because
of it. In an inventory document the key says it: {\"roleAssignments\": []}."

    D529 "directory objects without a word on where they are from"
        "Users, groups and service principals were listed together. The list was taken for objects that were looked up by id
(`directoryObjects/getByIds`), so they count as captured objects and nobody counts as a member of anything. If it is the list
of a group's members, name the file after the group's object id."

    D530 "records of another tenant"
        "Subscriptions or identities of the capture belong to another tenant than the one it was captured from. That happens with
Azure Lighthouse and with subscriptions that changed their tenant; their principals can't be found in this directory."

    D531 "a file of the capture was not read"
        "The capture.json names a file that is not among the inputs. The collection that it holds counts as partial. Give Dictum the
whole folder."

    D532 "the capture was made with failures"
        "The capture.json tells of calls that were refused or failed. The collections they are about are partial or not captured, and
verdicts that rest on them are unknown."

    D701 "a waiver for a rule that does not exist"
        "The rule is named as `policy/rule`, or by its name alone within its own policy. A rule that was renamed needs its waivers
renamed."

    D702 "a waiver for a statement without a name"
        "The id of a bare statement is its own text, so that a waiver would be lost with the smallest change of the statement.
Name the rule, and waive it by its name."

    D703 "a waiver that can match no finding"
        "A clause of the waiver does not fit what the rule finds: `for` narrows by holder, `at`, `on` and `within` by scope, `of` by
the thing that was found. `finding \"...\"` with the fingerprint from a report fits every rule."

    D704 "a waiver that leaves something unsaid"
        "A waiver says until when, why and by whom it was approved."

    D705 "a waiver that its requester approves"
        "`requested by` and `approved by` are two people: that is what makes a waiver more than an exception that someone took."

    D706 "a waiver outside the waiver files"
        "Waivers count only from files that dictum.toml names under `waivers`, so that a change cannot waive itself. This one was
checked and does nothing."

    D707 "a waiver for a policy that is not part of this run"
        "The policy that this waiver names was not read, so that there is nothing to waive."

    D708 "a mistake in a clause of a waiver"
        "The clauses of a waiver follow the rules of other sentences; one of them does not. The message says which."

    D801 "no inventory is named"
        "A policy is decided over what was captured of a tenant, and neither the command line nor a dictum.toml says where that is.

    dictum check -i capture/             name a file or folder
    inventory = [\"capture/\"]           or write this into dictum.toml

`dictum inventory --capture-script bash` prints a script that captures a tenant. `dictum lint` checks policies without one."

    D802 "a file can't be read"
        "The file or folder does not exist, may not be read, or is not text. Paths are relative to the working folder, those in
dictum.toml to that file."

    D803 "an unknown key in dictum.toml"
        "The key means nothing, so whoever wrote it would believe in vain that it does. The keys are: policies, inventory, [params],
waivers, [assume], [capture] complete, fail-on, lock. The schema is docs/dictum-toml.schema.json."

    D804 "dictum.toml can't be read"
        "The file is not TOML, or a value has another type than its key asks for. The schema is docs/dictum-toml.schema.json."

    D805 "a value of dictum.toml or of an option that is none"
        "The value is not one of those that the key or the option takes. The message says which it takes."

    D806 "no policy"
        "A policy file or folder that holds no rule can deny nothing, so it is an error rather than a pass. Policies are files whose
names end in .dictum; a file that only brings sets for others to `use` is fine in a folder beside them."

    D807 "nothing was captured"
        "A folder holds no file that could be a capture, or what was read holds no fact. Nothing can be decided over nothing, so that
is not a pass. Captures are .json, .ndjson or .jsonl files, perhaps compressed (.gz, .zst)."

    D808 "a file can't be written"
        "The folder may not be written to, or the disk is full."

    D809 "a file is there already"
        "`dictum init` and `dictum policies copy` never overwrite. Move the file away first, or name another folder."

    D810 "the verdicts moved"
        "The verdicts over the inventory are not those of the lock file. The difference shows which rule or finding came (+) or
went (-). If that is as it should be, accept it after review: dictum lock --accept"

    D811 "there is no lock file"
        "`dictum check --locked` compares the verdicts with those of the lock file, and there is none. Write it: dictum lock"

    D812 "nothing of that name"
        "What was asked for is neither a diagnostic code, nor a rule, nor a bundled pack. `dictum policies list` lists packs and their
rules; a rule of your own policies is found through dictum.toml or --policy."

    D813 "the day is not known"
        "A rule reads `today` or `age()`, and neither the capture nor the command line says which day it is. Name it: --as-of 2026-11-23"

    D814 "a name that nobody has, or several"
        "`dictum paths`, `reach`, `who-can` and `cut` take a name as people say it: an object id, a user principal name or the part of
it before the @, a display name, a role, a resource or a full id. It has to mean one thing of the capture. Where several have
it, the message lists them: write the id of one. Where nobody has it, it names what is spelt alike.

    dictum paths --from alice -i capture/                     a name
    dictum paths --from 'guest' -i capture/                   principals in the language
    dictum find 'user' -i capture/                            who was captured"

    D815 "no path of that fingerprint"
        "`dictum cut` closes the path of a finding, and no rule about paths found one of that fingerprint. A fingerprint is of the
rule, the source and the target: it moves where the rule is renamed. The fingerprints of a run are in its JSON report:

    dictum check -i capture/ --format json

A path can also be named by its ends: dictum cut --from WHO --to WHAT"
}

/// The explanation of a code, found without regard to letter case.
pub fn explain(code: &str) -> Option<&'static Explanation> {
    ALL.iter().find(|e| e.code.0.eq_ignore_ascii_case(code))
}
