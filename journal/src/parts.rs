//! Plans of parts that are kept for scenarios to come: a change of the estate touches few parts of most scenarios.
//!
//! Nothing depends on them: a plan that is gone is found again. So there is a bound on their bytes, and when it is
//! reached those go first that no run has asked for the longest.

use crate::fault::At;
use crate::{Journal, JournalError};
use rusqlite::{Connection, Transaction, params};

/// Most bytes of plans of parts.
const BYTES_MAX: u64 = 256 << 20;

/// Plans of parts as far as they concern a run.
pub(crate) struct Parts {
    /// Which run it is: plans of earlier ones go first.
    run: i64,
    /// Of all plans together.
    bytes: u64,
    pub(crate) bytes_max: u64,
}

impl Default for Parts {
    fn default() -> Self {
        Self { run: 1, bytes: 0, bytes_max: BYTES_MAX }
    }
}

impl Parts {
    /// Begins a run.
    pub(crate) fn of(connection: &Connection) -> rusqlite::Result<Self> {
        let query = "SELECT coalesce(max(run), 0) + 1, coalesce(sum(length(plan)), 0) FROM part";
        connection.query_row(query, [], |row| Ok(Self { run: row.get(0)?, bytes: row.get(1)?, ..Self::default() }))
    }

    /// Keeps a plan, and removes others where there are too many bytes.
    pub(crate) fn keep(
        &mut self,
        transaction: &Transaction<'_>,
        version: &str,
        (digest, plan): (&str, &[u8]),
    ) -> rusqlite::Result<()> {
        let mut insert = transaction.prepare_cached("INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?)")?;
        insert.execute(params![digest, version, self.run, plan])?;
        // Of one that is replaced the bytes are counted twice until the next run.
        self.bytes += plan.len() as u64;
        if self.bytes > self.bytes_max {
            self.remove(transaction)?;
        }
        Ok(())
    }

    /// Removes plans until a quarter of the room is free: those asked for last stay.
    fn remove(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut all = transaction.prepare("SELECT rowid, length(plan) FROM part ORDER BY run DESC, rowid DESC")?;
        let rows = all.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, u64>(1)?)))?;
        let (mut kept, mut gone) = (0, Vec::new());
        for row in rows {
            let (row, bytes) = row?;
            if kept + bytes > self.bytes_max / 4 * 3 {
                gone.push(row);
            } else {
                kept += bytes;
            }
        }
        let mut delete = transaction.prepare("DELETE FROM part WHERE rowid = ?")?;
        for row in gone {
            delete.execute([row])?;
        }
        self.bytes = kept;
        Ok(())
    }
}

impl Journal {
    /// The plan of a part, as it was given with [`Event::PartFound`](crate::Event::PartFound); it is kept longer now.
    ///
    /// # Errors
    /// If the journal cannot be read or written.
    pub fn part(&self, digest: &str) -> Result<Option<Vec<u8>>, JournalError> {
        let (path, version, run) = (&self.path, &self.version, self.parts.run);
        let query = "SELECT plan, run FROM part WHERE digest = ? AND version = ?";
        let mut find = self.connection.prepare_cached(query).at(path)?;
        let found = find.query_row([digest, version], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)));
        let (plan, last) = match found {
            Err(rusqlite::Error::QueryReturnedNoRows) => return Ok(None),
            found => found.at(path)?,
        };
        if last != run {
            let update = "UPDATE part SET run = ? WHERE digest = ? AND version = ?";
            self.connection.prepare_cached(update).at(path)?.execute(params![run, digest, version]).at(path)?;
        }
        Ok(Some(plan))
    }
}
