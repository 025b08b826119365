//! Values, read.

use super::{Error, Limits, Loaded, VALKEY, array, kind, old, stream};
use redstart_encoding::entry::parts::time_of;
use redstart_encoding::float::{F64Text, as_plain_integer, parse_f64};
use redstart_encoding::hash::hash;
use redstart_encoding::int::parse_i64;
use redstart_encoding::listpack::{Element, Listpack, Pack};
use redstart_encoding::quicklist::QuickList;
use redstart_encoding::{Field, FieldTable, IntSet, Object, SortedSet, Value, lzf};
use std::borrow::Cow;

/// Takes bytes from the front of a buffer, in the format's terms.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    version: u16,
}

/// A length, or what stands in a length's place.
enum Head {
    Length(u64),
    /// An integer, or a compressed string.
    Special(u8),
}

/// A string, as it stands in a file.
enum Text<'a> {
    Bytes(&'a [u8]),
    /// It was compressed.
    Unpacked(Vec<u8>),
    Int(i64),
}

impl<'a> Reader<'a> {
    /// Reads from `bytes`, which are of that version of the format.
    #[must_use]
    pub fn new(bytes: &'a [u8], version: u16) -> Self {
        Self { bytes, version }
    }

    /// Whether all was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// How many bytes are left.
    pub(super) fn remaining(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or(Error::Truncated)?;
        self.bytes = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn head(&mut self) -> Result<Head, Error> {
        let [first] = self.array()?;
        Ok(match first >> 6 {
            0 => Head::Length(u64::from(first & 63)),
            1 => Head::Length(u64::from(first & 63) << 8 | u64::from(self.array::<1>()?[0])),
            3 => Head::Special(first & 63),
            _ if first == 0x80 => Head::Length(u64::from(u32::from_be_bytes(self.array()?))),
            _ if first == 0x81 => Head::Length(u64::from_be_bytes(self.array()?)),
            _ => return Err(Error::Malformed("a length of an unknown form")),
        })
    }

    /// A length or a count.
    pub(super) fn length(&mut self) -> Result<u64, Error> {
        match self.head()? {
            Head::Length(length) => Ok(length),
            Head::Special(_) => Err(Error::Malformed("a length that is a string")),
        }
    }

    /// A count of things of at least `least` bytes each, so that a loop over them ends with the bytes.
    pub(super) fn count(&mut self, least: usize) -> Result<usize, Error> {
        let count = usize::try_from(self.length()?).map_err(|_| Error::Truncated)?;
        if count.checked_mul(least).is_none_or(|bytes| bytes > self.bytes.len()) {
            return Err(Error::Truncated);
        }
        Ok(count)
    }

    /// As [`Reader::count`], of something that is not there where it is empty.
    pub(super) fn some(&mut self, least: usize) -> Result<usize, Error> {
        match self.count(least)? {
            0 => Err(Error::Empty),
            count => Ok(count),
        }
    }

    /// A string, in whatever form.
    pub(crate) fn string(&mut self) -> Result<Cow<'a, [u8]>, Error> {
        Ok(match self.text()? {
            Text::Bytes(bytes) => Cow::Borrowed(bytes),
            Text::Unpacked(bytes) => Cow::Owned(bytes),
            Text::Int(number) => Cow::Owned(number.to_string().into_bytes()),
        })
    }

    /// A string as a value.
    pub(super) fn string_value(&mut self) -> Result<Value<'a>, Error> {
        Ok(match self.text()? {
            Text::Int(number) => Value::Int(number),
            Text::Bytes(bytes) => parse_i64(bytes).map_or(Value::Bytes(bytes), Value::Int),
            Text::Unpacked(bytes) => parse_i64(&bytes).map_or(Value::Owned(bytes), Value::Int),
        })
    }

    fn text(&mut self) -> Result<Text<'a>, Error> {
        Ok(match self.head()? {
            Head::Length(length) => Text::Bytes(self.take(usize::try_from(length).map_err(|_| Error::Truncated)?)?),
            Head::Special(0) => Text::Int(i8::from_le_bytes(self.array()?).into()),
            Head::Special(1) => Text::Int(i16::from_le_bytes(self.array()?).into()),
            Head::Special(2) => Text::Int(i32::from_le_bytes(self.array()?).into()),
            Head::Special(3) => {
                let packed = usize::try_from(self.length()?).map_err(|_| Error::Truncated)?;
                let length = usize::try_from(self.length()?).map_err(|_| Error::Truncated)?;
                let string = lzf::decompress(self.take(packed)?, length);
                Text::Unpacked(string.map_err(|_| Error::Malformed("a damaged compressed string"))?)
            }
            Head::Special(_) => return Err(Error::Malformed("a string of an unknown form")),
        })
    }

    /// Passes a string by.
    pub(super) fn skip_string(&mut self) -> Result<(), Error> {
        let length = match self.head()? {
            Head::Length(length) => length,
            Head::Special(short @ 0..=2) => 1 << short,
            Head::Special(3) => {
                let packed = self.length()?;
                self.length()?;
                packed
            }
            Head::Special(_) => return Err(Error::Malformed("a string of an unknown form")),
        };
        self.skip(length)
    }

    /// Passes bytes by.
    pub(super) fn skip(&mut self, count: u64) -> Result<(), Error> {
        self.take(usize::try_from(count).map_err(|_| Error::Truncated)?).map(drop)
    }

    /// A score: binary, or as text in the older form.
    fn score(&mut self, binary: bool) -> Result<f64, Error> {
        let score = if binary {
            f64::from_le_bytes(self.array()?)
        } else {
            match self.array::<1>()?[0] {
                253 => f64::NAN,
                254 => f64::INFINITY,
                255 => f64::NEG_INFINITY,
                length => {
                    let text = self.take(usize::from(length))?;
                    parse_f64(text).ok_or(Error::Malformed("a score that is no number"))?
                }
            }
        };
        if score.is_nan() { Err(Error::Malformed("a score that is not a number")) } else { Ok(score) }
    }

    fn listpack(&mut self) -> Result<Listpack, Error> {
        let bytes = self.string()?;
        Listpack::from_bytes_validated(&bytes).map_err(|_| Error::Malformed("a damaged listpack"))
    }
}

/// Reads a value of type `kind`.
///
/// # Errors
/// The bytes are no such value.
pub fn read_value(kind: u8, from: &mut Reader<'_>, limits: &Limits) -> Result<Loaded, Error> {
    match kind {
        kind::STRING => Ok(Loaded { value: owned(from.string_value()?), parts_ms: None, repair: None }),
        kind::LIST | kind::LIST_QUICKLIST | kind::LIST_QUICKLIST_2 | kind::LIST_ZIPLIST => list(kind, from, limits),
        kind::SET | kind::SET_INTSET | kind::SET_LISTPACK => set(kind, from, limits),
        kind::SET_TIMED => timed_set(from),
        kind::ZSET | kind::ZSET_2 => sorted_set(kind == kind::ZSET_2, from, limits),
        kind::ZSET_LISTPACK => sorted_pack(from.listpack()?, limits),
        kind::ZSET_ZIPLIST => sorted_pack(old::ziplist(&from.string()?)?, limits),
        kind::HASH => hash_of_fields(from, limits),
        kind::HASH_LISTPACK => hash_pack(from.listpack()?, limits),
        kind::HASH_ZIPLIST => hash_pack(old::ziplist(&from.string()?)?, limits),
        kind::HASH_ZIPMAP => hash_pack(old::zipmap(&from.string()?)?, limits),
        kind::HASH_METADATA_EARLY if from.version >= VALKEY => timed_hash(Times::Behind, from, limits),
        kind::HASH_METADATA_EARLY => timed_hash(Times::Before(0), from, limits),
        kind::HASH_METADATA => {
            let earliest = i64::from_le_bytes(from.array()?);
            let base = earliest.checked_sub(1).filter(|base| *base >= -1).ok_or(BAD_TIME)?;
            timed_hash(Times::Before(base), from, limits)
        }
        kind::HASH_LISTPACK_TIMED_EARLY => timed_pack(from.listpack()?, limits),
        kind::HASH_LISTPACK_TIMED => {
            from.array::<8>()?;
            timed_pack(from.listpack()?, limits)
        }
        kind::STREAM_LISTPACKS | kind::STREAM_LISTPACKS_2 | kind::STREAM_LISTPACKS_3 => stream::read(kind, from),
        kind::ARRAY => array::read(from),
        other => Err(Error::Kind(other)),
    }
}

const BAD_TIME: Error = Error::Malformed("a time that cannot be");
/// The latest time that a field can have, in unix milliseconds.
const LATEST_MS: i64 = (1 << 48) - 2;

fn owned(string: Value<'_>) -> Value<'static> {
    match string {
        Value::Int(number) => Value::Int(number),
        Value::Bytes(bytes) => Value::Owned(bytes.to_vec()),
        Value::Owned(bytes) => Value::Owned(bytes),
        Value::Object(_) | Value::List(_) => unreachable!("a string is no collection"),
    }
}

/// The containers of a list's nodes.
const PLAIN_NODE: u64 = 1;
const PACKED_NODE: u64 = 2;

fn list(kind: u8, from: &mut Reader<'_>, limits: &Limits) -> Result<Loaded, Error> {
    let mut list = QuickList::new(limits.list_fill, limits.list_depth);
    match kind {
        kind::LIST => {
            for _ in 0..from.some(1)? {
                list.push(redstart_encoding::quicklist::End::Back, &from.string()?);
            }
        }
        kind::LIST_ZIPLIST => list.append_pack(old::ziplist(&from.string()?)?),
        kind::LIST_QUICKLIST => {
            for _ in 0..from.some(1)? {
                list.append_pack(old::ziplist(&from.string()?)?);
            }
        }
        _ => {
            for _ in 0..from.some(2)? {
                match from.length()? {
                    PLAIN_NODE => match from.string()? {
                        element if element.is_empty() => {
                            return Err(Error::Malformed("a node of a list without content"));
                        }
                        element => list.append_plain(&element),
                    },
                    PACKED_NODE => list.append_pack(from.listpack()?),
                    _ => return Err(Error::Malformed("a node of a list that is of no known kind")),
                }
            }
        }
    }
    if list.is_empty() {
        return Err(Error::Empty);
    }
    let small = list.only_pack().is_some_and(|pack| !limits.list_fill.exceeded(pack.byte_len(), pack.len()));
    if small && let Some(pack) = list.take_only_pack() {
        return Ok(Object::ListPack(pack).into());
    }
    Ok(Object::QuickList(Box::new(list)).into())
}

/// Adds a name to a table; a name that is there already is an error.
fn add(table: &mut FieldTable, name: &[u8], value: &[u8], time: Option<i64>) -> Result<(), Error> {
    let hash = hash(name);
    if table.get(hash, name).is_some() {
        return Err(Error::Malformed("a name that comes twice"));
    }
    table.insert(hash, Field::with(name, value, time));
    Ok(())
}

fn set(kind: u8, from: &mut Reader<'_>, limits: &Limits) -> Result<Loaded, Error> {
    let mut table = FieldTable::new();
    let mut longest = 0;
    match kind {
        kind::SET_INTSET => {
            let ints = IntSet::from_bytes_validated(&from.string()?);
            let ints = ints.map_err(|_| Error::Malformed("a damaged set of integers"))?;
            if ints.len() as u64 <= limits.set_ints {
                return Ok(Object::IntSet(ints).into());
            }
            for number in ints.iter() {
                add(&mut table, number.to_string().as_bytes(), b"", None)?;
            }
            return Ok(Object::SetTable(Box::new(table)).into());
        }
        kind::SET_LISTPACK => {
            let pack = from.listpack()?;
            for (_, member) in pack.iter() {
                member.with_bytes(|member| add(&mut table, member, b"", None))?;
            }
            if table.is_empty() {
                return Err(Error::Empty);
            }
            let small = pack.len() as u64 <= limits.set_entries;
            return Ok(if small { Object::SetPack(pack) } else { Object::SetTable(Box::new(table)) }.into());
        }
        _ => {
            for _ in 0..from.some(1)? {
                let member = from.string()?;
                longest = longest.max(member.len());
                add(&mut table, &member, b"", None)?;
            }
        }
    }
    let count = table.len() as u64;
    let ints: Option<Vec<i64>> = table.iter().map(|member| parse_i64(member.name())).collect();
    if let Some(ints) = ints.filter(|_| count <= limits.set_ints) {
        return Ok(Object::IntSet(IntSet::from_integers(ints)).into());
    }
    if count <= limits.set_entries && longest as u64 <= limits.set_value {
        let mut pack = Listpack::new();
        table.iter().for_each(|member| pack.append(&[Element::from_bytes(member.name())]));
        return Ok(Object::SetPack(pack).into());
    }
    Ok(Object::SetTable(Box::new(table)).into())
}

fn timed_set(from: &mut Reader<'_>) -> Result<Loaded, Error> {
    let mut table = FieldTable::new();
    for _ in 0..from.some(2)? {
        let member = from.string()?;
        let time = Some(from.length()?).filter(|&time| time != 0);
        let time = match time {
            Some(time) => Some(i64::try_from(time).map_err(|_| BAD_TIME)?),
            None => None,
        };
        add(&mut table, &member, b"", time)?;
    }
    let parts_ms = table.iter().filter_map(|member| member.expire_ms()).min();
    Ok(Loaded { value: Value::Object(Object::SetTable(Box::new(table))), parts_ms, repair: None })
}

fn sorted_set(binary: bool, from: &mut Reader<'_>, limits: &Limits) -> Result<Loaded, Error> {
    let (mut set, mut longest) = (SortedSet::new(), 0);
    for _ in 0..from.some(2)? {
        let member = from.string()?;
        let score = from.score(binary)?;
        longest = longest.max(member.len());
        if set.insert(&member, score).is_some() {
            return Err(Error::Malformed("a member that comes twice"));
        }
    }
    let small = set.len() as u64 <= limits.sorted_entries && longest as u64 <= limits.sorted_value;
    if !small {
        return Ok(Object::SortedSet(Box::new(set)).into());
    }
    let mut pack = Listpack::new();
    for (member, score) in set.iter_from(0) {
        let text = F64Text::new(score);
        let score = as_plain_integer(score).map_or(Element::Bytes(text.as_bytes()), Element::Int);
        pack.append(&[Element::from_bytes(member), score]);
    }
    Ok(Object::SortedPack(pack).into())
}

fn sorted_pack(pack: Listpack, limits: &Limits) -> Result<Loaded, Error> {
    if pack.is_empty() {
        return Err(Error::Empty);
    }
    if !pack.len().is_multiple_of(2) {
        return Err(Error::Malformed("a sorted set with a member without a score"));
    }
    let (mut set, mut longest) = (SortedSet::new(), 0);
    let mut elements = pack.iter().map(|(_, element)| element);
    while let (Some(member), Some(score)) = (elements.next(), elements.next()) {
        let score = match score {
            Element::Int(number) => number as f64,
            Element::Bytes(text) => parse_f64(text).ok_or(Error::Malformed("a score that is no number"))?,
        };
        longest = longest.max(member.byte_len());
        if score.is_nan() || member.with_bytes(|member| set.insert(member, score)).is_some() {
            return Err(Error::Malformed("a damaged sorted set"));
        }
    }
    let ordered = in_order(&pack, &set);
    let small = pack.len() as u64 / 2 <= limits.sorted_entries && longest as u64 <= limits.sorted_value;
    if small && ordered {
        return Ok(Object::SortedPack(pack).into());
    }
    if !ordered {
        return Err(Error::Malformed("a sorted set that is not sorted"));
    }
    Ok(Object::SortedSet(Box::new(set)).into())
}

/// Whether the members stand in the order of the set.
fn in_order(pack: &Pack, set: &SortedSet) -> bool {
    let members = pack.iter().step_by(2).map(|(_, member)| member);
    members.zip(set.iter_from(0)).all(|(member, (sorted, _))| member.with_bytes(|member| member == sorted))
}

/// A hash, growing: small as long as it may be.
struct Growing<'l> {
    table: FieldTable,
    names: Vec<(Vec<u8>, Vec<u8>, Option<i64>)>,
    small: bool,
    timed: bool,
    limits: &'l Limits,
}

impl<'l> Growing<'l> {
    fn new(count: usize, limits: &'l Limits) -> Self {
        let small = count as u64 <= limits.hash_entries;
        Self { table: FieldTable::new(), names: Vec::new(), small, timed: false, limits }
    }

    fn add(&mut self, name: &[u8], value: &[u8], time: Option<i64>) -> Result<(), Error> {
        add(&mut self.table, name, value, time)?;
        self.timed |= time.is_some();
        self.small &= name.len().max(value.len()) as u64 <= self.limits.hash_value;
        if self.small {
            // In the order they came, which the table forgets.
            self.names.push((name.to_vec(), value.to_vec(), time));
        }
        Ok(())
    }

    fn finish(self, keeps_times: bool) -> Loaded {
        let parts_ms = self.table.iter().filter_map(|field| field.expire_ms()).min();
        if !self.small {
            return Loaded { value: Value::Object(Object::HashTable(Box::new(self.table))), parts_ms, repair: None };
        }
        let mut pack = Listpack::new();
        for (name, value, time) in &self.names {
            pack.append(&[Element::from_bytes(name), Element::from_bytes(value)]);
            if keeps_times {
                pack.push_back_element(Element::Int(time.unwrap_or(0)));
            }
        }
        let object = if keeps_times { Object::HashPackTimed(pack) } else { Object::HashPack(pack) };
        Loaded { value: Value::Object(object), parts_ms, repair: None }
    }
}

fn hash_of_fields(from: &mut Reader<'_>, limits: &Limits) -> Result<Loaded, Error> {
    let count = from.some(2)?;
    let mut hash = Growing::new(count, limits);
    for _ in 0..count {
        let (name, value) = (from.string()?, from.string()?);
        hash.add(&name, &value, None)?;
    }
    Ok(hash.finish(false))
}

fn hash_pack(pack: Listpack, limits: &Limits) -> Result<Loaded, Error> {
    if pack.is_empty() {
        return Err(Error::Empty);
    }
    if !pack.len().is_multiple_of(2) {
        return Err(Error::Malformed("a hash with a field without a value"));
    }
    let mut hash = Growing::new(pack.len() / 2, limits);
    hash.names = Vec::new();
    let mut table = FieldTable::new();
    let mut elements = pack.iter().map(|(_, element)| element);
    let mut small = hash.small;
    while let (Some(name), Some(value)) = (elements.next(), elements.next()) {
        small &= name.byte_len().max(value.byte_len()) as u64 <= limits.hash_value;
        name.with_bytes(|name| value.with_bytes(|value| add(&mut table, name, value, None)))?;
    }
    Ok(if small { Object::HashPack(pack) } else { Object::HashTable(Box::new(table)) }.into())
}

/// Where the time of a field stands, and what it counts from.
#[derive(Clone, Copy)]
enum Times {
    /// Before the field, counted from so many milliseconds; 0 for none.
    Before(i64),
    /// Behind the value, as it is; -1 for none.
    Behind,
}

fn timed_hash(times: Times, from: &mut Reader<'_>, limits: &Limits) -> Result<Loaded, Error> {
    let count = from.some(3)?;
    let mut hash = Growing::new(count, limits);
    for _ in 0..count {
        let before = match times {
            Times::Before(base) => match from.length()? {
                0 => None,
                time => Some(i64::try_from(time).ok().and_then(|time| time.checked_add(base)).ok_or(BAD_TIME)?),
            },
            Times::Behind => None,
        };
        let (name, value) = (from.string()?, from.string()?);
        let time = match times {
            Times::Before(_) => before,
            Times::Behind => Some(i64::from_le_bytes(from.array()?)).filter(|&time| time != -1),
        };
        if time.is_some_and(|time| !(0..=LATEST_MS).contains(&time)) {
            return Err(BAD_TIME);
        }
        hash.add(&name, &value, time)?;
    }
    Ok(hash.finish(true))
}

fn timed_pack(pack: Listpack, limits: &Limits) -> Result<Loaded, Error> {
    if pack.is_empty() {
        return Err(Error::Empty);
    }
    if !pack.len().is_multiple_of(3) {
        return Err(Error::Malformed("a hash with a field without a value or a time"));
    }
    let mut hash = Growing::new(pack.len() / 3, limits);
    let mut elements = pack.iter().map(|(_, element)| element);
    let mut last = 0;
    while let (Some(name), Some(value), Some(time)) = (elements.next(), elements.next(), elements.next()) {
        let Element::Int(0..=LATEST_MS) = time else { return Err(BAD_TIME) };
        let at = time_of(time).unwrap_or(i64::MAX);
        if at < last {
            return Err(Error::Malformed("fields that are not in the order of their times"));
        }
        last = at;
        name.with_bytes(|name| value.with_bytes(|value| hash.add(name, value, time_of(time))))?;
    }
    Ok(hash.finish(true))
}
