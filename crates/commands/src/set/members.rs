//! The three encodings of a set: looking members up, adding and removing them, and turning one encoding into another.

use crate::parts::{Collection, Events, passed};
use redstart_command::{Context, Entry, Error, Event, Object, ObjectMut, ValueRef};
use redstart_config::ids;
use redstart_encoding::hash::hash;
use redstart_encoding::int::{parse_i64, text_len};
use redstart_encoding::listpack::{Element, Listpack, Pack, PackEdit};
use redstart_encoding::{Field, FieldTable, IntSet};

/// A set to be read; where its members may expire, with the time that it is. One past its time is not there, though it
/// may still take memory.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Members<'a> {
    Ints(&'a IntSet),
    Pack(&'a Pack),
    Table(&'a FieldTable, i64),
}

impl<'a> Members<'a> {
    /// The set that a value is.
    #[inline]
    pub(crate) fn of(value: ValueRef<'a>, now_ms: i64) -> Result<Self, Error> {
        match value {
            ValueRef::IntSet(ints) => Ok(Self::Ints(ints)),
            ValueRef::SetPack(pack) => Ok(Self::Pack(pack)),
            ValueRef::SetTable(table) => Ok(Self::Table(table, now_ms)),
            _ => Err(Error::WrongType),
        }
    }

    /// The number of members, with those past their time that were not removed yet.
    #[inline]
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Ints(ints) => ints.len(),
            Self::Pack(pack) => pack.len(),
            Self::Table(table, _) => table.len(),
        }
    }

    /// The number of members that are there.
    #[inline]
    pub(crate) fn present(self) -> usize {
        match self {
            Self::Table(table, now_ms) if table.any_flagged() => {
                table.iter().filter(|member| !passed(member.expire_ms(), now_ms)).count()
            }
            _ => self.len(),
        }
    }

    /// When a member expires, if it is there.
    pub(super) fn time(self, member: &[u8]) -> Option<Option<i64>> {
        match self {
            Self::Table(table, now_ms) => {
                let time = table.get(hash(member), member)?.expire_ms();
                (!passed(time, now_ms)).then_some(time)
            }
            _ => self.contains(member).then_some(None),
        }
    }

    /// Whether this is a member.
    #[inline]
    pub(crate) fn contains(self, member: &[u8]) -> bool {
        match self {
            Self::Ints(ints) => parse_i64(member).is_some_and(|number| ints.contains(number)),
            Self::Pack(pack) => pack.find(member, 0).is_some(),
            Self::Table(table, now_ms) => {
                table.get(hash(member), member).is_some_and(|member| !passed(member.expire_ms(), now_ms))
            }
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
            Self::Table(table, now_ms) => {
                let mut there = table.iter().filter(|member| !passed(member.expire_ms(), now_ms));
                let _ = there.all(|member| show(Element::Bytes(member.project(Field::name))));
            }
        }
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
            // What is made anew has no member that expires.
            Self::Table(table) => Members::Table(table, 0),
        }
    }

    /// Adds a member; says whether it is new.
    pub(crate) fn add(&mut self, member: &[u8], limits: Limits) -> bool {
        let outcome = match self {
            Self::Ints(ints) => add_to_ints(ints, member, limits),
            Self::Pack(pack) => add_to_pack(pack, member, limits),
            Self::Table(table) => Outcome::Done(add_to_table(table, member, 0)),
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

/// Adds a member; says whether it is new. One that is there keeps its time.
fn add_to_table(table: &mut FieldTable, member: &[u8], now_ms: i64) -> bool {
    let hash = hash(member);
    let Some(there) = table.get(hash, member) else {
        table.insert(hash, Field::new(member, b""));
        return true;
    };
    let new = passed(there.expire_ms(), now_ms);
    if new && let Some(mut there) = table.get_mut(hash, member) {
        there.set_expire_ms(None);
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
pub(super) fn make_room(found: &mut Entry, coming: usize, limits: Limits) -> Result<(), Error> {
    let members = Members::of(found.value(), 0)?;
    let too_many = match members {
        Members::Ints(_) => coming as u64 > limits.ints,
        Members::Pack(_) => coming as u64 > limits.entries,
        Members::Table(..) => false,
    };
    if too_many {
        let table = to_table(members, None);
        found.set_object(table.into_object());
    }
    Ok(())
}

/// Adds a member to the set that an entry holds; says whether it is new.
#[inline]
pub(super) fn add(found: &mut Entry, member: &[u8], limits: Limits, now_ms: i64) -> Result<bool, Error> {
    let outcome = match found.object_mut() {
        Some(ObjectMut::IntSet(ints)) => add_to_ints(ints, member, limits),
        Some(ObjectMut::SetPack(mut pack)) => add_to_pack(&mut pack, member, limits),
        Some(ObjectMut::SetTable(table)) => Outcome::Done(add_to_table(table, member, now_ms)),
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
pub(super) fn remove(found: &mut Entry, member: &[u8]) -> bool {
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

/// Sets, to the commands that they share with hashes.
pub(super) struct Set;

impl Collection for Set {
    const WORD: &'static str = "members";
    const NOT_POSITIVE: &'static str = "ERR Number of members must be a positive integer";
    const EXPIRE: &'static [u8] = b"SPEXPIREAT";
    const PERSIST: &'static [u8] = b"SPERSIST";
    const REMOVE: &'static [u8] = b"SREM";
    const CLASS: u32 = Event::SET;
    const EVENTS: Events = Events { timed: "sexpire", persisted: "spersist", removed: "srem" };

    fn times(value: ValueRef<'_>, now_ms: i64) -> Result<impl Fn(&[u8]) -> Option<Option<i64>>, Error> {
        Members::of(value, now_ms).map(|members| move |member: &[u8]| members.time(member))
    }

    /// A small set becomes a table.
    fn make_timed(found: &mut Entry) {
        if let Ok(members @ (Members::Ints(_) | Members::Pack(_))) = Members::of(found.value(), 0) {
            let table = to_table(members, None);
            found.set_object(table.into_object());
        }
    }

    fn set_time(found: &mut Entry, member: &[u8], time: Option<i64>) {
        if let Some(ObjectMut::SetTable(table)) = found.object_mut()
            && let Some(mut there) = table.get_mut(hash(member), member)
        {
            there.set_expire_ms(time);
        }
        if let Some(at_ms) = time {
            found.note_part_expires(at_ms);
        }
    }

    fn remove(found: &mut Entry, member: &[u8]) -> bool {
        remove(found, member)
    }
}
