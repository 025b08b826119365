//! The numbers of blocked clients and of clients that watch keys: commits, flushes and INFO read them.

use crossbeam_utils::CachePadded;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The counts. Each one has its own cache line: clients write it when they begin or end to wait, and every command that
/// expires a key reads it.
#[derive(Debug, Default)]
pub struct Listeners {
    blocked: CachePadded<AtomicUsize>,
    watching: CachePadded<AtomicUsize>,
    watched_keys: CachePadded<AtomicUsize>,
}

impl Listeners {
    /// Clients that are blocked in a command or held back by CLIENT PAUSE.
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

    /// Watched keys, counted once per client.
    #[must_use]
    pub fn watched_keys(&self) -> usize {
        self.watched_keys.load(Ordering::Relaxed)
    }

    /// A client blocks.
    pub fn block(&self) {
        self.blocked.fetch_add(1, Ordering::Relaxed);
    }

    /// A client is unblocked.
    pub fn unblock(&self) {
        self.blocked.fetch_sub(1, Ordering::Relaxed);
    }

    /// A client watches another key; `first` if it watched none before.
    pub(crate) fn watch(&self, first: bool) {
        self.watching.fetch_add(usize::from(first), Ordering::Relaxed);
        self.watched_keys.fetch_add(1, Ordering::Relaxed);
    }

    /// A client stops watching all its `keys` keys.
    pub(crate) fn unwatch(&self, keys: usize) {
        self.watching.fetch_sub(1, Ordering::Relaxed);
        self.watched_keys.fetch_sub(keys, Ordering::Relaxed);
    }
}
