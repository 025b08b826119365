//! Streams: entries of fields with values under ascending ids, and groups of consumers that read them.
//!
//! `id.rs` is the id, `block.rs` a block of entries in the bytes of Redis's files, `log.rs` the blocks in order with the
//! counters, `group.rs` consumer groups, `idmap.rs` the ordered map under both, `radix.rs` a figure that XINFO shows.
//! Must not know time (ids and times come in as arguments), commands, or the options of commands.

mod block;
mod group;
mod id;
mod idmap;
mod log;
mod radix;

pub use block::{BlockError, Fields, Pairs, StreamEntry};
pub use group::{Consumer, ConsumerId, Group, Groups, Pending};
pub use id::{IdText, StreamId};
pub use log::{BlockLimits, Counters, Log, MAX_ENTRY_BYTES, Range, RangeBack, Trim, TrimTo};

/// A stream. Its log and its groups are public, as most commands work on one while they read the other.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    /// The entries.
    pub log: Log,
    /// Who reads them together.
    pub groups: Groups,
}

impl Stream {
    /// A stream without entries.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.log.len() as usize
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.log.is_empty()
    }

    /// A copy that shares nothing.
    #[must_use]
    pub fn copy(&self) -> Self {
        self.clone()
    }

    /// Bytes outside of the stream itself.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.log.heap_bytes() + self.groups.heap_bytes()
    }
}
