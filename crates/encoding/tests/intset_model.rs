//! The intset against a sorted set of the standard library.

use redstart_encoding::IntSet;
use redstart_encoding::intset::Error;
use std::collections::BTreeSet;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// An integer of a random width, with the edges of each.
    fn integer(&mut self) -> i64 {
        let bits = self.next();
        match bits % 16 {
            0..8 => (bits >> 8) as i64 % 50,
            8..11 => i64::from((bits >> 8) as i16),
            11..13 => i64::from((bits >> 8) as i32),
            13 => self.next() as i64,
            14 => [i64::MIN, i64::MAX, 0][(bits >> 8) as usize % 3],
            _ => {
                let edges = [i16::MIN, i16::MAX].map(i64::from).into_iter();
                let edges: Vec<i64> = edges.chain([i32::MIN, i32::MAX].map(i64::from)).collect();
                edges[(bits >> 8) as usize % 4] + ((bits >> 16) as i64 % 3) - 1
            }
        }
    }
}

#[test]
fn a_long_life_agrees_with_a_sorted_set() {
    let steps = if cfg!(miri) { 300 } else { 20_000 };
    for seed in 0..4 {
        println!("seed {seed}");
        let mut random = Random(seed);
        let (mut set, mut model) = (IntSet::new(), BTreeSet::new());
        for step in 0..steps {
            let value = random.integer();
            match random.next() % 5 {
                0 | 1 => assert_eq!(set.insert(value), model.insert(value)),
                2 => assert_eq!(set.remove(value), model.remove(&value)),
                3 => assert_eq!(set.contains(value), model.contains(&value)),
                _ if !model.is_empty() && random.next().is_multiple_of(2) => {
                    let index = random.next() as usize % model.len();
                    let there = *model.iter().nth(index).unwrap();
                    assert_eq!(set.get(index), there);
                    set.remove_at(index);
                    model.remove(&there);
                }
                _ => {}
            }
            assert_eq!(set.len(), model.len());
            if step % 4 == 0 {
                set.check().unwrap();
            }
            if model.len() > 200 {
                (set, model) = (IntSet::new(), BTreeSet::new());
            }
        }
        assert_eq!(set.iter().collect::<Vec<_>>(), model.iter().copied().collect::<Vec<_>>());
        let copy = set.clone();
        assert_eq!(copy.as_bytes(), set.as_bytes());
        let from: IntSet = IntSet::from_integers(model.iter().rev().copied().collect());
        from.check().and(set.check()).and(copy.check()).unwrap();
        assert_eq!(from.iter().collect::<Vec<_>>(), set.iter().collect::<Vec<_>>());
    }
}

#[test]
fn bytes_are_as_in_files() {
    let set = IntSet::from_integers(vec![2, -1, 2]);
    assert_eq!(set.as_bytes(), [2, 0, 0, 0, 2, 0, 0, 0, 0xFF, 0xFF, 2, 0]);
    let wide = IntSet::from_integers(vec![1 << 40, 7]);
    assert_eq!((wide.as_bytes()[0], wide.byte_len()), (8, 24));
    let again = IntSet::from_bytes_validated(wide.as_bytes()).unwrap();
    assert_eq!(again.iter().collect::<Vec<_>>(), [7, 1 << 40]);
}

#[test]
fn foreign_bytes_that_are_no_intset_are_refused() {
    let good = IntSet::from_integers(vec![1, 2, 3]);
    let refused = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = good.as_bytes().to_vec();
        change(&mut bytes);
        IntSet::from_bytes_validated(&bytes).unwrap_err()
    };
    assert_eq!(refused(&|bytes| bytes.truncate(7)), Error::Length);
    assert_eq!(refused(&|bytes| bytes.clear()), Error::Length);
    assert_eq!(refused(&|bytes| bytes.push(0)), Error::Length);
    assert_eq!(refused(&|bytes| bytes[0] = 3), Error::Width);
    assert_eq!(refused(&|bytes| bytes[4] = 0), Error::Empty);
    assert_eq!(refused(&|bytes| bytes[4..8].fill(0xFF)), Error::Length);
    assert_eq!(refused(&|bytes| bytes[8] = 2), Error::Order);
    assert_eq!(refused(&|bytes| bytes[13] = 0x80), Error::Order);
}
