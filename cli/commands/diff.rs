//! `licit diff`: two results in, what changed and why out. Nothing is solved and no estate is read.

use super::result;
use crate::arguments::{CompareFormat, Diff};
use crate::failure::{Answer, Failure};
use crate::output::Output;
use crate::settings::Settings;
use changes::Snapshot;
use report::{Color, neutral};
use std::path::Path;

pub(super) fn run(arguments: &Diff, settings: &Settings) -> Result<Answer, Failure> {
    let output = Output::open(arguments.out.as_deref(), &[&arguments.before, &arguments.after])?;
    let (before, after) = match (read(&arguments.before), read(&arguments.after)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(one), Err(other)) => return Err(Failure::refused(format!("{one}\nerror: {other}"))),
        (Err(error), _) | (_, Err(error)) => return Err(Failure::refused(error)),
    };
    let differences = changes::differences(&before, &after);
    let color = if output.is_stdout() { settings.stdout_color } else { Color::Never };
    output.write(&match arguments.format {
        CompareFormat::Table => report::changes_table(&differences, color),
        CompareFormat::Json => report::changes_json(&differences),
    })?;
    Ok(Answer::Yes)
}

/// A result, or what is wrong with its file, and where.
fn read(path: &Path) -> Result<Snapshot, String> {
    snapshot(path, &result::text(path)?)
}

/// The result in the text of a file.
pub(super) fn snapshot(path: &Path, text: &str) -> Result<Snapshot, String> {
    changes::read(text).map_err(|error| {
        let place = if error.line == 0 { String::new() } else { format!(":{}:{}", error.line, error.column) };
        format!("{}{place}: no result of `position`: {}", path.display(), neutral(&error.what))
    })
}
