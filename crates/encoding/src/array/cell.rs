//! One position of an array in eight bytes: nothing, a number, a short string, or a pointer to a longer one.
//!
//! ```text
//!   0                        nothing
//!   pointer          ..00    a string of 8 bytes or more: a field without a value, its name the string
//!   62-bit integer     01    an integer whose text is the string
//!   double, cut        10    a double whose text is the string; its last two bits are zero
//!   7 bytes | length   11    a string of up to 7 bytes, the length in bits 2 to 4
//! ```
//! The invariant: what [`Cell::item`] shows has the very bytes that [`Cell::new`] got. Integers and doubles are kept
//! as such only where their text comes out the same.

mod check;

use crate::field::Field;
use crate::float::{F64Text, parse_f64};
use crate::int::{IntText, parse_i64};
use crate::object::{pointer_word, word_pointer};
use crate::table::Item as _;
use std::mem::ManuallyDrop;

const INT: u64 = 1;
const FLOAT: u64 = 2;
const SHORT: u64 = 3;
const TAG: u64 = 3;
/// The longest string that stands in the word.
const SHORT_MAX: usize = 7;
/// No double's text is longer.
const FLOAT_MAX: usize = 28;

/// One element of an array: a small integer or a short string in the word, or a pointer.
#[derive(Debug)]
pub(super) struct Cell(u64);

/// What stands at a position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Item<'a> {
    /// An integer.
    Int(i64),
    /// A finite double, whose last two bits are zero.
    Float(f64),
    /// A string of up to 7 bytes.
    Short(ShortText),
    /// A longer string.
    Bytes(&'a [u8]),
}

/// A string of up to 7 bytes, by value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortText {
    bytes: [u8; 8],
    len: u8,
}

impl ShortText {
    /// The bytes.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

impl Item<'_> {
    /// Lends the string.
    #[inline]
    pub fn with_bytes<R>(&self, look: impl FnOnce(&[u8]) -> R) -> R {
        match self {
            Self::Int(number) => look(IntText::new(*number).as_bytes()),
            Self::Float(number) => look(&float_text(*number)),
            Self::Short(text) => look(text.as_bytes()),
            Self::Bytes(bytes) => look(bytes),
        }
    }

    /// The string.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        self.with_bytes(<[u8]>::to_vec)
    }
}

/// A double as arrays show it: the digits that tell it from others, and a point or an exponent.
#[must_use]
pub fn float_text(number: f64) -> Vec<u8> {
    let mut text = F64Text::new(number).as_bytes().to_vec();
    if number.is_finite() && !text.iter().any(|byte| matches!(byte, b'.' | b'e')) {
        text.extend_from_slice(b".0");
    }
    text
}

impl Cell {
    pub(super) const EMPTY: Self = Self(0);

    pub(super) fn new(bytes: &[u8]) -> Self {
        if let Some(number) = parse_i64(bytes).filter(|number| fits(*number)) {
            return Self((number << 2).cast_unsigned() | INT);
        }
        if let Some(number) = parse_float(bytes) {
            return Self(number.to_bits() | FLOAT);
        }
        if bytes.len() <= SHORT_MAX {
            let mut word = [0; 8];
            word[0] = (bytes.len() as u8) << 2 | SHORT as u8;
            word[1..=bytes.len()].copy_from_slice(bytes);
            return Self(u64::from_le_bytes(word));
        }
        Self(pointer_word(Field::new(bytes, b"").into_raw()))
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.0 == 0
    }

    #[inline]
    fn is_pointer(&self) -> bool {
        !self.is_empty() && self.0 & TAG == 0
    }

    /// What stands here, if anything does.
    #[inline]
    pub(super) fn item(&self) -> Option<Item<'_>> {
        Some(match self.0 & TAG {
            _ if self.is_empty() => return None,
            INT => Item::Int(self.0.cast_signed() >> 2),
            FLOAT => Item::Float(f64::from_bits(self.0 & !TAG)),
            SHORT => {
                let len = (self.0 >> 2 & 7) as u8;
                Item::Short(ShortText { bytes: (self.0 >> 8).to_le_bytes(), len })
            }
            _ => Item::Bytes(self.long()),
        })
    }

    /// The field behind the pointer, not to be dropped.
    fn field(&self) -> ManuallyDrop<Field> {
        debug_assert!(self.is_pointer());
        // SAFETY: the word is a pointer that came out of `into_raw`; the cell stays its owner.
        ManuallyDrop::new(unsafe { Field::from_raw(word_pointer(self.0)) })
    }

    fn long(&self) -> &[u8] {
        let field = self.field();
        let name = field.name();
        // SAFETY: the bytes belong to the block that this cell owns, and live unchanged as long as it is borrowed.
        unsafe { std::slice::from_raw_parts(name.as_ptr(), name.len()) }
    }

    /// Bytes that the string takes outside.
    #[inline]
    pub(super) fn outside(&self) -> usize {
        if self.is_pointer() { self.field().block_size() } else { 0 }
    }
}

impl Clone for Cell {
    fn clone(&self) -> Self {
        if self.is_pointer() { Self::new(self.long()) } else { Self(self.0) }
    }
}

impl Drop for Cell {
    #[inline]
    fn drop(&mut self) {
        if self.is_pointer() {
            drop(ManuallyDrop::into_inner(self.field()));
        }
    }
}

fn fits(number: i64) -> bool {
    number << 2 >> 2 == number
}

/// The double that has this very text, if its last two bits are free.
fn parse_float(bytes: &[u8]) -> Option<f64> {
    let begins = bytes.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-');
    if !begins || bytes.len() > FLOAT_MAX || !bytes.iter().any(|byte| matches!(byte, b'.' | b'e')) {
        return None;
    }
    let number = parse_f64(bytes).filter(|number| number.to_bits() & TAG == 0)?;
    (float_text(number) == bytes).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::{Cell, Item};

    #[test]
    fn cells_give_back_the_bytes_they_got() {
        let long = [b'x'; 300];
        let strings: [&[u8]; 32] = [
            b"",
            b"0",
            b"-0",
            b"7",
            b"007",
            b"+7",
            b"-1",
            b"2305843009213693951",
            b"2305843009213693952",
            b"-2305843009213693952",
            b"-2305843009213693953",
            b"9223372036854775807",
            b"-9223372036854775808",
            b"1.5",
            b"1.50",
            b"1.0",
            b"-0.0",
            b"0.0",
            b".5",
            b"5.",
            b"0.1",
            b"0.03",
            b"1e5",
            b"1e300",
            b"nan",
            b"inf",
            b"a.e",
            b"\0\0\0",
            b"seven b",
            b"eight by",
            b"-1.5",
            &long,
        ];
        for string in strings {
            let cell = Cell::new(string);
            assert!(!cell.is_empty());
            assert_eq!(cell.item().unwrap().to_vec(), string, "{cell:?}");
            assert_eq!(cell.clone().item().unwrap().to_vec(), string);
            assert_eq!(cell.outside() > 0, matches!(cell.item(), Some(Item::Bytes(_))));
        }
        assert_eq!(Cell::EMPTY.item(), None);
    }

    #[test]
    fn numbers_are_kept_as_such() {
        assert_eq!(Cell::new(b"-12").item(), Some(Item::Int(-12)));
        assert_eq!(Cell::new(b"1.5").item(), Some(Item::Float(1.5)));
        assert_eq!(Cell::new(b"1.0").item(), Some(Item::Float(1.0)));
        assert!(matches!(Cell::new(b"0.1").item(), Some(Item::Short(_))), "the last bits of 0.1 are not zero");
        assert!(matches!(Cell::new(b"9223372036854775807").item(), Some(Item::Bytes(_))));
    }
}
