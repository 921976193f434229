//! How far boxes of a stack move down to be near what they are linked to.

use super::measure::Px;

/// How far below its place in a tight stack each box stands: at the weighted means of what pulls it, made monotone by
/// pooling adjacent violators (Ayer and others 1955), since a box never stands above the one before it.
///
/// `offsets` are the places in the tight stack, `pulls` the sum of weighted places that a box is pulled to with the sum
/// of the weights, and `most` is how far the last box may move. A box that nothing pulls goes with the one above it.
pub(crate) fn slacks(offsets: &[Px], pulls: &[(i128, i128)], most: Px) -> Vec<Px> {
    let mut pools: Vec<(i128, i128, usize)> = Vec::new();
    for (&(sum, weight), &offset) in pulls.iter().zip(offsets) {
        pools.push((sum - i128::from(offset) * weight, weight, 1));
        while let [.., (upper, upper_weight, upper_count), (lower, lower_weight, lower_count)] = pools[..] {
            let is_violated = lower_weight == 0 || (upper_weight > 0 && upper * lower_weight > lower * upper_weight);
            if !is_violated {
                break;
            }
            pools.truncate(pools.len() - 2);
            pools.push((upper + lower, upper_weight + lower_weight, upper_count + lower_count));
        }
    }
    let slacks = pools.into_iter().flat_map(|(sum, weight, count)| {
        let slack = if weight == 0 { 0 } else { (sum / weight).clamp(0, i128::from(most)) };
        std::iter::repeat_n(Px::try_from(slack).unwrap_or(0), count)
    });
    slacks.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_stand_where_they_are_pulled_to_and_share_where_they_would_cross() {
        // The second is pulled up and the third down; the first two meet halfway.
        assert_eq!(slacks(&[0, 10, 20], &[(40, 1), (10, 1), (80, 1)], 100), [20, 20, 60]);
        assert_eq!(
            slacks(&[0, 10], &[(40, 1), (0, 0)], 30),
            [30, 30],
            "what nothing pulls goes along, and none too far"
        );
        assert_eq!(slacks(&[0], &[(-5, 1)], 30), [0]);
    }
}
