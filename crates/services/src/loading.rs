//! Loading from a file while the engine runs: its progress, and the result of the last load.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

/// Whether data is being loaded, and the progress.
#[derive(Debug, Default)]
pub struct Loading {
    on: AtomicBool,
    started_ms: AtomicI64,
    total: AtomicU64,
    done: AtomicU64,
    used_memory: AtomicU64,
    loaded: AtomicU64,
    expired: AtomicU64,
}

/// The progress of a load.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// When the load began, in unix milliseconds.
    pub started_ms: i64,
    /// Bytes of the file; 0 where that is not known.
    pub total: u64,
    /// Bytes already loaded.
    pub done: u64,
    /// The memory use, in bytes, that the file recorded when it was written.
    pub used_memory: u64,
}

impl Loading {
    /// Whether data is being loaded, so that most commands are refused.
    #[inline]
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }

    /// Starts a load of `total` bytes.
    pub fn begin(&self, total: u64, now_ms: i64) {
        for counter in [&self.done, &self.used_memory, &self.loaded, &self.expired] {
            counter.store(0, Ordering::Relaxed);
        }
        self.total.store(total, Ordering::Relaxed);
        self.started_ms.store(now_ms, Ordering::Relaxed);
        self.on.store(true, Ordering::Release);
    }

    /// Sets the number of bytes already loaded.
    pub fn reached(&self, done: u64) {
        self.done.store(done, Ordering::Relaxed);
    }

    /// Sets the memory use that the file recorded.
    pub fn note_memory(&self, bytes: u64) {
        self.used_memory.store(bytes, Ordering::Relaxed);
    }

    /// Ends the load: `loaded` keys were loaded, and `expired` keys were skipped because they had expired.
    pub fn end(&self, loaded: u64, expired: u64) {
        self.loaded.store(loaded, Ordering::Relaxed);
        self.expired.store(expired, Ordering::Relaxed);
        self.on.store(false, Ordering::Release);
    }

    /// The progress of the current load.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        self.is_on().then(|| Progress {
            started_ms: self.started_ms.load(Ordering::Relaxed),
            total: read(&self.total),
            done: read(&self.done),
            used_memory: read(&self.used_memory),
        })
    }

    /// The numbers of keys that the last load added and skipped.
    #[must_use]
    pub fn last(&self) -> (u64, u64) {
        (self.loaded.load(Ordering::Relaxed), self.expired.load(Ordering::Relaxed))
    }
}
