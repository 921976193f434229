//! A YAML file that other readers than the one of estates take apart: read once, checked, bounded.

use crate::beside::{self, Kind};
use crate::diagnostic::FileId;
use crate::document::{self, head};
use crate::fields::{Cell, Fields};
use crate::findings::Findings;
use crate::input;
use crate::yaml::{self, Node, Placeholders};
use std::path::{Path, PathBuf};

const ESTATE: Kind = Kind { one: "estate", instead: "the file itself", twice: "it would stand twice" };

/// A file as text, free of what must not be in it.
#[derive(Clone, Debug)]
pub struct YamlSource {
    /// The file.
    pub file: FileId,
    /// The folder it stands in; none if it may name no other file.
    pub folder: Option<PathBuf>,
    /// As read, but for a byte-order mark.
    text: String,
}

impl YamlSource {
    /// Reads a file within its limits.
    pub fn open(path: &Path, findings: &mut Findings) -> Option<Self> {
        let file = findings.add_file(path.to_string_lossy());
        let text = input::read_text(path, file, findings)?;
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        Some(Self { file, folder: Some(parent.unwrap_or(Path::new(".")).to_owned()), text })
    }

    /// Takes text; `name` stands for the file in findings.
    pub fn of_text(name: &str, text: &str, folder: Option<PathBuf>, findings: &mut Findings) -> Self {
        Self { file: findings.add_file(name), folder, text: text.to_owned() }
    }

    /// The text as it was read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text without what must not be in it, which is reported.
    pub fn checked(&self, findings: &mut Findings) -> String {
        let text = input::without_byte_order_mark(&self.text);
        input::check_text(text, self.file, findings).unwrap_or_else(|| text.to_owned())
    }

    /// The tree of the checked text, in which placeholders are kept.
    pub fn tree<'t>(&self, checked: &'t str, findings: &mut Findings) -> Option<Node<'t>> {
        yaml::read_with(checked, self.file, Placeholders::Kept, findings)
    }

    /// The path of the estate that a cell names and how findings name it, if the file is there and may be read.
    pub fn estate_beside(
        &self,
        kind: &'static str,
        cell: Cell<'_>,
        findings: &mut Findings,
    ) -> Option<(PathBuf, String)> {
        let source = document::Source { file: self.file, kind, folder: self.folder.as_deref(), as_of: None };
        let path = beside::locate(cell, ESTATE, &source, &mut Vec::new(), findings)?;
        let name = beside::shown_name(cell, &source, findings);
        Some((path, name))
    }

    /// Keeps the lines that findings are about.
    pub fn keep_lines(&self, findings: &mut Findings) {
        findings.keep_lines(self.file, input::without_byte_order_mark(&self.text));
    }
}

/// Reports a file that is not of the format version this program reads.
pub fn check_format(file: &Fields<'_, '_>, findings: &mut Findings) {
    head::check_format(file, findings);
}
