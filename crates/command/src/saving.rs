//! What was saved when: what INFO and LASTSAVE say of it.

use crate::stats::{WorkerStats, sum};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// See the module's story.
#[derive(Debug, Default)]
pub struct Saving {
    /// Files that were begun (`rdb_saves`).
    pub begun: AtomicU64,
    /// When the last file was finished, in unix seconds.
    last_s: AtomicI64,
    /// Changes that the workers had counted at the moment that the last file shows.
    saved: AtomicU64,
}

impl Saving {
    /// Nothing was saved yet, in an engine that began at this time.
    #[must_use]
    pub fn new(now_ms: i64) -> Self {
        Self { last_s: AtomicI64::new(now_ms / 1000), ..Self::default() }
    }

    /// Changes that all workers have counted so far.
    #[must_use]
    pub fn counted(stats: &[WorkerStats]) -> u64 {
        sum(stats, |worker| &worker.dirty)
    }

    /// A file was finished that shows the data as it was when so many changes were counted.
    pub fn finished(&self, counted: u64, now_ms: i64) {
        self.saved.store(counted, Ordering::Relaxed);
        self.last_s.store(now_ms / 1000, Ordering::Relaxed);
    }

    /// Changes since the last file.
    #[must_use]
    pub fn changes(&self, stats: &[WorkerStats]) -> u64 {
        Self::counted(stats).wrapping_sub(self.saved.load(Ordering::Relaxed))
    }

    /// When the last file was finished, in unix seconds.
    #[must_use]
    pub fn last_s(&self) -> i64 {
        self.last_s.load(Ordering::Relaxed)
    }
}
