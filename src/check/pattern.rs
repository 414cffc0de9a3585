use regex::Regex;

/// A pattern over names: `*` is any run of characters, `?` any one; letter case never matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    text: String,
    parts: Vec<Part>,
    literal: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Run,
    One,
    Letter(char),
}

fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(char::to_lowercase)
}

impl Glob {
    /// The pattern as it is written (escapes of the string already resolved).
    pub fn new(text: &str) -> Self {
        let parts: Vec<Part> = folded(text)
            .map(|c| match c {
                '*' => Part::Run,
                '?' => Part::One,
                c => Part::Letter(c),
            })
            .collect();
        let literal = parts.iter().all(|p| matches!(p, Part::Letter(_)));
        Glob { text: text.to_owned(), parts, literal }
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it names exactly one name.
    pub fn is_literal(&self) -> bool {
        self.literal
    }

    /// Whether the whole of `name` is of this pattern, in time linear in the name for each run of the pattern.
    pub fn matches(&self, name: &str) -> bool {
        if !name.is_ascii() {
            let name: Vec<char> = folded(name).collect();
            return self.fits(name.len(), |n| name[n]);
        }
        if self.literal && self.text.is_ascii() {
            return self.text.eq_ignore_ascii_case(name);
        }
        self.fits(name.len(), |n| char::from(name.as_bytes()[n].to_ascii_lowercase()))
    }

    /// Whether so many letters, told one by one in lower case, are of this pattern.
    fn fits(&self, length: usize, letter: impl Fn(usize) -> char) -> bool {
        let (mut p, mut n) = (0, 0);
        let mut retry: Option<(usize, usize)> = None;
        loop {
            match self.parts.get(p) {
                Some(Part::Run) => {
                    retry = Some((p + 1, n));
                    p += 1;
                    continue;
                }
                Some(Part::One) if n < length => {
                    (p, n) = (p + 1, n + 1);
                    continue;
                }
                Some(Part::Letter(c)) if n < length && letter(n) == *c => {
                    (p, n) = (p + 1, n + 1);
                    continue;
                }
                None if n == length => return true,
                _ => {}
            }
            match retry {
                Some((after, from)) if from < length => {
                    retry = Some((after, from + 1));
                    (p, n) = (after, from + 1);
                }
                _ => return false,
            }
        }
    }
}

/// What `matches` compares with.
#[derive(Clone, Debug)]
pub enum Matcher {
    /// Any of these patterns.
    Globs(Vec<Glob>),
    /// A regular expression over the whole value, in linear time.
    Regex(Regex),
}

impl Matcher {
    /// Whether the whole of `value` matches.
    pub fn matches(&self, value: &str) -> bool {
        match self {
            Matcher::Globs(globs) => globs.iter().any(|g| g.matches(value)),
            Matcher::Regex(regex) => regex.is_match(value),
        }
    }
}
