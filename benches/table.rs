//! One slot table: look-ups, insertions and removals at sizes that fit the caches and that do not.

use divan::{Bencher, black_box};
use redstart_benches::{Random, key};
use redstart_encoding::hash::hash;
use redstart_encoding::{Entry, Table, Value};

const SIZES: [usize; 2] = [1_000, 1_000_000];

fn main() {
    divan::main();
}

fn entry(number: usize) -> (u64, Entry) {
    let key = key(number);
    (hash(&key), Entry::new(&key, Value::Int(number as i64), None))
}

fn filled(items: usize) -> Table<Entry> {
    let mut table = Table::new();
    for number in 0..items {
        let (hash, entry) = entry(number);
        table.insert(hash, entry);
    }
    table
}

#[divan::bench(args = SIZES)]
fn get_hit(bencher: Bencher<'_, '_>, items: usize) {
    let (table, mut random) = (filled(items), Random::default());
    bencher.bench_local(|| {
        let key = key(random.below(items));
        table.get(hash(&key), black_box(&key)).is_some()
    });
}

#[divan::bench(args = SIZES)]
fn get_miss(bencher: Bencher<'_, '_>, items: usize) {
    let (table, mut random) = (filled(items), Random::default());
    bencher.bench_local(|| {
        let key = key(items + random.below(items));
        table.get(hash(&key), black_box(&key)).is_some()
    });
}

/// Each insertion into a table of that size, which loses another item for it.
#[divan::bench(args = SIZES)]
fn remove_and_insert(bencher: Bencher<'_, '_>, items: usize) {
    let (mut table, mut random, mut next) = (filled(items), Random::default(), items);
    let mut there: Vec<usize> = (0..items).collect();
    bencher.bench_local(|| {
        let place = &mut there[random.below(items)];
        let gone = key(std::mem::replace(place, next));
        let removed = table.remove(hash(&gone), &gone);
        let (hash, entry) = entry(next);
        table.insert(hash, entry);
        next += 1;
        removed
    });
}

/// From nothing to that size, the growth counted in.
#[divan::bench(args = SIZES, sample_count = 10, sample_size = 1)]
fn fill(bencher: Bencher<'_, '_>, items: usize) {
    bencher.counter(divan::counter::ItemsCount::new(items)).bench_local(|| filled(items));
}

#[divan::bench(args = SIZES, sample_count = 10, sample_size = 1)]
fn empty(bencher: Bencher<'_, '_>, items: usize) {
    bencher.counter(divan::counter::ItemsCount::new(items)).with_inputs(|| filled(items)).bench_local_values(
        |mut table| {
            for number in 0..items {
                let key = key(number);
                table.remove(hash(&key), &key);
            }
            table
        },
    );
}
