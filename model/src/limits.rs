//! Every bound in one place: what is accepted, and why the sums that follow cannot overflow.
//!
//! Overflow budget. With at most [`QUANTITY_TOTAL_MAX`] units in an estate every flow fits `i64` with
//! three decimal digits to spare. Totals of the objective are `i128`: 10^15 units at 10^16 money units
//! each stay below 10^31. Costs and potentials of the network simplex are checked against their own
//! bounds for each component before it is solved.

/// Largest quantity of one row.
pub const QUANTITY_MAX: u64 = 1_000_000_000;
/// Largest sum of quantities over the licenses, and over the installs, of an estate.
pub const QUANTITY_TOTAL_MAX: u64 = 1_000_000_000_000_000;
/// The most kinds of places in which one asset or user may have installs that a license may cover together: every set of
/// them is looked at.
pub const PLACES_OF_A_HOME_MAX: usize = 10;
/// Largest amount of money of one row, in whole units of the currency.
pub const MONEY_MAX: i64 = 1_000_000_000_000;
/// Decimals that money may have.
pub const MONEY_DECIMALS: u32 = 4;
/// Largest YAML file, in bytes.
pub const YAML_BYTES_MAX: u64 = 64 << 20;
/// Most catalogs that an estate includes.
pub const INCLUDED_MAX: usize = 100;
/// Most names with `*` in an estate.
pub const PATTERNS_MAX: usize = 10_000;
/// Longest line of a YAML file or a table, in bytes.
pub const LINE_BYTES_MAX: usize = 1 << 20;
/// Most keys, values, lists and mappings of a YAML file; each takes some hundred bytes while it is read.
pub const YAML_NODES_MAX: usize = 4_000_000;
/// Deepest nesting of a YAML file.
pub const YAML_DEPTH_MAX: usize = 32;
/// Deepest nesting of scopes: a license is looked for in every scope above an install.
pub const SCOPE_DEPTH_MAX: usize = 64;
/// Most rows of one table.
pub const TABLE_ROWS_MAX: u64 = 100_000_000;
/// Most findings that are rendered one by one; the rest is counted.
pub const FINDINGS_SHOWN_MAX: usize = 100;
/// Most bytes of one table, unpacked.
pub const TABLE_BYTES_MAX: u64 = 16 << 30;
/// Most columns of a Parquet table, parts of nested ones counted.
pub const TABLE_COLUMNS_MAX: usize = 10_000;
/// Deepest nesting of columns of a Parquet table; none of those that are read are nested.
pub const SCHEMA_DEPTH_MAX: usize = 32;
/// Largest footer of a Parquet table, in bytes; its parts take about forty times as much while it is read.
pub const FOOTER_BYTES_MAX: usize = 16 << 20;
/// Most versions that all `covers` and `upgrades` of an estate name together.
pub const RIGHTS_MAX: usize = 50_000_000;
/// Earliest year of a date.
pub const YEAR_MIN: i16 = 1900;
/// Latest year of a date.
pub const YEAR_MAX: i16 = 9999;
/// Latest year of the day a position is for: days can be added to it without leaving the calendar.
pub const AS_OF_YEAR_MAX: i16 = 9000;
/// Most scenarios of a file, each combination of a sweep counted.
pub const SCENARIOS_MAX: usize = 100_000;
/// Largest growth of installs in per cent.
pub const GROWTH_PERCENT_MAX: u64 = 10_000;
/// Largest number of days for which nobody has used an install.
pub const UNUSED_DAYS_MAX: u64 = 36_500;
/// Largest threshold in per cent.
pub const PERCENT_MAX: u64 = 1000;
/// Largest number of days ahead in which an ending license matters.
pub const EXPIRING_DAYS_MAX: u64 = 36_500;
