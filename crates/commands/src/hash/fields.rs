//! The two encodings of a hash: looking fields up, setting them, and turning the small encoding into the large one.

use redstart_command::context::Found;
use redstart_command::{Args, Context, Error, Object, ObjectMut, Reply, ValueRef};
use redstart_config::ids;
use redstart_encoding::hash::hash;
use redstart_encoding::listpack::{Element, Listpack, Pack, PackEdit};
use redstart_encoding::{Field, FieldTable, PackMut};

/// A hash to be read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fields<'a> {
    Pack(&'a Pack),
    Table(&'a FieldTable),
}

impl<'a> Fields<'a> {
    /// The hash that a value is.
    #[inline]
    pub(super) fn of(value: ValueRef<'a>) -> Result<Self, Error> {
        match value {
            ValueRef::HashPack(pack) => Ok(Self::Pack(pack)),
            ValueRef::HashTable(table) => Ok(Self::Table(table)),
            _ => Err(Error::WrongType),
        }
    }

    /// The number of fields.
    pub(super) fn len(self) -> usize {
        match self {
            Self::Pack(pack) => pack.len() / 2,
            Self::Table(table) => table.len(),
        }
    }

    /// The value of a field.
    #[inline]
    pub(super) fn get(self, name: &[u8]) -> Option<Element<'a>> {
        match self {
            Self::Pack(pack) => pack.find(name, 1).map(|at| pack.get(value_after(pack, at))),
            Self::Table(table) => Some(Element::Bytes(table.get(hash(name), name)?.project(Field::value))),
        }
    }

    /// Shows all fields with their values.
    #[inline]
    pub(super) fn each(self, mut show: impl FnMut(Element<'_>, Element<'_>)) {
        match self {
            Self::Pack(pack) => {
                let mut elements = pack.iter();
                while let (Some((_, name)), Some((_, value))) = (elements.next(), elements.next()) {
                    show(name, value);
                }
            }
            Self::Table(table) => {
                for field in table.iter() {
                    show(Element::Bytes(field.name()), Element::Bytes(field.value()));
                }
            }
        }
    }
}

/// Writes a field or value as a bulk.
#[inline]
pub(super) fn write(element: Element<'_>, reply: &mut Reply<'_>) {
    match element {
        Element::Bytes(bytes) => reply.bulk(bytes),
        Element::Int(number) => reply.bulk_int(number),
    }
}

/// Writes the value of a field, null where it is missing.
#[inline]
pub(super) fn write_field(fields: Fields<'_>, name: &[u8], reply: &mut Reply<'_>) {
    match fields.get(name) {
        Some(value) => write(value, reply),
        None => reply.null(),
    }
}

/// The offset of the value that belongs to the field at `at`.
#[inline]
pub(super) fn value_after(pack: &Pack, at: usize) -> usize {
    pack.next(at).expect("in a hash every field is followed by its value")
}

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
fn hash_mut<'f>(found: &'f mut Found<'_>, small: impl FnOnce(&Pack) -> bool) -> Result<FieldsMut<'f>, Error> {
    let table = match found.value() {
        ValueRef::HashPack(pack) if !small(pack) => Some(to_table(pack)),
        ValueRef::HashPack(_) | ValueRef::HashTable(_) => None,
        _ => return Err(Error::WrongType),
    };
    if let Some(table) = table {
        found.set_object(Object::HashTable(Box::new(table)));
    }
    match found.object_mut() {
        Some(ObjectMut::HashPack(pack)) => Ok(FieldsMut::Pack(pack)),
        Some(ObjectMut::HashTable(table)) => Ok(FieldsMut::Table(table)),
        _ => Err(Error::WrongType),
    }
}

/// A hash to be changed.
enum FieldsMut<'a> {
    Pack(PackMut<'a>),
    Table(&'a mut FieldTable),
}

#[cold]
fn to_table(pack: &Pack) -> FieldTable {
    let mut table = FieldTable::new();
    Fields::Pack(pack).each(|name, value| {
        name.with_bytes(|name| value.with_bytes(|value| set_in_table(&mut table, name, value)));
    });
    table
}

/// Turns a small hash with too many fields into a large one.
fn convert_if_full(found: &mut Found<'_>, limits: Limits) {
    let full = |pack: &Pack| (pack.len() / 2) as u64 > limits.entries;
    if let ValueRef::HashPack(pack) = found.value()
        && full(pack)
    {
        let table = to_table(pack);
        found.set_object(Object::HashTable(Box::new(table)));
    }
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

/// Sets a field; says whether it is new.
fn set_in_table(table: &mut FieldTable, name: &[u8], value: &[u8]) -> bool {
    let hash = hash(name);
    if let Some(mut field) = table.get_mut(hash, name) {
        field.set_value(value);
        return false;
    }
    table.insert(hash, Field::new(name, value));
    true
}

/// Sets the pairs of field and value among the arguments; says how many fields are new.
pub(super) fn set_pairs(found: &mut Found<'_>, args: &Args<'_>, limits: Limits) -> Result<usize, Error> {
    let size = limits.size_of(args, 2);
    let pairs = (2..args.len()).step_by(2).map(|at| (&args[at], &args[at + 1]));
    let small = |pack: &Pack| size.is_some_and(|size| pack.has_room_for(size));
    let created = match hash_mut(found, small)? {
        FieldsMut::Pack(mut pack) => pairs.filter(|(name, value)| set_in_pack(&mut pack, name, value)).count(),
        FieldsMut::Table(table) => pairs.filter(|(name, value)| set_in_table(table, name, value)).count(),
    };
    convert_if_full(found, limits);
    Ok(created)
}

/// Pairs that a new small hash takes up in one go.
const AT_ONCE: usize = 16;

/// A new hash of the pairs among the arguments, with the number of its fields.
pub(super) fn new_hash(args: &Args<'_>, limits: Limits) -> (Object, usize) {
    if limits.size_of(args, 2).is_none_or(|size| !Listpack::new().has_room_for(size)) {
        let mut table = FieldTable::new();
        for at in (2..args.len()).step_by(2) {
            set_in_table(&mut table, &args[at], &args[at + 1]);
        }
        let count = table.len();
        return (Object::HashTable(Box::new(table)), count);
    }
    let pack = new_pack(args);
    let count = pack.len() / 2;
    (Object::HashPack(pack), count)
}

fn new_pack(args: &Args<'_>) -> Listpack {
    let mut elements = [Element::Int(0); 2 * AT_ONCE];
    let first = args.len().min(2 + 2 * AT_ONCE);
    let mut at = 2;
    // Up to the first field that comes twice all is known to be new.
    while at < first && !(2..at).step_by(2).any(|before| args[before] == args[at]) {
        elements[at - 2] = Element::from_bytes(&args[at]);
        elements[at - 1] = Element::from_bytes(&args[at + 1]);
        at += 2;
    }
    let mut pack = Listpack::from_elements(&elements[..at - 2]);
    for at in (at..args.len()).step_by(2) {
        set_in_pack(&mut pack, &args[at], &args[at + 1]);
    }
    pack
}

/// Removes a field; says whether it was there.
pub(super) fn remove(found: &mut Found<'_>, name: &[u8]) -> bool {
    match found.object_mut() {
        Some(ObjectMut::HashPack(mut pack)) => match pack.find(name, 1) {
            Some(at) => {
                pack.remove(at, 2);
                true
            }
            None => false,
        },
        Some(ObjectMut::HashTable(table)) => table.remove(hash(name), name).is_some(),
        _ => false,
    }
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

/// Replaces the value of a field by what `next` makes of it (of nothing, where the field is missing).
pub(super) fn update(
    found: &mut Found<'_>,
    name: &[u8],
    limits: Limits,
    next: impl FnOnce(Option<Element<'_>>) -> Result<Number, Error>,
) -> Result<Number, Error> {
    let fields = Fields::of(found.value())?;
    if let Fields::Pack(pack) = fields {
        let place = pack.find(name, 1).map(|at| value_after(pack, at));
        let number = next(place.map(|at| pack.get(at)))?;
        let element = number.element();
        let fields = hash_mut(found, |pack| {
            limits.allow(name.len(), element.byte_len()) && pack.has_room_for(name.len() + element.byte_len())
        })?;
        match (fields, place) {
            (FieldsMut::Pack(mut pack), Some(at)) => pack.replace_element(at, element),
            (FieldsMut::Pack(mut pack), None) => pack.append(&[Element::from_bytes(name), element]),
            (FieldsMut::Table(table), _) => {
                element.with_bytes(|value| set_in_table(table, name, value));
            }
        }
        convert_if_full(found, limits);
        return Ok(number);
    }
    let number = next(fields.get(name))?;
    if let FieldsMut::Table(table) = hash_mut(found, |_| true)? {
        number.element().with_bytes(|value| set_in_table(table, name, value));
    }
    Ok(number)
}

/// A new hash of one field.
pub(super) fn new_with(name: &[u8], number: &Number, limits: Limits) -> Object {
    let element = number.element();
    if limits.entries > 0 && limits.allow(name.len(), element.byte_len()) {
        return Object::HashPack(Listpack::from_elements(&[Element::from_bytes(name), element]));
    }
    let mut table = FieldTable::new();
    element.with_bytes(|value| set_in_table(&mut table, name, value));
    Object::HashTable(Box::new(table))
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
        let (object, count) = new_hash(&Args::new(&buffer, &spans, &mut []), limits);
        let text = |element: Element<'_>| String::from_utf8(element.to_vec()).unwrap();
        let fields = if let Object::HashPack(pack) = &object {
            Fields::Pack(pack)
        } else if let Object::HashTable(table) = &object {
            Fields::Table(table)
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
        let table = to_table(&pack);
        for (number, name) in names.iter().enumerate() {
            let value = Fields::Table(&table).get(name.as_bytes()).map(|value| value.to_vec());
            assert_eq!(value, Some(number.to_string().into_bytes()), "{name:?}");
        }
        assert_eq!(table.len(), names.len());
    }
}
