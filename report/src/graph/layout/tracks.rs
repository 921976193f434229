//! Which rails share a vertical track, and which track stands to the left of which.
//!
//! A rail takes the track on which its lines cross the fewest others, among those on which it lies clear of the rails
//! there; a new one costs as much as a few crossings. Rails are taken in their order, so that the outcome depends on
//! nothing else. This is the left-edge rule of channel routing (Hashimoto, Stevens 1971) with crossings as the measure.

use super::Owner;
use crate::drawing::measure::Px;

/// Least distance of rails on one track.
const CLEAR: Px = 20;
/// How many crossings a new track is worth.
const NEW_TRACK: usize = 4;

/// From where to where a rail goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) top: Px,
    pub(super) bottom: Px,
}

/// A rail that wants a track.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub(super) owner: Owner,
    pub(super) span: Span,
    /// The height of its owner's line.
    pub(super) port: Px,
    /// The heights of the lines that it joins.
    pub(super) joined: Vec<Px>,
}

impl Span {
    fn crosses(self, y: Px) -> bool {
        self.top < y && y < self.bottom
    }

    fn is_clear_of(self, other: Self) -> bool {
        self.bottom + CLEAR < other.top || other.bottom + CLEAR < self.top
    }
}

/// The track of each rail, from left to right.
pub(super) fn assign(wishes: &[Wish]) -> Vec<usize> {
    let mut tracks: Vec<Vec<usize>> = Vec::new();
    for (index, wish) in wishes.iter().enumerate() {
        let is_clear = |track: &[usize]| track.iter().all(|&other| wish.span.is_clear_of(wishes[other].span));
        let shared = tracks.iter().enumerate().filter(|(_, track)| is_clear(track));
        let candidates = shared.map(|(position, _)| (position, 0)).chain([(tracks.len(), NEW_TRACK)]);
        // The first of several equal ones: as far left as may be.
        let best = candidates.min_by_key(|&(position, cost)| cost + crossings(wishes, &tracks, wish, position));
        let (position, _) = best.expect("a new track is always there");
        if position == tracks.len() {
            tracks.push(Vec::new());
        }
        tracks[position].push(index);
    }
    let mut track_of = vec![0; wishes.len()];
    for (position, track) in tracks.iter().enumerate() {
        for &index in track {
            track_of[index] = position;
        }
    }
    track_of
}

/// How often the lines of a rail on a track would cross other rails, and lines of others this rail.
fn crossings(wishes: &[Wish], tracks: &[Vec<usize>], wish: &Wish, position: usize) -> usize {
    let others = tracks.iter().enumerate().flat_map(|(at, track)| track.iter().map(move |&index| (at, &wishes[index])));
    let count = |(at, other): (usize, &Wish)| {
        let (left, right) = if at < position { (other, wish) } else { (wish, other) };
        match wish.owner {
            _ if at == position => 0,
            // The line of the right one comes from the left; what the left one joins goes on to the right.
            Owner::Leaving(_) => {
                let passing = left.joined.iter().filter(|&&y| right.span.crosses(y)).count();
                usize::from(left.span.crosses(right.port)) + passing
            }
            // Lines that are joined pass every track; that of the owner goes to the right.
            Owner::Entering(_) => usize::from(right.span.crosses(left.port)),
            Owner::Returning(_) => usize::from(left.span.crosses(right.port)),
        }
    };
    others.map(count).sum()
}
