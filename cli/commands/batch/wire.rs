//! What processes of one batch say to each other, a line each. The one that solves says what comes of scenarios, which
//! plan of a part it would like to have, and which it has found, as JSON. The other says positions of scenarios, and what
//! is known of what was asked for: bytes as hexadecimal digits, a word, or nothing.

use scenarios::batch::{Answer, Key, NoAnswer, Outcome, Status};
use scenarios::renewal::Stored;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// What is said once the scenarios are read.
pub(in crate::commands) const READY: &str = "ready";
/// What is said of a part that others have begun.
const BEGUN: &str = "begun";

/// What the process that solves has said.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// It asks for the plan of the part with this digest.
    Asked(String),
    /// A part has this plan.
    Found {
        /// Of the part.
        digest: String,
        /// As bytes.
        plan: Vec<u8>,
    },
    /// A scenario has ended.
    Ended(Key, Outcome),
}

/// The same as serde knows it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
enum Line {
    Asked(String),
    Found { digest: String, plan: String },
    Ended(Reply),
}

impl Line {
    fn text(&self) -> String {
        serde_json::to_string(self).expect("rows have text for keys") + "\n"
    }
}

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

/// The line that asks for the plan of a part.
pub(in crate::commands) fn asked(digest: &str) -> String {
    Line::Asked(digest.to_owned()).text()
}

/// The line that says which plan a part has.
pub(in crate::commands) fn found(digest: &str, plan: &[u8]) -> String {
    Line::Found { digest: digest.to_owned(), plan: hexadecimal(plan) }.text()
}

/// The line that says what is known of the plan that was asked for.
pub(super) fn known(stored: &Stored) -> String {
    let text = match stored {
        Stored::Plan(plan) => hexadecimal(plan),
        Stored::Begun => BEGUN.to_owned(),
        Stored::Nothing => String::new(),
    };
    text + "\n"
}

/// What such a line says.
pub(in crate::commands) fn stored(known: &str) -> Stored {
    match bytes(known).filter(|bytes| !bytes.is_empty()) {
        Some(plan) => Stored::Plan(plan),
        None if known == BEGUN => Stored::Begun,
        None => Stored::Nothing,
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_bytes().as_chunks();
    let byte = |&[high, low]: &[u8; 2]| Some(digit(high)? << 4 | digit(low)?);
    rest.is_empty().then(|| pairs.iter().map(byte).collect())?
}

/// The line that says what came of a scenario.
pub(in crate::commands) fn ended(key: &Key, outcome: &Outcome) -> String {
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
    Line::Ended(reply).text()
}

/// What a line says; none if it makes no sense.
pub(super) fn read(line: &str) -> Option<Said> {
    let reply = match serde_json::from_str(line).ok()? {
        Line::Asked(digest) => return Some(Said::Asked(digest)),
        Line::Found { digest, plan } => return Some(Said::Found { digest, plan: bytes(&plan)? }),
        Line::Ended(reply) => reply,
    };
    let Reply { estate, scenario, status, why, answer } = reply;
    let outcome = match (Status::of_word(&status)?, why, answer) {
        (Status::Done, None, Some(answer)) => {
            let Twin { standing, uncovered, spend, currency, objective, plan } = answer;
            Outcome::Answered(Box::new(Answer { standing, uncovered, spend, currency, objective, plan }))
        }
        (status, Some(why), None) if status != Status::Done => Outcome::Unanswered(NoAnswer { status, why }),
        _ => return None,
    };
    Some(Said::Ended(Key { estate, scenario }, outcome))
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
            let line = ended(&key(), &outcome);
            assert_eq!(line.lines().count(), 1);
            assert_eq!(read(&line), Some(Said::Ended(key(), outcome)));
        }
    }

    #[test]
    fn plans_are_asked_for_found_and_given_as_they_are() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(read(&asked("d")), Some(Said::Asked("d".to_owned())));
        assert_eq!(read(&found("d", &all)), Some(Said::Found { digest: "d".to_owned(), plan: all.clone() }));
        for known_of_it in [Stored::Plan(all), Stored::Begun, Stored::Nothing] {
            assert_eq!(stored(known(&known_of_it).trim_end()), known_of_it);
        }
        for text in ["0", "0g", "+1", "00 "] {
            assert_eq!(stored(text), Stored::Nothing, "{text}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_no_outcome() {
        let limit = ended(&key(), &Outcome::Unanswered(NoAnswer { status: Status::Limit, why: String::new() }));
        assert!(read(&limit).is_some());
        for line in ["", "ready", &limit.replace("limit", "done"), &limit.replace("limit", "maybe"), &limit[..20]] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
