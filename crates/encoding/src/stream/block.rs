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
//! Beside the bytes stand a few offsets that make a seek short: of each sixteenth entry, and of the place up to which
//! all entries are removed. They move with the entries when a number of the master entry changes its width.

use super::StreamId;
use crate::listpack::{Appender, Cursor, Element, PackBuffer};

const DELETED: i64 = 1;
const SAME: i64 = 2;

/// Entries between two marks.
const MARK: u32 = 16;

/// See the module's story.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pack: PackBuffer,
    /// Offsets of entries 16, 32, ...
    marks: Vec<u32>,
    /// The offset of the first entry.
    entries_at: u32,
    /// The offset before which all entries are removed.
    front: u32,
    /// Entries, removed ones included.
    total: u32,
    /// Entries that are not removed.
    live: u32,
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

/// Making and adding.
impl Block {
    /// An empty block whose master entry has the fields of `pairs`.
    pub(super) fn new<'p>(pairs: impl Pairs<'p>) -> Self {
        let mut pack = PackBuffer::new();
        pack.append(|to| {
            to.int(0);
            to.int(0);
            to.int(pairs.len() as i64);
            pairs.for_each(|(field, _)| to.string(field));
            to.int(0);
        });
        let end = (pack.byte_len() - 1) as u32;
        Self { pack, marks: Vec::new(), entries_at: end, front: end, total: 0, live: 0 }
    }

    /// Adds an entry behind all others. `first` is the block's id.
    #[inline]
    pub(super) fn push<'p>(&mut self, first: StreamId, id: StreamId, pairs: impl Pairs<'p>) {
        let same = self.has_master_fields(pairs.clone());
        self.set_counts(self.live + 1, self.total - self.live);
        if self.total.is_multiple_of(MARK) && self.total > 0 {
            self.marks.push(self.end());
        }
        self.total += 1;
        self.pack.append(|to| write_entry(to, first, id, same, pairs));
    }

    /// Whether an entry with these fields can do without naming them.
    #[inline]
    fn has_master_fields<'p>(&self, pairs: impl Pairs<'p>) -> bool {
        let (count, mut names) = self.master_fields();
        count == pairs.len() && pairs.into_iter().all(|(field, _)| names.next().is(field))
    }

    /// The number of the master's fields, and the first.
    #[inline]
    fn master_fields(&self) -> (usize, Cursor<'_>) {
        let mut cursor = Cursor::first(&self.pack);
        cursor.skip(2);
        let count = cursor.next_int() as usize;
        (count, cursor)
    }

    /// Writes the counts of the master entry.
    #[inline]
    fn set_counts(&mut self, live: u32, deleted: u32) {
        self.live = live;
        let at = Cursor::first(&self.pack).offset();
        let mut moved = self.pack.replace_int(at, i64::from(live));
        let mut cursor = Cursor::first(&self.pack);
        cursor.skip(1);
        moved += self.pack.replace_int(cursor.offset(), i64::from(deleted));
        if moved != 0 {
            let shift = |at: &mut u32| *at = at.wrapping_add_signed(moved as i32);
            self.marks.iter_mut().for_each(shift);
            shift(&mut self.entries_at);
            shift(&mut self.front);
        }
    }

    /// Gives back room for more entries, as there will not be more.
    pub(super) fn seal(&mut self) {
        self.pack.shrink();
        self.marks.shrink_to_fit();
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

/// Reading. `first` is the block's id throughout; an offset is an entry's, or the end.
impl Block {
    /// Entries that are not removed.
    #[inline]
    pub(super) fn live(&self) -> u32 {
        self.live
    }

    /// Entries, removed ones included.
    #[inline]
    pub(super) fn total(&self) -> u32 {
        self.total
    }

    /// The listpack.
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.pack.as_bytes()
    }

    /// Bytes outside of the block itself.
    pub(super) fn heap_bytes(&self) -> usize {
        self.pack.capacity() + self.marks.capacity() * size_of::<u32>()
    }

    /// The offset before which all entries are removed.
    #[inline]
    pub(super) fn front(&self) -> u32 {
        self.front
    }

    /// The offset behind the last entry.
    #[inline]
    pub(super) fn end(&self) -> u32 {
        (self.pack.byte_len() - 1) as u32
    }

    /// The id of the entry at `at`.
    #[inline]
    fn id_at(&self, first: StreamId, at: u32) -> StreamId {
        let mut cursor = self.pack.cursor(at as usize);
        cursor.skip(1);
        read_id(first, &mut cursor)
    }

    /// The entry at `at`.
    #[inline]
    fn entry(&self, first: StreamId, at: u32) -> StreamEntry<'_> {
        let mut data = self.pack.cursor(at as usize);
        let flags = data.next_int();
        let id = read_id(first, &mut data);
        let (len, names) = if flags & SAME == 0 {
            (data.next_int() as usize, None)
        } else {
            let (count, names) = self.master_fields();
            (count, Some(names))
        };
        StreamEntry { id, len, deleted: flags & DELETED != 0, names, data }
    }

    /// The offset of the first entry from the front on whose id is not below `id`.
    #[inline]
    pub(super) fn seek(&self, first: StreamId, id: StreamId) -> u32 {
        let marks = self.marks.partition_point(|&at| self.id_at(first, at) < id);
        let mut at = marks.checked_sub(1).map_or(self.front, |mark| self.marks[mark].max(self.front));
        let end = self.end();
        while at < end {
            let entry = self.entry(first, at);
            if entry.id >= id {
                break;
            }
            at = entry.end();
        }
        at
    }

    /// The first entry from `at` on that is not removed, and where it and the next begin.
    #[inline]
    pub(super) fn forward(&self, first: StreamId, mut at: u32) -> Option<(StreamEntry<'_>, u32, u32)> {
        let end = self.end();
        while at < end {
            let entry = self.entry(first, at);
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
    pub(super) fn backward(&self, first: StreamId, mut at: u32) -> Option<(StreamEntry<'_>, u32)> {
        while at > self.front {
            let mut cursor = self.pack.cursor(at as usize);
            cursor.back(1);
            let steps = { cursor }.next_int();
            cursor.back(steps as usize);
            at = cursor.offset() as u32;
            let entry = self.entry(first, at);
            if !entry.deleted {
                return Some((entry, at));
            }
        }
        None
    }

    /// The id of the last entry, also if that is removed.
    pub(super) fn last_id(&self, first: StreamId) -> Option<StreamId> {
        if self.total == 0 {
            return None;
        }
        let mut cursor = self.pack.cursor(self.end() as usize);
        cursor.back(1);
        let steps = { cursor }.next_int();
        cursor.back(steps as usize);
        Some(self.id_at(first, cursor.offset() as u32))
    }
}

#[inline]
fn read_id(first: StreamId, cursor: &mut Cursor<'_>) -> StreamId {
    let ms = first.ms.wrapping_add(cursor.next_int() as u64);
    let seq = first.seq.wrapping_add(cursor.next_int() as u64);
    StreamId { ms, seq }
}

/// Removing.
impl Block {
    /// Removes the entry at `at`, which is not removed yet.
    pub(super) fn delete(&mut self, first: StreamId, at: u32) {
        let entry = self.entry(first, at);
        debug_assert!(!entry.deleted);
        let flags = DELETED | if entry.names.is_some() { SAME } else { 0 };
        self.pack.replace_int(at as usize, flags);
        self.set_counts(self.live - 1, self.total - self.live + 1);
        self.front = self.forward(first, self.front).map_or(self.end(), |(_, at, _)| at);
    }
}

/// Why foreign bytes are not a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlockError {
    /// They are no listpack.
    Listpack(crate::listpack::Error),
    /// An element that belongs to the master entry or to an entry is missing, or is not the number it should be.
    Shape,
    /// The entries' ids do not ascend.
    Order,
    /// The block is too large.
    Size,
}

impl std::fmt::Display for BlockError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Listpack(error) => write!(f, "{error}"),
            Self::Shape => f.write_str("not the elements of a stream's entries"),
            Self::Order => f.write_str("the ids of a stream's entries do not ascend"),
            Self::Size => f.write_str("too large for a part of a stream"),
        }
    }
}

impl std::error::Error for BlockError {}

/// Foreign blocks.
impl Block {
    /// A block from foreign bytes, every element of which is looked at. Numbers are written anew in their shortest
    /// form, and removed entries are counted, so that what follows from the format holds for sure.
    pub(super) fn from_bytes(first: StreamId, bytes: &[u8]) -> Result<Self, BlockError> {
        // As with blocks of its own making: entries of at most a gigabyte, and some room to write numbers anew.
        if bytes.len() > 3 << 30 {
            return Err(BlockError::Size);
        }
        let pack = PackBuffer::check(bytes).map_err(BlockError::Listpack)?;
        let mut reader = Reader(Cursor::first(pack));
        let (live, deleted) = (reader.count()?, reader.count()?);
        let total = live.checked_add(deleted).ok_or(BlockError::Shape)?;
        let mut block = Self::with_master_of(&mut reader)?;
        let fields = block.master_fields().0 as u64;
        let (mut last, mut alive) = (None, 0);
        while !reader.0.at_end() {
            let (id, is_live) = block.take_entry(first, fields, &mut reader)?;
            if last.is_some_and(|last| last >= id) || id < first {
                return Err(BlockError::Order);
            }
            last = Some(id);
            alive += u32::from(is_live);
        }
        if u64::from(block.total) != total {
            return Err(BlockError::Shape);
        }
        block.set_counts(alive, block.total - alive);
        block.front = block.forward(first, block.entries_at).map_or(block.end(), |(_, at, _)| at);
        block.seal();
        Ok(block)
    }

    /// An empty block with the master entry that is read.
    fn with_master_of(reader: &mut Reader<'_>) -> Result<Self, BlockError> {
        let mut block = Self::new(std::iter::empty());
        let fields = reader.count()?;
        let mut pack = PackBuffer::new();
        let mut failed = None;
        pack.append(|to| {
            to.int(0);
            to.int(0);
            to.int(fields as i64);
            failed = reader.copy(fields, to).err();
            to.int(0);
        });
        if let Some(error) = failed {
            return Err(error);
        }
        if reader.int()? != 0 {
            return Err(BlockError::Shape);
        }
        block.pack = pack;
        block.entries_at = block.end();
        block.front = block.entries_at;
        Ok(block)
    }

    /// Adds the entry that is read; gives its id, and whether it is not removed.
    fn take_entry(
        &mut self,
        first: StreamId,
        master_fields: u64,
        reader: &mut Reader<'_>,
    ) -> Result<(StreamId, bool), BlockError> {
        let (flags, ms, seq) = (reader.int()? & (DELETED | SAME), reader.int()?, reader.int()?);
        let same = flags & SAME != 0;
        let fields = if same { master_fields } else { reader.count()? };
        let values = if same { fields } else { fields.checked_mul(2).ok_or(BlockError::Shape)? };
        let steps = values + if same { 3 } else { 4 };
        if self.total.is_multiple_of(MARK) && self.total > 0 {
            self.marks.push(self.end());
        }
        let mut result = Ok(());
        self.pack.append(|to| {
            to.int(flags);
            to.int(ms);
            to.int(seq);
            if !same {
                to.int(fields as i64);
            }
            result = reader.copy(values, to);
            to.int(steps as i64);
        });
        result?;
        if reader.count()? != steps {
            return Err(BlockError::Shape);
        }
        self.total += 1;
        let id = StreamId::new(first.ms.wrapping_add(ms as u64), first.seq.wrapping_add(seq as u64));
        Ok((id, flags & DELETED == 0))
    }
}

/// Reads what is not known to be right.
struct Reader<'a>(Cursor<'a>);

impl<'a> Reader<'a> {
    fn element(&mut self) -> Result<Element<'a>, BlockError> {
        self.0.try_next().ok_or(BlockError::Shape)
    }

    fn int(&mut self) -> Result<i64, BlockError> {
        self.element()?.as_int().ok_or(BlockError::Shape)
    }

    fn count(&mut self) -> Result<u64, BlockError> {
        u64::try_from(self.int()?).map_err(|_| BlockError::Shape)
    }

    /// Copies so many elements; stops at the first that is missing.
    fn copy(&mut self, count: u64, to: &mut Appender<'_>) -> Result<(), BlockError> {
        for _ in 0..count {
            to.element(self.element()?);
        }
        Ok(())
    }
}
