//! Snapshots beside writers, without fork: the state of one moment, written while everybody goes on.
//!
//! Every entry has a mark, and the keyspace has an epoch. Between snapshots all marks are equal to the epoch. A snapshot
//! begins by turning the epoch over while nobody else is inside: from then on, an entry whose mark differs is one that the
//! snapshot lacks. A walker goes through the slots in small steps, shows such entries to the [`Keep`] and marks them; whoever
//! is about to change or remove one does the same first ([`Snapshots::before_change`]); an entry that is added is marked at
//! once. Tables that are emptied go to the keeper as they are. So what the keeper gets is exactly the state at the
//! beginning, each entry once.
//!
//! A large value is more than a small step: the keeper gets it in pieces, between which it may change, and only then it
//! is marked. Who changes some members of it shows those first, by name ([`Snapshots::before_change_of`]); who removes it
//! gives it to the keeper as it is ([`Snapshots::removed`]); who does something else to it has all the rest kept at once.
//!
//! A snapshot that is given up loses its keeper, and the walk goes on for the marks alone: only then may another begin.

use crate::database::{Keyspace, Pass};
use parking_lot::RwLock;
use redstart_encoding::table::Cursor;
use redstart_encoding::{Entry, Table};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Who keeps the entries of a snapshot.
pub trait Keep: Send + Sync + fmt::Debug {
    /// Keeps an entry as it is, before it changes; `database` is the one it was in when the snapshot began. The entry's
    /// slot is held, so this must be short and take no slot.
    fn keep(&self, database: usize, entry: &Entry);

    /// Keeps the named members of a large value as they are, before they change; there may be no such. The rest is still
    /// lacked then. False where the value has to be kept as a whole.
    fn keep_members(&self, database: usize, entry: &Entry, names: &mut dyn Iterator<Item = &[u8]>) -> bool;

    /// Takes over a large value that was removed.
    fn keep_removed(&self, database: usize, entry: Entry);

    /// Keeps the entries of a table that was taken out of the keyspace: those for which [`lacks`] says so.
    fn keep_table(&self, database: usize, table: Table<Entry>, epoch: bool);
}

/// Whether a snapshot of this epoch still lacks an entry.
#[must_use]
pub fn lacks(entry: &Entry, epoch: bool) -> bool {
    entry.mark() != epoch
}

/// The epoch that marks are compared with, and the snapshot that runs.
#[derive(Debug, Default)]
pub struct Snapshots {
    epoch: AtomicBool,
    /// Whether one runs, for who asks often.
    on: AtomicBool,
    running: RwLock<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    keeper: Option<Arc<dyn Keep>>,
    /// For each database, which one its unmarked entries were in at the beginning: SWAPDB exchanges them.
    origin: Vec<usize>,
    /// How often databases were exchanged.
    swaps: usize,
}

/// Where a walk stands: which slots of `0..count`, and how far.
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

    /// How many slots are still to be gone through.
    #[must_use]
    pub fn slots_left(&self) -> usize {
        self.slots.len()
    }

    /// Goes on until `enough` says so (it is asked after every few entries) or a slot ends; shows entries that the running
    /// snapshot lacks, with the databases they were in when it began, and marks those that `show` says are kept now. False
    /// when the walk is at its end.
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
            // What was still to come in this slot may stand where the walk has been.
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
    /// What the marks of entries are compared with. A new entry gets this mark.
    #[inline]
    #[must_use]
    pub fn epoch(&self) -> bool {
        // Relaxed: it changes only while nobody else is inside, and entering synchronizes.
        self.epoch.load(Ordering::Relaxed)
    }

    /// An entry is about to be changed or removed: if a snapshot runs that lacks it, it is kept first.
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

    /// As [`Snapshots::before_change`], where no more changes of a collection than the members of these names, and what
    /// stands before all members.
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

    /// An entry was removed, as it was: if a snapshot runs that lacks it, it is kept. Gives it back to be freed, if the
    /// keeper does not do that.
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

    /// Goes to the keeper, with the database of now as the one it was at the beginning. `None` where there is no keeper.
    fn with_keeper<R>(&self, database: usize, with: impl FnOnce(&dyn Keep, usize) -> R) -> Option<R> {
        let running = self.running.read();
        let running = running.as_ref()?;
        Some(with(&**running.keeper.as_ref()?, running.origin.get(database).copied().unwrap_or(database)))
    }

    /// Whether one runs, for who asks at every command. It begins while nobody else is inside.
    #[inline]
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }

    /// The database in which the keys are now that were in this one when the running snapshot began.
    #[must_use]
    pub fn database_now(&self, origin: usize) -> usize {
        let running = self.running.read();
        let place = running.as_ref().and_then(|running| running.origin.iter().position(|&database| database == origin));
        place.unwrap_or(origin)
    }

    /// Begins one. The pass is alone: nobody sees a part of this.
    ///
    /// # Panics
    /// If the pass is not alone, or another one runs.
    pub fn begin(&self, pass: &Pass<'_>, databases: usize, keeper: Arc<dyn Keep>) {
        assert!(pass.alone(), "a snapshot begins while nobody else is inside");
        let mut running = self.running.write();
        assert!(running.is_none(), "one snapshot at a time");
        *running = Some(Running { keeper: Some(keeper), origin: (0..databases).collect(), swaps: 0 });
        self.epoch.store(!self.epoch(), Ordering::Relaxed);
        self.on.store(true, Ordering::Relaxed);
    }

    /// Gives the running one up: nothing is kept any more. Its walk still has to come to its end.
    pub fn give_up(&self) {
        if let Some(running) = &mut *self.running.write() {
            running.keeper = None;
        }
    }

    /// Ends one, whose walk is at its end: the keeper has got everything.
    pub fn end(&self) {
        self.on.store(false, Ordering::Relaxed);
        *self.running.write() = None;
    }

    /// Whether one runs, or one that was given up still walks.
    #[must_use]
    pub fn running(&self) -> bool {
        self.running.read().is_some()
    }

    /// Two databases were exchanged, while nobody else was inside.
    pub fn swapped(&self, one: usize, other: usize) {
        if let Some(running) = &mut *self.running.write() {
            running.origin.swap(one, other);
            running.swaps += 1;
        }
    }

    /// Hands tables that were taken out of the keyspace to the keeper, while a snapshot runs; gives those back that it does
    /// not want.
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
