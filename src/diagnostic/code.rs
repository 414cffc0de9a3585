//! Every diagnostic code, once, with its explanation (`dictum explain CODE`).
//!
//! D0xx: the text of a policy (syntax, names, types). D4xx: what a policy probably does not mean. D5xx: inventories and
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
}

/// The explanation of a code, found without regard to letter case.
pub fn explain(code: &str) -> Option<&'static Explanation> {
    ALL.iter().find(|e| e.code.0.eq_ignore_ascii_case(code))
}
