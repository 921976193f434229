//! All findings about an input, sorted, with the lines they are about.

use crate::diagnostic::{Diagnostic, FileId, Place, Severity};
use crate::id::VersionId;
use crate::limits;
use std::collections::BTreeMap;

/// Findings of each severity that are kept; further ones are counted.
const KEPT_MAX: u64 = 10_000;
/// Names that are compared in all while suggestions are looked for.
const COMPARISONS_MAX: usize = 2_000_000;
/// Characters of a long line that are kept around a place.
const EXCERPT_CHARACTERS: usize = 240;
/// Characters kept before the place in a long line.
const EXCERPT_LEAD: usize = 80;

/// What was found, sorted by place; beyond ten thousand of a severity only counted.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    files: Vec<String>,
    diagnostics: Vec<Diagnostic>,
    excerpts: BTreeMap<(FileId, u32, u32), Excerpt>,
    error_count: u64,
    warning_count: u64,
    /// Names that were compared for suggestions.
    comparison_count: usize,
}

/// The line a place is in, or a part of a long one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The text.
    pub text: String,
    /// The column of its first character, from 1.
    pub first_column: u32,
}

impl Findings {
    /// Nothing found yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Names a file that is about to be read.
    pub fn add_file(&mut self, name: impl Into<String>) -> FileId {
        self.files.push(name.into());
        FileId(u32::try_from(self.files.len() - 1).expect("fewer than 2^32 files"))
    }

    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let count = match diagnostic.severity {
            Severity::Error => &mut self.error_count,
            Severity::Warning => &mut self.warning_count,
        };
        *count += 1;
        if *count <= KEPT_MAX {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Adds an error that is built only if it is kept; files with millions of errors have not that much to say.
    pub fn push_error(&mut self, build: impl FnOnce(&mut Self) -> Diagnostic) {
        if self.error_count >= KEPT_MAX {
            self.error_count += 1;
        } else {
            let diagnostic = build(self);
            self.push(diagnostic);
        }
    }

    /// Whether names may be compared with `candidate_count` others to suggest the nearest: for findings that are
    /// shown, and not without end.
    pub fn may_suggest(&mut self, candidate_count: usize) -> bool {
        let is_shown = self.error_count < limits::FINDINGS_SHOWN_MAX as u64;
        let may = is_shown && candidate_count <= COMPARISONS_MAX.saturating_sub(self.comparison_count);
        if may {
            self.comparison_count += candidate_count;
        }
        may
    }

    /// What was found: sorted by file, line and column once reading has ended.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The name of a file as the user gave it.
    #[must_use]
    pub fn file_name(&self, file: FileId) -> &str {
        &self.files[file.0 as usize]
    }

    /// Shows other names for the files, such as paths relative to where the user is.
    pub fn rename_files(&mut self, rename: impl Fn(&str) -> String) {
        for name in &mut self.files {
            *name = rename(name);
        }
    }

    /// The line of a place, where it was kept.
    #[must_use]
    pub fn excerpt(&self, place: Place) -> Option<&Excerpt> {
        self.excerpts.get(&(place.file, place.line, place.column))
    }

    /// How many errors were found.
    #[must_use]
    pub fn error_count(&self) -> u64 {
        self.error_count
    }

    /// How many warnings were found.
    #[must_use]
    pub fn warning_count(&self) -> u64 {
        self.warning_count
    }

    /// Whether the input is refused.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.error_count > 0
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.error_count + self.warning_count == 0
    }

    /// How many findings are kept; those added later have larger positions in the list.
    #[must_use]
    pub fn kept_count(&self) -> usize {
        self.diagnostics.len()
    }

    /// Adds all that was found elsewhere, with its files after those that are here.
    pub fn append(&mut self, other: Self) {
        let first = u32::try_from(self.files.len()).expect("fewer than 2^32 files");
        let moved = |place: Place| Place { file: FileId(place.file.0 + first), ..place };
        self.files.extend(other.files);
        let counts = [other.error_count, other.warning_count];
        let mut kept = [0, 0];
        for mut diagnostic in other.diagnostics {
            diagnostic.place = moved(diagnostic.place);
            diagnostic.related.iter_mut().for_each(|related| related.place = moved(related.place));
            kept[usize::from(diagnostic.severity == Severity::Warning)] += 1;
            self.push(diagnostic);
        }
        self.error_count += counts[0] - kept[0];
        self.warning_count += counts[1] - kept[1];
        let excerpts = other.excerpts.into_iter();
        self.excerpts
            .extend(excerpts.map(|((file, line, column), kept)| ((FileId(file.0 + first), line, column), kept)));
        self.comparison_count += other.comparison_count;
    }

    /// Withdraws the warnings that no license can reach the demand for a version, where something explains it.
    pub fn withdraw_unreached(&mut self, is_explained: impl Fn(VersionId) -> bool) {
        let before = self.diagnostics.len();
        self.diagnostics.retain(|diagnostic| !diagnostic.unreached.is_some_and(&is_explained));
        self.warning_count -= (before - self.diagnostics.len()) as u64;
    }

    /// Sorts by file, line and column.
    pub fn sort(&mut self) {
        self.diagnostics.sort_by(|left, right| {
            let key = |diagnostic: &Diagnostic| (diagnostic.place, diagnostic.code);
            key(left).cmp(&key(right)).then_with(|| left.message.cmp(&right.message))
        });
    }

    /// Keeps the lines of `text` that findings in `file` are about.
    pub fn keep_lines(&mut self, file: FileId, text: &str) {
        let mut places = self.places_since(0);
        places.retain(|place| place.file == file);
        places.sort_unstable();
        let mut lines = text.split('\n');
        let (mut line, mut number) = (lines.next(), 1);
        for place in places {
            while number < place.line && line.is_some() {
                line = lines.next();
                number += 1;
            }
            if let Some(line) = line {
                self.keep_excerpt(place, line);
            }
        }
    }

    /// Keeps `line` for the findings added since there were `kept_count` that are about it.
    pub fn keep_line_since(&mut self, kept_count: usize, file: FileId, number: u32, line: &str) {
        for place in self.places_since(kept_count) {
            if place.file == file && place.line == number {
                self.keep_excerpt(place, line);
            }
        }
    }

    fn places_since(&self, kept_count: usize) -> Vec<Place> {
        let of = |diagnostic: &Diagnostic| {
            let related: Vec<Place> = diagnostic.related.iter().map(|related| related.place).collect();
            std::iter::once(diagnostic.place).chain(related)
        };
        self.diagnostics[kept_count..].iter().flat_map(of).collect()
    }

    fn keep_excerpt(&mut self, place: Place, line: &str) {
        self.excerpts.entry((place.file, place.line, place.column)).or_insert_with(|| cut_out(line, place.column));
    }
}

/// The line, or the part of it around `column`.
fn cut_out(line: &str, column: u32) -> Excerpt {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let skipped = if line.len() <= EXCERPT_CHARACTERS { 0 } else { (column as usize - 1).saturating_sub(EXCERPT_LEAD) };
    let text = line.chars().skip(skipped).take(EXCERPT_CHARACTERS).collect();
    Excerpt { text, first_column: u32::try_from(skipped + 1).unwrap_or(u32::MAX) }
}
