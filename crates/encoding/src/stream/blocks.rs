//! The blocks of a stream in their order: sealed ones by id, and behind them the open one, if there is one.

use super::StreamId;
use super::block::{Block, Open, Pairs, Sealed};
use super::idmap::{IdMap, Place};
use super::log::BlockLimits;
use crate::check::Broken;

/// The blocks of a stream, found by the first id of each.
#[derive(Clone, Debug, Default)]
pub(super) struct Blocks {
    sealed: IdMap<Sealed>,
    open: Option<(StreamId, Open)>,
}

/// A block's place, true until blocks come or go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// Among the sealed ones, or behind them.
    Sealed(Place),
    /// The open one, or behind it.
    Open,
    /// Behind all.
    End,
}

/// Reading.
impl Blocks {
    /// The number of blocks.
    pub(super) fn len(&self) -> usize {
        self.sealed.len() + usize::from(self.open.is_some())
    }

    /// The first place.
    #[inline]
    pub(super) fn start(&self) -> Spot {
        if self.sealed.len() > 0 { Spot::Sealed(self.sealed.start()) } else { Spot::Open }
    }

    /// The last block whose id is not above `id`.
    #[inline]
    pub(super) fn at_or_before(&self, id: StreamId) -> Option<Spot> {
        if self.open.as_ref().is_some_and(|(first, _)| *first <= id) {
            return Some(Spot::Open);
        }
        self.sealed.at_or_before(id).map(Spot::Sealed)
    }

    /// The block at a place.
    #[inline]
    pub(super) fn at(&self, spot: Spot) -> Option<Block<'_>> {
        match spot {
            Spot::Sealed(place) => self.sealed.at(place).map(|(first, block)| block.read(first)),
            Spot::Open => self.open.as_ref().map(|(first, block)| block.read(*first)),
            Spot::End => None,
        }
    }

    /// The place behind.
    #[inline]
    pub(super) fn after(&self, spot: Spot) -> Spot {
        match spot {
            Spot::Sealed(place) => self.sealed_or_open(self.sealed.after(place)),
            Spot::Open | Spot::End => Spot::End,
        }
    }

    fn sealed_or_open(&self, place: Place) -> Spot {
        if self.sealed.at(place).is_some() { Spot::Sealed(place) } else { Spot::Open }
    }

    /// The place before.
    #[inline]
    pub(super) fn before(&self, spot: Spot) -> Option<Spot> {
        match spot {
            Spot::Sealed(place) => self.sealed.before(place).map(Spot::Sealed),
            Spot::Open | Spot::End => self.sealed.end().map(Spot::Sealed),
        }
    }

    /// The first block.
    pub(super) fn first(&self) -> Option<Block<'_>> {
        self.at(self.start())
    }

    /// The last block.
    pub(super) fn last(&self) -> Option<Block<'_>> {
        match &self.open {
            Some((first, block)) => Some(block.read(*first)),
            None => self.sealed.last().map(|(first, block)| block.read(first)),
        }
    }

    /// All blocks.
    pub(super) fn iter(&self) -> impl Iterator<Item = Block<'_>> {
        let open = self.open.iter().map(|(first, block)| block.read(*first));
        self.sealed.iter().map(|(first, block)| block.read(first)).chain(open)
    }

    /// Checks the order of the blocks, and what the open one knows beside its bytes.
    pub(super) fn check(&self) -> Result<(), Broken> {
        self.sealed.check()?;
        self.open.as_ref().map_or(Ok(()), |(first, open)| open.check(*first))
    }

    /// Bytes outside. Of many blocks some are measured.
    pub(super) fn heap_bytes(&self) -> usize {
        const MEASURED: usize = 1000;
        let measured: usize = self.sealed.iter().take(MEASURED).map(|(_, block)| block.heap_bytes()).sum();
        let sealed = measured * self.sealed.len() / self.sealed.len().clamp(1, MEASURED);
        self.sealed.heap_bytes() + sealed + self.open.as_ref().map_or(0, |(_, block)| block.heap_bytes())
    }
}

/// Changing.
impl Blocks {
    /// Adds an entry behind all others, in a new block if the last one is full.
    #[inline]
    pub(super) fn append<'p>(&mut self, id: StreamId, pairs: impl Pairs<'p>, limits: BlockLimits) {
        let size = pairs.clone().map(|(field, value)| field.len() + value.len()).sum();
        if self.open.is_none() {
            self.reopen(size, limits);
        }
        match &mut self.open {
            Some((first, block)) if limits.allow(block.read(*first).as_bytes().len() + size, block.total()) => {
                block.push(*first, id, pairs);
            }
            open => {
                if let Some((first, full)) = open.replace((id, Open::new(id, pairs))) {
                    self.sealed.push(first, full.seal(first));
                }
            }
        }
    }

    /// Opens the last sealed block again, if it has room.
    #[cold]
    fn reopen(&mut self, size: usize, limits: BlockLimits) {
        let Some(place) = self.sealed.end() else { return };
        let Some((first, last)) = self.sealed.at(place) else { return };
        let open = last.reopen();
        if limits.allow(last.read(first).as_bytes().len() + size, open.total()) {
            self.sealed.remove_at(place);
            self.open = Some((first, open));
        }
    }

    /// Adds a block behind all others, whose ids are below its own.
    pub(super) fn push(&mut self, first: StreamId, block: Sealed) {
        if let Some((before, open)) = self.open.take() {
            self.sealed.push(before, open.seal(before));
        }
        self.sealed.push(first, block);
    }

    /// Removes the entry at an offset of a block, which is not removed yet.
    #[inline]
    pub(super) fn delete(&mut self, spot: Spot, at: u32) {
        match spot {
            Spot::Sealed(place) => {
                if let Some((first, block)) = self.sealed.at_mut(place) {
                    block.delete(first, at);
                }
            }
            Spot::Open => {
                if let Some((first, block)) = &mut self.open {
                    block.delete(*first, at);
                }
            }
            Spot::End => {}
        }
    }

    /// Removes a block; gives the place of what followed it.
    pub(super) fn remove(&mut self, spot: Spot) -> Spot {
        match spot {
            Spot::Sealed(place) => {
                self.sealed.remove_at(place);
                self.sealed_or_open(self.sealed.settled(place))
            }
            Spot::Open => {
                self.open = None;
                Spot::End
            }
            Spot::End => Spot::End,
        }
    }
}
