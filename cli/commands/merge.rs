//! `licit merge`: the journals of all shards of a batch in, one of the whole batch out.

use super::batch::write_summary;
use crate::arguments::Merge;
use crate::failure::{Answer, Failure};
use crate::output::Output;
use crate::settings::Settings;
use journal::{Journal, JournalError};
use report::batch_phrase as phrase;
use scenarios::batch::{Manifest, check_merge};
use std::path::{Path, PathBuf};

pub(super) fn run(arguments: &Merge, settings: &Settings) -> Result<Answer, Failure> {
    let inputs: Vec<&Path> = arguments.journals.iter().chain([&arguments.merged]).map(PathBuf::as_path).collect();
    let output = Output::open(arguments.summary.out.as_deref(), &inputs)?;
    let shards = open_all(&arguments.journals)?;
    let manifests: Vec<Manifest> = shards.iter().map(Journal::manifest).collect::<Result<_, _>>()?;
    refuse(&check_merge(&manifests))?;
    let mut merged = Journal::create(&arguments.merged, &manifests[0].version)?;
    if let Err(error) = merge(&mut merged, &shards) {
        merged.discard();
        return Err(error.into());
    }
    let counts = write_summary(&merged, &arguments.summary, output, settings)?;
    merged.close()?;
    if counts.without_answer() > 0 {
        return Err(Failure::NoAnswer(phrase::unanswered(&counts)));
    }
    Ok(Answer::Yes)
}

/// All journals, or everything that is wrong with any of them.
fn open_all(paths: &[PathBuf]) -> Result<Vec<Journal>, Failure> {
    let (opened, refused): (Vec<_>, Vec<_>) =
        paths.iter().map(|path| Journal::open_existing(path)).partition(Result::is_ok);
    refuse(&refused.into_iter().filter_map(Result::err).collect::<Vec<JournalError>>())?;
    Ok(opened.into_iter().filter_map(Result::ok).collect())
}

/// Refuses the journals if there is anything to say against them.
fn refuse<F: ToString>(faults: &[F]) -> Result<(), Failure> {
    let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
    if said.is_empty() { Ok(()) } else { Err(Failure::refused(said.join("\nerror: "))) }
}

fn merge(merged: &mut Journal, shards: &[Journal]) -> Result<(), JournalError> {
    merged.take_listing(&shards[0])?;
    shards.iter().try_for_each(|shard| merged.take_results(shard))
}
