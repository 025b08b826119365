//! Trimming: entries go from the front, until few enough or none too old are left.

use super::StreamId;
use super::block::Block;
use super::blocks::Spot;
use super::log::Log;

/// How far to trim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrimTo {
    /// Until no more than so many entries are left.
    Length(u64),
    /// Until no entry is left whose id is below.
    Id(StreamId),
}

/// What is to be trimmed.
#[derive(Clone, Copy, Debug)]
pub struct Trim {
    /// How far.
    pub to: TrimTo,
    /// Only whole blocks go.
    pub approximate: bool,
    /// No more than so many entries go; 0 means any number.
    pub limit: u64,
}

impl Log {
    /// Removes entries from the front, as far as `trim` goes; gives how many.
    pub fn trim(&mut self, trim: &Trim) -> u64 {
        let before = self.length;
        while let Some(block) = self.blocks.first() {
            let live = block.live();
            let removed = before - self.length;
            if trim.to.is_reached(self.length) || (trim.limit > 0 && removed + live > trim.limit) {
                break;
            }
            if !trim.to.takes_all_of(self.length, live, block.last_id()) {
                if !trim.approximate {
                    self.trim_block(self.blocks.start(), trim.to, |_| false);
                }
                break;
            }
            self.blocks.remove(self.blocks.start());
            self.length -= live;
        }
        if self.length != before {
            self.refresh_first();
        }
        before - self.length
    }

    /// As [`Log::trim`], with a say for each entry: those that `keeps` wants to keep stay, and do not count as removed.
    /// While there are too many entries, later ones go instead.
    pub fn trim_each(&mut self, trim: &Trim, mut keeps: impl FnMut(StreamId) -> bool) -> u64 {
        let before = self.length;
        let mut spot = self.blocks.start();
        while let Some(block) = self.blocks.at(spot) {
            let live = block.live();
            let removed = before - self.length;
            if trim.to.is_reached(self.length) || (trim.limit > 0 && removed + live > trim.limit) {
                break;
            }
            let whole = trim.to.takes_all_of(self.length, live, block.last_id());
            if !whole && trim.approximate {
                break;
            }
            self.trim_block(spot, trim.to, &mut keeps);
            let emptied = self.blocks.at(spot).is_some_and(|block| block.live() == 0);
            spot = if whole && emptied { self.blocks.remove(spot) } else { self.blocks.after(spot) };
            if !whole && matches!(trim.to, TrimTo::Id(_)) {
                break;
            }
        }
        if self.length != before {
            self.refresh_first();
        }
        before - self.length
    }

    /// Removes entries of one block, but for those that are to be kept.
    fn trim_block(&mut self, spot: Spot, to: TrimTo, mut keeps: impl FnMut(StreamId) -> bool) {
        let mut at = self.blocks.at(spot).map_or(0, Block::front);
        while !to.is_reached(self.length)
            && let Some(block) = self.blocks.at(spot)
            && let Some((entry, found, next)) = block.forward(at)
            && !to.spares(entry.id())
        {
            at = next;
            if !keeps(entry.id()) {
                let end = block.end();
                self.blocks.delete(spot, found);
                // The counts at the block's start may have become wider or narrower.
                let moved = self.blocks.at(spot).map_or(0, |block| block.end().wrapping_sub(end));
                at = at.wrapping_add(moved);
                self.length -= 1;
            }
        }
    }
}

impl TrimTo {
    #[inline]
    fn is_reached(self, length: u64) -> bool {
        matches!(self, Self::Length(wanted) if length <= wanted)
    }

    /// Whether an entry is to stay because of its id.
    #[inline]
    fn spares(self, id: StreamId) -> bool {
        matches!(self, Self::Id(wanted) if id >= wanted)
    }

    /// Whether a block of `live` entries, the last of which has the id `last`, is to go as a whole.
    #[inline]
    fn takes_all_of(self, length: u64, live: u64, last: StreamId) -> bool {
        match self {
            Self::Length(wanted) => length - live >= wanted,
            Self::Id(wanted) => last < wanted,
        }
    }
}
