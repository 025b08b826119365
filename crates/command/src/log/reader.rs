//! Readers of the log.

use super::tail::{Freed, Parts, Tail};
use super::{Audience, Log, SEGMENT_BYTES};
use parking_lot::MutexGuard;
use redstart_sys::segment::Slice;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// A reader's place in the log, which keeps everything behind it. Dropping it lets that be freed.
#[derive(Debug)]
pub struct Reader {
    log: Arc<Log>,
    number: usize,
    audience: Audience,
    position: u64,
    /// Where the log takes it to be. A reader that goes on by less than a segment frees none, and the log learns of it
    /// with the next read, which takes the lock anyway.
    told: u64,
}

/// Whole units that a reader gets, without what is for others. While it is there its memory is not used again.
#[derive(Debug)]
pub struct Batch {
    /// The bytes in their order.
    pub parts: Parts,
    /// Where the reader is when it has all of them.
    pub upto: u64,
}

/// Bytes that lie together.
#[derive(Clone, Debug)]
pub struct Part {
    /// Where the first byte is in the log.
    pub position: u64,
    /// The bytes.
    pub bytes: Slice,
    /// The database that commands are for, in what a reader of [`Audience::UNITS`] gets. `None` before the first
    /// command, and for audiences that get SELECT.
    pub database: Option<usize>,
}

impl Batch {
    /// Whether there is nothing for this reader.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Where the reader is when it has only so many of the bytes.
    #[must_use]
    pub fn position_after(&self, bytes: usize) -> u64 {
        let mut left = bytes;
        for part in &self.parts {
            if left < part.bytes.len() {
                return part.position + left as u64;
            }
            left -= part.bytes.len();
        }
        self.upto
    }
}

impl Reader {
    pub(super) fn new(log: Arc<Log>, number: usize, audience: Audience, position: u64) -> Self {
        Self { log, number, audience, position, told: position }
    }

    /// Where it is.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Bytes between it and the end, those for others counted.
    #[must_use]
    pub fn behind(&self) -> u64 {
        self.log.end() - self.position
    }

    /// Another reader at the same place.
    #[must_use]
    pub fn fork(&self) -> Self {
        let number = self.log.words.tail.lock().register(self.position, self.audience);
        Self::new(Arc::clone(&self.log), number, self.audience, self.position)
    }

    /// What comes next: as many whole units as there are, up to `most` bytes, or one unit that is longer. So `read(1)`
    /// is the next unit. The reader stays where it is.
    #[must_use]
    pub fn read(&mut self, most: u64) -> Batch {
        let (mut tail, position) = (self.log.words.tail.lock(), self.position);
        let freed = (self.told < position).then(|| self.tell(&mut tail));
        self.told = position;
        let upto = tail.limit(position, most);
        let batch = Batch { parts: tail.parts(position..upto, self.audience), upto };
        drop(tail);
        drop(freed);
        batch
    }

    /// As [`Reader::read`]; `None` where the log's lock does not come within this time.
    #[must_use]
    pub fn read_within(&self, patience: Duration, most: u64) -> Option<Batch> {
        let tail = self.log.words.tail.try_lock_for(patience)?;
        let upto = tail.limit(self.position, most);
        Some(Batch { parts: tail.parts(self.position..upto, self.audience), upto })
    }

    /// Goes on to this position: what is before it may be freed. Batches should be dropped before, so that their memory
    /// can be used again.
    #[inline]
    pub fn advance(&mut self, position: u64) {
        self.position = position;
        if position - self.told >= SEGMENT_BYTES as u64 {
            self.let_go(self.log.words.tail.lock());
            self.told = position;
        }
    }

    /// As [`Reader::advance`], but if the log's lock does not come within this time, memory is freed later.
    pub fn advance_within(&mut self, patience: Duration, position: u64) {
        self.position = position;
        if let Some(tail) = self.log.words.tail.try_lock_for(patience) {
            self.let_go(tail);
            self.told = position;
        }
    }

    /// Tells the log where the reader is, and takes what can be freed for it.
    #[inline]
    fn tell(&self, tail: &mut Tail) -> Freed {
        let freed = tail.advance(self.number, self.position);
        self.note_room(tail);
        freed
    }

    fn let_go(&self, mut tail: MutexGuard<'_, Tail>) {
        let freed = self.tell(&mut tail);
        drop(tail);
        drop(freed);
    }

    #[inline]
    fn note_room(&self, tail: &Tail) {
        self.log.words.room.store(tail.room(), Ordering::Relaxed);
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let mut tail = self.log.words.tail.lock();
        let freed = tail.unregister(self.number);
        self.note_room(&tail);
        drop(tail);
        drop(freed);
    }
}
