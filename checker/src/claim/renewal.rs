//! The result of a renewal: what it states of scenarios, and the evidence of the parts that they are made of.
//!
//! Which parts there are, with their estates and markets, says whoever has the scenario file; a part is known by its
//! digest. [`RenewalClaim::certify`] puts the proof of one part through [`certify`](crate::plan::certify) like the plan of
//! any solver and reads off what it comes to ([`PlanFigures`]). [`RenewalClaim::scenario`] sums the plans of a scenario
//! and holds all that the result states of it against the sums, value by value: name, day, figures and lines;
//! [`RenewalClaim::comparison`] does so for scenarios side by side. Margins alone are passed over: they are no part of
//! the proof.
//!
//! Takes time linear in the length of the file, but for sorting, beside the time of `certify`.

mod document;
mod plan;
mod resolve;
mod scenario;
mod together;

pub use plan::PlanFigures;
pub use scenario::{Scenario, ScenarioFigures, Stretch};
pub use together::{TogetherFigures, TogetherScenarioFigures};

use super::tree::{self, Tree};
use super::{FORMAT, VerifyError, unreadable, whole};
use crate::allocation::DemandKey;
use crate::figures::Figures;
use crate::json::Object;
use crate::plan::{CertifiedPlan, certify};
use crate::violation::{Law, Violation};
use document::Document;
use model::Date;
use model::estate::Estate;
use model::id::LicenseId;
use model::market::Market;
use model::number::Quantity;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A result that was read; nothing in it is believed.
pub struct RenewalClaim<'a> {
    document: Object<Document<'a>>,
    /// Of each part that has evidence, by its digest, where it stands.
    parts: BTreeMap<String, usize>,
}

impl<'a> RenewalClaim<'a> {
    /// Reads the text of a result.
    ///
    /// # Errors
    /// [`VerifyError::Unreadable`] for a text that is no renewal in JSON with all keys the proof needs,
    /// [`VerifyError::Refused`] for one without scenarios, or with two proofs of one part.
    pub fn read(text: &'a str) -> Result<Self, VerifyError> {
        let document: Object<Document<'a>> = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
        if document.licit != FORMAT {
            return Err(whole(format!("the format is `{}`, not `{FORMAT}`", document.licit)));
        }
        if *document.command != *"renew" {
            return Err(whole(format!("it is the result of `{}`, not of `renew`", &*document.command)));
        }
        if let Some(index) = document.scenarios.iter().position(|scenario| scenario.0.text("name").is_none()) {
            return Err(whole(format!("`scenarios[{index}]` has no `name`")));
        }
        let refused = |detail: String| VerifyError::Refused(vec![Violation::new(Law::Figures, detail)]);
        if document.scenarios.is_empty() {
            return Err(refused("`scenarios` is empty".to_owned()));
        }
        let mut parts = BTreeMap::new();
        for (index, part) in document.evidence.parts.iter().enumerate() {
            if parts.insert(part.digest.to_string(), index).is_some() {
                let detail = format!("`evidence.parts[{index}]` is about a part that another is about");
                return Err(refused(detail));
            }
        }
        Ok(Self { document, parts })
    }

    /// The names of the scenarios, in the order of the result.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.document.scenarios.iter().filter_map(|scenario| scenario.0.text("name")).map(|name| &**name)
    }

    /// The names of the scenarios whose plans are claimed to be those of a case as a whole, not of its parts.
    pub fn as_a_whole(&self) -> impl Iterator<Item = &str> {
        self.document.evidence.as_a_whole.iter().map(|name| &**name)
    }

    /// The digests of the parts that there is evidence about.
    pub fn digests(&self) -> impl Iterator<Item = &str> {
        self.parts.keys().map(String::as_str)
    }

    /// What says that the result is for another day.
    #[must_use]
    pub fn other_day(&self, as_of: Date) -> Option<Violation> {
        let as_of = as_of.to_string();
        let days = self.document.scenarios.iter().filter_map(|scenario| scenario.0.text("as_of"));
        let other = days.map(|day| &**day).find(|&day| *day != *as_of)?;
        let detail = format!("the result is as of `{other}`, the scenarios as of `{as_of}`");
        Some(Violation::new(Law::SameFacts, detail))
    }

    /// Accepts the proof of the part with this digest, or says which laws it breaks; none if the result has no proof of
    /// it. That estate and market have the digest is not looked at.
    #[must_use]
    pub fn certify(
        &self,
        digest: &str,
        estate: &Estate,
        market: &Market,
    ) -> Option<Result<PlanFigures, Vec<Violation>>> {
        let &index = self.parts.get(digest)?;
        let certified = self.certify_part(index, estate, market);
        Some(certified.map(|plan| PlanFigures::of(&plan, market)))
    }

    fn certify_part(&self, index: usize, estate: &Estate, market: &Market) -> Result<CertifiedPlan, Vec<Violation>> {
        let place = format!("evidence.parts[{index}].proof");
        let proof = &self.document.evidence.parts[index].proof;
        let claims = resolve::resolve(estate, market, &place, proof)?;
        let certified = certify(estate, market, claims.plan, claims.allocation, claims.certificate)
            .map_err(|violations| violations.into_iter().map(|violation| violation.of(&place)).collect::<Vec<_>>())?;
        let violations = other_figures(&place, &claims.used, &claims.uncovered, certified.figures());
        if violations.is_empty() { Ok(certified) } else { Err(violations) }
    }

    /// Sums the plans of the scenario at an index and compares all that the result states of it.
    ///
    /// # Errors
    /// That the plans exceed the budget, or everything that the result states otherwise.
    ///
    /// # Panics
    /// If there is no scenario at the index.
    pub fn scenario(
        &self,
        index: usize,
        scenario: &Scenario<'_>,
        plans: &[Arc<PlanFigures>],
    ) -> Result<ScenarioFigures, Vec<Violation>> {
        let figures = ScenarioFigures::of(scenario, plans).map_err(|violation| vec![violation])?;
        let (place, claimed) = (format!("scenarios[{index}]"), &self.document.scenarios[index].0);
        let (stated, mut violations) = (figures.stated(scenario, plans), Vec::new());
        tree::differences(&place, claimed, &stated, &mut violations);
        violations.extend(more_gaps(&place, claimed, &stated));
        if violations.is_empty() { Ok(figures) } else { Err(violations) }
    }

    /// Everything that the result states otherwise of its scenarios side by side, along ranges of values, and of plans for
    /// all of them together.
    #[must_use]
    pub fn comparison(
        &self,
        scenarios: &[ScenarioFigures],
        stretches: &[Stretch<'_>],
        together: &[TogetherFigures],
    ) -> Vec<Violation> {
        let mut violations = Vec::new();
        let stated = scenario::comparison(scenarios, stretches, together);
        if stretches.is_empty() && self.document.comparison.get("curve").is_some() {
            let detail = "`comparison.curve` is stated; the scenarios go through no range of values".to_owned();
            violations.push(Violation::new(Law::Figures, detail));
        }
        tree::differences("comparison", &self.document.comparison, &stated, &mut violations);
        violations
    }
}

/// Gaps are named by their levels: there are no others than those there are.
fn more_gaps<'t>(place: &str, claimed: &'t Tree<'_>, figures: &'t Tree<'_>) -> impl Iterator<Item = Violation> {
    let [claimed, figures] = [claimed, figures].map(|scenario| scenario.get("gaps"));
    let is_there = move |level: &str| figures.is_some_and(|gaps| gaps.get(level).is_some());
    let more = claimed.into_iter().flat_map(Tree::keys).filter(move |level| !is_there(level));
    more.map(move |level| {
        Violation::new(Law::Figures, format!("`{place}.gaps.{level}` is claimed; there is no such gap"))
    })
}

/// What a proof says of units and demand that is not so: other paths may come to the same sums.
fn other_figures(
    place: &str,
    used: &[(LicenseId, Quantity)],
    uncovered: &[(DemandKey, Quantity)],
    figures: &Figures,
) -> Vec<Violation> {
    let licenses = figures.licenses.enumerate().map(|(license, row)| (license, row.used));
    let is_used = licenses.filter(|(_, units)| !units.is_zero());
    let differing = [
        ("licenses", used.iter().copied().eq(is_used), "units that the allocation uses"),
        ("uncovered", uncovered == figures.uncovered, "demand that it leaves uncovered"),
    ];
    let differing = differing.into_iter().filter(|&(_, is_same, _)| !is_same);
    let words = |(list, _, what)| format!("`{place}.{list}` does not have the {what}");
    differing.map(|differing| Violation::new(Law::Figures, words(differing))).collect()
}
