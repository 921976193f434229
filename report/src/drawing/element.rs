//! SVG elements as text. Attributes are our own; every text of users goes through [`escaped`].

use super::measure::Px;
use crate::text::neutral;
use std::fmt::{Display, Write as _};

/// A point; x grows to the right, y downward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Point {
    pub(crate) x: Px,
    pub(crate) y: Px,
}

/// A rectangle by its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rect {
    pub(crate) x: Px,
    pub(crate) y: Px,
    pub(crate) width: Px,
    pub(crate) height: Px,
}

impl Rect {
    pub(crate) const fn right(self) -> Px {
        self.x + self.width
    }

    #[cfg(test)]
    pub(crate) const fn bottom(self) -> Px {
        self.y + self.height
    }
}

/// Text between tags or in a quoted attribute: what markup would obey is written as a reference, what a reader's eye
/// would be deceived by, and what XML has no way to write, as an escape that can be seen.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in neutral(text).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // Not characters, and in no XML.
            '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(safe, "{}", character.escape_unicode());
            }
            other => safe.push(other),
        }
    }
    safe
}

/// A document being written: one element on each line.
#[derive(Default)]
pub(crate) struct Elements {
    out: String,
    open: Vec<&'static str>,
}

impl Elements {
    /// Opens an element; `attributes` are our own.
    pub(crate) fn open(&mut self, name: &'static str, attributes: impl Display) {
        self.indent();
        let _ = writeln!(self.out, "<{name}{attributes}>");
        self.open.push(name);
    }

    /// Opens a group of a class, with a text that is shown while something points to it.
    pub(crate) fn group(&mut self, class: &str, tip: &str) {
        self.open("g", format_args!(" class=\"{class}\""));
        if !tip.is_empty() {
            self.text_element("title", "", tip);
        }
    }

    /// Closes the element opened last.
    pub(crate) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            let _ = writeln!(self.out, "</{name}>");
        }
    }

    /// An element without content.
    pub(crate) fn empty(&mut self, name: &str, attributes: impl Display) {
        self.indent();
        let _ = writeln!(self.out, "<{name}{attributes}/>");
    }

    /// An element with text in it.
    pub(crate) fn text_element(&mut self, name: &str, attributes: impl Display, text: &str) {
        self.indent();
        let _ = writeln!(self.out, "<{name}{attributes}>{}</{name}>", escaped(text));
    }

    /// A line of text of a class, on the baseline at `at`.
    pub(crate) fn text(&mut self, class: &str, at: Point, text: &str) {
        let Point { x, y } = at;
        self.text_element("text", format_args!(" class=\"{class}\" x=\"{x}\" y=\"{y}\""), text);
    }

    /// A rectangle with rounded corners.
    pub(crate) fn rect(&mut self, class: &str, rect: Rect, radius: Px) {
        let Rect { x, y, width, height } = rect;
        self.empty(
            "rect",
            format_args!(
                " class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\""
            ),
        );
    }

    /// A path.
    pub(crate) fn path(&mut self, class: &str, path: &str) {
        self.empty("path", format_args!(" class=\"{class}\" d=\"{path}\""));
    }

    /// Text that is markup already: a style of our own.
    pub(crate) fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// Closes what is open, and gives the document.
    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n(' ', self.open.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_users_is_shown_and_not_obeyed() {
        assert_eq!(escaped("</text><script>&'\""), "&lt;/text&gt;&lt;script&gt;&amp;&#39;&quot;");
        assert_eq!(escaped("a\u{202e}b\u{0}c\u{ffff}"), "a\\u{202e}b\\u{0}c\\u{ffff}");
    }

    #[test]
    fn what_is_opened_is_closed() {
        let mut elements = Elements::default();
        elements.group("a", "tip <");
        elements.text("b", Point { x: 1, y: 2 }, "&");
        let expected =
            "<g class=\"a\">\n <title>tip &lt;</title>\n <text class=\"b\" x=\"1\" y=\"2\">&amp;</text>\n</g>\n";
        assert_eq!(elements.finish(), expected);
    }
}
