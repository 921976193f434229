//! License assignments: reserved units first find something to stand on, then an install of their
//! target, and are set aside for it where there is none.

use super::greedy::Walk;
use crate::places::{Place, Site};
use crate::problem::ReservedUnit;
use checker::allocation::{Destination, SetAside, Unit};
use model::estate::Target;
use model::id::{SkuId, Table};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What an entitlement topped by a reserved unit is made of.
struct Stack {
    /// Pools at its bottom, base first; empty if a reserved unit is the base.
    pools: Vec<usize>,
    /// Reserved units, the topmost last.
    reserved: Vec<usize>,
}

/// Where the unreserved units of a stack must be usable, and whether the reserved ones must be too.
#[derive(Clone, Copy)]
struct Spot {
    place: Place,
    is_covering: bool,
}

/// An entitlement that no install of its target uses, with its units.
struct Aside {
    top: usize,
    path: Vec<Unit>,
}

impl Walk<'_, '_> {
    /// Serves reserved units, what stands on others first, otherwise in the order of licenses.
    pub(super) fn serve_license_assignments(&mut self) {
        let heights = heights(&self.problem.stacking_order, self);
        let reserved = &self.problem.reserved;
        let mut order: Vec<usize> = (0..reserved.len()).collect();
        order.sort_by_key(|&unit| {
            let ReservedUnit { sku, license, .. } = reserved[unit];
            (Reverse(heights[sku]), self.ranks[license], unit)
        });
        let mut asides = Vec::new();
        for unit in order {
            if !self.is_used[unit] && !self.cover_with(unit) {
                asides.extend(self.stack_aside(unit));
            }
        }
        let mut wanted_of: BTreeMap<Target, Vec<usize>> = BTreeMap::new();
        for (index, wanted) in self.problem.wanted.iter().enumerate().filter(|(_, wanted)| !wanted.has_installs) {
            wanted_of.entry(wanted.target).or_default().push(index);
        }
        for aside in asides {
            let target = self.problem.reserved[aside.top].target;
            self.set_reserved_aside(aside, wanted_of.get(&target).map_or(&[], Vec::as_slice));
        }
    }

    /// Covers an install of the unit's target with it, if it can.
    fn cover_with(&mut self, unit: usize) -> bool {
        let problem = self.problem;
        let row = &problem.reserved[unit];
        let singles = self.singles_of.get(&row.target).into_iter().flatten().copied();
        let rights = &problem.estate.skus[row.sku];
        let mut demands: Vec<usize> = singles
            .filter(|&demand| self.left[demand] > 0 && rights.may_cover(problem.demands[demand].key.version))
            .collect();
        demands.sort_by_cached_key(|&demand| {
            let version = problem.demands[demand].key.version;
            let step = self.steps.iter().position(|step| step.admits(problem.estate, row.sku, version));
            (step, self.version_key(version), demand)
        });
        for demand in demands {
            let spot = Spot { place: problem.demands[demand].place(), is_covering: true };
            if let Some(stack) = self.stack(unit, spot) {
                let path = self.take_stack(&stack);
                self.cover(demand, path, 1);
                return true;
            }
        }
        false
    }

    /// Takes what is set aside for the unit's target, if the unit has something to stand on.
    fn stack_aside(&mut self, unit: usize) -> Option<Aside> {
        let place = Place { scope: self.problem.reserved[unit].scope, contract: None };
        let stack = self.stack(unit, Spot { place, is_covering: false })?;
        Some(Aside { top: unit, path: self.take_stack(&stack) })
    }

    /// An entitlement that is set aside meets the first that it can of the title assignments of its
    /// target without installs.
    fn set_reserved_aside(&mut self, aside: Aside, of_target: &[usize]) {
        let problem = self.problem;
        let top = &problem.reserved[aside.top];
        let wanted = of_target.iter().copied().find(|&index| {
            let wanted = &problem.wanted[index];
            !self.is_met[index]
                && wanted.is_met_by(problem.estate, top.sku)
                && self.is_usable(&aside.path, wanted.place())
        });
        let destination = match wanted {
            Some(index) => {
                self.is_met[index] = true;
                let wanted = &problem.wanted[index];
                SetAside { target: top.target, title: Some(wanted.title), scope: wanted.scope }
            }
            None => SetAside { target: top.target, title: None, scope: top.scope },
        };
        self.push(Destination::SetAside(destination), aside.path, 1);
    }

    /// Whether all unreserved units of a path may be used in a place.
    fn is_usable(&self, path: &[Unit], place: Place) -> bool {
        let mut unreserved = path.iter().filter(|unit| unit.reserved_for.is_none());
        unreserved.all(|unit| {
            let license = &self.problem.estate.licenses[unit.license];
            let site = Site { scope: license.scope, contract: license.contract };
            self.map.site_cost(site, place).is_some()
        })
    }

    /// An entitlement topped by a reserved unit: on a base reserved for the same target before another
    /// unit reserved for it, and that before what anybody could use.
    fn stack(&mut self, top: usize, spot: Spot) -> Option<Stack> {
        let mut path = vec![top];
        let mut barren: BTreeSet<usize> = BTreeSet::new();
        loop {
            let &unit = path.last()?;
            if !self.may_stand(unit, spot) {
                barren.insert(unit);
                path.pop();
                continue;
            }
            let row = &self.problem.reserved[unit];
            if !self.problem.estate.skus[row.sku].is_upgrade() {
                path.reverse();
                return Some(Stack { pools: Vec::new(), reserved: path });
            }
            if let Some(below) = self.reserved_below(unit, &barren) {
                path.push(below);
            } else if let Some(pools) = self.supply.below(row.sku, spot.place) {
                path.reverse();
                return Some(Stack { pools, reserved: path });
            } else {
                barren.insert(unit);
                path.pop();
            }
        }
    }

    /// Whether the place allows a reserved unit.
    fn may_stand(&self, unit: usize, spot: Spot) -> bool {
        !spot.is_covering || self.map.site_cost(self.problem.reserved[unit].site, spot.place).is_some()
    }

    /// The next unused unit reserved for the same target that `unit` may be stacked on.
    fn reserved_below(&self, unit: usize, barren: &BTreeSet<usize>) -> Option<usize> {
        let (reserved, skus) = (&self.problem.reserved, &self.problem.estate.skus);
        let rights = &skus[reserved[unit].sku];
        let fits = |&below: &usize| {
            !self.is_used[below] && !barren.contains(&below) && rights.may_upgrade(skus[reserved[below].sku].version)
        };
        let of_target = self.problem.reserved_of[&reserved[unit].target].iter().copied();
        let key = |&below: &usize| (skus[reserved[below].sku].is_upgrade(), self.ranks[reserved[below].license], below);
        of_target.filter(fits).min_by_key(key)
    }

    fn take_stack(&mut self, stack: &Stack) -> Vec<Unit> {
        let mut path = self.supply.take(&stack.pools, 1);
        for &unit in &stack.reserved {
            self.is_used[unit] = true;
            let row = &self.problem.reserved[unit];
            path.push(Unit { license: row.license, reserved_for: Some(row.target) });
        }
        path
    }
}

/// How many upgrades can stand below each other under a SKU, itself included; zero for a base.
fn heights(stacking_order: &[SkuId], walk: &Walk<'_, '_>) -> Table<SkuId, u32> {
    let estate = walk.problem.estate;
    let mut of_main = Table::filled(0_u32, estate.versions.len());
    let mut heights = Table::filled(0_u32, estate.skus.len());
    for &sku in stacking_order {
        let row = &estate.skus[sku];
        if let Some(below) = &row.upgrades {
            heights[sku] = 1 + below.iter().map(|&version| of_main[version]).max().unwrap_or_default();
        }
        of_main[row.version] = heights[sku].max(of_main[row.version]);
    }
    heights
}
