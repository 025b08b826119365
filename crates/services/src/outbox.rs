//! Out-of-band output for a client (pub/sub messages, invalidations, MONITOR lines), on the way to its worker, which
//! appends it after the client's replies.
//!
//! Any thread may fill an outbox; only the client's own worker empties it. In the lock order, only a mailbox's lock
//! comes after its lock: it may be taken while slots are held.

use parking_lot::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Out-of-band output for one client, written by any thread.
#[derive(Debug, Default)]
pub struct Outbox {
    /// There may be bytes: checked after each command, without the lock.
    filled: AtomicBool,
    overflowed: AtomicBool,
    content: Mutex<Content>,
}

#[derive(Debug, Default)]
struct Content {
    bytes: Vec<u8>,
    /// This many bytes precede the blocked command's reply, the rest follows it; `None` while there is no reply.
    mark: Option<usize>,
    /// The outbox was emptied around the mark.
    parted: bool,
}

/// The result of [`Outbox::post`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// The bytes are the first: the worker must be woken.
    First,
    /// The worker was already woken.
    Behind,
    /// The limit was exceeded; the bytes were dropped, and the client is to be disconnected.
    Overflow,
}

/// An emptied outbox keeps a buffer of at most this many bytes.
const KEEP: usize = 16 * 1024;

impl Outbox {
    /// Appends the parts, unless at least `limit` bytes (0: no limit) are already waiting.
    pub fn post(&self, parts: &[&[u8]], limit: u64) -> Posted {
        let bytes = &mut self.content.lock().bytes;
        if limit > 0 && bytes.len() as u64 >= limit {
            self.overflowed.store(true, Ordering::Relaxed);
            return Posted::Overflow;
        }
        parts.iter().for_each(|part| bytes.extend_from_slice(part));
        if self.filled.swap(true, Ordering::AcqRel) { Posted::Behind } else { Posted::First }
    }

    /// Whether there may be output.
    #[inline]
    #[must_use]
    pub fn is_filled(&self) -> bool {
        self.filled.load(Ordering::Acquire)
    }

    /// Whether a post exceeded the limit.
    #[must_use]
    pub fn overflowed(&self) -> bool {
        self.overflowed.load(Ordering::Relaxed)
    }

    /// Appends all output to `out`.
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

    /// Marks the position of the blocked command's reply: after the output posted so far, before any output posted
    /// later. The first mark stays until [`Outbox::unmark`].
    pub fn mark(&self) {
        let mut content = self.content.lock();
        let here = content.bytes.len();
        content.mark.get_or_insert(here);
    }

    /// Removes the mark: there is no reply yet, or it was taken. Returns whether output may have been set aside for it.
    pub fn unmark(&self) -> bool {
        let mut content = self.content.lock();
        content.mark = None;
        std::mem::take(&mut content.parted)
    }

    /// Appends the output before the mark to `before`, and the rest to `after`. Without a mark, all output, including
    /// output set aside earlier, is appended to `before`.
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

    /// The number of waiting bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.content.lock().bytes.len()
    }

    /// Whether no bytes are waiting.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_placed_at_the_mark() {
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
