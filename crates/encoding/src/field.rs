//! A field of a large hash, or without a value a member of a large set: name and value in one allocation, one pointer
//! wide.
//!
//! ```text
//!   0      1      2      4
//!   flags  nlen   vlen   [expire] [nlen32] [vlen32] name value
//!   u8     u8     u16     i64      u32      u32
//! ```
//! `expire` (unix ms) stands there only with the flag `EXPIRES`.
//! `nlen` 255 and `vlen` 65,535 mean that the longer form follows. The block is as large as its size class, and a
//! value that fits is replaced in place.

use crate::table::{Item, Times};
use redstart_sys::alloc::size_class;
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr::NonNull;

const EXPIRES: u8 = 1;
const LONG_NAME: u8 = u8::MAX;
const LONG_VALUE: u16 = u16::MAX;

#[repr(C)]
struct Header {
    flags: u8,
    nlen: u8,
    vlen: u16,
}

const HEADER: usize = size_of::<Header>();

/// An owned field. See the module's story.
pub struct Field(NonNull<Header>);

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
    fn lengths_at(self) -> usize {
        HEADER + if self.expires { 8 } else { 0 }
    }

    #[inline]
    fn name_at(self) -> usize {
        let long_name = if self.name >= usize::from(LONG_NAME) { 4 } else { 0 };
        let long_value = if self.value >= usize::from(LONG_VALUE) { 4 } else { 0 };
        self.lengths_at() + long_name + long_value
    }

    #[inline]
    fn size(self) -> usize {
        size_class((self.name_at() + self.name + self.value).max(16))
    }

    #[inline]
    fn layout(self) -> Layout {
        Layout::from_size_align(self.size(), 16).expect("two bulk lengths stay far below isize::MAX")
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
        let fits = "bulks are bounded by proto-max-bulk-len, which is below 4 GiB";
        let (name_length, value_length) =
            (u32::try_from(shape.name).expect(fits), u32::try_from(shape.value).expect(fits));
        let layout = shape.layout();
        // SAFETY: the layout is at least 16 bytes, and every write lies within it as `Shape::size` adds up the parts.
        unsafe {
            let Some(block) = NonNull::new(alloc(layout)) else { handle_alloc_error(layout) };
            block.cast::<Header>().write(Header {
                flags: if shape.expires { EXPIRES } else { 0 },
                nlen: name_length.min(u32::from(LONG_NAME)) as u8,
                vlen: value_length.min(u32::from(LONG_VALUE)) as u16,
            });
            if let Some(expire) = expire_ms {
                block.add(HEADER).cast::<i64>().write_unaligned(expire);
            }
            let mut at = shape.lengths_at();
            if shape.name >= usize::from(LONG_NAME) {
                block.add(at).cast::<u32>().write_unaligned(name_length);
                at += 4;
            }
            if shape.value >= usize::from(LONG_VALUE) {
                block.add(at).cast::<u32>().write_unaligned(value_length);
                at += 4;
            }
            block.add(at).copy_from_nonoverlapping(NonNull::from(name).cast(), name.len());
            block.add(at + name.len()).copy_from_nonoverlapping(NonNull::from(value).cast(), value.len());
            Self(block.cast())
        }
    }

    #[inline]
    fn shape(&self) -> Shape {
        // SAFETY: the block begins with its header.
        let header = unsafe { self.0.as_ref() };
        let expires = header.flags & EXPIRES != 0;
        let mut shape = Shape { expires, name: usize::from(header.nlen), value: usize::from(header.vlen) };
        let mut at = shape.lengths_at();
        if header.nlen == LONG_NAME {
            // SAFETY: the header says that a u32 stands here.
            shape.name = unsafe { self.0.cast::<u8>().add(at).cast::<u32>().read_unaligned() } as usize;
            at += 4;
        }
        if header.vlen == LONG_VALUE {
            // SAFETY: the header says that a u32 stands here.
            shape.value = unsafe { self.0.cast::<u8>().add(at).cast::<u32>().read_unaligned() } as usize;
        }
        shape
    }

    #[inline]
    fn slice(&self, at: usize, length: usize) -> &[u8] {
        // SAFETY: callers pass ranges of the block's own shape, all of it written.
        unsafe { std::slice::from_raw_parts(self.0.cast::<u8>().add(at).as_ptr(), length) }
    }

    /// The name.
    #[inline]
    #[must_use]
    pub fn name(&self) -> &[u8] {
        let shape = self.shape();
        self.slice(shape.name_at(), shape.name)
    }

    /// The value.
    #[inline]
    #[must_use]
    pub fn value(&self) -> &[u8] {
        let shape = self.shape();
        self.slice(shape.name_at() + shape.name, shape.value)
    }

    /// When the field expires, in unix milliseconds.
    #[inline]
    #[must_use]
    pub fn expire_ms(&self) -> Option<i64> {
        // SAFETY: the block begins with its header.
        if unsafe { self.0.as_ref() }.flags & EXPIRES == 0 {
            return None;
        }
        // SAFETY: with the flag eight bytes after the header hold the time.
        Some(unsafe { self.0.cast::<u8>().add(HEADER).cast::<i64>().read_unaligned() })
    }

    /// Sets or removes the expiry. Moves the block if it had none or loses it.
    pub fn set_expire_ms(&mut self, expire_ms: Option<i64>) {
        match (self.expire_ms(), expire_ms) {
            // SAFETY: with the flag eight bytes after the header hold the time.
            (Some(_), Some(at)) => unsafe { self.0.cast::<u8>().add(HEADER).cast::<i64>().write_unaligned(at) },
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
        if new.size() != old.size() || new.name_at() != old.name_at() || value.len() >= usize::from(LONG_VALUE) {
            *self = Self::with(self.name(), value, self.expire_ms());
            return;
        }
        // SAFETY: the block has the same size for the new shape, and `value` cannot overlap what `&mut self` owns.
        unsafe {
            self.0.as_mut().vlen = value.len() as u16;
            let at = new.name_at() + new.name;
            self.0.cast::<u8>().add(at).copy_from_nonoverlapping(NonNull::from(value).cast(), value.len());
        }
    }
}

impl Drop for Field {
    fn drop(&mut self) {
        // SAFETY: the block was allocated with the layout of this shape, which `set_value` keeps.
        unsafe { dealloc(self.0.as_ptr().cast(), self.shape().layout()) };
    }
}

// SAFETY: a field is one non-null pointer to a block of alignment 16, below 2^48 as user addresses are.
unsafe impl Item for Field {
    fn into_raw(self) -> *mut u8 {
        let raw = self.0.as_ptr().cast();
        std::mem::forget(self);
        raw
    }

    unsafe fn from_raw(raw: *mut u8) -> Self {
        // SAFETY: by this function's contract `raw` came out of `into_raw`.
        Self(unsafe { NonNull::new_unchecked(raw.cast()) })
    }

    fn key(&self) -> &[u8] {
        self.name()
    }

    fn times(&self) -> Times {
        Times { expires: self.expire_ms().is_some(), parts: false }
    }
}
