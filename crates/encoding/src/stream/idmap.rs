//! A map ordered by id, made for ids that come in order: what a stream keeps its blocks in, and a group its pending
//! entries.
//!
//! ```text
//!  firsts: [ id           ] [ id           ] ... [ id           ]    the first id of each chunk, side by side
//!  chunks: [ ids, values  ] [ ids, values  ] ... [ ids, values  ]    each a pair of rings
//! ```
//! Adding at the end and removing at the front, which is nearly all that happens, touch one end of one ring. Elsewhere
//! at most half a chunk moves. A chunk filled from its end is full (64 ids) before the next begins, so there is no
//! overhead of half-empty nodes; a look-up is a binary search for the chunk and another within it.
//!
//! Invariants: ids ascend strictly; no chunk is empty; `firsts` has as many ids as there are chunks.

use super::StreamId;
use super::check::RULES;
use crate::check::{Broken, Within};
use std::collections::VecDeque;

/// Small where Miri runs, so that tests see many chunks.
const CHUNK: usize = if cfg!(miri) { 8 } else { 64 };

/// Values by stream id, in rings of neighbouring ids.
#[derive(Clone, Debug)]
pub(crate) struct IdMap<V> {
    firsts: VecDeque<StreamId>,
    chunks: VecDeque<Chunk<V>>,
    len: usize,
}

#[derive(Clone, Debug)]
struct Chunk<V> {
    ids: VecDeque<StreamId>,
    values: VecDeque<V>,
}

/// A place in an [`IdMap`], true until ids are added or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    chunk: usize,
    index: usize,
}

impl<V> Default for IdMap<V> {
    fn default() -> Self {
        Self { firsts: VecDeque::new(), chunks: VecDeque::new(), len: 0 }
    }
}

/// Reading.
impl<V> IdMap<V> {
    /// The number of ids.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The chunk that has `id`, if any has; else where it would be added. There is a chunk.
    #[inline]
    fn chunk_of(&self, id: StreamId) -> usize {
        let last = self.chunks.len() - 1;
        if self.firsts[last] <= id {
            return last;
        }
        self.firsts.partition_point(|&first| first <= id).saturating_sub(1)
    }

    /// The first id that is not below `id`.
    #[inline]
    pub(crate) fn lower(&self, id: StreamId) -> Place {
        if self.chunks.is_empty() {
            return Place { chunk: 0, index: 0 };
        }
        let chunk = self.chunk_of(id);
        let ids = &self.chunks[chunk].ids;
        let index = ids.partition_point(|&other| other < id);
        if index < ids.len() { Place { chunk, index } } else { Place { chunk: chunk + 1, index: 0 } }
    }

    /// The last id that is not above `id`.
    #[inline]
    pub(crate) fn at_or_before(&self, id: StreamId) -> Option<Place> {
        if *self.firsts.front()? > id {
            return None;
        }
        let chunk = self.chunk_of(id);
        let index = self.chunks[chunk].ids.partition_point(|&other| other <= id) - 1;
        Some(Place { chunk, index })
    }

    /// The first place.
    pub(crate) fn start(&self) -> Place {
        Place { chunk: 0, index: 0 }
    }

    /// The last id's place.
    #[inline]
    pub(crate) fn end(&self) -> Option<Place> {
        let chunk = self.chunks.len().checked_sub(1)?;
        Some(Place { chunk, index: self.chunks[chunk].ids.len() - 1 })
    }

    /// The place behind.
    #[inline]
    pub(crate) fn after(&self, place: Place) -> Place {
        if place.index + 1 < self.chunks[place.chunk].ids.len() {
            Place { index: place.index + 1, ..place }
        } else {
            Place { chunk: place.chunk + 1, index: 0 }
        }
    }

    /// The place before.
    #[inline]
    pub(crate) fn before(&self, place: Place) -> Option<Place> {
        if let Some(index) = place.index.checked_sub(1) {
            return Some(Place { index, ..place });
        }
        let chunk = place.chunk.checked_sub(1)?;
        Some(Place { chunk, index: self.chunks[chunk].ids.len() - 1 })
    }

    /// Where that is now which followed what was removed at a place.
    pub(crate) fn settled(&self, place: Place) -> Place {
        match self.chunks.get(place.chunk) {
            Some(chunk) if place.index >= chunk.ids.len() => Place { chunk: place.chunk + 1, index: 0 },
            _ => place,
        }
    }

    /// What is at a place.
    #[inline]
    pub(crate) fn at(&self, place: Place) -> Option<(StreamId, &V)> {
        let chunk = self.chunks.get(place.chunk)?;
        Some((*chunk.ids.get(place.index)?, &chunk.values[place.index]))
    }

    /// What is at a place, to be changed.
    #[inline]
    pub(crate) fn at_mut(&mut self, place: Place) -> Option<(StreamId, &mut V)> {
        let chunk = self.chunks.get_mut(place.chunk)?;
        Some((*chunk.ids.get(place.index)?, &mut chunk.values[place.index]))
    }

    /// Where an id is.
    #[inline]
    fn find(&self, id: StreamId) -> Option<Place> {
        let place = self.at_or_before(id)?;
        (self.chunks[place.chunk].ids[place.index] == id).then_some(place)
    }

    /// Whether the id is there.
    #[inline]
    pub(crate) fn contains(&self, id: StreamId) -> bool {
        self.find(id).is_some()
    }

    /// An id's value.
    #[inline]
    pub(crate) fn get(&self, id: StreamId) -> Option<&V> {
        Some(self.at(self.find(id)?)?.1)
    }

    /// An id's value, to be changed.
    #[inline]
    pub(crate) fn get_mut(&mut self, id: StreamId) -> Option<&mut V> {
        let place = self.find(id)?;
        Some(self.at_mut(place)?.1)
    }

    /// The first id with its value.
    pub(crate) fn first(&self) -> Option<(StreamId, &V)> {
        self.at(self.start())
    }

    /// The last id with its value.
    pub(crate) fn last(&self) -> Option<(StreamId, &V)> {
        self.at(self.end()?)
    }

    /// All from the first that is not below `id` on.
    pub(crate) fn iter_from(&self, id: StreamId) -> impl Iterator<Item = (StreamId, &V)> {
        let mut place = self.lower(id);
        std::iter::from_fn(move || {
            let found = self.at(place)?;
            place = self.after(place);
            Some(found)
        })
    }

    /// All.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (StreamId, &V)> {
        self.chunks.iter().flat_map(|chunk| chunk.ids.iter().copied().zip(&chunk.values))
    }

    /// Checks the invariants. O(n).
    pub(crate) fn check(&self) -> Result<(), Broken> {
        RULES.count("a map has a first id for each chunk", self.firsts.len(), self.chunks.len())?;
        for (at, (chunk, &first)) in self.chunks.iter().zip(&self.firsts).enumerate() {
            let some = (1..=CHUNK).contains(&chunk.ids.len());
            RULES.hold("a chunk has some ids, and not too many", some).within("chunk", at)?;
            RULES.count("a chunk has a value for each id", chunk.ids.len(), chunk.values.len()).within("chunk", at)?;
            RULES.hold("the first id of a chunk is known", chunk.ids[0] == first).within("chunk", at)?;
        }
        let counted = self.chunks.iter().map(|chunk| chunk.ids.len()).sum();
        RULES.count("the ids are counted", self.len, counted)?;
        let ids = self.iter().map(|(id, _)| id);
        RULES.hold("ids ascend", ids.is_sorted_by(|one, next| one < next))
    }

    /// Bytes outside of the map itself, but for what the values own.
    pub(crate) fn heap_bytes(&self) -> usize {
        let one = |chunk: &Chunk<V>| {
            chunk.ids.capacity() * size_of::<StreamId>()
                + if size_of::<V>() == 0 { 0 } else { chunk.values.capacity() * size_of::<V>() }
        };
        self.firsts.capacity() * size_of::<StreamId>()
            + self.chunks.capacity() * size_of::<Chunk<V>>()
            + self.chunks.iter().map(one).sum::<usize>()
    }
}

/// Changing.
impl<V> IdMap<V> {
    /// Adds an id that is above all others.
    #[inline]
    pub(crate) fn push(&mut self, id: StreamId, value: V) {
        debug_assert!(self.last().is_none_or(|(last, _)| last < id), "ids ascend");
        match self.chunks.back_mut() {
            Some(chunk) if chunk.ids.len() < CHUNK => {
                chunk.ids.push_back(id);
                chunk.values.push_back(value);
            }
            _ => {
                self.firsts.push_back(id);
                self.chunks.push_back(Chunk { ids: [id].into(), values: [value].into() });
            }
        }
        self.len += 1;
    }

    /// Adds an id with its value, or replaces the value; gives the one before.
    #[inline]
    pub(crate) fn insert(&mut self, id: StreamId, value: V) -> Option<V> {
        let Some((last, _)) = self.last() else {
            self.push(id, value);
            return None;
        };
        if last < id {
            self.push(id, value);
            return None;
        }
        let at = self.chunk_of(id);
        match self.chunks[at].ids.binary_search(&id) {
            Ok(index) => Some(std::mem::replace(&mut self.chunks[at].values[index], value)),
            Err(index) => {
                self.insert_within(at, index, id, value);
                None
            }
        }
    }

    /// Adds an id at its place in a chunk, which is split if it is full.
    fn insert_within(&mut self, mut at: usize, mut index: usize, id: StreamId, value: V) {
        if self.chunks[at].ids.len() == CHUNK {
            let half = CHUNK / 2;
            let chunk = &mut self.chunks[at];
            let (ids, values) = (chunk.ids.split_off(half), chunk.values.split_off(half));
            self.firsts.insert(at + 1, ids[0]);
            self.chunks.insert(at + 1, Chunk { ids, values });
            if index > half {
                (at, index) = (at + 1, index - half);
            }
        }
        let chunk = &mut self.chunks[at];
        chunk.ids.insert(index, id);
        chunk.values.insert(index, value);
        self.firsts[at] = chunk.ids[0];
        self.len += 1;
    }

    /// Removes an id.
    #[inline]
    pub(crate) fn remove(&mut self, id: StreamId) -> Option<V> {
        let place = self.find(id)?;
        Some(self.remove_at(place))
    }

    /// Removes what is at a place, where something is.
    #[inline]
    pub(crate) fn remove_at(&mut self, place: Place) -> V {
        let chunk = &mut self.chunks[place.chunk];
        chunk.ids.remove(place.index);
        let value = chunk.values.remove(place.index).expect("a chunk has as many values as ids");
        self.len -= 1;
        match chunk.ids.front() {
            Some(&first) => {
                self.firsts[place.chunk] = first;
                chunk.give_back();
            }
            None => {
                self.firsts.remove(place.chunk);
                self.chunks.remove(place.chunk);
            }
        }
        value
    }
}

impl<V> Chunk<V> {
    /// Frees what a chunk that has become nearly empty does not need.
    #[inline]
    fn give_back(&mut self) {
        let capacity = self.ids.capacity();
        if capacity > 16 && self.ids.len() < capacity / 4 {
            self.ids.shrink_to(capacity / 2);
            self.values.shrink_to(capacity / 2);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_that_is_broken_is_found() {
        let broken = |change: fn(&mut IdMap<u8>)| {
            let mut map = IdMap::default();
            (0..3 * CHUNK as u64).for_each(|number| map.push(StreamId::new(number, 0), 7));
            map.check().unwrap();
            change(&mut map);
            map.check().unwrap_err().invariant
        };
        assert_eq!(broken(|map| map.len += 1), "the ids are counted");
        assert_eq!(broken(|map| map.firsts[1] = StreamId::MIN), "the first id of a chunk is known");
        assert_eq!(broken(|map| _ = map.firsts.pop_back()), "a map has a first id for each chunk");
        assert_eq!(broken(|map| _ = map.chunks[1].values.pop_back()), "a chunk has a value for each id");
        assert_eq!(broken(|map| map.chunks[0].ids.swap(2, 3)), "ids ascend");
        assert_eq!(broken(|map| map.chunks[2].ids.clear()), "a chunk has some ids, and not too many");
    }
}
