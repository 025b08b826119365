//! Active expiry: a walk over the slots that frees what is past its time, in small steps between commands.
//!
//! A step looks at volatile entries only (the tables' words say which they are, so others are not touched). One round
//! over a million volatile keys takes some tens of milliseconds of processor time; the caller spreads it over a second
//! and bounds its share.

use crate::database::Pass;
use redstart_encoding::table::Cursor;

/// Where the walk stands. Several walkers may share the slots, each with a stretch of its own.
#[derive(Debug)]
pub struct Walk {
    first: usize,
    end: usize,
    slot: usize,
    database: usize,
    cursor: Cursor,
}

/// What a step did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Step {
    /// Keys freed.
    pub expired: usize,
    /// Volatile keys looked at.
    pub seen: usize,
    /// The walk has come round.
    pub round: bool,
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
        Self { first, end, slot: first, database: 0, cursor: 0 }
    }

    /// Goes on until about `most` volatile keys were seen, freeing those that expired before `now_ms`; `expired` is
    /// told each.
    pub fn step(&mut self, pass: &Pass<'_>, now_ms: i64, most: usize, mut expired: impl FnMut(usize, &[u8])) -> Step {
        let mut step = Step::default();
        let mut visited = 0;
        while step.seen < most && visited < EMPTY_SLOTS + most / 4 && !step.round {
            // A slot that somebody works in is looked at next time round.
            let Some(mut slot) = pass.try_lock(self.slot) else {
                self.next_slot(&mut step);
                continue;
            };
            while self.database < slot.databases() && step.seen < most {
                let database = self.database;
                let table = slot.table_mut(database);
                if table.flagged() == 0 {
                    self.cursor = 0;
                } else {
                    let mut seen = 0;
                    self.cursor = table.sweep(
                        self.cursor,
                        true,
                        |entry| {
                            seen += 1;
                            entry.expire_ms().is_some_and(|at| at < now_ms)
                        },
                        |entry| {
                            step.expired += 1;
                            expired(database, entry.key());
                        },
                    );
                    step.seen += seen + 1;
                }
                if self.cursor == 0 {
                    self.database += 1;
                }
            }
            if self.database >= slot.databases() {
                drop(slot);
                self.next_slot(&mut step);
            }
            visited += 1;
        }
        step
    }

    fn next_slot(&mut self, step: &mut Step) {
        (self.database, self.cursor) = (0, 0);
        self.slot += 1;
        if self.slot == self.end {
            self.slot = self.first;
            step.round = true;
        }
    }
}
