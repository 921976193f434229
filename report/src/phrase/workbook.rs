//! Words of the workbook of an effective license position.

/// Columns of a sheet, each with its width in characters.
type Columns<const COUNT: usize> = [(&'static str, u16); COUNT];

pub(crate) const POSITION: &str = "Position";
pub(crate) const POSITION_COLUMNS: Columns<9> = [
    ("Title", 28),
    ("Version", 12),
    ("Licensed", 12),
    ("Deployed", 12),
    ("Allocation (+/-)", 12),
    ("Delta", 12),
    ("Idle", 12),
    ("Upgrades", 12),
    ("Status", 28),
];

pub(crate) const LICENSES: &str = "Licenses";
pub(crate) const LICENSE_COLUMNS: Columns<16> = [
    ("License", 20),
    ("SKU", 20),
    ("Title", 24),
    ("Version", 12),
    ("Kind", 10),
    ("Scope", 14),
    ("Contract", 14),
    ("Start", 12),
    ("End", 12),
    ("State", 12),
    ("Quantity", 12),
    ("Used", 12),
    ("Idle", 12),
    ("Unusable", 12),
    ("Assigned", 12),
    ("Needed", 12),
];

pub(crate) const USES: &str = "Uses";
pub(crate) const USE_COLUMNS: Columns<9> = [
    ("Title", 24),
    ("Version", 12),
    ("Scope", 14),
    ("Contract", 14),
    ("Asset", 16),
    ("User", 16),
    ("Licenses, base first", 36),
    ("Right", 12),
    ("Quantity", 12),
];

pub(crate) const ABOUT: &str = "About";
pub(crate) const NAME: &str = "Position";
pub(crate) const CURRENCY: &str = "Currency";
pub(crate) const DIGEST: &str = "Digest of facts";
pub(crate) const SUMMARY: &str = "In short";
pub(crate) const VERIFY: &str = "To check it";
pub(crate) const COLUMNS: &str = "Columns";
pub(crate) const HOW_TO_VERIFY: &str = "licit position ESTATE --format json --out result.json, then licit verify ESTATE result.json: the digest is the same.";
pub(crate) const ABOUT_COLUMNS: &str = "Licensed: active base units whose main version it is. Deployed: what needs an \
    entitlement. Allocation (+/-) moves each used base unit from its main version to the one it covers, and sums to zero. \
    Delta: licensed + allocation - deployed, below zero where something is uncovered. Idle: base units that nothing uses. \
    Upgrades: active upgrade units whose main version it is.";

pub(crate) const TOTAL: &str = "Total";
pub(crate) const UNLIMITED: &str = "unlimited";
pub(crate) const BASE: &str = "base";
pub(crate) const UPGRADE: &str = "upgrade";
/// Between a license and the one that is stacked on it.
pub(crate) const STACKED: &str = " → ";

pub(crate) fn too_many(rows: usize, most: usize) -> String {
    format!("a sheet of a workbook has room for {most} rows, and there are {rows}: use `--format csv`, `elp` or `json`")
}
