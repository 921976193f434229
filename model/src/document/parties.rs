//! Contracts, assets, users and reasons: texts that rows name and nothing declares.

use crate::registry::Interner;

/// The texts, numbered in the order of first mention.
#[derive(Debug, Default)]
pub(crate) struct Parties {
    pub(crate) contracts: Interner,
    pub(crate) assets: Interner,
    pub(crate) users: Interner,
    /// Why installs are excluded.
    pub(crate) reasons: Interner,
}
