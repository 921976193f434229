//! Whether text carries styles for a terminal.

use anstyle::{AnsiColor, Style};

/// Whether text carries styles for a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// No styles at all.
    Plain,
    /// ANSI escape sequences.
    Color,
}

impl Paint {
    /// What names the rest.
    pub(crate) fn heading(self, text: &str) -> String {
        self.styled(Style::new().bold(), text)
    }

    /// What should not be.
    pub(crate) fn alarm(self, text: &str) -> String {
        self.styled(AnsiColor::Red.on_default().bold(), text)
    }

    fn styled(self, style: Style, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Color => format!("{style}{text}{style:#}"),
        }
    }
}
