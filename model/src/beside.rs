//! Files that an estate or a catalog names: they stand in its folder or below, and each is read once.

use crate::diagnostic::{Code, Diagnostic, Place, alternatives, quoted};
use crate::document::Source;
use crate::fields::Cell;
use crate::findings::Findings;
use crate::suggest;
use std::path::{Component, Path, PathBuf};

/// Files of a folder among which the nearest name is looked for.
const NEIGHBORS_MAX: usize = 1_000;

/// What kind of file is named.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    /// One of them: "table".
    pub(crate) one: &'static str,
    /// What to do where no file may be named.
    pub(crate) instead: &'static str,
    /// What naming one twice would do.
    pub(crate) twice: &'static str,
}

/// The path that a cell names, if the file is there, may be read, and is not among those seen before.
pub(crate) fn locate(
    cell: Cell<'_>,
    kind: Kind,
    source: &Source<'_>,
    seen: &mut Vec<(PathBuf, Place)>,
    findings: &mut Findings,
) -> Option<PathBuf> {
    let Some(folder) = source.folder else {
        let message = format!("{}s are not read here; expected {}", kind.one, kind.instead);
        findings.push(Diagnostic::new(Code::Path, cell.place, message));
        return None;
    };
    let leaves = |findings: &mut Findings| {
        let message =
            format!("{} leaves the folder of the {} file; expected a path inside it", quoted(cell.text), source.kind);
        let help = format!("put the {} beside the {} file", kind.one, source.kind);
        findings.push(Diagnostic::new(Code::Path, cell.place, message).with_help(help));
    };
    let stays_inside =
        Path::new(cell.text).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !stays_inside || cell.text.contains('\\') {
        leaves(findings);
        return None;
    }
    let resolved = folder.canonicalize().and_then(|folder| Ok((folder.join(cell.text).canonicalize()?, folder)));
    let (path, folder) = match resolved {
        Ok(resolved) => resolved,
        Err(error) => {
            let mut diagnostic = crate::input::unreadable(&error, cell.place);
            diagnostic.message = format!("{}: {}", quoted(cell.text), diagnostic.message);
            findings.push(diagnostic.with_help_if(nearest_file(folder, cell.text)));
            return None;
        }
    };
    // A symbolic link inside the folder may lead outside.
    if !path.starts_with(folder) {
        leaves(findings);
        return None;
    }
    if let Some((_, first)) = seen.iter().find(|(other, _)| *other == path) {
        findings.push(
            Diagnostic::new(
                Code::Duplicate,
                cell.place,
                format!("the {} {} is named twice", kind.one, quoted(cell.text)),
            )
            .with_related(*first, "it is named here first")
            .with_help(format!("{}; remove one of the two", kind.twice)),
        );
        return None;
    }
    seen.push((path.clone(), cell.place));
    Some(path)
}

/// How findings name the file that a cell of `source` names.
pub(crate) fn shown_name(cell: Cell<'_>, source: &Source<'_>, findings: &Findings) -> String {
    Path::new(findings.file_name(source.file)).with_file_name(cell.text).to_string_lossy().into_owned()
}

/// The file whose name is nearest to one that does not exist.
fn nearest_file(folder: &Path, wanted: &str) -> Option<String> {
    let wanted = Path::new(wanted);
    let within = wanted.parent()?;
    let entries = std::fs::read_dir(folder.join(within)).ok()?.take(NEIGHBORS_MAX);
    let names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    let nearest = suggest::nearest(wanted.file_name()?.to_str()?, names.iter().map(String::as_str));
    let paths: Vec<String> = nearest.iter().map(|name| within.join(name).to_string_lossy().into_owned()).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    if paths.is_empty() { None } else { Some(format!("did you mean {}?", alternatives(&paths))) }
}
