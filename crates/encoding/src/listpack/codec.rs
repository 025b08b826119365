//! One listpack entry as bytes: `[encoding + data][backlen]`.
//!
//! | first byte | element | data after the first byte |
//! |---|---|---|
//! | `0xxxxxxx` | unsigned 7-bit integer | - |
//! | `10xxxxxx` | string, 6-bit length | the string |
//! | `110xxxxx` | signed 13-bit integer, high bits first | 1 |
//! | `1110xxxx` | string, 12-bit length, high bits first | 1 + the string |
//! | `0xF0` | string, 32-bit length, little-endian | 4 + the string |
//! | `0xF1` to `0xF4` | signed 16, 24, 32, 64-bit integer, little-endian | 2, 3, 4, 8 |
//! | `0xFF` | the end of the listpack | - |
//!
//! The backlen is the length of `[encoding + data]` in base 128, most significant group first, where every byte
//! but the first has its high bit set, so it can be read from its last byte backwards.
//!
//! The readers here trust the bytes as far as an invariant of the listpack goes (a wrong length ends in a slice
//! panic, never in undefined behaviour); `validate.rs` is what makes foreign bytes trustworthy.

use crate::int::{IntText, parse_i64, text_len};

const STR6: u8 = 0x80;
const INT13: u8 = 0xC0;
const STR12: u8 = 0xE0;
pub(super) const STR32: u8 = 0xF0;
const INT16: u8 = 0xF1;
const INT24: u8 = 0xF2;
const INT32: u8 = 0xF3;
const INT64: u8 = 0xF4;
pub(super) const END: u8 = 0xFF;

/// One element of a listpack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element<'a> {
    /// A string that is the canonical decimal form of this integer.
    Int(i64),
    /// Any other string.
    Bytes(&'a [u8]),
}

impl<'a> Element<'a> {
    /// The element a string becomes: an integer if it is one in canonical decimal form.
    #[inline]
    pub fn from_bytes(value: &'a [u8]) -> Element<'a> {
        match parse_i64(value) {
            Some(int) => Element::Int(int),
            None => Element::Bytes(value),
        }
    }

    /// Whether the element's string is `value`.
    pub fn is(&self, value: &[u8]) -> bool {
        self.with_bytes(|bytes| bytes == value)
    }

    /// The length of the element's string.
    #[inline]
    pub fn byte_len(&self) -> usize {
        match *self {
            Element::Int(value) => text_len(value),
            Element::Bytes(bytes) => bytes.len(),
        }
    }

    /// Calls `use_bytes` with the element's string; no heap allocation.
    #[inline]
    pub fn with_bytes<R>(&self, use_bytes: impl FnOnce(&[u8]) -> R) -> R {
        match *self {
            Element::Int(value) => use_bytes(IntText::new(value).as_bytes()),
            Element::Bytes(bytes) => use_bytes(bytes),
        }
    }

    /// The element's string, owned.
    pub fn to_vec(&self) -> Vec<u8> {
        self.with_bytes(<[u8]>::to_vec)
    }

    /// The integer, also when a foreign writer stored an integer's text as a string.
    pub fn as_int(&self) -> Option<i64> {
        match *self {
            Element::Int(value) => Some(value),
            Element::Bytes(bytes) => parse_i64(bytes),
        }
    }
}

/// An element made ready to be written: the encoding's head, then a string's bytes, then the backlen.
pub(super) struct Encoded<'a> {
    head: [u8; 9],
    head_len: u8,
    tail: &'a [u8],
}

impl<'a> Encoded<'a> {
    #[inline]
    pub(super) fn new(element: Element<'a>) -> Encoded<'a> {
        match element {
            Element::Int(value) => Encoded::int(value),
            Element::Bytes(bytes) => Encoded::string(bytes),
        }
    }

    #[inline]
    fn int(value: i64) -> Encoded<'a> {
        let mut head = [0; 9];
        let le = value.to_le_bytes();
        let (first, data) = match value {
            0..=127 => (value as u8, 0),
            -4096..=4095 => {
                head[1] = le[0];
                head[0] = INT13 | (le[1] & 0x1F);
                return Encoded { head, head_len: 2, tail: &[] };
            }
            -0x8000..=0x7FFF => (INT16, 2),
            -0x80_0000..=0x7F_FFFF => (INT24, 3),
            -0x8000_0000..=0x7FFF_FFFF => (INT32, 4),
            _ => (INT64, 8),
        };
        head[0] = first;
        head[1..].copy_from_slice(&le);
        Encoded { head, head_len: data + 1, tail: &[] }
    }

    #[inline]
    fn string(bytes: &'a [u8]) -> Encoded<'a> {
        let mut head = [0; 9];
        let len = bytes.len();
        let head_len = if len < 64 {
            head[0] = STR6 | len as u8;
            1
        } else if len < 4096 {
            head[0] = STR12 | (len >> 8) as u8;
            head[1] = len as u8;
            2
        } else {
            let len = u32::try_from(len).expect("a string for a listpack fits its 32-bit total length");
            head[0] = STR32;
            head[1..5].copy_from_slice(&len.to_le_bytes());
            5
        };
        Encoded { head, head_len, tail: bytes }
    }

    /// The bytes the entry takes, backlen included.
    #[inline]
    pub(super) fn total_len(&self) -> usize {
        let body = usize::from(self.head_len) + self.tail.len();
        body + backlen_size(body)
    }

    /// Writes the entry over `target`, which is exactly `total_len` bytes.
    #[inline]
    pub(super) fn write(&self, target: &mut [u8]) {
        let head_len = usize::from(self.head_len);
        let body = head_len + self.tail.len();
        target[..head_len].copy_from_slice(&self.head[..head_len]);
        target[head_len..body].copy_from_slice(self.tail);
        write_backlen(&mut target[body..], body);
    }
}

/// The bytes a backlen of `body` takes. The limits are one below a power of two for all but the first: it is what
/// Redis writes, and its validator insists on it.
#[inline]
pub(super) fn backlen_size(body: usize) -> usize {
    match body {
        0..=127 => 1,
        128..=16_382 => 2,
        16_383..=2_097_150 => 3,
        2_097_151..=268_435_454 => 4,
        _ => 5,
    }
}

#[inline]
pub(super) fn write_backlen(target: &mut [u8], body: usize) {
    let size = target.len();
    debug_assert_eq!(size, backlen_size(body));
    let mut rest = body;
    for byte in target.iter_mut().rev() {
        *byte = (rest & 127) as u8 | 128;
        rest >>= 7;
    }
    target[0] &= 127;
}

/// The size of the entry that ends just before `end`.
#[inline]
pub(super) fn entry_size_before(bytes: &[u8], end: usize) -> usize {
    let mut body = 0usize;
    let mut size = 0;
    loop {
        let byte = bytes[end - 1 - size];
        body |= usize::from(byte & 127) << (7 * size);
        size += 1;
        if byte & 128 == 0 || size == 5 {
            return body + size;
        }
    }
}

/// The length of head and data of a string entry's head alone, and of its string.
#[inline]
fn string_extent(bytes: &[u8], at: usize) -> (usize, usize) {
    let first = bytes[at];
    if first & 0xC0 == STR6 {
        (1, usize::from(first & 0x3F))
    } else if first & 0xF0 == STR12 {
        (2, usize::from(first & 0x0F) << 8 | usize::from(bytes[at + 1]))
    } else {
        let len = [bytes[at + 1], bytes[at + 2], bytes[at + 3], bytes[at + 4]];
        (5, u32::from_le_bytes(len) as usize)
    }
}

/// The size of an entry by its first byte alone, where that tells it; else 0. One load instead of a walk through
/// the encodings: stepping over entries is most of what a search does.
const SIZE_BY_FIRST: [u8; 256] = {
    let mut table = [0u8; 256];
    let mut first = 0;
    while first < 256 {
        table[first] = match first as u8 {
            0..=0x7F => 2,
            STR6..=0xBF => (first as u8 & 0x3F) + 2,
            INT13..=0xDF => 3,
            INT16 => 4,
            INT24 => 5,
            INT32 => 6,
            INT64 => 10,
            _ => 0,
        };
        first += 1;
    }
    table
};

/// The size of the entry at `at`, backlen included.
#[inline]
pub(super) fn entry_size(bytes: &[u8], at: usize) -> usize {
    match SIZE_BY_FIRST[usize::from(bytes[at])] {
        0 => head(bytes, at).entry_size(),
        size => usize::from(size),
    }
}

/// As `entry_size`, for a walk over many entries whose first byte is at hand. The commonest entries come first and need
/// no second load: each step's address hangs on the step before, so a load is what a step costs.
#[inline(always)]
pub(super) fn size_of_entry(bytes: &[u8], at: usize, first: u8) -> usize {
    if is_short_string(first) {
        usize::from(first & 0x3F) + 2
    } else if first < STR6 {
        2
    } else {
        entry_size(bytes, at)
    }
}

/// The first byte of the entry of a short string of this length; `END`, which no entry starts with, for others.
#[inline]
pub(super) fn first_byte_of_short(len: usize) -> u8 {
    if len < 64 { STR6 | len as u8 } else { END }
}

/// Whether an entry with this first byte is a string of 64 bytes or more.
#[inline]
pub(super) fn is_long_string(first: u8) -> bool {
    (STR12..=STR32).contains(&first)
}

/// Whether an entry with this first byte is a string of less than 64 bytes.
#[inline]
pub(super) fn is_short_string(first: u8) -> bool {
    first & 0xC0 == STR6
}

/// What an entry's first bytes say.
pub(super) struct Head {
    /// Where the string begins, counted from the entry; for an integer, the whole head and data.
    pub(super) start: usize,
    /// The length of the string; 0 for an integer.
    pub(super) len: usize,
    pub(super) is_string: bool,
}

/// Reads the head of the entry at `at`, which is not the end marker.
#[inline]
pub(super) fn head(bytes: &[u8], at: usize) -> Head {
    let first = bytes[at];
    let start = match first {
        0..=0x7F => 1,
        STR6..=0xBF => return Head { start: 1, len: usize::from(first & 0x3F), is_string: true },
        INT13..=0xDF => 2,
        INT16 => 3,
        INT24 => 4,
        INT32 => 5,
        INT64 => 9,
        _ => {
            let (start, len) = string_extent(bytes, at);
            return Head { start, len, is_string: true };
        }
    };
    Head { start, len: 0, is_string: false }
}

impl Head {
    /// The entry's size, backlen included.
    #[inline]
    pub(super) fn entry_size(&self) -> usize {
        let body = self.start + self.len;
        body + backlen_size(body)
    }
}

/// The value of the integer entry at `at`.
#[inline]
pub(super) fn int_at(bytes: &[u8], at: usize) -> i64 {
    let data = &bytes[at..];
    match *data {
        [first @ 0..=0x7F, ..] => i64::from(first),
        // The upper bits of a left-aligned number carry its sign down again.
        [first @ INT13..=0xDF, low, ..] => i64::from((i16::from_be_bytes([first, low]) << 3) >> 3),
        [INT16, a, b, ..] => i64::from(i16::from_le_bytes([a, b])),
        [INT24, a, b, c, ..] => i64::from(i32::from_le_bytes([0, a, b, c]) >> 8),
        [INT32, a, b, c, d, ..] => i64::from(i32::from_le_bytes([a, b, c, d])),
        [_, a, b, c, d, e, f, g, h, ..] => i64::from_le_bytes([a, b, c, d, e, f, g, h]),
        _ => unreachable!("an integer's entry has its data, as validated"),
    }
}

/// The element at `at`, and the size of its entry.
#[inline]
pub(super) fn decode(bytes: &[u8], at: usize) -> (Element<'_>, usize) {
    let head = head(bytes, at);
    let element = if head.is_string {
        let start = at + head.start;
        Element::Bytes(&bytes[start..start + head.len])
    } else {
        Element::Int(int_at(bytes, at))
    };
    (element, head.entry_size())
}
