//! Bytes of an input as UTF-8: gzip and zstd unpacked, UTF-16 transcoded, byte-order marks dropped. By their first bytes,
//! never by the name of the file, and always as a stream.

use std::io::{self, BufRead, BufReader, Read};

/// What the first bytes say that Dictum does not read.
fn foreign(head: &[u8]) -> Option<&'static str> {
    Some(match head {
        [b'P', b'K', 3 | 5, ..] => "a zip archive (or a spreadsheet): unpack it",
        [b'B', b'Z', b'h', ..] => "bzip2: unpack it, or compress with gzip or zstd",
        [0xFD, b'7', b'z', b'X', ..] => "xz: unpack it, or compress with gzip or zstd",
        [0xFF, 0xFE, 0, 0] | [0, 0, 0xFE, 0xFF] => "UTF-32: save it as UTF-8",
        [b'%', b'P', b'D', b'F'] => "a PDF",
        _ => return None,
    })
}

/// The text of an input, to be read as UTF-8 bytes.
pub(super) fn open<'r>(reader: Box<dyn Read + Send + 'r>) -> io::Result<Box<dyn Read + 'r>> {
    let (head, reader) = peek(reader)?;
    match head[..] {
        [0x1F, 0x8B, ..] => text(Box::new(flate2::read::MultiGzDecoder::new(reader))),
        [0x28, 0xB5, 0x2F, 0xFD] => text(Box::new(Zstd { inner: Some(BufReader::new(reader)), frame: None })),
        _ => text(reader),
    }
}

fn text<'r>(reader: Box<dyn Read + 'r>) -> io::Result<Box<dyn Read + 'r>> {
    let (head, mut reader) = peek(reader)?;
    if let Some(what) = foreign(&head) {
        return Err(invalid(format!("it seems to be {what}; JSON was expected")));
    }
    let (mark, big) = match head[..] {
        [0xEF, 0xBB, 0xBF, ..] => {
            reader.read_exact(&mut [0; 3])?;
            return Ok(reader);
        }
        [0xFF, 0xFE, ..] => (2, false),
        [0xFE, 0xFF, ..] => (2, true),
        [b'{' | b'[' | b' ' | b'\r' | b'\n', 0, _, _] => (0, false),
        [0, b'{' | b'[' | b' ' | b'\r' | b'\n', _, _] => (0, true),
        _ => return Ok(reader),
    };
    reader.read_exact(&mut [0; 2][..mark])?;
    Ok(Box::new(Utf16 {
        inner: BufReader::with_capacity(1 << 16, reader),
        big,
        ready: vec![],
        taken: 0,
        high: None,
    }))
}

/// Up to four bytes, and a reader that still gives them.
fn peek<'r>(mut reader: Box<dyn Read + 'r>) -> io::Result<(Vec<u8>, Box<dyn Read + 'r>)> {
    let mut head = vec![];
    while head.len() < 4 {
        let mut byte = [0; 4];
        let room = 4 - head.len();
        match reader.read(&mut byte[..room]) {
            Ok(0) => break,
            Ok(n) => head.extend_from_slice(&byte[..n]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let whole = io::Cursor::new(head.clone()).chain(reader);
    Ok((head, Box::new(whole)))
}

fn invalid(message: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message.into())
}

type ZstdFrame<R> = ruzstd::decoding::StreamingDecoder<R, ruzstd::decoding::FrameDecoder>;

/// All frames of a zstd input, one after the other.
struct Zstd<R: Read> {
    inner: Option<R>,
    frame: Option<ZstdFrame<R>>,
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(frame) = &mut self.frame {
                let n = frame.read(buffer).map_err(|e| invalid(format!("the zstd data is damaged: {e}")))?;
                if n > 0 || buffer.is_empty() {
                    return Ok(n);
                }
                self.inner = self.frame.take().map(ZstdFrame::into_inner);
            }
            let Some(mut inner) = self.inner.take() else { return Ok(0) };
            if inner.fill_buf()?.is_empty() {
                return Ok(0);
            }
            let frame = ruzstd::decoding::StreamingDecoder::new(inner);
            self.frame = Some(frame.map_err(|e| invalid(format!("the zstd data is damaged: {e}")))?);
        }
    }
}

/// UTF-16 as UTF-8.
struct Utf16<R> {
    inner: BufReader<R>,
    big: bool,
    ready: Vec<u8>,
    taken: usize,
    high: Option<u16>,
}

impl<R: Read> Utf16<R> {
    fn more(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.taken = 0;
        let mut pair = [0u8; 2];
        while self.ready.len() < 1 << 14 {
            if self.inner.fill_buf()?.is_empty() {
                if self.high.take().is_some() {
                    return Err(invalid("the UTF-16 text ends in the middle of a character"));
                }
                return Ok(());
            }
            self.inner
                .read_exact(&mut pair)
                .map_err(|_| invalid("the UTF-16 text ends in the middle of a character"))?;
            let unit = if self.big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
            let units = match self.high.take() {
                None if (0xD800..0xDC00).contains(&unit) => {
                    self.high = Some(unit);
                    continue;
                }
                None => char::decode_utf16([unit, 0]).next(),
                Some(high) => char::decode_utf16([high, unit]).next(),
            };
            let Some(Ok(letter)) = units else {
                return Err(invalid("the UTF-16 text has half of a surrogate pair standing alone"));
            };
            self.ready.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.ready.len() {
            self.more()?;
        }
        let ready = &self.ready[self.taken..];
        let n = ready.len().min(buffer.len());
        buffer[..n].copy_from_slice(&ready[..n]);
        self.taken += n;
        Ok(n)
    }
}
