//! What is certain where upgrades make no network.

use super::{Findings, PoolUse, Shortage, Usage, Uses};
use crate::bundled::certain::BestFlows;
use crate::component::{Components, Divided, Flows};
use crate::graph::{ArcIndex, Graph};
use model::id::VersionId;
use rayon::prelude::*;

/// What is found in a component with bundles. Each question is a program of its own, on all cores.
pub(super) fn findings(
    graph: &Graph,
    components: &Components,
    component: usize,
    flows: &Flows,
    divided: &Divided,
    uses: &Uses,
) -> Findings {
    let best = BestFlows::of(graph, components, component, flows, divided);
    let best = best.as_ref();
    let arcs = components.at(component).arcs;
    let demands: Vec<(VersionId, Vec<ArcIndex>)> = uses.demands_by_version().collect();
    let shortage = demands.par_iter().map(|(version, demands)| {
        let capacity = |&arc: &ArcIndex| graph.arcs[arcs[arc as usize] as usize].capacity.expect("demand is finite");
        (*version, shortage(best, demands, demands.iter().map(capacity).sum()))
    });
    let pools = uses.pools.par_iter().map(|(&index, pool)| (index, usage(best, &pool.out, &[])));
    let licenses = uses.licenses.par_iter().map(|(&license, (reserved, pool))| {
        let pool: Option<&PoolUse> = pool.and_then(|pool| uses.pools.get(&pool));
        (license, usage(best, pool.map_or(&[], |pool| &pool.out), reserved))
    });
    Findings { shortage: shortage.collect(), pools: pools.collect(), licenses: licenses.collect() }
}

/// Whether demand for so much is short.
fn shortage(best: Option<&BestFlows>, demands: &[ArcIndex], wanted: i64) -> Option<Shortage> {
    let best = best?;
    Some(if best.now(demands) < wanted {
        if best.most(demands)? < wanted { Shortage::Must } else { Shortage::May }
    } else {
        if best.least(demands)? < wanted { Shortage::May } else { Shortage::Never }
    })
}

/// How a pool is used when as few as possible of the reserved units are.
fn usage(best: Option<&BestFlows>, pool: &[ArcIndex], reserved: &[ArcIndex]) -> Usage {
    best.and_then(|best| known_usage(best, pool, reserved)).unwrap_or(Usage { is_unknown: true, ..Usage::default() })
}

fn known_usage(best: &BestFlows, pool: &[ArcIndex], reserved: &[ArcIndex]) -> Option<Usage> {
    if best.least(reserved)? > 0 {
        return Some(Usage { may_be_used: true, is_bound: true, ..Usage::default() });
    }
    let least = best.least_without(pool, reserved)?;
    let all = [pool, reserved].concat();
    let may_be_used = best.now(&all) > 0 || best.most(&all)? > 0;
    Some(Usage { may_be_used, least, ..Usage::default() })
}
