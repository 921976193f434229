//! What processes of one batch say to each other: outcomes as lines of JSON.

use scenarios::batch::{Answer, Key, NoAnswer, Outcome, Status};
use serde::{Deserialize, Serialize};

/// What is said once the scenarios are read.
pub(in crate::commands) const READY: &str = "ready";

/// What came of a scenario, which says itself which one it was.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reply {
    estate: String,
    scenario: String,
    status: String,
    why: Option<String>,
    answer: Option<Twin>,
}

/// An [`Answer`] as serde knows it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Twin {
    standing: String,
    uncovered: u64,
    spend: String,
    currency: Option<String>,
    objective: String,
    plan: String,
}

/// A line, with its end.
pub(in crate::commands) fn line(key: &Key, outcome: &Outcome) -> String {
    let Key { estate, scenario } = key.clone();
    let status = outcome.status().word().to_owned();
    let reply = match outcome.clone() {
        Outcome::Answered(answer) => {
            let Answer { standing, uncovered, spend, currency, objective, plan } = *answer;
            let answer = Twin { standing, uncovered, spend, currency, objective, plan };
            Reply { estate, scenario, status, why: None, answer: Some(answer) }
        }
        Outcome::Unanswered(NoAnswer { why, .. }) => Reply { estate, scenario, status, why: Some(why), answer: None },
    };
    serde_json::to_string(&reply).expect("rows have text for keys") + "\n"
}

/// What a line says; none if it makes no sense.
pub(super) fn read(line: &str) -> Option<(Key, Outcome)> {
    let Reply { estate, scenario, status, why, answer } = serde_json::from_str(line).ok()?;
    let outcome = match (Status::of_word(&status)?, why, answer) {
        (Status::Done, None, Some(answer)) => {
            let Twin { standing, uncovered, spend, currency, objective, plan } = answer;
            Outcome::Answered(Box::new(Answer { standing, uncovered, spend, currency, objective, plan }))
        }
        (status, Some(why), None) if status != Status::Done => Outcome::Unanswered(NoAnswer { status, why }),
        _ => return None,
    };
    Some((Key { estate, scenario }, outcome))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key { estate: "e".to_owned(), scenario: "s".to_owned() }
    }

    #[test]
    fn outcomes_are_read_as_they_were_written() {
        let answer = Answer {
            standing: "optimal".to_owned(),
            uncovered: 3,
            spend: "1.50".to_owned(),
            currency: Some("EUR".to_owned()),
            objective: "{}".to_owned(),
            plan: "{\n  \"name\": \"a\"\n}".to_owned(),
        };
        let failed = NoAnswer { status: Status::Failed, why: "refused".to_owned() };
        for outcome in [Outcome::Answered(Box::new(answer)), Outcome::Unanswered(failed)] {
            let line = line(&key(), &outcome);
            assert_eq!(line.lines().count(), 1);
            assert_eq!(read(&line), Some((key(), outcome)));
        }
    }

    #[test]
    fn what_makes_no_sense_is_no_outcome() {
        let limit = line(&key(), &Outcome::Unanswered(NoAnswer { status: Status::Limit, why: String::new() }));
        assert!(read(&limit).is_some());
        for line in ["", "ready", &limit.replace("limit", "done"), &limit.replace("limit", "maybe"), &limit[..20]] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
