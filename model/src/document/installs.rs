//! Installs: measured use, added up while it is read.
//!
//! Memory is in proportion to the installs that differ, not to the rows: whenever the rows collected since
//! the last time outnumber those, all are sorted and like ones merged. Each row takes part in a number of
//! sorts that is logarithmic in the rows that follow.

use super::Source;
use super::names::{Meaning, Names};
use super::parties::Parties;
use super::pools::{Pools, Tied};
use super::rows::{self, Holds, Memo, Record, Shape};
use super::scopes::Scopes;
use super::titles::Catalog;
use super::totals::Total;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::fields::Fields;
use crate::findings::Findings;
use crate::id::{Id, ScopeId, VersionId};
use crate::number::Quantity;
use crate::registry::Interner;
use crate::value;
use jiff::civil::Date;

pub(crate) const SHAPE: Shape = Shape {
    section: "installs",
    what: "an install",
    keys: &["version", "quantity", "scope", "contract", "asset", "user", "excluded", "last_used", "name"],
    typed: &[("quantity", Holds::Count), ("last_used", Holds::Day)],
    required: &[&["version", "name"]],
};
const VERSION: usize = 0;
const QUANTITY: usize = 1;
const SCOPE: usize = 2;
const CONTRACT: usize = 3;
const ASSET: usize = 4;
const USER: usize = 5;
const EXCLUDED: usize = 6;
const LAST_USED: usize = 7;
const NAME: usize = 8;

/// Rows that are collected before like ones are merged for the first time.
const COLLECTED_MIN: usize = 1 << 20;

/// An install with numbers for texts; a text's `0` stands for none, so that none sorts first as in the estate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct InstallFacts {
    pub(crate) what: What,
    pub(crate) quantity: Quantity,
}

/// All of an install but its quantity, in pairs of numbers that are compared as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct What {
    version_and_scope: u64,
    contract_and_asset: u64,
    user_and_reason: u64,
    /// Year, month and day; `0` for none.
    last_used: u32,
}

/// What an install says about itself, each number for itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts {
    pub(crate) version: VersionId,
    pub(crate) scope: ScopeId,
    pub(crate) contract: u32,
    pub(crate) asset: u32,
    pub(crate) user: u32,
    pub(crate) reason: u32,
    pub(crate) last_used: Option<Date>,
}

impl What {
    pub(crate) fn new(parts: &Parts) -> Self {
        let index = |index: usize| u32::try_from(index).expect("ids are 32 bits wide");
        let pair = |high: u32, low: u32| u64::from(high) << 32 | u64::from(low);
        Self {
            version_and_scope: pair(index(parts.version.index()), index(parts.scope.index())),
            contract_and_asset: pair(parts.contract, parts.asset),
            user_and_reason: pair(parts.user, parts.reason),
            last_used: parts.last_used.map_or(0, |date| {
                let [year, month, day] = [i32::from(date.year()), date.month().into(), date.day().into()];
                (year * 10_000 + month * 100 + day).unsigned_abs()
            }),
        }
    }

    pub(crate) fn parts(&self) -> Parts {
        let high = |pair: u64| u32::try_from(pair >> 32).expect("32 bits are left");
        let low = |pair: u64| u32::try_from(pair & u64::from(u32::MAX)).expect("32 bits are left");
        let part = |number: u32| i8::try_from(number % 100).ok();
        let date = || {
            // Asking the calendar for no date is slow.
            let _ = self.last_used.checked_sub(1)?;
            let year = i16::try_from(self.last_used / 10_000).ok()?;
            Date::new(year, part(self.last_used / 100)?, part(self.last_used)?).ok()
        };
        Parts {
            version: VersionId::at(high(self.version_and_scope) as usize),
            scope: ScopeId::at(low(self.version_and_scope) as usize),
            contract: high(self.contract_and_asset),
            asset: low(self.contract_and_asset),
            user: high(self.user_and_reason),
            reason: low(self.user_and_reason),
            last_used: date(),
        }
    }
}

/// What installs refer to.
pub(crate) struct Known<'a, 'n> {
    pub(crate) scopes: &'a Scopes<'n>,
    pub(crate) catalog: &'a Catalog,
    pub(crate) names: &'a mut Names,
    pub(crate) parties: &'a mut Parties,
}

/// What a row measures.
enum Measured {
    /// An install, and where its version or name stands.
    Install(Parts, Place),
    /// Software whose name is unknown: its position among the unknown names.
    Unknown(usize),
}

/// What the texts of rows mean.
#[derive(Debug, Default)]
struct Memos {
    version: Memo<VersionId>,
    name: Memo<Meaning>,
    scope: Memo<ScopeId>,
    quantity: Memo<Quantity>,
    contract: Memo<u32>,
    asset: Memo<u32>,
    user: Memo<u32>,
    reason: Memo<u32>,
    last_used: Memo<Date>,
}

/// Reads the installs; those of `tied` assets and users are pooled by themselves, those of unknown names are only
/// counted with their names.
pub(crate) fn read(
    estate: &Fields<'_, '_>,
    source: &Source<'_>,
    known: &mut Known<'_, '_>,
    tied: Tied,
    findings: &mut Findings,
) -> (Vec<InstallFacts>, Pools) {
    let mut installs = Collected { rows: Vec::new(), merge_at: COLLECTED_MIN };
    let mut pools = Pools::new(tied, known.catalog.version_count(), known.scopes.registry.rows().len());
    let mut total = Total::default();
    let mut memos = Memos::default();
    rows::for_each(estate, &SHAPE, source, findings, &mut |record, findings| {
        let Some((measured, quantity)) = read_install(record, known, &mut memos, findings) else { return };
        total.add(quantity, record.place_of(QUANTITY));
        match measured {
            Measured::Install(parts, place) => {
                pools.add(&parts, quantity, place);
                installs.push(InstallFacts { what: What::new(&parts), quantity });
            }
            Measured::Unknown(position) => known.names.count(position, quantity),
        }
    });
    total.check("installs", findings);
    total.warn_of_sentinels("the measured number", findings);
    (installs.rows, pools)
}

fn read_install(
    record: &Record<'_>,
    known: &mut Known<'_, '_>,
    memos: &mut Memos,
    findings: &mut Findings,
) -> Option<(Measured, Quantity)> {
    let meaning = what_is_installed(record, known, memos, findings);
    let scope = memos.scope.get(record, SCOPE, || known.scopes.of(record, SCOPE, findings));
    let quantity = if record.entries[QUANTITY].is_present() {
        let quantity = memos.quantity.get(record, QUANTITY, || record.read(QUANTITY, findings, value::quantity));
        quantity.unwrap_or_default()
    } else {
        Quantity::ONE
    };
    let parties = &mut *known.parties;
    let mut number = |memo: &mut Memo<u32>, key, interner: &mut Interner| {
        let read = || record.read(key, findings, value::text).map(|text| interner.number(text) + 1);
        memo.get(record, key, read).unwrap_or_default()
    };
    let contract = number(&mut memos.contract, CONTRACT, &mut parties.contracts);
    let asset = number(&mut memos.asset, ASSET, &mut parties.assets);
    let user = number(&mut memos.user, USER, &mut parties.users);
    let reason = number(&mut memos.reason, EXCLUDED, &mut parties.reasons);
    let last_used = memos.last_used.get(record, LAST_USED, || record.read(LAST_USED, findings, value::date));
    let measured = match meaning? {
        (Meaning::Version(version), place) => {
            Measured::Install(Parts { version, scope: scope?, contract, asset, user, reason, last_used }, place)
        }
        (Meaning::Unknown(position), _) => Measured::Unknown(position),
        (Meaning::Refused, _) => return None,
    };
    Some((measured, quantity))
}

/// The version of a row, which has it or a name that stands for it, and where it says so.
fn what_is_installed(
    record: &Record<'_>,
    known: &mut Known<'_, '_>,
    memos: &mut Memos,
    findings: &mut Findings,
) -> Option<(Meaning, Place)> {
    let (version, name) = (record.entries[VERSION], record.entries[NAME]);
    if version.cell().is_some() && name.cell().is_some() {
        findings.push_error(|_| {
            Diagnostic::new(Code::OneOf, record.place_of(NAME), "an install has `version` and `name`; expected one")
                .with_related(record.place_of(VERSION), "`version` is given here")
                .with_help("remove one of the two")
        });
        return None;
    }
    if name.is_present() && !version.is_present() {
        let read = || {
            record.read(NAME, findings, value::text)?;
            name.cell().map(|cell| known.names.look_up(cell, known.catalog, findings))
        };
        return memos.name.get(record, NAME, read).map(|meaning| (meaning, record.place_of(NAME)));
    }
    let read = || known.catalog.one(record.required(VERSION, findings), "version", findings);
    let version = memos.version.get(record, VERSION, read)?;
    Some((Meaning::Version(version), record.place_of(VERSION)))
}

/// Installs of which like ones are merged from time to time.
struct Collected {
    rows: Vec<InstallFacts>,
    merge_at: usize,
}

impl Collected {
    fn push(&mut self, install: InstallFacts) {
        if self.rows.len() >= self.merge_at {
            sort_and_merge(&mut self.rows);
            self.merge_at = COLLECTED_MIN.max(2 * self.rows.len());
        }
        self.rows.push(install);
    }
}

/// Sorts the installs and adds up those that agree in everything but the quantity.
pub(crate) fn sort_and_merge(installs: &mut Vec<InstallFacts>) {
    // The stable sort makes use of those that are sorted since the last time.
    installs.sort();
    installs.dedup_by(|later, kept| {
        let is_alike = later.what == kept.what;
        if is_alike {
            // In range: the sum of all rows is checked before it is used.
            kept.quantity = Quantity::new(kept.quantity.get().saturating_add(later.quantity.get()));
        }
        is_alike
    });
}
