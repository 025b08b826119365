//! The quicklist against a `VecDeque<Vec<u8>>`, over all sizes of nodes, with and without compression.

use redstart_encoding::listpack::{Listpack, Where};
use redstart_encoding::quicklist::{End, Fill, NodeView, QuickList};
use std::collections::VecDeque;
use std::ops::ControlFlow;

type Model = VecDeque<Vec<u8>>;

/// A generator of its own, so that a seed stands for the same run for ever.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() >> 33) as usize % end.max(1)
    }

    fn end(&mut self) -> End {
        if self.below(2) == 0 { End::Front } else { End::Back }
    }

    /// Few different values, so that searches find something; some compress well, some not at all.
    fn value(&mut self) -> Vec<u8> {
        match self.below(if cfg!(miri) { 9 } else { 12 }) {
            0..4 => self.below(20).to_string().into_bytes(),
            4..6 => format!("element:{}", self.below(8)).into_bytes(),
            6 => vec![b'x'; self.below(200)],
            7 => (0..self.below(100)).map(|_| self.next() as u8).collect(),
            8 => (self.next() as i64).to_string().into_bytes(),
            9 => vec![b'y'; 1000 + self.below(3000)],
            10 => vec![b'z'; 4090 + self.below(10)],
            _ => vec![b'L'; 8180 + self.below(30)],
        }
    }
}

const STEPS: usize = if cfg!(miri) { 25 } else { 400 };
/// A longer list is cut.
const MOST: usize = if cfg!(miri) { 25 } else { 400 };

fn shown(list: &QuickList, index: usize, count: usize, towards: End) -> Vec<Vec<u8>> {
    let mut shown = Vec::new();
    let flow: ControlFlow<()> = list.walk(index, count, towards, |element| {
        shown.push(element.to_vec());
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue());
    shown
}

fn step(list: &mut QuickList, model: &mut Model, random: &mut Random) {
    let index = random.below(model.len() + 1);
    match random.below(16) {
        0..4 => {
            let (end, times) = (random.end(), 1 + random.below(12));
            for _ in 0..times {
                let value = random.value();
                list.push(end, &value);
                if end == End::Front { model.push_front(value) } else { model.push_back(value) }
            }
        }
        4..6 => {
            let end = random.end();
            let popped = list.pop(end, |element| element.to_vec());
            assert_eq!(popped, if end == End::Front { model.pop_front() } else { model.pop_back() });
        }
        6..9 => {
            let (pivot, value) = (model.get(index).cloned().unwrap_or_else(|| random.value()), random.value());
            let place = if random.below(2) == 0 { Where::Before } else { Where::After };
            let found = model.iter().position(|element| *element == pivot);
            assert_eq!(list.insert_beside(&pivot, place, &value), found.is_some());
            if let Some(at) = found {
                model.insert(at + usize::from(place == Where::After), value);
            }
        }
        9..12 => {
            let value = random.value();
            assert_eq!(list.replace(index, &value), index < model.len());
            if let Some(element) = model.get_mut(index) {
                *element = value;
            }
        }
        12 => {
            let count = random.below(40);
            list.remove_range(index, count);
            let end = model.len().min(index + count);
            model.drain(index.min(end)..end);
        }
        13 => {
            let (value, most, from) = (random.value(), 1 + random.below(6), random.end());
            assert_eq!(list.remove_value(&value, most, from), remove_from_model(model, &value, most, from));
        }
        14 => {
            let values: Vec<_> = (0..random.below(5)).map(|_| random.value()).collect();
            let mut pack = Listpack::new();
            values.iter().for_each(|value| pack.push_back(value));
            list.append_pack(pack);
            model.extend(values);
        }
        _ => {
            let value = random.value();
            list.append_plain(&value);
            model.push_back(value);
        }
    }
}

fn remove_from_model(model: &mut Model, value: &[u8], most: usize, from: End) -> usize {
    let mut places: Vec<_> = (0..model.len()).filter(|&at| model[at] == value).collect();
    if from == End::Back {
        places.reverse();
    }
    places.truncate(most);
    places.sort_unstable();
    for &at in places.iter().rev() {
        model.remove(at);
    }
    places.len()
}

fn look(list: &QuickList, model: &Model, random: &mut Random) {
    assert_eq!((list.len(), list.is_empty()), (model.len(), model.is_empty()));
    assert_eq!(list.nodes().map(|node| node.count()).sum::<usize>(), model.len());
    let (index, count) = (random.below(model.len() + 2), random.below(50));
    assert_eq!(list.get(index, |element| element.to_vec()), model.get(index).cloned());
    let forward: Vec<_> = model.iter().skip(index).take(count).cloned().collect();
    assert_eq!(shown(list, index, count, End::Back), forward);
    let backward: Vec<_> = (0..=index).rev().filter_map(|at| model.get(at)).take(count).cloned().collect();
    let expected = if index < model.len() { backward } else { Vec::new() };
    assert_eq!(shown(list, index, count, End::Front), expected);
}

fn run(seed: u64, fill: i64, depth: u64, large: u32) {
    println!("seed {seed}, fill {fill}, depth {depth}, large {large}");
    let mut random = Random(seed);
    let (mut list, mut model) = (QuickList::new(Fill::new(fill), depth), Model::new());
    list.set_large(large);
    for number in 0..STEPS {
        step(&mut list, &mut model, &mut random);
        look(&list, &model, &mut random);
        if number % 20 == 0 || model.len() < 8 {
            list.check().expect("it is sound");
        }
        if model.len() > MOST {
            let count = model.len() - MOST / 2;
            list.remove_range(MOST / 4, count);
            model.drain(MOST / 4..MOST / 4 + count);
        }
    }
    let copy = list.copy();
    drop(list);
    copy.check().expect("it is sound");
    assert_eq!(shown(&copy, 0, usize::MAX, End::Back), Vec::from(model));
}

#[test]
fn behaves_as_a_deque() {
    let (fills, depths) =
        if cfg!(miri) { ([-2, 1, 3].as_slice(), 0..2) } else { ([-1, -2, -5, 0, 1, 2, 5, 100].as_slice(), 0..4) };
    for (number, &fill) in fills.iter().enumerate() {
        for depth in depths.clone() {
            run(0x51D5_0000 + number as u64 * 16 + depth, fill, depth, 0);
        }
    }
}

#[test]
fn behaves_as_a_deque_with_plain_nodes_of_any_size() {
    for depth in [0, 1, 2] {
        run(0x91A1_0000 + depth, -2, depth, 1);
        run(0x91A1_1000 + depth, 4, depth, 8);
    }
}

/// Many nodes: chunks are made, halved, joined and given back.
#[test]
fn many_nodes() {
    let many = if cfg!(miri) { 60 } else { 20_000 };
    for depth in [0, 2] {
        let mut list = QuickList::new(Fill::new(1), depth);
        let mut model = Model::new();
        for number in 0..many {
            let value = (number % 10).to_string().into_bytes();
            list.push(End::Back, &value);
            model.push_back(value);
        }
        list.check().unwrap();
        assert_eq!((list.node_count(), list.len()), (many, many));
        for number in 0..many / 10 {
            let value = format!("new{number}").into_bytes();
            list.insert_beside(b"5", if number % 2 == 0 { Where::Before } else { Where::After }, &value);
            let at = model.iter().position(|element| element == b"5").unwrap();
            model.insert(at + number % 2, value);
        }
        list.check().unwrap();
        for digit in [b"1", b"2", b"3", b"4", b"6", b"7", b"8", b"9"] {
            let from = if digit[0] % 2 == 0 { End::Front } else { End::Back };
            let expected = remove_from_model(&mut model, digit, usize::MAX, from);
            assert_eq!(list.remove_value(digit, usize::MAX, from), expected);
            list.check().unwrap();
        }
        assert_eq!(shown(&list, 0, usize::MAX, End::Back), Vec::from(model.clone()));
        list.remove_range(1, model.len() - 2);
        list.check().unwrap();
        assert_eq!(list.len(), 2);
        assert!(list.heap_bytes(usize::MAX) < 4096, "memory of removed nodes is given back");
    }
}

#[test]
fn a_list_in_one_node_gives_its_listpack() {
    let mut list = QuickList::new(Fill::default(), 0);
    assert!(list.take_only_pack().is_none());
    list.push(End::Back, b"one");
    list.push(End::Front, b"0");
    let pack = list.take_only_pack().expect("all is in one node");
    assert_eq!(pack.iter().map(|(_, element)| element.to_vec()).collect::<Vec<_>>(), [b"0".to_vec(), b"one".to_vec()]);
    assert!(list.is_empty());
    list.check().unwrap();
    list.push(End::Back, &[b'x'; 10_000]);
    assert!(list.only_pack().is_none(), "a large element is in no listpack");
}

#[test]
fn what_repeats_takes_less_memory_inside() {
    let fill = |depth| {
        let mut list = QuickList::new(Fill::default(), depth);
        (0..3000).for_each(|number| list.push(End::Back, format!("event:{number:06}:purchase").as_bytes()));
        list
    };
    let (plain, compressed) = (fill(0), fill(1));
    assert_eq!(plain.node_count(), compressed.node_count());
    assert_eq!(compressed.nodes().filter(NodeView::is_compressed).count(), compressed.node_count() - 2);
    assert!(compressed.heap_bytes(usize::MAX) * 2 < plain.heap_bytes(usize::MAX));
    assert_eq!(shown(&plain, 0, usize::MAX, End::Back), shown(&compressed, 0, usize::MAX, End::Back));
}
