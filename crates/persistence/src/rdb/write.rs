//! Values, written.

use super::{ARRAYS, PLAIN, TIMED, array, kind, stream};
use redstart_encoding::entry::parts::time_of;
use redstart_encoding::int::{parse_i64, text_len};
use redstart_encoding::listpack::{Element, Listpack, Pack};
use redstart_encoding::{FieldTable, IntSet, QuickList, SortedSet, ValueRef, lzf};

/// How values are written.
#[derive(Clone, Copy, Debug)]
pub struct WriteOptions {
    /// Long strings are compressed where that makes them shorter (`rdbcompression`).
    pub compress: bool,
}

/// Strings up to this length are not worth compressing.
const SHORT: usize = 20;
/// Strings of more bytes than this are no integers to a file.
const LONGEST_INT: usize = 11;

/// Writes type and value; returns the oldest version of the format that has such a type.
pub fn write_value(out: &mut Vec<u8>, value: &ValueRef<'_>, options: WriteOptions) -> u16 {
    let (kind, version) = form(value);
    Writer::new(out, options).kind(kind).value(value);
    version
}

/// The oldest version of the format that can carry a value.
#[must_use]
pub fn version_of(value: &ValueRef<'_>) -> u16 {
    form(value).1
}

/// The type that a value is written as, and the oldest version of the format that has it.
pub(super) fn form(value: &ValueRef<'_>) -> (u8, u16) {
    let kind = match value {
        ValueRef::Int(_) | ValueRef::Bytes { .. } => kind::STRING,
        ValueRef::ListPack(_) | ValueRef::QuickList(_) => kind::LIST_QUICKLIST_2,
        ValueRef::IntSet(_) => kind::SET_INTSET,
        ValueRef::SetPack(_) => kind::SET_LISTPACK,
        ValueRef::SetTable(table) if table.any_flagged() => return (kind::SET_TIMED, TIMED),
        ValueRef::SetTable(_) => kind::SET,
        ValueRef::HashPack(_) => kind::HASH_LISTPACK,
        ValueRef::HashPackTimed(_) => return (kind::HASH_LISTPACK_TIMED, TIMED),
        ValueRef::HashTable(table) if table.any_flagged() => return (kind::HASH_METADATA, TIMED),
        ValueRef::HashTable(_) => kind::HASH,
        ValueRef::SortedPack(_) => kind::ZSET_LISTPACK,
        ValueRef::SortedSet(_) => kind::ZSET_2,
        ValueRef::Stream(_) => kind::STREAM_LISTPACKS_3,
        ValueRef::Array(_) => return (kind::ARRAY, ARRAYS),
    };
    (kind, PLAIN)
}

/// What a node of a list is.
const PLAIN_NODE: u64 = 1;
const PACKED: u64 = 2;

/// Appends to a buffer, in the format's terms.
pub(crate) struct Writer<'o> {
    out: &'o mut Vec<u8>,
    options: WriteOptions,
}

impl<'o> Writer<'o> {
    pub(crate) fn new(out: &'o mut Vec<u8>, options: WriteOptions) -> Self {
        Self { out, options }
    }

    /// The byte that says what follows.
    pub(crate) fn kind(&mut self, kind: u8) -> &mut Self {
        self.out.push(kind);
        self
    }

    /// A value, in the form that [`form`] names.
    pub(super) fn value(&mut self, value: &ValueRef<'_>) -> &mut Self {
        match value {
            ValueRef::Int(number) => self.int(*number),
            ValueRef::Bytes { bytes, .. } => self.string(bytes),
            ValueRef::ListPack(pack) => self.length(1).length(PACKED).bytes(pack.as_bytes()),
            ValueRef::QuickList(list) => self.nodes(list),
            ValueRef::IntSet(set) => self.ints(set),
            ValueRef::SetTable(table) if table.any_flagged() => self.timed_members(table),
            ValueRef::SetTable(table) => self.members(table),
            ValueRef::SetPack(pack) | ValueRef::HashPack(pack) | ValueRef::SortedPack(pack) => {
                self.bytes(pack.as_bytes())
            }
            ValueRef::HashPackTimed(pack) => self.timed_pack(pack),
            ValueRef::HashTable(table) if table.any_flagged() => self.timed_fields(table),
            ValueRef::HashTable(table) => self.fields(table),
            ValueRef::SortedSet(set) => self.scores(set),
            ValueRef::Stream(one) => stream::write(self, one),
            ValueRef::Array(one) => array::write(self, one),
        }
    }

    /// A length or a count: one, two, five or nine bytes.
    pub(super) fn length(&mut self, length: u64) -> &mut Self {
        match length {
            0..64 => self.out.push(length as u8),
            64..16384 => self.out.extend_from_slice(&(0x4000 | length as u16).to_be_bytes()),
            _ => match u32::try_from(length) {
                Ok(short) => {
                    self.out.push(0x80);
                    self.out.extend_from_slice(&short.to_be_bytes());
                }
                Err(_) => {
                    self.out.push(0x81);
                    self.out.extend_from_slice(&length.to_be_bytes());
                }
            },
        }
        self
    }

    /// Bytes as they are, without a length.
    pub(super) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.out.extend_from_slice(bytes);
        self
    }

    /// Bytes with their length, compressed if that is shorter.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        if self.options.compress
            && bytes.len() > SHORT
            && let Some(packed) = lzf::compress(bytes, bytes.len() - 4)
        {
            self.out.push(0xC3);
            self.length(packed.len() as u64).length(bytes.len() as u64);
            return self.raw(&packed);
        }
        self.length(bytes.len() as u64).raw(bytes)
    }

    /// A string; short integers are written as such.
    pub(super) fn string(&mut self, bytes: &[u8]) -> &mut Self {
        match (bytes.len() <= LONGEST_INT).then(|| parse_i64(bytes)).flatten() {
            Some(number) => self.int(number),
            None => self.bytes(bytes),
        }
    }

    fn int(&mut self, number: i64) -> &mut Self {
        if let Ok(small) = i8::try_from(number) {
            self.raw(&[0xC0]).raw(&small.to_le_bytes())
        } else if let Ok(small) = i16::try_from(number) {
            self.raw(&[0xC1]).raw(&small.to_le_bytes())
        } else if let Ok(small) = i32::try_from(number) {
            self.raw(&[0xC2]).raw(&small.to_le_bytes())
        } else {
            self.length(text_len(number) as u64).raw(number.to_string().as_bytes())
        }
    }

    fn nodes(&mut self, list: &QuickList) -> &mut Self {
        self.length(list.node_count() as u64);
        for node in list.nodes() {
            let container = if node.is_plain() { PLAIN_NODE } else { PACKED };
            node.with_bytes(|bytes| {
                self.length(container).bytes(bytes);
            });
        }
        self
    }

    fn ints(&mut self, set: &IntSet) -> &mut Self {
        self.bytes(set.as_bytes())
    }

    fn members(&mut self, table: &FieldTable) -> &mut Self {
        self.length(table.len() as u64);
        for member in table.iter() {
            self.string(member.name());
        }
        self
    }

    fn timed_members(&mut self, table: &FieldTable) -> &mut Self {
        self.length(table.len() as u64);
        for member in table.iter() {
            self.string(member.name()).length(member.expire_ms().map_or(0, i64::cast_unsigned));
        }
        self
    }

    fn fields(&mut self, table: &FieldTable) -> &mut Self {
        self.length(table.len() as u64);
        for field in table.iter() {
            self.string(field.name()).string(field.value());
        }
        self
    }

    /// Fields with their times, which are counted from just below the earliest, so that 0 can say that there is none.
    fn timed_fields(&mut self, table: &FieldTable) -> &mut Self {
        let earliest = table.iter().filter_map(|field| field.expire_ms()).min().unwrap_or(0);
        self.raw(&earliest.to_le_bytes()).length(table.len() as u64);
        for field in table.iter() {
            let time = field.expire_ms().map_or(0, |at| (at - earliest + 1).cast_unsigned());
            self.length(time).string(field.name()).string(field.value());
        }
        self
    }

    /// A small hash with times: readers expect the fields in the order of their times, those without at the end.
    fn timed_pack(&mut self, pack: &Pack) -> &mut Self {
        let elements: Vec<Element<'_>> = pack.iter().map(|(_, element)| element).collect();
        let mut fields: Vec<&[Element<'_>]> = elements.chunks_exact(3).collect();
        fields.sort_by_key(|field| time_of(field[2]).unwrap_or(i64::MAX));
        let earliest = fields.first().and_then(|field| time_of(field[2])).unwrap_or(0);
        let mut sorted = Listpack::new();
        fields.iter().for_each(|field| sorted.append(field));
        self.raw(&earliest.to_le_bytes()).bytes(sorted.as_bytes())
    }

    /// Members with their scores, the last one first, as Redis writes them.
    fn scores(&mut self, set: &SortedSet) -> &mut Self {
        self.length(set.len() as u64);
        if let Some(last) = set.len().checked_sub(1) {
            for (member, score) in set.iter_back_from(last) {
                self.string(member).raw(&score.to_le_bytes());
            }
        }
        self
    }
}
