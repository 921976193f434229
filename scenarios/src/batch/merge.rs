//! When the journals of shards make a whole batch: each shard once, of the same batch, by the same program, and ended.

use super::Shard;
use std::collections::BTreeMap;
use std::fmt;

/// What the journal of a shard says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// What the journal is called in messages.
    pub journal: String,
    /// The version of the program that wrote it.
    pub version: String,
    /// Which share of the batch it has.
    pub shard: Shard,
    /// The digest of what the batch is asked for.
    pub listing: String,
    /// Scenarios of the shard that have not ended.
    pub open: u64,
    /// The first of them, if there is one.
    pub first_open: Option<String>,
}

/// Why journals do not make a whole batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeFault {
    /// Two journals are by different versions of the program.
    Versions {
        /// One journal and its version.
        one: (String, String),
        /// Another.
        other: (String, String),
    },
    /// Two journals are of different batches.
    Batches {
        /// One journal.
        one: String,
        /// Another.
        other: String,
    },
    /// Two journals are of batches in different numbers of shards.
    Counts {
        /// One journal and its shard.
        one: (String, Shard),
        /// Another.
        other: (String, Shard),
    },
    /// Two journals have the same shard.
    Twice {
        /// The shard.
        shard: Shard,
        /// One journal.
        one: String,
        /// Another.
        other: String,
    },
    /// No journal has the shard.
    Missing {
        /// The shard.
        shard: Shard,
    },
    /// A journal has scenarios that have not ended.
    Open {
        /// The journal.
        journal: String,
        /// Its shard.
        shard: Shard,
        /// How many.
        count: u64,
        /// The first of them.
        first: String,
    },
}

/// Everything that keeps journals, of which there is at least one, from being a whole batch.
#[must_use]
pub fn check_merge(manifests: &[Manifest]) -> Vec<MergeFault> {
    let first = &manifests[0];
    let mut faults = Vec::new();
    for other in &manifests[1..] {
        let one = first.journal.clone();
        if other.version != first.version {
            let other = (other.journal.clone(), other.version.clone());
            faults.push(MergeFault::Versions { one: (one, first.version.clone()), other });
        } else if other.shard.count() != first.shard.count() {
            faults.push(MergeFault::Counts { one: (one, first.shard), other: (other.journal.clone(), other.shard) });
        } else if other.listing != first.listing {
            faults.push(MergeFault::Batches { one, other: other.journal.clone() });
        }
    }
    if !faults.is_empty() {
        // What else would be said of journals that do not belong together?
        return faults;
    }
    let mut journal_of: BTreeMap<u32, &Manifest> = BTreeMap::new();
    for manifest in manifests {
        match journal_of.get(&manifest.shard.index()) {
            Some(one) => faults.push(MergeFault::Twice {
                shard: manifest.shard,
                one: one.journal.clone(),
                other: manifest.journal.clone(),
            }),
            None => {
                journal_of.insert(manifest.shard.index(), manifest);
            }
        }
    }
    let all = (1..=first.shard.count()).filter_map(|index| Shard::new(index, first.shard.count()));
    let missing = all.filter(|shard| !journal_of.contains_key(&shard.index()));
    faults.extend(missing.map(|shard| MergeFault::Missing { shard }));
    faults.extend(manifests.iter().filter_map(|manifest| {
        let first = manifest.first_open.clone()?;
        let (journal, shard, count) = (manifest.journal.clone(), manifest.shard, manifest.open);
        Some(MergeFault::Open { journal, shard, count, first })
    }));
    faults
}

impl fmt::Display for MergeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Versions { one: (one, version), other: (other, other_version) } => {
                write!(f, "`{one}` is by version {version} and `{other}` by version {other_version}; run both by one")
            }
            Self::Batches { one, other } => {
                write!(f, "`{one}` and `{other}` are of different batches: files, scenarios or estates differ")
            }
            Self::Counts { one: (one, shard), other: (other, other_shard) } => {
                write!(
                    f,
                    "`{one}` is shard {shard} and `{other}` shard {other_shard}; expected the same number of shards"
                )
            }
            Self::Twice { shard, one, other } => write!(f, "`{one}` and `{other}` are both shard {shard}"),
            Self::Missing { shard } => write!(f, "shard {shard} is missing"),
            Self::Open { journal, shard, count: 1, first } => {
                write!(f, "`{journal}`, shard {shard}, has not ended: `{first}` is open; run it again")
            }
            Self::Open { journal, shard, count, first } => {
                write!(
                    f,
                    "`{journal}`, shard {shard}, has not ended: {count} scenarios are open, `{first}` the first; run it again"
                )
            }
        }
    }
}

impl std::error::Error for MergeFault {}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(index: u32, count: u32) -> Manifest {
        Manifest {
            journal: format!("{index}.sqlite"),
            version: "1".to_owned(),
            shard: Shard::new(index, count).expect("it is a shard"),
            listing: "l".to_owned(),
            open: 0,
            first_open: None,
        }
    }

    fn faults(manifests: &[Manifest]) -> Vec<String> {
        check_merge(manifests).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn all_shards_in_any_order_make_a_whole() {
        assert_eq!(faults(&[manifest(3, 3), manifest(1, 3), manifest(2, 3)]), [""; 0]);
        assert_eq!(faults(&[manifest(1, 1)]), [""; 0]);
    }

    #[test]
    fn gaps_and_duplicates_are_all_said() {
        let twice = Manifest { journal: "copy.sqlite".to_owned(), ..manifest(2, 4) };
        let open = Manifest { open: 2, first_open: Some("growth".to_owned()), ..manifest(4, 4) };
        let expected = [
            "`2.sqlite` and `copy.sqlite` are both shard 2/4",
            "shard 1/4 is missing",
            "shard 3/4 is missing",
            "`4.sqlite`, shard 4/4, has not ended: 2 scenarios are open, `growth` the first; run it again",
        ];
        assert_eq!(faults(&[manifest(2, 4), twice, open]), expected);
    }

    #[test]
    fn journals_that_do_not_belong_together_are_refused_before_their_shards_are_counted() {
        let version = Manifest { version: "2".to_owned(), ..manifest(2, 3) };
        let listing = Manifest { listing: "m".to_owned(), ..manifest(3, 3) };
        let expected = [
            "`1.sqlite` is by version 1 and `2.sqlite` by version 2; run both by one",
            "`1.sqlite` and `3.sqlite` are of different batches: files, scenarios or estates differ",
        ];
        assert_eq!(faults(&[manifest(1, 3), version, listing]), expected);
        let expected = "`1.sqlite` is shard 1/2 and `2.sqlite` shard 2/3; expected the same number of shards";
        assert_eq!(faults(&[manifest(1, 2), manifest(2, 3)]), [expected]);
    }
}
