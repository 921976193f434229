//! What came of a batch, in one SQLite file that survives a crash and that other programs can read.
//!
//! A journal holds what its batch is asked for, and a result for each [`Key`] and version of the program. Results stay
//! when a batch asks for others, so that going back to an input costs nothing; a new file starts from nothing. Beside
//! results it keeps plans of parts, up to a bound, for scenarios that share them.
//!
//! A result is believed when it is read back, and so is the plan of a part: both were accepted by the checker where they
//! were found, by the same version of the program. Whoever can write the file can change what it says.
//!
//! *Guaranteed*: what [`Journal::write`] has returned from is there whenever and however the process ends; what it has not
//! is there whole or not at all. A crash of the system, not of the process, may lose what was written last, and leaves
//! what was written before. One process at a time has a journal: it is locked by SQLite until the process ends, in whatever
//! way, and without memory that processes share, so that it may lie on a disk of another machine.
//!
//! *Memory*: one row at a time. *Cannot*: be read by others while a batch runs.

mod fault;
mod parts;
mod pieces;
mod read;
#[cfg(test)]
mod tests;

pub use fault::{Fault, JournalError};
pub use read::Detail;

use fault::At;
use parts::Parts;
use rusqlite::{Connection, OpenFlags, Transaction, params};
use scenarios::batch::{Entry, Key, ListingDigest, Outcome, Shard};
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What marks a file as a journal: `lict` in ASCII.
const APPLICATION_ID: i64 = 0x6c69_6374;
/// The format of the file; another one is not read.
const FORMAT: i64 = 2;
const SCHEMA: &str = include_str!("schema.sql");

/// An open journal, which nobody else can use.
pub struct Journal {
    connection: Connection,
    path: PathBuf,
    /// Of the program, which results depend on.
    version: String,
    /// Whether the file was made for it.
    is_new: bool,
    parts: Parts,
}

/// A list of what a batch is asked for, not yet in force.
pub struct Listing<'j> {
    transaction: Transaction<'j>,
    path: &'j Path,
    version: &'j str,
    shard: Shard,
    digest: ListingDigest,
    count: u64,
    own_count: u64,
    /// The file that the last entry was of, and its position there.
    last: Option<(usize, u64)>,
}

/// Something to be written.
pub enum Event<'e> {
    /// A scenario is begun.
    Started(&'e Key),
    /// A scenario has ended.
    Ended {
        /// Which one.
        key: &'e Key,
        /// What came of it.
        outcome: &'e Outcome,
        /// How long it took.
        milliseconds: u64,
    },
    /// A part of scenarios has a plan.
    PartFound {
        /// Its digest.
        digest: &'e str,
        /// The plan, as bytes.
        plan: &'e [u8],
    },
}

impl Journal {
    /// Opens a journal, or makes one, for a version of the program.
    ///
    /// # Errors
    /// If it is in use, of another format or no journal, or cannot be written.
    pub fn open(path: &Path, version: &str) -> Result<Self, JournalError> {
        let is_new = match OpenOptions::new().write(true).create_new(true).open(path) {
            Ok(_) => true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let opened = OpenOptions::new().read(true).write(true).open(path);
                opened.map_err(|error| Fault::of_io(&error).at(path))?;
                false
            }
            Err(error) => return Err(Fault::of_io(&error).at(path)),
        };
        let opened = Self::connect(path, version, is_new).and_then(|mut journal| {
            journal.prepare()?;
            journal.parts = Parts::of(&journal.connection).at(path)?;
            Ok(journal)
        });
        if opened.is_err() && is_new {
            // There is nobody to tell, and nothing is in it.
            let _ = fs::remove_file(path);
        }
        opened
    }

    /// Makes a journal where there is no file yet.
    ///
    /// # Errors
    /// As [`Self::open`], and if something is there.
    pub fn create(path: &Path, version: &str) -> Result<Self, JournalError> {
        if path.symlink_metadata().is_ok() {
            return Err(Fault::Refused("it is there already".to_owned()).at(path));
        }
        Self::open(path, version)
    }

    /// Opens a journal that is there, whatever version has written it.
    ///
    /// # Errors
    /// As [`Self::open`], and if nothing is there.
    pub fn open_existing(path: &Path) -> Result<Self, JournalError> {
        match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Fault::Missing.at(path)),
            Err(error) => return Err(Fault::of_io(&error).at(path)),
            Ok(metadata) if !metadata.is_file() => return Err(Fault::NoJournal.at(path)),
            Ok(_) => {}
        }
        let mut journal = Self::connect(path, "", false)?;
        if !journal.is_prepared()? {
            return Err(Fault::NoJournal.at(path));
        }
        let version = journal.connection.query_row("SELECT version FROM batch", [], |row| row.get(0));
        journal.version = match version {
            Err(rusqlite::Error::QueryReturnedNoRows) => Err(Fault::NoJournal.at(path)),
            version => version.at(path),
        }?;
        Ok(journal)
    }

    fn connect(path: &Path, version: &str, is_new: bool) -> Result<Self, JournalError> {
        // A name that looks like an address is the name of a file.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).at(path)?;
        connection.busy_timeout(Duration::ZERO).at(path)?;
        // Before the first access: then SQLite needs no memory that processes share.
        connection.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(())).at(path)?;
        Ok(Self { connection, path: path.to_owned(), version: version.to_owned(), is_new, parts: Parts::default() })
    }

    /// Locks the file and gives it its tables.
    fn prepare(&self) -> Result<(), JournalError> {
        let is_prepared = self.is_prepared()?;
        let path = &self.path;
        // Where SQLite cannot, it keeps another mode, which is as safe and slower.
        self.connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).at(path)?;
        self.connection.pragma_update(None, "synchronous", "NORMAL").at(path)?;
        self.connection.execute_batch("BEGIN EXCLUSIVE").at(path)?;
        if !is_prepared {
            self.connection.execute_batch(SCHEMA).at(path)?;
            self.connection.pragma_update(None, "application_id", APPLICATION_ID).at(path)?;
            self.connection.pragma_update(None, "user_version", FORMAT).at(path)?;
        }
        self.connection.execute_batch("COMMIT").at(path)
    }

    /// Whether the file is a journal; an empty one is none yet.
    fn is_prepared(&self) -> Result<bool, JournalError> {
        let pragma = |name: &str| self.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let application = pragma("application_id").at(&self.path)?;
        let format = pragma("user_version").at(&self.path)?;
        let count: i64 =
            (self.connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))).at(&self.path)?;
        match (application, format) {
            (0, 0) if count == 0 => Ok(false),
            (APPLICATION_ID, FORMAT) => Ok(true),
            (APPLICATION_ID, found) => Err(Fault::Format { found, known: FORMAT }.at(&self.path)),
            _ => Err(Fault::NoJournal.at(&self.path)),
        }
    }

    /// Begins a new list of what the batch is asked for, from files of these names; the old one stands until the new one
    /// is complete.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn list(&mut self, files: &[String], shard: Shard) -> Result<Listing<'_>, JournalError> {
        let path = &self.path;
        let transaction = self.connection.transaction().at(path)?;
        transaction.execute_batch("DELETE FROM scenario; DELETE FROM file; DELETE FROM batch").at(path)?;
        for (number, name) in files.iter().enumerate() {
            transaction.execute("INSERT INTO file VALUES (?, ?)", params![number as u64, name]).at(path)?;
        }
        Ok(Listing {
            transaction,
            path,
            version: &self.version,
            shard,
            digest: ListingDigest::default(),
            count: 0,
            own_count: 0,
            last: None,
        })
    }

    /// Writes what has happened, all of it or nothing. When it returns, it is there.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write<'e>(&mut self, events: impl IntoIterator<Item = Event<'e>>) -> Result<(), JournalError> {
        let Self { connection, path, version, parts, .. } = self;
        let transaction = connection.transaction().at(path)?;
        for event in events {
            match event {
                Event::Started(key) => start(&transaction, key, version),
                Event::Ended { key, outcome, milliseconds } => end(&transaction, key, version, outcome, milliseconds),
                Event::PartFound { digest, plan } => parts.keep(&transaction, version, (digest, plan)),
            }
            .at(path)?;
        }
        transaction.commit().at(path)
    }

    /// Leaves the journal as one file, which others can read.
    ///
    /// # Errors
    /// If that cannot be done. Everything that was written is there all the same.
    pub fn close(self) -> Result<(), JournalError> {
        self.connection.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(())).at(&self.path)
    }

    /// Leaves no journal behind if there was none before; else leaves it as it is.
    pub fn discard(self) {
        let Self { connection, path, is_new, .. } = self;
        drop(connection);
        if is_new {
            for suffix in ["", "-wal"] {
                let mut name = path.clone().into_os_string();
                name.push(suffix);
                // There is nobody to tell, and what is left says nothing.
                let _ = fs::remove_file(name);
            }
        }
    }
}

fn start(transaction: &Transaction<'_>, key: &Key, version: &str) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO result (estate, scenario, version, status, attempts, milliseconds) VALUES (?, ?, ?, 'running', 1, 0)
         ON CONFLICT DO UPDATE SET status = 'running', why = NULL, attempts = attempts + 1",
    )?;
    statement.execute(params![key.estate, key.scenario, version]).map(drop)
}

fn end(
    transaction: &Transaction<'_>,
    key: &Key,
    version: &str,
    outcome: &Outcome,
    milliseconds: u64,
) -> rusqlite::Result<()> {
    let (answer, why) = match outcome {
        Outcome::Answered(answer) => (Some(&**answer), None),
        Outcome::Unanswered(no_answer) => (None, Some(&no_answer.why)),
    };
    let mut statement = transaction.prepare_cached(
        "UPDATE result SET status = ?, milliseconds = ?, why = ?, standing = ?, uncovered = ?, spend = ?, currency = ?,
         objective = ?, pieces = ?, digest = ? WHERE estate = ? AND scenario = ? AND version = ?",
    )?;
    let kept = answer.map(|answer| pieces::keep(transaction, &answer.plan)).transpose()?;
    let changed = statement.execute(params![
        outcome.status().word(),
        milliseconds,
        why,
        answer.map(|answer| &answer.standing),
        answer.map(|answer| answer.uncovered),
        answer.map(|answer| &answer.spend),
        answer.and_then(|answer| answer.currency.as_ref()),
        answer.map(|answer| &answer.objective),
        kept.as_ref().map(|kept| &kept.pieces),
        kept.as_ref().map(|kept| &kept.digest),
        key.estate,
        key.scenario,
        version,
    ])?;
    assert_eq!(changed, 1, "what ends was begun");
    Ok(())
}

impl Listing<'_> {
    /// Adds a scenario; those of a file come together and in their order.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, entry: &Entry) -> Result<(), JournalError> {
        let number = match self.last {
            Some((file, number)) if file == entry.file => number + 1,
            _ => 0,
        };
        let is_own = self.shard.owns(&entry.key);
        let mut statement =
            self.transaction.prepare_cached("INSERT INTO scenario VALUES (?, ?, ?, ?, ?, ?, ?)").at(self.path)?;
        let Entry { file, name, key: Key { estate, scenario } } = entry;
        statement.execute(params![self.count, *file as u64, number, name, estate, scenario, is_own]).at(self.path)?;
        self.digest.add(entry);
        self.count += 1;
        self.own_count += u64::from(is_own);
        self.last = Some((entry.file, number));
        Ok(())
    }

    /// Puts the list in force. Returns how many scenarios the shard has.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(self) -> Result<u64, JournalError> {
        let Self { transaction, path, version, shard, digest, own_count, .. } = self;
        let row = params![version, shard.index(), shard.count(), digest.finish()];
        transaction.execute("INSERT INTO batch VALUES (1, ?, ?, ?, ?)", row).at(path)?;
        transaction.commit().at(path)?;
        Ok(own_count)
    }
}
