//! "Did you mean": the names nearest to one that nothing has.

use crate::diagnostic::alternatives;
use std::cmp::Reverse;

/// Slips beyond which two names are not alike, however long they are.
const SLIPS_MAX: usize = 3;
/// Names suggested at once.
const SUGGESTED_MAX: usize = 3;

/// A help naming the candidates nearest to `wanted`, if any is near.
///
/// Costs time in proportion to the candidates; the caller asks only for findings that are shown.
pub fn did_you_mean<'a>(wanted: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let names = nearest(wanted, candidates);
    if names.is_empty() { None } else { Some(format!("did you mean {}?", alternatives(&names))) }
}

/// The candidates at the least distance from `wanted`; those that share more of its beginning first, then by bytes.
#[must_use]
pub fn nearest<'a>(wanted: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let folded = fold(wanted);
    let length = folded.chars().count();
    let allowed = (length / 3).clamp(1, SLIPS_MAX);
    let mut found: Vec<(usize, Reverse<usize>, &str)> = Vec::new();
    for candidate in candidates {
        // Most candidates are far longer or shorter, which is cheap to see.
        if candidate.chars().count().abs_diff(length) > allowed {
            continue;
        }
        let other = fold(candidate);
        let distance = strsim::osa_distance(&folded, &other);
        if distance <= allowed {
            let common = wanted.bytes().zip(candidate.bytes()).take_while(|(left, right)| left == right).count();
            found.push((distance, Reverse(common), candidate));
            if found.len() > 16 * SUGGESTED_MAX {
                keep_nearest(&mut found);
            }
        }
    }
    keep_nearest(&mut found);
    found.into_iter().map(|(.., name)| name).collect()
}

fn keep_nearest(found: &mut Vec<(usize, Reverse<usize>, &str)>) {
    found.sort_unstable();
    found.dedup();
    if let Some(&(least, ..)) = found.first() {
        found.retain(|&(distance, ..)| distance == least);
    }
    found.truncate(SUGGESTED_MAX);
}

/// A name without what people mix up: case, spaces, hyphens and underscores.
fn fold(name: &str) -> String {
    name.trim()
        .chars()
        .map(|character| if matches!(character, ' ' | '_') { '-' } else { character })
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_nearest_first() {
        let names = ["office-pro", "office-std", "sql"];
        assert_eq!(nearest("ofice-pro", names.into_iter()), ["office-pro"]);
        assert_eq!(nearest("Office Pro", names.into_iter()), ["office-pro"]);
        assert_eq!(nearest("visio", names.into_iter()), [""; 0]);
    }

    #[test]
    fn swapped_letters_are_one_slip() {
        assert_eq!(
            did_you_mean("quantiyt", ["quantity", "scope"].into_iter()).as_deref(),
            Some("did you mean `quantity`?")
        );
    }
}
