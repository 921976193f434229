//! Styles of text for a terminal.

use crate::diagnostics::Color;
use anstyle::{AnsiColor, Style};

impl Color {
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
            Self::Never => text.to_owned(),
            Self::Always => format!("{style}{text}{style:#}"),
        }
    }
}
