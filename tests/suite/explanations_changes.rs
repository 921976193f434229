//! Estates after the changes that an explanation proposes, made here by the contract's own words.

use explanation::Edit;
use model::edit::Facts;
use model::estate::{Assigned, Assignment, Estate, Install, License, Target, Transfer};
use model::id::{LicenseId, ScopeId, SkuId, Table};
use model::number::{Money, Quantity};

/// An estate after some changes.
pub(crate) fn changed(estate: &Estate, edits: &[Edit]) -> Estate {
    let mut changed = estate.clone();
    let released: Vec<usize> = edits
        .iter()
        .filter_map(|edit| match edit {
            Edit::Release(assignment) => estate.assignments.ids().position(|id| id == *assignment),
            _ => None,
        })
        .collect();
    let mut assignments: Vec<Assignment> = Vec::new();
    assignments
        .extend(estate.assignments.iter().enumerate().filter(|(row, _)| !released.contains(row)).map(|row| row.1));
    for edit in edits {
        change(&mut changed, &mut assignments, edit);
    }
    assignments.sort_unstable();
    changed.assignments = Table::new(assignments);
    Facts::of(changed).finish()
}

fn change(estate: &mut Estate, assignments: &mut Vec<Assignment>, edit: &Edit) {
    match *edit {
        Edit::Count(license) => {
            estate.licenses[license].start = None;
            estate.licenses[license].end = None;
        }
        Edit::AnyContract(license) => estate.licenses[license].contract = None,
        Edit::Widen { license, scope } => estate.licenses[license].scope = scope,
        Edit::Cover { sku, version } => {
            for row in rows_named(estate, sku) {
                estate.skus[row].may_cover.push(version);
                estate.skus[row].may_cover.sort_unstable();
                estate.skus[row].may_cover.dedup();
            }
        }
        Edit::StandOn { sku, version } => {
            for row in rows_named(estate, sku) {
                let upgrades = estate.skus[row].upgrades.as_mut().expect("only an upgrade stands on something");
                upgrades.push(version);
                upgrades.sort_unstable();
                upgrades.dedup();
            }
        }
        Edit::Release(_) => {}
        Edit::Assign { license, target } => {
            let scope = estate.licenses[license].scope;
            assignments.push(Assignment { assigned: Assigned::License(license), target, version: None, scope });
        }
        Edit::Transfer { from, to } => {
            estate.transfers.push(Transfer { from, to, cost: Money::ZERO });
            estate.transfers.sort_unstable();
        }
        Edit::Reinstall { from, to, scope, contract, quantity } => {
            let assigned: Vec<Target> = assignments.iter().map(|row| row.target).collect();
            let is_bound = |install: &Install| {
                install.asset.is_some_and(|asset| assigned.contains(&Target::Asset(asset)))
                    || install.user.is_some_and(|user| assigned.contains(&Target::User(user)))
            };
            let mut left = quantity.get();
            let mut replaced = Vec::new();
            for install in &mut estate.installs {
                let is_there = (install.version, install.scope, install.contract) == (from, scope, contract);
                if is_there && install.excluded.is_none() && !is_bound(install) {
                    let moved = left.min(install.quantity.get());
                    left -= moved;
                    install.quantity -= Quantity::new(moved);
                    replaced.push(Install { version: to, quantity: Quantity::new(moved), ..install.clone() });
                }
            }
            assert_eq!(left, 0, "there are as many installs as are to be replaced");
            estate.installs.extend(replaced);
        }
        Edit::Enlarge { license, units } => {
            let quantity = estate.licenses[license].quantity.as_mut().expect("only a limited license has units more");
            *quantity += units;
        }
        Edit::Buy { sku, scope, quantity } => {
            bought(estate, sku, scope, quantity);
        }
        Edit::BuyFor { sku, scope, target } => {
            let license = bought(estate, sku, scope, Quantity::ONE);
            assignments.push(Assignment { assigned: Assigned::License(license), target, version: None, scope });
        }
    }
}

fn bought(estate: &mut Estate, sku: SkuId, scope: ScopeId, quantity: Quantity) -> LicenseId {
    let id = format!("~bought {:03}", estate.licenses.len());
    estate.licenses.push(License::lot(id, sku, quantity, scope))
}

fn rows_named(estate: &Estate, sku: SkuId) -> Vec<SkuId> {
    estate.skus.ids().filter(|&row| estate.skus[row].id == estate.skus[sku].id).collect()
}

/// All ways to do one unit, install or edit less.
pub(crate) fn one_less(edits: &[Edit]) -> Vec<Vec<Edit>> {
    let less = |left_out: usize| {
        let kept = edits.iter().enumerate().filter_map(|(index, edit)| {
            if index != left_out {
                return Some(*edit);
            }
            let fewer = |quantity: Quantity| quantity.get().checked_sub(1).filter(|&left| left > 0).map(Quantity::new);
            match *edit {
                Edit::Reinstall { from, to, scope, contract, quantity } => {
                    fewer(quantity).map(|quantity| Edit::Reinstall { from, to, scope, contract, quantity })
                }
                Edit::Enlarge { license, units } => fewer(units).map(|units| Edit::Enlarge { license, units }),
                Edit::Buy { sku, scope, quantity } => {
                    fewer(quantity).map(|quantity| Edit::Buy { sku, scope, quantity })
                }
                _ => None,
            }
        });
        kept.collect()
    };
    (0..edits.len()).map(less).collect()
}
