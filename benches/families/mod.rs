//! Instance families for the benchmarks: estates of a given size, written as a user would.
//!
//! A new family is a function here and a line in [`ALL`].

use model::generate::SplitMix64;
use model::synthetic::{self, File, Shape, Size, Tables};
use std::fmt::Write as _;

/// A family: its name, and the files of an estate for a number of titles and installs.
pub(crate) type Family = (&'static str, fn(titles: usize, installs: usize) -> Files);

/// All families.
pub(crate) const ALL: [Family; 5] =
    [("plain", plain), ("upgrades", upgrades), ("assigned", assigned), ("sites", sites), ("mixed", mixed)];

/// An estate file and the tables it names, each with its name.
pub(crate) type Files = Vec<(&'static str, String)>;

const VERSIONS: [&str; 4] = ["2010", "2013", "2016", "2019"];
const SITES: usize = 24;

/// Titles of four versions with downgrade rights, lots in a tree of sites, an asset for each install.
/// Licenses fall a little short of installs.
pub(crate) fn plain(titles: usize, installs: usize) -> Files {
    family(titles, installs, false, 0)
}

/// The same with an upgrade license from each version to the next.
pub(crate) fn upgrades(titles: usize, installs: usize) -> Files {
    family(titles, installs, true, 0)
}

/// The same as `upgrades`, with a twentieth of the installs assigned, licenses and titles in turn.
pub(crate) fn assigned(titles: usize, installs: usize) -> Files {
    family(titles, installs, true, installs / 20)
}

/// Synthetic estates with scopes, transfers and contracts, four versions for each title.
pub(crate) fn sites(titles: usize, installs: usize) -> Files {
    drawn(titles, installs, Shape::Sites)
}

/// The same with upgrades and assignments.
pub(crate) fn mixed(titles: usize, installs: usize) -> Files {
    drawn(titles, installs, Shape::Mixed)
}

fn drawn(titles: usize, installs: usize, shape: Shape) -> Files {
    let size = Size::new(installs as u64, titles * VERSIONS.len(), Size::TIGHTNESS_PERCENT).expect("a usual size");
    let drawn = synthetic::draw(7, &size, shape);
    let text = |file: File| {
        let mut bytes = Vec::new();
        drawn.write(file, Tables::Csv, &mut bytes).expect("memory can be written");
        (file.name(Tables::Csv), String::from_utf8(bytes).expect("text is written"))
    };
    File::ALL.map(text).into()
}

fn family(titles: usize, installs: usize, has_upgrades: bool, assignments: usize) -> Files {
    let mut random = SplitMix64::new(7);
    let mut estate = String::from("licit: 1\nas_of: 2026-11-22\nscopes:\n  - {id: group}\n");
    for site in 0..SITES {
        let parent = if site < 4 { "group".to_owned() } else { format!("site-{}", site % 4) };
        let _ = writeln!(estate, "  - {{id: site-{site}, parent: {parent}}}");
    }
    estate += "titles:\n";
    for title in 0..titles {
        let _ = writeln!(estate, "  - {{id: title-{title}, versions: [{}]}}", VERSIONS.join(", "));
    }
    estate += "skus:\n";
    for title in 0..titles {
        for (index, version) in VERSIONS.iter().enumerate() {
            let _ = writeln!(
                estate,
                "  - {{id: B-{title}-{version}, version: title-{title}@{version}, covers: [title-{title}@..{version}]}}"
            );
            if has_upgrades && index > 0 {
                let below = VERSIONS[index - 1];
                let _ = writeln!(
                    estate,
                    "  - {{id: U-{title}-{version}, version: title-{title}@{version}, covers: [title-{title}@..{version}], upgrades: [title-{title}@{below}]}}"
                );
            }
        }
    }
    estate += "licenses:\n";
    let per_lot = (installs / (titles * VERSIONS.len() * 3)).max(1);
    for title in 0..titles {
        for version in VERSIONS {
            for lot in 0..3 {
                let quantity = 1 + random.below(per_lot * 2);
                let scope = if lot == 0 { "group".to_owned() } else { format!("site-{}", random.below(4)) };
                let scope = if has_upgrades { "group".to_owned() } else { scope };
                let _ = writeln!(
                    estate,
                    "  - {{id: L-{title}-{version}-{lot}, sku: B-{title}-{version}, quantity: {quantity}, scope: {scope}}}"
                );
            }
            if has_upgrades && version != VERSIONS[0] {
                let quantity = 1 + random.below(per_lot);
                let _ = writeln!(
                    estate,
                    "  - {{id: LU-{title}-{version}, sku: U-{title}-{version}, quantity: {quantity}}}"
                );
            }
        }
    }
    if assignments > 0 {
        estate += "assignments:\n";
        for index in 0..assignments {
            let asset = index * installs / assignments;
            let title = asset % titles;
            let what =
                if index % 2 == 0 { format!("license: L-{title}-2019-0") } else { format!("title: title-{title}") };
            let _ = writeln!(estate, "  - {{{what}, asset: PC-{asset}}}");
        }
    }
    estate += "installs: {file: installs.csv}\n";
    let mut table = String::from("version,scope,asset\n");
    for install in 0..installs {
        // Popular titles have most of the installs; every title has some.
        let title = if install % 2 == 0 { install % titles } else { random.below(titles).min(random.below(titles)) };
        let version = random.pick(&VERSIONS);
        let _ = writeln!(table, "title-{title}@{version},site-{},PC-{install}", random.below(SITES));
    }
    vec![(File::Estate.name(Tables::Csv), estate), (File::Installs.name(Tables::Csv), table)]
}
