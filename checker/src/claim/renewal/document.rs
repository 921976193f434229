//! The result of a renewal as it stands in its file.
//!
//! What it states is read as a tree, to be compared as a whole; its evidence is read key by key. Of the evidence a known
//! key that occurs twice, a key that is missing and a number with a point or an exponent are errors.

use super::super::document::{Prices, Row, Uncovered};
use super::super::tree::{self, Tree};
use crate::evidence::Price;
use crate::json::{Object, Text};
use crate::plan::Weights;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// The whole result.
#[derive(Deserialize)]
pub(super) struct Document<'a> {
    pub(super) licit: i64,
    #[serde(borrow)]
    pub(super) command: Text<'a>,
    pub(super) scenarios: Vec<Stated<'a>>,
    pub(super) comparison: Tree<'a>,
    pub(super) evidence: Object<Evidence<'a>>,
}

/// What is stated of a scenario. Margins are no part of the proof, and most of a result.
pub(super) struct Stated<'a>(pub(super) Tree<'a>);

#[derive(Deserialize)]
pub(super) struct Evidence<'a> {
    /// The names of the scenarios that were solved as a whole.
    #[serde(borrow)]
    pub(super) as_a_whole: Vec<Text<'a>>,
    pub(super) parts: Vec<Object<Part<'a>>>,
    /// Plans for all scenarios together.
    pub(super) together: Option<Vec<Object<Together<'a>>>>,
}

/// A plan for all scenarios together, and why no plan is better.
#[derive(Deserialize)]
pub(super) struct Together<'a> {
    #[serde(borrow)]
    pub(super) aim: Text<'a>,
    pub(super) offers: Vec<Object<Offered<'a>>>,
    pub(super) blocks: Vec<Object<TogetherBlock<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct TogetherBlock<'a> {
    /// A tree, each node before what is below it.
    #[serde(borrow)]
    pub(super) nodes: Vec<Object<TogetherNode<'a>>>,
}

/// Either weights and prices, or an offer whose quantities are split after `most`.
#[derive(Deserialize)]
pub(super) struct TogetherNode<'a> {
    #[serde(borrow)]
    pub(super) offer: Option<Text<'a>>,
    pub(super) most: Option<i64>,
    pub(super) cases: Option<Vec<Object<TogetherCase<'a>>>>,
}

#[derive(Deserialize)]
pub(super) struct TogetherCase<'a> {
    #[serde(borrow)]
    pub(super) scenario: Text<'a>,
    pub(super) weight: i64,
    pub(super) prices: Vec<Object<TogetherPrice<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct TogetherPrice<'a> {
    #[serde(borrow)]
    pub(super) offer: Text<'a>,
    pub(super) price: Text<'a>,
}

#[derive(Deserialize)]
pub(super) struct Part<'a> {
    #[serde(borrow)]
    pub(super) digest: Text<'a>,
    pub(super) proof: Object<Proof<'a>>,
}

/// A plan, the allocation after it, and why no plan is better.
#[derive(Deserialize)]
pub(super) struct Proof<'a> {
    #[serde(borrow)]
    pub(super) offers: Vec<Object<Offered<'a>>>,
    pub(super) reclaimed: Vec<Object<Reclaimed<'a>>>,
    pub(super) reinstalled: Vec<Object<Reinstalled<'a>>>,
    pub(super) allocation: Vec<Object<Row<'a>>>,
    pub(super) licenses: Vec<Object<Used<'a>>>,
    pub(super) uncovered: Vec<Object<Uncovered<'a>>>,
    /// A tree, each node before what is below it.
    pub(super) certificate: Vec<Object<Node<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct Offered<'a> {
    #[serde(borrow)]
    pub(super) offer: Text<'a>,
    pub(super) quantity: i64,
}

/// Whose demand installs are.
#[derive(Deserialize)]
pub(super) struct Reclaimed<'a> {
    #[serde(borrow)]
    pub(super) version: Text<'a>,
    pub(super) scope: Text<'a>,
    pub(super) contract: Option<Text<'a>>,
    pub(super) asset: Option<Text<'a>>,
    pub(super) user: Option<Text<'a>>,
    pub(super) cost: Text<'a>,
    pub(super) quantity: i64,
}

#[derive(Deserialize)]
pub(super) struct Reinstalled<'a> {
    #[serde(borrow)]
    pub(super) version: Text<'a>,
    pub(super) scope: Text<'a>,
    pub(super) contract: Option<Text<'a>>,
    pub(super) asset: Option<Text<'a>>,
    pub(super) user: Option<Text<'a>>,
    pub(super) to: Text<'a>,
    pub(super) quantity: i64,
}

/// Units of a license that the allocation uses.
#[derive(Deserialize)]
pub(super) struct Used<'a> {
    #[serde(borrow)]
    pub(super) license: Text<'a>,
    pub(super) used: i64,
}

/// Either bounds, or an offer whose quantities are split after `most`: then come those up to it and those beyond.
#[derive(Deserialize)]
pub(super) struct Node<'a> {
    #[serde(borrow)]
    pub(super) offer: Option<Text<'a>>,
    pub(super) most: Option<i64>,
    pub(super) bounds: Option<Vec<Object<Bound<'a>>>>,
}

#[derive(Deserialize)]
pub(super) struct Bound<'a> {
    pub(super) weights: Weights,
    #[serde(borrow)]
    pub(super) prices: Object<Prices<'a, Price>>,
    pub(super) reclaims: Vec<Object<ReclaimPrice<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct ReclaimPrice<'a> {
    #[serde(borrow)]
    pub(super) version: Text<'a>,
    pub(super) scope: Text<'a>,
    pub(super) contract: Option<Text<'a>>,
    pub(super) asset: Option<Text<'a>>,
    pub(super) user: Option<Text<'a>>,
    pub(super) cost: Text<'a>,
    pub(super) price: Price,
}

impl<'de: 'a, 'a> Deserialize<'de> for Stated<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(StatedVisitor)
    }
}

struct StatedVisitor;

impl<'de> Visitor<'de> for StatedVisitor {
    type Value = Stated<'de>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        tree::object(map, Some("marginal")).map(Stated)
    }
}
