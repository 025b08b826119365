//! The three encodings of a set: looking members up, adding and removing them, and turning one encoding into another.

use redstart_command::context::Found;
use redstart_command::{Context, Error, Object, ObjectMut, Reply, ValueRef};
use redstart_config::ids;
use redstart_encoding::hash::hash;
use redstart_encoding::int::{IntText, parse_i64, text_len};
use redstart_encoding::listpack::{Element, Listpack, Pack, PackEdit};
use redstart_encoding::{Field, FieldTable, IntSet};

/// A set to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Members<'a> {
    Ints(&'a IntSet),
    Pack(&'a Pack),
    Table(&'a FieldTable),
}

impl<'a> Members<'a> {
    /// The set that a value is.
    #[inline]
    pub(crate) fn of(value: ValueRef<'a>) -> Result<Self, Error> {
        match value {
            ValueRef::IntSet(ints) => Ok(Self::Ints(ints)),
            ValueRef::SetPack(pack) => Ok(Self::Pack(pack)),
            ValueRef::SetTable(table) => Ok(Self::Table(table)),
            _ => Err(Error::WrongType),
        }
    }

    /// The number of members.
    #[inline]
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Ints(ints) => ints.len(),
            Self::Pack(pack) => pack.len(),
            Self::Table(table) => table.len(),
        }
    }

    /// Whether this is a member.
    #[inline]
    pub(crate) fn contains(self, member: &[u8]) -> bool {
        match self {
            Self::Ints(ints) => parse_i64(member).is_some_and(|number| ints.contains(number)),
            Self::Pack(pack) => pack.find(member, 0).is_some(),
            Self::Table(table) => table.get(hash(member), member).is_some(),
        }
    }

    /// As [`Members::contains`], of an element of another set.
    #[inline]
    pub(crate) fn contains_element(self, member: Element<'_>) -> bool {
        match (self, member) {
            (Self::Ints(ints), Element::Int(number)) => ints.contains(number),
            // What a listpack holds as bytes is no integer.
            _ => member.with_bytes(|member| self.contains(member)),
        }
    }

    /// Shows all members.
    #[inline]
    pub(crate) fn each(self, mut show: impl FnMut(Element<'a>)) {
        self.until(|member| {
            show(member);
            true
        });
    }

    /// Shows members as long as `show` says so.
    #[inline]
    pub(crate) fn until(self, mut show: impl FnMut(Element<'a>) -> bool) {
        match self {
            Self::Ints(ints) => {
                let _ = ints.iter().all(|number| show(Element::Int(number)));
            }
            Self::Pack(pack) => {
                let _ = pack.iter().all(|(_, member)| show(member));
            }
            Self::Table(table) => {
                let _ = table.iter().all(|member| show(Element::Bytes(member.project(Field::name))));
            }
        }
    }
}

/// Writes a member as a bulk.
#[inline]
pub(super) fn write(member: Element<'_>, reply: &mut Reply<'_>) {
    match member {
        Element::Bytes(bytes) => reply.bulk(bytes),
        Element::Int(number) => reply.bulk_int(number),
    }
}

/// What small sets may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    ints: u64,
    entries: u64,
    value: u64,
}

/// An intset is never larger than this, whatever the configuration says, as in Redis.
const MOST_INTS: u64 = 1 << 30;

impl Limits {
    /// As configured now.
    #[inline]
    pub(crate) fn of(context: &Context<'_>) -> Self {
        let config = &context.shared.config;
        Self {
            ints: config.get(ids::SET_MAX_INTSET_ENTRIES).min(MOST_INTS),
            entries: config.get(ids::SET_MAX_LISTPACK_ENTRIES),
            value: config.get(ids::SET_MAX_LISTPACK_VALUE),
        }
    }

    fn pack_takes(self, pack: &Pack, member: &[u8]) -> bool {
        (pack.len() as u64) < self.entries && member.len() as u64 <= self.value && pack.has_room_for(member.len())
    }

    /// Whether a listpack takes the integers of a set with one more member.
    fn pack_takes_ints(self, ints: &IntSet, member: &[u8]) -> bool {
        let count = ints.len();
        let ends = (count > 0).then(|| text_len(ints.get(0)).max(text_len(ints.get(count - 1))));
        let longest = ends.unwrap_or(0).max(member.len());
        (count as u64) < self.entries && longest as u64 <= self.value
    }
}

/// A set of its own, as it is made and grows.
#[derive(Debug)]
pub(crate) enum Owned {
    Ints(IntSet),
    Pack(Listpack),
    Table(FieldTable),
}

impl Owned {
    /// An empty set for about `size` members, of which `first` is one.
    pub(crate) fn with(first: &[u8], size: usize, limits: Limits) -> Self {
        if size as u64 <= limits.ints && parse_i64(first).is_some() {
            return Self::Ints(IntSet::new());
        }
        if size as u64 <= limits.entries { Self::Pack(Listpack::new()) } else { Self::Table(FieldTable::new()) }
    }

    pub(crate) fn members(&self) -> Members<'_> {
        match self {
            Self::Ints(ints) => Members::Ints(ints),
            Self::Pack(pack) => Members::Pack(pack),
            Self::Table(table) => Members::Table(table),
        }
    }

    /// Adds a member; says whether it is new.
    pub(crate) fn add(&mut self, member: &[u8], limits: Limits) -> bool {
        let outcome = match self {
            Self::Ints(ints) => add_to_ints(ints, member, limits),
            Self::Pack(pack) => add_to_pack(pack, member, limits),
            Self::Table(table) => Outcome::Done(add_to_table(table, member)),
        };
        match outcome {
            Outcome::Done(new) => new,
            Outcome::Other(other) => {
                *self = other;
                true
            }
        }
    }

    /// Removes a member; says whether it was there.
    pub(crate) fn remove(&mut self, member: &[u8]) -> bool {
        match self {
            Self::Ints(ints) => parse_i64(member).is_some_and(|number| ints.remove(number)),
            Self::Pack(pack) => match pack.find(member, 0) {
                Some(at) => {
                    pack.remove(at, 1);
                    true
                }
                None => false,
            },
            Self::Table(table) => table.remove(hash(member), member).is_some(),
        }
    }

    /// The same set as an intset, where it is of integers alone and not too many.
    pub(crate) fn compact(self, limits: Limits) -> Self {
        if matches!(self, Self::Ints(_)) || self.members().len() as u64 > limits.ints {
            return self;
        }
        let mut ints = Vec::with_capacity(self.members().len());
        self.members().until(|member| {
            let number = match member {
                Element::Int(number) => Some(number),
                Element::Bytes(bytes) => parse_i64(bytes),
            };
            ints.extend(number);
            number.is_some()
        });
        if ints.len() == self.members().len() { Self::Ints(IntSet::from_integers(ints)) } else { self }
    }

    pub(crate) fn into_object(self) -> Object {
        match self {
            Self::Ints(ints) => Object::IntSet(ints),
            Self::Pack(pack) => Object::SetPack(pack),
            Self::Table(table) => Object::SetTable(Box::new(table)),
        }
    }
}

/// What became of adding a member.
enum Outcome {
    /// It stayed as it was or took the member in: whether that is new.
    Done(bool),
    /// It takes another encoding, with the member in it.
    Other(Owned),
}

fn add_to_ints(ints: &mut IntSet, member: &[u8], limits: Limits) -> Outcome {
    if let Some(number) = parse_i64(member) {
        if !ints.insert(number) {
            return Outcome::Done(false);
        }
        let full = ints.len() as u64 > limits.ints;
        return if full { Outcome::Other(to_table(Members::Ints(ints), None)) } else { Outcome::Done(true) };
    }
    if !limits.pack_takes_ints(ints, member) {
        return Outcome::Other(to_table(Members::Ints(ints), Some(member)));
    }
    let numbers = ints.iter().map(Element::Int);
    let all: Vec<Element<'_>> = numbers.chain([Element::from_bytes(member)]).collect();
    Outcome::Other(Owned::Pack(Listpack::from_elements(&all)))
}

fn add_to_pack(pack: &mut impl PackEdit, member: &[u8], limits: Limits) -> Outcome {
    if pack.find(member, 0).is_some() {
        return Outcome::Done(false);
    }
    if !limits.pack_takes(pack, member) {
        return Outcome::Other(to_table(Members::Pack(pack), Some(member)));
    }
    pack.append(&[Element::from_bytes(member)]);
    Outcome::Done(true)
}

/// Adds a member; says whether it is new.
fn add_to_table(table: &mut FieldTable, member: &[u8]) -> bool {
    let hash = hash(member);
    let new = table.get(hash, member).is_none();
    if new {
        table.insert(hash, Field::new(member, b""));
    }
    new
}

#[cold]
fn to_table(members: Members<'_>, more: Option<&[u8]>) -> Owned {
    let mut table = FieldTable::new();
    members.each(|member| {
        member.with_bytes(|member| table.insert(hash(member), Field::new(member, b"")));
    });
    if let Some(member) = more {
        table.insert(hash(member), Field::new(member, b""));
    }
    Owned::Table(table)
}

/// Turns a small set into a table where a command brings more members than it may have.
pub(super) fn make_room(found: &mut Found<'_>, coming: usize, limits: Limits) -> Result<(), Error> {
    let members = Members::of(found.value())?;
    let too_many = match members {
        Members::Ints(_) => coming as u64 > limits.ints,
        Members::Pack(_) => coming as u64 > limits.entries,
        Members::Table(_) => false,
    };
    if too_many {
        let table = to_table(members, None);
        found.set_object(table.into_object());
    }
    Ok(())
}

/// Adds a member to the set that an entry holds; says whether it is new.
#[inline]
pub(super) fn add(found: &mut Found<'_>, member: &[u8], limits: Limits) -> Result<bool, Error> {
    let outcome = match found.object_mut() {
        Some(ObjectMut::IntSet(ints)) => add_to_ints(ints, member, limits),
        Some(ObjectMut::SetPack(mut pack)) => add_to_pack(&mut pack, member, limits),
        Some(ObjectMut::SetTable(table)) => Outcome::Done(add_to_table(table, member)),
        _ => return Err(Error::WrongType),
    };
    Ok(match outcome {
        Outcome::Done(new) => new,
        Outcome::Other(other) => {
            found.set_object(other.into_object());
            true
        }
    })
}

/// Removes a member of the set that an entry holds; says whether it was there.
#[inline]
pub(super) fn remove(found: &mut Found<'_>, member: &[u8]) -> bool {
    match found.object_mut() {
        Some(ObjectMut::IntSet(ints)) => parse_i64(member).is_some_and(|number| ints.remove(number)),
        Some(ObjectMut::SetPack(mut pack)) => match pack.find(member, 0) {
            Some(at) => {
                pack.remove(at, 1);
                true
            }
            None => false,
        },
        Some(ObjectMut::SetTable(table)) => table.remove(hash(member), member).is_some(),
        _ => false,
    }
}

/// An element's bytes, for keeping.
pub(super) fn owned(member: Element<'_>) -> Vec<u8> {
    match member {
        Element::Int(number) => IntText::new(number).as_bytes().to_vec(),
        Element::Bytes(bytes) => bytes.to_vec(),
    }
}
