//! The table against a `HashMap`, through growth, shrinking and the moves between.

use super::*;
use crate::field::Field;
use proptest::prelude::*;
use std::collections::{BTreeSet, HashMap};

fn name(number: u32) -> Vec<u8> {
    format!("key:{number}").into_bytes()
}

fn put(table: &mut Table<Field>, number: u32, value: &[u8]) {
    let name = name(number);
    table.upsert(hash(&name), Field::new(&name, value));
}

fn get(table: &Table<Field>, number: u32) -> Option<Vec<u8>> {
    let name = name(number);
    table.get(hash(&name), &name).map(|field| field.value().to_vec())
}

fn delete(table: &mut Table<Field>, number: u32) -> bool {
    let name = name(number);
    table.remove(hash(&name), &name).is_some()
}

fn scan_all(table: &mut Table<Field>, mut between: impl FnMut(&mut Table<Field>)) -> BTreeSet<Vec<u8>> {
    let mut seen = BTreeSet::new();
    let mut cursor = 0;
    loop {
        cursor = table.scan(cursor, |field| {
            seen.insert(field.name().to_vec());
        });
        if cursor == 0 {
            return seen;
        }
        between(table);
    }
}

#[test]
fn grows_and_shrinks_through_moves() {
    let mut table = Table::new();
    let total = if cfg!(miri) { 200 } else { 100_000 };
    for number in 0..total {
        put(&mut table, number, b"v");
        assert_eq!(table.len(), number as usize + 1);
    }
    for number in 0..total {
        assert!(get(&table, number).is_some(), "{number}");
    }
    assert_eq!(table.iter().count(), total as usize);
    table.check_with(Field::check).unwrap();
    for number in 0..total - 10 {
        assert!(delete(&mut table, number), "{number}");
    }
    assert!(table.buckets() <= 2000, "a table of ten keeps {} buckets", table.buckets());
    for number in total - 10..total {
        assert!(get(&table, number).is_some(), "{number}");
    }
}

/// A full neighbourhood once made a table of any size move all at once, at half its load.
#[test]
fn a_large_table_grows_in_steps_and_dense() {
    let mut table = Table::new();
    let (mut before, mut moves) = (0, 0);
    for number in 0..if cfg!(miri) { 300 } else { 200_000 } {
        put(&mut table, number, b"v");
        let count = table.main.count();
        if count != before && before > AT_ONCE {
            moves += 1;
            assert!(table.moving.is_some(), "{before} buckets became {count} in one go");
            assert!(number as usize * 20 > before * WIDTH * 13, "{before} buckets grew with {number} items");
        }
        before = count;
    }
    assert!(moves > 5 || cfg!(miri));
    table.check_with(Field::check).unwrap();
}

/// Shifting aside is rare with random hashes, so here they are chosen: all homes in the first eighth.
#[test]
fn a_crowded_stretch_is_shifted_aside() {
    let mut side = Buckets::new(64);
    let mut state = 9_u64;
    let (mut fields, mut shifted) = (Vec::new(), 0);
    for number in 0..88 {
        let field = Field::new(&name(number), b"");
        state = hash(&state.to_le_bytes());
        let crowded = (state >> 32).wrapping_mul(1 << 29) >> 32 << 32 | u64::from(state as u32);
        let raw = field.into_raw();
        let at_once = side.insert(crowded, raw, false);
        if at_once || side.make_way(crowded) && side.insert(crowded, raw, false) {
            shifted += usize::from(!at_once);
            fields.push((crowded, number));
        } else {
            // SAFETY: it went nowhere.
            drop(unsafe { Field::from_raw(raw) });
        }
    }
    assert!(fields.len() > 70 && shifted > 5, "{} fields, {shifted} by shifting", fields.len());
    for (hash, number) in fields {
        let place = side.find::<Field>(hash, &name(number)).expect("shifted items are found");
        // SAFETY: the word owned it and is emptied.
        drop(unsafe { Field::from_raw(side.remove(place, true)) });
    }
}

#[test]
fn stays_dense_without_tombstones() {
    let mut table = Table::new();
    let total: u32 = if cfg!(miri) { 60 } else { 20_000 };
    for number in 0..total {
        put(&mut table, number, b"v");
    }
    let buckets = table.buckets();
    for number in total..total * 10 {
        assert!(delete(&mut table, number - total));
        put(&mut table, number, b"v");
    }
    table.check_with(Field::check).unwrap();
    assert!(table.buckets() <= buckets * 3 / 2, "{buckets} buckets became {}", table.buckets());
}

#[test]
fn a_scan_across_growth_and_shrinking_misses_nothing() {
    for total in if cfg!(miri) { vec![5_u32, 100] } else { vec![5, 100, 3_000, 30_000] } {
        let mut table = Table::new();
        for number in 0..total {
            put(&mut table, number, b"v");
        }
        let mut next = total;
        let seen = scan_all(&mut table, |table| {
            for _ in 0..2 {
                put(table, next, b"w");
                next += 1;
            }
        });
        assert!((0..total).all(|number| seen.contains(&name(number))), "growing from {total}");
        let mut gone = total;
        let seen = scan_all(&mut table, |table| {
            for _ in 0..2 {
                delete(table, gone);
                gone += 1;
            }
        });
        assert!((0..total).all(|number| seen.contains(&name(number))), "shrinking to {total}");
    }
}

#[test]
fn random_items_are_spread_evenly() {
    let mut table = Table::new();
    for number in 0..50 {
        put(&mut table, number, b"v");
    }
    let mut state = 1_u64;
    let mut counts = HashMap::new();
    let rounds = if cfg!(miri) { 2_000 } else { 50_000 };
    for _ in 0..rounds {
        let item = table.random(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            hash(&state.to_le_bytes())
        });
        *counts.entry(item.expect("not empty").name().to_vec()).or_insert(0) += 1;
    }
    assert_eq!(counts.len(), 50);
    // A thousand each, give or take three tenths; Miri sees too few to say.
    assert!(cfg!(miri) || counts.values().all(|&count| (700..1300).contains(&count)), "{counts:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 4 } else { 64 }, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn agrees_with_a_hash_map(operations in prop::collection::vec((0_u32..400, 0_u8..4, 0_usize..80), 0..if cfg!(miri) { 100 } else { 4000 })) {
        let mut table = Table::new();
        let mut model: HashMap<u32, Vec<u8>> = HashMap::new();
        for (step, (number, operation, length)) in operations.into_iter().enumerate() {
            if step % 128 == 0 || table.len() < 8 {
                table.check_with(Field::check).unwrap();
            }
            match operation {
                0 => prop_assert_eq!(delete(&mut table, number), model.remove(&number).is_some()),
                1 => prop_assert_eq!(get(&table, number), model.get(&number).cloned()),
                2 => {
                    let name = name(number);
                    if let Some(mut field) = table.get_mut(hash(&name), &name) {
                        field.set_value(&vec![b'x'; length]);
                        model.insert(number, vec![b'x'; length]);
                    }
                }
                _ => {
                    put(&mut table, number, &vec![b'y'; length]);
                    model.insert(number, vec![b'y'; length]);
                }
            }
            prop_assert_eq!(table.len(), model.len());
        }
        table.check_with(Field::check).unwrap();
        let seen = scan_all(&mut table, |_| ());
        prop_assert_eq!(seen, model.keys().map(|&number| name(number)).collect::<BTreeSet<_>>());
    }
}

/// Every item comes up in samples, about as often as the others, wherever in its bucket and on which side it lies.
#[test]
fn samples_show_every_item() {
    let mut table = Table::new();
    for number in 0..if cfg!(miri) { 100 } else { 3_000 } {
        put(&mut table, number, b"v");
    }
    let mut shown: HashMap<Vec<u8>, u32> = HashMap::new();
    let rounds = 40 * table.len() as u64 / 5;
    for round in 0..rounds {
        let random = round.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let taken = table.sample(random, false, 5, |field: &Field| {
            *shown.entry(field.name().to_vec()).or_default() += 1;
            true
        });
        assert_eq!(taken, 5);
    }
    assert_eq!(shown.len(), table.len());
    // On average 40 times each; behind a hole somewhat more often.
    assert!(shown.values().all(|&times| (10..200).contains(&times)), "{:?}", shown.values().max());
    // What is not taken is shown once, and the round ends.
    let mut looks = 0;
    assert_eq!(
        table.sample(u64::MAX, false, 5, |_| {
            looks += 1;
            false
        }),
        0
    );
    assert_eq!(looks, table.len());
    assert_eq!(table.sample(7, true, 5, |_| true), 0);
    assert_eq!(Table::<Field>::new().sample(7, false, 5, |_| true), 0);
}

/// Whoever scans and deletes what was shown empties the number line from its beginning: what is left stays as dense as
/// it was, and fits no smaller table. Large tables once grew back all at once, small ones tried again at each removal.
#[test]
fn removal_in_the_order_of_a_scan_is_no_trouble() {
    for total in if cfg!(miri) { vec![150] } else { vec![300, 5_000, 20_000] } {
        let mut table = Table::new();
        for number in 0..total {
            put(&mut table, number, b"v");
        }
        let (mut cursor, mut before, mut rebuilt) = (0, table.main.count(), 0);
        loop {
            let mut shown = Vec::new();
            cursor = table.scan(cursor, |field: &Field| shown.push(field.name().to_vec()));
            for name in shown {
                let large = table.main.count() > AT_ONCE;
                assert!(table.remove(hash(&name), &name).is_some());
                let count = table.main.count();
                assert!(!large || count == before || table.moving.is_some() || table.is_empty(), "in one go");
                rebuilt += usize::from(count != before);
                before = count;
            }
            if cursor == 0 {
                break;
            }
            if cursor % 256 == 0 {
                table.check_with(Field::check).unwrap();
            }
        }
        assert!(rebuilt < 50, "{total} items: rebuilt {rebuilt} times");
        assert!(table.is_empty() && table.buckets() <= 1);
    }
}

#[test]
fn a_reserved_table_does_not_grow_until_it_is_full() {
    let mut table = Table::new();
    table.reserve(1000);
    let buckets = table.buckets();
    (0..1000).for_each(|number| put(&mut table, number, b"v"));
    assert_eq!(table.buckets(), buckets);
    // One that has items stays as it is.
    table.reserve(100_000);
    assert_eq!((table.buckets(), table.len()), (buckets, 1000));
    table.check_with(Field::check).unwrap();
    (0..1000).for_each(|number| assert!(delete(&mut table, number)));
    assert!(table.is_empty());
}
