//! Every guard is forgotten once: what it had taken may leak, but all that is left can be used and freed. Under Miri
//! (`make miri`) this shows that safe code cannot leave a pointer to freed memory behind.

#![allow(clippy::unwrap_used, clippy::mem_forget, reason = "a test, of forgotten guards")]

use redstart_encoding::hash::hash;
use redstart_encoding::listpack::{Element, Listpack, PackEdit, Where};
use redstart_encoding::{Entry, Field, Object, ObjectMut, Table, Value, ValueRef};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn entry(key: &str, value: &str) -> Entry {
    Entry::new(key.as_bytes(), Value::Bytes(value.as_bytes()), None)
}

fn put(table: &mut Table<Entry>, key: &str, value: &str) {
    table.insert(hash(key.as_bytes()), entry(key, value));
}

fn value_of(table: &Table<Entry>, key: &str) -> Option<Vec<u8>> {
    table.get(hash(key.as_bytes()), key.as_bytes()).map(|entry| match entry.value() {
        ValueRef::Bytes { bytes, .. } => bytes.to_vec(),
        other => panic!("{other:?}"),
    })
}

#[test]
fn a_forgotten_guard_that_changed_nothing_leaves_the_item() {
    let mut table = Table::new();
    put(&mut table, "k", "value");
    std::mem::forget(table.get_mut(hash(b"k"), b"k").unwrap());
    let reading = table.get_mut(hash(b"k"), b"k").unwrap();
    reading.set_clock(17);
    reading.set_mark(true);
    std::mem::forget(reading);
    assert_eq!((table.len(), value_of(&table, "k")), (1, Some(b"value".to_vec())));
    let taken = table.remove(hash(b"k"), b"k").unwrap();
    assert_eq!((taken.clock(), taken.mark(), table.len()), (17, true, 0));
}

/// The item's block moved, and only the forgotten guard knew where to: the table's word once kept pointing to the old one.
#[test]
fn a_forgotten_guard_of_a_moved_item_leaks_it() {
    let mut table = Table::new();
    put(&mut table, "k", "value");
    put(&mut table, "other", "stays");
    let mut moving = table.get_mut(hash(b"k"), b"k").unwrap();
    moving.set_expire_ms(Some(17));
    moving.set_value(Value::Bytes(&[b'x'; 400]));
    std::mem::forget(moving);
    assert_eq!((table.len(), value_of(&table, "k")), (1, None));
    assert_eq!((table.expiring(), table.iter().count()), (0, 1));
    put(&mut table, "k", "again");
    assert_eq!(value_of(&table, "k"), Some(b"again".to_vec()));
    assert!(table.remove(hash(b"k"), b"k").is_some());
    assert_eq!(value_of(&table, "other"), Some(b"stays".to_vec()));
}

#[test]
fn an_item_that_was_replaced_or_panicked_over_is_back() {
    let mut table = Table::new();
    put(&mut table, "k", "value");
    *table.get_mut(hash(b"k"), b"k").unwrap() = entry("k", "second");
    assert_eq!(value_of(&table, "k"), Some(b"second".to_vec()));
    let broken = catch_unwind(AssertUnwindSafe(|| {
        let mut found = table.get_mut(hash(b"k"), b"k").unwrap();
        found.set_expire_ms(Some(1));
        panic!("as the test wants");
    }));
    assert!(broken.is_err());
    assert_eq!((table.len(), table.expiring(), value_of(&table, "k")), (1, 1, Some(b"second".to_vec())));
}

/// Guards are forgotten in the midst of growth and shrinking, in a table full enough for items to lie aside.
#[test]
fn tables_of_forgotten_items_go_on() {
    let rounds = if cfg!(miri) { 600 } else { 40_000 };
    let (mut table, mut model) = (Table::new(), BTreeMap::new());
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |end: u32| {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as u32 % end
    };
    for _ in 0..rounds {
        let key = below(rounds / 3).to_string();
        let at = hash(key.as_bytes());
        match below(8) {
            0..=3 => {
                table.upsert(at, entry(&key, "v"));
                model.insert(key, ());
            }
            4 => assert_eq!(table.remove(at, key.as_bytes()).is_some(), model.remove(&key).is_some()),
            5 => std::mem::forget(table.get_mut(at, key.as_bytes())),
            _ => {
                let mut found = table.get_mut(at, key.as_bytes());
                assert_eq!(found.is_some(), model.remove(&key).is_some());
                if let Some(found) = &mut found {
                    found.set_expire_ms(Some(5));
                }
                std::mem::forget(found);
            }
        }
        assert_eq!(table.len(), model.len());
    }
    assert!(model.keys().all(|key| table.get(hash(key.as_bytes()), key.as_bytes()).is_some()));
    assert_eq!((table.iter().count(), table.expiring()), (model.len(), 0));
    table.check_with(Entry::check).unwrap();
    let mut steps = table.iter();
    steps.next();
    std::mem::forget(steps);
}

#[test]
fn a_forgotten_listpack_guard_leaves_the_entry_as_it_was() {
    let small = Listpack::from_elements(&[Element::Bytes(b"field"), Element::Int(1)]);
    let mut entry = Entry::new(b"h", Value::Object(Object::HashPack(small)), None);
    for length in [3, 100, 300] {
        let Some(ObjectMut::HashPack(mut pack)) = entry.object_mut() else { panic!("a small hash") };
        pack.append(&[Element::Bytes(&vec![b'x'; length]), Element::Int(2)]);
        std::mem::forget(pack);
        let ValueRef::HashPack(pack) = entry.value() else { panic!("a small hash") };
        assert!(pack.len() >= 2 && pack.iter().count() == pack.len());
    }
    entry.set_expire_ms(Some(1));
    assert!(entry.block_size() > 0);
}

#[test]
fn a_forgotten_guard_of_a_field_leaves_the_others() {
    let mut table = Table::new();
    for name in ["one", "two"] {
        table.insert(hash(name.as_bytes()), Field::new(name.as_bytes(), b"1"));
    }
    let mut field = table.get_mut(hash(b"one"), b"one").unwrap();
    field.set_expire_ms(Some(9));
    std::mem::forget(field);
    assert_eq!((table.len(), table.expiring(), table.iter().count()), (1, 0, 1));
}

/// An offset is any number to safe code: the header, by which the memory is freed, is out of reach.
#[test]
fn wrong_offsets_panic_and_free_what_was_allocated() {
    for offset in 0..12 {
        for inside in [true, false] {
            let filler = if inside { 10 } else { 200 };
            let pack = Listpack::from_elements(&[Element::Bytes(b"ab"), Element::Bytes(&vec![b'x'; filler])]);
            let mut own = Listpack::copy_of(&pack);
            let _ = catch_unwind(AssertUnwindSafe(|| own.replace(offset, b"\xff\xff\xff\xff\xff\xff\xff\xff")));
            let _ = catch_unwind(AssertUnwindSafe(|| own.remove(offset, 3)));
            let _ = catch_unwind(AssertUnwindSafe(|| own.insert_element(offset, Where::Before, Element::Int(1))));
            drop(Listpack::copy_of(&own));
            let mut entry = Entry::new(b"l", Value::Object(Object::ListPack(pack)), None);
            let Some(ObjectMut::ListPack(mut pack)) = entry.object_mut() else { panic!("a small list") };
            let _ = catch_unwind(AssertUnwindSafe(|| PackEdit::replace(&mut pack, offset, &[0xFF; 8])));
            let _ = catch_unwind(AssertUnwindSafe(|| PackEdit::remove(&mut pack, offset, 3)));
            let _ = catch_unwind(AssertUnwindSafe(|| PackEdit::insert_all(&mut pack, offset, &[Element::Int(1)])));
            drop(pack);
            drop(entry.copy_as(b"m"));
        }
    }
}
