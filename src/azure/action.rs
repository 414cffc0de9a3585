//! Action patterns: how one is matched, and what is wrong with one.
//!
//! An operation is `NAMESPACE/TYPE(/TYPE)*/[VERB/]` and then `read`, `write`, `delete` or `action`: at least three
//! words between slashes, none empty. A verb before `action` (`start/action`) is a word like a type, so that the
//! operations are all texts of three or more words whose last is one of the four. The set is open-ended.
//!
//! In a pattern `*` stands for any run of characters, slashes among them; letter case does not matter; the whole
//! operation must match (azure-facts 2.4). White space around a pattern does not count: two built-in roles carry it.

/// The last words of operations.
pub const VERBS: [&str; 4] = ["read", "write", "delete", "action"];

/// How `/*/` is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading {
    /// `*` is any run of characters and nothing else: in notActions, and in what a policy writes.
    Strict,
    /// `/*/` also matches `/`: in actions and data actions. Azure documents Managed Identity Operator, which holds
    /// `userAssignedIdentities/*/assign/action`, as the role for `userAssignedIdentities/assign/action`; so a grant
    /// is never missed, and strict notActions never remove one wrongly (azure-facts 2.4 and 10).
    Generous,
}

/// Whether `pattern` matches the whole of `operation`, strictly: the meaning of a pattern in a policy.
pub fn matches(pattern: &str, operation: &str) -> bool {
    matches_as(pattern, operation, Reading::Strict)
}

/// Whether `pattern` matches the whole of `operation`.
pub fn matches_as(pattern: &str, operation: &str, reading: Reading) -> bool {
    let (pattern, text) = (trimmed(pattern).as_bytes(), trimmed(operation).as_bytes());
    let Some(first_star) = memchr::memchr(b'*', pattern) else {
        return pattern.eq_ignore_ascii_case(text);
    };
    if text.len() < first_star || !pattern[..first_star].eq_ignore_ascii_case(&text[..first_star]) {
        return false;
    }
    let after = &pattern[first_star + 1..];
    if !after.contains(&b'*') {
        let shared = reading == Reading::Generous && is_between_slashes(pattern, first_star);
        return text.len() + usize::from(shared) >= first_star + after.len()
            && text[text.len() - after.len()..].eq_ignore_ascii_case(after);
    }
    // Once a star is reached, what any earlier star could still reach it can reach too: only the last one is retried.
    let (mut in_pattern, mut in_text) = (first_star, first_star);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        if pattern.get(in_pattern) == Some(&b'*') {
            // The slash before a generous star may also serve as the slash after it.
            let shared = reading == Reading::Generous && is_between_slashes(pattern, in_pattern);
            in_pattern += 1;
            if in_pattern == pattern.len() {
                return true;
            }
            in_text -= usize::from(shared);
            retry = Some((in_pattern, in_text));
        } else if in_text < text.len() {
            if pattern.get(in_pattern).is_some_and(|letter| letter.eq_ignore_ascii_case(&text[in_text])) {
                in_pattern += 1;
                in_text += 1;
            } else if let Some((after_star, from)) = retry {
                retry = Some((after_star, from + 1));
                (in_pattern, in_text) = (after_star, from + 1);
            } else {
                return false;
            }
        } else {
            return in_pattern == pattern.len();
        }
    }
}

/// Without white space around it; most often there is none.
fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// Whether the star at `star` stands in `/*/`.
pub(super) fn is_between_slashes(pattern: &[u8], star: usize) -> bool {
    star > 0 && pattern[star - 1] == b'/' && pattern.get(star + 1) == Some(&b'/')
}

/// Whether a text is an operation (and not a pattern).
pub fn is_operation(text: &str) -> bool {
    let text = text.trim();
    let mut words = 0;
    let mut last = "";
    for word in text.split('/') {
        if word.is_empty() {
            return false;
        }
        words += 1;
        last = word;
    }
    words >= 3 && !text.contains('*') && VERBS.iter().any(|verb| verb.eq_ignore_ascii_case(last))
}

/// What is wrong with an action pattern in a policy. `Display` is the message; [`Mistake::help`] says what to write.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// Nothing between the quotes.
    #[error("an empty action matches nothing")]
    Empty,
    /// A character that no action holds, and its byte offset.
    #[error("`{found}` cannot stand in an action")]
    Character {
        /// Byte offset in the text.
        at: usize,
        /// The character.
        found: char,
    },
    /// `/a`, `a//b`, `a/`.
    #[error("an action has a word between any two slashes, and none at its start or end")]
    EmptyWord {
        /// Byte offset of the slash too many.
        at: usize,
    },
    /// A last word that is none of the four and holds no wildcard.
    #[error("an operation ends in `read`, `write`, `delete` or `action`, not in `{last}`")]
    Ending {
        /// Byte offset of the last word.
        at: usize,
        /// The last word.
        last: String,
    },
    /// A namespace and a verb, no type: `Microsoft.Compute/read`.
    #[error("an operation names a resource type between its namespace and `{last}`")]
    NoType {
        /// The last word.
        last: String,
    },
    /// One word without a wildcard: `read`.
    #[error("`{word}` is no action: an action is a namespace, resource types and a verb")]
    NoNamespace {
        /// The word.
        word: String,
    },
    /// Well-formed in each part, and yet no operation matches it.
    #[error("no operation can match `{pattern}`")]
    Nothing {
        /// The pattern.
        pattern: String,
    },
}

impl Mistake {
    /// What to write instead.
    pub fn help(&self) -> String {
        match self {
            Mistake::Empty | Mistake::NoNamespace { .. } | Mistake::Nothing { .. } => {
                "write the whole action, as in \"Microsoft.Compute/virtualMachines/write\", or a pattern such as \
                 \"Microsoft.Compute/*/write\""
                    .to_owned()
            }
            Mistake::Character { found: '?', .. } => {
                "`*` is the only wildcard in an action; it matches any run of characters, slashes too".to_owned()
            }
            Mistake::Character { .. } => {
                "an action is letters, digits, `.`, `-`, `_`, `{`, `}`, `/` and `*`".to_owned()
            }
            Mistake::EmptyWord { .. } => "remove the extra slash".to_owned(),
            Mistake::Ending { last, .. } => match nearest_verb(last) {
                Some(verb) => format!("did you mean `{verb}`?"),
                None => format!("to match whatever follows `{last}`, write `{last}/*`; a verb of its own ends in `{last}/action`"),
            },
            Mistake::NoType { last } => format!("to match every type of the namespace, write `*/{last}` after it"),
        }
    }
}

/// `*` alone, or stars and slashes that match every operation: every role but an empty one grants some of it.
pub fn matches_everything(pattern: &str) -> bool {
    let pattern = pattern.trim();
    ["*", "*/*", "*/*/*", "**"].contains(&pattern)
}

/// Checks an action pattern as a policy writes it. `*` alone is no mistake here: after `granting all` it makes sense,
/// after `granting` the caller refuses it by [`matches_everything`].
///
/// # Errors
///
/// The first mistake from the left; a text without a mistake is matched by at least one operation.
pub fn validate(pattern: &str) -> Result<(), Mistake> {
    if pattern.is_empty() {
        return Err(Mistake::Empty);
    }
    if let Some((at, found)) = pattern.char_indices().find(|&(_, found)| !is_allowed(found)) {
        return Err(Mistake::Character { at, found });
    }
    if pattern.starts_with('/') {
        return Err(Mistake::EmptyWord { at: 0 });
    }
    if let Some(at) = pattern.find("//") {
        return Err(Mistake::EmptyWord { at: at + 1 });
    }
    if pattern.ends_with('/') {
        return Err(Mistake::EmptyWord { at: pattern.len() - 1 });
    }
    let (before, last) = pattern.rsplit_once('/').unwrap_or(("", pattern));
    if before.is_empty() && !last.contains('*') {
        return Err(Mistake::NoNamespace { word: last.to_owned() });
    }
    let is_verb = VERBS.iter().any(|verb| verb.eq_ignore_ascii_case(last));
    if !last.contains('*') && !is_verb {
        return Err(Mistake::Ending { at: pattern.len() - last.len(), last: last.to_owned() });
    }
    if is_verb && !before.contains(['/', '*']) {
        return Err(Mistake::NoType { last: last.to_owned() });
    }
    if super::operations::is_empty(pattern) {
        return Err(Mistake::Nothing { pattern: pattern.to_owned() });
    }
    Ok(())
}

fn is_allowed(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | '{' | '}' | '/' | '*')
}

/// The verb that a misspelt one is nearest to.
fn nearest_verb(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    VERBS.into_iter().find(|verb| strsim::osa_distance(verb, &word) <= 2)
}
