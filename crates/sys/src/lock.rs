//! The lock of one slot: four bytes, one compare-and-swap when uncontended.
//!
//! States: 0 free, 1 held, 2 held with sleeping waiters. Source: U. Drepper, "Futexes Are Tricky" (2011), mutex 2.

use crate::sync::{AtomicU32, Ordering, spin, wait, wake_one};

const FREE: u32 = 0;
const HELD: u32 = 1;
const CONTENDED: u32 = 2;

/// Spins before a waiter sleeps: a command holds its slot for well under a microsecond.
const SPINS: u32 = if cfg!(loom) { 1 } else { 100 };

/// A mutual exclusion lock without data; the owner of the lock knows what it protects.
#[derive(Debug)]
pub struct SlotLock(AtomicU32);

impl Default for SlotLock {
    fn default() -> Self {
        Self::new()
    }
}

impl SlotLock {
    /// A free lock.
    #[must_use]
    pub fn new() -> Self {
        Self(AtomicU32::new(FREE))
    }

    /// Takes the lock, sleeping until it is free.
    #[inline]
    pub fn lock(&self) {
        if !self.try_lock() {
            self.lock_slow();
        }
    }

    /// Takes the lock if it is free; returns whether it did.
    #[inline]
    pub fn try_lock(&self) -> bool {
        self.0.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    #[cold]
    fn lock_slow(&self) {
        for _ in 0..SPINS {
            if self.0.load(Ordering::Relaxed) == FREE && self.try_lock() {
                return;
            }
            spin();
        }
        // From here on this thread takes the lock as contended, because it cannot know whether others still sleep.
        while self.0.swap(CONTENDED, Ordering::Acquire) != FREE {
            wait(&self.0, CONTENDED);
        }
    }

    /// Releases the lock. Only its holder may call this.
    #[inline]
    pub fn unlock(&self) {
        if self.0.swap(FREE, Ordering::Release) == CONTENDED {
            wake_one(&self.0);
        }
    }

    /// Whether threads sleep, or have slept, until the lock is free. Only its holder may call this.
    #[inline]
    pub(crate) fn is_contended(&self) -> bool {
        self.0.load(Ordering::Relaxed) == CONTENDED
    }

    /// Takes the lock without an atomic read-modify-write, for a thread that no other thread can meet here. Returns
    /// false if this very thread already holds it.
    #[inline]
    pub(crate) fn lock_alone(&self) -> bool {
        if self.0.load(Ordering::Relaxed) != FREE {
            return false;
        }
        self.0.store(HELD, Ordering::Relaxed);
        true
    }

    /// Releases a lock taken with [`SlotLock::lock_alone`].
    #[inline]
    pub(crate) fn unlock_alone(&self) {
        self.0.store(FREE, Ordering::Relaxed);
    }
}
