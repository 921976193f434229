//! What is certain where upgrades make no network.
//!
//! The face of best flows is bounded from both sides by faces of networks: one in which what the arcs of
//! bundles carry is kept, and one in which they do not share. What can change in the first can change,
//! what cannot in the second cannot. Only what is between the two takes an integer program.

use super::{LicenseUnits, Needed, Shortage, Uses};
use crate::bundled::certain::BestFlows;
pub(crate) use crate::bundled::certain::Faces;
use crate::face::Face;
use crate::graph::{ArcIndex, Graph};
use crate::problem::Problem;
use std::collections::BTreeMap;

/// A component with bundles, and the faces around its face of best flows.
struct Part<'p, 's> {
    kept: &'p mut Face<'s>,
    dropped: &'p Face<'s>,
    best: &'p BestFlows,
}

impl Part<'_, '_> {
    /// Whether what the arcs carry may be another amount.
    fn may_change(&self, arcs: &[ArcIndex]) -> bool {
        arcs.iter().any(|&arc| self.dropped.can_leave_bound(arc))
    }

    /// What the arcs carry together at least; none if that is not known.
    fn least(&mut self, arcs: &[ArcIndex]) -> Option<i64> {
        let now = self.kept.flow_on(arcs);
        if now == 0 || !self.may_change(arcs) {
            return Some(now);
        }
        let lowered = lower(self.kept, arcs);
        self.kept.restore();
        if lowered == 0 { Some(0) } else { self.best.least(arcs) }
    }

    /// The same while others carry nothing, which can.
    fn least_without(&mut self, arcs: &[ArcIndex], others: &[ArcIndex]) -> Option<i64> {
        if self.kept.flow_on(others) == 0 && (self.kept.flow_on(arcs) == 0 || !self.may_change(arcs)) {
            return Some(self.kept.flow_on(arcs));
        }
        let is_free = lower(self.kept, others) == 0 && lower(self.kept, arcs) == 0;
        self.kept.restore();
        if is_free { Some(0) } else { self.best.least_without(arcs, others) }
    }

    /// Whether the arcs can carry anything.
    fn can_carry(&self, arcs: &[ArcIndex]) -> Option<bool> {
        if self.kept.flow_on(arcs) > 0 || arcs.iter().any(|&arc| self.kept.can_leave_bound(arc)) {
            return Some(true);
        }
        if self.may_change(arcs) { Some(self.best.most(arcs)? > 0) } else { Some(false) }
    }

    /// Whether the arcs can all be full.
    fn can_be_full(&mut self, arcs: &[ArcIndex], capacity: impl Fn(ArcIndex) -> i64) -> Option<bool> {
        let wanted: i64 = arcs.iter().map(|&arc| capacity(arc)).sum();
        if self.kept.flow_on(arcs) == wanted || !self.may_change(arcs) {
            return Some(self.kept.flow_on(arcs) == wanted);
        }
        for &arc in arcs {
            self.kept.raise(arc, capacity(arc) - self.kept.flow(arc));
            self.kept.fix(arc);
        }
        let is_full = self.kept.flow_on(arcs) == wanted;
        self.kept.restore();
        if is_full { Some(true) } else { Some(self.best.most(arcs)? == wanted) }
    }

    /// Whether arcs that are full can all remain so only.
    fn must_be_full(&self, arcs: &[ArcIndex]) -> Option<bool> {
        if arcs.iter().any(|&arc| self.kept.can_leave_bound(arc)) {
            return Some(false);
        }
        if self.may_change(arcs) { Some(self.best.least(arcs)? == self.kept.flow_on(arcs)) } else { Some(true) }
    }
}

/// Lowers arcs one after another, keeps each, and says what they carry then.
fn lower(face: &mut Face<'_>, arcs: &[ArcIndex]) -> i64 {
    for &arc in arcs {
        face.lower(arc, face.flow(arc));
        face.fix(arc);
    }
    face.flow_on(arcs)
}

/// Whether demand on arcs of one component is short in its best flows; none if that is not known.
pub(super) fn shortage<'s>(
    graph: &Graph,
    kept: &mut Face<'s>,
    dropped: &Face<'s>,
    best: Option<&BestFlows>,
    demands: &[ArcIndex],
) -> Option<Shortage> {
    let capacity = |arc: ArcIndex| graph.arcs[arc as usize].capacity.expect("demand is finite");
    let wanted: i64 = demands.iter().map(|&arc| capacity(arc)).sum();
    let mut part = Part { kept, dropped, best: best? };
    Some(if part.kept.flow_on(demands) < wanted {
        if part.can_be_full(demands, capacity)? { Shortage::May } else { Shortage::Must }
    } else if part.must_be_full(demands)? {
        Shortage::Never
    } else {
        Shortage::May
    })
}

/// Of demand in two components: short in all best allocations if in those of one.
pub(super) fn together(one: Option<Shortage>, other: Option<Shortage>) -> Option<Shortage> {
    match (one, other) {
        (Some(Shortage::Must), _) | (_, Some(Shortage::Must)) => Some(Shortage::Must),
        (one, other) => Some(one?.max(other?)),
    }
}

/// Whether a license is needed of which some units are in components with bundles.
pub(super) fn needed<'s>(
    problem: &Problem<'_>,
    uses: &Uses,
    face: &mut Face<'s>,
    dropped: &Face<'s>,
    faces: &Faces,
    units: &LicenseUnits,
) -> Option<Needed> {
    let is_base = |&unit: &usize| !problem.estate.skus[problem.reserved[unit].sku].is_upgrade();
    if units.reserved.iter().any(is_base) {
        // It is always used, set aside if nothing else.
        return Some(Needed::Always);
    }
    let reserved: Vec<ArcIndex> = units.reserved.iter().flat_map(|&unit| &uses.reserved[unit]).copied().collect();
    let pool: &[ArcIndex] = units.pool.map_or(&[], |(pool, _)| &uses.pools[pool].out);
    let (plain_reserved, divided_reserved) = faces.split(&reserved);
    let (plain_pool, divided_pool) = faces.split(pool);
    let arcs_of = |lists: &BTreeMap<usize, Vec<ArcIndex>>, component| lists.get(component).cloned().unwrap_or_default();
    let mut components: Vec<usize> = divided_reserved.keys().chain(divided_pool.keys()).copied().collect();
    components.sort_unstable();
    components.dedup();
    let (mut least_use, mut is_used) = (0, false);
    for component in &components {
        let mut part = Part { kept: &mut *face, dropped, best: faces.at(*component)? };
        let (reserved, pool) = (arcs_of(&divided_reserved, component), arcs_of(&divided_pool, component));
        if part.least(&reserved)? > 0 {
            return Some(Needed::Always);
        }
        least_use += part.least_without(&pool, &reserved)?;
        is_used |= part.can_carry(&[reserved, pool].concat())?;
    }
    let plain = [plain_reserved.as_slice(), plain_pool.as_slice()].concat();
    is_used |= face.flow_on(&plain) > 0 || plain.iter().any(|&arc| face.can_leave_bound(arc));
    let can_do_without_reserved = lower(face, &plain_reserved) == 0;
    least_use += lower(face, &plain_pool);
    face.restore();
    let others = units.pool.and_then(|(_, others)| others);
    let can_do_without = can_do_without_reserved && others.is_none_or(|others| least_use <= others);
    Some(match (can_do_without, is_used) {
        (false, _) => Needed::Always,
        (true, true) => Needed::Sometimes,
        (true, false) => Needed::Never,
    })
}
