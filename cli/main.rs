//! `licit` tells, with proof, whether software licenses cover the installs.

mod arguments;
mod commands;
mod estate;
mod failure;
mod folder;
mod output;
mod settings;

use settings::Settings;
use std::process::ExitCode;

fn main() -> ExitCode {
    failure::say_whose_fault_a_panic_is();
    let answer = Settings::resolve(arguments::parse()).and_then(|settings| commands::run(&settings));
    match answer {
        Ok(answer) => answer.exit_code(),
        Err(failure) => failure.exit_code(),
    }
}
