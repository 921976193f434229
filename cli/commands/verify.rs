//! `licit verify`: estate and result in, verdict out.

use crate::arguments::{TextFormat, Verify};
use crate::estate;
use crate::failure::{Answer, Failure};
use crate::output;
use crate::settings::Settings;
use checker::claim::{self, VerifyError};
use checker::evidence::Standing;
use checker::violation::Violation;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Largest result that is read, in bytes.
const RESULT_BYTES_MAX: u64 = 4 << 30;

pub(super) fn run(arguments: &Verify, settings: &Settings) -> Result<Answer, Failure> {
    let (estate, _) = estate::read(&arguments.estate, settings)?;
    let result = read(&arguments.result)?;
    match claim::verify(&estate, &result) {
        Ok(standing) => say(Ok(standing), arguments.format).map(|()| Answer::Yes),
        Err(VerifyError::Refused(violations)) => say(Err(&violations), arguments.format).map(|()| Answer::No),
        Err(unreadable @ VerifyError::Unreadable { .. }) => {
            Err(Failure::refused(format!("{}: {unreadable}", arguments.result.display())))
        }
    }
}

fn say(verdict: Result<Standing, &[Violation]>, format: TextFormat) -> Result<(), Failure> {
    output::print(&match format {
        TextFormat::Text => report::verdict(verdict),
        TextFormat::Json => report::verdict_json(verdict.err().unwrap_or_default()),
    })
}

/// The text of a result: of a regular file, since anything else may never end.
fn read(path: &Path) -> Result<String, Failure> {
    let refuse = |what: &str| Failure::refused(format!("{}: {what}", path.display()));
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
