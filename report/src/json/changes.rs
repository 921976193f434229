//! Differences between two results as JSON.

use super::FORMAT;
use super::lines::Lines;
use crate::phrase::changes as phrase;
use changes::cause::{Assigned, Cause, Subject, Target};
use changes::outcome::{AssignmentRow, LicenseRow, Outcome, VersionRow};
use changes::{Differences, Header, Note, Part, Value};
use serde::{Serialize, Serializer};

/// The differences as one JSON object with a line feed at its end.
///
/// Causes are known by their position from 1: it is `cause` in their rows, and stands in `because` of outcomes, which lists
/// some dozens at most, the likeliest first. `all` counts the causes that can have changed the outcome, `likely` those of
/// them that do not work against it.
#[must_use]
pub fn changes_json(differences: &Differences) -> String {
    let mut lines = Lines::new();
    lines.field("licit", &FORMAT);
    lines.field("command", "diff");
    lines.field("before", &HeaderRow::of(&differences.headers.before));
    lines.field("after", &HeaderRow::of(&differences.headers.after));
    lines.field("equal", &differences.is_empty());
    lines.rows("notes", differences.notes().into_iter().map(|note| note_word(note)));
    for (key, rows) in [("totals", &differences.totals), ("objective", &differences.objective)] {
        lines.open(key);
        for (name, change) in rows {
            lines.field(name, &ChangeRow { before: Shown(&change.before), after: Shown(&change.after) });
        }
        lines.close();
    }
    let causes = differences.causes.iter().enumerate();
    lines.rows("causes", causes.map(|(position, cause)| CauseRow::of(position, cause)));
    lines.list("parts");
    for part in &differences.parts {
        lines.item();
        self::part(part, &mut lines);
        lines.close();
    }
    lines.close_list();
    let titles = differences.titles.iter();
    lines.rows(
        "titles",
        titles.map(|(title, status)| TitleRow {
            title,
            before: status.before.as_deref(),
            after: status.after.as_deref(),
        }),
    );
    let names = differences.unknown_names.iter();
    lines.rows(
        "unknown_names",
        names.map(|(name, installs)| NameRow { name, before: installs.before, after: installs.after }),
    );
    lines.finish()
}

fn part(part: &Part, lines: &mut Lines) {
    lines.field("titles", &part.titles);
    lines.field("causes", &numbers(&part.causes));
    lines.rows(
        "versions",
        part.versions.iter().map(|row| OutcomeRow {
            subject: VersionKey { version: &row.key },
            before: row.rows.before.as_ref().map(VersionValues::of),
            after: row.rows.after.as_ref().map(VersionValues::of),
            because: numbers(&row.because.causes),
            likely: row.because.likely,
            all: row.because.all,
        }),
    );
    lines.rows(
        "licenses",
        part.licenses.iter().map(|row| OutcomeRow {
            subject: LicenseKey { license: &row.key },
            before: row.rows.before.as_ref().map(LicenseValues::of),
            after: row.rows.after.as_ref().map(LicenseValues::of),
            because: numbers(&row.because.causes),
            likely: row.because.likely,
            all: row.because.all,
        }),
    );
    lines.rows(
        "assignments",
        part.assignments.iter().map(|row: &Outcome<(Assigned, Target), AssignmentRow>| OutcomeRow {
            subject: AssignmentKey::of(&row.key.0, &row.key.1),
            before: row.rows.before.as_ref().map(AssignmentValues::of),
            after: row.rows.after.as_ref().map(AssignmentValues::of),
            because: numbers(&row.because.causes),
            likely: row.because.likely,
            all: row.because.all,
        }),
    );
}

/// Positions as readers count them.
fn numbers(positions: &[usize]) -> Vec<usize> {
    positions.iter().map(|position| position + 1).collect()
}

const fn note_word(note: Note) -> &'static str {
    match note {
        Note::OtherName => "other-name",
        Note::OtherCurrency => "other-currency",
        Note::NoFacts => "no-facts",
        Note::OtherFacts => "other-facts",
        Note::SameFacts => "same-facts",
    }
}

#[derive(Serialize)]
struct HeaderRow<'d> {
    name: Option<&'d str>,
    as_of: &'d str,
    currency: Option<&'d str>,
    digest: Option<&'d str>,
    standing: &'d str,
}

impl<'d> HeaderRow<'d> {
    fn of(header: &'d Header) -> Self {
        Self {
            name: header.name.as_deref(),
            as_of: &header.as_of,
            currency: header.currency.as_deref(),
            digest: header.digest.as_deref(),
            standing: &header.standing,
        }
    }
}

/// A value as JSON has it.
struct Shown<'d>(&'d Value);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::None => serializer.serialize_none(),
            Value::Count(count) => serializer.serialize_i128(*count),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Texts(texts) => serializer.collect_seq(texts),
        }
    }
}

#[derive(Serialize)]
struct ChangeRow<'d> {
    before: Shown<'d>,
    after: Shown<'d>,
}

#[derive(Serialize)]
struct CauseRow<'d> {
    cause: usize,
    kind: &'static str,
    #[serde(flatten)]
    subject: SubjectKeys<'d>,
    before: Shown<'d>,
    after: Shown<'d>,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<&'d str>,
    works: &'static str,
    /// The position of its part, from 1.
    part: Option<usize>,
    text: String,
}

#[derive(Default, Serialize)]
struct SubjectKeys<'d> {
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'d str>,
    #[serde(flatten)]
    assigned: AssignmentKey<'d>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contract: Option<&'d str>,
}

impl<'d> CauseRow<'d> {
    fn of(position: usize, cause: &'d Cause) -> Self {
        Self {
            cause: position + 1,
            kind: cause.kind.word(),
            subject: SubjectKeys::of(&cause.subject),
            before: Shown(&cause.before),
            after: Shown(&cause.after),
            day: cause.day.as_deref(),
            works: cause.sense.word(),
            part: cause.part.map(|part| part + 1),
            text: phrase::cause(cause),
        }
    }
}

impl<'d> SubjectKeys<'d> {
    fn of(subject: &'d Subject) -> Self {
        let none = Self::default();
        match subject {
            Subject::Estate => none,
            Subject::Scope(scope) => Self { scope: Some(scope), ..none },
            Subject::Transfer { from, to } => Self { from: Some(from), to: Some(to), ..none },
            Subject::License(license) => {
                Self { assigned: AssignmentKey { license: Some(license), ..AssignmentKey::default() }, ..none }
            }
            Subject::Title(title) => {
                Self { assigned: AssignmentKey { title: Some(title), ..AssignmentKey::default() }, ..none }
            }
            Subject::Version { version, scope, contract } => {
                Self { version: Some(version), scope: scope.as_deref(), contract: contract.as_deref(), ..none }
            }
            Subject::Assignment(assigned, target) => Self { assigned: AssignmentKey::of(assigned, target), ..none },
        }
    }
}

#[derive(Serialize)]
struct OutcomeRow<K, R> {
    #[serde(flatten)]
    subject: K,
    before: Option<R>,
    after: Option<R>,
    because: Vec<usize>,
    likely: usize,
    all: usize,
}

#[derive(Serialize)]
struct VersionKey<'d> {
    version: &'d str,
}

#[derive(Serialize)]
struct LicenseKey<'d> {
    license: &'d str,
}

#[derive(Default, Serialize)]
struct AssignmentKey<'d> {
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asset: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'d str>,
}

impl<'d> AssignmentKey<'d> {
    fn of(assigned: &'d Assigned, target: &'d Target) -> Self {
        let (license, title) = match assigned {
            Assigned::License(license) => (Some(license.as_str()), None),
            Assigned::Title(title) => (None, Some(title.as_str())),
        };
        let (asset, user) = match target {
            Target::Asset(asset) => (Some(asset.as_str()), None),
            Target::User(user) => (None, Some(user.as_str())),
        };
        Self { license, title, asset, user }
    }
}

/// The values of a version, as in a position.
#[derive(Serialize)]
struct VersionValues<'d> {
    status: &'d str,
    installed: i64,
    demand: i64,
    covered: i64,
    uncovered: i64,
    shortage: Option<&'d str>,
    covered_by: CoveredByRow,
    licensed: i64,
    idle: i64,
    reach: Option<i64>,
    reasons: &'d [String],
}

#[derive(Serialize)]
struct CoveredByRow {
    exact: i64,
    downgrade: i64,
    newer: i64,
    cross: i64,
    upgrade: i64,
}

impl<'d> VersionValues<'d> {
    fn of(row: &'d VersionRow) -> Self {
        let [exact, downgrade, newer, cross, upgrade] = row.covered_by;
        Self {
            status: &row.status,
            installed: row.installed,
            demand: row.demand,
            covered: row.covered,
            uncovered: row.uncovered,
            shortage: row.shortage.as_deref(),
            covered_by: CoveredByRow { exact, downgrade, newer, cross, upgrade },
            licensed: row.licensed,
            idle: row.idle,
            reach: row.reach,
            reasons: &row.reasons,
        }
    }
}

#[derive(Serialize)]
struct LicenseValues<'d> {
    quantity: Option<i64>,
    state: &'d str,
    used: i64,
    idle: Option<i64>,
    unusable: i64,
    assigned: i64,
    needed: Option<&'d str>,
}

impl<'d> LicenseValues<'d> {
    fn of(row: &'d LicenseRow) -> Self {
        Self {
            quantity: row.quantity,
            state: &row.state,
            used: row.used,
            idle: row.idle,
            unusable: row.unusable,
            assigned: row.assigned,
            needed: row.needed.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct AssignmentValues<'d> {
    outcome: &'d str,
    reason: Option<&'d str>,
}

impl<'d> AssignmentValues<'d> {
    fn of(row: &'d AssignmentRow) -> Self {
        Self { outcome: &row.outcome, reason: row.reason.as_deref() }
    }
}

#[derive(Serialize)]
struct TitleRow<'d> {
    title: &'d str,
    before: Option<&'d str>,
    after: Option<&'d str>,
}

#[derive(Serialize)]
struct NameRow<'d> {
    name: &'d str,
    before: i64,
    after: i64,
}
