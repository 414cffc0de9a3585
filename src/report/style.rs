//! The colours of reports, and text in columns.

use anstyle::{AnsiColor, Style};

const fn bold(color: AnsiColor) -> Style {
    Style::new().bold().fg_color(Some(anstyle::Color::Ansi(color)))
}
const fn plain(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(anstyle::Color::Ansi(color)))
}

/// What blocks.
pub const DENY: Style = bold(AnsiColor::Red);
/// What warns.
pub const WARN: Style = bold(AnsiColor::Yellow);
/// What recommends.
pub const ADVISE: Style = bold(AnsiColor::Cyan);
/// What could not be decided.
pub const UNKNOWN: Style = bold(AnsiColor::Magenta);
/// What is as it should be.
pub const PASS: Style = bold(AnsiColor::Green);
/// What is waived.
pub const WAIVED: Style = bold(AnsiColor::Blue);
/// Headings and names.
pub const STRONG: Style = Style::new().bold();
/// Places, counts and what else is read second.
pub const DIM: Style = Style::new().dimmed();
/// A command to run.
pub const COMMAND: Style = plain(AnsiColor::Cyan);
/// A line that was taken out.
pub const REMOVED: Style = plain(AnsiColor::Red);
/// A line that was put in.
pub const ADDED: Style = plain(AnsiColor::Green);

/// Text in a style.
pub fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// How many columns a text takes, its styles left out.
pub fn width(text: &str) -> usize {
    if text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return text.len();
    }
    let mut columns = 0;
    let mut escape = false;
    for c in text.chars() {
        match (escape, c) {
            (false, '\x1b') => escape = true,
            (true, 'm') => escape = false,
            (true, _) => {}
            (false, _) => columns += 1,
        }
    }
    columns
}

/// Text with spaces up to that many columns.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Rows in columns two spaces apart, each line behind `indent`; the last column is not padded. Empty cells at the end of
/// a row are left out. A column with a cell wider than `widest` is none: what follows stands two spaces behind each.
pub fn table<C: AsRef<str>>(rows: &[impl AsRef<[C]>], indent: &str, widest: usize) -> String {
    let columns = rows.iter().map(|row| row.as_ref().len()).max().unwrap_or(0);
    let mut widths = vec![0; columns];
    let shown = |row: &[C]| row.iter().rposition(|cell| !cell.as_ref().is_empty()).map_or(0, |i| i + 1);
    for row in rows.iter().map(AsRef::as_ref) {
        // The last cell of a row is not padded.
        let padded = shown(row).saturating_sub(1);
        for (widest, cell) in widths.iter_mut().zip(&row[..padded]) {
            *widest = width(cell.as_ref()).max(*widest);
        }
    }
    widths.iter_mut().filter(|width| **width > widest).for_each(|width| *width = 0);
    let mut text = String::new();
    for row in rows.iter().map(AsRef::as_ref) {
        let start = text.len();
        text.push_str(indent);
        let last = shown(row);
        for (i, cell) in row[..last].iter().map(AsRef::as_ref).enumerate() {
            text.push_str(if i == 0 { "" } else { "  " });
            text.push_str(cell);
            if i + 1 < last {
                text.extend(std::iter::repeat_n(' ', widths[i].saturating_sub(width(cell))));
            }
        }
        text.truncate(start + text[start..].trim_end().len());
        text.push('\n');
    }
    text
}

/// Text broken into lines of at most that many columns, between words.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
