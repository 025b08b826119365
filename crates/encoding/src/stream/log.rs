//! The entries of a stream: blocks ordered by the id of their first entry, and the counters that go with them.
//!
//! Must not know consumer groups. Invariants: `length` is the number of entries that are not removed; `first_id` is
//! the id of the first of them, or 0-0; no entry's id is above `last_id`.

use super::block::{Block, Pairs, StreamEntry};
use super::blocks::{Blocks, Spot};
use super::foreign::{self, BlockError};
use super::{StreamId, radix};

/// An entry's fields and values may take so many bytes; a block is never larger than that and one more entry.
pub const MAX_ENTRY_BYTES: usize = 1 << 30;

/// When the last block is full.
#[derive(Clone, Copy, Debug)]
pub struct BlockLimits {
    /// Its bytes (`stream-node-max-bytes`); 0 means as many as there may be.
    pub bytes: u64,
    /// Its entries (`stream-node-max-entries`); 0 means any number.
    pub entries: u64,
}

/// What is known of a stream beside its entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// The last id that was given out.
    pub last_id: StreamId,
    /// The highest id that was removed by name; 0-0 where none was.
    pub max_deleted_id: StreamId,
    /// Entries ever added.
    pub entries_added: u64,
}

/// The entries of a stream, with its counters.
#[derive(Clone, Debug, Default)]
pub struct Log {
    pub(super) blocks: Blocks,
    pub(super) length: u64,
    first_id: StreamId,
    counters: Counters,
}

/// Reading.
impl Log {
    /// The number of entries.
    #[inline]
    #[must_use]
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The id of the first entry, 0-0 where there is none.
    #[must_use]
    pub fn first_id(&self) -> StreamId {
        self.first_id
    }

    /// The last id that was given out.
    #[inline]
    #[must_use]
    pub fn last_id(&self) -> StreamId {
        self.counters.last_id
    }

    /// The counters.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Sets the counters. The last id must not be below an entry's.
    pub fn set_counters(&mut self, counters: Counters) {
        self.counters = counters;
    }

    /// The id that comes after all others, at this time.
    #[must_use]
    pub fn next_id(&self, now_ms: u64) -> Option<StreamId> {
        if now_ms > self.last_id().ms { Some(StreamId::new(now_ms, 0)) } else { self.last_id().next() }
    }

    /// The entry with this id.
    #[must_use]
    pub fn get(&self, id: StreamId) -> Option<StreamEntry<'_>> {
        self.range(id, id).next()
    }

    /// Whether there is an entry with this id.
    #[must_use]
    pub fn contains(&self, id: StreamId) -> bool {
        self.get(id).is_some()
    }

    /// The id of the last entry, 0-0 where there is none.
    #[must_use]
    pub fn top_id(&self) -> StreamId {
        self.range_back(StreamId::MIN, StreamId::MAX).next().map_or(StreamId::MIN, |entry| entry.id())
    }

    /// The entries from `start` to `end`, both included.
    #[inline]
    #[must_use]
    pub fn range(&self, start: StreamId, end: StreamId) -> Range<'_> {
        let spot = self.blocks.at_or_before(start).unwrap_or_else(|| self.blocks.start());
        let at = self.blocks.at(spot).map_or(0, |block| block.seek(start));
        Range { blocks: &self.blocks, spot, at, end }
    }

    /// The entries from `end` back to `start`, both included.
    #[must_use]
    pub fn range_back(&self, start: StreamId, end: StreamId) -> RangeBack<'_> {
        let spot = self.blocks.at_or_before(end);
        let at = spot.and_then(|spot| self.blocks.at(spot)).map_or(0, |block| match end.next() {
            Some(behind) => block.seek(behind),
            None => block.end(),
        });
        RangeBack { blocks: &self.blocks, spot, at, start }
    }

    /// The number of blocks.
    #[must_use]
    pub fn block_count(&self) -> usize {
        self.blocks.len()
    }

    /// The number of nodes that a radix tree over the blocks' ids would have, as Redis shows it; an estimate where
    /// there are very many.
    #[must_use]
    pub fn radix_nodes(&self) -> usize {
        radix::nodes(self.blocks.iter().map(Block::first), self.blocks.len())
    }

    /// The blocks as they go into files, each with the id of its first entry.
    pub fn blocks(&self) -> impl Iterator<Item = (StreamId, &[u8])> {
        self.blocks.iter().map(|block| (block.first(), block.as_bytes()))
    }

    /// The first block, or the one behind the one with this id.
    #[must_use]
    pub fn block_after(&self, last: Option<StreamId>) -> Option<(StreamId, &[u8])> {
        let spot = match last {
            None => self.blocks.start(),
            Some(last) => self.blocks.after(self.blocks.at_or_before(last)?),
        };
        self.blocks.at(spot).map(|block| (block.first(), block.as_bytes()))
    }

    /// Bytes outside of the log itself. Of many blocks some are measured.
    pub fn heap_bytes(&self) -> usize {
        self.blocks.heap_bytes()
    }

    /// Whether an entry that was removed by name may lie at `from` or behind it.
    #[must_use]
    pub fn has_tombstone_from(&self, from: StreamId) -> bool {
        let deleted = self.counters.max_deleted_id;
        self.length > 0 && deleted != StreamId::MIN && from <= deleted
    }

    /// How many entries were ever added up to this id, where that can be told without counting them.
    #[must_use]
    pub fn entries_up_to(&self, id: StreamId) -> Option<u64> {
        let Counters { last_id, max_deleted_id, entries_added } = self.counters;
        if entries_added == 0 {
            return Some(0);
        }
        if self.length == 0 && id <= last_id {
            return Some(entries_added);
        }
        if id != StreamId::MIN && id < max_deleted_id {
            return None;
        }
        if id >= last_id {
            return (id == last_id).then_some(entries_added);
        }
        if max_deleted_id != StreamId::MIN && max_deleted_id >= self.first_id {
            return None;
        }
        let before = entries_added.wrapping_sub(self.length);
        match id.cmp(&self.first_id) {
            std::cmp::Ordering::Less => Some(before),
            std::cmp::Ordering::Equal => Some(before.wrapping_add(1)),
            std::cmp::Ordering::Greater => None,
        }
    }
}

/// Changing.
impl Log {
    /// Adds an entry, whose id must be above the last.
    #[inline]
    pub fn append<'p>(&mut self, id: StreamId, pairs: impl Pairs<'p>, limits: BlockLimits) {
        debug_assert!(id > self.last_id(), "ids ascend");
        self.blocks.append(id, pairs, limits);
        self.length += 1;
        self.counters.entries_added = self.counters.entries_added.wrapping_add(1);
        self.counters.last_id = id;
        if self.length == 1 {
            self.first_id = id;
        }
    }

    /// Adds a block from a file behind all others.
    ///
    /// # Errors
    /// The bytes are not a block, or its ids are not above those of the blocks before.
    pub fn append_block(&mut self, first: StreamId, bytes: &[u8]) -> Result<(), BlockError> {
        if self.blocks.last().is_some_and(|last| last.last_id() >= first) {
            return Err(BlockError::Order);
        }
        let block = foreign::read(first, bytes)?;
        let (live, last) = (block.read(first).live(), block.read(first).last_id());
        self.length += live;
        self.blocks.push(first, block);
        self.counters.last_id = self.counters.last_id.max(last);
        self.refresh_first();
        Ok(())
    }

    pub(super) fn refresh_first(&mut self) {
        let first = self.range(StreamId::MIN, StreamId::MAX).next();
        self.first_id = first.map_or(StreamId::MIN, |entry| entry.id());
    }

    /// Removes an entry by its id; says whether it was there.
    pub fn delete(&mut self, id: StreamId) -> bool {
        let removed = self.drop_entry(id);
        if removed {
            self.counters.max_deleted_id = self.counters.max_deleted_id.max(id);
            if id == self.first_id {
                self.refresh_first();
            }
        }
        removed
    }

    fn drop_entry(&mut self, id: StreamId) -> bool {
        let Some(spot) = self.blocks.at_or_before(id) else { return false };
        let Some(block) = self.blocks.at(spot) else { return false };
        let at = match block.forward(block.seek(id)) {
            Some((entry, at, _)) if entry.id() == id => at,
            _ => return false,
        };
        // What is removed as a whole need not be changed before.
        if block.live() == 1 {
            self.blocks.remove(spot);
        } else {
            self.blocks.delete(spot, at);
        }
        self.length -= 1;
        true
    }
}

impl BlockLimits {
    /// Whether a block may have one more entry, with which it would take about so many bytes.
    #[inline]
    pub(super) fn allow(self, bytes: usize, entries: usize) -> bool {
        let most = match usize::try_from(self.bytes) {
            Ok(most @ 1..=MAX_ENTRY_BYTES) => most,
            _ => MAX_ENTRY_BYTES,
        };
        bytes < most && (self.entries == 0 || (entries as u64) < self.entries)
    }
}

/// Entries in their order.
#[derive(Clone, Debug)]
pub struct Range<'a> {
    blocks: &'a Blocks,
    spot: Spot,
    at: u32,
    end: StreamId,
}

impl<'a> Iterator for Range<'a> {
    type Item = StreamEntry<'a>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((entry, _, next)) = self.blocks.at(self.spot)?.forward(self.at) {
                self.at = next;
                return (entry.id() <= self.end).then_some(entry);
            }
            self.spot = self.blocks.after(self.spot);
            self.at = self.blocks.at(self.spot)?.front();
        }
    }
}

/// Entries in the opposite order.
#[derive(Clone, Debug)]
pub struct RangeBack<'a> {
    blocks: &'a Blocks,
    spot: Option<Spot>,
    at: u32,
    start: StreamId,
}

impl<'a> Iterator for RangeBack<'a> {
    type Item = StreamEntry<'a>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let spot = self.spot?;
            if let Some((entry, at)) = self.blocks.at(spot)?.backward(self.at) {
                self.at = at;
                return (entry.id() >= self.start).then_some(entry);
            }
            self.spot = self.blocks.before(spot);
            self.at = self.spot.and_then(|spot| self.blocks.at(spot)).map_or(0, Block::end);
        }
    }
}
