//! Rights that reach another publisher.

use super::{Places, Right};
use crate::diagnostic::{Code, Diagnostic, quoted};
use crate::estate::Estate;
use crate::findings::Findings;
use crate::id::TitleId;

/// Reports rights from a title of one publisher to a title of another; a publisher that is not given may be any.
pub(super) fn report(estate: &Estate, places: &Places, findings: &mut Findings) {
    for &(sku, Right { key, title, place }) in &places.foreign_rights {
        let sku = &estate.skus[sku];
        let own = estate.versions[sku.version].title;
        let Some((from, to)) = publishers(estate, own, title) else { continue };
        let message = format!(
            "the SKU {} of {} {key} versions of {}, a title of {}",
            quoted(&sku.id),
            quoted(from),
            quoted(&estate.titles[title].id),
            quoted(to)
        );
        findings.push(
            Diagnostic::new(Code::Publisher, place, message)
                .with_help("correct the reference, or the `publisher` of one of the two titles"),
        );
    }
}

/// The publishers of two titles, if both are given and differ in more than capitals.
fn publishers(estate: &Estate, one: TitleId, other: TitleId) -> Option<(&str, &str)> {
    let publisher = |title: TitleId| estate.titles[title].publisher.as_deref();
    let (one, other) = (publisher(one)?, publisher(other)?);
    (one.to_lowercase() != other.to_lowercase()).then_some((one, other))
}
