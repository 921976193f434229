//! What was typed. Nothing is decided here; [`crate::settings`] says what it means.

use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};
use model::synthetic::Size;
use std::num::{NonZeroU64, NonZeroUsize};
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
    /// What to buy, renew, let lapse, move or uninstall at least cost, for each scenario of a file
    Renew(Renew),
    /// A position or a renewal as one HTML file to be mailed, opened without a network, and printed
    Report(Report),
    /// Why a version, a title, a license or an asset stands as it does, and what would change that
    Explain(Explain),
    /// Answer every scenario of many files, keeping what is found in a journal from which the same command goes on
    Batch(Batch),
    #[command(hide = true)]
    Worker(Worker),
    /// Put the journals of all shards of a batch together
    Merge(Merge),
    /// Check a result of `position` or `renew` from the files alone, without solving anything
    Verify(Verify),
    /// Everything wrong or suspicious in an estate or scenario file
    Check(Check),
    /// The proven optimum beside what simpler methods would have said, which is not proved
    Compare(Compare),
    /// What changed between two results of `position`, and from which change of the facts
    Diff(Diff),
    /// The version rights of an estate as a picture: who supplies, who demands, what covers what, what is short
    Graph(Graph),
    /// Draw a realistic synthetic estate, to try things out or to measure them
    Generate(Generate),
    /// Write a small commented estate and a scenario file to start from
    Init(Init),
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
    /// Split the rows of versions by scope (table and csv)
    #[arg(long)]
    pub(crate) by_scope: bool,
    /// Write text into CSV as it stands, even where a spreadsheet would take it for a formula
    #[arg(long)]
    pub(crate) raw_csv: bool,
}

#[derive(Args)]
pub(crate) struct Renew {
    /// The scenario file
    pub(crate) scenarios: PathBuf,
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: RenewFormat,
    /// Write the result to a file, whole or not at all, in place of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// The day after renewal (YYYY-MM-DD), in place of the one in the file
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Answer this scenario only, by its whole name; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) scenario: Vec<String>,
    /// Also write each scenario into a new or empty folder as models for other solvers: MPS, and DIMACS where it is a
    /// minimum-cost flow; models.json says what they ask
    #[arg(long, value_name = "DIR")]
    pub(crate) write_model: Option<PathBuf>,
    /// Exit with 1 when this is left in some scenario
    #[arg(long, value_name = "STATE")]
    pub(crate) fail_on: Option<RenewFailOn>,
    /// Write text into CSV as it stands, even where a spreadsheet would take it for a formula
    #[arg(long)]
    pub(crate) raw_csv: bool,
}

#[derive(Args)]
pub(crate) struct Report {
    /// The estate file, or the scenario file of a renewal
    #[arg(value_name = "ESTATE|SCENARIOS")]
    pub(crate) facts: PathBuf,
    /// A saved result of `position` or `renew` (`--format json`) of these facts: refused unless it is what comes of them
    #[arg(long, value_name = "RESULT")]
    pub(crate) result: Option<PathBuf>,
    /// An earlier result of `position`: the page says what changed since then, and why
    #[arg(long, value_name = "RESULT")]
    pub(crate) since: Option<PathBuf>,
    /// Write the page to a file, whole or not at all, in place of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// The day of the position or of the renewal (YYYY-MM-DD), in place of the one in the file
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Answer this scenario only, by its whole name; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) scenario: Vec<String>,
    /// Explain at most so many red and yellow versions, the largest shortages first; each is tried out, which takes time
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) explanations: usize,
    /// Leave out the names of these; may be given several times, or with commas
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub(crate) redact: Vec<Redacted>,
}

#[derive(Args)]
pub(crate) struct Explain {
    /// The estate file
    pub(crate) estate: PathBuf,
    /// What to explain: `title@version`, a title, a license, an asset or a user; where several have the name, with
    /// the kind before it (`asset:PC-7`)
    pub(crate) name: String,
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ExplainFormat,
    /// Write the result to a file, whole or not at all, in place of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// The day of the position (YYYY-MM-DD), in place of the one in the file
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
}

#[derive(Args)]
pub(crate) struct Batch {
    /// The scenario files
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Where results are kept, an SQLite file; what it has already is not solved again
    #[arg(long, value_name = "FILE", default_value = "licit-batch.sqlite")]
    pub(crate) journal: PathBuf,
    /// Answer only the scenarios of one share of the batch, such as 2/8; which they are depends on the scenarios alone
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<String>,
    /// Solve in processes of their own: a crash of one costs one scenario; takes more time and memory, since each of them
    /// reads the estate
    #[arg(long)]
    pub(crate) isolate: bool,
    /// Give up a scenario that takes longer than this, or whose process takes longer to begin; implies `--isolate`
    #[arg(long, value_name = "SECONDS")]
    pub(crate) time_limit: Option<NonZeroU64>,
    /// Give up a scenario for which a process needs more memory than this, in 10^6 bytes; implies `--isolate`
    #[arg(long, value_name = "MB")]
    pub(crate) memory_limit: Option<NonZeroU64>,
    /// The day after renewal (YYYY-MM-DD), in place of those in the files
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Exit with 1 when this is left in some scenario
    #[arg(long, value_name = "STATE")]
    pub(crate) fail_on: Option<RenewFailOn>,
    #[command(flatten)]
    pub(crate) summary: Summary,
}

/// What `batch` asks of the processes it starts.
#[derive(Args)]
pub(crate) struct Worker {
    pub(crate) file: PathBuf,
    #[arg(long)]
    pub(crate) as_of: Option<String>,
    #[arg(long)]
    pub(crate) memory_limit: Option<NonZeroU64>,
}

#[derive(Args)]
pub(crate) struct Merge {
    /// The journal to write, which is not there yet
    #[arg(value_name = "MERGED")]
    pub(crate) merged: PathBuf,
    /// The journals of all shards
    #[arg(required = true, value_name = "JOURNAL")]
    pub(crate) journals: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) summary: Summary,
}

/// What is said of a batch.
#[derive(Args)]
pub(crate) struct Summary {
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: BatchFormat,
    /// Write the summary to a file, whole or not at all, in place of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Write text into CSV as it stands, even where a spreadsheet would take it for a formula
    #[arg(long)]
    pub(crate) raw_csv: bool,
}

#[derive(Args)]
pub(crate) struct Verify {
    /// The estate file of a position, or the scenario file of a renewal
    #[arg(value_name = "ESTATE|SCENARIOS")]
    pub(crate) facts: PathBuf,
    /// The result, as `licit position` or `licit renew` wrote it with `--format json`
    pub(crate) result: PathBuf,
    /// The day that the result was computed for, if it was given then
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: TextFormat,
}

#[derive(Args)]
pub(crate) struct Check {
    /// The estate file, or the scenario file
    pub(crate) file: PathBuf,
    /// The day of the position (YYYY-MM-DD), in place of the one in the file
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
}

#[derive(Args)]
pub(crate) struct Compare {
    /// The estate file
    pub(crate) estate: PathBuf,
    /// Compare with this only; may be given several times
    #[arg(long, value_name = "BASELINE")]
    pub(crate) baseline: Vec<BaselineChoice>,
    /// Which versions of a title the baselines serve first
    #[arg(long, value_name = "ORDER", default_value = "oldest-first")]
    pub(crate) version_order: VersionOrderChoice,
    /// Which licenses best fit takes first
    #[arg(long, value_name = "ORDER", default_value = "exact-first")]
    pub(crate) rule_order: RuleOrderChoice,
    /// Which lots the baselines use first; what has no date, or no limit, comes last
    #[arg(long, value_name = "ORDER", default_value = "purchased")]
    pub(crate) license_order: LicenseOrderChoice,
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: CompareFormat,
    /// Write the result to a file, whole or not at all, in place of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// The day of the position (YYYY-MM-DD), in place of the one in the file
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
}

#[derive(Args)]
pub(crate) struct Diff {
    /// The earlier result, as `licit position --format json` wrote it
    pub(crate) before: PathBuf,
    /// The later result
    pub(crate) after: PathBuf,
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: CompareFormat,
    /// Write the differences to a file, whole or not at all, in place of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Graph {
    /// The estate file
    pub(crate) estate: PathBuf,
    /// Draw this title, by its id, and what rights connect to it, in place of the whole estate
    pub(crate) title: Option<String>,
    /// What to write
    #[arg(long, value_name = "FORMAT", default_value = "svg")]
    pub(crate) format: GraphFormat,
    /// Write the picture to a file, whole or not at all, in place of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// The day of the position (YYYY-MM-DD), in place of the one in the file
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
}

#[derive(Args)]
pub(crate) struct Generate {
    /// The folder to write, new or empty: estate.yaml and the tables it names
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// A size by name, in place of installs and versions: an organization that knows each of its machines
    #[arg(long, value_name = "SIZE", conflicts_with_all = ["installs", "versions"])]
    pub(crate) size: Option<EstateSize>,
    /// How many installs, at most 100000000
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) installs: u64,
    /// How many versions of all titles together, at most 100000
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub(crate) versions: usize,
    /// What the estate is made of [default: mixed, with a size by name sites]
    #[arg(long, value_name = "SHAPE")]
    pub(crate) shape: Option<EstateShape>,
    /// Another number gives another estate; the same arguments give the same bytes
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// The share of the demand of a title for which licenses are bought, at most 200
    #[arg(long, value_name = "PERCENT", default_value_t = Size::TIGHTNESS_PERCENT)]
    pub(crate) tightness: u64,
    /// How the tables are written
    #[arg(long, value_name = "FORMAT", default_value = "csv")]
    pub(crate) tables: TableFormat,
}

#[derive(Args)]
pub(crate) struct Init {
    /// The folder to write to, made if it is not there [default: this one]
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
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
    /// The rows of versions, for a spreadsheet
    Csv,
    /// An effective license position, for an auditor's spreadsheet
    Elp,
    /// The same as a workbook, with the lots behind it and totals as formulas; needs `--out`
    Xlsx,
    /// Tables for a page or a ticket
    Markdown,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RenewFormat {
    /// Words and columns for a terminal
    Table,
    /// Everything, with the proof: what `verify` reads
    Json,
    /// The lines of every plan, for a spreadsheet
    Csv,
    /// Tables for a page or a ticket
    Markdown,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Redacted {
    /// Assets are numbers
    Assets,
    /// Users are numbers
    Users,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// A picture for browsers, light or dark as the reader has it
    Svg,
    /// A graph for Graphviz
    Dot,
    /// A flowchart for pages that draw Mermaid
    Mermaid,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// Sentences
    Text,
    /// Facts as data, with the sentences
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BatchFormat {
    /// Words and columns for a terminal
    Table,
    /// Everything but times, one object: the same bytes for the same scenarios
    Json,
    /// A row for each scenario, for a spreadsheet
    Csv,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// Comma-separated values
    Csv,
    /// Columns with types, packed
    Parquet,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
pub(crate) enum EstateSize {
    /// 200 machines, 8,000 installs
    S,
    /// 10,000 machines, 400,000 installs
    M,
    /// 100,000 machines, 4 million installs, 10,000 lots of licenses
    L,
    /// 500,000 machines, 20 million installs, 5,000 titles, 20,000 lots, 1,000 scopes
    Xl,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EstateShape {
    /// Bases with downgrades, in one scope
    Plain,
    /// Chains of upgrades, some from lower editions or other publishers, in one scope
    Upgrades,
    /// Regions, countries and sites, with transfers and contracts
    Sites,
    /// Licenses and titles assigned to machines and users, in one scope
    Assigned,
    /// All of it
    Mixed,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// An estate file
    Estate,
    /// A catalog that estates include
    Catalog,
    /// A scenario file
    Scenarios,
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
    /// Some version is red: something of it is uncovered
    Red,
    /// Some version is yellow or red
    Yellow,
    /// Some demand has no entitlement
    Uncovered,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RenewFailOn {
    /// Some demand has no entitlement
    Uncovered,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareFormat {
    /// Words and columns for a terminal
    Table,
    /// Everything, one object
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BaselineChoice {
    /// Exact, then downgrade, then upgrade, then other titles
    BestFit,
    /// The oldest version that suffices, as in spreadsheets
    LowestSufficient,
    /// Exact, then anything that fits, in the order of licenses
    PriorityList,
    /// Each version alone against its reach
    PerTitle,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VersionOrderChoice {
    /// From the oldest to the newest
    OldestFirst,
    /// From the newest to the oldest
    NewestFirst,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RuleOrderChoice {
    /// Licenses of the version itself
    ExactFirst,
    /// Licenses of newer versions
    DowngradeFirst,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LicenseOrderChoice {
    /// Those bought first
    Purchased,
    /// Those that end first
    End,
    /// The smallest lots
    Quantity,
}
