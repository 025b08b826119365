//! Entries that handlers borrow from the keyspace: [`Found`] to read, [`Writing`] to change.
//!
//! A [`Writing`] exists only after the running snapshot has what it still lacks of the entry, and what a handler changes
//! through it is said once, by [`Context::commit`](crate::Context::commit). Builds with debug assertions check that
//! (`uncommitted.rs`).

use redstart_encoding::Entry;
use redstart_encoding::table::RefMut;
use std::ops::{Deref, DerefMut};

/// An entry to be read.
#[derive(Debug)]
pub struct Found<'a>(RefMut<'a, Entry>);

/// An entry to be changed or removed, followed by [`Context::commit`](crate::Context::commit).
#[derive(Debug)]
pub struct Writing<'a> {
    entry: RefMut<'a, Entry>,
    #[cfg(debug_assertions)]
    database: usize,
}

/// A borrowed entry whose expired members may be removed on the way. That is not the command's own change: the code that
/// removes them announces it (`timed::note`), so nothing is committed.
pub trait Borrowed: Deref<Target = Entry> {
    /// The entry, to remove expired members.
    fn expiring(&mut self) -> &mut Entry;

    /// Removes an entry without members.
    fn remove_empty(self);
}

impl<'a> Found<'a> {
    pub(crate) fn new(entry: RefMut<'a, Entry>) -> Self {
        Self(entry)
    }
}

impl Deref for Found<'_> {
    type Target = Entry;
    #[inline]
    fn deref(&self) -> &Entry {
        &self.0
    }
}

impl Borrowed for Found<'_> {
    fn expiring(&mut self) -> &mut Entry {
        &mut self.0
    }

    fn remove_empty(self) {
        drop(self.0.remove());
    }
}

impl<'a> Writing<'a> {
    #[inline]
    pub(crate) fn new(entry: RefMut<'a, Entry>, database: usize) -> Self {
        #[cfg(not(debug_assertions))]
        let _ = database;
        Self {
            entry,
            #[cfg(debug_assertions)]
            database,
        }
    }

    /// Takes the entry out of its table.
    #[inline]
    pub fn remove(self) -> Entry {
        self.note();
        self.entry.remove()
    }

    /// Notes what the entry holds before its first change.
    #[inline]
    fn note(&self) {
        #[cfg(debug_assertions)]
        crate::uncommitted::note(self.database, self.entry.key(), Some(&self.entry));
    }
}

impl Deref for Writing<'_> {
    type Target = Entry;
    #[inline]
    fn deref(&self) -> &Entry {
        &self.entry
    }
}

impl DerefMut for Writing<'_> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Entry {
        self.note();
        &mut self.entry
    }
}

impl Borrowed for Writing<'_> {
    fn expiring(&mut self) -> &mut Entry {
        &mut self.entry
    }

    fn remove_empty(self) {
        drop(self.entry.remove());
    }
}
