//! What is loaded from a file while the engine lives: how far it is, and what the last load brought.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

/// Whether data is being loaded, and how far that is.
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

/// How far a load is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// When it began, in unix milliseconds.
    pub started_ms: i64,
    /// Bytes of the file; 0 where that is not known.
    pub total: u64,
    /// Bytes that are behind.
    pub done: u64,
    /// Bytes of memory that the file says its maker used.
    pub used_memory: u64,
}

impl Loading {
    /// Whether data is being loaded, so that most commands are refused.
    #[inline]
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }

    /// A load begins, of so many bytes.
    pub fn begin(&self, total: u64, now_ms: i64) {
        for counter in [&self.done, &self.used_memory, &self.loaded, &self.expired] {
            counter.store(0, Ordering::Relaxed);
        }
        self.total.store(total, Ordering::Relaxed);
        self.started_ms.store(now_ms, Ordering::Relaxed);
        self.on.store(true, Ordering::Release);
    }

    /// So many bytes are behind.
    pub fn reached(&self, done: u64) {
        self.done.store(done, Ordering::Relaxed);
    }

    /// What the file says of its maker's memory.
    pub fn note_memory(&self, bytes: u64) {
        self.used_memory.store(bytes, Ordering::Relaxed);
    }

    /// The load is over; so many keys were loaded, and so many left out because their time was up.
    pub fn end(&self, loaded: u64, expired: u64) {
        self.loaded.store(loaded, Ordering::Relaxed);
        self.expired.store(expired, Ordering::Relaxed);
        self.on.store(false, Ordering::Release);
    }

    /// How far a load is that is under way.
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

    /// Keys that the last load brought, and those it left out.
    #[must_use]
    pub fn last(&self) -> (u64, u64) {
        (self.loaded.load(Ordering::Relaxed), self.expired.load(Ordering::Relaxed))
    }
}
