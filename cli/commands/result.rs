//! Reads results from files.

use crate::failure::Failure;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Largest result that is read, in bytes.
const RESULT_BYTES_MAX: u64 = 4 << 30;

/// The text of a result: of a regular file, since anything else may never end.
pub(super) fn read(path: &Path) -> Result<String, Failure> {
    text(path).map_err(Failure::refused)
}

/// The same, or why there is none.
pub(super) fn text(path: &Path) -> Result<String, String> {
    let refuse = |what: &str| format!("{}: {what}", path.display());
    let refuse_error = |error: io::Error| refuse(&error.to_string());
    let metadata = path.metadata().map_err(refuse_error)?;
    if !metadata.is_file() {
        return Err(refuse("not a regular file"));
    }
    if metadata.len() > RESULT_BYTES_MAX {
        return Err(refuse(&format!("larger than {RESULT_BYTES_MAX} bytes")));
    }
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file that has grown from one that fits.
    File::open(path).map_err(refuse_error)?.take(RESULT_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(refuse_error)?;
    if bytes.len() as u64 > RESULT_BYTES_MAX {
        return Err(refuse(&format!("larger than {RESULT_BYTES_MAX} bytes")));
    }
    String::from_utf8(bytes).map_err(|_| refuse("not UTF-8"))
}
