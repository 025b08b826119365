//! A leaf of the ordered index: up to [`MOST`] members with their scores, in order, in one block.
//!
//! ```text
//!   scores         ends           tags           names
//!   room x f64     room x u16     room x u8      one after the other, in order
//! ```
//! `ends[i]` is where the i-th name ends, counted from the first one's beginning. Names from [`LONG`] bytes on stand
//! outside, in the set's own slab; the leaf then has their number in four bytes, and [`OUTSIDE`] in the end. `tags` are
//! eight bits of each name's hash: who looks for a name looks for its tag first.
//!
//! Blocks are as large as a size class, and grow by [`STEP`] members: on the average a tenth of a leaf is empty.

mod check;

use super::slab::{NONE, Slab};
use redstart_sys::alloc::size_class;
use redstart_sys::prefetch;
use std::ops::Range;

/// The most members in a leaf.
pub(super) const MOST: usize = 64;
/// Names from this length on stand outside.
const LONG: usize = 128;
/// Marks the end of a name that stands outside.
const OUTSIDE: u16 = 0x8000;
/// How many members' room a block grows by.
const STEP: usize = 8;
/// Bytes for a member beside its name.
const EACH: usize = 11;

/// The names that stand outside.
pub(super) type LongNames = Slab<Box<[u8]>, 8>;

/// A name as a leaf stores it: its bytes, or the number of one that stands outside.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stored<'a> {
    Inside(&'a [u8]),
    Outside([u8; 4]),
}

impl<'a> Stored<'a> {
    pub(super) fn new(name: &'a [u8], long: &mut LongNames) -> Self {
        if name.len() < LONG { Self::Inside(name) } else { Self::Outside(long.add(name.into()).to_ne_bytes()) }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Inside(bytes) => bytes,
            Self::Outside(number) => number,
        }
    }

    fn mark(self) -> u16 {
        if matches!(self, Self::Outside(_)) { OUTSIDE } else { 0 }
    }
}

/// A leaf of the tree: scores and names of neighbouring members in one block.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    data: Box<[u8]>,
    count: u16,
    room: u16,
    /// The inner node above.
    pub(super) parent: u32,
    pub(super) next: u32,
    pub(super) prev: u32,
}

impl Default for Leaf {
    fn default() -> Self {
        Self { data: Box::default(), count: 0, room: 0, parent: NONE, next: NONE, prev: NONE }
    }
}

impl Leaf {
    #[inline]
    pub(super) fn len(&self) -> usize {
        usize::from(self.count)
    }

    pub(super) fn is_full(&self) -> bool {
        self.len() == MOST
    }

    #[inline]
    fn room(&self) -> usize {
        usize::from(self.room)
    }

    #[inline]
    pub(super) fn score(&self, at: usize) -> f64 {
        debug_assert!(at < self.len());
        let bytes = self.data[at * 8..at * 8 + 8].try_into().expect("eight bytes");
        f64::from_ne_bytes(bytes)
    }

    /// The scores from the one at `at` on, which may be one past the last.
    #[inline]
    pub(super) fn scores_from(&self, at: usize) -> impl Iterator<Item = f64> {
        let (scores, _) = self.data[at * 8..self.len() * 8].as_chunks::<8>();
        scores.iter().map(|bytes| f64::from_ne_bytes(*bytes))
    }

    #[inline]
    pub(super) fn set_score(&mut self, at: usize, score: f64) {
        self.data[at * 8..at * 8 + 8].copy_from_slice(&score.to_ne_bytes());
    }

    #[inline]
    fn end(&self, at: usize) -> u16 {
        let at = self.room() * 8 + at * 2;
        u16::from_ne_bytes([self.data[at], self.data[at + 1]])
    }

    /// Where the i-th name begins.
    #[inline]
    fn start(&self, at: usize) -> usize {
        if at == 0 { 0 } else { usize::from(self.end(at - 1) & !OUTSIDE) }
    }

    #[inline]
    fn names_at(&self) -> usize {
        self.room() * EACH
    }

    /// Bytes of all names.
    fn used(&self) -> usize {
        self.start(self.len())
    }

    #[inline]
    pub(super) fn tags(&self) -> &[u8] {
        let at = self.room() * 10;
        &self.data[at..at + self.len()]
    }

    /// The i-th name.
    #[inline]
    pub(super) fn name<'a>(&'a self, at: usize, long: &'a LongNames) -> &'a [u8] {
        let (start, end) = (self.start(at), self.end(at));
        let names = self.names_at();
        let bytes = &self.data[names + start..names + usize::from(end & !OUTSIDE)];
        if end & OUTSIDE == 0 { bytes } else { long.get(number(bytes)) }
    }

    /// Where the name is whose hash has this tag.
    #[inline]
    pub(super) fn find(&self, tag: u8, name: &[u8], long: &LongNames) -> Option<usize> {
        let tags = self.tags();
        memchr::memchr_iter(tag, tags).find(|&at| self.name(at, long) == name)
    }

    /// Asks the processor for the beginnings of what a walk reads.
    pub(super) fn prefetch(&self) {
        for at in [0, self.room() * 8, self.names_at()] {
            prefetch::read(self.data.as_ptr().wrapping_add(at));
        }
    }

    /// Asks the processor for what tells where names are.
    pub(super) fn prefetch_names(&self) {
        for at in [self.room() * 8, self.room() * 9, self.room() * 10, self.names_at() + self.room() * 4] {
            prefetch::read(self.data.as_ptr().wrapping_add(at));
        }
    }

    /// Takes all members out; the links stay.
    pub(super) fn take(&mut self) -> Self {
        let empty = Self { parent: self.parent, next: self.next, prev: self.prev, ..Self::default() };
        std::mem::replace(self, empty)
    }

    /// Inserts before the member at `at`. There is room for one more.
    pub(super) fn insert(&mut self, at: usize, score: f64, tag: u8, name: Stored<'_>) {
        let (bytes, count) = (name.bytes(), self.len());
        let length = bytes.len();
        debug_assert!(at <= count && count < MOST);
        if count == self.room() || self.names_at() + self.used() + length > self.data.len() {
            self.reshape(length);
        }
        let (room, start, used) = (self.room(), self.start(at), self.used());
        let data = &mut self.data;
        data.copy_within(at * 8..count * 8, at * 8 + 8);
        data[at * 8..at * 8 + 8].copy_from_slice(&score.to_ne_bytes());
        let ends = room * 8;
        data.copy_within(ends + at * 2..ends + count * 2, ends + at * 2 + 2);
        let end = (start + length) as u16 | name.mark();
        data[ends + at * 2..ends + at * 2 + 2].copy_from_slice(&end.to_ne_bytes());
        add_to_ends(&mut data[ends + at * 2 + 2..ends + count * 2 + 2], length as u16);
        let tags = room * 10;
        data.copy_within(tags + at..tags + count, tags + at + 1);
        data[tags + at] = tag;
        let names = room * EACH;
        data.copy_within(names + start..names + used, names + start + length);
        data[names + start..names + start + length].copy_from_slice(bytes);
        self.count += 1;
    }

    /// Removes members, whose outside names are the caller's business.
    pub(super) fn remove(&mut self, gone: Range<usize>) {
        let (count, room, used) = (self.len(), self.room(), self.used());
        debug_assert!(gone.start <= gone.end && gone.end <= count);
        let (start, end) = (self.start(gone.start), self.start(gone.end));
        let data = &mut self.data;
        data.copy_within(gone.end * 8..count * 8, gone.start * 8);
        let (ends, tags, names) = (room * 8, room * 10, room * EACH);
        data.copy_within(ends + gone.end * 2..ends + count * 2, ends + gone.start * 2);
        let left = gone.start + count - gone.end;
        add_to_ends(&mut data[ends + gone.start * 2..ends + left * 2], ((end - start) as u16).wrapping_neg());
        data.copy_within(tags + gone.end..tags + count, tags + gone.start);
        data.copy_within(names + end..names + used, names + start);
        self.count = left as u16;
        if left + 2 * STEP < room && left > 0 {
            self.reshape(0);
        }
    }

    /// The number of the i-th name, if it stands outside.
    pub(super) fn outside(&self, at: usize) -> Option<u32> {
        let end = self.end(at);
        let names = self.names_at();
        (end & OUTSIDE != 0).then(|| number(&self.data[names + self.start(at)..names + usize::from(end & !OUTSIDE)]))
    }

    /// Moves to a block that has room for some more members, the next of which has a name of `length` bytes.
    fn reshape(&mut self, length: usize) {
        let (count, used) = (self.len(), self.used());
        let room = (count + STEP).min(MOST);
        let average = used.checked_div(count).map_or(length, |average| average + 1);
        let names = used + length + average * (room - count).saturating_sub(1);
        *self = Self { parent: self.parent, next: self.next, prev: self.prev, ..self.part(0..count, room, names) };
    }

    /// A leaf of some of the members, with room for so many, and for names of so many bytes.
    fn part(&self, members: Range<usize>, room: usize, names: usize) -> Self {
        let count = members.len();
        debug_assert!(count <= room);
        let mut leaf = Self { room: room as u16, count: count as u16, ..Self::default() };
        leaf.data = vec![0; size_class(room * EACH + names)].into_boxed_slice();
        leaf.put(0, self, members);
        leaf
    }

    /// Copies members of another leaf to place `at`, the last ones here. There is room, and the count is true already.
    fn put(&mut self, at: usize, other: &Self, members: Range<usize>) {
        let (count, room, from) = (members.len(), self.room(), other.room());
        let (first, last) = (other.start(members.start), other.start(members.end));
        let start = self.start(at);
        let data = &mut self.data;
        data[at * 8..(at + count) * 8].copy_from_slice(&other.data[members.start * 8..members.end * 8]);
        let ends = &mut data[room * 8 + at * 2..room * 8 + (at + count) * 2];
        ends.copy_from_slice(&other.data[from * 8 + members.start * 2..from * 8 + members.end * 2]);
        add_to_ends(ends, (start as u16).wrapping_sub(first as u16));
        let tags = &other.data[from * 10 + members.start..from * 10 + members.end];
        data[room * 10 + at..room * 10 + at + count].copy_from_slice(tags);
        let names = room * EACH + start;
        let others = from * EACH;
        data[names..names + last - first].copy_from_slice(&other.data[others + first..others + last]);
    }

    /// Cuts the leaf in two; returns the upper part.
    pub(super) fn split_off(&mut self, at: usize) -> Self {
        let (count, cut, used) = (self.len(), self.start(at), self.used());
        let slack = |count: usize, names: usize| names + names / count.max(1) * STEP;
        let upper = self.part(at..count, (count - at + STEP).min(MOST), slack(count - at, used - cut));
        let lower = self.part(0..at, (at + STEP).min(MOST), slack(at, cut));
        *self = Self { parent: self.parent, next: self.next, prev: self.prev, ..lower };
        upper
    }

    /// Takes up all members of the leaf that follows.
    pub(super) fn append(&mut self, other: &Self) {
        let (count, more) = (self.len(), other.len());
        let room = (count + more + STEP / 2).min(MOST);
        let names = self.used() + other.used();
        let mut joined = self.part(0..count, room, names + names / (count + more).max(1) * (room - count - more));
        joined.count += other.count;
        joined.put(count, other, 0..more);
        *self = Self { parent: self.parent, next: self.next, prev: self.prev, ..joined };
    }

    pub(super) fn heap_bytes(&self) -> usize {
        size_class(self.data.len()) * usize::from(!self.data.is_empty())
    }
}

/// The number of a name that stands outside, from the leaf's four bytes.
fn number(bytes: &[u8]) -> u32 {
    u32::from_ne_bytes(bytes.try_into().expect("the number of an outside name has four bytes"))
}

/// Adds to ends in their bytes; none passes into the mark, as all names of a leaf are far below 32 KiB.
#[inline]
fn add_to_ends(ends: &mut [u8], amount: u16) {
    for end in ends.chunks_exact_mut(2) {
        let old = u16::from_ne_bytes([end[0], end[1]]);
        let new = (old & OUTSIDE) | ((old & !OUTSIDE).wrapping_add(amount) & !OUTSIDE);
        end.copy_from_slice(&new.to_ne_bytes());
    }
}
