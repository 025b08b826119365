//! Snapshots concurrent with writers, without fork: the state of one moment, written while commands run.
//!
//! Every entry has a mark, and the keyspace has an epoch. Between snapshots all marks equal the epoch. A snapshot
//! begins by inverting the epoch under an exclusive pass: from then on, an entry whose mark differs is one that the
//! snapshot lacks. A walker visits the slots in small steps, passes such entries to the [`Keep`] and marks them. A
//! thread that is about to change or remove such an entry does the same first ([`Snapshots::before_change`]). A new
//! entry is marked at once. Tables that are emptied are passed to the keeper unchanged. So the keeper receives exactly
//! the state at the beginning, each entry once.
//!
//! A large value takes more than a small step: the keeper receives it in pieces, between which the value may change,
//! and only then is the value marked. A thread that changes some members first passes them by name
//! ([`Snapshots::before_change_of`]). A thread that removes the value passes it to the keeper as it is
//! ([`Snapshots::removed`]). For any other change, the keeper first receives all the rest at once.
//!
//! A cancelled snapshot loses its keeper, and the walk continues only to set the marks: not until then may another
//! snapshot begin.

use crate::database::{Keyspace, Pass};
use parking_lot::RwLock;
use redstart_encoding::table::Cursor;
use redstart_encoding::{Entry, Table};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Receives the entries of a snapshot.
pub trait Keep: Send + Sync + fmt::Debug {
    /// Keeps an entry as it is, before it changes; `database` is the entry's database at the beginning of the snapshot.
    /// The entry's slot is held, so this must be short and lock no slot.
    fn keep(&self, database: usize, entry: &Entry);

    /// Keeps the named members of a large value as they are, before they change; they may not exist. The snapshot still
    /// lacks the rest. Returns false if the value must be kept as a whole.
    fn keep_members(&self, database: usize, entry: &Entry, names: &mut dyn Iterator<Item = &[u8]>) -> bool;

    /// Takes ownership of a large value that was removed.
    fn keep_removed(&self, database: usize, entry: Entry);

    /// Keeps the entries of a table that was removed from the keyspace: those for which [`lacks`] returns true.
    fn keep_table(&self, database: usize, table: Table<Entry>, epoch: bool);
}

/// Whether a snapshot of this epoch still lacks an entry.
#[must_use]
pub fn lacks(entry: &Entry, epoch: bool) -> bool {
    entry.mark() != epoch
}

/// The epoch that marks are compared with, and the running snapshot.
#[derive(Debug, Default)]
pub struct Snapshots {
    epoch: AtomicBool,
    /// Whether a snapshot runs, for frequent checks.
    on: AtomicBool,
    running: RwLock<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    keeper: Option<Arc<dyn Keep>>,
    /// For each database, the database of its unmarked entries at the beginning: SWAPDB exchanges them.
    origin: Vec<usize>,
    /// How often databases were swapped.
    swaps: usize,
}

/// The position of a walk: the remaining slots, and the position in the first of them.
#[derive(Debug)]
pub struct Walk {
    slots: std::ops::Range<usize>,
    database: usize,
    cursor: Cursor,
    swaps: usize,
}

impl Walk {
    /// A walk over some slots.
    #[must_use]
    pub fn over(slots: std::ops::Range<usize>) -> Self {
        Self { slots, database: 0, cursor: 0, swaps: 0 }
    }

    /// The number of slots still to be visited.
    #[must_use]
    pub fn slots_left(&self) -> usize {
        self.slots.len()
    }

    /// Continues until `enough` returns true (it is called after every few entries) or a slot ends. Passes entries that
    /// the running snapshot lacks to `show`, with their databases at the beginning, and marks those for which `show`
    /// returns true. Returns false at the end of the walk.
    pub fn step(
        &mut self,
        keyspace: &Keyspace,
        pass: &Pass<'_>,
        mut show: impl FnMut(usize, &Entry) -> bool,
        mut enough: impl FnMut() -> bool,
    ) -> bool {
        let Some(index) = self.slots.clone().next() else { return false };
        let (epoch, (origin, swaps)) = (keyspace.snapshots.epoch(), keyspace.snapshots.origins());
        if swaps != self.swaps {
            // Entries still to be visited in this slot may now be where the walk has already been.
            (self.database, self.cursor, self.swaps) = (0, 0, swaps);
        }
        let mut slot = pass.lock(index);
        while self.database < slot.databases() {
            if slot.table(self.database).is_none() {
                self.database += 1;
                continue;
            }
            let table = slot.table_mut(self.database);
            let origin = origin.get(self.database).copied().unwrap_or(self.database);
            loop {
                self.cursor = table.scan(self.cursor, |entry| {
                    if lacks(entry, epoch) && show(origin, entry) {
                        entry.set_mark(epoch);
                    }
                });
                if self.cursor == 0 {
                    break;
                }
                if enough() {
                    return true;
                }
            }
            self.database += 1;
        }
        drop(slot);
        self.slots.next();
        self.database = 0;
        !self.slots.is_empty()
    }
}

impl Snapshots {
    /// The epoch that marks are compared with. A new entry gets it as its mark.
    #[inline]
    #[must_use]
    pub fn epoch(&self) -> bool {
        // Relaxed: the epoch changes only under an exclusive pass, and entering synchronizes.
        self.epoch.load(Ordering::Relaxed)
    }

    /// Called before an entry is changed or removed: if a running snapshot lacks the entry, it is kept first.
    #[inline]
    pub fn before_change(&self, database: usize, entry: &Entry) {
        if self.lacks(entry) {
            self.keep(database, entry);
        }
    }

    /// Whether the running snapshot lacks an entry.
    #[inline]
    #[must_use]
    pub fn lacks(&self, entry: &Entry) -> bool {
        lacks(entry, self.epoch())
    }

    /// Keeps an entry that the running snapshot lacks.
    #[cold]
    pub fn keep(&self, database: usize, entry: &Entry) {
        self.with_keeper(database, |keeper, origin| keeper.keep(origin, entry));
        entry.set_mark(self.epoch());
    }

    /// Like [`Snapshots::before_change`], if only the members with these names and the value's header change.
    #[inline]
    pub fn before_change_of<'n>(&self, database: usize, entry: &Entry, names: impl Iterator<Item = &'n [u8]>) {
        if self.lacks(entry) {
            self.keep_members(database, entry, names);
        }
    }

    #[cold]
    fn keep_members<'n>(&self, database: usize, entry: &Entry, mut names: impl Iterator<Item = &'n [u8]>) {
        let kept = entry.is_large()
            && self.with_keeper(database, |keeper, origin| keeper.keep_members(origin, entry, &mut names))
                == Some(true);
        if !kept {
            self.keep(database, entry);
        }
    }

    /// Called after an entry was removed unchanged: if a running snapshot lacks the entry, it is kept. Returns the
    /// entry, to be freed, unless the keeper takes it.
    #[inline]
    #[must_use]
    pub fn removed(&self, database: usize, entry: Entry) -> Option<Entry> {
        if self.lacks(&entry) { self.keep_removed(database, entry) } else { Some(entry) }
    }

    #[cold]
    fn keep_removed(&self, database: usize, entry: Entry) -> Option<Entry> {
        if entry.is_large() {
            let mut entry = Some(entry);
            self.with_keeper(database, |keeper, origin| entry.take().map(|entry| keeper.keep_removed(origin, entry)));
            return entry;
        }
        self.keep(database, &entry);
        Some(entry)
    }

    /// Calls `with` with the keeper, and the original number of the database. `None` if there is no keeper.
    fn with_keeper<R>(&self, database: usize, with: impl FnOnce(&dyn Keep, usize) -> R) -> Option<R> {
        let running = self.running.read();
        let running = running.as_ref()?;
        Some(with(&**running.keeper.as_ref()?, running.origin.get(database).copied().unwrap_or(database)))
    }

    /// Whether a snapshot runs, for checks at every command. A snapshot begins under an exclusive pass.
    #[inline]
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }

    /// The current database of the keys that were in database `origin` when the running snapshot began.
    #[must_use]
    pub fn database_now(&self, origin: usize) -> usize {
        let running = self.running.read();
        let place = running.as_ref().and_then(|running| running.origin.iter().position(|&database| database == origin));
        place.unwrap_or(origin)
    }

    /// Begins a snapshot under an exclusive pass, so that no thread sees an intermediate state.
    ///
    /// # Panics
    /// If the pass is not exclusive, or a snapshot runs.
    pub fn begin(&self, pass: &Pass<'_>, databases: usize, keeper: Arc<dyn Keep>) {
        assert!(pass.alone(), "a snapshot begins under an exclusive pass");
        let mut running = self.running.write();
        assert!(running.is_none(), "one snapshot at a time");
        *running = Some(Running { keeper: Some(keeper), origin: (0..databases).collect(), swaps: 0 });
        self.epoch.store(!self.epoch(), Ordering::Relaxed);
        self.on.store(true, Ordering::Relaxed);
    }

    /// Cancels the running snapshot: no more entries are kept. Its walk must still reach its end.
    pub fn give_up(&self) {
        if let Some(running) = &mut *self.running.write() {
            running.keeper = None;
        }
    }

    /// Ends a snapshot whose walk is at its end: the keeper has received everything.
    pub fn end(&self) {
        self.on.store(false, Ordering::Relaxed);
        *self.running.write() = None;
    }

    /// Whether a snapshot runs, or a cancelled one still walks.
    #[must_use]
    pub fn running(&self) -> bool {
        self.running.read().is_some()
    }

    /// Records the swap of two databases, under an exclusive pass.
    pub fn swapped(&self, one: usize, other: usize) {
        if let Some(running) = &mut *self.running.write() {
            running.origin.swap(one, other);
            running.swaps += 1;
        }
    }

    /// Passes tables that were removed from the keyspace to the keeper of a running snapshot; returns the ones that it
    /// does not take.
    #[must_use]
    pub fn taken(&self, tables: Vec<(usize, Table<Entry>)>) -> Vec<Table<Entry>> {
        let running = self.running.read();
        let keeper = running.as_ref().and_then(|running| Some((running, running.keeper.as_ref()?)));
        let Some((running, keeper)) = keeper else { return tables.into_iter().map(|(_, table)| table).collect() };
        for (database, table) in tables {
            keeper.keep_table(running.origin.get(database).copied().unwrap_or(database), table, self.epoch());
        }
        Vec::new()
    }

    fn origins(&self) -> (Vec<usize>, usize) {
        self.running.read().as_ref().map(|running| (running.origin.clone(), running.swaps)).unwrap_or_default()
    }
}
