//! An explanation in sentences: facts first, then why, then what would help.

use crate::diagnostics::Color;
use crate::phrase::{self, explain as words};
use crate::table;
use explanation::{
    DemandExplanation, Explanation, Fate, HolderExplanation, LicenseExplanation, Need, Remedy, Shortfall, Subject,
    Support, Unnamed,
};
use model::estate::{Estate, Target};
use model::id::VersionId;
use solver::Position;
use solver::position::Status;

/// Sentences under a heading.
pub(crate) struct Section {
    pub(crate) heading: &'static str,
    pub(crate) sentences: Vec<String>,
}

/// The explanation for a terminal.
#[must_use]
pub fn explanation_text(position: &Position<'_>, subject: Subject, explanation: &Explanation, color: Color) -> String {
    let mut out = format!("{}\n", color.heading(&words::title(position, subject)));
    for sentence in head(position, explanation) {
        out += &sentence;
        out.push('\n');
    }
    for Section { heading, sentences } in sections(position, explanation) {
        table::section(heading, sentences, color, &mut out);
    }
    out
}

/// Why a name says nothing, with what may have been meant.
#[must_use]
pub fn unnamed(estate: &Estate, text: &str, unnamed: &Unnamed) -> String {
    words::unnamed(estate, text, unnamed)
}

/// What comes before all sections.
pub(crate) fn head(position: &Position<'_>, explanation: &Explanation) -> Vec<String> {
    let certified = &position.certified;
    let standing = phrase::standing(certified);
    match explanation {
        Explanation::Demand(demand) => {
            let rows: Vec<_> =
                demand.versions.iter().map(|facts| certified.figures().versions[facts.version]).collect();
            vec![words::figures(certified.estate(), demand.title, &rows), standing]
        }
        Explanation::License(license) => vec![words::license_figures(certified, license.license), standing],
        Explanation::Holder(_) => vec![standing],
    }
}

/// All that is said, by heading; sections without a sentence are left out.
pub(crate) fn sections(position: &Position<'_>, explanation: &Explanation) -> Vec<Section> {
    let sections = match explanation {
        Explanation::Demand(demand) => demand_sections(position, demand),
        Explanation::License(license) => license_sections(position, license),
        Explanation::Holder(holder) => holder_sections(position, holder),
    };
    let said = sections.into_iter().filter(|(_, sentences)| !sentences.is_empty());
    said.map(|(heading, sentences)| Section { heading, sentences }).collect()
}

type Said = Vec<(&'static str, Vec<String>)>;

fn demand_sections(position: &Position<'_>, demand: &DemandExplanation) -> Said {
    let estate = position.certified.estate();
    let asked: Vec<VersionId> = demand.versions.iter().map(|facts| facts.version).collect();
    let places = demand.versions.iter().flat_map(|facts| facts.places.iter().map(|place| (facts.version, *place)));
    let covers = demand.versions.iter().flat_map(|facts| facts.covered_by.iter().map(|row| (facts.version, row)));
    let mut said = vec![
        (words::INSTALLED, places.map(|(version, place)| words::installed(estate, version, place)).collect()),
        (words::COVERED_BY, covers.map(|(version, row)| words::coverage(estate, version, row)).collect()),
    ];
    match &demand.fate {
        Fate::Inactive | Fate::NoDemand => {}
        Fate::Short(shortfall) => said.extend(shortfall_sections(estate, &asked, shortfall)),
        Fate::Covered(support) => said.extend(support_sections(position, &asked, support)),
    }
    said
}

fn shortfall_sections(estate: &Estate, asked: &[VersionId], shortfall: &Shortfall) -> Said {
    let mut why: Vec<String> = shortfall.sets.iter().map(|set| format!("{}.", phrase::shortage(estate, set))).collect();
    if shortfall.is_by_bound {
        why.push(words::BY_BOUND.to_owned());
    }
    let asked: Vec<Need> = asked.iter().map(|&version| Need::Cover(version)).collect();
    vec![
        (words::WHY_SHORT, why),
        (words::WHY_NO_OTHER, words::reason::refusals(estate, &shortfall.needs, &asked, &shortfall.refused)),
        (words::WOULD_HELP, remedies(estate, words::TRIED, shortfall.remedies.as_deref())),
    ]
}

/// What would help, or that nothing was found or tried.
fn remedies(estate: &Estate, tried: &str, remedies: Option<&[Remedy]>) -> Vec<String> {
    match remedies {
        None => vec![words::NOT_TRIED.to_owned()],
        Some([]) => vec![words::NO_REMEDY.to_owned()],
        Some(remedies) => std::iter::once(tried.to_owned()).chain(words::remedy::remedies(estate, remedies)).collect(),
    }
}

fn support_sections(position: &Position<'_>, asked: &[VersionId], support: &Support) -> Said {
    let estate = position.certified.estate();
    let standings = asked.iter().map(|&version| (version, &position.derived.versions[version]));
    let yellow = standings.filter(|(_, standing)| standing.status == Status::Yellow);
    let attention = yellow.flat_map(|(version, standing)| words::attention(estate, version, standing));
    let mut rests = match &support.rests_on {
        None => vec![words::NOT_TRIED.to_owned()],
        Some(rows) => words::rests_on(estate, rows),
    };
    rests.extend(support.sets.iter().map(|set| words::may_be_short(&phrase::shortage(estate, set))));
    vec![(words::ATTENTION, attention.collect()), (words::RESTS_ON, rests)]
}

fn license_sections(position: &Position<'_>, license: &LicenseExplanation) -> Said {
    let certified = &position.certified;
    let estate = certified.estate();
    let uses = license.uses.iter().map(|row| words::license_use(certified, license.license, row));
    let unusable = words::unusable(certified.figures().licenses[license.license].unusable);
    let idle = license.idle.iter().map(|idle| words::reason::idle(estate, license.license, idle));
    let idle = unusable.into_iter().chain(idle);
    let mut worth = vec![words::needed(license.needed).to_owned()];
    worth.extend(license.one_more.map(|effect| words::one_unit(true, effect)));
    worth.extend(license.one_less.map(|effect| words::one_unit(false, effect)));
    worth.extend(license.turned.as_ref().map(|turned| words::turned(estate, license.license, turned)));
    vec![(words::USES, uses.collect()), (words::IDLE, idle.collect()), (words::WORTH, worth)]
}

fn holder_sections(position: &Position<'_>, holder: &HolderExplanation) -> Said {
    let estate = position.certified.estate();
    let is_asset = matches!(holder.target, Target::Asset(_));
    let mut installed: Vec<String> =
        holder.installs.iter().map(|facts| words::install(estate, facts, is_asset)).collect();
    if installed.is_empty() {
        installed.push(words::NOTHING.to_owned());
    }
    let mut said = vec![
        (words::INSTALLED, installed),
        (words::TRACKED, holder.tracked.iter().map(|demand| words::tracked(estate, demand)).collect()),
        (words::ASIDE, holder.set_aside.iter().map(|row| words::set_aside(estate, row)).collect()),
        (words::ASSIGNMENTS, holder.assignments.iter().map(|&id| words::assignment(position, id)).collect()),
    ];
    for unmet in &holder.unmet {
        let why = words::unmet(position, unmet.assignment);
        let refused = words::reason::refusals(estate, &unmet.needs, &unmet.needs, &unmet.refused);
        said.push((words::WHY_UNMET, std::iter::once(why).chain(refused).collect()));
        said.push((words::WOULD_MEET, remedies(estate, words::TRIED_TO_MEET, unmet.remedies.as_deref())));
    }
    said
}
