//! Where entitlements may be used: scopes as intervals, sets of license sites, what they reach.
//!
//! Scopes are numbered in preorder, so that a subtree is an interval. A *site* is the scope and
//! contract of a license; the *whereabouts* of an entitlement are the sites of its units, less those
//! that restrict nothing the others do not. An entitlement may be used in a place if every site allows
//! it, and the transfer costs of the sites add up. Source: the input contract, section 3.4.

use model::estate::{Estate, Transfer};
use model::id::{ContractId, ScopeId, Table};
use std::collections::BTreeMap;

/// Where something is demanded, or set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) scope: ScopeId,
    pub(crate) contract: Option<ContractId>,
}

/// Where a license lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Site {
    pub(crate) scope: ScopeId,
    pub(crate) contract: Option<ContractId>,
}

/// Outside of which whereabouts allow nothing.
pub(crate) struct Extent {
    /// Of scopes, in preorder; disjoint.
    pub(crate) intervals: Vec<(u32, u32)>,
    /// The contract demanded, if any is.
    pub(crate) contract: Option<ContractId>,
}

impl Extent {
    /// Whether a place lies within, its scope given by its position in preorder.
    pub(crate) fn contains(&self, preorder: u32, contract: Option<ContractId>) -> bool {
        (self.contract.is_none() || contract.is_none() || self.contract == contract)
            && self.intervals.iter().any(|&(first, end)| (first..end).contains(&preorder))
    }
}

/// Interned whereabouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Whereabouts(u32);

/// The scopes of an estate, and all whereabouts met so far.
pub(crate) struct Map<'e> {
    transfers: &'e [Transfer],
    /// Preorder interval of the subtree below a scope, the scope itself first.
    subtree: Table<ScopeId, (u32, u32)>,
    interned: BTreeMap<Vec<Site>, Whereabouts>,
    sites: Vec<Vec<Site>>,
}

impl<'e> Map<'e> {
    pub(crate) fn new(estate: &'e Estate) -> Self {
        let mut map = Self {
            transfers: &estate.transfers,
            subtree: preorder(estate),
            interned: BTreeMap::new(),
            sites: Vec::new(),
        };
        map.intern(Vec::new());
        map
    }

    /// The whereabouts of nothing: no restriction, no cost.
    pub(crate) fn anywhere() -> Whereabouts {
        Whereabouts(0)
    }

    /// The position of a scope in preorder.
    pub(crate) fn preorder(&self, scope: ScopeId) -> u32 {
        self.subtree[scope].0
    }

    /// The whereabouts of a unit at `site` stacked on an entitlement that is `below`.
    pub(crate) fn join(&mut self, below: Whereabouts, site: Site) -> Whereabouts {
        let mut sites = self.sites[below.0 as usize].clone();
        sites.push(site);
        sites.sort_unstable();
        self.intern(self.without_idle_sites(&sites))
    }

    fn intern(&mut self, sites: Vec<Site>) -> Whereabouts {
        let next = Whereabouts(u32::try_from(self.sites.len()).expect("whereabouts are fewer than licenses"));
        *self.interned.entry(sites).or_insert_with_key(|sites| {
            self.sites.push(sites.clone());
            next
        })
    }

    /// Drops sites that another one makes redundant: one that lies within it, has no transfers of its
    /// own and is as strict about the contract.
    fn without_idle_sites(&self, sites: &[Site]) -> Vec<Site> {
        let is_idle = |index: usize| {
            sites.iter().enumerate().any(|(other, strict)| {
                other != index
                    && (*strict != sites[index] || other < index)
                    && self.is_within(strict.scope, sites[index].scope)
                    && self.transfers_from(strict.scope).is_empty()
                    && (sites[index].contract.is_none() || sites[index].contract == strict.contract)
            })
        };
        (0..sites.len()).filter(|&index| !is_idle(index)).map(|index| sites[index]).collect()
    }

    /// The transfers of licenses whose scope is exactly `from`.
    fn transfers_from(&self, from: ScopeId) -> &'e [Transfer] {
        let first = self.transfers.partition_point(|transfer| transfer.from < from);
        let count = self.transfers[first..].partition_point(|transfer| transfer.from == from);
        &self.transfers[first..first + count]
    }

    fn is_within(&self, scope: ScopeId, above: ScopeId) -> bool {
        let (first, end) = self.subtree[above];
        (first..end).contains(&self.subtree[scope].0)
    }

    /// What use in `place` costs; none where it is not allowed.
    pub(crate) fn cost(&self, whereabouts: Whereabouts, place: Place) -> Option<i64> {
        self.sites[whereabouts.0 as usize].iter().map(|&site| self.site_cost(site, place)).sum()
    }

    /// What use in `place` costs, site by site; none where it is not allowed.
    pub(crate) fn costs(&self, whereabouts: Whereabouts, place: Place) -> Option<Vec<i64>> {
        self.sites[whereabouts.0 as usize].iter().map(|&site| self.site_cost(site, place)).collect()
    }

    /// What use of a unit at `site` in `place` costs.
    pub(crate) fn site_cost(&self, site: Site, place: Place) -> Option<i64> {
        if site.contract.is_some() && place.contract.is_some() && site.contract != place.contract {
            return None;
        }
        if self.is_within(place.scope, site.scope) {
            return Some(0);
        }
        let usable = self.transfers_from(site.scope).iter().filter(|transfer| self.is_within(place.scope, transfer.to));
        usable.map(|transfer| transfer.cost.units()).min()
    }

    /// Outside of which the whereabouts allow nothing; none for "anywhere".
    pub(crate) fn extent(&self, whereabouts: Whereabouts) -> Option<Extent> {
        let sites = &self.sites[whereabouts.0 as usize];
        let narrow = sites.iter().min_by_key(|site| {
            let (first, end) = self.subtree[site.scope];
            (self.transfers_from(site.scope).len(), end - first)
        })?;
        let contract = sites.iter().find_map(|site| site.contract);
        Some(Extent { intervals: self.intervals(narrow.scope), contract })
    }

    /// Outside of which a unit at `site` may not be used; within, it may.
    pub(crate) fn site_extent(&self, site: Site) -> Extent {
        Extent { intervals: self.intervals(site.scope), contract: site.contract }
    }

    /// Where units of a scope may be used, in preorder.
    fn intervals(&self, scope: ScopeId) -> Vec<(u32, u32)> {
        let targets = self.transfers_from(scope).iter().map(|transfer| transfer.to);
        let mut intervals: Vec<(u32, u32)> =
            std::iter::once(scope).chain(targets).map(|scope| self.subtree[scope]).collect();
        // Subtrees nest or are disjoint: an interval that starts inside the last one kept lies in it.
        let mut kept: Vec<(u32, u32)> = Vec::with_capacity(intervals.len());
        intervals.sort_unstable_by_key(|&(first, end)| (first, std::cmp::Reverse(end)));
        for interval in intervals {
            if kept.last().is_none_or(|last| interval.0 >= last.1) {
                kept.push(interval);
            }
        }
        kept
    }

    /// The sites in words, for messages.
    pub(crate) fn words(&self, estate: &Estate, whereabouts: Whereabouts) -> String {
        let words = |site: &Site| {
            let scope = &estate.scopes[site.scope].id;
            site.contract.map_or_else(
                || format!("`{scope}`"),
                |contract| format!("`{scope}` under contract `{}`", estate.contracts[contract]),
            )
        };
        self.sites[whereabouts.0 as usize].iter().map(words).collect::<Vec<_>>().join(" with ")
    }
}

/// Preorder intervals of all subtrees; children in the order of their ids.
fn preorder(estate: &Estate) -> Table<ScopeId, (u32, u32)> {
    let mut children: Table<ScopeId, Vec<ScopeId>> = Table::filled(Vec::new(), estate.scopes.len());
    let mut open: Vec<(ScopeId, bool)> = Vec::new();
    for (id, scope) in estate.scopes.enumerate() {
        match scope.parent {
            Some(parent) => children[parent].push(id),
            None => open.push((id, false)),
        }
    }
    let mut subtree = Table::filled((0, 0), estate.scopes.len());
    let mut next = 0;
    while let Some((scope, is_done)) = open.pop() {
        if is_done {
            subtree[scope].1 = next;
        } else {
            subtree[scope].0 = next;
            next += 1;
            open.push((scope, true));
            open.extend(children[scope].iter().rev().map(|&child| (child, false)));
        }
    }
    subtree
}
