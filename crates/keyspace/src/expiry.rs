//! Active expiry: a walk over the slots that frees what is past its time, in small steps between commands.
//!
//! A step looks at entries with times only (the tables' words say which they are, so others are not touched). One round
//! over a million volatile keys takes some tens of milliseconds of processor time; the caller spreads it over a second
//! and bounds its share. Of a collection whose parts expire, the entry says when the first of them may; a large one is
//! gone through over several steps.

use crate::database::Pass;
use crate::snapshot::Snapshots;
use redstart_encoding::entry::parts::Progress;
use redstart_encoding::hash::hash;
use redstart_encoding::table::Cursor;
use redstart_encoding::{Entry, Table};

/// Where the walk stands. Several walkers may share the slots, each with a stretch of its own.
#[derive(Debug)]
pub struct Walk {
    first: usize,
    end: usize,
    slot: usize,
    database: usize,
    cursor: Cursor,
    /// Collections found with parts past their time, to be looked into before the walk goes on.
    due: Vec<Box<[u8]>>,
    /// How far the last of them is.
    progress: Progress,
    /// Values whose freeing takes more steps than this are left to the caller: [`Step::heavy`].
    pub heavy_from: usize,
    /// [`Gone::Parts`] is to name the parts.
    pub names_parts: bool,
}

/// What a step did.
#[derive(Debug, Default)]
pub struct Step {
    /// Keys freed.
    pub expired: usize,
    /// Parts of collections freed.
    pub parts: usize,
    /// Volatile keys and parts looked at.
    pub seen: usize,
    /// The walk has come round.
    pub round: bool,
    /// Values that are too large to be freed at once, for who can do that elsewhere.
    pub heavy: Vec<Entry>,
    /// Keys freed where somebody waits for a key of their slot, perhaps for one of them to go away; with their databases.
    pub heard: Vec<(usize, Vec<u8>)>,
}

/// What went, with its database and key.
#[derive(Clone, Copy, Debug)]
pub enum Gone<'a> {
    /// A key whose time was up.
    Key(usize, &'a [u8]),
    /// Parts of a collection, which still stands there; their names, if they are wanted.
    Parts(usize, &'a [u8], &'a Entry, &'a [Vec<u8>]),
    /// A collection that has no part any more.
    Last(usize, &'a [u8]),
}

/// A walk goes through at most this many empty slots in one step.
const EMPTY_SLOTS: usize = 256;

impl Walk {
    /// A walk over the slots `first..end`.
    ///
    /// # Panics
    /// If there are none.
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

    /// Goes on until about `most` volatile keys or parts were seen, freeing those that expired before `now_ms`. `say` hears
    /// of each key while its slot is held.
    pub fn step(
        &mut self,
        (pass, snapshots): (&Pass<'_>, &Snapshots),
        now_ms: i64,
        most: usize,
        say: &mut impl FnMut(Gone<'_>),
    ) -> Step {
        let mut step = Step::default();
        let mut visited = 0;
        while step.seen < most && visited < EMPTY_SLOTS + most / 4 && !step.round {
            // A slot that somebody works in is looked at next time round.
            let Some(mut slot) = pass.try_lock(self.slot) else {
                self.due.clear();
                self.next_slot(&mut step);
                continue;
            };
            let (waiting, watched) = (slot.waiting().is_some(), slot.watches().is_some());
            let (mut gone, mut changed) = (Vec::new(), Vec::new());
            let mut expired = |what: Gone<'_>| {
                say(what);
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
                    self.look_into((table, snapshots), now_ms, most, &mut step, &mut expired);
                    continue;
                }
                self.sweep((table, snapshots), now_ms, &mut step, &mut expired);
                if self.cursor == 0 && self.due.is_empty() {
                    self.database += 1;
                } else if self.cursor == 0 {
                    // The end of the table, but for what is due: the next round begins behind it.
                    self.cursor = Cursor::MAX;
                }
            }
            changed.iter().for_each(|(database, key)| slot.touch(*database, key));
            gone.iter().for_each(|(database, key)| slot.touch_expired(*database, key));
            if waiting {
                step.heard.append(&mut gone);
            }
            if self.database >= slot.databases() {
                drop(slot);
                self.next_slot(&mut step);
            }
            visited += 1;
        }
        step
    }

    /// Frees keys around the cursor, and notes collections with parts past their time.
    fn sweep(
        &mut self,
        (table, snapshots): (&mut Table<Entry>, &Snapshots),
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
        // A condemned neighbour makes the sweep look at a bucket again.
        due.dedup();
        step.seen += seen + 1;
    }

    /// Frees parts of the collections that were noted.
    fn look_into(
        &mut self,
        (table, snapshots): (&mut Table<Entry>, &Snapshots),
        now_ms: i64,
        most: usize,
        step: &mut Step,
        expired: &mut impl FnMut(Gone<'_>),
    ) {
        let Some(key) = self.due.last() else { return };
        let mut done = true;
        // A large one waits until a running snapshot has it.
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
