//! What units are worth, changed one offer after another until a bound rises no more.
//!
//! A part differs from the one it was split from in the range of one offer, so that what units were worth there is nearly
//! right. The bound is concave in what a unit of one offer is worth, and linear between a few kinks: from a point on
//! either side of its top, where the lines through them cross is the top or a point above both (Eisner and Severance
//! 1976). Each point takes a flow, a hundredth of what a linear program takes.
//!
//! What it cannot do: a top along each offer is no top in all directions.

use super::relax::{Effort, Ranges, Relaxation, Relaxed, Worth};
use crate::error::SolveError;
use model::market::OfferId;

/// Most offers that are tried for one part.
const LINES_MAX: usize = 6;
/// Most points along one offer.
const POINTS_MAX: usize = 8;

/// A point on the bound along an offer.
#[derive(Clone, Copy)]
struct Point {
    worth: i64,
    bound: i128,
    /// By how much the bound changes with one more.
    slope: i64,
}

/// The flow of a part with the highest bound that is met on the way up from some worth of units, which ends where the bound
/// is that of the flow, or enough; none if a range has no quantity that may be had.
pub(super) fn relax(
    relaxation: &mut Relaxation<'_, '_>,
    ranges: &Ranges,
    worth: Option<&Worth>,
    is_enough: impl Fn(&Relaxed) -> bool,
) -> Result<Option<Relaxed>, SolveError> {
    let first = relaxation.solve_from(ranges, worth, Effort::Least)?;
    let (mut best, mut worth) = match (first, worth) {
        (Some(first), Some(worth)) => (first, worth.clone()),
        (first, _) => return Ok(first),
    };
    let is_enough = |relaxed: &Relaxed| relaxed.is_proved() || is_enough(relaxed);
    for _ in 0..LINES_MAX {
        if is_enough(&best) {
            break;
        }
        let slopes = relaxation.slopes(&best, &worth);
        let steep = slopes.into_iter().filter(|&(_, [more, less])| more.max(less) > 0);
        let Some((offer, slopes)) = steep.max_by_key(|&(_, [more, less])| more.max(less)) else { break };
        let (higher, there) = along(relaxation, ranges, (&best, &worth), offer, slopes, is_enough)?;
        match higher {
            Some(higher) if higher.bound > best.bound => (best, worth) = (higher, there),
            _ => break,
        }
    }
    Ok(Some(best))
}

/// The highest point along an offer that was met, if it is higher than the first.
fn along(
    relaxation: &mut Relaxation<'_, '_>,
    ranges: &Ranges,
    (first, worth): (&Relaxed, &Worth),
    offer: OfferId,
    slopes: [i64; 2],
    is_enough: impl Fn(&Relaxed) -> bool,
) -> Result<(Option<Relaxed>, Worth), SolveError> {
    let level = relaxation.order.spend();
    let start = worth.at(offer, level);
    let point = |[more, less]: [i64; 2], worth: i64, relaxed: &Relaxed| {
        let slope = if more > 0 { more } else { -less.max(0) };
        Point { worth, bound: relaxed.bound[level], slope }
    };
    let (mut low, mut high): (Option<Point>, Option<Point>) = (None, None);
    let mut at = point(slopes, start, first);
    let mut step = (start.abs() / 16).max(1);
    let mut best: (Option<Relaxed>, Worth) = (None, worth.clone());
    for _ in 0..POINTS_MAX {
        match at.slope {
            0 => break,
            slope if slope > 0 => low = Some(at),
            _ => high = Some(at),
        }
        let next = match (low, high) {
            (Some(low), Some(high)) => crossing(low, high),
            (Some(low), None) => Some(low.worth.saturating_add(step)),
            (None, Some(high)) => Some(high.worth.saturating_sub(step)),
            (None, None) => None,
        };
        let Some(next) = next else { break };
        step = step.saturating_mul(4);
        let there = worth.with(offer, level, next);
        let Some(relaxed) = relaxation.solve_from(ranges, Some(&there), Effort::Least)? else { break };
        if relaxed.bound[..level] < first.bound[..level] {
            break;
        }
        let slopes = relaxation.slopes(&relaxed, &there).remove(&offer).unwrap_or_default();
        at = point(slopes, next, &relaxed);
        if relaxed.bound > best.0.as_ref().map_or(first.bound, |best| best.bound) {
            let enough = is_enough(&relaxed);
            best = (Some(relaxed), there);
            if enough {
                break;
            }
        }
    }
    Ok(best)
}

/// Where two lines cross, if that lies between the points.
fn crossing(low: Point, high: Point) -> Option<i64> {
    let (rising, falling) = (i128::from(low.slope), i128::from(high.slope));
    let apart = i128::from(high.worth) - i128::from(low.worth);
    let from_low = (high.bound - low.bound - falling * apart).div_euclid(rising - falling);
    let worth = i64::try_from(i128::from(low.worth) + from_low).ok()?;
    (low.worth < worth && worth < high.worth).then_some(worth)
}
