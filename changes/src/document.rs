//! A result as it stands in its file. Keys that no comparison needs are passed over; `facts` may be missing.

use checker::json::{Object, Text, given_or_null};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Document<'a> {
    pub(crate) licit: i64,
    #[serde(borrow)]
    pub(crate) command: Text<'a>,
    #[serde(deserialize_with = "given_or_null")]
    pub(crate) name: Option<Text<'a>>,
    pub(crate) as_of: Text<'a>,
    #[serde(deserialize_with = "given_or_null")]
    pub(crate) currency: Option<Text<'a>>,
    pub(crate) digest: Option<Text<'a>>,
    pub(crate) standing: Text<'a>,
    pub(crate) objective: Object<Objective<'a>>,
    pub(crate) totals: Object<Totals>,
    pub(crate) titles: Vec<Object<Title<'a>>>,
    pub(crate) licenses: Vec<Object<License<'a>>>,
    pub(crate) allocation: Vec<Object<Row<'a>>>,
    pub(crate) assignments: Vec<Object<Assignment<'a>>>,
    pub(crate) uncovered: Vec<Object<Uncovered<'a>>>,
    #[serde(default)]
    pub(crate) unknown_names: Vec<Object<UnknownName<'a>>>,
    pub(crate) facts: Option<Object<Facts<'a>>>,
}

#[derive(Deserialize)]
pub(crate) struct Objective<'a> {
    pub(crate) license_assignments_unmet: i128,
    pub(crate) title_assignments_unmet: i128,
    pub(crate) uncovered: i128,
    #[serde(borrow)]
    pub(crate) spend: Text<'a>,
    pub(crate) set_aside: i128,
    pub(crate) transfer_cost: Text<'a>,
    pub(crate) stretch: i128,
    pub(crate) flexibility: i128,
}

#[derive(Deserialize)]
pub(crate) struct Totals {
    pub(crate) installed: i64,
    pub(crate) demand: i64,
    pub(crate) covered: i64,
    pub(crate) uncovered: i64,
    pub(crate) owned: i64,
    pub(crate) active: i64,
    pub(crate) used: i64,
    pub(crate) idle: i64,
    pub(crate) unusable: i64,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "fields are the keys of the format")]
pub(crate) struct Title<'a> {
    #[serde(borrow)]
    pub(crate) title: Text<'a>,
    pub(crate) status: Text<'a>,
    pub(crate) versions: Vec<Object<Version<'a>>>,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "fields are the keys of the format")]
pub(crate) struct Version<'a> {
    #[serde(borrow)]
    pub(crate) version: Text<'a>,
    pub(crate) status: Text<'a>,
    pub(crate) installed: i64,
    pub(crate) demand: i64,
    pub(crate) covered: i64,
    pub(crate) uncovered: i64,
    #[serde(deserialize_with = "given_or_null")]
    pub(crate) shortage: Option<Text<'a>>,
    pub(crate) covered_by: Object<CoveredBy>,
    pub(crate) licensed: i64,
    pub(crate) idle: i64,
    #[serde(deserialize_with = "given_or_null")]
    pub(crate) reach: Option<i64>,
    pub(crate) reasons: Vec<Text<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct CoveredBy {
    pub(crate) exact: i64,
    pub(crate) downgrade: i64,
    pub(crate) newer: i64,
    pub(crate) cross: i64,
    pub(crate) upgrade: i64,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "fields are the keys of the format")]
pub(crate) struct License<'a> {
    #[serde(borrow)]
    pub(crate) license: Text<'a>,
    pub(crate) sku: Text<'a>,
    #[serde(deserialize_with = "given_or_null")]
    pub(crate) quantity: Option<i64>,
    pub(crate) state: Text<'a>,
    pub(crate) used: i64,
    #[serde(deserialize_with = "given_or_null")]
    pub(crate) idle: Option<i64>,
    pub(crate) unusable: i64,
    pub(crate) assigned: i64,
    #[serde(deserialize_with = "given_or_null")]
    pub(crate) needed: Option<Text<'a>>,
    pub(crate) scope: Option<Text<'a>>,
    pub(crate) contract: Option<Text<'a>>,
    pub(crate) start: Option<Text<'a>>,
    pub(crate) end: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct Row<'a> {
    #[serde(borrow)]
    pub(crate) licenses: Vec<Text<'a>>,
    #[serde(deserialize_with = "given_or_null")]
    pub(crate) version: Option<Text<'a>>,
    pub(crate) title: Option<Text<'a>>,
    pub(crate) scope: Text<'a>,
    pub(crate) contract: Option<Text<'a>>,
    pub(crate) asset: Option<Text<'a>>,
    pub(crate) user: Option<Text<'a>>,
    pub(crate) quantity: i64,
}

#[derive(Deserialize)]
pub(crate) struct Uncovered<'a> {
    #[serde(borrow)]
    pub(crate) version: Text<'a>,
    pub(crate) scope: Text<'a>,
    pub(crate) contract: Option<Text<'a>>,
    pub(crate) asset: Option<Text<'a>>,
    pub(crate) user: Option<Text<'a>>,
    pub(crate) quantity: i64,
}

#[derive(Deserialize)]
pub(crate) struct Assignment<'a> {
    #[serde(borrow)]
    pub(crate) license: Option<Text<'a>>,
    pub(crate) title: Option<Text<'a>>,
    pub(crate) version: Option<Text<'a>>,
    pub(crate) target: Object<Target<'a>>,
    pub(crate) scope: Text<'a>,
    pub(crate) outcome: Text<'a>,
    pub(crate) reason: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct Target<'a> {
    #[serde(borrow)]
    pub(crate) asset: Option<Text<'a>>,
    pub(crate) user: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct UnknownName<'a> {
    #[serde(borrow)]
    pub(crate) name: Text<'a>,
    pub(crate) quantity: i64,
}

/// What the position was computed from, as far as it tells why it changed.
#[derive(Deserialize)]
pub(crate) struct Facts<'a> {
    pub(crate) thresholds: Object<Thresholds>,
    #[serde(borrow)]
    pub(crate) scopes: Vec<Object<Scope<'a>>>,
    pub(crate) transfers: Vec<Object<Transfer<'a>>>,
    pub(crate) titles: Vec<Object<TitleFacts<'a>>>,
    pub(crate) rights: Vec<Object<Rights<'a>>>,
}

#[derive(Deserialize)]
pub(crate) struct Thresholds {
    pub(crate) almost_under: i64,
    pub(crate) over: i64,
    pub(crate) expiring_days: i64,
}

#[derive(Deserialize)]
pub(crate) struct Scope<'a> {
    #[serde(borrow)]
    pub(crate) scope: Text<'a>,
    #[serde(deserialize_with = "given_or_null")]
    pub(crate) parent: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct Transfer<'a> {
    #[serde(borrow)]
    pub(crate) from: Text<'a>,
    pub(crate) to: Text<'a>,
    pub(crate) cost: Text<'a>,
}

/// A title that is not plainly calculated from its installs.
#[derive(Deserialize)]
pub(crate) struct TitleFacts<'a> {
    #[serde(borrow)]
    pub(crate) title: Text<'a>,
    pub(crate) status: Text<'a>,
    pub(crate) track_by: Text<'a>,
}

/// The rights of the licenses that it lists.
#[derive(Deserialize)]
pub(crate) struct Rights<'a> {
    #[serde(borrow)]
    pub(crate) licenses: Vec<Text<'a>>,
    pub(crate) version: Text<'a>,
    pub(crate) covers: Vec<Object<Range<'a>>>,
    #[serde(deserialize_with = "given_or_null")]
    pub(crate) upgrades: Option<Vec<Object<Range<'a>>>>,
    pub(crate) use_only_when_assigned: bool,
}

/// Versions of a title from one to another, in the order of the title.
#[derive(Deserialize)]
pub(crate) struct Range<'a> {
    #[serde(borrow)]
    pub(crate) title: Text<'a>,
    pub(crate) from: Text<'a>,
    pub(crate) to: Text<'a>,
}
