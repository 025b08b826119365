//! Whether an entry is what its story says, and its value what the value's kind says.

use super::parts::time_of;
use super::{Entry, INLINE_MAX, LONG_KEY, SMALL_PACK, ValueRef};
use crate::check::{Broken, Container, Rules, Within};
use crate::field::Field;
use crate::float::parse_f64;
use crate::listpack::{Element, Pack};
use crate::object::FieldTable;
use crate::sorted::Edge;
use std::collections::HashSet;

const RULES: Rules = Rules(Container::Entry);

impl Entry {
    /// Checks the invariants of the entry, and those of the container that is its value. O(n), with a hash of each name
    /// of a small collection.
    ///
    /// Between [`Entry::take_value`] and the next value, an entry may be broken in what it says of times.
    ///
    /// # Errors
    /// One does not hold. The error has the key.
    pub fn check(&self) -> Result<(), Broken> {
        let checked = self.check_header().and_then(|()| self.check_value()).and_then(|()| self.check_times());
        checked.map_err(|broken| broken.of_key(self.key()))
    }

    fn check_header(&self) -> Result<(), Broken> {
        let (header, shape) = (self.header(), self.shape());
        let at = self.0.addr().get();
        RULES.hold("a block lies on a multiple of eight below 2^48", at.is_multiple_of(8) && at < 1 << 48)?;
        let long = usize::from(LONG_KEY);
        RULES.hold("a key has a long length when it needs one", header.klen != LONG_KEY || shape.key >= long)?;
        let most = match shape.kind {
            kind if kind.has_word() => 0,
            kind if kind.is_small_pack() => SMALL_PACK,
            _ => INLINE_MAX,
        };
        RULES.hold("what stands behind the key is as short as its kind wants", shape.inline <= most)?;
        let room = self.block_size() >= shape.key_at() + shape.key + shape.inline;
        RULES.hold("header, key and value fit the block", room)
    }

    fn check_value(&self) -> Result<(), Broken> {
        match self.value() {
            ValueRef::Int(_) | ValueRef::Bytes { .. } => Ok(()),
            ValueRef::HashPack(pack) => names(pack, 2),
            ValueRef::HashPackTimed(pack) => {
                names(pack, 3)?;
                let mut times = pack.iter().skip(2).step_by(3);
                RULES.hold("a field's time is a number, not negative", times.all(|(_, at)| is_time(at)))
            }
            ValueRef::HashTable(table) => table.check_with(Field::check),
            ValueRef::ListPack(pack) => pack.check(),
            ValueRef::QuickList(list) => list.check(),
            ValueRef::SetPack(pack) => names(pack, 1),
            ValueRef::IntSet(set) => set.check(),
            ValueRef::SetTable(table) => table.check_with(|member| {
                member.check()?;
                RULES.hold("a member of a set has no value", member.value().is_empty())
            }),
            ValueRef::SortedPack(pack) => {
                names(pack, 2)?;
                scores(pack)
            }
            ValueRef::SortedSet(set) => set.check(),
            ValueRef::Stream(stream) => stream.check(),
            ValueRef::Array(array) => array.check(),
        }
    }

    /// No part expires before the entry says.
    fn check_times(&self) -> Result<(), Broken> {
        let earliest = match self.value() {
            ValueRef::HashPackTimed(pack) => pack.iter().skip(2).step_by(3).filter_map(|(_, at)| time_of(at)).min(),
            ValueRef::HashTable(table) | ValueRef::SetTable(table) => earliest(table),
            _ => {
                return RULES.hold("only collections whose parts may expire say so", self.parts_expire_ms().is_none());
            }
        };
        let stated = self.parts_expire_ms();
        let known = earliest.is_none_or(|at_ms| stated.is_some_and(|stated_ms| stated_ms <= at_ms));
        RULES.hold("no part expires before the time that the entry keeps", known)
    }
}

fn is_time(element: Element<'_>) -> bool {
    matches!(element, Element::Int(0..))
}

fn earliest(table: &FieldTable) -> Option<i64> {
    if !table.any_flagged() {
        return None;
    }
    table.iter().filter_map(|field| field.expire_ms()).min()
}

/// Checks a listpack whose elements come in groups of `width`, each beginning with a name that no other has.
fn names(pack: &Pack, width: usize) -> Result<(), Broken> {
    pack.check()?;
    RULES.hold("a small collection has whole groups of elements", pack.len().is_multiple_of(width))?;
    let mut seen = HashSet::new();
    for (offset, name) in pack.iter().step_by(width) {
        RULES.hold("a name comes once", seen.insert(name.to_vec())).within("offset", offset)?;
    }
    Ok(())
}

/// Checks that members and scores of a small sorted set ascend.
fn scores(pack: &Pack) -> Result<(), Broken> {
    let mut before: Option<(f64, Vec<u8>)> = None;
    let mut elements = pack.iter();
    while let (Some((offset, member)), Some((_, score))) = (elements.next(), elements.next()) {
        let score = match score {
            Element::Int(number) => Some(number as f64),
            Element::Bytes(text) => parse_f64(text),
        };
        let Some(score) = score.filter(|score| !score.is_nan()) else {
            return Err(Broken::new(RULES.0, "a score is a number").within("offset", offset));
        };
        let member = member.to_vec();
        let above = before.is_none_or(|(below, name)| Edge::Member(score, &member).is_after(below, || &name));
        RULES.hold("members ascend by score, then by name", above).within("offset", offset)?;
        before = Some((score, member));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::kind::Kind;
    use super::super::{Object, Value};
    use super::*;
    use crate::hash::hash;
    use crate::intset::IntSet;
    use crate::listpack::Listpack;

    fn pack(elements: &[&str]) -> Listpack {
        let elements: Vec<Element<'_>> = elements.iter().map(|text| Element::from_bytes(text.as_bytes())).collect();
        Listpack::from_elements(&elements)
    }

    fn of(object: Object) -> Entry {
        Entry::new(b"key", object.into(), None)
    }

    /// What is broken of a value that is wrong from its beginning.
    fn broken(object: Object) -> &'static str {
        let found = of(object).check().unwrap_err();
        assert_eq!(found.key.as_deref(), Some(b"key".as_slice()));
        found.invariant
    }

    fn table(fields: &[(&str, &str, Option<i64>)]) -> Box<FieldTable> {
        let mut table = FieldTable::new();
        for (name, value, at_ms) in fields {
            table.insert(hash(name.as_bytes()), Field::with(name.as_bytes(), value.as_bytes(), *at_ms));
        }
        Box::new(table)
    }

    #[test]
    fn headers_that_are_wrong_are_found() {
        // The changes keep the size class, by which the block is freed.
        let mut entry = Entry::new(b"key", Value::Int(7), None);
        entry.check().unwrap();
        entry.header_mut().vlen = 2;
        assert_eq!(entry.check().unwrap_err().invariant, "what stands behind the key is as short as its kind wants");
        let mut entry = Entry::new(&[0; 254], Value::Bytes(b""), None);
        // The four bytes of the length would be where the key begins, which is zero.
        entry.header_mut().klen = LONG_KEY;
        assert_eq!(entry.check_header().unwrap_err().invariant, "a key has a long length when it needs one");
        entry.header_mut().klen = 254;
        entry.check().unwrap();
    }

    #[test]
    fn small_collections_that_are_wrong_are_found() {
        of(Object::HashPack(pack(&["a", "1", "b", "1"]))).check().unwrap();
        assert_eq!(broken(Object::HashPack(pack(&["a", "1", "b"]))), "a small collection has whole groups of elements");
        assert_eq!(broken(Object::HashPack(pack(&["a", "1", "a", "2"]))), "a name comes once");
        assert_eq!(broken(Object::SetPack(pack(&["7", "x", "7"]))), "a name comes once");
        let timed = |at: &str| Object::HashPackTimed(pack(&["a", "1", at]));
        assert_eq!(broken(timed("soon")), "a field's time is a number, not negative");
        assert_eq!(broken(timed("-1")), "a field's time is a number, not negative");
        let sorted = |elements: &[&str]| Object::SortedPack(pack(elements));
        of(sorted(&["b", "-inf", "a", "1", "b2", "1", "c", "1.5"])).check().unwrap();
        assert_eq!(broken(sorted(&["b", "1", "a", "1"])), "members ascend by score, then by name");
        assert_eq!(broken(sorted(&["a", "2", "b", "1"])), "members ascend by score, then by name");
        assert_eq!(broken(sorted(&["a", "x"])), "a score is a number");
    }

    #[test]
    fn what_is_wrong_inside_a_value_is_found() {
        let members = table(&[("a", "", None), ("b", "value", None)]);
        assert_eq!(broken(Object::SetTable(members)), "a member of a set has no value");
        let mut entry = of(Object::IntSet(IntSet::from_integers(vec![1, 2])));
        // A set of integers that is taken for one of other elements.
        entry.check().unwrap();
        let Some(super::super::ObjectMut::IntSet(set)) = entry.object_mut() else { panic!("a set of integers") };
        set.remove_at(0);
        entry.check().unwrap();
    }

    #[test]
    fn times_that_the_entry_does_not_know_are_found() {
        const RULE: &str = "no part expires before the time that the entry keeps";
        for object in [
            Object::HashTable(table(&[("a", "1", None), ("b", "1", Some(50))])),
            Object::SetTable(table(&[("a", "", Some(50))])),
            Object::HashPackTimed(pack(&["a", "1", "0", "b", "1", "50"])),
        ] {
            let mut entry = of(object);
            assert_eq!(entry.check().unwrap_err().invariant, RULE);
            entry.set_parts_expire_ms(Some(51));
            assert_eq!(entry.check().unwrap_err().invariant, RULE);
            entry.note_part_expires(50);
            entry.check().unwrap();
        }
        let mut text = Entry::new(b"key", Value::Bytes(b"text"), None);
        assert_eq!(text.header().kind, Kind::Inline);
        text.set_parts_expire_ms(Some(7));
        assert_eq!(text.check().unwrap_err().invariant, "only collections whose parts may expire say so");
    }
}
