//! Long lives of arrays against a `BTreeMap`: dense runs, scattered indices, and both by turns; values of every form.

#![allow(clippy::unwrap_used)]

use redstart_encoding::Array;
use redstart_encoding::array::MAX_INDEX;
use std::collections::BTreeMap;

/// A generator of numbers (xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 32) % end
    }
}

struct Life {
    random: Random,
    array: Array,
    model: BTreeMap<u64, Vec<u8>>,
}

impl Life {
    fn new(seed: u64) -> Self {
        let random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        Self { random, array: Array::new(), model: BTreeMap::new() }
    }

    fn index(&mut self) -> u64 {
        match self.random.below(16) {
            0..8 => self.random.below(300),
            8..11 => 4000 + self.random.below(200),
            11..13 => self.random.below(40_000),
            13 => MAX_INDEX - self.random.below(5000),
            14 => self.random.below(20) << 40,
            _ => self.random.next() % MAX_INDEX,
        }
    }

    fn value(&mut self) -> Vec<u8> {
        match self.random.below(6) {
            0 => self.random.next().cast_signed().to_string().into_bytes(),
            1 => self.random.below(100).to_string().into_bytes(),
            2 => format!("{}.{}", self.random.below(10), self.random.below(100)).into_bytes(),
            3 => vec![b'x'; self.random.below(8) as usize],
            4 => vec![b'y'; self.random.below(400) as usize],
            _ => format!("value {}", self.random.below(1000)).into_bytes(),
        }
    }

    fn step(&mut self) {
        let index = self.index();
        match self.random.below(12) {
            0..6 => {
                let value = self.value();
                assert_eq!(self.array.set(index, &value), self.model.insert(index, value).is_none());
            }
            6 => {
                let run = self.random.below(60);
                for index in index..index.saturating_add(run).min(MAX_INDEX) {
                    let value = self.value();
                    assert_eq!(self.array.set(index, &value), self.model.insert(index, value).is_none());
                }
            }
            7..9 => assert_eq!(self.array.remove(index), self.model.remove(&index).is_some()),
            9 => {
                let other = match self.random.below(4) {
                    0 => self.index(),
                    _ => index.saturating_add(self.random.below(100)).min(MAX_INDEX),
                };
                let (low, high) = (index.min(other), index.max(other));
                let gone: Vec<u64> = self.model.range(low..=high).map(|(index, _)| *index).collect();
                gone.iter().for_each(|index| drop(self.model.remove(index)));
                assert_eq!(self.array.remove_range(low, high), gone.len() as u64);
            }
            10 => {
                let other = self.index();
                self.compare(index.min(other), index.max(other));
            }
            _ => assert_eq!(self.array.get(index).map(|item| item.to_vec()), self.model.get(&index).cloned()),
        }
        assert_eq!(self.array.len(), self.model.len());
        assert_eq!(self.array.span(), self.model.last_key_value().map_or(0, |(index, _)| index + 1));
    }

    fn compare(&self, low: u64, high: u64) {
        let shown = self.array.range(low, high).map(|(index, item)| (index, item.to_vec()));
        let expected = self.model.range(low..=high).map(|(index, value)| (*index, value.clone()));
        assert!(shown.eq(expected.clone()), "{low} to {high}");
        let back = self.array.range(low, high).rev().map(|(index, item)| (index, item.to_vec()));
        assert!(back.eq(expected.rev()), "{high} down to {low}");
    }
}

#[test]
fn arrays_are_maps() {
    let (seeds, steps) = if cfg!(miri) { (2, 150) } else { (12, 6000) };
    for seed in 1..=seeds {
        println!("seed {seed}");
        let mut life = Life::new(seed);
        for step in 0..steps {
            life.step();
            if step % 64 == 0 {
                life.array.check().unwrap();
                life.compare(0, MAX_INDEX);
            }
        }
        let copy = life.array.copy();
        life.array.remove_range(0, MAX_INDEX);
        assert!(life.array.is_empty() && life.array.heap_bytes() == 0);
        life.array = copy;
        life.array.check().unwrap();
        life.compare(0, MAX_INDEX);
    }
}

#[test]
fn memory_follows_what_is_set() {
    let mut array = Array::new();
    let count = if cfg!(miri) { 2000 } else { 100_000 };
    for index in 0..count {
        array.set(index, b"12345");
    }
    assert!(array.heap_bytes() as u64 <= 18 * count, "{} bytes", array.heap_bytes());
    let mut array = Array::new();
    for index in 0..1000 {
        array.set(index * 1_000_000_007, b"12345");
    }
    assert!(array.heap_bytes() <= 1000 * 200, "{} bytes", array.heap_bytes());
    let mut array = Array::new();
    for index in 0..400 {
        array.set(index * 10, b"x");
    }
    assert!(array.heap_bytes() <= 400 * 40, "{} bytes", array.heap_bytes());
}

fn ring(array: &Array) -> Vec<String> {
    array.iter().map(|(index, item)| format!("{index}{}", String::from_utf8(item.to_vec()).unwrap())).collect()
}

fn write(array: &mut Array, size: u64, values: &str) {
    array.fit_ring(size);
    for value in values.as_bytes().chunks(1) {
        array.ring(size, value);
    }
}

#[test]
fn rings_wrap_and_are_laid_out_anew_when_their_size_changes() {
    let mut array = Array::new();
    write(&mut array, 3, "abcd");
    assert_eq!((ring(&array), array.cursor()), (vec!["0d".into(), "1b".into(), "2c".into()], Some(0)));
    write(&mut array, 5, "e");
    assert_eq!(ring(&array), ["0b", "1c", "2d", "3e"]);
    write(&mut array, 5, "fg");
    assert_eq!(ring(&array), ["0g", "1c", "2d", "3e", "4f"]);
    write(&mut array, 2, "h");
    assert_eq!(ring(&array), ["0h", "1g"]);
}

#[test]
fn holes_cut_a_ring_that_changes_its_size() {
    let mut array = Array::new();
    write(&mut array, 6, "abcdef");
    array.remove(3);
    write(&mut array, 4, "g");
    assert_eq!(ring(&array), ["0e", "1f", "2g"]);
}

#[test]
fn a_cursor_set_to_the_beginning_is_kept_when_a_ring_grows() {
    let mut array = Array::new();
    write(&mut array, 3, "abc");
    array.seek(0);
    write(&mut array, 4, "d");
    assert_eq!(ring(&array), ["0d", "1b", "2c"]);
    array.seek(0);
    write(&mut array, 2, "e");
    assert_eq!(ring(&array), ["0e", "1c"], "the last two are kept, and the next place is the first");
}

#[test]
fn cursors_end_where_indices_do() {
    let mut array = Array::new();
    assert_eq!(array.next_index(), Some(0));
    array.seek(u64::MAX - 1);
    assert_eq!(array.next_index(), Some(MAX_INDEX));
    array.seek(u64::MAX);
    assert_eq!(array.next_index(), None);
    array.set(7, b"x");
    assert_eq!(array.ring(10, b"y"), u64::MAX % 10);
}
