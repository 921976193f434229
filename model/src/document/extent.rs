//! How much one entitlement of a SKU covers at once: its metric, and the members of a suite.

use super::rows::Record;
use super::skus::{MAX_DEVICES, METRIC};
use super::titles::Catalog;
use crate::diagnostic::{Code, Diagnostic, Place, quoted};
use crate::estate::{Member, Metric};
use crate::findings::Findings;
use crate::id::VersionId;
use crate::value;

/// What `metric` and `max_devices` say.
pub(super) fn metric(record: &Record<'_>, findings: &mut Findings) -> Metric {
    let choices =
        [("install", Metric::Install), ("device", Metric::Device), ("user", Metric::User { max_devices: None })];
    let read = record.read(METRIC, findings, |text| value::choice(text, &choices));
    let is_refused = read.is_none() && record.entries[METRIC].is_present();
    let metric = read.unwrap_or(Metric::Install);
    let Some(devices) = record.read(MAX_DEVICES, findings, value::quantity) else { return metric };
    let place = record.place_of(MAX_DEVICES);
    match metric {
        Metric::User { .. } if !devices.is_zero() => return Metric::User { max_devices: Some(devices) },
        Metric::User { .. } => findings.push(
            Diagnostic::new(Code::Range, place, "`max_devices` is `0`; expected at least 1")
                .with_help("leave the key out where any number of devices is allowed"),
        ),
        // A metric that is refused has been reported.
        _ if is_refused => {}
        _ => findings.push(
            Diagnostic::new(Code::Missing, place, "`max_devices` stands without `metric: user`")
                .with_help("write `metric: user`, or leave `max_devices` out"),
        ),
    }
    metric
}

/// The members of a suite, sorted. The main version belongs to the member that names it, else it is one of its own,
/// and what `covers` names belongs to the same member.
pub(super) fn members(
    main: VersionId,
    covers: &[VersionId],
    named: &[Vec<VersionId>],
    place: Place,
    catalog: &Catalog,
    findings: &mut Findings,
) -> Vec<Member> {
    let (of_main, others): (Vec<_>, Vec<_>) = named.iter().partition(|versions| versions.contains(&main));
    let mut own: Vec<VersionId> = of_main.first().into_iter().copied().flatten().chain(covers).copied().collect();
    own.push(main);
    own.sort_unstable();
    own.dedup();
    let mut members = vec![Member { main, versions: own }];
    let others = others.into_iter().chain(of_main.into_iter().skip(1));
    members.extend(others.filter_map(|versions| Some(Member { main: *versions.last()?, versions: versions.clone() })));
    let mut all: Vec<VersionId> = members.iter().flat_map(|member| &member.versions).copied().collect();
    all.sort_unstable();
    if let Some(pair) = all.windows(2).find(|pair| pair[0] == pair[1]) {
        let message = format!("{} belongs to two members of the suite", quoted(&catalog.text(pair[0])));
        findings
            .push(Diagnostic::new(Code::Duplicate, place, message).with_help("name each version in one member alone"));
    }
    members.sort();
    members
}
