//! The listpack: a sequence of strings and integers in one flat allocation, in exactly the bytes that Redis writes
//! to RDB files and DUMP payloads.
//!
//! ```text
//!  0         4       6                                              total-1
//! [total u32][count u16][entry][entry] ... [entry][0xFF]      all little-endian
//! ```
//!
//! `codec.rs` knows the entry, `validate.rs` decides whether foreign bytes are a listpack, `buffer.rs` is the kind that
//! is appended to a lot. Must not know what the elements mean (fields, scores, members): that is for the types above.
//!
//! Invariants: the allocation is the size class of `total` bytes, and growth within it moves nothing; the listpack
//! passes `validate`; a count of 65535 means "count them".
//! Elements are addressed by their byte offset; an offset stays true until the listpack is changed at or before it.
//! Offsets that are not an element's are a caller's bug and may panic.
//!
//! The owner is one thin pointer, because it hangs off an 8-byte slot of an entry; the unsafe code here is that
//! pointer alone, all reading and writing of elements is on slices.

mod buffer;
mod check;
mod codec;
mod edit;
mod pack;
mod stack;
mod validate;

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc, handle_alloc_error, realloc};
use std::ops::Deref;
use std::ptr::NonNull;

use codec::{END, Encoded};
use redstart_sys::alloc::size_class;

pub(crate) use buffer::{Appender, Cursor, PackBuffer};
pub use codec::Element;
pub use edit::PackEdit;
pub(crate) use edit::{room::Room, splice_within};
pub use pack::{Iter, Pack};
pub use stack::StackPack;
pub use validate::Error;

pub(crate) const HEADER: usize = 6;
const COUNT_UNKNOWN: u16 = u16::MAX;
const EMPTY_BYTES: usize = HEADER + 1;
/// A listpack that would grow past this is to be turned into another encoding first.
const SAFE_BYTES: usize = 1 << 30;

/// Up to this size a block never grows where it lies, so that a move may as well put all bytes at their new places.
const MOVES: usize = 8192;

/// Where a new element goes, seen from an existing one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// Just before it.
    Before,
    /// Just after it.
    After,
}

/// An owned listpack; one pointer wide.
pub struct Listpack {
    start: NonNull<u8>,
}

// SAFETY: a Listpack owns its allocation alone, as a Box<[u8]> would, and has no interior mutability.
unsafe impl Send for Listpack {}
// SAFETY: as above; a shared reference only reads.
unsafe impl Sync for Listpack {}

/// The header's first field, by which a listpack is freed.
pub(crate) const TOTAL: usize = 4;

/// The layout of a listpack of `bytes` bytes: its size class, which is what memory takes anyway; aligned so that an
/// owner may keep tags in the low bits.
fn layout(bytes: usize) -> Layout {
    Layout::from_size_align(size_class(bytes), 8).expect("a listpack is at most 4 GiB")
}

/// The header's first field for a size that is within the format.
fn total_for_header(total: usize) -> [u8; 4] {
    assert!(total >= EMPTY_BYTES, "a listpack of {total} bytes");
    u32::try_from(total).expect("a listpack is at most 4 GiB").to_le_bytes()
}

/// The memory: allocation, growth, and the two slices.
impl Listpack {
    /// The bytes of an empty listpack.
    pub const EMPTY: usize = EMPTY_BYTES;

    /// An empty listpack.
    pub fn new() -> Listpack {
        let mut pack = Listpack::allocate(EMPTY_BYTES);
        pack.body_mut()[HEADER - TOTAL] = END;
        pack
    }

    /// A listpack of `elements`, allocated once.
    pub fn from_elements(elements: &[Element<'_>]) -> Listpack {
        let size: usize = elements.iter().map(|&element| Encoded::new(element).total_len()).sum();
        let mut pack = Listpack::allocate(EMPTY_BYTES + size);
        let (rooms, end) = pack.body_mut()[HEADER - TOTAL..].split_at_mut(size);
        edit::write_all(elements, rooms);
        end[0] = END;
        edit::count_added(&mut pack, elements.len());
        pack
    }

    /// A zeroed allocation whose header says its size.
    fn allocate(total: usize) -> Listpack {
        let header = total_for_header(total);
        let layout = layout(total);
        // SAFETY: the layout's size is not zero.
        let Some(start) = NonNull::new(unsafe { alloc_zeroed(layout) }) else { handle_alloc_error(layout) };
        // SAFETY: `start` is the beginning of `total` bytes, at least four.
        unsafe { start.cast().write(header) };
        Listpack { start }
    }

    /// All bytes, as they go into an RDB file.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        // SAFETY: the allocation is `byte_len` initialized bytes and lives as long as the borrow of self.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.byte_len()) }
    }

    /// The size in bytes, header and end marker included: what the allocation takes.
    #[inline]
    pub fn byte_len(&self) -> usize {
        // SAFETY: the allocation has at least EMPTY_BYTES initialized bytes, so its first four can be read.
        let total: [u8; 4] = unsafe { self.start.cast().read() };
        u32::from_le_bytes(total) as usize
    }

    /// Changes the allocation to `new` bytes and the header with it; added bytes are zero.
    #[inline]
    fn resize(&mut self, new: usize) {
        let old = self.byte_len();
        let header = total_for_header(new);
        if layout(new) != layout(old) {
            // SAFETY: `old` is the size that the header says, and the new one follows below.
            unsafe { self.reallocate(old, new) };
        }
        if new > old {
            // SAFETY: the allocation has at least `new` bytes now, of which those from `old` on are not initialized.
            unsafe { self.start.as_ptr().add(old).write_bytes(0, new - old) };
        }
        // SAFETY: all `new` bytes, at least four, are initialized.
        unsafe { self.start.cast().write(header) };
    }

    /// # Safety
    /// `old` is what the header says. The caller sets it to `new` next.
    unsafe fn reallocate(&mut self, old: usize, new: usize) {
        // SAFETY: `start` was allocated with layout(old), by this function's contract; the new size is a class of its
        // own, not zero, within what a layout allows.
        let moved = unsafe { realloc(self.start.as_ptr(), layout(old), layout(new).size()) };
        let Some(start) = NonNull::new(moved) else { handle_alloc_error(layout(new)) };
        self.start = start;
    }

    /// A copy of a listpack with `new` zero bytes in place of the `old` ones at `at`.
    pub(crate) fn spliced(pack: &Pack, at: usize, old: usize, new: usize) -> Listpack {
        let (head, tail) = (&pack.as_bytes()[..at], &pack.as_bytes()[at + old..]);
        let total = at + new + tail.len();
        let (header, layout) = (total_for_header(total), layout(total));
        // SAFETY: the layout's size is not zero.
        let Some(start) = NonNull::new(unsafe { alloc(layout) }) else { handle_alloc_error(layout) };
        // SAFETY: head, new bytes and tail together are the `total` bytes (at least four) of the block, which is fresh
        // and so overlaps neither; afterwards all of them are initialized.
        unsafe {
            start.copy_from_nonoverlapping(NonNull::from(head).cast(), at);
            start.add(at).write_bytes(0, new);
            start.add(at + new).copy_from_nonoverlapping(NonNull::from(tail).cast(), tail.len());
            start.cast().write(header);
        }
        Listpack { start }
    }

    /// A copy of a listpack that stands elsewhere.
    #[must_use]
    pub fn copy_of(pack: &Pack) -> Listpack {
        let mut copy = Listpack::allocate(pack.byte_len());
        copy.body_mut().copy_from_slice(&pack.as_bytes()[TOTAL..]);
        copy
    }

    /// A listpack from foreign bytes: from an RDB file, a RESTORE, a peer.
    ///
    /// # Errors
    /// The first thing that makes `bytes` not a listpack. Cost: one pass over the bytes, one copy.
    pub fn from_bytes_validated(bytes: &[u8]) -> Result<Listpack, Error> {
        validate::validate(bytes)?;
        let mut pack = Listpack::allocate(bytes.len());
        pack.body_mut().copy_from_slice(&bytes[TOTAL..]);
        Ok(pack)
    }

    /// Gives the allocation away as a pointer whose low three bits are zero.
    #[inline]
    pub fn into_raw(self) -> NonNull<u8> {
        std::mem::ManuallyDrop::new(self).start
    }

    /// Takes back what `into_raw` gave.
    ///
    /// # Safety
    /// `raw` came from `into_raw` and is owned by nobody else.
    #[inline]
    pub unsafe fn from_raw(raw: NonNull<u8>) -> Listpack {
        Listpack { start: raw }
    }
}

impl Deref for Listpack {
    type Target = Pack;

    #[inline]
    fn deref(&self) -> &Pack {
        Pack::new(self.as_bytes())
    }
}

impl Drop for Listpack {
    fn drop(&mut self) {
        let layout = layout(self.byte_len());
        // SAFETY: allocated with this layout, as the invariant says, and owned by self alone.
        unsafe { dealloc(self.start.as_ptr(), layout) };
    }
}

impl Room for Listpack {
    #[inline]
    fn splice(&mut self, at: usize, old: usize, new: usize) -> &mut [u8] {
        let total = self.byte_len();
        assert!(at >= HEADER && at + old < total, "a change outside of the elements");
        let room = at - TOTAL..at - TOTAL + new;
        if old == new {
            return &mut self.body_mut()[room];
        }
        if new > old && total < MOVES && layout(total - old + new) != layout(total) {
            *self = Listpack::spliced(self, at, old, new);
            return &mut self.body_mut()[room];
        }
        if new > old {
            self.resize(total - old + new);
        }
        splice_within(self.body_mut(), total - TOTAL, at - TOTAL, old, new);
        if new < old {
            self.resize(total - old + new);
        }
        &mut self.body_mut()[room]
    }

    #[inline]
    fn body_mut(&mut self) -> &mut [u8] {
        let length = self.byte_len() - TOTAL;
        // SAFETY: the allocation is `byte_len` initialized bytes, at least `EMPTY_BYTES`, and self is borrowed mutably for as
        // long as the slice.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr().add(TOTAL), length) }
    }
}

/// Changing; what else can be changed, [`PackEdit`] says.
impl Listpack {
    /// Appends a string; one that is a canonical decimal integer is stored as such.
    #[inline]
    pub fn push_back(&mut self, value: &[u8]) {
        self.push_back_element(Element::from_bytes(value));
    }

    /// Appends an integer.
    pub fn push_back_int(&mut self, value: i64) {
        self.push_back_element(Element::Int(value));
    }

    /// Prepends a string.
    #[inline]
    pub fn push_front(&mut self, value: &[u8]) {
        self.push_front_element(Element::from_bytes(value));
    }

    /// Inserts a string beside the element at `offset`; gives the new element's offset.
    pub fn insert(&mut self, offset: usize, place: Where, value: &[u8]) -> usize {
        self.insert_element(offset, place, Element::from_bytes(value))
    }

    /// Replaces the element at `offset`, which keeps its offset; in place when the size is the same.
    pub fn replace(&mut self, offset: usize, value: &[u8]) {
        PackEdit::replace(self, offset, value);
    }

    /// As `replace`, with an element as it is.
    pub fn replace_element(&mut self, offset: usize, element: Element<'_>) {
        PackEdit::replace_element(self, offset, element);
    }

    /// Appends several elements with one reallocation.
    pub fn append(&mut self, elements: &[Element<'_>]) {
        PackEdit::append(self, elements);
    }

    /// Appends an element as it is.
    pub fn push_back_element(&mut self, element: Element<'_>) {
        PackEdit::push_back_element(self, element);
    }

    /// Prepends an element as it is.
    pub fn push_front_element(&mut self, element: Element<'_>) {
        PackEdit::push_front_element(self, element);
    }

    /// Inserts an element beside the one at `offset`; gives the new element's offset.
    pub fn insert_element(&mut self, offset: usize, place: Where, element: Element<'_>) -> usize {
        PackEdit::insert_element(self, offset, place, element)
    }

    /// Removes `n` elements from the one at `offset` on; gives the offset of the element that followed them.
    pub fn remove(&mut self, offset: usize, n: usize) -> Option<usize> {
        PackEdit::remove(self, offset, n)
    }

    /// Removes `n` elements (or as many as there are) from `index` on, which counts as in `seek`; gives how many.
    pub fn delete_range(&mut self, index: i64, n: usize) -> usize {
        PackEdit::delete_range(self, index, n)
    }

    /// Appends all elements of `other`.
    pub fn merge(&mut self, other: &Pack) {
        PackEdit::merge(self, other);
    }

    /// Takes the elements from the one at `offset` on out into a listpack of their own.
    pub(crate) fn split_off(&mut self, offset: usize) -> Listpack {
        let end = self.byte_len() - 1;
        let moved = self.iter_from(offset).count();
        let mut rest = Listpack::allocate(EMPTY_BYTES + end - offset);
        rest.body_mut()[HEADER - TOTAL..].copy_from_slice(&self.as_bytes()[offset..]);
        edit::count_added(&mut rest, moved);
        self.remove(offset, moved);
        rest
    }

    /// The listpack of `total` bytes that `fill` writes, which must be one.
    pub(crate) fn of_trusted<E>(total: usize, fill: impl FnOnce(&mut [u8]) -> Result<(), E>) -> Result<Listpack, E> {
        // Not dropped before its header is right again: a panic in `fill` leaks it.
        let pack = std::mem::ManuallyDrop::new(Listpack::allocate(total));
        // SAFETY: the allocation is `total` initialized bytes, and nothing else refers to them.
        let filled = fill(unsafe { std::slice::from_raw_parts_mut(pack.start.as_ptr(), total) });
        // Whatever was written: the header decides how the memory is freed.
        // SAFETY: the allocation has at least four bytes.
        unsafe { pack.start.cast().write(total_for_header(total)) };
        let pack = std::mem::ManuallyDrop::into_inner(pack);
        filled.map(|()| pack)
    }
}

impl Default for Listpack {
    fn default() -> Self {
        Listpack::new()
    }
}

impl Clone for Listpack {
    fn clone(&self) -> Self {
        Listpack::copy_of(self)
    }
}

impl std::fmt::Debug for Listpack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter().map(|(_, element)| element)).finish()
    }
}

impl<'a> IntoIterator for &'a Listpack {
    type Item = (usize, Element<'a>);
    type IntoIter = Iter<'a>;
    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}
