//! A walk over a collection that changes between its steps shows what was there at the beginning, as it was, once.

use redstart_encoding::entry::members::{LARGE, Members, Walk};
use redstart_encoding::hash::hash;
use redstart_encoding::{Entry, Field, FieldTable, Object, SortedSet, Value};
use std::collections::{BTreeMap, HashSet};

/// Random numbers that are the same in each run (xorshift, G. Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

/// A collection under test: a table whose values are numbers, or a sorted set with them as scores.
enum Collection {
    Table(FieldTable),
    Sorted(Box<SortedSet>),
}

impl Collection {
    fn members(&self) -> Members<'_> {
        match self {
            Self::Table(table) => Members::Table(table),
            Self::Sorted(set) => Members::Sorted(set),
        }
    }

    fn check(&self) {
        let checked = match self {
            Self::Table(table) => table.check_with(Field::check),
            Self::Sorted(set) => set.check(),
        };
        checked.expect("it is sound");
    }

    fn set(&mut self, name: &[u8], number: usize) {
        match self {
            Self::Table(table) => {
                table.upsert(hash(name), Field::new(name, number.to_string().as_bytes()));
            }
            Self::Sorted(set) => _ = set.insert(name, number as f64),
        }
    }

    fn remove(&mut self, name: &[u8]) {
        match self {
            Self::Table(table) => _ = table.remove(hash(name), name),
            Self::Sorted(set) => _ = set.remove(name),
        }
    }
}

/// What was seen of a collection, by name.
type Seen = BTreeMap<Vec<u8>, String>;

fn see(seen: &mut Seen, name: &[u8], value: &[u8], score: f64) {
    let text = if value.is_empty() { score.to_string() } else { String::from_utf8_lossy(value).into_owned() };
    assert!(seen.insert(name.to_vec(), text).is_none(), "{} twice", String::from_utf8_lossy(name));
}

fn name(number: usize) -> Vec<u8> {
    format!("member:{number}").into_bytes()
}

fn walk(mut collection: Collection, count: usize, changes: usize, random: &mut Random) {
    (0..count).for_each(|number| collection.set(&name(number), 1 + random.below(500)));
    collection.check();
    let mut expected = Seen::new();
    collection.members().each(|member| see(&mut expected, member.name, member.value, member.score));
    let (mut walk, mut seen, mut changed) = (Walk::over(collection.members()), Seen::new(), HashSet::new());
    while !walk.is_done() {
        for _ in 0..random.below(changes) {
            let name = name(random.below(count * 2));
            if !changed.contains(&name) {
                let passed = collection.members().with(&name, |member| {
                    let passed = walk.passed(&member);
                    if !passed {
                        see(&mut seen, member.name, member.value, member.score);
                    }
                    passed
                });
                if passed != Some(true) || !walk.keeps_places() {
                    changed.insert(name.clone());
                }
            }
            if random.below(5) < 2 {
                collection.set(&name, 1 + random.below(500));
            } else {
                collection.remove(&name);
            }
        }
        walk.step(collection.members(), |member| {
            if !changed.contains(member.name) {
                see(&mut seen, member.name, member.value, member.score);
            }
        });
    }
    collection.check();
    assert!(seen == expected, "{} of {} members, or others", seen.len(), expected.len());
}

#[test]
fn what_was_there_is_shown_once() {
    // Few changes leave the table as large as it was; many make it grow or shrink meanwhile.
    for (count, changes) in [(1, 3), (500, 4), (3000, 2), (3000, 200), (20_000, 30), (20_000, 300)] {
        for seed in 1..4 {
            println!("{count} members, {changes} changes a step, seed {seed}");
            let mut random = Random(seed);
            walk(Collection::Table(FieldTable::new()), count, changes, &mut random);
            walk(Collection::Sorted(Box::default()), count, changes, &mut random);
        }
    }
}

/// A table that is moved to another one has two for as long as nothing is inserted or removed.
#[test]
fn what_is_in_two_tables_is_shown_once() {
    for count in (8_000..12_000).step_by(397) {
        println!("{count} members");
        let mut random = Random(9);
        walk(Collection::Table(FieldTable::new()), count, 1, &mut random);
        walk(Collection::Table(FieldTable::new()), count, 2, &mut random);
    }
}

#[test]
fn large_is_what_has_many_members_of_its_own() {
    let set = |count: usize| {
        let mut table = FieldTable::new();
        (0..count).map(name).for_each(|name| table.insert(hash(&name), Field::new(&name, b"")));
        Entry::new(b"set", Value::Object(Object::SetTable(Box::new(table))), None)
    };
    assert!(!set(LARGE).is_large() && set(LARGE + 1).is_large());
    assert!(!Entry::new(b"text", Value::Bytes(&[0; 100_000]), None).is_large());
    assert!(Entry::new(b"text", Value::Bytes(&[0; 300_000]), None).is_large());
}
