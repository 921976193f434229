//! Plans of parts as bytes, to be kept beyond the process that found them.
//!
//! A plan is written with the digest of its part, field after field: numbers in little-endian order, texts and lists
//! after their length, choices after a number; and compressed, since names recur.
//!
//! *Guaranteed*: what is read is what was written for that part. Bytes that were cut, altered by accident (zlib's
//! checksum), written for another part or in another form are no plan. *Cannot*: tell a forged plan from one that the
//! checker has accepted; whoever keeps the bytes answers for them.

use super::PartPlan;
use super::lines::Lines;
use super::{Extension, Idle, IdleReason, Marginal, Place, Purchase, Reclaimed, Reinstalled, Served, Transferred};
use checker::figures::Totals;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use model::number::{Money, Quantity};
use solver::market::Change;
use std::io::{Read as _, Write as _};

/// Names what is written and how.
const ENCODING: &str = "licit part plan 1";

/// The bytes of the plan of the part with this digest.
pub(super) fn pack(plan: &PartPlan, digest: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    ENCODING.to_owned().write(&mut bytes);
    digest.to_owned().write(&mut bytes);
    plan.write(&mut bytes);
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let packed = encoder.write_all(&bytes).and_then(|()| encoder.finish());
    packed.expect("memory takes what is written to it")
}

/// The plan of the part with this digest; none if the bytes are something else.
pub(super) fn unpack(packed: &[u8], digest: &str) -> Option<PartPlan> {
    let mut bytes = Vec::new();
    ZlibDecoder::new(packed).read_to_end(&mut bytes).ok()?;
    let rest = &mut bytes.as_slice();
    let is_it = String::read(rest)? == ENCODING && String::read(rest)? == digest;
    let plan = PartPlan::read(rest)?;
    (is_it && rest.is_empty()).then_some(plan)
}

/// What is written as bytes and read back.
trait Packed: Sized {
    fn write(&self, bytes: &mut Vec<u8>);

    /// Takes its bytes from the beginning of these; none if they are something else.
    fn read(bytes: &mut &[u8]) -> Option<Self>;
}

fn take<const COUNT: usize>(bytes: &mut &[u8]) -> Option<[u8; COUNT]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*taken)
}

impl Packed for u64 {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        take(bytes).map(Self::from_le_bytes)
    }
}

impl Packed for i128 {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        take(bytes).map(Self::from_le_bytes)
    }
}

impl<const COUNT: usize> Packed for [i128; COUNT] {
    fn write(&self, bytes: &mut Vec<u8>) {
        for number in self {
            number.write(bytes);
        }
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let mut numbers = [0; COUNT];
        for number in &mut numbers {
            *number = i128::read(bytes)?;
        }
        Some(numbers)
    }
}

impl Packed for Quantity {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.get().write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        u64::read(bytes).map(Self::new)
    }
}

impl Packed for Money {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.units().to_le_bytes());
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        take(bytes).map(i64::from_le_bytes).map(Self::from_units)
    }
}

impl Packed for String {
    fn write(&self, bytes: &mut Vec<u8>) {
        (self.len() as u64).write(bytes);
        bytes.extend(self.as_bytes());
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let length = usize::try_from(u64::read(bytes)?).ok()?;
        let (text, rest) = bytes.split_at_checked(length)?;
        *bytes = rest;
        Self::from_utf8(text.to_owned()).ok()
    }
}

impl<T: Packed> Packed for Option<T> {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.push(self.is_some().into());
        if let Some(value) = self {
            value.write(bytes);
        }
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        match take(bytes)? {
            [0] => Some(None),
            [1] => T::read(bytes).map(Some),
            _ => None,
        }
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn write(&self, bytes: &mut Vec<u8>) {
        (self.len() as u64).write(bytes);
        for item in self {
            item.write(bytes);
        }
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let length = u64::read(bytes)?;
        (0..length).map(|_| T::read(bytes)).collect()
    }
}

/// All fields of a type, one after the other; one that is forgotten does not compile.
macro_rules! packed {
    ($type:ty { $($field:ident),* $(,)? }) => {
        impl Packed for $type {
            fn write(&self, bytes: &mut Vec<u8>) {
                let Self { $($field),* } = self;
                $($field.write(bytes);)*
            }

            fn read(bytes: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: Packed::read(bytes)?),* })
            }
        }
    };
}

/// Without its proof: who asks for proofs has no store.
impl Packed for PartPlan {
    fn write(&self, bytes: &mut Vec<u8>) {
        let Self { objective, bound, totals, lines, proof: _ } = self;
        objective.write(bytes);
        bound.write(bytes);
        totals.write(bytes);
        lines.write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Some(Self {
            objective: Packed::read(bytes)?,
            bound: Packed::read(bytes)?,
            totals: Packed::read(bytes)?,
            lines: Packed::read(bytes)?,
            proof: None,
        })
    }
}

packed!(Totals { installed, demand, covered, uncovered, owned, active, used, idle, unusable });
packed!(Lines { buy, renew, transfer, reclaim, reinstall, uncovered, marginal });
packed!(Purchase { offer, sku, scope, quantity, packs, unit_price, fee, cost, serves, idle });
packed!(Extension { offer, license, quantity, unit_price, fee, cost, serves, idle });
packed!(Idle { quantity, reason });
packed!(Transferred { license, from, to, quantity, unit_price, cost });
packed!(Reclaimed { version, place, quantity, unit_price, cost });
packed!(Reinstalled { from, to, place, quantity, unit_price, cost });
packed!(Place { scope, contract, asset, user });
packed!(Served { version, scope, quantity });
packed!(Change { unmet, paid, holds_for });

impl Packed for IdleReason {
    fn write(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Pack(units) => {
                bytes.push(0);
                units.write(bytes);
            }
            Self::Least(units) => {
                bytes.push(1);
                units.write(bytes);
            }
            Self::Tier => bytes.push(2),
        }
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        match take(bytes)? {
            [0] => Quantity::read(bytes).map(Self::Pack),
            [1] => Quantity::read(bytes).map(Self::Least),
            [2] => Some(Self::Tier),
            _ => None,
        }
    }
}

impl Packed for Marginal {
    fn write(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Install { version, scope, contract, change } => {
                bytes.push(0);
                version.write(bytes);
                scope.write(bytes);
                contract.write(bytes);
                change.write(bytes);
            }
            Self::Unit { license, change } => {
                bytes.push(1);
                license.write(bytes);
                change.write(bytes);
            }
        }
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        match take(bytes)? {
            [0] => Some(Self::Install {
                version: Packed::read(bytes)?,
                scope: Packed::read(bytes)?,
                contract: Packed::read(bytes)?,
                change: Packed::read(bytes)?,
            }),
            [1] => Some(Self::Unit { license: Packed::read(bytes)?, change: Packed::read(bytes)? }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::objective::LEVELS;

    /// A plan with lines of every kind.
    fn plan() -> PartPlan {
        let place = Place {
            scope: "emea".to_owned(),
            contract: Some("c".to_owned()),
            asset: None,
            user: Some("Zoë".to_owned()),
        };
        let served = |version: Option<&str>| Served {
            version: version.map(str::to_owned),
            scope: "emea".to_owned(),
            quantity: Quantity::new(3),
        };
        let idle = |reason| Some(Idle { quantity: Quantity::new(1), reason });
        let (quantity, unit_price, fee, cost) =
            (Quantity::new(u64::MAX), Money::from_units(12), Money::from_units(-1), i128::MIN);
        let purchase = |idle| Purchase {
            offer: "o".to_owned(),
            sku: "S".to_owned(),
            scope: String::new(),
            quantity,
            packs: Quantity::ZERO,
            unit_price,
            fee,
            cost,
            serves: vec![served(Some("a@1")), served(None)],
            idle,
        };
        let change = Change { unmet: [1, -2, 3], paid: i128::MAX, holds_for: Some(Quantity::new(7)) };
        let lines = Lines {
            buy: vec![
                purchase(None),
                purchase(idle(None)),
                purchase(idle(Some(IdleReason::Pack(Quantity::new(5))))),
                purchase(idle(Some(IdleReason::Tier))),
            ],
            renew: vec![Extension {
                offer: "k".to_owned(),
                license: "L".to_owned(),
                quantity,
                unit_price,
                fee,
                cost,
                serves: Vec::new(),
                idle: idle(Some(IdleReason::Least(Quantity::new(6)))),
            }],
            transfer: vec![Transferred {
                license: "L".to_owned(),
                from: "emea".to_owned(),
                to: "apac".to_owned(),
                quantity,
                unit_price,
                cost,
            }],
            reclaim: vec![Reclaimed { version: "a@1".to_owned(), place: place.clone(), quantity, unit_price, cost }],
            reinstall: vec![Reinstalled {
                from: "a@1".to_owned(),
                to: "a@2".to_owned(),
                place,
                quantity,
                unit_price,
                cost,
            }],
            uncovered: vec![served(Some("b@1"))],
            marginal: vec![
                Marginal::Install { version: "a@1".to_owned(), scope: "emea".to_owned(), contract: None, change },
                Marginal::Unit { license: "L".to_owned(), change: Change { holds_for: None, ..change } },
            ],
        };
        let totals = Totals { installed: Quantity::new(1), unusable: Quantity::new(9), ..Totals::default() };
        PartPlan { objective: [1; LEVELS], bound: [-1; LEVELS], totals, lines, proof: None }
    }

    fn text(plan: &PartPlan) -> String {
        format!("{plan:?}")
    }

    #[test]
    fn a_plan_is_read_as_it_was_written() {
        let packed = pack(&plan(), "d");
        assert_eq!(unpack(&packed, "d").as_ref().map(text), Some(text(&plan())));
    }

    #[test]
    fn what_is_cut_altered_continued_or_of_another_part_is_no_plan() {
        let packed = pack(&plan(), "d");
        assert!(unpack(&packed, "e").is_none());
        for length in 0..packed.len() {
            assert!(unpack(&packed[..length], "d").is_none(), "{length} bytes");
        }
        for position in 2..packed.len() {
            let mut altered = packed.clone();
            altered[position] ^= 0x10;
            let read = unpack(&altered, "d").map(|read| text(&read));
            // Bits that say nothing may change; a plan may not.
            assert!(read.is_none_or(|read| read == text(&plan())), "byte {position}");
        }
        let mut plain = Vec::new();
        ENCODING.to_owned().write(&mut plain);
        "d".to_owned().write(&mut plain);
        plan().write(&mut plain);
        for cut in 0..plain.len() {
            assert!(unpack(&compressed(&plain[..cut]), "d").is_none(), "{cut} bytes");
        }
        assert!(unpack(&compressed(&plain), "d").is_some());
        plain.push(0);
        assert!(unpack(&compressed(&plain), "d").is_none());
    }

    fn compressed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    }
}
