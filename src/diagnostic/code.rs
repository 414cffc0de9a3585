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
read one by one: the rest of the file was still checked."
}

/// The explanation of a code, found without regard to letter case.
pub fn explain(code: &str) -> Option<&'static Explanation> {
    ALL.iter().find(|e| e.code.0.eq_ignore_ascii_case(code))
}
