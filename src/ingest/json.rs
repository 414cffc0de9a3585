//! JSON read in place, byte by byte and once: no tree, no recursion, nothing skipped unseen. What is passed over is
//! checked as strictly as what is read (RFC 8259).

/// Why a scan stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// The window ends here and the input goes on.
    Cut,
    /// It is not JSON.
    Fault(Fault),
}

/// What is wrong with the text, and where in the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Byte of the window.
    pub(super) at: usize,
    /// What is wrong and what was expected, without a full stop.
    pub(super) message: String,
}

pub(super) type Scan<T> = Result<T, Halt>;

/// A place in a window of text, with the line it is on.
#[derive(Clone)]
pub(super) struct Scanner<'w> {
    pub(super) bytes: &'w [u8],
    pub(super) at: usize,
    /// Lines begun before `at` in this window.
    pub(super) newlines: u32,
    /// Just after the last line break seen; `None` where there was none in this window.
    pub(super) line_start: Option<usize>,
    /// Whether the window ends where the input ends.
    pub(super) last: bool,
    /// Whether a string with an escape was passed over.
    pub(super) escaped: bool,
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The high bit of each byte that ends a run of plain string text: a quote, a backslash, a control character. Only the
/// lowest one set is exact.
#[inline(always)]
fn ends_run(word: u64) -> u64 {
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    ((quote.wrapping_sub(ONES) & !quote)
        | (backslash.wrapping_sub(ONES) & !backslash)
        | (word.wrapping_sub(ONES * 0x20) & !word))
        & HIGH
}

/// The first byte from `at` that is a quote, a backslash or a control character; the length where there is none.
#[inline(always)]
pub(super) fn run_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(block) = bytes.get(at..).and_then(|rest| rest.first_chunk::<32>()) {
        // The compiler makes a few instructions of this.
        let ends = |byte: u8| (byte == b'"') | (byte == b'\\') | (byte < 0x20);
        if block.iter().fold(false, |any, &byte| any | ends(byte)) {
            break;
        }
        at += 32;
    }
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let ends = ends_run(u64::from_le_bytes(*chunk));
        if ends != 0 {
            return at + (ends.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while at < bytes.len() && bytes[at] >= 0x20 && bytes[at] != b'"' && bytes[at] != b'\\' {
        at += 1;
    }
    at
}

/// Kinds of brackets that are open, one bit each: ten million levels are 1.25 MB.
#[derive(Default)]
pub(super) struct Nesting {
    bits: Vec<u64>,
    depth: usize,
}

impl Nesting {
    fn push(&mut self, is_object: bool) {
        let (word, bit) = (self.depth / 64, self.depth % 64);
        if word == self.bits.len() {
            self.bits.push(0);
        }
        self.bits[word] = self.bits[word] & !(1 << bit) | (is_object as u64) << bit;
        self.depth += 1;
    }
    fn is_object(&self) -> bool {
        let top = self.depth - 1;
        self.bits[top / 64] >> (top % 64) & 1 == 1
    }
}

impl<'w> Scanner<'w> {
    pub(super) fn new(bytes: &'w [u8], at: usize, last: bool) -> Self {
        Scanner { bytes, at, newlines: 0, line_start: None, last, escaped: false }
    }

    /// Nothing is left here: a cut, or the end of the input.
    #[cold]
    fn end(&self, expected: &str) -> Halt {
        if !self.last {
            return Halt::Cut;
        }
        self.fault(self.bytes.len(), format!("the input ends here; {expected} was expected"))
    }

    #[cold]
    pub(super) fn fault(&self, at: usize, message: impl Into<String>) -> Halt {
        Halt::Fault(Fault { at, message: message.into() })
    }

    #[cold]
    pub(super) fn expected(&self, what: &str) -> Halt {
        let Some(&found) = self.bytes.get(self.at) else { return self.end(what) };
        let found = match found {
            0x21..0x7F => format!("`{}`", found as char),
            b' ' => "a space".to_owned(),
            0..0x20 | 0x7F => format!("the control character 0x{found:02X}"),
            _ => "a character outside ASCII".to_owned(),
        };
        self.fault(self.at, format!("{what} was expected, {found} found"))
    }

    /// The next byte that is not white space; `None` at the end of the window.
    #[inline(always)]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'\n') => {
                    self.at += 1;
                    self.newlines += 1;
                    self.line_start = Some(self.at);
                }
                Some(&byte) => return Some(byte),
                None => return None,
            }
        }
    }

    /// The next byte that is not white space; something has to come.
    #[inline(always)]
    pub(super) fn must(&mut self, expected: &str) -> Scan<u8> {
        self.peek().ok_or_else(|| self.end(expected))
    }

    /// Passes over one given byte, white space before it allowed.
    #[inline(always)]
    pub(super) fn token(&mut self, byte: u8, expected: &str) -> Scan<()> {
        if self.must(expected)? != byte {
            return Err(self.expected(expected));
        }
        self.at += 1;
        Ok(())
    }

    /// Passes over a string; `at` is on its opening quote.
    #[inline(always)]
    pub(super) fn string(&mut self) -> Scan<()> {
        let mut at = self.at + 1;
        loop {
            at = run_end(self.bytes, at);
            match self.bytes.get(at) {
                Some(b'"') => {
                    self.at = at + 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.escaped = true;
                    at = self.escape(at)?;
                }
                Some(_) => return Err(self.control_character(at)),
                None => return Err(self.end("the closing `\"` of a string")),
            }
        }
    }

    #[cold]
    fn control_character(&self, at: usize) -> Halt {
        let byte = self.bytes.get(at).copied().unwrap_or_default();
        let what = match byte {
            b'\n' | b'\r' => {
                "a line break stands inside a string: its closing `\"` is missing, or the break must be written `\\n`"
            }
            b'\t' => "a tab stands inside a string: it must be written `\\t`",
            _ => "a control character stands inside a string: it must be written as an escape",
        };
        self.fault(at, what)
    }

    #[cold]
    fn escape(&self, at: usize) -> Scan<usize> {
        match self.bytes.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
            Some(b'u') => match self.bytes.get(at + 2..at + 6) {
                Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => Ok(at + 6),
                Some(_) => Err(self.fault(at, "four hexadecimal digits were expected after `\\u`")),
                None if self.last => Err(self.fault(at, "four hexadecimal digits were expected after `\\u`")),
                None => Err(Halt::Cut),
            },
            Some(_) => {
                let message = "`\\` is followed by a character that is no escape: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX are";
                Err(self.fault(at, message))
            }
            None => Err(self.end("an escape")),
        }
    }

    #[inline(always)]
    fn literal(&mut self, word: &'static [u8]) -> Scan<()> {
        let rest = &self.bytes[self.at..];
        if rest.starts_with(word) {
            self.at += word.len();
            return Ok(());
        }
        Err(self.bad_literal(word))
    }

    #[cold]
    fn bad_literal(&self, word: &'static [u8]) -> Halt {
        let rest = &self.bytes[self.at..];
        if rest.len() < word.len() && word.starts_with(rest) {
            return self.end("a value");
        }
        self.fault(self.at, "a value was expected: a string, a number, true, false, null, `[` or `{`")
    }

    fn digits(&mut self) -> Scan<()> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        if self.at == start { Err(self.expected("a digit")) } else { Ok(()) }
    }

    fn number(&mut self) -> Scan<()> {
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        if self.bytes.get(self.at) == Some(&b'0') {
            self.at += 1;
            if self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
                return Err(self.fault(self.at, "a number does not begin with 0"));
            }
        } else {
            self.digits()?;
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        if self.at == self.bytes.len() && !self.last {
            return Err(Halt::Cut);
        }
        Ok(())
    }

    /// Passes over a value that is neither an array nor an object, after white space.
    #[inline(always)]
    fn scalar(&mut self, first: u8) -> Scan<()> {
        match first {
            b'"' => self.string(),
            b'n' => self.literal(b"null"),
            b't' => self.literal(b"true"),
            b'f' => self.literal(b"false"),
            b'-' | b'0'..=b'9' => self.number(),
            _ => Err(self.expected("a value")),
        }
    }

    /// Passes over a key and its colon; gives the key between its quotes.
    #[inline(always)]
    pub(super) fn key(&mut self) -> Scan<(usize, usize)> {
        if self.must("a key in `\"`")? != b'"' {
            return Err(self.expected("a key in `\"`"));
        }
        let start = self.at + 1;
        self.string()?;
        let end = self.at - 1;
        self.colon()?;
        Ok((start, end))
    }

    #[inline(always)]
    pub(super) fn colon(&mut self) -> Scan<()> {
        self.token(b':', "`:`")
    }

    /// Passes over a value of any kind and depth; gives its span.
    #[inline(always)]
    pub(super) fn value(&mut self, nesting: &mut Nesting) -> Scan<(usize, usize)> {
        let first = self.must("a value")?;
        let start = self.at;
        match first {
            b'[' | b'{' => self.nested(nesting)?,
            _ => self.scalar(first)?,
        }
        Ok((start, self.at))
    }

    /// Passes over an array or object.
    fn nested(&mut self, nesting: &mut Nesting) -> Scan<()> {
        nesting.depth = 0;
        'value: loop {
            let first = self.must("a value")?;
            match first {
                b'{' => {
                    self.at += 1;
                    nesting.push(true);
                    if self.must("a key or `}`")? != b'}' {
                        self.key()?;
                        continue 'value;
                    }
                    self.at += 1;
                    nesting.depth -= 1;
                }
                b'[' => {
                    self.at += 1;
                    nesting.push(false);
                    if self.must("a value or `]`")? != b']' {
                        continue 'value;
                    }
                    self.at += 1;
                    nesting.depth -= 1;
                }
                _ => self.scalar(first)?,
            }
            while nesting.depth > 0 {
                let is_object = nesting.is_object();
                match (self.must("`,` or the closing bracket")?, is_object) {
                    (b',', true) => {
                        self.at += 1;
                        self.key()?;
                        continue 'value;
                    }
                    (b',', false) => {
                        self.at += 1;
                        continue 'value;
                    }
                    (b'}', true) | (b']', false) => {
                        self.at += 1;
                        nesting.depth -= 1;
                    }
                    (_, true) => return Err(self.expected("`,` or `}`")),
                    (_, false) => return Err(self.expected("`,` or `]`")),
                }
            }
            return Ok(());
        }
    }
}
