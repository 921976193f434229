//! Findings about an input, for people and for programs.
//!
//! Text from files is never trusted: control and bidirectional characters are shown as visible ones, so
//! that no name can move the cursor, change colors or turn the direction of a line.

use crate::text::neutral;
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use model::diagnostic::{Diagnostic, Place, Severity};
use model::findings::{Excerpt, Findings};
use model::limits;
use serde_json::json;
use std::fmt::Write as _;

/// Whether text carries the colors of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// Plain text.
    Never,
    /// With escape sequences.
    Always,
}

/// Findings as text: each with its place, the line it is about and what to write instead, then their number.
///
/// Shows at most [`limits::FINDINGS_SHOWN_MAX`]; empty if nothing was found.
#[must_use]
pub fn text(findings: &Findings, color: Color) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let renderer = match color {
        Color::Never => Renderer::plain(),
        Color::Always => Renderer::styled(),
    };
    let mut text = String::new();
    let shown = findings.diagnostics().iter().take(limits::FINDINGS_SHOWN_MAX);
    for diagnostic in shown {
        let _ = writeln!(text, "{}\n", renderer.render(&groups(diagnostic, findings)));
    }
    let total = findings.error_count() + findings.warning_count();
    let hidden = total.saturating_sub(limits::FINDINGS_SHOWN_MAX as u64);
    if hidden > 0 {
        let _ = writeln!(text, "{hidden} more {} not shown", if hidden == 1 { "finding is" } else { "findings are" });
    }
    let _ = writeln!(text, "{}", summary(findings));
    text
}

/// How many errors and warnings there are: "2 errors, 1 warning".
#[must_use]
pub fn summary(findings: &Findings) -> String {
    let counted = |count: u64, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let errors = (findings.error_count() > 0).then(|| counted(findings.error_count(), "error"));
    let warnings = (findings.warning_count() > 0).then(|| counted(findings.warning_count(), "warning"));
    let parts: Vec<String> = errors.into_iter().chain(warnings).collect();
    if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") }
}

/// Findings as JSON lines: one object each with `code`, `severity`, `file`, `line`, `column`, `message`, `help`
/// and `related`.
#[must_use]
pub fn json_lines(findings: &Findings) -> String {
    let mut lines = String::new();
    for diagnostic in findings.diagnostics() {
        let related: Vec<serde_json::Value> = (diagnostic.related.iter())
            .map(|related| {
                json!({
                    "file": findings.file_name(related.place.file),
                    "line": related.place.line,
                    "column": related.place.column,
                    "message": related.message,
                })
            })
            .collect();
        let object = json!({
            "code": diagnostic.code.as_str(),
            "severity": diagnostic.severity.as_str(),
            "file": findings.file_name(diagnostic.place.file),
            "line": diagnostic.place.line,
            "column": diagnostic.place.column,
            "message": diagnostic.message,
            "help": diagnostic.help,
            "related": related,
        });
        let _ = writeln!(lines, "{object}");
    }
    lines
}

/// The finding itself, the places that belong to it, and the help.
fn groups<'a>(diagnostic: &Diagnostic, findings: &Findings) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(safe(&diagnostic.message)).id(diagnostic.code.as_str());
    let mut groups = vec![title.elements(location(diagnostic.place, AnnotationKind::Primary, findings))];
    for related in &diagnostic.related {
        let title = Level::NOTE.secondary_title(safe(&related.message));
        groups.push(title.elements(location(related.place, AnnotationKind::Context, findings)));
    }
    if let Some(help) = &diagnostic.help {
        groups.push(Group::with_title(Level::HELP.secondary_title(safe(help))));
    }
    groups
}

/// `file:line:column` and, where it was kept, the line.
fn location<'a>(place: Place, kind: AnnotationKind, findings: &Findings) -> Vec<Element<'a>> {
    let file = safe(findings.file_name(place.file));
    let excerpt = findings.excerpt(place).filter(|excerpt| !excerpt.text.is_empty());
    match excerpt {
        // A whole line: the column follows from it.
        Some(excerpt) if excerpt.first_column == 1 => vec![snippet_of(excerpt, place, kind).path(file).into()],
        excerpt => {
            let origin = Origin::path(file).line(place.line as usize).char_column(place.column as usize);
            let snippet = excerpt.map(|excerpt| Element::from(snippet_of(excerpt, place, kind)));
            std::iter::once(Element::from(origin)).chain(snippet).collect()
        }
    }
}

fn snippet_of<'a>(excerpt: &Excerpt, place: Place, kind: AnnotationKind) -> Snippet<'a, Annotation<'a>> {
    let text = visible(&excerpt.text);
    let byte_at = |characters: usize| text.char_indices().nth(characters).map_or(text.len(), |(byte, _)| byte);
    let first = place.column.saturating_sub(excerpt.first_column) as usize;
    let span = byte_at(first)..byte_at(first.saturating_add(place.length as usize));
    Snippet::source(text).line_start(place.line as usize).annotation(kind.span(span))
}

/// Words of a finding, made safe.
fn safe(text: &str) -> String {
    neutral(text).into_owned()
}

/// A line of a file in which every character can be seen, one for one so that columns stay.
fn visible(text: &str) -> String {
    text.chars().map(visible_character).collect()
}

fn visible_character(character: char) -> char {
    match character {
        '\t' => ' ',
        // Unicode has a picture for each control character of ASCII.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => char::REPLACEMENT_CHARACTER,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{ReadOptions, read_estate_text};

    const BROKEN: &str = "licit: 1\nas_of: 2026-11-22\ntitles:\n  - {id: t, versions: [\"1\"]}\n  - {id: t, versions: [\"10\", \"10.0\"]}\nskus:\n  - {id: S, version: t@2}\n";

    fn findings(text: &str) -> Findings {
        read_estate_text("estate.yaml", text, &ReadOptions::default()).findings
    }

    #[test]
    fn a_finding_shows_its_place_its_line_and_the_first_of_two() {
        let text = text(&findings(BROKEN), Color::Never);
        assert!(text.starts_with("error[E-DUP-ID]: the title `t` stands twice\n --> estate.yaml:5:10\n"), "{text}");
        assert!(text.contains("estate.yaml:4:10"), "{text}");
        assert!(text.contains("help: "), "{text}");
        assert!(text.ends_with("1 error, 1 warning\n"), "{text}");
    }

    #[test]
    fn nothing_found_is_nothing_said() {
        assert_eq!(text(&findings("licit: 1\nas_of: 2026-11-22\n"), Color::Never), "");
    }

    #[test]
    fn escapes_in_names_never_reach_the_terminal() {
        let hostile = "licit: 1\nas_of: 2026-11-22\nscopes: [{id: \"\\e]0;x\\a\u{9b}31m\", parent: \"\\u202E\"}]\n";
        let text = text(&findings(hostile), Color::Never);
        assert!(text.contains("E-CTRL"));
        assert!(
            text.chars().all(|character| character == '\n' || !(character.is_control() || character == '\u{202e}')),
            "{text:?}"
        );
    }

    #[test]
    fn colors_are_there_on_demand_only() {
        assert!(text(&findings(BROKEN), Color::Always).contains('\u{1b}'));
        assert!(!text(&findings(BROKEN), Color::Never).contains('\u{1b}'));
    }

    #[test]
    fn every_finding_is_a_line_of_json() {
        let lines = json_lines(&findings(BROKEN));
        let objects: Vec<serde_json::Value> =
            lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(objects.len(), 2);
        assert_eq!(objects[0]["code"], "E-DUP-ID");
        assert_eq!(objects[0]["related"][0]["line"], 4);
        assert_eq!(objects[1]["severity"], "warning");
    }

    #[test]
    fn what_is_beyond_the_cap_is_counted() {
        let many = format!("licit: 1\nas_of: 2026-11-22\ninstalls:\n{}", "  - {quantity: -1}\n".repeat(300));
        let text = text(&findings(&many), Color::Never);
        assert!(text.contains("500 more findings are not shown\n600 errors\n"), "{}", &text[text.len() - 300..]);
    }

    #[test]
    fn a_place_far_along_a_long_line_is_shown_in_its_surroundings() {
        let long = format!("{{licit: 1, as_of: 2026-11-22, name: \"{}\", currency: KR}}", "x".repeat(5_000));
        let text = text(&findings(&long), Color::Never);
        assert!(text.contains("estate.yaml:1:5051"), "{text}");
        assert!(text.contains("currency: KR}"), "{text}");
        assert!(text.len() < 1_000, "{text}");
    }
}
