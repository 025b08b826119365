//! What an entry's one pointer can own: a long string, or a collection in one of its encodings.

use crate::field::Field;
use crate::hash::hash;
use crate::listpack::Listpack;
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
            copy.insert(hash(field.name()), Field::new(field.name(), field.value()));
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
    /// A large hash.
    HashTable(Box<FieldTable>),
}

/// Which variant of [`Object`] a word holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ObjectKind {
    HashPack,
    HashTable,
}

impl Object {
    /// Gives the collection away as one word.
    pub(crate) fn into_word(self) -> (ObjectKind, u64) {
        match self {
            Self::HashPack(pack) => (ObjectKind::HashPack, pointer_word(pack.into_raw().as_ptr())),
            Self::HashTable(table) => (ObjectKind::HashTable, pointer_word(Box::into_raw(table))),
        }
    }
}

impl Listpack {
    /// Takes back what [`Object::into_word`] gave.
    ///
    /// # Safety
    /// `word` came from a `HashPack` and is owned by nobody else.
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
