//! `licit compare`: estate in, the proven optimum beside what simpler methods would have said.

use super::{why, with_jobs};
use crate::arguments::{
    BaselineChoice, Compare, CompareFormat, LicenseOrderChoice, RuleOrderChoice, VersionOrderChoice,
};
use crate::estate;
use crate::failure::{Answer, Failure};
use crate::output::Output;
use crate::settings::Settings;
use checker::Certified;
use model::estate::Estate;
use report::Color;
use solver::SolveError;
use solver::baselines::{BaselineOutcome, LicenseOrder, Orders, Rule, RuleOrder, VersionOrder, baseline};
use solver::compare::{Comparison, compare};

/// The optimum, and each baseline held against it.
type Compared<'e> = (Certified<'e>, Vec<(BaselineOutcome, Comparison)>);

pub(super) fn run(arguments: &Compare, settings: &Settings) -> Result<Answer, Failure> {
    let output = Output::open(arguments.out.as_deref(), &[&arguments.estate])?;
    let (estate, _) = estate::read(&arguments.estate, settings)?;
    let rules = rules(arguments);
    let compared = with_jobs(settings.jobs, || compared(&estate, &rules, orders(arguments)))?;
    let (optimum, baselines) = compared.map_err(|error| why(&error))?;
    let color = if output.is_stdout() { settings.stdout_color } else { Color::Never };
    output.write(&match arguments.format {
        CompareFormat::Table => report::comparison_table(&optimum, &baselines, color),
        CompareFormat::Json => report::comparison_json(&optimum, &baselines),
    })?;
    Ok(Answer::Yes)
}

/// The rules asked for, each once, or all.
fn rules(arguments: &Compare) -> Vec<Rule> {
    let asked: Vec<Rule> = arguments.baseline.iter().map(|choice| rule(*choice)).collect();
    Rule::ALL.into_iter().filter(|rule| asked.is_empty() || asked.contains(rule)).collect()
}

const fn rule(choice: BaselineChoice) -> Rule {
    match choice {
        BaselineChoice::BestFit => Rule::BestFit,
        BaselineChoice::LowestSufficient => Rule::LowestSufficient,
        BaselineChoice::PriorityList => Rule::PriorityList,
        BaselineChoice::PerTitle => Rule::PerTitle,
    }
}

const fn orders(arguments: &Compare) -> Orders {
    Orders {
        versions: match arguments.version_order {
            VersionOrderChoice::OldestFirst => VersionOrder::OldestFirst,
            VersionOrderChoice::NewestFirst => VersionOrder::NewestFirst,
        },
        rules: match arguments.rule_order {
            RuleOrderChoice::ExactFirst => RuleOrder::ExactFirst,
            RuleOrderChoice::DowngradeFirst => RuleOrder::DowngradeFirst,
        },
        licenses: match arguments.license_order {
            LicenseOrderChoice::Purchased => LicenseOrder::Purchased,
            LicenseOrderChoice::End => LicenseOrder::End,
            LicenseOrderChoice::Quantity => LicenseOrder::Quantity,
        },
    }
}

fn compared<'e>(estate: &'e Estate, rules: &[Rule], orders: Orders) -> Result<Compared<'e>, SolveError> {
    let position = solver::position(estate)?;
    let against = |&rule: &Rule| {
        let outcome = baseline(estate, rule, orders)?;
        let comparison = compare(&position, &outcome)?;
        Ok((outcome, comparison))
    };
    let baselines = rules.iter().map(against).collect::<Result<Vec<_>, SolveError>>()?;
    Ok((position.certified, baselines))
}
