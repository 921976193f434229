//! What the arguments mean on this day, at this terminal.

use crate::arguments::{Arguments, Command, MessageFormat, Shared};
use crate::failure::Failure;
use clap::ColorChoice;
use model::Date;
use report::Color;
use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;

/// What to do and how to say it.
pub(crate) struct Settings {
    pub(crate) command: Command,
    /// The day that was asked for, if one was.
    pub(crate) as_of: Option<Date>,
    /// The most threads to use, if that was limited.
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Whether warnings are left out.
    pub(crate) is_quiet: bool,
    pub(crate) message_format: MessageFormat,
    /// For results on standard output.
    pub(crate) stdout_color: Color,
    /// For findings on standard error.
    pub(crate) stderr_color: Color,
}

impl Settings {
    /// Decides what was left open and refuses what cannot be meant.
    pub(crate) fn resolve(arguments: Arguments) -> Result<Self, Failure> {
        let Arguments { command, shared } = arguments;
        let as_of = match &command {
            Command::Position(position) => position.as_of.as_deref(),
            Command::Renew(renew) => renew.as_of.as_deref(),
            Command::Report(report) => report.as_of.as_deref(),
            Command::Explain(explain) => explain.as_of.as_deref(),
            Command::Batch(batch) => batch.as_of.as_deref(),
            Command::Worker(worker) => worker.as_of.as_deref(),
            Command::Verify(verify) => verify.as_of.as_deref(),
            Command::Check(check) => check.as_of.as_deref(),
            Command::Compare(compare) => compare.as_of.as_deref(),
            Command::Graph(graph) => graph.as_of.as_deref(),
            Command::Diff(_)
            | Command::Merge(_)
            | Command::Schema(_)
            | Command::Generate(_)
            | Command::Init(_)
            | Command::Mcf(_) => None,
        };
        let as_of = as_of.map(date).transpose()?;
        let Shared { quiet, color, message_format, jobs } = shared;
        Ok(Self {
            command,
            as_of,
            jobs,
            is_quiet: quiet,
            message_format,
            stdout_color: decide(color, io::stdout().is_terminal()),
            stderr_color: decide(color, io::stderr().is_terminal()),
        })
    }
}

/// A day as `YYYY-MM-DD` and in no other way.
fn date(text: &str) -> Result<Date, Failure> {
    let has_form = text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let date = has_form.then(|| text.parse::<Date>().ok()).flatten();
    date.ok_or_else(|| Failure::refused(format!("`--as-of {text}` is no date; write it as `2026-11-22`")))
}

/// Colors where they were asked for, or where a terminal shows them and nobody objects.
fn decide(choice: ColorChoice, is_terminal: bool) -> Color {
    let is_colored = match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let is_declined = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            let is_dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
            is_terminal && !is_declined && !is_dumb
        }
    };
    if is_colored { Color::Always } else { Color::Never }
}
