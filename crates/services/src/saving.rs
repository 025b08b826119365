//! The state of saving, for INFO and LASTSAVE, and the way in which commands start a save.

use crate::counters::Counters;
use crate::stats::sum;
use crossbeam_utils::CachePadded;
use parking_lot::Mutex;
use redstart_keyspace::Pass;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// Background saving.
pub trait Background: Send + Sync {
    /// Starts a file of the current data, and returns while the file is being written. The caller has exclusive access
    /// to the keyspace, and has made sure that no other snapshot runs.
    fn begin(self: Arc<Self>, pass: &Pass<'_>);
}

/// How the last background save ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Without an error.
    Well,
    /// With an error, which is in the log.
    Badly,
    /// Cancelled by BGSAVE CANCEL.
    Cancelled,
}

/// When data was saved, whether a save runs, and whether a background save is scheduled.
#[derive(Default)]
pub struct Saving {
    /// Saves started (`rdb_saves`).
    pub begun: AtomicU64,
    /// When the last file was finished, in unix seconds.
    last_s: AtomicI64,
    /// The workers' total of changes at the time of the last file's snapshot.
    saved: AtomicU64,
    /// Runs background saves, if available.
    pub background: OnceLock<Arc<dyn Background>>,
    /// A background save starts as soon as possible (BGSAVE SCHEDULE).
    pub scheduled: AtomicBool,
    /// The running save must end without a result.
    pub cancelled: AtomicBool,
    /// Held while a finished file is renamed, so that a cancelled save cannot replace the file of the save after it.
    /// The thread that holds it checks whether its own save was cancelled; a thread that cancels a save sets the flag
    /// before it takes the lock.
    pub placing: Mutex<()>,
    /// Keys that the running save has written so far. [`Saving::keys_in_all`] is the total. The threads of a snapshot
    /// write it all the time; each worker reads `failed` at every command.
    pub keys: CachePadded<AtomicU64>,
    /// See [`Saving::keys`].
    pub keys_in_all: AtomicU64,
    /// The last save failed.
    failed: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the running save began, in unix seconds.
    since_s: Option<i64>,
    /// When the last save began, and how long it took.
    tried_s: i64,
    took_s: Option<i64>,
}

impl fmt::Debug for Saving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Saving").field("state", &self.state).finish_non_exhaustive()
    }
}

impl Saving {
    /// The state of an engine started at this time, in which nothing was saved yet.
    #[must_use]
    pub fn new(now_ms: i64) -> Self {
        Self { last_s: AtomicI64::new(now_ms / 1000), ..Self::default() }
    }

    /// The changes that all workers have counted so far.
    #[must_use]
    pub fn counted(stats: &Counters) -> u64 {
        sum(stats, |worker| &worker.dirty)
    }

    /// A file is finished; its snapshot was taken when `counted` changes had been counted.
    pub fn finished(&self, counted: u64, now_ms: i64) {
        self.saved.store(counted, Ordering::Relaxed);
        self.last_s.store(now_ms / 1000, Ordering::Relaxed);
    }

    /// Changes since the last file.
    #[must_use]
    pub fn changes(&self, stats: &Counters) -> u64 {
        Self::counted(stats).wrapping_sub(self.saved.load(Ordering::Relaxed))
    }

    /// When the last file was finished, in unix seconds.
    #[must_use]
    pub fn last_s(&self) -> i64 {
        self.last_s.load(Ordering::Relaxed)
    }

    /// Records the start of a background save of `keys` keys.
    pub fn begin(&self, now_ms: i64, keys: u64) {
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.scheduled.store(false, Ordering::Relaxed);
        self.cancelled.store(false, Ordering::Relaxed);
        self.keys.store(0, Ordering::Relaxed);
        self.keys_in_all.store(keys, Ordering::Relaxed);
        let mut state = self.state.lock();
        (state.since_s, state.tried_s) = (Some(now_ms / 1000), now_ms / 1000);
    }

    /// Records the end of a background save.
    pub fn end(&self, ended: Ended, now_ms: i64) {
        let mut state = self.state.lock();
        let since_s = state.since_s.take().unwrap_or(now_ms / 1000);
        state.took_s = Some(now_ms / 1000 - since_s);
        // A cancelled save is not a failure.
        if ended != Ended::Cancelled {
            self.failed.store(ended == Ended::Badly, Ordering::Relaxed);
        }
    }

    /// Records a successful foreground save, which clears the failure of a background save.
    pub fn end_alone(&self) {
        self.failed.store(false, Ordering::Relaxed);
    }

    /// Whether a background save runs.
    #[must_use]
    pub fn runs(&self) -> bool {
        self.state.lock().since_s.is_some()
    }

    /// When the running save began, in unix seconds.
    #[must_use]
    pub fn since_s(&self) -> Option<i64> {
        self.state.lock().since_s
    }

    /// Whether the last save succeeded, or there was none.
    #[inline]
    #[must_use]
    pub fn well(&self) -> bool {
        !self.failed.load(Ordering::Relaxed)
    }

    /// The duration of the last save, in seconds.
    #[must_use]
    pub fn took_s(&self) -> Option<i64> {
        self.state.lock().took_s
    }

    /// When the last save began, in unix seconds.
    #[must_use]
    pub fn tried_s(&self) -> i64 {
        self.state.lock().tried_s
    }
}
