//! Catalogs, discovered names and maintenance, from the estate file to the answer.

use crate::estates::{license, parse, units, version};
use crate::statement;
use model::findings::Findings;

#[test]
fn lots_of_one_sku_differ_by_the_day_their_maintenance_ends() {
    let estate = parse(
        "licit: 1\nas_of: 2026-11-22\n\
         titles: [{id: t, versions: [\"1\", {id: \"2\", released: 2020-05-01}, {id: \"3\", released: 2023-05-01}]}]\n\
         skus: [{id: S, version: t@1, covers: [maintenance]}]\n\
         licenses:\n  - {id: A, sku: S, quantity: 5, maintenance_until: 2022-01-01}\n  \
         - {id: B, sku: S, quantity: 5, maintenance_until: 2019-12-31}\n\
         installs: [{version: t@1, quantity: 4}, {version: t@2, quantity: 5}, {version: t@3}]\n",
    );
    let position = solver::position(&estate).unwrap();
    let certified = &position.certified;
    assert_eq!(certified.figures().objective, statement::optimum(&estate));
    assert_eq!(version(certified, "t@2").covered, units(5));
    assert_eq!(version(certified, "t@3").uncovered, units(1));
    assert_eq!(license(certified, "A").used, units(5));
    let result = report::json(&position, &Findings::new());
    assert_eq!(result.matches("\"sku\":\"S\"").count(), 2, "the id is the one written");
    checker::claim::verify(&estate, &result).unwrap();
}

#[test]
fn what_no_name_fits_is_said_beside_the_figures() {
    let estate = parse(
        "licit: 1\nas_of: 2026-11-22\ntitles: [{id: t, versions: [\"1\"]}]\nskus: [{id: S, version: t@1}]\n\
         licenses: [{id: L, sku: S, quantity: 5, key: AB-12, order: PO-7, invoice: R-3}]\nnames: {\"Sample *\": t@1}\n\
         installs: [{name: Sample One, quantity: 2}, {name: Other, quantity: 3}, {name: More}]\n",
    );
    let position = solver::position(&estate).unwrap();
    assert_eq!(position.certified.figures().totals.installed, units(2));
    let result = report::json(&position, &Findings::new());
    assert!(
        result.contains("{\"name\":\"More\",\"quantity\":1}") && result.contains("{\"name\":\"Other\",\"quantity\":3}")
    );
    assert!(result.contains("\"key\":\"AB-12\",\"order\":\"PO-7\",\"invoice\":\"R-3\""), "{result}");
    let table = report::table(&position, report::Rows::Versions, report::Color::Never);
    let comparison = report::comparison_table(&position.certified, &[], report::Color::Never);
    for text in [table, report::markdown(&position), comparison] {
        assert!(text.contains("Not calculated: 4 installs under 2 unknown names."), "{text}");
    }
}
