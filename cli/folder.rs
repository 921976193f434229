//! A folder of files, written whole or not at all.

use crate::failure::Failure;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// A folder that held nothing before, and is left that way unless it is finished.
pub(crate) struct NewFolder {
    /// The flag that names the folder.
    flag: &'static str,
    path: PathBuf,
    /// Where files are until all of them are complete; within the folder, so that they only change their names.
    pending: PathBuf,
    /// In the order in which they were added.
    names: Vec<String>,
    /// Whether the folder was not there before.
    is_created: bool,
    is_complete: bool,
}

impl NewFolder {
    /// Makes a folder that is new, or takes an empty one; `flag` has named it.
    pub(crate) fn create(flag: &'static str, path: &Path) -> Result<Self, Failure> {
        let refuse = |error: io::Error| Failure::Refused(cannot_write(flag, path, &error));
        let is_created = !path.exists();
        if is_created {
            fs::create_dir(path).map_err(refuse)?;
        } else if fs::read_dir(path).map_err(refuse)?.next().is_some() {
            let message = format!("`{flag} {}` is not empty; expected a new or an empty folder", path.display());
            return Err(Failure::Refused(message));
        }
        let pending = path.join(format!(".licit-{}.tmp", std::process::id()));
        let folder = Self { flag, path: path.to_owned(), pending, names: Vec::new(), is_created, is_complete: false };
        fs::create_dir(&folder.pending).map_err(refuse)?;
        Ok(folder)
    }

    /// Writes a file, which has its name once the folder is finished. No two have the same.
    pub(crate) fn add(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let written = File::create_new(self.pending.join(name)).and_then(|file| {
            let mut out = BufWriter::new(file);
            write(&mut out)?;
            out.flush()?;
            out.get_ref().sync_all()
        });
        written.map_err(|error| Failure::NoAnswer(cannot_write(self.flag, &self.path, &error)))?;
        self.names.push(name.to_owned());
        Ok(())
    }

    /// Gives all files their names, in the order in which they were added.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let renamed = self.names.iter().try_for_each(|name| {
            let (from, to) = (self.pending.join(name), self.path.join(name));
            // What somebody else has put here meanwhile is not overwritten.
            if to.exists() { Err(io::ErrorKind::AlreadyExists.into()) } else { fs::rename(from, to) }
        });
        let removed = renamed.and_then(|()| {
            self.is_complete = true;
            fs::remove_dir(&self.pending)
        });
        removed.map_err(|error| Failure::NoAnswer(cannot_write(self.flag, &self.path, &error)))
    }
}

impl Drop for NewFolder {
    fn drop(&mut self) {
        if self.is_complete {
            return;
        }
        // There is nobody to tell, and nothing is removed that was here before.
        let _ = fs::remove_dir_all(&self.pending);
        if self.is_created {
            let _ = fs::remove_dir(&self.path);
        }
    }
}

fn cannot_write(flag: &str, folder: &Path, error: &io::Error) -> String {
    format!("`{flag} {}` cannot be written: {error}", folder.display())
}
