//! The way in: from a file, or from text, to an estate and everything that was found on the way.

use crate::diagnostic::FileId;
use crate::document::{self, Source, include};
use crate::estate::Estate;
use crate::findings::Findings;
use crate::{input, lints, yaml};
use jiff::civil::Date;
use std::path::{Path, PathBuf};

/// How to read an estate.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The day the position is for, whatever the file says.
    pub as_of: Option<Date>,
    /// The folder of the catalogs and tables that a text names; without it a text may name none. Those of a file
    /// are always in its own folder.
    pub folder: Option<PathBuf>,
}

/// What was read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The estate; none exactly if there are errors among the findings.
    pub estate: Option<Estate>,
    /// What was found, sorted, with the lines it is about.
    pub findings: Findings,
}

/// Reads an estate file, the catalogs it includes and the tables they name, each file once.
#[must_use]
pub fn read_estate(path: &Path, options: &ReadOptions) -> Reading {
    read_estate_as(&path.to_string_lossy(), path, options)
}

/// The same; `name` stands for the file in findings.
#[must_use]
pub fn read_estate_as(name: &str, path: &Path, options: &ReadOptions) -> Reading {
    let mut findings = Findings::new();
    let file = findings.add_file(name);
    match input::read_text(path, file, &mut findings) {
        Some(text) => {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            let folder = parent.unwrap_or(Path::new("."));
            let source = Source { file, kind: "estate", folder: Some(folder), as_of: options.as_of };
            read_source(&text, &source, findings)
        }
        None => Reading { estate: None, findings },
    }
}

/// Reads an estate from text; `name` stands for the file in findings.
#[must_use]
pub fn read_estate_text(name: &str, text: &str, options: &ReadOptions) -> Reading {
    let mut findings = Findings::new();
    let file: FileId = findings.add_file(name);
    let source = Source { file, kind: "estate", folder: options.folder.as_deref(), as_of: options.as_of };
    read_source(text, &source, findings)
}

fn read_source(text: &str, source: &Source<'_>, mut findings: Findings) -> Reading {
    let text = input::without_byte_order_mark(text);
    let cleaned = input::check_text(text, source.file, &mut findings);
    let root = yaml::read(cleaned.as_deref().unwrap_or(text), source.file, &mut findings);
    let included = root.as_ref().map(|root| include::read(root, source, &mut findings)).unwrap_or_default();
    let read = root.and_then(|root| document::read(&root, source, &included, &mut findings));
    let estate = read.map(|(estate, places)| {
        lints::report(&estate, &places, &mut findings);
        estate
    });
    findings.sort();
    findings.keep_lines(source.file, text);
    for file in included.iter().flatten() {
        findings.keep_lines(file.file, &file.text);
    }
    assert!(estate.is_some() != findings.has_errors(), "there is an estate exactly if there is no error");
    Reading { estate, findings }
}

#[cfg(test)]
mod catalog_tests;
#[cfg(test)]
mod maintenance_tests;
#[cfg(test)]
mod mutation_tests;
#[cfg(test)]
mod table_tests;
#[cfg(test)]
mod tests;
