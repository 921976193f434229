//! Units to buy: of one SKU, or of several where none is enough alone.

use super::{Question, Remedy, Search, least};
use crate::change::{Edit, buy};
use crate::demand::Spot;
use model::estate::Assigned;
use model::id::{ScopeId, SkuId, Table};
use model::market::{Market, Offer, Terms};
use model::number::{Money, Quantity};
use rayon::prelude::*;
use solver::SolveError;
use std::collections::BTreeMap;

impl Search<'_, '_> {
    /// As few units as need be of each SKU that is enough alone, or else the cheapest mix; by cost, where all prices
    /// are known, else by units, then by SKU.
    pub(super) fn purchases(&self) -> Result<Vec<Remedy>, SolveError> {
        let skus = self.skus_on_offer();
        let mut remedies = Vec::new();
        for scopes in self.scopes_to_buy_for() {
            let alone = |&sku: &SkuId| match scopes.as_slice() {
                &[scope] => self.units_of(sku, scope),
                several => self.least_purchase(&several.iter().map(|&scope| (sku, scope)).collect::<Vec<_>>()),
            };
            let has_remedy = |sku: &&SkuId| remedies.iter().any(|remedy| is_of(remedy, **sku));
            let open: Vec<SkuId> = skus.iter().filter(|sku| !has_remedy(sku)).copied().collect();
            let found: Result<Vec<Option<Remedy>>, SolveError> = open.par_iter().map(alone).collect();
            remedies.extend(found?.into_iter().flatten());
        }
        if let Some(scopes) = self.scopes_to_buy_for().last()
            && remedies.is_empty()
        {
            let all = skus.iter().flat_map(|&sku| scopes.iter().map(move |&scope| (sku, scope)));
            remedies.extend(self.least_purchase(&all.collect::<Vec<_>>())?);
        }
        let units = |remedy: &Remedy| remedy.edits.iter().map(|edit| quantity(edit).get()).sum::<u64>();
        if remedies.iter().all(|remedy| remedy.cost.is_some()) {
            remedies.sort_by_key(|remedy| (remedy.cost, units(remedy), remedy.edits.clone()));
        } else {
            remedies.sort_by_key(|remedy| (units(remedy), remedy.edits.clone()));
        }
        Ok(remedies)
    }

    /// Units that may be used only when assigned, bought for those who lack one: as few as need be of each SKU.
    pub(super) fn gated_purchases(&self) -> Result<Vec<Remedy>, SolveError> {
        let estate = self.estate();
        let Some(&[scope]) = self.scopes_to_buy_for().first().map(Vec::as_slice) else { return Ok(Vec::new()) };
        let is_below = |spot: Spot| estate.scope_and_above(spot.scope).any(|above| above == scope);
        let mut remedies = Vec::new();
        for &sku in self.part.skus().iter().filter(|&&sku| self.leads[sku] && estate.as_written(sku) == sku) {
            if self.is_assignable(sku) {
                let targets = self.lacking_targets(sku, is_below).into_iter();
                let edits: Vec<Edit> = targets.map(|target| Edit::BuyFor { sku, scope, target }).collect();
                remedies.extend(self.least_beginning(&edits)?.map(|remedy| self.priced(remedy.edits)));
            }
        }
        Ok(remedies)
    }

    /// As few units more of a license as need be to honor an assignment of it.
    pub(super) fn enlargements(&self) -> Result<Vec<Remedy>, SolveError> {
        let Question::Meet(assignment) = self.question else { return Ok(Vec::new()) };
        let Assigned::License(license) = self.estate().assignments[assignment].assigned else { return Ok(Vec::new()) };
        let edit = |units: u64| Edit::Enlarge { license, units: Quantity::new(units) };
        let most = self.part.estate.assignments.len() as u64;
        if self.estate().licenses[license].quantity.is_none() || !self.is_enough(&[edit(most)])? {
            return Ok(Vec::new());
        }
        let units = least(most, 1, |units| self.is_enough(&[edit(units)]))?;
        Ok(vec![self.priced(vec![edit(units)])])
    }

    /// SKUs as written whose units anybody may use and whose rights lead to the demand.
    fn skus_on_offer(&self) -> Vec<SkuId> {
        let estate = self.estate();
        let is_on_offer =
            |&sku: &SkuId| self.leads[sku] && !estate.skus[sku].use_only_when_assigned && estate.as_written(sku) == sku;
        self.part.skus().iter().copied().filter(is_on_offer).collect()
    }

    /// Where units are bought, in the order in which that is tried: the lowest scope that holds all that is short in
    /// a tree of scopes, the root of a tree, as what is bought there may free what is short elsewhere, and the same in
    /// all trees together.
    fn scopes_to_buy_for(&self) -> Vec<Vec<ScopeId>> {
        let root = |scope: ScopeId| self.estate().scope_and_above(scope).last();
        let mut trees: BTreeMap<Option<ScopeId>, Vec<ScopeId>> = BTreeMap::new();
        for spot in self.spots {
            trees.entry(root(spot.scope)).or_default().push(spot.scope);
        }
        let roots: Vec<ScopeId> = trees.keys().copied().flatten().collect();
        let lowest: Vec<ScopeId> = trees.into_values().filter_map(|scopes| self.common_scope(scopes)).collect();
        let mut tried: Vec<Vec<ScopeId>> = lowest.iter().chain(&roots).map(|&scope| vec![scope]).collect();
        tried.extend([lowest, roots]);
        let mut found: Vec<Vec<ScopeId>> = Vec::new();
        for scopes in tried {
            if !scopes.is_empty() && !found.contains(&scopes) {
                found.push(scopes);
            }
        }
        found
    }

    /// The least number of units of one SKU in one scope.
    fn units_of(&self, sku: SkuId, scope: ScopeId) -> Result<Option<Remedy>, SolveError> {
        let edit = |units: u64| Edit::Buy { sku, scope, quantity: Quantity::new(units) };
        let most = self.useful_units();
        let Some(changed) = self.part.changed(&[edit(most)]) else { return Ok(None) };
        let Some(trial) = self.goal.trial(&changed)? else { return Ok(None) };
        let now = self.goal.cost();
        let after = trial.unmet[0] + trial.unmet[1] + trial.uncovered;
        // A unit more meets an assignment more or covers an install more, as a rule.
        let guess = u64::try_from(now - after).unwrap_or(1);
        let units = least(most, guess, |units| self.is_enough(&[edit(units)]))?;
        Ok(Some(self.priced(vec![edit(units)])))
    }

    /// More units of a lot than can be of use: each path covers an install or is set aside for an assignment, which
    /// may be demand as well.
    fn useful_units(&self) -> u64 {
        let part = &self.part.estate;
        let installs: Quantity = part.installs.iter().map(|install| install.quantity).sum();
        installs.get() + 2 * part.assignments.len() as u64 + 1
    }

    /// The cheapest units of some SKUs in some scopes together; in units, where a price is missing.
    fn least_purchase(&self, offered: &[(SkuId, ScopeId)]) -> Result<Option<Remedy>, SolveError> {
        let mut estate = self.part.estate.clone();
        let most = Quantity::new(self.useful_units());
        let price = |sku: SkuId| self.estate().skus[sku].unit_cost;
        let has_prices = offered.iter().all(|&(sku, _)| price(sku).is_some());
        let mut offers = Vec::new();
        for &(sku, scope) in offered {
            let Some(own) = self.part.sku(sku) else { return Ok(None) };
            let lot = buy(&mut estate, own, scope, most);
            let price = price(sku).filter(|_| has_prices).unwrap_or(Money::from_units(1));
            let id = estate.licenses[lot].id.clone();
            offers.push(Offer { id, lot, is_renewal: false, terms: Terms::plain(price, most) });
        }
        let market = Market { offers: Table::new(offers), ..Market::default() };
        let Some(plan) = super::plan(&estate, &market)? else { return Ok(None) };
        let bought = offered.iter().zip(&plan.plan().quantities).filter(|(_, quantity)| !quantity.is_zero());
        let edits = bought.map(|(&(sku, scope), &quantity)| Edit::Buy { sku, scope, quantity });
        let remedy = self.least_quantities(edits.collect())?;
        Ok(remedy.map(|remedy| self.priced(remedy.edits)))
    }

    fn priced(&self, edits: Vec<Edit>) -> Remedy {
        let priced = edits.iter().map(|edit| {
            let (sku, quantity) = match *edit {
                Edit::Buy { sku, quantity, .. } => (sku, quantity),
                Edit::BuyFor { sku, .. } => (sku, Quantity::ONE),
                Edit::Enlarge { license, units } => (self.estate().licenses[license].sku, units),
                _ => return None,
            };
            let price = self.estate().skus[sku].unit_cost?;
            Some(i128::from(price.units()) * i128::from(quantity.get()))
        });
        let cost = priced.sum();
        Remedy { edits, cost }
    }

    /// Edits that are enough together, if with one unit less of any of them they are not.
    pub(super) fn least_quantities(&self, edits: Vec<Edit>) -> Result<Option<Remedy>, SolveError> {
        if edits.is_empty() || !self.is_enough(&edits)? {
            return Ok(None);
        }
        for index in 0..edits.len() {
            let fewer = edits.iter().enumerate().map(|(other, edit)| if other == index { less(*edit) } else { *edit });
            let fewer: Vec<Edit> = fewer.filter(|edit| !quantity(edit).is_zero()).collect();
            if self.is_enough(&fewer)? {
                return Ok(None);
            }
        }
        Ok(Some(Remedy { edits, cost: None }))
    }
}

/// Whether a remedy is to buy a SKU.
fn is_of(remedy: &Remedy, sku: SkuId) -> bool {
    matches!(remedy.edits.first(), Some(&Edit::Buy { sku: bought, .. }) if bought == sku)
}

/// How much of something; 1 of what is not counted.
fn quantity(edit: &Edit) -> Quantity {
    match *edit {
        Edit::Reinstall { quantity, .. } | Edit::Buy { quantity, .. } => quantity,
        _ => Quantity::ONE,
    }
}

/// One unit less of what is counted.
fn less(edit: Edit) -> Edit {
    match edit {
        Edit::Reinstall { from, to, scope, contract, quantity } => {
            Edit::Reinstall { from, to, scope, contract, quantity: quantity - Quantity::ONE }
        }
        Edit::Buy { sku, scope, quantity } => Edit::Buy { sku, scope, quantity: quantity - Quantity::ONE },
        other => other,
    }
}
