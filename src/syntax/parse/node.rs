//! What pest gives, with spans of ours.

use pest::iterators::{Pair, Pairs};

use super::Rule;
use crate::text::{Span, Spanned};

/// A matched rule.
#[derive(Clone)]
pub(super) struct Node<'i> {
    pair: Pair<'i, Rule>,
    base: u32,
}

impl<'i> Node<'i> {
    /// Which rule matched.
    pub(super) fn rule(&self) -> Rule {
        self.pair.as_rule()
    }

    /// What it matched.
    pub(super) fn text(&self) -> &'i str {
        self.pair.as_str()
    }

    /// Where. White space and comments that the rule ate at its end are not part of it: it ends where its last token does.
    pub(super) fn span(&self) -> Span {
        let mut last = self.pair.clone();
        while let Some(inner) = last.clone().into_inner().next_back() {
            last = inner;
        }
        Span::new(self.base + self.pair.as_span().start() as u32, self.base + last.as_span().end() as u32)
    }

    /// What it consists of.
    pub(super) fn kids(self) -> Nodes<'i> {
        Nodes { pairs: self.pair.into_inner(), base: self.base }
    }

    /// The one thing, or the first, that it consists of.
    pub(super) fn first(self) -> Node<'i> {
        let Some(kid) = self.kids().next() else { unreachable!("the grammar gives this rule a part") };
        kid
    }

    /// Its text, with its place.
    pub(super) fn ident(&self) -> Spanned<String> {
        Spanned::new(self.text().to_owned(), self.span())
    }

    /// A thing, with the place of this node.
    pub(super) fn with<T>(&self, thing: T) -> Spanned<T> {
        Spanned::new(thing, self.span())
    }

    /// The member of a closed list of words that this keyword is.
    pub(super) fn word<T>(&self, from_word: fn(&str) -> Option<T>) -> Spanned<T> {
        let Some(found) = from_word(self.text()) else {
            unreachable!("the grammar lists the words of the tree")
        };
        self.with(found)
    }
}

/// The parts of a node, in order.
#[derive(Clone)]
pub(super) struct Nodes<'i> {
    pairs: Pairs<'i, Rule>,
    base: u32,
}

impl<'i> Nodes<'i> {
    /// What pest matched in a text that starts at the global position `base`.
    pub(super) fn new(pairs: Pairs<'i, Rule>, base: u32) -> Self {
        Nodes { pairs, base }
    }

    /// The rule of the next node.
    pub(super) fn peek(&self) -> Option<Rule> {
        self.pairs.peek().map(|p| p.as_rule())
    }

    /// The next node if it is of that rule.
    pub(super) fn optional(&mut self, rule: Rule) -> Option<Node<'i>> {
        if self.peek() == Some(rule) { self.next() } else { None }
    }

    /// The next node, which the grammar demands.
    pub(super) fn demand(&mut self) -> Node<'i> {
        let Some(node) = self.next() else { unreachable!("the grammar gives this rule one more part") };
        node
    }
}

impl<'i> Iterator for Nodes<'i> {
    type Item = Node<'i>;

    fn next(&mut self) -> Option<Node<'i>> {
        self.pairs.next().map(|pair| Node { pair, base: self.base })
    }
}
