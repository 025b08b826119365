//! The log of changes: written by each thread that changes something, read by any number of readers, each at its own pace.
//!
//! ```text
//!    position     0              64 KiB           128 KiB     end
//!                 |   segment      |   segment      |  last ... |
//!    bytes        | SELECT 0 | unit | unit | SELECT 1 | unit | unit |
//!    asides         ^ file                   ^ file, replicas           (position, length, audience)
//!    databases               ^ 0                     ^ 1                (position, database)
//!    readers                               ^ a replica        ^ the file's writer
//! ```
//! A *unit* is what one command, transaction or script changed, as commands. Positions are bytes since the beginning
//! and only grow. A unit is appended under the log's lock and published whole, so no reader sees a part of one that is
//! not finished. Bytes are encoded once and copied once, into a segment; readers get counted references to them.
//!
//! Not all bytes are for all readers. *Asides* (SELECT, time marks, later PING) stand between the commands, and a side
//! list says which [`Audience`] gets each. The log makes them when it appends, once for an audience and not once for a
//! reader, because all replicas must get the same bytes at the same offsets. A reader of [`Audience::UNITS`] gets no
//! asides; each part that it reads names its database.
//!
//! A segment is freed, or used again, when all readers are past it. Nothing is appended while there is no reader.

mod reader;
mod tail;
#[cfg(test)]
mod tests;
mod unit;

pub use reader::{Batch, Part, Reader};
pub use unit::Unit;

use crossbeam_utils::CachePadded;
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use tail::Tail;

/// Bytes of a segment. A unit that is longer lies in several.
pub const SEGMENT_BYTES: usize = 64 * 1024;
/// So many segments are kept for use again: what a turn of all workers appends under load. The rest is freed.
const SPARE_SEGMENTS: usize = 4;

/// The readers that get an aside, or the one kind of reader that a reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audience(u8);

impl Audience {
    /// A reader of units alone. It looks at the database of each part itself.
    pub const UNITS: Self = Self(0);
    /// The writer of the append-only file.
    pub const FILE: Self = Self(1);
    /// Replicas, and what keeps the history for them.
    pub const REPLICAS: Self = Self(1 << 1);
    /// How many get asides.
    const COUNT: usize = 2;

    /// Those of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The audience with this number, below [`Audience::COUNT`].
    const fn numbered(number: usize) -> Self {
        Self(1 << number)
    }

    /// The number of one that gets asides; for the other there is nothing under it.
    const fn number(self) -> usize {
        self.0.trailing_zeros() as usize
    }
}

/// The log of changes; readers hold it in an `Arc`.
#[derive(Debug, Default)]
pub struct Log {
    words: CachePadded<Words>,
}

/// What every append writes, under the lock. Every worker reads `end` when its turn ends; nothing else of it is read
/// often.
#[derive(Debug, Default)]
struct Words {
    tail: Mutex<Tail>,
    /// Behind the last unit that is published.
    end: AtomicU64,
    commands: AtomicU64,
    /// Bytes of memory that the log takes. Written when a segment is added or freed.
    room: AtomicUsize,
}

impl Log {
    /// Where the log ends.
    #[inline]
    #[must_use]
    pub fn end(&self) -> u64 {
        self.words.end.load(Ordering::Acquire)
    }

    /// How many commands were appended, MULTI and EXEC counted.
    #[must_use]
    pub fn commands(&self) -> u64 {
        self.words.commands.load(Ordering::Relaxed)
    }

    /// Counts commands from here on. Nothing is appended meanwhile.
    pub fn count_from(&self, commands: u64) {
        self.words.commands.store(commands, Ordering::Relaxed);
    }

    /// Bytes of memory that the log takes: what some reader has not read, and what is kept for use again.
    #[must_use]
    pub fn room(&self) -> usize {
        self.words.room.load(Ordering::Relaxed)
    }

    /// Begins a unit. Others wait until it is finished; one that is dropped before leaves no trace. There is a reader.
    #[inline]
    #[must_use]
    pub fn begin_unit(&self) -> Unit<'_> {
        Unit::new(&self.words, self.words.tail.lock())
    }

    /// A reader of what is appended from here on. Where it is the first of its audience, that begins anew, as by
    /// [`Log::restart`].
    #[must_use]
    pub fn register(self: &Arc<Self>, audience: Audience) -> Reader {
        let mut tail = self.words.tail.lock();
        let position = tail.end();
        let number = tail.register(position, audience);
        Reader::new(Arc::clone(self), number, audience, position)
    }

    /// The next unit begins with all that this audience has to know: its database, and for the file the time.
    pub fn restart(&self, audience: Audience) {
        self.words.tail.lock().restart(audience);
    }

    /// How many bytes were appended that this audience gets. For replicas this is their offset.
    #[must_use]
    pub fn offset(&self, audience: Audience) -> u64 {
        self.words.tail.lock().offset(audience)
    }
}
