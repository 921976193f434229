//! `licit graph`: estate in, a picture of its version rights out.

use super::{why, with_jobs};
use crate::arguments::{Graph, GraphFormat};
use crate::estate;
use crate::failure::{Answer, Failure};
use crate::output::Output;
use crate::settings::Settings;
use model::estate::{Estate, find};
use model::id::TitleId;
use model::suggest::did_you_mean;
use report::graph::Picture;
use report::neutral;

pub(super) fn run(arguments: &Graph, settings: &Settings) -> Result<Answer, Failure> {
    let output = Output::open(arguments.out.as_deref(), &[&arguments.estate])?;
    let (estate, _) = estate::read(&arguments.estate, settings)?;
    let title = arguments.title.as_deref().map(|title| named(&estate, title)).transpose()?;
    let position = with_jobs(settings.jobs, || solver::position(&estate))?.map_err(|error| why(&error))?;
    let picture = Picture::of(&position, title).map_err(|error| Failure::NoAnswer(error.to_string()))?;
    output.write(&match arguments.format {
        GraphFormat::Svg => picture.svg(),
        GraphFormat::Dot => picture.dot(),
        GraphFormat::Mermaid => picture.mermaid(),
    })?;
    Ok(Answer::Yes)
}

/// The title with this id.
fn named(estate: &Estate, title: &str) -> Result<TitleId, Failure> {
    find(&estate.titles, title, |title| &title.id).ok_or_else(|| {
        let help = did_you_mean(title, estate.titles.iter().map(|title| title.id.as_str()));
        let help = help.map_or_else(String::new, |help| format!("; {}", neutral(&help)));
        Failure::refused(format!("`{}` is no title of the estate{help}", neutral(title)))
    })
}
