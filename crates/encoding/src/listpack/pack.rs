//! A listpack as it lies in memory, wherever that is: on the heap behind a [`super::Listpack`], or inside an entry.
//! All that reads is here.

use super::codec::{
    END, Element, decode, entry_size, entry_size_before, first_byte_of_short, head, int_at, is_long_string,
    is_short_string, size_of_entry,
};
use super::{COUNT_UNKNOWN, EMPTY_BYTES, HEADER, SAFE_BYTES};
use crate::int::parse_i64;

/// The bytes of a listpack, borrowed.
#[repr(transparent)]
pub struct Pack([u8]);

impl Pack {
    /// Sees bytes as the listpack that they are.
    #[inline]
    pub(crate) fn new(bytes: &[u8]) -> &Self {
        // SAFETY: `Pack` is `[u8]` by another name (transparent).
        unsafe { &*(std::ptr::from_ref(bytes) as *const Self) }
    }

    /// All bytes, as they go into an RDB file.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The size in bytes, header and end marker included.
    #[inline]
    #[must_use]
    pub fn byte_len(&self) -> usize {
        self.0.len()
    }

    /// The number of elements; O(1) below 65,535, else a walk.
    pub fn len(&self) -> usize {
        match self.header_count() {
            COUNT_UNKNOWN => self.iter().count(),
            count => usize::from(count),
        }
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.byte_len() == EMPTY_BYTES
    }

    pub(super) fn header_count(&self) -> u16 {
        let bytes = self.as_bytes();
        u16::from_le_bytes([bytes[4], bytes[5]])
    }

    /// Whether `more` bytes of elements can be added without passing the size (1 GiB) from which a listpack is
    /// to be turned into another encoding.
    pub fn has_room_for(&self, more: usize) -> bool {
        self.byte_len().saturating_add(more) <= SAFE_BYTES
    }

    /// The offset of the first element.
    #[inline]
    pub fn first(&self) -> Option<usize> {
        (!self.is_empty()).then_some(HEADER)
    }

    /// The offset of the last element.
    #[inline]
    pub fn last(&self) -> Option<usize> {
        self.prev(self.byte_len() - 1)
    }

    /// The offset of the element after the one at `offset`.
    #[inline]
    pub fn next(&self, offset: usize) -> Option<usize> {
        let bytes = self.as_bytes();
        let next = offset + entry_size(bytes, offset);
        (bytes[next] != END).then_some(next)
    }

    /// The offset of the element before the one at `offset`.
    #[inline]
    pub fn prev(&self, offset: usize) -> Option<usize> {
        (offset > HEADER).then(|| offset - entry_size_before(self.as_bytes(), offset))
    }

    /// The element at `offset`.
    #[inline]
    pub fn get(&self, offset: usize) -> Element<'_> {
        decode(self.as_bytes(), offset).0
    }

    /// The offset of the element at `index`; negative indexes count from the end, -1 being the last.
    pub fn seek(&self, index: i64) -> Option<usize> {
        let steps = |n: u64| usize::try_from(n).ok();
        let (index, count) = match self.header_count() {
            COUNT_UNKNOWN => (index, None),
            count => {
                let count = i64::from(count);
                let index = if index < 0 { index.checked_add(count)? } else { index };
                if !(0..count).contains(&index) {
                    return None;
                }
                (if index > count / 2 { index - count } else { index }, Some(count))
            }
        };
        debug_assert!(count.is_none_or(|count| index.abs() <= count));
        if index < 0 {
            self.step_back(self.byte_len() - 1, steps(index.unsigned_abs())?)
        } else {
            self.step_forward(self.first()?, steps(index.unsigned_abs())?)
        }
    }

    fn step_forward(&self, from: usize, steps: usize) -> Option<usize> {
        (0..steps).try_fold(from, |at, _| self.next(at))
    }

    fn step_back(&self, from: usize, steps: usize) -> Option<usize> {
        (0..steps).try_fold(from, |at, _| self.prev(at))
    }

    /// All elements with their offsets, first to last.
    pub fn iter(&self) -> Iter<'_> {
        self.iter_from(HEADER)
    }

    /// The elements from the one at `offset` on.
    pub(crate) fn iter_from(&self, offset: usize) -> Iter<'_> {
        Iter { bytes: self.as_bytes(), at: offset }
    }

    /// The offset of the first element that is `value`, looking at the first element and then at each
    /// `skip + 1`-th (`skip` 1 looks at the keys of a list of pairs).
    #[inline]
    pub fn find(&self, value: &[u8], skip: usize) -> Option<usize> {
        self.find_from(HEADER, value, skip)
    }

    /// As `find`, beginning with the element at `offset`.
    #[inline]
    pub fn find_from(&self, offset: usize, value: &[u8], skip: usize) -> Option<usize> {
        let bytes = self.as_bytes();
        let wanted_first = first_byte_of_short(value.len());
        // Names of equal length mostly differ at their end: that byte spares most calls of a comparison.
        let wanted_last = value.last().copied().unwrap_or(wanted_first);
        // Parsed at the first integer met: packs of strings never pay for it.
        let mut wanted_int: Option<Option<i64>> = None;
        let mut at = offset;
        loop {
            let first = bytes[at];
            if first == END {
                return None;
            }
            let found = if first == wanted_first {
                bytes[at + value.len()] == wanted_last && bytes[at + 1..at + 1 + value.len()] == *value
            } else if is_short_string(first) {
                false
            } else if is_long_string(first) {
                is_long(bytes, at, value)
            } else {
                *wanted_int.get_or_insert_with(|| parse_i64(value)) == Some(int_at(bytes, at))
            };
            if found {
                return Some(at);
            }
            at += size_of_entry(bytes, at, first);
            for _ in 0..skip {
                let first = bytes[at];
                if first == END {
                    return None;
                }
                at += size_of_entry(bytes, at, first);
            }
        }
    }
}

/// Whether the entry at `at`, a string of 64 bytes or more, is `value`.
fn is_long(bytes: &[u8], at: usize, value: &[u8]) -> bool {
    let head = head(bytes, at);
    bytes[at + head.start..at + head.start + head.len] == *value
}

impl std::fmt::Debug for Pack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter().map(|(_, element)| element)).finish()
    }
}

/// The elements of a listpack with their offsets.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Iter<'a> {
    type Item = (usize, Element<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.bytes[self.at] == END {
            return None;
        }
        let at = self.at;
        let (element, size) = decode(self.bytes, at);
        self.at += size;
        Some((at, element))
    }
}

impl std::iter::FusedIterator for Iter<'_> {}
