//! A field of a large hash, or without a value a member of a large set: name and value in one allocation, one pointer
//! wide.
//!
//! ```text
//!   0nnnnnnn name                                          a member: up to 127 bytes, no value
//!   10nnnnnn vlen:u8 name value                            a small field: names up to 63 bytes, values up to 255
//!   11x0000e nlen:u8 vlen:u16 [expire:i64] [nlen:u32] [vlen:u32] name value
//! ```
//! The first form that can hold a field is its form. Only the last has room for `expire` (unix ms), with the bit `e`;
//! there `nlen` 255 and `vlen` 65,535 mean that the longer one follows. The block is as large as its size class, and a
//! value that fits is replaced in place.

mod check;

use crate::table::{Item, Times};
use redstart_sys::alloc::size_class;
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr::NonNull;

const MEMBER_NAME: usize = 127;
const SMALL: u8 = 0x80;
const SMALL_NAME: usize = 63;
const SMALL_VALUE: usize = u8::MAX as usize;
const FULL: u8 = 0xC0;
const EXPIRES: u8 = 1;
const LONG_NAME: usize = u8::MAX as usize;
const LONG_VALUE: usize = u16::MAX as usize;
/// Where the time or else a longer length stands in the last form.
const FULL_HEADER: usize = 4;

/// An owned field. It frees its block when it is dropped.
pub struct Field(NonNull<u8>);

// SAFETY: a field owns its block; nothing of it is shared or tied to a thread.
unsafe impl Send for Field {}

#[derive(Clone, Copy)]
struct Shape {
    expires: bool,
    name: usize,
    value: usize,
}

impl Shape {
    #[inline]
    fn is_member(self) -> bool {
        self.value == 0 && self.name <= MEMBER_NAME && !self.expires
    }

    #[inline]
    fn is_small(self) -> bool {
        self.name <= SMALL_NAME && self.value <= SMALL_VALUE && !self.expires
    }

    #[inline]
    fn name_at(self) -> usize {
        if self.is_member() {
            1
        } else if self.is_small() {
            2
        } else {
            let long_name = if self.name >= LONG_NAME { 4 } else { 0 };
            let long_value = if self.value >= LONG_VALUE { 4 } else { 0 };
            FULL_HEADER + if self.expires { 8 } else { 0 } + long_name + long_value
        }
    }

    #[inline]
    fn size(self) -> usize {
        size_class(self.name_at() + self.name + self.value)
    }

    #[inline]
    fn layout(self) -> Layout {
        // The table keeps marks in the low three bits of the address.
        Layout::from_size_align(self.size(), 8).expect("two bulk lengths stay far below isize::MAX")
    }

    /// Writes all before the name.
    ///
    /// # Safety
    /// `block` has this shape's layout. Both lengths are at most `u32::MAX`.
    unsafe fn write_header(self, block: NonNull<u8>, expire_ms: Option<i64>) {
        // SAFETY: every write lies before `name_at`, which adds up the same parts.
        unsafe {
            if self.is_member() {
                return block.write(self.name as u8);
            }
            if self.is_small() {
                return block.cast::<[u8; 2]>().write([SMALL | self.name as u8, self.value as u8]);
            }
            let vlen = self.value.min(LONG_VALUE) as u16;
            let flags = FULL | if self.expires { EXPIRES } else { 0 };
            block.cast::<[u8; 2]>().write([flags, self.name.min(LONG_NAME) as u8]);
            block.add(2).cast::<u16>().write(vlen);
            let mut at = FULL_HEADER;
            if let Some(expire) = expire_ms {
                block.add(at).cast::<i64>().write_unaligned(expire);
                at += 8;
            }
            if self.name >= LONG_NAME {
                block.add(at).cast::<u32>().write_unaligned(self.name as u32);
                at += 4;
            }
            if self.value >= LONG_VALUE {
                block.add(at).cast::<u32>().write_unaligned(self.value as u32);
            }
        }
    }
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Field").field("name", &self.name()).field("value", &self.value()).finish()
    }
}

impl Field {
    /// Makes a field that does not expire.
    ///
    /// # Panics
    /// If name or value is longer than `u32::MAX` bytes.
    #[must_use]
    pub fn new(name: &[u8], value: &[u8]) -> Self {
        Self::with(name, value, None)
    }

    /// Makes a field that may expire, in unix milliseconds.
    ///
    /// # Panics
    /// If name or value is longer than `u32::MAX` bytes.
    #[must_use]
    pub fn with(name: &[u8], value: &[u8], expire_ms: Option<i64>) -> Self {
        let shape = Shape { expires: expire_ms.is_some(), name: name.len(), value: value.len() };
        let longest = u32::MAX as usize;
        assert!(shape.name <= longest && shape.value <= longest, "proto-max-bulk-len is below 4 GiB");
        let layout = shape.layout();
        // SAFETY: the layout is not empty, as it holds a header, and every write lies within it as `Shape::size` adds up
        // the parts.
        unsafe {
            let Some(block) = NonNull::new(alloc(layout)) else { handle_alloc_error(layout) };
            shape.write_header(block, expire_ms);
            let name_at = block.add(shape.name_at());
            name_at.copy_from_nonoverlapping(NonNull::from(name).cast(), name.len());
            name_at.add(name.len()).copy_from_nonoverlapping(NonNull::from(value).cast(), value.len());
            Self(block)
        }
    }

    #[inline]
    fn first(&self) -> u8 {
        // SAFETY: the block begins with its header.
        unsafe { self.0.read() }
    }

    #[inline]
    fn shape(&self) -> Shape {
        let first = self.first();
        if first < SMALL {
            return Shape { expires: false, name: usize::from(first), value: 0 };
        }
        if first < FULL {
            // SAFETY: the form has a second byte.
            let value = usize::from(unsafe { self.0.add(1).read() });
            return Shape { expires: false, name: usize::from(first & !FULL), value };
        }
        self.full_shape()
    }

    fn full_shape(&self) -> Shape {
        let expires = self.first() & EXPIRES != 0;
        // SAFETY: the form has these four bytes, and its longer lengths where they say so.
        unsafe {
            let name = usize::from(self.0.add(1).read());
            let value = usize::from(self.0.add(2).cast::<u16>().read());
            let mut shape = Shape { expires, name, value };
            let mut at = FULL_HEADER + if expires { 8 } else { 0 };
            if name == LONG_NAME {
                shape.name = self.0.add(at).cast::<u32>().read_unaligned() as usize;
                at += 4;
            }
            if value == LONG_VALUE {
                shape.value = self.0.add(at).cast::<u32>().read_unaligned() as usize;
            }
            shape
        }
    }

    /// # Safety
    /// The range lies inside the block, and was written when it was made or since.
    #[inline]
    unsafe fn slice(&self, at: usize, length: usize) -> &[u8] {
        // SAFETY: by this function's contract.
        unsafe { std::slice::from_raw_parts(self.0.add(at).as_ptr(), length) }
    }

    /// The name.
    #[inline]
    #[must_use]
    pub fn name(&self) -> &[u8] {
        let shape = self.shape();
        // SAFETY: the shape is the block's own, and all of it is written.
        unsafe { self.slice(shape.name_at(), shape.name) }
    }

    /// The value.
    #[inline]
    #[must_use]
    pub fn value(&self) -> &[u8] {
        let shape = self.shape();
        // SAFETY: as in `name`.
        unsafe { self.slice(shape.name_at() + shape.name, shape.value) }
    }

    /// When the field expires, in unix milliseconds.
    #[inline]
    #[must_use]
    pub fn expire_ms(&self) -> Option<i64> {
        if self.first() & (FULL | EXPIRES) != FULL | EXPIRES {
            return None;
        }
        // SAFETY: with the flag eight bytes after the header hold the time.
        Some(unsafe { self.0.add(FULL_HEADER).cast::<i64>().read_unaligned() })
    }

    /// Sets or removes the expiry. Moves the block if it had none or loses it.
    pub fn set_expire_ms(&mut self, expire_ms: Option<i64>) {
        match (self.expire_ms(), expire_ms) {
            // SAFETY: with the flag eight bytes after the header hold the time.
            (Some(_), Some(at)) => unsafe { self.0.add(FULL_HEADER).cast::<i64>().write_unaligned(at) },
            (None, None) => {}
            _ => *self = Self::with(self.name(), self.value(), expire_ms),
        }
    }

    /// Bytes that the field takes.
    #[must_use]
    pub fn block_size(&self) -> usize {
        self.shape().size()
    }

    /// Replaces the value, in place where it fits the block. The expiry stays.
    pub fn set_value(&mut self, value: &[u8]) {
        let old = self.shape();
        let new = Shape { value: value.len(), ..old };
        if new.size() != old.size() || new.name_at() != old.name_at() || value.len() >= LONG_VALUE {
            *self = Self::with(self.name(), value, self.expire_ms());
            return;
        }
        let expire_ms = self.expire_ms();
        // SAFETY: the block has the same size for the new shape, whose name stands where it did, and `value` cannot
        // overlap what `&mut self` owns.
        unsafe {
            new.write_header(self.0, expire_ms);
            let at = new.name_at() + new.name;
            self.0.add(at).copy_from_nonoverlapping(NonNull::from(value).cast(), value.len());
        }
    }
}

impl Drop for Field {
    fn drop(&mut self) {
        // SAFETY: the block was allocated with the layout of this shape, which `set_value` keeps.
        unsafe { dealloc(self.0.as_ptr(), self.shape().layout()) };
    }
}

// SAFETY: a field is one non-null pointer to a block of alignment 8, below 2^48 as user addresses are.
unsafe impl Item for Field {
    fn into_raw(self) -> *mut u8 {
        let raw = self.0.as_ptr();
        std::mem::forget(self);
        raw
    }

    unsafe fn from_raw(raw: *mut u8) -> Self {
        // SAFETY: by this function's contract `raw` came out of `into_raw`.
        Self(unsafe { NonNull::new_unchecked(raw) })
    }

    fn key(&self) -> &[u8] {
        self.name()
    }

    fn times(&self) -> Times {
        Times { expires: self.expire_ms().is_some(), parts: false }
    }
}
