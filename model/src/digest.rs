//! A digest of an estate: equal for equal facts, however they were written down.

use crate::estate::{Assigned, Assignment, Estate, Install, License, Metric, Sku, Target, TrackBy, Version};
use crate::id::Id;
use crate::market::{Market, Offer, Reclaim, Reinstall, Tier, TierRule};
use crate::number::Money;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

/// Names what is hashed and how, so that another encoding gives another digest.
const ENCODING: &str = "licit estate 1";
/// The same for an estate with a market.
const MARKET_ENCODING: &str = "licit market 1";

impl Estate {
    /// SHA-256 over all facts in canonical order, as 64 hexadecimal digits.
    ///
    /// Row order, quoting, and whether rows stood in tables make no difference; any fact does, the day of the
    /// position included. Every text and list is preceded by its length and every optional fact by whether it
    /// is there, so that no two estates share an encoding.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut encoder = Encoder::new(ENCODING);
        encoder.head(self);
        encoder.catalog(self);
        for names in [self.contracts.as_slice(), self.assets.as_slice(), self.users.as_slice()] {
            encoder.list(names, |encoder, name| encoder.text(name));
        }
        encoder.list(self.licenses.as_slice(), Encoder::license);
        encoder.list(&self.installs, Encoder::install);
        encoder.list(&self.unknown_names, |encoder, unknown| {
            encoder.text(&unknown.name);
            encoder.number(unknown.quantity.get());
        });
        encoder.list(self.assignments.as_slice(), Encoder::assignment);
        // At the end and only where some SKU has one, so that other estates keep their digests.
        if self.skus.iter().any(Sku::covers_several) {
            encoder.list(self.skus.as_slice(), Encoder::extent);
        }
        encoder.finish()
    }
}

impl Market {
    /// SHA-256 over an estate and what may be bought or done about it, as 64 hexadecimal digits.
    #[must_use]
    pub fn digest_with(&self, estate: &Estate) -> String {
        let mut encoder = Encoder::new(MARKET_ENCODING);
        encoder.text(&estate.digest());
        encoder.list(self.offers.as_slice(), Encoder::offer);
        encoder.flag(self.transfers_are_paid);
        encoder.list(&self.reclaims, Encoder::reclaim);
        encoder.list(&self.reinstalls, Encoder::reinstall);
        encoder.optional(self.budget, Encoder::money);
        encoder.optional(self.shortage_cost, Encoder::money);
        encoder.list(&self.assigned_elsewhere, |encoder, &target| encoder.target(target));
        encoder.finish()
    }
}

/// Writes facts into a hash: what is written in the same order is equal exactly if the digests are.
pub struct Encoder {
    hash: Sha256,
    /// What is not hashed yet: facts are a few bytes each, and many.
    bytes: Vec<u8>,
}

/// Bytes that are hashed at once, about.
const BYTES_AT_ONCE: usize = 1 << 13;

impl Encoder {
    /// Begins with a name for what is hashed and how.
    #[must_use]
    pub fn new(encoding: &str) -> Self {
        let mut encoder = Self { hash: Sha256::new(), bytes: Vec::with_capacity(2 * BYTES_AT_ONCE) };
        encoder.text(encoding);
        encoder
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() >= BYTES_AT_ONCE {
            self.hash.update(&self.bytes);
            self.bytes.clear();
        }
    }

    /// A number.
    pub fn number(&mut self, number: u64) {
        self.bytes(&number.to_le_bytes());
    }

    /// A text, after its length.
    pub fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes(text.as_bytes());
    }

    /// One of two.
    pub fn flag(&mut self, flag: bool) {
        self.bytes(&[u8::from(flag)]);
    }

    /// A row of a table, whose order must be known by what else is hashed.
    pub fn id<I: Id>(&mut self, id: I) {
        self.number(id.index() as u64);
    }

    /// A day.
    pub fn date(&mut self, date: Date) {
        self.bytes(&date.year().to_le_bytes());
        self.bytes(&date.month().to_le_bytes());
        self.bytes(&date.day().to_le_bytes());
    }

    /// An amount, never negative.
    pub fn money(&mut self, amount: Money) {
        self.number(amount.units().unsigned_abs());
    }

    /// Whether there is something, then what it is.
    pub fn optional<T>(&mut self, value: Option<T>, encode: impl FnOnce(&mut Self, T)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            encode(self, value);
        }
    }

    /// How many there are, then each.
    pub fn list<T>(&mut self, items: &[T], mut encode: impl FnMut(&mut Self, &T)) {
        self.number(items.len() as u64);
        for item in items {
            encode(self, item);
        }
    }

    /// A lot, by ids of its estate.
    pub fn license(&mut self, license: &License) {
        self.text(&license.id);
        self.id(license.sku);
        self.optional(license.quantity, |encoder, quantity| encoder.number(quantity.get()));
        self.id(license.scope);
        self.optional(license.contract, Self::id);
        for date in [license.start, license.end, license.purchased, license.maintenance_until] {
            self.optional(date, Self::date);
        }
        for text in [&license.key, &license.order, &license.invoice] {
            self.optional(text.as_deref(), Self::text);
        }
    }

    /// What may be uninstalled, by ids of an estate.
    pub fn reclaim(&mut self, reclaim: &Reclaim) {
        self.id(reclaim.version);
        self.number(reclaim.unused_days.into());
        self.money(reclaim.cost);
    }

    /// What may be put in the place of a version, by ids of an estate.
    pub fn reinstall(&mut self, reinstall: &Reinstall) {
        self.id(reinstall.from);
        self.id(reinstall.to);
        self.money(reinstall.cost);
    }

    fn head(&mut self, estate: &Estate) {
        self.optional(estate.name.as_deref(), Self::text);
        self.date(estate.as_of);
        self.optional(estate.currency, |encoder, currency| encoder.text(currency.code));
        let thresholds = estate.thresholds;
        for threshold in [thresholds.almost_under_percent, thresholds.over_percent, thresholds.expiring_days] {
            self.number(threshold.into());
        }
        self.list(estate.scopes.as_slice(), |encoder, scope| {
            encoder.text(&scope.id);
            encoder.optional(scope.parent, Self::id);
        });
        self.list(&estate.transfers, |encoder, transfer| {
            encoder.id(transfer.from);
            encoder.id(transfer.to);
            encoder.money(transfer.cost);
        });
    }

    fn catalog(&mut self, estate: &Estate) {
        self.list(estate.titles.as_slice(), |encoder, title| {
            encoder.text(&title.id);
            for text in [&title.name, &title.publisher, &title.family] {
                encoder.optional(text.as_deref(), Self::text);
            }
            encoder.flag(title.is_active);
            encoder.flag(title.track_by == TrackBy::Assignments);
            let versions: Vec<&Version> =
                crate::id::ids_in(&title.versions).map(|version| &estate.versions[version]).collect();
            encoder.list(&versions, |encoder, version| {
                encoder.text(&version.name);
                encoder.optional(version.released, Self::date);
            });
        });
        self.list(estate.skus.as_slice(), |encoder, sku| {
            encoder.text(&sku.id);
            encoder.id(sku.version);
            encoder.list(&sku.may_cover, |encoder, &version| encoder.id(version));
            encoder.optional(sku.upgrades.as_ref(), |encoder, versions| {
                encoder.list(versions, |encoder, &version| encoder.id(version));
            });
            encoder.flag(sku.use_only_when_assigned);
            encoder.optional(sku.unit_cost, Self::money);
            encoder.flag(sku.has_maintenance);
        });
    }

    fn extent(&mut self, sku: &Sku) {
        let (kind, max_devices) = match sku.metric {
            Metric::Install => (0, None),
            Metric::Device => (1, None),
            Metric::User { max_devices } => (2, max_devices),
        };
        self.number(kind);
        self.optional(max_devices, |encoder, devices| encoder.number(devices.get()));
        self.list(&sku.bundle, |encoder, member| {
            encoder.id(member.main);
            encoder.list(&member.versions, |encoder, &version| encoder.id(version));
        });
    }

    fn install(&mut self, install: &Install) {
        self.id(install.version);
        self.id(install.scope);
        self.optional(install.contract, Self::id);
        self.optional(install.asset, Self::id);
        self.optional(install.user, Self::id);
        self.optional(install.excluded.as_deref(), Self::text);
        self.optional(install.last_used, Self::date);
        self.number(install.quantity.get());
    }

    fn assignment(&mut self, assignment: &Assignment) {
        match assignment.assigned {
            Assigned::License(license) => {
                self.flag(false);
                self.id(license);
            }
            Assigned::Title(title) => {
                self.flag(true);
                self.id(title);
            }
        }
        self.target(assignment.target);
        self.optional(assignment.version, Self::id);
        self.id(assignment.scope);
    }

    fn target(&mut self, target: Target) {
        match target {
            Target::Asset(asset) => {
                self.flag(false);
                self.id(asset);
            }
            Target::User(user) => {
                self.flag(true);
                self.id(user);
            }
        }
    }

    fn offer(&mut self, offer: &Offer) {
        self.text(&offer.id);
        self.id(offer.lot);
        self.flag(offer.is_renewal);
        let terms = &offer.terms;
        for quantity in [terms.pack, terms.least, terms.most] {
            self.number(quantity.get());
        }
        self.money(terms.fee);
        self.tiers(&terms.tiers, terms.tier_rule);
    }

    /// Prices by quantity.
    pub fn tiers(&mut self, tiers: &[Tier], rule: TierRule) {
        self.list(tiers, |encoder, tier| {
            encoder.number(tier.from.get());
            encoder.money(tier.price);
        });
        self.flag(rule == TierRule::AllUnits);
    }

    /// SHA-256 over all of it, as 64 hexadecimal digits.
    #[must_use]
    pub fn finish(mut self) -> String {
        use std::fmt::Write as _;
        self.hash.update(&self.bytes);
        self.hash.finalize().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}
