//! `licit generate`: a synthetic estate in a folder of its own, written whole or not at all.

use crate::arguments::{EstateShape, Generate};
use crate::failure::{Answer, Failure};
use crate::output;
use crate::settings::Settings;
use model::synthetic::{self, File, Shape, Size, Synthetic};
use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

pub(super) fn run(arguments: &Generate, settings: &Settings) -> Result<Answer, Failure> {
    let size = Size::new(arguments.installs, arguments.versions, arguments.tightness);
    let size = size.map_err(|error| Failure::refused(error.to_string()))?;
    let folder = NewFolder::create(&arguments.out)?;
    let drawn = synthetic::draw(arguments.seed, &size, shape(arguments.shape));
    folder.fill(&drawn).map_err(|error| Failure::NoAnswer(cannot_write(&arguments.out, &error)))?;
    if !settings.is_quiet {
        output::print(&said(&drawn, &arguments.out))?;
    }
    Ok(Answer::Yes)
}

fn shape(shape: EstateShape) -> Shape {
    match shape {
        EstateShape::Plain => Shape::Plain,
        EstateShape::Upgrades => Shape::Upgrades,
        EstateShape::Sites => Shape::Sites,
        EstateShape::Assigned => Shape::Assigned,
        EstateShape::Mixed => Shape::Mixed,
    }
}

/// What was written, and what to do with it.
fn said(drawn: &Synthetic, folder: &Path) -> String {
    let mut text = String::new();
    for file in File::ALL {
        let rows = match drawn.rows(file) {
            None => String::new(),
            Some(1) => " (1 row)".to_owned(),
            Some(rows) => format!(" ({rows} rows)"),
        };
        let _ = writeln!(text, "wrote {}{rows}", folder.join(file.name()).display());
    }
    let _ = writeln!(text, "next: licit position {}", folder.join(File::Estate.name()).display());
    text
}

/// A folder that held nothing before, and is left that way unless it is filled.
struct NewFolder {
    path: PathBuf,
    /// Where files are until all of them are complete; within the folder, so that they only change their names.
    pending: PathBuf,
    /// Whether the folder was not there before.
    is_created: bool,
    is_complete: bool,
}

impl NewFolder {
    fn create(path: &Path) -> Result<Self, Failure> {
        let refuse = |error: io::Error| Failure::Refused(cannot_write(path, &error));
        let is_created = !path.exists();
        if is_created {
            fs::create_dir(path).map_err(refuse)?;
        } else if fs::read_dir(path).map_err(refuse)?.next().is_some() {
            let message = format!("`--out {}` is not empty; expected a new or an empty folder", path.display());
            return Err(Failure::Refused(message));
        }
        let pending = path.join(format!(".licit-{}.tmp", std::process::id()));
        let folder = Self { path: path.to_owned(), pending, is_created, is_complete: false };
        fs::create_dir(&folder.pending).map_err(refuse)?;
        Ok(folder)
    }

    /// Writes all files, then gives them their names, the tables before the estate that needs them.
    fn fill(mut self, drawn: &Synthetic) -> io::Result<()> {
        for file in File::ALL {
            let mut out = BufWriter::new(fs::File::create_new(self.pending.join(file.name()))?);
            drawn.write(file, &mut out)?;
            out.flush()?;
            out.get_ref().sync_all()?;
        }
        for file in File::ALL {
            fs::rename(self.pending.join(file.name()), self.path.join(file.name()))?;
        }
        self.is_complete = true;
        fs::remove_dir(&self.pending)
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

fn cannot_write(folder: &Path, error: &io::Error) -> String {
    format!("`--out {}` cannot be written: {error}", folder.display())
}
