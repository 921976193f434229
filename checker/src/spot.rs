//! Where an entitlement is used: in one place, or in several at once.

use crate::facts::{Facts, contracts_agree};
use crate::places::Place;
use model::estate::License;
use model::id::{ContractId, ScopeId};
use model::number::Money;
use std::borrow::Cow;

/// One place or several: a unit may be used there if it may be used in each, and is transferred once, as far as the
/// dearest of them asks.
#[derive(Default)]
pub(crate) struct Spot<'f> {
    /// Sorted by the scope of the license.
    sources: Cow<'f, [(ScopeId, Money)]>,
    contracts: Vec<ContractId>,
}

impl<'f> Spot<'f> {
    pub(crate) fn at(facts: &'f Facts<'_>, place: Place) -> Self {
        Self { sources: Cow::Borrowed(facts.sources(place.0)), contracts: place.1.into_iter().collect() }
    }

    /// The spot of all these places; there is one at least.
    pub(crate) fn over(facts: &'f Facts<'_>, places: impl IntoIterator<Item = Place>) -> Self {
        let all = places.into_iter().map(|place| Self::at(facts, place));
        all.reduce(Self::and).expect("what is used is used somewhere")
    }

    fn and(self, other: Self) -> Self {
        let both = |&(scope, cost): &(ScopeId, Money)| other.source(scope).map(|there| (scope, cost.max(there)));
        Self {
            sources: Cow::Owned(self.sources.iter().filter_map(both).collect()),
            contracts: [self.contracts, other.contracts].concat(),
        }
    }

    /// The scopes whose licenses may be used there, with the cost of the transfer.
    pub(crate) fn sources(&self) -> &[(ScopeId, Money)] {
        &self.sources
    }

    /// Whether licenses of a contract, or of none, may be used there.
    pub(crate) fn allows(&self, contract: Option<ContractId>) -> bool {
        self.contracts.iter().all(|&demanded| contracts_agree(contract, Some(demanded)))
    }

    /// What the use of a license costs there; none if it may not be used.
    pub(crate) fn use_cost(&self, license: &License) -> Option<Money> {
        if self.allows(license.contract) { self.source(license.scope) } else { None }
    }

    fn source(&self, scope: ScopeId) -> Option<Money> {
        self.sources.binary_search_by_key(&scope, |&(from, _)| from).ok().map(|index| self.sources[index].1)
    }
}
