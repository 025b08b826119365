//! What is saved, was saved and will be: what INFO and LASTSAVE say of it, and how commands have it begin.

use crate::counters::Counters;
use crate::stats::sum;
use crossbeam_utils::CachePadded;
use parking_lot::Mutex;
use redstart_keyspace::Pass;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// Saves beside the work.
pub trait Background: Send + Sync {
    /// Begins a file of the data as it is now, and returns while it is written. The caller has the keyspace for itself, and
    /// has seen to it that no other snapshot runs.
    fn begin(self: Arc<Self>, pass: &Pass<'_>);
}

/// How the last background save ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Well.
    Well,
    /// By an error, which the log tells.
    Badly,
    /// By BGSAVE CANCEL.
    Cancelled,
}

/// When data was saved, whether a save runs, and what background save is to begin.
#[derive(Default)]
pub struct Saving {
    /// Files that were begun (`rdb_saves`).
    pub begun: AtomicU64,
    /// When the last file was finished, in unix seconds.
    last_s: AtomicI64,
    /// Changes that the workers had counted at the moment that the last file shows.
    saved: AtomicU64,
    /// Saves beside the work, where somebody does.
    pub background: OnceLock<Arc<dyn Background>>,
    /// One is to begin as soon as it may (BGSAVE SCHEDULE).
    pub scheduled: AtomicBool,
    /// The one that runs is to end without a result.
    pub cancelled: AtomicBool,
    /// Held while a file takes its name, so that one that was called off does not take the place of the one after it: who
    /// holds it looks whether his own was, and whoever calls it off has done so before he takes it.
    pub placing: Mutex<()>,
    /// Keys that the running one wrote so far, and that it will have written. The threads of a snapshot write it all the
    /// time; each worker reads `failed` at every command.
    pub keys: CachePadded<AtomicU64>,
    /// See [`Saving::keys`].
    pub keys_in_all: AtomicU64,
    /// The last one ended badly.
    failed: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the running one began, in unix seconds.
    since_s: Option<i64>,
    /// When the last one began, and how long it took.
    tried_s: i64,
    took_s: Option<i64>,
}

impl fmt::Debug for Saving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Saving").field("state", &self.state).finish_non_exhaustive()
    }
}

impl Saving {
    /// Nothing was saved yet, in an engine that began at this time.
    #[must_use]
    pub fn new(now_ms: i64) -> Self {
        Self { last_s: AtomicI64::new(now_ms / 1000), ..Self::default() }
    }

    /// Changes that all workers have counted so far.
    #[must_use]
    pub fn counted(stats: &Counters) -> u64 {
        sum(stats, |worker| &worker.dirty)
    }

    /// A file was finished that shows the data as it was when so many changes were counted.
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

    /// Says that a background save begins, of so many keys.
    pub fn begin(&self, now_ms: i64, keys: u64) {
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.scheduled.store(false, Ordering::Relaxed);
        self.cancelled.store(false, Ordering::Relaxed);
        self.keys.store(0, Ordering::Relaxed);
        self.keys_in_all.store(keys, Ordering::Relaxed);
        let mut state = self.state.lock();
        (state.since_s, state.tried_s) = (Some(now_ms / 1000), now_ms / 1000);
    }

    /// Says how a background save ended.
    pub fn end(&self, ended: Ended, now_ms: i64) {
        let mut state = self.state.lock();
        let since_s = state.since_s.take().unwrap_or(now_ms / 1000);
        state.took_s = Some(now_ms / 1000 - since_s);
        // To be cancelled is no failure.
        if ended != Ended::Cancelled {
            self.failed.store(ended == Ended::Badly, Ordering::Relaxed);
        }
    }

    /// A save that nothing ran beside ended well, which makes up for a background save that did not.
    pub fn end_alone(&self) {
        self.failed.store(false, Ordering::Relaxed);
    }

    /// Whether a background save runs.
    #[must_use]
    pub fn runs(&self) -> bool {
        self.state.lock().since_s.is_some()
    }

    /// When the running one began, in unix seconds.
    #[must_use]
    pub fn since_s(&self) -> Option<i64> {
        self.state.lock().since_s
    }

    /// Whether the last one ended well, or there was none.
    #[inline]
    #[must_use]
    pub fn well(&self) -> bool {
        !self.failed.load(Ordering::Relaxed)
    }

    /// Seconds that the last one took.
    #[must_use]
    pub fn took_s(&self) -> Option<i64> {
        self.state.lock().took_s
    }

    /// When the last one began, in unix seconds.
    #[must_use]
    pub fn tried_s(&self) -> i64 {
        self.state.lock().tried_s
    }
}
