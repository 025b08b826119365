//! Streams: entries of fields with values under ascending ids, and groups of consumers that read them.
//!
//! `id.rs` is the id, `block.rs` a block of entries in the bytes of Redis's files, `foreign.rs` decides whether bytes
//! are one, `blocks.rs` is the blocks in order, `log.rs` those with the counters, `trim.rs` removes from their front,
//! `group.rs` is consumer groups, `idempotency.rs` what producers sent before, `idmap.rs` the ordered map under both, `radix.rs` a figure that XINFO shows. Must not
//! know time (ids and times come in as arguments), commands, or the options of commands.

mod block;
mod blocks;
mod check;
mod foreign;
mod group;
mod id;
mod idempotency;
mod idmap;
mod log;
mod radix;
mod trim;

pub use block::{Fields, Pairs, StreamEntry};
pub use foreign::BlockError;
pub use group::{Consumer, ConsumerId, Group, Groups, Pending};
pub use id::{IdText, StreamId};
pub use idempotency::Idempotency;
pub use log::{BlockLimits, Counters, Log, MAX_ENTRY_BYTES, Range, RangeBack};
pub use trim::{Trim, TrimTo};

/// What becomes of pending entries when the entries themselves go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum References {
    /// They stay pending.
    #[default]
    Keep,
    /// They are pending no more, in no group.
    Remove,
    /// Only entries go that every group has read and acknowledged.
    Acknowledged,
}

/// What became of an entry that was to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// There is none with the id.
    Missing,
    /// It is gone.
    Done,
    /// A group has yet to read or to acknowledge it.
    Needed,
}

/// A stream. Its log and its groups are public, as most commands work on one while they read the other.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    /// The entries.
    pub log: Log,
    /// Who reads them together.
    pub groups: Groups,
    /// What producers have added under ids of their own, once one has or may.
    pub idempotency: Option<Box<Idempotency>>,
}

impl Stream {
    /// About how many steps it takes to free: one for each block, and for what the groups wait for (which stands in rings
    /// of up to 64).
    #[must_use]
    pub fn free_effort(&self) -> usize {
        let pending = self.groups.iter().map(|group| 1 + group.pending_count() / 64);
        self.log.block_count() + pending.sum::<usize>()
    }

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

    /// Deletes an entry.
    pub fn delete(&mut self, id: StreamId, references: References) -> Deletion {
        match references {
            References::Acknowledged if !self.log.contains(id) => return Deletion::Missing,
            References::Acknowledged if self.groups.need(id) => return Deletion::Needed,
            References::Remove => self.groups.forget(id),
            References::Keep | References::Acknowledged => {}
        }
        if self.log.delete(id) { Deletion::Done } else { Deletion::Missing }
    }

    /// Removes entries from the front, as far as `trim` goes; gives how many.
    pub fn trim(&mut self, trim: &Trim, references: References) -> u64 {
        let Self { log, groups, .. } = self;
        match references {
            _ if groups.is_empty() => log.trim(trim),
            References::Keep => log.trim(trim),
            References::Acknowledged => log.trim_each(trim, |id| groups.need(id)),
            References::Remove => log.trim_each(trim, |id| {
                groups.forget(id);
                false
            }),
        }
    }

    /// Bytes outside of the stream itself.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let known = |known: &Idempotency| size_of_val(known) + known.heap_bytes();
        self.log.heap_bytes() + self.groups.heap_bytes() + self.idempotency.as_deref().map_or(0, known)
    }
}
