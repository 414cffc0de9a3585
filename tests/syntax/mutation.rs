//! One mistake, one diagnostic: every single token deleted, every word misspelled.

use super::{EVERY_CONSTRUCT, corpus, read};
use crate::check;

/// Start and end of every token, as somebody who doesn't know the lexer would cut them.
fn tokens(text: &str) -> Vec<(usize, usize)> {
    let pattern = r##"(?m)#.*$|"(?:\\.|[^"\\\n])*"|/(?:\\.|[^/\\\n ])+/|[A-Za-z0-9_]+(?:-[A-Za-z0-9]+)*|==|!=|<=|>=|[^\s]"##;
    let Ok(pattern) = regex::Regex::new(pattern) else { unreachable!("the pattern is written above") };
    pattern.find_iter(text).filter(|m| !m.as_str().starts_with('#')).map(|m| (m.start(), m.end())).collect()
}

fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

/// What became of the sites.
#[derive(Default)]
struct Tally {
    sites: usize,
    broken: usize,
    good: usize,
    bad: Vec<String>,
}

impl Tally {
    fn site(&mut self, text: &str, start: usize, end: usize, instead: &str) {
        let mutant = format!("{}{instead}{}", &text[..start], &text[end..]);
        self.sites += 1;
        let (parsed, sources) = read(&mutant);
        if parsed.diagnostics.is_empty() {
            return;
        }
        self.broken += 1;
        let line = line_of(text, start);
        let lines: Vec<_> = parsed
            .diagnostics
            .iter()
            .map(|d| d.span().and_then(|s| sources.locate(s)).map_or(0, |l| l.line as usize))
            .collect();
        if lines.len() == 1 && (lines[0] == line || lines[0] == line + 1) {
            self.good += 1;
        } else {
            let around = text[..start].lines().last().unwrap_or_default();
            self.bad.push(format!(
                "line {line}: {around}<{}> -> {instead:?}: said at {lines:?}",
                &text[start..end]
            ));
        }
    }
}

fn misspelled(word: &str, how: usize) -> String {
    let middle = word.len() / 2;
    match how {
        // A letter left out, two letters exchanged, a letter too many.
        0 => format!("{}{}", &word[..middle], &word[middle + 1..]),
        1 if word.len() > 1 => {
            let mut bytes = word.as_bytes().to_vec();
            bytes.swap(middle - 1, middle);
            String::from_utf8_lossy(&bytes).into_owned()
        }
        _ => format!("{}x{}", &word[..middle], &word[middle..]),
    }
}

/// Where each statement starts, and the text from two statements before it to two after it.
fn windows(text: &str) -> Vec<(usize, (usize, usize))> {
    let file = super::tree(text);
    let mut starts: Vec<usize> = file.items.iter().map(|i| i.at().0.start as usize).collect();
    starts.insert(0, 0);
    let near = |i: usize| starts.get(i).copied().unwrap_or(text.len());
    (0..starts.len()).map(|i| (starts[i], (near(i.saturating_sub(2)), near(i + 3)))).collect()
}

fn check(name: &str, text: &str) {
    let (mut deleted, mut spelled) = (Tally::default(), Tally::default());
    let bounds = windows(text);
    for (start, end) in tokens(text) {
        // A statement with its neighbours stands for the file, which would take minutes.
        let (from, to) = bounds[bounds.partition_point(|(statement, ..)| *statement <= start) - 1].1;
        let (text, start, end) = (&text[from..to], start - from, end - from);
        deleted.site(text, start, end, "");
        let word = &text[start..end];
        if word.starts_with(|c: char| c.is_ascii_alphabetic()) {
            for how in 0..3 {
                let wrong = misspelled(word, how);
                if wrong != word && !wrong.is_empty() {
                    spelled.site(text, start, end, &wrong);
                }
            }
        }
    }
    for (how, tally) in [("deleted", &deleted), ("misspelled", &spelled)] {
        let share = 100.0 * tally.good as f64 / tally.broken.max(1) as f64;
        println!(
            "{name}, {how}: {} sites, {} no longer parse, {share:.2} % of these with one diagnostic in place",
            tally.sites, tally.broken
        );
        for bad in &tally.bad {
            println!("  {bad}");
        }
        assert!(share >= 95.0, "{name}, {how}: {share:.2} %");
    }
}

#[test]
fn our_own_file() {
    check("every_construct.dictum", EVERY_CONSTRUCT);
}

#[test]
fn the_corpus() {
    match corpus() {
        Some(text) => check("corpus.dictum", &text),
        None => println!("no corpus here: 0 sites"),
    }
}

/// Nobody complains about what a broken statement would have defined or used: the checker adds nothing.
#[test]
fn a_broken_statement_is_all_that_is_new_in_a_whole_file() {
    let Some(text) = corpus() else {
        println!("no corpus here: 0 sites");
        return;
    };
    let told =
        |text: &str| check::run(&[("corpus.dictum", text), ("common.dictum", "let ops-groups = \"a\"")]);
    let known: Vec<_> = told(&text).diagnostics.into_iter().map(|d| d.message).collect();
    let (mut broken, mut good) = (0, 0);
    for (start, end) in tokens(&text).into_iter().step_by(31) {
        for instead in ["", "zzz"] {
            let mutant = format!("{}{instead}{}", &text[..start], &text[end..]);
            if read(&mutant).0.diagnostics.is_empty() {
                continue;
            }
            broken += 1;
            let run = told(&mutant);
            let new: Vec<_> =
                run.diagnostics.iter().map(|d| &d.message).filter(|m| !known.contains(m)).collect();
            if new.len() == 1 {
                good += 1;
            } else {
                println!("{:?} -> {instead:?}: {new:#?}", &text[start..end]);
            }
        }
    }
    let share = 100.0 * f64::from(good) / f64::from(broken.max(1));
    println!(
        "{broken} sites that no longer parse, {share:.2} % of these with one new message after checking"
    );
    assert!(share >= 95.0);
}
