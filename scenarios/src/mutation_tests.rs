//! Files that are nearly right: whatever is changed in them, they are answered, and what is accepted can be made.

use crate::tests::try_read;
use crate::{Remade, parts};
use model::generate::SplitMix64;

const ESTATE: &str = include_str!("../../tests/invalid/scenarios/estate.yaml");
const TEXT: &str = "licit: 1\nestate: estate.yaml\nas_of: 2026-12-24\noffers:\n\
    \x20 - {id: a, sku: T2, price: ${p}, pack: 5, min: 10, max: 500, fee: 2.5, scope: emea}\n\
    \x20 - {id: b, sku: T3, tiers: [{from: 1, price: 4}, {from: 9, price: 3}], tier_rule: all-units}\n\
    \x20 - {id: c, renew: ended, price: 1, whole: true}\n\
    actions:\n  - {transfer: true}\n  - {reclaim: {versions: t@*, unused_for: 9d}, cost: 1}\n\
    \x20 - {reinstall: {from: t@3, to: t@2}, cost: 4}\nlimits: {budget: 100}\nshortage: {cost: 50}\nscenarios:\n\
    \x20 - name: x\n    changes:\n      - {grow: t@*, scope: emea, by: 10%}\n      - {grow: t@1, by: -2}\n\
    \x20     - {migrate: {from: t@1, to: s@1, share: 50%}}\n      - {retire: [t@3]}\n      - {lapse: [active]}\n\
    \x20     - {add_license: {id: n, sku: S1, quantity: 5, contract: k}}\n      - {set_price: {offer: a, price: 9}}\n\
    \x20     - {merge_scope: {from: emea, into: apac}}\nsweep:\n  p: [1, 2]\n";

#[test]
fn a_file_with_a_slip_is_refused_or_can_be_made() {
    const CHARACTERS: &[u8] = b" {}[]:,%$-01a@*\n\"#";
    let mut random = SplitMix64::new(7);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..1_200 {
        let mut text = TEXT.as_bytes().to_vec();
        for _ in 0..=random.below(2) {
            let at = random.below(text.len());
            match random.below(4) {
                0 => drop(text.remove(at)),
                1 => text.insert(at, *random.pick(CHARACTERS)),
                2 => text[at] = *random.pick(CHARACTERS),
                _ => {
                    let next = (at + 1) % text.len();
                    text.swap(at, next);
                }
            }
        }
        let text = String::from_utf8(text).expect("it is ASCII");
        match try_read(ESTATE, &text) {
            Ok(scenarios) => {
                accepted += 1;
                let mut remade = Remade::new(&scenarios);
                for (position, case) in scenarios.cases().enumerate() {
                    assert_eq!(remade.parts(position).len(), parts(&case).len(), "{text}");
                }
            }
            Err(found) => {
                refused += 1;
                assert!(!found.is_empty(), "{text}");
            }
        }
    }
    assert!(accepted > 40 && refused > 400, "{accepted} {refused}");
}
