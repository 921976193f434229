//! From a path to text that is safe to look at: regular files only, bounded, UTF-8, no hidden characters.
//!
//! A file is read once and never looked at again: what was read is what is used.

use crate::diagnostic::{Code, Diagnostic, FileId, Place};
use crate::findings::Findings;
use crate::limits;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The byte-order mark, which programs of the last century put before UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Opens a regular file; its size in bytes comes along.
///
/// The kind is looked at before opening, because opening a pipe waits for its writer.
pub(crate) fn open(path: &Path, file: FileId, findings: &mut Findings) -> Option<(File, u64)> {
    let opened = std::fs::metadata(path).and_then(|metadata| {
        if metadata.is_file() { File::open(path).map(|file| Some((file, metadata.len()))) } else { Ok(None) }
    });
    let place = Place::start_of(file);
    match opened {
        Ok(Some(opened)) => return Some(opened),
        Ok(None) => findings.push(
            Diagnostic::new(Code::NotAFile, place, "this is not a regular file")
                .with_help("devices, pipes, sockets and folders are not read; save the estate as a file"),
        ),
        Err(error) => findings.push(unreadable(&error, place)),
    }
    None
}

/// The finding for a file that the system does not let us read.
pub(crate) fn unreadable(error: &io::Error, place: Place) -> Diagnostic {
    if error.kind() == io::ErrorKind::NotFound {
        Diagnostic::new(Code::NotFound, place, "there is no such file")
    } else {
        // The system's words begin with a capital and end with a number in parentheses.
        let text = error.to_string();
        let reason = text.split(" (os error").next().unwrap_or_default().to_lowercase();
        Diagnostic::new(Code::Io, place, format!("the file cannot be read: {reason}"))
    }
}

/// Reads a whole YAML file within its limit.
pub(crate) fn read_text(path: &Path, file: FileId, findings: &mut Findings) -> Option<String> {
    let (source, size) = open(path, file, findings)?;
    let place = Place::start_of(file);
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file that grows while it is read.
    if size <= limits::YAML_BYTES_MAX
        && let Err(error) = source.take(limits::YAML_BYTES_MAX + 1).read_to_end(&mut bytes)
    {
        findings.push(unreadable(&error, place));
        return None;
    }
    let size = size.max(bytes.len() as u64);
    if size > limits::YAML_BYTES_MAX {
        let limit = limits::YAML_BYTES_MAX >> 20;
        let message = format!("the file has {size} bytes; expected at most {limit} MiB");
        findings.push(
            Diagnostic::new(Code::Size, place, message)
                .with_help("put SKUs, licenses, installs and assignments into tables"),
        );
        return None;
    }
    match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            findings.push(not_utf8(error.as_bytes(), valid, 1, file));
            None
        }
    }
}

/// The finding for bytes that are not UTF-8 from `valid_up_to` on; the first byte is at the beginning of `first_line`.
pub(crate) fn not_utf8(bytes: &[u8], valid_up_to: usize, first_line: usize, file: FileId) -> Diagnostic {
    let valid = String::from_utf8_lossy(&bytes[..valid_up_to]);
    let line = first_line + valid.matches('\n').count();
    let column = valid.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let byte = bytes.get(valid_up_to).copied().unwrap_or_default();
    let help = if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        "this looks like UTF-16; save the file as UTF-8"
    } else {
        "this looks like another encoding, such as Windows-1252; save the file as UTF-8"
    };
    let message = format!("the byte 0x{byte:02x} is not UTF-8");
    Diagnostic::new(Code::Utf8, Place::at(file, line, column, 1), message).with_help(help)
}

/// The text without a byte-order mark at its beginning.
pub(crate) fn without_byte_order_mark(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// Looks at every line for what must not be in a YAML file and returns a copy without hidden characters, of
/// the same columns, if there were any.
pub(crate) fn check_text(text: &str, file: FileId, findings: &mut Findings) -> Option<String> {
    let mut has_forbidden = false;
    for (index, line) in text.split('\n').enumerate() {
        if line.len() > limits::LINE_BYTES_MAX {
            findings.push(long_line(Place::at(file, index + 1, 1, 1)));
        }
        let line = line.strip_suffix('\r').unwrap_or(line);
        check_indentation(line, index + 1, file, findings);
        if is_plain(line.as_bytes()) {
            continue;
        }
        for (column, character) in line.chars().enumerate() {
            if is_forbidden(character) && character != '\t' {
                has_forbidden = true;
                findings.push(forbidden_character(character, Place::at(file, index + 1, column + 1, 1)));
            }
        }
    }
    let replaced =
        |character| if is_forbidden(character) && !matches!(character, '\t' | '\n' | '\r') { '_' } else { character };
    has_forbidden.then(|| text.chars().map(replaced).collect())
}

/// The finding for a line beyond the limit.
pub(crate) fn long_line(place: Place) -> Diagnostic {
    let message = format!("the line is longer than {} KiB", limits::LINE_BYTES_MAX >> 10);
    Diagnostic::new(Code::Size, place, message).with_help("break the line")
}

fn check_indentation(line: &str, number: usize, file: FileId, findings: &mut Findings) {
    let content = line.trim_start_matches([' ', '\t']);
    let indentation = &line[..line.len() - content.len()];
    if let Some(tab) = indentation.find('\t')
        && !content.is_empty()
        && !content.starts_with('#')
    {
        let place = Place::at(file, number, tab + 1, 1);
        findings.push(
            Diagnostic::new(Code::Tab, place, "a tab indents this line; YAML is indented with spaces")
                .with_help("replace the tab by spaces"),
        );
    }
}

/// Whether all bytes are printable ASCII, so that nothing can be hidden.
pub(crate) fn is_plain(bytes: &[u8]) -> bool {
    // Without an early end the compiler looks at many bytes at once.
    !bytes.iter().fold(false, |found, &byte| found | !(0x20..0x7f).contains(&byte))
}

/// Whether a character is a control character, turns the direction of text, or is a byte-order mark.
pub(crate) fn is_forbidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | BYTE_ORDER_MARK)
}

/// The finding for a character of [`is_forbidden`].
pub(crate) fn forbidden_character(character: char, place: Place) -> Diagnostic {
    let code_point = format!("U+{:04X}", u32::from(character));
    if character == BYTE_ORDER_MARK {
        return Diagnostic::new(Code::Bom, place, format!("a byte-order mark ({code_point}) stands inside the text"))
            .with_help("remove it; files that were joined often have one");
    }
    let what = match character {
        '\n' | '\r' => "a line break",
        '\t' => "a tab",
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "a character that turns the direction of text",
        _ => "a control character",
    };
    Diagnostic::new(
        Code::Control,
        place,
        format!("{what} ({code_point}) stands in a text; expected visible characters"),
    )
    .with_help("remove it")
}
