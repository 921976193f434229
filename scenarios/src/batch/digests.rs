//! Digests of a whole batch: of what it is asked for, and of what came of it.

use super::{Entry, Row};
use model::digest::Encoder;

/// Names what is hashed and how.
const LISTING_ENCODING: &str = "licit batch 1";
const ROW_ENCODING: &str = "licit batch row 1";
const RESULTS_ENCODING: &str = "licit batch results 1";

/// The digest of what a batch is asked for: all scenarios in their order, whatever their files are called.
pub struct ListingDigest(Encoder);

impl Default for ListingDigest {
    fn default() -> Self {
        Self(Encoder::new(LISTING_ENCODING))
    }
}

impl ListingDigest {
    /// Adds the next scenario.
    pub fn add(&mut self, entry: &Entry) {
        self.0.number(entry.file as u64);
        for text in [&entry.name, &entry.key.estate, &entry.key.scenario] {
            self.0.text(text);
        }
    }

    /// SHA-256 over all of them, as 64 hexadecimal digits.
    #[must_use]
    pub fn finish(self) -> String {
        self.0.finish()
    }
}

/// The digest of what came of a batch, whatever the order and the files of its scenarios: of each what it depends on,
/// how it ended and the digest of its plan. It takes 64 bytes for each scenario.
#[derive(Default)]
pub struct ResultsDigest(Vec<String>);

impl ResultsDigest {
    /// Adds a scenario that has ended.
    pub fn add(&mut self, row: &Row) {
        let Some(outcome) = &row.outcome else { return };
        let mut encoder = Encoder::new(ROW_ENCODING);
        for text in [&*row.key.estate, &*row.key.scenario, outcome.status().word()] {
            encoder.text(text);
        }
        encoder.optional(row.digest.as_deref(), Encoder::text);
        self.0.push(encoder.finish());
    }

    /// SHA-256 over all of them, as 64 hexadecimal digits.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.0.sort_unstable();
        let mut encoder = Encoder::new(RESULTS_ENCODING);
        encoder.list(&self.0, |encoder, row| encoder.text(row));
        encoder.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::{Answer, Key, NoAnswer, Outcome, Status};

    fn row(name: &str, outcome: Option<Outcome>) -> Row {
        let key = Key { estate: "e".to_owned(), scenario: name.to_owned() };
        let digest = outcome.as_ref().and_then(Outcome::answer).map(|answer| answer.plan.clone());
        Row { file: name.to_owned(), name: name.to_owned(), key, outcome, attempts: 1, milliseconds: 7, digest }
    }

    fn planned(plan: &str) -> Outcome {
        Outcome::Answered(Box::new(Answer {
            standing: "optimal".to_owned(),
            uncovered: 0,
            spend: "0".to_owned(),
            currency: None,
            objective: "{}".to_owned(),
            plan: plan.to_owned(),
        }))
    }

    fn digest(rows: &[Row]) -> String {
        let mut digest = ResultsDigest::default();
        for row in rows {
            digest.add(row);
        }
        digest.finish()
    }

    #[test]
    fn results_have_one_digest_in_any_order_and_however_long_they_took() {
        let (one, other) = (row("a", Some(planned("{1}"))), row("b", Some(planned("{2}"))));
        let slow = Row { attempts: 9, milliseconds: 99, file: "elsewhere".to_owned(), ..other.clone() };
        assert_eq!(digest(&[one.clone(), other]), digest(&[slow, one]));
    }

    #[test]
    fn another_plan_status_or_scenario_gives_another_digest() {
        let limit = NoAnswer { status: Status::Limit, why: String::new() };
        let all = [
            digest(&[]),
            digest(&[row("a", Some(planned("{1}")))]),
            digest(&[row("a", Some(planned("{2}")))]),
            digest(&[row("b", Some(planned("{1}")))]),
            digest(&[row("a", Some(Outcome::Unanswered(limit)))]),
            digest(&[row("a", Some(planned("{1}"))), row("b", Some(planned("{1}")))]),
        ];
        let different: std::collections::BTreeSet<&String> = all.iter().collect();
        assert_eq!(different.len(), all.len());
        assert_eq!(digest(&[row("a", None)]), all[0]);
    }
}
