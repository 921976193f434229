//! A result as it stands in its file: names as text, numbers as integers, nothing resolved.
//!
//! Keys that are not part of the proof are passed over. A known key that occurs twice, a key that is
//! missing, a list where an object belongs and a number with a point or an exponent are errors.

use crate::evidence::Price;
use crate::json::{Object, Text, given_or_null};
use model::objective::{POSITION_LEVELS, with_nothing_bought};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// The whole result.
#[derive(Deserialize)]
pub(super) struct Document<'a> {
    pub(super) licit: i64,
    #[serde(borrow)]
    pub(super) command: Text<'a>,
    pub(super) as_of: Text<'a>,
    pub(super) digest: Option<Text<'a>>,
    pub(super) standing: Text<'a>,
    pub(super) gaps: Gaps<'a>,
    pub(super) objective: Object<Objective<'a>>,
    pub(super) totals: Object<Totals>,
    pub(super) titles: Vec<Object<Title<'a>>>,
    pub(super) licenses: Vec<Object<License<'a>>>,
    pub(super) allocation: Vec<Object<Row<'a>>>,
    pub(super) assignments: Vec<Object<Assignment<'a>>>,
    pub(super) uncovered: Vec<Object<Uncovered<'a>>>,
    pub(super) shortages: Vec<Object<Shortage<'a>>>,
    pub(super) evidence: Object<Evidence<'a>>,
}

/// Gaps between figures and bounds, by level; a level that stands twice is twice in the list.
pub(super) struct Gaps<'a>(pub(super) Vec<(Text<'a>, Object<Gap<'a>>)>);

#[derive(Deserialize)]
pub(super) struct Gap<'a> {
    #[serde(borrow)]
    pub(super) bound: Amount<'a>,
    pub(super) gap: Amount<'a>,
}

/// Money as text, everything else as an integer.
#[derive(PartialEq, Eq)]
pub(super) enum Amount<'a> {
    Count(i128),
    Money(Text<'a>),
}

#[derive(Deserialize)]
pub(super) struct Objective<'a> {
    pub(super) license_assignments_unmet: i128,
    pub(super) title_assignments_unmet: i128,
    pub(super) uncovered: i128,
    #[serde(borrow)]
    pub(super) spend: Text<'a>,
    pub(super) set_aside: i128,
    pub(super) transfer_cost: Text<'a>,
    pub(super) stretch: i128,
    pub(super) flexibility: i128,
}

#[derive(Deserialize)]
pub(super) struct Totals {
    pub(super) installed: i64,
    pub(super) demand: i64,
    pub(super) covered: i64,
    pub(super) uncovered: i64,
    pub(super) owned: i64,
    pub(super) active: i64,
    pub(super) used: i64,
    pub(super) idle: i64,
    pub(super) unusable: i64,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "fields are the keys of the format")]
pub(super) struct Title<'a> {
    #[serde(borrow)]
    pub(super) title: Text<'a>,
    pub(super) status: Text<'a>,
    pub(super) versions: Vec<Object<Version<'a>>>,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "fields are the keys of the format")]
pub(super) struct Version<'a> {
    #[serde(borrow)]
    pub(super) version: Text<'a>,
    pub(super) status: Text<'a>,
    pub(super) installed: i64,
    pub(super) demand: i64,
    pub(super) covered: i64,
    pub(super) uncovered: i64,
    pub(super) covered_by: Object<CoveredBy>,
    pub(super) licensed: i64,
    pub(super) idle: i64,
}

#[derive(Deserialize)]
pub(super) struct CoveredBy {
    pub(super) exact: i64,
    pub(super) downgrade: i64,
    pub(super) newer: i64,
    pub(super) cross: i64,
    pub(super) upgrade: i64,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "fields are the keys of the format")]
pub(super) struct License<'a> {
    #[serde(borrow)]
    pub(super) license: Text<'a>,
    pub(super) sku: Text<'a>,
    #[serde(deserialize_with = "given_or_null")]
    pub(super) quantity: Option<i64>,
    pub(super) state: Text<'a>,
    pub(super) used: i64,
    #[serde(deserialize_with = "given_or_null")]
    pub(super) idle: Option<i64>,
    pub(super) unusable: i64,
    pub(super) assigned: i64,
}

#[derive(Deserialize)]
pub(super) struct Row<'a> {
    #[serde(borrow)]
    pub(super) licenses: Vec<Text<'a>>,
    #[serde(default)]
    pub(super) reserved: Option<Vec<Option<Text<'a>>>>,
    #[serde(deserialize_with = "given_or_null")]
    pub(super) version: Option<Text<'a>>,
    pub(super) title: Option<Text<'a>>,
    pub(super) scope: Text<'a>,
    pub(super) contract: Option<Text<'a>>,
    pub(super) asset: Option<Text<'a>>,
    pub(super) user: Option<Text<'a>>,
    pub(super) quantity: i64,
    pub(super) right: Text<'a>,
    /// Rows of which the same entitlements cover all at once have the same number.
    pub(super) together: Option<i64>,
    /// How many entitlements these are.
    pub(super) entitlements: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct Assignment<'a> {
    #[serde(borrow)]
    pub(super) license: Option<Text<'a>>,
    pub(super) title: Option<Text<'a>>,
    pub(super) version: Option<Text<'a>>,
    pub(super) target: Object<Target<'a>>,
    pub(super) scope: Text<'a>,
    pub(super) outcome: Text<'a>,
    pub(super) reason: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Target<'a> {
    #[serde(borrow)]
    pub(super) asset: Option<Text<'a>>,
    pub(super) user: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Shortage<'a> {
    #[serde(borrow)]
    pub(super) demands: Vec<Object<NamedDemand<'a>>>,
    pub(super) licenses: Vec<NamedUnit<'a>>,
    pub(super) demand: i64,
    pub(super) supply: i64,
    pub(super) short: i64,
}

/// Demand for a version, a reserved unit, or a title assignment: exactly one of the three is named.
#[derive(Deserialize)]
pub(super) struct NamedDemand<'a> {
    #[serde(borrow)]
    pub(super) version: Option<Text<'a>>,
    pub(super) license: Option<Text<'a>>,
    pub(super) title: Option<Text<'a>>,
    pub(super) scope: Option<Text<'a>>,
    pub(super) contract: Option<Text<'a>>,
    pub(super) asset: Option<Text<'a>>,
    pub(super) user: Option<Text<'a>>,
    pub(super) quantity: i64,
}

/// The unreserved units of a license, or one reserved unit.
pub(super) enum NamedUnit<'a> {
    Unreserved(Text<'a>),
    Reserved(ReservedUnit<'a>),
}

#[derive(Deserialize)]
pub(super) struct ReservedUnit<'a> {
    #[serde(borrow)]
    pub(super) license: Text<'a>,
    pub(super) asset: Option<Text<'a>>,
    pub(super) user: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Evidence<'a> {
    #[serde(borrow)]
    pub(super) prices: Object<Prices<'a, PositionPrice>>,
    pub(super) uncovered_by_bound: Option<i64>,
}

/// Prices of facts, with a number for each level that is shown.
#[derive(Deserialize)]
pub(super) struct Prices<'a, P> {
    #[serde(borrow)]
    pub(super) licenses: Vec<Object<LicensePrice<'a, P>>>,
    pub(super) reserved: Vec<Object<ReservedPrice<'a, P>>>,
    pub(super) demands: Vec<Object<DemandPrice<'a, P>>>,
    pub(super) assignments: Vec<Object<AssignmentPrice<'a, P>>>,
}

/// A price as a position shows it: nothing is bought.
#[derive(Clone, Copy, Deserialize)]
#[serde(transparent)]
pub(super) struct PositionPrice([i64; POSITION_LEVELS]);

impl From<PositionPrice> for Price {
    fn from(price: PositionPrice) -> Self {
        with_nothing_bought(price.0)
    }
}

#[derive(Deserialize)]
pub(super) struct LicensePrice<'a, P> {
    #[serde(borrow)]
    pub(super) license: Text<'a>,
    pub(super) price: P,
}

#[derive(Deserialize)]
pub(super) struct ReservedPrice<'a, P> {
    #[serde(borrow)]
    pub(super) license: Text<'a>,
    pub(super) asset: Option<Text<'a>>,
    pub(super) user: Option<Text<'a>>,
    pub(super) price: P,
}

#[derive(Deserialize)]
pub(super) struct Uncovered<'a> {
    #[serde(borrow)]
    pub(super) version: Text<'a>,
    pub(super) scope: Text<'a>,
    pub(super) contract: Option<Text<'a>>,
    pub(super) asset: Option<Text<'a>>,
    pub(super) user: Option<Text<'a>>,
    pub(super) quantity: i64,
}

#[derive(Deserialize)]
pub(super) struct DemandPrice<'a, P> {
    #[serde(borrow)]
    pub(super) version: Text<'a>,
    pub(super) scope: Text<'a>,
    pub(super) contract: Option<Text<'a>>,
    pub(super) asset: Option<Text<'a>>,
    pub(super) user: Option<Text<'a>>,
    pub(super) price: P,
}

#[derive(Deserialize)]
pub(super) struct AssignmentPrice<'a, P> {
    #[serde(borrow)]
    pub(super) title: Text<'a>,
    pub(super) asset: Option<Text<'a>>,
    pub(super) user: Option<Text<'a>>,
    pub(super) met: P,
    pub(super) aside: P,
}

impl<'de: 'a, 'a> Deserialize<'de> for NamedUnit<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamedUnitVisitor)
    }
}

struct NamedUnitVisitor;

impl<'de> Visitor<'de> for NamedUnitVisitor {
    type Value = NamedUnit<'de>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a license id, or an object that names a reserved unit")
    }
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(NamedUnit::Unreserved(Text::borrowed(text)))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(NamedUnit::Unreserved(Text::owned(text)))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        ReservedUnit::deserialize(MapAccessDeserializer::new(map)).map(NamedUnit::Reserved)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Gaps<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(GapsVisitor)
    }
}

struct GapsVisitor;

impl<'de> Visitor<'de> for GapsVisitor {
    type Value = Gaps<'de>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut gaps = Vec::new();
        while let Some(entry) = map.next_entry()? {
            gaps.push(entry);
        }
        Ok(Gaps(gaps))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Amount<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AmountVisitor)
    }
}

struct AmountVisitor;

impl<'de> Visitor<'de> for AmountVisitor {
    type Value = Amount<'de>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer, or money as text")
    }
    fn visit_i64<E: Error>(self, count: i64) -> Result<Self::Value, E> {
        Ok(Amount::Count(count.into()))
    }
    fn visit_u64<E: Error>(self, count: u64) -> Result<Self::Value, E> {
        Ok(Amount::Count(count.into()))
    }
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Amount::Money(Text::borrowed(text)))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Amount::Money(Text::owned(text)))
    }
}
