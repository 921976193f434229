//! How much room text takes, told without a font.
//!
//! A viewer draws with whatever sans-serif font it has. Each character counts as wide as in the widest of the common
//! ones (Verdana, those of Linux), so that text is never wider than told; in narrow fonts it leaves some room. Characters
//! beyond Latin count as a whole em, wide ones as more, and marks that combine as nothing.

use std::borrow::Cow;
use unicode_width::UnicodeWidthChar;

/// A length in pixels.
pub(crate) type Px = i32;

/// How text is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Font {
    /// Height of the em in pixels.
    pub(crate) size: Px,
    /// Whether it is bold.
    pub(crate) is_bold: bool,
}

impl Font {
    /// A plain font.
    pub(crate) const fn plain(size: Px) -> Self {
        Self { size, is_bold: false }
    }

    /// A bold font.
    pub(crate) const fn bold(size: Px) -> Self {
        Self { size, is_bold: true }
    }

    /// The most pixels that `text` takes.
    pub(crate) fn width(self, text: &str) -> Px {
        self.pixels(text.chars().map(|character| self.advance(character)).sum())
    }

    /// `text` if it fits into so many pixels, else its beginning with an ellipsis.
    pub(crate) fn cut(self, text: &str, width: Px) -> Cow<'_, str> {
        if self.width(text) <= width {
            return Cow::Borrowed(text);
        }
        let mut advance = self.advance(ELLIPSIS);
        let fits = |character: &char| {
            advance += self.advance(*character);
            self.pixels(advance) <= width
        };
        let mut cut: String = text.chars().take_while(fits).collect();
        cut.truncate(cut.trim_end().len());
        cut.push(ELLIPSIS);
        Cow::Owned(cut)
    }

    /// `text` in at most so many lines that fit into so many pixels, broken at spaces; what is left is cut.
    pub(crate) fn lines(self, text: &str, width: Px, most: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut words = text.split(' ').peekable();
        while let (Some(word), true) = (words.peek(), lines.len() < most) {
            match lines.last_mut().filter(|line| self.width(line) + self.width(&format!(" {word}")) <= width) {
                Some(line) => {
                    line.push(' ');
                    line.push_str(word);
                    words.next();
                }
                None => {
                    lines.push((*word).to_owned());
                    words.next();
                }
            }
        }
        // What did not fit goes to the last line, which is cut like every line of a single long word.
        if let Some(last) = lines.last_mut() {
            for word in words {
                last.push(' ');
                last.push_str(word);
            }
        }
        lines.into_iter().map(|line| self.cut(&line, width).into_owned()).collect()
    }

    /// Hundredths of an em in pixels, rounded up.
    fn pixels(self, hundredths: u64) -> Px {
        let pixels = (hundredths * u64::from(self.size.unsigned_abs())).div_ceil(100);
        Px::try_from(pixels).unwrap_or(Px::MAX / 4)
    }

    /// The width of a character in hundredths of an em.
    fn advance(self, character: char) -> u64 {
        let plain = advance(character);
        if self.is_bold { plain + plain / 8 } else { plain }
    }
}

const ELLIPSIS: char = '\u{2026}';

const fn advance_of_ascii(character: char) -> u64 {
    match character {
        'i' | 'j' | 'l' | '\'' | '|' => 34,
        ' ' | '.' | ',' | ':' | ';' | '-' | '/' | '\\' | '!' | '(' | ')' | '[' | ']' | 'f' | 't' | 'r' | 'I' => 42,
        '"' | '`' | '_' | 'J' | 's' | 'z' | 'c' => 56,
        'm' | 'M' | 'W' | '@' | '%' => 102,
        'w' | 'O' | 'Q' | 'G' | '+' | '=' | '<' | '>' | '~' | '^' | '#' => 85,
        'A'..='Z' | '&' => 78,
        _ => 66,
    }
}

fn advance(character: char) -> u64 {
    match character.width() {
        _ if character.is_ascii() => advance_of_ascii(character),
        Some(0) => 0,
        Some(1) if character <= '\u{24f}' => 90,
        Some(1) | None => 105,
        Some(_) => 125,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONT: Font = Font::plain(12);

    #[test]
    fn text_that_fits_is_left_alone_and_other_text_is_cut_to_fit() {
        assert!(matches!(FONT.cut("office@2013", 200), Cow::Borrowed("office@2013")));
        for text in ["a name of some length", "日本語の長い名前です", "WWWWWWWWWWWWWWWW", "iiiiiiiiiiiiiiiiiiiiiiiiii"]
        {
            for width in 20..90 {
                let cut = FONT.cut(text, width);
                assert!(FONT.width(&cut) <= width, "{cut} in {width}");
                assert!(cut == text || cut.ends_with('…'), "{cut}");
            }
        }
    }

    #[test]
    fn text_is_broken_at_spaces_and_loses_no_word_but_at_its_end() {
        let text = "11 installs of office@2013 can be covered only by the 10 units of L13: 1 short";
        for width in 60..400 {
            let lines = FONT.lines(text, width, 4);
            assert!(lines.len() <= 4 && lines.iter().all(|line| FONT.width(line) <= width), "{lines:?}");
            let whole = lines.join(" ");
            assert!(whole == text || whole.contains('…'), "{whole}");
        }
        assert_eq!(FONT.lines(text, 10_000, 4), [text]);
        assert_eq!(FONT.lines("", 100, 4), [""]);
    }

    #[test]
    fn the_longest_text_has_a_width() {
        let long = "W".repeat(1 << 20);
        assert!(FONT.width(&long) > 1_000_000);
        assert!(FONT.cut(&long, 100).chars().count() < 12);
    }

    #[test]
    fn bold_text_is_wider() {
        assert!(Font::bold(12).width("Contoso") > FONT.width("Contoso"));
    }
}
