//! A key with its value: one allocation, and the table's word points straight at it.
//!
//! ```text
//!   0        4      5      6        8          16         24         32
//!   lru|flags kind   klen   vlen    [expire]   [parts]    [word]     [klen32] key [inline value]
//!   u32       u8     u8     u16      i64        i64        u64        u32
//! ```
//! - `expire` (unix ms) stands there only with `EXPIRES`; `parts`, before which no part of the collection expires, only
//!   with `PARTS`; `word` only for kinds that use it: an integer, or the one
//!   pointer of a larger value. Both stay 8-byte aligned, so a container can be borrowed in place.
//! - `klen` 255 means that `klen32` follows; an inline value (a string, or a small hash's listpack) has its length in
//!   `vlen`.
//! - The block is as large as its size class, and an inline value may grow and shrink within it.
//!
//! Invariant: the header alone determines the block's layout, because that is what it is freed with.

mod check;
mod kind;
pub mod members;
mod pack;
pub mod parts;

use crate::array::Array;
use crate::hash::hash;
use crate::intset::IntSet;
use crate::listpack::{Listpack, Pack};
use crate::object::{FieldTable, Object, Text, word_pointer};
use crate::quicklist::QuickList;
use crate::sorted::SortedSet;
use crate::stream::Stream;
use crate::table::{Item, Times};
use redstart_sys::alloc::size_class;
use redstart_sys::prefetch;
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error, realloc};
use std::cell::Cell;
use std::ptr::NonNull;

pub(crate) use kind::Kind;
pub use pack::PackMut;

const EXPIRES: u32 = 1 << 24;
const MARK: u32 = 1 << 25;
/// The value was changed by a command that edits strings, so that OBJECT ENCODING says `raw`, as Redis does.
const RAW: u32 = 1 << 26;
/// Parts of the collection expire.
const PARTS: u32 = 1 << 27;
const CLOCK: u32 = (1 << 24) - 1;

const LONG_KEY: u8 = 255;

/// Blocks up to this size hold a string value inside; larger strings get their own buffer, which can grow in place
/// and be taken over from the network without a copy.
pub const INLINE_MAX: usize = 512;

/// A listpack up to this size stands inside: beyond, changing it would move more than the allocation saves.
pub const SMALL_PACK: usize = 128;

#[repr(C)]
struct Header {
    bits: Cell<u32>,
    kind: Kind,
    klen: u8,
    vlen: u16,
}

const HEADER: usize = size_of::<Header>();

/// A value to be stored.
#[derive(Debug)]
pub enum Value<'a> {
    /// An integer, kept in eight bytes.
    Int(i64),
    /// A string, copied.
    Bytes(&'a [u8]),
    /// A string whose buffer is taken over where it is too long to stand inside.
    Owned(Vec<u8>),
    /// A collection.
    Object(Object),
    /// A small list, copied.
    List(&'a Pack),
}

impl From<Object> for Value<'_> {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

/// A value as it stands in an entry.
#[derive(Debug)]
pub enum ValueRef<'a> {
    /// An integer.
    Int(i64),
    /// A string; `raw` where Redis would not call it `embstr`.
    Bytes {
        /// The string.
        bytes: &'a [u8],
        /// See [`Entry::set_raw`].
        raw: bool,
    },
    /// A small hash.
    HashPack(&'a Pack),
    /// A small hash whose fields may expire: field, value, time (0 for none), field, value, time.
    HashPackTimed(&'a Pack),
    /// A large hash.
    HashTable(&'a FieldTable),
    /// A small list.
    ListPack(&'a Pack),
    /// A large list.
    QuickList(&'a QuickList),
    /// A small set.
    SetPack(&'a Pack),
    /// A small set of integers.
    IntSet(&'a IntSet),
    /// A large set.
    SetTable(&'a FieldTable),
    /// A small sorted set.
    SortedPack(&'a Pack),
    /// A large sorted set.
    SortedSet(&'a SortedSet),
    /// A stream.
    Stream(&'a Stream),
    /// A sparse array.
    Array(&'a Array),
}

/// A collection in place, to be changed.
#[derive(Debug)]
pub enum ObjectMut<'a> {
    /// A small hash.
    HashPack(PackMut<'a>),
    /// A small hash whose fields may expire.
    HashPackTimed(PackMut<'a>),
    /// A large hash.
    HashTable(&'a mut FieldTable),
    /// A small list.
    ListPack(PackMut<'a>),
    /// A large list.
    QuickList(&'a mut QuickList),
    /// A small set.
    SetPack(PackMut<'a>),
    /// A small set of integers.
    IntSet(&'a mut IntSet),
    /// A large set.
    SetTable(&'a mut FieldTable),
    /// A small sorted set.
    SortedPack(PackMut<'a>),
    /// A large sorted set.
    SortedSet(&'a mut SortedSet),
    /// A stream.
    Stream(&'a mut Stream),
    /// A sparse array.
    Array(&'a mut Array),
}

/// An owned entry: one pointer wide. It frees its block, and what the block points to, when it is dropped.
pub struct Entry(NonNull<Header>);

// SAFETY: an entry owns its block and all it points to; nothing of it is shared or tied to a thread.
unsafe impl Send for Entry {}

/// What decides a block's layout.
#[derive(Clone, Copy)]
struct Shape {
    kind: Kind,
    expires: bool,
    parts: bool,
    key: usize,
    inline: usize,
}

impl Shape {
    #[inline]
    fn parts_at(self) -> usize {
        HEADER + if self.expires { 8 } else { 0 }
    }

    #[inline]
    fn word_at(self) -> usize {
        self.parts_at() + if self.parts { 8 } else { 0 }
    }

    #[inline]
    fn key_at(self) -> usize {
        let word = if self.kind.has_word() { 8 } else { 0 };
        self.word_at() + word + if self.key >= usize::from(LONG_KEY) { 4 } else { 0 }
    }

    /// The bits of the header that say which times there are.
    #[inline]
    fn times(self) -> u32 {
        (if self.expires { EXPIRES } else { 0 }) | if self.parts { PARTS } else { 0 }
    }

    #[inline]
    fn size(self) -> usize {
        size_class(self.key_at() + self.key + self.inline)
    }

    #[inline]
    fn layout(self) -> Layout {
        Layout::from_size_align(self.size(), 8).expect("a key is at most u32::MAX bytes, far below isize::MAX")
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry").field("key", &self.key()).field("value", &self.value()).finish_non_exhaustive()
    }
}

impl Entry {
    /// Makes an entry. `expire_ms` is unix time in milliseconds.
    ///
    /// # Panics
    /// If the key is longer than `u32::MAX` bytes.
    #[must_use]
    pub fn new(key: &[u8], value: Value<'_>, expire_ms: Option<i64>) -> Self {
        let value = settle(value, HEADER + 8 + 4 + key.len());
        let (kind, inline): (Kind, &[u8]) = match &value {
            Settled::Inline(kind, bytes) => (*kind, bytes),
            Settled::Pack(kind, pack) => (*kind, pack.as_bytes()),
            Settled::Word(kind, _) => (*kind, &[]),
        };
        let (key_length, inline_length) = (key.len(), inline.len());
        let expires = expire_ms.is_some();
        let shape = Shape { kind, expires, parts: false, key: key_length, inline: inline_length };
        let mut entry = Self::allocate(shape, key);
        if let Some(at) = expire_ms {
            entry.write_expire(at);
        }
        match value {
            Settled::Inline(_, bytes) => entry.write_inline(&bytes),
            Settled::Pack(_, pack) => entry.write_inline(pack.as_bytes()),
            // SAFETY: the entry was made for this kind, and `settle` gave both together.
            Settled::Word(_, word) => unsafe { entry.write_word(word) },
        }
        entry
    }

    /// A block of `shape` with header and key written, value and expiry not yet.
    fn allocate(shape: Shape, key: &[u8]) -> Self {
        let long = shape.key >= usize::from(LONG_KEY);
        let length = u32::try_from(shape.key).expect("keys are bounded by proto-max-bulk-len, which is below 4 GiB");
        let layout = shape.layout();
        // SAFETY: the layout is not empty, as it holds the header; all writes below stay within `shape.size()`, as
        // `key_at` and `size` are computed from the same shape.
        unsafe {
            let block = alloc(layout);
            let Some(block) = NonNull::new(block) else { handle_alloc_error(layout) };
            let header = block.cast::<Header>();
            header.write(Header {
                bits: Cell::new(shape.times()),
                kind: shape.kind,
                klen: if long { LONG_KEY } else { length as u8 },
                vlen: shape.inline as u16,
            });
            let at = shape.key_at();
            if long {
                block.add(at - 4).cast::<u32>().write_unaligned(length);
            }
            block.add(at).copy_from_nonoverlapping(NonNull::from(key).cast(), key.len());
            Self(header)
        }
    }

    #[inline]
    fn header(&self) -> &Header {
        // SAFETY: the pointer is to a live block whose first bytes are the header.
        unsafe { self.0.as_ref() }
    }

    #[inline]
    fn header_mut(&mut self) -> &mut Header {
        // SAFETY: as in `header`; `&mut self` makes it exclusive.
        unsafe { self.0.as_mut() }
    }

    #[inline]
    fn add_bits(&self, more: u32) {
        let bits = &self.header().bits;
        bits.set(bits.get() | more);
    }

    #[inline]
    fn shape(&self) -> Shape {
        let header = self.header();
        let mut shape = Shape {
            kind: header.kind,
            expires: header.bits.get() & EXPIRES != 0,
            parts: header.bits.get() & PARTS != 0,
            key: usize::from(header.klen),
            inline: usize::from(header.vlen),
        };
        if header.klen == LONG_KEY {
            let at = shape.key_at() - 4;
            // SAFETY: with `LONG_KEY` the four bytes before the key hold its length.
            shape.key = unsafe { self.0.cast::<u8>().add(at).cast::<u32>().read_unaligned() } as usize;
        }
        shape
    }

    /// # Safety
    /// The range lies inside the block, and was written since the block was made.
    #[inline]
    unsafe fn slice(&self, at: usize, length: usize) -> &[u8] {
        // SAFETY: by this function's contract.
        unsafe { std::slice::from_raw_parts(self.0.cast::<u8>().add(at).as_ptr(), length) }
    }

    /// The value where it stands behind the key; nothing where the entry has a word.
    #[inline]
    fn inline(&self) -> &[u8] {
        let shape = self.shape();
        // SAFETY: the shape is the block's own, and every value behind the key is written where its length is.
        unsafe { self.slice(shape.key_at() + shape.key, shape.inline) }
    }

    /// The key.
    #[inline]
    #[must_use]
    pub fn key(&self) -> &[u8] {
        let shape = self.shape();
        // SAFETY: the shape is the block's own, whose key was written when it was made.
        unsafe { self.slice(shape.key_at(), shape.key) }
    }

    /// Bytes that this entry's own block takes (not what it points to).
    #[must_use]
    pub fn block_size(&self) -> usize {
        self.shape().size()
    }

    /// Whether the whole entry is past its time.
    #[inline]
    #[must_use]
    pub fn is_expired(&self, now_ms: i64) -> bool {
        self.expire_ms().is_some_and(|at_ms| at_ms < now_ms)
    }

    /// When the entry expires, in unix milliseconds.
    #[inline]
    #[must_use]
    pub fn expire_ms(&self) -> Option<i64> {
        if self.header().bits.get() & EXPIRES == 0 {
            return None;
        }
        // SAFETY: with `EXPIRES` the eight bytes after the header hold the time, aligned.
        Some(unsafe { self.0.cast::<u8>().add(HEADER).cast::<i64>().read() })
    }

    #[inline]
    fn write_expire(&mut self, at: i64) {
        assert!(self.header().bits.get() & EXPIRES != 0, "the block has no room for a time");
        // SAFETY: the block was made with room for it, as the flag says.
        unsafe { self.0.cast::<u8>().add(HEADER).cast::<i64>().write(at) }
    }

    /// Sets or removes the expiry. Moves the block if it had none or loses it.
    pub fn set_expire_ms(&mut self, expire_ms: Option<i64>) {
        match (self.expire_ms(), expire_ms) {
            (Some(_), Some(at)) => self.write_expire(at),
            (None, None) => {}
            _ => self.rebuild(expire_ms, self.parts_expire_ms()),
        }
    }

    /// A time before which no part of the collection expires, in unix milliseconds; `None` where none ever does.
    #[inline]
    #[must_use]
    pub fn parts_expire_ms(&self) -> Option<i64> {
        if self.header().bits.get() & PARTS == 0 {
            return None;
        }
        let at = self.shape().parts_at();
        // SAFETY: with `PARTS` the eight bytes there hold the time, aligned.
        Some(unsafe { self.0.cast::<u8>().add(at).cast::<i64>().read() })
    }

    fn write_parts_expire(&mut self, at_ms: i64) {
        let at = self.shape().parts_at();
        assert!(self.header().bits.get() & PARTS != 0, "the block has no room for the parts' time");
        // SAFETY: the block was made with room for it, as the flag says.
        unsafe { self.0.cast::<u8>().add(at).cast::<i64>().write(at_ms) }
    }

    /// Sets or removes the time before which no part expires. Moves the block if it had none or loses it.
    pub fn set_parts_expire_ms(&mut self, at_ms: Option<i64>) {
        match (self.parts_expire_ms(), at_ms) {
            (Some(_), Some(at)) => self.write_parts_expire(at),
            (None, None) => {}
            _ => self.rebuild(self.expire_ms(), at_ms),
        }
    }

    /// Moves everything to a block with or without room for the times.
    fn rebuild(&mut self, expire_ms: Option<i64>, parts_ms: Option<i64>) {
        let old = self.shape();
        let shape = Shape { expires: expire_ms.is_some(), parts: parts_ms.is_some(), ..old };
        let mut new = Self::allocate(shape, self.key());
        new.header().bits.set((self.header().bits.get() & !(EXPIRES | PARTS)) | shape.times());
        if let Some(at) = expire_ms {
            new.write_expire(at);
        }
        if let Some(at) = parts_ms {
            new.write_parts_expire(at);
        }
        if !old.kind.has_word() {
            new.write_inline(self.inline());
        } else {
            // SAFETY: both kinds are the same and have a word. It moves over: the old block must not free what it points to.
            unsafe { new.write_word(self.word()) };
            self.header_mut().kind = Kind::Int;
        }
        *self = new;
    }

    /// Memory holds the word as a pointer, so that a container borrowed in place is one; the integers of the numeric
    /// kind are pointers to nothing.
    ///
    /// # Safety
    /// The entry's kind has a word, and it was written.
    #[inline]
    unsafe fn word(&self) -> u64 {
        let at = self.shape().word_at();
        debug_assert!(self.header().kind.has_word());
        // SAFETY: a kind with a word has eight aligned bytes there.
        unsafe { self.0.cast::<u8>().add(at).cast::<*mut u8>().read() }.expose_provenance() as u64
    }

    /// # Safety
    /// The entry's kind has a word, and `word` is what the kind says: the entry owns it from here on. Whatever the old word
    /// owned is forgotten.
    #[inline]
    unsafe fn write_word(&mut self, word: u64) {
        let at = self.shape().word_at();
        debug_assert!(self.header().kind.has_word());
        // SAFETY: a kind with a word has eight aligned bytes there.
        unsafe { self.0.cast::<u8>().add(at).cast::<*mut u8>().write(word_pointer(word)) }
    }

    /// A reference to the word, seen as the one-pointer type it holds.
    ///
    /// # Safety
    /// The entry's kind is one whose word holds a `T`.
    #[inline]
    unsafe fn word_as<T>(&self) -> &T {
        const { assert!(size_of::<T>() == 8 && align_of::<T>() <= 8) };
        let at = self.shape().word_at();
        // SAFETY: by this function's contract; the word is aligned and lives as long as self.
        unsafe { self.0.cast::<u8>().add(at).cast::<T>().as_ref() }
    }

    /// # Safety
    /// As for [`Entry::word_as`].
    #[inline]
    unsafe fn word_as_mut<T>(&mut self) -> &mut T {
        const { assert!(size_of::<T>() == 8 && align_of::<T>() <= 8) };
        let at = self.shape().word_at();
        // SAFETY: as in `word_as`; `&mut self` makes it exclusive.
        unsafe { self.0.cast::<u8>().add(at).cast::<T>().as_mut() }
    }

    fn write_inline(&mut self, bytes: &[u8]) {
        let shape = self.shape();
        assert!(!shape.kind.has_word() && shape.inline == bytes.len(), "the block has room for another value");
        let at = shape.key_at() + shape.key;
        // SAFETY: the block has room for `vlen` bytes after the key; `bytes` cannot overlap a block behind `&mut self`.
        unsafe {
            self.0.cast::<u8>().add(at).copy_from_nonoverlapping(NonNull::from(bytes).cast(), bytes.len());
        }
    }

    /// About how many steps it takes to free the value: one for each of its allocations.
    #[must_use]
    pub fn free_effort(&self) -> usize {
        match self.header().kind {
            Kind::HashTable | Kind::SetTable | Kind::QuickList | Kind::SortedSet | Kind::Stream | Kind::Array => {}
            _ => return 1,
        }
        match self.value() {
            ValueRef::HashTable(table) | ValueRef::SetTable(table) => table.len(),
            ValueRef::QuickList(list) => list.node_count(),
            ValueRef::SortedSet(set) => set.len(),
            ValueRef::Stream(stream) => stream.free_effort(),
            ValueRef::Array(array) => array.page_count(),
            _ => 1,
        }
    }

    /// The value.
    #[inline]
    #[must_use]
    pub fn value(&self) -> ValueRef<'_> {
        // SAFETY: each arm names the type that the word of its kind holds (`Object::into_word`).
        unsafe {
            match self.header().kind {
                Kind::Inline => {
                    let bytes = self.inline();
                    ValueRef::Bytes { bytes, raw: self.header().bits.get() & RAW != 0 || bytes.len() > 44 }
                }
                Kind::Int => ValueRef::Int(self.word().cast_signed()),
                Kind::Text => {
                    let bytes = self.word_as::<Text>().as_slice();
                    ValueRef::Bytes { bytes, raw: self.header().bits.get() & RAW != 0 || bytes.len() > 44 }
                }
                Kind::HashPack | Kind::SmallHashPack => ValueRef::HashPack(self.pack()),
                Kind::HashPackTimed | Kind::SmallHashPackTimed => ValueRef::HashPackTimed(self.pack()),
                Kind::HashTable => ValueRef::HashTable(self.word_as::<Box<FieldTable>>()),
                Kind::ListPack | Kind::SmallListPack => ValueRef::ListPack(self.pack()),
                Kind::QuickList => ValueRef::QuickList(self.word_as::<Box<QuickList>>()),
                Kind::SetPack | Kind::SmallSetPack => ValueRef::SetPack(self.pack()),
                Kind::IntSet => ValueRef::IntSet(self.word_as::<IntSet>()),
                Kind::SetTable => ValueRef::SetTable(self.word_as::<Box<FieldTable>>()),
                Kind::SortedPack | Kind::SmallSortedPack => ValueRef::SortedPack(self.pack()),
                Kind::SortedSet => ValueRef::SortedSet(self.word_as::<Box<SortedSet>>()),
                Kind::Stream => ValueRef::Stream(self.word_as::<Box<Stream>>()),
                Kind::Array => ValueRef::Array(self.word_as::<Box<Array>>()),
            }
        }
    }

    /// The collection in place; `None` for strings.
    #[inline]
    pub fn object_mut(&mut self) -> Option<ObjectMut<'_>> {
        // SAFETY: as in `value`.
        Some(unsafe {
            match self.header().kind {
                Kind::Inline | Kind::Int | Kind::Text => return None,
                Kind::HashPack | Kind::SmallHashPack => ObjectMut::HashPack(PackMut::new(self)),
                Kind::HashPackTimed | Kind::SmallHashPackTimed => ObjectMut::HashPackTimed(PackMut::new(self)),
                Kind::HashTable => ObjectMut::HashTable(self.word_as_mut::<Box<FieldTable>>()),
                Kind::ListPack | Kind::SmallListPack => ObjectMut::ListPack(PackMut::new(self)),
                Kind::QuickList => ObjectMut::QuickList(self.word_as_mut::<Box<QuickList>>()),
                Kind::SetPack | Kind::SmallSetPack => ObjectMut::SetPack(PackMut::new(self)),
                Kind::IntSet => ObjectMut::IntSet(self.word_as_mut::<IntSet>()),
                Kind::SetTable => ObjectMut::SetTable(self.word_as_mut::<Box<FieldTable>>()),
                Kind::SortedPack | Kind::SmallSortedPack => ObjectMut::SortedPack(PackMut::new(self)),
                Kind::SortedSet => ObjectMut::SortedSet(self.word_as_mut::<Box<SortedSet>>()),
                Kind::Stream => ObjectMut::Stream(self.word_as_mut::<Box<Stream>>()),
                Kind::Array => ObjectMut::Array(self.word_as_mut::<Box<Array>>()),
            }
        })
    }

    /// Replaces a collection by another, or by another encoding of it, in place.
    ///
    /// # Panics
    /// If the entry holds a string.
    pub fn set_object(&mut self, object: Object) {
        let string = matches!(self.header().kind, Kind::Inline | Kind::Int | Kind::Text);
        assert!(!string, "a collection replaces a collection");
        self.replace_object(object);
    }

    /// The listpack, wherever it stands.
    #[inline]
    fn pack(&self) -> &Pack {
        if self.header().kind.is_small_pack() { self.small_pack() } else { self.heap_pack() }
    }

    #[inline]
    fn heap_pack(&self) -> &Listpack {
        assert!(self.header().kind.inside().is_some(), "the value is no listpack");
        // SAFETY: the word of every kind that can stand inside is a listpack.
        unsafe { self.word_as() }
    }

    #[inline]
    fn heap_pack_mut(&mut self) -> &mut Listpack {
        assert!(self.header().kind.inside().is_some(), "the value is no listpack");
        // SAFETY: as in `heap_pack`.
        unsafe { self.word_as_mut() }
    }

    /// The listpack behind the key.
    #[inline]
    fn small_pack(&self) -> &Pack {
        debug_assert!(self.header().kind.is_small_pack());
        Pack::new(self.inline())
    }

    #[inline]
    fn small_pack_mut(&mut self) -> &mut [u8] {
        let shape = self.shape();
        debug_assert!(shape.kind.is_small_pack());
        let at = shape.key_at() + shape.key;
        // SAFETY: the block has `vlen` written bytes behind the key (none where it has a word), and `&mut self` makes the
        // borrow exclusive.
        unsafe { std::slice::from_raw_parts_mut(self.0.cast::<u8>().add(at).as_ptr(), shape.inline) }
    }

    /// Gives the listpack behind the key room for `length` bytes (at most [`SMALL_PACK`]), and lends them; new ones are
    /// zero. Moves the block where its size class changes.
    #[inline]
    fn resize_small_pack(&mut self, length: usize) -> &mut [u8] {
        let old = self.shape();
        assert!(old.kind.is_small_pack() && length <= SMALL_PACK, "a small listpack stands behind the key");
        let new = Shape { inline: length, ..old };
        // SAFETY: the shape is the entry's own, a listpack behind the key; its length follows at once, in a block of the size
        // that this length has.
        unsafe {
            if new.size() != old.size() {
                self.move_block(old, new);
            }
            self.resize_inline(length)
        }
    }

    /// Moves the block to one for another length of the inline value, which the caller sets next.
    ///
    /// # Safety
    /// `old` is the entry's shape. The caller sets the length of `new` before anything else is done with the entry.
    unsafe fn move_block(&mut self, old: Shape, new: Shape) {
        // SAFETY: the block was allocated with the layout of `old`, and the new size is that of a valid layout.
        let moved = unsafe { realloc(self.0.as_ptr().cast(), old.layout(), new.size()) };
        let Some(block) = NonNull::new(moved.cast::<Header>()) else { handle_alloc_error(new.layout()) };
        self.0 = block;
    }

    /// Puts a changed listpack back: inside, where it stays or becomes small enough.
    fn put_small_pack(&mut self, pack: Listpack) {
        let old = self.shape();
        debug_assert!(old.kind.is_small_pack());
        if pack.byte_len() <= SMALL_PACK && (Shape { inline: pack.byte_len(), ..old }).size() == old.size() {
            self.header_mut().vlen = pack.byte_len() as u16;
            self.write_inline(pack.as_bytes());
        } else {
            self.replace_object(Object::of_pack(old.kind.outside(), pack));
        }
    }

    /// Bytes that the value takes outside of the entry's own block, where it is a listpack.
    #[must_use]
    pub fn pack_size(&self) -> usize {
        match self.header().kind {
            kind if kind.inside().is_some() => size_class(self.heap_pack().byte_len()),
            _ => 0,
        }
    }

    /// Takes the value out, leaving some string in its place.
    #[must_use]
    pub fn take_value(&mut self) -> Taken {
        match self.header().kind {
            Kind::Inline => {
                let ValueRef::Bytes { bytes, .. } = self.value() else { unreachable!("inline values are strings") };
                return Taken::Bytes(bytes.to_vec());
            }
            kind if kind.is_small_pack() => {
                return Taken::Object(Object::of_pack(kind.outside(), Listpack::copy_of(self.small_pack())));
            }
            _ => {}
        }
        let kind = self.header().kind;
        // SAFETY: what does not stand behind the key is a word. It held what its kind says, and is given up for an integer.
        unsafe {
            let word = self.word();
            self.header_mut().kind = Kind::Int;
            self.write_word(0);
            own_word(kind, word)
        }
    }

    /// Sets the value, keeping key, expiry, clock and mark. Stays in its block where it can.
    #[inline]
    pub fn set_value(&mut self, value: Value<'_>) {
        if let (Kind::Inline, Value::Bytes(bytes)) = (self.header().kind, &value) {
            let old = self.shape();
            let new = Shape { inline: bytes.len(), ..old };
            if bytes.len() <= INLINE_MAX && new.size() == old.size() {
                let header = self.header_mut();
                header.vlen = bytes.len() as u16;
                header.bits.set(header.bits.get() & !RAW);
                self.write_inline(bytes);
                return;
            }
        }
        self.replace(value);
    }

    fn replace(&mut self, value: Value<'_>) {
        if let (Kind::Int, Value::Int(number)) = (self.header().kind, &value) {
            // SAFETY: the kind is the integer's, before and after.
            unsafe { self.write_word(number.cast_unsigned()) };
            return;
        }
        let new = Self::new(self.key(), value, self.expire_ms());
        new.header().bits.set(self.header().bits.get() & !(RAW | PARTS));
        *self = new;
    }

    /// Another encoding: what expires in it still does.
    fn replace_object(&mut self, object: Object) {
        let parts_ms = self.parts_expire_ms();
        self.replace(Value::Object(object));
        self.set_parts_expire_ms(parts_ms);
    }

    /// Grows or shrinks a string to `length` bytes (new ones are zero), and lends it to be edited. Integers become
    /// their digits. Marks the string `raw`.
    ///
    /// # Panics
    /// If the entry holds a collection.
    pub fn edit_string(&mut self, length: usize) -> &mut [u8] {
        let shape = self.shape();
        let inside = shape.kind == Kind::Inline && length <= INLINE_MAX;
        let fits = inside && Shape { inline: length, ..shape }.size() == shape.size();
        if !fits && shape.kind != Kind::Text {
            let mut bytes = match self.value() {
                ValueRef::Int(number) => itoa::Buffer::new().format(number).as_bytes().to_vec(),
                ValueRef::Bytes { bytes, .. } => {
                    // Some room beyond what is asked for: who edits once will edit again.
                    let mut copy = Vec::with_capacity(if length > INLINE_MAX { length + length / 2 } else { length });
                    copy.extend_from_slice(&bytes[..bytes.len().min(length)]);
                    copy
                }
                _ => panic!("only strings are edited as strings"),
            };
            bytes.resize(length, 0);
            self.replace(Value::Owned(bytes));
        }
        self.add_bits(RAW);
        match self.header().kind {
            Kind::Text => {
                // SAFETY: the kind was just looked at.
                let text = unsafe { self.word_as_mut::<Text>() }.vec_mut();
                text.resize(length, 0);
                text
            }
            // SAFETY: an inline string remains only where `fits` found the length in the block's size class; all others were
            // replaced by one of that length.
            _ => unsafe { self.resize_inline(length) },
        }
    }

    /// The bytes of a string with a buffer of its own, to be changed in their places.
    #[inline]
    pub fn text_mut(&mut self) -> Option<&mut [u8]> {
        // SAFETY: asked for only where the kind is this.
        (self.header().kind == Kind::Text).then(|| unsafe { self.word_as_mut::<Text>() }.vec_mut().as_mut_slice())
    }

    /// # Safety
    /// The value stands behind the key, and the block has room for one of `length` bytes. Its size class is the same with
    /// that length, since the header is all that says how it is freed.
    unsafe fn resize_inline(&mut self, length: usize) -> &mut [u8] {
        let shape = self.shape();
        debug_assert!(!shape.kind.has_word());
        self.header_mut().vlen = length as u16;
        let at = shape.key_at() + shape.key;
        // SAFETY: by this function's contract the new length lies in the same block; the bytes beyond
        // the old length are written before they are lent.
        unsafe {
            let start = self.0.cast::<u8>().add(at);
            if length > shape.inline {
                start.add(shape.inline).write_bytes(0, length - shape.inline);
            }
            std::slice::from_raw_parts_mut(start.as_ptr(), length)
        }
    }

    /// The integer in place, to be changed.
    #[inline]
    pub fn int_mut(&mut self) -> Option<&mut i64> {
        // SAFETY: asked for only where the kind is this.
        (self.header().kind == Kind::Int).then(|| unsafe { self.word_as_mut::<i64>() })
    }

    /// Says that Redis would call this string `raw` whatever its length.
    pub fn set_raw(&mut self) {
        self.add_bits(RAW);
    }

    /// The 24 bits of the access clock (LRU seconds, or LFU minutes and counter).
    #[inline]
    #[must_use]
    pub fn clock(&self) -> u32 {
        self.header().bits.get() & CLOCK
    }

    /// Sets the access clock, of which 24 bits are kept. The entry stays where it is, so a shared borrow is enough, and a
    /// guard of the table has nothing to put back after a read.
    #[inline]
    pub fn set_clock(&self, clock: u32) {
        let old = &self.header().bits;
        let bits = (old.get() & !CLOCK) | (clock & CLOCK);
        // A write only where something changes: reads of hot keys then leave the line clean.
        if bits != old.get() {
            old.set(bits);
        }
    }

    /// The snapshot mark: which epoch's snapshot has this entry.
    #[inline]
    #[must_use]
    pub fn mark(&self) -> bool {
        self.header().bits.get() & MARK != 0
    }

    /// Sets the snapshot mark, which moves nothing either.
    #[inline]
    pub fn set_mark(&self, mark: bool) {
        let bits = &self.header().bits;
        bits.set(if mark { bits.get() | MARK } else { bits.get() & !MARK });
    }

    /// The same value, expiry and clock under another key; what the value points to moves over.
    #[must_use]
    pub fn with_key(mut self, key: &[u8]) -> Self {
        let (expire_ms, parts_ms, bits) = (self.expire_ms(), self.parts_expire_ms(), self.header().bits.get());
        let mut renamed = Self::new(key, self.take_value().into_value(), expire_ms);
        renamed.header().bits.set(bits & !PARTS);
        renamed.set_parts_expire_ms(parts_ms);
        renamed
    }

    /// A copy of the value, expiry and clock under another key.
    #[must_use]
    pub fn copy_as(&self, key: &[u8]) -> Self {
        let value = match self.value() {
            ValueRef::Int(number) => Value::Int(number),
            ValueRef::Bytes { bytes, .. } => Value::Bytes(bytes),
            ValueRef::HashPack(pack) => Object::HashPack(Listpack::copy_of(pack)).into(),
            ValueRef::HashPackTimed(pack) => Object::HashPackTimed(Listpack::copy_of(pack)).into(),
            ValueRef::HashTable(table) => Object::HashTable(Box::new(table.copy())).into(),
            ValueRef::ListPack(pack) => Object::ListPack(Listpack::copy_of(pack)).into(),
            ValueRef::QuickList(list) => Object::QuickList(Box::new(list.copy())).into(),
            ValueRef::SetPack(pack) => Object::SetPack(Listpack::copy_of(pack)).into(),
            ValueRef::IntSet(set) => Object::IntSet(set.clone()).into(),
            ValueRef::SetTable(table) => Object::SetTable(Box::new(table.copy())).into(),
            ValueRef::SortedPack(pack) => Object::SortedPack(Listpack::copy_of(pack)).into(),
            ValueRef::SortedSet(set) => Object::SortedSet(Box::new(set.copy())).into(),
            ValueRef::Stream(stream) => Object::Stream(Box::new(stream.copy())).into(),
            ValueRef::Array(array) => Object::Array(Box::new(array.copy())).into(),
        };
        let mut copy = Self::new(key, value, self.expire_ms());
        copy.header().bits.set(self.header().bits.get() & !PARTS);
        copy.set_parts_expire_ms(self.parts_expire_ms());
        copy
    }

    /// The key's hash, computed.
    #[must_use]
    pub fn hash(&self) -> u64 {
        hash(self.key())
    }
}

/// A value taken out of an entry.
#[derive(Debug)]
pub enum Taken {
    /// An integer.
    Int(i64),
    /// A string.
    Bytes(Vec<u8>),
    /// A collection.
    Object(Object),
}

impl Taken {
    /// The value, ready to be stored again.
    #[must_use]
    pub fn into_value(self) -> Value<'static> {
        match self {
            Self::Int(number) => Value::Int(number),
            Self::Bytes(bytes) => Value::Owned(bytes),
            Self::Object(object) => Value::Object(object),
        }
    }
}

/// A value with its place decided.
enum Settled<'a> {
    Inline(Kind, std::borrow::Cow<'a, [u8]>),
    Pack(Kind, Listpack),
    Word(Kind, u64),
}

/// Decides where a value stands, given the bytes that the rest of the entry needs at most.
fn settle(value: Value<'_>, rest: usize) -> Settled<'_> {
    let inside = |length: usize| rest + length <= INLINE_MAX || length == 0;
    match value {
        Value::Int(number) => Settled::Word(Kind::Int, number.cast_unsigned()),
        Value::Bytes(bytes) if inside(bytes.len()) => Settled::Inline(Kind::Inline, bytes.into()),
        Value::Bytes(bytes) => Settled::Word(Kind::Text, Text::new(bytes.to_vec()).into_word()),
        Value::Owned(bytes) if inside(bytes.len()) => Settled::Inline(Kind::Inline, bytes.into()),
        Value::Owned(bytes) => Settled::Word(Kind::Text, Text::new(bytes).into_word()),
        Value::List(pack) if pack.byte_len() <= SMALL_PACK => {
            Settled::Inline(Kind::SmallListPack, pack.as_bytes().into())
        }
        Value::List(pack) => {
            let (kind, word) = Object::ListPack(Listpack::copy_of(pack)).into_word();
            Settled::Word(kind, word)
        }
        Value::Object(object) => match object.into_small(SMALL_PACK) {
            Ok((kind, pack)) => Settled::Pack(kind, pack),
            Err(object) => {
                let (kind, word) = object.into_word();
                Settled::Word(kind, word)
            }
        },
    }
}

/// Takes over what a word owns.
///
/// # Safety
/// The word must hold what `kind` says, and must not be used afterwards.
unsafe fn own_word(kind: Kind, word: u64) -> Taken {
    match kind {
        Kind::Int => Taken::Int(word.cast_signed()),
        // SAFETY: by this function's contract.
        Kind::Text => Taken::Bytes(unsafe { Text::from_word(word) }.into_vec()),
        // SAFETY: by this function's contract.
        _ => Taken::Object(unsafe { Object::from_word(kind, word) }),
    }
}

impl Drop for Entry {
    #[inline]
    fn drop(&mut self) {
        let shape = self.shape();
        if shape.kind.owns() {
            // SAFETY: the entry is going away; nobody can reach its word any more.
            drop(unsafe { own_word(shape.kind, self.word()) });
        }
        // SAFETY: the block was allocated with the layout of this very shape: whoever changes the header in place
        // keeps `Shape::size` as it was.
        unsafe { dealloc(self.0.as_ptr().cast(), shape.layout()) };
    }
}

// SAFETY: an entry is one non-null pointer to a block of alignment 8, below 2^48 as user addresses are.
unsafe impl Item for Entry {
    #[inline]
    fn into_raw(self) -> *mut u8 {
        let raw = self.0.as_ptr().cast();
        std::mem::forget(self);
        raw
    }

    #[inline]
    unsafe fn from_raw(raw: *mut u8) -> Self {
        // SAFETY: by this function's contract `raw` came out of `into_raw`.
        Self(unsafe { NonNull::new_unchecked(raw.cast()) })
    }

    #[inline]
    fn key(&self) -> &[u8] {
        self.key()
    }

    #[inline]
    fn times(&self) -> Times {
        let bits = self.header().bits.get();
        Times { expires: bits & EXPIRES != 0, parts: bits & PARTS != 0 }
    }

    #[inline]
    fn prefetch_inside(&self) {
        if self.header().kind.owns() {
            // SAFETY: a kind that owns something has a word.
            let start = word_pointer(unsafe { self.word() }).cast_const();
            prefetch::read(start);
            prefetch::read(start.wrapping_add(64));
        }
    }
}
