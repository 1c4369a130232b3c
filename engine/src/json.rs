//! JSON text to a tree in which every node knows its place.
//!
//! Owns the one way JSON with places is read: what `docker inspect`, `docker info` and scanners
//! print, `daemon.json`, image manifests. The tree is that of [`crate::yaml`], so that whoever reads
//! one reads the other. It is strict (RFC 8259): no comments, no commas at the end, no lone
//! surrogates, nothing after the value; [`parse_stream`] alone takes several values. It knows
//! nothing of what the document says.

mod error;
mod lexer;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};
pub use crate::yaml::Limits;
use crate::yaml::{Key, MAX_PROBLEMS, Node, Value};
use error::Problem;
use lexer::Lexer;

/// Twice as deep as anything Docker or a scanner prints, and a report of some hundred thousand
/// findings. Reading recurses: this depth takes 50 KiB of stack, and 200 where nothing is optimised.
pub const LIMITS: Limits = Limits { depth: 128, nodes: 2_000_000 };

/// The longest collection, in bytes, whose span is all of it.
pub const SHORT: usize = 256;

/// One document that was read.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The value.
    ///
    /// The span of a scalar is its text, with its quotes. That of a collection is all of it if it
    /// stands on one line and in [`SHORT`] bytes, else its opening bracket, so that an excerpt stays
    /// readable. No span is empty; `tag` and `used_at` are never set.
    ///
    /// An integer beyond 64 bits with sign (`18446744073709551615`) is a float. Of a key that is
    /// written twice the last counts, as for Go and so for everything that Docker reads.
    pub node: Node,
    /// Warnings: keys that are written twice in one object, the first [`MAX_PROBLEMS`].
    pub warnings: Vec<Diagnostic>,
}

/// Documents that stand one after the other.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    /// Those that could be read, in order. After the first error nothing is read.
    pub nodes: Vec<Node>,
    /// Warnings as for [`Parsed`], and at the end the error that stopped reading, if one did.
    pub problems: Vec<Diagnostic>,
}

/// Reads one JSON document.
///
/// # Errors
///
/// What the syntax or the limits forbid: one diagnostic, where reading stopped, after the warnings
/// that were found before. An empty text is an error.
pub fn parse(source: &Arc<Source>, limits: Limits) -> Result<Parsed, Vec<Diagnostic>> {
    let mut parser = Parser::new(source, limits);
    let read = parser.document();
    match read {
        Ok(node) => Ok(Parsed { node, warnings: parser.warnings }),
        Err(problem) => {
            parser.warnings.push(problem.diagnostic(source));
            Err(parser.warnings)
        }
    }
}

/// Reads any number of JSON values after one another, with or without white space between them: JSON
/// lines, or what several commands printed. An empty text holds none.
///
/// Numbers and words need white space between them. The limit of nodes is for all of them together.
#[must_use]
pub fn parse_stream(source: &Arc<Source>, limits: Limits) -> Stream {
    let mut parser = Parser::new(source, limits);
    let mut nodes = Vec::new();
    let error = loop {
        parser.lexer.blank();
        if parser.lexer.peek().is_none() {
            break None;
        }
        match parser.value(limits.depth).and_then(|node| parser.boundary().map(|()| node)) {
            Ok(node) => nodes.push(node),
            Err(problem) => break Some(problem),
        }
    };
    let mut problems = parser.warnings;
    problems.extend(error.map(|problem| problem.diagnostic(source)));
    Stream { nodes, problems }
}

struct Parser<'a> {
    source: &'a Arc<Source>,
    lexer: Lexer<'a>,
    limits: Limits,
    nodes: usize,
    warnings: Vec<Diagnostic>,
}

impl<'a> Parser<'a> {
    fn new(source: &'a Arc<Source>, limits: Limits) -> Self {
        let lexer = Lexer::new(source.text());
        Parser { source, lexer, limits, nodes: 0, warnings: Vec::new() }
    }

    fn document(&mut self) -> Result<Node, Problem> {
        self.lexer.blank();
        if self.lexer.peek().is_none() {
            return Err(Problem::empty(self.lexer.at()));
        }
        let node = self.value(self.limits.depth)?;
        self.lexer.blank();
        match self.lexer.peek() {
            None => Ok(node),
            Some(_) => Err(self.lexer.after_document()),
        }
    }

    /// Between two values of a stream: `1 2` are two numbers, `12` is one.
    fn boundary(&mut self) -> Result<(), Problem> {
        let closed = self.lexer.last().is_some_and(|byte| matches!(byte, b'}' | b']' | b'"'));
        match self.lexer.peek() {
            Some(byte) if !closed && !byte.is_ascii_whitespace() => {
                Err(self.lexer.after_document())
            }
            _ => Ok(()),
        }
    }

    /// A value at the next byte. `depth` is how many collections may still be opened.
    fn value(&mut self, depth: usize) -> Result<Node, Problem> {
        let start = self.lexer.at();
        if self.nodes == self.limits.nodes {
            return Err(Problem::nodes(start, self.limits.nodes));
        }
        self.nodes += 1;
        let byte = self.lexer.peek();
        if matches!(byte, Some(b'{' | b'[')) {
            let Some(depth) = depth.checked_sub(1) else {
                return Err(Problem::depth(start, self.limits.depth));
            };
            self.lexer.bump();
            let value = if byte == Some(b'{') {
                self.object(start, depth)?
            } else {
                self.array(start, depth)?
            };
            return Ok(node(value, self.collection(start)));
        }
        let value = self.lexer.scalar()?;
        Ok(node(value, Span::new(start, self.lexer.at())))
    }

    /// What shows a collection that ends here.
    fn collection(&self, start: usize) -> Span {
        let all = Span::new(start, self.lexer.at());
        let short = all.len() <= SHORT && !self.source.slice(all).contains(['\n', '\r']);
        if short { all } else { Span::new(start, start + 1) }
    }

    fn array(&mut self, start: usize, depth: usize) -> Result<Value, Problem> {
        let mut items = Vec::new();
        self.lexer.blank();
        if self.lexer.eat(b']') {
            return Ok(Value::Seq(items));
        }
        loop {
            self.lexer.blank();
            self.lexer.expect_element(start, b']')?;
            items.push(self.value(depth)?);
            self.lexer.blank();
            if self.lexer.eat(b']') {
                return Ok(Value::Seq(items));
            }
            self.lexer.separator(start, b']')?;
        }
    }

    fn object(&mut self, start: usize, depth: usize) -> Result<Value, Problem> {
        let mut entries = Vec::new();
        self.lexer.blank();
        if self.lexer.eat(b'}') {
            return Ok(Value::Map(entries));
        }
        loop {
            self.lexer.blank();
            self.lexer.expect_element(start, b'}')?;
            let key = self.key()?;
            self.lexer.blank();
            self.lexer.colon(start)?;
            self.lexer.blank();
            self.lexer.expect_element(start, b'}')?;
            entries.push((key, self.value(depth)?));
            self.lexer.blank();
            if self.lexer.eat(b'}') {
                self.last_counts(&mut entries);
                return Ok(Value::Map(entries));
            }
            self.lexer.separator(start, b'}')?;
        }
    }

    fn key(&mut self) -> Result<Key, Problem> {
        let start = self.lexer.at();
        if self.lexer.peek() != Some(b'"') {
            return Err(self.lexer.bad_key());
        }
        let text = self.lexer.string()?;
        Ok(Key { text, span: Span::new(start, self.lexer.at()), is_string: true })
    }

    /// Drops entries whose key is written again later.
    fn last_counts(&mut self, entries: &mut Vec<(Key, Node)>) {
        let mut order: Vec<usize> = (0..entries.len()).collect();
        let text = |at: usize| entries.get(at).map(|(key, _)| key.text.as_str());
        // Stable: equal keys stay in the order in which they are written.
        order.sort_by_key(|&at| text(at));
        let mut dropped: Vec<(usize, usize)> = order
            .windows(2)
            .filter_map(|pair| match *pair {
                [first, again] if text(first) == text(again) => Some((first, again)),
                _ => None,
            })
            .collect();
        if dropped.is_empty() {
            return;
        }
        dropped.sort_unstable();
        for &(first, again) in &dropped {
            if let (Some((first, _)), Some((again, _))) = (entries.get(first), entries.get(again))
                && self.warnings.len() < MAX_PROBLEMS
            {
                self.warnings.push(error::duplicate(self.source, first, again));
            }
        }
        let mut at = 0..;
        entries.retain(|_| {
            let at = at.next().unwrap_or_default();
            dropped.binary_search_by_key(&at, |&(first, _)| first).is_err()
        });
    }
}

fn node(value: Value, span: Span) -> Node {
    Node { value, span, used_at: None, tag: None }
}
