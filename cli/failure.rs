//! Why there is no answer, whose fault that is, and how the program ends.

use journal::{Fault, JournalError};
use std::io::{self, Write};
use std::panic;
use std::process::ExitCode;
use std::thread;

/// How the program ends with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Answered.
    Yes,
    /// Answered, and `--fail-on` or `verify` says no.
    No,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The input or the command line is refused, for a reason not said yet.
    Refused(String),
    /// The input is refused, and its findings have been written.
    RefusedAsSaid,
    /// A limit was hit.
    NoAnswer(String),
    /// The checker refuses what the solver found: a defect of this program.
    Defect(String),
}

const REFUSED: u8 = 2;
const NO_ANSWER: u8 = 3;
/// What a panic exits with.
const DEFECT: u8 = 101;

const PLEASE_REPORT: &str =
    "this is a defect of licit, not of its input; no answer is given, please report it with the input";

impl Answer {
    /// 0 or 1.
    pub(crate) fn exit_code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Yes => 0,
            Self::No => 1,
        })
    }
}

impl Failure {
    /// The input is refused.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::Refused(message.into())
    }

    /// The same, with what it is about before its message.
    pub(crate) fn about(self, what: &str) -> Self {
        match self {
            Self::Refused(message) => Self::Refused(format!("{what}: {message}")),
            Self::RefusedAsSaid => Self::RefusedAsSaid,
            Self::NoAnswer(message) => Self::NoAnswer(format!("{what}: {message}")),
            Self::Defect(message) => Self::Defect(format!("{what}: {message}")),
        }
    }

    /// Says why, unless that has been said, and gives the code to exit with.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Refused(message) => {
                say(&format!("error: {message}"));
                ExitCode::from(REFUSED)
            }
            Self::RefusedAsSaid => ExitCode::from(REFUSED),
            Self::NoAnswer(message) => {
                say(&format!("no answer: {message}"));
                ExitCode::from(NO_ANSWER)
            }
            Self::Defect(message) => {
                say(&format!("internal error: {message}"));
                say(PLEASE_REPORT);
                ExitCode::from(DEFECT)
            }
        }
    }
}

/// A journal that cannot be used is refused; that one in use cannot be written any more is a limit.
impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        match error.fault {
            Fault::InUse | Fault::Missing | Fault::Refused(_) | Fault::NoJournal | Fault::Format { .. } => {
                Self::Refused(error.to_string())
            }
            Fault::Full | Fault::Disk(_) | Fault::Damaged(_) => Self::NoAnswer(error.to_string()),
        }
    }
}

/// Writes a line to standard error; if even that fails there is nobody to tell.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// A panic is a defect of this program and never the user's fault: says so. What ends the reading of a damaged table is
/// told as a finding.
pub(crate) fn say_whose_fault_a_panic_is() {
    panic::set_hook(Box::new(|info| {
        if thread::current().name() == Some(model::PARQUET_THREAD) {
            return;
        }
        say(&format!("internal error: {info}"));
        say(PLEASE_REPORT);
    }));
}
