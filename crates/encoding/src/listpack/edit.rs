//! Changing a listpack, wherever it stands: all changes are the replacement of bytes by room for others.

use super::codec::{Element, Encoded, entry_size};
use super::{COUNT_UNKNOWN, END, HEADER, Pack, TOTAL, Where};
use std::ops::Deref;

pub(crate) mod room {
    //! What the owner of a listpack's bytes does for a change. Not to be called from outside: it breaks the listpack
    //! until the room is filled and the count is set. It cannot break the memory: nothing here lends the header's total,
    //! by which the listpack is freed.

    /// See the module.
    pub trait Room {
        /// Replaces the bytes `at..at + old` by room for `new` bytes, and gives that room; the header's total is kept
        /// right.
        ///
        /// # Panics
        /// If the range touches the header or goes beyond the end.
        fn splice(&mut self, at: usize, old: usize, new: usize) -> &mut [u8];

        /// The bytes behind the header's total: the count, the elements, the end mark.
        fn body_mut(&mut self) -> &mut [u8];
    }
}

/// What a listpack on the heap and one inside an entry have in common for who changes them.
pub trait PackEdit: Deref<Target = Pack> + room::Room {
    /// Replaces the element at `offset`, which keeps its offset; in place when the size is the same.
    #[inline]
    fn replace(&mut self, offset: usize, value: &[u8]) {
        self.replace_element(offset, Element::from_bytes(value));
    }

    /// As `replace`, with an element as it is.
    #[inline]
    fn replace_element(&mut self, offset: usize, element: Element<'_>) {
        let old = entry_size(self.as_bytes(), offset);
        put(self, offset, old, element, 0);
    }

    /// Appends several elements with one reallocation: a field and its value, or all of a new collection.
    fn append(&mut self, elements: &[Element<'_>]) {
        let end = self.byte_len() - 1;
        self.insert_all(end, elements);
    }

    /// Inserts several elements before the one at `offset`, with one reallocation.
    fn insert_all(&mut self, offset: usize, elements: &[Element<'_>]) {
        let size: usize = elements.iter().map(|&element| Encoded::new(element).total_len()).sum();
        write_all(elements, self.splice(offset, 0, size));
        count_added(self, elements.len());
    }

    /// Puts several elements before all others with one reallocation; the first given becomes the first.
    fn prepend(&mut self, elements: &[Element<'_>]) {
        let size: usize = elements.iter().map(|&element| Encoded::new(element).total_len()).sum();
        write_all(elements, self.splice(HEADER, 0, size));
        count_added(self, elements.len());
    }

    /// Appends an element as it is.
    #[inline]
    fn push_back_element(&mut self, element: Element<'_>) {
        let end = self.byte_len() - 1;
        put(self, end, 0, element, 1);
    }

    /// Prepends an element as it is.
    #[inline]
    fn push_front_element(&mut self, element: Element<'_>) {
        put(self, HEADER, 0, element, 1);
    }

    /// Inserts an element beside the one at `offset`; gives the new element's offset.
    fn insert_element(&mut self, offset: usize, place: Where, element: Element<'_>) -> usize {
        let at = match place {
            Where::Before => offset,
            Where::After => offset + entry_size(self.as_bytes(), offset),
        };
        put(self, at, 0, element, 1);
        at
    }

    /// Removes `n` elements (or as many as there are) from the one at `offset` on; gives the offset of the element
    /// that followed them.
    fn remove(&mut self, offset: usize, n: usize) -> Option<usize> {
        let mut end = offset;
        let mut removed = 0;
        let bytes = self.as_bytes();
        while removed < n && bytes[end] != END {
            end += entry_size(bytes, end);
            removed += 1;
        }
        self.splice(offset, end - offset, 0);
        count_removed(self, removed);
        (self.as_bytes()[offset] != END).then_some(offset)
    }

    /// Removes `n` elements (or as many as there are) from `index` on, which counts as in `seek`; gives how many.
    fn delete_range(&mut self, index: i64, n: usize) -> usize {
        let Some(offset) = self.seek(index) else { return 0 };
        let available = self.iter_from(offset).take(n).count();
        self.remove(offset, available);
        available
    }

    /// Appends all elements of `other`.
    fn merge(&mut self, other: &Pack) {
        let elements = &other.as_bytes()[HEADER..other.byte_len() - 1];
        let end = self.byte_len() - 1;
        self.splice(end, 0, elements.len()).copy_from_slice(elements);
        match other.header_count() {
            COUNT_UNKNOWN => set_header_count(self, COUNT_UNKNOWN),
            count => count_added(self, usize::from(count)),
        }
    }
}

impl<T: Deref<Target = Pack> + room::Room> PackEdit for T {}

/// Moves what follows the `old` bytes at `at` to where it follows `new` bytes; the buffer is as large as the larger of
/// both sizes.
pub(crate) fn splice_within(buffer: &mut [u8], total: usize, at: usize, old: usize, new: usize) {
    buffer.copy_within(at + old..total, at + new);
}

/// Writes elements one after the other over all of `room`.
pub(super) fn write_all(elements: &[Element<'_>], mut room: &mut [u8]) {
    for &element in elements {
        let encoded = Encoded::new(element);
        let (entry, rest) = room.split_at_mut(encoded.total_len());
        encoded.write(entry);
        room = rest;
    }
}

/// Writes an element over the `old` bytes at `at`, and adds `more` to the count.
#[inline]
fn put<P: PackEdit + ?Sized>(pack: &mut P, at: usize, old: usize, element: Element<'_>, more: usize) {
    let encoded = Encoded::new(element);
    encoded.write(pack.splice(at, old, encoded.total_len()));
    if more > 0 {
        count_added(pack, more);
    }
}

pub(super) fn count_added<P: PackEdit + ?Sized>(pack: &mut P, more: usize) {
    let count = match pack.header_count() {
        COUNT_UNKNOWN => return,
        count => usize::from(count) + more,
    };
    set_header_count(pack, u16::try_from(count).unwrap_or(COUNT_UNKNOWN));
}

fn count_removed<P: PackEdit + ?Sized>(pack: &mut P, fewer: usize) {
    let count = match pack.header_count() {
        COUNT_UNKNOWN => return,
        count => usize::from(count) - fewer,
    };
    set_header_count(pack, count as u16);
}

fn set_header_count<P: PackEdit + ?Sized>(pack: &mut P, count: u16) {
    pack.body_mut()[..HEADER - TOTAL].copy_from_slice(&count.to_le_bytes());
}
