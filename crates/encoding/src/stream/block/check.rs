//! Whether a block of a stream is what its story says.

use super::super::check::RULES;
use super::{Block, DELETED, MARK, Marks, Open, SAME, Sealed};
use crate::check::{Broken, Within};
use crate::listpack::{Cursor, Element};
use crate::stream::StreamId;

/// What a walk over a block saw.
pub(in crate::stream) struct Seen {
    /// Entries that are not removed.
    pub(in crate::stream) live: u64,
    /// Entries.
    pub(in crate::stream) total: usize,
    /// The last id, also of a removed entry.
    pub(in crate::stream) last: StreamId,
    /// The id of the first entry that is not removed.
    pub(in crate::stream) first_live: Option<StreamId>,
}

/// Reads elements that may not be what they should be.
struct Reader<'a>(Cursor<'a>);

impl Reader<'_> {
    fn int(&mut self) -> Result<i64, Broken> {
        match self.0.try_next() {
            Some(Element::Int(number)) => Ok(number),
            _ => Err(Broken::new(RULES.0, "flags, ids, counts and steps are stored as numbers")),
        }
    }

    fn skip(&mut self, count: i64) -> Result<(), Broken> {
        let there = (0..count).all(|_| self.0.try_next().is_some());
        RULES.hold("an entry has all its fields and values", count >= 0 && there)
    }
}

/// An entry as the walk sees it.
struct Entry {
    id: StreamId,
    deleted: bool,
}

impl Block<'_> {
    /// Checks all elements, the counts, the ids, the front and the marks.
    pub(in crate::stream) fn check(self) -> Result<Seen, Broken> {
        self.pack.check_shortest()?;
        let mut reader = Reader(Cursor::first(self.pack));
        let (live, deleted, fields) = (reader.int()?, reader.int()?, reader.int()?);
        reader.skip(fields)?;
        RULES.hold("the master entry ends with 0", reader.int()? == 0)?;
        let mut seen = Seen { live: 0, total: 0, last: self.first, first_live: None };
        let (mut starts, mut front) = (Vec::new(), self.end());
        while !reader.0.at_end() {
            let at = reader.0.offset() as u32;
            let entry = self.check_entry(&mut reader, fields).within("offset", at)?;
            let above = if starts.is_empty() { entry.id >= seen.last } else { entry.id > seen.last };
            RULES.hold("ids ascend within a block", above).within("offset", at)?;
            if !entry.deleted && seen.first_live.is_none() {
                (seen.first_live, front) = (Some(entry.id), at);
            }
            seen.live += u64::from(!entry.deleted);
            seen.last = entry.id;
            starts.push(at);
        }
        seen.total = starts.len();
        RULES.hold("a block has entries", seen.total > 0)?;
        RULES.count("a block counts its entries", live, seen.live as i64)?;
        RULES.count("a block counts its removed entries", deleted, seen.total as i64 - seen.live as i64)?;
        RULES.count("the front is the first entry that is not removed", self.front, front)?;
        self.check_marks(&starts)?;
        Ok(seen)
    }

    fn check_entry(self, reader: &mut Reader<'_>, master_fields: i64) -> Result<Entry, Broken> {
        let flags = reader.int()?;
        RULES.hold("no flag is unknown", flags & !(DELETED | SAME) == 0)?;
        let (ms, seq) = (reader.int()? as u64, reader.int()? as u64);
        let id = StreamId::new(self.first.ms.wrapping_add(ms), self.first.seq.wrapping_add(seq));
        let steps = if flags & SAME != 0 {
            reader.skip(master_fields)?;
            master_fields.wrapping_add(3)
        } else {
            let pairs = reader.int()?.wrapping_mul(2);
            reader.skip(pairs)?;
            pairs.wrapping_add(4)
        };
        RULES.count("an entry ends with its number of elements", reader.int()?, steps)?;
        Ok(Entry { id, deleted: flags & DELETED != 0 })
    }

    /// Checks that marks are entries, in their order. Those of an open block are every sixteenth, the latest of which may
    /// be all: what was there when the block was opened again has none.
    fn check_marks(self, starts: &[u32]) -> Result<(), Broken> {
        match self.marks {
            Marks::Open(marks) => {
                let due: Vec<u32> = starts.iter().step_by(MARK).skip(1).copied().collect();
                RULES.hold("every sixteenth entry of an open block has a mark", due.ends_with(marks))
            }
            Marks::Sealed(marks) => {
                let taken = marks.iter().take_while(|&&at| at != 0).count();
                RULES.hold("marks stand before the places for more", marks[taken..].iter().all(|&at| at == 0))?;
                let entries = marks[..taken].iter().all(|&at| starts.binary_search(&u32::from(at)).is_ok());
                RULES.hold("a mark is the place of an entry", entries)?;
                RULES.hold("marks ascend", marks[..taken].is_sorted_by(|one, next| one < next))
            }
        }
    }
}

impl Open {
    /// Checks what the open block knows beside its bytes; those are checked with all blocks.
    pub(in crate::stream) fn check(&self, first: StreamId) -> Result<(), Broken> {
        RULES.count("an open block counts all its entries", self.total, self.read(first).check()?.total)
    }
}

impl Sealed {
    /// Breaks the front, for tests.
    #[cfg(test)]
    pub(in crate::stream) fn break_front(&mut self) {
        self.front += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: StreamId = StreamId { ms: 5, seq: 1 };

    fn pairs(number: u64) -> impl ExactSizeIterator<Item = (&'static [u8], &'static [u8])> + Clone {
        [(b"field".as_slice(), b"value".as_slice()), (b"more", b"7")].into_iter().take(1 + number as usize % 2)
    }

    fn open() -> Open {
        let mut block = Open::new(FIRST, pairs(1));
        (1..40).for_each(|number| block.push(FIRST, StreamId::new(5 + number, 1), pairs(number)));
        for ms in [5, 6, 20] {
            let at = block.read(FIRST).seek(StreamId::new(ms, 1));
            block.delete(FIRST, at);
        }
        block.check(FIRST).unwrap();
        block
    }

    /// What is broken after an element of the block is another number: the one so many elements behind the start.
    fn broken(elements: usize, number: i64) -> &'static str {
        let mut block = open();
        let mut cursor = Cursor::first(&block.pack);
        cursor.skip(elements);
        block.pack.replace_int(cursor.offset(), number);
        block.read(FIRST).check().map(|_| ()).unwrap_err().invariant
    }

    #[test]
    fn elements_that_are_wrong_are_found() {
        assert_eq!(broken(0, 36), "a block counts its entries");
        assert_eq!(broken(1, 4), "a block counts its removed entries");
        assert_eq!(broken(5, 1), "the master entry ends with 0");
        // The first entry: flags, ms, seq, two values, steps; then the second with its own field.
        assert_eq!(broken(6, 4 | SAME), "no flag is unknown");
        assert_eq!(broken(7, 1), "ids ascend within a block");
        assert_eq!(broken(11, 4), "an entry ends with its number of elements");
        assert_eq!(broken(6, SAME), "a block counts its entries");
    }

    #[test]
    fn offsets_that_are_wrong_are_found() {
        let found = |block: &Open| block.check(FIRST).unwrap_err().invariant;
        let mut block = open();
        block.total += 1;
        assert_eq!(found(&block), "an open block counts all its entries");
        block.marks[0] += 1;
        assert_eq!(found(&block), "every sixteenth entry of an open block has a mark");
        block.front = 7;
        assert_eq!(found(&block), "the front is the first entry that is not removed");
        let sealed = open().seal(FIRST);
        sealed.read(FIRST).check().map(|_| ()).unwrap();
        let found = |change: fn(&mut Sealed)| {
            let mut block = sealed.clone();
            change(&mut block);
            block.read(FIRST).check().map(|_| ()).unwrap_err().invariant
        };
        assert_eq!(found(|block| block.marks[1] += 1), "a mark is the place of an entry");
        assert_eq!(found(|block| block.marks.swap(0, 1)), "marks ascend");
        assert_eq!(found(|block| block.marks[0] = 0), "marks stand before the places for more");
        assert_eq!(found(Sealed::break_front), "the front is the first entry that is not removed");
    }
}
