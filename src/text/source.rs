use super::Span;

/// One policy file: its name as the user wrote it, and its text (UTF-8, without a byte-order mark).
pub struct Source {
    name: String,
    text: String,
    base: u32,
    lines: Vec<u32>,
}

impl Source {
    /// The name shown to the user.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The global position of the first byte.
    pub fn base(&self) -> u32 {
        self.base
    }

    /// The whole file as a span.
    pub fn span(&self) -> Span {
        Span::new(self.base, self.base + self.text.len() as u32)
    }

    /// How many bytes stand before a global position on its line.
    pub fn column(&self, position: u32) -> u32 {
        let offset = position.saturating_sub(self.base);
        let line = self.lines.partition_point(|&start| start <= offset);
        offset - self.lines[line.saturating_sub(1)]
    }

    /// The text of a span of this file; empty where the span is not of this file.
    pub fn slice(&self, span: Span) -> &str {
        let start = span.start.saturating_sub(self.base) as usize;
        let end = span.end.saturating_sub(self.base) as usize;
        self.text.get(start..end).unwrap_or("")
    }
}

/// Line and column (both from 1, columns in characters) of a span's first byte, with the file.
#[derive(Clone, Copy)]
pub struct Location<'a> {
    /// The file.
    pub source: &'a Source,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
}

/// All policy files of a run. At most 4 GiB of text.
#[derive(Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and gives its index. A byte-order mark at the start is dropped.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> usize {
        let mut text: String = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        let base = self.files.last().map_or(0, |f| f.base + f.text.len() as u32 + 1);
        let lines = std::iter::once(0)
            .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|i| i as u32 + 1))
            .collect();
        self.files.push(Source { name: name.into(), text, base, lines });
        self.files.len() - 1
    }

    /// The file of that index, as [`Sources::add`] gave it.
    pub fn get(&self, index: usize) -> &Source {
        &self.files[index]
    }

    /// All files, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.files.iter()
    }

    /// The file that a span is in; `None` where there are no files.
    pub fn of(&self, span: Span) -> Option<&Source> {
        let after = self.files.partition_point(|f| f.base <= span.start);
        self.files.get(after.checked_sub(1)?)
    }

    /// File, line and column of a span's start.
    pub fn locate(&self, span: Span) -> Option<Location<'_>> {
        let source = self.of(span)?;
        let offset = (span.start - source.base).min(source.text.len() as u32);
        let line = source.lines.partition_point(|&start| start <= offset);
        let start = source.lines[line - 1] as usize;
        let column = source.text.get(start..offset as usize).map_or(0, |s| s.chars().count()) as u32 + 1;
        Some(Location { source, line: line as u32, column })
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> &str {
        self.of(span).map_or("", |f| f.slice(span))
    }
}
