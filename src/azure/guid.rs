//! Object ids, application ids and role ids: 128 bits, compared without letter case.

use std::fmt;

/// A GUID as a number: one word to compare, to hash and to sort.
///
/// The order is that of the lower-case text, because the digits are stored from the most significant down.
// Aligned as words of eight bytes are: of what holds one and a number, a third less is taken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(Rust, packed(8))]
pub struct Guid(pub u128);

/// Where the four dashes stand in the 36 characters.
const DASHES: [usize; 4] = [8, 13, 18, 23];

/// Offsets of the sixteen pairs of hexadecimal digits in the 36 characters.
const PAIRS: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/// The value of each character as a hexadecimal digit; 0xFF for every other character.
const DIGITS: [u8; 256] = {
    let mut table = [0xFF; 256];
    let mut digit = 0;
    while digit < 16 {
        table[b"0123456789abcdef"[digit] as usize] = digit as u8;
        table[b"0123456789ABCDEF"[digit] as usize] = digit as u8;
        digit += 1;
    }
    table
};

impl Guid {
    /// The GUID of all zeros, by which a deny assignment names everyone (azure-facts 2.6).
    pub const ZERO: Guid = Guid(0);

    /// Reads 36 characters, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, in any letter case and nothing around them.
    pub fn parse(text: &str) -> Option<Guid> {
        Guid::parse_bytes(text.as_bytes())
    }

    /// As [`Guid::parse`], for bytes that need not be UTF-8.
    pub fn parse_bytes(text: &[u8]) -> Option<Guid> {
        let text: &[u8; 36] = text.try_into().ok()?;
        if DASHES.iter().any(|&dash| text[dash] != b'-') {
            return None;
        }
        let mut value = 0;
        let mut seen = 0;
        for pair in PAIRS {
            let (high, low) = (DIGITS[text[pair] as usize], DIGITS[text[pair + 1] as usize]);
            seen |= high | low;
            value = value << 8 | u128::from(high << 4 | low & 0x0F);
        }
        (seen < 0x10).then_some(Guid(value))
    }

    /// The GUID in which a path ends: `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/{guid}`,
    /// the bare `{guid}`, a trailing slash or not. Azure writes one role's id with several prefixes; only this part
    /// identifies it (azure-facts 2.10).
    pub fn last_segment(path: &str) -> Option<Guid> {
        let path = path.strip_suffix('/').unwrap_or(path);
        Guid::parse(path.rsplit('/').next()?)
    }

    /// The 36 characters in lower case.
    pub fn encode(self) -> [u8; 36] {
        let mut text = [b'-'; 36];
        for (pair, byte) in PAIRS.into_iter().zip(self.0.to_be_bytes()) {
            text[pair] = b"0123456789abcdef"[usize::from(byte >> 4)];
            text[pair + 1] = b"0123456789abcdef"[usize::from(byte & 0x0F)];
        }
        text
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.encode();
        formatter.pad(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// The text is not the 36 characters of a GUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a GUID: 36 characters like `8e3af657-a8ff-443c-a75c-2fe8c4bcb635` were expected")]
pub struct NotAGuid;

impl std::str::FromStr for Guid {
    type Err = NotAGuid;

    fn from_str(text: &str) -> Result<Guid, NotAGuid> {
        Guid::parse(text).ok_or(NotAGuid)
    }
}

impl serde::Serialize for Guid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
