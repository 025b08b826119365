//! Active expiry: a walk over the slots that deletes expired keys, in small steps between commands.
//!
//! A step visits only entries with an expiry: the tables' words mark them, so other entries are not touched. One round
//! over a million volatile keys takes some tens of milliseconds of processor time; the caller spreads it over a second
//! and limits its share. The entry of a collection with field expiry contains the earliest possible time; a large
//! collection is processed in several steps.

use crate::database::Pass;
use crate::snapshot::Snapshots;
use redstart_encoding::entry::parts::Progress;
use redstart_encoding::hash::hash;
use redstart_encoding::table::Cursor;
use redstart_encoding::{Entry, Table};

/// The position of the walk. Several walkers may divide the slots, each with a range of its own.
#[derive(Debug)]
pub struct Walk {
    first: usize,
    end: usize,
    slot: usize,
    database: usize,
    cursor: Cursor,
    /// Collections with expired fields or members, to be processed before the walk continues.
    due: Vec<Box<[u8]>>,
    /// The progress in the last of them.
    progress: Progress,
    /// Values whose freeing takes more steps than this are left to the caller: [`Step::heavy`].
    pub heavy_from: usize,
    /// Whether [`Gone::Parts`] contains the names.
    pub names_parts: bool,
}

/// The results of a step.
#[derive(Debug, Default)]
pub struct Step {
    /// Keys deleted.
    pub expired: usize,
    /// Fields and members deleted.
    pub parts: usize,
    /// Volatile keys, fields and members visited.
    pub seen: usize,
    /// The walk has completed a round.
    pub round: bool,
    /// Values that are too large to be freed here, for a thread that frees lazily.
    pub heavy: Vec<Entry>,
    /// Keys deleted in a slot with blocked clients, one of which may wait for the deletion; with their databases.
    pub to_signal: Vec<(usize, Vec<u8>)>,
}

/// A deletion, with its database and key.
#[derive(Clone, Copy, Debug)]
pub enum Gone<'a> {
    /// A key that expired.
    Key(usize, &'a [u8]),
    /// Fields or members of a collection that still exists; with their names, if wanted.
    Parts(usize, &'a [u8], &'a Entry, &'a [Vec<u8>]),
    /// A collection whose last field or member expired.
    Last(usize, &'a [u8]),
}

/// The most empty slots that one step visits.
const EMPTY_SLOTS: usize = 256;

impl Walk {
    /// A walk over the slots `first..end`.
    ///
    /// # Panics
    /// If the range is empty.
    #[must_use]
    pub fn new(first: usize, end: usize) -> Self {
        assert!(first < end);
        let progress = Progress::default();
        Self {
            first,
            end,
            slot: first,
            database: 0,
            cursor: 0,
            due: Vec::new(),
            progress,
            heavy_from: usize::MAX,
            names_parts: false,
        }
    }

    /// Continues until about `most` volatile keys, fields or members were visited, and deletes those that expired
    /// before `now_ms`. `on_gone` is called for each deletion while the slot is held.
    pub fn step(
        &mut self,
        pass: &Pass<'_>,
        snapshots: &Snapshots,
        now_ms: i64,
        most: usize,
        on_gone: &mut impl FnMut(Gone<'_>),
    ) -> Step {
        let mut step = Step::default();
        let mut visited = 0;
        while step.seen < most && visited < EMPTY_SLOTS + most / 4 && !step.round {
            // A slot in use is visited in the next round.
            let Some(mut slot) = pass.try_lock(self.slot) else {
                self.due.clear();
                self.next_slot(&mut step);
                continue;
            };
            let (waiting, watched) = (slot.waiting().is_some(), slot.watches().is_some());
            let (mut gone, mut changed) = (Vec::new(), Vec::new());
            let mut expired = |what: Gone<'_>| {
                on_gone(what);
                match what {
                    Gone::Key(database, key) | Gone::Last(database, key) if waiting || watched => {
                        gone.push((database, key.to_vec()));
                    }
                    Gone::Parts(database, key, ..) if watched => changed.push((database, key.to_vec())),
                    _ => {}
                }
            };
            while self.database < slot.databases() && step.seen < most {
                if slot.table(self.database).is_none() {
                    self.database += 1;
                    continue;
                }
                let table = slot.table_mut(self.database);
                if !self.due.is_empty() {
                    self.look_into(table, snapshots, now_ms, most, &mut step, &mut expired);
                    continue;
                }
                self.sweep(table, snapshots, now_ms, &mut step, &mut expired);
                if self.cursor == 0 && self.due.is_empty() {
                    self.database += 1;
                } else if self.cursor == 0 {
                    // The end of the table, except for the due collections: the next round begins after it.
                    self.cursor = Cursor::MAX;
                }
            }
            changed.iter().for_each(|(database, key)| slot.touch(*database, key));
            gone.iter().for_each(|(database, key)| slot.touch_expired(*database, key));
            if waiting {
                step.to_signal.append(&mut gone);
            }
            if self.database >= slot.databases() {
                drop(slot);
                self.next_slot(&mut step);
            }
            visited += 1;
        }
        step
    }

    /// Deletes keys around the cursor, and records collections with expired fields or members.
    fn sweep(
        &mut self,
        table: &mut Table<Entry>,
        snapshots: &Snapshots,
        now_ms: i64,
        step: &mut Step,
        expired: &mut impl FnMut(Gone<'_>),
    ) {
        if !table.any_flagged() {
            self.cursor = 0;
            return;
        }
        let (database, due, mut seen, heavy_from) = (self.database, &mut self.due, 0, self.heavy_from);
        self.cursor = table.sweep(
            self.cursor,
            true,
            |entry| {
                seen += 1;
                let gone = entry.is_expired(now_ms);
                if !gone && entry.parts_expire_ms().is_some_and(|at| at < now_ms) {
                    due.push(entry.key().into());
                }
                gone
            },
            |entry| {
                step.expired += 1;
                expired(Gone::Key(database, entry.key()));
                step.heavy.extend(snapshots.removed(database, entry).filter(|entry| entry.free_effort() > heavy_from));
            },
        );
        // After a deletion the sweep visits the same bucket again.
        due.dedup();
        step.seen += seen + 1;
    }

    /// Deletes expired fields and members of the recorded collections.
    fn look_into(
        &mut self,
        table: &mut Table<Entry>,
        snapshots: &Snapshots,
        now_ms: i64,
        most: usize,
        step: &mut Step,
        expired: &mut impl FnMut(Gone<'_>),
    ) {
        let Some(key) = self.due.last() else { return };
        let mut done = true;
        // A large value waits until a running snapshot has it.
        let found = table.get_mut(hash(key), key).filter(|entry| !(snapshots.lacks(entry) && entry.is_large()));
        if let Some(mut entry) = found {
            snapshots.before_change(self.database, &entry);
            let (mut removed, mut names, wanted) = (0, Vec::new(), self.names_parts);
            entry.expire_parts(now_ms, most, &mut self.progress, |name| {
                removed += 1;
                if wanted {
                    names.push(name.to_vec());
                }
            });
            step.parts += removed;
            step.seen += removed.max(most / 8);
            done = self.progress.done();
            if removed > 0 {
                expired(Gone::Parts(self.database, key, &entry, &names));
            }
            if removed > 0 && entry.parts() == 0 {
                step.expired += 1;
                expired(Gone::Last(self.database, key));
                entry.remove();
                done = true;
            }
        }
        if done {
            self.due.pop();
            self.progress = Progress::default();
        }
    }

    fn next_slot(&mut self, step: &mut Step) {
        (self.database, self.cursor, self.progress) = (0, 0, Progress::default());
        self.slot += 1;
        if self.slot == self.end {
            self.slot = self.first;
            step.round = true;
        }
    }
}
