//! A plain measurement: one table, then one sorted set, grows to ten million items and shrinks to nothing; how long did
//! the longest single operation take? `ITEMS=n` for another number.
//!
//! A thread that had to wait for a core would seem slow, so operations are timed in short stretches, and a stretch in
//! which the kernel says that the thread waited does not count.

use redstart_benches::{Random, key};
use redstart_encoding::hash::hash;
use redstart_encoding::{Entry, SortedSet, Table, Value};
use std::time::{Duration, Instant};

/// Operations of a stretch.
const STRETCH: usize = 1000;

/// Nanoseconds that this thread was ready to run and had no core.
fn waited() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[derive(Default)]
struct Longest {
    /// At which operation, of the stretches without waits.
    own: (Duration, usize),
    any: Duration,
    above: [usize; 3],
    lost: usize,
}

const LIMITS_US: [u128; 3] = [100, 1_000, 5_000];

fn measure(title: &str, total: usize, mut operation: impl FnMut(usize)) {
    let (mut longest, began) = (Longest::default(), Instant::now());
    for stretch in (0..total).step_by(STRETCH) {
        let before = waited();
        let (mut slowest, mut above) = ((Duration::ZERO, 0), [0; 3]);
        for number in stretch..(stretch + STRETCH).min(total) {
            let start = Instant::now();
            operation(number);
            let took = start.elapsed();
            slowest = slowest.max((took, number));
            above.iter_mut().zip(LIMITS_US).for_each(|(count, limit)| *count += usize::from(took.as_micros() >= limit));
        }
        longest.any = longest.any.max(slowest.0);
        if waited() == before {
            longest.own = longest.own.max(slowest);
            longest.above.iter_mut().zip(above).for_each(|(sum, count)| *sum += count);
        } else {
            longest.lost += 1;
        }
    }
    let Longest { own, any, above, lost } = longest;
    println!(
        "{title}: {total} in {:.1?}, longest {:.0?} (number {}), {} above 100 us, {} above 1 ms, {} above 5 ms; \
         with waits for a core {any:.0?}, {lost} stretches of {} left out",
        began.elapsed(),
        own.0,
        own.1,
        above[0],
        above[1],
        above[2],
        total.div_ceil(STRETCH),
    );
}

fn main() {
    // `cargo test --benches` runs this too, without the word; it then only has to build.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let items = std::env::var("ITEMS").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000_000);
    let mut table = Table::new();
    measure("insert", items, |number| {
        let key = key(number);
        table.insert(hash(&key), Entry::new(&key, Value::Int(0), None));
    });
    let per_item = table.table_size() as f64 / items as f64;
    println!("table: {} buckets, {per_item:.1} bytes an item beside the entries", table.buckets());
    measure("remove", items, |number| {
        let key = key(number);
        table.remove(hash(&key), &key);
    });
    drop(table);
    let (mut set, mut random) = (SortedSet::new(), Random::default());
    measure("insert, sorted set", items, |number| {
        set.insert(&key(number), random.below(1 << 40) as f64);
    });
    println!("sorted set: {:.1} bytes a member, names of 16 bytes counted", set.heap_bytes() as f64 / items as f64);
    measure("remove, sorted set", items, |number| {
        set.remove(&key(number));
    });
}
