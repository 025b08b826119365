//! A segment of a log: memory to which one owner appends while other threads read what is published.
//!
//! ```text
//!   [ published: any number of slices | appended | free ]
//!   0                             published   filled   capacity
//! ```
//! Invariant: the owner writes only behind `published`, and a [`Slice`] covers only bytes before it. So no byte is
//! written while a slice covers it, and readers need no lock. A slice keeps the memory alive; the owner can begin again
//! at 0 once no slice is left.

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::ops::{Deref, Range};
use std::sync::Arc;

struct Memory(Box<[UnsafeCell<MaybeUninit<u8>>]>);

// SAFETY: a byte is written only through `&mut Segment`, of which there is one, and only while no slice covers it;
// bytes that slices cover are only read. What makes a slice visible to another thread makes the bytes visible as well.
unsafe impl Sync for Memory {}

/// Memory to which its owner appends.
pub struct Segment {
    memory: Arc<Memory>,
    /// Bytes that are initialised.
    filled: usize,
    /// Bytes that slices may cover: at most `filled`.
    published: usize,
}

/// Published bytes of a segment, shared: a clone costs one counted reference.
#[derive(Clone)]
pub struct Slice {
    memory: Arc<Memory>,
    start: u32,
    end: u32,
}

impl Segment {
    /// A segment with room for this number of bytes, less than 4 GiB. Without room it takes no memory for bytes.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        assert!(u32::try_from(capacity).is_ok(), "a slice's bounds have 32 bits");
        let bytes = Box::<[UnsafeCell<MaybeUninit<u8>>]>::new_uninit_slice(capacity);
        // SAFETY: a cell of a `MaybeUninit` needs no initialisation.
        let bytes = unsafe { bytes.assume_init() };
        Self { memory: Arc::new(Memory(bytes)), filled: 0, published: 0 }
    }

    /// How many bytes it can hold.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.memory.0.len()
    }

    /// How many bytes it can take still.
    #[inline]
    #[must_use]
    pub fn room(&self) -> usize {
        self.memory.0.len() - self.filled
    }

    /// Bytes that it holds, published or not.
    #[inline]
    #[must_use]
    pub fn filled(&self) -> usize {
        self.filled
    }

    /// Bytes that slices may cover.
    #[inline]
    #[must_use]
    pub fn published(&self) -> usize {
        self.published
    }

    /// Appends as many of these bytes as there is room for, and returns how many that are. They are not published yet.
    #[inline]
    pub fn append(&mut self, bytes: &[u8]) -> usize {
        let count = bytes.len().min(self.room());
        let free = &self.memory.0[self.filled..];
        // SAFETY: `free` has room for `count` bytes. Its cells may be written through a shared reference, and no other
        // thread reads or writes them: no slice covers what is behind `published`, and `&mut self` is the only writer.
        unsafe { free.as_ptr().cast::<u8>().cast_mut().copy_from_nonoverlapping(bytes.as_ptr(), count) };
        self.filled += count;
        count
    }

    /// Lets slices cover all that was appended.
    #[inline]
    pub fn publish(&mut self) {
        self.published = self.filled;
    }

    /// Forgets what was appended and is not published.
    pub fn discard(&mut self) {
        self.filled = self.published;
    }

    /// Published bytes.
    ///
    /// # Panics
    /// Some of them are not published.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Slice {
        assert!(range.start <= range.end && range.end <= self.published, "slices cover published bytes only");
        // The bounds fit, because the capacity does.
        Slice { memory: Arc::clone(&self.memory), start: range.start as u32, end: range.end as u32 }
    }

    /// Begins again with no bytes, if no slice is left. False where one is.
    pub fn clear(&mut self) -> bool {
        let alone = Arc::get_mut(&mut self.memory).is_some();
        if alone {
            (self.filled, self.published) = (0, 0);
        }
        alone
    }
}

impl Deref for Slice {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        let cells = &self.memory.0[self.start as usize..self.end as usize];
        // SAFETY: published bytes are initialised, and not written while this slice keeps the memory from being
        // cleared.
        unsafe { std::slice::from_raw_parts(cells.as_ptr().cast::<u8>(), cells.len()) }
    }
}

impl AsRef<[u8]> for Slice {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl std::fmt::Debug for Segment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { filled, published, .. } = self;
        f.debug_struct("Segment").field("filled", filled).field("published", published).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Slice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn slices_stay_as_they_are_while_the_owner_appends() {
        let mut segment = Segment::new(8);
        assert_eq!(segment.append(b"abc"), 3);
        segment.publish();
        let first = segment.slice(0..3);
        assert_eq!(segment.append(b"defghi"), 5, "there is room for no more");
        assert_eq!(&*first, b"abc");
        segment.publish();
        assert_eq!((&*segment.slice(2..8), segment.room()), (&b"cdefgh"[..], 0));
    }

    #[test]
    fn memory_is_used_again_only_when_no_slice_is_left() {
        let mut segment = Segment::new(4);
        segment.append(b"old");
        segment.publish();
        let slice = segment.slice(0..3);
        assert!(!segment.clear());
        assert_eq!(&*slice, b"old");
        drop(slice);
        assert!(segment.clear());
        segment.append(b"new");
        segment.publish();
        assert_eq!(&*segment.slice(0..3), b"new");
    }

    #[test]
    fn what_is_discarded_is_written_over() {
        let mut segment = Segment::new(4);
        segment.append(b"a");
        segment.publish();
        segment.append(b"xy");
        segment.discard();
        segment.append(b"b");
        segment.publish();
        assert_eq!(&*segment.slice(0..2), b"ab");
    }

    #[test]
    #[should_panic(expected = "published bytes only")]
    fn no_slice_covers_what_is_not_published() {
        let mut segment = Segment::new(4);
        segment.append(b"ab");
        segment.publish();
        segment.append(b"c");
        drop(segment.slice(1..3));
    }

    #[test]
    fn another_thread_reads_while_the_owner_appends() {
        let mut segment = Segment::new(256);
        let (sender, receiver) = mpsc::channel::<Slice>();
        let reader = std::thread::spawn(move || {
            let mut expected = 0_u8;
            for slice in receiver {
                assert!(slice.iter().all(|&byte| byte == expected) && slice.len() == 4);
                expected += 1;
            }
            expected
        });
        for number in 0..64_u8 {
            let at = segment.filled();
            segment.append(&[number; 4]);
            segment.publish();
            assert!(sender.send(segment.slice(at..at + 4)).is_ok());
        }
        drop(sender);
        assert_eq!(reader.join().ok(), Some(64));
    }
}
