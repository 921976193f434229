//! Text of users, made safe to print: what a terminal would obey is shown instead.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` with every character that a terminal or a reader's eye would be deceived by written as an
/// escape such as `\u{1b}`: control characters, line and paragraph separators, and the invisible
/// characters that change the direction or the order of what is shown.
#[must_use]
pub fn neutral(text: &str) -> Cow<'_, str> {
    if !text.contains(is_deceptive) {
        return Cow::Borrowed(text);
    }
    let mut neutral = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_deceptive(character) {
            // Writing to a string cannot fail.
            let _ = write!(neutral, "{}", character.escape_unicode());
        } else {
            neutral.push(character);
        }
    }
    Cow::Owned(neutral)
}

fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_escapes_are_shown_and_not_obeyed() {
        assert_eq!(neutral("\u{1b}]0;owned\u{7}"), "\\u{1b}]0;owned\\u{7}");
        assert_eq!(neutral("a\nb\u{9b}31m"), "a\\u{a}b\\u{9b}31m");
    }

    #[test]
    fn text_that_turns_its_direction_is_shown_as_it_is_stored() {
        assert_eq!(neutral("abc\u{202e}def"), "abc\\u{202e}def");
    }

    #[test]
    fn ordinary_text_is_left_alone() {
        assert!(matches!(neutral("Büro 2013 日本"), Cow::Borrowed("Büro 2013 日本")));
    }
}
