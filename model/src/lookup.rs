//! Names of an estate that was read, looked up again by a file that stands beside it.
//!
//! References resolve as in the estate file itself, with the same findings and suggestions. Memory and the time to
//! make it are in proportion to the names; a look-up takes constant time.

use crate::diagnostic::{FileId, Place};
use crate::document::titles::Catalog;
use crate::estate::Estate;
use crate::fields::{Cell, Entry};
use crate::findings::Findings;
use crate::id::{LicenseId, ScopeId, SkuId, VersionId};
use crate::registry::Registry;
use std::ops::Range;

/// The names of an estate.
#[derive(Debug)]
pub struct Names {
    catalog: Catalog,
    scopes: Registry<ScopeId, ()>,
    /// By id; a SKU that covers by maintenance stands once, with its row as written.
    skus: Registry<SkuId, SkuId>,
    licenses: Registry<LicenseId, ()>,
}

impl Names {
    /// The names of an estate.
    #[must_use]
    pub fn of(estate: &Estate) -> Self {
        // Every id of an estate stands once, so that nothing is found and no place is ever shown.
        let findings = &mut Findings::new();
        let place = Place::start_of(FileId(0));
        let mut names = Self {
            catalog: Catalog::of(estate, place, findings),
            scopes: Registry::new("scope"),
            skus: Registry::new("SKU"),
            licenses: Registry::new("license"),
        };
        for scope in &estate.scopes {
            names.scopes.insert(&scope.id, place, (), findings);
        }
        for (id, sku) in estate.skus.enumerate() {
            if names.skus.find(&sku.id).is_none() {
                names.skus.insert(&sku.id, place, id, findings);
            }
        }
        for license in &estate.licenses {
            names.licenses.insert(&license.id, place, (), findings);
        }
        names
    }

    /// The one version that `entry` under `key` names.
    pub fn version(&self, entry: Entry<'_>, key: &str, findings: &mut Findings) -> Option<VersionId> {
        self.catalog.one(entry, key, findings)
    }

    /// The versions that a reference under `key` names.
    pub fn versions(&self, cell: Cell<'_>, key: &str, findings: &mut Findings) -> Option<Range<VersionId>> {
        self.catalog.several(cell, key, findings)
    }

    /// The scope that `entry` under `key` names.
    pub fn scope(&self, entry: Entry<'_>, key: &str, findings: &mut Findings) -> Option<ScopeId> {
        self.scopes.resolve(entry, key, findings)
    }

    /// The SKU as written that `entry` under `key` names.
    pub fn sku(&self, entry: Entry<'_>, key: &str, findings: &mut Findings) -> Option<SkuId> {
        self.skus.resolve(entry, key, findings).map(|position| self.skus.row(position).facts)
    }

    /// The license that `entry` under `key` names.
    pub fn license(&self, entry: Entry<'_>, key: &str, findings: &mut Findings) -> Option<LicenseId> {
        self.licenses.resolve(entry, key, findings)
    }

    /// The license with this id.
    #[must_use]
    pub fn find_license(&self, id: &str) -> Option<LicenseId> {
        self.licenses.find(id)
    }
}
