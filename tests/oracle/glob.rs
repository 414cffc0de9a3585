//! Globs: `*` any letters, `?` any one, without case, the whole value.

pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    fn from(pattern: &[char], text: &[char]) -> bool {
        match pattern.first() {
            None => text.is_empty(),
            Some('*') => (0..=text.len()).any(|skipped| from(&pattern[1..], &text[skipped..])),
            Some('?') => !text.is_empty() && from(&pattern[1..], &text[1..]),
            Some(letter) => text.first() == Some(letter) && from(&pattern[1..], &text[1..]),
        }
    }
    let chars = |s: &str| s.to_lowercase().chars().collect::<Vec<char>>();
    from(&chars(pattern), &chars(text))
}

pub(crate) fn is_glob(pattern: &str) -> bool {
    pattern.contains(['*', '?'])
}
