//! Where results go: standard output, or a file that is written whole or not at all.

use crate::failure::Failure;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where a result goes. A file is opened before anything is solved.
pub(crate) enum Output {
    /// Standard output.
    Stdout,
    /// A file.
    File(PendingFile),
}

/// A file written beside its final name, which it takes only when it is complete. Dropped before
/// that, it leaves nothing behind.
pub(crate) struct PendingFile {
    file: File,
    pending: PathBuf,
    path: PathBuf,
    is_complete: bool,
}

impl Output {
    /// Opens the output. `inputs` are files that must not be overwritten by it.
    pub(crate) fn open(path: Option<&Path>, inputs: &[&Path]) -> Result<Self, Failure> {
        match path {
            None => Ok(Self::Stdout),
            Some(path) => PendingFile::create(path, inputs).map(Self::File),
        }
    }

    /// Whether the result is shown rather than stored.
    pub(crate) fn is_stdout(&self) -> bool {
        matches!(self, Self::Stdout)
    }

    /// Writes the whole result.
    pub(crate) fn write(mut self, result: &(impl AsRef<[u8]> + ?Sized)) -> Result<(), Failure> {
        self.push(result)?;
        self.finish()
    }

    /// Writes the next piece of a result.
    pub(crate) fn push(&mut self, piece: &(impl AsRef<[u8]> + ?Sized)) -> Result<(), Failure> {
        match self {
            Self::Stdout => print(piece),
            Self::File(file) => file.push(piece.as_ref()),
        }
    }

    /// Says that the result is complete.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Stdout => Ok(()),
            Self::File(file) => file.finish(),
        }
    }
}

/// Writes to standard output. That nobody reads it to the end is no failure.
pub(crate) fn print(bytes: &(impl AsRef<[u8]> + ?Sized)) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes.as_ref()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::NoAnswer(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

impl PendingFile {
    fn create(path: &Path, inputs: &[&Path]) -> Result<Self, Failure> {
        // The name of a link is kept, and what it leads to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if inputs.iter().any(|input| fs::canonicalize(input).is_ok_and(|input| input == path)) {
            return Err(Failure::refused(format!("`--out {}` would overwrite the input", path.display())));
        }
        let before = fs::metadata(&path).ok();
        if before.as_ref().is_some_and(|before| !before.is_file()) {
            return Err(Failure::refused(format!("`--out {}` is not a regular file", path.display())));
        }
        if path.file_name().is_none() {
            return Err(Failure::refused(format!("`--out {}` names no file", path.display())));
        }
        let pending = path.with_file_name(format!(".licit-{}.tmp", std::process::id()));
        let file = OpenOptions::new().write(true).create_new(true).open(&pending);
        let file = file.map_err(|error| Failure::Refused(cannot_write(&path, &error)))?;
        let opened = Self { file, pending, path, is_complete: false };
        if let Some(before) = before {
            let kept = opened.file.set_permissions(before.permissions());
            kept.map_err(|error| Failure::Refused(cannot_write(&opened.path, &error)))?;
        }
        Ok(opened)
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.file.write_all(bytes).map_err(|error| Failure::NoAnswer(cannot_write(&self.path, &error)))
    }

    fn finish(mut self) -> Result<(), Failure> {
        let renamed = self.file.sync_all().and_then(|()| fs::rename(&self.pending, &self.path));
        renamed.map_err(|error| Failure::NoAnswer(cannot_write(&self.path, &error)))?;
        self.is_complete = true;
        Ok(())
    }
}

impl Drop for PendingFile {
    fn drop(&mut self) {
        if !self.is_complete {
            // There is nobody to tell, and the answer does not depend on it.
            let _ = fs::remove_file(&self.pending);
        }
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> String {
    format!("`--out {}` cannot be written: {error}", path.display())
}
