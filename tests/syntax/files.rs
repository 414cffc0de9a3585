//! Whole files: read, formatted, read again.

use super::{EVERY_CONSTRUCT, corpus, formatted, tree};
use dictum::syntax::ast::{File, Item};

fn comments(file: &File) -> Vec<&str> {
    let mut texts: Vec<_> = file.comments.iter().map(|c| c.text.as_str()).collect();
    texts.sort_unstable();
    texts
}

fn holds_together(text: &str) {
    let once = formatted(text);
    let (before, after) = (tree(text), tree(&once));
    assert_eq!(before.header, after.header);
    for (a, b) in before.items.iter().zip(&after.items) {
        assert_eq!(a, b);
    }
    assert_eq!(before.items.len(), after.items.len());
    assert_eq!(comments(&before), comments(&after));
    assert_eq!(formatted(&once), once);
    assert_eq!(
        after.comments.iter().filter(|c| c.trailing).count(),
        before.comments.iter().filter(|c| c.trailing).count()
    );
}

#[test]
fn every_construct_is_read_and_formatted() {
    holds_together(EVERY_CONSTRUCT);
}

#[test]
fn every_construct_without_line_breaks_is_the_same() {
    let bare: String = EVERY_CONSTRUCT
        .lines()
        .map(|line| line.split(" #").next().unwrap_or_default())
        .filter(|line| !line.starts_with('#'))
        .collect::<Vec<_>>()
        .join(" ");
    assert_eq!(tree(&bare).items, tree(EVERY_CONSTRUCT).items);
    holds_together(&bare);
}

#[test]
fn windows_line_ends_are_the_same() {
    let windows = EVERY_CONSTRUCT.replace('\n', "\r\n");
    assert_eq!(tree(&windows), tree(EVERY_CONSTRUCT));
    assert_eq!(formatted(&windows), formatted(EVERY_CONSTRUCT));
}

#[test]
fn the_corpus_is_read_and_formatted() {
    let Some(text) = corpus() else {
        println!("no corpus here: 0 statements");
        return;
    };
    holds_together(&text);
    let file = tree(&text);
    let statements =
        file.items.iter().filter(|i| matches!(i, Item::Rule(_) | Item::Waive(_) | Item::Test(_))).count();
    println!("corpus: {statements} statements, {} sets, parameters and uses", file.items.len() - statements);
    assert_eq!(statements, 71);
}
