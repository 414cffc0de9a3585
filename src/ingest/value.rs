//! A value in place: its text and where it stands, decoded only when asked.

use super::json::{Nesting, Scanner};
use crate::azure::Guid;
use crate::diagnostic::{Code, code};
use std::borrow::Cow;

/// The text of a value that was checked to be JSON.
#[derive(Clone, Copy, Debug)]
pub(super) struct Raw<'b> {
    pub(super) text: &'b str,
    /// Byte of the window on which it begins.
    pub(super) at: usize,
    /// The key it belongs to.
    pub(super) key: &'b str,
    /// Inside `properties`.
    pub(super) inner: bool,
    /// It is known to have no escape.
    pub(super) plain: bool,
}

/// A value that is not what its reader needs.
#[derive(Debug, Clone)]
pub(super) struct Wrong {
    pub(super) at: usize,
    /// The pointer within the record.
    pub(super) pointer: String,
    /// What was expected and what was found.
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) code: Code,
    /// Another place that it is about.
    pub(super) first: Option<usize>,
}

/// Undoes the escapes of the text between the quotes of a string; `None` where half of a surrogate pair stands alone.
pub(super) fn unescape(text: &str) -> Option<Cow<'_, str>> {
    let Some(first) = memchr::memchr(b'\\', text.as_bytes()) else { return Some(Cow::Borrowed(text)) };
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    let mut next = Some(first);
    while let Some(at) = next {
        plain.push_str(&rest[..at]);
        let escape = rest.as_bytes().get(at + 1)?;
        let mut length = 2;
        match escape {
            b'b' => plain.push('\u{8}'),
            b'f' => plain.push('\u{c}'),
            b'n' => plain.push('\n'),
            b'r' => plain.push('\r'),
            b't' => plain.push('\t'),
            b'u' => {
                let unit = |from: usize| u16::from_str_radix(rest.get(from..from + 4)?, 16).ok();
                let high = unit(at + 2)?;
                length = 6;
                if (0xD800..0xDC00).contains(&high) {
                    if rest.get(at + 6..at + 8) != Some("\\u") {
                        return None;
                    }
                    plain.push(char::decode_utf16([high, unit(at + 8)?]).next()?.ok()?);
                    length = 12;
                } else {
                    plain.push(char::from_u32(high.into())?);
                }
            }
            &other => plain.push(other as char),
        }
        rest = &rest[at + length..];
        next = memchr::memchr(b'\\', rest.as_bytes());
    }
    plain.push_str(rest);
    Some(Cow::Owned(plain))
}

impl<'b> Raw<'b> {
    /// What kind of value it is, in words.
    pub(super) fn kind(&self) -> &'static str {
        match self.text.as_bytes().first() {
            Some(b'"') => "a string",
            Some(b'{') => "an object",
            Some(b'[') => "an array",
            Some(b't' | b'f') => "true or false",
            Some(b'n') => "null",
            _ => "a number",
        }
    }

    pub(super) fn is_null(&self) -> bool {
        self.text.as_bytes().first() == Some(&b'n')
    }

    pub(super) fn is_object(&self) -> bool {
        self.text.as_bytes().first() == Some(&b'{')
    }

    pub(super) fn is_array(&self) -> bool {
        self.text.as_bytes().first() == Some(&b'[')
    }

    pub(super) fn is_string(&self) -> bool {
        self.text.as_bytes().first() == Some(&b'"')
    }

    /// Where it stands in its record.
    pub(super) fn pointer(&self) -> String {
        let prefix = if self.inner { "/properties" } else { "" };
        format!("{prefix}/{}", escape_pointer(self.key))
    }

    #[cold]
    pub(super) fn wrong(&self, message: impl Into<String>) -> Wrong {
        Wrong {
            at: self.at,
            pointer: self.pointer(),
            message: message.into(),
            help: None,
            code: code::D504,
            first: None,
        }
    }

    #[cold]
    fn not(&self, expected: &str) -> Wrong {
        self.wrong(format!("`{}` is {}; {expected} was expected", self.key, self.kind()))
    }

    /// A string.
    pub(super) fn string(&self) -> Result<Cow<'b, str>, Wrong> {
        // It was checked to be JSON: what begins with a quote ends with one.
        if !self.is_string() {
            return Err(self.not("a string"));
        }
        let inside = self.text.get(1..self.text.len() - 1).unwrap_or_default();
        if self.plain {
            return Ok(Cow::Borrowed(inside));
        }
        unescape(inside).ok_or_else(|| {
            self.wrong(format!("`{}` has half of a UTF-16 surrogate pair as an escape", self.key))
        })
    }

    /// A string or null.
    pub(super) fn optional(&self) -> Result<Option<Cow<'b, str>>, Wrong> {
        match self.text.as_bytes().first() {
            Some(b'n') => Ok(None),
            _ => self.string().map(Some).map_err(|_| self.string_error()),
        }
    }

    #[cold]
    fn string_error(&self) -> Wrong {
        match self.string() {
            Err(_) if !self.is_string() => self.not("a string or null"),
            Err(wrong) => wrong,
            Ok(_) => self.not("a string or null"),
        }
    }

    /// A string that says something: null and `""` do not.
    pub(super) fn filled(&self) -> Result<Option<Cow<'b, str>>, Wrong> {
        Ok(self.optional()?.filter(|text| !text.is_empty()))
    }

    /// True, false or null.
    pub(super) fn bool(&self) -> Result<Option<bool>, Wrong> {
        match self.text {
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            "null" => Ok(None),
            _ => Err(self.not("true or false")),
        }
    }

    /// A GUID in a string.
    pub(super) fn guid(&self) -> Result<(Guid, Cow<'b, str>), Wrong> {
        let text = self.string()?;
        match Guid::parse(&text) {
            Some(guid) => Ok((guid, text)),
            None => Err(self.wrong(format!("`{}` is `{}`, which is not a GUID", self.key, clip(&text)))),
        }
    }

    /// A point in time, or null; an empty string is null.
    pub(super) fn time(&self) -> Result<Option<i64>, Wrong> {
        let Some(text) = self.filled()? else { return Ok(None) };
        match seconds(&text) {
            Some(time) => Ok(Some(time)),
            None => Err(self.wrong(format!(
                "`{}` is `{}`, which is no point in time such as 2026-11-20T06:00:00Z",
                self.key,
                clip(&text)
            ))),
        }
    }

    /// The items of an array; nothing for null.
    pub(super) fn items(&self) -> Result<Items<'b>, Wrong> {
        if self.is_null() {
            return Ok(Items { raw: *self, scanner: None, index: 0 });
        }
        if !self.is_array() {
            return Err(self.not("an array"));
        }
        let mut scanner = Scanner::new(self.text.as_bytes(), 0, true);
        scanner.at = 1;
        Ok(Items { raw: *self, scanner: Some(scanner), index: 0 })
    }

    /// The strings of an array; nothing for null.
    pub(super) fn strings(&self) -> Result<Vec<Cow<'b, str>>, Wrong> {
        self.items()?
            .map(|item| match item.string() {
                Ok(text) => Ok(text),
                Err(_) if !item.is_string() => {
                    Err(self.wrong(format!("`{}` holds {}; strings were expected", self.key, item.kind())))
                }
                Err(wrong) => Err(wrong),
            })
            .collect()
    }

    /// The pairs of an object, in order; nothing for null. A key that stands there twice without letter case is an error.
    pub(super) fn fields(&self) -> Result<Vec<Field<'b>>, Wrong> {
        let mut fields: Vec<Field<'b>> = vec![];
        if self.is_null() {
            return Ok(fields);
        }
        if !self.is_object() {
            return Err(self.not("an object"));
        }
        let mut nesting = Nesting::default();
        let mut scanner = Scanner::new(self.text.as_bytes(), 1, true);
        let mut seen: rustc_hash::FxHashMap<String, usize> = Default::default();
        while let Some(b'"' | b',') = scanner.peek() {
            if scanner.peek() == Some(b',') {
                scanner.at += 1;
            }
            let (Ok((from, to)), Ok((start, end))) = (scanner.key(), scanner.value(&mut nesting)) else {
                break;
            };
            let (raw_key, text) = (&self.text[from..to], &self.text[start..end]);
            let at = self.at + from;
            let Some(name) = unescape(raw_key) else {
                return Err(Wrong {
                    at,
                    pointer: self.pointer(),
                    message: format!(
                        "a key of `{}` has half of a UTF-16 surrogate pair as an escape",
                        self.key
                    ),
                    help: None,
                    code: code::D504,
                    first: None,
                });
            };
            fields.push(Field {
                value: Raw { text, at: self.at + start, key: raw_key, inner: false, plain: false },
                name,
                at,
            });
            let last = fields.len() - 1;
            let twice = if last < 8 {
                fields[..last].iter().position(|f| f.name.eq_ignore_ascii_case(&fields[last].name))
            } else {
                if last == 8 {
                    seen = fields[..8]
                        .iter()
                        .enumerate()
                        .map(|(i, f)| (f.name.to_ascii_lowercase(), i))
                        .collect();
                }
                seen.insert(fields[last].name.to_ascii_lowercase(), last)
            };
            if let Some(first) = twice {
                return Err(self.twice(&fields[first], &fields[last]));
            }
        }
        Ok(fields)
    }

    #[cold]
    fn twice(&self, first: &Field<'b>, second: &Field<'b>) -> Wrong {
        Wrong {
            at: second.at,
            pointer: format!("{}/{}", self.pointer(), escape_pointer(&second.name)),
            message: format!(
                "`{}` has the key `{}` twice (letter case does not count)",
                self.key,
                clip(&second.name)
            ),
            help: Some("keep one of the two".to_owned()),
            code: code::D502,
            first: Some(first.at),
        }
    }

    /// The value of one key of an object; nothing where this is null.
    pub(super) fn field(&self, name: &str) -> Result<Option<Raw<'b>>, Wrong> {
        Ok(self.fields()?.into_iter().find(|f| f.name.eq_ignore_ascii_case(name)).map(|f| f.value))
    }
}

/// A pair of an object.
pub(super) struct Field<'b> {
    pub(super) name: Cow<'b, str>,
    pub(super) value: Raw<'b>,
    /// Byte of the window on which the key's text begins.
    pub(super) at: usize,
}

/// The items of an array.
pub(super) struct Items<'b> {
    raw: Raw<'b>,
    scanner: Option<Scanner<'b>>,
    index: usize,
}

impl<'b> Iterator for Items<'b> {
    type Item = Raw<'b>;
    fn next(&mut self) -> Option<Raw<'b>> {
        let scanner = self.scanner.as_mut()?;
        if scanner.peek()? == b']' {
            return None;
        }
        if self.index > 0 {
            scanner.token(b',', "`,`").ok()?;
        }
        self.index += 1;
        let (start, end) = scanner.value(&mut Nesting::default()).ok()?;
        let Raw { text, at, key, inner, .. } = self.raw;
        Some(Raw { text: &text[start..end], at: at + start, key, inner, plain: false })
    }
}

/// A reference token of a JSON pointer (RFC 6901).
pub(super) fn escape_pointer(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) {
        Cow::Owned(key.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(key)
    }
}

/// At most eighty characters of a text, for a message.
pub(super) fn clip(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(80) {
        Some((at, _)) => Cow::Owned(format!("{}…", &text[..at])),
        None => Cow::Borrowed(text),
    }
}

/// Seconds since 1970-01-01 UTC of `2026-11-20T06:00:00Z`, with or without a fraction, with an offset or without one (UTC),
/// or of a date alone.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| -> Option<i64> {
        let digits = bytes.get(from..to)?;
        digits.iter().try_fold(0i64, |n, d| d.is_ascii_digit().then(|| n * 10 + i64::from(d - b'0')))
    };
    let is = |at: usize, wanted: &[u8]| bytes.get(at).is_some_and(|b| wanted.contains(b));
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_in_month = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !is(4, b"-") || !is(7, b"-") || day < 1 || day > days_in_month {
        return None;
    }
    let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let (era, of_era) = (y.div_euclid(400), y.rem_euclid(400));
    let day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + (153 * m + 2) / 5 + day - 1;
    let days = era * 146_097 + day_of_era - 719_468;
    if bytes.len() == 10 {
        return Some(days * 86_400);
    }
    let (hour, minute) = (number(11, 13)?, number(14, 16)?);
    if !is(10, b"Tt ") || !is(13, b":") || hour > 23 || minute > 59 {
        return None;
    }
    let mut at = 16;
    let mut second = 0;
    if is(at, b":") {
        second = number(17, 19)?;
        at = 19;
        if is(at, b".,") {
            let digits = bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
            if digits == 0 {
                return None;
            }
            at += 1 + digits;
        }
    }
    let offset = match &bytes[at..] {
        [] | [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), rest @ ..] => {
            let from = at + 1;
            let (hours, minutes) = match rest.len() {
                5 if rest[2] == b':' => (number(from, from + 2)?, number(from + 3, from + 5)?),
                4 => (number(from, from + 2)?, number(from + 2, from + 4)?),
                _ => return None,
            };
            let size = hours * 3600 + minutes * 60;
            if *sign == b'+' { size } else { -size }
        }
        _ => return None,
    };
    (second <= 60).then_some(days * 86_400 + hour * 3600 + minute * 60 + second - offset)
}
