//! What an entry's one pointer can own: a long string, or a collection in one of its encodings.

use crate::array::Array;
use crate::entry::Kind;
use crate::field::Field;
use crate::hash::hash;
use crate::intset::IntSet;
use crate::listpack::Listpack;
use crate::quicklist::QuickList;
use crate::sorted::SortedSet;
use crate::stream::Stream;
use crate::table::Table;
use std::ptr::NonNull;

/// A hash as a table of fields (OBJECT ENCODING `hashtable`).
pub type FieldTable = Table<Field>;

impl FieldTable {
    /// A table with copies of all fields.
    #[must_use]
    pub fn copy(&self) -> Self {
        let mut copy = Self::new();
        for field in self.iter() {
            copy.insert(hash(field.name()), Field::with(field.name(), field.value(), field.expire_ms()));
        }
        copy
    }
}

/// A pointer as a word, its provenance exposed for the way back.
pub(crate) fn pointer_word<T>(pointer: *mut T) -> u64 {
    pointer.expose_provenance() as u64
}

/// The way back from [`pointer_word`].
#[inline]
pub(crate) fn word_pointer(word: u64) -> *mut u8 {
    std::ptr::with_exposed_provenance_mut(word as usize)
}

/// A collection, owned.
#[derive(Debug)]
pub enum Object {
    /// A small hash: field, value, field, value.
    HashPack(Listpack),
    /// A small hash whose fields may expire: field, value, time (0 for none), field, value, time.
    HashPackTimed(Listpack),
    /// A large hash.
    HashTable(Box<FieldTable>),
    /// A small list.
    ListPack(Listpack),
    /// A large list.
    QuickList(Box<QuickList>),
    /// A small set.
    SetPack(Listpack),
    /// A small set of integers.
    IntSet(IntSet),
    /// A large set: its members are fields without values.
    SetTable(Box<FieldTable>),
    /// A small sorted set: member, score, member, score.
    SortedPack(Listpack),
    /// A large sorted set.
    SortedSet(Box<SortedSet>),
    /// A stream.
    Stream(Box<Stream>),
    /// A sparse array.
    Array(Box<Array>),
}

fn boxed_word<T>(boxed: Box<T>) -> u64 {
    pointer_word(Box::into_raw(boxed))
}

/// # Safety
/// `word` came from [`boxed_word`] of the same type and is owned by nobody else.
unsafe fn word_boxed<T>(word: u64) -> Box<T> {
    // SAFETY: by this function's contract.
    unsafe { Box::from_raw(word_pointer(word).cast()) }
}

impl Object {
    /// The collection of a listpack's kind.
    ///
    /// # Panics
    /// If `kind` is no listpack on the heap.
    pub(crate) fn of_pack(kind: Kind, pack: Listpack) -> Self {
        match kind {
            Kind::HashPack => Self::HashPack(pack),
            Kind::HashPackTimed => Self::HashPackTimed(pack),
            Kind::ListPack => Self::ListPack(pack),
            Kind::SetPack => Self::SetPack(pack),
            Kind::SortedPack => Self::SortedPack(pack),
            _ => unreachable!("{kind:?} is no listpack"),
        }
    }

    /// The listpack with its kind behind a key, if it is one of up to `limit` bytes.
    pub(crate) fn into_small(self, limit: usize) -> Result<(Kind, Listpack), Self> {
        let small = |pack: &Listpack| pack.byte_len() <= limit;
        match self {
            Self::HashPackTimed(pack) if small(&pack) => Ok((Kind::SmallHashPackTimed, pack)),
            Self::HashPack(pack) if small(&pack) => Ok((Kind::SmallHashPack, pack)),
            Self::ListPack(pack) if small(&pack) => Ok((Kind::SmallListPack, pack)),
            Self::SetPack(pack) if small(&pack) => Ok((Kind::SmallSetPack, pack)),
            Self::SortedPack(pack) if small(&pack) => Ok((Kind::SmallSortedPack, pack)),
            other => Err(other),
        }
    }

    /// Gives the collection away as one word.
    pub(crate) fn into_word(self) -> (Kind, u64) {
        let pack = |pack: Listpack| pointer_word(pack.into_raw().as_ptr());
        match self {
            Self::HashPack(it) => (Kind::HashPack, pack(it)),
            Self::HashPackTimed(it) => (Kind::HashPackTimed, pack(it)),
            Self::HashTable(it) => (Kind::HashTable, boxed_word(it)),
            Self::ListPack(it) => (Kind::ListPack, pack(it)),
            Self::QuickList(it) => (Kind::QuickList, boxed_word(it)),
            Self::SetPack(it) => (Kind::SetPack, pack(it)),
            Self::IntSet(it) => (Kind::IntSet, pointer_word(it.into_raw().as_ptr())),
            Self::SetTable(it) => (Kind::SetTable, boxed_word(it)),
            Self::SortedPack(it) => (Kind::SortedPack, pack(it)),
            Self::SortedSet(it) => (Kind::SortedSet, boxed_word(it)),
            Self::Stream(it) => (Kind::Stream, boxed_word(it)),
            Self::Array(it) => (Kind::Array, boxed_word(it)),
        }
    }

    /// Takes back what [`Object::into_word`] gave.
    ///
    /// # Safety
    /// Kind and word came from there together, and the word is owned by nobody else.
    pub(crate) unsafe fn from_word(kind: Kind, word: u64) -> Self {
        // SAFETY: by this function's contract the word is what the kind says.
        unsafe {
            match kind {
                Kind::HashTable => Self::HashTable(word_boxed(word)),
                Kind::QuickList => Self::QuickList(word_boxed(word)),
                Kind::IntSet => Self::IntSet(IntSet::from_raw(NonNull::new_unchecked(word_pointer(word)))),
                Kind::SetTable => Self::SetTable(word_boxed(word)),
                Kind::SortedSet => Self::SortedSet(word_boxed(word)),
                Kind::Stream => Self::Stream(word_boxed(word)),
                Kind::Array => Self::Array(word_boxed(word)),
                kind => Self::of_pack(kind, Listpack::from_word(word)),
            }
        }
    }
}

impl Listpack {
    /// Takes back what [`Object::into_word`] gave.
    ///
    /// # Safety
    /// `word` came from a listpack and is owned by nobody else.
    pub(crate) unsafe fn from_word(word: u64) -> Self {
        // SAFETY: by this function's contract.
        unsafe { Self::from_raw(NonNull::new_unchecked(word_pointer(word))) }
    }
}

/// A string too long to stand inside its entry: one pointer to a growable buffer.
#[derive(Debug)]
#[expect(clippy::box_collection, reason = "an entry has room for one pointer")]
pub(crate) struct Text(Box<Vec<u8>>);

impl Text {
    /// Takes the buffer over, giving back room it does not use if that is much.
    pub(crate) fn new(mut bytes: Vec<u8>) -> Self {
        if bytes.capacity() > bytes.len() + bytes.len() / 2 {
            bytes.shrink_to_fit();
        }
        Self(Box::new(bytes))
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn vec_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }

    pub(crate) fn into_vec(self) -> Vec<u8> {
        *self.0
    }

    /// Gives the buffer away as one word.
    pub(crate) fn into_word(self) -> u64 {
        pointer_word(Box::into_raw(self.0))
    }

    /// Takes back what [`Text::into_word`] gave.
    ///
    /// # Safety
    /// `word` came from there and is owned by nobody else.
    pub(crate) unsafe fn from_word(word: u64) -> Self {
        // SAFETY: by this function's contract.
        Self(unsafe { Box::from_raw(word_pointer(word).cast()) })
    }
}
