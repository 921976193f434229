//! What is asked of a journal: what is left to do, what came of it, and whether it can be merged with others.

use crate::fault::At;
use crate::{Fault, Journal, JournalError, end, pieces};
use rusqlite::{Row as SqlRow, params};
use scenarios::batch::{Answer, Entry, Key, Manifest, NoAnswer, Outcome, Row, Shard, Status};

/// What is read of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// All but the plans.
    Figures,
    /// All.
    Plans,
}

/// The results that stand for the scenarios of the batch.
const JOIN_RESULT: &str = "LEFT JOIN result ON result.estate = scenario.estate AND result.scenario = scenario.scenario \
                           AND result.version = (SELECT version FROM batch)";

impl Journal {
    /// The positions in a file of the scenarios that the shard has and that have no plan yet.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn pending(&self, file: usize) -> Result<Vec<usize>, JournalError> {
        let query = format!(
            "SELECT scenario.number FROM scenario {JOIN_RESULT} WHERE scenario.file = ? AND scenario.is_own
             AND coalesce(result.status, '') <> 'done' ORDER BY scenario.number"
        );
        let mut statement = self.connection.prepare(&query).at(&self.path)?;
        let numbers = statement.query_map(params![file as u64], |row| row.get::<_, usize>(0)).at(&self.path)?;
        numbers.collect::<Result<_, _>>().at(&self.path)
    }

    /// The scenarios of a file as they are listed, in their order.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn keys(&self, file: usize) -> Result<Vec<Key>, JournalError> {
        let mut statement = (self.connection)
            .prepare("SELECT estate, scenario FROM scenario WHERE file = ? ORDER BY number")
            .at(&self.path)?;
        let key = |row: &SqlRow<'_>| Ok(Key { estate: row.get(0)?, scenario: row.get(1)? });
        let keys = statement.query_map(params![file as u64], key).at(&self.path)?;
        keys.collect::<Result<_, _>>().at(&self.path)
    }

    /// How many scenarios of the shard have a plan.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn done_count(&self) -> Result<u64, JournalError> {
        let query = format!("SELECT count(*) FROM scenario {JOIN_RESULT} WHERE is_own AND result.status = 'done'");
        self.connection.query_row(&query, [], |row| row.get(0)).at(&self.path)
    }

    /// The scenarios of the shard with what came of them, one after the other in their order.
    ///
    /// # Errors
    /// If the journal cannot be read, or with what `each` ends in.
    pub fn rows<E: From<JournalError>>(
        &self,
        detail: Detail,
        mut each: impl FnMut(Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let query = format!(
            "SELECT file.name, scenario.name, scenario.estate, scenario.scenario, status, coalesce(attempts, 0),
             coalesce(milliseconds, 0), why, standing, uncovered, spend, currency, objective, pieces, digest
             FROM scenario JOIN file ON file.number = scenario.file {JOIN_RESULT} WHERE is_own ORDER BY position"
        );
        let mut statement = self.connection.prepare(&query).at(&self.path)?;
        let mut rows = statement.query([]).at(&self.path)?;
        while let Some(row) = rows.next().at(&self.path)? {
            let kept = row.get::<_, Option<String>>(13).at(&self.path)?.filter(|_| detail == Detail::Plans);
            let plan = kept.map(|kept| pieces::plan(&self.connection, &kept)).transpose().at(&self.path)?;
            each(read_row(row, plan.unwrap_or_default()).at(&self.path)?)?;
        }
        Ok(())
    }

    /// What a merger must know.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn manifest(&self) -> Result<Manifest, JournalError> {
        let (index, count, listing) = self
            .connection
            .query_row("SELECT shard, shards, listing FROM batch", [], |row| {
                Ok((row.get::<_, u32>(0)?, row.get::<_, u32>(1)?, row.get::<_, String>(2)?))
            })
            .at(&self.path)?;
        let shard = Shard::new(index, count)
            .ok_or_else(|| Fault::Damaged(format!("there is no shard {index}/{count}")).at(&self.path))?;
        let open = format!(
            "FROM scenario {JOIN_RESULT} WHERE is_own AND coalesce(result.status, 'running') = 'running' ORDER BY position"
        );
        let count_open = self.connection.query_row(&format!("SELECT count(*) {open}"), [], |row| row.get(0));
        let first_open =
            self.connection.query_row(&format!("SELECT scenario.name {open} LIMIT 1"), [], |row| row.get(0));
        Ok(Manifest {
            journal: self.path.display().to_string(),
            version: self.version.clone(),
            shard,
            listing,
            open: count_open.at(&self.path)?,
            first_open: match first_open {
                Err(rusqlite::Error::QueryReturnedNoRows) => None,
                first => Some(first.at(&self.path)?),
            },
        })
    }

    /// Takes the list of another journal, as that of a whole batch.
    ///
    /// # Errors
    /// If one cannot be read or the other not be written.
    pub fn take_listing(&mut self, other: &Self) -> Result<(), JournalError> {
        let path = &other.path;
        let mut statement = other.connection.prepare("SELECT name FROM file ORDER BY number").at(path)?;
        let files = statement.query_map([], |row| row.get::<_, String>(0)).at(path)?;
        let files = files.collect::<Result<Vec<_>, _>>().at(path)?;
        let mut listing = self.list(&files, Shard::WHOLE)?;
        let mut statement =
            other.connection.prepare("SELECT file, name, estate, scenario FROM scenario ORDER BY position").at(path)?;
        let mut rows = statement.query([]).at(path)?;
        while let Some(row) = rows.next().at(path)? {
            let entry = |row: &SqlRow<'_>| {
                let key = Key { estate: row.get(2)?, scenario: row.get(3)? };
                Ok(Entry { file: row.get(0)?, name: row.get(1)?, key })
            };
            listing.add(&entry(row).at(path)?)?;
        }
        listing.finish().map(drop)
    }

    /// Takes the results that another journal has for the scenarios of its shard; what two of them share once.
    ///
    /// # Errors
    /// If one cannot be read or the other not be written.
    pub fn take_results(&mut self, other: &Self) -> Result<(), JournalError> {
        let transaction = self.connection.transaction().at(&self.path)?;
        other.rows(Detail::Plans, |row| {
            let Some(outcome) = &row.outcome else { return Ok(()) };
            let Key { estate, scenario } = &row.key;
            let begun = transaction.execute(
                "INSERT INTO result (estate, scenario, version, status, attempts, milliseconds)
                 VALUES (?, ?, ?, 'running', ?, 0) ON CONFLICT DO NOTHING",
                params![estate, scenario, self.version, row.attempts],
            );
            begun.at(&self.path)?;
            end(&transaction, &row.key, &self.version, outcome, row.milliseconds).at(&self.path)
        })?;
        transaction.commit().at(&self.path)
    }
}

fn read_row(row: &SqlRow<'_>, plan: String) -> rusqlite::Result<Row> {
    let status: Option<String> = row.get(4)?;
    let outcome = match status.as_deref().and_then(Status::of_word) {
        None => None,
        Some(Status::Done) => Some(Outcome::Answered(Box::new(Answer {
            standing: row.get(8)?,
            uncovered: row.get(9)?,
            spend: row.get(10)?,
            currency: row.get(11)?,
            objective: row.get(12)?,
            plan,
        }))),
        Some(status) => Some(Outcome::Unanswered(NoAnswer { status, why: row.get(7)? })),
    };
    Ok(Row {
        file: row.get(0)?,
        name: row.get(1)?,
        key: Key { estate: row.get(2)?, scenario: row.get(3)? },
        outcome,
        attempts: row.get(5)?,
        milliseconds: row.get(6)?,
        digest: row.get(14)?,
    })
}
