//! What others have to say to a client (messages, invalidations, what MONITOR shows): bytes on their way to its worker,
//! which puts them behind the client's answers.
//!
//! Anyone fills an outbox; only the client's own worker empties it. Its lock is the last that a thread takes but for a
//! mailbox's: it may be taken while slots are held.

use parking_lot::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Out-of-band output for one client, written by any thread.
#[derive(Debug, Default)]
pub struct Outbox {
    /// There may be bytes: looked at after each command, without the lock.
    filled: AtomicBool,
    overflowed: AtomicBool,
    content: Mutex<Content>,
}

#[derive(Debug, Default)]
struct Content {
    bytes: Vec<u8>,
    /// So many bytes go before the answer of the waiting command, the rest behind it; `None` where there is no answer yet.
    mark: Option<usize>,
    /// It was emptied around the mark.
    parted: bool,
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
        let bytes = &mut self.content.lock().bytes;
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
        let bytes = &mut self.content.lock().bytes;
        self.filled.store(false, Ordering::Release);
        if bytes.capacity() <= KEEP {
            out.extend_from_slice(bytes);
            return bytes.clear();
        }
        let much = std::mem::take(bytes);
        if out.is_empty() { *out = much } else { out.extend_from_slice(&much) }
    }

    /// Says that the answer of the client's waiting command goes here: behind what was posted so far, before what is posted
    /// from now on. The first mark stays until [`Outbox::unmark`].
    pub fn mark(&self) {
        let mut content = self.content.lock();
        let here = content.bytes.len();
        content.mark.get_or_insert(here);
    }

    /// There is no answer yet, or it was taken. Returns whether bytes may have been put aside for it.
    pub fn unmark(&self) -> bool {
        let mut content = self.content.lock();
        content.mark = None;
        std::mem::take(&mut content.parted)
    }

    /// Moves what goes before the answer of the waiting command behind what is in `before`, the rest behind `after`. Without
    /// a mark all of it goes before, what was put aside earlier included.
    pub fn empty_around(&self, before: &mut Vec<u8>, after: &mut Vec<u8>) {
        let mut content = self.content.lock();
        self.filled.store(false, Ordering::Release);
        match content.mark {
            Some(_) => content.parted = true,
            None => before.append(after),
        }
        let bytes = std::mem::take(&mut content.bytes);
        let (early, late) = bytes.split_at(content.mark.unwrap_or(bytes.len()));
        before.extend_from_slice(early);
        after.extend_from_slice(late);
        content.mark = content.mark.map(|_| 0);
    }

    /// How many bytes wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.content.lock().bytes.len()
    }

    /// Whether none wait.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_stands_where_it_was_marked() {
        let outbox = Outbox::default();
        let (mut before, mut after) = (Vec::new(), Vec::new());
        outbox.post(&[b"a"], 0);
        outbox.empty_around(&mut before, &mut after);
        outbox.post(&[b"b"], 0);
        outbox.mark();
        outbox.post(&[b"c"], 0);
        outbox.mark();
        outbox.empty_around(&mut before, &mut after);
        outbox.post(&[b"d"], 0);
        outbox.empty_around(&mut before, &mut after);
        assert_eq!((before.as_slice(), after.as_slice()), (b"ab".as_slice(), b"cd".as_slice()));
        assert!(outbox.unmark() && !outbox.unmark());
        outbox.post(&[b"e"], 0);
        outbox.empty_around(&mut before, &mut after);
        assert_eq!((before.as_slice(), after.as_slice()), (b"abcde".as_slice(), b"".as_slice()));
    }
}
