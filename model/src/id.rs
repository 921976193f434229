//! Typed ids and the tables they index: a scope can never be looked up among the titles.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut, Range};

/// A dense id: a position in one [`Table`].
pub trait Id: Copy + Ord + fmt::Debug {
    /// The id of the given position.
    fn at(index: usize) -> Self;
    /// The position this id stands for.
    fn index(self) -> usize;
}

/// Declares dense ids; each orders as its table does.
#[macro_export]
macro_rules! define_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        // Counted from 1, so that an id that may be missing takes no more memory.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(std::num::NonZeroU32);

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_tuple(stringify!($name)).field(&$crate::id::Id::index(*self)).finish()
            }
        }

        impl $crate::id::Id for $name {
            fn at(index: usize) -> Self {
                let number = u32::try_from(index + 1).ok().and_then(std::num::NonZeroU32::new);
                Self(number.expect("tables are limited to 2^32 rows"))
            }
            fn index(self) -> usize {
                self.0.get() as usize - 1
            }
        }
    )*};
}

define_ids! {
    /// A scope, in the order of scope ids by bytes.
    ScopeId,
    /// A title, in the order of title ids by bytes.
    TitleId,
    /// A version; the versions of a title are contiguous, oldest first, titles in their order.
    VersionId,
    /// A SKU, in the order of SKU ids by bytes.
    SkuId,
    /// A license, in the order of license ids by bytes.
    LicenseId,
    /// A contract, in the order of contract ids by bytes.
    ContractId,
    /// An asset, in the order of asset ids by bytes.
    AssetId,
    /// A user, in the order of user ids by bytes.
    UserId,
    /// An assignment, in the canonical order of [`crate::estate::Estate::assignments`].
    AssignmentId,
}

/// Rows indexed by their own id type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table<I, T> {
    rows: Vec<T>,
    id: PhantomData<I>,
}

impl<I: Id, T> Table<I, T> {
    /// Takes the rows as they stand: the first has position 0.
    #[must_use]
    pub fn new(rows: Vec<T>) -> Self {
        Self { rows, id: PhantomData }
    }

    /// A table with `count` copies of `row`.
    #[must_use]
    pub fn filled(row: T, count: usize) -> Self
    where
        T: Clone,
    {
        Self::new(vec![row; count])
    }

    /// Appends a row and returns its id.
    pub fn push(&mut self, row: T) -> I {
        self.rows.push(row);
        I::at(self.rows.len() - 1)
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.rows.iter()
    }

    /// The ids in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.rows.len()).map(I::at)
    }

    /// Ids and rows in order.
    pub fn enumerate(&self) -> impl Iterator<Item = (I, &T)> {
        self.rows.iter().enumerate().map(|(index, row)| (I::at(index), row))
    }

    /// The rows, without the table.
    #[must_use]
    pub fn into_rows(self) -> Vec<T> {
        self.rows
    }

    /// The rows as a slice.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.rows
    }
}

impl<I, T> Default for Table<I, T> {
    fn default() -> Self {
        Self { rows: Vec::new(), id: PhantomData }
    }
}

impl<I: Id, T> Index<I> for Table<I, T> {
    type Output = T;
    fn index(&self, id: I) -> &T {
        &self.rows[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for Table<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.rows[id.index()]
    }
}

impl<'a, I: Id, T> IntoIterator for &'a Table<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

/// The ids from `range.start` up to, not including, `range.end`.
pub fn ids_in<I: Id>(range: &Range<I>) -> impl DoubleEndedIterator<Item = I> + use<I> {
    (range.start.index()..range.end.index()).map(I::at)
}
