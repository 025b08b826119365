//! How many clients wait for keys or watch some: what commits, flushes and INFO look at.

use crossbeam_utils::CachePadded;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The counts. Each lies in a cache line of its own, apart from what is around it: clients that begin and end to wait write
/// them, and every command that expires a key reads them.
#[derive(Debug, Default)]
pub struct Listeners {
    blocked: CachePadded<AtomicUsize>,
    watching: CachePadded<AtomicUsize>,
    watched_keys: CachePadded<AtomicUsize>,
}

impl Listeners {
    /// Clients that wait in a command, or that CLIENT PAUSE holds back.
    #[inline]
    #[must_use]
    pub fn blocked(&self) -> usize {
        self.blocked.load(Ordering::Relaxed)
    }

    /// Clients that watch keys.
    #[inline]
    #[must_use]
    pub fn watching(&self) -> usize {
        self.watching.load(Ordering::Relaxed)
    }

    /// Watched keys, each counted for each client.
    #[must_use]
    pub fn watched_keys(&self) -> usize {
        self.watched_keys.load(Ordering::Relaxed)
    }

    /// A client begins to wait.
    pub fn block(&self) {
        self.blocked.fetch_add(1, Ordering::Relaxed);
    }

    /// A client's waiting is over.
    pub fn unblock(&self) {
        self.blocked.fetch_sub(1, Ordering::Relaxed);
    }

    /// A client watches one key more, which is the `first` that it watches or not.
    pub(crate) fn watch(&self, first: bool) {
        self.watching.fetch_add(usize::from(first), Ordering::Relaxed);
        self.watched_keys.fetch_add(1, Ordering::Relaxed);
    }

    /// A client watches none of its keys any more.
    pub(crate) fn unwatch(&self, keys: usize) {
        self.watching.fetch_sub(1, Ordering::Relaxed);
        self.watched_keys.fetch_sub(keys, Ordering::Relaxed);
    }
}
