//! Scenario files for the synthetic estates: an offer for each SKU, of every kind of terms, and what may change.

use model::estate::Estate;
use model::generate::SplitMix64;
use std::fmt::Write as _;

/// The head of a scenario file: offers for all SKUs that are not gated, at most `offers_max`, with packs, minimums,
/// fees and all-units tiers in turn.
pub(crate) fn offers(estate: &Estate, offers_max: usize, seed: u64) -> String {
    let mut random = SplitMix64::new(seed);
    let mut text = String::from("licit: 1\nestate: estate.yaml\noffers:\n");
    let root = estate.scopes.iter().find(|scope| scope.parent.is_none()).expect("an estate has a root");
    let mut last = "";
    let sold = estate.skus.iter().filter(|sku| !sku.use_only_when_assigned);
    for (index, sku) in sold.filter(|sku| std::mem::replace(&mut last, &sku.id) != sku.id).take(offers_max).enumerate()
    {
        let price = 20 + random.below(400);
        let price = if sku.is_upgrade() { price / 2 } else { price };
        let kind = match index % 4 {
            0 => format!("price: {price}, pack: {}", [5, 10, 25][random.below(3)]),
            1 => format!("price: {price}, min: {}", 5 + random.below(40)),
            2 => format!("price: {price}, fee: {}", 100 + random.below(2_000)),
            _ => format!(
                "tiers: [{{from: 1, price: {price}}}, {{from: 25, price: {}}}, {{from: 100, price: {}}}], tier_rule: all-units",
                price * 9 / 10,
                price * 8 / 10
            ),
        };
        let _ = writeln!(text, "  - {{id: \"offer-{index}\", sku: \"{}\", {kind}, scope: \"{}\"}}", sku.id, root.id);
    }
    text
}

/// Scenarios that let so many titles grow, one after another through the estate.
pub(crate) fn growths(estate: &Estate, touched: &[usize]) -> String {
    let mut text = String::from("scenarios:\n  - {name: as is}\n");
    let titles = active(estate);
    let mut next = 0;
    for (index, &count) in touched.iter().enumerate() {
        let _ = writeln!(text, "  - name: \"growth {index} of {count} titles\"\n    changes:");
        for _ in 0..count.min(titles.len()) {
            let _ = writeln!(text, "      - {{grow: \"{}@*\", by: 10%}}", titles[next % titles.len()]);
            next += 1;
        }
    }
    text
}

/// So many scenarios that each let up to a twentieth of all titles grow, each title in one of thirty ways.
pub(crate) fn night(estate: &Estate, count: usize, seed: u64) -> String {
    let mut random = SplitMix64::new(seed);
    let mut text = String::from("scenarios:\n");
    let titles = active(estate);
    for index in 0..count {
        let _ = writeln!(text, "  - name: \"scenario {index}\"\n    changes:");
        let (first, touched) = (random.below(titles.len()), 1 + random.below(titles.len() / 20));
        for title in titles.iter().cycle().skip(first).take(touched) {
            let _ = writeln!(text, "      - {{grow: \"{title}@*\", by: {}%}}", 1 + random.below(30));
        }
    }
    text
}

fn active(estate: &Estate) -> Vec<&str> {
    estate.titles.iter().filter(|title| title.is_active).map(|title| title.id.as_str()).collect()
}
