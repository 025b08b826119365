//! The intset: a set of integers as one sorted array, in exactly the bytes that Redis writes to RDB files and DUMP
//! payloads.
//!
//! ```text
//!   0              4            8
//!   [width u32]    [count u32]  [integer] [integer] ...        all little-endian, of `width` bytes, ascending
//! ```
//! `width` is 2, 4 or 8, enough for every integer that was ever in the set. Must not know what the set is for.
//!
//! Invariants: the allocation is exactly `8 + width * count` bytes, and `validate` holds of it. The owner is one thin
//! pointer, because it hangs off an 8-byte slot of an entry; the unsafe code here is that pointer alone.

mod check;

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error, realloc};
use std::fmt;
use std::ptr::NonNull;

const HEADER: usize = 8;

/// An owned intset; one pointer wide.
pub struct IntSet {
    start: NonNull<u8>,
}

// SAFETY: an IntSet owns its allocation alone, as a Box<[u8]> would, and has no interior mutability.
unsafe impl Send for IntSet {}
// SAFETY: as above; a shared reference only reads.
unsafe impl Sync for IntSet {}

/// Why bytes are no intset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// Too short for a header, or of another length than the header says.
    Length,
    /// The width is not 2, 4 or 8.
    Width,
    /// There is no integer.
    Empty,
    /// The integers do not ascend.
    Order,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "an intset of another length than it says",
            Self::Width => "an intset of integers of an unknown width",
            Self::Empty => "an intset without integers",
            Self::Order => "an intset whose integers do not ascend",
        })
    }
}

impl std::error::Error for Error {}

fn layout(bytes: usize) -> Layout {
    Layout::from_size_align(bytes, 8).expect("a count of 32 bits times a width of 8 is far below isize::MAX")
}

/// The bytes that an integer needs.
fn width_of(value: i64) -> usize {
    if i16::try_from(value).is_ok() {
        2
    } else if i32::try_from(value).is_ok() {
        4
    } else {
        8
    }
}

/// The memory.
impl IntSet {
    fn allocate(width: usize, count: usize) -> Self {
        let layout = layout(HEADER + width * count);
        // SAFETY: the layout's size is not zero.
        let Some(start) = NonNull::new(unsafe { alloc(layout) }) else { handle_alloc_error(layout) };
        // SAFETY: the allocation is `layout.size()` bytes, which are all written here.
        unsafe { start.write_bytes(0, layout.size()) };
        let mut set = Self { start };
        set.write_header(width, count);
        set
    }

    fn write_header(&mut self, width: usize, count: usize) {
        let count = u32::try_from(count).expect("who adds to an intset keeps it far below 4 G integers");
        let header = (u64::from(count) << 32 | width as u64).to_le_bytes();
        // SAFETY: the allocation has at least eight bytes, aligned to eight.
        unsafe { self.start.cast().write(header) };
    }

    #[inline]
    fn header(&self) -> (usize, usize) {
        // SAFETY: the allocation has at least eight initialized bytes, aligned to eight.
        let header = u64::from_le_bytes(unsafe { self.start.cast().read() });
        ((header & 0xFFFF_FFFF) as usize, (header >> 32) as usize)
    }

    /// Bytes that it takes.
    #[inline]
    #[must_use]
    pub fn byte_len(&self) -> usize {
        let (width, count) = self.header();
        HEADER + width * count
    }

    /// All bytes, as they go into an RDB file.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        // SAFETY: the allocation is `byte_len` initialized bytes and lives as long as the borrow of self.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.byte_len()) }
    }

    #[inline]
    /// The integers. The header is not lent: by it the allocation is freed.
    fn body_mut(&mut self) -> &mut [u8] {
        let length = self.byte_len() - HEADER;
        // SAFETY: the allocation is `byte_len` initialized bytes, and self is borrowed mutably for as long as the slice.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr().add(HEADER), length) }
    }

    /// Changes the count, and the allocation with it; added bytes are zero.
    fn resize(&mut self, count: usize) {
        let ((width, old_count), old) = (self.header(), self.byte_len());
        let new = HEADER + width * count;
        // SAFETY: `start` was allocated with layout(old), as the invariant says; `new` is not zero.
        let moved = unsafe { realloc(self.start.as_ptr(), layout(old), new) };
        let Some(start) = NonNull::new(moved) else { handle_alloc_error(layout(new)) };
        self.start = start;
        if count > old_count {
            // SAFETY: the allocation is now `new` bytes, of which those from `old` on are uninitialized.
            unsafe { start.add(old).write_bytes(0, new - old) };
        }
        self.write_header(width, count);
    }

    /// Gives the allocation away as a pointer whose low three bits are zero.
    #[inline]
    #[must_use]
    pub fn into_raw(self) -> NonNull<u8> {
        std::mem::ManuallyDrop::new(self).start
    }

    /// Takes back what `into_raw` gave.
    ///
    /// # Safety
    /// `raw` came from `into_raw` and is owned by nobody else.
    #[inline]
    #[must_use]
    pub unsafe fn from_raw(raw: NonNull<u8>) -> Self {
        Self { start: raw }
    }
}

impl Drop for IntSet {
    fn drop(&mut self) {
        let layout = layout(self.byte_len());
        // SAFETY: allocated with this layout, as the invariant says, and owned by self alone.
        unsafe { dealloc(self.start.as_ptr(), layout) };
    }
}

impl IntSet {
    /// An empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::allocate(2, 0)
    }

    /// A set of integers, which come in any order and may repeat.
    #[must_use]
    pub fn from_integers(mut integers: Vec<i64>) -> Self {
        integers.sort_unstable();
        integers.dedup();
        let width = integers.iter().map(|&value| width_of(value)).max().unwrap_or(2);
        let mut set = Self::allocate(width, integers.len());
        for (index, value) in integers.into_iter().enumerate() {
            set.put(index, value);
        }
        set
    }

    /// A set from foreign bytes: from an RDB file, a RESTORE, a peer.
    ///
    /// # Errors
    /// The first thing that makes `bytes` no intset. Cost: one pass over the bytes, one copy.
    pub fn from_bytes_validated(bytes: &[u8]) -> Result<Self, Error> {
        let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize);
        let (Some(width), Some(count)) = (word(0), word(4)) else { return Err(Error::Length) };
        if !matches!(width, 2 | 4 | 8) {
            return Err(Error::Width);
        }
        if count == 0 {
            return Err(Error::Empty);
        }
        if Some(bytes.len()) != count.checked_mul(width).and_then(|size| size.checked_add(HEADER)) {
            return Err(Error::Length);
        }
        let mut set = Self::allocate(width, count);
        set.body_mut().copy_from_slice(&bytes[HEADER..]);
        let ascending = set.iter().zip(set.iter().skip(1)).all(|(one, next)| one < next);
        if ascending { Ok(set) } else { Err(Error::Order) }
    }

    /// How many integers there are.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.header().1
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The integer at `index` in ascending order.
    ///
    /// # Panics
    /// If there are not so many.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> i64 {
        let (width, count) = self.header();
        assert!(index < count);
        let (bytes, at) = (self.as_bytes(), HEADER + width * index);
        match width {
            2 => i64::from(i16::from_le_bytes([bytes[at], bytes[at + 1]])),
            4 => i64::from(i32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])),
            _ => {
                let mut word = [0; 8];
                word.copy_from_slice(&bytes[at..at + 8]);
                i64::from_le_bytes(word)
            }
        }
    }

    fn put(&mut self, index: usize, value: i64) {
        let (width, _) = self.header();
        let at = width * index;
        self.body_mut()[at..at + width].copy_from_slice(&value.to_le_bytes()[..width]);
    }

    /// All integers, ascending.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = i64> + ExactSizeIterator + '_ {
        (0..self.len()).map(|index| self.get(index))
    }

    /// Where an integer is, or where it would stand.
    #[inline]
    fn find(&self, value: i64) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.len());
        // Integers mostly come in ascending order.
        if high > 0 && value > self.get(high - 1) {
            return Err(high);
        }
        while low < high {
            let middle = low.midpoint(high);
            match self.get(middle).cmp(&value) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(middle),
            }
        }
        Err(low)
    }

    /// Whether an integer is in the set. O(log N).
    #[inline]
    #[must_use]
    pub fn contains(&self, value: i64) -> bool {
        width_of(value) <= self.header().0 && self.find(value).is_ok()
    }

    /// Adds an integer; says whether it is new. O(N).
    pub fn insert(&mut self, value: i64) -> bool {
        let (width, count) = self.header();
        if width_of(value) > width {
            // Wider than all others, it stands at one of the ends.
            let mut all: Vec<i64> = self.iter().collect();
            all.insert(if value < 0 { 0 } else { count }, value);
            *self = Self::from_integers(all);
            return true;
        }
        let Err(index) = self.find(value) else { return false };
        self.resize(count + 1);
        let (from, end) = (width * index, width * count);
        self.body_mut().copy_within(from..end, from + width);
        self.put(index, value);
        true
    }

    /// Removes an integer; says whether it was there. O(N).
    pub fn remove(&mut self, value: i64) -> bool {
        if width_of(value) > self.header().0 {
            return false;
        }
        let Ok(index) = self.find(value) else { return false };
        self.remove_at(index);
        true
    }

    /// Removes the integer at `index` in ascending order.
    ///
    /// # Panics
    /// If there are not so many.
    pub fn remove_at(&mut self, index: usize) {
        let (width, count) = self.header();
        assert!(index < count);
        let (from, end) = (width * (index + 1), width * count);
        self.body_mut().copy_within(from..end, from - width);
        self.resize(count - 1);
    }
}

impl Default for IntSet {
    fn default() -> Self {
        Self::new()
    }
}

impl Clone for IntSet {
    fn clone(&self) -> Self {
        let (width, count) = self.header();
        let mut copy = Self::allocate(width, count);
        copy.body_mut().copy_from_slice(&self.as_bytes()[HEADER..]);
        copy
    }
}

impl fmt::Debug for IntSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
