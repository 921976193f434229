use super::*;
use crate::diagnostic::Code;
use crate::estate::Estate;
use crate::reading::{ReadOptions, read_estate_text};
use sha2::{Digest, Sha256};

const SEEDS: u64 = 3;

fn size(installs: u64, versions: usize) -> Size {
    Size::new(installs, versions, Size::TIGHTNESS_PERCENT).expect("a size within the limits")
}

/// Drawn estates of every shape at several seeds.
fn all(size: &Size) -> impl Iterator<Item = (Shape, u64, Synthetic)> {
    let shapes = Shape::ALL.into_iter();
    shapes.flat_map(move |shape| (0..SEEDS).map(move |seed| (shape, seed, draw(seed, size, shape))))
}

fn read(drawn: &Synthetic) -> Estate {
    let reading = read_estate_text("estate.yaml", &drawn.to_yaml(), &ReadOptions::default());
    let slips = [Code::Sentinel, Code::DuplicateLot, Code::VersionTwins];
    let slip = reading.findings.diagnostics().iter().find(|finding| slips.contains(&finding.code));
    assert_eq!(slip, None, "{}", drawn.name);
    reading.estate.unwrap_or_else(|| panic!("{}: {:?}", drawn.name, reading.findings.diagnostics()))
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    let size = size(300, 20);
    for (shape, seed, drawn) in all(&size) {
        assert_eq!(drawn.to_yaml(), draw(seed, &size, shape).to_yaml(), "{shape:?}, seed {seed}");
        let other = draw(seed + 1, &size, shape).to_yaml();
        let facts = |text: &str| text.lines().skip(2).map(ToOwned::to_owned).collect::<Vec<_>>();
        assert_ne!(facts(&drawn.to_yaml()), facts(&other), "{shape:?}, seed {seed}");
    }
}

/// A change of the generator changes this number; nothing else may.
#[test]
fn the_bytes_are_the_same_on_every_machine() {
    let mut hasher = Sha256::new();
    for shape in Shape::ALL {
        hasher.update(draw(7, &size(2_000, 60), shape).to_yaml());
    }
    let hash = hasher.finalize()[..8].iter().fold(0, |hash, &byte| hash << 8 | u64::from(byte));
    assert_eq!(hash, 6_799_480_246_055_788_543);
}

#[test]
fn an_estate_has_the_installs_and_versions_that_were_asked_for() {
    for (installs, versions) in [(0, 0), (0, 1), (0, 50), (1, 1), (1, 7), (99, 1), (99, 3), (150, 8), (2_000, 300)] {
        let size = size(installs, versions);
        for (shape, seed, drawn) in all(&size) {
            let estate = read(&drawn);
            let installed: u64 = estate.installs.iter().map(|install| install.quantity.get()).sum();
            assert_eq!((installed, estate.versions.len()), (installs, versions), "{shape:?}, seed {seed}");
        }
    }
}

#[test]
fn few_titles_have_most_of_the_installs() {
    for (shape, seed, drawn) in all(&size(5_000, 200)) {
        let mut of_family = vec![0; drawn.portfolio.families.len()];
        for install in drawn.installs() {
            let title = drawn.portfolio.title_of[install.version as usize];
            of_family[drawn.portfolio.titles[title].family] += u64::from(install.quantity);
        }
        of_family.sort_unstable();
        let popular: u64 = of_family.iter().rev().take(of_family.len() / 5).sum();
        assert!((2_000..4_500).contains(&popular), "{shape:?}, seed {seed}: {popular}");
    }
}

#[test]
fn licenses_are_bought_for_the_share_that_was_asked_for() {
    for percent in [0, 40, 80, 100, 150] {
        let size = Size::new(5_000, 200, percent).expect("a size within the limits");
        for (shape, seed, drawn) in all(&size) {
            let demand = demand::cells(&drawn.portfolio, drawn.installs(), &drawn.assignments);
            let demand: u64 = demand.iter().map(|cell| cell.quantity).sum();
            let planted_percent = drawn.planted() * 100 / demand.max(1);
            let expected = percent.saturating_sub(8).min(90)..=(percent + 8).min(100);
            assert!(expected.contains(&planted_percent), "{shape:?}, seed {seed}: {planted_percent} for {percent}");
        }
    }
}

#[test]
fn every_shape_has_what_it_is_named_for() {
    let size = size(5_000, 400);
    for (shape, seed, drawn) in all(&size) {
        let estate = read(&drawn);
        let upgrades = estate.skus.iter().filter(|sku| sku.is_upgrade()).count();
        let gated = estate.skus.iter().filter(|sku| sku.use_only_when_assigned).count();
        let has = (upgrades > 0, estate.scopes.len() > 1, !estate.assignments.is_empty());
        let expected = match shape {
            Shape::Plain => (false, false, false),
            Shape::Upgrades => (true, false, false),
            Shape::Sites => (true, true, false),
            Shape::Assigned => (true, false, true),
            Shape::Mixed => (true, true, true),
        };
        assert_eq!(has, expected, "{shape:?}, seed {seed}");
        assert_eq!((estate.contracts.len() > 1, !estate.transfers.is_empty()), (expected.1, expected.1));
        assert_eq!(gated > 0, expected.2, "{shape:?}, seed {seed}");
        assert!(estate.licenses.iter().any(|license| license.end.is_some_and(|end| end < estate.as_of)));
    }
}

#[test]
fn a_size_by_name_has_the_machines_scopes_and_lots_it_says() {
    let size = Size::of(Scale::S, Size::TIGHTNESS_PERCENT).expect("a tightness within its limit");
    for (shape, seed, drawn) in all(&size) {
        let estate = read(&drawn);
        assert_eq!((estate.assets.len(), estate.versions.len()), (200, 1_000), "{shape:?}, seed {seed}");
        assert_eq!((drawn.installs().count(), drawn.rows(File::Installs)), (8_000, Some(8_000)));
        assert!(estate.installs.iter().all(|install| install.quantity.get() == 1 && install.asset.is_some()));
        let has_scopes = matches!(shape, Shape::Sites | Shape::Mixed);
        assert_eq!(estate.scopes.len(), if has_scopes { 40 } else { 1 }, "{shape:?}, seed {seed}");
        assert!((200..300).contains(&estate.licenses.len()), "{shape:?}, seed {seed}: {}", estate.licenses.len());
    }
    assert_eq!(Size::of(Scale::Xl, 201), Err(SizeError::Tightness));
}

#[test]
fn a_size_beyond_the_limits_is_refused() {
    assert_eq!(Size::new(1, 0, 100), Err(SizeError::NoVersion));
    assert_eq!(Size::new(Size::INSTALLS_MAX + 1, 1, 100), Err(SizeError::Installs));
    assert_eq!(Size::new(1, Size::VERSIONS_MAX + 1, 100), Err(SizeError::Versions));
    assert_eq!(Size::new(1, 1, Size::TIGHTNESS_PERCENT_MAX + 1), Err(SizeError::Tightness));
}
