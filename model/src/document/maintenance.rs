//! Maintenance: newer versions that a lot may cover because they came out while it was maintained.
//!
//! What maintenance adds depends on the lot and not only on its SKU, while all that follows knows rights of SKUs
//! alone. So a SKU that covers by maintenance is told apart by what its lots may cover: once as written, and once
//! more for each larger set of versions. The sets of a SKU contain each other, since a later day adds to what an
//! earlier one has, so that they are known by their sizes.

use super::licenses::LicenseFacts;
use super::skus::{SkuFacts, too_many_rights};
use super::titles::Catalog;
use crate::diagnostic::{Code, Diagnostic, Place, quoted};
use crate::findings::Findings;
use crate::id::{Id, LicenseId, SkuId, VersionId, ids_in};
use crate::limits;
use crate::registry::{Registry, Row};
use jiff::civil::Date;

/// SKUs told apart by what their lots may cover.
#[derive(Debug)]
pub(crate) struct Maintained {
    /// The SKU as read and what maintenance adds to it; by SKU, smaller sets first.
    pub(crate) skus: Vec<(SkuId, Vec<VersionId>)>,
    /// Of each license its position among `skus`; none if it is refused.
    pub(crate) sku_of: Vec<Option<SkuId>>,
}

/// Tells SKUs apart by what their lots may cover. Time is in proportion to the lots and the rights that come out.
pub(crate) fn read(
    catalog: &Catalog,
    skus: &Registry<SkuId, SkuFacts>,
    licenses: &Registry<LicenseId, LicenseFacts>,
    findings: &mut Findings,
) -> Maintained {
    let releases: Vec<Vec<(Date, VersionId)>> =
        skus.rows().iter().map(|row| releases(row, catalog, findings)).collect();
    let mut wanted: Vec<Option<(SkuId, usize)>> = Vec::with_capacity(licenses.rows().len());
    for row in licenses.rows() {
        wanted.push(row.facts.sku.map(|sku| {
            warn_without_end(row, skus.row(sku), findings);
            let until = row.facts.maintenance_until;
            (sku, releases[sku.index()].partition_point(|&(released, _)| until.is_some_and(|until| released <= until)))
        }));
    }
    let mut sizes: Vec<(SkuId, usize)> = wanted.iter().flatten().copied().collect();
    sizes.extend(skus.ids().map(|sku| (sku, 0)));
    sizes.sort_unstable();
    sizes.dedup();
    if let Some(place) = beyond_the_limit(&sizes, skus) {
        findings.push(too_many_rights(place));
        return Maintained { skus: Vec::new(), sku_of: Vec::new() };
    }
    let added = |&(sku, size): &(SkuId, usize)| {
        (sku, releases[sku.index()][..size].iter().map(|&(_, version)| version).collect())
    };
    let sku_of = wanted.iter().map(|wanted| wanted.and_then(|wanted| sizes.binary_search(&wanted).ok()).map(SkuId::at));
    Maintained { sku_of: sku_of.collect(), skus: sizes.iter().map(added).collect() }
}

/// The newer versions that maintenance may add to a SKU, by the day they came out.
fn releases(row: &Row<SkuFacts>, catalog: &Catalog, findings: &mut Findings) -> Vec<(Date, VersionId)> {
    let (Some(place), Some(main)) = (row.facts.maintenance, row.facts.version) else { return Vec::new() };
    let newer = VersionId::at(main.index() + 1)..catalog.versions_of(catalog.title_of(main)).end;
    let mut releases: Vec<(Date, VersionId)> = Vec::new();
    let mut undated: Vec<VersionId> = Vec::new();
    let is_covered = |version: &VersionId| {
        let is_in = |versions: &Vec<VersionId>| versions.binary_search(version).is_ok();
        is_in(&row.facts.covers) || row.facts.bundle.iter().any(|member| is_in(&member.versions))
    };
    for version in ids_in(&newer).filter(|version| !is_covered(version)) {
        match catalog.released(version) {
            Some(day) => releases.push((day, version)),
            None => undated.push(version),
        }
    }
    if let [first, others @ ..] = undated.as_slice() {
        let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
        let message = format!("maintenance does not reach {}{more}, without `released`", quoted(&catalog.text(*first)));
        findings.push(
            Diagnostic::new(Code::Released, place, message)
                .with_help("say when it came out: `versions: [{id: \"2016\", released: 2015-09-22}]`"),
        );
    }
    releases.sort_unstable();
    releases
}

fn warn_without_end(license: &Row<LicenseFacts>, sku: &Row<SkuFacts>, findings: &mut Findings) {
    if let (Some(place), None) = (sku.facts.maintenance, license.facts.maintenance_until) {
        let message =
            format!("the license {} has no `maintenance_until`; maintenance adds nothing", quoted(&license.id));
        findings.push(
            Diagnostic::new(Code::Maintenance, license.place, message)
                .with_related(place, "its SKU covers by maintenance")
                .with_help("write its last day, such as `maintenance_until: 2026-12-31`"),
        );
    }
}

/// The SKU with which the rights of all outgrow their limit.
fn beyond_the_limit(sizes: &[(SkuId, usize)], skus: &Registry<SkuId, SkuFacts>) -> Option<Place> {
    let mut rights = 0_usize;
    sizes.iter().find_map(|&(sku, size)| {
        let row = skus.row(sku);
        let of_members: usize = row.facts.bundle.iter().map(|member| member.versions.len()).sum();
        rights += size + row.facts.covers.len() + of_members + row.facts.upgrades.as_ref().map_or(0, Vec::len);
        (rights > limits::RIGHTS_MAX).then_some(row.place)
    })
}
