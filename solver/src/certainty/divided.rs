//! What is certain where upgrades make no network.

use super::{LicenseUnits, Needed, Shortage, Uses};
use crate::bundled::certain::BestFlows;
pub(crate) use crate::bundled::certain::Faces;
use crate::face::Face;
use crate::graph::{ArcIndex, Graph};
use crate::problem::Problem;
use std::collections::BTreeMap;

/// Whether demand on arcs of one component is short in its best flows.
pub(super) fn shortage(graph: &Graph, best: &BestFlows, demands: &[ArcIndex]) -> Option<Shortage> {
    let capacity = |&arc: &ArcIndex| graph.arcs[arc as usize].capacity.expect("demand is finite");
    let wanted: i64 = demands.iter().map(capacity).sum();
    Some(if best.now(demands) < wanted {
        if best.most(demands)? < wanted { Shortage::Must } else { Shortage::May }
    } else {
        if best.least(demands)? < wanted { Shortage::May } else { Shortage::Never }
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
pub(super) fn needed(
    problem: &Problem<'_>,
    uses: &Uses,
    face: &mut Face<'_>,
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
        let best = faces.at(*component)?;
        let (reserved, pool) = (arcs_of(&divided_reserved, component), arcs_of(&divided_pool, component));
        if best.least(&reserved)? > 0 {
            return Some(Needed::Always);
        }
        least_use += best.least_without(&pool, &reserved)?;
        let all = [reserved, pool].concat();
        is_used |= best.now(&all) > 0 || best.most(&all)? > 0;
    }
    let plain = [plain_reserved.as_slice(), plain_pool.as_slice()].concat();
    is_used |= face.flow_on(&plain) > 0 || plain.iter().any(|&arc| face.can_leave_bound(arc));
    let mut lower = |arcs: &[ArcIndex]| {
        for &arc in arcs {
            face.lower(arc, face.flow(arc));
            face.fix(arc);
        }
        face.flow_on(arcs)
    };
    let can_do_without_reserved = lower(&plain_reserved) == 0;
    least_use += lower(&plain_pool);
    face.restore();
    let others = units.pool.and_then(|(_, others)| others);
    let can_do_without = can_do_without_reserved && others.is_none_or(|others| least_use <= others);
    Some(match (can_do_without, is_used) {
        (false, _) => Needed::Always,
        (true, true) => Needed::Sometimes,
        (true, false) => Needed::Never,
    })
}
