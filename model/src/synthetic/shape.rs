//! How large an estate is, and what is in it.

use std::fmt;

/// How large an estate is, and how scarce its licenses are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    installs: u64,
    versions: usize,
    tightness_percent: u64,
    fleet: Option<Fleet>,
}

/// How large an organization is that knows each of its machines and buys by framework agreements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fleet {
    /// Installs on a machine, half as many more on every other one and half as many less on the next at most.
    pub(super) per_machine: usize,
    pub(super) scopes: usize,
    /// About so many lots are bought, for the titles with the largest demand.
    pub(super) lots: usize,
}

/// A size by its name: an organization that knows each of its machines, 40 installs on one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// 200 machines, 8,000 installs of 1,000 versions, 40 scopes, 200 lots.
    S,
    /// 10,000 machines, 400,000 installs of 2,500 versions, 100 scopes, 2,000 lots.
    M,
    /// 100,000 machines, 4 million installs of 10,000 versions, 300 scopes, 10,000 lots.
    L,
    /// 500,000 machines, 20 million installs of 25,000 versions of about 5,000 titles, 1,000 scopes, 20,000 lots.
    Xl,
}

/// Why there is no estate of a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeError {
    /// More installs than [`Size::INSTALLS_MAX`].
    Installs,
    /// More versions than [`Size::VERSIONS_MAX`].
    Versions,
    /// A tightness above [`Size::TIGHTNESS_PERCENT_MAX`].
    Tightness,
    /// Installs, and no version that could be installed.
    NoVersion,
}

impl Size {
    /// Most installs: their table may have no more rows.
    pub const INSTALLS_MAX: u64 = crate::limits::TABLE_ROWS_MAX;
    /// Most versions: the estate file stays well below its limit.
    pub const VERSIONS_MAX: usize = 100_000;
    /// Tightest demand; beyond 100 per cent units are left over.
    pub const TIGHTNESS_PERCENT_MAX: u64 = 200;
    /// For most titles, exactly as many units as are needed: where a wrong step costs a cover.
    pub const TIGHTNESS_PERCENT: u64 = 100;

    /// So many installs of so many versions. Licenses are bought for `tightness_percent` of the demand of most
    /// titles; of every twenty titles, about three have ten points less and three ten points more.
    ///
    /// # Errors
    /// Numbers beyond the limits, or installs without versions.
    pub const fn new(installs: u64, versions: usize, tightness_percent: u64) -> Result<Self, SizeError> {
        if installs > Self::INSTALLS_MAX {
            return Err(SizeError::Installs);
        }
        if versions > Self::VERSIONS_MAX {
            return Err(SizeError::Versions);
        }
        if tightness_percent > Self::TIGHTNESS_PERCENT_MAX {
            return Err(SizeError::Tightness);
        }
        if installs > 0 && versions == 0 {
            return Err(SizeError::NoVersion);
        }
        Ok(Self { installs, versions, tightness_percent, fleet: None })
    }

    /// A size by its name.
    ///
    /// # Errors
    /// A tightness beyond its limit.
    pub const fn of(scale: Scale, tightness_percent: u64) -> Result<Self, SizeError> {
        const PER_MACHINE: usize = 40;
        let (machines, versions, scopes, lots) = match scale {
            Scale::S => (200, 1_000, 40, 200),
            Scale::M => (10_000, 2_500, 100, 2_000),
            Scale::L => (100_000, 10_000, 300, 10_000),
            Scale::Xl => (500_000, 25_000, 1_000, 20_000),
        };
        match Self::new(machines * PER_MACHINE as u64, versions, tightness_percent) {
            Ok(size) => Ok(Self { fleet: Some(Fleet { per_machine: PER_MACHINE, scopes, lots }), ..size }),
            error => error,
        }
    }

    /// Installs, in units: the sum of the quantities.
    #[must_use]
    pub const fn installs(&self) -> u64 {
        self.installs
    }

    /// Versions of all titles together.
    #[must_use]
    pub const fn versions(&self) -> usize {
        self.versions
    }

    /// The share of the demand of a title for which licenses are bought, in per cent.
    #[must_use]
    pub const fn tightness_percent(&self) -> u64 {
        self.tightness_percent
    }

    pub(super) const fn fleet(&self) -> Option<Fleet> {
        self.fleet
    }
}

impl fmt::Display for SizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Installs => write!(f, "there are at most {} installs", Size::INSTALLS_MAX),
            Self::Versions => write!(f, "there are at most {} versions", Size::VERSIONS_MAX),
            Self::Tightness => write!(f, "the tightness is at most {} per cent", Size::TIGHTNESS_PERCENT_MAX),
            Self::NoVersion => f.write_str("there are installs and no version; expected at least one version"),
        }
    }
}

impl std::error::Error for SizeError {}

/// What an estate is made of. Numbers in parentheses, and in the docs of the shapes, are per cent.
///
/// Common to all:
/// * **Versions.** A family of titles has 3 to 8 versions, one to four years apart; with editions (two or three) it
///   has 2 to 6.
/// * **Popularity.** Families after Zipf's law, where the second has half of the first; editions as 50 : 35 : 15;
///   versions from the newest down as 28 : 34 : 18 : 10 : 5 : 3 : 1 : 1.
/// * **Rights.** Downgrades reach all older versions (55), two (20), one (15) or none (10). Of families with editions
///   a higher one may be used as a lower one (60). Upgrades are sold from the version before (40), the two before (30)
///   or all (30), and from the edition below (50).
/// * **Installs.** A machine draws one to seven and drops what it has of a title already; it has a user (80), some of
///   whom have the machine before it too (14). About one install of ten is in a row of 2 to 40 without a machine. Of
///   the others some are excluded (2) and most have a day of last use (70): within a month (50), within half a year
///   (10) or within two years (10).
/// * **Purchases.** For demand for a version, where they are sold: its base (weight 40), its upgrade (40), a subscription
///   (20), a unit that must be assigned (15), an upgrade from another publisher (15), base and upgrade of the n-th newer
///   version (1 + 24/n each) or of a higher edition (3 each); an upgrade together with what it stands on. They come in
///   lots of 1, 2, 5, 10 and so on, bought between the release and a year after the next one. Subscriptions run for a
///   year (70) or three, and have a term before (50), which has ended, or after (10).
/// * **Sizes by name.** All installs are on machines, which know their titles to be different ones. What is needed
///   of a SKU in a place is one lot, bought for the whole organization (75) or by regions; titles are bought for in
///   the order of their demand, as long as there are lots to come. Per cent of assignments are of machines in place
///   of installs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Bases with downgrades, in one scope. Families have editions (30) and sell subscriptions (15).
    Plain,
    /// Chains of upgrades, in one scope. Families sell upgrades (90), also to the customers of another publisher (15),
    /// have editions (40) and sell subscriptions (10).
    Upgrades,
    /// One group of regions, countries and sites, a site for about 400 installs. A third of the countries lend to
    /// another one, at a cost; machines stand under the contract of their region (15). Families are as in `Plain`,
    /// but sell upgrades (20), and are bought for the group or by regions; without upgrades half of them are bought
    /// for the group, a region or a country as it comes.
    Sites,
    /// Assignments, in one scope: installs on machines have a license (8) or the title (8) assigned, to the user (40)
    /// or else to the machine. Families are as in `Plain`, but sell upgrades (40) and units that must be assigned (25),
    /// of which most are; titles are tracked by their assignments (10). Some assignments miss: the wrong version, no
    /// unit left (4 of the licenses), a title that is not installed (8 of the titles).
    Assigned,
    /// All of it: scopes as in `Sites`, licenses (4) and titles (4) assigned. Families have editions (40), sell upgrades
    /// (50), also to the customers of another publisher (8), subscriptions (20) and units that must be assigned (10);
    /// titles are inactive (3), tracked by their assignments (5), or licensed without limit (2).
    Mixed,
}

impl Shape {
    /// All shapes.
    pub const ALL: [Self; 5] = [Self::Plain, Self::Upgrades, Self::Sites, Self::Assigned, Self::Mixed];

    /// Its name in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Upgrades => "upgrades",
            Self::Sites => "sites",
            Self::Assigned => "assigned",
            Self::Mixed => "mixed",
        }
    }

    pub(super) const fn profile(self) -> Profile {
        match self {
            Self::Plain => Profile::PLAIN,
            Self::Upgrades => Profile {
                editions_percent: 40,
                upgrades_percent: 90,
                competitive_percent: 15,
                subscriptions_percent: 10,
                ..Profile::PLAIN
            },
            Self::Sites => Profile { upgrades_percent: 20, ..Profile::SITES },
            Self::Assigned => Profile {
                upgrades_percent: 40,
                gated_percent: 25,
                tracked_percent: 10,
                license_assignments_percent: 8,
                title_assignments_percent: 8,
                ..Profile::PLAIN
            },
            Self::Mixed => Profile {
                editions_percent: 40,
                upgrades_percent: 50,
                competitive_percent: 8,
                subscriptions_percent: 20,
                gated_percent: 10,
                inactive_percent: 3,
                tracked_percent: 5,
                unlimited_percent: 2,
                license_assignments_percent: 4,
                title_assignments_percent: 4,
                ..Profile::SITES
            },
        }
    }
}

/// The numbers behind a shape, in per cent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Profile {
    /// Whether there is more than one scope.
    pub(super) has_scopes: bool,
    /// Families with more than one edition.
    pub(super) editions_percent: u64,
    /// Families that sell upgrades.
    pub(super) upgrades_percent: u64,
    /// Families that upgrade another publisher's title.
    pub(super) competitive_percent: u64,
    /// Families that sell subscriptions.
    pub(super) subscriptions_percent: u64,
    /// Families that sell units only to be assigned.
    pub(super) gated_percent: u64,
    /// Titles that are not calculated.
    pub(super) inactive_percent: u64,
    /// Titles whose demand is their assignments.
    pub(super) tracked_percent: u64,
    /// Titles with a license without limit.
    pub(super) unlimited_percent: u64,
    /// Machines under a contract.
    pub(super) contracts_percent: u64,
    /// Installs on machines that a license is assigned for.
    pub(super) license_assignments_percent: u64,
    /// Installs on machines that the title is assigned for.
    pub(super) title_assignments_percent: u64,
}

impl Profile {
    const PLAIN: Self = Self {
        has_scopes: false,
        editions_percent: 30,
        upgrades_percent: 0,
        competitive_percent: 0,
        subscriptions_percent: 15,
        gated_percent: 0,
        inactive_percent: 0,
        tracked_percent: 0,
        unlimited_percent: 0,
        contracts_percent: 0,
        license_assignments_percent: 0,
        title_assignments_percent: 0,
    };

    const SITES: Self = Self { has_scopes: true, contracts_percent: 15, ..Self::PLAIN };
}
