//! Trimming: entries go from the front, until few enough or none too old are left.

use super::StreamId;
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
        while let Some((first, block)) = self.blocks.first() {
            let live = u64::from(block.live());
            let removed = before - self.length;
            if trim.to.is_reached(self.length) || (trim.limit > 0 && removed + live > trim.limit) {
                break;
            }
            if !trim.to.takes_all_of(self.length, live, block.last_id(first)) {
                if !trim.approximate {
                    self.trim_first_block(trim.to);
                }
                break;
            }
            self.blocks.remove_at(self.blocks.start());
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
        let mut place = self.blocks.start();
        while let Some((first, block)) = self.blocks.at_mut(place) {
            let live = u64::from(block.live());
            let removed = before - self.length;
            if trim.to.is_reached(self.length) || (trim.limit > 0 && removed + live > trim.limit) {
                break;
            }
            let whole = trim.to.takes_all_of(self.length, live, block.last_id(first));
            if !whole && trim.approximate {
                break;
            }
            let mut at = block.front();
            while !trim.to.is_reached(self.length)
                && let Some((entry, found, next)) = block.forward(first, at)
                && !trim.to.spares(entry.id())
            {
                at = next;
                if !keeps(entry.id()) {
                    let end = block.end();
                    block.delete(first, found);
                    // The counts at the block's start may have become wider or narrower.
                    at = at.wrapping_add(block.end()).wrapping_sub(end);
                    self.length -= 1;
                }
            }
            if block.live() == 0 && whole {
                self.blocks.remove_at(place);
            } else {
                place = self.blocks.after(place);
            }
            if !whole {
                break;
            }
        }
        if self.length != before {
            self.refresh_first();
        }
        before - self.length
    }

    /// Removes entries of the first block, which is not to go as a whole.
    fn trim_first_block(&mut self, to: TrimTo) {
        let start = self.blocks.start();
        let Some((first, block)) = self.blocks.at_mut(start) else { return };
        while !to.is_reached(self.length)
            && let Some((entry, at, _)) = block.forward(first, block.front())
            && !to.spares(entry.id())
        {
            block.delete(first, at);
            self.length -= 1;
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
    fn takes_all_of(self, length: u64, live: u64, last: Option<StreamId>) -> bool {
        match self {
            Self::Length(wanted) => length - live >= wanted,
            Self::Id(wanted) => last.is_none_or(|last| last < wanted),
        }
    }
}
