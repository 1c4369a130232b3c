//! Text of files and rules, made harmless in the formats of the page.
//!
//! What steers a terminal or cannot be seen is written out first, as in every report.

use std::fmt;

use crate::report::escape;

/// A text as HTML, in an element or in a quoted attribute.
pub(super) struct Html<'a>(pub(super) &'a str);

impl fmt::Display for Html<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in escape::line(self.0).chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => fmt::Write::write_char(f, other)?,
            }
        }
        Ok(())
    }
}

/// A text as Markdown (CommonMark with tables), in a paragraph or a cell.
pub(super) struct Markdown<'a>(pub(super) &'a str);

impl fmt::Display for Markdown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in escape::line(self.0).chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' => {
                    write!(f, "\\{character}")?;
                }
                other => fmt::Write::write_char(f, other)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        let hostile = "<b a='\"'>&amp;`x`|*_[l](u)\n\u{202e}#";
        assert_eq!(
            Html(hostile).to_string(),
            "&lt;b a=&#39;&quot;&#39;&gt;&amp;amp;`x`|*_[l](u)\\n\\u{202e}#"
        );
        assert_eq!(
            Markdown(hostile).to_string(),
            "&lt;b a='\"'&gt;&amp;amp;\\`x\\`\\|\\*\\_\\[l\\](u)\\\\n\\\\u{202e}\\#"
        );
    }
}
