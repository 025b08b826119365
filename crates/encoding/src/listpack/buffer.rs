//! A listpack with room behind its end, so that appending is cheap: what a block of a stream is made of.
//!
//! The bytes are those of any listpack at every moment between two calls; only the allocation is larger. Must not know
//! what the elements mean.

use super::codec::{END, Element, Encoded, decode, entry_size, entry_size_before};
use super::validate::{self, Error};
use super::{COUNT_UNKNOWN, HEADER, Pack};
use std::ops::Deref;

/// The bytes of a listpack on the heap.
#[derive(Clone)]
pub(crate) struct PackBuffer(Vec<u8>);

impl PackBuffer {
    /// An empty listpack.
    pub(crate) fn new() -> Self {
        let mut bytes = Vec::with_capacity(64);
        bytes.extend_from_slice(&[0; HEADER]);
        bytes.push(END);
        let mut buffer = Self(bytes);
        buffer.write_header(0);
        buffer
    }

    /// Checks that foreign bytes are a listpack, and reads them where they lie.
    pub(crate) fn check(bytes: &[u8]) -> Result<&Pack, Error> {
        validate::validate(bytes)?;
        Ok(Pack::new(bytes))
    }

    /// Appends what `write` pushes.
    #[inline]
    pub(crate) fn append(&mut self, write: impl FnOnce(&mut Appender<'_>)) {
        self.0.pop();
        let mut appender = Appender { bytes: &mut self.0, count: 0 };
        write(&mut appender);
        let count = appender.count;
        self.0.push(END);
        let before = u16::from_le_bytes([self.0[4], self.0[5]]);
        let after = if before == COUNT_UNKNOWN { usize::from(COUNT_UNKNOWN) } else { usize::from(before) + count };
        self.write_header(after);
    }

    #[inline]
    fn write_header(&mut self, count: usize) {
        let total = u32::try_from(self.0.len()).expect("who appends keeps a block below 4 GiB");
        self.0[..4].copy_from_slice(&total.to_le_bytes());
        self.0[4..HEADER].copy_from_slice(&u16::try_from(count).unwrap_or(COUNT_UNKNOWN).to_le_bytes());
    }

    /// Replaces the element at `offset` by an integer.
    #[inline]
    pub(crate) fn replace_int(&mut self, offset: usize, value: i64) {
        let encoded = Encoded::new(Element::Int(value));
        let (old, new) = (entry_size(&self.0, offset), encoded.total_len());
        if old != new {
            self.0.splice(offset..offset + old, std::iter::repeat_n(0, new));
            let count = u16::from_le_bytes([self.0[4], self.0[5]]);
            self.write_header(usize::from(count));
        }
        encoded.write(&mut self.0[offset..offset + new]);
    }

    /// The same elements, to be appended to.
    pub(crate) fn reopen(pack: &Pack) -> Self {
        Self(pack.as_bytes().to_vec())
    }

    /// The bytes of the allocation.
    pub(crate) fn capacity(&self) -> usize {
        self.0.capacity()
    }
}

impl Deref for PackBuffer {
    type Target = Pack;

    #[inline]
    fn deref(&self) -> &Pack {
        Pack::new(&self.0)
    }
}

impl std::fmt::Debug for PackBuffer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}

/// Takes elements for the end of a [`PackBuffer`].
pub(crate) struct Appender<'a> {
    bytes: &'a mut Vec<u8>,
    count: usize,
}

impl Appender<'_> {
    /// An integer.
    #[inline]
    pub(crate) fn int(&mut self, value: i64) {
        if (0..=127).contains(&value) {
            // The encoding's byte is the value, and its length is one.
            self.bytes.extend_from_slice(&[value as u8, 1]);
            self.count += 1;
        } else {
            self.element(Element::Int(value));
        }
    }

    /// A string; one that is a canonical decimal integer is stored as such.
    #[inline]
    pub(crate) fn string(&mut self, value: &[u8]) {
        self.element(Element::from_bytes(value));
    }

    /// An element as it is.
    #[inline]
    pub(crate) fn element(&mut self, element: Element<'_>) {
        let encoded = Encoded::new(element);
        let start = self.bytes.len();
        self.bytes.resize(start + encoded.total_len(), 0);
        encoded.write(&mut self.bytes[start..]);
        self.count += 1;
    }
}

/// Walks over the elements of a listpack, in both directions.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// The first element of a listpack.
    pub(crate) fn first(pack: &'a Pack) -> Self {
        Self { bytes: pack.as_bytes(), at: HEADER }
    }

    /// The element at `offset`.
    #[inline]
    pub(crate) fn at(pack: &'a Pack, offset: usize) -> Self {
        Self { bytes: pack.as_bytes(), at: offset }
    }

    /// Where the next element starts.
    #[inline]
    pub(crate) fn offset(self) -> usize {
        self.at
    }

    /// Whether there is no further element.
    #[inline]
    pub(crate) fn at_end(self) -> bool {
        self.bytes[self.at] == END
    }

    /// The next element, which must be there.
    #[inline]
    pub(crate) fn next(&mut self) -> Element<'a> {
        let (element, size) = decode(self.bytes, self.at);
        self.at += size;
        element
    }

    /// The next element, if there is one.
    pub(crate) fn try_next(&mut self) -> Option<Element<'a>> {
        (!self.at_end()).then(|| self.next())
    }

    /// The next element, which must be there and an integer.
    #[inline]
    pub(crate) fn next_int(&mut self) -> i64 {
        let first = self.bytes[self.at];
        if first <= 0x7F {
            self.at += 2;
            return i64::from(first);
        }
        match self.next() {
            Element::Int(value) => value,
            Element::Bytes(_) => unreachable!("where a block has an integer it is stored as one"),
        }
    }

    /// Steps over `count` elements, which must be there.
    #[inline]
    pub(crate) fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.at += entry_size(self.bytes, self.at);
        }
    }

    /// Steps back over `count` elements, which must be there.
    #[inline]
    pub(crate) fn back(&mut self, count: usize) {
        for _ in 0..count {
            self.at -= entry_size_before(self.bytes, self.at);
        }
    }
}
