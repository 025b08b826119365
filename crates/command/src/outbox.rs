//! What others have to say to a client (messages, invalidations, what MONITOR shows): bytes on their way to its worker,
//! which puts them behind the client's answers.
//!
//! Anyone fills an outbox; only the client's own worker empties it. Its lock is the last that a thread takes but for a
//! mailbox's: it may be taken while slots are held.

use parking_lot::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// See the module's story.
#[derive(Debug, Default)]
pub struct Outbox {
    /// There may be bytes: looked at after each command, without the lock.
    filled: AtomicBool,
    overflowed: AtomicBool,
    bytes: Mutex<Vec<u8>>,
}

/// What became of bytes that were put into an outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// They are the first: the worker is to be told.
    First,
    /// The worker was told already.
    Behind,
    /// There is too much; they are gone, and the client is to be closed.
    Overflow,
}

/// An emptied outbox keeps room for so many bytes, if it never needed more.
const KEEP: usize = 16 * 1024;

impl Outbox {
    /// Puts the parts in, one behind the other, unless so many bytes (0: no limit) are waiting already.
    pub fn post(&self, parts: &[&[u8]], limit: u64) -> Posted {
        let mut bytes = self.bytes.lock();
        if limit > 0 && bytes.len() as u64 >= limit {
            self.overflowed.store(true, Ordering::Relaxed);
            return Posted::Overflow;
        }
        parts.iter().for_each(|part| bytes.extend_from_slice(part));
        if self.filled.swap(true, Ordering::AcqRel) { Posted::Behind } else { Posted::First }
    }

    /// Whether there is anything.
    #[inline]
    #[must_use]
    pub fn is_filled(&self) -> bool {
        self.filled.load(Ordering::Acquire)
    }

    /// Whether more was to be put in than the limit allows.
    #[must_use]
    pub fn overflowed(&self) -> bool {
        self.overflowed.load(Ordering::Relaxed)
    }

    /// Moves all of it behind what is in `out`.
    #[cold]
    pub fn empty_into(&self, out: &mut Vec<u8>) {
        let mut bytes = self.bytes.lock();
        self.filled.store(false, Ordering::Release);
        if bytes.capacity() <= KEEP {
            out.extend_from_slice(&bytes);
            return bytes.clear();
        }
        let much = std::mem::take(&mut *bytes);
        if out.is_empty() { *out = much } else { out.extend_from_slice(&much) }
    }

    /// How many bytes wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.lock().len()
    }

    /// Whether none wait.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
