//! The language reference: every example is read, checked and canonical, every message is what is said, every table is
//! what the code holds. `DICTUM_UPDATE_DOCS=1 cargo test docs` writes the generated parts.

use crate::check::run;
use crate::syntax::formatted;
use dictum::diagnostic::Severity;
use dictum::inventory::schema::{ATTRIBUTES, Noun, Type};
use std::fmt::Write as _;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/language.md");

/// A fenced block: its info string, its text, and the line of its fence.
struct Block {
    info: String,
    text: String,
    line: usize,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut found = vec![];
    let mut open: Option<Block> = None;
    for (i, line) in page.lines().enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(info), None) => {
                open = Some(Block { info: info.to_owned(), text: String::new(), line: i + 1 })
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    found
}

/// The page with everything generated that can be.
fn generated(page: &str) -> String {
    let page = filled(page, "words", &words());
    let page = filled(&page, "schema", &schema());
    examples(&messages(&page))
}

/// Each `dictum` block in the canonical layout.
fn examples(page: &str) -> String {
    let mut out = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("```dictum\n") {
        let Some((text, after)) = after.split_once("```\n") else { panic!("a block is not closed") };
        let _ = write!(out, "{before}```dictum\n{}```\n", formatted(text));
        rest = after;
    }
    out + rest
}

fn filled(page: &str, name: &str, text: &str) -> String {
    let begin = format!("<!-- generated: {name} -->\n");
    let Some((before, rest)) = page.split_once(&begin) else { panic!("{begin} is missing") };
    let Some((_, after)) = rest.split_once("<!-- end -->") else { panic!("{name} has no end") };
    format!("{before}{begin}{text}<!-- end -->{after}")
}

/// Each `dictum,error` block's messages in the `text` block after it.
fn messages(page: &str) -> String {
    let mut out = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("```dictum,error\n") {
        let Some((text, after)) = after.split_once("```\n") else { panic!("a block is not closed") };
        let Some(shown) = after.trim_start().strip_prefix("```text\n") else {
            panic!("no messages after:\n{text}")
        };
        let Some((_, tail)) = shown.split_once("```\n") else { panic!("a block is not closed") };
        let said = run(&[("policy.dictum", text)]).report();
        let _ = write!(out, "{before}```dictum,error\n{text}```\n\n```text\n{said}```\n");
        rest = tail;
    }
    out + rest
}

fn words() -> String {
    let grammar = include_str!("../grammar/dictum.pest");
    let mut words: Vec<_> =
        grammar.lines().filter_map(|l| l.strip_prefix("kw_")?.split(' ').next()).collect();
    words.sort_unstable();
    let mut out = String::new();
    let mut column = 0;
    for word in words {
        if column + word.len() > 120 {
            out.push('\n');
            column = 0;
        }
        let _ = write!(out, "{}`{word}`", if column == 0 { "" } else { " " });
        column += word.len() + 3;
    }
    out + "\n\n"
}

fn type_name(ty: &Type) -> String {
    match ty {
        Type::String => "string".to_owned(),
        Type::Name => "name".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Int => "int".to_owned(),
        Type::Date => "date".to_owned(),
        Type::Duration => "duration".to_owned(),
        Type::Enum(words) => format!("one of {}", words.join(", ")),
        Type::List(of) => format!("list of {}", type_name(of)),
        Type::Map => "map of strings".to_owned(),
        Type::Entity(noun) => noun.word().to_owned(),
    }
}

fn schema() -> String {
    let mut out = String::new();
    for &noun in Noun::ALL {
        let wider = noun.parent().map(|parent| format!(" (is a `{}`)", parent.word())).unwrap_or_default();
        let _ = write!(out, "### `{}`{wider}\n\n", noun.word());
        let mut own = ATTRIBUTES.iter().filter(|a| a.noun == noun).peekable();
        if own.peek().is_none() {
            out.push_str("No attributes of its own.\n\n");
            continue;
        }
        out.push_str("| attribute | type | U | ? | source |\n|---|---|---|---|---|\n");
        for a in own {
            let (unknown, absent) = (if a.unknown { "U" } else { "" }, if a.absent { "?" } else { "" });
            let _ =
                writeln!(out, "| {} | {} | {unknown} | {absent} | {} |", a.name, type_name(&a.ty), a.source);
        }
        out.push('\n');
    }
    out
}

#[test]
fn the_generated_parts_of_the_language_reference_are_current() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let current = generated(&page);
    if std::env::var_os("DICTUM_UPDATE_DOCS").is_some() {
        std::fs::write(PAGE, &current).unwrap();
    } else {
        assert!(page == current, "docs/language.md is out of date: run DICTUM_UPDATE_DOCS=1 cargo test docs");
    }
}

#[test]
fn every_example_of_the_language_reference_is_right_and_canonical() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let (mut examples, mut wrong) = (0, String::new());
    for Block { info, text, line } in blocks(&page) {
        if info != "dictum" {
            continue;
        }
        examples += 1;
        assert_eq!(formatted(&text), text, "the example at line {line} is not canonical");
        let told = run(&[("policy.dictum", &text), ("common.dictum", "let team = \"sg-team\"\n")]);
        let errors = told.diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
        if errors > 0 {
            let _ = write!(wrong, "line {line}:\n{}\n", told.report());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    println!("{examples} examples");
    assert!(examples > 10);
}
