//! One scenario made ready to be solved: an estate with a lot for each offer, and the market that prices the lots.

use crate::change::{self, Change};
use crate::deal::{Deal, Offered, Subject};
use crate::parts::connected;
use model::edit::Facts;
use model::estate::{Assigned, Estate, License, TrackBy, find};
use model::id::{LicenseId, Table, TitleId, VersionId};
use model::market::{Market, Offer, OfferId};
use model::number::Quantity;
use std::collections::BTreeSet;

/// An estate with what may be bought or done about it.
///
/// Each offer has its lot in the estate as [`model::market`] says. The lot of an offer to buy stands in the scope
/// of the offer, has no dates and as many units as may be had or, without a `max`, as can be of use. The lot of an
/// offer to renew is the license without its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The scenario, with the values of the sweep: `growth, seats=10, price=380.00`.
    pub name: String,
    /// The facts after all changes, with the lots.
    pub estate: Estate,
    /// What may be bought or done, and what limits it.
    pub market: Market,
}

/// The estate and the market that an estate comes to with its changes.
pub(crate) fn compile(base: Estate, deal: &Deal, changes: &[Change]) -> (Estate, Market) {
    let mut facts = Facts::of(base);
    let mut deal = deal.clone();
    for change in changes {
        change::apply(change, &mut facts, &mut deal);
    }
    let mut add_lot = |offer: &Offered| {
        let lot = add_lot(&offer.id, offer.subject, &mut facts);
        facts.rows().licenses[lot].id.clone()
    };
    let lots: Vec<String> = deal.offers.iter().map(&mut add_lot).collect();
    // Titles and versions keep their ids, other rows are found by name.
    let mut estate = facts.finish();
    let useful = useful_units(&estate, &deal);
    let mut offers: Table<OfferId, Offer> = Table::default();
    for (offer, lot) in deal.offers.into_iter().zip(lots) {
        let lot = find(&estate.licenses, &lot, |license| &license.id).expect("every lot is a license");
        let title = estate.versions[estate.sku_of(lot).version].title;
        let terms = offer.terms(useful[title]);
        estate.licenses[lot].quantity = Some(terms.most);
        offers.push(Offer { id: offer.id, lot, is_renewal: matches!(offer.subject, Subject::Renew(_)), terms });
    }
    let market = Market {
        offers,
        transfers_are_paid: deal.transfers_are_paid,
        reclaims: deal.reclaims,
        reinstalls: deal.reinstalls,
        budget: deal.budget,
        shortage_cost: deal.shortage_cost,
        assigned_elsewhere: Vec::new(),
    };
    (estate, market)
}

/// The versions whose demand no license reaches even if there are units of all that is offered.
pub(crate) fn unreached_by_offers(estate: &Estate, deals: &[Deal]) -> BTreeSet<VersionId> {
    let subjects: BTreeSet<Subject> = deals.iter().flat_map(|deal| &deal.offers).map(|offer| offer.subject).collect();
    let mut facts = Facts::of(estate.clone());
    for (number, subject) in subjects.into_iter().enumerate() {
        // No id of a file has such a character.
        let lot = add_lot(&format!("\u{0}{number}"), subject, &mut facts);
        if matches!(subject, Subject::Buy { .. }) {
            facts.license_mut(lot).quantity = Some(Quantity::ONE);
        }
    }
    // Versions keep their ids.
    model::unreached(&facts.finish())
}

/// Makes the lot of an offer active: a new license, of which nothing is had yet, or one that has ended.
fn add_lot(id: &str, subject: Subject, facts: &mut Facts) -> LicenseId {
    match subject {
        Subject::Buy { sku, scope } => {
            let scope = facts.place_of(scope);
            facts.add_license(License::lot(id.to_owned(), sku, Quantity::ZERO, scope))
        }
        Subject::Renew(license) => {
            facts.license_mut(license).end = None;
            license
        }
    }
}

/// Of each title the units of one lot that its part can use at most.
///
/// A license path uses a SKU once at most, since upgrade rights form no cycle, and every path covers a unit of demand
/// or is set aside for an assignment. An assignment may be demand of a tracked title and have a unit set aside.
fn useful_units(estate: &Estate, deal: &Deal) -> Table<TitleId, Quantity> {
    let part_of = connected(estate, &deal.reinstalls);
    let mut of_part = vec![Quantity::ZERO; estate.titles.len()];
    for install in &estate.installs {
        let title = estate.title_of(install.version);
        if install.excluded.is_none() && title.is_active && title.track_by == TrackBy::Installations {
            of_part[part_of[estate.versions[install.version].title]] += install.quantity;
        }
    }
    for assignment in &estate.assignments {
        let title = match assignment.assigned {
            Assigned::License(license) => estate.versions[estate.sku_of(license).version].title,
            Assigned::Title(title) => title,
        };
        of_part[part_of[title]] += Quantity::new(2);
    }
    // One more, so that it can be told what one more install would cost.
    for units in &mut of_part {
        *units += Quantity::ONE;
    }
    Table::new(estate.titles.ids().map(|title| of_part[part_of[title]]).collect())
}
