//! Values, written.

use super::{ARRAYS, PLAIN, TIMED, array, kind, stream};
use redstart_encoding::entry::members::{Member, Members};
use redstart_encoding::entry::parts::time_of;
use redstart_encoding::int::{parse_i64, text_len};
use redstart_encoding::listpack::{Element, Listpack, Pack};
use redstart_encoding::{IntSet, QuickList, ValueRef, lzf};
use std::ops::Range;

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

/// How the members of one collection are written: one by one, in any order, behind its [`MembersForm::begin`].
#[derive(Clone, Copy, Debug)]
pub struct MembersForm {
    kind: u8,
    options: WriteOptions,
    /// Where fields expire, their times are counted from just below this one, so that 0 can say that there is none. Earlier
    /// ones become this one.
    earliest: i64,
}

impl MembersForm {
    /// The form of a collection's members, and the oldest version of the format that has it. Parts that expire before
    /// `earliest` (unix milliseconds) are written as if they did then.
    #[must_use]
    pub fn of(value: &ValueRef<'_>, earliest: i64, options: WriteOptions) -> (Self, u16) {
        let (kind, version) = form(value);
        (Self { kind, options, earliest }, version)
    }

    pub(super) fn kind(&self) -> u8 {
        self.kind
    }

    pub(super) fn options(&self) -> WriteOptions {
        self.options
    }

    /// Appends what stands before the members.
    pub(super) fn begin(&self, out: &mut Vec<u8>, count: usize) {
        if self.kind == kind::HASH_METADATA {
            out.extend_from_slice(&self.earliest.to_le_bytes());
        }
        Writer::new(out, self.options).length(count as u64);
    }

    /// Appends a member.
    pub fn append(&self, out: &mut Vec<u8>, member: &Member<'_>) {
        let mut to = Writer::new(out, self.options);
        match self.kind {
            kind::HASH_METADATA => {
                let time = member.expire_ms.map_or(0, |at| (at.max(self.earliest) - self.earliest).saturating_add(1));
                to.length(time.cast_unsigned()).string(member.name).string(member.value)
            }
            kind::HASH => to.string(member.name).string(member.value),
            kind::SET_TIMED => to.string(member.name).length(member.expire_ms.map_or(0, i64::cast_unsigned)),
            kind::SET => to.string(member.name),
            _ => to.string(member.name).raw(&member.score.to_le_bytes()),
        };
    }
}

/// What a node of a list is.
pub(super) const PLAIN_NODE: u64 = 1;
pub(super) const PACKED: u64 = 2;

/// Appends to a buffer, in the format's terms.
pub(crate) struct Writer<'o> {
    out: &'o mut Vec<u8>,
    options: WriteOptions,
    /// Where strings stand that are to be compressed later, with their lengths.
    later: Option<&'o mut Vec<Range<usize>>>,
}

impl<'o> Writer<'o> {
    pub(crate) fn new(out: &'o mut Vec<u8>, options: WriteOptions) -> Self {
        Self { out, options, later: None }
    }

    /// Compresses nothing, and notes what should be.
    pub(super) fn later(&mut self, later: &'o mut Vec<Range<usize>>) -> &mut Self {
        self.later = self.options.compress.then_some(later);
        self.options.compress = false;
        self
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
            ValueRef::SetTable(_) | ValueRef::HashTable(_) | ValueRef::SortedSet(_) => self.members(value),
            ValueRef::SetPack(pack) | ValueRef::HashPack(pack) | ValueRef::SortedPack(pack) => {
                self.bytes(pack.as_bytes())
            }
            ValueRef::HashPackTimed(pack) => self.timed_pack(pack),
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
        let start = self.out.len();
        self.length(bytes.len() as u64).raw(bytes);
        if bytes.len() > SHORT
            && let Some(later) = &mut self.later
        {
            later.push(start..self.out.len());
        }
        self
    }

    /// How many bytes a length has, by the first one.
    pub(super) fn length_bytes(first: u8) -> usize {
        match first {
            0..0x40 => 1,
            0x40..0x80 => 2,
            0x80 => 5,
            _ => 9,
        }
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

    /// The members of a collection, those of a sorted set from the last one on, as Redis writes them.
    fn members(&mut self, value: &ValueRef<'_>) -> &mut Self {
        let Some(members) = value.members() else { return self };
        let earliest = match members {
            Members::Table(table) if table.any_flagged() => table.iter().filter_map(|field| field.expire_ms()).min(),
            _ => None,
        };
        let (form, _) = MembersForm::of(value, earliest.unwrap_or(0), self.options);
        form.begin(self.out, members.len());
        members.each(|member| form.append(self.out, &member));
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
}
