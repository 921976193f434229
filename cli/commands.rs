//! The commands, one file each.

mod check;
mod compare;
mod generate;
mod init;
mod mcf;
mod position;
mod schema;
mod verify;

use crate::arguments::Command;
use crate::failure::{Answer, Failure};
use crate::settings::Settings;

/// Does what was asked for.
pub(crate) fn run(settings: &Settings) -> Result<Answer, Failure> {
    match &settings.command {
        Command::Position(arguments) => position::run(arguments, settings),
        Command::Verify(arguments) => verify::run(arguments, settings),
        Command::Check(arguments) => check::run(arguments, settings),
        Command::Compare(arguments) => compare::run(arguments, settings),
        Command::Generate(arguments) => generate::run(arguments, settings),
        Command::Init(arguments) => init::run(arguments),
        Command::Schema(arguments) => schema::run(arguments),
        Command::Mcf(arguments) => mcf::run(arguments, settings),
    }
}
