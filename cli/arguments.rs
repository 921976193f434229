//! What was typed. Nothing is decided here; [`crate::settings`] says what it means.

use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Reads the command line. Help is printed, and what cannot be read is refused, at once.
pub(crate) fn parse() -> Arguments {
    Arguments::parse()
}

/// Tells, with proof, whether software licenses cover the installs
#[derive(Parser)]
#[command(name = "licit", version, max_term_width = 100, propagate_version = true, arg_required_else_help = true)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    answered
  1    answered, and `--fail-on` or `verify` says no
  2    the input or the command line is refused
  3    no answer: the message says which limit was hit
  101  a defect of licit itself";

/// Flags of every command.
#[derive(Args)]
pub(crate) struct Shared {
    /// Say only what is wrong: no warnings
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// When to use colors
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
    /// How findings on the input are written
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human")]
    pub(crate) message_format: MessageFormat,
    /// Use at most so many threads; the answer never depends on it
    #[arg(long, global = true, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// The proven position of an estate: what is covered by what, what is not, what is idle
    Position(Position),
    /// Check a result of `position` from the two files alone, without solving anything
    Verify(Verify),
    /// Everything wrong or suspicious in an estate file
    Check(Check),
    /// The JSON Schema of a file, for completion and checks in editors
    Schema(Schema),
    /// Solve a minimum-cost flow problem in a DIMACS `.min` file
    Mcf(Mcf),
}

#[derive(Args)]
pub(crate) struct Position {
    /// The estate file
    pub(crate) estate: PathBuf,
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: PositionFormat,
    /// Write the result to a file, whole or not at all, in place of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// The day of the position (YYYY-MM-DD), in place of the one in the file
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Exit with 1 when the answer is this
    #[arg(long, value_name = "STATE")]
    pub(crate) fail_on: Option<FailOn>,
}

#[derive(Args)]
pub(crate) struct Verify {
    /// The estate file
    pub(crate) estate: PathBuf,
    /// The result, as `licit position --format json` wrote it
    pub(crate) result: PathBuf,
    /// The day the position was computed for, if it was given then
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: TextFormat,
}

#[derive(Args)]
pub(crate) struct Check {
    /// The estate file
    pub(crate) file: PathBuf,
    /// The day of the position (YYYY-MM-DD), in place of the one in the file
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
}

#[derive(Args)]
pub(crate) struct Schema {
    /// Which file
    #[arg(value_name = "FILE")]
    pub(crate) of: SchemaOf,
}

#[derive(Args)]
pub(crate) struct Mcf {
    /// The problem
    pub(crate) file: PathBuf,
    /// Check the answer: flow, potentials and both costs
    #[arg(long)]
    pub(crate) check: bool,
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: TextFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PositionFormat {
    /// Words and columns for a terminal
    Table,
    /// Everything, with the proof: what `verify` reads
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// An estate file
    Estate,
    /// A catalog that estates include
    Catalog,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextFormat {
    /// Words
    Text,
    /// One JSON object on one line
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// With the line and a suggestion
    Human,
    /// One JSON object on each line
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Some demand has no entitlement
    Uncovered,
}
