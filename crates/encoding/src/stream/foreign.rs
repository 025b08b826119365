//! Foreign blocks: whether bytes from a file or a peer are a block of entries.
//!
//! Every element is looked at. Numbers are written anew in their shortest form, and removed entries are counted, so that
//! what the readers of `block.rs` rely on holds for sure.

use super::StreamId;
use super::block::{DELETED, Open, SAME, Sealed};
use crate::listpack::{Appender, Cursor, Element, PackBuffer};

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

/// A block from foreign bytes. `first` is its id.
pub(super) fn read(first: StreamId, bytes: &[u8]) -> Result<Sealed, BlockError> {
    // As with blocks of its own making: entries of at most a gigabyte, and some room to write numbers anew.
    if bytes.len() > 3 << 30 {
        return Err(BlockError::Size);
    }
    let mut reader = Reader(Cursor::first(PackBuffer::check(bytes).map_err(BlockError::Listpack)?));
    let claimed = reader.count()?.checked_add(reader.count()?);
    let (mut pack, master_fields) = master(&mut reader)?;
    let (mut last, mut live, mut total) = (None, 0, 0);
    while !reader.0.at_end() {
        let (id, is_live) = entry(&mut pack, first, master_fields, &mut reader)?;
        if last.is_some_and(|last| last >= id) || id < first {
            return Err(BlockError::Order);
        }
        last = Some(id);
        live += u64::from(is_live);
        total += 1;
    }
    // A block without entries has no last id, and none is ever written.
    if claimed != Some(total) || total == 0 {
        return Err(BlockError::Shape);
    }
    let mut cursor = Cursor::first(&pack);
    let live_at = cursor.offset();
    cursor.skip(1);
    let deleted_at = cursor.offset();
    pack.replace_int(deleted_at, (total - live) as i64);
    pack.replace_int(live_at, live as i64);
    Ok(Open::of(first, pack, total as usize).seal(first))
}

/// The master entry that is read, with counts of nothing, and the number of its fields.
fn master(reader: &mut Reader<'_>) -> Result<(PackBuffer, u64), BlockError> {
    let fields = reader.count()?;
    let mut pack = PackBuffer::new();
    let mut copied = Ok(());
    pack.append(|to| {
        to.int(0);
        to.int(0);
        to.int(fields as i64);
        copied = reader.copy(fields, to);
        to.int(0);
    });
    copied?;
    if reader.int()? != 0 {
        return Err(BlockError::Shape);
    }
    Ok((pack, fields))
}

/// Adds the entry that is read; gives its id, and whether it is not removed.
fn entry(
    pack: &mut PackBuffer,
    first: StreamId,
    master_fields: u64,
    reader: &mut Reader<'_>,
) -> Result<(StreamId, bool), BlockError> {
    let (flags, ms, seq) = (reader.int()? & (DELETED | SAME), reader.int()?, reader.int()?);
    let same = flags & SAME != 0;
    let fields = if same { master_fields } else { reader.count()? };
    let values = if same { fields } else { fields.checked_mul(2).ok_or(BlockError::Shape)? };
    let steps = values.checked_add(if same { 3 } else { 4 }).ok_or(BlockError::Shape)?;
    let mut copied = Ok(());
    pack.append(|to| {
        to.int(flags);
        to.int(ms);
        to.int(seq);
        if !same {
            to.int(fields as i64);
        }
        copied = reader.copy(values, to);
        to.int(steps as i64);
    });
    copied?;
    if reader.count()? != steps {
        return Err(BlockError::Shape);
    }
    let id = StreamId::new(first.ms.wrapping_add(ms as u64), first.seq.wrapping_add(seq as u64));
    Ok((id, flags & DELETED == 0))
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
