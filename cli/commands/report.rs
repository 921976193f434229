//! `licit report`: an estate or scenarios in, a page that people look at out.

mod position;
mod redaction;
mod renewal;

use super::verify;
use crate::arguments::Report;
use crate::estate::{self, Input};
use crate::failure::{Answer, Failure};
use crate::output::Output;
use crate::settings::Settings;
use std::path::{Path, PathBuf};

pub(super) fn run(arguments: &Report, settings: &Settings) -> Result<Answer, Failure> {
    let results = [&arguments.result, &arguments.since].into_iter().flatten();
    let inputs: Vec<&Path> = results.chain([&arguments.facts]).map(PathBuf::as_path).collect();
    let output = Output::open(arguments.out.as_deref(), &inputs)?;
    let input = estate::read_any(&arguments.facts, settings)?;
    refuse_options_of_others(arguments, &input)?;
    let saved = arguments.result.as_deref().map(|path| verify::accepted(path, &input, settings)).transpose()?;
    let page = match input {
        Input::Estate(estate) => position::page(estate, saved.as_deref(), arguments, settings)?,
        Input::Scenarios(scenarios) => renewal::page(&scenarios, saved.as_deref(), arguments, settings)?,
    };
    output.write(&page)?;
    Ok(Answer::Yes)
}

/// What is for positions is not for renewals, and the other way round.
fn refuse_options_of_others(arguments: &Report, input: &Input) -> Result<(), Failure> {
    match input {
        Input::Estate(_) if !arguments.scenario.is_empty() => {
            Err(Failure::refused("`--scenario` is for a scenario file, and this is an estate"))
        }
        Input::Scenarios(_) if arguments.since.is_some() => {
            Err(Failure::refused("`--since` is for an estate, and this is a scenario file"))
        }
        _ => Ok(()),
    }
}

/// That a saved result, though lawful, is not what this program makes of the facts.
fn other_result(arguments: &Report) -> Failure {
    let path = arguments.result.as_deref().unwrap_or(Path::new(""));
    let what = "another answer than this version finds, as good by what is proved of it: write it again";
    Failure::refused(format!("{}: {what}", path.display()))
}
