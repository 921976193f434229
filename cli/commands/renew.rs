//! `licit renew`: scenarios in, what to buy and do in each out, and what they have in common.

mod models;

use super::{why, with_jobs};
use crate::arguments::{Renew, RenewFailOn, RenewFormat};
use crate::estate;
use crate::failure::{Answer, Failure};
use crate::folder::NewFolder;
use crate::output::Output;
use crate::settings::Settings;
use report::{Cells, Color, neutral};
use scenarios::Scenarios;
use scenarios::renewal::{Comparison, Renewal, Solved, Together, compare_of};
use solver::SolveError;

/// Most names of scenarios in a message.
const NAMES_MAX: usize = 6;

pub(super) fn run(arguments: &Renew, settings: &Settings) -> Result<Answer, Failure> {
    let output = Output::open(arguments.out.as_deref(), &[&arguments.scenarios])?;
    let models = arguments.write_model.as_deref().map(|path| NewFolder::create("--write-model", path)).transpose()?;
    let scenarios = estate::read_scenarios(&arguments.scenarios, settings)?;
    let keeps_evidence = arguments.format == RenewFormat::Json;
    let answers = answers(&scenarios, &arguments.scenario, keeps_evidence, settings)?;
    let Answers { positions, renewals, comparison } = answers;
    if let Some(folder) = models {
        with_jobs(settings.jobs, || models::write(&scenarios, &positions, &renewals, folder))??;
    }
    let color = if output.is_stdout() { settings.stdout_color } else { Color::Never };
    let cells = if arguments.raw_csv { Cells::Raw } else { Cells::Safe };
    output.write(&match arguments.format {
        RenewFormat::Table => report::renewals_table(&renewals, &comparison, color),
        RenewFormat::Json => report::renewals_json(&renewals, &comparison),
        RenewFormat::Csv => report::renewals_csv(&renewals, cells),
        RenewFormat::Markdown => report::renewals_markdown(&renewals, &comparison),
    })?;
    let fails = match arguments.fail_on {
        None => false,
        Some(RenewFailOn::Uncovered) => renewals.iter().any(|renewal| !renewal.totals().uncovered.is_zero()),
    };
    Ok(if fails { Answer::No } else { Answer::Yes })
}

/// What comes of scenarios.
pub(super) struct Answers {
    /// Which scenarios they are.
    positions: Vec<usize>,
    /// The plan of each.
    pub(super) renewals: Vec<Renewal>,
    /// What they have in common.
    pub(super) comparison: Comparison,
}

/// The answers for the scenarios named, or for all.
pub(super) fn answers(
    scenarios: &Scenarios,
    names: &[String],
    keeps_evidence: bool,
    settings: &Settings,
) -> Result<Answers, Failure> {
    let positions = chosen(scenarios, names)?;
    let (renewals, together) = with_jobs(settings.jobs, || renew(scenarios, &positions, keeps_evidence))??;
    let comparison = compare_of(scenarios, &positions, &renewals, together);
    Ok(Answers { positions, renewals, comparison })
}

/// The answers, one after the other, then plans for all of them: what one scenario has solved is known to the next.
fn renew(
    scenarios: &Scenarios,
    positions: &[usize],
    keeps_evidence: bool,
) -> Result<(Vec<Renewal>, Vec<Together>), Failure> {
    let mut solved =
        if keeps_evidence { Solved::with_evidence(scenarios, report::plan_evidence) } else { Solved::new(scenarios) };
    let renewals = positions
        .iter()
        .map(|&position| solved.renew(position).map_err(|error| no_answer(scenarios, position, &error)))
        .collect::<Result<Vec<Renewal>, Failure>>()?;
    let together = solved.together(positions, &renewals);
    Ok((renewals, together.map_err(|error| why(&error).about("a plan for all scenarios together"))?))
}

/// Why a scenario has no answer.
fn no_answer(scenarios: &Scenarios, position: usize, error: &SolveError) -> Failure {
    let name = scenarios.names().nth(position).expect("a position is one of a name");
    why(error).about(&format!("scenario `{}`", neutral(name)))
}

/// The positions of the scenarios asked for, in the order of the file; all if none was.
fn chosen(scenarios: &Scenarios, names: &[String]) -> Result<Vec<usize>, Failure> {
    if let Some(unknown) = names.iter().find(|&name| scenarios.names().all(|known| known != name)) {
        return Err(unknown_scenario(scenarios, unknown));
    }
    let is_chosen = |name: &str| names.is_empty() || names.iter().any(|chosen| chosen == name);
    let all = scenarios.names().enumerate();
    Ok(all.filter(|&(_, name)| is_chosen(name)).map(|(position, _)| position).collect())
}

fn unknown_scenario(scenarios: &Scenarios, unknown: &str) -> Failure {
    let names: Vec<String> = scenarios.names().take(NAMES_MAX).map(|name| format!("`{}`", neutral(name))).collect();
    let hidden = scenarios.count() - names.len();
    let more = if hidden == 0 { String::new() } else { format!(" and {hidden} more") };
    let there_are = if scenarios.count() == 1 { "there is" } else { "there are" };
    let unknown = neutral(unknown);
    Failure::refused(format!("`--scenario {unknown}` names no scenario; {there_are} {}{more}", names.join(", ")))
}
