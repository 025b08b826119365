//! A life of a sorted set told by bytes, against a map: every answer the same, everything found where it should be.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_encoding::SortedSet;
use redstart_encoding::sorted::Edge;
use std::collections::BTreeMap;

/// Scores that tie, and some at the ends.
fn score(byte: u8) -> f64 {
    match byte {
        255 => f64::INFINITY,
        254 => f64::NEG_INFINITY,
        253 => -0.0,
        _ => f64::from(byte / 4),
    }
}

/// Names of many lengths, some too long for a leaf.
fn name(one: u8, other: u8) -> Vec<u8> {
    let length = match other % 16 {
        0 => 0,
        1 => 127,
        2 => 128,
        3 => 400,
        length => usize::from(length),
    };
    let mut name = vec![one; length];
    name.push(other / 16);
    name
}

fuzz_target!(|data: &[u8]| {
    let mut set = SortedSet::new();
    let mut model: BTreeMap<Vec<u8>, f64> = BTreeMap::new();
    for (number, step) in data.chunks_exact(4).enumerate() {
        let (name, score) = (name(step[1], step[2]), score(step[3]));
        match step[0] % 8 {
            0..5 => assert_eq!(set.insert(&name, score), model.insert(name, score)),
            5 => assert_eq!(set.remove(&name), model.remove(&name)),
            6 => {
                let start = usize::from(step[1]) * set.len() / 256;
                let end = start + usize::from(step[2] / 2);
                set.remove_ranks(start..end, |name, score| assert_eq!(model.remove(name), Some(score)));
            }
            _ => {
                assert_eq!(set.score(&name), model.get(&name).copied());
                let below = model.values().filter(|&&other| other < score).count();
                assert_eq!(set.rank_of(&Edge::BeforeScore(score)), below);
            }
        }
        assert_eq!(set.len(), model.len());
        if number % 16 == 0 {
            set.check().unwrap_or_else(|broken| panic!("{broken}"));
        }
    }
    set.check().unwrap_or_else(|broken| panic!("{broken}"));
    let mut sorted: Vec<_> = model.iter().map(|(name, score)| (*score, &name[..])).collect();
    sorted.sort_by(|one, other| one.partial_cmp(other).expect("scores are numbers"));
    assert!(set.iter_from(0).map(|(name, score)| (score, name)).eq(sorted.iter().copied()));
    for (rank, (score, name)) in sorted.iter().enumerate() {
        assert_eq!((set.rank(name), set.score(name)), (Some(rank), Some(*score)));
    }
    let (mut cursor, mut shown) = (0, 0);
    loop {
        cursor = set.scan(cursor, |name, score| {
            assert_eq!(model.get(name), Some(&score));
            shown += 1;
        });
        if cursor == 0 {
            break;
        }
    }
    assert_eq!(shown, model.len());
});
