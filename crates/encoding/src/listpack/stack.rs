//! A small listpack on the stack, to be copied to where it will stand: a new collection then costs one allocation.

use super::codec::{END, Element, Encoded};
use super::{EMPTY_BYTES, HEADER, Pack, edit::write_all};
use crate::entry::SMALL_PACK;
use std::ops::Deref;

/// A small listpack on the stack.
#[derive(Clone, Copy, Debug)]
pub struct StackPack {
    bytes: [u8; SMALL_PACK],
    length: usize,
}

impl StackPack {
    /// A listpack of `elements`; `None` if they take more than what stands inside an entry.
    #[must_use]
    pub fn of(elements: &[Element<'_>]) -> Option<Self> {
        let size: usize = elements.iter().map(|&element| Encoded::new(element).total_len()).sum();
        let length = EMPTY_BYTES + size;
        if length > SMALL_PACK {
            return None;
        }
        let mut bytes = [0; SMALL_PACK];
        // Both fit, as a small listpack has few elements.
        bytes[..4].copy_from_slice(&(length as u32).to_le_bytes());
        bytes[4..HEADER].copy_from_slice(&(elements.len() as u16).to_le_bytes());
        write_all(elements, &mut bytes[HEADER..length - 1]);
        bytes[length - 1] = END;
        Some(Self { bytes, length })
    }
}

impl Deref for StackPack {
    type Target = Pack;

    #[inline]
    fn deref(&self) -> &Pack {
        Pack::new(&self.bytes[..self.length])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listpack::Listpack;

    #[test]
    fn the_bytes_are_those_of_one_on_the_heap() {
        for length in 0..SMALL_PACK {
            let text = vec![b'x'; length];
            let elements = [Element::from_bytes(&text), Element::Int(length as i64)];
            let heap = Listpack::from_elements(&elements);
            let stack = StackPack::of(&elements);
            assert_eq!(stack.is_some(), heap.byte_len() <= SMALL_PACK);
            assert!(stack.is_none_or(|stack| stack.as_bytes() == heap.as_bytes()));
        }
    }
}
