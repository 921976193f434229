//! How many units of demand one entitlement covers at once, and cases computed by hand.
//!
//! What a set of demands must be like, stated apart from whether each of them may be covered at all.

use super::Demand;
use model::estate::{Metric, Sku, Target};
use model::id::{AssetId, UserId};
use std::collections::BTreeSet;

/// Whether an entitlement with this SKU on top reaches all of these units of demand together; any one is reached.
///
/// A suite counts by the asset, for installs without one by the user.
pub(super) fn reaches(sku: &Sku, demands: &[&Demand]) -> bool {
    if demands.len() == 1 {
        return true;
    }
    match sku.metric {
        Metric::Install => {
            let members: BTreeSet<_> = demands.iter().map(|demand| sku.member_with(demand.version)).collect();
            let home = |demand: &Demand| demand.targets.first().copied();
            members.len() == demands.len() && !members.contains(&None) && are_of_one(demands, home)
        }
        Metric::Device => are_of_one(demands, asset),
        Metric::User { max_devices } => {
            let assets: BTreeSet<AssetId> = demands.iter().filter_map(|demand| asset(demand)).collect();
            // What is installed nobody knows where may be anywhere.
            let unknown = demands.iter().filter(|demand| asset(demand).is_none()).count();
            let devices = (assets.len() + unknown) as u64;
            are_of_one(demands, user) && max_devices.is_none_or(|most| devices <= most.get())
        }
    }
}

/// Whether all have something, and the same.
fn are_of_one<T: PartialEq>(demands: &[&Demand], of: impl Fn(&Demand) -> Option<T>) -> bool {
    let first = demands.first().and_then(|demand| of(demand));
    first.is_some() && demands.iter().all(|demand| of(demand) == first)
}

fn asset(demand: &Demand) -> Option<AssetId> {
    demand.targets.iter().find_map(|target: &Target| target.asset())
}

fn user(demand: &Demand) -> Option<UserId> {
    demand.targets.iter().find_map(|target: &Target| target.user())
}

#[cfg(test)]
mod tests {
    use crate::agreement::{count, read};
    use crate::statement::optimum;
    use model::estate::Metric;
    use model::generate::{Draft, Shape};
    use model::objective::Level;

    /// Uncovered, the cost of transfers, stretch and flexibility of the best allocation.
    fn best(lists: &str) -> [i128; 4] {
        let head = "licit: 1\nas_of: 2026-11-22\ncurrency: EUR\n\
                    titles: [{id: a, versions: [1, 2]}, {id: b, versions: [1]}, {id: c, versions: [1]}]";
        let text = format!("{head}\n{lists}");
        let reading = model::read_estate_text("estate.yaml", &text, &model::ReadOptions::default());
        let objective = optimum(&reading.estate.unwrap_or_else(|| panic!("{:?}", reading.findings)));
        [Level::Uncovered, Level::TransferCost, Level::Stretch, Level::Flexibility]
            .map(|level| objective[level.index()])
    }

    #[test]
    fn one_device_license_covers_all_versions_on_an_asset() {
        let installs = "installs: [{version: a@1, asset: X}, {version: a@2, asset: X}, {version: a@2, asset: Y}, \
                        {version: a@2}, {version: a@2}]";
        let skus = "skus: [{id: S, version: a@2, covers: [a@1], metric: device}]";
        let with = |units: u32| best(&format!("{skus}\nlicenses: [{{id: L, sku: S, quantity: {units}}}]\n{installs}"));
        assert_eq!([1, 2, 3, 4].map(|units| with(units)[0]), [3, 2, 1, 0]);
        assert_eq!(with(4), [0, 0, 1, 8]);
    }

    #[test]
    fn a_user_license_reaches_so_many_devices() {
        let with = |devices: &str| {
            best(&format!(
                "skus: [{{id: S, version: a@1, metric: user{devices}}}]\nlicenses: [{{id: L, sku: S, quantity: 1}}]\n\
                 installs: [{{version: a@1, asset: X, user: u}}, {{version: a@1, asset: X, user: u}}, \
                 {{version: a@1, asset: Y, user: u}}, {{version: a@1, user: u}}, {{version: a@1, asset: Y, user: v}}]"
            ))[0]
        };
        assert_eq!(["", ", max_devices: 3", ", max_devices: 2", ", max_devices: 1"].map(with), [1, 1, 2, 3]);
    }

    #[test]
    fn suites_of_two_cover_no_more_on_two_assets_than_each_holds() {
        let answer = best(
            "skus: [{id: AB, version: a@1, bundle: [b@1]}, {id: BC, version: b@1, bundle: [c@1]}, \
             {id: AC, version: a@1, bundle: [c@1]}]\n\
             licenses: [{id: L, sku: AB, quantity: 1}, {id: M, sku: BC, quantity: 1}, {id: N, sku: AC, quantity: 1}]\n\
             installs: [{version: a@1, asset: X}, {version: b@1, asset: X}, {version: c@1, asset: X}, \
             {version: a@1, asset: Y}, {version: b@1, asset: Y}, {version: c@1, asset: Y}]",
        );
        assert_eq!(answer, [1, 0, 0, 6]);
    }

    #[test]
    fn a_license_is_transferred_once_however_much_it_covers() {
        let answer = best(
            "scopes: [{id: r}, {id: s}, {id: t}]\n\
             transfers: [{from: r, to: s, cost: 2}, {from: r, to: t, cost: 3}]\n\
             skus: [{id: S, version: a@1, metric: device}]\n\
             licenses: [{id: L, sku: S, quantity: 1, scope: r}]\n\
             installs: [{version: a@1, asset: X, scope: s}, {version: a@1, asset: X, scope: s}, \
             {version: a@1, asset: X, scope: t}]",
        );
        assert_eq!(answer, [0, 30_000, 0, 1]);
    }

    #[test]
    fn what_a_license_covers_more_than_one_install_matters_in_drawn_estates() {
        let drawn = count("LICIT_METRICS", 300);
        let (mut several, mut fewer) = (0, 0);
        for seed in 1..=drawn {
            let estate = read(&Draft::generate(seed, &Shape::METRICS));
            let mut plain = estate.clone();
            let skus = plain.skus.iter().cloned().map(|mut sku| {
                (sku.metric, sku.bundle) = (Metric::Install, Vec::new());
                sku
            });
            plain.skus = model::id::Table::new(skus.collect());
            several += u64::from(estate.skus.iter().any(model::estate::Sku::covers_several));
            let (with, without) = (optimum(&estate), optimum(&plain));
            // Whatever single installs are covered can be covered where more may be.
            assert!(with[..=Level::Uncovered.index()] <= without[..=Level::Uncovered.index()], "seed {seed}");
            fewer += u64::from(with[Level::Uncovered.index()] < without[Level::Uncovered.index()]);
        }
        println!("{several} of {drawn} estates have such licenses; with them less is uncovered in {fewer}");
        assert!(several * 2 > drawn && fewer * 10 > drawn, "{several} and {fewer} of {drawn}");
    }
}
