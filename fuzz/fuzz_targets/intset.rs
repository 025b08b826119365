//! The input offered as an intset from a file: refused, or in order and written back as it was read. Then a life of it
//! told by the same bytes, against a set.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_encoding::IntSet;
use std::collections::BTreeSet;

/// Integers on both sides of every width, near each other so that they meet again.
fn integer(one: u8, other: u8) -> i64 {
    let near = i64::from(other.cast_signed());
    let base = match one % 8 {
        0..3 => 0,
        3 => i64::from(i16::MAX),
        4 => i64::from(i16::MIN),
        5 => i64::from(i32::MAX),
        6 => i64::from(i32::MIN),
        _ if near < 0 => i64::MAX,
        _ => i64::MIN,
    };
    base.saturating_add(near)
}

fn check(set: &IntSet, model: &BTreeSet<i64>) {
    set.check().unwrap_or_else(|broken| panic!("{broken}"));
    assert!(set.iter().eq(model.iter().copied()));
    assert!(set.iter().rev().eq(model.iter().rev().copied()));
    assert_eq!((set.len(), set.is_empty()), (model.len(), model.is_empty()));
    if !set.is_empty() {
        let again = IntSet::from_bytes_validated(set.as_bytes()).expect("its own bytes are right");
        assert_eq!(again.as_bytes(), set.as_bytes());
    }
}

fuzz_target!(|data: &[u8]| {
    let mut set = IntSet::from_bytes_validated(data).unwrap_or_default();
    let mut model: BTreeSet<i64> = set.iter().collect();
    if !set.is_empty() {
        assert_eq!(set.as_bytes(), data);
    }
    check(&set, &model);
    for step in data.chunks_exact(3) {
        let value = integer(step[1], step[2]);
        match step[0] % 8 {
            0..4 => assert_eq!(set.insert(value), model.insert(value)),
            4 | 5 => assert_eq!(set.remove(value), model.remove(&value)),
            6 if !set.is_empty() => {
                let index = usize::from(step[1]) % set.len();
                assert!(model.remove(&set.get(index)));
                set.remove_at(index);
            }
            _ => assert_eq!(set.contains(value), model.contains(&value)),
        }
    }
    check(&set, &model);
    let packed = IntSet::from_integers(model.iter().rev().copied().collect());
    check(&packed, &model);
    check(&set.clone(), &model);
});
