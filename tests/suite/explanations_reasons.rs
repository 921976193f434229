//! Why licenses do not help, held against every lawful path there is.

use super::Report;
use crate::statement::explained::{entitlements, paths};
use checker::Certified;
use checker::allocation::{DemandKey, Destination, Unit};
use checker::evidence::NamedDemand;
use explanation::{Idle, LicenseExplanation, Need, Obstacle, Reason, Shortfall, Spot};
use model::estate::{Assigned, Estate, LicenseState};
use model::id::{ContractId, LicenseId, ScopeId, SkuId, VersionId};
use model::number::Quantity;
use std::collections::BTreeSet;

/// Judges the reasons of one explanation.
pub(super) struct Judge<'a> {
    certified: &'a Certified<'a>,
    estate: &'a Estate,
    asked: &'a [VersionId],
    shortfall: &'a Shortfall,
    spots: BTreeSet<Spot>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(certified: &'a Certified<'a>, asked: &'a [VersionId], shortfall: &'a Shortfall) -> Self {
        let mut spots: BTreeSet<Spot> = BTreeSet::new();
        for (demand, _) in shortfall.sets.iter().flat_map(|set| &set.demands) {
            spots.extend(named(certified, demand));
        }
        let lacking = certified.figures().uncovered.iter().filter(|(key, _)| asked.contains(&key.version));
        spots.extend(lacking.map(|(key, _)| spot(key)));
        Self { certified, estate: certified.estate(), asked, shortfall, spots }
    }

    pub(super) fn judge(&self, report: &mut Report) {
        let sets = &self.certified.evidence().shortages;
        for set in &self.shortfall.sets {
            report.expect(sets.contains(set), || format!("{set:?} is no set of the evidence"));
            let names = |(demand, _): &(NamedDemand, Quantity)| matches!(demand, NamedDemand::Installs(key) if self.asked.contains(&key.version));
            report.expect(set.demands.iter().any(names), || format!("{set:?} does not name {:?}", self.asked));
        }
        let needs: BTreeSet<Need> = self.spots.iter().map(|spot| spot.need).collect();
        let said: BTreeSet<Need> = self.shortfall.needs.iter().copied().collect();
        report.expect(needs == said, || format!("needs {said:?}, not {needs:?}"));
        let refused: BTreeSet<LicenseId> = self.shortfall.refused.iter().map(|refusal| refusal.license).collect();
        for license in self.estate.licenses.ids() {
            let in_set = self.shortfall.sets.iter().any(|set| set.units.contains(&Unit::of(license)));
            let is_right = refused.contains(&license) == (!in_set && self.is_near(license));
            report.expect(is_right, || format!("{license:?} is refused or not"));
        }
        for refusal in &self.shortfall.refused {
            report.see(word(&refusal.reason));
            let what = judge_reason(self.certified, refusal.license, &refusal.reason, &self.spots);
            report.expect(what.is_none(), || {
                format!(
                    "{:?} for {:?}: {:?}: {}",
                    refusal.license,
                    self.asked,
                    refusal.reason,
                    what.unwrap_or_default()
                )
            });
        }
    }

    fn is_near(&self, license: LicenseId) -> bool {
        let estate = self.estate;
        let title = estate.title_of(self.asked[0]);
        let sku = estate.sku_of(license);
        let own = estate.title_of(sku.version);
        let is_of_title =
            own.id == title.id || sku.may_cover.iter().any(|&version| estate.title_of(version).id == title.id);
        let is_of_publisher = title.publisher.is_some() && own.publisher == title.publisher;
        let used = self.certified.figures().licenses[license].used;
        let is_idle = estate.is_active(license) && estate.licenses[license].quantity.is_none_or(|units| units > used);
        is_of_title || is_of_publisher || is_idle
    }
}

const fn word(reason: &Reason) -> &'static str {
    match reason {
        Reason::NoRight => "no right",
        Reason::Barred { .. } => "barred",
        Reason::UsedUp => "used up",
        Reason::Blocked { .. } => "blocked",
    }
}

/// What is needed where for demand that a set names.
fn named(certified: &Certified<'_>, demand: &NamedDemand) -> Vec<Spot> {
    let estate = certified.estate();
    match *demand {
        NamedDemand::Installs(key) => vec![spot(&key)],
        NamedDemand::SetAside(title, target) => {
            let row =
                estate.assignments.iter().find(|row| row.assigned == Assigned::Title(title) && row.target == target);
            let row = row.expect("a title is set aside for an assignment");
            let versions = estate.versions.enumerate().filter(|(_, version)| version.title == title).map(|(id, _)| id);
            let wanted = versions.filter(|&version| row.version.is_none() || row.version == Some(version));
            wanted.map(|version| Spot { need: Need::Cover(version), scope: row.scope, contract: None }).collect()
        }
        NamedDemand::Reserved(license, target) => {
            let unit = Unit { license, reserved_for: Some(target) };
            let need = Need::Base(estate.licenses[license].sku);
            let rows = certified.allocation().rows.iter().filter(|row| row.path.contains(&unit));
            let rows = rows.filter(|_| estate.sku_of(license).upgrades.is_some());
            let spots = rows.map(|row| match row.destination {
                Destination::Demand(key) => Spot { need, ..spot(&key) },
                Destination::SetAside(aside) => Spot { need, scope: aside.scope, contract: None },
            });
            spots.collect()
        }
    }
}

fn spot(key: &DemandKey) -> Spot {
    Spot { need: Need::Cover(key.version), scope: key.scope, contract: key.contract }
}

/// What is wrong with a reason why a license does not help at any of the spots.
fn judge_reason(
    certified: &Certified<'_>,
    license: LicenseId,
    reason: &Reason,
    spots: &BTreeSet<Spot>,
) -> Option<String> {
    let estate = certified.estate();
    let sku = estate.licenses[license].sku;
    let all: Vec<Vec<LicenseId>> = spots.iter().flat_map(|&spot| paths(estate, spot)).collect();
    let own: Vec<&Vec<LicenseId>> = all.iter().filter(|path| path.contains(&license)).collect();
    match reason {
        Reason::NoRight => {
            let found = spots.iter().find(|spot| leads(estate, sku, spot.need));
            found.map(|spot| format!("a right leads to {spot:?}"))
        }
        Reason::Barred { toward, obstacles } => {
            if let Some(path) = own.first() {
                return Some(format!("{path:?} is lawful"));
            }
            let wanted: BTreeSet<Spot> = spots.iter().copied().filter(|spot| leads(estate, sku, spot.need)).collect();
            let needs: BTreeSet<Need> = wanted.iter().map(|spot| spot.need).collect();
            if needs != toward.iter().copied().collect() {
                return Some(format!("rights lead to {needs:?}"));
            }
            let untrue = obstacles.iter().find(|obstacle| !is_so(certified, license, obstacle, &wanted));
            let unexplained =
                || wanted.iter().find(|spot| !obstacles.iter().any(|obstacle| bars(estate, license, obstacle, **spot)));
            match untrue {
                Some(obstacle) => Some(format!("{obstacle:?} is not so")),
                None => unexplained().map(|spot| format!("nothing bars it from {spot:?}")),
            }
        }
        Reason::UsedUp => {
            let is_so = !own.is_empty() && is_used_up(certified, license);
            (!is_so).then(|| format!("{own:?}, or something is left"))
        }
        Reason::Blocked { by } => {
            let is_blocked = |path: &&&Vec<LicenseId>| by.iter().any(|other| path.contains(other));
            let are_used_up = by.iter().all(|&other| other != license && is_used_up(certified, other));
            let is_so = !own.is_empty() && own.iter().all(|path| is_blocked(&path)) && are_used_up;
            (!is_so || is_used_up(certified, license)).then(|| format!("not blocked: {own:?}"))
        }
    }
}

/// Whether nothing is left of a license but what is reserved.
fn is_used_up(certified: &Certified<'_>, license: LicenseId) -> bool {
    let rows = certified.allocation().rows.iter().filter(|row| row.path.contains(&Unit::of(license)));
    let used: Quantity = rows.map(|row| row.quantity).sum();
    certified.estate().licenses[license]
        .quantity
        .is_some_and(|units| units.get() == used.get() + honored(certified.estate(), license))
}

/// Units of a license that assignments reserve.
fn honored(estate: &Estate, license: LicenseId) -> u64 {
    if !estate.is_active(license) {
        return 0;
    }
    let assigned = estate.assignments.iter().filter(|row| row.assigned == Assigned::License(license)).count() as u64;
    estate.licenses[license].quantity.map_or(assigned, |units| units.get().min(assigned))
}

/// Whether rights among SKUs lead from one to a need, whatever is owned.
fn leads(estate: &Estate, sku: SkuId, need: Need) -> bool {
    let row = &estate.skus[sku];
    let serves = match need {
        Need::Cover(version) => row.may_cover.contains(&version),
        Need::Base(upgrade) => estate.skus[upgrade].upgrades.as_ref().is_some_and(|below| below.contains(&row.version)),
    };
    let is_above =
        |other: &SkuId| estate.skus[*other].upgrades.as_ref().is_some_and(|below| below.contains(&row.version));
    serves || estate.skus.ids().filter(is_above).any(|above| leads(estate, above, need))
}

/// Whether an obstacle is a fact.
fn is_so(certified: &Certified<'_>, license: LicenseId, obstacle: &Obstacle, spots: &BTreeSet<Spot>) -> bool {
    let estate = certified.estate();
    let row = &estate.licenses[license];
    let sku = &estate.skus[row.sku];
    let free = row.quantity.map(|units| Quantity::new(units.get() - honored(estate, license)));
    match obstacle {
        Obstacle::Ended(day) => row.end == Some(*day) && *day < estate.as_of,
        Obstacle::NotStarted(day) => row.start == Some(*day) && *day > estate.as_of,
        Obstacle::NoUnits => row.quantity == Some(Quantity::ZERO),
        Obstacle::Reserved(units) => row.quantity == Some(*units) && free == Some(Quantity::ZERO) && !units.is_zero(),
        Obstacle::Gated(units) => sku.use_only_when_assigned && *units == free,
        Obstacle::Scopes(scopes) => {
            let is_out =
                |scope: &ScopeId| !reaches(estate, license, *scope) && spots.iter().any(|spot| spot.scope == *scope);
            !scopes.is_empty() && scopes.iter().all(is_out)
        }
        Obstacle::Contracts(contracts) => {
            let is_other = |contract: &ContractId| {
                row.contract.is_some_and(|own| own != *contract)
                    && spots.iter().any(|spot| spot.contract == Some(*contract))
            };
            !contracts.is_empty() && contracts.iter().all(is_other)
        }
        Obstacle::NothingToStandOn => spots.iter().any(|&spot| lacks_base(estate, license, spot)),
        Obstacle::OnlyUnder(skus) => {
            let is_above =
                |above: &SkuId| estate.skus[*above].upgrades.as_ref().is_some_and(|below| below.contains(&sku.version));
            let leads_on = |above: &SkuId| spots.iter().any(|spot| leads(estate, *above, spot.need));
            !skus.is_empty() && skus.iter().all(|above| is_above(above) && leads_on(above))
        }
    }
}

/// Whether an obstacle keeps a license from one spot.
fn bars(estate: &Estate, license: LicenseId, obstacle: &Obstacle, spot: Spot) -> bool {
    let row = &estate.licenses[license];
    match obstacle {
        Obstacle::Ended(_) | Obstacle::NotStarted(_) => row.state(estate.as_of) != LicenseState::Active,
        Obstacle::NoUnits | Obstacle::Reserved(_) | Obstacle::Gated(_) => true,
        Obstacle::Scopes(scopes) => scopes.contains(&spot.scope),
        Obstacle::Contracts(contracts) => spot.contract.is_some_and(|contract| contracts.contains(&contract)),
        Obstacle::NothingToStandOn => lacks_base(estate, license, spot),
        Obstacle::OnlyUnder(_) => !serves(estate, row.sku, spot.need),
    }
}

fn serves(estate: &Estate, sku: SkuId, need: Need) -> bool {
    match need {
        Need::Cover(version) => estate.skus[sku].may_cover.contains(&version),
        Need::Base(upgrade) => {
            estate.skus[upgrade].upgrades.as_ref().is_some_and(|below| below.contains(&estate.skus[sku].version))
        }
    }
}

/// Whether a license is an upgrade and nothing that it may stand on may be used at a spot.
fn lacks_base(estate: &Estate, license: LicenseId, spot: Spot) -> bool {
    let mains = entitlements(estate, spot);
    let upgrades = &estate.sku_of(license).upgrades;
    upgrades.as_ref().is_some_and(|below| !mains.iter().any(|main| below.contains(main)))
}

/// Whether the scope of a license, or a transfer, brings it to a scope.
fn reaches(estate: &Estate, license: LicenseId, scope: ScopeId) -> bool {
    let from = estate.licenses[license].scope;
    let above: Vec<ScopeId> = estate.scope_and_above(scope).collect();
    above.contains(&from) || estate.transfers.iter().any(|row| row.from == from && above.contains(&row.to))
}

/// Why units of a license are not used.
pub(super) fn judge_idle(certified: &Certified<'_>, said: &LicenseExplanation, report: &mut Report) {
    let estate = certified.estate();
    let license = said.license;
    let used = certified.figures().licenses[license].used;
    let is_all_used = estate.is_active(license) && estate.licenses[license].quantity == Some(used);
    let Some(idle) = &said.idle else {
        return report.expect(is_all_used, || format!("{license:?}: something is not used"));
    };
    let mut demands: BTreeSet<(Spot, bool)> = BTreeSet::new();
    for row in &certified.allocation().rows {
        if let Destination::Demand(key) = &row.destination {
            demands.insert((spot(key), true));
        }
    }
    demands.extend(certified.figures().uncovered.iter().map(|(key, _)| (spot(key), false)));
    let sku = estate.licenses[license].sku;
    let wanted: Vec<(Spot, bool)> = demands.into_iter().filter(|(spot, _)| leads(estate, sku, spot.need)).collect();
    let serves = |spot: Spot| paths(estate, spot).iter().any(|path| path.contains(&license));
    let what = match idle {
        Idle::NothingDemanded => wanted.first().map(|found| format!("{found:?} is demanded")),
        Idle::AllCovered => {
            let open = wanted.iter().find(|&&(spot, is_covered)| !is_covered && serves(spot));
            let none = wanted.iter().all(|&(spot, _)| !serves(spot));
            open.map(|found| format!("{found:?} is open")).or_else(|| none.then(|| "it serves nothing".to_owned()))
        }
        Idle::Refused(reason @ (Reason::NoRight | Reason::Barred { .. })) => {
            let spots = wanted.iter().map(|(spot, _)| *spot).collect();
            judge_reason(certified, license, reason, &spots)
        }
        Idle::Refused(reason) => {
            let open = wanted.iter().filter(|&&(spot, is_covered)| !is_covered && serves(spot));
            judge_reason(certified, license, reason, &open.map(|(spot, _)| *spot).collect())
        }
    };
    report.see(match idle {
        Idle::NothingDemanded => "idle: nothing demanded",
        Idle::AllCovered => "idle: all covered",
        Idle::Refused(_) => "idle: refused",
    });
    report.expect(what.is_none(), || format!("{license:?} idle: {idle:?}: {}", what.unwrap_or_default()));
}
