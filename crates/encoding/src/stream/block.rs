//! A block: up to some hundred entries that follow one another, in one listpack.
//!
//! ```text
//!  live deleted n field..field 0 | entry | entry | ...       the master entry, then the entries
//!
//!  entry:  flags ms seq          value .. value  steps       with the master's fields (flag SAME)
//!          flags ms seq n  field value .. field value  steps     with fields of its own
//! ```
//! `ms` and `seq` are differences to the block's first id; `steps` is how many elements the entry takes but for itself,
//! so that entries can be walked backwards. A removed entry stays and is flagged. These are the bytes of Redis's RDB
//! files and DUMP payloads.
//!
//! The last block of a stream is open: it has room to grow. The others are sealed: as small as can be. Beside the bytes
//! stand a few offsets that make a seek short: some entries' on the way, and the place up to which all entries are
//! removed. They move with the entries when a number of the master entry changes its width.

mod check;

use super::StreamId;
use crate::listpack::{Appender, Cursor, Element, Listpack, Pack, PackBuffer};

pub(super) const DELETED: i64 = 1;
pub(super) const SAME: i64 = 2;

/// Entries between two marks of the open block.
const MARK: usize = 16;
/// Marks of a sealed block.
const MARKS: usize = 6;

/// The block that entries are added to.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pack: PackBuffer,
    /// Offsets of entries 16, 32, ...
    marks: Vec<u32>,
    /// The offset before which all entries are removed.
    front: u32,
    /// Entries, removed ones included.
    total: usize,
}

/// A block that is not added to.
#[derive(Clone, Debug)]
pub(super) struct Sealed {
    pack: Listpack,
    /// As in [`Open`].
    front: u32,
    /// Offsets of entries, evenly spread; 0 behind the last, as in a block that is too large for them.
    marks: [u16; MARKS],
}

/// A block, to be read.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    first: StreamId,
    pack: &'a Pack,
    front: u32,
    marks: Marks<'a>,
}

#[derive(Clone, Copy)]
enum Marks<'a> {
    Open(&'a [u32]),
    Sealed(&'a [u16; MARKS]),
}

/// One entry of a stream, to be read.
#[derive(Clone, Copy)]
pub struct StreamEntry<'a> {
    id: StreamId,
    /// The number of fields.
    len: usize,
    deleted: bool,
    /// The master's fields, where the entry has them.
    names: Option<Cursor<'a>>,
    /// The first value or field of its own.
    data: Cursor<'a>,
}

impl std::fmt::Debug for StreamEntry<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ", self.id)?;
        f.debug_map().entries(self.fields()).finish()
    }
}

impl<'a> StreamEntry<'a> {
    /// Its id.
    #[inline]
    #[must_use]
    pub fn id(&self) -> StreamId {
        self.id
    }

    /// The number of fields.
    #[inline]
    #[must_use]
    pub fn field_count(&self) -> usize {
        self.len
    }

    /// Fields with values, in their order.
    #[inline]
    #[must_use]
    pub fn fields(&self) -> Fields<'a> {
        Fields { left: self.len, names: self.names, data: self.data }
    }

    /// Where the entry ends.
    #[inline]
    fn end(&self) -> u32 {
        let mut cursor = self.data;
        cursor.skip(if self.names.is_some() { self.len } else { 2 * self.len } + 1);
        cursor.offset() as u32
    }
}

/// The fields of an entry with their values.
#[derive(Clone)]
pub struct Fields<'a> {
    left: usize,
    names: Option<Cursor<'a>>,
    data: Cursor<'a>,
}

impl std::fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (Element<'a>, Element<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let name = match &mut self.names {
            Some(names) => names.next(),
            None => self.data.next(),
        };
        Some((name, self.data.next()))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Fields<'_> {}

/// Pairs of field and value on their way into a stream.
pub trait Pairs<'p>: ExactSizeIterator<Item = (&'p [u8], &'p [u8])> + Clone {}

impl<'p, I: ExactSizeIterator<Item = (&'p [u8], &'p [u8])> + Clone> Pairs<'p> for I {}

/// Reading. An offset is an entry's, or the end.
impl<'a> Block<'a> {
    /// Its id: that of its first entry when it was made.
    pub(super) fn first(self) -> StreamId {
        self.first
    }

    /// Entries that are not removed.
    #[inline]
    pub(super) fn live(self) -> u64 {
        Cursor::first(self.pack).next_int() as u64
    }

    /// The listpack.
    pub(super) fn as_bytes(self) -> &'a [u8] {
        self.pack.as_bytes()
    }

    /// The offset before which all entries are removed.
    #[inline]
    pub(super) fn front(self) -> u32 {
        self.front
    }

    /// The offset behind the last entry.
    #[inline]
    pub(super) fn end(self) -> u32 {
        (self.pack.byte_len() - 1) as u32
    }

    /// The id of the entry at `at`.
    #[inline]
    fn id_at(self, at: u32) -> StreamId {
        let mut cursor = Cursor::at(self.pack, at as usize);
        cursor.skip(1);
        self.read_id(&mut cursor)
    }

    #[inline]
    fn read_id(self, cursor: &mut Cursor<'_>) -> StreamId {
        let ms = self.first.ms.wrapping_add(cursor.next_int() as u64);
        let seq = self.first.seq.wrapping_add(cursor.next_int() as u64);
        StreamId { ms, seq }
    }

    /// The entry at `at`.
    #[inline]
    fn entry(self, at: u32) -> StreamEntry<'a> {
        let mut data = Cursor::at(self.pack, at as usize);
        let flags = data.next_int();
        let id = self.read_id(&mut data);
        let (len, names) = if flags & SAME == 0 {
            (data.next_int() as usize, None)
        } else {
            let (count, names) = master_fields(self.pack);
            (count, Some(names))
        };
        StreamEntry { id, len, deleted: flags & DELETED != 0, names, data }
    }

    /// The last mark before `id`, or the front.
    #[inline]
    fn mark_before(self, id: StreamId) -> u32 {
        let below = |at: u32| at != 0 && self.id_at(at) < id;
        let mark = match self.marks {
            Marks::Open(marks) => marks.partition_point(|&at| below(at)).checked_sub(1).map(|mark| marks[mark]),
            Marks::Sealed(marks) => {
                let marks_below = marks.partition_point(|&at| below(u32::from(at)));
                marks_below.checked_sub(1).map(|mark| u32::from(marks[mark]))
            }
        };
        mark.unwrap_or(0).max(self.front)
    }

    /// The offset of the first entry from the front on whose id is not below `id`.
    #[inline]
    pub(super) fn seek(self, id: StreamId) -> u32 {
        let mut at = self.mark_before(id);
        while at < self.end() {
            let entry = self.entry(at);
            if entry.id >= id {
                break;
            }
            at = entry.end();
        }
        at
    }

    /// The first entry from `at` on that is not removed, and where it and the next begin.
    #[inline]
    pub(super) fn forward(self, mut at: u32) -> Option<(StreamEntry<'a>, u32, u32)> {
        while at < self.end() {
            let entry = self.entry(at);
            let next = entry.end();
            if !entry.deleted {
                return Some((entry, at, next));
            }
            at = next;
        }
        None
    }

    /// The last entry before `at` that is not removed, and where it begins.
    #[inline]
    pub(super) fn backward(self, mut at: u32) -> Option<(StreamEntry<'a>, u32)> {
        while at > self.front {
            at = self.before(at);
            let entry = self.entry(at);
            if !entry.deleted {
                return Some((entry, at));
            }
        }
        None
    }

    /// Where the entry begins that ends at `at`.
    #[inline]
    fn before(self, at: u32) -> u32 {
        let mut cursor = Cursor::at(self.pack, at as usize);
        cursor.back(1);
        let steps = { cursor }.next_int();
        cursor.back(steps as usize);
        cursor.offset() as u32
    }

    /// The id of the last entry, also if that is removed.
    pub(super) fn last_id(self) -> StreamId {
        self.id_at(self.before(self.end()))
    }

    /// The offset of the first entry.
    fn entries_at(self) -> u32 {
        let (count, mut cursor) = master_fields(self.pack);
        cursor.skip(count + 1);
        cursor.offset() as u32
    }

    /// Where the entries begin that are not removed.
    fn first_live(self) -> u32 {
        self.forward(self.front).map_or(self.end(), |(_, at, _)| at)
    }
}

/// The number of the master's fields, and the first.
#[inline]
fn master_fields(pack: &Pack) -> (usize, Cursor<'_>) {
    let mut cursor = Cursor::first(pack);
    cursor.skip(2);
    let count = cursor.next_int() as usize;
    (count, cursor)
}

/// The counts of the master entry, and where they stand.
struct Counts {
    live_at: usize,
    live: i64,
    deleted_at: usize,
    deleted: i64,
}

impl Counts {
    #[inline]
    fn of(pack: &Pack) -> Self {
        let mut cursor = Cursor::first(pack);
        let live_at = cursor.offset();
        let live = cursor.next_int();
        let deleted_at = cursor.offset();
        Self { live_at, live, deleted_at, deleted: cursor.next_int() }
    }
}

/// The open block.
impl Open {
    /// An empty block whose master entry has the fields of `pairs`.
    fn empty<'p>(pairs: impl Pairs<'p>) -> Self {
        let mut pack = PackBuffer::new();
        pack.append(|to| {
            to.int(0);
            to.int(0);
            to.int(pairs.len() as i64);
            pairs.for_each(|(field, _)| to.string(field));
            to.int(0);
        });
        let front = (pack.byte_len() - 1) as u32;
        Self { pack, marks: Vec::new(), front, total: 0 }
    }

    /// A block of one entry.
    pub(super) fn new<'p>(id: StreamId, pairs: impl Pairs<'p>) -> Self {
        let mut block = Self::empty(pairs.clone());
        block.push(id, id, pairs);
        block
    }

    /// To be read. `first` is the block's id.
    #[inline]
    pub(super) fn read(&self, first: StreamId) -> Block<'_> {
        Block { first, pack: &self.pack, front: self.front, marks: Marks::Open(&self.marks) }
    }

    /// Entries, removed ones included.
    #[inline]
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// Adds an entry behind all others. `first` is the block's id.
    #[inline]
    pub(super) fn push<'p>(&mut self, first: StreamId, id: StreamId, pairs: impl Pairs<'p>) {
        let same = self.has_master_fields(pairs.clone());
        let counts = Counts::of(&self.pack);
        let before = self.pack.byte_len();
        self.pack.replace_int(counts.live_at, counts.live + 1);
        self.shift(before);
        self.begin_entry();
        self.pack.append(|to| write_entry(to, first, id, same, pairs));
    }

    /// Counts an entry that is about to be written.
    #[inline]
    fn begin_entry(&mut self) {
        if self.total.is_multiple_of(MARK) && self.total > 0 {
            self.marks.push((self.pack.byte_len() - 1) as u32);
        }
        self.total += 1;
    }

    /// Whether an entry with these fields can do without naming them.
    #[inline]
    fn has_master_fields<'p>(&self, pairs: impl Pairs<'p>) -> bool {
        let (count, mut names) = master_fields(&self.pack);
        count == pairs.len() && pairs.into_iter().all(|(field, _)| names.next().is(field))
    }

    /// The master entry has changed: what stands behind it has moved by as much as the size has changed.
    #[inline]
    fn shift(&mut self, before: usize) {
        let moved = self.pack.byte_len().wrapping_sub(before) as u32;
        if moved != 0 {
            self.marks.iter_mut().for_each(|at| *at = at.wrapping_add(moved));
            self.front = self.front.wrapping_add(moved);
        }
    }

    /// Removes the entry at `at`, which is not removed yet.
    pub(super) fn delete(&mut self, first: StreamId, at: u32) {
        flag(&mut self.pack, at, PackBuffer::replace_int);
        let before = self.pack.byte_len();
        count_deleted(&mut self.pack, PackBuffer::replace_int);
        self.shift(before);
        self.front = self.read(first).first_live();
    }

    /// As small as can be, as there will not be more entries.
    pub(super) fn seal(&self, first: StreamId) -> Sealed {
        let pack = Listpack::copy_of(&self.pack);
        let end = (pack.byte_len() - 1) as u32;
        let mut sealed = Sealed { pack, front: self.front, marks: [0; MARKS] };
        if end <= u32::from(u16::MAX) {
            let block = self.read(first);
            let gap = self.total / (MARKS + 1) + 1;
            let inside = |at: u32| (at < end).then_some(at);
            let next = |&at: &u32| inside(block.entry(at).end());
            let starts = std::iter::successors(inside(block.entries_at()), next).skip(gap).step_by(gap);
            sealed.marks.iter_mut().zip(starts).for_each(|(mark, at)| *mark = at as u16);
        }
        sealed
    }

    /// A block of a listpack that has so many entries.
    pub(super) fn of(first: StreamId, pack: PackBuffer, total: usize) -> Self {
        let mut block = Self { pack, marks: Vec::new(), front: 0, total };
        block.front = block.read(first).entries_at();
        block.front = block.read(first).first_live();
        block
    }

    /// Bytes outside of the block itself.
    pub(super) fn heap_bytes(&self) -> usize {
        self.pack.capacity() + self.marks.capacity() * size_of::<u32>()
    }
}

/// Flags the entry at `at` as removed. The flags are small numbers, so nothing moves.
fn flag<P: std::ops::Deref<Target = Pack>>(pack: &mut P, at: u32, replace: impl Fn(&mut P, usize, i64)) {
    let flags = Cursor::at(pack, at as usize).next_int();
    debug_assert_eq!(flags & DELETED, 0, "an entry is removed once");
    replace(pack, at as usize, flags | DELETED);
}

/// Counts one removed entry more and one living less.
fn count_deleted<P: std::ops::Deref<Target = Pack>>(pack: &mut P, replace: impl Fn(&mut P, usize, i64)) {
    let counts = Counts::of(pack);
    // The second number first, while the place of both is known.
    replace(pack, counts.deleted_at, counts.deleted + 1);
    replace(pack, counts.live_at, counts.live - 1);
}

/// A sealed block.
impl Sealed {
    /// To be read. `first` is the block's id.
    #[inline]
    pub(super) fn read(&self, first: StreamId) -> Block<'_> {
        Block { first, pack: &self.pack, front: self.front, marks: Marks::Sealed(&self.marks) }
    }

    /// Removes the entry at `at`, which is not removed yet.
    pub(super) fn delete(&mut self, first: StreamId, at: u32) {
        let replace = |pack: &mut Listpack, at: usize, value: i64| pack.replace_element(at, Element::Int(value));
        flag(&mut self.pack, at, replace);
        let before = self.pack.byte_len();
        count_deleted(&mut self.pack, replace);
        let moved = self.pack.byte_len().wrapping_sub(before);
        if moved != 0 {
            self.front = self.front.wrapping_add(moved as u32);
            if self.pack.byte_len() > usize::from(u16::MAX) {
                self.marks = [0; MARKS];
            }
            let marks = self.marks.iter_mut().filter(|at| **at != 0);
            marks.for_each(|at| *at = at.wrapping_add(moved as u16));
        }
        self.front = self.read(first).first_live();
    }

    /// The same block, to be added to.
    pub(super) fn reopen(&self) -> Open {
        let pack = PackBuffer::reopen(&self.pack);
        let counts = Counts::of(&pack);
        Open { pack, marks: Vec::new(), front: self.front, total: (counts.live + counts.deleted) as usize }
    }

    /// Bytes outside of the block itself.
    pub(super) fn heap_bytes(&self) -> usize {
        self.pack.byte_len()
    }
}

#[inline]
fn write_entry<'p>(to: &mut Appender<'_>, first: StreamId, id: StreamId, same: bool, pairs: impl Pairs<'p>) {
    let count = pairs.len() as i64;
    to.int(if same { SAME } else { 0 });
    to.int(id.ms.wrapping_sub(first.ms) as i64);
    to.int(id.seq.wrapping_sub(first.seq) as i64);
    if same {
        pairs.for_each(|(_, value)| to.string(value));
        to.int(count + 3);
    } else {
        to.int(count);
        pairs.for_each(|(field, value)| {
            to.string(field);
            to.string(value);
        });
        to.int(2 * count + 4);
    }
}
