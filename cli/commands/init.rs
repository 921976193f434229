//! `licit init`: an estate and scenarios to start from, in files that were not there before.

use crate::arguments::Init;
use crate::failure::{Answer, Failure};
use crate::output;
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The files by name; the first is the one to go on with.
const FILES: [(&str, &str); 3] = [
    ("estate.yaml", include_str!("../starter/estate.yaml")),
    ("installs.csv", include_str!("../starter/installs.csv")),
    ("renewal.yaml", include_str!("../starter/renewal.yaml")),
];

pub(super) fn run(arguments: &Init) -> Result<Answer, Failure> {
    // The empty path is the folder that the program runs in, and adds nothing to names.
    let folder = arguments.folder.clone().unwrap_or_default();
    let files = FILES.map(|(name, text)| (folder.join(name), text));
    // A link that leads nowhere is there too.
    if let Some((path, _)) = files.iter().find(|(path, _)| path.symlink_metadata().is_ok()) {
        let path = path.display();
        return Err(Failure::refused(format!("`{path}` is there already; nothing was written, name another folder")));
    }
    fs::create_dir_all(&folder).map_err(|error| cannot_write(&folder, &error))?;
    write_all(&files)?;
    let mut said = String::new();
    for (path, _) in &files {
        let _ = writeln!(said, "wrote {}", path.display());
    }
    let _ = writeln!(said, "next: licit position {}", shell_word(&files[0].0));
    output::print(&said).map(|()| Answer::Yes)
}

/// Writes all files or, as far as the system lets us, none. A file that has come into being since is left alone.
fn write_all(files: &[(PathBuf, &str)]) -> Result<(), Failure> {
    for (index, (path, text)) in files.iter().enumerate() {
        let created = OpenOptions::new().write(true).create_new(true).open(path);
        let is_ours = created.is_ok();
        if let Err(error) = created.and_then(|mut file| file.write_all(text.as_bytes())) {
            for (written, _) in &files[..index + usize::from(is_ours)] {
                // There is nobody else to undo it.
                let _ = fs::remove_file(written);
            }
            return Err(cannot_write(path, &error));
        }
    }
    Ok(())
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::refused(format!("`{}` cannot be written: {error}", path.display()))
}

/// A path as a shell takes it for one word.
fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |character: char| character.is_alphanumeric() || "/._-".contains(character);
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
