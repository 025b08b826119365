//! Entries: made, set in place, set by moving, given an expiry.

use divan::{Bencher, black_box};
use redstart_benches::key;
use redstart_encoding::{Entry, Value};

const LENGTHS: [usize; 3] = [8, 64, 1000];

fn main() {
    divan::main();
}

#[divan::bench(args = LENGTHS)]
fn new(length: usize) -> Entry {
    Entry::new(black_box(&key(7)), Value::Bytes(&[b'v'; 1000][..length]), None)
}

#[divan::bench]
fn new_integer() -> Entry {
    Entry::new(black_box(&key(7)), Value::Int(black_box(12_345)), None)
}

#[divan::bench(args = LENGTHS)]
fn set_same_length(bencher: Bencher<'_, '_>, length: usize) {
    let value = vec![b'v'; length];
    let mut entry = Entry::new(&key(7), Value::Bytes(&value), None);
    bencher.bench_local(|| entry.set_value(Value::Bytes(black_box(&value))));
}

#[divan::bench]
fn set_another_size_class(bencher: Bencher<'_, '_>) {
    let value = [b'v'; 200];
    let (mut entry, mut long) = (Entry::new(&key(7), Value::Bytes(b""), None), false);
    bencher.bench_local(|| {
        long = !long;
        entry.set_value(Value::Bytes(&value[..if long { 200 } else { 50 }]));
    });
}

#[divan::bench]
fn increment(bencher: Bencher<'_, '_>) {
    let mut entry = Entry::new(&key(7), Value::Int(1), None);
    bencher.bench_local(|| *black_box(&mut entry).int_mut().expect("an integer") += 1);
}

#[divan::bench]
fn change_expiry(bencher: Bencher<'_, '_>) {
    let (mut entry, mut at) = (Entry::new(&key(7), Value::Bytes(&[b'v'; 64]), Some(1)), 1);
    bencher.bench_local(|| {
        at += 1;
        black_box(&mut entry).set_expire_ms(Some(at));
    });
}

/// The block moves twice.
#[divan::bench]
fn add_and_remove_expiry(bencher: Bencher<'_, '_>) {
    let mut entry = Entry::new(&key(7), Value::Bytes(&[b'v'; 64]), None);
    bencher.bench_local(|| {
        entry.set_expire_ms(Some(5));
        black_box(&mut entry).set_expire_ms(None);
    });
}
