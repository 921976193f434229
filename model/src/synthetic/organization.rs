//! Where rights apply and who buys where: scopes, transfers, contracts, and how families are bought.

use super::portfolio::Portfolio;
use super::shape::{Fleet, Profile, Size};
use super::weights::{self, Weights};
use crate::generate::SplitMix64;

/// Installs for each site, about.
const INSTALLS_PER_SITE: u64 = 400;
const REGIONS: [(&str, [&str; 8]); 4] = [
    ("emea", ["de", "fr", "uk", "it", "es", "nl", "pl", "se"]),
    ("amer", ["us", "ca", "mx", "br", "ar", "cl", "co", "pe"]),
    ("apac", ["jp", "in", "au", "sg", "kr", "nz", "th", "vn"]),
    ("gulf", ["ae", "sa", "qa", "kw", "om", "bh", "jo", "eg"]),
];

/// The organization.
#[derive(Clone, Debug)]
pub(super) struct Organization {
    /// The root first, parents before children.
    pub(super) scopes: Vec<Scope>,
    pub(super) transfers: Vec<Transfer>,
    /// One for each region, in their order.
    pub(super) contracts: Vec<String>,
    /// How each component of families is bought, by the number of its first family.
    buying: Vec<Buying>,
    /// Where machines stand.
    leaves: Vec<u32>,
    leaf_weights: Weights,
}

/// Where rights apply.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub(super) id: String,
    pub(super) parent: Option<u32>,
    /// The region it lies in; none for the root.
    region: Option<u32>,
    /// 0 for the root, then regions, countries and sites.
    depth: usize,
}

/// Licenses of one country may be used in another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transfer {
    pub(super) from: u32,
    pub(super) to: u32,
    /// In hundredths.
    pub(super) cost: u64,
}

/// Where a license lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Site {
    pub(super) scope: u32,
    pub(super) contract: Option<u32>,
}

/// How a component of families is bought. Where upgrades are sold, all bases that an upgrade may be stacked on
/// for use in one place live in one site, which keeps the estate a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Buying {
    /// For the whole organization.
    Central,
    /// By each region for itself, under its contract or under none; regions have no transfers.
    Regional { has_contract: bool },
    /// By whoever needs it.
    Local,
}

impl Organization {
    pub(super) fn draw(random: &mut SplitMix64, size: &Size, portfolio: &Portfolio, profile: &Profile) -> Self {
        let root = Scope { id: "group".to_owned(), parent: None, region: None, depth: 0 };
        let mut organization = Self {
            scopes: vec![root],
            transfers: Vec::new(),
            contracts: Vec::new(),
            buying: Vec::new(),
            leaves: vec![0],
            leaf_weights: Weights::new([1]),
        };
        if profile.has_scopes {
            organization.add_scopes(random, size);
            organization.add_transfers(random);
        }
        organization.buying = buying(random, portfolio, profile, size.fleet());
        organization
    }

    /// Regions with a few countries each, and sites in the countries of large organizations.
    fn add_scopes(&mut self, random: &mut SplitMix64, size: &Size) {
        let sites = match size.fleet() {
            Some(fleet) => fleet.scopes,
            None => usize::try_from(size.installs() / INSTALLS_PER_SITE).unwrap_or(usize::MAX).clamp(4, 240),
        };
        let regions = (2 + sites / 20).min(REGIONS.len());
        let countries = (sites / regions).clamp(2, 8);
        let sites_per_country = sites / (regions * countries);
        // Of an exact number of scopes, those that are left for sites, and the countries that share them.
        let mut exact = size
            .fleet()
            .map(|fleet| (fleet.scopes.saturating_sub(1 + regions + regions * countries), regions * countries));
        self.leaves.clear();
        for (region, &(name, codes)) in REGIONS.iter().take(regions).enumerate() {
            let region = id(region);
            let at_region = self.add_scope(name.to_owned(), 0, region);
            self.contracts.push(format!("EA-{}", name.to_uppercase()));
            for code in codes.iter().take(countries) {
                let country = format!("{name}-{code}");
                let at_country = self.add_scope(country.clone(), at_region, region);
                let count = match &mut exact {
                    Some((left, countries)) => {
                        let count = left.div_ceil(*countries);
                        (*left, *countries) = (*left - count, *countries - 1);
                        count
                    }
                    None if sites_per_country < 2 => 0,
                    None => 1 + random.below(2 * sites_per_country - 1),
                };
                if count == 0 {
                    self.leaves.push(at_country);
                }
                for site in 1..=count {
                    let at_site = self.add_scope(format!("{country}-{site}"), at_country, region);
                    self.leaves.push(at_site);
                }
            }
        }
        let mut ranks: Vec<usize> = (0..self.leaves.len()).collect();
        random.shuffle(&mut ranks);
        self.leaf_weights = Weights::new(ranks.into_iter().map(weights::zipf));
    }

    fn add_scope(&mut self, id: String, parent: u32, region: u32) -> u32 {
        let depth = self.scopes[parent as usize].depth + 1;
        self.scopes.push(Scope { id, parent: Some(parent), region: Some(region), depth });
        self::id(self.scopes.len() - 1)
    }

    /// A third of the countries lend to another one.
    fn add_transfers(&mut self, random: &mut SplitMix64) {
        let is_country = |scope: &u32| self.scopes[*scope as usize].depth == 2;
        let countries: Vec<u32> = (0..id(self.scopes.len())).filter(is_country).collect();
        for &from in &countries {
            let to = *random.pick(&countries);
            let cost = 100 + 50 * random.below(30) as u64;
            if random.percent(33) && to != from {
                self.transfers.push(Transfer { from, to, cost });
            }
        }
    }

    /// A place where a machine stands.
    pub(super) fn draw_scope(&self, random: &mut SplitMix64) -> u32 {
        let leaf = self.leaf_weights.draw(random).expect("there is a scope");
        self.leaves[leaf]
    }

    /// The contract of the region a scope lies in.
    pub(super) fn contract_of(&self, scope: u32) -> Option<u32> {
        self.scopes[scope as usize].region
    }

    /// Where licenses of a component are bought for use in a scope under a contract.
    pub(super) fn draw_site(
        &self,
        random: &mut SplitMix64,
        component: usize,
        scope: u32,
        contract: Option<u32>,
    ) -> Site {
        match self.buying[component] {
            Buying::Central => Site { scope: 0, contract: None },
            Buying::Regional { has_contract } => {
                let region = self.at_depth(scope, 1);
                Site { scope: region, contract: self.contract_of(region).filter(|_| has_contract) }
            }
            Buying::Local => {
                let lenders = self.transfers.iter().filter(|transfer| self.is_within(scope, transfer.to));
                let lenders: Vec<u32> = lenders.map(|transfer| transfer.from).collect();
                if !lenders.is_empty() && random.percent(10) {
                    return Site { scope: *random.pick(&lenders), contract: None };
                }
                let at = self.at_depth(scope, [0, 1, 1, 2][random.below(4)]);
                let own = self.contract_of(at).filter(|own| contract.is_none_or(|contract| contract == *own));
                Site { scope: at, contract: own.filter(|_| random.percent(30)) }
            }
        }
    }

    /// The scope above `scope`, or itself, that is so deep, or the deepest there is.
    fn at_depth(&self, scope: u32, depth: usize) -> u32 {
        let mut at = scope;
        while let Some(parent) = self.scopes[at as usize].parent
            && self.scopes[at as usize].depth > depth
        {
            at = parent;
        }
        at
    }

    fn is_within(&self, scope: u32, above: u32) -> bool {
        self.at_depth(scope, self.scopes[above as usize].depth) == above
    }

    /// Whether a license may be used in a scope under a contract, free of cost.
    pub(super) fn may_be_used(&self, site: Site, scope: u32, contract: Option<u32>) -> bool {
        self.is_within(scope, site.scope)
            && (site.contract.is_none() || contract.is_none() || site.contract == contract)
    }
}

fn buying(random: &mut SplitMix64, portfolio: &Portfolio, profile: &Profile, fleet: Option<Fleet>) -> Vec<Buying> {
    let mut has_upgrades = vec![false; portfolio.families.len()];
    for family in &portfolio.families {
        has_upgrades[family.component] |= family.terms.upgrades.is_some() || family.terms.rival.is_some();
    }
    let buying = |has_upgrades: bool| match random.below(4) {
        _ if !profile.has_scopes => Buying::Central,
        0 => Buying::Central,
        1 => Buying::Regional { has_contract: random.percent(50) },
        _ if fleet.is_some() => Buying::Central,
        2 if has_upgrades => Buying::Central,
        3 if has_upgrades => Buying::Regional { has_contract: random.percent(50) },
        _ => Buying::Local,
    };
    has_upgrades.into_iter().map(buying).collect()
}

/// A position as a number of 32 bits.
pub(super) fn id(position: usize) -> u32 {
    u32::try_from(position).expect("positions are within the limits of sizes")
}
