//! Why a journal cannot be used, in words for whoever runs the batch.

use rusqlite::ErrorCode;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a journal cannot be used.
#[derive(Debug)]
pub struct JournalError {
    /// Where the journal is.
    pub path: PathBuf,
    /// What is the matter with it.
    pub fault: Fault,
}

/// What is the matter with a journal.
#[derive(Debug)]
pub enum Fault {
    /// Another process has it open.
    InUse,
    /// There is no such file.
    Missing,
    /// The file or its folder cannot be opened or written.
    Refused(String),
    /// The file is something else.
    NoJournal,
    /// The journal has another format.
    Format {
        /// Its format.
        found: i64,
        /// The one that is read here.
        known: i64,
    },
    /// There is no room left.
    Full,
    /// The disk fails.
    Disk(String),
    /// What is in the file makes no sense.
    Damaged(String),
}

impl Fault {
    pub(crate) fn of_io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Refused(error.to_string()),
        }
    }

    fn of_sqlite(error: &rusqlite::Error) -> Self {
        let text = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse,
            Some(ErrorCode::NotADatabase) => Self::NoJournal,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::Refused(format!("{text}; SQLite writes a file and others beside it"))
            }
            Some(ErrorCode::SystemIoFailure) => Self::Disk(text),
            _ => Self::Damaged(text),
        }
    }

    pub(crate) fn at(self, path: &Path) -> JournalError {
        JournalError { path: path.to_owned(), fault: self }
    }
}

/// Says where it happened.
pub(crate) trait At<T> {
    fn at(self, path: &Path) -> Result<T, JournalError>;
}

impl<T> At<T> for Result<T, rusqlite::Error> {
    fn at(self, path: &Path) -> Result<T, JournalError> {
        self.map_err(|error| Fault::of_sqlite(&error).at(path))
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.fault {
            Fault::InUse => {
                write!(f, "the journal `{path}` is in use by another batch; wait for it, or name another journal")
            }
            Fault::Missing => write!(f, "there is no journal `{path}`"),
            Fault::Refused(why) => write!(f, "the journal `{path}` cannot be opened or written: {why}"),
            Fault::NoJournal => write!(f, "`{path}` is no journal of a batch; name another file"),
            Fault::Format { found, known } => write!(
                f,
                "the journal `{path}` has format {found} and this version of licit has format {known}; name another \
                 journal, or use the version that wrote it"
            ),
            Fault::Full => write!(f, "the journal `{path}` cannot be written: no room is left on its disk"),
            Fault::Disk(why) => write!(f, "the journal `{path}` cannot be read or written: {why}"),
            Fault::Damaged(why) => write!(f, "the journal `{path}` is damaged: {why}"),
        }
    }
}

impl std::error::Error for JournalError {}
