//! The encodings of a hash: setting fields and their times, removing them, and turning a small encoding into a larger one.

use super::fields::{Fields, passed, time_behind, value_after};
use crate::parts::{Collection, Events, forget_times};
use redstart_command::context::Borrowed;
use redstart_command::{Args, Context, Entry, Error, Event, Object, ObjectMut, Shared, ValueRef, WorkerStats};
use redstart_config::ids;
use redstart_encoding::entry::parts::{Progress, time_of};
use redstart_encoding::hash::hash;
use redstart_encoding::listpack::{Element, Listpack, Pack, PackEdit};
use redstart_encoding::{Field, FieldTable, PackMut};
use smallvec::SmallVec;

/// What a small hash may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    entries: u64,
    value: u64,
}

impl Limits {
    /// As configured now.
    #[inline]
    pub(super) fn of(context: &Context<'_>) -> Self {
        let config = &context.shared.config;
        Self { entries: config.get(ids::HASH_MAX_LISTPACK_ENTRIES), value: config.get(ids::HASH_MAX_LISTPACK_VALUE) }
    }

    /// Whether a field and a value of these lengths may stand in a small hash.
    #[inline]
    fn allow(self, name: usize, value: usize) -> bool {
        name.max(value) as u64 <= self.value
    }

    /// How many bytes the arguments from `from` on (fields and values) would add to a small hash; `None` where they
    /// are too many or too long for one.
    fn size_of(self, args: &Args<'_>, from: usize) -> Option<usize> {
        if ((args.len() - from) / 2) as u64 > self.entries {
            return None;
        }
        let mut sum = 0;
        for argument in args.iter_from(from) {
            if argument.len() as u64 > self.value {
                return None;
            }
            sum += argument.len();
        }
        Some(sum)
    }
}

/// The hash that an entry holds, as a table where `small` does not hold: a large hash stays large, and a small one
/// that must not stay so is converted.
fn hash_mut<'f>(found: &'f mut Entry, small: impl Fn(&Pack) -> bool) -> Result<FieldsMut<'f>, Error> {
    let table = match found.value() {
        ValueRef::HashPack(pack) if !small(pack) => Some(to_table(pack, false)),
        ValueRef::HashPackTimed(pack) if !small(pack) => Some(to_table(pack, true)),
        ValueRef::HashPack(_) | ValueRef::HashPackTimed(_) | ValueRef::HashTable(_) => None,
        _ => return Err(Error::WrongType),
    };
    if let Some(table) = table {
        found.set_object(Object::HashTable(Box::new(table)));
    }
    match found.object_mut() {
        Some(ObjectMut::HashPack(pack)) => Ok(FieldsMut::Pack(pack)),
        Some(ObjectMut::HashPackTimed(pack)) => Ok(FieldsMut::Timed(pack)),
        Some(ObjectMut::HashTable(table)) => Ok(FieldsMut::Table(table)),
        _ => Err(Error::WrongType),
    }
}

/// A hash to be changed.
enum FieldsMut<'a> {
    Pack(PackMut<'a>),
    Timed(PackMut<'a>),
    Table(&'a mut FieldTable),
}

/// What becomes of a field's time when its value is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    /// It has none afterwards.
    Clear,
    /// It keeps what it had.
    Keep,
}

/// The fields of a small hash as a table; `timed` says that times stand behind the values.
#[cold]
fn to_table(pack: &Pack, timed: bool) -> FieldTable {
    let mut table = FieldTable::new();
    let mut elements = pack.iter().map(|(_, element)| element);
    while let (Some(name), Some(value)) = (elements.next(), elements.next()) {
        let time = if timed { elements.next().and_then(time_of) } else { None };
        name.with_bytes(|name| {
            value.with_bytes(|value| table.insert(hash(name), Field::with(name, value, time)));
        });
    }
    table
}

/// Turns a small hash with too many fields into a large one.
fn convert_if_full(found: &mut Entry, limits: Limits) {
    let table = match found.value() {
        ValueRef::HashPack(pack) if (pack.len() / 2) as u64 > limits.entries => to_table(pack, false),
        ValueRef::HashPackTimed(pack) if (pack.len() / 3) as u64 > limits.entries => to_table(pack, true),
        _ => return,
    };
    found.set_object(Object::HashTable(Box::new(table)));
}

/// Sets a field; says whether it is new.
fn set_in_pack(pack: &mut impl PackEdit, name: &[u8], value: &[u8]) -> bool {
    match pack.find(name, 1) {
        Some(at) => pack.replace(value_after(pack, at), value),
        None => {
            pack.append(&[Element::from_bytes(name), Element::from_bytes(value)]);
            return true;
        }
    }
    false
}

/// Sets a field of a hash with times; says whether it is new.
fn set_in_timed(pack: &mut impl PackEdit, name: &[u8], value: Element<'_>, time: Time, now_ms: i64) -> bool {
    let Some(at) = pack.find(name, 2) else {
        pack.append(&[Element::from_bytes(name), value, Element::Int(0)]);
        return true;
    };
    let place = value_after(pack, at);
    let new = passed(time_behind(pack, place), now_ms);
    pack.replace_element(place, value);
    if time == Time::Clear || new {
        set_time(pack, place, None);
    }
    new
}

/// Sets the time behind the value at `place`.
fn set_time(pack: &mut impl PackEdit, place: usize, time: Option<i64>) {
    let at = pack.next(place).expect("in a hash with times every value is followed by one");
    pack.replace_element(at, Element::Int(time.unwrap_or(0)));
}

/// Sets a field; says whether it is new.
fn set_in_table(table: &mut FieldTable, name: &[u8], value: &[u8], time: Time, now_ms: i64) -> bool {
    let hash = hash(name);
    if let Some(mut field) = table.get_mut(hash, name) {
        field.set_value(value);
        let new = passed(field.expire_ms(), now_ms);
        if time == Time::Clear || new {
            field.set_expire_ms(None);
        }
        return new;
    }
    table.insert(hash, Field::new(name, value));
    true
}

/// What pairs of field and value are set with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    pub(super) limits: Limits,
    pub(super) time: Time,
    pub(super) now_ms: i64,
    /// The index of the first field among the arguments.
    pub(super) from: usize,
}

impl Setting {
    /// As HSET does.
    #[inline]
    pub(super) fn plain(context: &Context<'_>) -> Self {
        Self { limits: Limits::of(context), time: Time::Clear, now_ms: context.now_ms, from: 2 }
    }
}

/// Sets the pairs of field and value among the arguments; says how many fields are new.
pub(super) fn set_pairs(found: &mut Entry, args: &Args<'_>, setting: Setting) -> Result<usize, Error> {
    let Setting { limits, time, now_ms, from } = setting;
    let size = limits.size_of(args, from);
    let pairs = (from..args.len()).step_by(2).map(|at| (&args[at], &args[at + 1]));
    let small = |pack: &Pack| size.is_some_and(|size| pack.has_room_for(size));
    let created = match hash_mut(found, small)? {
        FieldsMut::Pack(mut pack) => pairs.filter(|(name, value)| set_in_pack(&mut pack, name, value)).count(),
        FieldsMut::Timed(mut pack) => {
            let mut set = |name, value| set_in_timed(&mut pack, name, Element::from_bytes(value), time, now_ms);
            pairs.filter(|&(name, value)| set(name, value)).count()
        }
        FieldsMut::Table(table) => pairs.filter(|(name, value)| set_in_table(table, name, value, time, now_ms)).count(),
    };
    convert_if_full(found, limits);
    Ok(created)
}

/// Pairs that a new small hash takes up in one go.
const AT_ONCE: usize = 16;

/// A new hash of the pairs among the arguments, with the number of its fields.
pub(super) fn new_hash(args: &Args<'_>, from: usize, limits: Limits) -> (Object, usize) {
    if limits.size_of(args, from).is_none_or(|size| !Listpack::new().has_room_for(size)) {
        let mut table = FieldTable::new();
        for at in (from..args.len()).step_by(2) {
            set_in_table(&mut table, &args[at], &args[at + 1], Time::Clear, 0);
        }
        let count = table.len();
        return (Object::HashTable(Box::new(table)), count);
    }
    let pack = new_pack(args, from);
    let count = pack.len() / 2;
    (Object::HashPack(pack), count)
}

fn new_pack(args: &Args<'_>, from: usize) -> Listpack {
    let mut elements = [Element::Int(0); 2 * AT_ONCE];
    let first = args.len().min(from + 2 * AT_ONCE);
    let mut at = from;
    // Up to the first field that comes twice all is known to be new.
    while at < first && !(from..at).step_by(2).any(|before| args[before] == args[at]) {
        elements[at - from] = Element::from_bytes(&args[at]);
        elements[at + 1 - from] = Element::from_bytes(&args[at + 1]);
        at += 2;
    }
    let mut pack = Listpack::from_elements(&elements[..at - from]);
    for at in (at..args.len()).step_by(2) {
        set_in_pack(&mut pack, &args[at], &args[at + 1]);
    }
    pack
}

/// A new hash of fields that differ from one another, with their values.
pub(super) fn new_distinct<'a>(pairs: impl Iterator<Item = (&'a [u8], &'a [u8])> + Clone, limits: Limits) -> Object {
    let (mut count, mut bytes, mut allowed) = (0, 0, true);
    for (name, value) in pairs.clone() {
        (count, bytes) = (count + 1, bytes + name.len() + value.len());
        allowed &= limits.allow(name.len(), value.len());
    }
    if allowed && count <= limits.entries && Listpack::new().has_room_for(bytes) {
        let elements = pairs.flat_map(|(name, value)| [Element::from_bytes(name), Element::from_bytes(value)]);
        let elements: SmallVec<[Element<'_>; 2 * AT_ONCE]> = elements.collect();
        return Object::HashPack(Listpack::from_elements(&elements));
    }
    let mut table = FieldTable::new();
    for (name, value) in pairs {
        table.insert(hash(name), Field::with(name, value, None));
    }
    Object::HashTable(Box::new(table))
}

/// Removes a field; says whether it was there.
pub(super) fn remove(found: &mut Entry, name: &[u8]) -> bool {
    let remove = |pack: &mut PackMut<'_>, width: usize| match pack.find(name, width - 1) {
        Some(at) => {
            pack.remove(at, width);
            true
        }
        None => false,
    };
    match found.object_mut() {
        Some(ObjectMut::HashPack(mut pack)) => remove(&mut pack, 2),
        Some(ObjectMut::HashPackTimed(mut pack)) => remove(&mut pack, 3),
        Some(ObjectMut::HashTable(table)) => table.remove(hash(name), name).is_some(),
        _ => false,
    }
}

/// What a look at fields needs, since it removes those past their time.
#[derive(Clone, Copy)]
pub(crate) struct FieldExpiry<'a> {
    now_ms: i64,
    stats: &'a WorkerStats,
    shared: &'a Shared,
    database: usize,
    /// The caller says so itself where the hash goes.
    quiet: bool,
}

impl<'a> FieldExpiry<'a> {
    pub(crate) fn of(context: &Context<'a>) -> Self {
        Self {
            now_ms: context.now_ms,
            stats: context.stats,
            shared: context.shared,
            database: context.session.database,
            quiet: false,
        }
    }

    /// For one that may fill a hash again which went.
    pub(crate) fn quiet(self) -> Self {
        Self { quiet: true, ..self }
    }

    /// Keeps that a field went, where changes are kept.
    fn keep(self, found: &Entry, name: &[u8]) {
        if self.shared.journal.is_on() {
            redstart_command::effects::field_gone(self.database, found.key(), name);
        }
    }

    /// Counts fields that were removed, and says so.
    fn note(self, found: &Entry, removed: usize) {
        self.stats.expired_parts.add(removed as u64);
        if removed > 0 {
            self.shared.notify(Event::HASH, "hexpired", self.database, found.key());
            redstart_command::timed::note(self.shared, self.database, found.key());
        }
        if found.parts() == 0 && !self.quiet {
            self.shared.notify(Event::GENERIC, "del", self.database, found.key());
        }
    }
}

/// Removes those of the named fields that are past their time: a look at them is what it takes. Gives the hash back, but
/// for one that has no field left, which goes.
#[inline]
pub(crate) fn refresh<'a, B: Borrowed>(
    found: B,
    expiry: FieldExpiry<'_>,
    names: impl Iterator<Item = &'a [u8]> + Clone,
) -> Option<B> {
    if passed(found.parts_expire_ms(), expiry.now_ms) { remove_passed(found, expiry, names) } else { Some(found) }
}

#[cold]
fn remove_passed<'a, B: Borrowed>(
    mut found: B,
    expiry: FieldExpiry<'_>,
    names: impl Iterator<Item = &'a [u8]> + Clone,
) -> Option<B> {
    let mut removed = 0;
    expiry.shared.keyspace.snapshots.before_change_of(expiry.database, &found, names.clone());
    for name in names {
        let there = Fields::of(found.value(), expiry.now_ms).ok().is_some_and(|fields| fields.time(name).is_some());
        if !there && remove(found.expiring(), name) {
            removed += 1;
            expiry.keep(&found, name);
        }
    }
    expiry.note(&found, removed);
    if found.parts() == 0 {
        found.remove_empty();
        return None;
    }
    forget_times(found.expiring());
    Some(found)
}

/// As [`refresh`], for all fields.
pub(super) fn refresh_all<B: Borrowed>(mut found: B, expiry: FieldExpiry<'_>) -> Option<B> {
    if !passed(found.parts_expire_ms(), expiry.now_ms) {
        return Some(found);
    }
    expiry.shared.keyspace.snapshots.before_change(expiry.database, &found);
    let (mut names, most) = (Vec::new(), usize::MAX);
    let progress = &mut Progress::default();
    found.expiring().expire_parts(expiry.now_ms, most, progress, |name| names.push(name.to_vec()));
    names.iter().for_each(|name| expiry.keep(&found, name));
    expiry.note(&found, names.len());
    if found.parts() == 0 {
        found.remove_empty();
        return None;
    }
    Some(found)
}

/// A number that becomes the value of a field.
#[derive(Clone, Debug)]
pub(super) enum Number {
    Int(i64),
    Text(Vec<u8>),
}

impl Number {
    fn element(&self) -> Element<'_> {
        match self {
            Self::Int(number) => Element::Int(*number),
            Self::Text(text) => Element::from_bytes(text),
        }
    }
}

/// Replaces the value of a field by what `next` makes of it (of nothing, where the field is missing). Its time stays.
pub(super) fn update(
    found: &mut Entry,
    name: &[u8],
    (limits, now_ms): (Limits, i64),
    next: impl FnOnce(Option<Element<'_>>) -> Result<Number, Error>,
) -> Result<Number, Error> {
    let fields = Fields::of(found.value(), now_ms)?;
    let place = if let Fields::Pack(pack) = fields { pack.find(name, 1).map(|at| value_after(pack, at)) } else { None };
    let number = match (fields, place) {
        (Fields::Pack(pack), place) => next(place.map(|at| pack.get(at)))?,
        _ => next(fields.get(name))?,
    };
    let element = number.element();
    let fields = hash_mut(found, |pack| {
        limits.allow(name.len(), element.byte_len()) && pack.has_room_for(name.len() + element.byte_len())
    })?;
    match (fields, place) {
        (FieldsMut::Pack(mut pack), Some(at)) => pack.replace_element(at, element),
        (FieldsMut::Pack(mut pack), None) => pack.append(&[Element::from_bytes(name), element]),
        (FieldsMut::Timed(mut pack), _) => {
            set_in_timed(&mut pack, name, element, Time::Keep, now_ms);
        }
        (FieldsMut::Table(table), _) => {
            element.with_bytes(|value| set_in_table(table, name, value, Time::Keep, now_ms));
        }
    }
    convert_if_full(found, limits);
    Ok(number)
}

/// A new hash of one field.
pub(super) fn new_with(name: &[u8], number: &Number, limits: Limits) -> Object {
    let element = number.element();
    if limits.entries > 0 && limits.allow(name.len(), element.byte_len()) {
        return Object::HashPack(Listpack::from_elements(&[Element::from_bytes(name), element]));
    }
    let mut table = FieldTable::new();
    element.with_bytes(|value| set_in_table(&mut table, name, value, Time::Clear, 0));
    Object::HashTable(Box::new(table))
}

/// Hashes, to the commands that they share with sets.
pub(super) struct Hash;

impl Collection for Hash {
    const WORD: &'static str = "fields";
    const NOT_POSITIVE: &'static str = "ERR Number of fields must be a positive integer";
    const NONE_TO_EXPIRE: &'static str = "ERR Parameter `numFields` should be greater than 0";
    const EXPIRE: &'static [u8] = b"HPEXPIREAT";
    const PERSIST: &'static [u8] = b"HPERSIST";
    const REMOVE: &'static [u8] = b"HDEL";
    const CLASS: u32 = Event::HASH;
    const EVENTS: Events = Events { timed: "hexpire", persisted: "hpersist", removed: "hdel" };

    fn times(value: ValueRef<'_>, now_ms: i64) -> Result<impl Fn(&[u8]) -> Option<Option<i64>>, Error> {
        Fields::of(value, now_ms).map(|fields| move |name: &[u8]| fields.time(name))
    }

    /// A small hash gets room for times.
    fn make_timed(found: &mut Entry) {
        let ValueRef::HashPack(pack) = found.value() else { return };
        let mut elements = Vec::with_capacity(pack.len() / 2 * 3);
        for (index, (_, element)) in pack.iter().enumerate() {
            elements.push(element);
            if index % 2 == 1 {
                elements.push(Element::Int(0));
            }
        }
        let timed = Listpack::from_elements(&elements);
        found.set_object(Object::HashPackTimed(timed));
    }

    fn set_time(found: &mut Entry, name: &[u8], time: Option<i64>) {
        match found.object_mut() {
            Some(ObjectMut::HashPackTimed(mut pack)) => {
                if let Some(at) = pack.find(name, 2) {
                    let place = value_after(&pack, at);
                    set_time(&mut pack, place, time);
                }
            }
            Some(ObjectMut::HashTable(table)) => {
                if let Some(mut field) = table.get_mut(hash(name), name) {
                    field.set_expire_ms(time);
                }
            }
            _ => {}
        }
        if let Some(at_ms) = time {
            found.note_part_expires(at_ms);
        }
    }

    fn remove(found: &mut Entry, name: &[u8]) -> bool {
        remove(found, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use redstart_resp::{Args, Span};

    const LIMITS: Limits = Limits { entries: 512, value: 64 };

    /// What `HSET key pairs...` makes of a new key: whether it is small, and its fields in order.
    fn made(pairs: &[(&str, &str)], limits: Limits) -> (bool, Vec<(String, String)>) {
        let words: Vec<&str> = ["hset", "key"].into_iter().chain(pairs.iter().flat_map(|&(f, v)| [f, v])).collect();
        let (mut buffer, mut spans) = (Vec::new(), Vec::new());
        for word in words {
            spans.push(Span::new(buffer.len(), word.len()));
            buffer.extend_from_slice(word.as_bytes());
        }
        let (object, count) = new_hash(&Args::new(&buffer, &spans, &mut []), 2, limits);
        let text = |element: Element<'_>| String::from_utf8(element.to_vec()).unwrap();
        let fields = if let Object::HashPack(pack) = &object {
            Fields::Pack(pack)
        } else if let Object::HashTable(table) = &object {
            Fields::Table(table, 0)
        } else {
            panic!("no hash: {object:?}")
        };
        let mut shown = Vec::new();
        fields.each(|name, value| shown.push((text(name), text(value))));
        assert_eq!(shown.len(), count);
        (matches!(fields, Fields::Pack(_)), shown)
    }

    #[test]
    fn a_field_that_comes_twice_keeps_its_place_and_its_last_value() {
        // The repetition lies within, at the edge of, and beyond what is taken up in one go.
        for repeated in [1, 3, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 2 * AT_ONCE] {
            let names: Vec<String> = (0..=2 * AT_ONCE).map(|i| format!("field{}", i % repeated)).collect();
            let values: Vec<String> = (0..names.len()).map(|i| i.to_string()).collect();
            let pairs: Vec<_> = names.iter().map(String::as_str).zip(values.iter().map(String::as_str)).collect();
            let last = |name: &str| pairs.iter().rfind(|pair| pair.0 == name).unwrap().1.to_owned();
            let expected: Vec<_> = names[..repeated].iter().map(|name| (name.clone(), last(name))).collect();
            assert_eq!(made(&pairs, LIMITS), (true, expected), "{repeated} different fields");
        }
    }

    #[test]
    fn what_is_too_many_or_too_long_makes_a_table() {
        let long = "x".repeat(65);
        assert!(made(&[("a", &long[..64])], LIMITS).0);
        assert!(!made(&[("a", &long)], LIMITS).0);
        assert!(!made(&[(&long, "a")], LIMITS).0);
        let few = Limits { entries: 2, value: 64 };
        assert!(made(&[("a", "1"), ("b", "2")], few).0);
        // As in Redis the pairs are counted, not the different fields.
        assert!(!made(&[("a", "1"), ("b", "2"), ("a", "3")], few).0);
    }

    #[test]
    fn a_table_has_all_that_the_small_hash_had() {
        let mut pack = Listpack::new();
        let names = ["", "12", "-7", "name", "\u{0}\u{1}"];
        for (number, name) in names.iter().enumerate() {
            set_in_pack(&mut pack, name.as_bytes(), number.to_string().as_bytes());
        }
        let table = to_table(&pack, false);
        for (number, name) in names.iter().enumerate() {
            let value = Fields::Table(&table, 0).get(name.as_bytes()).map(|value| value.to_vec());
            assert_eq!(value, Some(number.to_string().into_bytes()), "{name:?}");
        }
        assert_eq!(table.len(), names.len());
    }
}
