//! Parts of collections that expire: kept times, and their removal in steps.

use redstart_encoding::entry::parts::Progress;
use redstart_encoding::hash::hash;
use redstart_encoding::listpack::{Element, Listpack};
use redstart_encoding::{Entry, Field, FieldTable, Object, ObjectMut, Table, Value};

fn timed_pack(fields: &[(&str, i64)]) -> Object {
    let mut pack = Listpack::new();
    for (name, at_ms) in fields {
        pack.append(&[Element::from_bytes(name.as_bytes()), Element::from_bytes(b"value"), Element::Int(*at_ms)]);
    }
    Object::HashPackTimed(pack)
}

fn table(count: usize, time: impl Fn(usize) -> Option<i64>) -> Object {
    let mut table = FieldTable::new();
    for index in 0..count {
        let name = format!("field{index}");
        table.insert(hash(name.as_bytes()), Field::with(name.as_bytes(), b"value", time(index)));
    }
    Object::HashTable(Box::new(table))
}

/// Removes in steps of `most`; returns the names, and the number of steps.
fn expire(entry: &mut Entry, now_ms: i64, most: usize) -> (Vec<String>, usize) {
    let (mut names, mut progress, mut steps) = (Vec::new(), Progress::default(), 0);
    while !progress.done() {
        entry.expire_parts(now_ms, most, &mut progress, |name| names.push(String::from_utf8_lossy(name).into_owned()));
        entry.check().expect("it is sound");
        steps += 1;
    }
    names.sort();
    (names, steps)
}

#[test]
fn fields_of_a_small_hash_go_when_their_time_comes() {
    let object = timed_pack(&[("a", 100), ("b", 0), ("c", 300), ("d", 99)]);
    let mut entry = Entry::new(b"key", Value::Object(object), Some(7_000));
    entry.note_part_expires(100);
    entry.note_part_expires(99);
    entry.note_part_expires(300);
    assert_eq!((entry.parts_expire_ms(), entry.expire_ms(), entry.key()), (Some(99), Some(7_000), b"key".as_slice()));
    assert_eq!(expire(&mut entry, 101, 10), (vec!["a".to_owned(), "d".to_owned()], 1));
    assert_eq!((entry.parts_expire_ms(), entry.parts()), (Some(300), 2));
    assert_eq!(expire(&mut entry, 301, 10).0, ["c"]);
    assert_eq!((entry.parts_expire_ms(), entry.parts(), entry.expire_ms()), (None, 1, Some(7_000)));
}

#[test]
fn a_large_hash_is_gone_through_in_steps() {
    let count = if cfg!(miri) { 300 } else { 5_000 };
    let object = table(count, |index| (index % 2 == 0).then_some(if index % 4 == 0 { 10 } else { 50 }));
    let mut entry = Entry::new(b"key", Value::Object(object), None);
    entry.note_part_expires(10);
    let (names, steps) = expire(&mut entry, 20, 64);
    assert_eq!((names.len(), entry.parts_expire_ms()), (count / 4, Some(50)));
    assert!(steps > count / 2 / 64 / 4, "{steps} steps");
    assert_eq!(expire(&mut entry, 51, 64).0.len(), count / 4);
    assert_eq!((entry.parts_expire_ms(), entry.parts()), (None, count / 2));
}

#[test]
fn a_time_set_while_the_parts_are_gone_through_is_kept() {
    let count = if cfg!(miri) { 300 } else { 2_000 };
    let mut entry = Entry::new(b"key", Value::Object(table(count, |_| Some(1_000))), None);
    entry.note_part_expires(5);
    let mut progress = Progress::default();
    entry.expire_parts(10, 16, &mut progress, |_| panic!("nothing is due"));
    assert!(!progress.done());
    entry.check().unwrap();
    if let Some(ObjectMut::HashTable(table)) = entry.object_mut() {
        table.get_mut(hash(b"field0"), b"field0").unwrap().set_expire_ms(Some(20));
    }
    entry.note_part_expires(20);
    while !progress.done() {
        entry.check().unwrap();
        entry.expire_parts(10, 16, &mut progress, |_| panic!("nothing is due"));
    }
    entry.check().unwrap();
    assert_eq!(entry.parts_expire_ms(), Some(20));
}

/// A walk is broken off where its slot is busy, or its entry is renamed or copied. The entry once forgot then that parts of
/// it expire, and they took memory for ever.
#[test]
fn a_walk_that_is_broken_off_is_begun_anew() {
    let count = if cfg!(miri) { 300 } else { 2_000 };
    let mut entry = Entry::new(b"key", Value::Object(table(count, |index| Some(10 + index as i64 % 2 * 40))), None);
    entry.note_part_expires(10);
    let (mut progress, mut gone) = (Progress::default(), 0);
    entry.expire_parts(20, 64, &mut progress, |_| gone += 1);
    assert!(!progress.done() && gone > 0);
    for mut other in [entry.copy_as(b"copy"), entry.with_key(b"renamed")] {
        assert!(other.parts_expire_ms().is_some_and(|at_ms| at_ms < 20), "it is due");
        other.note_part_expires(30);
        assert!(other.parts_expire_ms().is_some_and(|at_ms| at_ms < 20), "it is still due");
        assert_eq!(expire(&mut other, 20, 64).0.len(), count / 2 - gone);
        assert_eq!((other.parts_expire_ms(), other.parts()), (Some(30), count / 2));
    }
}

#[test]
fn tables_count_what_expires_wholly_and_in_parts() {
    let mut keys = Table::<Entry>::new();
    for index in 0..40_i64 {
        let name = format!("key{index}");
        let expire_ms = (index % 2 == 0).then_some(1_000);
        let mut entry = Entry::new(name.as_bytes(), Value::Object(timed_pack(&[("f", 10)])), expire_ms);
        if index % 4 == 0 {
            entry.note_part_expires(10);
        }
        keys.insert(hash(name.as_bytes()), entry);
    }
    assert_eq!((keys.expiring(), keys.with_expiring_parts()), (20, 10));
    let mut found = keys.get_mut(hash(b"key1"), b"key1").unwrap();
    found.note_part_expires(10);
    drop(found);
    assert_eq!((keys.expiring(), keys.with_expiring_parts()), (20, 11));
    keys.get_mut(hash(b"key0"), b"key0").unwrap().set_parts_expire_ms(None);
    drop(keys.remove(hash(b"key4"), b"key4"));
    assert_eq!((keys.expiring(), keys.with_expiring_parts()), (19, 9));
    let mut found = keys.get_mut(hash(b"key8"), b"key8").unwrap();
    found.set_value(Value::Int(7));
    drop(found);
    assert_eq!((keys.expiring(), keys.with_expiring_parts(), keys.len()), (19, 8, 39));
    keys.check().unwrap();
}

#[test]
fn times_follow_a_value_that_moves_or_changes_its_encoding() {
    let mut entry = Entry::new(b"key", Value::Object(timed_pack(&[("f", 10)])), None);
    entry.note_part_expires(10);
    assert_eq!(entry.copy_as(b"other").parts_expire_ms(), Some(10));
    entry.set_object(table(3, |_| Some(10)));
    assert_eq!(entry.parts_expire_ms(), Some(10));
    let mut moved = entry.with_key(b"a longer key than before");
    assert_eq!((moved.parts_expire_ms(), moved.parts()), (Some(10), 3));
    moved.set_expire_ms(Some(5));
    assert_eq!((moved.parts_expire_ms(), moved.expire_ms()), (Some(10), Some(5)));
    moved.set_value(Value::Bytes(b"a string"));
    assert_eq!((moved.parts_expire_ms(), moved.expire_ms()), (None, Some(5)));
    moved.check().unwrap();
}
