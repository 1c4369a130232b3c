//! Licence expressions: SPDX's, and those that package databases had before.
//!
//! SPDX 3.0, annex B: `WITH` binds tightest, then `AND`, then `OR`; a `+` means "or any later version".
//! <https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/>. Databases also write
//! operators in lower case (older rpm), and put licences side by side that all hold (older apk).

use std::fmt;

/// The deepest nesting of parentheses that is followed.
const MAX_DEPTH: u32 = 64;

/// A licence expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// One licence, perhaps with an exception.
    Licence(Licence),
    /// All of them hold.
    All(Vec<Expression>),
    /// Whoever uses the package may choose.
    Any(Vec<Expression>),
}

/// One licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    /// Its identifier; `GPL-2.0+` is `GPL-2.0-or-later`.
    pub id: String,
    /// The exception that adds to it.
    pub exception: Option<String>,
}

impl fmt::Display for Licence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.exception {
            Some(exception) => write!(f, "{} WITH {exception}", self.id),
            None => f.write_str(&self.id),
        }
    }
}

/// What a policy says of a licence; the later, the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It may be used.
    Allowed,
    /// Nobody has said that it may be.
    Unlisted,
    /// It must not be used.
    Denied,
}

impl Expression {
    /// Reads an expression; `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let spaced = text.replace('(', " ( ").replace(')', " ) ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut parser = Parser { words: &words };
        let expression = parser.any(0)?;
        parser.words.is_empty().then_some(expression)
    }

    /// The standing of the whole, and the licences that it is due to.
    ///
    /// Where all hold, the worst counts; where there is a choice, the best.
    pub fn judge(&self, policy: &impl Fn(&Licence) -> Standing) -> (Standing, Vec<&Licence>) {
        let parts = match self {
            Expression::Licence(licence) => return (policy(licence), vec![licence]),
            Expression::All(parts) | Expression::Any(parts) => parts,
        };
        let judged: Vec<_> = parts.iter().map(|part| part.judge(policy)).collect();
        let standings = judged.iter().map(|(standing, _)| *standing);
        let counts = match self {
            Expression::All(_) => standings.max(),
            _ => standings.min(),
        };
        let standing = counts.unwrap_or(Standing::Unlisted);
        let due = judged.into_iter().filter(|(other, _)| *other == standing);
        (standing, due.flat_map(|(_, licences)| licences).collect())
    }
}

struct Parser<'w> {
    words: &'w [&'w str],
}

impl Parser<'_> {
    fn any(&mut self, depth: u32) -> Option<Expression> {
        let mut parts = vec![self.all(depth)?];
        while self.operator("OR") {
            parts.push(self.all(depth)?);
        }
        Some(Expression::one_or(parts, Expression::Any))
    }

    fn all(&mut self, depth: u32) -> Option<Expression> {
        let mut parts = vec![self.one(depth)?];
        loop {
            let side_by_side = !matches!(self.words, [] | [")", ..]) && !self.at("OR");
            if !self.operator("AND") && !side_by_side {
                return Some(Expression::one_or(parts, Expression::All));
            }
            parts.push(self.one(depth)?);
        }
    }

    fn one(&mut self, depth: u32) -> Option<Expression> {
        let word = self.next()?;
        if word == "(" {
            let inner = if depth < MAX_DEPTH { self.any(depth + 1)? } else { return None };
            return (self.next()? == ")").then_some(inner);
        }
        let id = identifier(word)?;
        let id = id.strip_suffix('+').map_or(id.to_owned(), |id| format!("{id}-or-later"));
        let exception = match self.operator("WITH") {
            true => Some(identifier(self.next()?)?.to_owned()),
            false => None,
        };
        Some(Expression::Licence(Licence { id, exception }))
    }

    fn next(&mut self) -> Option<&str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn at(&self, operator: &str) -> bool {
        self.words.first().is_some_and(|word| word.eq_ignore_ascii_case(operator))
    }

    fn operator(&mut self, operator: &str) -> bool {
        let there = self.at(operator);
        if there {
            self.words = self.words.get(1..).unwrap_or_default();
        }
        there
    }
}

impl Expression {
    fn one_or(mut parts: Vec<Self>, several: fn(Vec<Self>) -> Self) -> Self {
        match parts.len() {
            1 => parts.remove(0),
            _ => several(parts),
        }
    }
}

/// A word that can be an identifier: letters, digits, `.`, `-`, `:` of references, `+` at its end.
fn identifier(word: &str) -> Option<&str> {
    let bare = word.strip_suffix('+').unwrap_or(word);
    let fits = |char: char| char.is_ascii_alphanumeric() || ".-:_".contains(char);
    let operator = ["AND", "OR", "WITH"].iter().any(|name| name.eq_ignore_ascii_case(word));
    (!bare.is_empty() && bare.chars().all(fits) && !operator).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::{Expression, Licence, Standing};

    /// GPL and AGPL are denied, MIT and Apache-2.0 allowed, GPL with an exception too.
    fn policy(licence: &Licence) -> Standing {
        match licence.to_string().as_str() {
            "MIT" | "Apache-2.0" | "GPL-2.0-only WITH Classpath-exception-2.0" => Standing::Allowed,
            id if id.starts_with("GPL") || id.starts_with("AGPL") => Standing::Denied,
            _ => Standing::Unlisted,
        }
    }

    fn judge(text: &str) -> Option<(Standing, Vec<String>)> {
        let expression = Expression::parse(text)?;
        let (standing, due) = expression.judge(&policy);
        Some((standing, due.iter().map(ToString::to_string).collect()))
    }

    #[test]
    fn operators_bind_as_the_specification_says() {
        use Standing::{Allowed, Denied, Unlisted};
        let cases: &[(&str, Standing, &[&str])] = &[
            ("MIT", Allowed, &["MIT"]),
            ("GPL-3.0-only", Denied, &["GPL-3.0-only"]),
            ("Zlib", Unlisted, &["Zlib"]),
            ("GPL-2.0+", Denied, &["GPL-2.0-or-later"]),
            ("MIT OR GPL-3.0-only", Allowed, &["MIT"]),
            ("MIT AND GPL-3.0-only", Denied, &["GPL-3.0-only"]),
            ("MIT AND Zlib", Unlisted, &["Zlib"]),
            ("GPL-3.0-only OR Zlib", Unlisted, &["Zlib"]),
            ("GPL-3.0-only OR AGPL-3.0-only", Denied, &["GPL-3.0-only", "AGPL-3.0-only"]),
            // AND before OR, and parentheses before both.
            ("MIT OR Zlib AND GPL-3.0-only", Allowed, &["MIT"]),
            ("(MIT OR Zlib) AND GPL-3.0-only", Denied, &["GPL-3.0-only"]),
            ("GPL-3.0-only AND (MIT OR Zlib) OR Zlib", Unlisted, &["Zlib"]),
            // WITH before both.
            (
                "GPL-2.0-only WITH Classpath-exception-2.0 AND MIT",
                Allowed,
                &["GPL-2.0-only WITH Classpath-exception-2.0", "MIT"],
            ),
            (
                "GPL-2.0-only WITH GCC-exception-3.1",
                Denied,
                &["GPL-2.0-only WITH GCC-exception-3.1"],
            ),
            // As databases have them.
            ("MIT and GPL-3.0-only", Denied, &["GPL-3.0-only"]),
            ("MIT GPL-3.0-only", Denied, &["GPL-3.0-only"]),
            ("MIT Zlib or MIT", Allowed, &["MIT"]),
            ("(MIT)", Allowed, &["MIT"]),
        ];
        for (text, standing, due) in cases {
            let expected = (*standing, due.iter().map(|&id| id.to_owned()).collect());
            assert_eq!(judge(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_expression_is_none() {
        let deep = format!("{}MIT{}", "(".repeat(100), ")".repeat(100));
        for text in
            ["", "()", "(MIT", "MIT)", "AND", "MIT AND", "MIT OR OR Zlib", "MIT WITH", "+", &deep]
        {
            assert_eq!(Expression::parse(text), None, "{text}");
        }
        assert!(Expression::parse("See LICENSE, please").is_none());
    }
}
