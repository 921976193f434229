//! `licit renew`: scenarios in, what to buy and do in each out, and what they have in common.

use super::{why, with_jobs};
use crate::arguments::{Renew, RenewFailOn, RenewFormat};
use crate::estate;
use crate::failure::{Answer, Failure};
use crate::output::Output;
use crate::settings::Settings;
use report::{Cells, Color, neutral};
use scenarios::Scenarios;
use scenarios::renewal::{Renewal, Solved, compare};

/// Most names of scenarios in a message.
const NAMES_MAX: usize = 6;

pub(super) fn run(arguments: &Renew, settings: &Settings) -> Result<Answer, Failure> {
    let output = Output::open(arguments.out.as_deref(), &[&arguments.scenarios])?;
    let scenarios = estate::read_scenarios(&arguments.scenarios, settings)?;
    let positions = chosen(&scenarios, &arguments.scenario)?;
    let renewals = with_jobs(settings.jobs, || renew(&scenarios, &positions))??;
    let comparison = compare(&renewals);
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

/// The answers, one after the other: what one scenario has solved is known to the next.
fn renew(scenarios: &Scenarios, positions: &[usize]) -> Result<Vec<Renewal>, Failure> {
    let mut solved = Solved::new(scenarios);
    let mut answer = |&position: &usize| {
        solved.renew(position).map_err(|error| {
            let name = scenarios.names().nth(position).expect("a position is one of a name");
            why(&error).about(&format!("scenario `{}`", neutral(name)))
        })
    };
    positions.iter().map(&mut answer).collect()
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
