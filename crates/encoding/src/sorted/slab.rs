//! Things in numbered places. Places never move, since they stand in chunks: growth copies at most one chunk.

use super::check::RULES;
use crate::check::Broken;

/// No place.
pub(super) const NONE: u32 = u32::MAX;

/// Values in chunks, found by number. A chunk has `2^BITS` places.
#[derive(Clone, Debug, Default)]
pub(super) struct Slab<T, const BITS: u32> {
    chunks: Vec<Vec<T>>,
    free: Vec<u32>,
}

impl<T: Default, const BITS: u32> Slab<T, BITS> {
    const CHUNK: usize = 1 << BITS;

    /// Puts a thing into some place.
    pub(super) fn add(&mut self, thing: T) -> u32 {
        if let Some(place) = self.free.pop() {
            *self.get_mut(place) = thing;
            return place;
        }
        if self.chunks.last().is_none_or(|chunk| chunk.len() == Self::CHUNK) {
            let first = self.chunks.is_empty();
            self.chunks.push(if first { Vec::with_capacity(1) } else { Vec::with_capacity(Self::CHUNK) });
        }
        let before = (self.chunks.len() - 1) << BITS;
        let chunk = self.chunks.last_mut().expect("one was just made sure of");
        chunk.push(thing);
        u32::try_from(before + chunk.len() - 1).expect("2^32 nodes would be terabytes")
    }

    /// Takes the thing out of its place.
    pub(super) fn take(&mut self, place: u32) -> T {
        self.free.push(place);
        std::mem::take(self.get_mut(place))
    }

    #[inline]
    pub(super) fn get(&self, place: u32) -> &T {
        &self.chunks[(place >> BITS) as usize][place as usize % Self::CHUNK]
    }

    #[inline]
    pub(super) fn get_mut(&mut self, place: u32) -> &mut T {
        &mut self.chunks[(place >> BITS) as usize][place as usize % Self::CHUNK]
    }

    /// All things, and the empty ones that are left where something was taken.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flatten()
    }

    /// Whether a place is one of the slab's, with a thing or free.
    pub(super) fn has(&self, place: u32) -> bool {
        let chunk = self.chunks.get((place >> BITS) as usize);
        chunk.is_some_and(|chunk| (place as usize % Self::CHUNK) < chunk.len())
    }

    /// Checks that so many places are taken, which is what `invariant` says, and that the others are free once.
    pub(super) fn check(&self, invariant: &'static str, taken: usize) -> Result<(), Broken> {
        let full = self.chunks.iter().rev().skip(1).all(|chunk| chunk.len() == Self::CHUNK);
        RULES.hold("all chunks but the last are full", full)?;
        let mut free = self.free.clone();
        free.sort_unstable();
        free.dedup();
        let once = free.len() == self.free.len() && free.iter().all(|&place| self.has(place));
        RULES.hold("a free place is free once", once)?;
        RULES.count(invariant, self.iter().count() - free.len(), taken)
    }

    /// Bytes that the slab itself takes.
    pub(super) fn heap_bytes(&self) -> usize {
        let chunks: usize = self.chunks.iter().map(|chunk| chunk.capacity() * size_of::<T>()).sum();
        chunks + self.chunks.capacity() * size_of::<Vec<T>>() + self.free.capacity() * size_of::<u32>()
    }
}
