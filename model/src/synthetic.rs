//! Seeded estates of any size that look like those of an organization.
//!
//! Publishers sell families of titles in editions, with a new version every few years; licenses were bought
//! over those years in lots; a few titles have most of the installs. What is bought is *planted*: for a given
//! share of the demand, the *tightness*, a lawful path is chosen and its units are bought. The best allocation
//! therefore covers at least the planted share, while one that spends a unit on the wrong version covers less.
//!
//! ```text
//! Portfolio -> Catalog, Organization -> Demand -> Supply -> assignments
//! titles       rights   scopes          installs  lots
//! ```
//!
//! Guaranteed:
//! * The same seed, size, shape and format of tables give the same bytes on every machine.
//! * An estate has exactly the installs and versions that were asked for, and reads without an error.
//! * Every estate is a network: titles that upgrade rights connect are bought either for the whole organization
//!   alone, or by regions that lend nothing to each other, so that no upgrade license is ever reached by
//!   entitlements that differ in where they may be used.
//! * Without assignments, the best allocation covers at least [`Synthetic::planted`] installs. (Assignments come
//!   before coverage, and may take units from it.)
//!
//! Time is linear in installs and in the rights of families. Memory is that of the demand, by version and place, and of
//! lots and assignments: installs are drawn anew each time they are needed. Source of
//! randomness: `SplitMix64`, one stream for each part, so that a part can change and leave the others as they are.
//! Popularity follows Zipf's law (Zipf 1949) in integer weights.

mod assign;
mod calendar;
mod catalog;
mod demand;
mod organization;
mod parquet;
mod portfolio;
mod shape;
mod supply;
mod text;
mod weights;

pub use shape::{Scale, Shape, Size, SizeError};

use crate::generate::SplitMix64;
use assign::Assignment;
use catalog::Catalog;
use organization::Organization;
use portfolio::Portfolio;
use std::io::{self, Write};
use supply::Lot;

/// An estate that was drawn, ready to be written.
#[derive(Clone, Debug)]
pub struct Synthetic {
    name: String,
    portfolio: Portfolio,
    catalog: Catalog,
    organization: Organization,
    size: Size,
    shape: Shape,
    /// Where the installs begin.
    random: SplitMix64,
    install_rows: usize,
    lots: Vec<Lot>,
    assignments: Vec<Assignment>,
    planted: u64,
}

/// A file of an estate with tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// The estate, which names the tables.
    Estate,
    /// The table of installs.
    Installs,
    /// The table of licenses.
    Licenses,
    /// The table of assignments.
    Assignments,
}

/// How tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tables {
    /// As comma-separated values.
    Csv,
    /// As Parquet.
    Parquet,
}

impl File {
    /// All files, the tables before the estate that names them.
    pub const ALL: [Self; 4] = [Self::Installs, Self::Licenses, Self::Assignments, Self::Estate];

    /// Its name within the folder of the estate.
    #[must_use]
    pub const fn name(self, tables: Tables) -> &'static str {
        match (self, tables) {
            (Self::Estate, _) => "estate.yaml",
            (Self::Installs, Tables::Csv) => "installs.csv",
            (Self::Installs, Tables::Parquet) => "installs.parquet",
            (Self::Licenses, Tables::Csv) => "licenses.csv",
            (Self::Licenses, Tables::Parquet) => "licenses.parquet",
            (Self::Assignments, Tables::Csv) => "assignments.csv",
            (Self::Assignments, Tables::Parquet) => "assignments.parquet",
        }
    }
}

/// Draws an estate.
#[must_use]
pub fn draw(seed: u64, size: &Size, shape: Shape) -> Synthetic {
    let profile = shape.profile();
    // Streams begin at unrelated places: neighbors would give the same numbers one draw apart.
    let mut seeds = SplitMix64::new(seed);
    let mut stream = || SplitMix64::new(seeds.next_u64());
    let portfolio = Portfolio::draw(&mut stream(), size, &profile);
    let catalog = Catalog::draw(&mut stream(), &portfolio);
    let organization = Organization::draw(&mut stream(), size, &portfolio, &profile);
    let random = stream();
    let known = demand::Known { portfolio: &portfolio, organization: &organization, profile, fleet: size.fleet() };
    // Drawn anew each time they are looked at: there may be far more of them than memory.
    let installs = demand::Rows::new(random.clone(), size.installs(), known);
    let mut assignments = assign::tracked(&mut stream(), &portfolio, installs.clone());
    let mut install_rows = 0;
    let demand = demand::cells(&portfolio, installs.clone().inspect(|_| install_rows += 1), &assignments);
    let supply = supply::draw(&mut stream(), size, &portfolio, &catalog, &organization, &demand);
    let known = assign::Known {
        portfolio: &portfolio,
        catalog: &catalog,
        organization: &organization,
        installs: &installs,
        lots: &supply.lots,
        per_assigned: size.fleet().map_or(1, |fleet| fleet.per_machine as u64),
    };
    assign::draw(&mut stream(), &known, &profile, &mut assignments);
    let name = format!("Synthetic estate: {}, seed {seed}", shape.name());
    let supply::Supply { lots, planted } = supply;
    let size = *size;
    Synthetic { name, portfolio, catalog, organization, size, shape, random, install_rows, lots, assignments, planted }
}

impl Synthetic {
    /// The estate in one file, tables and all.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        let mut bytes = Vec::new();
        text::write_yaml(self, &mut bytes).expect("memory can be written");
        String::from_utf8(bytes).expect("text is written")
    }

    /// Writes one file of the estate with tables.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, file: File, tables: Tables, out: &mut (dyn Write + Send)) -> io::Result<()> {
        match file {
            File::Estate => text::write_estate(self, tables, out),
            File::Installs => text::write_installs(self, tables, out),
            File::Licenses => text::write_licenses(self, tables, out),
            File::Assignments => text::write_assignments(self, tables, out),
        }
    }

    /// The installs, row by row.
    fn installs(&self) -> demand::Rows<'_> {
        let known = demand::Known {
            portfolio: &self.portfolio,
            organization: &self.organization,
            profile: self.shape.profile(),
            fleet: self.size.fleet(),
        };
        demand::Rows::new(self.random.clone(), self.size.installs(), known)
    }

    /// How many rows the table has that a file holds; none for the estate itself.
    #[must_use]
    pub fn rows(&self, file: File) -> Option<usize> {
        match file {
            File::Estate => None,
            File::Installs => Some(self.install_rows),
            File::Licenses => Some(self.lots.len()),
            File::Assignments => Some(self.assignments.len()),
        }
    }

    /// Units of demand for which a lawful path of their own was bought.
    #[must_use]
    pub fn planted(&self) -> u64 {
        self.planted
    }
}

#[cfg(test)]
mod tests;
