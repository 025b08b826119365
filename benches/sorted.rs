//! One sorted set: look-ups, changes, ranks and walks, at sizes that fit the caches and that do not.

use divan::{Bencher, black_box};
use redstart_benches::{Random, key};
use redstart_encoding::SortedSet;
use redstart_encoding::sorted::Edge;

const SIZES: [usize; 2] = [1_000, 1_000_000];

fn main() {
    divan::main();
}

/// Members with scores that have nothing to do with their order of coming.
fn filled(members: usize) -> SortedSet {
    let (mut set, mut random) = (SortedSet::new(), Random::default());
    for number in 0..members {
        set.insert(&key(number), random.below(1 << 40) as f64);
    }
    set
}

#[divan::bench(args = SIZES)]
fn score(bencher: Bencher<'_, '_>, members: usize) {
    let (set, mut random) = (filled(members), Random::default());
    bencher.bench_local(|| set.score(black_box(&key(random.below(members)))));
}

#[divan::bench(args = SIZES)]
fn rank(bencher: Bencher<'_, '_>, members: usize) {
    let (set, mut random) = (filled(members), Random::default());
    bencher.bench_local(|| set.rank(black_box(&key(random.below(members)))));
}

#[divan::bench(args = SIZES)]
fn count_by_score(bencher: Bencher<'_, '_>, members: usize) {
    let (set, mut random) = (filled(members), Random::default());
    bencher.bench_local(|| {
        let low = random.below(1 << 40) as f64;
        set.rank_of(&Edge::AfterScore(low + 1e9)) - set.rank_of(&Edge::BeforeScore(low))
    });
}

#[divan::bench(args = SIZES)]
fn walk_of_100(bencher: Bencher<'_, '_>, members: usize) {
    let (set, mut random) = (filled(members), Random::default());
    bencher.bench_local(|| {
        let walk = set.iter_from(random.below(members - 100)).take(100);
        walk.map(|(member, score)| member.len() as f64 + score).sum::<f64>()
    });
}

/// Another score for a member: mostly a new place.
#[divan::bench(args = SIZES)]
fn update(bencher: Bencher<'_, '_>, members: usize) {
    let (mut set, mut random) = (filled(members), Random::default());
    bencher.bench_local(|| set.insert(&key(random.below(members)), random.below(1 << 40) as f64));
}

/// A new member, for another that goes.
#[divan::bench(args = SIZES)]
fn insert_and_pop_first(bencher: Bencher<'_, '_>, members: usize) {
    let (mut set, mut random, mut next) = (filled(members), Random::default(), members);
    bencher.bench_local(|| {
        set.remove_ranks(0..1, |_, _| {});
        set.insert(&key(next), random.below(1 << 40) as f64);
        next += 1;
    });
}

/// From nothing to that size, the growth counted in.
#[divan::bench(args = SIZES, sample_count = 10, sample_size = 1)]
fn fill(bencher: Bencher<'_, '_>, members: usize) {
    bencher.counter(divan::counter::ItemsCount::new(members)).bench_local(|| filled(members));
}
